package storage

import (
	"io"
)

// Link gives a finished file a second name. Where the file tree has no hard
// links, the file is copied and synced. The target must not exist.
func Link(fsys FS, from, to string) error {
	if l, ok := fsys.(interface{ Link(from, to string) error }); ok {
		if err := l.Link(from, to); err == nil {
			return nil
		}
	}
	in, err := fsys.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return WriteFile(fsys, to, func(out File) error {
		_, err := io.Copy(out, in)
		return err
	})
}
