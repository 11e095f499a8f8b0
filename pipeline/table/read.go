package table

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	pq "github.com/apache/arrow/go/v17/parquet/schema"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Read yields the rows of a part in order, holding one row group's columns in
// memory. The file's columns must be exactly those of the table. Empty lists
// are read as nil. An error is the last thing yielded.
func Read[R Row](fsys storage.FS, name string) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		s := of[R]()
		fail := func(err error) { yield(*new(R), fmt.Errorf("reading table %s: %w", s.Name, err)) }
		in, f, err := open(fsys, name)
		if err != nil {
			fail(err)
			return
		}
		defer f.Close()
		if !in.MetaData().Schema.Equals(pq.NewSchema(s.root())) {
			fail(errors.New("the file's columns are not the table's"))
			return
		}
		for g := range in.NumRowGroups() {
			for r, err := range s.group(in, g) {
				if err != nil {
					fail(err)
					return
				}
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// group yields the rows of one row group.
func (s schema[R]) group(in *file.Reader, number int) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		var leaves []leaf[R]
		for _, f := range s.fields {
			leaves = append(leaves, f.leaves...)
		}
		cursors, rows, err := openGroup(in, number, nil)
		if err != nil {
			yield(*new(R), err)
			return
		}
		for range rows {
			var r R
			for i, l := range leaves {
				if err := l.take(&r, cursors[i]); err != nil {
					yield(*new(R), err)
					return
				}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Value is one text in a part.
type Value struct {
	// Row counts from 0 within the file.
	Row int
	// Session and Index are the row's session_id and index; "" and 0 where the
	// table has no such column.
	Session string
	Index   int
	// Column is its name; a list's field is named as in "redactions.label".
	Column string
	Text   string
}

// Values yields every text of a part in order of rows, whatever columns it
// has, holding one row group's columns in memory. It goes by the file's own
// schema and not by this package's, so that nothing in the file escapes who
// looks for names. Nulls are not yielded. An error wraps fs.ErrNotExist when
// there is no such file, and is the last thing yielded.
func Values(name string) iter.Seq2[Value, error] {
	return func(yield func(Value, error) bool) {
		fail := func(err error) { yield(Value{}, fmt.Errorf("reading a table: %w", err)) }
		in, f, err := open(storage.Disk{}, name)
		if err != nil {
			fail(err)
			return
		}
		defer f.Close()
		row := 0
		for g := range in.NumRowGroups() {
			for v, err := range groupValues(in, g, &row) {
				if err != nil {
					fail(err)
					return
				}
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

// groupValues yields the texts of one row group. row counts on from group to
// group.
func groupValues(in *file.Reader, number int, row *int) iter.Seq2[Value, error] {
	return func(yield func(Value, error) bool) {
		cursors, rows, err := openGroup(in, number, func(c *pq.Column) bool {
			return c.Path() == "index" || c.PhysicalType() == parquet.Types.ByteArray || c.PhysicalType() == parquet.Types.FixedLenByteArray
		})
		if err != nil {
			yield(Value{}, err)
			return
		}
		for range rows {
			values, err := rowValues(cursors, *row)
			if err != nil {
				yield(Value{}, err)
				return
			}
			*row++
			for _, v := range values {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

// rowValues reads one row of every cursor.
func rowValues(cursors []*cursor, row int) ([]Value, error) {
	var values []Value
	session, index := "", 0
	for _, c := range cursors {
		for {
			def := c.maxDef
			if c.levels() {
				var err error
				if def, _, err = c.level(); err != nil {
					return nil, err
				}
			}
			switch {
			case def < c.maxDef:
			case c.name == "index":
				n, err := c.integer()
				if err != nil {
					return nil, err
				}
				index = int(n)
			default:
				text, err := c.text()
				if err != nil {
					return nil, err
				}
				if c.name == "session_id" {
					session = text
				}
				values = append(values, Value{Row: row, Column: c.name, Text: text})
			}
			if c.maxRep == 0 {
				break
			}
			more, err := c.repeats()
			if err != nil {
				return nil, err
			}
			if !more {
				break
			}
		}
	}
	for i := range values {
		values[i].Session, values[i].Index = session, index
	}
	return values, nil
}

func open(fsys storage.FS, name string) (*file.Reader, storage.File, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, nil, err
	}
	r, err := footer(f)
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return r, f, nil
}

func footer(f storage.File) (r *file.Reader, err error) {
	defer recovered(&err)
	if r, err = file.NewParquetReader(f); err != nil {
		return nil, errDamaged
	}
	return r, nil
}

// openGroup opens the columns of a row group that are wanted; nil wants all.
func openGroup(in *file.Reader, number int, want func(*pq.Column) bool) (cursors []*cursor, rows int64, err error) {
	defer recovered(&err)
	group := in.RowGroup(number)
	for i := range in.MetaData().Schema.NumColumns() {
		d := in.MetaData().Schema.Column(i)
		if want != nil && !want(d) {
			continue
		}
		column, err := group.Column(i)
		if err != nil {
			return nil, 0, errDamaged
		}
		cursors = append(cursors, &cursor{name: columnName(d.Path()), column: column, maxDef: d.MaxDefinitionLevel(), maxRep: d.MaxRepetitionLevel()})
	}
	return cursors, group.NumRows(), nil
}

// columnName drops the levels that Parquet puts into a list's path.
func columnName(path string) string { return strings.ReplaceAll(path, ".list.element.", ".") }

func leafPaths(root *pq.GroupNode) []string {
	s := pq.NewSchema(root)
	var paths []string
	for i := range s.NumColumns() {
		paths = append(paths, s.Column(i).Path())
	}
	return paths
}

// batch is how many levels of a column are read at once.
const batch = 1024

// cursor reads one column chunk value by value.
type cursor struct {
	name           string
	column         file.ColumnChunkReader
	maxDef, maxRep int16

	def, rep []int16
	texts    []parquet.ByteArray
	fixed    []parquet.FixedLenByteArray
	ints     []int32
	longs    []int64
	booleans []bool
	// n levels and have values are buffered; at and value are the next ones.
	n, at, have, value int
}

// levels reports whether the column has any.
func (c *cursor) levels() bool { return c.maxDef > 0 }

// level takes the next definition and repetition levels.
func (c *cursor) level() (def, rep int16, err error) {
	if c.at == c.n {
		if err := c.fill(); err != nil {
			return 0, 0, err
		}
		if c.n == 0 {
			return 0, 0, errDamaged
		}
	}
	def = c.def[c.at]
	if c.maxRep > 0 {
		rep = c.rep[c.at]
	}
	c.at++
	return def, rep, nil
}

// repeats reports whether the next level goes on with the same row.
func (c *cursor) repeats() (bool, error) {
	if c.at == c.n {
		if err := c.fill(); err != nil {
			return false, err
		}
	}
	return c.at < c.n && c.rep[c.at] > 0, nil
}

func (c *cursor) text() (string, error) {
	i, err := c.next()
	switch {
	case err != nil:
		return "", err
	case i < len(c.texts):
		return string(c.texts[i]), nil
	case i < len(c.fixed):
		return string(c.fixed[i]), nil
	}
	return "", errDamaged
}

func (c *cursor) integer() (int32, error) { return element(c, func() []int32 { return c.ints }) }

func (c *cursor) long() (int64, error) { return element(c, func() []int64 { return c.longs }) }

func (c *cursor) boolean() (bool, error) { return element(c, func() []bool { return c.booleans }) }

func element[T any](c *cursor, in func() []T) (v T, err error) {
	i, err := c.next()
	if err == nil && i >= len(in()) {
		err = errDamaged
	}
	if err != nil {
		return v, err
	}
	return in()[i], nil
}

// next is the index of the next value in the buffer.
func (c *cursor) next() (int, error) {
	if c.value == c.have {
		if c.levels() {
			return 0, errDamaged // levels and values come together
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
		if c.have == 0 {
			return 0, errDamaged
		}
	}
	c.value++
	return c.value - 1, nil
}

// fill reads the next batch; at the end of the column it has no values.
func (c *cursor) fill() (err error) {
	defer recovered(&err)
	if c.def == nil {
		c.def, c.rep = make([]int16, batch), make([]int16, batch)
	}
	var levels int64
	switch r := c.column.(type) {
	case *file.ByteArrayColumnChunkReader:
		c.texts = sized(c.texts)
		levels, c.have, err = r.ReadBatch(batch, c.texts, c.def, c.rep)
	case *file.FixedLenByteArrayColumnChunkReader:
		c.fixed = sized(c.fixed)
		levels, c.have, err = r.ReadBatch(batch, c.fixed, c.def, c.rep)
	case *file.Int32ColumnChunkReader:
		c.ints = sized(c.ints)
		levels, c.have, err = r.ReadBatch(batch, c.ints, c.def, c.rep)
	case *file.Int64ColumnChunkReader:
		c.longs = sized(c.longs)
		levels, c.have, err = r.ReadBatch(batch, c.longs, c.def, c.rep)
	case *file.BooleanColumnChunkReader:
		c.booleans = sized(c.booleans)
		levels, c.have, err = r.ReadBatch(batch, c.booleans, c.def, c.rep)
	default:
		err = errDamaged
	}
	if err != nil {
		return errDamaged
	}
	c.n, c.at, c.value = int(levels), 0, 0
	return nil
}

func sized[T any](buffer []T) []T {
	if buffer == nil {
		return make([]T, batch)
	}
	return buffer
}
