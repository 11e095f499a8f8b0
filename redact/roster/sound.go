package roster

import (
	"slices"
	"strings"
)

// A sound is a string over a small alphabet of speech sounds:
//
//	p b t d k g f v T s z S C J h m n l r w y   consonants (T th, S sh, C ch)
//	a e i o u                                    vowels, coarsely
//
// Names are read by the spelling habits of many languages at once, which gives
// a name several sounds; what speech recognition wrote is read as English.
// Two words are near when some reading of one is near some reading of the
// other.
type sound = string

// rule reads letters at a place in a word. When is ' ' anywhere, '^' at the
// beginning, '$' at the end, 'v' before e, i or y, '-' between a vowel and
// a consonant or the end.
type rule struct {
	letters string
	when    byte
	sounds  []string
}

// beam bounds how many readings of a word are followed at once.
const beam = 24

// read gives the sounds of a folded word under rules, at most beam.
func read(word string, rules *[26][]rule) []sound {
	type path struct {
		at  int
		out string
	}
	paths := []path{{}}
	var done []sound
	for len(paths) > 0 {
		var next []path
		for _, p := range paths {
			if p.at >= len(word) {
				done = append(done, p.out)
				continue
			}
			c := word[p.at]
			if c < 'a' || c > 'z' {
				next = append(next, path{p.at + 1, p.out})
				continue
			}
			for _, r := range rules[c-'a'] {
				if !r.applies(word, p.at) {
					continue
				}
				for _, s := range r.sounds {
					next = append(next, path{p.at + len(r.letters), extend(p.out, s)})
				}
				break
			}
		}
		if len(next) > beam {
			next = next[:beam]
		}
		paths = next
	}
	return unique(done)
}

// extend appends s; a doubled sound is said once.
func extend(out, s string) string {
	if s != "" && out != "" && out[len(out)-1] == s[0] {
		s = s[1:]
	}
	return out + s
}

func (r rule) applies(word string, at int) bool {
	end := at + len(r.letters)
	if !strings.HasPrefix(word[at:], r.letters) {
		return false
	}
	switch r.when {
	case '^':
		return at == 0
	case '$':
		return end == len(word)
	case 'v':
		return end < len(word) && strings.IndexByte("eiy", word[end]) >= 0
	case '-':
		return at > 0 && vowel(word[at-1]) && (end == len(word) || !vowel(word[end]))
	case 'c': // silent e: after a consonant, at the end, in a word with another vowel
		return end == len(word) && at > 1 && !vowel(word[at-1]) && strings.ContainsAny(word[:at-1], "aeiouy")
	}
	return true
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

func unique(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		if s != "" && !slices.Contains(out, s) { // a few dozen at most
			out = append(out, s)
		}
	}
	return out
}

func table(list []rule) *[26][]rule {
	var out [26][]rule
	for _, r := range list {
		c := r.letters[0] - 'a'
		out[c] = append(out[c], r)
	}
	return &out
}

// english reads what speech recognition writes. Within a letter the first rule
// that applies is taken, so longer ones stand first.
var english = table([]rule{
	{"augh", ' ', []string{"o"}}, {"au", ' ', []string{"o"}}, {"aw", ' ', []string{"o"}}, {"ay", ' ', []string{"e"}},
	{"ai", ' ', []string{"e", "ai"}}, {"ae", ' ', []string{"e", "i"}}, {"a", ' ', []string{"a"}},
	{"bb", ' ', []string{"b"}}, {"b", ' ', []string{"b"}},
	{"ch", ' ', []string{"C", "k"}}, {"ck", ' ', []string{"k"}}, {"cc", ' ', []string{"k"}}, {"c", 'v', []string{"s"}}, {"c", ' ', []string{"k"}},
	{"dge", ' ', []string{"J"}}, {"d", ' ', []string{"d"}},
	{"eigh", ' ', []string{"e"}}, {"eau", ' ', []string{"o"}}, {"ee", ' ', []string{"i"}}, {"ea", ' ', []string{"i", "e", "ia"}},
	{"ei", ' ', []string{"e", "i", "ai"}}, {"ey", ' ', []string{"i", "e"}}, {"ew", ' ', []string{"u"}}, {"eu", ' ', []string{"u"}}, {"e", 'c', []string{""}}, {"e", ' ', []string{"e"}},
	{"f", ' ', []string{"f"}},
	{"gh", '^', []string{"g"}}, {"gh", ' ', []string{""}}, {"gn", '^', []string{"n"}}, {"g", 'v', []string{"g", "J"}}, {"g", ' ', []string{"g"}},
	{"h", '-', []string{""}}, {"h", ' ', []string{"h"}},
	{"igh", ' ', []string{"ai"}}, {"ie", ' ', []string{"i", "ie"}}, {"i", ' ', []string{"i"}},
	{"j", ' ', []string{"J"}},
	{"kn", '^', []string{"n"}}, {"k", ' ', []string{"k"}}, {"l", ' ', []string{"l"}}, {"m", ' ', []string{"m"}}, {"n", ' ', []string{"n"}},
	{"ough", ' ', []string{"o"}}, {"oey", ' ', []string{"oi"}}, {"oo", ' ', []string{"u"}}, {"ou", ' ', []string{"u", "au"}}, {"ow", ' ', []string{"o", "au"}},
	{"oa", ' ', []string{"o"}}, {"oe", ' ', []string{"o", "oi"}}, {"oy", ' ', []string{"oi"}}, {"oi", ' ', []string{"oi"}}, {"o", ' ', []string{"o"}},
	{"ph", ' ', []string{"f"}}, {"p", ' ', []string{"p"}}, {"qu", ' ', []string{"kw"}}, {"q", ' ', []string{"k"}},
	{"r", ' ', []string{"r"}},
	{"sch", ' ', []string{"sk", "S"}}, {"sh", ' ', []string{"S"}}, {"s", ' ', []string{"s"}},
	{"tch", ' ', []string{"C"}}, {"th", ' ', []string{"T"}}, {"tion", ' ', []string{"Son"}}, {"t", ' ', []string{"t"}},
	{"ue", '$', []string{"u"}}, {"ui", ' ', []string{"u", "wi"}}, {"u", ' ', []string{"u"}},
	{"v", ' ', []string{"v"}}, {"wh", ' ', []string{"w"}}, {"wr", '^', []string{"r"}}, {"w", ' ', []string{"w"}},
	{"x", '^', []string{"z"}}, {"x", ' ', []string{"ks"}},
	{"y", '^', []string{"y"}}, {"ya", ' ', []string{"ya", "ia"}}, {"yo", ' ', []string{"yo"}}, {"yu", ' ', []string{"yu"}}, {"y", ' ', []string{"i"}},
	{"z", ' ', []string{"z"}},
})

// spoken are English words that are not said as they are spelled, in letters
// that are.
var spoken = func() map[string]string {
	out := map[string]string{}
	for _, w := range strings.Fields(`two:too to:too do:doo who:hoo you:yoo one:wun once:wunce my:migh by:bigh bye:bigh why:wigh buy:bigh guy:gigh high:high
		hi:high tie:tigh pie:pigh die:digh lie:ligh eye:igh aye:igh i:igh sky:skigh fly:fligh try:trigh dry:drigh cry:crigh fry:frigh shy:shigh
		sigh:sigh know:noe knows:noze shoe:shoo shoes:shooz some:sum come:cum done:dun none:nun son:sun love:luv of:uv the:thuh was:wuz said:sed
		says:sez though:thoe through:throo tough:tuff rough:ruff laugh:laff ocean:oshun sugar:shuger sure:shoor people:peepul busy:bizzy
		business:bizness eight:ate weight:wate choir:kwire quay:key heart:hart blood:blud women:wimmin are:ar were:wer your:yor key:kee he:hee
		she:shee we:wee be:bee me:mee money:munny honey:hunny monkey:munky country:kuntry young:yung touch:tuch double:dubble soup:soop group:groop
		move:moov prove:proov lose:looz shoot:shoot move:moov give:giv live:liv have:hav gone:gon what:wut want:wont wash:wosh watch:woch
		wall:woll call:coll all:oll ball:boll tall:toll walk:wok talk:tok half:haf calm:com child:chighld kind:kighnd find:fighnd mind:mighnd
		time:tighm line:lighn mine:mighn nine:nighn five:fighv like:lighk ice:ighs nice:nighs rice:righs side:sighd ride:righd bike:bighk
		day:day make:mayk take:tayk cake:cayk name:naym same:saym lake:layk late:layt made:mayd way:way game:gaym`) {
		word, said, _ := strings.Cut(w, ":")
		out[word] = said
	}
	return out
}()

// worldly reads names.
var worldly = table([]rule{
	{"aoi", ' ', []string{"i", "e"}}, {"aigh", ' ', []string{"e", "i"}}, {"ai", ' ', []string{"e", "ai", "a"}}, {"ay", ' ', []string{"ai", "e"}}, {"ae", ' ', []string{"e", "i", "ae"}},
	{"au", ' ', []string{"au", "o"}}, {"aw", ' ', []string{"o", "av"}}, {"ao", ' ', []string{"ao", "au", "i"}}, {"aa", ' ', []string{"a"}}, {"a", ' ', []string{"a"}},
	{"bhf", ' ', []string{"w", "v"}}, {"bh", ' ', []string{"b", "v"}}, {"b", ' ', []string{"b"}},
	{"cz", ' ', []string{"C", "z"}}, {"ch", '^', []string{"C", "k", "S", "h"}}, {"ch", ' ', []string{"C", "k", "h", "S"}}, {"ck", ' ', []string{"k"}}, {"cc", 'v', []string{"C", "ks"}},
	{"c", 'v', []string{"s", "C", "k"}}, {"c", '$', []string{"k", "C", "ts"}}, {"c", ' ', []string{"k", "J"}},
	{"dzh", ' ', []string{"J"}}, {"dz", ' ', []string{"J", "dz"}}, {"dh", ' ', []string{"d", ""}}, {"dj", ' ', []string{"J"}}, {"d", ' ', []string{"d"}},
	{"eigh", ' ', []string{"e", "i"}}, {"eoi", ' ', []string{"o", "i"}}, {"eau", ' ', []string{"o"}}, {"ee", ' ', []string{"i", "e"}}, {"ea", ' ', []string{"i", "ea", "a"}},
	{"ei", ' ', []string{"e", "ai", "i"}}, {"ey", ' ', []string{"e", "i", "ai"}}, {"eo", ' ', []string{"eo", "o", "io"}}, {"eu", ' ', []string{"u", "eu", "oi"}}, {"ew", ' ', []string{"u", "ev"}},
	{"e", 'c', []string{"e", "", "i"}}, {"e", '$', []string{"e", "i"}}, {"e", ' ', []string{"e"}},
	{"f", ' ', []string{"f"}},
	{"gh", '^', []string{"g"}}, {"gh", ' ', []string{"g", ""}}, {"gn", ' ', []string{"ny", "n"}}, {"gi", 'v', []string{"J", "gi"}}, {"gia", ' ', []string{"Ja", "gia", "za"}}, {"gio", ' ', []string{"Jo"}}, {"gui", ' ', []string{"gi", "gwi"}}, {"gue", ' ', []string{"ge", "gwe"}}, {"gwa", ' ', []string{"gwa"}}, {"gua", ' ', []string{"wa", "gwa"}},
	{"g", 'v', []string{"J", "g", "h"}}, {"g", ' ', []string{"g"}},
	{"hw", '^', []string{"w", "hw"}}, {"hu", '^', []string{"hu", "u", "w"}}, {"h", '-', []string{"", "h"}}, {"h", '^', []string{"h", ""}}, {"h", ' ', []string{"h", ""}},
	{"iew", ' ', []string{"ev", "iev"}}, {"ie", ' ', []string{"i", "ie"}}, {"igh", ' ', []string{"ai", "ig"}}, {"ij", ' ', []string{"iJ", "ai"}}, {"i", ' ', []string{"i"}},
	{"jh", ' ', []string{"J"}}, {"j", '$', []string{"J", "i", ""}}, {"j", ' ', []string{"J", "h", "y", "S"}},
	{"kh", ' ', []string{"k", "h"}}, {"kn", '^', []string{"n", "kn"}}, {"k", ' ', []string{"k"}},
	{"ll", ' ', []string{"l", "y"}}, {"lh", ' ', []string{"l", "ly"}}, {"l", ' ', []string{"l"}},
	{"mh", ' ', []string{"v", "w", "m"}}, {"m", ' ', []string{"m"}},
	{"ng", '^', []string{"n", "ng"}}, {"nh", ' ', []string{"n", "ny"}}, {"n", ' ', []string{"n"}},
	{"oe", ' ', []string{"oe", "o", "oi"}}, {"oo", ' ', []string{"u", "o"}}, {"ou", ' ', []string{"u", "o", "au"}}, {"ow", ' ', []string{"o", "au", "ov"}}, {"oi", ' ', []string{"oi", "i", "wa"}}, {"oy", ' ', []string{"oi"}}, {"oa", ' ', []string{"oa", "o"}}, {"o", ' ', []string{"o"}},
	{"ph", ' ', []string{"f", "p"}}, {"p", ' ', []string{"p"}},
	{"qui", ' ', []string{"ki", "kwi"}}, {"que", ' ', []string{"ke", "k", "kwe"}}, {"qu", ' ', []string{"kw", "k"}}, {"q", ' ', []string{"k", "C"}},
	{"rz", ' ', []string{"S", "rz"}}, {"rh", ' ', []string{"r"}}, {"r", ' ', []string{"r"}},
	{"sz", ' ', []string{"S", "s"}}, {"sch", ' ', []string{"S", "sk"}}, {"shch", ' ', []string{"SC"}}, {"sh", ' ', []string{"S"}}, {"sc", 'v', []string{"s", "S"}}, {"s", '^', []string{"s", "S"}}, {"s", 'v', []string{"s", "S", "z"}}, {"s", ' ', []string{"s"}},
	{"tsch", ' ', []string{"C"}}, {"tch", ' ', []string{"C"}}, {"th", ' ', []string{"t", "T", "d"}}, {"tz", ' ', []string{"ts", "z"}}, {"tr", '^', []string{"tr", "C"}}, {"t", ' ', []string{"t"}},
	{"uwa", ' ', []string{"uwa", "wa"}}, {"ue", '$', []string{"u", "we"}}, {"ue", ' ', []string{"we", "u", "e"}}, {"ui", ' ', []string{"wi", "i", "u"}}, {"uy", ' ', []string{"wi", "ui", "i"}}, {"uo", ' ', []string{"wo", "o"}}, {"u", ' ', []string{"u"}},
	{"v", ' ', []string{"v"}}, {"w", ' ', []string{"w", "v"}},
	{"x", '^', []string{"s", "S", "z", "h"}}, {"x", ' ', []string{"ks", "S", "h"}},
	{"y", '^', []string{"y", "i"}}, {"ya", ' ', []string{"ya", "ia"}}, {"ye", ' ', []string{"ye", "ie"}}, {"yo", ' ', []string{"yo"}}, {"yu", ' ', []string{"yu"}}, {"y", '$', []string{"i", "ai"}}, {"y", ' ', []string{"i", "ai"}},
	{"zh", ' ', []string{"J", "S"}}, {"zs", ' ', []string{"S"}}, {"z", ' ', []string{"z", "s", "ts"}},
})

// letterNames are how single letters sound: speech recognition writes "Tan V".
var letterNames = [26]sound{"e", "bi", "si", "di", "i", "ef", "Ji", "eC", "ai", "Je", "ke", "el", "em", "en", "o", "pi", "kyu", "ar", "es", "ti", "yu", "vi", "dabyu", "eks", "wai", "zi"}

// far is the distance from which two sounds have nothing to do with each other.
const far = 0.3

// distance is how far two sounds are from each other, 0 the same to 1. Near
// sounds cost less, vowels less than consonants. Beyond far it is 1,
// and it may be beyond most, which is not over far.
func distance(a, b sound, most float64) float64 {
	const limit = 32
	if len(a) > limit || len(b) > limit {
		return 1
	}
	length := max(len(a), len(b), 1)
	budget := uint16(most * float64(length) * unlike * (1 + 1e-9))
	var said [limit]uint8 // b in codes
	var rows [2][limit + 1]uint16
	last, row := &rows[0], &rows[1]
	for j := range len(b) {
		said[j] = codes[b[j]&127]
		last[j+1] = last[j] + drops[said[j]]
	}
	for i := range len(a) {
		c := codes[a[i]&127]
		swap, drop := &swaps[c&31], drops[c]
		left := last[0] + drop
		row[0] = left
		least := left
		for j := range len(b) {
			d := said[j] & 31
			left = min(left+drops[d], last[j+1]+drop, last[j]+swap[d])
			row[j+1] = left
			least = min(least, left)
		}
		if least > budget {
			return 1
		}
		last, row = row, last
	}
	if float64(last[len(b)]) > far*unlike*float64(length)*(1+1e-9) {
		return 1
	}
	return float64(last[len(b)]) / (unlike * float64(length))
}

// costs are the least that each sound costs when it is compared with one word:
// said as it is, as the nearest sound of the word, or left out. They tell for
// most pairs of words that they are too far apart.
type costs [32]uint8

const alphabet = "pbtdkgfvTszSCJhmnlrwyaeiou"

func (l *costs) fill(b sound) {
	for c := range len(alphabet) {
		least, swap := drops[c+1], &swaps[c+1]
		for j := range len(b) {
			least = min(least, swap[codes[b[j]&127]&31])
		}
		l[c+1] = uint8(least)
	}
}

// exceed reports whether a and the word, b, are surely farther apart than most.
func (l *costs) exceed(a, b sound, most float64) bool {
	sum := 0
	if len(b) > len(a) {
		sum = unlike / 2 * (len(b) - len(a)) // put in
	}
	for i := range len(a) {
		sum += int(l[codes[a[i]&127]&31])
	}
	return float64(sum) > most*unlike*float64(max(len(a), len(b), 1))*(1+1e-9)
}

// unlike is what a sound costs that is another one altogether. Costs are
// twentieths, so that sums of them are exact.
const unlike = 20

// codes number the sounds from 1.
var codes = func() (out [128]uint8) {
	for i := range len(alphabet) {
		out[alphabet[i]] = uint8(i + 1)
	}
	return out
}()

// drops is what leaving out a sound costs, swaps what saying another does, by
// codes.
var drops, swaps = func() (d [32]uint16, s [32][32]uint16) {
	d[0] = unlike // of another alphabet
	for i := range s {
		for j := range s {
			s[i][j] = unlike
		}
	}
	for i := range len(alphabet) {
		a := alphabet[i]
		d[i+1] = unlike
		if strings.IndexByte("aeiouhyw", a) >= 0 {
			d[i+1] = unlike / 2
		}
		for j := range len(alphabet) {
			b := alphabet[j]
			cost := unlike
			switch {
			case a == b:
				cost = 0
			case vowel(a) && vowel(b) && near(a, b, "ie", "ea", "ao", "ou"):
				cost = 6
			case vowel(a) && vowel(b):
				cost = 10
			case near(a, b, "sz", "Tt", "nm", "CJ", "sS", "SC", "zS", "JS", "td", "kg", "pb", "fv", "vb", "vw", "lr", "Ts", "hk", "yi", "wu", "Td"):
				cost = 9
			}
			s[i+1][j+1] = uint16(cost)
		}
	}
	return d, s
}()

func near(a, b byte, pairs ...string) bool {
	for _, p := range pairs {
		if p[0] == a && p[1] == b || p[0] == b && p[1] == a {
			return true
		}
	}
	return false
}
