package roster

import "github.com/schoolhouse-world/veil/redact/text"

// place is what surrounds some tokens of a line. Its two numbers are log-odds.
type place struct {
	// name speaks for a person being named here, whatever the word.
	name float64
	// word speaks for an everyday word being used here (below zero); it counts
	// as much as the word is an everyday one.
	word float64
	// called says that somebody is spoken to or that a name is told.
	called bool
	// spoken says that somebody is spoken of, who does or has what people in a
	// lesson do or have.
	spoken bool
	// own says that the speaker's own name is told.
	own bool
	// opens and closes say that a clause begins and ends here.
	opens, closes bool
}

// askedOdds is what speaks for a name where somebody is asked by it: "…, what do
// you notice?"
const askedOdds = 4.6

// look judges where tokens[i..j] (both included) stand.
func (l listing) look(tokens []text.Token, i, j int) place {
	var p place
	var prev, prev2, next, next2 *text.Token
	// The lists of the words around; of none for a mark right beside.
	var beforeIn, prev2In, afterIn, next2In lists
	if i > 0 {
		prev = &tokens[i-1]
	}
	if i > 1 {
		prev2 = &tokens[i-2]
		prev2In = l.of(prev2)
	}
	if j+1 < len(tokens) {
		next = &tokens[j+1]
	}
	if j+2 < len(tokens) {
		next2 = &tokens[j+2]
		next2In = l.of(next2)
	}
	lineStart := prev == nil || prev2 == nil && prev.Shape == text.Mark
	sentenceStart := lineStart || l.stops(prev)
	comma := prev != nil && prev.Norm == ","
	p.opens = sentenceStart || comma || prev != nil && prev.Shape == text.Mark && prev.Norm != "-"
	nextComma := next != nil && next.Norm == ","
	ends := next == nil || l.stops(next)
	p.closes = ends || nextComma || next != nil && next.Shape == text.Mark && next.Norm != "-"
	before := ""
	if prev != nil && prev.Shape != text.Mark {
		before, beforeIn = prev.Norm, l.of(prev)
	}
	after := ""
	if next != nil && next.Shape != text.Mark {
		after, afterIn = next.Norm, l.of(next)
	}

	// Spoken to. In some frames no everyday word stands.
	framed := false
	asked := nextComma && next2In.has(inAskedOf)
	switch {
	case sentenceStart && asked:
		p.name, p.called = askedOdds, true
	case sentenceStart && nextComma && (next2In.has(inSpokenTo) || checked(tokens, j+2)):
		p.name, p.called = 3.5, true
	case lineStart && nextComma:
		p.name, p.called = 3.2, true
	case sentenceStart && nextComma:
		p.name, p.called = 2.8, true
	case comma && prev2In.has(inOpeners) && (nextComma || ends):
		p.name, p.called = 3.4, true
	case comma && prev2In.has(inOpeners) && (i < 4):
		p.name, p.called = 1.5, true
	case comma && ends:
		p.name, p.called = 2.4, true
	case comma && nextComma:
		p.name, p.called = 1.5, true
	case beforeIn.has(inGreetings) && p.closes:
		p.name, p.called = 3.4, true
	case before == "you" && prev2 != nil && prev2.Norm == "thank":
		p.name, p.called = 3.4, true
	case before == "u" && prev2 != nil && prev2.Norm == "thank" && p.closes, before == "it" && i == 3 && ends && tokens[0].Norm == "go",
		before == "try" && i == 2 && prev2In.has(inOpeners|inPraise):
		p.name, p.called, framed = 3.2, true, true
	case i == 1 && beforeIn.has(inOpeners) && afterIn.has(inQuestion) && next2 != nil && (next2In.has(inAsking) || next2.Norm == "would" || next2.Norm == "you" || next2.Norm == "u"):
		p.name, p.called, framed = 2.6, true, true
	case lineStart && (after == "has" && next2 != nil && next2.Norm == "been" || after == "got" && next2 != nil && next2.Norm == "it"):
		p.name, p.called = 2.8, true
	case before == "much" && i > 2 && prev2.Norm == "so" && (tokens[i-3].Norm == "you" || tokens[i-3].Norm == "u" || l.has(&tokens[i-3], inThanking)),
		lineStart && after == "and" && next2 != nil && (next2.Norm == "me" || next2.Norm == "i") && !l.has(&tokens[i], inSubjects|inNever):
		p.name, p.called, framed = 3, true, true
	case before == "one" && prev2 != nil && prev2.Norm == "nice" && p.closes,
		i == 1 && beforeIn.has(inThanking) && (after == "that" || after == "see" || after == "for" || after == "this" || after == "have"):
		p.name, p.called, framed = 3, true, true
	case turned(tokens, i):
		p.name, p.called, framed = 2.6, true, true
	case beforeIn.has(inOpeners) && i <= 2 && (after == "u" || after == "you"):
		p.name, p.called = 3, true
	case lineStart && after == "go" && next2 != nil && (next2.Norm == "first" || next2.Norm == "next" || next2.Norm == "ahead"):
		p.name, p.called = 2.4, true
	case beforeIn.has(inAsking) && prev2In.has(inQuestion) && after != "" && !afterIn.has(inObjects):
		p.name = 2.6
	case beforeIn.has(inGreetings):
		p.name, p.called = 1.8, true
	case beforeIn.has(inOpeners) && i <= 2 && p.closes && before != "no" && before != "you":
		p.name, p.called = 2.2, true
	case lineStart && (after == "r" || after == "are") && next2 != nil && (next2.Norm == "u" || next2.Norm == "you"),
		lineStart && (after == "wyd" || after == "wya" || after == "hbu" || after == "wbu"),
		lineStart && (after == "ur" || after == "your") && next2In.has(inGear):
		p.name, p.called = 3.2, true
	case lineStart && (after == "pls" || after == "plz" || after == "please") && next2 != nil && next2.Shape.Word():
		p.name, p.called = 2.6, true
	case lineStart && (afterIn.has(inTelling) || (after == "is" || after == "was" || after == "just" || after == "got" || after == "has") && next2In.has(inPresent)),
		i == 1 && beforeIn.has(inOpeners) && afterIn.has(inTelling):
		p.name, p.called = 2.8, true
	case lineStart && (after == "isnt" || after == "wasnt") && next2In.has(inPresent):
		p.name, p.called, framed = 3.2, true, true
	case lineStart && after == "here" && (next2 == nil || l.stops(next2)), i == 1 && beforeIn.has(inAsksFirst) && afterIn.has(inJoins):
		p.name, p.called, framed = 3.4, true, true
	case i == 2 && prev.Shape == text.Digit && prev2.Norm == "+" && ends:
		p.name, p.called = 3.4, true
	case before == "let" && afterIn.has(inTurns), before == "from" && prev2 != nil && (prev2.Norm == "hear" || prev2.Norm == "heard"),
		beforeIn.has(inBelieving) && after == "is" && next2In.has(inJudged):
		p.name, framed = 2.8, true
	case i <= 2 && beforeIn.has(inOpeners) && (after == "tell" || after == "show") && next2 != nil && (next2.Norm == "me" || next2.Norm == "us"):
		p.name, p.called, framed = 2.8, true, true
	case (before == "with") && (prev2 != nil && (prev2.Norm == "agree" || prev2.Norm == "agrees" || prev2.Norm == "disagree")):
		p.name, framed = 2.8, true
	case before == "was" && prev2 != nil && prev2.Norm == "that" && ends:
		p.name, framed = 2.4, true
	case before == "and" && after == "already" && next2In.has(inTelling):
		p.name, framed = 2.6, true
	case before == "as" && prev2 != nil && prev2.Norm == "same" && ends:
		p.name = 2.6
	case l.spokenOf(tokens, i, j):
		p.name, p.spoken = 2.4, true
	case lineStart && ends:
		p.name, p.called = 1.8, true
	case sentenceStart && ends:
		p.name, p.called = 2, true
	case sentenceStart && (after == "can" || after == "could" || after == "do" || after == "would" || after == "did") && next2 != nil && (next2.Norm == "you" || next2.Norm == "u"):
		p.name, p.called = 2.4, true
	}
	// A name is told or asked for.
	named := false
	if prev != nil && p.name < 2.6 {
		switch before {
		case "mr", "mrs", "ms", "miss", "dr", "mister", "professor", "coach":
			p.name, p.called = 3.2, true
		case "call", "calls", "called", "named", "name", "names":
			p.name, p.called, named = max(p.name, 2.2), true, true
		case "tell", "ask", "told", "asked", "tag", "ping":
			p.name, named = max(p.name, 1.8), !afterIn.has(inObjects) || after == "to" || after == "how" || after == "what" || after == "if" || after == "about"
		case "by":
			if prev2 != nil && (prev2.Norm == "go" || prev2.Norm == "goes") {
				p.name, p.called, named = 3.2, true, true
			}
		case "me":
			if prev2 != nil && (prev2.Norm == "call" || prev2.Norm == "calls") {
				p.name, p.called, named = 3.2, true, true
			}
		case "is":
			if prev2 != nil && (prev2.Norm == "name" || prev2.Norm == "this") {
				p.name, p.called, named = 2.4, true, prev2.Norm == "name"
			}
		case "it":
			if prev2 != nil && prev2.Norm == "is" && ends {
				p.name, p.called, named = 2, true, i == 2
			}
		case "as":
			if prev2 != nil && prev2.Norm == "down" {
				p.name, p.called, named = 2.4, true, true
			}
		case "says", "saying":
			p.name, p.called = max(p.name, 1.6), true
		case "im", "youre":
			p.name, p.own = max(p.name, 1.4), before == "im"
			named = tokens[i].Shape == text.Title
			if i == 2 && prev2In.has(inThanking) && p.closes || after == "btw" {
				p.name, p.called, named = 3, true, true
			}
		case "its", "thats":
			if before == "thats" && tokens[i].Shape != text.Title {
				break
			}
			p.name = max(p.name, 1.2)
			if p.closes {
				p.name, named = max(p.name, 2), true
			}
			p.called = p.called || ends
			if before == "its" && after == "btw" {
				p.name, p.called, named = 2.4, true, true
			}
		}
	}
	switch {
	case p.name > 1:
	case beforeIn.has(inCompany):
		p.name = 0.8
	}
	if afterIn.has(inDoing) {
		p.name += 0.8
	}
	if p.name > 3.6 && !asked {
		p.name = 3.6
	}

	// Used as an everyday word.
	switch {
	case before == "", framed:
	case named:
	case beforeIn.has(inDeterminers) && afterIn.has(inDoing) && beforeIn.has(inQuestion):
		p.word = -2
	case i == 2 && prev.Shape == text.Digit && prev2.Norm == "+" && ends:
	case before == "whats":
		p.word = -2.9 // of something owned it says nothing: "whats chance's answer"
	case beforeIn.has(inDeterminers), beforeIn.has(inNumbers) && prev.Shape != text.Mark, prev.Shape == text.Digit:
		p.word = -4.5
	case beforeIn.has(inSubjects) && !(before == "you" && prev2In.has(inThanked)):
		p.word = -4.5
	case beforeIn.has(inLeading):
		p.word = -3
	case beforeIn.has(inAuxiliaries):
		p.word = -1
		if prev2 != nil && (prev2In.has(inSubjects) || prev2.Shape.Word() && !p.opens && !prev2In.has(inOpeners)) {
			p.word = -3.5
		}
	case beforeIn.has(inPrepositions):
		p.word = -2
	}
	switch {
	case after == "", framed:
	case afterIn.has(inSubjects) && p.opens:
		p.word -= 3
	case afterIn.has(inObjects) && (sentenceStart || before == "and" || before == "then" || beforeIn.has(inAuxiliaries) || beforeIn.has(inSubjects) || before == "you"):
		p.word -= 3
	case !afterIn.has(inDoing) && !afterIn.has(inSubjects) && next.Shape == text.Lower:
		p.word -= 1
	}

	if afterIn.has(inSubjects) && l.has(&tokens[i], inAuxiliaries) {
		p.word -= 3 // "so will you draw it"
	}

	// A month.
	if l.has(&tokens[i], inMonths) {
		switch {
		case beforeIn.has(inDating) && !afterIn.has(inDoing) || next != nil && next.Shape == text.Digit:
			p.name, p.word = min(p.name, 0)-1.5, p.word-4.5
		case (before == "or" || before == "and") && prev2In.has(inMonths), after == "has" && next2 != nil && next2.Shape == text.Digit:
			p.name, p.word = min(p.name, 0), p.word-4.5
		}
	}

	// Written like a name, where the line tells names by capitals.
	switch tokens[i].Shape {
	case text.Title, text.Mixed, text.One:
		label := next != nil && (next.Shape == text.One || next.Shape == text.Digit)
		if label && after != "i" {
			p.word -= 3
		} else if !sentenceStart && !l.has(&tokens[i], inCapitalised) && l.informative(tokens, i, j) {
			p.name += 1.8
			p.word += 3
		}
	case text.Lower:
		if capitals(tokens, i, j) {
			p.word -= 2.5
			if p.called && p.name > 2 {
				p.word += 1.5
			}
		}
	}
	return p
}

// spokenOf reports whether tokens i..j are told of as somebody in the lesson:
// "… is saying", "… has a hand up", "… 's graph", "the captions keep writing …".
func (l listing) spokenOf(t []text.Token, i, j int) bool {
	if i > 1 && l.has(&t[i-1], inWritten) && (j+1 == len(t) || t[j+1].Shape == text.Mark || t[j+1].Norm == "because") {
		for k := range t[:i-1] {
			if captions[t[k].Norm] {
				return true
			}
		}
	}
	if j+1 < len(t) && belongings[t[j+1].Norm] && t[j].End-t[j].Start > len(t[j].Norm) {
		return true // an apostrophe stands in it
	}
	if j+2 >= len(t) {
		return false
	}
	switch behind := &t[j+2]; t[j+1].Norm {
	case "is", "was":
		return l.has(behind, inPresent)
	case "has":
		return j+3 < len(t) && (behind.Norm == "a" || behind.Norm == "her" || behind.Norm == "his" || behind.Norm == "their") && (t[j+3].Norm == "hand" || t[j+3].Norm == "question")
	}
	return false
}

// spokenSoon reports whether a name of at most three words that begins at token
// i could be followed by what spokenOf asks for.
func (l listing) spokenSoon(t []text.Token, i int) bool {
	named := i > 1 && l.has(&t[i-1], inWritten)
	for j := i; j < i+3 && j < len(t) && t[j].Shape.Word(); j++ {
		if (named || j+1 < len(t) && l.has(&t[j+1], inToldOf|inBelongings)) && l.spokenOf(t, i, j) {
			return true
		}
	}
	return false
}

// toldOf stand behind somebody who is spoken of.
var toldOf = set(`is was has`)

// captions tell what speech recognition wrote, written how.
var (
	captions = set(`captions caption subtitles transcript screen zoom autocorrect`)
	written  = set(`writing writes wrote write says saying spells spelled put puts typed types shows`)
)

// possess adds that the word has a possessive s: what is owned is mostly owned
// by somebody.
func (p *place) possess() {
	p.name = min(p.name+2.2, 4)
	if p.word > -4 {
		p.word = max(p.word, 0)
	}
}

// checked reports whether somebody's gear is asked about from token k on:
// "is your hand still up".
func checked(t []text.Token, k int) bool {
	return k+2 < len(t) && t[k].Norm == "is" && (t[k+1].Norm == "your" || t[k+1].Norm == "ur" || t[k+1].Norm == "that")
}

// turned reports whether "you" before token i ends what is said to somebody:
// "I will come back to you Joy", "what about you Frank".
func turned(tokens []text.Token, i int) bool {
	if i < 3 || tokens[i-1].Norm != "you" {
		return false
	}
	switch tokens[i-2].Norm + " " + tokens[i-3].Norm {
	case "about what", "about how", "to back", "to over":
		return true
	}
	return false
}

var thanked = set(`thank love see miss hear thanks`)

var (
	asking   = set(`did does is was has do`)
	question = set(`what where how why when who which`)
)

// informative reports whether the other words of the line are written small, so
// that a capital means something. A short line may have none ("It's Banks.").
func (l listing) informative(tokens []text.Token, i, j int) bool {
	words := 0
	for k := range tokens {
		t := &tokens[k]
		if k >= i && k <= j || !t.Shape.Word() {
			continue
		}
		if t.Shape == text.Lower && len(t.Norm) > 1 {
			return true
		}
		if t.Shape != text.One {
			words++
		}
	}
	return words == 1 && i > 0 && l.has(&tokens[i-1], inNever) && tokens[i-1].Shape == text.Title
}

// capitals reports whether the line has capitals elsewhere, so that a small
// letter means something.
func capitals(tokens []text.Token, i, j int) bool {
	for k := range tokens {
		t := &tokens[k]
		if (k < i || k > j) && (t.Shape == text.Title || t.Shape == text.One && t.Norm == "i") {
			return true
		}
	}
	return false
}
