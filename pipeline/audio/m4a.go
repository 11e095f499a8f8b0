package audio

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"math"
)

// Track is what WriteM4A must know about the units it is given.
type Track struct {
	// SampleRate is in Hz and one of the thirteen of ISO/IEC 14496-3 table
	// 1.18: 96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000,
	// 12000, 11025, 8000, 7350.
	SampleRate int
	// Channels is 1 (each unit holds one single_channel_element) or 2 (one
	// channel_pair_element).
	Channels int
	// Skip is how many samples at the start are not played: the encoder's
	// delay, usually 1024 or 2112. 0 plays from the first unit on.
	Skip int64
	// Samples is how many samples are played after Skip; 0 means all.
	Samples int64
}

// WriteM4A writes AAC-LC access units (raw_data_blocks of 1024 samples, no ADTS
// header) as a minimal MPEG-4 audio file (ISO/IEC 14496-12 and -14): ftyp, moov,
// mdat, every time zero, no tags, no names, language undetermined. The same
// units give the same bytes.
//
// The sequence is run twice, once for the sizes and once for the bytes, and
// must yield the same units both times; a unit is not kept after the next one
// is asked for.
func WriteM4A(w io.Writer, t Track, units iter.Seq[[]byte]) error {
	if err := t.check(); err != nil {
		return err
	}
	m := movie{rate: t.SampleRate, channels: t.Channels, timescale: uint32(t.SampleRate), start: t.Skip}
	for u := range units {
		if len(u) == 0 || len(u) > maxUnit {
			return fmt.Errorf("audio: access unit %d has %d bytes, want 1 to %d", len(m.sizes), len(u), maxUnit)
		}
		m.sizes = append(m.sizes, uint32(len(u)))
	}
	all := int64(len(m.sizes)) * unitSamples
	if m.duration = t.Samples; m.duration == 0 {
		m.duration = all - t.Skip
	}
	if t.Skip < 0 || m.duration <= 0 || t.Skip+m.duration > all {
		return fmt.Errorf("audio: %d units hold %d samples, cannot play %d after skipping %d", len(m.sizes), all, m.duration, t.Skip)
	}
	m.deltas = deltasUntil(len(m.sizes), t.Skip+m.duration)
	if _, err := w.Write(m.header()); err != nil {
		return fmt.Errorf("audio: write: %w", err)
	}
	i := 0
	for u := range units {
		if i >= len(m.sizes) || len(u) != int(m.sizes[i]) {
			return fmt.Errorf("audio: access unit %d differs between the two runs of its sequence", i)
		}
		if _, err := w.Write(u); err != nil {
			return fmt.Errorf("audio: write: %w", err)
		}
		i++
	}
	if i != len(m.sizes) {
		return fmt.Errorf("audio: the second run of the sequence ended after %d of %d access units", i, len(m.sizes))
	}
	return nil
}

func (t Track) check() error {
	if rateIndex(t.SampleRate) < 0 {
		return fmt.Errorf("audio: %d Hz is not a sampling rate of AAC", t.SampleRate)
	}
	if t.Channels != 1 && t.Channels != 2 {
		return fmt.Errorf("audio: %d channels, want 1 or 2", t.Channels)
	}
	return nil
}

// deltasUntil gives n units 1024 samples each, but lets the last one end at
// the given sample when that lies within it, as encoders do.
func deltasUntil(n int, end int64) []run {
	last := end - int64(n-1)*unitSamples
	if last <= 0 || last >= unitSamples {
		return []run{{uint32(n), unitSamples}}
	}
	if n == 1 {
		return []run{{1, uint32(last)}}
	}
	return []run{{uint32(n - 1), unitSamples}, {1, uint32(last)}}
}

// run is an entry of a time-to-sample table: count units of delta ticks each.
type run struct{ count, delta uint32 }

// movie is everything an m4a says besides its units.
type movie struct {
	rate, channels int
	timescale      uint32 // ticks per second of deltas, start and duration
	sizes          []uint32
	deltas         []run
	start          int64 // first tick played
	duration       int64 // ticks played
}

// header is the file up to the first unit.
func (m movie) header() []byte {
	payload := int64(0)
	for _, s := range m.sizes {
		payload += int64(s)
	}
	base := int64(len(m.front(0, payload))) // independent of its argument
	return m.front(base, payload)
}

func (m movie) front(base, payload int64) []byte {
	out := box("ftyp", []byte("M4A \x00\x00\x00\x00M4A mp42isom"))
	out = append(out, m.moov(base, payload)...)
	if payload+8 > math.MaxUint32 {
		out = append(out, 0, 0, 0, 1, 'm', 'd', 'a', 't')
		return binary.BigEndian.AppendUint64(out, uint64(payload+16))
	}
	out = binary.BigEndian.AppendUint32(out, uint32(payload+8))
	return append(out, "mdat"...)
}

func (m movie) moov(base, payload int64) []byte {
	media := int64(0)
	for _, d := range m.deltas {
		media += int64(d.count) * int64(d.delta)
	}
	return box("moov",
		m.mvhd(),
		box("trak",
			m.tkhd(),
			m.edts(media),
			box("mdia",
				m.mdhd(media),
				box("hdlr", u32(0, 0), []byte("soun"), u32(0, 0, 0), []byte{0}),
				box("minf",
					box("smhd", u32(0, 0)),
					box("dinf", box("dref", u32(0, 1), box("url ", u32(1)))),
					box("stbl",
						box("stsd", u32(0, 1), m.mp4a()),
						m.stts(),
						m.stsc(),
						m.stsz(),
						m.stco(base, payload),
					)))))
}

// unity is the identity matrix of ISO/IEC 14496-12, 8.2.2.
var unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

func (m movie) mvhd() []byte {
	return box("mvhd", times(m.duration, func(v wide) []byte {
		return join(v.time(0), v.time(0), u32(m.timescale), v.time(m.duration))
	}), u32(0x10000, 0x01000000, 0, 0), unity, u32(0, 0, 0, 0, 0, 0, 2))
}

func (m movie) tkhd() []byte {
	const enabledInMovie = 3
	head := times(m.duration, func(v wide) []byte {
		return join(v.time(0), v.time(0), u32(1, 0), v.time(m.duration))
	})
	head[3] = enabledInMovie
	return box("tkhd", head, u32(0, 0, 0, 0x01000000), unity, u32(0, 0))
}

// edts says what is played, only when that is not simply everything.
func (m movie) edts(media int64) []byte {
	if m.start == 0 && m.duration == media {
		return nil
	}
	return box("edts", box("elst", times(max(m.start, m.duration), func(v wide) []byte {
		return join(u32(1), v.time(m.duration), v.time(m.start), u32(0x10000))
	})))
}

func (m movie) mdhd(media int64) []byte {
	const undetermined = 0x55C4 << 16 // "und" in three times five bits
	return box("mdhd", times(media, func(v wide) []byte {
		return join(v.time(0), v.time(0), u32(m.timescale), v.time(media))
	}), u32(undetermined))
}

func (m movie) mp4a() []byte {
	config := uint16(2<<11 | rateIndex(m.rate)<<7 | m.channels<<3) // AudioSpecificConfig, AAC-LC
	rate := uint32(0)
	if m.rate <= math.MaxUint16 {
		rate = uint32(m.rate) << 16
	}
	return box("mp4a",
		u32(0), u32(1), u32(0, 0), // reserved, data reference 1
		u32(uint32(m.channels)<<16|16), u32(0), u32(rate),
		box("esds", u32(0),
			[]byte{3, 25, 0, 0, 0}, // ES_Descriptor: no id, no flags
			[]byte{4, 17, 0x40, 5<<2 | 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, // MPEG-4 audio, rates unsaid
			[]byte{5, 2, byte(config >> 8), byte(config)},
			[]byte{6, 1, 2}))
}

func (m movie) stts() []byte {
	table := u32(0, uint32(len(m.deltas)))
	for _, d := range m.deltas {
		table = append(table, u32(d.count, d.delta)...)
	}
	return box("stts", table)
}

// chunkUnits is how many units make a chunk: about a second, for players that
// read chunk by chunk.
func (m movie) chunkUnits() int { return max(1, m.rate/unitSamples) }

func (m movie) stsc() []byte {
	per := m.chunkUnits()
	whole, rest := len(m.sizes)/per, len(m.sizes)%per
	table := []byte(nil)
	if whole > 0 {
		table = append(table, u32(1, uint32(per), 1)...)
	}
	if rest > 0 {
		table = append(table, u32(uint32(whole)+1, uint32(rest), 1)...)
	}
	return box("stsc", u32(0, uint32(len(table)/12)), table)
}

func (m movie) stsz() []byte {
	table := make([]byte, 0, 12+4*len(m.sizes))
	table = append(table, u32(0, 0, uint32(len(m.sizes)))...)
	for _, s := range m.sizes {
		table = binary.BigEndian.AppendUint32(table, s)
	}
	return box("stsz", table)
}

func (m movie) stco(base, payload int64) []byte {
	per := m.chunkUnits()
	count := uint32((len(m.sizes) + per - 1) / per)
	// The front is far smaller than the margin left here for it.
	name, table := "stco", u32(0, count)
	long := payload > math.MaxUint32-(1<<30)
	if long {
		name = "co64"
	}
	at := base
	for i, s := range m.sizes {
		if i%per == 0 {
			if long {
				table = binary.BigEndian.AppendUint64(table, uint64(at))
			} else {
				table = binary.BigEndian.AppendUint32(table, uint32(at))
			}
		}
		at += int64(s)
	}
	return box(name, table)
}

// wide tells whether times take 64 bits (version 1 of a box) or 32.
type wide bool

func (v wide) time(t int64) []byte {
	if v {
		return binary.BigEndian.AppendUint64(nil, uint64(t))
	}
	return binary.BigEndian.AppendUint32(nil, uint32(t))
}

// times writes a version and flags word wide enough for longest, then the
// fields after it.
func times(longest int64, fields func(wide) []byte) []byte {
	if longest > math.MaxInt32 {
		return join(u32(1<<24), fields(true))
	}
	return join(u32(0), fields(false))
}

func box(name string, parts ...[]byte) []byte {
	size := 8
	for _, p := range parts {
		size += len(p)
	}
	out := make([]byte, 0, size)
	out = binary.BigEndian.AppendUint32(out, uint32(size))
	out = append(out, name...)
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func u32(values ...uint32) []byte {
	out := make([]byte, 0, 4*len(values))
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

func join(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}
