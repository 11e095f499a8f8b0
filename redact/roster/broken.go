package roster

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// broken finds names that somebody broke off: "Ar-, sorry, Arjun", "Mat- Mateo".
// A dash that touches the word before it and not the one behind tells that it was;
// whose it is, the name that follows, or three letters that are no word.
func (x *index) broken(c *finding.Conversation, out []finding.Candidate) []finding.Candidate {
	for i := range c.Lines {
		t := c.Lines[i].Tokens
		for k := 0; k+1 < len(t); k++ {
			if t[k+1].Shape != text.Mark || !t[k].Shape.Word() || len(t[k].Norm) < 2 || !dash(t[k+1].Norm) || t[k].End != t[k+1].Start || k+2 < len(t) && t[k+2].Start == t[k+1].End && t[k+2].Shape.Word() {
				continue
			}
			p, full := x.begun(t, k)
			if p < 0 || !full && (len(t[k].Norm) < 3 || x.common(x.of(&t[k])) > 0.3) {
				continue
			}
			f := finding.Candidate{Line: i, Start: t[k].Start, End: t[k].End, Kind: finding.Person, Person: x.people[p].id, Key: x.people[p].key,
				Score: 0.75, Recognizer: "roster/broken", Why: "the beginning of the name of somebody in the session, broken off"}
			if full {
				f.Score, f.Why = 0.95, f.Why+" before it was said"
			}
			out = append(out, f)
		}
	}
	return out
}

func dash(mark string) bool { return mark == "-" || mark == "–" || mark == "—" || mark == "‐" }

// begun gives the person whose name token k begins, -1 when nobody's, and whether
// the name stands in the few words behind.
func (x *index) begun(t []text.Token, k int) (person int, full bool) {
	person = -1
	for i := range x.people {
		for _, n := range x.people[i].names {
			if len(n.norm) <= len(t[k].Norm) || !strings.HasPrefix(n.norm, t[k].Norm) {
				continue
			}
			person = i
			for j := k + 2; j < min(k+9, len(t)); j++ {
				if strings.HasPrefix(t[j].Norm, n.norm) {
					return i, true
				}
			}
		}
	}
	return person, false
}
