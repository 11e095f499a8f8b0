package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// born finds birthdays that are told by the way: by a holiday ("I was born on
// New Year's Eve"), a sign of the zodiac, who is the oldest in a grade, the day
// on which somebody turns sixteen, and dates of birth that are all of a message.
type born struct{ cues *phrases }

const (
	bornAsks  = iota // a birthday is spoken of
	bornTells        // a date beside it is a birthday
	bornForm         // a form wants it
	bornTurns        // "turned 16 on the 5th"
	bornOther        // other dates: of tests
	bornFeast        // a holiday
)

func newBorn() born {
	return born{newPhrases(
		[]string{"birthday", "birthdays", "bday", "bdays", "b-day", "birth date", "birthdate", "date of birth", "dob", "d.o.b", "birth", "born", "when were you born", "birthdy", "brithday", "your birthday", "ur bday", "quince", "quinceanera", "sweet sixteen", "hbd", "happy belated", "belated", "do you all turn", "you all turn", "yall turn", "you guys turn", "everybody turn"},
		[]string{"aries", "taurus", "gemini", "virgo", "libra", "scorpio", "sagittarius", "capricorn", "aquarius", "pisces", "leo season", "cancer season", "zodiac", "star sign", "leap year baby", "leap baby", "leap day baby", "halloween baby", "christmas baby", "new years baby", "summer baby", "winter baby", "spring baby", "fall baby", "january baby", "february baby", "march baby", "april baby", "may baby", "june baby", "july baby", "august baby", "september baby", "october baby", "november baby", "december baby", "valentines baby", "holiday baby", "made the cutoff", "missed the cutoff", "the oldest", "the youngest", "oldest in", "youngest in", "birthday twin", "birthday twins", "bday twins", "same birthday", "share a birthday", "my twin and i", "me and my twin"},
		[]string{"form", "forms", "permission slip", "waiver", "application", "sign up", "signup", "register", "registration", "profile", "account", "paperwork"},
		[]string{"turn", "turned", "turning", "turns", "gonna be", "going to be", "ill be"},
		[]string{"test", "exam", "exams", "sat", "act", "psat", "ap", "quiz", "midterm", "final", "finals", "due", "deadline", "appointment", "game", "recital", "concert", "meeting", "session", "class", "trip", "flight", "tournament", "meet", "prom", "graduation", "closes", "opens", "scores", "results", "homework", "project", "essay", "war", "battle", "signed", "treaty", "declaration", "interview"},
		[]string{"new years eve", "new years day", "new years", "christmas eve", "christmas day", "christmas", "xmas", "halloween", "valentines day", "valentines", "st patricks day", "saint patricks day", "fourth of july", "4th of july", "independence day", "cinco de mayo", "april fools", "april fools day", "pi day", "leap day", "groundhog day", "boxing day", "thanksgiving", "thanksgiving day", "labor day", "memorial day", "veterans day", "juneteenth", "mlk day", "diwali", "eid", "hanukkah", "earth day", "mothers day", "fathers day", "easter", "easter sunday", "day of the dead", "dia de los muertos", "lunar new year", "chinese new year", "canada day", "bastille day", "star wars day", "friday the 13th", "friday the thirteenth"},
	)}
}

func (born) Name() string { return "pattern/born" }

func (b born) phrases() *phrases { return b.cues }

func (b born) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var asked window
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = b.cues.find(v, hits[:0])
		at := [6]bool{}
		for _, h := range hits {
			at[h.tag] = true
		}
		add := func(from, to int, score float64, why string) {
			if c := v.tokens(from, to, finding.DateOfBirth, score, "born/told", why); !coveredIn(found, c) {
				found = append(found, c)
			}
		}
		if len(hits) == 0 && !v.numeric() && v.has&(inMonths|inDays|inOrdinals) == 0 {
			continue // most lines
		}
		ours := self(v) || v.norm(v.body) == "born" && v.chat || v.holds(inOurs)
		if at[bornFeast] && !v.monthly() {
			for _, h := range hits {
				if h.tag == bornFeast && (at[bornTurns] && v.agedBefore(h.from) && (v.norm(h.from-1) == "on" || v.norm(h.from-1) == "this") || at[bornAsks] && ours && (!at[bornOther] || v.theirs()) || v.norm(h.to) == "baby") {
					add(v.daysFrom(h.from), h.to, 0.85, "a holiday on which somebody was born")
				}
			}
		}
		soon := asked.holds(v) && v.line > asked.line && v.line-asked.line <= 3
		if at[bornFeast] && soon && !at[bornOther] {
			for _, h := range hits {
				if h.tag == bornFeast && (v.norm(h.from-1) == "on" || (v.only(v.body, h.from) || v.norm(h.from-1) == "is") && len(v.tok)-h.to <= 3) {
					add(v.daysFrom(h.from), v.feastYear(h.to), 0.85, "a holiday in answer to a question for a birthday")
				}
			}
		}
		if at[bornAsks] {
			asked.open(v)
		}
		open := at[bornTells] || at[bornForm] || at[bornAsks] || soon
		mineDay := v.holds(inOwnDays)
		if !open && !mineDay && !at[bornTurns] && !(v.chat && v.numeric()) {
			continue
		}
		for t := v.body; t < len(v.tok); {
			if from, to, ok := v.theDay(t, at[bornTurns] && v.agedBefore(t)); ok && (at[bornTurns] && v.agedBefore(t) || at[bornAsks] && !at[bornOther] && ours || soon && v.only(v.body, t) && len(v.tok)-to <= 2) {
				add(v.weekdayBefore(from), to, 0.8, "a day of the month beside a birthday")
				t = to
				continue
			}
			if d, to, ok := v.shortYear(t); ok {
				if at[bornAsks] && ours || soon && v.only(v.body, d) {
					add(d, to, 0.8, "a year in which somebody was born")
				}
				t = to
				continue
			}
			d, ok := v.date(t)
			if !ok || d.from < v.body {
				t++
				continue
			}
			t = max(d.to, t+1)
			if measured[v.norm(d.to)] || v.operator(d.from-1, true) || v.operator(d.to, false) || d.from > 0 && v.joined(d.from-1) && v.tok[d.from-1].Shape != text.Mark {
				continue
			}
			whole := v.chat && v.only(v.body, d.from) && v.only(d.to, len(v.tok))
			switch {
			case at[bornTells] && (d.parts > 1) && !at[bornOther]:
				add(d.from, v.onceMore(d), 0.97, "a date beside a sign of the zodiac, or of the oldest of a grade")
			case at[bornForm] && d.parts > 2 && !d.named && v.saysForm():
				add(d.from, d.to, 0.75, "a whole date that a form wants")
			case at[bornAsks] && d.year && ours && !at[bornOther] && v.norm(d.from-1) == "of" && month(v.norm(d.from-2)):
				add(d.from-2, d.to, 0.8, "a month in which somebody was born")
			case at[bornAsks] && d.year && ours && !at[bornOther] && (v.norm(d.from-1) == "in" || v.norm(d.from-1) == "born"):
				add(d.from, d.to, 0.8, "a year in which somebody was born")
			case d.named && d.parts > 1 && mineDay && !at[bornOther] && v.mineBefore(d.from):
				add(d.from, v.onceMore(d), 0.75, "a day that somebody says to be theirs")
			case whole && d.parts > 2 && v.birthYear(d) && !strings.Contains(v.text[v.tok[d.from].Start:v.tok[d.to-1].End], " "):
				add(d.from, d.to, 0.97, "a date in the years in which pupils were born, and nothing else")
			case d.parts > 2 && !d.named && v.pupil(d) && v.padded(d) && v.only(v.body, d.from) && (v.birthYear(d) || v.only(d.to, len(v.tok))):
				add(d.from, d.to, 0.9, "a date in the years in which pupils were born, written as dates are")
			case d.parts > 2 && !d.named && v.pupil(d) && v.only(v.body, d.from):
				add(d.from, d.to, perhaps, "a date in the years in which pupils were born")
			case v.chat && v.only(v.body, d.from) && d.named && d.parts > 2 && v.birthYear(d):
				add(d.from, d.to, 0.85, "a date in the years in which pupils were born, and nothing else")
			case (d.named || v.chat) && d.parts > 1 && v.comesOfAge(d):
				add(d.from, d.to, 0.8, "a day on which somebody reaches an age")
			case soon && d.parts > 1 && !at[bornOther] && (d.named || v.mineBefore(d.from) || d.parts > 2 && v.only(v.body, d.from) || v.only(v.body, d.from) && v.only(d.to, len(v.tok))):
				add(v.begun(d), v.onceMore(d), 0.9, "a date in answer to a question for a birthday")
			case at[bornAsks] && d.named && d.parts > 1 && ours && !at[bornOther]:
				add(v.begun(d), v.onceMore(d), 0.8, "a date beside a birthday")
			}
		}
	}
	return found
}

// monthly reports whether the line names a month.
func (v *view) monthly() bool {
	for k := v.body; k < len(v.tok); k++ {
		n, _ := v.day(k + 1)
		if month(v.norm(k)) && (n > 0 || v.norm(k) != "may" && v.norm(k) != "march") {
			return true
		}
	}
	return false
}

// ours stand where the birthday of somebody in the lesson or near to them is
// told, ownDays where a day is said to be it.
var (
	ours    = set("your ur you whos youre her his shes hes mine mines gang twin")
	ownDays = set("im mine mines hes shes both ill")
)

func saysAny(v *view, words ...string) bool {
	for k := v.body; k < len(v.tok); k++ {
		w := v.norm(k)
		for _, x := range words {
			if w == x {
				return true
			}
		}
	}
	return false
}

// feastYear takes a year behind a holiday with it.
func (v *view) feastYear(to int) int {
	if y, next := v.yearAt(to); y > 0 {
		return next
	}
	return to
}

// daysFrom goes back over "two days after" before a holiday.
func (v *view) daysFrom(i int) int {
	if w := v.norm(i - 1); w != "after" && w != "before" {
		return i
	}
	k := i - 2
	switch v.norm(k) {
	case "day", "days", "week", "weeks":
		k--
	default:
		return i
	}
	if w := v.norm(k); w == "the" || w == "a" || w == "one" || numberWord(w) || v.digits(k) || w == "few" {
		return k
	}
	return i
}

// theDay reads "the 5th", "the twelfth" at token t. Where it is sure to be a day,
// anything may follow.
func (v *view) theDay(t int, sure bool) (from, to int, ok bool) {
	if v.norm(t) != "the" {
		return t, t, false
	}
	i := t + 1
	switch {
	case v.digits(i) && v.joined(i) && ordinalSuffix(v.norm(i+1)):
		to = i + 2
	case days[v.norm(i)] > 0:
		to = i + 1
	case v.ordinalAt(i) > i:
		to = v.ordinalAt(i)
	default:
		return t, t, false
	}
	if v.norm(to) == "of" && (v.norm(to+1) == "this" || v.norm(to+1) == "next") && v.norm(to+2) == "month" {
		return i, to + 3, true
	}
	if v.norm(to) == "of" || !sure && v.word(to) && !closing[v.norm(to)] && v.norm(to) != "isnt" && v.norm(to) != "i" && v.norm(to) != "nobody" && v.norm(to) != "we" && v.norm(to) != "right" {
		return t, t, false
	}
	return i, to, true
}

// shortYear reads "oh eight", "'09" behind "in", "born" or a month.
func (v *view) shortYear(t int) (from, to int, ok bool) {
	p := v.norm(t - 1)
	if p != "in" && p != "born" && p != "of" && !month(p) {
		return t, t, false
	}
	from = t
	if month(p) {
		from = t - 1
	}
	if w := v.norm(t); (w == "oh" || w == "o") && len(units[v.norm(t+1)]) == 1 {
		return from, t + 2, true
	}
	if w := v.norm(t); (w == "'" || w == "’") && v.digits(t+1) && v.size(t+1) == 2 {
		return from, t + 2, true
	}
	return t, t, false
}

// weekdayBefore takes the weekday before "the 9th" with it.
func (v *view) weekdayBefore(from int) int {
	if v.norm(from-1) == "the" && from-2 >= v.body && strings.HasSuffix(v.norm(from-2), "day") {
		return from - 2
	}
	return from
}

// agedBefore reports whether "turned 16" stands before token t.
func (v *view) agedBefore(t int) bool {
	for k := v.body; k < t; k++ {
		if !turned[v.norm(k)] && v.norm(k) != "turned" && v.norm(k) != "turning" {
			continue
		}
		if d, _, _ := v.element(k + 1); len(d) > 0 && len(d) <= 2 {
			return true
		}
	}
	return false
}

// saysForm reports whether the form of the line wants something.
func (v *view) saysForm() bool {
	return saysAny(v, "asking", "asks", "ask", "wants", "want", "needs", "need", "put", "fill", "filling", "says", "forms", "enter", "my")
}

// mineBefore reports whether "I'm", "mine is", "are both" leads to the date at
// token i.
func (v *view) mineBefore(i int) bool {
	for k := i - 1; k >= max(v.body, i-9); k-- {
		switch v.norm(k) {
		case "mine", "mines":
			return true
		case "im", "hes", "shes", "both":
			return i-k <= 3 || v.norm(k) == "both"
		case "on", "until", "till", "by", "before", "after", "off", "free", "gone", "leaving", "back":
			if v.norm(k) != "after" {
				return false
			}
		}
	}
	return false
}

// theirs reports whether a birthday of somebody of the talk is named: "my bday".
func (v *view) theirs() bool {
	for k := v.body; k+1 < len(v.tok); k++ {
		switch v.norm(k) {
		case "my", "your", "ur", "her", "his", "whos":
			if w := v.norm(k + 1); w == "bday" || w == "birthday" || w == "b-day" {
				return true
			}
		}
	}
	return false
}

// comesOfAge reports whether an age is reached on a date: "jan 11 when im 13",
// "til im 13 so like 22 november".
func (v *view) comesOfAge(d date) bool {
	if n, to, _ := v.element(v.body); v.chat && len(n) == 2 && (v.norm(to) == "until" || v.norm(to) == "till" || v.norm(to) == "til") && d.from == to+1 {
		return true // "14 until april 17"
	}
	if n, to, _ := v.element(v.body); v.chat && len(n) == 2 && v.norm(to) == "in" && number(n) > 8 && number(n) < 20 && d.from > to+2 {
		return true // "17 in 2 weeks, the 3rd of may"
	}
	if w := v.norm(d.from - 1); w == "until" || w == "till" || w == "til" {
		if n, _, _ := v.element(d.from - 2); (v.norm(d.from-3) == "im" || v.norm(d.from-3) == "still") && len(n) == 2 {
			return true // "I'm twelve until August second"
		}
	}
	if v.norm(d.to) == "when" && (v.norm(d.to+1) == "im" || v.norm(d.to+1) == "i" && v.norm(d.to+2) == "turn") {
		return true
	}
	for k := max(v.body, d.from-7); k+1 < d.from; k++ {
		if w := v.norm(k); (w == "til" || w == "till" || w == "until") && (v.norm(k+1) == "im" || v.norm(k+1) == "i") {
			return true
		}
	}
	return false
}

// padded reports whether a day or month of a date in numbers is written with a
// zero before it.
func (v *view) padded(d date) bool {
	for k := d.from; k < d.to; k++ {
		if v.digits(k) && v.size(k) == 2 && v.norm(k)[0] == '0' {
			return true
		}
	}
	return false
}

// pupil reports whether the year of a date in numbers, of four digits or the last
// two, is one in which a pupil was born.
func (v *view) pupil(d date) bool {
	if v.birthYear(d) {
		return true
	}
	if last := d.to - 1; v.digits(last) && v.size(last) == 2 && d.to-d.from == 5 {
		y := number(plain(v.norm(last)))
		return y >= 5 && y <= 17
	}
	return false
}

// birthYear reports whether the year of a written date is one in which a pupil
// or a young tutor was born.
func (v *view) birthYear(d date) bool {
	for _, k := range []int{d.from, d.to - 1} {
		if v.digits(k) && v.size(k) == 4 {
			y := number(plain(v.norm(k)))
			return y >= 1995 && y <= 2019
		}
	}
	return false
}

// onceMore takes what says the same day again with a date: "February
// twenty-second, two twenty two".
func (v *view) onceMore(d date) int {
	i := d.to
	if v.norm(i) != "," {
		return d.to
	}
	if e, ok := v.spokenDate(i + 1); ok && d.named {
		return e.to
	}
	return d.to
}

// begun takes the month that somebody began with and said again: "April, uh,
// April thirtieth".
func (v *view) begun(d date) int {
	for k := d.from - 1; k >= max(v.body, d.from-4); k-- {
		if v.norm(k) == v.norm(d.from) && month(v.norm(k)) {
			return k
		}
		if w := v.norm(k); w != "," && !fillers[w] && !strings.Contains("…-.", w) {
			break
		}
	}
	return d.from
}
