package redact_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/curriculum"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/roster"
	"github.com/schoolhouse-world/veil/redact/text"
)

// seeds are lines of a session, each said by one of two people; a name before
// the first bar is on the roster.
var seeds = []string{
	"Oksana Sokolova|Okay, Oksana, what is x?\nOx Anna here\nO-K-S-A-N-A",
	"Łukasz d'Árc|Woo Cash?\n\nlukasz's graph\nL\u0301ukasz",
	"Will|will you\nWill, will you?\nwwwwiiiill",
	"İpek Yılmaz|İPEK ipek ıpek\nReplying to \"İpe...\"\n\nyes",
	"美咲 田中|田中さん、美咲です\nミサキ",
	"A B|A\nB\nA to B\nPoint A",
	"Seo-yeon|Seo\nyeon - Seo-\n-yeon",
	"x|my name is x\n[PERSON_1]\n[LEARNER_1][x]\n[",
	"Zoë|my email is zoe at\nexample dot org\n617-555-\n0123",
	"\u200dA\u200d|\u200d\u200d\n\ufeff\n\u0301\n👩‍👩‍👧",
	"De La|de la de la Cruz\nmr de la",
	"Kim|Kim-like Kim's Kims' kim",
	"Zoë|my email is mira dot s at gmail\n\n\n\n\n\ndot com",
	"Zoë|my zip code is 02139\nmy zip code is 02139\nadd me on snap [HANDLE]",
	" , |, ,\nMy teacher is Mr. ,",
	"Euler|Euler's Euler\nthe Euler line of Diego\nTom has 3 apples. Tom gives 2.",
}

// session makes a conversation of a fuzzed string.
func session(s string) finding.Conversation {
	s = strings.ToValidUTF8(s, "\ufffd")
	name, said, ok := strings.Cut(s, "|")
	if !ok {
		name, said = "", s
	}
	first, last, _ := strings.Cut(name, " ")
	c := finding.Conversation{People: []finding.Participant{{ID: "1", Label: "LEARNER_1", First: first, Last: last, Preferred: last, Other: []string{name}, Email: name + "@x.org", Handles: []string{first}, School: last, City: first}}}
	for i, l := range strings.Split(said, "\n") {
		line := finding.Line{Channel: finding.Transcript, Text: l, Unseen: i%5 == 4}
		if i%2 == 0 {
			line.Speaker, line.SpeakerName = "1", name
		} else {
			line.SpeakerName = first + "'s iPad"
		}
		if i%3 == 2 {
			line.Channel = finding.Chat
			if n := len(l); n > 2 {
				line.Quotes = []finding.Range{{Start: n / 3, End: n - 1}, {Start: -1, End: n + 5}}
			}
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

// fuzzRecognizer holds a recognizer to the contract of finding.Recognizer.
func fuzzRecognizer(f *testing.F, all ...finding.Recognizer) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := session(s)
		for i := range c.Lines {
			c.Lines[i].Tokens = text.Tokenize(c.Lines[i].Text)
		}
		for _, r := range all {
			found, err := r.Find(context.Background(), &c)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range found {
				if x.Line < 0 || x.Line >= len(c.Lines) {
					t.Fatalf("%s: line %d of %d", x.Recognizer, x.Line, len(c.Lines))
				}
				l := c.Lines[x.Line].Text
				if x.Start < 0 || x.Start >= x.End || x.End > len(l) {
					t.Fatalf("%s: %d-%d of %d", x.Recognizer, x.Start, x.End, len(l))
				}
				if !utf8.RuneStart(l[x.Start]) || x.End < len(l) && !utf8.RuneStart(l[x.End]) {
					t.Fatalf("%s cuts a character at %d-%d of %q", x.Recognizer, x.Start, x.End, l)
				}
				if !(x.Score >= 0 && x.Score <= 1) || x.Why == "" || x.Recognizer == "" {
					t.Fatalf("not complete: %+v", x)
				}
			}
		}
	})
}

func FuzzRoster(f *testing.F) {
	fuzzRecognizer(f, roster.New(roster.Options{}), roster.NewAddressed(roster.Options{}))
}

func FuzzNames(f *testing.F) {
	r, err := names.New(names.Options{Least: 0.05})
	if err != nil {
		f.Fatal(err)
	}
	fuzzRecognizer(f, r)
}

func FuzzCurriculum(f *testing.F) { fuzzRecognizer(f, curriculum.New()) }

// Whatever is said, findings are whole, the rest is untouched, and what is
// denied goes.
func FuzzEngine(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	own := redact.Own{Deny: []redact.Term{{Text: "kiosk"}}, Keep: []string{"Euler"}, Patterns: []redact.Pattern{{Name: "n", Expr: `x(.)|é`}}}
	engines := []*redact.Engine{standard(f, redact.Options{}), standard(f, redact.Options{Own: own, Surrogates: surrogates(f, true, nil),
		Policies: map[finding.Kind]redact.Policy{finding.Age: redact.Generalise, finding.School: redact.Retain}})}
	f.Fuzz(func(t *testing.T, s string) {
		c := session(s)
		for _, e := range engines {
			if wrong := whole(c, run(t, e, c)); wrong != "" {
				t.Fatalf("%s in %q", wrong, s)
			}
		}
	})
}

// What is no text is refused, not guessed at.
func TestInvalidTextIsRefused(t *testing.T) {
	_, err := standard(t, redact.Options{}).Redact(context.Background(), finding.Conversation{Lines: []finding.Line{{Text: "ok"}, {Text: "Oksana \xff"}}})
	if err == nil || err.Error() != "line 2 is not valid UTF-8: bring it to UTF-8 before redaction" {
		t.Errorf("error %v", err)
	}
}

// A recognizer that breaks its contract stops the session, without a word of it
// in the error.
func TestBrokenRecognizersAreNamed(t *testing.T) {
	c := finding.Conversation{Lines: []finding.Line{{Text: "hi Zoë"}}}
	for want, x := range map[string]finding.Candidate{
		"recognizer broken: candidate on line 2 of 1":                           {Line: 1, End: 1},
		"recognizer broken: candidate 3-3 is outside line 1 or empty":           {Start: 3, End: 3},
		"recognizer broken: candidate 3-8 is outside line 1 or empty":           {Start: 3, End: 8},
		"recognizer broken: candidate 3-6 of line 1 cuts a character":           {Start: 3, End: 6},
		"recognizer broken: candidate 3-7 of line 1 has a score outside 0 to 1": {Start: 3, End: 7, Score: 1.5},
	} {
		e, err := redact.New(redact.Options{Recognizers: []finding.Recognizer{fixed{x}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Redact(context.Background(), c); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// fixed is a recognizer that always answers the same.
type fixed struct{ candidate finding.Candidate }

func (fixed) Name() string { return "broken" }

func (f fixed) Find(context.Context, *finding.Conversation) ([]finding.Candidate, error) {
	return []finding.Candidate{f.candidate}, nil
}
