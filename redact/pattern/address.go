package pattern

import (
	"maps"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// address finds street addresses, written and said, and postcodes with a cue.
type address struct{ cues *phrases }

const (
	addressAsks = iota
	addressZip
	addressLive
	addressOwn
)

func newAddress() address {
	return address{newPhrases(
		[]string{"address", "mailing address", "home address", "its at", "it changed", "i live at", "we live at", "live on", "lives at", "live at", "moved to", "we moved", "i moved", "mail it", "ship it", "mail it to", "ship it to", "ships to",
			"where do you live", "where do u live", "deliver it to", "delivery", "house is", "my house", "my street", "our street", "the street", "pick me up at", "come to", "im at", "were at", "posting", "by post", "by mail", "get posted", "post it to", "posted to", "located at", "mail you", "mail your", "mail my", "ship your", "should i mail", "should we mail", "should they mail", "should i ship", "should we ship", "mail the", "mail out", "ship the", "ship you", "send you the", "send the book", "po box", "my place", "addy", "adress", "ours is", "send the ~ to", "over at", "where i live", "drop me off at", "dropped off at", "drop off at", "deliver", "i live by", "meet me at", "i stay at", "just moved", "moved its", "send it to", "send the book to", "package went to", "mail to", "shipping", "pull up to", "pick up at", "party at", "partys at", "place is", "office is at", "uber to", "drop it at", "staying at", "staying with", "stops right by", "where do you stay", "where you live", "where u live", "where do they live"},
		[]string{"zip", "zip code", "zipcode", "postcode", "post code", "postal code", "area zip", "zipp", "zip cod", "postal"},
		[]string{"i live on", "we live on", "address on", "house on", "our place on", "my place on", "i live off", "live off of", "my house is on", "lives on", "live over on", "my street is", "street name is", "moved to", "live at", "i live near", "live right by", "moving to", "my street is", "our street is", "corner of", "closest stop is", "stop is", "live over on", "lives over on"},
		[]string{"number", "thats my street", "its my street", "thats our street", "thats my road"},
	)}
}

func (address) Name() string { return "pattern/address" }

// clearSuffix are street types that mean little else after a number and a name; looseSuffix have another meaning in a lesson.
var clearSuffix = set(`street avenue ave av road rd lane ln boulevard blvd blvrd parkway pkwy highway hwy turnpike terrace drive dr court crescent cres cove circle cir
	expressway freeway causeway bypass quay mews esplanade promenade broadway aly bvd`)

var looseSuffix = set(`st way place pl ct square sq trail trl path loop run row walk close pike alley gardens garden grove plaza plz crossing xing commons ridge hill hills view point
	pt pass park green bend landing manor meadow meadows heights hts glen estates estate hollow creek bridge spur gate wharf field fields vista knoll trace cv ter terr rise mall fork station oval passage beltway route rte extension ext`)

// between a number and a street type these show that no street is meant.
var noStreet = set(`hour hours minute minutes second seconds mile miles foot feet ft inch inches yard yards meter meters metre metres km kilometers kilometer cm mm m percent
	degrees degree plus minus times divided equals equal over by point x y the a an of is are was to and in on at for from with or per than that this these those my your our
	his her their its dollars dollar cents cent people students student kids cars car days day weeks week months month years year units unit more less right left wrong
	correct decimal square place value each every into out up down off away apart away i you we he she they it so if then when because hr hrs min mins sec secs mph way points
	digit digits number numbers thousand hundred million billion half third thirds fourths quarter quarters long short whole same different other first next last only just
	two three four five six seven eight nine ten eleven twelve not no yes but as do did can could will would what how where who which one full perfect complete
	questions question problems problem steps step sides side rows columns column triangle rectangle circle graph line lines slope equation area perimeter radius test test'll
	am pm oclock tons pounds lbs grams gallons liters lap laps acre acres seat seats wide deep high tall small large big equal unit grid graph`)

func (a address) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var asked, zip, lived, street window
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = a.cues.find(v, hits[:0])
		own, where := false, false
		for _, h := range hits {
			switch h.tag {
			case addressZip:
				zip.open(v)
			case addressOwn:
				own = true
			default:
				asked.open(v)
				where = where || v.norm(h.from) == "where"
			}
		}
		for _, h := range hits {
			if h.tag == addressLive {
				found = unnumbered(v, h.to, found)
			}
		}
		if v.has&inCorners != 0 {
			found = v.corners(found)
		}
		near := lived.holds(v) && v.line-lived.line <= 2
		if (near || own) && v.has&inAlong != 0 {
			found = owned(v, near, found)
		}
		if where {
			lived.open(v)
		}
		if v.numeric() {
			first := len(found)
			if v.has&(inClear|inLoose|inBoxes|inCompass) != 0 || v.chat || asked.holds(v) {
				found = a.streets(v, asked.holds(v) || zip.holds(v) && zip.line == v.line, found)
			}
			if v.inner&inStates != 0 {
				found = a.states(v, found)
			}
			if len(found) > first {
				found = v.besideStreet(found)
				street.open(v)
			} else if r, ok := v.fiveDigits(); ok && street.holds(v) && v.line-street.line <= 2 && r.from-v.body < 3 && v.worded(r.from) && v.only(r.to, len(v.tok)) {
				found = append(found, v.tokens(r.from, r.to, finding.Address, 0.85, "address/postcode", "five digits in the line behind a street"))
			} else if r, ok := v.fiveDigits(); ok && asked.holds(v) && v.line-asked.line <= 4 && (v.worded(r.from) && r.from-v.body < 4 || r.single == 5) && v.only(r.to, len(v.tok)) {
				found = append(found, v.tokens(r.from, r.to, finding.Address, 0.8, "address/postcode", "five digits where an address is asked for"))
			}
			if len(found) == first && asked.holds(v) {
				if c := a.cut(lines, i); len(c) > 0 {
					found = append(found, c...)
				}
			}
		}
		if v.chat && v.numeric() {
			found = v.shapedCodes(found)
		}
		if zip.holds(v) && v.line-zip.line <= 3 || len(hits) > 0 && v.numeric() {
			found = a.postcodes(v, zip.holds(v), hits, found)
		}
	}
	return found
}

func (a address) streets(v *view, cue bool, found []finding.Candidate) []finding.Candidate {
	for t := 0; t < len(v.tok); t++ {
		if v.is(t, inBoxes) {
			if c, to, ok := a.box(v, t); ok {
				found = append(found, c)
				t = to
				continue
			}
		}
		if to := v.rural(t); to > t {
			found = append(found, v.tokens(t, to, finding.Address, 0.95, "address/rural", "a rural route and a box"))
			t = to - 1
			continue
		}
		if v.tok[t].Shape != text.Digit && !v.number(t) {
			continue
		}
		end, score := a.street(v, t, cue)
		if end == 0 {
			if end = v.block(t); end == t {
				continue
			}
			score = 0.8
		}
		end = houseNumber(v, unit(v, end))
		end = locality(v, end)
		found = append(found, v.tokens(v.meant(t), end, finding.Address, score, "address/street", "a house number, a name and a street type"))
		t = end - 1
	}
	return found
}

// meant goes back over a house number that was said wrong: "twenty nine, no
// sorry, fourteen Cypress Circle".
func (v *view) meant(t int) int {
	i, wrong := t, false
	for i--; i > v.body && (v.norm(i) == "," || mistaken[v.norm(i)]); i-- {
		wrong = wrong || mistaken[v.norm(i)]
	}
	if !wrong {
		return t
	}
	for _, r := range v.runs() {
		if r.to == i+1 && len(r.digits) <= 6 {
			return r.from
		}
	}
	return t
}

// unnumbered finds "we live on Tamarack Drive".
func unnumbered(v *view, t int, found []finding.Candidate) []finding.Candidate {
	for i := t; i < len(v.tok) && i < t+6; i++ {
		if to := v.ordinalAt(i); to > i { // Twenty-seventh Road
			i = to - 1
			continue
		}
		w := v.norm(i)
		if i == t+1 && w == "." && v.is(t, inCompass) {
			continue // "S. Convent Ave"
		}
		if i > t && (v.is(i, inClear) || homely[w] && (i+1 == len(v.tok) || v.tok[i+1].Shape == text.Mark) && (ordinalSuffix(v.norm(i-1)) || v.tok[i].Shape == text.Title)) {
			return append(found, v.tokens(t, houseNumber(v, unit(v, i+1)), finding.Address, 0.8, "address/live", "a street on which somebody lives"))
		}
		if !v.word(i) && !v.digits(i) || v.is(i, inNoStreet) && !v.is(i, inOrdinals) {
			break
		}
	}
	return found
}

// homely are the street types of looseSuffix that end the name of a street more
// often than that of anything else.
var homely = set("st way place pl ct")

// cornered are the words before two streets.
var cornered = set("corner between")

// along are the words before a street.
var along = set("on off near")

// fiveDigits gives the one run of five digits of a line that may be a postcode.
func (v *view) fiveDigits() (run, bool) {
	for _, r := range v.runs() {
		if len(r.digits) == 5 && !r.math && r.from >= v.body && (r.elements == 1 || r.words == r.elements) {
			return r, true
		}
	}
	return run{}, false
}

// worded reports whether nothing but words stands before token i.
func (v *view) worded(i int) bool {
	for k := v.body; k < i; k++ {
		if !v.word(k) && v.tok[k].Norm != "," || v.is(k, inNoStreet) && !goesOn[v.norm(k)] {
			return false
		}
	}
	return true
}

// besideStreet takes a postcode beside a street that was found in the line: "4417 Tulip
// St, and it's 19135".
func (v *view) besideStreet(found []finding.Candidate) []finding.Candidate {
	if r, ok := v.fiveDigits(); ok {
		if c := v.tokens(r.from, r.to, finding.Address, 0.9, "address/postcode", "five digits beside a street"); !coveredIn(found, c) {
			found = append(found, c)
		}
	}
	return found
}

// corners finds "the corner of Tulip and Magee", "between Abbott and Weber".
func (v *view) corners(found []finding.Candidate) []finding.Candidate {
	for t := v.body; t+2 < len(v.tok); t++ {
		from := t + 1
		switch w := v.norm(t); {
		case w == "of" && v.norm(t-1) == "corner":
		case w == "between" && saysAny(v, "live", "house", "home", "building", "block", "blocks", "apartment", "street", "our", "my"):
		default:
			continue
		}
		a := v.titled(from)
		if a == from || v.norm(a) != "and" && v.norm(a) != "&" {
			continue
		}
		if b := v.titled(a + 1); b > a+1 {
			found = append(found, v.tokens(from, b, finding.Address, 0.85, "address/corner", "the two streets of a corner"))
		}
	}
	return found
}

// titled passes up to three words that are written like names, or a numbered
// street.
func (v *view) titled(i int) int {
	from := i
	for i < len(v.tok) && i < from+3 {
		switch {
		case v.digits(i) && v.joined(i) && ordinalSuffix(v.norm(i+1)):
			i += 2
		case v.word(i) && v.tok[i].Shape == text.Title && !v.is(i, inMonths) && len(v.norm(i)) > 1:
			i++
		default:
			return i
		}
	}
	return i
}

// owned finds "on Birch Terrace, that's my street", "on Beechwood Court, number
// six" and, when it was asked where somebody lives, "over on Linden Circle".
func owned(v *view, asked bool, found []finding.Candidate) []finding.Candidate {
	for t := v.body; t < len(v.tok); t++ {
		if !v.is(t, inAlong) {
			continue
		}
		more := unnumbered(v, t+1, nil)
		if len(more) == 0 || coveredIn(found, more[0]) {
			continue
		}
		end := t + 1
		for end < len(v.tok) && v.tok[end].Start < more[0].End {
			end++
		}
		mine := v.norm(end) == "," && (v.norm(end+1) == "thats" || v.norm(end+1) == "its") && v.norm(end+2) == "my"
		if asked && (v.only(v.body, t) || v.norm(t-1) == "over" && v.only(v.body, t-1)) || mine || v.numberedBehind(t, end) {
			found = append(found, more...)
		}
	}
	return found
}

// numberedBehind reports whether a street behind token t was named with the
// number of its house.
func (v *view) numberedBehind(t, end int) bool {
	for k := t + 1; k < end; k++ {
		if v.norm(k) == "number" {
			return true
		}
	}
	return false
}

// houseNumber takes ", number six" after a street with it.
func houseNumber(v *view, end int) int {
	i := end
	if v.norm(i) == "," {
		i++
	}
	if v.norm(i) != "number" {
		return end
	}
	to := end
	for i++; ; {
		d, next, _ := v.element(i)
		if d == "" {
			return to
		}
		i, to = next, next
	}
}

// street reads number, name and street type at token t.
func (a address) street(v *view, t int, cue bool) (end int, score float64) {
	i, said, digits := t, false, 0
	if v.digits(i) {
		digits = v.size(i)
		if digits > 6 || t > 0 && v.joined(t-1) && v.norm(t-1) != "#" && v.norm(t-1) != "(" && v.norm(t-1) != "\"" && v.norm(t-1) != ":" || v.operator(t-1, true) {
			return 0, 0
		}
		i++
		if v.norm(i) == "-" && v.joined(i-1) && v.joined(i) && v.digits(i+1) { // 45-12 in Queens
			i += 2
		} else if v.norm(i) == "-" && v.joined(i-1) && v.joined(i) && v.word(i+1) && len(v.norm(i+1)) == 1 { // 3100-B
			i += 2
		} else if v.word(i) && v.joined(i-1) && len(v.norm(i)) == 1 { // 221B
			i++
		} else if i < len(v.tok) && v.joined(i-1) && v.tok[i].Shape != text.Mark {
			return 0, 0 // 48th, 5x
		}
		if v.norm(i) == "," && !v.joined(i) { // "2900, 48th Avenue"
			if !cue {
				return 0, 0
			}
			i = v.pause(i)
		}
		if v.norm(i) == "/" || v.norm(i) == "1" {
			return 0, 0
		}
	} else {
		if v.operator(t-1, true) {
			return 0, 0
		}
		n := 0
		for {
			d, to, s := v.element(i)
			if d == "" || !s || v.ordinalAt(i) > i {
				break
			}
			digits += len(d)
			i = to
			n++
			if v.norm(i) == "-" && v.joined(i) && v.number(i+1) {
				i++
			}
			if v.norm(i) == "hundred" || v.norm(i) == "and" && v.number(i+1) {
				i++
			}
		}
		if v.norm(i) == "and" && v.norm(i+1) == "a" && v.norm(i+2) == "half" {
			i += 3
		}
		if digits < 2 && !cue {
			return 0, 0
		}
		if cue && v.norm(i) == "," {
			i = v.pause(i)
		}
		said = true
	}
	names, titled, strong := 0, 0, false
	direction, mapped := false, false
	for names < 5 && i < len(v.tok) {
		w := v.norm(i)
		tk := v.tok[i]
		if to := v.ordinalAt(i); to > i { // Twenty-eighth Place
			names++
			titled++
			mapped = true
			i = to
			continue
		}
		switch {
		case tk.Shape == text.Mark:
			if w == "." && names > 0 && (direction || len(v.norm(i-1)) <= 2) || w == "'" {
				i++
				continue
			}
			if w == "," && names > 0 && names < 3 && titled == names && digits > 2 && unit(v, i) > i+2 {
				return i, 0.85 // "Twenty two sixteen Maplehurst, apartment B"
			}
			return 0, 0
		case names > 0 && v.is(i, inClear|inLoose) && !(i+1 < len(v.tok) && names < 4 && street2(v, i)):
			strong = v.is(i, inClear)
			end = i + 1
			if v.norm(end) == "." && v.joined(i) && end+1 < len(v.tok) {
				end++
			}
		case tk.Shape == text.Digit:
			// 48th Avenue; a bare number only before a clear type ("123 E 5 St").
			if v.joined(i) && ordinalSuffix(v.norm(i+1)) {
				names++
				titled++
				mapped = true
				i += 2
				continue
			}
			return 0, 0
		case v.is(i, inNoStreet) && !(names > 0 && tk.Shape == text.Title && v.tok[i-1].Shape == text.Title) && w != "square" && w != "first" && w != "third" && !(w == "the" && tk.Shape == text.Title) && !(cue && (w == "st" || w == "second")):
			if said && v.is(i, inLarger) {
				names++
				break
			}
			if v.is(i, inCompass) {
				break
			}
			return 0, 0
		default:
			names++
			direction = v.is(i, inCompass)
			mapped = mapped || direction
			if tk.Shape == text.Title || tk.Shape == text.Upper || tk.Shape == text.One || tk.Shape == text.Mixed || v.is(i, inOrdinals) {
				titled++
			}
		}
		if end > 0 {
			break
		}
		i++
	}
	if end == 0 && cue && mapped && names == 1 && digits > 1 && i == len(v.tok) && v.chat {
		return i, 0.8 // "2347 62nd"
	}
	if end == 0 && v.chat && !said && i == len(v.tok) && names > 0 && names < 4 && digits > 1 && v.says(t, "address", "adress", "addy") && v.beside(t, "is", ":", "address", "adress", "addy") {
		return i, 0.8 // "my address is 86 Orchard"
	}
	if end == 0 {
		// "highway 61", "route 9" are no addresses of their own.
		return 0, 0
	}
	suffix := v.tok[end-1]
	if suffix.Norm == "." {
		suffix = v.tok[end-2]
	}
	if mapped && digits > 1 && (end == len(v.tok) || v.tok[end].Shape == text.Mark) || unit(v, end) > end+1 {
		strong = true
	}
	allTitled := titled >= names && suffix.Shape != text.Lower
	shy := suffix.Norm == "drive" || suffix.Norm == "circle" || suffix.Norm == "court" || suffix.Norm == "dr" || suffix.Norm == "cir" || suffix.Norm == "cove"
	switch {
	case cue && strong:
		score = 0.97
	case cue && allTitled:
		score = 0.93
	case cue:
		score = 0.8
		if digits < 2 {
			score = 0.6
		}
	case shy && allTitled && end < len(v.tok) && v.tok[end].Shape == text.Lower:
		return 0, 0
	case allTitled && strong && digits > 1:
		score = 0.93
	case allTitled && digits > 1, allTitled && v.chat && v.only(v.body, t):
		score = 0.75
	case strong && digits > 1 && !shy:
		score = 0.85
	case strong && digits > 2:
		score = 0.75
	case said && strong && digits > 2:
		score = 0.8
	default:
		return 0, 0
	}
	if said && !cue {
		score -= 0.1
		if !strong || shy && !(allTitled && digits > 2 && placed[v.norm(t-1)]) {
			return 0, 0
		}
	}
	return end, score
}

// placed are the words before the number of a house.
var placed = set("at its is to by from thats near")

// ordinalAt returns the token after "twenty-eighth", or i.
func (v *view) ordinalAt(i int) int {
	if !v.is(i, inLarger) {
		return i
	}
	if d := larger[v.norm(i)]; d[1] != '0' || d == "10" {
		return i
	}
	j := i + 1
	if v.norm(j) == "-" && v.joined(i) {
		j++
	}
	if n := days[v.norm(j)]; n > 0 && n < 10 {
		return j + 1
	}
	return i
}

// pause passes a comma and an um.
func (v *view) pause(i int) int {
	for v.norm(i) == "," || v.norm(i) == "um" || v.norm(i) == "uh" {
		i++
	}
	return i
}

// street2 reports whether the street type at i is only part of the name, as
// in "Park Avenue" or "Mill Road Court".
func street2(v *view, i int) bool {
	n := v.norm(i + 1)
	return (clearSuffix[n] || n == "st" || n == "way" || n == "place" || n == "ct" || n == "pl" || n == "trl" || n == "trail" || n == "loop") && !(v.tok[i].Shape == text.Title && v.tok[i+1].Shape == text.Lower && clearSuffix[v.norm(i)])
}

var compass = set("n s e w ne nw se sw north south east west northeast northwest southeast southwest")

var ordinalWord = set("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth")

func ordinalSuffix(w string) bool { return w == "st" || w == "nd" || w == "rd" || w == "th" }

var unitWords = set("apt apartment flat unit suite ste floor fl room rm bldg building lot trailer # number no")

// unit takes a direction and "Apt 1B" after a street with it.
func unit(v *view, end int) int {
	if v.is(end, inCompass) && (v.tok[end].Shape != text.Lower || len(v.norm(end)) <= 2) {
		end++
	}
	for tries := 0; tries < 2; tries++ {
		i := end
		if v.norm(i) == "," {
			i++
		}
		if i > end {
			if to := v.door(i); to > i {
				end = to
				continue
			}
		}
		if ordinalWord[v.norm(i)] && v.norm(i+1) == "floor" {
			end = i + 2
			continue
		}
		if v.digits(i) && v.joined(i) && ordinalSuffix(v.norm(i+1)) && (v.norm(i+2) == "fl" || v.norm(i+2) == "floor") {
			end = i + 3
			continue
		}
		if !unitWords[v.norm(i)] {
			return end
		}
		i++
		for v.norm(i) == "#" || v.norm(i) == "number" || v.norm(i) == "." {
			i++
		}
		j := i
		if v.digits(j) {
			j++
			if v.word(j) && len(v.norm(j)) == 1 && (v.joined(j-1) || v.tok[j].Shape == text.One) {
				j++
			}
		} else if v.word(j) && len(v.norm(j)) == 1 {
			j++
			if v.norm(j) == "-" && v.joined(j) {
				j++
			}
			if v.digits(j) {
				j++
			}
		} else if d, to, _ := v.element(j); d != "" {
			j = to
			for n := 0; n < 3; n++ { // "apartment nine eight"
				d, to, said := v.element(j)
				if d == "" || !said {
					break
				}
				j = to
			}
			if v.word(j) && len(v.norm(j)) == 1 {
				j++
			}
		}
		if j == i {
			return end
		}
		end = j
	}
	return end
}

// door reads "17B", "two B", "#204" behind a comma.
func (v *view) door(i int) int {
	if v.norm(i) == "#" && v.digits(i+1) {
		return i + 2
	}
	_, to, _ := v.element(i)
	if to > i && v.word(to) && len(v.norm(to)) == 1 && v.tok[to].Shape == text.One && (to+1 == len(v.tok) || v.tok[to+1].Shape == text.Mark || v.joined(to-1)) {
		return to + 1
	}
	return i
}

// block reads a house number, a direction and a name without a street type:
// "12904 S. Ada", "330 East 38th".
func (v *view) block(t int) int {
	to := t + 1
	switch {
	case v.digits(t) && (v.size(t) < 2 || v.size(t) > 5 || t > 0 && v.joined(t-1) || v.joined(t)):
		return t
	case !v.digits(t):
		r, ok := v.run(t, len(v.tok))
		if !ok || r.words != r.elements || len(r.digits) < 2 || len(r.digits) > 5 || r.seps&^blank != 0 {
			return t
		}
		to = r.to
	}
	if v.operator(t-1, true) || !v.is(to, inCompass) || !v.digits(t) && v.tok[to].Shape == text.Lower {
		return t
	}
	i := to + 1
	if v.norm(i) == "." && v.joined(i-1) {
		i++
	}
	switch {
	case v.digits(i) && v.joined(i) && ordinalSuffix(v.norm(i+1)):
		return i + 2
	case v.ordinalAt(i) > i:
		return v.ordinalAt(i)
	case i < len(v.tok) && v.tok[i].Shape == text.Title && !v.is(i, inNoStreet) && (i+1 == len(v.tok) || v.tok[i+1].Shape == text.Mark):
		return i + 1
	}
	return t
}

// rural reads "rr 2 box 118", "Rural Route 2, Box 190".
func (v *view) rural(t int) int {
	i := t
	switch {
	case v.norm(i) == "rr":
		i++
	case v.norm(i) == "rural" && v.norm(i+1) == "route":
		i += 2
	default:
		return t
	}
	_, i, _ = v.element(i)
	if v.norm(i) == "," {
		i++
	}
	if v.norm(i) != "box" {
		return t
	}
	if d, to, _ := v.element(i + 1); d != "" {
		return to
	}
	return t
}

var stateCodes = set(`al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy pr`)

// locality takes a state and a postcode after a street with it; the town
// between them is included then.
func locality(v *view, end int) int {
	for i := end; i < len(v.tok) && i < end+6; i++ {
		w := v.norm(i)
		if to := alphaCode(v, i); to > i && v.tok[i].Shape == text.Upper {
			return to // NR4 9QX
		}
		if v.digits(i) {
			if n := v.size(i); n == 5 && !v.operator(i-1, true) && !v.operator(i+1, false) {
				i++
				if v.norm(i) == "-" && v.joined(i-1) && v.digits(i+1) {
					i += 2
				}
				return i
			}
			return end
		}
		if v.tok[i].Shape == text.Mark && w != "," && w != "." || v.is(i, inNoStreet) && !stateCodes[w] {
			return end
		}
	}
	return end
}

// postBoxes are the words with which "PO box" begins.
var postBoxes = set("po p rr rural")

// box finds "PO Box 123".
func (a address) box(v *view, t int) (finding.Candidate, int, bool) {
	i := t
	switch v.norm(i) {
	case "po":
		i++
	case "p":
		i++
		for v.norm(i) == "." || v.norm(i) == "o" {
			i++
		}
	default:
		return finding.Candidate{}, 0, false
	}
	if v.norm(i) != "box" {
		return finding.Candidate{}, 0, false
	}
	if v.norm(i+1) == "," && v.norm(i+2) == "box" {
		i += 2
	}
	d, to, _ := v.element(i + 1)
	if d == "" {
		return finding.Candidate{}, 0, false
	}
	for {
		d, n, said := v.element(to)
		if d == "" || !said {
			break
		}
		to = n
	}
	return v.tokens(t, locality(v, to), finding.Address, 0.95, "address/box", "a post office box"), to - 1, true
}

// cut finds an address whose number ends one line and whose street begins the
// speaker's next.
func (a address) cut(lines []view, i int) []finding.Candidate {
	v := &lines[i]
	runs := v.runs()
	r, ok := v.tail(runs)
	if !ok || len(r.digits) < 2 || len(r.digits) > 6 || r.math || v.norm(len(v.tok)-1) == "?" {
		return nil
	}
	j := next(lines, i)
	if j < 0 || len(lines[j].tok) == 0 {
		return nil
	}
	w := &lines[j]
	names := 0
	for t := w.body; t < len(w.tok) && names < 5; t++ {
		n := w.norm(t)
		switch {
		case names > 0 && w.is(t, inClear|inLoose):
			a := v.tokens(r.from, r.to, finding.Address, 0.85, "address/cut", "a house number, with the street in the next line")
			b := w.tokens(w.body, unit(w, t+1), finding.Address, 0.85, "address/cut", "a street, with its number in the line before")
			a.Group = "address/" + itoa(i)
			b.Group = a.Group
			return []finding.Candidate{a, b}
		case w.digits(t), w.word(t) && ordinalSuffix(n):
			names++
		case w.is(t, inNoStreet) || w.tok[t].Shape == text.Mark:
			return nil
		default:
			names++
		}
	}
	return nil
}

// states finds "TN 38104".
func (a address) states(v *view, found []finding.Candidate) []finding.Candidate {
	for t := 0; t+1 < len(v.tok); t++ {
		from := t + 1
		if v.norm(from) == "," {
			from++
		}
		written := v.digits(from) && v.tok[from].End-v.tok[from].Start == 5
		if !written && !(v.norm(t-1) == "," && v.number(from)) || !v.state(t) {
			continue
		}
		if r, ok := v.run(from, len(v.tok)); ok && r.from == from && r.words == r.elements && len(r.digits) == 5 && !r.math && v.norm(t-1) == "," {
			if c := v.tokens(from, r.to, finding.Address, 0.8, "address/zip", "five digits after a state"); !coveredIn(found, c) {
				found = append(found, c)
			}
			continue
		}
		if written && !(v.joined(from-1) && v.norm(from-1) != ",") {
			to := from + 1
			if v.norm(to) == "-" && v.joined(from) && v.joined(to) && v.digits(to+1) && v.size(to+1) == 4 {
				to += 2
			}
			if v.operator(to, false) || v.tok[t].Shape != text.Upper && to < len(v.tok) && v.tok[to].Shape != text.Mark {
				continue
			}
			if c := v.tokens(from, to, finding.Address, 0.8, "address/zip", "five digits after a state"); !coveredIn(found, c) {
				found = append(found, c)
			}
		}
	}
	return found
}

// state reports whether token t ends the name of a state, or is its code after
// a town.
func (v *view) state(t int) bool {
	if !v.is(t, inStates) {
		return false
	}
	w := v.norm(t)
	switch {
	case len(w) == 2 && stateCodes[w] && v.word(t):
		town := t - 1
		if v.norm(town) == "," {
			town--
		}
		return v.tok[t].Shape == text.Upper || town >= v.body && t <= v.body+4 && v.word(town) && len(v.norm(town)) > 3 && !wordCodes[w] && v.chat
	case stateNames[w]:
		return true
	case w == "york" || w == "jersey" || w == "mexico" || w == "hampshire":
		return v.norm(t-1) == "new"
	case w == "carolina" || w == "dakota":
		return v.norm(t-1) == "north" || v.norm(t-1) == "south"
	case w == "island":
		return v.norm(t-1) == "rhode"
	}
	return false
}

var stateNames = set(`alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky
	louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah
	vermont virginia washington wisconsin wyoming`)

// stateEnds are the codes and the last words of the names.
var stateEnds = func() map[string]bool {
	all := set("york jersey mexico hampshire carolina dakota island")
	maps.Copy(all, stateCodes)
	maps.Copy(all, stateNames)
	return all
}()

// wordCodes are the codes that are also words.
var wordCodes = set("in or me hi ok oh pa la de id al co mo")

// postcodes finds US, Canadian and British codes where one is named.
func (a address) postcodes(v *view, cue bool, hits []hit, found []finding.Candidate) []finding.Candidate {
	if !cue {
		return found
	}
	for t := v.body; t < len(v.tok); t++ {
		from, to := t, t
		switch {
		case v.saidCode(t) > t:
			to = v.saidCode(t)
		case v.digits(t) && v.size(t) == 5:
			to = t + 1
			if v.norm(to) == "-" && v.joined(t) && v.digits(to+1) {
				to += 2
			}
		case v.word(t) && (t+1 < len(v.tok)) && v.joined(t):
			to = alphaCode(v, t)
		case v.number(t):
			r, ok := v.run(t, len(v.tok))
			if ok && len(r.digits) == 5 && !r.math {
				to = r.to
			}
		}
		if to == from {
			continue
		}
		after := to
		if v.norm(after) == "," {
			after++
		}
		named := v.norm(after) == "the" && v.norm(after+1) == "zip" || v.norm(from-1) == "=" && v.says(from, "zip", "zipcode")
		if !named && (v.operator(from-1, true) || v.operator(to, false) || v.word(to) && v.is(to, inNoStreet) && !v.joined(to-1) && !goesOn[v.norm(to)]) {
			continue
		}
		if c := v.tokens(from, to, finding.Address, 0.9, "address/postcode", "a postcode where one is named"); !coveredIn(found, c) {
			found = append(found, c)
		}
		t = to - 1
	}
	return found
}

// saidCode gives where a British or Canadian code ends that is read out from token
// t: "T three K, five N nine", "L S four, two Q T"; t when none is.
func (v *view) saidCode(t int) int {
	letters, digits, to := 0, 0, t
	for k := t; k < len(v.tok); k++ {
		switch {
		case v.norm(k) == "," && k > t:
			continue
		case v.word(k) && len(v.norm(k)) == 1 && v.norm(k) != "i":
			letters++
		case v.is(k, inUnits):
			digits++
		default:
			k = len(v.tok)
			continue
		}
		to = k + 1
	}
	if n := letters + digits; letters < 3 || digits < 2 || n < 5 || n > 7 {
		return t
	}
	return to
}

// shapedCodes finds British and Canadian codes by their shape, written large and
// in two halves: "V5K 0A1", "M14 5RX".
func (v *view) shapedCodes(found []finding.Candidate) []finding.Candidate {
	for t := v.body; t+1 < len(v.tok); t++ {
		if !v.word(t) || !v.joined(t) || t > v.body && v.joined(t-1) || v.tok[t].Shape != text.Upper && v.tok[t].Shape != text.One {
			continue
		}
		to := alphaCode(v, t)
		if to == t || !strings.Contains(v.text[v.tok[t].Start:v.tok[to-1].End], " ") || v.text[v.tok[t].Start:v.tok[to-1].End] != strings.ToUpper(v.text[v.tok[t].Start:v.tok[to-1].End]) {
			continue
		}
		if c := v.tokens(t, to, finding.Address, 0.9, "address/postcode", "a postcode by its shape"); !coveredIn(found, c) {
			found = append(found, c)
		}
		t = to - 1
	}
	return found
}

// goesOn are words that follow a postcode, although they follow a quantity too.
var goesOn = set("for and is in but so")

// alphaCode reads SW1A 1AA or K1A 0B1.
func alphaCode(v *view, t int) int {
	shape, i := "", t
	start := v.tok[t].Start
	for i < len(v.tok) && v.tok[i].Shape != text.Mark && v.tok[i].End-start <= 9 {
		for _, r := range v.tok[i].Norm {
			if v.tok[i].Shape == text.Digit {
				shape += "9"
			} else {
				_ = r
				shape += "A"
			}
		}
		if i > t && !v.joined(i-1) && strings.Count(v.text[start:v.tok[i].End], " ") > 1 {
			return t
		}
		i++
		switch shape {
		case "A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA", "A9A9A9":
			if i == len(v.tok) || !v.joined(i-1) || v.tok[i].Shape == text.Mark {
				return i
			}
		}
	}
	return t
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
