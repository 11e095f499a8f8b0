package roster

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/text"
)

//go:embed nicknames.txt
var nicknameTable string

//go:embed sounds.txt
var soundTable string

// familiar maps a folded name to its familiar forms, and a familiar form to
// the others of its names. It is built once and never changed.
var familiar = func() map[string][]string {
	out := map[string][]string{}
	for _, l := range entries(nicknameTable) {
		for _, formal := range l.names {
			out[formal] = append(out[formal], l.forms...)
			for _, form := range l.forms {
				out[form] = append(out[form], formal)
			}
		}
	}
	return out
}()

// respelled maps a folded name to English respellings of how it is said.
var respelled = func() map[string][]sound {
	out := map[string][]sound{}
	for _, l := range entries(soundTable) {
		for _, name := range l.names {
			for _, form := range l.forms {
				out[name] = append(out[name], read(form, english)...)
			}
			out[name] = append(out[name], read(strings.Join(l.forms, ""), english)...)
		}
	}
	return out
}()

// Familiar returns the names of the table that a given name goes by: its
// familiar forms, and the names it is a familiar form of. All are folded. The
// result is nil for a name that is not in the table.
func Familiar(given string) []string {
	return slices.Clone(familiar[strings.ReplaceAll(text.Fold(given), "-", "")])
}

type entry struct{ names, forms []string }

func entries(table string) []entry {
	var out []entry
	for line := range strings.Lines(table) {
		names, forms, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		out = append(out, entry{folded(names), folded(forms)})
	}
	return out
}

func folded(words string) []string {
	var out []string
	for _, w := range strings.Fields(words) {
		out = append(out, strings.ReplaceAll(text.Fold(w), "-", ""))
	}
	return out
}

// short reports how good w is as a form people make of name by rule: its
// beginning (Ishaan, Ish), its end (Oluwaseun, Seun), or its beginning with an
// ending of endearment (Tanvi, Tanny; Gabriel, Gabby), or two initials (Anthony,
// AJ). 0 is none.
func short(w, name string) float64 {
	if len(w) < 2 || w == name {
		return 0
	}
	if strings.HasPrefix(name, w) && len(w) < len(name) {
		switch {
		case len(w) >= 4:
			return 0.9
		case len(w) == 3:
			return 0.75
		}
		return 0.01
	}
	if len(w) == 2 && w[0] == name[0] && len(name) >= 4 && initials[w] {
		return 0.5
	}
	if n := len(w); n >= 4 && n <= 8 && n%2 == 0 && w[:n/2] == w[n/2:] && strings.HasPrefix(name, w[:n/2]) {
		if n > 4 {
			return 0.8 // Ray, Rayray
		}
		return 0.5 // Joanna, Jojo
	}
	if len(name) >= 6 && strings.HasSuffix(name, w) {
		switch {
		case len(w) >= 4 && len(w)*2 >= len(name)-1:
			return 0.8
		case len(w) >= 4:
			return 0.6
		case len(w) == 3:
			return 0.35
		}
	}
	for _, end := range [...]string{"ie", "ey", "ito", "ita", "y", "i", "o", "a", "s", "z"} {
		stem, ok := strings.CutSuffix(w, end)
		if !ok || len(stem) < 3 {
			continue
		}
		if strings.HasPrefix(name, stem) {
			return 0.6
		}
		if n := len(stem); stem[n-1] == stem[n-2] && strings.HasPrefix(name, stem[:n-1]) {
			return 0.6
		}
	}
	return 0
}

// initials are those by which people are called. The second is that of a middle
// name, which no roster has; TV, PM and the like mean something else.
var initials = set("aj bj cj dj ej jj kj lj mj oj pj rj sj tj vj jt jd jc jp kc kd kt md mk cc dd")
