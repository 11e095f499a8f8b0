package judge_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/judge"
)

// score judges the name in the last line of an exchange, as the tagger would
// propose it.
func score(t testing.TB, kind finding.Kind, name string, lines ...string) float64 {
	t.Helper()
	c := &finding.Conversation{}
	for n, l := range lines {
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, Speaker: string(rune('A' + n%2)), Text: l})
	}
	last := len(lines) - 1
	at := strings.Index(lines[last], name)
	if at < 0 {
		t.Fatalf("%q is not in %q", name, lines[last])
	}
	rule := map[finding.Kind]string{finding.Person: "names/tagger", finding.School: "names/line", finding.Location: "names/line"}[kind]
	p := judge.Proposal{By: []string{rule}, Candidate: finding.Candidate{Line: last, Start: at, End: at + len(name), Kind: kind, Score: 0.6, Recognizer: rule}}
	if !judge.Judges(&p) {
		t.Fatalf("%s by %s is not judged", kind, rule)
	}
	return judge.NewReader(judge.Default(), c.Cut()).Score(&p)
}

// The same name is of somebody's life in one exchange and of the lesson in
// another.
func TestTheTalkAroundTells(t *testing.T) {
	for _, tt := range []struct {
		kind         finding.Kind
		name         string
		life, lesson []string
	}{
		{finding.Person, "Deshawn", []string{"is he coming", "no Deshawn said he's got practice so he's not joining today"},
			[]string{"read the next problem", "Deshawn has 12 more marbles than his sister, how many do they have together"}},
		{finding.Person, "Priya", []string{"sorry i'm late", "my friend Priya was on the phone with me"},
			[]string{"what does the passage say", "In line nine Priya says she never liked the lighthouse, so the author shows her fear"}},
		{finding.School, "Lincoln High", []string{"where do you go", "i go to Lincoln High and we start at seven"},
			[]string{"number six", "Lincoln High sold 240 tickets, adults paid 8 dollars and students paid 5"}},
		{finding.Location, "Milton", []string{"where are you guys moving", "we moved to Milton last summer and i hate it"},
			[]string{"draw the two towns", "the train travels from Fairview to Milton at 40 miles an hour"}},
	} {
		life, lesson := score(t, tt.kind, tt.name, tt.life...), score(t, tt.kind, tt.name, tt.lesson...)
		if life < 0.5 || lesson > 0.5 || life < lesson+0.3 {
			t.Errorf("%s: %.2f in life, %.2f in a lesson", tt.name, life, lesson)
		}
	}
}

// Who knows better than the talk around is not judged: the roster, an
// organisation's own words, what has a form of its own.
func TestJudges(t *testing.T) {
	for _, tt := range []struct {
		kind  finding.Kind
		by    string
		score float64
		want  bool
	}{
		{finding.Person, "names/tagger", 0.9, true},
		{finding.Person, "names/tagger roster/exact", 0.9, false},
		{finding.Person, "own/deny", 1, false},
		{finding.Person, "onnx/model", 0.9, false},
		{finding.ID, "disclosure/id", 0.9, true},
		{finding.Handle, "pattern/alias/said", 0.75, true},
		{finding.Email, "pattern/email/written", 0.99, false},
		{finding.URL, "pattern/link", 0.7, false},
		{finding.SSN, "pattern/ssn", 0.7, false},
	} {
		p := judge.Proposal{By: strings.Fields(tt.by), Candidate: finding.Candidate{Kind: tt.kind, Score: tt.score}}
		if got := judge.Judges(&p); got != tt.want {
			t.Errorf("%s by %s at %.2f: judged %v", tt.kind, tt.by, tt.score, got)
		}
	}
}

// Whatever an engine would ask, the answer is a probability, and asking twice or
// in another order gives the same.
func TestScoresAreProbabilities(t *testing.T) {
	engine, err := redact.Standard(redact.Options{Unjudged: true})
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields("Maya said my school Ridgeview has 12 marbles i'm fifteen in Duluth ? , . discord is soggywaffle and mr Petrov 🦔 ñandú the train")
	rapid.Check(t, func(t *rapid.T) {
		c := finding.Conversation{}
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			c.Lines = append(c.Lines, finding.Line{Channel: finding.Chat, Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 20).Draw(t, "words"), " ")})
		}
		proposals, err := engine.Proposals(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		cut := c.Cut()
		first, second := judge.NewReader(judge.Default(), cut), judge.NewReader(judge.Default(), cut)
		var scores []float64
		for k := range proposals {
			s := first.Score(&proposals[k])
			if !(s >= 0 && s <= 1) {
				t.Fatalf("score %v", s)
			}
			scores = append(scores, s)
		}
		for k := len(proposals) - 1; k >= 0; k-- {
			if s := second.Score(&proposals[k]); s != scores[k] {
				t.Fatalf("%v, then %v", scores[k], s)
			}
		}
	})
}

func TestModelIsReadAsWritten(t *testing.T) {
	packed, err := logistic.Pack(judge.Default().Write)
	if err != nil {
		t.Fatal(err)
	}
	m, err := judge.Read(packed)
	if err != nil {
		t.Fatal(err)
	}
	if m.Slope != judge.Default().Slope || !slices.Equal(m.Weights, judge.Default().Weights) {
		t.Error("a model is not read as it was written")
	}
	if _, err := judge.Read(packed[:len(packed)/2]); err == nil {
		t.Error("half a model is read")
	}
}
