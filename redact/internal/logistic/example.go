package logistic

import (
	"cmp"
	"fmt"
	"slices"
)

// Example is a thing to learn from: its features and its label.
type Example struct {
	Features []uint32
	Gold     int
}

// Passes goes over examples in random order again and again; the model is the mean
// of the second half. report is told the mean loss of each pass, from 1 on.
func (f *Fit) Passes(examples []Example, passes int, report func(pass int, loss float64)) {
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	var features []uint32
	for pass := range passes {
		f.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss := 0.0
		for _, i := range order {
			features = append(features[:0], examples[i].Features...)
			loss += f.Learn(examples[i].Gold, features, 1)
		}
		if pass >= passes/2 {
			f.Average()
		}
		report(pass+1, loss/float64(len(order)))
	}
}

// Scored is what a model says of a thing that is right (Gold 1) or not.
type Scored struct {
	Score float64
	Gold  int
}

// Curve tells how precise the surest are that make up each share of what is right,
// and the score there: " 0.950@0.72 0.911@0.60". It sorts what it is given.
func Curve(all []Scored, shares ...float64) string {
	right := 0
	for _, x := range all {
		right += x.Gold
	}
	slices.SortFunc(all, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	out, got, at := "", 0, 0
	for _, share := range shares {
		for at < len(all) && float64(got) < share*float64(right) {
			got += all[at].Gold
			at++
		}
		if at > 0 {
			out += fmt.Sprintf(" %.3f@%.2f", float64(got)/float64(at), all[at-1].Score)
		}
	}
	return out
}
