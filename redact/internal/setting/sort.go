package setting

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Sort is what a token is, coarsely.
type Sort uint8

const (
	Edge Sort = iota
	Mark
	AtSign
	Stop
	Comma
	Asks
	Joint      // - _ / : #
	OneDigit   // "7"
	TeenDigits // "8" to "19" with two digits
	TwoDigits
	ThreeDigits
	YearDigits
	FourDigits
	FiveDigits
	SixDigits
	EightDigits // seven and eight
	ManyDigits
	Unit  // "seven", "oh", "double"
	Teen  // "eight" is a unit, "ten" to "nineteen"
	Tens  // "forty", "hundred"
	Order // "ninth"
	Month
	Letter
	Grammar // the, of, do
	Common
	Known
	Rare
	Unknown
	Slipped // near a common word
	Named   // more a name than a word
	Spoken  // "dot", "underscore"
	Reckons // "plus", "equals"
	Sorts
)

// Number reports whether a token of the sort is part of numbers.
func (s Sort) Number() bool { return s >= OneDigit && s <= Order }

func sortOf(t *text.Token) Sort {
	switch t.Shape {
	case text.Mark:
		switch t.Norm {
		case "@":
			return AtSign
		case ".", "!", "…":
			return Stop
		case ",":
			return Comma
		case "?":
			return Asks
		case "-", "_", "/", ":", "#":
			return Joint
		case "+", "=", "*", "^", "<", ">", "×", "÷", "√", "(", ")":
			return Reckons
		}
		return Mark
	case text.Digit:
		switch n := len(t.Norm); {
		case n == 1:
			return OneDigit
		case n == 2 && t.Norm < "20" && t.Norm > "07":
			return TeenDigits
		case n == 2:
			return TwoDigits
		case n == 3:
			return ThreeDigits
		case n == 4 && (strings.HasPrefix(t.Norm, "19") || strings.HasPrefix(t.Norm, "20")):
			return YearDigits
		case n == 4:
			return FourDigits
		case n == 5:
			return FiveDigits
		case n == 6:
			return SixDigits
		case n < 9:
			return EightDigits
		}
		return ManyDigits
	}
	if s, ok := sorted[t.Norm]; ok {
		return s
	}
	if len(t.Norm) == 1 {
		return Letter
	}
	e := names.Lookup(t.Norm)
	switch {
	case names.Closed(t.Norm):
		return Grammar
	case e.Name() >= 0.33 && e.Word < 0.3:
		return Named
	case e.Word >= 0.75:
		return Common
	case e.Word >= 0.4:
		return Known
	case e.Word > 0:
		return Rare
	case e.Name() < 0.2 && names.Slip(t.Norm) > 0:
		return Slipped
	}
	return Unknown
}

// sorted holds the words of which the sort is known.
var sorted = func() map[string]Sort {
	out := map[string]Sort{}
	for s, words := range map[Sort]string{
		Unit:    "zero one two three four five six seven eight nine double triple oh",
		Teen:    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
		Tens:    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million",
		Order:   "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth",
		Month:   "january february march april may june july august september october november december jan feb apr jun jul aug sept sep oct nov dec",
		Spoken:  "dot underscore dash hyphen hashtag lowercase uppercase caps",
		Reckons: "plus minus times equals equal divided over squared cubed percent negative multiply multiplied subtract fraction root",
	} {
		for _, w := range strings.Fields(words) {
			out[w] = s
		}
	}
	return out
}()
