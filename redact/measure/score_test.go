package measure

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shared is the folder of measuring data and tools, which is not part of the
// project.
func shared(t testing.TB, path string) string {
	root := os.Getenv("VEIL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path = filepath.Join(root, path)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no shared data: set VEIL_SHARED to the folder that holds it")
	}
	return path
}

func readGold(t testing.TB, name string) []Record {
	f, err := os.Open(shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := ReadGold(f)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestScore(t *testing.T) {
	gold := []Record{
		{ID: "s1/transcript/1", Text: "Hi Ana-Lía Ruiz!", Spans: []Span{{Start: 3, End: 15, Type: "PERSON", Class: "fullname", Person: "p1"}}},
		{ID: "s1/chat/1", Text: "mail ana@x.org", Spans: []Span{{Start: 5, End: 14, Type: "EMAIL", Class: "email", Person: "p1"}}},
		{ID: "s1/chat/2", Text: "Euler and Kim", Keep: []Span{{Start: 0, End: 5, Class: "scholar"}}, Ambiguous: []Span{{Start: 10, End: 13}}},
	}
	tests := []struct {
		name                          string
		found                         []Found
		leaked, partial, over, alarms int
		people                        People
	}{
		{"nothing found", nil, 2, 0, 0, 0, People{1, 1}},
		{"all found in pieces", []Found{
			{ID: "s1/transcript/1", Spans: []FoundSpan{{Start: 3, End: 10, Type: "PERSON"}, {Start: 11, End: 15, Type: "OTHER"}}},
			{ID: "s1/chat/1", Spans: []FoundSpan{{Start: 5, End: 14, Type: "EMAIL"}}}}, 0, 0, 0, 0, People{1, 0}},
		{"half a name is a leak", []Found{
			{ID: "s1/transcript/1", Spans: []FoundSpan{{Start: 3, End: 10, Type: "PERSON"}}},
			{ID: "s1/chat/1", Spans: []FoundSpan{{Start: 5, End: 14, Type: "EMAIL"}}}}, 1, 1, 0, 0, People{1, 1}},
		{"a scholar redacted is over-redaction and a false alarm", []Found{{ID: "s1/chat/2", Spans: []FoundSpan{{Start: 0, End: 5, Type: "PERSON"}}}}, 2, 0, 1, 1, People{1, 1}},
		{"what is ambiguous counts neither way", []Found{{ID: "s1/chat/2", Spans: []FoundSpan{{Start: 10, End: 13, Type: "PERSON"}}}}, 2, 0, 0, 0, People{1, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Score(gold, tt.found)
			if r.Types[All].Leaked != tt.leaked || r.Types[All].Partial != tt.partial || r.Keep[All].Over != tt.over || r.FalseAlarms != tt.alarms || r.People != tt.people {
				t.Errorf("leaked %d partial %d over %d alarms %d people %+v", r.Types[All].Leaked, r.Types[All].Partial, r.Keep[All].Over, r.FalseAlarms, r.People)
			}
			if len(r.Leaks) != tt.leaked || len(r.Over) != tt.over {
				t.Errorf("%d leaks and %d over-redactions listed", len(r.Leaks), len(r.Over))
			}
		})
	}
}

// The independent scorer must give the same numbers for whatever is predicted.
func TestScoreAgreesWithTheIndependentScorer(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	script := shared(t, "tools/score.py")
	gold := readGold(t, "data/tutoring/gold.jsonl")
	gold = gold[:2500]
	found := noise(gold)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "gold.jsonl"), gold)
	write(t, filepath.Join(dir, "pred.jsonl"), found)
	out, err := exec.Command(python, script, "--gold", filepath.Join(dir, "gold.jsonl"), "--pred", filepath.Join(dir, "pred.jsonl"), "--quiet", "--json", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Types map[string]struct {
			Gold, Pred, Leaked, Partial int
			Exact, Overlap              struct{ P, R *float64 }
			Recall, Hidden              *float64
			Char                        struct{ P, R *float64 }
			F1                          *float64
			F5                          *float64 `json:"F_beta"`
		}
		Classes map[string]map[string]struct {
			Gold, Leaked, Partial int
			Recall, Hidden        *float64
		}
		Keep   map[string]struct{ Keep, Over, Whole int }
		People People
	}
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	got := Score(gold, found)
	if len(want.Types) < 10 || len(want.Types) != len(got.Types) || want.People != got.People || len(want.Keep) != len(got.Keep) {
		t.Fatalf("types %d and %d, people %+v and %+v", len(want.Types), len(got.Types), want.People, got.People)
	}
	equal := func(what string, want *float64, got Ratio) {
		if want == nil != math.IsNaN(float64(got)) || want != nil && math.Abs(*want-float64(got)) > 1e-12 {
			t.Errorf("%s: want %v, got %v", what, want, got)
		}
	}
	for name, w := range want.Types {
		g := got.Types[name]
		if w.Gold != g.Gold || w.Pred != g.Pred || w.Leaked != g.Leaked || w.Partial != g.Partial {
			t.Errorf("%s: want %+v, got %+v", name, w, g)
		}
		equal(name+" exact P", w.Exact.P, g.ExactP)
		equal(name+" exact R", w.Exact.R, g.ExactR)
		equal(name+" overlap P", w.Overlap.P, g.OverlapP)
		equal(name+" overlap R", w.Overlap.R, g.OverlapR)
		equal(name+" recall", w.Recall, g.Recall)
		equal(name+" hidden", w.Hidden, g.Hidden)
		equal(name+" char P", w.Char.P, g.CharP)
		equal(name+" char R", w.Char.R, g.CharR)
		equal(name+" F1", w.F1, g.F1)
		equal(name+" F5", w.F5, g.F5)
	}
	for _, c := range got.Classes {
		w := want.Classes[c.Type][c.Class]
		if w.Gold != c.Gold || w.Leaked != c.Leaked || w.Partial != c.Partial {
			t.Errorf("%s %s: want %+v, got %+v", c.Type, c.Class, w, c)
		}
		equal(c.Class, w.Hidden, c.Hidden)
	}
	for name, w := range want.Keep {
		if g := got.Keep[name]; g != (Kept{w.Keep, w.Over, w.Whole}) {
			t.Errorf("keep %s: want %+v, got %+v", name, w, g)
		}
	}
}

// noise predicts gold spans, some shifted, cut, mistyped, left out or invented.
func noise(gold []Record) []Found {
	r := rand.New(rand.NewPCG(1, 2))
	types := []string{"PERSON", "EMAIL", "LOCATION", "OTHER"}
	var out []Found
	for _, g := range gold {
		if r.IntN(20) == 0 {
			continue
		}
		f := Found{ID: g.ID}
		n := len([]rune(g.Text))
		for _, list := range [][]Span{g.Spans, g.Keep, g.Ambiguous} {
			for _, s := range list {
				a, b := max(0, s.Start-r.IntN(2)), min(n, s.End+r.IntN(3)-1)
				if kind := s.Type; r.IntN(5) > 0 && a < b {
					if r.IntN(4) == 0 || kind == "" || kind == "KEEP" {
						kind = types[r.IntN(len(types))]
					}
					f.Spans = append(f.Spans, FoundSpan{Start: a, End: b, Type: kind})
				}
			}
		}
		if n > 4 && r.IntN(15) == 0 {
			a := r.IntN(n - 3)
			f.Spans = append(f.Spans, FoundSpan{Start: a, End: a + 3, Type: types[r.IntN(len(types))]})
		}
		out = append(out, f)
	}
	return out
}

func write[T any](t *testing.T, path string, rows []T) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReadGoldRefuses(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"no object", "{\"id\":\"a\",\"text\":\"x\"}\nnope", "line 2: not a JSON object"},
		{"no text", `{"id":"a"}`, "line 1: id or text is missing"},
		{"same id twice", "{\"id\":\"a\",\"text\":\"x\"}\n\n{\"id\":\"a\",\"text\":\"y\"}", "line 3: the id stands on an earlier line too"},
		{"span outside", `{"id":"a","text":"é","spans":[{"start":0,"end":2,"type":"PERSON"}]}`, "line 1: span 1 is empty or outside the text"},
		{"wrong type", `{"id":"a","text":7}`, "line 1: a field has the wrong type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadGold(strings.NewReader(tt.in))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	// Values as R gives them (binom.test; prop.test without correction).
	low, high := ClopperPearson(0, 300, 0.95)
	if low != 0 || math.Abs(high-0.012221) > 1e-5 {
		t.Errorf("0 of 300: %f %f", low, high)
	}
	low, high = ClopperPearson(8, 10, 0.95)
	if math.Abs(low-0.4439045) > 1e-6 || math.Abs(high-0.9747893) > 1e-6 {
		t.Errorf("8 of 10: %f %f", low, high)
	}
	low, high = Wilson(8, 10)
	if math.Abs(low-0.4901625) > 1e-6 || math.Abs(high-0.9433178) > 1e-6 {
		t.Errorf("8 of 10: %f %f", low, high)
	}
}

func TestConversations(t *testing.T) {
	records := []Record{
		{ID: "s/transcript/1", Speaker: "Okoro, Ada", Text: "Hi Bea", Roster: []string{"Ada Okoro", "Beatriz Lund", "Bea Lund"}},
		{ID: "s/chat/1", Speaker: "bea's ipad", Text: "Reacted to \"hi Ada how are yo...\" with 👍"},
		{ID: "alone-7", Text: "no session"},
	}
	groups := Conversations(records, Options{})
	if len(groups) != 2 || groups[0].Session != "s" || groups[1].Session != "" {
		t.Fatalf("%d groups", len(groups))
	}
	c := groups[0].Conversation
	if len(c.People) != 2 || c.People[1].Preferred != "Bea" || c.Lines[0].Speaker != c.People[0].ID || c.Lines[1].Speaker != c.People[1].ID {
		t.Errorf("%+v", c)
	}
	if q := c.Lines[1].Quotes; len(q) != 1 || c.Lines[1].Text[q[0].Start:q[0].End] != "hi Ada how are yo..." {
		t.Errorf("quotes %v", q)
	}
	for _, l := range Conversations(records, Options{NoRoster: true})[0].Conversation.Lines {
		if l.SpeakerName != "" || strings.Contains(strings.ToLower(l.Speaker), "ada") {
			t.Error("a speaker's name without roster")
		}
	}
}
