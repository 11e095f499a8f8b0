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
		[]string{"im", "i am", "ima", "were both", "we are both", "i m", "iam"},
		[]string{"i just turned", "i turned", "just turned", "im turning", "i am turning", "ill be turning", "i turn", "ill be", "i will be", "im gonna be", "im going to be", "my age is", "my age", "age is", "age", "aged",
			"im almost", "i am almost", "im about to be", "about to turn", "gonna turn", "going to turn", "i became", "i recently turned", "im only", "i am only", "im just", "since i was", "when i was", "my brother is", "my sister is", "my little brother is", "my little sister is",
			"my older brother is", "my older sister is", "my twin and i are", "my cousin is", "my son is", "my daughter is", "my little sister just turned", "my little brother just turned", "im nearly", "im already", "im like", "im actually", "im still", "shes turning", "hes turning", "turning", "almost"},
		[]string{"how old", "ur age", "your age", "what age", "whats your age", "age group", "how old r u", "how old are you", "old are you", "old r u", "asl"},
		[]string{"hes", "shes", "theyre", "he is", "she is", "turned"},
	)}
}

func (age) Name() string { return "pattern/age" }

func (a age) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var asked window
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = a.cues.find(v.tok, hits[:0])
		last := -1
		for _, h := range hits {
			if h.tag == ageAsks {
				if !inProblem(v, h) {
					asked.open(v)
				}
				continue
			}
			if h.tag == ageKin && !kin(v, h) {
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
		if asked.holds(v) && v.line > asked.line {
			if from, to, ok := a.answer(v); ok && from != last {
				found = append(found, v.tokens(from, v.aged(to), finding.Age, 0.85, "age/answer", "a number in answer to the question how old somebody is"))
				continue
			}
		}
		if last < 0 {
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

var family = set("brother sister bro sis twin cousin son daughter nephew niece brothers sisters cousins kid")

// years reads a number of years at token i, past fillers, or from < 0.
func (v *view) years(i int) (from, to, n int) {
	for i < len(v.tok) && (fillers[v.norm(i)] || v.norm(i) == "," || v.norm(i) == ":" || v.norm(i) == "a" || v.norm(i) == "an" || v.norm(i) == "now" || v.norm(i) == "only" || v.norm(i) == "just" || v.norm(i) == "actually" || v.norm(i) == "is" || v.norm(i) == "=") {
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
	in what wbu hbu how u you yesterday and? as though tho or? because bc since actually sir miss ok okay soon same me plus? wby though? ish y`)

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
	if w == "in" && !month(v.norm(to+1)) && v.norm(to+1) != "a" && v.norm(to+1) != "two" && v.norm(to+1) != "like" {
		ended = false
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
		if first == "ill" || v.norm(h.from+1) == "will" || v.norm(h.to-1) == "be" {
			if n < 8 || n > 25 {
				return 0
			}
			return 0.75
		}
		if n < 4 {
			return 0
		}
		return 0.93
	case h.tag == ageKin:
		if n < 1 || n > 40 {
			return 0
		}
		return 0.8
	case asked:
		return 0.95
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
	for i < len(v.tok) && (fillers[v.norm(i)] || v.tok[i].Shape == text.Mark || set1(v.norm(i))) {
		if numberWord(v.norm(i)) && v.norm(i) != "oh" {
			break
		}
		i++
	}
	from, to, n := v.years(i)
	if from != i || n < 4 || n > 90 || v.operator(to, false) && v.norm(to) != "half" || v.operator(from-1, true) {
		return 0, 0, false
	}
	rest := len(v.tok) - to
	w := v.norm(to)
	if rest == 0 || rest <= 6 && (closing[w] || v.tok[to].Shape == text.Mark && v.tok[to].Norm != "-" && v.tok[to].Norm != "/" && v.tok[to].Norm != ":" && v.tok[to].Norm != "^") || w == "years" || w == "and" && v.norm(to+1) == "a" || len(w) == 1 && (w == "f" || w == "m") {
		return from, to, true
	}
	return 0, 0, false
}

func set1(w string) bool {
	switch w {
	case "im", "i", "am", "just", "turned", "only", "almost", "now", "me", "mine", "about", "turning", "is", "she", "hes", "shes", "he", "no", "nope", "nah", "literally", "m", "still", "actually":
		return true
	}
	return false
}

// old finds "15 years old", "15 yo", "15-year-old" with somebody of this
// session or family as its subject.
func (a age) old(v *view, found []finding.Candidate) []finding.Candidate {
	for t := v.body; t < len(v.tok); t++ {
		if !v.digits(t) && !numberWord(v.tok[t].Norm) {
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
			case "i", "im", "my", "me", "were", "we", "our":
				own = true
			}
			if ends(v.norm(k)) {
				own = false
			}
		}
		if own {
			found = append(found, v.tokens(from, v.aged(to), finding.Age, 0.85, "age/old", "years of age of somebody who speaks, or of their family"))
		}
	}
	return found
}

// inProblem reports whether "how old" asks about somebody in a word problem.
func inProblem(v *view, h hit) bool {
	for k := h.to; k < len(v.tok) && k < h.to+4; k++ {
		switch v.norm(k) {
		case "you", "u", "ur", "your", "r", "ya", "yall":
			return false
		}
	}
	for k := max(0, h.from-2); k < h.to; k++ {
		switch v.norm(k) {
		case "you", "u", "ur", "your", "youre", "asl":
			return false
		}
	}
	return true
}
