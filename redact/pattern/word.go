package pattern

import "github.com/schoolhouse-world/veil/redact/text"

// known is what this package knows of a distinct word of a conversation: it is
// asked once for each word, however often the word comes.
type known struct {
	// begins has the bit of all phrases that are in cues.
	begins uint32
	// number says that a spoken number begins with the word.
	number bool
	read   bool
	cues   []cue
}

// cue is a word with which phrases begin, as it is and without an s at its end.
type cue struct {
	of             *phrases
	first, unowned []phrase
}

// cue gives those of some phrases.
func (k *known) cue(p *phrases) *cue {
	for i := range k.cues {
		if k.cues[i].of == p {
			return &k.cues[i]
		}
	}
	return nil
}

// cued is a matcher with phrases.
type cued interface{ phrases() *phrases }

func (e email) phrases() *phrases       { return e.cues }
func (p phone) phrases() *phrases       { return p.cues }
func (h handle) phrases() *phrases      { return h.cues }
func (m meeting) phrases() *phrases     { return m.cues }
func (id identifier) phrases() *phrases { return id.cues }
func (a account) phrases() *phrases     { return a.cues }
func (a address) phrases() *phrases     { return a.cues }
func (b birthday) phrases() *phrases    { return b.cues }
func (a age) phrases() *phrases         { return a.cues }
func (c custom) phrases() *phrases      { return c.terms }

// reader reads conversations for some matchers.
type reader struct{ cues []*phrases }

// newReader gives each matcher's phrases a bit of their own.
func newReader(matchers []matcher) *reader {
	r := new(reader)
	for _, m := range matchers {
		if c, ok := m.(cued); ok {
			p := c.phrases()
			p.bit = 1 << len(r.cues)
			r.cues = append(r.cues, p)
		}
	}
	return r
}

// look finds out what is known of a word.
func (r *reader) look(norm string) known {
	k := known{number: numberWord(norm), read: true}
	for _, p := range r.cues {
		c := cue{of: p}
		if p.may(norm) {
			c.first = p.first[norm]
		}
		if n := len(norm); n > 2 && norm[n-1] == 's' && p.may(norm[:n-1]) {
			c.unowned = p.first[norm[:n-1]]
		}
		if len(c.first)+len(c.unowned) > 0 {
			k.begins |= p.bit
			k.cues = append(k.cues, c)
		}
	}
	return k
}

// summarize notes what the tokens of a line are known for.
func (r *reader) summarize(v *view, words []known) {
	v.words = words
	for i := range v.tok {
		t := &v.tok[i]
		k := &words[t.Word]
		if !k.read {
			*k = r.look(t.Norm)
		}
		v.begins |= k.begins
		if t.Shape == text.Digit {
			v.digitCount += t.End - t.Start
		} else if t.Shape >= text.Lower && k.number {
			v.digitCount += 2
		}
	}
}

// number reports whether a spoken number begins with token i.
func (v *view) number(i int) bool { return v.words[v.tok[i].Word].number }
