package redact

import (
	"context"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

func TestUnseenLinesTakeNoNumber(t *testing.T) {
	e, err := Standard(Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Redact(context.Background(), finding.Conversation{
		People: []finding.Participant{{ID: "t", Label: "TUTOR_1", First: "Oksana", Last: "Sokolova"}, {ID: "l", First: "Saoirse", Last: "Gallagher"}},
		Lines: []finding.Line{
			{Channel: finding.Transcript, Speaker: "l", Text: "My brother Ramón helps me with it.", Unseen: true},
			{Channel: finding.Transcript, Speaker: "t", Text: "My sister Ingeborg taught me that."},
		}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.Lines[1].Text, "[PERSON_1]") {
		t.Errorf("%q, %q", r.Lines[0].Text, r.Lines[1].Text)
	}
}
