package source_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"
)

// col is a column of a Parquet file with its values, nil for null.
type col struct {
	name    string
	logical schema.LogicalType
	kind    parquet.Type
	values  []any
}

func text(name string, values ...any) col {
	return col{name, schema.StringLogicalType{}, parquet.Types.ByteArray, values}
}

func int64s(name string, logical schema.LogicalType, values ...any) col {
	return col{name, logical, parquet.Types.Int64, values}
}

// writeParquet writes a file of optional columns, in row groups of so many rows.
func writeParquet(t *testing.T, path string, rowGroup int, columns ...col) {
	t.Helper()
	var fields schema.FieldList
	for _, c := range columns {
		logical := c.logical
		if logical == nil {
			logical = schema.NoLogicalType{}
		}
		n, err := schema.NewPrimitiveNodeLogical(c.name, parquet.Repetitions.Optional, logical, c.kind, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		fields = append(fields, n)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := file.NewParquetWriter(f, root, file.WithWriterProps(parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd))))
	rows := len(columns[0].values)
	for from := 0; from < rows; from += rowGroup {
		g := w.AppendRowGroup()
		for _, c := range columns {
			cw, err := g.NextColumn()
			if err != nil {
				t.Fatal(err)
			}
			writeValues(t, cw, c.values[from:min(from+rowGroup, rows)])
			if err := cw.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func writeValues(t *testing.T, w file.ColumnChunkWriter, values []any) {
	t.Helper()
	levels := make([]int16, len(values))
	var bytes []parquet.ByteArray
	var wide []int64
	var narrow []int32
	var doubles []float64
	for i, v := range values {
		if v == nil {
			continue
		}
		levels[i] = 1
		switch v := v.(type) {
		case string:
			bytes = append(bytes, parquet.ByteArray(v))
		case int64:
			wide = append(wide, v)
		case int32:
			narrow = append(narrow, v)
		case float64:
			doubles = append(doubles, v)
		}
	}
	var err error
	switch w := w.(type) {
	case *file.ByteArrayColumnChunkWriter:
		_, err = w.WriteBatch(bytes, levels, nil)
	case *file.Int64ColumnChunkWriter:
		_, err = w.WriteBatch(wide, levels, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = w.WriteBatch(narrow, levels, nil)
	case *file.Float64ColumnChunkWriter:
		_, err = w.WriteBatch(doubles, levels, nil)
	default:
		t.Fatalf("no values for %T", w)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestParquetUsers(t *testing.T) {
	for _, rowGroup := range []int{1, 2, 100} {
		d := source.Directory{Root: t.TempDir()}
		born := int32(day(2011, 3, 9).Unix() / 86400)
		writeParquet(t, filepath.Join(d.Root, "users.parquet"), rowGroup,
			text("First_Name", "Jane", "José María", nil),
			int64s("user_id", nil, int64(9007199254740993), int64(2), int64(3)),
			text("last_name", "Doe", "de la Cruz", "Roe"),
			text("handles", nil, "@chema;chema_07", ""),
			col{"birth_date", schema.DateLogicalType{}, parquet.Types.Int32, []any{nil, born, nil}},
			col{"city", schema.NullLogicalType{}, parquet.Types.Int32, []any{nil, nil, nil}},
		)
		got, err := all(d.Users(t.Context()))
		want := []session.User{
			{ID: "9007199254740993", First: "Jane", Last: "Doe"},
			{ID: "2", First: "José María", Last: "de la Cruz", Handles: []string{"@chema", "chema_07"}, BirthDate: day(2011, 3, 9)},
			{ID: "3", Last: "Roe"},
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("row groups of %d: %+v, %v; want %+v", rowGroup, got, err, want)
		}
	}
}

// A timestamp that the file does not call UTC is read in the source's zone, as
// in the other formats.
func TestParquetTimes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		logical schema.LogicalType
		value   int64
		want    time.Time
	}{
		"milliseconds": {schema.NewTimestampLogicalType(true, schema.TimeUnitMillis), noon.UnixMilli(), noon},
		"microseconds": {schema.NewTimestampLogicalType(true, schema.TimeUnitMicros), noon.UnixMicro(), noon},
		"nanoseconds":  {schema.NewTimestampLogicalType(true, schema.TimeUnitNanos), noon.UnixNano(), noon},
		"local":        {schema.NewTimestampLogicalType(false, schema.TimeUnitMicros), noon.UnixMicro(), noon.Add(-2 * time.Hour)},
	}
	for what, tt := range tests {
		t.Run(what, func(t *testing.T) {
			d := source.Directory{Root: t.TempDir(), Zone: berlin}
			writeParquet(t, filepath.Join(d.Root, "sessions.parquet"), 10, text("session_id", "s1"), text("context", "c"), int64s("starts_at", tt.logical, tt.value))
			got, err := all(d.Sessions(t.Context()))
			want := []session.Session{{ID: "s1", Context: "c", StartsAt: tt.want}}
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestParquetOfManyRows(t *testing.T) {
	const rows = 10_000 // more than two batches
	var ids, names []any
	for i := range rows {
		ids = append(ids, int64(i))
		names = append(names, any("Jane"))
		if i%3 == 0 {
			names[i] = nil
		}
	}
	d := source.Directory{Root: t.TempDir()}
	writeParquet(t, filepath.Join(d.Root, "users.parquet"), 7_000, int64s("user_id", nil, ids...), text("first_name", names...), text("last_name", names...))
	got, err := all(d.Users(t.Context()))
	if err != nil || len(got) != rows {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if got[9_000].ID != "9000" || got[9_000].First != "" || got[9_001].First != "Jane" {
		t.Errorf("%+v, %+v", got[9_000], got[9_001])
	}
}

func TestParquetShape(t *testing.T) {
	id, first, last := text("user_id", "u1"), text("first_name", secret), text("last_name", "Doe")
	tests := map[string]struct {
		columns []col
		want    string
	}{
		"a column more": {[]col{id, first, last, text("ssn", "000")}, "table users: column 4 is not one"},
		"a column less": {[]col{id, first}, `table users: column "last_name" is missing`},
		"no text":       {[]col{id, first, last, {"city", nil, parquet.Types.Double, []any{1.5}}}, `table users: column "city" has a type that is neither`},
	}
	for what, tt := range tests {
		t.Run(what, func(t *testing.T) {
			d := source.Directory{Root: t.TempDir()}
			writeParquet(t, filepath.Join(d.Root, "users.parquet"), 10, tt.columns...)
			_, err := all(d.Users(t.Context()))
			var shape *source.ShapeError
			if !errors.As(err, &shape) || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), secret) {
				t.Errorf("%v; want %s", err, tt.want)
			}
		})
	}
}

// However a file is cut or changed, it ends in an error that holds nothing of
// it, and never in a panic.
func TestDamagedParquet(t *testing.T) {
	d := source.Directory{Root: t.TempDir()}
	path := filepath.Join(d.Root, "users.parquet")
	writeParquet(t, path, 2, text("user_id", "u1", "u2", "u3"), text("first_name", secret, "b", "c"), text("last_name", "x", "y", "z"))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range whole {
		for _, damaged := range [][]byte{whole[:at], flipped(whole, at)} {
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := all(d.Users(t.Context()))
			if len(damaged) < len(whole) && err == nil {
				t.Fatalf("cut at %d: no error", at)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Fatalf("damaged at %d: %v", at, err)
			}
		}
	}
}

func flipped(b []byte, at int) []byte {
	out := append([]byte(nil), b...)
	out[at] ^= 0x55
	return out
}
