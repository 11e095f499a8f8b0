package pattern_test

import (
	"slices"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
)

// What is long or mixed is proposed for the judge, what a lesson writes is not.
func TestLongNumbers(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"8841093377", "8841093377"},
		{"7004 431 5", "7004 431 5"},
		{"114-88-203 its the district one", ""},
		{"its 114-88-203", "114-88-203"},
		{"its PN 5530 2186", "PN 5530 2186"},
		{"8 4 4 0 1 7 9 2", "8 4 4 0 1 7 9 2"},
		{"three three dash oh nine one six", "three three dash oh nine one six"},
		{"1 2 2 3 5 7 8 9", ""},
		{"JK42WQ8T", "JK42WQ8T"},
		{"g7-1190", "g7-1190"},
		{"five five five oh one seven four", "five five five oh one seven four"},

		{"12 15 18 22", ""},
		{"1000000", ""},
		{"5555555", ""},
		{"31415926", ""},
		{"one two three four five six seven", ""},
		{"10110100", ""},
		{"1500px", ""},
		{"sat2024", ""},
		{"x100", ""},
		{"3.1428571", ""},
		{"2500000 + 125", ""},
		{"chapter12", ""},
	} {
		c := finding.Conversation{Lines: []finding.Line{{Channel: finding.Chat, Text: tt.text}}}
		found, err := pattern.New(pattern.Options{})[0].Find(t.Context(), c.Cut())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if k := slices.IndexFunc(found, func(f finding.Candidate) bool {
			return f.Recognizer == "pattern/long/number" || f.Recognizer == "pattern/long/mixed"
		}); k >= 0 {
			got = tt.text[found[k].Start:found[k].End]
			if found[k].Score >= 0.5 {
				t.Errorf("%q: score %.2f needs no judge", tt.text, found[k].Score)
			}
		}
		if got != tt.want {
			t.Errorf("%q: %q is proposed, want %q", tt.text, got, tt.want)
		}
	}
}
