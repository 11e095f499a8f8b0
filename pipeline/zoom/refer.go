package zoom

import (
	"encoding/binary"
	"strings"
	"unicode"
)

const (
	// historyMessages and historyBytes bound how far back a quote is looked
	// for: far more than the longest chats we know of hold.
	historyMessages = 4096
	historyBytes    = 1 << 20
)

// history holds the latest messages, with white space made even.
type history struct {
	// texts are kept from first on; those before are given up and await the
	// next tidying.
	texts []remembered
	// starts are the first bytes of each text, which rule out almost all.
	starts []uint64
	first  int
	bytes  int
	count  int
}

type remembered struct {
	position int
	text     string
}

// add counts a message and remembers its text.
func (h *history) add(text string) {
	h.count++
	text = evenSpace(text)
	if text == "" || len(text) > historyBytes {
		return
	}
	h.texts = append(h.texts, remembered{h.count, text})
	h.starts = append(h.starts, firstBytes(text))
	h.bytes += len(text)
	for h.bytes > historyBytes || len(h.texts)-h.first > historyMessages {
		h.bytes -= len(h.texts[h.first].text)
		h.texts[h.first].text = ""
		h.first++
	}
	if h.first > historyMessages {
		h.texts = h.texts[:copy(h.texts, h.texts[h.first:])]
		h.starts = h.starts[:copy(h.starts, h.starts[h.first:])]
		h.first = 0
	}
}

// find is the position of the latest message that quoted can be of, 0 when
// there is none. A cut quote is of a text that begins so; a whole one equals it.
func (h *history) find(quoted string) int {
	quoted = evenSpace(quoted)
	if quoted == "" {
		return 0
	}
	start, cut := cutQuote(quoted)
	bytes := firstBytes(start)
	mask := ^uint64(0) << (8 * max(0, 8-len(start)))
	for i := len(h.texts) - 1; i >= h.first; i-- {
		if (h.starts[i]^bytes)&mask != 0 {
			continue
		}
		text := h.texts[i].text
		if text == quoted || cut && strings.HasPrefix(text, start) || cut && evenDots(text) == evenDots(quoted) {
			return h.texts[i].position
		}
	}
	return 0
}

// firstBytes are up to eight bytes of s, the first in the highest place.
func firstBytes(s string) uint64 {
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}

// cutQuote is what a quote has of its text, and whether the rest was cut off.
func cutQuote(quoted string) (start string, cut bool) {
	for _, dots := range []string{"...", "…"} {
		if before, ok := strings.CutSuffix(quoted, dots); ok {
			// A cut through a pair of UTF-16 units leaves a replacement character.
			before = strings.TrimRight(before, " \ufffd")
			return before, before != ""
		}
	}
	return quoted, false
}

func evenDots(s string) string {
	if before, ok := strings.CutSuffix(s, "…"); ok {
		return before + "..."
	}
	return s
}

// evenSpace makes each run of white space one blank and takes it off the ends:
// clients write line breaks and no-break spaces in quotes as they please.
func evenSpace(s string) string {
	even := true
	before := rune(' ')
	for _, r := range s {
		if unicode.IsSpace(r) && (r != ' ' || before == ' ') {
			even = false
			break
		}
		before = r
	}
	if even && before != ' ' {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
