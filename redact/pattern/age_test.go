package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

func TestAge(t *testing.T) {
	check(t, finding.Age, []string{
		"a: im «12»",
		"a: im «15» lol",
		"a: i'm «13» btw",
		"a: i am «14 years old»",
		"a: im «12 yrs old»",
		"a: im a «15 year old»",
		"a: «15 yo» here, i just joined",
		"a: im «12» and my brother is «8»",
		"a: my age is «12»",
		"a: i just turned «13»",
		"a: i turn «13» next week",
		"a: im turning «16» in june",
		"a: im only «12»",
		"a: im almost «13»",
		"a: my sister is «9»",
		"A: I'm «fifteen».",
		"A: I'm «twelve», so I'm in seventh grade.",
		"A: I just turned «seventeen» last month.",
		"A: I'll be «fifteen» in May.",
		"A: I'm «sixteen years old», so I can drive.",
		"A: My little brother just turned «four».",
		"T: How old are you, if you don't mind me asking?\nA: «Twelve».",
		"T: How old are you?\nA: Um, «fifteen».",
		"T: How old are you?\nA: I'm «nine and a half».",
		"T: How old are you?\nA: I just turned «eleven».",
		"a: how old r u\nb: «15»\nc: im «14»\nd: «13» hbu",
		"a: whats ur age\nb: «15»",
		"a: asl\nb: «15» f",
	})
	check(t, "", []string{
		"A: I'm 12 points short.",
		"A: I'm 5 minutes late.",
		"A: I'm on 12.",
		"A: I'm at fifteen.",
		"A: I'm 100 percent sure.",
		"A: I'm two steps ahead.",
		"A: I'm one of them.",
		"A: I'm 3 off.",
		"A: x is 12",
		"A: x is twelve years old in this one",
		"A: Maria is 12 years old and her brother is twice as old.",
		"A: How old is Maria?\nB: Twelve.",
		"A: If Tom is 15 and Ana is 12, how old is Ana in 5 years?\nB: 17.",
		"A: The tree is 15 years old.",
		"A: I'm 12 times 3, no wait.",
		"A: I'm 10% done",
		"A: I am 3x + 2, guess what I am.",
		"A: I turned 30 degrees to the left.",
		"A: I got 15.",
		"A: It's 15.",
		"A: turning 90 degrees",
		"A: I just turned 3/4 into a decimal.",
		"A: I'm in 8th grade.",
		"A: I'm getting 15.",
	})
}
