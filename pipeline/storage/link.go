package storage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Link gives a finished file a second name. Where the file tree has no hard
// links, the file is copied and synced. A target that exists is left as it is,
// with an error that is fs.ErrExist.
func Link(fsys FS, from, to string) error {
	if _, err := fsys.Stat(to); err == nil {
		return fmt.Errorf("storage: %w", fs.ErrExist)
	}
	if l, ok := fsys.(interface{ Link(from, to string) error }); ok {
		if err := l.Link(from, to); err == nil || errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	in, err := fsys.Open(from)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	defer in.Close()
	return WriteFile(fsys, to, func(out File) error {
		_, err := io.Copy(out, in)
		return err
	})
}
