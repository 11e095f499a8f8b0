package names

import (
	"github.com/schoolhouse-world/veil/redact/names/internal/lexicon"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
)

// Entry is what the lexicon knows of a word: how much it is a given name, a
// family name, an everyday word, a place, each 0 (not listed) to 1.
type Entry = lexicon.Entry

// Lookup gives what the lexicon knows of a word in its folded form (text.Fold).
// Places of several words are found with one blank between them ("new york").
// The zero Entry means that the word is not listed. The first call unpacks the
// table. Safe for concurrent use.
func Lookup(norm string) Entry { return lexicon.Lookup(norm) }

// Begins reports whether a place of several words may begin with a folded word:
// never false when one does, seldom true when none does. It saves look-ups.
func Begins(norm string) bool { return lexicon.Begins(norm) }

// Closed reports whether a folded word belongs to the grammar of talk (the, of,
// do): it is never a name.
func Closed(norm string) bool { return lexicon.Closed(norm) }

// Slip says how a folded word that is not in common use relates to one that is: 1
// for a letter or an end missing, 2 for a letter too much or a wrong one, 3 for
// two words run together, 0 for none.
func Slip(norm string) int { return lexicon.Slip(norm) }

// Company tells in what company a folded word stands in unlabelled talk: words
// with one code stand in the same, and those whose codes share their lowest bits
// in a like one. 0 means that the word is seldom seen.
func Company(norm string) uint32 { return tagger.Company(norm) }
