package main

import (
	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/pipeline/release"

	"github.com/spf13/cobra"
)

func newReview(s *settings) *cobra.Command {
	var serve bool
	var address string
	c := &cobra.Command{
		Use:   "review",
		Short: "where the report is, and what still needs a look",
		Example: `  veil review
  veil review --serve        # the report and the doubtful rows, on this machine only`,
		Args: noArgs,
		RunE: s.inStudy(func(c *cobra.Command, e *pipeline.Export, _ []string) error {
			r, err := e.Record()
			if err != nil {
				return err
			}
			if serve {
				return e.Serve(c.Context(), address, func(url string) { s.say("review pages at %s; press Ctrl-C to end", url) })
			}
			s.message("review", map[string]any{"report": r.Report, "digest": r.Digest, "doubtful": r.Summary.Doubtful, "audit_passed": r.Audit.Passed()},
				"report    "+r.Report+"\ndigest    "+r.Digest+"\nto look   "+count(r.Summary.Doubtful, "doubtful place"))
			return nil
		}),
	}
	c.Flags().BoolVar(&serve, "serve", false, "serve the review pages on this machine")
	c.Flags().StringVar(&address, "address", "127.0.0.1:0", "where to serve; only addresses of this machine are accepted")
	return c
}

func newApprove(s *settings) *cobra.Command {
	return newDecision(s, "approve", release.Approved, "sign the newest bundle and its report", "  veil approve --key ~/.ssh/id_ed25519")
}

func newReturn(s *settings) *cobra.Command {
	return newDecision(s, "return", release.SentBack, "sign that the newest bundle must not leave", `  veil return --key ~/.ssh/id_ed25519 --note "look at row 12 of utterances"`)
}

func newDecision(s *settings, verb string, decision release.Decision, short, example string) *cobra.Command {
	var key, note string
	c := &cobra.Command{
		Use: verb, Short: short, Example: example, Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			signer, err := s.signer(key)
			if err != nil {
				return err
			}
			e, err := s.open(c)
			if err != nil {
				return err
			}
			defer e.Close()
			d, err := e.Decide(c.Context(), pipeline.Decision{Signer: signer, Decision: decision, Note: note})
			if err != nil {
				return err
			}
			s.message(verb, map[string]any{"officer": d.Officer, "approved": d.Approved, "required": d.Required, "returned": d.Returned}, d.Text())
			return nil
		},
	}
	c.Flags().StringVar(&key, "key", "", "your SSH private key file, or a public one held by the ssh-agent")
	c.Flags().StringVar(&note, "note", "", "a note that is signed with the decision; name nobody in it")
	return c
}
