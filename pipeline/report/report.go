// Package report draws the privacy officer's report: one HTML page that works
// offline and without scripts, and shows what leaves and to whom, what does
// not and why, what was removed by which recognizer, and where to look twice.
//
// The page holds no original text and no name of a participant. An approval
// binds to its digest, so the same data always gives the same bytes.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/audit"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/tally"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// Data is everything the page shows.
type Data struct {
	Study      string
	Title      string
	Run        string
	Made       time.Time
	Digest     string // of the bundle
	Software   string
	Recipients []Recipient
	Policies   []Policy
	Plan       plan.Plan
	Summary    tally.Summary
	Audit      audit.Result
	// Doubts are the places most worth a look, the most doubtful first.
	Doubts []tally.Doubt
	// Sample is a random sample of redacted lines for reading, drawn with a
	// seed from the bundle's digest.
	Sample []Line
	// Bounds states how many leaks a sample of this size could have missed.
	Bounds string
}

// Recipient is who will receive the bundle.
type Recipient struct {
	Name, Organisation, Agreement, Until string
}

// Policy is one choice of the study in words.
type Policy struct{ Name, Choice, Meaning string }

// Line is one redacted line of the bundle, as the researcher will read it.
type Line struct {
	Table, Session string
	Index          int
	Label, Text    string
}

//go:embed report.html
var page string

// Write renders the page.
func Write(w io.Writer, d Data) error {
	t, err := template.New("report").Funcs(functions).Parse(page)
	if err != nil {
		return fmt.Errorf("report template: %w", err)
	}
	if err := t.Execute(w, view(d)); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

var functions = template.FuncMap{
	"day":   func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
	"thou":  thousands,
	"clock": clock,
	"short": func(s string) string { return s[:min(len(s), 16)] },
	"pct":   func(f float64) float64 { return f * 100 },
	"score": func(f float64) string { return fmt.Sprintf("%.2f", f) },
}

// Count is one row of a table of counts.
type Count struct {
	Name, Meaning string
	N             int
	Share         float64 // of the largest, 0 to 1, for the bar beside it
}

// drawn is Data with its maps in a fixed order.
type drawn struct {
	Data
	Flow        Flow
	Excluded    []Count
	Withheld    []Count
	OptedOut    []Count
	Kinds       []Kind
	Silenced    []SilenceRow
	LeftOut     []Count
	Stops       int
	Listed      []Count
	Quarantined int
}

// Kind is the redactions of one kind.
type Kind struct {
	Name        finding.Kind
	N           int
	Share       float64
	Recognizers []Count
}

// SilenceRow is the silence for one reason.
type SilenceRow struct {
	Reason    string
	Intervals int
	MS        int64
}

func view(d Data) drawn {
	v := drawn{Data: d, Flow: flow(d), Quarantined: len(d.Summary.Quarantined)}
	for _, r := range slices.Sorted(maps.Keys(d.Plan.Excluded)) {
		v.Excluded = append(v.Excluded, Count{Name: string(r), Meaning: r.Words(), N: d.Plan.Excluded[r]})
	}
	for _, m := range session.Modalities {
		for _, r := range slices.Sorted(maps.Keys(d.Plan.Withheld[m])) {
			v.Withheld = append(v.Withheld, Count{Name: string(m) + ": " + string(r), Meaning: r.Words(), N: d.Plan.Withheld[m][r]})
		}
	}
	for _, r := range slices.Sorted(maps.Keys(d.Plan.OptedOut)) {
		v.OptedOut = append(v.OptedOut, Count{Name: r, N: d.Plan.OptedOut[r]})
	}
	for _, k := range slices.Sorted(maps.Keys(d.Summary.Redactions)) {
		v.Kinds = append(v.Kinds, kind(k, d.Summary.Redactions[k]))
	}
	most := 0
	for _, k := range v.Kinds {
		most = max(most, k.N)
	}
	for i := range v.Kinds {
		v.Kinds[i].Share = float64(v.Kinds[i].N) / float64(max(most, 1))
	}
	for _, r := range slices.Sorted(maps.Keys(d.Summary.Silenced)) {
		s := d.Summary.Silenced[r]
		v.Silenced = append(v.Silenced, SilenceRow{r, s.Intervals, s.MS})
	}
	for _, r := range slices.Sorted(maps.Keys(d.Summary.AudioLeftOut)) {
		v.LeftOut = append(v.LeftOut, Count{Name: r, N: d.Summary.AudioLeftOut[r]})
	}
	v.Stops = d.Audit.Stops
	for _, r := range slices.Sorted(maps.Keys(d.Audit.Listed)) {
		v.Listed = append(v.Listed, Count{Name: r, N: d.Audit.Listed[r]})
	}
	shares(v.Excluded)
	shares(v.Withheld)
	return v
}

func kind(name finding.Kind, by map[string]int) Kind {
	k := Kind{Name: name}
	for _, r := range slices.Sorted(maps.Keys(by)) {
		k.Recognizers = append(k.Recognizers, Count{Name: r, N: by[r]})
		k.N += by[r]
	}
	slices.SortStableFunc(k.Recognizers, func(a, b Count) int { return b.N - a.N })
	return k
}

func shares(counts []Count) {
	most := 1
	for _, c := range counts {
		most = max(most, c.N)
	}
	for i := range counts {
		counts[i].Share = float64(counts[i].N) / float64(most)
	}
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

func clock(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}
