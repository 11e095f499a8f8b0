// Package cultures lists names of cultures that public lists cover thinly. They
// feed the lexicon, the training text and the measurements by origin.
package cultures

import (
	_ "embed"
	"strings"
)

//go:embed cultures.txt
var lines string

// Culture is a group of names, in lower case.
type Culture struct {
	Name          string
	Given, Family []string
}

// All gives every culture in the order of the list.
func All() []Culture {
	var all []Culture
	at := map[string]int{}
	for _, line := range strings.Split(lines, "\n") {
		f := strings.Fields(line)
		if len(f) < 3 || f[0] == "#" {
			continue
		}
		i, ok := at[f[0]]
		if !ok {
			i = len(all)
			at[f[0]] = i
			all = append(all, Culture{Name: f[0]})
		}
		if f[1] == "G" {
			all[i].Given = append(all[i].Given, f[2:]...)
		} else {
			all[i].Family = append(all[i].Family, f[2:]...)
		}
	}
	return all
}
