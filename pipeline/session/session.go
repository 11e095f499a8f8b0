// Package session holds the domain types of Veil: a tutoring session, the
// people in it, and what was said and written.
//
// Times within a session are milliseconds from its start (int64), the unit
// Zoom's own files resolve to. All types are plain values.
package session

import "time"

// Role is what a participant is in a session.
type Role string

const (
	Tutor   Role = "tutor"
	Learner Role = "learner"
)

// Session is one tutoring meeting as the platform records it.
type Session struct {
	ID        string
	Context   string // the program it belongs to, such as "sat-bootcamp"
	StartsAt  time.Time
	EndsAt    time.Time // zero when the source does not say
	Topic     string
	MeetingID string // Zoom's, digits
}

// Participant is a user's part in a session.
type Participant struct {
	SessionID   string
	UserID      string
	Role        Role
	DisplayName string // as shown in Zoom, "" when the source does not say
}

// User is a person as the platform knows them.
type User struct {
	ID         string
	First      string
	Last       string
	Preferred  string
	OtherNames []string
	Email      string
	Handles    []string
	BirthDate  time.Time // UTC midnight; zero when unknown
	School     string
	City       string
}

// Utterance is one transcript cue, attributed.
type Utterance struct {
	Index int // from 1, in file order
	// Speakers are the user ids of who may have spoken: none when the label
	// matched nobody, several when people shared a device.
	Speakers []string
	Name     string // the label as printed, never written to a bundle
	StartMS  int64
	EndMS    int64
	Text     string
}

// MessageKind is what a chat line is.
type MessageKind string

const (
	Plain           MessageKind = "message"
	Reply           MessageKind = "reply"
	Reaction        MessageKind = "reaction"
	ReactionRemoved MessageKind = "reaction_removed"
)

// Message is one chat line, attributed.
type Message struct {
	Index int // from 1, in file order
	// Senders are the user ids of who may have written, as in Utterance.
	Senders []string
	Name    string // as printed
	To      Recipient
	Kind    MessageKind
	Quoted  string // what a reply or reaction repeats, often cut
	Emoji   string
	Refers  int   // Index of the message quoted, 0 when not found
	SentMS  int64 // from the session's start
	Text    string
}

// RecipientKind is whom a message was addressed to.
type RecipientKind string

const (
	Everyone          RecipientKind = "everyone"
	Direct            RecipientKind = "direct"
	HostsAndPanelists RecipientKind = "hosts_and_panelists"
)

// Recipient is the addressee of a message.
type Recipient struct {
	Kind    RecipientKind
	UserIDs []string // for Direct, none when the name matched nobody
	Name    string   // as printed
}

// Modality is a form in which a session is recorded. Consent and retention
// are decided for each on its own.
type Modality string

const (
	Transcript Modality = "transcript"
	Chat       Modality = "chat"
	Audio      Modality = "audio"
)

// Modalities are all of them, in the order they are reported.
var Modalities = [...]Modality{Transcript, Chat, Audio}
