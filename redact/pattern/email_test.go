package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

func TestEmail(t *testing.T) {
	check(t, finding.Email, []string{
		// written
		"a: my email is «mira.solano7@gmail.com»",
		"a: «Mira.Solano+sat@students.lakeview.k12.or.us», thx",
		"a: send to <«m_s-09@school.edu»>.",
		"a: mailto:«m.s@ex-ample.co.uk»",
		"a: email:«mira@lakeview.org»!!",
		"a: «josé.peña@correo.mx» o «用户@例子.公司»",
		"a: «o'neil.t@lakeview.org»",
		"a: «mira@lakeview.org»,«tom@lakeview.org»;«pia@lakeview.org»",
		// around filters and with odd spacing
		"a: my email is «mira.solano (at) gmail (dot) com»",
		"a: «mirasolano7 [at] gmail [dot] com»",
		"a: email me at «mirasolano7 @ gmail.com»",
		"a: email me «mirasolano7@ gmail . com»",
		"a: its «mirasolano7 at gmail.com»",
		"a: my email «mirasolano at gmail.com»",
		"a: its «mira.solano7 at gmail dot com»",
		"a: «mirasolano7@gmail dot com»",
		// said
		"A: It's «mira dot s at gmail dot com».",
		"A: My email is «mira dot solano at gmail dot com».",
		"A: my email is «mira underscore solano underscore nine at yahoo dot com»",
		"A: So it's «m dot solano seven at students dot lakeview dot org».",
		"A: It's «msolano four zero at students dot lakeview dot org».",
		"A: email me at «mira at lakeview dot k twelve dot or dot us»",
		"A: It's «M-I-R-A dot S-O-L-A-N-O at gmail dot com».",
		"A: It is «m i r a s o l a n o four seven one one at gmail dot com»",
		"A: Yeah, «S-O-L-A-N-O two five at hotmail dot com».",
		"A: my email's «m as in Mary, i, r, a, solano, at gmail dot com»",
		"A: «mira, M-I-R-A, seventy seven at outlook dot com»",
		"A: You can email me at «solano the number four at gmail dot com»",
		"A: my email is «mira solano oh nine at icloud dot com»",
		"A: It's «mira hyphen solano at proton dot me».",
		"A: Send it to «mirasolano twenty ten at gmail dot com» please",
		"A: Um, it's like, «mira dot solano, at, gmail, dot com».",
		"A: it's «mirasolano at g mail dot com»",
		"A: Its «mira 2 0 1 0 at gmail dot com»",
		"A: it's «double m solano at gmail dot com»",
		"A: «coach underscore solano at lakeview dot edu»",
		"A: My email is «mira at gmail», you know, the usual.",
		"A: my school email is «solanom triple seven at lakeview dot org»",
		// in answer
		"T: What email should I send it to?\nA: «mira solano at gmail dot com».",
		"T: What's your email?\nA: «mirasolano at lakeview dot org».",
		// cut between lines
		"A: You can just email me. It's, um, «S-O-L-A-N-O two five»\nA: «at students dot lakeview dot org».",
		"A: My email is «msolano six six»\nT: okay\nA: «at students dot lakeview dot org»",
		"A: it's «mira dot solano at gmail»\nA: «dot com»",
		"A: it's «mira dot»\nA: «solano at gmail dot com»",
		"A: My email is «mira dot solano at»\nA: «lakeview dot org», got it?",
		"A: email me at «m i r a»\nA: «s o l a n o at gmail dot com»",
		"A: it's «msolano»\nT: mhm\nA: «two five at students»\nA: «dot lakeview dot org»",
		// repeated
		"a: can u send it to «mirasolano7@gmail.com» pls\nb: Reacted to \"can u send it to «mira»...\" with 👍",
		"a: «mirasolano7@gmail.com»\nb: Replying to \"«mirasolano7@gmail.c»...\"⏎⏎Sent!",
	})
	check(t, "", []string{
		"a: meet @ 5.30 tomorrow",
		"a: my email is mira@",
		"A: look at khan academy dot org",
		"A: Look it up at khanacademy.org.",
		"A: Go look at desmos dot com.",
		"A: You can find the practice test at collegeboard dot org.",
		"A: evaluate f at x dot y",
		"A: the dot product of a and b at time t",
		"A: Plot a dot at five, comma, two.",
		"A: put a dot at three point five",
		"A: five at two dollars each",
		"A: I work at a company, it's fun.",
		"A: they arrive at 4.5 in the afternoon",
		"A: f(x) @ x = 3",
		"T: Can you email it to me?\nA: The slope at three is two.",
		"T: Did you get my email?\nA: Yeah I looked at it.",
		"A: It's 3 apples @ $4.50",
	})
}
