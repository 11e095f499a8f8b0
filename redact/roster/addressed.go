package roster

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// NewAddressed returns a recognizer of people nobody listed: whoever is spoken
// to by name again and again in a session ("Okay, Sky, …", "Sky, what is …?")
// takes part in it, even when the name is an everyday word. Such names are then
// looked for in every place, as those of a roster are. It is safe for
// concurrent use.
func NewAddressed(o Options) finding.Recognizer {
	if o.Lexicon == nil {
		o.Lexicon = grammar{}
	}
	return addressed{o.Lexicon}
}

type addressed struct{ lexicon Lexicon }

func (addressed) Name() string { return "addressed" }

func (r addressed) Find(ctx context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	c = c.Cut()
	lists := newListing(c)
	calls := r.calls(c, lists)
	if len(calls) == 0 {
		return nil, nil
	}
	known := newIndex(r.lexicon, c, lists)
	known.addPeople(c.People)
	x := newIndex(r.lexicon, c, lists)
	x.loose = false
	var trust []float64
	for _, called := range calls {
		if hits := known.forms[called.norm]; len(hits) > 0 && hits[0].way == exact {
			continue
		}
		if p := called.trust(r.lexicon, len(c.People) > 0); p > 0 {
			x.people = append(x.people, person{key: called.norm})
			x.enter(len(x.people)-1, first, called.norm, []string{called.norm})
			trust = append(trust, p)
		}
	}
	if len(x.people) == 0 {
		return nil, nil
	}
	var out []finding.Candidate
	for i := range c.Lines {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for _, f := range x.line(c, i) {
			if f.Keep {
				continue
			}
			n := slices.IndexFunc(x.people, func(p person) bool { return p.key == f.Key })
			f.Score *= trust[n]
			f.Recognizer = "addressed/name"
			f.Why = "a name by which somebody is spoken to in this session"
			out = append(out, f)
		}
	}
	return out, nil
}

// call counts how a word is used where somebody may be spoken to.
type call struct {
	norm string
	// asked counts what can hardly be anything but an address ("Sky, what …"),
	// clear what is likely one ("Okay, Sky, …"), weak the rest.
	asked, clear, weak int
}

// trust is the probability that the word is the name of somebody present, 0
// when it is less than even. listed says that a roster is known: then few can
// be spoken to who are not on it.
func (k call) trust(lexicon Lexicon, listed bool) float64 {
	common, name := lexicon.Word(k.norm), lexicon.Name(k.norm)
	if k.asked+k.clear == 0 {
		return 0
	}
	odds := -2.5 + 1.6*math.Log1p(float64(8*k.asked+2*k.clear)) + 0.4*math.Log1p(float64(k.weak)) + 3*name
	if k.asked+k.clear < 2 {
		odds -= 2.5 * common
	} else {
		odds -= 1.2 * common
	}
	if name < 0.2 && common > 0.1 {
		odds -= 2
	}
	// What speech recognition makes of half a word is short.
	if len(k.norm) < 4 && name < 0.4 {
		odds -= 2
	}
	if len(k.norm) < 3 {
		odds -= 1.5
	}
	if listed {
		odds -= 2
	}
	if p := 1 / (1 + math.Exp(-odds)); p >= 0.5 {
		return p
	}
	return 0
}

// calls collects who is spoken to, in alphabetical order.
func (addressed) calls(c *finding.Conversation, lists listing) []call {
	found := map[int32]*call{}
	for i := range c.Lines {
		l := &c.Lines[i]
		for k := range l.Tokens {
			t := &l.Tokens[k]
			if t.Shape < text.Lower || len(t.Norm) < 2 {
				continue
			}
			// A clause ends or begins at an address: most words fail here.
			if k+1 < len(l.Tokens) && l.Tokens[k+1].Shape != text.Mark && (k == 0 || !lists.has(&l.Tokens[k-1], inGreetings)) {
				continue
			}
			if lists.has(t, inNever|inOpeners) || inQuote(l, t.Start) || lists.babble(t) {
				continue
			}
			p := lists.look(l.Tokens, k, k)
			if !p.called || !p.closes && !p.opens {
				continue
			}
			f := found[t.Word]
			if f == nil {
				f = &call{norm: t.Norm}
				found[t.Word] = f
			}
			switch strength := p.name; {
			case strength >= askedOdds:
				f.asked++
			case strength >= 3.2:
				f.clear++
			default:
				f.weak++
			}
		}
	}
	out := make([]call, 0, len(found))
	for _, f := range found {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b call) int { return strings.Compare(a.norm, b.norm) })
	return out
}

func inQuote(l *finding.Line, at int) bool {
	for _, q := range l.Quotes {
		if q.Start <= at && at < q.End {
			return true
		}
	}
	return false
}
