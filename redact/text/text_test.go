package text

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTokenize(t *testing.T) {
	type token struct {
		source, norm string
		shape        Shape
	}
	tests := []struct {
		in   string
		want []token
	}{
		{"", nil},
		{" \t\n", nil},
		{"don't", []token{{"don't", "dont", Lower}}},
		{"rock 'n' roll'", []token{{"rock", "rock", Lower}, {"'", "'", Mark}, {"n", "n", Lower}, {"'", "'", Mark}, {"roll", "roll", Lower}, {"'", "'", Mark}}},
		{"D’Andre O'Brien", []token{{"D’Andre", "dandre", Mixed}, {"O'Brien", "obrien", Mixed}}},
		{"Łukasz", []token{{"Łukasz", "lukasz", Title}}},
		{"zoë José", []token{{"zoë", "zoe", Lower}, {"José", "jose", Title}}},
		{"A-N-A", []token{{"A", "a", One}, {"-", "-", Mark}, {"N", "n", One}, {"-", "-", Mark}, {"A", "a", One}}},
		{"x2y", []token{{"x", "x", Lower}, {"2", "2", Digit}, {"y", "y", Lower}}},
		{"miaAA IDs", []token{{"miaAA", "miaaa", Mixed}, {"IDs", "ids", Mixed}}},
		{"tanviTitle", []token{{"tanviTitle", "tanvititle", Mixed}}},
		{"ａｎａ", []token{{"ａｎａ", "ana", Lower}}},
		{"👍ok", []token{{"👍", "👍", Mark}, {"ok", "ok", Lower}}},
		{"\xff\xfea", []token{{"\xff", "\xff", Mark}, {"\xfe", "\xfe", Mark}, {"a", "a", Lower}}},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got := Tokenize(tt.in)
			if len(got) != len(tt.want) {
				t.Fatalf("%d tokens, want %d: %+v", len(got), len(tt.want), got)
			}
			for i, w := range tt.want {
				if g := got[i]; tt.in[g.Start:g.End] != w.source || g.Norm != w.norm || g.Shape != w.shape {
					t.Errorf("token %d: %q %q %d, want %q %q %d", i, tt.in[g.Start:g.End], g.Norm, g.Shape, w.source, w.norm, w.shape)
				}
			}
		})
	}
}

func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"Hi, Zoë!", "d'andre’s 3x+2", "\xff\x80", "a\u0301b", "ﬁ İ ŉ", "'''"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, token := range Tokenize(s) {
			if token.Start < end || token.Start >= token.End || token.End > len(s) {
				t.Fatalf("token %d-%d after %d of %d", token.Start, token.End, end, len(s))
			}
			for _, r := range s[end:token.Start] {
				if !unicode.IsSpace(r) {
					t.Fatalf("%q lies outside all tokens", r)
				}
			}
			if !utf8.RuneStart(s[token.Start]) && utf8.ValidString(s) {
				t.Fatal("token cuts a character")
			}
			if token.Shape.Word() && token.Norm != Fold(s[token.Start:token.End]) {
				t.Fatalf("norm %q of %q", token.Norm, s[token.Start:token.End])
			}
			end = token.End
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Łukasz", "O’BRIEN", "ŒÆß", "İ", "ﷺ", "\xff", "\xf7ӵ", "ǅ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if utf8.ValidString(s) && !utf8.ValidString(once) {
			t.Fatal("folding made invalid UTF-8")
		}
		if twice := Fold(once); twice != once {
			t.Fatalf("folding twice: %q, once: %q", twice, once)
		}
	})
}
