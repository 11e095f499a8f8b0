// Package vault keeps a study's record codes: which code stands for which
// session, person or audio file.
//
// A code is a random UUID (version 4) with a letter before it, so that a
// researcher sees what it is a code of:
//
//	S-5b0f9a0e-…   a session
//	P-0c1de2a7-…   a participant, the same in all sessions of the study
//	A-93d4c0b1-…   an audio file
//
// Codes are drawn and looked up, never computed: 34 CFR 99.31(b)(2) wants a
// record code that is not based on a student's personal information, and a
// keyed hash would be. So the same person has unrelated codes in two studies,
// and without the vault nobody can tell whose a code is. Everything that links
// a code to a person stands in the vault's one SQLite file (and, while it is
// open, in SQLite's own files beside it).
//
// The vault also remembers which rows of which release are whose. That is what
// a withdrawal notice is made from, and what somebody is told who asks where
// their data went. And it keeps what else is random in the study: DayShift and Secret.
package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver; no cgo
)

// Kinds of codes.
const (
	Session     = "session"
	Participant = "participant"
	Audio       = "audio"
)

// prefixes tell a researcher what a code is of.
var prefixes = map[string]string{Session: "S-", Participant: "P-", Audio: "A-"}

var (
	// ErrForgotten says that a code's link was destroyed.
	ErrForgotten = errors.New("the code was forgotten: nobody can tell any more whose it was")
	// ErrUnknownCode says that a code is not of this vault.
	ErrUnknownCode = errors.New("no such code in this study's vault")
)

// Vault is one study's codes. It may be used by many goroutines at once, and
// its file by many processes, of which one writes at a time.
type Vault struct {
	write, read *sql.DB
}

// The tables hold no number and no time that a row got when it was made: the
// order in which codes were given out is the order of the source, and would
// tell whose a forgotten code was.
const schema = `
CREATE TABLE IF NOT EXISTS study (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS codes (kind TEXT NOT NULL, source_id TEXT NOT NULL, code TEXT NOT NULL UNIQUE, PRIMARY KEY (kind, source_id)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS codes_by_source ON codes (source_id);
CREATE TABLE IF NOT EXISTS forgotten (code TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS releases (number INTEGER PRIMARY KEY, release TEXT NOT NULL, recipient TEXT NOT NULL, content TEXT NOT NULL, UNIQUE (release, recipient)) STRICT;
-- Recipients of one bundle share its rows: content is a digest of them.
CREATE TABLE IF NOT EXISTS release_rows (
  content TEXT NOT NULL, participant TEXT NOT NULL, session TEXT NOT NULL, audio TEXT NOT NULL, sole INTEGER NOT NULL, transcript INTEGER NOT NULL, chat INTEGER NOT NULL,
  PRIMARY KEY (content, participant, session)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS release_rows_by_participant ON release_rows (participant);
CREATE TABLE IF NOT EXISTS drawn (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
`

// Open opens the vault of a study in a file, which is made, readable by its
// owner alone, when it is not there. A vault of another study is refused.
func Open(ctx context.Context, path, study string) (*Vault, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	// FULL: a code in a bundle must not outlive the link to whose it is.
	// secure_delete: what is deleted is overwritten.
	write, err := open(path, "_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_pragma=temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	v := &Vault{write: write}
	if err := v.prepare(ctx, study); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	if v.read, err = open(path, "_pragma=query_only(ON)"); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return v, nil
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
	return wrap("opening", err)
}

func open(path, settings string) (*sql.DB, error) {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	db, err := sql.Open("sqlite", "file:"+escaped+"?_pragma=busy_timeout(10000)&"+settings)
	return db, wrap("opening", err)
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s the vault: %w", doing, err)
}

// layout is the version of the schema, kept in the file's user_version.
const layout = 2

// upgrade takes a vault of layout 1 to 2. Which text of a person a release holds
// was not written down then: both.
const upgrade = `
ALTER TABLE release_rows ADD COLUMN transcript INTEGER NOT NULL DEFAULT 1;
ALTER TABLE release_rows ADD COLUMN chat INTEGER NOT NULL DEFAULT 1;
`

// prepare makes the tables of a new vault. One that has them is only read, so
// that opening it never waits for who is writing.
func (v *Vault) prepare(ctx context.Context, study string) error {
	var version int
	if err := v.write.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("the vault is damaged, or of another program; restore it from a backup: %w", err)
	}
	if version == layout {
		return ofStudy(ctx, v.write, study)
	}
	tables := schema
	if version == 1 {
		tables = upgrade
	}
	return v.writing(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, tables); err != nil {
			return fmt.Errorf("the vault is damaged, or of another program; restore it from a backup: %w", err)
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO study VALUES (1, ?) ON CONFLICT DO NOTHING", study); err != nil {
			return wrap("writing", err)
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", layout)); err != nil {
			return wrap("writing", err)
		}
		return ofStudy(ctx, tx, study)
	})
}

// ofStudy refuses the vault of another study.
func ofStudy(ctx context.Context, q querier, study string) error {
	var id string
	if err := q.QueryRowContext(ctx, "SELECT id FROM study").Scan(&id); err != nil {
		return wrap("reading", err)
	}
	if id != study {
		return errors.New("the vault is of another study; each study needs a vault of its own, so that its codes are unrelated")
	}
	return nil
}

// Close closes the file.
func (v *Vault) Close() error { return errors.Join(v.read.Close(), v.write.Close()) }

func (v *Vault) writing(ctx context.Context, fill func(*sql.Tx) error) error {
	tx, err := v.write.BeginTx(ctx, nil)
	if err != nil {
		return wrap("writing", err)
	}
	defer tx.Rollback()
	if err := fill(tx); err != nil {
		return err
	}
	return wrap("writing", tx.Commit())
}

// Code is the code of a session, person or audio file of the source, drawn when
// it is asked for first and the same ever after, until it is forgotten. Where
// many are asked for, a Batch is a hundred times as fast.
func (v *Vault) Code(ctx context.Context, kind, sourceID string) (string, error) {
	code, err := lookUp(ctx, v.read, kind, sourceID)
	if !errors.Is(err, sql.ErrNoRows) {
		return code, err
	}
	b := v.Batch()
	if code, err = b.Code(ctx, kind, sourceID); err != nil {
		return "", errors.Join(err, b.Rollback())
	}
	return code, b.Commit()
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// lookUp gives sql.ErrNoRows when there is no code yet.
func lookUp(ctx context.Context, q querier, kind, sourceID string) (string, error) {
	var code string
	err := q.QueryRowContext(ctx, "SELECT code FROM codes WHERE kind = ? AND source_id = ?", kind, sourceID).Scan(&code)
	if errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	return code, wrap("reading", err)
}

// draw makes a new code.
func draw(kind, sourceID string) (string, error) {
	prefix, known := prefixes[kind]
	if !known {
		return "", errors.New("the vault has codes of sessions, participants and audio files alone")
	}
	if sourceID == "" {
		return "", fmt.Errorf("a %s without an id cannot have a code", kind)
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return "", fmt.Errorf("drawing a code: %w", err)
	}
	return prefix + id.String(), nil
}

// Origin is what a code stands for.
type Origin struct {
	Kind     string `json:"kind"`
	SourceID string `json:"source_id"`
}

// Trace tells the data team what a code stands for. The error is ErrForgotten
// or ErrUnknownCode when nobody can.
func (v *Vault) Trace(ctx context.Context, code string) (Origin, error) {
	var o Origin
	err := v.read.QueryRowContext(ctx, "SELECT kind, source_id FROM codes WHERE code = ?", code).Scan(&o.Kind, &o.SourceID)
	if !errors.Is(err, sql.ErrNoRows) {
		return o, wrap("reading", err)
	}
	return Origin{}, v.missing(ctx, v.read, code)
}

// missing says why a code has no origin.
func (v *Vault) missing(ctx context.Context, q querier, code string) error {
	var one int
	err := q.QueryRowContext(ctx, "SELECT 1 FROM forgotten WHERE code = ?", code).Scan(&one)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrUnknownCode
	case err != nil:
		return wrap("reading", err)
	}
	return ErrForgotten
}
