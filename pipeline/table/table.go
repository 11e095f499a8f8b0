// Package table writes and reads the five Parquet tables of a bundle:
// sessions, participants, utterances, messages and audio.
//
// A shard of sessions becomes one part file per table,
// tables/<table>/part-NNNNN.parquet, so that a reader opens a table by naming
// its folder. A shard writes all five parts, those without rows too: every
// table of every bundle can be opened, and its columns are always there.
//
// What a column means, its unit, its range and whether it may be null stand
// once, in the schema (see Tables). The Parquet file metadata, dictionary.csv,
// the Data Package and the bundle's README are all drawn from it.
//
// The same rows in the same order give the same bytes: a part carries no time,
// no host and no software version.
package table

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
)

// Folder is where the tables stand, within a bundle's data folder.
const Folder = "tables"

// PartPath is where a shard's part of a table stands, within a bundle's data
// folder and with slashes.
func PartPath(table string, part int) string {
	return path.Join(Folder, table, fmt.Sprintf("part-%05d.parquet", part))
}

var partName = regexp.MustCompile(`^part-([0-9]{5,9})\.parquet$`)

// PartNumber is the number in a part file's base name, and whether it is one.
func PartNumber(base string) (int, bool) {
	m := partName.FindStringSubmatch(base)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil && path.Base(PartPath("", n)) == base
}

// Session is a row of table sessions.
type Session struct {
	SessionID string
	Context   string
	// Started is a day (2026-09-01) or a moment (RFC 3339), shifted or exact,
	// by the study's policy.
	Started      string
	DurationMS   int64
	Participants int32
	Utterances   int32
	Messages     int32
	HasAudio     bool
}

// Participant is a person in a session.
type Participant struct {
	SessionID     string
	ParticipantID string
	Label         string // TUTOR_1, LEARNER_2
	Role          string
	TalkMS        int64
	Utterances    int32
	Messages      int32
}

// Utterance is a transcript cue.
type Utterance struct {
	SessionID string
	Index     int32 // from 1, in order of the transcript
	// ParticipantID is nil when the speaker is not one person for certain.
	ParticipantID *string
	Label         string
	StartMS       int64
	EndMS         int64
	Text          string
	Redactions    []Redaction
}

// Message is a chat line.
type Message struct {
	SessionID     string
	Index         int32 // from 1, in order of the chat
	ParticipantID *string
	Label         string
	To            string
	Kind          string
	// RefersTo is the Index of the message that a reply or reaction is about.
	RefersTo   *int32
	SentMS     int64
	Text       string
	Redactions []Redaction
	// Quoted is what a reply or reaction repeats, redacted; Emoji is a
	// reaction's. Without them nobody can tell what a reply answers when the
	// message itself was not found.
	Quoted           *string
	QuotedRedactions []Redaction
	Emoji            *string
}

// Redaction is one replaced place. Start and End count Unicode code points of
// the redacted text, from 0, End exclusive, and cover what stands there now,
// brackets included: text[start:end] in Python is "[LEARNER_2]".
type Redaction struct {
	Kind  string
	Start int32
	End   int32
	Label string // without brackets
}

// Audio is a sound file of a session.
type Audio struct {
	SessionID string
	// Path is within the bundle's data folder, with slashes.
	Path       string
	Codec      string
	SampleRate int32 // hertz
	Channels   int32
	DurationMS int64
	Muted      []Muted
	SHA256     string // lower-case hex
}

// Muted is a silenced interval of a sound file.
type Muted struct {
	StartMS int64
	EndMS   int64
	Reason  string
}

// Row is what a table holds.
type Row interface {
	Session | Participant | Utterance | Message | Audio
}
