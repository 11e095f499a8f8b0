package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/table"
	"github.com/schoolhouse-world/veil/pipeline/tally"
)

// shardRecord is shard.json: what a finished shard holds. A shard's folder
// gets its name only when everything in it is written and synced, so a folder
// that stands is finished.
type shardRecord struct {
	Number  int           `json:"number"`
	Digest  string        `json:"digest"` // the plan's
	Files   []shardFile   `json:"files"`
	Summary tally.Summary `json:"summary"`
}

type shardFile struct {
	Path  string `json:"path"` // within the bundle's data folder
	Bytes int64  `json:"bytes"`
}

// Names within a shard's folder.
const (
	shardRecordName = "shard.json"
	shardDoubts     = "doubts.jsonl"
	shardKept       = "kept.jsonl"
	shardData       = "data"
)

// shardDir is where a finished shard stands. Its name holds the digest of what
// was planned, so that a shard whose plan changed is made anew and one whose
// plan did not is found again.
func (f folder) shardDir(s plan.Shard) string {
	return filepath.Join(f.shards(), fmt.Sprintf("%05d-%s", s.Number, s.Digest[:16]))
}

// finished reads a shard that was made before, by this run or an earlier one.
func (f folder) finished(s plan.Shard) (shardRecord, bool) {
	var r shardRecord
	if err := readJSON(filepath.Join(f.shardDir(s), shardRecordName), &r); err != nil || r.Digest != s.Digest {
		return shardRecord{}, false
	}
	return r, true
}

// makeShard works every session of a shard and gives the result its name.
func (w *worker) makeShard(ctx context.Context, s plan.Shard, done func()) (shardRecord, error) {
	dir := w.folder.shardDir(s)
	partial := dir + ".partial"
	defer w.fs.RemoveAll(partial)
	for _, stale := range []string{partial, dir} {
		if err := w.fs.RemoveAll(stale); err != nil {
			return shardRecord{}, fmt.Errorf("clearing an unfinished shard: %w", err)
		}
	}
	if err := w.fs.MkdirAll(filepath.Join(partial, shardData, "audio")); err != nil {
		return shardRecord{}, fmt.Errorf("making a shard's folder: %w", err)
	}
	r, err := w.fill(ctx, s, partial, done)
	if err != nil {
		return shardRecord{}, err
	}
	if err := writeJSON(w.fs, filepath.Join(partial, shardRecordName), r); err != nil {
		return shardRecord{}, err
	}
	if err := w.fs.Rename(partial, dir); err != nil {
		return shardRecord{}, fmt.Errorf("naming a shard: %w", err)
	}
	if err := w.fs.SyncDir(w.folder.shards()); err != nil {
		return shardRecord{}, fmt.Errorf("naming a shard: %w", err)
	}
	return r, nil
}

func (w *worker) fill(ctx context.Context, s plan.Shard, partial string, done func()) (shardRecord, error) {
	r := shardRecord{Number: s.Number, Digest: s.Digest, Summary: tally.New()}
	data := filepath.Join(partial, shardData)
	tables, err := table.Create(w.fs, data, s.Number)
	if err != nil {
		return r, err
	}
	doubts, err := newLines(w.fs, filepath.Join(partial, shardDoubts))
	if err != nil {
		return r, err
	}
	defer doubts.close()
	kept, err := newLines(w.fs, filepath.Join(partial, shardKept))
	if err != nil {
		return r, err
	}
	defer kept.close()

	err = w.inOrder(ctx, w.index.Shard(ctx, s.Number), filepath.Join(data, "audio"), func(p product) error {
		defer done()
		r.Summary.Add(p.summary)
		if err := p.write(tables); err != nil {
			return err
		}
		if p.audio != nil {
			r.Files = append(r.Files, shardFile{Path: p.audio.Path, Bytes: p.audioBytes})
		}
		return errors.Join(addLines(doubts, p.doubts), addLines(kept, p.kept))
	})
	files, closing := tables.Close()
	if err = errors.Join(err, closing, doubts.close(), kept.close()); err != nil {
		return r, err
	}
	for _, f := range files {
		r.Files = append(r.Files, shardFile{Path: f.Path, Bytes: f.Bytes})
	}
	return r, w.fs.SyncDir(filepath.Join(data, "audio"))
}

// inOrder works sessions side by side and hands the results on in the order of
// the sessions. No more are in flight than there are workers.
func (w *worker) inOrder(ctx context.Context, sessions iter.Seq2[plan.Session, error], audioDir string, use func(product) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type result struct {
		product product
		err     error
	}
	queue := make(chan chan result, w.workers-1)
	go func() {
		defer close(queue)
		for s, err := range sessions {
			one := make(chan result, 1)
			select {
			case queue <- one:
			case <-ctx.Done():
				return
			}
			if err != nil {
				one <- result{err: err}
				return
			}
			go func() {
				p, err := w.process(ctx, s, audioDir)
				one <- result{p, err}
			}()
		}
	}()
	var first error
	for one := range queue {
		r := <-one
		if first == nil {
			if first = r.err; first == nil {
				first = use(r.product)
			}
			if first != nil {
				stop()
			}
		}
	}
	if first == nil {
		first = ctx.Err()
	}
	return first
}
