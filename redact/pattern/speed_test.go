package pattern_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/text"
)

// ordinary is talk as most of a session is: a little arithmetic, no identifier.
func ordinary() (*finding.Conversation, int64) {
	lines := strings.Split(`All right, are you able to see my mouse moving on the screen?
Um, I see like two lines.
So take a second to read it, look it over and then explain what you think is happening in this situation.
I think the line that's connecting the two is, um, the distance?
Okay, and what happens between four and seven hours?
It's going straight, so they are not moving.
So there's a relationship between distance and hours?
Because when I multiply both sides by 3, I get 5x + 1 = 68.
That's good feedback for us, and I really like how you are thinking about that.
Can you draw something on the board?
I was going to say that the farther the distance, the longer it would take to get there.
What are some other things we could measure here?
Yeah.
Do you have any question so far?`, "\n")
	c := &finding.Conversation{}
	var n int64
	for i := range 2000 {
		l := finding.Line{Channel: finding.Transcript, SpeakerName: string(rune('A' + i%3)), Text: lines[i%len(lines)]}
		l.Tokens = text.Tokenize(l.Text)
		n += int64(len(l.Text))
		c.Lines = append(c.Lines, l)
	}
	return c, n
}

func BenchmarkFind(b *testing.B) {
	c, n := ordinary()
	c = c.Cut() // as the engine does once for all recognizers
	all := pattern.New(pattern.Options{})
	for _, r := range all {
		b.Run(r.Name(), func(b *testing.B) {
			b.SetBytes(n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Find(context.Background(), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Whatever is said, every candidate is a piece of its line, cut between runes.
func FuzzFind(f *testing.F) {
	for _, s := range []string{
		"my email is mira dot s at gmail\ndot com", "P-O-R-O-Z-C-O two five at\nstudents dot lakeview dot org", "text me five two oh, triple five\noh one double four",
		"Replying to \"add me on snap mi...\"\n\nsame", "Meeting ID: 890 9840 0299 Passcode: 8uWUQ4", "my bday is 11/26/09", "@", "@@a", "a@b.c", "::1%", "https://", "http://[::1", "٥٥٥٠١٢٣٤", "5\u0301 2",
		"a @ b . com", "DE89 3704 0044 0532 0130 00", "2900 48th avenue apt", "po box", "discord:", "im 12", "passcode is k as in", "double", "my student id is", "\xff\xfe 555-0177", "Reacted to \"\" with", "Reacted to \"@a…\" with 👍",
	} {
		f.Add(s)
	}
	all := pattern.New(pattern.Options{Bare: true, Dates: true, IDPatterns: []string{`S\d+`}, Terms: []pattern.Term{{Text: "a b"}}})
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "�")
		c := &finding.Conversation{}
		for i, line := range strings.Split(s, "\n") {
			l := finding.Line{Channel: finding.Transcript, Text: line}
			if i%3 == 2 {
				l.Channel = finding.Chat
			}
			c.Lines = append(c.Lines, l)
		}
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Chat, Text: s}, finding.Line{Channel: finding.Chat, Text: "Replying to \"" + s + "\"\n\nok"})
		for _, r := range all {
			found, err := r.Find(context.Background(), c)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range found {
				if x.Line < 0 || x.Line >= len(c.Lines) {
					t.Fatalf("%s: line %d", r.Name(), x.Line)
				}
				l := c.Lines[x.Line].Text
				if x.Start < 0 || x.Start >= x.End || x.End > len(l) {
					t.Fatalf("%s: %d to %d of %d", x.Recognizer, x.Start, x.End, len(l))
				}
				if !boundary(l, x.Start) || !boundary(l, x.End) {
					t.Fatalf("%s cuts a rune at %d or %d of %q", x.Recognizer, x.Start, x.End, l)
				}
				if x.Score <= 0 || x.Score > 1 || x.Kind == "" || x.Why == "" {
					t.Fatalf("%s is not complete: %+v", x.Recognizer, x)
				}
			}
		}
	})
}

func boundary(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }
