package consent

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver; no cgo
)

// Ledger is an append-only store of events. It may be used by many goroutines
// at once, and the file by many processes: one writes, the others read what was
// there when they began.
type Ledger struct {
	write, read *sql.DB
	now         func() time.Time
	tolerance   time.Duration
	zone        *time.Location
}

// Option changes how a ledger is opened.
type Option func(*Ledger)

// WithClock sets the clock that LearnedAt is read from and that events recorded
// in the future are found by. The default is time.Now.
func WithClock(now func() time.Time) Option { return func(l *Ledger) { l.now = now } }

// WithTolerance sets how far in the future an event may have been recorded, for
// clocks that differ. The default is five minutes.
func WithTolerance(d time.Duration) Option { return func(l *Ledger) { l.tolerance = d } }

// WithZone sets the zone in which imported times without an offset are read.
// The default is UTC.
func WithZone(zone *time.Location) Option { return func(l *Ledger) { l.zone = zone } }

// schema keeps rows from being changed by mistake. Against intent stands the
// chain. Inserting an event that is there already does nothing; and since a
// REPLACE fires no delete trigger, whatever is not the next number is refused.
const schema = `
CREATE TABLE IF NOT EXISTS origin (one INTEGER PRIMARY KEY CHECK (one = 1), start BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, hash BLOB NOT NULL, learned_at INTEGER NOT NULL,
  recorded_at INTEGER, effective_at INTEGER NOT NULL, subject TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  study TEXT NOT NULL, context TEXT NOT NULL, modality TEXT NOT NULL, form_version TEXT NOT NULL, evidence TEXT NOT NULL,
  corrects TEXT NOT NULL, source TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS events_by_subject ON events (subject, seq);
CREATE TRIGGER IF NOT EXISTS events_once BEFORE INSERT ON events
  WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id) BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER IF NOT EXISTS events_next BEFORE INSERT ON events
  WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM events) BEGIN SELECT RAISE(ABORT, 'the consent ledger only grows'); END;
CREATE TRIGGER IF NOT EXISTS events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the consent ledger only grows'); END;
CREATE TRIGGER IF NOT EXISTS events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the consent ledger only grows'); END;
CREATE TRIGGER IF NOT EXISTS origin_stays BEFORE UPDATE ON origin BEGIN SELECT RAISE(ABORT, 'the consent ledger only grows'); END;
CREATE TRIGGER IF NOT EXISTS origin_remains BEFORE DELETE ON origin BEGIN SELECT RAISE(ABORT, 'the consent ledger only grows'); END;
CREATE TRIGGER IF NOT EXISTS origin_once BEFORE INSERT ON origin
  WHEN EXISTS (SELECT 1 FROM origin) BEGIN SELECT RAISE(IGNORE); END;
`

// Open opens the ledger in a file, which is made, readable by its owner alone,
// when it is not there.
func Open(ctx context.Context, path string, options ...Option) (*Ledger, error) {
	l := &Ledger{now: time.Now, tolerance: 5 * time.Minute, zone: time.UTC}
	for _, o := range options {
		o(l)
	}
	if err := create(path); err != nil {
		return nil, err
	}
	var err error
	// FULL: an opt-out that was acknowledged survives a power cut.
	if l.write, err = open(path, "_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"); err != nil {
		return nil, err
	}
	l.write.SetMaxOpenConns(1)
	if err := l.prepare(ctx); err != nil {
		return nil, errors.Join(err, l.write.Close())
	}
	if l.read, err = open(path, "_pragma=query_only(ON)"); err != nil {
		return nil, errors.Join(err, l.write.Close())
	}
	return l, nil
}

// create makes the file before SQLite does, to have it private.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = f.Close()
	}
	var place *fs.PathError
	if errors.As(err, &place) {
		err = place.Err
	}
	if err != nil {
		return fmt.Errorf("opening the consent ledger: %w", err)
	}
	return nil
}

func open(path, settings string) (*sql.DB, error) {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	db, err := sql.Open("sqlite", "file:"+escaped+"?_pragma=busy_timeout(10000)&"+settings)
	if err != nil {
		return nil, fmt.Errorf("opening the consent ledger: %w", err)
	}
	return db, nil
}

func (l *Ledger) prepare(ctx context.Context) error {
	tx, err := l.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("opening the consent ledger: %w", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return fmt.Errorf("the consent ledger is damaged, or of another program; restore it from a backup: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO origin VALUES (1, ?)", newOrigin()); err != nil {
		return fmt.Errorf("starting the consent ledger: %w", err)
	}
	return tx.Commit()
}

// Close closes the file.
func (l *Ledger) Close() error { return errors.Join(l.read.Close(), l.write.Close()) }

// Append adds events, all or none, and returns them as the ledger holds them:
// what it had already, it does not add again. Errors name an event by its place
// among the arguments, from 1.
func (l *Ledger) Append(ctx context.Context, events ...Event) ([]Event, error) {
	out := make([]Event, 0, len(events))
	err := l.appending(ctx, func(a *appender) error {
		for i, e := range events {
			e, added, err := a.add(ctx, e)
			if err == nil && !added {
				e, err = a.existing(ctx, e.ID)
			}
			if err != nil {
				return fmt.Errorf("event %d: %w", i+1, err)
			}
			out = append(out, e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// appending runs a function in one transaction.
func (l *Ledger) appending(ctx context.Context, fill func(*appender) error) error {
	tx, err := l.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("writing the consent ledger: %w", err)
	}
	defer tx.Rollback()
	a, err := l.appender(ctx, tx)
	if err != nil {
		return err
	}
	defer a.insert.Close()
	if err := fill(a); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("writing the consent ledger: %w", err)
	}
	return nil
}

// appender adds to the end of the chain within a transaction.
type appender struct {
	tx     *sql.Tx
	insert *sql.Stmt
	seq    int64
	prev   []byte
	now    time.Time
	latest time.Time // that an event may have been recorded at
}

func (l *Ledger) appender(ctx context.Context, tx *sql.Tx) (*appender, error) {
	now := l.now().UTC().Truncate(time.Microsecond)
	a := &appender{tx: tx, now: now, latest: now.Add(l.tolerance)}
	var learned int64
	err := tx.QueryRowContext(ctx, "SELECT seq, hash, learned_at FROM events ORDER BY seq DESC LIMIT 1").Scan(&a.seq, &a.prev, &learned)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if a.prev, err = origin(ctx, tx); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, fmt.Errorf("reading the consent ledger: %w", err)
	default:
		// A clock that was set back must not make an event seem known earlier.
		if last := time.UnixMicro(learned).UTC(); last.After(a.now) {
			a.now = last
		}
	}
	a.insert, err = tx.PrepareContext(ctx, "INSERT INTO events ("+stored+") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
	if err != nil {
		return nil, fmt.Errorf("writing the consent ledger: %w", err)
	}
	return a, nil
}

// stored are the columns in the order they are written and read.
const stored = "seq, id, hash, learned_at, recorded_at, effective_at, subject, actor, action, study, context, modality, form_version, evidence, corrects, source"

// add puts an event at the end of the chain and reports true, unless it is there
// already.
func (a *appender) add(ctx context.Context, e Event) (Event, bool, error) {
	e, err := e.normal()
	if err != nil {
		return e, false, err
	}
	if e.RecordedAt.After(a.latest) {
		return e, false, &fieldError{"recorded_at", "lies in the future; check the clock of the system that recorded it"}
	}
	if err := a.checkCorrection(ctx, e); err != nil {
		return e, false, err
	}
	e = e.identified()
	e.Seq, e.LearnedAt = a.seq+1, a.now
	id, hash := e.digest(), link(e, a.prev)
	var recorded any
	if !e.RecordedAt.IsZero() {
		recorded = e.RecordedAt.UnixMicro()
	}
	result, err := a.insert.ExecContext(ctx, e.Seq, id[:], hash, e.LearnedAt.UnixMicro(), recorded, e.EffectiveAt.UnixMicro(), e.Subject,
		string(e.Actor), string(e.Action), e.Study, e.Context, string(e.Modality), e.FormVersion, e.Evidence, e.Corrects, e.Source)
	if err != nil {
		return e, false, fmt.Errorf("writing the consent ledger: %w", err)
	}
	added, err := result.RowsAffected()
	if err != nil {
		return e, false, fmt.Errorf("writing the consent ledger: %w", err)
	}
	if added == 0 {
		return e, false, nil
	}
	a.seq, a.prev = e.Seq, hash
	return e, true, nil
}

// checkCorrection refuses to correct what somebody else said. What is corrected
// may arrive later; then Decide sees to it.
func (a *appender) checkCorrection(ctx context.Context, e Event) error {
	if e.Corrects == "" {
		return nil
	}
	target, err := a.existing(ctx, e.Corrects)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && (target.Subject != e.Subject || target.Actor != e.Actor) {
		err = &fieldError{"corrects", "names an event of another user or actor; a correction has those of the event it corrects"}
	}
	return err
}

// existing is the event with an id; sql.ErrNoRows when there is none.
func (a *appender) existing(ctx context.Context, id string) (Event, error) {
	content, err := hex.DecodeString(id)
	if err != nil {
		return Event{}, &fieldError{"corrects", "is no event id"}
	}
	for r, err := range rows(ctx, a.tx, "WHERE id = ?", "", content) {
		return r.Event, err
	}
	return Event{}, sql.ErrNoRows
}

// Events are a user's, in the order of arrival.
func (l *Ledger) Events(ctx context.Context, user string) ([]Event, error) {
	return userEvents(ctx, l.read, user, 1<<62)
}

func userEvents(ctx context.Context, q rowsQuerier, user string, upTo int64) ([]Event, error) {
	var out []Event
	for r, err := range rows(ctx, q, "WHERE subject = ? AND seq <= ?", "ORDER BY seq", user, upTo) {
		if err != nil {
			return nil, err
		}
		out = append(out, r.Event)
	}
	return out, nil
}

// All are all events in the order of arrival, one at a time.
func (l *Ledger) All(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for r, err := range rows(ctx, l.read, "", "ORDER BY seq") {
			if !yield(r.Event, err) || err != nil {
				return
			}
		}
	}
}

// Users are all users, in the order of their ids, with their events in the
// order of arrival. Memory holds one user at a time.
func (l *Ledger) Users(ctx context.Context) iter.Seq2[[]Event, error] {
	return func(yield func([]Event, error) bool) {
		var user []Event
		for r, err := range rows(ctx, l.read, "", "ORDER BY subject, seq") {
			if err != nil {
				yield(nil, err)
				return
			}
			if len(user) > 0 && user[0].Subject != r.Subject {
				if !yield(user, nil) {
					return
				}
				user = nil
			}
			user = append(user, r.Event)
		}
		if len(user) > 0 {
			yield(user, nil)
		}
	}
}

// LastLearned is when the newest event arrived; zero when there is none. A clock
// that is behind it was set back.
func (l *Ledger) LastLearned(ctx context.Context) (time.Time, error) {
	var learned int64
	err := l.read.QueryRowContext(ctx, "SELECT learned_at FROM events ORDER BY seq DESC LIMIT 1").Scan(&learned)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the consent ledger: %w", err)
	}
	return time.UnixMicro(learned).UTC(), nil
}

// Scopes are the distinct scopes that events have. A study or context in them
// that nobody knows is likely a spelling mistake, and a withdrawal without
// effect.
func (l *Ledger) Scopes(ctx context.Context) ([]Scope, error) {
	found, err := l.read.QueryContext(ctx, "SELECT DISTINCT study, context, modality FROM events ORDER BY 1, 2, 3")
	if err != nil {
		return nil, fmt.Errorf("reading the consent ledger: %w", err)
	}
	defer found.Close()
	var out []Scope
	for found.Next() {
		var s Scope
		if err := found.Scan(&s.Study, &s.Context, &s.Modality); err != nil {
			return nil, fmt.Errorf("reading the consent ledger: %w", err)
		}
		out = append(out, s)
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("reading the consent ledger: %w", err)
	}
	return out, nil
}

type rowsQuerier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func rows(ctx context.Context, q rowsQuerier, where, order string, args ...any) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		found, err := q.QueryContext(ctx, "SELECT "+stored+" FROM events "+where+" "+order, args...)
		if err != nil {
			yield(row{}, fmt.Errorf("reading the consent ledger: %w", err))
			return
		}
		defer found.Close()
		for found.Next() {
			r, err := scan(found)
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := found.Err(); err != nil {
			yield(row{}, fmt.Errorf("reading the consent ledger: %w", err))
		}
	}
}

func scan(found *sql.Rows) (row, error) {
	var r row
	var id []byte
	var learned, effective int64
	var recorded sql.NullInt64
	err := found.Scan(&r.Seq, &id, &r.hash, &learned, &recorded, &effective, &r.Subject, &r.Actor, &r.Action,
		&r.Study, &r.Context, &r.Modality, &r.FormVersion, &r.Evidence, &r.Corrects, &r.Source)
	if err != nil {
		return r, fmt.Errorf("reading the consent ledger: %w", err)
	}
	r.ID = hex.EncodeToString(id)
	r.LearnedAt, r.EffectiveAt = time.UnixMicro(learned).UTC(), time.UnixMicro(effective).UTC()
	if recorded.Valid {
		r.RecordedAt = time.UnixMicro(recorded.Int64).UTC()
	}
	return r, nil
}
