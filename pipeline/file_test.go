package pipeline

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/pipeline/zoom"
	"github.com/schoolhouse-world/veil/redact"
)

// Of every file that Zoom's clients write, no printed full name is left, and every
// line keeps its end.
func TestRedactedFilesLoseTheirLabels(t *testing.T) {
	shared := os.Getenv("VEIL_SHARED")
	files, err := filepath.Glob(filepath.Join(shared, "data", "zoom", "*", "*[a-z].[vt][tx]t"))
	check(t, err)
	if shared == "" || len(files) == 0 {
		t.Skip("VEIL_SHARED does not name the shared data")
	}
	engine, err := redact.Standard(redact.Options{})
	check(t, err)
	names := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		check(t, err)
		if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
			continue
		}
		var out bytes.Buffer
		check(t, RedactFile(context.Background(), engine, bytes.NewReader(data), &out, nil, nil))
		if got, want := strings.Count(out.String(), "\n"), bytes.Count(data, []byte("\n")); got != want {
			t.Errorf("%s: %d line ends, want %d", filepath.Base(name), got, want)
		}
		for _, label := range printedLabels(data, filepath.Ext(name) == ".vtt") {
			names++
			if strings.Contains(out.String(), label) {
				t.Errorf("%s: a label is left", filepath.Base(name))
			}
		}
	}
	if names < 100 {
		t.Errorf("only %d names were looked for", names)
	}
}

// printedLabels are the labels of at least two words that a file prints.
func printedLabels(data []byte, vtt bool) []string {
	seen := map[string]bool{}
	if vtt {
		for c := range zoom.Transcript(bytes.NewReader(data)) {
			seen[c.Speaker] = true
		}
	} else {
		for m := range zoom.Chat(bytes.NewReader(data)) {
			seen[m.Sender] = true
		}
	}
	var out []string
	for label := range seen {
		if strings.Contains(label, " ") {
			out = append(out, label)
		}
	}
	return out
}
