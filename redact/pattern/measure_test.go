package pattern_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/text"
)

// record is a line of the shared gold data; offsets are code points.
type record struct {
	ID          string   `json:"id"`
	Speaker     string   `json:"speaker"`
	Text        string   `json:"text"`
	Spans       []mark   `json:"spans"`
	Keep        []mark   `json:"keep"`
	Ambiguous   []mark   `json:"ambiguous"`
	Recognizers []string `json:"recognizers"`
}

type mark struct {
	Start, End int
	Type       string
	Class      string
	Group      int
	Truncated  bool
}

func shared(t testing.TB, name string) []record {
	t.Helper()
	root := os.Getenv("VEIL_SHARED")
	if root == "" {
		root = "../../../shared"
	}
	f, err := os.Open(filepath.Join(root, "data", name))
	if err != nil {
		t.Skip("no shared data: set VEIL_SHARED to its folder")
	}
	defer f.Close()
	var all []record
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		var r record
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func conversation(records []record, change func(string) string) *finding.Conversation {
	c := &finding.Conversation{}
	for _, r := range records {
		l := finding.Line{Channel: finding.Transcript, SpeakerName: r.Speaker, Text: change(r.Text)}
		if strings.Contains(r.ID, "/chat/") {
			l.Channel = finding.Chat
		}
		l.Tokens = text.Tokenize(l.Text)
		c.Lines = append(c.Lines, l)
	}
	return c
}

// find runs every recognizer and returns, for each line, which code points go.
func find(t testing.TB, all []finding.Recognizer, c *finding.Conversation, least float64) ([]map[int]bool, []finding.Candidate) {
	t.Helper()
	gone := make([]map[int]bool, len(c.Lines))
	var used []finding.Candidate
	for _, r := range all {
		found, err := r.Find(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.Score < least {
				continue
			}
			used = append(used, f)
			if gone[f.Line] == nil {
				gone[f.Line] = map[int]bool{}
			}
			n := 0
			for i := range c.Lines[f.Line].Text {
				if i >= f.Start && i < f.End {
					gone[f.Line][n] = true
				}
				n++
			}
		}
	}
	return gone, used
}

func hidden(text []rune, m mark, gone map[int]bool) bool {
	for i := m.Start; i < m.End && i < len(text); i++ {
		if (unicode.IsLetter(text[i]) || unicode.IsDigit(text[i])) && !gone[i] {
			return false
		}
	}
	return true
}

func touched(text []rune, m mark, gone map[int]bool) bool {
	for i := m.Start; i < m.End && i < len(text); i++ {
		if (unicode.IsLetter(text[i]) || unicode.IsDigit(text[i])) && gone[i] {
			return true
		}
	}
	return false
}

var measured = map[string]float64{
	"email_written": 0.99, "phone_written": 0.99, "handle": 0.99, "doc_link": 0.99, "zoom_link": 0.99, "zoom_id": 0.97, "zoom_passcode": 0.97,
	"street_address": 0.99, "age": 0.97, "birthday": 0.97, "student_id": 0.97, "email_spoken": 0.97, "phone_spoken": 0.97,
}

// lowered keeps offsets: a letter whose lower case is another number of code
// points stays.
func lowered(s string) string { return strings.Map(unicode.ToLower, s) }

func TestTutoring(t *testing.T) {
	records := shared(t, "tutoring/gold.jsonl")
	var order []string
	sessions := make(map[string][]record)
	for _, r := range records {
		s, _, _ := strings.Cut(r.ID, "/")
		if sessions[s] == nil {
			order = append(order, s)
		}
		sessions[s] = append(sessions[s], r)
	}
	verbose := os.Getenv("VEIL_SHOW") != ""
	all := pattern.New(pattern.Options{})
	for _, part := range []struct {
		name     string
		from, to string
	}{{"tuned", "dev-01", "dev-15"}, {"held out", "dev-16", "dev-99"}} {
		for _, variant := range []string{"as is", "lower case"} {
			t.Run(part.name+" "+variant, func(t *testing.T) {
				total, found := map[string]int{}, map[string]int{}
				keep, alarms, lines := 0, 0, 0
				for _, s := range order {
					if s < part.from || s > part.to {
						continue
					}
					change := func(s string) string { return s }
					if variant == "lower case" {
						change = lowered
					}
					c := conversation(sessions[s], change)
					gone, used := find(t, all, c, 0.5)
					lines += len(c.Lines)
					for i, r := range sessions[s] {
						runes := []rune(c.Lines[i].Text)
						for _, m := range r.Spans {
							if _, ok := measured[m.Class]; !ok {
								continue
							}
							total[m.Class]++
							if hidden(runes, m, gone[i]) {
								found[m.Class]++
							} else if verbose && part.name == "tuned" {
								t.Logf("leak %s %s: %q of %q", r.ID, m.Class, string(runes[m.Start:m.End]), string(runes))
							}
						}
						for _, m := range r.Keep {
							if touched(runes, m, gone[i]) {
								keep++
								if verbose {
									t.Logf("keep %s %s: %q", r.ID, m.Class, string(runes))
								}
							}
						}
					}
					for _, f := range used {
						r := sessions[s][f.Line]
						start := len([]rune(c.Lines[f.Line].Text[:f.Start]))
						end := start + len([]rune(c.Lines[f.Line].Text[f.Start:f.End]))
						just := false
						for _, m := range append(append([]mark(nil), r.Spans...), r.Ambiguous...) {
							just = just || m.Start < end && start < m.End
						}
						if !just {
							alarms++
							if verbose && part.name == "tuned" {
								t.Logf("false alarm %s %s %.2f: %q of %q", r.ID, f.Recognizer, f.Score, c.Lines[f.Line].Text[f.Start:f.End], c.Lines[f.Line].Text)
							}
						}
					}
				}
				var classes []string
				for k := range total {
					classes = append(classes, k)
				}
				sort.Strings(classes)
				for _, k := range classes {
					recall := float64(found[k]) / float64(total[k])
					t.Logf("%-16s %3d of %3d  recall %.3f", k, found[k], total[k], recall)
					if recall < measured[k] {
						t.Errorf("%s: recall %.3f, want %.2f", k, recall, measured[k])
					}
				}
				t.Logf("false alarms %d in %d lines, keep spans touched %d", alarms, lines, keep)
				if keep > 0 {
					t.Errorf("%d keep spans touched, want none", keep)
				}
				if alarms*1000 > lines {
					t.Errorf("%d false alarms in %d lines, want at most one in a thousand", alarms, lines)
				}
			})
		}
	}
}
