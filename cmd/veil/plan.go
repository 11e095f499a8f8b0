package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"

	"github.com/spf13/cobra"
)

func newPlan(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "plan",
		Short: "show what would leave and why not the rest; nothing is written but the plan",
		Example: `  veil plan
  veil plan --json | jq .excluded`,
		Args: noArgs,
		RunE: s.inStudy(func(c *cobra.Command, e *pipeline.Export, _ []string) error {
			p, err := e.Plan(c.Context())
			if err != nil {
				return err
			}
			s.message("plan", map[string]any{"plan": p}, planText(p))
			return nil
		}),
	}
}

func planText(p plan.Plan) string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-9s "+format+"\n", append([]any{name}, args...)...)
	}
	row("source", "%s, %s, %s", count(p.Source.Sessions, "session"), count(p.Source.Participants, "participant"), count(p.Source.Users, "user"))
	row("leaves", "%s in %s", count(p.Sessions, "session"), count(len(p.Shards), "shard"))
	for _, m := range session.Modalities {
		out := 0
		for _, n := range p.Withheld[m] {
			out += n
		}
		row("", "%4d with %s", p.Sessions-out, m)
		for _, r := range slices.Sorted(maps.Keys(p.Withheld[m])) {
			row("", "%8d without: %-17s %s", p.Withheld[m][r], r, r.Words())
		}
	}
	excluded := 0
	for _, n := range p.Excluded {
		excluded += n
	}
	row("stays", "%s", count(excluded, "session"))
	for _, r := range slices.Sorted(maps.Keys(p.Excluded)) {
		row("", "%4d %-19s %s", p.Excluded[r], r, r.Words())
	}
	if p.Breaches > 0 {
		row("breach", "%s at the source have files past the platform's retention; they are not read, and the platform has to delete them", count(p.Breaches, "session"))
	}
	for _, m := range session.Modalities {
		if n := p.Expiring[m]; n > 0 {
			row("expiring", "%s of %s will be past retention at the next run, %s", m, count(n, "session"), p.Next.Format("2 January 2006 15:04 MST"))
		}
	}
	row("digest", "%s", p.Digest)
	return strings.TrimRight(b.String(), "\n")
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
