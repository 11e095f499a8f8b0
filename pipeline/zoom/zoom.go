// Package zoom reads the files Zoom leaves behind: transcripts, chats,
// participant reports and the recordings API object.
//
//   - Transcript streams the cues of a WebVTT file or of a saved caption text.
//   - Chat streams the messages of a chat file, whichever client wrote it.
//   - Participants reads the rows of a participant report, ReadReport the whole.
//   - ParseRecording reads recording.json.
//   - Place puts chat times on the session's clock.
//
// Transcript and Chat hold one record and a bounded history in memory,
// whatever the size of the file. Every reader accepts UTF-8 with or without a
// byte order mark and UTF-16 of either order, and line ends of all three kinds
// in one file. U+2028 and U+2029 are text, not line ends.
//
// What cannot be read is a *Malformed, which names the line and the fault and
// never the text. It stands for the one record that is broken; the iterators
// go on behind it, so that a caller can count all faults before setting the
// session aside. A file that is of no known kind has one fault and ends there.
// Any other error is the reader's own and ends the iteration.
//
// The readers keep what a file says and judge nobody: who a name belongs to is
// the business of package speaker.
package zoom

import (
	"errors"
	"fmt"
)

// MaxRecord is the largest cue, message, report row or recordings object that
// is read, in bytes of UTF-8. A larger one is Malformed, never cut.
const MaxRecord = 16 << 20

// Malformed is a place in a file that cannot be read.
type Malformed struct {
	// Line counts from 1. LF, CRLF and a bare CR each end a line.
	Line int
	// What is the fault, in words that hold nothing of the file.
	What string
}

func (m *Malformed) Error() string { return fmt.Sprintf("line %d: %s", m.Line, m.What) }

// errStopped says that whoever reads wants no more.
var errStopped = errors.New("stopped")

// Faults that more than one reader finds.
const (
	notText   = "bytes that are not valid text in the file's encoding; export the file again"
	holdsNUL  = "a NUL byte, the sign of a damaged file; export the file again"
	tooLarge  = "a record of more than 16 MiB"
	noContent = "text before the first message; this is not a chat file that is known"
)
