package main

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/names/internal/belonging"
	"github.com/schoolhouse-world/veil/redact/names/internal/lexicon"
)

//go:embed names.txt
var nameText string

// filler makes names for the slots of carriers, of parts that stand in
// names.txt and in the lexicon.
type filler struct {
	parts                 map[string][]string
	given, family, towns  []string
	givenWeight, famWeigh []float64
	townWeight            []float64
}

func newFiller() *filler {
	f := &filler{parts: map[string][]string{}}
	section := ""
	for l := range strings.Lines(nameText) {
		l = strings.TrimSpace(l)
		switch {
		case l == "" || l[0] == '#':
		case l[0] == '[':
			section = strings.Trim(l, "[]")
		default:
			for _, p := range strings.Split(l, ",") {
				if p = strings.TrimSpace(p); p != "" {
					f.parts[section] = append(f.parts[section], p)
				}
			}
		}
	}
	add := func(list *[]string, weights *[]float64, w string, by float32) {
		total := 0.0
		if n := len(*weights); n > 0 {
			total = (*weights)[n-1]
		}
		*list, *weights = append(*list, w), append(*weights, total+float64(by))
	}
	lexicon.Each(func(w string, e lexicon.Entry) {
		if len(w) < 3 {
			return
		}
		if !strings.Contains(w, " ") && e.Given >= 0.3 && e.Word < 0.6 {
			add(&f.given, &f.givenWeight, w, e.Given*e.Given)
		}
		if !strings.Contains(w, " ") && e.Family >= 0.3 && e.Word < 0.6 {
			add(&f.family, &f.famWeigh, w, e.Family*e.Family)
		}
		if e.Place >= 0.3 && e.Word < 0.85 {
			add(&f.towns, &f.townWeight, w, 0.2+e.Place*e.Place)
		}
	})
	return f
}

func (f *filler) pick(r *rand.Rand, section string) string {
	p := f.parts[section]
	if len(p) == 0 {
		panic("names.txt has no section " + section)
	}
	return p[r.IntN(len(p))]
}

func draw(r *rand.Rand, words []string, weight []float64) string {
	at := r.Float64() * weight[len(weight)-1]
	lo, hi := 0, len(weight)-1
	for lo < hi {
		if mid := (lo + hi) / 2; weight[mid] < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return words[lo]
}

func (f *filler) surname(r *rand.Rand) string { return title(draw(r, f.family, f.famWeigh)) }
func (f *filler) person(r *rand.Rand) string  { return title(draw(r, f.given, f.givenWeight)) }

func (f *filler) town(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 62:
		return title(draw(r, f.towns, f.townWeight))
	case n < 80:
		return f.place(r)
	case n < 86:
		return f.surname(r) + " County"
	case n < 92:
		return f.pick(r, "direction") + " " + f.place(r)
	case n < 96:
		return f.pick(r, "quarter")
	}
	return f.pick(r, "before") + " " + f.surname(r)
}

// place invents a town or the name of a school: "Oakhurst", "Cedar Falls".
func (f *filler) place(r *rand.Rand) string {
	nature := f.pick(r, "nature")
	if r.IntN(2) == 0 {
		return nature + f.pick(r, "ending")
	}
	return nature + " " + f.pick(r, "ground")
}

// bare is the proper part of a school's name.
func (f *filler) bare(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 22:
		return f.surname(r)
	case n < 52:
		return f.place(r)
	case n < 62:
		return f.pick(r, "direction") + f.pick(r, "compass")
	case n < 72:
		return f.pick(r, "eponym")
	case n < 82:
		return f.saint(r)
	case n < 92:
		return title(draw(r, f.towns, f.townWeight))
	}
	return f.pick(r, "virtue")
}

func (f *filler) saint(r *rand.Rand) string {
	s := pick(r, "St. ", "Saint ", "St ") + f.pick(r, "saint")
	if r.IntN(3) == 0 {
		s += "'s"
	}
	if r.IntN(5) == 0 {
		return f.pick(r, "church")
	}
	return s
}

func (f *filler) school(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 38:
		return f.bare(r)
	case n < 78:
		return f.bare(r) + " " + f.pick(r, "school")
	case n < 92:
		return initials(f.bare(r)) + pick(r, "HS", "MS", "HS", "MS", "ES", "A", "JHS", "CS", "P")
	case n < 95:
		return pick(r, "PS ", "P.S. ", "IS ", "MS ") + fmt.Sprint(1+r.IntN(400))
	}
	return f.pick(r, "virtue") + " " + pick(r, "Academy", "Charter", "Collegiate", "Prep", "Magnet")
}

func initials(s string) string {
	out := ""
	for _, w := range strings.Fields(s) {
		out += w[:1]
	}
	return strings.ToUpper(out)
}

func (f *filler) team(r *rand.Rand) string {
	s := f.pick(r, "mascot")
	switch r.IntN(9) {
	case 0:
		return pick(r, "Lady ", "Fighting ", "Golden ", "Flying ", "Red ", "Blue ", "Mighty ", "Running ", "Battling ") + s
	}
	return s
}

func (f *filler) teamOne(r *rand.Rand) string {
	s := f.pick(r, "mascot")
	switch {
	case strings.HasSuffix(s, "ies"):
		return s[:len(s)-3] + "y"
	case strings.HasSuffix(s, "olves"):
		return strings.TrimSuffix(s, "ves") + "f"
	case strings.HasSuffix(s, "shes"), strings.HasSuffix(s, "ches"), strings.HasSuffix(s, "sses"), strings.HasSuffix(s, "xes"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss"):
		return s[:len(s)-1]
	}
	return s
}

func (f *filler) club(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 30:
		return pick(r, f.bare(r), title(draw(r, f.towns, f.townWeight)), f.place(r)) + " " + f.pick(r, "club")
	case n < 42:
		return pick(r, "Troop", "Pack", "Cub Scout Pack", "Girl Scout Troop", "Scout Troop", "Squadron", "Civil Air Patrol Squadron", "Venture Crew", "Den") + " " + fmt.Sprint(2+r.IntN(900))
	case n < 60:
		return f.pick(r, "bold") + " " + f.pick(r, "bots")
	case n < 72:
		return pick(r, f.pick(r, "bold"), title(draw(r, f.towns, f.townWeight)), f.pick(r, "nature")+" "+pick(r, "City", "Valley", "County", "Coast")) + " " + f.pick(r, "travel") + pick(r, "", "", " 12U", " 14U", " U15", " FC", " United", " Elite", " Black")
	case n < 84:
		return pick(r, f.saint(r), f.pick(r, "virtue"), f.pick(r, "church"), f.pick(r, "temple")) + " " + f.pick(r, "youth")
	case n < 93:
		return pick(r, "Miss ", "Ms. ", "Madame ", "Coach ", "") + f.person(r) + "'s" + pick(r, "", " Dance", " Studio", " School of Dance", " Gymnastics", " Karate")
	}
	return f.place(r) + " " + pick(r, "Children's Chorus", "Youth Symphony", "Junior Rangers", "4-H", "Mathletes", "Little League", "Swim Club", "Rowing Club")
}

func (f *filler) firm(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 34:
		return f.pick(r, "chain")
	case n < 54:
		return f.surname(r) + " " + f.pick(r, "firm")
	case n < 60:
		return f.surname(r) + pick(r, " and ", " & ") + pick(r, f.surname(r), "Sons", "Daughters")
	case n < 70:
		return pick(r, f.person(r), "Papa "+f.person(r), "Mama "+f.surname(r), "Uncle "+f.person(r), "Big "+f.person(r), f.surname(r)) + "'s" + pick(r, "", "", " Pizza", " Diner", " Grill", " Tacos", " Bakery")
	case n < 80:
		return f.pick(r, "taste") + " " + f.pick(r, "shop")
	case n < 86:
		return f.pick(r, "spanish")
	case n < 94:
		return pick(r, f.saint(r), title(draw(r, f.towns, f.townWeight)), f.place(r)) + " " + pick(r, "Medical Center", "Hospital", "General", "Memorial", "Regional", "Health", "Clinic", "Urgent Care")
	}
	return f.place(r) + " " + f.pick(r, "firm")
}

// fill puts names into the slots of a carrier and notes where they stand.
func (f *filler) fill(r *rand.Rand, carrier string) line {
	var b strings.Builder
	var out line
	memo := map[string]string{}
	open := -1
	inside := belonging.Outside
	for carrier != "" {
		i := strings.IndexAny(carrier, "{[]")
		if i < 0 {
			b.WriteString(carrier)
			break
		}
		b.WriteString(carrier[:i])
		switch carrier[i] {
		case '[':
			open, carrier = b.Len(), carrier[i+1:]
			continue
		case ']':
			if open >= 0 && inside != belonging.Outside {
				// What the brackets hold is one name.
				for len(out.spans) > 0 && out.spans[len(out.spans)-1].from >= open {
					out.spans = out.spans[:len(out.spans)-1]
				}
				out.spans = append(out.spans, span{open, b.Len(), inside})
			}
			open, inside, carrier = -1, belonging.Outside, carrier[i+1:]
			continue
		}
		end := strings.IndexByte(carrier[i:], '}')
		if end < 0 {
			panic("a slot is not closed: " + carrier)
		}
		slot := carrier[i+1 : i+end]
		carrier = carrier[i+end+1:]
		value, label := memo[slot], slots[strings.TrimRight(slot, "0123456789")]
		if value == "" {
			value = f.value(r, strings.TrimRight(slot, "0123456789"))
			memo[slot] = value
		}
		if label != belonging.Outside {
			out.spans = append(out.spans, span{b.Len(), b.Len() + len(value), label})
			inside = label
		}
		b.WriteString(value)
	}
	out.text = b.String()
	return out
}

var slots = map[string]belonging.Label{
	"school": belonging.School, "schoolname": belonging.School, "team": belonging.Team, "teamone": belonging.Team,
	"club": belonging.Club, "firm": belonging.Firm, "town": belonging.Town,
}

func (f *filler) value(r *rand.Rand, slot string) string {
	switch slot {
	case "school":
		return f.school(r)
	case "schoolname":
		return f.bare(r)
	case "team":
		return f.team(r)
	case "teamone":
		return f.teamOne(r)
	case "club":
		return f.club(r)
	case "firm":
		return f.firm(r)
	case "town":
		return f.town(r)
	case "person":
		return f.person(r)
	case "surname":
		return f.surname(r)
	}
	panic("unknown slot " + slot)
}

// vary writes a line as chats and speech recognition do: names in the case of
// their line, capitals dropped, marks lost.
func vary(r *rand.Rand, l line) line {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(l.text, "\"'({["))
	small := unicode.IsLower(first) && !strings.Contains(l.text, " I ") && !strings.Contains(l.text, " I'")
	switch n := r.IntN(100); {
	case small && n < 85, n < 25:
		l.text = recase(l.text, unicode.ToLower)
	case n > 97:
		l.text = recase(l.text, unicode.ToUpper)
	}
	return l
}

// recase leaves letters alone that would change their length.
func recase(s string, to func(rune) rune) string {
	return strings.Map(func(r rune) rune {
		if c := to(r); utf8.RuneLen(c) == utf8.RuneLen(r) {
			return c
		}
		return r
	}, s)
}

func pick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

func title(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		c, n := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(c)) + w[n:]
	}
	return strings.Join(words, " ")
}

// slur spoils a word of some lines as speech recognition does, so that a word
// nobody knows is no name for that alone.
func slur(r *rand.Rand, s string) string {
	words := strings.Split(s, " ")
	if r.IntN(100) >= 30 || len(words) < 3 {
		return s
	}
	k := r.IntN(len(words))
	w := []rune(words[k])
	if len(w) < 3 {
		return s
	}
	at := 1 + r.IntN(len(w)-1)
	switch r.IntN(4) {
	case 0:
		w = w[:at]
	case 1:
		w = append(w[:at:at], w[min(at+1, len(w)):]...)
	case 2:
		w[at] = rune('a' + r.IntN(26))
	case 3:
		w = append(w[:at:at], append([]rune{rune('a' + r.IntN(26))}, w[at:]...)...)
	}
	words[k] = string(w)
	if r.IntN(3) == 0 {
		words[k] = title(words[k])
	}
	return strings.Join(words, " ")
}
