package pipeline

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/report"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
	"github.com/schoolhouse-world/veil/pipeline/tally"

	"golang.org/x/crypto/ssh"
)

// How much of the doubtful places and of the text the report itself shows. All
// places stand in doubts.jsonl beside it.
const (
	reportDoubts = 300
	reportSample = 60
)

// writeReport draws the officers' page into a new export.
func (e *Export) writeReport(ctx context.Context, p plan.Plan, dir string, r *Record) error {
	doubts, err := e.collectDoubts(p, filepath.Join(dir, "doubts.jsonl"))
	if err != nil {
		return err
	}
	sample, err := sampleLines(ctx, filepath.Join(dir, "bundle"), p, r.Digest)
	if err != nil {
		return err
	}
	parties := report.Data{
		Study: e.study.ID, Title: e.study.Title, Run: r.ID, Made: r.At, Digest: r.Digest, Software: e.software,
		Policies: e.policies(), Plan: p, Summary: r.Summary, Audit: r.Audit, Doubts: doubts, Sample: sample, Bounds: bounds(len(sample)),
	}
	for _, q := range e.parties.Recipients {
		parties.Recipients = append(parties.Recipients, report.Recipient{Name: q.Name, Organisation: q.Organisation, Agreement: q.Agreement, Until: string(q.Until)})
	}
	name := filepath.Join(dir, "report.html")
	if err := storage.WriteFile(e.fs, name, func(f storage.File) error { return report.Write(f, parties) }); err != nil {
		return err
	}
	r.ReportDigest, err = digestFile(e.fs, name)
	return err
}

// bounds says what a clean sample shows: with n lines read and none found to
// leak, the share of leaking lines is below 3/n with 95 % confidence (the rule
// of three; Hanley and Lippman-Hand, JAMA 249, 1983).
func bounds(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d lines drawn at random. If you find no name in them, fewer than %.1f in 100 lines hold one, with 95 %% confidence; one leak found here means many elsewhere.",
		n, 300/float64(n))
}

// collectDoubts writes every doubtful place of every shard to one file and
// returns those nearest to the fence.
func (e *Export) collectDoubts(p plan.Plan, name string) ([]tally.Doubt, error) {
	var nearest []tally.Doubt
	err := storage.WriteFile(e.fs, name, func(out storage.File) error {
		enc := json.NewEncoder(out)
		for _, s := range p.Shards {
			f, err := e.fs.Open(filepath.Join(e.folder.shardDir(s), shardDoubts))
			if err != nil {
				return withoutPath(err)
			}
			for d := json.NewDecoder(bufio.NewReader(f)); d.More(); {
				var doubt tally.Doubt
				if err := d.Decode(&doubt); err != nil {
					f.Close()
					return err
				}
				if err := enc.Encode(doubt); err != nil {
					f.Close()
					return err
				}
				nearest = append(nearest, doubt)
				if len(nearest) > 4*reportDoubts {
					nearest = mostDoubtful(nearest)
				}
			}
			f.Close()
		}
		return nil
	})
	return mostDoubtful(nearest), err
}

func mostDoubtful(d []tally.Doubt) []tally.Doubt {
	slices.SortStableFunc(d, func(a, b tally.Doubt) int {
		switch {
		case a.Score < b.Score:
			return -1
		case a.Score > b.Score:
			return 1
		}
		return 0
	})
	return d[:min(len(d), reportDoubts)]
}

// sampleLines draws lines of the bundle, each with the same chance, by the
// bundle's own digest: nobody can choose them, and the same bundle gives the
// same sample.
func sampleLines(ctx context.Context, bag string, p plan.Plan, digest string) ([]report.Line, error) {
	seed, err := hex.DecodeString(digest)
	if err != nil || len(seed) < 16 {
		return nil, fmt.Errorf("the bundle's digest is not one")
	}
	r := rand.New(rand.NewPCG(binary.BigEndian.Uint64(seed), binary.BigEndian.Uint64(seed[8:])))
	var sample []report.Line
	seen := 0
	add := func(l report.Line) {
		seen++
		if len(sample) < reportSample {
			sample = append(sample, l)
		} else if i := r.IntN(seen); i < reportSample {
			sample[i] = l
		}
	}
	for _, s := range p.Shards {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := eachLine(bag, s.Number, add); err != nil {
			return nil, err
		}
	}
	return sample, nil
}

// eachLine yields the text of one part's utterances and messages.
func eachLine(bag string, part int, use func(report.Line)) error {
	for _, name := range []string{"utterances", "messages"} {
		path := filepath.Join(bag, shardData, filepath.FromSlash(table.PartPath(name, part)))
		for v, err := range table.Values(path) {
			if missing(err) {
				break
			}
			if err != nil {
				return err
			}
			if v.Column == "text" && strings.TrimSpace(v.Text) != "" {
				use(report.Line{Table: name, Session: v.Session, Index: v.Index, Text: v.Text})
			}
		}
	}
	return nil
}

// policies says the study's choices in words.
func (e *Export) policies() []report.Policy {
	s := e.study
	return []report.Policy{
		{Name: "consent", Choice: s.Consent.Basis, Meaning: map[string]string{"opt-out": "people are in unless they said no", "opt-in": "people are out unless they said yes"}[s.Consent.Basis]},
		{Name: "unknown people", Choice: s.Consent.UnknownUsers, Meaning: "people whom the platform's user table does not have"},
		{Name: "guardians", Choice: fmt.Sprint(s.Consent.GuardianUnder), Meaning: "a guardian must agree for people younger than this; 0 is off"},
		{Name: "somebody opted out", Choice: s.Consent.InSession, Meaning: "what happens to the session"},
		{Name: "mixed sound", Choice: s.Audio.OptedOut, Meaning: "recordings in which somebody is out"},
		{Name: "names in sound", Choice: s.Audio.Names, Meaning: "what is silenced when a name is said"},
		{Name: "days", Choice: string(s.Dates), Meaning: map[string]string{"shifted": "all moved by one random number of days", "day": "the calendar day as it was", "exact": "day and time of day as they were"}[string(s.Dates)]},
		{Name: "in place of names", Choice: s.Redaction.Replace, Meaning: "what stands where something was removed"},
		{Name: "unmatched speakers", Choice: s.Speakers.Unmatched, Meaning: "lines whose label names no participant, in sessions where nobody is out"},
		{Name: "officers", Choice: fmt.Sprint(s.Approval.Required), Meaning: "how many must sign"},
	}
}

// Decision is an officer's word on the newest bundle.
type Decision struct {
	Signer   ssh.Signer
	Decision release.Decision
	Note     string
}

// Decided is where the approval of a bundle stands.
type Decided struct {
	Officer            string
	Approved, Required int
	Returned           []string
}

// Text says it to people.
func (d Decided) Text() string {
	if len(d.Returned) > 0 {
		return fmt.Sprintf("signed    by %s\nreturned  by %s: the bundle cannot leave", d.Officer, strings.Join(d.Returned, ", "))
	}
	state := "waiting for more officers"
	if d.Approved >= d.Required {
		state = "may be released"
	}
	return fmt.Sprintf("signed    by %s\napproved  by %d of %d officers; %s", d.Officer, d.Approved, d.Required, state)
}

// Decide signs an officer's decision on the newest bundle and its report, both
// of which are digested anew, so that what is signed is what stands there.
func (e *Export) Decide(ctx context.Context, d Decision) (Decided, error) {
	r, err := e.Record()
	if err != nil {
		return Decided{}, err
	}
	if d.Decision == release.Approved && !r.Audit.Passed() {
		return Decided{}, refuse("the leak audit stopped this bundle; it cannot be approved")
	}
	if err := e.unchanged(ctx, r); err != nil {
		return Decided{}, err
	}
	officer, err := release.OfficerOf(e.officers(), d.Signer.PublicKey())
	if err != nil {
		return Decided{}, err
	}
	a, err := release.Approve(e.subject(r), officer.Name, d.Decision, d.Note, e.now(), d.Signer)
	if err != nil {
		return Decided{}, err
	}
	if err := release.WriteApproval(e.fs, e.folder.approvals(), a); err != nil {
		return Decided{}, err
	}
	t, err := e.tally(r)
	if err != nil {
		return Decided{}, err
	}
	e.log.Info("decision signed", "run", r.ID, "decision", string(d.Decision), "approved", len(t.Approved), "returned", len(t.Returned))
	out := Decided{Officer: officer.Name, Approved: len(t.Approved), Required: e.study.Approval.Required}
	for _, s := range t.Returned {
		out.Returned = append(out.Returned, s.Officer)
	}
	return out, nil
}

// unchanged refuses when the bundle or the report is not what the run made.
func (e *Export) unchanged(ctx context.Context, r Record) error {
	digest, err := release.BagDigest(e.fs, e.folder.bundle())
	if err != nil {
		return err
	}
	report, err := digestFile(e.fs, e.folder.report())
	if err != nil {
		return err
	}
	if digest != r.Digest || report != r.ReportDigest {
		return refuse("the bundle or its report was changed after the run; run again")
	}
	return ctx.Err()
}

func (e *Export) subject(r Record) release.Subject {
	return release.Subject{Bundle: r.Digest, Report: r.ReportDigest, Study: e.study.ID, Run: r.ID}
}

func (e *Export) officers() []release.Officer {
	var out []release.Officer
	for _, o := range e.parties.Officers {
		out = append(out, release.Officer{Name: o.Name, Key: o.Key})
	}
	return out
}

func (e *Export) tally(r Record) (release.Tally, error) {
	approvals, err := release.ReadApprovals(e.fs, e.folder.approvals())
	if err != nil {
		return release.Tally{}, err
	}
	return release.Count(approvals, e.officers(), e.subject(r), e.study.Approval.Required)
}
