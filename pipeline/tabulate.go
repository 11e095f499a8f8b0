package pipeline

import (
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/study"
	"github.com/schoolhouse-world/veil/pipeline/table"
	"github.com/schoolhouse-world/veil/pipeline/tally"
	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// builder makes a session's rows. Row numbers are counted anew over what
// leaves, so that they do not tell what was left out.
type builder struct {
	w     *worker
	s     plan.Session
	r     recorded
	c     finding.Conversation
	lines []redact.Line
	p     *product
	// talk sums what each participant said in rows that leave, by user id.
	talk  map[string]*table.Participant
	endMS int64
}

// text makes the rows of utterances and messages.
func (b *builder) text() {
	members := byID(b.s)
	for _, m := range b.s.People {
		if m.Code != "" {
			b.talk[m.UserID] = &table.Participant{SessionID: b.s.Code, ParticipantID: m.Code, Label: m.Label, Role: string(m.Role)}
		}
	}
	for i, u := range b.r.utterances {
		if b.r.leaves.utterances[i] {
			b.utterance(i, u, members)
		}
	}
	b.messages(members)
}

func (b *builder) utterance(i int, u session.Utterance, members map[string]plan.Member) {
	text := piece(b.c.Lines[i].Text, b.lines[i], 0, len(b.c.Lines[i].Text))
	row := table.Utterance{SessionID: b.s.Code, Index: int32(len(b.p.utterances) + 1), StartMS: u.StartMS, EndMS: u.EndMS, Text: text.text, Redactions: redactions(text)}
	row.ParticipantID, row.Label = b.speaker(u.Speakers, members)
	for _, id := range u.Speakers {
		if t := b.talk[id]; t != nil && len(u.Speakers) == 1 {
			t.TalkMS += max(0, u.EndMS-u.StartMS)
			t.Utterances++
		}
	}
	b.endMS = max(b.endMS, u.EndMS)
	b.p.utterances = append(b.p.utterances, row)
	b.p.summary.Utterances++
	b.note("utterances", int(row.Index), "text", text)
	b.kept("utterances", int(row.Index), b.lines[i], b.c.Lines[i].Text)
}

func (b *builder) messages(members map[string]plan.Member) {
	newIndex := map[int]int32{} // a message's index in its file, to its row's
	for i, m := range b.r.messages {
		if !b.r.leaves.messages[i] {
			continue
		}
		at := len(b.r.utterances) + i
		source := b.c.Lines[at].Text
		written := 0
		row := table.Message{SessionID: b.s.Code, Index: int32(len(b.p.messages) + 1), Kind: string(m.Kind), SentMS: m.SentMS}
		if m.Quoted != "" {
			quoted := piece(source, b.lines[at], 0, len(m.Quoted))
			row.Quoted = &quoted.text
			row.QuotedRedactions = redactions(quoted)
			written = len(m.Quoted) + len(quoteEnd)
			b.note("messages", int(row.Index), "quoted", quoted)
		}
		text := piece(source, b.lines[at], written, len(source))
		row.Text, row.Redactions = text.text, redactions(text)
		if m.Emoji != "" {
			row.Emoji = &m.Emoji
		}
		if n, ok := newIndex[m.Refers]; ok {
			row.RefersTo = &n
		}
		row.ParticipantID, row.Label = b.speaker(m.Senders, members)
		row.To = b.addressee(m.To, members)
		if len(m.Senders) == 1 && b.talk[m.Senders[0]] != nil {
			b.talk[m.Senders[0]].Messages++
		}
		newIndex[m.Index] = row.Index
		b.endMS = max(b.endMS, m.SentMS)
		b.p.messages = append(b.p.messages, row)
		b.p.summary.Messages++
		b.note("messages", int(row.Index), "text", text)
		b.kept("messages", int(row.Index), b.lines[at], source)
	}
}

// unknownSpeaker labels what somebody said whom nobody can name.
const unknownSpeaker = "UNKNOWN"

// speaker is the code and label of who spoke: no code when that is not one
// person for certain.
func (b *builder) speaker(ids []string, members map[string]plan.Member) (*string, string) {
	if len(ids) == 0 {
		return nil, unknownSpeaker
	}
	var names []string
	for _, id := range ids {
		names = append(names, members[id].Label)
	}
	if len(ids) == 1 {
		code := members[ids[0]].Code
		return &code, names[0]
	}
	return nil, strings.Join(names, "+")
}

func (b *builder) addressee(to session.Recipient, members map[string]plan.Member) string {
	if to.Kind != session.Direct {
		return string(to.Kind)
	}
	_, label := b.speaker(to.UserIDs, members)
	return label
}

func redactions(r redacted) []table.Redaction {
	var out []table.Redaction
	for _, f := range r.removals {
		out = append(out, table.Redaction{Kind: string(f.Kind), Start: int32(f.start), End: int32(f.end), Label: f.Label})
	}
	return out
}

// note counts what was removed from a leaving text and lists the doubtful
// places.
func (b *builder) note(table string, index int, column string, r redacted) {
	for _, f := range r.removals {
		if b.p.summary.Redactions[f.Kind] == nil {
			b.p.summary.Redactions[f.Kind] = map[string]int{}
		}
		b.p.summary.Redactions[f.Kind][f.Recognizer]++
		if f.Outcome == finding.Doubtful {
			b.p.summary.Doubtful++
			b.p.doubts = append(b.p.doubts, tally.Doubt{Table: table, Session: b.s.Code, Index: index, Start: f.start, End: f.end,
				Kind: f.Kind, Recognizer: f.Recognizer, Score: f.Score, Why: f.Why})
		}
	}
	var ranges []finding.Range
	for _, k := range r.kept {
		if lettered(r.text[k.Start:k.End]) {
			ranges = append(ranges, k)
		}
	}
	if len(ranges) > 0 {
		b.p.kept = append(b.p.kept, keptText{Table: table, Session: b.s.Code, Index: index, Column: column, Ranges: ranges})
	}
}

// kept counts what was examined and left.
func (b *builder) kept(table string, index int, l redact.Line, source string) {
	for _, k := range l.Kept {
		if lettered(source[k.Start:k.End]) {
			b.p.summary.Kept[k.Kind]++
		}
	}
}

// rows makes the rows that sum up the session.
func (b *builder) rows() {
	for _, m := range b.s.People {
		if t := b.talk[m.UserID]; t != nil {
			b.p.participants = append(b.p.participants, *t)
		}
	}
	b.p.session = &table.Session{
		SessionID: b.s.Code, Context: b.s.Context, Started: b.started(), DurationMS: b.duration(),
		Participants: int32(len(b.p.participants)), Utterances: int32(len(b.p.utterances)), Messages: int32(len(b.p.messages)), HasAudio: b.p.audio != nil,
	}
	b.p.summary.Sessions++
	b.p.summary.Participants += len(b.p.participants)
}

// duration is the session's, as the source says it, or else until the last
// thing that leaves.
func (b *builder) duration() int64 {
	if !b.s.EndsAt.IsZero() {
		return b.s.EndsAt.Sub(b.s.StartsAt).Milliseconds()
	}
	return b.endMS
}

// started is the session's start under the study's date policy.
func (b *builder) started() string {
	at := b.s.StartsAt.In(b.w.study.Location())
	switch b.w.study.Dates {
	case study.DatesExact:
		return at.Format(time.RFC3339)
	case study.DatesShifted:
		at = at.AddDate(0, 0, b.w.shift)
	}
	return at.Format(time.DateOnly)
}

// write hands the rows to a shard's tables.
func (p product) write(t *table.Shard) error {
	if p.session == nil {
		return nil
	}
	if err := t.Session(*p.session); err != nil {
		return err
	}
	for _, r := range p.participants {
		if err := t.Participant(r); err != nil {
			return err
		}
	}
	for _, r := range p.utterances {
		if err := t.Utterance(r); err != nil {
			return err
		}
	}
	for _, r := range p.messages {
		if err := t.Message(r); err != nil {
			return err
		}
	}
	if p.audio != nil {
		return t.Audio(*p.audio)
	}
	return nil
}
