package audio

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLocate(t *testing.T) {
	cue := Interval{10_000, 13_000}
	const text = "Okay Oksana, can you read the first line to me?"
	name := Span{5, 11}
	whole := []Interval{{9800, 13_200}}
	for fact, c := range map[string]struct {
		cue   Interval
		text  string
		spans []Span
		mode  Mode
		want  []Interval
	}{
		"nothing found, nothing silent":         {cue, text, nil, WholeCue, nil},
		"the whole cue":                         {cue, text, []Span{name}, WholeCue, whole},
		"a mode nobody knows":                   {cue, text, []Span{name}, "word", whole},
		"a span of another text":                {cue, text, []Span{name, {40, 400}}, Estimated, whole},
		"a span that is none":                   {cue, text, []Span{{7, 7}}, Estimated, whole},
		"no letters":                            {cue, "...", []Span{{0, 1}}, Estimated, whole},
		"a cue of no length":                    {Interval{500, 500}, text, []Span{name}, Estimated, []Interval{{300, 700}}},
		"a cue that ends first":                 {Interval{900, 500}, text, []Span{name}, Estimated, []Interval{{300, 1100}}},
		"so slow that it must hold long pauses": {Interval{10_000, 40_000}, text, []Span{name}, Estimated, []Interval{{9800, 40_200}}},
		"all of the text":                       {cue, "Oksana Petrenko and Oksana Bilyk", []Span{{0, 15}, {16, 32}}, Estimated, whole},
		"not before the recording":              {Interval{100, 800}, "Oksana, yes", []Span{{0, 6}}, WholeCue, []Interval{{0, 1000}}},
	} {
		if got := Locate(c.cue, c.text, c.spans, c.mode, 200); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", fact, got, c.want)
		}
	}
	early := Locate(cue, text, []Span{name}, Estimated, 200)
	late := Locate(cue, text, []Span{{len(text) - 3, len(text) - 1}}, Estimated, 200)
	if len(early) != 1 || len(late) != 1 || early[0].EndMS >= 11_500 || late[0].StartMS <= 12_000 {
		t.Errorf("early %v, late %v of %v", early, late, cue)
	}
}

func TestLocateLaws(t *testing.T) {
	words := []string{"Oksana", "and", "5x", "+", "Zoë", "安娜", "…", "the", "slope", "\xff"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 12).Draw(t, "words"), " ")
		cue := Interval{5000, 5000 + rapid.Int64Range(0, 9000).Draw(t, "length")}
		start := rapid.IntRange(0, len(text)-1).Draw(t, "start")
		span := Span{start, rapid.IntRange(start+1, len(text)).Draw(t, "end")}
		pad := rapid.Int64Range(0, 900).Draw(t, "pad")
		whole := Locate(cue, text, []Span{span}, WholeCue, pad)
		narrow := Locate(cue, text, []Span{span}, Estimated, pad)
		wider := Locate(cue, text, []Span{span}, Estimated, pad+100)
		if outside := subtract(narrow, whole); outside != nil {
			t.Fatalf("%v reaches beyond the padded cue %v", narrow, whole)
		}
		if lost := subtract(narrow, wider); lost != nil {
			t.Fatalf("more padding silences less: %v, %v", narrow, wider)
		}
		if len(narrow) == 0 || narrow[0].EndMS-narrow[0].StartMS < pad {
			t.Fatalf("%v silences too little", narrow)
		}
		both := Locate(cue, text, []Span{span, {0, len(text)}}, Estimated, pad)
		if lost := subtract(narrow, both); lost != nil {
			t.Fatalf("another span silences less: %v, %v", narrow, both)
		}
	})
}
