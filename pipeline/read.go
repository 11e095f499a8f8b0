package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"
	"github.com/schoolhouse-world/veil/pipeline/speaker"
	"github.com/schoolhouse-world/veil/pipeline/zoom"
)

// unreadable says that a session's own files cannot be used. The session is
// quarantined; the run goes on.
type unreadable struct {
	file string // transcript, chat, participants, recording: never a file's own name
	line int    // from 1, 0 when it is about the whole file
	what string
}

func (e *unreadable) Error() string {
	if e.line == 0 {
		return e.file + ": " + e.what
	}
	return fmt.Sprintf("%s, line %d: %s", e.file, e.line, e.what)
}

// read parses what a session's files hold and says who is behind each label.
// Files past retention are not opened, whatever else is wanted of them.
func (w *worker) read(ctx context.Context, s plan.Session) (recorded, error) {
	var r recorded
	if err := w.unmoved(ctx, s); err != nil {
		return r, err
	}
	start, err := w.started(ctx, s)
	if err != nil {
		return r, err
	}
	people, err := w.speakers(ctx, s)
	if err != nil {
		return r, err
	}
	if f, ok := only(s, session.Transcript, s.Files.Transcripts); ok {
		if r.utterances, err = w.utterances(ctx, f, people, start, length(s)); err != nil {
			return r, err
		}
	}
	if f, ok := only(s, session.Chat, s.Files.Chats); ok {
		r.messages, err = w.messages(ctx, f, people, start, length(s))
	}
	return r, err
}

// only is the one file of a modality that may be read. What does not leave for
// consent's sake is read as well: it is evidence about what does.
func only(s plan.Session, m session.Modality, files []source.File) (source.File, bool) {
	if len(files) != 1 || s.Withheld[m] == plan.Expired {
		return source.File{}, false
	}
	return files[0], true
}

// unmoved refuses files that are not those that were planned with.
func (w *worker) unmoved(ctx context.Context, s plan.Session) error {
	now, err := w.source.Recordings(ctx, s.ID)
	if err != nil {
		return &unreadable{file: "recordings", what: "the folder cannot be read; check its permissions"}
	}
	if len(now.Audio) > 0 {
		now.Videos = nil // as planned: Zoom writes the same sound into both
	}
	if !reflect.DeepEqual(now, s.Files) {
		return &unreadable{file: "recordings", what: "its files changed after the plan was made; run again"}
	}
	return nil
}

// started is when the recording began, which cues and cloud chats count from:
// Zoom's recordings object says it, else the session's own start is the best
// that is known.
func (w *worker) started(ctx context.Context, s plan.Session) (time.Time, error) {
	start := s.StartsAt
	if len(s.Files.Recording) == 1 {
		data, err := w.whole(ctx, s.Files.Recording[0])
		if err != nil {
			return start, &unreadable{file: "recording", what: "it cannot be read"}
		}
		object, err := zoom.ParseRecording(data)
		if err != nil {
			return start, quarantine("recording", err)
		}
		switch {
		case object.Timezone != "":
			// In the account's zone, which files saved on a computer are most
			// likely in.
			return object.StartsAt, nil
		case !object.StartsAt.IsZero():
			start = object.StartsAt
		}
	}
	return start.In(w.study.Location()), nil
}

func (w *worker) whole(ctx context.Context, f source.File) ([]byte, error) {
	in, err := w.source.Open(ctx, f)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, zoom.MaxRecord+1))
}

// length is how long the session lasted, 0 when the source does not say.
func length(s plan.Session) time.Duration {
	if s.EndsAt.IsZero() {
		return 0
	}
	return s.EndsAt.Sub(s.StartsAt)
}

// speakers makes the matcher of a session's labels from everyone in it, out or
// not, and from what its participant reports say of renamed people.
func (w *worker) speakers(ctx context.Context, s plan.Session) (*speaker.Matcher, error) {
	var people []speaker.Person
	for _, m := range s.People {
		u := m.User
		people = append(people, speaker.Person{ID: m.UserID, First: u.First, Last: u.Last, Preferred: u.Preferred, Other: u.OtherNames,
			Display: m.DisplayName, Email: u.Email, Handles: u.Handles})
	}
	var aliases []speaker.Alias
	for _, f := range s.Files.Participants {
		err := eachRecord(ctx, w, f, "participants", zoom.Participants, func(a zoom.Attendee) {
			aliases = append(aliases, speaker.Alias{Name: a.Name, Original: a.OriginalName, Email: a.Email})
		})
		if err != nil {
			return nil, err
		}
	}
	return speaker.New(people, aliases), nil
}

func (w *worker) utterances(ctx context.Context, f source.File, people *speaker.Matcher, start time.Time, length time.Duration) ([]session.Utterance, error) {
	var out []session.Utterance
	var clock []int64 // begin and end of each cue that has the time of day
	err := eachRecord(ctx, w, f, "transcript", zoom.Transcript, func(c zoom.Cue) {
		out = append(out, session.Utterance{Index: len(out) + 1, Speakers: match(people, c.Speaker), Name: c.Speaker, StartMS: c.StartMS, EndMS: c.EndMS, Text: c.Text})
		if c.Clock {
			clock = append(clock, c.StartMS, c.EndMS)
		}
	})
	if err != nil || len(clock) != 2*len(out) {
		return out, err
	}
	for i, ms := range zoom.Place(clock, start, length) {
		if i%2 == 0 {
			out[i/2].StartMS = ms
		} else {
			out[i/2].EndMS = ms
		}
	}
	return out, nil
}

func (w *worker) messages(ctx context.Context, f source.File, people *speaker.Matcher, start time.Time, length time.Duration) ([]session.Message, error) {
	var out []session.Message
	var times []int64
	err := eachRecord(ctx, w, f, "chat", zoom.Chat, func(m zoom.Message) {
		to := session.Recipient{Kind: m.To.Kind, Name: m.To.Name}
		if to.Kind == session.Direct {
			to.UserIDs = match(people, to.Name)
		}
		out = append(out, session.Message{Index: len(out) + 1, Senders: match(people, m.Sender), Name: m.Sender, To: to,
			Kind: m.Kind, Quoted: m.Quoted, Emoji: m.Emoji, Refers: m.Refers, Text: m.Text})
		times = append(times, m.TimeMS)
	})
	if err != nil {
		return nil, err
	}
	for i, ms := range zoom.Place(times, start, length) {
		out[i].SentMS = ms
	}
	return out, nil
}

func match(people *speaker.Matcher, label string) []string {
	if label == "" {
		return nil
	}
	return people.Match(label)
}

// eachRecord hands on every record of a file. One that cannot be read sets the
// session aside; how many more there are is said with it.
func eachRecord[T any](ctx context.Context, w *worker, f source.File, what string, parse func(io.Reader) iter.Seq2[T, error], use func(T)) error {
	in, err := w.source.Open(ctx, f)
	if err != nil {
		return &unreadable{file: what, what: "it cannot be opened; check its permissions"}
	}
	defer in.Close()
	var first *unreadable
	more := 0
	for record, err := range parse(in) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch {
		case err == nil:
			use(record)
		case first == nil:
			first = quarantine(what, err)
		default:
			more++
		}
	}
	if first == nil {
		return nil
	}
	if more > 0 {
		first.what += fmt.Sprintf(" (and %d more)", more)
	}
	return first
}

// quarantine keeps where a file is broken. Other errors are the reader's own,
// and may hold a path.
func quarantine(file string, err error) *unreadable {
	var malformed *zoom.Malformed
	if errors.As(err, &malformed) {
		return &unreadable{file: file, line: malformed.Line, what: malformed.What}
	}
	return &unreadable{file: file, what: "reading it failed; check the disk and run again"}
}
