package redact_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// broken is a recognizer with a fault that shows on some text.
type broken struct{}

func (broken) Name() string { return "broken" }

func (broken) Find(_ context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	for _, l := range c.Lines {
		if strings.Contains(l.Text, "Oksana") {
			panic("no idea what to do with " + l.Text)
		}
	}
	return nil, nil
}

// A fault of the program stops one conversation, says nothing of it, and leaves
// the engine as it was.
func TestAFaultStopsOneConversation(t *testing.T) {
	e := standard(t, redact.Options{Recognizers: []finding.Recognizer{broken{}}})
	result, err := e.Redact(context.Background(), said("thanks Oksana"))
	if !errors.Is(err, redact.ErrFault) || len(result.Lines) > 0 {
		t.Errorf("got %d lines and %v", len(result.Lines), err)
	}
	if strings.Contains(err.Error(), "Oksana") {
		t.Error("the error holds text")
	}
	if got := removed(t, e, said("my friend Deshawn is late")); strings.Join(got, " ") != "Deshawn" {
		t.Errorf("afterwards it removes %q", got)
	}
}

// What once stopped the program.
func TestOnceAFault(t *testing.T) {
	e := standard(t, redact.Options{})
	for _, line := range []string{"/ A", "go to dot, then we see", "15i'm15_i'm", "/", "a / b /"} {
		for _, channel := range []finding.Channel{finding.Chat, finding.Transcript} {
			c := finding.Conversation{Lines: []finding.Line{{Channel: channel, Text: line}}}
			if _, err := e.Redact(context.Background(), c); err != nil {
				t.Errorf("%q: %v", line, err)
			}
		}
	}
}
