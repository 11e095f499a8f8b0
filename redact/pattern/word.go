package pattern

import "github.com/schoolhouse-world/veil/redact/text"

// class is a set of classes of words. A rule asks for the class of a token
// (view.is) and not for its word in a table, and leaves a line without a word
// of the classes it needs (view.has, view.inner): what a word is gets looked up
// once for each distinct word of a conversation.
type class uint64

const (
	inUnits     class = 1 << iota // units
	inLarger                      // larger
	inTimes                       // times
	inZeros                       // o, a zero beside other digits
	inReckoning                   // reckoning
	inFillers                     // fillers
	inLetters                     // whatever is one byte long
	inAtSigns                     // @
	inHyphens                     // -
	inColons                      // :
	inLowLines                    // _
	inStops                       // .
	inGlued                       // a full stop with something right behind it
	inDots                        // dotWords
	inSaidDots                    // "dot"
	inBrackets                    // brackets
	inTops                        // topLevel
	inProviders                   // providers
	inClear                       // clearSuffix
	inLoose                       // looseSuffix
	inNoStreet                    // noStreet
	inCompass                     // compass
	inOrdinals                    // ordinalWord
	inDays                        // days
	inMonths                      // months
	inBoxes                       // postBoxes
	inStates                      // stateEnds
	inAlong                       // along
	inCorners                     // cornered
	inCasing                      // casing
	inKin                         // kinOpeners
	inYears                       // yearWords
	inOwn                         // mines
	inLots                        // lotWords
	inSelves                      // selves
	inOurs                        // ours
	inOwnDays                     // ownDays
	inAsksFor                     // senders
	inWritten                     // words for what joins the parts of a name
	known                         // the word has been looked up
)

// inNumbers are the words with which a spoken number begins.
const inNumbers = inUnits | inLarger | inTimes

// classed has the classes of every word that is in one.
var classed = func() map[string]class {
	all := make(map[string]class)
	classify(all, inUnits, units)
	classify(all, inLarger, larger)
	classify(all, inTimes, times)
	classify(all, inDays, days)
	classify(all, inMonths, months)
	for c, words := range map[class]map[string]bool{
		inReckoning: reckoning, inFillers: fillers, inDots: dotWords, inBrackets: brackets, inTops: topLevel, inProviders: providers,
		inClear: clearSuffix, inLoose: looseSuffix, inNoStreet: noStreet, inCompass: compass, inOrdinals: ordinalWord, inBoxes: postBoxes,
		inStates: stateEnds, inAlong: along, inCorners: cornered, inCasing: casing, inKin: kinOpeners, inYears: yearWords, inOwn: mines, inZeros: set("o"), inAtSigns: set("@ ＠"),
		inLots: lotWords, inSelves: selves, inOurs: ours, inOwnDays: ownDays, inAsksFor: senders,
		inWritten: set("underscore dot dash"), inHyphens: set("-"), inColons: set(":"), inLowLines: set("_"), inStops: set("."), inSaidDots: set("dot"),
	} {
		classify(all, c, words)
	}
	return all
}()

func classify[V any](all map[string]class, c class, words map[string]V) {
	for w := range words {
		all[w] |= c
	}
}

// word is what this package knows of a distinct word of a conversation.
type word struct {
	class class
	// These have the bits of all phrases (phrases.bit).
	alone  uint32 // that may be found at the word, whatever follows it
	begins uint32 // that may be found at the word
	second uint32 // that may go on with the word
	// Most words before and behind which phrases stand make none together: sum
	// is the checksum of the word, after those of the words that follow it.
	sum, after uint64
}

// before gives the phrases that may be found at w when next is behind it.
func (w *word) before(next *word) uint32 {
	if w.after&next.sum == 0 {
		return w.alone
	}
	return w.alone | w.begins&next.second
}

// checksum is one bit of 64.
func checksum(norm string) uint64 {
	n := len(norm)
	if n == 0 {
		return 0
	}
	return 1 << ((norm[0]*7 ^ norm[n-1]*3 ^ norm[n/2]*13 + byte(n)) & 63)
}

// entry is what a reader knows of a word before it has read any.
type entry struct {
	word
	// With an s behind it the word is one of these, as "number's" is of "my
	// number".
	single, last uint32
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
type reader struct{ entries map[string]entry }

// newReader gives each matcher's phrases a bit of their own.
func newReader(matchers []matcher) *reader {
	r := &reader{make(map[string]entry)}
	for w, c := range classed {
		r.entries[w] = entry{word: word{class: c}}
	}
	bit := uint32(1)
	for _, m := range matchers {
		if c, ok := m.(cued); ok {
			c.phrases().bit = bit
			r.enter(c.phrases())
			bit <<= 1
		}
	}
	return r
}

// enter notes at which words phrases begin and how they go on.
func (r *reader) enter(p *phrases) {
	for first, list := range p.first {
		e := r.entries[first]
		e.begins |= p.bit
		for _, ph := range list {
			switch {
			case len(ph.words) == 1:
				e.alone, e.single = e.alone|p.bit, e.single|p.bit
			case ph.words[1] == anyWords:
				e.alone |= p.bit
			default:
				e.after |= checksum(ph.words[1])
			}
		}
		r.entries[first] = e
		for _, ph := range list {
			if len(ph.words) > 1 {
				e := r.entries[ph.words[1]]
				e.second |= p.bit
				if len(ph.words) == 2 {
					e.last |= p.bit
				}
				r.entries[ph.words[1]] = e
			}
		}
	}
}

// look finds out what is known of a word.
func (r *reader) look(norm string) word {
	w := r.entries[norm].word
	w.class |= known
	w.sum = checksum(norm)
	if n := len(norm); n > 2 && norm[n-1] == 's' {
		e := r.entries[norm[:n-1]]
		w.alone |= e.single
		w.second |= e.last
		w.sum |= checksum(norm[:n-1])
	} else if n == 1 {
		w.class |= inLetters
	}
	return w
}

// marks are the classes of what stands in a label of an earlier redaction. The
// label is of none of them, but a rule that reads the text and not the tokens
// may be about them.
func marks(label string) (in class) {
	for _, mark := range label {
		in |= classed[string(mark)]
	}
	if in&inStops != 0 {
		in |= inGlued
	}
	return in
}

// summarize notes what the tokens of a line are.
func (r *reader) summarize(v *view) {
	words := v.reading.words
	var last *word
	for i := range v.tok {
		t := &v.tok[i]
		w := &words[t.Word]
		if w.class == 0 {
			*w = r.look(t.Norm)
		}
		if last != nil {
			v.inner |= last.class
			v.begins |= last.before(w)
		}
		switch {
		case t.Shape == text.Digit:
			v.digitCount += t.End - t.Start
			v.reading.digits++
		case t.Shape == text.Mark:
			if w.class&inStops != 0 && v.joined(i) {
				v.inner |= inGlued
			}
			if len(t.Norm) > 1 && t.Norm[0] == '[' {
				v.inner |= marks(t.Norm)
			}
		case w.class&inNumbers != 0:
			v.digitCount += 2
			v.reading.digits++
		}
		last = w
	}
	v.has = v.inner
	if last != nil {
		v.has |= last.class
		v.begins |= last.alone
	}
}

// known is what is known of the word of token i.
func (v *view) known(i int) *word { return &v.reading.words[v.tok[i].Word] }

// is reports whether token i is of one of some classes.
func (v *view) is(i int, in class) bool {
	return i >= 0 && i < len(v.tok) && v.known(i).class&in != 0
}

// holds reports whether a word of one of some classes stands in the body.
func (v *view) holds(in class) bool {
	if v.has&in == 0 {
		return false
	}
	for i := v.body; i < len(v.tok); i++ {
		if v.known(i).class&in != 0 {
			return true
		}
	}
	return false
}

// number reports whether a spoken number begins with token i.
func (v *view) number(i int) bool { return v.is(i, inNumbers) }

// numberWord reports whether a spoken number begins with a word.
func numberWord(w string) bool { return classed[w]&inNumbers != 0 }

// operatorWord reports whether a word is one of arithmetic.
func operatorWord(w string) bool { return classed[w]&inReckoning != 0 && len(w) > 1 && w[0] < 0x80 }
