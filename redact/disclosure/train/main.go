// Command train fits the model of package disclosure to talk written for this
// project and to the lessons dev-01 to dev-15.
//
//	VEIL_SHARED=../shared go run ./redact/disclosure/train -out redact/disclosure/model.bin
package main

import (
	"context"
	"flag"
	"log"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/schoolhouse-world/veil/redact/disclosure"
	"github.com/schoolhouse-world/veil/redact/disclosure/fit"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/internal/talk"
	"github.com/schoolhouse-world/veil/redact/text"
)

func main() {
	log.SetFlags(0)
	shared := flag.String("shared", os.Getenv("VEIL_SHARED"), "folder that holds data/tutoring")
	out := flag.String("out", "model.bin", "file to write")
	passes := flag.Int("passes", 10, "passes over the training text")
	flag.Parse()

	written, err := talk.Written()
	if err != nil {
		log.Fatal(err)
	}
	train, apart := talk.Apart(written, 9)
	lessons, held, err := talk.Lessons(*shared)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%d exchanges (%d held out), %d lessons (%d held out)", len(train), len(apart), len(lessons), len(held))
	m := fit.Model(rand.New(rand.NewPCG(23, 5)), train, apart, lessons, *passes)
	report("exchanges", m, apart)
	report("lessons", m, held)
	packed, err := logistic.Pack(m.Write)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, packed, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d bytes, slope %.3f", len(packed), m.Slope)
}

// report prints how many identifiers are found whole, by label.
func report(what string, m *disclosure.Model, check []talk.Exchange) {
	var gone, all [disclosure.Labels]int
	wrong, lines, looked := 0, 0, 0
	for _, e := range check {
		c := e.Conversation()
		found, err := disclosure.With(m).Find(context.Background(), c)
		if err != nil {
			log.Fatal(err)
		}
		reader := disclosure.NewReader(m, c)
		for i, l := range e.Lines {
			lines++
			if reader.Tells(i) {
				looked++
			}
			covered := func(t text.Token) bool {
				return slices.ContainsFunc(found, func(f finding.Candidate) bool { return f.Line == i && f.Start <= t.Start && t.Start < f.End })
			}
			for _, s := range l.Spans {
				label := fit.Labels[s.Mark]
				all[label]++
				if !slices.ContainsFunc(c.Lines[i].Tokens, func(t text.Token) bool {
					return t.Shape != text.Mark && t.Start >= s.From && t.Start < s.To && !covered(t)
				}) {
					gone[label]++
				}
			}
			for _, t := range c.Lines[i].Tokens {
				if _, marked := l.At(t.Start); t.Shape != text.Mark && covered(t) && !marked {
					wrong++
				}
			}
		}
	}
	log.Printf("held-out %s: %d of %d lines looked at, %d words proposed that are nothing", what, looked, lines, wrong)
	for l, name := range []string{"others", "handle", "email", "phone", "id", "code", "age", "birthday", "address"} {
		log.Printf("%-9s %.3f of %d", name, float64(gone[l])/float64(max(all[l], 1)), all[l])
	}
}
