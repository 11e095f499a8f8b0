package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline"

	"github.com/spf13/cobra"
)

// settings are what every verb knows.
type settings struct {
	*output
	dir string
}

func newRoot(out *output) *cobra.Command {
	s := &settings{output: out}
	root := &cobra.Command{
		Use:   "veil",
		Short: "prepare tutoring sessions for education researchers",
		Long: `Veil takes a tutoring platform's Zoom recordings, transcripts and chats, keeps
the sessions of a research study, drops what people did not agree to share,
removes names and identifiers, and hands the result, encrypted, to named
researchers, after privacy officers have looked at it.`,
		Example: `  veil init mystudy && cd mystudy
  veil plan                  # what would leave, and why not the rest
  veil run                   # make the bundle and its report
  veil review                # where the report is
  veil approve --key KEY     # by two officers
  veil release               # one encrypted hand-off a recipient`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&s.dir, "study", ".", "the study folder")
	flags.BoolVar(&out.json, "json", false, "print one JSON object a line")
	flags.BoolVar(&out.quiet, "quiet", false, "print results and errors alone")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return hinted(exitUsage, "veil "+strings.Join(os.Args[1:min(2, len(os.Args))], " ")+" --help shows an example", err)
	})
	root.AddGroup(&cobra.Group{ID: "data", Title: "For the data team:"}, &cobra.Group{ID: "officer", Title: "For privacy officers:"},
		&cobra.Group{ID: "research", Title: "For researchers:"}, &cobra.Group{ID: "text", Title: "Redaction alone:"})
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("data", newInit(s), newPlan(s), newRun(s), newStatus(s), newRelease(s), newSchedule(s), newConsent(s), newWithdraw(s), newVault(s),
		newSender(s), newOfficer(s), newRecipient(s), newPurge(s), newDoctor(s), newKey(s))
	add("officer", newReview(s), newApprove(s), newReturn(s))
	add("research", newOpen(s), newVerify(s))
	add("text", newRedact(s), newSpans(s), newEval(s))
	refuseUnknown(root)
	return root
}

// refuseUnknown makes every command that only has others below it show its help
// when it stands alone, and refuse a word that is none of them.
func refuseUnknown(c *cobra.Command) {
	for _, below := range c.Commands() {
		refuseUnknown(below)
	}
	if !c.HasSubCommands() || c.Runnable() {
		return
	}
	c.SuggestionsMinimumDistance = 2 // edits
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		hint := c.CommandPath() + " --help lists the commands"
		if like := c.SuggestionsFor(args[0]); len(like) > 0 {
			hint = "did you mean " + c.CommandPath() + " " + like[0]
		}
		return hinted(exitUsage, hint, fmt.Errorf("%s has no command %q", c.CommandPath(), args[0]))
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
}

// open opens the study folder for a verb.
func (s *settings) open(c *cobra.Command) (*pipeline.Export, error) {
	return pipeline.Open(c.Context(), pipeline.Options{
		Dir: s.dir, Now: time.Now, Progress: s.progress, Software: "veil " + version,
	})
}

// inStudy makes a verb of what is done in an open study folder.
func (s *settings) inStudy(do func(c *cobra.Command, e *pipeline.Export, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		e, err := s.open(c)
		if err != nil {
			return err
		}
		return errors.Join(do(c, e, args), e.Close())
	}
}

// noArgs refuses arguments with a sentence.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments", c.CommandPath())
	}
	return nil
}

func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usage("%s needs %s", c.CommandPath(), what)
		}
		return nil
	}
}
