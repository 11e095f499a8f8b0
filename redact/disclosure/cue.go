package disclosure

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/internal/setting"
	"github.com/schoolhouse-world/veil/redact/text"
)

// before is how many lines back, in the same channel, somebody may have asked
// for what is told, or said what it is.
const before = 3

// A number, a date and a plain word look the same in a lesson. What is told needs
// a word near it that lessons do not use so, whatever the classifier takes it
// for: mathematics must stay.
var cues = func() (out [Labels]map[string]bool) {
	digits := `id ids number numbers digit digits pin pins locker combo combination lunch cafeteria lanyard badge card library bus pass ticket registration register registered portal
		login log signin attendance roster student district state testing exam proctor account order serial plate permit license passport confirmation barcode s form forms`
	codes := `code codes passcode password pass pin pins join joined class kahoot blooket gimkit quizizz meeting meet zoom room waiting link wifi lock unlock door gate keypad alarm
		safe enter typed type combo combination locker locked let`
	out[Handle] = set(`discord insta instagram ig snap snapchat tiktok roblox minecraft fortnite xbox psn playstation switch steam twitch youtube yt channel twitter threads reddit github venmo cashapp
		zelle bereal pinterest spotify duolingo chess lichess kahoot blooket gimkit quizizz handle user username usernames name named tag gamertag ign account acct add follow dm dms friend friends server
		called underscore at @ profile page stream streams character search find lobby request invite nickname`)
	out[Email] = set(`email emails mail gmail mailing address yahoo outlook hotmail icloud aol proton dot com org edu net us at @ send inbox reach send forward cc`)
	out[Phone] = set(`phone phones cell number numbers call calls called calling text texts texting whatsapp digits mom mom's moms dad dads landline home mobile reach ring dial area extension voicemail fax contact emergency sim`)
	out[ID], out[Code] = set(digits+" "+codes), set(codes+" "+digits)
	out[Age] = set(`old older oldest age ages aged turn turns turned turning birthday bday born year years yr yrs young younger youngest teen teenager kid baby twin twins grade im am she's he's shes hes
		is was were they're theyre you're youre being almost nearly already just hit drive legal adult minor brother sister siblings cousin my`)
	out[Birthday] = set(`birthday birthdays bday bdays born birth baby b'day turn turns turning turned cake party old older age zodiac leo aries taurus gemini virgo libra scorpio sagittarius capricorn aquarius pisces
		cancer twin twins year years dob candles mine her his due date`)
	out[Address] = set(`live lives living house home address street st ave avenue road rd drive lane court place boulevard way apartment apt unit building floor door block corner moved move moving package deliver delivery
		ship mail mailbox neighborhood neighbor neighbors next across near by bus stop pick drop ride uber pull over come zip code town party where box duplex trailer lot route highway`)
	return out
}()

// cued reports whether a word that speaks for a label stands in line i, in one of
// the lines before it or in the one after.
func (r *Reader) cued(i int, label Label, from, to int) bool {
	for j := max(i-before, 0); j <= min(i+1, len(r.c.Lines)-1); j++ {
		if r.c.Lines[j].Channel != r.c.Lines[i].Channel || r.says(j, counted) {
			continue
		}
		for k := range r.c.Lines[j].Tokens {
			if w := r.c.Lines[j].Tokens[k].Norm; (j != i || k < from || k >= to) && cues[label][w] && (j == i || !weak[w]) {
				return true
			}
		}
	}
	return false
}

// weak words ask for something only in the line itself: lessons are full of them.
var weak = set(`number numbers digit digits class join enter type typed form forms test state order account link let pass call called calls reach s him her his my is was were being sign
	im almost nearly already just hit at dot name named place way block over come by near across party box due party add follow find search page`)

// says reports whether one of some words stands in line i.
func (r *Reader) says(i int, words map[string]bool) bool {
	for _, t := range r.c.Lines[i].Tokens {
		if words[t.Norm] {
			return true
		}
	}
	return false
}

// results stand before a number that is a result or counts things of a lesson.
var results = set(`got get gets getting scored score scores scoring equals equal page pages question questions problem problems chapter paragraph line exercise
	plus minus times over than about around exactly step part section room grade`)

// partly are words that stand by a part of a telephone number.
var partly = set(`last first digits area ends ending starts starting rest then dash`)

// pieces reports whether a number that is told over several lines may go on in
// line i: in one beside are three digits or more too.
func (r *Reader) pieces(i int) bool {
	for _, j := range [...]int{i - 2, i - 1, i + 1} {
		if j < 0 || j >= len(r.c.Lines) || r.c.Lines[j].Channel != r.c.Lines[i].Channel {
			continue
		}
		digits := 0
		for k := range r.c.Lines[j].Tokens {
			t := &r.c.Lines[j].Tokens[k]
			if s := r.setting.Word(t).Sort; t.Shape == text.Digit {
				digits += len(t.Norm)
			} else if s == setting.Unit {
				digits++
			}
		}
		if digits >= 3 {
			return true
		}
	}
	return false
}

// counted are words of problems about codes, plates and people: they ask nobody
// for anything.
var counted = set(`many probability possible ways arrangements permutations permutation outcomes factorial randomly`)

// reckoned are words of problems that compare ages.
var reckoned = set(`twice thrice times sum product total equation equals combined ratio average mean x`)

// sound reports whether tokens from..to of line i can be what a label says.
func (r *Reader) sound(i, from, to int, label Label) bool {
	t := r.c.Lines[i].Tokens
	words, letters, digits := 0, 0, 0
	for k := from; k < to; k++ {
		switch {
		case t[k].Shape == text.Mark:
		case r.w[k].Sort.Number():
			digits += max(1, len(t[k].Norm)*one(t[k].Shape == text.Digit))
		case len(t[k].Norm) == 1:
			letters++
		case !idle[t[k].Norm]:
			words++
		}
	}
	if words+digits+letters == 0 {
		return false
	}
	if words == 0 && label != Birthday && from > 0 && results[t[from-1].Norm] {
		return false // "got 1480"
	}
	switch label {
	case Age:
		if r.says(i, reckoned) {
			return false
		}
	case Handle:
		if to-from == 1 && (len(t[from].Norm) < 4 || digits > 0) {
			return false
		}
	case Email:
		if to-from == 1 {
			return false
		}
	case Phone:
		if words == 0 && (digits < 3 || digits < 7 && !r.says(i, partly) && !r.pieces(i)) {
			return false
		}
	case Address, Birthday:
		if words+digits == 0 {
			return false // letters are a name that is spelled
		}
	case ID, Code:
		if words == 0 && digits < 2 && to-from < 2 {
			return false
		}
	}
	return r.cued(i, label, from, to)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// idle are words that identify nobody.
var idle = set(`btw lol lmao ok okay u ur if a an the is it its see um uh er like so and then or no not yes yeah i im my me you to at dot com org edu net gmail on in of for was
		did say said kicked get got let that this thats oh haha pls plz thx ty idk tbh fr ngl bro dude`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
