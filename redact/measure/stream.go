package measure

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/schoolhouse-world/veil/redact"
)

// ErrApart says that a session's lines do not stand together.
var ErrApart = errors.New("lines of this session stand further up, with another session between")

// Stream redacts the records of r as o says and writes to w, as WriteSpans
// does, what was found, in their order. It holds one session at a time, so that
// the lines of a session must stand together: ErrApart names the line where they
// do not. Ids that stand twice are an error. Errors hold no text.
func Stream(ctx context.Context, e *redact.Engine, r io.Reader, w io.Writer, o Options) error {
	out := bufio.NewWriter(w)
	s := stream{flush: func(records []Record) error {
		found, err := Run(ctx, e, records, o)
		if err != nil {
			return err
		}
		return WriteSpans(out, found)
	}}
	if err := s.read(r); err != nil {
		// What was judged is whole, and whoever reads it should have it.
		return errors.Join(err, out.Flush())
	}
	return out.Flush()
}

// Together reports whether the lines of every session in r stand together, so
// that Stream can read it. It reads to the first line that is out of place.
func Together(r io.Reader) (bool, error) {
	s := stream{flush: func([]Record) error { return nil }}
	err := s.read(r)
	if errors.Is(err, ErrApart) {
		return false, nil
	}
	return err == nil, err
}

// stream gathers the records of one session and hands them to flush.
type stream struct {
	flush   func([]Record) error
	session string
	first   int // line of the first pending record
	pending []Record
	ids     map[string]bool // of the pending records
	closed  map[string]bool // sessions
	alone   map[string]bool // ids of lines that name no session
}

func (s *stream) read(r io.Reader) error {
	s.ids, s.closed, s.alone = map[string]bool{}, map[string]bool{}, map[string]bool{}
	if err := eachLine(r, s.line); err != nil {
		return err
	}
	return s.end()
}

func (s *stream) line(n int, data []byte) error {
	rec, err := parseRecord(data)
	if err != nil {
		return fmt.Errorf("line %d: %w", n, err)
	}
	session, _, named := address(rec.ID)
	if !named || session != s.session {
		if err := s.end(); err != nil {
			return err
		}
		if s.closed[session] {
			return fmt.Errorf("line %d: %w", n, ErrApart)
		}
	}
	if s.ids[rec.ID] || s.alone[rec.ID] {
		return fmt.Errorf("line %d: the id stands on an earlier line too", n)
	}
	if len(s.pending) == 0 {
		s.session, s.first = session, n
	}
	if !named {
		s.alone[rec.ID] = true
	}
	s.ids[rec.ID] = true
	s.pending = append(s.pending, rec)
	return nil
}

// end judges what is pending.
func (s *stream) end() error {
	if len(s.pending) == 0 {
		return nil
	}
	if err := s.flush(s.pending); err != nil {
		return fmt.Errorf("session from line %d: %w", s.first, err)
	}
	if s.session != "" {
		s.closed[s.session] = true
	}
	s.pending, s.ids = nil, map[string]bool{}
	return nil
}
