package pipeline

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/onnx"
)

// Own names the files by which an organisation adds to the engine. Each may be
// "". In the text files # begins a comment when it stands first or behind a
// blank.
type Own struct {
	Deny string // terms that always go, one a line
	Keep string // terms that stay unless they name somebody in the session
	// Patterns holds lines of a name, a kind and an RE2 expression, parted by
	// blanks: "lunch-number ID \bL\d{6}\b".
	Patterns string
	// Model is a folder with a token-classification model, see redact/onnx.
	Model string
}

// Extend adds what the files hold to an engine's options. Errors name the list
// and the line, and hold nothing of it.
func (o Own) Extend(options *redact.Options) error {
	err := eachLineOf("the terms to deny", o.Deny, func(term string) error {
		options.Own.Deny = append(options.Own.Deny, redact.Term{Text: term})
		return nil
	})
	if err != nil {
		return err
	}
	err = eachLineOf("the terms to keep", o.Keep, func(term string) error {
		options.Own.Keep = append(options.Own.Keep, term)
		return nil
	})
	if err != nil {
		return err
	}
	err = eachLineOf("the patterns", o.Patterns, func(line string) error {
		p, err := parsePattern(line)
		options.Own.Patterns = append(options.Own.Patterns, p)
		return err
	})
	if err != nil || o.Model == "" {
		return err
	}
	model, err := onnx.New(onnx.Options{Dir: o.Model})
	options.Recognizers = append(options.Recognizers, model)
	return err
}

// parsePattern reads "name KIND expression".
func parsePattern(line string) (redact.Pattern, error) {
	name, rest, _ := strings.Cut(line, " ")
	kind, expr, ok := strings.Cut(strings.TrimSpace(rest), " ")
	if !ok {
		return redact.Pattern{}, fmt.Errorf("write a name, a kind and an expression, such as: lunch-number ID \\bL\\d{6}\\b")
	}
	if !finding.Kind(kind).Known() {
		return redact.Pattern{}, fmt.Errorf("the kind is none of the engine's, such as ID or PERSON")
	}
	return redact.Pattern{Name: name, Kind: finding.Kind(kind), Expr: strings.TrimSpace(expr)}, nil
}

// eachLineOf yields the lines of a list that are not blank, without comments.
func eachLineOf(what, name string, use func(string) error) error {
	if name == "" {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", what, withoutPath(err))
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	for number := 1; in.Scan(); number++ {
		line := strings.TrimSpace(uncommented(strings.ReplaceAll(in.Text(), "\t", " ")))
		if line == "" {
			continue
		}
		if err := use(line); err != nil {
			return fmt.Errorf("%s, line %d: %w", what, number, err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", what, withoutPath(err))
	}
	return nil
}

func uncommented(line string) string {
	if strings.HasPrefix(line, "#") {
		return ""
	}
	line, _, _ = strings.Cut(line, " #")
	return line
}

// write adds the files' content to a digest.
func (o Own) write(w io.Writer) error {
	names := []string{o.Deny, o.Keep, o.Patterns}
	if o.Model != "" {
		for _, name := range []string{"config.json", "tokenizer.json", "model.onnx"} {
			names = append(names, filepath.Join(o.Model, name))
		}
	}
	for _, name := range names {
		if err := writeSized(w, name); err != nil {
			return err
		}
	}
	return nil
}

// writeSized adds a file and its size, so that no two lists of files look alike.
func writeSized(w io.Writer, name string) error {
	if name == "" {
		_, err := fmt.Fprintln(w, "none")
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("reading a file that redaction in study.yaml names: %w", withoutPath(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return withoutPath(err)
	}
	fmt.Fprintln(w, info.Size())
	_, err = io.Copy(w, f)
	return err
}
