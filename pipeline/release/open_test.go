package release_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"
)

func TestOpenGivesBackTheBundle(t *testing.T) {
	for name, c := range map[string]struct {
		postQuantum bool
		partBytes   int64
		parts       int
	}{
		"one part":               {partBytes: 0, parts: 1},
		"parts cut within files": {partBytes: 8 << 10, parts: 8},
		"post-quantum":           {postQuantum: true, parts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.postQuantum)
			o := w.order()
			o.PartBytes = c.partBytes
			var sealed, opened [][2]int64
			r, err := w.store().Seal(context.Background(), o, w.path("handoff"), func(done, total int64) { sealed = append(sealed, [2]int64{done, total}) })
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Parts) != c.parts {
				t.Errorf("%d parts, want %d", len(r.Parts), c.parts)
			}
			for _, p := range r.Parts {
				if c.partBytes > 0 && p.CiphertextBytes > c.partBytes {
					t.Errorf("%s: %d bytes", p.Ciphertext.Path, p.CiphertextBytes)
				}
			}
			verified := ""
			opening := w.opening("handoff", "out")
			opening.Verify = func(_ context.Context, bag string) error { verified = bag; return nil }
			got, err := release.Open(context.Background(), storage.Disk{}, opening, func(done, total int64) { opened = append(opened, [2]int64{done, total}) })
			if err != nil {
				t.Fatal(err)
			}
			if !maps.Equal(files(t, w.bag), files(t, w.path("out"))) {
				t.Error("the opened bundle is not the one that was sealed")
			}
			if got.Approvals != 2 || got.Missed != 0 || got.Release.Sequence != 1 || verified != w.path("out.partial") {
				t.Errorf("opened %+v", got)
			}
			absent(t, w.path("out.partial"), w.path("handoff.partial"))
			checkProgress(t, sealed)
			checkProgress(t, opened)
			if n, err := w.store().VerifyLog(w.sender.public); n != 1 || err != nil {
				t.Errorf("log: %d, %v", n, err)
			}
		})
	}
}

func checkProgress(t *testing.T, steps [][2]int64) {
	t.Helper()
	for i := 1; i < len(steps); i++ {
		if steps[i][0] < steps[i-1][0] || steps[i][1] != steps[0][1] {
			t.Errorf("progress went from %v to %v", steps[i-1], steps[i])
		}
	}
	if last := steps[len(steps)-1]; last[0] != last[1] {
		t.Errorf("progress ended at %d of %d", last[0], last[1])
	}
}

// TestEveryByteCounts changes each byte of the small files of a hand-off and
// many of the ciphertext: nothing opens, and no plaintext shows.
func TestEveryByteCounts(t *testing.T) {
	w := newWorld(t, false)
	w.seal("handoff")
	for name, content := range files(t, w.path("handoff")) {
		step := 1
		if strings.HasSuffix(name, ".age") {
			step = len(content)/150 + 1
		}
		target := filepath.Join(w.path("handoff"), name)
		for at := 0; at < len(content); at += step {
			changed := []byte(content)
			changed[at] ^= 1
			if err := os.WriteFile(target, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := release.VerifyHandoff(context.Background(), storage.Disk{}, w.path("handoff"), w.sender.public, nil)
			if r := release.ReasonOf(err); r != release.Tampered && r != release.WrongSender {
				t.Errorf("%s: byte %d changed: %v", name, at, err)
			}
			if _, err := w.open("handoff", "out"); release.ReasonOf(err) == "" {
				t.Errorf("%s: byte %d changed: opened: %v", name, at, err)
			}
			absent(t, w.path("out"), w.path("out.partial"))
		}
		if err := os.WriteFile(target, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.open("handoff", "out"); err != nil {
		t.Errorf("the untouched hand-off: %v", err)
	}
}

func TestCutAndGrownFilesAreRefused(t *testing.T) {
	w := newWorld(t, false)
	w.seal("handoff")
	for name, content := range files(t, w.path("handoff")) {
		target := filepath.Join(w.path("handoff"), name)
		for length := 0; length < len(content); length += len(content)/40 + 1 {
			os.WriteFile(target, []byte(content[:length]), 0o600)
			_, err := w.open("handoff", "out")
			want := release.Tampered
			if strings.HasSuffix(name, ".age") {
				want = release.Truncated
			}
			wantReason(t, err, want)
			absent(t, w.path("out"), w.path("out.partial"))
		}
		os.WriteFile(target, []byte(content+"\n"), 0o600)
		_, err := w.open("handoff", "out")
		wantReason(t, err, release.Tampered)
		os.Remove(target)
		_, err = w.open("handoff", "out")
		wantReason(t, err, release.MissingFile)
		absent(t, w.path("out"), w.path("out.partial"))
		os.WriteFile(target, []byte(content), 0o600)
	}
}

func TestOpenRefuses(t *testing.T) {
	w := newWorld(t, false)
	w.seal("first")
	w.seal("second")
	other := w
	other.identity, other.identities, other.recipient = newRecipient(t, "hillside", false)
	other.seal("theirs")
	stranger := newKey(t)

	for name, c := range map[string]struct {
		change func(*release.Opening, string)
		want   release.Reason
	}{
		"another identity": {func(o *release.Opening, _ string) { o.Identities = other.identities }, release.WrongRecipient},
		"no identity":      {func(o *release.Opening, _ string) { o.Identities = nil }, release.WrongRecipient},
		"another sender":   {func(o *release.Opening, _ string) { o.Sender = stranger.public }, release.WrongSender},
		"before agreement": {func(o *release.Opening, _ string) { o.At = time.Date(2026, 8, 31, 23, 0, 0, 0, time.UTC) }, release.NoAgreement},
		"agreement over":   {func(o *release.Opening, _ string) { o.At = time.Date(2027, 9, 1, 0, 0, 0, 0, time.UTC) }, release.NoAgreement},
		"target exists":    {func(o *release.Opening, _ string) { o.Out = w.bag }, release.Exists},
		"a file added":     {func(_ *release.Opening, dir string) { os.WriteFile(filepath.Join(dir, "allowed_signers"), nil, 0o600) }, release.ExtraFile},
		"a folder added":   {func(_ *release.Opening, dir string) { os.Mkdir(filepath.Join(dir, "more"), 0o700) }, release.ExtraFile},
		"a part is a link": {func(_ *release.Opening, dir string) {
			part := filepath.Join(dir, "bundle-001.tar.age")
			os.Rename(part, w.path("elsewhere"))
			os.Symlink(w.path("elsewhere"), part)
		}, release.Tampered},
		"another's part": {func(_ *release.Opening, dir string) {
			copyFile(t, filepath.Join(w.path("theirs"), "bundle-001.tar.age"), filepath.Join(dir, "bundle-001.tar.age"))
		}, release.Tampered},
		"another's release.json": {func(_ *release.Opening, dir string) {
			copyFile(t, filepath.Join(w.path("theirs"), "release.json"), filepath.Join(dir, "release.json"))
		}, release.Tampered},
		"another's release.json and signature": {func(_ *release.Opening, dir string) {
			copyFile(t, filepath.Join(w.path("theirs"), "release.json"), filepath.Join(dir, "release.json"))
			copyFile(t, filepath.Join(w.path("theirs"), "release.json.sig"), filepath.Join(dir, "release.json.sig"))
		}, release.WrongRecipient},
		"an older part": {func(_ *release.Opening, dir string) {
			copyFile(t, filepath.Join(w.path("second"), "bundle-001.tar.age"), filepath.Join(dir, "bundle-001.tar.age"))
		}, release.Tampered},
		"the signature of another namespace": {func(_ *release.Opening, dir string) {
			a, err := release.Approve(w.subject(), "Ada Quill", release.Approved, "", noon, w.sender.signer)
			if err != nil {
				t.Fatal(err)
			}
			os.WriteFile(filepath.Join(dir, "release.json"), []byte(a.Statement), 0o600)
			os.WriteFile(filepath.Join(dir, "release.json.sig"), []byte(a.Signature), 0o600)
		}, release.Tampered},
	} {
		t.Run(name, func(t *testing.T) {
			copyDir(t, w.path("first"), w.path("copy"))
			o := w.opening("copy", "out")
			c.change(&o, o.Handoff)
			before := files(t, w.bag)
			_, err := release.Open(context.Background(), storage.Disk{}, o, nil)
			wantReason(t, err, c.want)
			absent(t, w.path("out"), w.path("out.partial"), w.path("opened.json"))
			if !maps.Equal(before, files(t, w.bag)) {
				t.Error("a folder that was there changed")
			}
		})
	}
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOldReleasesAreNotOpenedAgain(t *testing.T) {
	w := newWorld(t, false)
	w.seal("one")
	w.seal("two")
	w.seal("three")
	w.seal("four")
	mustOpen := func(handoff, out string) release.Opened {
		t.Helper()
		o, err := w.open(handoff, out)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	mustOpen("one", "out1")
	mustOpen("two", "out2")
	if o := mustOpen("four", "out4"); o.Missed != 1 {
		t.Errorf("missed %d, want 1", o.Missed)
	}
	for _, old := range []string{"one", "two", "three", "four"} {
		_, err := w.open(old, "again")
		wantReason(t, err, release.Replayed)
		absent(t, w.path("again"))
	}
	o := w.opening("four", "again")
	o.Again = true
	if _, err := release.Open(context.Background(), storage.Disk{}, o, nil); err != nil {
		t.Errorf("the newest, asked for again: %v", err)
	}
	o = w.opening("three", "older")
	o.Again = true
	_, err := release.Open(context.Background(), storage.Disk{}, o, nil)
	wantReason(t, err, release.Replayed)
}

// TestARewrittenHistoryShows: a sender that loses or rewrites its history
// cannot go on as if the researcher had not seen the first one.
func TestARewrittenHistoryShows(t *testing.T) {
	w := newWorld(t, false)
	w.seal("one")
	copyDir(t, w.study, w.path("backup"))
	w.seal("two")
	for i, name := range []string{"one", "two"} {
		if _, err := w.open(name, []string{"out1", "out2"}[i]); err != nil {
			t.Fatal(err)
		}
	}
	copyDir(t, w.path("backup"), w.study)
	w.seal("other-two")
	_, err := w.open("other-two", "x")
	wantReason(t, err, release.BrokenChain)
	w.seal("other-three")
	_, err = w.open("other-three", "x")
	wantReason(t, err, release.BrokenChain)
	if err := os.RemoveAll(filepath.Join(w.study, "releases")); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 3; i++ {
		w.seal("new" + string(rune('a'+i)))
	}
	_, err = w.open("newc", "x")
	wantReason(t, err, release.BrokenChain)
	absent(t, w.path("x"))
}

// TestAVoidReleaseThatArrivedShows: a sender that holds a release for void,
// although the researcher opened one of that number, is told by the next.
func TestAVoidReleaseThatArrivedShows(t *testing.T) {
	w := newWorld(t, false)
	w.seal("one")
	copyDir(t, w.study, w.path("backup"))
	w.seal("two")
	for i, name := range []string{"one", "two"} {
		if _, err := w.open(name, []string{"out1", "out2"}[i]); err != nil {
			t.Fatal(err)
		}
	}
	var three release.Release
	for at := 1; three.Sequence != 3; at++ {
		copyDir(t, w.path("backup"), w.study)
		os.RemoveAll(w.path("three"))
		f := &faults{FS: storage.Disk{}, at: at}
		_, _ = release.NewStore(f, w.study).Seal(context.Background(), w.order(), w.path("three"), nil)
		if f.n < at {
			t.Fatal("no fault made a release void")
		}
		three = w.seal("three")
	}
	if three.Previous.Sequence != 1 {
		t.Fatalf("release 3 follows release %d", three.Previous.Sequence)
	}
	_, err := w.open("three", "x")
	wantReason(t, err, release.BrokenChain)
	absent(t, w.path("x"))
}

func TestABundleThatDoesNotVerifyIsNotShown(t *testing.T) {
	w := newWorld(t, false)
	w.seal("handoff")
	o := w.opening("handoff", "out")
	bad := errors.New("the bag is not valid")
	o.Verify = func(context.Context, string) error { return bad }
	if _, err := release.Open(context.Background(), storage.Disk{}, o, nil); !errors.Is(err, bad) {
		t.Errorf("got %v", err)
	}
	absent(t, w.path("out"), w.path("out.partial"))
}

func TestCancelStops(t *testing.T) {
	w := newWorld(t, false)
	for _, after := range []int{0, 1, 3} {
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		count := func(int64, int64) {
			if calls++; calls > after {
				cancel()
			}
		}
		if _, err := w.store().Seal(ctx, w.order(), w.path("handoff"), count); !errors.Is(err, context.Canceled) {
			t.Errorf("seal: %v", err)
		}
		absent(t, w.path("handoff"), w.path("handoff.partial"))
	}
	w.seal("handoff")
	for _, after := range []int{0, 1, 3} {
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		_, err := release.Open(ctx, storage.Disk{}, w.opening("handoff", "out"), func(int64, int64) {
			if calls++; calls > after {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("open: %v", err)
		}
		absent(t, w.path("out"), w.path("out.partial"))
	}
}

func TestTheSameBundleGivesTheSameArchive(t *testing.T) {
	w := newWorld(t, false)
	a, b := w.seal("one"), w.seal("two")
	if !slices.EqualFunc(a.Parts, b.Parts, func(x, y release.Part) bool { return x.Plaintext == y.Plaintext }) {
		t.Error("two releases of one bundle have different archives")
	}
	one, _ := os.ReadFile(filepath.Join(w.path("one"), a.Parts[0].Ciphertext.Path))
	two, _ := os.ReadFile(filepath.Join(w.path("two"), b.Parts[0].Ciphertext.Path))
	if bytes.Equal(one, two) {
		t.Error("two releases share a file key")
	}
}
