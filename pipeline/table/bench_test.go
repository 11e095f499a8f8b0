package table_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

func BenchmarkWrite(b *testing.B) {
	dir, r := b.TempDir(), many()
	bytes := 0
	for _, u := range r.Utterances {
		bytes += len(u.Text) + len(u.SessionID) + len(u.Label) + 24 + 32*len(u.Redactions)
	}
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.write(storage.Disk{}, dir, 0); err != nil {
			b.Fatal(err)
		}
	}
}
