package pipeline

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// lines writes JSON Lines through the storage seam.
type lines struct {
	file   storage.File
	buffer *bufio.Writer
	enc    *json.Encoder
}

func newLines(fsys storage.FS, name string) (*lines, error) {
	f, err := fsys.Create(name)
	if err != nil {
		return nil, fmt.Errorf("making a file of lines: %w", withoutPath(err))
	}
	buffer := bufio.NewWriterSize(f, 1<<16)
	return &lines{f, buffer, json.NewEncoder(buffer)}, nil
}

func addLines[T any](l *lines, values []T) error {
	for _, v := range values {
		if err := l.enc.Encode(v); err != nil {
			return fmt.Errorf("writing a file of lines: %w", withoutPath(err))
		}
	}
	return nil
}

// close flushes, syncs and closes once; later calls do nothing.
func (l *lines) close() error {
	if l.file == nil {
		return nil
	}
	err := errors.Join(l.buffer.Flush(), l.file.Sync(), l.file.Close())
	l.file = nil
	return err
}
