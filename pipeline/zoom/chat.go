package zoom

import (
	"bytes"
	"io"
	"iter"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// Message is one chat record, as the file has it.
type Message struct {
	Line   int   // the file's line on which it begins, from 1
	TimeMS int64 // the time as written, in milliseconds since 00:00:00
	// Date is the day as written, YYYY-MM-DD, "" where the file has none.
	Date   string
	Sender string
	To     Recipient
	Kind   session.MessageKind
	// Quoted is what a reply or reaction repeats, often cut; HasQuote is false
	// where the format does not say what is answered.
	Quoted   string
	HasQuote bool
	Emoji    string
	// Refers is the position (from 1, in file order, among the messages that
	// were yielded) of the latest earlier message that what is quoted can be
	// of, 0 when none is found.
	Refers int
	// Text is what was written, with LF between lines. A reaction has none.
	Text string
}

// Recipient is whom a message was addressed to.
type Recipient struct {
	Kind   session.RecipientKind
	Name   string // as written, for direct and panel messages
	Stated bool   // false where the format names no recipient
}

// Chat yields the messages of a chat file, whichever client wrote it, in the
// order of the file. An empty file has no messages.
//
// Read are, each with a test of its own:
//
//   - the cloud recording's chat.txt: time, TAB, name, colon, TAB, text
//   - chats saved on a computer: "From name to recipient:" with the text below,
//     or on the line, with and without recipient, date and blanks around names,
//     in English, German, Dutch, French, Spanish and Chinese
//   - the same with the time on a line of its own
//   - what is copied from the chat panel, with hours and minutes at the end
//
// and in each replies, reactions and reactions taken back.
//
// It learns from the first 256 KiB how the file writes messages; a file without
// a message in them is Malformed as a whole. A line that
// looks like the first of a message but cannot be one by those habits is text
// that somebody pasted. Where the habits leave open which it is, or who wrote
// to whom, the message is Malformed.
func Chat(r io.Reader) iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		in := newLines(r)
		ahead, all := in.head()
		c := chat{in: in, habits: learnHabits(ahead, all), yield: yield}
		if err := c.run(); err != nil && err != errStopped {
			yield(Message{}, err)
		}
	}
}

// chat reads messages one after the other.
type chat struct {
	in     *lines
	habits habits
	yield  func(Message, error) bool
	past   history

	// ahead is a line that was read too far (parted).
	ahead    line
	hasAhead bool
	clock    []byte

	open   record
	isOpen bool
	// before and blank are the end of the last line and whether it was empty.
	before ending
	blank  bool
}

// record is a message that is being read.
type record struct {
	header
	line   int
	body   []byte // each line with LF behind it
	broken *Malformed
	// stray is text without a header.
	stray bool
}

// chatLine is a line, read as a header if it looks like one. In a file that
// parts the time from the names it is both lines.
type chatLine struct {
	line
	head header
	// like is true for a line that begins as a header, whole when it is one.
	like, whole bool
}

func (c *chat) run() error {
	c.before, c.blank = crlf, true
	for {
		l, ok := c.next()
		if !ok {
			break
		}
		if err := c.line(l); err != nil {
			return err
		}
		c.before, c.blank = l.end, len(l.text) == 0 && l.fault == ""
	}
	if c.in.err != nil {
		return c.in.err
	}
	return c.flush()
}

func (c *chat) next() (chatLine, bool) {
	if !c.hasAhead {
		var ok bool
		if c.ahead, ok = c.in.next(); !ok {
			return chatLine{}, false
		}
	}
	out := chatLine{line: c.ahead}
	c.hasAhead = false
	if c.habits.family != parted {
		out.head, out.whole, out.like = c.habits.header(out.text)
		return out, true
	}
	if !isTimeAlone(out.text) {
		return out, true
	}
	return c.parted(out)
}

// parted looks at the line behind one that holds a time alone.
func (c *chat) parted(out chatLine) (chatLine, bool) {
	c.clock = append(c.clock[:0], out.text...)
	out.text = c.clock
	following, ok := c.in.next()
	switch {
	case !ok && c.in.err != nil:
		return chatLine{}, false
	case !ok:
		out.like = true
	case !beginsParted(following.text):
		c.ahead, c.hasAhead = following, true
	default:
		out.head, out.whole, out.like = c.habits.saved([]byte(joinTime(c.clock, following.text)))
		c.clock = append(append(c.clock, '\n'), following.text...)
		out.text, out.end = c.clock, following.end
		if following.fault != "" {
			out.fault = following.fault
		}
	}
	return out, true
}

func (c *chat) line(l chatLine) error {
	if !l.like {
		return c.text(l)
	}
	if c.isOpen && !c.begins() {
		switch {
		// Who pastes a line of the chat pastes what was written before.
		case !l.whole, l.head.timeMS < c.open.timeMS:
			return c.text(l)
		}
		c.spoil(l.number, unclearFrom)
		return nil
	}
	if err := c.flush(); err != nil {
		return err
	}
	c.begin(record{header: l.head, line: l.number})
	switch {
	case l.fault != "":
		c.spoil(l.number, l.fault)
	case !l.whole:
		c.spoil(l.number, cutHeader)
	case l.head.fault != "":
		c.spoil(l.number, l.head.fault)
	}
	return nil
}

// begins says whether a message can begin on the line that is looked at.
func (c *chat) begins() bool {
	h := &c.habits
	switch {
	case h.indented:
		return true
	case h.family == panel:
		return c.blank || !h.blank
	}
	return c.before.strength() >= h.record
}

// text adds a line to the open message.
func (c *chat) text(l chatLine) error {
	isBlank := len(l.text) == 0 && l.fault == ""
	switch {
	case isBlank && !c.isOpen:
		return nil
	case !c.isOpen:
		return c.stray(l, noContent)
	case c.open.stray, c.open.broken != nil && !c.begins():
		return nil
	case c.habits.strict && c.before == crlf:
		if isBlank {
			return nil
		}
		return c.stray(l, orphan)
	case l.end == endOfFile && l.fault == "" && c.begins() && c.habits.isCut(l.text):
		return c.stray(l, cutHeader)
	case c.open.broken != nil:
		return nil
	case l.fault != "":
		c.spoil(l.number, l.fault)
	case len(c.open.body)+len(l.text) >= MaxRecord:
		c.spoil(l.number, tooLarge)
	default:
		c.open.body = append(append(c.open.body, l.text...), '\n')
	}
	return nil
}

// stray reports text without a header; what follows up to the next header
// belongs to it.
func (c *chat) stray(l chatLine, what string) error {
	if err := c.flush(); err != nil {
		return err
	}
	c.begin(record{line: l.number, stray: true})
	if l.fault != "" {
		what = l.fault
	}
	c.spoil(l.number, what)
	return nil
}

func (c *chat) begin(r record) {
	r.body = c.open.body[:0]
	c.open, c.isOpen = r, true
}

// spoil sets the open message aside for the first fault in it.
func (c *chat) spoil(number int, what string) {
	if c.open.broken == nil {
		c.open.broken = &Malformed{number, what}
	}
}

func (c *chat) flush() error {
	if !c.isOpen {
		return nil
	}
	c.isOpen = false
	if c.open.broken != nil {
		return c.emit(Message{}, c.open.broken)
	}
	m := c.open.message(c.habits.family != cloud, &c.past)
	c.past.add(m.Text)
	return c.emit(m, nil)
}

func (c *chat) emit(m Message, malformed *Malformed) error {
	var err error
	if malformed != nil {
		err = malformed
	}
	if !c.yield(m, err) {
		return errStopped
	}
	return nil
}

func (r *record) message(onLine bool, past *history) Message {
	m := Message{Line: r.line, TimeMS: r.timeMS, Date: r.date, Sender: r.sender, To: r.to}
	body := r.text
	switch {
	case r.below:
		body = string(withoutIndent(r.body))
	case len(r.body) > 0:
		body += "\n" + string(r.body)
	}
	m.interpret(strings.TrimRight(body, "\n"), onLine, past)
	if m.HasQuote {
		m.Refers = past.find(m.Quoted)
	}
	return m
}

// withoutIndent takes the blanks before the first line that is not empty off
// every line.
func withoutIndent(body []byte) []byte {
	first := bytes.TrimLeft(body, "\n")
	indent := first[:len(first)-len(bytes.TrimLeft(first, blanks))]
	if len(indent) == 0 {
		return body
	}
	out := make([]byte, 0, len(body))
	for l := range bytes.Lines(body) {
		out = append(out, bytes.TrimPrefix(l, indent)...)
	}
	return out
}

// isCut says whether the last line of a file, which has no end, is the
// beginning of a header.
func (h *habits) isCut(text []byte) bool {
	if h.family == panel {
		_, _, from := fromWord(text)
		return from || bytes.HasPrefix(text, []byte("Me to "))
	}
	_, rest, ok := clockTime(text)
	if !ok {
		return isCutClock(text)
	}
	if h.family == cloud {
		return len(rest) == 0 || rest[0] == '\t'
	}
	word := bytes.TrimLeft(rest, blanks)
	for _, l := range languages {
		if bytes.HasPrefix([]byte(l.from), word) {
			return true
		}
	}
	return false
}

// isCutClock reads hours:minutes:, and at most one digit of the seconds.
func isCutClock(text []byte) bool {
	_, digits := number(text)
	rest := text[digits:]
	return digits > 0 && digits <= 3 && len(rest) >= 4 && len(rest) <= 5 && rest[0] == ':' && rest[3] == ':' &&
		isDigit(rest[1]) && isDigit(rest[2]) && (len(rest) == 4 || isDigit(rest[4]))
}
