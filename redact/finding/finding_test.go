package finding_test

import (
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
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

// A cut conversation has tokens with numbers, keeps those it had, leaves the
// source alone, and is not cut again.
func TestCut(t *testing.T) {
	own := text.Tokenize("Linh and Linh")[:2]
	source := &finding.Conversation{Lines: []finding.Line{{Text: "Linh, is it 3?"}, {Text: "Linh and Linh", Tokens: own}, {Text: ""}}}
	c := source.Cut()
	if source.Vocabulary != nil || source.Lines[0].Tokens != nil || own[0].Word != 0 {
		t.Error("the source was changed")
	}
	if c.Cut() != c {
		t.Error("cut twice")
	}
	if len(c.Lines[0].Tokens) != 6 || len(c.Lines[1].Tokens) != 2 || len(c.Lines[2].Tokens) != 0 {
		t.Fatalf("tokens: %+v", c.Lines)
	}
	first, second := c.Lines[0].Tokens[0], c.Lines[1].Tokens[0]
	if first.Word == 0 || first.Word != second.Word || c.Vocabulary.Norm(first.Word) != "linh" {
		t.Errorf("numbers %d and %d of %q", first.Word, second.Word, c.Vocabulary.Norm(first.Word))
	}
}
