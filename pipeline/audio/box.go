package audio

import (
	"encoding/binary"
)

// atom is a box of an MP4 file: its name and where its content stands.
type atom struct {
	name      string
	body, end int64
}

func (a atom) size() int64 { return a.end - a.body }

func find(atoms []atom, name string) (atom, bool) {
	for _, a := range atoms {
		if a.name == name {
			return a, true
		}
	}
	return atom{}, false
}

const (
	// maxBoxes bounds the boxes looked at in one place: fragments of a tenth
	// of a second for a day.
	maxBoxes = 2 << 20
	// maxTable bounds one sample table: 16 million entries are more than a
	// week of AAC.
	maxTable = 1 << 27
)

// children lists the boxes between two offsets. whole is false when the last
// one reaches past the end, or when what stands there is no box; what came
// before is listed.
func children(src source, from, to int64) (atoms []atom, whole bool, err error) {
	var head [16]byte
	for from+8 <= to {
		if len(atoms) == maxBoxes {
			return nil, false, refuse(Damaged, "the MP4 has too many boxes")
		}
		if err := src.read(head[:8], from); err != nil {
			return nil, false, err
		}
		size, body := int64(binary.BigEndian.Uint32(head[:])), from+8
		switch {
		case size == 0: // to the end of the file
			size = to - from
		case size == 1:
			if from+16 > to {
				return atoms, false, nil
			}
			if err := src.read(head[8:], from+8); err != nil {
				return nil, false, err
			}
			size, body = int64(binary.BigEndian.Uint64(head[8:])), from+16
		}
		if size < body-from || size > 1<<62 {
			return atoms, false, nil
		}
		atoms = append(atoms, atom{string(head[4:8]), body, from + size})
		if from += size; from > to {
			return atoms, false, nil
		}
	}
	return atoms, from == to, nil
}

// children of a box must fit into it.
func (a atom) children(src source) ([]atom, error) {
	atoms, _, err := children(src, a.body, a.end)
	if err != nil {
		return nil, err
	}
	if n := len(atoms); n > 0 && atoms[n-1].end > a.end {
		return nil, refuse(Damaged, "a box inside the MP4's index is longer than the index")
	}
	return atoms, nil
}

// bytes reads a box's content, which must have at least so many bytes; from
// more than most nothing is read.
func (a atom) bytes(src source, least, most int64) ([]byte, error) {
	if a.size() < least {
		return nil, refuse(Damaged, "the MP4's index lacks a part or has one too short")
	}
	if a.size() > most {
		return nil, refuse(Damaged, "a table of the MP4's index is longer than any recording's")
	}
	if a.end > src.size {
		return nil, refuse(Truncated, "the MP4 ends inside its index")
	}
	b := make([]byte, a.size())
	return b, src.read(b, a.body)
}
