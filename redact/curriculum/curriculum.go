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
	f := finder{reading: reading}
	for i := range c.Lines {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f.line, f.text = i, c.Lines[i].Text
		f.words = reading.Words(i, f.words)
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
	text    string
	words   []names.Word
	out     []finding.Candidate
}

// keep proposes words from..to, unless they are only a part of something that
// a cue claimed ("214" of "P.S. 214").
func (f *finder) keep(from, to int, score float64, rule, why string) {
	if f.reading.Place(f.line, f.words[from].Start, f.words[to-1].End) {
		return
	}
	f.out = append(f.out, finding.Candidate{
		Line: f.line, Start: f.words[from].Start, End: f.words[to-1].End,
		Kind: finding.Other, Keep: true, Score: score, Recognizer: "curriculum/" + rule, Why: why,
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
	for k := 0; k < len(f.words); k++ {
		if !f.words[k].Shape.Word() {
			continue
		}
		if w := &f.words[k]; (w.Shape == text.Upper || w.Entry.Word < 0.3) &&
			(acronyms[w.Norm] && (w.Shape == text.Upper || w.Entry.Name() < 0.3) || numeral[w.Norm] && w.Shape != text.Title) {
			f.keep(k, k+1, 0.97, "acronym", "an acronym or numeral of lessons")
			continue
		}
		if n := f.match(products, k); n > 0 {
			f.keep(k, k+n, 0.96, "product", "a product or course used in lessons")
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
	for n := min(t.longest[f.words[k].Norm], len(f.words)-k); n > 0; n-- {
		parts := make([]string, n)
		for j := range parts {
			parts[j] = f.words[k+j].Norm
		}
		if t.phrases[strings.Join(parts, " ")] {
			return n
		}
	}
	return 0
}

// scholar scores a name of the tables by how it is used: with what it is known
// for ("Pascal's triangle") or alone, and hardly when somebody is called so.
func (f *finder) scholar(k, n int) {
	w := &f.words[k]
	last := &f.words[k+n-1]
	score := 0.9
	rare := last.Entry.Given < 0.4
	topic := legacy[f.norm(k+n)] || legacy[f.norm(k+n+1)] && (f.norm(k+n) == "s" || last.Possessive || f.words[k+n].Entry.Word > 0.3)
	switch {
	case n > 1:
		score = 0.97
	case topic:
		score = 0.97
	case adjective[w.Norm]:
		score = 0.97
	case !rare:
		score = 0.5
	}
	from := k
	if n == 1 && k > 0 && f.words[k-1].Shape != text.Lower && f.words[k-1].Shape.Word() && !f.words[k-1].Grammar && f.words[k-1].Entry.Given >= 0.3 {
		// A given name before a scholar's surname: somebody of that name, unless
		// the table has both.
		score = min(score, 0.5)
	}
	if w.Called && n == 1 && !topic && !adjective[w.Norm] && f.calledLikeAPerson(k) {
		score = 0.2
	} else if w.Told && n == 1 && !topic && !adjective[w.Norm] {
		score = 0.3
	}
	f.keep(from, k+n, score, "scholar", "somebody whose work is taught")
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
	story := f.reading.Story(f.line)
	for k := range f.words {
		w := &f.words[k]
		if !story && (!w.Character || w.Called) {
			continue
		}
		if !w.Shape.Word() || w.Grammar || w.Entry.Name() < 0.2 || w.Entry.Word >= 0.6 && w.Shape == text.Lower {
			continue
		}
		score := 0.93
		switch {
		case w.Told && w.Called:
			score = 0.1
		case w.Told:
			score = 0.55
		case w.Called && k+1 < len(f.words) && f.norm(k+1) == ",":
			score = 0.3
		}
		to := k + 1
		from := k
		if k > 1 && f.norm(k-1) == "." && title[f.norm(k-2)] {
			from = k - 2
		} else if k > 0 && title[f.norm(k-1)] {
			from = k - 1
		}
		f.keep(from, to, score, "story", "somebody in a mathematics problem or passage")
	}
}

var title = set(`mr mrs ms dr miss professor`)

// places proposes the towns of problems about journeys.
func (f *finder) places() {
	for k := 0; k < len(f.words); k++ {
		w := &f.words[k]
		if !w.Shape.Word() || w.Grammar {
			continue
		}
		n, most := 0, 1
		if names.Begins(w.Norm) {
			most = min(3, len(f.words)-k)
		}
		for m := most; m >= 1 && n == 0; m-- {
			name := w.Norm
			for j := k + 1; j < k+m; j++ {
				name += " " + f.words[j].Norm
			}
			if e := names.Lookup(name); e.Place >= 0.6 && (m > 1 || e.Word < 0.42 && e.Name() < 0.75) {
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
		if w.Told {
			score = 0.2
		}
		f.keep(k, k+n, score, "problem-place", "a place on the way in a problem")
		k += n - 1
	}
}

// journey reports whether the line is about a way from place to place.
func (f *finder) journey() bool {
	for k := range f.words {
		if journeys[f.words[k].Norm] {
			return true
		}
		if n := f.norm(k); (n == "from" || n == "to" || n == "through") && k+1 < len(f.words) && f.words[k+1].Entry.Place >= 0.6 {
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
	for k := 0; k < len(f.words); k++ {
		w := &f.words[k]
		switch {
		case weekdays[w.Norm]:
			f.keep(k, k+1, 0.95, "weekday", "a day of the week")
		case reference[w.Norm] && f.digits(k+1, 3):
			f.keep(k, k+2, 0.96, "task", "the number of a question, page or module")
			k++
		case reference[w.Norm] && f.norm(k+1) == "#" && f.digits(k+2, 3):
			f.keep(k, k+3, 0.96, "task", "the number of a question, page or module")
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
		f.keep(k, to, 0.95, "time", "a time of day or a ratio")
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
		case operator[w.Norm]:
			if w.Norm != "," && w.Norm != "(" && w.Norm != ")" && w.Norm != "." {
				operators++
			}
		case w.Shape.Word() && len(w.Norm) == 1 && to > k && (f.glued(to) || operator[f.norm(to-1)]) && w.Norm != "i":
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
		f.keep(from, to, 0.95, "arithmetic", "part of a calculation")
	case f.onlyDashes(k, to) && digits > 6:
		// 617-555-0142 and the like are not for us.
	case operators > 0:
		f.keep(from, to, 0.93, "mathematics", "an expression or equation")
	case units[n]:
		f.keep(from, to, 0.9, "quantity", "a count or measurement")
	case digits <= 4 && to == k+1:
		f.keep(from, to, 0.6, "number", "a short number")
	case f.norm(k-1) == "(" && digits <= 6:
		f.keep(from, to, 0.93, "coordinates", "coordinates")
	case digits <= 6:
		f.keep(from, to, 0.6, "number", "numbers")
	}
	return max(k, to-1)
}

// onlyDashes reports whether the only operator from k to to is a hyphen.
func (f *finder) onlyDashes(k, to int) bool {
	for j := k; j < to; j++ {
		if n := f.norm(j); operator[n] && n != "-" && n != "." && n != "(" && n != ")" && n != "," {
			return false
		}
	}
	return true
}

// everyday proposes words that are also names where they are used as words.
func (f *finder) everyday() {
	for k := range f.words {
		w := &f.words[k]
		if !w.Shape.Word() || w.Entry.Word < 0.42 || w.Entry.Name() < 0.35 && w.Entry.Place < 0.5 || w.Person >= 0.35 {
			continue
		}
		score := min(0.95, 1-w.Person)
		if w.Called && w.Told {
			score = min(score, 0.3)
		}
		f.keep(k, k+1, score, "everyday", "an everyday word that is also a name, used as the word")
	}
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
