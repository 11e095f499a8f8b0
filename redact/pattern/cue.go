package pattern

import (
	"sort"

	"github.com/schoolhouse-world/veil/redact/text"
)

// phrases finds word sequences in tokens. In a phrase "~" stands for up to
// three further words. Most tokens are turned away by their first byte and
// length, before any map is asked.
type phrases struct {
	lengths [256]uint32 // by first byte, a bit for each length
	pairs   [16]uint64  // a bit for each pair of first bytes, modulo 32
	first   map[string][]phrase
	bit     uint32 // in known.begins
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
			w := words[0]
			p.lengths[w[0]] |= 1 << (len(w) & 31)
			pair := pairOf(w)
			p.pairs[pair>>6] |= 1 << (pair & 63)
			p.first[w] = append(p.first[w], phrase{words, tag})
		}
	}
	for _, list := range p.first {
		sort.SliceStable(list, func(i, j int) bool { return len(list[i].words) > len(list[j].words) })
	}
	return p
}

func pairOf(w string) uint {
	if len(w) < 2 {
		return uint(w[0] & 31)
	}
	return uint(w[0]&31)<<5 | uint(w[1]&31)
}

// may reports whether a phrase can begin with w.
func (p *phrases) may(w string) bool {
	if w == "" || p.lengths[w[0]]&(1<<(len(w)&31)) == 0 {
		return false
	}
	pair := pairOf(w)
	return p.pairs[pair>>6]&(1<<(pair&63)) != 0
}

// find appends the longest phrase at each token of the line to dst.
func (p *phrases) find(v *view, dst []hit) []hit {
	if v.begins&p.bit == 0 {
		return dst
	}
next:
	for i := range v.tok {
		k := &v.words[v.tok[i].Word]
		if k.begins&p.bit == 0 {
			continue
		}
		c := k.cue(p)
		for _, ph := range c.first {
			if to := match(v.tok, i+1, ph.words[1:]); to > 0 {
				dst = append(dst, hit{i, to, ph.tag})
				continue next
			}
		}
		// "my cell's …" is "my cell is …".
		if len(c.unowned) == 0 || unowned(v.tok[i]) == "" {
			continue
		}
		for _, ph := range c.unowned {
			if len(ph.words) == 1 {
				dst = append(dst, hit{i, i + 1, ph.tag})
				break
			}
		}
	}
	return dst
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
		if w == "~" {
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
