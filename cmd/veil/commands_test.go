package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/fixtures"
	"github.com/schoolhouse-world/veil/pipeline/table"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"
)

// commands are what scripts can do beside veil itself.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	// exitcode N COMMAND…: the command ends with this code.
	"exitcode": exitCodeCommand,
	// sametree A B: two folders hold the same files, byte for byte.
	"sametree": sameTree,
	// nowhere DIR TEXT…: no file under DIR, decoded where it is a table, and no
	// path, holds the text.
	"nowhere": nowhere,
	// database FILE SQL…: an SQLite database is made of statements.
	"database": database,
	// truth STUDY OPENED: an opened bundle is what the synthetic source's truth
	// says it must be.
	"truth": truth,
}

func database(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: database file statement ...")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	for _, statement := range args[1:] {
		_, err := db.Exec(statement)
		ts.Check(err)
	}
}

func exitCodeCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N command ...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

func sameTree(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: sametree a b")
	}
	a, b := readTree(ts, ts.MkAbs(args[0])), readTree(ts, ts.MkAbs(args[1]))
	same := len(a) == len(b)
	for name, content := range a {
		if !bytes.Equal(b[name], content) {
			same = false
			if !neg {
				ts.Logf("%s differs", name)
			}
		}
	}
	if same == neg {
		ts.Fatalf("same: %v", same)
	}
}

func readTree(ts *testscript.TestScript, root string) map[string][]byte {
	files := map[string][]byte{}
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err == nil {
			files[name], err = os.ReadFile(path)
		}
		return err
	}))
	if len(files) == 0 {
		ts.Fatalf("%s holds no file", root)
	}
	return files
}

// decoded is a file's bytes and, for a table, all its values.
func decoded(ts *testscript.TestScript, path string, content []byte) []byte {
	if !strings.HasSuffix(path, ".parquet") {
		return content
	}
	var b bytes.Buffer
	b.Write(content)
	for v, err := range table.Values(path) {
		ts.Check(err)
		b.WriteString("\n" + v.Text)
	}
	return b.Bytes()
}

func nowhere(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: nowhere dir text ...")
	}
	root := ts.MkAbs(args[0])
	found := false
	for name, content := range readTree(ts, root) {
		content = decoded(ts, filepath.Join(root, name), content)
		for _, text := range args[1:] {
			if bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(text))) || strings.Contains(strings.ToLower(name), strings.ToLower(text)) {
				found = true
				if !neg {
					ts.Fatalf("%s holds %q", name, text)
				}
			}
		}
	}
	if neg && !found {
		ts.Fatalf("found nowhere")
	}
}

// truth compares an opened bundle with the world it was made of. Sessions have
// new names there, so they are found by their lesson lines.
func truth(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: truth study opened")
	}
	f, err := os.Open(filepath.Join(ts.MkAbs(args[0]), "source", "truth.jsonl"))
	ts.Check(err)
	defer f.Close()
	texts := sessionTexts(ts, ts.MkAbs(args[1]))
	left := 0
	for d := json.NewDecoder(f); d.More(); {
		var want fixtures.Truth
		ts.Check(d.Decode(&want))
		if want.Excluded != "" || want.Quarantined {
			continue
		}
		left++
		text, ok := findSession(texts, want.Stays)
		if !ok {
			ts.Fatalf("session %s: no session of the bundle has all its %d lesson lines", want.Session, len(want.Stays))
		}
		for _, gone := range want.Gone {
			if containsWord(text, gone) {
				ts.Fatalf("session %s: %q is left", want.Session, gone)
			}
		}
	}
	if left != len(texts) {
		ts.Fatalf("%d sessions left, want %d", len(texts), left)
	}
}

func sessionTexts(ts *testscript.TestScript, opened string) map[string]string {
	texts := map[string]string{}
	for _, name := range []string{"sessions", "utterances", "messages"} {
		parts, err := filepath.Glob(filepath.Join(opened, "data", "tables", name, "*.parquet"))
		ts.Check(err)
		slices.Sort(parts)
		for _, part := range parts {
			for v, err := range table.Values(part) {
				ts.Check(err)
				if v.Column == "text" || v.Column == "quoted" {
					texts[v.Session] += v.Text + "\n"
				} else if _, known := texts[v.Session]; !known {
					texts[v.Session] = ""
				}
			}
		}
	}
	return texts
}

func findSession(texts map[string]string, stays []string) (string, bool) {
	for _, text := range texts {
		all := true
		for _, line := range stays {
			all = all && strings.Contains(text, line)
		}
		if all {
			return text, true
		}
	}
	return "", false
}

// containsWord finds a name as a whole word; names that are everyday words
// (Will, Hope) are left to the redaction's own measure.
func containsWord(text, name string) bool {
	for rest := text; ; {
		i := strings.Index(rest, name)
		if i < 0 {
			return false
		}
		before, after := rest[:i], rest[i+len(name):]
		if (before == "" || !isWordByte(before[len(before)-1])) && (after == "" || !isWordByte(after[0])) {
			return true
		}
		rest = after
	}
}

func isWordByte(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80 }
