package bundle_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

// rows are those of one shard.
type rows struct {
	Sessions     []table.Session
	Participants []table.Participant
	Utterances   []table.Utterance
	Messages     []table.Message
	Audio        []table.Audio
}

// write writes rows as part number of a bag.
func (r rows) write(t rapid.TB, bag string, number int) {
	t.Helper()
	s, err := table.Create(disk(), filepath.Join(bag, "data"), number)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Sessions {
		err = s.Session(row)
	}
	for _, row := range r.Participants {
		err = s.Participant(row)
	}
	for _, row := range r.Utterances {
		err = s.Utterance(row)
	}
	for _, row := range r.Messages {
		err = s.Message(row)
	}
	for _, row := range r.Audio {
		err = s.Audio(row)
	}
	if err != nil { // the first error comes back from every later call
		t.Fatal(err)
	}
	if _, err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// read reads part number of a bag.
func read(t rapid.TB, bag string, number int) rows {
	t.Helper()
	var r rows
	collect(t, bag, "sessions", number, &r.Sessions)
	collect(t, bag, "participants", number, &r.Participants)
	collect(t, bag, "utterances", number, &r.Utterances)
	collect(t, bag, "messages", number, &r.Messages)
	collect(t, bag, "audio", number, &r.Audio)
	return r
}

func collect[R table.Row](t rapid.TB, bag, name string, number int, into *[]R) {
	t.Helper()
	for row, err := range table.Read[R](disk(), filepath.Join(bag, "data", filepath.FromSlash(table.PartPath(name, number)))) {
		if err != nil {
			t.Fatal(err)
		}
		*into = append(*into, row)
	}
}

func pointer[T any](v T) *T { return &v }

// circles is a session with everything a withdrawal has to do with: a tutor,
// two learners, one device shared, one voice unknown, a private message, a
// reply to it, a reaction, and texts that speak of others.
func circles() rows {
	tutor, ann, ben := pointer("P-tutor"), pointer("P-ann"), pointer("P-ben")
	return rows{
		Sessions: []table.Session{{SessionID: "S-circles", Context: "bootcamp", Started: "2031-05-20", DurationMS: 3_600_000, Participants: 3, Utterances: 6, Messages: 8, HasAudio: true}},
		Participants: []table.Participant{
			{SessionID: "S-circles", ParticipantID: "P-ann", Label: "LEARNER_1", Role: "learner", TalkMS: 2000, Utterances: 1, Messages: 3},
			{SessionID: "S-circles", ParticipantID: "P-ben", Label: "LEARNER_2", Role: "learner", TalkMS: 500, Utterances: 1, Messages: 2},
			{SessionID: "S-circles", ParticipantID: "P-tutor", Label: "TUTOR_1", Role: "tutor", TalkMS: 4500, Utterances: 2, Messages: 3},
		},
		Utterances: []table.Utterance{
			{SessionID: "S-circles", Index: 1, ParticipantID: tutor, Label: "TUTOR_1", StartMS: 0, EndMS: 1500, Text: "π r², [LEARNER_1] 👩🏽‍🏫 and [LEARNER_2]?",
				Redactions: []table.Redaction{{Kind: "PERSON", Start: 6, End: 17, Label: "LEARNER_1"}, {Kind: "PERSON", Start: 27, End: 38, Label: "LEARNER_2"}}},
			{SessionID: "S-circles", Index: 2, ParticipantID: ann, Label: "LEARNER_1", StartMS: 1500, EndMS: 3500, Text: "it is two pi r"},
			{SessionID: "S-circles", Index: 3, ParticipantID: ben, Label: "LEARNER_2", StartMS: 3500, EndMS: 4000, Text: "no [LEARNER_1] it is [SCHOOL_1] day",
				Redactions: []table.Redaction{{Kind: "PERSON", Start: 3, End: 14, Label: "LEARNER_1"}, {Kind: "SCHOOL", Start: 21, End: 31, Label: "SCHOOL_1"}}},
			{SessionID: "S-circles", Index: 4, Label: "LEARNER_1+LEARNER_2", StartMS: 4000, EndMS: 4100, Text: "yes"},
			{SessionID: "S-circles", Index: 5, Label: "UNKNOWN", StartMS: 4100, EndMS: 4200, Text: "hm"},
			{SessionID: "S-circles", Index: 6, ParticipantID: tutor, Label: "TUTOR_1", StartMS: 5000, EndMS: 8000, Text: "so the area is π r²"},
		},
		Messages: []table.Message{
			{SessionID: "S-circles", Index: 1, ParticipantID: ann, Label: "LEARNER_1", To: "everyone", Kind: "message", SentMS: -4000, Text: "hi, write to [EMAIL]",
				Redactions: []table.Redaction{{Kind: "EMAIL", Start: 13, End: 20, Label: "EMAIL"}}},
			{SessionID: "S-circles", Index: 2, ParticipantID: ben, Label: "LEARNER_2", To: "everyone", Kind: "reply", RefersTo: pointer(int32(1)), SentMS: 100, Text: "no", Quoted: pointer("hi, write to [EMAIL]"),
				QuotedRedactions: []table.Redaction{{Kind: "EMAIL", Start: 13, End: 20, Label: "EMAIL"}}},
			{SessionID: "S-circles", Index: 3, ParticipantID: tutor, Label: "TUTOR_1", To: "everyone", Kind: "reaction", RefersTo: pointer(int32(2)), SentMS: 200, Quoted: pointer("no"), Emoji: pointer("👍🏿")},
			{SessionID: "S-circles", Index: 4, ParticipantID: tutor, Label: "TUTOR_1", To: "LEARNER_1", Kind: "message", SentMS: 300, Text: "well done"},
			{SessionID: "S-circles", Index: 5, ParticipantID: ben, Label: "LEARNER_2", To: "everyone", Kind: "message", SentMS: 400, Text: "thanks [LEARNER_1]!",
				Redactions: []table.Redaction{{Kind: "PERSON", Start: 7, End: 18, Label: "LEARNER_1"}}},
			{SessionID: "S-circles", Index: 6, ParticipantID: ann, Label: "LEARNER_1", To: "everyone", Kind: "reply", RefersTo: pointer(int32(5)), SentMS: 500, Text: "sure", Quoted: pointer("thanks [LEARNER_1]!"),
				QuotedRedactions: []table.Redaction{{Kind: "PERSON", Start: 7, End: 18, Label: "LEARNER_1"}}},
			{SessionID: "S-circles", Index: 7, ParticipantID: ann, Label: "LEARNER_1", To: "hosts_and_panelists", Kind: "message", SentMS: 600, Text: ""},
			{SessionID: "S-circles", Index: 8, ParticipantID: tutor, Label: "TUTOR_1", To: "everyone", Kind: "reply", RefersTo: pointer(int32(5)), SentMS: 700, Text: "next", Quoted: pointer("thanks [LEARNER_1]!"),
				QuotedRedactions: []table.Redaction{{Kind: "PERSON", Start: 7, End: 18, Label: "LEARNER_1"}}},
		},
		Audio: []table.Audio{{SessionID: "S-circles", Path: "audio/A-circles.m4a", Codec: "aac", SampleRate: 32000, Channels: 1, DurationMS: 3_599_990, SHA256: soundSum("A-circles.m4a"),
			Muted: []table.Muted{{StartMS: 100, EndMS: 900, Reason: "name"}}}},
	}
}

// lines is a session of two, one of whom is in circles too.
func lines() rows {
	return rows{
		Sessions: []table.Session{{SessionID: "S-lines", Context: "partnership", Started: "2031-05-18", DurationMS: 60_000, Participants: 2, Utterances: 1, HasAudio: true}},
		Participants: []table.Participant{
			{SessionID: "S-lines", ParticipantID: "P-ann", Label: "LEARNER_1", Role: "learner"},
			{SessionID: "S-lines", ParticipantID: "P-ida", Label: "TUTOR_1", Role: "tutor", TalkMS: 700, Utterances: 1},
		},
		Utterances: []table.Utterance{{SessionID: "S-lines", Index: 1, ParticipantID: pointer("P-ida"), Label: "TUTOR_1", StartMS: 0, EndMS: 700, Text: "m is the slope"}},
		Audio:      []table.Audio{{SessionID: "S-lines", Path: "audio/A-lines.wav", Codec: "pcm_s16le", SampleRate: 8000, Channels: 1, DurationMS: 60_000, SHA256: soundSum("A-lines.wav")}},
	}
}

// sound is what a sound file holds: the bag does not look into it.
func sound(name string) []byte { return []byte("sound of " + name) }

func soundSum(name string) string {
	sum := sha256.Sum256(sound(name))
	return hex.EncodeToString(sum[:])
}

func meta() bundle.Meta {
	return bundle.Meta{
		Study: "geometry", Title: "Geometry, spoken <aloud> & written", Contexts: []string{"bootcamp", "partnership"}, Software: "veil 1.0.0",
		Policies: []bundle.Policy{
			{Name: "dates", Choice: "shifted", Meaning: "All days are moved by one number of days that is the same for the whole study."},
			{Name: "speakers", Choice: "keep | drop", Meaning: "What nobody could be matched to stays, redacted."},
		},
	}
}

// open writes the tables and audio of a bag that is not closed yet, a part for
// each of the rows.
func open(t rapid.TB, bag string, parts ...rows) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(bag, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i, r := range parts {
		r.write(t, bag, i+1)
		for _, a := range r.Audio {
			name := filepath.Join(bag, "data", filepath.FromSlash(a.Path))
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, sound(filepath.Base(name)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// closed makes a finished bag.
func closed(t rapid.TB, bag string, parts ...rows) bundle.Digest {
	t.Helper()
	open(t, bag, parts...)
	d, err := bundle.Finish(context.Background(), disk(), bag, meta(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// contents are the bytes of all files of a folder, by path with slashes.
func contents(t rapid.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// made is a folder name in which nothing stands yet.
func made(t *testing.T) string { return filepath.Join(t.TempDir(), "bundle") }
