package pipeline

import (
	"strings"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// conversation is a session as the redaction engine sees it: every line that
// was read, also those that do not leave, since what an opted-out child says of
// a brother is evidence about the lines that do.
func conversation(s plan.Session, r recorded) finding.Conversation {
	c := finding.Conversation{Lines: make([]finding.Line, 0, len(r.utterances)+len(r.messages))}
	for _, m := range s.People {
		c.People = append(c.People, participant(m))
	}
	for i, u := range r.utterances {
		c.Lines = append(c.Lines, finding.Line{
			Channel: finding.Transcript, Speaker: one(u.Speakers), SpeakerName: u.Name, Text: u.Text,
			Unseen: !r.leaves.utterances[i],
		})
	}
	for i, m := range r.messages {
		text, quotes := messageText(m)
		c.Lines = append(c.Lines, finding.Line{
			Channel: finding.Chat, Speaker: one(m.Senders), SpeakerName: m.Name, Text: text, Quotes: quotes,
			Unseen: !r.leaves.messages[i],
		})
	}
	return c
}

func participant(m plan.Member) finding.Participant {
	u := m.User
	p := finding.Participant{
		ID: m.UserID, Label: m.Label, First: u.First, Last: u.Last, Preferred: u.Preferred,
		Other: append([]string(nil), u.OtherNames...), Email: u.Email, Handles: u.Handles, School: u.School, City: u.City,
	}
	if m.Out[session.Transcript] != "" || m.Out[session.Chat] != "" {
		// Who is out of a text is nobody in particular where others speak of them.
		p.Label = ""
	}
	if m.DisplayName != "" {
		p.Other = append(p.Other, m.DisplayName)
	}
	return p
}

// one is the only speaker, "" when it is not certain who spoke.
func one(speakers []string) string {
	if len(speakers) == 1 {
		return speakers[0]
	}
	return ""
}

// quoteEnd stands between what a message repeats and what it says, so that one
// line holds both and no name runs over the seam.
const quoteEnd = "\n\n"

// messageText joins what a reply or reaction repeats with what it says.
func messageText(m session.Message) (string, []finding.Range) {
	if m.Quoted == "" {
		return m.Text, nil
	}
	return m.Quoted + quoteEnd + m.Text, []finding.Range{{Start: 0, End: len(m.Quoted)}}
}

// removal is a finding in redacted text: what stands at Start to End (code
// points) is the label.
type removal struct {
	finding.Finding
	start, end int
}

// redacted is one redacted text with its removals.
type redacted struct {
	text     string
	removals []removal
	// kept are byte ranges of text that the engine examined and left.
	kept []finding.Range
}

// piece cuts a byte range out of an engine's line: the whole of an utterance,
// or the quoted or the written part of a message. Findings never cross the
// seam between those.
func piece(source string, l redact.Line, from, to int) redacted {
	var out redacted
	var b strings.Builder
	at, points := from, 0
	copyUntil := func(end int) {
		b.WriteString(source[at:end])
		points += utf8.RuneCountInString(source[at:end])
	}
	kept := l.Kept
	for _, f := range l.Findings {
		if f.End <= from || f.Start >= to {
			continue
		}
		start, end := max(f.Start, from), min(f.End, to)
		kept = out.keep(kept, at, start, b.Len())
		copyUntil(start)
		replacement := f.Replacement()
		b.WriteString(replacement)
		n := utf8.RuneCountInString(replacement)
		out.removals = append(out.removals, removal{f, points, points + n})
		points += n
		at = end
	}
	out.keep(kept, at, to, b.Len())
	copyUntil(to)
	out.text = b.String()
	return out
}

// keep records the kept candidates that lie within source bytes at to end,
// which are about to be copied to byte offset of the redacted text, and
// returns the others.
func (r *redacted) keep(kept []finding.Finding, at, end, offset int) []finding.Finding {
	var later []finding.Finding
	for _, k := range kept {
		if k.Start >= at && k.End <= end {
			r.kept = append(r.kept, finding.Range{Start: offset + k.Start - at, End: offset + k.End - at})
		} else {
			later = append(later, k)
		}
	}
	return later
}
