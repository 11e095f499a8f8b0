package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

func standard(t testing.TB) *redact.Engine {
	e, err := redact.Standard(redact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What veil eval prints must be what the independent scorer says of the same
// results, in every form and for single types.
func TestTheEngineScoresTheSameByBothScorers(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	script, path := shared(t, "tools/score.py"), shared(t, "data/tutoring/gold.jsonl")
	gold, engine := readGold(t, "data/tutoring/gold.jsonl"), standard(t)
	for _, tt := range []struct {
		name  string
		o     Options
		types []string
	}{{"plain", Options{}, nil}, {"lower", Options{Lower: true}, nil}, {"no roster", Options{NoRoster: true}, nil}, {"two types", Options{}, []string{"PERSON", "ID"}}} {
		t.Run(tt.name, func(t *testing.T) {
			found, err := Run(context.Background(), engine, gold, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			pred := filepath.Join(t.TempDir(), "pred.jsonl")
			write(t, pred, found)
			args := []string{script, "--gold", path, "--pred", pred, "--quiet", "--json", "-"}
			if tt.types != nil {
				args = append(args, "--types", strings.Join(tt.types, ","))
			}
			out, err := exec.Command(python, args...).Output()
			if err != nil {
				t.Fatal(err)
			}
			var want struct {
				Types map[string]struct {
					Gold, Pred, Leaked, Partial int
					Recall, Hidden              *float64
					Exact, Overlap              struct{ P, R *float64 }
				}
				Keep   map[string]struct{ Keep, Over, Whole int }
				People struct{ Seen, Leaked int }
			}
			if err := json.Unmarshal(out, &want); err != nil {
				t.Fatal(err)
			}
			got := Scope{Types: tt.types}.Score(gold, found)
			same := func(w *float64, g Ratio) bool {
				if w == nil {
					return math.IsNaN(float64(g))
				}
				return *w == float64(g)
			}
			if len(want.Types) == 0 || len(want.Types) != len(got.Types) {
				t.Fatalf("%d types, want %d", len(got.Types), len(want.Types))
			}
			for k, w := range want.Types {
				g := got.Types[k]
				if w.Gold != g.Gold || w.Pred != g.Pred || w.Leaked != g.Leaked || w.Partial != g.Partial || !same(w.Recall, g.Recall) ||
					!same(w.Hidden, g.Hidden) || !same(w.Exact.P, g.ExactP) || !same(w.Exact.R, g.ExactR) || !same(w.Overlap.P, g.OverlapP) || !same(w.Overlap.R, g.OverlapR) {
					t.Errorf("%s: want %+v, got %+v", k, w, g)
				}
			}
			if len(want.Keep) != len(got.Keep) {
				t.Errorf("%d keep rows, want %d", len(got.Keep), len(want.Keep))
			}
			for k, w := range want.Keep {
				if g := got.Keep[k]; g != (Kept{w.Keep, w.Over, w.Whole}) {
					t.Errorf("keep %s: want %+v, got %+v", k, w, g)
				}
			}
			if got.People.Seen != want.People.Seen || got.People.Leaked != want.People.Leaked {
				t.Errorf("people: want %+v, got %+v", want.People, got.People)
			}
			if p := got.Types[All].OverlapP; tt.types == nil && math.Abs(float64(got.Precision-p)) > 1e-12 {
				t.Errorf("precision %v, overlap precision of all %v", got.Precision, p)
			}
		})
	}
}

// talk is two sessions and two lines alone, with what makes offsets differ:
// emoji, letters whose lower case has another length, combining marks.
func talk() []Record {
	roster := []string{"Saoirse Gallagher", "İpek Yılmaz"}
	return []Record{
		{ID: "s1/transcript/1", Speaker: "Saoirse Gallagher", Text: "👋🏽 Hi İpek, what is 3x?", Roster: roster},
		{ID: "s1/transcript/2", Speaker: "İpek Yılmaz", Text: "GROẞE İDEE 👩‍👩‍👧 it is 12, Saoirse", Roster: roster},
		{ID: "s1/chat/1", Speaker: "İpek Yılmaz", Text: "Replying to \"👋🏽 İ ok mail me at...\"\n\nipek.y@example.org"},
		{ID: "alone-1", Text: "My name is Temitope Adeyemi."},
		{ID: "s2/transcript/1", Speaker: "Keoni Kahale", Text: "Thank you, Keoni.", Roster: []string{"Keoni Kahale"}},
		{ID: "alone-2", Text: "x = 4 😀😀 then call 617-555-0123"},
	}
}

func lines(t testing.TB, records []Record) *bytes.Buffer {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, r := range records {
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	return &b
}

// words are the pieces of text that spans cut out of the records.
func words(records []Record, found []Found) (out []string) {
	for i, f := range found {
		runes := []rune(records[i].Text)
		for _, s := range f.Spans {
			out = append(out, string(runes[s.Start:s.End]))
		}
	}
	return out
}

func TestRunCountsCodePoints(t *testing.T) {
	want := []string{"İpek", "Saoirse", "ipek.y@example.org", "Temitope Adeyemi", "Keoni", "617-555-0123"}
	for _, o := range []Options{{}, {Lower: true}} {
		found, err := Run(context.Background(), standard(t), talk(), o)
		if err != nil {
			t.Fatal(err)
		}
		if got := words(talk(), found); !slices.Equal(got, want) {
			t.Errorf("lower %v: %q, want %q", o.Lower, got, want)
		}
	}
	without := talk()
	for i := range without {
		without[i].Roster, without[i].Speaker = nil, ""
	}
	found, err := Run(context.Background(), standard(t), without, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := words(without, found); !slices.Contains(got, "Temitope Adeyemi") || !slices.Contains(got, "617-555-0123") {
		t.Errorf("without roster and speakers: %q", got)
	}
}

func TestLowerKeepsOffsets(t *testing.T) {
	for _, s := range []string{"İ ẞ Kelvin Σίσυφος", "ǅ ŉ ﬁ", "A\u0301 Ⅷ"} {
		if l := lower(s); len([]rune(l)) != len([]rune(s)) {
			t.Errorf("%q has %d code points, its lower case %d", s, len([]rune(s)), len([]rune(l)))
		}
	}
	records := []Record{{ID: "s/chat/1", Text: "Reacted to \"İİİ go on...\" with 👍"}}
	l := Conversations(records, Options{Lower: true})[0].Conversation.Lines[0]
	if len(l.Quotes) != 1 || l.Text[l.Quotes[0].Start:l.Quotes[0].End] != "iii go on..." {
		t.Errorf("quotes %v of %q", l.Quotes, l.Text)
	}
}

func TestStream(t *testing.T) {
	found, err := Run(context.Background(), standard(t), talk(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var want, got bytes.Buffer
	if err := WriteSpans(&want, found); err != nil {
		t.Fatal(err)
	}
	if err := Stream(context.Background(), standard(t), lines(t, talk()), &got, Options{}); err != nil {
		t.Fatal(err)
	}
	if got.String() != want.String() {
		t.Errorf("streamed\n%s\nwant\n%s", got.String(), want.String())
	}
}

// onward is a reader that tells how many lines had been read when something
// was written.
type onward struct {
	lines [][]byte
	read  int
}

func (o *onward) Read(p []byte) (int, error) {
	if o.read == len(o.lines) {
		return 0, errors.New("the disk is gone")
	}
	n := copy(p, o.lines[o.read])
	o.read++
	return n, nil
}

// A session is written before the next one has been read to its end, and what
// was judged before a failure is whole.
func TestStreamHoldsOneSession(t *testing.T) {
	o := &onward{lines: bytes.SplitAfter(lines(t, talk()).Bytes(), []byte("\n"))[:6]}
	var wrote []int
	w := writerFunc(func(p []byte) (int, error) {
		wrote = append(wrote, o.read)
		return len(p), nil
	})
	err := Stream(context.Background(), standard(t), o, w, Options{})
	if err == nil || !strings.Contains(err.Error(), "the disk is gone") {
		t.Errorf("error %v", err)
	}
	if len(wrote) < 3 || wrote[0] != 4 {
		t.Errorf("written after lines %v: the first session ends with line 3", wrote)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestStreamRefuses(t *testing.T) {
	at := func(ids ...string) (out []Record) {
		for _, id := range ids {
			out = append(out, Record{ID: id, Text: "Keoni"})
		}
		return out
	}
	tests := []struct {
		name    string
		records []Record
		want    string
	}{
		{"a session in two pieces", at("a/chat/1", "b/chat/1", "a/chat/2"), "line 3: lines of this session stand further up, with another session between"},
		{"a line alone between", at("a/chat/1", "x", "a/chat/2"), "line 3: lines of this session stand further up, with another session between"},
		{"same id in a session", at("a/chat/1", "a/chat/1"), "line 2: the id stands on an earlier line too"},
		{"same id alone", at("x", "y", "x"), "line 3: the id stands on an earlier line too"},
		{"a line named like a session", at("a/chat/1", "a", "b/chat/1"), ""},
		{"chat first", at("a/chat/1", "a/transcript/1"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Stream(context.Background(), standard(t), lines(t, tt.records), writerFunc(func(p []byte) (int, error) { return len(p), nil }), Options{})
			if (err == nil) != (tt.want == "") || err != nil && err.Error() != tt.want {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			together, err := Together(lines(t, tt.records))
			if apart := strings.Contains(tt.want, "further up"); !strings.Contains(tt.want, "the id") && (err != nil || together == apart) {
				t.Errorf("together %v, %v", together, err)
			}
		})
	}
}

// Knowing who is there loses nobody of them: what is hidden of a participant
// without a roster is hidden with one.
func TestARosterLosesNoParticipant(t *testing.T) {
	gold, engine := readGold(t, "data/tutoring/gold.jsonl"), standard(t)
	without, err := Run(context.Background(), engine, gold, Options{NoRoster: true})
	if err != nil {
		t.Fatal(err)
	}
	with, err := Run(context.Background(), engine, gold, Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := Compare(gold, without, with)
	if len(d.Fixed) == 0 {
		t.Error("a roster hides nothing more")
	}
	for _, l := range d.Broken {
		if strings.HasPrefix(l.Class, "roster_") || l.Class == "fullname" {
			t.Errorf("%s, %d-%d, %s: hidden only without the roster", l.ID, l.Start, l.End, l.Class)
		}
	}
}

// In whatever order the lines come, the conversation is the same.
func TestOrderOfLinesDoesNotMatter(t *testing.T) {
	records := talk()
	for i := range 12 {
		records = append(records, Record{ID: fmt.Sprintf("s1/transcript/%d", i+3), Speaker: "Saoirse Gallagher", Text: "and then, İpek?"})
	}
	spans := func(records []Record) map[string][]FoundSpan {
		found, err := Run(context.Background(), standard(t), records, Options{})
		if err != nil {
			t.Fatal(err)
		}
		out := map[string][]FoundSpan{}
		for i, f := range found {
			if f.ID != records[i].ID {
				t.Fatalf("record %d has the result of another", i+1)
			}
			out[f.ID] = f.Spans
		}
		return out
	}
	want := spans(records)
	r := rand.New(rand.NewPCG(7, 7))
	for range 5 {
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		if got := spans(records); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func TestTheRosterIsEveryLinesTogether(t *testing.T) {
	records := []Record{
		{ID: "s/transcript/1", Speaker: "Bo Lund", Text: "hi"},
		{ID: "s/transcript/2", Speaker: "Ada Okoro", Text: "hi", Roster: []string{"Ada Okoro"}},
		{ID: "s/chat/1", Speaker: "Bo Lund", Text: "hi", Roster: []string{"Ada Okoro", "Bo Lund"}},
	}
	c := Conversations(records, Options{})[0].Conversation
	if len(c.People) != 2 || c.Lines[0].Speaker != c.People[1].ID || c.Lines[0].Channel != finding.Transcript {
		t.Errorf("%+v", c)
	}
}

func TestGoals(t *testing.T) {
	gold := []Record{
		{ID: "s/chat/1", Text: "Ana and Bo", Spans: []Span{{Start: 0, End: 3, Type: "PERSON", Person: "1"}, {Start: 8, End: 10, Type: "PERSON", Person: "2"}}},
		{ID: "s/chat/2", Text: "Euler", Keep: []Span{{Start: 0, End: 5, Class: "scholar"}}},
	}
	half := []Found{{ID: "s/chat/1", Spans: []FoundSpan{{Start: 0, End: 3, Type: "PERSON"}}}, {ID: "s/chat/2", Spans: []FoundSpan{{Start: 0, End: 5, Type: "PERSON"}}}}
	tests := []struct {
		goals string
		found []Found
		want  []string
	}{
		{"recall=0.5,precision=0.5,keep=1,people=0.5", half, nil},
		{"recall=0.51", half, []string{"recall is 0.500, must be at least 0.51"}},
		{"keep=0.005,people=0.4", half, []string{"keep is 1.000, must be at most 0.005", "people is 0.500, must be at most 0.4"}},
		{"precision=0.1", nil, []string{"precision is -, must be at least 0.1"}},
		{"spread=1", half, []string{"spread is -, must be at most 1"}},
	}
	for _, tt := range tests {
		goals, err := ParseGoals(tt.goals)
		if err != nil {
			t.Fatal(err)
		}
		if got := Score(gold, tt.found).Missed(goals); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.goals, got, tt.want)
		}
	}
	for _, bad := range []string{"", "recall", "recall=2", "recall=x", "luck=0.5", "recall=0.5,", "keep=NaN"} {
		if _, err := ParseGoals(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestOrigins(t *testing.T) {
	table, err := ReadOrigins(strings.NewReader("# names\nyoruba G temitope ade\nyoruba F adeyemi\nakan F ade\npolish G lukasz\n"))
	if err != nil {
		t.Fatal(err)
	}
	var gold []Record
	var found []Found
	add := func(who, text string, hide bool) {
		id := fmt.Sprintf("s/chat/%d", len(gold)+1)
		n := len([]rune(text))
		gold = append(gold, Record{ID: id, Text: text, Spans: []Span{{Start: 0, End: n, Type: "PERSON", Person: who}}})
		if hide {
			found = append(found, Found{ID: id, Spans: []FoundSpan{{Start: 0, End: n, Type: "PERSON"}}})
		}
	}
	add("t", "Temitope", true)
	add("t", "Ade", true)
	add("t", "Timmy Toppy", false) // misheard, counts for whom it means
	add("l", "Łukasz", true)
	add("n", "Nobody", true)
	for range leastOrigin {
		add("l", "Łukasz", true)
		add("t", "Temitope", false)
	}
	r := Scope{Origins: table}.Score(gold, found)
	want := map[string][2]int{"yoruba": {23, 21}, "polish": {21, 0}, Unlisted: {1, 0}}
	if len(r.Origins) != len(want) {
		t.Errorf("origins %+v", r.Origins)
	}
	for _, o := range r.Origins {
		if w := want[o.Class]; o.Gold != w[0] || o.Leaked != w[1] {
			t.Errorf("%s: %d, %d leaked, want %v", o.Class, o.Gold, o.Leaked, w)
		}
	}
	if want := 1 - 2.0/23; math.Abs(float64(r.Spread)-want) > 1e-12 {
		t.Errorf("spread %v, want %v", r.Spread, want)
	}
	if _, err := ReadOrigins(strings.NewReader("polish G lukasz\npolish X lukasz")); err == nil || err.Error() != "line 2: not a culture, G or F, and names" {
		t.Errorf("error %v", err)
	}
}

// The parts of one identifier count together, and a table shows no text.
func TestTables(t *testing.T) {
	gold := []Record{
		{ID: "s/transcript/1", Text: "call Zebedee or 617-555", Spans: []Span{{Start: 5, End: 12, Type: "PERSON", Class: "friend", Person: "p1"}, {Start: 16, End: 23, Type: "PHONE", Class: "phone", Group: "g1"}}},
		{ID: "s/transcript/2", Text: "0199", Spans: []Span{{Start: 0, End: 4, Type: "PHONE", Class: "phone", Group: "g1"}}},
		{ID: "s/chat/1", Text: "Xanthippe", Keep: []Span{{Start: 0, End: 9, Class: "scholar"}}},
	}
	found := []Found{
		{ID: "s/transcript/2", Spans: []FoundSpan{{Start: 0, End: 4, Type: "ID"}}},
		{ID: "s/chat/1", Spans: []FoundSpan{{Start: 0, End: 9, Type: "PERSON"}}},
		{ID: "s/chat/9"},
	}
	r := Score(gold, found)
	if r.Identifiers != (People{Seen: 2, Leaked: 2}) || r.Types[All].Leaked != 2 || len(r.Persons) != 1 || r.Persons[0].Leaked != 1 {
		t.Errorf("identifiers %+v, persons %+v", r.Identifiers, r.Persons)
	}
	var table, leaks, difference, private, side bytes.Buffer
	d := Compare(gold, nil, found)
	variants := []Variant{{"plain", r}, {"lower", Score(gold, nil)}}
	for _, err := range []error{r.WriteTable(&table), r.WriteLeaks(&leaks), d.WriteTable(&difference, false), d.WriteTable(&private, true), WriteVariants(&side, variants)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"PHONE 2 0 - 0.000 0.000 - 0.000 0.000 0.000 0.500 1 0", "people with anything left in a session: 1 of 1", "identifiers left, parts counted together: 2 of 2", "PHONE nothing 1, ID 1", "for ids that gold does not have, left out: 1"} {
		if !strings.Contains(strings.Join(strings.Fields(table.String()), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("%q is missing in\n%s", want, table.String())
		}
	}
	if !strings.Contains(side.String(), "phone") || !strings.Contains(side.String(), "0.500") {
		t.Errorf("side by side\n%s", side.String())
	}
	if len(d.Fixed) != 1 || len(d.OverBroken) != 1 || len(d.Broken) != 0 {
		t.Errorf("difference %+v", d)
	}
	for _, name := range []string{"Zebedee", "Xanthippe", "617", "0199"} {
		for _, b := range []*bytes.Buffer{&table, &difference, &side} {
			if strings.Contains(b.String(), name) {
				t.Errorf("%q is shown in\n%s", name, b.String())
			}
		}
	}
	for _, b := range []*bytes.Buffer{&leaks, &private} {
		if !strings.Contains(b.String(), "Xanthippe") {
			t.Errorf("leaks without their text:\n%s", b.String())
		}
	}
	data, err := json.Marshal(r)
	if err != nil || bytes.Contains(data, []byte("Zebedee")) || bytes.Contains(data, []byte("Xanthippe")) {
		t.Errorf("JSON with text, or none: %v", err)
	}
}

// Whatever is read, the answer is records that can be scored or an error.
func FuzzReadGold(f *testing.F) {
	f.Add([]byte(`{"id":"s/chat/1","text":"Hi Zoë 👍","spans":[{"start":3,"end":6,"type":"PERSON","group":1}],"keep":[{"start":0,"end":2}]}`))
	f.Add([]byte("{\"id\":\"a\",\"text\":\"\\ud800\"}\n{\"id\":\"b/transcript/x\",\"text\":\"\xff\",\"roster\":[\",\"]}"))
	engine := standard(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		gold, err := ReadGold(bytes.NewReader(data))
		if err != nil {
			return
		}
		found, err := Run(context.Background(), engine, gold, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range gold {
			for _, s := range found[i].Spans {
				if s.Start < 0 || s.Start >= s.End || s.End > len([]rune(r.Text)) {
					t.Fatalf("span %d-%d of %d", s.Start, s.End, len([]rune(r.Text)))
				}
			}
		}
		r := Score(gold, found)
		if all := r.Types[All]; all.Leaked != len(r.Leaks) || r.FalseAlarms != len(r.Alarms) {
			t.Fatalf("%d leaks, %d listed", all.Leaked, len(r.Leaks))
		}
	})
}
