package audio

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// silence is n silent units.
func silence(n, channels int) [][]byte {
	return slices.Repeat([][]byte{SilentUnit(channels)}, n)
}

func TestWriteM4ARefusesWhatItCannotSay(t *testing.T) {
	for name, c := range map[string]struct {
		track Track
		units [][]byte
	}{
		"rate AAC does not have":  {Track{SampleRate: 12345, Channels: 1}, silence(3, 1)},
		"three channels":          {Track{SampleRate: 32000, Channels: 3}, silence(3, 1)},
		"no units":                {Track{SampleRate: 32000, Channels: 1}, nil},
		"an empty unit":           {Track{SampleRate: 32000, Channels: 1}, [][]byte{{}}},
		"skips past the end":      {Track{SampleRate: 32000, Channels: 1, Skip: 4000}, silence(3, 1)},
		"plays past the end":      {Track{SampleRate: 32000, Channels: 1, Samples: 4000}, silence(3, 1)},
		"starts before the start": {Track{SampleRate: 32000, Channels: 1, Skip: -1}, silence(3, 1)},
	} {
		var out bytes.Buffer
		if err := WriteM4A(&out, c.track, slices.Values(c.units)); err == nil {
			t.Errorf("%s: written", name)
		} else if out.Len() > 0 {
			t.Errorf("%s: %d bytes written before the refusal", name, out.Len())
		}
	}
}

func TestWrittenM4AReadsBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		channels := rapid.IntRange(1, 2).Draw(r, "channels")
		units := voiced(rapid.IntRange(1, 200).Draw(r, "units"), channels)
		all := int64(len(units)) * unitSamples
		track := Track{SampleRate: rapid.SampledFrom(rates[:]).Draw(r, "rate"), Channels: channels}
		track.Skip = rapid.Int64Range(0, min(2112, all-1)).Draw(r, "skip")
		track.Samples = rapid.Int64Range(0, all-track.Skip).Draw(r, "samples")
		var out bytes.Buffer
		if err := WriteM4A(&out, track, slices.Values(units)); err != nil {
			r.Fatal(err)
		}
		played := track.Samples
		if played == 0 {
			played = all - track.Skip
		}
		info, err := Probe(bytes.NewReader(out.Bytes()), int64(out.Len()))
		want := Info{"mp4", "aac", track.SampleRate, channels, milliseconds(played, int64(track.SampleRate)), ""}
		if err != nil || info != want {
			r.Fatalf("%+v, %v; want %+v", info, err, want)
		}
		if got := unitsOf(t, out.Bytes()); !slices.EqualFunc(got, units, bytes.Equal) {
			r.Fatalf("other units came back")
		}
	})
}

func TestSilentUnitsAreSilent(t *testing.T) {
	ffmpegPath(t)
	for _, rate := range []int{96000, 44100, 32000, 16000, 7350} {
		for channels := 1; channels <= 2; channels++ {
			t.Run(fmt.Sprint(rate, " Hz, ", channels), func(t *testing.T) {
				var out bytes.Buffer
				track := Track{SampleRate: rate, Channels: channels, Skip: 1024, Samples: 20000}
				if err := WriteM4A(&out, track, slices.Values(silence(30, channels))); err != nil {
					t.Fatal(err)
				}
				sound := decode(t, out.Bytes(), ".m4a", channels)
				if loud := peak(sound, 1); loud > 0 {
					t.Errorf("peak %g", loud)
				}
				if n := len(sound) / channels; n < 20000 || n > 20000+unitSamples {
					t.Errorf("%d samples, want 20000", n)
				}
			})
		}
	}
}
