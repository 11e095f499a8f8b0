package pattern

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// phone finds telephone numbers, written in the formats of many countries and
// said digit by digit, in one line or over several.
type phone struct{ cues *phrases }

const (
	phoneSays  = iota // a number follows: "text me at"
	phoneAsks         // the number comes in a later line
	phoneLoose        // "my number is": needs a number as long as a telephone's
)

func newPhone() phone {
	return phone{newPhrases(
		[]string{
			"text me", "text you", "text us", "text him", "text her", "text them", "text my", "txt me", "txt you", "txt my", "call me", "call you",
			"call us", "call him", "call her", "call my", "call or text", "ring me", "phone me", "buzz me", "facetime me", "facetime",
			"reach me", "reach you", "reach us", "reach him", "reach her", "reach my", "hit me up", "hmu", "message me", "msg me",
			"phone number", "phone", "phone is", "cell", "cellphone", "mobile", "telephone", "tel", "landline", "fax", "whatsapp", "imessage", "my digits", "her digits", "his digits",
			"cell number", "mobile number", "contact number", "home number", "work number", "emergency contact", "emergency number",
			"moms number", "dads number", "mothers number", "fathers number", "parents number", "guardians number",
			"area code", "lmk at", "school office", "front desk", "office is at", "callback number", "ph:", "dial in from", "group chat", "picks up at", "called from", "call the", "text the", "sms", "google voice", "venmo", "zelle", "whats app", "voicemail", "extension", "my new number", "new number is",
		},
		[]string{
			"your number", "ur number", "yr number", "good number", "best number", "right number", "number for you", "number for your", "number for ur", "what number",
			"which number", "number should i", "number can i", "number do i", "number to call", "number to text", "number to reach", "whats the number", "what is the number", "number in case",
			"his number", "her number", "their number", "the number again", "give me your number", "number we can", "number where",
			"number is still", "number on file", "number we have", "number on the form", "have your number", "the number for", "phone number", "cell number", "a number i can",
		},
		[]string{
			"my number", "my ~ number is", "number is", "my numbers", "our number", "mom number", "is my number", "thats my number", "the number is", "contact",
			"my moms", "my dads", "save my number", "have my number", "heres my number", "the numbers", "my #", "ur #", "her #", "his #", "call", "text", "txt", "dial", "moms #", "dads #", "number?", "missed the number", "repeat the number", "new number", "new #", "im at", "i wrote down",
		},
	)}
}

// clitic reports whether token i has an apostrophe: "number's".
func (v *view) clitic(i int) bool {
	t := v.tok[i]
	return strings.ContainsAny(v.text[t.Start:t.End], "'’")
}

// wares behind "phone" tell of phones, not of somebody's.
var wares = set("numbers plan plans bill bills company companies call calls case cases store stores costs cost battery screen sale sales charger")

func (phone) Name() string { return "pattern/phone" }

func (p phone) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var values []said
	var asked, loose window
	var hits []hit
	done := make(map[int]int) // line → token up to which a number was joined
	for i := range lines {
		v := &lines[i]
		hits = p.cues.find(v, hits[:0])
		hits = slices.DeleteFunc(hits, func(h hit) bool { return wares[v.norm(h.to)] && !v.clitic(h.to) })
		for _, h := range hits {
			if h.tag == phoneLoose {
				loose.open(v)
			} else {
				asked.open(v)
			}
		}
		if n := v.numerals(); n == 0 || n < 5 && len(hits) == 0 && !asked.holds(v) && !loose.holds(v) {
			continue
		}
		runs := v.runs()
		for n, r := range runs {
			if r.from < done[i] {
				continue
			}
			cue := phoneCue(v, hits, r, asked, loose)
			r = v.dialled(r)
			if parts, digits := v.corrected(runs[n:], cue); len(parts) > 1 {
				c := v.tokens(parts[0].from, parts[len(parts)-1].to, finding.Phone, 0.9, "phone/corrected", "digits in pieces, or said again, that make a telephone number")
				found = append(found, c)
				done[i] = parts[len(parts)-1].to
				values = append(values, said{digits, i})
				continue
			}
			if n == len(runs)-1 && (r.words > 0 || cue > 0) {
				if parts, digits := join(lines, i, r); len(parts) > 1 {
					if score, why := phoneJoined(parts, digits, cue); score > 0 {
						group := fmt.Sprintf("phone/%d/%d", i, r.from)
						for _, part := range parts {
							c := part.v.tokens(part.from, part.to, finding.Phone, score, "phone/joined", why)
							c.Group = group
							found = append(found, c)
							done[part.v.line] = part.to
						}
						values = append(values, said{digits, i})
						continue
					}
				}
			}
			score, rule, why := phoneScore(v, r, cue)
			if score == 0 {
				for _, w := range r.windows() {
					if score, rule, why := phoneScore(v, w, min(cue, 1)); score > 0 && len(w.digits) >= 10 {
						c := v.tokens(w.from, w.to, finding.Phone, score, rule, why)
						if !overlaps(found, c) {
							found = append(found, c)
							values = append(values, said{w.digits, i})
						}
					}
				}
				continue
			}
			from, to := r.from, r.to
			if from > 0 && v.norm(from-1) == "(" {
				from--
			}
			if from > 0 && (v.norm(from-1) == "+" || v.norm(from-1) == "plus") {
				from--
			}
			to = extension(v, to)
			found = append(found, v.tokens(from, to, finding.Phone, score, rule, why))
			values = append(values, said{r.digits, i})
		}
	}
	return append(found, again(lines, values, found, finding.Phone, "phone/again")...)
}

// cue strength around a run.
func phoneCue(v *view, hits []hit, r run, asked, loose window) int {
	cue := 0
	for _, h := range hits {
		if h.to <= r.from && r.from-h.to <= 14 || h.from >= r.to && h.from-r.to <= 6 {
			if h.tag == phoneLoose {
				cue = max(cue, 1)
			} else {
				cue = 2
			}
		}
	}
	if asked.holds(v) && cue < 2 {
		cue = 2
		if asked.line == v.line {
			cue = 1
		}
	}
	if loose.holds(v) {
		cue = max(cue, 1)
	}
	if cue == 0 && v.told(r) {
		cue = 1
	}
	if cue > 0 && v.numbered(r.from) {
		cue = 0
	}
	return cue
}

// told reports whether a line says nothing but "it's" and digits grouped as a
// North American number is said: three, three, and four in pairs or not.
func (v *view) told(r run) bool {
	if !v.only(v.body, r.from) || !v.only(r.to, len(v.tok)) || r.from == v.body || !american(r.digits) {
		return false
	}
	if r.words == r.elements {
		return r.single == 6 && r.elements == 8 || r.single == r.elements
	}
	g := r.groups
	return len(g) >= 3 && g[0] == 3 && g[1] == 3 && (g[2] == 4 || len(g) == 4 && g[2] == 2)
}

// dialled takes the "plus" of "plus one, five five nine" for what it is.
func (v *view) dialled(r run) run {
	if r.words == 0 || !r.math || v.norm(r.from-1) != "plus" || len(r.digits) != 11 || !american(r.digits) || v.operator(r.to, false) {
		return r
	}
	if r.from >= v.body+2 {
		if d, _, _ := v.element(r.from - 2); d != "" {
			return r
		}
	}
	r.math = false
	return r
}

// mending are the words between the pieces of a number that is said with a
// mistake, "five five five, no wait, five five six", or in pieces.
var mending = set("no wait sorry oops actually i mean scratch that not um uh er and then its , . - — …")

var mistaken = set("no wait sorry oops actually mean scratch not")

// corrected joins the first of runs with those that mend or continue it in the
// same line. The digits are those of the number as it was meant.
func (v *view) corrected(runs []run, cue int) (parts []run, digits string) {
	if len(runs[0].digits) < 3 || len(runs[0].digits) > 9 || runs[0].math || runs[0].climbs {
		return nil, ""
	}
	parts, digits = runs[:1:1], runs[0].digits
	last := runs[0].groups[len(runs[0].groups)-1]
	mended := false
	for _, r := range runs[1:] {
		before := parts[len(parts)-1]
		between, wrong := r.from > before.to && r.from-before.to <= 7, false
		for k := before.to; k < r.from; k++ {
			between = between && mending[v.norm(k)]
			wrong = wrong || mistaken[v.norm(k)]
		}
		if !between || r.math || r.climbs || len(r.digits) > 10 {
			break
		}
		if wrong {
			mended = true
			if last == r.groups[0] || len(digits)+len(r.digits)-last == 10 {
				digits = digits[:len(digits)-last]
			} else if len(r.digits) >= 7 {
				digits = ""
			}
		}
		parts, digits, last = append(parts, r), digits+r.digits, r.groups[len(r.groups)-1]
		if len(digits) >= 10 {
			break
		}
	}
	if len(parts) < 2 || !american(digits) && !(cue == 2 && len(digits) == 7 && mended) || cue == 0 && !mended {
		return nil, ""
	}
	return parts, digits
}

// numbered reports whether the words before token i name another number than a
// telephone's.
func (v *view) numbered(i int) bool {
	for k := max(v.body, i-6); k < i; k++ {
		switch v.norm(k) {
		case "id":
			if w := v.norm(k - 1); w == "my" || w == "your" || w == "ur" || w == "her" || w == "his" || w == "school" {
				return true
			}
		case "student", "registration", "osis", "board", "lunch", "account", "member", "ticket", "exam", "confirmation", "candidate", "badge":
			return true
		case "phone", "cell", "text", "call", "mobile":
			return false
		}
	}
	return false
}

func phoneScore(v *view, r run, cue int) (float64, string, string) {
	n := len(r.digits)
	if n < 7 || n > 17 || r.climbs {
		return 0, "", ""
	}
	if r.words > 0 {
		return spokenPhone(r, cue)
	}
	plus := r.from > 0 && v.norm(r.from-1) == "+" && v.joined(r.from-1) && !(len(r.groups) == 2 && r.seps == dot) || r.from > 1 && v.norm(r.from-1) == "(" && v.norm(r.from-2) == "+"
	if plus && (v.operator(r.from-1, true) || r.seps&spaced != 0 || v.norm(r.from-1) == "+" && v.joined(r.from-2) && v.norm(r.from-2) != "(" && v.norm(r.from-2) != ":") {
		plus = false
	}
	if plus && n >= 8 && n <= 15 {
		if num, err := phonenumbers.Parse("+"+r.digits, ""); err == nil && phonenumbers.IsPossibleNumber(num) {
			return 0.97, "phone/international", "a number with a plus sign and a country code"
		}
		if cue > 0 || len(r.groups) > 2 {
			return 0.7, "phone/international", "a number with a plus sign"
		}
	}
	if r.math && !plus {
		return 0, "", ""
	}
	if r.seps&comma != 0 && (cue == 0 || small(r.groups) || len(r.groups) > 4) || r.seps&slash != 0 && cue == 0 {
		return 0, "", ""
	}
	if v.chained(r) {
		return 0, "", ""
	}
	if american(r.digits) && americanGroups(r.groups) {
		switch {
		case cue == 0 && (r.seps&spaced != 0 || r.seps&dash != 0 && r.seps&dot != 0):
			return 0.4, "phone/spaced", "ten digits grouped like a North American number, or a subtraction"
		case cue == 1 && len(r.groups) == 1:
			return 0.75, "phone/american", "ten digits in a row, and a loose cue"
		case cue > 0:
			return 0.98, "phone/american", "ten digits grouped like a North American number, and a cue"
		case len(r.groups) >= 3 && r.seps&(dash|dot|paren) != 0:
			return 0.93, "phone/american", "ten digits grouped like a North American number"
		case len(r.groups) >= 3:
			return 0.8, "phone/american", "ten digits spaced like a North American number"
		case len(r.groups) == 2 && r.seps&paren != 0 && r.seps&(dot|spaced) == 0:
			return 0.7, "phone/american", "ten digits grouped like a North American number"
		}
		return 0, "", ""
	}
	if cue == 0 {
		if r.seps&spaced != 0 {
			return 0, "", ""
		}
		if n >= 11 && n <= 13 && len(r.groups) >= 4 && r.seps&^(dash|blank) == 0 && !small(r.groups) && valid("+"+r.digits, "") {
			return 0.8, "phone/country", "digits that begin with a country code and make a valid number"
		}
		if n >= 9 && n <= 11 && len(r.groups) == 3 && r.digits[0] == '0' && r.seps == dash && r.groups[1] > 2 && r.groups[2] > 2 {
			return 0.7, "phone/national", "three groups of digits that begin with a zero"
		}
		return 0, "", ""
	}
	if n == 11 && len(r.groups) == 3 && r.groups[0] == 3 && r.groups[1] == 4 && r.digits[0] != '1' {
		return 0.6, "phone/loose", "eleven digits after a cue, grouped like a meeting id"
	}
	if n == 7 {
		if cue == 2 && (len(r.groups) == 1 || len(r.groups) == 2 && r.groups[0] == 3) ||
			cue == 1 && len(r.groups) == 2 && r.groups[0] == 3 {
			return 0.85, "phone/local", "seven digits after a cue"
		}
		return 0, "", ""
	}
	if n > 13 {
		return 0, "", ""
	}
	if strings.HasSuffix(r.digits, "0000") && len(r.groups) == 1 {
		return 0, "", ""
	}
	if cue == 1 && len(r.groups) == 1 && r.digits[0] != '0' && n < 11 {
		return 0, "", ""
	}
	if anywhere(r.digits) {
		return 0.9, "phone/national", "a valid number of some country, and a cue"
	}
	if len(r.groups) > 1 && !small(r.groups) && n >= 9 || cue == 2 && (n >= 10 || r.digits[0] == '0') {
		return 0.75, "phone/loose", "digits as long as a telephone number after a cue"
	}
	return 0, "", ""
}

// spokenPhone judges digits that were said one by one.
func spokenPhone(r run, cue int) (float64, string, string) {
	n := len(r.digits)
	if r.math && cue < 2 {
		return 0, "", ""
	}
	if n > 13 || cue == 0 && (r.single < r.elements-1 || r.words < r.elements) {
		return 0, "", ""
	}
	switch {
	case american(r.digits) && cue > 0:
		return 0.98, "phone/spoken", "ten spoken digits after a cue"
	case american(r.digits) && americanGroups(r.groups) && len(r.groups) > 1:
		return 0.85, "phone/spoken", "ten spoken digits grouped like a telephone number"
	case american(r.digits) && len(r.groups) == 1:
		return 0.7, "phone/spoken", "ten spoken digits in a row"
	case cue == 2 && n == 7 && (len(r.groups) <= 2 || r.single == r.elements):
		return 0.9, "phone/spoken", "seven spoken digits after a cue"
	case cue == 1 && n == 7 && len(r.groups) == 2 && r.groups[0] == 3:
		return 0.8, "phone/spoken", "seven spoken digits grouped like a telephone number"
	case cue > 0 && n >= 8 && (r.single*2 >= r.elements || cue == 2):
		return 0.85, "phone/spoken", "spoken digits as long as a telephone number after a cue"
	}
	return 0, "", ""
}

// phoneJoined judges a number cut between lines.
func phoneJoined(parts []run, digits string, cue int) (float64, string) {
	words, elements, single := 0, 0, 0
	var groups []int
	for _, p := range parts {
		if p.math || p.climbs {
			return 0, ""
		}
		words, elements, single = words+p.words, elements+p.elements, single+p.single
		groups = append(groups, p.groups...)
	}
	n := len(digits)
	switch {
	case len(parts) > 3 && elements == len(parts): // "zero, / ten, / twenty, / thirty"
	case american(digits) && cue > 0:
		return 0.97, "ten digits over several lines after a cue"
	case american(digits) && single == elements && americanGroups(groups):
		return 0.7, "ten spoken digits over several lines grouped like a telephone number"
	case cue == 2 && n == 7:
		return 0.85, "seven digits over several lines after a cue"
	case cue == 2 && n >= 8 && n <= 13 && len(groups) > 1 && !small(groups):
		return 0.8, "digits as long as a telephone number over several lines after a cue"
	}
	return 0, ""
}

// join follows a run that ends its line into the lines in which its speaker
// goes on with digits. It gives no parts when nobody does.
func join(lines []view, i int, r run) (parts []run, digits string) {
	digits = r.digits
	if !r.v.only(r.to, len(r.v.tok)) || len(digits) >= 10 && american(digits) {
		return nil, digits
	}
	for len(parts) < 5 {
		j := next(lines, i)
		if j < 0 {
			break
		}
		v := &lines[j]
		runs := v.runs()
		h, ok := v.head(runs)
		if !ok {
			if len(v.tok) <= 4 && v.only(0, len(v.tok)) && len(v.tok) > 0 {
				i = j
				continue
			}
			break
		}
		if h.math && h.words == 0 {
			break // "4 1/2"
		}
		if parts == nil {
			parts = []run{r}
		}
		parts, digits = append(parts, h), digits+h.digits
		if t, ok := v.tail(runs); !ok || t.from != h.from || len(digits) >= 10 {
			break
		}
		i = j
	}
	return parts, digits
}

// american reports whether ten digits (or eleven that begin with 1) follow the
// North American plan: neither area code nor exchange begins with 0 or 1. The
// fictional 555-01xx numbers follow it too, although libraries refuse them.
func american(d string) bool {
	if len(d) == 11 && d[0] == '1' {
		d = d[1:]
	}
	return len(d) == 10 && d[0] >= '2' && d[3] >= '2' && d[1:3] != "11"
}

func americanGroups(g []int) bool {
	at, sum := []int{}, 0
	for _, n := range g {
		sum += n
		at = append(at, sum)
	}
	if sum == 11 && len(at) > 0 {
		for i := range at {
			at[i]--
		}
	}
	has3 := false
	for _, n := range at {
		switch n {
		case 0, 6, 10, 8:
		case 3:
			has3 = true
		default:
			return false
		}
	}
	return has3 || len(g) == 1 || len(g) == 2 && (g[1] == 4 || g[1] == 10)
}

// small reports whether a group has a single digit other than a leading code,
// as a list of values has.
func small(groups []int) bool {
	n := 0
	for i, g := range groups {
		if g < 2 && i > 0 {
			n++
		}
	}
	return n > 1
}

// chained reports whether a written run is glued to letters or to more of a
// longer code, as in "v1.2.3" or "0x555".
func (v *view) chained(r run) bool {
	if r.to < len(v.tok) && v.joined(r.to-1) {
		switch w := v.norm(r.to); {
		case v.word(r.to) && w != "x" && w != "ext":
			return true
		case w == ":" && v.joined(r.to) && v.digits(r.to+1), w == "_" || w == "@":
			return true
		}
	}
	if r.from > 0 && v.joined(r.from-1) {
		switch w := v.norm(r.from - 1); {
		case w == "_" || w == "@" || w == "#":
			return true
		case w == ":" && r.from > 1 && v.digits(r.from-2) && v.joined(r.from-2):
			return true
		case v.word(r.from-1) && len(w) == 1:
			return true
		}
	}
	return false
}

// extension takes "ext. 12", "x12" after a number with it.
func extension(v *view, to int) int {
	j := to
	switch v.norm(j) {
	case "ext", "extension", "x":
		j++
		if v.norm(j) == "." {
			j++
		}
		if v.digits(j) {
			return j + 1
		}
	}
	return to
}

func valid(number, region string) bool {
	n, err := phonenumbers.Parse(number, region)
	return err == nil && phonenumbers.IsValidNumber(n)
}

// regions whose national formats are tried when a cue says that a telephone
// number follows.
var regions = []string{"US", "GB", "IN", "MX", "CN", "JP", "IL", "DE", "FR", "BR", "AU", "PH", "NG", "PK", "BD", "KE", "KR", "VN", "ES", "IT"}

func anywhere(digits string) bool {
	for _, r := range regions {
		if valid(digits, r) {
			return true
		}
	}
	return valid("+"+digits, "")
}

// said is a number that was found, and where.
type said struct {
	digits string
	line   int
}

// again finds numbers that were found once wherever they are said once more,
// and their parts in the lines around them ("oh one nine one, got it").
func again(lines []view, values []said, found []finding.Candidate, k finding.Kind, rule string) []finding.Candidate {
	if len(values) == 0 {
		return nil
	}
	taken := make(map[int][]finding.Candidate)
	for _, c := range found {
		taken[c.Line] = append(taken[c.Line], c)
	}
	var more []finding.Candidate
	for i := range lines {
		v := &lines[i]
		if !v.numeric() {
			continue
		}
		for _, r := range v.runs() {
			if covered(taken[i], v.tok[r.from].Start, v.tok[r.to-1].End) || r.climbs {
				continue
			}
			for _, s := range values {
				near := i-s.line <= 8 && s.line-i <= 2 && lines[s.line].chat == v.chat
				switch {
				case len(r.digits) >= 7 && strings.HasSuffix(s.digits, r.digits), len(s.digits) >= 6 && strings.Contains(r.digits, s.digits) && r.words+r.elements > 0 && len(r.digits) < len(s.digits)+12 && !v.glued(r):
				case near && !r.math && len(r.digits) >= 4 && (strings.HasSuffix(s.digits, r.digits) || strings.HasPrefix(s.digits, r.digits)):
				case near && !r.math && r.words == r.elements && r.single == r.elements && len(r.digits) == 3 && strings.Contains(s.digits, r.digits):
				default:
					continue
				}
				more = append(more, v.tokens(r.from, r.to, k, 0.85, rule, "a number found nearby, or a part of it, once more"))
				break
			}
		}
	}
	return more
}

// glued reports whether a run is a piece of a longer decimal.
func (v *view) glued(r run) bool { return r.seps&dot != 0 && r.words == 0 && len(r.groups) == 2 }

func overlaps(in []finding.Candidate, c finding.Candidate) bool {
	for _, f := range in {
		if f.Line == c.Line && f.Start < c.End && c.Start < f.End {
			return true
		}
	}
	return false
}

func covered(in []finding.Candidate, start, end int) bool {
	for _, c := range in {
		if c.Start <= start && end <= c.End {
			return true
		}
	}
	return false
}
