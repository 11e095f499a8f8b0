package names

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/generate"
	"github.com/schoolhouse-world/veil/redact/text"
)

// lesson makes a session of generated tutoring talk.
func lesson(lines int) *finding.Conversation {
	g := generate.New()
	r := rand.New(rand.NewPCG(1, 2))
	people := []string{"Oksana", "Temitope", "Mei-Ling", "Diego", "Keoni", "Harpreet"}
	towns := []string{"Tacoma", "Fresno", "Durham"}
	c := &finding.Conversation{}
	for i := range lines {
		l := g.Line(r, func(slot byte) string {
			switch slot {
			case 'C':
				return towns[r.IntN(len(towns))]
			case 'X':
				return "Oky"
			}
			return people[r.IntN(len(people))]
		})
		c.Lines = append(c.Lines, finding.Line{
			Channel: finding.Transcript, SpeakerName: fmt.Sprint(people[i%2], " Okafor"), Text: l.Text, Tokens: text.Tokenize(l.Text),
		})
	}
	return c
}

func BenchmarkFind(b *testing.B) {
	c := lesson(600)
	size := 0
	for _, l := range c.Lines {
		size += len(l.Text)
	}
	r, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	Lookup("warm")
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Find(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFindTutoring runs over the tutoring sessions of the shared folder.
func BenchmarkFindTutoring(b *testing.B) {
	sessions := sharedSessions(b)
	size := 0
	for _, c := range sessions {
		for _, l := range c.Lines {
			size += len(l.Text)
		}
	}
	r, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	Lookup("warm")
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range sessions {
			if _, err := r.Find(context.Background(), c); err != nil {
				b.Fatal(err)
			}
		}
	}
}
