package release

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// TestWhatIsCutIsWhole: for files of any sizes and parts of any size, opening
// gives back every file, and no part is larger than asked for.
func TestWhatIsCutIsWhole(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(root, "")
		if err != nil {
			t.Fatal(err)
		}
		var listed []Content
		contents := map[string][]byte{}
		for i, size := range rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 1500), rapid.IntRange(0, 70_000)), 1, 6).Draw(t, "sizes") {
			name := fmt.Sprintf("file-%d", i)
			contents[name] = bytes.Repeat([]byte{byte(i + 1)}, size)
			listed = append(listed, Content{Sum{Digest(contents[name]), name}, int64(size)})
			if err := os.WriteFile(filepath.Join(dir, name), contents[name], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		limit := rapid.Int64Range(500, 100_000).Draw(t, "part size")
		sealed, out := filepath.Join(dir, "sealed"), filepath.Join(dir, "out")
		if err := os.Mkdir(sealed, 0o700); err != nil {
			t.Fatal(err)
		}
		parts, err := writeParts(context.Background(), storage.Disk{}, dir, listed, sealed, identity.Recipient(), limit, func(int64) {})
		if err != nil {
			t.Fatal(err)
		}
		x := extraction{fs: storage.Disk{}, dir: out, wanted: map[string]Content{}, folders: map[string]bool{".": true}}
		for i, p := range parts {
			if p.PlaintextBytes > limit || i < len(parts)-1 && p.PlaintextBytes != limit {
				t.Fatalf("part %d of %d holds %d bytes of %d", i+1, len(parts), p.PlaintextBytes, limit)
			}
		}
		for _, f := range listed {
			x.wanted[f.File.Path] = f
		}
		stream := &partReader{fs: storage.Disk{}, dir: sealed, parts: parts, identity: identity}
		if err := x.all(context.Background(), stream, func(int64) {}); err != nil {
			t.Fatal(err)
		}
		for name, want := range contents {
			if got, err := os.ReadFile(filepath.Join(out, name)); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: %d bytes of %d, %v", name, len(got), len(want), err)
			}
		}
	})
}
