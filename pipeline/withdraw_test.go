package pipeline

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/consent"
	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/study"

	"golang.org/x/crypto/ssh"
)

// parties are everybody's keys.
type parties struct {
	sender, one, two, ack ssh.Signer
	identities            []release.Identity // of demo and lab
}

func signingPair(t *testing.T) (ssh.Signer, string) {
	t.Helper()
	private, public, err := release.GenerateSigningKey("test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer, strings.TrimSpace(public)
}

// withParties lists a sender, two officers and the recipients demo and lab.
func withParties(t *testing.T, dir string) parties {
	t.Helper()
	var p parties
	var list study.Parties
	var one, two, ack string
	list.Sender.Name = "Data team"
	p.sender, list.Sender.Key = signingPair(t)
	p.one, one = signingPair(t)
	p.two, two = signingPair(t)
	p.ack, ack = signingPair(t)
	list.Officers = []study.Officer{{Name: "One", Key: one}, {Name: "Two", Key: two}}
	for _, name := range []string{"demo", "lab"} {
		identity, public, err := release.GenerateIdentity(false)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := release.ParseIdentities([]byte(identity))
		if err != nil {
			t.Fatal(err)
		}
		p.identities = append(p.identities, parsed...)
		list.Recipients = append(list.Recipients, study.Recipient{Name: name, Organisation: name, Key: strings.TrimSpace(public), AckKey: ack,
			Agreement: "DUA", From: "2020-01-01", Until: "2099-12-31"})
	}
	if err := study.SaveParties(storage.Disk{}, dir, list); err != nil {
		t.Fatal(err)
	}
	return p
}

// approved runs a study and has both officers sign.
func approved(t *testing.T, e *Export, p parties) Record {
	t.Helper()
	r, err := e.Run(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, officer := range []ssh.Signer{p.one, p.two} {
		if _, err := e.Decide(t.Context(), Decision{Signer: officer, Decision: release.Approved}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestAnOverdueNoticeBlocksItsRecipientAlone(t *testing.T) {
	now := time.Now()
	dir := smallStudy(t, "", "")
	p := withParties(t, dir)
	e := at(t, dir, &now)
	approved(t, e, p)
	released, err := e.Release(t.Context(), p.sender, nil)
	if err != nil || len(released) != 2 {
		t.Fatal(released, err)
	}
	w, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Sender: p.sender})
	if err != nil || w.Event != 1 || len(w.Notices) != 2 || !w.Notices[0].New {
		t.Fatalf("%+v, %v", w, err)
	}
	// One recipient has no copy any more and says so.
	lab := w.Notices[1]
	ackDir := t.TempDir() + "/ack"
	_, err = release.ApplyNotice(t.Context(), storage.Disk{}, release.Application{
		Notice: lab.Folder, Destroyed: []string{noticeOf(t, e, lab).Releases[0].ID}, Identities: p.identities, Sender: e.parties.Sender.Key,
		Signer: p.ack, Record: t.TempDir() + "/record.json", At: now,
	}, ackDir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Acknowledge(ackDir, "lab"); err != nil {
		t.Fatal(err)
	}
	r := approved(t, e, p)

	now = now.AddDate(0, 0, DefaultDeadline) // the deadline's own day
	if err := e.mayStillBeReleased(t, "demo"); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	now = now.AddDate(0, 0, 1)
	if list, err := e.Notices(); err != nil || list[0].State != stateOverdue || list[1].State != stateAcknowledged {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := e.Release(t.Context(), p.sender, []string{"demo"}); release.ReasonOf(err) != release.OverdueNotice {
		t.Errorf("demo with an overdue notice: %v", err)
	}
	again, err := e.Release(t.Context(), p.sender, []string{"lab"})
	if err != nil || len(again) != 1 || again[0].Sequence != 2 {
		t.Errorf("lab, which answered: %+v, %v", again, err)
	}
	// What went out now has her under no code.
	where, err := e.Report(t.Context(), "ann")
	if err != nil || len(where.Releases) != 2 || len(where.Notices) != 2 {
		t.Errorf("%+v, %v", where, err)
	}
	if r.Summary.Participants != 2 {
		t.Errorf("%d participants left, want the tutor and one learner", r.Summary.Participants)
	}
}

func (e *Export) mayStillBeReleased(t *testing.T, recipient string) error {
	t.Helper()
	h, err := e.store().History()
	if err != nil {
		t.Fatal(err)
	}
	return h.CheckNotices(recipient, e.now().In(e.study.Location()))
}

func noticeOf(t *testing.T, e *Export, n Noticed) release.Notice {
	t.Helper()
	read, _, err := release.ReadNotice(e.fs, n.Folder, e.parties.Sender.Key)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// What a withdrawal says to the ledger: nothing where somebody's no stands
// already for all of it, and else a no, whatever else kept the person out.
func TestAWithdrawalIsHeldByTheLedger(t *testing.T) {
	for _, c := range []struct {
		name, policies, events string
		modality               consent.Modality
		adds                   bool
	}{
		{"nobody said anything", "", "", "", true},
		{"a no to everything", "", "ann,2026-01-01,withdrawn,guardian,,,\n", "", false},
		{"a no to this study in each form", "", "ann,2026-01-01,refused,self,lessons,,transcript\nann,2026-01-01,refused,self,lessons,,chat\nann,2026-01-01,refused,self,lessons,,audio\n", "", false},
		{"a no to one form", "", "ann,2026-01-01,refused,self,,,audio\n", "", true},
		{"a no to the form that is withdrawn", "", "ann,2026-01-01,refused,self,,,audio\n", consent.Audio, false},
		{"a no that was lifted", "", "ann,2026-01-01,refused,self,,,\nann,2026-01-02,granted,self,,,\n", "", true},
		{"out as nobody said yes, and somebody still may", "consent: {basis: opt-in}\n", "", "", true},
		{"consent ran out, and may be given anew", "", "ann,2026-01-01,expired,self,,,\n", "", true},
		{"a no to another study", "", "ann,2026-01-01,refused,self,others,,\n", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := time.Now()
			dir := smallStudy(t, c.policies, "user_id,effective_at,action,actor,study,context,modality\n"+c.events)
			p := withParties(t, dir)
			e := at(t, dir, &now)
			if _, err := e.Plan(t.Context()); err != nil {
				t.Fatal(err)
			}
			w, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Modality: c.modality, Sender: p.sender})
			if err != nil || (w.Event > 0) != c.adds || len(w.Notices) != 0 {
				t.Fatalf("%+v, %v", w, err)
			}
			after, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Modality: c.modality, Sender: p.sender})
			if err != nil || after.Event != 0 {
				t.Errorf("the second time: %+v, %v", after, err)
			}
		})
	}
}

// A guardian's old no, lifted by the person who came of age, is no longer one.
func TestAWithdrawalAfterComingOfAge(t *testing.T) {
	now := time.Now()
	dir := smallStudy(t, "consent: {guardian_under: 18}\n",
		"user_id,effective_at,action,actor\ntutor,2000-01-01,withdrawn,guardian\ntutor,2020-01-01,granted,self\n")
	p := withParties(t, dir)
	e := at(t, dir, &now)
	if _, err := e.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w, err := e.Withdraw(t.Context(), Withdrawal{User: "tutor", Sender: p.sender}); err != nil || w.Event == 0 {
		t.Errorf("%+v, %v", w, err)
	}
}

func TestWhoMayWithdraw(t *testing.T) {
	now := time.Now()
	dir := smallStudy(t, "", "")
	p := withParties(t, dir)
	e := at(t, dir, &now)
	var refused *Refused
	for _, signer := range []ssh.Signer{nil, p.one} {
		if _, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Sender: signer}); !errors.As(err, &refused) {
			t.Errorf("not the sender's key: %v", err)
		}
	}
	for _, day := range []string{"yesterday", "2020-01-01"} {
		if _, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Sender: p.sender, Deadline: day}); err == nil {
			t.Errorf("deadline %s", day)
		}
	}
	if head, _ := e.ledger.Head(t.Context()); head.Seq != 0 {
		t.Error("a refused withdrawal left something in the ledger")
	}
}

// The ledger has the withdrawal even when the study is locked by a run.
func TestAWithdrawalWhileTheStudyIsLocked(t *testing.T) {
	now := time.Now()
	dir := smallStudy(t, "", "")
	p := withParties(t, dir)
	e := at(t, dir, &now)
	l, err := e.folder.lock("run")
	if err != nil {
		t.Fatal(err)
	}
	w, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Sender: p.sender})
	if err == nil || w.Event != 1 || !strings.Contains(err.Error(), "run the same command again") {
		t.Errorf("%+v, %v", w, err)
	}
	l.release()
	if w, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Sender: p.sender}); err != nil || w.Event != 0 {
		t.Errorf("%+v, %v", w, err)
	}
}

// A release of which nobody knows who is in it must be heard of.
func TestAReleaseThatWasNotRecorded(t *testing.T) {
	now := time.Now()
	dir := smallStudy(t, "", "")
	p := withParties(t, dir)
	e := at(t, dir, &now)
	approved(t, e, p)
	if left, err := e.Leftover(t.Context()); err != nil || left != "" {
		t.Errorf("before the release: %q, %v", left, err)
	}
	if _, err := e.Release(t.Context(), p.sender, nil); err != nil {
		t.Fatal(err)
	}
	if missing, err := e.Unrecorded(t.Context()); err != nil || len(missing) != 0 {
		t.Errorf("%v, %v", missing, err)
	}
	if left, err := e.Leftover(t.Context()); err != nil || left == "" {
		t.Errorf("after the release: %q, %v", left, err)
	}
	// As after a crash between the hand-off and the vault.
	fresh := at(t, smallStudy(t, "", ""), &now)
	if err := os.CopyFS(fresh.folder.releases(), os.DirFS(e.folder.releases())); err != nil {
		t.Fatal(err)
	}
	if missing, err := fresh.Unrecorded(t.Context()); err != nil || len(missing) != 2 || missing[0] != "demo 1" {
		t.Errorf("%v, %v", missing, err)
	}
}

// Most opt-outs come with the platform's table: whoever is out there already must
// be found by that.
func TestWhoIsDue(t *testing.T) {
	now := time.Now()
	const header = "user_id,effective_at,action,actor,study,context,modality\n"
	for _, c := range []struct {
		name, events string
		want         string // user and modality of whoever is due
	}{
		{"nobody said anything", "", ""},
		{"a no", "ann,2026-01-01,withdrawn,,,,\n", "ann "},
		{"a no to this program", "ann,2026-01-01,withdrawn,,,sat-bootcamp,\n", "ann "},
		{"a no to the chat", "ann,2026-01-01,withdrawn,,,,chat\n", ""},
		{"a no to another study", "ann,2026-01-01,withdrawn,,others,,\n", ""},
		{"a no that was lifted", "ann,2026-01-01,withdrawn,,,,\nann,2026-01-02,granted,,,,\n", ""},
		{"somebody who was in no release", "zoe,2026-01-01,withdrawn,,,,\n", ""},
		// There is no recording in these releases.
		{"a no to the sound", "ann,2026-01-01,withdrawn,,,,audio\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := smallStudy(t, "", "")
			p := withParties(t, dir)
			e := at(t, dir, &now)
			approved(t, e, p)
			if _, err := e.Release(t.Context(), p.sender, nil); err != nil {
				t.Fatal(err)
			}
			if due, err := e.Due(t.Context()); err != nil || len(due) != 0 {
				t.Fatalf("before: %+v, %v", due, err)
			}
			if err := os.WriteFile(dir+"/source/consent.csv", []byte(header+c.events), 0o600); err != nil {
				t.Fatal(err)
			}
			due, err := e.Due(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, d := range due {
				got += d.User + " " + string(d.Modality)
				if len(d.Recipients) != 2 {
					t.Errorf("held by %v", d.Recipients)
				}
			}
			if got != c.want {
				t.Errorf("due: %q, want %q", got, c.want)
			}
			if _, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Sender: p.sender}); err != nil {
				t.Fatal(err)
			}
			if due, err := e.Due(t.Context()); err != nil || len(due) != 0 {
				t.Errorf("after: %+v, %v", due, err)
			}
		})
	}
}

// The notice, applied to what was released, leaves a whole bag without her.
func TestANoticeTakesAPersonOutOfTheBundle(t *testing.T) {
	now := time.Now()
	dir := smallStudy(t, "", "")
	p := withParties(t, dir)
	e := at(t, dir, &now)
	r := approved(t, e, p)
	if _, err := e.Release(t.Context(), p.sender, nil); err != nil {
		t.Fatal(err)
	}
	w, err := e.Withdraw(t.Context(), Withdrawal{User: "ann", Sender: p.sender})
	if err != nil {
		t.Fatal(err)
	}
	n := noticeOf(t, e, w.Notices[0])
	if len(n.Participants) != 1 || len(n.Sessions) != 0 {
		t.Fatalf("%+v", n)
	}
	take := bundle.Withdrawal{Participants: n.Participants, Sessions: n.Sessions, Audio: n.Audio}
	for range 2 {
		if err := bundle.Remove(t.Context(), e.fs, r.Bundle, take); err != nil {
			t.Fatal(err)
		}
		if err := bundle.Verify(t.Context(), e.fs, r.Bundle, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
	}
	// The last learner takes the lesson with her.
	w, err = e.Withdraw(t.Context(), Withdrawal{User: "bea", Sender: p.sender})
	if err != nil {
		t.Fatal(err)
	}
	if n := noticeOf(t, e, w.Notices[0]); len(n.Sessions) != 1 || n.Sequence != 2 {
		t.Errorf("%+v", n)
	}
}
