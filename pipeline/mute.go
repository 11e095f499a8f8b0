package pipeline

import (
	"github.com/schoolhouse-world/veil/pipeline/audio"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/study"
	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// Why sound was silenced, as the audio table says it.
const (
	// mutedSpeaker covers who is out and whoever could not be matched. One
	// word for both, so that it does not tell that somebody was left out.
	mutedSpeaker    = "speaker"
	mutedName       = "name"
	mutedIdentifier = "identifier"
)

// mute says which intervals of a session's recording must be silent: cues of
// people who may not be heard, and what was redacted in anybody's cue. Speakers
// come first, since where two overlap the earlier one gives the reason.
func mute(s plan.Session, policy study.Audio, w withholding, r recorded, lines []redact.Line) []audio.Muted {
	var out []audio.Muted
	for _, u := range r.utterances {
		if !w.mayBeHeard(u) {
			out = append(out, audio.Muted{StartMS: max(0, u.StartMS-policy.PaddingMS), EndMS: u.EndMS + policy.PaddingMS, Reason: mutedSpeaker})
		}
	}
	for i, u := range r.utterances {
		for _, reason := range []string{mutedName, mutedIdentifier} {
			spans := spansOf(lines[i].Findings, reason)
			if len(spans) == 0 {
				continue
			}
			cue := audio.Interval{StartMS: u.StartMS, EndMS: u.EndMS}
			for _, v := range audio.Locate(cue, u.Text, spans, audio.Mode(policy.Names), policy.PaddingMS) {
				out = append(out, audio.Muted{StartMS: max(0, v.StartMS), EndMS: v.EndMS, Reason: reason})
			}
		}
	}
	return out
}

func spansOf(findings []finding.Finding, reason string) []audio.Span {
	var spans []audio.Span
	for _, f := range findings {
		of := mutedIdentifier
		if f.Kind == finding.Person {
			of = mutedName
		}
		if of == reason {
			spans = append(spans, audio.Span{Start: f.Start, End: f.End})
		}
	}
	return spans
}
