package lexicon

import "sync"

// slips holds hashes of common words with one letter missing or cut off at the
// end, as speech recognition leaves them.
var slips = sync.OnceValue(func() map[uint32]struct{} {
	m := map[uint32]struct{}{}
	add := func(word string) {
		if len(word) < 3 {
			return
		}
		for i := range word {
			m[hash(word[:i]+word[i+1:])] = struct{}{}
		}
		for cut := 2; cut <= 3 && len(word)-cut >= 4; cut++ {
			m[hash(word[:len(word)-cut])] = struct{}{}
		}
	}
	Each(func(word string, e Entry) {
		if e.Word >= 0.6 {
			add(word)
		}
	})
	for word := range grammar {
		add(word)
	}
	return m
})

// Slip says how a word that is not in common use relates to one that is: 1 for
// a letter or an end missing ("oky", "perfe"), 2 for a letter too much, or one
// that is wrong ("oka", "thiss"), 3 for two words run together or a word with
// something stuck to it ("ijust", "yeahya"), 0 for none.
func Slip(norm string) int {
	if _, ok := slips()[hash(norm)]; ok {
		return 1
	}
	if len(norm) < 3 || len(norm) > 20 {
		return 0
	}
	var buf [24]byte
	for i := range len(norm) {
		short := append(append(buf[:0], norm[:i]...), norm[i+1:]...)
		if common(short) {
			return 2
		}
	}
	for cut := len(norm) - 1; cut >= 1; cut-- {
		head, tail := norm[:cut], norm[cut:]
		if len(head) >= 3 && common([]byte(head)) && (len(tail) <= 3 || common([]byte(tail))) {
			return 3
		}
		if len(tail) >= 3 && len(head) <= 2 && common([]byte(tail)) {
			return 3
		}
	}
	return 0
}

func common(word []byte) bool {
	if grammar[string(word)] {
		return true
	}
	t := shared()
	s := t.slots[find(t, word)]
	return s.length > 1 && s.values[1]>>4 >= 10
}
