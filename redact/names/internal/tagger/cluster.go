package tagger

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"io"
	"maps"
	"slices"
	"sync"
)

// clustered is the table that clusterbuild writes. It is read-only.
//
//go:embed clusters.bin
var clustered []byte

// Cluster says in what company a word stands in unlabelled talk: the code of
// its Brown cluster (Brown et al. 1992) when written small and when written
// with a capital, 0 when it was seldom seen so. The lowest bits are the first
// turns in the tree of clusters: codes that share them are alike.
type Cluster struct{ Small, Tall uint16 }

// any is the code of the word however it is written.
func (c Cluster) any() uint32 {
	if c.Small != 0 {
		return uint32(c.Small)
	}
	return uint32(c.Tall)
}

// Company is the code of a folded word's cluster, however it is written, 0 when
// it is seldom seen.
func Company(norm string) uint32 { return clusterOf(hash(norm)).any() }

// clusterSlot is a place of an open-addressing hash table by the hash of the
// word alone: of four thousand million hashes the table holds some seventy
// thousand, so that a word it lacks is hardly ever taken for another.
type clusterSlot struct {
	hash uint32
	Cluster
}

const clusterSlots = 1 << 18

var clusters = sync.OnceValue(func() []clusterSlot {
	slots, err := readClusters(clustered)
	if err != nil {
		panic("names: the embedded clusters are damaged: " + err.Error())
	}
	return slots
})

// clusterOf gives the cluster of a word by its hash.
func clusterOf(hash uint32) Cluster {
	slots := clusters()
	for i := hash % clusterSlots; ; i = (i + 1) % clusterSlots {
		if s := &slots[i]; s.hash == hash || s.Cluster == (Cluster{}) {
			return s.Cluster
		}
	}
}

// WriteClusters packs the clusters of folded words: hashes in order, each as
// what it is more than the one before, then the codes.
func WriteClusters(words map[string]Cluster) ([]byte, error) {
	byHash := make(map[uint32]Cluster, len(words))
	for _, word := range slices.Sorted(maps.Keys(words)) {
		byHash[hash(word)] = words[word]
	}
	hashes := slices.Sorted(maps.Keys(byHash))
	raw := binary.AppendUvarint(nil, uint64(len(hashes)))
	last := uint32(0)
	for _, h := range hashes {
		raw = binary.AppendUvarint(raw, uint64(h-last))
		last = h
	}
	for _, h := range hashes {
		raw = binary.AppendUvarint(raw, uint64(byHash[h].Small))
	}
	for _, h := range hashes {
		raw = binary.AppendUvarint(raw, uint64(byHash[h].Tall))
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func readClusters(packed []byte) ([]clusterSlot, error) {
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return nil, err
	}
	r := bytes.NewReader(raw)
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	if n > clusterSlots/2 {
		return nil, io.ErrShortBuffer
	}
	list := make([]clusterSlot, n)
	last := uint64(0)
	for _, set := range []func(*clusterSlot, uint64){
		func(s *clusterSlot, v uint64) { last += v; s.hash = uint32(last) },
		func(s *clusterSlot, v uint64) { s.Small = uint16(v) },
		func(s *clusterSlot, v uint64) { s.Tall = uint16(v) },
	} {
		for i := range list {
			v, err := binary.ReadUvarint(r)
			if err != nil {
				return nil, err
			}
			set(&list[i], v)
		}
	}
	slots := make([]clusterSlot, clusterSlots)
	for _, s := range list {
		i := s.hash % clusterSlots
		for slots[i].Cluster != (Cluster{}) {
			i = (i + 1) % clusterSlots
		}
		slots[i] = s
	}
	return slots, nil
}
