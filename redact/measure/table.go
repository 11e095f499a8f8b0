package measure

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// WriteTable prints a report for people. It holds counts and the names of types
// and classes, no text.
func (r Report) WriteTable(w io.Writer) error {
	var t tables
	t.types(r)
	t.classes(r)
	t.keep(r)
	t.origins(r)
	t.confusion(r)
	t.totals(r)
	_, err := w.Write(t.Bytes())
	return err
}

// tables gathers what is printed.
type tables struct{ bytes.Buffer }

// grid prints rows with their cells under each other, the first left column
// words, the others right.
func (t *tables) grid(left int, rows [][]string) {
	var width []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i > 0 {
				line.WriteString("  ")
			}
			if i < left {
				line.WriteString(cell + pad)
			} else {
				line.WriteString(pad + cell)
			}
		}
		t.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

func (t *tables) types(r Report) {
	rows := [][]string{{"type", "gold", "found", "exact P", "R", "F1", "overlap P", "R", "recall", "F1", "hidden", "leaked", "partly"}}
	for _, k := range typeOrder(r) {
		n := r.Types[k]
		rows = append(rows, []string{k, fmt.Sprint(n.Gold), fmt.Sprint(n.Pred), share(n.ExactP), share(n.ExactR), share(f(n.ExactP, n.ExactR, 1)),
			share(n.OverlapP), share(n.OverlapR), share(n.Recall), share(n.F1), share(n.Hidden), fmt.Sprint(n.Leaked), fmt.Sprint(n.Partial)})
	}
	t.grid(1, rows)
}

// typeOrder puts All last and before it the types by how many gold has.
func typeOrder(r Report) []string {
	return slices.SortedFunc(maps.Keys(r.Types), func(a, b string) int {
		return cmp.Or(compareBool(a == All, b == All), cmp.Compare(r.Types[b].Gold, r.Types[a].Gold), cmp.Compare(a, b))
	})
}

func compareBool(a, b bool) int { return one(a) - one(b) }

func (t *tables) classes(r Report) {
	if len(r.Classes) == 0 {
		return
	}
	rows := [][]string{{"type", "class", "gold", "recall", "hidden", "95 % bounds", "leaked", "partly"}}
	for _, c := range r.Classes {
		rows = append(rows, classCells(c))
	}
	for _, c := range []ClassRow{r.Quoted, r.Truncated} {
		if c.Gold > 0 {
			c.Type = All
			rows = append(rows, classCells(c))
		}
	}
	t.WriteByte('\n')
	t.grid(2, rows)
}

func classCells(c ClassRow) []string {
	return []string{c.Type, c.Class, fmt.Sprint(c.Gold), share(c.Recall), share(c.Hidden), fmt.Sprintf("%.3f to %.3f", c.Low, c.High),
		fmt.Sprint(c.Leaked), fmt.Sprint(c.Partial)}
}

func (t *tables) keep(r Report) {
	if len(r.Keep) == 0 {
		return
	}
	rows := [][]string{{"must stay", "spans", "touched", "wholly", "share"}}
	for _, k := range slices.SortedFunc(maps.Keys(r.Keep), func(a, b string) int {
		return cmp.Or(compareBool(a == All, b == All), cmp.Compare(a, b))
	}) {
		n := r.Keep[k]
		rows = append(rows, []string{k, fmt.Sprint(n.Spans), fmt.Sprint(n.Over), fmt.Sprint(n.Whole), share(ratio(n.Over, n.Spans))})
	}
	t.WriteByte('\n')
	t.grid(1, rows)
}

func (t *tables) origins(r Report) {
	if len(r.Origins) == 0 {
		return
	}
	rows := [][]string{{"origin of name", "gold", "recall", "hidden", "95 % bounds", "leaked"}}
	for _, c := range r.Origins {
		rows = append(rows, []string{c.Class, fmt.Sprint(c.Gold), share(c.Recall), share(c.Hidden), fmt.Sprintf("%.3f to %.3f", c.Low, c.High), fmt.Sprint(c.Leaked)})
	}
	t.WriteByte('\n')
	t.grid(1, rows)
	fmt.Fprintf(t, "spread of hidden between origins with at least %d names: %s\n", leastOrigin, share(r.Spread))
}

func (t *tables) confusion(r Report) {
	var rows [][]string
	for _, k := range typeOrder(r) {
		var cells []string
		found := r.Confusion[k]
		for _, p := range slices.SortedFunc(maps.Keys(found), func(a, b string) int {
			return cmp.Or(cmp.Compare(found[b], found[a]), cmp.Compare(a, b))
		}) {
			if p != k {
				cells = append(cells, fmt.Sprintf("%s %d", cmp.Or(p, "nothing"), found[p]))
			}
		}
		if len(cells) > 0 {
			rows = append(rows, []string{k, strings.Join(cells, ", ")})
		}
	}
	if len(rows) == 0 {
		return
	}
	t.WriteString("\n")
	t.grid(2, append([][]string{{"type", "found as"}}, rows...))
}

func (t *tables) totals(r Report) {
	fmt.Fprintf(t, "\nrecords %d, macro F1 %s, precision %s (%d of %d touch no identifier)\n",
		r.Records, share(r.MacroF1), share(r.Precision), r.FalseAlarms, r.Types[All].Pred)
	if p := r.Identifiers; p.Seen > 0 {
		fmt.Fprintf(t, "identifiers left, parts counted together: %d of %d, at most %s at 95 %%\n", p.Leaked, p.Seen, share(Ratio(p.Bound())))
	}
	if p := r.People; p.Seen > 0 {
		fmt.Fprintf(t, "people with anything left in a session: %d of %d, at most %s at 95 %%\n", p.Leaked, p.Seen, share(Ratio(p.Bound())))
	}
	if r.Missing > 0 {
		fmt.Fprintf(t, "records nothing was said about, scored as nothing found: %d\n", r.Missing)
	}
	if r.Unknown > 0 {
		fmt.Fprintf(t, "results for ids that gold does not have, left out: %d\n", r.Unknown)
	}
}

// WriteLeaks prints what was left, whose, and what was removed and should
// not have been.
// It shows personal data.
func (r Report) WriteLeaks(w io.Writer) error {
	var t tables
	t.list("left", r.Leaks)
	t.list("removed that must stay", r.Over)
	t.list("removed that touches no identifier", r.Alarms)
	if len(r.Persons) > 0 {
		rows := [][]string{{"session", "person", "identifiers", "left"}}
		for _, p := range r.Persons {
			rows = append(rows, []string{p.Session, p.Person, fmt.Sprint(p.Gold), fmt.Sprint(p.Leaked)})
		}
		t.WriteByte('\n')
		t.grid(2, rows)
	}
	_, err := w.Write(t.Bytes())
	return err
}

func (t *tables) list(title string, leaks []Leak) {
	fmt.Fprintf(t, "\n%s: %d\n", title, len(leaks))
	var rows [][]string
	for _, l := range leaks {
		as := l.Visible
		if len(l.Types) > 0 {
			as = strings.Join(l.Types, " ")
		}
		rows = append(rows, []string{l.ID, fmt.Sprintf("%d-%d", l.Start, l.End), l.Type, l.Class, fmt.Sprintf("%q", l.Text), as})
	}
	t.grid(6, rows)
}

// WriteTable prints what changed: the numbers before and after, and where. The
// text of what changed is printed only when told to.
func (d Difference) WriteTable(w io.Writer, withText bool) error {
	var t tables
	rows := [][]string{{"type", "gold", "hidden before", "now", "precision before", "now", "F1 before", "now"}}
	for _, k := range typeOrder(d.After) {
		a, b := d.Before.Types[k], d.After.Types[k]
		if b.Gold == 0 && b.Pred == 0 {
			continue
		}
		rows = append(rows, []string{k, fmt.Sprint(b.Gold), share(a.Hidden), share(b.Hidden), share(a.OverlapP), share(b.OverlapP), share(a.F1), share(b.F1)})
	}
	t.grid(1, rows)
	for _, list := range []struct {
		title string
		leaks []Leak
	}{{"left now, not before", d.Broken}, {"hidden now, not before", d.Fixed}, {"removed now and must stay, not before", d.OverBroken}, {"stays now, not before", d.OverFixed}} {
		leaks := slices.Clone(list.leaks)
		if !withText {
			for i := range leaks {
				leaks[i].Text, leaks[i].Visible = "", ""
			}
		}
		t.places(list.title, leaks, withText)
	}
	_, err := w.Write(t.Bytes())
	return err
}

func (t *tables) places(title string, leaks []Leak, withText bool) {
	if withText {
		t.list(title, leaks)
		return
	}
	fmt.Fprintf(t, "\n%s: %d\n", title, len(leaks))
	var rows [][]string
	for _, l := range leaks {
		rows = append(rows, []string{l.ID, fmt.Sprintf("%d-%d", l.Start, l.End), l.Type, l.Class})
	}
	t.grid(4, rows)
}

// share prints a ratio with three decimals.
func share(r Ratio) string {
	if math.IsNaN(float64(r)) {
		return "-"
	}
	return fmt.Sprintf("%.3f", float64(r))
}
