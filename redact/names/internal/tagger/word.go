package tagger

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/names/internal/lexicon"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Word is a token as the tagger sees it: a possessive 's is cut off, a
// stretched word is brought back ("skyyyy"), and the lexicon has been asked.
type Word struct {
	// Start and End are byte offsets into the line, without a possessive 's.
	Start, End int
	Norm       string
	Shape      text.Shape
	Lex        lexicon.Entry
	// Possessive says that 's stood behind.
	Possessive bool
	// Glued says that nothing stood between this token and the one before.
	Glued bool
	// Stretched says that a letter stood three times or more.
	Stretched bool
	// Open says that the word may be part of a name at all.
	Open bool
	// Slip is 0 when not looked at, else 1 + lexicon.Slip: how near a word that
	// is hardly listed is to a common one.
	Slip uint32
	// Closed says that it belongs to the grammar: the, of, could …
	Closed bool
	// ID is the number of the word in the vocabulary.
	ID int32

	flags uint32
	hash  uint32
	class uint32 // lexicon classes together
	shape uint32 // shape, by how the line is written
}

// Vocabulary remembers what was looked up of each word, as most words of a
// conversation come again and again. Not for concurrent use.
type Vocabulary struct {
	known map[string]*info
	flags func(norm string) uint32
}

// info is what does not depend on where a word stands.
type info struct {
	id          int32
	lex         lexicon.Entry
	norm        string
	hash, class uint32
	flags       uint32
	slip        int8 // -1 when not asked yet
	stretched   bool
	closed      bool
	filler      bool
}

// NewVocabulary makes an empty vocabulary. flags, which may be nil, gives the
// caller's own marks for a folded word.
func NewVocabulary(flags func(norm string) uint32) *Vocabulary {
	return &Vocabulary{known: make(map[string]*info, 512), flags: flags}
}

// Len is the number of distinct words met: every Word.ID is below it.
func (v *Vocabulary) Len() int { return len(v.known) }

// ID gives the number of a folded word, met or not.
func (v *Vocabulary) ID(norm string) int32 { return v.info(norm, true).id }

func (v *Vocabulary) info(norm string, word bool) *info {
	if known := v.known[norm]; known != nil {
		return known
	}
	n := &info{id: int32(len(v.known)), norm: norm, hash: hash(norm), slip: -1}
	if word {
		w := Word{Norm: norm}
		w.look()
		n.norm, n.lex, n.stretched = w.Norm, w.Lex, w.Stretched
		n.hash, n.class = hash(w.Norm), classes(w.Lex)
		n.closed, n.filler = lexicon.Closed(w.Norm), filler(w.Norm)
		if n.stretched {
			// A stretched word is the word it stands for.
			if w.Norm != norm {
				n.id = v.info(w.Norm, true).id
			}
		}
	}
	if v.flags != nil {
		n.flags = v.flags(n.norm)
	}
	if n.id == int32(len(v.known)) || n.norm != norm {
		v.known[norm] = n
	}
	return n
}

// Words prepares the tokens of a line for tagging, appending to buf.
func Words(line string, tokens []text.Token, buf []Word) []Word {
	return NewVocabulary(nil).Words(line, tokens, buf)
}

// Words prepares the tokens of a line for tagging, appending to buf.
func (v *Vocabulary) Words(line string, tokens []text.Token, buf []Word) []Word {
	words := buf[:0]
	lower, title, upper := 0, 0, 0
	for _, t := range tokens {
		switch t.Shape {
		case text.Lower:
			lower++
		case text.Title, text.Mixed:
			title++
		case text.Upper:
			upper++
		}
	}
	style := uint32(0) // sentences
	switch {
	case title+upper == 0:
		style = 1 // no capitals at all
	case upper > 1 && lower+title <= upper/3:
		style = 2 // capitals only
	case title > 3 && lower*3 < title:
		style = 3 // headline
	}
	end := -1
	for _, t := range tokens {
		w := Word{Start: t.Start, End: t.End, Norm: t.Norm, Shape: t.Shape, Glued: t.Start == end}
		end = t.End
		if t.Shape.Word() {
			w.cutPossessive(line)
		} else if t.Shape == text.Digit {
			w.Norm = "0"
		}
		n := v.info(w.Norm, t.Shape.Word())
		w.Norm, w.Lex, w.Stretched, w.Closed = n.norm, n.lex, n.stretched, n.closed
		w.ID, w.hash, w.class, w.flags = n.id, n.hash, n.class, n.flags
		w.Open = t.Shape.Word() && !n.filler && w.open(style)
		if w.Open && w.Lex.Word < 0.6 && w.Lex.Name() < 0.6 && w.Lex.Place < 0.6 {
			if n.slip < 0 {
				n.slip = int8(lexicon.Slip(w.Norm))
			}
			w.Slip = 1 + uint32(n.slip)
		}
		w.shape = uint32(w.Shape) + 8*style
		words = append(words, w)
	}
	for i := range words {
		// What follows @ or stands in a link is not running text.
		if words[i].Glued && i > 0 && len(words[i-1].Norm) == 1 {
			switch words[i-1].Norm[0] {
			case '@', '/', '_', '\\':
				words[i].Open = false
			}
		}
	}
	return words
}

// Is reports whether the word has one of the caller's marks.
func (w *Word) Is(flag uint32) bool { return w.flags&flag != 0 }

// Forget makes the word one that the lexicon does not list. Training does so
// now and then, so that the tagger learns to do without.
func (w *Word) Forget() { w.Lex, w.class = lexicon.Entry{}, 0 }

func (w *Word) cutPossessive(line string) {
	raw := line[w.Start:w.End]
	for _, s := range [...]string{"'s", "’s", "'S", "’S"} {
		if len(raw) > len(s) && strings.HasSuffix(raw, s) && len(w.Norm) > 1 {
			w.End -= len(s)
			w.Norm = w.Norm[:len(w.Norm)-1]
			w.Possessive = true
			return
		}
	}
}

func (w *Word) look() {
	w.Lex = lexicon.Lookup(w.Norm)
	if w.Lex != (lexicon.Entry{}) || !stretched(w.Norm) {
		return
	}
	w.Stretched = true
	for _, keep := range [...]int{1, 2} {
		norm := squeeze(w.Norm, keep)
		if e := lexicon.Lookup(norm); e != (lexicon.Entry{}) {
			w.Norm, w.Lex = norm, e
			return
		}
	}
}

func stretched(s string) bool {
	for i := 2; i < len(s); i++ {
		if s[i] == s[i-1] && s[i] == s[i-2] {
			return true
		}
	}
	return false
}

// squeeze cuts runs of three or more equal letters to keep of them.
func squeeze(s string, keep int) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] == s[i] {
			j++
		}
		n := j - i
		if n >= 3 {
			n = keep
		}
		b.WriteString(s[i : i+n])
		i = j
	}
	return b.String()
}

// open is the gate that makes the tagger fast: words that cannot be a name are
// not scored. A lower-case word is open unless it is common and hardly a name.
func (w *Word) open(style uint32) bool {
	if w.Closed || len(w.Norm) < 2 {
		return false
	}
	name := max(w.Lex.Name(), w.Lex.Place)
	if w.Shape == text.Lower || style == 2 {
		switch {
		case w.Lex.Word >= 0.6:
			return name >= 0.5
		case w.Lex.Word >= 0.3:
			return name >= 0.3
		}
	}
	return true
}

// filler reports whether a word is a sound of assent or doubt, in any length:
// "mmhmm", "uhhuh", "hhh".
func filler(s string) bool {
	for i := range len(s) {
		if s[i] != 'm' && s[i] != 'h' && s[i] != 'u' {
			return false
		}
	}
	return s != "hu" && s != "huh"
}

// classes puts the lexicon's four values in one small number.
func classes(e lexicon.Entry) uint32 {
	return step(e.Given)*216 + step(e.Family)*36 + step(e.Word)*6 + step(e.Place)
}

func step(v float32) uint32 {
	switch {
	case v == 0:
		return 0
	case v <= 0.21:
		return 1
	case v <= 0.38:
		return 2
	case v <= 0.48:
		return 3
	case v <= 0.61:
		return 4
	}
	return 5
}

func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}
