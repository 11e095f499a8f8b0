// Command train fits the model of package judge: the recognizers read talk
// written for this project and the lessons dev-01 to dev-15, and what they
// propose is learnt to go where it is marked.
//
//	VEIL_SHARED=../shared go run ./redact/judge/train -out redact/judge/model.bin
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/disclosure/fit"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/internal/setting"
	"github.com/schoolhouse-world/veil/redact/internal/talk"
	"github.com/schoolhouse-world/veil/redact/judge"
)

// example is a proposal and whether it must go.
type example struct {
	logistic.Example
	kind  finding.Kind
	score float64 // before it was judged
}

func main() {
	log.SetFlags(0)
	shared := flag.String("shared", os.Getenv("VEIL_SHARED"), "folder that holds data/tutoring")
	out := flag.String("out", "model.bin", "file to write")
	passes := flag.Int("passes", 12, "passes over the examples")
	flag.Parse()

	written, err := talk.Written()
	if err != nil {
		log.Fatal(err)
	}
	lessons, heldLessons, err := talk.Lessons(*shared)
	if err != nil {
		log.Fatal(err)
	}
	r := rand.New(rand.NewPCG(29, 3))
	v := talk.NewVariety(written, lessons)
	most, apart := talk.Apart(written, 9)
	engine, err := redact.Standard(redact.Options{Unjudged: true})
	if err != nil {
		log.Fatal(err)
	}
	scenes, err := talk.Scenes(*shared)
	if err != nil {
		log.Fatal(err)
	}
	learn := crossed(r, v, most, lessons)
	for _, x := range examples(engine, small(scenes)) {
		if x.kind == finding.Person { // nothing else is marked
			learn = append(learn, x)
		}
	}
	var all []talk.Exchange
	for _, e := range lessons {
		all = append(all, variants(e)...)
		all = append(all, variants(v.Lesson(r, e))...)
	}
	learn = append(learn, examples(engine, all)...)
	var held []talk.Exchange
	for _, e := range heldLessons {
		held = append(held, variants(e)...)
	}
	check, lesson := examples(engine, apart), examples(engine, held)
	log.Printf("%d proposals to learn from, %d and %d (lessons) held out", len(learn), len(check), len(lesson))
	m := model(r, learn, *passes)
	m.Calibrate(func(visit func(int, []uint32)) {
		for _, e := range append(slices.Clone(check), lesson...) {
			visit(e.Gold, e.Features)
		}
	})
	report("exchanges", m, check)
	report("lessons", m, lesson)
	packed, err := logistic.Pack(m.Write)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, packed, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d bytes, slope %.3f", len(packed), m.Slope)
}

// crossed gives what is proposed in exchanges by recognizers that have not learnt
// from them: package disclosure is fitted to the half that is not read.
func crossed(r *rand.Rand, v *talk.Variety, exchanges, lessons []talk.Exchange) []example {
	var halves [2][]talk.Exchange
	for _, e := range exchanges {
		halves[e.Half()] = append(halves[e.Half()], e)
	}
	var out []example
	for k, half := range halves {
		other := halves[1-k]
		m := fit.Model(r, other, half, lessons, 8)
		engine, err := redact.Standard(redact.Options{Unjudged: true, Disclosure: m})
		if err != nil {
			log.Fatal(err)
		}
		var all []talk.Exchange
		for _, e := range half {
			all = append(all, v.Vary(r, e), v.Vary(r, e), v.Vary(r, e))
		}
		out = append(out, examples(engine, all)...)
	}
	return out
}

// small gives scenes as they are and without capitals, those who speak shown by
// their names and by nothing.
func small(scenes []talk.Exchange) (out []talk.Exchange) {
	for _, e := range scenes {
		bare := e
		bare.Lines = slices.Clone(e.Lines)
		letters := map[string]string{}
		for i := range bare.Lines {
			l := &bare.Lines[i]
			if letters[l.Who] == "" {
				letters[l.Who] = string(rune('A' + len(letters)%26))
			}
			l.Who = letters[l.Who]
		}
		out = append(out, e, e.Lower(), bare, bare.Lower())
	}
	return out
}

// variants are a lesson with and without its roster, with and without capitals.
func variants(e talk.Exchange) []talk.Exchange {
	bare := e
	bare.People = nil
	return []talk.Exchange{e, bare, e.Lower(), bare.Lower()}
}

// examples has the recognizers read exchanges. What may go or stay is left out.
func examples(engine *redact.Engine, list []talk.Exchange) []example {
	each := make([][]example, len(list))
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		group.Go(func() {
			for n := range next {
				found, err := propose(engine, list[n])
				if err != nil {
					log.Fatal(err)
				}
				each[n] = found
			}
		})
	}
	for n := range list {
		next <- n
	}
	close(next)
	group.Wait()
	return slices.Concat(each...)
}

func propose(engine *redact.Engine, e talk.Exchange) ([]example, error) {
	c := e.Conversation()
	proposals, err := engine.Proposals(context.Background(), *c)
	if err != nil {
		return nil, err
	}
	reader := judge.NewReader(nil, c)
	var out []example
	for k := range proposals {
		p := &proposals[k]
		l := e.Lines[p.Line]
		if slices.ContainsFunc(l.Doubts, func(d finding.Range) bool { return d.Start < p.End && p.Start < d.End }) {
			continue
		}
		x := example{Example: logistic.Example{Features: reader.Features(p, nil)}, kind: p.Kind, score: p.Score}
		if slices.ContainsFunc(l.Spans, func(s talk.Span) bool { return s.From < p.End && p.Start < s.To }) {
			x.Gold = 1
		}
		out = append(out, x)
	}
	return out, nil
}

func model(r *rand.Rand, learn []example, passes int) *judge.Model {
	all := make([]logistic.Example, len(learn))
	for i, x := range learn {
		all[i] = x.Example
	}
	f := logistic.NewFit(r, 1, setting.Buckets)
	f.Passes(all, passes, func(pass int, loss float64) { log.Printf("pass %d: loss %.4f", pass, loss) })
	return f.Model(48)
}

// report prints by kind how precise the surest are that make up a share of what
// must go, before and after judging.
func report(what string, m *judge.Model, check []example) {
	log.Printf("held-out %s: precision at recall 0.5, 0.7, 0.8, 0.9, 0.95, and the score there", what)
	kinds := map[finding.Kind][]example{}
	for _, e := range check {
		kinds[e.kind] = append(kinds[e.kind], e)
	}
	for _, kind := range []finding.Kind{finding.Person, finding.School, finding.Org, finding.Location, finding.Age, finding.DateOfBirth, finding.Address,
		finding.Handle, finding.ID, finding.Meeting, finding.Phone, finding.Email} {
		list := kinds[kind]
		line := fmt.Sprintf("%-14s %5d", kind, len(list))
		for _, score := range []func(e *example) float64{
			func(e *example) float64 { return e.score },
			func(e *example) float64 {
				var p [2]float32
				m.Probabilities(e.Features, p[:])
				return float64(p[1])
			},
		} {
			line += " |" + curve(list, score)
		}
		log.Print(line)
	}
}

func curve(list []example, score func(*example) float64) string {
	all := make([]logistic.Scored, len(list))
	for i := range list {
		all[i] = logistic.Scored{Score: score(&list[i]), Gold: list[i].Gold}
	}
	return logistic.Curve(all, 0.5, 0.7, 0.8, 0.9, 0.95)
}
