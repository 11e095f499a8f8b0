package tagger

import (
	"fmt"
	"testing"
)

func TestClustersAreReadAsWritten(t *testing.T) {
	words := map[string]Cluster{}
	for i := range 5000 {
		words[fmt.Sprint("word", i)] = Cluster{Small: uint16(i%700 + 1), Tall: uint16(i % 3)}
	}
	packed, err := WriteClusters(words)
	if err != nil {
		t.Fatal(err)
	}
	slots, err := readClusters(packed)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, s := range slots {
		if s.Cluster != (Cluster{}) {
			found++
		}
	}
	if found != len(words) {
		t.Errorf("%d of %d words are in the table", found, len(words))
	}
	for _, cut := range []int{0, 1, len(packed) / 2, len(packed) - 1} {
		if _, err := readClusters(packed[:cut]); err == nil {
			t.Errorf("%d bytes of %d are read as a table", cut, len(packed))
		}
	}
}

// Words that stand in like company have codes that begin alike, and words
// nobody wrote have none.
func TestClusterOf(t *testing.T) {
	if a, b := clusterOf(hash("oksana")), clusterOf(hash("xqzvkj")); b != (Cluster{}) {
		t.Errorf("a word nobody wrote has a cluster: %v, a name %v", b, a)
	}
	tuesday, friday, slope := clusterOf(hash("tuesday")), clusterOf(hash("friday")), clusterOf(hash("slope"))
	if tuesday.Tall == 0 || tuesday.Tall&255 != friday.Tall&255 {
		t.Errorf("Tuesday %b and Friday %b do not begin alike", tuesday.Tall, friday.Tall)
	}
	if slope.Small&255 == tuesday.Tall&255 {
		t.Errorf("slope %b begins as Tuesday does", slope.Small)
	}
}
