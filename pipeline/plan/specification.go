package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
)

// specifications is one replacement of everything planned. Reading the tables
// goes on beside it: SQLite's write-ahead log keeps readers on the old state.
type specifications struct {
	tx       *sql.Tx
	perShard int
	shard    int // the last shard in use
	room     int // how many sessions still fit into it
}

func (x *Index) replan(ctx context.Context, perShard int) (*specifications, error) {
	tx, err := x.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("work index: %w", err)
	}
	w := &specifications{tx: tx, perShard: perShard}
	if _, err := tx.ExecContext(ctx, "DELETE FROM planned"); err != nil {
		tx.Rollback()
		return nil, fmt.Errorf("work index: %w", err)
	}
	var used int
	row := tx.QueryRowContext(ctx, "SELECT coalesce(max(shard), 0), (SELECT count(*) FROM assignment WHERE shard = (SELECT max(shard) FROM assignment)) FROM assignment")
	if err := row.Scan(&w.shard, &used); err != nil {
		tx.Rollback()
		return nil, fmt.Errorf("work index: %w", err)
	}
	w.room = max(0, perShard-used)
	if w.shard == 0 {
		w.room = 0
	}
	return w, nil
}

// add stores what was decided about one session. Only sessions that leave have
// a shard.
func (w *specifications) add(ctx context.Context, s Session, reason Reason) error {
	if reason != "" {
		_, err := w.tx.ExecContext(ctx, "INSERT INTO planned VALUES (?, 0, ?, '')", s.ID, string(reason))
		return err
	}
	shard, err := w.assign(ctx, s.ID)
	if err != nil {
		return fmt.Errorf("work index: %w", err)
	}
	spec, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(ctx, "INSERT INTO planned VALUES (?, ?, '', ?)", s.ID, shard, string(spec))
	return err
}

func (w *specifications) assign(ctx context.Context, id string) (int, error) {
	var shard int
	err := w.tx.QueryRowContext(ctx, "SELECT shard FROM assignment WHERE session_id = ?", id).Scan(&shard)
	if err != sql.ErrNoRows {
		return shard, err
	}
	if w.room == 0 {
		w.shard, w.room = w.shard+1, w.perShard
	}
	w.room--
	_, err = w.tx.ExecContext(ctx, "INSERT INTO assignment VALUES (?, ?)", id, w.shard)
	return w.shard, err
}

func (w *specifications) commit() error { return w.tx.Commit() }

func (w *specifications) rollback() { _ = w.tx.Rollback() }

// shards are the numbers of the shards that have sessions.
func (x *Index) shards(ctx context.Context) ([]int, error) {
	rows, err := x.db.QueryContext(ctx, "SELECT DISTINCT shard FROM planned WHERE shard > 0 ORDER BY shard")
	if err != nil {
		return nil, fmt.Errorf("work index: %w", err)
	}
	defer rows.Close()
	var numbers []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, rows.Err()
}

// Shard yields the specifications of one shard in the order of session codes,
// so that the order of rows in a bundle says nothing about the source's ids.
func (x *Index) Shard(ctx context.Context, number int) iter.Seq2[Session, error] {
	return func(yield func(Session, error) bool) {
		rows, err := x.db.QueryContext(ctx, "SELECT spec FROM planned WHERE shard = ? ORDER BY json_extract(spec, '$.code')", number)
		if err != nil {
			yield(Session{}, fmt.Errorf("work index: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var spec string
			var s Session
			err := rows.Scan(&spec)
			if err == nil {
				err = json.Unmarshal([]byte(spec), &s)
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Session{}, err)
		}
	}
}

// Excluded yields the sessions that do not leave, with their reason.
func (x *Index) Excluded(ctx context.Context) iter.Seq2[string, Reason] {
	return func(yield func(string, Reason) bool) {
		rows, err := x.db.QueryContext(ctx, "SELECT session_id, reason FROM planned WHERE reason != '' ORDER BY session_id")
		if err != nil {
			return
		}
		defer rows.Close()
		for rows.Next() {
			var id, reason string
			if rows.Scan(&id, &reason) != nil || !yield(id, Reason(reason)) {
				return
			}
		}
	}
}
