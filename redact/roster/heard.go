package roster

import (
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Heard is a name that was recognised somewhere in a conversation and belongs
// to nobody on the roster.
type Heard struct {
	// Name as it was said.
	Name string
	// Key and Person are those of the finding it comes from.
	Key, Person string
	// Score is how sure that finding is.
	Score float64
}

// Spread finds names heard once in the rest of the conversation, in the shapes
// that need no guessing: either name alone, possessive, any case, drawn out,
// familiar. Words that only sound alike are left to the roster.
func Spread(c *finding.Conversation, heard []Heard, lexicon Lexicon) []finding.Candidate {
	if len(heard) == 0 {
		return nil
	}
	if lexicon == nil {
		lexicon = grammar{}
	}
	c = c.Cut()
	x := newIndex(lexicon, c, newListing(c))
	x.loose = false
	scores := make([]float64, 0, len(heard))
	for _, h := range heard {
		words := nameWords(h.Name)
		if len(words) == 0 {
			continue
		}
		x.people = append(x.people, person{id: h.Person, key: h.Key})
		scores = append(scores, h.Score)
		n := len(x.people) - 1
		if h.Person != "" {
			// A shape of a known name: only as a whole.
			x.enter(n, first, strings.Join(words, ""), words)
			continue
		}
		for k, w := range words {
			if len(w) < 2 || particles[w] || never[w] {
				continue
			}
			part := first
			if k > 0 {
				part = last
			}
			x.enter(n, part, w, []string{w})
		}
	}
	var out []finding.Candidate
	for i := range c.Lines {
		for _, f := range x.line(c, i) {
			if f.Keep {
				continue
			}
			n := slices.IndexFunc(x.people, func(p person) bool { return p.key == f.Key && p.id == f.Person })
			f.Score *= min(scores[n]+0.1, 1)
			f.Recognizer = "spread/heard"
			f.Why = "a name heard elsewhere in the session"
			out = append(out, f)
		}
	}
	return out
}

// Key is the form in which mentions of an unknown person agree.
func Key(name string) string {
	if words := nameWords(name); len(words) > 0 {
		return words[0]
	}
	return text.Fold(name)
}
