package names

import "github.com/schoolhouse-world/veil/redact/names/internal/tagger"

// The sets of words that cues look for, one bit each, so that a word is looked
// up once however many cues ask.
const (
	isTitles uint64 = 1 << iota
	isFormal
	isRelation
	isPossessor
	isSpelling
	isSchoolNoun
	isNotOfAName
	isNumberedSchool
	isBusinessNoun
	isClubNoun
	isGeneric
	isStop
	isProduct
	isMascots
	isStreet
	isGreeting
	isWordly
	isNumber
	isPronounOfTalk
	isDoes
	isThings
	isComparative
	isParticle
	isStrict
	isDated
	isDwells
	isJourney
	isAddressing
	isPrefix
	isIntroducing // ends an introduction
	isPlacing     // asked for by places
	isStoried     // asked for by story
	isOpening     // a sentence begins behind it
	isOutside     // asked for by outsider
	isPersonal
	isSport
	isSchooled // asked for by schooled
)

// flags gives the sets that a folded word is in.
func flags(norm string) uint64 { return allFlags[norm] }

// allFlags is made once; nothing writes to it afterwards.
var allFlags = func() map[string]uint64 {
	m := map[string]uint64{}
	for bit, words := range []map[string]bool{
		titles, formal, relation, possessor, spelling, schoolNoun, notOfAName, numberedSchool, businessNoun, clubNoun, generic, stop, product, mascots, street, greeting, wordly, number, pronounOfTalk, does, things, comparative,
		particle, strict, dated, dwells, journey, addressing, prefix, introducing(), placing, storied, opening, outside(), personal, sport, schooling(),
	} {
		for w := range words {
			m[w] |= 1 << bit
		}
	}
	return m
}()

// isAt reports whether word k is in a set, false beyond the edges.
func isAt(words []tagger.Word, k int, set uint64) bool {
	return k >= 0 && k < len(words) && words[k].Is(set)
}
