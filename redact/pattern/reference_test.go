package pattern_test

import (
	"os"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/text"
)

// kindOf maps the recognizers of the reference tests to kinds.
var kindOf = map[string][]finding.Kind{
	"phone": {finding.Phone}, "email": {finding.Email}, "us_ssn": {finding.SSN}, "credit_card": {finding.CreditCard}, "ip": {finding.IP},
	"url": {finding.URL}, "date": {finding.Date, finding.DateOfBirth}, "iban": {finding.IBAN}, "mac": {finding.MAC},
	"us_driver_license": {finding.Other}, "us_passport": {finding.Other}, "us_bank": {finding.Other}, "us_itin": {finding.SSN},
}

// outOfScope are reference cases that the default options leave on purpose: bare
// digit runs that may be an answer, numbers whose holder is no learner, and
// dates that are nobody's birthday (us_driver_license, us_passport, us_bank and
// date altogether, the others in their bare forms). Options.Bare and
// Options.Dates find them all.
var outOfScope = map[string]bool{"us_driver_license": true, "us_passport": true, "us_bank": true, "date": true}

var bareCases = map[string]bool{
	"presidio-0028": true, "presidio-0029": true, "presidio-0580": true, "presidio-0581": true,
}

func TestReferenceDefaults(t *testing.T) {
	reference(t, pattern.Options{}, 0.5, func(r record) bool { return outOfScope[r.Recognizers[0]] || bareCases[r.ID] })
}

func TestReferenceRecognizers(t *testing.T) {
	reference(t, pattern.Options{Bare: true, Dates: true}, 0.2, func(record) bool { return false })
}

func reference(t *testing.T, o pattern.Options, least float64, skip func(record) bool) {
	t.Helper()
	records := shared(t, "ner/presidio-recognizers.jsonl")
	all := pattern.New(o)
	total, found, wrong := map[string]int{}, map[string]int{}, map[string]int{}
	for _, r := range records {
		if skip(r) {
			continue
		}
		c := &finding.Conversation{Lines: []finding.Line{{Text: r.Text, Tokens: text.Tokenize(r.Text)}}}
		gone, used := find(t, all, c, least)
		name := strings.Join(r.Recognizers, ",")
		for _, m := range r.Spans {
			total[name]++
			if hidden([]rune(r.Text), m, gone[0]) {
				found[name]++
			} else if os.Getenv("VEIL_SHOW") != "" {
				t.Logf("missed %s %s: %q of %q", r.ID, name, string([]rune(r.Text)[m.Start:m.End]), r.Text)
			}
		}
		if len(r.Spans) > 0 {
			continue
		}
		for _, f := range used {
			for _, k := range kindOf[name] {
				if f.Kind == k {
					wrong[name]++
					if os.Getenv("VEIL_SHOW") != "" {
						t.Logf("wrong %s %s: %q of %q", r.ID, f.Recognizer, r.Text[f.Start:f.End], r.Text)
					}
				}
			}
		}
	}
	for name, n := range total {
		t.Logf("%-18s %3d of %3d found, %d near misses hit", name, found[name], n, wrong[name])
		if found[name] < n || wrong[name] > 0 {
			t.Errorf("%s: %d of %d found, %d near misses hit", name, found[name], n, wrong[name])
		}
	}
}

// Tweets mark @names and links only: their other kinds cannot be judged.
func TestTweets(t *testing.T) {
	for _, name := range []string{"ner/wnut17-train.jsonl", "ner/btc.jsonl"} {
		t.Run(name, func(t *testing.T) {
			all := pattern.New(pattern.Options{})
			total, found, other := map[string]int{}, map[string]int{}, map[finding.Kind]int{}
			for _, r := range shared(t, name) {
				c := &finding.Conversation{Lines: []finding.Line{{Text: r.Text, Tokens: text.Tokenize(r.Text)}}}
				gone, used := find(t, all, c, 0.5)
				runes := []rune(r.Text)
				for _, m := range r.Spans {
					if m.Type == "HANDLE" || m.Type == "URL" || m.Type == "EMAIL" {
						total[m.Type]++
						if hidden(runes, m, gone[0]) {
							found[m.Type]++
						} else if os.Getenv("VEIL_SHOW") != "" {
							t.Logf("missed %s: %q of %q", m.Type, string(runes[m.Start:m.End]), r.Text)
						}
					}
				}
				for _, f := range used {
					start := len([]rune(r.Text[:f.Start]))
					end := start + len([]rune(r.Text[f.Start:f.End]))
					just := false
					for _, m := range r.Spans {
						just = just || m.Start < end && start < m.End
					}
					if !just {
						other[f.Kind]++
						if os.Getenv("VEIL_SHOW") != "" {
							t.Logf("other %s %.2f: %q of %q", f.Recognizer, f.Score, r.Text[f.Start:f.End], r.Text)
						}
					}
				}
			}
			for k, n := range total {
				t.Logf("%-8s %4d of %4d", k, found[k], n)
				if float64(found[k]) < 0.99*float64(n) {
					t.Errorf("%s: %d of %d found", k, found[k], n)
				}
			}
			t.Logf("unmarked: %v", other)
		})
	}
}
