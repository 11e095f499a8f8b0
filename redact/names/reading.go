package names

import (
	"context"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
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

// Candidates gives what the recognizer of New with no options proposes.
func (r *Reading) Candidates() []finding.Candidate { return r.s.propose(usual) }

// Word is a token with what is known of it.
type Word struct {
	// Start and End are byte offsets into the line, without a possessive 's.
	Start, End int
	// Norm is the folded form, "0" for digits.
	Norm  string
	Shape text.Shape
	// Possessive says that 's stood behind.
	Possessive bool
	Entry      Entry
	// Person is the probability that it is the name of somebody in or around
	// the session, 0 to 1.
	Person float64
	// Called says that it stands where one calls somebody.
	Called bool
	// Told says that somewhere in the session it is used as the name of somebody
	// present: called, introduced, or shown as a speaker.
	Told bool
	// Character says that the session names somebody of a mathematics problem
	// so, and nobody else.
	Character bool
	// Grammar says that the word belongs to the grammar (the, of, could).
	Grammar bool
}

// Story reports whether a line tells a mathematics problem about third persons.
func (r *Reading) Story(line int) bool { return r.s.lines[line].problem >= storyAt }

// Place reports whether bytes from..to of a line were claimed as a town,
// school or other place of somebody's own.
func (r *Reading) Place(line, from, to int) bool {
	for _, c := range r.s.claims {
		if words := r.s.lines[line].words; c.line == line && c.kind != finding.Person && c.score >= 0.5 &&
			words[c.from].Start < to && words[c.to-1].End > from {
			return true
		}
	}
	return false
}

// Words gives the words of a line, appending to buf[:0].
func (r *Reading) Words(line int, buf []Word) []Word {
	buf = buf[:0]
	for k := range r.s.lines[line].words {
		w := &r.s.lines[line].words[k]
		out := Word{Start: w.Start, End: w.End, Norm: w.Norm, Shape: w.Shape, Possessive: w.Possessive, Entry: w.Lex, Grammar: w.Closed}
		if w.Shape.Word() {
			out.Person = r.s.score(line, k)
			out.Called = r.s.called(line, k)
			e := r.s.of(w)
			out.Character = e.character() && w.Open && w.Lex.Name() >= 0.2
			out.Told = e.speaker || e.cue >= 0.8 || e.called > 0
		}
		buf = append(buf, out)
	}
	return buf
}
