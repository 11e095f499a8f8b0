package disclosure

import (
	_ "embed"
	"encoding/binary"
	"io"

	"github.com/schoolhouse-world/veil/redact/internal/logistic"
)

// Label is what a word is part of.
type Label uint8

const (
	Outside Label = iota
	Handle
	Email
	Phone
	ID   // also numbers of cards, lockers, tickets
	Code // passcodes, class codes, meeting ids
	Age
	Birthday
	Address
	Labels
)

// Model gives each word of a line probabilities of labels. It is immutable and
// safe for concurrent use.
type Model struct {
	*logistic.Model
	// Line tells whether anything is told in a line at all; words are looked at
	// where that is likelier than Least. Most lines of a lesson are left so.
	Line  *logistic.Model
	Least float32
}

//go:embed model.bin
var packed []byte

// Default gives the embedded model, unpacked once.
var Default = logistic.Embedded("disclosure", packed, readModel)

// readModel reads what Write wrote.
func readModel(r io.Reader) (*Model, error) {
	weights, err := logistic.Read(r)
	if err != nil {
		return nil, err
	}
	line, err := logistic.Read(r)
	if err != nil {
		return nil, err
	}
	m := &Model{Model: weights, Line: line}
	return m, binary.Read(r, binary.LittleEndian, &m.Least)
}

// Write writes the model.
func (m *Model) Write(w io.Writer) error {
	if err := m.Model.Write(w); err != nil {
		return err
	}
	if err := m.Line.Write(w); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, m.Least)
}

// probabilities are those of a word's labels. All zero means that the word was
// not looked at.
type probabilities [Labels]float32

// any is the probability that a word is part of an identifier of any kind.
func (p *probabilities) any() float64 {
	if p[Outside] == 0 {
		return 0
	}
	return float64(1 - p[Outside])
}
