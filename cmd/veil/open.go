package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"

	"github.com/spf13/cobra"
)

func newOpen(s *settings) *cobra.Command {
	var identity, sender, record string
	var again bool
	c := &cobra.Command{
		Use:   "open HANDOFF OUT",
		Short: "verify and decrypt a hand-off",
		Long: `Open checks who signed a hand-off, that it is for you, that it is newer than
what you opened before and that every byte is the one that was signed; decrypts
it to a temporary folder; verifies the bundle; and only then gives it its name.
The sender's key comes from your agreement, never from the hand-off itself.`,
		Example: "  veil open handoff/demo-university/0001 data --identity researcher --sender sender.pub",
		Args:    exactly(2, "the hand-off's folder and a folder to make"),
		RunE: func(c *cobra.Command, args []string) error {
			if identity == "" || sender == "" {
				return usage("name your age identity with --identity and the sender's public key file with --sender")
			}
			identities, err := release.LoadIdentities(storage.Disk{}, identity)
			if err != nil {
				return err
			}
			public, err := publicKey(sender)
			if err != nil {
				return err
			}
			if record == "" {
				if record, err = defaultRecord(); err != nil {
					return err
				}
			}
			opened, err := release.Open(c.Context(), storage.Disk{}, release.Opening{
				Handoff: args[0], Out: args[1], Identities: identities, Sender: public, Record: record, Again: again, At: time.Now(),
				Verify: s.verifyBag,
			}, func(done, total int64) { s.progress("opening", done, total) })
			if err != nil {
				return err
			}
			s.opened(opened, args[1])
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&identity, "identity", "", "your age identity file")
	f.StringVar(&sender, "sender", "", "the sender's SSH public key file, from your agreement")
	f.StringVar(&record, "record", "", "where releases opened before are remembered (default: in your configuration folder)")
	f.BoolVar(&again, "again", false, "open the newest release once more, after its bundle was lost")
	return c
}

func (s *settings) opened(o release.Opened, out string) {
	r := o.Release
	text := fmt.Sprintf("opened    %s\nstudy     %s, release %d under %s\napproved  by %s\ntables    %s", out, r.Study, r.Sequence, r.Recipient.Agreement,
		count(o.Approvals, "officer"), filepath.Join(out, "data", "tables"))
	s.message("open", map[string]any{"out": out, "study": r.Study, "sequence": r.Sequence, "approvals": o.Approvals, "missed": o.Missed, "notices": o.Notices}, text)
	if o.Missed > 0 {
		s.say("%s between this and the last one you opened never came here; ask the sender if you miss one", count(int(o.Missed), "release"))
	}
	if len(o.Notices) > 0 {
		s.say("withdrawal notices %v that you applied before concern this release too: apply them to it with veil withdraw apply", o.Notices)
	}
}

func (s *settings) verifyBag(ctx context.Context, bag string) error {
	return bundle.Verify(ctx, storage.Disk{}, bag, func(done, total int64) { s.progress("verifying", done, total) })
}

// defaultRecord is where a researcher's memory of releases stands.
func defaultRecord() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", usage("name a file for the record of opened releases with --record")
	}
	dir = filepath.Join(dir, "veil")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the configuration folder: %w", err)
	}
	return filepath.Join(dir, "opened.json"), nil
}

func newVerify(s *settings) *cobra.Command {
	var sender string
	c := &cobra.Command{
		Use:   "verify DIR",
		Short: "check a hand-off without opening it, or an opened bundle",
		Example: `  veil verify handoff/demo-university/0001 --sender sender.pub
  veil verify data`,
		Args: exactly(1, "the folder of a hand-off or of an opened bundle"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := os.Stat(filepath.Join(args[0], "bagit.txt")); err == nil {
				if err := s.verifyBag(c.Context(), args[0]); err != nil {
					return err
				}
				s.message("verify", map[string]any{"what": "bundle"}, "whole: every file of the bundle is the one in its manifest")
				return nil
			}
			if sender == "" {
				return usage("name the sender's public key file with --sender")
			}
			public, err := publicKey(sender)
			if err != nil {
				return err
			}
			r, err := release.VerifyHandoff(c.Context(), storage.Disk{}, args[0], public, func(done, total int64) { s.progress("verifying", done, total) })
			if err != nil {
				return err
			}
			s.message("verify", map[string]any{"what": "hand-off", "sequence": r.Sequence, "study": r.Study},
				fmt.Sprintf("genuine and whole: study %s, release %d for %s", r.Study, r.Sequence, r.Recipient.Name))
			return nil
		},
	}
	c.Flags().StringVar(&sender, "sender", "", "the sender's SSH public key file")
	return c
}
