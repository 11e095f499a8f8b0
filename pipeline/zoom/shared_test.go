package zoom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// sharedZoom is the folder of recorded and invented Zoom files, or a skip.
func sharedZoom(t testing.TB) string {
	t.Helper()
	root := os.Getenv("VEIL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "data", "zoom")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no shared data: set VEIL_SHARED to the folder that holds data/")
	}
	return dir
}

func readShared(t testing.TB, path string, into any) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatal(path, err)
		}
	}
	return data
}

// fataler is a test, of package testing or rapid.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

// collect parts what was read from what could not be.
func collect[T any](t fataler, all iter.Seq2[T, error]) (read []T, faults []*Malformed) {
	t.Helper()
	for v, err := range all {
		var m *Malformed
		switch {
		case err == nil:
			read = append(read, v)
		case errors.As(err, &m):
			faults = append(faults, m)
		default:
			t.Fatal(err)
		}
	}
	return read, faults
}

// eachVariant runs a test for every file of a folder that has expectations.
func eachVariant(t *testing.T, folder string, want int, run func(t *testing.T, data, expected []byte)) {
	dir := filepath.Join(sharedZoom(t), folder)
	paths, err := filepath.Glob(filepath.Join(dir, "*.expected.json"))
	if err != nil || len(paths) != want {
		t.Fatalf("%d expectations, want %d (%v)", len(paths), want, err)
	}
	for _, path := range paths {
		base := strings.TrimSuffix(path, ".expected.json")
		t.Run(filepath.Base(base), func(t *testing.T) {
			files, _ := filepath.Glob(base + ".*")
			files = slices.DeleteFunc(files, func(f string) bool { return f == path })
			if len(files) != 1 {
				t.Fatal(files)
			}
			run(t, readShared(t, files[0], nil), readShared(t, path, nil))
		})
	}
}

func decode(t testing.TB, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	// An expectation that the test does not know must not pass unseen.
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

type about struct {
	Variant   string
	Encoding  string
	BOM       bool
	Evidence  string
	Note      string
	Malformed string
}

type wantMessage struct {
	Index     int
	Time      string
	TimeRaw   string `json:"time_raw"`
	Date      string
	Sender    string
	Recipient *struct {
		Kind   string
		Name   *string
		Stated bool
	}
	Kind   string
	Form   string
	Text   string
	Quoted *string
	Emoji  string
}

func TestSharedChats(t *testing.T) {
	eachVariant(t, "chat-variants", 28, func(t *testing.T, data, expected []byte) {
		var want struct {
			about
			Messages []wantMessage
		}
		decode(t, expected, &want)
		got, faults := collect(t, Chat(bytes.NewReader(data)))
		if (len(faults) > 0) != (want.Malformed != "") {
			t.Errorf("faults %v, want: %q", faults, want.Malformed)
		}
		if len(got) != len(want.Messages) {
			t.Fatalf("%d messages, want %d: %+v", len(got), len(want.Messages), got)
		}
		lines := allLines(data)
		for i, w := range want.Messages {
			compareMessage(t, got[i], w)
			if first := lines[got[i].Line-1]; w.TimeRaw != "" && !strings.Contains(first, w.TimeRaw) {
				t.Errorf("line %d is not where message %d begins", got[i].Line, i)
			}
		}
	})
}

func allLines(data []byte) []string {
	var out []string
	in := newLines(bytes.NewReader(data))
	for {
		l, ok := in.next()
		if !ok {
			return out
		}
		out = append(out, string(l.text))
	}
}

func clockText(ms int64) string {
	return fmt.Sprintf("%02d:%02d:%02d", ms/3600_000, ms/60_000%60, ms/1000%60)
}

func compareMessage(t *testing.T, got Message, w wantMessage) {
	t.Helper()
	if clockText(got.TimeMS) != w.Time || got.Date != w.Date || got.Sender != w.Sender || string(got.Kind) != w.Kind || got.Emoji != w.Emoji {
		t.Errorf("got %+v\nwant %+v", got, w)
	}
	if got.Text != w.Text {
		t.Errorf("text %q\nwant %q", got.Text, w.Text)
	}
	if got.HasQuote != (w.Quoted != nil) || w.Quoted != nil && got.Quoted != *w.Quoted {
		t.Errorf("quoted %q %v\nwant %v", got.Quoted, got.HasQuote, w.Quoted)
	}
	if r := w.Recipient; r != nil {
		name := ""
		if r.Name != nil {
			name = *r.Name
		}
		if (got.To != Recipient{session.RecipientKind(r.Kind), name, r.Stated}) {
			t.Errorf("to %+v, want %+v", got.To, r)
		}
	}
}

func TestSharedTranscripts(t *testing.T) {
	eachVariant(t, "vtt-variants", 19, func(t *testing.T, data, expected []byte) {
		var want struct {
			about
			Cues []struct {
				ID      *string
				Start   int64 `json:"start_ms"`
				End     int64 `json:"end_ms"`
				Clock   string
				Speaker *string
				Text    string
			}
			Spoken       int64 `json:"spoken_ms"`
			Participants []string
			Unattributed []string
		}
		decode(t, expected, &want)
		got, faults := collect(t, Transcript(bytes.NewReader(data)))
		if (len(faults) > 0) != (want.Malformed != "") {
			t.Errorf("faults %v, want: %q", faults, want.Malformed)
		}
		if len(got) != len(want.Cues) {
			t.Fatalf("%d cues, want %d: %+v", len(got), len(want.Cues), got)
		}
		spoken := int64(0)
		for i, w := range want.Cues {
			g := got[i]
			if g.ID != deref(w.ID) || g.Speaker != deref(w.Speaker) || g.Text != w.Text {
				t.Errorf("got %+v\nwant %v %v %q", g, deref(w.ID), deref(w.Speaker), w.Text)
			}
			if w.Clock != "" {
				if !g.Clock || clockText(g.StartMS) != w.Clock {
					t.Errorf("got %+v, want clock %s", g, w.Clock)
				}
				continue
			}
			spoken += max(0, g.EndMS-g.StartMS)
			if g.Clock || g.StartMS != w.Start || g.EndMS != w.End {
				t.Errorf("got %+v, want %d to %d", g, w.Start, w.End)
			}
		}
		if spoken != want.Spoken {
			t.Errorf("spoken %d ms, want %d", spoken, want.Spoken)
		}
	})
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func TestSharedParticipants(t *testing.T) {
	type wantMeeting struct {
		ID, Topic, Host string
		HostEmail       string `json:"host_email"`
		Start, End      string
		Minutes         int
		Participants    int
	}
	eachVariant(t, "participants-variants", 11, func(t *testing.T, data, expected []byte) {
		var want struct {
			about
			Meeting *wantMeeting
			Rows    []struct {
				Name             string
				OriginalName     string `json:"original_name"`
				Email            string
				Join, Leave      string
				Minutes          int
				Guest            *bool
				RecordingConsent *bool `json:"recording_consent"`
				InWaitingRoom    *bool `json:"in_waiting_room"`
			}
			UnknownColumns []string `json:"unknown_columns"`
			People         []any
		}
		decode(t, expected, &want)
		got, faults := collect(t, Participants(bytes.NewReader(data)))
		if (len(faults) > 0) != (want.Malformed != "") {
			t.Errorf("faults %v, want: %q", faults, want.Malformed)
		}
		if len(got) != len(want.Rows) {
			t.Fatalf("%d rows, want %d: %+v", len(got), len(want.Rows), got)
		}
		for i, w := range want.Rows {
			wanted := Attendee{
				Line: got[i].Line, Name: w.Name, OriginalName: w.OriginalName, Email: w.Email, Minutes: w.Minutes,
				Join: wantTime(t, w.Join), Leave: wantTime(t, w.Leave),
				Guest: wantAnswer(w.Guest), Consented: wantAnswer(w.RecordingConsent), Waiting: wantAnswer(w.InWaitingRoom),
			}
			if got[i] != wanted {
				t.Errorf("got %+v\nwant %+v", got[i], wanted)
			}
		}
		report, err := ReadReport(bytes.NewReader(data))
		if err != nil || !slices.Equal(report.Attendees, got) || len(report.Faults) != len(faults) {
			t.Errorf("report %+v, error %v", report, err)
		}
		if !slices.Equal(report.Unknown, want.UnknownColumns) {
			t.Errorf("unknown columns %q, want %q", report.Unknown, want.UnknownColumns)
		}
		meeting := Meeting{}
		if m := want.Meeting; m != nil {
			meeting = Meeting{m.ID, m.Topic, m.Host, m.HostEmail, wantTime(t, m.Start), wantTime(t, m.End), m.Minutes, m.Participants}
		}
		if report.Meeting != meeting {
			t.Errorf("meeting %+v, want %+v", report.Meeting, meeting)
		}
	})
}

func wantTime(t fataler, s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	out, err := time.Parse("2006-01-02T15:04:05", s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantAnswer(b *bool) Answer {
	switch {
	case b == nil:
		return Unstated
	case *b:
		return Yes
	}
	return No
}

func TestSharedMeetings(t *testing.T) {
	type expectations struct {
		Transcript struct {
			Cues                int
			CuesWithoutSpeaker  int `json:"cues_without_speaker"`
			Speakers            int
			SpeakerCues         map[string]int `json:"speaker_cues"`
			Spoken              int64          `json:"spoken_ms"`
			SpokenOnce          int64          `json:"spoken_ms_overlap_once"`
			FirstStart, LastEnd int64
			First               int64 `json:"first_start_ms"`
			Last                int64 `json:"last_end_ms"`
		}
		Chat struct {
			Messages    int
			Kinds       map[string]int
			First       string         `json:"first_time"`
			Last        string         `json:"last_time"`
			InOrder     bool           `json:"times_in_order"`
			Senders     int            `json:"senders"`
			BySender    map[string]int `json:"sender_messages"`
			ManyLines   int            `json:"multi_line_bodies"`
			QuotesLines int            `json:"quotes_over_lines"`
			QuotesMarks int            `json:"quotes_with_quote_marks"`
			Checks      []wantMessage
		}
	}
	paths, _ := filepath.Glob(filepath.Join(sharedZoom(t), "*", "expected.json"))
	if len(paths) != 8 {
		t.Fatal(paths)
	}
	allCues, allMessages := 0, 0
	for _, path := range paths {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			var want expectations
			readShared(t, path, &want)
			cues, faults := collect(t, Transcript(bytes.NewReader(readShared(t, filepath.Join(filepath.Dir(path), "transcript.vtt"), nil))))
			messages, more := collect(t, Chat(bytes.NewReader(readShared(t, filepath.Join(filepath.Dir(path), "chat.txt"), nil))))
			if len(faults)+len(more) > 0 {
				t.Fatal(faults, more)
			}
			allCues += len(cues)
			allMessages += len(messages)

			bySpeaker, spoken, without := map[string]int{}, int64(0), 0
			for _, c := range cues {
				bySpeaker[c.Speaker]++
				spoken += max(0, c.EndMS-c.StartMS)
				if c.Speaker == "" {
					without++
				}
			}
			w := want.Transcript
			if len(cues) != w.Cues || without != w.CuesWithoutSpeaker || len(bySpeaker) != w.Speakers || spoken != w.Spoken || union(cues) != w.SpokenOnce {
				t.Errorf("%d cues, %d without speaker, %d speakers, %d ms, %d once; want %+v", len(cues), without, len(bySpeaker), spoken, union(cues), w)
			}
			if cues[0].StartMS != w.First || cues[len(cues)-1].EndMS != w.Last {
				t.Errorf("from %d to %d, want %d to %d", cues[0].StartMS, cues[len(cues)-1].EndMS, w.First, w.Last)
			}
			for s, n := range w.SpeakerCues {
				if bySpeaker[s] != n {
					t.Errorf("a speaker has %d cues, want %d", bySpeaker[s], n)
				}
			}

			kinds, bySender, many, quotesLines, quotesMarks := map[string]int{"message": 0, "reply": 0, "reaction": 0, "reaction_removed": 0}, map[string]int{}, 0, 0, 0
			for _, m := range messages {
				kinds[string(m.Kind)]++
				bySender[m.Sender]++
				many += count(strings.Contains(m.Text, "\n"))
				quotesLines += count(strings.Contains(m.Quoted, "\n"))
				quotesMarks += count(strings.Contains(m.Quoted, `"`))
			}
			c := want.Chat
			if len(messages) != c.Messages || many != c.ManyLines || quotesLines != c.QuotesLines || quotesMarks != c.QuotesMarks {
				t.Errorf("%d messages, %d of lines, %d quotes of lines, %d with marks; want %d %d %d %d",
					len(messages), many, quotesLines, quotesMarks, c.Messages, c.ManyLines, c.QuotesLines, c.QuotesMarks)
			}
			if fmt.Sprint(kinds) != fmt.Sprint(c.Kinds) || fmt.Sprint(bySender) != fmt.Sprint(c.BySender) || len(bySender) != c.Senders {
				t.Errorf("kinds %v, want %v", kinds, c.Kinds)
			}
			inOrder := sort.SliceIsSorted(messages, func(i, j int) bool { return messages[i].TimeMS < messages[j].TimeMS })
			if clockText(messages[0].TimeMS) != c.First || clockText(messages[len(messages)-1].TimeMS) != c.Last || inOrder != c.InOrder {
				t.Errorf("times from %d to %d, want %s to %s", messages[0].TimeMS, messages[len(messages)-1].TimeMS, c.First, c.Last)
			}
			for _, check := range c.Checks {
				compareMessage(t, messages[check.Index], check)
			}
			found, quoted := 0, 0
			for _, m := range messages {
				quoted += count(m.HasQuote)
				found += count(m.Refers > 0)
			}
			t.Logf("%d of %d quotes are of a message of the file", found, quoted)
			if found*100 < quoted*90 {
				t.Errorf("only %d of %d quotes are of a message of the file", found, quoted)
			}
		})
	}
	if allCues != 3892 || allMessages != 1805 {
		t.Errorf("%d cues and %d messages", allCues, allMessages)
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// union is the time covered by cues, each moment once.
func union(cues []Cue) (total int64) {
	cues = slices.Clone(cues)
	slices.SortFunc(cues, func(a, b Cue) int { return int(a.StartMS - b.StartMS) })
	at := int64(0)
	for _, c := range cues {
		total += max(0, c.EndMS-max(c.StartMS, at))
		at = max(at, c.EndMS)
	}
	return total
}
