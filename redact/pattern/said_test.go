package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// How people at lessons say and write what identifies them: with corrections,
// pauses, spelled endings, and answers that say nothing else.

func TestEmailsAsTheyAreSaid(t *testing.T) {
	check(t, finding.Email, []string{
		"A: My email is «mira underscore lund at lincoln hs dot e d u», all lowercase.",
		"A: It's «mirapetrov at k12 dot hi dot u s». That's the school one.",
		"A: Um, just email me. It's «s dot brandt at sign asu dot e d u».",
		"A: I signed up with «novak dot wei double two at sign proton dot me», so try that.",
		"a: send to «oboateng @ k12.hi.us» pls",
	})
}

// A line without a word between the pieces of an address changes nothing.
func TestEmailsOverEmptyLines(t *testing.T) {
	for _, empty := range []string{"", ".", " "} {
		check(t, finding.Email, []string{"A: my email is «mira dot s at gmail»\nA: " + empty + "\nA: «dot com»", "A: email me at «k dot lund at example»\nA: " + empty + "\nA: «dot org»"})
	}
}

func TestPhonesInPieces(t *testing.T) {
	check(t, finding.Phone, []string{
		"A: It's «five five nine, five five five, no wait, five five six, oh one three nine».",
		"A: Call my mom at «double seven three, three five six, no wait, three five seven, four nine three three».",
		"A: My cell is «520 and then 555 and 0143», text her first.",
		"A: Ready?\nB: Yeah go.\nA: «three four seven, five double five, no wait, five five six, zero one zero zero».",
		"A: I'll dial in from «plus one six one seven four eight five eight three two eight».",
		"A: Area code «nine one nine four six five seventy-two eleven».",
		"a: ph: «6175550161»",
		"a: my number is «2125550169»",
		"a: «2125550169»",
		"a: 6022140760",
		"a: 2147483648",
		"a: 6227020800",
		"a: 9876543210",
		"A: It's three five six, no wait, three five seven.",
		"A: So 415 and then 212 and then 7.",
	})
}

func TestHandlesAsTheyAreSaid(t *testing.T) {
	check(t, finding.Handle, []string{
		"A: Follow me on Instagram, «otterotter».",
		"A: Follow me on Instagram, please.",
		"A: My username is «neonbiscuit thirteen eighty-nine», like one word.",
		"A: I'm «darkwaffle 508» on Discord.",
		"A: Search for «xrealkelpx» on TikTok, that's my art account.",
		"A: On Scratch my username's «the dot real dot mira».",
		"A: Do you have Discord?\nB: Yeah at «mirapixel»",
		"a: «noodle_mira» add me",
		"a: my spam is «miraotter»",
		"a: snap me «tiny_panda»",
		"a: «realwaffleyt» is my snap",
		"a: let total_2 = total_1 + 7",
	})
}

func TestLinksReadOut(t *testing.T) {
	check(t, finding.URL, []string{
		"A: The link is «bit dot ly slash waffle five».",
		"A: It says «discord dot gg slash koala raven». Okay?",
		"A: I dropped it, it's «tiny url dot com slash cosmic falcon».",
		"A: Go to «docs dot google dot com slash document slash d slash one y six».",
		"A: My page is «mirakoala dot github dot io».",
		"A: It's «www dot mira draws dot com».",
		"A: Go to desmos dot com.",
		"A: Look at khan academy dot org slash math.",
		"A: The dot product of a dot b is six.",
	})
}

func TestMeetingsAsTheyAreJoined(t *testing.T) {
	check(t, finding.Meeting, []string{
		"A: Use my personal room, «eight one seven, uh, nine five four nine, twenty one fifty nine».",
		"A: Can you join «625 2522 076»?",
		"A: Enter «863-6171-7582» for the meeting.",
		"A: You put in «nine seven one, nine five three six, eighty-one ninety nine» and then the passcode.",
		"a: zoom: «85570048760»",
		"a: join «9681195119»",
		"a: ID «87003434837»",
		"a: tmrw we use «94457746567» same pw",
		"a: google meet code «fac-ifnm-cjk»",
		"a: my tax id 911-89-1234",
	})
}

func TestPasscodesAsTheyAreSaid(t *testing.T) {
	check(t, finding.Meeting, []string{
		"A: The passcode is «comet three five».",
		"A: Password for the room is «four eight one, seven six three».",
		"A: The password for the meeting's «capital D seven oh nine».",
		"A: Then type «nine seven one, one five seven» as the passcode.",
		"A: Use «eight seven two four seven seven» for the passcode.",
		"A: It's asking for a passcode.\nB: Oh, it's «seven five four nine».",
		"A: It says passcode incorrect.\nB: Try «four six nine four».",
		"A: So the password to get in is «comet ten».",
		"A: They changed the passcode to «lemon double two seven».",
		"A: Passcode for today, «three eight five, three six nine».",
		"a: pw: «kelpwolf»",
		"a: password «noodlenoodle»",
		"a: «kelp-comet-36» is the password",
		"a: its «1710» for the passcode",
		"a: room pass «5044»",
		"a: kahoot pin «948 3459»",
		"a: password plz\nb: its «kelpwolf»",
		"A: How many passcodes of 6 digits are there?",
		"A: The key is to factor first.",
		"A: What's the passcode?\nB: It's increasing.",
	})
}

func TestNumbersOfSchools(t *testing.T) {
	check(t, finding.ID, []string{
		"a: id# «AD206194»",
		"a: student_id=«GH824462»",
		"a: sid: «SAT6063917»",
		"a: reg # «497252571»",
		"a: perm id «8213383»",
		"A: So I type the ID, «D8447246», and then my birthday.",
		"A: The ID they gave me at school is «six double eight, one seven six four».",
		"A: The ID of each element is unique.",
	})
}

func TestBirthdaysAsTheyAreSaid(t *testing.T) {
	check(t, finding.DateOfBirth, []string{
		"A: I'll be «sixteen» on «the fourth of July».",
		"A: I'm gonna turn «thirteen» on «October ninth».",
		"a: i turn 15 «mar 8»",
		"a: turning 16 «2/15/2012»",
		"a: born «jan 13th 2011»",
		"a: b-day «7/3/2010»",
		"a: bday = «2/21/2012»",
		"a: bday?\nb: «4/5»",
		"A: Turn 15 into a fraction.",
		"A: The wheel turns 12 times.",
	})
}

func TestAgesOfFamilies(t *testing.T) {
	check(t, finding.Age, []string{
		"A: My sister's «nine».",
		"A: My brother's «twelve» and my sister's «fifteen».",
		"a: my lil sis is «14»",
		"A: My grandma's «seventy one», she's learning Zoom.",
		"A: I was «eleven» when we moved here.",
		"A: When I was «seventeen» we moved here.",
		"A: Since you're «fourteen», you need a parent to sign.",
		"A: I've got a «13-year-old» brother.",
		"A: At «twelve years old» I started piano.",
		"A: He's 11, so his father is 44.",
		"A: I was nine off.",
		"A: You're five short.",
		"A: When I was doing 12 I got stuck.",
	})
}

func TestAddressesAsTheyAreSaid(t *testing.T) {
	check(t, finding.Address, []string{
		"A: I live at «three five seven Twenty-eighth Place».",
		"A: We just moved, it's «ninety one 45th Circle» now.",
		"A: We moved to «sixty-four thirty-two, uh, Pinecrest Lane».",
		"A: My address is «twenty-nine, no sorry, fourteen Cypress Circle».",
		"A: Where do you live?\nB: Over on «Delancey Terrace».",
		"A: It's on «Beechwood Court, number six».",
		"A: The power's out on «Birch Terrace», that's my street.",
		"a: addy «9 delancey lane»",
		"a: my address is «86 orchard»",
		"a: we moved to «2347 62nd»",
		"A: Each house on the street has 2 doors.",
		"A: Then move 5 units up and 2 to the right.",
	})
}

func TestPostcodesAsTheyAreSaid(t *testing.T) {
	check(t, finding.Address, []string{
		"A: my zip code is «02139»\nA: my zip code is «02139»\nB: my zip code is «02139»",
		"a: my zip is «02139»\nb: my zip is «02140»",
		"A: We're in «34004», the zip.",
		"A: Put in «36201» for the zip code.",
		"A: It's Fresno, California, «eight ninety one sixty-four».",
		"a: fresno ca «72124»",
		"a: Memphis, Tennessee «03566-0236»",
		"a: ZIP=«21535»",
		"A: A town of 02139 people is not how you write it.",
		"A: The state has 38000 schools.",
	})
}
