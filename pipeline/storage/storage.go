// Package storage is the one seam through which Veil writes. Everything that
// must survive a crash goes through an FS, so that tests can fail the i-th
// operation for every i and drop what was not synced.
package storage

import (
	"io"
	"io/fs"
)

// File is an open file. Close without Sync promises nothing after a power cut.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Seeker
	io.Closer
	Sync() error
	Stat() (fs.FileInfo, error)
}

// FS is a tree of files named by operating-system paths.
type FS interface {
	Open(name string) (File, error)
	// Create truncates an existing file. Mode 0600: what Veil writes is
	// personal until it is sealed.
	Create(name string) (File, error)
	MkdirAll(name string) error
	// Rename replaces the target atomically; directories too, when the target
	// does not exist.
	Rename(from, to string) error
	Remove(name string) error
	RemoveAll(name string) error
	Stat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	// SyncDir makes the entries of a directory durable.
	SyncDir(name string) error
}
