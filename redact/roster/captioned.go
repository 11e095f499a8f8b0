package roster

import (
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// captioned finds what people say that captions made of a name: "the captions put
// so chill for you", "it calls me gee eye ye every time". However far that is from
// any name, it is one to whoever was there.
func (x *index) captioned(c *finding.Conversation, out []finding.Candidate) []finding.Candidate {
	for i := range c.Lines {
		l := &c.Lines[i]
		for k := range l.Tokens {
			if !x.lists.has(&l.Tokens[k], inCaptioning) {
				continue
			}
			from, sure := x.captionStart(l.Tokens, k)
			if from == 0 {
				continue
			}
			to := x.captionEnd(l.Tokens, from, sure)
			if to == from {
				continue
			}
			out = append(out, finding.Candidate{Line: i, Start: l.Tokens[from].Start, End: l.Tokens[to-1].End, Kind: finding.Person, Score: 0.8,
				Recognizer: "roster/captioned", Key: "captioned " + joinWords(l.Tokens[from:to]), Why: "what captions are said to have made of a name"})
		}
	}
	return out
}

// captionStart gives where begins what captions made of something, when token k
// is the word for them, 0 otherwise; sure says that it is a name they made it of.
func (x *index) captionStart(t []text.Token, k int) (from int, sure bool) {
	word := t[k].Norm
	j := k + 1
	for j < len(t) && j < k+4 && adverbs[t[j].Norm] {
		j++
	}
	if j >= len(t) || !making[t[j].Norm] {
		return 0, false
	}
	verb := t[j].Norm
	j++
	at := func(i int) string {
		if i < len(t) {
			return t[i].Norm
		}
		return ""
	}
	switch {
	case (at(j) == "me" || at(j) == "you" || at(j) == "us" || at(j) == "him" || at(j) == "her") && (verb == "calls" || verb == "called" || verb == "call" || verb == "calling"):
		j, sure = j+1, true
	case (at(j) == "me" || at(j) == "you") && at(j+1) == "as":
		j, sure = j+2, true
	case (at(j) == "my" || at(j) == "your" || at(j) == "her" || at(j) == "his") && at(j+1) == "name" && (at(j+2) == "as" || at(j+2) == "into" || at(j+2) == "to"):
		j, sure = j+3, true
	case at(j) == "i" && at(j+1) == "said":
		j += 2
	case verb == "call" || verb == "called" || verb == "calls" || verb == "calling" || verb == "have" || verb == "has" || verb == "think" || verb == "thinks" || verb == "turn" || verb == "turned":
		return 0, false
	}
	if word == "it" && !sure || (word == "zoom" || word == "screen") && !sure && !x.naming(t) {
		return 0, false
	}
	return j, sure || x.naming(t)
}

// naming reports whether a line speaks of a name, or to somebody of theirs.
func (x *index) naming(t []text.Token) bool {
	for k := range t {
		switch t[k].Norm {
		case "name", "names", "me", "my", "mine", "you", "your", "yours", "ur", "urs":
			return true
		}
	}
	return false
}

// captionEnd gives where the words end that captions wrote from token from on; from
// when they may be of the lesson.
func (x *index) captionEnd(t []text.Token, from int, sure bool) int {
	to, plain := from, true
	for to < len(t) && to < from+6 && t[to].Shape.Word() && !(to > from && after[t[to].Norm]) {
		w := t[to].Norm
		if w == "" || w[0] < 'a' || w[0] > 'z' || to == from && (x.lists.has(&t[to], inDeterminers) && w != "a" || w == "ur" || w == "something" || w == "nothing") {
			return from
		}
		if x.lists.has(&t[to], inNumbers) || w == "is" || w == "are" || w == "was" || w == "it" || w == "that" || w == "this" || w == "equals" || w == "plus" || w == "minus" {
			return from
		}
		if to > from && t[to].Start > t[to-1].End+1 {
			break
		}
		plain = plain && x.common(x.of(&t[to])) >= 0.5
		to++
	}
	switch n := to - from; {
	case n == 0 || n > 5, to < len(t) && t[to].Shape.Word() && !after[t[to].Norm]:
		return from // goes on as a sentence does
	case n == 1 && (len(t[from].Norm) < 3 || plain && !sure):
		return from
	case plain && !sure && n < 2:
		return from
	}
	return to
}

var (
	captioning = set(`captions caption captioning subtitles subtitle transcript transcription autocorrect zoom screen it`)
	adverbs    = set(`keep keeps always just only even still really like once have has now actually`)
	making     = set(`say says said saying wrote writes write writing put puts putting heard hears show shows showed spell spells spelled call calls called calling have has think thinks turn turned turns`)
	// after stand behind what captions wrote.
	after = set(`for because instead again every all today yesterday now lol haha lmao too when but last earlier though tho which anyway usually sometimes once here there in on every this and`)
)
