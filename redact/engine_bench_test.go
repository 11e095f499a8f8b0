package redact_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// lesson is a made-up session of about size bytes with four people in it.
func lesson(size int) finding.Conversation {
	r := rand.New(rand.NewPCG(3, 5))
	words := strings.Fields(`so okay the slope of this line is rise over run and we can see that it goes up by two every
		time x goes up by one what do you think happens if we make it negative right then it goes down instead because the
		sign changes nice try to draw it on the whiteboard for me please and tell me where the point is now great job that
		makes sense I got three over four but my friend said it was five hours at fifty miles an hour from A to B`)
	names := []string{"Oksana", "Drew", "Linh", "Tunde", "drew", "Oksana's", "Mr. Lindqvist", "linhhhh"}
	c := finding.Conversation{People: []finding.Participant{
		{ID: "1", Label: "TUTOR_1", First: "Oksana", Last: "Sokolova"},
		{ID: "2", Label: "LEARNER_1", First: "Drew", Last: "Stone"},
		{ID: "3", Label: "LEARNER_2", First: "Linh", Last: "Nguyễn"},
		{ID: "4", Label: "LEARNER_3", First: "Babatunde", Last: "Adeyemi", Preferred: "Tunde"},
	}}
	for n := 0; n < size; {
		var b strings.Builder
		fmt.Fprintf(&b, "%s ", words[r.IntN(len(words))])
		for range 4 + r.IntN(16) {
			if r.IntN(60) == 0 {
				b.WriteString(", " + names[r.IntN(len(names))] + ",")
			}
			if r.IntN(80) == 0 {
				fmt.Fprintf(&b, " %d", r.IntN(2000))
			}
			b.WriteString(" " + words[r.IntN(len(words))])
		}
		b.WriteString(".")
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, Speaker: fmt.Sprint(1 + r.IntN(4)), Text: b.String()})
		n += b.Len()
	}
	return c
}

func bytesOf(c finding.Conversation) (n int64) {
	for _, l := range c.Lines {
		n += int64(len(l.Text))
	}
	return n
}

func BenchmarkEngine(b *testing.B) {
	engine, err := redact.Standard(redact.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c := lesson(100_000)
	run(b, engine, c) // unpacks the tables
	b.SetBytes(bytesOf(c))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engine.Redact(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecognizer measures each part of Standard alone, over cut text.
// BenchmarkCut measures the cutting.
func BenchmarkRecognizer(b *testing.B) {
	source := lesson(100_000)
	c := source.Cut()
	for _, r := range parts(b) {
		b.Run(r.Name(), func(b *testing.B) {
			b.SetBytes(bytesOf(source))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Find(context.Background(), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEngineInParallel is one engine over as many sessions at once as
// there are processors.
func BenchmarkEngineInParallel(b *testing.B) {
	engine, err := redact.Standard(redact.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c := lesson(100_000)
	run(b, engine, c)
	b.SetBytes(bytesOf(c))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := engine.Redact(context.Background(), c); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkCut(b *testing.B) {
	c := lesson(100_000)
	b.SetBytes(bytesOf(c))
	b.ReportAllocs()
	for b.Loop() {
		c.Cut()
	}
}
