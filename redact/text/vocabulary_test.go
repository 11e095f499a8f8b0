package text

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// A word has one number, however it is written and whatever stands around it.
func TestVocabularyNumbersWords(t *testing.T) {
	var v Vocabulary
	tokens := v.Tokenize("Zoë said: ZOE, zoe's 12 (12)!", nil)
	tokens = v.Tokenize("Zoës and said.", tokens)
	numbers := map[string]int32{}
	for _, token := range tokens {
		if token.Word <= 0 || int(token.Word) >= v.Len() {
			t.Errorf("%q has number %d of %d", token.Norm, token.Word, v.Len())
		}
		if n, ok := numbers[token.Norm]; ok && n != token.Word {
			t.Errorf("%q has numbers %d and %d", token.Norm, n, token.Word)
		}
		numbers[token.Norm] = token.Word
		if v.Norm(token.Word) != token.Norm || v.Find(token.Norm) != token.Word {
			t.Errorf("number %d of %q leads to %q, the word to %d", token.Word, token.Norm, v.Norm(token.Word), v.Find(token.Norm))
		}
	}
	if want := 11; len(numbers) != want || v.Len() != want+1 {
		t.Errorf("%d words, %d numbers, want %d and one more: %v", len(numbers), v.Len(), want, numbers)
	}
	if v.Find("nobody") != 0 || v.Norm(0) != "" || v.Number("") != 0 {
		t.Error("a word that is not there has a number")
	}
}

// With a vocabulary, new or full, text is cut as it is without.
func TestVocabularyCutsAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var v Vocabulary
		for _, s := range rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.StringMatching(`([A-Za-zéßŁ'’3.,@ -]{0,4}){1,6}`))).Draw(t, "lines") {
			got := v.Tokenize(s, nil)
			for i := range got {
				got[i].Word = 0
			}
			if want := Tokenize(s); len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("%q: %+v, want %+v", s, got, want)
			}
		}
	})
}
