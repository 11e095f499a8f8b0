package zoom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestParseRecording(t *testing.T) {
	const object = `{
	"uuid": "4444AAAiAAAAAiAiAiiAii==", "id": 98765432101, "account_id": "x", "topic": "Algebra, week 4", "type": 2,
	"start_time": "2026-10-05T22:00:10Z", "timezone": "America/Los_Angeles", "duration": 61, "total_size": 3,
	"recording_files": [
		{"id": "a", "meeting_id": "4444AAAiAAAAAiAiAiiAii==", "file_type": "M4A", "recording_type": "audio_only",
		 "recording_start": "2026-10-05T22:00:10Z", "recording_end": "2026-10-05T23:01:00Z", "file_size": 1, "status": "completed"},
		{"file_type": "CHAT", "recording_start": "2026-10-05T22:00:10Z", "recording_end": ""}
	],
	"participant_audio_files": []
}`
	for name, encode := range encodings {
		got, err := ParseRecording([]byte(encode(object)))
		if err != nil {
			t.Fatal(name, err)
		}
		if got.MeetingID != "98765432101" || got.UUID != "4444AAAiAAAAAiAiAiiAii==" || got.Topic != "Algebra, week 4" || got.Timezone != "America/Los_Angeles" {
			t.Errorf("%s: %+v", name, got)
		}
		if clock := got.StartsAt.Format("2006-01-02 15:04:05"); clock != "2026-10-05 15:00:10" || got.EndsAt.Sub(got.StartsAt) != 61*time.Minute {
			t.Errorf("%s: from %v to %v", name, got.StartsAt, got.EndsAt)
		}
		if len(got.Files) != 2 || got.Files[0].FileType != "M4A" || got.Files[0].RecordingType != "audio_only" || got.Files[0].EndsAt.Sub(got.Files[0].StartsAt) != 3650*time.Second {
			t.Errorf("%s: %+v", name, got.Files)
		}
		if got.Files[1].FileType != "CHAT" || !got.Files[1].EndsAt.IsZero() || !got.Files[1].StartsAt.Equal(got.StartsAt) {
			t.Errorf("%s: %+v", name, got.Files)
		}
	}
}

func TestParseRecordingForms(t *testing.T) {
	for object, want := range map[string]string{
		`{"start_time":"2026-10-05T22:00:10Z"}`:                                    "2026-10-05 22:00:10 +0000 UTC |",
		`{"start_time":"2026-10-05T22:00:10+02:00","id":"812 3456 7890"}`:          "2026-10-05 20:00:10 +0000 UTC |81234567890",
		"{\r\n\"start_time\":\"2026-10-05T22:00:10Z\",\"id\":null,\"x\":[{}]}\r\n": "2026-10-05 22:00:10 +0000 UTC |",
	} {
		got, err := ParseRecording([]byte(object))
		if err != nil || fmt.Sprintf("%v |%s", got.StartsAt, got.MeetingID) != want || !got.EndsAt.IsZero() {
			t.Errorf("%s: %+v %v", object, got, err)
		}
	}
}

func TestParseRecordingFaults(t *testing.T) {
	for object, want := range map[string]Malformed{
		"":                          {1, notJSON},
		"{\n\"start_time\": \n":     {2, notJSON},
		"{\n\"start_time\": x}":     {2, notJSON},
		"{\n\n\"start_time\": 1\n}": {3, badType},
		"[]":                        {1, badType},
		"{}":                        {1, noStart},
		"{\"start_time\":\"2026-10-05T22:00:10Z\"}\n{}":                                     {2, twoValues},
		"{\n\"start_time\":\"\xff\"}":                                                       {2, notText},
		`{"start_time":"5 October"}`:                                                        {1, badStart},
		`{"start_time":"2026-10-05T22:00:10Z","duration":-1}`:                               {1, badStart},
		`{"start_time":"2026-10-05T22:00:10Z","duration":1e300}`:                            {1, badStart},
		`{"start_time":"2026-10-05T22:00:10Z","timezone":"Local"}`:                          {1, badZone},
		`{"start_time":"2026-10-05T22:00:10Z","timezone":"Mars/Olympus"}`:                   {1, badZone},
		`{"start_time":"2026-10-05T22:00:10Z","timezone":"../../etc/passwd"}`:               {1, badZone},
		`{"start_time":"2026-10-05T22:00:10Z","id":1.5}`:                                    {1, badMeeting},
		`{"start_time":"2026-10-05T22:00:10Z","id":{}}`:                                     {1, badMeeting},
		`{"start_time":"2026-10-05T22:00:10Z","recording_files":[{"recording_start":"x"}]}`: {1, badStart},
		`{"start_time":"2026-10-05T22:00:10Z","recording_files":[{"recording_start":"2026-10-05T22:00:10Z","recording_end":"2026-10-05T21:00:10Z"}]}`: {1, badStart},
		strings.Repeat(" ", MaxRecord+1): {1, tooLarge},
	} {
		_, err := ParseRecording([]byte(object))
		var got *Malformed
		if !errors.As(err, &got) || *got != want {
			t.Errorf("%.80q: got %v, want %v", object, err, &want)
		}
	}
}
