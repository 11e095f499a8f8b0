package pipeline

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/table"
)

// tutored is a session of the shared tutoring data.
type tutored struct {
	ID           string `json:"session_id"`
	Program      string `json:"program"`
	Topic        string `json:"topic"`
	StartTime    string `json:"start_time"`
	Participants []struct {
		UserID    string `json:"user_id"`
		Role      string `json:"role"`
		First     string `json:"first_name"`
		Last      string `json:"last_name"`
		Preferred string `json:"preferred_name"`
		Display   string `json:"display_name"`
		Email     string `json:"email"`
		School    string `json:"school"`
		City      string `json:"city"`
	} `json:"participants"`
}

// Real tutoring talk with planted identities goes through the whole pipeline.
// Of the names of a session's own people nothing may be left in its rows but
// words that are also names, and each of those must be listed for the officer.
func TestTutoringTalkLosesItsNames(t *testing.T) {
	shared := os.Getenv("VEIL_SHARED")
	if _, err := os.Stat(filepath.Join(shared, "data", "tutoring")); shared == "" || err != nil {
		t.Skip("VEIL_SHARED does not name the shared data")
	}
	dir := t.TempDir()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	sessions := tutoringStudy(t, dir, filepath.Join(shared, "data", "tutoring"), now)
	e := openStudy(t, dir, now)
	r, err := e.Run(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	if !r.Audit.Passed() || len(r.Summary.Quarantined) > 0 || r.Summary.Sessions != len(sessions) {
		t.Fatalf("audit stops %d, quarantined %v, %d of %d sessions left; hits %v", r.Audit.Stops, r.Summary.Quarantined, r.Summary.Sessions, len(sessions), r.Audit.Hits)
	}
	listed := map[string]bool{}
	for _, h := range r.Audit.Hits {
		listed[fmt.Sprint(h.Table, h.Row, h.Column)] = true
	}
	origin := sessionOrigins(t, e)
	left := 0
	for _, name := range []string{"utterances", "messages"} {
		for _, s := range r.Plan.Shards {
			for v, err := range table.Values(filepath.Join(r.Bundle, "data", filepath.FromSlash(table.PartPath(name, s.Number)))) {
				if err != nil {
					t.Fatal(err)
				}
				if v.Column != "text" && v.Column != "quoted" || !holdsName(v.Text, sessions[origin[v.Session]]) {
					continue
				}
				left++
				if !listed[fmt.Sprint(name, v.Row, v.Column)] {
					t.Errorf("table %s, row %d, column %s: a name of the session's own people is left and not listed", name, v.Row, v.Column)
				}
			}
		}
	}
	t.Logf("%d sessions, %d utterances, %d messages; %d lines keep a word that is also a name there, all listed", r.Summary.Sessions, r.Summary.Utterances, r.Summary.Messages, left)
}

func holdsName(text string, s tutored) bool {
	for _, p := range s.Participants {
		for _, name := range []string{p.First, p.Last, p.Preferred, p.Email} {
			if len(name) >= 3 && regexp.MustCompile(`(?i)(^|[^\pL])`+regexp.QuoteMeta(name)+`($|[^\pL])`).MatchString(text) {
				return true
			}
		}
	}
	return false
}

// sessionOrigins maps session codes to the source's ids.
func sessionOrigins(t *testing.T, e *Export) map[string]string {
	origin := map[string]string{}
	for s, err := range e.index.Sessions(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		origin[s.Code] = s.ID
	}
	return origin
}

// tutoringStudy lays the shared sessions into a study folder as a source.
func tutoringStudy(t *testing.T, dir, data string, now time.Time) map[string]tutored {
	folders, err := filepath.Glob(filepath.Join(data, "*", "session.json"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no session found: %v", err)
	}
	sessions := map[string]tutored{}
	rows := map[string][][]string{
		"sessions":     {{"session_id", "context", "starts_at", "ends_at", "topic"}},
		"participants": {{"session_id", "user_id", "role", "display_name"}},
		"users":        {{"user_id", "first_name", "last_name", "preferred_name", "email", "school", "city"}},
	}
	for i, name := range folders {
		var s tutored
		content, err := os.ReadFile(name)
		check(t, err)
		check(t, json.Unmarshal(content, &s))
		sessions[s.ID] = s
		start := now.AddDate(0, 0, -5).Add(time.Duration(i) * time.Minute)
		rows["sessions"] = append(rows["sessions"], []string{s.ID, s.Program, start.Format(time.RFC3339), start.Add(2 * time.Hour).Format(time.RFC3339), s.Topic})
		for _, p := range s.Participants {
			rows["participants"] = append(rows["participants"], []string{s.ID, p.UserID, p.Role, p.Display})
			rows["users"] = append(rows["users"], []string{p.UserID, p.First, p.Last, p.Preferred, p.Email, p.School, p.City})
		}
		for _, file := range []string{"transcript.vtt", "chat.txt"} {
			content, err := os.ReadFile(filepath.Join(filepath.Dir(name), file))
			check(t, err)
			writeFile(t, filepath.Join(dir, "source", "recordings", s.ID, file), string(content))
		}
	}
	rows["users"] = distinct(rows["users"])
	for name, lines := range rows {
		var b strings.Builder
		check(t, csv.NewWriter(&b).WriteAll(lines))
		writeFile(t, filepath.Join(dir, "source", name+".csv"), b.String())
	}
	contexts := map[string]bool{}
	for _, s := range sessions {
		contexts[s.Program] = true
	}
	study := "study: tutoring\ntitle: Tutoring\nsource: {directory: source}\ntimezone: UTC\ncontexts:\n"
	for c := range contexts {
		study += "  - " + c + "\n"
	}
	writeFile(t, filepath.Join(dir, "study.yaml"), study)
	return sessions
}

// distinct keeps the first row of each first column.
func distinct(rows [][]string) [][]string {
	var out [][]string
	seen := map[string]bool{}
	for _, r := range rows {
		if !seen[r[0]] {
			seen[r[0]] = true
			out = append(out, r)
		}
	}
	return out
}

func openStudy(t *testing.T, dir string, now time.Time) *Export {
	e, err := Open(context.Background(), Options{Dir: dir, Now: func() time.Time { return now }, Software: "veil test"})
	check(t, err)
	t.Cleanup(func() { check(t, e.Close()) })
	return e
}

func writeFile(t *testing.T, name, content string) {
	check(t, os.MkdirAll(filepath.Dir(name), 0o700))
	check(t, os.WriteFile(name, []byte(content), 0o600))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
