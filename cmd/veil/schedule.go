package main

import (
	"time"

	"github.com/spf13/cobra"
)

func newSchedule(s *settings) *cobra.Command {
	var next int
	c := &cobra.Command{
		Use:   "schedule",
		Short: "run the study whenever its cron expression says so, until interrupted",
		Long: `Schedule waits for the times of the study's schedule and does then what veil run
does, with the same lock, log and result. A run that fails does not end it. For
a machine with systemd, docs/SCHEDULE.md has a timer instead.`,
		Example: "  veil schedule\n  veil schedule --next 3      # only show the next three times",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			e, err := s.open(c)
			if err != nil {
				return err
			}
			st := e.Study()
			if err := e.Close(); err != nil {
				return err
			}
			at := st.Next(time.Now())
			if at.IsZero() {
				return hinted(exitUsage, `add, for example, schedule: "30 2 * * 1" to study.yaml`, usage("the study has no schedule"))
			}
			if next > 0 {
				for range next {
					s.message("next", map[string]any{"at": at}, at.Format(time.RFC3339))
					at = st.Next(at)
				}
				return nil
			}
			for {
				s.say("next run at %s", at.Format(time.RFC3339))
				select {
				case <-c.Context().Done():
					return c.Context().Err()
				case <-time.After(time.Until(at)):
				}
				code := s.scheduled(c)
				s.say("the run ended with exit code %d", code)
				at = st.Next(time.Now())
			}
		},
	}
	c.Flags().IntVar(&next, "next", 0, "show this many of the next times and end")
	return c
}

// scheduled does what veil run does and returns its exit code.
func (s *settings) scheduled(c *cobra.Command) int {
	e, err := s.open(c)
	if err != nil {
		return s.fail(c.Context(), err)
	}
	defer e.Close()
	r, err := e.Run(c.Context(), "")
	if err != nil {
		return s.fail(c.Context(), err)
	}
	return s.fail(c.Context(), s.ran(r))
}
