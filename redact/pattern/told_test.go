package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/pattern"
)

// What is told by the way, each in its own words.

func TestToldHandles(t *testing.T) {
	check(t, "", []string{
		"a: «pixel.panda.pie»",
		"a: who tf is «grumpywaffle92» lol",
		"a: «noodle_knight» added u",
		"a: ok follow «m.oonbeam» shes so funny",
		"a: add «skater_kel» hes nice",
		"a: «toastghost#8821» is my disc",
		"a: my alt is «frogprince3»",
		"a: thats my alt «b33pboop»",
		"a: xbox «Mango-Of-Doom»",
		"a: im «quiet.thunder» on insta",
		"a: mines «sodapop44»",
		"a: anyone got duolingo im «owlbait22»",
		"a: my roblox is «banana_overlord»",
		"a: «crispytaco» on roblox",
		"a: scratch «pencilwizard»",
		"a: who let «pickle_rick07» in",
		"a: whats ur tag\nb: «waffle.iron»",
		"A: I joined as «Purple Penguin», can you let me in?",
		"A: I'm «salty pretzel» on there.",
		"A: My gamertag's «Iron Turtle Nine».",
		"A: Just look up «rocket raccoon forty two» on TikTok, that's me.",
		"A: It's «lemon underscore drop».",
		"A: My username is «frog underscore king underscore seven».",
		"A: You can find me on Discord, I'm «dusty bookshelf».",
		"A: On Kahoot I'm «Captain Pickle», don't laugh.",
		"A: Did you get a request from «sneaky cactus»?",
		"A: It's «midnight mango», all one word.",
		"A: It's under «tofu tornado», no spaces.",
		"A: She's «glitter goblin» on Roblox.",
		"A: My brother's channel is called «Turbo Toaster».",
		"A: I'm gonna show up as «chess goblin».",
		"A: Search for «violin vampire», it'll pop up.",
		"A: it kicked me out, I'm «sleepy panda two» now",
		"A: The Blooket name's gonna be «Sir Quacks».",
		"A: My Lichess is «pawn pusher nine», if you wanna play.",
	})
	check(t, "", []string{
		"A: I'm stuck on there.", "A: I'm good on there, I think.", "a: im confused on desmos", "A: Look up the slope formula.", "A: It's a triangle with two equal sides.",
		"a: question14 is hard", "a: i got 5x2 not x5", "a: e.g. unit3", "A: Type the equation in, no spaces.", "A: Just type x plus two.", "a: log10 of 100", "A: If you see the x squared in the box, it's a quadratic.",
		"A: It's called the slope.", "A: My main question is about slope.", "A: The tag is on the shirt that costs ten.", "a: 30minutes later", "A: So search for the pattern and it'll come up.", "A: The channel is three feet wide.",
		"A: What's the name of this shape? It's a rhombus.", "A: I'm using the Desmos account.", "a: pls stop.ok.so its 5", "A: My name's going to be on the board.", "A: Add me a point here.",
		"a: x_1 + y_2", "a: a_n = 2", "A: Put a dot at three.", "A: The dot product is five.", "A: It's all one line.", "A: My profile is loading.", "A: Find me the vertex.", "A: My page is frozen.", "A: my account is locked",
	})
}

func TestToldCards(t *testing.T) {
	check(t, "", []string{
		"a: «P-440917» is on my badge", "a: its «B20077145»", "a: powerschool says «jtorres19»", "a: my canvas is «rkim2027»", "a: clever wants «stu_88120»", "a: is it «A01993374» or without the A",
		"a: mine is «0042218»", "a: login «k.osei31»", "a: «MN-559021» is what the ticket says", "A: I've got you under «R-20931», is that you?", "A: It's «S as in Sam, four four oh nine one two».",
		"A: My lunch number is «six six oh three».", "A: What's your ID number?\nB: Um, «four oh nine, seven seven two».", "a: my locker is «2207»", "a: it says user «jsmith0455» not found",
		"A: The kiosk wants my number, it's «nine oh two one seven».", "A: For the library card it's «two two oh four eight one».", "a: testing id «WZ-104482»", "a: whats ur student id\nb: «7740213»", "A: Put your lunch PIN in the chat.\nb: «33871»",
	})
	check(t, "", []string{
		"a: x-55120", "a: i got 62004", "a: is it 12000 or 1200", "A: The library has four hundred five books.", "A: At lunch I got eight out of ten.", "a: the answer is 10456", "A: one zero one one zero zero one", "A: one two three four five six seven",
		"A: The code has ten lines.", "a: 204530 / 2", "a: times100000", "A: The ticket costs twelve fifty.", "A: So in the cafeteria there are two hundred six seats.",
	})
}

func TestToldCodes(t *testing.T) {
	check(t, "", []string{
		"a: whats the code\nb: «558210»", "a: it wants a passcode??\nb: «tri5quare»", "a: is it «Parabola9» or «parabola9»", "a: i put «cosine44» and it says wrong", "A: It's asking for a password.\nB: It's «hexagon8».", "A: What's the passcode?\nB: Um, «four four nine oh one two».",
		"a: what do i put\nb: «Graph&Go»", "a: host key: «550192»", "a: its still «euler77» right", "A: The password's «silver comet nine».", "A: The passcode is all lowercase, «maple syrup».", "a: pw «Kt7mQ2»", "a: code «9bXk20»", "a: room «812 4409 7731» / «vertex!7»",
		"A: I typed «eight oh two nine one one» and it says wrong passcode.", "a: is it 3-4-4 like «811-4402-9917»?", "a: the link asks for «slope2day»", "a: cant get in, whats the pw\nb: «mathrocks!»",
	})
	check(t, "", []string{
		"a: whats the area code of this shape", "A: The code is wrong in line ten.", "a: get in the line", "A: What do I put for x?\nB: Twelve.", "A: what do i put\nB: fifteen over two", "a: what do i put\nb: y=3x+2", "a: what do i put\nb: 2x+5", "A: It asks for the slope.\nB: It's four.",
		"a: it wants the perimeter\nb: 24", "a: 842-555 = 287", "A: To get in the game you pay five dollars.",
	})
}

func TestToldAges(t *testing.T) {
	check(t, "", []string{
		"a: bro ur only «13»?", "a: ur «15» too??=case", "a: technically «16» but whatever", "a: «14»f", "a: «16» m here", "a: im «13» not 12", "A: Because I'm «fourteen» I need a guardian to sign.", "A: You two are both «twelve», right?", "A: She's in her «thirteenth» year.",
		"A: I'll be «seventeen» in the fall.", "a: not me being «14» and crying over fractions", "a: me being «15» in calc lol", "A: You're really sharp for «twelve».", "A: I turn «sixteen» next month.", "a: my lil bro marco is «8» and faster than me", "A: My cousin Ana is «eleven» and she's in algebra.",
		"a: almost «14»", "A: I'm not even «fifteen» yet.", "A: I can't drive until I'm «sixteen».", "A: She's «nine», she's my sister.", "a: ill be «18» when i take it", "A: I'm «twelve» going on «thirteen».=case", "A: As a «fifteen year old» I find that funny, I'm serious.",
	})
	check(t, "", []string{
		"A: If he's nine then she's eighteen.", "A: Tom is twelve and Ana is nine.", "a: x is 14", "A: He is 14 years old.", "A: I'm on fifteen.", "A: You're only fifteen off.=case", "A: You are at twelve now.", "a: im 12 over 5", "A: She's twelve feet from the wall.", "a: ur 12 is right", "a: almost 15 miles",
		"a: 15 m tall", "a: 15m", "A: Solve it for twelve.", "A: The car's in its twelfth year.", "A: I'm getting fourteen.", "A: You're at nine, right?", "a: i got 11 and a half", "A: It turned twelve degrees.", "A: so you turn 15 into a fraction", "A: My sister is twelve times faster.", "A: You only need thirteen more.", "A: We are both at nine.",
	})
}

func TestToldBirthdays(t *testing.T) {
	check(t, "", []string{
		"A: I was born on «Halloween».", "A: My birthday's «the day before Christmas Eve».", "a: virgo szn «9/2»", "a: im a scorpio «nov 4»", "a: «03/14/2009»", "a: born in «2010» here", "A: Were you born in «oh nine»?", "A: I turn «fifteen» on the «eighth».", "a: turned «14» on the «22nd»", "A: It's my birthday tomorrow, «the third».",
		"A: Mine's «October ninth».", "A: We're both «March third», it's crazy.", "a: im the youngest in my grade im «aug 30»", "A: When's your birthday?\nB: The «nineteenth».", "A: I'm a «July fourth» baby.=case", "A: When is your birthday?\nB: «Four twenty two oh nine».", "A: The form wants my birthday, so «five twelve eleven».", "a: mine was «may 6»", "a: when r u born\nb: «feb 2»", "A: I'm a leap day baby, «February twenty ninth».",
	})
	check(t, "", []string{
		"A: The test is May fourth.", "a: sat is june 5", "A: Mine's due March third.", "a: 3/14", "a: 12/4", "a: 07/04/1776", "A: So we get one twelve and thirty one.", "A: Euler was born in 1707.", "A: Put it on the fifth line.", "A: Turn the fifth one.", "a: pi day is 3/14", "A: I'm free May third.", "A: Halloween is on a Friday.", "a: due 10/31/2024",
	})
}

func TestToldAddresses(t *testing.T) {
	check(t, "", []string{
		"A: I live at «four eighteen West Juniper», the yellow house.", "a: im at «512 n. laurel apt 3» pull up", "A: It's «seven twenty East Ninth», by my house there's a park.", "a: «3315 State Route 12»", "A: It's «four four two County Road six».", "A: We're at «Lot 9, Cedar Grove Estates».", "a: «Unit 2, 44 Harrow Lane», leeds", "a: «1140 s magnolia» is my house",
		"a: «18 fern hollow dr macon ga 31201»", "A: What's the house number?\nB: «Thirty one sixteen».", "A: And what street?\nB: «Willow Bend Road».", "A: Is it still «40 Garnet Street»?\nB: No, it's «forty two» now, we moved.", "a: its «118 Alder Ave» not «181»", "A: «Six one two»,\nA: «Cottonwood Lane», and it's apartment four.=case", "A: We moved to «ninety Hawthorn», same neighborhood.=case", "a: mail it to «PO Box 771»",
	})
	check(t, "", []string{
		"A: It's 40 north of the point.", "A: Go 12 east and 5 north.", "A: She walks 300 feet east of my house.", "a: 22", "A: What's the number?\nB: Fifteen.", "A: Is it still 12?\nB: No, it's 14.", "A: A house number on Elm Street is a multiple of seven.", "A: Route 9 is fifty miles long.", "A: There are lot of numbers.", "A: My house has 12 windows.", "A: I moved 45 points.", "a: my house is 1200 sq ft",
	})
}

func TestToldPhones(t *testing.T) {
	check(t, "", []string{
		"a: «7075550142»", "A: The last four's «oh one seven seven».", "A: It's the same as my mom's but it ends in «oh one four four».", "A: «Four eighty, five fifty five, oh one two three».", "A: Text me at «two oh six, five five five, oh one eight eight».\nB: «Two oh six, five five five, oh one eight nine»?\nA: No, «oh one eight eight».", "a: call me «602/555/0177»",
		"A: It's «two oh six, five five five, um, one sec, oh one eight eight».", "A: Text me, it's «area code five oh three, five five five, oh one one one».",
	})
	check(t, "", []string{
		"A: The number ends in zero.", "A: It ends in five.", "A: Three eighty five, five fifty five, six sixty six.", "a: 6022140760", "A: last four problems", "A: So it's one twelve, thirty one, and thirty seven.", "a: 4294967296",
	})
}

func TestToldEmails(t *testing.T) {
	check(t, "", []string{
		"A: It's «the crazy cat club at gmail dot com».", "A: My email's «soccer with sam at hot mail dot com».", "A: It's «lena k at ridgeview dot edu».", "A: Send it to «two cool dogs at icloud dot com», thanks.", "A: It's «m ruiz at l c s d dot org».", "A: My email is «q torres at proton dot me».",
	})
	check(t, "", []string{
		"A: Look at khan academy dot org.", "A: We're at point b dot it goes up.", "A: Sign up at schoolhouse dot world.", "A: Angle A, B, C and D.", "A: From A to B to C, D.",
	})
}

// A line in which a loop once did not go on, and its like.
func TestNoLoopStands(t *testing.T) {
	all := pattern.New(pattern.Options{})
	for _, s := range []string{
		"A: go to dot, then we see", "A: add me dot\nA: at dot dot dot", "A: underscore underscore", "a: _ __ ___", "a: . # - _ =", "A: dot underscore dash dot at", "A: us dot me dot to dot", "A: double double oh triple", "A: as in as in A as in", "A: the the the", "A: lot lot lot 1", "A: xx xx xx", "a: xx xx xx",
	} {
		c, _ := talk(s)
		for _, r := range all {
			if _, err := r.Find(t.Context(), c); err != nil {
				t.Error(err)
			}
		}
	}
}
