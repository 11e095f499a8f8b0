package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/roster"
	"github.com/schoolhouse-world/veil/redact/text"
)

// words is a small Lexicon: how everyday words are, how much names, and towns.
type words struct{}

func (words) Word(norm string) float64 {
	switch norm {
	case "will", "may", "mark", "hope", "art", "page", "sky", "drew", "grace", "rain", "power", "line", "chase", "cash", "story":
		return 0.9
	case "the", "you", "can", "and", "so", "see", "draw", "slope", "point", "turn", "number", "divide", "minutes", "sheet", "long", "good", "big":
		return 1
	}
	return 0
}

func (words) Name(norm string) float64 {
	switch norm {
	case "sky":
		return 0.5
	case "newark", "nora", "marisol":
		return 0.3
	}
	return 0
}

func (words) Place(norm string) float64 {
	if norm == "newark" {
		return 0.8
	}
	return 0
}

func people() []finding.Participant {
	return []finding.Participant{
		{ID: "1", First: "Oksana", Last: "Sokolova"},
		{ID: "2", First: "Łukasz", Last: "Wiśniewski", Preferred: "Luk"},
		{ID: "3", First: "Will", Last: "Page"},
		{ID: "4", First: "Siobhán", Last: "O'Malley"},
		{ID: "5", First: "Karthikeyan", Last: "de la Cruz"},
		{ID: "6", First: "Seo-yeon", Last: "Park"},
		{ID: "7", First: "Christopher", Last: "Bell"},
	}
}

// conversation makes lines of "A: said" and "a: written", with « » around what
// must be found.
func conversation(s string) (*finding.Conversation, []map[string]bool) {
	c := &finding.Conversation{People: people()}
	var marked []map[string]bool
	for _, line := range strings.Split(s, "\n") {
		l := finding.Line{Channel: finding.Transcript}
		if strings.HasPrefix(line, "a:") {
			l.Channel = finding.Chat
		}
		want := map[string]bool{}
		rest := strings.TrimSpace(line[2:])
		for {
			before, after, ok := strings.Cut(rest, "«")
			l.Text += before
			if !ok {
				break
			}
			inside, tail, _ := strings.Cut(after, "»")
			want[fmt.Sprintf("%d:%s", len(l.Text), inside)] = true
			l.Text += inside
			rest = tail
		}
		l.Tokens = text.Tokenize(l.Text)
		c.Lines = append(c.Lines, l)
		marked = append(marked, want)
	}
	return c, marked
}

func TestFind(t *testing.T) {
	r := roster.New(roster.Options{Lexicon: words{}})
	tests := []struct{ name, talk string }{
		{"as it is written", "A: Okay, «Oksana», what is x?"},
		{"without its accents", "a: hi «lukasz»"},
		{"a family name", "A: Thanks, «Sokolova»."},
		{"a preferred name", "A: Did «Luk» leave?"},
		{"a possessive", "A: It's «Oksana»'s turn."},
		{"a possessive of a name in halves", "a: «seo-yeon»s way is easier"},
		{"a possessive without its apostrophe", "a: «oksana»s answer is right"},
		{"what a word as a name has", "a: whats «will»'s answer"},
		{"an initial with thanks", "A: Thanks, «O». That helps.\na: ty «O»\na: thank you «O»!"},
		{"an initial with praise", "A: Nice, «O». That makes sense."},
		{"an initial that is asked", "a: «O», please check your work again."},
		{"a point that is praised", "A: Look at O.\nA: O is higher.\nA: Yes, to O.\nA: From O.\nA: Nice, O. And next?"},
		{"thanks to whom no name is given", "a: thank u\na: thanks I got it"},
		{"behind you", "A: Okay, I will come back to you «Will» in a second."},
		{"who does not come", "A: «Will» isn't here today."},
		{"what is thought of somebody", "a: i think «will» is right"},
		{"somebody agreed with", "a: i agree with «will» because it is flat"},
		{"asked without commas", "a: so «will» what do you think"},
		{"a word after so", "a: so will you draw it"},
		{"heard in pieces, with what they have", "A: Let's look at «Car Thick Ian»'s graph."},
		{"drawn out", "a: «oksanaaaa»"},
		{"letters changed places", "a: i think «oskana» got it"},
		{"a familiar form", "A: Go ahead, «Chris»."},
		{"its hyphen left out", "a: ty «seoyeon»"},
		{"spelled with hyphens", "A: It's «O-K-S-A-N-A»."},
		{"spelled with blanks", "A: It's spelled «O K S A N A»."},
		{"spelled by an alphabet", "A: «L as in lemon, U as in under, K as in kite»."},

		{"heard as an English word", "A: Okay, «Shivon», what is x?"},
		{"heard where nobody is called", "A: I think «Shivon» was muted."},
		{"heard as two words", "A: Tell «Karthi Kayen» I said hi."},
		{"heard as two words, one of them of the grammar", "A: I agree with «Ox Anna» on that."},
		{"heard in small letters, with what they have", "a: let's look at «shivon»'s graph"},
		{"heard as two words in small letters, of what they do", "a: ok so «ox anna» is saying it stays flat"},
		{"heard as captions have it", "a: the captions keep writing «shivon»"},
		{"a name with what it has, behind another word", "A: I'm curious about this point on «Oksana»'s graph."},
		{"a short name in two words with capitals", "A: Great, «Lu Cash»."},
		{"a word that is asked, near a name", "A: «Bill», what do you notice?"},
		{"what somebody goes by", "A: I go by «L»."},
		{"a town sounds like nobody", "A: We end up in Newark."},
		{"words in small letters sound like nobody", "A: So you can see an ox and a goat."},
		{"the speaker's I is no half of a name", "A: And then Yup I got it."},

		{"a word that is a name, called", "A: «Will», can you try number four?"},
		{"a word that is a name, with a verb of people", "A: «Will» said it's twelve."},
		{"a word that is a name, in a chat", "a: «will» r u there"},
		{"a word that is a name, of a microphone", "a: «will» ur mic is on"},
		{"a word that is a name, asked after", "a: did «will» leave"},
		{"a word that is a name, here", "a: «will» here"},
		{"a word that is a name, agreed with", "a: +1 «will»"},
		{"the word itself", "A: You will divide by two."},
		{"the word itself, before another", "A: Will you divide by two?"},
		{"the word itself, of a sheet", "A: It's on page two."},
		{"the word itself, after an article", "A: Turn the page."},

		{"a first name and an initial", "A: Let's look at «Oksana S»."},
		{"a possessive initial", "A: Let's look at «Oksana S»'s graph."},
		{"a point is no initial", "A: The line from A to S is long."},
		{"said good night by a letter", "a: ok im out\na: gn «O»\na: see u tmrw"},
		{"asked by two letters", "a: i lost my notes\na: «OS» can u send urs\na: sure"},
		{"an answer is no initial", "A: What did you get?\nB: I think it's C.\nA: C is right, and why not S?"},
		{"an unknown is no initial", "A: Solve for L.\nB: L is four.\nA: Good, so two L is eight."},

		{"what captions made of a name", "A: The captions put «zo chill» for you, that's kind of perfect."},
		{"what captions call somebody", "a: it calls me «gee eye ye» every time"},
		{"what captions made of the lesson", "A: The captions say the slope is two."},
		{"what a screen shows", "a: the zoom shows ur ceiling"},
		{"a word that is a name, at the end of what is said to somebody", "a: u did the other angle «will»"},
		{"the word itself, at the end", "a: u can do it if u will"},
		{"broken off before the name", "A: And «Ok»-, sorry, «Oksana», what is x?"},
		{"broken off for good", "A: I think «Karthi»- somebody said it."},
		{"a word broken off", "A: The slo- the slope is two."},
		{"a dash between words", "A: A well-known line."},
		{"a user name with a number", "a: who is «oksana_12» in the waiting room"},
		{"a user name of an initial and a name", "a: the doc is «o.sokolova» not mine"},
		{"a user name of both names run together", "a: add «oksanasokolova»"},
		{"a user name of nobody here", "a: my snap is jelly.bean"},
		{"a short name between commas, whatever word it is", "A: All right, «Wi», I saw your hand."},
		{"spelled with words between", "A: It's «S E O hyphen Y E O N»."},
		{"spelled with doubled letters", "A: Spelled «O apostrophe M A double L E Y»."},
		{"doubled for fun", "a: nice one «wilwil»"},

		{"two points are spelled by nobody", "A: My name? S, I don't know."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, marked := conversation(tt.talk)
			found, err := r.Find(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			check(t, c, marked, found)
		})
	}
}

// check compares the letters that are found with those that are marked.
func check(t *testing.T, c *finding.Conversation, marked []map[string]bool, found []finding.Candidate) {
	t.Helper()
	for i, l := range c.Lines {
		gone := make([]bool, len(l.Text))
		for _, f := range found {
			if f.Line == i && !f.Keep && f.Score >= 0.5 {
				for k := f.Start; k < f.End; k++ {
					gone[k] = true
				}
			}
		}
		want := make([]bool, len(l.Text))
		for m := range marked[i] {
			var at int
			var s string
			if _, err := fmt.Sscanf(m, "%d:", &at); err != nil {
				t.Fatal(err)
			}
			_, s, _ = strings.Cut(m, ":")
			for k := at; k < at+len(s); k++ {
				want[k] = true
			}
		}
		for k := range gone {
			if b := l.Text[k]; (b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80) && gone[k] != want[k] {
				t.Errorf("byte %d of %q: gone %v, want %v", k, l.Text, gone[k], want[k])
				break
			}
		}
	}
}

// Everything found of a person on the roster says whose name it is.
func TestFindTellsWho(t *testing.T) {
	c, _ := conversation("A: Oksana, Łukasz and Christopher Bell are here.")
	found, err := roster.New(roster.Options{Lexicon: words{}}).Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	who := map[string]bool{}
	for _, f := range found {
		if f.Score >= 0.5 {
			who[f.Person] = true
		}
	}
	for _, id := range []string{"1", "2", "7"} {
		if !who[id] {
			t.Errorf("person %s was not found: %v", id, who)
		}
	}
	if who[""] || len(who) != 3 {
		t.Errorf("found %v", who)
	}
}

// A letter of one person tells who, that of several does not.
func TestLettersTellWho(t *testing.T) {
	for _, tt := range []struct{ letter, want string }{{"O", "1"}, {"S", ""}} {
		c, _ := conversation("a: im so tired\na: gn " + tt.letter + " see u tmrw\na: sleep well")
		found, err := roster.New(roster.Options{Lexicon: words{}}).Find(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		got := "nobody"
		for _, f := range found {
			if f.Score >= 0.5 && f.Recognizer == "roster/letter" {
				got = f.Person
			}
		}
		if got != tt.want {
			t.Errorf("%s is %q, want %q", tt.letter, got, tt.want)
		}
	}
}

// An email address and a handle of a participant are found as they are.
func TestLiteral(t *testing.T) {
	c := &finding.Conversation{
		People: []finding.Participant{{ID: "1", First: "Mira", Email: "mira.t@mail.example", Handles: []string{"@miradraws"}}},
		Lines:  []finding.Line{{Text: "write to MIRA.T@mail.example or miradraws, not miradrawsmore"}},
	}
	c.Lines[0].Tokens = text.Tokenize(c.Lines[0].Text)
	found, err := roster.New(roster.Options{Lexicon: words{}}).Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[finding.Kind]string{}
	for _, f := range found {
		if f.Recognizer == "roster/literal" {
			kinds[f.Kind] += c.Lines[0].Text[f.Start:f.End] + ";"
		}
	}
	if kinds[finding.Email] != "MIRA.T@mail.example;" || kinds[finding.Handle] != "miradraws;" {
		t.Errorf("got %v", kinds)
	}
}

// Who is spoken to again and again takes part, listed or not.
func TestAddressed(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		want  []string // in lower case, with its line
	}{
		{"called twice", []string{"Okay, Sky, what is x?", "Sky, try the next one.", "The big slope."}, []string{"0 sky", "1 sky"}},
		{"the word alone", []string{"The sky is blue.", "It goes up into the sky."}, nil},
		{"fillers are nobody", []string{"Okay, so, what is x?", "Yeah, um, try it.", "Right, okay, go on."}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &finding.Conversation{}
			for _, l := range tt.lines {
				c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, Text: l, Tokens: text.Tokenize(l)})
			}
			found, err := roster.NewAddressed(roster.Options{Lexicon: words{}}).Find(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				if f.Score >= 0.3 {
					got = append(got, fmt.Sprintf("%d %s", f.Line, strings.ToLower(c.Lines[f.Line].Text[f.Start:f.End])))
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A name heard once is found elsewhere in the shapes that need no guess.
func TestSpread(t *testing.T) {
	c, marked := conversation("A: my friend «Marisol» Vega is here\nA: «marisol» and «Vega»'s cat\nA: marisco, vegan\na: «marisollll»")
	marked[0]["18:Vega"] = true
	found := roster.Spread(c, []roster.Heard{{Name: "Marisol Vega", Key: "person:marisol", Score: 0.95}}, words{})
	check(t, c, marked, found)
	if got := roster.Spread(c, nil, nil); got != nil {
		t.Errorf("nothing heard, yet %d found", len(got))
	}
}

func TestFamiliar(t *testing.T) {
	tests := []struct {
		given, form string
		want        bool
	}{
		{"Christopher", "chris", true}, {"Chris", "christopher", true}, {"Elizabeth", "liz", true}, {"Oksana", "chris", false},
	}
	for _, tt := range tests {
		got := false
		for _, f := range roster.Familiar(tt.given) {
			got = got || f == tt.form
		}
		if got != tt.want {
			t.Errorf("%s goes by %s: %v, want %v", tt.given, tt.form, got, tt.want)
		}
	}
}

// An accent with nothing under it is nobody's name, whatever is stuck to it.
func TestAccentAlone(t *testing.T) {
	c := &finding.Conversation{People: people(), Lines: []finding.Line{{Text: "\u0328'M"}, {Text: "so \u0301's goes up"}, {Text: "\u0328'll"}}}
	found, err := roster.New(roster.Options{}).Find(t.Context(), c)
	if err != nil || len(found) > 0 {
		t.Errorf("%+v, %v", found, err)
	}
}
