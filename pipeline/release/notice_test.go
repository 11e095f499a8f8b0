package release_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"
)

const recording = "audio/5f1c/0a9e77.m4a"

func (w world) noticeOrder(releases ...string) release.NoticeOrder {
	return release.NoticeOrder{
		Study: "wave-one", Recipient: w.recipient, Participants: []string{"b7c1d2", "a91f00"}, Audio: []string{recording},
		Releases: releases, Deadline: "2026-12-20", SenderName: "Schoolhouse data team", Sender: w.sender.signer, At: noon,
	}
}

func (w world) application(notice string, bundles ...string) release.Application {
	a := release.Application{Notice: w.path(notice), Identities: w.identities, Sender: w.sender.public, Signer: w.ack.signer,
		Record: w.path("opened.json"), At: noon, Remove: fakeRemoval(w.t)}
	for _, b := range bundles {
		a.Bundles = append(a.Bundles, w.path(b))
	}
	return a
}

// fakeRemoval stands for the bundle's own removal: it rewrites the bag without
// the named audio files.
func fakeRemoval(t testing.TB) func(context.Context, string, release.Notice) error {
	return func(_ context.Context, bag string, n release.Notice) error {
		payload := map[string]string{}
		for name, content := range files(t, bag) {
			if strings.HasPrefix(name, "data/") {
				payload[name] = content
			}
		}
		for _, name := range n.Audio {
			delete(payload, "data/"+name)
		}
		if err := os.RemoveAll(bag); err != nil {
			return err
		}
		writeBag(t, bag, payload)
		return nil
	}
}

// released is a world whose first release was opened at "out".
func released(t testing.TB) (world, release.Release) {
	w := newWorld(t, false)
	r := w.seal("handoff")
	if _, err := w.open("handoff", "out"); err != nil {
		t.Fatal(err)
	}
	return w, r
}

func TestAWithdrawalReachesTheResearchersDisk(t *testing.T) {
	w, r := released(t)
	n, err := w.store().Issue(w.noticeOrder(r.ID), w.path("notice"))
	if err != nil {
		t.Fatal(err)
	}
	if n.Sequence != 1 || strings.Join(n.Participants, " ") != "a91f00 b7c1d2" || n.Releases[0].Bundle != r.Bag.SHA256 {
		t.Errorf("notice %+v", n)
	}
	text := files(t, w.path("notice"))[release.NoticeTextName]
	for _, want := range []string{"a91f00", recording, "2026-12-20", r.ID} {
		if !strings.Contains(text, want) {
			t.Errorf("NOTICE.md does not say %s", want)
		}
	}
	ack, err := release.ApplyNotice(context.Background(), storage.Disk{}, w.application("notice", "out"), w.path("ack"))
	if err != nil {
		t.Fatal(err)
	}
	after, _ := release.BagDigest(storage.Disk{}, w.path("out"))
	if len(ack.Bundles) != 1 || ack.Bundles[0] != (release.Removal{Before: r.Bag.SHA256, After: after}) {
		t.Errorf("acknowledgement %+v", ack)
	}
	if strings.Contains(files(t, w.path("ack"))[release.AcknowledgementName], w.dir) {
		t.Error("the acknowledgement tells the researcher's folders")
	}
	absent(t, filepath.Join(w.path("out"), "data", filepath.FromSlash(recording)))
	for range 2 { // the second time changes nothing
		if _, err := w.store().RecordAcknowledgement(w.path("ack"), w.recipient); err != nil {
			t.Fatal(err)
		}
	}
	h, err := w.store().History()
	if err != nil || len(h.OpenNotices(w.recipient.Name)) != 0 || len(h.Notices[0].Acknowledgements) != 1 {
		t.Errorf("history %v, %v", h.Notices, err)
	}

	again := w.opening("handoff", "copy")
	again.Again = true
	opened, err := release.Open(context.Background(), storage.Disk{}, again, nil)
	if err != nil || len(opened.Notices) != 1 || opened.Notices[0] != 1 {
		t.Errorf("opened again: notices %v, %v", opened.Notices, err)
	}

	// A second notice finds the bundle by the digest the first one left.
	o := w.noticeOrder(r.ID)
	o.Participants, o.Audio, o.Sessions = nil, []string{"dictionary.csv"}, []string{"c00c1e"}
	if n, err := w.store().Issue(o, w.path("notice2")); err != nil || n.Sequence != 2 || n.Previous.Sequence != 1 {
		t.Fatalf("second notice: %+v, %v", n, err)
	}
	if _, err := release.ApplyNotice(context.Background(), storage.Disk{}, w.application("notice2", "out"), w.path("ack2")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store().RecordAcknowledgement(w.path("ack2"), w.recipient); err != nil {
		t.Fatal(err)
	}
}

func TestAnOverdueNoticeBlocksTheNextRelease(t *testing.T) {
	w, r := released(t)
	if _, err := w.store().Issue(w.noticeOrder(r.ID), w.path("notice")); err != nil {
		t.Fatal(err)
	}
	at := func(day int) error {
		o := w.order()
		o.At = time.Date(2026, 12, day, 23, 0, 0, 0, time.UTC)
		_, err := w.store().Seal(context.Background(), o, w.path("next"), nil)
		return err
	}
	wantReason(t, at(21), release.OverdueNotice)
	absent(t, w.path("next"))
	h, _ := w.store().History()
	if err := h.CheckNotices("hillside", noon.AddDate(1, 0, 0)); err != nil {
		t.Errorf("another recipient: %v", err)
	}
	if err := at(20); err != nil {
		t.Errorf("on the deadline's day: %v", err)
	}
	os.RemoveAll(w.path("next"))
	if _, err := release.ApplyNotice(context.Background(), storage.Disk{}, w.application("notice", "out"), w.path("ack")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store().RecordAcknowledgement(w.path("ack"), w.recipient); err != nil {
		t.Fatal(err)
	}
	if err := at(21); err != nil {
		t.Errorf("after the acknowledgement: %v", err)
	}
}

func TestApplyNoticeRefuses(t *testing.T) {
	w, r := released(t)
	if _, err := w.store().Issue(w.noticeOrder(r.ID), w.path("notice")); err != nil {
		t.Fatal(err)
	}
	o := w.noticeOrder(r.ID)
	o.Participants = []string{"d00d1e"}
	if _, err := w.store().Issue(o, w.path("second")); err != nil {
		t.Fatal(err)
	}
	_, others, _ := newRecipient(t, "hillside", false)
	flip := func(name string, at int) func(*release.Application) {
		return func(a *release.Application) {
			data, _ := os.ReadFile(filepath.Join(a.Notice, name))
			data[at] ^= 1
			os.WriteFile(filepath.Join(a.Notice, name), data, 0o600)
		}
	}
	for name, c := range map[string]struct {
		change func(*release.Application)
		want   release.Reason
	}{
		"a changed byte":              {flip(release.NoticeName, 300), release.Tampered},
		"a changed signature":         {flip(release.NoticeSignatureName, 200), release.Tampered},
		"another sender":              {func(a *release.Application) { a.Sender = w.ack.public }, release.WrongSender},
		"another recipient":           {func(a *release.Application) { a.Identities = others }, release.WrongRecipient},
		"the second before the first": {func(a *release.Application) { copyDir(t, w.path("second"), a.Notice) }, release.BrokenChain},
		"no signature": {func(a *release.Application) {
			os.Remove(filepath.Join(a.Notice, release.NoticeSignatureName))
		}, release.MissingFile},
	} {
		t.Run(name, func(t *testing.T) {
			copyDir(t, w.path("notice"), w.path("copy"))
			a := w.application("copy", "out")
			a.Remove = func(context.Context, string, release.Notice) error {
				t.Error("something was removed")
				return nil
			}
			c.change(&a)
			_, err := release.ApplyNotice(context.Background(), storage.Disk{}, a, w.path("ack"))
			wantReason(t, err, c.want)
			absent(t, w.path("ack"))
		})
	}
}

func TestAcknowledgementsAreChecked(t *testing.T) {
	w, r := released(t)
	if _, err := w.store().Issue(w.noticeOrder(r.ID), w.path("notice")); err != nil {
		t.Fatal(err)
	}
	apply := func(change func(*release.Application)) {
		t.Helper()
		a := w.application("notice")
		change(&a)
		if _, err := release.ApplyNotice(context.Background(), storage.Disk{}, a, w.path("ack")); err != nil {
			t.Fatal(err)
		}
	}
	record := func() error {
		_, err := w.store().RecordAcknowledgement(w.path("ack"), w.recipient)
		return err
	}
	apply(func(*release.Application) {})
	wantReason(t, record(), release.Incomplete)

	apply(func(a *release.Application) { a.Signer, a.Destroyed = newKey(t).signer, []string{r.ID} })
	wantReason(t, record(), release.WrongSender)

	apply(func(a *release.Application) {
		a.Bundles = []string{w.path("out")}
		a.Remove = func(context.Context, string, release.Notice) error { return nil }
	})
	wantReason(t, record(), release.Incomplete)

	apply(func(a *release.Application) { a.Destroyed = []string{r.ID} })
	name := filepath.Join(w.path("ack"), release.AcknowledgementName)
	data, _ := os.ReadFile(name)
	os.WriteFile(name, []byte(strings.Replace(string(data), "2026", "2025", 1)), 0o600)
	wantReason(t, record(), release.Tampered)
	os.WriteFile(name, data, 0o600)
	other := w.recipient
	other.Name = "hillside"
	_, err := w.store().RecordAcknowledgement(w.path("ack"), other)
	wantReason(t, err, release.BrokenChain)
	other.AckKey = ""
	if _, err := w.store().RecordAcknowledgement(w.path("ack"), other); err == nil {
		t.Error("recorded without a key to verify by")
	}
	if err := record(); err != nil {
		t.Errorf("a destroyed release: %v", err)
	}
}

func TestIssueRefusesAnythingButCodes(t *testing.T) {
	w, r := released(t)
	for name, change := range map[string]func(*release.NoticeOrder){
		"a name":                func(o *release.NoticeOrder) { o.Participants = []string{"Tilda Brook"} },
		"an email":              func(o *release.NoticeOrder) { o.Sessions = []string{"tilda@example.org"} },
		"nothing":               func(o *release.NoticeOrder) { o.Participants, o.Audio = nil, nil },
		"no release":            func(o *release.NoticeOrder) { o.Releases = nil },
		"a release never made":  func(o *release.NoticeOrder) { o.Releases = []string{"x"} },
		"a deadline gone by":    func(o *release.NoticeOrder) { o.Deadline = "2026-11-19" },
		"no deadline":           func(o *release.NoticeOrder) { o.Deadline = "soon" },
		"a path out of the bag": func(o *release.NoticeOrder) { o.Audio = []string{"../x"} },
	} {
		o := w.noticeOrder(r.ID)
		change(&o)
		_, err := w.store().Issue(o, w.path("notice"))
		if err == nil || strings.Contains(err.Error(), "ilda") {
			t.Errorf("%s: %v", name, err)
		}
		absent(t, w.path("notice"))
	}
}

func TestNoFaultLosesANotice(t *testing.T) {
	w, r := released(t)
	copyDir(t, w.study, w.path("before"))
	eachFault(t, func(t *testing.T, f *faults) bool {
		copyDir(t, w.path("before"), w.study)
		os.RemoveAll(w.path("notice"))
		os.RemoveAll(w.path("notice.partial"))
		_, err := release.NewStore(f, w.study).Issue(w.noticeOrder(r.ID), w.path("notice"))
		n, again := w.store().Issue(w.noticeOrder(r.ID), w.path("notice"))
		if again != nil || n.Sequence != 1 {
			t.Errorf("issuing again: number %d, %v", n.Sequence, again)
		}
		if _, _, err := release.ReadNotice(storage.Disk{}, w.path("notice"), w.sender.public); err != nil {
			t.Error(err)
		}
		return err == nil
	})
}

// TestNoFaultLosesAnAcknowledgement: whatever fails while a notice is applied,
// doing it again ends in an acknowledgement that the sender takes.
func TestNoFaultLosesAnAcknowledgement(t *testing.T) {
	w, r := released(t)
	if _, err := w.store().Issue(w.noticeOrder(r.ID), w.path("notice")); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"study": "study0", "out": "out0"} {
		copyDir(t, w.path(from), w.path(to))
	}
	record, _ := os.ReadFile(w.path("opened.json"))
	eachFault(t, func(t *testing.T, f *faults) bool {
		copyDir(t, w.path("study0"), w.study)
		copyDir(t, w.path("out0"), w.path("out"))
		os.WriteFile(w.path("opened.json"), record, 0o600)
		os.RemoveAll(w.path("ack"))
		_, err := release.ApplyNotice(context.Background(), f, w.application("notice", "out"), w.path("ack"))
		if _, err := release.ApplyNotice(context.Background(), storage.Disk{}, w.application("notice", "out"), w.path("ack")); err != nil {
			t.Errorf("applying again: %v", err)
		}
		stored := &faults{FS: storage.Disk{}, at: f.at, down: f.down}
		_, _ = release.NewStore(stored, w.study).RecordAcknowledgement(w.path("ack"), w.recipient)
		if _, err := w.store().RecordAcknowledgement(w.path("ack"), w.recipient); err != nil {
			t.Errorf("recording again: %v", err)
		}
		return err == nil
	})
}

func TestARemovalThatFailsIsNotAcknowledged(t *testing.T) {
	w, r := released(t)
	if _, err := w.store().Issue(w.noticeOrder(r.ID), w.path("notice")); err != nil {
		t.Fatal(err)
	}
	a := w.application("notice", "out")
	failed := errors.New("disk full")
	a.Remove = func(context.Context, string, release.Notice) error { return failed }
	if _, err := release.ApplyNotice(context.Background(), storage.Disk{}, a, w.path("ack")); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	absent(t, w.path("ack"))
}

// TestNoticesVerifyByHand does what NOTICE.md says.
func TestNoticesVerifyByHand(t *testing.T) {
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("ssh-keygen is not installed")
	}
	w, r := released(t)
	if _, err := w.store().Issue(w.noticeOrder(r.ID), w.path("notice")); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(w.path("notice"), "sender.pub"), []byte(w.sender.public), 0o600)
	text := files(t, w.path("notice"))[release.NoticeTextName]
	_, after, _ := strings.Cut(text, "```sh\n")
	commands, _, found := strings.Cut(after, "```")
	c := exec.Command("sh", "-euc", commands)
	c.Dir = w.path("notice")
	if out, err := c.CombinedOutput(); err != nil || !found {
		t.Errorf("%v %s", err, out)
	}
}
