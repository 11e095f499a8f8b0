package roster

import (
	"slices"

	"github.com/schoolhouse-world/veil/redact/text"
)

// scene is what is known of a line as a whole.
type scene struct {
	next, last int     // who speaks after and before, -1 when nobody known
	speaker    int     // who speaks
	telling    float64 // of the talk of how names are said
	here, near uint64  // who is named in this line and in those beside
	everywhere bool    // a name may stand at any word
	most       float64 // that all this speaks for a name
}

func (g *garbles) scene(at int) scene {
	l := &g.c.Lines[at]
	s := scene{next: g.voice(at, 1), last: g.voice(at, -1), speaker: -1, here: g.named[at]}
	if p, ok := g.byID[l.Speaker]; ok && l.Speaker != "" {
		s.speaker = p
	}
	s.telling = g.telling[at]
	if s.here != 0 && s.telling == 0 && slices.ContainsFunc(l.Tokens, func(t text.Token) bool { return g.lists.has(&t, inMending) }) {
		s.telling = 0.5
	}
	if s.speaker >= 0 && s.here&bit(s.speaker) != 0 {
		s.telling = max(s.telling, 2.5) // who says the own name tells how it is said
	}
	for _, k := range [2]int{at - 1, at + 1} {
		if k < 0 || k >= len(g.c.Lines) || g.c.Lines[k].Channel != l.Channel {
			continue
		}
		s.near |= g.named[k]
		if g.telling[k] >= 2.5 {
			s.telling = max(s.telling, 2)
		}
	}
	s.everywhere = s.telling > 0
	s.most = 2.4 + s.telling
	switch {
	case s.here != 0:
		s.most = min(s.most+3, 2.4+6.5)
	case s.near != 0:
		s.most += 1.8
	}
	return s
}

// voice is who speaks next, or spoke last, other than the speaker of the line.
func (g *garbles) voice(at, step int) int {
	l := &g.c.Lines[at]
	for k := at + step; k >= 0 && k < len(g.c.Lines) && gap(k, at) <= 3 && g.c.Lines[k].Channel == l.Channel; k += step {
		if o := &g.c.Lines[k]; o.Speaker != l.Speaker {
			if p, ok := g.byID[o.Speaker]; ok && o.Speaker != "" {
				return p
			}
			return -1
		}
	}
	return -1
}

// telling is how much a line talks of how names are said, heard or written, in
// log-odds.
func (l listing) telling(t []text.Token) float64 {
	most := 0.0
	for k := range t {
		if !l.has(&t[k], inNaming) {
			continue
		}
		switch t[k].Norm {
		case "say", "said", "says", "sounds", "heard", "put", "wrote", "name", "names", "spell", "spelled", "way", "transcript", "accent":
			most = max(most, inWords(t, k))
		default:
			return 3.5
		}
	}
	return most
}

// inWords is telling for a word that is mostly said of other things: "say your
// name", "how you say it", "it says".
func inWords(t []text.Token, k int) float64 {
	at := func(i int) string {
		if i >= 0 && i < len(t) {
			return t[i].Norm
		}
		return ""
	}
	before, before2, after := at(k-1), at(k-2), at(k+1)
	switch t[k].Norm {
	case "name", "names":
		if before == "your" || before == "my" || before == "ur" || before == "her" || before == "his" || before == "their" {
			return 3
		}
	case "say", "said":
		switch {
		case after == "your" && at(k+2) == "name", (before == "you" || before == "i") && (before2 == "how" || before2 == "do" && at(k-3) == "how"),
			before == "people" || before == "teachers" || before == "everyone" || before == "everybody", after == "it" && (at(k+2) == "right" || at(k+2) == "wrong" || at(k+2) == "again" || at(k+2) == "like"),
			before == "i" && before2 == "did" && (after == "it" || after == "that"), before == "always" || before == "just" && before2 == "can":
			return 2.5
		case before == "it" || before == "that":
			return 1
		}
	case "says", "heard", "put", "wrote":
		if before == "it" || before == "that" {
			return 1
		}
	case "spell", "spelled":
		return 2.5
	case "sounds":
		if after == "like" {
			return 1.5
		}
	case "transcript", "accent":
		return 2.5
	}
	return 0
}

// mending stands between a name that was said wrong and the name.
var mending = set(`sorry oops mean meant not oh no like its thats apologies apologize whoops wait`)

var naming = set(`caption captions captioning subtitle subtitles transcript autocorrect autocorrected pronounce pronounced pronouncing pronunciation mispronounce mispronounced
	mispronouncing butcher butchered butchering spelled spelling spell syllable syllables rhymes accent
	name names say said says heard put wrote sounds`)
