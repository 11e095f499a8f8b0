package redact

import (
	"context"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/judge"
)

// What recognizers say of a range and what package judge says of the talk around
// it are pooled: log-odds are added, each with its weight (a logarithmic opinion
// pool, Genest and Zidek 1986). For people the talk around weighs more, as a name
// looks the same everywhere; of the rest recognizers tell by the talk already. The
// weights were set on written talk that the judge has not learnt from and on
// sessions dev-01 to dev-15.
var (
	people = pool{recognized: 0.4, told: 0.7}
	things = pool{recognized: 0.8, told: 0.5}
)

// pool is how much each weighs.
type pool struct{ recognized, told float64 }

func (w pool) score(recognized, told float64) float64 {
	return sigmoid(w.recognized*logit(recognized) + w.told*logit(told))
}

// company is how many lines a conversation needs for there to be talk around: a
// line or two alone are left to the recognizers.
const company = 3

// proposal is what a group of candidates for one range come to.
func proposal(f *finding.Candidate, group []*finding.Candidate) judge.Proposal {
	p := judge.Proposal{Candidate: *f}
	for _, g := range group {
		if !slices.Contains(p.By, g.Recognizer) {
			p.By = append(p.By, g.Recognizer)
		}
	}
	return p
}

// ask has a proposal judged, with what speaks most against it, and gives its
// finding the score of both. Where an organisation's own word stands against it,
// nothing is weighed. It reports whether it was judged.
func (w *weighing) ask(p judge.Proposal, f *finding.Candidate, candidates []*finding.Candidate) bool {
	for _, k := range candidates {
		if !k.Keep || k.Start >= p.End || p.Start >= k.End {
			continue
		}
		if k.Recognizer == keepName && f.Score == 0 {
			return false
		}
		if k.Recognizer != keepName && k.Score > p.Doubt {
			p.Against, p.Doubt = k.Recognizer, k.Score
		}
	}
	if w.judge != nil && len(w.c.Lines) < company {
		if !slices.ContainsFunc(p.By, func(rule string) bool { return !proposes(rule) }) {
			f.Score = 0 // what only proposes needs the judge to agree
		}
		return false
	}
	if w.judge == nil {
		w.proposals = append(w.proposals, p)
		return false
	}
	tells := w.judge.Score(&p)
	if f.Kind == finding.Person {
		f.Score = people.score(f.Score, tells)
	} else {
		f.Score = things.score(f.Score, tells)
	}
	switch {
	case tells < 0.3 && p.Score >= 0.5:
		f.Why += "; against it: the talk around is the lesson"
	case tells >= 0.5 && p.Score < 0.5:
		f.Why += ", and the talk around is of somebody's life"
	}
	return true
}

// proposes reports whether a rule only proposes and leaves it to the judge.
func proposes(rule string) bool {
	return strings.HasPrefix(rule, "disclosure/") || strings.HasPrefix(rule, "pattern/long/")
}

// Proposals gives what package judge is asked about a conversation: for training
// it, by an engine that has none.
func (e *Engine) Proposals(ctx context.Context, source finding.Conversation) ([]judge.Proposal, error) {
	c, masks, err := prepare(source)
	if err != nil {
		return nil, err
	}
	found, err := e.find(ctx, c)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i] = unmasked(found[i], masks)
	}
	return e.weigh(c, found).proposals, nil
}
