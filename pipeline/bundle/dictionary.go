package bundle

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"github.com/schoolhouse-world/veil/pipeline/table"
)

// dictionary is dictionary.csv: a line a column of every table, the fields of
// lists after the list as in "redactions.kind".
func dictionary(Meta) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"table", "column", "type", "unit", "nullable", "range", "meaning"}}
	for _, t := range table.Tables() {
		for _, c := range t.Flat() {
			rows = append(rows, []string{t.Name, c.Name, string(c.Type), c.Unit, strconv.FormatBool(c.Nullable), c.Range, c.Meaning})
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}
