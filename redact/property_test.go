package redact_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/curriculum"
	"github.com/schoolhouse-world/veil/redact/disclosure"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/judge"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/roster"
	"github.com/schoolhouse-world/veil/redact/text"

	"pgregory.net/rapid"
)

// world is a generated session with the places of its people's names.
type world struct {
	c     finding.Conversation
	named []mention
}

// mention is a range of a line that names somebody on the roster.
type mention struct {
	line, start, end int
	person           string
}

// everybody are invented people in the shapes names have: short, hyphenated,
// accented, with particles, and everyday words.
var everybody = []finding.Participant{
	{First: "Oksana", Last: "Sokolova"}, {First: "Łukasz", Last: "Wiśniewski"}, {First: "Seo-yeon", Last: "Bae"},
	{First: "Babatunde", Last: "Adeyemi", Preferred: "Tunde"}, {First: "Linh", Last: "Nguyễn"}, {First: "Grace", Last: "Hill"},
	{First: "Will", Last: "Banks"}, {First: "D'Andre", Last: "O'Brien"}, {First: "Ximena", Last: "de la Garza"}, {First: "Xóchitl", Last: "Montoya"},
	{First: "Keoni", Last: "Kahale"}, {First: "Ng", Last: "Wei"}, {First: "Saoirse", Last: "Gallagher"}, {First: "İpek", Last: "Yılmaz"},
	{First: "Zbigniew", Last: "Lund"}, {First: "Amara", Last: "Okafor"}, {First: "Ира", Last: "Морозова"}, {First: "美咲", Last: "田中"},
}

// sentences hold %G where somebody on the roster is named by first name, %N by
// first and last.
var sentences = []string{
	"Okay, %G, what is the slope?", "thank you %G", "hi its %G", "%N: are you there?", "What did %G get for number 4?", "%G's graph goes up.",
	"Good job, %G!", "I agree with %G and %G.", "My name is %N.", "%G, can you read the next one?", "is %G coming today",
	"3x + 5 = 20, so x is 5.", "Euler's formula is on page 12.", "Mark the point on the y-axis, please.", "The bill was $45 and grace period is 3 days.",
	"my brother Diego needs the laptop", "Mr. Lindqvist said to skip it", "email me at k.lund@example.org", "my number is 617-555-0123",
	"I go to Oakview Middle School in Fresno", "Tom has 12 apples and gives 5 to Ann.", "my student id is 20483321", "im 12", "meeting id is 890 9840 0299",
	"👩‍👩‍👧 lol", "[LEARNER_1] said hi to [PERSON_2]", "from A to B it takes 4 hours", "Reacted to \"hi its...\" with 👍", "add me on snap mira_03",
	"my zip code is 02139", "born on 11/26/2009", "a  b", "", "my email is mira dot s at gmail", "dot com", "ﬁnd Ⅷ", "www.example.org/u/8812",
}

func worlds() *rapid.Generator[world] { return worldsOf(sentences, true) }

// worldsOf makes sessions of sentences, with arbitrary text between them when
// asked.
func worldsOf(sentences []string, noise bool) *rapid.Generator[world] {
	return rapid.Custom(func(t *rapid.T) world {
		var w world
		for i, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(everybody)-1), 1, 4, rapid.ID[int]).Draw(t, "people") {
			p := everybody[n]
			p.ID, p.Label = fmt.Sprintf("p%d", i), fmt.Sprintf("PARTICIPANT_%d", i+1)
			w.c.People = append(w.c.People, p)
		}
		chat := rapid.IntRange(0, 12).Draw(t, "chat from")
		for i := range rapid.IntRange(1, 12).Draw(t, "lines") {
			l := finding.Line{Channel: finding.Transcript, Unseen: rapid.IntRange(0, 9).Draw(t, "unseen") == 0}
			if i >= chat {
				l.Channel = finding.Chat
			}
			if k := rapid.IntRange(0, len(w.c.People)).Draw(t, "speaker"); k < len(w.c.People) {
				l.Speaker, l.SpeakerName = w.c.People[k].ID, w.c.People[k].First+" "+w.c.People[k].Last
			}
			if noise && rapid.IntRange(0, 5).Draw(t, "noise") == 0 {
				l.Text = strings.ToValidUTF8(rapid.String().Draw(t, "text"), "")
			} else {
				w.say(t, &l, sentences)
			}
			w.c.Lines = append(w.c.Lines, l)
		}
		return w
	})
}

// say fills a sentence and notes where it names whom.
func (w *world) say(t *rapid.T, l *finding.Line, sentences []string) {
	rest := rapid.SampledFrom(sentences).Draw(t, "sentence")
	for {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			break
		}
		l.Text += rest[:i]
		p := rapid.SampledFrom(w.c.People).Draw(t, "named")
		name := p.First
		if rest[i+1] == 'N' {
			name += " " + p.Last
		}
		rest = rest[i+2:]
		w.named = append(w.named, mention{len(w.c.Lines), len(l.Text), len(l.Text) + len(name), p.ID})
		l.Text += name
	}
	l.Text += rest
}

func standard(t testing.TB, o redact.Options) *redact.Engine {
	e, err := redact.Standard(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

type fataler interface{ Fatal(args ...any) }

func run(t fataler, e *redact.Engine, c finding.Conversation) redact.Result {
	r, err := e.Redact(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// covers reports whether findings take every letter and digit of a range.
func covers(s string, findings []finding.Finding, start, end int) bool {
	for i, r := range s[start:end] {
		at := start + i
		if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Start <= at && at < f.End }) {
			return false
		}
	}
	return true
}

// whole says what is wrong with a result, "" when nothing.
func whole(c finding.Conversation, r redact.Result) string {
	if len(r.Lines) != len(c.Lines) {
		return fmt.Sprintf("%d lines of %d", len(r.Lines), len(c.Lines))
	}
	for i, l := range r.Lines {
		s, at := c.Lines[i].Text, 0
		var b strings.Builder
		for _, f := range l.Findings {
			if f.Line != i || f.Start < at || f.Start >= f.End || f.End > len(s) {
				return fmt.Sprintf("line %d: finding %d-%d of line %d after %d", i+1, f.Start, f.End, f.Line+1, at)
			}
			if !utf8.RuneStart(s[f.Start]) || f.End < len(s) && !utf8.RuneStart(s[f.End]) {
				return fmt.Sprintf("line %d: finding %d-%d cuts a character", i+1, f.Start, f.End)
			}
			if f.Outcome == finding.Kept || f.Label == "" || f.Why == "" || !(f.Score >= 0 && f.Score <= 1) {
				return fmt.Sprintf("line %d: finding %d-%d is not complete: %s %q", i+1, f.Start, f.End, f.Outcome, f.Label)
			}
			b.WriteString(s[at:f.Start])
			if f.Surrogate != "" {
				b.WriteString(f.Surrogate)
			} else {
				b.WriteString("[" + f.Label + "]")
			}
			at = f.End
		}
		b.WriteString(s[at:])
		if b.String() != l.Text {
			return fmt.Sprintf("line %d: text outside findings changed", i+1)
		}
		for _, k := range l.Kept {
			if k.Outcome != finding.Kept || k.Start < 0 || k.Start >= k.End || k.End > len(s) {
				return fmt.Sprintf("line %d: kept %d-%d, %s", i+1, k.Start, k.End, k.Outcome)
			}
			for _, f := range l.Findings {
				if f.Start < k.End && k.Start < f.End {
					return fmt.Sprintf("line %d: %d-%d is kept and removed", i+1, k.Start, k.End)
				}
			}
		}
	}
	return ""
}

func TestFindingsAreWholeAndTheRestIsUntouched(t *testing.T) {
	e := standard(t, redact.Options{})
	rapid.Check(t, func(t *rapid.T) {
		w := worlds().Draw(t, "world")
		before := fmt.Sprintf("%+v", w.c)
		if wrong := whole(w.c, run(t, e, w.c)); wrong != "" {
			t.Fatal(wrong)
		}
		if fmt.Sprintf("%+v", w.c) != before {
			t.Fatal("the conversation was modified")
		}
	})
}

func TestRedactingTwiceChangesNothing(t *testing.T) {
	e := standard(t, redact.Options{})
	plain := worldsOf(sentences, false)
	rapid.Check(t, func(t *rapid.T) {
		w := plain.Draw(t, "world")
		again := finding.Conversation{People: w.c.People, Lines: slices.Clone(w.c.Lines)}
		once := run(t, e, w.c)
		for i := range again.Lines {
			again.Lines[i].Text = once.Lines[i].Text
		}
		for i, l := range run(t, e, again).Lines {
			if l.Text != once.Lines[i].Text {
				t.Fatalf("line %d: %q, then %q", i+1, once.Lines[i].Text, l.Text)
			}
		}
	})
}

// A label stands for an answer: what comes after it answers nothing.
func TestALabelIsAnAnswer(t *testing.T) {
	e := standard(t, redact.Options{})
	for _, asked := range []string{"add me on snap [HANDLE]", "the passcode is [MEETING]"} {
		lines := []finding.Line{{Channel: finding.Chat, Text: asked}, {Channel: finding.Chat, Text: "a  b"}, {Channel: finding.Chat, Text: "zebrapants"}}
		for i, l := range run(t, e, finding.Conversation{Lines: lines}).Lines {
			if l.Text != lines[i].Text {
				t.Errorf("after %q: %q", asked, l.Text)
			}
		}
	}
}

func TestARosterNeverHidesLess(t *testing.T) {
	e := standard(t, redact.Options{})
	rapid.Check(t, func(t *rapid.T) {
		w := worlds().Draw(t, "world")
		stranger := finding.Conversation{Lines: slices.Clone(w.c.Lines)}
		for i := range stranger.Lines {
			stranger.Lines[i].Speaker = ""
		}
		without, with := run(t, e, stranger), run(t, e, w.c)
		for _, m := range w.named {
			s := w.c.Lines[m.line].Text
			if covers(s, without.Lines[m.line].Findings, m.start, m.end) && !covers(s, with.Lines[m.line].Findings, m.start, m.end) {
				t.Fatalf("line %d, %d-%d of %q is hidden only without the roster", m.line+1, m.start, m.end, s)
			}
		}
	})
}

// parts are the recognizers of Standard.
func parts(t testing.TB) []finding.Recognizer {
	tagger, err := names.New(names.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := append([]finding.Recognizer{roster.New(roster.Options{}), roster.NewAddressed(roster.Options{})}, pattern.New(pattern.Options{})...)
	return append(out, tagger, curriculum.New(), disclosure.New())
}

func TestOrderOfRecognizersDoesNotMatter(t *testing.T) {
	all := parts(t)
	first, err := redact.New(redact.Options{Recognizers: all, Judge: judge.Default()})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		w := worlds().Draw(t, "world")
		shuffled, err := redact.New(redact.Options{Recognizers: rapid.Permutation(all).Draw(t, "order"), Judge: judge.Default()})
		if err != nil {
			t.Fatal(err)
		}
		if a, b := run(t, first, w.c), run(t, shuffled, w.c); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\nand in another order\n%+v", a, b)
		}
	})
}

// What is denied goes, whatever else is found or kept.
func TestDenyBeatsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := worlds().Draw(t, "world")
		var words []string
		for _, l := range w.c.Lines {
			for _, token := range text.Tokenize(l.Text) {
				if again := text.Tokenize(token.Norm); len(again) == 1 && again[0].Shape != text.Mark && again[0].Norm == token.Norm {
					words = append(words, token.Norm)
				}
			}
		}
		if len(words) == 0 {
			t.Skip("nobody speaks")
		}
		denied := rapid.SliceOfN(rapid.SampledFrom(words), 1, 3).Draw(t, "denied")
		own := redact.Own{Keep: denied}
		for _, d := range denied {
			own.Deny = append(own.Deny, redact.Term{Text: d, Kind: rapid.SampledFrom([]finding.Kind{"", finding.Org, finding.Person}).Draw(t, "kind")})
		}
		e, err := redact.Standard(redact.Options{Own: own, Policies: map[finding.Kind]redact.Policy{finding.School: redact.Retain, finding.Location: redact.Retain}})
		if err != nil {
			t.Fatal(err)
		}
		result := run(t, e, w.c)
		if wrong := whole(w.c, result); wrong != "" {
			t.Fatal(wrong)
		}
		for i, l := range w.c.Lines {
			for _, token := range text.Tokenize(l.Text) {
				if token.Shape != text.Mark && slices.Contains(denied, token.Norm) && !inLabel(l.Text, token.Start) && !inQuote(l, token.Start) &&
					!covers(l.Text, result.Lines[i].Findings, token.Start, token.End) {
					t.Fatalf("line %d: %q is denied and stays in %q", i+1, token.Norm, result.Lines[i].Text)
				}
			}
		}
	})
}

// inLabel reports whether a byte lies in what an earlier redaction wrote.
func inLabel(s string, at int) bool {
	open := strings.LastIndexByte(s[:at], '[')
	if open < 0 || strings.LastIndexByte(s[:at], ']') > open {
		return false
	}
	end := strings.IndexByte(s[open:], ']')
	if end < 0 {
		return false
	}
	label := s[open : open+end+1]
	return label == "[LEARNER_1]" || label == "[PERSON_2]"
}

func inQuote(l finding.Line, at int) bool {
	return slices.ContainsFunc(l.Quotes, func(q finding.Range) bool { return q.Start <= at && at < q.End })
}

// A list of words to keep never brings a participant's name back.
func TestKeepNeverBeatsTheRoster(t *testing.T) {
	plain := standard(t, redact.Options{})
	rapid.Check(t, func(t *rapid.T) {
		w := worlds().Draw(t, "world")
		var keep []string
		for _, p := range w.c.People {
			if p.First == "Grace" || p.First == "Will" {
				continue // may be the everyday word, which a list may well keep
			}
			keep = append(keep, p.First, p.Last, p.First+" "+p.Last)
		}
		e, err := redact.Standard(redact.Options{Own: redact.Own{Keep: keep}})
		if err != nil {
			t.Fatal(err)
		}
		before, after := run(t, plain, w.c), run(t, e, w.c)
		for i, l := range before.Lines {
			for _, f := range l.Findings {
				if f.Person != "" && !covers(w.c.Lines[i].Text, after.Lines[i].Findings, f.Start, f.End) {
					t.Fatalf("line %d, %d-%d of %q was found by %s, and stays once its word is kept", i+1, f.Start, f.End, w.c.Lines[i].Text, f.Recognizer)
				}
			}
		}
	})
}

// One engine serves any number of sessions at once.
func TestAnEngineIsSafeForConcurrentUse(t *testing.T) {
	e := standard(t, redact.Options{Own: redact.Own{Deny: []redact.Term{{Text: "slope"}}}, Surrogates: surrogates(t, true, nil)})
	sessions := make([]world, 12)
	want := make([]redact.Result, len(sessions))
	for i := range sessions {
		sessions[i] = worlds().Example(i)
		want[i] = run(t, e, sessions[i].c)
	}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range sessions {
				k := (i + g) % len(sessions)
				got, err := e.Redact(context.Background(), sessions[k].c)
				if err != nil || !reflect.DeepEqual(got, want[k]) {
					t.Errorf("session %d: another result beside others (%v)", k, err)
				}
			}
		})
	}
	all.Wait()
}

func TestAStoppedRunSaysSo(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := standard(t, redact.Options{}).Redact(ctx, lesson(5000)); err != context.Canceled {
		t.Errorf("error %v", err)
	}
}
