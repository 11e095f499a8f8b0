package consent

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Head is a place in the chain. Whoever keeps one can later have Verify show
// that nothing up to it was changed or cut off. The zero Head is the empty
// ledger.
//
// A chain starts from random bytes, so that a hash tells nothing of the events
// to somebody who lacks the ledger.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"` // lower-case hex SHA-256
}

// BrokenError says where a chain breaks.
type BrokenError struct {
	Seq  int64 // the first event that is not what it was
	What string
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("the consent ledger was changed: event %d %s; restore the ledger from a backup", e.Seq, e.What)
}

// Head is the newest place in the chain.
func (l *Ledger) Head(ctx context.Context) (Head, error) { return head(ctx, l.read, "") }

// HeadAt is the newest place in the chain at an earlier moment.
func (l *Ledger) HeadAt(ctx context.Context, t time.Time) (Head, error) {
	return head(ctx, l.read, " WHERE learned_at <= ?", t.UnixMicro())
}

// HeadOf finds the place in the chain whose hash somebody kept alone. It reports
// false when no event has that hash: then the chain is not the one it was.
func (l *Ledger) HeadOf(ctx context.Context, hash string) (Head, bool, error) {
	raw, err := hex.DecodeString(hash)
	if err != nil {
		return Head{}, false, nil
	}
	h, err := head(ctx, l.read, " WHERE hash = ?", raw)
	return h, err == nil && h.Seq > 0, err
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func head(ctx context.Context, q querier, where string, args ...any) (Head, error) {
	var h Head
	var hash []byte
	err := q.QueryRowContext(ctx, "SELECT seq, hash FROM events"+where+" ORDER BY seq DESC LIMIT 1", args...).Scan(&h.Seq, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Head{}, nil
	}
	if err != nil {
		return Head{}, fmt.Errorf("reading the consent ledger: %w", err)
	}
	h.Hash = hex.EncodeToString(hash)
	return h, nil
}

// Verify walks the whole chain and checks that every head the caller kept from
// earlier is on it. The chain alone cannot show that its end was cut off; a
// kept head can. A *BrokenError names the first event that is wrong.
func (l *Ledger) Verify(ctx context.Context, kept ...Head) error {
	tx, err := l.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("verifying the consent ledger: %w", err)
	}
	defer tx.Rollback()
	prev, err := origin(ctx, tx)
	if err != nil {
		return err
	}
	wanted := map[int64]string{}
	for _, h := range kept {
		if other, twice := wanted[h.Seq]; twice && other != h.Hash {
			return &BrokenError{h.Seq, "has two different hashes among the kept heads"}
		}
		if h.Seq > 0 {
			wanted[h.Seq] = h.Hash
		}
	}
	seq, learned := int64(0), time.Time{}
	for r, err := range rows(ctx, tx, "", "ORDER BY seq") {
		if err != nil {
			return err
		}
		seq++
		if what := r.wrong(seq, learned, prev); what != "" {
			return &BrokenError{seq, what}
		}
		if want, ok := wanted[seq]; ok && want != hex.EncodeToString(r.hash) {
			return &BrokenError{seq, "is not the one that was there when its hash was kept"}
		}
		prev, learned = r.hash, r.LearnedAt
	}
	for _, h := range kept {
		if h.Seq > seq {
			return &BrokenError{seq + 1, "is missing, and the chain was longer before"}
		}
	}
	return nil
}

// row is an event as it is stored.
type row struct {
	Event
	hash []byte
}

func (r row) wrong(seq int64, learned time.Time, prev []byte) string {
	switch {
	case r.Seq != seq:
		return "is missing"
	case r.ID != r.Event.identified().ID:
		return "has another content than its id says"
	case string(r.hash) != string(link(r.Event, prev)):
		return "does not continue the chain"
	case r.LearnedAt.Before(learned):
		return "was learned before the one it follows"
	}
	return ""
}

// link is the hash of an event and of all before it.
func link(e Event, prev []byte) []byte {
	content := e.digest()
	b := []byte("veil consent chain 1\n")
	b = append(b, prev...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Seq))
	b = appendTime(b, e.LearnedAt)
	b = append(b, content[:]...)
	b = appendField(b, e.Source)
	sum := sha256.Sum256(b)
	return sum[:]
}

// origin is what the chain starts from.
func origin(ctx context.Context, q querier) ([]byte, error) {
	var start []byte
	if err := q.QueryRowContext(ctx, "SELECT start FROM origin").Scan(&start); err != nil {
		return nil, fmt.Errorf("the consent ledger is damaged: its origin cannot be read; restore it from a backup: %w", err)
	}
	return start, nil
}

func newOrigin() []byte {
	start := make([]byte, sha256.Size)
	_, _ = rand.Read(start) // never fails, see crypto/rand
	return start
}
