package pattern

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// meeting finds Zoom meeting ids (nine to eleven digits) and passcodes,
// written, spoken and spelled.
type meeting struct{ cues *phrases }

const (
	meetingID = iota
	meetingPass
	meetingJoin
)

func newMeeting() meeting {
	return meeting{newPhrases(
		[]string{"meeting id", "meeting ids", "zoom id", "meeting number", "meeting code", "webinar id", "room id", "personal meeting", "zoom meeting", "zoom code", "id for the zoom", "zoom number",
			"meeting ID is", "the id is", "the id", "id:", "pmi", "id is", "room code", "room number", "zoom room", "call id", "join code", "class code", "conference id", "personal room", "room is", "new room", "rooms always", "switching rooms", "join a meeting", "for the meeting", "zm id", "mtg", "id for", "zoom is", "zoom info", "meeting info", "the zoom"},
		[]string{"passcode", "pass code", "passcodes", "password", "pass word", "pwd", "pw", "passwrd", "zoom password", "meeting password", "access code", "passkey", "host key", "the pass is", "pass is", "the pass", "security code", "pass:", "pass =", "entry code", "pin is", "participant id", "code is", "code to get in", "key is", "pc:", "pin:", "room pass", "zoom pass", "meeting pass", "psswd", "passwd", "pascode", "passcod", "pasword", "p/w",
			"kahoot pin", "pin for kahoot", "game pin", "kahoot code", "blooket code", "gimkit code"},
		[]string{"join", "rejoin", "get back in", "log back in", "drop off", "kicked out", "zoom", "zoom app", "dropped from", "join with"},
	)}
}

func (meeting) Name() string { return "pattern/meeting" }

func (m meeting) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var ids []said
	var codes []string
	var asked, askedPass window
	var hits []hit
	done := make(map[int]int)
	for i := range lines {
		v := &lines[i]
		hits = slices.DeleteFunc(m.cues.find(v, hits[:0]), func(h hit) bool {
			p := v.norm(h.from - 1)
			return v.norm(h.from) == "pwd" && v.joined(h.from-1) && (p == "?" || p == "&") // of a link
		})
		join, pass := false, false
		for _, h := range hits {
			switch h.tag {
			case meetingID:
				if v.norm(h.from) != "id" || !belongs[v.norm(h.from-1)] {
					asked.open(v)
				}
			case meetingPass:
				pass = true
			case meetingJoin:
				join = true
			}
		}
		if n := v.numerals(); n >= 9 || n > 0 && (len(hits) > 0 || asked.holds(v)) {
			for n, r := range meetingRuns(v.runs()) {
				if r.from < done[i] || r.math && r.words == 0 && !v.parted(r) && !v.set(hits, r) || r.climbs || after(hits, r.from, meetingPass) || v.numbered(r.from) && !v.says(r.from, "meeting", "zoom") {
					continue
				}
				if r.from > 0 && v.joined(r.from-1) && v.word(r.from-1) && len(v.norm(r.from-1)) == 1 {
					continue // a piece of a longer code
				}
				cue := asked.holds(v) && (asked.line != v.line || after(hits, r.from, meetingID) || n == 0)
				cut := strings.HasPrefix(v.text[v.tok[r.to-1].End:], "...") || strings.HasPrefix(v.text[v.tok[r.to-1].End:], "…")
				parts, digits := []run{r}, r.digits
				if len(digits) < 9 && cue && !cut {
					parts, digits = joinMeeting(lines, i, r)
				}
				score := 0.0
				switch {
				case len(digits) >= 9 && len(digits) <= 11 && cue && r.seps&comma != 0 && r.words == 0 && small(r.groups):
				case len(digits) >= 9 && len(digits) <= 11 && cue:
					score = 0.97
					if stated(hits, r.from) || v.passes(r.to) || v.line-asked.line == 1 && v.only(v.body, r.from) && strings.HasSuffix(lines[asked.line].text, "?") {
						score = 0.99 // that and nothing else
					}
				case len(digits) >= 9 && len(digits) <= 11 && v.passes(r.to) && !(r.math && r.words == 0):
					score = 0.97
				case cut && cue && len(digits) >= 3 && r.words == 0:
					score = 0.85
				case r.words == 0 && len(digits) == 11 && len(r.groups) == 3 && r.groups[0] == 3 && r.groups[1] == 4 && (r.seps == blank || join):
					score = 0.6
				case join && len(digits) >= 9 && len(digits) <= 11 && len(r.groups) == 3 && !american(digits):
					score = 0.7
				case (join || pass) && len(digits) >= 10 && len(digits) <= 11 && len(r.groups) == 3 && r.groups[0] == 3 && r.groups[1] == 4:
					score = 0.7
				case len(digits) >= 9 && len(digits) <= 11 && (len(r.groups) == 1 || len(r.groups) == 3 && r.groups[1] == 4) && r.words == 0 && (v.beside(r.from, "zoom", "join", "rejoin", "id", "meeting") || (join || pass) && len(digits) == 11):
					score = 0.9
				case (pass || join) && len(digits) >= 10 && len(digits) <= 11 && r.words == r.elements && !american(digits):
					score = 0.7
				case len(digits) >= 9 && len(digits) <= 11 && v.beside(r.from, "id") && !(len(r.groups) == 3 && r.groups[1] == 2): // a taxpayer's
					score = 0.9
				}
				if score == 0 {
					continue
				}
				for _, part := range parts {
					c := part.v.tokens(part.from, part.to, finding.Meeting, score, "meeting/id", "nine to eleven digits where a meeting id is named")
					if len(parts) > 1 {
						c.Group = fmt.Sprintf("meeting/%d/%d", i, r.from)
						done[part.v.line] = part.to
					}
					found = append(found, c)
				}
				ids = append(ids, said{digits, i})
			}
		}
		if v.inner&inHyphens != 0 {
			found = meetCodes(v, len(hits) > 0, found)
		}
		if pass {
			before := len(found)
			found = m.codes(v, hits, found)
			if len(found) == before && !v.answered(v.body) {
				askedPass.open(v)
			}
			for _, c := range found[before:] {
				codes = append(codes, v.text[c.Start:c.End])
			}
		} else if askedPass.holds(v) && v.line-askedPass.line <= 3 && v.line > askedPass.line {
			if start, ok := m.start(v, v.body); ok {
				end, strong := m.code(v, start, true)
				if end > start && !strong {
					// A word alone, in answer to the line before.
					w := v.norm(start)
					strong = v.chat && v.line-askedPass.line == 1 && len(w) >= 6 && !plainAnswers[w] && !verbal(w)
				}
				if end > start && strong && v.only(end, len(v.tok)) {
					found = append(found, v.tokens(start, end, finding.Meeting, 0.8, "meeting/passcode", "a code in answer to a question for a passcode"))
					codes = append(codes, v.text[v.tok[start].Start:v.tok[end-1].End])
				}
			}
		}
	}
	found = append(found, again(lines, ids, found, finding.Meeting, "meeting/again")...)
	return append(found, literally(lines, oddOnly(codes), found, finding.Meeting, "meeting/again")...)
}

// belongs are the words before "id" that make it a person's.
var belongs = set("your ur my his her their student school")

// stated reports whether "meeting id" leads to token i, a colon apart.
func stated(hits []hit, i int) bool {
	for _, h := range hits {
		if h.tag == meetingID && h.to <= i && i-h.to <= 1 && h.to-h.from == 2 {
			return true
		}
	}
	return false
}

// passes reports whether a word for a passcode follows at token i.
func (v *view) passes(i int) bool {
	for v.norm(i) == "," || v.norm(i) == "/" || v.norm(i) == "and" || v.norm(i) == "the" || v.norm(i) == "with" {
		i++
	}
	switch v.norm(i) {
	case "passcode", "pwd", "pw", "password":
		return true
	}
	return false
}

// parted reports whether a slash between blanks, which no fraction of eleven
// digits has before a word, is all that makes r look like arithmetic: "Zoom ID
// 862 3931 4613 / passcode".
func (v *view) parted(r run) bool {
	return v.norm(r.to) == "/" && !v.joined(r.to-1) && v.word(r.to+1) && !v.operator(r.from-1, true)
}

// set reports whether "meeting id =" is all that makes r look like arithmetic.
func (v *view) set(hits []hit, r run) bool {
	return v.norm(r.from-1) == "=" && !v.operator(r.to, false) && after(hits, r.from, meetingID) && near(hits, r.from-1, r.from-1, 1, 0)
}

// meetCodes finds the codes of Google Meet: three, four and three letters.
func meetCodes(v *view, named bool, found []finding.Candidate) []finding.Candidate {
	for t := v.body; t+4 < len(v.tok); t++ {
		if v.norm(t+1) != "-" || v.norm(t+3) != "-" || !v.word(t) || !v.word(t+2) || !v.word(t+4) || v.joined(t-1) || v.joined(t+4) && v.tok[t+5].Shape != text.Mark {
			continue
		}
		if (named || v.says(t, "meet", "meets", "gmeet", "join", "code", "google")) && v.tok[t+4].End-v.tok[t].Start == 12 && len(v.norm(t)) == 3 && len(v.norm(t+2)) == 4 {
			found = append(found, v.tokens(t, t+5, finding.Meeting, 0.9, "meeting/meet", "three groups of letters where a meeting is joined"))
		}
	}
	return found
}

// meetingRuns cuts "890 9840 0299 581171" into an id and what follows it.
func meetingRuns(runs []run) []run {
	if !slices.ContainsFunc(runs, func(r run) bool { return len(r.digits) > 11 }) {
		return runs
	}
	var all []run
	for _, r := range runs {
		if len(r.digits) > 11 {
			for _, w := range r.windows() {
				if n := len(w.digits); n >= 9 && n <= 11 && w.from == r.from {
					r = w
					break
				}
			}
		}
		all = append(all, r)
	}
	return all
}

func oddOnly(values []string) []string {
	var keep []string
	for _, v := range values {
		if len(v) >= 6 && !strings.ContainsRune(v, ' ') && (odd(v) || keepDigits(v) == v) {
			keep = append(keep, v)
		}
	}
	return keep
}

// after reports whether the last cue before token i has the tag.
func after(hits []hit, i, tag int) bool {
	last := -1
	for _, h := range hits {
		if h.to <= i && i-h.to < 12 && h.tag != meetingJoin {
			last = h.tag
		}
	}
	return last == tag
}

func joinMeeting(lines []view, i int, r run) ([]run, string) {
	parts, digits := []run{r}, r.digits
	if !r.v.only(r.to, len(r.v.tok)) {
		return parts, digits
	}
	for len(digits) < 11 && len(parts) < 4 {
		j := next(lines, i)
		if j < 0 {
			break
		}
		v := &lines[j]
		runs := v.runs()
		h, ok := v.head(runs)
		if !ok || len(digits)+len(h.digits) > 11 || h.math && h.words == 0 {
			break
		}
		parts, digits = append(parts, h), digits+h.digits
		if t, ok := v.tail(runs); !ok || t.from != h.from {
			break
		}
		i = j
	}
	return parts, digits
}

// codes finds what follows each naming of a passcode.
func (m meeting) codes(v *view, hits []hit, found []finding.Candidate) []finding.Candidate {
	for _, h := range hits {
		if h.tag != meetingPass {
			continue
		}
		if from, to := m.before(v, h); from < to {
			found = append(found, v.tokens(from, to, finding.Meeting, 0.95, "meeting/passcode", "a code, and that it is the passcode"))
			continue
		}
		start, ok := m.start(v, h.to)
		if word := v.writtenName(h.from); v.only(v.body, h.from) && word > h.to && v.only(word, len(v.tok)) && odd(v.text[v.tok[h.from].Start:v.tok[word-1].End]) {
			found = append(found, v.tokens(h.from, word, finding.Meeting, 0.9, "meeting/passcode", "a code that begins like the word for it, alone in its line"))
			continue
		}
		if ok && v.norm(start) == "get" {
			// "the password to get in is …"
			for k := start; k < min(start+5, len(v.tok)); k++ {
				if v.norm(k) == "is" {
					start, ok = m.start(v, k)
					break
				}
			}
		}
		if !ok {
			continue
		}
		bare := v.norm(h.from) == "code" || v.norm(h.from) == "key"
		if bare && otherCodes[v.norm(h.from-1)] {
			continue
		}
		announced, led := false, start == h.to && !bare
		for j := h.to - 1; j < start; j++ {
			switch v.norm(j) {
			case ":", "is", "=", "its", "-", "was":
				announced = true
			case ",", "put", "type", "enter", "use", "try", "(", "to", "be":
				led = true
			}
		}
		if v.clitic(h.to - 1) {
			announced = true // "password's kelp"
		}
		end, strong := m.code(v, start, announced || led)
		if end > start && !strong && !announced {
			// "pw kelpwolf": all that is said, and no word of a sentence.
			announced = v.only(v.body, h.from) && v.only(end, len(v.tok)) && v.chat && led && len(v.norm(start)) >= 4 && !verbal(v.norm(start)) && !plainAnswers[v.norm(start)]
		}
		if end <= start || !strong && (!announced || bare) {
			continue
		}
		score := 0.8
		if strong || v.norm(start-1) == ":" || v.norm(start-1) == "=" || led && start == h.to || end == len(v.tok) || ends(v.norm(end)) {
			score = 0.97
		}
		found = append(found, v.tokens(start, end, finding.Meeting, score, "meeting/passcode", "a code after the word passcode"))
	}
	return found
}

// before reads "kelp42 is the password" and "use 4417 for the passcode": a code
// that stands before the word at h.
func (m meeting) before(v *view, h hit) (from, to int) {
	k := h.from - 1
	for ; k > v.body && (v.norm(k) == "the" || v.norm(k) == "zoom" || v.norm(k) == "my" || v.norm(k) == "our" || v.norm(k) == "a" || v.norm(k) == "room" || v.norm(k) == "meeting"); k-- {
	}
	switch v.norm(k) {
	case "is", "for", "as":
	default:
		return 0, 0
	}
	for from = k - 1; from >= v.body && k-from <= 14; from-- {
		switch w := v.norm(from); {
		case w == "use" || w == "type" || w == "put" || w == "enter" || w == "try" || w == "its" || w == "in" && (v.norm(from-1) == "put" || v.norm(from-1) == "type" || v.norm(from-1) == "punch" || v.norm(from-1) == "key"):
			if end, strong := m.code(v, from+1, true); end == k && (strong || !v.only(from+1, k)) {
				return from + 1, end
			}
			return 0, 0
		}
	}
	if v.norm(k) != "is" && v.norm(k) != "for" {
		return 0, 0
	}
	for from = v.body; from < k && v.only(from, from+1) && !v.number(from); from++ {
	}
	if end, strong := m.code(v, from, true); end == k && strong && !v.operator(k, false) {
		return from, end
	}
	return 0, 0
}

// beside reports whether one of the words stands right before token i, a colon
// or comma apart.
func (v *view) beside(i int, words ...string) bool {
	for i--; i >= v.body && (v.norm(i) == ":" || v.norm(i) == "," || v.norm(i) == "is" || v.norm(i) == "#"); i-- {
	}
	return i >= v.body && slices.Contains(words, v.norm(i))
}

// otherCodes are codes that let nobody in.
var otherCodes = set("zip area bar qr source country postal post morse secret promo discount binary error dress python java html color colour")

// says reports whether one of the words stands shortly before token i.
func (v *view) says(i int, words ...string) bool {
	for k := max(v.body, i-6); k < i; k++ {
		if slices.Contains(words, v.norm(k)) {
			return true
		}
	}
	return false
}

var codeLinks = set("thats monday tuesday wednesday thursday friday saturday sunday next week session class today tonight tomorrow tmrw 4 changed put type enter use try room meetings rooms zooms are is its it the was for to this that meeting zoom so um uh like just now still will be should code word of our and again here s be called")

// start passes what stands between "passcode" and the code.
func (m meeting) start(v *view, i int) (int, bool) {
	for n := 0; i < len(v.tok) && n < 8; n, i = n+1, i+1 {
		w := v.norm(i)
		if v.tok[i].Shape == text.Mark && !ends(w) && w != "*" || codeLinks[w] && !(v.joined(i) && v.word(i+1)) || fillers[w] && (w != "oh" || v.norm(i+1) == "," || v.norm(i+1) == "its" || v.norm(i+1) == "it") {
			continue
		}
		return i, v.tok[i].Shape != text.Mark
	}
	return i, false
}

// notCodes are the words that stand after "the passcode is" and are no code.
var notCodes = set(`in on at not in incorrect correct wrong right above below inside there here the a an required needed same different working saved my your ur
	what when where who why how on? if i im you u we they he she embedded hidden case sensitive sent going got supposed invalid expired expiring and or but please pls
	optional off enabled disabled changed changing new old long short easy hard fine good ok okay no yes all lowercase uppercase capital capitals caps too very really
	set up already always something anything nothing everything missing showing only asking protected manager field box part entered typed correct? posted pinned
	like? also listed attached automatically probably maybe actually case? hint reset people someone everyone that this it with without from to for by first last`)

// code reads a passcode at token i: one written word, spelled letters and
// digits, or spoken digits.
func (m meeting) code(v *view, i int, announced bool) (end int, strong bool) {
	// Spelled: single letters and numbers in a row.
	j, elements, last := i, 0, i
	for j < len(v.tok) && elements < 14 {
		w := v.norm(j)
		switch {
		case w == "capital" || w == "lowercase" || w == "uppercase" || w == "cap" || w == "big" || w == "small" || w == "letter" || w == "number" || w == "dash" || w == "underscore":
			j++
			continue
		case w == "-" || w == "," || w == "." && elements > 0 && j+1 < len(v.tok):
			j++
			continue
		case w == "as" && elements > 0 && (v.norm(j+1) == "in" || v.word(j+1) && strings.HasPrefix(v.norm(j+1), v.norm(j-1))):
			j++
			if v.norm(j) == "in" {
				j++
			}
			j++
			last = min(j, len(v.tok))
			continue
		case v.word(j) && len(w) == 1 && (w != "a" && w != "i" || elements > 0 || j+1 < len(v.tok) && (len(v.norm(j+1)) == 1 || v.number(j+1))):
			elements++
			j++
			last = j
			continue
		}
		if d, to, _ := v.element(j); d != "" {
			if v.digits(j) && v.joined(j) && v.word(j+1) {
				break
			}
			elements += len(d)
			j = to
			last = j
			continue
		}
		break
	}
	if elements >= 4 && !(last < len(v.tok) && v.joined(last-1) && v.word(last)) {
		return last, true
	}
	end = i
	for end < len(v.tok) && (end == i || v.joined(end-1)) {
		t := v.tok[end]
		if t.Shape == text.Mark && (!strings.Contains("_!@#$%&*+=^-?.", t.Norm) || strings.Contains(".?!-", t.Norm) && (!v.joined(end) || end+1 >= len(v.tok))) {
			break
		}
		end++
	}
	if end == i {
		return i, false
	}
	word := v.text[v.tok[i].Start:v.tok[end-1].End]
	letters, digits, upper, lower := 0, 0, 0, 0
	for k, r := range word {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) && k > 0 {
				upper++
			} else if unicode.IsLower(r) {
				lower++
			}
		}
	}
	n := letters + digits
	switch {
	case n < 3 || n > 16:
		return i, false
	case digits > 0 && letters > 0 && !ordinal(word), upper > 0 && lower > 0, digits >= 4:
		return end, true
	case digits > 0:
		return i, false
	}
	w := v.norm(i)
	if notCodes[w] || ordinary[w] || !announced || verbal(w) {
		return i, false
	}
	// "kelp forty two", "kelp 42"
	if d, to, _ := v.element(end); end == i+1 && d != "" && len(w) >= 3 && !v.joined(end-1) {
		for {
			if d, next, _ := v.element(to); d != "" {
				to = next
				continue
			}
			break
		}
		if to >= len(v.tok) || v.tok[to].Shape == text.Mark || closing[v.norm(to)] || v.norm(to) == "if" {
			return to, true
		}
	}
	return end, false
}
