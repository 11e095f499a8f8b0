package roster

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What costs turns away is too far apart, so that nobody is missed for it.
func TestCostsTurnAwayOnlyTheFar(t *testing.T) {
	sounds := rapid.StringMatching(`[` + alphabet + `]{0,9}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := sounds.Draw(t, "a"), sounds.Draw(t, "b")
		most := rapid.Float64Range(0, far).Draw(t, "most")
		var l costs
		l.fill(b)
		if d := distance(a, b, far); l.exceed(a, b, most) && d <= most {
			t.Fatalf("%q and %q are %.3f apart, turned away at %.3f", a, b, d, most)
		}
		// A nearer limit gives the same distance, or tells that it is beyond.
		if d, near := distance(a, b, far), distance(a, b, most); near != d && (near <= most || d <= most) {
			t.Fatalf("%q and %q are %.3f apart, %.3f within %.3f", a, b, d, near, most)
		}
	})
}

// Every way a name or a word is read uses the letters of the alphabet.
func TestSoundsAreOfTheAlphabet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z]{1,10}`).Draw(t, "word")
		for _, rules := range []*[26][]rule{english, worldly} {
			for _, s := range read(word, rules) {
				for _, c := range s {
					if !strings.ContainsRune(alphabet, c) {
						t.Fatalf("%q is read %q, and %q is no sound", word, s, c)
					}
				}
			}
		}
	})
}
