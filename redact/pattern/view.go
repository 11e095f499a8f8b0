package pattern

import (
	"strings"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// view is a line as the matchers see it.
type view struct {
	line    int
	text    string
	tok     []text.Token
	body    int // first token after a repeated message
	speaker string
	chat    bool
	reading *reading
	// has are the classes of all tokens, inner those of all but the last one.
	has, inner class
	begins     uint32 // the phrases that may be in the line
	digitCount int    // about how many digits there are, written and said
	digitRuns  []run  // once counted
	counted    bool
}

// reading is what the views of a conversation share. The stores are for what
// lines that hold numbers need, so that it takes few allocations.
type reading struct {
	words  []word // by their number in the vocabulary
	digits int    // how many tokens are digits or number words
	runs   []run
	groups []int
}

// read makes views of a conversation that has been cut.
func (r *reader) read(c *finding.Conversation) []view {
	lines, shared := make([]view, len(c.Lines)), &reading{words: make([]word, c.Vocabulary.Len())}
	for i := range c.Lines {
		l := &c.Lines[i]
		v := &lines[i]
		v.line, v.text, v.tok, v.speaker, v.chat, v.reading = i, l.Text, l.Tokens, l.Speaker, l.Channel == finding.Chat, shared
		r.summarize(v)
		if v.speaker == "" {
			v.speaker = l.SpeakerName
		}
		if len(l.Quotes) > 0 || strings.HasPrefix(l.Text, "Re") || strings.HasPrefix(l.Text, "re") {
			if _, end, ok := header(l); ok {
				for v.body < len(v.tok) && v.tok[v.body].Start < end {
					v.body++
				}
			}
		}
	}
	// Most numbers are runs of their own.
	shared.runs, shared.groups = make([]run, 0, shared.digits), make([]int, 0, shared.digits)
	return lines
}

// joined reports whether token i touches the one after it.
func (v *view) joined(i int) bool {
	return i >= 0 && i+1 < len(v.tok) && v.tok[i].End == v.tok[i+1].Start
}

func (v *view) norm(i int) string {
	if i < 0 || i >= len(v.tok) {
		return ""
	}
	return v.tok[i].Norm
}

func (v *view) word(i int) bool { return i >= 0 && i < len(v.tok) && v.tok[i].Shape.Word() }

func (v *view) digits(i int) bool {
	return i >= 0 && i < len(v.tok) && v.tok[i].Shape == text.Digit
}

// size is the number of digits of token i.
func (v *view) size(i int) int { return utf8.RuneCountInString(v.tok[i].Norm) }

// tokens makes a candidate of tokens from to to-1.
func (v *view) tokens(from, to int, k finding.Kind, score float64, rule, why string) finding.Candidate {
	return v.bytes(v.tok[from].Start, v.tok[to-1].End, k, score, rule, why)
}

func (v *view) bytes(start, end int, k finding.Kind, score float64, rule, why string) finding.Candidate {
	return finding.Candidate{Line: v.line, Start: start, End: end, Kind: k, Score: score, Recognizer: "pattern/" + rule, Why: why}
}

// answered reports whether a label of an earlier redaction, which the engine
// makes one mark, stands in the line from token i on: what was asked for there
// has been said and removed.
func (v *view) answered(i int) bool {
	for ; i < len(v.tok); i++ {
		if n := v.tok[i].Norm; len(n) > 2 && n[0] == '[' && v.tok[i].Shape == text.Mark {
			return true
		}
	}
	return false
}

// next returns the line in which the speaker of line i goes on, past at most
// two short remarks of others, or -1.
func next(lines []view, i int) int {
	for j := i + 1; j < len(lines) && j <= i+3; j++ {
		if lines[j].chat != lines[i].chat {
			return -1
		}
		if lines[j].speaker == lines[i].speaker {
			return j
		}
		if len(lines[j].tok) > 8 {
			return -1
		}
	}
	return -1
}

// previous is the reverse of next.
func previous(lines []view, i int) int {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if lines[j].chat != lines[i].chat {
			return -1
		}
		if lines[j].speaker == lines[i].speaker {
			return j
		}
		if len(lines[j].tok) > 8 {
			return -1
		}
	}
	return -1
}

// window remembers the last line with a cue: an answer comes soon after it.
type window struct {
	line int
	set  bool
	chat bool
}

func (w *window) open(v *view) { *w = window{line: v.line, set: true, chat: v.chat} }

// holds reports whether v is near enough to the cue to be its answer. In a
// chat several people answer the same question.
func (w *window) holds(v *view) bool {
	if !w.set || w.chat != v.chat {
		return false
	}
	if v.chat {
		return v.line-w.line <= 8
	}
	return v.line-w.line <= 4
}

// fillers are what people say while they look for the next word.
var fillers = set("um uh er erm hmm mm mhm like so ok okay yeah yes yep sure well and then oh its it is ya yea yup alright hey mine mines")

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// only reports whether tokens from to to-1 are marks and fillers.
func (v *view) only(from, to int) bool {
	for i := from; i < to; i++ {
		if v.tok[i].Shape != text.Mark && !v.is(i, inFillers) {
			return false
		}
	}
	return true
}
