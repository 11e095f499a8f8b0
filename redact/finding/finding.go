// Package finding holds the words the redaction engine speaks: a
// Conversation goes in, recognizers answer with Candidates, and one place (the
// engine in package redact) turns candidates into Findings.
//
// The package decides nothing, so that every recognizer can import it
// and none has to know another.
package finding

import (
	"context"
	"fmt"
	"slices"

	"github.com/schoolhouse-world/veil/redact/text"
)

// Kind is what an identifier is. The names are those of the gold data, so that
// a confusion of kinds can be read off directly.
type Kind string

const (
	Person      Kind = "PERSON"
	Email       Kind = "EMAIL"
	Phone       Kind = "PHONE"
	URL         Kind = "URL"
	Handle      Kind = "HANDLE"
	Meeting     Kind = "MEETING" // Zoom meeting id, passcode, join link
	School      Kind = "SCHOOL"
	Org         Kind = "ORG" // employer, club, team, mascot
	Location    Kind = "LOCATION"
	Address     Kind = "ADDRESS"
	Age         Kind = "AGE"
	DateOfBirth Kind = "DATE_OF_BIRTH"
	ID          Kind = "ID" // student and exam registration numbers
	IP          Kind = "IP"
	MAC         Kind = "MAC"
	SSN         Kind = "SSN"
	CreditCard  Kind = "CREDIT_CARD"
	IBAN        Kind = "IBAN"
	Date        Kind = "DATE"
	Other       Kind = "OTHER"
)

// Known reports whether k is one of the kinds above.
func (k Kind) Known() bool {
	switch k {
	case Person, Email, Phone, URL, Handle, Meeting, School, Org, Location, Address, Age, DateOfBirth, ID, IP, MAC, SSN, CreditCard, IBAN, Date, Other:
		return true
	}
	return false
}

// Participant is somebody known to be in the session.
type Participant struct {
	// ID is the caller's own key for this person. It is never printed.
	ID string
	// Label stands for the person in redacted text, such as LEARNER_2.
	Label string

	First, Last, Preferred string
	// Other holds further names: maiden names, display names, nicknames.
	Other []string
	// Email and Handles are searched for literally, and their parts serve as
	// evidence for shapes of the name.
	Email   string
	Handles []string
	School  string
	City    string
}

// Channel is where a line was said.
type Channel string

const (
	Transcript Channel = "transcript"
	Chat       Channel = "chat"
)

// Line is one utterance or message of a Conversation.
type Line struct {
	Channel Channel
	// Speaker is the ID of the Participant who spoke, "" when unknown.
	Speaker string
	// SpeakerName is the label the platform printed ("Sokolova, Oksana"). It
	// may name somebody who is not in the roster.
	SpeakerName string
	// Text is valid UTF-8. Offsets everywhere are bytes into it.
	Text string
	// Tokens are those of Text, made once by Conversation.Cut.
	Tokens []text.Token
	// Quotes are byte ranges of Text that repeat an earlier line, possibly cut
	// off mid-word ("Replying to \"my brother die...\"").
	Quotes []Range
	// Unseen lines are evidence about the others and are redacted like them,
	// but nobody will read them: they take no number of a label ([PERSON_2]),
	// so that a gap in the numbers does not tell of them.
	Unseen bool
}

// Range is a half-open byte range.
type Range struct{ Start, End int }

// Conversation is one session: everyone known to be in it and every line in
// the order of its channel, the transcript first.
type Conversation struct {
	People []Participant
	Lines  []Line
	// Vocabulary numbers the words of all Tokens. It is nil until Cut makes it.
	Vocabulary *text.Vocabulary
}

// Cut gives the conversation with every line cut into tokens and every word
// numbered. The engine does it once for all recognizers; a recognizer that
// wants numbers calls it too, which costs nothing then, and cuts a
// conversation that the recognizer alone was asked about. Lines that have
// tokens keep them. c is not changed.
func (c *Conversation) Cut() *Conversation {
	if c.Vocabulary != nil {
		return c
	}
	v := new(text.Vocabulary)
	size := 0
	for i := range c.Lines {
		size += max(len(c.Lines[i].Tokens), len(c.Lines[i].Text)/4+4)
	}
	// One store for all tokens. When it is full a new one goes on.
	store := make([]text.Token, 0, size)
	out := &Conversation{People: c.People, Lines: slices.Clone(c.Lines), Vocabulary: v}
	for i := range out.Lines {
		l := &out.Lines[i]
		from := len(store)
		if l.Tokens == nil {
			store = v.Tokenize(l.Text, store)
		} else {
			store = append(store, l.Tokens...)
			for k := range store[from:] {
				t := &store[from+k]
				t.Word = v.Number(t.Norm)
			}
		}
		l.Tokens = store[from:len(store):len(store)]
	}
	return out
}

// Candidate is a recognizer's proposal, not yet a decision.
type Candidate struct {
	// Line indexes Conversation.Lines; Start and End are byte offsets into its
	// Text, on rune boundaries, Start < End.
	Line, Start, End int
	Kind             Kind
	// Person is the ID of the Person meant, "" when nobody known.
	Person string
	// Key groups mentions of one unknown person, school, … in a session, so
	// that each gets one number ([PERSON_1]). It is a normal form, never shown.
	Key string
	// Score is the recognizer's probability, 0 to 1, that this must go.
	Score float64
	// Keep says that the range must stay (mathematics, theorem names) with
	// probability Score. Whether it wins is the engine's decision.
	Keep bool
	// Recognizer names the rule, such as "roster/nickname".
	Recognizer string
	// Why is one line a privacy officer understands. It never holds the text.
	Why string
	// Group joins parts of one identifier that is cut between lines. Parts with
	// the same non-empty Group are redacted together or not at all.
	Group string
}

// Recognizer proposes candidates. Find must not modify the conversation, must
// be safe for concurrent use, and must not depend on other recognizers.
// Conversation.Cut gives it tokens and a number for each distinct word.
type Recognizer interface {
	Name() string
	Find(ctx context.Context, c *Conversation) ([]Candidate, error)
}

// Outcome is what was decided about a candidate.
type Outcome string

const (
	// Redact removes the range.
	Redact Outcome = "redact"
	// Doubtful removes the range and shows its place to a privacy officer.
	Doubtful Outcome = "doubtful"
	// Kept leaves the range; it was examined.
	Kept Outcome = "kept"
)

// Finding is a decided candidate.
type Finding struct {
	Candidate
	Outcome Outcome
	// Label is what stands in brackets instead, such as LEARNER_2 or EMAIL.
	Label string
	// Surrogate, when not empty, stands there instead of the label, without
	// brackets.
	Surrogate string
}

// Replacement is what stands in redacted text instead: the surrogate, or the
// label in brackets.
func (f Finding) Replacement() string {
	if f.Surrogate != "" {
		return f.Surrogate
	}
	return "[" + f.Label + "]"
}

// Explain says in one line what was decided and why. It never holds the text.
func (f Finding) Explain() string {
	why := f.Why
	if why == "" {
		why = "no reason given"
	}
	return fmt.Sprintf("line %d, bytes %d-%d: %s %s, score %.2f, by %s: %s",
		f.Line+1, f.Start, f.End, f.Outcome, f.Kind, f.Score, f.Recognizer, why)
}
