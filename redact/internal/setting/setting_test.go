package setting

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

func conversation(lines ...string) *finding.Conversation {
	c := &finding.Conversation{}
	for n, l := range lines {
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, Speaker: string(rune('A' + n%2)), Text: l})
	}
	return c.Cut()
}

func TestSort(t *testing.T) {
	for word, want := range map[string]Sort{
		"7": OneDigit, "15": TeenDigits, "07": TwoDigits, "42": TwoDigits, "617": ThreeDigits, "2013": YearDigits, "4482": FourDigits, "90210": FiveDigits,
		"seven": Unit, "oh": Unit, "fifteen": Teen, "forty": Tens, "ninth": Order, "march": Month, "k": Letter, "the": Grammar,
		"underscore": Spoken, "times": Reckons, "water": Common, "@": AtSign, "?": Asks, "=": Reckons, "Fatima": Named, "zzyqvk": Unknown,
	} {
		if got := sortOf(&text.Tokenize(word)[0]); got != want {
			t.Errorf("%s: sort %d, want %d", word, got, want)
		}
	}
}

func TestRunCountsTheDigitsOfANumber(t *testing.T) {
	for line, want := range map[string]int{
		"four oh two, seven seven one": 6, "617-555-0123": 10, "it is 4.5": 2, "double four": 2, "k x 4 t 9": 5, "no number here": 0, "7, then 8": 1,
	} {
		r := NewReader(conversation(line))
		r.Read(0)
		got := 0
		for k := range r.t {
			got = max(got, r.Run(k))
		}
		if got != want {
			t.Errorf("%q: %d digits, want %d", line, got, want)
		}
	}
}

// What is said before tells: the same answer to two questions is described in
// two ways, and by what stands in the other channel in the same way.
func TestLinesBesideDescribe(t *testing.T) {
	describe := func(c *finding.Conversation) []uint32 {
		r := NewReader(c)
		r.Read(1)
		return r.Describe(0, nil)
	}
	pin, sum := conversation("what's your lunch pin", "4482"), conversation("what does it come to", "4482")
	if slices.Equal(describe(pin), describe(sum)) {
		t.Error("the question before tells nothing")
	}
	for _, c := range []*finding.Conversation{pin, sum} {
		c.Lines[0].Channel = finding.Chat
	}
	if !slices.Equal(describe(pin), describe(sum)) {
		t.Error("the other channel is part of the setting")
	}
}

// Which name and which number it is tells nothing.
func TestNamesAndNumbersAreAlike(t *testing.T) {
	describe := func(line string) []uint32 {
		r := NewReader(conversation(line))
		r.Read(0)
		return r.Line(nil)
	}
	if !slices.Equal(describe("ask Fatima for 44821"), describe("ask Priya for 90213")) {
		t.Error("a name or a number is described by itself")
	}
}

func TestBucketsAreInRange(t *testing.T) {
	words := strings.Fields("i'm fifteen 15 42 0123 the Maya , . ? @ _ zeru my id is = İ 🦔 ñandú [ID_1] o'brien d0g")
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for range rapid.IntRange(1, 5).Draw(t, "lines") {
			lines = append(lines, strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 40).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "blank")))
		}
		c := conversation(lines...)
		r := NewReader(c)
		for i := range c.Lines {
			r.Read(i)
			out := r.Line(nil)
			for k := range c.Lines[i].Tokens {
				out = r.Describe(k, out)
				r.Next(k, k+1)
			}
			for _, b := range out {
				if b >= Buckets {
					t.Fatalf("bucket %d", b)
				}
			}
		}
	})
}
