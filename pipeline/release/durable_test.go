package release_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// cautious is a disk that knows what a power cut would lose: contents written
// since the file's last Sync, and names made since the folder's last SyncDir.
// Giving something its final name while it could be lost is an error.
type cautious struct {
	storage.FS
	t     *testing.T
	dirty map[string]bool
}

func (c *cautious) Create(name string) (storage.File, error) {
	f, err := c.FS.Create(name)
	if err != nil {
		return nil, err
	}
	c.dirty[name], c.dirty[filepath.Dir(name)] = true, true
	return cautiousFile{f, c, name}, nil
}

func (c *cautious) Rename(from, to string) error {
	for name := range c.dirty {
		if name == from || strings.HasPrefix(name, from+string(filepath.Separator)) {
			c.t.Errorf("%s got its name while %s could be lost", filepath.Base(to), strings.TrimPrefix(name, from))
		}
	}
	c.dirty[filepath.Dir(from)], c.dirty[filepath.Dir(to)] = true, true
	return c.FS.Rename(from, to)
}

func (c *cautious) SyncDir(name string) error {
	delete(c.dirty, filepath.Clean(name))
	return c.FS.SyncDir(name)
}

type cautiousFile struct {
	storage.File
	c    *cautious
	name string
}

func (f cautiousFile) Write(p []byte) (int, error) {
	f.c.dirty[f.name] = true
	return f.File.Write(p)
}

func (f cautiousFile) Sync() error {
	delete(f.c.dirty, f.name)
	return f.File.Sync()
}

// TestNothingIsNamedBeforeItIsDurable: after a power cut what has its final
// name has its content, and what was reported done is there.
func TestNothingIsNamedBeforeItIsDurable(t *testing.T) {
	w := newWorld(t, false)
	c := &cautious{FS: storage.Disk{}, t: t, dirty: map[string]bool{}}
	done := func(what string) {
		t.Helper()
		for name := range c.dirty {
			t.Errorf("%s is done, and %s could be lost", what, strings.TrimPrefix(name, w.dir))
			delete(c.dirty, name)
		}
	}
	store := release.NewStore(c, w.study)
	r, err := store.Seal(context.Background(), w.order(), w.path("handoff"), nil)
	if err != nil {
		t.Fatal(err)
	}
	done("the release")
	opening := w.opening("handoff", "out")
	opening.Record = "" // its own sync would hide a missing one
	if _, err := release.Open(context.Background(), c, opening, nil); err != nil {
		t.Fatal(err)
	}
	done("the opening")
	if _, err := store.Issue(w.noticeOrder(r.ID), w.path("notice")); err != nil {
		t.Fatal(err)
	}
	done("the notice")
	if _, err := release.ApplyNotice(context.Background(), c, w.application("notice", "out"), w.path("ack")); err != nil {
		t.Fatal(err)
	}
	done("the acknowledgement")
	if _, err := store.RecordAcknowledgement(w.path("ack"), w.recipient); err != nil {
		t.Fatal(err)
	}
	done("the record of it")
}
