package pattern

import (
	"strings"
	"unicode"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// long finds numbers in shapes that the mathematics of a lesson hardly has,
// whatever the talk is of: letters and digits mixed ("JK42WQ8T"), seven digits or
// more in one piece or in groups ("7004 431 5", "114-88-203"), and as many read out
// one by one. Whose they are nothing tells; package judge weighs the talk around.
type long struct{}

// perhaps is a score that the talk around has to raise.
const perhaps = 0.45

func (long) Name() string { return "pattern/long" }

func (long) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	for i := range lines {
		v := &lines[i]
		if v.digitCount < 1 {
			continue
		}
		if v.digitCount > 4 {
			for _, r := range v.runs() {
				if kind := r.shape(); kind != "" {
					found = append(found, v.tokens(v.prefixed(r.from), r.to, kind, perhaps, "long/number", "a number longer than those of a lesson"))
				}
			}
		}
		dictating := !v.chat && v.has&inCasing != 0
		for t := v.body; t < len(v.tok); t++ {
			if !dictating && !v.joined(t) {
				continue
			}
			if to := v.dictated(t); to > t {
				found = append(found, v.tokens(t, to, finding.Meeting, 0.8, "long/dictated", "letters and numbers that are dictated, large and small"))
				t = to - 1
				continue
			}
			if to := v.scrambled(t); to > t {
				found = append(found, v.tokens(t, to, finding.Meeting, perhaps, "long/mixed", "large and small letters, digits and signs in one piece, as passwords have them"))
				t = to - 1
				continue
			}
			if to := v.mixed(t); to > t {
				found = append(found, v.tokens(t, to, finding.ID, perhaps, "long/mixed", "letters and digits in one piece, as numbers of people have them"))
				t = to - 1
			}
		}
	}
	return found
}

// prefixed takes the letters before a number with it: "MN seven seven oh four …",
// "PN 5530 2186", "W as in whiskey, three three eight …".
func (v *view) prefixed(from int) int {
	k := from - 1
	if v.norm(k) == "," {
		k--
	}
	if k-3 >= v.body && v.norm(k-1) == "in" && v.norm(k-2) == "as" && len(v.norm(k-3)) == 1 {
		return k - 3
	}
	for n := 0; n < 3 && k >= v.body && v.word(k) && (v.tok[k].Shape == text.One && v.norm(k) != "i" || v.tok[k].Shape == text.Upper && len(v.norm(k)) == 2); n++ {
		from = k
		k--
	}
	return from
}

// dashed reports whether a dash is said between the digits of a run.
func (r *run) dashed() bool {
	for k := r.from; k < r.to; k++ {
		if w := r.v.norm(k); w == "dash" || w == "hyphen" {
			return true
		}
	}
	return false
}

// shape is the kind of a run by its length alone, "" when it may be a number of
// a lesson.
func (r *run) shape() finding.Kind {
	n := len(r.digits)
	if n >= 5 && n < 7 && r.words == r.elements && r.single == r.words && r.dashed() {
		return finding.ID // nobody says a minus so
	}
	if r.math || r.climbs || n < 7 || n > 20 || r.from < r.v.body || strings.Count(r.digits, r.digits[:1]) == n || strings.HasSuffix(r.digits, "000") || strings.HasPrefix(r.digits, "31415") || strings.Trim(r.digits, "01") == "" {
		return ""
	}
	switch {
	case r.words == r.elements && r.single == r.words: // read out
		if n == 7 || n == 10 || n == 11 {
			return finding.Phone
		}
		return finding.ID
	case r.words > 0 || r.seps&^(dash|blank) != 0:
		return ""
	case r.elements == 1:
		return finding.ID
	}
	most := 0
	for _, size := range r.groups {
		most = max(most, size)
	}
	if n == 9 && len(r.groups) == 3 && r.groups[0] == 3 && r.groups[1] == 3 && r.seps == blank && r.v.chat && r.v.only(r.v.body, r.from) {
		return finding.ID
	}
	if r.elements == n && r.seps == blank {
		return finding.ID // one by one
	}
	if r.elements > 5 || n < 8 || !r.v.only(r.to, len(r.v.tok)) && !(r.seps == dash && most > 3) {
		return ""
	}
	if r.seps&blank != 0 && (most < 4 || !r.v.only(r.v.body, r.from) && r.v.prefixed(r.from) == r.from) {
		return "" // a list of numbers
	}
	return finding.ID
}

// dictated gives where a code ends that is read out with its large and small
// letters, "lowercase j, capital R, four, four, ampersand, x", and t when none
// begins there. Four letters and numbers and a word for a case tell it.
func (v *view) dictated(t int) int {
	if !casing[v.norm(t)] {
		return t
	}
	to, elements := t, 0
	for k := t; k < len(v.tok) && k < t+30; {
		w := v.norm(k)
		d, next, _ := v.element(k)
		switch {
		case w == "," || w == "-" || w == "." && k+1 < len(v.tok) || fillers[w] || w == "and" || w == "then":
			k++
		case casing[w]:
			k++
		case v.word(k) && len(w) == 1 && w != "i", signs[w]:
			elements, k = elements+1, k+1
			to = k
		case d != "":
			elements, k = elements+len(d), next
			to = k
		default:
			k = len(v.tok)
		}
	}
	if elements < 4 {
		return t
	}
	return to
}

var (
	casing = set("lowercase uppercase capital caps")
	signs  = set("ampersand hashtag underscore dash hyphen dollar exclamation percent asterisk star hash pound at plus")
)

// scrambled gives where one piece of large and small letters, digits and signs
// ends that begins at token t ("jR44&x", "Qt8#vv"), and t when none does.
func (v *view) scrambled(t int) int {
	if t > v.body && v.joined(t-1) || !v.digits(t) && !v.word(t) {
		return t
	}
	to, digit, signed := t, false, false
	for to < len(v.tok) && (to == t || v.joined(to-1)) {
		switch {
		case v.digits(to):
			digit = true
		case v.word(to):
		case strings.Contains("&#!$%*@", v.norm(to)) && to+1 < len(v.tok) && v.joined(to) && v.tok[to+1].Shape != text.Mark:
			signed = true
		default:
			return v.closed(t, to, digit, signed)
		}
		to++
	}
	return v.closed(t, to, digit, signed)
}

func (v *view) closed(from, to int, digit, signed bool) int {
	if to-from < 3 || !digit {
		return from
	}
	piece := v.text[v.tok[from].Start:v.tok[to-1].End]
	small, large := strings.IndexFunc(piece, unicode.IsLower) >= 0, strings.IndexFunc(piece[1:], unicode.IsUpper) >= 0
	if len(piece) < 5 || len(piece) > 14 || !small || !large && !signed || strings.HasPrefix(piece, "@") {
		return from
	}
	return to
}

// mixed gives where a piece of letters and digits ends that begins at token t,
// and t when none does: three digits at least and a letter between or before them,
// but no measure ("1500px"), year ("sat2024") or variable ("x100").
func (v *view) mixed(t int) int {
	if t > v.body && v.joined(t-1) || !v.digits(t) && !v.word(t) {
		return t
	}
	to, digits, letters, turns := t, 0, 0, 0
	for to < len(v.tok) && (to == t || v.joined(to-1)) {
		switch {
		case v.digits(to):
			digits += v.size(to)
		case v.word(to):
			if v.size(to) > 4 {
				return t // a word
			}
			letters += v.size(to)
		case v.norm(to) == "-" && to+1 < len(v.tok) && v.joined(to):
		default:
			if v.norm(to) == "." && !v.joined(to) || v.norm(to) == "," || v.norm(to) == "?" || v.norm(to) == "!" {
				return v.ended(t, to, digits, letters, turns)
			}
			return t
		}
		if to > t && v.norm(to) != "-" && v.digits(to) != v.digits(to-1) && v.norm(to-1) != "-" {
			turns++
		}
		to++
	}
	return v.ended(t, to, digits, letters, turns)
}

func (v *view) ended(from, to, digits, letters, turns int) int {
	switch {
	case turns == 0 || digits < 3 || letters == 0 || digits+letters < 5 || digits == 3 && letters == 1:
		return from
	case turns == 1 && v.digits(from) && !strings.HasPrefix(v.norm(from), "0"), v.operator(from-1, true) || v.operator(to, false) && v.norm(to) != "." && v.norm(to) != ",":
		return from
	case turns == 1 && digits == 4 && (strings.HasPrefix(v.norm(to-1), "20") || strings.HasPrefix(v.norm(to-1), "19")):
		return from
	case turns == 1 && letters == 1 && strings.Contains("xyznpq", v.norm(from)):
		return from
	}
	return to
}
