package onnx

import (
	"cmp"
	stdcontext "context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/gomlx/backends/simplego"
	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/context"
	"github.com/gomlx/onnx-gomlx/onnx"
)

// model runs batches of windows. Every batch has the same number of rows and
// one of few lengths, since each new shape is compiled.
type model struct {
	exec   *context.Exec
	inputs []string
	rows   int
	labels int
}

// lengths are what windows are filled up to, in pieces.
var lengths = []int{16, 32, 64, 128, 256, 512}

func readModel(name string, rows, labels int) (m *model, err error) {
	// The library reports what it cannot build by panic.
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fmt.Errorf("not a model that can be run: %v", p)
		}
	}()
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	parsed, err := onnx.Parse(data)
	if err != nil {
		return nil, errors.New("not an ONNX model")
	}
	inputs, _ := parsed.Inputs()
	for _, in := range inputs {
		if in != "input_ids" && in != "attention_mask" && in != "token_type_ids" {
			return nil, fmt.Errorf("the input %q is unknown: use a token-classification model of the BERT family", in)
		}
	}
	outputs, _ := parsed.Outputs()
	if !slices.Contains(inputs, "input_ids") || len(outputs) == 0 {
		return nil, errors.New("no input_ids or no output: use a token-classification model")
	}
	output := outputs[0]
	if slices.Contains(outputs, "logits") {
		output = "logits"
	}
	weights := context.New()
	if err := parsed.VariablesToContext(weights); err != nil {
		return nil, errors.New("its weights cannot be read: export it as one file, without external data")
	}
	// An own backend: the library's default would be shared by all of a process.
	backend, err := simplego.New("")
	if err != nil {
		return nil, err
	}
	exec, err := context.NewExec(backend, weights.Reuse(), func(ctx *context.Context, in []*graph.Node) []*graph.Node {
		named := map[string]*graph.Node{}
		for i, name := range inputs {
			named[name] = in[i]
		}
		return parsed.CallGraph(ctx, in[0].Graph(), named, output)
	})
	if err != nil {
		return nil, err
	}
	exec.SetMaxCache(-1)
	m = &model{exec: exec, inputs: inputs, rows: rows, labels: labels}
	// A first batch shows now what would fail in the middle of a run.
	if _, err := m.run([][]int{{0}}, 0, lengths[0]); err != nil {
		return nil, err
	}
	return m, nil
}

// run gives the logits of every row's pieces.
func (m *model) run(rows [][]int, padding, length int) (logits [][]float32, err error) {
	defer func() {
		if p := recover(); p != nil {
			logits, err = nil, fmt.Errorf("the model cannot be run: %v", p)
		}
	}()
	ids, mask, types := make([]int64, m.rows*length), make([]int64, m.rows*length), make([]int64, m.rows*length)
	for i := range ids {
		ids[i] = int64(padding)
	}
	for r := range m.rows {
		// Without one piece to look at, an empty row divides by zero.
		mask[r*length] = 1
		if r < len(rows) {
			for k, id := range rows[r] {
				ids[r*length+k], mask[r*length+k] = int64(id), 1
			}
		}
	}
	byName := map[string][]int64{"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
	args := make([]any, len(m.inputs))
	for i, name := range m.inputs {
		args[i] = tensors.FromFlatDataAndDimensions(byName[name], m.rows, length)
	}
	out, err := m.exec.Exec(args...)
	if err != nil {
		return nil, fmt.Errorf("the model cannot be run: %w", err)
	}
	defer out[0].FinalizeAll()
	if dims := out[0].Shape().Dimensions; !slices.Equal(dims, []int{m.rows, length, m.labels}) {
		return nil, fmt.Errorf("the model answers with shape %v, and id2label has %d labels", dims, m.labels)
	}
	flat, err := tensors.CopyFlatData[float32](out[0])
	if err != nil {
		return nil, fmt.Errorf("the model's answer is not of type float32: %w", err)
	}
	logits = make([][]float32, len(rows))
	for r := range rows {
		logits[r] = flat[r*length*m.labels : (r+1)*length*m.labels]
	}
	return logits, nil
}

// window is a part of a line that the model reads at once.
type window struct {
	line, from int
	pieces     []piece
	// Where windows share a piece, the one in which it stands farther from the
	// edge speaks: a window speaks for its pieces from first to last.
	first, last int
}

func cutWindows(line int, pieces []piece, most int) []window {
	var out []window
	for from := 0; from < len(pieces); from += most - overlap {
		to := min(from+most, len(pieces))
		w := window{line: line, from: from, pieces: pieces[from:to], last: to - from}
		if from > 0 {
			w.first = overlap / 2
		}
		if to < len(pieces) {
			w.last -= overlap / 2
		}
		out = append(out, w)
		if to == len(pieces) {
			break
		}
	}
	return out
}

// score fills in the probabilities of every piece.
func (r recognizer) score(ctx stdcontext.Context, windows []window, lines []scoredLine) error {
	slices.SortStableFunc(windows, func(a, b window) int { return cmp.Compare(len(a.pieces), len(b.pieces)) })
	for len(windows) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(r.batch, len(windows))
		batch := windows[:n]
		windows = windows[n:]
		rows := make([][]int, n)
		length := 0
		for i, w := range batch {
			rows[i] = append(rows[i], r.pieces.first)
			for _, p := range w.pieces {
				rows[i] = append(rows[i], p.id)
			}
			rows[i] = append(rows[i], r.pieces.last)
			length = max(length, len(rows[i]))
		}
		logits, err := r.model.run(rows, r.pieces.padding, filled(length, r.most+2))
		if err != nil {
			return err
		}
		for i, w := range batch {
			for k := w.first; k < w.last; k++ {
				lines[w.line].scores[w.from+k] = softmax(logits[i][(k+1)*len(r.labels) : (k+2)*len(r.labels)])
			}
		}
	}
	return nil
}

// filled is the length a batch is filled up to.
func filled(length, most int) int {
	for _, l := range lengths {
		if length <= l {
			return min(l, most)
		}
	}
	return most
}

func softmax(logits []float32) []float64 {
	top := slices.Max(logits)
	out := make([]float64, len(logits))
	sum := 0.0
	for i, l := range logits {
		out[i] = math.Exp(float64(l - top))
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
