package consent

import (
	"slices"
	"time"
)

// Basis is what silence means in a study.
type Basis string

const (
	OptOut Basis = "opt-out" // people are in unless they said no
	OptIn  Basis = "opt-in"  // people are out unless they said yes
)

// UnknownPolicy is what becomes of people the platform's user table lacks.
type UnknownPolicy string

const (
	Deny  UnknownPolicy = "deny"
	Allow UnknownPolicy = "allow" // they are decided on like anybody else
)

// MajorityPolicy is what becomes of a guardian's grant when the person comes
// of age.
type MajorityPolicy string

const (
	Ask  MajorityPolicy = "ask"  // the person must grant anew
	Keep MajorityPolicy = "keep" // the guardian's grant goes on
)

// Policy is what a study decides by. The zero value is the strictest in all but
// guardians: a Basis other than OptOut is opt-in, an Unknown other than Allow
// denies, an AtMajority other than Keep asks.
type Policy struct {
	Basis   Basis
	Unknown UnknownPolicy
	// GuardianUnder is the age in years below which a guardian must have
	// granted, and from which people speak for themselves. 0 turns ages off: no
	// guardian must have granted, and a guardian's grant never ends of itself.
	GuardianUnder int
	AtMajority    MajorityPolicy
}

// Question asks whether a person's data of some scope may be used.
type Question struct {
	User string
	// Scope usually has all three fields. Where one is empty the question is
	// about all of that kind, and is allowed only if each of them is.
	Scope
	// At is the moment the use happens. It must be given.
	At time.Time
	// KnownAt leaves out what was learned later; zero leaves out nothing.
	// Leave it zero to decide, and set it to look back.
	KnownAt time.Time
	// BirthDate is a day at UTC midnight. Zero is unknown, which counts as a
	// minor where ages matter.
	BirthDate time.Time
	// Unknown says that the platform's user table does not have this user.
	Unknown bool
}

// Reason is why a decision is what it is. The codes are stable.
type Reason string

const (
	ReasonGranted             Reason = "granted"
	ReasonDefault             Reason = "default-opt-out-basis" // nobody said no, and that is enough
	ReasonOptedOut            Reason = "opted-out"             // the person refused or withdrew
	ReasonGuardianOptedOut    Reason = "guardian-opted-out"
	ReasonInstitutionOptedOut Reason = "institution-opted-out"
	ReasonExpired             Reason = "expired"
	ReasonReconsentDue        Reason = "re-consent-due"
	ReasonUnknownUser         Reason = "unknown-user"
	ReasonGuardianMissing     Reason = "guardian-missing"  // a minor, and no guardian granted
	ReasonOwnGrantMissing     Reason = "own-grant-missing" // of age now, and only a guardian had granted
	ReasonNoGrant             Reason = "no-grant"
	ReasonNoMoment            Reason = "no-moment" // the question does not say when
)

// Decision is the answer to a Question.
type Decision struct {
	Allowed bool   `json:"allowed"`
	Reason  Reason `json:"reason"`
	// Events are the Seq of the events that made the decision, ascending:
	// those alone lead to the same answer.
	Events []int64 `json:"events"`
	// LearnedAt is when the last of them was learned; zero when there is none.
	LearnedAt time.Time `json:"learned_at,omitzero"`
}

// Decide answers a question from events, in any order, by the rules in the
// package documentation. Events of other users are ignored, and so are Seq and
// Source except to report them. IDs must be those of a Ledger wherever Corrects
// is used.
func Decide(events []Event, q Question, p Policy) Decision {
	if q.At.IsZero() {
		return Decision{Reason: ReasonNoMoment}
	}
	w := weigh(events, q, p)
	if standing := w.standing(); len(standing) > 0 {
		return decision(false, denialReason(standing), standing)
	}
	allowed, reason := w.undenied()
	return decision(allowed, reason, w.relevant)
}

// weighing is a question with the events that bear on it.
type weighing struct {
	q Question
	p Policy
	// ages says that ages matter, ofAge from when the person speaks for
	// themselves; zero when that is unknown.
	ages  bool
	ofAge time.Time
	minor bool
	// relevant are the events in effect, in part corrected away, that overlap
	// the question or correct one that does. counting are those of them that
	// overlap and were not corrected away.
	relevant []Event
	counting []Event
}

func weigh(events []Event, q Question, p Policy) weighing {
	w := weighing{q: q, p: p, ages: p.GuardianUnder > 0}
	if w.ages && !q.BirthDate.IsZero() {
		w.ofAge = majority(q.BirthDate, p.GuardianUnder)
	}
	w.minor = w.ages && (w.ofAge.IsZero() || q.At.Before(w.ofAge))
	var effective []Event
	for _, e := range events {
		known := q.KnownAt.IsZero() || !e.learned().After(q.KnownAt)
		if e.Subject == q.User && known && !e.EffectiveAt.After(q.At) {
			effective = append(effective, e)
		}
	}
	for _, e := range effective {
		if !e.Overlaps(q.Scope) {
			continue
		}
		w.relevant = append(w.relevant, e)
		if !voided(e, effective, nil) {
			w.counting = append(w.counting, e)
		}
	}
	w.relevant = withCorrections(w.relevant, effective)
	return w
}

// majority is when a person has reached an age everywhere on Earth: the
// birthday begins last at UTC−12. Somebody born on 29 February comes of age on
// 1 March of a common year.
func majority(birth time.Time, age int) time.Time {
	return birth.UTC().AddDate(age, 0, 0).Add(12 * time.Hour)
}

// corrects reports whether c claims e's place, both of one user. The actor must
// be the same: nobody can correct away what somebody else said.
func corrects(c, e Event) bool {
	return c.Corrects != "" && c.Corrects == e.ID && c.Actor == e.Actor
}

// voided reports whether an event was corrected away by one that still stands.
// Content digests cannot form a circle; made-up ids can, and then correct
// nothing.
func voided(e Event, effective []Event, above []string) bool {
	above = append(above, e.ID)
	return slices.ContainsFunc(effective, func(c Event) bool {
		return corrects(c, e) && !slices.Contains(above, c.ID) && !voided(c, effective, above)
	})
}

// withCorrections adds what corrects the events, and what corrects that.
func withCorrections(events, effective []Event) []Event {
	same := func(a, b Event) bool { return a.ID == b.ID && a.Seq == b.Seq }
	for i := 0; i < len(events); i++ {
		for _, c := range effective {
			known := slices.ContainsFunc(events, func(e Event) bool { return same(e, c) })
			if !known && corrects(c, events[i]) {
				events = append(events, c)
			}
		}
	}
	return events
}

// standing are the denials that no grant lifts.
func (w weighing) standing() []Event {
	var out []Event
	for _, e := range w.counting {
		if e.Action.Denies() && !w.lifted(e) {
			out = append(out, e)
		}
	}
	return out
}

func (w weighing) lifted(denial Event) bool {
	return slices.ContainsFunc(w.counting, func(g Event) bool { return w.lifts(g, denial) == "" })
}

// lifts says why a grant does not lift a denial, "" when it does.
func (w weighing) lifts(g, denial Event) string {
	switch {
	case g.Action != Granted:
		return "it is no grant"
	case !g.EffectiveAt.After(denial.EffectiveAt):
		return "it does not take effect later"
	case g.stated().Before(denial.stated()):
		return "it was written down earlier"
	case !g.Covers(denial.Scope):
		return "it is narrower"
	case !w.mayLift(g, denial):
		return "it is not theirs to lift"
	}
	return ""
}

func (w weighing) mayLift(g, denial Event) bool {
	switch denial.Actor {
	case Self:
		return g.Actor == Self
	case Guardian:
		return g.Actor == Guardian || w.grownUp(g)
	case Institution:
		if !denial.Action.lapses() {
			return g.Actor == Institution
		}
		if w.minor {
			return g.Actor == Guardian
		}
		return g.Actor == Self || g.Actor == Guardian
	}
	return false
}

// grownUp reports whether a grant is the person's own and was made, and takes
// effect, when they were of age.
func (w weighing) grownUp(g Event) bool {
	return g.Actor == Self && w.ages && !w.ofAge.IsZero() && !g.EffectiveAt.Before(w.ofAge) && !g.stated().Before(w.ofAge)
}

// undenied decides when nothing stands in the way.
func (w weighing) undenied() (bool, Reason) {
	own, guardian := w.granted(w.own), w.granted(guardians)
	switch {
	case w.q.User == "", w.q.Unknown && w.p.Unknown != Allow:
		return false, ReasonUnknownUser
	case w.minor && !guardian:
		return false, ReasonGuardianMissing
	case own, guardian && (w.minor || !w.ages || w.p.AtMajority == Keep):
		return true, ReasonGranted
	case w.ages && !w.minor && w.p.AtMajority != Keep && slices.ContainsFunc(w.counting, guardians):
		// Also where the guardian granted a part of what is asked: that part is
		// not allowed, and so the whole is not.
		return false, ReasonOwnGrantMissing
	case w.p.Basis == OptOut:
		return true, ReasonDefault
	}
	return false, ReasonNoGrant
}

// guardians reports whether an event is a guardian's grant.
func guardians(e Event) bool { return e.Action == Granted && e.Actor == Guardian }

func (w weighing) granted(by func(Event) bool) bool {
	return slices.ContainsFunc(w.counting, func(e Event) bool {
		return e.Action == Granted && by(e) && e.Covers(w.q.Scope)
	})
}

// own reports whether a grant is the person's consent: where ages matter, what
// they said as a minor is not.
func (w weighing) own(g Event) bool {
	return g.Actor == Self && (!w.ages || w.grownUp(g))
}

// denialReason is that of the weightiest denial: what the person said comes
// first.
func denialReason(standing []Event) Reason {
	has := func(match func(Event) bool) bool { return slices.ContainsFunc(standing, match) }
	said := func(by Actor) bool {
		return has(func(e Event) bool { return e.Actor == by && !e.Action.lapses() })
	}
	switch {
	case said(Self):
		return ReasonOptedOut
	case said(Guardian):
		return ReasonGuardianOptedOut
	case has(func(e Event) bool { return !e.Action.lapses() }):
		return ReasonInstitutionOptedOut
	case has(func(e Event) bool { return e.Action == Expired }):
		return ReasonExpired
	}
	return ReasonReconsentDue
}

func decision(allowed bool, reason Reason, events []Event) Decision {
	d := Decision{Allowed: allowed, Reason: reason, Events: []int64{}}
	for _, e := range events {
		d.Events = append(d.Events, e.Seq)
		if learned := e.learned(); learned.After(d.LearnedAt) {
			d.LearnedAt = learned
		}
	}
	slices.Sort(d.Events)
	d.Events = slices.Compact(d.Events)
	return d
}
