package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/audit"
	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/tally"

	"github.com/google/uuid"
)

// Record is run.json: what the newest run left for officers and release.
type Record struct {
	ID           string        `json:"id"` // UUIDv7
	Study        string        `json:"study"`
	At           time.Time     `json:"at"`
	Software     string        `json:"software"`
	Digest       string        `json:"digest"`        // of the bundle
	ReportDigest string        `json:"report_digest"` // of report.html
	ConsentHead  string        `json:"consent_head"`
	Plan         plan.Plan     `json:"plan"`
	Summary      tally.Summary `json:"summary"`
	Audit        audit.Result  `json:"audit"`
	Made         int           `json:"shards_made"`
	Reused       int           `json:"shards_reused"`
	// Bundle and Report are paths.
	Bundle string `json:"bundle"`
	Report string `json:"report"`
}

// Run plans, makes the shards that are not there yet, assembles the bundle,
// audits it and draws its report. It may be killed at any moment; the next Run
// goes on and gives the same bytes. A digest that is not empty must be the
// plan's.
//
// A run whose audit finds something returns its Record and no error: the
// bundle stands for inspection, and cannot be approved.
func (e *Export) Run(ctx context.Context, digest string) (Record, error) {
	lock, err := e.folder.lock("run")
	if err != nil {
		return Record{}, err
	}
	defer lock.release()
	e.log.Info("run started")
	p, err := e.plan(ctx)
	if err != nil {
		return Record{}, e.failed(ctx, err)
	}
	if digest != "" && digest != p.Digest {
		return Record{}, refuse("the plan is not the one that was looked at: its digest is now %s", p.Digest)
	}
	r, err := e.run(ctx, p)
	if err != nil {
		return r, e.failed(ctx, err)
	}
	e.log.Info("run done", "run", r.ID, "sessions", r.Summary.Sessions, "quarantined", len(r.Summary.Quarantined),
		"shards_made", r.Made, "shards_reused", r.Reused, "audit_stops", r.Audit.Stops)
	return r, nil
}

// failed logs how a run ended. Errors name places, so they may be logged.
func (e *Export) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		e.log.Info("run interrupted")
		return err
	}
	e.log.Error("run failed", "error", err.Error())
	return err
}

func (e *Export) run(ctx context.Context, p plan.Plan) (Record, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Record{}, fmt.Errorf("making a run id: %w", err)
	}
	r := Record{ID: id.String(), Study: e.study.ID, At: e.now().UTC(), Software: e.software, Plan: p, Summary: tally.New(),
		Bundle: e.folder.bundle(), Report: e.folder.report()}
	if r.ConsentHead, err = e.consentHead(ctx); err != nil {
		return r, err
	}
	if err := e.makeShards(ctx, p, &r); err != nil {
		return r, err
	}
	partial := e.folder.export() + ".partial"
	if err := e.fs.RemoveAll(partial); err != nil {
		return r, fmt.Errorf("clearing an unfinished export: %w", err)
	}
	defer e.fs.RemoveAll(partial)
	if err := e.assemble(ctx, p, filepath.Join(partial, "bundle"), &r); err != nil {
		return r, err
	}
	if old, err := e.Record(); err == nil && old.Digest == r.Digest && old.Plan.Digest == p.Digest {
		// Nothing changed since: what officers looked at and signed still holds.
		old.Made, old.Reused = r.Made, r.Reused
		return old, nil
	}
	if r.Audit, err = e.auditBundle(ctx, p, filepath.Join(partial, "bundle")); err != nil {
		return r, err
	}
	if err := e.writeReport(ctx, p, partial, &r); err != nil {
		return r, err
	}
	if err := writeJSON(e.fs, filepath.Join(partial, "run.json"), r); err != nil {
		return r, err
	}
	return r, e.swapExport(partial)
}

// makeShards makes what is not there yet and sums up everything.
func (e *Export) makeShards(ctx context.Context, p plan.Plan, r *Record) error {
	if err := e.fs.MkdirAll(e.folder.shards()); err != nil {
		return fmt.Errorf("making the work folder: %w", err)
	}
	if err := e.dropStale(p); err != nil {
		return err
	}
	w, err := e.worker(ctx)
	if err != nil {
		return err
	}
	done := int64(0)
	e.progress("redacting sessions", 0, int64(p.Sessions))
	for _, s := range p.Shards {
		record, finished := e.folder.finished(s)
		if finished {
			r.Reused++
			done += int64(s.Sessions)
			e.progress("redacting sessions", done, int64(p.Sessions))
		} else {
			record, err = w.makeShard(ctx, s, func() {
				done++
				e.progress("redacting sessions", done, int64(p.Sessions))
			})
			if err != nil {
				return fmt.Errorf("shard %d: %w", s.Number, err)
			}
			r.Made++
		}
		r.Summary.Add(record.Summary)
	}
	return nil
}

// dropStale removes shards of earlier plans: what somebody opted out of since
// must not lie about.
func (e *Export) dropStale(p plan.Plan) error {
	wanted := map[string]bool{}
	for _, s := range p.Shards {
		wanted[filepath.Base(e.folder.shardDir(s))] = true
	}
	entries, err := e.fs.ReadDir(e.folder.shards())
	if err != nil {
		return fmt.Errorf("looking for shards: %w", err)
	}
	for _, entry := range entries {
		if !wanted[entry.Name()] {
			if err := e.fs.RemoveAll(filepath.Join(e.folder.shards(), entry.Name())); err != nil {
				return fmt.Errorf("removing a stale shard: %w", err)
			}
		}
	}
	return nil
}

// assemble links the parts of all shards into one bag and closes it.
func (e *Export) assemble(ctx context.Context, p plan.Plan, bag string, r *Record) error {
	linked := map[string]bool{}
	for _, s := range p.Shards {
		if err := ctx.Err(); err != nil {
			return err
		}
		record, finished := e.folder.finished(s)
		if !finished {
			return fmt.Errorf("shard %d vanished while the bundle was made; run again", s.Number)
		}
		for _, f := range record.Files {
			to := filepath.Join(bag, shardData, filepath.FromSlash(f.Path))
			if dir := filepath.Dir(to); !linked[dir] {
				linked[dir] = true
				if err := e.fs.MkdirAll(dir); err != nil {
					return fmt.Errorf("making the bundle: %w", err)
				}
			}
			if err := storage.Link(e.fs, filepath.Join(e.folder.shardDir(s), shardData, filepath.FromSlash(f.Path)), to); err != nil {
				return fmt.Errorf("making the bundle from shard %d: %w", s.Number, withoutPath(err))
			}
		}
	}
	if err := e.fs.MkdirAll(filepath.Join(bag, shardData)); err != nil {
		return fmt.Errorf("making the bundle: %w", err)
	}
	digest, err := bundle.Finish(ctx, e.fs, bag, e.bundleMeta(), func(done, total int64) { e.progress("closing the bundle", done, total) })
	if err != nil {
		return err
	}
	r.Digest = string(digest)
	return nil
}

// swapExport puts the new export in the old one's place. A crash in between
// leaves the old one aside and the next run makes the new one again.
func (e *Export) swapExport(partial string) error {
	old := e.folder.export() + ".old"
	if err := e.fs.RemoveAll(old); err != nil {
		return fmt.Errorf("clearing an old export: %w", err)
	}
	if err := e.fs.Rename(e.folder.export(), old); err != nil && !missing(err) {
		return fmt.Errorf("moving the old export aside: %w", err)
	}
	if err := e.fs.Rename(partial, e.folder.export()); err != nil {
		return fmt.Errorf("naming the export: %w", err)
	}
	if err := e.fs.SyncDir(string(e.folder)); err != nil {
		return fmt.Errorf("naming the export: %w", err)
	}
	return e.fs.RemoveAll(old)
}

// Record reads the newest run's record.
func (e *Export) Record() (Record, error) {
	var r Record
	err := readJSON(e.folder.record(), &r)
	if missing(err) {
		return r, errors.New("no bundle has been made yet; start with veil run")
	}
	return r, err
}

// withoutPath keeps what went wrong and drops where: paths name audio files by
// their codes, but an error should not list them.
func withoutPath(err error) error {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return errors.New(strings.TrimSpace(err.Error()))
}
