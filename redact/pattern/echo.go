package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// Echo is a place where a chat reply or reaction repeats an earlier message,
// whole or cut off. Every recognizer's candidates can be projected on it.
type Echo struct {
	// Line and Range say where the repetition stands, without quotation marks
	// and ellipsis.
	Line  int
	Range finding.Range
	// Source is the repeated line and Start the byte at which it is repeated.
	Source, Start int
	// Cut says that the message goes on after what is repeated.
	Cut bool
	// ends maps: source byte offset Start+k stands at Range.Start+shift[k]; nil
	// when both texts have the same bytes.
	shift []int
}

// FindEchoes finds, for every reply and reaction, the messages it may repeat:
// the nearest earlier ones that begin with the same text. When the repetition
// is cut so short that several different messages begin with it, all of them
// are returned, since any may be the source.
func FindEchoes(c *finding.Conversation) []Echo {
	var echoes []Echo
	var bodies []finding.Range
	for i := range c.Lines {
		l := &c.Lines[i]
		if len(l.Quotes) == 0 && !mayQuote(l.Text) {
			continue
		}
		quote, _, ok := header(l)
		if !ok {
			continue
		}
		repeated, cut := trimEllipsis(l.Text, quote)
		if repeated.Start >= repeated.End {
			continue
		}
		if bodies == nil {
			bodies = make([]finding.Range, len(c.Lines))
			for j := range c.Lines {
				bodies[j] = body(&c.Lines[j])
			}
		}
		seen := map[string]bool{}
		for j := i - 1; j >= 0 && len(seen) < 4; j-- {
			if c.Lines[j].Channel != l.Channel || bodies[j].Start >= bodies[j].End {
				continue
			}
			source := c.Lines[j].Text[bodies[j].Start:bodies[j].End]
			shift, ok := align(source, l.Text[repeated.Start:repeated.End], cut)
			if !ok || seen[source] {
				continue
			}
			seen[source] = true
			echoes = append(echoes, Echo{Line: i, Range: repeated, Source: j, Start: bodies[j].Start, Cut: cut, shift: shift})
			if !cut {
				break
			}
		}
	}
	return echoes
}

// Project repeats candidates on every echo of their lines. What the echo cuts
// off mid-way is found as far as it is there.
func Project(echoes []Echo, found []finding.Candidate) []finding.Candidate {
	if len(echoes) == 0 || len(found) == 0 {
		return nil
	}
	byLine := make(map[int][]finding.Candidate)
	for _, c := range found {
		byLine[c.Line] = append(byLine[c.Line], c)
	}
	var more []finding.Candidate
	for _, e := range echoes {
		for _, c := range byLine[e.Source] {
			start, end, ok := e.project(c.Start, c.End)
			if !ok {
				continue
			}
			c.Line, c.Start, c.End = e.Line, start, end
			c.Why += ", repeated in a reply or reaction"
			more = append(more, c)
		}
	}
	return more
}

func (e Echo) project(start, end int) (int, int, bool) {
	length := e.Range.End - e.Range.Start
	a, b := start-e.Start, end-e.Start
	if e.shift != nil {
		if a < 0 || a >= len(e.shift) {
			return 0, 0, false
		}
		a = e.shift[a]
		if b >= len(e.shift) {
			b = length
		} else {
			b = e.shift[b]
		}
	}
	if a < 0 || a >= length || b <= a {
		return 0, 0, false
	}
	return e.Range.Start + a, e.Range.Start + min(b, length), true
}

// align matches repeated with the beginning (or, uncut, the whole) of source;
// any blanks match any blanks, since a chat export joins lines in a quotation.
func align(source, repeated string, cut bool) ([]int, bool) {
	if strings.HasPrefix(source, repeated) && (cut || len(source) == len(repeated)) {
		return nil, true
	}
	if len(source) == 0 || len(repeated) == 0 || source[0] != repeated[0] {
		return nil, false
	}
	shift := make([]int, 0, len(repeated))
	i, j := 0, 0
	for i < len(source) && j < len(repeated) {
		r, n := utf8.DecodeRuneInString(source[i:])
		q, m := utf8.DecodeRuneInString(repeated[j:])
		if unicode.IsSpace(r) && unicode.IsSpace(q) {
			for i < len(source) {
				r, n = utf8.DecodeRuneInString(source[i:])
				if !unicode.IsSpace(r) {
					break
				}
				for k := 0; k < n; k++ {
					shift = append(shift, j)
				}
				i += n
			}
			for j < len(repeated) {
				q, m = utf8.DecodeRuneInString(repeated[j:])
				if !unicode.IsSpace(q) {
					break
				}
				j += m
			}
			continue
		}
		if r != q || n != m {
			return nil, false
		}
		for k := 0; k < n; k++ {
			shift = append(shift, j+k)
		}
		i, j = i+n, j+m
	}
	if j < len(repeated) || !cut && i < len(source) {
		return nil, false
	}
	return shift, true
}

func mayQuote(s string) bool {
	return len(s) > 12 && (s[0] == 'R' || s[0] == 'r')
}

// header returns what a reply or reaction repeats, and where its own words
// begin. A reaction has none.
func header(l *finding.Line) (quote finding.Range, end int, ok bool) {
	if len(l.Quotes) > 0 {
		q := l.Quotes[0]
		if q.Start < 0 || q.End > len(l.Text) || q.Start >= q.End {
			return quote, 0, false
		}
		end = q.End
		if n := strings.IndexByte(l.Text[q.End:], '\n'); n >= 0 && n < 8 {
			end += n
		}
		s := unquote(l.Text[q.Start:q.End])
		q.Start += strings.Index(l.Text[q.Start:q.End], s)
		q.End = q.Start + len(s)
		if lowerPrefix(l.Text, "reacted to ") || lowerPrefix(l.Text, "removed a ") {
			end = len(l.Text)
		}
		return q, end, true
	}
	t := l.Text
	reply := lowerPrefix(t, "replying to ")
	react := lowerPrefix(t, "reacted to ")
	if lowerPrefix(t, "removed a ") {
		react = true
	}
	if !reply && !react {
		return quote, 0, false
	}
	open := strings.IndexAny(t, "\"“")
	if open < 0 || open > 40 {
		return quote, 0, false
	}
	_, n := utf8.DecodeRuneInString(t[open:])
	start := open + n
	if reply {
		// The words of the reply follow on a line of their own.
		for _, closing := range []string{"\"\n", "”\n", "\"\r\n", "\" \n"} {
			if k := strings.Index(t[start:], closing); k >= 0 {
				return finding.Range{Start: start, End: start + k}, start + k + len(closing), true
			}
		}
		k := strings.IndexAny(t[start:], "\"”")
		if k < 0 {
			return quote, 0, false
		}
		return finding.Range{Start: start, End: start + k}, start + k + 1, true
	}
	k := -1
	for _, closing := range []string{"\" with", "” with"} {
		if at := strings.LastIndex(t[start:], closing); at > k {
			k = at
		}
	}
	if k < 0 {
		if k = strings.LastIndexAny(t[start:], "\"”"); k < 0 {
			return quote, 0, false
		}
	}
	return finding.Range{Start: start, End: start + k}, len(t), true
}

func lowerPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func unquote(s string) string { return strings.Trim(s, "\"“” ") }

func trimEllipsis(s string, r finding.Range) (finding.Range, bool) {
	t := s[r.Start:r.End]
	for _, tail := range []string{"...", "…"} {
		if strings.HasSuffix(t, tail) {
			r.End -= len(tail)
			return r, true
		}
	}
	return r, false
}

// body is the part of a line that a later quotation would repeat.
func body(l *finding.Line) finding.Range {
	start := 0
	if len(l.Quotes) > 0 || mayQuote(l.Text) {
		if _, end, ok := header(l); ok {
			start = end
		}
	}
	for start < len(l.Text) {
		r, n := utf8.DecodeRuneInString(l.Text[start:])
		if !unicode.IsSpace(r) {
			break
		}
		start += n
	}
	return finding.Range{Start: start, End: len(l.Text)}
}
