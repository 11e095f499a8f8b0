// Package text cuts text into tokens and brings them to normal forms, each
// with a map back to the bytes of the source.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Token is a run of letters (with inner apostrophes), a run of digits, or one
// other non-blank rune.
type Token struct {
	// Start and End are byte offsets into the source.
	Start, End int
	// Norm is the folded form: lower case, no accents, no apostrophes.
	Norm  string
	Shape Shape
	// Word is the number of Norm in the Vocabulary that cut the text, 0 without
	// one.
	Word int32
}

// Shape is how a token is written.
type Shape uint8

const (
	Mark  Shape = iota // punctuation, symbols, emoji
	Digit              // digits only
	Lower              // letters, the first one lower case
	Title              // first letter upper case, the rest lower
	Upper              // two or more letters, all upper case
	Mixed              // McDonald, iPad
	One                // a single upper-case letter
)

// Word reports whether the token is made of letters.
func (s Shape) Word() bool { return s >= Lower }

// Tokenize cuts s into tokens. Blanks are between tokens. Every offset lies on
// a rune boundary, whatever s holds.
func Tokenize(s string) []Token { return cut(s, nil, make([]Token, 0, len(s)/4+2)) }

// cut appends the tokens of s, numbered by v when there is one.
func cut(s string, v *Vocabulary, tokens []Token) []Token {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			switch ascii[c] {
			case blankByte:
				i++
				continue
			case markByte:
				tokens = append(tokens, Token{Start: i, End: i + 1, Norm: s[i : i+1], Shape: Mark, Word: v.mark(s[i : i+1])})
				i++
				continue
			case smallByte, largeByte:
				// The letters of most words end where a blank or a mark begins.
				end := i + 1
				for end < len(s) && s[end] < utf8.RuneSelf && ascii[s[end]] >= smallByte {
					end++
				}
				if end < len(s) && (s[end] >= utf8.RuneSelf || isApostrophe(rune(s[end]))) {
					end = wordEnd(s, end)
				}
				tokens = append(tokens, v.word(s[i:end]).token(i, end))
				i = end
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsSpace(r):
			i += n
		case unicode.IsDigit(r):
			end := i + n
			for end < len(s) {
				r, n := utf8.DecodeRuneInString(s[end:])
				if !unicode.IsDigit(r) {
					break
				}
				end += n
			}
			tokens = append(tokens, v.number(s[i:end]).token(i, end))
			i = end
		case isLetter(r):
			end := wordEnd(s, i)
			tokens = append(tokens, v.word(s[i:end]).token(i, end))
			i = end
		default:
			tokens = append(tokens, Token{Start: i, End: i + n, Norm: s[i : i+n], Shape: Mark, Word: v.mark(s[i : i+n])})
			i += n
		}
	}
	return tokens
}

// Classes of ASCII bytes, so that most text is cut without decoding runes.
const (
	markByte = iota
	blankByte
	digitByte
	smallByte
	largeByte
)

var ascii = func() (t [utf8.RuneSelf]byte) {
	for c := range t {
		switch r := rune(c); {
		case unicode.IsSpace(r):
			t[c] = blankByte
		case unicode.IsDigit(r):
			t[c] = digitByte
		case unicode.IsLower(r):
			t[c] = smallByte
		case unicode.IsUpper(r):
			t[c] = largeByte
		}
	}
	return t
}()

func wordEnd(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isLetter(r) {
			i += n
			continue
		}
		if isApostrophe(r) && i+n < len(s) {
			if next, _ := utf8.DecodeRuneInString(s[i+n:]); isLetter(next) {
				i += n
				continue
			}
		}
		break
	}
	return i
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return ascii[r] >= smallByte
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.M, r)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʻ' || r == '`' }

func shape(w string) Shape {
	letters, upper, firstUpper := 0, 0, false
	for _, r := range w {
		if !unicode.IsLetter(r) {
			continue
		}
		if unicode.IsUpper(r) || unicode.IsTitle(r) {
			upper++
			firstUpper = firstUpper || letters == 0
		}
		letters++
	}
	switch {
	case letters == 1 && upper == 1:
		return One
	case letters > 1 && upper == letters:
		return Upper
	case upper == 0:
		return Lower
	case upper == 1 && firstUpper:
		return Title
	}
	return Mixed
}

// Fold brings a word to the form in which names are compared: compatibility
// decomposed, lower case, without marks, apostrophes and format characters.
func Fold(s string) string {
	if isASCIILower(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	if isASCII(s) {
		for i := range len(s) {
			switch c := s[i]; {
			case isApostrophe(rune(c)):
			case 'A' <= c && c <= 'Z':
				b.WriteByte(c + 'a' - 'A')
			default:
				b.WriteByte(c)
			}
		}
		return b.String()
	}
	// Bytes that are no UTF-8 would keep what follows from being decomposed.
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case unicode.Is(unicode.M, r), unicode.Is(unicode.Cf, r), isApostrophe(r):
		case foldings[r] != "":
			b.WriteString(foldings[r])
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// foldings are letters that Unicode does not decompose but people replace.
var foldings = map[rune]string{
	'ß': "ss", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l", 'đ': "d", 'Đ': "d", 'æ': "ae", 'Æ': "ae",
	'œ': "oe", 'Œ': "oe", 'ı': "i", 'þ': "th", 'Þ': "th", 'ð': "d", 'Ð': "d", 'ħ': "h", 'Ħ': "h",
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isASCIILower(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}
