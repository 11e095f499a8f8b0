package redact

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Own are an organisation's own terms and patterns.
type Own struct {
	// Deny is removed wherever it stands, whatever else is found.
	Deny []Term
	// Keep stays, unless it names somebody in the session or is denied.
	Keep []string
	// Patterns are expressions in RE2 syntax, such as a registration number's.
	Patterns []Pattern
}

// Term is a word or some words. Case, accents and apostrophes do not matter.
type Term struct {
	Text string
	Kind finding.Kind // finding.Other when empty
}

// Pattern is an expression; its first group, when it has one, is what goes.
type Pattern struct {
	Name string // shown in explanations
	Expr string
	Kind finding.Kind // finding.ID when empty
}

const (
	denyName    = "own/deny"
	keepName    = "own/keep"
	patternName = "own/pattern"
)

// own is Own, ready to search.
type own struct {
	terms    map[string][]term // by first word
	patterns []expression
}

type term struct {
	words []string
	kind  finding.Kind
	keep  bool
}

type expression struct {
	Pattern
	expr *regexp.Regexp
}

func (o Own) compile() (*own, error) {
	out := &own{terms: map[string][]term{}}
	add := func(list string, i int, s string, t term) error {
		for _, token := range text.Tokenize(s) {
			if token.Shape != text.Mark {
				t.words = append(t.words, token.Norm)
			}
		}
		if len(t.words) == 0 {
			return fmt.Errorf("%s term %d has no letter or digit", list, i+1)
		}
		out.terms[t.words[0]] = append(out.terms[t.words[0]], t)
		return nil
	}
	for i, d := range o.Deny {
		if d.Kind == "" {
			d.Kind = finding.Other
		}
		if err := add("deny", i, d.Text, term{kind: d.Kind}); err != nil {
			return nil, err
		}
	}
	for i, k := range o.Keep {
		if err := add("keep", i, k, term{kind: finding.Other, keep: true}); err != nil {
			return nil, err
		}
	}
	for i, p := range o.Patterns {
		expr, err := regexp.Compile(p.Expr)
		if err != nil {
			return nil, fmt.Errorf("pattern %d: %w", i+1, err)
		}
		if expr.MatchString("") {
			return nil, fmt.Errorf("pattern %d matches the empty text: make it match at least one character", i+1)
		}
		if p.Kind == "" {
			p.Kind = finding.ID
		}
		out.patterns = append(out.patterns, expression{p, expr})
	}
	return out, nil
}

func (o *own) find(c *finding.Conversation) []finding.Candidate {
	var out []finding.Candidate
	if len(o.terms) == 0 && len(o.patterns) == 0 {
		return nil
	}
	for line, l := range c.Lines {
		for i, t := range l.Tokens {
			terms := o.terms[t.Norm]
			if one, plural := strings.CutSuffix(t.Norm, "s"); plural {
				terms = append(slices.Clone(terms), o.terms[one]...)
			}
			for _, term := range terms {
				if end := term.match(l.Tokens[i:]); end > 0 {
					out = append(out, term.candidate(line, t.Start, end))
				}
			}
		}
		for _, p := range o.patterns {
			for _, m := range p.expr.FindAllStringSubmatchIndex(l.Text, -1) {
				if len(m) > 2 && m[2] >= 0 {
					m = m[2:]
				}
				if m[0] < m[1] {
					out = append(out, finding.Candidate{Line: line, Start: m[0], End: m[1], Kind: p.Kind, Score: 1,
						Recognizer: patternName, Why: "the organisation's pattern " + p.Name})
				}
			}
		}
	}
	return out
}

// match returns the end of the term at the beginning of tokens, 0 if it is not
// there. Hyphens and full stops may stand between words.
func (t term) match(tokens []text.Token) int {
	n, end := 0, 0
	for _, token := range tokens {
		if token.Shape == text.Mark {
			if n == 0 || !slices.Contains([]string{"-", ".", "&", "'"}, token.Norm) {
				return 0
			}
			continue
		}
		if token.Norm != t.words[n] && !(n == len(t.words)-1 && token.Norm == t.words[n]+"s" && token.Shape.Word()) {
			return 0
		}
		end = token.End
		if n++; n == len(t.words) {
			return end
		}
	}
	return 0
}

func (t term) candidate(line, start, end int) finding.Candidate {
	c := finding.Candidate{Line: line, Start: start, End: end, Kind: t.kind, Score: 1, Recognizer: denyName,
		Why: "a term the organisation denies"}
	if t.keep {
		c.Keep, c.Score, c.Recognizer, c.Why = true, 0.999, keepName, "a term the organisation keeps"
	}
	return c
}
