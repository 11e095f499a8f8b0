package vault

import (
	"context"
	"database/sql"
	"errors"
	"iter"
)

// batchSize is how many codes are drawn in one transaction.
const batchSize = 10_000

// Batch asks for many codes. It writes from time to time, so memory does not
// grow; what it drew before it was broken off stays, which harms nobody, since
// a code that was never used tells nothing. From the first code it has to draw to
// its Commit all other writing to the vault waits; a batch that only finds codes
// keeps nobody waiting. It is for one goroutine.
type Batch struct {
	vault  *Vault
	tx     *sql.Tx
	find   *sql.Stmt
	insert *sql.Stmt
	drawn  int
}

// Batch starts a batch. Commit or Rollback ends it.
func (v *Vault) Batch() *Batch { return &Batch{vault: v} }

// Code is as Vault.Code.
func (b *Batch) Code(ctx context.Context, kind, sourceID string) (string, error) {
	code, err := lookUp(ctx, b.vault.read, kind, sourceID)
	if !errors.Is(err, sql.ErrNoRows) {
		return code, err
	}
	if err := b.begin(ctx); err != nil {
		return "", err
	}
	err = b.find.QueryRowContext(ctx, kind, sourceID).Scan(&code)
	if !errors.Is(err, sql.ErrNoRows) {
		return code, wrap("reading", err)
	}
	if code, err = draw(kind, sourceID); err != nil {
		return "", err
	}
	if _, err := b.insert.ExecContext(ctx, kind, sourceID, code); err != nil {
		return "", wrap("writing", err)
	}
	if b.drawn++; b.drawn >= batchSize {
		return code, b.Commit()
	}
	return code, nil
}

func (b *Batch) begin(ctx context.Context) error {
	if b.tx != nil {
		return nil
	}
	var err error
	if b.tx, err = b.vault.write.BeginTx(ctx, nil); err != nil {
		return wrap("writing", err)
	}
	b.find, err = b.tx.PrepareContext(ctx, "SELECT code FROM codes WHERE kind = ? AND source_id = ?")
	if err == nil {
		b.insert, err = b.tx.PrepareContext(ctx, "INSERT INTO codes (kind, source_id, code) VALUES (?, ?, ?)")
	}
	if err != nil {
		return errors.Join(wrap("writing", err), b.Rollback())
	}
	return nil
}

// Commit keeps what was drawn. The batch may go on after it.
func (b *Batch) Commit() error {
	if b.tx == nil {
		return nil
	}
	err := b.tx.Commit() // closes the statements too
	b.tx, b.drawn = nil, 0
	return wrap("writing", err)
}

// Rollback drops what was drawn since the last write. After Commit it does
// nothing.
func (b *Batch) Rollback() error {
	if b.tx == nil {
		return nil
	}
	err := b.tx.Rollback()
	if errors.Is(err, sql.ErrTxDone) { // a cancelled context rolls back by itself
		err = nil
	}
	b.tx, b.drawn = nil, 0
	return wrap("writing", err)
}

// Assign draws the codes of all things of a kind, in constant memory, and tells
// visit of each. Visit may be nil.
func (v *Vault) Assign(ctx context.Context, kind string, sourceIDs iter.Seq2[string, error], visit func(sourceID, code string) error) error {
	b := v.Batch()
	for id, err := range sourceIDs {
		var code string
		if err == nil {
			code, err = b.Code(ctx, kind, id)
		}
		if err == nil && visit != nil {
			err = visit(id, code)
		}
		if err != nil {
			return errors.Join(err, b.Rollback())
		}
	}
	return b.Commit()
}
