package audit

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"

	"github.com/schoolhouse-world/veil/pipeline/table"
)

// Auditor reads one bundle. Part is called for every shard, then Finish once.
type Auditor struct {
	terms  *Terms
	bag    string
	result Result
	// read are the part files that Part decoded.
	read map[string]bool
	// note is told every hit.
	note func(Hit)
}

// New begins the audit of the bag in a folder. note is told every hit, also
// those that the result has no room for.
func New(terms *Terms, bag string, note func(Hit)) *Auditor {
	return &Auditor{terms: terms, bag: bag, note: note, read: map[string]bool{}, result: Result{Terms: terms.Len()}}
}

func (a *Auditor) add(h Hit) {
	a.result.add(h)
	a.note(h)
}

// Part reads the tables' part files of one shard. scopes are its sessions by
// their codes; a row of any other session is read without one.
func (a *Auditor) Part(ctx context.Context, number int, scopes map[string]SessionScope) error {
	for _, name := range table.Names() {
		rel := filepath.Join("data", filepath.FromSlash(table.PartPath(name, number)))
		if _, err := os.Stat(filepath.Join(a.bag, rel)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		a.read[rel] = true
		for v, err := range table.Values(filepath.Join(a.bag, rel)) {
			if err != nil {
				return fmt.Errorf("auditing part %d of table %s: %w", number, name, err)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			a.result.Cells++
			scope := scopes[v.Session].cell(Cell{Table: name, Index: v.Index, Column: v.Column})
			scope.Described = !spoken[v.Column]
			a.terms.Scan(v.Text, scope, func(kind Kind, own bool, listed string) {
				a.add(Hit{Place: Place{File: filepath.ToSlash(rel), Table: name, Column: v.Column, Row: v.Row}, Kind: kind, Own: own, Listed: listed})
			})
		}
	}
	return nil
}

// spoken are the columns that hold what people said and wrote; all others hold
// codes, labels and words of the study's own.
var spoken = map[string]bool{"text": true, "quoted": true, "emoji": true}

// Finish reads everything else in the bag: paths, descriptors and text files
// as text, and the raw bytes of every file. A part file that no shard owned is
// an error, since nobody read its rows.
func (a *Auditor) Finish(ctx context.Context) (Result, error) {
	err := filepath.WalkDir(a.bag, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(a.bag, path)
		if err != nil {
			return err
		}
		a.result.Files++
		a.name(rel)
		if strings.HasSuffix(rel, ".parquet") && !a.read[rel] {
			return fmt.Errorf("a part file belongs to no shard of the plan; run again")
		}
		return a.file(path, rel)
	})
	if err != nil {
		return a.result, fmt.Errorf("auditing the bundle: %w", err)
	}
	return a.result, nil
}

// name audits a path, whose parts are words and codes.
func (a *Auditor) name(rel string) {
	a.terms.Scan(strings.NewReplacer("/", " ", "_", " ", ".", " ").Replace(filepath.ToSlash(rel)), Scope{Described: true}, func(kind Kind, own bool, listed string) {
		a.add(Hit{Place: Place{File: filepath.ToSlash(rel), Column: "path"}, Kind: kind, Listed: listed})
	})
}

// window is how much of a file is looked at at once; overlap keeps a term that
// stands on the border whole.
const (
	window  = 1 << 20
	overlap = 512
)

func (a *Auditor) file(path, rel string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if isText(rel) {
		return a.text(f, rel)
	}
	buffer := make([]byte, 0, window+overlap)
	r := bufio.NewReaderSize(f, window)
	for {
		n, err := io.ReadFull(r, buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		a.result.Bytes += int64(n)
		a.bytes(buffer, rel)
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil
			}
			return err
		}
		copy(buffer, buffer[len(buffer)-overlap:])
		buffer = buffer[:overlap]
	}
}

func isText(rel string) bool {
	for _, ext := range []string{".json", ".txt", ".md", ".csv", ".html"} {
		if strings.HasSuffix(rel, ext) {
			return true
		}
	}
	return false
}

// text audits a text file line by line, so that a hit has a row.
func (a *Auditor) text(f io.Reader, rel string) error {
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 1<<16), 1<<26)
	for row := 0; lines.Scan(); row++ {
		a.result.Bytes += int64(len(lines.Bytes()) + 1)
		a.terms.Scan(lines.Text(), Scope{Described: true}, func(kind Kind, own bool, listed string) {
			a.add(Hit{Place: Place{File: filepath.ToSlash(rel), Row: row}, Kind: kind, Listed: listed})
		})
	}
	return lines.Err()
}

// Compressed sound holds every short string by chance: printable runs shorter
// than this are not looked at in binary data, and names not in runs shorter
// than shortestNameRun.
const (
	shortestRun     = 8
	shortestNameRun = 12
)

// bytes audits the printable runs of binary data, as they are and as UTF-16:
// file metadata of any format. Only what cannot be chance counts there: exact
// identifiers and whole names.
func (a *Auditor) bytes(data []byte, rel string) {
	scan := func(run string) {
		a.terms.Scan(run, Scope{}, func(kind Kind, own bool, listed string) {
			if listed != "" || kind == Name || kind == FullName && len(run) < shortestNameRun {
				return
			}
			a.add(Hit{Place: Place{File: filepath.ToSlash(rel), Column: "bytes"}, Kind: kind})
		})
	}
	for _, run := range bytes.FieldsFunc(data, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\ufffd' }) {
		if len(run) >= shortestRun {
			scan(string(run))
		}
	}
	for _, order := range []int{0, 1} {
		a.wide(data, order, scan)
	}
}

// wide finds runs of UTF-16 whose letters are in the basic Latin part, in the
// given byte order (0 big-endian, 1 little-endian) and at both alignments.
func (a *Auditor) wide(data []byte, order int, scan func(string)) {
	for start := range 2 {
		var run []uint16
		flush := func() {
			if len(run) >= shortestRun {
				scan(string(utf16.Decode(run)))
			}
			run = run[:0]
		}
		for i := start; i+1 < len(data); i += 2 {
			high, low := data[i], data[i+1]
			if order == 1 {
				high, low = low, high
			}
			if high != 0 || low < ' ' || low > '~' {
				flush()
				continue
			}
			run = append(run, uint16(low))
		}
		flush()
	}
}
