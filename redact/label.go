package redact

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// label writes on every finding what stands in its place. Unknown people,
// schools, employers and places are numbered in the order they are first
// mentioned, unseen lines after all others.
func (e *Engine) label(c *finding.Conversation, decided []decision) {
	known := map[string]finding.Participant{}
	for _, p := range c.People {
		known[p.ID] = p
	}
	numbers := map[string]int{}
	counts := map[finding.Kind]int{}
	for _, unseen := range []bool{false, true} {
		for line, d := range decided {
			if c.Lines[line].Unseen != unseen {
				continue
			}
			for i := range d.findings {
				f := &d.findings[i]
				source := c.Lines[line].Text[f.Start:f.End]
				f.Label = e.name(f, source, known, numbers, counts)
				if e.surrogates != nil {
					f.Surrogate = e.surrogates.replace(*f, source, known[f.Person])
				}
			}
		}
	}
}

func (e *Engine) name(f *finding.Finding, source string, known map[string]finding.Participant, numbers map[string]int, counts map[finding.Kind]int) string {
	if label := known[f.Person].Label; f.Person != "" && label != "" {
		return label
	}
	if f.Kind == finding.Person && f.Key == "" {
		f.Key = key(source)
	}
	if e.policies[f.Kind] == Generalise {
		if f.Kind == finding.Age {
			return ageBand(source)
		}
		return string(f.Kind)
	}
	switch f.Kind {
	case finding.Person, finding.School, finding.Org, finding.Location:
	default:
		return string(f.Kind)
	}
	if f.Key == "" {
		f.Key = key(source)
	}
	id := string(f.Kind) + "\x00" + f.Key
	if numbers[id] == 0 {
		counts[f.Kind]++
		numbers[id] = counts[f.Kind]
	}
	return fmt.Sprintf("%s_%d", f.Kind, numbers[id])
}

// key is the form in which mentions of the same thing agree.
func key(source string) string {
	var words []string
	for _, t := range text.Tokenize(source) {
		if t.Shape != text.Mark {
			words = append(words, t.Norm)
		}
	}
	return strings.Join(words, " ")
}

// ageBand cuts at 13 (the United States' Children's Online Privacy Protection
// Act, 15 U.S.C. 6501(1)) and at 18.
func ageBand(source string) string {
	for _, t := range text.Tokenize(source) {
		n, err := strconv.Atoi(t.Norm)
		if err != nil {
			var ok bool
			if n, ok = spokenAges[t.Norm]; !ok {
				continue
			}
		}
		switch {
		case n < 13:
			return "AGE_UNDER_13"
		case n < 18:
			return "AGE_13_TO_17"
		}
		return "AGE_18_OR_MORE"
	}
	return string(finding.Age)
}

var spokenAges = map[string]int{
	"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
	"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
}

var bracketed = regexp.MustCompile(`\[([A-Z][A-Z_]*?)(?:_[0-9]+(?:_TO_[0-9]+|_OR_MORE)?)?\]`)

var labelWords = func() map[string]bool {
	out := map[string]bool{"TUTOR": true, "LEARNER": true, "PARTICIPANT": true, "AGE_UNDER": true}
	for _, k := range []finding.Kind{finding.Person, finding.Email, finding.Phone, finding.URL, finding.Handle,
		finding.Meeting, finding.School, finding.Org, finding.Location, finding.Address, finding.Age,
		finding.DateOfBirth, finding.ID, finding.IP, finding.MAC, finding.SSN, finding.CreditCard, finding.IBAN,
		finding.Date, finding.Other} {
		out[string(k)] = true
	}
	return out
}()

// labels are the byte ranges of labels, brackets included, that an earlier
// redaction wrote. A bracketed word that is no label ("[MAYA]") is not one.
func labels(s string, people []finding.Participant) []finding.Range {
	var out []finding.Range
	for _, m := range bracketed.FindAllStringSubmatchIndex(s, -1) {
		whole := s[m[0]+1 : m[1]-1]
		is := labelWords[s[m[2]:m[3]]]
		for _, p := range people {
			is = is || p.Label == whole && p.Label != ""
		}
		if is {
			out = append(out, finding.Range{Start: m[0], End: m[1]})
		}
	}
	return out
}
