package zoom

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// ending is what closes a line.
type ending uint8

const (
	endOfFile ending = iota
	lf
	cr
	crlf
)

// line is one line of a file. Its text is valid until the next call.
type line struct {
	number int
	text   []byte
	end    ending
	// fault is "" for a line of proper text.
	fault string
}

// window is how far a reader may look ahead to learn the habits of a file.
const window = 256 << 10

// lines cuts a stream of any encoding into lines of UTF-8.
type lines struct {
	in     *bufio.Reader
	number int
	buffer []byte
	done   bool
	err    error // of the underlying reader
}

func newLines(r io.Reader) *lines {
	in := bufio.NewReaderSize(r, window)
	mark, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(mark, []byte{0xEF, 0xBB, 0xBF}):
		in.Discard(3)
	case bytes.HasPrefix(mark, []byte{0xFF, 0xFE}):
		in.Discard(2)
		in = bufio.NewReaderSize(&utf16Reader{in: in}, window)
	case bytes.HasPrefix(mark, []byte{0xFE, 0xFF}):
		in.Discard(2)
		in = bufio.NewReaderSize(&utf16Reader{in: in, bigEndian: true}, window)
	// Every file of Zoom's begins with ASCII: without a mark, a zero byte
	// beside the first character tells the width and the order.
	case len(mark) >= 2 && mark[0] != 0 && mark[1] == 0:
		in = bufio.NewReaderSize(&utf16Reader{in: in}, window)
	case len(mark) >= 2 && mark[0] == 0 && mark[1] != 0:
		in = bufio.NewReaderSize(&utf16Reader{in: in, bigEndian: true}, window)
	}
	return &lines{in: in}
}

// head is what lies ahead, at most a window of it, and whether that is all.
// It must be called before the first line is read.
func (l *lines) head() (ahead []byte, all bool) {
	ahead, err := l.in.Peek(window)
	return ahead, err != nil
}

// next is false at the end of the file and after an error of the reader.
func (l *lines) next() (line, bool) {
	if l.done {
		return line{}, false
	}
	l.number++
	l.buffer = l.buffer[:0]
	tooLong := false
	for {
		if l.in.Buffered() == 0 {
			if _, err := l.in.Peek(1); err != nil {
				l.done = true
				if err != io.EOF {
					l.err = err
					return line{}, false
				}
				if len(l.buffer) == 0 && !tooLong {
					return line{}, false
				}
				return l.make(endOfFile, tooLong), true
			}
		}
		ahead, _ := l.in.Peek(l.in.Buffered())
		at := lineEnd(ahead)
		if at < 0 {
			at = len(ahead)
		}
		if tooLong = tooLong || len(l.buffer)+at > MaxRecord; !tooLong {
			l.buffer = append(l.buffer, ahead[:at]...)
		}
		if at == len(ahead) {
			l.in.Discard(at)
			continue
		}
		end := lf
		if ahead[at] == '\r' {
			end = cr
		}
		l.in.Discard(at + 1)
		if end == cr {
			if b, _ := l.in.Peek(1); len(b) == 1 && b[0] == '\n' {
				l.in.Discard(1)
				end = crlf
			}
		}
		return l.make(end, tooLong), true
	}
}

func (l *lines) make(end ending, tooLong bool) line {
	made := line{number: l.number, text: l.buffer, end: end}
	switch {
	case tooLong:
		made.fault = tooLarge
	case !utf8.Valid(l.buffer):
		made.fault = notText
	case bytes.IndexByte(l.buffer, 0) >= 0:
		made.fault = holdsNUL
	}
	return made
}

func lineEnd(b []byte) int {
	for i, c := range b {
		if c == '\n' || c == '\r' {
			return i
		}
	}
	return -1
}

// utf16Reader turns UTF-16 into UTF-8. Where the input is not UTF-16 it writes
// a byte that is not UTF-8 either, so that the fault is seen in its line and
// not papered over.
type utf16Reader struct {
	in        *bufio.Reader
	bigEndian bool
	pending   []byte
	store     [8]byte
	err       error
}

const notUTF8 = 0xFF

func (u *utf16Reader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(u.pending) == 0 {
			if u.err == nil {
				u.pending, u.err = u.decode(u.store[:0])
			}
			if len(u.pending) == 0 {
				break
			}
		}
		copied := copy(p[n:], u.pending)
		u.pending = u.pending[copied:]
		n += copied
	}
	if n == 0 && len(p) > 0 {
		return 0, u.err
	}
	return n, nil
}

func (u *utf16Reader) decode(out []byte) ([]byte, error) {
	first, err := u.unit()
	if err == io.ErrUnexpectedEOF {
		return append(out, notUTF8), io.EOF
	}
	if err != nil {
		return nil, err
	}
	r := rune(first)
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(out, r), nil
	}
	ahead, _ := u.in.Peek(2)
	if len(ahead) == 2 {
		if pair := utf16.DecodeRune(r, rune(u.join(ahead))); pair != utf8.RuneError {
			u.in.Discard(2)
			return utf8.AppendRune(out, pair), nil
		}
	}
	return append(out, notUTF8), nil
}

func (u *utf16Reader) unit() (uint16, error) {
	var b [2]byte
	if _, err := io.ReadFull(u.in, b[:]); err != nil {
		return 0, err
	}
	return u.join(b[:]), nil
}

func (u *utf16Reader) join(b []byte) uint16 {
	if u.bigEndian {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return uint16(b[1])<<8 | uint16(b[0])
}
