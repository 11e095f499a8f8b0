package logistic

import (
	"math"
	"math/rand/v2"
)

// Fit finds weights by AdaGrad (Duchi et al. 2011), with features left out at
// random so that none is relied upon alone. Not for concurrent use.
type Fit struct {
	// Rate is the step, Decay draws weights to zero for each visit, Drop is the
	// share of features left out.
	Rate, Decay, Drop    float64
	labels               int
	random               *rand.Rand
	weights, square, sum []float32
	averaged             int
}

// NewFit begins with all weights zero. Labels are those beside label 0.
func NewFit(r *rand.Rand, labels, buckets int) *Fit {
	n := labels * buckets
	return &Fit{Rate: 0.08, Decay: 2e-3, Drop: 0.4, labels: labels, random: r, weights: make([]float32, n), square: make([]float32, n), sum: make([]float32, n)}
}

// Learn takes a step towards a label for what has some features, which it
// changes, and gives the loss before it. The step is weight times as long.
func (f *Fit) Learn(gold int, features []uint32, weight float64) float64 {
	kept := features[:0]
	for _, b := range features {
		if f.random.Float64() >= f.Drop {
			kept = append(kept, b)
		}
	}
	var p [most + 1]float64
	total := 1.0
	p[0] = 1
	for l := range f.labels {
		s := 0.0
		for _, b := range kept {
			s += float64(f.weights[int(b)*f.labels+l])
		}
		p[l+1] = math.Exp(min(s, 30))
		total += p[l+1]
	}
	for l := range f.labels {
		grad := -p[l+1] / total
		if gold == l+1 {
			grad++
		}
		if math.Abs(grad) < 1e-4 {
			continue
		}
		for _, b := range kept {
			at := int(b)*f.labels + l
			g := weight*grad - f.Decay*float64(f.weights[at])
			f.square[at] += float32(g * g)
			f.weights[at] += float32(f.Rate * g / (math.Sqrt(float64(f.square[at])) + 1e-2))
		}
	}
	return -math.Log(max(p[gold]/total, 1e-12))
}

// Average adds the weights as they are to those of the model, which are the mean
// of all that were added.
func (f *Fit) Average() {
	for i, w := range f.weights {
		f.sum[i] += w
	}
	f.averaged++
}

// Model rounds the weights to eight bits. The features that were left out in
// learning are there when it is asked, which its slope makes up for.
func (f *Fit) Model(scale float32) *Model {
	m := &Model{Labels: f.labels, Weights: make([]int8, len(f.weights)), Scale: scale, Slope: 1}
	for i := range f.weights {
		w := f.sum[i] / float32(max(f.averaged, 1))
		m.Weights[i] = int8(math.Round(max(-127, min(127, float64(w*scale)))))
	}
	return m
}

// Calibrate sets the slope under which labels that were held out are likeliest.
// each calls its argument with every held-out label and features.
func (m *Model) Calibrate(each func(visit func(gold int, features []uint32))) {
	best, least := float32(1), math.Inf(1)
	p := make([]float32, m.Labels+1)
	for slope := float32(0.2); slope < 1.6; slope += 0.05 {
		m.Slope = slope
		loss := 0.0
		each(func(gold int, features []uint32) {
			m.Probabilities(features, p)
			loss -= math.Log(max(float64(p[gold]), 1e-9))
		})
		if loss < least {
			best, least = slope, loss
		}
	}
	m.Slope = best
}
