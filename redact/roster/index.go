package roster

import (
	bitcount "math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/roster/called"
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
	norm string
	in   lists
	// everyday and name are what the lexicon says, negative until asked.
	everyday, name float64
	hits           []hit
	// grows says that a joined form begins with this word.
	grows   bool
	blocked bool // grammar of English; nothing but exact names is read into it
	opener  bool // a name may stand after it
	sounded bool // heard was filled
	heard   []hit
	// single is the name that this is the plural of, nil without one.
	single *word
	// owner is the word without a clitic of one or two letters, nil until asked.
	owner [2]*word
}

// person is one participant, or somebody known from a label only.
type person struct {
	id     string // "" when not in the roster
	key    string
	names  []name // first, preferred, last ...
	firsts string // initials of first names
	// familiar are initials of what people of that name are called.
	familiar string
	lasts    string
	// halves are the initials of first names of several parts: Mei-Lin is ML.
	halves []string
}

type name struct {
	norm   string // folded, without blanks, hyphens
	part   part
	sounds []sound // nil until read
	bits   uint32
	gist   gist
}

// index finds people of one conversation. It is used by one goroutine.
type index struct {
	lexicon Lexicon
	people  []person
	byID    map[string]int
	forms   map[string][]hit
	starts  map[string]bool  // beginnings of forms made of several words
	words   []*word          // words of the conversation by their number
	memo    map[string]*word // others by their norm
	numbers *text.Vocabulary
	store   []word
	lists   listing
	called  *called.Reader     // nil when nothing but sure forms is looked for
	runs    map[[3]int32][]hit // what runs of words sound like
	letters [26]int            // how often each stands alone
	loose   bool               // words that only sound or look alike are considered
	costs   []costs            // reused from word to word
	begins  [256]bool          // forms begin with this byte
	stirs   []stir             // by the number of the word
}

func newIndex(lexicon Lexicon, c *finding.Conversation, lists listing) *index {
	return &index{lexicon: lexicon, stirs: make([]stir, c.Vocabulary.Len()), numbers: c.Vocabulary, words: make([]*word, c.Vocabulary.Len()), lists: lists, byID: map[string]int{}, forms: map[string][]hit{}, starts: map[string]bool{}, memo: map[string]*word{}, runs: map[[3]int32][]hit{}, loose: true}
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
		// The So of So-yeon is nobody's name: it is said all the time.
		if len(words) > 1 && len(w) > 1 && !particles[w] && !(never[w] && part&first != 0) {
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
	n := name{norm: joined, part: part, bits: bits(joined)}
	p.names = append(p.names, n)
	if part&first != 0 {
		p.firsts += joined[:1]
		if len(words) == 2 {
			p.halves = append(p.halves, words[0][:1]+words[1][:1])
		}
		for _, form := range familiar[joined] {
			x.addForm(form, []string{form}, hit{person, first, nickname, 4})
			p.familiar += form[:1]
		}
	}
	if part == last {
		p.lasts += joined[:1]
	}
}

func (x *index) addForm(joined string, words []string, h hit) {
	x.forms[joined] = append(x.forms[joined], h)
	x.begins[joined[0]] = true
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
	n, size := clitic(s, &t)
	return t.Norm[:len(t.Norm)-n], size
}

// clitic gives how many letters the clitic of a token has, 0 without one, and
// how many bytes it takes off the end with its apostrophe. Before it there is a
// letter at least.
func clitic(s string, t *text.Token) (letters, size int) {
	raw := s[t.Start:t.End]
	for n := 1; n <= 2 && n < min(len(raw), len(t.Norm)); n++ {
		tail := raw[:len(raw)-n]
		for _, mark := range [...]string{"'", "’", "`", "ʻ"} {
			if !strings.HasSuffix(tail, mark) || len(tail) == len(mark) {
				continue
			}
			switch strings.ToLower(raw[len(raw)-n:]) {
			case "s", "ll", "d", "ve", "re", "m":
				return n, n + len(mark)
			}
		}
	}
	return 0, 0
}

func bits(s string) (b uint32) {
	for i := range len(s) {
		if c := s[i]; 'a' <= c && c <= 'z' {
			b |= 1 << (c - 'a')
		}
	}
	return b
}

// of returns what is known of a token's word.
func (x *index) of(t *text.Token) *word {
	w := x.words[t.Word]
	if w == nil {
		w = x.newWord(t.Norm, x.lists.of(t))
		x.words[t.Word] = w
		x.fill(w)
	}
	return w
}

// stir is whether a word may be a name at all, 0 when not asked yet.
type stir uint8

const (
	stirs stir = 1 + iota
	rests
)

// rest reports whether a token can be no part of a name, when words that only
// sound or look alike are not considered: most words are told by it.
func (x *index) rest(t *text.Token) bool {
	if len(t.Norm) == 1 || t.End-t.Start > len(t.Norm) {
		return false
	}
	if x.stirs[t.Word] == 0 {
		x.stirs[t.Word] = rests
		if n := len(t.Norm); x.begins[t.Norm[0]] && (x.starts[t.Norm] || len(x.forms[t.Norm]) > 0 || t.Norm[n-1] == 's' && len(x.forms[t.Norm[:n-1]]) > 0) || drawn(t.Norm) {
			x.stirs[t.Word] = stirs
		}
	}
	return x.stirs[t.Word] == rests
}

// word returns what is known of a folded word.
func (x *index) word(norm string) *word {
	if n := x.numbers.Find(norm); n > 0 {
		return x.of(&text.Token{Norm: norm, Word: n})
	}
	w, ok := x.memo[norm]
	if !ok {
		w = x.newWord(norm, listed[norm])
		x.memo[norm] = w
		x.fill(w)
	}
	return w
}

// owner returns the word without a clitic of n letters.
func (x *index) owner(w *word, n int) *word {
	if w.owner[n-1] == nil {
		w.owner[n-1] = x.word(w.norm[:len(w.norm)-n])
	}
	return w.owner[n-1]
}

// common is how everyday a word is, 0 to 1.
func (x *index) common(w *word) float64 {
	if w.everyday >= 0 {
		return w.everyday
	}
	w.everyday = x.lexicon.Word(w.norm)
	if w.blocked {
		w.everyday = 1
	}
	if w.in.has(inCapitalised) {
		w.everyday = max(w.everyday, 0.9)
	}
	return w.everyday
}

// name is how much a word is a name in general, 0 to 1.
func (x *index) name(w *word) float64 {
	if w.name < 0 {
		w.name = x.lexicon.Name(w.norm)
	}
	return w.name
}

// newWord makes room for a word.
func (x *index) newWord(norm string, in lists) *word {
	if len(x.store) == cap(x.store) {
		x.store = make([]word, 0, 128) // words point into the full one
	}
	x.store = append(x.store, word{norm: norm, in: in, everyday: -1, name: -1})
	return &x.store[len(x.store)-1]
}

// fill finds out what a word may be.
func (x *index) fill(w *word) {
	norm, first := w.norm, byte(0)
	if norm != "" {
		first = norm[0]
	}
	w.blocked, w.opener, w.grows = w.in.has(inNever), w.in.has(inOpeners|inCalling), x.begins[first] && x.starts[norm]
	if r, _ := utf8.DecodeRuneInString(norm); norm == "" || !unicode.IsLetter(r) {
		w.blocked, w.everyday = true, 0
		return
	}
	if x.begins[first] {
		for _, h := range x.forms[norm] {
			if !w.blocked || h.way == exact {
				w.hits = append(w.hits, h)
			}
		}
	}
	if !w.blocked {
		w.hits = append(w.hits, x.shapes(w)...)
	}
	w.hits = strongest(w.hits)
	if n := len(norm); len(w.hits) == 0 && !w.blocked && n > 3 && norm[n-1] == 's' && x.begins[first] && len(x.forms[norm[:n-1]]) > 0 && x.common(w) < 0.3 {
		if base := x.word(norm[:n-1]); len(base.hits) > 0 && base.hits[0].way <= nickname && (x.common(base) < 0.5 || x.common(w) < 0.02 && base.hits[0].way == exact) {
			w.single = base
		}
	}
}

// shapes are the drawn-out, shortened and misspelled forms.
func (x *index) shapes(w *word) []hit {
	var out []hit
	norm, drawn, plain := w.norm, drawn(w.norm), ""
	if drawn {
		plain = squeeze(norm)
	} else if !x.loose {
		return nil
	}
	mask := bits(norm)
	for i := range x.people {
		p := &x.people[i]
		if x.loose && len(norm) > 4 && (handleOf(norm, *p) || initialled(norm, p)) && !x.knows(i, norm) && x.common(w) < 0.05 {
			out = append(out, hit{i, first, nickname, 4}) // "irismandel", "smpaik"
		}
		for k := range p.names {
			n := &p.names[k]
			if n.norm == norm {
				continue
			}
			if drawn {
				if squeeze(n.norm) == plain {
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
				// Short forms begin, or end, as the name does: most words are told by that.
				q := 0.0
				if norm[0] == n.norm[0] || norm[len(norm)-1] == n.norm[len(n.norm)-1] {
					q = short(norm, n.norm)
				}
				if q > 0 && x.common(w) < 0.9 {
					odds := shortOdds(q)
					if q >= 0.5 && x.common(w) < 0.02 && x.name(w) < 0.2 {
						odds = max(odds, 0.8) // no word and no other name
					}
					out = append(out, hit{i, n.part, shortened, odds})
				}
			}
			if scrambled(norm, n.norm) && x.common(w) < 0.05 && x.name(w) < 0.2 {
				// Letters changed places: a slip of the fingers.
				out = append(out, hit{i, n.part, misspelled, min(2.2, 0.4*float64(len(norm))+0.6)})
				continue
			}
			if len(norm) >= 4 && len(n.norm) >= 4 && bitcount.OnesCount32(mask^n.bits) <= 2 && typo(norm, n.norm) {
				odds := -0.8
				if len(n.norm) >= 6 {
					odds = 1.2
				}
				if norm[0] != n.norm[0] {
					odds -= 1.5
				}
				odds -= 2.5 * x.name(w)
				if x.common(w) < 0.05 {
					odds += 0.8
				}
				if len(norm) >= 5 && x.common(w) < 0.05 && x.name(w) < 0.1 {
					// No word and no other name: a slip of the fingers.
					odds = max(odds, 1)
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

// squeeze writes repeated letters once.
func squeeze(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
			last = r
		}
	}
	return b.String()
}

// drawn reports whether some letter stands three times in a row, or twice at
// the end.
func drawn(s string) bool {
	run, drawn := 0, false
	var last rune
	for _, r := range s {
		if r == last {
			run++
			drawn = drawn || run >= 3
			continue
		}
		last, run = r, 1
	}
	return drawn || run >= 2
}

// scrambled reports whether two words of three letters or more are made of the
// same letters, and the first are in their place or changed places.
func scrambled(a, b string) bool {
	if len(a) != len(b) || len(a) < 3 || a == b || a[0] != b[0] && (a[0] != b[1] || a[1] != b[0]) {
		return false
	}
	var count [256]int8
	for i := range len(a) {
		count[a[i]]++
		count[b[i]]--
	}
	return count == [256]int8{}
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
	if w.blocked || len(w.norm) < 3 || babble(w.norm) || never[squeeze(w.norm)] {
		return nil
	}
	w.heard = x.alike(read(w.norm, english), w.norm)
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

// read gives the sounds of a name, the first time it is asked.
func (n *name) read() []sound {
	if n.sounds == nil && utf8.RuneCountInString(n.norm) > 1 {
		n.sounds = unique(append(slices.Clone(respelled[n.norm]), read(n.norm, worldly)...))
		n.sounds = unique(append(n.sounds, read(n.norm, english)...))
	}
	return n.sounds
}

// alike compares sounds with every name.
func (x *index) alike(read []sound, norm string) []hit {
	for len(x.costs) < len(read) {
		x.costs = append(x.costs, costs{})
	}
	for i, s := range read {
		x.costs[i].fill(s)
	}
	var out []hit
	for i := range x.people {
		p := &x.people[i]
		for k := range p.names {
			n := &p.names[k]
			if n.norm == norm {
				continue
			}
			d := 1.0
			for _, a := range n.read() {
				for k, b := range read {
					// Every sound too many costs at least half.
					if float64(gap(len(a), len(b)))*0.5 > far*float64(max(len(a), len(b))) || x.costs[k].exceed(a, b, min(d, far)) {
						continue
					}
					if d = min(d, distance(a, b, min(d, far))); d == 0 {
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
