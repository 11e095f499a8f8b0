package belonging

import (
	"slices"

	"github.com/schoolhouse-world/veil/redact/names/internal/lexicon"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Buckets is the number of hashed features.
const Buckets = 1 << 17

// word is what does not depend on where a word stands.
type word struct {
	hash, head, tail uint32 // of the word, its first and last three letters
	lex              uint32 // how much it is a place, a name, a word
	telling          bool   // a line that holds it is looked at
	asked            bool
}

// context is a line as features see it.
type context struct {
	hash  []uint32
	word  []*word
	shape []uint32
	// open words may be part of a name, first ones may be so by themselves.
	open, first []bool
	// bag holds the words of the line that say something, each once.
	bag []spot
	// kind is what the line as a whole is: question, short, with or without
	// capitals.
	kind uint32
}

type spot struct {
	at   int
	hash uint32
}

// bagged bounds how many words of a long line are looked at.
const bagged = 28

// read takes a line and reports whether a word in it may name anything.
func (r *Reader) read(words []tagger.Word) bool {
	if !r.tells(words) {
		return false
	}
	c := &r.line
	c.hash, c.word, c.shape, c.open, c.first, c.bag = c.hash[:0], c.word[:0], c.shape[:0], c.open[:0], c.first[:0], c.bag[:0]
	lower, raised, question := 0, 0, uint32(0)
	for k := range words {
		w := &words[k]
		if w.Shape == text.Lower {
			lower++
		} else if w.Shape == text.Title || w.Shape == text.Upper {
			raised++
		}
		if w.Norm == "?" {
			question = 1
		}
		v := r.of(w)
		c.word, c.hash, c.open = append(c.word, v), append(c.hash, v.hash), append(c.open, w.Shape != text.Mark)
		c.first = append(c.first, w.Shape.Word() && !w.Closed && len(w.Norm) > 1 && (w.Lex.Word < 0.75 || w.Shape != text.Lower && k > 0 && !ends(words[k-1].Norm)))
		shape := uint32(w.Shape) * 4
		if w.Possessive {
			shape++
		}
		if k == 0 || ends(words[k-1].Norm) {
			shape += 2
		}
		c.shape = append(c.shape, shape)
	}
	style := uint32(0)
	switch {
	case raised == 0:
	case raised > lower:
		style = 1
	default:
		style = 2
	}
	c.kind = style*16 + question*8 + uint32(min(len(words)/4, 7))
	for k := range words {
		if w := &words[k]; w.Shape.Word() && len(w.Norm) > 1 && len(c.bag) < bagged {
			c.bag = append(c.bag, spot{k, c.hash[k]})
		}
	}
	return true
}

// tells reports whether a line may name anything: most lines of a lesson do not,
// and are left at once.
func (r *Reader) tells(words []tagger.Word) bool {
	for k := range words {
		w := &words[k]
		if r.of(w).telling || w.Shape == text.Title && !w.Closed && w.Lex.Word < 0.3 && k > 0 && !ends(words[k-1].Norm) {
			return true
		}
	}
	return false
}

// of gives what is known of a word.
func (r *Reader) of(w *tagger.Word) *word {
	var v *word
	if int(w.ID) < len(r.words) {
		if v = &r.words[w.ID]; v.asked {
			return v
		}
	} else {
		v = new(word)
	}
	n := len(w.Norm)
	*v = word{hash: hash(w.Norm), head: hash(w.Norm[:min(n, 3)]), tail: hash(w.Norm[max(n-3, 0):]), lex: bins(w.Lex), asked: true}
	v.telling = r.model == nil || w.Shape.Word() && (w.Lex.Place >= 0.4 && w.Lex.Word < 0.7 || r.model.tells(v.hash))
	return v
}

func (m *Model) tells(hash uint32) bool {
	_, found := slices.BinarySearch(m.Telling, hash)
	return found
}

// Hash is how a folded word stands in Model.Telling.
func Hash(norm string) uint32 { return hash(norm) }

func bins(e lexicon.Entry) uint32 {
	return step(e.Place)*36 + step(e.Name())*6 + step(e.Word)
}

func step(v float32) uint32 {
	switch {
	case v == 0:
		return 0
	case v <= 0.25:
		return 1
	case v <= 0.42:
		return 2
	case v <= 0.62:
		return 3
	case v <= 0.75:
		return 4
	}
	return 5
}

// features appends the buckets that describe word k.
func (c *context) features(k int, out []uint32) []uint32 {
	add := func(template, a, b uint32) { out = append(out, mix(template, a, b)) }
	v, shape := c.word[k], c.shape[k]
	p1, p2, p3, n1, n2, n3 := c.at(k-1), c.at(k-2), c.at(k-3), c.at(k+1), c.at(k+2), c.at(k+3)
	// What the word is for itself, coarsely, to tell what the others say of it.
	sort := v.lex/36*6 + v.lex%6
	add(1, v.hash, 0)
	add(2, v.hash, shape)
	add(3, v.lex, shape)
	add(4, v.tail, shape)
	add(5, v.head, v.tail)
	add(6, c.kind, shape)
	add(7, c.kind, sort)
	add(8, p1, 0)
	add(9, n1, 0)
	add(10, p1, sort)
	add(11, n1, sort)
	add(12, p2, p1)
	add(13, n1, n2)
	add(14, p1, n1)
	add(15, p1, v.hash)
	add(16, n1, v.hash)
	add(17, p2, 0)
	add(18, n2, 0)
	add(19, p3, p2)
	add(20, mix(0, p3, p2), p1)
	add(21, mix(0, n1, n2), n3)
	add(22, p2, sort)
	add(23, n2, sort)
	add(24, c.shapeAt(k-1), mix(0, c.shapeAt(k+1), shape))
	add(25, c.lexAt(k-1), c.lexAt(k+1))
	add(26, c.lexAt(k-1), v.lex)
	add(27, c.lexAt(k+1), v.lex)
	for _, b := range c.bag {
		if b.at == k {
			continue
		}
		side := uint32(0)
		if b.at > k {
			side = 1
		}
		add(30, b.hash, side)
		add(31, b.hash, sort)
	}
	return out
}

// at gives the hash of a word, or that of the edge.
func (c *context) at(k int) uint32 {
	if k < 0 {
		return 1
	}
	if k >= len(c.hash) {
		return 2
	}
	return c.hash[k]
}

func (c *context) shapeAt(k int) uint32 {
	if k < 0 || k >= len(c.shape) {
		return 99
	}
	return c.shape[k]
}

func (c *context) lexAt(k int) uint32 {
	if k < 0 || k >= len(c.word) {
		return 999
	}
	return c.word[k].lex
}

func ends(mark string) bool {
	switch mark {
	case ".", "?", "!", "\"", "“", ":", "…":
		return true
	}
	return false
}

func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}

// mix hashes a template and two values into a bucket.
func mix(template, a, b uint32) uint32 {
	h := uint64(template)*0x9E3779B97F4A7C15 ^ uint64(a)*0xC2B2AE3D27D4EB4F ^ uint64(b)*0x165667B19E3779F9
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return uint32(h>>40) & (Buckets - 1)
}
