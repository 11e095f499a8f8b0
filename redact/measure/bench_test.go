package measure

import (
	"context"
	"testing"
)

// BenchmarkTutoring is the engine over the tutoring sessions of the shared
// folder: lessons as long and as full of names as real ones, each with a roster
// of its own to be read first.
func BenchmarkTutoring(b *testing.B) {
	gold, engine := readGold(b, "data/tutoring/gold.jsonl"), standard(b)
	size := 0
	for _, r := range gold {
		size += len(r.Text)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Run(context.Background(), engine, gold, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
