// Package lexicon holds which words are names, places and everyday words.
package lexicon

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"io"
	"sync"
)

//go:generate go run ../lexiconbuild -sources ../../../../../sources -out lexicon.bin

// packed is the table that lexiconbuild writes. It is read-only.
//
//go:embed lexicon.bin
var packed []byte

// Entry is what the lexicon knows of a word. Every value is from 0, not
// listed, to 1, in steps of a fifteenth.
type Entry struct {
	// Given and Family grow with the logarithm of how many people in the
	// United States bear the name (2020 census, births since 1950): 0.2 is about
	// a hundred people, 0.9 the most frequent names there are.
	Given, Family float32
	// Word is how common it is as an English word in lower case, by SCOWL's
	// sizes: 0.8 among the first four thousand, 0.2 known to few.
	Word float32
	// Place grows with the logarithm of the inhabitants; states and countries
	// are near 1.
	Place float32
}

// Begins reports whether an entry of several words may begin with a folded
// word: never false when one does, seldom true when none does.
func Begins(norm string) bool {
	h := hash(norm) & (64<<12 - 1)
	return shared().begins[h>>6]&(1<<(h&63)) != 0
}

// Name is the greater of Given and Family.
func (e Entry) Name() float32 { return max(e.Given, e.Family) }

// Lookup gives what the lexicon knows of a word in its folded form (text.Fold).
// Places of several words are found with one blank between them ("new york").
// The zero Entry means that the word is not listed. The first call unpacks the
// table (about 50 milliseconds). Safe for concurrent use.
func Lookup(norm string) Entry { return shared().lookup(norm) }

// shared is unpacked once; nothing writes to it afterwards.
var shared = sync.OnceValue(func() *table { t := unpack(packed); return &t })

// table is an open-addressing hash table over one long string, so that half a
// million words cost the collector nothing.
type table struct {
	text  []byte
	slots []slot
	// begins has a bit for the hash of every word that begins an entry of
	// several words.
	begins *[1 << 12]uint64
}

// slot holds where its word stands in text and its four values. A length of 0
// marks an empty slot.
type slot struct {
	start  uint32
	length uint8
	values [2]uint8
	tag    uint8 // of the word's hash, so that few others are looked at
}

func unpack(packed []byte) table {
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		panic("names: the embedded lexicon is damaged: " + err.Error())
	}
	n, at := binary.Uvarint(raw)
	raw = raw[at:]
	size := 1
	for size < int(n)*2 {
		size *= 2
	}
	t := table{text: make([]byte, 0, n*9), slots: make([]slot, size), begins: new([1 << 12]uint64)}
	last := 0
	for ; n > 0; n-- {
		shared, rest := int(raw[0]), int(raw[1])
		start := len(t.text)
		t.text = append(t.text, t.text[last:last+shared]...)
		t.text = append(t.text, raw[2:2+rest]...)
		word := t.text[start:]
		if blank := bytes.IndexByte(word, ' '); blank > 0 {
			h := hash(word[:blank]) & (64<<12 - 1)
			t.begins[h>>6] |= 1 << (h & 63)
		}
		i := t.find(word)
		t.slots[i] = slot{uint32(start), uint8(len(word)), [2]uint8{raw[2+rest], raw[3+rest]}, uint8(hash(word) >> 24)}
		raw, last = raw[4+rest:], start
	}
	return t
}

// Each visits every word in no particular order.
func Each(visit func(word string, e Entry)) {
	t := shared()
	for _, s := range t.slots {
		if s.length > 0 {
			word := string(t.text[s.start : s.start+uint32(s.length)])
			visit(word, t.lookup(word))
		}
	}
}

func (t *table) lookup(word string) Entry {
	if len(word) == 0 || len(word) > 255 {
		return Entry{}
	}
	s := t.slots[find(t, word)]
	if s.length == 0 {
		return Entry{}
	}
	v := s.values
	return Entry{
		Given: float32(v[0]>>4) / 15, Family: float32(v[0]&15) / 15,
		Word: float32(v[1]>>4) / 15, Place: float32(v[1]&15) / 15,
	}
}

func (t *table) find(word []byte) uint32 { return find(t, word) }

// find gives the slot of the word, or the empty one where it would go.
func find[T string | []byte](t *table, word T) uint32 {
	mask, h := uint32(len(t.slots)-1), hash(word)
	for i := h & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.length == 0 || s.tag == uint8(h>>24) && int(s.length) == len(word) && string(t.text[s.start:s.start+uint32(s.length)]) == string(word) {
			return i
		}
	}
}

// hash is FNV-1a with a final mix.
func hash[T string | []byte](word T) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(word); i++ {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return h ^ h>>15
}
