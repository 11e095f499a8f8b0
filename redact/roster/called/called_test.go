package called_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/roster/called"
	"github.com/schoolhouse-world/veil/redact/text"
)

// chat is an exchange of typed lines, cut.
func chat(lines ...string) *finding.Conversation {
	c := &finding.Conversation{}
	for n, l := range lines {
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Chat, Speaker: string(rune('A' + n%2)), Text: l})
	}
	return c.Cut()
}

// score is that of a word in the last line.
func score(t testing.TB, word string, lines ...string) float64 {
	t.Helper()
	c := chat(lines...)
	last := len(lines) - 1
	for k, token := range c.Lines[last].Tokens {
		if c.Lines[last].Text[token.Start:token.End] == word {
			return called.NewReader(called.Default(), c).Score(last, k, k+1)
		}
	}
	t.Fatalf("%q is not in %q", word, lines[last])
	return 0
}

// The same letter or word is somebody in one exchange and something in another.
func TestTheTalkAroundTells(t *testing.T) {
	for _, tt := range []struct {
		word              string
		somebody, nothing []string
	}{
		{"T", []string{"im so tired", "go sleep then", "gn T see u tmrw"}, []string{"which one", "solve for T first", "is T the time or the temperature"}},
		{"K", []string{"who is still on 4", "wait for her", "K is so confused rn lol"}, []string{"y equals K times x", "whats K", "K is the constant so its 3"}},
		{"hope", []string{"who has the packet", "not me", "ask hope she has it"}, []string{"did u finish", "almost", "i hope she has it"}},
		{"mark", []string{"whos next", "u are", "no its mark, go mark"}, []string{"which is wrong", "the second", "just mark it with a star"}},
	} {
		yes, no := score(t, tt.word, tt.somebody...), score(t, tt.word, tt.nothing...)
		if yes < 4*no || no > 0.3 {
			t.Errorf("%s: %.2f where it is somebody, %.2f where it is not", tt.word, yes, no)
		}
	}
}

func TestLetters(t *testing.T) {
	for _, tt := range []struct{ s, want string }{
		{"T can u", "T"}, {"MH can u", "MH"}, {"J. T. said", "J. T"}, {"b can u", "b"},
		{"I can", ""}, {"x+1", ""}, {"ID", ""}, {"ok", ""}, {"A's answer", ""}, {"T2 is", ""}, {"no", ""}, {"é", ""},
	} {
		tokens := text.Tokenize(tt.s)
		got := ""
		if to := called.Letters(tokens, 0); to > 0 {
			got = tt.s[tokens[0].Start:tokens[to-1].End]
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.s, got, tt.want)
		}
	}
}

// Scores are probabilities, and those of one place do not depend on which was
// asked before.
func TestScoresAreProbabilities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for range rapid.IntRange(1, 5).Draw(t, "lines") {
			lines = append(lines, strings.Join(rapid.SliceOfN(rapid.SampledFrom(strings.Fields("T K hope mark is u ty x = 4 , . ? can A B Oksana 12 😀 é")), 1, 12).Draw(t, "words"), " "))
		}
		c := chat(lines...)
		reader := called.NewReader(called.Default(), c)
		for i := range c.Lines {
			for k := range c.Lines[i].Tokens {
				p := reader.Score(i, k, k+1)
				if !(p >= 0 && p <= 1) || p != called.NewReader(called.Default(), c).Score(i, k, k+1) {
					t.Fatalf("line %d token %d: %v", i, k, p)
				}
			}
		}
	})
}
