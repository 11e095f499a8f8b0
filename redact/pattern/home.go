package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// home finds addresses that lack a street type or have another form: "602 East
// Fourth, the blue house", "2210 County Road 54", "Lot 14, Pine Hollow Estates",
// and the pieces in which an address is asked for, told and put right.
type home struct{ cues *phrases }

const (
	homeSays   = iota // somebody's home is spoken of
	homeStreet        // the street or the number is asked for
)

func newHome() home {
	return home{newPhrases(
		[]string{"my house", "our house", "my building", "our building", "houses from", "from us", "next door", "we moved", "i moved", "just moved", "moved to", "we live", "i live", "im at", "were at", "at mine", "my place", "our place", "pick me up", "pick us up", "drop me off", "my apartment", "our apartment", "my apt", "address", "addy", "adress", "mail it", "mail them", "ship it", "send it to", "deliver", "delivers", "mail lady", "mailman", "mail goes to", "mailbox", "my street", "our street", "the corner", "same town",
			"blue house", "red house", "white house", "yellow house", "green house", "brick house", "corner house", "house on the", "new place", "new house", "old house", "on file", "on the form", "come over", "come by", "party at", "party is at", "staying at", "my grandmas", "my grandpas", "my dads", "my moms", "my aunts", "my uncles", "my cousins", "across from", "the house", "home is", "drop it at", "drop it off", "come thru", "come through", "pull up", "addy is", "live at", "lives at", "live on", "lives on", "block from", "down the street", "landlord", "the real one is", "the buzzer", "buzz", "gate code", "our complex", "apartment complex", "mobile park", "mobile home", "trailer park", "the package", "uber", "doordash", "the driver", "the bus", "bus stop"},
		[]string{"the street", "what street", "which street", "street name", "house number", "the number", "apartment number", "unit number", "and the address", "your address", "ur address", "whats the address", "street address", "mailing address", "where should", "where do i send", "where do they", "where do we send", "where do you live", "still at", "still good", "is it still"},
	)}
}

func (home) Name() string { return "pattern/home" }

func (a home) phrases() *phrases { return a.cues }

// roads are numbered roads, by the word before "road" and without one.
var roads = set("county state farm ranch rural forest service township")

func (a home) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var asked, lived window
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = a.cues.find(v, hits[:0])
		says := false
		for _, h := range hits {
			says = says || h.tag == homeSays
		}
		soon := asked.holds(v) && v.line > asked.line && v.line-asked.line <= 3
		first := len(found)
		add := func(from, to int, score float64, why string) {
			if c := v.tokens(from, to, finding.Address, score, "home/told", why); !coveredIn(found, c) {
				found = append(found, c)
			}
		}
		if soon && v.streetAlone() {
			add(v.body, v.lastWord(), 0.8, "a street in answer to a question for it")
		}
		if v.numeric() {
			for t := v.body; t < len(v.tok); {
				next := t + 1
				if v.is(t, inLots) {
					if from, to := v.lot(t); to > t {
						add(from, to, 0.85, "a numbered lot of an estate")
						next = to
					} else if from, to := v.flat(t); to > from {
						add(from, to, 0.9, "a flat, and the street it is in")
						next = to
					} else if to := unit(v, t); to > t+1 && ((says || soon) && unitOf[v.norm(t)] || len(found) > first) {
						add(t, to, 0.75, "a unit of a house in an address")
						next = to
					}
				} else if v.digits(t) || v.word(t) && v.number(t) {
					from, to, score := v.house(t, says || soon || lived.holds(v) && v.line-lived.line <= 3)
					if to > from {
						add(from, to, score, "the number and name of a house's street")
						next = to
					} else if r, ok := v.run(t, len(v.tok)); ok {
						near := soon || lived.holds(v) && v.line > lived.line && v.line-lived.line <= 3
						if near && !r.math && len(r.digits) >= 2 && len(r.digits) <= 5 && (r.elements < 3 || r.words > 0) && v.putRight(r) {
							add(r.from, r.to, 0.97, "the number of a house, by itself or put right")
						} else if len(found) > first && v.norm(t-1) == "not" && len(r.digits) >= 2 && len(r.digits) <= 5 {
							add(r.from, r.to, 0.97, "a number that is not that of the house")
						}
						next = max(r.to, t+1)
					}
				}
				t = next
			}
			if len(found) == first {
				found = append(found, partedAddress(lines, i)...)
			}
			if street := len(found) == first && v.hasStreet(); street {
				lived.open(v)
				if from, to := v.mistook(); to > from {
					add(from, to, 0.97, "a number that is not that of the house")
				}
			}
		}
		for _, h := range hits {
			if h.tag == homeStreet {
				asked.open(v)
			}
		}
		if len(found) > first {
			lived.open(v)
		}
	}
	return found
}

// streetAlone reports whether the line is all the name of a street: "Old Tannery
// Road."
func (v *view) streetAlone() bool {
	n := v.lastWord() - v.body
	if n < 2 || n > 5 {
		return false
	}
	for k := v.body; k < v.body+n; k++ {
		if !v.word(k) || noStreet[v.norm(k)] {
			return false
		}
	}
	w := v.norm(v.body + n - 1)
	return clearSuffix[w] || homely[w]
}

// lastWord is the token after the last word of the line.
func (v *view) lastWord() int {
	n := len(v.tok)
	for n > v.body && v.tok[n-1].Shape == text.Mark {
		n--
	}
	return n
}

// hasStreet reports whether an address with a street type stands in the line.
func (v *view) hasStreet() bool {
	if v.has&inClear == 0 {
		return false
	}
	for t := v.body; t < len(v.tok); t++ {
		if clearSuffix[v.norm(t)] && t > v.body+1 {
			for k := max(v.body, t-5); k < t; k++ {
				if v.digits(k) || v.number(k) {
					end, _ := address{}.street(v, k, true)
					if end > t {
						return true
					}
				}
			}
		}
	}
	return false
}

// mistook finds the wrong number behind the address of a line with a street: "its 2306 w
// dunlap blvd not 2360".
func (v *view) mistook() (from, to int) {
	for t := v.body + 3; t < len(v.tok); t++ {
		if v.norm(t-1) == "not" && (v.digits(t) || v.number(t)) {
			if r, ok := v.run(t, len(v.tok)); ok && len(r.digits) >= 2 && len(r.digits) <= 5 && !r.math {
				return r.from, r.to
			}
		}
	}
	return 0, 0
}

var lotWords = set("lot flat unit apt apartment space slip trailer")

var unitOf = set("apt apartment unit flat")

// estates are the words with which such places end.
var estates = set("estates estate park court village acres manor mobile trailer mhp homes ranch terrace meadows")

// lot reads "Lot 14, Pine Hollow Estates" and "Sunny Acres Mobile Park, lot 22".
func (v *view) lot(t int) (from, to int) {
	if w := v.norm(t); w != "lot" && w != "space" && w != "trailer" && w != "unit" {
		return t, t
	}
	d, end, _ := v.element(t + 1)
	if d == "" || len(d) > 4 {
		return t, t
	}
	j := end
	if v.norm(j) == "," || v.norm(j) == "at" || v.norm(j) == "in" {
		j++
	}
	for k := j; k < min(j+5, len(v.tok)) && v.word(k); k++ {
		if k > j && estates[v.norm(k)] {
			return t, k + 1
		}
	}
	k := t - 1
	if v.norm(k) == "," {
		k--
	}
	if k < v.body || !estates[v.norm(k)] {
		return t, t
	}
	from = k
	for from > v.body && k-from < 4 && v.word(from-1) && (!noStreet[v.norm(from-1)] || estates[v.norm(from-1)]) && !fillers[v.norm(from-1)] && v.norm(from-1) != "were" {
		from--
	}
	return from, end
}

// flat reads "Flat 4, 19 Coleridge Road".
func (v *view) flat(t int) (from, to int) {
	j := unit(v, t)
	if v.norm(t) == "flat" {
		_, j, _ = v.element(t + 1)
		if v.word(j) && v.joined(j-1) && len(v.norm(j)) == 1 { // Flat 4b
			j++
		}
	}
	if j <= t+1 {
		return t, t
	}
	if v.norm(j) == "," {
		j++
	}
	if j < len(v.tok) && (v.digits(j) || v.word(j) && v.number(j)) {
		if end, _ := (address{}).street(v, j, true); end > j {
			return t, locality(v, end)
		}
	}
	return t, t
}

// house reads a number, a direction and a name without a street type, a
// numbered road, or a whole address in small letters, at token t.
func (v *view) house(t int, cue bool) (from, to int, score float64) {
	if t > 0 && v.joined(t-1) && v.norm(t-1) != "(" && v.norm(t-1) != "\"" || v.operator(t-1, true) {
		return t, t, 0
	}
	i, digits := t, 0
	if v.digits(t) {
		digits = v.size(t)
		i++
		if v.joined(t) && i < len(v.tok) && (v.tok[i].Shape != text.Mark || v.norm(i) == "." || v.norm(i) == "-" || v.norm(i) == ":") {
			return t, t, 0
		}
	} else {
		for n := 0; n < 6; n++ {
			d, next, said := v.element(i)
			if d == "" || !said || v.ordinalAt(i) > i {
				break
			}
			digits += len(d)
			i = next
			if v.norm(i) == "-" && v.joined(i) {
				i++
			}
		}
	}
	if v.norm(t-1) == "number" && v.norm(i) == "," && v.word(i+1) && v.word(i+2) && v.tok[i+1].Shape != text.Mark && clearSuffix[v.norm(i+2)] && !noStreet[v.norm(i+1)] {
		return t, i + 3, 0.85 // "number fourteen, Abbey Street"
	}
	if digits == 1 && v.digits(t) && v.word(i) && v.word(i+1) && v.tok[i].Shape == text.Title && v.tok[i+1].Shape == text.Title && (clearSuffix[v.norm(i+1)] || looseSuffix[v.norm(i+1)]) && (cue || placed[v.norm(t-1)]) {
		return t, locality(v, i+2), 0.8 // "8 Bramble Close"
	}
	if digits < 2 || digits > 6 || v.operator(i, false) {
		return t, t, 0
	}
	if to := v.numberedRoad(i); to > i {
		return t, locality(v, to), 0.85
	}
	if end, _ := (address{}).street(v, t, true); end > 0 {
		full := locality(v, end)
		if full > end && v.digits(full-1) && v.size(full-1) == 5 {
			return t, full, 0.97
		}
		if k := v.norm(t - 1); !v.chat && digits > 2 && (k == "from" || k == "at") && v.tok[end-1].Shape == text.Title && v.tok[i].Shape == text.Title {
			return t, end, 0.75
		}
		return t, t, 0
	}
	direction := false
	if compass[v.norm(i)] && i+1 < len(v.tok) {
		direction = true
		i++
		if v.norm(i) == "." {
			i++
		}
	}
	names, titled := 0, true
	for i < len(v.tok) && names < 2 {
		w := v.norm(i)
		if v.digits(i) && v.joined(i) && ordinalSuffix(v.norm(i+1)) && names == 0 {
			names, i = names+1, i+2
			break
		}
		if to := v.ordinalAt(i); to > i {
			names, i = names+1, to
			break
		}
		if !v.word(i) || len(w) < 3 || noStreet[w] && !ordinalWord[w] || operatorWord(w) || ordinary[w] && v.tok[i].Shape != text.Title || fillers[w] || lessonStems[w] || lotWords[w] || numberWord(w) || month(w) || unnamed[w] || streetless[w] || family[w] || relatives[w] > 0 {
			break
		}
		titled = titled && (v.tok[i].Shape == text.Title || v.chat || ordinalWord[w])
		names, i = names+1, i+1
	}
	if names == 0 || !titled && !direction && !cue {
		return t, t, 0
	}
	to = i
	if j := i; v.norm(j) == "," {
		for j++; fillers[v.norm(j)] || v.norm(j) == ","; j++ {
		}
		if k := unit(v, j); k > j+1 {
			to = k
		}
	} else if k := unit(v, j); k > j+1 {
		to = k
	}
	ended := to >= len(v.tok) || v.tok[to].Shape == text.Mark || v.norm(to) == "and" || v.norm(to) == "so" || v.norm(to) == "the" || v.norm(to) == "thats" || v.norm(to) == "its" || v.norm(to) == "is"
	switch {
	case direction && (cue || to > i) && (ended || digits > 2):
		return t, to, 0.85
	case direction && ended && (ordinalWord[v.norm(i-1)] || v.tok[i-1].Shape == text.Title) && placed[v.norm(t-1)]:
		return t, to, 0.7
	case direction && digits > 2 && (to >= len(v.tok) || v.tok[to].Shape == text.Mark) && (v.norm(t-1) == "its" || v.norm(t-1) == "at") && !v.chat:
		return t, to, 0.7
	case cue && ended && (digits > 2 && (titled || names == 1) || v.tok[i-1].Shape == text.Title && (v.norm(t-1) == "." || v.norm(t-1) == "at" || v.norm(t-1) == "to" || t == v.body)):
		return t, to, 0.75
	}
	return t, t, 0
}

// streetless are further words behind numbers that name no street.
var streetless = set("grade grader graders grades point points pointer dollars bucks followers subscribers views likes viewers members streak lives wins games songs pages words letters votes cookies tickets books apples oranges cards coins marbles people kids teams players boxes bags times blocks stops houses lanes doors calories cans bottles eggs")

// numberedRoad ends "County Road nine", "Highway 61" at token i.
func (v *view) numberedRoad(start int) int {
	i := start
	if compass[v.norm(i)] {
		i++
	}
	j := i
	switch w := v.norm(i); {
	case roads[w] && (v.norm(i+1) == "road" || v.norm(i+1) == "rd" || v.norm(i+1) == "route" || v.norm(i+1) == "highway" || v.norm(i+1) == "hwy" || v.norm(i+1) == "line"):
		j = i + 2
		if v.norm(j) == "road" {
			j++
		}
	case w == "highway" || w == "hwy" || w == "route" || w == "rte" || w == "cr" || w == "rr" || w == "fm" || w == "sr" || w == "us" && (v.norm(i+1) == "highway" || v.norm(i+1) == "hwy" || v.norm(i+1) == "route"):
		j = i + 1
		if w == "us" {
			j++
		}
	default:
		return start
	}
	d, to, _ := v.element(j)
	if d == "" || len(d) > 4 {
		return start
	}
	for n := 0; n < 3; n++ {
		d, next, said := v.element(to)
		if d == "" || !said {
			break
		}
		to = next
	}
	return to
}

// putRight reports whether a number is all of the line, or is put right or
// confirmed in it: "no, it's eighty eight now, we moved next door".
func (v *view) putRight(r run) bool {
	for k := v.body; k < r.from; k++ {
		w := v.norm(k)
		if !mending[w] && !fillers[w] && w != "now" && w != "number" && w != "just" && w != "nope" {
			return false
		}
	}
	if v.only(r.to, len(v.tok)) && v.only(v.body, r.from) {
		return !v.chat && len(r.digits) > 2 && !strings.HasSuffix(r.digits, "00") && r.seps&^blank == 0
	}
	switch v.norm(r.to) {
	case "now", "not", ",", ".":
		return saysAny(v, "now", "moved", "house", "street", "door", "apartment")
	}
	return false
}

// partedAddress finds an address whose number is all of one line and whose street
// begins the speaker's next: "Um, seven oh five, / Sycamore Avenue, and then".
func partedAddress(lines []view, i int) []finding.Candidate {
	v := &lines[i]
	runs := v.runs()
	if len(runs) != 1 {
		return nil
	}
	r := runs[0]
	if len(r.digits) < 3 || len(r.digits) > 5 || r.math || !v.only(v.body, r.from) || !v.only(r.to, len(v.tok)) || v.norm(len(v.tok)-1) == "?" || strings.HasSuffix(r.digits, "00") && r.words > 0 {
		return nil
	}
	j := next(lines, i)
	if j < 0 {
		return nil
	}
	w := &lines[j]
	for t := w.body + 1; t < min(w.body+4, len(w.tok)); t++ {
		if !w.word(t-1) || noStreet[w.norm(t-1)] || w.tok[t-1].Shape != text.Title {
			return nil
		}
		if clearSuffix[w.norm(t)] {
			a := v.tokens(r.from, r.to, finding.Address, 0.85, "home/parted", "a house number, with the street in the next line")
			b := w.tokens(w.body, unit(w, t+1), finding.Address, 0.85, "home/parted", "a street, with its number in the line before")
			a.Group = "home/" + itoa(i)
			b.Group = a.Group
			return []finding.Candidate{a, b}
		}
	}
	return nil
}
