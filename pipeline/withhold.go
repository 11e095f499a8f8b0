package pipeline

import (
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
)

// leaving marks which lines of a session may leave. It is decided before
// anything is redacted, from consent alone.
type leaving struct {
	utterances []bool
	messages   []bool
	// unmatchedUtterances and unmatchedMessages count lines whose label named
	// no participant, whether they leave or not.
	unmatchedUtterances int
	unmatchedMessages   int
}

// withhold decides line by line. Deny wins and doubt denies: a line leaves
// only if everyone who may have said it may be heard, and where anybody in the
// session is out, a line nobody can be matched to does not leave, since it may
// be theirs.
func withhold(s plan.Session, keepUnmatched bool, utterances []session.Utterance, messages []session.Message) leaving {
	w := withholding{s: s, keepUnmatched: keepUnmatched, byID: byID(s)}
	l := leaving{utterances: make([]bool, len(utterances)), messages: make([]bool, len(messages))}
	for i, u := range utterances {
		l.utterances[i] = s.Leaves(session.Transcript) && w.mayLeave(u.Speakers, session.Transcript)
		if len(u.Speakers) == 0 {
			l.unmatchedUtterances++
		}
	}
	left := make(map[int]bool, len(messages)) // by a message's index in its file
	for i, m := range messages {
		l.messages[i] = s.Leaves(session.Chat) && w.messageMayLeave(m, left)
		left[m.Index] = l.messages[i]
		if len(m.Senders) == 0 {
			l.unmatchedMessages++
		}
	}
	return l
}

type withholding struct {
	s             plan.Session
	keepUnmatched bool
	byID          map[string]plan.Member
}

// mayLeave reports whether everyone who may have said something is in.
func (w withholding) mayLeave(speakers []string, m session.Modality) bool {
	if len(speakers) == 0 {
		return w.keepUnmatched && !w.s.AnyoneOut(m)
	}
	for _, id := range speakers {
		member, known := w.byID[id]
		if !known || member.Out[m] != "" {
			return false
		}
	}
	return true
}

// messageMayLeave also looks at whom a message was written to and what it
// repeats: a direct message to somebody who is out, and a reply to or a
// reaction on what they wrote, tell of them. left has the messages before it.
func (w withholding) messageMayLeave(m session.Message, left map[int]bool) bool {
	switch {
	case !w.mayLeave(m.Senders, session.Chat):
		return false
	case m.To.Kind == session.Direct && !w.mayLeave(m.To.UserIDs, session.Chat):
		return false
	case m.Kind == session.Plain:
		return true
	case m.Refers == 0:
		// What it repeats was not found; it may be what somebody who is out wrote.
		return !w.s.AnyoneOut(session.Chat)
	}
	return left[m.Refers]
}

// mayBeHeard reports whether a cue may stay audible in the shared recording.
func (w withholding) mayBeHeard(u session.Utterance) bool {
	return w.mayLeave(u.Speakers, session.Audio)
}
