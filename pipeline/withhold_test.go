package pipeline

import (
	"slices"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"

	"pgregory.net/rapid"
)

// group is a session of a tutor and three learners, of whom "out" is out of
// what is named.
func group(out ...session.Modality) plan.Session {
	s := plan.Session{People: []plan.Member{
		{UserID: "tutor", Role: session.Tutor, Code: "P-1"}, {UserID: "ann", Role: session.Learner, Code: "P-2"},
		{UserID: "bea", Role: session.Learner, Code: "P-3"}, {UserID: "out", Role: session.Learner, Code: "P-4", Out: map[session.Modality]string{}},
	}}
	for _, m := range out {
		s.People[3].Out[m] = "opted-out"
	}
	return s
}

func spoke(speakers ...string) session.Utterance { return session.Utterance{Speakers: speakers} }

func TestWhoseUtterancesLeave(t *testing.T) {
	for _, c := range []struct {
		name      string
		s         plan.Session
		unmatched bool
		said      session.Utterance
		want      bool
	}{
		{"somebody who is in", group(session.Transcript), true, spoke("ann"), true},
		{"somebody who is out", group(session.Transcript), true, spoke("out"), false},
		{"out of the chat alone", group(session.Chat), true, spoke("out"), true},
		{"out of the sound alone", group(session.Audio), true, spoke("out"), true},
		{"one of two at one device is out", group(session.Transcript), true, spoke("ann", "out"), false},
		{"two at one device, both in", group(session.Transcript), true, spoke("ann", "bea"), true},
		{"nobody matched, everyone in", group(), true, spoke(), true},
		{"nobody matched, everyone in, study drops", group(), false, spoke(), false},
		{"nobody matched, and somebody is out", group(session.Transcript), true, spoke(), false},
		{"nobody matched, and somebody is out of the chat", group(session.Chat), true, spoke(), true},
		{"somebody who was not in the session", group(), true, spoke("stranger"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := withhold(c.s, c.unmatched, []session.Utterance{c.said}, nil)
			if l.utterances[0] != c.want {
				t.Errorf("leaves: %v", l.utterances[0])
			}
		})
	}
	s := group()
	s.Withheld = map[session.Modality]plan.Reason{session.Transcript: plan.Expired}
	if withhold(s, true, []session.Utterance{spoke("ann")}, nil).utterances[0] {
		t.Error("a line of a transcript that does not leave, leaves")
	}
}

func TestWhichMessagesLeave(t *testing.T) {
	to := func(ids ...string) session.Recipient { return session.Recipient{Kind: session.Direct, UserIDs: ids} }
	everyone := session.Recipient{Kind: session.Everyone}
	for _, c := range []struct {
		name     string
		messages []session.Message
		want     []bool
	}{
		{"to everyone", []session.Message{
			{Senders: []string{"ann"}, To: everyone, Kind: session.Plain},
			{Senders: []string{"out"}, To: everyone, Kind: session.Plain}}, []bool{true, false}},
		{"direct, both ways", []session.Message{
			{Senders: []string{"ann"}, To: to("tutor"), Kind: session.Plain},
			{Senders: []string{"tutor"}, To: to("out"), Kind: session.Plain},
			{Senders: []string{"out"}, To: to("tutor"), Kind: session.Plain},
			{Senders: []string{"tutor"}, To: to("ann", "out"), Kind: session.Plain},
			{Senders: []string{"tutor"}, To: to(), Kind: session.Plain}}, []bool{true, false, false, false, false}},
		{"reply and reaction to somebody who is out", []session.Message{
			{Senders: []string{"out"}, To: everyone, Kind: session.Plain},
			{Senders: []string{"ann"}, To: everyone, Kind: session.Reply, Refers: 1},
			{Senders: []string{"ann"}, To: everyone, Kind: session.Reaction, Refers: 1},
			{Senders: []string{"ann"}, To: everyone, Kind: session.ReactionRemoved, Refers: 1}}, []bool{false, false, false, false}},
		{"a reply to a reply to somebody who is out", []session.Message{
			{Senders: []string{"out"}, To: everyone, Kind: session.Plain},
			{Senders: []string{"ann"}, To: everyone, Kind: session.Reply, Refers: 1},
			{Senders: []string{"bea"}, To: everyone, Kind: session.Reply, Refers: 2}}, []bool{false, false, false}},
		{"reply and reaction to somebody who is in", []session.Message{
			{Senders: []string{"ann"}, To: everyone, Kind: session.Plain},
			{Senders: []string{"bea"}, To: everyone, Kind: session.Reply, Refers: 1},
			{Senders: []string{"out"}, To: everyone, Kind: session.Reaction, Refers: 1}}, []bool{true, true, false}},
		{"what it repeats was not found", []session.Message{
			{Senders: []string{"ann"}, To: everyone, Kind: session.Reply},
			{Senders: []string{"ann"}, To: everyone, Kind: session.Reaction}}, []bool{false, false}},
		{"what it repeats comes later", []session.Message{
			{Senders: []string{"ann"}, To: everyone, Kind: session.Reply, Refers: 2},
			{Senders: []string{"bea"}, To: everyone, Kind: session.Plain}}, []bool{false, true}},
		{"nobody matched", []session.Message{{To: everyone, Kind: session.Plain}}, []bool{false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.messages {
				c.messages[i].Index = i + 1
			}
			if l := withhold(group(session.Chat), true, nil, c.messages); !slices.Equal(l.messages, c.want) {
				t.Errorf("leave: %v, want %v", l.messages, c.want)
			}
			if l := withhold(group(session.Transcript, session.Audio), true, nil, c.messages); slices.Contains(l.messages, false) && c.name != "what it repeats comes later" {
				t.Errorf("out of the other modalities alone: %v", l.messages)
			}
		})
	}
}

func TestWhoMayBeHeard(t *testing.T) {
	s := group(session.Audio)
	w := withholding{s: s, keepUnmatched: true, byID: byID(s)}
	for id, want := range map[string]bool{"ann": true, "tutor": true, "out": false} {
		if w.mayBeHeard(spoke(id)) != want {
			t.Errorf("%s: %v", id, !want)
		}
	}
	if w.mayBeHeard(spoke()) || w.mayBeHeard(spoke("ann", "out")) {
		t.Error("a cue that may be theirs is heard")
	}
}

// One more person who is out never lets more leave.
func TestOneMoreOutNeverLetsMoreLeave(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := group()
		ids := []string{"tutor", "ann", "bea", "out"}
		people := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 0, 2, rapid.ID[string])
		var messages []session.Message
		var utterances []session.Utterance
		for i := range rapid.IntRange(1, 8).Draw(t, "lines") {
			m := session.Message{Index: i + 1, Senders: people.Draw(t, "senders"), Kind: rapid.SampledFrom([]session.MessageKind{session.Plain, session.Reply, session.Reaction}).Draw(t, "kind"),
				To: session.Recipient{Kind: rapid.SampledFrom([]session.RecipientKind{session.Everyone, session.Direct}).Draw(t, "to")}}
			m.To.UserIDs = people.Draw(t, "recipients")
			m.Refers = rapid.IntRange(0, i).Draw(t, "refers")
			messages, utterances = append(messages, m), append(utterances, spoke(m.Senders...))
		}
		outs := func(label string) {
			m := rapid.SampledFrom(session.Modalities[:]).Draw(t, label)
			at := rapid.IntRange(0, 3).Draw(t, label+" who")
			if s.People[at].Out == nil {
				s.People[at].Out = map[session.Modality]string{}
			}
			s.People[at].Out[m] = "opted-out"
		}
		if rapid.Bool().Draw(t, "somebody is out already") {
			outs("first")
		}
		keep := rapid.Bool().Draw(t, "keep unmatched")
		before := withhold(s, keep, utterances, messages)
		outs("one more")
		after := withhold(s, keep, utterances, messages)
		for i := range messages {
			if after.messages[i] && !before.messages[i] || after.utterances[i] && !before.utterances[i] {
				t.Fatalf("line %d leaves since one more is out", i+1)
			}
		}
	})
}
