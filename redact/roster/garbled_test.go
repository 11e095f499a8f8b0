package roster_test

import (
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/roster"
)

// lesson makes a session of "1 said" and "1> written", where 1 is the ID of who
// speaks and « » stand around what must be found.
func lesson(t *testing.T, talk string) (*finding.Conversation, []map[string]bool) {
	t.Helper()
	var plain []string
	var voices []string
	for _, line := range strings.Split(talk, "\n") {
		voice, said, _ := strings.Cut(line, " ")
		kind := "A:"
		if strings.HasSuffix(voice, ">") {
			kind = "a:"
		}
		voices = append(voices, strings.TrimSuffix(voice, ">"))
		plain = append(plain, kind+" "+said)
	}
	c, marked := conversation(strings.Join(plain, "\n"))
	c.People = []finding.Participant{
		{ID: "1", First: "Dorothea", Last: "Lindgren"},
		{ID: "2", First: "Caoimhe", Last: "Gilligan"},
		{ID: "3", First: "Nnamdi", Last: "Obiora"},
		{ID: "4", First: "Tou", Last: "Xiong"},
		{ID: "5", First: "Itzel", Last: "Barrios"},
		{ID: "6", First: "Krithika", Last: "Raman"},
		{ID: "7", First: "Rose-Laure", Last: "Jean"},
		{ID: "8", First: "Folake", Last: "Ige"},
	}
	for i := range c.Lines {
		c.Lines[i].Speaker = voices[i]
	}
	return c, marked
}

func TestGarbledNames(t *testing.T) {
	tests := []struct{ name, talk string }{
		{"asked without a comma, and answers", "1 okay «two» can you explain it\n4 so I multiplied"},
		{"a number nobody answers to", "1 okay two of you explain it\n4 so I multiplied"},
		{"two words, asked to go ahead", "1 «nom dee» go ahead\n3 it is minus four"},
		{"does what people do", "1 «folla kay» can answer that later\n5 okay"},
		{"said to be captions", "1 «critic a»? is that «Krithika»? The subtitles are judging you."},
		{"once told, elsewhere", "1 the captions say «eat cell»\n5 lol\n1 What «eat cell» wrote is the same.\n2 yes"},
		{"the name beside it", "1 so «keeva», sorry, «Caoimhe», is that a function?\n2 no"},
		{"who says the own name", "1 what do they call you\n6 «Krithika». «crit ika». it's fine"},
		{"greeted at a roll call", "1 I've got «eat zell». Who else?\n5 here"},
		{"an everyday phrase", "1 I mean it is a nice day to see it all\n5 I know what you mean"},
		{"a sentence with the sounds of a name", "1 you can do it so go on\n3 it sells for two dollars"},
		{"mathematics", "1 from A to B is two x plus three\n4 so x is two"},
		{"an initial that is pleaded with", "2> «N» pls share ur notes"},
		{"an initial that goes", "1> «F» go to page five"},
		{"two initials", "1 who's «K R»? Somebody signed it."},
		{"initials with full stops", "1 «R.L.», can you mute?"},
		{"initials that are told", "1 in chat I use first letters, so «N», «C», «T»."},
		{"initials that are both wrong", "2 «N» and «F» are both wrong"},
		{"points that are both on a line", "1 C and F are both on the line"},
		{"two points", "1 A B and C D are parallel"},
		{"letters changed places in a short name", "2> «tuo» my book has other pages"},
		{"letters changed places far apart", "2> «fokale» lol my typing"},
		{"what somebody has, without an apostrophe", "2> everyone look at «folake»s answer"},
	}
	r := roster.New(roster.Options{Lexicon: lessonWords{}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, marked := lesson(t, tt.talk)
			found, err := r.Find(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			check(t, c, marked, found)
		})
	}
}

// lessonWords knows the everyday words of the talk above.
type lessonWords struct{}

func (lessonWords) Word(norm string) float64 {
	if everyday[norm] {
		return 1
	}
	return 0
}

func (lessonWords) Name(string) float64 { return 0 }

var everyday = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`the you can and so see it to of a is in i two okay explain go ahead it's minus four answer that later critic are judging captions say eat
		cell what wrote same yes sorry function no do they call fine who else here mean nice day all know on sells for dollars from plus three pls share notes page five
		somebody signed mute chat use first letters both wrong line parallel my book has other pages typing everyone look at multiplied subtitles sell got mom`) {
		out[w] = true
	}
	return out
}()

// Words of other scripts, and accents with nothing under them, are said by
// nobody and break nothing.
func TestGarbledNamesOfOtherScripts(t *testing.T) {
	c, _ := lesson(t, "1 Танечка, can you explain it\n4 \u0301's 你好 go ahead\n1 the captions say שלום a \u0328 7")
	found, err := roster.New(roster.Options{Lexicon: lessonWords{}}).Find(t.Context(), c)
	if err != nil || len(found) > 0 {
		t.Errorf("%+v, %v", found, err)
	}
}
