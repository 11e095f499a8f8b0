package names

import (
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names/internal/belonging"
)

// likely is the least probability at which a line is taken to name where
// somebody belongs.
const likely = 0.5

// told claims schools, teams, clubs, workplaces and home towns that no phrase
// announces but the line as a whole tells: "the power's out in all of
// Oakhurst", "once a Titan always a Titan". A problem's own towns and schools
// are told of in the same words, so its lines are left, and so is what a session
// comes back to again and again.
func (s *session) told(i int) {
	l := &s.lines[i]
	if l.problem >= storyAt {
		return
	}
	s.spans = s.reader.Line(l.words, likely, s.spans[:0])
	for _, found := range s.spans {
		what := belongingKinds[found.Label]
		if what.kind == finding.Location && s.toured(i, found.From) {
			continue
		}
		s.claim(i, found.From, found.To, what.kind, min(found.Score, 0.95), "line", what.why)
	}
}

var belongingKinds = [belonging.Labels]struct {
	kind finding.Kind
	why  string
}{
	belonging.School: {finding.School, "the line tells of somebody's school"},
	belonging.Team:   {finding.Org, "the line tells of somebody's team"},
	belonging.Club:   {finding.Org, "the line tells of somebody's club"},
	belonging.Firm:   {finding.Org, "the line tells where somebody works"},
	belonging.Town:   {finding.Location, "the line tells where somebody is at home"},
}
