package zoom

import (
	"bytes"
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Attendee is one row of a participant report.
type Attendee struct {
	Line         int
	Name         string // as shown last
	OriginalName string // before a renaming, "" when there was none
	Email        string
	Minutes      int
	// Join and Leave are local times of the account, whose zone the report does
	// not name: they are given as if in UTC. Zero where there is no such column.
	Join, Leave time.Time
	// Guest is whether the attendee was outside the account, Consented whether
	// they agreed to be recorded, Waiting whether they were in the waiting room.
	Guest, Consented, Waiting Answer
}

// Answer is a yes or no that a report may leave out.
type Answer uint8

const (
	Unstated Answer = iota
	No
	Yes
)

// Meeting is what a report's first block, or its first columns, say of the
// meeting. Fields are zero where it does not say.
type Meeting struct {
	ID           string // as written, which may be with blanks
	Topic        string
	Host         string
	HostEmail    string
	StartsAt     time.Time // local, as Attendee.Join
	EndsAt       time.Time
	Minutes      int
	Participants int
}

// Report is a participant report as a whole.
type Report struct {
	Meeting   Meeting
	Attendees []Attendee
	// Unknown are the columns that are not known, as written.
	Unknown []string
	// Faults are the places that cannot be read.
	Faults []*Malformed
}

// Faults of participant reports.
const (
	noColumns   = "no line names the columns of a participant report"
	badRow      = "a row with an open quotation mark, or one that stands where none may"
	fieldCount  = "a row whose number of fields is not that of the columns"
	badMinutes  = "a duration that is not a whole number of minutes"
	badDate     = "a time that is of no known form; times are month first, or year-month-day"
	noName      = "a row without a name"
	twiceColumn = "two columns of the same name"
)

// Participants yields the rows of a participant report, in the order of the
// file. What stands in the last brackets of a name is the original name; it can
// also be a role or pronouns, which the file does not say. Each row is a line.
func Participants(r io.Reader) iter.Seq2[Attendee, error] {
	return func(yield func(Attendee, error) bool) {
		p := participants{in: newLines(r), yield: yield}
		if err := p.run(); err != nil && err != errStopped {
			yield(Attendee{}, err)
		}
	}
}

// ReadReport reads a whole participant report. Its error is the reader's own;
// what cannot be read is among the report's faults.
func ReadReport(r io.Reader) (Report, error) {
	var out Report
	p := participants{in: newLines(r), yield: func(a Attendee, err error) bool {
		if m, ok := err.(*Malformed); ok {
			out.Faults = append(out.Faults, m)
		} else {
			out.Attendees = append(out.Attendees, a)
		}
		return true
	}}
	err := p.run()
	out.Meeting, out.Unknown = p.meeting, p.unknown
	return out, err
}

// column is what a column of a report holds.
type column uint8

const (
	unknownColumn column = iota
	nameColumn
	emailColumn
	joinColumn
	leaveColumn
	minutesColumn
	guestColumn
	consentColumn
	waitingColumn
	topicColumn
	idColumn
	hostColumn
	startColumn
	endColumn
	countColumn
)

// columns are the names of columns, in small letters.
var columns = map[string]column{
	"name (original name)":          nameColumn,
	"name":                          nameColumn,
	"user email":                    emailColumn,
	"email":                         emailColumn,
	"join time":                     joinColumn,
	"leave time":                    leaveColumn,
	"duration (minutes)":            minutesColumn,
	"total duration (minutes)":      minutesColumn,
	"guest":                         guestColumn,
	"recording consent":             consentColumn,
	"recording disclaimer response": consentColumn,
	"in waiting room":               waitingColumn,
	"topic":                         topicColumn,
	"meeting id":                    idColumn,
	"id":                            idColumn,
	"host":                          hostColumn,
	"host email":                    emailColumn,
	"start time":                    startColumn,
	"end time":                      endColumn,
	"participants":                  countColumn,
}

// participants reads a report.
type participants struct {
	in    *lines
	yield func(Attendee, error) bool

	comma   rune
	columns []column // of the block that is being read, nil before one
	rows    bool     // whether the block is the participants'
	meeting Meeting
	unknown []string
}

func (p *participants) run() error {
	for {
		l, ok := p.in.next()
		if !ok {
			break
		}
		if err := p.line(l); err != nil {
			return err
		}
	}
	switch {
	case p.in.err != nil:
		return p.in.err
	case !p.rows:
		return p.report(max(p.in.number-1, 1), noColumns)
	}
	return nil
}

func (p *participants) line(l line) error {
	switch {
	case l.fault != "":
		return p.report(l.number, l.fault)
	case len(bytes.Trim(l.text, blanks)) == 0:
		return nil
	case !p.rows && p.isHeader(l):
		if twice(p.columns) {
			return p.drain(l.number, twiceColumn)
		}
		return nil
	case p.columns == nil:
		return p.drain(l.number, noColumns)
	}
	fields, ok := fieldsOf(l.text, p.comma)
	switch {
	case !ok:
		return p.report(l.number, badRow)
	case len(fields) != len(p.columns):
		return p.report(l.number, fieldCount)
	}
	a, what := p.row(fields)
	switch {
	case what != "":
		return p.report(l.number, what)
	case !p.rows:
		return nil
	}
	a.Line = l.number
	if !p.yield(a, nil) {
		return errStopped
	}
	return nil
}

func twice(columns []column) bool {
	for i, c := range columns {
		if c != unknownColumn && slices.Contains(columns[:i], c) {
			return true
		}
	}
	return false
}

// drain reports why a file cannot be read at all and goes to its end.
func (p *participants) drain(number int, what string) error {
	if err := p.report(number, what); err != nil {
		return err
	}
	p.rows = true
	for {
		if _, ok := p.in.next(); !ok {
			return p.in.err
		}
	}
}

func (p *participants) report(number int, what string) error {
	if !p.yield(Attendee{}, &Malformed{number, what}) {
		return errStopped
	}
	return nil
}

// isHeader reads a line that names columns: those of the meeting's block,
// those of the participants, or those of both in one.
func (p *participants) isHeader(l line) bool {
	for _, comma := range []rune{',', ';', '\t'} {
		fields, ok := fieldsOf(l.text, comma)
		if !ok || len(fields) < 2 && comma != '\t' {
			continue
		}
		var found []column
		var unknown []string
		for _, f := range fields {
			c := columns[strings.ToLower(strings.TrimSpace(f))]
			if c == unknownColumn {
				unknown = append(unknown, f)
			}
			found = append(found, c)
		}
		rows := slices.Contains(found, nameColumn)
		if !rows && (!slices.Contains(found, idColumn) || !slices.Contains(found, topicColumn)) {
			continue
		}
		p.comma, p.columns, p.rows = comma, found, rows
		p.unknown = append(p.unknown, unknown...)
		return true
	}
	return false
}

func fieldsOf(text []byte, comma rune) ([]string, bool) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = comma
	fields, err := r.Read()
	return fields, err == nil
}

// row reads the fields of a row, or says what is wrong.
func (p *participants) row(fields []string) (Attendee, string) {
	var a Attendee
	m := p.meeting
	for i, f := range fields {
		f = strings.TrimSpace(f)
		what := ""
		switch p.columns[i] {
		case nameColumn:
			a.Name, a.OriginalName = originalName(f)
			if f == "" {
				what = noName
			}
		case emailColumn:
			if a.Email = f; !p.rows {
				m.HostEmail = f
			}
		case joinColumn:
			a.Join, what = localTime(f)
		case leaveColumn:
			a.Leave, what = localTime(f)
		case minutesColumn:
			if a.Minutes, what = whole(f); !p.rows {
				m.Minutes = a.Minutes
			}
		case guestColumn:
			a.Guest = answer(f)
		case consentColumn:
			a.Consented = answer(f)
		case waitingColumn:
			a.Waiting = answer(f)
		case topicColumn:
			m.Topic = f
		case idColumn:
			m.ID = f
		case hostColumn:
			var email string
			if m.Host, email = hostAddress(f); email != "" {
				m.HostEmail = email
			}
		case startColumn:
			m.StartsAt, what = localTime(f)
		case endColumn:
			m.EndsAt, what = localTime(f)
		case countColumn:
			m.Participants, what = whole(f)
		}
		if what != "" {
			return Attendee{}, what
		}
	}
	p.meeting = m
	return a, ""
}

// originalName parts a name from what stands in its last brackets.
func originalName(f string) (name, original string) {
	if !strings.HasSuffix(f, ")") {
		return f, ""
	}
	depth := 0
	for at := len(f) - 1; at >= 0; at-- {
		switch f[at] {
		case ')':
			depth++
		case '(':
			depth--
		}
		if depth == 0 {
			name = strings.TrimSpace(f[:at])
			if name == "" {
				return f, ""
			}
			return name, strings.TrimSpace(f[at+1 : len(f)-1])
		}
	}
	return f, ""
}

// hostAddress parts "name (address)".
func hostAddress(f string) (host, email string) {
	if name, inside := originalName(f); strings.Contains(inside, "@") {
		return name, inside
	}
	return f, ""
}

func whole(f string) (int, string) {
	n, err := strconv.Atoi(f)
	if err != nil || n < 0 {
		return 0, badMinutes
	}
	return n, ""
}

// timeForms are those in which reports of the portal and saved spreadsheets
// write times.
var timeForms = []string{
	"01/02/2006 03:04:05 PM", "01/02/2006 03:04 PM", "01/02/2006 15:04:05", "01/02/2006 15:04",
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05",
	"Jan 2, 2006 03:04:05 PM", "Jan 2, 2006 03:04 PM", "Jan 2, 2006 15:04:05", "Jan 2, 2006 15:04",
}

// localTime reads a time; an empty one is not stated.
func localTime(f string) (time.Time, string) {
	if f == "" {
		return time.Time{}, ""
	}
	f = strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(f)
	for _, form := range timeForms {
		if t, err := time.Parse(form, f); err == nil {
			return t, ""
		}
	}
	return time.Time{}, badDate
}

func answer(f string) Answer {
	switch strings.ToLower(f) {
	case "yes", "y", "ok", "true":
		return Yes
	case "no", "n", "false":
		return No
	}
	return Unstated
}
