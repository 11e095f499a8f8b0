package storage_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

var errBroken = errors.New("the disk says no")

// frail is a file tree whose operation number at fails; the same from then on
// when it stays broken. It remembers what was made durable.
type frail struct {
	storage.FS
	at     int
	stays  bool
	n      int
	synced map[string]bool // files whose content is on the disk, by their name when synced
	dirs   map[string]bool
}

func newFrail(at int, stays bool) *frail {
	return &frail{FS: storage.Disk{}, at: at, stays: stays, synced: map[string]bool{}, dirs: map[string]bool{}}
}

func (f *frail) step() error {
	f.n++
	if f.n == f.at || f.stays && f.at > 0 && f.n > f.at {
		return errBroken
	}
	return nil
}

func (f *frail) Open(name string) (storage.File, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	in, err := f.FS.Open(name)
	if err != nil {
		return nil, err
	}
	return &frailFile{in, f, name}, nil
}

func (f *frail) Create(name string) (storage.File, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	out, err := f.FS.Create(name)
	if err != nil {
		return nil, err
	}
	f.synced[name] = false
	return &frailFile{out, f, name}, nil
}

func (f *frail) Rename(from, to string) error {
	if err := f.step(); err != nil {
		return err
	}
	f.synced[to] = f.synced[from]
	return f.FS.Rename(from, to)
}

func (f *frail) Remove(name string) error {
	if err := f.step(); err != nil {
		return err
	}
	return f.FS.Remove(name)
}

func (f *frail) Stat(name string) (fs.FileInfo, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.FS.Stat(name)
}

func (f *frail) SyncDir(name string) error {
	if err := f.step(); err != nil {
		return err
	}
	f.dirs[name] = true
	return f.FS.SyncDir(name)
}

type frailFile struct {
	storage.File
	tree *frail
	name string
}

func (f *frailFile) Read(p []byte) (int, error) {
	if err := f.tree.step(); err != nil {
		return 0, err
	}
	return f.File.Read(p)
}

// Write writes half of it before it fails, as a full disk does.
func (f *frailFile) Write(p []byte) (int, error) {
	if err := f.tree.step(); err != nil {
		n, _ := f.File.Write(p[:len(p)/2])
		return n, err
	}
	f.tree.synced[f.name] = false
	return f.File.Write(p)
}

func (f *frailFile) Sync() error {
	if err := f.tree.step(); err != nil {
		return err
	}
	f.tree.synced[f.name] = true
	return f.File.Sync()
}

func (f *frailFile) Close() error {
	if err := f.tree.step(); err != nil {
		_ = f.File.Close()
		return err
	}
	return f.File.Close()
}

var content = bytes.Repeat([]byte("a line of a table\n"), 1000)

func write(f storage.File) error {
	for part := content; len(part) > 0; {
		n := min(len(part), 7000)
		if _, err := f.Write(part[:n]); err != nil {
			return err
		}
		part = part[n:]
	}
	return nil
}

// operations is how many operations something takes when none fails.
func operations(t *testing.T, do func(*frail, string) error) int {
	t.Helper()
	f := newFrail(0, false)
	if err := do(f, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	return f.n
}

// Whatever fails, the name holds all of it, or what it held before.
func TestWriteFile(t *testing.T) {
	do := func(f *frail, dir string) error { return storage.WriteFile(f, filepath.Join(dir, "file"), write) }
	n := operations(t, do)
	if n < 6 {
		t.Fatalf("only %d operations", n)
	}
	for _, before := range []string{"", "what stood there before"} {
		for _, stays := range []bool{false, true} {
			for at := 0; at <= n; at++ {
				dir := t.TempDir()
				name := filepath.Join(dir, "file")
				if before != "" {
					if err := os.WriteFile(name, []byte(before), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				f := newFrail(at, stays)
				err := do(f, dir)
				if failed := at > 0; (err != nil) != failed || failed && !errors.Is(err, errBroken) {
					t.Fatalf("operation %d fails: %v", at, err)
				}
				got, readError := os.ReadFile(name)
				switch {
				case bytes.Equal(got, content):
					if !f.synced[name] {
						t.Errorf("operation %d fails: the name was given to what a power cut takes away", at)
					}
				case err == nil:
					t.Errorf("operation %d fails: %d bytes and no error", at, len(got))
				case string(got) != before || before == "" && !errors.Is(readError, fs.ErrNotExist):
					t.Errorf("operation %d fails: %d bytes stand there", at, len(got))
				}
				if err == nil && !f.dirs[dir] {
					t.Error("the name was not made durable")
				}
				if left, _ := os.ReadDir(dir); !stays && len(left) > 1 {
					t.Errorf("operation %d fails: a temporary file is left", at)
				}
			}
		}
	}
}

func TestWriteFilePassesOnWhatTheWriterSays(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	err := storage.WriteFile(storage.Disk{}, name, func(f storage.File) error {
		if _, err := io.WriteString(f, "half"); err != nil {
			return err
		}
		return errBroken
	})
	if !errors.Is(err, errBroken) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(name)); len(left) > 0 {
		t.Error("something is left")
	}
}

func TestWriteFileKeepsOthersOut(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := storage.WriteFile(storage.Disk{}, name, write); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// linkless is a file tree without hard links, as many network drives are.
type linkless struct{ *frail }

func (linkless) Link(string, string) error { return errors.New("not supported") }

// linking is one that has them.
type linking struct {
	storage.FS
	links int
}

func (l *linking) Link(from, to string) error {
	l.links++
	return os.Link(from, to)
}

func TestLink(t *testing.T) {
	t.Run("gives the same file a second name", func(t *testing.T) {
		dir := t.TempDir()
		from, to := source(t, dir), filepath.Join(dir, "to")
		l := &linking{FS: storage.Disk{}}
		if err := storage.Link(l, from, to); err != nil || l.links != 1 {
			t.Fatal(err)
		}
		a, _ := os.Stat(from)
		b, err := os.Stat(to)
		if err != nil || !os.SameFile(a, b) {
			t.Errorf("another file, %v", err)
		}
	})
	t.Run("copies where there are no links", func(t *testing.T) {
		for name, fsys := range map[string]func(*frail) storage.FS{
			"it says so": func(f *frail) storage.FS { return linkless{f} }, "it cannot": func(f *frail) storage.FS { return f },
		} {
			n := operations(t, func(f *frail, dir string) error {
				return storage.Link(fsys(f), source(t, dir), filepath.Join(dir, "to"))
			})
			for at := 0; at <= n; at++ {
				dir := t.TempDir()
				from, to := source(t, dir), filepath.Join(dir, "to")
				f := newFrail(at, false)
				err := storage.Link(fsys(f), from, to)
				got, _ := os.ReadFile(to)
				switch {
				case err == nil && (!bytes.Equal(got, content) || !f.synced[to] || !f.dirs[dir]):
					t.Errorf("%s, operation %d fails: %d bytes, synced %v", name, at, len(got), f.synced[to])
				case err != nil && len(got) > 0 && !bytes.Equal(got, content):
					t.Errorf("%s, operation %d fails: %d bytes stand there", name, at, len(got))
				}
				if kept, _ := os.ReadFile(from); !bytes.Equal(kept, content) {
					t.Errorf("%s, operation %d fails: the file itself is gone", name, at)
				}
			}
		}
	})
	t.Run("leaves a target that exists", func(t *testing.T) {
		for name, fsys := range map[string]storage.FS{"links": storage.Disk{}, "none": linkless{newFrail(0, false)}} {
			dir := t.TempDir()
			from, to := source(t, dir), filepath.Join(dir, "to")
			if err := os.WriteFile(to, []byte("mine"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := storage.Link(fsys, from, to); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s: %v", name, err)
			}
			if got, _ := os.ReadFile(to); string(got) != "mine" {
				t.Errorf("%s: the target was replaced", name)
			}
		}
	})
	t.Run("of nothing", func(t *testing.T) {
		dir := t.TempDir()
		if err := storage.Link(storage.Disk{}, filepath.Join(dir, "no"), filepath.Join(dir, "to")); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Error("something is left")
		}
	})
}

func source(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(dir, "from")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// The one tree that is used is the operating system's.
func TestDisk(t *testing.T) {
	d := storage.Disk{}
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := d.MkdirAll(dir); err != nil {
		t.Fatal(err)
	}
	if info, err := d.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if f, err := d.Open(filepath.Join(dir, "no")); f != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, %v", f, err)
	}
	name := filepath.Join(dir, "file")
	if err := storage.WriteFile(d, name, write); err != nil {
		t.Fatal(err)
	}
	f, err := d.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	renamed := filepath.Join(filepath.Dir(dir), "c")
	if err := errors.Join(d.Rename(dir, renamed), d.SyncDir(filepath.Dir(dir))); err != nil {
		t.Fatal(err)
	}
	if entries, err := d.ReadDir(renamed); err != nil || len(entries) != 1 || entries[0].Name() != "file" {
		t.Errorf("%v, %v", entries, err)
	}
	if err := d.SyncDir(dir); err == nil {
		t.Error("synced a folder that is gone")
	}
	if err := errors.Join(d.Remove(filepath.Join(renamed, "file")), d.RemoveAll(renamed), d.RemoveAll(renamed)); err != nil {
		t.Error(err)
	}
}
