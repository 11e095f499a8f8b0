package lexicon

import "testing"

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		word string
		want func(Entry) bool
		says string
	}{
		{"oluwaseun", func(e Entry) bool { return e.Given > 0.2 && e.Word == 0 }, "a Yoruba given name"},
		{"chiamaka", func(e Entry) bool { return e.Given > 0.2 && e.Word == 0 }, "an Igbo given name"},
		{"xochitl", func(e Entry) bool { return e.Given > 0.3 }, "a Nahuatl given name"},
		{"nguyen", func(e Entry) bool { return e.Family > 0.6 }, "a frequent Vietnamese family name"},
		{"begay", func(e Entry) bool { return e.Family > 0.3 }, "a Navajo family name"},
		{"kealoha", func(e Entry) bool { return e.Given > 0.2 && e.Family > 0.2 }, "a Hawaiian name"},
		{"saoirse", func(e Entry) bool { return e.Given > 0.3 }, "an Irish given name"},
		{"hope", func(e Entry) bool { return e.Given > 0.4 && e.Word > 0.6 }, "both a name and a common word"},
		{"triangle", func(e Entry) bool { return e.Given < 0.2 && e.Word > 0.4 }, "a word"},
		{"new york", func(e Entry) bool { return e.Place > 0.9 }, "a place of two words"},
		{"tacoma", func(e Entry) bool { return e.Place > 0.6 }, "a city"},
		{"qzxv", func(e Entry) bool { return e == Entry{} }, "not listed"},
		{"", func(e Entry) bool { return e == Entry{} }, "empty"},
	} {
		if got := Lookup(c.word); !c.want(got) {
			t.Errorf("%q is %s, but %+v", c.word, c.says, got)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	Lookup("warm")
	b.ReportAllocs()
	for b.Loop() {
		Lookup("oluwaseun")
		Lookup("triangle")
		Lookup("qzxv")
	}
}
