// Package redact removes names and identifiers from conversations.
//
// An Engine runs recognizers over a finding.Conversation (one session: who was
// in it and everything that was said), decides in one place what they found
// (decide.go), spreads names it has become sure of through the rest of the
// session, and writes the text with labels in brackets instead.
//
//	engine, err := redact.Standard(redact.Options{})
//	result, err := engine.Redact(ctx, conversation)
//
// An Engine is immutable and safe for any number of goroutines.
package redact

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/disclosure"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/judge"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/roster"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Options say how an Engine works. The zero value of every field is useful.
type Options struct {
	// Recognizers propose candidates. Standard puts its own before these.
	Recognizers []finding.Recognizer
	// Policies say what happens to the kinds that do not identify alone
	// (schools, cities, employers, ages ...). A kind not named is redacted.
	Policies map[finding.Kind]Policy
	// Thresholds replace the engine's own, kind by kind.
	Thresholds map[finding.Kind]Threshold
	// Own are an organisation's own terms and patterns.
	Own Own
	// Surrogates, when not nil, stand in place of labels.
	Surrogates *Surrogates
	// Pattern are the options of the structured kinds. Only Standard reads them.
	Pattern pattern.Options
	// Lexicon tells everyday words from names. Standard has one of its own.
	Lexicon roster.Lexicon
	// Judge weighs what has no form of its own by the talk around it. Standard has
	// one of its own unless Unjudged, which is for training it.
	Judge    *judge.Model
	Unjudged bool
	// Disclosure is the model of package disclosure, nil for its own. Only
	// Standard reads it.
	Disclosure *disclosure.Model
}

// Policy is what is done with a kind of quasi-identifier.
type Policy string

const (
	// Remove replaces it by a label that is the same for the same thing within
	// a session: [SCHOOL_1].
	Remove Policy = "redact"
	// Generalise replaces it by what it is, without telling one from another:
	// [SCHOOL], and ages by their band.
	Generalise Policy = "generalise"
	// Retain leaves it. Deny lists are still removed.
	Retain Policy = "keep"
)

// Engine turns conversations into redacted ones.
type Engine struct {
	recognizers []finding.Recognizer
	own         *own
	thresholds  map[finding.Kind]Threshold
	policies    map[finding.Kind]Policy
	surrogates  *Surrogates
	lexicon     roster.Lexicon
	judge       *judge.Model
	judged      map[finding.Kind]Threshold // the caller's own, for what was judged
}

// New makes an Engine of exactly the recognizers in o and its own terms.
func New(o Options) (*Engine, error) {
	for i, r := range o.Recognizers {
		if r == nil {
			return nil, fmt.Errorf("recognizer %d is nil", i+1)
		}
	}
	for kind, p := range o.Policies {
		switch p {
		case Remove, Generalise, Retain:
		default:
			return nil, fmt.Errorf("policy of kind %s is unknown: use redact, generalise or keep", kind)
		}
		if p == Retain && !quasi[kind] {
			return nil, fmt.Errorf("kind %s identifies a person and cannot be kept", kind)
		}
	}
	terms, err := o.Own.compile()
	if err != nil {
		return nil, err
	}
	e := &Engine{
		recognizers: o.Recognizers,
		own:         terms,
		thresholds:  map[finding.Kind]Threshold{},
		policies:    o.Policies,
		surrogates:  o.Surrogates,
		lexicon:     o.Lexicon,
		judge:       o.Judge,
		judged:      map[finding.Kind]Threshold{},
	}
	for kind, t := range thresholds {
		e.thresholds[kind] = t
	}
	for kind, t := range o.Thresholds {
		if !(0 < t.Doubt && t.Doubt <= t.Redact && t.Redact <= 1) {
			return nil, fmt.Errorf("threshold of kind %s is out of order: it must be 0 < doubt <= redact <= 1", kind)
		}
		e.thresholds[kind], e.judged[kind] = t, t
	}
	return e, nil
}

// Result is a redacted conversation, line by line as it came in.
type Result struct {
	Lines []Line
}

// Line is one redacted line.
type Line struct {
	// Findings were removed. They are sorted and do not overlap; offsets are
	// bytes into the source text.
	Findings []finding.Finding
	// Kept were examined and left.
	Kept []finding.Finding
	// Text is the source with every finding replaced by its label in brackets
	// or its surrogate, and otherwise byte for byte the same.
	Text string
}

// ErrFault says that the program itself failed on a conversation. Nothing of it
// may leave.
var ErrFault = errors.New("redaction stopped on this conversation: a fault of the program, please report it")

// Redact works on one conversation and does not modify it. It fails when ctx
// ends, a recognizer breaks its contract, or with ErrFault; the error holds no
// text.
func (e *Engine) Redact(ctx context.Context, source finding.Conversation) (result Result, err error) {
	defer func() {
		if recover() != nil {
			// What a panic says may be of the text.
			result, err = Result{}, ErrFault
		}
	}()
	return e.redact(ctx, source)
}

func (e *Engine) redact(ctx context.Context, source finding.Conversation) (Result, error) {
	c, masks, err := prepare(source)
	if err != nil {
		return Result{}, err
	}
	found, err := e.find(ctx, c)
	if err != nil {
		return Result{}, err
	}
	for i := range found {
		found[i] = unmasked(found[i], masks)
	}
	weighing := e.weigh(c, found)
	decided := weighing.decide()
	if heard := unmasked(weighing.spread(decided), masks); len(heard) > 0 {
		weighing.add(heard)
		decided = weighing.decide()
	}
	echo(c, decided)
	e.label(c, decided)
	result := Result{Lines: make([]Line, len(c.Lines))}
	for i, d := range decided {
		result.Lines[i] = Line{Findings: d.findings, Kept: d.kept, Text: render(c.Lines[i].Text, d.findings)}
	}
	return result, ctx.Err()
}

// find asks every recognizer and holds it to its contract.
func (e *Engine) find(ctx context.Context, c *finding.Conversation) ([][]finding.Candidate, error) {
	all := make([][]finding.Candidate, 0, len(e.recognizers)+1)
	for _, r := range e.recognizers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found, err := r.Find(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("recognizer %s: %w", r.Name(), err)
		}
		for i := range found {
			if err := check(c, &found[i]); err != nil {
				return nil, fmt.Errorf("recognizer %s: %w", r.Name(), err)
			}
		}
		all = append(all, found)
	}
	return append(all, e.own.find(c)), nil
}

func check(c *finding.Conversation, f *finding.Candidate) error {
	if f.Line < 0 || f.Line >= len(c.Lines) {
		return fmt.Errorf("candidate on line %d of %d", f.Line+1, len(c.Lines))
	}
	s := c.Lines[f.Line].Text
	if f.Start < 0 || f.End > len(s) || f.Start >= f.End {
		return fmt.Errorf("candidate %d-%d is outside line %d or empty", f.Start, f.End, f.Line+1)
	}
	if !boundary(s, f.Start) || !boundary(s, f.End) {
		return fmt.Errorf("candidate %d-%d of line %d cuts a character", f.Start, f.End, f.Line+1)
	}
	if !(f.Score >= 0 && f.Score <= 1) {
		return fmt.Errorf("candidate %d-%d of line %d has a score outside 0 to 1", f.Start, f.End, f.Line+1)
	}
	return nil
}

func boundary(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// prepare cuts every line into tokens and finds labels of an earlier
// redaction, which nothing may touch again: nil when there are none.
func prepare(c finding.Conversation) (*finding.Conversation, [][]finding.Range, error) {
	lines := slices.Clone(c.Lines)
	for i := range lines {
		if !utf8.ValidString(lines[i].Text) {
			return nil, nil, fmt.Errorf("line %d is not valid UTF-8: bring it to UTF-8 before redaction", i+1)
		}
		lines[i].Tokens = nil
	}
	cut := (&finding.Conversation{People: c.People, Lines: lines}).Cut()
	var masks [][]finding.Range
	for i := range cut.Lines {
		l := &cut.Lines[i]
		if strings.IndexByte(l.Text, '[') < 0 {
			continue
		}
		if found := labels(l.Text, c.People); len(found) > 0 {
			if masks == nil {
				masks = make([][]finding.Range, len(lines))
			}
			masks[i] = found
			l.Tokens = fuse(l.Text, l.Tokens, found, cut.Vocabulary)
		}
	}
	return cut, masks, nil
}

// fuse makes one mark of the tokens of a label, so that no recognizer reads a
// word of it.
func fuse(s string, tokens []text.Token, masks []finding.Range, v *text.Vocabulary) []text.Token {
	out := tokens[:0:0]
	m := 0
	for _, t := range tokens {
		for m < len(masks) && t.Start >= masks[m].End {
			m++
		}
		if m == len(masks) || t.Start < masks[m].Start {
			out = append(out, t)
		} else if t.Start == masks[m].Start {
			label := s[t.Start:masks[m].End]
			out = append(out, text.Token{Start: t.Start, End: masks[m].End, Norm: label, Shape: text.Mark, Word: v.Number(label)})
		}
	}
	return out
}

// unmasked leaves out candidates that touch a label. masks is nil when there is
// none at all.
func unmasked(candidates []finding.Candidate, masks [][]finding.Range) []finding.Candidate {
	if masks == nil {
		return candidates
	}
	return slices.DeleteFunc(slices.Clone(candidates), func(f finding.Candidate) bool {
		return slices.ContainsFunc(masks[f.Line], func(m finding.Range) bool { return f.Start < m.End && m.Start < f.End })
	})
}

func render(s string, findings []finding.Finding) string {
	if len(findings) == 0 {
		return s
	}
	var b strings.Builder
	at := 0
	for _, f := range findings {
		b.WriteString(s[at:f.Start])
		b.WriteString(f.Replacement())
		at = f.End
	}
	b.WriteString(s[at:])
	return b.String()
}
