package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/study"

	"github.com/spf13/cobra"
)

// changeParties reads parties.yaml, changes it and writes it whole.
func (s *settings) changeParties(change func(*study.Parties) error) error {
	if _, err := study.Load(s.dir); err != nil {
		return err
	}
	p, err := study.LoadParties(s.dir)
	if err != nil {
		return err
	}
	if err := change(&p); err != nil {
		return err
	}
	return study.SaveParties(storage.Disk{}, s.dir, p)
}

func newSender(s *settings) *cobra.Command {
	var key string
	set := &cobra.Command{
		Use:     "set NAME",
		Short:   "say who signs releases",
		Example: `  veil sender set "Data team" --key keys/sender.pub`,
		Args:    exactly(1, "the sender's name"),
		RunE: func(_ *cobra.Command, args []string) error {
			public, err := signingKey(key)
			if err != nil {
				return err
			}
			return s.changeParties(func(p *study.Parties) error {
				p.Sender = study.Sender{Name: args[0], Key: public}
				s.say("releases are signed by %s", args[0])
				return nil
			})
		},
	}
	set.Flags().StringVar(&key, "key", "", "the sender's SSH public key file")
	c := &cobra.Command{Use: "sender", Short: "who signs releases", Example: set.Example}
	c.AddCommand(set)
	return c
}

func signingKey(file string) (string, error) {
	if file == "" {
		return "", usage("name the SSH public key file with --key")
	}
	public, err := publicKey(file)
	if err != nil {
		return "", err
	}
	if _, err := release.ParsePublicKey(public); err != nil {
		return "", usage("%s: %v", file, err)
	}
	return public, nil
}

func newOfficer(s *settings) *cobra.Command {
	var key string
	add := &cobra.Command{
		Use:     "add NAME",
		Short:   "let a privacy officer approve bundles",
		Example: `  veil officer add "R. Officer" --key keys/officer.pub`,
		Args:    exactly(1, "the officer's name"),
		RunE: func(_ *cobra.Command, args []string) error {
			public, err := signingKey(key)
			if err != nil {
				return err
			}
			return s.changeParties(func(p *study.Parties) error {
				p.Officers = append(p.Officers, study.Officer{Name: args[0], Key: public})
				s.say("%s may approve", args[0])
				return nil
			})
		},
	}
	add.Flags().StringVar(&key, "key", "", "the officer's SSH public key file")
	remove := &cobra.Command{
		Use: "remove NAME", Short: "an officer may approve no longer", Example: `  veil officer remove "R. Officer"`,
		Args: exactly(1, "the officer's name"),
		RunE: func(_ *cobra.Command, args []string) error {
			return s.changeParties(func(p *study.Parties) error {
				n := len(p.Officers)
				p.Officers = slices.DeleteFunc(p.Officers, func(o study.Officer) bool { return o.Name == args[0] })
				if len(p.Officers) == n {
					return usage("no officer has this name; veil officer list shows them")
				}
				return nil
			})
		},
	}
	list := &cobra.Command{
		Use: "list", Short: "who may approve", Example: "  veil officer list", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := study.LoadParties(s.dir)
			if err != nil {
				return err
			}
			for _, o := range p.Officers {
				s.message("officer", map[string]any{"name": o.Name, "key": o.Key}, o.Name+"\t"+o.Key)
			}
			return nil
		},
	}
	c := &cobra.Command{Use: "officer", Short: "who may approve bundles", Example: add.Example}
	c.AddCommand(add, remove, list)
	return c
}

func newRecipient(s *settings) *cobra.Command {
	c := &cobra.Command{Use: "recipient", Short: "who may receive, under which agreement", Example: "  veil recipient list"}
	c.AddCommand(newRecipientAdd(s), newRecipientRenew(s), newRecipientList(s))
	return c
}

func newRecipientAdd(s *settings) *cobra.Command {
	var r study.Recipient
	var key, ack, from, until string
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "add a recipient under a data-use agreement",
		Example: `  veil recipient add demo-university --organisation "Demo University" \
    --key researcher.pub --agreement DUA-0001 --from 2026-09-01 --until 2027-08-31`,
		Args: exactly(1, "a short name, used as folder name"),
		RunE: func(_ *cobra.Command, args []string) error {
			r.Name, r.From, r.Until = args[0], study.Day(from), study.Day(until)
			r.Key = strings.TrimSpace(key)
			if !strings.HasPrefix(r.Key, "age1") {
				public, err := publicKey(key)
				if err != nil {
					return err
				}
				r.Key = public
			}
			if ack != "" {
				public, err := signingKey(ack)
				if err != nil {
					return err
				}
				r.AckKey = public
			}
			if err := asRecipient(r).Check(time.Now()); err != nil && release.ReasonOf(err) != release.NoAgreement {
				return usage("%v", err)
			}
			return s.changeParties(func(p *study.Parties) error {
				p.Recipients = append(p.Recipients, r)
				s.say("%s receives under %s until %s", r.Name, r.Agreement, r.Until)
				return nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&r.Organisation, "organisation", "", "the recipient's organisation")
	f.StringVar(&key, "key", "", "the recipient's age public key, or a file that holds it")
	f.StringVar(&ack, "ack-key", "", "the SSH public key file that will acknowledge withdrawals")
	f.StringVar(&r.Agreement, "agreement", "", "the data-use agreement's identifier")
	f.StringVar(&from, "from", "", "its first day in force, YYYY-MM-DD")
	f.StringVar(&until, "until", "", "its last day in force, YYYY-MM-DD")
	return c
}

func newRecipientRenew(s *settings) *cobra.Command {
	var agreement, until string
	c := &cobra.Command{
		Use: "renew NAME", Short: "record a renewed agreement", Example: "  veil recipient renew demo-university --until 2028-08-31",
		Args: exactly(1, "the recipient's name"),
		RunE: func(_ *cobra.Command, args []string) error {
			return s.changeParties(func(p *study.Parties) error {
				i := slices.IndexFunc(p.Recipients, func(r study.Recipient) bool { return r.Name == args[0] })
				if i < 0 {
					return usage("no recipient has this name; veil recipient list shows them")
				}
				p.Recipients[i].Until = study.Day(until)
				if agreement != "" {
					p.Recipients[i].Agreement = agreement
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&until, "until", "", "its new last day in force, YYYY-MM-DD")
	c.Flags().StringVar(&agreement, "agreement", "", "the new agreement's identifier, when it changed")
	return c
}

func newRecipientList(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "recipients and whether their agreements are in force", Example: "  veil recipient list", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := study.LoadParties(s.dir)
			if err != nil {
				return err
			}
			for _, r := range p.Recipients {
				state := "in force"
				if err := asRecipient(r).Check(time.Now()); err != nil {
					state = "NOT in force"
				}
				s.message("recipient", map[string]any{"name": r.Name, "organisation": r.Organisation, "agreement": r.Agreement, "until": r.Until, "state": state},
					fmt.Sprintf("%s\t%s\t%s until %s\t%s", r.Name, r.Organisation, r.Agreement, r.Until, state))
			}
			return nil
		},
	}
}

func asRecipient(r study.Recipient) release.Recipient {
	return release.Recipient{Name: r.Name, Organisation: r.Organisation, Key: r.Key, AckKey: r.AckKey,
		Agreement: r.Agreement, From: string(r.From), Until: string(r.Until)}
}
