package roster

import (
	"slices"
	"strings"
	"unicode"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// part says which of a person's names a form was made of.
type part uint8

const (
	first part = 1 << iota // also preferred names and what they go by
	last
	other
	whole // several at once
)

// way says how a form was made.
type way uint8

const (
	exact way = iota
	nickname
	elongated
	shortened
	misspelled
	misheard
	apart // split into words
)

var wayNames = [...]string{"exact", "nickname", "elongated", "short", "misspelled", "misheard", "split"}

var wayWhys = [...]string{
	"the name of somebody in the session", "a familiar form of the name of somebody in the session",
	"the name of somebody in the session, drawn out", "short for the name of somebody in the session",
	"nearly the name of somebody in the session", "sounds like the name of somebody in the session",
	"the name of somebody in the session, in pieces",
}

// hit is what one word may be.
type hit struct {
	person int
	part   part
	way    way
	// odds are the log-odds that this word means that person, before looking
	// at its place and at how everyday a word it is.
	odds float64
}

// word is everything known about a distinct word of the conversation.
type word struct {
	norm   string
	common float64 // how everyday it is, 0 to 1
	hits   []hit
	// grows says that a joined form begins with this word.
	grows   bool
	blocked bool // grammar of English; nothing but exact names is read into it
	opener  bool // a name may stand after it
	sounded bool // heard was filled
	heard   []hit
	read    []sound
}

// person is one participant, or somebody known from a label only.
type person struct {
	id     string // "" when not in the roster
	key    string
	names  []name // first, preferred, last ...
	firsts string // initials of first names
	lasts  string
}

type name struct {
	norm   string // folded, without blanks, hyphens
	part   part
	sounds []sound
	common float64
	bits   uint32
}

// index finds people of one conversation. It is used by one goroutine.
type index struct {
	lexicon Lexicon
	people  []person
	byID    map[string]int
	forms   map[string][]hit
	starts  map[string]bool // beginnings of forms made of several words
	memo    map[string]*word
	runs    map[string][]hit // what runs of words sound like
	letters [26]int          // how often each stands alone
	loose   bool             // words that only sound or look alike are considered
}

func newIndex(lexicon Lexicon) *index {
	return &index{lexicon: lexicon, byID: map[string]int{}, forms: map[string][]hit{}, starts: map[string]bool{}, memo: map[string]*word{}, runs: map[string][]hit{}, loose: true}
}

// addPeople enters the roster.
func (x *index) addPeople(people []finding.Participant) {
	for _, p := range people {
		n := len(x.people)
		x.people = append(x.people, person{id: p.ID})
		if p.ID != "" {
			x.byID[p.ID] = n
		}
		x.addName(n, first, p.First)
		x.addName(n, first, p.Preferred)
		x.addName(n, last, p.Last)
		for _, o := range p.Other {
			x.addLabel(n, o)
		}
	}
}

// addName enters one name and the shapes that can be listed beforehand.
func (x *index) addName(person int, part part, s string) {
	words := nameWords(s)
	if len(words) == 0 {
		return
	}
	joined := strings.Join(words, "")
	x.enter(person, part, joined, words)
	for _, w := range words {
		if len(words) > 1 && len(w) > 1 && !particles[w] {
			x.enter(person, part, w, []string{w})
		}
	}
}

func (x *index) enter(person int, part part, joined string, words []string) {
	p := &x.people[person]
	if slices.ContainsFunc(p.names, func(n name) bool { return n.norm == joined && n.part == part }) {
		return
	}
	odds := 5.5
	if part == last {
		odds = 5
	}
	if part == other {
		odds = 4
	}
	x.addForm(joined, words, hit{person, part, exact, odds})
	n := name{norm: joined, part: part, common: x.lexicon.Word(joined), bits: bits(joined)}
	if len([]rune(joined)) > 1 {
		n.sounds = unique(append(slices.Clone(respelled[joined]), read(joined, worldly)...))
		n.sounds = unique(append(n.sounds, read(joined, english)...))
	}
	p.names = append(p.names, n)
	if part&first != 0 {
		p.firsts += joined[:1]
		for _, form := range familiar[joined] {
			x.addForm(form, []string{form}, hit{person, first, nickname, 4})
		}
	}
	if part == last {
		p.lasts += joined[:1]
	}
}

func (x *index) addForm(joined string, words []string, h hit) {
	x.forms[joined] = append(x.forms[joined], h)
	at := 0
	for _, w := range words[:len(words)-1] {
		at += len(w)
		x.starts[joined[:at]] = true
	}
	if h.way == exact {
		// Speech recognition splits where no word ends.
		for i := 1; i < len(joined); i++ {
			x.starts[joined[:i]] = true
		}
	}
}

// addLabel enters what the words of a display name tell ("quino's ipad",
// "Tutor Beck | Schoolhouse", "ximep").
func (x *index) addLabel(person int, s string) {
	for _, w := range labelWords(s) {
		if !x.knows(person, w) {
			x.enter(person, other, w, []string{w})
		}
	}
}

func (x *index) knows(person int, w string) bool {
	return slices.ContainsFunc(x.people[person].names, func(n name) bool { return n.norm == w })
}

// nameWords cuts a name into folded words; a single letter is no name.
func nameWords(s string) []string {
	var out []string
	for _, t := range text.Tokenize(s) {
		if t.Shape.Word() && t.Norm != "" {
			out = append(out, t.Norm)
		}
	}
	for len(out) > 1 && len(out[len(out)-1]) == 1 {
		out = out[:len(out)-1] // a middle initial
	}
	if len(out) == 1 && len([]rune(out[0])) < 2 {
		return nil
	}
	return out
}

// particles are parts of names that name nobody alone.
var particles = set(`de del la las los da do dos das di du van von der den el al bin ibn ben bint abu abd mac mc st san santa y e le ter ten o ap`)

// labelWords are the words of a display name that may be names.
func labelWords(s string) []string {
	var out []string
	for _, t := range text.Tokenize(s) {
		if !t.Shape.Word() {
			continue
		}
		w := t.Norm
		if base, cut := possessed(s, t); cut > 0 {
			w = base
		}
		if len(w) >= 2 && !devices[w] && !never[w] && !particles[w] {
			out = append(out, w)
		}
	}
	return out
}

var devices = set(`ipad iphone ipod phone pc mac macbook laptop chromebook galaxy samsung android pixel tablet computer desktop device
zoom user guest host cohost tutor teacher learner student schoolhouse admin mom moms dad dads parent mother father mum family home room
school class period he him his she her hers they them theirs pronouns meeting participant owner unknown speaker the sat math bootcamp`)

// possessed returns the word without its clitic ('s, 'll, 'd, 've, 're, 'm)
// and how many bytes that takes off its end.
func possessed(s string, t text.Token) (string, int) {
	raw := s[t.Start:t.End]
	for n := 1; n <= 2 && n < len(raw); n++ {
		tail := raw[:len(raw)-n]
		for _, mark := range [...]string{"'", "’", "`", "ʻ"} {
			if !strings.HasSuffix(tail, mark) || len(tail) == len(mark) {
				continue
			}
			switch strings.ToLower(raw[len(raw)-n:]) {
			case "s", "ll", "d", "ve", "re", "m":
				return text.Fold(tail), n + len(mark)
			}
		}
	}
	return t.Norm, 0
}

func bits(s string) (b uint32) {
	for i := range len(s) {
		if c := s[i]; 'a' <= c && c <= 'z' {
			b |= 1 << (c - 'a')
		}
	}
	return b
}

// word returns what is known of a folded word.
func (x *index) word(norm string) *word {
	if w, ok := x.memo[norm]; ok {
		return w
	}
	w := &word{norm: norm, blocked: never[norm], opener: openers[norm] || calling[norm], grows: x.starts[norm]}
	x.memo[norm] = w
	if r := []rune(norm); len(r) == 0 || !unicode.IsLetter(r[0]) {
		w.blocked = true
		return w
	}
	w.common = x.lexicon.Word(norm)
	if never[norm] {
		w.common = 1
	}
	if capitalised[norm] {
		w.common = max(w.common, 0.9)
	}
	for _, h := range x.forms[norm] {
		if w.blocked && h.way != exact {
			continue
		}
		w.hits = append(w.hits, h)
	}
	if !w.blocked {
		w.hits = append(w.hits, x.shapes(norm, w.common)...)
	}
	w.hits = strongest(w.hits)
	return w
}

// shapes are the drawn-out, shortened and misspelled forms.
func (x *index) shapes(norm string, common float64) []hit {
	var out []hit
	plain, drawn := squeeze(norm)
	mask := bits(norm)
	for i, p := range x.people {
		for _, n := range p.names {
			if n.norm == norm {
				continue
			}
			if drawn {
				if flat, _ := squeeze(n.norm); flat == plain {
					out = append(out, hit{i, n.part, elongated, 4})
					continue
				}
				if q := x.forms[plain]; q != nil {
					out = append(out, hit{q[0].person, q[0].part, elongated, min(q[0].odds, 3)})
				}
			}
			if !x.loose {
				continue
			}
			if n.part&(first|other) != 0 {
				if q := short(norm, n.norm); q > 0 && common < 0.9 {
					out = append(out, hit{i, n.part, shortened, shortOdds(q)})
				}
			}
			if len(norm) >= 4 && len(n.norm) >= 4 && count(mask^n.bits) <= 2 && typo(norm, n.norm) {
				odds := -0.8
				if len(n.norm) >= 6 {
					odds = 1.2
				}
				if norm[0] != n.norm[0] {
					odds -= 1.5
				}
				odds -= 2.5 * x.lexicon.Name(norm)
				if common < 0.05 {
					odds += 0.8
				}
				if len(norm) >= 5 && common < 0.05 && x.lexicon.Name(norm) < 0.1 {
					// No word and no other name: a slip of the fingers.
					odds = max(odds, 1)
					if len(norm) == len(n.norm) && bits(norm) == n.bits {
						odds = 2.2 // letters changed places
					}
				}
				out = append(out, hit{i, n.part, misspelled, odds})
			}
		}
	}
	return out
}

func shortOdds(q float64) float64 {
	if q < 0.1 {
		return -5 // two letters: only where nothing else can be meant
	}
	return 6*q - 4
}

func count(b uint32) (n int) {
	for ; b != 0; b &= b - 1 {
		n++
	}
	return n
}

// strongest keeps the best way for each person.
func strongest(hits []hit) []hit {
	slices.SortStableFunc(hits, func(a, b hit) int {
		switch {
		case a.odds > b.odds:
			return -1
		case a.odds < b.odds:
			return 1
		}
		return a.person - b.person
	})
	var out []hit
	for _, h := range hits {
		if i := slices.IndexFunc(out, func(o hit) bool { return o.person == h.person }); i >= 0 {
			out[i].part |= h.part
			continue
		}
		out = append(out, h)
	}
	return out
}

// squeeze writes repeated letters once and reports whether some letter stands
// three times in a row, or twice at the end.
func squeeze(s string) (string, bool) {
	var b strings.Builder
	run, drawn := 0, false
	var last rune
	for _, r := range s {
		if r == last {
			run++
			drawn = drawn || run >= 3
			continue
		}
		b.WriteRune(r)
		last, run = r, 1
	}
	return b.String(), drawn || run >= 2
}

// typo reports whether a and b differ by one letter put in, left out, changed
// or swapped with its neighbour.
func typo(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) > len(b) {
		return a[i+1:] == b[i:]
	}
	if i == len(b) {
		return false
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(b) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// sounds are the people whose names sound like w.
func (x *index) sounds(w *word) []hit {
	if w.sounded {
		return w.heard
	}
	w.sounded = true
	if plain, _ := squeeze(w.norm); w.blocked || len(w.norm) < 3 || babble(w.norm) || never[plain] {
		return nil
	}
	w.read = read(w.norm, english)
	w.heard = x.alike(w.read, w.norm)
	return w.heard
}

// babble reports whether w is what speech recognition makes of a filler word
// ("okayz", "oky", "yeahan").
func babble(w string) bool {
	for _, f := range fillers {
		if typo(w, f) || len(f) >= 4 && strings.HasPrefix(w, f) {
			return true
		}
	}
	return false
}

var fillers = strings.Fields("okay yeah yes yep because cause right alright great good well thanks thank hello sorry maybe wait like just what that this there then them they when where with have here so no oh um uh hmm aha")

// alike compares sounds with every name.
func (x *index) alike(read []sound, norm string) []hit {
	var out []hit
	for i, p := range x.people {
		for _, n := range p.names {
			if n.norm == norm {
				continue
			}
			d := 1.0
			for _, a := range n.sounds {
				for _, b := range read {
					// Every sound too many costs at least half.
					if float64(gap(len(a), len(b)))*0.5 > far*float64(max(len(a), len(b))) {
						continue
					}
					if d = min(d, distance(a, b)); d == 0 {
						break
					}
				}
			}
			if d <= far {
				odds := 1.2 - 11*d
				if len(norm) < 4 && d > 0 {
					odds -= 1
				}
				if n.part == last || n.part == other {
					odds -= 0.7
				}
				out = append(out, hit{i, n.part, misheard, odds})
			}
		}
	}
	return strongest(out)
}

func gap(a, b int) int { return max(a-b, b-a) }
