// Package judge tells how likely what a recognizer proposes belongs to the life
// of somebody in the session. A name, a school, a number looks the same in a word
// problem and in small talk; the words around it and in the lines beside tell
// them apart. A classifier weighs them together with who proposed it, how surely,
// and what speaks against it. How it is trained is in ./train.
package judge

import (
	_ "embed"
	"math"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/internal/setting"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Proposal is what recognizers propose for one range, before it is judged.
type Proposal struct {
	finding.Candidate
	// By are the rules that propose it, the surest first; Score is what they come
	// to together.
	By []string
	// Against is the rule that speaks most for keeping it, "" when none, and
	// Doubt how surely, 0 to 1.
	Against string
	Doubt   float64
}

// Model is immutable and safe for concurrent use.
type Model = logistic.Model

//go:embed model.bin
var packed []byte

// Default gives the embedded model, unpacked once.
var Default = logistic.Embedded("judge", packed, logistic.Read)

// Read unpacks a model that ./train made.
func Read(packed []byte) (*Model, error) { return logistic.Unpack(packed, logistic.Read) }

// Reader judges proposals in one conversation. Not for concurrent use.
type Reader struct {
	model   *Model
	c       *finding.Conversation
	setting *setting.Reader
	// places are those of every word, by its number; those of word w end before
	// ends[w+1].
	places   []place
	ends     []int32
	features []uint32
}

// place is a token of a line.
type place struct{ line, token int32 }

// NewReader makes a Reader of a conversation that has been cut.
func NewReader(m *Model, c *finding.Conversation) *Reader {
	return &Reader{model: m, c: c, setting: setting.NewReader(c)}
}

// Score is the probability that a proposal must go, 0 to 1.
func (r *Reader) Score(p *Proposal) float64 {
	r.features = r.Features(p, r.features[:0])
	var probs [2]float32
	r.model.Probabilities(r.features, probs[:])
	return float64(probs[1])
}

// Features appends the buckets that describe a proposal.
func (r *Reader) Features(p *Proposal, out []uint32) []uint32 {
	r.setting.Read(p.Line)
	t, w := r.c.Lines[p.Line].Tokens, r.setting.Words()
	from, to := 0, len(t)
	for from+1 < to && t[from].End <= p.Start {
		from++
	}
	for to-1 > from && t[to-1].Start >= p.End {
		to--
	}
	kind := setting.Hash(string(p.Kind))
	add := func(template, a, b uint32) { out = append(out, setting.Mix(template, a, b)) }
	sure := step(p.Score)
	add(100, kind, 0)
	add(101, kind, sure)
	for n, rule := range p.By {
		if n == 3 {
			break
		}
		rule := setting.Hash(rule)
		add(102, rule, sure)
		add(103, rule, kind)
		if n > 0 {
			add(104, rule, setting.Hash(p.By[0]))
		}
	}
	against := setting.Hash(p.Against)
	add(105, against, kind)
	add(106, against, step(p.Doubt))
	add(107, setting.Mix(0, against, step(p.Doubt)), setting.Mix(0, kind, sure))
	add(108, uint32(min(to-from, 6)), kind)
	add(109, uint32(t[from].Shape)<<8|uint32(t[to-1].Shape), kind)
	add(110, uint32(w[from].Sort)<<8|uint32(w[to-1].Sort), kind)
	others := r.standing(&t[from])
	add(111, size(len(others)), kind)
	add(112, r.setting.Style(), kind)
	add(113, size(len(r.c.Lines)), kind)
	add(114, size(len(r.c.Lines)), setting.Mix(0, kind, sure))
	before, behind := r.setting.Next(from, to)
	before2, _ := r.setting.Next(from-1, to)
	_, behind2 := r.setting.Next(from, to+1)
	add(115, before, kind)
	add(116, behind, kind)
	add(117, setting.Mix(0, before2, before), kind)
	add(118, setting.Mix(0, behind, behind2), kind)
	add(119, setting.Mix(0, before, behind), kind)
	if s := w[from].Sort; s == setting.Common || s == setting.Known || s == setting.Grammar {
		add(120, w[from].Hash, kind) // a word is itself evidence, a name is not
	}
	add(122, uint32(min(len(t[from].Norm), 9))<<8|uint32(w[from].Sort), kind)
	if n := r.setting.Run(from); n > 0 {
		add(121, uint32(n), kind)
	}
	out = r.setting.Around(from, to, kind, 130, out)
	if w[from].Sort < setting.Known {
		return out
	}
	return r.elsewhere(p.Line, from, others, kind, out)
}

// mentions bounds how many other places of a name are looked at.
const mentions = 6

// elsewhere appends the buckets of the words beside the same word in other lines:
// what is said of somebody there tells who is meant here.
func (r *Reader) elsewhere(line, token int, others []place, kind uint32, out []uint32) []uint32 {
	n := 0
	for _, o := range others {
		if int(o.line) == line && int(o.token) == token {
			continue
		}
		if n++; n > mentions {
			break
		}
		t := r.c.Lines[o.line].Tokens
		at := func(k int) uint32 {
			if k < 0 || k >= len(t) {
				return 1
			}
			return r.setting.Word(&t[k]).Hash
		}
		k := int(o.token)
		out = append(out, setting.Mix(170, at(k-1), kind), setting.Mix(171, at(k+1), kind), setting.Mix(172, setting.Mix(0, at(k+1), at(k+2)), kind), setting.Mix(173, setting.Mix(0, at(k-2), at(k-1)), kind))
	}
	return out
}

// standing gives where a word stands in the conversation.
func (r *Reader) standing(t *text.Token) []place {
	if r.ends == nil {
		r.index()
	}
	return r.places[r.ends[t.Word]:r.ends[t.Word+1]]
}

// index sorts the places of all words by their numbers.
func (r *Reader) index() {
	r.ends = make([]int32, r.c.Vocabulary.Len()+2)
	all := 0
	for i := range r.c.Lines {
		for k := range r.c.Lines[i].Tokens {
			r.ends[r.c.Lines[i].Tokens[k].Word+2]++
			all++
		}
	}
	for w := 2; w < len(r.ends); w++ {
		r.ends[w] += r.ends[w-1]
	}
	r.places = make([]place, all)
	for i := range r.c.Lines {
		for k := range r.c.Lines[i].Tokens {
			at := &r.ends[r.c.Lines[i].Tokens[k].Word+1]
			r.places[*at] = place{int32(i), int32(k)}
			*at++
		}
	}
}

// size is a number, coarsely.
func size(n int) uint32 {
	s := uint32(0)
	for ; n > 0; n >>= 1 {
		s++
	}
	return s
}

// step is a probability in steps of its log-odds.
func step(p float64) uint32 {
	p = min(max(p, 0.002), 0.998)
	return uint32(int32(math.Round(math.Log(p/(1-p))*1.5)) + 20)
}

// Judges reports whether a proposal of some rules is judged: those of package
// roster know who is there, those of an organisation's own terms are its word,
// and what has a form of its own (an address for mail, a link) needs no judge.
func Judges(p *Proposal) bool {
	for _, rule := range p.By {
		family, _, _ := strings.Cut(rule, "/")
		switch family {
		case "names", "disclosure":
		case "pattern":
			if p.Score >= formed && !strings.HasPrefix(rule, "pattern/long/") {
				return false
			}
		default:
			return false
		}
	}
	switch p.Kind {
	case finding.Person, finding.School, finding.Org, finding.Location, finding.Age, finding.DateOfBirth, finding.Address,
		finding.Handle, finding.ID, finding.Meeting, finding.Phone, finding.Email:
		return true
	}
	return false
}

// formed is the score of a pattern that is sure by its form.
const formed = 0.955
