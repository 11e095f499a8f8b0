// Command train fits the model of package belonging on talk written for this
// project (talk.txt, with slots for names; plain.txt, without any) and on
// lines of real lessons that name nothing of the kind.
//
//	VEIL_SHARED=../shared go run ./redact/names/internal/belonging/train -out redact/names/internal/belonging/model.bin
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"flag"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/names/internal/belonging"
	"github.com/schoolhouse-world/veil/redact/names/internal/lexicon"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

//go:embed talk.txt
var talk string

//go:embed plain.txt
var plain string

// line is a line of talk with what its bytes are.
type line struct {
	text  string
	spans []span
}

type span struct {
	from, to int
	label    belonging.Label
}

func main() {
	log.SetFlags(0)
	shared := flag.String("shared", os.Getenv("VEIL_SHARED"), "folder that holds data/tutoring")
	out := flag.String("out", "model.bin", "file to write")
	passes := flag.Int("passes", 14, "passes over the training text")
	flag.Parse()

	carriers := lines(talk)
	var train, held []string
	for n, c := range carriers {
		if n%10 == 9 {
			held = append(held, c)
		} else {
			train = append(train, c)
		}
	}
	none := lines(plain)
	lessons, err := lessonLines(*shared)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%d lines with slots (%d held out), %d without, %d of lessons", len(train), len(held), len(none), len(lessons))
	r := rand.New(rand.NewPCG(11, 7))
	names := newFiller()
	// Training looks at the lines that will be looked at.
	teller := &belonging.Model{Telling: telling(append(slices.Clone(train), none...), lessons, names)}
	fit := logistic.NewFit(rand.New(rand.NewPCG(1, 1)), int(belonging.Labels)-1, belonging.Buckets)
	fit.Drop = 0
	for pass := range *passes {
		var all []line
		for _, c := range train {
			for range 2 {
				all = append(all, vary(r, names.fill(r, c)))
			}
		}
		for n, s := range none {
			if n%10 != 9 {
				all = append(all, vary(r, line{text: slur(r, s)}))
			}
		}
		for _, s := range lessons {
			if r.IntN(3) > 0 {
				all = append(all, vary(r, line{text: slur(r, s)}))
			}
		}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		loss := 0.0
		for _, l := range all {
			loss += learn(fit, teller, l)
		}
		if pass >= *passes/2 {
			fit.Average()
		}
		log.Printf("pass %d: loss %.4f a line", pass+1, loss/float64(len(all)))
	}
	m := &belonging.Model{Model: fit.Model(48), Telling: teller.Telling}
	var check []line
	for _, c := range held {
		for range 5 {
			check = append(check, vary(r, names.fill(r, c)))
		}
	}
	for n, s := range none {
		if n%10 == 9 {
			check = append(check, line{text: s}, line{text: strings.ToLower(s)})
		}
	}
	m.Calibrate(func(visit func(int, []uint32)) {
		each(m, check, func(gold belonging.Label, features []uint32) { visit(int(gold), features) })
	})
	report(m, check)
	packed, err := logistic.Pack(m.Write)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, packed, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d bytes, slope %.3f", len(packed), m.Slope)
}

func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// lessonLines are lines of sessions dev-01 to dev-15 that hold nothing that
// belongs to anybody.
func lessonLines(shared string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(shared, "data", "tutoring", "gold.jsonl"))
	if err != nil {
		return nil, err
	}
	var out []string
	for row := range bytes.Lines(data) {
		var rec struct {
			ID, Text string
			Spans    []struct{ Type string }
		}
		if err := json.Unmarshal(row, &rec); err != nil {
			return nil, err
		}
		if rec.ID >= "dev-16" || len(rec.Text) < 12 {
			continue
		}
		named := false
		for _, s := range rec.Spans {
			named = named || s.Type != "PERSON"
		}
		if !named {
			out = append(out, rec.Text)
		}
	}
	return out, nil
}

// telling are the words that talk of one's own life uses and lessons hardly do.
func telling(talk, lessons []string, names *filler) []uint32 {
	count := func(lines []string) map[string]float64 {
		out := map[string]float64{}
		for _, l := range lines {
			seen := map[string]bool{}
			for _, w := range text.Tokenize(l) {
				if w.Shape.Word() && len(w.Norm) > 2 && !lexicon.Closed(w.Norm) && !seen[w.Norm] {
					seen[w.Norm] = true
					out[w.Norm] += 1 / float64(len(lines))
				}
			}
		}
		return out
	}
	own, other := count(talk), count(lessons)
	// Teams and chain stores are lists that can be known.
	for _, section := range []string{"mascot", "chain"} {
		for _, name := range names.parts[section] {
			for _, w := range text.Tokenize(name) {
				if len(w.Norm) > 3 {
					own[w.Norm] += 1
					own[strings.TrimSuffix(w.Norm, "s")] += 1
				}
			}
		}
	}
	var out []uint32
	for w, share := range own {
		if share*float64(len(talk)) >= 3 && share >= 5*other[w] && slots[w] == belonging.Outside {
			out = append(out, belonging.Hash(w))
		}
	}
	slices.Sort(out)
	log.Printf("%d telling words", len(out))
	return out
}

// learn takes one step of gradient for every word of a line, and gives the loss.
func learn(fit *logistic.Fit, teller *belonging.Model, l line) (loss float64) {
	each(teller, []line{l}, func(gold belonging.Label, features []uint32) {
		loss += fit.Learn(int(gold), features, 1)
	})
	return loss
}

func labels(l line, words []tagger.Word) []belonging.Label {
	out := make([]belonging.Label, len(words))
	for k := range words {
		for _, s := range l.spans {
			if words[k].Start >= s.from && words[k].Start < s.to {
				out[k] = s.label
			}
		}
	}
	return out
}

func each(m *belonging.Model, check []line, visit func(gold belonging.Label, features []uint32)) {
	for _, l := range check {
		words := tagger.Words(l.text, text.Tokenize(l.text), nil)
		gold := labels(l, words)
		belonging.NewReader(m, 0).Features(words, func(k int, features []uint32) { visit(gold[k], features) })
	}
}

// report prints precision and recall of words by label on held-out carriers.
func report(m *belonging.Model, check []line) {
	var hit, said, is [belonging.Labels]int
	var p [belonging.Labels]float32
	each(m, check, func(gold belonging.Label, features []uint32) {
		m.Probabilities(features, p[:])
		best := belonging.Outside
		for l, v := range p {
			if v >= 0.5 {
				best = belonging.Label(l)
			}
		}
		said[best]++
		is[gold]++
		if best == gold {
			hit[gold]++
		}
	})
	for l, name := range []string{"outside", "school", "team", "club", "firm", "town"} {
		log.Printf("%-8s words %5d  P %.3f  R %.3f", name, is[l], float64(hit[l])/float64(max(said[l], 1)), float64(hit[l])/float64(max(is[l], 1)))
	}
}
