package source_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/source"

	"github.com/apache/arrow/go/v17/parquet/schema"
)

func TestAConsentTableInParquet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "consent.parquet")
	at := time.Date(2026, 10, 5, 16, 0, 0, 0, time.UTC)
	writeParquet(t, path, 10, text("user_id", "u1", "u2"), text("action", "withdrawn", "granted"),
		int64s("effective_at", schema.NewTimestampLogicalType(true, schema.TimeUnitMicros), at.UnixMicro(), at.UnixMicro()))
	names, rows, err := source.ConsentRows(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for values, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		if got := values[slices.Index(names, "effective_at")]; got != "2026-10-05T16:00:00Z" {
			t.Errorf("row %d: %s", n+1, got)
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d rows", n)
	}
}
