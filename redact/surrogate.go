package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Surrogates writes realistic names in place of labels: names of people,
// e-mail addresses (of example.org, RFC 2606) and North American telephone
// numbers (555-0100 to 555-0199, kept for fiction). Every other kind keeps its
// label.
//
// The same person has the same surrogate wherever the same seed is used, and an
// unrelated one under another seed. A surrogate is as long as the name it
// replaces, roughly: up to four letters, up to seven, or more. Two people may
// share a first name, as people do.
//
// It is immutable and safe for concurrent use.
type Surrogates struct {
	seed  []byte
	taken func(norm string) bool
	first [3][]string // by length class
	last  [3][]string
}

// SurrogateOptions say how surrogates are made.
type SurrogateOptions struct {
	// Seed is at least 16 random bytes that the study keeps secret: who has it
	// and a list of people can tell who is who.
	Seed []byte
	// Neutral takes only first names that say nothing about gender.
	Neutral bool
	// Taken reports whether a folded word (text.Fold) is a name of anyone in
	// the source. Such a name is never given. It must be safe for concurrent
	// use and always answer the same.
	Taken func(norm string) bool
}

//go:embed surrogates.txt
var surrogateTable string

// NewSurrogates checks options and returns surrogates.
func NewSurrogates(o SurrogateOptions) (*Surrogates, error) {
	if len(o.Seed) < 16 {
		return nil, fmt.Errorf("surrogate seed has %d bytes: give at least 16 random ones", len(o.Seed))
	}
	if o.Taken == nil {
		return nil, errors.New("surrogates need to know the names in the source, so as not to give one of them to somebody else")
	}
	s := &Surrogates{seed: append([]byte(nil), o.Seed...), taken: o.Taken}
	for line := range strings.Lines(surrogateTable) {
		kind, names, _ := strings.Cut(strings.TrimSpace(line), ":")
		for _, n := range strings.Fields(names) {
			class := lengthClass(n)
			switch {
			case kind == "family":
				s.last[class] = append(s.last[class], n)
			case kind == "neutral", kind == "other" && !o.Neutral:
				s.first[class] = append(s.first[class], n)
			}
		}
	}
	return s, nil
}

func lengthClass(name string) int {
	switch n := utf8.RuneCountInString(name); {
	case n <= 4:
		return 0
	case n <= 7:
		return 1
	}
	return 2
}

// replace returns what stands in place of a finding, "" for its label. who is
// the person meant, the zero Participant when unknown.
func (s *Surrogates) replace(f finding.Finding, source string, who finding.Participant) string {
	switch f.Kind {
	case finding.Person:
		return s.person(f, source, who)
	case finding.Email:
		if !strings.Contains(source, "@") {
			return ""
		}
		return fmt.Sprintf("%s%d@example.org", strings.ToLower(s.pick(s.first[1], "email", text.Fold(source))), s.number("email", text.Fold(source))%90+10)
	case finding.Phone:
		return phone(source, s.number("phone", digitsOf(source)))
	}
	return ""
}

func (s *Surrogates) person(f finding.Finding, source string, who finding.Participant) string {
	id, first, last := f.Person, who.First, who.Last
	if id == "" {
		id, first = f.Key, f.Key
	}
	if id == "" {
		return ""
	}
	given := s.pick(s.first[lengthClass(first)], "first", id)
	family := s.pick(s.last[lengthClass(last)], "last", id)
	if given == "" || family == "" {
		return ""
	}
	var words []string
	letters := true
	for _, t := range text.Tokenize(source) {
		if t.Shape.Word() {
			words = append(words, t.Norm)
			letters = letters && len(t.Norm) == 1
		}
	}
	isLast := func(w string) bool {
		for _, t := range text.Tokenize(last) {
			if t.Norm == w && t.Shape.Word() {
				return true
			}
		}
		return false
	}
	var name string
	switch {
	case len(words) == 0:
		return ""
	case letters && len(words) > 1:
		return spellLike(source, given)
	case letters:
		name = given[:1]
	case len(words) == 1 && isLast(words[0]):
		name = family
	case len(words) == 1 || last == "" || !isLast(words[len(words)-1]) && !isLast(words[0]):
		name = given
	case isLast(words[0]):
		name = family + ", " + given
		if !strings.Contains(source, ",") {
			name = family + " " + given
		}
	default:
		name = given + " " + family
	}
	return caseLike(source, name)
}

// pick takes a name from list by the seed, passing over those that are taken;
// "" when all are.
func (s *Surrogates) pick(list []string, purpose, id string) string {
	start := s.number(purpose, id)
	for i := range list {
		name := list[(start+uint64(i))%uint64(len(list))]
		if norm := text.Fold(name); norm != text.Fold(id) && !s.taken(norm) {
			return name
		}
	}
	return ""
}

func (s *Surrogates) number(purpose, id string) uint64 {
	mac := hmac.New(sha256.New, s.seed)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write([]byte(id))
	return binary.BigEndian.Uint64(mac.Sum(nil)) >> 1
}

// caseLike writes name in the case of source.
func caseLike(source, name string) string {
	upper, lower := 0, 0
	for _, r := range source {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	switch {
	case upper == 0:
		return strings.ToLower(name)
	case lower == 0 && upper > 1:
		return strings.ToUpper(name)
	}
	return name
}

// spellLike spells name with the separators of source ("A-N-A", "a n a").
func spellLike(source, name string) string {
	by := " "
	for _, sep := range []string{"-", ". ", ", "} {
		if strings.Contains(source, sep) {
			by = sep
			break
		}
	}
	return caseLike(source, strings.Join(strings.Split(name, ""), by))
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// phone keeps the form of a ten-digit number (with or without country code 1)
// and writes a fictional one. Other numbers keep their label.
func phone(source string, n uint64) string {
	digits := len(digitsOf(source))
	if digits != 10 && digits != 11 {
		return ""
	}
	fresh := fmt.Sprintf("%d55501%02d", 200+n%800, n/1000%100)
	var b strings.Builder
	skip := digits - 10
	for _, r := range source {
		switch {
		case !unicode.IsDigit(r):
			b.WriteRune(r)
		case skip > 0:
			b.WriteRune(r)
			skip--
		default:
			b.WriteByte(fresh[0])
			fresh = fresh[1:]
		}
	}
	return b.String()
}
