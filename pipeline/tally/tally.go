// Package tally counts what a run did: what left, what did not, what was
// removed by which recognizer, and where a privacy officer should look. It
// holds numbers and places, never text and never a name, so that it may be
// logged, reported and kept.
package tally

import (
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// Summary is what a run did. The zero value is not ready; use New.
type Summary struct {
	Sessions     int                          `json:"sessions"`
	Participants int                          `json:"participants"` // person-sessions
	Utterances   int                          `json:"utterances"`
	Messages     int                          `json:"messages"`
	Audio        int                          `json:"audio"`
	AudioMS      int64                        `json:"audio_ms"`
	Silenced     map[string]Silence           `json:"silenced"` // by reason
	Dropped      map[session.Modality]Dropped `json:"dropped"`
	// Redactions counts what was removed from leaving text, by kind and then by
	// recognizer.
	Redactions map[finding.Kind]map[string]int `json:"redactions"`
	Doubtful   int                             `json:"doubtful"`
	Kept       map[finding.Kind]int            `json:"kept"` // examined and left
	// Quarantined lists sessions that could not be processed.
	Quarantined []Quarantine `json:"quarantined,omitempty"`
	// AudioLeftOut counts recordings that could not be cleaned, by reason code.
	AudioLeftOut map[string]int `json:"audio_left_out,omitempty"`
}

// Silence is how much sound was silenced for a reason.
type Silence struct {
	Intervals int   `json:"intervals"`
	MS        int64 `json:"ms"`
}

// Dropped counts lines that consent took out of leaving sessions, and lines
// whose label matched no participant.
type Dropped struct {
	Lines     int `json:"lines"`
	Unmatched int `json:"unmatched"`
}

// Quarantine names a session that was left out because something is wrong with
// its files. Session is the source's id: the data team needs it to mend the
// session, so it is shown to them and stands in no report that leaves.
type Quarantine struct {
	Session string `json:"session"`
	File    string `json:"file"` // transcript, chat, audio, …: never a file's own name
	Line    int    `json:"line,omitempty"`
	What    string `json:"what"`
}

// Doubt is a place a privacy officer should look at.
type Doubt struct {
	Table      string       `json:"table"`
	Session    string       `json:"session"` // the code
	Index      int          `json:"index"`
	Start      int          `json:"start"` // code points in the redacted text
	End        int          `json:"end"`
	Kind       finding.Kind `json:"kind"`
	Recognizer string       `json:"recognizer"`
	Score      float64      `json:"score"`
	Why        string       `json:"why"`
	// Kept is true for a candidate that was left in place.
	Kept bool `json:"kept"`
}

// New returns an empty summary.
func New() Summary {
	return Summary{
		Silenced: map[string]Silence{}, Dropped: map[session.Modality]Dropped{},
		Redactions: map[finding.Kind]map[string]int{}, Kept: map[finding.Kind]int{}, AudioLeftOut: map[string]int{},
	}
}

// Add sums another summary into s.
func (s *Summary) Add(o Summary) {
	s.Sessions += o.Sessions
	s.Participants += o.Participants
	s.Utterances += o.Utterances
	s.Messages += o.Messages
	s.Audio += o.Audio
	s.AudioMS += o.AudioMS
	s.Doubtful += o.Doubtful
	for reason, q := range o.Silenced {
		p := s.Silenced[reason]
		s.Silenced[reason] = Silence{p.Intervals + q.Intervals, p.MS + q.MS}
	}
	for m, d := range o.Dropped {
		p := s.Dropped[m]
		s.Dropped[m] = Dropped{p.Lines + d.Lines, p.Unmatched + d.Unmatched}
	}
	for kind, by := range o.Redactions {
		if s.Redactions[kind] == nil {
			s.Redactions[kind] = map[string]int{}
		}
		for recognizer, n := range by {
			s.Redactions[kind][recognizer] += n
		}
	}
	for kind, n := range o.Kept {
		s.Kept[kind] += n
	}
	for reason, n := range o.AudioLeftOut {
		s.AudioLeftOut[reason] += n
	}
	s.Quarantined = append(s.Quarantined, o.Quarantined...)
}
