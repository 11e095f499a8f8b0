package table_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

func TestRowsComeBackAsTheyWere(t *testing.T) {
	dir := t.TempDir()
	want := lesson()
	files, err := want.write(storage.Disk{}, dir, 7)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir, 7); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if len(files) != len(table.Names()) {
		t.Fatalf("%d parts, want one a table", len(files))
	}
	counts := map[string]int64{"sessions": 2, "participants": 2, "utterances": 3, "messages": 3, "audio": 2}
	for i, f := range files {
		if f.Table != table.Names()[i] || f.Path != table.PartPath(f.Table, 7) || f.Rows != counts[f.Table] {
			t.Errorf("part %d is %+v", i, f)
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); f.SHA256 != hex.EncodeToString(sum[:]) || f.Bytes != int64(len(data)) {
			t.Errorf("%s: digest or size is not the file's", f.Path)
		}
	}
}

func TestAnyRowsComeBackAsTheyWere(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		want := anyRows().Draw(t, "rows")
		if _, err := want.write(storage.Disk{}, dir, 0); err != nil {
			t.Fatal(err)
		}
		if got := read(t, dir, 0); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestSameRowsGiveSameBytes(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRows().Draw(t, "rows")
		a, err := r.write(storage.Disk{}, first, 1)
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.write(storage.Disk{}, second, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a, b) {
			t.Fatal("the same rows gave other bytes")
		}
	})
}

func TestAPartWithoutRowsIsAWholeFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := (rows{}).write(storage.Disk{}, dir, 0); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir, 0); !reflect.DeepEqual(got, rows{}) {
		t.Errorf("got %+v from empty parts", got)
	}
}

// A part larger than a row group is cut into several, and rows do not shift at
// the cuts.
func TestManyRowGroups(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 160 MB")
	}
	dir := t.TempDir()
	s, err := table.Create(storage.Disk{}, dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	const n = 5000
	row := func(i int) table.Utterance {
		u := table.Utterance{SessionID: "s", Index: int32(i), Text: strings.Repeat(string(rune('a'+i%26)), 32<<10)}
		for j := range i % 5 {
			u.Redactions = append(u.Redactions, table.Redaction{Kind: "PERSON", Start: int32(j), End: int32(j + 1), Label: "PERSON_1"})
		}
		return u
	}
	for i := range n {
		if err := s.Utterance(row(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Close(); err != nil {
		t.Fatal(err)
	}
	i := 0
	path := filepath.Join(dir, filepath.FromSlash(table.PartPath("utterances", 0)))
	for got, err := range table.Read[table.Utterance](storage.Disk{}, path) {
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, row(i)) {
			t.Fatalf("row %d is not what was written", i)
		}
		i++
	}
	if i != n {
		t.Errorf("%d rows, want %d", i, n)
	}
	if groups := rowGroups(t, path); groups < 2 {
		t.Errorf("%d row groups for %d MB", groups, n*32>>10)
	}
}

func TestValuesYieldsEveryText(t *testing.T) {
	dir := t.TempDir()
	want := lesson()
	if _, err := want.write(storage.Disk{}, dir, 2); err != nil {
		t.Fatal(err)
	}
	var got []table.Value
	for _, name := range table.Names() {
		for v, err := range table.Values(filepath.Join(dir, filepath.FromSlash(table.PartPath(name, 2)))) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, v)
		}
	}
	for _, v := range []table.Value{
		{Row: 1, Session: "s-2", Column: "started", Text: "2026-03-02T15:00:00-05:00"},
		{Row: 0, Session: "s-1", Column: "role", Text: "tutor"},
		{Row: 0, Session: "s-1", Index: 1, Column: "text", Text: want.Utterances[0].Text},
		{Row: 1, Session: "s-1", Index: 2, Column: "text", Text: ""},
		{Row: 2, Session: "s-1", Index: 3, Column: "redactions.label", Text: "PERSON_2999"},
		{Row: 1, Session: "s-1", Index: 2, Column: "quoted", Text: "[EMAIL] or [PHONE]"},
		{Row: 1, Session: "s-1", Index: 2, Column: "quoted_redactions.kind", Text: "PHONE"},
		{Row: 2, Session: "s-1", Index: 3, Column: "emoji", Text: "👍🏿"},
		{Row: 0, Session: "s-1", Column: "muted.reason", Text: "speaker"},
		{Row: 1, Session: "s-1", Column: "sha256", Text: strings.Repeat("ff", 32)},
	} {
		if !slices.Contains(got, v) {
			t.Errorf("%+v was not yielded", v)
		}
	}
	// sessions 3 texts a row, participants 4, and so on; nulls yield nothing.
	if want := 2*3 + 2*4 + (4 + 3 + 3 + 3001*2) + (6 + 7 + 4 + 7) + (4 + 4 + 2); len(got) != want {
		t.Errorf("%d values, want %d", len(got), want)
	}
}

func TestValuesOfAMissingPart(t *testing.T) {
	for _, err := range table.Values(filepath.Join(t.TempDir(), "part-00000.parquet")) {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v, want one that is fs.ErrNotExist", err)
		}
	}
}

func TestRefusedRows(t *testing.T) {
	for _, c := range []struct {
		what string
		rows rows
		want string
	}{
		{"bytes that are no text", rows{Sessions: []table.Session{{SessionID: "ok"}, {Context: "a\xffb"}}}, "table sessions, row 2, column context"},
		{"a byte offset beyond the text", rows{Utterances: []table.Utterance{{Text: "é", Redactions: []table.Redaction{{Start: 0, End: 2}}}}}, "table utterances, row 1, column redactions"},
		{"an empty place", rows{Messages: []table.Message{{Text: "ab", Redactions: []table.Redaction{{Start: 1, End: 1}}}}}, "table messages, row 1, column redactions"},
		{"a place in a quote that is not there", rows{Messages: []table.Message{{QuotedRedactions: []table.Redaction{{Start: 0, End: 1}}}}}, "table messages, row 1, column quoted_redactions"},
	} {
		_, err := c.rows.write(storage.Disk{}, t.TempDir(), 0)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it refused at %s", c.what, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "\xff") {
			t.Errorf("%s: the error quotes the value", c.what)
		}
	}
}

// A damaged part gives an error or the rows it had, and never a panic.
func TestDamagedParts(t *testing.T) {
	dir := t.TempDir()
	if _, err := lesson().write(storage.Disk{}, dir, 0); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, filepath.FromSlash(table.PartPath("messages", 0)))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	use := func(data []byte) (failed bool) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, err := range table.Read[table.Message](storage.Disk{}, path) {
			failed = failed || err != nil
		}
		for _, err := range table.Values(path) {
			failed = failed || err != nil
		}
		return failed
	}
	for _, n := range []int{0, 3, 4, 12, len(whole) / 2, len(whole) - 1} {
		if !use(whole[:n]) {
			t.Errorf("cut to %d bytes, the part reads as whole", n)
		}
	}
	for i := 4; i < len(whole)-4; i += 1 + len(whole)/400 {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x41
		use(damaged)
	}
}

func TestAnotherTablesPart(t *testing.T) {
	dir := t.TempDir()
	if _, err := lesson().write(storage.Disk{}, dir, 0); err != nil {
		t.Fatal(err)
	}
	for _, err := range table.Read[table.Message](storage.Disk{}, filepath.Join(dir, filepath.FromSlash(table.PartPath("utterances", 0)))) {
		if err == nil {
			t.Fatal("utterances read as messages")
		}
	}
}

// Every failing operation of the file tree is an error of the shard.
func TestFailingStorage(t *testing.T) {
	dir := t.TempDir()
	for i := 1; ; i++ {
		f := &failing{FS: storage.Disk{}, left: i}
		_, err := lesson().write(f, dir, 0)
		if f.left > 0 {
			if err != nil {
				t.Fatalf("nothing failed, and yet: %v", err)
			}
			if i < 20 {
				t.Fatalf("only %d operations were counted", i)
			}
			return
		}
		if !errors.Is(err, errFull) {
			t.Fatalf("operation %d failed, and the shard said %v", i, err)
		}
	}
}

func TestPartNames(t *testing.T) {
	for base, want := range map[string]int{"part-00000.parquet": 0, "part-00042.parquet": 42, "part-123456.parquet": 123456} {
		if n, ok := table.PartNumber(base); !ok || n != want {
			t.Errorf("%s: %d, %v", base, n, ok)
		}
	}
	for _, base := range []string{"part-1.parquet", "part-000042.parquet", "part-00001.parquet.partial", "part--0001.parquet", "x"} {
		if _, ok := table.PartNumber(base); ok {
			t.Errorf("%s: is no part's name", base)
		}
	}
}

func TestEveryColumnIsDescribed(t *testing.T) {
	for _, tab := range table.Tables() {
		names := map[string]bool{}
		for _, c := range tab.Flat() {
			names[c.Name] = true
			if !strings.HasSuffix(c.Meaning, ".") || c.Type == "" {
				t.Errorf("%s.%s: has no meaning or no type", tab.Name, c.Name)
			}
			if strings.HasSuffix(c.Name, "_ms") && c.Unit != "milliseconds" {
				t.Errorf("%s.%s: has no unit", tab.Name, c.Name)
			}
			if strings.Contains(c.Meaning, "ull ") && !c.Nullable {
				t.Errorf("%s.%s: speaks of null and cannot be", tab.Name, c.Name)
			}
		}
		for _, k := range tab.Key {
			if !names[k] {
				t.Errorf("%s: key column %s is not there", tab.Name, k)
			}
		}
	}
}

// failing fails the left-th operation and all after it.
type failing struct {
	storage.FS
	left int
}

var errFull = errors.New("no space left")

func (f *failing) fail() error {
	if f.left--; f.left <= 0 {
		return errFull
	}
	return nil
}

func (f *failing) Create(name string) (storage.File, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	file, err := f.FS.Create(name)
	return failingFile{file, f}, err
}

func (f *failing) MkdirAll(name string) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.FS.MkdirAll(name)
}

func (f *failing) SyncDir(name string) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.FS.SyncDir(name)
}

type failingFile struct {
	storage.File
	fs *failing
}

func (f failingFile) Write(b []byte) (int, error) {
	if err := f.fs.fail(); err != nil {
		return 0, err
	}
	return f.File.Write(b)
}

func (f failingFile) Sync() error {
	if err := f.fs.fail(); err != nil {
		return err
	}
	return f.File.Sync()
}
