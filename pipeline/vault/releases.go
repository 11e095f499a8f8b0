package vault

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Row says where a person stands in a release.
type Row struct {
	Participant string `json:"participant"` // code
	Session     string `json:"session"`     // code of a session the person is in
	// Transcript and Chat say whether what the person said or wrote was released.
	Transcript bool `json:"transcript"`
	Chat       bool `json:"chat"`
	// Audio is the code of the audio file with the person's voice; "" when none
	// was released, or one in which they are silenced.
	Audio string `json:"audio,omitempty"`
	// Sole says that the session cannot be kept without this person: their
	// withdrawal takes all of it.
	Sole bool `json:"sole,omitempty"`
}

// Release is a hand-off that a person is in.
type Release struct {
	ID        string `json:"release"`
	Recipient string `json:"recipient"`
	Sessions  int    `json:"sessions"` // of this person
	Audio     int    `json:"audio"`    // files with this person's sessions
}

// RecordRelease remembers which rows of a release are whose. Recording the same
// release to the same recipient again replaces nothing and must say the same.
// Every code must be one of this vault: a person whose code was forgotten, or
// never given, could not withdraw.
func (v *Vault) RecordRelease(ctx context.Context, release, recipient string, rows []Row) error {
	content := contentDigest(rows)
	return v.writing(ctx, func(tx *sql.Tx) error {
		known, err := recorded(ctx, tx, release, recipient, content)
		if err != nil || known {
			return err
		}
		if err := v.checkCodes(ctx, tx, rows); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO releases (release, recipient, content) VALUES (?, ?, ?)", release, recipient, content); err != nil {
			return wrap("writing", err)
		}
		insert, err := tx.PrepareContext(ctx, "INSERT INTO release_rows (content, participant, session, audio, sole, transcript, chat) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
		if err != nil {
			return wrap("writing", err)
		}
		defer insert.Close()
		for _, r := range rows {
			if _, err := insert.ExecContext(ctx, content, r.Participant, r.Session, r.Audio, r.Sole, r.Transcript, r.Chat); err != nil {
				return wrap("writing", err)
			}
		}
		return nil
	})
}

// recorded reports whether a release was recorded before.
func recorded(ctx context.Context, tx *sql.Tx, release, recipient, content string) (bool, error) {
	var before string
	err := tx.QueryRowContext(ctx, "SELECT content FROM releases WHERE release = ? AND recipient = ?", release, recipient).Scan(&before)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, wrap("reading", err)
	case before != content:
		return false, errors.New("this release to this recipient is recorded with other rows; a release never changes, make a new one")
	}
	return true, nil
}

func (v *Vault) checkCodes(ctx context.Context, tx *sql.Tx, rows []Row) error {
	find, err := tx.PrepareContext(ctx, "SELECT 1 FROM codes WHERE code = ? AND kind = ?")
	if err != nil {
		return wrap("reading", err)
	}
	defer find.Close()
	// A code stands in many rows: each is looked up once.
	type use struct{ kind, code string }
	checked := map[use]bool{{Audio, ""}: true}
	for i, r := range rows {
		for _, c := range []use{{Participant, r.Participant}, {Session, r.Session}, {Audio, r.Audio}} {
			if checked[c] {
				continue
			}
			var one int
			err := find.QueryRowContext(ctx, c.code, c.kind).Scan(&one)
			if errors.Is(err, sql.ErrNoRows) {
				return fmt.Errorf("row %d of the release, %s: %w; run again and release the new bundle", i+1, c.kind, v.missing(ctx, tx, c.code))
			}
			if err != nil {
				return wrap("reading", err)
			}
			checked[c] = true
		}
	}
	return nil
}

// contentDigest is the same for the same rows in any order.
func contentDigest(rows []Row) string {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b Row) int {
		if c := strings.Compare(a.Participant, b.Participant); c != 0 {
			return c
		}
		return strings.Compare(a.Session, b.Session)
	})
	sum := sha256.New()
	var b []byte
	for _, r := range rows {
		b = b[:0]
		for _, f := range []string{r.Participant, r.Session, r.Audio} {
			b = append(binary.AppendUvarint(b, uint64(len(f))), f...)
		}
		flags := byte(0)
		for i, set := range []bool{r.Sole, !r.Transcript, !r.Chat} {
			if set {
				flags |= 1 << i
			}
		}
		sum.Write(append(b, flags))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Releases are all releases a person is in, in the order they were recorded.
// There are none for a person who has no code, or whose code was forgotten.
func (v *Vault) Releases(ctx context.Context, userID string) ([]Release, error) {
	found, err := v.read.QueryContext(ctx, `
		SELECT r.release, r.recipient, count(*), sum(w.audio <> '')
		FROM codes c JOIN release_rows w ON w.participant = c.code JOIN releases r ON r.content = w.content
		WHERE c.kind = ? AND c.source_id = ? GROUP BY r.number ORDER BY r.number`, Participant, userID)
	if err != nil {
		return nil, wrap("reading", err)
	}
	defer found.Close()
	out := []Release{}
	for found.Next() {
		var r Release
		if err := found.Scan(&r.ID, &r.Recipient, &r.Sessions, &r.Audio); err != nil {
			return nil, wrap("reading", err)
		}
		out = append(out, r)
	}
	return out, wrap("reading", found.Err())
}

// Locations are where a person stands in a release, in the order of session
// codes: all that a withdrawal notice needs, and no name or id of the source.
func (v *Vault) Locations(ctx context.Context, userID, release string) ([]Row, error) {
	// The recipients of one release may, after a change between two, have
	// got different rows; DISTINCT joins them.
	return v.rows(ctx, `
		SELECT DISTINCT w.participant, w.session, w.audio, w.sole, w.transcript, w.chat
		FROM codes c JOIN release_rows w ON w.participant = c.code JOIN releases r ON r.content = w.content
		WHERE c.kind = ? AND c.source_id = ? AND r.release = ? ORDER BY w.session, w.audio, w.sole`, Participant, userID, release)
}

func (v *Vault) rows(ctx context.Context, query string, args ...any) ([]Row, error) {
	found, err := v.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, wrap("reading", err)
	}
	defer found.Close()
	out := []Row{}
	for found.Next() {
		var r Row
		if err := found.Scan(&r.Participant, &r.Session, &r.Audio, &r.Sole, &r.Transcript, &r.Chat); err != nil {
			return nil, wrap("reading", err)
		}
		out = append(out, r)
	}
	return out, wrap("reading", found.Err())
}

// Companions are the rows of everyone in the sessions of a release that a
// person is in, the person's own included, in the order of session codes. Rows
// of people who were forgotten are not among them.
func (v *Vault) Companions(ctx context.Context, userID, release string) ([]Row, error) {
	return v.rows(ctx, `
		SELECT DISTINCT w.participant, w.session, w.audio, w.sole, w.transcript, w.chat
		FROM codes c JOIN release_rows m ON m.participant = c.code JOIN releases r ON r.content = m.content
		JOIN release_rows w ON w.content = m.content AND w.session = m.session
		WHERE c.kind = ? AND c.source_id = ? AND r.release = ? ORDER BY w.session, w.participant, w.audio, w.sole`, Participant, userID, release)
}

// Recorded are the ids of all releases whose rows the vault knows.
func (v *Vault) Recorded(ctx context.Context) (map[string]bool, error) {
	found, err := v.read.QueryContext(ctx, "SELECT DISTINCT release FROM releases")
	if err != nil {
		return nil, wrap("reading", err)
	}
	defer found.Close()
	ids := map[string]bool{}
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return nil, wrap("reading", err)
		}
		ids[id] = true
	}
	return ids, wrap("reading", found.Err())
}

// People are the ids of everyone who is in any release and was not forgotten,
// in order.
func (v *Vault) People(ctx context.Context) ([]string, error) {
	found, err := v.read.QueryContext(ctx, `
		SELECT c.source_id FROM codes c WHERE c.kind = ? AND EXISTS (SELECT 1 FROM release_rows w WHERE w.participant = c.code)
		ORDER BY c.source_id`, Participant)
	if err != nil {
		return nil, wrap("reading", err)
	}
	defer found.Close()
	var ids []string
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return nil, wrap("reading", err)
		}
		ids = append(ids, id)
	}
	return ids, wrap("reading", found.Err())
}
