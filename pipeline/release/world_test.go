package release_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// key is an SSH key pair for a test.
type key struct {
	signer  ssh.Signer
	public  string
	private []byte
}

func newKey(t testing.TB) key {
	t.Helper()
	private, public, err := release.GenerateSigningKey("test key")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return key{signer, public, private}
}

// world is a study with two officers, a sender, a researcher and a bundle.
type world struct {
	t          testing.TB
	dir        string
	study      string
	bag        string
	sender     key
	ack        key
	officers   [2]key
	identities []release.Identity
	identity   string // the identity file's text
	recipient  release.Recipient
}

func newWorld(t testing.TB, postQuantum bool) world {
	t.Helper()
	w := world{t: t, dir: t.TempDir(), sender: newKey(t), ack: newKey(t), officers: [2]key{newKey(t), newKey(t)}}
	w.study, w.bag = filepath.Join(w.dir, "study"), filepath.Join(w.dir, "bag")
	if err := os.MkdirAll(w.study, 0o700); err != nil {
		t.Fatal(err)
	}
	w.identity, w.identities, w.recipient = newRecipient(t, "lakeside", postQuantum)
	w.recipient.AckKey = w.ack.public
	writeBag(t, w.bag, map[string]string{
		"data/README.md":                        "# Tables and audio\n",
		"data/tables/utterances-00001.parquet":  strings.Repeat("a parquet file, so to say. ", 400),
		"data/audio/5f1c/0a9e77.m4a":            strings.Repeat("\x00\xc8\x00\x80\x23\x80", 1500),
		"data/dictionary.csv":                   "table,column,meaning\n",
		"data/tables/long/" + longName + ".txt": "a path of more than a hundred bytes",
		"data/empty":                            "",
	})
	return w
}

const longName = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

func newRecipient(t testing.TB, name string, postQuantum bool) (string, []release.Identity, release.Recipient) {
	t.Helper()
	identity, public, err := release.GenerateIdentity(postQuantum)
	if err != nil {
		t.Fatal(err)
	}
	identities, err := release.ParseIdentities([]byte(identity))
	if err != nil {
		t.Fatal(err)
	}
	return identity, identities, release.Recipient{Name: name, Organisation: "Lakeside Institute", Key: public,
		Agreement: "DUA-2026-7", From: "2026-09-01", Until: "2027-08-31"}
}

// writeBag writes a BagIt bag with the payload given.
func writeBag(t testing.TB, dir string, payload map[string]string) {
	t.Helper()
	write := func(name, content string) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	manifest := func(files map[string]string) string {
		var lines []string
		for name, content := range files {
			sum := sha256.Sum256([]byte(content))
			lines = append(lines, fmt.Sprintf("%s  %s\n", hex.EncodeToString(sum[:]), name))
		}
		sort.Strings(lines)
		return strings.Join(lines, "")
	}
	tags := map[string]string{
		"bagit.txt":           "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
		"manifest-sha256.txt": manifest(payload),
	}
	for name, content := range payload {
		write(name, content)
	}
	for name, content := range tags {
		write(name, content)
	}
	write("tagmanifest-sha256.txt", manifest(tags))
}

const report = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"

func (w world) subject() release.Subject {
	digest, err := release.BagDigest(storage.Disk{}, w.bag)
	if err != nil {
		w.t.Fatal(err)
	}
	return release.Subject{Bundle: digest, Report: report, Study: "wave-one", Run: "run-1"}
}

func (w world) listed() []release.Officer {
	return []release.Officer{{Name: "Ada Quill", Key: w.officers[0].public}, {Name: "Bo Marsh", Key: w.officers[1].public}}
}

func (w world) approve(officer int, d release.Decision, at time.Time) release.Approval {
	w.t.Helper()
	a, err := release.Approve(w.subject(), w.listed()[officer].Name, d, "", at, w.officers[officer].signer)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w world) order() release.Order {
	return release.Order{
		Bundle: w.bag, Study: "wave-one", Run: "run-1", Report: report, Recipient: w.recipient,
		Officers: w.listed(), Approvals: []release.Approval{w.approve(0, release.Approved, noon), w.approve(1, release.Approved, noon)},
		ConsentHead: "c0ffee", SenderName: "Schoolhouse data team", Sender: w.sender.signer, At: noon,
	}
}

func (w world) store() release.Store { return release.NewStore(storage.Disk{}, w.study) }

func (w world) path(name string) string { return filepath.Join(w.dir, name) }

func (w world) seal(name string) release.Release {
	w.t.Helper()
	r, err := w.store().Seal(context.Background(), w.order(), w.path(name), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w world) opening(handoff, out string) release.Opening {
	return release.Opening{Handoff: w.path(handoff), Out: w.path(out), Identities: w.identities,
		Sender: w.sender.public, Record: w.path("opened.json"), At: noon}
}

func (w world) open(handoff, out string) (release.Opened, error) {
	return release.Open(context.Background(), storage.Disk{}, w.opening(handoff, out), nil)
}

// files reads a folder whole: path to content.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	content := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		relative, _ := filepath.Rel(dir, name)
		content[filepath.ToSlash(relative)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func copyDir(t testing.TB, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func absent(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := os.Lstat(name); err == nil {
			t.Errorf("%s exists", filepath.Base(name))
		}
	}
}

func wantReason(t testing.TB, err error, want release.Reason) {
	t.Helper()
	if got := release.ReasonOf(err); got != want {
		t.Errorf("refused for %q (%v), want %q", got, err, want)
	}
	if err != nil && (strings.Contains(err.Error(), "\n") || strings.HasSuffix(err.Error(), ".")) {
		t.Errorf("the refusal is not one sentence without a full stop: %v", err)
	}
}
