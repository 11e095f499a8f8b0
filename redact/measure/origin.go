package measure

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/text"
)

// leastOrigin is the number of names from which an origin counts for the
// spread: below it one name moves the share by more than five points.
const leastOrigin = 20

// Unlisted is the origin of people none of whose names a table has.
const Unlisted = "unlisted"

// Origins tells the cultures a name comes from, by its folded form
// (text.Fold). The zero value knows none.
type Origins map[string][]string

// ReadOrigins reads a table of names: on each line a culture, G (given) or F
// (family), and names, with blanks between. Lines that begin with # are notes.
func ReadOrigins(r io.Reader) (Origins, error) {
	o := Origins{}
	err := eachLine(r, func(n int, data []byte) error {
		f := strings.Fields(string(data))
		if strings.HasPrefix(f[0], "#") {
			return nil
		}
		if len(f) < 3 || f[1] != "G" && f[1] != "F" {
			return fmt.Errorf("line %d: not a culture, G or F, and names", n)
		}
		for _, name := range f[2:] {
			if k := text.Fold(name); !slices.Contains(o[k], f[0]) {
				o[k] = append(o[k], f[0])
			}
		}
		return nil
	})
	return o, err
}

// people tells the cultures of everyone in gold, by session and person. A
// person is of the culture that lists most of the distinct words by which gold
// calls them, and of several when they list as many: a nickname or a misheard
// form counts for whom it means.
func (o Origins) people(gold []Record) map[[2]string][]string {
	if len(o) == 0 {
		return nil
	}
	words := map[[2]string]map[string]bool{}
	for _, g := range gold {
		session, _, _ := strings.Cut(g.ID, "/")
		runes := []rune(g.Text)
		for _, s := range g.Spans {
			if s.Type != "PERSON" || s.Person == "" {
				continue
			}
			k := [2]string{session, s.Person}
			if words[k] == nil {
				words[k] = map[string]bool{}
			}
			for _, t := range text.Tokenize(string(runes[s.Start:s.End])) {
				if t.Shape.Word() {
					words[k][t.Norm] = true
				}
			}
		}
	}
	out := map[[2]string][]string{}
	for k, w := range words {
		out[k] = o.most(w)
	}
	return out
}

func (o Origins) most(words map[string]bool) []string {
	votes := map[string]int{}
	best := 0
	for w := range words {
		for _, culture := range o[w] {
			votes[culture]++
			best = max(best, votes[culture])
		}
	}
	if best == 0 {
		return []string{Unlisted}
	}
	var out []string
	for culture, n := range votes {
		if n == best {
			out = append(out, culture)
		}
	}
	slices.Sort(out)
	return out
}

func spread(origins []ClassRow) Ratio {
	low, high, any := Ratio(1), Ratio(0), false
	for _, o := range origins {
		if o.Gold >= leastOrigin {
			low, high, any = min(low, o.Hidden), max(high, o.Hidden), true
		}
	}
	if !any {
		return ratio(0, 0)
	}
	return high - low
}
