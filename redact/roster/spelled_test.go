package roster

import (
	"context"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// A spelling ends where a sentence begins, although it begins with a letter.
func TestSpellingsEndAtSentences(t *testing.T) {
	for _, s := range []string{
		"Spell it for me. «A, N as in Nancy, Y». I think so.",
		"My name is spelled «A, N, Y». A triangle has three sides.",
		"It's spelled «O-K-S-A-N-A». U r right.",
		"It's spelled «O, K, S, A, N, A». I can repeat.",
		"It's spelled «M. I. R. A». I think.",
		"spell it: «m, i, r, a», i think",
		"It's spelled «M, I, R, A». O well.",
		"It's spelled «M-I-R-A, I as in India, A».",
		"It's spelled «T. A. R. I. A» is the last letter",
		"It's spelled «N, I, K, A». R u there?",
	} {
		want := strings.NewReplacer("«", "", "»", "").Replace(s)
		start := strings.Index(s, "«")
		end := strings.Index(s, "»") - len("«")
		c := &finding.Conversation{Lines: []finding.Line{{Text: want, Tokens: text.Tokenize(want)}}}
		found, err := New(Options{}).Find(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		whole := false
		for _, f := range found {
			if f.Recognizer != "roster/spelled" || f.Score < 0.5 {
				continue
			}
			if f.End > end {
				t.Errorf("%q is taken of %q", want[f.Start:f.End], want)
			}
			whole = whole || f.Start == start && f.End == end
		}
		if !whole {
			t.Errorf("%q is not found in %q", want[start:end], want)
		}
	}
}

// What people are called is in the table, or follows from the name.
func TestWhatPeopleAreCalled(t *testing.T) {
	for formal, forms := range map[string]string{
		"Guadalupe": "lupe", "Francisco": "paco pancho", "Jesús": "chuy", "Ignacio": "nacho", "Consuelo": "chelo", "João": "joaozinho", "Gabriel": "biel gabe",
		"Aleksandr": "sasha", "Yekaterina": "katya", "Vyacheslav": "slava", "Katarzyna": "kasia", "Małgorzata": "gosia", "Zbigniew": "zbyszek",
		"Siddharth": "sid", "Abhishek": "abhi", "Harpreet": "preet", "Venkatesh": "venky", "Muhammad": "mo", "Abdullah": "abdi", "Ibrahim": "ibo",
		"Oluwaseun": "seun", "Babatunde": "tunde", "Chukwuemeka": "emeka", "Theodore": "teddy", "Margaret": "peggy maggie meg", "Minh-Anh": "mina", "Min-jun": "mj",
	} {
		called := Familiar(formal)
		for _, form := range strings.Fields(forms) {
			known := false
			for _, c := range called {
				known = known || c == form
			}
			if !known {
				t.Errorf("%s is not known as %s", formal, form)
			}
		}
	}
	for name, forms := range map[string]string{"gabriel": "gabby gabr", "edward": "eddy", "anthony": "aj tony2", "jonathan": "jt", "tanvi": "tanny", "oluwaseun": "seun"} {
		for i, form := range strings.Fields(forms) {
			if q := short(form, name); (q > 0) != (form != "tony2") {
				t.Errorf("form %d of %s: %v", i+1, name, q)
			}
		}
	}
	for _, w := range []string{"tv", "pm", "ok", "am"} {
		if short(w, "theodore") > 0.1 || short(w, "penelope") > 0.1 || short(w, "amelia") > 0.1 {
			t.Errorf("%s is taken for somebody's initials", w)
		}
	}
}
