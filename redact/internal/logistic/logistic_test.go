package logistic

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// learnt is a model of three labels, each told by a bucket, among noise.
func learnt(t *testing.T) *Model {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	f := NewFit(r, 2, 64)
	f.Drop = 0
	for n := range 3000 {
		gold := r.IntN(3)
		f.Learn(gold, []uint32{uint32(gold), 8 + uint32(r.IntN(50))}, 1)
		if n > 2000 && n%100 == 0 {
			f.Average()
		}
	}
	return f.Model(32)
}

func TestLearnsWhatTellsLabelsApart(t *testing.T) {
	m := learnt(t)
	for gold := range uint32(3) {
		var p [3]float32
		m.Probabilities([]uint32{gold, 20}, p[:])
		if p[gold] < 0.8 {
			t.Errorf("label %d has probability %.2f", gold, p[gold])
		}
		if sum := p[0] + p[1] + p[2]; math.Abs(float64(sum)-1) > 1e-5 {
			t.Errorf("probabilities come to %v", sum)
		}
	}
}

func TestNothingKnownIsEvenOdds(t *testing.T) {
	var p [3]float32
	learnt(t).Probabilities([]uint32{63}, p[:])
	if p != [3]float32{1. / 3, 1. / 3, 1. / 3} {
		t.Errorf("got %v", p)
	}
}

func TestIsReadAsWritten(t *testing.T) {
	m := learnt(t)
	m.Slope = 0.7
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := Read(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if got.Labels != m.Labels || got.Scale != m.Scale || got.Slope != m.Slope || !slices.Equal(got.Weights, m.Weights) {
		t.Error("a model is not read as it was written")
	}
	for n := range b.Len() {
		if _, err := Read(bytes.NewReader(b.Bytes()[:n])); err == nil {
			t.Fatalf("%d of %d bytes are read", n, b.Len())
		}
	}
}

// A slope too steep says 0.99 where two of three are right.
func TestCalibrate(t *testing.T) {
	m := &Model{Labels: 1, Weights: []int8{120, 0}, Scale: 20, Slope: 1}
	m.Calibrate(func(visit func(int, []uint32)) {
		for n := range 300 {
			gold := 1
			if n%3 == 0 {
				gold = 0
			}
			visit(gold, []uint32{0})
		}
	})
	if m.Slope >= 0.9 {
		t.Errorf("slope is %.2f", m.Slope)
	}
}

func TestIsUnpackedAsPacked(t *testing.T) {
	m := learnt(t)
	packed, err := Pack(m.Write)
	if err != nil {
		t.Fatal(err)
	}
	if got := Embedded("test", packed, Read)(); !slices.Equal(got.Weights, m.Weights) {
		t.Error("a model is not unpacked as it was packed")
	}
	defer func() {
		if recover() == nil {
			t.Error("half a model is unpacked")
		}
	}()
	Embedded("test", packed[:len(packed)/2], Read)()
}

// Two of the three surest are right; all four that are right are had at two of
// three.
func TestCurve(t *testing.T) {
	all := []Scored{{0.2, 1}, {0.9, 1}, {0.7, 1}, {0.8, 0}, {0.3, 0}, {0.6, 1}}
	if got, want := Curve(all, 0.25, 0.5, 1), " 1.000@0.90 0.667@0.70 0.667@0.20"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
