package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/consent"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"
)

// smallStudy is a study of one lesson of a tutor and two learners, two days ago.
func smallStudy(t *testing.T, policies, events string) string {
	t.Helper()
	dir := t.TempDir()
	day := time.Now().UTC().AddDate(0, 0, -2).Format(time.DateOnly)
	for name, content := range map[string]string{
		"study.yaml":              "study: lessons\ncontexts: [sat-bootcamp]\n" + policies,
		"source/sessions.csv":     "session_id,context,starts_at,ends_at\ns1,sat-bootcamp," + day + "T10:00:00Z," + day + "T11:00:00Z\n",
		"source/participants.csv": "session_id,user_id,role\ns1,tutor,tutor\ns1,ann,learner\ns1,bea,learner\n",
		"source/users.csv":        "user_id,first_name,last_name,birth_date\ntutor,Oksana,Sokolova,1990-01-01\nann,Saoirse,Gallagher,2012-01-01\nbea,Priya,Raman,\n",
		"source/recordings/s1/lesson.transcript.vtt": "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nOksana Sokolova: Open page three.\n\n" +
			"2\n00:00:05.000 --> 00:00:08.000\nSaoirse Gallagher: The marigold is red.\n\n3\n00:00:09.000 --> 00:00:12.000\nPriya Raman: The cinnamon is brown.\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if events != "" {
		if err := os.WriteFile(filepath.Join(dir, "source", "consent.csv"), []byte(events), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// at opens a study with a clock that the test can move.
func at(t *testing.T, dir string, now *time.Time) *Export {
	t.Helper()
	e, err := Open(t.Context(), Options{Dir: dir, Now: func() time.Time { return *now }, Software: "veil test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func TestTheStudyDecidesWhoIsIn(t *testing.T) {
	now := time.Now()
	known := func(id, born string) plan.Person {
		p := plan.Person{Participant: session.Participant{UserID: id}, Known: true}
		if born != "" {
			p.User.BirthDate, _ = time.Parse(time.DateOnly, born)
		}
		return p
	}
	stranger := plan.Person{Participant: session.Participant{UserID: "stranger"}}
	const header = "user_id,effective_at,action,actor,study,context,modality\n"
	for _, c := range []struct {
		name, policies, events string
		person                 plan.Person
		modality               session.Modality
		want                   consent.Reason
	}{
		{"silence on opt-out", "", "", known("ann", ""), session.Chat, consent.ReasonDefault},
		{"silence on opt-in", "consent: {basis: opt-in}\n", "", known("ann", ""), session.Chat, consent.ReasonNoGrant},
		{"a withdrawal", "", "ann,2026-01-01,withdrawn,,,,\n", known("ann", ""), session.Chat, consent.ReasonOptedOut},
		{"of another form", "", "ann,2026-01-01,withdrawn,,,,audio\n", known("ann", ""), session.Chat, consent.ReasonDefault},
		{"of this program", "", "ann,2026-01-01,withdrawn,,,SAT-Bootcamp,\n", known("ann", ""), session.Chat, consent.ReasonOptedOut},
		{"of another program", "", "ann,2026-01-01,withdrawn,,,staff-meeting,\n", known("ann", ""), session.Chat, consent.ReasonDefault},
		{"of another study", "", "ann,2026-01-01,withdrawn,,others,,\n", known("ann", ""), session.Chat, consent.ReasonDefault},
		{"somebody the user table lacks", "", "", stranger, session.Chat, consent.ReasonUnknownUser},
		{"and the study lets them in", "consent: {unknown_users: allow}\n", "", stranger, session.Chat, consent.ReasonDefault},
		{"a minor", "consent: {guardian_under: 18}\n", "", known("ann", "2020-01-01"), session.Chat, consent.ReasonGuardianMissing},
		{"of unknown age", "consent: {guardian_under: 18}\n", "", known("ann", ""), session.Chat, consent.ReasonGuardianMissing},
		{"of age", "consent: {guardian_under: 18}\n", "", known("ann", "1990-01-01"), session.Chat, consent.ReasonDefault},
		{"a guardian's yes ends at majority", "consent: {guardian_under: 18}\n", "ann,2026-01-01,granted,guardian,,,\n", known("ann", "1990-01-01"), session.Chat, consent.ReasonOwnGrantMissing},
		{"unless the study keeps it", "consent: {guardian_under: 18, at_majority: keep}\n", "ann,2026-01-01,granted,guardian,,,\n", known("ann", "1990-01-01"), session.Chat, consent.ReasonGranted},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := at(t, smallStudy(t, c.policies, header+c.events), &now)
			if err := e.importConsent(t.Context()); err != nil {
				t.Fatal(err)
			}
			v, err := e.decider(now)(t.Context(), c.person, "sat-bootcamp", c.modality)
			if err != nil || v.Reason != string(c.want) || v.Allowed != (c.want == consent.ReasonDefault || c.want == consent.ReasonGranted) {
				t.Errorf("%+v, %v, want %s", v, err, c.want)
			}
		})
	}
}

// The platform's clock may be ahead of ours: a withdrawal made just now holds,
// and a grant made just now waits.
func TestClocksThatDiffer(t *testing.T) {
	now := time.Now().UTC()
	q := consent.Question{User: "ann", At: now}
	event := func(action consent.Action, ahead time.Duration) []consent.Event {
		return []consent.Event{{Subject: "ann", Actor: consent.Self, Action: action, EffectiveAt: now.Add(ahead)}}
	}
	for _, c := range []struct {
		name   string
		events []consent.Event
		basis  consent.Basis
		want   bool
	}{
		{"a withdrawal three minutes ahead", event(consent.Withdrawn, 3*time.Minute), consent.OptOut, false},
		{"a withdrawal announced for tomorrow", event(consent.Withdrawn, 24*time.Hour), consent.OptOut, true},
		{"a grant three minutes ahead", event(consent.Granted, 3*time.Minute), consent.OptIn, false},
		{"a grant of a minute ago", event(consent.Granted, -time.Minute), consent.OptIn, true},
	} {
		if d := decide(c.events, q, consent.Policy{Basis: c.basis}); d.Allowed != c.want {
			t.Errorf("%s: %v", c.name, d)
		}
	}
}

func TestTheSourcesConsentTable(t *testing.T) {
	now := time.Now()
	e := at(t, smallStudy(t, "", "user_id,effective_at,action\nann,2026-01-01,withdrawn\n"), &now)
	for range 2 {
		if _, err := e.Plan(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if head, err := e.ledger.Head(t.Context()); err != nil || head.Seq != 1 {
		t.Errorf("%d events after the same table twice, %v", head.Seq, err)
	}
	table := filepath.Join(string(e.folder), "source", "consent.csv")
	for name, c := range map[string]struct {
		content string
		shape   bool
		says    string
	}{
		"a new column":     {"user_id,effective_at,action,phone\nann,2026-01-01,withdrawn,5\n", true, "table consent"},
		"a missing column": {"user_id,action\nann,withdrawn\n", true, `"effective_at" is missing`},
		"a bad row":        {"user_id,effective_at,action\nann,2026-01-01,withdrawn\nann,2026-01-01,perhaps\n", false, "consent.csv line 3: action"},
	} {
		if err := os.WriteFile(table, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := e.Plan(t.Context())
		var shape *source.ShapeError
		if err == nil || errors.As(err, &shape) != c.shape || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "2026-01-01") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever opts out while a plan is made is not half in it: the plan sees the
// ledger as it was at its start.
func TestAPlanSeesOneLedger(t *testing.T) {
	now := time.Now()
	e := at(t, smallStudy(t, "", ""), &now)
	ask := e.decider(now)
	person := plan.Person{Participant: session.Participant{UserID: "ann"}, Known: true}
	if v, err := ask(t.Context(), person, "sat-bootcamp", session.Transcript); err != nil || !v.Allowed {
		t.Fatal(v, err)
	}
	if _, _, err := e.AddConsent(t.Context(), consent.Event{Subject: "bea", Actor: consent.Self, Action: consent.Withdrawn}); err != nil {
		t.Fatal(err)
	}
	person.UserID = "bea"
	if v, err := ask(t.Context(), person, "sat-bootcamp", session.Transcript); err != nil || !v.Allowed {
		t.Errorf("the plan saw what came later: %v, %v", v, err)
	}
	if v, err := e.decider(now)(t.Context(), person, "sat-bootcamp", session.Transcript); err != nil || v.Allowed {
		t.Errorf("the next plan does not see it: %v, %v", v, err)
	}
}

// A ledger whose end was cut off has a whole chain. That a run kept its head
// shows it.
func TestALedgerCutShortIsFoundOut(t *testing.T) {
	now := time.Now()
	dir := smallStudy(t, "", "user_id,effective_at,action\nann,2026-01-01,withdrawn\nbea,2026-01-01,withdrawn\n")
	e := at(t, dir, &now)
	if _, err := e.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	head, err := e.consentHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(e.folder.export(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := writeJSON(e.fs, e.folder.record(), Record{ConsentHead: head}); err != nil {
		t.Fatal(err)
	}
	if v, err := e.VerifyConsent(t.Context()); err != nil || v.Events != 2 || v.Kept != 1 {
		t.Fatalf("%+v, %v", v, err)
	}
	db, err := sql.Open("sqlite", e.folder.ledger())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("DROP TRIGGER events_remain; DELETE FROM events WHERE seq = 2"); err != nil {
		t.Fatal(err)
	}
	if err := e.ledger.Verify(context.Background()); err != nil {
		t.Fatalf("the chain itself is whole: %v", err)
	}
	if _, err := e.VerifyConsent(t.Context()); err == nil || !strings.Contains(err.Error(), "was changed") {
		t.Errorf("got %v", err)
	}
}

func TestDaysAreShiftedOnlyWhereTheStudySaysSo(t *testing.T) {
	now := time.Now()
	for policy, want := range map[string]bool{"": true, "dates: day\n": false, "dates: exact\n": false} {
		e := at(t, smallStudy(t, policy, ""), &now)
		days, err := e.shift(t.Context())
		if err != nil || (days != 0) != want {
			t.Errorf("%q: %d days, %v", policy, days, err)
		}
		if again, err := e.shift(t.Context()); err != nil || again != days {
			t.Errorf("%q: %d days, then %d, %v", policy, days, again, err)
		}
	}
}
