// Package onnx finds names with a Hugging Face token-classification model that
// was exported to ONNX. It is an addition to the engine's own recognizers, for
// whoever has such a model and the time it takes:
//
//	r, err := onnx.New(onnx.Options{Dir: "bert-ner"})
//	engine, err := redact.Standard(redact.Options{Recognizers: []finding.Recognizer{r}})
//
// The model runs in this process, in Go, without cgo and without a network.
// Models with a WordPiece vocabulary are understood (BERT, DistilBERT, ELECTRA
// and their multilingual forms). A program that links the package grows by about
// 5 MB.
package onnx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Options say which model is used and how. Only Dir is needed.
type Options struct {
	// Dir holds model.onnx (weights inside, at most 2 GiB), tokenizer.json and
	// config.json.
	Dir string
	// Kinds gives labels of the model the kind they stand for, without the
	// B- or I- in front. An empty kind leaves the label out. The usual labels
	// (PER, LOC, ORG, MISC ...) need not be named.
	Kinds map[string]finding.Kind
	// Least is the lowest probability that is proposed, 0 to 1. 0 means 0.2: the
	// engine's thresholds are higher, but what it kept it can explain.
	Least float64
	// Batch is how many lines are read at once, 1 to 256. 0 means 8.
	Batch int
	// MaxPieces cuts long lines into windows of at most so many pieces, the
	// special ones included. 0 means what config.json allows.
	MaxPieces int
}

// overlap is how many pieces two windows of a long line share, so that a name
// at the edge of one stands inside the other.
const overlap = 32

// New reads a model. The error names the file and what is wrong with it. The
// recognizer is safe for concurrent use. Its answers depend on the model and
// the line alone.
func New(o Options) (finding.Recognizer, error) {
	if o.Least < 0 || o.Least >= 1 {
		return nil, fmt.Errorf("onnx: least probability %v is not from 0 to 1", o.Least)
	}
	if o.Batch < 0 || o.Batch > 256 {
		return nil, fmt.Errorf("onnx: batch of %d lines: use 1 to 256", o.Batch)
	}
	if o.Least == 0 {
		o.Least = 0.2
	}
	if o.Batch == 0 {
		o.Batch = 8
	}
	r := recognizer{least: o.Least, batch: o.Batch}
	var err error
	if r.pieces, err = readTokenizer(filepath.Join(o.Dir, "tokenizer.json")); err != nil {
		return nil, fmt.Errorf("onnx: tokenizer.json: %w", err)
	}
	if err := r.configure(o); err != nil {
		return nil, fmt.Errorf("onnx: config.json: %w", err)
	}
	if r.model, err = readModel(filepath.Join(o.Dir, "model.onnx"), o.Batch, len(r.labels)); err != nil {
		return nil, fmt.Errorf("onnx: model.onnx: %w", err)
	}
	return r, nil
}

// recognizer is a model, ready to read.
type recognizer struct {
	least  float64
	batch  int
	most   int // pieces in a window, the special ones left out
	pieces wordPiece
	labels []label
	model  *model
}

func (recognizer) Name() string { return "onnx" }

// configure reads the labels and the longest sequence.
func (r *recognizer) configure(o Options) error {
	data, err := readFile(filepath.Join(o.Dir, "config.json"))
	if err != nil {
		return err
	}
	var config struct {
		Labels map[string]string `json:"id2label"`
		Most   int               `json:"max_position_embeddings"`
	}
	if err := json.Unmarshal(data, &config); err != nil {
		return errors.New("not the JSON of a model's configuration")
	}
	if len(config.Labels) < 2 {
		return errors.New("id2label is missing: the model must classify tokens")
	}
	r.labels = make([]label, len(config.Labels))
	for i := range r.labels {
		name, ok := config.Labels[strconv.Itoa(i)]
		if !ok {
			return fmt.Errorf("id2label has no label %d", i)
		}
		if r.labels[i], err = kindOf(name, o.Kinds); err != nil {
			return err
		}
	}
	most := config.Most
	if most == 0 {
		most = 512
	}
	if o.MaxPieces > 0 {
		most = min(most, o.MaxPieces)
	}
	if r.most = most - 2; r.most <= overlap {
		return fmt.Errorf("windows of %d pieces are too short: use at least %d", most, overlap+3)
	}
	return nil
}

// readFile reads a file and leaves its path out of the error.
func readFile(name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return data, err
}

// Find reads every line by itself.
func (r recognizer) Find(ctx context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	// Most of what is said in a lesson is said again ("Okay."): it is read once.
	lines := map[string][]finding.Candidate{}
	var texts []string
	for i := range c.Lines {
		if s := c.Lines[i].Text; s != "" {
			if _, seen := lines[s]; !seen {
				lines[s] = nil
				texts = append(texts, s)
			}
		}
	}
	if err := r.read(ctx, texts, lines); err != nil {
		return nil, err
	}
	var out []finding.Candidate
	for i := range c.Lines {
		for _, f := range lines[c.Lines[i].Text] {
			f.Line = i
			out = append(out, f)
		}
	}
	return out, nil
}

// read fills in what is found in each text.
func (r recognizer) read(ctx context.Context, texts []string, found map[string][]finding.Candidate) error {
	var windows []window
	scored := make([]scoredLine, len(texts))
	for i, s := range texts {
		scored[i].pieces = r.pieces.cut(s)
		scored[i].scores = make([][]float64, len(scored[i].pieces))
		windows = append(windows, cutWindows(i, scored[i].pieces, r.most)...)
	}
	if err := r.score(ctx, windows, scored); err != nil {
		return err
	}
	for i, s := range texts {
		found[s] = r.candidates(words(s, scored[i]))
	}
	return nil
}

// scoredLine is a line's pieces with the probability of each label.
type scoredLine struct {
	pieces []piece
	scores [][]float64
}

// word is a word of the text with the probabilities of its first piece, which
// is the one that models are trained on.
type word struct {
	start, end int
	scores     []float64
}

// words aligns pieces with the words that the engine knows: offsets of the
// model's own tokenizer never reach a candidate.
func words(s string, l scoredLine) []word {
	var out []word
	p := 0
	for _, t := range text.Tokenize(s) {
		for p < len(l.pieces) && l.pieces[p].end <= t.Start {
			p++
		}
		w := word{start: t.Start, end: t.End}
		if p < len(l.pieces) && l.pieces[p].start < t.End {
			w.scores = l.scores[p]
		}
		if t.Shape == text.Mark && w.scores != nil {
			w.scores = w.scores[:0] // joins a name but is none ("Jean-Luc")
		}
		out = append(out, w)
	}
	return out
}

// candidates joins neighbouring words of a kind.
func (r recognizer) candidates(words []word) []finding.Candidate {
	var out []finding.Candidate
	var open *finding.Candidate
	n, sure := 0, false // words in it, and whether the model prefers it to nothing
	gap := false
	for _, w := range words {
		if len(w.scores) == 0 {
			gap = open != nil && w.start == open.End && w.end == w.start+1
			if !gap {
				open = nil
			}
			continue
		}
		kind, p, begins := r.best(w.scores)
		if kind == "" || p < r.least {
			open, gap = nil, false
			continue
		}
		attached := gap && open != nil && w.start == open.End+1
		if open != nil && open.Kind == kind && sure == (p >= 0.5) && (attached || !gap && !begins) {
			open.Score = (open.Score*float64(n) + p) / float64(n+1)
			open.End = w.end
			n++
		} else {
			out = append(out, finding.Candidate{Start: w.start, End: w.end, Kind: kind, Score: p, Recognizer: "onnx/model",
				Why: "a language model reads it as one"})
			open, n, sure = &out[len(out)-1], 1, p >= 0.5
		}
		gap = false
	}
	return out
}

// best is the most probable kind, the sum of its labels' probabilities, and
// whether a new name begins with the word.
func (r recognizer) best(scores []float64) (kind finding.Kind, p float64, begins bool) {
	sums := map[finding.Kind]float64{}
	first := map[finding.Kind]float64{}
	for i, s := range scores {
		if l := r.labels[i]; l.kind != "" {
			sums[l.kind] += s
			if l.begins {
				first[l.kind] += s
			}
		}
	}
	for k, s := range sums {
		if s > p || s == p && k < kind {
			kind, p = k, s
		}
	}
	return kind, min(p, 1), first[kind] > p/2
}
