package roster

import (
	"cmp"
	"math"
	bitcount "math/bits"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// garbles finds names that speech recognition wrote as other words, one to five
// of them: "okay two can you explain it" for Tou, "critic a" for Krithika.
//
// Whether a run of words is such a name is weighed as the sum of log-odds: how
// rare that is, how near the run sounds, which words it is made of, what stands
// around it, who speaks before and after, whether the talk is of captions and
// how names are said, and whether the name itself stands nearby.
type garbles struct {
	*index
	c *finding.Conversation
	// named are those who are named beyond doubt in each line, a bit each.
	named []uint64
	// telling is how much each line talks of how names are said or written.
	telling []float64
	sayings []saying // by the number of the word
	owning  []owning
	// The consonants of names with one, of short ones, of long ones, and of what
	// differs from a name by a consonant.
	tiny, short, long, near sieve
	largest                 bones // of one consonant more than any name has
	heard                   map[[longest]int32]hearing
	counts                  map[[longest]int32]int
	// known are runs that were recognised, and whose name they are; found are
	// those of each line.
	known map[string]sighting
	found [][]garble
	// parts, those of the line that were looked at, and run are reused from line
	// to line.
	parts []piece
	run   [longest]text.Token
}

const (
	// longest is how many words a name is heard as at most.
	longest = 5
	// seldom are the log-odds that a run of words which begins a sentence is
	// the name of a given person, garbled: one in two thousand.
	seldom = -7.6
	// hopeless are log-odds that nothing found later makes up for.
	hopeless = -4
	// worthy is what the best sound must come to for a run to be read aloud.
	worthy = 1.5
	// farther is what being as far off as can be speaks against a name.
	farther = 24
	// blur is how far apart two sounds are at most that are compared here.
	blur = 0.27
)

func (x *index) garbles(c *finding.Conversation) *garbles {
	g := &garbles{index: x, c: c, named: make([]uint64, len(c.Lines)), telling: make([]float64, len(c.Lines)),
		sayings: make([]saying, len(x.words)), owning: make([]owning, len(x.words)), heard: map[[longest]int32]hearing{}, counts: map[[longest]int32]int{}, known: map[string]sighting{}}
	for i := range x.people {
		p := &x.people[i]
		for k := range p.names {
			n := &p.names[k]
			n.gist = gistOf(n.read())
			g.sift(n)
		}
	}
	for i := range c.Lines {
		g.telling[i] = x.lists.telling(c.Lines[i].Tokens)
	}
	return g
}

// sighting is where a run was recognised first, whose name it is, and whether it
// was in other places too.
type sighting struct {
	person, line, i int
	again           bool
}

// bit stands for a person. In a session of more than 64 some share one.
func bit(person int) uint64 { return 1 << (person & 63) }

// name notes who is named in a line beyond doubt.
func (g *garbles) name(line int, mentions []mention) {
	for k := range mentions {
		m := &mentions[k]
		if h := m.hits[0]; h.way == exact && m.word < 0.5 && len(g.people[h.person].names) > 0 {
			g.named[line] |= bit(h.person)
		}
	}
}

// sift puts the bones of a name, and what differs by a consonant where the name
// is long enough, into the sieves.
func (g *garbles) sift(n *name) {
	var seen []bones
	for _, s := range n.read() {
		b := bonesOf(s)
		if slices.Contains(seen, b) {
			continue
		}
		seen = append(seen, b)
		size := (bitcount.Len64(uint64(b)) + 2) / 3
		g.largest = max(g.largest, 1<<(3*(size+1)))
		switch {
		case size < 2:
			g.tiny.put(b)
		case len(s) < 5:
			g.short.put(b)
		default:
			g.long.put(b)
		}
		if len(s) < 4 {
			continue
		}
		for k := range size {
			head, tail := b>>(3*(k+1)), b&(1<<(3*k)-1)
			g.near.put(head.then(tail)) // one is left out
			for c := bones(1); c <= 6; c++ {
				g.near.put(head.add(c).then(tail)) // or another
			}
		}
		for k := range size + 1 {
			head, tail := b>>(3*k), b&(1<<(3*k)-1)
			for c := bones(1); c <= 6; c++ {
				g.near.put(head.add(c).then(tail)) // one too many
			}
		}
	}
}

// garble is a run of words that may be a name.
type garble struct {
	i, j   int
	end    int // byte offset; before the possessive s
	person int
	// odds are the log-odds that it is one; bare those without the talk around,
	// context and beside what that adds.
	odds, bare, context, beside float64
	// distance is how far it is from how the name sounds.
	distance float64
}

// line finds runs in one line that may be garbled names.
func (g *garbles) line(at int) []garble {
	l := &g.c.Lines[at]
	t := l.Tokens
	s := g.scene(at)
	g.cut(len(t))
	var found []garble
	for i := range t {
		if !t[i].Shape.Word() || !s.everywhere && !g.may(t, i) {
			continue
		}
		whose := ^uint64(0)
		closely := !s.everywhere && i > 0 && t[i-1].Shape != text.Mark && !g.lists.has(&t[i-1], inOpeners)
		run := g.run[:0]
		var room [4]bones
		ways := room[:1]
		for j := i; j < len(t) && len(run) < longest && t[j].Shape.Word() && (j == i || t[j].Start == t[j-1].End+1); j++ {
			piece := g.part(l, j)
			if piece.owned {
				if whose &= piece.owners; whose == 0 || i == j {
					break
				}
			}
			if len(piece.said.bones) == 0 {
				break // of another script
			}
			run = append(run, piece.token)
			ways = grow(ways, piece.said)
			if most := g.most(ways, len(run), closely); most > 0 && !(i == j && g.noise(&piece.token)) && !g.greets(run) {
				// Reading aloud is dear: most runs are given up before.
				bare := seldom + g.place(t, i, j)
				if bare+most+s.most > worthy {
					within := min((bare+most+s.most-hopeless)/farther, blur)
					for _, a := range g.sounding(run, within) {
						if whose&bit(a.person) == 0 || i < j && g.holds(run, a) || i == j && run[0].Norm == g.people[a.person].names[a.name].norm {
							continue // the name itself is no garble of it
						}
						f := g.weigh(bare, i, j, a, &s)
						if f.odds > hopeless {
							f.bare += 0.7 * g.told(at, i, j, 2)
							f.sum()
						}
						if f.odds > hopeless && g.town(joinWords(t[i:j+1])) > 0.2 {
							f.bare -= 3 // a town that sounds so
							f.sum()
						}
						if f.end = piece.end; f.odds > hopeless {
							found = append(found, f)
						}
					}
				}
			}
			if piece.end < t[j].End {
				break
			}
		}
	}
	return found
}

// piece is a token as a part of a run: without its possessive s, whose name it
// is beyond doubt, and how it is said.
type piece struct {
	token  text.Token
	end    int
	owners uint64
	owned  bool
	said   *saying // nil when it was not looked at
}

// cut makes room for the pieces of a line.
func (g *garbles) cut(size int) {
	g.parts = slices.Grow(g.parts[:0], size)[:size]
	clear(g.parts)
}

// part gives token k of a line, a word, as a piece.
func (g *garbles) part(l *finding.Line, k int) *piece {
	p := &g.parts[k]
	if p.said == nil {
		p.token, p.end = g.owner(l.Text, l.Tokens, k)
		p.owners, p.owned = g.own(&p.token)
		p.said = g.saying(&p.token)
	}
	return p
}

// most is the most that its sound could speak for a run of so many words, 0 when
// it sounds like nobody's name. Closely says that a consonant may not differ.
func (g *garbles) most(ways []bones, words int, closely bool) float64 {
	most := 0.0
	for _, b := range ways {
		switch {
		case g.long.has(b):
			return 11
		case g.short.has(b) && words > 1:
			most = max(most, 9)
		case g.short.has(b), !closely && g.tiny.has(b) && words < 3:
			most = max(most, 7)
		case !closely && g.near.has(b):
			most = max(most, 6)
		}
	}
	return most
}

// grow says a word after each way a run may be said, four at most.
func grow(ways []bones, said *saying) []bones {
	n := len(ways)
	if len(said.bones) == 2 && n <= 2 {
		for _, w := range ways {
			ways = append(ways, w.then(said.bones[1]))
		}
	}
	for k := range ways[:n] {
		ways[k] = ways[k].then(said.bones[0])
	}
	return ways
}

// owner gives token k without its possessive s, and where that ends.
func (g *garbles) owner(s string, tokens []text.Token, k int) (text.Token, int) {
	t := tokens[k]
	if t.Norm == "" || t.End-t.Start == len(t.Norm) && t.Norm[len(t.Norm)-1] != 's' {
		return t, t.End
	}
	n, size := 0, 0
	switch {
	case t.End-t.Start > len(t.Norm):
		n, size = clitic(s, &t)
	case len(t.Norm) > 4 && g.index.owns(tokens, k):
		n, size = 1, 1
	}
	if n == 0 || g.lists.has(&t, inNever) || never[t.Norm[:len(t.Norm)-n]] {
		return t, t.End
	}
	t.Norm = t.Norm[:len(t.Norm)-n]
	t.Word = -t.Word // another word, said once
	return t, t.End - size
}

// noise reports whether a word alone is what speech recognition makes of a
// filler word, or a greeting drawn out.
func (g *garbles) noise(t *text.Token) bool {
	if t.Word < 0 {
		return len(t.Norm) < 2
	}
	if g.lists.babble(t) {
		return true
	}
	return drawn(t.Norm) && never[squeeze(t.Norm)]
}

// greets reports whether a run is made of greetings and what opens a sentence.
func (g *garbles) greets(run []text.Token) bool {
	for i := range run {
		if run[i].Word < 0 || !g.lists.has(&run[i], inGreetings|inOpeners) {
			return false
		}
	}
	return true
}

// of is of the index, also for words without their possessive s.
func (g *garbles) of(t *text.Token) *word {
	if t.Word < 0 {
		return g.word(t.Norm)
	}
	return g.index.of(t)
}

// owning is whose name a word is, a bit each; small says that it is also an
// everyday word, so that written small it may be that.
type owning struct {
	owners       uint64
	small, asked bool
}

// own gives whose name a token is beyond doubt, a bit each, and whether it is:
// then it is no part of another's.
func (g *garbles) own(t *text.Token) (uint64, bool) {
	var o owning
	if t.Word < 0 {
		o = g.whose(t)
	} else {
		if !g.owning[t.Word].asked {
			g.owning[t.Word] = g.whose(t)
		}
		o = g.owning[t.Word]
	}
	if o.owners == 0 || o.small && t.Shape == text.Lower {
		return 0, false
	}
	return o.owners, true
}

func (g *garbles) whose(t *text.Token) owning {
	w := g.of(t)
	if n := len(w.norm) - 1; n > 2 && w.norm[n] == 's' && len(g.forms[w.norm[:n]]) > 0 {
		w = g.word(w.norm[:n]) // "oksanas answer"
	}
	o := owning{asked: true}
	if len(w.hits) == 0 || w.hits[0].way != exact {
		return o
	}
	o.small = g.common(w) >= 0.5
	for _, h := range w.hits {
		o.owners |= bit(h.person)
	}
	return o
}

// holds reports whether a run holds the name as it is.
func (g *garbles) holds(run []text.Token, a alike) bool {
	norm := g.people[a.person].names[a.name].norm
	return slices.ContainsFunc(run, func(t text.Token) bool { return strings.HasPrefix(t.Norm, norm) })
}

// weigh tells how likely it is that tokens i..j are a person's name.
func (g *garbles) weigh(bare float64, i, j int, a alike, s *scene) garble {
	f := garble{i: i, j: j, person: a.person, distance: a.distance, context: s.telling}
	f.bare = bare + g.evidence(&a, j-i+1)
	// Who is called answers, and who has spoken is spoken of.
	switch {
	case s.next == a.person:
		f.bare += 1.6
	case s.next >= 0:
		f.bare -= 0.5
	}
	if s.last == a.person {
		f.bare += 0.8
	}
	if s.speaker == a.person && s.telling == 0 {
		f.bare -= 2
	}
	switch {
	case s.here&bit(a.person) != 0:
		f.beside = 3
	case s.near&bit(a.person) != 0:
		f.beside = 1.8
	}
	f.sum()
	return f
}

// sum adds up what is known of a run. Talk of names and the name itself nearby
// are partly the same evidence.
func (f *garble) sum() { f.odds = f.bare + min(f.context+f.beside, 6.5) }

// again reports whether a person's name was recognised elsewhere in the line.
func (g *garbles) again(at int, f *garble) bool {
	return slices.ContainsFunc(g.found[at], func(o garble) bool { return o.person == f.person && (o.j < f.i || f.j < o.i) })
}

// beside reports whether a person's name was recognised in a line beside.
func (g *garbles) beside(at, person int) bool {
	for _, k := range [2]int{at - 1, at + 1} {
		if k >= 0 && k < len(g.found) && slices.ContainsFunc(g.found[k], func(f garble) bool { return f.person == person }) {
			return true
		}
	}
	return false
}

// often is what speaks against a run of everyday words that is said all the time.
func (g *garbles) often(t []text.Token, f *garble) float64 {
	for k := f.i; k <= f.j; k++ {
		if len(t[k].Norm) > 1 && g.common(g.of(&t[k])) < 0.1 {
			return 0
		}
	}
	n := math.Log(float64(g.said(t[f.i : f.j+1])))
	if _, framed := g.where(t, f.i, f.j); framed {
		n /= 2
	}
	return n
}

// said counts how often a run is said in the session: what is said all the time
// is nobody's name.
func (g *garbles) said(run []text.Token) int {
	key := keyOf(run)
	n, ok := g.counts[key]
	if !ok {
		for k := range g.c.Lines {
			t := g.c.Lines[k].Tokens
		next:
			for i := 0; i+len(run) <= len(t); i++ {
				for k := range run {
					if t[i+k].Word != run[k].Word {
						continue next
					}
				}
				n++
			}
		}
		g.counts[key] = max(n, 1)
	}
	return max(n, 1)
}

func keyOf(run []text.Token) (key [longest]int32) {
	for i := range run {
		key[i] = run[i].Word
	}
	return key
}

// settle gives the likeliest of runs that share words, of those that are likelier
// than not.
func (g *garbles) settle(at int, found []garble) []garble {
	for k := range found {
		if f := &found[k]; f.odds > 0 {
			f.odds -= g.often(g.c.Lines[at].Tokens, f)
		}
	}
	slices.SortStableFunc(found, func(a, b garble) int { return cmp.Compare(b.odds, a.odds) })
	var out []garble
	for _, f := range found {
		if f.odds <= 0 || slices.ContainsFunc(out, func(o garble) bool { return o.i <= f.j && f.i <= o.j }) {
			continue
		}
		for _, o := range found {
			if o.person == f.person && o.i <= f.i && f.j <= o.j && o.distance < f.distance && o.odds > 1 {
				o.odds = f.odds
				f = o // "oh Lou a dami Lola", not "Lou a dami Lola"
			}
		}
		out = append(out, f)
	}
	return out
}

// find goes through the session, and then again through what may be a name:
// what is recognised in one place speaks for others.
func (g *garbles) find() []finding.Candidate {
	possible := make([][]garble, len(g.c.Lines))
	g.found = make([][]garble, len(g.c.Lines))
	for at := range g.c.Lines {
		possible[at] = g.line(at)
		g.found[at] = g.settle(at, possible[at])
		for _, f := range g.found[at] {
			if f.odds > 1.5 {
				g.note(at, f)
			}
		}
	}
	settled := make([][]garble, len(g.c.Lines))
	for at := range g.c.Lines {
		t := g.c.Lines[at].Tokens
		for k := range possible[at] {
			f := &possible[at][k]
			switch {
			case g.again(at, f):
				f.beside = max(f.beside, 3)
			case g.beside(at, f.person):
				f.beside = max(f.beside, 1.8)
			}
			f.sum()
			if k, ok := g.known[joinWords(t[f.i:f.j+1])]; ok && k.person == f.person && (k.again || k.line != at || k.i != f.i) {
				f.odds += 4
			}
		}
		settled[at] = g.settle(at, possible[at])
	}
	g.found = settled
	var out []finding.Candidate
	for at, found := range g.found {
		for _, f := range found {
			p := &g.people[f.person]
			out = append(out, finding.Candidate{Line: at, Start: g.c.Lines[at].Tokens[f.i].Start, End: f.end, Kind: finding.Person,
				Score: 1 / (1 + math.Exp(-f.odds)), Recognizer: "roster/misheard", Person: p.id, Key: p.key,
				Why: "sounds like the name of somebody in the session, where it may be said"})
		}
	}
	return out
}

// note remembers a run that was recognised.
func (g *garbles) note(at int, f garble) {
	key := joinWords(g.c.Lines[at].Tokens[f.i : f.j+1])
	k, ok := g.known[key]
	if !ok {
		k = sighting{person: f.person, line: at, i: f.i}
	}
	k.again = k.again || k.line != at || k.i != f.i
	g.known[key] = k
}
