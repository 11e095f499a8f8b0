package plan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"

	_ "modernc.org/sqlite" // the driver; no cgo
)

// Index is the source's tables in one SQLite file, so that sessions can be
// joined with their people in constant memory. It is personal data and lives
// in the study's work folder, which is purged.
type Index struct {
	db *sql.DB
}

// OpenIndex opens or creates the index at path.
func OpenIndex(path string) (*Index, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=secure_delete(ON)")
	if err != nil {
		return nil, fmt.Errorf("opening the work index: %w", err)
	}
	if _, err := db.Exec(indexSchema); err != nil {
		db.Close()
		return nil, fmt.Errorf("the work index is damaged; remove the study's work folder and run again: %w", err)
	}
	return &Index{db}, nil
}

const indexSchema = `
CREATE TABLE IF NOT EXISTS sessions (
  session_id TEXT PRIMARY KEY, context TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,
  topic TEXT NOT NULL, meeting_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS participants (
  session_id TEXT NOT NULL, user_id TEXT NOT NULL, role TEXT NOT NULL, display_name TEXT NOT NULL,
  PRIMARY KEY (session_id, user_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS users (
  user_id TEXT PRIMARY KEY, first TEXT NOT NULL, last TEXT NOT NULL, preferred TEXT NOT NULL, other TEXT NOT NULL,
  email TEXT NOT NULL, handles TEXT NOT NULL, birth INTEGER NOT NULL, school TEXT NOT NULL, city TEXT NOT NULL) WITHOUT ROWID;
-- A session keeps its shard for as long as the work folder lives, so that one
-- session's change touches one shard.
CREATE TABLE IF NOT EXISTS assignment (session_id TEXT PRIMARY KEY, shard INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS planned (
  session_id TEXT PRIMARY KEY, shard INTEGER NOT NULL, reason TEXT NOT NULL, spec TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS planned_by_shard ON planned (shard, session_id);
`

// Close closes the index.
func (x *Index) Close() error { return x.db.Close() }

// Counts are the rows of a source.
type Counts struct{ Sessions, Participants, Users int }

// Load replaces the index's content with the source's. It either replaces all
// of it or changes nothing.
func (x *Index) Load(ctx context.Context, src source.Source, progress func(Counts)) (Counts, error) {
	var n Counts
	tx, err := x.db.BeginTx(ctx, nil)
	if err != nil {
		return n, fmt.Errorf("work index: %w", err)
	}
	defer tx.Rollback()
	for _, table := range []string{"sessions", "participants", "users"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return n, fmt.Errorf("work index: %w", err)
		}
	}
	tick := func() {
		if (n.Sessions+n.Participants+n.Users)%4096 == 0 {
			progress(n)
		}
	}
	err = insert(ctx, tx, "sessions", "INSERT INTO sessions VALUES (?,?,?,?,?,?)", src.Sessions(ctx), func(s session.Session) []any {
		n.Sessions++
		tick()
		return []any{s.ID, s.Context, s.StartsAt.UnixMilli(), millis(s.EndsAt), s.Topic, s.MeetingID}
	})
	if err == nil {
		err = insert(ctx, tx, "participants", "INSERT INTO participants VALUES (?,?,?,?)", src.Participants(ctx), func(p session.Participant) []any {
			n.Participants++
			tick()
			return []any{p.SessionID, p.UserID, string(p.Role), p.DisplayName}
		})
	}
	if err == nil {
		err = insert(ctx, tx, "users", "INSERT INTO users VALUES (?,?,?,?,?,?,?,?,?,?)", src.Users(ctx), func(u session.User) []any {
			n.Users++
			tick()
			return []any{u.ID, u.First, u.Last, u.Preferred, join(u.OtherNames), u.Email, join(u.Handles), millis(u.BirthDate), u.School, u.City}
		})
	}
	if err != nil {
		return n, err
	}
	progress(n)
	return n, tx.Commit()
}

func insert[T any](ctx context.Context, tx *sql.Tx, table, statement string, rows iter.Seq2[T, error], values func(T) []any) error {
	st, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return fmt.Errorf("work index: %w", err)
	}
	defer st.Close()
	number := 0
	for v, err := range rows {
		number++
		if err != nil {
			return err
		}
		if _, err := st.ExecContext(ctx, values(v)...); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if strings.Contains(err.Error(), "UNIQUE") {
				return &source.RowError{Table: table, Row: number, What: "its key stands in an earlier row already"}
			}
			return fmt.Errorf("work index, table %s: %w", table, err)
		}
	}
	return nil
}

// Entry is a session with the people in it.
type Entry struct {
	session.Session
	People []Person
}

// Person is a participant joined with what the platform knows of them. Known
// is false when the users table lacks them.
type Person struct {
	session.Participant
	User  session.User
	Known bool
}

// Entries yields every session in the order of its id.
func (x *Index) Entries(ctx context.Context) iter.Seq2[Entry, error] {
	return x.entries(ctx, "SELECT session_id, context, starts_at, ends_at, topic, meeting_id FROM sessions WHERE session_id > ? ORDER BY session_id LIMIT 512")
}

// page is how many sessions are read at once, so that no read transaction is
// open while others are written.
func (x *Index) entries(ctx context.Context, query string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		after := ""
		for {
			page, err := x.page(ctx, query, after)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, e := range page {
				if e.People, err = x.people(ctx, e.ID); !yield(e, err) || err != nil {
					return
				}
			}
			after = page[len(page)-1].ID
		}
	}
}

func (x *Index) page(ctx context.Context, query, after string) ([]Entry, error) {
	rows, err := x.db.QueryContext(ctx, query, after)
	if err != nil {
		return nil, fmt.Errorf("work index: %w", err)
	}
	defer rows.Close()
	var page []Entry
	for rows.Next() {
		e, err := scanSession(rows)
		if err != nil {
			return nil, err
		}
		page = append(page, e)
	}
	return page, rows.Err()
}

// Entry reads one session.
func (x *Index) Entry(ctx context.Context, sessionID string) (Entry, error) {
	row := x.db.QueryRowContext(ctx, "SELECT session_id, context, starts_at, ends_at, topic, meeting_id FROM sessions WHERE session_id = ?", sessionID)
	e, err := scanSession(row)
	if err != nil {
		return e, err
	}
	e.People, err = x.people(ctx, sessionID)
	return e, err
}

func scanSession(row interface{ Scan(...any) error }) (Entry, error) {
	var e Entry
	var starts, ends int64
	err := row.Scan(&e.ID, &e.Context, &starts, &ends, &e.Topic, &e.MeetingID)
	if errors.Is(err, sql.ErrNoRows) {
		return e, errors.New("a planned session is not in the work index; run veil plan again")
	}
	e.StartsAt, e.EndsAt = moment(starts), moment(ends)
	return e, err
}

func (x *Index) people(ctx context.Context, sessionID string) ([]Person, error) {
	rows, err := x.db.QueryContext(ctx, `
		SELECT p.user_id, p.role, p.display_name, u.user_id IS NOT NULL, coalesce(u.first,''), coalesce(u.last,''), coalesce(u.preferred,''),
		       coalesce(u.other,''), coalesce(u.email,''), coalesce(u.handles,''), coalesce(u.birth,-4611686018427387904), coalesce(u.school,''), coalesce(u.city,'')
		FROM participants p LEFT JOIN users u ON u.user_id = p.user_id WHERE p.session_id = ? ORDER BY p.user_id`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("work index: %w", err)
	}
	defer rows.Close()
	var people []Person
	for rows.Next() {
		p := Person{Participant: session.Participant{SessionID: sessionID}}
		var other, handles string
		var birth int64
		if err := rows.Scan(&p.UserID, &p.Role, &p.DisplayName, &p.Known, &p.User.First, &p.User.Last, &p.User.Preferred,
			&other, &p.User.Email, &handles, &birth, &p.User.School, &p.User.City); err != nil {
			return nil, fmt.Errorf("work index: %w", err)
		}
		p.User.ID, p.User.OtherNames, p.User.Handles, p.User.BirthDate = p.UserID, split(other), split(handles), moment(birth)
		people = append(people, p)
	}
	return people, rows.Err()
}

// Users yields every user of the source, for the leak audit.
func (x *Index) Users(ctx context.Context) iter.Seq2[session.User, error] {
	return func(yield func(session.User, error) bool) {
		rows, err := x.db.QueryContext(ctx, "SELECT user_id, first, last, preferred, other, email, handles, birth, school, city FROM users ORDER BY user_id")
		if err != nil {
			yield(session.User{}, fmt.Errorf("work index: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var u session.User
			var other, handles string
			var birth int64
			err := rows.Scan(&u.ID, &u.First, &u.Last, &u.Preferred, &other, &u.Email, &handles, &birth, &u.School, &u.City)
			u.OtherNames, u.Handles, u.BirthDate = split(other), split(handles), moment(birth)
			if !yield(u, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(session.User{}, err)
		}
	}
}

const separator = "\x1f"

func join(s []string) string { return strings.Join(s, separator) }

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, separator)
}

// millis keeps the zero time apart from 1970.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return noTime
	}
	return t.UnixMilli()
}

const noTime = -1 << 62

func moment(ms int64) time.Time {
	if ms == noTime {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
