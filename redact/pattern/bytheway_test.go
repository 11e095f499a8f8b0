package pattern_test

import "testing"

// Ages, birthdays, addresses and mail that people tell by the way, and their
// look-alikes of the lesson.
func TestByTheWay(t *testing.T) {
	check(t, "", []string{
		// How old somebody is.
		"A: So you're «sixteen» already.",
		"A: Are you really only «twelve»?",
		"A: I was «eleven» till last week.",
		"a: guess who turns «13» this weekend",
		"a: «12» almost «13»",
		"a: m/«13» why do ppl always ask",
		"a: my twin and i are both «14» obviously",
		"a: ill b «17» in 2 days",
		"a: bro is «16» and cant do 7x8",
		"A: Guess how old I am. «Eleven».",
		"A: How old is your brother?\nB: He is «three», he is crazy.",
		"A: And now you're how old?\nB: «Thirteen». I'm in the eighth grade.",
		"A: My dad was «forty» when I was born so it's never going to be two to one.",
		"A: My sister's «eleven and three quarters», she told me.",
		"a: or my bro hes «22» he works days",
		// and how much something is.
		"A: Are you 12 off?",
		"A: You're two away from it.",
		"A: The ratio is 12 to 13.",
		"A: Sam is 12 and his sister is a third as old.",
		"a: 12 or 13",

		// When somebody was born.
		"a: is there gonna be class on «halloween» thats my bday",
		"A: I'm a «New Year's Eve» baby, so everyone's busy.",
		"a: hbd to me «sept 23» dont forget",
		"a: «aug 30» so i barely made the cutoff",
		"a: she wont let me have insta til «jan 11» when im «13»",
		"A: When do you all turn sixteen?\nB: «December nineteenth», I can't wait.",
		"A: I was born in «November of twenty ten», they said the cutoff was September.",
		"a: «pi day» is my moms bday\nb: mine is the day after, «3/15»",
		"a: turning «16» on the «2nd» someone get me a car",
		// and other days.
		"A: The SAT is on halloween this year.",
		"A: Due sept 23, don't forget.",
		"A: On the fourth step you turn it over.",

		// Where somebody lives.
		"A: I'm at «12904 S. Ada», by the park.",
		"a: «rr 2 box 118»",
		"A: It's «Rural Route 2, Box 190», that's the whole thing.",
		"A: We live over the shop, «twenty two South Water Street, second floor».",
		// and what is where.
		"A: From 12 S to 14 S is two.",
		"A: The box is 2 by 118.",

		"A: We get picked up at the corner of «Tulip and Magee». =case",
		"A: It's everything between «Abbott and Weber», and that's our house. =case",
		"A: Between A and B it goes up.",
		"A: It went to our old address on «Pruitt Street».",
		"A: «Seven seventy East Larkin», and it's posted. =case",
		"a: i live on «s. convent ave #9»",
		"A: You can send it to the row house. «4417 Tulip St Fl 2», and it's «19135».",
		"A: The answer is 19135.",
		"A: Ours is a «P O box, box two eleven», in Kearns.",

		"a: «S0093127» / «617-555-0186» / «29 Tansy St #3 02122»",
		"a: 3 / 4 or 12 / 16",
		"a: «5 Larkmoor Ct. Bessemer 35022» =case",
		"T: And a home address for the forms?\nA: «Twenty two sixteen Maplehurst, apartment B». =case",
		"a: «2020 Copperleaf Trl, Apt 118»\na: «76040»",
		"a: «570 old tannery road»\na: 3 x 10 is 30",
		"a: its «V5K 0A1» =case",
		"a: «17» in 2 weeks, «the 3rd of may»",
		"a: «july 30 2008» same as my twin",

		"T: What's the postal code?\nA: It's «T three K, five N nine».",
		"T: Where should I mail it?\nA: Keaau, so «96749».",
		"a: its «3100-B Falls Mill Rd» =case",
		"a: «14» until «4/17»",
		"T: Whose birthday is it?\nA: Me, on «Valentine's Day». I'll be «fifteen».",

		// Codes that are dictated.
		"A: Yes, it is «lowercase j, capital R, four, four, ampersand, x».",
		"A: Capital A is the area.",

		"a: «11/02/11»",
		"a: when is ur bday\nb: «valentines day 2012»",
		"A: It says thirteen and up, and I'm «twelve» until «August second».",
		"a: im turning «12» on «saturday the 9th» and i still dont get it",

		// What somebody's mail is called.
		"A: Yeah it's «my dog biscuit twenty fifteen at gmail dot com».",
		"A: Okay so all together, «bad at bowling at icloud dot com», don't laugh.",
		"A: Just email «emma lind with a d, underscore, golf, at me dot com».",
		"A: My email's «T, J, underscore, hoops, at gmail dot com».",
		"A: Email me at «mira at lakeview dot com».",
	})
}
