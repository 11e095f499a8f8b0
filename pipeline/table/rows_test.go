package table_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/pipeline/storage"
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

// write writes rows as one shard below dir.
func (r rows) write(fsys storage.FS, dir string, part int) (files []table.File, err error) {
	s, err := table.Create(fsys, dir, part)
	if err != nil {
		return nil, err
	}
	defer func() {
		closed, closing := s.Close()
		if err == nil {
			files, err = closed, closing
		}
	}()
	for _, row := range r.Sessions {
		if err := s.Session(row); err != nil {
			return nil, err
		}
	}
	for _, row := range r.Participants {
		if err := s.Participant(row); err != nil {
			return nil, err
		}
	}
	for _, row := range r.Utterances {
		if err := s.Utterance(row); err != nil {
			return nil, err
		}
	}
	for _, row := range r.Messages {
		if err := s.Message(row); err != nil {
			return nil, err
		}
	}
	for _, row := range r.Audio {
		if err := s.Audio(row); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// read reads a shard back.
func read(t rapid.TB, dir string, part int) rows {
	t.Helper()
	var r rows
	collect(t, dir, "sessions", part, &r.Sessions)
	collect(t, dir, "participants", part, &r.Participants)
	collect(t, dir, "utterances", part, &r.Utterances)
	collect(t, dir, "messages", part, &r.Messages)
	collect(t, dir, "audio", part, &r.Audio)
	return r
}

func collect[R table.Row](t rapid.TB, dir, name string, part int, into *[]R) {
	t.Helper()
	for row, err := range table.Read[R](storage.Disk{}, filepath.Join(dir, filepath.FromSlash(table.PartPath(name, part)))) {
		if err != nil {
			t.Fatal(err)
		}
		*into = append(*into, row)
	}
}

func pointer[T any](v T) *T { return &v }

// lesson are rows with everything that is hard for somebody: nulls, empty
// texts, empty and long lists, letters of one to four bytes, combining marks.
func lesson() rows {
	long := table.Utterance{SessionID: "s-1", Index: 3, Label: "UNKNOWN", StartMS: 9000, EndMS: 9001}
	for i := range 3000 {
		long.Text += "[P] "
		long.Redactions = append(long.Redactions, table.Redaction{Kind: "PERSON", Start: int32(4 * i), End: int32(4*i + 3), Label: fmt.Sprintf("PERSON_%d", i)})
	}
	return rows{
		Sessions: []table.Session{
			{SessionID: "s-1", Context: "sat-bootcamp", Started: "2026-03-02", DurationMS: 3_600_000, Participants: 2, Utterances: 3, Messages: 3, HasAudio: true},
			{SessionID: "s-2", Context: "", Started: "2026-03-02T15:00:00-05:00", DurationMS: 1 << 40},
		},
		Participants: []table.Participant{
			{SessionID: "s-1", ParticipantID: "p-1", Label: "TUTOR_1", Role: "tutor", TalkMS: 1500, Utterances: 1, Messages: 2},
			{SessionID: "s-1", ParticipantID: "p-2", Label: "LEARNER_1", Role: "learner"},
		},
		Utterances: []table.Utterance{
			{SessionID: "s-1", Index: 1, ParticipantID: pointer("p-1"), Label: "TUTOR_1", StartMS: 0, EndMS: 1500, Text: "𝒙² ≥ 0, [LEARNER_1] — naïve café 👩🏽‍🏫",
				Redactions: []table.Redaction{{Kind: "PERSON", Start: 8, End: 19, Label: "LEARNER_1"}}},
			{SessionID: "s-1", Index: 2, Label: "TUTOR_1+LEARNER_1", StartMS: 1500, EndMS: 1500},
			long,
		},
		Messages: []table.Message{
			{SessionID: "s-1", Index: 1, ParticipantID: pointer("p-1"), Label: "TUTOR_1", To: "everyone", Kind: "message", SentMS: -40, Text: "line\nbreak\ttab"},
			{SessionID: "s-1", Index: 2, ParticipantID: pointer(""), Label: "LEARNER_1", To: "TUTOR_1", Kind: "reply", RefersTo: pointer(int32(1)), Text: "ok",
				Quoted: pointer("[EMAIL] or [PHONE]"), QuotedRedactions: []table.Redaction{{Kind: "EMAIL", End: 7, Label: "EMAIL"}, {Kind: "PHONE", Start: 11, End: 18, Label: "PHONE"}}},
			{SessionID: "s-1", Index: 3, Label: "UNKNOWN", To: "everyone", Kind: "reaction", Emoji: pointer("👍🏿"), Quoted: pointer("")},
		},
		Audio: []table.Audio{
			{SessionID: "s-1", Path: "audio/a-1.m4a", Codec: "aac", SampleRate: 32000, Channels: 1, DurationMS: 3_599_990, SHA256: strings.Repeat("0a", 32),
				Muted: []table.Muted{{StartMS: 100, EndMS: 900, Reason: "name"}, {StartMS: 2000, EndMS: 2001, Reason: "speaker"}}},
			{SessionID: "s-1", Path: "audio/a-2.wav", Codec: "pcm_s16le", SampleRate: 8000, Channels: 2, SHA256: strings.Repeat("ff", 32)},
		},
	}
}

// anyRows draws rows of every shape the types allow.
func anyRows() *rapid.Generator[rows] {
	return rapid.Custom(func(t *rapid.T) rows {
		text := rapid.OneOf(rapid.String(), rapid.StringN(0, 40, -1), rapid.Just(""), rapid.SampledFrom([]string{"🧮", "[LEARNER_2]", "\x00", "́e", "\u2028"}))
		texts := rapid.Ptr(text, true)
		small, wide := rapid.Int32(), rapid.Int64()
		redactions := func(s string, name string) []table.Redaction {
			var out []table.Redaction
			for start, n := 0, utf8.RuneCountInString(s); start < n && rapid.Bool().Draw(t, name); {
				from := rapid.IntRange(start, n-1).Draw(t, "from")
				end := rapid.IntRange(from+1, n).Draw(t, "end")
				out = append(out, table.Redaction{Kind: text.Draw(t, "kind"), Start: int32(from), End: int32(end), Label: text.Draw(t, "label")})
				start = end
			}
			return out
		}
		var r rows
		n := rapid.IntRange(0, 40)
		for range n.Draw(t, "sessions") {
			r.Sessions = append(r.Sessions, table.Session{SessionID: text.Draw(t, "s"), Context: text.Draw(t, "c"), Started: text.Draw(t, "d"), DurationMS: wide.Draw(t, "ms"),
				Participants: small.Draw(t, "p"), Utterances: small.Draw(t, "u"), Messages: small.Draw(t, "m"), HasAudio: rapid.Bool().Draw(t, "a")})
		}
		for range n.Draw(t, "participants") {
			r.Participants = append(r.Participants, table.Participant{SessionID: text.Draw(t, "s"), ParticipantID: text.Draw(t, "p"), Label: text.Draw(t, "l"), Role: text.Draw(t, "r"),
				TalkMS: wide.Draw(t, "ms"), Utterances: small.Draw(t, "u"), Messages: small.Draw(t, "m")})
		}
		for range n.Draw(t, "utterances") {
			u := table.Utterance{SessionID: text.Draw(t, "s"), Index: small.Draw(t, "i"), ParticipantID: texts.Draw(t, "p"), Label: text.Draw(t, "l"),
				StartMS: wide.Draw(t, "from"), EndMS: wide.Draw(t, "to"), Text: text.Draw(t, "t")}
			u.Redactions = redactions(u.Text, "redacted")
			r.Utterances = append(r.Utterances, u)
		}
		for range n.Draw(t, "messages") {
			m := table.Message{SessionID: text.Draw(t, "s"), Index: small.Draw(t, "i"), ParticipantID: texts.Draw(t, "p"), Label: text.Draw(t, "l"), To: text.Draw(t, "to"),
				Kind: text.Draw(t, "k"), RefersTo: rapid.Ptr(small, true).Draw(t, "refers"), SentMS: wide.Draw(t, "sent"), Text: text.Draw(t, "t"), Quoted: texts.Draw(t, "q"), Emoji: texts.Draw(t, "e")}
			m.Redactions = redactions(m.Text, "redacted")
			if m.Quoted != nil {
				m.QuotedRedactions = redactions(*m.Quoted, "quote redacted")
			}
			r.Messages = append(r.Messages, m)
		}
		for range n.Draw(t, "audio") {
			a := table.Audio{SessionID: text.Draw(t, "s"), Path: text.Draw(t, "p"), Codec: text.Draw(t, "c"), SampleRate: small.Draw(t, "hz"), Channels: small.Draw(t, "ch"),
				DurationMS: wide.Draw(t, "ms"), SHA256: text.Draw(t, "sum")}
			for range rapid.IntRange(0, 4).Draw(t, "muted") {
				a.Muted = append(a.Muted, table.Muted{StartMS: wide.Draw(t, "from"), EndMS: wide.Draw(t, "to"), Reason: text.Draw(t, "why")})
			}
			r.Audio = append(r.Audio, a)
		}
		return r
	})
}

// drawn is an example of anyRows that is the same every time.
func drawn(t *testing.T, seed int) rows {
	t.Helper()
	return anyRows().Example(seed)
}

// many are enough rows for several pages, with lists across their borders.
func many() rows {
	var r rows
	for i := range 4000 {
		u := table.Utterance{SessionID: fmt.Sprint("s-", i/100), Index: int32(i%100 + 1), Label: "LEARNER_1", StartMS: int64(i) * 1000, EndMS: int64(i)*1000 + 900,
			Text: strings.Repeat("so x is seven ", 1+i*7%90)}
		if i%3 > 0 {
			u.ParticipantID = pointer(fmt.Sprint("p-", i%7))
		}
		for j := range i % 5 {
			u.Redactions = append(u.Redactions, table.Redaction{Kind: "SCHOOL", Start: int32(j), End: int32(j + 1), Label: fmt.Sprint("SCHOOL_", j)})
		}
		r.Utterances = append(r.Utterances, u)
	}
	return r
}
