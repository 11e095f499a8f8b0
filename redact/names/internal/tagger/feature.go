package tagger

import "github.com/schoolhouse-world/veil/redact/text"

// Buckets is the number of hashed features.
const Buckets = 1 << 18

// Features appends the buckets that describe word i.
func Features(words []Word, i int, out []uint32) []uint32 {
	w := &words[i]
	p1, p2, n1, n2 := at(words, i-1), at(words, i-2), at(words, i+1), at(words, i+2)
	// The place in the sentence: what stands before and behind.
	before, behind := side(p1), side(n1)
	if p1.Shape == text.Mark && p1.Norm != "" {
		before = 2 + mark(p1.Norm)
	}
	if n1.Shape == text.Mark && n1.Norm != "" {
		behind = 2 + mark(n1.Norm)
	}
	place := before*16 + behind
	shape, slip := uint32(w.written), uint32(w.Slip)
	given, family, word := step(w.Lex.Given), step(w.Lex.Family), step(w.Lex.Word)
	spot := step(w.Lex.Place)
	poss := uint32(0)
	if w.Possessive {
		poss = 1
	}
	known := uint32(1)
	if w.class == 0 {
		known = 0
	}
	add := func(template, a, b uint32) { out = append(out, mix(template, a, b)) }

	add(1, w.hash, 0)
	add(2, w.hash, shape)
	add(3, w.class, shape)
	add(4, given*36+word*6, shape)
	add(5, family*36+word*6, shape)
	add(6, spot*36+word*6, shape)
	add(7, shape, place)
	add(8, given*6+word, place)
	add(9, family*6+word, place)
	add(10, w.hash, place)
	add(11, p1.hash, shape)
	add(12, n1.hash, shape)
	add(13, p1.hash, given*36+word*6+family)
	add(14, n1.hash, given*36+word*6+family)
	add(15, p1.hash, n1.hash)
	add(16, p2.hash, p1.hash)
	add(17, n1.hash, n2.hash)
	add(18, p2.hash, shape)
	add(19, n2.hash, shape)
	add(20, p1.class, shape*6+given)
	add(21, n1.class, shape*6+given)
	add(22, uint32(p1.written)*64+uint32(n1.written), shape)
	add(23, uint32(p1.written)*64+uint32(p2.written), given*6+word)
	add(24, uint32(n1.written)*64+uint32(n2.written), given*6+word)
	add(25, poss, given*36+word*6+family)
	add(26, w.hash, p1.hash)
	add(27, w.hash, n1.hash)
	add(28, mix(0, p2.hash, p1.hash), given*6+word)
	add(29, mix(0, n1.hash, n2.hash), given*6+word)
	if n := len(w.Norm); n > 3 {
		add(30, w.ends[1], known)
		add(31, w.ends[0], known*8+shape)
		add(32, w.start, known)
		if n > 4 {
			add(33, w.ends[2], known)
		}
	}
	add(38, slip, given*36+family*6+word)
	add(39, slip*8+given, place)
	if w.Glued {
		add(34, p1.hash, given)
	}
	p3, n3 := at(words, i-3), at(words, i+3)
	add(35, p3.hash, 0)
	add(36, n3.hash, 0)
	add(37, mix(1, p1.hash, n1.hash), given*6+word)
	// Names nobody listed are known by their company.
	small, tall := uint32(w.cluster.Small), uint32(w.cluster.Tall)
	lex := given*36 + word*6 + family
	add(50, tall, shape)
	add(51, small, shape)
	add(52, tall&63, mix(0, shape, lex))
	add(53, small&63, mix(0, shape, lex))
	add(54, tall, place)
	add(55, p1.company, shape)
	add(56, n1.company, shape)
	add(57, p1.company, lex)
	add(58, n1.company, lex)
	add(59, p2.company&255, p1.company&255)
	add(60, n1.company&255, n2.company&255)
	add(61, p1.company&63, mix(0, n1.company&63, shape))
	return out
}

// at gives a word, or the edge beyond the line.
func at(words []Word, i int) *Word {
	switch {
	case i < 0:
		return &head
	case i >= len(words):
		return &tail
	}
	return &words[i]
}

// head and tail stand for the edges of a line; nothing writes to them.
var (
	head = Word{Known: &Known{hash: 1, class: 2001}, written: 60}
	tail = Word{Known: &Known{hash: 2, class: 2002}, written: 61}
)

// side is 0 at the edge of a line and 1 beside a word.
func side(w *Word) uint32 {
	if w.Norm == "" {
		return 0
	}
	return 1
}

func mark(s string) uint32 {
	switch s {
	case ",":
		return 1
	case ".":
		return 2
	case "?":
		return 3
	case "!":
		return 4
	case ":", ";":
		return 5
	case "\"", "“", "”":
		return 6
	case "@", "#":
		return 7
	case "-", "–", "—":
		return 8
	case "(", ")", "[", "]":
		return 9
	case "'", "’":
		return 10
	case "&":
		return 11
	}
	return 12
}

// mix hashes a template and two values into a bucket.
func mix(template, a, b uint32) uint32 {
	h := uint64(template)*0x9E3779B97F4A7C15 ^ uint64(a)*0xC2B2AE3D27D4EB4F ^ uint64(b)*0x165667B19E3779F9
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return uint32(h>>40) & (Buckets - 1)
}
