package names

import (
	"context"
	"fmt"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/belonging"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Options change what New looks for. The zero value is the usual.
type Options struct {
	// Least is the lowest score of a candidate that is proposed. 0 means 0.2:
	// the engine's thresholds are higher, but what it kept it can explain.
	Least float64
}

// usual is the Least of the zero Options.
const usual = 0.2

// New gives the recognizer of people, schools, organisations and towns outside
// the roster. It is safe for concurrent use and holds no state of a session.
func New(o Options) (finding.Recognizer, error) {
	if o.Least < 0 || o.Least >= 1 {
		return nil, fmt.Errorf("names: least score %v is not from 0 to 1", o.Least)
	}
	if o.Least == 0 {
		o.Least = usual
	}
	return recognizer{least: o.Least, model: tagger.Default()}, nil
}

// Recognizers gives what New gives with no options, as a list.
func Recognizers() []finding.Recognizer {
	r, err := New(Options{})
	if err != nil {
		panic(err) // the zero Options are valid
	}
	return []finding.Recognizer{r}
}

type recognizer struct {
	least float64
	model *tagger.Model
}

func (recognizer) Name() string { return "names" }

// Find reads the whole conversation first, so that what one line shows of a
// word counts in every other line.
func (r recognizer) Find(ctx context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	s, err := r.read(ctx, c)
	if err != nil {
		return nil, err
	}
	s.cues()
	s.weigh()
	return s.propose(r.least, nil), nil
}

// session is a conversation with every word tagged.
type session struct {
	c     *finding.Conversation
	lines []line
	// vocabulary numbers the words, evidence holds what is known of each.
	vocabulary *tagger.Vocabulary
	evidence   []evidence
	// pairs are words that stand together in a speaker's label, in both orders.
	pairs map[string]bool
	// pairInitials hold the second word of a pair cut to its first letter.
	pairInitials map[string]bool
	// initials are the first letters of the words of speakers' labels.
	initials [256]bool
	// calls counts pairs of words that somebody is called by.
	calls map[string]int
	// labelled says that the platform named at least one speaker.
	labelled bool
	claims   []claim
	// tours counts in how many lines a word that may be a place stands, those of
	// a journey more. It is made when first asked.
	tours  []int32   // by the number of the word
	scores []float64 // reused from line to line
	// reader tells by whole lines where somebody belongs.
	reader *belonging.Reader
	spans  []belonging.Span // reused from line to line
}

// line is one utterance or message.
type line struct {
	words []tagger.Word
	// person and place are the tagger's probabilities, word by word.
	person, place []float32
	// problem says how much the line reads like a mathematics problem.
	problem float64
	// flags are those of all words together; raised says that a word is written
	// like a name, dashed that a hyphen stands in the line.
	flags          uint64
	raised, dashed bool
	// claims are where those of the line begin and end in the session's.
	claims [2]int
}

// smalls reports whether no word of the line has a capital.
func (l *line) smalls() bool { return !l.raised }

// holds reports whether a word of the line is in a set.
func (l *line) holds(set uint64) bool { return l.flags&set != 0 }

func (r recognizer) read(ctx context.Context, c *finding.Conversation) (*session, error) {
	c = c.Cut()
	s := &session{c: c, lines: make([]line, len(c.Lines)), vocabulary: tagger.NewVocabulary(c.Vocabulary.Len(), flags), pairs: map[string]bool{},
		pairInitials: map[string]bool{}, calls: map[string]int{}}
	size := 0
	for i := range c.Lines {
		size += len(c.Lines[i].Tokens)
	}
	// One store for all words, one for all probabilities.
	words, values := make([]tagger.Word, size), make([]float32, 2*size)
	var scratch tagger.Scratch
	for i := range c.Lines {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		l := &s.lines[i]
		n := len(c.Lines[i].Tokens)
		l.words = s.vocabulary.Words(c.Lines[i].Text, c.Lines[i].Tokens, words[:0:n])
		l.person, l.place = values[:n:n], values[n:2*n:2*n]
		words, values = words[n:], values[2*n:]
		if l.summarize() {
			r.tag(l, &scratch)
		}
	}
	s.evidence = make([]evidence, s.vocabulary.Len())
	s.reader = belonging.NewReader(belonging.Default(), s.vocabulary.Len())
	return s, nil
}

// summarize notes what the line holds and reports whether a word is open.
func (l *line) summarize() (open bool) {
	for k := range l.words {
		w := &l.words[k]
		l.flags |= w.Flags
		open = open || w.Open
		l.raised = l.raised || w.Shape == text.Title || w.Shape == text.Mixed
		l.dashed = l.dashed || w.Norm == "-"
	}
	return open
}

func (r recognizer) tag(l *line, scratch *tagger.Scratch) {
	const labels = int(tagger.Labels)
	probs := r.model.Tag(l.words, scratch)
	for k := range l.words {
		l.person[k] = probs[k*labels+int(tagger.Person)]
		l.place[k] = probs[k*labels+int(tagger.Place)]
	}
}
