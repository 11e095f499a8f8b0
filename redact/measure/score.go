package measure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
)

// All is the row of a Report that looks at no type: any prediction hides, any
// gold entity justifies.
const All = "ALL"

// Report says how well predictions removed what gold marks. Only letters and
// digits count. An entity is hidden when every one of them is covered; a partly
// covered one is a leak. Ratios without a denominator are NaN in Go and null in
// JSON.
type Report struct {
	Records int            `json:"records"`
	Types   map[string]Row `json:"types"`
	Classes []ClassRow     `json:"classes"`
	// Origins has a row for each culture that names come from, where gold or a
	// table of names tells. Spread is the difference between the highest and the
	// lowest share of hidden ones among origins with at least leastOrigin names.
	Origins []ClassRow `json:"origins,omitempty"`
	Spread  Ratio      `json:"origin_spread"`
	// Quoted and Truncated are the entities in what a chat reply or reaction
	// repeats, and those that Zoom cut off there.
	Quoted    ClassRow        `json:"quoted"`
	Truncated ClassRow        `json:"truncated"`
	Keep      map[string]Kept `json:"keep"`
	People    People          `json:"people"`
	// Identifiers counts entities, the parts of one that is cut between lines as
	// one.
	Identifiers People `json:"identifiers"`
	// MacroF1 is the mean of F1 over the types that gold has.
	MacroF1 Ratio `json:"macro_f1"`
	// FalseAlarms are predicted spans that touch no entity, no ambiguous range;
	// Precision counts the others among all.
	FalseAlarms int   `json:"false_alarms"`
	Precision   Ratio `json:"precision"`
	// Confusion counts, for each gold type, the types of the predictions that
	// touch its entities; "" is none.
	Confusion map[string]map[string]int `json:"confusion"`
	Missing   int                       `json:"missing"` // gold records without a prediction
	Unknown   int                       `json:"unknown"` // predictions for ids not in gold

	// Leaks and Over hold text. They are for the owner of the gold and must go
	// to a terminal or a file of theirs, never to a log.
	Leaks []Leak `json:"-"`
	Over  []Leak `json:"-"`
	// Alarms are the predicted spans behind FalseAlarms, those in Over among
	// them.
	Alarms []Leak `json:"-"`
	// Persons has a row for each person of whom something was left, by the
	// gold's own key.
	Persons []PersonRow `json:"-"`
}

// PersonRow is one person in one session.
type PersonRow struct {
	Session, Person string
	Gold, Leaked    int
}

// Row is one type's score.
type Row struct {
	Gold     int   `json:"gold"`
	Pred     int   `json:"pred"`
	ExactP   Ratio `json:"exact_p"`
	ExactR   Ratio `json:"exact_r"`
	OverlapP Ratio `json:"overlap_p"`
	OverlapR Ratio `json:"overlap_r"`
	Recall   Ratio `json:"recall"` // covered by predictions of this type
	Hidden   Ratio `json:"hidden"` // covered by any predictions
	Leaked   int   `json:"leaked"`
	Partial  int   `json:"partial"` // leaked entities of which some letters are covered
	CharP    Ratio `json:"char_p"`
	CharR    Ratio `json:"char_r"`
	F1       Ratio `json:"f1"` // of overlap precision and recall
	F5       Ratio `json:"f5"` // the same with recall 25 times as heavy
}

// ClassRow is one class of a type.
type ClassRow struct {
	Type    string `json:"type"`
	Class   string `json:"class"`
	Gold    int    `json:"gold"`
	Touched Ratio  `json:"overlap_r"`
	Recall  Ratio  `json:"recall"`
	Hidden  Ratio  `json:"hidden"`
	Leaked  int    `json:"leaked"`
	Partial int    `json:"partial"`
	// Low and High bound Hidden at 95 % (Wilson).
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Kept counts the spans that must stay.
type Kept struct {
	Spans int `json:"keep"`
	Over  int `json:"over"`  // with a letter redacted
	Whole int `json:"whole"` // with every letter redacted
}

// People counts persons per session; one is leaked when any of their
// identifiers is not hidden.
type People struct {
	Seen   int `json:"seen"`
	Leaked int `json:"leaked"`
}

// Bound is the exact upper bound of the share of leaked ones, at 95 %
// (Clopper and Pearson): with none leaked of n it is near 3.7/n.
func (p People) Bound() float64 {
	_, high := ClopperPearson(p.Leaked, p.Seen, 0.95)
	return high
}

// Leak is an entity that was not hidden, or a span to keep that was touched.
type Leak struct {
	ID      string   `json:"id"`
	Type    string   `json:"type,omitempty"`
	Class   string   `json:"class,omitempty"`
	Start   int      `json:"start"` // code points
	End     int      `json:"end"`
	Text    string   `json:"text"`
	Visible string   `json:"visible,omitempty"` // covered letters as _
	Partial bool     `json:"partial,omitempty"`
	Types   []string `json:"types,omitempty"` // of the predictions, for spans to keep
}

// Ratio is n of d; NaN when d is 0.
type Ratio float64

// MarshalJSON writes null for NaN.
func (r Ratio) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(r)) {
		return []byte("null"), nil
	}
	return appendFloat(nil, float64(r)), nil
}

func ratio(n, d int) Ratio {
	if d == 0 {
		return Ratio(math.NaN())
	}
	return Ratio(float64(n) / float64(d))
}

// f is the F measure in which recall weighs beta squared as much as precision.
func f(p, r Ratio, beta float64) Ratio {
	pn, rn := math.IsNaN(float64(p)), math.IsNaN(float64(r))
	if pn && rn {
		return p
	}
	if pn || rn || p+r == 0 {
		return 0
	}
	b := Ratio(beta * beta)
	return (1 + b) * p * r / (b*p + r)
}

// count is what is summed up for a type or class.
type count struct {
	gold, pred, predExact, predTouch, exact, touch, cover, hidden, partial int
	charGold, charPred, charBoth                                           int
}

// cells is a set of code point offsets of one text.
type cells []bool

func (c cells) within(o cells) bool {
	for k, on := range c {
		if on && !o[k] {
			return false
		}
	}
	return true
}

func (c cells) touches(o cells) bool {
	for k, on := range c {
		if on && o[k] {
			return true
		}
	}
	return false
}

func (c cells) add(o cells) {
	for k, on := range o {
		c[k] = c[k] || on
	}
}

func (c cells) size() (n int) {
	for _, on := range c {
		if on {
			n++
		}
	}
	return n
}

// edges are the first and last offset of a set that is not empty.
func (c cells) edges() (first, last int) {
	first, last = -1, -1
	for k, on := range c {
		if on && first < 0 {
			first = k
		}
		if on {
			last = k
		}
	}
	return first, last
}

// Scope says what is scored. The zero value scores everything.
type Scope struct {
	// Types are the only ones whose gold entities are scored. Other gold
	// entities still justify a prediction.
	Types []string
	// Origins tells the cultures of names for which gold tells none.
	Origins Origins
}

// Score compares what was found with gold, as described at Report.
func Score(gold []Record, found []Found) Report { return Scope{}.Score(gold, found) }

func (s Scope) has(kind string) bool { return len(s.Types) == 0 || slices.Contains(s.Types, kind) }

// Score compares what was found with gold, within s.
func (scope Scope) Score(gold []Record, found []Found) Report {
	s := scorer{
		scope: scope, cultures: scope.Origins.people(gold),
		types: map[string]*count{}, classes: map[[2]string]*count{}, origins: map[string]*count{},
		people: map[[2]string]*PersonRow{}, groups: map[[2]string]bool{}, report: Report{Records: len(gold), Keep: map[string]Kept{}, Confusion: map[string]map[string]int{}},
	}
	byID := map[string][]FoundSpan{}
	for _, f := range found {
		byID[f.ID] = f.Spans
	}
	known := 0
	for _, g := range gold {
		spans, ok := byID[g.ID]
		if ok {
			known++
		} else {
			s.report.Missing++
		}
		s.record(g, spans)
	}
	s.report.Unknown = len(byID) - known
	return s.finish()
}

type scorer struct {
	types             map[string]*count
	classes           map[[2]string]*count
	origins           map[string]*count
	people            map[[2]string]*PersonRow // by session and person
	groups            map[[2]string]bool       // session, group: every part hidden
	quoted, truncated count
	scope             Scope
	cultures          map[[2]string][]string // session, person
	report            Report
}

type marked struct {
	kind  string
	cells cells
	span  Span
}

func (s *scorer) record(g Record, pred []FoundSpan) {
	text := []rune(g.Text)
	alnum := make(cells, len(text))
	for k, r := range text {
		alnum[k] = countable(r)
	}
	claimed, ignored := make(cells, len(text)), make(cells, len(text))
	for _, a := range g.Ambiguous {
		fill(ignored, a.Start, a.End)
	}
	for _, e := range g.Spans {
		if e.Type == "IGNORE" {
			fill(ignored, e.Start, e.End)
		} else {
			fill(claimed, e.Start, e.End)
		}
	}
	letters := func(start, end int) cells {
		c := make(cells, len(text))
		for k := max(start, 0); k < min(end, len(text)); k++ {
			c[k] = alnum[k] && (claimed[k] || !ignored[k])
		}
		return c
	}
	charPred, charGold := map[string]cells{}, map[string]cells{}
	union := func(m map[string]cells, kind string, c cells) {
		for _, t := range [...]string{kind, All} {
			if m[t] == nil {
				m[t] = make(cells, len(text))
			}
			m[t].add(c)
		}
	}
	var predicted, entities []marked
	for _, p := range pred {
		if c := letters(p.Start, p.End); c.size() > 0 {
			predicted = append(predicted, marked{kind: p.Type, cells: c})
			union(charPred, p.Type, c)
		}
	}
	for _, e := range g.Spans {
		if c := letters(e.Start, e.End); e.Type != "IGNORE" && c.size() > 0 {
			union(charGold, e.Type, c)
			if s.scope.has(e.Type) {
				entities = append(entities, marked{kind: e.Type, cells: c, span: e})
			}
		}
	}
	empty := make(cells, len(text))
	of := func(m map[string]cells, kind string) cells {
		if m[kind] == nil {
			return empty
		}
		return m[kind]
	}
	for t, c := range charGold {
		if !s.counts(t) {
			continue
		}
		s.of(t).charGold += c.size()
		for k, on := range c {
			if on && of(charPred, t)[k] {
				s.of(t).charBoth++
			}
		}
	}
	for t, c := range charPred {
		if s.counts(t) {
			s.of(t).charPred += c.size()
		}
	}
	edges := func(list []marked) map[edge]bool {
		out := map[edge]bool{}
		for _, m := range list {
			first, last := m.cells.edges()
			out[edge{m.kind, first, last}] = true
			out[edge{All, first, last}] = true
		}
		return out
	}
	edgesPred, edgesGold := edges(predicted), edges(entities)
	for _, p := range predicted {
		first, last := p.cells.edges()
		for _, t := range [...]string{p.kind, All} {
			if !s.counts(t) {
				continue
			}
			n := s.of(t)
			n.pred++
			n.predExact += one(edgesGold[edge{t, first, last}])
			n.predTouch += one(p.cells.touches(of(charGold, t)))
		}
		if !p.cells.touches(of(charGold, All)) {
			s.report.FalseAlarms++
			s.report.Alarms = append(s.report.Alarms, Leak{ID: g.ID, Type: p.kind, Start: first, End: last + 1, Text: string(text[first : last+1])})
		}
	}
	s.entities(g, text, entities, predicted, of, charPred, edgesPred)
	s.keep(g, text, letters, of(charGold, All), of(charPred, All), predicted)
}

// counts reports whether a row is kept for a type.
func (s *scorer) counts(t string) bool { return t == All || s.scope.has(t) }

type edge struct {
	kind        string
	first, last int
}

func (s *scorer) entities(g Record, text []rune, entities, predicted []marked, of func(map[string]cells, string) cells, charPred map[string]cells, edgesPred map[edge]bool) {
	for _, e := range entities {
		all := of(charPred, All)
		hidden := e.cells.within(all)
		partial := !hidden && e.cells.touches(all)
		first, last := e.cells.edges()
		session, _, _ := strings.Cut(g.ID, "/")
		for _, row := range s.rows(session, e) {
			row.n.gold++
			row.n.exact += one(edgesPred[edge{row.t, first, last}])
			row.n.touch += one(e.cells.touches(of(charPred, row.t)))
			row.n.cover += one(e.cells.within(of(charPred, row.t)))
			row.n.hidden += one(hidden)
			row.n.partial += one(partial)
		}
		s.person(session, e.span, hidden)
		s.part(session, e.span, hidden)
		s.confuse(e, predicted)
		if !hidden {
			visible := []rune(string(text[e.span.Start:e.span.End]))
			for k := range visible {
				if all[e.span.Start+k] {
					visible[k] = '_'
				}
			}
			s.report.Leaks = append(s.report.Leaks, Leak{ID: g.ID, Type: e.kind, Class: e.span.Class, Start: e.span.Start, End: e.span.End,
				Text: string(text[e.span.Start:e.span.End]), Visible: string(visible), Partial: partial})
		}
	}
}

// row is a count that an entity goes into, and the type whose predictions it
// asks for.
type row struct {
	n *count
	t string
}

func (s *scorer) rows(session string, e marked) []row {
	rows := []row{{s.of(e.kind), e.kind}, {s.of(All), All}, {counted(s.classes, [2]string{e.kind, e.span.Class}), e.kind}}
	if e.span.Quoted {
		rows = append(rows, row{&s.quoted, All})
	}
	if e.span.Truncated {
		rows = append(rows, row{&s.truncated, All})
	}
	for _, o := range s.originsOf(session, e) {
		rows = append(rows, row{counted(s.origins, o), e.kind})
	}
	return rows
}

func counted[K comparable](m map[K]*count, k K) *count {
	if m[k] == nil {
		m[k] = &count{}
	}
	return m[k]
}

func (s *scorer) originsOf(session string, e marked) []string {
	switch {
	case e.span.Origin != "":
		return []string{e.span.Origin}
	case e.kind != "PERSON":
		return nil
	}
	return s.cultures[[2]string{session, e.span.Person}]
}

func (s *scorer) person(session string, e Span, hidden bool) {
	if e.Person == "" {
		return
	}
	who := [2]string{session, e.Person}
	if s.people[who] == nil {
		s.people[who] = &PersonRow{Session: session, Person: e.Person}
	}
	s.people[who].Gold++
	s.people[who].Leaked += one(!hidden)
}

// part counts an identifier, or remembers it until its other parts are known.
func (s *scorer) part(session string, e Span, hidden bool) {
	if e.Group == nil {
		s.report.Identifiers.Seen++
		s.report.Identifiers.Leaked += one(!hidden)
		return
	}
	k := [2]string{session, fmt.Sprint(e.Group)}
	before, seen := s.groups[k]
	s.groups[k] = hidden && (before || !seen)
}

func (s *scorer) confuse(e marked, predicted []marked) {
	row := s.report.Confusion[e.kind]
	if row == nil {
		row = map[string]int{}
		s.report.Confusion[e.kind] = row
	}
	found := false
	for _, p := range predicted {
		if p.cells.touches(e.cells) {
			row[p.kind]++
			found = true
		}
	}
	if !found {
		row[""]++
	}
}

func (s *scorer) keep(g Record, text []rune, letters func(int, int) cells, gold, pred cells, predicted []marked) {
	for _, k := range g.Keep {
		c := letters(k.Start, k.End)
		for i := range c {
			c[i] = c[i] && !gold[i]
		}
		if c.size() == 0 {
			continue
		}
		over, whole := c.touches(pred), c.within(pred)
		names := []string{All}
		if k.Class != "" {
			names = append(names, k.Class)
		}
		for _, n := range names {
			row := s.report.Keep[n]
			row.Spans++
			row.Over += one(over)
			row.Whole += one(whole)
			s.report.Keep[n] = row
		}
		if over {
			l := Leak{ID: g.ID, Class: k.Class, Start: k.Start, End: k.End, Text: string(text[k.Start:k.End]), Partial: !whole}
			for _, p := range predicted {
				if p.cells.touches(c) && !slices.Contains(l.Types, p.kind) {
					l.Types = append(l.Types, p.kind)
				}
			}
			s.report.Over = append(s.report.Over, l)
		}
	}
}

func (s *scorer) of(t string) *count {
	if s.types[t] == nil {
		s.types[t] = &count{}
	}
	return s.types[t]
}

func (s *scorer) finish() Report {
	r := s.report
	r.Types = map[string]Row{}
	sum, types := Ratio(0), 0
	for t, n := range s.types {
		p, c := ratio(n.predTouch, n.pred), ratio(n.cover, n.gold)
		row := Row{Gold: n.gold, Pred: n.pred,
			ExactP: ratio(n.predExact, n.pred), ExactR: ratio(n.exact, n.gold),
			OverlapP: p, OverlapR: ratio(n.touch, n.gold), Recall: c, Hidden: ratio(n.hidden, n.gold),
			Leaked: n.gold - n.hidden, Partial: n.partial,
			CharP: ratio(n.charBoth, n.charPred), CharR: ratio(n.charBoth, n.charGold),
			F1: f(p, c, 1), F5: f(p, c, 5)}
		r.Types[t] = row
		if t != All && n.gold > 0 {
			sum += row.F1
			types++
		}
	}
	r.MacroF1 = sum / Ratio(max(types, 1))
	r.Precision = 1 - ratio(r.FalseAlarms, r.Types[All].Pred)
	for k, n := range s.classes {
		if k[1] != "" {
			r.Classes = append(r.Classes, classRow(k[0], k[1], n))
		}
	}
	slices.SortFunc(r.Classes, func(a, b ClassRow) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(b.Gold, a.Gold), cmp.Compare(a.Class, b.Class))
	})
	r.Quoted, r.Truncated = classRow("", "quoted", &s.quoted), classRow("", "truncated", &s.truncated)
	for o, n := range s.origins {
		r.Origins = append(r.Origins, classRow("PERSON", o, n))
	}
	slices.SortFunc(r.Origins, func(a, b ClassRow) int { return cmp.Compare(a.Class, b.Class) })
	r.Spread = spread(r.Origins)
	for _, p := range s.people {
		r.People.Seen++
		r.People.Leaked += one(p.Leaked > 0)
		if p.Leaked > 0 {
			r.Persons = append(r.Persons, *p)
		}
	}
	slices.SortFunc(r.Persons, func(a, b PersonRow) int {
		return cmp.Or(cmp.Compare(a.Session, b.Session), cmp.Compare(a.Person, b.Person))
	})
	for _, hidden := range s.groups {
		r.Identifiers.Seen++
		r.Identifiers.Leaked += one(!hidden)
	}
	return r
}

func classRow(kind, class string, n *count) ClassRow {
	low, high := Wilson(n.hidden, n.gold)
	return ClassRow{Type: kind, Class: class, Gold: n.gold, Touched: ratio(n.touch, n.gold), Recall: ratio(n.cover, n.gold),
		Hidden: ratio(n.hidden, n.gold), Leaked: n.gold - n.hidden, Partial: n.partial, Low: low, High: high}
}

// countable is what Python's str.isalnum holds true: letters and everything
// with a numeric value.
func countable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

func fill(c cells, start, end int) {
	for k := start; k < end; k++ {
		c[k] = true
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
