package release_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh/agent"

	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"
)

func TestCount(t *testing.T) {
	w := newWorld(t, false)
	stranger := newKey(t)
	later := noon.Add(time.Hour)
	yes := func(officer int) release.Approval { return w.approve(officer, release.Approved, noon) }
	about := func(change func(*release.Subject)) release.Approval {
		s := w.subject()
		change(&s)
		a, err := release.Approve(s, "Bo Marsh", release.Approved, "", noon, w.officers[1].signer)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	signedBy := func(k key, name string) release.Approval {
		a, err := release.Approve(w.subject(), name, release.Approved, "", noon, k.signer)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	swapped := yes(1)
	swapped.Signature = yes(0).Signature
	edited := w.approve(1, release.SentBack, noon)
	edited.Statement = strings.Replace(edited.Statement, `"return"`, `"approve"`, 1)
	if _, err := release.Approve(w.subject(), "Bo Marsh", release.Approved, "see row 7", noon, w.officers[1].signer); err == nil {
		t.Error("an approval with a note was signed: it would leave with the release")
	}
	if _, err := release.Approve(w.subject(), "Bo Marsh", release.SentBack, "see row 7", noon, w.officers[1].signer); err != nil {
		t.Errorf("a return with a note: %v", err)
	}
	loose := yes(1)
	loose.Statement = strings.TrimSpace(loose.Statement)

	for name, c := range map[string]struct {
		approvals []release.Approval
		required  int
		want      release.Reason
		rejected  int
	}{
		"two officers":                   {[]release.Approval{yes(0), yes(1)}, 0, "", 0},
		"none":                           {nil, 0, release.NotApproved, 0},
		"one":                            {[]release.Approval{yes(0)}, 0, release.NotApproved, 0},
		"one is enough when one is":      {[]release.Approval{yes(0)}, 1, "", 0},
		"one officer twice":              {[]release.Approval{yes(0), w.approve(0, release.Approved, later)}, 0, release.NotApproved, 0},
		"three wanted":                   {[]release.Approval{yes(0), yes(1)}, 3, release.NotApproved, 0},
		"a key nobody listed":            {[]release.Approval{yes(0), signedBy(stranger, "Bo Marsh")}, 0, release.NotApproved, 1},
		"a name not the key's":           {[]release.Approval{yes(0), signedBy(w.officers[1], "Ada Quill")}, 0, release.NotApproved, 1},
		"one officer under two names":    {[]release.Approval{yes(0), signedBy(w.officers[0], "Bo Marsh")}, 0, release.NotApproved, 1},
		"about another bundle":           {[]release.Approval{yes(0), about(func(s *release.Subject) { s.Bundle = report })}, 0, release.NotApproved, 1},
		"about another report":           {[]release.Approval{yes(0), about(func(s *release.Subject) { s.Report = s.Bundle })}, 0, release.NotApproved, 1},
		"about another study":            {[]release.Approval{yes(0), about(func(s *release.Subject) { s.Study = "x" })}, 0, release.NotApproved, 1},
		"about another run":              {[]release.Approval{yes(0), about(func(s *release.Subject) { s.Run = "x" })}, 0, release.NotApproved, 1},
		"another's signature":            {[]release.Approval{yes(0), swapped}, 0, release.NotApproved, 1},
		"a return made an approval":      {[]release.Approval{yes(0), edited}, 0, release.NotApproved, 1},
		"not canonical":                  {[]release.Approval{yes(0), loose}, 0, release.NotApproved, 1},
		"no signature":                   {[]release.Approval{yes(0), {Statement: yes(1).Statement}}, 0, release.NotApproved, 1},
		"a return blocks":                {[]release.Approval{yes(0), yes(1), w.approve(1, release.SentBack, later)}, 0, release.Returned, 0},
		"a return of the same second":    {[]release.Approval{w.approve(1, release.SentBack, noon), yes(0), yes(1)}, 0, release.Returned, 0},
		"a third officer's return too":   {[]release.Approval{yes(0), w.approve(1, release.SentBack, noon)}, 1, release.Returned, 0},
		"approved after a return":        {[]release.Approval{yes(0), w.approve(1, release.SentBack, noon), w.approve(1, release.Approved, later)}, 0, "", 0},
		"an old approval after a return": {[]release.Approval{yes(0), w.approve(1, release.SentBack, later), yes(1)}, 0, release.Returned, 0},
	} {
		t.Run(name, func(t *testing.T) {
			tally, err := release.Count(c.approvals, w.listed(), w.subject(), c.required)
			if err != nil {
				t.Fatal(err)
			}
			wantReason(t, tally.Err(), c.want)
			if len(tally.Rejected) != c.rejected {
				t.Errorf("rejected %v, want %d", tally.Rejected, c.rejected)
			}
			if c.want == "" && len(tally.Approvals) != len(tally.Approved) {
				t.Error("approvals and statements differ")
			}
		})
	}
}

func TestOfficersAreDistinct(t *testing.T) {
	w := newWorld(t, false)
	two := w.listed()
	for name, officers := range map[string][]release.Officer{
		"one key, two names":  {two[0], {Name: "Bo Marsh", Key: two[0].Key}},
		"one name, two keys":  {two[0], {Name: "ada  quill", Key: two[1].Key}},
		"a comment differs":   {two[0], {Name: "Bo Marsh", Key: strings.TrimSpace(two[0].Key) + " laptop"}},
		"no name":             {{Key: two[0].Key}},
		"no key":              {{Name: "Ada Quill"}},
		"two keys in a line":  {{Name: "Ada Quill", Key: two[0].Key + two[1].Key}},
		"a key with commands": {{Name: "Ada Quill", Key: `command="true" ` + two[0].Key}},
	} {
		if _, err := release.Count(nil, officers, w.subject(), 2); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := release.Count(nil, two, w.subject(), -1); err == nil {
		t.Error("a negative number of officers was taken")
	}
	if o, err := release.OfficerOf(two, w.officers[1].signer.PublicKey()); err != nil || o.Name != "Bo Marsh" {
		t.Errorf("officer of a key: %v, %v", o, err)
	}
	_, err := release.OfficerOf(two, w.sender.signer.PublicKey())
	wantReason(t, err, release.UnknownOfficer)
}

func TestApprovalsAreKept(t *testing.T) {
	w := newWorld(t, false)
	dir := w.path("approvals")
	if none, err := release.ReadApprovals(storage.Disk{}, dir); err != nil || len(none) != 0 {
		t.Fatalf("a folder that is not there: %v, %v", none, err)
	}
	for officer := range w.officers {
		for range 2 { // the same twice is one
			if err := release.WriteApproval(storage.Disk{}, dir, w.approve(officer, release.Approved, noon)); err != nil {
				t.Fatal(err)
			}
		}
	}
	kept, err := release.ReadApprovals(storage.Disk{}, dir)
	if err != nil || len(kept) != 2 {
		t.Fatalf("%d kept, %v", len(kept), err)
	}
	tally, err := release.Count(kept, w.listed(), w.subject(), 2)
	if err != nil || tally.Err() != nil {
		t.Errorf("%v, %v", err, tally.Err())
	}
}

// TestStockTools: what Veil signs ssh-keygen verifies, and what ssh-keygen
// signs Veil counts.
func TestStockTools(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not installed")
	}
	w := newWorld(t, false)
	dir := w.path("approvals")
	if err := release.WriteApproval(storage.Disk{}, dir, w.approve(0, release.Approved, noon)); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(names) != 1 {
		t.Fatalf("kept %v", names)
	}
	signers := w.path("allowed_signers")
	os.WriteFile(signers, []byte("ada@example.org "+w.officers[0].public), 0o600)
	verify := func(namespace string) error {
		statement, _ := os.Open(names[0])
		defer statement.Close()
		c := exec.Command(keygen, "-Y", "verify", "-f", signers, "-I", "ada@example.org", "-n", namespace, "-s", names[0]+".sig")
		c.Stdin = statement
		return c.Run()
	}
	if err := verify(release.ApprovalNamespace); err != nil {
		t.Errorf("ssh-keygen -Y verify: %v", err)
	}
	if verify(release.ReleaseNamespace) == nil {
		t.Error("ssh-keygen took an approval for a release")
	}

	second := w.approve(1, release.Approved, noon)
	document, private := w.path("statement.json"), w.path("bo")
	os.WriteFile(document, []byte(second.Statement), 0o600)
	os.WriteFile(private, w.officers[1].private, 0o600)
	if out, err := exec.Command(keygen, "-Y", "sign", "-f", private, "-n", release.ApprovalNamespace, document).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen -Y sign: %v %s", err, out)
	}
	signature, _ := os.ReadFile(document + ".sig")
	second.Signature = string(signature)
	tally, err := release.Count([]release.Approval{w.approve(0, release.Approved, noon), second}, w.listed(), w.subject(), 2)
	if err != nil || tally.Err() != nil {
		t.Errorf("signed by ssh-keygen: %v %v %v", err, tally.Err(), tally.Rejected)
	}
	loadProtected(t, keygen, w)
}

func loadProtected(t *testing.T, keygen string, w world) {
	private := w.path("protected")
	if out, err := exec.Command(keygen, "-q", "-t", "ed25519", "-N", "a long passphrase", "-f", private).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v %s", err, out)
	}
	if _, err := (release.SigningKeys{}).Load(storage.Disk{}, private); err == nil || !strings.Contains(err.Error(), "passphrase") {
		t.Errorf("a protected key with nobody to ask: %v", err)
	}
	ask := func(answer string) release.SigningKeys {
		return release.SigningKeys{Passphrase: func() ([]byte, error) { return []byte(answer), nil }}
	}
	if _, err := ask("wrong").Load(storage.Disk{}, private); err == nil {
		t.Error("a wrong passphrase opened the key")
	}
	if _, err := ask("a long passphrase").Load(storage.Disk{}, private); err != nil {
		t.Errorf("the right passphrase: %v", err)
	}
}

func TestSigningThroughTheAgent(t *testing.T) {
	w := newWorld(t, false)
	socket := filepath.Join(t.TempDir(), "agent")
	keys := serveAgent(t, socket)
	public := w.path("ada.pub")
	os.WriteFile(public, []byte(w.officers[0].public), 0o600)
	k := release.SigningKeys{AgentSocket: socket}
	if _, err := k.Load(storage.Disk{}, public); err == nil {
		t.Error("an agent without the key was taken")
	}
	if err := keys.Add(agent.AddedKey{PrivateKey: rawKey(t, w.officers[0].private)}); err != nil {
		t.Fatal(err)
	}
	signer, err := k.Load(storage.Disk{}, public)
	if err != nil {
		t.Fatal(err)
	}
	a, err := release.Approve(w.subject(), "Ada Quill", release.Approved, "", noon, signer)
	if err != nil {
		t.Fatal(err)
	}
	tally, err := release.Count([]release.Approval{a}, w.listed(), w.subject(), 1)
	if err != nil || tally.Err() != nil {
		t.Errorf("%v %v", err, tally.Err())
	}
	if _, err := (release.SigningKeys{}).Load(storage.Disk{}, public); err == nil || !strings.Contains(err.Error(), "ssh-agent") {
		t.Errorf("a public key without an agent: %v", err)
	}
	garbage := w.path("garbage")
	os.WriteFile(garbage, []byte("not a key"), 0o600)
	if _, err := k.Load(storage.Disk{}, garbage); err == nil {
		t.Error("garbage was taken for a key")
	}
}
