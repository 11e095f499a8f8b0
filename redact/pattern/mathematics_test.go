package pattern_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Mathematics as it is written and said in a lesson. None of it is an
// identifier.
func TestMathematicsStays(t *testing.T) {
	check(t, "", []string{
		"a: (2, 1) and (-3, 3)", "a: y = 3x - 6", "a: 5x + 1 = 68", "a: 1/8+2/4+6/8+2/2+5/8", "a: 3.14159265358979323846", "a: 204,530", "a: 2,453",
		"a: 1360", "A: I got a 1360 and then a 1440.", "a: section 2 module 1, question 10", "a: question 13", "A: See you at 4:15.", "a: 9:00 am", "a: 8:60",
		"A: three fourteen", "A: pi is three point one four one five nine two six five", "A: five five plus two", "A: two hundred twenty plus six hundred ninety",
		"A: seven hundred sixty six plus eight hundred eight", "a: 12.95 and 16.50", "a: $1,200.50", "a: 43200", "a: 1000000", "a: 7 x 9 = 63", "a: 2^10 = 1024", "a: 1.4142",
		"A: The square root of two is one point four one four two one three five six two.", "a: 0.3333333333", "a: 1 2 3 4 5 6 7 8 9 10", "a: 2 3 5 7 11 13 17 19 23 29",
		"A: one one two three five eight thirteen twenty one thirty four", "a: f(12) = 15", "a: |x - 12| < 3", "a: 12 15 18 21", "A: negative five, negative three, negative one",
		"a: 30-60-90 triangle", "a: 45-45-90", "a: 3-4-5", "a: 5-12-13", "A: a thirty sixty ninety triangle", "a: 555 - 123 = 432", "a: 6.02 x 10^23", "a: 299792458",
		"a: 1/2, 2/3, 3/4", "A: The median of 520, 555, 177 is 520.", "a: 100 200 300 400 500", "A: The vertices are (520, 555), (177, 20) and (3, 4).", "a: x_1 = 4, x_2 = 5",
		"A: It's twelve.", "A: It's 12.", "A: I have 12.", "A: x is 12", "A: So x is fifteen.", "A: 20 percent of 45 is 9", "A: Sunday, Monday, Tuesday", "a: 2025", "A: in 2009 the population was 43200",
		"A: forty two street lights", "a: 1010110101", "a: 10110100 in binary", "a: ABCD is a square", "A: angle A B C is ninety degrees", "A: triangle A, B, C", "A: A B equals C D",
		"a: A1 = 5, B2 = 7", "a: 3a + 4b", "a: 16 oz", "a: mean=12.5", "A: five dot five", "A: the dot product", "A: put a dot at two", "A: two at three dollars each is six", "a: 24 @ 3 each",
		"a: http", "a: 0.5.", "a: 1.5, 2.5, 3.5", "A: Plot the point four, seven.", "A: three over four plus one over four", "A: plug in seven eight nine", "A: double six is twelve", "A: triple five is fifteen",
		"A: I think it's three hundred forty two plus two hundred", "A: six times nine oh wait", "A: oh, one, two, three", "a: 3:4:5", "a: 12:34:56", "a: 2, 4, 6, 8, 10, 12, 14", "a: 1234567890",
		"A: My answer was 12.", "A: my number was 45", "A: pick a number, my number is 25", "A: What's the number in the tens place? It's 7.", "A: the phone costs 599.99 dollars", "A: A phone plan costs 45 dollars plus 0.10 per text, call it 45 plus 0.10 x.",
		"A: She can text 120 words in 4 minutes.", "A: Call the first angle 120 and the second 60.", "A: The zip line is 38104 feet.", "A: Your age in dog years is 7 times 12.",
	})
}

// Whatever a lesson computes, no recognizer takes a part of it.
func TestArithmeticIsNoIdentifier(t *testing.T) {
	all := pattern.New(pattern.Options{})
	rapid.Check(t, func(t *rapid.T) {
		c := &finding.Conversation{}
		for n := rapid.IntRange(1, 4).Draw(t, "lines"); n > 0; n-- {
			line := sentence(t)
			c.Lines = append(c.Lines, finding.Line{Channel: finding.Chat, Text: line, Tokens: text.Tokenize(line)})
		}
		for _, r := range all {
			found, err := r.Find(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if f.Score >= 0.5 {
					l := c.Lines[f.Line].Text
					t.Fatalf("%s takes %q of %q", f.Recognizer, l[f.Start:f.End], l)
				}
			}
		}
	})
}

func sentence(t *rapid.T) string {
	forms := []string{"%s", "so %s", "it's %s", "I got %s", "the answer is %s", "what is %s?", "%s right?", "okay, %s.", "is it %s or %s", "first %s, then %s", "we know that %s", "x is %s", "because %s"}
	f := rapid.SampledFrom(forms).Draw(t, "form")
	var parts []any
	for range strings.Count(f, "%s") {
		parts = append(parts, expression(t, rapid.IntRange(0, 3).Draw(t, "depth"), rapid.Bool().Draw(t, "said")))
	}
	return fmt.Sprintf(f, parts...)
}

func expression(t *rapid.T, depth int, said bool) string {
	if depth == 0 {
		return numberOf(t, said)
	}
	a, b := expression(t, depth-1, said), expression(t, 0, said)
	if said {
		return a + " " + rapid.SampledFrom([]string{"plus", "minus", "times", "divided by", "over", "equals", "is less than", "to the power of"}).Draw(t, "op") + " " + b
	}
	op := rapid.SampledFrom([]string{" + ", " - ", " * ", "/", " = ", "+", "-", "^", " < ", " × ", " ÷ ", ", "}).Draw(t, "op")
	if rapid.Bool().Draw(t, "paren") {
		return "(" + a + op + b + ")"
	}
	return a + op + b
}

func numberOf(t *rapid.T, said bool) string {
	if said {
		words := []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty", "twenty five", "forty two", "ninety nine", "one hundred", "two hundred twenty", "six hundred ninety", "three thousand", "one half", "three fourths", "negative seven", "x", "three point one four", "zero point two five"}
		return rapid.SampledFrom(words).Draw(t, "word")
	}
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return fmt.Sprint(rapid.IntRange(0, 20).Draw(t, "n"))
	case 1:
		return fmt.Sprint(rapid.IntRange(0, 99999999).Draw(t, "n"))
	case 2:
		return fmt.Sprintf("%d.%d", rapid.IntRange(0, 999).Draw(t, "n"), rapid.IntRange(0, 99999999).Draw(t, "d"))
	case 3:
		return fmt.Sprintf("%d/%d", rapid.IntRange(1, 99).Draw(t, "n"), rapid.IntRange(1, 99).Draw(t, "d"))
	case 4:
		return fmt.Sprintf("%d,%03d,%03d", rapid.IntRange(1, 999).Draw(t, "m"), rapid.IntRange(0, 999).Draw(t, "k"), rapid.IntRange(0, 999).Draw(t, "u"))
	case 5:
		return fmt.Sprintf("%d%s", rapid.IntRange(1, 99).Draw(t, "n"), rapid.SampledFrom([]string{"x", "y", "%", "°", "x^2", " cm", " feet", ":30", "th"}).Draw(t, "unit"))
	}
	return fmt.Sprint(rapid.IntRange(1000000, 9999999999).Draw(t, "n"))
}
