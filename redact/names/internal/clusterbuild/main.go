// Command clusterbuild makes redact/names/internal/tagger/clusters.bin from
// the Brown clusters (Brown et al. 1992) of words of Reddit comments that the
// Python package spacy-lookups-data carries (MIT licence): words that stand in
// like company have codes that begin alike.
//
//	go run ./redact/names/internal/clusterbuild -wheel spacy_lookups_data-1.0.5-py2.py3-none-any.whl -out redact/names/internal/tagger/clusters.bin
package main

import (
	"archive/zip"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

func main() {
	log.SetFlags(0)
	wheel := flag.String("wheel", "", "the package as it is downloaded")
	out := flag.String("out", "clusters.bin", "file to write")
	flag.Parse()
	codes, err := read(*wheel)
	if err != nil {
		log.Fatal(err)
	}
	data, err := tagger.WriteClusters(fold(codes))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, data, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d bytes", len(data))
}

// read gives the code of every written form: the path from the root of the
// tree of clusters, the first turn in the lowest bit. Sixteen turns are kept.
func read(wheel string) (map[string]uint32, error) {
	z, err := zip.OpenReader(wheel)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	f, err := z.Open("spacy_lookups_data/data/en_lexeme_cluster.json.gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var codes map[string]uint32
	if err := json.NewDecoder(plain).Decode(&codes); err != nil {
		return nil, fmt.Errorf("%s: %w", wheel, err)
	}
	return codes, nil
}

var letters = regexp.MustCompile(`^[A-Za-z']+$`)

// fold puts the forms of a word together. Code 0 holds what was too rare. A
// form like McDonald serves for one with a capital where there is none.
func fold(codes map[string]uint32) map[string]tagger.Cluster {
	folded := map[string]tagger.Cluster{}
	for _, form := range slices.Sorted(maps.Keys(codes)) {
		norm, code := text.Fold(form), uint16(codes[form])
		if code == 0 || norm == "" || !letters.MatchString(form) {
			continue
		}
		c := folded[norm]
		lower := strings.ToLower(form)
		switch {
		case form == lower:
			c.Small = code
		case form[1:] == lower[1:], c.Tall == 0 && form != strings.ToUpper(form):
			c.Tall = code
		default:
			continue
		}
		folded[norm] = c
	}
	return folded
}
