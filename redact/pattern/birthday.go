package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// birthday finds dates of birth: a date in words or numbers beside a birthday
// or in answer to a question for one.
type birthday struct {
	cues  *phrases
	dates bool
}

func newBirthday(dates bool) birthday {
	return birthday{newPhrases([]string{
		"birthday", "bday", "b day", "birthdays", "bdays", "birth day", "birthdate", "birth date", "date of birth", "dob", "d o b", "i was born", "was born", "were you born", "born on", "born in",
		"year were you born", "when were you born", "u born", "month were you", "bdate", "cumple", "my bd", "b-day", "d.o.b", "brithday", "birthdy", "bithday", "birfday", "cake day", "ill be", "gonna turn", "going to turn", "dont turn", "cant turn", "he turns", "she turns", "do you turn", "do u turn", "turning", "i turn", "year of birth", "birth year", "birth month", "born",
	}), dates}
}

func (birthday) Name() string { return "pattern/birthday" }

var months = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12, "febuary": 2, "janurary": 1, "septmber": 9,
}

func month(w string) bool { return months[w] != 0 }

// days are ordinal words of the days of a month.
var days = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
	"thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}

func (b birthday) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var asked window
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = b.cues.find(v, hits[:0])
		weak := true
		for _, h := range hits {
			if !weakly(v, h) {
				weak = false
			}
		}
		if len(hits) > 0 && !weak && !famous(v, hits) {
			asked.open(v)
		}
		same := len(hits) > 0 && !famous(v, hits)
		if !same && !(asked.holds(v) && v.line-asked.line <= 4) && !b.dates {
			continue
		}
		if !v.numeric() && v.has&(inMonths|inDays) == 0 {
			continue
		}
		for t := v.body; t < len(v.tok); {
			d, ok := v.date(t)
			if !ok || weak && d.from > v.body && !d.year && turned[v.norm(d.from-1)] && (month(v.norm(t+1)) || v.norm(t+1) == "the") {
				t++ // "i turn 15 march 8": 15 is no day
				continue
			}
			t = d.to
			answer := asked.holds(v) && v.line > asked.line
			score := 0.0
			switch {
			case measured[v.norm(d.to)]:
			case v.operator(d.from-1, true) && !(v.norm(d.from-1) == "=" && near(hits, d.from-1, d.from, 0, 0)) || v.operator(d.to, false):
			case same && !weak && (d.parts > 1 || near(hits, d.from, d.to, 6, 3)):
				score = 0.97
			case same && weak && d.parts > 1 && near(hits, d.from, d.to, 6, 4) && (self(v) || v.chat && v.only(v.body, hits[0].from) || d.named && v.says(d.from, "turns")):
				score = 0.9
				if d.parts > 2 || d.named || v.chat && v.norm(v.body) == "born" {
					score = 0.97
				}
			case same && weak && d.year && near(hits, d.from, d.to, 3, 0) && self(v):
				score = 0.85
			case answer && (d.named && d.parts > 1 || d.parts > 2):
				score = 0.95
			case answer && v.line-asked.line == 1 && v.only(v.body, d.from) && v.only(d.to, len(v.tok)) && d.parts > 1:
				score = 0.96
			case answer && (v.only(v.body, d.from) || v.norm(d.from-1) == "in" && v.only(v.body, d.from-1)) && len(v.tok)-d.to <= 4 && (d.parts > 1 || d.year || d.named):
				score = 0.85
			case answer && v.line-asked.line == 1 && v.only(v.body, d.from) && v.only(d.to, len(v.tok)) && d.compact:
				score = 0.96
			case answer && v.only(v.body, d.from) && v.only(d.to, len(v.tok)) && d.compact:
				score = 0.85
			}
			if score > 0 {
				found = append(found, v.tokens(d.from, d.to, finding.DateOfBirth, score, "birthday/cue", "a date beside a birthday, or in answer to a question for one"))
			} else if b.dates && (d.parts > 2 || d.parts > 1 && (!d.compact || v.dated(d))) {
				found = append(found, v.tokens(d.from, d.to, finding.Date, 0.6, "birthday/date", "a calendar date"))
			}
		}
		// "the 26th of November" is read from "the"; a bare day needs the cue beside it.
		if same && !weak {
			found = bareDay(v, hits, found)
		}
	}
	return found
}

// measured are the words behind numbers of a problem: "one one hour".
var measured = set("hour hours minute minutes mile miles mph feet inches percent times")

// weakly reports whether a cue says of any day that it is one of birth only
// beside a whole date: "I'll be 16 on the fourth of July".
func weakly(v *view, h hit) bool {
	switch v.norm(h.from) {
	case "dont", "cant", "gonna", "going", "turning", "was", "born", "ill", "he", "she":
		return true
	case "i":
		return v.norm(h.to-1) == "turn"
	}
	return false
}

// turned are the words after which a number is an age.
var turned = set("turn turns turning be")

// dated reports whether 5/21 or 5/2021 is a date by what stands before it or
// by how it is written.
func (v *view) dated(d date) bool {
	if n := v.tok[d.to-1]; n.End-n.Start == 4 || v.norm(d.from)[0] == '0' {
		return true
	}
	for k := max(0, d.from-3); k < d.from; k++ {
		switch v.norm(k) {
		case "today", "date", "due", "dated":
			return true
		}
	}
	return false
}

// self reports whether the speaker or somebody of the session is meant.
func self(v *view) bool { return v.has&inSelves != 0 }

// selves stand where people tell of themselves.
var selves = set("i im my me were we ill")

// famous reports whether the birthday is that of somebody in a lesson.
func famous(v *view, hits []hit) bool {
	for _, h := range hits {
		if v.norm(h.from) == "born" || v.norm(h.from) == "was" {
			if !self(v) && !(v.chat && h.from == v.body) {
				return true
			}
		}
	}
	return false
}

// date is a date at tokens from to to-1.
type date struct {
	from, to int
	parts    int  // day, month, year that were named
	named    bool // the month is a word
	year     bool // nothing but a year
	compact  bool // eight or six digits
}

func (v *view) date(t int) (date, bool) {
	if d, ok := v.iso(t); ok {
		return d, true
	}
	if d, ok := v.monthFirst(t); ok {
		return d, true
	}
	if d, ok := v.dayFirst(t); ok {
		return d, true
	}
	if d, ok := v.numericDate(t); ok {
		return d, true
	}
	if d, ok := v.spokenDate(t); ok {
		return d, true
	}
	if y, to := v.yearAt(t); y > 0 && v.tok[t].Shape.Word() || y > 0 && !v.joined(t-1) {
		return date{from: t, to: to, parts: 1, year: true}, true
	}
	if v.digits(t) && !v.joined(t-1) && !(v.joined(t) && v.tok[t+1].Shape != text.Mark) {
		if n := v.size(t); n == 8 || n == 6 {
			d := plain(v.tok[t].Norm)
			if ok := number(d[:2]) <= 12 && number(d[2:4]) <= 31 && number(d[:2]) > 0 && number(d[2:4]) > 0; ok {
				return date{from: t, to: t + 1, parts: 1, compact: true}, true
			}
		}
	}
	return date{}, false
}

// monthFirst reads "July 13th, 2009", "may ninth", "nov 26 09".
func (v *view) monthFirst(t int) (date, bool) {
	m := v.norm(t)
	if !v.word(t) || !v.is(t, inMonths) {
		return date{}, false
	}
	i := t + 1
	if v.norm(i) == "." && v.joined(t) {
		i++
	}
	if v.norm(i) == "-" || v.norm(i) == "/" || v.norm(i) == "," {
		i++
	}
	if v.norm(i) == "the" {
		i++
	}
	n, to := v.day(i)
	if n == 0 {
		if y, to := v.yearAt(i); y > 0 {
			return date{from: t, to: to, parts: 2, named: true}, true
		}
		// "may", "march" alone are words.
		switch v.norm(t - 1) {
		case "in", "its", "is", "late", "early", "mid", "of", "this", "next", ":", "-", "end", "around", "s":
		default:
			if m == "may" || m == "march" || m == "mar" || m == "sep" || m == "dec" || m == "jan" || v.only(v.body, t) && !v.only(t+1, len(v.tok)) {
				if !v.only(v.body, t) || !v.only(t+1, len(v.tok)) {
					return date{}, false
				}
			}
		}
		return date{from: t, to: t + 1, parts: 1, named: true}, true
	}
	d := date{from: t, to: to, parts: 2, named: true}
	d.to, d.parts = v.withYear(to, 2)
	return d, true
}

// withYear takes a year, past a comma, with a day and month.
func (v *view) withYear(i, parts int) (int, int) {
	j := i
	for v.norm(j) == "," || v.norm(j) == "of" || v.norm(j) == "-" || v.norm(j) == "/" || v.norm(j) == "in" && v.digits(j+1) || v.norm(j) == "'" || v.norm(j) == "’" || v.norm(j) == "um" || v.norm(j) == "year" {
		j++
	}
	if y, to := v.yearAt(j); y > 0 {
		return to, parts + 1
	}
	if v.digits(j) && v.size(j) == 2 && !v.operator(j+1, false) && !(v.norm(j+1) == ":" && v.joined(j)) {
		return j + 1, parts + 1
	}
	if d, to, said := v.element(j); said && (d == "0" || len(d) == 2) { // "oh nine", "ten"
		if e, to2, said := v.element(to); d == "0" && said && len(e) == 1 {
			return to2, parts + 1
		}
		if len(d) == 2 && j == i {
			if n := number(d); n >= 10 && n <= 25 {
				return to, parts + 1
			}
		}
	}
	return i, parts
}

// day reads the day of a month at token i: 13, 13th, thirteenth, twenty first.
func (v *view) day(i int) (int, int) {
	if i >= len(v.tok) {
		return 0, i
	}
	if v.digits(i) {
		n := number(plain(v.norm(i)))
		if v.size(i) > 2 || n < 1 || n > 31 {
			return 0, i
		}
		if v.joined(i) && ordinalSuffix(v.norm(i+1)) {
			return n, i + 2
		}
		if v.joined(i) && (v.word(i+1) || v.norm(i+1) == ":" || v.norm(i+1) == "." && v.digits(i+2)) {
			return 0, i
		}
		return n, i + 1
	}
	w := v.norm(i)
	if v.is(i, inDays) {
		return days[w], i + 1
	}
	if w == "twenty" || w == "thirty" {
		j := i + 1
		if v.norm(j) == "-" {
			j++
		}
		base := 20
		if w == "thirty" {
			base = 30
		}
		if n := days[v.norm(j)]; n > 0 && n < 10 {
			return base + n, j + 1
		}
	}
	if d, to, said := v.element(i); said {
		if n := number(d); n >= 1 && n <= 31 && len(d) <= 2 {
			return n, to
		}
	}
	return 0, i
}

// yearAt reads a year of birth: 1930 to 2029 in digits, or "two thousand
// nine", "twenty ten", "nineteen ninety eight".
func (v *view) yearAt(i int) (int, int) {
	if i >= len(v.tok) {
		return 0, i
	}
	if v.digits(i) {
		if v.size(i) == 4 {
			if y := number(plain(v.norm(i))); y >= 1930 && y <= 2029 && !(v.joined(i) && (v.word(i+1) || v.norm(i+1) == "." && v.digits(i+2))) {
				return y, i + 1
			}
		}
		return 0, i
	}
	switch v.norm(i) {
	case "two":
		if v.norm(i+1) == "thousand" {
			j := i + 2
			if v.norm(j) == "and" {
				j++
			}
			if d, to, said := v.element(j); said && len(d) <= 2 {
				return 2000 + number(d), to
			}
			return 2000, i + 2
		}
	case "twenty", "nineteen":
		j := i + 1
		if v.norm(j) == "-" {
			j++
		}
		if v.norm(j) == "oh" || v.norm(j) == "o" {
			if d := units[v.norm(j+1)]; d != "" {
				return 2000 + number(d), j + 2
			}
		}
		if larger[v.norm(j)] != "" {
			d, to, _ := v.element(j)
			return 2000 + number(d), to
		}
	}
	return 0, i
}

// dayFirst reads "13 July 2009", "the 26th of November", "fifth of may".
func (v *view) dayFirst(t int) (date, bool) {
	i := t
	n, to := v.day(i)
	if n == 0 || v.joined(t-1) && v.tok[t-1].Shape != text.Mark {
		return date{}, false
	}
	j := to
	if v.norm(j) == "of" || v.norm(j) == "-" || v.norm(j) == "/" || v.norm(j) == "." {
		j++
	}
	if !v.is(j, inMonths) || !v.word(j) {
		return date{}, false
	}
	d := date{from: v.article(t), to: j + 1, parts: 2, named: true}
	k := j + 1
	if v.norm(k) == "." && v.joined(j) && v.digits(k+1) {
		k++
	}
	d.to, d.parts = v.withYear(k, 2)
	if d.parts == 2 {
		d.to = j + 1
	}
	return d, true
}

// article takes "the" before a day with it.
func (v *view) article(t int) int {
	if t > v.body && v.norm(t-1) == "the" {
		return t - 1
	}
	return t
}

// numericDate reads 11/26/09, 2-4-2011, 2.4.2011, 11/26.
func (v *view) numericDate(t int) (date, bool) {
	if !v.digits(t) || v.joined(t-1) && v.tok[t-1].Shape != text.Mark || v.joined(t-1) && v.operator(t-1, true) {
		return date{}, false
	}
	a := number(plain(v.norm(t)))
	if v.size(t) > 2 || a < 1 || a > 31 {
		return date{}, false
	}
	m := v.norm(t + 1)
	if m != "/" && m != "-" && m != "." || !v.digits(t+2) || v.size(t+2) > 2 && !(v.size(t+2) == 4) {
		return date{}, false
	}
	b := number(plain(v.norm(t + 2)))
	if v.size(t+2) == 4 { // 5/2021
		return date{from: t, to: t + 3, parts: 2, compact: true}, a <= 12 && b >= 1930 && b <= 2029 && m != "."
	}
	if b < 1 || b > 31 || a > 12 && b > 12 {
		return date{}, false
	}
	if v.norm(t+3) == m && v.digits(t+4) {
		if n := v.size(t + 4); n == 2 || n == 4 {
			if !(v.joined(t+4) && (v.norm(t+5) == m && v.digits(t+6) || v.word(t+5))) {
				return date{from: t, to: t + 5, parts: 3}, true
			}
		}
		return date{}, false
	}
	if m == "." || !v.joined(t) && m == "-" {
		return date{}, false
	}
	return date{from: t, to: t + 3, parts: 2, compact: true}, true
}

// iso reads 2009-07-13 and 2009/07/13.
func (v *view) iso(t int) (date, bool) {
	if !v.digits(t) || v.size(t) != 4 || v.joined(t-1) && v.tok[t-1].Shape != text.Mark {
		return date{}, false
	}
	m := v.norm(t + 1)
	if m != "-" && m != "/" && m != "." || !v.digits(t+2) || v.norm(t+3) != m || !v.digits(t+4) {
		return date{}, false
	}
	y, b, c := number(plain(v.norm(t))), number(plain(v.norm(t+2))), number(plain(v.norm(t+4)))
	if y < 1900 || y > 2099 || b < 1 || b > 12 || c < 1 || c > 31 {
		return date{}, false
	}
	to := t + 5
	// A time of day belongs to it (RFC 3339).
	if v.joined(t+4) && v.norm(to) == "t" && v.digits(to+1) {
		for to < len(v.tok) && v.joined(to-1) && (v.tok[to].Shape == text.Digit || strings.Contains("t:z.+-", v.norm(to))) {
			to++
		}
		for to > t+5 && v.tok[to-1].Shape == text.Mark {
			to--
		}
	} else if v.joined(t+4) && v.word(to) {
		return date{}, false
	}
	return date{from: t, to: to, parts: 3}, true
}

// spokenDate reads "three fourteen twenty ten", "oh seven thirteen oh nine",
// "seven slash thirteen slash two thousand nine".
func (v *view) spokenDate(t int) (date, bool) {
	if !v.word(t) || !v.is(t, inNumbers|inZeros) {
		return date{}, false
	}
	i := t
	if v.norm(i) == "oh" || v.norm(i) == "zero" {
		i++
	}
	m, to, said := v.element(i)
	if !said || number(m) < 1 || number(m) > 12 {
		return date{}, false
	}
	to = v.slash(to)
	n, to := v.spokenDay(to)
	if n == 0 {
		return date{}, false
	}
	end, parts := v.withYear(v.slash(to), 2)
	if parts == 2 {
		end = to
	}
	return date{from: t, to: end, parts: parts, compact: parts == 2}, true
}

// spokenDay reads a day, also "oh two".
func (v *view) spokenDay(i int) (int, int) {
	if w := v.norm(i); w == "oh" || w == "zero" || w == "o" {
		if d := units[v.norm(i+1)]; d != "" && d != "0" {
			return number(d), i + 2
		}
	}
	return v.day(i)
}

func (v *view) slash(i int) int {
	switch v.norm(i) {
	case "slash", "dash", ",", "/", "-":
		return i + 1
	}
	return i
}

// bareDay finds "my birthday is on the 26th".
func bareDay(v *view, hits []hit, found []finding.Candidate) []finding.Candidate {
	for _, h := range hits {
		for t := h.to; t < len(v.tok) && t < h.to+5; t++ {
			if v.norm(t) != "the" {
				continue
			}
			n, to := v.day(t + 1)
			if n == 0 || to < t+2 || v.digits(t+1) && to == t+2 || units[v.norm(t+1)] != "" || to < len(v.tok) && v.word(to) && v.norm(to) != "of" && !closing[v.norm(to)] {
				continue
			}
			if c := v.tokens(t, to, finding.DateOfBirth, 0.7, "birthday/day", "a day of the month beside a birthday"); !coveredIn(found, c) {
				found = append(found, c)
			}
		}
	}
	return found
}

func coveredIn(found []finding.Candidate, c finding.Candidate) bool {
	for _, f := range found {
		if f.Line == c.Line && f.Start <= c.Start && c.End <= f.End {
			return true
		}
	}
	return false
}
