// Package study reads study.yaml: which sessions a study takes, under which
// policies, and to whom the result may go.
//
// A study file is written by people. Unknown and duplicate keys are refused
// with their line, every value is checked before anything else happens, and a
// missing policy means the stricter choice.
package study

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/robfig/cron/v3"
)

// FileName is the study file's name in a study folder.
const FileName = "study.yaml"

// Schema is the JSON Schema of study.yaml, for editors.
//
//go:embed study.schema.json
var Schema []byte

// Study is one research study. The zero value is not valid; use Load.
type Study struct {
	// ID names the study in releases: lower case, digits and dashes.
	ID    string `yaml:"study"`
	Title string `yaml:"title"`
	// Contexts are the programs whose sessions belong to the study.
	Contexts  []string   `yaml:"contexts"`
	Window    Window     `yaml:"window"`
	Source    Source     `yaml:"source"`
	Consent   Consent    `yaml:"consent"`
	Retention Retention  `yaml:"retention"`
	Audio     Audio      `yaml:"audio"`
	Redaction Redaction  `yaml:"redaction"`
	Dates     DatePolicy `yaml:"dates"`
	Speakers  Speakers   `yaml:"speakers"`
	Run       Run        `yaml:"run"`
	Approval  Approval   `yaml:"approval"`
	// Schedule is a cron expression of five fields, "" when runs are started
	// by hand. What would expire before its next time is announced.
	Schedule string `yaml:"schedule"`
	// Timezone is where the schedule and unzoned times are read (IANA name).
	Timezone string `yaml:"timezone"`

	// Dir is the folder study.yaml stands in; relative paths start there.
	Dir string `yaml:"-"`
}

// Window is when a session must have started: From inclusive, To exclusive,
// both days in the study's time zone. An empty end is open.
type Window struct {
	From Day `yaml:"from"`
	To   Day `yaml:"to"`
}

// Day is a calendar day, YYYY-MM-DD.
type Day string

// Source says where sessions come from.
type Source struct {
	// Directory holds the four tables and recordings/<session_id>/.
	Directory string `yaml:"directory"`
}

// Consent is the study's consent policy; see package consent for its meaning.
type Consent struct {
	Basis         string `yaml:"basis"`          // opt-out, opt-in
	UnknownUsers  string `yaml:"unknown_users"`  // deny, allow
	GuardianUnder int    `yaml:"guardian_under"` // years, 0 is off
	AtMajority    string `yaml:"at_majority"`    // ask, keep
	// InSession is what happens to a session with an opted-out participant:
	// drop-participant or drop-session.
	InSession string `yaml:"in_session"`
}

// Retention is how long the platform keeps its sources, counted from a
// session's end. A study may shorten it, never lengthen it.
type Retention struct {
	RecordingsDays int `yaml:"recordings_days"` // 1 to 30
	TextDays       int `yaml:"text_days"`       // 1 to 1095
}

// The platform's own limits.
const (
	MaxRecordingsDays = 30
	MaxTextDays       = 3 * 365
)

// Audio is what happens to recordings.
type Audio struct {
	Share bool `yaml:"share"`
	// OptedOut is withhold (no audio of a session in which anyone opted out of
	// it) or silence (their cues are silenced).
	OptedOut string `yaml:"opted_out"`
	// Names is cue (the whole cue in which a name was said is silenced) or span
	// (an estimate within the cue).
	Names string `yaml:"names"`
	// PaddingMS widens every silenced interval at both ends, 0 to 10000.
	PaddingMS int64 `yaml:"padding_ms"`
}

// Redaction tunes the engine for the study.
type Redaction struct {
	// Replace is labels ([LEARNER_2]) or surrogates (invented names).
	Replace string `yaml:"replace"`
	// Kinds overrides the policy per kind: redact, generalise or keep. Only
	// quasi-identifiers may be kept.
	Kinds map[string]string `yaml:"kinds"`
	// Deny and Keep are files with a term a line, Patterns one with lines of a
	// name, a kind and an RE2 expression, and Model is a folder with a language
	// model; all relative to the study.
	Deny     string `yaml:"deny"`
	Keep     string `yaml:"keep"`
	Patterns string `yaml:"patterns"`
	Model    string `yaml:"model"`
}

// DatePolicy is how a session's start appears in the bundle.
type DatePolicy string

const (
	// DatesShifted moves all days of the study by one random number of days.
	DatesShifted DatePolicy = "shifted"
	// DatesDay keeps the calendar day.
	DatesDay DatePolicy = "day"
	// DatesExact keeps the time of day too.
	DatesExact DatePolicy = "exact"
)

// Speakers says what happens to what a speaker said whose label matched no
// participant: keep (redacted) or drop. Where anyone in the session opted out
// it is always dropped, since it may be theirs.
type Speakers struct {
	Unmatched string `yaml:"unmatched"`
}

// Run bounds the work.
type Run struct {
	ShardSessions int `yaml:"shard_sessions"` // 1 to 10000
	Workers       int `yaml:"workers"`        // 0: one a processor
}

// Approval says how many distinct officers must sign. Who they are stands in
// parties.yaml.
type Approval struct {
	Required int `yaml:"required"` // at least 2
}

// Load reads and checks the study file of a study folder.
func Load(dir string) (Study, error) {
	name := filepath.Join(dir, FileName)
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return Study{}, fmt.Errorf("no %s in %s: run this in a study folder, name one with --study, or make one with veil init", FileName, dir)
	}
	if err != nil {
		return Study{}, fmt.Errorf("reading %s: %w", FileName, err)
	}
	s, err := Parse(data)
	if err != nil {
		return Study{}, fmt.Errorf("%s: %w", FileName, err)
	}
	s.Dir = dir
	return s, nil
}

// Parse reads a study file's content. Relative paths stay relative.
func Parse(data []byte) (Study, error) {
	s := defaults()
	d := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict(), yaml.DisallowUnknownField())
	if err := d.Decode(&s); err != nil {
		return Study{}, errors.New(yaml.FormatError(err, false, false))
	}
	if err := s.check(); err != nil {
		return Study{}, err
	}
	return s, nil
}

func defaults() Study {
	return Study{
		Source:    Source{Directory: "source"},
		Consent:   Consent{Basis: "opt-out", UnknownUsers: "deny", AtMajority: "ask", InSession: "drop-participant"},
		Retention: Retention{RecordingsDays: MaxRecordingsDays, TextDays: MaxTextDays},
		Audio:     Audio{Share: true, OptedOut: "withhold", Names: "cue", PaddingMS: 250},
		Redaction: Redaction{Replace: "labels"},
		Dates:     DatesShifted,
		Speakers:  Speakers{Unmatched: "keep"},
		Run:       Run{ShardSessions: 50},
		Approval:  Approval{Required: 2},
		Timezone:  "UTC",
	}
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// quasiKinds may be kept or generalised; everything else always goes.
var quasiKinds = []string{"SCHOOL", "ORG", "LOCATION", "AGE", "DATE"}

func (s Study) check() error {
	if !idForm.MatchString(s.ID) {
		return errors.New("study: must be 1 to 63 lower-case letters, digits and dashes")
	}
	if len(s.Contexts) == 0 {
		return errors.New("contexts: name at least one research context; nothing leaves without one")
	}
	if err := s.checkPolicies(); err != nil {
		return err
	}
	return s.checkTimes()
}

func (s Study) checkPolicies() error {
	choices := []struct {
		key, value string
		allowed    []string
	}{
		{"consent.basis", s.Consent.Basis, []string{"opt-out", "opt-in"}},
		{"consent.unknown_users", s.Consent.UnknownUsers, []string{"deny", "allow"}},
		{"consent.at_majority", s.Consent.AtMajority, []string{"ask", "keep"}},
		{"consent.in_session", s.Consent.InSession, []string{"drop-participant", "drop-session"}},
		{"audio.opted_out", s.Audio.OptedOut, []string{"withhold", "silence"}},
		{"audio.names", s.Audio.Names, []string{"cue", "span"}},
		{"redaction.replace", s.Redaction.Replace, []string{"labels", "surrogates"}},
		{"dates", string(s.Dates), []string{"shifted", "day", "exact"}},
		{"speakers.unmatched", s.Speakers.Unmatched, []string{"keep", "drop"}},
	}
	for _, c := range choices {
		if !slices.Contains(c.allowed, c.value) {
			return fmt.Errorf("%s: must be one of %v", c.key, c.allowed)
		}
	}
	numbers := []struct {
		key             string
		value, min, max int64
	}{
		{"consent.guardian_under", int64(s.Consent.GuardianUnder), 0, 30},
		{"retention.recordings_days", int64(s.Retention.RecordingsDays), 1, MaxRecordingsDays},
		{"retention.text_days", int64(s.Retention.TextDays), 1, MaxTextDays},
		{"audio.padding_ms", s.Audio.PaddingMS, 0, 10_000},
		{"run.shard_sessions", int64(s.Run.ShardSessions), 1, 10_000},
		{"run.workers", int64(s.Run.Workers), 0, 1024},
		{"approval.required", int64(s.Approval.Required), 2, 20},
	}
	for _, n := range numbers {
		if n.value < n.min || n.value > n.max {
			return fmt.Errorf("%s: must be %d to %d", n.key, n.min, n.max)
		}
	}
	for kind, policy := range s.Redaction.Kinds {
		switch {
		case !slices.Contains([]string{"redact", "generalise", "keep"}, policy):
			return fmt.Errorf("redaction.kinds.%s: must be redact, generalise or keep", kind)
		case policy != "redact" && !slices.Contains(quasiKinds, kind):
			return fmt.Errorf("redaction.kinds.%s: only %v may be kept or generalised", kind, quasiKinds)
		}
	}
	return nil
}

func (s Study) checkTimes() error {
	if _, err := time.LoadLocation(s.Timezone); err != nil {
		return errors.New("timezone: not a known IANA time zone, such as America/New_York")
	}
	days := []struct {
		key string
		day Day
	}{{"window.from", s.Window.From}, {"window.to", s.Window.To}}
	for _, d := range days {
		if d.day == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, string(d.day)); err != nil {
			return fmt.Errorf("%s: must be a day such as 2026-09-01", d.key)
		}
	}
	if s.Window.From != "" && s.Window.To != "" && s.Window.From >= s.Window.To {
		return errors.New("window: from must be before to")
	}
	if s.Schedule != "" {
		if _, err := cron.ParseStandard(s.Schedule); err != nil {
			return errors.New(`schedule: must be a cron expression of five fields, such as "30 2 * * *"`)
		}
	}
	return nil
}

// Path resolves a path of the study file against the study folder.
func (s Study) Path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(s.Dir, p)
}

// Location is the study's time zone.
func (s Study) Location() *time.Location {
	l, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.UTC // Load has refused it already
	}
	return l
}

// Contains reports whether a session that started at t is in the window.
func (w Window) Contains(t time.Time, zone *time.Location) bool {
	day := Day(t.In(zone).Format(time.DateOnly))
	return (w.From == "" || day >= w.From) && (w.To == "" || day < w.To)
}
