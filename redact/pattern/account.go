package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// account finds social security numbers (with the Social Security
// Administration's rules for what is never issued), payment cards (Luhn), bank
// accounts (IBAN, ISO 13616 mod 97) and, asked for, other national numbers.
type account struct {
	cues *phrases
	bare bool
}

const (
	accountSSN = iota
	accountCard
	accountOther
)

func newAccount(bare bool) account {
	return account{newPhrases(
		[]string{"ssn", "social", "social security", "ss number", "s s n", "social number", "last four of my social"},
		[]string{"card", "credit card", "debit card", "visa", "mastercard", "amex", "american express", "cc number", "discover card"},
		[]string{"account", "routing", "bank", "passport", "license", "licence", "tax id", "itin", "taxpayer", "travel document", "iban"},
	), bare}
}

func (account) Name() string { return "pattern/account" }

func (a account) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var hits []hit
	var asked, askedCard window
	for i := range lines {
		v := &lines[i]
		hits = a.cues.find(v, hits[:0])
		a.open(v, hits, &asked, &askedCard)
		if n := v.numerals(); n == 0 || n < 8 && len(hits) == 0 && !asked.holds(v) {
			continue
		}
		ssn, card, other := asked.holds(v), askedCard.holds(v), false
		for _, h := range hits {
			other = other || h.tag == accountOther
		}
		long := false
		for t := range v.tok {
			if v.digits(t) {
				long = true
				break
			}
		}
		if long {
			found = ibans(v, found)
		}
		for _, r := range v.runs() {
			if coveredIn(found, v.tokens(r.from, r.to, finding.Other, 0, "", "")) {
				continue
			}
			before := len(found)
			found = a.judge(v, r, ssn, card, other, found)
			if len(found) > before || len(r.digits) < 10 {
				continue
			}
			for _, w := range r.windows() {
				if more := a.judge(v, w, ssn, card, other, nil); len(more) > 0 && !overlaps(found, more[0]) {
					found = append(found, more...)
				}
			}
		}
		if a.bare || other {
			found = lettered(v, other, found)
		}
	}
	return found
}

func (a account) open(v *view, hits []hit, ssn, card *window) {
	for _, h := range hits {
		switch h.tag {
		case accountSSN:
			ssn.open(v)
		case accountCard:
			card.open(v)
		}
	}
}

func (a account) judge(v *view, r run, ssn, card, other bool, found []finding.Candidate) []finding.Candidate {
	n := len(r.digits)
	if r.math || r.climbs && r.words > 0 || v.chained(r) {
		return found
	}
	if r.seps&comma != 0 && r.words == 0 {
		return found
	}
	if n < 9 && ssn && n == 4 && r.seps&^blank == 0 && nearSocial(v, r, a.cues) {
		return append(found, v.tokens(r.from, r.to, finding.SSN, 0.7, "account/ssn-tail", "four digits named as the end of a social security number"))
	}
	switch {
	case n == 9 && r.words == 0:
		if score, kind, rule := nine(r, ssn, a.bare); score > 0 {
			return append(found, v.tokens(r.from, r.to, kind, score, "account/"+rule, "nine digits in the form of an identity number that can have been issued"))
		}
	case n == 9 && ssn && issued(r.digits):
		return append(found, v.tokens(r.from, r.to, finding.SSN, 0.95, "account/ssn-spoken", "nine spoken digits where a social security number is named"))
	case n >= 12 && n <= 19 && luhn(r.digits) && brand(r.digits) && cardGroups(r) && (r.words == 0 || card):
		score := 0.9
		if card {
			score = 0.99
		}
		return append(found, v.tokens(r.from, r.to, finding.CreditCard, score, "account/card", "a card number whose check digit is right"))
	}
	if r.words > 0 || len(r.groups) > 1 {
		return found
	}
	if a.bare && (n == 8 || n >= 9 && n <= 14 || n >= 8 && n <= 17 && other) {
		score := 0.55
		if other {
			score = 0.7
		}
		// A length that cards use must not pass here when its check failed.
		if n == 13 && !luhn(r.digits) && brand(r.digits) || n == 14 && r.digits[:2] == "36" || n == 10 && r.digits[0] == '0' || n == 9 && r.digits != "123456789" && invalidNine(r.digits) {
			return found
		}
		return append(found, v.tokens(r.from, r.to, finding.Other, score, "account/bare", "as many digits as a licence or bank account has"))
	}
	return found
}

func nearSocial(v *view, r run, cues *phrases) bool {
	for _, h := range cues.find(v, nil) {
		if h.tag == accountSSN && h.to <= r.from+6 && r.from-h.to < 8 {
			return true
		}
	}
	return false
}

func invalidNine(d string) bool { return !issued(d) && !taxpayer(d) }

// nine judges nine written digits by their groups.
func nine(r run, ssn, bare bool) (float64, finding.Kind, string) {
	full := len(r.groups) == 3 && r.groups[0] == 3 && r.groups[1] == 2
	half := len(r.groups) == 2 && (r.groups[0] == 3 || r.groups[0] == 5)
	one := len(r.groups) == 1
	mixed := r.seps&(r.seps-1) != 0
	if mixed || r.seps&(comma|paren) != 0 {
		return 0, "", ""
	}
	if taxpayer(r.digits) {
		switch {
		case full && r.seps == dash || full && r.seps == blank:
			return 0.85, finding.SSN, "itin"
		case (half || one) && (bare || ssn):
			return 0.5, finding.SSN, "itin"
		}
		return 0, "", ""
	}
	if !issued(r.digits) {
		if bare && one && r.digits[0] == '9' {
			return 0.55, finding.Other, "passport"
		}
		return 0, "", ""
	}
	switch {
	case ssn && (full || half || one):
		return 0.97, finding.SSN, "ssn"
	case full && r.seps == dash:
		return 0.9, finding.SSN, "ssn"
	case full:
		return 0.7, finding.SSN, "ssn"
	case (half || one) && bare:
		return 0.55, finding.SSN, "ssn"
	}
	return 0, "", ""
}

// issued reports whether nine digits can be a social security number: no
// group is all zeros, the area is neither 666 nor 900 to 999, and the number
// is not one that stood in advertisements (SSA, POMS RM 10201).
func issued(d string) bool {
	if d[:3] == "000" || d[:3] == "666" || d[0] == '9' || d[3:5] == "00" || d[5:] == "0000" {
		return false
	}
	if d == "078051120" || d == "219099999" || d == "123456789" || strings.Count(d, d[:1]) == 9 {
		return false
	}
	return true
}

// taxpayer reports whether nine digits are an ITIN (IRS: 9xx, fourth and fifth
// digit 50–65, 70–88, 90–92, 94–99).
func taxpayer(d string) bool {
	g := number(d[3:5])
	return d[0] == '9' && (g >= 50 && g <= 65 || g >= 70 && g <= 88 || g >= 90 && g <= 92 || g >= 94)
}

// luhn checks ISO/IEC 7812-1.
func luhn(d string) bool {
	sum := 0
	for i := len(d) - 1; i >= 0; i-- {
		n := int(d[i] - '0')
		if (len(d)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0 && strings.Trim(d, "0") != ""
}

// brand reports whether the first digits and the length are those of a card
// issuer: 3 (American Express, Diners, JCB), 4, 5, 6, and UATP's 1.
func brand(d string) bool {
	switch d[0] {
	case '4', '5', '6':
		return len(d) == 13 || len(d) >= 15
	case '3':
		return (d[1] == '4' || d[1] == '7') && len(d) == 15 || (d[1] == '0' || d[1] == '8') && len(d) == 14 || d[1] == '5' && len(d) == 16
	case '2':
		return len(d) == 16 && d[:4] >= "2221" && d[:4] <= "2720"
	case '1':
		return len(d) == 15
	}
	return false
}

func cardGroups(r run) bool {
	if r.words > 0 || len(r.groups) == 1 {
		return true
	}
	for i, g := range r.groups {
		if i < len(r.groups)-1 && g != 4 && (g != 6 || i != 1) || g > 7 {
			return false
		}
	}
	return r.seps&(comma|paren|dot|spaced) == 0
}

// lengths of an IBAN by country (SWIFT IBAN registry).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28,
	"CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
	"GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32,
	"LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18,
	"NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19,
	"SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// ibans finds account numbers that pass mod 97, in one piece or in groups.
func ibans(v *view, found []finding.Candidate) []finding.Candidate {
	s := v.text
	for t := range v.tok {
		tk := v.tok[t]
		if !tk.Shape.Word() || tk.End-tk.Start != 2 || !v.joined(t) || !v.digits(t+1) || t > 0 && v.joined(t-1) && v.tok[t-1].Shape != text.Mark {
			continue
		}
		want := ibanLengths[strings.ToUpper(s[tk.Start:tk.End])]
		if want == 0 {
			continue
		}
		var b strings.Builder
		end := tk.Start
		for end < len(s) && b.Len() < want {
			c := s[end]
			switch {
			case digit(c), c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
				b.WriteByte(c)
			case (c == ' ' || c == '-') && end+1 < len(s) && asciiAlnum(s[end+1]):
			default:
				end = len(s)
				continue
			}
			end++
		}
		if b.Len() != want || end < len(s) && (asciiAlnum(s[end]) || s[end] >= 0x80) || !mod97(b.String()) || !bank(b.String()) {
			continue
		}
		found = append(found, v.bytes(tk.Start, end, finding.IBAN, 0.99, "account/iban", "an international bank account number whose check digits are right"))
	}
	return found
}

func asciiAlnum(c byte) bool { return digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// bank reports whether the letters are all of one case, as in print.
func bank(s string) bool { return s == strings.ToUpper(s) || s == strings.ToLower(s) }

func mod97(s string) bool {
	s = strings.ToUpper(s)
	rest := 0
	for _, c := range []byte(s[4:] + s[:4]) {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

// lettered finds licences and passports: one letter and seven or more digits.
func lettered(v *view, named bool, found []finding.Candidate) []finding.Candidate {
	for t := 0; t+1 < len(v.tok); t++ {
		d := v.tok[t+1]
		if !v.word(t) || len(v.tok[t].Norm) != 1 || !v.joined(t) || d.Shape != text.Digit || t > 0 && v.joined(t-1) || v.joined(t+1) && v.word(t+2) {
			continue
		}
		if n := d.End - d.Start; n >= 8 && n <= 12 {
			score := 0.5
			if named {
				score = 0.8
			}
			found = append(found, v.tokens(t, t+2, finding.Other, score, "account/lettered", "a letter and as many digits as a licence or passport has"))
		}
	}
	return found
}
