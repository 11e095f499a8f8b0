package report

import (
	"slices"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// Mark is a redaction in a text: what stands there instead of what was
// removed. Start and End count code points, as in the tables; the range is
// half open.
type Mark struct {
	Start, End int
	Label      string // such as LEARNER_2
	Kind       string // such as PERSON
}

// Piece is a stretch of text that is shown in one way.
type Piece struct {
	Text string
	// Kind is the kind in words of what was removed here, "" for plain text.
	Kind string
	// Look is true within the place the officer is asked to look at.
	Look bool
}

// pieces cuts a text at the edges of its marks and of the place to look at.
// The pieces make up the whole text whatever the marks say.
func pieces(text string, marks []Mark, look *Mark) []Piece {
	points := []rune(text)
	edges := []int{0, len(points)}
	within := func(n int) int { return max(0, min(n, len(points))) }
	for _, m := range marks {
		edges = append(edges, within(m.Start), within(m.End))
	}
	if look != nil {
		edges = append(edges, within(look.Start), within(look.End))
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []Piece
	for i := 1; i < len(edges); i++ {
		p := Piece{Text: string(points[edges[i-1]:edges[i]])}
		for _, m := range marks {
			if m.covers(edges[i-1]) {
				p.Kind = kindWords(finding.Kind(m.Kind))
			}
		}
		p.Look = look != nil && look.covers(edges[i-1])
		out = append(out, p)
	}
	return out
}

func (m Mark) covers(at int) bool { return m.Start <= at && at < m.End }

// misfits reports whether a mark does not lie in its text, which means that
// the highlighting cannot be trusted.
func misfits(text string, marks []Mark) bool {
	n := utf8.RuneCountInString(text)
	return slices.ContainsFunc(marks, func(m Mark) bool { return m.Start < 0 || m.Start >= m.End || m.End > n })
}
