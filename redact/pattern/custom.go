package pattern

import (
	"regexp"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// custom finds an organisation's own patterns and terms.
type custom struct {
	rules []compiled
	terms *phrases
	kinds []finding.Kind
}

type compiled struct {
	Rule
	re *regexp.Regexp
}

func newCustom(o Options) custom {
	var c custom
	for _, r := range o.Rules {
		if r.Score == 0 {
			r.Score = 0.9
		}
		if r.Kind == "" {
			r.Kind = finding.Other
		}
		c.rules = append(c.rules, compiled{r, regexp.MustCompile(r.Pattern)})
	}
	lists := make([][]string, len(o.Terms))
	for i, t := range o.Terms {
		k := t.Kind
		if k == "" {
			k = finding.Other
		}
		c.kinds = append(c.kinds, k)
		lists[i] = []string{t.Text}
	}
	c.terms = newPhrases(lists...)
	return c
}

func (custom) Name() string { return "pattern/custom" }

func (c custom) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var hits []hit
	for i := range lines {
		v := &lines[i]
		for _, r := range c.rules {
			for _, m := range r.re.FindAllStringSubmatchIndex(v.text, -1) {
				start, end := m[0], m[1]
				if len(m) > 2 && m[2] >= 0 {
					start, end = m[2], m[3]
				}
				if start < end {
					found = append(found, v.bytes(start, end, r.Kind, r.Score, "custom/"+r.Name, "a pattern of the organisation"))
				}
			}
		}
		hits = c.terms.find(v, hits[:0])
		for _, h := range hits {
			from, to := h.from, h.to
			if v.tok[from].Shape == text.Mark && to-from == 1 {
				continue
			}
			found = append(found, v.tokens(from, to, c.kinds[h.tag], 0.95, "custom/term", "a term of the organisation"))
		}
	}
	return found
}
