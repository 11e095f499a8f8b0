package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/source"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/study"

	"github.com/spf13/cobra"
)

func newDoctor(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "check a study folder and this machine, one line a check, each with what to do",
		Long: `Doctor looks at everything a run or release needs. It takes the source's consent
table into the ledger, as every plan does, and changes nothing else. Every line is
ok, warn or fail. It ends with exit code 1 when there is a fail. Nothing
personal is printed.`,
		Example: "  veil doctor\n  veil doctor --json | jq 'select(.state != \"ok\")'",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d := doctor{settings: s, now: time.Now()}
			d.examine(c)
			if d.failed > 0 {
				return &exitError{code: exitFailed, err: errors.New(count(d.failed, "check") + " failed")}
			}
			return nil
		},
	}
}

// doctor examines a study folder.
type doctor struct {
	*settings
	now    time.Time
	failed int
}

// The states of a check.
const (
	wellState = "ok"
	warnState = "warn"
	failState = "fail"
)

func (d *doctor) tell(state, check, format string, args ...any) {
	if state == failState {
		d.failed++
	}
	text := fmt.Sprintf(format, args...)
	d.message("check", map[string]any{"check": check, "state": state, "text": text}, fmt.Sprintf("%-5s %-9s %s", state, check, text))
}

func (d *doctor) ok(check, format string, args ...any)   { d.tell(wellState, check, format, args...) }
func (d *doctor) warn(check, format string, args ...any) { d.tell(warnState, check, format, args...) }
func (d *doctor) fail(check, format string, args ...any) { d.tell(failState, check, format, args...) }

func (d *doctor) examine(c *cobra.Command) {
	d.ffmpeg()
	st, err := study.Load(d.dir)
	if err != nil {
		d.fail("study", "%v", err)
		return
	}
	d.ok("study", "%s: %s", study.FileName, st.ID)
	p, err := study.LoadParties(d.dir)
	if err != nil {
		d.fail("parties", "%v", err)
	} else {
		d.parties(st, p)
	}
	src := source.Directory{Root: st.Path(st.Source.Directory), Zone: st.Location()}
	d.source(c.Context(), src)
	d.disk(src, len(p.Recipients))
	d.permissions()
	x, err := d.open(c)
	if err != nil {
		d.fail("stores", "%v", err)
		return
	}
	defer x.Close()
	d.ok("vault", "opens, and is this study's")
	d.consent(c.Context(), x, st)
	d.releases(c.Context(), x, p)
	d.leftover(c.Context(), x)
}

func (d *doctor) ffmpeg() {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		d.warn("ffmpeg", "not installed: recordings that are neither plain AAC in M4A nor WAV are left out; install it to keep them")
		return
	}
	d.ok("ffmpeg", "installed")
}

func (d *doctor) parties(st study.Study, p study.Parties) {
	switch {
	case p.Sender.Key == "":
		d.warn("parties", "no sender; veil sender set names one, and nothing can be released before")
	case len(p.Officers) < st.Approval.Required:
		d.warn("parties", "%s listed and %d must approve; add them with veil officer add", count(len(p.Officers), "officer"), st.Approval.Required)
	case len(p.Recipients) == 0:
		d.warn("parties", "no recipient; add one with veil recipient add")
	default:
		d.ok("parties", "a sender, %s, %s", count(len(p.Officers), "officer"), count(len(p.Recipients), "recipient"))
	}
	for _, r := range p.Recipients {
		if err := asRecipient(r).Check(d.now.In(st.Location())); err != nil {
			d.warn("agreement", "%v", err)
		} else if string(r.Until) < d.now.AddDate(0, 0, 30).Format(time.DateOnly) {
			d.warn("agreement", "recipient %s: in force until %s alone; renew it with veil recipient renew", r.Name, r.Until)
		}
		if r.AckKey == "" {
			d.warn("agreement", "recipient %s: has no acknowledgement key, so a withdrawal could never be closed; ask for their SSH public key", r.Name)
		}
	}
}

func (d *doctor) source(ctx context.Context, src source.Directory) {
	if err := src.Check(ctx); err != nil {
		d.fail("source", "%v", err)
		return
	}
	path, err := src.ConsentFile()
	switch {
	case err != nil:
		d.fail("source", "%v", err)
	case path == "":
		d.warn("source", "its tables have the expected columns; it has no consent table, so only what veil consent was told counts")
	default:
		d.ok("source", "its tables have the expected columns")
	}
}

// disk wants room for the cleaned recordings and a hand-off for each recipient.
func (d *doctor) disk(src source.Directory, recipients int) {
	free, known := freeBytes(d.dir)
	if !known {
		d.warn("disk", "how much is free cannot be said on this system; look yourself")
		return
	}
	size, err := recordingBytes(filepath.Join(src.Root, "recordings"))
	if err != nil {
		d.warn("disk", "the recordings cannot be listed; check the permissions of the source folder")
		return
	}
	want := size*int64(1+recipients) + 1<<30
	if free < want {
		d.warn("disk", "%.1f GiB free; a run over all recordings and a hand-off for each recipient may need %.1f", gib(free), gib(want))
		return
	}
	d.ok("disk", "%.1f GiB free, at most %.1f needed", gib(free), gib(want))
}

func gib(bytes int64) float64 { return float64(bytes) / (1 << 30) }

func recordingBytes(dir string) (int64, error) {
	var size int64
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return size, err
}

// secret are the files of a study folder that nobody but its owner may read.
var secret = []string{"ledger.db", "vault.db", filepath.Join("releases", "log.key")}

// permissions looks at what must be private: the stores, and private keys that
// somebody put into the study folder.
func (d *doctor) permissions() {
	loose, keys := 0, 0
	for _, name := range secret {
		if info, err := os.Stat(filepath.Join(d.dir, name)); err == nil && info.Mode().Perm()&0o077 != 0 {
			loose++
			d.fail("private", "%s can be read by others: chmod 600 %s", name, filepath.Join(d.dir, name))
		}
	}
	for _, dir := range []string{".", "keys"} {
		entries, err := os.ReadDir(filepath.Join(d.dir, dir))
		if err != nil {
			continue
		}
		for _, e := range entries {
			name := filepath.Join(dir, e.Name())
			if !privateKey(filepath.Join(d.dir, name)) {
				continue
			}
			keys++
			if info, err := e.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
				loose++
				d.fail("private", "%s is a private key that others can read: chmod 600 %s", name, filepath.Join(d.dir, name))
			}
		}
	}
	if loose > 0 {
		return
	}
	if keys > 1 {
		d.warn("private", "%d private keys in the study folder: each belongs with its own person, or two officers are one", keys)
		return
	}
	d.ok("private", "ledger, vault and keys can be read by their owner alone")
}

// privateKey reports whether a file begins like an SSH or age private key.
func privateKey(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.Read(head)
	return bytes.Contains(head[:n], []byte("PRIVATE KEY-----")) || bytes.Contains(head[:n], []byte("AGE-SECRET-KEY-"))
}

func (d *doctor) consent(ctx context.Context, x *pipeline.Export, st study.Study) {
	v, err := x.VerifyConsent(ctx)
	if err != nil {
		d.fail("consent", "%v", err)
		return
	}
	d.ok("consent", "%s in one whole chain", count(int(v.Events), "statement"))
	scopes, err := x.Ledger().Scopes(ctx)
	if err != nil {
		d.fail("consent", "%v", err)
		return
	}
	strange := 0
	for _, scope := range scopes {
		ours := scope.Study == "" || strings.EqualFold(scope.Study, st.ID)
		known := slices.ContainsFunc(st.Contexts, func(c string) bool { return strings.EqualFold(c, scope.Context) })
		if !ours || scope.Context != "" && !known {
			strange++
		}
	}
	if strange > 0 {
		d.warn("consent", "%s of studies or contexts that this study does not have; if one is a spelling mistake, it has no effect (veil consent list shows them)", count(strange, "scope"))
	}
	if at, err := x.Ledger().LastLearned(ctx); err == nil && at.After(d.now.Add(time.Minute)) {
		d.fail("clock", "this machine's clock is behind the ledger's newest statement; set it right before anything is decided by it")
	} else {
		d.ok("clock", "not behind the ledger; %s", d.now.In(st.Location()).Format("2006-01-02 15:04 MST"))
	}
}

func (d *doctor) releases(ctx context.Context, x *pipeline.Export, p study.Parties) {
	n, err := release.NewStore(storage.Disk{}, d.dir).VerifyLog(p.Sender.Key)
	if err != nil {
		d.fail("releases", "%v", err)
		return
	}
	missing, err := x.Unrecorded(ctx)
	switch {
	case err != nil:
		d.fail("releases", "%v", err)
	case len(missing) > 0:
		d.fail("releases", "nobody could withdraw from %s: who is in it was not recorded; run veil release again for it", strings.Join(missing, ", "))
	default:
		d.ok("releases", "%s in one whole log", count(n, "release"))
	}
	d.notices(ctx, x)
}

func (d *doctor) notices(ctx context.Context, x *pipeline.Export) {
	due, err := x.Due(ctx)
	if err != nil {
		d.fail("notices", "%v", err)
		return
	}
	if len(due) > 0 {
		d.warn("notices", "%s said no and recipients still hold them; veil withdraw due lists them, and veil withdraw asks them back", people(len(due)))
	}
	all, err := x.Notices()
	if err != nil {
		d.fail("notices", "%v", err)
		return
	}
	for _, n := range all {
		switch n.State {
		case "overdue":
			d.warn("notices", "%s %d was to be acknowledged by %s; nothing more is released there before", n.Recipient, n.Sequence, n.Deadline)
		case "open":
			d.ok("notices", "%s %d is open until %s", n.Recipient, n.Sequence, n.Deadline)
		}
	}
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// leftover finds what is personal and no longer needed.
func (d *doctor) leftover(ctx context.Context, x *pipeline.Export) {
	left, err := x.Leftover(ctx)
	switch {
	case err != nil:
		d.fail("leftover", "%v", err)
	case left != "":
		d.warn("leftover", "%s; veil purge removes it", left)
	default:
		d.ok("leftover", "nothing personal stands longer than it is needed")
	}
}
