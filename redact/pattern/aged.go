package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// aged finds ages in sentences that say them by the way: "wait ur only 14???",
// "cause I'm fifteen I can't", "15f", "she's in her sixteenth year". Whoever has
// an age in a word problem is spoken of in another way.
type aged struct{}

func (aged) Name() string { return "pattern/aged" }

func (aged) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	for i := range lines {
		v := &lines[i]
		for t := v.body; v.has&inYears != 0 && t < len(v.tok); t++ {
			if v.norm(t+1) == "year" && schoolYear(v.norm(t)) > 0 && v.norm(t+2) != "of" && v.norm(t+2) != "in" && v.norm(t+2) != "at" && possessive[v.norm(t-1)] {
				found = append(found, v.tokens(t, t+1, finding.Age, 0.75, "aged/year", "the year of life somebody is in"))
			}
		}
		if !v.numeric() {
			continue
		}
		for t := v.body; t < len(v.tok); {
			if !v.digits(t) && !v.number(t) {
				t++
				continue
			}
			d, to, _ := v.element(t)
			if d == "" {
				t++
				continue
			}
			from := t
			t = to
			n := number(d)
			if len(d) > 2 || n < 3 || n > 25 || v.measuredAge(from, to) {
				continue
			}
			if score := v.age(from, to, n); score > 0 {
				found = append(found, v.tokens(from, v.aged(to), finding.Age, score, "aged/said", "a number that is said to be somebody's years"))
			}
		}
	}
	return found
}

// schoolYear is the number of an ordinal that is a year of life of a pupil.
func schoolYear(w string) int {
	if n := days[w]; n >= 8 && n <= 19 {
		return n
	}
	return 0
}

var possessive = set("her his my your their ur")

// measuredAge reports whether the number is one of arithmetic, of a measure or a piece
// of a longer one.
func (v *view) measuredAge(from, to int) bool {
	if v.chat && from == v.body+2 && v.norm(from-1) == "/" && (v.norm(from-2) == "m" || v.norm(from-2) == "f") && v.word(to) {
		return false // m/13
	}
	if v.operator(from-1, true) || v.operator(to, false) && v.norm(to) != "half" {
		return true
	}
	if from > 0 && v.joined(from-1) && v.tok[from-1].Shape == text.Mark && strings.Contains("./:-#,_'’", v.norm(from-1)) {
		return true
	}
	w := v.norm(to)
	if to < len(v.tok) && v.joined(to-1) && (v.word(to) && w != "f" && w != "m" && w != "yo" && w != "ish" || to+1 < len(v.tok) && v.joined(to) && v.tok[to].Shape == text.Mark && v.digits(to+1)) {
		return true
	}
	if d, next, _ := v.element(to); d != "" && !(v.norm(from-1) == "be" && v.norm(next) == "/" && v.joined(next)) {
		return true
	}
	if (w == "m" || w == "f") && v.chat {
		return false
	}
	return noStreet[w] && !ageGoesOn[w] || w == "th" || w == "grade" || w == "/"
}

// ageGoesOn are words of noStreet that may follow an age.
var ageGoesOn = set("and i we they he she you my so but if then when because in on by at for not no yes or it its is just now year years half with to only first next last what who which as until till up am this tomorrow tonight today soon already obviously like almost going turning goin nearly n u why")

// age judges the number n of tokens from to to-1 by what stands around it.
func (v *view) age(from, to, n int) float64 {
	k, adverbs := from-1, ""
	for k >= v.body && ageAdverbs[v.norm(k)] {
		if adverbs == "" {
			adverbs = v.norm(k)
		}
		k--
	}
	after := v.norm(to)
	ended := to >= len(v.tok) || v.tok[to].Shape == text.Mark && after != "-" && after != ":" && after != "/" || ageFollows[after]
	teen := n >= 8 && n <= 19
	w, before := v.norm(k), v.norm(k-1)
	if w == "r" || w == "are" || w == "am" || w == "be" && before != "cant" && before != "cannot" && before != "must" {
		w, before = v.norm(k-1)+" "+w, v.norm(k-2)
	}
	switch {
	case (w == "hes" || w == "shes") && n > 19 && ended && v.chatKin():
		return 0.96
	case teen && (v.follows(to, n) || v.nearly(k, n, adverbs)): // "12 almost 13"
		return 0.97
	case !teen && !(w == "was" || w == "were"):
	case v.chat && from == v.body && after == "in" && v.soonAfter(to+1):
		return 0.9
	case v.chat && from == v.body && (after == "until" || after == "till" || after == "til") && v.dateAt(to+1):
		return 0.9
	case v.chat && from == v.body && after == "since" && (v.norm(to+1) == "last" || v.norm(to+1) == "yesterday" || month(v.norm(to+1))):
		return 0.9
	case k < v.body && (after == "on" || after == "in") && (month(v.norm(to+1)) || after == "in" && v.norm(to+1) == "the" && seasons[v.norm(to+2)]), w == "yeah" && after == "in" && v.norm(to+1) == "the" && seasons[v.norm(to+2)], w == "," && after == "on" && month(v.norm(to+1)):
		return 0.85
	case (w == "you" || w == "u") && (before == "are" || before == "r"):
		if after == "?" {
			if adverbs != "" {
				return 0.97
			}
			return 0.75
		}
	case w == "i was" || w == "was" && before == "i":
		if (after == "till" || after == "until") && ended {
			return 0.95
		}
	case v.chat && w == "/" && (before == "m" || before == "f") && from == v.body+2 && v.word(to): // m/13
		return 0.95
	case w == "is" && adverbs == "still" && after == "?" && v.tok[from-2].Shape == text.Lower && k > v.body && v.tok[k-1].Shape == text.Title:
		return 0.75 // "So Eleni is still thirteen?"
	case w == "is" && (before == "bro" || before == "dude" || before == "kid") && v.chat:
		if ended {
			return 0.85
		}
	case w == "youre" && before == "when":
		if after == "like" && v.norm(to+1) == "me" || after == "and" && v.norm(to+1) == "you" {
			return 0.85
		}
	case w == "at" && v.tok[from].Shape.Word() && (k == v.body || v.tok[k-1].Shape == text.Mark):
		if after == "you" || after == "i" || after == "u" {
			return 0.8
		}
	case v.chat && (w == "f" || w == "m") && from == v.body+1 && v.joined(from-1): // f15
		return 0.97
	case v.chat && from == v.body && (after == "f" || after == "m" && v.sexed(to+1) || after == "/" && len(v.norm(to+1)) == 1):
		return 0.97
	case v.chat && from == v.body && v.aged(to) > to && v.aged(to) < len(v.tok) && v.norm(to) != "and": // 13 yrs old here
		return 0.97
	case v.chat && w == "ur" && v.only(to, len(v.tok)) && (k == v.body || exclaims[before]):
		return 0.96
	case w == "ur" || w == "youre" || w == "u r" || w == "you are" || w == "u are":
		if ended && (adverbs != "" && adverbs != "like" && adverbs != "about" || v.norm(len(v.tok)-1) == "?" && to+2 >= len(v.tok)) && after != "right" && !subjects(v, to) {
			return 0.97
		}
	case w == "were" || w == "they are" || w == "theyre" || w == "we are" || w == "two are" || w == "i are" || w == "both":
		if ended && (adverbs == "both" || adverbs == "all" || adverbs == "only") {
			return 0.96
		}
	case w == "being" && (before == "me" || before == "im" || before == "not" || before == "my" || before == "about" || before == "with" || before == "hate" || before == "love") && ended:
		return 0.97
	case w == "im" || w == "i am" || w == "not" && before == "im" || w == "ima":
		if v.firstAge(k, to, after, ended) {
			return 0.96
		}
	case w == "turn" || w == "turned" || w == "turning" || w == "turns":
		if ended && !subjects(v, to) && (timely[after] || after == "on" || before == "i" || before == "im" || before == "just" || before == "ill" || before == "she" || before == "he" || before == "finally" || before == "to" && v.norm(k-2) != "have") {
			return 0.97
		}
	case w == "ill be" || w == "will be" && before == "i" || w == "gonna be" || w == "shell be" || w == "hell be" || w == "youll be":
		if before2 := v.norm(k - 1); before2 != "" && (ended || month(after) || after == "in" || after == "by" || after == "when" || after == "next") && !(after == "by" && !v.saysFrom(to, "then", "next", "time", "summer", "the")) && !unitFollows(v, to) {
			return 0.97
		}
	case (w == "hes" || w == "shes" || w == "he is" || w == "she is") && ended && v.chatKin():
		return 0.96
	case w == "is" || w == "was" && n < 12:
		if ended && v.relation(k) {
			return 0.96
		}
	case w == "for" || w == "for a":
		if (to >= len(v.tok) || ends(after)) && v.praised(k) {
			return 0.75
		}
	case k < v.body && v.chat && ended && adverbs != "" && loneAdverbs[adverbs] && (to >= len(v.tok) || after == "but" || after == "lol" || after == "and" || after == "yet" || after == "soon" || after == "in" || v.tok[to].Shape == text.Mark):
		return 0.97
	case w == "even" && before == "not", w == "under" && before == "im", w == "over" && before == "im":
		if ended {
			return 0.96
		}
	case w == "" && after == "and" && v.norm(to+1) == "a" && v.norm(to+2) == "half" && v.chat && from == v.body && to+3 < len(v.tok) && v.tok[to+3].Norm[0] >= 0x80:
		return 0.97 // "11 and a half 😤"
	case w == "on" && before == "going" && ended && !v.saysFrom(v.body, "track", "mile", "page"):
		return 0.7
	case w == "be" && (before == "cant" || before == "cannot" || before == "must") && saysAny(v, "you", "u", "he", "she", "theres"):
		if ended {
			return 0.96
		}
	case w == "a" || w == "an":
		if old := v.aged(to); old > to && (before == "as" || before == "like" || before == "im") {
			return 0.97
		}
	}
	if after == "going" && v.norm(to+1) == "on" && teen {
		if d, _, _ := v.element(to + 2); number(d) > 0 {
			return 0.96
		}
	}
	if (after == "m" || after == "f") && v.norm(to+1) == "here" && v.chat && from == v.body && teen {
		return 0.97
	}
	return 0
}

// follows reports whether the number that ends before token i, n, is said to be
// the next one soon: "12 almost 13", "15 going on 16".
func (v *view) follows(i, n int) bool {
	switch v.norm(i) {
	case ",":
		i++
	}
	switch v.norm(i) {
	case "almost", "turning", "nearly", "soon":
		i++
	case "going", "goin":
		if i++; v.norm(i) == "on" {
			i++
		}
	default:
		return false
	}
	d, _, _ := v.element(i)
	return d != "" && number(d) == n+1
}

// dateAt reports whether a date of a day and a month begins at token i.
func (v *view) dateAt(i int) bool {
	if i >= len(v.tok) {
		return false
	}
	d, ok := v.date(i)
	return ok && d.parts > 1
}

// soonAfter reads "2 weeks", "a month" at token i.
func (v *view) soonAfter(i int) bool {
	if d, to, _ := v.element(i); d != "" {
		i = to
	} else if w := v.norm(i); w == "a" || w == "like" {
		i++
	}
	switch v.norm(i) {
	case "day", "days", "week", "weeks", "month", "months":
		return true
	}
	return false
}

// nearly reports whether the number before token k, which "almost" parts from n,
// is the one before n.
func (v *view) nearly(k, n int, adverb string) bool {
	if adverb != "almost" && adverb != "nearly" {
		return false
	}
	d, to, _ := v.element(k)
	return d != "" && to == k+1 && number(d) == n-1
}

var seasons = set("spring summer fall winter autumn")

// sexed reports whether "17 m" goes on as people do who say who they are.
func (v *view) sexed(i int) bool {
	switch v.norm(i) {
	case "here", "lol", "u", "wbu", "hbu", "btw", "usa", "us", "ca", "tx", "ny", "jk", "lmao", "haha", "you":
		return true
	}
	return false
}

// exclaims stand before a wonder at somebody's age.
var exclaims = set("wait omg bro dude no nah lol so wow damn what hold bruh yo")

var ageAdverbs = set("only just technically actually literally still barely already almost nearly basically officially like about both all really finally legally also now")

// loneAdverbs make an age of a number that is all of a message.
var loneAdverbs = set("technically almost nearly barely officially finally legally still")

// ageFollows are the words that go on behind an age.
var ageFollows = set(`and but so btw lol lmao haha too now rn also yeah yes today tomorrow tonight yesterday next this last almost going turning years yrs year yo old bro dude in what wbu hbu how who while because bc cuz cause since
	actually ok okay soon same tho though or ish over y u ur i we they my he she it not no yet dont cant which if when until till by then already half with to next as on for w f m here lolol gang fr ngl idk obviously why`)

var timely = set("today tomorrow tonight yesterday last next this in soon tmrw on and so")

// subjects reports whether a noun that numbers count follows at token i.
func subjects(v *view, i int) bool {
	w := v.norm(i)
	return w == "to" || w == "into" || w == "over" || w == "in" && v.norm(i+1) == "the" && v.norm(i+2) == "problem"
}

func unitFollows(v *view, i int) bool { return noStreet[v.norm(i)] && !ageGoesOn[v.norm(i)] }

// firstAge reports whether "I'm 15" at token k, with its number before to, goes
// on as an age does.
func (v *view) firstAge(k, to int, after string, ended bool) bool {
	switch after {
	case "to", "with", "on", "over", "half", "for", "no", "it", "or":
		return false
	case "in":
		n := v.norm(to + 1)
		return month(n) || n == "a" || n == "two" || n == "like"
	case "until", "till", "til":
		return month(v.norm(to+1)) || v.norm(to+1) == "my" || v.norm(to+1) == "next"
	case "by", "if", "when", "then":
		return false
	}
	switch v.norm(k - 1) {
	case "cause", "because", "bc", "cuz", "since", "until", "till", "when", "before", "once", "that", "cos", "and", "no", "lol", "but", "like", "wait", ",", "bro", "btw", "hi", "fr":
		return ended || v.word(to)
	}
	return ended && (k == v.body || v.tok[to-1].Shape != text.Digit || v.chat)
}

// chatKin reports whether somebody of a family is spoken of in the line.
func (v *view) chatKin() bool {
	family := false
	for k := v.body; k < len(v.tok); k++ {
		if w := v.norm(k); relatives[w] == 1 && w != "kid" && w != "kids" {
			family = true
		}
	}
	return family && saysAny(v, "my", "your", "ur", "our")
}

// relation reports whether the words before token k name somebody of the
// speaker's family: "my lil cousin teo is".
func (v *view) relation(k int) bool {
	family := false
	for j := k - 1; j >= max(v.body, k-6); j-- {
		w := v.norm(j)
		if !v.word(j) {
			return false
		}
		if relatives[w] > 0 {
			family = true
		}
		if family && (w == "my" || w == "our" || w == "your" || w == "ur") {
			return true
		}
	}
	return false
}

// praised reports whether "for thirteen" ends a word of praise for somebody who is
// spoken to or of.
func (v *view) praised(k int) bool {
	praise, person := false, false
	for j := v.body; j < k; j++ {
		switch v.norm(j) {
		case "good", "great", "smart", "mature", "sharp", "bright", "tall", "short", "advanced", "impressive", "amazing", "clever", "wise", "quick", "young", "old", "brave", "head", "strong", "talented", "gifted":
			praise = true
		case "you", "your", "youre", "youve", "ur", "hes", "shes", "im", "he", "she":
			person = true
		case "solve", "x", "slope", "answer", "points", "equation", "try":
			return false
		}
	}
	return praise && person
}
