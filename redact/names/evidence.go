package names

import (
	"math"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// evidence is what a conversation shows of one word.
type evidence struct {
	speaker bool    // part of the name a platform printed for a speaker
	cue     float64 // best score of a cue ("my brother …") that named it
	strong  int     // how often the tagger alone is sure
	weak    int     // how often the tagger sees an everyday word
	called  int     // how often somebody is called by it
	story   int     // how often it stands in a mathematics problem
}

// character reports whether a word names somebody of a mathematics problem, who
// is talked of but never to.
func (e *evidence) character() bool {
	return e.story > 0 && e.called == 0 && !e.speaker && e.cue < 0.5 && e.strong <= 2*e.story+1
}

// weigh gathers evidence for every word that may be a name.
func (s *session) weigh() {
	s.speakers()
	for i := range s.lines {
		l := &s.lines[i]
		for k := range l.words {
			w := &l.words[k]
			if !w.Open {
				continue
			}
			e := s.of(w)
			called := s.called(i, k)
			switch p := l.person[k]; {
			case l.problem >= storyAt && !called:
				e.story++
			case p >= 0.75:
				e.strong++
			case p < 0.15:
				e.weak++
			}
			if pair := s.calledPair(i, k); pair != "" {
				s.calls[pair]++
			}
			if called && (l.person[k] >= 0.3 || !everyday(w) && w.Slip < 2) {
				e.called++
			}
		}
	}
	for _, c := range s.claims {
		if c.kind != finding.Person {
			continue
		}
		for k := c.from; k < c.to; k++ {
			if w := &s.lines[c.line].words[k]; w.Shape.Word() {
				e := s.of(w)
				e.cue = max(e.cue, c.score)
			}
		}
	}
}

// of gives the evidence of a word.
func (s *session) of(w *tagger.Word) *evidence { return s.at(w.ID) }

// at gives the evidence of the word with a number of the vocabulary.
func (s *session) at(id int32) *evidence {
	for int(id) >= len(s.evidence) {
		s.evidence = append(s.evidence, evidence{})
	}
	return &s.evidence[id]
}

// speakers takes the words of the labels that the platform printed. A label
// may be "iPad (2)" or "Learner 1": everyday words that are no name are left.
func (s *session) speakers() {
	seen := map[string]bool{}
	for i := range s.c.Lines {
		label := s.c.Lines[i].SpeakerName
		if label == "" || i > 0 && label == s.c.Lines[i-1].SpeakerName || seen[label] {
			continue
		}
		seen[label] = true
		s.labelled = true
		last := ""
		words := s.vocabulary.Words(label, text.Tokenize(label), nil)
		for k, t := range words {
			if t.Shape.Word() && !device[t.Norm] {
				s.initials[t.Norm[0]] = true
				if last != "" {
					s.pairInitials[last+" "+t.Norm[:1]] = true
					s.pairs[last+" "+t.Norm] = true
					s.pairs[t.Norm+" "+last] = true
				}
				last = t.Norm
			}
			if !t.Shape.Word() || len(t.Norm) < 2 || device[t.Norm] || t.Is(isDated) || tongue[t.Norm] {
				continue
			}
			if t.Closed && (near(words, k-1) == "-" || near(words, k+1) == "-") {
				continue // the So of So-yeon
			}
			if e := t.Lex; e.Word < 0.4 || e.Name() >= 0.4 || len(words) == 2 && t.Shape == text.Title && familyName(&words[1-k]) {
				s.at(s.vocabulary.ID(t.Norm)).speaker = true
			}
		}
	}
}

// familyName reports whether a word of a label is surely a part of a person's
// name, so that the word beside it is one too: "Will Ashford".
func familyName(w *tagger.Word) bool {
	return w.Shape == text.Title && w.Lex.Word < 0.3 && (w.Lex.Name() >= 0.2 || w.Lex == (Entry{})) && !device[w.Norm] && len(w.Norm) > 2
}

// device holds words of display names that are no part of a person's name.
var device = set(`ipad iphone galaxy macbook laptop phone android chromebook zoom user guest host cohost tutor teacher
	student learner mentor mom moms dad dads mother father parent pc desktop tablet the of and she her he him they them
	hers his theirs unknown speaker room studio pro air mini computer device kindle fire samsung pixel schoolhouse sat math`)

// score is the probability that word k of line i is a person's name, after all
// that the conversation shows.
func (s *session) score(i, k int) float64 {
	l := &s.lines[i]
	w := &l.words[k]
	if !w.Shape.Word() {
		return 0
	}
	e := s.of(w)
	if !w.Open && !e.speaker && e.cue == 0 || (w.Shape == text.Lower || w.Lex.Name() < 0.2) && chatter[w.Norm] {
		return 0
	}
	if okays[w.Norm] && !e.speaker && starts(l.words, k) && near(l.words, k+1) == "," {
		return 0 // okay, as speech recognition writes it
	}
	odds := max(logit(float64(l.person[k])), -5)
	if !s.labelled && len(s.lines) < 3 {
		odds += 1.5 // alone, without a session that could confirm it: doubt goes to redaction
	}
	everyday := everyday(w)
	if s.calls[s.calledPair(i, k)] > 1 || s.calls[s.calledPair(i, k-1)] > 1 {
		return 0.9
	}
	if e.speaker && (s.pairs[w.Norm+" "+near(l.words, k+1)] || s.pairs[near(l.words, k-1)+" "+w.Norm]) {
		return 0.99
	}
	written := w.Shape != text.Lower && k > 0 && !starts(l.words, k)
	called := s.called(i, k)
	if e.speaker && !everyday {
		return max(0.97, 1/(1+math.Exp(-odds-5)))
	}
	switch {
	case e.speaker && (written || called || w.Possessive):
		odds += 5
	case e.speaker && !isAt(l.words, k-1, isWordly):
		odds += 2.5
	case e.speaker:
		odds--
	case e.cue >= 0.8 && (!everyday || written || called):
		odds += 4
	}
	if others := e.strong - one(l.person[k] >= 0.75); others > 0 && (!everyday || written || called) {
		share := float64(e.strong) / float64(e.strong+e.weak)
		odds += share * min(1+float64(others), 4)
	}
	if e.called > 1 && !everyday && w.Slip < 2 {
		odds += min(float64(e.called), 4) // called so again and again
	}
	if called && k == 0 && len(l.words) == 2 && near(l.words, 1) == "," && w.Lex.Given >= 0.3 && w.Lex.Word == 0 && len(w.Norm) > 4 {
		odds = max(odds, 1) // a name and a comma are all of the line: somebody is called
	}
	if called && w.Lex.Word < 0.2 && (w.Shape == text.Title || s.lines[i].smalls()) && s.askedOf(i, k) {
		odds += 1.5 // only somebody can be asked
	} else if s.labelled && !e.speaker && e.cue < 0.5 && e.strong+e.called < 2 && !listed(w) {
		// Everyone in the session is labelled, and this was heard once: speech
		// recognition makes such words.
		odds -= 2
		if w.Slip > 1 || len(w.Norm) < 4 {
			odds--
		}
	}
	if s.givenOnly(i, k) && l.problem < 1.5 && !e.character() {
		odds += 1.4 // hardly anything else is called so
	}
	if e.strong == 0 && e.cue == 0 && !e.speaker && e.weak > 3 {
		odds -= 1 // seen often, and never sure
	}
	if w.Lex.Place >= 0.6 && w.Lex.Name() < 0.4 && !e.speaker && e.cue < 0.5 && s.tourStop(w) {
		odds -= 3 // a stop of a problem's journey
	}
	if l.problem >= storyAt && !e.speaker && e.cue < 0.8 && e.called == 0 && !called && (s.labelled || len(s.lines) > 2) {
		odds = min(odds-4, -0.8)
	} else if e.character() && !called && s.labelled {
		odds = min(odds-3, -0.7)
	} else if e.story > 0 && e.strong+e.called == 0 && !e.speaker && e.cue < 0.8 {
		odds -= 2
	}
	return 1 / (1 + math.Exp(-odds))
}

// okays are what speech recognition makes of "okay" that are names too.
var okays = set(`okey kay okay`)

// chatter is what is typed in chats that no lexicon lists.
var chatter = set(`brb ttyl tysm thx tyty nvm insta snap wifi collegeboard bluebook desmos kahoot gimkit blooket quizizz quizlet tomorow okey okie kay mkay tmr tmrw tmw tomoro soory sry
	srry divison idek istg imo imho rn atm fyi gtg bbl afk hw calc geo alg precalc chem bio mister ur uk usa robux quran aye`)

// givenOnly reports whether word k of line i can hardly be anything but a given
// name: it is long enough not to be half a word, and written as names are here.
func (s *session) givenOnly(i, k int) bool {
	w := &s.lines[i].words[k]
	return w.Lex.Given >= 0.38 && w.Lex.Word < 0.15 && w.Lex.Place < 0.4 && len(w.Norm) > 3 && (w.Shape != text.Lower || s.lines[i].smalls())
}

// wordly stand before a word that is used as the word, not as a name: "the
// mark", "you drew", "may hope".
var wordly = set(`the a an this that these those my your our his her their its i you we they he she it u to of in on at please can will
	just didnt dont lets and or is are was be been very more most any some no every each hour minute another first last next good bad
	nice big little fifteen fifty point question check could should would might must not also never where when how what which`)

// listed says that a word is well known as a name.
func listed(w *tagger.Word) bool {
	return w.Lex.Name() >= 0.38 && w.Lex.Word < 0.42 || w.Lex.Given >= 0.3 && w.Lex.Word == 0 && len(w.Norm) > 3
}

// everyday says that a word written like this is more often no name.
func everyday(w *tagger.Word) bool {
	return w.Lex.Word >= 0.42 || w.Lex.Word >= 0.25 && w.Lex.Name() < 0.25
}

// called reports whether word k of line i stands where one calls somebody:
// alone, or set off by a comma at the beginning or the end, or after a
// greeting.
func (s *session) called(i, k int) bool {
	words := s.lines[i].words
	before, behind := near(words, k-1), near(words, k+1)
	opens := before == "" || before == "." && !isAt(words, k-2, isTitles) || before == "?" || before == "!"
	closes := behind == "" || behind == "." || behind == "?" || behind == "!"
	switch {
	case opens && behind == ",":
		return true
	case before == "," && (closes || behind == ","):
		return true
	case isAt(words, k-1, isGreeting) && (closes || behind == ","):
		return true
	case opens && closes:
		return true
	}
	return false
}

// askedOf reports whether behind word k and a comma something is asked of
// whoever is called there: "…, tell us more", "…, can you see it?"
func (s *session) askedOf(i, k int) bool {
	words := s.lines[i].words
	if near(words, k+1) != "," {
		return false
	}
	behind, next := near(words, k+2), near(words, k+3)
	return told[behind] || questions[behind] && (next == "you" || next == "u" || next == "your" || next == "do" || next == "did" || next == "would" || next == "are")
}

// told is what one tells somebody to do, questions begin what one asks.
var (
	told = set(`tell show try keep go read unmute look explain please take give share type write remember hold hang come
		mute solve check draw pick choose walk`)
	questions = set(`can could would will do did are were have what how why where when which whats`)
)

var greeting = set(`hi hey hello thanks thank thx ty bye goodbye okay ok sorry welcome morning night yes no please
	yo congrats omg great nice good right so alright cool`)

// near gives the folded form of a word, "" beyond the edges.
func near(words []tagger.Word, k int) string {
	if k < 0 || k >= len(words) {
		return ""
	}
	return words[k].Norm
}

// starts reports whether word k is the first of a sentence.
func starts(words []tagger.Word, k int) bool {
	return k <= 0 || words[k-1].Is(isOpening)
}

// opening are the marks behind which a sentence begins.
var opening = set(". ? ! \" “ : - … (")

// propose turns scores and claims into candidates, appended to out.
func (s *session) propose(least float64, out []finding.Candidate) []finding.Candidate {
	for i := range s.lines {
		out = s.people(i, least, out)
	}
	for _, c := range s.claims {
		if c.score < least {
			continue
		}
		if c.kind != finding.Person {
			c.from, c.to = s.entire(c)
		}
		words := s.lines[c.line].words
		end := words[c.to-1].End
		if (c.kind == finding.Org || c.kind == finding.School) && words[c.to-1].Possessive {
			end = possessive(s.c.Lines[c.line].Text, end) // "Lowe's", "Saint Eithne's" is the name
		}
		out = append(out, finding.Candidate{
			Line: c.line, Start: words[c.from].Start, End: end,
			Kind: c.kind, Score: c.score, Key: s.key(c.kind, c.line, c.from, c.to),
			Recognizer: "names/" + c.rule, Why: c.why,
		})
	}
	return out
}

// surname gives where a family name of a particle and a word ends that begins
// at word k ("el-Amin", "van der Velde"), whatever its case, and k when none
// does.
func surname(words []tagger.Word, k int) int {
	j := k
	for j < len(words) && j < k+4 && (words[j].Shape.Word() && words[j].Is(isStrict) || j > k && words[j].Norm == "-" && words[j].Glued) {
		j++
	}
	if j == k || j >= len(words) {
		return k
	}
	w := &words[j]
	if w.Shape.Word() && !w.Closed && len(w.Norm) > 2 && (w.Shape != text.Lower || w.Lex.Word < 0.3) {
		return j + 1
	}
	return k
}

// middle gives where a name from word k goes on over an initial at word to:
// "George N. Parks", "Deborah L", and to when it does not.
func middle(words []tagger.Word, k, to int) int {
	if words[to].Shape != text.One || words[to].Norm == "i" || words[k].Shape != text.Title || words[to-1].Possessive || words[to-1].Lex.Word >= 0.3 {
		return to
	}
	next := to + 1
	if near(words, next) == "." {
		next++
	}
	if next < len(words) && words[next].Shape == text.Title && words[next].Open && !words[next].Is(isDated) && (next == to+2 || words[next].Lex.Family >= 0.25) {
		return next + 1
	}
	if words[to].Norm != "a" && words[k].Lex.Word < 0.05 && to == k+1 && to+1 < len(words) && words[to+1].Shape == text.Lower && words[to+1].Start > words[to].End {
		return to + 1 // "Annalise T got sent out"
	}
	if words[to].Norm != "a" && words[k].Lex.Given >= 0.3 && to == k+1 && (to+1 == len(words) || words[to+1].Shape == text.Mark && words[to+1].Norm != "," && words[to+1].Norm != "-") {
		return to + 1
	}
	return to
}

// strict are particles that are no words of English.
var strict = set(`el al de del van von der den bin ibn ben abu di du dela`)

// dated words are family names that mostly say when.
var dated = set(`mondays tuesdays wednesdays thursdays fridays saturdays sundays monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
	october november december`)

// tongue are languages and peoples: always written with a capital, and family
// names at times.
var tongue = set(`english french german spanish dutch irish scottish welsh british russian polish turkish greek latin roman arab arabic persian
	christian jewish muslim american indian asian african chinese japanese korean vietnamese italian portuguese`)

// possessive gives where the 's behind a name ends.
func possessive(line string, end int) int {
	for _, s := range [...]string{"'s", "’s"} {
		if strings.HasPrefix(line[end:], s) {
			return end + len(s)
		}
	}
	return end
}

// people proposes the runs of words of line i that score as a name.
func (s *session) people(i int, least float64, out []finding.Candidate) []finding.Candidate {
	l := &s.lines[i]
	if cap(s.scores) < len(l.words) {
		s.scores = make([]float64, 2*len(l.words))
	}
	scores := s.scores[:len(l.words)]
	for k := range l.words {
		scores[k] = s.score(i, k)
	}
	for k := 0; k < len(l.words); k++ {
		if w := &l.words[k]; k+1 < len(l.words) && scores[k+1] >= least && w.Shape == text.Lower && (w.Is(isRelation|isTitles) || w.Norm == "u") {
			continue // "my bff lamar"
		}
		if scores[k] < least {
			if p := s.initial(i, k); p >= least {
				out = append(out, finding.Candidate{
					Line: i, Start: l.words[k].Start, End: l.words[k].End, Kind: finding.Person, Score: p,
					Key: "person:" + l.words[k].Norm, Recognizer: "names/initial", Why: "the initial of somebody in the session",
				})
			}
			continue
		}
		to, top := k+1, scores[k]
		for to < len(l.words) {
			if end := surname(l.words, to); end > to && top >= 0.66 && !l.words[to-1].Possessive {
				to = end
				continue
			}
			if end := middle(l.words, k, to); end > to && top >= 0.66 {
				to = end
				continue
			}
			next := to
			if l.words[next].Norm == "-" && l.words[next].Glued && next+1 < len(l.words) && l.words[next+1].Glued {
				next++
			}
			if scores[k] < usual && scores[next] >= usual {
				break // "Bye Capwin": the faint word is no part of the name
			}
			w := &l.words[next]
			joined := next > to && w.Shape != text.Digit && (w.Shape != text.Lower || w.Lex.Name() > 0.1 || w.Lex.Word == 0)
			heard := next == to && top >= 0.5 && s.heardOn(i, k, next)
			family := next == to && top >= 0.66 && w.Shape == text.Title && w.Open && w.Lex.Family >= 0.25 && !l.words[to-1].Possessive && !w.Is(isDated)
			if scores[next] < min(0.5, top/2) && !heard && !family && !(joined && top >= 0.5 && len(w.Norm) > 1) {
				break
			}
			top = max(top, scores[next])
			to = next + 1
		}
		if top < 0.66 && !slices.ContainsFunc(l.words[k:to], func(w tagger.Word) bool { return !w.Closed && len(w.Norm) > 1 }) {
			k = to - 1
			continue // "I"
		}
		rule, why := s.reason(i, k, to)
		out = append(out, finding.Candidate{
			Line: i, Start: l.words[k].Start, End: l.words[to-1].End, Kind: finding.Person,
			Score: top, Key: s.key(finding.Person, i, k, to), Recognizer: rule, Why: why,
		})
		k = to - 1
	}
	return out
}

// initial scores a single letter that is the initial of a speaker's name, by
// how somebody is called: "thanks D", "Art K.".
func (s *session) initial(i, k int) float64 {
	words := s.lines[i].words
	w := &words[k]
	if !single(w) || !s.initials[w.Norm[0]] {
		return 0
	}
	before, behind := near(words, k-1), near(words, k+1)
	closes := behind == "" || behind == "." || behind == "!" || behind == "\"" || behind == ","
	if before == "," {
		before = near(words, k-2)
	}
	if before == "you" && (near(words, k-2) == "thank" || near(words, k-3) == "thank") {
		before = "thanks"
	}
	switch {
	case s.pairs[before+" "+w.Norm] && w.Shape == text.One, s.pairInitials[before+" "+w.Norm] && (closes || w.Shape == text.One):
		return 0.9
	case closes && (before == "thanks" || before == "thx" || before == "ty" || before == "hi" || before == "hey" || before == "bye" || before == "hello"):
		return 0.85
	case k == 0 && behind == "," && near(words, k+2) != "b" && s.addressed(i):
		return 0.6
	}
	return 0
}

// addressed reports whether a line speaks to somebody.
func (s *session) addressed(i int) bool {
	return s.lines[i].holds(isAddressing)
}

var addressing = set(`you your u ur please try thanks good great nice`)

// heardOn reports whether word next goes on a name that was called: speech
// recognition cuts names in two capitalised words ("Woo Cash, …").
func (s *session) heardOn(i, from, next int) bool {
	words := s.lines[i].words
	w := &words[next]
	if w.Shape == text.Lower || !w.Shape.Word() || w.Closed || len(w.Norm) < 2 || next != from+1 {
		return false
	}
	before, behind := near(words, from-1), near(words, next+1)
	opens := starts(words, from) || before == "," || isAt(words, from-1, isGreeting)
	return opens && (behind == "," || behind == "" || behind == "." || behind == "?" || behind == "!")
}

// calledPair gives words k and k+1 if somebody is called by both together, as
// in "Okay, Woo Cash, …", else "".
func (s *session) calledPair(i, k int) string {
	words := s.lines[i].words
	if k < 0 || k+1 >= len(words) {
		return ""
	}
	a, b := &words[k], &words[k+1]
	if !a.Shape.Word() || !b.Shape.Word() || a.Closed || b.Closed || len(a.Norm) < 2 || len(b.Norm) < 2 || a.Shape == text.Lower || b.Shape == text.Lower ||
		a.Lex.Place > 0.8 || a.Is(isProduct) {
		return ""
	}
	before, behind := near(words, k-1), near(words, k+2)
	if (before == "" || before == "," || before == ".") && behind == "," || before == "," && (behind == "." || behind == "?" || behind == "") {
		if both := a.Norm + " " + b.Norm; !a.Begins || Lookup(both).Place == 0 {
			return both
		}
	}
	return ""
}

// reason says what spoke most for a name.
func (s *session) reason(i, from, to int) (rule, why string) {
	rule, why = "names/tagger", "reads like a name in this sentence"
	for k := from; k < to; k++ {
		e := s.of(&s.lines[i].words[k])
		switch {
		case e.speaker:
			return "names/speaker", "part of the name shown for a speaker"
		case e.cue >= 0.8:
			rule, why = "names/spread", "named as a person elsewhere in the session"
		case e.strong > 1 && rule == "names/tagger" && s.lines[i].person[k] < 0.5:
			rule, why = "names/spread", "used as a name elsewhere in the session"
		}
	}
	return rule, why
}

// key is the identity of whoever or whatever is named: for a person the first
// word, so that a first name and a full name are one person.
func (s *session) key(kind finding.Kind, i, from, to int) string {
	words := s.lines[i].words
	if kind == finding.Person {
		return "person:" + words[from].Norm
	}
	parts := make([]string, 0, to-from)
	for _, w := range words[from:to] {
		if w.Shape >= text.Digit {
			parts = append(parts, w.Norm)
		}
	}
	return strings.ToLower(string(kind)) + ":" + strings.Join(parts, " ")
}

func logit(p float64) float64 {
	p = min(max(p, 1e-4), 1-1e-4)
	return math.Log(p / (1 - p))
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// set makes a set of the words of a text.
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
