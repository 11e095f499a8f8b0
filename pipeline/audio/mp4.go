package audio

import (
	"context"
	"encoding/binary"
	"io"
	"math"
	"sort"
)

// mp4 is an MP4 file's first audio track (ISO/IEC 14496-12). Other tracks,
// boxes outside the sample tables and bytes outside the samples are never read
// into anything that is written.
type mp4 struct {
	src   source
	about Info
	units unitTable
	needs *Refused // why the sound cannot be copied, nil when it can
}

// unitTable is where an AAC track's access units are and when they play.
type unitTable struct {
	offsets   []int64
	sizes     []uint32
	deltas    []uint32 // ticks each unit lasts
	timescale int64    // ticks per second
	gap       int64    // ticks of nothing before the first one plays
	start     int64    // first tick played
	duration  int64    // ticks played from there
}

func (f *mp4) info() Info { return f.about }

func openMP4(src source) (recording, error) {
	top, whole, err := children(src, 0, src.size)
	if err != nil {
		return nil, err
	}
	moov, ok := find(top, "moov")
	if !ok {
		return nil, refuse(Truncated, "the MP4 has no index (moov box): it was cut off, or recording never finished")
	}
	if moov.end > src.size {
		return nil, refuse(Truncated, "the MP4 ends inside its index")
	}
	boxes, err := moov.children(src)
	if err != nil {
		return nil, err
	}
	track, err := audioTrack(src, boxes)
	if err != nil {
		return nil, err
	}
	f := &mp4{src: src}
	f.about, f.needs, err = describe(src, track)
	if err != nil {
		return nil, err
	}
	_, extends := find(boxes, "mvex")
	if _, moof := find(top, "moof"); moof || extends {
		if !whole {
			return nil, refuse(Truncated, "the fragmented MP4 ends inside a fragment")
		}
		f.needs = refuse(Fragmented, "the MP4 is fragmented")
		if f.about.DurationMS, err = fragmentsMS(src, top, boxes, track); err != nil {
			return nil, err
		}
	} else if err := f.readTables(track, boxes, mediaData(top, src.size)); err != nil {
		return nil, err
	}
	if f.needs != nil {
		f.about.Needs = f.needs.Code
	}
	return f, nil
}

// mediaData are the places where samples may stand.
func mediaData(top []atom, size int64) []atom {
	var out []atom
	for _, a := range top {
		if a.name == "mdat" {
			a.end = min(a.end, size)
			out = append(out, a)
		}
	}
	return out
}

// audioTrack is the first sound track's boxes by path.
func audioTrack(src source, moov []atom) (map[string]atom, error) {
	for _, trak := range moov {
		if trak.name != "trak" {
			continue
		}
		track := map[string]atom{}
		if err := collect(src, trak, track, 0); err != nil {
			return nil, err
		}
		var handler [12]byte
		hdlr, ok := track["hdlr"]
		if !ok || hdlr.size() < 12 {
			continue
		}
		if err := src.read(handler[:], hdlr.body); err != nil {
			return nil, err
		}
		if string(handler[8:]) == "soun" {
			return track, nil
		}
	}
	return nil, refuse(NotAudio, "the MP4 has no audio track")
}

// collect maps the boxes of a track that matter by name; the first wins.
func collect(src source, parent atom, into map[string]atom, depth int) error {
	boxes, err := parent.children(src)
	if err != nil {
		return err
	}
	for _, a := range boxes {
		switch a.name {
		case "mdia", "minf", "stbl", "edts":
			if depth < 4 {
				if err := collect(src, a, into, depth+1); err != nil {
					return err
				}
			}
		case "hdlr": // QuickTime has a second one in minf
			if _, seen := into["hdlr"]; !seen && parent.name == "mdia" {
				into["hdlr"] = a
			}
		case "tkhd", "mdhd", "elst", "stsd", "stts", "stsc", "stsz", "stco", "co64":
			if _, seen := into[a.name]; !seen {
				into[a.name] = a
			}
		}
	}
	return nil
}

// describe reads the sample description: codec, rate, channels.
func describe(src source, track map[string]atom) (Info, *Refused, error) {
	stsd, err := track["stsd"].bytes(src, 16, maxDescription)
	if err != nil {
		return Info{}, nil, err
	}
	info := Info{Container: "mp4"}
	entry, format, ok := firstEntry(stsd)
	if !ok {
		return Info{}, nil, refuse(Damaged, "the MP4's sample description is damaged")
	}
	info.Channels = int(binary.BigEndian.Uint16(entry[16:]))
	info.SampleRate = int(binary.BigEndian.Uint32(entry[24:]) >> 16)
	if format != "mp4a" {
		info.Codec = codecName(format)
		return info, refuse(CodecUnsupported, "the MP4's audio is %s, not AAC-LC", info.Codec), nil
	}
	object, config := decoderConfig(entry)
	aac, ok := parseAACConfig(config)
	if object == 0x69 || object == 0x6b { // ISO/IEC 14496-1 table 5 (mp4ra.org)
		info.Codec = "mp3"
		return info, refuse(CodecUnsupported, "the MP4's audio is mp3, not AAC-LC"), nil
	}
	if (object != 0x40 && object != 0x67) || !ok {
		info.Codec = "unknown"
		return info, refuse(CodecUnsupported, "the MP4's audio is of an unknown kind, not AAC-LC"), nil
	}
	info.Codec = "aac"
	if aac.rate > 0 {
		info.SampleRate = aac.rate
	}
	if aac.channels > 0 {
		info.Channels = aac.channels
	}
	switch {
	case aac.needs == HEAAC:
		return info, refuse(HEAAC, "the MP4's audio is HE-AAC"), nil
	case aac.needs == Multichannel:
		return info, refuse(Multichannel, "the MP4's AAC has more than two channels"), nil
	case aac.needs != "" || binary.BigEndian.Uint32(stsd[4:]) != 1:
		return info, refuse(CodecUnsupported, "the MP4's audio is a rare kind of AAC, not AAC-LC"), nil
	}
	return info, nil, nil
}

// maxDescription bounds what is read of a sample description; real ones have
// some hundred bytes.
const maxDescription = 1 << 16

// firstEntry is the first sample entry after its box header: at least the
// fields every audio entry has.
func firstEntry(stsd []byte) (body []byte, format string, ok bool) {
	if len(stsd) < 16 {
		return nil, "", false
	}
	size := int64(binary.BigEndian.Uint32(stsd[8:]))
	if size < 8+28 || size > int64(len(stsd)-8) {
		return nil, "", false
	}
	return stsd[16 : 8+size], string(stsd[12:16]), true
}

// codecName knows the sample entries seen in recordings (mp4ra.org). What a
// file says beyond them is not repeated.
func codecName(format string) string {
	switch format {
	case "Opus":
		return "opus"
	case "alac", "flac":
		return format
	case "fLaC":
		return "flac"
	case ".mp3":
		return "mp3"
	case "ac-3", "ec-3":
		return format
	case "samr", "sawb":
		return "amr"
	case "sowt", "twos", "lpcm", "ipcm", "in24", "in32", "fl32", "raw ":
		return "pcm"
	case "enca":
		return "encrypted"
	}
	return "unknown"
}

// decoderConfig finds objectTypeIndication and AudioSpecificConfig in an mp4a
// entry, also where QuickTime puts them (version 1, inside a wave box).
func decoderConfig(entry []byte) (object byte, config []byte) {
	at := 28
	if binary.BigEndian.Uint16(entry[8:]) == 1 {
		at += 16
	}
	for depth := 0; at+8 <= len(entry); {
		size, name := int64(binary.BigEndian.Uint32(entry[at:])), string(entry[at+4:at+8])
		if size < 8 || size > int64(len(entry)-at) {
			return 0, nil
		}
		switch {
		case name == "wave" && depth == 0:
			depth, at = 1, at+8
			continue
		case name == "esds" && size >= 12:
			return parseESDescriptor(entry[at+12 : at+int(size)])
		}
		at += int(size)
	}
	return 0, nil
}

// parseESDescriptor reads ISO/IEC 14496-1, 7.2.6.5.
func parseESDescriptor(b []byte) (object byte, config []byte) {
	es, _, ok := descriptor(b, 3)
	if !ok || len(es) < 3 {
		return 0, nil
	}
	flags, es := es[2], es[3:]
	if flags&0x80 != 0 { // depends on another stream
		es = es[min(2, len(es)):]
	}
	if flags&0x40 != 0 && len(es) > 0 { // URL
		es = es[min(1+int(es[0]), len(es)):]
	}
	if flags&0x20 != 0 { // clock stream
		es = es[min(2, len(es)):]
	}
	decoder, _, ok := descriptor(es, 4)
	if !ok || len(decoder) < 13 {
		return 0, nil
	}
	config, _, _ = descriptor(decoder[13:], 5)
	return decoder[0], config
}

// descriptor splits a tagged, expandably sized block from the front of b.
func descriptor(b []byte, tag byte) (body, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil, false
	}
	size := 0
	for i := 1; i < len(b) && i <= 4; i++ {
		size = size<<7 | int(b[i]&0x7f)
		if b[i]&0x80 == 0 {
			if size > len(b)-i-1 {
				return nil, nil, false
			}
			return b[i+1 : i+1+size], b[i+1+size:], true
		}
	}
	return nil, nil, false
}

// readTables reads times for every track, and where the units are for those
// that are copied.
func (f *mp4) readTables(track map[string]atom, moov, mdat []atom) error {
	media, total, err := mediaTime(f.src, track["mdhd"])
	if err != nil {
		return err
	}
	mvhd, _ := find(moov, "mvhd")
	movie, _, err := mediaTime(f.src, mvhd)
	if err != nil {
		return err
	}
	f.units.timescale = media
	f.units.duration = total
	if f.needs == nil {
		if err := f.units.read(f.src, track, mdat); err != nil {
			return err
		}
		total = 0
		for _, d := range f.units.deltas {
			total += int64(d)
		}
		if total <= 0 || total > longest*media {
			return refuse(Damaged, "the MP4's audio would last longer than a week, or no time at all")
		}
		if !f.units.keepsTime(f.about.SampleRate) {
			return refuse(Damaged, "the MP4's clock does not match its sampling rate")
		}
		f.units.duration = total
	}
	if elst, ok := track["elst"]; ok {
		if err := f.readEdits(elst, movie, total); err != nil {
			return err
		}
	}
	if f.units.duration <= 0 {
		return refuse(Damaged, "the MP4's edit list plays no time at all")
	}
	f.about.DurationMS = milliseconds(f.units.gap+f.units.duration, media)
	return nil
}

// keepsTime tells whether most units last the 1024 samples they hold. Pauses
// may make some last longer; where all do, nobody knows when what is heard.
func (u *unitTable) keepsTime(rate int) bool {
	const rounding = 2 // ticks, in coarse clocks
	right := 1         // the last one, which encoders cut short
	for _, d := range u.deltas[:len(u.deltas)-1] {
		if off := int64(d) - rescale(unitSamples, u.timescale, int64(rate)); off >= -rounding && off <= rounding {
			right++
		}
	}
	return 2*right > len(u.deltas)
}

// What is believed of a file, in seconds: a recording of a week, whose audio
// joins within six hours.
const (
	longest = 7 * 24 * 3600
	latest  = 6 * 3600
)

// mediaTime reads timescale and duration of an mvhd or mdhd box.
func mediaTime(src source, a atom) (timescale, duration int64, err error) {
	b, err := a.bytes(src, 20, 128)
	if err != nil {
		return 0, 0, err
	}
	timescale, duration = int64(binary.BigEndian.Uint32(b[12:])), int64(binary.BigEndian.Uint32(b[16:]))
	if b[0] == 1 {
		if len(b) < 32 {
			return 0, 0, refuse(Damaged, "a time header of the MP4 is damaged")
		}
		timescale, duration = int64(binary.BigEndian.Uint32(b[20:])), int64(binary.BigEndian.Uint64(b[24:]))
	}
	if timescale == 0 || timescale > math.MaxInt32 {
		return 0, 0, refuse(Damaged, "a time header of the MP4 has no usable clock")
	}
	if duration < 0 || duration > longest*timescale {
		duration = 0 // all ones: unknown
	}
	return timescale, duration, nil
}

// readEdits reads what of the media is played (14496-12, 8.6.6): possibly
// nothing for a while, then one piece.
func (f *mp4) readEdits(elst atom, movie, total int64) error {
	b, err := elst.bytes(f.src, 8, 1<<16)
	if err != nil {
		return err
	}
	width := 12
	if b[0] == 1 {
		width = 20
	}
	count := int64(binary.BigEndian.Uint32(b[4:]))
	if count > int64((len(b)-8)/width) {
		return refuse(Damaged, "the MP4's edit list is damaged")
	}
	var played []edit
	for i := range int(count) {
		e := parseEdit(b[8+i*width:], b[0] == 1)
		switch {
		case e.length < 0 || e.length > longest*movie || e.start < -1:
			return refuse(Damaged, "the MP4's edit list is damaged")
		case e.start == -1 && len(played) == 0:
			f.units.gap += rescale(e.length, f.units.timescale, movie)
		case e.start == -1: // nothing after the end
		default:
			played = append(played, e)
		}
	}
	if len(played) == 0 {
		return refuse(NotAudio, "the MP4's edit list plays nothing")
	}
	if f.units.gap > latest*f.units.timescale {
		return refuse(Damaged, "the MP4's edit list is damaged")
	}
	e := played[0]
	if len(played) > 1 || e.rate != 1<<16 {
		if f.needs == nil {
			f.needs = refuse(EditList, "the MP4 plays its audio in pieces or at another speed")
		}
		f.units.duration = 0
		for _, e := range played {
			f.units.duration += rescale(e.length, f.units.timescale, movie)
		}
		return nil
	}
	if e.start >= total {
		return refuse(Damaged, "the MP4's edit list starts after the end of its audio")
	}
	length := rescale(e.length, f.units.timescale, movie)
	slack := rescale(1, f.units.timescale, movie) + 1 // one tick of the movie's clock
	f.units.start = e.start
	f.units.duration = total - e.start
	if e.length > 0 && length+slack < f.units.duration {
		f.units.duration = length
	}
	return nil
}

type edit struct {
	length int64 // movie ticks
	start  int64 // media ticks, -1 for nothing
	rate   uint32
}

func parseEdit(b []byte, long bool) edit {
	if long {
		return edit{int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:])), binary.BigEndian.Uint32(b[16:])}
	}
	return edit{int64(binary.BigEndian.Uint32(b)), int64(int32(binary.BigEndian.Uint32(b[4:]))), binary.BigEndian.Uint32(b[8:])}
}

// rescale turns ticks of one clock into another's. Values are bounded by a
// week, so that dividing first loses nothing and never overflows.
func rescale(t, to, from int64) int64 {
	return t/from*to + t%from*to/from
}

// read expands the sample tables. Every claim is checked against the file's
// size before memory is taken for it.
func (u *unitTable) read(src source, track map[string]atom, mdat []atom) error {
	var err error
	if u.sizes, err = readSizes(src, track["stsz"]); err != nil {
		return err
	}
	if u.deltas, err = readDeltas(src, track["stts"], len(u.sizes)); err != nil {
		return err
	}
	chunks, err := readChunks(src, track)
	if err != nil {
		return err
	}
	u.offsets, err = placeUnits(src, track["stsc"], chunks, u.sizes)
	if err != nil {
		return err
	}
	for i, at := range u.offsets {
		end := at + int64(u.sizes[i])
		if end > src.size {
			return refuse(Truncated, "the MP4 ends before its audio does (access unit %d of %d)", i+1, len(u.offsets))
		}
		if !within(mdat, at, end) {
			return refuse(Damaged, "access unit %d of the MP4 stands outside its media data", i+1)
		}
	}
	return nil
}

func within(mdat []atom, at, end int64) bool {
	for _, a := range mdat {
		if at >= a.body && end <= a.end {
			return true
		}
	}
	return false
}

func badTable(name string) error {
	return refuse(Damaged, "the MP4's %s table is damaged", name)
}

func readSizes(src source, stsz atom) ([]uint32, error) {
	b, err := stsz.bytes(src, 12, maxTable)
	if err != nil {
		return nil, err
	}
	each, count := binary.BigEndian.Uint32(b[4:]), int64(binary.BigEndian.Uint32(b[8:]))
	if count == 0 {
		return nil, refuse(NotAudio, "the MP4's audio track is empty")
	}
	// No file holds more units than its bytes, whatever it says of their size.
	if each > maxUnit || (each > 0 && count > src.size/int64(each)) || (each == 0 && count > int64(len(b)-12)/4) {
		return nil, badTable("sample size")
	}
	sizes := make([]uint32, count)
	sum := int64(0)
	for i := range sizes {
		if sizes[i] = each; each == 0 {
			sizes[i] = binary.BigEndian.Uint32(b[12+4*i:])
		}
		if sizes[i] > maxUnit {
			return nil, badTable("sample size")
		}
		sum += int64(sizes[i])
	}
	if sum > src.size {
		return nil, refuse(Truncated, "the MP4 ends before its audio does")
	}
	return sizes, nil
}

func readDeltas(src source, stts atom, units int) ([]uint32, error) {
	b, err := stts.bytes(src, 8, maxTable)
	if err != nil {
		return nil, err
	}
	count := int64(binary.BigEndian.Uint32(b[4:]))
	if count > int64(len(b)-8)/8 {
		return nil, badTable("time")
	}
	deltas := make([]uint32, 0, units)
	for i := range int(count) {
		n, d := binary.BigEndian.Uint32(b[8+8*i:]), binary.BigEndian.Uint32(b[12+8*i:])
		if int64(n) > int64(units-len(deltas)) {
			return nil, badTable("time")
		}
		for range n {
			deltas = append(deltas, d)
		}
	}
	if len(deltas) != units {
		return nil, badTable("time")
	}
	return deltas, nil
}

func readChunks(src source, track map[string]atom) ([]int64, error) {
	table, width := track["stco"], 4
	if _, ok := track["stco"]; !ok {
		table, width = track["co64"], 8
	}
	b, err := table.bytes(src, 8, maxTable)
	if err != nil {
		return nil, err
	}
	count := int64(binary.BigEndian.Uint32(b[4:]))
	if count > int64((len(b)-8)/width) {
		return nil, badTable("chunk")
	}
	chunks := make([]int64, count)
	for i := range chunks {
		if width == 8 {
			chunks[i] = int64(binary.BigEndian.Uint64(b[8+8*i:]))
		} else {
			chunks[i] = int64(binary.BigEndian.Uint32(b[8+4*i:]))
		}
		if chunks[i] < 0 || chunks[i] > src.size {
			return nil, refuse(Truncated, "the MP4 ends before its audio does (chunk %d of %d)", i+1, count)
		}
	}
	return chunks, nil
}

// placeUnits gives each unit its offset from the chunks' and the
// sample-to-chunk table (14496-12, 8.7.4).
func placeUnits(src source, stsc atom, chunks []int64, sizes []uint32) ([]int64, error) {
	b, err := stsc.bytes(src, 8, maxTable)
	if err != nil {
		return nil, err
	}
	count := int64(binary.BigEndian.Uint32(b[4:]))
	if count > int64(len(b)-8)/12 {
		return nil, badTable("sample to chunk")
	}
	offsets := make([]int64, 0, len(sizes))
	for i := range int(count) {
		first, last := int64(binary.BigEndian.Uint32(b[8+12*i:])), int64(len(chunks))
		per := binary.BigEndian.Uint32(b[12+12*i:])
		if i+1 < int(count) {
			last = int64(binary.BigEndian.Uint32(b[20+12*i:])) - 1
		}
		if (i == 0 && first != 1) || first < 1 || last < first || last > int64(len(chunks)) {
			return nil, badTable("sample to chunk")
		}
		for _, at := range chunks[first-1 : last] {
			if int64(per) > int64(len(sizes)-len(offsets)) {
				return nil, badTable("sample to chunk")
			}
			for range per {
				offsets = append(offsets, at)
				at += int64(sizes[len(offsets)-1])
			}
		}
	}
	if len(offsets) != len(sizes) {
		return nil, badTable("sample to chunk")
	}
	return offsets, nil
}

// clean copies the units that are played, silent ones where it must be silent.
func (f *mp4) clean(ctx context.Context, out io.Writer, mute []Muted) (Result, error) {
	if f.needs != nil {
		return Result{}, f.needs
	}
	muted := Normalize(mute, f.about.DurationMS)
	c := f.units.cut(f.about, silences(muted))
	replaced, err := c.weigh(ctx, f.src)
	if err != nil {
		return Result{}, err
	}
	if err := c.write(ctx, f.src, out); err != nil {
		return Result{}, err
	}
	return Result{
		Info:      f.about,
		Extension: ".m4a",
		Muted:     muted,
		MarginMS:  milliseconds(4*unitSamples*1000, int64(f.about.SampleRate)*1000) + 1,
		Replaced:  replaced,
	}, nil
}

// cut is what is copied of a track: lead silent units, then some of the
// track's own.
type cut struct {
	movie
	lead    int
	offsets []int64  // of the track's own units that are copied
	stored  []uint32 // their sizes in the input
	silent  []bool   // for each unit of movie.sizes
}

// cut decides which units are copied and which are silent.
func (u *unitTable) cut(about Info, silent []Interval) *cut {
	from, to := u.played()
	unit := max(1, rescale(unitSamples, u.timescale, int64(about.SampleRate)))
	c := &cut{
		movie:   movie{rate: about.SampleRate, channels: about.Channels, timescale: uint32(u.timescale)},
		lead:    int((u.gap + unit - 1) / unit),
		offsets: u.offsets[from:to],
		stored:  u.sizes[from:to],
	}
	skipped := int64(0)
	for _, d := range u.deltas[:from] {
		skipped += int64(d)
	}
	c.start = int64(c.lead)*unit - u.gap + u.start - skipped
	c.duration = u.gap + u.duration
	deltas := make([]uint32, 0, c.lead+to-from)
	for range c.lead {
		deltas = append(deltas, uint32(unit))
	}
	deltas = append(deltas, u.deltas[from:to]...)
	c.endAt(deltas)
	c.silent = make([]bool, len(deltas))
	for i := range c.lead {
		c.silent[i] = true
	}
	c.silence(deltas, silent)
	return c
}

// endAt shortens the last unit to the end of what is played, and packs deltas
// into runs.
func (c *cut) endAt(deltas []uint32) {
	before := int64(0)
	for _, d := range deltas[:len(deltas)-1] {
		before += int64(d)
	}
	last := &deltas[len(deltas)-1]
	if rest := c.start + c.duration - before; rest > 0 && rest < int64(*last) {
		*last = uint32(rest)
	}
	for _, d := range deltas {
		if n := len(c.deltas); n > 0 && c.deltas[n-1].delta == d {
			c.deltas[n-1].count++
			continue
		}
		c.deltas = append(c.deltas, run{1, d})
	}
}

// end stops playing after so many milliseconds, when the track lasts longer.
func (f *mp4) end(ms int64) {
	f.units.duration = min(f.units.duration, ms*f.units.timescale/1000-f.units.gap)
	f.about.DurationMS = milliseconds(f.units.gap+f.units.duration, f.units.timescale)
}

// played is the range of units needed to play what the edit list plays. Media
// hidden before and after does not leave, but for an encoder's usual delay:
// the block before the first one played is needed to decode it.
func (u *unitTable) played() (from, to int) {
	const delay = 3 // 2112 samples at most, in known encoders
	at, first, last := int64(0), 0, len(u.deltas)
	for i, d := range u.deltas {
		if at <= u.start {
			first = i
		}
		if at >= u.start+u.duration {
			last = i
			break
		}
		at += int64(d)
	}
	from = max(0, first-1)
	if from < delay && u.gap == 0 {
		from = 0
	}
	return from, max(last, from+1)
}

// Units reach into their neighbours: what is heard during unit k comes from
// k-1 and k. One more on each side is margin.
const (
	unitsBefore = 2
	unitsAfter  = 1
)

func (c *cut) silence(deltas []uint32, intervals []Interval) {
	ends := make([]int64, len(deltas))
	at := int64(0)
	for i, d := range deltas {
		at += int64(d)
		ends[i] = at
	}
	for _, interval := range intervals {
		from, to := interval.ticks(int64(c.timescale))
		from, to = from+c.start, to+c.start
		first := sort.Search(len(ends), func(i int) bool { return ends[i] > from })
		last := sort.Search(len(ends), func(i int) bool { return ends[i] >= to })
		for i := max(0, first-unitsBefore); i <= min(len(ends)-1, last+unitsAfter); i++ {
			c.silent[i] = true
		}
	}
}

// weigh reads every unit once for its size without what is not sound.
func (c *cut) weigh(ctx context.Context, src source) (replaced int, err error) {
	c.sizes = make([]uint32, 0, len(c.silent))
	silence := uint32(len(SilentUnit(c.channels)))
	for range c.lead {
		c.sizes = append(c.sizes, silence)
	}
	err = c.each(ctx, src, func(i int, unit []byte) error {
		if c.silent[i] {
			c.sizes = append(c.sizes, silence)
			return nil
		}
		sound := soundOnly(unit, c.channels)
		if sound == nil {
			c.silent[i] = true
			replaced++
			c.sizes = append(c.sizes, silence)
			return nil
		}
		c.sizes = append(c.sizes, uint32(len(sound)))
		return nil
	})
	if err == nil && replaced > 3+len(c.offsets)/100 {
		err = refuse(CodecUnsupported, "%d of %d access units of the MP4 are not plain AAC-LC", replaced, len(c.offsets))
	}
	return replaced, err
}

// write is the second reading.
func (c *cut) write(ctx context.Context, src source, out io.Writer) error {
	w := newBatch(out)
	w.put(c.header())
	silence := SilentUnit(c.channels)
	for range c.lead {
		w.put(silence)
	}
	err := c.each(ctx, src, func(i int, unit []byte) error {
		if c.silent[i] {
			w.put(silence)
		} else {
			w.put(soundOnly(unit, c.channels))
		}
		return w.err
	})
	if err != nil {
		return err
	}
	return w.flush()
}

// each calls visit with the track's own copied units, reading neighbours
// together. i counts with the leading silent ones.
func (c *cut) each(ctx context.Context, src source, visit func(i int, unit []byte) error) error {
	buffer := make([]byte, maxUnit)
	for i := 0; i < len(c.offsets); {
		if err := ctx.Err(); err != nil {
			return err
		}
		end, total := i, 0
		for end < len(c.offsets) && c.offsets[end] == c.offsets[i]+int64(total) && total+int(c.stored[end]) <= len(buffer) {
			total += int(c.stored[end])
			end++
		}
		if err := src.read(buffer[:total], c.offsets[i]); err != nil {
			return err
		}
		rest := buffer[:total]
		for ; i < end; i++ {
			if err := visit(c.lead+i, rest[:c.stored[i]]); err != nil {
				return err
			}
			rest = rest[c.stored[i]:]
		}
	}
	return nil
}
