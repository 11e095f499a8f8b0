// Package tagger is a linear-chain conditional random field over hashed
// features that marks names of people, places and organisations in running
// text, however it is capitalised. Training code is in ../train.
package tagger

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"io"
	"math"
	"sync"
)

// Label is what a word is part of.
type Label uint8

const (
	Outside Label = iota
	Person
	Place
	Group // organisations, teams, companies
	Labels
)

// Model holds the weights. Outside has none: the others are relative to it.
type Model struct {
	// Weights are Buckets rows of Person, Place, Group in 1/Scale.
	Weights []int8
	Scale   float32
	// Steps is the score of label b after label a, at a*Labels+b.
	Steps [Labels * Labels]float32
	// Slope and Shift calibrate the log-odds of Person on held-out text.
	Slope, Shift float32
}

//go:embed model.bin
var packed []byte

// Default gives the embedded model, unpacked once.
var Default = sync.OnceValue(func() *Model {
	m, err := Read(packed)
	if err != nil {
		panic("names: the embedded model is damaged: " + err.Error())
	}
	return m
})

// Read unpacks a model that Write made.
func Read(packed []byte) (*Model, error) {
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return nil, err
	}
	m := &Model{Weights: make([]int8, Buckets*3)}
	r := bytes.NewReader(raw)
	for _, v := range []any{&m.Scale, &m.Steps, &m.Slope, &m.Shift, m.Weights} {
		if err := binary.Read(r, binary.LittleEndian, v); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Write packs the model.
func (m *Model) Write() ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	for _, v := range []any{m.Scale, m.Steps, m.Slope, m.Shift, m.Weights} {
		if err := binary.Write(w, binary.LittleEndian, v); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Scratch is memory that Tag reuses from line to line. Not for concurrent use.
type Scratch struct {
	emit     []float32
	forward  []float32
	probs    []float32
	features []uint32
	steps    [Labels * Labels]float32
	model    *Model // whose steps are in steps
}

// Tag gives for each word the probability of each label, Labels a word, until
// the next call with the same scratch. Words that are not open are Outside.
func (m *Model) Tag(words []Word, s *Scratch) []float32 {
	if s.model != m {
		s.model = m
		for k := range s.steps {
			s.steps[k] = exp(m.Steps[k])
		}
	}
	n := len(words) * int(Labels)
	if cap(s.probs) < n {
		s.probs, s.emit, s.forward = make([]float32, n*2), make([]float32, n*2), make([]float32, n*2)
	}
	s.probs = s.probs[:n]
	clear(s.probs)
	for i := 0; i < len(words); {
		if !words[i].Open {
			s.probs[i*int(Labels)] = 1
			i++
			continue
		}
		j := i
		for j < len(words) && words[j].Open {
			j++
		}
		m.tagRun(words, i, j, s)
		i = j
	}
	return s.probs
}

// tagRun does forward-backward over the open words from i to j.
func (m *Model) tagRun(words []Word, i, j int, s *Scratch) {
	const L = int(Labels)
	inv := 1 / m.Scale
	for k := i; k < j; k++ {
		s.features = Features(words, k, s.features[:0])
		var a, b, c int32
		for _, f := range s.features {
			w := m.Weights[f*3 : f*3+3 : f*3+3]
			a += int32(w[0])
			b += int32(w[1])
			c += int32(w[2])
		}
		s.emit[k*L], s.emit[k*L+1], s.emit[k*L+2], s.emit[k*L+3] = 0, float32(a)*inv, float32(b)*inv, float32(c)*inv
	}
	marginals(s.emit[i*L:j*L], &s.steps, s.forward[i*L:j*L], s.probs[i*L:j*L])
	for k := i; k < j; k++ {
		m.calibrate(s.probs[k*L : k*L+L])
	}
}

// calibrate moves Person's probability along a fitted line of log-odds and
// shares the rest out as before.
func (m *Model) calibrate(p []float32) {
	was := min(max(float64(p[Person]), 1e-6), 1-1e-6)
	now := 1 / (1 + math.Exp(-(float64(m.Slope)*math.Log(was/(1-was)) + float64(m.Shift))))
	rest := float32((1 - now) / (1 - was))
	for l := range p {
		p[l] *= rest
	}
	p[Person] = float32(now)
}

// Marginals writes the probability of each label at each place of a chain that
// has Outside before and behind it. All slices hold Labels values a place.
func Marginals(emit []float32, steps *[Labels * Labels]float32, forward, probs []float32) {
	var e [Labels * Labels]float32
	for k := range e {
		e[k] = exp(steps[k])
	}
	marginals(emit, &e, forward, probs)
}

// marginals takes the exponentials of the steps.
func marginals(emit []float32, e *[Labels * Labels]float32, forward, probs []float32) {
	const L = int(Labels)
	n := len(emit) / L
	if n == 1 {
		var sum float32
		top := max(emit[0], emit[1], emit[2], emit[3])
		for l := range L {
			probs[l] = e[l] * exp(emit[l]-top) * e[l*L]
			sum += probs[l]
		}
		for l := range L {
			probs[l] /= sum
		}
		return
	}
	var last [L]float32
	last[0] = 1
	for k := 0; k < n; k++ {
		var sum float32
		top := max(emit[k*L], emit[k*L+1], emit[k*L+2], emit[k*L+3])
		for l := 0; l < L; l++ {
			var in float32
			for q := 0; q < L; q++ {
				in += last[q] * e[q*L+l]
			}
			v := in * exp(emit[k*L+l]-top)
			forward[k*L+l] = v
			sum += v
		}
		for l := 0; l < L; l++ {
			forward[k*L+l] /= sum
			last[l] = forward[k*L+l]
		}
	}
	var back [L]float32
	for l := 0; l < L; l++ {
		back[l] = e[l*L]
	}
	for k := n - 1; k >= 0; k-- {
		var sum float32
		for l := 0; l < L; l++ {
			probs[k*L+l] = forward[k*L+l] * back[l]
			sum += probs[k*L+l]
		}
		for l := 0; l < L; l++ {
			probs[k*L+l] /= sum
		}
		top := max(emit[k*L], emit[k*L+1], emit[k*L+2], emit[k*L+3])
		var next [L]float32
		sum = 0
		for q := 0; q < L; q++ {
			for l := 0; l < L; l++ {
				next[q] += e[q*L+l] * exp(emit[k*L+l]-top) * back[l]
			}
			sum += next[q]
		}
		for q := 0; q < L; q++ {
			back[q] = next[q] / sum
		}
	}
}

func exp(v float32) float32 { return float32(math.Exp(float64(v))) }
