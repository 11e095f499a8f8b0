package finding_test

import (
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// An explanation says where and why, and never what.
func TestExplain(t *testing.T) {
	tests := []struct {
		name string
		f    finding.Finding
		want string
	}{
		{"removed", finding.Finding{Outcome: finding.Redact, Candidate: finding.Candidate{Line: 2, Start: 5, End: 9, Kind: finding.Person,
			Score: 0.987, Recognizer: "roster/exact", Why: "the name of somebody in the session", Key: "anna", Person: "u1"}},
			"line 3, bytes 5-9: redact PERSON, score 0.99, by roster/exact: the name of somebody in the session"},
		{"kept", finding.Finding{Outcome: finding.Kept, Candidate: finding.Candidate{Kind: finding.Phone, End: 1, Recognizer: "pattern/phone", Why: "a subtraction"}},
			"line 1, bytes 0-1: kept PHONE, score 0.00, by pattern/phone: a subtraction"},
		{"without a reason", finding.Finding{Outcome: finding.Doubtful, Candidate: finding.Candidate{Kind: finding.Other, Score: 0.5, End: 3, Recognizer: "own/pattern"}},
			"line 1, bytes 0-3: doubtful OTHER, score 0.50, by own/pattern: no reason given"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.f.Explain()
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			for _, secret := range []string{tt.f.Key, tt.f.Person} {
				if secret != "" && strings.Contains(got, secret) {
					t.Errorf("%q tells %q", got, secret)
				}
			}
		})
	}
}
