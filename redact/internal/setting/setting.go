// Package setting describes a token by the talk around it, in its line and in
// the lines beside, as hashed features for a classifier.
package setting

import (
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Buckets is the number of hashed features.
const Buckets = 1 << 18

// Word is what does not depend on where a token stands.
type Word struct {
	// Hash is of the word itself, the same for all names and for all numbers of
	// a size: which one it is tells nothing.
	Hash uint32
	Sort Sort
	// head and tail are of its first and last letters, company and circle of the
	// words it is used like, narrowly and widely.
	head, tail, company, circle uint32
	asked                       bool
}

// Reader reads the lines of one conversation. Not for concurrent use.
type Reader struct {
	c     *finding.Conversation
	words []Word // by the number of the word
	line  int    // that is read, -1 before
	t     []text.Token
	w     []*Word
	bag   []spot
	run   []uint32 // how long the number is that a token is in
	// around are words of the lines beside; at is which line.
	around []spot
	style  uint32
}

type spot struct {
	at   int
	word *Word
}

const (
	bagged = 28 // words of a long line that are looked at
	beside = 14 // of each line beside
)

// NewReader makes a Reader of a conversation that has been cut.
func NewReader(c *finding.Conversation) *Reader {
	return &Reader{c: c, words: make([]Word, c.Vocabulary.Len()), line: -1}
}

// Word gives what is known of a token's word.
func (r *Reader) Word(t *text.Token) *Word {
	w := &r.words[t.Word]
	if w.asked {
		return w
	}
	n := len(t.Norm)
	*w = Word{Hash: Hash(t.Norm), Sort: sortOf(t), head: Hash(t.Norm[:min(n, 3)]), tail: Hash(t.Norm[max(n-3, 0):]), asked: true}
	w.company = w.Hash
	if c := names.Company(t.Norm); c != 0 && t.Shape.Word() {
		w.company = c | 1<<20
	}
	w.circle = w.company & (1<<20 | 1<<9 - 1)
	switch s := w.Sort; {
	case s >= ThreeDigits && s <= ManyDigits:
		w.Hash = uint32(s)
		w.head, w.tail, w.company, w.circle = w.Hash, w.Hash, w.Hash, w.Hash
	case s == Named:
		w.Hash = uint32(s)
		w.company, w.circle = w.Hash, w.Hash
	}
	return w
}

// Read takes line i, unless it was the last one that was read.
func (r *Reader) Read(i int) {
	if r.line == i {
		return
	}
	r.line = i
	l := &r.c.Lines[i]
	r.t = l.Tokens
	r.w, r.bag, r.run, r.around = r.w[:0], r.bag[:0], r.run[:0], r.around[:0]
	raised, question := 0, uint32(0)
	for k := range r.t {
		t := &r.t[k]
		w := r.Word(t)
		r.w = append(r.w, w)
		if t.Shape == text.Title || t.Shape == text.Upper {
			raised++
		}
		if w.Sort == Asks {
			question = 1
		}
		if t.Shape != text.Mark && len(r.bag) < bagged {
			r.bag = append(r.bag, spot{k, w})
		}
	}
	r.style = uint32(min(len(r.t)/3, 7))*8 + question*4 + uint32(min(raised, 1))*2
	if l.Channel == finding.Chat {
		r.style++
	}
	r.runs()
	for d := -2; d <= 1; d++ {
		if d != 0 {
			r.look(i, d)
		}
	}
}

// Words gives the words of the line that was read.
func (r *Reader) Words() []*Word { return r.w }

// Run is how many digits the number has that token k is in, 0 when in none.
// Letters that are read one by one count too.
func (r *Reader) Run(k int) int { return int(r.run[k]) }

// runs counts the digits of the number that each token is in.
func (r *Reader) runs() {
	part := func(k int) bool { return r.w[k].Sort.Number() || r.w[k].Sort == Letter }
	for k := 0; k < len(r.t); {
		if !part(k) {
			r.run = append(r.run, 0)
			k++
			continue
		}
		to, size := k, 0
		for j := k; j < len(r.t); j++ {
			s := r.w[j].Sort
			if !part(j) {
				if (s == Joint || s == Comma || s == Stop) && j+1 < len(r.t) && part(j+1) {
					continue
				}
				break
			}
			if r.t[j].Shape == text.Digit {
				size += len(r.t[j].Norm)
			} else {
				size++
			}
			to = j + 1
		}
		for ; k < to; k++ {
			r.run = append(r.run, uint32(min(size, 12)))
		}
	}
}

// look notes the words of the line d after line i.
func (r *Reader) look(i, d int) {
	j := i + d
	if j < 0 || j >= len(r.c.Lines) || r.c.Lines[j].Channel != r.c.Lines[i].Channel || d == -2 && r.c.Lines[i-1].Channel != r.c.Lines[i].Channel {
		return
	}
	at := 2 * (d + 2)
	if a, b := &r.c.Lines[i], &r.c.Lines[j]; a.Speaker == b.Speaker && a.SpeakerName == b.SpeakerName {
		at++
	}
	n := 0
	t := r.c.Lines[j].Tokens
	for k := len(t) - 1; k >= 0 && n < beside; k-- {
		if w := r.Word(&t[k]); t[k].Shape != text.Mark || w.Sort == Asks {
			r.around = append(r.around, spot{at, w})
			n++
		}
	}
}

// Describe appends the buckets that describe token k of the line that was read.
func (r *Reader) Describe(k int, out []uint32) []uint32 {
	add := func(template, a, b uint32) { out = append(out, Mix(template, a, b)) }
	v := r.w[k]
	sort, run := uint32(v.Sort), r.run[k]
	p1, p2, p3, n1, n2, n3 := r.at(k-1), r.at(k-2), r.at(k-3), r.at(k+1), r.at(k+2), r.at(k+3)
	s1, s2, t1, t2 := r.sort(k-1), r.sort(k-2), r.sort(k+1), r.sort(k+2)
	shape := uint32(r.t[k].Shape)
	touch := uint32(0)
	if k > 0 && r.t[k-1].End == r.t[k].Start {
		touch = 1
	}
	if k+1 < len(r.t) && r.t[k].End == r.t[k+1].Start {
		touch += 2
	}
	add(1, v.Hash, 0)
	add(2, sort, shape)
	add(3, p1, sort)
	add(4, n1, sort)
	add(5, p2, p1)
	add(6, n1, n2)
	add(7, p1, n1)
	add(8, Mix(0, p3, p2), p1)
	add(9, Mix(0, n1, n2), n3)
	add(10, s1<<10|sort<<5|t1, 0)
	add(11, s2<<20|s1<<15|sort<<10|t1<<5|t2, 0)
	add(12, p2, sort)
	add(13, n2, sort)
	add(14, r.style, sort)
	add(15, run, sort)
	add(16, run, p1)
	add(17, run, n1)
	add(18, v.head, v.tail)
	add(19, p3, sort)
	add(20, p1, v.Hash)
	add(21, n1, v.Hash)
	add(22, touch, s1<<10|sort<<5|t1)
	add(23, Mix(0, p2, p1), sort)
	add(24, Mix(0, n1, n2), sort)
	add(25, r.company(k-1), Mix(0, r.company(k-2), sort))
	add(26, r.company(k+1), Mix(0, r.company(k+2), sort))
	add(27, r.company(k-1), Mix(0, r.company(k+1), sort))
	add(28, v.company, shape)
	mine := sort
	if run > 0 {
		mine = 64 + run // a number is known by its length
	}
	return r.Around(k, k+1, mine, 30, out)
}

// Line appends the buckets that describe the line that was read as a whole.
func (r *Reader) Line(out []uint32) []uint32 {
	add := func(template, a, b uint32) { out = append(out, Mix(template, a, b)) }
	add(60, r.style, 0)
	for k, w := range r.w {
		add(61, w.Hash, 0)
		add(62, w.circle, r.style&1)
		add(63, w.Hash, r.at(k+1))
		if n := r.run[k]; n > 0 && (k == 0 || r.run[k-1] == 0) {
			add(64, n, r.style)
			add(65, n, r.at(k-1))
		}
	}
	for _, b := range r.around {
		add(70+uint32(b.at), b.word.Hash, 0)
		add(80+uint32(b.at), b.word.circle, 0)
	}
	return out
}

// Around appends the buckets of the words of the line but those from token from
// to to-1, and of the lines beside, each by itself and together with mine.
// They take the 30 templates from first on.
func (r *Reader) Around(from, to int, mine, first uint32, out []uint32) []uint32 {
	add := func(template, a, b uint32) { out = append(out, Mix(first+template, a, b)) }
	for _, b := range r.bag {
		if from <= b.at && b.at < to {
			continue
		}
		side := uint32(0)
		if b.at >= to {
			side = 1
		}
		add(0, b.word.Hash, side)
		add(1, b.word.Hash, mine)
		add(2, b.word.circle, mine)
		add(3, b.word.company, side)
	}
	for _, b := range r.around {
		add(10+uint32(b.at), b.word.Hash, mine)
		add(20+uint32(b.at), b.word.circle, mine)
	}
	return out
}

// Style is what the line as a whole is: how long, a question, with capitals, in
// which channel.
func (r *Reader) Style() uint32 { return r.style }

// Next gives the hashes of the words before and behind tokens from to to-1, of
// the edge where there is none.
func (r *Reader) Next(from, to int) (before, behind uint32) { return r.at(from - 1), r.at(to) }

func (r *Reader) at(k int) uint32 {
	if k < 0 {
		return 1
	}
	if k >= len(r.w) {
		return 2
	}
	return r.w[k].Hash
}

func (r *Reader) company(k int) uint32 {
	if k < 0 || k >= len(r.w) {
		return 1
	}
	return r.w[k].company
}

func (r *Reader) sort(k int) uint32 {
	if k < 0 || k >= len(r.w) {
		return uint32(Edge)
	}
	return uint32(r.w[k].Sort)
}

// Hash is that of a folded word.
func Hash(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}

// Mix hashes a template and two values into a bucket.
func Mix(template, a, b uint32) uint32 {
	h := uint64(template)*0x9E3779B97F4A7C15 ^ uint64(a)*0xC2B2AE3D27D4EB4F ^ uint64(b)*0x165667B19E3779F9
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return uint32(h>>40) & (Buckets - 1)
}
