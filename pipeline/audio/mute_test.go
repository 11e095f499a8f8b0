package audio

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNormalize(t *testing.T) {
	for name, c := range map[string]struct{ in, want []Muted }{
		"nothing":           {nil, nil},
		"before and after":  {[]Muted{{-9, 0, Name}, {1000, 1200, Name}}, nil},
		"backwards":         {[]Muted{{50, 40, Name}, {40, 40, Name}}, nil},
		"clipped":           {[]Muted{{-9, 5, Name}, {990, 1200, Name}}, []Muted{{0, 5, Name}, {990, 1000, Name}}},
		"touching":          {[]Muted{{20, 30, Name}, {10, 20, Name}}, []Muted{{10, 30, Name}}},
		"two reasons touch": {[]Muted{{20, 30, Name}, {10, 20, OptedOut}}, []Muted{{10, 20, OptedOut}, {20, 30, Name}}},
		"first reason wins": {[]Muted{{40, 50, OptedOut}, {0, 100, Name}},
			[]Muted{{0, 40, Name}, {40, 50, OptedOut}, {50, 100, Name}}},
	} {
		if got := Normalize(c.in, 1000); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestNormalizeKeepsEveryMillisecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Muted {
			start := rapid.Int64Range(-20, 120).Draw(t, "start")
			return Muted{start, start + rapid.Int64Range(-5, 40).Draw(t, "length"), rapid.SampledFrom([]string{Name, OptedOut, "school"}).Draw(t, "reason")}
		}), 0, 12).Draw(t, "in")
		out := Normalize(in, 100)
		for i := 1; i < len(out); i++ {
			if out[i].StartMS < out[i-1].EndMS {
				t.Fatalf("%v overlap or are unsorted", out)
			}
		}
		first := map[string]int{}
		for i, m := range in {
			if _, seen := first[m.Reason]; !seen && max(0, m.StartMS) < min(100, m.EndMS) {
				first[m.Reason] = i
			}
		}
		for ms := int64(-20); ms < 160; ms++ {
			want := ""
			for _, m := range in {
				if ms >= 0 && ms < 100 && m.StartMS <= ms && ms < m.EndMS && (want == "" || first[m.Reason] < first[want]) {
					want = m.Reason
				}
			}
			got := ""
			for _, m := range out {
				if m.StartMS <= ms && ms < m.EndMS {
					got = m.Reason
				}
			}
			if got != want {
				t.Fatalf("millisecond %d: %q, want %q in %v of %v", ms, got, want, out, in)
			}
		}
	})
}
