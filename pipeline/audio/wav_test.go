package audio

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// wave is a WAV file with everything recorders add.
type wave struct {
	tag, channels, bits uint16
	rate                uint32
	extensible          bool
	samples             []byte
}

func chunk(name string, body []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body)))
	out = append(out, body...)
	return append(out, make([]byte, len(body)%2)...)
}

func (w wave) bytes() []byte {
	format := waveFormat(w.tag, w.channels, w.rate, w.bits)
	if w.extensible {
		format = extend(format, w.tag, w.bits, 3)
	}
	body := join([]byte("WAVE"), chunk("bext", secret()), chunk("fmt ", format),
		chunk("LIST", append([]byte("INFOIART"), secret()...)), chunk("data", w.samples),
		chunk("id3 ", secret()), chunk("iXML", secret()))
	return join(chunk("RIFF", body), secret())
}

func noise(n int) []byte {
	random := rand.New(rand.NewPCG(uint64(n), 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(random.IntN(255) + 1)
		if b[i] == 0x80 {
			b[i]++
		}
	}
	return b
}

func TestCleanedWAVHoldsOnlyFormatAndSamples(t *testing.T) {
	for name, w := range map[string]wave{
		"8 bit":            {tag: tagPCM, channels: 1, rate: 8000, bits: 8},
		"16 bit":           {tag: tagPCM, channels: 1, rate: 16000, bits: 16},
		"16 bit, six":      {tag: tagPCM, channels: 6, rate: 16000, bits: 16, extensible: true},
		"24 bit":           {tag: tagPCM, channels: 2, rate: 44100, bits: 24},
		"24 bit, extended": {tag: tagPCM, channels: 1, rate: 11025, bits: 24, extensible: true},
		"32 bit":           {tag: tagPCM, channels: 1, rate: 48000, bits: 32},
		"float":            {tag: tagFloat, channels: 2, rate: 22050, bits: 32, extensible: true},
		"double":           {tag: tagFloat, channels: 1, rate: 22050, bits: 64},
	} {
		t.Run(name, func(t *testing.T) {
			frame := int(w.channels) * int(w.bits) / 8
			frames := int(w.rate)*2 + 77
			w.samples = noise(frames * frame)
			out, result := clean(t, w.bytes(), Muted{100, 250, Name}, Muted{1500, 9999, OptedOut}, Muted{333, 334, Name})
			mustHideSecrets(t, out)
			extra := len(w.samples) % 2
			format := int(binary.LittleEndian.Uint32(out[16:]))
			if head := 12 + 8 + format + 8; len(out) != head+len(w.samples)+extra {
				t.Fatalf("%d bytes, want %d", len(out), head+len(w.samples)+extra)
			}
			got := out[28+format:]
			silence := byte(0)
			if w.bits == 8 {
				silence = 0x80
			}
			for i := range frames {
				ms := float64(i) * 1000 / float64(w.rate)
				muted := ms >= 100 && ms < 250 || ms >= 333 && ms < 334 || ms >= 1500
				// A sample a cut runs through belongs to the silence.
				edge := false
				for _, at := range []float64{100, 333, 1500} {
					edge = edge || ms < at && ms+1000/float64(w.rate) > at
				}
				for j := i * frame; j < (i+1)*frame; j++ {
					if muted && got[j] != silence || !muted && !edge && got[j] != w.samples[j] {
						t.Fatalf("byte %d at %.2f ms is %#x, was %#x (muted: %t)", j, ms, got[j], w.samples[j], muted)
					}
				}
			}
			info, err := Probe(bytes.NewReader(out), int64(len(out)))
			if err != nil || info != result.Info || result.Extension != ".wav" || info.SampleRate != int(w.rate) || info.Channels != int(w.channels) {
				t.Errorf("%+v, %v; result %+v", info, err, result)
			}
			again, _ := clean(t, out)
			if !bytes.Equal(out, again) {
				t.Error("cleaning what is clean changes it")
			}
		})
	}
}

func TestRefusedWAV(t *testing.T) {
	w := wave{tag: tagPCM, channels: 1, rate: 8000, bits: 16, samples: noise(1000)}
	whole := w.bytes()
	data := bytes.Index(whole, []byte("data"))
	patch := func(at int, value uint32) []byte {
		b := bytes.Clone(whole)
		binary.LittleEndian.PutUint32(b[at:], value)
		return b
	}
	mulaw := w
	mulaw.tag, mulaw.bits = 7, 8
	empty := w
	empty.samples = nil
	format := bytes.Index(whole, []byte("fmt ")) + 8
	for name, c := range map[string]struct {
		in   []byte
		code Code
	}{
		"cut in the sound":    {whole[:data+500], Truncated},
		"cut before it":       {whole[:data], Truncated},
		"cut in the format":   {whole[:format+3], Truncated},
		"no samples":          {empty.bytes(), NotAudio},
		"telephone's mu-law":  {mulaw.bytes(), CodecUnsupported},
		"length not known":    {patch(data+4, 0xffffffff), Damaged},
		"no channels":         {patch(format, tagPCM), Damaged},
		"no rate":             {patch(format+4, 0), Damaged},
		"frames of odd sizes": {patch(format+12, 16<<16|3), Damaged},
	} {
		t.Run(name, func(t *testing.T) { mustRefuse(t, c.in, c.code) })
	}
}
