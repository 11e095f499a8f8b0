package audio

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// wav is a RIFF WAVE file (Multimedia Programming Interface and Data
// Specifications 1.0, and Microsoft's WAVE_FORMAT_EXTENSIBLE).
type wav struct {
	src    source
	about  Info
	format []byte // the fmt chunk as it will be written
	frame  int64  // bytes of one sample of every channel
	zero   byte   // what silence is made of
	data   int64  // offset of the samples
	length int64  // bytes of whole frames
	needs  *Refused
}

func (f *wav) info() Info { return f.about }

// Format tags of WAVE files.
const (
	tagPCM        = 1
	tagFloat      = 3
	tagExtensible = 0xfffe
)

// subformat is the tail all KSDATAFORMAT_SUBTYPE GUIDs share after the tag.
const subformat = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"

// maxChunks bounds the chunks looked at; real files have some ten.
const maxChunks = 1 << 16

func openWAV(src source) (recording, error) {
	f := &wav{src: src, data: -1}
	for at, n := int64(12), 0; at+8 <= src.size && (f.data < 0 || f.format == nil && f.needs == nil); n++ {
		if n == maxChunks {
			return nil, refuse(Damaged, "the WAV file has too many chunks")
		}
		var head [8]byte
		if err := src.read(head[:], at); err != nil {
			return nil, err
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		switch {
		case string(head[:4]) == "fmt " && f.format == nil:
			if err := f.readFormat(at+8, size); err != nil {
				return nil, err
			}
		case string(head[:4]) == "data" && f.data < 0:
			if size == math.MaxUint32 {
				return nil, refuse(Damaged, "the WAV file's data chunk does not say where it ends")
			}
			f.data, f.length = at+8, size
		}
		at += 8 + size + size%2
	}
	switch {
	case f.data < 0:
		return nil, refuse(Truncated, "the WAV file has no data chunk")
	case f.length > src.size-f.data:
		return nil, refuse(Truncated, "the WAV file ends %d bytes before its sound does", f.length-(src.size-f.data))
	case f.needs != nil:
		f.about.Needs = f.needs.Code
		return f, nil
	case f.format == nil:
		return nil, refuse(Damaged, "the WAV file has no format chunk")
	}
	f.length -= f.length % f.frame
	if f.length == 0 {
		return nil, refuse(NotAudio, "the WAV file has no samples")
	}
	f.about.DurationMS = milliseconds(f.length/f.frame, int64(f.about.SampleRate))
	return f, nil
}

func (f *wav) readFormat(at, size int64) error {
	if size < 16 {
		return refuse(Damaged, "the WAV file's format chunk is too short")
	}
	b := make([]byte, min(size, 40))
	if err := f.src.read(b, at); err != nil {
		return err
	}
	tag, channels := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
	rate, bits := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint16(b[14:])
	valid, speakers, extensible := bits, uint32(0), tag == tagExtensible
	if extensible {
		if len(b) < 40 {
			return refuse(Damaged, "the WAV file's format chunk is too short")
		}
		valid, speakers = binary.LittleEndian.Uint16(b[18:]), binary.LittleEndian.Uint32(b[20:])
		if tag = binary.LittleEndian.Uint16(b[24:]); string(b[26:]) != subformat {
			tag = 0
		}
	}
	f.about = Info{Container: "wav", SampleRate: int(rate), Channels: int(channels)}
	if rate == 0 || rate > math.MaxInt32 || channels == 0 {
		return refuse(Damaged, "the WAV file's format chunk gives no rate or no channels")
	}
	switch {
	case tag == tagPCM && (bits == 8 || bits == 16 || bits == 24 || bits == 32):
		f.about.Codec = "pcm"
	case tag == tagFloat && (bits == 32 || bits == 64):
		f.about.Codec = "pcm-float"
	default:
		f.about.Codec = "unknown"
		f.needs = refuse(CodecUnsupported, "the WAV file's samples are not plain PCM")
		return nil
	}
	f.frame = int64(channels) * int64(bits) / 8
	if int64(binary.LittleEndian.Uint16(b[12:])) != f.frame {
		return refuse(Damaged, "the WAV file's format chunk contradicts itself")
	}
	if tag == tagPCM && bits == 8 {
		f.zero = 0x80 // 8-bit samples are unsigned
	}
	f.format = waveFormat(tag, channels, rate, bits)
	if extensible {
		if valid == 0 || valid > bits {
			valid = bits
		}
		f.format = extend(f.format, tag, valid, speakers)
	}
	return nil
}

func waveFormat(tag, channels uint16, rate uint32, bits uint16) []byte {
	align := channels * (bits / 8)
	b := binary.LittleEndian.AppendUint16(nil, tag)
	b = binary.LittleEndian.AppendUint16(b, channels)
	b = binary.LittleEndian.AppendUint32(b, rate)
	b = binary.LittleEndian.AppendUint32(b, rate*uint32(align))
	b = binary.LittleEndian.AppendUint16(b, align)
	b = binary.LittleEndian.AppendUint16(b, bits)
	if tag != tagPCM {
		b = append(b, 0, 0) // no extension
	}
	return b
}

// extend makes a plain format an extensible one.
func extend(plain []byte, tag, valid uint16, speakers uint32) []byte {
	const known = 1<<18 - 1 // the speaker positions there are
	b := binary.LittleEndian.AppendUint16(nil, tagExtensible)
	b = append(b, plain[2:16]...)
	b = binary.LittleEndian.AppendUint16(b, 22)
	b = binary.LittleEndian.AppendUint16(b, valid)
	b = binary.LittleEndian.AppendUint32(b, speakers&known)
	b = binary.LittleEndian.AppendUint16(b, tag)
	return append(b, subformat...)
}

func (f *wav) clean(ctx context.Context, out io.Writer, mute []Muted) (Result, error) {
	if f.needs != nil {
		return Result{}, f.needs
	}
	pad := f.length % 2
	total := 4 + 8 + int64(len(f.format)) + 8 + f.length + pad
	if total > math.MaxUint32 {
		return Result{}, refuse(TooLarge, "the WAV file's sound is longer than a WAV file can say")
	}
	muted := Normalize(mute, f.about.DurationMS)
	w := newBatch(out)
	w.put([]byte("RIFF"))
	w.put(binary.LittleEndian.AppendUint32(nil, uint32(total)))
	w.put([]byte("WAVEfmt "))
	w.put(binary.LittleEndian.AppendUint32(nil, uint32(len(f.format))))
	w.put(f.format)
	w.put([]byte("data"))
	w.put(binary.LittleEndian.AppendUint32(nil, uint32(f.length)))
	if err := f.copySamples(ctx, w, f.byteRanges(muted)); err != nil {
		return Result{}, err
	}
	w.put(make([]byte, pad))
	if err := w.flush(); err != nil {
		return Result{}, err
	}
	return Result{Info: f.about, Extension: ".wav", Muted: muted}, nil
}

// byteRanges are the silent parts of the samples. What is muted up to the last
// millisecond is muted to the end.
func (f *wav) byteRanges(muted []Muted) []Interval {
	var out []Interval
	for _, s := range silences(muted) {
		from, to := s.ticks(int64(f.about.SampleRate))
		if s.EndMS >= f.about.DurationMS {
			to = f.length / f.frame
		}
		out = append(out, Interval{min(from*f.frame, f.length), min(to*f.frame, f.length)})
	}
	return out
}

func (f *wav) copySamples(ctx context.Context, w *batch, silent []Interval) error {
	buffer := make([]byte, 1<<16)
	for at := int64(0); at < f.length; {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := buffer[:min(int64(len(buffer)), f.length-at)]
		if err := f.src.read(part, f.data+at); err != nil {
			return err
		}
		end := at + int64(len(part))
		for len(silent) > 0 && silent[0].EndMS <= at {
			silent = silent[1:]
		}
		for _, s := range silent {
			for i := max(s.StartMS, at); i < min(s.EndMS, end); i++ {
				part[i-at] = f.zero
			}
		}
		w.put(part)
		if w.err != nil {
			return w.err
		}
		at = end
	}
	return nil
}

// batch gathers small writes; its first error stays.
type batch struct {
	to      io.Writer
	pending []byte
	err     error
}

func newBatch(to io.Writer) *batch { return &batch{to: to, pending: make([]byte, 0, 1<<16)} }

func (b *batch) put(p []byte) {
	if len(b.pending)+len(p) > cap(b.pending) {
		_ = b.flush()
	}
	if len(p) > cap(b.pending) {
		b.write(p)
		return
	}
	b.pending = append(b.pending, p...)
}

func (b *batch) flush() error {
	b.write(b.pending)
	b.pending = b.pending[:0]
	return b.err
}

func (b *batch) write(p []byte) {
	if b.err != nil || len(p) == 0 {
		return
	}
	if _, err := b.to.Write(p); err != nil {
		b.err = fmt.Errorf("audio: write: %w", err)
	}
}
