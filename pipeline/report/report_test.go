package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/audit"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/tally"
	"github.com/schoolhouse-world/veil/redact/finding"
)

var update = flag.Bool("update", false, "rewrite the golden report")

// invented is a run as it might be. Every number and name is made up.
func invented() Data {
	d := Data{
		Study: "bootcamp-talk", Title: "How learners ask for help in SAT Bootcamps", Run: "run-2026-07-14-0200",
		Made: time.Date(2026, 7, 14, 2, 31, 0, 0, time.UTC), Software: "veil 1.0.0",
		Digest: "9f2c41d0b7e85a366a1d90c2f4be7718d35c60aa92ef4417bb08c6d1e5a37f42",
		Recipients: []Recipient{
			{"Learning Talk Lab", "Northmere University", "DUA-2026-014", "2027-06-30"},
			{"Brightwater Institute", "Brightwater Institute for Education", "DUA-2026-021", "2026-12-31"},
		},
		Policies: []Policy{
			{"consent", "opt-out", "people are in unless they said no"},
			{"guardians", "13", "a guardian must agree for people younger than this; 0 is off"},
			{"somebody opted out", "drop-lines", "what happens to the session"},
			{"names in sound", "cue", "what is silenced when a name is said"},
			{"days", "shifted", "all moved by one random number of days"},
			{"officers", "2", "how many must sign"},
		},
		Plan: plan.Plan{
			Source: plan.Counts{Sessions: 3412, Participants: 16120, Users: 5230}, Sessions: 1290,
			Excluded: map[plan.Reason]int{
				plan.OtherContext: 1204, plan.OutsideWindow: 388, plan.NotOver: 3, plan.NoParticipants: 12, plan.NoRecordings: 241,
				plan.Expired: 96, plan.SeveralParts: 8, plan.NothingLeft: 4, plan.TutorOptedOut: 57, plan.NoLearnerLeft: 109,
			},
			Withheld: map[session.Modality]map[plan.Reason]int{
				session.Audio: {plan.Expired: 611, plan.NoTranscript: 14, plan.AudioWithheld: 88}, session.Chat: {plan.NoRecordings: 203},
			},
			OptedOut: map[string]int{"opted-out": 412, "guardian-missing": 63, "expired": 6}, Breaches: 5,
			Expiring: map[session.Modality]int{session.Audio: 41}, Next: time.Date(2026, 8, 11, 2, 0, 0, 0, time.UTC),
		},
		Summary: tally.Summary{
			Sessions: 1283, Participants: 5930, Utterances: 412_877, Messages: 61_204, Audio: 574, AudioMS: 574 * 52 * 60_000, Doubtful: 1893,
			Silenced: map[string]tally.Silence{"name": {Intervals: 18_204, MS: 51_877_000}, "speaker": {Intervals: 2961, MS: 30_120_400}, "identifier": {Intervals: 311, MS: 980_250}},
			Dropped:  map[session.Modality]tally.Dropped{session.Transcript: {Lines: 9120, Unmatched: 340}, session.Chat: {Lines: 1288, Unmatched: 17}},
			Redactions: map[finding.Kind]map[string]int{
				finding.Person:   {"roster/literal": 30_112, "roster/nickname": 4120, "names/tagger": 6127, "names/cue": 2240, "roster/spelled": 61},
				finding.School:   {"names/place": 1204, "roster/school": 388},
				finding.Location: {"names/place": 931}, finding.Email: {"pattern/email": 214}, finding.Handle: {"pattern/handle": 188, "addressed": 20},
				finding.URL: {"pattern/link": 166}, finding.Age: {"pattern/age": 140}, finding.Phone: {"pattern/phone": 48},
				finding.Meeting: {"pattern/meeting": 31}, finding.DateOfBirth: {"pattern/birthday": 4}, finding.ID: {"pattern/id": 1},
			},
			Kept:         map[finding.Kind]int{finding.Person: 7230, finding.Location: 410, finding.Org: 77},
			AudioLeftOut: map[string]int{"truncated": 2, "he-aac": 1},
		},
		Audit: audit.Result{
			Cells: 4_802_117, Files: 611, Bytes: 13_221_904_118, Terms: 41_877,
			Listed: map[string]int{audit.EverydayWord: 212, audit.DeclaredKept: 3},
		},
		Bounds: "60 lines drawn at random. If you find no name in them, fewer than 5.0 in 100 lines hold one, with 95 % confidence; one leak found here means many elsewhere.",
	}
	for i := range 7 {
		d.Summary.Quarantined = append(d.Summary.Quarantined, tally.Quarantine{Session: fmt.Sprintf("source-%d", i), File: []string{"transcript", "chat"}[i%2], Line: 3, What: "a cue without an end"})
	}
	for i := range 40 {
		kept := i%3 == 0
		d.Doubts = append(d.Doubts, tally.Doubt{
			Table: []string{"utterances", "messages"}[i%2], Session: fmt.Sprintf("s%015x", i*7919), Index: 11 * (i + 1), Start: i, End: i + 10,
			Kind: []finding.Kind{finding.Person, finding.School, finding.Location, finding.Person}[i%4], Recognizer: "names/tagger",
			Score: .5 + float64(i)/200, Why: "a capitalised word where a name often stands", Kept: kept,
		})
	}
	for i := range 8 {
		text := []string{"Okay [LEARNER_2], so what do you get when you factor x² − 5x + 6?", "um i think (x-2)(x-3)", "Yes! And who wrote to [EMAIL] about it, was that [PERSON_1]?", "thanks [TUTOR_1] 🎉"}[i%4]
		d.Sample = append(d.Sample, Line{Table: []string{"utterances", "messages"}[i%2], Session: fmt.Sprintf("s%015x", i*104729), Index: i*37 + 1,
			Label: []string{"TUTOR_1", "LEARNER_2", "TUTOR_1", ""}[i%4], Text: text, Marks: bracketed(text)})
	}
	for i := range 5 {
		d.Audit.Hits = append(d.Audit.Hits, audit.Hit{Place: audit.Place{File: "data/tables/utterances/part-00003.parquet", Table: "utterances", Column: "text", Row: 412 * i},
			Kind: audit.Name, Own: i == 1, Listed: audit.EverydayWord})
	}
	return d
}

var brackets = regexp.MustCompile(`\[([A-Z]+)(_\d+)?\]`)

func bracketed(text string) []Mark {
	var marks []Mark
	for _, at := range brackets.FindAllStringSubmatchIndex(text, -1) {
		label := text[at[2]:at[3]]
		kind := label
		if label == "LEARNER" || label == "TUTOR" {
			kind = "PERSON"
		}
		start := len([]rune(text[:at[0]]))
		marks = append(marks, Mark{start, start + at[1] - at[0], text[at[0]+1 : at[1]-1], kind})
	}
	return marks
}

func empty() Data {
	return Data{Study: "empty", Made: time.Unix(0, 0), Summary: tally.New(), Audit: audit.Result{Files: 9, Terms: 4, Cells: 20}}
}

func stopped() Data {
	d := invented()
	d.Audit.Stops = 1201
	for i := range 30 {
		d.Audit.Hits = append(d.Audit.Hits, audit.Hit{Place: audit.Place{File: "data/tables/messages/part-00001.parquet", Table: "messages", Column: "text", Row: i}, Kind: audit.FullName, Own: true})
	}
	return d
}

// huge is a small study in an enormous source.
func huge() Data {
	d := invented()
	const most = 12_000_000
	d.Plan.Source = plan.Counts{Sessions: most, Participants: 5 * most, Users: most / 3}
	d.Plan.Excluded = map[plan.Reason]int{plan.OtherContext: most - 90_011, plan.NoRecordings: 1, plan.TutorOptedOut: 9}
	d.Plan.Sessions = 90_001
	d.Summary.Sessions = 90_001 - len(d.Summary.Quarantined)
	d.Summary.Utterances = 31_400_500_600
	d.Summary.AudioMS = 9_000_000_000_000
	d.Summary.Redactions[finding.Person]["roster/literal"] = 2_000_000_000
	return d
}

const attack = `"><script>alert(1)</script><img src=//x.example onerror=a()>' style=x:url(//x.example) </style></title> {{.}} ` + "\u202e\x00\xff"

// hostile has an attack in every string a person or a file can have put there.
func hostile() Data {
	d := invented()
	d.Study, d.Title, d.Run, d.Digest, d.Software, d.Bounds = attack, attack, attack, attack, attack, attack
	d.Recipients = []Recipient{{attack, attack, attack, attack}}
	d.Policies = []Policy{{attack, attack, attack}}
	d.Sample = []Line{{Table: attack, Session: attack, Index: 1, Label: attack, Text: attack, Marks: []Mark{{1, 9, attack, attack}}}}
	d.Doubts = []tally.Doubt{{Table: attack, Session: attack, Kind: attack, Recognizer: attack, Why: attack}}
	d.Summary.Redactions[attack] = map[string]int{attack: 2}
	d.Summary.Silenced[attack] = tally.Silence{Intervals: 1, MS: 1}
	d.Summary.AudioLeftOut[attack] = 1
	d.Summary.Dropped[attack] = tally.Dropped{Lines: 1}
	d.Summary.Quarantined[0] = tally.Quarantine{Session: attack, File: attack, What: attack}
	d.Plan.Excluded[attack] = 1
	d.Plan.Source.Sessions++
	d.Plan.OptedOut[attack] = 1
	d.Plan.Withheld[attack] = map[plan.Reason]int{attack: 1}
	d.Plan.Expiring[attack] = 1
	d.Audit.Listed[attack] = 1
	d.Audit.Hits = []audit.Hit{{Place: audit.Place{File: attack, Table: attack, Column: attack}, Kind: attack, Listed: attack}, {Place: audit.Place{File: attack}, Kind: attack}}
	return d
}

func written(t *testing.T, d Data) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheReportIsTheGoldenOne(t *testing.T) {
	const name = "testdata/report.golden.html"
	got := written(t, invented())
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the page has changed; look at it, then run go test ./pipeline/report -update\nfirst difference: %s", difference(got, string(want)))
	}
}

func difference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("byte %d: got %.80q, want %.80q", i, a[i:], b[i:])
}

func TestEveryMapOrderGivesTheSameBytes(t *testing.T) {
	for name, make := range map[string]func() Data{"invented": invented, "hostile": hostile} {
		first := written(t, make())
		for range 30 {
			if again := written(t, make()); again != first {
				t.Fatalf("%s: %s", name, difference(again, first))
			}
		}
	}
}

// active is anything that runs, loads or leads elsewhere.
var active = regexp.MustCompile(`(?i)<(script|img|iframe|object|embed|link|base|form|input|video|audio|source|use|image|foreignobject|animate)\b|\son[a-z]+\s*=|\s(src|srcset|action|style|xlink:href|background|formaction|ping)\s*=|@import|url\(|expression\(`)

var tags = regexp.MustCompile(`<[^>]*>`)

func TestNothingRunsOrIsLoaded(t *testing.T) {
	for name, d := range map[string]Data{"invented": invented(), "empty": empty(), "stopped": stopped(), "huge": huge(), "hostile": hostile()} {
		t.Run(name, func(t *testing.T) { inert(t, written(t, d)) })
	}
}

func inert(t *testing.T, page string) {
	t.Helper()
	for _, tag := range tags.FindAllString(page, -1) {
		// Attribute values are quoted and escaped, so what stands in quotes is
		// not an attribute.
		bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(tag, `""`)
		if m := active.FindString(bare); m != "" {
			t.Errorf("active content: %q in %.120q", m, tag)
		}
		for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(tag, -1) {
			if !strings.HasPrefix(href[1], "#") && (!strings.HasPrefix(href[1], "/") || strings.HasPrefix(href[1], "//")) {
				t.Errorf("a link leads away: %q", href[1])
			}
		}
	}
	css := styleOf(t, page)
	if m := active.FindString(css); m != "" {
		t.Errorf("the style has %q", m)
	}
	if strings.Count(strings.ToLower(page), "<style") != 1 {
		t.Error("there is not one style alone")
	}
}

func styleOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, _ := strings.Cut(page, "<style>")
	css, _, found := strings.Cut(rest, "</style>")
	if !found {
		t.Fatal("the page has no style")
	}
	return css
}

func TestThePolicyAllowsThePagesOwnStyleAlone(t *testing.T) {
	page := written(t, invented())
	sum := sha256.Sum256([]byte(styleOf(t, page)))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	m := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatch(page)
	if m == nil || html.UnescapeString(m[1]) != want {
		t.Errorf("policy %q, want %q", m, want)
	}
	if strings.Index(page, "Content-Security-Policy") > strings.Index(page, "<style>") {
		t.Error("the policy stands behind the style")
	}
}

// What an officer must be told, and must not be told.
func TestThePageSays(t *testing.T) {
	nothingRemoved := invented()
	nothingRemoved.Summary.Redactions = nil
	noRecipient := invented()
	noRecipient.Recipients = nil
	lapsed := invented()
	lapsed.Recipients[0].Until = "2026-07-13"
	lastDay := invented()
	lastDay.Recipients[0].Until = "2026-07-14"
	unread := invented()
	unread.Audit = audit.Result{}
	blind := invented()
	blind.Audit.Terms = 0
	missing := invented()
	missing.Summary.Sessions -= 4
	unplanned := invented()
	unplanned.Plan.Excluded[plan.OtherContext]--
	silent := invented()
	silent.Summary.Silenced = nil
	misfit := invented()
	misfit.Sample[0].Marks[0].End = 4000
	fewer := invented()
	fewer.Audit.Listed = nil

	for _, c := range []struct {
		name      string
		data      Data
		says, not []string
	}{
		{"a run that may be signed", invented(),
			[]string{"The leak audit passed", "1,283", "Northmere University", "41,877 names and identifiers", "5 sessions at the source still have files", "This page lists 40 places; the run counted 1,893"},
			[]string{"Do not approve", "STOPPED", "source-1", "It found none of them. It", "Nothing was removed"}},
		{"no listed words", fewer, []string{"It found none of them. It"}, nil},
		{"a leak", stopped(), []string{"STOPPED", "Stopped. Do not approve.", "1,201 occurrences", "The first 30 of 1,201", "veil return"}, []string{"audit passed", "veil approve"}},
		{"an audit that read nothing", unread, []string{"Do not approve", "read no file"}, []string{"audit passed", "veil approve"}},
		{"an audit that looked for nothing", blind, []string{"Do not approve"}, []string{"veil approve"}},
		{"nothing removed", nothingRemoved, []string{"Nothing was removed from 474,081 lines of text"}, nil},
		{"nobody to receive it", noRecipient, []string{"No recipient is listed: nothing can be released"}, nil},
		{"an agreement that ended yesterday", lapsed, []string{"was in force until 2026-07-13 only"}, nil},
		{"an agreement that ends today", lastDay, nil, []string{"in force until 2026-07-14 only"}},
		{"sessions lost on the way", missing, []string{"Do not approve", "There is no picture", "1,290 sessions were planned, 7 could not be read, and 1,279 leave"}, []string{"<figure>"}},
		{"sessions nobody decided about", unplanned, []string{"There is no picture", "leaves 2,121 out and keeps 1,290"}, []string{"<figure>"}},
		{"sound in which nothing is silent", silent, []string{"574 recordings leave, and nothing in them was silenced"}, nil},
		{"marks outside their line", misfit, []string{"do not fit its text"}, nil},
		{"an empty source", empty(), []string{"The source has no sessions", "the bundle is empty"}, []string{"<figure>", "NaN", "Inf"}},
		{"millions", huge(), []string{"31,400,500,600", "2,500,000:00:00", "enlarged 133 times", "Dashed lines"}, []string{"NaN", "e+0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := html.UnescapeString(written(t, c.data))
			for _, want := range c.says {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			for _, not := range c.not {
				if strings.Contains(page, not) {
					t.Errorf("the page says %q", not)
				}
			}
		})
	}
}

func TestHeadingsAndTablesCanBeNavigated(t *testing.T) {
	page := written(t, stopped())
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if strings.Count(page, `id="`+m[1]+`"`) != 1 {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	if m := regexp.MustCompile(`<th[ >][^>]*>`).FindAllString(page, -1); len(m) == 0 {
		t.Error("there is no table header")
	} else {
		for _, th := range m {
			if !strings.HasPrefix(th, "<thead") && !strings.Contains(th, "scope=") {
				t.Errorf("a header without a scope: %s", th)
			}
		}
	}
	if strings.Count(page, "<h1") != 1 {
		t.Error("there is not one main heading")
	}
	for _, svg := range regexp.MustCompile(`<svg[^>]*>`).FindAllString(page, -1) {
		if !strings.Contains(svg, "aria-label=") && !strings.Contains(svg, `aria-hidden="true"`) {
			t.Errorf("a picture without words: %s", svg)
		}
	}
}
