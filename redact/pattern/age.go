package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// age finds how old somebody in the session, or a brother or sister, says to
// be. "Maria is 12 years old" stands in word problems and stays.
type age struct{ cues *phrases }

const (
	ageSays   = iota // "im 12": what follows the number decides
	ageSurely        // "I just turned": an age for certain
	ageAsks
	ageKin // "he's 12, my brother": only of the family
)

func newAge() age {
	return age{newPhrases(
		[]string{"im", "i am", "ima", "we are both", "i m", "iam"},
		[]string{"i just turned", "i turned", "just turned", "im turning", "i am turning", "ill be turning", "i turn", "ill be", "ill b", "i will be", "imma be", "ima be", "im gonna be", "im going to be", "my age is", "my age", "age is", "age", "aged",
			"im almost", "i am almost", "im about to be", "about to turn", "gonna turn", "going to turn", "both of us are", "were both", "i became", "i recently turned", "im only", "i am only", "im just", "since i was", "when i was", "my brother is", "my sister is", "my little brother is", "my little sister is",
			"my older brother is", "my older sister is", "my twin and i are", "my cousin is", "my son is", "my daughter is", "my little sister just turned", "my little brother just turned", "im nearly", "im already", "im like", "im actually", "im still", "shes turning", "hes turning", "turning", "almost"},
		[]string{"how old", "ur age", "your age", "what age", "whats your age", "age group", "how old r u", "how old are you", "old are you", "old r u", "asl", "age?"},
		[]string{"hes", "shes", "theyre", "he is", "she is", "turned"},
	)}
}

func (age) Name() string { return "pattern/age" }

func (a age) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var asked window
	var everybody bool // was asked
	told := -1         // the last line with an answer
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = a.cues.find(v, hits[:0])
		last := -1
		for _, h := range hits {
			if h.tag == ageAsks {
				if !inProblem(v, h) {
					asked.open(v)
					if from, to := v.tells(h.to); from > 0 {
						found = append(found, v.tokens(from, v.aged(to), finding.Age, 0.93, "age/answer", "a number behind the question how old somebody is"))
					}
					told, everybody = -1, v.says(len(v.tok), "guys", "all", "yall", "everyone", "everybody", "both")
				}
				continue
			}
			if h.tag == ageKin && !kin(v, h) && !(asked.holds(v) && v.norm(h.from) != "turned") {
				continue
			}
			from, to, n := v.years(h.to)
			if from < 0 || from <= last || v.norm(h.from) == "almost" && last < 0 {
				continue
			}
			score := a.judge(v, h, from, to, n, asked.holds(v))
			if score > 0 {
				found = append(found, v.tokens(from, v.aged(to), finding.Age, score, "age/said", "a number that somebody says to be old"))
				last = from
			}
		}
		if !v.numeric() {
			continue
		}
		if last < 0 && v.inner&inKin != 0 {
			for from, to := v.kinAge(v.body); from >= 0; from, to = v.kinAge(to) {
				found = append(found, v.tokens(from, v.aged(to), finding.Age, 0.97, "age/family", "a number that somebody of the family, or of those present, is said to be old"))
				last = from
			}
		}
		if asked.holds(v) && v.line > asked.line {
			if last >= 0 {
				told = v.line
			}
			if from, to, ok := a.answer(v); ok && from != last && (told < 0 || v.also(from, everybody || v.line-told <= 1)) {
				told = v.line
				score := 0.85
				if v.line-asked.line == 1 && v.only(to, len(v.tok)) {
					score = 0.96
				}
				found = append(found, v.tokens(from, v.aged(to), finding.Age, score, "age/answer", "a number in answer to the question how old somebody is"))
				continue
			}
		}
		if last < 0 && v.has&inYears != 0 {
			found = a.old(v, found)
		}
	}
	return found
}

// kin reports whether the line is about somebody of the speaker's family, or
// says in a chat, without a subject, who turned how old.
func kin(v *view, h hit) bool {
	if v.norm(h.from) == "turned" {
		return h.from == v.body && v.chat
	}
	for k := v.body; k+1 < len(v.tok); k++ {
		if v.norm(k) == "in" && v.norm(k+1) == "my" && (v.norm(k+2) == "grade" || v.norm(k+2) == "class" || v.norm(k+2) == "school") {
			return true
		}
		if v.norm(k) != "my" {
			continue
		}
		for j := k + 1; j < min(k+4, len(v.tok)); j++ {
			if family[v.norm(j)] {
				return true
			}
		}
	}
	return false
}

// youLed stand before "you're twelve" in a sentence that tells how old.
var youLed = set("since because so wait oh and")

// kinOpeners are the words with which kinAge begins.
var kinOpeners = set("my our i youre ur u when")

// kinAge reads "my little sister's nine", "I was twelve when we moved", "you're
// fourteen, right?" from token k on; from is -1 when there is none.
func (v *view) kinAge(k int) (from, to int) {
	for ; k+1 < len(v.tok); k++ {
		if !v.is(k, inKin) {
			continue
		}
		least, most := 1, 40
		i := k + 1
		switch w := v.norm(k); {
		case w == "my" || w == "our":
			for skip := 0; skip < 3 && relatives[v.norm(i)] == 0 && v.word(i); skip++ {
				i++
			}
			if relatives[v.norm(i)] == 0 {
				continue
			}
			if relatives[v.norm(i)] > 1 {
				least, most = 20, 99
			}
			is := v.clitic(i) && strings.HasSuffix(v.norm(i), "s")
			for i++; v.norm(i) == "is" || v.norm(i) == "just" || v.norm(i) == "turned" || v.norm(i) == "turns" || v.norm(i) == "was" || v.norm(i) == "only" || v.norm(i) == "actually" || v.norm(i) == "now"; i++ {
				is = true
			}
			if !is {
				continue
			}
		case w == "i" && v.norm(i) == "was":
			i, least, most = i+1, 3, 19
		case (w == "youre" || w == "ur" || w == "u" && v.norm(i) == "r") && (k == v.body || v.tok[k-1].Shape == text.Mark || youLed[v.norm(k-1)] || v.only(v.body, k)):
			if w == "u" {
				i++
			}
			least, most = 9, 19
		case w == "when" && (v.norm(i) == "she" || v.norm(i) == "he") && v.norm(i+1) == "was" && v.says(k, "me", "my"):
			i, most = i+2, 60
		default:
			continue
		}
		from, to, n := v.years(i)
		if from < 0 || n < least || n > most || v.operator(to, false) && v.norm(to) != "half" {
			continue
		}
		end := v.norm(to)
		said := to >= len(v.tok) || ends(end) && !(v.joined(to) && v.digits(to+1)) || end == "," && !v.joined(to) || aging[end]
		if v.norm(k) == "i" {
			said = end == "when" && (v.norm(to+1) == "i" || v.norm(to+1) == "we" || v.norm(to+1) == "my")
		}
		if w := v.norm(k); w == "my" || w == "our" {
			next := v.norm(to + 1)
			said = said || end == "when" && (next == "i" || next == "we" || next == "he" || next == "she" || next == "they") || end == "in" && next == "real"
		}
		if w := v.norm(k); w == "youre" || w == "ur" || w == "u" {
			said = end == "?" || end == "right" || end == "," && (v.says(k+1, "since", "because") || v.norm(to+1) == "right") || aging[end] && end != "and"
		}
		if said || end == "years" || end == "yrs" {
			return from, to
		}
	}
	return -1, 0
}

// relatives are 1 for those of the speaker's age and below, 2 for their elders.
var relatives = map[string]int{"brother": 1, "brothers": 1, "sister": 1, "sisters": 1, "bro": 1, "bros": 1, "sis": 1, "siss": 1, "twin": 1, "twins": 1, "cousin": 1, "cousins": 1, "son": 1, "sons": 1,
	"daughter": 1, "daughters": 1, "nephew": 1, "nephews": 1, "niece": 1, "nieces": 1, "kid": 1, "kids": 1, "mom": 2, "moms": 2, "dad": 2, "dads": 2, "mother": 2, "mothers": 2, "father": 2, "fathers": 2,
	"grandma": 2, "grandmas": 2, "grandpa": 2, "grandpas": 2, "grandmother": 2, "grandmothers": 2, "grandfather": 2, "grandfathers": 2, "aunt": 2, "aunts": 2, "uncle": 2, "uncles": 2, "abuela": 2, "abuelas": 2,
	"abuelo": 2, "abuelos": 2, "mum": 2, "mums": 2}

// aging are the words that go on behind an age.
var aging = set("and n but so now too lol lmao haha rn btw tmrw tomorrow today who while though tho already")

var family = set("brother sister bro sis twin cousin son daughter nephew niece brothers sisters cousins kid")

// years reads a number of years at token i, past fillers, or from < 0.
func (v *view) years(i int) (from, to, n int) {
	for i < len(v.tok) && (v.is(i, inFillers) || v.norm(i) == "," || v.norm(i) == ":" || v.norm(i) == "a" || v.norm(i) == "an" || v.norm(i) == "now" || v.norm(i) == "only" || v.norm(i) == "just" || v.norm(i) == "actually" || v.norm(i) == "both" || v.norm(i) == "is" || v.norm(i) == "=") {
		i++
	}
	d, to, _ := v.element(i)
	if d == "" || len(d) > 2 {
		return -1, 0, 0
	}
	if v.joined(to-1) && (v.norm(to) == "." || v.norm(to) == ":" || v.norm(to) == "/" || v.norm(to) == ",") && to+1 < len(v.tok) && v.joined(to) && v.digits(to+1) {
		return -1, 0, 0
	}
	return i, to, number(d)
}

// aged takes "years old" and "and a half" after a number with it.
func (v *view) aged(to int) int {
	i := to
	if v.norm(i) == "and" && v.norm(i+1) == "a" && v.norm(i+2) == "half" {
		i += 3
	}
	if v.norm(i) == "and" && (v.norm(i+1) == "three" || v.norm(i+1) == "a") && strings.HasPrefix(v.norm(i+2), "quarter") {
		i += 3
	}
	if v.norm(i) == "and" {
		if d, next, _ := v.element(i + 1); d != "" && (v.norm(next) == "months" || v.norm(next) == "month") {
			i = next + 1
		}
	}
	j := i
	if v.norm(j) == "-" {
		j++
	}
	switch v.norm(j) {
	case "years", "year", "yrs", "yr":
		j++
		if v.norm(j) == "-" {
			j++
		}
		if v.norm(j) == "old" {
			return j + 1
		}
	case "yo":
		return j + 1
	}
	return i
}

// closing are the words after which "I'm 12" is still an age.
var closing = set(`and but btw lol lmao haha too now rn also so yeah yes today tomorrow next this last almost going turning years yrs year yo yr old bro dude
	in what wbu hbu how u you yesterday and? as though tho or? because bc since actually sir miss ok okay soon same me plus? wby though? ish grade over y tmrw tmr tmw`)

func (a age) judge(v *view, h hit, from, to, n int, asked bool) float64 {
	if n < 1 || n > 99 || v.operator(to, false) && v.norm(to) != "half" && v.norm(to) != "plus" {
		return 0
	}
	if v.norm(to) == "-" || v.norm(to) == "/" || v.norm(to) == ":" && v.joined(to) {
		if v.norm(to) != "-" || v.norm(to+1) != "year" && v.norm(to+1) != "yr" {
			return 0
		}
	}
	w := v.norm(to)
	old := w == "years" || w == "yrs" || w == "yo" || w == "year" || w == "yr" || w == "y" || w == "-"
	if w == "years" || w == "year" || w == "yrs" || w == "-" {
		k := to + 1
		if w == "-" {
			k++
		}
		if x := v.norm(k); x != "old" && x != "of" && x != "-" && x != "" && !ends(x) {
			return 0 // "I'm 3 years into it"
		}
	}
	ended := to >= len(v.tok) || v.tok[to].Shape == text.Mark && (ends(w) || w == "," || w == ";" || w == ")" || w == "!" || w == "…" || w == "\"" || v.tok[to].Start > v.tok[to-1].End || v.tok[to].Norm[0] >= 0x80) || closing[w]
	if w == "in" && !month(v.norm(to+1)) && v.norm(to+1) != "a" && v.norm(to+1) != "two" && v.norm(to+1) != "like" && !strings.HasPrefix(v.norm(to+2), "day") && !strings.HasPrefix(v.norm(to+2), "week") {
		ended = false
	}
	if (v.norm(h.from) == "when" || v.norm(h.from) == "since") && (w == "we" || w == "i" || w == "my" || w == "they") {
		ended = true
	}
	if first := v.norm(h.from); first == "i" && v.norm(h.to-1) == "turn" && v.norm(h.from-1) == "when" && (w == "i" || w == "we" || w == "my") {
		ended = true
	}
	if w == "on" && h.tag == ageSurely && (month(v.norm(to+1)) || v.norm(to+1) == "the" || strings.HasSuffix(v.norm(to+1), "day")) {
		ended = true
	}
	if !ended {
		return 0
	}
	first := v.norm(h.from)
	switch {
	case old:
		return 0.95
	case h.tag == ageSurely:
		if first == "turning" || first == "age" || first == "aged" {
			if n < 5 || n > 25 {
				return 0
			}
			return 0.7
		}
		if first == "ill" || v.norm(h.from+1) == "will" || v.norm(h.to-1) == "be" || v.norm(h.to-1) == "b" {
			if n < 8 || n > 25 {
				return 0
			}
			return 0.75
		}
		if n < 4 {
			return 0
		}
		if first == "i" || first == "im" || first == "my" || first == "both" || first == "when" || first == "since" {
			return 0.97 // nothing else is meant
		}
		return 0.93
	case h.tag == ageKin:
		if n < 1 || n > 40 {
			return 0
		}
		return 0.8
	case asked:
		return 0.95
	case n > 4 && n < 20 && w == "," && v.says(min(to+6, len(v.tok)), "grade", "grader", "freshman", "sophomore"):
		return 0.96
	case n < 9 || n > 70:
		return 0
	case v.only(v.body, h.from) && to >= len(v.tok)-1:
		return 0.85 // all that was said
	case n <= 19:
		return 0.7
	}
	return 0.55
}

// answer accepts a line that is little more than a number, or begins with one.
func (a age) answer(v *view) (int, int, bool) {
	i := v.body
	for i < len(v.tok) && (v.is(i, inFillers) || v.tok[i].Shape == text.Mark || set1(v.norm(i))) {
		if v.number(i) && v.norm(i) != "oh" {
			break
		}
		i++
	}
	from, to, n := v.years(i)
	if from != i || n < 4 || n > 90 || v.operator(to, false) && v.norm(to) != "half" || v.operator(from-1, true) || v.norm(from-1) == "-" && v.joined(from-1) {
		return 0, 0, false
	}
	rest := len(v.tok) - to
	w := v.norm(to)
	if rest == 0 || (w == "." || w == "!") && !v.joined(to) || rest <= 6 && (closing[w] || v.tok[to].Shape == text.Mark && v.tok[to].Norm != "-" && v.tok[to].Norm != "/" && v.tok[to].Norm != ":" && v.tok[to].Norm != "^") || w == "years" || w == "and" && v.norm(to+1) == "a" || len(w) == 1 && (w == "f" || w == "m") {
		return from, to, true
	}
	return 0, 0, false
}

// also reports whether the number at token i may be the age of one more person
// after somebody has told theirs: other numbers are answers to other questions
// by then.
func (v *view) also(i int, soon bool) bool {
	if n, _, _ := v.element(i); number(n) < 9 || number(n) > 20 {
		return false
	}
	for k := v.body; k < i; k++ {
		switch v.norm(k) {
		case "im", "i", "am", "turned", "turning", "hes", "shes", "she", "he", "me":
			return true
		case "it", "so":
			return false
		}
	}
	return soon
}

func set1(w string) bool {
	switch w {
	case "im", "i", "am", "just", "turned", "only", "almost", "now", "me", "mine", "about", "turning", "is", "she", "hes", "shes", "he", "no", "nope", "nah", "literally", "m", "still", "actually":
		return true
	}
	return false
}

// yearWords are the words behind an age in old.
var yearWords = set("yo y years year yrs yr")

// old finds "15 years old", "15 yo", "15-year-old" with somebody of this
// session or family as its subject.
func (a age) old(v *view, found []finding.Candidate) []finding.Candidate {
	for t := v.body; t < len(v.tok); t++ {
		if !v.digits(t) && !v.number(t) {
			continue
		}
		from, to, n := v.years(t)
		if from != t || n < 2 || n > 99 {
			continue
		}
		w := v.norm(to)
		yo := w == "yo" || (w == "y" && (v.norm(to+1) == "o" || v.norm(to+1) == "/" && v.norm(to+2) == "o"))
		i := to
		if v.norm(i) == "-" {
			i++
		}
		years := (v.norm(i) == "years" || v.norm(i) == "year" || v.norm(i) == "yrs" || v.norm(i) == "yr") && (v.norm(i+1) == "old" || v.norm(i+1) == "-" && v.norm(i+2) == "old" || v.norm(i+1) == "of" && v.norm(i+2) == "age")
		if !yo && !years {
			continue
		}
		short := years && v.chat && (v.norm(i) == "yrs" || v.norm(i) == "yr") && v.only(v.aged(to), len(v.tok))
		own := (yo || short) && v.only(v.body, from)
		for k := max(v.body, from-6); k < from; k++ {
			switch v.norm(k) {
			case "i", "im", "my", "me", "were", "we", "our", "ive", "ill":
				own = true
			}
			if ends(v.norm(k)) {
				own = false
			}
		}
		after := v.aged(to)
		own = own || v.norm(from-1) == "at" && (v.norm(after) == "i" || v.norm(after) == "we" || v.norm(after) == "my")
		if own {
			found = append(found, v.tokens(from, after, finding.Age, 0.96, "age/old", "years of age of somebody who speaks, or of their family"))
		}
	}
	return found
}

// tells reads an age in the sentence behind one that asks or bids to guess it,
// which token k ends or goes on: "guess how old I am. Eleven."
func (v *view) tells(k int) (from, to int) {
	for ; k < len(v.tok); k++ {
		if !ends(v.norm(k)) {
			continue
		}
		from, to, n := v.years(k + 1)
		if from != k+1 || n < 3 || n > 25 || v.operator(to, false) && !ends(v.norm(to)) || to < len(v.tok) && v.tok[to].Shape != text.Mark {
			return -1, 0
		}
		return from, to
	}
	return -1, 0
}

// inProblem reports whether "how old" asks about somebody in a word problem.
func inProblem(v *view, h hit) bool {
	if h.from == v.body && v.norm(h.from) == "age" {
		return false // "age?"
	}
	for k := h.to; k < len(v.tok) && k < h.to+4; k++ {
		switch v.norm(k) {
		case "you", "u", "ur", "your", "r", "ya", "yall", "i":
			return false
		}
	}
	if h.to-h.from == 2 && v.norm(h.to) == "?" && (h.from == v.body || v.tok[h.from-1].Shape == text.Mark) {
		return false // "How old?" of who is spoken of
	}
	for k := max(0, h.from-4); k < h.to; k++ {
		switch v.norm(k) {
		case "you", "u", "ur", "your", "youre", "asl":
			return false
		}
	}
	return true
}
