package audio

import (
	"bytes"
	"testing"
)

func TestFragmentsSayHowLongTheyLast(t *testing.T) {
	base := camera{units: voiced(5, 1), rate: 32000, channels: 1, fragments: true, indexFirst: true}.bytes()
	base = base[:len(base)-len(secret())]
	fragment := func(tfhd []byte, runs ...[]byte) []byte {
		traf := [][]byte{box("tfhd", tfhd)}
		for _, r := range runs {
			traf = append(traf, box("trun", r))
		}
		return join(box("moof", box("mfhd", u32(0, 1)), box("traf", traf...)), box("mdat", secret()))
	}
	const other, ours = 1, 2
	for name, c := range map[string]struct {
		moofs []byte
		want  int64
		code  Code
	}{
		"none":                      {nil, 0, ""},
		"the track's usual length":  {fragment(u32(0, ours), u32(0, 125)), 4000, ""},
		"the fragment's":            {fragment(u32(8, ours, 2048), u32(0, 125)), 8000, ""},
		"behind other fields":       {fragment(u32(0xb, ours, 0, 7, 1, 2048), u32(0, 125)), 8000, ""},
		"each unit's own":           {fragment(u32(0, ours), u32(0x100, 2, 32000, 16000)), 1500, ""},
		"each unit's, with sizes":   {fragment(u32(0, ours), u32(0x305, 2, 9, 9, 32000, 77, 16000, 77)), 1500, ""},
		"two runs, two fragments":   {append(fragment(u32(0, ours), u32(0, 125), u32(0, 125)), fragment(u32(0, ours), u32(0, 125))...), 12000, ""},
		"another track's":           {fragment(u32(0, other), u32(0, 125)), 0, ""},
		"more units than bytes":     {fragment(u32(0, ours), u32(0x100, 0xffffffff, 1)), 0, Damaged},
		"units of no known length":  {fragment(u32(8, ours, 0xffffffff), u32(0, 9)), 0, Damaged},
		"units nobody could record": {fragment(u32(0, ours), u32(0, 0xffffffff)), 0, Damaged},
		"ends within a fragment":    {fragment(u32(0, ours), u32(0, 125))[:70], 0, Truncated},
	} {
		t.Run(name, func(t *testing.T) {
			in := join(base, c.moofs)
			if c.code != "" {
				mustRefuse(t, in, c.code)
				return
			}
			info, err := Probe(bytes.NewReader(in), int64(len(in)))
			if err != nil || info.Needs != Fragmented || info.DurationMS != c.want {
				t.Errorf("%+v, %v; want %d ms", info, err, c.want)
			}
			mustRefuse(t, in, Fragmented)
		})
	}
}
