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
	// parts and run are reused from line to line.
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
		sayings: make([]saying, len(x.words)), heard: map[[longest]int32]hearing{}, counts: map[[longest]int32]int{}, known: map[string]sighting{}}
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

// classes number the consonants that are taken for each other, from 1.
var classes = func() (out [128]uint8) {
	for i, class := range [...]string{"pbfv", "tdT", "szSCJ", "kg", "mn", "lr"} {
		for _, c := range class {
			out[c] = uint8(i + 1)
		}
	}
	return out
}()

// bones are the classes of the consonants of a sound in their order, three bits
// each, the same class in a row once.
type bones uint64

func bonesOf(s sound) (b bones) {
	for i := range len(s) {
		b = b.add(bones(classes[s[i]&127]))
	}
	return b
}

func (b bones) add(class bones) bones {
	if class == 0 || b&7 == class {
		return b
	}
	return b<<3 | class
}

// then joins bones.
func (b bones) then(c bones) bones {
	n := (bitcount.Len64(uint64(c)) + 2) / 3
	if n == 0 {
		return b
	}
	b = b.add(c >> (3 * (n - 1)))
	return b<<(3*(n-1)) | c&(1<<(3*(n-1))-1)
}

// sieve holds bones; it may take some for held that are not.
type sieve [1 << 11]uint64

func (s *sieve) put(b bones) {
	h := uint64(b) * 0x9e3779b97f4a7c15 >> 47
	s[h>>6] |= 1 << (h & 63)
}

func (s *sieve) has(b bones) bool {
	h := uint64(b) * 0x9e3779b97f4a7c15 >> 47
	return s[h>>6]&(1<<(h&63)) != 0
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

// gist counts the consonants of sounds: how many there are at least and at most
// of each class.
type gist struct {
	least, most [6]uint8
	length      uint8
}

func gistOf(sounds []sound) (g gist) {
	for i, s := range sounds {
		var count [6]uint8
		for _, c := range []byte(s) {
			if n := classes[c&127]; n > 0 {
				count[n-1]++
			}
		}
		for k, n := range count {
			if i == 0 || n < g.least[k] {
				g.least[k] = n
			}
			g.most[k] = max(g.most[k], n)
		}
		g.length = max(g.length, uint8(min(len(s), 99)))
	}
	return g
}

// add is the gist of b said after g.
func (g *gist) add(b *gist) {
	for k := range g.least {
		g.least[k] += b.least[k]
		g.most[k] += b.most[k]
	}
	g.length += b.length
}

// apart reports whether sounds of two gists are surely farther apart than most.
func (g *gist) apart(b *gist, most float64) bool {
	more, less := 0, 0
	for k := range g.least {
		if d := int(g.least[k]) - int(b.most[k]); d > 0 {
			more += d
		} else if d := int(b.least[k]) - int(g.most[k]); d > 0 {
			less += d
		}
	}
	return float64(max(more, less)) > most*float64(max(g.length, b.length))
}

// saying is how a word of the conversation is said.
type saying struct {
	sounds []sound
	bones  []bones // two at most
	gist   gist
}

// saying gives that of a token's word.
func (g *garbles) saying(t *text.Token) *saying {
	var s *saying
	if t.Word >= 0 {
		s = &g.sayings[t.Word]
	} else {
		s = new(saying)
	}
	if s.sounds == nil {
		s.sounds = []sound{}
		if t.Norm != "" {
			s.sounds = unique(appendSounds([]sound{""}, t))
		}
		s.gist = gistOf(s.sounds)
		for _, sound := range s.sounds {
			if b := bonesOf(sound); len(s.bones) < 2 && !slices.Contains(s.bones, b) {
				s.bones = append(s.bones, b)
			}
		}
	}
	return s
}

// alike is a name that a run of words sounds like.
type alike struct {
	person   int
	distance float64
	length   int // of the name, in sounds
	name     int // of the person's
}

// hearing is whose names a run sounds like, as far as it was asked.
type hearing struct {
	within float64
	names  []alike
}

// sounding gives whose names a run sounds like that are no farther off than
// within, which is at most blur, and maybe some beyond.
func (g *garbles) sounding(run []text.Token, within float64) []alike {
	key := keyOf(run)
	if h, ok := g.heard[key]; ok && h.within >= within {
		return h.names
	}
	var whole gist
	for i := range run {
		whole.add(&g.saying(&run[i]).gist)
	}
	var out []alike
	var sounds []sound
	for i := range g.people {
		p := &g.people[i]
		best := alike{person: i, distance: 1}
		for k := range p.names {
			n := &p.names[k]
			if n.gist.apart(&whole, within) {
				continue
			}
			if sounds == nil {
				sounds = g.say(run)
			}
			for _, a := range n.read() {
				for c, b := range sounds {
					most := min(best.distance, within)
					if float64(gap(len(a), len(b)))*0.5 > most*float64(max(len(a), len(b))) || g.costs[c].exceed(a, b, most) {
						continue
					}
					if d := distance(a, b, most); d < best.distance {
						best.distance, best.length, best.name = d, len(a), k
					}
				}
			}
		}
		if best.distance <= within {
			out = append(out, best)
		}
	}
	g.heard[key] = hearing{within, out}
	return out
}

// say reads a run of words aloud.
func (g *garbles) say(run []text.Token) []sound {
	sounds := []sound{""}
	for i := range run {
		var out []sound
		for _, a := range sounds {
			for _, b := range g.saying(&run[i]).sounds {
				if len(out) < beam/2 {
					out = append(out, extend(a, b))
				}
			}
		}
		sounds = out
	}
	for len(g.costs) < len(sounds) {
		g.costs = append(g.costs, costs{})
	}
	for i, s := range sounds {
		g.costs[i].fill(s)
	}
	return sounds
}

// evidence are the log-odds of hearing a name of so many sounds so far off in so
// many words, rather than by chance. It was counted on names of fifty languages
// and on lessons in which nobody of that name takes part.
func (g *garbles) evidence(a *alike, words int) float64 {
	base := 10.0
	switch {
	case a.length <= 2 && words == 1:
		base = 5.5
	case a.length <= 2:
		base = 7
	case a.length <= 4 && words == 1:
		base = 6.5
	case a.length <= 4:
		base = 9
	case a.length == 5:
		base = 8.8
	case a.length >= 8:
		base = 11
	}
	if g.people[a.person].names[a.name].part&first == 0 {
		base -= 1.5
	}
	return base - farther*a.distance
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
	g.parts = g.parts[:0]
	var found []garble
	for i := range t {
		if !t[i].Shape.Word() || !s.everywhere && !g.may(t, i) {
			continue
		}
		g.cut(l)
		whose := ^uint64(0)
		closely := !s.everywhere && i > 0 && t[i-1].Shape != text.Mark && !g.lists.has(&t[i-1], inOpeners)
		run := g.run[:0]
		var room [4]bones
		ways := room[:1]
		for j := i; j < len(t) && len(run) < longest && t[j].Shape.Word() && (j == i || t[j].Start == t[j-1].End+1); j++ {
			piece := &g.parts[j]
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
						if whose&bit(a.person) == 0 || i < j && g.holds(run, a) {
							continue
						}
						f := g.weigh(bare, i, j, a, &s)
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
	said   *saying
}

// cut makes pieces of the tokens of a line, once a line.
func (g *garbles) cut(l *finding.Line) {
	if len(g.parts) > 0 {
		return
	}
	for k := range l.Tokens {
		var p piece
		if l.Tokens[k].Shape.Word() {
			p.token, p.end = g.owner(l.Text, l.Tokens, k)
			p.owners, p.owned = g.own(&p.token)
			p.said = g.saying(&p.token)
		}
		g.parts = append(g.parts, p)
	}
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
	case len(t.Norm) > 4 && g.owns(tokens, k):
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

// own gives whose name a token is beyond doubt, a bit each, and whether it is:
// then it is no part of another's.
func (g *garbles) own(t *text.Token) (uint64, bool) {
	w := g.of(t)
	if n := len(w.norm) - 1; n > 2 && w.norm[n] == 's' && len(g.forms[w.norm[:n]]) > 0 {
		w = g.word(w.norm[:n]) // "oksanas answer"
	}
	if len(w.hits) == 0 || w.hits[0].way != exact || t.Shape == text.Lower && g.common(w) >= 0.5 {
		return 0, false
	}
	owners := uint64(0)
	for _, h := range w.hits {
		owners |= bit(h.person)
	}
	return owners, true
}

// holds reports whether a run holds the name as it is.
func (g *garbles) holds(run []text.Token, a alike) bool {
	norm := g.people[a.person].names[a.name].norm
	return slices.ContainsFunc(run, func(t text.Token) bool { return strings.HasPrefix(t.Norm, norm) })
}

// scene is what is known of a line as a whole.
type scene struct {
	next, last int     // who speaks after and before, -1 when nobody known
	speaker    int     // who speaks
	telling    float64 // of the talk of how names are said
	here, near uint64  // who is named in this line and in those beside
	everywhere bool    // a name may stand at any word
	most       float64 // that all this speaks for a name
}

func (g *garbles) scene(at int) scene {
	l := &g.c.Lines[at]
	s := scene{next: g.voice(at, 1), last: g.voice(at, -1), speaker: -1, here: g.named[at]}
	if p, ok := g.byID[l.Speaker]; ok && l.Speaker != "" {
		s.speaker = p
	}
	s.telling = g.telling[at]
	if s.here != 0 && s.telling == 0 && slices.ContainsFunc(l.Tokens, func(t text.Token) bool { return g.lists.has(&t, inMending) }) {
		s.telling = 0.5
	}
	if s.speaker >= 0 && s.here&bit(s.speaker) != 0 {
		s.telling = max(s.telling, 2.5) // who says the own name tells how it is said
	}
	for _, k := range [2]int{at - 1, at + 1} {
		if k < 0 || k >= len(g.c.Lines) || g.c.Lines[k].Channel != l.Channel {
			continue
		}
		s.near |= g.named[k]
		if g.telling[k] >= 2.5 {
			s.telling = max(s.telling, 2)
		}
	}
	s.everywhere = s.telling > 0
	s.most = 2.4 + s.telling
	switch {
	case s.here != 0:
		s.most = min(s.most+3, 2.4+6.5)
	case s.near != 0:
		s.most += 1.8
	}
	return s
}

// voice is who speaks next, or spoke last, other than the speaker of the line.
func (g *garbles) voice(at, step int) int {
	l := &g.c.Lines[at]
	for k := at + step; k >= 0 && k < len(g.c.Lines) && gap(k, at) <= 3 && g.c.Lines[k].Channel == l.Channel; k += step {
		if o := &g.c.Lines[k]; o.Speaker != l.Speaker {
			if p, ok := g.byID[o.Speaker]; ok && o.Speaker != "" {
				return p
			}
			return -1
		}
	}
	return -1
}

// may reports whether a name may begin at token i: at the beginning of what is
// said, behind what calls or tells of somebody, where a word is no everyday
// word or has a capital.
func (g *garbles) may(t []text.Token, i int) bool {
	if i == 0 || t[i-1].Shape == text.Mark {
		return true
	}
	before := g.lists.of(&t[i-1])
	if before.has(inCallers) || before.has(inOpeners|inAsksFirst|inQuestion|inJoining) && (i == 1 || t[i-2].Shape == text.Mark || g.lists.has(&t[i-2], inOpeners)) {
		return true
	}
	if t[i].Shape != text.Lower && t[i].Norm != "i" {
		return true
	}
	for j := i; j < len(t) && j < i+3 && t[j].Shape.Word(); j++ {
		if w := g.of(&t[j]); !w.blocked && g.common(w) < 0.1 && len(t[j].Norm) > 1 || j > i && t[j].Shape == text.Title {
			return true
		}
	}
	return false
}

// place is what its words and what stands around them speak for a run.
func (g *garbles) place(t []text.Token, i, j int) float64 {
	where, framed := g.where(t, i, j)
	return where + g.oddness(t, i, j, framed)
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

// oddness is what the words themselves speak for a name: what nobody says
// otherwise, and not the letters that are points or how a sentence goes.
// Framed says that whatever stands there is a name.
func (g *garbles) oddness(t []text.Token, i, j int, framed bool) float64 {
	everyday, named, grammar, raised, flows := 1.0, 1.0, true, true, i < j
	odds := 0.0
	for k := i; k <= j; k++ {
		w := g.of(&t[k])
		named = min(named, g.index.name(w))
		if n := len(t[k].Norm); n > 1 {
			everyday = min(everyday, g.common(w))
		} else if c := t[k].Norm[0]; c == 'a' && t[k].Shape == text.One && k > 0 {
			odds -= 1.5
		} else if c != 'a' && c != 'i' && 'a' <= c && c <= 'z' {
			odds -= math.Log1p(float64(g.letters[c-'a']))
		}
		grammar = grammar && w.blocked
		raised = raised && t[k].Shape != text.Lower && t[k].Norm != "i"
		flows = flows && (k == i || g.flows(&t[k-1], &t[k]))
	}
	raised = raised && (i < j || i > 0 && t[i-1].Shape != text.Mark)
	switch {
	case everyday < 0.1 && i == j && len(t[i].Norm) < 4:
		odds += 0.5 // speech recognition leaves such bits of words
	case everyday < 0.1 && raised:
		odds += 1
	case everyday < 0.1:
		odds += 2
	case everyday < 0.9:
	case grammar && i == j && !framed:
		odds -= 5
	case grammar && i == j:
		odds -= 2.5
	case grammar:
		odds -= 2
	case i == j:
		odds -= 1.5
	default:
		odds -= 0.5
	}
	if flows {
		odds -= 3
	}
	if i > 0 && g.flows(&t[i-1], &t[i]) {
		odds -= 1.5
	}
	if j+1 < len(t) && g.flows(&t[j], &t[j+1]) {
		odds -= 2
	}
	switch {
	case raised && i < j:
		odds += 2.5
	case raised:
		odds += 1.5
	}
	odds -= 2 * named
	if i == j {
		if n := len(t[i].Norm); n > 5 && t[i].Norm[n-3:] == "ing" {
			odds -= 2
		}
	}
	if j+2 < len(t) && t[j+1].Norm == "to" && letter(t[j+2]) || i > 1 && t[i-1].Norm == "to" && letter(t[i-2]) {
		odds -= 4 // from one point to another
	}
	return odds
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

// flows reports whether b goes on after a as sentences do: "you can", "how did",
// "a car", "in the".
func (g *garbles) flows(a, b *text.Token) bool {
	if !a.Shape.Word() || !b.Shape.Word() || b.Shape != text.Lower && b.Norm != "i" {
		return false
	}
	was, is := g.lists.of(a), g.lists.of(b)
	if len(b.Norm) == 1 && b.Norm != "i" && b.Norm != "a" {
		return was.has(inDeterminers)
	}
	switch {
	case was.has(inSubjects):
		return !is.has(inSubjects|inDeterminers|inQuestion|inPrepositions) || b.Norm == "all"
	case was.has(inQuestion):
		return is.has(inAuxiliaries|inSubjects|inAsking) || b.Norm == "are" || b.Norm == "about" || b.Norm == "if"
	case was.has(inAuxiliaries | inAsking):
		return is.has(inSubjects|inDeterminers|inNever) || g.common(g.of(b)) > 0.9
	case was.has(inDeterminers | inNumbers):
		return !is.has(inSubjects | inAuxiliaries | inPrepositions)
	case was.has(inPrepositions), a.Norm == "to", a.Norm == "from", a.Norm == "with", a.Norm == "about", a.Norm == "for":
		return is.has(inDeterminers | inObjects | inNumbers | inSubjects)
	case was.has(inJoining):
		return is.has(inSubjects | inDeterminers | inQuestion | inPrepositions | inAuxiliaries | inOpeners)
	case being[a.Norm]:
		return is.has(inNever|inDeterminers) || g.common(g.of(b)) > 0.9
	case was.has(inDoing), verbs[a.Norm]:
		return is.has(inDeterminers|inQuestion|inObjects|inPrepositions) || is.has(inJoining) || b.Norm == "you" || b.Norm == "u"
	case a.Norm == "let" || a.Norm == "lets" || a.Norm == "me" || a.Norm == "us":
		return is.has(inNever)
	}
	return false
}

var (
	being = set(`is are was were be im youre its thats isnt arent`)
	// callers stand before somebody wherever a sentence names one.
	callers = set(`with from ask asked tell told let see hear heard saw help thank thanks by named called call calls name got have hi hey hello bye tag ping agree told show text remind`)
	joining = set(`and so but or if because cause cuz then that when like than as now well`)
	verbs   = set(`see say says show shows know think mean guess go get make take find use look put tell are be being been want need try keep come draw write hear`)
)

// where is what the place of tokens i..j speaks for a name, and whether hardly
// anything but a name stands there.
func (g *garbles) where(t []text.Token, i, j int) (odds float64, framed bool) {
	p := g.lists.look(t, i, j)
	odds = p.name
	before, before2 := "", ""
	if i > 0 {
		before = t[i-1].Norm
	}
	if i > 1 {
		before2 = t[i-2].Norm
	}
	has := p.closes && (before == "got" || before == "have")
	if has {
		odds = max(odds, 1.5)
	}
	// What is said to or of somebody, without a comma: what stands before is a
	// name, unless the sentence goes on with it.
	if k := j + 1; k < len(t) && t[k].Shape.Word() && (i < j || !g.lists.has(&t[j], inOpeners|inQuestion|inAuxiliaries|inSubjects|inCalling)) {
		if p.opens || i == 0 || g.lists.has(&t[i-1], inOpeners) {
			odds = max(odds, appeal(t, k))
		}
		odds = max(odds, human(t, k))
	}
	framed = odds >= askedOdds
	switch {
	case transcribed[before] && (captions[before2] || before2 == "it" || before2 == "that" || before2 == "always" || before2 == "keeps"):
		odds += 2
	case before == "to" && j+2 < len(t) && t[i].Shape == text.Title && t[j+1].Norm == "," && t[j+2].Shape == text.Title:
		odds -= 4 // a town and what it lies in
	case i > 0 && g.lists.has(&t[i-1], inPrepositions) && before != "by", before == "to", before == "with" && before2 == "rhymes":
		odds -= 1.5
	}
	if !p.opens && i > 0 && !has && !g.lists.has(&t[i-1], inOpeners|inGreetings|inCompany|inCalling|inThanking) {
		odds -= 2.5
	}
	if p.word < 0 && i == j {
		odds += p.word * 0.5
	}
	if p.closes && !p.called {
		odds += 0.5
	}
	return odds, framed
}

// transcribed stands before what speech recognition wrote.
var transcribed = set(`says said say put puts wrote writes write heard hears typed types called calls thinks writing typing saying spelled printed`)

// appeal is what the words from token k on speak for somebody being spoken to
// right before.
func appeal(t []text.Token, k int) float64 {
	at := func(i int) string {
		if i < len(t) {
			return t[i].Norm
		}
		return ""
	}
	a, b, c := at(k), at(k+1), at(k+2)
	you := b == "you" || b == "u" || b == "ya"
	switch {
	case asksYou[a] && you, a == "go" && (b == "ahead" || b == "first" || b == "next" || b == "on"),
		(a == "you" || a == "u") && youDo[b], a == "youre" || a == "youve" || a == "youd",
		question[a] && (asksYou[b] && (c == "you" || c == "u") || b == "would" || b == "about"), a == "is" && (b == "your" || b == "that" || b == "ur"),
		(a == "tell" || a == "take" || a == "show" || a == "let" || a == "give") && (b == "me" || b == "us" || b == "everyone" || b == "everybody"):
		return 5
	case imperatives[a], a == "i" && (b == "like" || b == "love" || b == "see" || b == "saw" || b == "think" || b == "can" || b == "heard"),
		a == "your" || a == "ur", a == "can" || a == "could":
		return 2.5
	}
	return 0
}

var (
	asksYou     = set(`can could do did does are were was would will have should r had may dont didnt cant arent`)
	youDo       = set(`are were had have got wanna want can could said did still there ready good ok okay muted get see think know up need should go should try look seem sound mentioned wrote put r were`)
	imperatives = set(`tell take try read share unmute mute look show explain hold keep give check please pls plz type write come turn start hit click scroll lets help say walk talk pick draw plug stop wait`)
)

// human is what the words from token k on speak for somebody being spoken of
// right before.
func human(t []text.Token, k int) float64 {
	at := func(i int) string {
		if i < len(t) {
			return t[i].Norm
		}
		return ""
	}
	a, b, c := at(k), at(k+1), at(k+2)
	possessive := b == "a" || b == "her" || b == "his" || b == "their" || b == "your"
	switch {
	case telling[a] && a != "left" && b != "what", people[a],
		a == "has" && possessive && (c == "hand" || c == "question" || c == "point" || c == "idea"),
		(a == "is" || a == "was" || a == "isnt" || a == "just" || a == "already") && (present[b] || people[b] || telling[b]),
		a == "has" && b == "been", a == "had" && (b == "it" || b == "the" || b == "a" || b == "her" || b == "his"), a == "and" && (b == "i" || b == "me"),
		(a == "can" || a == "could" || a == "will" || a == "should" || a == "wanna" || a == "didnt" || a == "did" || a == "cant") && (turns[b] || people[b]):
		return 3
	case doing[a] && a != "and" && a != "are" && a != "you" && a != "u", a == "always", a == "never", a == "wont", a == "only":
		return 1.2
	}
	return 0
}

// people do what things do not.
var people = set(`muted unmuted dropped typed wrote answered explained agreed agrees disagrees raised shared forgot guessed helped solved finished noticed
	laughed waved texted joined messaged emailed got answers explains wants thinks feels forgets likes loves hates laughs wins`)

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

// telling is how much a line talks of how names are said, heard or written, in
// log-odds.
func (l listing) telling(t []text.Token) float64 {
	most := 0.0
	for k := range t {
		if !l.has(&t[k], inNaming) {
			continue
		}
		switch t[k].Norm {
		case "say", "said", "says", "sounds", "heard", "put", "wrote", "name", "names", "spell", "spelled", "way", "transcript", "accent":
			most = max(most, inWords(t, k))
		default:
			return 3.5
		}
	}
	return most
}

// inWords is telling for a word that is mostly said of other things: "say your
// name", "how you say it", "it says".
func inWords(t []text.Token, k int) float64 {
	at := func(i int) string {
		if i >= 0 && i < len(t) {
			return t[i].Norm
		}
		return ""
	}
	before, before2, after := at(k-1), at(k-2), at(k+1)
	switch t[k].Norm {
	case "name", "names":
		if before == "your" || before == "my" || before == "ur" || before == "her" || before == "his" || before == "their" {
			return 3
		}
	case "say", "said":
		switch {
		case after == "your" && at(k+2) == "name", (before == "you" || before == "i") && (before2 == "how" || before2 == "do" && at(k-3) == "how"),
			before == "people" || before == "teachers" || before == "everyone" || before == "everybody", after == "it" && (at(k+2) == "right" || at(k+2) == "wrong" || at(k+2) == "again" || at(k+2) == "like"),
			before == "i" && before2 == "did" && (after == "it" || after == "that"), before == "always" || before == "just" && before2 == "can":
			return 2.5
		case before == "it" || before == "that":
			return 1
		}
	case "says", "heard", "put", "wrote":
		if before == "it" || before == "that" {
			return 1
		}
	case "spell", "spelled":
		return 2.5
	case "sounds":
		if after == "like" {
			return 1.5
		}
	case "transcript", "accent":
		return 2.5
	}
	return 0
}

// mending stands between a name that was said wrong and the name.
var mending = set(`sorry oops mean meant not oh no like its thats apologies apologize whoops wait`)

var naming = set(`caption captions captioning subtitle subtitles transcript autocorrect autocorrected pronounce pronounced pronouncing pronunciation mispronounce mispronounced
	mispronouncing butcher butchered butchering spelled spelling spell syllable syllables rhymes accent
	name names say said says heard put wrote sounds`)
