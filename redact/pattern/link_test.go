package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

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
		"A: go to dot, then we see",
		"A: us dot",
		"A: add the me dot. it to dot - dot dot. link dot, page dot / ok",
	})
}
