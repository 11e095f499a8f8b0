package bundle_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

var everybody = []string{"P-a", "P-b", "P-c", "P-d"}

// anyRows draws a shard as a run might write it: counts fit, messages refer
// to messages, labels stand where redactions say.
func anyRows() *rapid.Generator[rows] {
	return rapid.Custom(func(t *rapid.T) rows {
		var r rows
		for i := range rapid.IntRange(0, 2).Draw(t, "sessions") {
			drawSession(t, &r, fmt.Sprintf("S-%d", i))
		}
		return r
	})
}

func drawSession(t *rapid.T, r *rows, code string) {
	people := rapid.Permutation(everybody).Draw(t, "people")[:rapid.IntRange(1, len(everybody)).Draw(t, "present")]
	label := func(i int) string { return fmt.Sprintf("LEARNER_%d", i+1) }
	labels := []string{"PERSON_1", "EMAIL"}
	for i := range people {
		labels = append(labels, label(i))
	}
	// speaker is one person, two who share a device, or nobody known.
	speaker := func() (*string, string) {
		i := rapid.IntRange(-1, 2*len(people)-1).Draw(t, "speaker")
		switch {
		case i < 0:
			return nil, "UNKNOWN"
		case i < len(people):
			return &people[i], label(i)
		}
		return nil, label(i-len(people)) + "+" + label((i-len(people)+1)%len(people))
	}
	var utterances []table.Utterance
	for i := range rapid.IntRange(0, 4).Draw(t, "utterances") {
		u := table.Utterance{SessionID: code, Index: int32(i + 1), StartMS: int64(1000 * i), EndMS: int64(1000*i + rapid.IntRange(0, 900).Draw(t, "ms"))}
		u.ParticipantID, u.Label = speaker()
		u.Text, u.Redactions = drawText(t, labels)
		utterances = append(utterances, u)
	}
	var messages []table.Message
	for i := range rapid.IntRange(0, 6).Draw(t, "messages") {
		m := table.Message{SessionID: code, Index: int32(i + 1), To: "everyone", Kind: rapid.SampledFrom([]string{"message", "reply", "reaction"}).Draw(t, "kind")}
		m.ParticipantID, m.Label = speaker()
		if rapid.IntRange(0, 3).Draw(t, "direct") == 0 {
			_, m.To = speaker()
		}
		m.Text, m.Redactions = drawText(t, labels)
		if m.Kind != "message" {
			quoted, places := drawText(t, labels)
			m.Quoted, m.QuotedRedactions = &quoted, places
			if n := rapid.IntRange(0, i).Draw(t, "refers to"); n > 0 {
				m.RefersTo = pointer(int32(n))
			}
		}
		messages = append(messages, m)
	}
	s := table.Session{SessionID: code, Context: "bootcamp", Started: "2031-05-20", HasAudio: rapid.Bool().Draw(t, "audio")}
	if s.HasAudio {
		name := strings.Replace(code, "S", "A", 1) + ".m4a"
		r.Audio = append(r.Audio, table.Audio{SessionID: code, Path: "audio/" + name, Codec: "aac", SampleRate: 8000, Channels: 1})
	}
	var participants []table.Participant
	for i, p := range people {
		participants = append(participants, table.Participant{SessionID: code, ParticipantID: p, Label: label(i), Role: "learner"})
	}
	s, participants = counted(s, participants, utterances, messages)
	r.Sessions = append(r.Sessions, s)
	r.Participants = append(r.Participants, participants...)
	r.Utterances = append(r.Utterances, utterances...)
	r.Messages = append(r.Messages, messages...)
}

// drawText is words of several scripts with labels among them, in order.
func drawText(t *rapid.T, labels []string) (string, []table.Redaction) {
	var text []rune
	var places []table.Redaction
	for range rapid.IntRange(0, 4).Draw(t, "words") {
		if rapid.Bool().Draw(t, "removed") {
			l := rapid.SampledFrom(labels).Draw(t, "label")
			start := len(text)
			text = append(text, []rune("["+l+"]")...)
			places = append(places, table.Redaction{Kind: "PERSON", Start: int32(start), End: int32(len(text)), Label: l})
			continue
		}
		text = append(text, []rune(rapid.SampledFrom([]string{" so ", "π", "👩🏽‍🏫", "é", " [LEARNER_1] ", ""}).Draw(t, "word"))...)
	}
	return string(text), places
}

// renamed gives the codes of a shard's sessions and sounds a mark of their own.
func renamed(r rows, mark string) rows {
	for i := range r.Sessions {
		r.Sessions[i].SessionID += mark
	}
	for i := range r.Participants {
		r.Participants[i].SessionID += mark
	}
	for i := range r.Utterances {
		r.Utterances[i].SessionID += mark
	}
	for i := range r.Messages {
		r.Messages[i].SessionID += mark
	}
	for i := range r.Audio {
		r.Audio[i].SessionID += mark
		r.Audio[i].Path = strings.Replace(r.Audio[i].Path, ".", mark+".", 1)
	}
	return r
}

func anyWithdrawal(parts []rows) *rapid.Generator[bundle.Withdrawal] {
	sessions, sounds := []string{"S-none"}, []string{"audio/A-none.m4a"}
	for _, r := range parts {
		for _, s := range r.Sessions {
			sessions = append(sessions, s.SessionID)
		}
		for _, a := range r.Audio {
			sounds = append(sounds, a.Path)
		}
	}
	return rapid.Custom(func(t *rapid.T) bundle.Withdrawal {
		return bundle.Withdrawal{
			Participants: rapid.SliceOfNDistinct(rapid.SampledFrom(append([]string{"P-none"}, everybody...)), 0, 2, rapid.ID).Draw(t, "people"),
			Sessions:     rapid.SliceOfNDistinct(rapid.SampledFrom(sessions), 0, 1, rapid.ID).Draw(t, "whole"),
			Audio:        rapid.SliceOfNDistinct(rapid.SampledFrom(sounds), 0, 1, rapid.ID).Draw(t, "sounds"),
		}
	})
}

// counted fills the counts of a session and its participants.
func counted(s table.Session, participants []table.Participant, utterances []table.Utterance, messages []table.Message) (table.Session, []table.Participant) {
	s.Participants, s.Utterances, s.Messages = int32(len(participants)), int32(len(utterances)), int32(len(messages))
	for i := range participants {
		p := &participants[i]
		p.TalkMS, p.Utterances, p.Messages = 0, 0, 0
		for _, u := range utterances {
			if u.ParticipantID != nil && *u.ParticipantID == p.ParticipantID {
				p.Utterances++
				p.TalkMS += u.EndMS - u.StartMS
			}
		}
		for _, m := range messages {
			if m.ParticipantID != nil && *m.ParticipantID == p.ParticipantID {
				p.Messages++
			}
		}
	}
	return s, participants
}

// expected is what a withdrawal leaves of a shard, told session by session and
// row by row, as the rules read.
func expected(r rows, w bundle.Withdrawal) rows {
	var out rows
	for _, s := range r.Sessions {
		if slices.Contains(w.Sessions, s.SessionID) {
			continue
		}
		of := func(session string) bool { return session != s.SessionID }
		participants := slices.DeleteFunc(slices.Clone(r.Participants), func(p table.Participant) bool { return of(p.SessionID) })
		utterances := slices.DeleteFunc(slices.Clone(r.Utterances), func(u table.Utterance) bool { return of(u.SessionID) })
		messages := slices.DeleteFunc(slices.Clone(r.Messages), func(m table.Message) bool { return of(m.SessionID) })
		audio := slices.DeleteFunc(slices.Clone(r.Audio), func(a table.Audio) bool { return of(a.SessionID) || slices.Contains(w.Audio, a.Path) })
		var theirs []string
		for _, p := range participants {
			if slices.Contains(w.Participants, p.ParticipantID) {
				theirs = append(theirs, p.Label)
			}
		}
		if len(theirs) > 0 {
			mayBe := func(label string) bool {
				return label == "UNKNOWN" || slices.ContainsFunc(strings.Split(label, "+"), func(one string) bool { return slices.Contains(theirs, one) })
			}
			byIndex := map[int32]table.Message{}
			for _, m := range messages {
				byIndex[m.Index] = m
			}
			var goes func(m table.Message) bool
			goes = func(m table.Message) bool {
				switch {
				case mayBe(m.Label) || mayBe(m.To):
					return true
				case m.Kind == "message":
					return false
				case m.RefersTo == nil:
					return true
				}
				return goes(byIndex[*m.RefersTo])
			}
			participants = slices.DeleteFunc(participants, func(p table.Participant) bool { return slices.Contains(theirs, p.Label) })
			utterances = slices.DeleteFunc(utterances, func(u table.Utterance) bool { return mayBe(u.Label) })
			messages = slices.DeleteFunc(messages, goes)
			for i := range utterances {
				utterances[i].Text, utterances[i].Redactions = rewritten(utterances[i].Text, utterances[i].Redactions, theirs)
			}
			for i := range messages {
				m := &messages[i]
				m.Text, m.Redactions = rewritten(m.Text, m.Redactions, theirs)
				if m.Quoted != nil {
					quoted, places := rewritten(*m.Quoted, m.QuotedRedactions, theirs)
					m.Quoted, m.QuotedRedactions = &quoted, places
				}
			}
		}
		s, participants = counted(s, participants, utterances, messages)
		s.HasAudio = len(audio) > 0
		out.Sessions = append(out.Sessions, s)
		out.Participants = append(out.Participants, participants...)
		out.Utterances = append(out.Utterances, utterances...)
		out.Messages = append(out.Messages, messages...)
		out.Audio = append(out.Audio, audio...)
	}
	return out
}

// rewritten replaces places from the last to the first, so that the ones before
// stay where they are.
func rewritten(text string, places []table.Redaction, theirs []string) (string, []table.Redaction) {
	places = slices.Clone(places)
	runes := []rune(text)
	for i := len(places) - 1; i >= 0; i-- {
		p := places[i]
		if !slices.Contains(theirs, p.Label) {
			continue
		}
		shift := int32(len("[PERSON]")) - (p.End - p.Start)
		runes = slices.Concat(runes[:p.Start], []rune("[PERSON]"), runes[p.End:])
		places[i].Label, places[i].End = "PERSON", p.End+shift
		for j := i + 1; j < len(places); j++ {
			places[j].Start += shift
			places[j].End += shift
		}
	}
	return string(runes), places
}
