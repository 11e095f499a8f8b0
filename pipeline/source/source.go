// Package source says where sessions come from.
//
// A Source yields the platform's tables row by row, in constant memory, and
// names the recording files of a session. Directory is the one that stands
// here; a database or an object store has the same shape.
package source

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// Source is where sessions, participants, users and recordings are read.
// Implementations are safe for concurrent use.
type Source interface {
	// Check compares the tables' columns with what is expected, before any
	// content is read. A difference is a *ShapeError.
	Check(ctx context.Context) error
	Sessions(ctx context.Context) iter.Seq2[session.Session, error]
	Participants(ctx context.Context) iter.Seq2[session.Participant, error]
	Users(ctx context.Context) iter.Seq2[session.User, error]
	// Recordings lists the files of a session, none when there are none.
	Recordings(ctx context.Context, sessionID string) (Files, error)
	// Open opens a file that Recordings named.
	Open(ctx context.Context, f File) (Content, error)
}

// Content is an open recording file.
type Content interface {
	io.Reader
	io.ReaderAt
	io.Closer
}

// File is one recording file.
type File struct {
	// Path is relative to the source and may hold personal names: it is for
	// opening, never for printing.
	Path     string    `json:"path"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
}

// Files are a session's recording files by what they are. Several of one kind
// happen when a meeting was recorded in parts.
type Files struct {
	Transcripts  []File `json:"transcripts,omitempty"`
	Chats        []File `json:"chats,omitempty"`
	Audio        []File `json:"audio,omitempty"`
	Videos       []File `json:"videos,omitempty"`
	Participants []File `json:"participants,omitempty"`
	Recording    []File `json:"recording,omitempty"`
	// Others are files of no known kind; they are counted, never read.
	Others int `json:"others,omitempty"`
}

// Any reports whether there is any file Veil reads.
func (f Files) Any() bool {
	return len(f.Transcripts)+len(f.Chats)+len(f.Audio)+len(f.Videos) > 0
}

// ShapeError says that a table is not of the expected shape. The run stops
// before content is read.
type ShapeError struct {
	Table string
	What  string
}

func (e *ShapeError) Error() string { return fmt.Sprintf("table %s: %s", e.Table, e.What) }

// RowError names a row whose content cannot be used, by table and row number
// from 1, header excluded. It never holds the value.
type RowError struct {
	Table string
	Row   int
	What  string
}

func (e *RowError) Error() string { return fmt.Sprintf("table %s, row %d: %s", e.Table, e.Row, e.What) }
