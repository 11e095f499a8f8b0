package consent

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// columns are those an import may have, in any order. The first three are
// required.
var columns = []string{"user_id", "effective_at", "action", "recorded_at", "actor", "study", "context", "modality", "form_version", "evidence", "corrects"}

const required = 3

// Report counts what an import did.
type Report struct {
	Lines     int `json:"lines"` // rows read, without a header
	Added     int `json:"added"`
	Duplicate int `json:"duplicate"` // in the ledger already, or twice in the import
}

// ColumnError says that a table lacks a column, or has one nobody knows.
type ColumnError struct {
	Source  string
	Line    int    // 0 when the whole table is meant
	Column  string // "" when it may not be named, see Number
	Number  int    // from 1, when Column is ""
	Problem string
}

func (e *ColumnError) Error() string {
	what := fmt.Sprintf("column %q", e.Column)
	if e.Column == "" {
		what = fmt.Sprintf("column %d", e.Number)
	}
	return fmt.Sprintf("%s: %s %s", place(e.Source, e.Line), what, e.Problem)
}

// RowError says what is wrong with a row, and not what stands in it.
type RowError struct {
	Source string
	// Line is that of the file, from 1; of a query or table it is the row, from 1.
	Line    int
	Column  string // "" when the row as a whole is meant
	Problem string
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("%s: %s", place(e.Source, e.Line), e.Problem)
	}
	return fmt.Sprintf("%s: %s %s", place(e.Source, e.Line), e.Column, e.Problem)
}

// SourceError is what went wrong in the database or reader of the source. Its
// text is held back, since databases repeat values in theirs; Unwrap has it.
type SourceError struct {
	Source  string
	Problem string
	Cause   error
}

func (e *SourceError) Error() string { return e.Source + ": " + e.Problem }
func (e *SourceError) Unwrap() error { return e.Cause }

func place(source string, line int) string {
	if line == 0 {
		return source
	}
	return fmt.Sprintf("%s line %d", source, line)
}

// ImportCSV adds the events of a CSV file with a header line. The source names
// the file in errors and in the events. As with every import, either all rows
// are taken or none, and what the ledger has already is counted and not added.
func (l *Ledger) ImportCSV(ctx context.Context, r io.Reader, source string) (Report, error) {
	c := csv.NewReader(bufio.NewReaderSize(r, 1<<16))
	c.ReuseRecord = true
	header, err := c.Read()
	if err != nil {
		return Report{}, &RowError{source, 1, "", "there is no header line"}
	}
	names, err := checkColumns(source, 0, slices.Clone(header))
	if err != nil {
		return Report{}, err
	}
	return l.importing(ctx, source, func(yield func(record, error) bool) {
		for {
			values, err := c.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(record{}, csvError(source, err))
				return
			}
			line, _ := c.FieldPos(0)
			if !yield(record{line, names, values}, nil) {
				return
			}
		}
	})
}

func csvError(source string, err error) error {
	var where *csv.ParseError
	if errors.As(err, &where) {
		return &RowError{source, where.StartLine, "", "is not valid CSV; check the number of fields and the quotes"}
	}
	return &SourceError{source, "cannot be read", err}
}

// longestLine bounds a line of JSON, in bytes.
const longestLine = 1 << 20

// ImportJSONL adds the events of a file with one JSON object a line, whose keys
// are the columns.
func (l *Ledger) ImportJSONL(ctx context.Context, r io.Reader, source string) (Report, error) {
	return l.importing(ctx, source, func(yield func(record, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 1<<16), longestLine)
		n := 0
		for lines.Scan() {
			n++
			line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
			if len(line) == 0 {
				continue
			}
			rec, err := jsonRecord(source, n, line)
			if !yield(rec, err) || err != nil {
				return
			}
		}
		switch err := lines.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(record{}, &RowError{source, n + 1, "", "is longer than 1 MiB"})
		case err != nil:
			yield(record{}, &SourceError{source, "cannot be read", err})
		}
	})
}

// jsonRecord reads a flat object. A key that stands twice is refused: readers
// differ in which of the two they take.
func jsonRecord(source string, n int, line []byte) (record, error) {
	rec := record{line: n}
	bad := func(what string) (record, error) { return rec, &RowError{source, n, "", what} }
	if !utf8.Valid(line) {
		return bad("is no UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return bad("is not one JSON object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return bad("is not valid JSON")
		}
		value, err := d.Token()
		if err != nil {
			return bad("is not valid JSON")
		}
		name, _ := key.(string)
		text, ok := jsonText(value)
		if !ok {
			return bad("has a value that is neither text nor number")
		}
		rec.names, rec.values = append(rec.names, name), append(rec.values, text)
	}
	if _, err := d.Token(); err != nil {
		return bad("is not valid JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return bad("is not one JSON object")
	}
	var err error
	rec.names, err = checkColumns(source, n, rec.names)
	return rec, err
}

func jsonText(token json.Token) (string, bool) {
	switch v := token.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// ImportSQL adds the events a query gives. The query names its columns as a
// table would (SELECT id AS user_id, …). Rows are taken as they arrive.
func (l *Ledger) ImportSQL(ctx context.Context, db *sql.DB, source, query string, args ...any) (Report, error) {
	found, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return Report{}, &SourceError{source, "the query failed; run it in a client of the database to see why", err}
	}
	defer found.Close()
	names, err := found.Columns()
	if err != nil {
		return Report{}, &SourceError{source, "the query has no columns", err}
	}
	return l.ImportRows(ctx, source, names, func(yield func([]string, error) bool) {
		cells := make([]any, len(names))
		into := make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		for found.Next() {
			if err := found.Scan(into...); err != nil {
				yield(nil, &SourceError{source, "a row cannot be read", err})
				return
			}
			values := make([]string, len(cells))
			for i, c := range cells {
				values[i] = cellText(c)
			}
			if !yield(values, nil) {
				return
			}
		}
		if err := found.Err(); err != nil {
			yield(nil, &SourceError{source, "the query broke off; nothing was taken", err})
		}
	})
}

func cellText(c any) string {
	switch c := c.(type) {
	case nil:
		return ""
	case string:
		return c
	case []byte:
		return string(c)
	case time.Time:
		return c.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(c)
}

// ImportRows adds the events of any table, such as a Parquet file, whose cells
// the caller gives as text. A row's slice may be used again after it is taken.
func (l *Ledger) ImportRows(ctx context.Context, source string, header []string, rows iter.Seq2[[]string, error]) (Report, error) {
	names, err := checkColumns(source, 0, slices.Clone(header))
	if err != nil {
		return Report{}, err
	}
	return l.importing(ctx, source, func(yield func(record, error) bool) {
		n := 0
		for values, err := range rows {
			n++
			if err == nil && len(values) != len(names) {
				err = &RowError{source, n, "", "has more or fewer fields than the header"}
			}
			if !yield(record{n, names, values}, err) || err != nil {
				return
			}
		}
	})
}

// record is a row of an import, its column names cleaned and checked.
type record struct {
	line   int
	names  []string
	values []string
}

func (r record) get(column string) string {
	if i := slices.Index(r.names, column); i >= 0 {
		return strings.TrimSpace(r.values[i])
	}
	return ""
}

// checkColumns cleans column names and refuses a table that lacks one, has one
// twice, or has one that is not known. The name of an unknown one is told only
// when the others show that this is a header and no row of values.
func checkColumns(source string, line int, names []string) ([]string, error) {
	for i, n := range names {
		names[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(n, "\ufeff")))
	}
	for _, want := range columns[:required] {
		if !slices.Contains(names, want) {
			return nil, &ColumnError{source, line, want, 0, "is missing"}
		}
	}
	for i, n := range names {
		if !slices.Contains(columns, n) {
			return nil, &ColumnError{source, line, n, i + 1, "is not one a consent table has; remove it, or name it as in the documentation"}
		}
		if slices.Contains(names[:i], n) {
			return nil, &ColumnError{source, line, n, i + 1, "stands twice"}
		}
	}
	return names, nil
}

// importing adds records in one transaction.
func (l *Ledger) importing(ctx context.Context, source string, records iter.Seq2[record, error]) (Report, error) {
	var report Report
	err := l.appending(ctx, func(a *appender) error {
		for r, err := range records {
			if err != nil {
				return err
			}
			added, err := l.importRecord(ctx, a, source, r)
			if err != nil {
				return err
			}
			report.Lines++
			if added {
				report.Added++
			} else {
				report.Duplicate++
			}
		}
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	return report, nil
}

func (l *Ledger) importRecord(ctx context.Context, a *appender, source string, r record) (bool, error) {
	e, err := l.event(r)
	if err == nil {
		e.Source = source
		var added bool
		if _, added, err = a.add(ctx, e); err == nil {
			return added, nil
		}
	}
	var field *fieldError
	if errors.As(err, &field) {
		return false, &RowError{source, r.line, field.column, field.problem}
	}
	return false, err
}

func (l *Ledger) event(r record) (Event, error) {
	e := Event{
		Subject: r.get("user_id"), Actor: Actor(r.get("actor")), Action: Action(r.get("action")),
		Scope:       Scope{r.get("study"), r.get("context"), Modality(r.get("modality"))},
		FormVersion: r.get("form_version"), Evidence: r.get("evidence"), Corrects: r.get("corrects"),
	}
	times := []struct {
		column string
		t      *time.Time
	}{{"effective_at", &e.EffectiveAt}, {"recorded_at", &e.RecordedAt}}
	for _, f := range times {
		text := r.get(f.column)
		if text == "" {
			continue
		}
		t, ok := ParseTime(text, l.zone)
		if !ok {
			return e, &fieldError{f.column, "is no time; write it like 2026-10-05T16:00:00Z"}
		}
		*f.t = t
	}
	return e, nil
}
