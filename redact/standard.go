package redact

import (
	"context"

	"github.com/schoolhouse-world/veil/redact/curriculum"
	"github.com/schoolhouse-world/veil/redact/disclosure"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/judge"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/roster"
)

// Standard makes an Engine with all of the project's own recognizers, followed
// by those in o.
func Standard(o Options) (*Engine, error) {
	if o.Lexicon == nil {
		o.Lexicon = lexicon{}
	}
	people := roster.Options{Lexicon: o.Lexicon}
	own := []finding.Recognizer{roster.New(people), roster.NewAddressed(people)}
	if err := o.Pattern.Check(); err != nil {
		return nil, err
	}
	own = append(own, pattern.New(o.Pattern)...)
	if o.Disclosure == nil {
		o.Disclosure = disclosure.Default()
	}
	own = append(own, reader{}, disclosure.With(o.Disclosure))
	if o.Judge == nil && !o.Unjudged {
		o.Judge = judge.Default()
	}
	o.Recognizers = append(own, o.Recognizers...)
	return New(o)
}

// faint is the least score of a name that is proposed: most of them are none,
// but package judge tells by the talk around.
const faint = 0.03

// reader is the recognizers of package names and package curriculum, which
// judge every word of a session in the same way: it is read once for both.
type reader struct{}

func (reader) Name() string { return "names, curriculum" }

func (reader) Find(ctx context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	reading, err := names.Read(ctx, c)
	if err != nil {
		return nil, err
	}
	kept, err := curriculum.Find(ctx, c, reading)
	if err != nil {
		return nil, err
	}
	return reading.Candidates(faint, kept), nil
}

// lexicon reads everyday words and names from the table of package names.
type lexicon struct{}

// Word is 0 for words of names.Lookup at 0.2 (known to few) and 1 at 0.8 (the
// first four thousand). A word in between that is a frequent given name (Lee,
// Rob) is mostly met as one.
func (lexicon) Word(norm string) float64 {
	e := names.Lookup(norm)
	w := min(max((float64(e.Word)-0.2)/0.6, 0), 1)
	if w < 0.9 {
		w *= 1 - 0.4*float64(e.Given)
	}
	return w
}

func (lexicon) Place(norm string) float64 { return float64(names.Lookup(norm).Place) }

func (lexicon) Name(norm string) float64 { return float64(names.Lookup(norm).Name()) }
