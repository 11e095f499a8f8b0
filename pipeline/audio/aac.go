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
