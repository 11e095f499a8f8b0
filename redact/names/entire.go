package names

import (
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// entire takes the name of a school, a club, a firm or a town to where it begins
// and ends as it is written: "Saginaw" to "Saginaw Jr. Curling", "Our Lady" to
// "Our Lady of the Bayou". What is left standing of a name tells the rest. A line
// that does not tell names by capitals gives no help.
func (s *session) entire(c claim) (from, to int) {
	words := s.lines[c.line].words
	from, to = c.from, c.to
	if words[from].Shape == text.Lower && words[to-1].Shape == text.Lower {
		if c.kind == finding.Location {
			from, to = townOf(words, from, to)
		}
		return s.smallName(words, from, to, c.kind)
	}
	if words[from].Shape == text.Lower || words[to-1].Shape == text.Lower && !words[to-1].Is(isGeneric|isSchoolNoun|isClubNoun|isBusinessNoun) {
		return from, to
	}
	for from > 0 && from > c.from-4 && ownName(words, from-1) && !(starts(words, from-1) && words[from-1].Lex.Word >= 0.3) {
		from--
	}
	for from > 1 && words[from].Glued && words[from-1].Norm == "-" && words[from-1].Glued && words[from-2].Shape == text.Title {
		from -= 2 // "Mid-Cities"
	}
	for to < c.to+5 {
		next := s.onward(words, to, c.kind)
		if next == to {
			break
		}
		to = next
	}
	small := 0
	for k := range words {
		if (k < from || k >= to) && words[k].Shape == text.Lower {
			small++
		}
	}
	if small < 2 && !(small == 0 && len(words)-(to-from) < 4) {
		return c.from, c.to // a heading, or a line shouted
	}
	return from, to
}

// smallName takes a name that is written small to the words it ends with ("harmon
// ridge" to "harmon ridge hs", "north linden" to "north linden flats") and begins
// with.
func (s *session) smallName(words []tagger.Word, from, to int, kind finding.Kind) (int, int) {
	ends := smallEnds[kind]
	for to < len(words) && ends[words[to].Norm] && words[to].Shape == text.Lower {
		to++
	}
	for kind != finding.Org && from > 0 && smallBegins[words[from-1].Norm] && words[from-1].Shape == text.Lower {
		from--
	}
	return from, to
}

// smallEnds are the words that schools, clubs and places end with, smallBegins
// those that places begin with.
var (
	smallEnds = map[finding.Kind]map[string]bool{
		finding.School:   set(`hs ms middle high elementary elem prep academy school schools annex charter magnet jr sr isd cisd usd day`),
		finding.Org:      set(`club crew fc sc assn association juniors harriers academy isd cisd usd schools team rugby soccer lacrosse baseball softball hockey volleyball swim track rodeo robotics debate choir band orchestra theater dance`),
		finding.Location: set(`falls flats heights park hills valley ridge springs beach grove lake lakes city village estates point bay creek junction commons gardens terrace mills ferry crossing landing`),
	}
	smallBegins = set(`north south east west upper lower new old mt mount st saint lake fort port san santa el los las la little big`)
)

// townOf takes the second half of a town that is written small to the whole
// ("grove" to "buffalo grove"), when the two together are one.
func townOf(words []tagger.Word, from, to int) (int, int) {
	if to-from == 1 && from > 0 && words[from-1].Shape.Word() && Lookup(words[from-1].Norm+" "+words[from].Norm).Place > 0 {
		return from - 1, to
	}
	return from, to
}

// onward gives where a name goes on to over word k, and k where it ends: over a
// word of the name, and over "of the", "on the", "de", "&" and the stop of "Jr."
// when such a word stands behind them.
func (s *session) onward(words []tagger.Word, k int, kind finding.Kind) int {
	if words[k-1].Possessive && kind == finding.Location {
		return k
	}
	next := k
	switch n := near(words, k); {
	case n == "." && abbreviated[words[k-1].Norm], n == "-" && k < len(words) && words[k].Glued, n == "&":
		next++
	case kind == finding.Location && n != "de" && n != "del":
	case n == "and" && k+1 < len(words) && words[k+1].Lex.Name() < 0.5, n == "of" || n == "de" || n == "del" || n == "la" || n == "o" || kind == finding.School && (n == "on" || n == "for"):
		next++
		if after := near(words, next); after == "the" || after == "la" || after == "los" || after == "las" {
			next++
		}
	}
	if next < len(words) && ownName(words, next) {
		return next + 1
	}
	if next == k && k < len(words) && kind != finding.Location && words[k].Shape == text.Digit && words[k].End-words[k].Start < 5 && (k+1 == len(words) || words[k+1].Shape == text.Mark) {
		return k + 1 // "Gear Rats 5512"
	}
	if next == k && k+1 < len(words) && words[k].Shape == text.One && words[k+1].Shape == text.One && words[k].Norm != "i" {
		return k + 2 // "Delta Fury F C"
	}
	return k
}

// ownName reports whether word k is written as a part of a name and is neither a
// day, a product nor a number.
func ownName(words []tagger.Word, k int) bool {
	w := &words[k]
	return (w.Shape == text.Title || w.Shape == text.Mixed || w.Shape == text.Upper && w.Lex.Word < 0.3 && len(w.Norm) < 5) && len(w.Norm) > 1 &&
		!w.Closed && !w.Is(isDated|isProduct|isNumber|isTitles|isRelation) && !greeting[w.Norm] && !leadIns[w.Norm]
}
