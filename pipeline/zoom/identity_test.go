package zoom

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// dialect writes messages as one client does.
type dialect struct {
	write func(t *rapid.T, messages []Message) string
	// names and texts that the dialect can hold.
	names, texts *rapid.Generator[string]
	to           func(*rapid.T, *rapid.Generator[string]) Recipient
	minutes      bool // no seconds
	// first is a message that the file begins with, where one that is odd and
	// alone could be read in two ways.
	first string
}

var (
	public = Recipient{Kind: session.Everyone}
	stated = Recipient{Kind: session.Everyone, Stated: true}

	plainNames = rapid.SampledFrom([]string{"Pia", "Omar (he/him) | Lakeside", "Åsa Öst-Lind", "李 文", "O'Dell, Ulla", "kim_7", "+1 555", "🦘"})
	// oddNames hold what parts names in headers.
	oddNames = rapid.SampledFrom([]string{"Pia", "Room 3: Pia", "Road to Rome", "From here", "a : b", "10:30"})

	word = rapid.OneOf(
		rapid.SampledFrom([]string{"to", " : ", "to Everyone:", "From", "10:30:00", `"`, "...", "\t", "<v", "</i>", ",", "x < 3", "\u2028", "\u00a0", "👩🏽‍🏫", "Replying to", "(Direct Message) :"}),
		rapid.StringOfN(rapid.RuneFrom([]rune("abzé李 -'\u0301🙂\ufeff")), 0, 6, -1),
	)
	// A line begins with a letter: what begins like a header or is indented
	// is for the tables.
	textLine = rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"a", "so", "é", "二"}).Draw(t, "first") + strings.Join(rapid.SliceOfN(word, 0, 5).Draw(t, "words"), " ")
	})
	manyLines = rapid.Custom(func(t *rapid.T) string {
		lines := rapid.SliceOfN(rapid.OneOf(textLine, rapid.Just("")), 0, 4).Draw(t, "lines")
		return strings.TrimRight(strings.Join(lines, "\n"), "\n")
	})
	// filled has no line break before its first letter.
	filled = manyLines.Filter(func(s string) bool { return s != "" && s[0] != '\n' })
)

func toAnyone(t *rapid.T, names *rapid.Generator[string]) Recipient {
	return rapid.OneOf(rapid.Just(stated), rapid.Custom(func(t *rapid.T) Recipient {
		return Recipient{session.Direct, names.Draw(t, "to"), true}
	})).Draw(t, "recipient")
}

func toEveryone(*rapid.T, *rapid.Generator[string]) Recipient { return public }

func mark(to Recipient, mark string) string {
	if to.Kind == session.Direct {
		return to.Name + mark
	}
	return "Everyone"
}

// eol draws a line end for a place where a file may have any.
func eol(t *rapid.T) string { return rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "end") }

var dialects = map[string]dialect{
	"cloud": {names: oddNames, texts: manyLines, to: toEveryone, write: func(t *rapid.T, messages []Message) string {
		var b strings.Builder
		for _, m := range messages {
			inner := rapid.SampledFrom([]string{"\n", "\r"}).Draw(t, "inner")
			fmt.Fprintf(&b, "%s\t%s:\t%s\r\n", clockText(m.TimeMS), m.Sender, strings.ReplaceAll(m.Text, "\n", inner))
		}
		return b.String()
	}},
	"saved, indented": {names: plainNames, texts: filled, to: toAnyone, write: func(t *rapid.T, messages []Message) string {
		var b strings.Builder
		for _, m := range messages {
			indent := rapid.SampledFrom([]string{"  ", "\t", "    "}).Draw(t, "indent")
			fmt.Fprintf(&b, "%s From  %s  to  %s:%s", clockText(m.TimeMS), m.Sender, mark(m.To, "(Direct Message)"), eol(t))
			for _, l := range strings.Split(m.Text, "\n") {
				b.WriteString(indent + l + eol(t))
			}
		}
		return b.String()
	}},
	"saved, on one line": {names: plainNames, texts: manyLines, to: toAnyone, write: func(t *rapid.T, messages []Message) string {
		var b strings.Builder
		for _, m := range messages {
			fmt.Fprintf(&b, "%s\t From  %s  to  %s : %s\r\n", clockText(m.TimeMS), m.Sender, mark(m.To, "(Privately)"), strings.ReplaceAll(m.Text, "\n", "\r\n"))
		}
		return b.String()
	}},
	"saved, without recipients": {first: "hi", names: plainNames, texts: manyLines, to: toEveryone, write: func(t *rapid.T, messages []Message) string {
		var b strings.Builder
		for _, m := range messages {
			fmt.Fprintf(&b, "%s\t From %s : %s\n", clockText(m.TimeMS), m.Sender, m.Text)
		}
		return b.String()
	}},
	"saved, dated": {names: plainNames, texts: filled, to: toAnyone, write: func(t *rapid.T, messages []Message) string {
		var b strings.Builder
		for _, m := range messages {
			fmt.Fprintf(&b, "2026-02-02 %s From %s to %s:\n%s\n", clockText(m.TimeMS), m.Sender, mark(m.To, " (Direct Message)"), m.Text)
		}
		return utf16Text("\ufeff"+b.String(), true)
	}},
	"German": {names: plainNames, texts: manyLines, to: toAnyone, write: func(t *rapid.T, messages []Message) string {
		var b strings.Builder
		for _, m := range messages {
			to := "alle"
			if m.To.Kind == session.Direct {
				to = m.To.Name + " (Direktnachricht)"
			}
			fmt.Fprintf(&b, "%s Von %s an %s : %s\r\n", clockText(m.TimeMS), m.Sender, to, m.Text)
		}
		return b.String()
	}},
	"time alone": {first: "hi", names: plainNames, texts: manyLines, to: toEveryone, write: func(t *rapid.T, messages []Message) string {
		var b strings.Builder
		for _, m := range messages {
			fmt.Fprintf(&b, "%s\n From %s : %s\n", clockText(m.TimeMS), m.Sender, m.Text)
		}
		return b.String()
	}},
	"panel": {names: plainNames, texts: manyLines, to: toAnyone, minutes: true, write: func(t *rapid.T, messages []Message) string {
		var b strings.Builder
		for _, m := range messages {
			hours, half := m.TimeMS/3600_000, "AM"
			if hours >= 12 {
				half = "PM"
			}
			fmt.Fprintf(&b, "From %s to %s %02d:%02d %s\n%s\n\n", m.Sender, mark(m.To, " (Direct Message)"), (hours+11)%12+1, m.TimeMS/60_000%60, half, m.Text)
		}
		return b.String()
	}},
}

func TestChatsReadAsTheyWereWritten(t *testing.T) {
	for name, d := range dialects {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var want []Message
				if d.first != "" {
					want = append(want, Message{Sender: "Pia", To: public, Kind: session.Plain, Text: d.first})
				}
				for range rapid.IntRange(1, 6).Draw(t, "messages") {
					seconds := rapid.Int64Range(0, 24*3600-1).Draw(t, "time")
					if d.minutes {
						seconds -= seconds % 60
					}
					want = append(want, Message{
						TimeMS: seconds * 1000, Sender: d.names.Draw(t, "sender"), To: d.to(t, d.names), Kind: session.Plain, Text: d.texts.Draw(t, "text"),
					})
				}
				file := d.write(t, want)
				got, faults := collect(t, Chat(strings.NewReader(file)))
				if len(faults) > 0 || len(got) != len(want) {
					t.Fatalf("%d messages of %d, faults %v, in\n%q", len(got), len(want), faults, file)
				}
				for i, g := range got {
					if i > 0 && g.Line <= got[i-1].Line {
						t.Fatalf("message %d on line %d", i, g.Line)
					}
					g.Line, g.Date = 0, ""
					if g != want[i] {
						t.Fatalf("got  %+v\nwant %+v\nin %q", g, want[i], file)
					}
				}
			})
		})
	}
}

// TestRepliesReadAsTheyWereWritten quotes earlier messages, cut and whole.
func TestRepliesReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		var want []Message
		var texts []string
		for i := range rapid.IntRange(1, 8).Draw(t, "messages") {
			m := Message{Line: i, TimeMS: int64(i) * 1000, Sender: "Pia", To: public, Kind: session.Plain}
			body := ""
			switch kind := rapid.IntRange(0, 2).Draw(t, "kind"); {
			case kind == 0 || len(texts) == 0:
				m.Text = filled.Draw(t, "text")
				body = m.Text
			default:
				quoted := rapid.SampledFrom(texts).Draw(t, "quoted")
				if runes := []rune(quoted); len(runes) > 18 {
					quoted = string(runes[:18]) + "..."
				}
				m.Quoted, m.HasQuote = quoted, true
				at := rapid.IntRange(0, 2*len(replyWords)-1).Draw(t, "words")
				if m.Text = rapid.SampledFrom([]string{"yes", `no: "never"`, "a\n\nb"}).Draw(t, "said"); kind == 1 {
					m.Kind = session.Reply
					body = replyWords[at%len(replyWords)] + quoted + "\"\n\n" + m.Text
					break
				}
				w := reactionWords[at%(len(reactionWords)-1)]
				m.Kind, m.Text, m.Emoji = session.Reaction, "", "👍🏽"
				body = w.before + quoted + w.between + m.Emoji + w.after
			}
			// Which of several marks ends a quote is for the tables.
			if m.Text != "" && !strings.Contains(m.Text, `"`) {
				texts = append(texts, m.Text)
			}
			want = append(want, m)
			fmt.Fprintf(&b, "%s\tPia:\t%s\r\n", clockText(m.TimeMS), body)
		}
		got, faults := collect(t, Chat(strings.NewReader(b.String())))
		if len(faults) > 0 || len(got) != len(want) {
			t.Fatal(got, faults)
		}
		for i, g := range got {
			if g.HasQuote && (g.Refers < 1 || g.Refers > i) {
				t.Fatalf("%q is of message %d", g.Quoted, g.Refers)
			}
			g.Line, g.Refers = want[i].Line, 0
			if g != want[i] {
				t.Fatalf("got  %+v\nwant %+v", g, want[i])
			}
		}
	})
}

func TestTranscriptsReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "ends")
		file := "WEBVTT" + end + end
		var want []Cue
		spoken := rapid.SampledFrom([]string{"so", "x < 3: yes", "the sum is: 4", "二 🙂", "a\nb", `"quoted"`, "", "a\u2028b"})
		for i := range rapid.IntRange(0, 8).Draw(t, "cues") {
			start := rapid.Int64Range(0, 400*3600_000).Draw(t, "start")
			c := Cue{
				ID: strconv.Itoa(i + 1), StartMS: start, EndMS: start + rapid.Int64Range(-1000, 9000).Draw(t, "length"),
				Speaker: plainNames.Filter(hasLetter).Draw(t, "speaker"), Text: spoken.Draw(t, "text"),
			}
			if c.EndMS < 0 {
				c.EndMS = 0
			}
			want = append(want, c)
			file += c.ID + end + cueTime(c.StartMS) + " --> " + cueTime(c.EndMS) + end
			said := c.Speaker + ": " + c.Text
			if rapid.Bool().Draw(t, "tagged") {
				said = "<v " + c.Speaker + ">" + c.Text + "</v>"
			}
			file += strings.ReplaceAll(said, "\n", end) + end + end
		}
		got, faults := collect(t, Transcript(strings.NewReader(file)))
		if len(faults) > 0 || len(got) != len(want) {
			t.Fatalf("%v %v in %q", got, faults, file)
		}
		for i, g := range got {
			g.Line = 0
			if g != want[i] {
				t.Fatalf("got  %+v\nwant %+v\nin %q", g, want[i], file)
			}
		}
	})
}

func cueTime(ms int64) string { return fmt.Sprintf("%s.%03d", clockText(ms), ms%1000) }

func TestCaptionsReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := ""
		var want []Cue
		for range rapid.IntRange(1, 6).Draw(t, "captions") {
			c := Cue{StartMS: rapid.Int64Range(0, 24*3600-1).Draw(t, "time") * 1000, Clock: true, Speaker: oddNames.Draw(t, "speaker"), Text: filled.Draw(t, "text")}
			c.Text = strings.Trim(c.Text, blanks)
			if n := len(want); n > 0 {
				want[n-1].EndMS = c.StartMS
			}
			c.EndMS = c.StartMS
			want = append(want, c)
			file += "[" + c.Speaker + "] " + clockText(c.StartMS) + eol(t) + strings.ReplaceAll(c.Text, "\n", eol(t)) + "\n\n"
		}
		got, faults := collect(t, Transcript(strings.NewReader(file)))
		if len(faults) > 0 || len(got) != len(want) {
			t.Fatalf("%v %v in %q", got, faults, file)
		}
		for i, g := range got {
			g.Line = 0
			if g != want[i] {
				t.Fatalf("got  %+v\nwant %+v\nin %q", g, want[i], file)
			}
		}
	})
}

func TestReportsReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.UseCRLF = rapid.Bool().Draw(t, "CRLF")
		w.Comma = rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "comma")
		write := func(fields ...string) {
			if err := w.Write(fields); err != nil {
				t.Fatal(err)
			}
		}
		write("Name (Original Name)", "User Email", "Join Time", "Duration (Minutes)", "Guest")
		var want []Attendee
		for i := range rapid.IntRange(0, 6).Draw(t, "rows") {
			a := Attendee{
				Line: i + 2, Name: rapid.SampledFrom([]string{"Pia", "O'Dell, Ulla", `Jo "J" Do`, "Omar (he/him)", "李 文", "a;b"}).Draw(t, "name"),
				OriginalName: rapid.SampledFrom([]string{"Roe, Sam", "Jan (J)", "x"}).Draw(t, "original"),
				Email:        rapid.SampledFrom([]string{"", "pia@example.org"}).Draw(t, "address"),
				Minutes:      rapid.IntRange(0, 2000).Draw(t, "minutes"),
				Guest:        rapid.SampledFrom([]Answer{Yes, No}).Draw(t, "guest"),
			}
			a.Join = wantTime(t, "2026-10-05T17:55:00")
			want = append(want, a)
			write(a.Name+" ("+a.OriginalName+")", a.Email, "10/05/2026 05:55:00 PM", strconv.Itoa(a.Minutes), map[Answer]string{Yes: "Yes", No: "No"}[a.Guest])
		}
		w.Flush()
		got, faults := collect(t, Participants(&b))
		if len(faults) > 0 || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("got  %v %v\nwant %v", got, faults, want)
		}
	})
}
