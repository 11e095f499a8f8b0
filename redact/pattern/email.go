package pattern

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// email finds e-mail addresses: written, written around filters ("a (at) b dot
// com"), said and spelled, in one line or over several.
type email struct {
	cues *phrases
}

// providers are said without their last label.
var providers = set("gmail googlemail yahoo ymail hotmail outlook icloud aol protonmail proton live msn gmx mail zoho yandex comcast verizon att me mac schoolhouse")

func newEmail() email {
	return email{cues: newPhrases([]string{
		"email", "e mail", "mail me", "mail it", "gmail", "emails", "inbox", "send it to", "send it over to", "send that to", "send me", "reach me at",
		"contact me at", "write to me", "share it with", "share with", "invite", "my address is", "google account", "icloud", "outlook", "yahoo", "hotmail",
		"cc", "forward it", "apple id", "calendar invite", "add me as an editor", "paypal", "login is", "username",
	})}
}

func (email) Name() string { return "pattern/email" }

func (e email) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var values []string
	var cue window
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = e.cues.find(v, hits[:0])
		if len(hits) > 0 {
			cue.open(v)
		}
		first := len(found)
		if v.has&inAtSigns != 0 {
			found = written(v, found)
		}
		for _, a := range e.spoken(lines, i, cue.holds(v)) {
			if !covered(found[first:], a[0].Start, a[0].End) || len(a) > 1 {
				found = append(found, a...)
			}
		}
		for _, c := range found[first:] {
			if c.Group == "" && c.Line == i {
				values = append(values, v.text[c.Start:c.End])
			}
		}
	}
	return append(found, literally(lines, values, found, finding.Email, "email/again")...)
}

// written finds addresses in the form of RFC 5322 dot-atoms, letters of every
// script included (RFC 6531).
func written(v *view, found []finding.Candidate) []finding.Candidate {
	s := v.text
	for at := 0; at < len(s); {
		n := strings.IndexAny(s[at:], "@＠")
		if n < 0 {
			break
		}
		at += n
		_, size := utf8.DecodeRuneInString(s[at:])
		start, end := at, at+size
		for start > 0 {
			r, n := utf8.DecodeLastRuneInString(s[:start])
			if !atom(r) {
				break
			}
			start -= n
		}
		for start < at && strings.IndexByte(".-'`=/*+{|&", s[start]) >= 0 {
			start++
		}
		if k := strings.LastIndexAny(s[start:at], "=/:"); k >= 0 {
			start += k + 1
		}
		end = hostEnd(s, end)
		host := s[at+size : end]
		next := at + size
		if start < at && domain(host) {
			found = append(found, v.bytes(start, end, finding.Email, 0.99, "email/written", "an address with an at sign and a domain"))
			next = end
		}
		at = next
	}
	return found
}

func atom(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._%+-'!#$&*/=?^`{|}~", r)
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

func hostEnd(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r != '.' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) {
			break
		}
		i += n
	}
	for i > 0 && (s[i-1] == '.' || s[i-1] == '-') {
		i--
	}
	return i
}

// domain reports whether host has at least two labels and a last one that is
// no number.
func domain(host string) bool {
	k := strings.LastIndexByte(host, '.')
	if k <= 0 || k+2 >= len(host) || strings.Contains(host, "..") {
		return false
	}
	last := host[k+1:]
	if strings.HasPrefix(strings.ToLower(last), "xn--") {
		return true
	}
	for _, r := range last {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			return false
		}
	}
	return true
}

// topLevel are the last labels that people say after "dot".
var topLevel = set(`com org net edu gov us uk ca io co me info world school academy app dev tv ai in au nz de fr es it mx br jp cn kr
	education online site email xyz eu ie za ng ke ph pk sg hk ch nl se no fi dk pl pt gr il tr club live tech`)

// surely are those of them that are hardly said otherwise.
var surely = set("com org net edu gov")

// cursor walks the tokens of a speaker over line ends.
type cursor struct {
	lines []view
	i, t  int
}

func (c cursor) ok() bool { return c.i >= 0 }

func (c cursor) norm() string {
	if !c.ok() || c.t < 0 || c.t >= len(c.lines[c.i].tok) {
		return ""
	}
	return c.lines[c.i].tok[c.t].Norm
}

// is reports whether the token is of one of some classes.
func (c cursor) is(in class) bool { return c.ok() && c.lines[c.i].is(c.t, in) }

func (c cursor) token() text.Token { return c.lines[c.i].tok[c.t] }

// back moves one token towards the start, into the speaker's previous line
// when this one has no more. A sentence that ended there ends the walk, except
// for a bare full stop.
func (c cursor) back() cursor {
	c.t--
	floor := c.lines[c.i].body
	for c.t < floor {
		j := previous(c.lines, c.i)
		if j < 0 || c.lines[c.i].chat {
			return cursor{i: -1}
		}
		c.i, c.t = j, len(c.lines[j].tok)-1
		floor = c.lines[j].body
		for c.t >= floor && (c.is(inStops) || c.norm() == "," || c.norm() == "…" || c.norm() == "um" || c.norm() == "uh") {
			c.t--
		}
	}
	return c
}

func (c cursor) forward() cursor {
	c.t++
	for c.t >= len(c.lines[c.i].tok) {
		j := next(c.lines, c.i)
		if j < 0 || c.lines[c.i].chat {
			return cursor{i: -1}
		}
		c.i, c.t = j, c.lines[j].body
	}
	return c
}

var dotWords = set("dot . period point")

func dotWord(w string) bool { return dotWords[w] }

func atWord(w string) bool { return w == "at" || w == "@" || w == "＠" }

// spoken finds the addresses whose domain ends, or is a provider's name, in
// line i.
func (e email) spoken(lines []view, i int, cue bool) [][]finding.Candidate {
	v := &lines[i]
	if v.inner&(inDots|inBrackets) == 0 && !v.is(v.body, inTops) && !(cue && v.has&inProviders != 0) {
		return nil
	}
	var all [][]finding.Candidate
	for t := v.body; t < len(v.tok); t++ {
		if !v.is(t, inTops|inProviders|inLetters) {
			continue
		}
		w, top := v.tok[t].Norm, t
		if len(w) == 1 && t > v.body && len(v.tok[t-1].Norm) == 1 && v.tok[t-1].Shape.Word() {
			w, top = v.spelledTop(t)
		}
		if len(w) < 2 || top > v.body && !cue && !v.is(top-1, inDots|inBrackets) || !v.tok[t].Shape.Word() {
			continue
		}
		here := cursor{lines, i, t}
		var first, last cursor // of the domain
		switch {
		case topLevel[w]:
			d := cursor{lines, i, top}.back()
			if d.is(inBrackets) {
				d = d.back()
			}
			if !d.is(inDots) {
				continue
			}
			if d.norm() == "." && (d.i != i || !v.joined(d.t)) && !(d.i == i && d.t > 0 && !v.joined(d.t-1)) {
				continue
			}
			last = here
			first = d
			// A further label may follow: dot co dot uk.
			if f := here.forward(); f.is(inDots) && f.i == i {
				if g := f.forward(); g.ok() && g.i == i && topLevel[g.norm()] && (f.norm() != "." || v.joined(f.t)) {
					continue
				}
			}
		case providers[w] && cue && w != "me" && w != "mail" && w != "live" && w != "mac":
			if f := here.forward(); f.is(inDots) {
				if g := f.forward(); g.ok() && topLevel[g.norm()] {
					continue
				}
			}
			first, last = here.forwardless(), here
		default:
			continue
		}
		at, provider, ok := e.toAt(first)
		if !ok {
			continue
		}
		start, strong, ok := local(at)
		if !ok {
			continue
		}
		if b := at.back(); b.ok() && b.i == at.i && (b.norm() == "[" || b.norm() == "(") {
			strong = true // around a filter: "mira [at] mail.net"
		}
		strong = strong || labels(first, at) > 2 || surely[w] && labels(first, at) > 1 && at.lines[at.i].norm(at.t+1) != "www" || top < t || at.norm() != "at" && hosted(at) || at.lines[at.i].norm(at.t+1) == "sign"
		if !strong && !cue && !provider && !(surely[w] && first.norm() == "dot" && (opens(start) || told(start))) {
			continue
		}
		if !surely[w] && !provider && !strong && !cue {
			continue
		}
		score := 0.85
		if strong || cue {
			score = 0.95
		}
		if !last.token().Shape.Word() {
			continue
		}
		if at.norm() == "at" {
			start.t = start.lines[start.i].outset(start.t)
		}
		all = append(all, pieces(start, last, finding.Email, score, "email/spoken", "a name, the word at and a domain, as one says an address"))
	}
	return all
}

// hosted reports whether the one word behind an at sign has a dot in or behind
// it, unlike "@kelp see you oct 7. com".
func hosted(at cursor) bool {
	v, t := &at.lines[at.i], at.t+1
	for ; v.joined(t) && !v.is(t+1, inDots); t++ {
	}
	return v.is(t+1, inDots)
}

// spelledTop reads a last label that is spelled, "e d u", and ends at token t;
// from is its first letter.
func (v *view) spelledTop(t int) (label string, from int) {
	for from = t; from > v.body && t-from < 2 && v.word(from-1) && len(v.norm(from-1)) == 1; from-- {
	}
	for ; from < t; from++ {
		if !v.is(from-1, inDots) {
			continue
		}
		label = ""
		for k := from; k <= t; k++ {
			label += v.norm(k)
		}
		if surely[label] || label == "us" || label == "uk" || label == "io" || label == "ca" {
			return label, from
		}
	}
	return "", t
}

// forwardless is the position after a provider that is said without its dot
// com, so that the walk back begins on the provider itself.
func (c cursor) forwardless() cursor { c.t++; return c }

var brackets = set("( ) [ ] { } < >")

func bracket(w string) bool { return brackets[w] }

// toAt walks back from the dot before the last label to the "at".
func (e email) toAt(c cursor) (at cursor, provider, ok bool) {
	words := 0
	for steps := 0; steps < 16; steps++ {
		c = c.back()
		if !c.ok() {
			return c, false, false
		}
		w := c.norm()
		switch {
		case atWord(w):
			return c, provider, words > 0
		case dotWord(w), bracket(w), w == "-", w == "dash", w == "hyphen", w == ",", w == "sign" && c.lines[c.i].norm(c.t-1) == "at":
		case w == "!" || w == "?" || w == ":" || w == ";" || w == "/":
			return c, false, false
		default:
			words++
			provider = provider || providers[w]
			after := c.lines[c.i].norm(c.t + 1)
			if words > 8 || stops[w] && !providers[w] && !dotWord(after) {
				return c, false, false
			}
		}
	}
	return c, false, false
}

// labels counts the dots from c back to the at sign.
func labels(c, at cursor) int {
	n := 0
	for ; c.ok() && (c.i != at.i || c.t != at.t); c = c.back() {
		if c.norm() == "dot" {
			n++
		}
	}
	return n
}

// opens reports whether nothing but fillers stands before c in its line.
func opens(c cursor) bool { return c.lines[c.i].only(c.lines[c.i].body, c.t) }

// told reports whether "that's" or "it's" leads to c.
func told(c cursor) bool {
	switch c.lines[c.i].norm(c.t - 1) {
	case "thats", "its", "is", "was", "to", "just", "use":
		return true
	}
	return false
}

// stops are the words at which the local part has not yet begun, or which show
// that what stands before "at" is no address.
var stops = set(`emails mails gmails is its it my email mail e address me to uh um er erm so and or the a an that this thats just you your ur send use try look
	looking go going find found check sign signed log login up in on out down over back here there work works working worked online available
	posted site website page see saw visit him her them us we i im ill id was be are were will can could would should please pls then like
	meet meeting class club school arrive start starts stay live lives right now yes yeah ok okay no not for of with from by but if when
	whatever think believe called named username account gmail reach contact text call message have has had get got put type write wrote
	do did does one's mine his hers ours theirs hi hello hey questions question anything it'll everyone everybody again sorry oh well`)

// local walks back from the "at" over the local part. Strong means that it has
// digits, spelled letters, dots or underscores, unlike an ordinary word.
func local(at cursor) (start cursor, strong, ok bool) {
	content := at // the last word, letter or number read
	joint := true // it is tied to what stands before it
	words, letters, plainWords := 0, 0, 0
	done := func() (cursor, bool, bool) { return start, strong || letters > 1, words > 0 }
	for p, later := at.back(), at; p.ok(); p = p.back() {
		w, tk := p.norm(), p.token()
		plain := !numeral(tk) && !letterToken(tk) && !connector(w)
		if p.i != later.i && words > 0 && (!joint || plain && !connector(content.norm())) && parted(p, later) {
			return done()
		}
		later = p
		switch {
		case words > 40 || atWord(w):
			return done()
		case words == 0 && (bracket(w) || w == "'" || w == "," || w == "."):
			continue
		case words == 0 && p.i == at.i && leading[w] && opens(at):
			continue // "and then at", when the name is in the line before
		case w == "-" || w == "_" || w == "+" || w == "." && adjacent(p):
			if words == 0 && w != "_" {
				return done()
			}
			strong = strong || w != "-"
			joint = true
			if w == "_" && words == 0 {
				words, start = 1, p
			}
			continue
		case w == "," || w == ".":
			q := p.back()
			if !q.ok() || !spellable(q) && !alphabet(q) && !(letterToken(content.token()) && letters > 1 && q.token().Shape.Word() && !stops[q.norm()] && !fillers[q.norm()]) && !q.is(inDots) {
				return done()
			}
			joint = true
			continue
		case connector(w):
			if words == 0 {
				return done()
			}
			strong, joint = true, true
			start = p
			continue
		case numeral(tk):
			strong, joint = true, true
		case letterToken(tk):
			if (w == "i" || w == "a" && !initial(p)) && !joint && !spellable(skipCommas(p)) {
				return done()
			}
			letters++
			joint = true
		case w == "as" || w == "in" || w == "like" || w == "for":
			q := p.back()
			if w == "in" && q.ok() && q.norm() == "as" {
				p, q = q, q.back()
			}
			if !q.ok() || !letterToken(q.token()) {
				return done()
			}
			strong, joint = true, true
			continue
		case w == "the" && content.norm() == "number", w == "um" || w == "uh":
			if words == 0 || w != "the" && !joint {
				return done()
			}
			continue
		case w == "number" || w == "numbers" || w == "capital" || w == "lowercase" || w == "letter" || w == "letters" || w == "double" || w == "triple":
			if words == 0 {
				return done()
			}
			if w == "double" || w == "triple" {
				start = p
			}
			content = p
			continue
		case !tk.Shape.Word():
			return done()
		case (w == "thats" || w == "spelled" || w == "so") && letters > 2 && plainWords == 0:
			joint = true // "mira, that's M-I-R-A"
			continue
		case stops[w] || fillers[w]:
			// "help dot it at": a part after all, when a dot follows it.
			if f := p.forward(); !f.ok() || !connector(f.norm()) && !(f.norm() == "." && adjacent(f)) || w == "is" || w == "its" {
				return done()
			}
		default:
			if plainWords++; plainWords > 4 {
				return done()
			}
			joint = false
		}
		words++
		start, content = p, p
	}
	return done()
}

// initial reports whether c is a capital A inside a sentence, which is no
// article: "my email is A Lund eighty four".
func initial(c cursor) bool {
	v := &c.lines[c.i]
	return v.text[c.token().Start] == 'A' && c.t > v.body && v.word(c.t-1)
}

// parted reports whether the line of p ended its sentence, or was followed by
// somebody's question, before that of later began with a word.
func parted(p, later cursor) bool {
	v := &p.lines[p.i]
	if ends(v.norm(len(v.tok) - 1)) {
		return true
	}
	for i := p.i + 1; i < later.i; i++ {
		w := &p.lines[i]
		if w.norm(len(w.tok)-1) == "?" {
			return true
		}
	}
	return false
}

// leading are the words with which the second line of an address begins.
var leading = set("and then um uh so ok okay")

func connector(w string) bool {
	return w == "dot" || w == "underscore" || w == "dash" || w == "hyphen" || w == "period" || w == "plus" || w == "score"
}

func numeral(t text.Token) bool {
	w := t.Norm
	return t.Shape == text.Digit || units[w] != "" || larger[w] != "" || w == "hundred" || w == "thousand"
}

func skipCommas(c cursor) cursor {
	for c = c.back(); c.ok() && (c.norm() == "," || c.norm() == "-" || c.norm() == "."); {
		c = c.back()
	}
	return c
}

// alphabet reports whether c ends "m as in Mary".
func alphabet(c cursor) bool {
	a := c.back()
	if !a.ok() {
		return false
	}
	b := a.back()
	return (a.norm() == "in" && b.ok() && b.norm() == "as" || a.norm() == "for" || a.norm() == "like") && b.ok()
}

func adjacent(c cursor) bool {
	v := &c.lines[c.i]
	return v.joined(c.t) || v.joined(c.t-1) && c.t+1 < len(v.tok) && v.word(c.t+1) && v.tok[c.t+1].Shape == text.Lower
}

func letterToken(t text.Token) bool { return t.Shape.Word() && len(t.Norm) == 1 }

func spellable(c cursor) bool {
	if !c.ok() || c.t >= len(c.lines[c.i].tok) {
		return false
	}
	t := c.token()
	return letterToken(t) || t.Shape == text.Digit || units[t.Norm] != "" || larger[t.Norm] != "" || times[t.Norm] > 0
}

// pieces makes one candidate a line of everything from start to last.
func pieces(start, last cursor, k finding.Kind, score float64, rule, why string) []finding.Candidate {
	lines := start.lines
	if start.i == last.i {
		return []finding.Candidate{lines[start.i].tokens(start.t, last.t+1, k, score, rule, why)}
	}
	group := fmt.Sprintf("%s/%d/%d", rule, start.i, start.t)
	var all []finding.Candidate
	for i, from := start.i, start.t; ; {
		v := &lines[i]
		to := len(v.tok)
		if i == last.i {
			to = last.t + 1
		}
		for to > from && v.tok[to-1].Shape == text.Mark {
			to--
		}
		if to > from {
			c := v.tokens(from, to, k, score, rule, why+", over several lines")
			c.Group = group
			all = append(all, c)
		}
		if i == last.i {
			return all
		}
		if i = next(lines, i); i < 0 || i > last.i {
			return all
		}
		from = lines[i].body
		for from < len(lines[i].tok) && i < last.i && lines[i].tok[from].Shape == text.Mark || i == last.i && from < last.t && leading[lines[i].norm(from)] && lines[i].only(from, from+1) {
			from++
		}
	}
}

// literally finds a value that was found once wherever it is written again, as
// a whole word and in any case.
func literally(lines []view, values []string, found []finding.Candidate, k finding.Kind, rule string) []finding.Candidate {
	if len(values) == 0 {
		return nil
	}
	seen := make(map[string]bool)
	taken := make(map[int][]finding.Candidate)
	for _, c := range found {
		taken[c.Line] = append(taken[c.Line], c)
	}
	var more []finding.Candidate
	for _, value := range values {
		folded := strings.ToLower(value)
		if seen[folded] || len(value) < 5 || len(folded) != len(value) {
			continue
		}
		seen[folded] = true
		for i := range lines {
			for from := 0; ; {
				at := indexFold(lines[i].text[from:], folded)
				if at < 0 {
					break
				}
				start, end := from+at, from+at+len(folded)
				from = end
				if bounded(lines[i].text, start, end) && !covered(taken[i], start, end) {
					more = append(more, lines[i].bytes(start, end, k, 0.9, rule, "an identifier found in another line, once more"))
				}
			}
		}
	}
	return more
}

// indexFold finds lower, which is in lower case, in s without regard to ASCII
// case.
func indexFold(s, lower string) int {
	a, b := lower[0], lower[0]
	if a >= 'a' && a <= 'z' {
		b = a - 32
	}
	for i := 0; i+len(lower) <= len(s); i++ {
		if (s[i] == a || s[i] == b) && strings.EqualFold(s[i:i+len(lower)], lower) {
			return i
		}
	}
	return -1
}

// bounded reports whether neither neighbour of s[start:end] is a letter or
// digit.
func bounded(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	after, _ := utf8.DecodeRuneInString(s[end:])
	return (start == 0 || !alnum(before)) && (end == len(s) || !alnum(after))
}

func alnum(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) }
