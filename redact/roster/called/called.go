// Package called tells how likely somebody of the session is meant by a letter or
// a word that is also something else: by T, which may be an unknown, a point or an
// answer, by Hope or may, which are words, by what is nobody's name but may be
// short for one or heard for one. A classifier weighs the talk around it. It does
// not look at whose name it may be. How it is trained is in ./train.
package called

import (
	_ "embed"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/internal/setting"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Model is immutable and safe for concurrent use.
type Model = logistic.Model

//go:embed model.bin
var packed []byte

// Default gives the embedded model, unpacked once.
var Default = logistic.Embedded("called", packed, logistic.Read)

// Reader reads the lines of one conversation. Not for concurrent use.
type Reader struct {
	model    *Model
	c        *finding.Conversation
	setting  *setting.Reader
	letters  map[string]int // how often each stands alone, once counted
	features []uint32
}

// NewReader makes a Reader of a conversation that has been cut.
func NewReader(m *Model, c *finding.Conversation) *Reader {
	return &Reader{model: m, c: c, setting: setting.NewReader(c)}
}

// Score is the probability that tokens from..to-1 of a line are what somebody is
// called there, 0 to 1.
func (r *Reader) Score(line, from, to int) float64 {
	r.features = r.Features(line, from, to, r.features[:0])
	var p [2]float32
	r.model.Probabilities(r.features, p[:])
	return float64(p[1])
}

// class is what stands in doubt.
type class uint32

const (
	letter class = iota
	small        // a letter, written so
	pair         // two letters
	word
	words
)

func classOf(t []text.Token) class {
	n, long := 0, 0
	for k := range t {
		if t[k].Shape == text.Mark {
			continue
		}
		n++
		long = max(long, len(t[k].Norm))
	}
	switch {
	case n == 1 && long == 1 && t[0].Shape == text.One:
		return letter
	case n == 1 && long == 1:
		return small
	case n == 2 && long == 1, n == 1 && long == 2 && t[0].Shape == text.Upper, n == 1 && long == 2 && names.Lookup(t[0].Norm).Word < 0.1:
		return pair
	case n == 1:
		return word
	}
	return words
}

// Features appends the buckets that describe the place of tokens from..to-1.
func (r *Reader) Features(line, from, to int, out []uint32) []uint32 {
	r.setting.Read(line)
	t, w := r.c.Lines[line].Tokens, r.setting.Words()
	what := classOf(t[from:to])
	kind := uint32(what)
	add := func(template, a, b uint32) { out = append(out, setting.Mix(template, a, b)) }
	before, behind := r.setting.Next(from, to)
	before2, _ := r.setting.Next(from-1, to)
	before3, _ := r.setting.Next(from-2, to)
	_, behind2 := r.setting.Next(from, to+1)
	_, behind3 := r.setting.Next(from, to+2)
	add(200, kind, 0)
	add(201, before, kind)
	add(202, behind, kind)
	add(203, setting.Mix(0, before2, before), kind)
	add(204, setting.Mix(0, behind, behind2), kind)
	add(205, setting.Mix(0, before, behind), kind)
	add(206, setting.Mix(0, before3, before2), setting.Mix(0, before, kind))
	add(207, setting.Mix(0, behind, behind2), setting.Mix(0, behind3, kind))
	add(208, before2, kind)
	add(209, behind2, kind)
	add(210, r.setting.Style(), kind)
	add(211, before, 7) // whatever it is
	add(212, behind, 7)
	add(213, setting.Mix(0, before, behind), 7)
	add(214, setting.Mix(0, behind, behind2), 7)
	add(215, uint32(t[from].Shape), kind)
	add(216, setting.Mix(0, before, before2), setting.Mix(0, behind, kind))
	add(217, r.sort(w, from-1)<<8|r.sort(w, to), kind)
	add(218, r.sort(w, from-2)<<16|r.sort(w, from-1)<<8|r.sort(w, to), kind)
	add(219, r.sort(w, from-1)<<16|r.sort(w, to)<<8|r.sort(w, to+1), kind)
	add(220, min(uint32(from), 3)<<4|min(uint32(len(t)-to), 3), kind)
	switch what {
	case letter, small, pair:
		add(221, w[from].Hash, kind)
		others := r.count(t[from:to])
		add(222, others, kind)
		add(223, setting.Mix(0, others, w[from].Hash), kind)
		add(224, r.alone(t, from, to), kind)
		add(225, before, w[from].Hash)
		add(226, behind, w[from].Hash)
	case word:
		if s := w[from].Sort; s == setting.Common || s == setting.Known || s == setting.Grammar || s == setting.Month {
			add(227, w[from].Hash, kind)
			add(228, w[from].Hash, before)
			add(229, w[from].Hash, behind)
		}
		add(230, uint32(w[from].Sort), kind)
	}
	return r.setting.Around(from, to, kind, 240, out)
}

func (r *Reader) sort(w []*setting.Word, k int) uint32 {
	if k < 0 || k >= len(w) {
		return uint32(setting.Edge)
	}
	return uint32(w[k].Sort)
}

// count is how often the same letters stand in the conversation, coarsely.
func (r *Reader) count(t []text.Token) uint32 {
	if r.letters == nil {
		r.letters = map[string]int{}
		for i := range r.c.Lines {
			for _, t := range r.c.Lines[i].Tokens {
				if t.Shape != text.Mark && len(t.Norm) < 3 {
					r.letters[t.Norm]++
				}
			}
		}
	}
	n := r.letters[t[0].Norm]
	switch {
	case n < 3:
		return uint32(n)
	case n < 6:
		return 3
	case n < 12:
		return 4
	}
	return 5
}

// alone is how many other letters stand in the line, up to three.
func (r *Reader) alone(t []text.Token, from, to int) uint32 {
	n := uint32(0)
	for k := range t {
		if (k < from || k >= to) && n < 3 && len(t[k].Norm) == 1 && t[k].Shape.Word() && t[k].Norm != "i" && t[k].Norm != "a" {
			n++
		}
	}
	return n
}

// Letters gives where one or two letters end that begin at token k and may be
// what somebody is called ("T", "MH", "J. T."), and k when none do: parts of words
// and of numbers, and I, are none.
func Letters(t []text.Token, k int) int {
	if !alone(t, k) {
		return k
	}
	if len(t[k].Norm) == 2 {
		if initialisms[t[k].Norm] {
			return k
		}
		if t[k].Shape == text.Upper || names.Lookup(t[k].Norm).Word < 0.1 {
			return k + 1
		}
		return k
	}
	to := k + 1
	if to+1 < len(t) && t[to].Norm == "." && t[to].Start == t[k].End && len(t[to+1].Norm) == 1 && t[to+1].Shape == text.One {
		return to + 2
	}
	return to
}

// initialisms are two letters that stand for things.
var initialisms = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("id ok tv pe ap pm am pc pi ai ta dm gc pt ty np jk ip us uk la dj ac vs ct lol rn bc cs pg em ps ms mr dr st eq ex xx") {
		m[w] = true
	}
	return m
}()

func alone(t []text.Token, k int) bool {
	if !t[k].Shape.Word() || len(t[k].Norm) > 2 || t[k].End-t[k].Start != len(t[k].Norm) || t[k].Norm == "i" || t[k].Norm == "" || t[k].Norm[0] < 'a' || t[k].Norm[0] > 'z' {
		return false
	}
	if k > 0 && t[k-1].End == t[k].Start && (t[k-1].Shape != text.Mark || tied(t[k-1].Norm)) {
		return false
	}
	return !(k+1 < len(t) && t[k+1].Start == t[k].End && (t[k+1].Shape != text.Mark || tied(t[k+1].Norm) && t[k+1].Norm != "."))
}

// tied are the marks that tie a letter to a number or a word.
func tied(mark string) bool {
	switch mark {
	case "+", "-", "=", "/", "*", "^", "(", "_", "'", "’", "<", ">", "@", "#", "&":
		return true
	}
	return false
}
