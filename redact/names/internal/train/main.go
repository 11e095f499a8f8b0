// Command train fits the tagger: a conditional random field on public corpora
// of named entities and on generated tutoring talk, with names swapped among
// origins and capitals dropped, then calibrated on held-out text.
//
//	VEIL_SHARED=../shared go run ./redact/names/internal/train -out redact/names/internal/tagger/model.bin
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/names/internal/generate"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

func main() {
	log.SetFlags(0)
	shared := flag.String("shared", os.Getenv("VEIL_SHARED"), "folder that holds data/ner")
	out := flag.String("out", "model.bin", "file to write")
	epochs := flag.Int("epochs", 8, "passes over the training text")
	generated := flag.Int("generated", 45_000, "generated lines in each pass")
	rate := flag.Float64("rate", 0.12, "learning rate")
	l2 := flag.Float64("l2", 1e-3, "weight decay for each visit of a feature")
	flag.Parse()

	train, held, err := corpora(*shared)
	if err != nil {
		log.Fatal(err)
	}
	t := trainer{rate: *rate, l2: *l2, weights: make([]float32, tagger.Buckets*3), square: make([]float32, tagger.Buckets*3)}
	names := newNames()
	grammar := generate.New()
	r := rand.New(rand.NewPCG(5, 41))
	for epoch := range *epochs {
		if epoch == *epochs-1 {
			t.rate /= 2
		}
		lines := make([]generate.Line, 0, len(train)+*generated)
		for _, l := range train {
			lines = append(lines, vary(r, l, names))
		}
		for range *generated {
			l := grammar.Line(r, names.filler(r, false))
			lines = append(lines, vary(r, l, nil))
		}
		r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		var loss float64
		for _, l := range lines {
			loss += t.learn(r, l)
		}
		if epoch >= *epochs/2 {
			t.average()
		}
		log.Printf("pass %d: %d lines, loss %.4f a line", epoch+1, len(lines), loss/float64(len(lines)))
		m := t.model()
		report(m, held)
	}
	m := t.model()
	calibrate(m, held)
	report(m, held)
	reportOrigins(m, grammar, names)
	data, err := m.Write()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, data, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d bytes, slope %.3f, shift %.3f", len(data), m.Slope, m.Shift)
}

// record is a line of the corpora.
type record struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Lines []struct{ Start, End int }
	Spans []struct {
		Start, End int
		Type       string
	}
}

// corpora reads what is trained on and what is held out, by corpus. wnut17-dev
// is held out whole, of the others every fifth record (of friends, every third
// scene).
func corpora(shared string) (train []generate.Line, held map[string][]generate.Line, err error) {
	held = map[string][]generate.Line{}
	for _, name := range []string{"wnut17-train", "wnut17-dev", "btc", "wikigold", "friends-dev"} {
		data, err := os.ReadFile(filepath.Join(shared, "data", "ner", name+".jsonl"))
		if err != nil {
			return nil, nil, err
		}
		for n, row := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			var rec record
			if err := json.Unmarshal([]byte(row), &rec); err != nil {
				return nil, nil, fmt.Errorf("%s line %d: %w", name, n+1, err)
			}
			lines := rec.split()
			switch {
			case name == "wnut17-dev", name == "friends-dev" && n%3 == 0, name != "wnut17-train" && name != "friends-dev" && n%5 == 0:
				held[name] = append(held[name], lines...)
			case strings.HasPrefix(rec.ID, "btc-a") && len(rec.Spans) == 0:
				// Section A lost its @ and leaves many names unmarked: only what
				// somebody marked something in is learnt from.
			default:
				times := map[string]int{"friends-dev": 3, "wnut17-train": 2}[name]
				times = max(times, 1)
				for range times {
					train = append(train, lines...)
				}
			}
		}
	}
	return train, held, nil
}

// split turns code points into bytes and a scene into its lines.
func (rec record) split() []generate.Line {
	at := make([]int, 0, len(rec.Text)+1)
	for i := range rec.Text {
		at = append(at, i)
	}
	at = append(at, len(rec.Text))
	if len(rec.Lines) == 0 {
		rec.Lines = append(rec.Lines, struct{ Start, End int }{0, len(at) - 1})
	}
	var lines []generate.Line
	for _, l := range rec.Lines {
		line := generate.Line{Text: rec.Text[at[l.Start]:at[l.End]]}
		for _, s := range rec.Spans {
			label, ok := map[string]tagger.Label{"PERSON": tagger.Person, "LOCATION": tagger.Place, "ORG": tagger.Group}[s.Type]
			if ok && s.Start >= l.Start && s.End <= l.End {
				line.Spans = append(line.Spans, generate.Span{Start: at[s.Start] - at[l.Start], End: at[s.End] - at[l.Start], Label: label})
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// vary swaps names for others, closes the blanks of tokenised text, and drops
// or raises capitals, each now and then.
func vary(r *rand.Rand, l generate.Line, names *nameList) generate.Line {
	if names != nil && r.IntN(100) < 50 {
		l = edit(l, func(s generate.Span, was string) string {
			if s.Label != tagger.Person {
				return was
			}
			return names.swap(r, was)
		})
	}
	if names != nil && r.IntN(100) < 60 {
		l = closeBlanks(l)
	}
	if names == nil && r.IntN(100) < 35 {
		l = slur(r, l)
	}
	switch n := r.IntN(100); {
	case n < 34:
		l = recase(l, unicode.ToLower)
	case n < 38:
		l = recase(l, unicode.ToUpper)
	}
	return l
}

func edit(l generate.Line, change func(generate.Span, string) string) generate.Line {
	var b strings.Builder
	out := generate.Line{}
	at := 0
	for _, s := range l.Spans {
		b.WriteString(l.Text[at:s.Start])
		start := b.Len()
		b.WriteString(change(s, l.Text[s.Start:s.End]))
		out.Spans = append(out.Spans, generate.Span{Start: start, End: b.Len(), Label: s.Label})
		at = s.End
	}
	b.WriteString(l.Text[at:])
	out.Text = b.String()
	return out
}

// closeBlanks undoes tokenisation: "do n't , X 's" becomes "don't, X's".
func closeBlanks(l generate.Line) generate.Line {
	move := make([]int, len(l.Text)+1)
	var b strings.Builder
	for i := 0; i < len(l.Text); i++ {
		move[i] = b.Len()
		rest := l.Text[i+1:]
		if l.Text[i] == ' ' && rest != "" && (strings.ContainsRune(",.?!:;)", rune(rest[0])) ||
			strings.HasPrefix(rest, "'s ") || strings.HasPrefix(rest, "n't ") || strings.HasPrefix(rest, "'m ") ||
			strings.HasPrefix(rest, "'re ") || strings.HasPrefix(rest, "'ll ")) {
			continue
		}
		b.WriteByte(l.Text[i])
	}
	move[len(l.Text)] = b.Len()
	out := generate.Line{Text: b.String()}
	for _, s := range l.Spans {
		out.Spans = append(out.Spans, generate.Span{Start: move[s.Start], End: move[s.End], Label: s.Label})
	}
	return out
}

// slur spoils a word that is no name, as speech recognition does: cut off,
// a letter lost or wrong, run into the next word.
func slur(r *rand.Rand, l generate.Line) generate.Line {
	words := text.Tokenize(l.Text)
	if len(words) == 0 {
		return l
	}
	w := words[r.IntN(len(words))]
	if r.IntN(3) == 0 {
		w = words[0]
	}
	for _, s := range l.Spans {
		if w.Start < s.End && w.End > s.Start {
			return l
		}
	}
	was := l.Text[w.Start:w.End]
	if !w.Shape.Word() || len(was) < 2 {
		return l
	}
	now := spoil(r, was)
	if !utf8.ValidString(now) {
		return l
	}
	grow := len(now) - len(was)
	l.Text = l.Text[:w.Start] + now + l.Text[w.End:]
	spans := append([]generate.Span(nil), l.Spans...)
	for i := range spans {
		if spans[i].Start >= w.End {
			spans[i].Start += grow
			spans[i].End += grow
		}
	}
	l.Spans = spans
	return l
}

// spoil makes of a word what speech recognition might.
func spoil(r *rand.Rand, was string) string {
	if len(was) < 2 {
		return was
	}
	at := 1 + r.IntN(len(was)-1)
	switch r.IntN(7) {
	case 0:
		return was[:at] // cut off
	case 1, 2:
		return was[:at] + was[min(at+1, len(was)):]
	case 3:
		return was[:at] + string(rune('a'+r.IntN(26))) + was[at:]
	case 4:
		return was[:at] + string(rune('a'+r.IntN(26))) + was[min(at+1, len(was)):]
	case 5:
		return was + pick(r, "a", "ah", "the", "i", "um", "es", "ut", "it", "so", "ya", "in", "hat", "oh")
	case 6:
		return title(pick(r, "mm", "uh", "mh", "hm", "ah", "um", "th", "wh", "ye", "ok", "er", "hu", "so")) + pick(r, "", "hm", "m", "huh", "mm", "h", "at", "ed", "is")
	}
	return was
}

func pick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// recase leaves letters alone that would change their length.
func recase(l generate.Line, to func(rune) rune) generate.Line {
	l.Text = strings.Map(func(r rune) rune {
		if c := to(r); utf8.RuneLen(c) == utf8.RuneLen(r) {
			return c
		}
		return r
	}, l.Text)
	return l
}

func labelled(l generate.Line) ([]tagger.Word, []tagger.Label) {
	words := tagger.Words(l.Text, text.Tokenize(l.Text), nil)
	gold := make([]tagger.Label, len(words))
	for i, w := range words {
		for _, s := range l.Spans {
			if w.Start >= s.Start && w.Start < s.End && w.Open {
				gold[i] = s.Label
			}
		}
	}
	return words, gold
}

// trainer holds what AdaGrad needs.
type trainer struct {
	rate, l2        float64
	weights, square []float32
	// sum and seen average the weights over the last passes, which is worth
	// several points of recall on text unlike the training text.
	sum                []float32
	seen               int
	steps, stepsSquare [tagger.Labels * tagger.Labels]float32
	features           [][]uint32
}

const L = int(tagger.Labels)

func (t *trainer) learn(r *rand.Rand, l generate.Line) float64 {
	words, gold := labelled(l)
	for i := range words {
		// A name that no list holds must be found by its surroundings.
		if gold[i] == tagger.Person && r.IntN(100) < 12 {
			words[i].Forget()
		}
	}
	var loss float64
	for i := 0; i < len(words); {
		if !words[i].Open {
			i++
			continue
		}
		j := i
		for j < len(words) && words[j].Open {
			j++
		}
		loss += t.learnRun(words, gold, i, j)
		i = j
	}
	return loss
}

// average adds the weights as they are to the average.
func (t *trainer) average() {
	if t.sum == nil {
		t.sum = make([]float32, len(t.weights))
	}
	for i, w := range t.weights {
		t.sum[i] += w
	}
	t.seen++
}

// learnRun takes one step of gradient on the chain from i to j.
func (t *trainer) learnRun(words []tagger.Word, gold []tagger.Label, i, j int) float64 {
	n := j - i
	for len(t.features) < n {
		t.features = append(t.features, nil)
	}
	emit := make([]float64, n*L)
	for k := range n {
		t.features[k] = tagger.Features(words, i+k, t.features[k][:0])
		for _, f := range t.features[k] {
			for l := 1; l < L; l++ {
				emit[k*L+l] += float64(t.weights[int(f)*3+l-1])
			}
		}
	}
	// Forward and backward in logarithms.
	alpha, beta := make([]float64, n*L), make([]float64, n*L)
	for k := range n {
		for l := range L {
			if k == 0 {
				alpha[l] = emit[l] + float64(t.steps[l])
				continue
			}
			var in [L]float64
			for q := range L {
				in[q] = alpha[(k-1)*L+q] + float64(t.steps[q*L+l])
			}
			alpha[k*L+l] = logsum(in) + emit[k*L+l]
		}
	}
	for k := n - 1; k >= 0; k-- {
		for l := range L {
			if k == n-1 {
				beta[k*L+l] = float64(t.steps[l*L])
				continue
			}
			var out [L]float64
			for q := range L {
				out[q] = float64(t.steps[l*L+q]) + emit[(k+1)*L+q] + beta[(k+1)*L+q]
			}
			beta[k*L+l] = logsum(out)
		}
	}
	var last [L]float64
	for l := range L {
		last[l] = alpha[(n-1)*L+l] + beta[(n-1)*L+l]
	}
	z := logsum(last)
	score := 0.0
	prev := tagger.Outside
	var stepGrad [L * L]float64
	for k := range n {
		g := gold[i+k]
		score += emit[k*L+int(g)] + float64(t.steps[int(prev)*L+int(g)])
		stepGrad[int(prev)*L+int(g)]++
		prev = g
	}
	score += float64(t.steps[int(prev)*L])
	stepGrad[int(prev)*L]++
	for k := 0; k <= n; k++ {
		for a := range L {
			for b := range L {
				var lp float64
				switch {
				case k == 0 && a != 0, k == n && b != 0:
					continue
				case k == 0:
					lp = float64(t.steps[b]) + emit[b] + beta[b]
				case k == n:
					lp = alpha[(n-1)*L+a] + float64(t.steps[a*L])
				default:
					lp = alpha[(k-1)*L+a] + float64(t.steps[a*L+b]) + emit[k*L+b] + beta[k*L+b]
				}
				stepGrad[a*L+b] -= math.Exp(lp - z)
			}
		}
	}
	for k := range n {
		var grad [L]float64
		for l := 1; l < L; l++ {
			grad[l] = -math.Exp(alpha[k*L+l] + beta[k*L+l] - z)
		}
		grad[gold[i+k]]++
		for l := 1; l < L; l++ {
			if math.Abs(grad[l]) < 1e-4 {
				continue
			}
			for _, f := range t.features[k] {
				at := int(f)*3 + l - 1
				g := grad[l] - t.l2*float64(t.weights[at])
				t.square[at] += float32(g * g)
				t.weights[at] += float32(t.rate * g / (math.Sqrt(float64(t.square[at])) + 1e-2))
			}
		}
	}
	for s, g := range stepGrad {
		t.stepsSquare[s] += float32(g * g)
		t.steps[s] += float32(t.rate * g / (math.Sqrt(float64(t.stepsSquare[s])) + 1e-2))
	}
	return z - score
}

func logsum(v [L]float64) float64 {
	top := max(v[0], v[1], v[2], v[3])
	return top + math.Log(math.Exp(v[0]-top)+math.Exp(v[1]-top)+math.Exp(v[2]-top)+math.Exp(v[3]-top))
}

// model rounds the weights to eight bits.
func (t *trainer) model() *tagger.Model {
	const scale = 40 // 127 is a weight of 3.2
	m := &tagger.Model{Weights: make([]int8, len(t.weights)), Scale: scale, Steps: t.steps, Slope: 1}
	for i, w := range t.weights {
		if t.seen > 0 {
			w = t.sum[i] / float32(t.seen)
		}
		m.Weights[i] = int8(math.Round(max(-127, min(127, float64(w)*scale))))
	}
	return m
}
