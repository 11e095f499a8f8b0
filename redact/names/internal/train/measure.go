package main

import (
	"log"
	"math"
	"math/rand/v2"
	"sort"
	"strings"
	"unicode"

	"github.com/schoolhouse-world/veil/redact/names/internal/generate"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
)

type tally struct{ predicted, touched, gold, covered int }

func (t tally) scores() (p, r, f float64) {
	p, r = float64(t.touched)/float64(max(1, t.predicted)), float64(t.covered)/float64(max(1, t.gold))
	return p, r, 2 * p * r / max(1e-9, p+r)
}

// measure counts persons as score.py does: a prediction is right if it touches
// a name, a name is found if it is covered.
func measure(m *tagger.Model, lines []generate.Line, threshold float32) (t tally) {
	var s tagger.Scratch
	for _, l := range lines {
		words, gold := labelled(l)
		probs := m.Tag(words, &s)
		on := make([]bool, len(words))
		for i := range words {
			on[i] = probs[i*L+int(tagger.Person)] >= threshold
			_ = gold
		}
		for i := 0; i < len(words); i++ {
			if !on[i] || i > 0 && on[i-1] {
				continue
			}
			t.predicted++
			for j := i; j < len(words) && on[j]; j++ {
				if touches(l, words[j]) {
					t.touched++
					break
				}
			}
		}
		for _, g := range l.Spans {
			if g.Label != tagger.Person {
				continue
			}
			t.gold++
			all := true
			for i, w := range words {
				if w.Shape > 0 && w.Start >= g.Start && w.Start < g.End && !on[i] {
					all = false
				}
			}
			if all {
				t.covered++
			}
		}
	}
	return t
}

func touches(l generate.Line, w tagger.Word) bool {
	for _, g := range l.Spans {
		if g.Label == tagger.Person && w.Start < g.End && w.End > g.Start {
			return true
		}
	}
	return false
}

func report(m *tagger.Model, held map[string][]generate.Line) {
	var names []string
	for name := range held {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, lower := range []bool{false, true} {
			lines := held[name]
			tag := ""
			if lower {
				tag = " lower-cased"
				lines = lowered(lines)
			}
			best, at := 0.0, float32(0)
			for th := float32(0.2); th < 0.8; th += 0.1 {
				if _, _, f := measure(m, lines, th).scores(); f > best {
					best, at = f, th
				}
			}
			p, r, f := measure(m, lines, 0.5).scores()
			log.Printf("  %-13s P %.3f R %.3f F1 %.3f (best %.3f at %.1f)%s", name, p, r, f, best, at, tag)
		}
	}
}

func lowered(lines []generate.Line) []generate.Line {
	out := make([]generate.Line, len(lines))
	for i, l := range lines {
		out[i] = recase(l, unicode.ToLower)
	}
	return out
}

// calibrate fits slope and shift of the log-odds of Person on held-out words.
func calibrate(m *tagger.Model, held map[string][]generate.Line) {
	var odds []float64
	var truth []bool
	var s tagger.Scratch
	for _, name := range []string{"btc", "friends-dev", "wikigold"} {
		for _, lines := range [][]generate.Line{held[name], lowered(held[name])} {
			for _, l := range lines {
				words, gold := labelled(l)
				probs := m.Tag(words, &s)
				for i, w := range words {
					if w.Open {
						p := min(max(float64(probs[i*L+int(tagger.Person)]), 1e-6), 1-1e-6)
						odds = append(odds, math.Log(p/(1-p)))
						truth = append(truth, gold[i] == tagger.Person)
					}
				}
			}
		}
	}
	slope, shift := 1.0, 0.0
	for range 300 {
		var ga, gb, haa, hab, hbb float64
		for i, x := range odds {
			p := 1 / (1 + math.Exp(-(slope*x + shift)))
			y := 0.0
			if truth[i] {
				y = 1
			}
			ga += (y - p) * x
			gb += y - p
			v := p * (1 - p)
			haa += v * x * x
			hab += v * x
			hbb += v
		}
		det := haa*hbb - hab*hab
		slope += (ga*hbb - gb*hab) / det
		shift += (gb*haa - ga*hab) / det
		if math.Abs(ga)+math.Abs(gb) < 1e-6 {
			break
		}
	}
	m.Slope, m.Shift = float32(slope), float32(shift)
	// How far off each tenth is.
	var n, sum, right [10]float64
	for i, x := range odds {
		p := 1 / (1 + math.Exp(-(slope*x + shift)))
		b := min(9, int(p*10))
		n[b]++
		sum[b] += p
		if truth[i] {
			right[b]++
		}
	}
	for b := range n {
		if n[b] > 0 {
			log.Printf("  said %.2f true %.2f (%.0f words)", sum[b]/n[b], right[b]/n[b], n[b])
		}
	}
}

// reportOrigins measures recall on generated talk with names that training
// never saw, by culture.
func reportOrigins(m *tagger.Model, g generate.Grammar, n *nameList) {
	for _, lower := range []bool{false, true} {
		for _, c := range n.cultures {
			var given, family []string
			for _, x := range c.Given {
				if heldOut(x) && len(x) > 1 {
					given = append(given, x)
				}
			}
			for _, x := range c.Family {
				if heldOut(x) && len(x) > 1 {
					family = append(family, x)
				}
			}
			if len(given) == 0 {
				continue
			}
			if len(family) == 0 {
				family = given
			}
			r := rand.New(rand.NewPCG(3, 5))
			fill := n.filler(r, true)
			var lines []generate.Line
			for len(lines) < 1500 {
				l := g.Line(r, func(slot byte) string {
					switch slot {
					case 'G':
						return title(given[r.IntN(len(given))])
					case 'F':
						return title(family[r.IntN(len(family))])
					}
					return fill(slot)
				})
				if lower {
					l = recase(l, unicode.ToLower)
				}
				lines = append(lines, l)
			}
			p, rec, _ := measure(m, lines, 0.5).scores()
			log.Printf("  origin %-26s lower %-5v P %.3f R %.3f (%s)", c.Name, lower, p, rec, strings.Join(given[:min(3, len(given))], " "))
		}
	}
}
