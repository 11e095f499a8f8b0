package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/text"
)

// run is a sequence of digits, written or said, in one line.
type run struct {
	v        *view
	from, to int // tokens
	digits   string
	groups   []int // digits between separators
	elements int   // digit tokens and number words
	single   int   // number words that stand for one digit
	words    int   // number words
	seps     sep
	math     bool // next to an operator, a unit or a decimal point
	climbs   bool // counts on: 2, 4, 6, 8 or 1, 4, 9, 16, 25, 36
}

type sep uint8

const (
	comma sep = 1 << iota
	dash
	dot
	paren
	blank
	slash
	spaced // a dash between blanks, as in a subtraction
	spoken // um, dash, space
)

// units are number words of one digit, larger those of two.
var units = map[string]string{
	"zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
	"six": "6", "seven": "7", "eight": "8", "nine": "9", "niner": "9",
}

var larger = map[string]string{
	"ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
	"seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fourty": "40",
	"fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}

var times = map[string]int{"double": 2, "triple": 3, "treble": 3, "quadruple": 4}

// numerals is about how many digits the line has, written and said.
func (v *view) numerals() int {
	return v.digitCount
}

// element reads one number at token i: its digits and the token after it.
func (v *view) element(i int) (digits string, to int, said bool) {
	if i < 0 || i >= len(v.tok) {
		return "", i, false
	}
	t := &v.tok[i]
	if t.Shape == text.Digit {
		return plain(t.Norm), i + 1, false
	}
	if !t.Shape.Word() {
		return "", i, false
	}
	w := t.Norm
	in := v.known(i).class
	if in&inUnits != 0 {
		d := units[w]
		switch v.norm(i + 1) {
		case "hundred":
			return d + "00", i + 2, true
		case "thousand":
			return d + "000", i + 2, true
		}
		return d, i + 1, true
	}
	if in&inZeros != 0 && i > 0 && i+1 < len(v.tok) && (v.is(i-1, inUnits) || v.is(i+1, inUnits)) {
		return "0", i + 1, true
	}
	if in&inNumbers == 0 {
		return "", i, false
	}
	if n := times[w]; n > 0 {
		d, to, _ := v.element(i + 1)
		if len(d) != 1 {
			return "", i, false
		}
		return strings.Repeat(d, n), to, true
	}
	d := larger[w]
	if d[1] == '0' && d != "10" {
		j := i + 1
		if v.norm(j) == "-" {
			j++
		}
		if u := units[v.norm(j)]; u != "" && u != "0" {
			return d[:1] + u, j + 1, true
		}
	}
	return d, i + 1, true
}

// plain turns the decimal digits of any script into ASCII.
func plain(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			var b strings.Builder
			for _, r := range s {
				b.WriteByte('0' + byte(decimal(r)))
			}
			return b.String()
		}
	}
	return s
}

// decimal is the value of a digit: in Unicode they come in tens, in order.
func decimal(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= 0xFF10 && r <= 0xFF19:
		return int(r - 0xFF10)
	case r >= 0x0660 && r <= 0x0669, r >= 0x06F0 && r <= 0x06F9:
		return int(r & 15)
	case r >= 0x0966 && r <= 0x0DEF:
		return int(r-0x0966) % 0x80 % 10
	}
	return int(r) % 10
}

// numeric reports whether the line holds anything a run could start with.
func (v *view) numeric() bool {
	return v.digitCount > 0
}

// runs finds every run of the line. The caller does not change them.
func (v *view) runs() []run {
	if v.counted || !v.numeric() {
		return v.digitRuns
	}
	v.counted = true
	store := &v.reading.runs
	from := len(*store)
	for i := 0; i < len(v.tok); {
		if t := &v.tok[i]; t.Shape == text.Digit || t.Shape.Word() && v.is(i, inNumbers|inZeros) {
			if r, ok := v.run(i, len(v.tok)); ok {
				*store = append(*store, r)
				i = r.to
				continue
			}
		}
		i++
	}
	v.digitRuns = (*store)[from:len(*store):len(*store)]
	return v.digitRuns
}

// run reads one at token i, not beyond limit.
func (v *view) run(i, limit int) (run, bool) {
	r := run{v: v, from: i, to: i}
	groups := &v.reading.groups
	firstGroup := len(*groups)
	group, step, last := 0, 0, -1
	r.climbs = true
	rising, falling := true, true
	var b []byte // the digits, when there is more than one element
	for {
		d, to, said := v.element(i)
		if d == "" {
			break
		}
		value := number(d)
		if last >= 0 {
			if r.elements == 1 {
				step = value - last
			}
			if value-last != step || step == 0 {
				r.climbs = false
			}
			rising = rising && value >= last
			falling = falling && value <= last
		}
		last = value
		switch r.elements {
		case 0:
			r.digits = d
		case 1:
			b = append(append(b, r.digits...), d...)
		default:
			b = append(b, d...)
		}
		group += len(d)
		r.elements++
		if said {
			r.words++
			if len(d) == 1 || to-i == 2 && times[v.norm(i)] > 0 {
				r.single++
			}
		}
		r.to = to
		after, s, ok := v.separator(to)
		if !ok || after >= limit {
			break
		}
		if _, _, more := v.peek(after); !more {
			break
		}
		if s != blank || !said && !v.oneDigit(to-1, after) {
			if s != 0 {
				*groups = append(*groups, group)
				group = 0
			}
		}
		r.seps |= s
		i = after
	}
	if r.elements == 0 {
		return r, false
	}
	*groups = append(*groups, group)
	r.groups = (*groups)[firstGroup:len(*groups):len(*groups)]
	if r.elements > 1 {
		r.digits = string(b)
	}
	r.climbs = r.climbs && r.elements > 2 && step >= -25 && step <= 25
	// One telephone number in some ten thousand rises or falls so long.
	r.climbs = r.climbs || (rising || falling) && r.elements > 5 && last != number(r.digits[:1])
	r.math = v.operator(r.from-1, true) || v.operator(r.to, false)
	return r, true
}

// oneDigit reports whether tokens i and j are single written digits, which
// blanks do not group: 5 2 0, 5 5 5.
func (v *view) oneDigit(i, j int) bool {
	return v.digits(i) && v.digits(j) && v.size(i) == 1 && v.size(j) == 1
}

// windows returns the parts of a written run between blanks, several pieces
// before single ones: a list of numbers reads as one run at first.
func (r run) windows() []run {
	if r.words > 0 || r.seps&blank == 0 || r.elements > 24 || r.climbs {
		return nil
	}
	v := r.v
	starts := []int{r.from}
	for i := r.from + 1; i < r.to; i++ {
		if v.digits(i) && v.digits(i-1) {
			starts = append(starts, i)
		}
	}
	starts = append(starts, r.to)
	var all []run
	for size := min(4, len(starts)-2); size > 0; size-- {
		for i := 0; i+size < len(starts); i++ {
			if w, ok := v.run(starts[i], starts[i+size]); ok {
				w.math = r.math
				all = append(all, w)
			}
		}
	}
	return all
}

func (v *view) peek(i int) (string, int, bool) {
	d, to, _ := v.element(i)
	return d, to, d != ""
}

// separator reads what may stand between two numbers of a run.
func (v *view) separator(i int) (after int, s sep, ok bool) {
	for n := 0; i < len(v.tok) && n < 3; n++ {
		switch t := v.tok[i]; t.Norm {
		case ",":
			if v.joined(i-1) && v.joined(i) && v.digits(i-1) && v.digits(i+1) {
				return i, 0, false // 204,530
			}
			s |= comma
		case "-", "‐", "‑", "–":
			s |= dash
			if !v.joined(i-1) && !v.joined(i) {
				s |= spaced
			}
		case ".", "·", "•":
			s |= dot
		case "(", ")":
			s |= paren
		case "/":
			if !v.digits(i-1) || !v.digits(i+1) || !v.joined(i-1) || !v.joined(i) || v.size(i-1) != 3 || v.size(i+1) < 3 {
				return i, s, s == 0
			}
			s |= slash
		case "um", "uh", "er", "dash", "hyphen", "space", "then":
			s |= spoken
		case "number":
			if n > 0 || !v.number(i-1) || v.norm(i+1) != "," && !v.number(i+1) {
				return i, s, true
			}
			s |= spoken // "a five two oh number, five five five"
		default:
			if s == 0 && i > 0 && v.tok[i-1].End < t.Start {
				s = blank
			}
			return i, s, true
		}
		i++
	}
	return i, s, i < len(v.tok)
}

// reckoning are the signs and words of arithmetic.
var reckoning = set(`= * × ÷ ^ < > ≤ ≥ % $ € £ √ / π ° − ~ ± + . , -
	plus minus times divided over equals equal point percent negative squared cubed degrees dollars cents
	multiplied subtract add hundred thousand million billion half halves thirds fourths fifths tenths ths power mod sqrt root pi`)

// operator reports whether token i makes its neighbour a number of arithmetic.
func (v *view) operator(i int, before bool) bool {
	if !v.is(i, inReckoning) {
		return false
	}
	switch v.tok[i].Norm {
	case "/":
		if v.parts(i) {
			return false
		}
	case "+":
		if before {
			return i > 0 && (v.digits(i-1) || v.norm(i-1) == ")" || v.word(i-1) && len(v.norm(i-1)) == 1)
		}
	case ".":
		if before { // .5, 3.14 cut from its run, a list number
			return v.joined(i) && (i == 0 || !v.joined(i-1) || v.digits(i-1))
		}
		return v.joined(i-1) && v.joined(i) && v.digits(i+1)
	case ",":
		return v.joined(i-1) && v.joined(i) && v.digits(i-1) && v.digits(i+1)
	case "-":
		return before && i > 0 && v.digits(i-1)
	case "add":
		return !before
	}
	return true
}

// parts reports whether a slash between blanks parts things that are told, as in
// "S0093127 / 617-555-0186 / 29 Tansy St", and divides nothing.
func (v *view) parts(i int) bool {
	if i < 1 || i+1 >= len(v.tok) || v.joined(i-1) || v.joined(i) {
		return false
	}
	long := func(k int) bool { return v.digits(k) && v.size(k) > 4 }
	tied := func(k int) bool {
		return v.digits(k) && (v.joined(k-1) && (v.norm(k-1) == "-" || v.word(k-1)) || v.joined(k) && v.norm(k+1) == "-")
	}
	return long(i-1) || long(i+1) || tied(i-1) || tied(i+1)
}

func number(d string) int {
	n := 0
	for i := 0; i < len(d) && i < 9; i++ {
		n = n*10 + int(d[i]-'0')
	}
	return n
}

// tail returns the last run when nothing but fillers follow it.
func (v *view) tail(runs []run) (run, bool) {
	if len(runs) == 0 {
		return run{}, false
	}
	r := runs[len(runs)-1]
	return r, v.only(r.to, len(v.tok))
}

// head returns the first run when nothing but fillers stand before it.
func (v *view) head(runs []run) (run, bool) {
	if len(runs) == 0 || runs[0].from < v.body {
		return run{}, false
	}
	return runs[0], v.only(v.body, runs[0].from)
}
