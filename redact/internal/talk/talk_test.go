package talk

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	l, err := parse("A", "ask [[person|Maya]]'s brother, he's [[age|fifteen]]")
	if err != nil {
		t.Fatal(err)
	}
	if want := "ask Maya's brother, he's fifteen"; l.Text != want {
		t.Errorf("text is %q", l.Text)
	}
	var got []string
	for _, s := range l.Spans {
		got = append(got, s.Mark+" "+l.Text[s.From:s.To])
	}
	if want := "person Maya; age fifteen"; strings.Join(got, "; ") != want {
		t.Errorf("spans are %q", got)
	}
	for _, bad := range []string{"[[pet|Rex]]", "[[person|Maya"} {
		if _, err := parse("A", bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// Said again, talk has the marks that it had, each on words of its own.
func TestVaryKeepsMarks(t *testing.T) {
	written, err := Written()
	if err != nil {
		t.Fatal(err)
	}
	if len(written) < 1000 {
		t.Fatalf("%d exchanges are written", len(written))
	}
	r := rand.New(rand.NewPCG(3, 1))
	v := NewVariety(written, []Exchange{{Lines: []Line{{Who: "A", Text: "we divide both sides by two"}}}})
	marks := func(e Exchange) (out []string) {
		for _, l := range e.Lines {
			at := 0
			for _, s := range l.Spans {
				if s.From < at || s.From >= s.To || s.To > len(l.Text) || !utf8.ValidString(l.Text[s.From:s.To]) || strings.TrimSpace(l.Text[s.From:s.To]) == "" {
					t.Fatalf("%q: span %+v", l.Text, s)
				}
				at = s.To
				out = append(out, s.Mark)
			}
		}
		return out
	}
	for _, e := range written {
		if was, is := marks(e), marks(v.Vary(r, e)); strings.Join(was, " ") != strings.Join(is, " ") {
			t.Fatalf("%q became %q in %q", was, is, e.Lines[0].Text)
		}
	}
}

// No exchange is in two parts, and every one is in one.
func TestApart(t *testing.T) {
	all := make([]Exchange, 237)
	for n := range all {
		all[n] = Exchange{Number: n, Lines: []Line{{Text: string(rune(n + 1))}}}
	}
	times := map[string]int{}
	for part := range 10 {
		most, one := Apart(all, part)
		if len(most)+len(one) != len(all) {
			t.Errorf("part %d: %d and %d", part, len(most), len(one))
		}
		for _, e := range one {
			times[e.Lines[0].Text]++
		}
	}
	for _, e := range all {
		if times[e.Lines[0].Text] != 1 {
			t.Fatal("an exchange is not in one part alone")
		}
	}
}
