package bundle_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

var update = flag.Bool("update", false, "write the golden files of testdata")

// The descriptors of a small bundle and of one without sessions are kept to be
// looked at.
func TestDescriptors(t *testing.T) {
	for name, parts := range map[string][]rows{"small": {circles(), lines()}, "empty": nil} {
		t.Run(name, func(t *testing.T) {
			bag := made(t)
			closed(t, bag, parts...)
			if err := bundle.Verify(context.Background(), disk(), bag, nil); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name)
			got := contents(t, bag)
			maps.DeleteFunc(got, func(path, _ string) bool {
				return strings.HasPrefix(path, "data/tables/") || strings.HasPrefix(path, "data/audio/")
			})
			if *update {
				write(t, golden, got)
			}
			want := contents(t, golden)
			if !slices.Equal(sorted(got), sorted(want)) {
				t.Fatalf("descriptors are %v, want %v", sorted(got), sorted(want))
			}
			for path, text := range got {
				if text != want[path] {
					t.Errorf("%s is not the one in %s; run go test -update and look at what changed", path, golden)
				}
			}
		})
	}
}

func write(t rapid.TB, dir string, files map[string]string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for path, text := range files {
		name := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func TestFinishAgainGivesTheSameBytes(t *testing.T) {
	bag := made(t)
	digest := closed(t, bag, circles(), lines())
	want := contents(t, bag)
	for _, leftover := range []string{"tagmanifest-sha256.txt.partial", "data/README.md.partial"} {
		if err := os.WriteFile(filepath.Join(bag, filepath.FromSlash(leftover)), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again, err := bundle.Finish(context.Background(), disk(), bag, meta(), nil)
	if err != nil || again != digest {
		t.Fatalf("digest %s, then %s, error %v", digest, again, err)
	}
	if !maps.Equal(contents(t, bag), want) {
		t.Error("finishing again changed a file")
	}
}

func TestDigestBindsEverything(t *testing.T) {
	seen := map[bundle.Digest]string{closed(t, made(t), circles(), lines()): "the bundle"}
	for name, change := range map[string]func(*rows, *bundle.Meta){
		"a letter":        func(r *rows, _ *bundle.Meta) { r.Utterances[5].Text += "." },
		"a policy's word": func(_ *rows, m *bundle.Meta) { m.Policies[0].Meaning += "." },
		"the software":    func(_ *rows, m *bundle.Meta) { m.Software = "veil 1.0.1" },
		"a context":       func(_ *rows, m *bundle.Meta) { m.Contexts = m.Contexts[:1] },
	} {
		r, m, bag := circles(), meta(), made(t)
		change(&r, &m)
		open(t, bag, r, lines())
		d, err := bundle.Finish(context.Background(), disk(), bag, m, nil)
		if err != nil {
			t.Fatal(err)
		}
		if other, same := seen[d]; same {
			t.Errorf("%s: the digest is that of %s", name, other)
		}
		seen[d] = name
	}
}

func TestEveryColumnIsDescribed(t *testing.T) {
	bag := made(t)
	closed(t, bag, circles())
	files := contents(t, bag)
	lines, err := csv.NewReader(strings.NewReader(files["data/dictionary.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	meanings := map[string]string{}
	for _, l := range lines[1:] {
		meanings[l[0]+"."+l[1]] = l[6]
	}
	var p struct {
		Resources []struct {
			Name   string
			Schema struct {
				Fields []struct {
					Name, Description string
					Items             struct{ Properties map[string]any }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(files["data/datapackage.json"]), &p); err != nil {
		t.Fatal(err)
	}
	packaged := map[string]string{}
	for _, r := range p.Resources {
		for _, f := range r.Schema.Fields {
			packaged[r.Name+"."+f.Name] = f.Description
			for e := range f.Items.Properties {
				packaged[r.Name+"."+f.Name+"."+e] = "described as an item"
			}
		}
	}
	var crate struct {
		Graph []struct {
			ID string `json:"@id"`
		} `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(files["data/ro-crate-metadata.json"]), &crate); err != nil {
		t.Fatal(err)
	}
	measured := map[string]bool{}
	for _, e := range crate.Graph {
		measured[e.ID] = true
	}
	for _, tab := range table.Tables() {
		for _, c := range tab.Flat() {
			name := tab.Name + "." + c.Name
			if meanings[name] != c.Meaning {
				t.Errorf("dictionary.csv says of %s: %q", name, meanings[name])
			}
			if packaged[name] == "" {
				t.Errorf("datapackage.json does not describe %s", name)
			}
			if !measured["#"+name] {
				t.Errorf("ro-crate-metadata.json does not describe %s", name)
			}
		}
	}
}

// A README that does not show a policy, or that tells when it was made, is
// wrong whatever its golden file says.
func TestReadmeShowsThePolicies(t *testing.T) {
	bag := made(t)
	closed(t, bag, circles(), lines())
	readme := contents(t, bag)["data/README.md"]
	for _, want := range []string{
		"# Geometry, spoken <aloud> & written\n", "| dates | shifted | All days are moved", `| speakers | keep \| drop |`,
		"| sessions | 2, begun from 2031-05-18 to 2031-05-20", "| people | 4 |", "| utterances | 7 |", "| chat messages | 8 |", "| sound files | 2 |",
		"pd.read_parquet(", "open_dataset(", "read_parquet('tables/utterances/*.parquet')",
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.md does not say %q", want)
		}
	}
}

func TestFinishRefuses(t *testing.T) {
	put := func(path string) func(*testing.T, string, *bundle.Meta) {
		return func(t *testing.T, bag string, _ *bundle.Meta) {
			name := filepath.Join(bag, filepath.FromSlash(path))
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		spoil func(*testing.T, string, *bundle.Meta)
		want  string
	}{
		"a stray file":           {put("data/Ann's notes.txt"), "file 1 in order of path is neither"},
		"a file beside the data": {put("fetch.txt"), "neither"},
		"another table":          {put("data/tables/teachers/part-00001.parquet"), "neither"},
		"a part in a folder":     {put("data/tables/sessions/old/part-00001.parquet"), "neither"},
		"audio by another name":  {put("data/audio/Ann Example.m4a"), "neither"},
		"a line end in a name":   {put("data/audio/A\n1.m4a"), "entry 1 of data/audio"},
		"an escape in a name":    {put("data/audio/A\x1b[2J.m4a"), "entry 1 of data/audio"},
		"a percent sign":         {put("data/audio/A%0a.m4a"), "entry 1 of data/audio"},
		"a letter beyond ASCII":  {put("data/audio/Ä.m4a"), "entry 2 of data/audio"},
		"a link": {func(t *testing.T, bag string, _ *bundle.Meta) {
			if err := os.Symlink("A-circles.m4a", filepath.Join(bag, "data", "audio", "A-1.m4a")); err != nil {
				t.Skip(err)
			}
		}, "link"},
		"a damaged part": {func(t *testing.T, bag string, _ *bundle.Meta) {
			if err := os.WriteFile(filepath.Join(bag, "data", "tables", "sessions", "part-00001.parquet"), []byte("PAR1"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "tables/sessions/part-00001.parquet"},
		"no day": {func(t *testing.T, bag string, _ *bundle.Meta) {
			r := circles()
			r.Sessions[0].Started = "soon"
			r.write(t, bag, 1)
		}, "tables/sessions/part-00001.parquet, row 1: started"},
		"a title of two lines":  {func(_ *testing.T, _ string, m *bundle.Meta) { m.Title = "a\nPayload-Oxum: 1.1" }, "single lines"},
		"a policy out of UTF-8": {func(_ *testing.T, _ string, m *bundle.Meta) { m.Policies[0].Choice = "\xff" }, "single lines"},
		"no name":               {func(_ *testing.T, _ string, m *bundle.Meta) { m.Study = "" }, "name"},
	} {
		t.Run(name, func(t *testing.T) {
			bag, m := made(t), meta()
			open(t, bag, circles())
			c.spoil(t, bag, &m)
			_, err := bundle.Finish(context.Background(), disk(), bag, m, nil)
			if err == nil {
				t.Fatal("the bag was closed")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %q, want it to say %q", err, c.want)
			}
			for _, personal := range []string{"Ann", "\x1b", "soon"} {
				if strings.Contains(err.Error(), personal) {
					t.Errorf("error tells what it read: %q", err)
				}
			}
			if _, err := os.Stat(filepath.Join(bag, "tagmanifest-sha256.txt")); err == nil {
				t.Error("a refused bag has a tag manifest")
			}
		})
	}
}

func TestProgressCountsBytes(t *testing.T) {
	bag := made(t)
	open(t, bag, circles(), lines())
	var want int64
	for _, text := range contents(t, bag) {
		want += int64(len(text))
	}
	last := int64(-1)
	tell := func(done, total int64) {
		if total != want || done < last || done > total {
			t.Errorf("told %d of %d after %d, want %d in all", done, total, last, want)
		}
		last = done
	}
	if _, err := bundle.Finish(context.Background(), disk(), bag, meta(), tell); err != nil {
		t.Fatal(err)
	}
	if last != want {
		t.Errorf("the last progress was %d of %d", last, want)
	}
}

func TestFinishStopsWhenAsked(t *testing.T) {
	bag := made(t)
	open(t, bag, circles())
	ctx, cancel := context.WithCancel(context.Background())
	_, err := bundle.Finish(ctx, disk(), bag, meta(), func(done, _ int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestFinishAfterAnyFault(t *testing.T) {
	bag := made(t)
	want := closed(t, bag, circles(), lines())
	counting := disk()
	if _, err := bundle.Finish(context.Background(), counting, bag, meta(), nil); err != nil {
		t.Fatal(err)
	}
	for at := 1; at <= counting.n; at++ {
		_, err := bundle.Finish(context.Background(), &faults{FS: storage.Disk{}, at: at, down: at%2 == 0}, bag, meta(), nil)
		if !errors.Is(err, errFault) {
			t.Fatalf("operation %d of %d failed, and the error is %v", at, counting.n, err)
		}
		if err := bundle.Verify(context.Background(), disk(), bag, nil); err == nil {
			if _, err := os.Stat(filepath.Join(bag, "tagmanifest-sha256.txt")); err != nil {
				t.Fatalf("operation %d: a bag without tag manifest is valid", at)
			}
		}
		if d, err := bundle.Finish(context.Background(), disk(), bag, meta(), nil); err != nil || d != want {
			t.Fatalf("after operation %d failed: digest %s, error %v", at, d, err)
		}
	}
}
