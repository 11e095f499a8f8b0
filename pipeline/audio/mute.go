package audio

import (
	"cmp"
	"slices"
)

// Interval is half-open, in milliseconds from the start of the recording.
type Interval struct{ StartMS, EndMS int64 }

// Reasons Veil gives for silence. Others are allowed.
const (
	OptedOut = "opted_out"
	Name     = "name"
)

// Muted is an interval that is silenced, and why. Reason is a word for the
// audio table; it must say nothing about who.
type Muted struct {
	StartMS, EndMS int64
	Reason         string
}

// Normalize clips intervals to a recording of the given length, and makes them
// sorted and disjoint. Intervals of one reason that overlap or touch become
// one. What two reasons claim goes to the one first seen in mute.
func Normalize(mute []Muted, durationMS int64) []Muted {
	var reasons []string
	claims := map[string][]Interval{}
	for _, m := range mute {
		i := Interval{max(0, m.StartMS), min(durationMS, m.EndMS)}
		if i.StartMS >= i.EndMS {
			continue
		}
		if _, seen := claims[m.Reason]; !seen {
			reasons = append(reasons, m.Reason)
		}
		claims[m.Reason] = append(claims[m.Reason], i)
	}
	var taken []Interval
	var out []Muted
	for _, reason := range reasons {
		own := union(claims[reason])
		for _, i := range subtract(own, taken) {
			out = append(out, Muted{i.StartMS, i.EndMS, reason})
		}
		taken = union(append(taken, own...))
	}
	slices.SortFunc(out, func(a, b Muted) int { return cmp.Compare(a.StartMS, b.StartMS) })
	return out
}

// union is the same time in sorted, disjoint intervals with gaps between.
func union(in []Interval) []Interval {
	sorted := slices.SortedFunc(slices.Values(in), func(a, b Interval) int {
		return cmp.Compare(a.StartMS, b.StartMS)
	})
	var out []Interval
	for _, i := range sorted {
		if n := len(out); n > 0 && i.StartMS <= out[n-1].EndMS {
			out[n-1].EndMS = max(out[n-1].EndMS, i.EndMS)
			continue
		}
		out = append(out, i)
	}
	return out
}

// subtract takes the time of b out of a; both as union gives them.
func subtract(a, b []Interval) []Interval {
	var out []Interval
	for _, i := range a {
		for len(b) > 0 && b[0].EndMS <= i.StartMS {
			b = b[1:]
		}
		for _, hole := range b {
			if hole.StartMS >= i.EndMS {
				break
			}
			if hole.StartMS > i.StartMS {
				out = append(out, Interval{i.StartMS, hole.StartMS})
			}
			i.StartMS = max(i.StartMS, hole.EndMS)
		}
		if i.StartMS < i.EndMS {
			out = append(out, i)
		}
	}
	return out
}

// silences are muted intervals without their reasons, touching ones joined.
func silences(muted []Muted) []Interval {
	all := make([]Interval, len(muted))
	for i, m := range muted {
		all[i] = Interval{m.StartMS, m.EndMS}
	}
	return union(all)
}

// ticks turns milliseconds into units of 1/perSecond s, rounding outwards.
func (i Interval) ticks(perSecond int64) (from, to int64) {
	return i.StartMS * perSecond / 1000, (i.EndMS*perSecond + 999) / 1000
}

// milliseconds rounds to nearest without overflow for any file's length.
func milliseconds(ticks, perSecond int64) int64 {
	return ticks/perSecond*1000 + (ticks%perSecond*1000+perSecond/2)/perSecond
}
