package main

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/names/internal/cultures"
	"github.com/schoolhouse-world/veil/redact/names/internal/generate"
	"github.com/schoolhouse-world/veil/redact/names/internal/lexicon"
)

// nameList draws names: half from the cultures, each as often as any other,
// half from the lexicon. Every tenth name is held out of training.
type nameList struct {
	cultures      []cultures.Culture
	given, family []string
	cities        []string
	common        []string
	weightCommon  []float64
	weightGiven   []float64
	weightFamily  []float64
	weightCity    []float64
}

func newNames() *nameList {
	n := &nameList{cultures: cultures.All()}
	total := [4]float64{}
	type row struct {
		word string
		e    lexicon.Entry
	}
	var rows []row
	lexicon.Each(func(word string, e lexicon.Entry) { rows = append(rows, row{word, e}) })
	// Each comes in the order of the table, which is the same every time.
	for _, x := range rows {
		if e := x.e; e.Given >= 0.19 && !strings.Contains(x.word, " ") && e.Word < 0.6 && len(x.word) > 2 {
			total[0] += float64(e.Given * e.Given * e.Given)
			n.given, n.weightGiven = append(n.given, x.word), append(n.weightGiven, total[0])
		}
		if e := x.e; e.Family >= 0.19 && !strings.Contains(x.word, " ") && e.Word < 0.6 && len(x.word) > 2 {
			total[1] += float64(e.Family * e.Family * e.Family)
			n.family, n.weightFamily = append(n.family, x.word), append(n.weightFamily, total[1])
		}
		if e := x.e; e.Word >= 0.6 && e.Name() < 0.5 || lexicon.Closed(x.word) {
			weight := 1.0
			if lexicon.Closed(x.word) {
				weight = 25
			}
			total[3] += weight
			n.common, n.weightCommon = append(n.common, x.word), append(n.weightCommon, total[3])
		}
		if e := x.e; e.Place >= 0.6 {
			total[2] += float64(e.Place * e.Place)
			n.cities, n.weightCity = append(n.cities, x.word), append(n.weightCity, total[2])
		}
	}
	return n
}

func draw(r *rand.Rand, words []string, weight []float64) string {
	at := r.Float64() * weight[len(weight)-1]
	lo, hi := 0, len(weight)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if weight[mid] < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return words[lo]
}

// heldOut names serve only for measuring.
func heldOut(name string) bool {
	h := uint32(7)
	for i := 0; i < len(name); i++ {
		h = h*31 + uint32(name[i])
	}
	return (h^h>>13)%10 == 0
}

func (n *nameList) one(r *rand.Rand, given bool) string {
	for {
		var name string
		c := n.cultures[r.IntN(len(n.cultures))]
		from := c.Given
		if !given {
			from = c.Family
		}
		switch {
		case r.IntN(2) == 0 && len(from) > 0:
			name = from[r.IntN(len(from))]
		case given:
			name = draw(r, n.given, n.weightGiven)
		default:
			name = draw(r, n.family, n.weightFamily)
		}
		if !heldOut(name) && len(name) > 1 {
			return title(name)
		}
	}
}

// filler fills the slots of the grammar.
func (n *nameList) filler(r *rand.Rand, _ bool) generate.Fill {
	return func(slot byte) string {
		switch slot {
		case 'G':
			return n.one(r, true)
		case 'F':
			return n.one(r, false)
		case 'X':
			return title(spoil(r, draw(r, n.common, n.weightCommon)))
		}
		return titleAll(draw(r, n.cities, n.weightCity))
	}
}

// swap gives another name of as many words, in the same capitals.
func (n *nameList) swap(r *rand.Rand, was string) string {
	words := strings.Fields(was)
	if len(words) > 3 || strings.ContainsAny(was, ".@#'") {
		return was
	}
	family := len(words) == 1 && lexicon.Lookup(strings.ToLower(was)).Family > lexicon.Lookup(strings.ToLower(was)).Given+0.1
	for i := range words {
		name := n.one(r, i < max(1, len(words)-1) && !family)
		switch {
		case strings.ToUpper(words[i]) == words[i] && len(words[i]) > 1:
			name = strings.ToUpper(name)
		case strings.ToLower(words[i]) == words[i]:
			name = strings.ToLower(name)
		}
		words[i] = name
	}
	return strings.Join(words, " ")
}

func title(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func titleAll(s string) string {
	words := strings.Fields(s)
	for i := range words {
		words[i] = title(words[i])
	}
	return strings.Join(words, " ")
}
