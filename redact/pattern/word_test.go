package pattern

import (
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Whatever a reader leaves out for speed, it finds every phrase it was given:
// alone, among other words, with words where any may stand, and with an 's
// behind its last word.
func TestReaderFindsEveryPhrase(t *testing.T) {
	all := []matcher{newEmail(), newPhone(), newHandle(), newMeeting(), newIdentifier(Options{IDCues: []string{"kiosk number"}}), newAccount(false),
		newAddress(), newBirthday(false), newAge(), newCustom(Options{Terms: []Term{{Text: "kelp king"}, {Text: "o"}}})}
	r := newReader(all)
	for _, m := range all {
		p := m.(cued).phrases()
		for _, list := range p.first {
			for _, ph := range list {
				for _, filling := range []string{"", " qua", " qua qui quo"} {
					s := strings.ReplaceAll(strings.Join(ph.words, " "), " "+anyWords, filling)
					whole := len(text.Tokenize(s))
					expectHit(t, r, p, s, 0, whole)
					expectHit(t, r, p, "qua "+s+" qua", 1, whole)
					if last := ph.words[len(ph.words)-1]; len(last) > 2 && text.Tokenize(last)[0].Shape.Word() {
						expectHit(t, r, p, "qua "+s+"'s qua", 1, whole)
					}
				}
			}
		}
	}
}

// expectHit wants a phrase of some words, or a longer one, at token from.
func expectHit(t *testing.T, r *reader, p *phrases, s string, from, words int) {
	t.Helper()
	c := &finding.Conversation{Lines: []finding.Line{{Text: s}}}
	lines := r.read(c.Cut())
	for _, h := range p.find(&lines[0], nil) {
		if h.from == from && h.to >= from+words {
			return
		}
	}
	t.Errorf("no phrase of %d words at token %d of %q", words, from, s)
}

// What a line is known to hold is what its tokens are.
func TestClassesOfALine(t *testing.T) {
	for _, c := range []struct {
		text       string
		has, inner class // that it has
		hasNo      class // that it has nowhere
	}{
		{"Mira dot com", inSaidDots | inDots | inTops, inSaidDots | inDots, inGlued | inStops},
		{"We are done.", inStops | inDots, 0, inGlued | inSaidDots},
		{"see kelp.org", inStops | inGlued | inTops, inStops | inGlued, inSaidDots | inColons},
		{"five double oh", inUnits | inTimes, inUnits | inTimes, inLarger},
		{"ask [EMAIL_1.]", inStops | inGlued | inLowLines, 0, inAtSigns},
		{"x_1 @ a", inLowLines | inAtSigns | inLetters, inLowLines | inAtSigns | inLetters, inHyphens},
		{"", 0, 0, ^known},
	} {
		l := finding.Line{Text: c.text, Tokens: text.Tokenize(c.text)}
		if i := strings.IndexByte(c.text, '['); i >= 0 { // as the engine does
			l.Tokens = append(text.Tokenize(c.text[:i]), text.Token{Start: i, End: len(c.text), Norm: "[EMAIL_1.]", Shape: text.Mark})
		}
		v := newReader(nil).read((&finding.Conversation{Lines: []finding.Line{l}}).Cut())[0]
		if v.has&c.has != c.has || v.inner&c.inner != c.inner || v.has&c.hasNo != 0 {
			t.Errorf("%q has %b, inside %b", c.text, v.has, v.inner)
		}
		if i := len(v.tok) - 1; i > 0 && len(v.tok[i].Norm) > 1 && v.tok[i].Shape == text.Mark && v.is(i, inBrackets|inStops|inReckoning) {
			t.Errorf("the label in %q is taken for its marks", c.text)
		}
	}
}
