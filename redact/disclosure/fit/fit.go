// Package fit fits the model of package disclosure to talk.
package fit

import (
	"log"
	"math/rand/v2"
	"slices"

	"github.com/schoolhouse-world/veil/redact/disclosure"
	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/internal/setting"
	"github.com/schoolhouse-world/veil/redact/internal/talk"
)

// Model fits a model to exchanges, said again in every pass with other numbers
// and names, and to lessons. Its probabilities hold on the exchanges held out.
func Model(r *rand.Rand, exchanges, held, lessons []talk.Exchange, passes int) *disclosure.Model {
	v := talk.NewVariety(exchanges, lessons)
	words := logistic.NewFit(r, int(disclosure.Labels)-1, setting.Buckets)
	lines := logistic.NewFit(r, 1, setting.Buckets)
	for pass := range passes {
		loss, n := 0.0, 0
		for _, e := range again(r, v, exchanges, lessons) {
			each(nil, e, func(gold int, features []uint32) {
				loss += words.Learn(gold, features, 1)
				n++
			})
			eachLine(e, func(gold int, features []uint32) { lines.Learn(gold, features, 1) })
		}
		if pass >= passes/2 {
			words.Average()
			lines.Average()
		}
		log.Printf("pass %d: loss %.4f a word of %d", pass+1, loss/float64(n), n)
	}
	m := &disclosure.Model{Model: words.Model(64), Line: lines.Model(64)}
	m.Line.Calibrate(func(visit func(int, []uint32)) {
		for _, e := range held {
			eachLine(e, visit)
		}
	})
	m.Least = least(m, held)
	m.Calibrate(func(visit func(int, []uint32)) {
		for _, e := range held {
			each(m, e, visit)
		}
	})
	return m
}

// again says every exchange in two ways and the lessons, in any order.
func again(r *rand.Rand, v *talk.Variety, exchanges, lessons []talk.Exchange) []talk.Exchange {
	var all []talk.Exchange
	for _, e := range exchanges {
		all = append(all, v.Vary(r, e), v.Vary(r, e))
	}
	for _, e := range lessons {
		all = append(all, v.Lesson(r, e))
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// missed is the share of lines that tell something and may not be looked at.
const missed = 0.03

// least is the probability of a line that all but that share have.
func least(m *disclosure.Model, held []talk.Exchange) float32 {
	var told []float32
	p := make([]float32, 2)
	for _, e := range held {
		eachLine(e, func(gold int, features []uint32) {
			if m.Line.Probabilities(features, p); gold == 1 {
				told = append(told, p[1])
			}
		})
	}
	slices.Sort(told)
	return told[int(missed*float64(len(told)))]
}

// eachLine calls visit with whether a line tells something, and its features.
func eachLine(e talk.Exchange, visit func(gold int, features []uint32)) {
	reader := disclosure.NewReader(nil, e.Conversation())
	for i, l := range e.Lines {
		gold := 0
		if slices.ContainsFunc(l.Spans, func(s talk.Span) bool { return Labels[s.Mark] > 0 }) {
			gold = 1
		}
		visit(gold, reader.LineFeatures(i, nil))
	}
}

// Labels are those of the marks that are learnt. Others are what other
// recognizers find.
var Labels = map[string]disclosure.Label{
	"handle": disclosure.Handle, "email": disclosure.Email, "phone": disclosure.Phone, "id": disclosure.ID, "code": disclosure.Code,
	"age": disclosure.Age, "birthday": disclosure.Birthday, "address": disclosure.Address,
}

// each calls visit with the label and the features of every word that is looked
// at.
func each(m *disclosure.Model, e talk.Exchange, visit func(gold int, features []uint32)) {
	c := e.Conversation()
	reader := disclosure.NewReader(m, c)
	for i, l := range e.Lines {
		reader.Features(i, func(k int, features []uint32) {
			s, _ := l.At(c.Lines[i].Tokens[k].Start)
			visit(int(Labels[s.Mark]), features)
		})
	}
}
