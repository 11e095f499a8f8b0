package measure

import "slices"

// Difference is what changed between two result sets on the same gold.
type Difference struct {
	Before, After Report
	// Fixed were leaked before and are hidden now; Broken the other way round.
	// They hold text: see Report.Leaks.
	Fixed, Broken []Leak
	// OverFixed and OverBroken are the same for spans that must stay.
	OverFixed, OverBroken []Leak
}

// Compare scores two result sets and lists what changed.
func Compare(gold []Record, before, after []Found) Difference {
	return Scope{}.Compare(gold, before, after)
}

// Compare scores two result sets within s and lists what changed.
func (s Scope) Compare(gold []Record, before, after []Found) Difference {
	d := Difference{Before: s.Score(gold, before), After: s.Score(gold, after)}
	d.Fixed, d.Broken = changes(d.Before.Leaks, d.After.Leaks)
	d.OverFixed, d.OverBroken = changes(d.Before.Over, d.After.Over)
	return d
}

func changes(before, after []Leak) (gone, come []Leak) {
	missing := func(from, in []Leak) (out []Leak) {
		for _, l := range from {
			if !slices.ContainsFunc(in, func(o Leak) bool { return o.ID == l.ID && o.Start == l.Start && o.End == l.End && o.Type == l.Type }) {
				out = append(out, l)
			}
		}
		return out
	}
	return missing(before, after), missing(after, before)
}
