package measure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Goal is a number that a report must reach.
type Goal struct {
	Name  string
	Limit float64 // 0 to 1
}

// goals are the numbers there are, and whether less is better.
var goals = []struct {
	name  string
	least bool
	of    func(Report) Ratio
}{
	{"recall", false, func(r Report) Ratio { return r.Types[All].Hidden }},
	{"precision", false, func(r Report) Ratio { return r.Precision }},
	{"macro-f1", false, func(r Report) Ratio { return r.MacroF1 }},
	{"keep", true, func(r Report) Ratio { return ratio(r.Keep[All].Over, r.Keep[All].Spans) }},
	{"people", true, func(r Report) Ratio { return ratio(r.People.Leaked, r.People.Seen) }},
	{"spread", true, func(r Report) Ratio { return r.Spread }},
}

// ParseGoals reads "recall=0.99,keep=0.005". Recall (hidden entities of any
// type), precision (predictions that touch an entity) and macro-f1 must be at
// least as high; keep (spans that must stay, touched), people (with anything
// left) and spread (between origins) at most.
func ParseGoals(s string) ([]Goal, error) {
	var out []Goal
	for i, part := range strings.Split(s, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		limit, err := strconv.ParseFloat(value, 64)
		if err != nil || !(limit >= 0 && limit <= 1) {
			return nil, fmt.Errorf("goal %d has no number from 0 to 1: write recall=0.99", i+1)
		}
		if goalAt(name) < 0 {
			return nil, fmt.Errorf("goal %d is unknown: use recall, precision, macro-f1, keep, people or spread", i+1)
		}
		out = append(out, Goal{name, limit})
	}
	return out, nil
}

func goalAt(name string) int {
	for i, g := range goals {
		if g.name == name {
			return i
		}
	}
	return -1
}

// Missed says which goals r does not reach, a sentence each. A number that
// cannot be measured is missed.
func (r Report) Missed(wanted []Goal) []string {
	var out []string
	for _, w := range wanted {
		i := goalAt(w.Name)
		if i < 0 {
			out = append(out, w.Name+" is no goal")
			continue
		}
		got := goals[i].of(r)
		reached, word := float64(got) >= w.Limit, "at least"
		if goals[i].least {
			reached, word = float64(got) <= w.Limit, "at most"
		}
		if !reached {
			out = append(out, fmt.Sprintf("%s is %s, must be %s %g", w.Name, share(got), word, w.Limit))
		}
	}
	return slices.Clip(out)
}
