// Package generate writes tutoring talk with names in it, from a grammar of our
// own, for training the tagger and for measuring it by name origin.
package generate

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
)

//go:embed grammar.txt
var grammar string

// Span is a labelled byte range.
type Span struct {
	Start, End int
	Label      tagger.Label
}

// Line is a sentence with what its words are.
type Line struct {
	Text  string
	Spans []Span
}

// Grammar holds the sentence patterns. A pattern is text with {a|b} for choices
// (which nest) and slots: <G> a given name, <F> a family name, <N> both, <K>
// somebody in a word problem (not marked), <X> an everyday word that
// speech recognition spoilt, <C> a town, <O> a school, club or
// employer, <D> a number, <W> a subject.
type Grammar struct{ patterns []string }

// New reads the grammar. A line that starts with a number and a blank stands
// that many times.
func New() Grammar {
	var g Grammar
	for _, line := range strings.Split(grammar, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		times := 1
		if n, rest, ok := strings.Cut(line, " "); ok && len(n) == 1 && n[0] >= '2' && n[0] <= '9' {
			times, line = int(n[0]-'0'), rest
		}
		for ; times > 0; times-- {
			g.patterns = append(g.patterns, line)
		}
	}
	return g
}

// Fill gives what stands in a slot.
type Fill func(slot byte) string

// Line makes one line, filling slots by fill.
func (g Grammar) Line(r *rand.Rand, fill Fill) Line {
	pattern := choose(r, g.patterns[r.IntN(len(g.patterns))])
	var line Line
	var b strings.Builder
	// A name that is repeated in a line is the same name.
	memo := map[string]string{}
	for {
		i := strings.IndexByte(pattern, '<')
		if i < 0 {
			break
		}
		b.WriteString(pattern[:i])
		end := i + strings.IndexByte(pattern[i:], '>')
		slot := pattern[i+1 : end]
		pattern = pattern[end+1:]
		value := memo[slot]
		if value == "" {
			value = g.value(r, slot[0], fill)
			memo[slot] = value
		}
		start := b.Len()
		b.WriteString(value)
		if label, ok := labels[slot[0]]; ok {
			line.Spans = append(line.Spans, Span{start, b.Len(), label})
		}
	}
	b.WriteString(pattern)
	line.Text = b.String()
	return line
}

var labels = map[byte]tagger.Label{'G': tagger.Person, 'F': tagger.Person, 'N': tagger.Person, 'C': tagger.Place, 'O': tagger.Group}

func (g Grammar) value(r *rand.Rand, slot byte, fill Fill) string {
	switch slot {
	case 'N':
		return fill('G') + " " + fill('F')
	case 'K':
		return fill('G')
	case 'P':
		return fill('C')
	case 'D':
		return fmt.Sprint(r.IntN(100) + 1)
	case 'W':
		return pick(r, "math", "algebra", "geometry", "reading", "science", "history", "art", "English", "the SAT", "chemistry", "biology")
	case 'O':
		return organisation(r, fill)
	}
	return fill(slot)
}

func organisation(r *rand.Rand, fill Fill) string {
	switch r.IntN(6) {
	case 0:
		return fill('F') + " " + pick(r, "Middle School", "High School", "Elementary", "Academy", "Middle", "Prep", "Charter")
	case 1:
		return pick(r, "Oak", "River", "Maple", "Lake", "North", "West", "Pine", "Cedar", "Sunset", "Harbor", "Mission", "Valley") + " " +
			pick(r, "View", "Park", "Ridge", "Hills", "Grove", "Creek", "Heights", "Side")
	case 2:
		return fill('F') + " " + pick(r, "Dental", "Bakery", "Plumbing", "Landscaping", "Hardware", "Auto Repair", "& Sons", "Insurance", "Law Group")
	case 3:
		return fill('C') + " " + pick(r, "Robotics", "Youth Orchestra", "Swim Club", "Soccer Academy", "Debate Club", "Chess Club", "Dance Studio")
	case 4:
		return fill('C') + " " + pick(r, "High", "Middle School", "Community Hospital", "Public Library", "Unified")
	}
	return pick(r, "Tigers", "Falcons", "Wildcats", "Spartans", "Bulldogs", "Hornets", "Mustangs", "Vikings", "Panthers", "Coyotes")
}

func pick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// choose resolves {a|b|c}, innermost first.
func choose(r *rand.Rand, s string) string {
	for {
		end := strings.IndexByte(s, '}')
		if end < 0 {
			return s
		}
		start := strings.LastIndexByte(s[:end], '{')
		options := strings.Split(s[start+1:end], "|")
		s = s[:start] + options[r.IntN(len(options))] + s[end+1:]
	}
}
