package pattern

import (
	"sort"

	"github.com/schoolhouse-world/veil/redact/text"
)

// anyWords stands in a phrase for up to three further words.
const anyWords = "~"

// phrases finds word sequences in tokens.
type phrases struct {
	first map[string][]phrase // by first word, the longest first
	bit   uint32              // in word
}

type phrase struct {
	words []string
	tag   int
}

// hit is a phrase found in tokens from to to-1.
type hit struct{ from, to, tag int }

// newPhrases compiles lists; a hit's tag is the index of its list.
func newPhrases(lists ...[]string) *phrases {
	p := &phrases{first: make(map[string][]phrase)}
	for tag, list := range lists {
		for _, s := range list {
			var words []string
			for _, t := range text.Tokenize(s) {
				words = append(words, t.Norm)
			}
			if len(words) == 0 {
				continue
			}
			p.first[words[0]] = append(p.first[words[0]], phrase{words, tag})
		}
	}
	for _, list := range p.first {
		sort.SliceStable(list, func(i, j int) bool { return len(list[i].words) > len(list[j].words) })
	}
	return p
}

// find appends the longest phrase at each token of the line to dst.
func (p *phrases) find(v *view, dst []hit) []hit {
	if v.begins&p.bit == 0 {
		return dst
	}
	for i := range v.tok {
		w := v.known(i)
		if w.alone&p.bit != 0 || w.begins&p.bit != 0 && i+1 < len(v.tok) && w.before(v.known(i+1))&p.bit != 0 {
			if h, ok := p.at(v, i); ok {
				dst = append(dst, h)
			}
		}
	}
	return dst
}

// at finds the longest phrase at token i.
func (p *phrases) at(v *view, i int) (hit, bool) {
	for _, ph := range p.first[v.tok[i].Norm] {
		if to := match(v.tok, i+1, ph.words[1:]); to > 0 {
			return hit{i, to, ph.tag}, true
		}
	}
	// "my cell's …" is "my cell is …".
	if w := unowned(v.tok[i]); w != "" {
		for _, ph := range p.first[w] {
			if len(ph.words) == 1 {
				return hit{i, i + 1, ph.tag}, true
			}
		}
	}
	return hit{}, false
}

// unowned is a word without the 's behind it, "" when none is there.
func unowned(t text.Token) string {
	n := len(t.Norm)
	if n < 3 || t.Norm[n-1] != 's' || t.End-t.Start == n || !t.Shape.Word() {
		return ""
	}
	return t.Norm[:n-1]
}

func match(tok []text.Token, i int, words []string) int {
	for n, w := range words {
		if w == anyWords {
			for skip := 0; skip <= 3; skip++ {
				if to := match(tok, i+skip, words[n+1:]); to > 0 {
					return to
				}
				if i+skip >= len(tok) || ends(tok[i+skip].Norm) {
					return 0
				}
			}
			return 0
		}
		if i >= len(tok) || tok[i].Norm != w && (n < len(words)-1 || unowned(tok[i]) != w) {
			return 0
		}
		i++
	}
	return i
}

// ends reports whether a mark closes a sentence.
func ends(norm string) bool { return norm == "." || norm == "?" || norm == "!" }

// near reports whether a cue stands at most before tokens ahead of from, or
// at most after tokens behind to.
func near(hits []hit, from, to, before, after int) bool {
	for _, h := range hits {
		if h.to <= from && from-h.to <= before || h.from >= to && h.from-to <= after {
			return true
		}
	}
	return false
}
