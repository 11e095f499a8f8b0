package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/measure"

	"github.com/spf13/cobra"
)

// evaluation is what veil eval is asked for.
type evaluation struct {
	options       measure.Options
	with          engineOptions
	types         []string
	origins       string
	against       string
	atLeast       string
	variants      bool
	leaks         bool
	goals         []measure.Goal
	scope         measure.Scope
	before, found []measure.Found
	bytes         int
	took          time.Duration
}

func newEval(s *settings) *cobra.Command {
	var e evaluation
	c := &cobra.Command{
		Use:   "eval GOLD",
		Short: "measure the redaction against annotated lines",
		Long: `Eval redacts annotated lines and prints how much was found, by type, by class
with 95 % bounds, by origin of name and by person, and what was removed that
must stay. GOLD is JSON Lines: id, text, spans, and where it applies speaker,
roster, keep and ambiguous, offsets in Unicode code points (docs/REDACTION.md).

An identifier is hidden when every letter and digit of it is removed; "recall" asks
for the right type as well. Counts and the names of types and classes are printed,
no text, except with --leaks, which shows personal data: the words that were left and
whose they are. It goes to standard output alone; keep it out of logs.

--at-least makes it a check: it ends with 1 when a number is missed. Recall,
precision and macro-f1 are at least, keep (touched spans that must stay), people (with
anything left) and spread (between origins) at most what is given.`,
		Example: `  veil eval gold.jsonl
  veil eval gold.jsonl --all-variants
  veil eval gold.jsonl --against last-month.jsonl   # made by veil spans
  veil eval gold.jsonl --at-least recall=0.99,precision=0.97,macro-f1=0.97,keep=0.005`,
		Args: exactly(1, "one annotated file, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error { return e.run(c, s, args[0]) },
	}
	flags := c.Flags()
	variants(c, &e.options)
	e.with.flags(c)
	flags.BoolVar(&e.variants, "all-variants", false, "as it is, in lower case and without roster, side by side")
	flags.StringSliceVar(&e.types, "types", nil, "score these types alone, such as PERSON,EMAIL")
	flags.StringVar(&e.origins, "origins", "", "a table of names by culture (lines: culture, G or F, names), for gold without origins")
	flags.StringVar(&e.against, "against", "", "compare with what an earlier version found (veil spans)")
	flags.StringVar(&e.atLeast, "at-least", "", "end with 1 when a number is missed, such as recall=0.99,keep=0.005")
	flags.BoolVar(&e.leaks, "leaks", false, "also print the words that were left: personal data")
	return c
}

func (e *evaluation) run(c *cobra.Command, s *settings, name string) error {
	if err := e.prepare(); err != nil {
		return err
	}
	gold, err := s.records(c, name)
	if err != nil {
		return err
	}
	for _, r := range gold {
		e.bytes += len(r.Text)
	}
	engine, err := e.with.engine()
	if err != nil {
		return err
	}
	reports, err := e.measure(c, s, engine, gold)
	if err != nil {
		return err
	}
	for _, v := range reports {
		if err := e.print(s, v); err != nil {
			return err
		}
	}
	if e.variants {
		if err := printed(s, "variants", map[string]any{}, func(b *strings.Builder) error { return measure.WriteVariants(b, reports) }); err != nil {
			return err
		}
	}
	if e.against != "" {
		if err := e.compare(s, gold); err != nil {
			return err
		}
	}
	// The first is gold as it is.
	if missed := reports[0].Report.Missed(e.goals); len(missed) > 0 {
		return hinted(exitFailed, "veil eval with --leaks shows where", fmt.Errorf("a goal is missed: %s", strings.Join(missed, "; ")))
	}
	return nil
}

// prepare reads what the flags name.
func (e *evaluation) prepare() (err error) {
	if e.variants && (e.options.Lower || e.options.NoRoster || e.against != "") {
		return usage("--all-variants goes with none of --lower, --no-roster and --against")
	}
	e.scope.Types = e.types
	if e.atLeast != "" {
		if e.goals, err = measure.ParseGoals(e.atLeast); err != nil {
			return usage("--at-least: %w", err)
		}
	}
	if e.origins != "" {
		f, err := os.Open(e.origins)
		if err != nil {
			return fmt.Errorf("opening the table of names: %w", err)
		}
		defer f.Close()
		if e.scope.Origins, err = measure.ReadOrigins(f); err != nil {
			return fmt.Errorf("table of names: %w", err)
		}
	}
	if e.against == "" {
		return nil
	}
	f, err := os.Open(e.against)
	if err != nil {
		return fmt.Errorf("opening the earlier result: %w", err)
	}
	defer f.Close()
	if e.before, err = measure.ReadSpans(f); err != nil {
		return fmt.Errorf("earlier result: %w", err)
	}
	return nil
}

func (e *evaluation) measure(c *cobra.Command, s *settings, engine *redact.Engine, gold []measure.Record) ([]measure.Variant, error) {
	if len(gold) == 0 {
		return nil, errors.New("the annotated file has no records")
	}
	started := time.Now()
	defer func() { e.took = time.Since(started) }()
	if e.variants {
		return measure.Variants(c.Context(), engine, gold, e.scope, func(variant string, done, total int) {
			s.progress(variant, int64(done), int64(total))
		})
	}
	e.options.Progress = func(done, total int) { s.progress("evaluate", int64(done), int64(total)) }
	found, err := measure.Run(c.Context(), engine, gold, e.options)
	if err != nil {
		return nil, err
	}
	e.found = found
	return []measure.Variant{{Name: e.form(), Report: e.scope.Score(gold, found)}}, nil
}

func (e *evaluation) form() string {
	switch o := e.options; {
	case o.Lower && o.NoRoster:
		return "lower, no-roster"
	case o.Lower:
		return "lower"
	case o.NoRoster:
		return "no-roster"
	}
	return "plain"
}

func (e *evaluation) print(s *settings, v measure.Variant) error {
	object, err := fields(v.Report)
	if err != nil {
		return err
	}
	object["variant"] = v.Name
	if e.found != nil {
		object["bytes"], object["seconds"] = e.bytes, e.took.Seconds()
	}
	err = printed(s, "evaluation", object, func(b *strings.Builder) error {
		if e.variants {
			return nil // side by side instead
		}
		if err := v.Report.WriteTable(b); err != nil {
			return err
		}
		fmt.Fprintf(b, "read %.2f MB of text in %.2f s, %.1f MB/s on one core\n", float64(e.bytes)/1e6, e.took.Seconds(), float64(e.bytes)/1e6/e.took.Seconds())
		return nil
	})
	if err != nil || !e.leaks {
		return err
	}
	object = map[string]any{"variant": v.Name, "left": v.Report.Leaks, "removed": v.Report.Over, "alarms": v.Report.Alarms}
	return printed(s, "leaks", object, func(b *strings.Builder) error { return v.Report.WriteLeaks(b) })
}

func (e *evaluation) compare(s *settings, gold []measure.Record) error {
	d := e.scope.Compare(gold, e.before, e.found)
	object := map[string]any{"left_now": len(d.Broken), "hidden_now": len(d.Fixed), "removed_now": len(d.OverBroken), "stays_now": len(d.OverFixed)}
	if e.leaks {
		object["left"], object["hidden"], object["removed"], object["stays"] = d.Broken, d.Fixed, d.OverBroken, d.OverFixed
	}
	return printed(s, "difference", object, func(b *strings.Builder) error {
		b.WriteString("\nagainst the earlier result\n")
		return d.WriteTable(b, e.leaks)
	})
}

// printed prints an object, or what write writes for people.
func printed(s *settings, kind string, object map[string]any, write func(*strings.Builder) error) error {
	var b strings.Builder
	if err := write(&b); err != nil {
		return err
	}
	if s.json && len(object) == 0 {
		return nil
	}
	s.message(kind, object, strings.TrimSuffix(b.String(), "\n"))
	return nil
}

// fields makes an object of what can be written as one.
func fields(v any) (map[string]any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	object := map[string]any{}
	return object, json.Unmarshal(data, &object)
}
