package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// batchRows is how many values of a column are held at once.
const batchRows = 4096

func parquetColumns(path string) (names []string, err error) {
	defer recovered(&err)
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, errors.New("is not a readable Parquet file")
	}
	defer f.Close()
	s := f.MetaData().Schema
	for i := 0; i < s.NumColumns(); i++ {
		names = append(names, strings.ToLower(s.Column(i).Path()))
	}
	return names, nil
}

// recovered turns a panic of the reader on a damaged file into an error.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = errors.New("is damaged")
	}
}

func parquetRows(ctx context.Context, table, path string, want columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		names, err := parquetColumns(path)
		if err != nil {
			yield(row{}, &ShapeError{table, err.Error()})
			return
		}
		if err := want.check(table, names); err != nil {
			yield(row{}, err)
			return
		}
		f, err := file.OpenParquetFile(path, false)
		if err != nil {
			yield(row{}, &ShapeError{table, "is not a readable Parquet file"})
			return
		}
		defer f.Close()
		number := 0
		for g := 0; g < f.NumRowGroups(); g++ {
			if !yieldGroup(ctx, f.RowGroup(g), table, names, &number, yield) {
				return
			}
		}
	}
}

// yieldGroup yields one row group and reports whether to go on.
func yieldGroup(ctx context.Context, g *file.RowGroupReader, table string, names []string, number *int, yield func(row, error) bool) bool {
	columns := make([]column, len(names))
	for i := range columns {
		var err error
		if columns[i], err = newColumn(g, i); err != nil {
			yield(row{}, &ShapeError{table, fmt.Sprintf("column %q %v", names[i], err)})
			return false
		}
	}
	for left := g.NumRows(); left > 0; {
		n := min(left, batchRows)
		batch := make([][]string, len(columns))
		for i, c := range columns {
			values, err := c.next(n)
			if err != nil {
				yield(row{}, &RowError{table, *number + 1, "cannot be read: the file is damaged"})
				return false
			}
			batch[i] = values
		}
		for k := range int(n) {
			*number++
			r := row{table: table, number: *number, names: names, values: make([]string, len(names))}
			for i := range batch {
				r.values[i] = batch[i][k]
			}
			err := ctx.Err()
			if !yield(r, err) || err != nil {
				return false
			}
		}
		left -= n
	}
	return true
}

// column reads one flat column as text.
type column struct {
	reader   file.ColumnChunkReader
	logical  schema.LogicalType
	optional bool
}

func newColumn(g *file.RowGroupReader, i int) (c column, err error) {
	defer recovered(&err)
	r, err := g.Column(i)
	if err != nil {
		return column{}, errors.New("cannot be read")
	}
	d := r.Descriptor()
	if d.MaxRepetitionLevel() > 0 || d.MaxDefinitionLevel() > 1 {
		return column{}, errors.New("is nested; use a flat column with ; between several values")
	}
	switch r.(type) {
	case *file.ByteArrayColumnChunkReader, *file.Int64ColumnChunkReader, *file.Int32ColumnChunkReader:
		return column{r, d.LogicalType(), d.MaxDefinitionLevel() == 1}, nil
	}
	return column{}, errors.New("has a type that is neither text, integer, date nor timestamp")
}

func (c column) next(n int64) (values []string, err error) {
	defer recovered(&err)
	switch r := c.reader.(type) {
	case *file.ByteArrayColumnChunkReader:
		return drain(n, c.optional, r.ReadBatch, func(v parquet.ByteArray) string { return string(v) })
	case *file.Int64ColumnChunkReader:
		return drain(n, c.optional, r.ReadBatch, c.integer)
	case *file.Int32ColumnChunkReader:
		return drain(n, c.optional, r.ReadBatch, func(v int32) string { return c.integer(int64(v)) })
	}
	return nil, errors.New("has no text form")
}

// drain reads n values of a column, nulls as empty text.
func drain[T any](n int64, optional bool, read func(int64, []T, []int16, []int16) (int64, int, error), format func(T) string) ([]string, error) {
	out := make([]string, 0, n)
	values, levels := make([]T, n), make([]int16, n)
	for int64(len(out)) < n {
		rows, _, err := read(n-int64(len(out)), values, levels, nil)
		if err != nil || rows == 0 {
			return nil, errors.New("ends early")
		}
		next := 0
		for _, level := range levels[:rows] {
			if optional && level == 0 {
				out = append(out, "")
				continue
			}
			out = append(out, format(values[next]))
			next++
		}
	}
	return out, nil
}

// integer formats a number, a day or a moment the way the text tables do. A
// timestamp that is not said to be UTC has no offset there either.
func (c column) integer(v int64) string {
	switch t := c.logical.(type) {
	case schema.DateLogicalType:
		return time.Unix(v*86400, 0).UTC().Format(time.DateOnly)
	case *schema.TimestampLogicalType:
		layout := time.RFC3339Nano
		if !t.IsAdjustedToUTC() {
			layout = localTime
		}
		return instant(t.TimeUnit(), v).UTC().Format(layout)
	}
	return strconv.FormatInt(v, 10)
}

func instant(unit schema.TimeUnitType, v int64) time.Time {
	switch unit {
	case schema.TimeUnitMillis:
		return time.UnixMilli(v)
	case schema.TimeUnitMicros:
		return time.UnixMicro(v)
	}
	return time.Unix(0, v)
}
