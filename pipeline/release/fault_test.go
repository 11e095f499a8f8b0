package release_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"
)

var errFault = errors.New("injected fault")

// faults is a disk whose i-th operation fails, and with down set all after it,
// as if the machine had stopped there.
type faults struct {
	storage.FS
	at   int
	down bool
	n    int
}

var _ storage.FS = (*faults)(nil)

func (f *faults) step() error {
	f.n++
	if f.n == f.at || f.down && f.at > 0 && f.n > f.at {
		return errFault
	}
	return nil
}

func (f *faults) file(open func(string) (storage.File, error), name string) (storage.File, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	return faultyFile{file, f}, nil
}

func (f *faults) Open(name string) (storage.File, error)   { return f.file(f.FS.Open, name) }
func (f *faults) Create(name string) (storage.File, error) { return f.file(f.FS.Create, name) }

func (f *faults) MkdirAll(name string) error {
	return f.do(func() error { return f.FS.MkdirAll(name) })
}
func (f *faults) Remove(name string) error { return f.do(func() error { return f.FS.Remove(name) }) }
func (f *faults) RemoveAll(name string) error {
	return f.do(func() error { return f.FS.RemoveAll(name) })
}
func (f *faults) SyncDir(name string) error { return f.do(func() error { return f.FS.SyncDir(name) }) }
func (f *faults) Rename(from, to string) error {
	return f.do(func() error { return f.FS.Rename(from, to) })
}

func (f *faults) do(what func() error) error {
	if err := f.step(); err != nil {
		return err
	}
	return what()
}

func (f *faults) Stat(name string) (fs.FileInfo, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.FS.Stat(name)
}

func (f *faults) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.FS.ReadDir(name)
}

type faultyFile struct {
	storage.File
	f *faults
}

func (f faultyFile) Read(p []byte) (int, error) {
	if err := f.f.step(); err != nil {
		return 0, &fs.PathError{Op: "read", Err: err}
	}
	return f.File.Read(p)
}

// Write fails half way, as a full disk does.
func (f faultyFile) Write(p []byte) (int, error) {
	if err := f.f.step(); err != nil {
		n, _ := f.File.Write(p[:len(p)/2])
		return n, err
	}
	return f.File.Write(p)
}

func (f faultyFile) Sync() error { return f.f.do(f.File.Sync) }

func (f faultyFile) Close() error {
	err := f.f.step()
	if closing := f.File.Close(); err == nil {
		err = closing
	}
	return err
}

// eachFault runs what with the i-th operation failing, for every i, once with
// a disk that recovers and once with a machine that stops.
func eachFault(t *testing.T, what func(t *testing.T, f *faults) (finished bool)) {
	t.Helper()
	for _, down := range []bool{false, true} {
		for at := 1; ; at++ {
			f := &faults{FS: storage.Disk{}, at: at, down: down}
			finished := what(t, f)
			if t.Failed() {
				t.Fatalf("at operation %d, down %v", at, down)
			}
			if f.n < at {
				if !finished {
					t.Fatal("did not finish without a fault")
				}
				t.Logf("%d operations", f.n)
				break
			}
		}
	}
}

func TestNoFaultLeavesHalfARelease(t *testing.T) {
	w := newWorld(t, false)
	w.seal("earlier")
	o := w.order()
	copyDir(t, w.study, w.path("before"))
	eachFault(t, func(t *testing.T, f *faults) bool {
		copyDir(t, w.path("before"), w.study)
		os.RemoveAll(w.path("handoff"))
		os.RemoveAll(w.path("handoff.partial"))
		_, err := release.NewStore(f, w.study).Seal(context.Background(), o, w.path("handoff"), nil)
		if _, missing := os.Stat(w.path("handoff")); missing == nil {
			if _, err := release.VerifyHandoff(context.Background(), storage.Disk{}, w.path("handoff"), w.sender.public, nil); err != nil {
				t.Errorf("half a release is visible: %v", err)
			}
		} else if err == nil {
			t.Error("no error and no release")
		}
		r, again := w.store().Seal(context.Background(), o, w.path("handoff"), nil)
		if again != nil {
			t.Errorf("running again: %v", again)
			return false
		}
		checkHistory(t, w, r)
		absent(t, w.path("handoff.partial"))
		return err == nil
	})
}

func checkHistory(t *testing.T, w world, last release.Release) {
	t.Helper()
	h, err := w.store().History()
	if err != nil {
		t.Error(err)
		return
	}
	sent := h.Of(w.recipient.Name)
	if len(sent) != 2 || sent[1].ID != last.ID || sent[1].State != release.Released || last.Previous.Sequence != 1 {
		t.Errorf("history %+v", sent)
	}
	seen := map[int64]bool{}
	for _, e := range h.Releases {
		if seen[e.Sequence] {
			t.Errorf("number %d was used twice", e.Sequence)
		}
		seen[e.Sequence] = true
	}
	if _, err := w.store().VerifyLog(w.sender.public); err != nil {
		t.Error(err)
	}
}

func TestNoFaultLeavesHalfABundle(t *testing.T) {
	w := newWorld(t, false)
	o := w.order()
	o.PartBytes = 16 << 10
	if _, err := w.store().Seal(context.Background(), o, w.path("handoff"), nil); err != nil {
		t.Fatal(err)
	}
	whole := files(t, w.bag)
	eachFault(t, func(t *testing.T, f *faults) bool {
		for _, name := range []string{"out", "out.partial", "opened.json"} {
			os.RemoveAll(w.path(name))
		}
		_, err := release.Open(context.Background(), f, w.opening("handoff", "out"), nil)
		if _, missing := os.Stat(w.path("out")); missing == nil {
			if !maps.Equal(whole, files(t, w.path("out"))) {
				t.Error("half a bundle is visible")
			}
		} else if err == nil {
			t.Error("no error and no bundle")
		}
		os.RemoveAll(w.path("out"))
		again := w.opening("handoff", "out")
		again.Again = true
		if _, err := release.Open(context.Background(), storage.Disk{}, again, nil); err != nil {
			t.Errorf("opening again: %v", err)
		}
		return err == nil
	})
}
