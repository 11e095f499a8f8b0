package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/text"
)

// A question that nobody answers opens no door: after it the lesson goes on,
// and its numbers stay.
func TestUnansweredQuestions(t *testing.T) {
	records := shared(t, "tutoring/gold.jsonl")
	questions := []string{
		"What's your phone number?", "What's your email?", "Can you read me your student ID?", "What's the meeting ID?", "What's the passcode?",
		"How old are you?", "When's your birthday?", "What's your address?", "What's your zip code?", "whats ur discord", "Text me if you need anything.",
	}
	all := pattern.New(pattern.Options{})
	c := &finding.Conversation{}
	n := 0
	for i, r := range records {
		if len(r.Spans) > 0 {
			continue
		}
		if i%12 == 0 {
			c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, SpeakerName: "T", Text: questions[n%len(questions)]})
			n++
		}
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, SpeakerName: r.Speaker, Text: r.Text, Tokens: text.Tokenize(r.Text)})
	}
	_, used := find(t, all, c, 0.5)
	for _, f := range used {
		l := c.Lines[f.Line].Text
		t.Logf("%s takes %q of %q", f.Recognizer, l[f.Start:f.End], l)
	}
	t.Logf("%d candidates after %d questions", len(used), n)
	if len(used)*20 > n {
		t.Errorf("%d candidates after %d unanswered questions, want at most one in twenty", len(used), n)
	}
}
