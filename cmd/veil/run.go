package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/pipeline/session"

	"github.com/spf13/cobra"
)

func newRun(s *settings) *cobra.Command {
	var digest string
	c := &cobra.Command{
		Use:   "run",
		Short: "make the bundle, audit it and draw its report; run again to go on after an interruption",
		Example: `  veil run
  veil run --plan DIGEST     # only if the plan is still the one that was looked at`,
		Args: noArgs,
		RunE: s.inStudy(func(c *cobra.Command, e *pipeline.Export, _ []string) error {
			r, err := e.Run(c.Context(), digest)
			if err != nil {
				return err
			}
			return s.ran(r)
		}),
	}
	c.Flags().StringVar(&digest, "plan", "", "refuse to run unless the plan has this digest")
	return c
}

// ran prints what a run did and turns it into an exit code.
func (s *settings) ran(r pipeline.Record) error {
	s.message("run", map[string]any{"record": r}, recordText(r))
	if !r.Audit.Passed() {
		return hinted(exitRefused, "the report lists the places; add what was missed to the deny list or mend the source, and run again",
			fmt.Errorf("refused: the leak audit found %s of somebody's name or identifier", count(r.Audit.Stops, "occurrence")))
	}
	if n := len(r.Summary.Quarantined); n > 0 {
		return hinted(exitQuarantined, "mend the files named above and run again; only their shards are made anew",
			errors.New(count(n, "session")+" quarantined; the rest is done"))
	}
	return nil
}

// shownQuarantined is how many quarantined sessions are printed one by one.
const shownQuarantined = 20

func recordText(r pipeline.Record) string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-9s "+format+"\n", append([]any{name}, args...)...)
	}
	sum := r.Summary
	row("left", "%s, %s, %s, %s", count(sum.Sessions, "session"), count(sum.Utterances, "utterance"), count(sum.Messages, "message"), count(sum.Audio, "recording"))
	removed := 0
	for _, by := range sum.Redactions {
		for _, n := range by {
			removed += n
		}
	}
	row("removed", "%s from text; %s to look at", count(removed, "identifier"), count(sum.Doubtful, "doubtful place"))
	for _, m := range session.Modalities {
		if n := sum.Dropped[m].Unmatched; n > 0 {
			row("unmatched", "%s of the %s whose label names nobody of the session", count(n, "line"), m)
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(sum.AudioLeftOut)) {
		row("left out", "%s: %s", count(sum.AudioLeftOut[reason], "recording"), reason)
	}
	for i, q := range sum.Quarantined {
		if i == shownQuarantined {
			row("", "and %d more; export/run.json lists them all", len(sum.Quarantined)-i)
			break
		}
		where := q.File
		if q.Line > 0 {
			where = fmt.Sprintf("%s, line %d", q.File, q.Line)
		}
		row("kept back", "session %s, %s: %s", q.Session, where, q.What)
	}
	verdict := "passed"
	if !r.Audit.Passed() {
		verdict = "STOPPED"
	}
	row("audit", "%s: %d values and %d files read, %d names and identifiers looked for", verdict, r.Audit.Cells, r.Audit.Files, r.Audit.Terms)
	row("shards", "%d made, %d reused", r.Made, r.Reused)
	row("bundle", "%s", r.Bundle)
	row("report", "%s", r.Report)
	row("digest", "%s", r.Digest)
	return strings.TrimRight(b.String(), "\n")
}

func newStatus(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		Short:   "where the study stands: last run, approvals, releases, open notices",
		Example: "  veil status",
		Args:    noArgs,
		RunE: s.inStudy(func(c *cobra.Command, e *pipeline.Export, _ []string) error {
			st, err := e.Status(c.Context())
			if err != nil {
				return err
			}
			s.message("status", map[string]any{"status": st}, st.Text())
			return nil
		}),
	}
}

func newPurge(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:     "purge",
		Short:   "remove the work folder (personal) and the plaintext bundle; hand-offs, ledger and codes stay",
		Example: "  veil purge",
		Args:    noArgs,
		RunE: s.inStudy(func(c *cobra.Command, e *pipeline.Export, _ []string) error {
			if err := e.Purge(c.Context()); err != nil {
				return err
			}
			s.message("purge", map[string]any{}, "purged the work folder and the bundle; the purge is recorded")
			return nil
		}),
	}
}
