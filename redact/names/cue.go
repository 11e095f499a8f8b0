package names

import (
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// claim is what a cue says: words from..to of a line are of a kind.
type claim struct {
	line, from, to int
	kind           finding.Kind
	score          float64
	rule, why      string
}

// cues reads every line for phrases that announce a name.
func (s *session) cues() {
	s.problems()
	for i := range s.lines {
		words := s.lines[i].words
		s.lines[i].claims[0] = len(s.claims)
		for k := range words {
			switch {
			case words[k].Is(isTitles):
				before := len(s.claims)
				s.titled(i, k)
				if len(s.claims) == before && words[k].Is(isRelation) {
					s.related(i, k) // "my counselor, …"
				}
			case words[k].Is(isRelation):
				s.related(i, k)
			case words[k].Is(isSpelling):
				s.spelled(i, k)
			}
			if words[k].Is(isIntroducing) {
				s.introduced(i, k)
			}
		}
		if s.lines[i].dashed {
			s.dashed(i)
		}
		s.framed(i)
		s.reversed(i)
		s.outsider(i)
		s.schooled(i)
		if s.lines[i].dashed {
			s.syllables(i)
		}
		s.places(i)
		s.told(i)
		s.answered(i)
		s.lines[i].claims[1] = len(s.claims)
	}
	s.again()
}

func (s *session) claim(i, from, to int, kind finding.Kind, score float64, rule, why string) {
	s.claims = append(s.claims, claim{i, from, to, kind, score, rule, why})
}

// titles stand before a family name. Some are words too, so what follows has to
// look like a name, all the more in lower case.
var titles = set(`mr mrs ms miss mx dr doctor prof professor coach principal sir madam senor senora sensei sr sra srta pastor
	rabbi imam father sister brother auntie aunt uncle tia tio grandma grandpa nana papa captain officer nurse mister missus
	teacher tutor counselor`)

// formal titles need no further sign that a name follows.
var formal = set(`mr mrs ms mx dr prof professor senor senora mister missus`)

// titled claims the name behind a title: "Mr. Hendricks", "dr szymanski".
func (s *session) titled(i, k int) {
	words := s.lines[i].words
	at := k + 1
	if near(words, at) == "." {
		at++
	}
	if at >= len(words) || k > 0 && words[k-1].Shape == text.Digit {
		return
	}
	if s.lines[i].problem >= storyAt && !words[k].Is(isFormal) {
		return
	}
	first := at
	for at+1 < len(words) && at < first+4 && words[at].Is(isParticle) {
		at++ // "Dr. de Groot", "Ms. Al-Otaibi", "St. Clair"
		if n := near(words, at); (n == "." || n == "-") && at+1 < len(words) {
			at++
		}
	}
	w := &words[at]
	if !w.Shape.Word() || w.Closed || at > first && w.Shape == text.Lower && w.Lex.Word >= 0.2 {
		return
	}
	capital := w.Shape != text.Lower
	sure := at > first && (capital || words[k].Is(isFormal)) || words[k].Is(isFormal) && (capital || w.Lex.Word < 0.6 || w.Lex.Name() >= 0.5)
	sure = sure || words[k].Norm == "coach" && w.Lex.Name() >= 0.2 && at+1 < len(words) && (acts[words[at+1].Norm] || words[at+1].Norm == "makes" || words[at+1].Norm == "lets")
	if !sure && !(s.nameLike(i, at) && (capital || w.Lex.Word < 0.4)) {
		return
	}
	score := 0.96
	switch {
	case s.lines[i].problem >= storyAt:
		score = 0.3
	case !words[k].Is(isFormal):
		score = 0.85
	}
	to := at + 1
	// "Dr. Maria Feldman", "Ms. Smith-Jones".
	for to < len(words) && to < at+3 {
		if words[to].Closed && words[to].Shape == text.Title && len(words[to].Norm) > 2 && capital {
			to++ // "Miss Mai See"
			continue
		}
		next := to
		if words[to].Norm == "-" && words[to].Glued && to+1 < len(words) {
			next++
		}
		v := &words[next]
		if next == to && !(v.Open && v.Shape != text.Lower && w.Shape != text.Lower && v.Lex.Word < 0.5 && v.Lex.Name() > 0.1) {
			break
		}
		if next > to && !(v.Glued && v.Open) {
			break
		}
		to = next + 1
	}
	s.claim(i, first, to, finding.Person, score, "title", "behind a title such as Mr. or Dr.")
}

// particle begins a family name.
var particle = set(`de del della la las los da das do dos du di van von der den ter ten al el bin ibn ben o mac mc st san santa`)

// relation holds who somebody can be to a speaker.
var relation = set(`brother sister sis bro mom mum mother mommy dad father daddy cousin cousins cuz aunt aunty auntie uncle unc grandma granny nana papa grandad granddad gramps nephew step-mom godmother godfather godson goddaughter grandmother grandpa
	grandfather nephew niece son daughter stepdad stepmom stepbrother stepsister twin friend friends bestie buddy roommate
	boyfriend girlfriend bf gf bff partner teammate classmate neighbor neighbour babysitter nanny coach teacher tutor therapist
	counselor manager supervisor substitute sub mentor brothers sisters cousins parents nephews nieces twins sons daughters kid kids boss husband wife fiance parent guardian pal homie lola lolo abuela abuelo tia tio titi amma appa eomma unnie oppa
	halmoni nani dada nonna yiayia baba kuya ate grandson granddaughter dog cat puppy`)

var possessor = set(`my our your ur his her their the this is hes shes and a`)

// related claims "my brother Diego", "my friend naomi", "your dad, is it Diego".
func (s *session) related(i, k int) {
	words := s.lines[i].words
	// "Soren is my stepbrother."
	if k >= 3 && words[k-1].Norm == "my" && words[k-2].Norm == "is" {
		if w := &words[k-3]; w.Open && w.Shape.Word() && (w.Lex.Name() >= 0.2 && w.Lex.Word < 0.36 || w.Lex == (Entry{}) && w.Shape == text.Title && len(w.Norm) > 2) &&
			s.lines[i].problem < storyAt {
			s.claim(i, k-3, k-2, finding.Person, 0.88, "relation", "before a word for a relative, friend or teacher")
		}
	}
	// A possessor stands shortly before: "my little sister".
	owned, own := false, false
	for b := k - 1; b >= 0 && b >= k-3; b-- {
		if words[b].Is(isPossessor) {
			owned = words[b].Norm != "the" && words[b].Norm != "a" && words[b].Norm != "and"
			own = words[b].Norm == "my" || words[b].Norm == "our"
			break
		}
		if words[b].Shape == text.Mark {
			break
		}
	}
	if !owned {
		return
	}
	at := k + 1
	comma, comes := false, false
	for at < len(words) && at < k+4 {
		n := words[at].Norm
		comes = comes || n == "is" || n == "was" || n == "are" || n == "were"
		if n == "," || n == ":" {
			comma = true
		} else if !(n == "is" || n == "was" || n == "are" || n == "were" || n == "it" || n == "named" || n == "called" || n == "name" || n == "names" || n == "s" || n == "whose" || n == "and") {
			break
		}
		at++
	}
	// "my mom, she": between commas only what is surely a name. "his mom called
	// him": a verb, not a name.
	if at >= len(words) || !words[at].Open && !hyphened(words, at) {
		return
	}
	w := &words[at]
	if w.Is(isTitles) && near(words, at+1) != "" && at+1 < len(words) && !w.Is(isRelation) {
		return // titled claims it
	}
	p := s.lines[i].person[at]
	capital := w.Shape != text.Lower
	score := 0.95
	switch {
	case w.Is(isRelation):
		return
	case hyphened(words, at):
	case capital && at > 0 && !starts(words, at) && (w.Lex.Word < 0.6 || w.Lex.Name() >= 0.4 || p > 0.3):
	case !capital && comes && w.Slip > 1:
		return
	case !capital && w.Lex.Name() >= 0.2 && w.Lex.Word < 0.36:
	case !capital && !comes && !comma && at == k+1 && w.Lex.Name() >= 0.2 && at+1 < len(words) && acts[words[at+1].Norm]:
		score = 0.85
	case !capital && !comes && w.Lex == (Entry{}) && !w.Stretched && !comma && len(w.Norm) > 2:
		score = 0.8
	case p >= 0.4:
		score = 0.85
	default:
		return
	}
	if comma && at > k+1 && p < 0.3 && !capital {
		return
	}
	if s.lines[i].problem >= storyAt && !own {
		score = 0.4
	}
	to := s.more(i, at)
	s.claim(i, at, to, finding.Person, score, "relation", "behind a word for a relative, friend or teacher")
	// "my brothers are Kofi and Yaw"
	for to+1 < len(words) && (near(words, to) == "and" || near(words, to) == ",") {
		next := to + 1
		if near(words, next) == "and" && next+1 < len(words) {
			next++
		}
		v := &words[next]
		if hyphened(words, next) {
			to = s.more(i, next)
			s.claim(i, next, to, finding.Person, score-0.1, "relation", "joined to the name of a relative, friend or teacher")
			continue
		}
		if !capital || !v.Open || v.Shape == text.Lower || v.Lex.Word >= 0.6 && v.Lex.Name() < 0.4 {
			break
		}
		to = s.more(i, next)
		s.claim(i, next, to, finding.Person, score-0.1, "relation", "joined to the name of a relative, friend or teacher")
	}
}

// acts are what relatives and friends are told to do, right behind their name.
var acts = set(`join joins says said wants wanted told goes got taught came has is was lives helped showed plays started had thinks knows moved asked`)

// hyphened reports whether word k is the first half of a name such as Do-yun,
// whatever word it is alone.
func hyphened(words []tagger.Word, k int) bool {
	return words[k].Shape == text.Title && !starts(words, k) && k+2 < len(words) && words[k+1].Norm == "-" && words[k+1].Glued &&
		words[k+2].Glued && words[k+2].Open && words[k+2].Lex.Word < 0.3
}

// more extends a name over a family name behind it.
func (s *session) more(i, at int) int {
	words := s.lines[i].words
	to := at + 1
	for to < len(words) {
		next := to
		if words[to].Norm == "-" && words[to].Glued && to+1 < len(words) && words[to+1].Glued {
			next++
		}
		w := &words[next]
		if next == to && w.Shape != text.Mark && w.Is(isParticle) && next+1 < len(words) && words[next+1].Shape != text.Lower && words[next+1].Shape != text.Mark &&
			words[to-1].Shape != text.Lower {
			to = next + 2 // "Joris van Dijk"
			continue
		}
		if next == to && w.Closed && w.Shape == text.Title && len(w.Norm) > 2 && words[to-1].Shape != text.Lower {
			to = next + 1 // "Mai See": within a sentence no word of the grammar is written so
			continue
		}
		if !w.Open || w.Shape == text.Lower && (next == to && s.lines[i].person[next] < 0.6) ||
			next == to && w.Lex.Word >= 0.5 && s.lines[i].person[next] < 0.5 {
			break
		}
		to = next + 1
	}
	return to
}

// nameLike reports whether a word could well be a name where it stands.
func (s *session) nameLike(i, k int) bool {
	words := s.lines[i].words
	w := &words[k]
	if !w.Open || !w.Shape.Word() {
		return false
	}
	switch {
	case s.lines[i].person[k] >= 0.5:
		return true
	case w.Shape != text.Lower && !starts(words, k):
		return w.Lex.Word < 0.6 || w.Lex.Name() >= 0.5 || near(words, k+1) == "-" && words[k+1].Glued
	case w.Lex.Word < 0.36:
		return w.Lex.Name() >= 0.2
	}
	return false
}

// introduction is a phrase behind which somebody says a name, with how sure it
// is that a name follows and how sure if it is also an everyday word.
type introduction struct {
	words        []string
	score, plain float64
}

var introductions = []introduction{
	{[]string{"my", "name", "is"}, 0.97, 0.8}, {[]string{"my", "names"}, 0.95, 0.6}, {[]string{"name", "is"}, 0.9, 0.4},
	{[]string{"my", "name's"}, 0.97, 0.8}, {[]string{"last", "name", "is"}, 0.97, 0.9}, {[]string{"first", "name", "is"}, 0.97, 0.9},
	{[]string{"real", "name", "is"}, 0.97, 0.9}, {[]string{"call", "me"}, 0.93, 0.5}, {[]string{"calls", "me"}, 0.93, 0.5},
	{[]string{"called", "me"}, 0.7, 0.2}, {[]string{"go", "by"}, 0.93, 0.4}, {[]string{"goes", "by"}, 0.9, 0.3},
	{[]string{"im"}, 0.6, 0}, {[]string{"i", "am"}, 0.6, 0}, {[]string{"this", "is"}, 0.6, 0}, {[]string{"dis", "is"}, 0.8, 0}, {[]string{"its"}, 0.55, 0},
	{[]string{"it", "is"}, 0.5, 0}, {[]string{"it", "says"}, 0.8, 0.1}, {[]string{"named"}, 0.9, 0.3},
	{[]string{"says"}, 0.45, 0}, {[]string{"texting"}, 0.93, 0.2}, {[]string{"facetiming"}, 0.93, 0.2}, {[]string{"dming"}, 0.93, 0.2},
	{[]string{"messaging"}, 0.85, 0.1}, {[]string{"texted"}, 0.93, 0.2}, {[]string{"snapping"}, 0.7, 0},
	{[]string{"hi", "to"}, 0.93, 0.4}, {[]string{"hello", "to"}, 0.93, 0.4}, {[]string{"bye", "to"}, 0.9, 0.3}, {[]string{"out", "to"}, 0.7, 0},
	{[]string{"hanging", "out", "with"}, 0.9, 0.1}, {[]string{"talking", "to"}, 0.85, 0.1}, {[]string{"playing", "with"}, 0.8, 0},
	{[]string{"youre"}, 0.5, 0}, {[]string{"this", "kid"}, 0.85, 0}, {[]string{"this", "girl"}, 0.85, 0}, {[]string{"this", "guy"}, 0.7, 0},
	{[]string{"this", "boy"}, 0.85, 0}, {[]string{"me", "and"}, 0.8, 0}, {[]string{"babysitting"}, 0.85, 0.1},
}

// introductionsBy holds them by their last word.
var introductionsBy = func() map[string][]introduction {
	m := map[string][]introduction{}
	for _, in := range introductions {
		last := in.words[len(in.words)-1]
		m[last] = append(m[last], in)
	}
	return m
}()

// introducing are the last words of introductions.
func introducing() map[string]bool {
	out := set("is are will") // asked for by coming
	for last := range introductionsBy {
		out[last] = true
	}
	return out
}

// introduced claims a name behind an introduction that ends at word k.
func (s *session) introduced(i, k int) {
	words := s.lines[i].words
	at := k + 1
	if at < len(words) && (words[at].Norm == ":" || words[at].Norm == ",") && (words[k].Norm == "is" || words[k].Norm == "me") {
		at++
	}
	if at >= len(words) || !words[at].Open && !hyphened(words, at) || words[at].Possessive && near(words, k-1) == "this" {
		return // "This is Napier's whole idea" introduces nobody
	}
	if words[k].Norm == "is" || words[k].Norm == "are" || words[k].Norm == "will" {
		s.coming(i, k, at)
	}
	best, plain := 0.0, 0.0
	for _, in := range introductionsBy[words[k].Norm] {
		if in.score > best && ends(words, k, in.words) {
			best, plain = in.score, in.plain
		}
	}
	if best == 0 {
		return
	}
	w := &words[at]
	p := float64(s.lines[i].person[at])
	capital := w.Shape != text.Lower && !starts(words, at)
	listed := w.Lex.Name() >= 0.2
	score := 0.0
	switch {
	case hyphened(words, at):
		score = best - 0.1
	case everyday(w) && !(capital && w.Lex.Name() >= 0.4 && w.Lex.Word < 0.75):
		score = max(plain, min(best, p))
	case w.Slip > 1 && w.Lex.Name() < 0.36 && best < 0.9:
		score = min(best, p) - 0.2
	case s.givenOnly(i, at) && (words[k].Norm == "im" || words[k].Norm == "am"):
		score = max(best, 0.88) // "I'm Amir": what else could somebody be
	case listed && (capital || w.Lex.Word < 0.3):
		score = max(best, p)
	case w.Lex == (Entry{}) && capital:
		score = max(best-0.1, min(best, p))
	default:
		score = min(best, max(best-0.4, p))
	}
	if s.lines[i].problem >= storyAt {
		score = min(score, 0.3)
	}
	if score > 0 {
		s.claim(i, at, s.more(i, at), finding.Person, score, "introduction", "behind a phrase that introduces somebody")
	}
}

// coming claims "is Desmond coming too".
func (s *session) coming(i, k, at int) {
	words := s.lines[i].words
	switch near(words, at+1) {
	case "coming", "joining", "here", "absent", "late", "ok", "okay", "sick", "gonna", "going", "out", "in", "still", "there":
	default:
		return
	}
	w := &words[at]
	if w.Lex.Name() >= 0.25 && (w.Lex.Word < 0.36 || w.Shape != text.Lower && w.Lex.Word < 0.6) {
		score := 0.6
		if n := near(words, at+1); n == "coming" || n == "joining" || n == "absent" || n == "sick" {
			score = 0.9
		}
		s.claim(i, at, at+1, finding.Person, score, "attendance", "asked after as one asks after a person")
	}
}

// ends reports whether the phrase ends at word k.
func ends(words []tagger.Word, k int, phrase []string) bool {
	if k+1 < len(phrase) {
		return false
	}
	// Backwards, as the last word mostly agrees: phrases are listed by it.
	for n := len(phrase) - 1; n >= 0; n-- {
		w := &words[k-len(phrase)+1+n]
		if w.Norm != phrase[n] || w.Possessive {
			return false
		}
	}
	return true
}

var spelling = set(`spelled spelt spell spells spelling`)

// spelled claims letters that are said one by one behind "it's spelled".
func (s *session) spelled(i, k int) {
	words := s.lines[i].words
	at := k + 1
	for at < len(words) && at < k+5 && !single(&words[at]) {
		at++
	}
	if to := letters(words, at); to > at+1 {
		s.claim(i, at, to, finding.Person, 0.93, "spelled", "letters said one by one after a word for spelling")
		s.confirm(words[at:to])
	}
}

// syllables claims names such as Min-jun and Wing-yan: a short word with a
// capital, a hyphen and a short one without, which is no word of English.
func (s *session) syllables(i int) {
	words := s.lines[i].words
	for k := 0; k+2 < len(words); k++ {
		a, b := &words[k], &words[k+2]
		if words[k+1].Norm != "-" || !words[k+1].Glued || !b.Glued || a.Shape != text.Title || b.Shape != text.Lower || len(a.Norm) > 5 || len(b.Norm) < 2 || len(b.Norm) > 6 ||
			b.Lex.Word >= 0.2 || !b.Open || a.Is(isPrefix) || k+3 < len(words) && words[k+3].Glued && words[k+3].Norm == "-" {
			continue
		}
		s.claim(i, k, k+3, finding.Person, 0.72, "syllables", "written as names of East Asia are")
	}
}

// prefix begins words that English writes with a hyphen.
var prefix = set(`pre post re co ex un non sub semi multi anti inter intra bi tri mid over under self e t x y z a b c d two three four five six well
	high low half all no non mini micro super mega`)

// framed claims capitalised words within a sentence that stand where only
// people do ("ask …", "… said") or that make a full name, listed or not: no
// list has all names. Lines judged alone, such as posts, name too much else.
func (s *session) framed(i int) {
	words := s.lines[i].words
	if len(s.lines) < 3 || !s.lines[i].raised || s.lines[i].problem >= storyAt || !sentence(words) {
		return
	}
	for k := 0; k < len(words); k++ {
		if starts(words, k) && surnamed(&words[k]) && acting[near(words, k+1)] {
			s.claim(i, k, k+1, finding.Person, 0.7, "frame", "a family name that does what people do")
			continue
		}
		if k == 0 || !raised(words, k) {
			continue
		}
		to, listed, surnamed := k+1, words[k].Lex.Given >= 0.2, false
		for to < len(words) && to < k+6 {
			next := to
			for next+1 < len(words) && next < to+2 && (words[next].Is(isParticle) && words[next].Shape != text.Mark || words[next].Norm == "-" && words[next].Glued) {
				next++
			}
			w := &words[next]
			if words[next-1].Possessive || w.Shape != text.Title && w.Shape != text.Mixed || w.Closed || !w.Open ||
				next == to && w.Lex.Word >= 0.6 && w.Lex.Family < 0.3 || w.Is(isDated) || w.Is(isProduct|isSchoolNoun|isBusinessNoun|isClubNoun|isStreet) {
				break
			}
			listed = listed || w.Lex.Family >= 0.3 && w.Lex.Word < 0.4
			surnamed = true
			to = next + 1
		}
		score := 0.0
		switch {
		case words[k].Lex.Place >= 0.3 || to < len(words) && words[to].Shape == text.Digit:
		case surnamed && listed:
			score = 0.72
		case near(words, k-1) == "with" && (words[k].Lex.Given >= 0.3 || near(words, to) == "and" && to+1 < len(words) && raised(words, to+1) && words[to+1].Lex.Place < 0.3):
			score = 0.7
		case near(words, k-1) == "and" && k > 1 && s.claimedPerson(i, k-1):
			score = 0.68
		case telling[near(words, k-1)] && !asking[near(words, to)], done[near(words, to)]:
			score = 0.7
		}
		if score > 0 {
			s.claim(i, k, to, finding.Person, score, "frame", "written like a name where people are spoken of")
		}
		k = to - 1
	}
}

// reversed claims names as lists write them: "Mazur, Grzegorz 8/10".
func (s *session) reversed(i int) {
	words := s.lines[i].words
	if !s.lines[i].raised || s.lines[i].problem >= storyAt {
		return
	}
	for k := 0; k+2 < len(words); k++ {
		a, b := &words[k], &words[k+2]
		if words[k+1].Norm != "," || a.Shape != text.Title || b.Shape != text.Title || !a.Open || !b.Open || len(a.Norm) < 2 || len(b.Norm) < 3 ||
			a.Lex.Word >= 0.1 || b.Lex.Word >= 0.2 || a.Lex.Given > a.Lex.Family || a.Lex.Family < 0.25 && a.Lex != (Entry{}) || b.Lex.Given < 0.3 || b.Lex.Place >= 0.5 ||
			a.Is(isDated|isProduct) || b.Is(isDated|isProduct) || s.toured(i, k) || s.toured(i, k+2) {
			continue
		}
		s.claim(i, k, k+3, finding.Person, 0.8, "list", "a family name, a comma and a given name, as lists have them")
		k += 2
	}
}

// outsider claims who is known from elsewhere ("Sven from my class") or is
// hushed at home ("Mei, be quiet, I'm in class").
func (s *session) outsider(i int) {
	if !s.lines[i].holds(isOutside) {
		return
	}
	words := s.lines[i].words
	for k := 0; k+3 < len(words); k++ {
		w := &words[k]
		if !w.Open || !w.Shape.Word() || len(w.Norm) < 2 || w.Is(isProduct) || s.lines[i].problem >= storyAt {
			continue
		}
		done := k + 1 // "Chloe just texted me"
		if n := words[done].Norm; n == "just" || n == "keeps" || n == "literally" || n == "already" || n == "is" {
			done++
		}
		reached := done+1 < len(words) && reaches[words[done].Norm] && (words[done+1].Norm == "me" || words[done+1].Norm == "us")
		seen := isAt(words, k-1, isOutside) && meets[words[k-1].Norm] && (k == 1 || words[k-2].Is(isPersonal) || words[k-2].Norm == "just" || words[k-2].Norm == "already")
		familiar := words[k+1].Norm == "from" && (words[k+2].Norm == "my" || words[k+2].Norm == "our") && circle[words[k+3].Norm]
		hushed := k == 0 && words[1].Norm == "," && (hushes[words[2].Norm] || words[2].Norm == "be" && words[3].Norm == "quiet")
		rings := words[k+1].Norm == "is" && rings[words[k+2].Norm] && (words[k+3].Norm == "me" || words[k+3].Norm == "at" || words[k+3].Norm == "us")
		if !familiar && !hushed && !rings && !reached && !seen {
			continue
		}
		capital := w.Shape != text.Lower
		if w.Lex.Name() >= 0.2 && (capital || w.Lex.Word < 0.36) || w.Lex == (Entry{}) && capital && w.Slip < 2 {
			s.claim(i, k, k+1, finding.Person, 0.88, "outsider", "known from elsewhere, or hushed at home")
			return
		}
	}
}

// reaches are what friends do to one, meets what one does to them.
var (
	reaches = set(`texted texts called calls messaged dmed dmd facetimed snapped told invited asked sent showed helped hit taught ditched drove
		texting calling messaging facetiming bothering distracting`)
	meets = set(`saw met visited texted messaged dmed facetimed called invited`)
)

// schooled claims teachers as pupils speak of them, without a title: "i have
// feldman for chem", "3rd period w gustafson", "in Okafor's class".
func (s *session) schooled(i int) {
	l := &s.lines[i]
	if !l.holds(isSchooled) || l.problem >= storyAt {
		return
	}
	words := l.words
	for k := 1; k < len(words); k++ {
		w := &words[k]
		if !w.Open || !w.Shape.Word() || len(w.Norm) < 3 || w.Is(isProduct|isDated|isGeneric|isSchoolNoun|isRelation) || tongue[w.Norm] ||
			w.Lex.Word >= 0.3 && !(w.Shape == text.Title && w.Lex.Family >= 0.3) || w.Slip > 1 {
			continue
		}
		before, behind, next := near(words, k-1), near(words, k+1), near(words, k+2)
		score := 0.0
		switch {
		case (before == "have" || before == "had" || before == "got" || before == "get" || before == "has") && (behind == "for" || behind == "4") && (subjects[next] || next == "my" || period[next]):
			score = 0.9
		case (before == "with" || before == "w" || before == "/" && near(words, k-2) == "w") && (s.periodBefore(words, k-2) || behind == "for" && subjects[next]):
			score = 0.85
		case w.Possessive && classroom[behind] && (w.Lex.Family >= 0.25 || w.Lex == (Entry{}) && w.Shape == text.Title):
			score = 0.82
		case (before == "have" || before == "had" || before == "got") && w.Lex.Family >= 0.3 && w.Lex.Word < 0.1 && w.Lex.Place < 0.3 && (behind == "" || behind == "." || behind == "!" || behind == "?") && k < 5:
			score = 0.7
		}
		if score > 0 {
			s.claim(i, k, s.more(i, k), finding.Person, score, "teacher", "as pupils speak of their teachers")
		}
	}
}

// periodBefore reports whether a period of the school day is told in the three
// words up to word k.
func (s *session) periodBefore(words []tagger.Word, k int) bool {
	for b := k; b >= 0 && b > k-3; b-- {
		if period[words[b].Norm] || subjects[words[b].Norm] {
			return true
		}
	}
	return false
}

var (
	subjects = set(`math algebra geometry geo precalc precalculus calc calculus stats statistics bio biology chem chemistry physics science english ela lit
		history ush apush civics econ government gov spanish french latin german art band choir orchestra gym pe health homeroom advisory
		study hall drama theater computer coding engineering reading writing world`)
	period    = set(`period first second third fourth fifth sixth seventh eighth hour block homeroom`)
	classroom = set(`class room classroom test tests quiz quizzes homework hw packet final midterm exam lab worksheet lecture notes website syllabus`)
)

// rings are what people do who want something meanwhile.
var rings = set(`calling texting facetiming yelling bothering picking distracting`)

// circle are where somebody is known from.
var circle = set(`class school team grade math church neighborhood street building dance swim soccer basketball band homeroom period`)

// hushes are said to who makes noise at home.
var hushes = set(`shh shush hush quiet`)

// schooling are the words that schooled asks for.
func schooling() map[string]bool {
	out := set("have had got get has")
	for _, words := range []map[string]bool{subjects, period, classroom} {
		for w := range words {
			out[w] = true
		}
	}
	return out
}

// outside are the words that outsider asks for.
func outside() map[string]bool {
	out := map[string]bool{}
	for _, words := range []map[string]bool{rings, circle, hushes, reaches, meets} {
		for w := range words {
			out[w] = true
		}
	}
	return out
}

// claimedPerson reports whether the claim made last is of a person and ends
// before word k of the line.
func (s *session) claimedPerson(i, k int) bool {
	n := len(s.claims)
	return n > 0 && s.claims[n-1].line == i && s.claims[n-1].to == k && s.claims[n-1].kind == finding.Person
}

// sentence reports whether capitals tell anything in a line.
func sentence(words []tagger.Word) bool {
	lower, capital := 0, 0
	for k := range words {
		switch words[k].Shape {
		case text.Lower:
			lower++
		case text.Title, text.Mixed, text.Upper:
			capital++
		}
	}
	return lower > capital
}

// raised reports whether word k has a capital for its own sake.
func raised(words []tagger.Word, k int) bool {
	w := &words[k]
	if w.Shape != text.Title && w.Shape != text.Mixed || !w.Open || w.Lex.Word >= 0.2 || len(w.Norm) < 3 || w.Slip > 1 || w.Is(isDated) || w.Is(isProduct|isTitles) {
		return false
	}
	before := &words[k-1]
	return !starts(words, k) && (before.Shape == text.Lower || before.Norm == "," || before.Closed)
}

// surnamed reports whether a word written like a name is known as a family name
// and as nothing else.
func surnamed(w *tagger.Word) bool {
	return w.Shape == text.Title && w.Open && w.Lex.Family >= 0.35 && w.Lex.Word < 0.1 && w.Lex.Place < 0.3 && len(w.Norm) > 3 && !w.Is(isDated|isProduct)
}

// acting is what somebody in a lesson does, behind their name.
var acting = set(`got wants has had will labeled put did says said is was wrote drew found picked chose thinks asked forgot left joined knows sees
	reporting just already keeps`)

// telling stands before the people one speaks to.
var telling = set(`ask asked tell told text texted texting called dm message messaged meet met thank sitter taught tutored invite invited hi hey
	hello named`)

// asking behind a name takes it back: "ask Desmos to".
var asking = set(`to of app calculator website page link class school team board problem question test`)

// done is said of what people do in a lesson or a life.
var done = set(`said told asked asks thinks thought wants knows knew explained taught teaches plays sits forgot remembered texted`)

// dashed claims letters joined by hyphens that make a name.
func (s *session) dashed(i int) {
	words := s.lines[i].words
	for k := 0; k+4 < len(words); k++ {
		if !single(&words[k]) || words[k+1].Norm != "-" {
			continue
		}
		to := letters(words, k)
		if to-k < 5 {
			k = max(k, to-1)
			continue
		}
		joined := ""
		for _, w := range words[k:to] {
			if w.Norm != "-" {
				joined += w.Norm
			}
		}
		score := 0.0
		if acronym[joined] {
		} else if e := Lookup(joined); e.Name() >= 0.2 {
			score = 0.9
		} else if len(joined) >= 5 && joined != "abcde" && joined != "abcdef" {
			score = 0.6
		}
		if s.speakerNamed(joined) {
			score = 0.97
		}
		if score > 0 {
			s.claim(i, k, to, finding.Person, score, "spelled", "letters joined by hyphens that make a name")
			s.confirm(words[k:to])
		}
		k = to - 1
	}
}

// acronym is spelled in lessons without anybody's name being meant.
var acronym = set(`sas sss asa aas ssa foil pemdas bodmas gemdas sohcahtoa cpctc gcf lcm lcd gcd abc abcd xyz sat act psat gpa ab bc cd ac`)

// confirm makes the word that was spelled a name wherever it stands.
func (s *session) confirm(letters []tagger.Word) {
	joined := ""
	for i := range letters {
		if letters[i].Shape.Word() {
			joined += letters[i].Norm
		}
	}
	s.at(s.vocabulary.ID(joined)).cue = 0.95
}

func (s *session) speakerNamed(norm string) bool {
	for i := range s.c.Lines {
		for _, t := range text.Tokenize(s.c.Lines[i].SpeakerName) {
			if t.Norm == norm {
				return true
			}
		}
		if i > 400 {
			break
		}
	}
	return false
}

func single(w *tagger.Word) bool { return w.Shape.Word() && len(w.Norm) == 1 }

// letters gives where the run of single letters from k ends.
func letters(words []tagger.Word, k int) int {
	to := k
	for to < len(words) && single(&words[to]) {
		to++
		if to < len(words) && words[to].Norm == "-" && to+1 < len(words) && single(&words[to+1]) {
			to++
		}
	}
	return to
}
