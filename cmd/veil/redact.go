package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/measure"
	"github.com/schoolhouse-world/veil/redact/pattern"

	"github.com/spf13/cobra"
)

// input opens a file, or standard input for "-".
func input(c *cobra.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.InOrStdin()), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("opening the input: %w", err)
	}
	return f, nil
}

func newRedact(s *settings) *cobra.Command {
	var roster string
	var why bool
	var o engineOptions
	c := &cobra.Command{
		Use:   "redact FILE",
		Short: "clean one transcript, chat or text file to standard output, with no study at all",
		Long: `Redact cleans one WebVTT transcript, Zoom chat or plain text. What stands around
the text comes back byte for byte. With --roster it knows who was there, and
finds them in all the shapes they are said; without, it knows the speakers'
names alone.

--explain says on standard error, in one line each, why something was removed
or examined and left. It holds positions and reasons, not the text.`,
		Example: `  veil redact lesson.transcript.vtt > clean.vtt
  veil redact chat.txt --roster names.csv --explain
  veil redact notes.txt --deny our-terms.txt --keep our-scholars.txt`,
		Args: exactly(1, "one file, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := input(c, args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			var people []finding.Participant
			if roster != "" {
				f, err := os.Open(roster)
				if err != nil {
					return fmt.Errorf("opening the roster: %w", err)
				}
				defer f.Close()
				if people, err = pipeline.ReadRoster(f); err != nil {
					return err
				}
			}
			engine, err := o.engine()
			if err != nil {
				return err
			}
			var explain func(pipeline.Explained)
			if why {
				explain = func(e pipeline.Explained) {
					// Lines of the file, not of the conversation in it.
					_, rest, _ := strings.Cut(e.Explain(), ", ")
					fmt.Fprintf(s.stderr, "line %d, %s\n", e.Line, rest)
				}
			}
			return pipeline.RedactFile(c.Context(), engine, in, s.stdout, people, explain)
		},
	}
	c.Flags().StringVar(&roster, "roster", "", "who was there: a CSV file with first_name,last_name,… or one name a line")
	c.Flags().BoolVar(&why, "explain", false, "say why, on standard error")
	o.flags(c)
	return c
}

func newSpans(s *settings) *cobra.Command {
	var o measure.Options
	var with engineOptions
	c := &cobra.Command{
		Use:   "spans FILE",
		Short: "write what would be removed from annotated lines, for any scorer",
		Long: `Spans reads JSON Lines (id, speaker, text, optionally roster; ids
<session>/transcript/<n> and <session>/chat/<n>) and writes, in the order of the
lines, {"id", "spans": [{"start", "end", "type", "score", "recognizer"}]}, offsets in
Unicode code points. Lines whose id names no session are judged alone.

It holds one session at a time. When the lines of a session do not stand together, a
file is held whole; standard input is refused at that line.`,
		Example: "  veil spans gold.jsonl > found.jsonl",
		Args:    exactly(1, "one file, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := input(c, args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			engine, err := with.engine()
			if err != nil {
				return err
			}
			return s.spans(c.Context(), engine, in, o)
		},
	}
	variants(c, &o)
	with.flags(c)
	return c
}

// spans writes what is found session by session. A file whose sessions do not
// stand together is held whole instead; a stream that cannot be read twice
// must have them together.
func (s *settings) spans(ctx context.Context, engine *redact.Engine, in io.Reader, o measure.Options) error {
	together := true
	if f, ok := in.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if together, err = measure.Together(f); err != nil {
				return err
			}
			if _, err := f.Seek(0, io.SeekStart); err != nil {
				return fmt.Errorf("reading the input again: %w", err)
			}
		}
	}
	if together {
		err := measure.Stream(ctx, engine, in, s.stdout, o)
		if errors.Is(err, measure.ErrApart) {
			return hinted(exitFailed, "sort the lines by session, or give the name of a file", err)
		}
		return err
	}
	records, err := measure.ReadGold(in)
	if err != nil {
		return err
	}
	found, err := measure.Run(ctx, engine, records, o)
	if err != nil {
		return err
	}
	return measure.WriteSpans(s.stdout, found)
}

// engineOptions are what a person may add to the engine at the prompt.
type engineOptions struct {
	own         pipeline.Own
	dates, bare bool
}

func (o *engineOptions) flags(c *cobra.Command) {
	c.Flags().StringVar(&o.own.Deny, "deny", "", "a file of terms that always go, one a line, # begins a comment")
	c.Flags().StringVar(&o.own.Keep, "keep", "", "a file of terms that stay unless they name somebody in the session")
	c.Flags().StringVar(&o.own.Patterns, "patterns", "", `a file of your own patterns, one a line: lunch-number ID \bL\d{6}\b`)
	c.Flags().BoolVar(&o.dates, "dates", false, "also calendar dates that are nobody's birthday")
	c.Flags().BoolVar(&o.bare, "bare", false, "also identity numbers by length alone, for text without mathematics")
	c.Flags().StringVar(&o.own.Model, "model", "", "also ask a language model of your own: a folder with model.onnx, tokenizer.json, config.json")
}

func (o engineOptions) engine() (*redact.Engine, error) {
	options := redact.Options{Pattern: pattern.Options{Dates: o.dates, Bare: o.bare}}
	if err := o.own.Extend(&options); err != nil {
		return nil, err
	}
	return redact.Standard(options)
}

func variants(c *cobra.Command, o *measure.Options) {
	c.Flags().BoolVar(&o.NoRoster, "no-roster", false, "do not use who was there")
	c.Flags().BoolVar(&o.Lower, "lower", false, "bring every text to lower case first")
}

func (s *settings) records(c *cobra.Command, name string) ([]measure.Record, error) {
	in, err := input(c, name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return measure.ReadGold(in)
}
