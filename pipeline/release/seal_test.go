package release_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/schoolhouse-world/veil/pipeline/release"
)

func TestSealRefuses(t *testing.T) {
	w := newWorld(t, false)
	damage := func(name, content string) func(*release.Order) {
		return func(o *release.Order) {
			copyDir(t, w.bag, w.path("damaged"))
			o.Bundle = w.path("damaged")
			os.WriteFile(filepath.Join(o.Bundle, filepath.FromSlash(name)), []byte(content), 0o600)
		}
	}
	for name, c := range map[string]struct {
		change func(*release.Order)
		want   release.Reason
	}{
		"one approval":           {func(o *release.Order) { o.Approvals = o.Approvals[:1] }, release.NotApproved},
		"no approval":            {func(o *release.Order) { o.Approvals = nil }, release.NotApproved},
		"another report":         {func(o *release.Order) { o.Report = strings.Repeat("0", 64) }, release.NotApproved},
		"another run":            {func(o *release.Order) { o.Run = "run-2" }, release.NotApproved},
		"a return":               {func(o *release.Order) { o.Approvals = append(o.Approvals, w.approve(0, release.SentBack, noon)) }, release.Returned},
		"agreement over":         {func(o *release.Order) { o.At = time.Date(2027, 9, 1, 0, 0, 0, 0, time.UTC) }, release.NoAgreement},
		"agreement not begun":    {func(o *release.Order) { o.At = time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC) }, release.NoAgreement},
		"no agreement":           {func(o *release.Order) { o.Recipient.Agreement = "" }, release.NoAgreement},
		"no agreement days":      {func(o *release.Order) { o.Recipient.Until = "" }, release.NoAgreement},
		"a payload byte changed": {damage("data/README.md", "# Tables and audiO\n"), release.Tampered},
		"a payload file cut":     {damage("data/README.md", "# Tables"), release.Tampered},
		"a file nobody listed":   {damage("data/extra.txt", "x"), release.ExtraFile},
		"a stray at the top":     {damage("notes.txt", "x"), release.ExtraFile},
		"the manifest changed":   {damage("manifest-sha256.txt", "x\n"), release.Tampered},
		"a file gone": {func(o *release.Order) {
			copyDir(t, w.bag, w.path("damaged"))
			o.Bundle = w.path("damaged")
			os.Remove(filepath.Join(o.Bundle, "data", "README.md"))
		}, release.MissingFile},
		"target exists": {func(*release.Order) { os.Mkdir(w.path("handoff"), 0o700) }, release.Exists},
	} {
		t.Run(name, func(t *testing.T) {
			os.Remove(w.path("handoff"))
			o := w.order()
			c.change(&o)
			_, err := w.store().Seal(context.Background(), o, w.path("handoff"), nil)
			wantReason(t, err, c.want)
			absent(t, filepath.Join(w.path("handoff"), "release.json"), w.path("handoff.partial"), filepath.Join(w.study, "releases"))
		})
	}
}

func TestSealRefusesBadKeysAndNames(t *testing.T) {
	w := newWorld(t, false)
	for name, change := range map[string]func(*release.Order){
		"an SSH key as recipient": func(o *release.Order) { o.Recipient.Key = w.ack.public },
		"two recipients":          func(o *release.Order) { o.Recipient.Key += "," + o.Recipient.Key },
		"a name of two lines":     func(o *release.Order) { o.Recipient.Organisation = "Lakeside\n```sh\ntrue\n```" },
		"a part too small":        func(o *release.Order) { o.PartBytes = 100 },
		"a part too large":        func(o *release.Order) { o.PartBytes = 3 << 30 },
		"a link in the bundle": func(o *release.Order) {
			copyDir(t, w.bag, w.path("linked"))
			o.Bundle = w.path("linked")
			os.Symlink("/etc/passwd", filepath.Join(o.Bundle, "data", "link"))
		},
	} {
		o := w.order()
		change(&o)
		if _, err := w.store().Seal(context.Background(), o, w.path("handoff"), nil); err == nil {
			t.Errorf("%s: sealed", name)
		}
		absent(t, w.path("handoff"), w.path("handoff.partial"))
	}
}

func TestSealingTwiceIsOneRelease(t *testing.T) {
	w := newWorld(t, false)
	a, b := w.seal("handoff"), w.seal("handoff")
	if a.ID != b.ID {
		t.Error("the same order into the same folder made a second release")
	}
	o := w.order()
	other := w
	_, _, other.recipient = newRecipient(t, "hillside", false)
	o.Recipient = other.recipient
	_, err := w.store().Seal(context.Background(), o, w.path("handoff"), nil)
	wantReason(t, err, release.Exists)
	if r := other.seal("theirs"); r.Sequence != 1 || r.Previous != nil || r.Log.Index != 1 {
		t.Errorf("the first release to another recipient: number %d, log index %d", r.Sequence, r.Log.Index)
	}
}

func TestTheLogShowsRewriting(t *testing.T) {
	w := newWorld(t, false)
	for _, name := range []string{"one", "two", "three"} {
		w.seal(name)
	}
	if n, err := w.store().VerifyLog(w.sender.public); n != 3 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	history := filepath.Join(w.study, "releases", "history.json")
	data, _ := os.ReadFile(history)
	h, err := w.store().History()
	if err != nil {
		t.Fatal(err)
	}
	second := h.Releases[1]
	for _, change := range map[string]func(string) string{
		"a digest":      func(s string) string { return strings.Replace(s, second.Digest, strings.Repeat("0", 64), 1) },
		"the log's key": func(s string) string { return strings.Replace(s, h.LogKey, "veil+00000000+AAAA", 1) },
		"a space":       func(s string) string { return s + " " },
	} {
		os.WriteFile(history, []byte(change(string(data))), 0o600)
		_, err := w.store().VerifyLog(w.sender.public)
		wantReason(t, err, release.Tampered)
		_, err = w.store().Seal(context.Background(), w.order(), w.path("four"), nil)
		wantReason(t, err, release.Tampered)
		absent(t, w.path("four"))
	}
	os.WriteFile(history, data, 0o600)
	kept := filepath.Join(w.study, "releases", second.ID+".json")
	copyFile(t, filepath.Join(w.study, "releases", h.Releases[0].ID+".json"), kept)
	copyFile(t, filepath.Join(w.study, "releases", h.Releases[0].ID+".json.sig"), kept+".sig")
	_, err = w.store().VerifyLog(w.sender.public)
	wantReason(t, err, release.Tampered)
	_, err = w.store().VerifyLog(newKey(t).public)
	wantReason(t, err, release.WrongSender)
}

func TestEveryWitnessMustSign(t *testing.T) {
	w := newWorld(t, false)
	secret, public, err := note.GenerateKey(rand.Reader, "witness")
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := note.GenerateKey(rand.Reader, "other")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	o := w.order()
	o.Witnesses = []note.Signer{signer}
	if _, err := w.store().Seal(context.Background(), o, w.path("handoff"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store().VerifyLog(w.sender.public, public); err != nil {
		t.Errorf("the witness that signed: %v", err)
	}
	for _, missing := range [][]string{{other}, {public, other}} {
		_, err = w.store().VerifyLog(w.sender.public, missing...)
		wantReason(t, err, release.Tampered)
	}
	if _, err := w.open("handoff", "out"); err != nil {
		t.Errorf("a reader who knows no witness: %v", err)
	}
}

// TestTheLogShowsAFork: even with the log's key and releases the sender really
// signed, a history put together from two branches does not verify.
func TestTheLogShowsAFork(t *testing.T) {
	w := newWorld(t, false)
	w.seal("one")
	copyDir(t, w.study, w.path("backup"))
	w.seal("two")
	three := w.seal("three")
	branch, err := w.store().History()
	if err != nil {
		t.Fatal(err)
	}
	kept := files(t, filepath.Join(w.study, "releases"))
	copyDir(t, w.path("backup"), w.study)
	w.seal("other-two")
	h, err := w.store().History()
	if err != nil {
		t.Fatal(err)
	}
	h.Releases = append(h.Releases, branch.Releases[2])
	for _, name := range []string{three.ID + ".json", three.ID + ".json.sig"} {
		os.WriteFile(filepath.Join(w.study, "releases", name), []byte(kept[name]), 0o600)
	}
	if err := w.store().Resign(h); err != nil {
		t.Fatal(err)
	}
	_, err = w.store().VerifyLog(w.sender.public)
	wantReason(t, err, release.Tampered)
}
