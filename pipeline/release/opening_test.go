package release_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/release"
)

// TestOpeningByHand does what OPENING.md says, with the stock tools.
func TestOpeningByHand(t *testing.T) {
	script, err := filepath.Abs("../../.ci/interop/opening.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"sh", "age", "tar", "sha256sum", "ssh-keygen"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	t.Run("classic", func(t *testing.T) { openByHand(t, script, newWorld(t, false)) })
	t.Run("post-quantum", func(t *testing.T) {
		if version, err := exec.Command("age", "--version").Output(); err != nil || !knowsHybrid(string(version)) {
			t.Skip("the installed age is older than 1.3")
		}
		openByHand(t, script, newWorld(t, true))
	})
}

// knowsHybrid reports whether age's version, such as v1.3.2 or 1.1.1, is one
// that has post-quantum keys.
func knowsHybrid(version string) bool {
	var major, minor int
	_, err := fmt.Sscanf(strings.TrimPrefix(version, "v"), "%d.%d", &major, &minor)
	return err == nil && (major > 1 || minor >= 3)
}

func openByHand(t *testing.T, script string, w world) {
	o := w.order()
	o.PartBytes = 16 << 10
	if _, err := w.store().Seal(context.Background(), o, w.path("hand off"), nil); err != nil {
		t.Fatal(err)
	}
	identity, sender := w.path("identity.txt"), w.path("sender.pub")
	os.WriteFile(identity, []byte(w.identity), 0o600)
	os.WriteFile(sender, []byte(w.sender.public), 0o600)
	run := func(out string) (string, error) {
		said, err := exec.Command(script, w.path("hand off"), identity, sender, w.path(out)).CombinedOutput()
		return string(said), err
	}
	said, err := run("opened by hand")
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if !strings.Contains(said, `Good "veil-release@v1" signature for sender`) {
		t.Errorf("it said:\n%s", said)
	}
	if !maps.Equal(files(t, w.bag), files(t, w.path("opened by hand"))) {
		t.Error("the bundle opened by hand is not the one that was sealed")
	}
	absent(t, w.path("opened by hand.partial"))

	for name, content := range files(t, w.path("hand off")) {
		target := filepath.Join(w.path("hand off"), name)
		at := strings.Index(content, "wave-one")
		if strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".sig") || at < 0 {
			at = len(content) * 2 / 3
		}
		changed := []byte(content)
		changed[at] ^= 1
		os.WriteFile(target, changed, 0o600)
		if said, err := run("bad"); err == nil {
			t.Errorf("%s changed: opened by hand:\n%s", name, said)
		}
		absent(t, w.path("bad"))
		os.RemoveAll(w.path("bad.partial"))
		os.WriteFile(target, []byte(content), 0o600)
	}
	os.WriteFile(sender, []byte(newKey(t).public), 0o600)
	if _, err := run("bad"); err == nil {
		t.Error("another sender's key: opened by hand")
	}
	absent(t, w.path("bad"))
}

func TestOpeningSaysTheNumber(t *testing.T) {
	w := newWorld(t, false)
	w.seal("one")
	w.seal("two")
	text := files(t, w.path("two"))[release.OpeningName]
	if !strings.Contains(text, "The number (`sequence`) is 2;") || !strings.Contains(text, "number 2 as the last one") {
		t.Error("OPENING.md of release 2 does not say its number")
	}
}

func TestOpeningSaysWhichAgeIsNeeded(t *testing.T) {
	for _, postQuantum := range []bool{false, true} {
		w := newWorld(t, postQuantum)
		w.seal("handoff")
		text := files(t, w.path("handoff"))[release.OpeningName]
		if strings.Contains(text, "version 1.3 or newer") != postQuantum {
			t.Errorf("post-quantum %v: OPENING.md says the other", postQuantum)
		}
		if strings.Contains(text, w.dir) || strings.Contains(text, "Ada") {
			t.Error("OPENING.md tells where it was made or who approved")
		}
	}
}
