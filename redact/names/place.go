package names

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/lexicon"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// places claims schools, teams, clubs, employers and towns of one line.
func (s *session) places(i int) {
	l := &s.lines[i]
	words := l.words
	for k := range words {
		w := &words[k]
		if !w.Is(isSchoolNoun | isNumberedSchool | isBusinessNoun | isClubNoun | isPlacing) {
			continue
		}
		switch {
		case w.Is(isSchoolNoun):
			s.schoolShape(i, k)
		case w.Is(isNumberedSchool) || w.Norm == "p" || w.Norm == "i" || w.Norm == "m":
			s.schoolNumber(i, k)
		case w.Is(isBusinessNoun):
			s.businessShape(i, k)
		}
		if w.Is(isClubNoun) {
			s.clubShape(i, k)
		}
		switch w.Norm {
		case "to", "at", "attend", "attends", "attended", "from", "for", "by", "with", "joined", "on":
			s.belonging(i, k)
		case "have", "got", "has", "in", "near", "is", "are", "miss", "into", "outside", "live", "around", "visiting", "leave", "own", "owns",
			"runs", "manages":
			s.belonging(i, k)
		case "go", "goo", "gooo":
			s.cheer(i, k)
		case "the", "our":
			s.team(i, k)
		case "practice", "rehearsal", "tryouts":
			s.practised(i, k)
		case "fighting", "lady":
			s.fighting(i, k)
			if w.Norm == "lady" && k > 0 && near(words, k-1) == "our" && near(words, k+1) == "of" && l.problem < storyAt {
				if to := s.named(words, k+1); to > k+2 {
					s.claim(i, k-1, to, finding.School, 0.85, "lady", "a school named after Our Lady")
				}
			}
		case "schools", "isd", "cisd", "usd", "district", "trust":
			s.district(i, k)
		}
	}
	if l.holds(isStreet) {
		s.address(i)
	}
}

// placing are the words that places asks for by themselves.
var placing = set(`p i m to at attend attends attended from for by with joined on have got has in near is are miss into outside live around
	visiting leave own owns runs manages go goo gooo the our practice rehearsal tryouts
	fighting lady schools isd cisd usd district trust`)

// district claims the name of a school district: "Glenoak Township Public
// Schools", "San Perlita CISD", "the School District of Wissahickon".
func (s *session) district(i, k int) {
	words := s.lines[i].words
	if words[k].Shape == text.Lower || s.lines[i].problem >= storyAt {
		return
	}
	from, proper := k, false
	for from > 0 && words[from-1].Shape.Word() && words[from-1].Shape != text.Lower && !words[from-1].Closed && !(starts(words, from-1) && words[from-1].Lex.Word >= 0.3 && !ofDistricts[words[from-1].Norm]) {
		from--
		proper = proper || !ofDistricts[words[from].Norm] && !words[from].Is(isProduct|isDated)
	}
	to := k + 1
	switch {
	case words[k].Norm == "district" && near(words, to) == "of" && from < k:
		to = s.named(words, to)
		proper = proper || to > k+1
	case words[k].Norm == "district" || words[k].Norm == "trust":
		if from == k || !ofDistricts[near(words, k-1)] && !(to < len(words) && words[to].Shape == text.Digit) {
			return // a district of anything, a trust of any sort
		}
	}
	if proper && to-from > 1 {
		s.claim(i, from, to, finding.Org, 0.9, "district", "a name that ends like a school district's")
	}
}

// ofDistricts are words in the names of school districts that name none.
var ofDistricts = set(`public city county township unified independent consolidated area community school schools academies academy regional central district the union`)

// schoolNoun ends the name of a school.
var schoolNoun = set(`school elementary middle high academy magnet charter montessori prep preparatory university college
	institute isd unified lyceum gymnasium polytechnic`)

// notOfAName cannot be in the proper part of a school's or firm's name.
var notOfAName = set(`my your our his her their this that old new other another different same public private local good bad big
	small last first next next best whole entire last online virtual home summer sunday saturday after before in to at of for from middle high
	elementary junior senior boarding grade school schools law med medical graduate grad night day no some any every community
	boys girls catholic the a an and khan is was are were for on with until during back primary secondary normal regular
	real prek pre most all high-school nursing dental business art beauty trade technical`)

// schoolShape claims proper words in front of a school noun: "Cesar Chavez
// Middle School", "chavez middle".
func (s *session) schoolShape(i, k int) {
	words := s.lines[i].words
	to := k + 1
	for to < len(words) && words[to].Is(isSchoolNoun) {
		to++
	}
	if k > 0 && words[k-1].Is(isSchoolNoun) && !notProper(&words[k-1]) {
		return // claimed from the noun before
	}
	from := k
	capital := words[k].Shape != text.Lower
	for from > 0 && from > k-4 {
		w := &words[from-1]
		if w.Is(isSchoolNoun) || w.Norm == "junior" || w.Norm == "senior" || w.Norm == "." && from > 1 && words[from-2].Norm == "st" {
			from--
			continue
		}
		if capital && w.Shape == text.Title && w.Is(isNotOfAName) && !w.Closed && from > 1 && properly(words, from-2) {
			from-- // "Roosevelt Catholic School"
			continue
		}
		if w.Norm == "." && from > 1 && (abbreviated[words[from-2].Norm] || capital && words[from-2].Shape == text.One && from > 2) {
			from -= 2 // "Dr. Lena Ortiz Middle School"
			continue
		}
		if !w.Shape.Word() || w.Closed || w.Is(isNotOfAName) || w.Shape == text.Lower && capital {
			break
		}
		if w.Shape == text.Lower && !(w.Lex.Name() >= 0.15 || w.Lex.Place >= 0.2 || w.Lex == (Entry{})) {
			break
		}
		if w.Shape == text.Lower && w.Lex.Word >= 0.6 && w.Lex.Place < 0.5 && w.Lex.Family < 0.4 {
			break
		}
		from--
	}
	if !capital {
		from = min(from, s.attendedFrom(words, k))
	}
	for from < k && (words[from].Is(isSchoolNoun) || words[from].Norm == "junior" || words[from].Norm == "senior") {
		from++ // "middle school" alone
	}
	if to < len(words) {
		to = s.named(words, to)
	}
	if from == k {
		if to > k+2 && capital && !words[k].Is(isProduct) {
			s.universityOf(i, k, to)
		}
		return
	}
	// What is proper must be before the noun.
	proper := false
	for _, w := range words[from:k] {
		proper = proper || w.Shape.Word() && !w.Closed && !w.Is(isSchoolNoun) && !w.Is(isNotOfAName) && !w.Is(isGeneric)
	}
	if !proper || starts(words, from) && from+1 == k && words[from].Lex.Word >= 0.6 {
		return
	}
	short := to == k+1 && words[k].Norm != "school" && words[k].Norm != "elementary" && words[k].Norm != "academy" && words[k].Norm != "magnet"
	score := 0.95
	switch {
	case words[from].Is(isProduct):
		return
	case s.reckoned(i) && !s.attending(i, from):
		score = 0.4 // "Lincoln High School sold 240 tickets"
	case short && !capital && !s.attending(i, from) && words[k].Norm != "isd":
		return // "a perez high"? a lower-case adjective
	case short && (words[k].Norm == "high" || words[k].Norm == "middle") && !capital:
		score = 0.85
	case short && (words[k].Norm == "college" || words[k].Norm == "university" || words[k].Norm == "institute"):
		score = 0.6 // a college someone reads about
		if s.attending(i, from) {
			score = 0.85
		}
	case !capital:
		score = 0.88
	}
	s.claim(i, from, to, finding.School, score, "school", "proper words before a word for a school")
}

// reckoned reports whether a line counts something and speaks of nobody's own
// life, as problems do.
func (s *session) reckoned(i int) bool {
	if s.lines[i].holds(isPersonal|isRelation|isPronounOfTalk) || s.lines[i].problem >= storyAt {
		return s.lines[i].problem >= storyAt
	}
	for k := range s.lines[i].words {
		if w := &s.lines[i].words[k]; w.Shape == text.Digit || w.Is(isNumber|isThings) {
			return true
		}
	}
	return false
}

// attendedFrom gives where the name of a school begins that is written small,
// by the word before it: "i go to kettle run day school". k is the noun, and
// the answer when nothing is told.
func (s *session) attendedFrom(words []tagger.Word, k int) int {
	for at := k; at > 0 && at > k-5; at-- {
		switch w := &words[at-1]; {
		case w.Norm == "to" || w.Norm == "at" || w.Norm == "from" || w.Norm == "attend":
			return at
		case !w.Shape.Word() || w.Closed || w.Is(isStop) || w.Norm == "the" || w.Possessive:
			return k
		}
	}
	return k
}

// ofSchools are what schools are of, in small letters too.
var ofSchools = set(`arts art science sciences technology engineering music performing math medicine`)

// abbreviated words stand before a full stop within the name of a school.
var abbreviated = set(`dr st mt ft rev fr sr jr mlk`)

// properly reports whether word k is written as a part of a name, not because
// a sentence begins with it.
func properly(words []tagger.Word, k int) bool {
	w := &words[k]
	return w.Shape.Word() && w.Shape != text.Lower && !w.Closed && !(w.Is(isNotOfAName)) && !(starts(words, k) && w.Lex.Word >= 0.6)
}

// named gives where a name ends that goes on behind to with "of" or "for":
// "School of the Arts", "University of Toledo". Without that it is to.
func (s *session) named(words []tagger.Word, to int) int {
	if n := near(words, to); n != "of" && n != "for" {
		return to
	}
	at := to + 1
	if near(words, at) == "the" {
		at++
	}
	end := at
	for end < len(words) && end < at+3 && words[end].Shape.Word() && (words[end].Shape != text.Lower && !words[end].Closed || ofSchools[words[end].Norm]) {
		end++
	}
	if end == at {
		return to
	}
	return end
}

// universityOf claims "University of Toledo", "Community College of Aurora".
func (s *session) universityOf(i, k, to int) {
	words := s.lines[i].words
	from := k
	if from > 0 && words[from-1].Shape == text.Title && !words[from-1].Closed && !starts(words, from-1) {
		from--
	}
	score := 0.6
	if s.attending(i, from) || near(words, from-1) == "is" {
		score = 0.85
	}
	s.claim(i, from, to, finding.School, score, "school", "a word for a school and what it is named after")
}

func notProper(w *tagger.Word) bool { return w.Is(isNotOfAName) }

// attending reports whether somebody's attendance is told right before from.
func (s *session) attending(i, from int) bool {
	words := s.lines[i].words
	switch near(words, from-1) {
	case "to", "at", "attend", "attends", "attended", "from", "for", "the":
		return true
	}
	return false
}

var numberedSchool = set(`ps is ms jhs hs`)

// schoolNumber claims "P.S. 214", "PS 8", "I.S. 61".
func (s *session) schoolNumber(i, k int) {
	words := s.lines[i].words
	at := k + 1
	if len(words[k].Norm) == 1 {
		if near(words, k+1) != "." || near(words, k+2) != "s" {
			return
		}
		at = k + 3
		if near(words, at) == "." {
			at++
		}
	} else if words[k].Shape == text.Lower && !(s.attending(i, k) && words[k].Norm != "is") || words[k].Shape == text.Title {
		return
	}
	if near(words, at) == "#" {
		at++
	}
	if at < len(words) && words[at].Shape == text.Digit && words[at].End-words[at].Start <= 3 {
		s.claim(i, k, at+1, finding.School, 0.95, "school-number", "a public school's number")
	}
}

// announcements are phrases after which a person tells where they belong. Only
// the first person, or somebody of theirs, belongs; lines, cars and trips do not.
type announcement struct {
	phrase string
	kind   finding.Kind
	score  float64
	// own is whether the phrase itself shows that a person is meant.
	own bool
}

var announcements = []announcement{
	{"i go to", finding.School, 0.9, true}, {"i went to", finding.School, 0.85, true}, {"i attend", finding.School, 0.95, true},
	{"i attended", finding.School, 0.95, true}, {"i used to go to", finding.School, 0.95, true}, {"used to go to", finding.School, 0.85, true},
	{"have that at", finding.School, 0.8, true}, {"have this at", finding.School, 0.8, true}, {"do that at", finding.School, 0.75, true}, {"do this at", finding.School, 0.75, true},
	{"did that at", finding.School, 0.8, true}, {"did this at", finding.School, 0.8, true}, {"learned that at", finding.School, 0.85, true}, {"learned this at", finding.School, 0.85, true},
	{"go to", finding.School, 0.85, false}, {"we go to", finding.School, 0.6, true},
	{"goes to", finding.School, 0.88, false}, {"went to", finding.School, 0.6, false}, {"attends", finding.School, 0.9, false},
	{"kids go to", finding.School, 0.9, true}, {"people go to", finding.School, 0.75, true}, {"kids at", finding.School, 0.85, true}, {"teaches at", finding.School, 0.9, true}, {"student at", finding.School, 0.9, true},
	{"students at", finding.School, 0.9, true}, {"teacher at", finding.School, 0.9, true}, {"i was at", finding.School, 0.7, true},
	{"transferred to", finding.School, 0.8, true}, {"transferred from", finding.School, 0.85, true}, {"im at", finding.School, 0.6, true},
	{"freshman at", finding.School, 0.9, true}, {"sophomore at", finding.School, 0.9, true}, {"junior at", finding.School, 0.9, true},
	{"senior at", finding.School, 0.9, true}, {"grade at", finding.School, 0.9, true}, {"grader at", finding.School, 0.9, true},
	{"graduated from", finding.School, 0.92, true}, {"graduate from", finding.School, 0.9, true}, {"started at", finding.School, 0.85, false},
	{"starting at", finding.School, 0.75, false}, {"teach at", finding.School, 0.9, true}, {"taught at", finding.School, 0.9, true},
	{"teaching at", finding.School, 0.9, true}, {"tutor at", finding.School, 0.85, true}, {"rival is", finding.School, 0.9, true},
	{"rivals are", finding.School, 0.85, true}, {"enrolled at", finding.School, 0.92, true}, {"enrolled in", finding.School, 0.6, true},
	{"accepted to", finding.School, 0.9, true}, {"accepted into", finding.School, 0.85, true}, {"applied to", finding.School, 0.85, true},
	{"got into", finding.School, 0.75, true}, {"were all from", finding.School, 0.7, true}, {"test is at", finding.School, 0.8, true},
	{"take it at", finding.School, 0.75, true}, {"freshmen at", finding.School, 0.9, true}, {"seniors at", finding.School, 0.9, true},
	{"studies at", finding.School, 0.9, true}, {"studied at", finding.School, 0.9, true}, {"study at", finding.School, 0.85, true},
	{"kids from", finding.School, 0.75, true}, {"school is", finding.School, 0.6, true},
	{"dad owns", finding.Org, 0.85, true}, {"mom owns", finding.Org, 0.85, true}, {"uncle owns", finding.Org, 0.85, true},
	{"parents own", finding.Org, 0.85, true}, {"family owns", finding.Org, 0.85, true}, {"dad runs", finding.Org, 0.75, true},
	{"mom runs", finding.Org, 0.75, true}, {"dad manages", finding.Org, 0.8, true}, {"mom manages", finding.Org, 0.8, true},
	{"hired at", finding.Org, 0.9, true}, {"hired by", finding.Org, 0.9, true}, {"interview at", finding.Org, 0.9, true},
	{"interning at", finding.Org, 0.9, true}, {"volunteering at", finding.Org, 0.9, true}, {"swim with", finding.Org, 0.8, true},
	{"compete for", finding.Org, 0.8, true}, {"play with", finding.Org, 0.5, true}, {"dance for", finding.Org, 0.8, true},
	{"moved here from", finding.Location, 0.95, true}, {"family is from", finding.Location, 0.93, true}, {"familys from", finding.Location, 0.93, true},
	{"parents are from", finding.Location, 0.95, true}, {"else from", finding.Location, 0.85, true}, {"originally from", finding.Location, 0.95, true},
	{"cousins in", finding.Location, 0.93, true}, {"flying to", finding.Location, 0.85, true}, {"relatives in", finding.Location, 0.93, true},
	{"vacation in", finding.Location, 0.85, true}, {"college in", finding.Location, 0.9, true}, {"all from", finding.Location, 0.75, true},
	{"class at", finding.School, 0.75, true}, {"school at", finding.School, 0.75, true}, {"over at", finding.School, 0.6, true},
	{"works at", finding.Org, 0.95, true}, {"works for", finding.Org, 0.93, true}, {"work at", finding.Org, 0.93, true},
	{"work for", finding.Org, 0.85, true}, {"working at", finding.Org, 0.93, true}, {"worked at", finding.Org, 0.93, true},
	{"working for", finding.Org, 0.85, true}, {"worked for", finding.Org, 0.85, true}, {"shift at", finding.Org, 0.93, true},
	{"job at", finding.Org, 0.93, true}, {"manager at", finding.Org, 0.93, true}, {"home from", finding.Org, 0.9, true},
	{"me up from", finding.Org, 0.85, true}, {"volunteer at", finding.Org, 0.9, true}, {"volunteers at", finding.Org, 0.9, true},
	{"intern at", finding.Org, 0.9, true}, {"employed by", finding.Org, 0.9, true}, {"me from", finding.Org, 0.8, true},
	{"i joined", finding.Org, 0.7, true}, {"im on", finding.Org, 0.6, true}, {"because i have", finding.Org, 0.9, true}, {"cause i have", finding.Org, 0.9, true}, {"cuz i have", finding.Org, 0.9, true},
	{"bc i have", finding.Org, 0.9, true}, {"i got", finding.Org, 0.5, true}, {"practice with", finding.Org, 0.8, true},
	{"practice for", finding.Org, 0.8, true}, {"rehearsal with", finding.Org, 0.85, true}, {"rehearsal for", finding.Org, 0.8, true},
	{"plays for", finding.Org, 0.85, true}, {"play for", finding.Org, 0.8, true}, {"member of", finding.Org, 0.8, true},
	{"tryouts for", finding.Org, 0.85, true}, {"swim for", finding.Org, 0.85, true}, {"dance with", finding.Org, 0.7, true},
	{"i have", finding.Org, 0.85, false}, {"i miss", finding.Org, 0.5, false},
	{"i live in", finding.Location, 0.97, true}, {"we live in", finding.Location, 0.97, true}, {"lives in", finding.Location, 0.85, false},
	{"live near", finding.Location, 0.95, true}, {"living in", finding.Location, 0.85, true}, {"im in", finding.Location, 0.92, true},
	{"i am in", finding.Location, 0.9, true}, {"were in", finding.Location, 0.4, false}, {"im from", finding.Location, 0.95, true},
	{"i am from", finding.Location, 0.95, true}, {"moved to", finding.Location, 0.92, true}, {"moved from", finding.Location, 0.92, true},
	{"moving to", finding.Location, 0.85, true}, {"over in", finding.Location, 0.93, true}, {"still in", finding.Location, 0.9, true},
	{"out in", finding.Location, 0.85, true}, {"here in", finding.Location, 0.93, true}, {"down in", finding.Location, 0.85, true},
	{"up in", finding.Location, 0.8, true}, {"back in", finding.Location, 0.8, true}, {"one in", finding.Location, 0.85, true},
	{"grew up in", finding.Location, 0.95, true}, {"born in", finding.Location, 0.85, true}, {"weather in", finding.Location, 0.93, true},
	{"weather like in", finding.Location, 0.95, true}, {"raining in", finding.Location, 0.95, true}, {"snowing in", finding.Location, 0.95, true},
	{"hot in", finding.Location, 0.92, true}, {"cold in", finding.Location, 0.92, true}, {"school in", finding.Location, 0.93, true},
	{"joining from", finding.Location, 0.95, true}, {"calling from", finding.Location, 0.95, true}, {"calling in from", finding.Location, 0.95, true},
	{"zooming from", finding.Location, 0.95, true}, {"house in", finding.Location, 0.9, true}, {"apartment in", finding.Location, 0.95, true},
	{"family in", finding.Location, 0.93, true}, {"visiting", finding.Location, 0.7, true}, {"based in", finding.Location, 0.9, true},
	{"stay in", finding.Location, 0.6, false}, {"live around", finding.Location, 0.93, true}, {"live outside", finding.Location, 0.93, true},
	{"near", finding.Location, 0.4, false}, {"you in", finding.Location, 0.7, true}, {"things in", finding.Location, 0.85, true},
	{"everything in", finding.Location, 0.9, true}, {"from", finding.Location, 0.3, false}, {"home in", finding.Location, 0.9, true},
}

// cutAnnouncement is an announcement with its phrase cut into words.
type cutAnnouncement struct {
	announcement
	words []string
}

// announcementsBy holds them by their last word, and by the one before it: many
// end with "in" or "at".
var announcementsBy = func() map[string]map[string][]cutAnnouncement {
	m := map[string]map[string][]cutAnnouncement{}
	for _, b := range announcements {
		words := strings.Fields(b.phrase)
		last, before := words[len(words)-1], ""
		if len(words) > 1 {
			before = words[len(words)-2]
		}
		if m[last] == nil {
			m[last] = map[string][]cutAnnouncement{}
		}
		m[last][before] = append(m[last][before], cutAnnouncement{b, words})
	}
	return m
}()

// belonging claims what stands behind a phrase that ends at word k.
func (s *session) belonging(i, k int) {
	words := s.lines[i].words
	if k+1 >= len(words) {
		return
	}
	var best announcement
	length := 0
	choose := func(list []cutAnnouncement) {
		for _, b := range list {
			if n := len(b.words); n > length && b.score >= best.score && ends(words, k, b.words) {
				best, length = b.announcement, n
			}
		}
	}
	if by := announcementsBy[words[k].Norm]; by != nil {
		choose(by[""])
		if k > 0 {
			choose(by[words[k-1].Norm])
		}
	}
	if relative := s.relativeBefore(words, k-1); near(words, k) == "in" && relative && k >= 2 {
		best, length = announcement{"relative in", finding.Location, 0.9, true}, 1
	}
	if near(words, k) == "at" && s.titledBefore(i, k-1) {
		best, length = announcement{"teacher at", finding.School, 0.92, true}, 1
	}
	if near(words, k) == "in" && s.claimedBefore(i, k, finding.School) {
		best, length = announcement{"school in", finding.Location, 0.93, true}, 1
	}
	if s.lines[i].problem >= storyAt {
		return
	}
	if length == 0 || best.score < 0.5 {
		kin := s.kin(i)
		switch {
		case locative[near(words, k)] && (s.dwelling(i) || kin || s.going(words, k)) && !s.toured(i, k+1):
			best, length = announcement{"", finding.Location, 0.75, kin}, 1
		case near(words, k) == "at" && s.working(words, k):
			best, length = announcement{"work at", finding.Org, 0.85, true}, 1
		case near(words, k) == "at" && s.taught(i, k+1):
			best, length = announcement{"at school", finding.School, 0.75, true}, 1
		}
	}
	if length == 0 {
		return
	}
	switch best.kind {
	case finding.Location:
		if best.score < 0.9 && s.toured(i, k+1) {
			return
		}
		claims := len(s.claims)
		s.town(i, k+1, best)
		if best.phrase == "else from" && len(s.claims) == claims {
			s.attended(i, k+1, k-length, announcement{best.phrase, finding.School, best.score, true})
		}
	case finding.School:
		s.attended(i, k+1, k-length, best)
	default:
		s.employed(i, k+1, k-length, best)
	}
}

// kin reports whether the line is about somebody of the speaker's: "my dad".
func (s *session) kin(i int) bool {
	words := s.lines[i].words
	for k := 1; k < len(words); k++ {
		if words[k].Is(isRelation) && (words[k-1].Norm == "my" || words[k-1].Norm == "our" || k > 1 && words[k-2].Norm == "my") {
			return true
		}
	}
	return false
}

// going reports whether word k ends "we're going to", "I was in".
func (s *session) going(words []tagger.Word, k int) bool {
	for b := k - 1; b >= 0 && b >= k-3; b-- {
		switch words[b].Norm {
		case "im", "ive", "i", "were", "we", "weve":
			return true
		}
	}
	return false
}

// toured reports whether the place at word at is one of a problem: a session
// comes back to it again and again, or tells a journey there.
func (s *session) toured(i, at int) bool {
	words := s.lines[i].words
	return at < len(words) && s.tourStop(&words[at])
}

// tourStop is toured for a word.
func (s *session) tourStop(w *tagger.Word) bool {
	if s.tours == nil {
		s.tours = make([]int32, s.vocabulary.Len())
		for j := range s.lines {
			problem := s.lines[j].problem >= storyAt || s.traveled(j)
			for k := range s.lines[j].words {
				if w := &s.lines[j].words[k]; w.Lex.Place >= 0.2 || w.Shape == text.Title && !w.Closed {
					s.tours[w.ID]++
					if problem {
						s.tours[w.ID] += 2
					}
				}
			}
		}
	}
	return int(w.ID) < len(s.tours) && s.tours[w.ID] > 3
}

// working reports whether somebody is at work in the words before word k.
func (s *session) working(words []tagger.Word, k int) bool {
	for b := k - 1; b >= 0 && b >= k-5; b-- {
		switch words[b].Norm {
		case "work", "shift", "job", "working", "hired":
			return true
		}
	}
	return false
}

// taught reports whether a name at word at is followed by "they" or "we", as in
// "at Oakhurst they use boxes".
func (s *session) taught(i, at int) bool {
	words := s.lines[i].words
	if at >= len(words) || words[at].Shape == text.Lower {
		return false
	}
	_, to := s.proper(i, at, 4)
	switch near(words, to) {
	case "they", "we", "everyone", "everybody":
		return true
	}
	return false
}

// locative prepositions may stand before a town.
var locative = set(`in from to near around outside visiting`)

// dwelling reports whether the line tells where somebody lives, was or comes
// from.
func (s *session) dwelling(i int) bool {
	return s.lines[i].holds(isDwells)
}

var dwells = set(`live lives lived living moved moving born raised family cousin cousins grandma grandpa grandparents relatives visit
	visiting visited weather snowing raining originally hometown apartment immigrated vacation timezone`)

// relativeBefore reports whether "my sister" or a name of one ends at word k.
func (s *session) relativeBefore(words []tagger.Word, k int) bool {
	for b := k; b >= 1 && b > k-3; b-- {
		if words[b].Is(isRelation) && (words[b-1].Norm == "my" || b >= 2 && words[b-2].Norm == "my") {
			return true
		}
	}
	return false
}

func (s *session) titledBefore(i, k int) bool {
	words := s.lines[i].words
	for b := k; b >= 0 && b > k-4; b-- {
		if words[b].Is(isFormal) || words[b].Norm == "coach" {
			return true
		}
	}
	return false
}

func (s *session) claimedBefore(i, k int, kind finding.Kind) bool {
	for n := len(s.claims) - 1; n >= 0 && s.claims[n].line == i; n-- {
		if c := s.claims[n]; c.kind == kind && c.to == k {
			return true
		}
	}
	// A school that schoolShape finds, as places goes through the line.
	return k > 0 && isAt(s.lines[i].words, k-1, isSchoolNoun)
}

// town claims a place of one to three words that the lexicon lists.
func (s *session) town(i, at int, b announcement) {
	words := s.lines[i].words
	if near(words, at) == "the" {
		at++
	}
	if at >= len(words) || !words[at].Shape.Word() || words[at].Closed && words[at].Shape == text.Lower {
		return
	}
	most := 1
	if words[at].Norm == "st" || lexicon.Begins(words[at].Norm) {
		most = 4
	}
	for n := most; n >= 1; n-- {
		if at+n > len(words) {
			continue
		}
		name := ""
		for k := at; k < at+n; k++ {
			if k > at {
				name += " "
			}
			name += words[k].Norm
		}
		name = strings.ReplaceAll(name, ". ", " ")
		e := Lookup(name)
		if n > 1 && name[:2] == "st" && e.Place == 0 {
			e = Lookup(strings.Replace(name, "st ", "saint ", 1))
		}
		w := &words[at]
		capital := w.Shape != text.Lower
		score := b.score
		switch {
		case e.Place < 0.2 && !(n == 1 && capital && s.lines[i].place[at] >= 0.6):
			continue
		case n == 1 && !w.Closed && b.phrase == "moved to" && e.Place >= 0.35 && (at+1 == len(words) || words[at+1].Shape == text.Mark):
			score = 0.85 // "we moved to flint": nobody moves to a stone
		case n == 1 && !capital && !w.Closed && b.own && b.score >= 0.92 && e.Place >= 0.65 && e.Word < 0.7 && !terms[name] &&
			(at+1 == len(words) || words[at+1].Shape == text.Mark || words[at+1].Is(isStop)):
			score = 0.75 // "im in mobile"
		case n == 1 && (w.Closed || !capital && (e.Word >= 0.3 && e.Place < 0.75 || e.Word >= 0.42)):
			return
		case n == 1 && capital && e.Word >= 0.6 && e.Place < 0.6:
			return
		case terms[name], n == 1 && w.Is(isDated|isProduct):
			return
		case !capital && e.Place < 0.35:
			score -= 0.2
		}
		if s.traveled(i) && !b.own {
			return
		}
		s.claim(i, at, s.state(words, at+n), finding.Location, score, "town", "a town or region where somebody is or comes from")
		return
	}
	// A town that no list has, with its state: "Ames, Iowa".
	to := at
	for to < len(words) && to < at+3 && words[to].Shape.Word() && words[to].Shape != text.Lower && !words[to].Closed {
		to++
	}
	if end := s.state(words, to); to > at && end > to {
		s.claim(i, at, end, finding.Location, b.score, "town", "a town and its state where somebody is or comes from")
	}
}

// state gives where a town ends whose state stands behind a comma, with a
// postal code or not: ", Oregon", ", TX 78702". Without a state it is to.
func (s *session) state(words []tagger.Word, to int) int {
	if near(words, to) != "," || to+1 >= len(words) || words[to+1].Shape == text.Lower && !(Lookup(words[to+1].Norm).Place > 0.9) {
		return to
	}
	end := to
	switch w := &words[to+1]; {
	case w.Shape == text.Upper && postal[w.Norm], Lookup(w.Norm).Place > 0.9 && w.Lex.Word < 0.5:
		end = to + 2
	case to+2 < len(words) && w.Shape != text.Lower && Lookup(w.Norm+" "+words[to+2].Norm).Place > 0.9:
		end = to + 3
	default:
		return to
	}
	if end < len(words) && words[end].Shape == text.Digit && words[end].End-words[end].Start == 5 {
		end++
	}
	return end
}

// postal abbreviations of the states (USPS Publication 28, appendix B).
var postal = set(`al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc
	sd tn tx ut vt va wa wv wi wy dc pr`)

// terms are words of the subject that are places too.
var terms = set(`pi slope origin centre center normal angle range mode`)

// traveled reports whether the line is about a journey, as problems are.
func (s *session) traveled(i int) bool {
	return s.lines[i].holds(isJourney)
}

var journey = set(`drive drives driving drove driver path reach reaches destination travel travels traveling car train bus plane trip journey
	distance miles turnpike interstate map route mph line graph starts ends point`)

// attended claims the school after "I go to …". subject is the word before the
// phrase.
func (s *session) attended(i, at, subject int, b announcement) {
	words := s.lines[i].words
	if !b.own {
		person := false
		for k := subject; k >= 0 && k > subject-4; k-- {
			w := &words[k]
			person = person || w.Is(isRelation) || w.Norm == "i" || w.Norm == "she" || w.Norm == "he" || w.Norm == "who" ||
				w.Open && s.lines[i].person[k] >= 0.5 || b.phrase == "go to" && k > 1 && raised(words, k) && words[k-1].Norm == "and"
		}
		if !person || s.traveled(i) {
			return
		}
	}
	from, to := s.proper(i, at, 4)
	if end := saintly(words, at); end > at {
		from, to, b.score = at, end, max(b.score, 0.85)
	}
	if from == to {
		return
	}
	first := &words[from]
	if b.phrase == "go to" && (to-from == 1 && first.Lex.Place > 0 || first.Shape == text.Lower && near(words, subject) != "both" || s.toured(i, from)) {
		return // people of problems go to places
	}
	if to-from == 1 && first.Shape == text.Lower && !(first.Lex.Word < 0.3) {
		return
	}
	if to-from == 1 && (first.Lex.Place >= 0.75 && b.phrase != "i go to" && b.phrase != "goes to" || len(first.Norm) < 3) {
		s.town(i, at, announcement{"", finding.Location, b.score - 0.1, b.own}) // no school
		return
	}
	if to-from == 1 && first.Lex.Place > 0.9 {
		return
	}
	s.claim(i, from, to, finding.School, b.score, "attends", "where somebody goes to school or teaches")
}

// saintly gives where the name of a school ends that is called after a saint or
// what churches are called after: "Our Lady of Grace", "sacred heart". It is k
// when none begins there.
func saintly(words []tagger.Word, k int) int {
	switch n, next := near(words, k), near(words, k+1); {
	case n == "our" && next == "lady", n == "immaculate" && (next == "heart" || next == "conception"), n == "sacred" && next == "heart",
		n == "holy" && (next == "cross" || next == "family" || next == "trinity" || next == "name" || next == "spirit" || next == "rosary"), n == "blessed" && next == "sacrament":
	default:
		return k
	}
	to := k + 2
	if near(words, to) == "of" && to+1 < len(words) {
		to++
		if near(words, to) == "the" {
			to++
		}
		for to < len(words) && to < k+7 && words[to].Shape.Word() && !words[to].Is(isStop) && !words[to].Closed {
			to++
			if near(words, to) == "of" || words[k].Shape == text.Lower && near(words, to-1) != "mount" && near(words, to-1) != "perpetual" {
				break
			}
		}
	}
	return to
}

// generic are things somebody goes to, works at or has, not names of them.
var generic = set(`school work bed sleep college church practice class home lunch dinner breakfast store bank park gym library hospital
	office restaurant soccer basketball football baseball volleyball tennis swim swimming dance ballet piano guitar violin band
	choir orchestra drama theater theatre robotics chess debate track karate gymnastics cheer math science english history art
	spanish french homework test tests quiz exam finals midterms questions question time idea ideas fun trouble camp court
	therapy dentist doctor appointment appointments game games meet tutoring detention rehearsal lessons lesson training scouts
	sat act psat ap calculus algebra geometry biology chemistry physics reading writing bluebook desmos zoom google night nights
	days things one two three four five six seven eight nine ten jury duty covid flu number numbers point points miles minutes
	hours monday tuesday wednesday thursday friday saturday sunday tomorrow today january february march april may june july
	august september october november december stuff people friends plans mass temple mosque daycare preschool kindergarten
	grade page pages step part module section google youtube discord instagram zero infinity space x y answer answers`)

// stop ends a name that is written in lower case.
var stop = set(`so and but because bc cuz cause then when where which while until till rn now today tomorrow tonight too also lol lmao
	she he they we i it this that right on in at to for with if or is was are have has had after before from who not no yes
	every all usually sometimes always still just like later early soon again anymore during next last its im hes shes btw
	omg though tho instead cant wont dont could would can will might may late by near ur your`)

// proper gives the words of a name from at: capitalised words (with & and of
// between), or in lower case up to a stop word.
func (s *session) proper(i, at, limit int) (from, to int) {
	words := s.lines[i].words
	if near(words, at) == "the" {
		at++
	}
	if at >= len(words) {
		return at, at
	}
	if words[at].Shape != text.Lower {
		to = at
		for to < len(words) && to < at+limit+2 {
			w := &words[to]
			switch {
			case w.Shape.Word() && w.Shape != text.Lower && (!w.Closed || to > at && w.Shape == text.Title || followed(words, to)) && w.Norm != "i" && len(w.Norm) > 1:
			case (w.Norm == "&" || w.Norm == "of" || w.Norm == "and" || w.Norm == "-" || w.Norm == "." && to > at && words[to-1].Norm == "st") &&
				to > at && to+1 < len(words) && words[to+1].Shape.Word() && words[to+1].Shape != text.Lower && len(words[to+1].Norm) > 1 && !words[to+1].Closed,
				w.Norm == "-" && w.Glued && to > at && to+1 < len(words) && words[to+1].Glued && words[to+1].Shape.Word(),
				w.Shape == text.One && w.Glued && to > at && words[to-1].Norm == "-", initialed(words, at, to):
			default:
				return s.trim(words, at, to)
			}
			to++
		}
		return s.trim(words, at, to)
	}
	to = at
	for to < len(words) && to < at+limit {
		w := &words[to]
		if (w.Norm == "&" || w.Norm == "." && words[max(to-1, 0)].Norm == "st" && to+1 < len(words)) && to > at || initialed(words, at, to) ||
			w.Norm == "-" && w.Glued && to > at && to+1 < len(words) && words[to+1].Glued && words[to+1].Shape.Word() {
			to++
			continue
		}
		if !w.Shape.Word() || w.Is(isStop) || w.Closed || len(w.Norm) < 2 {
			break
		}
		to++
	}
	return s.trim(words, at, to)
}

// initialed reports whether word k is a middle initial or its full stop in a
// name that begins at word at: "Booker T. Washington".
func initialed(words []tagger.Word, at, k int) bool {
	if words[k].Norm == "." {
		k--
	}
	return k > at && k+2 < len(words) && single(&words[k]) && words[k+1].Norm == "." && words[k+2].Shape.Word() &&
		words[k+2].Shape == words[at].Shape && !words[k+2].Closed && words[k-1].Shape.Word()
}

// followed reports whether a name goes on behind a word of the grammar that is
// written like a name: "Five Guys", "In-N-Out".
func followed(words []tagger.Word, k int) bool {
	if words[k].Shape != text.Title || k+1 >= len(words) {
		return false
	}
	next := &words[k+1]
	return next.Norm == "-" && next.Glued || next.Shape == text.Title && !next.Closed
}

// trim empties names that hold nothing proper.
func (s *session) trim(words []tagger.Word, from, to int) (int, int) {
	for _, w := range words[from:to] {
		if w.Shape.Word() && !w.Is(isGeneric) && !w.Is(isSchoolNoun) && !w.Is(isNotOfAName) && !w.Is(isProduct) {
			return from, to
		}
	}
	return from, from
}

// employed claims the employer or club behind a phrase.
func (s *session) employed(i, at, subject int, b announcement) {
	words := s.lines[i].words
	from, to := s.proper(i, at, 4)
	if from == to {
		return
	}
	first := &words[from]
	lower := first.Shape == text.Lower
	listed, known := false, false
	for _, w := range words[from:to] {
		listed = listed || w.Is(isBusinessNoun) || w.Is(isClubNoun) || w.Is(isGeneric)
		listed = listed || w.Is(isMascots)
		known = known || w.Shape.Word() && !w.Is(isGeneric) && !w.Is(isClubNoun) && !w.Is(isBusinessNoun) &&
			(w.Lex.Place >= 0.2 || w.Lex.Family >= 0.3 || w.Lex.Word < 0.6)
	}
	score := b.score
	having := strings.HasSuffix(b.phrase, "have") || b.phrase == "i got" || b.phrase == "i miss"
	switch {
	case having && (!listed || !known || to-from < 2):
		return
	case having && b.phrase != "i have" && b.phrase != "i got" && b.phrase != "i miss":
	case having && !s.absent(i):
		score -= 0.35
	case lower && to-from < 2 && first.Lex.Word >= 0.3:
		return
	case lower && !listed:
		score -= 0.25
	case b.phrase == "home from" && to-from < 2 && (first.Lex.Place > 0.5 || first.Lex.Name() > 0.4):
		score -= 0.3
	case b.phrase == "me from" && !listed:
		return
	}
	if to < len(words) && words[to].Shape == text.Digit && numbered[words[to-1].Norm] {
		to++
	}
	s.claim(i, from, to, finding.Org, score, "belongs", "where somebody works or what club they are in")
}

// practised claims the club before a word for its practice: "i got bayview
// debate practice tonight".
func (s *session) practised(i, k int) {
	words := s.lines[i].words
	from, known := k, false
	for from > 0 && from > k-5 {
		w := &words[from-1]
		if !w.Shape.Word() && !(w.Shape == text.Digit && from == k) || w.Is(isStop) ||
			(w.Closed || w.Is(isNotOfAName)) && !(w.Norm == "little" && from < k && words[from].Norm == "league") || w.Norm == "got" || w.Norm == "get" || squads[w.Norm] {
			break
		}
		from--
		known = known || w.Shape.Word() && !w.Is(isGeneric) && !w.Is(isClubNoun) && !w.Is(isDated) && (w.Lex.Place >= 0.2 || w.Lex.Family >= 0.3 || w.Lex.Word < 0.6)
	}
	if from == 0 || k-from < 2 || !known {
		return
	}
	switch near(words, from-1) {
	case "have", "has", "had", "got", "get", "gets", "from", "after", "at", "to", "for", "missed", "before", "my":
	default:
		return
	}
	last := &words[k-1]
	if last.Shape == text.Digit {
		last = &words[k-2]
	}
	if last.Is(isClubNoun) || words[from].Norm == "fc" {
		s.claim(i, from, k, finding.Org, 0.85, "practice", "a club whose practice somebody goes to")
	}
}

// squads are kinds of teams, not names of them.
var squads = set(`varsity jv travel rec coed mens womens boys girls marching jazz competitive kids cross country`)

// numbered are groups that have a number for a name.
var numbered = set(`troop pack post den local lodge`)

// absent reports whether the line says that somebody cannot come.
func (s *session) absent(i int) bool {
	for k := range s.lines[i].words {
		switch n := near(s.lines[i].words, k); n {
		case "cant", "cannot", "miss", "late", "wont", "busy", "leave", "unavailable":
			return true
		}
	}
	return false
}

// clubNoun ends the name of a club.
var clubNoun = set(`club team league symphony orchestra band choir chorus ensemble philharmonic robotics academy society troop scouts
	fc united athletics track swim gymnastics dance ballet theater theatre players rowing crew debate chess soccer basketball
	baseball softball hockey lacrosse volleyball football karate dojo studio youth conservatory mathletes drama taekwondo
	aquatics wrestling fencing rugby golf tennis drumline troupe squad troop`)

// businessNoun ends the name of a firm.
var businessNoun = set(`dental dentistry orthodontics bakery hardware landscaping plumbing electric roofing auto motors repair cafe diner
	restaurant grill pizzeria deli market grocery foods pharmacy clinic hospital medical health salon spa barbershop insurance
	realty construction builders contracting consulting law llp llc inc corp company co associates partners group bank credit
	logistics trucking cleaners laundry nursery florist jewelers books bookstore brewing coffee daycare veterinary pediatrics
	optical chiropractic fitness cleaning upholstery catering tailors tires towing hvac printing photography sons daughters
	brothers bros farms ranch vineyard orchards supply rentals storage`)

// businessShape claims capitalised words before a word for a firm.
func (s *session) businessShape(i, k int) {
	words := s.lines[i].words
	if words[k].Shape == text.Lower || k+1 < len(words) && words[k+1].Is(isBusinessNoun) && words[k+1].Shape != text.Lower {
		return
	}
	from := k
	for from > 0 && from > k-5 {
		w := &words[from-1]
		if !(w.Shape.Word() && w.Shape != text.Lower && !w.Closed || w.Norm == "&") {
			break
		}
		from--
	}
	for from < k && (words[from].Norm == "&" || starts(words, from) && words[from].Lex.Word >= 0.6) {
		from++
	}
	if k-from >= 1 && s.lines[i].problem < storyAt {
		s.claim(i, from, k+1, finding.Org, 0.75, "firm", "a name that ends like a firm's")
	}
}

// clubShape claims capitalised words before a word for a club: "Westlake
// Lacrosse", "Girl Scouts Troop 512".
func (s *session) clubShape(i, k int) {
	words := s.lines[i].words
	if to := k + 1; words[k].Norm == "troop" || words[k].Norm == "troops" {
		for to < len(words) && (words[to].Shape == text.Digit || words[to].Is(isNumber)) {
			to++
		}
		if to > k+1 && s.lines[i].problem < storyAt {
			s.claim(i, k, to, finding.Org, 0.9, "club", "a troop of scouts by its number")
		}
	}
	if words[k].Shape == text.Lower || k+1 < len(words) && words[k+1].Is(isClubNoun) && words[k+1].Shape != text.Lower {
		return
	}
	from, proper := k, false
	for from > 0 && from > k-5 {
		w := &words[from-1]
		if !w.Shape.Word() || w.Shape == text.Lower || w.Closed || w.Possessive {
			break
		}
		from--
		if !w.Is(isGeneric) && !w.Is(isClubNoun) && !w.Is(isSchoolNoun) && !w.Is(isNotOfAName) && !w.Is(isProduct) {
			proper = true
		}
	}
	for from < k && starts(words, from) && (words[from].Lex.Word >= 0.6 || words[from].Is(isGeneric)) {
		from++
		proper = proper && from < k
	}
	to := k + 1
	if to < len(words) && words[to].Shape == text.Digit {
		to++ // a troop's number
		proper = true
	}
	if from < k && proper && s.lines[i].problem < storyAt {
		s.claim(i, from, to, finding.Org, 0.75, "club", "a name that ends like a club's")
	}
}

// cheer claims a team that is cheered: "go condors!!".
func (s *session) cheer(i, k int) {
	words := s.lines[i].words
	if k > 0 && !starts(words, k) && !(k == 1 || words[k-1].Shape == text.Mark || words[k-1].Is(isGreeting) || near(words, k-1) == "lets") {
		return
	}
	to := k + 1
	for to < len(words) && words[to].Shape.Word() && to < k+4 {
		to++
	}
	last := to - 1
	if last <= k || !plural(&words[last]) || words[k+1].Closed || words[last].Is(isGeneric) {
		return
	}
	shout := near(words, to) == "!"
	mascot := words[last].Is(isMascots)
	capital := words[k+1].Shape != text.Lower
	if to < len(words) && !shout && near(words, to) != "." && near(words, to) != "," || !shout && !mascot && !capital {
		return
	}
	score := 0.9
	if !mascot && words[last].Lex.Word >= 0.6 {
		score = 0.6
	}
	switch words[last].Norm {
	case "guys", "us", "yes", "steps", "ways", "days", "things", "times", "plus", "minus", "across", "always", "class", "sides", "places":
		return
	}
	s.claim(i, k+1, to, finding.Org, score, "cheer", "a team that is cheered")
}

func plural(w *tagger.Word) bool {
	return len(w.Norm) > 3 && w.Norm[len(w.Norm)-1] == 's' && w.Norm[len(w.Norm)-2] != 's'
}

// team claims "we're the Pelicans", "our mascot is the Owls".
func (s *session) team(i, k int) {
	words := s.lines[i].words
	to := k + 1
	for to < len(words) && words[to].Shape.Word() && to < k+3 && !words[to].Is(isStop) {
		to++
	}
	last := to - 1
	if last <= k || !plural(&words[last]) && !(last == k+2 && words[last].Shape == text.Title && words[last-1].Shape == text.Title) {
		return
	}
	before, before2 := near(words, k-1), near(words, k-2)
	ours := before == "r" && before2 == "we" || before == "were" || before == "are" && (before2 == "we" || before2 == "they") || before == "theyre" ||
		(before == "is" || before == "its" || before == "are" || before == "called" || before == "named") && (s.has(i, "mascot") || s.has(i, "team")) || before == "for" && (before2 == "play" || before2 == "plays" || before2 == "root") ||
		before == "of" && before2 == "home" || before == "against" && (before2 == "play" || before2 == "played" || before2 == "playing" || before2 == "plays") && words[last].Is(isMascots) || (before == "play" || before == "playing" || before == "against" || before == "beat") && (s.has(i, "game") || before == "beat" && words[last].Is(isMascots) || words[last].Shape != text.Lower && words[last].Is(isMascots))
	capital := words[last].Shape != text.Lower
	mascot := words[last].Is(isMascots)
	if !ours && mascot && capital && s.lines[i].holds(isPersonal|isSport) && s.lines[i].problem < storyAt {
		s.claim(i, k+1, to, finding.Org, 0.72, "team", "a team by what it calls itself")
		return
	}
	if !ours {
		return
	}
	score := 0.9
	switch {
	case before == "called" && capital && near(words, to) != "of":
	case mascot && before == "beat" && s.lines[i].holds(isPersonal):
	case mascot && (to >= len(words) || !words[to].Shape.Word() || capital || words[to].Is(isStop)):
	case capital && words[last].Lex.Word < 0.75:
		score = 0.85
	default:
		return
	}
	s.claim(i, k+1, to, finding.Org, score, "team", "a team somebody belongs to")
}

// fighting claims teams that are not called by a plural alone: "the Fighting
// Irish", "lady panthers".
func (s *session) fighting(i, k int) {
	words := s.lines[i].words
	if k+1 >= len(words) || !words[k+1].Shape.Word() || words[k+1].Closed || words[k+1].Is(isStop) || s.lines[i].problem >= storyAt {
		return
	}
	w := &words[k+1]
	capital := words[k].Shape == text.Title && w.Shape == text.Title
	switch {
	case words[k].Norm == "lady" && !w.Is(isMascots):
		return
	case capital && !starts(words, k):
	case w.Is(isMascots|isDated) || tongue[w.Norm], s.lines[i].holds(isSport) && plural(w):
		if !s.lines[i].holds(isSport | isPersonal) {
			return
		}
	default:
		return
	}
	s.claim(i, k, k+2, finding.Org, 0.88, "team", "a team by what it calls itself")
}

// personal are the words of people who talk of themselves, sport those of
// people who talk of a match.
var (
	personal = set(`i im ive id ill my me mine we were weve wed well our ours us`)
	sport    = set(`go beat beats play plays played playing game games match lost won win lose against vs team teams mascot rooting cheer cheering score scored
		season playoffs championship finals tournament homecoming`)
)

func (s *session) has(i int, norm string) bool {
	for k := range s.lines[i].words {
		if s.lines[i].words[k].Norm == norm {
			return true
		}
	}
	return false
}

// street ends the name of a street.
var street = set(`street st avenue ave road rd drive dr lane ln boulevard blvd court ct place pl way terrace circle cir parkway pkwy
	highway hwy trail square`)

// address claims the town behind a street: "2900 48th avenue memphis".
func (s *session) address(i int) {
	words := s.lines[i].words
	for k := 1; k < len(words); k++ {
		if !words[k].Is(isStreet) {
			continue
		}
		numbered, said := false, 0
		for b := k - 1; b >= 0 && b >= k-7; b-- {
			numbered = numbered || words[b].Shape == text.Digit && words[b].End-words[b].Start <= 5
			if words[b].Is(isNumber) || words[b].Norm == "one" || words[b].Norm == "zero" || words[b].Norm == "oh" {
				said++
			}
		}
		if !numbered && (said < 2 || words[k].Shape == text.Lower) {
			continue
		}
		at := k + 1
		for at < len(words) && (words[at].Norm == "," || words[at].Norm == "." || words[at].Norm == "in") {
			at++
		}
		s.town(i, at, announcement{"street", finding.Location, 0.95, true})
	}
}

// product are words of products and courses that look like schools or firms.
var product = set(`khan zoom google bluebook desmos kahoot geogebra canvas college board youtube schoolhouse quizlet quizizz blooket gimkit
	edgenuity chrome chromebook safari firefox gmail outlook teams discord schoology classroom powerschool clever ixl aleks deltamath
	edpuzzle nearpod padlet jamboard prodigy duolingo brainly photomath mathway wolfram symbolab chegg grammarly notion canva
	minecraft roblox fortnite netflix spotify tiktok instagram snapchat whatsapp twitch reddit wikipedia uworld princeton barron barrons
	kaplan erica meltzer collegeboard naviance commonapp turnitin kami ipad iphone macbook xbox playstation nintendo`)

// mascots are what teams call themselves.
var mascots = set(`timberwolves tigers lions bears eagles hawks falcons panthers wildcats cougars bulldogs huskies wolves wolverines warriors knights
	trojans spartans vikings titans giants raiders rebels rams broncos mustangs colts stallions chargers chiefs braves indians
	cardinals bluejays ravens owls ospreys pelicans condors seahawks seagulls gulls herons roadrunners blackhawks nighthawks
	redhawks thunderbirds firebirds phoenix dolphins sharks barracudas marlins stingrays gators alligators crocodiles cobras
	vipers rattlers rattlesnakes diamondbacks scorpions hornets yellowjackets bees wasps spiders jaguars leopards cheetahs bobcats
	lynx pumas coyotes foxes badgers bruins grizzlies beavers otters bison buffaloes buffalo bulls longhorns steers rhinos
	elephants kangaroos koalas penguins turtles terrapins dragons griffins gryphons pirates buccaneers cavaliers musketeers
	rangers marshals sheriffs cowboys riders outlaws miners prospectors lumberjacks loggers engineers mariners sailors admirals
	generals colonels patriots minutemen pioneers settlers explorers highlanders scots gaels celts saxons normans romans gladiators
	monarchs royals kings queens dukes barons crusaders saints angels devils demons wizards magicians comets meteors rockets
	astros stars suns blazers flames storm cyclones hurricanes tornadoes thunder lightning waves tide breakers surfers jets flyers
	aviators bombers blazers racers skyhawks silverhawks kingfishers chargers badgers ducks geese cranes bluebirds blueb jays
	cubs jackals hyenas gorillas apes monkeys lizards lobos dawgs dogs cats`)
