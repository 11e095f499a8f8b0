package audio

import (
	"bytes"
	"slices"
	"testing"
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
