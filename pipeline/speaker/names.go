package speaker

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/roster"
	"golang.org/x/text/unicode/norm"
)

// names is how a person may be called, all folded and written together:
// meiling, elamin.
type names struct {
	given, family         map[string]bool
	givenInitials         string
	familyInitials        string
	together, abbreviated map[string]bool // janedoe; janed, jdoe
}

func namesOf(p Person, display label) names {
	n := names{given: map[string]bool{}, family: map[string]bool{}, together: map[string]bool{}, abbreviated: map[string]bool{}}
	n.familyName(p.Last)
	n.givenName(p.First)
	n.givenName(p.Preferred)
	for _, o := range p.Other {
		n.otherName(o)
	}
	if p.Preferred == "" {
		// Whoever says how they are called is not called by another short form.
		for _, form := range roster.Familiar(glue(wordsOf(p.First))) {
			n.given[form] = true
		}
	}
	n.displayed(display)
	for g := range n.given {
		for f := range n.family {
			n.join(g, f)
		}
	}
	return n
}

// givenName adds a given name, and the first of several.
func (n *names) givenName(s string) {
	words := wordsOf(s)
	for _, form := range spellings(s) {
		n.given[form] = true
	}
	if len(words) > 1 && utf8.RuneCountInString(words[0].norm) > 1 {
		n.given[words[0].norm] = true
	}
	n.givenInitials += initials(words)
}

// familyName adds a family name, and each name in a double one: Ortega and de
// la Cruz of de la Cruz Ortega.
func (n *names) familyName(s string) {
	words := wordsOf(s)
	for _, form := range spellings(s) {
		n.family[form] = true
	}
	for from := range words {
		for to := from + 1; to <= min(len(words), from+longest); to++ {
			if last := words[to-1].norm; len(words) > 1 && utf8.RuneCountInString(last) > 2 && !particles[last] {
				n.family[glue(words[from:to])] = true
			}
		}
	}
	n.familyInitials += initials(words)
}

// otherName adds a name of which it is not said what it is.
func (n *names) otherName(s string) {
	words := strings.Fields(s)
	words = words[:min(len(words), manyWords)]
	if len(words) == 1 {
		n.givenName(s)
		n.familyName(s)
		return
	}
	for i := 1; i < len(words); i++ {
		n.givenName(strings.Join(words[:i], " "))
		n.familyName(strings.Join(words[i:], " "))
	}
}

// displayed learns the given name from a display name that ends in the family
// name or its initial.
func (n *names) displayed(display label) {
	if len(display.base) != 1 || len(display.base[0]) != 1 {
		return
	}
	words := display.base[0][0]
	end := len(words) - 1
	if end < 1 {
		return
	}
	last := words[end].norm
	if !n.family[last] && !(initial(last) && strings.Contains(n.familyInitials, last)) {
		return
	}
	for _, w := range words[:end] {
		if !w.mayName() || w.kind == other || initial(w.norm) {
			return
		}
	}
	n.given[glue(words[:end])] = true
}

func (n *names) join(given, family string) {
	n.together[given+family] = true
	n.together[family+given] = true
	if g, f := lead(given), lead(family); g != "" && f != "" {
		n.abbreviated[g+family] = true
		n.abbreviated[family+g] = true
		if len(given) > 2 {
			n.abbreviated[given+f] = true
		}
	}
}

// fit is how a person's names explain words.
type fit struct {
	given, family               bool // in full
	givenInitial, familyInitial bool
	together                    bool // in one word of which one part is an initial
	middle                      int  // initials that nothing explains
	rest                        []word
}

func (f fit) full() bool { return f.given && f.family }

// anyName accepts words that are somebody's name.
func anyName(f fit) bool {
	switch {
	case f.full(), f.together && len(f.rest)+f.middle == 0:
		return true
	case len(f.rest) > 0:
		return false
	case f.family && f.givenInitial:
		return true
	}
	return (f.given || f.family) && f.middle == 0
}

// givenName accepts words that are somebody's given name, whatever else.
func givenName(f fit) bool { return anyName(f) && f.given }

// explain goes through words from left to right and takes as many as make a
// name.
func (n names) explain(words []word) fit {
	var f fit
	for i := 0; i < len(words); {
		i += n.take(&f, words[i:])
	}
	return f
}

// longest is of how many words one name may be made: de la Cruz Ortega.
const longest = 5

// take explains the first words and returns how many.
func (n names) take(f *fit, words []word) int {
	if words[0].aside {
		return 1
	}
	for k := min(longest, len(words)); k > 0; k-- {
		if slices.ContainsFunc(words[:k], func(w word) bool { return w.aside }) {
			continue
		}
		if n.whole(f, glue(words[:k])) {
			return k
		}
		if last := words[k-1]; last.bare != "" && n.whole(f, glue(words[:k-1])+last.bare) {
			return k
		}
	}
	n.one(f, words[0])
	return 1
}

// whole explains what may be a name in full.
func (n names) whole(f *fit, s string) bool {
	given, family := n.given[s], n.family[s]
	switch {
	case given && !(family && f.given):
		f.given = true
	case family:
		f.family = true
	case n.together[s]:
		f.given, f.family = true, true
	case n.abbreviated[s]:
		f.together = true
	default:
		return false
	}
	return true
}

// one explains a word that is no name in full.
func (n names) one(f *fit, w word) {
	isInitial := initial(w.norm)
	switch {
	case w.kind == neutral:
	case isInitial && !f.given && strings.Contains(n.givenInitials, w.norm):
		f.givenInitial = true
	case isInitial && strings.Contains(n.familyInitials, w.norm):
		f.familyInitial = true
	case isInitial:
		f.middle++
	default:
		f.rest = append(f.rest, w)
	}
}

// spellings are the folded forms of a name: without its accents, and with the
// e that German and the Nordic languages write where an umlaut cannot be typed.
func spellings(s string) []string {
	plain := glue(wordsOf(s))
	if plain == "" {
		return nil
	}
	return []string{plain, glue(wordsOf(umlauts.Replace(norm.NFC.String(s))))}
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "Å", "Aa", "Ø", "Oe")

// manyWords bounds the words of one name that are looked at.
const manyWords = 8

func wordsOf(s string) []word {
	out := words(s)
	out = out[:min(len(out), manyWords)]
	for i := range out {
		out[i].bare, out[i].aside = "", false
	}
	return out
}

func glue(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.norm)
	}
	return b.String()
}

func initials(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(lead(w.norm))
	}
	return b.String()
}

// lead is the initial of a name, "" in scripts that have none.
func lead(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek) {
		return ""
	}
	return s[:n]
}

func initial(s string) bool { return s != "" && lead(s) == s }

var particles = set("de da do del della di du dos das la las le los el al bin ibn van von der den het ten ter st san santa")
