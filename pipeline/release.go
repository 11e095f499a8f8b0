package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/study"
	"github.com/schoolhouse-world/veil/pipeline/vault"

	"golang.org/x/crypto/ssh"
)

// Released is a hand-off that was made.
type Released struct {
	Recipient string
	Sequence  int64
	Folder    string
}

// Release makes a hand-off of the approved bundle for each recipient named, or
// for all. Just before, it asks the ledger again: if anybody's decision
// changed since the plan, nothing is released.
func (e *Export) Release(ctx context.Context, sender ssh.Signer, names []string) ([]Released, error) {
	lock, err := e.folder.lock("release")
	if err != nil {
		return nil, err
	}
	defer lock.release()
	r, err := e.Record()
	if err != nil {
		return nil, err
	}
	if err := e.mayRelease(ctx, r, sender); err != nil {
		e.log.Info("release refused", "run", r.ID)
		return nil, err
	}
	recipients, err := e.recipients(names)
	if err != nil {
		return nil, err
	}
	head, err := e.consentHead(ctx)
	if err != nil {
		return nil, err
	}
	approvals, err := release.ReadApprovals(e.fs, e.folder.approvals())
	if err != nil {
		return nil, err
	}
	var out []Released
	for _, q := range recipients {
		order := release.Order{
			Bundle: e.folder.bundle(), Study: e.study.ID, Run: r.ID, Report: r.ReportDigest, Recipient: asRecipient(q),
			Officers: e.officers(), Required: e.study.Approval.Required, Approvals: approvals, ConsentHead: head,
			SenderName: e.parties.Sender.Name, Sender: sender, At: e.now().In(e.study.Location()),
		}
		released, err := e.seal(ctx, order)
		if err != nil {
			return out, fmt.Errorf("releasing to %s: %w", q.Name, err)
		}
		out = append(out, released)
	}
	return out, nil
}

// seal makes one hand-off and records who is in it, which a later withdrawal
// needs.
func (e *Export) seal(ctx context.Context, o release.Order) (Released, error) {
	folder := filepath.Join(e.folder.handoff(), o.Recipient.Name, o.Run)
	if err := e.fs.MkdirAll(filepath.Dir(folder)); err != nil {
		return Released{}, fmt.Errorf("making the hand-off's folder: %w", err)
	}
	s, err := e.store().Seal(ctx, o, folder, func(done, total int64) { e.progress("encrypting for "+o.Recipient.Name, done, total) })
	if err != nil {
		return Released{}, err
	}
	if err := e.recordWho(ctx, s.ID, o.Recipient.Name); err != nil {
		return Released{}, fmt.Errorf("the hand-off stands, but who is in it could not be recorded; run the same command again: %w", err)
	}
	e.log.Info("released", "recipient", o.Recipient.Name, "release", s.ID, "sequence", s.Sequence, "run", o.Run)
	return Released{Recipient: o.Recipient.Name, Sequence: s.Sequence, Folder: folder}, nil
}

func (e *Export) store() release.Store { return release.NewStore(e.fs, string(e.folder)) }

// mayRelease refuses what approval alone does not cover.
func (e *Export) mayRelease(ctx context.Context, r Record, sender ssh.Signer) error {
	if !r.Audit.Passed() {
		return refuse("the leak audit stopped this bundle")
	}
	if e.parties.Sender.Key == "" {
		return refuse("nobody is named as sender; set one with veil sender set")
	}
	key, err := release.ParsePublicKey(e.parties.Sender.Key)
	if err != nil {
		return err
	}
	if string(key.Marshal()) != string(sender.PublicKey().Marshal()) {
		return refuse("the signing key is not the sender's in %s", study.PartiesFile)
	}
	if _, err := os.Stat(e.folder.bundle()); err != nil {
		return errors.New("the bundle was purged; run again to make it anew")
	}
	t, err := e.tally(r)
	if err != nil {
		return err
	}
	if err := t.Err(); err != nil {
		return err
	}
	return e.stillAgreed(ctx, r)
}

// stillAgreed makes the plan anew, at this moment, and compares. What changed
// is named by shard, so that the next run can make those alone.
func (e *Export) stillAgreed(ctx context.Context, r Record) error {
	p, err := e.plan(ctx)
	if err != nil {
		return err
	}
	if p.Digest == r.Plan.Digest {
		return nil
	}
	changed := changedShards(r.Plan, p)
	e.log.Info("plan changed since the run", "run", r.ID, "shards", changed)
	return refuse("consent, retention or the source changed since the run (shards %s); run again: only those are made anew, and officers sign the new bundle",
		strings.Trim(fmt.Sprint(changed), "[]"))
}

func changedShards(before, after plan.Plan) []int {
	digests := map[int]string{}
	for _, s := range before.Shards {
		digests[s.Number] = s.Digest
	}
	var changed []int
	for _, s := range after.Shards {
		if digests[s.Number] != s.Digest {
			changed = append(changed, s.Number)
		}
		delete(digests, s.Number)
	}
	for _, s := range before.Shards {
		if _, gone := digests[s.Number]; gone {
			changed = append(changed, s.Number)
		}
	}
	return changed
}

func (e *Export) recipients(names []string) ([]study.Recipient, error) {
	if len(names) == 0 {
		if len(e.parties.Recipients) == 0 {
			return nil, refuse("no recipient is listed; add one with veil recipient add")
		}
		return e.parties.Recipients, nil
	}
	var out []study.Recipient
	for _, n := range names {
		r, ok := e.parties.Recipient(n)
		if !ok {
			return nil, refuse("%s is no recipient of this study; veil recipient list shows them", n)
		}
		out = append(out, r)
	}
	return out, nil
}

func asRecipient(r study.Recipient) release.Recipient {
	return release.Recipient{Name: r.Name, Organisation: r.Organisation, Key: r.Key, AckKey: r.AckKey,
		Agreement: r.Agreement, From: string(r.From), Until: string(r.Until)}
}

// Status is where a study stands.
type Status struct {
	Study       string    `json:"study"`
	Run         string    `json:"run,omitempty"`
	At          time.Time `json:"at,omitzero"`
	Digest      string    `json:"digest,omitempty"`
	Audit       bool      `json:"audit_passed"`
	Purged      bool      `json:"purged"`
	Approved    int       `json:"approved"`
	Required    int       `json:"required"`
	Returned    int       `json:"returned"`
	Releases    []string  `json:"releases"`
	Notices     []string  `json:"open_notices"`
	Next        time.Time `json:"next_run,omitzero"`
	Sessions    int       `json:"sessions"`
	Quarantined int       `json:"quarantined"`
}

// Status reads it; nothing is changed.
func (e *Export) Status(context.Context) (Status, error) {
	st := Status{Study: e.study.ID, Required: e.study.Approval.Required, Next: e.study.Next(e.now()), Releases: []string{}, Notices: []string{}}
	if r, err := e.Record(); err == nil {
		st.Run, st.At, st.Digest, st.Audit = r.ID, r.At, r.Digest, r.Audit.Passed()
		st.Sessions, st.Quarantined = r.Summary.Sessions, len(r.Summary.Quarantined)
		_, gone := os.Stat(e.folder.bundle())
		st.Purged = gone != nil
		t, err := e.tally(r)
		if err != nil {
			return st, err
		}
		st.Approved, st.Returned = len(t.Approved), len(t.Returned)
	}
	h, err := e.store().History()
	if err != nil {
		return st, err
	}
	for _, q := range e.parties.Recipients {
		for _, s := range h.Of(q.Name) {
			st.Releases = append(st.Releases, fmt.Sprintf("%s %d, %s", q.Name, s.Sequence, s.Created.Format(time.DateOnly)))
		}
		for _, n := range h.OpenNotices(q.Name) {
			st.Notices = append(st.Notices, fmt.Sprintf("%s %d, due %s", q.Name, n.Sequence, n.Deadline))
		}
	}
	return st, nil
}

// Text says it to people.
func (s Status) Text() string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-9s "+format+"\n", append([]any{name}, args...)...)
	}
	row("study", "%s", s.Study)
	if s.Run == "" {
		row("run", "none yet")
	} else {
		row("run", "%s, %d sessions, %d quarantined", s.At.Format("2006-01-02 15:04 MST"), s.Sessions, s.Quarantined)
		audit := "passed"
		if !s.Audit {
			audit = "STOPPED"
		}
		row("audit", "%s", audit)
		row("approved", "%d of %d officers; %d returned it", s.Approved, s.Required, s.Returned)
		if s.Purged {
			row("bundle", "purged after release")
		}
	}
	for _, r := range s.Releases {
		row("released", "%s", r)
	}
	for _, n := range s.Notices {
		row("notice", "%s: not acknowledged yet", n)
	}
	if !s.Next.IsZero() {
		row("next run", "%s", s.Next.Format("2006-01-02 15:04 MST"))
	}
	return strings.TrimRight(b.String(), "\n")
}

// recordWho tells the vault which rows and files of a release are whose.
func (e *Export) recordWho(ctx context.Context, id, recipient string) error {
	var rows []vault.Row
	for s, err := range e.index.Sessions(ctx) {
		if err != nil {
			return err
		}
		for _, m := range s.People {
			if m.Code == "" {
				continue
			}
			in := func(kind session.Modality) bool { return s.Leaves(kind) && m.Out[kind] == "" }
			row := vault.Row{Participant: m.Code, Session: s.Code, Transcript: in(session.Transcript), Chat: in(session.Chat), Sole: sole(s, m)}
			if in(session.Audio) {
				row.Audio = s.AudioCode
			}
			rows = append(rows, row)
		}
	}
	return e.vault.RecordRelease(ctx, id, recipient, rows)
}

// sole reports whether a session cannot be kept without somebody: its tutor, or
// its only learner.
func sole(s plan.Session, m plan.Member) bool {
	if m.Role == session.Tutor {
		return true
	}
	learners := 0
	for _, q := range s.People {
		if q.Role == session.Learner && q.Code != "" {
			learners++
		}
	}
	return learners == 1
}
