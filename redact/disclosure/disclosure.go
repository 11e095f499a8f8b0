// Package disclosure proposes what people in a lesson tell of themselves in no
// set form: how old they are and when they were born, where they live, what they
// are called on the networks, and the numbers and codes that are theirs. "I turn
// fifteen in March", "it's soggy waffle, all one word", "four oh two, then seven
// seven one". No phrase announces most of it: the line, the question before and
// the answer after tell it together, and a classifier weighs them. How it is
// trained is in ./train.
package disclosure

import (
	"context"
	"math"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/internal/setting"
	"github.com/schoolhouse-world/veil/redact/text"
)

// likely is the least probability at which a word is proposed by itself, near
// that of one beside such a word. Most of what is proposed with little is no
// identifier: package judge weighs it again.
const (
	likely = 0.25
	near   = 0.2
)

// New gives the recognizer with the embedded model. It is safe for concurrent
// use and holds no state of a session.
func New() finding.Recognizer { return With(Default()) }

// With gives the recognizer with a model.
func With(m *Model) finding.Recognizer { return recognizer{m} }

type recognizer struct{ model *Model }

func (recognizer) Name() string { return "disclosure" }

// Find reads the lines in order. What it proposes has the probability of its
// likeliest word as its score.
func (r recognizer) Find(ctx context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	c = c.Cut()
	reader := NewReader(r.model, c)
	var out []finding.Candidate
	for i := range c.Lines {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		out = reader.line(i, out)
	}
	return out, nil
}

// Reader reads the lines of one conversation. Not for concurrent use.
type Reader struct {
	model    *Model
	c        *finding.Conversation
	setting  *setting.Reader
	t        []text.Token
	w        []*setting.Word
	features []uint32
	probs    []probabilities
}

// NewReader makes a Reader of a conversation that has been cut.
func NewReader(m *Model, c *finding.Conversation) *Reader {
	return &Reader{model: m, c: c, setting: setting.NewReader(c)}
}

// Tells reports whether anything is likely to be told in line i. Without a model
// for lines everything is.
func (r *Reader) Tells(i int) bool {
	return r.model == nil || r.Line(i) >= r.model.Least
}

// Line is the probability that something is told in line i, 0 to 1.
func (r *Reader) Line(i int) float32 {
	r.setting.Read(i)
	r.features = r.setting.Line(r.features[:0])
	var p [2]float32
	r.model.Line.Probabilities(r.features, p[:])
	return p[1]
}

// LineFeatures appends the buckets that describe line i.
func (r *Reader) LineFeatures(i int, out []uint32) []uint32 {
	r.setting.Read(i)
	return r.setting.Line(out)
}

// line appends what line i tells.
func (r *Reader) line(i int, out []finding.Candidate) []finding.Candidate {
	t := r.c.Lines[i].Tokens
	if len(t) == 0 || r.answered(i) || !r.Tells(i) || !r.judge(i) {
		return out
	}
	last := 0 // where the one before ends
	for k := 0; k < len(t); k++ {
		if r.probs[k].any() < likely {
			continue
		}
		from, to := r.grow(t, k)
		from, last = max(from, last), to
		score := 0.0
		for j := from; j < to; j++ {
			score = max(score, r.probs[j].any())
		}
		k = to - 1
		label := r.kind(from, to)
		if from, to = r.trim(t, from, to, label); from == to || !r.sound(i, from, to, label) {
			continue
		}
		what := labels[label]
		out = append(out, finding.Candidate{Line: i, Start: t[from].Start, End: t[to-1].End, Kind: what.kind, Score: min(score, 0.97),
			Recognizer: "disclosure/" + what.rule, Why: what.why})
	}
	return out
}

// answered reports whether a label of an earlier redaction stands in line i or
// near it: what was told there has been removed.
func (r *Reader) answered(i int) bool {
	for j := max(i-before, 0); j <= min(i+1, len(r.c.Lines)-1); j++ {
		if labelled(r.c.Lines[j].Tokens) {
			return true
		}
	}
	return false
}

// labelled reports whether such a label is among the tokens.
func labelled(t []text.Token) bool {
	for k := range t {
		if n := t[k].Norm; len(n) > 2 && n[0] == '[' && t[k].Shape == text.Mark {
			return true
		}
	}
	return false
}

// judge fills probs and reports whether a word may be part of anything.
func (r *Reader) judge(i int) (some bool) {
	r.setting.Read(i)
	r.t, r.w = r.c.Lines[i].Tokens, r.setting.Words()
	if cap(r.probs) < len(r.t) {
		r.probs = make([]probabilities, 2*len(r.t))
	}
	r.probs = r.probs[:len(r.t)]
	clear(r.probs)
	for k := range r.t {
		if r.first(k) {
			r.score(k)
		}
	}
	r.level()
	for k := range r.t {
		some = some || r.probs[k].any() >= likely
	}
	if !some {
		return false
	}
	// Small words are parts of identifiers only beside the rest of one.
	for k := range r.t {
		if r.probs[k].any() >= near {
			for j := k - 1; j >= 0 && r.reaches(j); j-- {
			}
			for j := k + 1; j < len(r.t) && r.reaches(j); j++ {
			}
		}
	}
	return true
}

// level gives all digits of a number the probabilities that they have on average:
// they are of one identifier or of none.
func (r *Reader) level() {
	for k := 0; k < len(r.t); k++ {
		if r.setting.Run(k) == 0 {
			continue
		}
		var sum [Labels]float64
		to, n := k, 0.0
		for ; to < len(r.t) && r.setting.Run(to) > 0; to++ {
			if p := &r.probs[to]; p[Outside] > 0 {
				for l, v := range p {
					sum[l] += math.Log(max(float64(v), 1e-6))
				}
				n++
			}
		}
		total := 0.0
		for l := range sum {
			sum[l] = math.Exp(sum[l] / max(n, 1))
			total += sum[l]
		}
		for ; k < to; k++ {
			if p := &r.probs[k]; p[Outside] > 0 {
				for l := range p {
					p[l] = float32(sum[l] / total)
				}
			}
		}
		k--
	}
}

// first reports whether token k may be part of an identifier by itself.
func (r *Reader) first(k int) bool {
	s := r.w[k].Sort
	return s.Number() || s == setting.Month || s == setting.Letter || s >= setting.Common && s <= setting.Spoken
}

// reaches scores token k beside what is likely, and reports whether it is too.
func (r *Reader) reaches(k int) bool {
	if r.t[k].Shape == text.Mark {
		return r.w[k].Sort != setting.Asks
	}
	if r.probs[k][Outside] > 0 {
		return false
	}
	r.score(k)
	return r.probs[k].any() >= near
}

func (r *Reader) score(k int) {
	r.features = r.setting.Describe(k, r.features[:0])
	r.model.Probabilities(r.features, r.probs[k][:])
}

// Features calls visit with the buckets of every token of line i that may be
// part of an identifier. Training uses it; the slice is good until visit returns.
func (r *Reader) Features(i int, visit func(k int, features []uint32)) {
	if !r.Tells(i) {
		return
	}
	r.setting.Read(i)
	for k, t := range r.c.Lines[i].Tokens {
		if t.Shape != text.Mark {
			r.features = r.setting.Describe(k, r.features[:0])
			visit(k, r.features)
		}
	}
}

// grow extends what holds token k over likely neighbours and the marks and small
// words between them ("nine, um, four", "noodle _ cat"), and over the rest of a
// number that it reaches.
func (r *Reader) grow(t []text.Token, k int) (from, to int) {
	from, to = k, k+1
	for from > 0 {
		next := from - 1
		for next > 0 && from-next < 3 && r.passes(t, next) {
			next--
		}
		if r.probs[next].any() < near {
			break
		}
		from = next
	}
	for to < len(t) {
		next := to
		for next+1 < len(t) && next-to < 2 && r.passes(t, next) {
			next++
		}
		if r.probs[next].any() < near {
			break
		}
		to = next + 1
	}
	for from > 0 && joined(t, from-1) {
		from--
	}
	for to < len(t) && joined(t, to-1) {
		to++
	}
	return from, to
}

// trim leaves out small words at the ends ("ok", "mail me at"), but those with
// which an address for mail ends.
func (r *Reader) trim(t []text.Token, from, to int, label Label) (int, int) {
	loose := func(k int) bool {
		return t[k].Shape == text.Mark && t[k].Norm != "@" && t[k].Norm != "#" || !r.w[k].Sort.Number() && (idle[t[k].Norm] || r.w[k].Sort == setting.Grammar)
	}
	for from < to && loose(from) {
		from++
	}
	for to > from && loose(to-1) && !(label == Email && endings[t[to-1].Norm]) {
		to--
	}
	return from, to
}

var endings = set(`com org net edu us gmail mail uk ca`)

// joined reports whether tokens k and k+1 touch and are of one word or number.
func joined(t []text.Token, k int) bool {
	return t[k].End == t[k+1].Start && t[k].Shape != text.Mark && t[k+1].Shape != text.Mark
}

// passes reports whether token k may stand inside of an identifier without being
// likely itself.
func (r *Reader) passes(t []text.Token, k int) bool {
	return r.probs[k].any() < near && (t[k].Shape == text.Mark || fillers[t[k].Norm])
}

var fillers = set(`um uh er like then and so oh`)

// told is how a label is reported.
type told struct {
	kind finding.Kind
	rule string
	why  string
}

// kind tells what tokens from..to are: the label that most of them speak for.
func (r *Reader) kind(from, to int) Label {
	var sums probabilities
	for k := from; k < to; k++ {
		for l, p := range r.probs[k] {
			sums[l] += p
		}
	}
	best := Outside + 1
	for l := best; l < Labels; l++ {
		if sums[l] > sums[best] {
			best = l
		}
	}
	return best
}

var labels = [Labels]told{
	Handle:   {finding.Handle, "handle", "the talk tells what somebody is called on a network"},
	Email:    {finding.Email, "email", "the talk tells somebody's address for mail"},
	Phone:    {finding.Phone, "phone", "the talk tells somebody's telephone number"},
	ID:       {finding.ID, "id", "the talk tells a number that is somebody's"},
	Code:     {finding.Meeting, "code", "the talk tells a code that lets somebody in"},
	Age:      {finding.Age, "age", "the talk tells how old somebody is"},
	Birthday: {finding.DateOfBirth, "birthday", "the talk tells when somebody was born"},
	Address:  {finding.Address, "address", "the talk tells where somebody lives"},
}
