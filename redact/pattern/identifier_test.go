package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
)

func TestIdentifier(t *testing.T) {
	check(t, finding.ID, []string{
		"a: my student id is «46900072»",
		"a: student ID: «S5790818»",
		"a: id number «272012»",
		"a: My student number is «2026-00417»",
		"a: osis «204417395»",
		"a: college board id «10473829»",
		"a: registration number: «0047382915»",
		"a: candidate number «AB1047382»",
		"a: my lunch number is «482913»",
		"A: My student ID is «four six nine zero zero zero seven two».",
		"A: My student ID is «S five seven nine zero eight one eight».",
		"A: It's student number «four six nine, triple zero, seven two».",
		"A: My school ID is «twenty seven, twenty, twelve».",
		"A: My registration number is «A B one zero four seven three eight two».",
		"T: Can you read me your student ID so I can log the attendance?\nA: Um, «46900072».",
		"T: Can you read me your student ID?\nA: «S five seven nine zero eight one eight».",
		"T: What's your student ID?\nA: It's «four six nine zero»\nA: «zero zero seven two».",
		"T: What's your ID number?\nA: Hold on, let me look.\nT: Sure.\nA: Okay it's «46900072».",
		"a: Type your student ID here please.\nb: «272012»\nc: «46900072»\nd: «S5790818»",
		"a: put your student number in the chat\nb: «272012»\nc: ok «481920»",
		"T: Type your student ID in the chat.\na: «S5790818»",
		"A: My student ID is «46900072».\nT: «46900072», thanks.",
		"a: SAT registration «104738291» i think",
	})
	checkWith(t, pattern.Options{IDPatterns: []string{`\bLK-\d{5}\b`}, IDCues: []string{"kiosk"}}, finding.ID, []string{
		"a: i am «LK-30417» =case",
		"a: kiosk «30417»",
	})
	check(t, "", []string{
		"a: Type your student ID here please.\nb: 9",
		"a: Type your student ID here please.\nb: idk it",
		"T: What's your student ID?\nA: I don't have it. The answer was 204,530 though.",
		"T: What's your student ID?\nA: One two three, go!",
		"a: 204530",
		"a: S = 5790818 / 2",
		"A: The ID card costs 12.95.",
		"a: trig identity 2 sin x cos x",
		"A: my test score was 1440 and my registration is done",
		"A: the account number of apples is twelve",
	})
}
