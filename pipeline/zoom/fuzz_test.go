package zoom

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzTranscript: whatever the file, the records stand in the order of lines,
// hold nothing that the file does not, and are proper text.
func FuzzTranscript(f *testing.F) {
	for _, s := range []string{
		"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nPia: hi <i>you</i> a<b>c\n\nNOTE x\n\n2\n00:02.000 --> 00:03.000\n<v Omar>x < 3</v> <v Pia>y\n",
		"[Pia] 10:00:00\nhi\n\n[Omar] 10:00:05 PM\nno\n", "\xff\xfeW\x00E\x00", "WEBVTT\r\r00:01.000 --> 00:0", "WEBVTT\n\nx\xff\n--> \n\n",
		"WEBVTT\n\n00:01.000 --> 00:02.000\nRoom 3: Pia: a\n\n00:01.000 --> 00:02.000\nRoom 3: Pia: b\n\n00:01.000 --> 00:02.000\nRoom 3: Pia: c\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, last := allLines(data), 1
		for c, err := range Transcript(bytes.NewReader(data)) {
			last = checkOrder(t, c.Line, last, len(lines), err)
			if err != nil {
				continue
			}
			rest := strings.Join(lines[c.Line-1:], "\n")
			checkText(t, rest, c.ID, c.Speaker, c.Text)
		}
	})
}

// FuzzChat is FuzzTranscript for chats.
func FuzzChat(f *testing.F) {
	for _, s := range []string{
		"00:01:00\tPia:\thi\r\n00:01:01\tOmar:\tReplying to \"hi\"\n\nyou\r\n00:01:02\tPia:\tReacted to \"you\" with 👍\r\n",
		"10:00:00 From  Pia  to  Everyone:\n  hi\n    you\n10:00:01 From Omar to Pia(Direct Message):\n\tadd 👍\n",
		"10:00:00\t From  Pia : hi : you\n10:00:01\t From Omar  To  Pia to Go(privately) : no\n", "10:00:00\n From Pia : hi\n10:00:01",
		"From Pia to Everyone 06:47 PM\nhi\n\nMe to Pia (Direct Message) 07:00 PM\nyou\n", "2026-02-02 10:00:00 Von Pia an alle:\nx\n",
		"00:01:00\tFrom Pia to Everyone:\thi\n", "\xfe\xff\x000\x000", "x\n\xff\n00:00:00\ta:\tb\n00:00:0",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, last, position := allLines(data), 1, 0
		for m, err := range Chat(bytes.NewReader(data)) {
			last = checkOrder(t, m.Line, last, len(lines), err)
			if err != nil {
				continue
			}
			if m.Refers < 0 || m.Refers > position || m.Refers > 0 && !m.HasQuote {
				t.Fatalf("message %d refers to %d", position+1, m.Refers)
			}
			position++
			rest := strings.Join(lines[m.Line-1:], "\n")
			checkText(t, rest, m.Sender, m.To.Name, m.Quoted, m.Emoji, m.Text)
			for _, l := range strings.Split(m.Text, "\n") {
				if !strings.Contains(rest, l) {
					t.Fatalf("%q is not in the file", l)
				}
			}
		}
	})
}

func checkOrder(t *testing.T, line, last, lines int, err error) int {
	var m *Malformed
	if errors.As(err, &m) {
		line = m.Line
	} else if err != nil {
		t.Fatal(err)
	}
	// An empty file has its fault on the first of no lines.
	if line < last || line > max(lines, 1) {
		t.Fatalf("line %d of %d follows line %d", line, lines, last)
	}
	return line
}

// checkText tells that each text is UTF-8 and can be had from the record by
// leaving things out.
func checkText(t *testing.T, record string, texts ...string) {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			t.Fatalf("%q is not UTF-8", text)
		}
		rest := record
		for i := range len(text) {
			at := strings.IndexByte(rest, text[i])
			if at < 0 {
				t.Fatalf("%q is not in %q", text, record)
			}
			rest = rest[at+1:]
		}
	}
}
