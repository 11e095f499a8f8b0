package storage

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Disk is the operating system's file tree.
type Disk struct{}

var _ FS = Disk{}

func (Disk) Open(name string) (File, error) { return asFile(os.Open(name)) }

func (Disk) Create(name string) (File, error) {
	return asFile(os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600))
}

// asFile keeps a nil *os.File from becoming a non-nil File.
func asFile(f *os.File, err error) (File, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (Disk) MkdirAll(name string) error                 { return os.MkdirAll(name, 0o700) }
func (Disk) Rename(from, to string) error               { return os.Rename(from, to) }
func (Disk) Link(from, to string) error                 { return os.Link(from, to) }
func (Disk) Remove(name string) error                   { return os.Remove(name) }
func (Disk) RemoveAll(name string) error                { return os.RemoveAll(name) }
func (Disk) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (Disk) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

func (Disk) SyncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// WriteFile writes a whole file so that after a crash either all of it or
// nothing of it stands under its name.
func WriteFile(fsys FS, name string, write func(File) error) error {
	temporary := name + ".partial"
	f, err := fsys.Create(temporary)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = fsys.Rename(temporary, name)
	}
	if err == nil {
		err = fsys.SyncDir(filepath.Dir(name))
	}
	if err != nil {
		// After a failed sync the pages may be gone: never retry, discard.
		_ = fsys.Remove(temporary)
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}
