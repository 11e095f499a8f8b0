// Package speaker matches the labels that Zoom prints to the people who were
// in a session.
//
// Consent is decided by who spoke, so that a wrong match may publish what an
// opted-out child said. The rules are made for that: they do not choose the
// likeliest person, they return everybody a label fits. A single person is
// returned only if nobody else in the session fits. In this order:
//
//  1. A label that is the display name of exactly one person, as printed, is
//     that person's.
//  2. So is one that differs from it in case, accents and emoji only, or adds
//     something at its side: pronouns, a role, an organisation.
//  3. A label that holds somebody's email address, or is their handle, where
//     the handle has a digit or a mark that no plain name has, is theirs.
//  4. Otherwise a label fits everybody whose names explain all of its words:
//     given, preferred, other and familiar names, family names and initials, in
//     either order. Roles, titles, numbers and devices explain themselves. With
//     both a full given and a full family name, further words may stand beside
//     them. A family name or a given name alone is enough; initials alone, a
//     role alone, a device alone are not.
//  5. If that is nobody, names run together are tried: janed, jdoe.
//  6. What stands in brackets, after a bar or after a dash is read as a label
//     of its own. If it names people, it narrows a group they are part of, and
//     otherwise adds to it. If only it names people, it must give a full name
//     or stand beside something that is no name: a device, a school, another
//     script.
//  7. A label joined by &, /, + or "and" is several people's. Where one part
//     fits nobody, the label fits nobody, since the unknown one may have spoken.
//  8. A label of a relative or a note-taking program ("Jane's mom") fits
//     nobody, unless it is somebody's display name.
//  9. A participant report says which attendees bore a label, before or after
//     they renamed themselves. They are added to those found so far, and
//     replace them where the report only narrows.
package speaker

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// Person is somebody known to be in a session.
type Person struct {
	ID                     string // the platform's user id
	First, Last, Preferred string
	Other                  []string // other names
	Display                string   // as shown in Zoom, "" when the source does not say
	Email                  string
	Handles                []string
}

// Alias is what a participant report says of one attendee: the name shown
// last, the name before it was changed, and the email address of the account.
// Each may be "".
type Alias struct{ Name, Original, Email string }

// Matcher matches the labels of one session. Its answers never change, and it
// is safe for concurrent use.
type Matcher struct {
	people  []Person
	known   []known
	reports []report
	met     sync.Map // label to ids: a label stands before hundreds of lines
}

// known is what labels are compared with for one person.
type known struct {
	printed string // the display name
	display label
	email   string
	handles []string
	names   names
}

// report is one attendee of a participant report.
type report struct {
	shown []label // the labels the attendee bore
	who   group
}

// New makes a Matcher of the people in a session and what its participant
// report, if there is one, says of renamed people.
func New(people []Person, aliases []Alias) *Matcher {
	m := &Matcher{people: slices.Clone(people)}
	for _, p := range people {
		k := known{printed: printed(p.Display), display: read(p.Display), email: address(p.Email)}
		for _, h := range append(slices.Clone(p.Handles), local(p.Email)) {
			if h = handle(h); distinctive(h) {
				k.handles = append(k.handles, h)
			}
		}
		k.names = namesOf(p, k.display)
		m.known = append(m.known, k)
	}
	for _, a := range aliases {
		if r, ok := m.report(a); ok {
			m.reports = append(m.reports, r)
		}
	}
	return m
}

// Match returns the ids of who may stand behind a label, in the order of the
// people: one for a sure match, several when a device is shared or a label
// fits several, none when it fits nobody.
func (m *Matcher) Match(label string) []string {
	if ids, met := m.met.Load(label); met {
		return slices.Clone(ids.([]string))
	}
	l := read(label)
	ids := m.ids(m.reported(l, m.direct(label, l)))
	m.met.Store(label, ids)
	return slices.Clone(ids)
}

func (m *Matcher) ids(found group) []string {
	var ids []string
	for _, i := range found {
		if id := m.people[i].ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// direct is whom a label fits, whatever the report says.
func (m *Matcher) direct(asPrinted string, l label) group {
	if g := m.where(func(k known) bool { return k.printed != "" && k.printed == printed(asPrinted) }); len(g) == 1 {
		return g
	}
	displayed := m.where(func(k known) bool { return l.extends(k.display) })
	if len(displayed) == 1 {
		return m.beside(l, displayed, m.known[displayed[0]].display.asides)
	}
	if g := m.addressed(l); len(g) > 0 {
		return g
	}
	found, full := m.segment(l.base)
	if found = m.aside(l, found, full); len(found) == 0 {
		return nil
	}
	return displayed.or(found)
}

// addressed is whose email address or handle a label holds.
func (m *Matcher) addressed(l label) group {
	if g := m.where(func(k known) bool { return k.email != "" && slices.Contains(l.emails, k.email) }); len(g) > 0 {
		return g
	}
	h := handle(l.plain)
	return m.where(func(k known) bool { return slices.Contains(k.handles, h) })
}

// beside adds whom the words beside a display name tell of.
func (m *Matcher) beside(l label, who group, already []segment) group {
	for _, a := range l.asides {
		if slices.ContainsFunc(already, a.equal) {
			continue
		}
		g, _ := m.segment(a)
		if len(g) == 0 && a.tellsOfOthers() {
			return nil
		}
		who = who.and(g)
	}
	return who
}

// aside joins whom the main words of a label fit with whom those beside them
// fit.
func (m *Matcher) aside(l label, who group, full bool) group {
	if len(who) == 0 && l.base.tellsOfOthers() {
		return nil
	}
	for _, a := range l.asides {
		g, fullAside := m.segment(a)
		switch {
		case len(g) == 0 && (a.tellsOfOthers() || a.shared() && m.anyShare(a)):
			return nil
		case len(g) == 0:
		case len(who) == 0 && (fullAside || l.base.noName()):
			who = g
		case len(who) == 0:
		case l.base.shared():
			who = who.or(g)
		default:
			who = who.and(g)
		}
	}
	return who
}

// segment is whom a run of words fits: everybody who has a part in it, or
// nobody. full is true when it gives a given and a family name.
func (m *Matcher) segment(s segment) (found group, full bool) {
	full = true
	for _, share := range s {
		g, f := m.share(share)
		if len(g) == 0 {
			return nil, false
		}
		found, full = found.or(g), full && f
	}
	return found, full && len(found) > 0
}

// anyShare reports whether one of several who share a label is known.
func (m *Matcher) anyShare(s segment) bool {
	return slices.ContainsFunc(s, func(share share) bool {
		g, _ := m.share(share)
		return len(g) > 0
	})
}

// share is whom the words between two joining marks fit. A comma stands
// between family and given name, or between several given names.
func (m *Matcher) share(s share) (group, bool) {
	whole := slices.Concat(s...)
	found, full := m.named(whole, anyName)
	if len(s) < 2 {
		return found, full
	}
	var several group
	for _, words := range s {
		if len(words) == 0 || !slices.ContainsFunc(words, word.mayName) {
			continue
		}
		g, _ := m.named(words, givenName)
		if len(g) == 0 {
			return found, full
		}
		several = several.or(g)
	}
	return found.or(several), full
}

// named is whom words fit as a name.
func (m *Matcher) named(words []word, accept func(fit) bool) (group, bool) {
	var found, together group
	var rests [][]word
	full := false
	for i, k := range m.known {
		f := k.names.explain(words)
		switch {
		case !accept(f):
		case f.together:
			together = append(together, i)
		default:
			found = append(found, i)
			full = full || f.full()
			rests = append(rests, f.rest)
		}
	}
	if len(found) == 0 {
		return together, false
	}
	return m.rest(found, rests), full
}

// rest adds who else is named in the words beside a full name.
func (m *Matcher) rest(found group, rests [][]word) group {
	for _, words := range rests {
		if slices.ContainsFunc(words, word.tellsOfOthers) {
			return nil
		}
		for i, k := range m.known {
			if f := k.names.explain(words); givenName(f) && !f.together {
				found = found.or(group{i})
			}
		}
	}
	return found
}

// report reads one row of a participant report. It is of use only if it can be
// told whose row it is.
func (m *Matcher) report(a Alias) (report, bool) {
	var r report
	r.who = m.where(func(k known) bool { return k.email != "" && k.email == address(a.Email) })
	mailed := len(r.who)
	for _, name := range []string{a.Name, a.Original} {
		l := read(name)
		if l.empty() {
			continue
		}
		r.shown = append(r.shown, l)
		if g := m.direct(name, l); mailed == 0 {
			r.who = r.who.and(g)
		} else if g.within(r.who) && len(g) > 0 {
			r.who = g
		}
	}
	return r, len(r.shown) > 0
}

// reported joins whom a label fits with which attendees bore it. Where one of
// those is not known, the report says nothing.
func (m *Matcher) reported(l label, found group) group {
	var bore group
	for _, r := range m.reports {
		if !slices.ContainsFunc(r.shown, l.extends) {
			continue
		}
		if len(r.who) == 0 {
			return found
		}
		bore = bore.or(r.who)
	}
	if len(bore) > 0 && bore.within(found) {
		return bore
	}
	return found.or(bore)
}

func (m *Matcher) where(fits func(known) bool) group {
	var g group
	for i, k := range m.known {
		if fits(k) {
			g = append(g, i)
		}
	}
	return g
}

// group is a set of people, as their ascending positions.
type group []int

func (g group) or(h group) group {
	all := slices.Concat(g, h)
	slices.Sort(all)
	return slices.Compact(all)
}

func (g group) within(h group) bool {
	return !slices.ContainsFunc(g, func(i int) bool { return !slices.Contains(h, i) })
}

// and is the smaller of two groups of which one holds the other, and everybody
// in both where they disagree. An empty group says nothing.
func (g group) and(h group) group {
	switch {
	case len(g) == 0:
		return h
	case len(h) == 0, g.within(h):
		return g
	case h.within(g):
		return h
	}
	return g.or(h)
}

// printed makes equal what looks equal on a screen.
func printed(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

func address(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// local is the part of an email address before the @.
func local(email string) string {
	before, _, _ := strings.Cut(email, "@")
	return before
}

func handle(s string) string { return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "@") }

// distinctive reports whether a handle cannot be a plain name.
func distinctive(handle string) bool {
	return strings.ContainsAny(handle, "0123456789_.") && !strings.ContainsAny(handle, " \t")
}
