package pattern_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/text"
)

// lessonLines are lines of lessons that hold no identifier.
func lessonLines(t testing.TB) []string {
	f, err := os.Open("testdata/lesson.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); !strings.HasPrefix(line, "# Lines") {
			out = append(out, line)
		}
	}
	if len(out) < 300 {
		t.Fatalf("only %d lines", len(out))
	}
	return out
}

// Lesson lines stay, each alone, said or written.
func TestLessonLinesStay(t *testing.T) {
	var cases []string
	for _, line := range lessonLines(t) {
		cases = append(cases, "a: "+line, "A: "+line)
	}
	check(t, "", cases)
}

// They stay one after the other as well, where an earlier line could be taken
// for a question that a later one answers.
func TestLessonLinesStayTogether(t *testing.T) {
	for _, channel := range []finding.Channel{finding.Chat, finding.Transcript} {
		c := &finding.Conversation{}
		for i, line := range lessonLines(t) {
			c.Lines = append(c.Lines, finding.Line{Channel: channel, SpeakerName: string(rune('A' + i/5%3)), Text: line, Tokens: text.Tokenize(line)})
		}
		for _, r := range pattern.New(pattern.Options{}) {
			found, err := r.Find(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if f.Score >= 0.5 {
					line := c.Lines[f.Line].Text
					t.Errorf("%s takes %q of %q", f.Recognizer, line[f.Start:f.End], line)
				}
			}
		}
	}
}

// What the lines above are near misses of.
func TestIdentifiersAmongLessons(t *testing.T) {
	check(t, finding.Phone, []string{
		"A: It's «305 842, 87 35».",
		"A: Um, so it's «five one zero, five seven six, nineteen eighty».",
		"a: heres my # «646/969-3238»",
		"a: my number is «415 - 349 - 1287»",
		"A: The number's «three one two, five five five, oh one six six».",
		"A: Can you call «510, 726, 3685»?",
	})
	check(t, finding.Meeting, []string{
		"a: code is «129689»", "a: id: «866 4859 5434»", "a: the code is «x9K2pQ»",
	})
	check(t, finding.ID, []string{
		"A: My student ID is «414409158».", "a: my id number is «7946940965»",
	})
	check(t, finding.Age, []string{
		"a: «15 yrs old»", "a: turned «12» yesterday", "A: He's «11», my brother.",
	})
	check(t, finding.Email, []string{
		"a: «the.real.mira @ maplefork.net»", "A: So that's «mtorres at maplefork dot net», all lowercase.", "a: its «mtorres [at] k12.oh.us»",
	})
	check(t, finding.Address, []string{
		"A: You can mail it to «500 County Line Way». =case", "A: I live at «thirty-two twenty-five Rosewood Boulevard, Unit C».",
	})
	check(t, finding.Handle, []string{"a: whats ur snap mines «itsmira»"})
	check(t, "", []string{
		"A: He's 11, so his father is 44.", "A: How many codes is 26 times 26?", "a: the zip code is five digits", "A: The hypotenuse? It's 512, 640, 1024.",
		"A: The phone numbers on the list have 7 digits.", "a: 12 years old", "A: the temperature turned 12 degrees colder",
	})
}
