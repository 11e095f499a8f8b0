package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/consent"
	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"

	"github.com/spf13/cobra"
)

func newWithdraw(s *settings) *cobra.Command {
	var key, actor, modality, evidence string
	var w pipeline.Withdrawal
	c := &cobra.Command{
		Use:   "withdraw USER",
		Short: "take a person back out of what was released: a signed notice for every recipient that holds them",
		Long: `Withdraw puts the withdrawal into the consent ledger, unless somebody's no stands
there already, and makes a numbered, signed notice for every recipient that holds
the person, in notices/RECIPIENT/NUMBER. A notice names codes of the study and
nothing else. Send its folder to the recipient, who answers with a signed
acknowledgement; a notice that is open past its deadline blocks that recipient's
next release.

With --modality audio the recordings are withdrawn and the text stays. A notice
cannot name a part of somebody's text: with transcript or chat, everything of
them in earlier releases is withdrawn.`,
		Example: `  veil withdraw u-0417 --key ~/.ssh/sender
  veil withdraw u-0417 --key ~/.ssh/sender --actor guardian --deadline 2026-11-30
  veil withdraw list`,
		Args: exactly(1, "the id of one user"),
		RunE: func(c *cobra.Command, args []string) error {
			signer, err := s.signer(key)
			if err != nil {
				return err
			}
			var ok bool
			if w.Actor, ok = consent.ParseActor(actor); !ok {
				return usage("--actor must be self, guardian or institution")
			}
			if w.Modality, ok = consent.ParseModality(modality); !ok {
				return usage("--modality must be transcript, chat or audio")
			}
			if w.Evidence, err = evidenceDigest(evidence); err != nil {
				return err
			}
			x, err := s.open(c)
			if err != nil {
				return err
			}
			defer x.Close()
			w.User, w.Sender = args[0], signer
			done, err := x.Withdraw(c.Context(), w)
			s.withdrew(done, err)
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&key, "key", "", "the sender's SSH private key file, or a public one held by the ssh-agent")
	f.StringVar(&actor, "actor", "self", "who withdraws: self, guardian or institution")
	f.StringVar(&modality, "modality", "", "transcript, chat or audio; all when left out")
	f.StringVar(&w.Deadline, "deadline", "", fmt.Sprintf("the last day to acknowledge, YYYY-MM-DD (default: %d days from now)", pipeline.DefaultDeadline))
	f.StringVar(&w.Form, "form", "", "the version of the form, for the ledger")
	f.StringVar(&evidence, "evidence", "", "the signed form or its like, for the ledger: a file or its SHA-256")
	c.AddCommand(newWithdrawDue(s), newWithdrawApply(s), newWithdrawRecord(s), newWithdrawList(s))
	return c
}

// withdrew prints what was done, also when it was not all.
func (s *settings) withdrew(w pipeline.Withdrawn, err error) {
	if w.Event > 0 {
		s.message("consent", map[string]any{"event": w.Event}, fmt.Sprintf("ledger    event %d: withdrawn", w.Event))
	} else if err == nil {
		s.message("consent", map[string]any{"event": 0}, "ledger    a no stands there already")
	}
	for _, n := range w.Notices {
		s.message("notice", map[string]any{"notice": n}, "notice    "+noticeText(n))
	}
	switch {
	case err != nil:
	case len(w.Notices) == 0:
		s.message("notice", map[string]any{"notice": nil}, "notice    none: no release has this person")
	default:
		s.say("send each open notice's folder to its recipient; hand-offs of earlier releases that were not fetched yet are in handoff/: delete them")
	}
}

func noticeText(n pipeline.Noticed) string {
	state := map[string]string{"open": "open until", "overdue": "OVERDUE since", "acknowledged": "acknowledged; was due"}[n.State]
	text := fmt.Sprintf("%s %d, %s %s, about %s", n.Recipient, n.Sequence, state, n.Deadline, count(n.Releases, "release"))
	if n.State != "acknowledged" {
		text += ": " + n.Folder
	}
	return text
}

func newWithdrawList(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "all notices, and whether they were acknowledged", Example: "  veil withdraw list", Args: noArgs,
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, _ []string) error {
			all, err := x.Notices()
			for _, n := range all {
				s.message("notice", map[string]any{"notice": n}, noticeText(n))
			}
			return err
		}),
	}
}

func newWithdrawDue(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "due",
		Short: "who said no and is still held by recipients that were not asked to delete it",
		Long: `Due takes the source's consent table into the ledger and lists everyone whose no
stands and of whom recipients still hold what no notice names. For each, call veil
withdraw. A no to one program of several is listed too.`,
		Example: "  veil withdraw due\n  veil withdraw due --json | jq -r .due.user_id",
		Args:    noArgs,
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, _ []string) error {
			due, err := x.Due(c.Context())
			for _, d := range due {
				what := ""
				if d.Modality != "" {
					what = "\t--modality " + string(d.Modality)
				}
				s.message("due", map[string]any{"due": d}, d.User+"\theld by "+strings.Join(d.Recipients, ", ")+what)
			}
			return err
		}),
	}
}

func newWithdrawRecord(s *settings) *cobra.Command {
	var recipient string
	c := &cobra.Command{
		Use:     "record DIR",
		Short:   "keep a recipient's signed acknowledgement; its notice is then closed",
		Example: "  veil withdraw record acknowledgement-0001 --recipient demo-university",
		Args:    exactly(1, "the acknowledgement's folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if recipient == "" {
				return usage("name who sent it with --recipient")
			}
			x, err := s.open(c)
			if err != nil {
				return err
			}
			defer x.Close()
			ack, err := x.Acknowledge(args[0], recipient)
			if err != nil {
				return err
			}
			s.message("acknowledgement", map[string]any{"recipient": recipient, "notice": ack.Notice.Sequence, "bundles": len(ack.Bundles), "destroyed": ack.Destroyed},
				fmt.Sprintf("closed    notice %d to %s: %s treated, %s destroyed", ack.Notice.Sequence, recipient, count(len(ack.Bundles), "bundle"), count(len(ack.Destroyed), "release")))
			return nil
		},
	}
	c.Flags().StringVar(&recipient, "recipient", "", "the recipient's short name")
	return c
}

func newWithdrawApply(s *settings) *cobra.Command {
	var key, identity, sender, record, out string
	var destroyed []string
	c := &cobra.Command{
		Use:   "apply NOTICE [BUNDLE ...]",
		Short: "for researchers: remove what a notice names from opened bundles and write the signed acknowledgement",
		Long: `Apply checks who signed a notice and that it is for you and the next in its row;
removes the rows and files it names from each bundle; makes the bundle whole
again; and writes an acknowledgement, signed with your key, to send back. After an
interruption the same command goes on. For a release of which no copy is left,
or that was never opened, say --destroyed and its id, which NOTICE.md lists.`,
		Example: `  veil withdraw apply notices/0001 data --identity researcher --sender sender.pub --key ack
  veil withdraw apply notices/0001 --destroyed 0199… --identity researcher --sender sender.pub --key ack`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if identity == "" || sender == "" {
				return usage("name your age identity with --identity and the sender's public key file with --sender")
			}
			if len(args) == 1 && len(destroyed) == 0 {
				return usage("name the opened bundles, or with --destroyed the releases of which no copy is left")
			}
			identities, err := release.LoadIdentities(storage.Disk{}, identity)
			if err != nil {
				return err
			}
			public, err := publicKey(sender)
			if err != nil {
				return err
			}
			signer, err := s.signer(key)
			if err != nil {
				return err
			}
			if record == "" {
				if record, err = defaultRecord(); err != nil {
					return err
				}
			}
			if out == "" {
				out = "acknowledgement-" + filepath.Base(filepath.Clean(args[0]))
			}
			ack, err := release.ApplyNotice(c.Context(), storage.Disk{}, release.Application{
				Notice: args[0], Bundles: args[1:], Destroyed: destroyed, Identities: identities, Sender: public, Signer: signer,
				Record: record, At: time.Now(), Remove: removeFrom,
			}, out)
			if err != nil {
				return err
			}
			s.message("acknowledgement", map[string]any{"out": out, "notice": ack.Notice.Sequence, "bundles": len(ack.Bundles), "destroyed": ack.Destroyed},
				fmt.Sprintf("applied   notice %d to %s\nsend back %s", ack.Notice.Sequence, count(len(ack.Bundles), "bundle"), out))
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&identity, "identity", "", "your age identity file")
	f.StringVar(&sender, "sender", "", "the sender's SSH public key file, from your agreement")
	f.StringVar(&key, "key", "", "your acknowledgement key: an SSH private key file, or a public one held by the ssh-agent")
	f.StringSliceVar(&destroyed, "destroyed", nil, "ids of releases of which no copy is left")
	f.StringVar(&record, "record", "", "where releases opened before are remembered (default: in your configuration folder)")
	f.StringVar(&out, "out", "", "the acknowledgement's folder (default: acknowledgement-NOTICE)")
	return c
}

// removeFrom takes what a notice names out of a bag.
func removeFrom(ctx context.Context, bag string, n release.Notice) error {
	return bundle.Remove(ctx, storage.Disk{}, bag, bundle.Withdrawal{Participants: n.Participants, Sessions: n.Sessions, Audio: n.Audio})
}
