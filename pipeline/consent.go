package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schoolhouse-world/veil/consent"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"
	"github.com/schoolhouse-world/veil/pipeline/study"
)

// skew is how far clocks of the platform and of this machine may differ. A
// withdrawal that was just made must hold although its time lies minutes ahead
// of ours. It is the ledger's own tolerance.
const skew = 5 * time.Minute

// importConsent takes the source's consent table into the ledger. The table may
// be whole every time: what the ledger has already, it does not take again.
func (e *Export) importConsent(ctx context.Context) error {
	path, err := e.source.ConsentFile()
	if err != nil || path == "" {
		return err
	}
	_, err = e.importFrom(ctx, path, filepath.Base(path))
	var shape *consent.ColumnError
	if errors.As(err, &shape) {
		return &source.ShapeError{Table: "consent", What: strings.TrimPrefix(shape.Error(), shape.Source+": ")}
	}
	return err
}

// ImportConsent takes the events of a CSV or JSON Lines file into the ledger,
// all of them or none.
func (e *Export) ImportConsent(ctx context.Context, path string) (consent.Report, error) {
	r, err := e.importFrom(ctx, path, filepath.Base(path))
	if err == nil {
		e.log.Info("consent imported", "lines", r.Lines, "added", r.Added)
	}
	return r, err
}

// ImportConsentQuery takes the events that a query of an SQLite database gives.
// The database is opened for reading alone.
func (e *Export) ImportConsentQuery(ctx context.Context, path, query string) (consent.Report, error) {
	name := filepath.Base(path)
	if _, err := os.Stat(path); err != nil {
		return consent.Report{}, fmt.Errorf("opening the database %s: %w", name, withoutPath(err))
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro")
	if err != nil {
		return consent.Report{}, fmt.Errorf("opening the database %s: %w", name, err)
	}
	defer db.Close()
	r, err := e.ledger.ImportSQL(ctx, db, name, query)
	if err == nil {
		e.log.Info("consent imported", "lines", r.Lines, "added", r.Added)
	}
	return r, err
}

// importFrom reads a consent table. The name given stands in the events and in
// errors.
func (e *Export) importFrom(ctx context.Context, path, name string) (consent.Report, error) {
	var take func(context.Context, io.Reader, string) (consent.Report, error)
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		take = e.ledger.ImportCSV
	case ".jsonl", ".ndjson":
		take = e.ledger.ImportJSONL
	case ".parquet":
		names, rows, err := source.ConsentRows(ctx, path)
		if err != nil {
			return consent.Report{}, err
		}
		return e.ledger.ImportRows(ctx, name, names, rows)
	default:
		return consent.Report{}, fmt.Errorf("%s: a consent table is a CSV file (.csv), JSON Lines (.jsonl) or Parquet (.parquet); save it as one of these", name)
	}
	f, err := os.Open(path)
	if err != nil {
		return consent.Report{}, fmt.Errorf("opening the consent table %s: %w", name, withoutPath(err))
	}
	defer f.Close()
	return take(ctx, f, name)
}

// decider answers a plan's questions from the ledger as it is at the first of
// them: what arrives while the plan is made counts for the next.
func (e *Export) decider(now time.Time) plan.Consent {
	policy := consentPolicy(e.study.Consent)
	snapshot := sync.OnceValues(func() (*consent.Snapshot, error) { return e.ledger.Snapshot(context.Background()) })
	return func(ctx context.Context, p plan.Person, program string, m session.Modality) (plan.Verdict, error) {
		s, err := snapshot()
		if err != nil {
			return plan.Verdict{}, err
		}
		events, err := s.Events(ctx, p.UserID)
		if err != nil {
			return plan.Verdict{}, err
		}
		q := consent.Question{
			User: p.UserID, Scope: consent.Scope{Study: e.study.ID, Context: program, Modality: consent.Modality(m)},
			At: now, BirthDate: p.User.BirthDate, Unknown: !p.Known,
		}
		d := decide(events, q, policy)
		return plan.Verdict{Allowed: d.Allowed, Reason: string(d.Reason)}, nil
	}
}

// decide asks for the moment and for what clocks may be apart after it: who is
// out at either is out.
func decide(events []consent.Event, q consent.Question, p consent.Policy) consent.Decision {
	d := consent.Decide(events, q, p)
	if !d.Allowed {
		return d
	}
	q.At = q.At.Add(skew)
	if later := consent.Decide(events, q, p); !later.Allowed {
		return later
	}
	return d
}

func consentPolicy(c study.Consent) consent.Policy {
	return consent.Policy{
		Basis: consent.Basis(c.Basis), Unknown: consent.UnknownPolicy(c.UnknownUsers),
		GuardianUnder: c.GuardianUnder, AtMajority: consent.MajorityPolicy(c.AtMajority),
	}
}

// emptyLedger is the head of a ledger without events.
const emptyLedger = "empty"

// consentHead is the hash of the ledger's newest event, which binds all before
// it. It tells nothing to somebody who lacks the ledger.
func (e *Export) consentHead(ctx context.Context) (string, error) {
	h, err := e.ledger.Head(ctx)
	if err != nil || h.Hash == "" {
		return emptyLedger, err
	}
	return h.Hash, nil
}

// shift is by how many days the study's days are moved: one random number for
// the whole study, kept in the vault; 0 unless the study shifts.
func (e *Export) shift(ctx context.Context) (int, error) {
	if e.study.Dates != study.DatesShifted {
		return 0, nil
	}
	return e.vault.DayShift(ctx)
}

// AddConsent puts one statement into the ledger. It may come at any moment,
// also while a run or a release is under way, and counts from the next question
// on. It reports whether the platform's user table has the person: a statement
// about an id that nobody has is kept, and likely a spelling mistake.
func (e *Export) AddConsent(ctx context.Context, event consent.Event) (consent.Event, bool, error) {
	added, err := e.addConsent(ctx, event)
	if err != nil {
		return consent.Event{}, false, err
	}
	_, known, err := e.user(ctx, event.Subject)
	if err != nil {
		return added, false, fmt.Errorf("the ledger has the statement; whether the user table has the person cannot be said: %w", err)
	}
	return added, known, nil
}

func (e *Export) addConsent(ctx context.Context, event consent.Event) (consent.Event, error) {
	event.RecordedAt = e.now().UTC()
	if event.EffectiveAt.IsZero() {
		event.EffectiveAt = event.RecordedAt
	}
	added, err := e.ledger.Append(ctx, event)
	if err != nil {
		return consent.Event{}, err
	}
	e.log.Info("consent added", "event", added[0].Seq, "action", string(added[0].Action))
	return added[0], nil
}

// user is a person as the source's user table has them now. The work index is
// not asked: it may be old, or purged.
func (e *Export) user(ctx context.Context, id string) (session.User, bool, error) {
	for u, err := range e.source.Users(ctx) {
		if err != nil {
			return session.User{}, false, err
		}
		if u.ID == id {
			return u, true, nil
		}
	}
	return session.User{ID: id}, false, nil
}

// Asked is what somebody wants to have explained. The study is this one unless
// Scope names another; no context or modality means all of them.
type Asked struct {
	User string
	consent.Scope
	At      time.Time // zero is now
	KnownAt time.Time // zero leaves nothing out
}

// ExplainConsent says what the decision about a person is and which events made
// it. Where the modalities differ, each is explained. The lines name the person
// and are for whoever asked.
func (e *Export) ExplainConsent(ctx context.Context, a Asked) ([]string, error) {
	events, err := e.ledger.Events(ctx, a.User)
	if err != nil {
		return nil, err
	}
	q, err := e.question(ctx, a)
	if err != nil {
		return nil, err
	}
	policy := consentPolicy(e.study.Consent)
	if q.Modality != "" || sameForAll(events, q, policy) {
		return explain(events, q, policy, a.At.IsZero()), nil
	}
	var lines []string
	for _, m := range session.Modalities {
		one := q
		one.Modality = consent.Modality(m)
		lines = append(lines, explain(events, one, policy, a.At.IsZero())...)
	}
	return lines, nil
}

// sameForAll reports whether one reason and the same events decide about every
// modality.
func sameForAll(events []consent.Event, q consent.Question, p consent.Policy) bool {
	first := consent.Decide(events, q, p)
	for _, m := range session.Modalities {
		q.Modality = consent.Modality(m)
		if d := consent.Decide(events, q, p); d.Reason != first.Reason || !slices.Equal(d.Events, first.Events) {
			return false
		}
	}
	return true
}

// explain asks as a plan does when the moment is now, and else for just the
// moment given.
func explain(events []consent.Event, q consent.Question, p consent.Policy, now bool) []string {
	if now && consent.Decide(events, q, p).Allowed && !decide(events, q, p).Allowed {
		q.At = q.At.Add(skew)
	}
	return consent.Explain(events, q, p)
}

func (e *Export) question(ctx context.Context, a Asked) (consent.Question, error) {
	u, known, err := e.user(ctx, a.User)
	if err != nil {
		return consent.Question{}, err
	}
	q := consent.Question{User: a.User, Scope: a.Scope, At: a.At, KnownAt: a.KnownAt, BirthDate: u.BirthDate, Unknown: !known}
	if q.Study == "" {
		q.Study = e.study.ID
	}
	if q.At.IsZero() {
		q.At = e.now()
	}
	return q, nil
}

// CheckedConsent is a ledger whose chain is whole.
type CheckedConsent struct {
	Events int64  `json:"events"`
	Head   string `json:"head"`
	// Kept counts the heads of earlier runs and releases that were found on
	// the chain: nothing up to them was changed or cut off.
	Kept int `json:"kept"`
}

// VerifyConsent walks the ledger's chain and looks on it for every head that
// the newest run and the releases kept.
func (e *Export) VerifyConsent(ctx context.Context) (CheckedConsent, error) {
	kept, err := e.keptHeads(ctx)
	if err != nil {
		return CheckedConsent{}, err
	}
	if err := e.ledger.Verify(ctx, kept...); err != nil {
		return CheckedConsent{}, err
	}
	h, err := e.ledger.Head(ctx)
	if err != nil {
		return CheckedConsent{}, err
	}
	return CheckedConsent{Events: h.Seq, Head: h.Hash, Kept: len(kept)}, nil
}

func (e *Export) keptHeads(ctx context.Context) ([]consent.Head, error) {
	var hashes []string
	if r, err := e.Record(); err == nil {
		hashes = append(hashes, r.ConsentHead)
	}
	h, err := e.store().History()
	if err != nil {
		return nil, err
	}
	for _, entry := range h.Releases {
		var r struct {
			ConsentHead string `json:"consent_head"`
		}
		if err := readJSON(filepath.Join(e.folder.releases(), entry.ID+".json"), &r); err != nil {
			return nil, fmt.Errorf("reading release %d to %s: %w", entry.Sequence, entry.Recipient, withoutPath(err))
		}
		hashes = append(hashes, r.ConsentHead)
	}
	var kept []consent.Head
	for _, hash := range hashes {
		if hash == emptyLedger {
			continue
		}
		found, ok, err := e.ledger.HeadOf(ctx, hash)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, errors.New("the consent ledger was changed: a hash that a run or release kept of it is no longer on its chain; restore the ledger from a backup")
		}
		kept = append(kept, found)
	}
	return kept, nil
}
