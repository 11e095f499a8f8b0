package audio

import (
	"encoding/binary"
	"math"
)

// fragmentsMS is how long the audio of a fragmented MP4 lasts, summed over its
// track fragments (ISO/IEC 14496-12, 8.8), so that a conversion that lost some
// is noticed. 0 when the fragments do not say.
func fragmentsMS(src source, top, moov []atom, track map[string]atom) (int64, error) {
	timescale, _, err := mediaTime(src, track["mdhd"])
	if err != nil {
		return 0, err
	}
	tkhd, err := track["tkhd"].bytes(src, 20, 128)
	if err != nil {
		return 0, err
	}
	id := binary.BigEndian.Uint32(tkhd[12:])
	if tkhd[0] == 1 && len(tkhd) >= 24 {
		id = binary.BigEndian.Uint32(tkhd[20:])
	}
	usual, err := defaultDuration(src, moov, id)
	if err != nil {
		return 0, err
	}
	total := int64(0)
	for _, a := range top {
		if a.name != "moof" {
			continue
		}
		ticks, err := fragmentTicks(src, a, id, usual)
		if err != nil {
			return 0, err
		}
		if total += ticks; total > longest*timescale {
			return 0, refuse(Damaged, "the fragmented MP4's audio would last longer than a week")
		}
	}
	return milliseconds(total, timescale), nil
}

// defaultDuration is a track's in trex.
func defaultDuration(src source, moov []atom, id uint32) (uint32, error) {
	mvex, _ := find(moov, "mvex")
	boxes, err := mvex.children(src)
	if err != nil {
		return 0, err
	}
	for _, a := range boxes {
		if a.name != "trex" {
			continue
		}
		b, err := a.bytes(src, 24, 128)
		if err != nil {
			return 0, err
		}
		if binary.BigEndian.Uint32(b[4:]) == id {
			return binary.BigEndian.Uint32(b[12:]), nil
		}
	}
	return 0, nil
}

func fragmentTicks(src source, moof atom, id, usual uint32) (int64, error) {
	trafs, err := moof.children(src)
	if err != nil {
		return 0, err
	}
	total := int64(0)
	for _, traf := range trafs {
		if traf.name != "traf" {
			continue
		}
		boxes, err := traf.children(src)
		if err != nil {
			return 0, err
		}
		tfhd, _ := find(boxes, "tfhd")
		b, err := tfhd.bytes(src, 8, 128)
		if err != nil {
			return 0, err
		}
		if binary.BigEndian.Uint32(b[4:]) != id {
			continue
		}
		each := fragmentDefault(b, usual)
		for _, trun := range boxes {
			if trun.name != "trun" {
				continue
			}
			b, err := trun.bytes(src, 8, maxTable)
			if err != nil {
				return 0, err
			}
			ticks, ok := runTicks(b, each)
			if !ok {
				return 0, badTable("fragment")
			}
			if total += ticks; total < 0 {
				return 0, badTable("fragment")
			}
		}
	}
	return total, nil
}

// fragmentDefault is tfhd's default_sample_duration, or trex's.
func fragmentDefault(tfhd []byte, usual uint32) uint32 {
	const baseOffset, description, duration = 0x1, 0x2, 0x8
	flags, at := tfhd[3], 8
	if flags&baseOffset != 0 {
		at += 8
	}
	if flags&description != 0 {
		at += 4
	}
	if flags&duration == 0 || at+4 > len(tfhd) {
		return usual
	}
	return binary.BigEndian.Uint32(tfhd[at:])
}

// runTicks sums the durations of a trun box.
func runTicks(trun []byte, each uint32) (int64, bool) {
	flags, count := binary.BigEndian.Uint32(trun), int64(binary.BigEndian.Uint32(trun[4:]))
	const dataOffset, firstFlags, duration = 0x1, 0x4, 0x100
	if flags&duration == 0 {
		// No fragment holds more samples than a table could list.
		return count * int64(each), count <= maxTable && int64(each) <= math.MaxInt32
	}
	at, width := 8, 0
	for _, optional := range []uint32{dataOffset, firstFlags} {
		if flags&optional != 0 {
			at += 4
		}
	}
	for field := uint32(duration); field <= 0x800; field <<= 1 {
		if flags&field != 0 {
			width += 4
		}
	}
	if count*int64(width) > int64(len(trun)-at) {
		return 0, false
	}
	total := int64(0)
	for range count {
		total += int64(binary.BigEndian.Uint32(trun[at:]))
		at += width
	}
	return total, true
}
