package redact

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/judge"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Threshold is where the outcomes of a kind begin, as probabilities. At Redact
// and above a candidate is removed; from Doubt on it is removed and shown to a
// privacy officer; below Doubt it is kept.
type Threshold struct{ Redact, Doubt float64 }

// fallback is for kinds that have no threshold of their own.
var fallback = Threshold{Redact: 0.70, Doubt: 0.50}

// thresholds were set on sessions dev-01 to dev-15 of the tutoring data, with
// missing a name counted worse than removing a word too many.
var thresholds = map[finding.Kind]Threshold{
	finding.Person: {Redact: 0.85, Doubt: 0.66},
}

// rosterDoubt is where doubt begins for somebody on the roster.
const rosterDoubt = 0.50

// quasi are the kinds that identify only together with others, so that a
// study may choose what happens to them.
var quasi = map[finding.Kind]bool{
	finding.School: true, finding.Org: true, finding.Location: true, finding.Age: true,
	finding.Date: true, finding.Other: true,
}

// decision is what became of the candidates of one line.
type decision struct {
	findings, kept []finding.Finding
}

// weighing is what is known of each line before its findings are settled.
type weighing struct {
	engine *Engine
	c      *finding.Conversation
	// candidates are those of each line, in no order before the line was weighed.
	candidates [][]*finding.Candidate
	survivors  [][]finding.Finding
	// judge is nil when nothing is judged; then proposals are what would be.
	judge     *judge.Reader
	proposals []judge.Proposal
}

// weigh tells candidates apart by line and weighs every line. decide then turns
// them into findings. They are the only place that does.
//
// Candidates for the same range and kind support each other: within one
// package (the name before the slash) the strongest speaks, and independent
// packages combine as noisy-or. A Keep candidate over the same letters weakens
// a candidate by its own log-odds. An organisation's deny terms are never
// weakened; its keep terms weaken everything but a name on the roster.
//
// The outcome does not depend on the order of candidates.
func (e *Engine) weigh(c *finding.Conversation, found [][]finding.Candidate) *weighing {
	w := &weighing{engine: e, c: c, candidates: make([][]*finding.Candidate, len(c.Lines)), survivors: make([][]finding.Finding, len(c.Lines))}
	if e.judge != nil {
		w.judge = judge.NewReader(e.judge, c)
	}
	counts, all := make([]int, len(c.Lines)), 0
	for _, list := range found {
		all += len(list)
		for i := range list {
			counts[list[i].Line]++
		}
	}
	store := make([]*finding.Candidate, all)
	for line, n := range counts {
		w.candidates[line], store = store[:0:n], store[n:]
	}
	for _, list := range found {
		for i := range list {
			f := &list[i]
			w.candidates[f.Line] = append(w.candidates[f.Line], f)
		}
	}
	for line := range w.candidates {
		w.line(line)
	}
	return w
}

// add weighs the lines of further candidates again.
func (w *weighing) add(found []finding.Candidate) {
	for i := range found {
		f := &found[i]
		w.candidates[f.Line] = append(w.candidates[f.Line], f)
	}
	for i := range found {
		if line := found[i].Line; i+1 == len(found) || found[i+1].Line != line {
			w.line(line)
		}
	}
}

func (w *weighing) line(line int) {
	candidates := w.candidates[line]
	w.survivors[line] = nil
	if !slices.ContainsFunc(candidates, func(f *finding.Candidate) bool { return !f.Keep }) {
		return // nothing to decide
	}
	slices.SortFunc(candidates, order)
	w.survivors[line] = w.surviving(w.c.Lines[line].Text, candidates)
}

// decide gives what becomes of every line.
func (w *weighing) decide() []decision {
	decided := make([]decision, len(w.survivors))
	groups := map[string]bool{}
	for _, found := range w.survivors {
		for i := range found {
			if f := &found[i]; f.Outcome != finding.Kept && f.Group != "" {
				groups[f.Group] = true
			}
		}
	}
	for line, found := range w.survivors {
		var gone []finding.Finding
		for _, f := range found {
			if f.Outcome == finding.Kept && groups[f.Group] {
				f.Outcome = finding.Doubtful
				f.Why += "; a part of it in another line goes, so this goes too"
			}
			if f.Outcome == finding.Kept {
				decided[line].kept = append(decided[line].kept, f)
			} else {
				gone = append(gone, f)
			}
		}
		decided[line].findings = disjoint(w.c.Lines[line].Text, gone)
		decided[line].kept = uncovered(decided[line].kept, decided[line].findings)
	}
	return decided
}

// surviving gives each distinct candidate of a line its score and outcome.
func (w *weighing) surviving(s string, candidates []*finding.Candidate) []finding.Finding {
	e := w.engine
	var out []finding.Finding
	for from := 0; from < len(candidates); {
		to := from + 1
		for to < len(candidates) && same(candidates[to], candidates[from]) {
			to++
		}
		group := candidates[from:to]
		from = to
		if group[0].Keep {
			continue
		}
		f := finding.Finding{Candidate: combine(group)}
		e.widen(s, &f.Candidate)
		denied := slices.ContainsFunc(group, func(c *finding.Candidate) bool { return c.Recognizer == denyName })
		p := proposal(&f.Candidate, group)
		judged := !denied && judge.Judges(&p)
		if !denied {
			e.oppose(&f.Candidate, candidates)
		}
		if judged {
			judged = w.ask(p, &f.Candidate, candidates)
		}
		f.Outcome = e.outcome(&f.Candidate, denied, judged)
		out = append(out, f)
	}
	for _, k := range candidates {
		if k.Keep && slices.ContainsFunc(candidates, func(f *finding.Candidate) bool { return !f.Keep && f.Start < k.End && k.Start < f.End }) {
			out = append(out, finding.Finding{Candidate: *k, Outcome: finding.Kept})
		}
	}
	return out
}

func same(a, b *finding.Candidate) bool {
	return a.Start == b.Start && a.End == b.End && a.Kind == b.Kind && a.Keep == b.Keep
}

// widen takes a name to the ends of its hyphenated word: the half of
// "Seo-yeon" identifies as the whole does. An everyday half ("Kim-like") is
// left.
func (e *Engine) widen(s string, f *finding.Candidate) {
	if f.Kind != finding.Person {
		return
	}
	if f.Start > 1 && s[f.Start-1] == '-' {
		from := f.Start - 1
		for from > 0 {
			r, n := utf8.DecodeLastRuneInString(s[:from])
			if !unicode.IsLetter(r) {
				break
			}
			from -= n
		}
		if half := s[from : f.Start-1]; e.nameLike(half) || half != "" && len(half) <= 5 && lowerFirst(s[f.Start:]) && len(half) > 1 {
			f.Start = from // "Do-yun": a syllable that is a word alone
		}
	}
	if f.End+1 < len(s) && s[f.End] == '-' {
		to := f.End + 1
		for to < len(s) {
			r, n := utf8.DecodeRuneInString(s[to:])
			if !unicode.IsLetter(r) {
				break
			}
			to += n
		}
		if e.nameLike(s[f.End+1 : to]) {
			f.End = to
		}
	}
}

func lowerFirst(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func (e *Engine) nameLike(word string) bool {
	return utf8.RuneCountInString(word) > 1 && (e.lexicon == nil || e.lexicon.Word(text.Fold(word)) < 0.5)
}

// combine makes one candidate of several for the same range and kind, which
// come sorted strongest first.
func combine(group []*finding.Candidate) finding.Candidate {
	best := *group[0]
	miss := 1.0
	for i, g := range group {
		first := true
		for _, earlier := range group[:i] {
			first = first && family(earlier) != family(g)
		}
		if first {
			miss *= 1 - g.Score
		}
		if best.Person == "" {
			best.Person = g.Person
		}
		if best.Key == "" {
			best.Key = g.Key
		}
		if best.Group == "" {
			best.Group = g.Group
		}
	}
	best.Score = 1 - miss
	return best
}

// family is the package of a recognizer; rules of one package look at the same
// evidence and do not count twice.
func family(c *finding.Candidate) string {
	name, _, _ := strings.Cut(c.Recognizer, "/")
	return name
}

// oppose weakens f by the strongest Keep candidate that shares letters with it.
func (e *Engine) oppose(f *finding.Candidate, candidates []*finding.Candidate) {
	strongest := 0.0
	why := ""
	for _, k := range candidates {
		if !k.Keep || k.Start >= f.End || f.Start >= k.End {
			continue
		}
		// Four numbers between dots are no expression. Dates are proposed only when
		// they were asked for.
		if (f.Kind == finding.IP || f.Kind == finding.Date) && k.Recognizer == mathematicsName {
			continue
		}
		// The roster recognizer has judged itself whether an everyday word
		// stands here, and no list makes a participant's name stay.
		if onRoster(f) && (k.Recognizer == keepName || k.Recognizer == everydayName) {
			continue
		}
		// What covers an identifier only in part says little about it, except
		// a scholar's surname in a full name.
		part := k.Start > f.Start || k.End < f.End
		if part && (onRoster(f) || f.Kind != finding.Person || k.End-k.Start <= (f.End-f.Start)/2) {
			continue
		}
		// An organisation's word is no evidence to be weighed.
		if k.Recognizer == keepName && !part && f.Person == "" {
			f.Score, f.Why = 0, f.Why+"; against it: "+k.Why
			return
		}
		if w := logit(k.Score); w > strongest {
			strongest, why = w, k.Why
		}
	}
	if strongest > 0 {
		f.Score = sigmoid(logit(f.Score) - strongest)
		f.Why += "; against it: " + why
	}
}

// everydayName is the rule of package curriculum for everyday words.
const everydayName = "curriculum/everyday"

// mathematicsName is the rule of package curriculum for expressions.
const mathematicsName = "curriculum/mathematics"

func onRoster(c *finding.Candidate) bool {
	return strings.HasPrefix(c.Recognizer, "roster/") && c.Score >= 0.5
}

func (e *Engine) outcome(f *finding.Candidate, denied, judged bool) finding.Outcome {
	if denied {
		return finding.Redact
	}
	t, ok := e.thresholds[f.Kind]
	if judged {
		t, ok = e.judged[f.Kind] // a name that was judged needs no more than the rest
	}
	if !ok {
		t = fallback
	}
	// A participant is never kept on an even chance that the tagger would need
	// more for: it is known that such a person is there to be named.
	if f.Kind == finding.Person && onRoster(f) {
		t.Doubt = min(t.Doubt, rosterDoubt)
	}
	switch {
	case e.policies[f.Kind] == Retain:
		return finding.Kept
	case f.Score >= t.Redact:
		return finding.Redact
	case f.Score >= t.Doubt:
		return finding.Doubtful
	}
	return finding.Kept
}

// disjoint sorts findings and takes overlaps apart without uncovering a letter:
// the longer one stands, what the other covers beyond it stays as a piece.
func disjoint(s string, findings []finding.Finding) []finding.Finding {
	if len(findings) < 2 {
		return findings
	}
	findings = mentioned(findings)
	identify(s, findings)
	slices.SortStableFunc(findings, func(a, b finding.Finding) int {
		return cmp.Or(
			cmp.Compare(rank(b), rank(a)),
			cmp.Compare(b.End-b.Start, a.End-a.Start),
			cmp.Compare(b.Score, a.Score),
			order(&a.Candidate, &b.Candidate))
	})
	var out []finding.Finding
	for _, f := range findings {
		pieces := []finding.Range{{Start: f.Start, End: f.End}}
		for _, o := range out {
			pieces = cut(pieces, o.Start, o.End)
		}
		for _, p := range pieces {
			p = trim(s, p)
			if p.Start < p.End {
				piece := f
				piece.Start, piece.End = p.Start, p.End
				out = append(out, piece)
			}
		}
	}
	slices.SortFunc(out, func(a, b finding.Finding) int { return cmp.Compare(a.Start, b.Start) })
	return join(s, out)
}

// mentioned leaves out handles that are nothing but the name of somebody on the
// roster ("@Maya"): the person's own label says more.
func mentioned(findings []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(findings, func(h finding.Finding) bool {
		return h.Kind == finding.Handle && slices.ContainsFunc(findings, func(p finding.Finding) bool {
			return p.Kind == finding.Person && p.Person != "" && p.Score >= certain && p.Start <= h.Start+1 && h.End <= p.End
		})
	})
}

// identify tells of names that nobody is known by whether they are put
// together of one person's names ("Oksana Sokolova").
func identify(s string, findings []finding.Finding) {
	for i := range findings {
		f := &findings[i]
		if f.Kind != finding.Person || f.Person != "" {
			continue
		}
		for _, p := range findings {
			if p.Kind == finding.Person && p.Person != "" && p.Start < f.End && f.Start < p.End && whole(s, *f, p.Person, findings) {
				f.Person, f.Key = p.Person, p.Key
				break
			}
		}
	}
}

// whole reports whether every letter of f is in a name of the person.
func whole(s string, f finding.Finding, person string, findings []finding.Finding) bool {
	pieces := []finding.Range{{Start: f.Start, End: f.End}}
	for _, p := range findings {
		if p.Kind == finding.Person && p.Person == person {
			pieces = cut(pieces, p.Start, p.End)
		}
	}
	return !slices.ContainsFunc(pieces, func(r finding.Range) bool {
		r = trim(s, r)
		return r.Start < r.End
	})
}

// rank puts what an organisation denies first, then what has a shape of its
// own (an address holds a city, an e-mail a name) before names.
func rank(f finding.Finding) int {
	switch {
	case f.Recognizer == denyName:
		return 2
	case f.Kind == finding.Person || f.Kind == finding.School || f.Kind == finding.Org || f.Kind == finding.Location:
		return 0
	}
	return 1
}

func cut(pieces []finding.Range, start, end int) []finding.Range {
	out := pieces[:0:0]
	for _, p := range pieces {
		if end <= p.Start || p.End <= start {
			out = append(out, p)
			continue
		}
		if p.Start < start {
			out = append(out, finding.Range{Start: p.Start, End: start})
		}
		if end < p.End {
			out = append(out, finding.Range{Start: end, End: p.End})
		}
	}
	return out
}

// trim drops what is neither letter nor digit from both ends.
func trim(s string, p finding.Range) finding.Range {
	for i, r := range s[p.Start:p.End] {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			p.Start += i
			end := p.Start
			for j, r := range s[p.Start:p.End] {
				if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) {
					end = p.Start + j + len(string(r))
				}
			}
			p.End = end
			return p
		}
	}
	return finding.Range{}
}

// join makes one finding of neighbours that are parts of the same person's
// name, so that "[LEARNER_1] [LEARNER_1]" reads [LEARNER_1].
func join(s string, findings []finding.Finding) []finding.Finding {
	out := findings[:0]
	for _, f := range findings {
		if n := len(out); n > 0 && f.Kind == finding.Person && out[n-1].Kind == finding.Person &&
			f.Person != "" && f.Person == out[n-1].Person && f.Group == out[n-1].Group && blank(s[out[n-1].End:f.Start]) {
			out[n-1].End = f.End
			out[n-1].Score = max(out[n-1].Score, f.Score)
			if f.Outcome == finding.Redact {
				out[n-1].Outcome = finding.Redact
			}
			continue
		}
		out = append(out, f)
	}
	return out
}

func blank(s string) bool { return strings.Trim(s, " -\u00a0") == "" }

// uncovered leaves out kept candidates whose letters went anyway.
func uncovered(kept, findings []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(kept, func(k finding.Finding) bool {
		return slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Start < k.End && k.Start < f.End })
	})
}

// order is total over everything a candidate holds.
func order(a, b *finding.Candidate) int {
	if a.Line != b.Line || a.Start != b.Start || a.End != b.End {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	}
	return cmp.Or(
		cmp.Compare(a.Kind, b.Kind),
		compareBool(a.Keep, b.Keep),
		cmp.Compare(b.Score, a.Score),
		cmp.Compare(a.Recognizer, b.Recognizer),
		cmp.Compare(a.Person, b.Person),
		cmp.Compare(a.Key, b.Key),
		cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Why, b.Why))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func logit(p float64) float64 {
	const edge = 1e-6
	p = min(max(p, edge), 1-edge)
	return math.Log(p / (1 - p))
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
