package disclosure

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/internal/logistic"
)

// find gives the words that two people disclose who speak in turn.
func find(t testing.TB, lines ...string) []string {
	t.Helper()
	c := &finding.Conversation{}
	for n, l := range lines {
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Chat, Speaker: string(rune('A' + n%2)), Text: l})
	}
	found, err := New().Find(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range found {
		out = append(out, c.Lines[f.Line].Text[f.Start:f.End])
	}
	return out
}

func TestDisclosed(t *testing.T) {
	for _, tt := range []struct{ lines, want string }{
		{"what's your student number? | um four oh two seven seven one", "four oh two seven seven one"},
		{"how old is your brother | he just turned eleven", "eleven"},
		{"whats ur lunch pin | 4482", "4482"},
		{"add me on discord its soggywaffle", "soggywaffle"},
	} {
		if got := strings.Join(find(t, strings.Split(tt.lines, " | ")...), "; "); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.lines, got, tt.want)
		}
	}
}

// Behind a label of an earlier redaction nothing is told any more.
func TestALabelIsAnAnswer(t *testing.T) {
	if got := find(t, "whats ur lunch pin", "4482"); len(got) == 0 {
		t.Fatal("the answer is not found at all")
	}
	c := &finding.Conversation{Lines: []finding.Line{{Channel: finding.Chat, Text: "whats ur lunch pin"}, {Channel: finding.Chat, Text: "it is"}, {Channel: finding.Chat, Text: "4482"}}}
	cut := c.Cut()
	cut.Lines[1].Tokens[0].Norm, cut.Lines[1].Tokens[0].Shape = "[ID_1]", 0
	found, err := New().Find(context.Background(), cut)
	if err != nil || len(found) > 0 {
		t.Errorf("found %v, %v", found, err)
	}
}

// Whatever is said, what is proposed lies in its line, on whole characters, in
// order and apart, with a probability.
func TestProposalsAreRanges(t *testing.T) {
	words := strings.Fields("i'm turning fifteen 15 in march my discord is soggy waffle _ 42 at gmail dot com 617 555 0123 oh double four ! ? , . - @ İ 🦔 ñandú [ID_1] address 22 Birch lane pin")
	rapid.Check(t, func(t *rapid.T) {
		c := &finding.Conversation{}
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			said := rapid.SliceOfN(rapid.SampledFrom(words), 0, 24).Draw(t, "words")
			c.Lines = append(c.Lines, finding.Line{Channel: rapid.SampledFrom([]finding.Channel{finding.Chat, finding.Transcript}).Draw(t, "channel"),
				Text: strings.Join(said, rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "blank"))})
		}
		found, err := New().Find(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		line, at := 0, 0
		for _, f := range found {
			if f.Line != line {
				line, at = f.Line, 0
			}
			s := c.Lines[f.Line].Text
			if f.Start < at || f.Start >= f.End || f.End > len(s) || !utf8.ValidString(s[f.Start:f.End]) || !(f.Score >= 0.2 && f.Score <= 1) || !f.Kind.Known() || f.Why == "" {
				t.Fatalf("%q: %+v behind byte %d", s, f, at)
			}
			at = f.End
		}
	})
}

func TestModelIsReadAsWritten(t *testing.T) {
	packed, err := logistic.Pack(Default().Write)
	if err != nil {
		t.Fatal(err)
	}
	m, err := logistic.Unpack(packed, readModel)
	if err != nil {
		t.Fatal(err)
	}
	if m.Least != Default().Least || !slices.Equal(m.Weights, Default().Weights) || !slices.Equal(m.Line.Weights, Default().Line.Weights) {
		t.Error("a model is not read as it was written")
	}
	if _, err := logistic.Unpack(packed[:len(packed)/2], readModel); err == nil {
		t.Error("half a model is read")
	}
}

func FuzzFind(f *testing.F) {
	f.Add("whats ur id", "four oh two")
	f.Add("my discord is", "soggy_waffle #1")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) {
			t.Skip()
		}
		find(t, a, b, a)
	})
}

func ExampleNew() {
	c := &finding.Conversation{Lines: []finding.Line{{Text: "how old is your brother"}, {Text: "he just turned eleven"}}}
	found, err := New().Find(context.Background(), c)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range found {
		fmt.Println(f.Kind, c.Lines[f.Line].Text[f.Start:f.End])
	}
	// Output: AGE eleven
}
