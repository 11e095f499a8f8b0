package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

func TestBirthday(t *testing.T) {
	check(t, finding.DateOfBirth, []string{
		"a: my bday is «11/26/09»",
		"a: my bday is «2/4/2011»",
		"a: my birthday is «2-4-2011»",
		"a: bday «11/26»",
		"a: dob «2009-07-13»",
		"a: DOB: «07/13/2009»",
		"a: date of birth: «13.07.2009»",
		"a: my bday is «nov 26»",
		"a: my birthday is «Nov. 26th, 2009»",
		"a: my birthday is «26 november»",
		"a: my birthday's «the 26th of November»",
		"a: bday is in «november»",
		"a: im born in «2009»",
		"a: i was born on «july 13 2009»",
		"a: «july 13th» is my birthday",
		"a: its my bday on «7/13» lol",
		"A: My birthday is «May ninth».",
		"A: My birthday is «the ninth of May».",
		"A: My birthday's on «the twenty sixth».",
		"A: I was born «March third, two thousand nine».",
		"A: I was born in «twenty ten».",
		"A: I was born «March third, twenty ten».",
		"A: My date of birth is «three fourteen twenty ten».",
		"A: My date of birth is «seven thirteen oh nine».",
		"A: My birthday is «oh seven, thirteen, two thousand nine».",
		"A: My birthday is «March 14th», pi day!",
		"A: I turn «sixteen» on «July 13th».",
		"T: When's your birthday?\nA: «July thirteenth».",
		"T: When is your birthday?\nA: It's «July 13th, 2009».",
		"T: When is your birthday?\nA: Um, «the thirteenth of July».",
		"T: Can you type your birthday into the form? It says month, day, year.\nA: It's «July 13th, 2009».",
		"T: Can you type your birthday into the form?\nA: «07132009»",
		"T: What year were you born?\nA: «Two thousand nine».",
		"T: What year were you born?\nA: «2009».",
		"T: What month were you born in?\nA: «July».",
		"A: it's actually my birthday this week.\nT: No way, when is it?\nA: «May ninth».",
		"a: when's ur bday\nb: «7/13»\nc: mine is «11/26»",
		"a: my bday is «2/4/2011»\nb: Reacted to \"my bday is «2/4/2011»\" with 🎉",
		"a: my bday is «2/4/2011»\nb: Replying to \"my bday is «2/4/2»...\"⏎⏎same month",
	})
	check(t, "", []string{
		"a: happy pi day 3/14",
		"a: 3/14 of the pizza",
		"A: three fourteen",
		"A: the value of pi is three point one four",
		"a: happy birthday!!",
		"A: It's my birthday on Friday.",
		"A: Happy birthday! Okay, what is three fourths of twelve?",
		"T: When is your birthday?\nA: Next Tuesday.",
		"T: When is your birthday?\nA: I'd rather not say. So is it 3/14 = 0.21?",
		"A: Jane Austen was born in 1775.",
		"A: Euler was born in 1707 and died in 1783.",
		"A: She was born in 2004 in the passage.",
		"A: May I see your work?",
		"A: The deadline is July 13th.",
		"A: On the birthday problem, the probability is 23 over 365.",
		"A: Maria saved 12 dollars in May and 15 in July.",
		"a: 7/8 + 1/8",
	})
}
