package zoom

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// replyWords stand before the quote of a reply, in each client's language.
var replyWords = []string{
	`Replying to "`,
	`Antwoord verzenden naar "`,
	`Répondre à "`,
	`Respondiendo a "`,
	`Antworten auf "`,
	`正在回复 "`,
}

// reactionWords stand around the quote and the emoji of a reaction.
var reactionWords = []struct{ before, between, after string }{
	{`Reacted to "`, `" with `, ``},
	{`Heeft gereageerd op "`, `" met `, ``},
	{`A réagi à "`, `" avec `, ``},
	{`Se ha reaccionado a "`, `" con `, ``},
	{`Hat auf "`, `" mit `, ` reagiert`},
	// A mobile client puts the quotes around the emoji.
	{`Reacted to `, ` with "`, `"`},
}

// emojiFirst are the words around a reaction that names the emoji before the
// quote.
var emojiFirst = []struct {
	before, between, after string
	kind                   session.MessageKind
}{
	{`已使用`, `回应"`, `"`, session.Reaction},
	{`Removed a `, ` reaction from "`, `"`, session.ReactionRemoved},
}

// bareWords stand before an emoji in older saved chats, which do not say what
// the reaction is to.
var bareWords = []struct {
	before string
	kind   session.MessageKind
}{
	{"add ", session.Reaction},
	{"remove ", session.ReactionRemoved},
}

// interpret reads what kind of message a body is. onLine allows a reply's text
// on the line of its quote and reactions without a quote, as saved chats have.
func (m *Message) interpret(body string, onLine bool, past *history) {
	m.Kind, m.Text = session.Plain, body
	if m.reaction(strings.TrimRight(body, blanksAndEnd), onLine) {
		m.Text = ""
		return
	}
	for _, words := range replyWords {
		if rest, ok := strings.CutPrefix(body, words); ok {
			if quoted, text, ok := cutReply(rest, onLine, past); ok {
				m.Kind, m.Quoted, m.HasQuote, m.Text = session.Reply, quoted, true, text
			}
			return
		}
	}
}

func (m *Message) reaction(body string, bare bool) bool {
	for _, w := range reactionWords {
		rest, ok := strings.CutPrefix(body, w.before)
		if !ok {
			continue
		}
		if rest, ok = strings.CutSuffix(rest, w.after); !ok {
			continue
		}
		at := strings.LastIndex(rest, w.between)
		if at < 0 || !isEmoji(rest[at+len(w.between):]) {
			continue
		}
		m.Kind, m.Quoted, m.HasQuote, m.Emoji = session.Reaction, rest[:at], true, rest[at+len(w.between):]
		return true
	}
	for _, w := range emojiFirst {
		rest, ok := strings.CutPrefix(body, w.before)
		if !ok {
			continue
		}
		emoji, quoted, ok := strings.Cut(rest, w.between)
		if !ok || !isEmoji(emoji) {
			continue
		}
		if quoted, ok = strings.CutSuffix(quoted, w.after); !ok {
			continue
		}
		m.Kind, m.Quoted, m.HasQuote, m.Emoji = w.kind, quoted, true, emoji
		return true
	}
	for _, w := range bareWords {
		if emoji, ok := strings.CutPrefix(body, w.before); ok && bare && isEmoji(emoji) {
			m.Kind, m.Emoji = w.kind, emoji
			return true
		}
	}
	return false
}

// closing is a quotation mark that may end a quote.
type closing struct {
	at   int // the mark
	text int // where what was written begins
}

// cutReply parts quote and text. A quote may hold quotation marks and line
// breaks, so several marks may be its end. The one that makes the quote an
// earlier message is; without that message, the first that leaves a quote cut
// by the client or one whose marks are in pairs.
func cutReply(rest string, onLine bool, past *history) (quoted, text string, ok bool) {
	ends := closings(rest, onLine)
	if len(ends) == 0 {
		return "", "", false
	}
	best := ends[0]
	if len(ends) > 1 {
		best = choose(rest, ends, past)
	}
	return rest[:best.at], rest[best.text:], true
}

// maxClosings bounds the ends that are looked at, for hostile files.
const maxClosings = 64

func closings(rest string, onLine bool) []closing {
	var out []closing
	for at := 0; at < len(rest) && len(out) < maxClosings; at++ {
		if rest[at] != '"' {
			continue
		}
		if text, ok := afterQuote(rest, at+1, onLine); ok {
			out = append(out, closing{at, text})
		}
	}
	return out
}

// afterQuote is where the text of a reply begins behind the quote's end.
func afterQuote(rest string, from int, onLine bool) (int, bool) {
	at := skipBlanks(rest, from)
	switch {
	case at == len(rest):
		return at, true
	case rest[at] != '\n':
		return at, onLine && at > from
	}
	spaced := at > from
	at++
	next := skipBlanks(rest, at)
	if next == len(rest) || rest[next] != '\n' {
		return at, true
	}
	at = next + 1
	// The client that writes a blank before the empty line writes one behind.
	if spaced && at < len(rest) && rest[at] == ' ' {
		at++
	}
	return at, true
}

func skipBlanks(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t') {
		at++
	}
	return at
}

func choose(rest string, ends []closing, past *history) closing {
	for _, e := range ends {
		if past.find(rest[:e.at]) > 0 {
			return e
		}
	}
	for _, e := range ends {
		quoted := rest[:e.at]
		if _, cut := cutQuote(quoted); cut && utf8.RuneCountInString(quoted) <= 24 || strings.Count(quoted, `"`)%2 == 0 {
			return e
		}
	}
	return ends[0]
}

// isEmoji says whether s is made of emoji alone. Mathematical signs are none:
// "add √" is a hint and no reaction.
func isEmoji(s string) bool {
	if s == "" || len(s) > 128 {
		return false
	}
	seen := false
	runes := []rune(s)
	for i, r := range runes {
		presented := i+1 < len(runes) && (runes[i+1] == 0xFE0F || runes[i+1] == 0x20E3)
		switch {
		case r == 0xFE0F, r == 0x20E3, r == 0x200D, r >= 0xE0020 && r <= 0xE007F:
			if i == 0 {
				return false
			}
		case r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2600 && r <= 0x27BF, r >= 0x2B00 && r <= 0x2BFF && unicode.Is(unicode.So, r),
			r == 0x3030, r == 0x303D, r == 0x3297, r == 0x3299,
			r >= 0x231A && r <= 0x231B, r >= 0x23E9 && r <= 0x23F3, r == 0x25FD, r == 0x25FE:
			seen = true
		case presented && (r >= '0' && r <= '9' || r == '#' || r == '*' || r == '©' || r == '®' || r >= 0x203C && r < 0x2600):
			seen = true
		default:
			return false
		}
	}
	return seen
}
