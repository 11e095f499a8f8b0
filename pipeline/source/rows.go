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
	"unicode/utf8"
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

// legible refuses a row that is not UTF-8: a name in another encoding would be
// looked for in vain in what was said.
func (r row) legible() error {
	for i, v := range r.values {
		if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			return r.fail(r.names[i] + " is not UTF-8 text; export the table as UTF-8")
		}
	}
	return nil
}

// header reads the column names of a table, nothing else. For JSON Lines they
// are those of the first row.
func header(path string) ([]string, error) {
	if filepath.Ext(path) == ".parquet" {
		return parquetColumns(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.New("cannot be opened")
	}
	defer f.Close()
	if filepath.Ext(path) == ".csv" {
		return csvHeader(newCSV(f))
	}
	for line, err := range jsonLines(f) {
		if err != nil {
			return nil, errors.New("has a first row that is longer than 1 MiB or cannot be read")
		}
		names, _, err := jsonObject(line)
		if err != nil {
			return nil, errors.New("has a first row that is not one JSON object")
		}
		return names, nil
	}
	return nil, errors.New("is empty: a JSON Lines table needs at least one row to show its columns")
}

func csvHeader(reader *csv.Reader) ([]string, error) {
	names, err := reader.Read()
	if err != nil {
		return nil, errors.New("has no header line")
	}
	if joined := strings.Join(names, ""); !utf8.ValidString(joined) || strings.ContainsRune(joined, 0) {
		return nil, errors.New("is not UTF-8 text; export it as UTF-8")
	}
	return clean(names), nil
}

// clean brings column names to one spelling.
func clean(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.ToLower(strings.TrimSpace(n))
	}
	return out
}

const byteOrderMark = "\ufeff"

// newCSV reads behind a byte order mark, which would spoil a quoted header.
func newCSV(r io.Reader) *csv.Reader {
	in := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := in.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		_, _ = in.Discard(len(byteOrderMark))
	}
	return csv.NewReader(in)
}

func readRows(ctx context.Context, table, path string, want columns) iter.Seq2[row, error] {
	switch filepath.Ext(path) {
	case ".parquet":
		return parquetRows(ctx, table, path, want)
	case ".csv":
		return csvRows(ctx, table, path, want)
	}
	return jsonRows(ctx, table, path, want)
}

func csvRows(ctx context.Context, table, path string, want columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(row{}, &ShapeError{table, "cannot be opened"})
			return
		}
		defer f.Close()
		reader := newCSV(f)
		names, err := csvHeader(reader)
		if err != nil {
			yield(row{}, &ShapeError{table, err.Error()})
			return
		}
		if err := want.check(table, names); err != nil {
			yield(row{}, err)
			return
		}
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

// jsonLines yields the lines that hold something.
func jsonLines(r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 1<<16), maxLine)
		for first := true; lines.Scan(); first = false {
			line := lines.Text()
			if first {
				line = strings.TrimPrefix(line, byteOrderMark)
			}
			if line = strings.TrimSpace(line); line != "" && !yield(line, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield("", err)
		}
	}
}

func jsonRows(ctx context.Context, table, path string, want columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(row{}, &ShapeError{table, "cannot be opened"})
			return
		}
		defer f.Close()
		n := 0
		for line, err := range jsonLines(f) {
			n++
			r := row{table: table, number: n}
			if err != nil {
				err = r.fail("is longer than 1 MiB or cannot be read")
			} else if r, err = jsonRow(r, line, want); err == nil {
				err = ctx.Err()
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// jsonRow reads one object. Every row must have the required columns, if only
// as null: a name that is left out by mistake would not be looked for.
func jsonRow(r row, line string, want columns) (row, error) {
	if !utf8.ValidString(line) {
		return r, r.fail("is not UTF-8 text; export the table as UTF-8")
	}
	names, values, err := jsonObject(line)
	if err != nil {
		return r, r.fail("is not one JSON object")
	}
	if err := want.check(r.table, names); err != nil {
		var shape *ShapeError
		if errors.As(err, &shape) {
			shape.What = fmt.Sprintf("row %d: %s", r.number, shape.What)
		}
		return r, err
	}
	r.names = names
	for i, v := range values {
		value, ok := jsonText(v)
		if !ok {
			return r, r.fail(names[i] + " holds a nested value; columns are text, numbers or lists of text")
		}
		r.values = append(r.values, value)
	}
	return r, nil
}

// jsonObject reads an object in the order of its keys, with keys that stand
// twice, which a map would hide.
func jsonObject(line string) (names []string, values []any, err error) {
	d := json.NewDecoder(strings.NewReader(line))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, errors.New("no object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, nil, err
		}
		names = append(names, fmt.Sprint(name))
		values = append(values, value)
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, nil, errors.New("more than an object")
	}
	return clean(names), values, nil
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
