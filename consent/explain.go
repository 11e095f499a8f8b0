package consent

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Explain is the decision, and the events it was made from, in lines of text
// for the person who asked about this user. It prints the user's id.
func (l *Ledger) Explain(ctx context.Context, q Question, p Policy) ([]string, error) {
	events, err := l.Events(ctx, q.User)
	if err != nil {
		return nil, err
	}
	return Explain(events, q, p), nil
}

// sentences say what the reasons mean.
var sentences = map[Reason]string{
	ReasonGranted:             "consent was granted and stands",
	ReasonDefault:             "the study is opt-out, and nobody said no",
	ReasonOptedOut:            "the person said no",
	ReasonGuardianOptedOut:    "a guardian said no",
	ReasonInstitutionOptedOut: "the institution said no",
	ReasonExpired:             "consent has expired",
	ReasonReconsentDue:        "consent has to be given anew",
	ReasonUnknownUser:         "the user table does not have this person",
	ReasonGuardianMissing:     "the person is a minor, or their age is unknown, and no guardian has granted",
	ReasonOwnGrantMissing:     "the person is of age now and has not granted themselves; only a guardian had",
	ReasonNoGrant:             "the study is opt-in, and nobody has granted",
	ReasonNoMoment:            "the question does not say for which moment",
}

// Text says what the reason means, in a sentence.
func (r Reason) Text() string { return sentences[r] }

// Explain is what Ledger.Explain says, from events that the caller has.
func Explain(events []Event, q Question, p Policy) []string {
	d := Decide(events, q, p)
	answer := "denied"
	if d.Allowed {
		answer = "allowed"
	}
	lines := []string{
		fmt.Sprintf("%s: %s (%s): %s", q.User, answer, d.Reason, d.Reason.Text()),
		fmt.Sprintf("  asked for %s, at %s%s", q.Scope, moment(q.At), knownAt(q)),
	}
	if len(d.Events) == 0 {
		lines = append(lines, "  no event made it")
	} else {
		lines = append(lines, fmt.Sprintf("  made by %s; all known since %s", plural(len(d.Events), "event"), moment(d.LearnedAt)))
	}
	w := weigh(events, q, p)
	for _, e := range events {
		switch {
		case slices.Contains(d.Events, e.Seq):
			lines = append(lines, "  * "+e.String()+note(w, e))
		case e.Subject == q.User:
			lines = append(lines, "    "+e.String()+note(w, e))
		}
	}
	return lines
}

// note says why an event does not have the effect that its reader may expect.
func note(w weighing, e Event) string {
	same := func(c Event) bool { return c.Seq == e.Seq }
	denials := w.standing()
	switch {
	case !w.q.KnownAt.IsZero() && e.learned().After(w.q.KnownAt):
		return "; not known then"
	case e.EffectiveAt.After(w.q.At):
		return "; not in effect then"
	case slices.ContainsFunc(w.relevant, same) && !slices.ContainsFunc(w.counting, same) && e.Overlaps(w.q.Scope):
		return "; corrected away"
	case !e.Overlaps(w.q.Scope):
		return "; about something else"
	case e.Action.Denies() && !slices.ContainsFunc(denials, same):
		return "; lifted by a later grant"
	case e.Action == Granted && len(denials) > 0:
		return fmt.Sprintf("; does not lift event %d: %s", denials[0].Seq, w.lifts(e, denials[0]))
	case e.Action == Granted && e.Actor == Institution:
		return "; an institution's grant is nobody's consent"
	case e.Action == Granted && e.Actor == Self && !w.own(e):
		return "; granted as a minor"
	}
	return ""
}

// String is the event in one line, without its user.
func (e Event) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "event %d: %s by %s for %s, in effect from %s", e.Seq, e.Action, e.Actor, e.Scope, moment(e.EffectiveAt))
	if !e.RecordedAt.IsZero() {
		fmt.Fprintf(&b, ", recorded %s", moment(e.RecordedAt))
	}
	if !e.LearnedAt.IsZero() {
		fmt.Fprintf(&b, ", learned %s", moment(e.LearnedAt))
	}
	for _, f := range []struct{ name, value string }{{"form", e.FormVersion}, {"from", e.Source}, {"corrects", e.Corrects}, {"id", e.ID}} {
		if f.value != "" {
			fmt.Fprintf(&b, ", %s %s", f.name, f.value)
		}
	}
	return b.String()
}

// String is the scope in words.
func (s Scope) String() string {
	part := func(kind, plural, value string) string {
		if value == "" {
			return "all " + plural
		}
		return kind + " " + value
	}
	return strings.Join([]string{part("study", "studies", s.Study), part("context", "contexts", s.Context), part("modality", "modalities", string(s.Modality))}, ", ")
}

func knownAt(q Question) string {
	if q.KnownAt.IsZero() {
		return ", with all that is known"
	}
	return ", with what was known at " + moment(q.KnownAt)
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999Z") }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
