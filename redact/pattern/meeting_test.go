package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

func TestMeeting(t *testing.T) {
	check(t, finding.Meeting, []string{
		"a: Meeting ID: «890 9840 0299» Passcode: «581171»",
		"a: Meeting ID: «89098400299»⏎Passcode: «8uWUQ4»",
		"a: meeting id «890-9840-0299»",
		"a: zoom id is «890 984 0299» pw «581171»",
		"a: ID: «890 9840 0299»",
		"a: pw: «8uWUQ4»",
		"a: password is «8uWUQ4»",
		"a: passcode - «qwerty12»",
		"a: the passcode is «tulips9»",
		"a: pwd=«8uWUQ4»",
		"a: «https://us06web.zoom.us/j/86701632629?pwd=kKWmBu8lAZiwhx.1»",
		"a: join here «https://schoolhouse.zoom.us/j/91926068849».",
		"a: «schoolhouse.zoom.us/j/91926068849»",
		"a: «https://zoom.us/my/mirasolano»",
		"a: «zoommtg://zoom.us/join?confno=86701632629»",
		"A: The meeting ID is «nine eight seven, eight two nine nine, one six six six» and the passcode is «674957».",
		"A: The meeting ID is «nine eight seven, eight two nine nine, one six six six».",
		"A: The meeting ID is «987 8299 1666» and the passcode is «kapmWJ».",
		"A: zoom ID, «eight nine oh, nine eight four, oh two double nine»",
		"A: Meeting ID «eight nine oh nine eight four oh»\nA: «oh two nine nine».",
		"A: the passcode is «six seven four nine five seven»",
		"A: passcode is «eight, lowercase u, capital W, capital U, capital Q, four»",
		"A: The passcode's «k a p m w j».",
		"A: passcode is «k as in kilo, a, p, m, seven, j»",
		"T: What's the meeting ID again?\nA: «890 9840 0299»",
		"T: Do you know the passcode?\nA: It's «581171».",
		"a: whats the passcode\nb: «8uWUQ4»",
		"a: Meeting ID: «890 9840 0299» Passcode: «581171»\nb: Replying to \"Meeting ID: «890 9840»...\"⏎⏎me too",
		"a: Replying to \"Meeting ID: «890 9840»...\"⏎⏎me too",
	})
	check(t, "", []string{
		"a: whats the passcode",
		"A: The passcode is in the email I sent.",
		"A: The password is wrong.",
		"A: What is the meeting about?",
		"A: I can't find the passcode. What is 45 plus 1?",
		"A: The meeting ID is below.",
		"A: Don't share your password with anyone.",
		"A: the passcode is required",
		"A: the id is not working",
		"A: In this meeting, we did questions 10, 11, 12, 13, 14.",
		"A: If you drop off, just come back in. The slope is 43200 over 12.",
		"a: zoom in on 3.14159265",
		"A: If sin theta is the ID, cos is 0.5",
		"A: The identity is cos squared plus sin squared is one.",
	})
}
