package bundle_test

import (
	"errors"
	"io/fs"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

var errFault = errors.New("injected fault")

// faults is a disk whose at-th operation fails, and with down set all after it,
// as if the machine had stopped there. Without at nothing fails. It does not
// wait for the disk where it is told to sync: no test here loses power.
type faults struct {
	storage.FS
	at   int
	down bool
	n    int
	made int // files that were created or linked
}

var _ storage.FS = (*faults)(nil)

// disk is one without faults.
func disk() *faults { return &faults{FS: storage.Disk{}} }

func (f *faults) do(what func() error) error {
	f.n++
	if f.n == f.at || f.down && f.n > f.at {
		return errFault
	}
	return what()
}

func (f *faults) file(open func(string) (storage.File, error), name string) (file storage.File, err error) {
	err = f.do(func() error {
		in, err := open(name)
		file = faultyFile{in, f}
		return err
	})
	return file, err
}

func (f *faults) Open(name string) (storage.File, error) { return f.file(f.FS.Open, name) }
func (f *faults) Create(name string) (storage.File, error) {
	f.made++
	return f.file(f.FS.Create, name)
}

func (f *faults) MkdirAll(name string) error {
	return f.do(func() error { return f.FS.MkdirAll(name) })
}
func (f *faults) Remove(name string) error { return f.do(func() error { return f.FS.Remove(name) }) }
func (f *faults) RemoveAll(name string) error {
	return f.do(func() error { return f.FS.RemoveAll(name) })
}
func (f *faults) SyncDir(string) error { return f.do(func() error { return nil }) }
func (f *faults) Rename(from, to string) error {
	return f.do(func() error { return f.FS.Rename(from, to) })
}

func (f *faults) Link(from, to string) error {
	f.made++
	return f.do(func() error { return storage.Disk{}.Link(from, to) })
}

func (f *faults) Stat(name string) (info fs.FileInfo, err error) {
	err = f.do(func() error { info, err = f.FS.Stat(name); return err })
	return info, err
}

func (f *faults) ReadDir(name string) (entries []fs.DirEntry, err error) {
	err = f.do(func() error { entries, err = f.FS.ReadDir(name); return err })
	return entries, err
}

// faultyFile is a file of faults. Closing does not fail: what a close would
// lose was lost by the sync before it.
type faultyFile struct {
	storage.File
	fs *faults
}

func (f faultyFile) Write(b []byte) (n int, err error) {
	err = f.fs.do(func() error { n, err = f.File.Write(b); return err })
	return n, err
}

func (f faultyFile) Read(b []byte) (n int, err error) {
	err = f.fs.do(func() error { n, err = f.File.Read(b); return err })
	return n, err
}

func (f faultyFile) Sync() error { return f.fs.do(func() error { return nil }) }
