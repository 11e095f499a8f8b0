package names

import (
	"context"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
)

// Reading is a conversation in which every word has been judged. It serves
// recognizers that decide what must stay. It is not for concurrent use.
type Reading struct{ s *session }

// Read judges a conversation as the recognizer of New does.
func Read(ctx context.Context, c *finding.Conversation) (*Reading, error) {
	s, err := (recognizer{model: tagger.Default()}).read(ctx, c)
	if err != nil {
		return nil, err
	}
	s.cues()
	s.weigh()
	return &Reading{s}, nil
}

// Candidates appends to out what the recognizer of New proposes with a least
// score.
func (r *Reading) Candidates(least float64, out []finding.Candidate) []finding.Candidate {
	return r.s.propose(least, out)
}

// Word is a token with what is known of it.
type Word = tagger.Word

// Words gives the words of a line, not to be changed.
func (r *Reading) Words(line int) []Word { return r.s.lines[line].words }

// Len is above the ID of every word.
func (r *Reading) Len() int { return r.s.vocabulary.Len() }

// Person is the probability that word k of a line is the name of somebody in
// or around the session, 0 to 1.
func (r *Reading) Person(line, k int) float64 { return r.s.score(line, k) }

// Announced is how sure a cue in the line itself is that word k names somebody
// ("Mr. …", "my friend …"), 0 when there is none.
func (r *Reading) Announced(line, k int) float64 {
	l, best := &r.s.lines[line], 0.0
	for _, c := range r.s.claims[l.claims[0]:l.claims[1]] {
		if c.kind == finding.Person && c.from <= k && k < c.to {
			best = max(best, c.score)
		}
	}
	return best
}

// Called reports whether word k of a line stands where one calls somebody.
func (r *Reading) Called(line, k int) bool { return r.s.called(line, k) }

// Told reports whether somewhere in the session a word is used as the name of
// somebody present: called, introduced, or shown as a speaker.
func (r *Reading) Told(w *Word) bool {
	e := r.s.of(w)
	return e.speaker || e.cue >= 0.8 || e.called > 0
}

// Present reports whether a word is the name of somebody who takes part: shown as
// a speaker, or called.
func (r *Reading) Present(w *Word) bool {
	e := r.s.of(w)
	return e.speaker || e.called > 0
}

// Character reports whether the session names somebody of a mathematics problem
// by a word, and nobody else.
func (r *Reading) Character(w *Word) bool {
	return w.Open && w.Lex.Name() >= 0.2 && r.s.of(w).character()
}

// Story reports whether a line tells a mathematics problem about third persons.
func (r *Reading) Story(line int) bool { return r.s.lines[line].problem >= storyAt }

// Place reports whether bytes from..to of a line were announced as a town,
// school or other place of somebody's own.
func (r *Reading) Place(line, from, to int) bool {
	return r.claimed(line, from, to, func(c *claim) bool { return c.rule != lineRule })
}

// Seems reports whether Place does, or the line as a whole tells of such a place.
func (r *Reading) Seems(line, from, to int) bool {
	return r.claimed(line, from, to, func(*claim) bool { return true })
}

func (r *Reading) claimed(line, from, to int, by func(*claim) bool) bool {
	l := &r.s.lines[line]
	claims := r.s.claims[l.claims[0]:l.claims[1]]
	for k := range claims {
		if c := &claims[k]; c.kind != finding.Person && c.score >= 0.5 && by(c) && l.words[c.from].Start < to && l.words[c.to-1].End > from {
			return true
		}
	}
	return false
}
