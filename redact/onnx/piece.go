package onnx

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// piece is a part of a word as the model knows it, with the bytes it stands for.
type piece struct {
	id, start, end int
}

// wordPiece cuts text into pieces as BERT's tokenizer does (J. Devlin et al.,
// BERT, NAACL 2019, and the reference implementation): words end at blanks and
// punctuation, and a word is cut into the longest pieces of the vocabulary from
// the left. It is our own, since the offsets must be bytes of the source, and
// since the libraries for Go print words they do not know.
type wordPiece struct {
	vocabulary                        map[string]int
	prefix                            string // of pieces inside a word
	longest                           int    // runes of a word; longer ones are unknown
	unknown, first, last, padding     int
	clean, lower, strip, chineseSplit bool
}

func readTokenizer(name string) (w wordPiece, err error) {
	data, err := readFile(name)
	if err != nil {
		return w, err
	}
	var file struct {
		Model struct {
			Type    string         `json:"type"`
			Vocab   map[string]int `json:"vocab"`
			Unknown string         `json:"unk_token"`
			Prefix  *string        `json:"continuing_subword_prefix"`
			Longest int            `json:"max_input_chars_per_word"`
		} `json:"model"`
		Normalizer *struct {
			Type    string `json:"type"`
			Clean   bool   `json:"clean_text"`
			Chinese bool   `json:"handle_chinese_chars"`
			Strip   *bool  `json:"strip_accents"`
			Lower   bool   `json:"lowercase"`
		} `json:"normalizer"`
	}
	// The vocabulary of other models is a list, so that the type is asked for
	// first.
	var kind struct{ Model struct{ Type string } }
	if err := json.Unmarshal(data, &kind); err != nil {
		return w, errors.New("not the JSON of a tokenizer")
	}
	if t := kind.Model.Type; t != "WordPiece" {
		return w, fmt.Errorf("a model of type %q: use one with WordPiece, such as BERT or DistilBERT", t)
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return w, errors.New("not the JSON of a WordPiece tokenizer")
	}
	m := file.Model
	w = wordPiece{vocabulary: m.Vocab, prefix: "##", longest: 100}
	if m.Prefix != nil {
		w.prefix = *m.Prefix
	}
	if m.Longest > 0 {
		w.longest = m.Longest
	}
	if n := file.Normalizer; n != nil {
		if n.Type != "BertNormalizer" {
			return w, fmt.Errorf("a normalizer of type %q: only BertNormalizer is understood", n.Type)
		}
		w.clean, w.lower, w.chineseSplit = n.Clean, n.Lower, n.Chinese
		w.strip = n.Lower
		if n.Strip != nil {
			w.strip = *n.Strip
		}
	}
	unknown := m.Unknown
	if unknown == "" {
		unknown = "[UNK]"
	}
	for token, id := range map[string]*int{unknown: &w.unknown, "[CLS]": &w.first, "[SEP]": &w.last, "[PAD]": &w.padding} {
		n, ok := m.Vocab[token]
		if !ok {
			return w, fmt.Errorf("the vocabulary has no %s", token)
		}
		*id = n
	}
	return w, nil
}

// letter is a rune as the vocabulary has it, with the bytes it came from.
type letter struct {
	r          rune
	start, end int
}

// cut gives the pieces of s in order. Their ranges do not overlap and lie on
// rune boundaries.
func (w wordPiece) cut(s string) []piece {
	var out []piece
	var word []letter
	flush := func() {
		if len(word) > 0 {
			out = w.split(out, word)
			word = word[:0]
		}
	}
	for i, r := range s {
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case w.clean && (r == 0 || r == utf8.RuneError || control(r)):
		case unicode.IsSpace(r):
			flush()
		case punctuation(r), w.chineseSplit && chinese(r):
			flush()
			word = append(word, letter{r, i, i + n})
			flush()
		default:
			word = w.fold(word, r, i, i+n)
		}
	}
	flush()
	return out
}

// fold adds a rune in the form of the vocabulary.
func (w wordPiece) fold(word []letter, r rune, start, end int) []letter {
	if r < utf8.RuneSelf || !w.lower && !w.strip {
		if w.lower {
			r = unicode.ToLower(r)
		}
		return append(word, letter{r, start, end})
	}
	form := string(r)
	if w.strip {
		form = norm.NFD.String(form)
	}
	for _, d := range form {
		if w.strip && unicode.Is(unicode.Mn, d) {
			continue
		}
		if w.lower {
			d = unicode.ToLower(d)
		}
		word = append(word, letter{d, start, end})
	}
	return word
}

// split cuts a word into the longest pieces from the left; when a rest is not
// in the vocabulary, the whole word is unknown.
func (w wordPiece) split(out []piece, word []letter) []piece {
	whole := piece{w.unknown, word[0].start, word[len(word)-1].end}
	if len(word) > w.longest {
		return append(out, whole)
	}
	from := len(out)
	for at := 0; at < len(word); {
		id, n := w.longestPiece(word[at:], at > 0)
		if n == 0 {
			return append(out[:from], whole)
		}
		start := word[at].start
		if len(out) > from {
			// Letters of one rune (ŉ) may go to two pieces.
			start = max(start, out[len(out)-1].end)
		}
		out = append(out, piece{id, start, max(start, word[at+n-1].end)})
		at += n
	}
	return out
}

func (w wordPiece) longestPiece(rest []letter, inside bool) (id, n int) {
	key := make([]byte, 0, 64)
	if inside {
		key = append(key, w.prefix...)
	}
	ends := make([]int, len(rest))
	for i, l := range rest {
		key = utf8.AppendRune(key, l.r)
		ends[i] = len(key)
	}
	for n := len(rest); n > 0; n-- {
		if id, ok := w.vocabulary[string(key[:ends[n-1]])]; ok {
			return id, n
		}
	}
	return 0, 0
}

// control is what BERT's tokenizer drops; tab, line feed and carriage return
// are blanks to it.
func control(r rune) bool {
	return r != '\t' && r != '\n' && r != '\r' && unicode.Is(unicode.C, r)
}

// punctuation is every ASCII mark, symbols among them, and Unicode's. Unlike the
// reference it takes Unicode's symbols too: a name with an emoji beside it would
// be an unknown word.
func punctuation(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < 0x7f && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r)
}

func chinese(r rune) bool {
	switch {
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3400 && r <= 0x4DBF, r >= 0x20000 && r <= 0x2CEAF, r >= 0xF900 && r <= 0xFAFF, r >= 0x2F800 && r <= 0x2FA1F:
		return true
	}
	return false
}
