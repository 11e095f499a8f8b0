package tagger

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/names/internal/lexicon"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Word is a token as the tagger sees it: a possessive 's is cut off, a
// stretched word is brought back ("skyyyy"), and the lexicon has been asked.
type Word struct {
	*Known
	// Start and End are byte offsets into the line, without a possessive 's.
	Start, End int
	Shape      text.Shape
	// Possessive says that 's stood behind.
	Possessive bool
	// Glued says that nothing stood between this token and the one before.
	Glued bool
	// Open says that the word may be part of a name at all.
	Open bool
	// Slip is 0 when not looked at, else 1 + lexicon.Slip: how near a word that
	// is hardly listed is to a common one.
	Slip uint8

	written uint8 // shape, by how the line is written
}

// Known is what does not depend on where a word stands. It is not to be
// changed.
type Known struct {
	// Norm is the folded form, "0" for digits.
	Norm string
	Lex  lexicon.Entry
	// Flags are the marks of the vocabulary's maker.
	Flags uint64
	// ID is the number of the word in the vocabulary of the tagger.
	ID int32
	// Stretched says that a letter stood three times or more.
	Stretched bool
	// Closed says that it belongs to the grammar: the, of, could …
	Closed bool
	// Begins is lexicon.Begins of the word.
	Begins bool

	cluster Cluster
	company uint32 // the cluster, however written
	hash    uint32
	class   uint32 // lexicon classes together
	// ends are hashes of the last two, three and four letters, start of the
	// first three; of none for short words.
	ends        [3]uint32
	start       uint32
	small, tall bool // open when written small, or with a capital
	rare        bool // hardly listed: to be looked at for a slip
	slip        int8 // -1 when not asked yet
}

// Vocabulary remembers what was looked up of each word, as most words of a
// conversation come again and again. Not for concurrent use.
type Vocabulary struct {
	known map[string]*Known
	// words and marks are those of known by the number of their token.
	words, marks []*Known
	digits       *Known
	store        []Known
	flags        func(norm string) uint64
}

// NewVocabulary makes an empty vocabulary for tokens with numbers below words.
// flags, which may be nil, gives the caller's own marks for a folded word.
func NewVocabulary(words int, flags func(norm string) uint64) *Vocabulary {
	return &Vocabulary{
		known: make(map[string]*Known, words), words: make([]*Known, words), marks: make([]*Known, words),
		store: make([]Known, 0, words+words/16+1), flags: flags,
	}
}

// Len is above every Known.ID.
func (v *Vocabulary) Len() int { return len(v.known) }

// ID gives the number of a folded word, met or not.
func (v *Vocabulary) ID(norm string) int32 { return v.look(norm, true).ID }

// look gives what is known of a folded word.
func (v *Vocabulary) look(norm string, word bool) *Known {
	if known := v.known[norm]; known != nil {
		return known
	}
	if len(v.store) == cap(v.store) {
		v.store = make([]Known, 0, 64) // words point into the full one
	}
	v.store = append(v.store, Known{ID: int32(len(v.known)), Norm: norm, hash: hash(norm), slip: -1})
	n := &v.store[len(v.store)-1]
	if word {
		n.look()
		if n.Norm != norm {
			// A stretched word is the word it stands for.
			n.ID = v.look(n.Norm, true).ID
		}
	}
	if v.flags != nil {
		n.Flags = v.flags(n.Norm)
	}
	if n.ID == int32(len(v.known)) || n.Norm != norm {
		v.known[norm] = n
	}
	return n
}

// of gives what is known of a token's word, and the first time asks for it.
func (v *Vocabulary) of(t *text.Token) *Known {
	if t.Shape == text.Digit {
		if v.digits == nil {
			v.digits = v.look("0", false)
		}
		return v.digits
	}
	if t.Word == 0 || int(t.Word) >= len(v.words) {
		return v.look(t.Norm, t.Shape.Word())
	}
	list := v.marks
	if t.Shape.Word() {
		list = v.words
	}
	if list[t.Word] == nil {
		list[t.Word] = v.look(t.Norm, t.Shape.Word())
	}
	return list[t.Word]
}

// Words prepares the tokens of a line for tagging, appending to buf.
func Words(line string, tokens []text.Token, buf []Word) []Word {
	return NewVocabulary(0, nil).Words(line, tokens, buf)
}

// Words prepares the tokens of a line for tagging, appending to buf.
func (v *Vocabulary) Words(line string, tokens []text.Token, buf []Word) []Word {
	words := buf[:0]
	style := style(tokens)
	end := -1
	for i := range tokens {
		t := &tokens[i]
		words = append(words, Word{Start: t.Start, End: t.End, Shape: t.Shape, Glued: t.Start == end, written: uint8(t.Shape) + 8*style})
		w := &words[len(words)-1]
		end = t.End
		if !t.Shape.Word() {
			w.Known = v.of(t)
			continue
		}
		// What follows @ or stands in a link is not running text.
		linked := w.Glued && i > 0 && links(words[i-1].Norm)
		if n := possessive(line[t.Start:t.End]); n > 0 && len(t.Norm) > 1 {
			w.End -= n
			w.Possessive = true
			w.Known = v.look(t.Norm[:len(t.Norm)-1], true)
		} else {
			w.Known = v.of(t)
		}
		if w.Shape == text.Lower || style == capitals {
			w.Open = w.small
		} else {
			w.Open = w.tall
		}
		if w.Open && w.rare {
			if w.slip < 0 {
				w.slip = int8(lexicon.Slip(w.Norm))
			}
			w.Slip = 1 + uint8(w.slip)
		}
		w.Open = w.Open && !linked
	}
	return words
}

func links(mark string) bool {
	return len(mark) == 1 && (mark[0] == '@' || mark[0] == '/' || mark[0] == '_' || mark[0] == '\\')
}

// Styles of a line.
const (
	sentences = iota
	smalls    // no capitals at all
	capitals  // capitals only
	headline
)

func style(tokens []text.Token) uint8 {
	lower, title, upper := 0, 0, 0
	for i := range tokens {
		switch tokens[i].Shape {
		case text.Lower:
			lower++
		case text.Title, text.Mixed:
			title++
		case text.Upper:
			upper++
		}
	}
	switch {
	case title+upper == 0:
		return smalls
	case upper > 1 && lower+title <= upper/3:
		return capitals
	case title > 3 && lower*3 < title:
		return headline
	}
	return sentences
}

// Is reports whether the word has one of the caller's marks.
func (k *Known) Is(flag uint64) bool { return k.Flags&flag != 0 }

// Forget makes the word one that the lexicon does not list. Training does so
// now and then, so that the tagger learns to do without.
func (w *Word) Forget() {
	k := *w.Known
	k.Lex, k.class, k.cluster, k.company = lexicon.Entry{}, 0, Cluster{}, 0
	w.Known = &k
}

// possessive gives how many bytes a possessive 's takes at the end of a word.
func possessive(raw string) int {
	if c := raw[len(raw)-1]; c != 's' && c != 'S' {
		return 0
	}
	for _, s := range [...]string{"'s", "’s", "'S", "’S"} {
		if len(raw) > len(s) && strings.HasSuffix(raw, s) {
			return len(s)
		}
	}
	return 0
}

// look asks for all that is known of Norm.
func (k *Known) look() {
	k.Lex = lexicon.Lookup(k.Norm)
	if k.Lex == (lexicon.Entry{}) && stretched(k.Norm) {
		k.Stretched = true
		for _, keep := range [...]int{1, 2} {
			norm := squeeze(k.Norm, keep)
			if e := lexicon.Lookup(norm); e != (lexicon.Entry{}) {
				k.Norm, k.Lex = norm, e
				break
			}
		}
	}
	k.hash, k.class = hash(k.Norm), classes(k.Lex)
	if n := len(k.Norm); n > 3 {
		k.ends[0], k.ends[1], k.start = hash(k.Norm[n-2:]), hash(k.Norm[n-3:]), hash(k.Norm[:3])
		if n > 4 {
			k.ends[2] = hash(k.Norm[n-4:])
		}
	}
	k.cluster = clusterOf(k.hash)
	k.company = k.cluster.any()
	k.Closed = lexicon.Closed(k.Norm)
	k.Begins = lexicon.Begins(k.Norm)
	k.rare = k.Lex.Word < 0.6 && k.Lex.Name() < 0.6 && k.Lex.Place < 0.6
	k.tall = !k.Closed && len(k.Norm) >= 2 && !filler(k.Norm)
	k.small = k.tall && k.open()
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
// not scored. A word written small is open unless it is common and hardly a
// name.
func (k *Known) open() bool {
	name := max(k.Lex.Name(), k.Lex.Place)
	switch {
	case k.Lex.Word >= 0.6:
		return name >= 0.5
	case k.Lex.Word >= 0.3:
		return name >= 0.3
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
