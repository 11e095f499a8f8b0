package roster

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/roster/called"
	"github.com/schoolhouse-world/veil/redact/text"
)

// lettered finds people called by a letter or two of their names, wherever the
// talk around tells it: "gn T", "its ok X i did that too", "MH can u send ur
// notes". What stands in a form of its own ("Thanks, R.") has been found before.
// Whose letters they are is left open where several people have them.
func (x *index) lettered(c *finding.Conversation, out []finding.Candidate) []finding.Candidate {
	if len(c.Lines) < around {
		return out
	}
	owners := x.initials()
	first := len(out)
	for i := range c.Lines {
		t := c.Lines[i].Tokens
		for k := 0; k < len(t); k++ {
			if n := len(t[k].Norm); n > 2 || n == 2 && len(owners[t[k].Norm]) == 0 {
				continue // most words
			}
			to := called.Letters(t, k)
			if to == k {
				continue
			}
			what := letters(t[k:to])
			whose := owners[what]
			if len(whose) == 0 || len(what) == 1 && x.pointLetter(what[0], len(c.Lines)) {
				continue
			}
			score := x.called.Score(i, k, to)
			score = 1 / (1 + math.Exp(-math.Log(score/(1-score))-known(t[k:to])))
			if len(what) == 2 && len(t[k].Norm) == 2 && t[k].Shape == text.Upper && x.pairAlone(c, i, what) {
				score = max(score, 0.6)
			}
			if score < leastLetter {
				continue
			}
			f := finding.Candidate{Line: i, Start: t[k].Start, End: t[to-1].End, Kind: finding.Person, Score: score, Recognizer: "roster/letter",
				Why: "initials of somebody in the session, where the talk is of people"}
			if slices.ContainsFunc(out[:first], func(o finding.Candidate) bool {
				return o.Line == i && o.Start < f.End && f.Start < o.End && !o.Keep && o.Score >= score
			}) {
				continue
			}
			if f.Key = "letters " + what; len(whose) == 1 {
				p := x.people[whose[0]]
				f.Person, f.Key = p.id, p.key
			}
			out = append(out, f)
			k = to - 1
		}
	}
	return out
}

// known is what it speaks for somebody, in log-odds, that letters are those of
// somebody in the session, which package called does not know: any letter is one
// in five sessions, two are hardly ever those of somebody by chance.
func known(t []text.Token) float64 {
	switch {
	case len(t) == 1 && len(t[0].Norm) == 1:
		return 1.6
	case len(t) == 1:
		return 3.5
	}
	return 6 // with a full stop between them
}

// around is how many lines a conversation needs for there to be talk around.
const around = 3

// pairAlone reports whether two large letters near line i are no segment of a
// figure: they do not follow each other in the alphabet, nothing of geometry stands
// before them, and no other two share a letter with them.
func (x *index) pairAlone(c *finding.Conversation, i int, pair string) bool {
	if pair[1] == pair[0]+1 {
		return false
	}
	for j := max(0, i-12); j < min(i+13, len(c.Lines)); j++ {
		t := c.Lines[j].Tokens
		for k := range t {
			if n := t[k].Norm; t[k].Shape == text.Upper && len(n) == 2 && (n == pair && k > 0 && figures[t[k-1].Norm] || n != pair && strings.ContainsAny(n, pair)) {
				return false
			}
		}
	}
	return true
}

// figures stand before letters of geometry wherever they stand.
var figures = set(`point points segment segments line lines ray angle triangle side sides arc vector chord plane`)

// pointLetter reports whether a letter stands alone so often that it is a point, an
// unknown or an answer.
func (x *index) pointLetter(letter byte, lines int) bool {
	n := x.letters[letter-'a']
	return n > 24 || n > 2 && 2*n > lines
}

// leastLetter is the least score with which letters are proposed.
const leastLetter = 0.05

// initials gives who is called by a letter or two: those of first and familiar
// names, of both names together, and of the two halves of a first name; those of
// last names where nobody's first name has them.
func (x *index) initials() map[string][]int {
	out := map[string][]int{}
	add := func(s string, person int) {
		if !slices.Contains(out[s], person) {
			out[s] = append(out[s], person)
		}
	}
	for i := range x.people {
		p := &x.people[i]
		for _, f := range strings.Split(p.firsts+p.familiar, "") {
			add(f, i)
			for _, l := range strings.Split(p.lasts, "") {
				add(f+l, i)
			}
		}
		for _, s := range p.halves {
			add(s, i)
		}
	}
	given := maps.Clone(out)
	for i := range x.people {
		for _, s := range strings.Split(x.people[i].lasts, "") {
			if len(given[s]) == 0 {
				add(s, i)
			}
		}
	}
	return out
}

// letters joins the letters of tokens.
func letters(t []text.Token) string {
	s := ""
	for k := range t {
		if t[k].Shape != text.Mark {
			s += t[k].Norm
		}
	}
	return s
}
