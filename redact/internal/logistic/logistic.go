// Package logistic is multinomial logistic regression over hashed features,
// small enough to embed: weights of eight bits, summed as integers.
package logistic

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// Model is immutable and safe for concurrent use.
type Model struct {
	// Labels counts the labels beside "none of them", which is label 0 of the
	// probabilities and the measure of the others.
	Labels int
	// Weights are rows of Labels in 1/Scale, one row a bucket.
	Weights []int8
	Scale   float32
	// Slope stretches the sums so that the probabilities hold on held-out text.
	Slope float32
}

// most bounds the labels, so that sums need no allocation.
const most = 15

// Probabilities fills p, of Labels+1 numbers, for a thing with some features,
// which are numbers of buckets.
func (m *Model) Probabilities(features []uint32, p []float32) {
	var sums [most]int32
	n := m.Labels
	for _, f := range features {
		w := m.Weights[int(f)*n : int(f)*n+n : int(f)*n+n]
		for l := range w {
			sums[l] += int32(w[l])
		}
	}
	scale, total := m.Slope/m.Scale, float32(1)
	for l, s := range sums[:n] {
		e := float32(math.Exp(float64(min(float32(s)*scale, 60))))
		p[l+1], total = e, total+e
	}
	p[0] = 1
	for l := range p {
		p[l] /= total
	}
}

// Write writes a model for Read.
func (m *Model) Write(w io.Writer) error {
	for _, v := range []any{uint32(m.Labels), uint32(len(m.Weights)), m.Scale, m.Slope, m.Weights} {
		if err := binary.Write(w, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	return nil
}

// Read reads what Write wrote.
func Read(r io.Reader) (*Model, error) {
	m := &Model{}
	var labels, size uint32
	for _, v := range []any{&labels, &size, &m.Scale, &m.Slope} {
		if err := binary.Read(r, binary.LittleEndian, v); err != nil {
			return nil, err
		}
	}
	if labels == 0 || labels > most || size > 1<<26 || size%labels != 0 {
		return nil, errors.New("not the size of a model")
	}
	m.Labels, m.Weights = int(labels), make([]int8, size)
	return m, binary.Read(r, binary.LittleEndian, m.Weights)
}
