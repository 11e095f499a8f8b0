package names

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/belonging"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// likely is the probability from which a line is taken to name where somebody
// belongs; from possible on it is proposed.
const (
	likely   = 0.4
	possible = 0.2
)

// lineRule names what told claims.
const lineRule = "line"

// told claims schools, teams, clubs, workplaces and home towns that no phrase
// announces but the line as a whole tells: "the power's out in all of
// Oakhurst", "once a Titan always a Titan". A problem's own towns and schools
// are told of in the same words, so its lines are left, and so is what a session
// comes back to again and again.
func (s *session) told(i int) {
	l := &s.lines[i]
	if l.problem >= storyAt {
		return
	}
	s.spans = s.reader.Line(l.words, possible, s.spans[:0])
	for _, found := range s.spans {
		for found.From < found.To && !headed(&l.words[found.From]) {
			found.From++
		}
		if found.From == found.To {
			continue // nothing but "the" or "our"
		}
		if found.To-found.From == 1 && (float64(l.person[found.From]) > found.Score || tongue[l.words[found.From].Norm] || s.somebody(i, found.From)) {
			continue // somebody, or a language
		}
		what := belongingKinds[found.Label]
		if what.kind == finding.Location && s.traveled(i) && !l.holds(isPersonal|isRelation) || what.kind == finding.School && s.reckoned(i) {
			continue // "a train leaves Duluth", "Lincoln High sold 240 tickets"
		}
		if s.toured(i, found.From) && (what.kind == finding.Location || found.To-found.From == 1) || !s.proprietary(i, found.From, found.To) {
			continue
		}
		score := min(found.Score, 0.95)
		if score >= likely {
			score = max(score, 0.55)
		}
		s.claim(i, found.From, found.To, what.kind, score, "line", what.why)
	}
}

// certain is the score from which a school, a town … is looked for in the rest of
// the session.
const certain = 0.8

// again claims schools, teams, workplaces and towns in the lines that name them
// once more and say nothing else of them. A name that is an everyday word is
// left: "the Hawks" does not make every hawk a team.
func (s *session) again() {
	type name struct {
		claim
		words []tagger.Word
	}
	heard := map[int32][]name{}
	for _, c := range s.claims {
		words := s.lines[c.line].words[c.from:c.to]
		if c.kind == finding.Person || c.score < certain || !s.distinctive(words) {
			continue
		}
		heard[words[0].ID] = append(heard[words[0].ID], name{c, words})
	}
	if len(heard) == 0 {
		return
	}
	for i := range s.lines {
		l := &s.lines[i]
		if l.problem >= storyAt {
			continue
		}
		for k := 0; k < len(l.words); k++ {
			for _, n := range heard[l.words[k].ID] {
				if to := k + len(n.words); to <= len(l.words) && same(l.words[k:to], n.words) && !(n.kind == finding.Location && (s.toured(i, k) || !l.holds(isPersonal))) {
					s.claim(i, k, to, n.kind, 0.75, "again", "named elsewhere in the session as where somebody belongs")
					k = to - 1
					break
				}
			}
		}
	}
}

// distinctive reports whether words can hardly mean anything but the name.
func (s *session) distinctive(words []tagger.Word) bool {
	size := 0
	for k := range words {
		if w := &words[k]; w.Shape.Word() && !w.Closed && !w.Is(isGeneric|isSchoolNoun|isClubNoun|isBusinessNoun) {
			if size++; w.Lex.Word < 0.3 && len(w.Norm) > 3 && !w.Is(isMascots) {
				return true
			}
		}
	}
	return size > 1
}

func same(a, b []tagger.Word) bool {
	for k := range a {
		if a[k].ID != b[k].ID {
			return false
		}
	}
	return true
}

// answered claims what somebody answers who was asked where they go to school,
// live, play or work: "Which school?" "Um, Westlake." The question stands at most
// three lines above.
func (s *session) answered(i int) {
	l := &s.lines[i]
	if l.problem >= storyAt || len(l.words) > 9 || asksBack(l.words) {
		return
	}
	asked := belonging.Outside
	for q := i - 1; q >= max(i-3, 0) && asked == belonging.Outside; q-- {
		if s.c.Lines[q].Channel == s.c.Lines[i].Channel && (s.c.Lines[q].Speaker == "" || s.c.Lines[q].Speaker != s.c.Lines[i].Speaker) {
			asked = asksFor(s.lines[q].words)
		}
	}
	if asked == belonging.Outside {
		return
	}
	from := 0
	for from < len(l.words) && (l.words[from].Closed || l.words[from].Shape == text.Mark || leadIns[l.words[from].Norm]) {
		from++
	}
	to := from
	for to < len(l.words) && (l.words[to].Shape.Word() && !l.words[to].Is(isStop) || to > from && (l.words[to].Shape == text.Digit || l.words[to].Norm == "-" || l.words[to].Norm == "&")) {
		to++
	}
	if to-from > 4 || to == from || to < len(l.words) && l.words[to].Shape.Word() && !l.words[to].Is(isStop) {
		return
	}
	proper := false
	for k := from; k < to; k++ {
		w := &l.words[k]
		proper = proper || w.Shape.Word() && len(w.Norm) > 2 && w.Slip < 2 && !w.Is(isGeneric|isRelation|isDated|isProduct|isNumber) && !greeting[w.Norm] &&
			(w.Lex.Word < 0.45 || w.Lex.Place >= 0.6 || w.Shape == text.Title && k > 0 && !starts(l.words, k) || w.Is(isMascots|isSchoolNoun))
	}
	if proper {
		what := belongingKinds[asked]
		s.claim(i, from, to, what.kind, 0.8, "answer", "answers where somebody goes to school, lives, plays or works")
	}
}

// asksBack reports whether a line is a question itself.
func asksBack(words []tagger.Word) bool {
	for k := range words {
		if words[k].Norm == "?" {
			return true
		}
	}
	return len(words) > 0 && (questions[words[0].Norm] || words[0].Norm == "is" || words[0].Norm == "does" || words[0].Norm == "who")
}

// leadIns stand before an answer.
var leadIns = set(`um uh oh er hmm well like im its in at from near to the our we were called just so probably mostly uhm`)

// asksFor tells what a line asks for, Outside when nothing.
func asksFor(words []tagger.Word) belonging.Label {
	asks, where, you, what := false, false, false, belonging.Outside
	for k := range words {
		switch words[k].Norm {
		case "?":
			asks = true
		case "where", "wheres":
			where = true
		case "what", "which", "whats", "name":
			asks = asks || k < 3
		case "you", "your", "u", "ur", "yall", "guys", "everybody", "everyone", "she", "he", "they":
			you = true
		case "school", "attend":
			what = belonging.School
		case "mascot", "team":
			what = belonging.Team
		case "club", "troop":
			what = belonging.Club
		case "work", "works", "job", "employed":
			if where {
				what = belonging.Firm
			}
		case "city", "town", "neighborhood", "county":
			what = belonging.Town
		case "live", "from", "located", "based", "grow", "born", "moved", "moving", "calling", "joining":
			if where && what == belonging.Outside {
				what = belonging.Town
			}
		}
	}
	if (asks || where) && you || asks && what == belonging.School && len(words) < 6 {
		return what
	}
	return belonging.Outside
}

// somebody reports whether word k of line i was claimed as a person's name.
func (s *session) somebody(i, k int) bool {
	for n := len(s.claims) - 1; n >= 0 && s.claims[n].line == i; n-- {
		if c := &s.claims[n]; c.kind == finding.Person && c.score >= 0.6 && c.from <= k && k < c.to {
			return true
		}
	}
	return false
}

// proprietary reports whether words from..to of line i can be a name: not a
// slip of a common word, a date, a title or a word for the sort of thing
// alone. A word that is all of a line tells nothing by itself.
func (s *session) proprietary(i, from, to int) bool {
	words, said := s.lines[i].words, 0
	for k := range words {
		if words[k].Shape.Word() {
			said++
		}
	}
	if said < 3 && to-from < 2 {
		return false
	}
	if words[from].Is(isProduct) {
		return false
	}
	if w := &words[from]; to-from == 1 && starts(words, from) && w.Lex.Word >= 0.2 && w.Lex.Place < 0.4 && !w.Is(isMascots) {
		return false // a sentence begins with some word
	}
	for k := from; k < to; k++ {
		w := &words[k]
		if w.Shape.Word() && (len(w.Norm) > 3 || len(w.Norm) > 2 && (to-from > 1 || w.Lex.Place >= 0.3)) && (w.Slip < 2 || w.Lex.Place > 0 || w.Lex.Name() >= 0.2) &&
			!w.Is(isDated|isTitles|isRelation|isGeneric|isSchoolNoun|isBusinessNoun|isClubNoun|isProduct) && !dates[w.Norm] && headed(w) && strings.ContainsAny(w.Norm, "aeiouy") || w.Shape == text.Upper && len(w.Norm) > 2 {
			return true
		}
	}
	return false
}

// headed reports whether a name may begin with a word: not with "the", "my" or
// "old", unless they are written so.
func headed(w *tagger.Word) bool {
	return w.Shape != text.Mark && (w.Shape != text.Lower || !w.Closed && !w.Is(isNotOfAName|isPossessor))
}

// dates are abbreviations that stand where a town may.
var dates = set(`jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun`)

var belongingKinds = [belonging.Labels]struct {
	kind finding.Kind
	why  string
}{
	belonging.School: {finding.School, "the line tells of somebody's school"},
	belonging.Team:   {finding.Org, "the line tells of somebody's team"},
	belonging.Club:   {finding.Org, "the line tells of somebody's club"},
	belonging.Firm:   {finding.Org, "the line tells where somebody works"},
	belonging.Town:   {finding.Location, "the line tells where somebody is at home"},
}
