package names

import "github.com/schoolhouse-world/veil/redact/names/internal/lexicon"

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
