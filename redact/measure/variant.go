package measure

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/schoolhouse-world/veil/redact"
)

// Variant is the engine's score on gold in one form.
type Variant struct {
	Name   string // plain, lower or no-roster
	Report Report
}

// Variants scores an engine on gold as it is, in lower case, and without
// knowing who was there.
func Variants(ctx context.Context, e *redact.Engine, gold []Record, scope Scope, progress func(variant string, done, total int)) ([]Variant, error) {
	var out []Variant
	for _, v := range []struct {
		name string
		o    Options
	}{{"plain", Options{}}, {"lower", Options{Lower: true}}, {"no-roster", Options{NoRoster: true}}} {
		if progress != nil {
			v.o.Progress = func(done, total int) { progress(v.name, done, total) }
		}
		found, err := Run(ctx, e, gold, v.o)
		if err != nil {
			return nil, err
		}
		out = append(out, Variant{v.name, scope.Score(gold, found)})
	}
	return out, nil
}

// WriteVariants prints variants side by side: hidden for every type and class,
// with how far it falls below the first at most, the deepest falls first.
func WriteVariants(w io.Writer, variants []Variant) error {
	if len(variants) == 0 {
		return nil
	}
	head := []string{"type", "class", "gold"}
	for _, v := range variants {
		head = append(head, v.Name)
	}
	rows := [][]string{append(head, "falls by")}
	totals := func(name string, of func(Report) Ratio) {
		row := []string{name, "", ""}
		for _, v := range variants {
			row = append(row, share(of(v.Report)))
		}
		rows = append(rows, row)
	}
	first := variants[0].Report
	for _, k := range typeOrder(first) {
		if n := first.Types[k].Gold; n > 0 {
			rows = append(rows, hiddenRow(variants, k, "", n, func(r Report) Ratio { return r.Types[k].Hidden }))
		}
	}
	totals("precision", func(r Report) Ratio { return r.Precision })
	totals("macro F1", func(r Report) Ratio { return r.MacroF1 })
	totals("must stay, touched", func(r Report) Ratio { return ratio(r.Keep[All].Over, r.Keep[All].Spans) })
	totals("people with anything left", func(r Report) Ratio { return ratio(r.People.Leaked, r.People.Seen) })
	classes := slices.Clone(first.Classes)
	of := func(c ClassRow) func(Report) Ratio {
		return func(r Report) Ratio {
			for _, o := range r.Classes {
				if o.Type == c.Type && o.Class == c.Class {
					return o.Hidden
				}
			}
			return ratio(0, 0)
		}
	}
	slices.SortStableFunc(classes, func(a, b ClassRow) int {
		return cmp.Compare(fall(variants, of(b)), fall(variants, of(a)))
	})
	for _, c := range classes {
		rows = append(rows, hiddenRow(variants, c.Type, c.Class, c.Gold, of(c)))
	}
	var t tables
	t.WriteString("share hidden\n")
	t.grid(2, rows)
	_, err := w.Write(t.Bytes())
	return err
}

func hiddenRow(variants []Variant, kind, class string, gold int, of func(Report) Ratio) []string {
	row := []string{kind, class, fmt.Sprint(gold)}
	for _, v := range variants {
		row = append(row, share(of(v.Report)))
	}
	return append(row, share(fall(variants, of)))
}

// fall is how far the lowest variant lies below the first.
func fall(variants []Variant, of func(Report) Ratio) Ratio {
	lowest := of(variants[0].Report)
	for _, v := range variants[1:] {
		lowest = min(lowest, of(v.Report))
	}
	return of(variants[0].Report) - lowest
}
