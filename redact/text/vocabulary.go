package text

import "unicode/utf8"

// Vocabulary numbers the distinct words of a conversation, in the order they
// come. Whoever reads the conversation then asks its own tables once for each
// word and not for each token, and keeps the answers in a slice. A session of
// 20,000 tokens has about 2,000 words.
//
// The zero value is ready. Number 0 is the empty word, so that a token cut
// without a vocabulary is known. Tokenize and Number are not for concurrent
// use; a finished vocabulary may be read by any number of goroutines.
type Vocabulary struct {
	norms   []string
	numbers map[string]int32
	written map[string]form
	marks   [utf8.RuneSelf]int32
}

// form is what a run of letters is, however often it is written so.
type form struct {
	norm  string
	word  int32
	shape Shape
}

// Len is the number of distinct words and the empty one: every Token.Word is
// below it.
func (v *Vocabulary) Len() int { return max(len(v.norms), 1) }

// Norm is the folded form of the word with a number.
func (v *Vocabulary) Norm(word int32) string {
	if word == 0 {
		return ""
	}
	return v.norms[word]
}

// Find is the number of a folded word, 0 when no token has it.
func (v *Vocabulary) Find(norm string) int32 { return v.numbers[norm] }

// Number gives a folded word its number.
func (v *Vocabulary) Number(norm string) int32 {
	if n, ok := v.numbers[norm]; ok || norm == "" {
		return n
	}
	if v.numbers == nil {
		v.numbers, v.norms = make(map[string]int32, 512), make([]string, 1, 512)
	}
	n := int32(len(v.norms))
	v.numbers[norm] = n
	v.norms = append(v.norms, norm)
	return n
}

// Tokenize is the function Tokenize with every token numbered. It appends to
// buf.
func (v *Vocabulary) Tokenize(s string, buf []Token) []Token { return cut(s, v, buf) }

// mark numbers a token of one rune.
func (v *Vocabulary) mark(s string) int32 {
	if v == nil {
		return 0
	}
	if s[0] >= utf8.RuneSelf {
		return v.Number(s)
	}
	n := &v.marks[s[0]]
	if *n == 0 {
		*n = v.Number(s)
	}
	return *n
}

// word reads a run of letters. Its norm is that of the first token written so.
func (v *Vocabulary) word(s string) form {
	if v == nil {
		return read(s)
	}
	f, ok := v.written[s]
	if !ok {
		if v.written == nil {
			v.written = make(map[string]form, 512)
		}
		f = read(s)
		f.word = v.Number(f.norm)
		v.written[s] = f
	}
	return f
}

// number reads a run of digits.
func (v *Vocabulary) number(s string) form {
	f := form{norm: s, shape: Digit}
	if v != nil {
		f.word = v.Number(s)
	}
	return f
}

func (f form) token(start, end int) Token {
	return Token{Start: start, End: end, Norm: f.norm, Shape: f.shape, Word: f.word}
}

// read folds a run of letters.
func read(s string) form {
	f := form{norm: Fold(s), shape: shape(s)}
	if f.norm == "" {
		// Marks with no letter under them are no word.
		f.norm, f.shape = s, Mark
	}
	return f
}
