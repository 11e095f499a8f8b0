package curriculum_test

import (
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/curriculum"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/text"
)

// session makes a conversation in which line stands behind ordinary talk.
func session(line string) *finding.Conversation {
	c := &finding.Conversation{}
	for _, s := range []string{"Okay, so let's look at the next one.", "I think it's twelve.", "Right, divide both sides.", line} {
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, SpeakerName: "Oksana Sokolova", Text: s, Tokens: text.Tokenize(s)})
	}
	return c
}

// What a lesson is about is proposed to stay, and who is in it is not. A word
// in « » must be proposed with the score or more, one in { } with less.
func TestFind(t *testing.T) {
	tests := []struct {
		line  string
		score float64
	}{
		{"That's «Pascal»'s triangle.", 0.9},
		{"Use «Euler»'s formula.", 0.9},
		{"That's the «Cauchy Schwarz» inequality.", 0.9},
		{"Okay, {Pascal}, what is x?", 0.9},
		{"Open it in «Desmos».", 0.9},
		{"We did that on «Khan Academy».", 0.9},
		{"It's «SAS», not «SSA».", 0.9},
		{"Let's «FOIL» it.", 0.9},
		{"My sister's name is {Asa}.", 0.9},
		{"It's part «vi».", 0.9},
		{"{Vi} is my cousin.", 0.9},
		{"See you on «Tuesday».", 0.9},
		{"Turn to «page 212».", 0.9},
		{"Now «question 14».", 0.9},
		{"I go to P.S. {214}.", 0.5},
		{"«Marcus» has eight apples and gives four of them to «Jenna», how many apples does he have left?", 0.6},
		{"My friend {Marcus} is here.", 0.5},
		{"You just «drew» a line.", 0.5},
		{"{Drew}, can you hear me?", 0.7},
		{"The train goes from «Providence» to «Newark» at fifty miles an hour.", 0.9},
		{"I live in {Providence}.", 0.5},
	}
	marks := strings.NewReplacer("«", "", "»", "", "{", "", "}", "")
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			c := session(marks.Replace(tt.line))
			found, err := curriculum.New().Find(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []struct {
				open, shut string
				stays      bool
			}{{"«", "»", true}, {"{", "}", false}} {
				for rest := tt.line; ; {
					before, after, ok := strings.Cut(rest, want.open)
					if !ok {
						break
					}
					word, tail, _ := strings.Cut(after, want.shut)
					at := len(marks.Replace(tt.line[:len(tt.line)-len(rest)] + before))
					if got := best(found, at, at+len(word)); got >= tt.score != want.stays {
						t.Errorf("%q scores %.2f of %.2f, stays: %v", word, got, tt.score, want.stays)
					}
					rest = tail
				}
			}
		})
	}
}

// best is the best score of what covers bytes from..to of the line that session
// was made with.
func best(found []finding.Candidate, from, to int) (score float64) {
	for _, f := range found {
		if f.Line == 3 && f.Keep && f.Start <= from && to <= f.End {
			score = max(score, f.Score)
		}
	}
	return score
}

// A reading that was made already gives the same.
func TestFindOfReading(t *testing.T) {
	c := session("That's Pascal's triangle, on page 212.")
	reading, err := names.Read(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	of, err := curriculum.Find(t.Context(), c, reading)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := curriculum.New().Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if len(of) == 0 || len(of) != len(alone) {
		t.Fatalf("%d of the reading, %d alone", len(of), len(alone))
	}
	for i := range of {
		if of[i] != alone[i] {
			t.Errorf("%+v\nand alone\n%+v", of[i], alone[i])
		}
	}
}
