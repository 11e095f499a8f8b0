// Package belonging tells by a whole line of talk which words in it name the
// school, team, club, workplace or home town of somebody who is there. No list
// holds all of these names, and people seldom say "I go to …": weather, bus
// rides, shifts and hoodies tell as much, and a classifier weighs them together.
// How it is trained is in ./train.
package belonging

import (
	_ "embed"
	"encoding/binary"
	"io"

	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
)

// Label is what a word is part of.
type Label uint8

const (
	Outside Label = iota
	School
	Team // what a team or school calls itself: a mascot
	Club
	Firm // where somebody works
	Town
	Labels
)

// Model gives each word of a line probabilities of labels, by hashed features of
// the word and of the line around it. It is immutable and safe for concurrent
// use.
type Model struct {
	*logistic.Model
	// Telling are hashes of words that people use of their own lives and hardly
	// of mathematics, in order. A line without one is not looked at, unless a word
	// in it is listed as a place or written like a name.
	Telling []uint32
}

//go:embed model.bin
var packed []byte

// Default gives the embedded model, unpacked once.
var Default = logistic.Embedded("belonging", packed, readModel)

// readModel reads what Write wrote.
func readModel(r io.Reader) (*Model, error) {
	weights, err := logistic.Read(r)
	if err != nil {
		return nil, err
	}
	var telling uint32
	if err := binary.Read(r, binary.LittleEndian, &telling); err != nil {
		return nil, err
	}
	m := &Model{Model: weights, Telling: make([]uint32, telling)}
	return m, binary.Read(r, binary.LittleEndian, m.Telling)
}

// Write writes the model.
func (m *Model) Write(w io.Writer) error {
	if err := m.Model.Write(w); err != nil {
		return err
	}
	for _, v := range []any{uint32(len(m.Telling)), m.Telling} {
		if err := binary.Write(w, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	return nil
}

// Span is words from..to of a line that are the name of one thing.
type Span struct {
	From, To int
	Label    Label
	// Score is the probability of the likeliest word in it, 0 to 1.
	Score float64
}

// Reader reads the lines of one conversation. Not for concurrent use.
type Reader struct {
	model    *Model
	words    []word // by the number of the word
	line     context
	features []uint32
	probs    []probabilities
}

type probabilities [Labels]float32

// NewReader makes a Reader for words with numbers below size; others cost more.
func NewReader(m *Model, size int) *Reader { return &Reader{model: m, words: make([]word, size)} }

// Line appends to out what words of a line are likely to name, at even odds and
// above least.
func (r *Reader) Line(words []tagger.Word, least float64, out []Span) []Span {
	if !r.judge(words) {
		return out
	}
	for k := 0; k < len(words); k++ {
		label, p := r.probs[k].likeliest()
		if p < least {
			continue
		}
		from, to := r.grow(words, k, label)
		for j := k + 1; j < to; j++ {
			p = max(p, float64(r.probs[j][label]))
		}
		if n := len(out); n > 0 && from < out[n-1].To && out[n-1].From <= k {
			from = k // what is claimed already stays so
		}
		out = append(out, Span{From: from, To: to, Label: label, Score: p})
		k = to - 1
	}
	return out
}

// grow extends a name over neighbours that are half as likely, and over the small
// words within it ("Saint Mary's of the Lake").
func (r *Reader) grow(words []tagger.Word, k int, label Label) (from, to int) {
	const near = 0.3
	from, to = k, k+1
	for from > 0 {
		next := from - 1
		for next > 0 && next > from-3 && within(&words[next]) {
			next--
		}
		if r.probs[next][label] < near {
			break
		}
		from = next
	}
	for to < len(words) {
		next := to
		for next < len(words) && next < to+2 && within(&words[next]) {
			next++
		}
		if next >= len(words) || r.probs[next][label] < near {
			break
		}
		to = next + 1
	}
	return from, to
}

// within reports whether a mark may stand in a name: "St. Anne", "Chick-fil-A".
func within(w *tagger.Word) bool {
	switch w.Norm {
	case "&", "-", ".", "'":
		return true
	}
	return false
}

func (p *probabilities) likeliest() (Label, float64) {
	best := School
	for l := School + 1; l < Labels; l++ {
		if p[l] > p[best] {
			best = l
		}
	}
	return best, float64(p[best])
}

// judge fills probs and reports whether a word may name anything.
func (r *Reader) judge(words []tagger.Word) bool {
	if !r.read(words) {
		return false
	}
	if cap(r.probs) < len(words) {
		r.probs = make([]probabilities, 2*len(words))
	}
	r.probs = r.probs[:len(words)]
	clear(r.probs)
	for k := range words {
		if r.line.first[k] {
			r.score(k)
		}
	}
	// Everyday words and numbers are parts of names only beside the rest of one:
	// "Troop 417", "Five Guys".
	for k := range words {
		if r.probs[k][Outside] > 0 && r.probs[k][Outside] < 0.75 {
			for j := k - 1; j >= 0 && r.beside(words, j); j-- {
			}
			for j := k + 1; j < len(words) && r.beside(words, j); j++ {
			}
		}
	}
	return true
}

// beside scores word k that a name may reach to, and reports whether it may go
// on beyond.
func (r *Reader) beside(words []tagger.Word, k int) bool {
	if !r.line.open[k] {
		return within(&words[k])
	}
	if r.probs[k][Outside] > 0 {
		return false // scored before
	}
	r.score(k)
	return r.probs[k][Outside] < 0.75
}

func (r *Reader) score(k int) {
	r.features = r.line.features(k, r.features[:0])
	r.model.Probabilities(r.features, r.probs[k][:])
}

// Features calls visit with the buckets of every word of a line that may name
// something. Training uses it; the slice is good until visit returns.
func (r *Reader) Features(words []tagger.Word, visit func(k int, features []uint32)) {
	if !r.read(words) {
		return
	}
	for k := range words {
		if r.line.open[k] {
			r.features = r.line.features(k, r.features[:0])
			visit(k, r.features)
		}
	}
}
