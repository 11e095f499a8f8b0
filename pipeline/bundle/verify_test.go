package bundle_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/storage"
)

func TestVerifyFindsEveryDamage(t *testing.T) {
	const part = "data/tables/utterances/part-00002.parquet"
	for name, c := range map[string]struct {
		damage func(*testing.T, string)
		path   string
		kind   bundle.Kind
	}{
		"a byte of a table":          {flip(part), part, bundle.Changed},
		"a byte of audio":            {flip("data/audio/A-lines.wav"), "data/audio/A-lines.wav", bundle.Changed},
		"a byte of the README":       {flip("data/README.md"), "data/README.md", bundle.Changed},
		"a byte of bag-info":         {flip("bag-info.txt"), "bag-info.txt", bundle.Changed},
		"a byte of the manifest":     {flip("manifest-sha256.txt"), "manifest-sha256.txt", bundle.Changed},
		"a byte of the declaration":  {flip("bagit.txt"), "bagit.txt", bundle.Malformed},
		"a cut table":                {cut(part), part, bundle.Changed},
		"an empty file":              {func(t *testing.T, bag string) { put(t, bag, part, "") }, part, bundle.Changed},
		"a longer file":              {func(t *testing.T, bag string) { put(t, bag, part, got(t, bag, part)+"\x00") }, part, bundle.Changed},
		"a missing table":            {gone(part), part, bundle.Missing},
		"missing audio":              {gone("data/audio/A-circles.m4a"), "data/audio/A-circles.m4a", bundle.Missing},
		"no declaration":             {gone("bagit.txt"), "bagit.txt", bundle.Missing},
		"no bag-info":                {gone("bag-info.txt"), "bag-info.txt", bundle.Missing},
		"no manifest":                {gone("manifest-sha256.txt"), "manifest-sha256.txt", bundle.Missing},
		"no tag manifest":            {gone("tagmanifest-sha256.txt"), "tagmanifest-sha256.txt", bundle.Missing},
		"an extra file":              {func(t *testing.T, bag string) { put(t, bag, "data/notes.txt", "mine") }, "data/notes.txt", bundle.Extra},
		"an extra part":              {func(t *testing.T, bag string) { put(t, bag, "data/tables/audio/part-00003.parquet", "") }, "data/tables/audio/part-00003.parquet", bundle.Extra},
		"a file beside the data":     {func(t *testing.T, bag string) { put(t, bag, "fetch.txt", "") }, "fetch.txt", bundle.Extra},
		"a manifest by another sum":  {func(t *testing.T, bag string) { put(t, bag, "manifest-md5.txt", "") }, "manifest-md5.txt", bundle.Extra},
		"a renamed file":             {func(t *testing.T, bag string) { rename(t, bag, part, "data/tables/utterances/part-00003.parquet") }, "data/tables/utterances/part-00003.parquet", bundle.Extra},
		"two files swapped":          {swapped, "data/audio/A-circles.m4a", bundle.Changed},
		"a hostile name":             {func(t *testing.T, bag string) { put(t, bag, "data/\x1b[2J", "") }, "entry 1 of data", bundle.Hostile},
		"a file turned into a link":  {linked, "entry 1 of data/audio", bundle.Hostile},
		"a file turned into folder":  {func(t *testing.T, bag string) { gone(part)(t, bag); put(t, bag, part+"/x", "") }, part + "/x", bundle.Extra},
		"a cut manifest":             {tags(func(m string) string { return m[:len(m)-1] }), "tagmanifest-sha256.txt", bundle.Malformed},
		"a line twice":               {tags(func(m string) string { return m + m[:strings.Index(m, "\n")+1] }), "tagmanifest-sha256.txt", bundle.Malformed},
		"an upper-case digest":       {tags(strings.ToUpper), "tagmanifest-sha256.txt", bundle.Malformed},
		"a fetch that was listed":    {tags(func(m string) string { return m + strings.Repeat("0", 64) + "  fetch.txt\n" }), "tagmanifest-sha256.txt", bundle.Malformed},
		"a manifest without payload": {tags(func(m string) string { return without(m, "manifest-sha256.txt") }), "tagmanifest-sha256.txt", bundle.Malformed},
		"a path out of the bag":      {payloadManifest(func(m string) string { return strings.Repeat("0", 64) + "  data/../../etc/passwd\n" + m }), "manifest-sha256.txt", bundle.Malformed},
		"a path out of the payload":  {payloadManifest(func(m string) string { return strings.Repeat("0", 64) + "  bag-info2.txt\n" + m }), "manifest-sha256.txt", bundle.Malformed},
		"an absolute path":           {payloadManifest(func(m string) string { return strings.Repeat("0", 64) + "  /etc/passwd\n" + m }), "manifest-sha256.txt", bundle.Malformed},
		"a wrong Oxum":               {info(func(i string) string { return strings.Replace(i, "Oxum: ", "Oxum: 1", 1) }), "bag-info.txt", bundle.Changed},
		"no Oxum":                    {info(func(i string) string { return i[:strings.Index(i, "Payload-Oxum")] }), "bag-info.txt", bundle.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			bag := made(t)
			closed(t, bag, circles(), lines())
			c.damage(t, bag)
			err := bundle.Verify(context.Background(), disk(), bag, nil)
			var d bundle.Damage
			if !errors.As(err, &d) || d.Path != c.path || d.Kind != c.kind {
				t.Fatalf("error is %v, want %s %s", err, c.path, c.kind)
			}
			if !strings.Contains(err.Error(), c.path) || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("error is %q", err)
			}
		})
	}
}

func TestVerifyReadsEveryByte(t *testing.T) {
	bag := made(t)
	closed(t, bag, circles(), lines())
	var want, last int64
	for _, text := range contents(t, bag) {
		want += int64(len(text))
	}
	if err := bundle.Verify(context.Background(), disk(), bag, func(done, total int64) {
		if last = done; total != want {
			t.Errorf("told of %d bytes, want %d", total, want)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if last != want {
		t.Errorf("read %d bytes of %d", last, want)
	}
}

func TestVerifyTellsAFaultFromADamage(t *testing.T) {
	bag := made(t)
	closed(t, bag, circles())
	counting := disk()
	if err := bundle.Verify(context.Background(), counting, bag, nil); err != nil {
		t.Fatal(err)
	}
	for at := 1; at <= counting.n; at++ {
		err := bundle.Verify(context.Background(), &faults{FS: storage.Disk{}, at: at}, bag, nil)
		var d bundle.Damage
		if !errors.Is(err, errFault) || errors.As(err, &d) {
			t.Fatalf("operation %d of %d failed, and the error is %v", at, counting.n, err)
		}
	}
}

func got(t *testing.T, bag, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(bag, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func put(t *testing.T, bag, path, text string) {
	t.Helper()
	name := filepath.Join(bag, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func flip(path string) func(*testing.T, string) {
	return func(t *testing.T, bag string) {
		data := bytes.Clone([]byte(got(t, bag, path)))
		data[len(data)/2] ^= 1
		put(t, bag, path, string(data))
	}
}

func cut(path string) func(*testing.T, string) {
	return func(t *testing.T, bag string) {
		data := got(t, bag, path)
		put(t, bag, path, data[:len(data)-1])
	}
}

func gone(path string) func(*testing.T, string) {
	return func(t *testing.T, bag string) {
		if err := os.Remove(filepath.Join(bag, filepath.FromSlash(path))); err != nil {
			t.Fatal(err)
		}
	}
}

func rename(t *testing.T, bag, from, to string) {
	put(t, bag, to, got(t, bag, from))
	gone(from)(t, bag)
}

func swapped(t *testing.T, bag string) {
	const one, other = "data/audio/A-circles.m4a", "data/audio/A-lines.wav"
	text := got(t, bag, one)
	put(t, bag, one, got(t, bag, other))
	put(t, bag, other, text)
}

func linked(t *testing.T, bag string) {
	const one = "data/audio/A-circles.m4a"
	outside := filepath.Join(filepath.Dir(bag), "outside")
	if err := os.Rename(filepath.Join(bag, filepath.FromSlash(one)), outside); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(bag, filepath.FromSlash(one))); err != nil {
		t.Skip(err)
	}
}

// tags changes the tag manifest, which nothing in the bag binds.
func tags(change func(string) string) func(*testing.T, string) {
	return func(t *testing.T, bag string) {
		put(t, bag, "tagmanifest-sha256.txt", change(got(t, bag, "tagmanifest-sha256.txt")))
	}
}

func without(manifest, path string) string {
	var kept strings.Builder
	for line := range strings.Lines(manifest) {
		if !strings.HasSuffix(line, "  "+path+"\n") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// forged changes a tag file and lists its new digest.
func forged(path string, change func(string) string) func(*testing.T, string) {
	return func(t *testing.T, bag string) {
		text := change(got(t, bag, path))
		put(t, bag, path, text)
		sum := sha256.Sum256([]byte(text))
		tags(func(m string) string { return without(m, path) + hex.EncodeToString(sum[:]) + "  " + path + "\n" })(t, bag)
	}
}

func payloadManifest(change func(string) string) func(*testing.T, string) {
	return forged("manifest-sha256.txt", change)
}

func info(change func(string) string) func(*testing.T, string) {
	return forged("bag-info.txt", change)
}
