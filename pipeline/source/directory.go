package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// Directory is a folder with the tables sessions, participants, users and
// (optionally) consent, each as .csv, .jsonl or .parquet, and
// recordings/<session_id>/ with Zoom's own files under Zoom's own names.
type Directory struct {
	Root string
	// Zone is where times without an offset are read; nil is UTC.
	Zone *time.Location
}

var _ Source = Directory{}

// Tables and their columns, from docs/FORMATS.md.
var (
	sessionColumns     = columns{"session_id", "context", "starts_at", "ends_at?", "topic?", "zoom_meeting_id?"}
	participantColumns = columns{"session_id", "user_id", "role", "display_name?"}
	userColumns        = columns{"user_id", "first_name", "last_name", "preferred_name?", "other_names?", "email?", "handles?", "birth_date?", "school?", "city?"}
)

func (d Directory) Check(context.Context) error {
	for _, t := range []struct {
		name    string
		columns columns
	}{{"sessions", sessionColumns}, {"participants", participantColumns}, {"users", userColumns}} {
		if err := d.checkTable(t.name, t.columns); err != nil {
			return err
		}
	}
	return nil
}

func (d Directory) checkTable(name string, want columns) error {
	path, err := d.table(name)
	if err != nil {
		return err
	}
	have, err := header(path)
	if err != nil {
		return &ShapeError{name, err.Error()}
	}
	return want.check(name, have)
}

// ConsentFile is the path of the consent table, "" when there is none.
func (d Directory) ConsentFile() (string, error) {
	path, err := d.table("consent")
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return path, err
}

// missingTable is a table that is not there.
type missingTable struct{ name string }

func (e missingTable) Error() string {
	return fmt.Sprintf("no table %s: expected %[1]s.csv, %[1]s.jsonl or %[1]s.parquet in the source folder", e.name)
}
func (missingTable) Is(target error) bool { return target == fs.ErrNotExist }

func (d Directory) table(name string) (string, error) {
	var found []string
	for _, ext := range []string{".csv", ".jsonl", ".parquet"} {
		path := filepath.Join(d.Root, name+ext)
		// A link that leads nowhere is a table that cannot be opened, not a table
		// that is not there: nobody is in the study by it.
		if _, err := os.Lstat(path); err == nil {
			found = append(found, path)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", missingTable{name: name}
	}
	return "", &ShapeError{name, "stands in more than one format; keep one"}
}

// rows yields the rows of a table. Its shape is checked again, since the file
// may have changed since Check.
func (d Directory) rows(ctx context.Context, name string, want columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		path, err := d.table(name)
		if err != nil {
			yield(row{}, err)
			return
		}
		for r, err := range readRows(ctx, name, path, want) {
			if err == nil {
				err = r.legible()
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func (d Directory) Sessions(ctx context.Context) iter.Seq2[session.Session, error] {
	return convert(d.rows(ctx, "sessions", sessionColumns), func(r row) (session.Session, error) {
		s := session.Session{
			ID: r.get("session_id"), Context: r.get("context"),
			Topic: r.get("topic"), MeetingID: r.get("zoom_meeting_id"),
		}
		if !sessionIDForm.MatchString(s.ID) {
			return s, r.fail("session_id must be 1 to 128 letters, digits, dots, dashes and underscores, since it names a folder")
		}
		var err error
		if s.StartsAt, err = d.moment(r, "starts_at"); err != nil {
			return s, err
		}
		if r.get("ends_at") != "" {
			s.EndsAt, err = d.moment(r, "ends_at")
		}
		if err == nil && !s.EndsAt.IsZero() && s.EndsAt.Before(s.StartsAt) {
			err = r.fail("ends_at is before starts_at")
		}
		return s, err
	})
}

var sessionIDForm = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$`)

func (d Directory) Participants(ctx context.Context) iter.Seq2[session.Participant, error] {
	return convert(d.rows(ctx, "participants", participantColumns), func(r row) (session.Participant, error) {
		p := session.Participant{
			SessionID: r.get("session_id"), UserID: r.get("user_id"),
			Role: session.Role(strings.ToLower(r.get("role"))), DisplayName: r.get("display_name"),
		}
		switch {
		case p.SessionID == "" || p.UserID == "":
			return p, r.fail("session_id and user_id must not be empty")
		case p.Role != session.Tutor && p.Role != session.Learner:
			return p, r.fail("role must be tutor or learner")
		}
		return p, nil
	})
}

func (d Directory) Users(ctx context.Context) iter.Seq2[session.User, error] {
	return convert(d.rows(ctx, "users", userColumns), func(r row) (session.User, error) {
		u := session.User{
			ID: r.get("user_id"), First: r.get("first_name"), Last: r.get("last_name"),
			Preferred: r.get("preferred_name"), OtherNames: list(r.get("other_names")),
			Email: r.get("email"), Handles: list(r.get("handles")),
			School: r.get("school"), City: r.get("city"),
		}
		if u.ID == "" {
			return u, r.fail("user_id must not be empty")
		}
		if born := r.get("birth_date"); born != "" {
			day, err := time.Parse(time.DateOnly, born)
			if err != nil {
				return u, r.fail("birth_date must be a day such as 2011-03-09")
			}
			u.BirthDate = day
		}
		return u, nil
	})
}

func convert[T any](rows iter.Seq2[row, error], f func(row) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for r, err := range rows {
			var v T
			if err == nil {
				v, err = f(r)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// moment reads a time with an offset, or one without in the source's zone.
func (d Directory) moment(r row, column string) (time.Time, error) {
	s := r.get(column)
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t.UTC(), nil
	}
	zone := d.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{localTime, "2006-01-02 15:04:05.999999999", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, r.fail(column + " must be a time such as 2026-10-05T16:00:00Z")
}

// localTime is a time without an offset.
const localTime = "2006-01-02T15:04:05.999999999"

func list(s string) []string {
	var out []string
	for _, part := range strings.Split(s, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func (d Directory) Recordings(_ context.Context, sessionID string) (Files, error) {
	if !sessionIDForm.MatchString(sessionID) {
		return Files{}, errors.New("a session id is no folder name")
	}
	folder := filepath.Join("recordings", sessionID)
	entries, err := os.ReadDir(filepath.Join(d.Root, folder))
	if errors.Is(err, fs.ErrNotExist) {
		return Files{}, nil
	}
	if err != nil {
		return Files{}, errors.New("a recordings folder cannot be read; check its permissions")
	}
	var files Files
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			files.Others++ // macOS keeps ._GMT….vtt beside a transcript
			continue
		}
		files.add(e.Name(), File{Path: filepath.Join(folder, e.Name()), Size: info.Size(), Modified: info.ModTime().UTC()})
	}
	return files, nil
}

// add files by Zoom's own names, as its cloud and its desktop client give them.
func (f *Files) add(name string, file File) {
	name = strings.ToLower(name)
	stem, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	var kind *[]File
	switch {
	case name == "recording.json":
		kind = &f.Recording
	case ext == ".vtt", ext == ".txt" && strings.Contains(stem, "closed_caption"):
		kind = &f.Transcripts
	case ext == ".txt" && strings.Contains(stem, "chat"):
		kind = &f.Chats
	case slices.Contains([]string{".m4a", ".wav"}, ext):
		kind = &f.Audio
	case ext == ".mp4":
		kind = &f.Videos
	case ext == ".csv" && strings.Contains(stem, "participants"):
		kind = &f.Participants
	default:
		f.Others++
		return
	}
	*kind = append(*kind, file)
}

func (d Directory) Open(_ context.Context, f File) (Content, error) {
	if !filepath.IsLocal(f.Path) {
		return nil, errors.New("a recording's path leaves the source folder")
	}
	file, err := os.Open(filepath.Join(d.Root, f.Path))
	if err != nil {
		// The path may hold a name: say what failed, not where in words.
		var pathError *fs.PathError
		if errors.As(err, &pathError) {
			err = pathError.Err
		}
		return nil, fmt.Errorf("opening a recording file: %w", err)
	}
	return file, nil
}
