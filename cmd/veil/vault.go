package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/pipeline/vault"

	"github.com/spf13/cobra"
)

// The vault verbs print source ids: telling the data team whose a code is is
// what they are for.
func newVault(s *settings) *cobra.Command {
	c := &cobra.Command{
		Use:     "vault",
		Short:   "the study's random codes: trace one, or destroy a person's",
		Example: "  veil vault trace P-0c1de2a7-55f8-4c02-9f0e-6c2d6f1f3a10",
	}
	c.AddCommand(newVaultTrace(s), newVaultForget(s))
	return c
}

func newVaultTrace(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:     "trace CODE",
		Short:   "what a code stands for in the source",
		Example: "  veil vault trace P-0c1de2a7-55f8-4c02-9f0e-6c2d6f1f3a10",
		Args:    exactly(1, "one code of this study"),
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, args []string) error {
			o, err := x.Vault().Trace(c.Context(), args[0])
			if errors.Is(err, vault.ErrUnknownCode) {
				return hinted(exitFailed, "codes begin with S-, P- or A-; each study has a vault of its own", err)
			}
			if err != nil {
				return err
			}
			s.message("trace", map[string]any{"origin": o}, o.Kind+"\t"+o.SourceID)
			return nil
		}),
	}
}

func newVaultForget(s *settings) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "forget USER",
		Short: "destroy the link between a person and their code; nobody can undo it",
		Long: `Forget destroys the link between a person and their code, so that nobody, the
data team included, can trace it. What that makes impossible:

  - withdrawing the person from earlier releases: send the notices first
    (veil withdraw)
  - saying which releases the person was in (veil consent report)
  - joining their earlier records with later ones: they get a new code

The sessions they were in get new codes too, since a session leads back to its
people. The consent ledger goes on to know the person: an opt-out holds. Backups
of vault.db hold the link until you destroy them.`,
		Example: "  veil vault forget u-0417 --yes",
		Args:    exactly(1, "the id of one user"),
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, args []string) error {
			if !yes {
				r, err := x.Report(c.Context(), args[0])
				if err != nil {
					return err
				}
				return hinted(exitUsage, "veil vault forget --help says what it makes impossible; add --yes to do it",
					fmt.Errorf("nothing was forgotten: this cannot be undone, and %s with this person could not be withdrawn from any more", count(len(r.Releases), "release")))
			}
			f, err := x.Forget(c.Context(), args[0])
			if len(f.Text) > 0 {
				s.message("forgotten", map[string]any{"forgotten": f}, fmt.Sprintf("forgotten %s of the person, %s of sessions\n  %s",
					count(f.Participants, "code"), count(f.Sessions, "code"), strings.Join(f.Text, "\n  ")))
			}
			return err
		}),
	}
	c.Flags().BoolVar(&yes, "yes", false, "do it")
	return c
}
