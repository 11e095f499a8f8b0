package speaker

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/schoolhouse-world/veil/redact/text"
	"golang.org/x/text/unicode/norm"
)

// label is a label taken apart.
type label struct {
	plain  string // with nothing but blanks at its ends cut off
	base   segment
	asides []segment // in brackets, after a bar, after a dash
	emails []string  // lower case
}

// segment is a run of words. Several who share a label are its shares.
type segment []share

// share is what stands between two joining marks, cut at commas.
type share [][]word

// word is a run of letters or of digits.
type word struct {
	norm  string // folded
	bare  string // norm without a possessive s, "" when it has none
	kind  kind
	aside bool // of a device's name or of pronouns, never of a person's name
}

// kind is what a word may be besides a name.
type kind uint8

const (
	name    kind = iota
	neutral      // a role, a title, pronouns, a number: says nothing of who it is
	school       // part of an organisation's name
	other        // tells of a relative or a program
	foreign      // letters that are not Latin
)

var (
	emails   = regexp.MustCompile(`[^\s()\[\]<>|,;:"]+@[^\s()\[\]<>|,;:"@]+\.[A-Za-z]{2,}`)
	pronouns = regexp.MustCompile(`(?i)(^|[\s(\[|,-])((?:she|her|hers|he|him|his|they|them|theirs|ze|zir|xe|xem|ella|él|elle|elles|iel|any|all)(?:\s?/\s?(?:she|her|hers|he|him|his|they|them|their|theirs|ze|zir|xe|xem|ella|él|elle|elles|iel|any|all))+)($|[\s)\]|,-])`)
	counter  = regexp.MustCompile(`#\s?\d{1,3}\s*$`)
	dash     = regexp.MustCompile(`\s[-–—~@·•]+\s|\s-|-\s|[|–—•‖｜]|\s(?i:from)\s`)
	join     = regexp.MustCompile(`[&＆/+;]|\s(?i:and|und|et|y|with)\s`)
)

// maxLabel bounds the label that is looked at, in bytes. Zoom allows 64
// characters.
const maxLabel = 512

// read takes a label apart. Every string can be read.
func read(s string) label {
	l := label{plain: strings.TrimSpace(s)}
	if len(s) > maxLabel {
		return l // of nobody
	}
	s = norm.NFKC.String(strings.ToValidUTF8(s, " "))
	for _, e := range emails.FindAllString(s, -1) {
		l.emails = append(l.emails, strings.ToLower(e))
	}
	if len(l.emails) == 1 && strings.EqualFold(l.emails[0], strings.TrimSpace(s)) {
		s = local(s)
	}
	s = emails.ReplaceAllString(s, " ")
	s = counter.ReplaceAllString(s, "")
	var said []segment
	for _, group := range pronouns.FindAllStringSubmatch(s, -1) {
		said = append(said, segment{{nobodys(words(group[2]))}})
	}
	s = pronouns.ReplaceAllString(s, "$1 $3")
	outside, inside := brackets(s)
	parts := append(dash.Split(outside, -1), inside...)
	for _, p := range parts {
		cut := cut(p)
		switch {
		case cut.blank():
		case l.base == nil:
			l.base = cut
		default:
			l.asides = append(l.asides, cut)
		}
	}
	l.asides = append(l.asides, said...)
	return l
}

// nobodys marks words as no part of a name.
func nobodys(words []word) []word {
	for i := range words {
		words[i].aside = true
	}
	return words
}

// brackets parts what stands in brackets from what does not.
func brackets(s string) (outside string, inside []string) {
	var out, in strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[', '{', '<', '【', '「', '《', '〈':
			if depth++; depth > 1 {
				in.WriteByte(' ')
			}
			out.WriteByte(' ')
		case ')', ']', '}', '>', '】', '」', '》', '〉':
			if depth == 1 {
				inside = append(inside, in.String())
				in.Reset()
			}
			depth = max(0, depth-1)
		default:
			if depth > 0 {
				in.WriteRune(r)
			} else {
				out.WriteRune(r)
			}
		}
	}
	return out.String(), append(inside, in.String())
}

func cut(s string) segment {
	var seg segment
	for _, part := range join.Split(s, -1) {
		var sh share
		for _, run := range strings.Split(part, ",") {
			if w := words(run); len(w) > 0 {
				sh = append(sh, w)
			}
		}
		if len(sh) > 0 {
			seg = append(seg, sh)
		}
	}
	return seg
}

// words cuts at everything that is no letter or digit, between letters and
// digits, and where the script changes.
func words(s string) []word {
	var out []word
	var run []rune
	last := blank
	end := func() {
		if w, ok := newWord(string(run)); ok {
			out = append(out, w)
		}
		run = run[:0]
	}
	for _, r := range s {
		c := classOf(r)
		switch {
		case c == joiner && len(run) > 0:
			run = append(run, r)
			continue
		case c != last && c != joiner:
			end()
			last = c
		}
		if c != blank && c != joiner {
			run = append(run, r)
		}
	}
	end()
	return devices(out)
}

// class is the class of a character.
type class uint8

const (
	blank  class = iota
	joiner       // within a word: apostrophes, marks
	digits
	latin
	letters // of any other script
)

func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r) || r == '\'' || r == '’' || r == '`' || r == 'ʻ':
		return joiner
	case unicode.IsDigit(r):
		return digits
	case unicode.Is(unicode.Latin, r):
		return latin
	case unicode.IsLetter(r):
		return letters
	}
	return blank
}

func newWord(s string) (word, bool) {
	s = strings.ReplaceAll(s, "’", "'")
	bare, possessive := strings.CutSuffix(strings.ToLower(s), "'s")
	if !possessive {
		bare, possessive = strings.CutSuffix(strings.ToLower(s), "s'")
		bare += "s"
	}
	w := word{norm: text.Fold(s)}
	if possessive {
		w.bare = text.Fold(bare)
	}
	if w.norm == "" {
		return w, false
	}
	w.kind = kindOf(w)
	return w, true
}

func kindOf(w word) kind {
	stem := w.norm
	if w.bare != "" {
		stem = w.bare
	}
	r := []rune(w.norm)[0]
	switch {
	case unicode.IsDigit(r), neutralWords[stem]:
		return neutral
	case schoolWords[w.norm]:
		return school
	case otherWords[stem]:
		return other
	case !unicode.Is(unicode.Latin, r):
		return foreign
	}
	return name
}

// devices marks the words of a device's name, with what telephones call their
// models and the little words that say whose it is.
func devices(words []word) []word {
	for i := 0; i < len(words); i++ {
		w := words[i].norm
		owned := i > 0 && words[i-1].bare != ""
		sized := i+1 < len(words) && (models[words[i+1].norm] || words[i+1].kind == neutral)
		if !deviceWords[w] && !(sometimesDevice[w] && (owned || sized)) {
			continue
		}
		words[i].aside = true
		if i > 0 && words[i-1].norm == "s" {
			words[i-1].aside = true // Jane s iPad
		} else if i > 0 && words[i-1].bare == "" {
			// Janes iPad
			if stem, ok := strings.CutSuffix(words[i-1].norm, "s"); ok {
				words[i-1].bare = stem
			}
		}
		for i+1 < len(words) && (models[words[i+1].norm] || unicode.IsDigit([]rune(words[i+1].norm)[0])) {
			i++
			words[i].aside = true
		}
		if i+1 < len(words) && belonging[words[i+1].norm] {
			words[i+1].aside = true
		}
	}
	return words
}

// mayName reports whether a word can be part of a name.
func (w word) mayName() bool { return !w.aside && w.kind != neutral }

// tellsOfOthers reports whether a word says that somebody or something else
// than a participant speaks.
func (w word) tellsOfOthers() bool { return w.kind == other }

func (s segment) shared() bool { return len(s) > 1 }

func (s segment) blank() bool { return len(s) == 0 }

func (s segment) any(is func(word) bool) bool {
	return slices.ContainsFunc(s, func(sh share) bool {
		return slices.ContainsFunc(sh, func(w []word) bool { return slices.ContainsFunc(w, is) })
	})
}

func (s segment) tellsOfOthers() bool { return s.any(word.tellsOfOthers) }

// noName reports whether a segment is something else than a person's name in
// Latin letters.
func (s segment) noName() bool {
	return !s.any(func(w word) bool { return w.mayName() && w.kind != foreign }) || s.any(func(w word) bool { return w.kind == school })
}

func (s segment) equal(t segment) bool {
	return slices.EqualFunc(s, t, func(a, b share) bool {
		return slices.EqualFunc(a, b, func(a, b []word) bool {
			return slices.EqualFunc(a, b, func(a, b word) bool { return a.norm == b.norm })
		})
	})
}

// extends reports whether l reads like shown, perhaps with more at its side.
func (l label) extends(shown label) bool {
	if shown.empty() || !l.base.equal(shown.base) {
		return false
	}
	return !slices.ContainsFunc(shown.asides, func(a segment) bool { return !slices.ContainsFunc(l.asides, a.equal) })
}

// empty reports whether a label says nothing but a role.
func (l label) empty() bool {
	says := func(w word) bool { return w.kind != neutral }
	return !l.base.any(says) && !slices.ContainsFunc(l.asides, func(a segment) bool { return a.any(says) })
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// The words are folded. A person who bears one of them as a name is matched by
// it all the same; only words of a device are nobody's.
var (
	neutralWords = set(`host cohost co me you guest external unverified tutor tutors tutee mentor teacher instructor
		student learner pupil moderator volunteer ta coach presenter panelist attendee participant user admin staff
		lead leader mr mrs ms mx miss dr prof professor sir maam jr sr ii iii iv phd md ed
		she her hers he him his they them their theirs ze zir xe xem ella el elle elles iel any all pronouns
		family household home the hi its im 的 の 의`)
	schoolWords = set(`school schools hs ms es academy high middle elementary primary secondary junior charter magnet
		university univ college institute prep district isd usd class period grade room team club program tutoring
		schoolhouse bootcamp cohort group section`)
	otherWords = set(`mom moms mum mommy mama mother mothers dad dads daddy papa father fathers parent parents guardian guardians
		grandma grandpa grandmother grandfather grandparent grandparents nana abuela abuelo sister brother sibling siblings
		aunt auntie uncle cousin nanny sitter babysitter wife husband son daughter
		interpreter translator caregiver aide observer
		bot ai notetaker recorder otter otterpilot fireflies fathom readai tldv captioner transcriber assistant`)
	deviceWords = set(`ipad ipads iphone iphones ipod imac macbook chromebook android samsung laptop desktop computer pc
		phone cellphone mobile tablet kindle oneplus xiaomi huawei motorola lenovo thinkpad ideapad pavilion telefono celular`)
	sometimesDevice = set(`mac galaxy pixel surface moto nokia air dell hp asus acer lg`)
	models          = set(`pro max mini plus air ultra note tab go fold flip lite se xr xs xl s a z g e st nd rd th gen generation fe mac ios`)
	belonging       = set(`de di do da del von van of for 的 の`)
)
