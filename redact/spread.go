package redact

import (
	"cmp"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/roster"
)

// certain is the score from which a name is looked for in the whole session.
const certain = 0.80

// guessed are the shapes of a roster name that are recognised by their place:
// once recognised they are looked for in every place.
var guessed = map[string]bool{"roster/misheard": true, "roster/short": true, "roster/misspelled": true}

// spread looks for names that were recognised with certainty in the rest of
// the session, where nothing but the name itself may point to them.
func (w *weighing) spread(decided []decision) []finding.Candidate {
	c := w.c
	best := map[string]roster.Heard{}
	for line, d := range decided {
		for _, f := range d.findings {
			if f.Kind != finding.Person || f.Outcome != finding.Redact || f.Score < certain {
				continue
			}
			name := c.Lines[line].Text[f.Start:f.End]
			if f.Person != "" && !w.guessed(line, &f) {
				// The roster has looked for its names everywhere. A full name that
				// others found shows that its words are used as names here.
				if strings.HasPrefix(f.Recognizer, "roster/") || !strings.Contains(name, " ") {
					continue
				}
				f.Person = ""
			}
			if f.Recognizer == "roster/spelled" {
				name = f.Key
			}
			k := key(name)
			if h, ok := best[k]; !ok || f.Score > h.Score {
				if f.Key == "" {
					f.Key = roster.Key(name)
				}
				best[k] = roster.Heard{Name: name, Key: f.Key, Person: f.Person, Score: f.Score}
			}
		}
	}
	heard := make([]roster.Heard, 0, len(best))
	for _, h := range best {
		heard = append(heard, h)
	}
	slices.SortFunc(heard, func(a, b roster.Heard) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Name, b.Name)) })
	// Where a name was found already, having been found is no new evidence.
	return slices.DeleteFunc(roster.Spread(c, heard, w.engine.lexicon), func(f finding.Candidate) bool {
		return slices.ContainsFunc(decided[f.Line].findings, func(d finding.Finding) bool {
			return d.Kind == finding.Person && d.Start <= f.Start && f.End <= d.End
		})
	})
}

// guessed reports whether the roster knows its name in a finding only by such
// a shape, whoever else recognised it there.
func (w *weighing) guessed(line int, f *finding.Finding) bool {
	return slices.ContainsFunc(w.candidates[line], func(c *finding.Candidate) bool {
		return c.Start == f.Start && c.End == f.End && c.Person == f.Person && guessed[c.Recognizer]
	})
}
