// Package curriculum finds what must stay in a lesson: theorems and their
// authors, the people and places of word problems, products, mathematics,
// times, and everyday words that are also names.
//
// Its candidates all have Keep set. The score is the probability that the range
// belongs to the lesson; it is low when the same words call somebody.
package curriculum

import (
	"context"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/text"
)

// New gives the recognizer. It is safe for concurrent use.
func New() finding.Recognizer { return recognizer{} }

type recognizer struct{}

func (recognizer) Name() string { return "curriculum" }

// Find proposes what must stay.
func (recognizer) Find(ctx context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	reading, err := names.Read(ctx, c)
	if err != nil {
		return nil, err
	}
	return Find(ctx, c, reading)
}

// Find proposes what must stay of a conversation that has been read already.
func Find(ctx context.Context, c *finding.Conversation, reading *names.Reading) ([]finding.Candidate, error) {
	f := finder{reading: reading, sets: make([]sets, reading.Len())}
	holds := make([]sets, len(c.Lines))
	ambiguous := 0
	for i := range c.Lines {
		f.words = reading.Words(i)
		for k := range f.words {
			in := f.in(k)
			holds[i] |= in
			if in.has(inAmbiguous) {
				ambiguous++
			}
		}
	}
	// Most of what is proposed are everyday words, and whoever reads on may append.
	f.out = make([]finding.Candidate, 0, ambiguous+len(c.Lines)/2+16)
	for i := range c.Lines {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f.line, f.words, f.holds = i, reading.Words(i), holds[i]
		f.phrases()
		f.people()
		f.places()
		f.numbers()
		f.everyday()
	}
	return f.out, nil
}

// finder goes through a conversation line by line.
type finder struct {
	reading *names.Reading
	line    int
	words   []names.Word
	// sets are those of each word, by its number, and holds those of the line.
	sets  []sets
	holds sets
	out   []finding.Candidate
}

// in gives the sets of word k, none beyond the edges.
func (f *finder) in(k int) sets {
	if k < 0 || k >= len(f.words) {
		return 0
	}
	w := &f.words[k]
	if in := f.sets[w.ID]; in != 0 {
		return in
	}
	f.sets[w.ID] = setsOf(w)
	return f.sets[w.ID]
}

// scholarRule keeps scholars and people of books, whatever a line seems to tell.
const scholarRule = "curriculum/scholar"

// keep proposes words from..to, unless they are only a part of something that
// a cue claimed ("214" of "P.S. 214").
func (f *finder) keep(from, to int, score float64, rule, why string) {
	start, end := f.words[from].Start, f.words[to-1].End
	if f.reading.Place(f.line, start, end) || rule != scholarRule && f.reading.Seems(f.line, start, end) {
		return
	}
	f.out = append(f.out, finding.Candidate{
		Line: f.line, Start: f.words[from].Start, End: f.words[to-1].End,
		Kind: finding.Other, Keep: true, Score: score, Recognizer: rule, Why: why,
	})
}

// norm gives the folded form of word k, "" beyond the edges.
func (f *finder) norm(k int) string {
	if k < 0 || k >= len(f.words) {
		return ""
	}
	return f.words[k].Norm
}

// phrases proposes products, scholars and authors by the tables.
func (f *finder) phrases() {
	if !f.holds.has(inAcronyms | inNumerals | inProducts | inScholars) {
		return
	}
	for k := 0; k < len(f.words); k++ {
		w, in := &f.words[k], f.in(k)
		if !in.has(inAcronyms|inNumerals|inProducts|inScholars) || !w.Shape.Word() {
			continue
		}
		if (w.Shape == text.Upper || w.Lex.Word < 0.3) &&
			(in.has(inAcronyms) && (w.Shape == text.Upper || w.Lex.Name() < 0.3) || in.has(inNumerals) && w.Shape != text.Title) {
			f.keep(k, k+1, 0.97, "curriculum/acronym", "an acronym or numeral of lessons")
			continue
		}
		if n := f.match(products, k); n > 0 {
			f.keep(k, k+n, 0.96, "curriculum/product", "a product or course used in lessons")
			k += n - 1
			continue
		}
		if n := f.match(scholars, k); n > 0 {
			f.scholar(k, n)
			k += n - 1
		}
	}
}

// match gives how many words from k are the longest phrase of a table, 0 for
// none.
func (f *finder) match(t table, k int) int {
next:
	for _, phrase := range t[f.words[k].Norm] {
		if len(phrase) > len(f.words)-k {
			continue
		}
		for j := 1; j < len(phrase); j++ {
			if f.words[k+j].Norm != phrase[j] {
				continue next
			}
		}
		return len(phrase)
	}
	return 0
}

// joined is n words from k with a blank between them.
func (f *finder) joined(k, n int) string {
	out := f.words[k].Norm
	for _, w := range f.words[k+1 : k+n] {
		out += " " + w.Norm
	}
	return out
}

// scholar scores a name of the tables by how it is used: with what it is known
// for ("Pascal's triangle") or alone, and hardly when somebody is called so.
func (f *finder) scholar(k, n int) {
	w := &f.words[k]
	last := &f.words[k+n-1]
	score := 0.9
	rare := last.Lex.Given < 0.4
	topic := f.in(k+n).has(inLegacy) || f.in(k+n+1).has(inLegacy) && (f.norm(k+n) == "s" || last.Possessive || f.words[k+n].Lex.Word > 0.3)
	switch {
	case n > 1 && !f.reading.Told(last):
		score = 0.995 // the whole name of somebody the lesson is about
	case n > 1:
		score = 0.9
	case topic:
		score = 0.97
	case f.in(k).has(inAdjectives):
		score = 0.97
	case !rare:
		score = 0.5
	}
	from := k
	only := n == 1 && last.Lex.Given < 0.3 && last.Lex.Family < 0.45 && !f.reading.Present(last)
	if only {
		score = 0.995 // hardly anybody else is called so
	}
	if only && k > 0 && f.words[k-1].Shape == text.Title && f.words[k-1].Lex.Given >= 0.3 && !f.reading.Told(&f.words[k-1]) {
		from = k - 1 // "Karl Gauss"
	} else if n == 1 && k > 0 && f.words[k-1].Shape != text.Lower && f.words[k-1].Shape.Word() && !f.words[k-1].Closed && f.words[k-1].Lex.Given >= 0.3 {
		// A given name before a scholar's surname: somebody of that name, unless
		// the table has both.
		score = min(score, 0.5)
	}
	if n == 1 && f.reading.Called(f.line, k) && !topic && !f.in(k).has(inAdjectives) && f.calledLikeAPerson(k) {
		score = 0.2
	} else if n == 1 && !only && f.reading.Told(w) && !topic && !f.in(k).has(inAdjectives) {
		score = 0.3
	}
	f.keep(from, k+n, score, scholarRule, "somebody whose work is taught")
}

// calledLikeAPerson tells "Pascal, can you …" from "Jane Austen. She wrote …":
// the second person is near.
func (f *finder) calledLikeAPerson(k int) bool {
	for j := k - 3; j <= k+6; j++ {
		switch f.norm(j) {
		case "you", "your", "u", "ur", "please", "thanks", "thank", "hi", "hey", "hello", "bye", "ok", "okay", "good", "great", "nice":
			return true
		}
	}
	return false
}

// people proposes the persons of word problems and of passages.
func (f *finder) people() {
	if !f.holds.has(inNames) {
		return
	}
	story := f.reading.Story(f.line)
	for k := range f.words {
		w := &f.words[k]
		if !f.in(k).has(inNames) || !w.Shape.Word() || w.Lex.Word >= 0.6 && w.Shape == text.Lower {
			continue
		}
		if !story && !f.reading.Character(w) {
			continue
		}
		called, told := f.reading.Called(f.line, k), f.reading.Told(w)
		if !story && called {
			continue
		}
		score := 0.93
		switch {
		case told && called:
			score = 0.1
		case told:
			score = 0.55
		case called && k+1 < len(f.words) && f.norm(k+1) == ",":
			score = 0.3
		}
		to := k + 1
		from := k
		if k > 1 && f.norm(k-1) == "." && f.in(k-2).has(inTitles) {
			from = k - 2
		} else if k > 0 && f.in(k-1).has(inTitles) {
			from = k - 1
		}
		f.keep(from, to, score, "curriculum/story", "somebody in a mathematics problem or passage")
	}
}

var title = set(`mr mrs ms dr miss professor`)

// places proposes the towns of problems about journeys.
func (f *finder) places() {
	if !f.holds.has(inPlaces) {
		return
	}
	for k := 0; k < len(f.words); k++ {
		w := &f.words[k]
		if !f.in(k).has(inPlaces) || !w.Shape.Word() {
			continue
		}
		n, most := 0, 1
		if w.Begins {
			most = min(3, len(f.words)-k)
		}
		for m := most; m >= 1 && n == 0; m-- {
			e := w.Lex
			if m > 1 {
				e = names.Lookup(f.joined(k, m))
			}
			if e.Place >= 0.6 && (m > 1 || e.Word < 0.42 && e.Name() < 0.75) {
				n = m
			}
		}
		if n == 0 || f.reading.Place(f.line, w.Start, f.words[k+n-1].End) {
			k += max(0, n-1)
			continue
		}
		score := 0.55
		if f.journey() || f.reading.Story(f.line) {
			score = 0.92
		}
		if f.reading.Told(w) {
			score = 0.2
		}
		f.keep(k, k+n, score, "curriculum/problem-place", "a place on the way in a problem")
		k += n - 1
	}
}

// journey reports whether the line is about a way from place to place.
func (f *finder) journey() bool {
	if f.holds.has(inJourneys) {
		return true
	}
	for k := range f.words {
		if n := f.norm(k); (n == "from" || n == "to" || n == "through") && k+1 < len(f.words) && f.words[k+1].Lex.Place >= 0.6 {
			return true
		}
	}
	return false
}

var journeys = set(`drive drives driving drove driven travel travels traveling travelling traveled car train bus plane truck trip journey
	distance mile miles turnpike interstate highway route mph speed graph line point map starts started starting start ends ended
	ending end reaches reached goes going passes passed hours hour minutes kilometers`)

// numbers proposes mathematics, counts with units, times, days and references
// to tasks. Long digit runs, which could be identifiers, are left alone.
func (f *finder) numbers() {
	if !f.holds.has(inWeekdays | inReferences | inDigits) {
		return
	}
	for k := 0; k < len(f.words); k++ {
		in := f.in(k)
		switch {
		case !in.has(inWeekdays | inReferences | inDigits):
		case in.has(inWeekdays):
			f.keep(k, k+1, 0.95, "curriculum/weekday", "a day of the week")
		case in.has(inReferences) && f.digits(k+1, 3):
			f.keep(k, k+2, 0.96, "curriculum/task", "the number of a question, page or module")
			k++
		case in.has(inReferences) && f.norm(k+1) == "#" && f.digits(k+2, 3):
			f.keep(k, k+3, 0.96, "curriculum/task", "the number of a question, page or module")
			k += 2
		case f.digits(k, 4):
			k = f.number(k)
		}
	}
}

// digits reports whether word k is a number of at most n digits.
func (f *finder) digits(k, n int) bool {
	return k >= 0 && k < len(f.words) && f.words[k].Shape == text.Digit && f.words[k].End-f.words[k].Start <= n
}

// glued reports whether nothing stands between word k and the one before.
func (f *finder) glued(k int) bool {
	return k > 0 && k < len(f.words) && f.words[k].Start == f.words[k-1].End
}

// number proposes what begins with the number k and gives its last word.
func (f *finder) number(k int) int {
	// 9:15, 4:30 pm
	if f.norm(k+1) == ":" && f.glued(k+1) && f.digits(k+2, 2) && f.glued(k+2) && f.norm(k+3) != ":" {
		to := k + 3
		if n := f.norm(to); n == "am" || n == "pm" {
			to++
		}
		f.keep(k, to, 0.95, "curriculum/time", "a time of day or a ratio")
		return to - 1
	}
	from, to, operators, digits := k, k, 0, 0
	if f.norm(k-1) == "(" || f.norm(k-1) == "-" && !f.digits(k-2, 20) {
		from--
	}
	for to < len(f.words) {
		w := &f.words[to]
		switch {
		case w.Shape == text.Digit:
			digits += w.End - w.Start
		case f.in(to).has(inOperators):
			if w.Norm != "," && w.Norm != "(" && w.Norm != ")" && w.Norm != "." {
				operators++
			}
		case w.Shape.Word() && len(w.Norm) == 1 && to > k && (f.glued(to) || f.in(to-1).has(inOperators)) && w.Norm != "i":
		default:
			goto end
		}
		to++
	}
end:
	for to > k+1 && (f.norm(to-1) == "," || f.norm(to-1) == "." || f.norm(to-1) == "(" || f.norm(to-1) == "-") {
		to--
	}
	n := f.norm(to)
	switch {
	case operators == 0 && (n == "plus" || n == "minus" || n == "times" || n == "over" || n == "divided" || n == "squared" || n == "cubed"):
		f.keep(from, to, 0.95, "curriculum/arithmetic", "part of a calculation")
	case f.onlyDashes(k, to) && digits > 6:
		// 617-555-0142 and the like are not for us.
	case operators > 0:
		f.keep(from, to, 0.93, "curriculum/mathematics", "an expression or equation")
	case f.in(to).has(inUnits):
		f.keep(from, to, 0.9, "curriculum/quantity", "a count or measurement")
	case digits <= 4 && to == k+1:
		f.keep(from, to, 0.6, "curriculum/number", "a short number")
	case f.norm(k-1) == "(" && digits <= 6:
		f.keep(from, to, 0.93, "curriculum/coordinates", "coordinates")
	case digits <= 6:
		f.keep(from, to, 0.6, "curriculum/number", "numbers")
	}
	return max(k, to-1)
}

// onlyDashes reports whether the only operator from k to to is a hyphen.
func (f *finder) onlyDashes(k, to int) bool {
	for j := k; j < to; j++ {
		if n := f.norm(j); f.in(j).has(inOperators) && n != "-" && n != "." && n != "(" && n != ")" && n != "," {
			return false
		}
	}
	return true
}

// everyday proposes words that are also names where they are used as words.
func (f *finder) everyday() {
	if !f.holds.has(inAmbiguous) {
		return
	}
	for k := range f.words {
		w := &f.words[k]
		if !f.in(k).has(inAmbiguous) || !w.Shape.Word() {
			continue
		}
		person := f.reading.Person(f.line, k)
		// A cue has asked itself whether the word is meant.
		if person >= 0.35 || f.reading.Announced(f.line, k) >= 0.75 {
			continue
		}
		score := min(0.95, 1-person)
		if f.reading.Told(w) && f.reading.Called(f.line, k) {
			score = min(score, 0.3)
		}
		f.keep(k, k+1, score, "curriculum/everyday", "an everyday word that is also a name, used as the word")
	}
}

// sets are the sets that a word is in, one bit each.
type sets uint32

const (
	inAcronyms sets = 1 << iota
	inNumerals
	inAdjectives
	inLegacy
	inTitles
	inJourneys
	inOperators
	inWeekdays
	inReferences
	inUnits
	inProducts // a product begins with it
	inScholars
	inDigits
	// inAmbiguous are everyday words that are also names or places.
	inAmbiguous
	inNames
	inPlaces // a place may begin with it
	// inNone says that the sets were gone through.
	inNone
)

func (in sets) has(any sets) bool { return in&any != 0 }

// allSets is made once; nothing writes to it afterwards.
var allSets = func() map[string]sets {
	out := map[string]sets{}
	for bit, words := range []map[string]bool{acronyms, numeral, adjective, legacy, title, journeys, operator, weekdays, reference, units} {
		for w := range words {
			out[w] |= 1 << bit
		}
	}
	for w := range products {
		out[w] |= inProducts
	}
	for w := range scholars {
		out[w] |= inScholars
	}
	return out
}()

func setsOf(w *names.Word) sets {
	in := allSets[w.Norm] | inNone
	if w.Shape == text.Digit {
		in |= inDigits
	}
	if !w.Closed && w.Lex.Name() >= 0.2 {
		in |= inNames
	}
	if !w.Closed && (w.Begins || w.Lex.Place >= 0.6) {
		in |= inPlaces
	}
	if w.Lex.Word >= 0.42 && (w.Lex.Name() >= 0.35 || w.Lex.Place >= 0.5) {
		in |= inAmbiguous
	}
	return in
}

// set makes a set of the words of a text.
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var operator = set("+ - − – × * / ÷ = < > ≤ ≥ ^ % √ ± ( ) , . ² ³ · $ ° ≈ ≠")

var weekdays = set(`monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays`)

var reference = set(`question questions problem problems number module section chapter page step part unit lesson exercise example item
	figure graph table slide level version test quiz worksheet row column grade`)

var units = set(`percent degrees degree miles mile mph kilometers km meters meter cm mm inches inch feet foot ft yards hours hour hrs
	minutes minute min mins seconds second sec days weeks months years dollars dollar cents points point pounds lbs kg grams
	gallons liters cups apples marbles times units squared cubed x y k th st nd rd percentile questions problems people students
	sides boxes tens ones hundreds thousands pages`)
