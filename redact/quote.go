package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// echo judges what a chat reply or reaction repeats as the earlier line was
// judged, in which nothing was cut off: Zoom repeats about 20 characters, and
// the half of a name they end in still identifies. When no earlier line begins
// as the quote does, what was found in the quote itself stands.
func echo(c *finding.Conversation, decided []decision) {
	for i, l := range c.Lines {
		for _, q := range l.Quotes {
			if q.Start < 0 || q.End > len(l.Text) || q.Start >= q.End || !boundary(l.Text, q.Start) || !boundary(l.Text, q.End) {
				continue
			}
			for j := i - 1; j >= 0; j-- {
				from := body(c.Lines[j])
				maps := repeats(l.Text[q.Start:q.End], c.Lines[j].Text[from:])
				if maps == nil || c.Lines[j].Channel != l.Channel {
					continue
				}
				copyDecision(&decided[i], decided[j], i, from, q, maps, l.Text)
				break
			}
		}
	}
}

// body is where a line's own words begin, after what it quotes.
func body(l finding.Line) int {
	from := 0
	for _, q := range l.Quotes {
		if q.End > from && q.End <= len(l.Text) {
			from = q.End
		}
	}
	for from > 0 && from < len(l.Text) && !unicode.IsSpace(rune(l.Text[from])) {
		from++
	}
	for from < len(l.Text) && unicode.IsSpace(rune(l.Text[from])) {
		from++
	}
	return from
}

// repeats maps every byte of the source to its byte in the quote when the
// quote is the source or its beginning with dots at the end, else it is nil.
// Blanks match any blanks: Zoom writes line breaks as spaces.
func repeats(quote, source string) []int {
	cutOff := strings.TrimRight(strings.TrimRight(quote, ". "), "… ")
	prefix := len(cutOff) < len(quote)
	maps := make([]int, 0, len(source)+1)
	q := 0
	for s := 0; s < len(source) && q < len(quote); {
		r, n := utf8.DecodeRuneInString(source[s:])
		p, m := utf8.DecodeRuneInString(quote[q:])
		if r != p && !(unicode.IsSpace(r) && unicode.IsSpace(p)) {
			break
		}
		for k := range n {
			maps = append(maps, q+min(k, m))
		}
		s, q = s+n, q+m
	}
	switch {
	case q == len(quote) && len(strings.TrimSpace(source[len(maps):])) == 0:
	case prefix && q >= len(cutOff) && len(cutOff) > 0:
	default:
		return nil
	}
	return append(maps, q)
}

func copyDecision(to *decision, source decision, line, from int, q finding.Range, maps []int, s string) {
	to.findings = outside(to.findings, q)
	to.kept = outside(to.kept, q)
	move := func(list []finding.Finding) (out []finding.Finding) {
		for _, f := range list {
			start, end := f.Start-from, min(f.End-from, len(maps)-1)
			if start < 0 || start >= end {
				continue
			}
			f.Line, f.Start, f.End = line, q.Start+maps[start], q.Start+maps[end]
			f.Why = "as in the message it repeats: " + f.Why
			f.Group = ""
			if p := trim(s, finding.Range{Start: f.Start, End: f.End}); p.Start < p.End {
				f.Start, f.End = p.Start, p.End
				out = append(out, f)
			}
		}
		return out
	}
	to.findings = disjoint(s, append(to.findings, move(source.findings)...))
	to.kept = append(to.kept, move(source.kept)...)
}

// outside leaves out what lies in the quote; what only reaches into it stays.
func outside(list []finding.Finding, q finding.Range) []finding.Finding {
	out := list[:0:0]
	for _, f := range list {
		if f.Start < q.Start || f.End > q.End {
			out = append(out, f)
		}
	}
	return out
}
