package consent

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(s string) time.Time {
	t, ok := ParseTime(s, time.UTC)
	if !ok {
		panic("no time: " + s)
	}
	return t
}

// said is an event written as "3: withdrawn by self 2026-09-10 audio", with
// the optional words scope=STUDY/CONTEXT/MODALITY, recorded=DAY, learned=DAY
// and corrects=NUMBER.
func said(t testing.TB, line string) Event {
	t.Helper()
	f := strings.Fields(line)
	e := Event{Subject: "u1", EffectiveAt: day(f[4])}
	if _, err := fmt.Sscanf(f[0], "%d:", &e.Seq); err != nil {
		t.Fatal(err)
	}
	var known bool
	if e.Action, known = ParseAction(f[1]); !known {
		t.Fatalf("action in %q", line)
	}
	if e.Actor, known = ParseActor(f[3]); !known {
		t.Fatalf("actor in %q", line)
	}
	e.ID = fmt.Sprint("id", e.Seq)
	for _, word := range f[5:] {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "scope":
			parts := strings.Split(value, "/")
			e.Scope = Scope{parts[0], parts[1], Modality(parts[2])}
		case "recorded":
			e.RecordedAt = day(value)
		case "learned":
			e.LearnedAt = day(value)
		case "corrects":
			e.Corrects = "id" + value
		case "user":
			e.Subject = value
		default:
			t.Fatalf("word %q", word)
		}
	}
	return e
}

// The decision's specification. Unless a case says otherwise, the question is
// about u1, study algebra, context bootcamp, audio, on 2026-11-01, the study is
// opt-out and denies unknown people, and ages do not matter.
var cases = []struct {
	name   string
	events []string
	ask    func(q *Question, p *Policy)
	want   Reason
	by     []int64
}{
	{"silence on an opt-out basis", nil, nil, ReasonDefault, nil},
	{"silence on an opt-in basis", nil, optIn, ReasonNoGrant, nil},
	{"a yes on an opt-in basis", []string{"1: granted by self 2026-09-01"}, optIn, ReasonGranted, []int64{1}},
	{"a yes on an opt-out basis", []string{"1: granted by self 2026-09-01"}, nil, ReasonGranted, []int64{1}},
	{"a guardian's yes, where ages do not matter", []string{"1: granted by guardian 2026-09-01"}, optIn, ReasonGranted, []int64{1}},
	{"the institution's yes is nobody's consent", []string{"1: granted by institution 2026-09-01"}, optIn, ReasonNoGrant, []int64{1}},
	{"somebody else's yes", []string{"1: granted by self 2026-09-01 user=u2"}, optIn, ReasonNoGrant, nil},
	{"somebody else's no", []string{"1: withdrawn by self 2026-09-01 user=u2"}, nil, ReasonDefault, nil},

	{"a no", []string{"1: refused by self 2026-09-01"}, nil, ReasonOptedOut, []int64{1}},
	{"a withdrawal", []string{"1: withdrawn by self 2026-09-01"}, nil, ReasonOptedOut, []int64{1}},
	{"a withdrawal after a yes", []string{"1: granted by self 2026-09-01", "2: withdrawn by self 2026-09-05"}, nil, ReasonOptedOut, []int64{2}},
	{"a yes after a withdrawal", []string{"1: withdrawn by self 2026-09-01", "2: granted by self 2026-09-05"}, nil, ReasonGranted, []int64{1, 2}},
	{"yes and no at one moment", []string{"1: withdrawn by self 2026-09-01", "2: granted by self 2026-09-01"}, nil, ReasonOptedOut, []int64{1}},
	{"out, in, out", []string{"1: withdrawn by self 2026-09-01", "2: granted by self 2026-09-05", "3: withdrawn by self 2026-09-07"}, nil, ReasonOptedOut, []int64{3}},

	{"a withdrawal of this modality", []string{"1: withdrawn by self 2026-09-01 scope=//audio"}, nil, ReasonOptedOut, []int64{1}},
	{"a withdrawal of another modality", []string{"1: withdrawn by self 2026-09-01 scope=//chat"}, nil, ReasonDefault, nil},
	{"a withdrawal of another study", []string{"1: withdrawn by self 2026-09-01 scope=geometry//"}, nil, ReasonDefault, nil},
	{"a withdrawal of this study, written otherwise", []string{"1: withdrawn by self 2026-09-01 scope=Algebra//"}, nil, ReasonOptedOut, []int64{1}},
	{"a withdrawal of this context", []string{"1: withdrawn by self 2026-09-01 scope=/bootcamp/"}, nil, ReasonOptedOut, []int64{1}},
	{"a withdrawal of another context of this study", []string{"1: withdrawn by self 2026-09-01 scope=algebra/partnership/"}, nil, ReasonDefault, nil},
	{"a yes to another modality", []string{"1: granted by self 2026-09-01 scope=//chat"}, optIn, ReasonNoGrant, nil},
	{"a broad yes", []string{"1: granted by self 2026-09-01 scope=algebra//"}, optIn, ReasonGranted, []int64{1}},
	{"a narrow no beside a broad yes of earlier", []string{"1: granted by self 2026-09-01", "2: withdrawn by self 2026-09-05 scope=//audio"}, nil, ReasonOptedOut, []int64{2}},
	{"a broad yes lifts a narrow no", []string{"1: withdrawn by self 2026-09-01 scope=//audio", "2: granted by self 2026-09-05"}, nil, ReasonGranted, []int64{1, 2}},
	{"a narrow yes does not lift a broad no", []string{"1: withdrawn by self 2026-09-01", "2: granted by self 2026-09-05 scope=algebra/bootcamp/audio"}, nil, ReasonOptedOut, []int64{1}},
	{"a wide question is refused by a narrow no", []string{"1: withdrawn by self 2026-09-01 scope=//chat"}, wide3, ReasonOptedOut, []int64{1}},
	{"a wide question is not granted by a narrow yes", []string{"1: granted by self 2026-09-01 scope=//chat"}, both(optIn, wide3), ReasonNoGrant, []int64{1}},

	{"a withdrawal that is not in effect yet", []string{"1: withdrawn by self 2026-11-02 recorded=2026-10-01"}, nil, ReasonDefault, nil},
	{"a withdrawal that takes effect at this moment", []string{"1: withdrawn by self 2026-11-01"}, nil, ReasonOptedOut, []int64{1}},
	{"a yes that is not in effect yet", []string{"1: granted by self 2026-11-02 recorded=2026-10-01"}, optIn, ReasonNoGrant, nil},
	{"a withdrawal announced ahead is not lifted by a yes in between",
		[]string{"1: withdrawn by self 2026-10-20 recorded=2026-10-05", "2: granted by self 2026-10-10 recorded=2026-10-10"}, nil, ReasonOptedOut, []int64{1}},
	{"a withdrawal said after a yes announced ahead",
		[]string{"1: granted by self 2026-10-25 recorded=2026-10-01", "2: withdrawn by self 2026-10-20 recorded=2026-10-05"}, nil, ReasonOptedOut, []int64{2}},
	{"a withdrawal on paper, written down after the yes",
		[]string{"1: granted by self 2026-10-10 recorded=2026-10-10", "2: withdrawn by self 2026-10-01 recorded=2026-10-30"}, nil, ReasonOptedOut, []int64{2}},
	{"a withdrawal not known then", []string{"1: withdrawn by self 2026-09-01 learned=2026-11-20"}, knownOn("2026-11-10"), ReasonDefault, nil},
	{"a withdrawal known by then", []string{"1: withdrawn by self 2026-09-01 learned=2026-11-10"}, knownOn("2026-11-10"), ReasonOptedOut, []int64{1}},
	{"no moment given", []string{"1: granted by self 2026-09-01"}, func(q *Question, _ *Policy) { q.At = time.Time{} }, ReasonNoMoment, nil},

	{"a guardian's no", []string{"1: withdrawn by guardian 2026-09-01"}, nil, ReasonGuardianOptedOut, []int64{1}},
	{"a guardian's no is not lifted by the minor", []string{"1: withdrawn by guardian 2026-09-01", "2: granted by self 2026-09-05"}, minor, ReasonGuardianOptedOut, []int64{1}},
	{"nor where ages do not matter", []string{"1: withdrawn by guardian 2026-09-01", "2: granted by self 2026-09-05"}, nil, ReasonGuardianOptedOut, []int64{1}},
	{"a guardian's no is lifted by a guardian", []string{"1: withdrawn by guardian 2026-09-01", "2: granted by guardian 2026-09-05"}, minor, ReasonGranted, []int64{1, 2}},
	{"a minor's no is not lifted by a guardian", []string{"1: withdrawn by self 2026-09-01", "2: granted by guardian 2026-09-05"}, minor, ReasonOptedOut, []int64{1}},
	{"the institution's no", []string{"1: refused by institution 2026-09-01"}, nil, ReasonInstitutionOptedOut, []int64{1}},
	{"the institution's no is not lifted by the person", []string{"1: refused by institution 2026-09-01", "2: granted by self 2026-09-05"}, nil, ReasonInstitutionOptedOut, []int64{1}},
	{"nor by a guardian", []string{"1: refused by institution 2026-09-01", "2: granted by guardian 2026-09-05"}, nil, ReasonInstitutionOptedOut, []int64{1}},
	{"the institution lifts its own", []string{"1: refused by institution 2026-09-01", "2: granted by institution 2026-09-05"}, nil, ReasonDefault, []int64{1, 2}},
	{"several say no", []string{"1: withdrawn by guardian 2026-09-01", "2: refused by institution 2026-09-01", "3: withdrawn by self 2026-09-01"}, nil, ReasonOptedOut, []int64{1, 2, 3}},

	{"expired", []string{"1: granted by self 2026-08-01", "2: expired by self 2026-09-01"}, nil, ReasonExpired, []int64{2}},
	{"granted again after expiry", []string{"1: expired by self 2026-09-01", "2: granted by self 2026-09-02"}, optIn, ReasonGranted, []int64{1, 2}},
	{"a new form is due", []string{"1: granted by self 2026-08-01", "2: re-consent_due by institution 2026-09-01"}, nil, ReasonReconsentDue, []int64{2}},
	{"the new form was signed", []string{"1: re-consent_due by institution 2026-09-01", "2: granted by self 2026-09-02"}, optIn, ReasonGranted, []int64{1, 2}},
	{"the new form was signed by the minor alone", []string{"1: granted by guardian 2026-08-01", "2: re-consent_due by institution 2026-09-01", "3: granted by self 2026-09-02"}, minor, ReasonReconsentDue, []int64{2}},
	{"the new form was signed by the guardian", []string{"1: re-consent_due by institution 2026-09-01", "2: granted by guardian 2026-09-02"}, minor, ReasonGranted, []int64{1, 2}},
	{"no and expired", []string{"1: withdrawn by institution 2026-09-01", "2: expired by self 2026-09-01"}, nil, ReasonInstitutionOptedOut, []int64{1, 2}},

	{"an unknown person", nil, unknown, ReasonUnknownUser, nil},
	{"an unknown person who said yes", []string{"1: granted by self 2026-09-01"}, unknown, ReasonUnknownUser, []int64{1}},
	{"an unknown person who said no", []string{"1: withdrawn by self 2026-09-01"}, unknown, ReasonOptedOut, []int64{1}},
	{"an unknown person, where those are let in", nil, both(unknown, letIn), ReasonDefault, nil},
	{"an unknown person, let in on an opt-in basis", nil, both(unknown, both(letIn, optIn)), ReasonNoGrant, nil},
	{"nobody", nil, func(q *Question, p *Policy) { q.User, p.Unknown = "", Allow }, ReasonUnknownUser, nil},

	{"a minor without a guardian's word", nil, minor, ReasonGuardianMissing, nil},
	{"a minor's own yes", []string{"1: granted by self 2026-09-01"}, minor, ReasonGuardianMissing, []int64{1}},
	{"a minor with a guardian's yes", []string{"1: granted by guardian 2026-09-01"}, minor, ReasonGranted, []int64{1}},
	{"a minor with a guardian's yes to something else", []string{"1: granted by guardian 2026-09-01 scope=geometry//"}, minor, ReasonGuardianMissing, nil},
	{"an unknown birth date", nil, born(""), ReasonGuardianMissing, nil},
	{"of age today, in the last time zone", nil, born("2008-10-31"), ReasonDefault, nil},
	{"of age today, but not yet everywhere", nil, born("2008-11-01"), ReasonGuardianMissing, nil},
	{"born on 29 February, on 28 February", nil, both(born("2008-02-29"), on("2026-02-28T23:00:00Z")), ReasonGuardianMissing, nil},
	{"of age, and a guardian had granted; ask", []string{"1: granted by guardian 2026-09-01"}, born("2008-10-01"), ReasonOwnGrantMissing, []int64{1}},
	{"of age, a guardian had granted a part, and the whole is asked", []string{"1: granted by guardian 2026-09-01 scope=//chat"}, both(born("2008-10-01"), wide3), ReasonOwnGrantMissing, []int64{1}},
	{"of age, and a guardian had granted; keep", []string{"1: granted by guardian 2026-09-01"}, both(born("2008-10-01"), keep), ReasonGranted, []int64{1}},
	{"of age, asked, and granted", []string{"1: granted by guardian 2026-09-01", "2: granted by self 2026-10-10"}, both(optIn, born("2008-10-01")), ReasonGranted, []int64{1, 2}},
	{"of age, and granted only before", []string{"1: granted by self 2026-09-01"}, both(optIn, born("2008-10-01")), ReasonNoGrant, []int64{1}},
	{"of age, and granted ahead as a minor", []string{"1: granted by self 2026-10-10 recorded=2026-09-01"}, both(optIn, born("2008-10-01")), ReasonNoGrant, []int64{1}},
	{"of age: a guardian's no still stands", []string{"1: withdrawn by guardian 2026-09-01"}, born("2008-10-01"), ReasonGuardianOptedOut, []int64{1}},
	{"of age: the person lifts a guardian's no", []string{"1: withdrawn by guardian 2026-09-01", "2: granted by self 2026-10-10"}, born("2008-10-01"), ReasonGranted, []int64{1, 2}},
	{"of age: what they granted as a minor does not", []string{"1: withdrawn by guardian 2026-09-01", "2: granted by self 2026-09-10"}, born("2008-10-01"), ReasonGuardianOptedOut, []int64{1}},

	{"a no entered in error", []string{"1: withdrawn by self 2026-09-01", "2: annulled by self 2026-09-01 corrects=1"}, nil, ReasonDefault, []int64{1, 2}},
	{"a yes entered in error", []string{"1: granted by self 2026-09-01", "2: annulled by self 2026-09-01 corrects=1"}, optIn, ReasonNoGrant, []int64{1, 2}},
	{"a no that should have been about chat", []string{"1: withdrawn by self 2026-09-01", "2: withdrawn by self 2026-09-01 scope=//chat corrects=1"}, nil, ReasonDefault, []int64{1, 2}},
	{"a correction that is corrected", []string{"1: withdrawn by self 2026-09-01", "2: annulled by self 2026-09-01 corrects=1", "3: annulled by self 2026-09-01 corrects=2"}, nil, ReasonOptedOut, []int64{1}},
	{"nobody corrects away what a guardian said", []string{"1: withdrawn by guardian 2026-09-01", "2: annulled by self 2026-09-01 corrects=1"}, nil, ReasonGuardianOptedOut, []int64{1}},
	{"nobody corrects another user's event", []string{"1: withdrawn by self 2026-09-01", "2: annulled by self 2026-09-01 corrects=1 user=u2"}, nil, ReasonOptedOut, []int64{1}},
	{"a correction not in effect yet", []string{"1: withdrawn by self 2026-09-01", "2: annulled by self 2026-12-01 corrects=1"}, nil, ReasonOptedOut, []int64{1}},
	{"a correction of an event that never came", []string{"1: withdrawn by self 2026-09-01 corrects=9"}, nil, ReasonOptedOut, []int64{1}},
	{"an event cannot correct itself away", []string{"1: withdrawn by self 2026-09-01 corrects=1"}, nil, ReasonOptedOut, []int64{1}},
}

func optIn(_ *Question, p *Policy)   { p.Basis = OptIn }
func keep(_ *Question, p *Policy)    { p.AtMajority = Keep }
func letIn(_ *Question, p *Policy)   { p.Unknown = Allow }
func unknown(q *Question, _ *Policy) { q.Unknown = true }
func wide3(q *Question, _ *Policy)   { q.Scope = Scope{} }

func minor(q *Question, p *Policy) { born("2012-05-05")(q, p) }

func born(date string) func(*Question, *Policy) {
	return func(q *Question, p *Policy) {
		if p.GuardianUnder = 18; date != "" {
			q.BirthDate = day(date)
		}
	}
}

func on(date string) func(*Question, *Policy) {
	return func(q *Question, _ *Policy) { q.At = day(date) }
}

func knownOn(date string) func(*Question, *Policy) {
	return func(q *Question, _ *Policy) { q.KnownAt = day(date) }
}

func both(a, b func(*Question, *Policy)) func(*Question, *Policy) {
	return func(q *Question, p *Policy) { a(q, p); b(q, p) }
}

func TestDecide(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := Question{User: "u1", Scope: Scope{"algebra", "bootcamp", Audio}, At: day("2026-11-01")}
			p := Policy{Basis: OptOut, Unknown: Deny, AtMajority: Ask}
			if c.ask != nil {
				c.ask(&q, &p)
			}
			var events []Event
			for _, line := range c.events {
				events = append(events, said(t, line))
			}
			d := Decide(events, q, p)
			if d.Reason != c.want || d.Allowed != (c.want == ReasonGranted || c.want == ReasonDefault) || !slices.Equal(d.Events, c.by) {
				t.Errorf("got %v %s by %v, want %s by %v", d.Allowed, d.Reason, d.Events, c.want, c.by)
			}
			if d.Reason.Text() == "" {
				t.Error("the reason has no sentence")
			}
		})
	}
}

func TestUnknownActionDenies(t *testing.T) {
	e := said(t, "1: granted by self 2026-09-01")
	e.Action = "deferred"
	q := Question{User: "u1", At: day("2026-11-01")}
	if d := Decide([]Event{e}, q, Policy{Basis: OptOut}); d.Allowed {
		t.Error("an action nobody knows was taken for a yes")
	}
	e.Actor = "neighbour"
	e.Action = Granted
	if d := Decide([]Event{e}, q, Policy{Basis: OptIn}); d.Allowed {
		t.Error("an actor nobody knows granted")
	}
}

func TestZeroPolicyIsStrict(t *testing.T) {
	q := Question{User: "u1", At: day("2026-11-01")}
	if d := Decide(nil, q, Policy{}); d.Reason != ReasonNoGrant {
		t.Errorf("silence: %s", d.Reason)
	}
	q.Unknown = true
	if d := Decide(nil, q, Policy{Basis: OptOut}); d.Reason != ReasonUnknownUser {
		t.Errorf("an unknown person: %s", d.Reason)
	}
}

// What follows holds for any events, questions and policies.

var moments = rapid.Map(rapid.IntRange(0, 12), func(n int) time.Time { return day("2026-01-01").AddDate(0, n, 0) })

func scopes() *rapid.Generator[Scope] {
	return rapid.Custom(func(t *rapid.T) Scope {
		return Scope{
			rapid.SampledFrom([]string{"", "algebra", "geometry"}).Draw(t, "study"),
			rapid.SampledFrom([]string{"", "", "bootcamp"}).Draw(t, "context"),
			rapid.SampledFrom([]Modality{"", "", Chat, Audio}).Draw(t, "modality"),
		}
	})
}

func statement() *rapid.Generator[Event] {
	return rapid.Custom(func(t *rapid.T) Event {
		e := Event{
			Subject:     rapid.SampledFrom([]string{"u1", "u1", "u1", "u2"}).Draw(t, "subject"),
			EffectiveAt: moments.Draw(t, "effective"),
			Actor:       rapid.SampledFrom([]Actor{Self, Guardian, Institution}).Draw(t, "actor"),
			Action:      rapid.SampledFrom([]Action{Granted, Granted, Granted, Refused, Withdrawn, Expired, ReconsentDue}).Draw(t, "action"),
			Scope:       scopes().Draw(t, "scope"),
		}
		if rapid.Bool().Draw(t, "says when recorded") {
			e.RecordedAt = moments.Draw(t, "recorded")
		}
		return e
	})
}

// history is events with ids and numbers, some of them corrections of earlier
// ones.
func history(t *rapid.T) []Event {
	events := rapid.SliceOfN(statement(), 0, 8).Draw(t, "events")
	for i := range events {
		e := &events[i]
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "correction") == 0 {
			target := events[rapid.IntRange(0, i-1).Draw(t, "target")]
			e.Corrects, e.Subject, e.Actor = target.ID, target.Subject, target.Actor
			if rapid.Bool().Draw(t, "annulled") {
				e.Action = Annulled
			}
		}
		*e = e.identified()
		e.Seq = int64(i + 1)
		e.LearnedAt = day("2026-01-15").AddDate(0, i, 0)
	}
	return events
}

func question(t *rapid.T) (Question, Policy) {
	q := Question{User: "u1", Scope: scopes().Draw(t, "asked"), At: moments.Draw(t, "at"), Unknown: rapid.IntRange(0, 5).Draw(t, "unknown") == 0}
	if rapid.Bool().Draw(t, "birth date is known") {
		q.BirthDate = day("2008-01-01").AddDate(0, rapid.IntRange(-20, 20).Draw(t, "born"), 0)
	}
	return q, Policy{
		Basis:         rapid.SampledFrom([]Basis{OptOut, OptIn}).Draw(t, "basis"),
		Unknown:       rapid.SampledFrom([]UnknownPolicy{Allow, Deny}).Draw(t, "unknown policy"),
		GuardianUnder: rapid.SampledFrom([]int{0, 18}).Draw(t, "guardian under"),
		AtMajority:    rapid.SampledFrom([]MajorityPolicy{Keep, Ask}).Draw(t, "majority"),
	}
}

func TestADenialNeverAllowsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := history(t)
		q, p := question(t)
		denial := statement().Filter(func(e Event) bool { return e.Action.Denies() }).Draw(t, "denial").identified()
		denial.Seq = 99
		if !Decide(events, q, p).Allowed && Decide(append(events, denial), q, p).Allowed {
			t.Fatal("one more denial allowed what was denied")
		}
	})
}

func TestOrderOfArrivalDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := history(t)
		q, p := question(t)
		want := Decide(events, q, p)
		for i := range events {
			events[i].LearnedAt = time.Time{}
		}
		if got := Decide(rapid.Permutation(events).Draw(t, "order"), q, p); got.Reason != want.Reason || !slices.Equal(got.Events, want.Events) {
			t.Fatalf("%v in one order, %v in another", want, got)
		}
	})
}

func TestTheFutureDoesNotChangeTheAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := history(t)
		q, p := question(t)
		var before []Event
		for _, e := range events {
			if !e.EffectiveAt.After(q.At) {
				before = append(before, e)
			}
		}
		if got, want := Decide(events, q, p), Decide(before, q, p); got.Reason != want.Reason || !slices.Equal(got.Events, want.Events) {
			t.Fatalf("%v without the future, %v with it", want, got)
		}
	})
}

func TestWhatWasLearnedLaterDoesNotChangeWhatWasKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := history(t)
		q, p := question(t)
		q.KnownAt = moments.Draw(t, "known at")
		var known []Event
		for _, e := range events {
			if !e.LearnedAt.After(q.KnownAt) {
				known = append(known, e)
			}
		}
		got := Decide(events, q, p)
		q.KnownAt = time.Time{}
		if want := Decide(known, q, p); got.Reason != want.Reason || !slices.Equal(got.Events, want.Events) {
			t.Fatalf("%v then, %v in hindsight", want, got)
		}
		if got.LearnedAt.After(day("2027-01-01")) {
			t.Fatal("the decision rests on what was not known")
		}
	})
}

func TestTheEventsOfADecisionLeadToIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := history(t)
		q, p := question(t)
		want := Decide(events, q, p)
		var alone []Event
		for _, e := range events {
			if slices.Contains(want.Events, e.Seq) {
				alone = append(alone, e)
			}
		}
		if got := Decide(alone, q, p); got.Allowed != want.Allowed || got.Reason != want.Reason || !slices.Equal(got.Events, want.Events) || !got.LearnedAt.Equal(want.LearnedAt) {
			t.Fatalf("%v from all events, %v from those that made it", want, got)
		}
	})
}

func TestAWideQuestionIsAllowedOnlyWhereEachPartIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := history(t)
		q, p := question(t)
		q.Modality = ""
		if !Decide(events, q, p).Allowed {
			return
		}
		for _, m := range []Modality{Transcript, Chat, Audio} {
			part := q
			part.Modality = m
			if !Decide(events, part, p).Allowed {
				t.Fatalf("all modalities are allowed, %s is not", m)
			}
		}
	})
}
