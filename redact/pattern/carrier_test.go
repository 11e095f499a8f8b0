package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// Identifiers in lines that were written after the rules, to see how the rules
// carry over: each was left, or taken for another kind, at first.
func TestCarriers(t *testing.T) {
	check(t, finding.Phone, []string{
		"T: Number?\nA: «four one two, five five five»\nA: «oh one three six».",
		"T: Say that again? I missed the number.\nA: «four twelve, five five five, zero one fifty three».",
		"a: new number «4125550136» delete the old one",
		"a: my new # «412/555/0136»",
		"T: Is the number on the form still good?\nA: Yeah, «4125550136».",
	})
	check(t, finding.Email, []string{
		"T: What email should I use?\nA: It's «m lund four two»\nA: and then «at students dot lakeside dot org».",
		"A: I have not used that word.\nT: Can you spell your email for me?\nA: «mira dot lund four two at gmail dot com».",
		"A: It goes to «miralund at lakeside dot edu».",
		"A: My email is «A lund eighty four at gmail dot com».=case",
		"A: The email, I mean.\nA: «m lund four two at gmail dot com».",
	})
	check(t, finding.Handle, []string{
		"a: anyone on discord? im «mira_lund»",
		"a: ok adding u im «mira.l57»",
		"a: same mines «mira_lundgren»",
		"a: snap «lundgren.m85»",
		"a: dc: «lundgrenkelp31»",
		"a: ig «mirabakes»",
		"a: follow «mira.bakes»",
		"a: snap?\nb: «mira.bakes»",
		"T: What's your insta?\nA: It's «its dot mira».",
		"a: gamertag «miraotter»",
		"a: follow my art acc «mira_lund»",
		"a: whats everyones snap\nb: «mirabakes7»",
		"A: I post them on Instagram. It's «mira dot draws».",
		"T: What's your insta?\nA: It's «the real mira three seven».",
	})
	check(t, finding.Meeting, []string{
		"a: Zoom ID «862 3931 4613» / passcode «bu7uJ0»",
		"a: meeting ID = «862 3931 4613»",
		"a: Meeting ID: «701 742 6241» Passcode: «PE4hs1»",
		"a: new room «675 143 582»",
		"a: if u get kicked use «182 344 2772» passcode «4E8I02»",
		"a: rejoin: «606-6923-4610»",
		"T: What's the meeting ID?\nA: It's «two six five, nine four zero, seven four one seven».",
		"A: Type in «738232» for the passcode.",
		"A: The passcode for Thursday is «eight two nine four nine two».",
		"A: Then it asks for a passcode, and that's «six five F two five nine».",
		"a: whats the passcode\nb: «PW9srk»",
	})
	check(t, finding.Address, []string{
		"A: I live at «two one zero three Rosewood Road, apartment one one».",
		"T: What's your address?\nA: Um, «2934 Pine Ridge Ct, Apt. 27».",
	})
	check(t, finding.Age, []string{
		"A: She's «eleven», she's in my grade.",
		"A: When I turn «seventeen» I get my own laptop.",
		"a: age?\nb: «15»",
		"T: And your sister, how old is she?\nA: She's «thirteen».",
	})
	check(t, finding.ID, []string{
		"a: SID «440676»",
		"a: id «S3558689»",
		"a: id «58-99905»",
		"a: Student ID?\nb: «88-9820»",
		"A: My school ID is «eight two nine nine six seven six five four».",
		"a: Please type your ID for attendance.\nb: «86-5310782»",
	})
	check(t, finding.URL, []string{"a: my graph «www.desmos.com/calculator/zptofpvwkq»"})
}

// What follows in a lesson is no answer to what was asked before.
func TestCarriersStay(t *testing.T) {
	check(t, "", []string{
		"a: how old are you?\nb: «12»\na: ok\na: 22\na: no it is 22",
		"a: ur how old\nb: «15» u?\nc: ok\nc: so 15",
		"a: im on discord? im confused",
		"a: whats ur snap\nb: im trying\nb: loool",
		"a: DC: parallel to AB",
		"a: use this link «https://us05web.zoom.us/j/85343475337?pwd=83iU7GOCCRMKid9z2pa.1»\nb: 8: 15\nc: 6,210",
		"a: id is 5",
		"a: www.desmos.com/calculator",
		"a: its 2.50 and im 3_4",
		"A: The ID for the triangle = 45.",
		"a: 862 / 39 is 22",
		"a: how old r u\nb: is it (-9, 5)",
		"A: It would be like zero,\nA: Ten,\nA: Twenty,\nA: Thirty,\nA: Forty fifty and so on.",
		"T: When is your birthday?\nA: One one hour.",
		"a: tmrws meeting id «219 128 536»\nb: Replying to \"tmrws meeting id «219»...\"⏎⏎ok\nb: 9:15",
	})
}
