package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// Forgotten is what Forget destroyed, and what follows.
type Forgotten struct {
	Participants int `json:"participants"` // codes of the person: one or none
	Sessions     int `json:"sessions"`     // sessions whose links went too
	Secrets      int `json:"secrets"`      // see Secret
	// Text says what is impossible from now on, a sentence each.
	Text []string `json:"text"`
}

// Forget destroys the link between a person and their code, so that nobody,
// the data team included, can trace it.
//
// A session's code leads back to its people by way of the source, and in a
// session of two, straight to the one. So the links of the released sessions
// this person was in are destroyed as well, and those of the sessions the
// caller names, by their ids in the source, that hold the person and were not
// released.
//
// The study's secrets go too: an invented name is computed from one and the
// person's own, and whoever could compute it again would find them in the text.
//
// What is deleted is overwritten, the file is written anew, and the write-ahead
// log is emptied. The codes stay as forgotten, in random order, without a time
// and without anything of the person. An error after the deletion says that
// traces may be left in the files: call again, until there is none.
func (v *Vault) Forget(ctx context.Context, userID string, sessions ...string) (Forgotten, error) {
	var f Forgotten
	err := v.writing(ctx, func(tx *sql.Tx) error {
		released, err := column(ctx, tx, `
			SELECT DISTINCT s.source_id FROM codes p JOIN release_rows w ON w.participant = p.code JOIN codes s ON s.code = w.session
			WHERE p.kind = ? AND p.source_id = ?`, Participant, userID)
		if err != nil {
			return err
		}
		sessions = append(slices.Clone(sessions), released...)
		slices.Sort(sessions)
		for _, id := range slices.Compact(sessions) {
			n, err := forgetSource(ctx, tx, id, Session, Audio)
			if err != nil {
				return err
			}
			f.Sessions += min(n, 1)
		}
		if f.Participants, err = forgetSource(ctx, tx, userID, Participant); err != nil || f.Participants == 0 {
			return err
		}
		f.Secrets, err = forgetSecrets(ctx, tx)
		return err
	})
	if err != nil {
		return Forgotten{}, err
	}
	f.Text = consequences(f)
	return f, v.scrub(ctx)
}

// forgetSource moves the codes of something in the source to the forgotten,
// and says how many there were.
func forgetSource(ctx context.Context, tx *sql.Tx, sourceID string, kinds ...string) (int, error) {
	n := 0
	for _, kind := range kinds {
		codes, err := column(ctx, tx, "SELECT code FROM codes WHERE kind = ? AND source_id = ?", kind, sourceID)
		if err != nil {
			return n, err
		}
		for _, code := range codes {
			for _, statement := range []string{
				"INSERT INTO forgotten VALUES (?)",
				"DELETE FROM codes WHERE code = ?",
				"DELETE FROM release_rows WHERE participant = ?",
			} {
				if _, err := tx.ExecContext(ctx, statement, code); err != nil {
					return n, wrap("writing", err)
				}
			}
			n++
		}
	}
	return n, nil
}

func forgetSecrets(ctx context.Context, tx *sql.Tx) (int, error) {
	result, err := tx.ExecContext(ctx, "DELETE FROM drawn WHERE name LIKE 'secret %'")
	if err != nil {
		return 0, wrap("writing", err)
	}
	n, err := result.RowsAffected()
	return int(n), wrap("writing", err)
}

func column(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]string, error) {
	found, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, wrap("reading", err)
	}
	defer found.Close()
	var out []string
	for found.Next() {
		var s string
		if err := found.Scan(&s); err != nil {
			return nil, wrap("reading", err)
		}
		out = append(out, s)
	}
	return out, wrap("reading", found.Err())
}

// scrub leaves nothing of what was deleted in the vault's files.
func (v *Vault) scrub(ctx context.Context) error {
	// VACUUM writes every live row anew; the checkpoint brings that into the
	// file and cuts the log, which still has the old pages, to nothing.
	if _, err := v.write.ExecContext(ctx, "VACUUM"); err != nil {
		return fmt.Errorf("the link is deleted, but traces may be left in the vault's file; forget again when nothing else uses it: %w", err)
	}
	var busy, log, moved int
	err := v.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
	if err == nil && busy != 0 {
		err = errors.New("another process is reading the vault")
	}
	if err != nil {
		return fmt.Errorf("the link is deleted, but traces may be left in the vault's log; forget again when nothing else uses it: %w", err)
	}
	return nil
}

// consequences are told to whoever asks for the forgetting. They are what no
// later command can undo.
func consequences(f Forgotten) []string {
	if f.Participants+f.Sessions == 0 {
		return []string{"The vault held no code of this person, so nothing was lost; what was deleted before was overwritten once more."}
	}
	text := []string{
		"Nobody can tell any more which code in earlier releases was this person's.",
		"A later withdrawal cannot reach those releases: no notice can name the code. If the data must go from the recipients, send the notices first.",
		"A later report of which releases this person was in will be empty.",
		"If the person comes back, they get a new code, and their old and new records cannot be joined.",
		"The consent ledger still knows the person: an opt-out goes on to hold.",
		"Backups of the vault still hold the link until they are destroyed, and a bundle or work folder not yet purged tells who was in a session with whom.",
		"While few people have been forgotten, whoever remembers that this one was may guess the code from those left without an owner.",
	}
	if f.Sessions > 0 {
		text = append(text, fmt.Sprintf("The codes of %d sessions were forgotten too, since a session leads back to its people; the next release gives these sessions new codes. The others in them can still withdraw.", f.Sessions))
	}
	if f.Secrets > 0 {
		text = append(text, "Everybody gets another invented name in the next bundle: the old ones could have been computed again.")
	}
	return text
}
