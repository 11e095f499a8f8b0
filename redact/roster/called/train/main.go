// Command train fits the model of package called to talk written for this project
// and to the lessons dev-01 to dev-15.
//
//	VEIL_SHARED=../shared go run ./redact/roster/called/train -out redact/roster/called/model.bin
package main

import (
	"flag"
	"log"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/internal/logistic"
	"github.com/schoolhouse-world/veil/redact/internal/setting"
	"github.com/schoolhouse-world/veil/redact/internal/talk"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/roster/called"
	"github.com/schoolhouse-world/veil/redact/text"
)

// example is a letter or some words, and whether somebody is called so there.
type example struct {
	logistic.Example
	what string // initial, wordname, nick, heard, person
}

func main() {
	log.SetFlags(0)
	shared := flag.String("shared", os.Getenv("VEIL_SHARED"), "folder that holds data/tutoring")
	out := flag.String("out", "model.bin", "file to write")
	passes := flag.Int("passes", 10, "passes over the examples")
	flag.Parse()
	written, err := talk.Written()
	if err != nil {
		log.Fatal(err)
	}
	lessons, heldLessons, err := talk.Lessons(*shared)
	if err != nil {
		log.Fatal(err)
	}
	r := rand.New(rand.NewPCG(31, 7))
	v := talk.NewVariety(written, lessons)
	words := wordnames(written)
	most, apart := talk.Apart(written, 9)
	var learn, check, lesson []example
	for _, e := range most {
		for range 2 {
			learn = append(learn, examples(r, words, v.Vary(r, e))...)
		}
	}
	for _, e := range lessons {
		learn = append(learn, examples(r, words, e)...)
		learn = append(learn, examples(r, words, e.Lower())...)
	}
	for _, e := range apart {
		check = append(check, examples(r, words, e)...)
	}
	for _, e := range heldLessons {
		lesson = append(lesson, examples(r, words, e)...)
	}
	log.Printf("%d places to learn from, %d and %d (lessons) held out", len(learn), len(check), len(lesson))
	m := model(r, learn, *passes)
	m.Calibrate(func(visit func(int, []uint32)) {
		for _, x := range append(slices.Clone(check), lesson...) {
			visit(x.Gold, x.Features)
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

func model(r *rand.Rand, learn []example, passes int) *called.Model {
	all := make([]logistic.Example, len(learn))
	for i, x := range learn {
		all[i] = x.Example
	}
	f := logistic.NewFit(r, 1, setting.Buckets)
	f.Passes(all, passes, func(pass int, loss float64) { log.Printf("pass %d: loss %.4f", pass, loss) })
	return f.Model(48)
}

// wordnames are the words that are marked as names somewhere.
func wordnames(written []talk.Exchange) map[string]bool {
	names := map[string]bool{}
	for _, e := range written {
		for _, l := range e.Lines {
			for _, s := range l.Spans {
				if s.Mark == "wordname" || s.Mark == "nick" || s.Mark == "heard" {
					names[text.Fold(l.Text[s.From:s.To])] = true
				}
			}
		}
	}
	return names
}

// run is some tokens of a line.
type run struct {
	from, to int
	gold     int
	what     string
}

// examples gives every letter that stands alone, every word that is a name
// elsewhere, whoever is named, and some other words.
func examples(r *rand.Rand, words map[string]bool, e talk.Exchange) []example {
	c := e.Conversation()
	reader := called.NewReader(nil, c)
	var out []example
	for i, l := range e.Lines {
		for _, x := range runs(r, words, l, c.Lines[i].Tokens) {
			t := c.Lines[i].Tokens
			if slices.ContainsFunc(l.Doubts, func(d finding.Range) bool { return d.Start < t[x.to-1].End && t[x.from].Start < d.End }) {
				continue
			}
			out = append(out, example{logistic.Example{Features: reader.Features(i, x.from, x.to, nil), Gold: x.gold}, x.what})
		}
	}
	return out
}

// named reports whether a token is a name that is no word.
func named(t *text.Token) bool {
	e := names.Lookup(t.Norm)
	return t.Shape.Word() && e.Name() >= 0.33 && e.Word < 0.3
}

func runs(r *rand.Rand, words map[string]bool, l talk.Line, t []text.Token) []run {
	var out []run
	for k := 0; k < len(t); k++ {
		if !t[k].Shape.Word() {
			continue
		}
		if s, ok := l.At(t[k].Start); ok {
			to := k + 1
			for to < len(t) && t[to].Start < s.To {
				to++
			}
			for to > k+1 && t[to-1].Shape == text.Mark {
				to--
			}
			switch s.Mark {
			case "initial", "wordname", "nick", "heard", "person":
				if s.From >= t[k].Start-1 {
					out = append(out, run{k, to, 1, s.Mark})
				}
			}
			k = to - 1
			continue
		}
		to := called.Letters(t, k)
		switch {
		case to > k:
			out = append(out, run{k, to, 0, "initial"})
		case words[t[k].Norm]:
			out = append(out, run{k, k + 1, 0, "wordname"})
		case named(&t[k]):
			out = append(out, run{k, k + 1, 0, "person"}) // of a problem, of a book
		}
		// Other words, one to three of them.
		if r.IntN(12) > 0 {
			continue
		}
		to = k + 1 + r.IntN(3)
		if to <= len(t) && plain(l, t[k:to]) {
			out = append(out, run{k, to, 0, "heard"})
		}
	}
	return out
}

// plain reports whether tokens are words of which none is marked.
func plain(l talk.Line, t []text.Token) bool {
	for k := range t {
		if _, marked := l.At(t[k].Start); marked || !t[k].Shape.Word() || len(t[k].Norm) < 2 && len(t) == 1 {
			return false
		}
	}
	return true
}

// report prints how precise the surest are that make up a share of those who are
// called.
func report(what string, m *called.Model, check []example) {
	log.Printf("held-out %s: precision at recall 0.3, 0.5, 0.7, 0.8, 0.9, and the score there", what)
	for _, kind := range []string{"initial", "wordname", "nick", "heard", "person"} {
		var all []logistic.Scored
		must := 0
		for _, x := range check {
			if x.what != kind && !(x.Gold == 0 && x.what == "heard" && kind == "nick") {
				continue
			}
			var p [2]float32
			m.Probabilities(x.Features, p[:])
			all = append(all, logistic.Scored{Score: float64(p[1]), Gold: x.Gold})
			must += x.Gold
		}
		log.Printf("%-9s %5d of %6d |%s", kind, must, len(all), logistic.Curve(all, 0.3, 0.5, 0.7, 0.8, 0.9))
	}
}
