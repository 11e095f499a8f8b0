package pipeline

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// brokenOn is a recognizer with a fault that shows on one word.
type brokenOn string

func (brokenOn) Name() string { return "broken" }

func (word brokenOn) Find(_ context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	for _, l := range c.Lines {
		if strings.Contains(l.Text, string(word)) {
			panic("no idea what to do with " + l.Text)
		}
	}
	return nil, nil
}

// A fault of the program holds back the session it shows on, whole, says nothing
// of it, and the next one is worked.
func TestAFaultOfTheProgramQuarantinesOneSession(t *testing.T) {
	for _, c := range []struct {
		word        string
		quarantined bool
	}{{"marigold", true}, {"nothing of the kind", false}} {
		e := openStudy(t, smallStudy(t, "", ""), time.Now())
		_, err := e.Plan(t.Context())
		check(t, err)
		w, err := e.worker(t.Context())
		check(t, err)
		w.engine, err = redact.Standard(redact.Options{Recognizers: []finding.Recognizer{brokenOn(c.word)}})
		check(t, err)
		worked := 0
		for s, err := range e.index.Sessions(t.Context()) {
			check(t, err)
			p, err := w.process(t.Context(), s, t.TempDir())
			check(t, err)
			worked++
			if got := p.session == nil && len(p.summary.Quarantined) == 1; got != c.quarantined {
				t.Errorf("%s: quarantined %v, want %v: %+v", c.word, got, c.quarantined, p.summary.Quarantined)
			}
			if c.quarantined && (len(p.utterances)+len(p.messages)+len(p.participants)+len(p.doubts)+len(p.kept) > 0 || strings.Contains(p.summary.Quarantined[0].What, c.word)) {
				t.Errorf("something of the session is left: %+v", p)
			}
		}
		if worked != 1 {
			t.Fatalf("%d sessions were worked", worked)
		}
	}
}
