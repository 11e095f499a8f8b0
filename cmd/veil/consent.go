package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/consent"
	"github.com/schoolhouse-world/veil/pipeline"

	"github.com/spf13/cobra"
)

// The consent verbs print user ids: showing what was said about a person to
// whoever asks about that person is what they are for.
func newConsent(s *settings) *cobra.Command {
	c := &cobra.Command{
		Use:   "consent",
		Short: "who agreed to what: add, import, list, explain, verify, report",
		Example: `  veil consent add u-0417 --action withdrawn --actor guardian
  veil consent explain u-0417`,
	}
	c.AddCommand(newConsentAdd(s), newConsentImport(s), newConsentList(s), newConsentExplain(s), newConsentVerify(s), newConsentReport(s))
	return c
}

func newConsentAdd(s *settings) *cobra.Command {
	var action, actor, modality, effective, evidence string
	var e consent.Event
	c := &cobra.Command{
		Use:   "add USER",
		Short: "put one statement into the ledger; it counts from the next plan, run or release on",
		Long: `Add puts one statement into the consent ledger, which only ever grows. Without
--for-study, --context or --modality it is about all of them. A mistake is mended
by another statement: the right one, or --action annulled, with --corrects and
the mistaken one's id, which veil consent list shows.`,
		Example: `  veil consent add u-0417 --action withdrawn --actor guardian
  veil consent add u-0417 --action refused --modality audio --evidence form.pdf
  veil consent add u-0417 --action annulled --corrects 3f5a…`,
		Args: exactly(1, "the id of one user"),
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, args []string) error {
			e.Subject, e.Source = args[0], "veil consent add"
			e.Action, e.Actor, e.Modality = consent.Action(action), consent.Actor(actor), consent.Modality(modality)
			if action == "" {
				return usage("say what was stated with --action: granted, refused, withdrawn, expired, re-consent-due or annulled")
			}
			var err error
			if e.EffectiveAt, err = moment(x, "effective", effective); err != nil {
				return err
			}
			if e.Evidence, err = evidenceDigest(evidence); err != nil {
				return err
			}
			added, known, err := x.AddConsent(c.Context(), e)
			if err != nil {
				return err
			}
			s.message("consent", map[string]any{"event": added, "known": known}, "added     "+added.String())
			if !known {
				s.say("the user table has nobody with this id; check its spelling (veil consent add … --action annulled --corrects ID takes the statement back)")
			}
			return nil
		}),
	}
	f := c.Flags()
	f.StringVar(&action, "action", "", "granted, refused, withdrawn, expired, re-consent-due or annulled")
	f.StringVar(&actor, "actor", "self", "who stated it: self, guardian or institution")
	f.StringVar(&e.Study, "for-study", "", "the study it is about; all when left out")
	f.StringVar(&e.Context, "context", "", "the program it is about, such as sat-bootcamp; all when left out")
	f.StringVar(&modality, "modality", "", "transcript, chat or audio; all when left out")
	f.StringVar(&effective, "effective", "", "from when it counts, such as 2026-10-05T16:00:00Z; now when left out")
	f.StringVar(&e.FormVersion, "form", "", "the version of the form")
	f.StringVar(&evidence, "evidence", "", "the signed form or its like: a file, of which the SHA-256 is kept, or that SHA-256")
	f.StringVar(&e.Corrects, "corrects", "", "the id of the event in whose place this one stands")
	return c
}

// moment reads a time flag in the study's time zone; zero when it is empty.
func moment(x *pipeline.Export, flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, ok := consent.ParseTime(text, x.Study().Location())
	if !ok {
		return t, usage("--%s is no time; write it like 2026-10-05T16:00:00Z, or a day alone", flag)
	}
	return t, nil
}

// evidenceDigest is the SHA-256 of a file, or the digest that was given.
func evidenceDigest(evidence string) (string, error) {
	if b, err := hex.DecodeString(strings.TrimPrefix(evidence, "sha256:")); evidence == "" || err == nil && len(b) == sha256.Size {
		return evidence, nil
	}
	f, err := os.Open(evidence)
	if err != nil {
		return "", usage("--evidence is neither a file that can be read nor a SHA-256 in hex")
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", errors.New("the evidence cannot be read")
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func newConsentImport(s *settings) *cobra.Command {
	var query string
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "take a table of statements (.csv, .jsonl, .parquet, or a query of a database), all rows or none; what is there already is not taken twice",
		Long: `Import takes a table with the columns user_id, effective_at and action and, if
wanted, recorded_at, actor, study, context, modality, form_version, evidence and
corrects. The source's own consent table needs no import: every plan takes it.
With --query the file is an SQLite database, and the query names its columns so.`,
		Example: `  veil consent import withdrawals-of-may.csv
  veil consent import platform.db --query "SELECT user_id, changed_at AS effective_at, state AS action FROM research_choices"`,
		Args: exactly(1, "one file"),
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, args []string) error {
			take := x.ImportConsent
			if query != "" {
				take = func(ctx context.Context, path string) (consent.Report, error) {
					return x.ImportConsentQuery(ctx, path, query)
				}
			}
			r, err := take(c.Context(), args[0])
			if err != nil {
				return err
			}
			s.message("import", map[string]any{"report": r}, fmt.Sprintf("read %s; %d new, %d in the ledger before", count(r.Lines, "statement"), r.Added, r.Duplicate))
			return nil
		}),
	}
	c.Flags().StringVar(&query, "query", "", "read an SQLite database by this query")
	return c
}

func newConsentList(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "list [USER]",
		Short: "the statements in the ledger, in the order they arrived",
		Example: `  veil consent list u-0417
  veil consent list --json | jq -r 'select(.event.action == "withdrawn") | .event.user_id'`,
		Args: cobra.MaximumNArgs(1),
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, args []string) error {
			print := func(e consent.Event) {
				s.message("event", map[string]any{"event": e}, e.Subject+"\t"+e.String())
			}
			if len(args) == 1 {
				events, err := x.Ledger().Events(c.Context(), args[0])
				for _, e := range events {
					print(e)
				}
				return err
			}
			for e, err := range x.Ledger().All(c.Context()) {
				if err != nil {
					return err
				}
				print(e)
			}
			return nil
		}),
	}
}

func newConsentExplain(s *settings) *cobra.Command {
	var a pipeline.Asked
	var at, knownAt, modality string
	c := &cobra.Command{
		Use:   "explain USER",
		Short: "whether a person's data may be used, why, and which statements decide it",
		Example: `  veil consent explain u-0417
  veil consent explain u-0417 --at 2026-10-01 --known-at 2026-10-01   # as it was decided then`,
		Args: exactly(1, "the id of one user"),
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, args []string) error {
			a.User = args[0]
			var ok bool
			if a.Modality, ok = consent.ParseModality(modality); !ok {
				return usage("--modality must be transcript, chat or audio")
			}
			var err error
			if a.At, err = moment(x, "at", at); err != nil {
				return err
			}
			if a.KnownAt, err = moment(x, "known-at", knownAt); err != nil {
				return err
			}
			lines, err := x.ExplainConsent(c.Context(), a)
			if err != nil {
				return err
			}
			s.message("explanation", map[string]any{"lines": lines}, strings.Join(lines, "\n"))
			return nil
		}),
	}
	f := c.Flags()
	f.StringVar(&at, "at", "", "the moment the use happens; now when left out")
	f.StringVar(&knownAt, "known-at", "", "leave out what the ledger learned later")
	f.StringVar(&a.Context, "context", "", "the program, such as sat-bootcamp; all when left out")
	f.StringVar(&modality, "modality", "", "transcript, chat or audio; each when left out")
	f.StringVar(&a.Study, "for-study", "", "another study than this one")
	return c
}

func newConsentVerify(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:     "verify",
		Short:   "check that no statement was changed, removed or cut off since the newest run and every release",
		Example: "  veil consent verify",
		Args:    noArgs,
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, _ []string) error {
			v, err := x.VerifyConsent(c.Context())
			if err != nil {
				return err
			}
			s.message("verify", map[string]any{"what": "consent", "checked": v},
				fmt.Sprintf("whole: %s in one chain; %s of earlier runs and releases stand on it", count(int(v.Events), "statement"), count(v.Kept, "head")))
			return nil
		}),
	}
}

func newConsentReport(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "report USER",
		Short: "every release a person is in, who has it, and what was asked back",
		Example: `  veil consent report u-0417
  veil consent report u-0417 --json | jq .report.releases[].rows`,
		Args: exactly(1, "the id of one user"),
		RunE: s.inStudy(func(c *cobra.Command, x *pipeline.Export, args []string) error {
			w, err := x.Report(c.Context(), args[0])
			if err != nil {
				return err
			}
			s.message("report", map[string]any{"user_id": args[0], "report": w}, reportText(w))
			return nil
		}),
	}
}

func reportText(w pipeline.Whereabouts) string {
	if len(w.Releases) == 0 {
		return "in no release"
	}
	var lines []string
	for _, r := range w.Releases {
		lines = append(lines, fmt.Sprintf("release   %s, number %d of %s: %s, %s with their voice; %s, %s",
			r.Recipient, r.Sequence, r.Created.Format(time.DateOnly), count(r.Sessions, "session"), count(r.Audio, "recording"), r.Organisation, r.Agreement))
	}
	for _, n := range w.Notices {
		lines = append(lines, "notice    "+noticeText(n))
	}
	if len(w.Notices) == 0 {
		lines = append(lines, "notice    none: nothing was asked back")
	}
	return strings.Join(lines, "\n")
}
