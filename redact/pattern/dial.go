package pattern

import (
	"github.com/schoolhouse-world/veil/redact/finding"
)

// dial finds telephone numbers that lack a cue or are told in pieces: ten digits
// that are all of a message, the last four of a known one, a number put right in
// the next line, and groups of which one begins with a zero, as no quantity does.
type dial struct{ cues *phrases }

const (
	dialEnds = iota // the last digits are told
	dialArea
	dialAbout
)

func newDial() dial {
	return dial{newPhrases(
		[]string{"last four", "last 4", "last four digits", "last three", "ends in", "ends with", "ending in", "end in", "first three", "area code is"},
		[]string{"area code"},
		[]string{"phone", "phone number", "cell", "call", "text", "txt", "mobile", "contact number", "ur number", "your number", "ur #", "dial", "landline", "whatsapp"},
	)}
}

func (dial) Name() string { return "pattern/dial" }

func (d dial) phrases() *phrases { return d.cues }

func (d dial) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var asked, told window // a telephone; a number of one
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = d.cues.find(v, hits[:0])
		ending := -1
		for _, h := range hits {
			switch h.tag {
			case dialEnds:
				ending = h.to
			case dialAbout:
				asked.open(v)
			}
		}
		near := told.holds(v) && v.line > told.line && v.line-told.line <= 3
		if n := v.numerals(); n < 3 || n < 7 && ending < 0 && !near {
			continue
		}
		add := func(from, to int, score float64, why string) {
			found = append(found, v.tokens(from, to, finding.Phone, score, "dial/told", why))
		}
		runs := v.runs()
		if from, to := v.pieced(runs); to > from {
			add(from, to, 0.85, "digits in pieces that make a telephone number")
			told.open(v)
			continue
		}
		for n, r := range runs {
			if r.climbs {
				continue
			}
			switch {
			case r.math && !(len(r.digits) == 10 && r.words == r.elements && r.single == r.elements):
			case american(r.digits) && r.words == r.elements && americanGroups(r.groups) && v.zeroed(r):
				from := r.from
				for _, h := range hits {
					if h.tag == dialArea && h.to == r.from {
						from = h.from
					}
				}
				add(from, r.to, 0.9, "ten digits of which a group begins with a zero, as no quantity does")
				told.open(v)
			case american(r.digits) && r.words > 0 && r.single == r.elements, american(r.digits) && len(r.groups) >= 3 && r.seps&(comma|spaced) == 0:
				told.open(v)
				for _, h := range hits {
					if h.tag == dialArea && h.to == r.from {
						add(h.from, r.to, 0.9, "an area code and its number")
					}
				}
			case v.chat && r.words == 0 && len(r.groups) == 1 && len(r.digits) == 10 && american(r.digits) && v.only(v.body, r.from) && len(v.tok)-r.to <= 1 && (r.digits[3:6] == "555" || asked.holds(v)):
				add(r.from, r.to, 0.97, "ten digits of the North American plan, and nothing else")
				told.open(v)
			case ending >= 0 && r.from-ending >= 0 && r.from-ending <= 4 && len(r.digits) == 4 && (r.words == 0 || r.single == r.elements) && (asked.holds(v) || saysAny(v, "before", "mine", "same", "instead", "digits", "moms", "dads", "number") || near || v.zeroed(r)):
				add(r.from, r.to, 0.85, "the last digits of a telephone number")
			case near && (mistaken[v.norm(v.body)] || v.norm(v.body) == "nope" || v.norm(v.body) == "not" || v.norm(v.body) == "almost" || v.norm(v.body) == "close") && v.mends(r.from) && len(r.digits) >= 3 && len(r.digits) <= 7 && (r.words == 0 && len(r.digits) > 3 || r.single == r.elements && r.words == r.elements):
				add(r.from, r.to, 0.85, "digits that put a telephone number right")
			case n > 0 && r.words == r.elements && r.single == r.elements && len(r.digits) >= 3 && len(r.digits) <= 5 && v.single(runs[n-1]) && v.mended(runs[n-1].to, r.from):
				add(runs[n-1].from, runs[n-1].to, 0.85, "digits of a telephone number that are put right")
				add(r.from, r.to, 0.85, "digits that put a telephone number right")
			}
		}
	}
	return found
}

// single reports whether r is nine or ten digits that were said one by one.
func (v *view) single(r run) bool {
	return len(r.digits) >= 9 && len(r.digits) <= 11 && r.words == r.elements && r.single == r.elements
}

// mended reports whether tokens from to to-1 say that what stood before was
// wrong.
func (v *view) mended(from, to int) bool {
	wrong := false
	for k := from; k < to; k++ {
		if !mending[v.norm(k)] {
			return false
		}
		wrong = wrong || mistaken[v.norm(k)]
	}
	return wrong
}

// mends reports whether nothing but words that put something right stands before
// token i.
func (v *view) mends(i int) bool {
	for k := v.body; k < i; k++ {
		if w := v.norm(k); !mending[w] && !fillers[w] && w != "nope" && w != "close" && w != "almost" && w != "the" && w != "last" && w != "four" && w != "ends" && w != "in" {
			return false
		}
	}
	return true
}

// zeroed reports whether a group of a run that was said begins with a zero.
func (v *view) zeroed(r run) bool {
	at := 0
	for _, g := range r.groups {
		if g > 1 && at < len(r.digits) && r.digits[at] == '0' {
			return true
		}
		at += g
	}
	return false
}

// holding are what somebody says while they look a number up.
var holding = set("um uh er hang on hold one a sec second moment minute wait let me check see i think its so and then like , . … - ok okay dash space sorry yeah is what was it the rest again")

// pieced joins runs between which somebody looks the number up: "six one four,
// five five five, um, hang on, zero one three eight".
func (v *view) pieced(runs []run) (from, to int) {
	for n := range runs {
		if r := &runs[n]; r.elements > 3 && v.norm(r.to-1) == "one" && (v.norm(r.to) == "sec" || v.norm(r.to) == "second" || v.norm(r.to) == "moment" || v.norm(r.to) == "minute") {
			if cut, ok := v.run(r.from, r.to-1); ok {
				runs[n] = cut // "five, um, one sec"
			}
		}
		digits, last := runs[n].digits, runs[n]
		if len(digits) < 3 || runs[n].math || runs[n].climbs || len(digits) > 9 {
			continue
		}
		groups := append([]int(nil), runs[n].groups...)
		for _, r := range runs[n+1:] {
			if len(r.digits) == 1 && (v.norm(r.to) == "sec" || v.norm(r.to) == "second" || v.norm(r.to) == "moment") {
				continue
			}
			ok := r.from-last.to <= 9 && r.from > last.to && !r.math && r.words > 0 == (last.words > 0)
			for k := last.to; ok && k < r.from; k++ {
				ok = holding[v.norm(k)]
			}
			if !ok || len(r.digits) < 3 {
				break
			}
			digits, last = digits+r.digits, r
			groups = append(groups, r.groups...)
			if len(digits) >= 10 {
				break
			}
		}
		if last.from != runs[n].from && american(digits) && americanGroups(groups) && (digits[3:6] == "555" || digits[6] == '0' || runs[n].single == runs[n].elements) {
			return runs[n].from, last.to
		}
	}
	return 0, 0
}
