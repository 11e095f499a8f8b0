package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// mailbox finds said e-mail addresses whose name is made of words of a sentence
// ("the fabulous foster family at aol dot com"), whose provider is said in two
// words ("at g mail"), whose domain is spelled, or that are told in pieces.
type mailbox struct{ cues *phrases }

func newMailbox() mailbox {
	return mailbox{newPhrases([]string{"email", "emails", "e mail", "mail me", "gmail", "g mail", "hot mail", "inbox", "icloud", "outlook", "yahoo", "dot com", "dot org", "dot edu", "dot net", "dot me", "dot us", "dot gov", "calendar invite", "google account", "double you", "double u", "share it", "shared it", "send it", "the address"})}
}

func (mailbox) Name() string { return "pattern/mailbox" }

func (m mailbox) phrases() *phrases { return m.cues }

// mailProviders are those whose name hardly is anything else behind "at".
var mailProviders = set("gmail googlemail yahoo ymail hotmail outlook icloud aol protonmail proton live msn gmx zoho yandex comcast verizon att me mac sbcglobal bellsouth cox charter juno earthlink fastmail tutanota hey duck")

// halves are mailProviders that are said in two words.
var halves = map[string]string{"g": "mail", "hot": "mail", "y": "mail", "i": "cloud", "out": "look", "proton": "mail", "fast": "mail", "google": "mail"}

func (m mailbox) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var about window
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = m.cues.find(v, hits[:0])
		talked := about.holds(v)
		if len(hits) > 0 {
			about.open(v)
		}
		if len(hits) > 0 || talked {
			for t := v.body + 1; t+1 < len(v.tok); t++ {
				if v.norm(t) != "at" {
					continue
				}
				end, sure := v.domainSaid(t + 1)
				if end == t+1 {
					continue
				}
				from := v.localSaid(t, sure)
				if from < t {
					found = append(found, v.tokens(from, end, finding.Email, 0.9, "mailbox/said", "what is said before the name of a mail provider or of a school's domain"))
				}
			}
		}
		if v.chat || !talked && len(hits) == 0 {
			continue
		}
		found = v.letters(lines, i, found)
	}
	return found
}

// domainSaid ends a domain behind "at"; it is i when there is none. Sure says
// that it is that of a provider.
func (v *view) domainSaid(i int) (end int, sure bool) {
	j := i
	switch w := v.norm(i); {
	case halves[w] != "" && halves[w] == v.norm(i+1):
		j, sure = i+2, true
	case mailProviders[w]:
		j, sure = i+1, true
	}
	if sure {
		if v.norm(j) == "dot" && topLevel[v.norm(j+1)] {
			return j + 2, true
		}
		if j > i+1 || v.norm(i) == "gmail" || v.norm(i) == "hotmail" || v.norm(i) == "icloud" || v.norm(i) == "yahoo" {
			return j, true
		}
		return i, false
	}
	// "c c i s d dot net", "students dot kettle ridge dot org"
	for n := 0; j < len(v.tok) && n < 14; n++ {
		if v.norm(j) == "dot" {
			for k := j; v.norm(k) == "dot" && v.word(k+1); k += 2 {
				if top := v.norm(k + 1); topLevel[top] && v.norm(k+2) != "dot" {
					return k + 2, false
				}
			}
		} else if !v.word(j) || unnamed[v.norm(j)] && len(v.norm(j)) > 1 && v.norm(j) != "my" && v.norm(j) != "our" && v.norm(j) != "home" && !numberWord(v.norm(j)) {
			break
		}
		j++
	}
	return i, false
}

// localStops stand before a name that is given.
var localStops = set("its is thats email emails mail address got have to be so um uh okay ok cause because yeah one says said as use used was put try at and mine mines just i on my use")

// localSaid goes back from "at" over the name before it. Behind a provider
// anything since the last mark or introduction is the name; elsewhere it must
// have a letter or number of its own, or be introduced.
func (v *view) localSaid(at int, sure bool) int {
	from, lone, words := at, false, 0
	for k := at - 1; k >= max(v.body, at-12); k-- {
		w := v.norm(k)
		switch {
		case w == "," || w == "-" || w == "." && v.joined(k-1) && v.joined(k):
			if p := v.norm(k - 1); w == "," && len(p) != 1 && !numberWord(p) && !v.digits(k-1) && !connector(v.norm(k+1)) && !(len(v.norm(k+1)) == 1 && v.word(k+1)) && !numberWord(v.norm(k+1)) {
				k = -1
			}
			continue
		case !v.word(k) && !v.digits(k):
			k = -1
			continue
		case localStops[w] && !(w == "i" && v.norm(k+1) == "dot") && !(k > v.body && connector(v.norm(k+1))):
			if from < at || w != "so" && w != "um" && w != "uh" {
				k = -1
				continue
			}
			continue
		}
		if len(w) == 1 || numberWord(w) || v.digits(k) || connector(w) {
			lone = true
		}
		from, words = k, words+1
		if words > 9 {
			break
		}
	}
	for from < at && (lookers[v.norm(from)] || from > v.body && lookers[v.norm(from-1)] && v.norm(from) == "with") {
		from++
	}
	if from == at {
		return at
	}
	led := from > v.body && (localStops[v.norm(from-1)] || v.norm(from-1) == "with") || from > v.body && v.tok[from-1].Shape == text.Mark || from == v.body
	if sure && words <= 8 && led && !lookers[v.norm(at-1)] {
		return from
	}
	if !sure && lone && !lookers[v.norm(at-1)] {
		return from
	}
	return at
}

// outset takes the beginning of a said address, token from, back to where the
// talk introduces it: "it's my dog biscuit at …", "to T, J, underscore, …". The
// words of such a name are any; what introduces them is not.
func (v *view) outset(from int) int {
	if v.chat {
		return from
	}
	begin := v.introduction(from)
	for begin < from && (v.norm(begin) == "at" || v.norm(begin) == "and" || !v.word(begin)) {
		begin++
	}
	return begin
}

func (v *view) introduction(from int) int {
	begin := from
	for k := from; k < from+3 && k < len(v.tok); k++ {
		if how := v.norm(k); (how == "word" || how == "together" || how == "lowercase") && v.norm(k+1) == "," {
			for from > v.body && (v.norm(from-1) == "all" || v.norm(from-1) == "one") {
				from--
			}
			if v.norm(from-1) == "," {
				from-- // "kabul garden catering, all together, at …"
			}
			begin = from
			break
		}
	}
	for k := from - 1; k >= max(v.body, from-12); k-- {
		w := v.norm(k)
		switch {
		case w == ",":
			before, after := v.norm(k-1), v.norm(k+1)
			if len(before) != 1 && !numberWord(before) && !v.digits(k-1) && !connector(before) && !connector(after) && after != "then" && after != "like" && len(after) != 1 {
				return begin
			}
		case introducers[w], w == "my" && (v.norm(k+1) == "first" || v.norm(k+1) == "last" || v.norm(k+1) == "name"), !v.word(k) && !v.digits(k) && w != "-":
			return begin
		default:
			begin = k
		}
	}
	return from // nothing introduces it: a sentence, of which it is the end
}

// introducers stand before an address that is told.
var introducers = set("its is thats thatd was to me email emails mail mailbox address mine use used write put try says say said type word together think yeah yes um uh no okay ok so use from under")

// lookers stand before a site that is looked up.
var lookers = set("look looking looked find found is it up him her them me us works working worked sign signed signup go going went available online live are was you problem video lesson practice page tutor tutoring account made get got")

// letters finds what is spelled or joined by "underscore" of an address that is
// told in pieces: "then underscore, then w e b b", "s a m, no wait, s a m m y".
func (v *view) letters(lines []view, i int, found []finding.Candidate) []finding.Candidate {
	for t := v.body; t < len(v.tok); t++ {
		from := t
		if v.norm(t) == "underscore" || v.norm(t) == "double" && (v.norm(t+1) == "you" || v.norm(t+1) == "u") {
			t++
			if v.norm(from) == "double" {
				t++
			}
			for v.norm(t) == "," || v.norm(t) == "then" {
				t++
			}
		}
		end, n := t, 0
		for end < len(v.tok) && (v.word(end) && len(v.norm(end)) == 1 || n > 0 && (v.norm(end) == "," || v.norm(end) == "-") && end+1 < len(v.tok) && v.word(end+1) && len(v.norm(end+1)) == 1) {
			if v.word(end) {
				n++
			}
			end++
		}
		switch {
		case n >= 4 || n == 3 && (from < t || mistaken[v.norm(end+1)] || v.norm(end) == "dot" || v.norm(end) == "underscore"):
			c := v.tokens(from, end, finding.Email, 0.75, "mailbox/letters", "letters one by one where an e-mail address is told")
			if !coveredIn(found, c) && !v.sequence(t, end) {
				found = append(found, c)
			}
		case from < t && v.norm(from) == "double" && v.word(t) && from == v.body:
			end = v.lastWord()
			if end-from <= 6 {
				found = append(found, v.tokens(from, end, finding.Email, 0.75, "mailbox/letters", "a name that begins with a letter where an e-mail address is told"))
			}
		}
		t = max(t, end-1)
	}
	return found
}

// sequence reports whether letters go on as in the alphabet, like the points of
// a figure: a, b, c.
func (v *view) sequence(from, to int) bool {
	last := byte(0)
	for k := from; k < to; k++ {
		if w := v.norm(k); v.word(k) && len(w) == 1 {
			if last != 0 && w[0] != last+1 {
				return strings.Contains("xyzabc", w) && w[0] == last
			}
			last = w[0]
		}
	}
	return true
}
