// Package pipeline takes a study's sessions from their source to the
// researcher: it plans, redacts, cleans, writes, audits, and hands over.
//
// Export is an open study folder and has a method for every verb. The stages
// stand in the packages below; what stands here is their order, and what must
// hold between them: nothing leaves that was not planned, audited, approved and
// asked about again.
package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/consent"
	"github.com/schoolhouse-world/veil/pipeline/audio"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/source"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/study"
	"github.com/schoolhouse-world/veil/pipeline/vault"
)

// Options say how to open a study folder.
type Options struct {
	Dir string
	// Now is the clock that retention, consent and agreements are judged by.
	Now func() time.Time
	// Progress is told how far a stage has come, from one goroutine at a time.
	Progress func(stage string, done, total int64)
	// Software names the program in reports and bundles.
	Software string
	// FS is where files are written; nil is the disk.
	FS storage.FS
}

// Export is an open study folder. It is for one verb at a time.
type Export struct {
	folder   folder
	fs       storage.FS
	study    study.Study
	parties  study.Parties
	source   source.Directory
	ledger   *consent.Ledger
	vault    *vault.Vault
	index    *plan.Index
	now      func() time.Time
	progress func(string, int64, int64)
	software string
	log      *slog.Logger
	logFile  *os.File
}

// Open opens a study folder.
func Open(ctx context.Context, o Options) (*Export, error) {
	s, err := study.Load(o.Dir)
	if err != nil {
		return nil, err
	}
	parties, err := study.LoadParties(o.Dir)
	if err != nil {
		return nil, err
	}
	e := &Export{folder: folder(o.Dir), fs: o.FS, study: s, parties: parties, now: o.Now, progress: o.Progress, software: o.Software,
		source: source.Directory{Root: s.Path(s.Source.Directory), Zone: s.Location()}}
	if e.fs == nil {
		e.fs = storage.Disk{}
	}
	if e.progress == nil {
		e.progress = func(string, int64, int64) {}
	}
	if err := errors.Join(e.fs.MkdirAll(e.folder.work()), e.fs.MkdirAll(e.folder.join("logs"))); err != nil {
		return nil, fmt.Errorf("opening the study folder: %w", err)
	}
	if err := e.openStores(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Export) openStores(ctx context.Context) error {
	var err error
	if e.logFile, err = os.OpenFile(e.folder.join("logs", "veil.jsonl"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600); err != nil {
		return fmt.Errorf("opening the log: %w", err)
	}
	e.log = slog.New(slog.NewJSONHandler(e.logFile, nil)).With("study", e.study.ID)
	if e.ledger, err = consent.Open(ctx, e.folder.ledger(), consent.WithClock(e.now), consent.WithZone(e.study.Location())); err != nil {
		return err
	}
	if e.vault, err = vault.Open(ctx, e.folder.vault(), e.study.ID); err != nil {
		return err
	}
	e.index, err = plan.OpenIndex(e.folder.index())
	return err
}

// Close closes what Open opened.
func (e *Export) Close() error {
	var errs []error
	if e.index != nil {
		errs = append(errs, e.index.Close())
	}
	if e.vault != nil {
		errs = append(errs, e.vault.Close())
	}
	if e.ledger != nil {
		errs = append(errs, e.ledger.Close())
	}
	if e.logFile != nil {
		errs = append(errs, e.logFile.Close())
	}
	return errors.Join(errs...)
}

// Study is the study file's content.
func (e *Export) Study() study.Study { return e.study }

// Ledger is the study's consent ledger.
func (e *Export) Ledger() *consent.Ledger { return e.ledger }

// Vault is the study's vault of codes.
func (e *Export) Vault() *vault.Vault { return e.vault }

// Parties are who sends, approves and receives.
func (e *Export) Parties() study.Parties { return e.parties }

// Plan makes the plan a run would follow now. It imports the source's consent
// table first: the ledger only ever grows, and the same table twice changes
// nothing.
func (e *Export) Plan(ctx context.Context) (plan.Plan, error) {
	lock, err := e.folder.lock("plan")
	if err != nil {
		return plan.Plan{}, err
	}
	defer lock.release()
	return e.plan(ctx)
}

func (e *Export) plan(ctx context.Context) (plan.Plan, error) {
	if err := e.source.Check(ctx); err != nil {
		return plan.Plan{}, err
	}
	if err := e.importConsent(ctx); err != nil {
		return plan.Plan{}, err
	}
	policy, err := e.policyDigest(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	now := e.now()
	codes := e.vault.Batch()
	defer codes.Rollback()
	p := plan.Planner{
		Study: e.study, Source: e.source, Index: e.index, Codes: codes, Now: now, Next: e.study.Next(now), Policy: policy,
		Consent: e.decider(now), Progress: func(done, total int) { e.progress("planning", int64(done), int64(total)) },
	}
	made, err := p.Make(ctx)
	if err != nil {
		return made, err
	}
	return made, codes.Commit()
}

// policyDigest covers everything beside the sessions that shapes the bundle,
// so that a changed policy, term list or engine makes every shard anew.
func (e *Export) policyDigest(ctx context.Context) (string, error) {
	shift, err := e.shift(ctx)
	if err != nil {
		return "", err
	}
	s := e.study
	s.Dir, s.Schedule, s.Run.Workers, s.Approval, s.Title = "", "", 0, study.Approval{}, ""
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(map[string]any{"study": s, "shift": shift, "engine": engineVersion(), "software": e.software}); err != nil {
		return "", err
	}
	if e.study.Redaction.Replace == "surrogates" {
		// Forgetting a person draws the names anew: no shard may keep the old ones.
		secret, err := e.vault.Secret(ctx, surrogateSecret)
		if err != nil {
			return "", err
		}
		sum.Write(secret)
	}
	if err := e.own().write(sum); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// worker makes the value that works sessions.
func (e *Export) worker(ctx context.Context) (*worker, error) {
	engine, err := e.engine(ctx)
	if err != nil {
		return nil, err
	}
	shift, err := e.shift(ctx)
	if err != nil {
		return nil, err
	}
	w := &worker{folder: e.folder, fs: e.fs, index: e.index, source: e.source, study: e.study, engine: engine, shift: shift, workers: e.workers()}
	if path, err := exec.LookPath("ffmpeg"); err == nil {
		w.cleaner = audio.Cleaner{FFmpeg: path, Temp: e.folder.join("work", "ffmpeg")}
		if err := e.fs.MkdirAll(w.cleaner.Temp); err != nil {
			return nil, fmt.Errorf("making the work folder: %w", err)
		}
	}
	return w, nil
}

// Purge removes everything personal that is not needed to trace or withdraw:
// the work folder and the plaintext bundle. The report, the record and the
// hand-offs stay. The purge is logged.
func (e *Export) Purge(ctx context.Context) error {
	lock, err := e.folder.lock("purge")
	if err != nil {
		return err
	}
	defer lock.release()
	if err := e.index.Close(); err != nil {
		return fmt.Errorf("closing the work index: %w", err)
	}
	e.index = nil
	entries, err := e.fs.ReadDir(e.folder.work())
	if err != nil {
		return fmt.Errorf("purging: %w", err)
	}
	removed := 0
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "lock") {
			continue
		}
		if err := e.fs.RemoveAll(filepath.Join(e.folder.work(), entry.Name())); err != nil {
			return fmt.Errorf("purging the work folder: %w", withoutPath(err))
		}
		removed++
	}
	for _, name := range []string{e.folder.bundle(), e.folder.export() + ".partial", e.folder.export() + ".old"} {
		if err := e.fs.RemoveAll(name); err != nil {
			return fmt.Errorf("purging the bundle: %w", withoutPath(err))
		}
	}
	e.log.Info("purged", "entries", removed)
	return ctx.Err()
}

// digestFile is the lower-case hex SHA-256 of a file.
func digestFile(fsys storage.FS, name string) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
