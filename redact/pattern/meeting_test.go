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

func TestLink(t *testing.T) {
	check(t, finding.URL, []string{
		"a: «https://docs.google.com/document/d/1AZH_hTBITqvpCvYl4cOCdpg7if5H6N2Mx/edit»",
		"a: i put it here «docs.google.com/spreadsheets/d/16ka_CCFvVzxymUN0doh9XdwvCM8j5kRBR»",
		"a: (see «https://drive.google.com/file/d/1abcDEF234/view?usp=sharing»)",
		"a: «forms.gle/aB3dE5»!",
		"a: «https://padlet.com/mirasolano/x8d2f9»",
		"a: «http://lakeview.org/~msolano»",
		"a: «www.lakeviewhigh.org»",
		"a: «lakeviewhigh.org/staff»",
		"a: «https://www.desmos.com/calculator/ab3xk29qlz»",
		"a: «https://www.youtube.com/@mirasolano»",
		"a: «https://youtu.be/dQx4w9WgXcQ»",
		"a: «https://example.com:8080/a?b=c#d», ok",
		"a: «bit.ly/3xYz9Qa»",
		"a: Here's our doc: «https://jamboard.google.com/d/1LZCzXBvBaIKRcTBj4a9O3GAa85jpis2px»\nb: Reacted to \"Here's our doc: «http»...\" with 👏",
		"a: i put my work here «docs.google.com/spreadsheets/d/16ka_CCFvVzx»\nb: Replying to \"i put my work here «d»...\"⏎⏎Thanks",
	})
	check(t, "", []string{
		"a: use desmos.com or khanacademy.org",
		"a: go to https://www.desmos.com/calculator",
		"a: www.collegeboard.org has it",
		"a: ok.so the answer is 3.5",
		"a: i think.it is 4.no wait",
		"a: y=2.5x+1.i got it",
		"a: e.g. 3.0 vs 4.0",
		"a: 3:45 or 4:00",
		"a: ratio 3:4 is 0.75",
		"a: a.b + c.d",
		"a: sin.cos",
		"a: hello...ok",
	})
}

func TestNetwork(t *testing.T) {
	check(t, finding.IP, []string{
		"a: my ip is «192.168.0.17»",
		"a: «2001:db8::8a2e:370:7334»",
		"a: server «10.0.0.0/8», ok",
	})
	check(t, finding.MAC, []string{"a: mac «00:1A:2B:3C:4D:5E»", "a: «0012.3456.789a»"})
	check(t, "", []string{
		"a: 192.168.0", "a: 1.2.3.4.5", "a: version 10.2.3.4", "a: at 12:34:56", "a: ratio 1:2:3:4", "a: 3.14.15", "a: 256.1.1.1", "a: section 1.2.3.4",
	})
}

func TestAccount(t *testing.T) {
	check(t, finding.SSN, []string{
		"a: my ssn is «219-09-4455»",
		"a: social: «219094455»",
		"a: «219-09-4455»",
		"A: My social is «two one nine, oh nine, four four five five».",
	})
	check(t, finding.CreditCard, []string{
		"a: card «4012 8888 8888 1881»",
		"a: «4012888888881881»",
		"A: The card number is «four zero one two, eight eight eight eight, eight eight eight eight, one eight eight one».",
	})
	check(t, finding.IBAN, []string{"a: «DE89 3704 0044 0532 0130 00»"})
	check(t, "", []string{
		"a: 219094455", "a: 000-12-3456", "a: 4012888888881882", "a: DE89 3704 0044 0532 0130 01", "a: 123-45-6", "a: social studies 101", "A: four hundred million",
		"a: 123456789 + 987654321",
	})
}
