package audio

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// minute is a case of the spoken tutoring minutes.
type minute struct {
	dir, file string
	in        []byte
	Cues      []struct {
		Index   int
		StartMS int64 `json:"start_ms"`
		EndMS   int64 `json:"end_ms"`
		Text    string
	}
	Names []struct {
		StartMS int64 `json:"start_ms"`
		EndMS   int64 `json:"end_ms"`
		Name    string
		Cue     int
	}
	Gone     []string `json:"must_be_gone"`
	Readable bool
	Probe    struct {
		Streams []struct {
			CodecType  string `json:"codec_type"`
			CodecName  string `json:"codec_name"`
			SampleRate string `json:"sample_rate"`
			Channels   int
		}
	}
}

func minutes(t testing.TB) []minute {
	t.Helper()
	truths, err := filepath.Glob(filepath.Join(sharedAudio(t), "*", "truth.json"))
	if err != nil || len(truths) == 0 {
		t.Fatalf("no cases among the shared audio: %v", err)
	}
	var out []minute
	for _, truth := range truths {
		m := minute{dir: filepath.Base(filepath.Dir(truth))}
		b, err := os.ReadFile(truth)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(filepath.Dir(truth))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			switch filepath.Ext(e.Name()) {
			case ".m4a", ".mp4", ".wav":
				m.file = filepath.Join(filepath.Dir(truth), e.Name())
			}
		}
		if m.in, err = os.ReadFile(m.file); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func (m minute) names() []Muted {
	var out []Muted
	for _, n := range m.Names {
		out = append(out, Muted{n.StartMS, n.EndMS, Name})
	}
	return out
}

// needs is what the cases' README expects of a machine without ffmpeg.
var needs = map[string]Code{
	"m4a-fragmented": Fragmented, "m4a-5.1": Multichannel, "m4a-opus-in-mp4": CodecUnsupported, "m4a-truncated": Truncated,
}

func TestMinutesWithoutFFmpeg(t *testing.T) {
	for _, m := range minutes(t) {
		t.Run(m.dir, func(t *testing.T) {
			if code := needs[m.dir]; code != "" {
				mustRefuse(t, m.in, code)
				return
			}
			out, result := clean(t, m.in, m.names()...)
			m.mustBeGone(t, out)
			m.mustMatchProbe(t, result)
			if result.Extension == ".wav" {
				return
			}
			before, after := unitsOf(t, m.in), unitsOf(t, out)
			if len(before) != len(after) {
				t.Fatalf("%d units, were %d", len(after), len(before))
			}
			silent := 0
			for i, u := range after {
				switch {
				case bytes.Equal(u, SilentUnit(result.Info.Channels)):
					silent++
				case bytes.Contains(before[i], []byte("Lavc")): // the encoder signs every 256th
					if len(u) != len(before[i])-17 && len(u) != len(before[i])-16 {
						t.Errorf("unit %d has %d bytes, had %d with a signature of 135 bits", i, len(u), len(before[i]))
					}
				case !bytes.Equal(u, before[i]):
					t.Fatalf("unit %d is neither silent nor the input's", i)
				}
			}
			if silent == 0 || silent > len(after)/2 {
				t.Errorf("%d of %d units are silent", silent, len(after))
			}
		})
	}
}

func (m minute) mustBeGone(t *testing.T, out []byte) {
	t.Helper()
	for _, s := range append(m.Gone, "Lavc", "Lavf", "SoundHandler", "VideoHandler", "\xe6\xfd\x40\x80") {
		if bytes.Contains(out, []byte(s)) {
			t.Errorf("output still holds %q", s)
		}
	}
}

func (m minute) mustMatchProbe(t *testing.T, result Result) {
	t.Helper()
	for _, s := range m.Probe.Streams {
		if s.CodecType != "audio" {
			continue
		}
		if strconv.Itoa(result.Info.SampleRate) != s.SampleRate || result.Info.Channels != min(s.Channels, 2) {
			t.Errorf("%+v, want %s Hz and %d channels", result.Info, s.SampleRate, s.Channels)
		}
	}
}

// silenceLevel is -80 dB of full scale.
var silenceLevel = math.Pow(10, -80.0/20)

func TestMinutesDecoded(t *testing.T) {
	ffmpeg := ffmpegPath(t)
	for _, m := range minutes(t) {
		t.Run(m.dir, func(t *testing.T) {
			temp := t.TempDir()
			out, result, err := tryClean(Cleaner{FFmpeg: ffmpeg, Temp: temp}, m.in, m.names()...)
			mustBeEmpty(t, temp)
			if !m.Readable {
				var refused *Refused
				if !errors.As(err, &refused) || refused.Code != Truncated || len(out) > 0 {
					t.Errorf("%v, %d bytes written; want it refused as truncated", err, len(out))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			m.mustBeGone(t, out)
			m.mustMatchProbe(t, result)
			channels, rate := result.Info.Channels, result.Info.SampleRate
			before := decode(t, m.in, filepath.Ext(m.file), channels)
			after := decode(t, out, result.Extension, channels)
			if lost := len(before)/channels - len(after)/channels; lost > rate/20 || lost < -rate/20 {
				t.Errorf("%d samples more or fewer", lost)
			}
			n := min(len(before), len(after)) / channels
			sample := func(ms int64) int { return max(0, min(n, int(ms*int64(rate)/1000))) }
			for _, muted := range result.Muted {
				if loud := peak(after[sample(muted.StartMS)*channels:sample(muted.EndMS)*channels], 1); loud > silenceLevel {
					t.Errorf("peak %.5f between %d and %d ms, want silence", loud, muted.StartMS, muted.EndMS)
				}
			}
			at := int64(0)
			margin := result.MarginMS + 1
			exact := !result.Converted
			for _, muted := range append(result.Muted, Muted{StartMS: int64(n)*1000/int64(rate) + margin}) {
				from, to := sample(at)*channels, sample(muted.StartMS-margin)*channels
				at = muted.EndMS + margin
				if from >= to {
					continue
				}
				mustSound(t, before[from:to], after[from:to], exact)
				// AAC's noise bands are the decoder's own dice, thrown once
				// less for each silent unit.
				exact = exact && result.Extension == ".wav"
			}
		})
	}
}

// mustSound wants the same samples, or for the ear the same.
func mustSound(t *testing.T, before, after []float32, exact bool) {
	t.Helper()
	var signal, noise float64
	for i := range before {
		d := float64(before[i] - after[i])
		signal += float64(before[i]) * float64(before[i])
		noise += d * d
	}
	if exact && noise > 0 || noise > signal/100 {
		t.Errorf("sound outside the muted intervals changed (%.2g of %.2g)", noise, signal)
	}
}

func peak(samples []float32, step int) float64 {
	loud := 0.0
	for i := 0; i < len(samples); i += step {
		loud = max(loud, math.Abs(float64(samples[i])))
	}
	return loud
}

// decode lets ffmpeg play a recording.
func decode(t testing.TB, recording []byte, extension string, channels int) []float32 {
	t.Helper()
	name := filepath.Join(t.TempDir(), "recording"+extension)
	if err := os.WriteFile(name, recording, 0o600); err != nil {
		t.Fatal(err)
	}
	raw := call(t, ffmpegPath(t), "-i", name, "-vn", "-ac", strconv.Itoa(channels), "-f", "s32le", "-")
	samples := make([]float32, len(raw)/4)
	for i := range samples {
		samples[i] = float32(int32(binary.LittleEndian.Uint32(raw[4*i:]))) / -math.MinInt32
	}
	return samples
}

func call(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	var out, complaints bytes.Buffer
	cmd := exec.Command(program, append([]string{"-nostdin", "-loglevel", "error"}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, complaints.String())
	}
	if complaints.Len() > 0 {
		t.Errorf("ffmpeg complains: %s", complaints.String())
	}
	return out.Bytes()
}

// TestEstimates prints how much of the names' true intervals is missed, and
// how much of the rest of what is said is lost, for whole cues and estimates.
// The minutes are one lesson in several shapes: one is enough.
func TestEstimates(t *testing.T) {
	for _, m := range minutes(t) {
		if m.dir != "m4a-mono-32k" {
			continue
		}
		var names, speech []Interval
		for _, n := range m.Names {
			names = append(names, Interval{n.StartMS, n.EndMS})
		}
		for _, c := range m.Cues {
			speech = append(speech, Interval{c.StartMS, c.EndMS})
		}
		names, speech = union(names), union(speech)
		t.Logf("%d names, %d ms; speech %d ms", len(names), length(names), length(speech))
		t.Logf("%-5s %6s %9s %9s", "mode", "pad ms", "missed %", "lost %")
		measure := func(mode Mode, pad int64) (missed, lost int64) {
			silent := union(m.located(mode, pad))
			missed = length(subtract(names, silent))
			lost = length(speech) - length(subtract(speech, subtract(silent, names)))
			t.Logf("%-5s %6d %9.1f %9.1f", mode, pad, 100*float64(missed)/float64(length(names)), 100*float64(lost)/float64(length(speech)))
			return missed, lost
		}
		if missed, _ := measure(WholeCue, 0); missed > 0 {
			t.Errorf("whole cues miss %d ms of names", missed)
		}
		_, whole := measure(WholeCue, DefaultPadMS)
		for _, pad := range []int64{0, 100, 150, 200, 250, 400, 500} {
			measure(Estimated, pad)
		}
		missed, lost := measure(Estimated, DefaultPadMS)
		if missed > 0 {
			t.Errorf("estimates with the default padding miss %d ms of names", missed)
		}
		if short, _ := measure(Estimated, DefaultPadMS-75); short > 0 {
			t.Errorf("the default padding has a margin of less than 75 ms")
		}
		if lost*2 > whole {
			t.Errorf("estimates lose %d ms of the lesson, whole cues %d: not worth their risk", lost, whole)
		}
	}
}

// located silences the names where Locate says they are, found by word.
func (m minute) located(mode Mode, pad int64) []Interval {
	spans := map[int][]Span{}
	for _, n := range m.Names {
		text, from := m.Cues[n.Cue-1].Text, 0
		for _, s := range spans[n.Cue] {
			from = max(from, s.End)
		}
		start := from + strings.Index(text[from:], n.Name)
		spans[n.Cue] = append(spans[n.Cue], Span{start, start + len(n.Name)})
	}
	var out []Interval
	for _, c := range m.Cues {
		out = append(out, Locate(Interval{c.StartMS, c.EndMS}, c.Text, spans[c.Index], mode, pad)...)
	}
	return out
}

func length(in []Interval) int64 {
	sum := int64(0)
	for _, i := range in {
		sum += i.EndMS - i.StartMS
	}
	return sum
}
