package roster

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// usernames finds names that people of the session made of their own: "priya_r08",
// "may.kaew", "z.wrona".
func (x *index) usernames(c *finding.Conversation, out []finding.Candidate) []finding.Candidate {
	for i := range c.Lines {
		t := c.Lines[i].Tokens
		for k := 0; k+1 < len(t); k++ {
			if t[k+1].Start > t[k].End || t[k].Shape == text.Mark {
				continue
			}
			to, joined, marks := chain(t, k)
			if to == k+1 && !t[k].Shape.Word() || marks == 0 && to == k+1 {
				k = to - 1
				continue
			}
			if p := x.ownsName(joined); p >= 0 {
				out = append(out, finding.Candidate{Line: i, Start: t[k].Start, End: t[to-1].End, Kind: finding.Handle, Person: x.people[p].id,
					Score: 0.93, Recognizer: "roster/username", Why: "a user name made of the names of somebody in the session"})
			}
			k = to - 1
		}
	}
	return out
}

// chain reads words and digits that touch, with dots and underscores between them,
// from token k on: where they end, their letters, and how many marks and digits
// there were.
func chain(t []text.Token, k int) (to int, joined string, marks int) {
	if t[k].Shape == text.Mark {
		return k + 1, "", 0
	}
	for to = k; to < len(t) && (to == k || t[to].Start == t[to-1].End); to++ {
		switch {
		case t[to].Shape.Word():
			joined += t[to].Norm
		case t[to].Shape == text.Digit:
			marks++
		case (t[to].Norm == "." || t[to].Norm == "_") && to+1 < len(t) && t[to+1].Start == t[to].End && t[to+1].Shape != text.Mark:
			marks++
		default:
			return to, joined, marks
		}
	}
	return to, joined, marks
}

// ownsName gives the person of whose names letters are put together, -1 without:
// more than a name alone or the beginning of one.
func (x *index) ownsName(letters string) int {
	if len(letters) < 5 {
		return -1
	}
	for i := range x.people {
		p := &x.people[i]
		for _, n := range p.names {
			if len(n.norm) > 3 && letters == n.norm {
				return i
			}
		}
		if handleOf(letters, *p) || initialled(letters, p) {
			return i
		}
	}
	return -1
}

// initialled reports whether letters are initials of first names before a last
// name, or behind a first one: "smpaik", "minht".
func initialled(letters string, p *person) bool {
	for _, n := range p.names {
		if len(n.norm) < 4 {
			continue
		}
		if rest, ok := strings.CutSuffix(letters, n.norm); ok && n.part == last && len(rest) <= 2 && strings.Contains(p.firsts, rest[:min(1, len(rest))]) {
			return true
		}
		if rest, ok := strings.CutPrefix(letters, n.norm); ok && n.part&first != 0 && len(rest) == 1 && strings.Contains(p.lasts, rest) {
			return true
		}
	}
	return false
}
