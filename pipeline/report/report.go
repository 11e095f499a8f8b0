// Package report draws what a privacy officer looks at before signing: one
// HTML page that works offline and without scripts (Write), and review pages
// that show the redacted rows themselves on the officer's own machine (Pages).
//
// Both show what leaves and to whom, what does not and why, what was removed
// by which recognizer, and where to look twice. Neither holds original text or
// the name of a participant. An approval binds to the page's digest, so the
// same data always gives the same bytes.
package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/audit"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/tally"
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
	// Doubts are the places most worth a look, the most doubtful first. When
	// there are fewer than Summary.Doubtful counts, the page says so.
	Doubts []tally.Doubt
	// Sample is a random sample of redacted lines for reading, drawn with a
	// seed from the bundle's digest.
	Sample []Line
	// Bounds states how many leaks a sample of this size could have missed.
	Bounds string
}

// Recipient is who will receive the bundle. Until is the last day of the
// agreement, as YYYY-MM-DD.
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
	// Marks are the redactions in Text. Without them nothing is highlighted.
	Marks []Mark
}

//go:embed *.html style.css
var templates embed.FS

// Write renders the page.
func Write(w io.Writer, d Data) error {
	t, err := parse()
	if err != nil {
		return err
	}
	v := view(d)
	v.Style = t.style
	if err := t.ExecuteTemplate(w, "report.html", v); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// templateSet is every template, and the style they share.
type templateSet struct {
	*template.Template
	style style
}

// style is the pages' style sheet and the policy under which a browser applies
// it and loads nothing else (CSP Level 3, hashes).
type style struct {
	CSS    template.CSS
	Policy string
}

func parse() (templateSet, error) {
	css, err := templates.ReadFile("style.css")
	if err != nil {
		return templateSet{}, fmt.Errorf("report style: %w", err)
	}
	t, err := template.New("").Funcs(functions).ParseFS(templates, "*.html")
	if err != nil {
		return templateSet{}, fmt.Errorf("report template: %w", err)
	}
	sum := sha256.Sum256(css)
	return templateSet{t, style{
		CSS:    template.CSS(css),
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
	}}, nil
}

var functions = template.FuncMap{
	"day": func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
	"thou": func(n any) string {
		if ms, ok := n.(int64); ok {
			return thousands(ms)
		}
		return thousands(n.(int))
	},
	"clock":   clock,
	"score":   func(f float64) string { return fmt.Sprintf("%.2f", f) },
	"plural":  plural,
	"kind":    kindWords,
	"heading": func(anchor string) string { return headings[anchor] },
	"silence": func(reason string) string { return says(silenceWords, reason) },
	"pieces":  func(l Line) []Piece { return pieces(l.Text, l.Marks, nil) },
	"misfit":  func(l Line) bool { return misfits(l.Text, l.Marks) },
}

// thousands writes a number with a comma between every three digits.
func thousands[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// clock writes milliseconds as h:mm:ss. What is not nothing is never written
// as zero.
func clock(ms int64) string {
	if 0 < ms && ms < 1000 {
		return "under 1 s"
	}
	s := ms / 1000
	return fmt.Sprintf("%s:%02d:%02d", thousands(s/3600), s/60%60, s%60)
}
