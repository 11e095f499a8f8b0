package table

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/parquet"
	pq "github.com/apache/arrow/go/v17/parquet/schema"
)

// schema ties a table's description to the Go type of its rows.
type schema[R Row] struct {
	Table
	fields []field[R]
}

func define[R Row](name, rows string, key []string, refers []Reference, fields ...field[R]) schema[R] {
	s := schema[R]{Table: Table{Name: name, Rows: rows, Key: key, Refers: refers}, fields: fields}
	for _, f := range fields {
		s.Columns = append(s.Columns, f.column)
	}
	return s
}

// of is the schema of a row type.
func of[R Row]() schema[R] {
	var s any
	switch any(*new(R)).(type) {
	case Session:
		s = sessions()
	case Participant:
		s = participants()
	case Utterance:
		s = utterances()
	case Message:
		s = messages()
	case Audio:
		s = audios()
	}
	return s.(schema[R])
}

// field is a column: its description, and where its values stand in a row. A
// list has one leaf for each field of its elements, any other column has one.
type field[R any] struct {
	column Column
	leaves []leaf[R]
}

// leaf is a Parquet column chunk's worth of values. put takes them out of a
// row, take sets them in a row.
type leaf[R any] struct {
	kind parquet.Type
	// def and rep are the greatest definition and repetition levels: 1 and 0
	// for a nullable column, 1 and 1 within a list, else 0.
	def, rep int16
	// plain columns get neither a dictionary nor statistics: long texts do not
	// repeat, and a footer should not quote them.
	plain bool
	put   func(*R, *chunk) error
	take  func(*R, *cursor) error
}

// chunk collects the values and levels of one leaf until its row group is
// written. bytes is the logical size of what it holds.
type chunk struct {
	def, rep []int16
	texts    []parquet.ByteArray
	ints     []int32
	longs    []int64
	booleans []bool
	bytes    int64
}

func (c *chunk) text(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("text is not valid UTF-8")
	}
	c.texts = append(c.texts, parquet.ByteArray(s))
	c.bytes += int64(len(s)) + 24
	return nil
}

func (c *chunk) level(def, rep int16) {
	c.def = append(c.def, def)
	c.rep = append(c.rep, rep)
	c.bytes += 4
}

func (c *chunk) reset() {
	clear(c.texts)
	*c = chunk{def: c.def[:0], rep: c.rep[:0], texts: c.texts[:0], ints: c.ints[:0], longs: c.longs[:0], booleans: c.booleans[:0]}
}

func text[R any](name, meaning string, at func(*R) *string) field[R] {
	return field[R]{Column{Name: name, Type: Text, Meaning: meaning}, []leaf[R]{{
		kind: parquet.Types.ByteArray,
		put:  func(r *R, c *chunk) error { return c.text(*at(r)) },
		take: func(r *R, c *cursor) (err error) { *at(r), err = c.text(); return err },
	}}}
}

// prose is a text that seldom repeats.
func prose[R any](name, meaning string, at func(*R) *string) field[R] {
	f := text(name, meaning, at)
	f.leaves[0].plain = true
	return f
}

func optionalText[R any](name, meaning string, at func(*R) **string) field[R] {
	return field[R]{Column{Name: name, Type: Text, Nullable: true, Meaning: meaning}, []leaf[R]{{
		kind: parquet.Types.ByteArray, def: 1,
		put: func(r *R, c *chunk) error {
			if *at(r) == nil {
				c.level(0, 0)
				return nil
			}
			c.level(1, 0)
			return c.text(**at(r))
		},
		take: func(r *R, c *cursor) error {
			def, _, err := c.level()
			if err != nil || def == 0 {
				*at(r) = nil
				return err
			}
			s, err := c.text()
			*at(r) = &s
			return err
		},
	}}}
}

func optionalProse[R any](name, meaning string, at func(*R) **string) field[R] {
	f := optionalText(name, meaning, at)
	f.leaves[0].plain = true
	return f
}

func integer[R any](name, meaning string, at func(*R) *int32) field[R] {
	return field[R]{Column{Name: name, Type: Integer, Bits: 32, Meaning: meaning}, []leaf[R]{{
		kind: parquet.Types.Int32,
		put:  func(r *R, c *chunk) error { c.ints = append(c.ints, *at(r)); c.bytes += 4; return nil },
		take: func(r *R, c *cursor) (err error) { *at(r), err = c.integer(); return err },
	}}}
}

func optionalInteger[R any](name, meaning string, at func(*R) **int32) field[R] {
	return field[R]{Column{Name: name, Type: Integer, Bits: 32, Nullable: true, Meaning: meaning}, []leaf[R]{{
		kind: parquet.Types.Int32, def: 1,
		put: func(r *R, c *chunk) error {
			if *at(r) == nil {
				c.level(0, 0)
				return nil
			}
			c.level(1, 0)
			c.ints = append(c.ints, **at(r))
			c.bytes += 4
			return nil
		},
		take: func(r *R, c *cursor) error {
			def, _, err := c.level()
			if err != nil || def == 0 {
				*at(r) = nil
				return err
			}
			v, err := c.integer()
			*at(r) = &v
			return err
		},
	}}}
}

func long[R any](name, meaning string, at func(*R) *int64) field[R] {
	return field[R]{Column{Name: name, Type: Integer, Bits: 64, Meaning: meaning}, []leaf[R]{{
		kind: parquet.Types.Int64,
		put:  func(r *R, c *chunk) error { c.longs = append(c.longs, *at(r)); c.bytes += 8; return nil },
		take: func(r *R, c *cursor) (err error) { *at(r), err = c.long(); return err },
	}}}
}

func boolean[R any](name, meaning string, at func(*R) *bool) field[R] {
	return field[R]{Column{Name: name, Type: Boolean, Meaning: meaning}, []leaf[R]{{
		kind: parquet.Types.Boolean,
		put:  func(r *R, c *chunk) error { c.booleans = append(c.booleans, *at(r)); c.bytes++; return nil },
		take: func(r *R, c *cursor) (err error) { *at(r), err = c.boolean(); return err },
	}}}
}

// list is a column of structs, never null: no elements is an empty list. The
// fields of elements are neither lists nor nullable.
func list[R, E any](name, meaning string, at func(*R) *[]E, of []field[E]) field[R] {
	f := field[R]{column: Column{Name: name, Type: List, Meaning: meaning}}
	for i, e := range of {
		f.column.Fields = append(f.column.Fields, e.column)
		f.leaves = append(f.leaves, listLeaf(at, e.leaves[0], i == 0))
	}
	return f
}

// listLeaf shreds one field of a list's elements after Dremel (Melnik et al.,
// VLDB 2010): repetition 0 begins a row, definition 0 is an empty list. The
// first field of a list makes the elements when it is read; the others find
// them there.
func listLeaf[R, E any](at func(*R) *[]E, of leaf[E], first bool) leaf[R] {
	return leaf[R]{
		kind: of.kind, def: 1, rep: 1,
		put: func(r *R, c *chunk) error {
			elements := *at(r)
			if len(elements) == 0 {
				c.level(0, 0)
			}
			for i := range elements {
				c.level(1, int16(min(i, 1)))
				if err := of.put(&elements[i], c); err != nil {
					return err
				}
			}
			return nil
		},
		take: func(r *R, c *cursor) error {
			elements := *at(r)
			n := 0
			for {
				def, _, err := c.level()
				if err != nil {
					return err
				}
				if def == 1 {
					if first {
						elements = append(elements, *new(E))
					}
					if n >= len(elements) {
						return errDamaged
					}
					if err := of.take(&elements[n], c); err != nil {
						return err
					}
					n++
				}
				if more, err := c.repeats(); err != nil || !more {
					*at(r) = elements
					if err == nil && n != len(elements) {
						err = errDamaged
					}
					return err
				}
			}
		},
	}
}

// in, within, from and of say more about a column.

func (f field[R]) in(unit string) field[R] { f.column.Unit = unit; return f }

func (f field[R]) within(values string) field[R] { f.column.Range = values; return f }

func (f field[R]) from(least int64) field[R] {
	f.column.Min = &least
	f.column.Range = fmt.Sprintf("%d and more", least)
	return f
}

func (f field[R]) of(values ...string) field[R] {
	f.column.Enum = values
	f.column.Range = strings.Join(values, ", ")
	return f
}

// node is the column as Parquet declares it.
func (c Column) node() pq.Node {
	repetition := parquet.Repetitions.Required
	if c.Nullable {
		repetition = parquet.Repetitions.Optional
	}
	switch c.Type {
	case Text:
		return pq.Must(pq.NewPrimitiveNodeLogical(c.Name, repetition, pq.StringLogicalType{}, parquet.Types.ByteArray, -1, -1))
	case Boolean:
		return pq.NewBooleanNode(c.Name, repetition, -1)
	case Integer:
		if c.Bits == 32 {
			return pq.NewInt32Node(c.Name, repetition, -1)
		}
		return pq.NewInt64Node(c.Name, repetition, -1)
	}
	element := pq.MustGroup(pq.NewGroupNode("element", parquet.Repetitions.Required, nodes(c.Fields), -1))
	repeated := pq.MustGroup(pq.NewGroupNode("list", parquet.Repetitions.Repeated, pq.FieldList{element}, -1))
	return pq.MustGroup(pq.NewGroupNodeLogical(c.Name, repetition, pq.FieldList{repeated}, pq.NewListLogicalType(), -1))
}

func nodes(columns []Column) pq.FieldList {
	var out pq.FieldList
	for _, c := range columns {
		out = append(out, c.node())
	}
	return out
}

func (t Table) root() *pq.GroupNode {
	return pq.MustGroup(pq.NewGroupNode("schema", parquet.Repetitions.Required, nodes(t.Columns), -1))
}
