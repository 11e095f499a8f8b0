package belonging

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// read gives what a line is found to name, as "label words".
func read(line string) []string {
	words := tagger.Words(line, text.Tokenize(line), nil)
	labels := [Labels]string{"", "school", "team", "club", "firm", "town"}
	var out []string
	for _, s := range NewReader(Default(), 0).Line(words, 0.5, nil) {
		out = append(out, labels[s.Label]+" "+line[words[s.From].Start:words[s.To-1].End])
	}
	return out
}

func TestLine(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"there was so much traffic coming back from tulsa", "town tulsa"},
		{"The power went out in all of Oakhurst, so I'm on my phone.", "town Oakhurst"},
		{"once a bobcat always a bobcat", "team bobcat; team bobcat"},
		{"i gotta close at wegmans tonight", "firm wegmans"},
		{"We move the decimal point two places to the left.", ""},
		{"so the slope is rise over run and we get three", ""},
		{"i have practice after school so i might be late", ""},
	} {
		if got := strings.Join(read(tt.line), "; "); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.line, got, tt.want)
		}
	}
}

// Whatever the words are, spans lie within the line, in order, one after the
// other, and their scores are probabilities.
func TestSpansAreRanges(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	pool := strings.Fields(`i the school of St . Anne's go Tigers ! at Walmart in tulsa & - ' 417 troop ? we lost to x = 3 Łódź 🔥 " ( [SCHOOL_1] o'brien`)
	for range 2000 {
		var b strings.Builder
		for range 1 + r.IntN(40) {
			b.WriteString(pool[r.IntN(len(pool))])
			if r.IntN(5) > 0 {
				b.WriteByte(' ')
			}
		}
		words := tagger.Words(b.String(), text.Tokenize(b.String()), nil)
		at := 0
		for _, s := range NewReader(Default(), 3).Line(words, 0.3, nil) {
			if s.From < at || s.From >= s.To || s.To > len(words) || !(s.Score >= 0.3 && s.Score <= 1) || s.Label == Outside || s.Label >= Labels {
				t.Fatalf("%q: %+v behind word %d of %d", b.String(), s, at, len(words))
			}
			at = s.To
		}
	}
}

func TestModelIsReadAsWritten(t *testing.T) {
	packed, err := logistic.Pack(Default().Write)
	if err != nil {
		t.Fatal(err)
	}
	m, err := logistic.Unpack(packed, readModel)
	if err != nil {
		t.Fatal(err)
	}
	if m.Scale != Default().Scale || m.Slope != Default().Slope || !slices.Equal(m.Weights, Default().Weights) || !slices.Equal(m.Telling, Default().Telling) {
		t.Error("a model is not read as it was written")
	}
	if _, err := logistic.Unpack(packed[:len(packed)/2], readModel); err == nil {
		t.Error("half a model is read")
	}
}
