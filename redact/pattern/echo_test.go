package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
)

func TestEcho(t *testing.T) {
	line := func(s string) finding.Line { return finding.Line{Channel: finding.Chat, Text: s} }
	source := "add me on snap mirasolano"
	for _, c := range []struct {
		name, source, echo string
		start, end         int // of a candidate in the source
		want               string
	}{
		{"cut mid-way", source, `Replying to "add me on snap mira..."` + "\n\nok", 15, 25, "mira"},
		{"cut with an ellipsis", source, `Replying to "add me on snap mira…"` + "\n\nok", 15, 25, "mira"},
		{"whole", source, `Reacted to "add me on snap mirasolano" with 👍`, 15, 25, "mirasolano"},
		{"cut before it", source, `Reacted to "add me on..." with 👍`, 15, 25, ""},
		{"curly quotation marks", source, `Replying to “add me on snap m...”` + "\n\nok", 15, 25, "m"},
		{"lines joined by a blank", "hi all\nadd mirasol9", `Replying to "hi all add mira..."` + "\n\nok", 11, 19, "mira"},
		{"quotation marks inside", `he said "hi" to mira`, `Reacted to "he said "hi" to mira" with 👍`, 16, 20, "mira"},
		{"letters of several bytes", "José est là, mira", `Reacted to "José est là, mi..." with 🎉`, 14 + 1, 20, "mi"},
		{"another message", source, `Replying to "subtract me..."` + "\n\nok", 15, 25, ""},
		{"no reply", source, `she wrote "add me on snap mira..."`, 15, 25, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := &finding.Conversation{Lines: []finding.Line{line("hello"), line(c.source), line("ok"), line(c.echo)}}
			end := min(c.end, len(c.source))
			got := pattern.Project(pattern.FindEchoes(talk), []finding.Candidate{{Line: 1, Start: c.start, End: end, Kind: finding.Handle}})
			if c.want == "" {
				if len(got) != 0 {
					t.Fatalf("found %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Line != 3 || c.echo[got[0].Start:got[0].End] != c.want {
				t.Fatalf("found %+v, want %q", got, c.want)
			}
		})
	}
}

// A quotation too short to tell two messages apart may repeat either.
func TestEchoOfSeveral(t *testing.T) {
	talk := &finding.Conversation{Lines: []finding.Line{
		{Channel: finding.Chat, Text: "my snap is mirasol9"},
		{Channel: finding.Chat, Text: "my snap is down"},
		{Channel: finding.Chat, Text: `Replying to "my snap is m..."` + "\n\nok"},
		{Channel: finding.Chat, Text: `Replying to "my snap is..."` + "\n\nok"},
	}}
	echoes := pattern.FindEchoes(talk)
	sources := map[int][]int{}
	for _, e := range echoes {
		sources[e.Line] = append(sources[e.Line], e.Source)
	}
	if len(sources[2]) != 1 || sources[2][0] != 0 {
		t.Errorf("line 2 repeats %v, want line 0", sources[2])
	}
	if len(sources[3]) != 2 {
		t.Errorf("line 3 repeats %v, want both", sources[3])
	}
}

// The range that the caller knows is used as it is.
func TestEchoOfKnownQuotes(t *testing.T) {
	text := "mirasol9 is my sn… | nice"
	talk := &finding.Conversation{Lines: []finding.Line{
		{Channel: finding.Chat, Text: "mirasol9 is my snap"},
		{Channel: finding.Chat, Text: text, Quotes: []finding.Range{{Start: 0, End: len("mirasol9 is my sn…")}}},
	}}
	got := pattern.Project(pattern.FindEchoes(talk), []finding.Candidate{{Line: 0, Start: 0, End: 8}})
	if len(got) != 1 || text[got[0].Start:got[0].End] != "mirasol9" {
		t.Fatalf("found %+v", got)
	}
}
