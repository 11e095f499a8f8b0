// Package roster finds the people who are known to be in a session, in all the
// shapes their names are said and written: first, last and preferred names in
// any order, initials, familiar forms, lower case, drawn out, misspelled,
// without accents, split or misheard by speech recognition, and spelled out.
//
// Names that are also words (Will, Grace, Mark) are told apart by where they
// stand in the sentence.
package roster

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/roster/called"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Lexicon tells how a folded word is used in general.
type Lexicon interface {
	// Word is how everyday a word it is, 0 (never) to 1 (will, may, art).
	Word(norm string) float64
	// Name is how much it is a person's name, 0 to 1.
	Name(norm string) float64
}

// Towns is a Lexicon that knows places too.
type Towns interface {
	// Place is how well known a town or region of this folded name is, 0 to 1.
	Place(norm string) float64
}

// Options say how a roster recognizer works.
type Options struct {
	// Lexicon, when nil, knows only the grammar of English.
	Lexicon Lexicon
}

// New returns the recognizer of people in the roster and of names that are
// spelled out. It is safe for concurrent use.
func New(o Options) finding.Recognizer {
	if o.Lexicon == nil {
		o.Lexicon = grammar{}
	}
	return recognizer{o.Lexicon}
}

// grammar is the Lexicon of last resort.
type grammar struct{}

func (grammar) Word(norm string) float64 {
	if never[norm] {
		return 1
	}
	return 0
}

func (grammar) Name(string) float64 { return 0 }

type recognizer struct{ lexicon Lexicon }

func (recognizer) Name() string { return "roster" }

func (r recognizer) Find(ctx context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	c = c.Cut()
	x := newIndex(r.lexicon, c, newListing(c))
	x.addPeople(c.People)
	x.addSpeakers(c)
	x.countLetters(c)
	x.called = called.NewReader(called.Default(), c)
	out := spelled(c, x)
	if len(x.people) == 0 {
		return out, nil
	}
	out = append(out, literal(c)...)
	g := x.garbles(c)
	for i := range c.Lines {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		mentions := x.mentions(&c.Lines[i])
		g.name(i, mentions)
		out = append(out, x.decide(c, i, mentions)...)
	}
	out = x.lettered(c, out)
	out = x.broken(c, out)
	out = x.usernames(c, out)
	out = x.captioned(c, out)
	garbled := g.find()
	// Where less of the same words is surer, more of them was a guess.
	out = slices.DeleteFunc(out, func(f finding.Candidate) bool {
		return f.Recognizer == "roster/misheard" && slices.ContainsFunc(garbled, func(o finding.Candidate) bool {
			return o.Line == f.Line && o.Person == f.Person && f.Start <= o.Start && o.End <= f.End && o.End-o.Start < f.End-f.Start && o.Score > f.Score
		})
	})
	return append(out, garbled...), nil
}

func (x *index) town(norm string) float64 {
	if t, ok := x.lexicon.(Towns); ok {
		return t.Place(norm)
	}
	return 0
}

// addSpeakers enters what the platform printed as speakers. A label whose
// words all belong to one known person adds nothing.
func (x *index) addSpeakers(c *finding.Conversation) {
	type label struct{ speaker, name string }
	seen := map[label]bool{}
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.SpeakerName == "" || seen[label{l.Speaker, l.SpeakerName}] {
			continue
		}
		seen[label{l.Speaker, l.SpeakerName}] = true
		if p, ok := x.byID[l.Speaker]; ok && l.Speaker != "" {
			x.addLabel(p, l.SpeakerName)
			continue
		}
		var strange []string
	next:
		for _, w := range labelWords(l.SpeakerName) {
			for _, h := range x.forms[w] {
				if h.way == exact || h.way == nickname {
					continue next
				}
			}
			for _, p := range x.people {
				for _, n := range p.names {
					if short(w, n.norm) >= 0.6 || handleOf(w, p) {
						continue next
					}
				}
			}
			if x.lexicon.Word(w) < 0.5 {
				strange = append(strange, w)
			}
		}
		for _, w := range strange {
			x.people = append(x.people, person{key: w})
			x.enter(len(x.people)-1, other, w, []string{w})
		}
	}
}

// countLetters counts letters that stand alone: where B is a point on a graph
// it is nobody's initial.
func (x *index) countLetters(c *finding.Conversation) {
	for i := range c.Lines {
		tokens := c.Lines[i].Tokens
		for k := range tokens {
			t := &tokens[k]
			if len(t.Norm) == 1 && letter(*t) && !shorthand(tokens, k) && !thanksBefore(tokens, k) && !(k > 0 && letter(tokens[k-1])) && !(k+1 < len(tokens) && letter(tokens[k+1])) {
				x.letters[t.Norm[0]-'a']++
			}
		}
	}
}

// shorthand reports whether letter k stands for a word of a message ("r u"), or
// behind praise.
func shorthand(t []text.Token, k int) bool {
	switch t[k].Norm {
	case "r", "u", "k", "n", "y", "w":
		if t[k].Shape == text.Lower {
			return true
		}
	}
	return k == 2 && t[1].Norm == "," && praise[t[0].Norm]
}

// handleOf reports whether w is a run of a person's names or initials
// ("ximep", "artmac").
func handleOf(w string, p person) bool {
	for _, a := range p.names {
		for _, b := range p.names {
			if a.part != b.part && (strings.HasPrefix(a.norm+b.norm, w) || w == a.norm+b.norm[:1] || w == a.norm[:1]+b.norm) && len(w) > 3 {
				return true
			}
		}
	}
	return false
}

// mention is a possible name in a line, before its neighbours were asked.
type mention struct {
	i, j  int // tokens, both included
	end   int // byte offset; before the possessive s
	hits  []hit
	place place
	word  float64 // how everyday
}

// line finds the people named in one line.
func (x *index) line(c *finding.Conversation, at int) []finding.Candidate {
	return x.decide(c, at, x.mentions(&c.Lines[at]))
}

// decide tells who is named by the mentions of a line.
func (x *index) decide(c *finding.Conversation, at int, mentions []mention) []finding.Candidate {
	l := &c.Lines[at]
	var out []finding.Candidate
	for k := range mentions {
		m := &mentions[k]
		h, score, why := x.judge(at, l, mentions, k)
		f := finding.Candidate{
			Line: at, Start: l.Tokens[m.i].Start, End: m.end, Kind: finding.Person,
			Score: score, Recognizer: "roster/" + wayNames[h.way], Why: why,
		}
		p := x.people[h.person]
		f.Person, f.Key = p.id, p.key
		if m.word > 0.3 && score < 0.3 && m.place.word <= -2 {
			f.Keep, f.Score, f.Recognizer = true, 1-score, "roster/word"
			f.Why = "spelled like somebody's name, but used as an everyday word here"
			f.Person = ""
		}
		if f.Score > 0.02 {
			out = append(out, f)
		}
	}
	return out
}

// mentions are the words and runs of words that may be names.
func (x *index) mentions(l *finding.Line) []mention {
	var out []mention
	tokens := l.Tokens
	var before *word
	for i := 0; i < len(tokens); i++ {
		t := &tokens[i]
		if !t.Shape.Word() {
			before = nil
			continue
		}
		if !x.loose && x.rest(t) {
			continue
		}
		w, end := x.token(l.Text, t)
		if w.grows {
			if m, ok := x.run(l, i); ok {
				out = append(out, m)
				i = m.j
				before = nil
				continue
			}
		}
		if (len(w.hits) == 0 || w.hits[0].way != exact) && x.loose && x.owns(tokens, i) {
			if base := x.word(t.Norm[:len(t.Norm)-1]); len(base.hits) > 0 && base.hits[0].way == exact {
				w, end = base, t.End-1
			}
		}
		opens := i == 0 || before == nil || before.opener
		before = w
		guess := len(w.hits) == 0 || w.hits[0].way != exact && opens
		if x.loose && x.lists.lettered(tokens, i) {
			if m, ok := x.misheard(l, i, w, end); ok && m.j > i {
				out = append(out, m)
				i = m.j
				before = nil
				continue
			}
		}
		if len(t.Norm) == 1 || len(w.norm) == 1 && end < t.End {
			if m, ok := x.initial(l, i, w.norm, end, out); ok {
				out = append(out, m)
			}
			continue
		}
		raised := len(w.hits) == 0 && (t.Shape == text.Title || t.Shape == text.Mixed) ||
			len(w.hits) > 0 && w.hits[0].way != exact && t.Shape == text.Title && i+1 < len(tokens) && tokens[i+1].Shape == text.Title && tokens[i+1].Start == t.End+1
		if x.loose && (opens && guess || raised || len(w.hits) == 0 && !w.blocked && x.lists.spokenSoon(tokens, i)) {
			if m, ok := x.misheard(l, i, w, end); ok && (len(w.hits) == 0 || m.j > i) {
				out = append(out, m)
				i = m.j
				continue
			}
		}
		if len(w.hits) == 0 && x.loose && x.lists.parted(tokens, i) {
			if hits := x.beginnings(w); len(hits) > 0 {
				out = append(out, mention{i: i, j: i, end: end, hits: hits, place: x.lists.look(tokens, i, i)})
				continue
			}
		}
		if len(w.hits) > 0 {
			m := mention{i: i, j: i, end: end, hits: w.hits, word: x.common(w)}
			m.place = x.lists.look(tokens, i, i)
			if end < t.End {
				m.place.possess()
			}
			if (w.hits[0].way == shortened || w.hits[0].way == misspelled) && x.loose && m.place.called {
				m.hits = strongest(append(slices.Clone(w.hits), x.sounds(w)...))
			}
			out = append(out, m)
		}
	}
	return out
}

// parted reports whether token i is written like a name between commas within a
// sentence, or before one and a question: "All right, Em, I saw your hand.", "Em,
// what point is this?"
func (l listing) parted(t []text.Token, i int) bool {
	if i+2 >= len(t) || t[i].Shape != text.Title || t[i+1].Norm != "," || l.has(&t[i], inOpeners|inGreetings|inCalling|inMonths|inNumbers|inDeterminers|inSubjects|inAuxiliaries|inObjects|inPrepositions|inQuestion|inJoining) {
		return false
	}
	return i > 1 && t[i-1].Norm == "," && !l.stops(&t[i-2]) || (i == 0 || l.stops(&t[i-1])) && l.has(&t[i+2], inAskedOf)
}

// beginnings are the people whose names begin with a word, whatever word it is.
func (x *index) beginnings(w *word) []hit {
	var out []hit
	for i := range x.people {
		for _, n := range x.people[i].names {
			if n.part&(first|other) != 0 && len(w.norm) > 1 && len(w.norm) < len(n.norm) && strings.HasPrefix(n.norm, w.norm) {
				out = append(out, hit{i, n.part, shortened, 0})
			}
		}
	}
	return strongest(out)
}

// owns reports whether token i is written like somebody whose thing stands
// behind, without an apostrophe: "hunters way is easier", "look at siones answer".
func (x *index) owns(t []text.Token, i int) bool {
	n := len(t[i].Norm)
	if n <= 3 || t[i].Norm[n-1] != 's' || t[i].End-t[i].Start != n || i+1 >= len(t) || !x.lists.has(&t[i+1], inBelongings) {
		return false
	}
	return i == 0 || i == 1 && heralds[t[0].Norm] || x.common(x.word(t[i].Norm)) < 0.05
}

var (
	belongings = set(`way answer answers screen graph work idea turn method whiteboard mic camera explanation question mom dad
		background video hand notes handwriting drawing line page table solution problem computer laptop dog cat voice face name box side team right wrong`)
	heralds = set(`whats wheres like see omg lol wait ok yeah yea no is was i`)
)

// token returns the word of a token, without its clitic, and where it ends.
func (x *index) token(s string, t *text.Token) (*word, int) {
	w := x.of(t)
	if t.End-t.Start > len(t.Norm) {
		if n, size := clitic(s, t); n > 0 {
			if len(w.hits) > 0 && w.hits[0].way == exact {
				return w, t.End
			}
			return x.owner(w, n), t.End - size
		}
	}
	if w.single != nil {
		return w.single, t.End - 1
	}
	return w, t.End
}

// run finds a name made of several words, or one that was split.
func (x *index) run(l *finding.Line, i int) (mention, bool) {
	tokens := l.Tokens
	if len(tokens[i].Norm) == 1 && i+2 < len(tokens) && (letter(tokens[i+1]) || letter(tokens[i+2])) {
		return mention{}, false // letters are spelled, not split
	}
	joined := tokens[i].Norm
	best := mention{}
	words := 1
	for j := i + 1; j < len(tokens) && words < 5; j++ {
		t := &tokens[j]
		gapStart := tokens[j-1].End
		if t.Shape == text.Mark {
			if t.Norm != "-" && t.Norm != "‐" && t.Norm != "‑" && t.Norm != "'" {
				break
			}
			continue
		}
		if !t.Shape.Word() || t.Start-gapStart > 2 {
			break
		}
		words++
		base, n := possessed(l.Text, *t)
		if n == 0 && len(t.Norm) > 3 && t.Norm[len(t.Norm)-1] == 's' && len(x.forms[joined+t.Norm]) == 0 {
			base, n = t.Norm[:len(t.Norm)-1], 1 // "ya-tings way"
		}
		for _, end := range [...]struct {
			norm string
			off  int
		}{{t.Norm, 0}, {base, n}} {
			hits := x.forms[joined+end.norm]
			if len(hits) == 0 || hits[0].way != exact && hits[0].way != nickname {
				continue
			}
			best = mention{i: i, j: j, end: t.End - end.off}
			for _, h := range hits {
				if !x.atSeams(h, tokens[i:j], end.norm) {
					h.way, h.odds = apart, 3
					if len(joined+end.norm) < 5 {
						h.odds = 0
					}
				}
				best.hits = append(best.hits, h)
			}
		}
		joined += t.Norm
		if !x.starts[joined] {
			break
		}
	}
	if best.hits == nil {
		return best, false
	}
	// A run of everyday words ("so fia") needs its place; a name does not.
	best.word = 1
	for k := best.i; k <= best.j; k++ {
		if tokens[k].Shape.Word() {
			best.word = min(best.word, x.common(x.of(&tokens[k])))
		}
	}
	best.hits = strongest(best.hits)
	best.place = x.lists.look(tokens, best.i, best.j)
	if best.end < tokens[best.j].End {
		best.place.possess()
	}
	if best.hits[0].way != apart {
		best.word = 0
	}
	if w := x.of(&tokens[i]); len(w.hits) > 0 && best.hits[0].way == apart && w.hits[0].odds >= best.hits[0].odds && tokens[best.j].Shape != text.Title {
		return best, false // "Rob in the front", not "Rob In"
	}
	return best, true
}

// atSeams reports whether tokens and the word behind them are split where the
// person's own name is.
func (x *index) atSeams(h hit, tokens []text.Token, last string) bool {
	if !x.knows(h.person, last) && !particles[last] {
		return false
	}
	for _, t := range tokens {
		if t.Shape.Word() && !x.knows(h.person, t.Norm) && !particles[t.Norm] {
			return false
		}
	}
	return true
}

// misheard finds what sounds like a name where a name is expected.
func (x *index) misheard(l *finding.Line, i int, w *word, end int) (mention, bool) {
	tokens := l.Tokens
	t := &tokens[i]
	var found mention
	if !w.blocked && len(w.norm) > 2 {
		one := x.lists.look(tokens, i, i)
		// A capitalised word that is no word, no other name and no town.
		strange := t.Shape == text.Title && len(w.norm) > 4 && x.common(w) < 0.1 && x.town(w.norm) < 0.2
		if one.called && (one.closes || t.Shape == text.Title && !one.opens && x.common(w) < 0.5) || one.spoken && x.common(w) < 0.5 || strange {
			if hits := x.sounds(w); len(hits) > 0 && (one.called || one.spoken || x.name(w) < 0.2 || hits[0].odds > 0.5) {
				found = mention{i: i, j: i, end: end, hits: hits, place: one, word: x.common(w)}
			}
		}
	}
	// A capital within a sentence: speech recognition took it for a name. At the
	// beginning the capital of the second word tells.
	raised := x.lists.lettered(tokens, i) || t.Shape == text.Title && (i > 0 && !x.lists.stops(&tokens[i-1]) || !w.blocked && !w.opener && i+1 < len(tokens) && tokens[i+1].Shape == text.Title)
	function := w.blocked && !w.in.has(inShortSyllables)
	if raised = raised && t.Norm != "i"; !raised && (len(t.Norm) < 2 || function) {
		return found, len(found.hits) > 0
	}
	return x.pieces(l, i, raised, function, found)
}

// pieces finds a name that was heard as two or three words: "Woo Cash",
// "Tan V". Raised says that the first is written like a name, function that it
// is a word of the grammar. It gives found when nothing is likelier.
func (x *index) pieces(l *finding.Line, i int, raised, function bool, found mention) (mention, bool) {
	tokens := l.Tokens
	size, easy, known := 0, 1.0, false
	for j := i; j < len(tokens) && j < i+3; j++ {
		t := &tokens[j]
		if !t.Shape.Word() || j > i && t.Start != tokens[j-1].End+1 {
			break
		}
		v, _ := x.token(l.Text, t)
		raised = raised && t.Shape != text.Lower && t.Norm != "i"
		if !raised && (function && j > i || v.blocked && len(t.Norm) > 1 && !v.in.has(inShortSyllables)) {
			break
		}
		if j > i && (len(v.hits) > 0 && v.hits[0].way <= elongated && !(raised && x.half(v)) || len(t.Norm) == 1 && size < 3) {
			break
		}
		easy = min(easy, x.common(v))
		known = known || len(t.Norm) > 4 && (x.common(v) > 0.3 || x.name(v) > 0.3)
		size += len(t.Norm)
		if j == i {
			continue
		}
		p := x.lists.look(tokens, i, j)
		if !raised && (!p.called || !p.closes) && !p.spoken {
			continue
		}
		if raised && x.town(joinWords(tokens[i:j+1])) > 0 {
			continue
		}
		end := t.End
		var hits []hit
		if n, size := clitic(l.Text, t); n > 0 {
			end -= size
			hits = x.soundsOwned(tokens[i:j+1], n)
		} else {
			hits = x.soundsOf(tokens[i : j+1])
		}
		if len(hits) == 0 || len(found.hits) > 0 && found.hits[0].odds >= hits[0].odds {
			continue
		}
		if known {
			hits = slices.Clone(hits)
			hits[0].odds -= 1.5
		}
		share := 0.5
		if raised {
			share = 0.15 // everyday words are not written so
		}
		found = mention{i: i, j: j, end: end, hits: hits, place: p, word: easy * share}
		if end < t.End {
			found.place.possess()
		}
	}
	return found, len(found.hits) > 0
}

// half reports whether a word is only a part of somebody's name, as Ting of Ya-ting.
func (x *index) half(w *word) bool {
	return slices.ContainsFunc(x.people[w.hits[0].person].names, func(n name) bool { return len(n.norm) > len(w.norm) && strings.HasSuffix(n.norm, w.norm) })
}

// lettered reports whether a capital letter and a capitalised word stand at
// token i within a sentence, as in "ask A Menu": half a name each.
func (l listing) lettered(tokens []text.Token, i int) bool {
	return tokens[i].Shape == text.One && tokens[i].Norm != "i" && i+1 < len(tokens) &&
		(i > 0 && !l.stops(&tokens[i-1]) || i+2 < len(tokens) && tokens[i+2].Norm == ",") && tokens[i+1].Shape == text.Title && tokens[i+1].Start == tokens[i].End+1
}

func joinWords(tokens []text.Token) string {
	out := tokens[0].Norm
	for _, t := range tokens[1:] {
		out += " " + t.Norm
	}
	return out
}

// soundsOf are the people whose names sound like a run of two or three words.
func (x *index) soundsOf(tokens []text.Token) []hit {
	var key [3]int32
	for i := range tokens {
		key[i] = tokens[i].Word
	}
	hits, ok := x.runs[key]
	if !ok {
		sounds, joined := []sound{""}, ""
		for i := range tokens {
			sounds = appendSounds(sounds, &tokens[i])
			joined += tokens[i].Norm
		}
		hits = x.alike(sounds, joined)
		x.runs[key] = hits
	}
	return hits
}

// soundsOwned is soundsOf without the last n letters, those of a clitic.
func (x *index) soundsOwned(tokens []text.Token, n int) []hit {
	sounds, joined := []sound{""}, ""
	for i, t := range tokens {
		if i+1 == len(tokens) {
			t.Norm = t.Norm[:len(t.Norm)-n]
		}
		sounds = appendSounds(sounds, &t)
		joined += t.Norm
	}
	return x.alike(sounds, joined)
}

// shortSyllables are grammar words that speech recognition makes of syllables.
var shortSyllables = set(`a an on in so me see say you he who all low way may day do to no new oh key one win won ray sue jo joe le la de ha
	ma hey ah uh um er`)

func appendSounds(sounds []sound, t *text.Token) []sound {
	var tails []sound
	if len(t.Norm) == 1 && 'a' <= t.Norm[0] && t.Norm[0] <= 'z' {
		tails = []sound{letterNames[t.Norm[0]-'a']}
	} else {
		tails = read(t.Norm, english)
		if said := spoken[t.Norm]; said != "" {
			tails = unique(append(read(said, english), tails...))
		}
	}
	var out []sound
	for _, a := range sounds {
		for _, b := range tails {
			if len(out) < beam {
				out = append(out, extend(a, b))
			}
		}
	}
	return out
}

// initial finds a person by one letter, which needs more than the letter.
func (x *index) initial(l *finding.Line, i int, letter string, end int, mentions []mention) (mention, bool) {
	m := mention{i: i, j: i, end: end}
	// "Art K": the letter stands after the first name of somebody.
	if n := len(mentions); n > 0 && mentions[n-1].j == i-1 {
		for _, h := range mentions[n-1].hits {
			if h.part&first != 0 && strings.Contains(x.people[h.person].lasts, letter) {
				m.hits = []hit{{h.person, last, exact, 3}}
				m.place = mentions[n-1].place
				return m, true
			}
		}
	}
	if letter[0] < 'a' || letter[0] > 'z' {
		return m, false
	}
	if j := x.pair(l.Tokens, i); j > 0 {
		for k, person := range x.people {
			if strings.Contains(person.firsts, letter) && strings.Contains(person.firsts+person.lasts, l.Tokens[j].Norm) {
				m.hits = append(m.hits, hit{k, first, exact, 1})
			}
		}
		if m.j, m.end, m.place = j, l.Tokens[j].End, x.lists.look(l.Tokens, i, j); len(m.hits) > 0 {
			return m, true
		}
		m.j = i
	}
	// Few letters of the alphabet are points, unknowns or choices of an answer.
	most := 2
	if !strings.Contains("abcdemnopqxyz", letter) {
		most = 6
	}
	rare := x.letters[letter[0]-'a'] <= most && !strings.Contains("aixy", letter)
	p, odds := x.lists.look(l.Tokens, i, i), -1.0
	switch {
	case x.thankedByLetter(l.Tokens, i, letter) && p.closes && p.called:
		odds = 0
	case x.loose && x.lists.listsInitials(l.Tokens, i):
		odds, p.name, p.called = 0, 3, true
	case x.loose && x.addressedByLetter(l, i, letter, rare), x.loose && rare && x.lists.actsByLetter(l.Tokens, i):
		p.name, p.called = max(p.name, 2.8), true
	default:
		return m, false
	}
	for k, person := range x.people {
		if strings.Contains(person.firsts, letter) || letter != "k" && strings.Contains(person.familiar, letter) { // K is okay
			m.hits = append(m.hits, hit{k, first, exact, odds})
		}
	}
	m.place = p
	return m, len(m.hits) > 0
}

// pair gives the second of two initials, 0 without: "who's K M?", "R.L., can you
// mute". Letters that follow each other in the alphabet, or that stand alone in
// other places, are points.
func (x *index) pair(t []text.Token, i int) int {
	j := i + 1
	if j < len(t) && t[j].Norm == "." {
		j++
	}
	if !x.loose || j >= len(t) || !letter(t[i]) || !letter(t[j]) || t[i].Shape != text.One || t[j].Shape != text.One || i > 0 && single(t, i-1) || j+1 < len(t) && single(t, j+1) {
		return 0
	}
	a, b := t[i].Norm[0], t[j].Norm[0]
	if a == 'i' || b == 'i' || b == a+1 || x.letters[a-'a'] > 2 || x.letters[b-'a'] > 2 {
		return 0
	}
	if j == i+2 && (t[j].Start > t[i].End+1 || j+1 == len(t) || t[j+1].Norm != ".") {
		return 0 // a sentence ends between them
	}
	if j+1 < len(t) && t[j+1].Shape != text.Mark && x.lists.appeal(t, j+1) == 0 || i > 0 && (figures[t[i-1].Norm] || measures[t[i-1].Norm] || x.lists.has(&t[i-1], inPrepositions|inDeterminers)) {
		return 0
	}
	return j
}

// measures stand before two points as figures do: "from A B", "length C D".
var measures = set(`length from to`)

// thankedByLetter reports whether the letter at token i is thanked or greeted,
// or told as what somebody goes by: "Thanks, R.", "I go by T."
func (x *index) thankedByLetter(t []text.Token, i int, letter string) bool {
	if i > 1 && t[i-1].Norm == "by" && (t[i-2].Norm == "go" || t[i-2].Norm == "goes") {
		return true
	}
	return thanksBefore(t, i) && (letter != "i" || i+1 == len(t) || x.lists.stops(&t[i+1])) && !(letter == "u" && t[i-1].Norm == "thank")
}

// addressedByLetter reports whether the letter at token i is spoken to: "Nice,
// R. That makes sense.", "W go to page 5", "what time is it there, M?"
func (x *index) addressedByLetter(l *finding.Line, i int, letter string, rare bool) bool {
	t := l.Tokens
	at := func(k int) string {
		if k >= 0 && k < len(t) {
			return t[k].Norm
		}
		return ""
	}
	opens := i == 0 || i == 1 && x.lists.has(&t[0], inOpeners)
	next, after := at(i+1), at(i+2)
	switch {
	case i == 0 && next == "," && len(t) > 4:
		return rare && (spokenTo[after] || askedOf[after]) || letter != "i" && (after == "please" || after == "kindly" || after == "try")
	case i == 2 && at(1) == "," && praise[at(0)] && (next == "." || next == "!"):
		return rare && i+2 < len(t)
	case opens && letter != "i" && letter != "u" && next != "is" && next != "your" && next != "can" && i+1 < len(t) && t[i+1].Shape.Word():
		plea := next == "pls" || next == "plz" || next == "please" || next == "u" && after == "there" || asksYou[next] && (after == "you" || after == "u")
		return plea && letter != "x" && letter != "y" || rare && (next == "go" || x.lists.appeal(t, i+1) >= 2.5 || next == "lol" || next == "haha")
	case at(i-1) == "," && i > 2 && rare && next == "?" && !single(t, i-2):
		return true
	case at(i-1) == "," && i > 2 && rare && next == "," && !single(t, i-2):
		return after == "im" || after == "you" || after == "your" || after == "are" || after == "can" || after == "look" || after == "listen"
	}
	return false
}

// single reports whether a letter or a number stands at token k.
func single(t []text.Token, k int) bool { return letter(t[k]) || t[k].Shape == text.Digit }

// actsByLetter reports whether the letter at token i does what people do: "J has
// the other half", "K and J are both wrong".
func (l listing) actsByLetter(t []text.Token, i int) bool {
	from, to := i, i
	if i+2 < len(t) && t[i+1].Norm == "and" && letter(t[i+2]) {
		to = i + 2
	}
	if i > 1 && t[i-1].Norm == "and" && letter(t[i-2]) {
		from = i - 2
	}
	if from > 0 && !l.stops(&t[from-1]) && !l.has(&t[from-1], inOpeners) || to+2 >= len(t) {
		return false
	}
	next, after := t[to+1].Norm, t[to+2].Norm
	if to > from {
		return (next == "are" || next == "were") && (judged[after] || after == "both" && to+3 < len(t) && judged[t[to+3].Norm]) || next == "both" && people[after] || people[next] || telling[next] && next != "left"
	}
	return telling[next] && next != "left" || people[next] || next == "has" && (after == "the" || after == "her" || after == "his" || after == "a" && to+3 < len(t) && t[to+3].Norm == "question") ||
		next == "had" && after == "it"
}

// listsInitials reports whether the letter at token i is one of those that a
// line gives as what people are called by.
func (l listing) listsInitials(t []text.Token, i int) bool {
	told, letters := false, 0
	for k := range t {
		switch t[k].Norm {
		case "initial", "initials":
			told = true
		case "letter", "letters":
			told = told || k > 0 && t[k-1].Norm == "first"
		}
		if told && letter(t[k]) && t[k].Shape == text.One && t[k].Norm != "i" && (k+1 == len(t) || t[k+1].Shape == text.Mark || t[k+1].Norm == "and") {
			letters++
		}
	}
	return letters > 1 && t[i].Shape == text.One && (i+1 == len(t) || t[i+1].Shape == text.Mark || t[i+1].Norm == "and")
}

// thanksBefore reports whether somebody is thanked or greeted right before
// token i, a comma between them or none.
func thanksBefore(t []text.Token, i int) bool {
	if i > 1 && t[i-1].Norm == "," {
		i--
	}
	if i > 1 && (t[i-1].Norm == "you" || t[i-1].Norm == "u") && t[i-2].Norm == "thank" {
		return true
	}
	return i > 0 && thanking[t[i-1].Norm]
}

var thanking = set(`thanks thank thx ty tysm tyy hi hii hey heyy hello bye`)

// praise stands before whom it is for.
var praise = set(`nice good great awesome perfect thanks cool right yes excellent`)

// spokenTo begins what is said to somebody after their name.
var spokenTo = set(`that was you your nice good great are have thats youre`)

// askedOf begins what is asked of somebody after their name.
var askedOf = set(`try please can could what would thanks do go when tell show how let lets why keep take give look read unmute did dont
remember whats hows wheres where who will check share`)

// neighbours are the mentions right before and after k, nil when none.
func neighbours(l *finding.Line, mentions []mention, k int) [2]*mention {
	var out [2]*mention
	if k > 0 && close(l, mentions[k-1].j, mentions[k].i) {
		out[0] = &mentions[k-1]
	}
	if k+1 < len(mentions) && close(l, mentions[k].j, mentions[k+1].i) {
		out[1] = &mentions[k+1]
	}
	return out
}

// close reports whether token j follows token i, a comma or hyphen between
// them at most ("Sokolova, Oksana").
func close(l *finding.Line, i, j int) bool {
	return j == i+1 || j == i+2 && (l.Tokens[i+1].Norm == "," || l.Tokens[i+1].Norm == "-")
}

// tagged reports whether tokens i..j end a typed line that speaks to somebody, with
// nothing before them that a word would go on from.
func (l listing) tagged(line *finding.Line, i, j int) bool {
	t := line.Tokens
	if line.Channel != finding.Chat || i == 0 || len(t) > 12 || !t[i-1].Shape.Word() {
		return false
	}
	for k := j + 1; k < len(t); k++ {
		if t[k].Shape != text.Mark {
			return false
		}
	}
	if l.has(&t[i-1], inSubjects|inAuxiliaries|inDeterminers|inPrepositions|inLeading|inNumbers|inJoining|inNever) {
		return i == 1 && drawn(t[0].Norm) // "yayyy autumn"
	}
	for k := range t[:i] {
		switch t[k].Norm {
		case "u", "ur", "you", "your", "thats", "ty", "thx", "thanks", "lol", "omg", "nice", "good", "wow":
			return true
		}
	}
	return false
}

// told is what the talk around tokens i..j speaks for somebody being called so
// there, in log-odds, with what it is worth that somebody here may be. Where
// nothing but sure forms is looked for it says nothing.
func (x *index) told(line, i, j int, here float64) float64 {
	if x.called == nil {
		return 0
	}
	const most = 3
	p := x.called.Score(line, i, j+1)
	return max(-most, min(most, math.Log(p/(1-p))+here))
}

// judge says who is meant, how sure that is, and why.
func (x *index) judge(at int, l *finding.Line, mentions []mention, k int) (hit, float64, string) {
	m, near := &mentions[k], neighbours(l, mentions, k)
	best, bestOdds, why := m.hits[0], math.Inf(-1), ""
	speaker, spoken := x.byID[l.Speaker]
	told := 0.0
	if owned := m.end < l.Tokens[m.j].End; m.hits[0].way != exact || m.word > 0.3 && !owned {
		told = x.told(at, m.i, m.j, 1.5)
	}
	for _, h := range m.hits {
		everyday := 7 * m.word
		if p := &m.place; p.name >= askedOdds && h.way >= shortened || p.name >= 3.2 && p.called && p.closes && (h.way == misheard || h.way == shortened && p.opens) {
			everyday = 2.5 * m.word // somebody is spoken to, whatever word it is: "Bell, what do you notice?"
		}
		odds := h.odds - everyday + m.place.name + math.Sqrt(m.word)*m.place.word
		if h.way >= shortened && h.way != apart && !m.place.called {
			odds -= 1.2
		}
		if h.way == misheard {
			odds += m.place.word * 0.5
		}
		if h.way == exact && m.word > 0.3 && x.lists.tagged(l, m.i, m.j) {
			odds += 3.5 // "u did the other angle will"
		}
		switch {
		case h.way == exact:
			odds += 1.5 * m.word * told // a name that is a word
		case h.way == misheard:
			odds += 0.5 * (told - 1)
		case h.way != apart:
			odds += 0.5 * told
		}
		reason := wayWhys[h.way]
		for side, n := range near {
			if n == nil || !x.complete(h, n, side) {
				continue
			}
			odds += 6
			reason += ", with the other name beside it"
		}
		for _, side := range [2]int{-1, 1} {
			if o := joinedBy(l, mentions, k, side); o != nil && o.hits[0].person != h.person {
				odds += 1.3
				if o.word < 0.3 && o.hits[0].way == exact {
					odds += 1.5
				}
			}
		}
		if spoken && speaker == h.person && !m.place.own {
			odds -= 0.1
		}
		if odds > bestOdds {
			best, bestOdds, why = h, odds, reason
		}
	}
	if m.place.called {
		why += ", where somebody is spoken to or named"
	}
	return best, 1 / (1 + math.Exp(-bestOdds)), why
}

// joinedBy returns the mention that "and" or "or" joins to mention k on one
// side, nil when there is none.
func joinedBy(l *finding.Line, mentions []mention, k, side int) *mention {
	if k+side < 0 || k+side >= len(mentions) {
		return nil
	}
	a, b := &mentions[k], &mentions[k+side]
	if side < 0 {
		a, b = b, a
	}
	if b.i != a.j+2 || len(mentions[k+side].hits) == 0 {
		return nil
	}
	if w := l.Tokens[a.j+1].Norm; w != "and" && w != "or" && w != "n" && w != "&" {
		return nil
	}
	return &mentions[k+side]
}

// complete reports whether n is another name of the same person.
func (x *index) complete(h hit, n *mention, side int) bool {
	for _, o := range n.hits {
		if o.person != h.person || o.way > misspelled && h.way > misspelled {
			continue
		}
		if h.part&first != 0 && o.part&last != 0 || h.part&last != 0 && o.part&first != 0 {
			return true
		}
	}
	return false
}

// literal finds e-mail addresses and handles of participants as they are.
func literal(c *finding.Conversation) []finding.Candidate {
	type term struct {
		text, id string
		kind     finding.Kind
	}
	var terms []term
	for _, p := range c.People {
		if len(p.Email) > 3 {
			terms = append(terms, term{strings.ToLower(p.Email), p.ID, finding.Email})
		}
		for _, h := range p.Handles {
			if h = strings.TrimPrefix(strings.ToLower(h), "@"); len(h) > 3 {
				terms = append(terms, term{h, p.ID, finding.Handle})
			}
		}
	}
	if len(terms) == 0 {
		return nil
	}
	var out []finding.Candidate
	for i, l := range c.Lines {
		lower := strings.ToLower(l.Text)
		if len(lower) != len(l.Text) {
			continue
		}
		for _, t := range terms {
			for from := 0; ; {
				k := strings.Index(lower[from:], t.text)
				if k < 0 {
					break
				}
				start := from + k
				end := start + len(t.text)
				from = end
				if wordByte(lower, start-1) || wordByte(lower, end) {
					continue
				}
				out = append(out, finding.Candidate{Line: i, Start: start, End: end, Kind: t.kind, Person: t.id, Score: 0.999,
					Recognizer: "roster/literal", Why: "an address or handle of somebody in the session"})
			}
		}
	}
	return out
}

func wordByte(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i] >= 0x80 || s[i] == '_' || '0' <= s[i] && s[i] <= '9' || 'a' <= s[i] && s[i] <= 'z')
}
