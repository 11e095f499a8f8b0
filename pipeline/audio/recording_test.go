package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// secrets stand wherever a recording can hold text. None may come out.
var secrets = []string{"Odalys Brankovic", "Saturday call", "99977755512"}

func secret() []byte { return []byte(strings.Join(secrets, "; ")) }

func mustHideSecrets(t *testing.T, out []byte) {
	t.Helper()
	for _, s := range secrets {
		if bytes.Contains(out, []byte(s)) {
			t.Errorf("output still holds %q", s)
		}
	}
}

// voiced are n units that begin as sound does and are otherwise noise, so that
// each can be told from every other.
func voiced(n, channels int) [][]byte {
	random := rand.New(rand.NewPCG(uint64(n), uint64(channels)))
	units := make([][]byte, n)
	for i := range units {
		u := make([]byte, 20+random.IntN(200))
		for j := range u {
			u[j] = byte(random.Uint32())
		}
		u[0] &= 0x1f
		if channels == 2 {
			u[0] |= 0x20
		}
		units[i] = u
	}
	return units
}

// camera is a recording as phones and meeting software leave them, built box
// by box: video, tags, hidden bytes.
type camera struct {
	units          [][]byte
	rate, channels int
	deltas         []run  // none: 1024 each, in a clock of rate
	clock          uint32 // of the media, 0: rate
	edits          [][]byte
	movieClock     uint32 // 0: 1000
	wideEdits      bool
	config         []byte // AudioSpecificConfig, nil: AAC-LC's
	format         string // sample entry, "": mp4a
	perChunk       int    // 0: 5
	indexFirst     bool
	longOffsets    bool
	withoutVideo   bool
	withoutSound   bool
	fragments      bool
	quickTime      bool
}

func edit32(length, start uint32) []byte { return u32(length, start, 1<<16) }

func (c camera) bytes() []byte {
	ftyp := box("ftyp", []byte("isom\x00\x00\x02\x00isommp41"))
	free := box("free", secret())
	base := len(ftyp) + len(free)
	media, chunks := c.mdat()
	if c.indexFirst {
		base += len(c.moov(chunks, 0))
		return join(ftyp, free, c.moov(chunks, base+8), media, secret())
	}
	return join(ftyp, free, media, c.moov(chunks, base+8), box("uuid", secret()))
}

// mdat interleaves the units with what stands for video.
func (c camera) mdat() (media []byte, chunks []int) {
	per := c.perChunk
	if per == 0 {
		per = 5
	}
	var body []byte
	for i, u := range c.units {
		if i%per == 0 {
			body = append(body, secret()...)
			chunks = append(chunks, len(body))
		}
		body = append(body, u...)
	}
	return box("mdat", body, secret()), chunks
}

const madeAt = 0xe6fd4080 // some day in 2026

func (c camera) moov(chunks []int, base int) []byte {
	movie := c.movieClock
	if movie == 0 {
		movie = 1000
	}
	parts := [][]byte{box("mvhd", u32(0, madeAt, madeAt, movie, 60000), make([]byte, 80))}
	if !c.withoutVideo {
		parts = append(parts, box("trak", c.tkhd(1),
			box("mdia", c.mdhd(90000), c.hdlr("vide"),
				box("minf", box("stbl", box("stsd", u32(0, 1), box("avc1", secret(), secret())))))))
	}
	if !c.withoutSound {
		parts = append(parts, c.sound(chunks, base))
	}
	if c.fragments {
		parts = append(parts, box("mvex", box("trex", u32(0, 2, 1, 1024, 0, 0))))
	}
	parts = append(parts, box("udta", box("meta", u32(0), secret())))
	return box("moov", parts...)
}

func (c camera) tkhd(id uint32) []byte {
	return box("tkhd", u32(7, madeAt, madeAt, id, 0, 60000), make([]byte, 60))
}

func (c camera) mdhd(clock uint32) []byte {
	total := uint32(0)
	for _, d := range c.runs() {
		total += d.count * d.delta
	}
	return box("mdhd", u32(0, madeAt, madeAt, clock, total, 0x15c70000))
}

func (c camera) hdlr(kind string) []byte {
	return box("hdlr", u32(0, 0), []byte(kind), u32(0, 0, 0), secret(), []byte{0})
}

func (c camera) runs() []run {
	if c.deltas == nil {
		return []run{{uint32(len(c.units)), unitSamples}}
	}
	return c.deltas
}

func (c camera) sound(chunks []int, base int) []byte {
	clock := c.clock
	if clock == 0 {
		clock = uint32(c.rate)
	}
	stts := u32(0, uint32(len(c.runs())))
	for _, d := range c.runs() {
		stts = append(stts, u32(d.count, d.delta)...)
	}
	stsz := u32(0, 0, uint32(len(c.units)))
	for _, u := range c.units {
		stsz = append(stsz, u32(uint32(len(u)))...)
	}
	offsets, name := u32(0, uint32(len(chunks))), "stco"
	for _, at := range chunks {
		if c.longOffsets {
			name = "co64"
			offsets = append(offsets, u32(0)...)
		}
		offsets = append(offsets, u32(uint32(base+at))...)
	}
	per := c.perChunk
	if per == 0 {
		per = 5
	}
	whole, rest := len(c.units)/per, len(c.units)%per
	stsc := u32(1, uint32(per), 1)
	if rest > 0 {
		stsc = append(stsc, u32(uint32(whole+1), uint32(rest), 1)...)
	}
	edts := []byte(nil)
	if c.edits != nil {
		version := uint32(0)
		if c.wideEdits {
			version = 1 << 24
		}
		edts = box("edts", box("elst", u32(version, uint32(len(c.edits))), join(c.edits...)))
	}
	return box("trak", c.tkhd(2), edts, box("udta", secret()),
		box("mdia", c.mdhd(clock), c.hdlr("soun"),
			box("minf", box("smhd", u32(0, 0)), box("hdlr", u32(0, 0), []byte("url "), secret()),
				box("stbl",
					box("stsd", u32(0, 1), c.entry()),
					box("stts", stts),
					box("stsc", u32(0, uint32(len(stsc)/12)), stsc),
					box("stsz", stsz),
					box(name, offsets),
					box("sgpd", secret())))))
}

func (c camera) entry() []byte {
	format, config := c.format, c.config
	if format == "" {
		format = "mp4a"
	}
	if config == nil {
		v := uint16(2<<11 | rateIndex(c.rate)<<7 | c.channels<<3)
		config = []byte{byte(v >> 8), byte(v)}
	}
	n := byte(len(config))
	esds := box("esds", u32(0),
		[]byte{3, 0x80, 0x80, 0x80, 23 + n, 0, 2, 0},
		[]byte{4, 0x80, 15 + n, 0x40, 0x15, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0},
		[]byte{5, n}, config, []byte{6, 1, 2})
	fields := join(u32(0), u32(1), u32(0, 0), u32(uint32(c.channels)<<16|16), u32(0), u32(uint32(c.rate)<<16))
	if c.quickTime {
		binary.BigEndian.PutUint16(fields[8:], 1)
		fields = append(fields, make([]byte, 16)...)
		return box(format, fields, box("wave", box("frma", []byte("mp4a")), esds))
	}
	return box(format, fields, box("btrt", secret()), esds)
}

func clean(t testing.TB, in []byte, mute ...Muted) ([]byte, Result) {
	t.Helper()
	out, result, err := tryClean(Cleaner{}, in, mute...)
	if err != nil {
		t.Fatal(err)
	}
	return out, result
}

func tryClean(c Cleaner, in []byte, mute ...Muted) ([]byte, Result, error) {
	var out bytes.Buffer
	result, err := c.Clean(context.Background(), bytes.NewReader(in), int64(len(in)), &out, mute)
	return out.Bytes(), result, err
}

// mustRefuse wants a refusal with this code and nothing written.
func mustRefuse(t *testing.T, in []byte, code Code) {
	t.Helper()
	out, _, err := tryClean(Cleaner{}, in)
	var refused *Refused
	if !errors.As(err, &refused) || refused.Code != code {
		t.Errorf("got %v, want a refusal with code %s", err, code)
	}
	if len(out) > 0 {
		t.Errorf("%d bytes written in spite of the refusal", len(out))
	}
	if err != nil {
		mustHideSecrets(t, []byte(err.Error()))
	}
}

func mustBeEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("%d files were left in the temporary directory", len(left))
	}
}

// unitsOf reads an m4a's units back.
func unitsOf(t testing.TB, m4a []byte) [][]byte {
	t.Helper()
	rec, err := open(source{bytes.NewReader(m4a), int64(len(m4a))})
	if err != nil {
		t.Fatal(err)
	}
	u := rec.(*mp4).units
	units := make([][]byte, len(u.sizes))
	for i := range units {
		units[i] = m4a[u.offsets[i] : u.offsets[i]+int64(u.sizes[i])]
	}
	return units
}

// boxesOf lists the boxes of a file by path, knowing nothing of package audio.
func boxesOf(b []byte, parent string) []string {
	var out []string
	for len(b) >= 8 {
		n := int(binary.BigEndian.Uint32(b))
		if n < 8 || n > len(b) {
			return append(out, parent+"?")
		}
		path := parent + string(b[4:8])
		out = append(out, path)
		switch string(b[4:8]) {
		case "moov", "trak", "edts", "mdia", "minf", "dinf", "stbl":
			out = append(out, boxesOf(b[8:n], path+"/")...)
		}
		b = b[n:]
	}
	if len(b) > 0 {
		out = append(out, parent+"trailing bytes")
	}
	return out
}

// ffmpegPath skips a test that decodes when it cannot.
func ffmpegPath(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed: decoding is not checked")
	}
	return path
}

// sharedAudio is the folder of the spoken tutoring minutes.
func sharedAudio(t testing.TB) string {
	t.Helper()
	root := os.Getenv("VEIL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "data", "audio")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared audio is not here: set VEIL_SHARED to the folder that holds data/audio")
	}
	return dir
}
