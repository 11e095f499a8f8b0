package zoom

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
	_ "time/tzdata" // a zone must mean the same wherever Veil runs
	"unicode/utf8"
)

// Recording is what Zoom's recordings API says of a meeting
// (GET /meetings/{meetingId}/recordings).
type Recording struct {
	MeetingID string // digits
	UUID      string // of this one meeting, where MeetingID may recur
	Topic     string
	// StartsAt is in the account's zone where the object names one, else in UTC.
	StartsAt time.Time
	// EndsAt is StartsAt and the duration, which is in whole minutes; zero
	// where there is no duration.
	EndsAt   time.Time
	Timezone string // an IANA name, "" when not stated
	Files    []RecordingFile
}

// RecordingFile is one of a recording's files.
type RecordingFile struct {
	ID       string
	FileType string // such as MP4, M4A, TRANSCRIPT, CHAT, CC, TIMELINE
	// RecordingType tells files of a type apart, such as audio_only.
	RecordingType string
	StartsAt      time.Time // in the zone of the recording; zero when not stated
	EndsAt        time.Time
}

// Faults of recordings objects.
const (
	notJSON    = "not JSON; export the recordings object again"
	twoValues  = "more than one JSON value"
	badType    = "a field whose JSON type is not the one the recordings API gives"
	noStart    = "no start_time; this is not an object of the recordings API"
	badStart   = "a start, end or duration that cannot be read; times are RFC 3339"
	badZone    = "a timezone that is no IANA name"
	badMeeting = "a meeting id that is no number"
)

// ParseRecording reads Zoom's recordings object. Fields that are not known are
// allowed. Its error is a *Malformed.
func ParseRecording(data []byte) (Recording, error) {
	text, err := plainText(data)
	if err != nil {
		return Recording{}, err
	}
	var o recordingObject
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&o); err != nil {
		return Recording{}, jsonFault(text, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Recording{}, &Malformed{lineAt(text, d.InputOffset()), twoValues}
	}
	out, what := o.recording()
	if what != "" {
		return Recording{}, &Malformed{1, what}
	}
	return out, nil
}

// plainText is data in UTF-8 without a byte order mark.
func plainText(data []byte) ([]byte, error) {
	if len(data) > 2*MaxRecord {
		return nil, &Malformed{1, tooLarge}
	}
	text, err := io.ReadAll(newLines(bytes.NewReader(data)).in)
	switch {
	case err != nil:
		return nil, err
	case len(text) > MaxRecord:
		return nil, &Malformed{1, tooLarge}
	case !utf8.Valid(text):
		at := 0
		for rest := text; len(rest) > 0; rest = text[at:] {
			r, size := utf8.DecodeRune(rest)
			if r == utf8.RuneError && size <= 1 {
				break
			}
			at += size
		}
		return nil, &Malformed{lineAt(text, int64(at)), notText}
	}
	return text, nil
}

func jsonFault(text []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return &Malformed{lineAt(text, syntax.Offset), notJSON}
	case errors.As(err, &kind):
		return &Malformed{lineAt(text, kind.Offset), badType}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Malformed{lineAt(text, int64(len(bytes.TrimSpace(text)))), notJSON}
	}
	return &Malformed{1, notJSON}
}

// lineAt is the line of a byte offset.
func lineAt(text []byte, offset int64) int {
	rest := text[:min(int64(len(text)), max(offset, 0))]
	for number := 1; ; number++ {
		at := lineEnd(rest)
		if at < 0 {
			return number
		}
		rest = bytes.TrimPrefix(rest[at:], []byte("\r"))
		rest = bytes.TrimPrefix(rest, []byte("\n"))
	}
}

type recordingObject struct {
	UUID      string          `json:"uuid"`
	ID        json.RawMessage `json:"id"`
	Topic     string          `json:"topic"`
	StartTime string          `json:"start_time"`
	Timezone  string          `json:"timezone"`
	Duration  *float64        `json:"duration"` // minutes
	Files     []struct {
		ID            string `json:"id"`
		FileType      string `json:"file_type"`
		RecordingType string `json:"recording_type"`
		Start         string `json:"recording_start"`
		End           string `json:"recording_end"`
	} `json:"recording_files"`
}

func (o recordingObject) recording() (Recording, string) {
	out := Recording{UUID: o.UUID, Topic: o.Topic, Timezone: o.Timezone}
	zone := time.UTC
	if o.Timezone != "" {
		var err error
		// "Local" would be the zone of the machine.
		if zone, err = time.LoadLocation(o.Timezone); err != nil || o.Timezone == "Local" {
			return Recording{}, badZone
		}
	}
	var ok bool
	if out.MeetingID, ok = meetingID(o.ID); !ok {
		return Recording{}, badMeeting
	}
	if o.StartTime == "" {
		return Recording{}, noStart
	}
	if out.StartsAt, ok = instant(o.StartTime, zone); !ok {
		return Recording{}, badStart
	}
	if o.Duration != nil {
		const most = 366 * 24 * 60
		if *o.Duration < 0 || *o.Duration > most {
			return Recording{}, badStart
		}
		out.EndsAt = out.StartsAt.Add(time.Duration(*o.Duration * float64(time.Minute)))
	}
	for _, f := range o.Files {
		file := RecordingFile{ID: f.ID, FileType: f.FileType, RecordingType: f.RecordingType}
		var starts, ends bool
		file.StartsAt, starts = instant(f.Start, zone)
		file.EndsAt, ends = instant(f.End, zone)
		if !starts || !ends || !file.EndsAt.IsZero() && file.EndsAt.Before(file.StartsAt) {
			return Recording{}, badStart
		}
		out.Files = append(out.Files, file)
	}
	return out, ""
}

// meetingID reads a number, or a string of digits with blanks between.
func meetingID(raw json.RawMessage) (string, bool) {
	text := string(raw)
	if text == "" || text == "null" {
		return "", true
	}
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", false
		}
		text = strings.NewReplacer(" ", "", "-", "").Replace(text)
	}
	for i := range len(text) {
		if !isDigit(text[i]) {
			return "", false
		}
	}
	return text, true
}

// instant reads an RFC 3339 time; "" is the zero time.
func instant(s string, zone *time.Location) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, false
	}
	return t.In(zone), true
}
