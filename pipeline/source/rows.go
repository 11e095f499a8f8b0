package source

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// columns are a table's expected columns; a trailing ? marks one that may be
// missing.
type columns []string

func (c columns) check(table string, have []string) error {
	for i, h := range have {
		if slices.Contains(have[:i], h) {
			return &ShapeError{table, fmt.Sprintf("column %q stands twice", h)}
		}
		if !slices.Contains(c, h) && !slices.Contains(c, h+"?") {
			return &ShapeError{table, fmt.Sprintf("column %d is not one that Veil knows; a new column is read by nobody until it is decided what may leave (remove it or update Veil)", i+1)}
		}
	}
	for _, want := range c {
		if !strings.HasSuffix(want, "?") && !slices.Contains(have, want) {
			return &ShapeError{table, fmt.Sprintf("column %q is missing", want)}
		}
	}
	return nil
}

// checkRow finds columns that only some rows of a JSON Lines file have.
func (c columns) checkRow(r row) error {
	for _, name := range r.names {
		if !slices.Contains(c, name) && !slices.Contains(c, name+"?") {
			return &ShapeError{r.table, fmt.Sprintf("row %d has a column that Veil does not know", r.number)}
		}
	}
	return nil
}

// row is one row of a table, all values as text.
type row struct {
	table  string
	number int
	names  []string
	values []string
}

func (r row) get(column string) string {
	if i := slices.Index(r.names, column); i >= 0 && i < len(r.values) {
		return strings.TrimSpace(r.values[i])
	}
	return ""
}

func (r row) fail(what string) error { return &RowError{r.table, r.number, what} }

// header reads the column names of a table, nothing else.
func header(ctx context.Context, path string) ([]string, error) {
	switch filepath.Ext(path) {
	case ".parquet":
		return parquetColumns(path)
	case ".csv":
		f, err := os.Open(path)
		if err != nil {
			return nil, errors.New("cannot be opened")
		}
		defer f.Close()
		names, err := newCSV(f).Read()
		if err != nil {
			return nil, errors.New("has no header line")
		}
		return clean(names), nil
	}
	for r, err := range readRows(ctx, "", path) {
		return r.names, err
	}
	return nil, errors.New("is empty: a JSON Lines table needs at least one row to show its columns")
}

// clean takes a byte order mark and blanks off column names.
func clean(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(n, "\ufeff")))
	}
	return out
}

func newCSV(r io.Reader) *csv.Reader {
	c := csv.NewReader(bufio.NewReaderSize(r, 1<<16))
	c.ReuseRecord = false
	return c
}

func readRows(ctx context.Context, table, path string) iter.Seq2[row, error] {
	switch filepath.Ext(path) {
	case ".parquet":
		return parquetRows(ctx, table, path)
	case ".csv":
		return csvRows(ctx, table, path)
	}
	return jsonRows(ctx, table, path)
}

func csvRows(ctx context.Context, table, path string) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(row{}, &ShapeError{table, "cannot be opened"})
			return
		}
		defer f.Close()
		reader := newCSV(f)
		names, err := reader.Read()
		if err != nil {
			yield(row{}, &ShapeError{table, "has no header line"})
			return
		}
		names = clean(names)
		for n := 1; ; n++ {
			values, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			r := row{table, n, names, values}
			if err != nil {
				// The csv package's errors hold line and column, no content.
				err = r.fail("is not valid CSV (check the number of fields and the quotes)")
			} else {
				err = ctx.Err()
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// maxLine bounds one JSON line, so that a damaged file cannot fill memory.
const maxLine = 1 << 20

func jsonRows(ctx context.Context, table, path string) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(row{}, &ShapeError{table, "cannot be opened"})
			return
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(make([]byte, 1<<16), maxLine)
		n := 0
		for lines.Scan() {
			if len(strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))) == 0 {
				continue
			}
			n++
			r, err := jsonRow(row{table: table, number: n}, []byte(strings.TrimPrefix(lines.Text(), "\ufeff")))
			if err == nil {
				err = ctx.Err()
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		if lines.Err() != nil {
			yield(row{}, &RowError{table, n + 1, "is longer than 1 MiB or cannot be read"})
		}
	}
}

// jsonRow keeps the order of keys, so that a column can be named by its place.
func jsonRow(r row, line []byte) (row, error) {
	var object map[string]any
	d := json.NewDecoder(strings.NewReader(string(line)))
	d.UseNumber()
	if err := d.Decode(&object); err != nil || d.More() {
		return r, r.fail("is not one JSON object")
	}
	for name := range object {
		r.names = append(r.names, name)
	}
	slices.Sort(r.names)
	for _, name := range r.names {
		value, ok := jsonText(object[name])
		if !ok {
			return r, r.fail("holds a nested value; columns are text, numbers or lists of text")
		}
		r.values = append(r.values, value)
	}
	return r, nil
}

func jsonText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				return "", false
			}
			parts[i] = s
		}
		return strings.Join(parts, ";"), true
	}
	return "", false
}
