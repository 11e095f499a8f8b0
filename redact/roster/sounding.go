package roster

import (
	"slices"

	"github.com/schoolhouse-world/veil/redact/text"
)

// saying is how a word of the conversation is said.
type saying struct {
	sounds []sound
	bones  []bones // two at most
	gist   gist
}

// saying gives that of a token's word.
func (g *garbles) saying(t *text.Token) *saying {
	var s *saying
	if t.Word >= 0 {
		s = &g.sayings[t.Word]
	} else {
		s = new(saying)
	}
	if s.sounds == nil {
		s.sounds = []sound{}
		if t.Norm != "" {
			s.sounds = unique(appendSounds([]sound{""}, t))
		}
		s.gist = gistOf(s.sounds)
		for _, sound := range s.sounds {
			if b := bonesOf(sound); len(s.bones) < 2 && !slices.Contains(s.bones, b) {
				s.bones = append(s.bones, b)
			}
		}
	}
	return s
}

// alike is a name that a run of words sounds like.
type alike struct {
	person   int
	distance float64
	length   int // of the name, in sounds
	name     int // of the person's
}

// hearing is whose names a run sounds like, as far as it was asked.
type hearing struct {
	within float64
	names  []alike
}

// sounding gives whose names a run sounds like that are no farther off than
// within, which is at most blur, and maybe some beyond.
func (g *garbles) sounding(run []text.Token, within float64) []alike {
	key := keyOf(run)
	if h, ok := g.heard[key]; ok && h.within >= within {
		return h.names
	}
	var whole gist
	for i := range run {
		whole.add(&g.saying(&run[i]).gist)
	}
	var out []alike
	var sounds []sound
	filled := uint64(0) // which of their costs are known
	for i := range g.people {
		p := &g.people[i]
		best := alike{person: i, distance: 1}
		for k := range p.names {
			n := &p.names[k]
			if n.gist.apart(&whole, within) {
				continue
			}
			if sounds == nil {
				sounds = g.say(run)
			}
			for _, a := range n.read() {
				for c, b := range sounds {
					most := min(best.distance, within)
					if float64(gap(len(a), len(b)))*0.5 > most*float64(max(len(a), len(b))) {
						continue
					}
					if filled&(1<<c) == 0 {
						filled |= 1 << c
						g.costs[c].fill(b)
					}
					if g.costs[c].exceed(a, b, most) {
						continue
					}
					if d := distance(a, b, most); d < best.distance {
						best.distance, best.length, best.name = d, len(a), k
					}
				}
			}
		}
		if best.distance <= within {
			out = append(out, best)
		}
	}
	g.heard[key] = hearing{within, out}
	return out
}

// say reads a run of words aloud.
func (g *garbles) say(run []text.Token) []sound {
	sounds := []sound{""}
	for i := range run {
		var out []sound
		for _, a := range sounds {
			for _, b := range g.saying(&run[i]).sounds {
				if len(out) < beam/2 {
					out = append(out, extend(a, b))
				}
			}
		}
		sounds = out
	}
	for len(g.costs) < len(sounds) {
		g.costs = append(g.costs, costs{})
	}
	return sounds
}

// evidence are the log-odds of hearing a name of so many sounds so far off in so
// many words, rather than by chance. It was counted on names of fifty languages
// and on lessons in which nobody of that name takes part.
func (g *garbles) evidence(a *alike, words int) float64 {
	base := 10.0
	switch {
	case a.length <= 2 && words == 1:
		base = 5.5
	case a.length <= 2:
		base = 7
	case a.length <= 4 && words == 1:
		base = 6.5
	case a.length <= 4:
		base = 9
	case a.length == 5:
		base = 8.8
	case a.length >= 8:
		base = 11
	}
	if g.people[a.person].names[a.name].part&first == 0 {
		base -= 1.5
	}
	return base - farther*a.distance
}
