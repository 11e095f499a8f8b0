package pattern

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// identifier finds student, school and examination numbers after a cue or in
// answer to a question, and the organisation's own patterns anywhere.
type identifier struct {
	cues     *phrases
	patterns []*regexp.Regexp
}

func newIdentifier(o Options) identifier {
	// Numbers a school or an examination board gives to a person.
	cues := append([]string{
		"stu id", "stud id", "student num", "student #", "student_id", "student_id =", "id#", "id #", "id num", "id?", "sid", "s.id", "the id they", "badge says", "my badge", "testing ticket", "ticket says", "ticket is", "perm id", "perm number", "reg #", "reg no", "registration #", "lunch #", "candidate no", "candidate #",
		"license #", "licence #", "passport #", "school system", "type the id", "put the id", "enter the id", "student id", "student ids", "student number", "student no", "student i d", "studentid", "id number", "id no", "i d number", "school id", "school number", "my id", "your id", "ur id", "her id", "his id", "their id",
		"id card", "registration number", "registration id", "registration no", "reg number", "register number", "college board id", "collegeboard id", "college board number", "cb id", "cb number", "cb num", "sat number",
		"sat registration", "sat id", "act id", "ap id", "ap number", "admission ticket", "admission number", "ticket number", "candidate number", "candidate id", "exam number", "exam id",
		"exam registration", "test taker id", "testing id", "test id", "osis", "osis number", "lasid", "sasid", "ssid", "lunch number", "lunch code", "lunch pin", "badge number",
		"user id", "userid", "member id", "member number", "membership number", "account number", "account id", "confirmation number", "case number", "permit number", "district id",
		"state id", "powerschool", "power school", "infinite campus", "naviance", "clever id", "roll number", "roll no", "enrollment number", "enrolment number", "index number", "uci", "upn",
		"library card", "parking permit", "pin number", "passport number", "passport", "licence number", "license number", "drivers license", "id is", "id:", "number on your id", "id on file", "nine digit id", "identification number", "registration is", "employee id", "tutor id", "learner id", "schoolhouse id", "iep number", "medical record", "patient id", "policy number",
	}, o.IDCues...)
	id := identifier{cues: newPhrases(cues)}
	for _, p := range o.IDPatterns {
		id.patterns = append(id.patterns, regexp.MustCompile(p))
	}
	return id
}

func (identifier) Name() string { return "pattern/id" }

func (id identifier) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var values []said
	var codes []string
	var asked window
	var hits []hit
	inChat := false
	done := make(map[int]int)
	for i := range lines {
		v := &lines[i]
		for _, p := range id.patterns {
			for _, m := range p.FindAllStringIndex(v.text, -1) {
				if m[0] < m[1] {
					found = append(found, v.bytes(m[0], m[1], finding.ID, 0.95, "id/pattern", "a number of a form the organisation gives to people"))
				}
			}
		}
		hits = id.cues.find(v, hits[:0])
		if v.chat && v.norm(v.body) == "id" && (v.digits(v.body+1) || v.word(v.body+1) && len(v.norm(v.body+1)) == 1 && v.joined(v.body+1) && v.digits(v.body+2)) && len(hits) == 0 && !v.meets(v.body+1) {
			hits = append(hits, hit{from: v.body, to: v.body + 1})
		}
		if len(hits) > 0 {
			asked.open(v)
			inChat = inChat || !v.chat && chatWord(v)
		}
		if open := asked.holds(v) || v.chat && inChat; !open || !v.numeric() {
			continue
		}
		for t := v.body; t < len(v.tok); {
			if t < done[i] {
				t++
				continue
			}
			tok := v.tok[t]
			if tok.Shape != text.Digit && !(tok.Shape.Word() && (len(tok.Norm) <= 3 || v.number(t))) {
				t++
				continue
			}
			c := v.code(t)
			if c.to == t {
				t++
				continue
			}
			if c.math && v.norm(t-1) == "=" && near(hits, t, t, 1, 0) {
				c.math = v.operator(c.to, false) // "student_id=20483321"
			}
			same := near(hits, c.from, c.to, 8, 4)
			alone := v.only(v.body, c.from) && v.only(c.to, len(v.tok))
			parts := []code{c}
			if (same || alone) && c.spoken > 0 && v.only(c.to, len(v.tok)) && c.digits() < 6 {
				parts = joinCode(lines, i, c)
			}
			total, digits := code{}, 0
			for _, p := range parts {
				total.value += p.value
				digits += p.digits()
			}
			score := 0.0
			switch {
			case c.math:
			case passed(v, c.from):
			case digits == 11 && v.meets(c.from) && !near(hits, c.from, c.to, 8, 4):
			case asked.line != v.line && c.letters == 0 && v.line-asked.line > 2 && strings.HasSuffix(total.value, "00"): // an answer to a problem
			case digits >= 5 && len(total.value) <= 20 && same:
				score = 0.95
			case digits >= 4 && len(total.value) >= 5 && same:
				score = 0.9
			case digits == 4 && same && strings.HasPrefix(v.text[v.tok[c.to-1].End:], "..."):
				score = 0.8
			case digits >= 5 && alone && asked.holds(v):
				score = 0.92
				if v.line-asked.line == 1 && digits >= 6 && digits <= 8 && c.spoken == 0 {
					score = 0.99 // even where it looks like a subtraction
				}
			case digits >= 5 && asked.holds(v) && (c.letters > 0 || digits >= 6) && len(parts[0].value) > 5:
				score = 0.8
			case alone && v.chat && (digits >= 6 && c.letters > 0 || digits >= 7):
				score = 0.6
			}
			if score > 0 {
				group := ""
				if len(parts) > 1 {
					group = fmt.Sprintf("id/%d/%d", i, c.from)
				}
				for _, p := range parts {
					x := p.v.tokens(p.from, p.to, finding.ID, score, "id/cue", "a number where a student or registration number is named or asked for")
					x.Group = group
					found = append(found, x)
					done[p.v.line] = p.to
				}
				values = append(values, said{keepDigits(total.value), i})
				codes = append(codes, total.value)
				asked.open(v) // others answer after this one
				asked.line = max(asked.line-2, 0)
			}
			t = c.to
		}
	}
	found = append(found, again(lines, values, found, finding.ID, "id/again")...)
	return append(found, literally(lines, oddOnly(codes), found, finding.ID, "id/again")...)
}

// meets reports whether three, four and four digits apart, as a meeting id is
// written, stand at token i, or eleven digits in a row.
func (v *view) meets(i int) bool {
	if !v.digits(i) {
		return false
	}
	at, all := i, 0
	for _, n := range []int{3, 4, 4} {
		if v.norm(at) == "-" {
			at++
		}
		if !v.digits(at) || v.size(at) != n {
			return v.size(i) == 11
		}
		at, all = at+1, all+n
	}
	return all == 11
}

// passed reports whether a word for a passcode is the last thing said before
// token i.
func passed(v *view, i int) bool {
	for k := i - 1; k >= v.body && k >= i-3; k-- {
		switch v.norm(k) {
		case "passcode", "password", "pwd", "pw", "passkey":
			return true
		case "code":
			return !otherCodes[v.norm(k-1)] && v.norm(k-1) != "lunch" && v.norm(k-1) != "id" && v.norm(k-1) != "student"
		}
	}
	return false
}

func chatWord(v *view) bool {
	for i := range v.tok {
		if w := v.tok[i].Norm; w == "chat" || w == "type" {
			return true
		}
	}
	return false
}

// code is letters and digits, written in one piece or said one by one.
type code struct {
	v        *view
	from, to int
	value    string
	letters  int
	spoken   int
	math     bool
}

func (c code) digits() int { return len(keepDigits(c.value)) }

func keepDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// code reads one at token i; to equals from when there is none.
func (v *view) code(i int) code {
	c := code{v: v, from: i, to: i}
	c.math = v.operator(i-1, true)
	written, last := 0, 0
	for j := i; j < len(v.tok) && len(c.value) < 24; {
		t := v.tok[j]
		w := t.Norm
		switch {
		case t.Shape == text.Mark:
			if w == "," && v.digits(j-1) && v.digits(j+1) && v.joined(j) {
				c.math = true
				return c
			}
			if w != "-" && w != "," && w != "#" || j == i {
				c.math = c.math || v.operator(c.to, false)
				return c
			}
			j++
			continue
		case t.Shape == text.Digit:
			d := plain(w)
			if written > 0 && !v.joined(j-1) && !(v.joined(j-2) && v.norm(j-1) == "-") && len(d) < 2 && last != 1 {
				return c
			}
			c.value += d
			last = len(d)
			written++
			j++
			c.to = j
			continue
		}
		if w == "dash" || w == "hyphen" || (w == "um" || w == "uh" || w == "then" || w == "and" && v.norm(j+1) == "then") && c.to > i {
			j++
			continue
		}
		if (w == "as" && v.norm(j+1) == "in" || w == "for" || w == "like") && c.to == j && c.letters > 0 && len(v.norm(j-1)) == 1 {
			if j++; w == "as" {
				j++
			}
			if j < len(v.tok) && v.word(j) { // S as in Sam
				j++
				c.to = j
				continue
			}
			return c
		}
		if d, to, said := v.element(j); d != "" && said {
			c.value += d
			c.spoken++
			j = to
			c.to = j
			continue
		}
		glued := j > i && v.joined(j-1) || v.joined(j) && v.digits(j+1)
		if len(w) == 1 && (w != "i" && w != "a" || glued || more(v, j+1) || len(v.norm(j+1)) == 1 && more(v, j+2)) || glued && len(w) <= 4 && t.Shape.Word() {
			c.value += w
			c.letters += len(w)
			j++
			c.to = j
			continue
		}
		break
	}
	c.math = c.math || v.operator(c.to, false)
	return c
}

func more(v *view, i int) bool {
	d, _, ok := v.peek(i)
	return ok && d != ""
}

func joinCode(lines []view, i int, c code) []code {
	parts := []code{c}
	for len(parts) < 4 {
		j := next(lines, i)
		if j < 0 {
			break
		}
		v := &lines[j]
		t := v.body
		for t < len(v.tok) && v.only(t, t+1) && !v.number(t) {
			t++
		}
		if t >= len(v.tok) {
			break
		}
		h := v.code(t)
		if h.to == t || h.digits() < 2 || h.math {
			break
		}
		parts = append(parts, h)
		i = j
	}
	return parts
}
