package audio

import "slices"

// unitSamples is the number of samples per channel in an AAC-LC access unit
// (ISO/IEC 14496-3, 4.5.1.1, frameLengthFlag 0).
const unitSamples = 1024

// maxUnit is more than any legal unit: 6144 bits a channel (14496-3, 4.5.3.1).
const maxUnit = 1 << 16

// rates are the samplingFrequencyIndex values of ISO/IEC 14496-3, table 1.18.
var rates = [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

func rateIndex(rate int) int { return slices.Index(rates[:], rate) }

// SilentUnit is an AAC-LC access unit of 1024 silent samples for one or two
// channels; nil for any other number. Every sampling rate has the same.
func SilentUnit(channels int) []byte {
	switch channels {
	case 1: // single_channel_element, max_sfb 0
		return []byte{0x00, 0xc8, 0x00, 0x80, 0x23, 0x80}
	case 2: // channel_pair_element with a common window, max_sfb 0
		return []byte{0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80}
	}
	return nil
}

// aacConfig is what an AudioSpecificConfig says (ISO/IEC 14496-3, 1.6.2.1).
type aacConfig struct {
	rate, channels int // as decoded; channels 0 when a program config says it
	needs          Code
}

// Audio object types of ISO/IEC 14496-3, table 1.17.
const (
	objectLC  = 2
	objectSBR = 5
	objectPS  = 29
)

func parseAACConfig(b []byte) (aacConfig, bool) {
	r := bitReader{data: b}
	object := r.objectType()
	rate, known := r.rate()
	channels := int(r.take(4))
	c := aacConfig{rate: rate, channels: channels}
	if channels == 7 {
		c.channels = 8
	}
	switch {
	case object == objectSBR || object == objectPS:
		if outer, ok := r.rate(); ok {
			c.rate = outer
		}
		if object == objectPS {
			c.channels = 2
		}
		c.needs = HEAAC
	case object != objectLC || !known:
		c.needs = CodecUnsupported
	case channels != 1 && channels != 2:
		c.needs = Multichannel
	case r.take(1) == 1: // frames of 960 samples
		c.needs = CodecUnsupported
	case r.take(1) == 1: // depends on a core coder
		c.needs = CodecUnsupported
	case r.take(1) == 1: // an extension
		c.needs = CodecUnsupported
	case r.extendsBand():
		c.needs = HEAAC
	}
	return c, !r.short
}

// extendsBand looks for the backward compatible signalling of SBR (1.6.5.3).
func (r *bitReader) extendsBand() bool {
	if len(r.data)*8-r.at < 16 {
		return false
	}
	return r.take(11) == 0x2b7 && r.objectType() == objectSBR && r.take(1) == 1
}

func (r *bitReader) objectType() int {
	if t := r.take(5); t != 31 {
		return int(t)
	}
	return 32 + int(r.take(6))
}

// rate reads a samplingFrequencyIndex; ok tells that it is one of the table.
func (r *bitReader) rate() (hz int, ok bool) {
	i := r.take(4)
	if i == 15 {
		hz = int(r.take(24))
		return hz, rateIndex(hz) >= 0
	}
	if int(i) >= len(rates) {
		return 0, false
	}
	return rates[i], true
}

// Syntactic elements of a raw_data_block (ISO/IEC 14496-3, table 4.85).
const (
	elementSingle = 0 // single_channel_element
	elementPair   = 1 // channel_pair_element
	elementData   = 4 // data_stream_element: bytes of anybody's choosing
	elementFill   = 6 // fill_element: padding, or an encoder's name and version
)

// soundOnly takes the elements that are not sound from the front of an access
// unit, where encoders put their names and programs their data, and returns
// the rest, or nil when what follows is not the sound of this many channels.
// Elements behind the sound, where SBR data stand too, cannot be found without
// decoding it: they leave as they are.
func soundOnly(unit []byte, channels int) []byte {
	want := uint32(elementSingle)
	if channels == 2 {
		want = elementPair
	}
	r := bitReader{data: unit}
	for {
		start := r.at
		switch r.take(3) {
		case want:
			if r.short {
				return nil
			}
			return from(unit, start)
		case elementFill:
			n := int(r.take(4))
			if n == 15 {
				n += int(r.take(8)) - 1
			}
			r.skip(8 * n)
		case elementData:
			r.take(4)
			align := r.take(1) == 1
			n := int(r.take(8))
			if n == 255 {
				n += int(r.take(8))
			}
			if align {
				r.at = (r.at + 7) &^ 7
			}
			r.skip(8 * n)
		default:
			return nil
		}
		if r.short {
			return nil
		}
	}
}

// from is the unit from a bit on, moved to the front and padded with zeros.
func from(unit []byte, bit int) []byte {
	unit, shift := unit[bit/8:], bit%8
	if shift == 0 {
		return unit
	}
	out := make([]byte, len(unit))
	for i := range unit {
		out[i] = unit[i] << shift
		if i+1 < len(unit) {
			out[i] |= unit[i+1] >> (8 - shift)
		}
	}
	return out
}

// bitReader reads most significant bits first. Past the end it yields zeros
// and remembers it.
type bitReader struct {
	data  []byte
	at    int // bits
	short bool
}

func (r *bitReader) take(n int) uint32 {
	v := uint32(0)
	for range n {
		v <<= 1
		if r.at/8 < len(r.data) {
			v |= uint32(r.data[r.at/8]>>(7-r.at%8)) & 1
		} else {
			r.short = true
		}
		r.at++
	}
	return v
}

func (r *bitReader) skip(n int) {
	r.at += n
	if r.at > 8*len(r.data) {
		r.short = true
	}
}
