package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newRelease(s *settings) *cobra.Command {
	var key string
	var keepWork bool
	c := &cobra.Command{
		Use:   "release [RECIPIENT ...]",
		Short: "encrypt the approved bundle for each recipient, sign it, and purge what is personal",
		Example: `  veil release --key ~/.ssh/sender
  veil release demo-university --key ~/.ssh/sender`,
		RunE: func(c *cobra.Command, args []string) error {
			signer, err := s.signer(key)
			if err != nil {
				return err
			}
			e, err := s.open(c)
			if err != nil {
				return err
			}
			defer e.Close()
			released, err := e.Release(c.Context(), signer, args)
			for _, r := range released {
				s.message("release", map[string]any{"recipient": r.Recipient, "sequence": r.Sequence, "handoff": r.Folder},
					fmt.Sprintf("released  %s, number %d: %s", r.Recipient, r.Sequence, r.Folder))
			}
			if err != nil {
				return err
			}
			if keepWork {
				return nil
			}
			if err := e.Purge(c.Context()); err != nil {
				return err
			}
			s.say("purged the work folder and the plaintext bundle")
			return nil
		},
	}
	c.Flags().StringVar(&key, "key", "", "the sender's SSH private key file, or a public one held by the ssh-agent")
	c.Flags().BoolVar(&keepWork, "keep-work", false, "do not purge yet: more recipients will follow")
	return c
}
