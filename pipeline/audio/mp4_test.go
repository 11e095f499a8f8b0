package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"slices"
	"testing"
)

var cameras = map[string]camera{
	"video between":       {units: voiced(400, 1), rate: 32000, channels: 1},
	"sound alone":         {units: voiced(400, 1), rate: 32000, channels: 1, withoutVideo: true},
	"stereo, index first": {units: voiced(403, 2), rate: 44100, channels: 2, indexFirst: true},
	"64-bit offsets":      {units: voiced(200, 2), rate: 48000, channels: 2, longOffsets: true},
	"one unit a chunk":    {units: voiced(90, 1), rate: 16000, channels: 1, perChunk: 1},
	"QuickTime's entry":   {units: voiced(90, 1), rate: 48000, channels: 1, quickTime: true},
	"encoder delay": {units: voiced(400, 1), rate: 32000, channels: 1,
		edits: [][]byte{edit32(12768, 1024)}},
	"64-bit edits": {units: voiced(400, 1), rate: 32000, channels: 1, wideEdits: true,
		edits: [][]byte{u32(0, 12730, 0, 2112, 1<<16)}},
	"a clock of milliseconds": {units: voiced(400, 1), rate: 48000, channels: 1, clock: 1000,
		deltas: []run{{200, 21}, {1, 22}, {199, 21}}},
	"a pause in the clock": {units: voiced(400, 1), rate: 32000, channels: 1,
		deltas: []run{{100, 1024}, {1, 32000}, {299, 1024}}},
}

func TestCleanedMP4HoldsOnlySound(t *testing.T) {
	for name, c := range cameras {
		t.Run(name, func(t *testing.T) {
			out, result := clean(t, c.bytes())
			mustHideSecrets(t, out)
			want := []string{"ftyp", "moov", "moov/mvhd", "moov/trak", "moov/trak/tkhd",
				"moov/trak/edts", "moov/trak/edts/elst",
				"moov/trak/mdia", "moov/trak/mdia/mdhd", "moov/trak/mdia/hdlr", "moov/trak/mdia/minf",
				"moov/trak/mdia/minf/smhd", "moov/trak/mdia/minf/dinf", "moov/trak/mdia/minf/dinf/dref",
				"moov/trak/mdia/minf/stbl", "moov/trak/mdia/minf/stbl/stsd", "moov/trak/mdia/minf/stbl/stts",
				"moov/trak/mdia/minf/stbl/stsc", "moov/trak/mdia/minf/stbl/stsz", "moov/trak/mdia/minf/stbl/stco",
				"mdat"}
			if c.edits == nil {
				want = slices.DeleteFunc(want, func(p string) bool { return bytes.Contains([]byte(p), []byte("edts")) })
			}
			if got := boxesOf(out, ""); !slices.Equal(got, want) {
				t.Errorf("boxes %q\nwant %q", got, want)
			}
			for _, header := range []string{"mvhd", "tkhd", "mdhd"} {
				at := bytes.Index(out, []byte(header))
				if times := out[at+8 : at+16]; !bytes.Equal(times, make([]byte, 8)) {
					t.Errorf("%s says when: %x", header, times)
				}
			}
			if bytes.Contains(out, []byte("\xe6\xfd\x40\x80")) {
				t.Error("the creation time is still there")
			}
			if got := unitsOf(t, out); !slices.EqualFunc(got, c.units, bytes.Equal) {
				t.Errorf("%d units came out, not the %d of the input", len(got), len(c.units))
			}
			before, err := Probe(bytes.NewReader(c.bytes()), int64(len(c.bytes())))
			if err != nil {
				t.Fatal(err)
			}
			after, err := Probe(bytes.NewReader(out), int64(len(out)))
			if err != nil {
				t.Fatal(err)
			}
			if before != after || result.Info != after || result.Extension != ".m4a" {
				t.Errorf("input %+v\noutput %+v\nresult %+v", before, after, result)
			}
			again, _ := clean(t, out)
			if !bytes.Equal(out, again) {
				t.Error("cleaning what is clean changes it")
			}
		})
	}
}

func TestMutedUnitsAreSilentAndOthersUntouched(t *testing.T) {
	mute := []Muted{{900, 1400, Name}, {1390, 1500, OptedOut}, {3000, 3001, Name}, {-50, 10, Name}, {4000, 1 << 40, Name}}
	for name, c := range cameras {
		t.Run(name, func(t *testing.T) {
			out, result := clean(t, c.bytes(), mute...)
			rec, err := open(source{bytes.NewReader(out), int64(len(out))})
			if err != nil {
				t.Fatal(err)
			}
			u := rec.(*mp4).units
			at := -float64(u.start)
			var silent, touched []int
			for i, unit := range unitsOf(t, out) {
				from := at / float64(u.timescale) * 1000
				at += float64(u.deltas[i])
				// A unit is heard during itself and the next one.
				to := at/float64(u.timescale)*1000 + 1024/float64(c.rate)*1000
				if bytes.Equal(unit, SilentUnit(c.channels)) {
					silent = append(silent, i)
				} else if !bytes.Equal(unit, c.units[i]) {
					t.Fatalf("unit %d is neither silent nor the input's", i)
				}
				for _, m := range result.Muted {
					if from < float64(m.EndMS) && to > float64(m.StartMS) {
						touched = append(touched, i)
					}
				}
			}
			for _, i := range touched {
				if !slices.Contains(silent, i) {
					t.Errorf("unit %d is heard in a muted interval", i)
				}
			}
			for _, i := range silent {
				if !slices.ContainsFunc(touched, func(j int) bool { return i-2 <= j && j <= i+2 }) {
					t.Errorf("unit %d is silent, and none of its neighbours is heard in a muted interval", i)
				}
			}
			if len(silent) == 0 || len(silent) == len(c.units) {
				t.Errorf("%d of %d units silent", len(silent), len(c.units))
			}
		})
	}
}

// What an edit list hides is in the file all the same.
func TestHiddenMediaDoesNotLeave(t *testing.T) {
	c := camera{units: voiced(500, 1), rate: 32000, channels: 1,
		edits: [][]byte{edit32(5000, 5*32000)}} // five seconds, from the fifth on
	out, result := clean(t, c.bytes())
	got := unitsOf(t, out)
	first, last := 5*32000/1024-1, 10*32000/1024
	if want := c.units[first : last+1]; !slices.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("%d units came out, want the %d that are played", len(got), len(want))
	}
	if result.Info.DurationMS != 5000 {
		t.Errorf("%d ms, want 5000", result.Info.DurationMS)
	}
}

// A track that joins late is filled with silence, so that its clock stays the
// transcript's.
func TestLateTrackKeepsTheClock(t *testing.T) {
	c := camera{units: voiced(100, 1), rate: 32000, channels: 1,
		edits: [][]byte{edit32(1500, 0xffffffff), edit32(3200, 0)}}
	out, result := clean(t, c.bytes())
	if result.Info.DurationMS != 1500+3200 {
		t.Errorf("%d ms, want 4700", result.Info.DurationMS)
	}
	got := unitsOf(t, out)
	lead := len(got) - len(c.units)
	if want := (1500*32 + 1023) / 1024; lead != want {
		t.Errorf("%d silent units lead, want %d", lead, want)
	}
	for i, u := range got {
		if i < lead && !bytes.Equal(u, SilentUnit(1)) || i >= lead && !bytes.Equal(u, c.units[i-lead]) {
			t.Fatalf("unit %d is wrong", i)
		}
	}
	elst := bytes.Index(out, []byte("elst"))
	if start := int(binary.BigEndian.Uint32(out[elst+16:])); start != lead*1024-1500*32 {
		t.Errorf("plays from sample %d, want %d", start, lead*1024-1500*32)
	}
	early, _ := clean(t, c.bytes(), Muted{1500, 1600, Name})
	if !bytes.Equal(unitsOf(t, early)[lead], SilentUnit(1)) {
		t.Error("what is said as the track joins is not silent")
	}
}

func TestTextInFrontOfTheSoundIsTakenOut(t *testing.T) {
	sound := voiced(60, 1)
	fill := func(text string) (w bitWriter) {
		w.put(elementFill, 3)
		w.put(15, 4)
		w.put(uint32(len(text)+1-15), 8)
		w.text(text)
		return w
	}
	data := func(text string, align bool) (w bitWriter) {
		w.put(elementData, 3)
		w.put(0, 4)
		if align {
			w.put(1, 1)
			w.put(uint32(len(text)), 8)
			w.align()
		} else {
			w.put(0, 1)
			w.put(uint32(len(text)), 8)
		}
		w.text(text)
		return w
	}
	for name, head := range map[string]bitWriter{
		"encoder's name":    fill("Encoder 59.37 of Odalys Brankovic"),
		"bytes, unaligned":  data("Odalys Brankovic", false),
		"bytes, aligned":    data("Odalys Brankovic", true),
		"one after another": fill("Saturday call at four").then(data("99977755512", false)),
	} {
		units := slices.Clone(sound)
		units[7] = head.then(bitWriter{units[7], 8 * len(units[7])}).data
		out, result := clean(t, camera{units: units, rate: 32000, channels: 1}.bytes())
		got := unitsOf(t, out)[7]
		if !bytes.HasPrefix(got, sound[7]) || len(got) > len(sound[7])+1 || result.Replaced != 0 {
			t.Errorf("%s: sound did not survive (%d bytes of %d, %d replaced)", name, len(got), len(sound[7]), result.Replaced)
		}
	}
	units := slices.Clone(sound)
	units[3], units[4] = append([]byte{0xff}, secret()...), []byte{}
	out, result := clean(t, camera{units: units, rate: 32000, channels: 1}.bytes())
	mustHideSecrets(t, out)
	if result.Replaced != 2 || !bytes.Equal(unitsOf(t, out)[3], SilentUnit(1)) {
		t.Errorf("%d units replaced, want the two without sound", result.Replaced)
	}
}

type bitWriter struct {
	data []byte
	bits int
}

func (w *bitWriter) put(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.bits%8 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[w.bits/8] |= byte(v>>i&1) << (7 - w.bits%8)
		w.bits++
	}
}

func (w *bitWriter) text(s string) {
	for _, c := range []byte(s) {
		w.put(uint32(c), 8)
	}
}

func (w *bitWriter) align() { w.bits = 8 * len(w.data) }

func (w bitWriter) then(next bitWriter) bitWriter {
	out := bitWriter{slices.Clone(w.data), w.bits}
	for i := range next.bits {
		out.put(uint32(next.data[i/8]>>(7-i%8)&1), 1)
	}
	return out
}

func TestRefusedMP4(t *testing.T) {
	base := camera{units: voiced(50, 1), rate: 32000, channels: 1}
	shape := func(change func(*camera)) []byte {
		c := base
		change(&c)
		return c.bytes()
	}
	patch := func(name string, at int, value ...uint32) []byte {
		b := base.bytes()
		copy(b[bytes.LastIndex(b, []byte(name))+at:], u32(value...))
		return b
	}
	whole := base.bytes()
	first := camera{units: voiced(50, 1), rate: 32000, channels: 1, indexFirst: true}.bytes()
	for name, c := range map[string]struct {
		in   []byte
		code Code
	}{
		"empty":               {nil, Truncated},
		"three bytes":         {whole[:3], NotAudio},
		"text":                {[]byte("WEBVTT\n\n1\n00:00:01.200 --> 00:00:02.000\n"), NotAudio},
		"no sound track":      {shape(func(c *camera) { c.withoutSound = true }), NotAudio},
		"no units":            {shape(func(c *camera) { c.units = nil }), NotAudio},
		"fragments":           {shape(func(c *camera) { c.fragments = true }), Fragmented},
		"Opus":                {shape(func(c *camera) { c.format = "Opus" }), CodecUnsupported},
		"encrypted":           {shape(func(c *camera) { c.format = "enca" }), CodecUnsupported},
		"named by its maker":  {shape(func(c *camera) { c.format = "Odal" }), CodecUnsupported},
		"HE-AAC":              {shape(func(c *camera) { c.config = []byte{0x2b, 0x09, 0x88, 0} }), HEAAC},
		"HE-AAC, compatible":  {shape(func(c *camera) { c.config = []byte{0x13, 0x08, 0x56, 0xe5, 0x98} }), HEAAC},
		"5.1":                 {shape(func(c *camera) { c.config = []byte{0x12, 0x30} }), Multichannel},
		"program config":      {shape(func(c *camera) { c.config = []byte{0x12, 0x00} }), Multichannel},
		"AAC Main":            {shape(func(c *camera) { c.config = []byte{0x0a, 0x08} }), CodecUnsupported},
		"960 samples a unit":  {shape(func(c *camera) { c.config = []byte{0x12, 0x0c} }), CodecUnsupported},
		"no config":           {shape(func(c *camera) { c.config = []byte{} }), CodecUnsupported},
		"played in pieces":    {shape(func(c *camera) { c.edits = [][]byte{edit32(300, 0), edit32(300, 32000)} }), EditList},
		"played twice faster": {shape(func(c *camera) { c.edits = [][]byte{u32(300, 0, 2<<16)} }), EditList},
		"plays nothing":       {shape(func(c *camera) { c.edits = [][]byte{edit32(300, 0xffffffff)} }), NotAudio},
		"joins after a month": {shape(func(c *camera) { c.edits = [][]byte{edit32(0xffffffff, 0xffffffff), edit32(300, 0)} }), Damaged},
		"lasts no time":       {shape(func(c *camera) { c.deltas = []run{{50, 0}} }), Damaged},
		"times of other units": {
			shape(func(c *camera) { c.deltas = []run{{49, 1024}} }), Damaged},
		"not the sound it says": {
			shape(func(c *camera) { c.units = voiced(50, 2) }), CodecUnsupported},
		"a clock of another rate":  {shape(func(c *camera) { c.clock = 8000 }), Damaged},
		"a clock that stands":      {patch("mdhd", 16, 0), Damaged},
		"more sizes than bytes":    {patch("stsz", 12, 0xffffffff), Damaged},
		"one size for all":         {patch("stsz", 8, 1, 0xffffffff), Damaged},
		"more times than bytes":    {patch("stts", 8, 0xffffffff), Damaged},
		"a time for four billion":  {patch("stts", 12, 0xffffffff), Damaged},
		"more chunks than bytes":   {patch("stco", 8, 0xffffffff), Damaged},
		"chunks of four billion":   {patch("stsc", 16, 0xffffffff), Damaged},
		"a chunk beyond the end":   {patch("stco", 12, 0x7fffffff), Truncated},
		"a chunk among the tags":   {patch("stco", 12, 40), Damaged},
		"cut in the sound":         {whole[:len(whole)/3], Truncated},
		"cut in the index":         {whole[:bytes.LastIndex(whole, []byte("stsz"))], Truncated},
		"index first, cut behind":  {first[:len(first)-3000], Truncated},
		"index first, cut in it":   {first[:bytes.LastIndex(first, []byte("stsz"))], Truncated},
		"an index that is shorter": {patch("stbl", -4, 40), Damaged},
	} {
		t.Run(name, func(t *testing.T) { mustRefuse(t, c.in, c.code) })
	}
}

func TestEveryCutIsRefused(t *testing.T) {
	c := camera{units: voiced(30, 1), rate: 32000, channels: 1}
	whole := c.bytes()
	end := len(whole) - len(box("uuid", secret()))
	for n := range end {
		out, _, err := tryClean(Cleaner{}, whole[:n])
		var refused *Refused
		if !errors.As(err, &refused) || len(out) > 0 {
			t.Fatalf("cut after %d of %d bytes: %v, %d bytes written", n, end, err, len(out))
		}
	}
	out, _ := clean(t, whole[:end])
	full, _ := clean(t, whole)
	if !bytes.Equal(out, full) {
		t.Error("what follows the index changes the output")
	}
}

// A few bytes must not make anybody reserve gigabytes.
func TestClaimsAreCheckedBeforeMemoryIsTaken(t *testing.T) {
	c := camera{units: voiced(50, 1), rate: 32000, channels: 1}
	for _, claim := range []struct {
		name string
		at   int
	}{{"stsz", 12}, {"stsz", 8}, {"stts", 8}, {"stts", 12}, {"stsc", 8}, {"stsc", 16}, {"stco", 8}, {"stsd", -4}, {"elst", 8}, {"mdhd", 16}} {
		for _, value := range []uint32{1, 0x01000000, 0x7fffffff, 0xffffffff} {
			b := c.bytes()
			if claim.name == "elst" {
				b = camera{units: c.units, rate: 32000, channels: 1, edits: [][]byte{edit32(900, 0)}}.bytes()
			}
			copy(b[bytes.LastIndex(b, []byte(claim.name))+claim.at:], u32(value))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, _ = tryClean(Cleaner{}, b)
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
				t.Errorf("%s%+d = %#x: %d bytes of a file of %d took %d bytes of memory", claim.name, claim.at, value, 4, len(b), took)
			}
		}
	}
}

type failing struct{ after int }

var errDisk = errors.New("disk on fire")

func (f *failing) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func (f *failing) ReadAt(p []byte, at int64) (int, error) { return 0, errDisk }

func TestFaultsOfReaderAndWriterAreNotTheRecordings(t *testing.T) {
	in := camera{units: voiced(3000, 1), rate: 32000, channels: 1}.bytes()
	for _, after := range []int{0, 100, 300_000} {
		_, err := Cleaner{}.Clean(context.Background(), bytes.NewReader(in), int64(len(in)), &failing{after}, nil)
		if !errors.Is(err, errDisk) {
			t.Errorf("writer fails after %d bytes: %v", after, err)
		}
	}
	var refused *Refused
	_, err := Probe(&failing{}, 1000)
	if !errors.Is(err, errDisk) || errors.As(err, &refused) {
		t.Errorf("reader fails: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	if _, err := (Cleaner{}).Clean(ctx, bytes.NewReader(in), int64(len(in)), &out, nil); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("cancelled: %v, %d bytes written", err, out.Len())
	}
}

func FuzzClean(f *testing.F) {
	for _, c := range cameras {
		c.units = c.units[:20]
		if c.deltas != nil {
			c.deltas = []run{{20, 1024}}
		}
		f.Add(c.bytes())
	}
	f.Add(camera{units: voiced(20, 1), rate: 32000, channels: 1, fragments: true}.bytes())
	f.Add(wave{tag: tagPCM, channels: 1, rate: 8000, bits: 16, samples: make([]byte, 400)}.bytes())
	f.Add(wave{tag: tagFloat, channels: 2, rate: 8000, bits: 32, extensible: true, samples: make([]byte, 800)}.bytes())
	f.Fuzz(func(t *testing.T, in []byte) { mustSurvive(t, in) })
}

// mustSurvive holds what is true of any bytes whatever.
func mustSurvive(t *testing.T, in []byte) {
	t.Helper()
	out, result, err := tryClean(Cleaner{}, in, Muted{5, 10, Name}, Muted{100, 1 << 50, OptedOut})
	if err != nil {
		var refused *Refused
		if !errors.As(err, &refused) || len(out) > 0 {
			t.Fatalf("%v, %d bytes written", err, len(out))
		}
		return
	}
	_, again, err := tryClean(Cleaner{}, out)
	if err != nil {
		t.Fatalf("own output refused: %v", err)
	}
	if again.Info != result.Info {
		t.Fatalf("own output is %+v, was to be %+v", again.Info, result.Info)
	}
}

func TestAnyDamagedByteIsSurvived(t *testing.T) {
	for name, in := range map[string][]byte{
		"mp4": camera{units: voiced(6, 1), rate: 32000, channels: 1, wideEdits: true,
			edits: [][]byte{u32(0, 100, 0xffffffff, 0xffffffff, 1<<16), u32(0, 150, 0, 1024, 1<<16)}}.bytes(),
		"fragmented": camera{units: voiced(6, 1), rate: 32000, channels: 1, fragments: true}.bytes(),
		"wav":        wave{tag: tagFloat, channels: 2, rate: 8000, bits: 32, extensible: true, samples: noise(800)}.bytes(),
	} {
		t.Run(name, func(t *testing.T) {
			for i := range in {
				for _, value := range []byte{0, 1, 0x7f, 0x80, 0xff} {
					damaged := bytes.Clone(in)
					damaged[i] = value
					mustSurvive(t, damaged)
				}
			}
		})
	}
}

// BenchmarkCleanHour is an hour at 32 kHz mono and 64 kbit/s.
func BenchmarkCleanHour(b *testing.B) {
	units := make([][]byte, 3600*32000/1024)
	for i := range units {
		units[i] = make([]byte, 256)
	}
	in := camera{units: units, rate: 32000, channels: 1, perChunk: 31}.bytes()
	mute := make([]Muted, 500)
	for i := range mute {
		mute[i] = Muted{int64(i) * 7000, int64(i)*7000 + 900, Name}
	}
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Cleaner{}).Clean(context.Background(), bytes.NewReader(in), int64(len(in)), io.Discard, mute); err != nil {
			b.Fatal(err)
		}
	}
}
