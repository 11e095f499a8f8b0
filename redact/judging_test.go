package redact_test

import (
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// said is an exchange of two people that nobody knows.
func said(lines ...string) finding.Conversation {
	var c finding.Conversation
	for n, l := range lines {
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, Speaker: string(rune('A' + n%2)), Text: l})
	}
	return c
}

// removed gives the words that go, in order.
func removed(t *testing.T, e *redact.Engine, c finding.Conversation) (out []string) {
	for i, l := range run(t, e, c).Lines {
		for _, f := range l.Findings {
			out = append(out, c.Lines[i].Text[f.Start:f.End])
		}
	}
	return out
}

// Mathematics stays, whatever numbers stand in it.
func TestLessonsStay(t *testing.T) {
	e := standard(t, redact.Options{})
	for _, lines := range []string{
		"what do we get for the area | 43200",
		"three point one four one five nine two six five three five",
		"so x is fifteen and y is eleven",
		"Sam is twice as old as Pat, and in four years he's sixteen. | so pat is six",
		"the train leaves at 4:15 and covers 617 miles",
		"number twelve | i got 4482 point five",
		"plug in 0.125 | 7 | 12 | 90210",
		"a code has four digits, how many codes are there | 10000",
		"Deshawn has 12 marbles and gives 5 of them to Maya, how many does he have left | so Deshawn has 7",
		"Lincoln High sold 240 tickets, adults paid 8 dollars and students paid 5",
	} {
		if got := removed(t, e, said(strings.Split(lines, " | ")...)); len(got) > 0 {
			t.Errorf("%q: removed %q", lines, got)
		}
	}
}

// What a list of the organisation says stands, whatever the talk around tells.
func TestAnOrganisationsWordStands(t *testing.T) {
	c := said("is he coming", "no my friend Deshawn said he's got practice")
	for _, tt := range []struct {
		own  redact.Own
		want string
	}{
		{redact.Own{}, "Deshawn"},
		{redact.Own{Keep: []string{"Deshawn"}}, ""},
		{redact.Own{Deny: []redact.Term{{Text: "practice"}}}, "Deshawn practice"},
	} {
		if got := strings.Join(removed(t, standard(t, redact.Options{Own: tt.own}), c), " "); got != tt.want {
			t.Errorf("%+v: removed %q, want %q", tt.own, got, tt.want)
		}
	}
}

// Thresholds of the caller's own are for what is judged too.
func TestThresholdsOfOnesOwn(t *testing.T) {
	c := said("is he coming", "no my friend Deshawn said he's got practice")
	high := map[finding.Kind]redact.Threshold{finding.Person: {Redact: 1, Doubt: 1}}
	if got := removed(t, standard(t, redact.Options{Thresholds: high}), c); len(got) > 0 {
		t.Errorf("removed %q", got)
	}
}
