package roster

import (
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// lists are the lists of this package that a word is in, one bit each.
type lists uint64

const (
	inNever lists = 1 << iota
	inOpeners
	inGreetings
	inCalling
	inDeterminers
	inNumbers
	inSubjects
	inAuxiliaries
	inLeading
	inObjects
	inPrepositions
	inCompany
	inDoing
	inCapitalised
	inMonths
	inDating
	inPresent
	inTelling
	inGear
	inJoins
	inAsksFirst
	inSpokenTo
	inAskedOf
	inThanked
	inAsking
	inQuestion
	inShortSyllables
	inTurns
	inBelieving
	inJudged
	inPraise
	inThanking
	inToldOf
	inBelongings
	inWritten
	inNaming
	inMending
	inJoining
	inCallers
	inAsksYou
	inYouDo
	inImperatives
	inPeople
	inTranscribed
	inBeing
	inVerbs
	inCaptioning
	// inStops are marks, not words.
	inStops
	// inBabble are what speech recognition makes of filler words. It is asked
	// apart, as it is long to tell; inSpeech says that it was.
	inBabble
	inSpeech
	// inNone says that the lists were gone through.
	inNone lists = 1 << 63
)

func (in lists) has(any lists) bool { return in&any != 0 }

// listed holds the lists by word. It is made once and never changed.
var listed = func() map[string]lists {
	out := map[string]lists{}
	for bit, words := range []map[string]bool{never, openers, greetings, calling, determiners, numbers, subjects, auxiliaries, leading,
		objects, prepositions, company, doing, capitalised, months, dating, present, telling, gear, joins, asksFirst, spokenTo, askedOf,
		thanked, asking, question, shortSyllables, turns, believing, judged, praise, thanking, toldOf, belongings, written, naming, mending, joining, callers,
		asksYou, youDo, imperatives, people, transcribed, being, verbs, captioning} {
		for w := range words {
			out[w] |= 1 << bit
		}
	}
	return out
}()

// listing tells for the words of one conversation, by their numbers, in which
// lists they are. Not for concurrent use.
type listing []lists

func newListing(c *finding.Conversation) listing { return make(listing, c.Vocabulary.Len()) }

// of gives the lists of a token's word.
func (l listing) of(t *text.Token) lists {
	if in := l[t.Word]; in != 0 {
		return in
	}
	return l.ask(t)
}

func (l listing) ask(t *text.Token) lists {
	in := listed[t.Norm] | inNone
	if ends(t.Norm) {
		in |= inStops
	}
	l[t.Word] = in
	return in
}

// has reports whether a token's word is in one of some lists.
func (l listing) has(t *text.Token, in lists) bool { return l.of(t).has(in) }

// babble is the function babble for a token's word.
func (l listing) babble(t *text.Token) bool {
	if !l.has(t, inSpeech) {
		if babble(t.Norm) {
			l[t.Word] |= inBabble
		}
		l[t.Word] |= inSpeech
	}
	return l.has(t, inBabble)
}

// stops reports whether a token is a mark that ends a sentence or a part of it.
func (l listing) stops(t *text.Token) bool { return t.Shape == text.Mark && l.has(t, inStops) }

// ends reports whether a mark ends what stands before it.
func ends(mark string) bool {
	switch mark {
	case ".", "!", "?", ":", ";", "\"", "“", "”", "…", "(", ")", "|", "—", "–":
		return true
	}
	r, _ := utf8.DecodeRuneInString(mark)
	return r > 0x2000 && r != '’' && r != '‘'
}
