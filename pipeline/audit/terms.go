package audit

import (
	_ "embed"
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/pipeline/session"

	"golang.org/x/text/unicode/norm"
)

// Kind is what was left in the bundle.
type Kind string

const (
	FullName  Kind = "full name"
	Name      Kind = "name"
	Email     Kind = "email"
	UserID    Kind = "user id"
	Handle    Kind = "handle"
	MeetingID Kind = "meeting id"
	SessionID Kind = "session id"
	FileName  Kind = "original file name"
)

// Terms are what may not stand in a bundle: everything by which the source
// names a person. They are kept as hashes of 64 bits, so that the terms of
// hundreds of thousands of people fit in tens of megabytes; a chance collision
// stops a run, it never hides a leak. Add everything first, then scan; scanning
// is safe for concurrent use.
type Terms struct {
	seed maphash.Seed
	// exact holds lower-cased strings without blanks.
	exact map[uint64]Kind
	// names holds single folded name words.
	names map[uint64]bool
	// phrases holds names of two and more words, by their folded words joined
	// with a blank; longest is their greatest number of words.
	phrases map[uint64]bool
	longest int
	// everyday holds folded words that are ordinary or curricular.
	everyday map[string]bool
	// described holds folded words by which the study describes itself.
	described map[string]bool
}

//go:embed everyday.txt
var everydayWords string

//go:embed curricular.txt
var curricularWords string

//go:embed spoken.txt
var spokenWords string

// NewTerms returns an empty set that knows the ordinary words of English
// (SCOWL sizes 10 to 35), a list of curricular names, and what people say that
// no dictionary of written English has (ish, hmm).
func NewTerms() *Terms {
	t := &Terms{
		seed: maphash.MakeSeed(), exact: map[uint64]Kind{}, names: map[uint64]bool{},
		phrases: map[uint64]bool{}, everyday: make(map[string]bool, 40_000), described: map[string]bool{},
	}
	for _, list := range []string{everydayWords, curricularWords, spokenWords} {
		for _, w := range strings.Fields(list) {
			t.everyday[fold(w)] = true
		}
	}
	return t
}

// Names returns an empty set for the names of one session's people, to be
// compared with t.
func (t *Terms) Names() *Terms {
	return &Terms{seed: t.seed, exact: map[uint64]Kind{}, names: map[uint64]bool{}, phrases: map[uint64]bool{}}
}

// Len is how many names and identifiers are looked for.
func (t *Terms) Len() int { return len(t.exact) + len(t.names) + len(t.phrases) }

// AddUser adds a person of the source.
func (t *Terms) AddUser(u session.User) {
	t.addExact(u.ID, UserID)
	t.addExact(u.Email, Email)
	for _, h := range u.Handles {
		t.addExact(strings.TrimPrefix(h, "@"), Handle)
	}
	givens := append([]string{u.First, u.Preferred}, u.OtherNames...)
	for _, g := range givens {
		t.AddName(g)
		t.AddName(g + " " + u.Last)
		t.AddName(u.Last + " " + g)
	}
	t.AddName(u.Last)
}

// AddName adds a name of one or more words.
func (t *Terms) AddName(name string) {
	words := words(name)
	folded := make([]string, 0, len(words))
	for _, w := range words {
		folded = append(folded, fold(name[w.start:w.end]))
	}
	for _, w := range folded {
		if utf8.RuneCountInString(w) > 1 {
			t.names[t.hash(w)] = true
		}
	}
	if len(folded) > 1 {
		t.phrases[t.hash(strings.Join(folded, " "))] = true
		t.longest = max(t.longest, len(folded))
	}
}

// AddDisplay adds a name as shown in Zoom. A single word of it may be a device
// or a pronoun, so only the whole is a name.
func (t *Terms) AddDisplay(name string) {
	folded := []string{}
	for _, w := range words(name) {
		folded = append(folded, fold(name[w.start:w.end]))
	}
	if len(folded) > 1 {
		t.phrases[t.hash(strings.Join(folded, " "))] = true
		t.longest = max(t.longest, len(folded))
	}
}

// AddDescription adds what the study says of itself: its title, its programs,
// the software's version. Where a bundle describes itself, these words are not
// somebody's name, even if somebody is called so.
func (t *Terms) AddDescription(text string) {
	for _, w := range words(text) {
		t.described[fold(text[w.start:w.end])] = true
	}
}

// AddMeeting adds a Zoom meeting id.
func (t *Terms) AddMeeting(id string) {
	if digits := onlyDigits(id); len(digits) >= 9 {
		t.exact[t.hash(digits)] = MeetingID
	}
}

// AddSession adds the platform's own id of a session.
func (t *Terms) AddSession(id string) { t.addExact(id, SessionID) }

// AddFile adds a recording's file name. Zoom's generic names (chat.txt,
// audio_only.m4a) say nothing about anybody.
func (t *Terms) AddFile(name string) {
	if strings.ContainsFunc(name, unicode.IsDigit) {
		t.addExact(name, FileName)
	}
}

func (t *Terms) addExact(s string, kind Kind) {
	if s = strings.ToLower(strings.TrimSpace(s)); s != "" {
		t.exact[t.hash(s)] = kind
	}
}

// Everyday reports whether a name is also an ordinary or curricular word.
func (t *Terms) Everyday(name string) bool { return t.everyday[fold(name)] }

func (t *Terms) hash(s string) uint64 { return maphash.String(t.seed, s) }

// span is a half-open byte range.
type span struct{ start, end int }

// words are the runs of letters and inner apostrophes of s. A hyphen parts
// words, so that a double name is found by either half.
func words(s string) []span {
	var out []span
	start := -1
	for i, r := range s {
		inner := start >= 0 && (r == '\'' || r == '’') && nextIsLetter(s[i+utf8.RuneLen(r):])
		if unicode.IsLetter(r) || unicode.Is(unicode.M, r) || inner {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, span{start, i})
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, span{start, len(s)})
	}
	return out
}

func nextIsLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// fold is the form in which the audit compares words: lower case, no marks, no
// apostrophes, and no possessive s.
func fold(w string) string {
	lower := strings.ToLower(w)
	for _, possessive := range []string{"'s", "’s"} {
		lower = strings.TrimSuffix(lower, possessive)
	}
	plain := true
	for i := 0; i < len(lower); i++ {
		if lower[i] < 'a' || lower[i] > 'z' {
			plain = false
			break
		}
	}
	if plain {
		return lower
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(lower) {
		if unicode.IsLetter(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
