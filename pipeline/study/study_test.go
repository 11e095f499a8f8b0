package study_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/study"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const minimal = "study: s1\ncontexts: [sat-bootcamp]\n"

// What a study file may not say, and which key the answer must name. The JSON
// Schema must refuse the same, unless a schema cannot express it.
func TestStudyFilesThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, yaml, names string
		beyondSchema      bool
	}{
		{"no id", "contexts: [a]\n", "study", false},
		{"upper case id", "study: S1\ncontexts: [a]\n", "study", false},
		{"no context: nothing may leave by default", "study: s1\n", "contexts", false},
		{"empty contexts", "study: s1\ncontexts: []\n", "contexts", false},
		{"a misspelt key", minimal + "recipents: []\n", "recipents", false},
		{"a key twice", minimal + "dates: day\ndates: exact\n", "dates", true},
		{"retention longer than the platform's", minimal + "retention: {recordings_days: 31}\n", "recordings_days", false},
		{"one officer is not two", minimal + "approval: {required: 1}\n", "approval.required", false},
		{"a direct identifier may never be kept", minimal + "redaction: {kinds: {EMAIL: keep}}\n", "EMAIL", true},
		{"an unknown policy", minimal + "consent: {basis: maybe}\n", "consent.basis", false},
		{"a window that ends before it starts", minimal + "window: {from: 2026-02-01, to: 2026-01-01}\n", "window", true},
		{"no such day", minimal + "window: {from: 2026-02-30}\n", "window.from", true},
		{"no such time zone", minimal + "timezone: Mars/Olympus\n", "timezone", true},
		{"not a schedule", minimal + "schedule: nightly\n", "schedule", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := study.Parse([]byte(c.yaml))
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), strings.TrimPrefix(c.names, "approval.")) {
				t.Errorf("error does not name %q: %v", c.names, err)
			}
			if !c.beyondSchema && schemaAccepts(t, c.yaml) {
				t.Error("the JSON Schema accepts it")
			}
		})
	}
}

// A file without policies gets the stricter choice everywhere.
func TestMissingPoliciesAreStrict(t *testing.T) {
	s, err := study.Parse([]byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if !schemaAccepts(t, minimal) {
		t.Error("the JSON Schema refuses the minimal study")
	}
	for key, got := range map[string][2]string{
		"unknown users":  {s.Consent.UnknownUsers, "deny"},
		"mixed audio":    {s.Audio.OptedOut, "withhold"},
		"names in audio": {s.Audio.Names, "cue"},
		"dates":          {string(s.Dates), "shifted"},
		"at majority":    {s.Consent.AtMajority, "ask"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %s, want %s", key, got[0], got[1])
		}
	}
	if s.Approval.Required != 2 || s.Retention.RecordingsDays != 30 || s.Retention.TextDays != 1095 {
		t.Errorf("approval %d, retention %+v", s.Approval.Required, s.Retention)
	}
}

func TestWindowIsCutInTheStudysZone(t *testing.T) {
	s, err := study.Parse([]byte(minimal + "timezone: America/New_York\nwindow: {from: 2026-10-01, to: 2026-11-01}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{
		"2026-10-01T03:59:00Z": false, // still 30 September in New York
		"2026-10-01T04:00:00Z": true,
		"2026-11-01T03:59:00Z": true,
		"2026-11-01T04:00:00Z": false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Window.Contains(moment, s.Location()); got != want {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}

func schemaAccepts(t *testing.T, text string) bool {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(study.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("study.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("study.json")
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		return false
	}
	return schema.Validate(value) == nil
}

func TestScheduleAcrossClockChanges(t *testing.T) {
	s, err := study.Parse([]byte(minimal + "timezone: America/New_York\nschedule: \"30 2 * * *\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, after, want string }{
		{"an ordinary night", "2026-06-01T12:00:00Z", "2026-06-02T06:30:00Z"},
		{"02:30 does not exist on 8 March 2026: the run is not lost", "2026-03-08T05:00:00Z", "2026-03-08T07:30:00Z"},
		{"the day after", "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"},
	} {
		after, _ := time.Parse(time.RFC3339, c.after)
		if got := s.Next(after).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: next after %s is %s, want %s", c.name, c.after, got, c.want)
		}
	}
	// 01:30 comes twice on 1 November 2026, and is run once.
	s.Schedule = "30 1 * * *"
	first := s.Next(time.Date(2026, 11, 1, 4, 0, 0, 0, time.UTC))
	if second := s.Next(first); second.Sub(first) < 20*time.Hour {
		t.Errorf("runs at %s and again at %s", first.UTC(), second.UTC())
	}
}
