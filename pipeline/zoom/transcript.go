package zoom

import (
	"bytes"
	"io"
	"iter"
	"strings"
)

// Cue is one transcript cue, as the file has it.
type Cue struct {
	Line    int    // the file's line on which it begins, from 1
	ID      string // the cue's identifier as written, "" when it has none
	Speaker string // the label before the text, "" when there is none
	StartMS int64  // from the recording's start
	// EndMS is the cue's end, as written: it may lie before the start. Closed
	// captions have none: it is then the start of the next cue, and of the last
	// cue its own start.
	EndMS int64
	// Clock says that times are times of day (saved closed captions), in
	// milliseconds since midnight. Place puts them on the session's clock.
	Clock bool
	Text  string
}

// Faults of transcripts.
const (
	noSignature  = "no WEBVTT line and no caption; this is not a transcript that is known"
	badTiming    = "a timing line that is cut or not of the form 00:00:00.000 --> 00:00:00.000"
	noTiming     = "text that belongs to no cue; a timing line is missing or a blank line is too many"
	cutCue       = "the file ends where the text of a cue should follow; export the file again"
	cutCaption   = "the file ends within the first line of a caption; export the file again"
	signature    = "WEBVTT"
	arrow        = "-->"
	blanks       = " \t"
	blanksAndEnd = " \t\n"
)

// Transcript yields the cues of a WebVTT file (W3C WebVTT, section 6) or of
// saved closed captions, in the order of the file.
//
// Cue text is what stands in the file without white space around it. Tags of
// WebVTT are taken off where they are certainly tags; any other "<" is
// mathematics and stays, and so do character references, which Zoom does not
// write. A cue with several voice spans is yielded once for each.
//
// A label is the text before the first colon and blank. Since Zoom marks it by
// nothing else, what reads like a sentence and not like a name stays text.
func Transcript(r io.Reader) iter.Seq2[Cue, error] {
	return func(yield func(Cue, error) bool) {
		in := newLines(r)
		ahead, all := in.head()
		var end error
		switch {
		case isSignature(firstLine(ahead)):
			v := vtt{in: in, labels: learnLabels(ahead, all), yield: yield}
			end = v.run()
		case isCaption(ahead):
			c := captions{in: in, yield: yield}
			end = c.run()
		default:
			if end = headError(in); end == nil {
				end = &Malformed{1, noSignature}
			}
		}
		if end != nil && end != errStopped {
			yield(Cue{}, end)
		}
	}
}

// headError is the reader's own error, if that is why nothing was recognised.
func headError(in *lines) error {
	for {
		if _, ok := in.next(); !ok {
			return in.err
		}
		// A file that is not known may be large: its first line is enough to
		// learn whether the reader works.
		if in.number > 1 {
			return nil
		}
	}
}

func firstLine(b []byte) []byte {
	if at := lineEnd(b); at >= 0 {
		return b[:at]
	}
	return b
}

func isSignature(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte(signature))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t')
}

// vtt reads the cues of a WebVTT file.
type vtt struct {
	in     *lines
	labels labels
	yield  func(Cue, error) bool

	state vttState
	// first is the line of the block's beginning, id its text.
	first int
	id    string
	// digits is the last identifier that was a number.
	digits string
	cue    Cue
	text   []byte
	timing line
	broken *Malformed
}

type vttState uint8

const (
	betweenBlocks vttState = iota
	inHeader
	inComment // a NOTE, STYLE or REGION block
	afterID
	inCue
	inBroken // what follows a fault that was reported
)

func (v *vtt) run() error {
	v.state = inHeader
	for {
		l, ok := v.in.next()
		if !ok {
			break
		}
		if err := v.line(l); err != nil {
			return err
		}
	}
	if v.in.err != nil {
		return v.in.err
	}
	return v.close()
}

func (v *vtt) line(l line) error {
	if l.fault != "" {
		return v.fault(l)
	}
	if l.number == 1 {
		return nil
	}
	if bytes.Contains(l.text, []byte(arrow)) {
		start, end, ok := timing(l.text)
		switch {
		case ok:
			return v.begin(l, start, end)
		case v.state != inCue && v.state != inComment && v.state != inBroken, startsWithTime(l.text):
			return v.breakOff(l.number, badTiming)
		}
	}
	if len(l.text) == 0 {
		return v.blank()
	}
	switch v.state {
	case betweenBlocks:
		v.first, v.id = l.number, string(l.text)
		v.state = afterID
		if isComment(v.id) {
			v.state = inComment
		}
	case inHeader:
		v.first, v.id = l.number, string(l.text)
	case afterID:
		// A timing line cut before its arrow is a better place to look at than
		// the identifier above it.
		if startsWithTime(l.text) {
			return v.breakOff(l.number, badTiming)
		}
		return v.breakOff(v.first, noTiming)
	case inCue:
		v.add(l)
	}
	return nil
}

func (v *vtt) fault(l line) error {
	switch v.state {
	case inCue:
		if v.broken == nil {
			v.broken = &Malformed{l.number, l.fault}
		}
		return nil
	case inBroken:
		return nil
	}
	return v.breakOff(l.number, l.fault)
}

// begin opens a cue with its timing line.
func (v *vtt) begin(l line, start, end int64) error {
	cue := Cue{Line: l.number, StartMS: start, EndMS: end}
	switch v.state {
	case afterID, inComment:
		// A comment holds no arrow: a block of "NOTE" and a timing is a cue.
		if v.first == l.number-1 {
			cue.Line, cue.ID = v.first, v.id
		}
	case inHeader:
		if v.first == l.number-1 && isNumber(v.id) {
			cue.Line, cue.ID = v.first, v.id
		}
	case inCue:
		// The blank line before is missing. The next number in turn is the
		// identifier; any other number may be what was said.
		if rest, id, ok := cutNumber(v.text); ok && v.broken == nil && follows(v.digits, id) {
			v.text = rest
			cue.Line, cue.ID = l.number-1, id
		}
		if err := v.flush(); err != nil {
			return err
		}
	}
	if isNumber(cue.ID) {
		v.digits = cue.ID
	}
	v.cue, v.text, v.broken = cue, v.text[:0], nil
	v.timing = line{number: l.number, end: l.end}
	v.state = inCue
	return nil
}

func (v *vtt) add(l line) {
	v.timing.end = l.end
	v.timing.number = 0
	if len(v.text)+len(l.text) >= MaxRecord {
		if v.broken == nil {
			v.broken = &Malformed{l.number, tooLarge}
		}
		return
	}
	v.text = append(v.text, l.text...)
	v.text = append(v.text, '\n')
}

func (v *vtt) blank() error {
	state := v.state
	v.state = betweenBlocks
	switch state {
	case afterID:
		return v.report(v.first, noTiming)
	case inCue:
		return v.flush()
	}
	return nil
}

// breakOff ends what is open and reports a block that cannot be read.
func (v *vtt) breakOff(number int, what string) error {
	if v.state == inCue {
		if err := v.flush(); err != nil {
			return err
		}
	}
	v.state = inBroken
	return v.report(number, what)
}

func (v *vtt) close() error {
	switch {
	case v.state == afterID:
		return v.report(v.first, noTiming)
	case v.state != inCue:
		return nil
	case v.broken == nil && v.timing.number > 0 && v.timing.end == endOfFile:
		return v.report(v.timing.number, cutCue)
	}
	return v.flush()
}

func (v *vtt) report(number int, what string) error {
	if !v.yield(Cue{}, &Malformed{number, what}) {
		return errStopped
	}
	return nil
}

func (v *vtt) flush() error {
	if v.broken != nil {
		return v.report(v.broken.Line, v.broken.What)
	}
	for _, s := range spans(strings.TrimSuffix(string(v.text), "\n")) {
		cue := v.cue
		cue.Speaker, cue.Text = s.voice, strings.Trim(withoutTags(s.text), blanksAndEnd)
		if !s.voiced {
			cue.Speaker, cue.Text = v.labels.split(cue.Text)
		}
		if !v.yield(cue, nil) {
			return errStopped
		}
	}
	return nil
}

func isComment(first string) bool {
	word, _, _ := strings.Cut(strings.ReplaceAll(first, "\t", " "), " ")
	switch word {
	case "NOTE":
		return true
	case "STYLE", "REGION":
		return strings.Trim(first, blanks) == word
	}
	return false
}

// timing reads "start --> end settings".
func timing(text []byte) (start, end int64, ok bool) {
	before, after, _ := bytes.Cut(text, []byte(arrow))
	start, ok = timestamp(bytes.Trim(before, blanks))
	if !ok {
		return 0, 0, false
	}
	after = bytes.TrimLeft(after, blanks)
	if at := bytes.IndexAny(after, blanks); at >= 0 {
		after = after[:at]
	}
	end, ok = timestamp(after)
	return start, end, ok
}

// timestamp reads [hours:]minutes:seconds.milliseconds.
func timestamp(b []byte) (int64, bool) {
	var parts [3]int64
	n := 0
	for n < 3 {
		value, digits := number(b)
		if digits == 0 || digits > 9 {
			return 0, false
		}
		parts[n] = value
		n++
		b = b[digits:]
		if len(b) == 0 || b[0] != ':' {
			break
		}
		if digits != 2 && n > 1 {
			return 0, false
		}
		b = b[1:]
	}
	if len(b) != 4 || b[0] != '.' || n < 2 {
		return 0, false
	}
	fraction, digits := number(b[1:])
	hours, minutes, seconds := parts[0], parts[1], parts[2]
	if n == 2 {
		hours, minutes, seconds = 0, parts[0], parts[1]
	}
	if digits != 3 || minutes > 59 || seconds > 59 {
		return 0, false
	}
	return ((hours*60+minutes)*60+seconds)*1000 + fraction, true
}

// number reads leading digits.
func number(b []byte) (value int64, digits int) {
	for digits < len(b) && digits < 10 && isDigit(b[digits]) {
		value = value*10 + int64(b[digits]-'0')
		digits++
	}
	return value, digits
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// startsWithTime says that a line is, or was to be, a timing line.
func startsWithTime(text []byte) bool {
	text = bytes.TrimLeft(text, blanks)
	_, first := number(text)
	if first < 2 || len(text) < first+3 || text[first] != ':' {
		return false
	}
	_, second := number(text[first+1:])
	rest := text[first+1+second:]
	if second != 2 || len(rest) == 0 {
		return false
	}
	return rest[0] == ':' || rest[0] == '.' && len(rest) > 1 && isDigit(rest[1]) || bytes.HasPrefix(bytes.TrimLeft(rest, blanks), []byte(arrow))
}

func isNumber(s string) bool {
	if s == "" || len(s) > 9 {
		return false
	}
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// cutNumber takes a last line that is a number off a cue's text, if another
// line is before it.
func cutNumber(text []byte) (rest []byte, id string, ok bool) {
	trimmed := bytes.TrimSuffix(text, []byte{'\n'})
	at := bytes.LastIndexByte(trimmed, '\n') + 1
	if at == 0 || !isNumber(string(trimmed[at:])) {
		return text, "", false
	}
	return text[:at], string(trimmed[at:]), true
}

func follows(before, id string) bool {
	if before == "" {
		return false
	}
	a, _ := number([]byte(before))
	b, _ := number([]byte(id))
	return b == a+1
}

// captions reads the captions a client saved: "[name] time of day", text, and
// a blank line.
type captions struct {
	in    *lines
	yield func(Cue, error) bool

	open   bool
	cue    Cue
	text   []byte
	broken *Malformed
}

func (c *captions) run() error {
	blankBefore := true
	for {
		l, ok := c.in.next()
		if !ok {
			break
		}
		name, clock, isHead := captionHead(l.text)
		switch {
		case isHead:
			if err := c.begin(l, name, clock); err != nil {
				return err
			}
		case l.fault == "" && l.end == endOfFile && blankBefore && bytes.HasPrefix(l.text, []byte("[")):
			if err := c.flush(c.cue.StartMS); err != nil {
				return err
			}
			return &Malformed{l.number, cutCaption}
		case c.open:
			c.add(l)
		case l.fault != "":
			// Before the first caption stand blank lines alone.
			if !c.yield(Cue{}, &Malformed{l.number, l.fault}) {
				return errStopped
			}
		}
		blankBefore = len(l.text) == 0
	}
	if c.in.err != nil {
		return c.in.err
	}
	return c.flush(c.cue.StartMS)
}

func (c *captions) begin(l line, name string, clock int64) error {
	if err := c.flush(clock); err != nil {
		return err
	}
	c.open, c.text, c.broken = true, c.text[:0], nil
	c.cue = Cue{Line: l.number, Speaker: name, StartMS: clock, Clock: true}
	if l.fault != "" {
		c.broken = &Malformed{l.number, l.fault}
	}
	return nil
}

func (c *captions) add(l line) {
	switch {
	case c.broken != nil:
	case l.fault != "":
		c.broken = &Malformed{l.number, l.fault}
	case len(c.text)+len(l.text) >= MaxRecord:
		c.broken = &Malformed{l.number, tooLarge}
	default:
		c.text = append(c.text, l.text...)
		c.text = append(c.text, '\n')
	}
}

// flush yields the open caption, which ends at end.
func (c *captions) flush(end int64) error {
	if !c.open {
		return nil
	}
	c.open = false
	if c.broken != nil {
		if !c.yield(Cue{}, c.broken) {
			return errStopped
		}
		return nil
	}
	c.cue.EndMS = end
	c.cue.Text = strings.Trim(string(c.text), blanksAndEnd)
	if !c.yield(c.cue, nil) {
		return errStopped
	}
	return nil
}

// isCaption says whether the first line that holds something begins a caption.
func isCaption(ahead []byte) bool {
	_, _, ok := captionHead(firstLine(bytes.TrimLeft(ahead, " \t\r\n")))
	return ok
}

// captionHead reads "[name] time of day".
func captionHead(text []byte) (name string, clock int64, ok bool) {
	if len(text) == 0 || text[0] != '[' {
		return "", 0, false
	}
	at := bytes.LastIndex(text, []byte("] "))
	if at < 0 {
		return "", 0, false
	}
	clock, rest, ok := clockTime(text[at+2:])
	if !ok || len(bytes.Trim(rest, blanks)) > 0 {
		return "", 0, false
	}
	return strings.Trim(string(text[1:at]), blanks), clock, true
}
