// Package consent keeps who agreed to what and when, and decides from it.
//
// An Event is one statement: a grant, a refusal, a withdrawal. A Ledger holds
// events in a SQLite file that only grows: rows cannot be changed or removed,
// and each is chained to the one before by SHA-256, so that Verify finds the
// first that was tampered with. Decide is a pure function from events, a
// Question and a Policy to a Decision that names the events it rests on.
//
// # Three times
//
// Every event has three times, and they answer different questions:
//
//   - EffectiveAt: from when does it count? It may lie in the future.
//   - RecordedAt: when did the platform write it down? The source says; it may
//     not know.
//   - LearnedAt: when did this ledger get it? The ledger's own clock says, and
//     it never runs backwards along the chain.
//
// Question.At is compared with EffectiveAt, Question.KnownAt with LearnedAt.
// A decision made in October can so be asked for again in December, with what
// was known in October.
//
// # How events are weighed
//
// The same rules stand as a table of cases in the package's tests.
//
//	event                          counts for a question when
//	any                            it is the user's, known, in effect, and not corrected away
//	a denial                       its scope overlaps the question's
//	a grant                        its scope covers the question's
//
//	a denial by                    is lifted by a later grant, at least as broad as the denial, by
//	the person                     the person
//	a guardian                     a guardian; or the person, come of age when they granted
//	the institution                the institution
//
//	expired, re-consent due, by    is lifted by a later grant, at least as broad, by
//	the person or a guardian       as above
//	the institution                whoever must agree: a guardian for a minor under a guardian
//	                               policy, else the person or a guardian
//
// Later means: in effect after the denial, and not written down before it. At
// the same moment the denial wins. A denial that nothing lifts decides, whatever
// else was granted, before or after.
//
//	no standing denial, and        answer
//	the user is unknown            as Policy.Unknown says: denied, or as for anybody else
//	a minor, guardian policy on    granted if a guardian granted, else denied
//	of age, only a guardian had    Policy.AtMajority: keep: granted; ask: denied until the person
//	granted, guardian policy on    grants
//	the person or guardian granted granted
//	nobody granted                 allowed on an opt-out basis, denied on an opt-in basis
//
// With a guardian policy on, the person's own grant counts as consent only if
// they were of age when they made it. Whose birth date is unknown is a minor.
// The institution's grant lifts its own denial and is nobody's consent.
//
// # Corrections
//
// Nothing is ever taken back. A mistaken event is followed by one whose
// Corrects is the mistaken one's ID, with the same subject and actor; from its
// EffectiveAt on, it stands in the mistaken one's place. An Annulled event
// puts nothing there. Corrections are corrected the same way.
//
// # Imports
//
// CSV, JSON Lines, a SQL query or any rows: the columns are user_id,
// effective_at, action and, if wanted, recorded_at, actor (self when empty),
// study, context, modality (all when empty), form_version, evidence and
// corrects. The same statement, from whatever file and however often, is one
// event, so that a table can be imported whole every time. An import takes all
// rows or none. Rows recorded in the future are refused, and rows that take
// effect in the future are not in effect yet.
//
// User ids are personal data and stand in the ledger as they are. Errors of
// this package name files, lines and columns, and never a value.
package consent

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
)

// Actor is who made a statement.
type Actor string

const (
	Self        Actor = "self"
	Guardian    Actor = "guardian"
	Institution Actor = "institution"
)

// Action is what was stated.
type Action string

const (
	Granted   Action = "granted"
	Refused   Action = "refused"   // asked, and said no
	Withdrawn Action = "withdrawn" // said yes or nothing before, and now no
	Expired   Action = "expired"   // a grant ran out
	// ReconsentDue means that a grant no longer covers what is asked, for
	// instance because the form changed. It denies until somebody grants anew.
	ReconsentDue Action = "re-consent due"
	// Annulled states only that the event it corrects was entered in error.
	Annulled Action = "annulled"
)

// Denies reports whether the action stands in the way.
func (a Action) Denies() bool {
	switch a {
	case Granted, Annulled:
		return false
	}
	return true // also what this version does not know
}

// lapses reports whether the action ends a grant without anybody saying no.
func (a Action) lapses() bool { return a == Expired || a == ReconsentDue }

// Modality is a form in which a session is recorded.
type Modality string

const (
	Transcript Modality = "transcript"
	Chat       Modality = "chat"
	Audio      Modality = "audio"
)

// Scope is what a statement or a question is about. An empty field means all
// of its kind. Studies and contexts are compared without regard to case, so
// that a withdrawal is not lost to a capital letter.
type Scope struct {
	Study    string   `json:"study,omitempty"`
	Context  string   `json:"context,omitempty"`
	Modality Modality `json:"modality,omitempty"`
}

// Covers reports whether all of t lies within s.
func (s Scope) Covers(t Scope) bool {
	return s.fields(t, func(a, b string) bool { return a == "" || strings.EqualFold(a, b) })
}

// Overlaps reports whether something lies within both.
func (s Scope) Overlaps(t Scope) bool {
	return s.fields(t, func(a, b string) bool { return a == "" || b == "" || strings.EqualFold(a, b) })
}

func (s Scope) fields(t Scope, match func(a, b string) bool) bool {
	return match(s.Study, t.Study) && match(s.Context, t.Context) && match(string(s.Modality), string(t.Modality))
}

// Event is one statement about one person. Times are UTC with microseconds.
type Event struct {
	// Seq counts from 1 in the order of arrival, ID is the lower-case hex
	// SHA-256 of the content, and LearnedAt is when the ledger took the event.
	// The ledger sets all three.
	Seq       int64     `json:"seq"`
	ID        string    `json:"id"`
	LearnedAt time.Time `json:"learned_at"`

	// RecordedAt is zero when the source does not say.
	RecordedAt  time.Time `json:"recorded_at,omitzero"`
	EffectiveAt time.Time `json:"effective_at"`
	Subject     string    `json:"user_id"`
	Actor       Actor     `json:"actor"`
	Action      Action    `json:"action"`
	Scope
	FormVersion string `json:"form_version,omitempty"`
	// Evidence is the lower-case hex SHA-256 of the signed form or its like.
	Evidence string `json:"evidence,omitempty"`
	// Corrects is the ID of the event in whose place this one stands.
	Corrects string `json:"corrects,omitempty"`
	// Source says where the event came from. It is not part of the ID: the
	// same statement out of two files is one event.
	Source string `json:"source,omitempty"`
}

// stated is when the statement was made, as far as anybody knows.
func (e Event) stated() time.Time {
	if e.RecordedAt.IsZero() {
		return e.EffectiveAt
	}
	return e.RecordedAt
}

// learned is when the event was known. Events that never were in a ledger
// count as known when they were stated.
func (e Event) learned() time.Time {
	if e.LearnedAt.IsZero() {
		return e.stated()
	}
	return e.LearnedAt
}

// digest is the event's content digest, the bytes of its ID. Fields are
// preceded by their length, so that no two contents have one encoding.
func (e Event) digest() [sha256.Size]byte {
	b := []byte("veil consent event 1\n")
	b = appendTime(b, e.RecordedAt)
	b = appendTime(b, e.EffectiveAt)
	for _, field := range []string{e.Subject, string(e.Actor), string(e.Action), e.Study, e.Context, string(e.Modality), e.FormVersion, e.Evidence, e.Corrects} {
		b = appendField(b, field)
	}
	return sha256.Sum256(b)
}

// identified gives the event its ID.
func (e Event) identified() Event {
	d := e.digest()
	e.ID = hex.EncodeToString(d[:])
	return e
}

func appendField(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendTime writes the presence of a time and its microseconds since 1970.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	return binary.BigEndian.AppendUint64(append(b, 1), uint64(t.UnixMicro()))
}
