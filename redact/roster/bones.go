package roster

import bitcount "math/bits"

// bones are the classes of the consonants of a sound in their order, three bits
// each, the same class in a row once.
type bones uint64

func bonesOf(s sound) (b bones) {
	for i := range len(s) {
		b = b.add(bones(classes[s[i]&127]))
	}
	return b
}

// classes number the consonants that are taken for each other, from 1.
var classes = func() (out [128]uint8) {
	for i, class := range [...]string{"pbfv", "tdT", "szSCJ", "kg", "mn", "lr"} {
		for _, c := range class {
			out[c] = uint8(i + 1)
		}
	}
	return out
}()

func (b bones) add(class bones) bones {
	if class == 0 || b&7 == class {
		return b
	}
	return b<<3 | class
}

// then joins bones.
func (b bones) then(c bones) bones {
	n := (bitcount.Len64(uint64(c)) + 2) / 3
	if n == 0 {
		return b
	}
	b = b.add(c >> (3 * (n - 1)))
	return b<<(3*(n-1)) | c&(1<<(3*(n-1))-1)
}

// sieve holds bones; it may take some for held that are not.
type sieve [1 << 11]uint64

func (s *sieve) put(b bones) {
	h := uint64(b) * 0x9e3779b97f4a7c15 >> 47
	s[h>>6] |= 1 << (h & 63)
}

func (s *sieve) has(b bones) bool {
	h := uint64(b) * 0x9e3779b97f4a7c15 >> 47
	return s[h>>6]&(1<<(h&63)) != 0
}

// gist counts the consonants of sounds: how many there are at least and at most
// of each class.
type gist struct {
	least, most [6]uint8
	length      uint8
}

func gistOf(sounds []sound) (g gist) {
	for i, s := range sounds {
		var count [6]uint8
		for _, c := range []byte(s) {
			if n := classes[c&127]; n > 0 {
				count[n-1]++
			}
		}
		for k, n := range count {
			if i == 0 || n < g.least[k] {
				g.least[k] = n
			}
			g.most[k] = max(g.most[k], n)
		}
		g.length = max(g.length, uint8(min(len(s), 99)))
	}
	return g
}

// add is the gist of b said after g.
func (g *gist) add(b *gist) {
	for k := range g.least {
		g.least[k] += b.least[k]
		g.most[k] += b.most[k]
	}
	g.length += b.length
}

// apart reports whether sounds of two gists are surely farther apart than most.
func (g *gist) apart(b *gist, most float64) bool {
	more, less := 0, 0
	for k := range g.least {
		if d := int(g.least[k]) - int(b.most[k]); d > 0 {
			more += d
		} else if d := int(b.least[k]) - int(g.most[k]); d > 0 {
			less += d
		}
	}
	return float64(max(more, less)) > most*float64(max(g.length, b.length))
}
