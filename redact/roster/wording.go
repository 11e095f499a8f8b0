package roster

import (
	"math"

	"github.com/schoolhouse-world/veil/redact/text"
)

// may reports whether a name may begin at token i: at the beginning of what is
// said, behind what calls or tells of somebody, where a word is no everyday
// word or has a capital.
func (g *garbles) may(t []text.Token, i int) bool {
	if i == 0 || t[i-1].Shape == text.Mark {
		return true
	}
	before := g.lists.of(&t[i-1])
	if before.has(inCallers) || before.has(inOpeners|inAsksFirst|inQuestion|inJoining) && (i == 1 || t[i-2].Shape == text.Mark || g.lists.has(&t[i-2], inOpeners)) {
		return true
	}
	if t[i].Shape != text.Lower && t[i].Norm != "i" {
		return true
	}
	for j := i; j < len(t) && j < i+3 && t[j].Shape.Word(); j++ {
		if w := g.of(&t[j]); !w.blocked && g.common(w) < 0.1 && len(t[j].Norm) > 1 || j > i && t[j].Shape == text.Title {
			return true
		}
	}
	return false
}

// place is what its words and what stands around them speak for a run.
func (g *garbles) place(t []text.Token, i, j int) float64 {
	where, framed := g.where(t, i, j)
	return where + g.oddness(t, i, j, framed)
}

// oddness is what the words themselves speak for a name: what nobody says
// otherwise, and not the letters that are points or how a sentence goes.
// Framed says that whatever stands there is a name.
func (g *garbles) oddness(t []text.Token, i, j int, framed bool) float64 {
	everyday, named, grammar, raised, flows := 1.0, 1.0, true, true, i < j
	odds := 0.0
	for k := i; k <= j; k++ {
		w := g.of(&t[k])
		named = min(named, g.index.name(w))
		if n := len(t[k].Norm); n > 1 {
			everyday = min(everyday, g.common(w))
		} else if c := t[k].Norm[0]; c == 'a' && t[k].Shape == text.One && k > 0 {
			odds -= 1.5
		} else if c != 'a' && c != 'i' && 'a' <= c && c <= 'z' {
			odds -= math.Log1p(float64(g.letters[c-'a']))
		}
		grammar = grammar && w.blocked
		raised = raised && t[k].Shape != text.Lower && t[k].Norm != "i"
		flows = flows && (k == i || g.flows(&t[k-1], &t[k]))
	}
	raised = raised && (i < j || i > 0 && t[i-1].Shape != text.Mark)
	switch {
	case everyday < 0.1 && i == j && len(t[i].Norm) < 4:
		odds += 0.5 // speech recognition leaves such bits of words
	case everyday < 0.1 && raised:
		odds += 1
	case everyday < 0.1:
		odds += 2
	case everyday < 0.9:
	case grammar && i == j && !framed:
		odds -= 5
	case grammar && i == j:
		odds -= 2.5
	case grammar:
		odds -= 2
	case i == j:
		odds -= 1.5
	default:
		odds -= 0.5
	}
	if flows {
		odds -= 3
	}
	if i > 0 && g.flows(&t[i-1], &t[i]) {
		odds -= 1.5
	}
	if j+1 < len(t) && g.flows(&t[j], &t[j+1]) {
		odds -= 2
	}
	switch {
	case raised && i < j:
		odds += 2.5
	case raised:
		odds += 1.5
	}
	odds -= 2 * named
	if i == j {
		if n := len(t[i].Norm); n > 5 && t[i].Norm[n-3:] == "ing" {
			odds -= 2
		}
	}
	if j+2 < len(t) && t[j+1].Norm == "to" && letter(t[j+2]) || i > 1 && t[i-1].Norm == "to" && letter(t[i-2]) {
		odds -= 4 // from one point to another
	}
	return odds
}

// flows reports whether b goes on after a as sentences do: "you can", "how did",
// "a car", "in the".
func (g *garbles) flows(a, b *text.Token) bool {
	if !a.Shape.Word() || !b.Shape.Word() || b.Shape != text.Lower && b.Norm != "i" {
		return false
	}
	was, is := g.lists.of(a), g.lists.of(b)
	if len(b.Norm) == 1 && b.Norm != "i" && b.Norm != "a" {
		return was.has(inDeterminers)
	}
	switch {
	case was.has(inSubjects):
		return !is.has(inSubjects|inDeterminers|inQuestion|inPrepositions) || b.Norm == "all"
	case was.has(inQuestion):
		return is.has(inAuxiliaries|inSubjects|inAsking) || b.Norm == "are" || b.Norm == "about" || b.Norm == "if"
	case was.has(inAuxiliaries | inAsking):
		return is.has(inSubjects|inDeterminers|inNever) || g.common(g.of(b)) > 0.9
	case was.has(inDeterminers | inNumbers):
		return !is.has(inSubjects | inAuxiliaries | inPrepositions)
	case was.has(inPrepositions), a.Norm == "to", a.Norm == "from", a.Norm == "with", a.Norm == "about", a.Norm == "for":
		return is.has(inDeterminers | inObjects | inNumbers | inSubjects)
	case was.has(inJoining):
		return is.has(inSubjects | inDeterminers | inQuestion | inPrepositions | inAuxiliaries | inOpeners)
	case was.has(inBeing):
		return is.has(inNever|inDeterminers) || g.common(g.of(b)) > 0.9
	case was.has(inDoing | inVerbs):
		return is.has(inDeterminers|inQuestion|inObjects|inPrepositions) || is.has(inJoining) || b.Norm == "you" || b.Norm == "u"
	case a.Norm == "let" || a.Norm == "lets" || a.Norm == "me" || a.Norm == "us":
		return is.has(inNever)
	}
	return false
}

var (
	being = set(`is are was were be im youre its thats isnt arent`)
	// callers stand before somebody wherever a sentence names one.
	callers = set(`with from ask asked tell told let see hear heard saw help thank thanks by named called call calls name got have hi hey hello bye tag ping agree told show text remind`)
	joining = set(`and so but or if because cause cuz then that when like than as now well`)
	verbs   = set(`see say says show shows know think mean guess go get make take find use look put tell are be being been want need try keep come draw write hear`)
)

// where is what the place of tokens i..j speaks for a name, and whether hardly
// anything but a name stands there.
func (g *garbles) where(t []text.Token, i, j int) (odds float64, framed bool) {
	p := g.lists.look(t, i, j)
	odds = p.name
	before, before2 := "", ""
	if i > 0 {
		before = t[i-1].Norm
	}
	if i > 1 {
		before2 = t[i-2].Norm
	}
	has := p.closes && (before == "got" || before == "have")
	if has {
		odds = max(odds, 1.5)
	}
	// What is said to or of somebody, without a comma: what stands before is a
	// name, unless the sentence goes on with it.
	if k := j + 1; k < len(t) && t[k].Shape.Word() && (i < j || !g.lists.has(&t[j], inOpeners|inQuestion|inAuxiliaries|inSubjects|inCalling)) {
		if p.opens || i == 0 || g.lists.has(&t[i-1], inOpeners) {
			odds = max(odds, g.lists.appeal(t, k))
		}
		odds = max(odds, g.lists.human(t, k))
	}
	framed = odds >= askedOdds
	switch {
	case i > 0 && g.lists.has(&t[i-1], inTranscribed) && (captions[before2] || before2 == "it" || before2 == "that" || before2 == "always" || before2 == "keeps"):
		odds += 2
	case before == "to" && j+2 < len(t) && t[i].Shape == text.Title && t[j+1].Norm == "," && t[j+2].Shape == text.Title:
		odds -= 4 // a town and what it lies in
	case i > 0 && g.lists.has(&t[i-1], inPrepositions) && before != "by", before == "to", before == "with" && before2 == "rhymes":
		odds -= 1.5
	}
	if !p.opens && i > 0 && !has && !g.lists.has(&t[i-1], inOpeners|inGreetings|inCompany|inCalling|inThanking) {
		odds -= 2.5
	}
	if p.word < 0 && i == j {
		odds += p.word * 0.5
	}
	if p.closes && !p.called {
		odds += 0.5
	}
	return odds, framed
}

// transcribed stands before what speech recognition wrote.
var transcribed = set(`says said say put puts wrote writes write heard hears typed types called calls thinks writing typing saying spelled printed`)

// appeal is what the words from token k on speak for somebody being spoken to
// right before.
func (l listing) appeal(t []text.Token, k int) float64 {
	at := func(i int) (string, lists) {
		if i < len(t) {
			return t[i].Norm, l.of(&t[i])
		}
		return "", 0
	}
	a, ain := at(k)
	b, bin := at(k + 1)
	c, _ := at(k + 2)
	you := b == "you" || b == "u" || b == "ya"
	switch {
	case ain.has(inAsksYou) && you, a == "go" && (b == "ahead" || b == "first" || b == "next" || b == "on"),
		(a == "you" || a == "u") && bin.has(inYouDo), a == "youre" || a == "youve" || a == "youd",
		ain.has(inQuestion) && (bin.has(inAsksYou) && (c == "you" || c == "u") || b == "would" || b == "about"), a == "is" && (b == "your" || b == "that" || b == "ur"),
		(a == "tell" || a == "take" || a == "show" || a == "let" || a == "give") && (b == "me" || b == "us" || b == "everyone" || b == "everybody"):
		return 5
	case ain.has(inImperatives), a == "i" && (b == "like" || b == "love" || b == "see" || b == "saw" || b == "think" || b == "can" || b == "heard"),
		a == "your" || a == "ur", a == "can" || a == "could":
		return 2.5
	}
	return 0
}

var (
	asksYou     = set(`can could do did does are were was would will have should r had may dont didnt cant arent`)
	youDo       = set(`are were had have got wanna want can could said did still there ready good ok okay muted get see think know up need should go should try look seem sound mentioned wrote put r were`)
	imperatives = set(`tell take try read share unmute mute look show explain hold keep give check please pls plz type write come turn start hit click scroll lets help say walk talk pick draw plug stop wait`)
)

// human is what the words from token k on speak for somebody being spoken of
// right before.
func (l listing) human(t []text.Token, k int) float64 {
	at := func(i int) (string, lists) {
		if i < len(t) {
			return t[i].Norm, l.of(&t[i])
		}
		return "", 0
	}
	a, ain := at(k)
	b, bin := at(k + 1)
	c, _ := at(k + 2)
	possessive := b == "a" || b == "her" || b == "his" || b == "their" || b == "your"
	switch {
	case ain.has(inTelling) && a != "left" && b != "what", ain.has(inPeople),
		a == "has" && possessive && (c == "hand" || c == "question" || c == "point" || c == "idea"),
		(a == "is" || a == "was" || a == "isnt" || a == "just" || a == "already") && bin.has(inPresent|inPeople|inTelling),
		a == "has" && b == "been", a == "had" && (b == "it" || b == "the" || b == "a" || b == "her" || b == "his"), a == "and" && (b == "i" || b == "me"),
		(a == "can" || a == "could" || a == "will" || a == "should" || a == "wanna" || a == "didnt" || a == "did" || a == "cant") && bin.has(inTurns|inPeople):
		return 3
	case ain.has(inDoing) && a != "and" && a != "are" && a != "you" && a != "u", a == "always", a == "never", a == "wont", a == "only":
		return 1.2
	}
	return 0
}

// people do what things do not.
var people = set(`muted unmuted dropped typed wrote answered explained agreed agrees disagrees raised shared forgot guessed helped solved finished noticed
	laughed waved texted joined messaged emailed got answers explains wants thinks feels forgets likes loves hates laughs wins`)
