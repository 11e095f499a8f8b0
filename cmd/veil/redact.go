package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/measure"

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
  veil redact chat.txt --roster names.csv --explain`,
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
			engine, err := redact.Standard(redact.Options{})
			if err != nil {
				return err
			}
			var explain func(pipeline.Explained)
			if why {
				explain = func(e pipeline.Explained) { fmt.Fprintf(s.stderr, "line %d: %s\n", e.Line, e.Explain()) }
			}
			return pipeline.RedactFile(c.Context(), engine, in, s.stdout, people, explain)
		},
	}
	c.Flags().StringVar(&roster, "roster", "", "who was there: a CSV file with first_name,last_name,… or one name a line")
	c.Flags().BoolVar(&why, "explain", false, "say why, on standard error")
	return c
}

func newSpans(s *settings) *cobra.Command {
	var o measure.Options
	c := &cobra.Command{
		Use:   "spans FILE",
		Short: "write what would be removed from annotated lines, for any scorer",
		Long: `Spans reads JSON Lines (id, speaker, text, optionally roster; ids
<session>/transcript/<n> and <session>/chat/<n>, the lines of one session
together) and writes {"id", "spans": [{"start", "end", "type", "score",
"recognizer"}]}, offsets in Unicode code points. Lines whose id names no session
are judged alone.`,
		Example: "  veil spans gold.jsonl > found.jsonl",
		Args:    exactly(1, "one file, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error {
			records, err := s.records(c, args[0])
			if err != nil {
				return err
			}
			engine, err := redact.Standard(redact.Options{})
			if err != nil {
				return err
			}
			found, err := measure.Run(c.Context(), engine, records, o)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(s.stdout)
			if err := measure.WriteSpans(out, found); err != nil {
				return err
			}
			return out.Flush()
		},
	}
	variants(c, &o)
	return c
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
