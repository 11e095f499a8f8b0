package onnx

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"

	"google.golang.org/protobuf/encoding/protowire"
)

// vocabulary is that of the model which the tests make: for each piece the
// logits of O, B-PER, I-PER and B-LOC.
var vocabulary = []struct {
	piece  string
	logits [4]float32
}{
	{"[PAD]", [4]float32{0, 0, 0, 0}},
	{"[UNK]", [4]float32{5, 0, 0, 0}},
	{"[CLS]", [4]float32{0, 9, 0, 0}},
	{"[SEP]", [4]float32{0, 9, 0, 0}},
	{"oksana", [4]float32{0, 4, 0, 0}},
	{"sok", [4]float32{0, 0, 3, 0}},
	{"##olova", [4]float32{9, 0, 0, 0}}, // what is not a word's first piece is not asked
	{"zoe", [4]float32{0, 4, 0, 0}},
	{"jean", [4]float32{0, 4, 0, 0}},
	{"luc", [4]float32{0, 0, 4, 0}},
	{"tacoma", [4]float32{0, 0, 0, 2}},
	{"maybe", [4]float32{1, 0.5, 0, 0}},
	{"in", [4]float32{5, 0, 0, 0}},
	{"and", [4]float32{5, 0, 0, 0}},
	{"x", [4]float32{5, 0, 0, 0}},
	{"-", [4]float32{0, 0, 2, 0}},
	{",", [4]float32{5, 0, 0, 0}},
	{"田", [4]float32{0, 2, 0, 0}},
	{"中", [4]float32{0, 0, 2, 0}},
}

// field writes a length-delimited field of a protocol buffer.
func field(b []byte, n protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), content)
}

func number(b []byte, n protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), v)
}

// The numbers of fields and types below are those of onnx.proto (ONNX IR 8).
const (
	float32Type = 1
	int64Type   = 7
)

func tensor(name string, dataType uint64, dims []int, raw []byte) []byte {
	var b []byte
	for _, d := range dims {
		b = number(b, 1, uint64(d))
	}
	b = number(b, 2, dataType)
	b = field(b, 8, []byte(name))
	return field(b, 9, raw)
}

func floats(values ...float32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

func node(op string, in []string, out string, attributes ...[]byte) []byte {
	var b []byte
	for _, i := range in {
		b = field(b, 1, []byte(i))
	}
	b = field(b, 2, []byte(out))
	b = field(b, 3, []byte(op+"_"+out))
	b = field(b, 4, []byte(op))
	for _, a := range attributes {
		b = field(b, 5, a)
	}
	return b
}

func integer(name string, v uint64) []byte {
	return number(number(field(nil, 1, []byte(name)), 3, v), 20, 2)
}

// value declares an input or output; a dimension below 1 is open.
func value(name string, dataType uint64, dims ...int) []byte {
	var shape []byte
	for i, d := range dims {
		if d < 1 {
			shape = field(shape, 1, field(nil, 2, fmt.Appendf(nil, "dimension_%d", i)))
		} else {
			shape = field(shape, 1, number(nil, 1, uint64(d)))
		}
	}
	return field(field(nil, 1, []byte(name)), 2, field(nil, 1, field(number(nil, 1, dataType), 2, shape)))
}

// network is a model as ONNX has it: embeddings, a matrix, a bias, and the mask
// laid over them.
func network(inputs ...string) []byte {
	var table []float32
	for _, v := range vocabulary {
		table = append(table, v.logits[:]...)
	}
	var identity []float32
	for i := range 16 {
		identity = append(identity, float32((17-i%5)/17*(1-min(i%5, 1))))
	}
	var graph []byte
	for _, n := range [][]byte{
		node("Gather", []string{"embeddings", "input_ids"}, "embedded", integer("axis", 0)),
		node("MatMul", []string{"embedded", "weights"}, "scores"),
		node("Add", []string{"scores", "bias"}, "shifted"),
		node("Cast", []string{"attention_mask"}, "mask", integer("to", float32Type)),
		node("Unsqueeze", []string{"mask", "axes"}, "wide"),
		node("Mul", []string{"shifted", "wide"}, "logits"),
	} {
		graph = field(graph, 1, n)
	}
	graph = field(graph, 2, []byte("names"))
	for _, t := range [][]byte{
		tensor("embeddings", float32Type, []int{len(vocabulary), 4}, floats(table...)),
		tensor("weights", float32Type, []int{4, 4}, floats(identity...)),
		tensor("bias", float32Type, []int{4}, floats(0, 0, 0, 0)),
		tensor("axes", int64Type, []int{1}, binary.LittleEndian.AppendUint64(nil, 2)),
	} {
		graph = field(graph, 5, t)
	}
	for _, in := range inputs {
		graph = field(graph, 11, value(in, int64Type, 0, 0))
	}
	graph = field(graph, 12, value("logits", float32Type, 0, 0, 4))
	b := number(nil, 1, 8)
	b = field(b, 8, number(field(nil, 1, nil), 2, 13))
	return field(b, 7, graph)
}

// files are a model's folder.
func files(t testing.TB, changed map[string]string) string {
	vocab := map[string]int{}
	for i, v := range vocabulary {
		vocab[v.piece] = i
	}
	tokenizer, err := json.Marshal(map[string]any{
		"model":      map[string]any{"type": "WordPiece", "vocab": vocab, "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100},
		"normalizer": map[string]any{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": nil, "lowercase": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{
		"model.onnx":     string(network("input_ids", "attention_mask")),
		"tokenizer.json": string(tokenizer),
		"config.json":    `{"id2label": {"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-LOC"}, "max_position_embeddings": 512}`,
	}
	for name, content := range changed {
		all[name] = content
	}
	dir := t.TempDir()
	for name, content := range all {
		if content == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t testing.TB, o Options) finding.Recognizer {
	if o.Dir == "" {
		o.Dir = files(t, nil)
	}
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func find(t testing.TB, r finding.Recognizer, lines ...string) []finding.Candidate {
	var c finding.Conversation
	for _, l := range lines {
		c.Lines = append(c.Lines, finding.Line{Text: l})
	}
	found, err := r.Find(context.Background(), &c)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// certainty is the softmax of one logit beside three of zero.
func certainty(logit float64) float64 { return math.Exp(logit) / (math.Exp(logit) + 3) }

// certaintyOfPerson adds the other label of the same kind.
func certaintyOfPerson(logit float64) float64 { return (math.Exp(logit) + 1) / (math.Exp(logit) + 3) }

func TestFind(t *testing.T) {
	type want struct {
		text  string
		kind  finding.Kind
		score float64
	}
	one, two, four := certaintyOfPerson(2), certaintyOfPerson(3), certaintyOfPerson(4)
	tests := []struct {
		in   string
		want []want
	}{
		{"", nil},
		{"x and x", nil},
		{"and Oksana, x", []want{{"Oksana", finding.Person, four}}},
		{"Oksana Sokolova in Tacoma", []want{{"Oksana Sokolova", finding.Person, (four + two) / 2}, {"Tacoma", finding.Location, certainty(2)}}},
		{"oksana oksana", []want{{"oksana", finding.Person, four}, {"oksana", finding.Person, four}}},
		{"Jean-Luc and Zoë", []want{{"Jean-Luc", finding.Person, four}, {"Zoë", finding.Person, four}}},
		{"Jean - Luc", []want{{"Jean", finding.Person, four}, {"Luc", finding.Person, four}}},
		{"👩‍👩‍👧 Zoe\u0308 👍🏽oksana", []want{{"Zoe\u0308", finding.Person, four}, {"oksana", finding.Person, four}}},
		{"Łukasz", nil}, // not in the vocabulary
		{"田中", []want{{"田中", finding.Person, one}}},
		{"maybe", []want{{"maybe", finding.Person, (math.Exp(.5) + 1) / (math.E + math.Exp(.5) + 2)}}},
		{"oksana maybe", []want{{"oksana", finding.Person, four}, {"maybe", finding.Person, (math.Exp(.5) + 1) / (math.E + math.Exp(.5) + 2)}}},
		{"zoeb", nil},
		{"OKSANA'S", nil}, // one word to the engine, of which the vocabulary has the first part
	}
	// The last case is decided by the first piece: oksana, then ' and s unknown.
	tests[len(tests)-1].want = []want{{"OKSANA'S", finding.Person, four}}
	r := open(t, Options{})
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			found := find(t, r, tt.in)
			if len(found) != len(tt.want) {
				t.Fatalf("%+v, want %+v", found, tt.want)
			}
			for i, w := range tt.want {
				f := found[i]
				if got := tt.in[f.Start:f.End]; got != w.text || f.Kind != w.kind || math.Abs(f.Score-w.score) > 1e-6 {
					t.Errorf("%q %s %.6f, want %+v", got, f.Kind, f.Score, w)
				}
			}
		})
	}
}

// However lines are batched and cut into windows, the answer is the same: this
// model reads each piece by itself.
func TestBatchesAndWindows(t *testing.T) {
	lines := []string{"Oksana", "x", "", "Oksana", strings.Repeat("x and ", 70) + "Oksana Sokolova " + strings.Repeat("in x ", 300) + "Zoë", "Tacoma"}
	for i := range 60 {
		lines = append(lines, strings.Repeat("x ", i)+"Oksana Sokolova "+strings.Repeat("and ", 60-i))
	}
	want := find(t, open(t, Options{Batch: 1}), lines...)
	if len(want) < 64 {
		t.Fatalf("%d found", len(want))
	}
	for _, o := range []Options{{Batch: 3}, {Batch: 64}, {MaxPieces: overlap + 3}, {MaxPieces: 50, Batch: 2}, {MaxPieces: 4000}} {
		if got := find(t, open(t, o), lines...); !reflect.DeepEqual(got, want) {
			t.Errorf("batch %d, windows of %d: %d found, want %d", o.Batch, o.MaxPieces, len(got), len(want))
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	r := open(t, Options{})
	want := find(t, r, "Oksana Sokolova in Tacoma", "Zoë and x")
	var all sync.WaitGroup
	for g := range 6 {
		all.Go(func() {
			lines := []string{"Oksana Sokolova in Tacoma", "Zoë and x"}
			for range 5 {
				extra := strings.Repeat("x ", g*40)
				found := find(t, r, append(lines, extra)...)
				if !reflect.DeepEqual(found, want) {
					t.Errorf("%+v, want %+v", found, want)
				}
			}
		})
	}
	all.Wait()
}

func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := open(t, Options{}).Find(ctx, &finding.Conversation{Lines: []finding.Line{{Text: "Oksana"}}}); err != context.Canceled {
		t.Errorf("error %v", err)
	}
}

// In the engine the model is one voice among others.
func TestInTheEngine(t *testing.T) {
	said := finding.Conversation{Lines: []finding.Line{{Channel: finding.Chat, Text: "x and tacoma 🙂 in zoë"}}}
	plain, err := redact.New(redact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	with, err := redact.New(redact.Options{Recognizers: []finding.Recognizer{open(t, Options{})}})
	if err != nil {
		t.Fatal(err)
	}
	for want, e := range map[string]*redact.Engine{"x and tacoma 🙂 in zoë": plain, "x and [LOCATION_1] 🙂 in [PERSON_1]": with} {
		r, err := e.Redact(context.Background(), said)
		if err != nil || r.Lines[0].Text != want {
			t.Errorf("%q, %v, want %q", r.Lines[0].Text, err, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name    string
		changed map[string]string
		o       Options
		want    string
	}{
		{"no model", map[string]string{"model.onnx": ""}, Options{}, "onnx: model.onnx: no such file or directory"},
		{"no tokenizer", map[string]string{"tokenizer.json": ""}, Options{}, "onnx: tokenizer.json: no such file or directory"},
		{"no model's bytes", map[string]string{"model.onnx": "\xff\xff"}, Options{}, "onnx: model.onnx: not an ONNX model"},
		{"another family", map[string]string{"tokenizer.json": `{"model": {"type": "Unigram", "vocab": [["a", 0]]}}`}, Options{}, `onnx: tokenizer.json: a model of type "Unigram": use one with WordPiece, such as BERT or DistilBERT`},
		{"no special pieces", map[string]string{"tokenizer.json": `{"model": {"type": "WordPiece", "vocab": {"[UNK]": 0, "[SEP]": 1, "[PAD]": 2}}}`}, Options{}, "onnx: tokenizer.json: the vocabulary has no [CLS]"},
		{"another normalizer", map[string]string{"tokenizer.json": `{"model": {"type": "WordPiece"}, "normalizer": {"type": "NFC"}}`}, Options{}, `onnx: tokenizer.json: a normalizer of type "NFC": only BertNormalizer is understood`},
		{"no labels", map[string]string{"config.json": `{}`}, Options{}, "onnx: config.json: id2label is missing: the model must classify tokens"},
		{"a hole in the labels", map[string]string{"config.json": `{"id2label": {"0": "O", "2": "B-PER"}}`}, Options{}, "onnx: config.json: id2label has no label 1"},
		{"a label without a kind", map[string]string{"config.json": `{"id2label": {"0": "O", "1": "B-PET", "2": "x", "3": "y"}}`}, Options{}, `onnx: config.json: the label "PET" has no kind: give it one in Kinds, or an empty one to leave it out`},
		{"other labels than the model", map[string]string{"config.json": `{"id2label": {"0": "O", "1": "B-PER"}}`}, Options{}, "onnx: model.onnx: the model answers with shape [8 16 4], and id2label has 2 labels"},
		{"an unknown input", map[string]string{"model.onnx": string(network("input_ids", "attention_mask", "bbox"))}, Options{}, `onnx: model.onnx: the input "bbox" is unknown: use a token-classification model of the BERT family`},
		{"short windows", nil, Options{MaxPieces: 20}, "onnx: config.json: windows of 20 pieces are too short: use at least 35"},
		{"least", nil, Options{Least: 1}, "onnx: least probability 1 is not from 0 to 1"},
		{"batch", nil, Options{Batch: 500}, "onnx: batch of 500 lines: use 1 to 256"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Dir = files(t, tt.changed)
			_, err := New(tt.o)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), tt.o.Dir) {
				t.Error("the error holds a path")
			}
		})
	}
}

// A model may be of an operation that cannot be run: that is said when it is
// opened, not in the middle of a run.
func TestUnknownOperation(t *testing.T) {
	broken := strings.ReplaceAll(string(network("input_ids", "attention_mask")), "MatMul", "MatBul")
	if _, err := New(Options{Dir: files(t, map[string]string{"model.onnx": broken})}); err == nil || !strings.HasPrefix(err.Error(), "onnx: model.onnx: ") {
		t.Errorf("error %v", err)
	}
}

func TestOwnKinds(t *testing.T) {
	dir := files(t, map[string]string{"config.json": `{"id2label": {"0": "O", "1": "B-PUPIL", "2": "I-PUPIL", "3": "B-LOC"}}`})
	found := find(t, open(t, Options{Dir: dir, Kinds: map[string]finding.Kind{"PUPIL": finding.Person, "LOC": ""}}), "Oksana in Tacoma")
	if len(found) != 1 || found[0].Kind != finding.Person {
		t.Errorf("%+v", found)
	}
}

func TestCut(t *testing.T) {
	vocab := map[string]int{"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "[PAD]": 3}
	for _, p := range []string{"un", "##aff", "##able", "##a", "!", "hello", "zoe", "##s", "'", "田", "fi", "##nd", "x", "ss"} {
		vocab[p] = len(vocab)
	}
	uncased := wordPiece{vocabulary: vocab, prefix: "##", longest: 10, clean: true, lower: true, strip: true, chineseSplit: true}
	cased := wordPiece{vocabulary: vocab, prefix: "##", longest: 10, clean: true, chineseSplit: true}
	tests := []struct {
		w    wordPiece
		in   string
		want string // pieces of the source, unknown ones in brackets
	}{
		{uncased, "UNaffable hello!", "UN aff able hello !"},
		{cased, "unaffable UN", "un aff able [UN]"},
		{uncased, "unaffableq", "[unaffableq]"},
		{uncased, "unaffableaa", "[unaffableaa]"}, // longer than the longest
		{uncased, "Zoë Zoe\u0308s zoe's", "Zoë Zoe\u0308 s zoe ' s?"},
		{cased, "zoë", "[zoë]"},
		{uncased, "田田x", "田 田 x"},
		{uncased, "he\u200dllo \u0000x\tx", "he\u200dllo x x"},
		{uncased, "👍🏽x", "[👍] [🏽] x"},
		{uncased, "  ", ""},
	}
	// A lone s is no piece of this vocabulary.
	tests[4].want = "Zoë Zoe s zoe ' [s]"
	for _, tt := range tests {
		var got []string
		for _, p := range tt.w.cut(tt.in) {
			s := tt.in[p.start:p.end]
			if p.id == 0 {
				s = "[" + s + "]"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, s, tt.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"Oksana Sokolova", "Zoë-Jean 田中 x", "ŉ İ ﬁ Ⅷ", "\u0301oksana\u200d", strings.Repeat("sokolova", 200), "\xff oksana"} {
		f.Add(s)
	}
	r := open(f, Options{Least: 0.01})
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\ufffd")
		for _, x := range find(t, r, s, "x "+s) {
			l := []string{s, "x " + s}[x.Line]
			if x.Start < 0 || x.Start >= x.End || x.End > len(l) || !utf8.RuneStart(l[x.Start]) || x.End < len(l) && !utf8.RuneStart(l[x.End]) || !(x.Score > 0 && x.Score <= 1) {
				t.Fatalf("%+v of %q", x, l)
			}
		}
	})
}

func FuzzCut(f *testing.F) {
	for _, s := range []string{"UNaffable!", "ŉŉ", "田x\u0000é", "\xff\xfe"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	vocab := map[string]int{"[UNK]": 0, "a": 1, "##a": 2, "n": 3, "##n": 4, "ʼ": 5, "##ʼ": 6, "i": 7, "##i": 8}
	f.Fuzz(func(t *testing.T, s string, lower bool) {
		w := wordPiece{vocabulary: vocab, prefix: "##", longest: 100, clean: lower, lower: lower, strip: lower, chineseSplit: lower}
		at := 0
		for _, p := range w.cut(s) {
			if p.start < at || p.end < p.start || p.end > len(s) {
				t.Fatalf("piece %d-%d after %d of %d", p.start, p.end, at, len(s))
			}
			at = p.end
		}
	})
}

func BenchmarkFind(b *testing.B) {
	r := open(b, Options{})
	var c finding.Conversation
	n := 0
	for i := range 200 {
		l := fmt.Sprintf("x and %d Oksana Sokolova in Tacoma and x", i)
		c.Lines = append(c.Lines, finding.Line{Text: l})
		n += len(l)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Find(context.Background(), &c); err != nil {
			b.Fatal(err)
		}
	}
}
