package main

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// The README shows what was said and what is shared. It must be so.
func TestReadmeShowsWhatTheEngineDoes(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "| said | shared |\n|---|---|\n")
	if !ok {
		t.Fatal("README.md has no table of what was said and what is shared")
	}
	c := finding.Conversation{People: []finding.Participant{
		{ID: "t", Label: "TUTOR_1", First: "Aisha", Last: "Khan"},
		{ID: "1", Label: "LEARNER_1", First: "Łukasz", Last: "Nowak"},
		{ID: "2", Label: "LEARNER_2", First: "Will", Last: "Stone"},
	}}
	var want []string
	for _, row := range regexp.MustCompile(`(?m)^\| (.+) \| (.+) \|$`).FindAllStringSubmatch(strings.SplitN(table, "\n\n", 2)[0], -1) {
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, Speaker: "t", SpeakerName: "Aisha Khan", Text: row[1]})
		want = append(want, row[2])
	}
	if len(want) < 3 {
		t.Fatalf("%d rows", len(want))
	}
	engine, err := redact.Standard(redact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := engine.Redact(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range result.Lines {
		if l.Text != want[i] {
			t.Errorf("README says %q, the engine %q", want[i], l.Text)
		}
	}
}
