package logistic

import (
	"bytes"
	"compress/flate"
	"io"
	"sync"
)

// Pack compresses what write writes.
func Pack(write func(io.Writer) error) ([]byte, error) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if err := write(w); err != nil {
		return nil, err
	}
	err = w.Close()
	return packed.Bytes(), err
}

// Unpack reads what Pack compressed.
func Unpack[M any](packed []byte, read func(io.Reader) (M, error)) (M, error) {
	return read(flate.NewReader(bytes.NewReader(packed)))
}

// Embedded gives a function that unpacks the model of a package once. It panics
// when the bytes, which are part of the program, are damaged.
func Embedded[M any](name string, packed []byte, read func(io.Reader) (M, error)) func() M {
	return sync.OnceValue(func() M {
		m, err := Unpack(packed, read)
		if err != nil {
			panic(name + ": the embedded model is damaged: " + err.Error())
		}
		return m
	})
}
