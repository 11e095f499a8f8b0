package release

import (
	"archive/tar"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// entry is one entry of a hostile archive.
type entry struct {
	header  tar.Header
	content string
}

// forge makes a well-signed hand-off around an archive of the test's making,
// as a sender who is an attacker could.
func forge(t *testing.T, dir string, entries []entry, change func(*Release)) (sender string, identities []Identity) {
	t.Helper()
	private, sender, err := GenerateSigningKey("")
	if err != nil {
		t.Fatal(err)
	}
	signer, _ := ssh.ParsePrivateKey(private)
	file, public, err := GenerateIdentity(false)
	if err != nil {
		t.Fatal(err)
	}
	identities, err = ParseIdentities([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, e := range entries {
		e.header.Size = int64(len(e.content))
		if err := w.WriteHeader(&e.header); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(e.content))
	}
	w.Close()
	var sealed bytes.Buffer
	to, _ := age.ParseX25519Recipient(public)
	encrypted, _ := age.Encrypt(&sealed, to)
	encrypted.Write(archive.Bytes())
	encrypted.Close()

	secret, logKey, err := newLogKey()
	if err != nil {
		t.Fatal(err)
	}
	h := History{LogKey: logKey}
	if err := h.sign(secret, nil); err != nil {
		t.Fatal(err)
	}
	recipient := Recipient{Name: "lakeside", Key: public, Agreement: "A", From: "2026-01-01", Until: "2026-12-31"}
	bag := Sum{Digest([]byte("bag")), tagManifestName}
	r := Release{
		Format: releaseFormat, ID: "x", Sequence: 1, Created: day,
		Sender: Party{Fingerprint: ssh.FingerprintSHA256(signer.PublicKey())}, Recipient: recipient, Fingerprint: recipient.Fingerprint(),
		Bag: bag, Approvals: []Approval{}, Opening: Sum{Digest([]byte("open")), OpeningName},
		Log: LogView{Key: logKey, Checkpoint: h.Checkpoint, PreviousIndex: -1, Inclusion: []string{}, Consistency: []string{}},
		Parts: []Part{{Sum{Digest(sealed.Bytes()), "bundle-001.tar.age"}, int64(sealed.Len()),
			Sum{Digest(archive.Bytes()), "bundle-001.tar"}, int64(archive.Len())}},
		Files: []Content{{bag, 3}, {Sum{Digest([]byte("content")), "data/file"}, 7}},
	}
	change(&r)
	document, err := encode(r)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := sign(document, signer, ReleaseNamespace)
	if err != nil {
		t.Fatal(err)
	}
	os.MkdirAll(dir, 0o700)
	for name, data := range map[string][]byte{FileName: document, SignatureName: []byte(signature), OpeningName: []byte("open"), "bundle-001.tar.age": sealed.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return sender, identities
}

var day = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

func TestAHostileSenderWritesNothingOutside(t *testing.T) {
	bag := entry{tar.Header{Name: tagManifestName, Mode: 0o644}, "bag"}
	file := entry{tar.Header{Name: "data/file", Mode: 0o644}, "content"}
	named := func(name string) entry { return entry{tar.Header{Name: name, Mode: 0o644}, "content"} }
	typed := func(flag byte) entry {
		return entry{tar.Header{Name: "data/file", Typeflag: flag, Linkname: "/etc/passwd"}, ""}
	}
	same := func(*Release) {}
	// A link or device has no content: listed as an empty file, its size fits.
	empty := func(r *Release) { r.Files[1] = Content{Sum{Digest(nil), "data/file"}, 0} }
	for name, c := range map[string]struct {
		entries []entry
		change  func(*Release)
		want    Reason
	}{
		"honest":              {[]entry{bag, file}, same, ""},
		"parent path":         {[]entry{bag, named("../escaped")}, same, Tampered},
		"absolute path":       {[]entry{bag, named("/tmp/escaped")}, same, Tampered},
		"a file not listed":   {[]entry{bag, file, named("data/more")}, same, Tampered},
		"a file twice":        {[]entry{bag, file, file}, same, Tampered},
		"a file missing":      {[]entry{bag}, same, MissingFile},
		"a symbolic link":     {[]entry{bag, typed(tar.TypeSymlink)}, empty, Tampered},
		"a hard link":         {[]entry{bag, typed(tar.TypeLink)}, empty, Tampered},
		"a device":            {[]entry{bag, typed(tar.TypeChar)}, empty, Tampered},
		"a pipe":              {[]entry{bag, typed(tar.TypeFifo)}, empty, Tampered},
		"a folder":            {[]entry{bag, {tar.Header{Name: "data/", Typeflag: tar.TypeDir}, ""}, file}, same, Tampered},
		"larger than listed":  {[]entry{bag, {tar.Header{Name: "data/file"}, "content and more"}}, same, Tampered},
		"other content":       {[]entry{bag, {tar.Header{Name: "data/file"}, "Content"}}, same, Tampered},
		"no archive":          {nil, same, MissingFile},
		"other plaintext":     {[]entry{bag, file}, func(r *Release) { r.Parts[0].Plaintext.SHA256 = Digest(nil) }, Tampered},
		"longer plaintext":    {[]entry{bag, file}, func(r *Release) { r.Parts[0].PlaintextBytes++ }, Tampered},
		"listed outside":      {[]entry{bag, named("../escaped")}, func(r *Release) { r.Files[1].File.Path = "../escaped" }, Tampered},
		"listed absolute":     {[]entry{bag, named("/tmp/escaped")}, func(r *Release) { r.Files[1].File.Path = "/tmp/escaped" }, Tampered},
		"listed with a drive": {[]entry{bag, file}, func(r *Release) { r.Files[1].File.Path = "C:escaped" }, Tampered},
		"listed in two cases": {[]entry{bag, file}, func(r *Release) {
			r.Files = append(r.Files, Content{Sum{Digest(nil), "Data/FILE"}, 0})
		}, Tampered},
		"a part elsewhere":        {[]entry{bag, file}, func(r *Release) { r.Parts[0].Ciphertext.Path = "x/bundle-001.tar.age" }, Tampered},
		"no bag among the files":  {[]entry{bag, file}, func(r *Release) { r.Bag.SHA256 = Digest(nil) }, Tampered},
		"a log of another size":   {[]entry{bag, file}, func(r *Release) { r.Log.Index = 1 }, BrokenChain},
		"a previous not in a log": {[]entry{bag, file}, func(r *Release) { r.Sequence, r.Previous = 2, &Link{1, Digest(nil)} }, BrokenChain},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			handoff, out := filepath.Join(dir, "in", "handoff"), filepath.Join(dir, "in", "out")
			sender, identities := forge(t, handoff, c.entries, c.change)
			_, err := Open(context.Background(), storage.Disk{}, Opening{Handoff: handoff, Out: out, Identities: identities, Sender: sender, At: day}, nil)
			if ReasonOf(err) != c.want || (err == nil) != (c.want == "") {
				t.Errorf("got %v, want %q", err, c.want)
			}
			left, _ := filepath.Glob(filepath.Join(dir, "*", "*"))
			wanted := 1
			if c.want == "" {
				wanted = 2
			}
			outside, _ := os.ReadDir(dir)
			if len(left) != wanted || len(outside) != 1 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestPartsStayBelowTheirLimit holds age's overhead to what plaintextLimit
// allows for it, for the largest header.
func TestPartsStayBelowTheirLimit(t *testing.T) {
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int64{minimumPart, 64 << 10, 1 << 20, 3<<20 + 1} {
		var b bytes.Buffer
		w, err := age.Encrypt(&b, i.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		w.Write(make([]byte, plaintextLimit(limit)))
		w.Close()
		if int64(b.Len()) > limit || int64(b.Len()) < limit-8<<10 {
			t.Errorf("limit %d: %d bytes", limit, b.Len())
		}
	}
}
