package table_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/xitongsys/parquet-go-source/local"
	"github.com/xitongsys/parquet-go/reader"

	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

// readBackEnv makes the test binary a reader of one part with another Parquet
// library, in a process of its own: that library trusts sizes in the file.
const readBackEnv = "VEIL_TEST_READ_BACK"

func TestMain(m *testing.M) {
	if path := os.Getenv(readBackEnv); path != "" {
		if err := readBack(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// readBack prints a part's rows as JSON Lines.
func readBack(path string) error {
	debug.SetMemoryLimit(256 << 20)
	f, err := local.NewLocalFileReader(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := reader.NewParquetReader(f, nil, 1)
	if err != nil {
		return err
	}
	defer r.ReadStop()
	out := bufio.NewWriter(os.Stdout)
	enc := json.NewEncoder(out)
	for left := int(r.GetNumRows()); left > 0; {
		rows, err := r.ReadByNumber(min(left, 1000))
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return fmt.Errorf("%d rows are missing", left)
		}
		left -= len(rows)
		for _, row := range rows {
			if err := enc.Encode(row); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// Another library, written by other people, reads what this one writes.
func TestAnotherLibraryReadsTheSame(t *testing.T) {
	for name, want := range map[string]rows{"a lesson": lesson(), "random rows": drawn(t, 1), "more random rows": drawn(t, 2), "many rows": many(), "no rows": {}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if _, err := want.write(storage.Disk{}, dir, 0); err != nil {
				t.Fatal(err)
			}
			compare(t, dir, "sessions", want.Sessions)
			compare(t, dir, "participants", want.Participants)
			compare(t, dir, "utterances", want.Utterances)
			compare(t, dir, "messages", want.Messages)
			compare(t, dir, "audio", want.Audio)
		})
	}
}

func compare[R table.Row](t *testing.T, dir, name string, want []R) {
	t.Helper()
	got := foreignRows(t, filepath.Join(dir, filepath.FromSlash(table.PartPath(name, 0))))
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, want %d", name, len(got), len(want))
	}
	for i := range want {
		if want := plain(t, want[i]); !reflect.DeepEqual(got[i], want) {
			t.Errorf("%s, row %d: got %v, want %v", name, i+1, got[i], want)
		}
	}
}

// foreignRows reads a part in a process that may use 256 MiB, and less than
// 4 GiB of addresses.
func foreignRows(t *testing.T, path string) []any {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", `ulimit -v 4194304; exec "$0" -test.run '^$'`, self)
	if runtime.GOOS == "windows" {
		cmd = exec.Command(self, "-test.run", "^$")
	}
	cmd.Env = append(os.Environ(), readBackEnv+"="+path)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("reading %s: %v: %s", filepath.Base(path), err, stderr.String())
	}
	var all []any
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var row any
		d.UseNumber()
		if err := d.Decode(&row); err != nil {
			t.Fatal(err)
		}
		all = append(all, lowered(row))
	}
	return all
}

// lowered brings what the other library calls things to one form: its field
// names begin with a capital letter, and it may wrap lists.
func lowered(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if list, wrapped := v["List"]; wrapped && len(v) == 1 {
			return lowered(list)
		}
		if element, wrapped := v["Element"]; wrapped && len(v) == 1 {
			return lowered(element)
		}
		out := map[string]any{}
		for k, e := range v {
			out[strings.ToLower(k)] = lowered(e)
		}
		return out
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, lowered(e))
		}
		return out
	}
	return v
}

// plain is a row in the form of lowered, by the names of its table's columns.
func plain(t *testing.T, row any) any {
	t.Helper()
	for _, tab := range table.Tables() {
		if reflect.TypeOf(row).NumField() == len(tab.Columns) && rowTypes[tab.Name] == reflect.TypeOf(row) {
			return plainStruct(reflect.ValueOf(row), tab.Columns)
		}
	}
	t.Fatal("a row of no table")
	return nil
}

var rowTypes = map[string]reflect.Type{
	"sessions": reflect.TypeFor[table.Session](), "participants": reflect.TypeFor[table.Participant](), "utterances": reflect.TypeFor[table.Utterance](),
	"messages": reflect.TypeFor[table.Message](), "audio": reflect.TypeFor[table.Audio](),
}

// plainStruct goes by the order of fields, which is that of the columns.
func plainStruct(v reflect.Value, columns []table.Column) any {
	out := map[string]any{}
	for i, c := range columns {
		out[c.Name] = plainValue(v.Field(i), c)
	}
	return out
}

func plainValue(v reflect.Value, c table.Column) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return plainValue(v.Elem(), c)
	case reflect.Slice:
		list := []any{}
		for i := range v.Len() {
			list = append(list, plainStruct(v.Index(i), c.Fields))
		}
		return list
	case reflect.Int32, reflect.Int64:
		return json.Number(fmt.Sprint(v.Int()))
	case reflect.Bool:
		return v.Bool()
	}
	// What JSON cannot say travels as its replacement on both sides.
	return strings.ToValidUTF8(v.String(), "\ufffd")
}

func rowGroups(t *testing.T, path string) int {
	t.Helper()
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return f.NumRowGroups()
}
