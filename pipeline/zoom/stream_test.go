package zoom

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
)

// endless gives a beginning and then the same bytes over and over, up to a
// number of them.
type endless struct {
	begin, again []byte
	at           int
	left         int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	if e.at == len(e.begin) {
		e.begin, e.at = e.again, 0
	}
	n := copy(p[:min(len(p), e.left)], e.begin[e.at:])
	e.at += n
	e.left -= n
	return n, nil
}

func longTranscript(size int) io.Reader {
	var again bytes.Buffer
	for i := range 100 {
		fmt.Fprintf(&again, "%d\r\n00:00:%02d.120 --> 00:00:59.310\r\nPia Kern %d: And then we take the root of both sides, so x is 3: yes.\r\n\r\n", i, i%60, i%7)
	}
	begin := []byte("WEBVTT\r\n\r\n")
	return &endless{begin: begin, again: again.Bytes(), left: len(begin) + size/again.Len()*again.Len()}
}

func longChat(size int) io.Reader {
	var again bytes.Buffer
	for i := range 100 {
		fmt.Fprintf(&again, "00:%02d:00\tPia Kern %d:\tis question %d about the %s root?\nsee page 12\r\n", i%60, i%7, i, strings.Repeat("second ", i%30))
		fmt.Fprintf(&again, "00:%02d:00\tOmar:\tReplying to \"is question %d abo...\"\n\nyes\r\n", i%60, i)
		fmt.Fprintf(&again, "00:%02d:01\tOmar:\tReacted to \"a message that is not there\" with 👍\r\n", i%60)
	}
	return &endless{again: again.Bytes(), left: size / again.Len() * again.Len()}
}

// longSize is a file of 100 MB, the size that must not matter.
const longSize = 100 << 20

// liveHeap is what is reachable, in bytes.
func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// readAll reads everything and gives the number of records and the largest
// live heap that was seen on the way.
func readAll[T any](t testing.TB, all iter.Seq2[T, error], every int) (records int, most uint64) {
	for _, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		if records%every == 0 {
			most = max(most, liveHeap())
		}
		records++
	}
	return records, most
}

// TestMemoryIsConstant reads files of 100 MB. The bound holds two windows of
// 256 KiB, the habits learned from one, a record and the history.
func TestMemoryIsConstant(t *testing.T) {
	size := longSize
	if testing.Short() {
		size /= 10
	}
	const bound = 8 << 20
	before := liveHeap()
	cues, most := readAll(t, Transcript(longTranscript(size)), 100_000)
	if cues < size/150 || most > before+bound {
		t.Errorf("%d cues with %d KiB of memory", cues, (most-before)>>10)
	}
	t.Logf("%d cues, %d KiB", cues, (int64(most)-int64(before))>>10)
	messages, most := readAll(t, Chat(longChat(size)), 100_000)
	if messages < size/200 || most > before+bound {
		t.Errorf("%d messages with %d KiB of memory", messages, (most-before)>>10)
	}
	t.Logf("%d messages, %d KiB", messages, (int64(most)-int64(before))>>10)
}

// TestRecordsWithoutEnd reads lines and records that are larger than any may
// be: they are reported, not held, and what follows is read.
func TestRecordsWithoutEnd(t *testing.T) {
	line := func(size int) io.Reader { return &endless{again: []byte("ab cd "), left: size} }
	lines := func(size int) io.Reader { return &endless{again: []byte("ab cd\n"), left: size} }
	const size = MaxRecord + MaxRecord/4
	for name, middle := range map[string]io.Reader{"one line": line(size), "lines": lines(size)} {
		chat := io.MultiReader(strings.NewReader("00:00:01\tPia:\thi\r\n00:00:02\tPia:\t"), middle, strings.NewReader("\r\n00:00:03\tPia:\tbye\r\n"))
		messages, faults := collect(t, Chat(chat))
		if len(messages) != 2 || len(faults) != 1 || faults[0].What != tooLarge {
			t.Errorf("%s: %d messages, %v", name, len(messages), faults)
		}
	}
	for name, middle := range map[string]io.Reader{"one line": line(size), "lines": lines(size)} {
		transcript := io.MultiReader(strings.NewReader("WEBVTT\n\n00:01.000 --> 00:02.000\n"), middle, strings.NewReader("\n\n00:03.000 --> 00:04.000\nbye\n"))
		cues, faults := collect(t, Transcript(transcript))
		if len(cues) != 1 || len(faults) != 1 || faults[0].What != tooLarge {
			t.Errorf("%s: %d cues, %v", name, len(cues), faults)
		}
	}
	captions := io.MultiReader(strings.NewReader("[Pia] 10:00:00\n"), lines(size), strings.NewReader("\n[Omar] 10:00:03\nbye\n"))
	if cues, faults := collect(t, Transcript(captions)); len(cues) != 1 || len(faults) != 1 || faults[0].What != tooLarge {
		t.Errorf("%d captions, %v", len(cues), faults)
	}
	if people, faults := collect(t, Participants(io.MultiReader(strings.NewReader("Name,Guest\n"), line(size), strings.NewReader("\nPia,No\n")))); len(people) != 1 || len(faults) != 1 {
		t.Errorf("%d rows, %v", len(people), faults)
	}
}

func BenchmarkTranscript(b *testing.B) {
	b.SetBytes(longSize)
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range Transcript(longTranscript(longSize)) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkChat(b *testing.B) {
	b.SetBytes(longSize)
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range Chat(longChat(longSize)) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
