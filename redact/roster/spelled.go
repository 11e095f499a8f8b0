package roster

import (
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// spelled finds names said letter by letter: "A-N-A-Y-A", "a n a y a",
// "J as in Juliet". Letters that are no known name need a cue, so that points
// on a graph and answer choices stay.
func spelled(c *finding.Conversation, x *index) []finding.Candidate {
	var out []finding.Candidate
	for i := range c.Lines {
		l := &c.Lines[i]
		for k := 0; k < len(l.Tokens); k++ {
			if !letter(l.Tokens[k]) || k > 0 && glued(l.Tokens[k-1], l.Tokens[k]) && l.Tokens[k-1].Shape.Word() {
				continue
			}
			s := spell(l, k)
			if k > 0 && l.Tokens[k-1].Norm == "double" {
				s.letters = s.letters[:1] + s.letters
			}
			if len(s.letters) < 2 {
				continue
			}
			f, ok := x.spelling(c, i, k, s)
			if f.Person == "" && f.Key == s.letters {
				// "With a C. C I, double L": what is spelled begins later.
				for from := k + 1; from < min(k+4, s.last); from++ {
					if !letter(l.Tokens[from]) {
						continue
					}
					if rest := spell(l, from); len(x.forms[rest.letters]) > 0 && len(rest.letters) > 2 {
						f, ok = x.spelling(c, i, from, rest)
						break
					}
				}
			}
			if ok {
				out = append(out, f)
			}
			k = s.last
		}
	}
	return out
}

type spelling struct {
	letters string
	last    int // token
	hyphens bool
	asIn    bool
}

func letter(t text.Token) bool {
	return t.Shape.Word() && len(t.Norm) == 1 && t.Norm[0] >= 'a' && t.Norm[0] <= 'z'
}

func glued(a, b text.Token) bool { return a.End == b.Start }

// spell reads letters from token k on.
func spell(l *finding.Line, k int) spelling {
	t := l.Tokens
	s := spelling{letters: t[k].Norm, last: k}
	dotted := true // every separator so far is a full stop
	for k < len(t) {
		// "J as in Juliet", "J for Juliet"
		if n := code(t, k); n > 0 {
			k += n
			s.last, s.asIn = k, true
		}
		next := k + 1
		if next < len(t) && (t[next].Norm == "-" || t[next].Norm == "," || t[next].Norm == "." || t[next].Norm == "–") {
			s.hyphens = s.hyphens || t[next].Norm == "-"
			stop := t[next].Norm
			next++
			if stop == "." && sentence(t, next, dotted && len(s.letters) > 1) || stop == "," && pronoun(t, next) {
				break
			}
			dotted = dotted && stop == "."
		} else {
			dotted = false
		}
		for next < len(t) && linking[t[next].Norm] {
			next++
		}
		if next < len(t) && t[next].Norm == "double" && next+1 < len(t) && letter(t[next+1]) {
			next++
			s.letters += t[next].Norm
		}
		if next >= len(t) || !letter(t[next]) {
			break
		}
		if next+1 < len(t) && glued(t[next], t[next+1]) && (t[next+1].Shape == text.Digit || t[next+1].Norm == "(" || t[next+1].Norm == "=") {
			break
		}
		s.letters += t[next].Norm
		s.last = next
		k = next
	}
	return s
}

// linking are words between letters that are spelled.
var linking = set(`and then hyphen dash apostrophe space um uh`)

// sentence reports whether the letter at token k, behind a full stop, begins a
// sentence: "I think so", "A triangle", "U r right". Where full stops part all
// letters, only the pronoun does.
func sentence(t []text.Token, k int, dotted bool) bool {
	if k+1 >= len(t) || !letter(t[k]) || glued(t[k], t[k+1]) {
		return false
	}
	if pronoun(t, k) {
		return true
	}
	switch pair := t[k].Norm + t[k+1].Norm; pair {
	case "ur", "ru", "yu", "ic", "idk":
		return k+2 < len(t) && t[k+2].Shape.Word() && !letter(t[k+2])
	}
	return !dotted && goesOn(t, k)
}

// pronoun reports whether the letter at token k is the pronoun of a clause.
func pronoun(t []text.Token, k int) bool {
	return k < len(t) && t[k].Norm == "i" && goesOn(t, k) && t[k+1].Norm != "is"
}

// goesOn reports whether an ordinary word follows the letter at token k, and
// not its code word or what joins it to the next letter.
func goesOn(t []text.Token, k int) bool {
	if k+1 >= len(t) || !t[k+1].Shape.Word() || letter(t[k+1]) || glued(t[k], t[k+1]) || code(t, k) > 0 {
		return false
	}
	switch t[k+1].Norm {
	case "and", "double", "then", "as":
		return false
	}
	return true
}

// code returns how many tokens after a letter are its code word.
func code(t []text.Token, k int) int {
	at := func(i int) string {
		if i < len(t) {
			return t[i].Norm
		}
		return ""
	}
	c := t[k].Norm
	switch {
	case at(k+1) == "as" && (at(k+2) == "in" || at(k+2) == "and") && strings.HasPrefix(at(k+3), c) && len(at(k+3)) > 1:
		return 3
	case (at(k+1) == "for" || at(k+1) == "like") && strings.HasPrefix(at(k+2), c) && len(at(k+2)) > 2:
		return 2
	}
	return 0
}

// spelling judges the letters at token k.
func (x *index) spelling(c *finding.Conversation, line, k int, s spelling) (finding.Candidate, bool) {
	l := &c.Lines[line]
	f := finding.Candidate{Line: line, Start: l.Tokens[k].Start, End: l.Tokens[s.last].End, Kind: finding.Person,
		Recognizer: "roster/spelled", Key: s.letters}
	cue := spellingCue(c, line, k)
	if forms := x.forms[s.letters]; len(forms) > 0 {
		h := forms[0]
		f.Person, f.Key = x.people[h.person].id, x.people[h.person].key
		f.Score, f.Why = 0.99, "the name of somebody in the session, spelled"
		if len(s.letters) == 2 && !cue && !s.hyphens && !(k == 1 && s.last+1 == len(l.Tokens) && l.Tokens[0].Norm == "its") {
			f.Score = 0.3
		}
		return f, true
	}
	if len(s.letters) >= 3 {
		for _, p := range x.people {
			for _, n := range p.names {
				if rest, ok := strings.CutPrefix(s.letters, n.norm); ok && slices.ContainsFunc(p.names, func(o name) bool { return o.norm == rest }) {
					f.Person, f.Key = p.id, p.key
					f.Score, f.Why = 0.99, "both names of somebody in the session, spelled"
					return f, true
				}
				near := len(n.norm) >= 4 && len(s.letters) >= 4 && typo(s.letters, n.norm)
				piece := len(n.norm) > len(s.letters) && (k == 0 || cue || s.hyphens) && strings.HasSuffix(n.norm, s.letters)
				if near || piece || len(s.letters) >= 3 && strings.HasPrefix(n.norm, s.letters) && (cue || len(s.letters) > 3) {
					f.Person, f.Key = p.id, p.key
					f.Score, f.Why = 0.95, "nearly the name of somebody in the session, spelled"
					return f, true
				}
			}
		}
	}
	if alphabetical(s.letters) || acronyms[s.letters] {
		return f, false
	}
	f.Why = "letters spelled one by one"
	name := x.lexicon.Name(s.letters)
	switch {
	case s.asIn && len(s.letters) >= 3:
		f.Score = 0.95
	case cue && len(s.letters) >= 3:
		f.Score = 0.93
	case cue && s.hyphens:
		f.Score = 0.6
	case name > 0.3 && len(s.letters) >= 4:
		f.Score = 0.9
	case s.hyphens && len(s.letters) >= 5 && syllables(s.letters):
		f.Score = 0.7
	default:
		return f, false
	}
	return f, true
}

// spellingCue reports whether spelling was announced shortly before: in this
// line, or in one of the two before it.
func spellingCue(c *finding.Conversation, line, k int) bool {
	for i := k - 1; i >= 0 && i >= k-8; i-- {
		if spellWords[c.Lines[line].Tokens[i].Norm] {
			return true
		}
	}
	if k > 3 {
		return false
	}
	for back := 1; back <= 2 && line-back >= 0; back++ {
		l := &c.Lines[line-back]
		if l.Channel != c.Lines[line].Channel {
			break
		}
		for _, t := range l.Tokens {
			if spellWords[t.Norm] {
				return true
			}
		}
	}
	return false
}

var spellWords = set(`spell spelled spelling spells spelt name lastname firstname surname`)

// alphabetical letters are points, options and variables.
func alphabetical(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != s[i-1]+1 {
			return false
		}
	}
	return true
}

var acronyms = set(`sat act psat gcf lcm lcd gcd pemdas foil gpa usa sohcahtoa pdf ok ab cd xy xyz abc ap ib ela nyc ny usb html faq aka fyi diy asap
sss sas asa aas hl mc frq dbq rsvp tbd iep esl ell stem steam cpctc soh cah toa gcse ged uk us un eu mph kmh pm am tv dna rna cpr atm ceo`)

// syllables reports whether letters could be said as a word.
func syllables(s string) bool {
	vowels := 0
	for i := range len(s) {
		if vowel(s[i]) || s[i] == 'y' {
			vowels++
		}
	}
	return vowels*4 >= len(s) && vowels < len(s)
}
