package talk

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/schoolhouse-world/veil/redact/text"
)

// Variety says talk again with other numbers and names in it, so that what is
// learnt is how they are told and not which they are.
type Variety struct {
	// called and streets are the words of handles and addresses.
	called, streets []string
	plain           []Line // lines of lessons
}

// NewVariety takes its words from what is trained on.
func NewVariety(talk, lessons []Exchange) *Variety {
	v := &Variety{}
	for _, e := range talk {
		for _, l := range e.Lines {
			for _, s := range l.Spans {
				for _, t := range text.Tokenize(l.Text[s.From:s.To]) {
					word := l.Text[s.From+t.Start : s.From+t.End]
					switch {
					case !t.Shape.Word() || len(t.Norm) < 3 || numbers[t.Norm] != nil || said[t.Norm]:
					case s.Mark == "handle", s.Mark == "email":
						v.called = append(v.called, word)
					case s.Mark == "address" && t.Shape == text.Title && !streetWords[t.Norm]:
						v.streets = append(v.streets, word)
					}
				}
			}
		}
	}
	for _, e := range lessons {
		for _, l := range e.Lines {
			if len(l.Spans) == 0 {
				v.plain = append(v.plain, l)
			}
		}
	}
	return v
}

// said are words of how a name is said, not of it.
var said = words("dot underscore dash at gmail yahoo outlook hotmail icloud com net org edu all lowercase caps the and with no")

var streetWords = words("street st avenue ave road rd drive dr lane ln court ct place pl boulevard blvd way circle terrace north south east west apt apartment unit")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// Vary says an exchange again, on one of the channels, amid a lesson or not.
func (v *Variety) Vary(r *rand.Rand, e Exchange) Exchange {
	chat := r.IntN(2) == 0
	out := Exchange{Number: e.Number}
	amid := func() {
		for range r.IntN(3) {
			l := v.plain[r.IntN(len(v.plain))]
			l.Who, l.Chat = string(rune('A'+r.IntN(3))), chat
			out.Lines = append(out.Lines, l)
		}
	}
	if r.IntN(2) == 0 {
		amid()
	}
	for _, l := range e.Lines {
		l = v.again(r, l)
		l.Chat = chat
		out.Lines = append(out.Lines, l)
	}
	if r.IntN(2) == 0 {
		amid()
	}
	if r.IntN(2) == 0 {
		first := r.IntN(len(labels))
		for i := range out.Lines {
			if l := &out.Lines[i]; len(l.Who) == 1 {
				l.Who = labels[(first+int(l.Who[0]))%len(labels)]
			}
		}
	}
	return Recase(r, out)
}

// Lesson says a lesson again with other numbers.
func (v *Variety) Lesson(r *rand.Rand, e Exchange) Exchange {
	e.Lines = slices.Clone(e.Lines)
	for i, l := range e.Lines {
		e.Lines[i] = v.again(r, l)
		e.Lines[i].Doubts = nil
		if len(l.Doubts) > 0 {
			e.Lines[i] = l
		}
	}
	return Recase(r, e)
}

// labels are what the platform may show for who speaks.
var labels = strings.Split("Oksana Sokolova,Thabo Nkosi,Hyejin Baek,Ruairi Brogan,Xiadani Cordero,Farouk Haddad,Lakshmi Venkatesan,Jozef Wieczorek,Kealani Kahale,Ifeoma Okonjo,"+
	"Tomer Abramson,Zeynep Aydogan,Dashiell Pruitt,Marisela Quintero,Anneliese Vogt,Bao Truong,Nkechi Adeleke,Svetlana Morozova,Callum Strachan,Yuki Hayashida", ",")

// again says a line with other numbers and names.
func (v *Variety) again(r *rand.Rand, l Line) Line {
	if r.IntN(4) == 0 {
		return l
	}
	out := Line{Who: l.Who, Chat: l.Chat}
	var b strings.Builder
	spans := slices.Clone(l.Spans)
	at := 0
	swap := r.IntN(2) == 0
	for _, t := range text.Tokenize(l.Text) {
		b.WriteString(l.Text[at:t.Start])
		mark := ""
		if s, ok := l.At(t.Start); ok && t.End <= s.To {
			mark = s.Mark
		}
		was := l.Text[t.Start:t.End]
		now := v.word(r, was, &t, mark, swap)
		for k, s := range l.Spans {
			if t.Start <= s.From && s.From < t.End {
				spans[k].From = b.Len() + s.From - t.Start
			}
			switch {
			case s.To == t.End:
				spans[k].To = b.Len() + len(now)
			case t.Start < s.To && s.To < t.End:
				spans[k].To = b.Len() + s.To - t.Start // before a possessive s
			}
		}
		b.WriteString(now)
		at = t.End
	}
	b.WriteString(l.Text[at:])
	out.Text, out.Spans = b.String(), spans
	return out
}

// numbers are number words, by the words they may be changed for.
var numbers = func() map[string][]string {
	m := map[string][]string{}
	for _, s := range []string{"zero one two three four five six seven eight nine", "nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
		"twenty thirty forty fifty sixty seventy eighty ninety", "first second third fourth fifth sixth seventh eighth ninth", "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
		"january february march april june july august september october november december", "jan feb mar apr jun jul aug sept oct nov dec"} {
		list := strings.Fields(s)
		for _, w := range list {
			m[w] = list
		}
	}
	return m
}()

func (v *Variety) word(r *rand.Rand, was string, t *text.Token, mark string, swap bool) string {
	switch {
	case t.Shape == text.Digit && mark == "age":
		if n, _ := strconv.Atoi(was); n > 9 && n < 20 {
			return strconv.Itoa(10 + r.IntN(9))
		}
		return was
	case t.Shape == text.Digit && (len(was) < 3 || len(was) == 4 && (was[0] == '1' || was[0] == '2')):
		if mark == "" || mark == "birthday" {
			return was // what it is depends on how much it is
		}
		return otherDigits(r, was)
	case t.Shape == text.Digit:
		return otherDigits(r, was)
	case numbers[t.Norm] != nil && len(was) == len(t.Norm):
		if mark == "" && (r.IntN(2) == 0 || len(numbers[t.Norm]) > 11 || strings.HasSuffix(t.Norm, "nd") || strings.HasSuffix(t.Norm, "t")) {
			return was // "may", "a second", "the last"
		}
		list := numbers[t.Norm]
		return like(was, list[r.IntN(len(list))])
	case mark == "" || !swap || !t.Shape.Word():
		return was
	case len(was) == 1:
		return like(was, string(rune('a'+r.IntN(26))))
	case (mark == "handle" || mark == "email") && len(t.Norm) > 2 && !said[t.Norm]:
		return like(was, v.called[r.IntN(len(v.called))])
	case mark == "address" && t.Shape == text.Title && !streetWords[t.Norm]:
		return v.streets[r.IntN(len(v.streets))]
	}
	return was
}

func otherDigits(r *rand.Rand, was string) string {
	out := []byte(was)
	for i, c := range out {
		if '0' <= c && c <= '9' {
			if i == 0 && c != '0' {
				out[i] = byte('1' + r.IntN(9))
			} else {
				out[i] = byte('0' + r.IntN(10))
			}
		}
	}
	return string(out)
}

// like writes a word as another was written.
func like(was, word string) string {
	first := []rune(was)[0]
	switch {
	case was == strings.ToUpper(was) && len(was) > 1:
		return strings.ToUpper(word)
	case unicode.IsUpper(first):
		return strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.ToLower(word)
}

// Recase drops capitals now and then.
func Recase(r *rand.Rand, e Exchange) Exchange {
	if r.IntN(3) > 0 {
		return e
	}
	return e.Lower()
}

// Lower drops capitals, but where that would change the length of a line.
func (e Exchange) Lower() Exchange {
	e.Lines = slices.Clone(e.Lines)
	for i := range e.Lines {
		if low := strings.ToLower(e.Lines[i].Text); len(low) == len(e.Lines[i].Text) {
			e.Lines[i].Text = low
		}
	}
	return e
}
