package zoom

import (
	"bytes"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// header is what stands before a message's text.
type header struct {
	timeMS int64
	date   string
	sender string
	to     Recipient
	// text is what of the message stands on the header's line; below says that
	// it begins on the next.
	text  string
	below bool
	fault string
}

// family is a way of writing headers.
type family uint8

const (
	unknownFamily family = iota
	// cloud: time TAB name colon TAB text
	cloud
	// saved: time From name to recipient, colon, text there or below
	saved
	// parted: as saved, with the time alone on the line before
	parted
	// panel: From name to recipient time, text below
	panel
)

// Faults of headers.
const (
	cutHeader   = "the first line of a message that is cut or of a form that is not known"
	unclearWho  = "a sender, a recipient and a text that cannot be told apart, since a name may hold what stands between them"
	unclearFrom = "a line that may begin a message or be pasted into one; the line ends of the file are mixed"
	orphan      = "text that belongs to no message"
)

// language is a client's words in headers.
type language struct {
	from, to string
	// glued says that no blanks stand around the words.
	glued bool
}

var languages = []language{
	{from: "From", to: "to"},
	{from: "Von", to: "an"},
	{from: "Van", to: "aan"},
	{from: "De", to: "à"},
	{from: "De", to: "a"},
	{from: "De", to: "para"},
	{from: "从", to: "到", glued: true},
	{from: "从", to: "至", glued: true},
}

// everyone and panelists are the recipients that are no person.
var (
	everyone = map[string]bool{
		"everyone": true, "everyone in meeting": true, "everyone (in meeting)": true, "everyone in waiting room": true,
		"all panelists and attendees": true, "all attendees": true,
		"alle": true, "iedereen": true, "tous": true, "tout le monde": true, "todos": true, "所有人": true,
	}
	panelists = map[string]bool{"hosts and panelists": true, "hosts & panelists": true, "host and panelists": true, "all panelists": true}
	// private are the marks behind the recipient of a direct message.
	private = []string{
		"(direct message)", "(privately)",
		"(direktnachricht)", "(privat)", "(privé)", "(direct bericht)", "(message direct)", "(en privé)",
		"(mensaje directo)", "(en privado)", "(私聊)", "（私聊）",
	}
)

// header reads a line as the first of a message. like is true for a line that
// begins as one and cannot be read to its end, too.
func (h *habits) header(text []byte) (head header, ok, like bool) {
	switch h.family {
	case cloud:
		head, ok = h.cloud(text)
		return head, ok, ok
	case saved:
		return h.saved(text)
	case panel:
		head, ok = h.panel(text)
		return head, ok, ok
	}
	return header{}, false, false
}

func (h *habits) cloud(text []byte) (header, bool) {
	ms, rest, ok := clockTime(text)
	if !ok || len(rest) == 0 || rest[0] != '\t' {
		return header{}, false
	}
	rest = rest[1:]
	// A name can hold a colon but no TAB.
	end := bytes.IndexByte(rest, '\t')
	said := []byte(nil)
	if end < 0 {
		end = len(rest)
	} else {
		said = rest[end+1:]
	}
	name, ok := bytes.CutSuffix(rest[:end], []byte(":"))
	if !ok {
		return header{}, false
	}
	head := header{timeMS: ms, sender: string(name), to: Recipient{Kind: session.Everyone}, text: string(said)}
	if h.tabbedFrom {
		for _, l := range languages {
			if who, ok := l.cutFrom(name); ok && l.hasTo(who) {
				head.sender, head.to, head.fault = h.who(l, string(who))
				break
			}
		}
	}
	return head, true
}

// savedStart cuts time and "From" off a line.
func savedStart(text []byte) (head header, rest []byte, l language, ok bool) {
	head.date, rest = date(text)
	head.timeMS, rest, ok = clockTime(rest)
	if !ok {
		return header{}, text, language{}, false
	}
	after := bytes.TrimLeft(rest, blanks)
	if len(after) == len(rest) {
		return header{}, text, language{}, false
	}
	rest, l, ok = fromWord(after)
	return head, rest, l, ok
}

// fromWord cuts the word before a sender off, in the language that also has
// the word behind the sender.
func fromWord(text []byte) (rest []byte, l language, ok bool) {
	for _, candidate := range languages {
		who, is := candidate.cutFrom(text)
		if !is {
			continue
		}
		if !ok || candidate.hasTo(who) {
			rest, l = who, candidate
		}
		if ok = true; candidate.hasTo(who) {
			break
		}
	}
	return rest, l, ok
}

func (l language) cutFrom(text []byte) ([]byte, bool) {
	rest, ok := bytes.CutPrefix(text, []byte(l.from))
	if !ok {
		return nil, false
	}
	after := bytes.TrimLeft(rest, " ")
	return after, l.glued || len(after) < len(rest)
}

func (h *habits) saved(text []byte) (head header, ok, like bool) {
	head, rest, l, ok := savedStart(text)
	if !ok {
		return header{}, false, false
	}
	if !h.sender(&head, l, rest) {
		return head, false, true
	}
	return head, true, true
}

// sender reads what follows "From".
func (h *habits) sender(head *header, l language, rest []byte) bool {
	who, said, below, ok := h.cutWho(l, rest)
	if !ok {
		return false
	}
	head.text, head.below = string(said), below
	head.sender, head.to, head.fault = h.who(l, string(who))
	if h.unsure && !l.hasTo(who) && slices.ContainsFunc(nameEnds(rest), func(who []byte) bool { return isAddressed(l, who) }) {
		head.fault = unclearWho
	}
	return true
}

// cutWho finds the colon between names and text. Both may hold colons; where
// the file names recipients, the names end only behind one.
func (h *habits) cutWho(l language, rest []byte) (who, said []byte, below, ok bool) {
	trimmed := bytes.TrimRight(rest, blanks)
	atEnd := bytes.HasSuffix(trimmed, []byte(":"))
	if atEnd && h.below {
		return bytes.TrimRight(trimmed[:len(trimmed)-1], blanks), nil, true, true
	}
	first := -1
	for at := range occurrences(rest, " :") {
		after := rest[at+2:]
		if len(after) > 0 && after[0] != ' ' {
			continue
		}
		after = bytes.TrimPrefix(after, []byte(" "))
		if !h.stated || l.hasTo(rest[:at]) && (first < 0 || isMarked(l, rest[:at])) {
			return bytes.TrimRight(rest[:at], blanks), after, false, true
		}
		if first < 0 {
			first = at
		}
	}
	if first >= 0 {
		return bytes.TrimRight(rest[:first], blanks), bytes.TrimPrefix(rest[first+2:], []byte(" ")), false, true
	}
	if atEnd {
		return bytes.TrimRight(trimmed[:len(trimmed)-1], blanks), nil, true, true
	}
	for at := range occurrences(rest, ": ") {
		if !h.stated || isMarked(l, rest[:at]) {
			return rest[:at], rest[at+2:], false, true
		}
		if first < 0 && l.hasTo(rest[:at]) {
			first = at
		}
	}
	if first >= 0 {
		return rest[:first], rest[first+2:], false, true
	}
	return nil, nil, false, false
}

// occurrences yields where part begins in b.
func occurrences(b []byte, part string) func(func(int) bool) {
	return func(yield func(int) bool) {
		for from := 0; ; {
			at := bytes.Index(b[from:], []byte(part))
			if at < 0 || !yield(from+at) {
				return
			}
			from += at + 1
		}
	}
}

func (l language) hasTo(who []byte) bool { return len(l.splits(string(who))) > 0 }

// isMarked says whether who ends in a recipient that is certainly one.
func isMarked(l language, who []byte) bool {
	text, direct := cutPrivate(string(who))
	if direct {
		return true
	}
	for _, s := range l.splits(text) {
		if _, ok := audience(text[s.right:]); ok {
			return true
		}
	}
	return false
}

// split is a place where a sender may end (left) and a recipient begin (right).
type split struct {
	left, right int
	wide        bool // with more than one blank on a side
}

func (l language) splits(who string) []split {
	var out []split
	for at := 0; at < len(who); at++ {
		end := at + len(l.to)
		if end > len(who) {
			break
		}
		if !strings.EqualFold(who[at:end], l.to) {
			continue
		}
		left := len(strings.TrimRight(who[:at], " "))
		right := len(who) - len(strings.TrimLeft(who[end:], " "))
		if left == 0 || right == len(who) || !l.glued && (left == at || right == end) {
			continue
		}
		out = append(out, split{left, right, at-left > 1 || right-end > 1})
	}
	return out
}

// cutPrivate takes the mark of a direct message off.
func cutPrivate(who string) (string, bool) {
	who = strings.TrimRight(who, blanks)
	for _, mark := range private {
		if at := len(who) - len(mark); at >= 0 && strings.EqualFold(who[at:], mark) {
			return strings.TrimRight(strings.TrimRight(who[:at], blanks), ":"), true
		}
	}
	return who, false
}

// audience reads a recipient that is more than one person.
func audience(name string) (Recipient, bool) {
	name = strings.Trim(name, blanks)
	lower := strings.ToLower(name)
	if everyone[lower] {
		return Recipient{Kind: session.Everyone, Stated: true}, true
	}
	if panelists[lower] {
		return Recipient{Kind: session.HostsAndPanelists, Stated: true}, true
	}
	if at := strings.LastIndex(name, ", "); at > 0 && panelists[lowerTail(name, at+2)] {
		return Recipient{Kind: session.HostsAndPanelists, Name: name[:at], Stated: true}, true
	}
	return Recipient{}, false
}

func lowerTail(s string, from int) string { return strings.ToLower(s[from:]) }

// who parts sender and recipient.
func (h *habits) who(l language, who string) (sender string, to Recipient, fault string) {
	who, direct := cutPrivate(who)
	splits := l.splits(who)
	if len(splits) == 0 {
		if direct {
			return who, Recipient{Kind: session.Direct, Stated: true}, ""
		}
		return who, Recipient{Kind: session.Everyone}, ""
	}
	if !direct {
		// "Everyone" is nobody's name: a public message's recipient is what
		// follows the last word "to".
		last := splits[len(splits)-1]
		if to, ok := audience(who[last.right:]); ok && to.Name == "" {
			return who[:last.left], to, ""
		}
	}
	wide := widest(splits)
	_, copied := audience(who[wide[0].right:])
	if !direct && !copied && !wide[0].wide && !h.stated {
		if h.unstated {
			return who, Recipient{Kind: session.Everyone}, ""
		}
		return "", Recipient{}, unclearWho
	}
	at, ok := h.choose(who, wide)
	if !ok {
		return "", Recipient{}, unclearWho
	}
	if to, ok := audience(who[at.right:]); ok && !direct {
		return who[:at.left], to, ""
	}
	return who[:at.left], Recipient{Kind: session.Direct, Name: who[at.right:], Stated: true}, ""
}

// widest keeps the places with two blanks, if there are any: clients that
// write two of them write none in a name.
func widest(splits []split) []split {
	var wide []split
	for _, s := range splits {
		if s.wide {
			wide = append(wide, s)
		}
	}
	if wide == nil {
		return splits
	}
	return wide
}

// choose picks the one place that parts names which the file has elsewhere.
func (h *habits) choose(who string, splits []split) (split, bool) {
	if len(splits) == 1 {
		return splits[0], true
	}
	for _, known := range []func(split) bool{
		func(s split) bool { return h.names[who[:s.left]] && h.names[recipientName(who[s.right:])] },
		func(s split) bool { return h.names[who[:s.left]] },
		func(s split) bool { return h.names[recipientName(who[s.right:])] },
	} {
		found, count := split{}, 0
		for _, s := range splits {
			if known(s) {
				found = s
				count++
			}
		}
		if count == 1 {
			return found, true
		}
		if count > 1 {
			return split{}, false
		}
	}
	return split{}, false
}

func recipientName(text string) string {
	if to, ok := audience(text); ok {
		return to.Name
	}
	return text
}

// panel reads "From name to recipient 06:47 PM" and the older form with the
// time in brackets and a colon behind the recipient.
func (h *habits) panel(text []byte) (header, bool) {
	who, ms, ok := panelTime(text)
	if !ok {
		return header{}, false
	}
	rest, l, from := fromWord(who)
	if !from {
		l = languages[0]
		if !bytes.HasPrefix(who, []byte("Me to ")) {
			return header{}, false
		}
		rest = who
	}
	if !l.hasTo(rest) {
		return header{}, false
	}
	head := header{timeMS: ms, below: true}
	head.sender, head.to, head.fault = h.who(l, strings.TrimRight(string(rest), ":"))
	return head, true
}

// panelTime cuts the time off the end of a line.
func panelTime(text []byte) (who []byte, ms int64, ok bool) {
	text = bytes.TrimRight(text, blanks)
	bracket := bytes.HasSuffix(text, []byte(")"))
	if bracket {
		text = text[:len(text)-1]
	}
	// The time is short: it is sought in the last characters alone.
	for at := max(0, len(text)-len("12:00\u202fp.m.")-1); at < len(text); at++ {
		if !isDigit(text[at]) || at == 0 {
			continue
		}
		ms, rest, ok := minuteTime(text[at:])
		if !ok || len(rest) > 0 {
			continue
		}
		before := text[:at]
		if bracket {
			if before, ok = bytes.CutSuffix(before, []byte("(")); !ok {
				return nil, 0, false
			}
		}
		trimmed := bytes.TrimRight(before, blanks)
		if len(trimmed) == len(before) {
			return nil, 0, false
		}
		return trimmed, ms, true
	}
	return nil, 0, false
}
