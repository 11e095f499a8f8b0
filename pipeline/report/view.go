package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/audit"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/tally"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// Count is one row of a table of counts.
type Count struct {
	Name, Meaning string
	N             int
	Bar           float64 // 0 to 100, of the largest in its table
}

// Notice is something the officer has to know before signing.
type Notice struct{ Text, See string }

// drawn is Data with its maps in a fixed order and its sums made.
type drawn struct {
	Data
	Style     style
	Flow      Flow
	Verdict   Verdict
	Notices   []Notice
	Excluded  []Count
	Parts     []Part
	Withheld  []Count
	OptedOut  []Count
	Dropped   []DroppedRow
	Unread    []Count // quarantined sessions by what is wrong
	Expiring  []Count
	Kinds     []Kind
	Engine    []Count // redactions by recognizer
	Redacted  int
	Silenced  []SilenceRow
	SilentMS  int64
	LeftOut   []Count
	Stops     []audit.Hit
	Listed    []audit.Hit
	ListedBy  []Count
	ListedN   int
	DoubtsBy  []Count
	FirstLook []tally.Doubt
	MoreLook  []tally.Doubt
}

// Verdict is the first thing on the page.
type Verdict struct {
	Stop        bool
	Title, Text string
}

// Part is how many planned sessions share a modality.
type Part struct {
	Name        string
	Shared, Out int
	Bar         float64 // of the planned sessions, 0 to 100
}

// DroppedRow is what consent took out of one modality.
type DroppedRow struct {
	Name string
	tally.Dropped
}

// Kind is the redactions of one kind.
type Kind struct {
	Name        finding.Kind
	N, Kept     int
	Bar         float64
	Recognizers []Count
}

// SilenceRow is the silence for one reason.
type SilenceRow struct {
	Reason    string
	Intervals int
	MS        int64
	Bar       float64
}

// firstDoubts is how many doubtful places stand open on the page.
const firstDoubts = 25

func view(d Data) drawn {
	v := drawn{Data: d, Flow: flow(d)}
	v.Excluded = counts(d.Plan.Excluded, func(r plan.Reason) string { return r.Words() })
	for _, m := range modalities(d.Plan.Withheld) {
		for _, c := range counts(d.Plan.Withheld[m], func(r plan.Reason) string { return r.Words() }) {
			c.Name = string(m) + ": " + c.Name
			v.Withheld = append(v.Withheld, c)
		}
	}
	bars(v.Withheld)
	v.parts()
	v.OptedOut = counts(d.Plan.OptedOut, func(r string) string { return consentWords[r] })
	for _, m := range modalities(d.Summary.Dropped) {
		if s := d.Summary.Dropped[m]; s != (tally.Dropped{}) {
			v.Dropped = append(v.Dropped, DroppedRow{string(m), s})
		}
	}
	for _, m := range modalities(d.Plan.Expiring) {
		if n := d.Plan.Expiring[m]; n > 0 {
			v.Expiring = append(v.Expiring, Count{Name: string(m), N: n})
		}
	}
	v.Unread = unread(d.Summary.Quarantined)
	v.redactions()
	v.sound()
	v.audit()
	v.doubts()
	v.Verdict = verdict(v)
	v.Notices = notices(v)
	return v
}

// counts orders a map by number, the largest first, then by code.
func counts[K ~string](by map[K]int, words func(K) string) []Count {
	var out []Count
	for _, k := range slices.Sorted(maps.Keys(by)) {
		if by[k] != 0 {
			out = append(out, Count{Name: string(k), Meaning: words(k), N: by[k]})
		}
	}
	slices.SortStableFunc(out, func(a, b Count) int { return cmp.Compare(b.N, a.N) })
	bars(out)
	return out
}

func bars(counts []Count) {
	most := 1
	for _, c := range counts {
		most = max(most, c.N)
	}
	for i := range counts {
		counts[i].Bar = share(int64(counts[i].N), int64(most))
	}
}

// share is in hundredths. What is not nothing stays visible.
func share(n, of int64) float64 {
	if n <= 0 || of <= 0 {
		return 0
	}
	return max(0.5, 100*float64(n)/float64(of))
}

// modalities are those of a map: the known ones in their order, then others.
func modalities[V any](by map[session.Modality]V) []session.Modality {
	place := func(m session.Modality) int {
		if i := slices.Index(session.Modalities[:], m); i >= 0 {
			return i
		}
		return len(session.Modalities)
	}
	return slices.SortedFunc(maps.Keys(by), func(a, b session.Modality) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	})
}

func (v *drawn) parts() {
	if v.Plan.Sessions <= 0 {
		return
	}
	for _, m := range session.Modalities {
		out := 0
		for _, n := range v.Plan.Withheld[m] {
			out += n
		}
		shared := v.Plan.Sessions - out
		v.Parts = append(v.Parts, Part{string(m), shared, out, share(int64(shared), int64(v.Plan.Sessions))})
	}
}

func unread(list []tally.Quarantine) []Count {
	by := map[string]int{}
	for _, q := range list {
		by[q.File+": "+q.What]++
	}
	return counts(by, func(string) string { return "" })
}

func (v *drawn) redactions() {
	kinds := map[finding.Kind]Kind{}
	engine := map[string]int{}
	for k, by := range v.Summary.Redactions {
		row := Kind{Name: k, Recognizers: counts(by, func(string) string { return "" })}
		for recognizer, n := range by {
			row.N += n
			engine[recognizer] += n
		}
		kinds[k] = row
		v.Redacted += row.N
	}
	for k, n := range v.Summary.Kept {
		row := kinds[k]
		row.Name, row.Kept = k, n
		kinds[k] = row
	}
	most := 1
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		if row := kinds[k]; row.N != 0 || row.Kept != 0 {
			v.Kinds = append(v.Kinds, row)
			most = max(most, row.N)
		}
	}
	slices.SortStableFunc(v.Kinds, func(a, b Kind) int { return cmp.Compare(b.N, a.N) })
	for i := range v.Kinds {
		v.Kinds[i].Bar = share(int64(v.Kinds[i].N), int64(most))
	}
	v.Engine = counts(engine, func(string) string { return "" })
}

func (v *drawn) sound() {
	var most int64 = 1
	for _, s := range v.Summary.Silenced {
		most = max(most, s.MS)
		v.SilentMS += s.MS
	}
	for _, r := range slices.Sorted(maps.Keys(v.Summary.Silenced)) {
		s := v.Summary.Silenced[r]
		v.Silenced = append(v.Silenced, SilenceRow{r, s.Intervals, s.MS, share(s.MS, most)})
	}
	v.LeftOut = counts(v.Summary.AudioLeftOut, func(r string) string { return audioWords[r] })
}

func (v *drawn) audit() {
	for _, h := range v.Audit.Hits {
		if h.Listed == "" {
			v.Stops = append(v.Stops, h)
		} else {
			v.Listed = append(v.Listed, h)
		}
	}
	v.ListedBy = counts(v.Audit.Listed, func(string) string { return "" })
	for _, c := range v.ListedBy {
		v.ListedN += c.N
	}
}

func (v *drawn) doubts() {
	by := map[string]int{}
	for _, d := range v.Doubts {
		outcome := "removed"
		if d.Kept {
			outcome = "left"
		}
		by[kindWords(d.Kind)+", "+outcome]++
	}
	v.DoubtsBy = counts(by, func(string) string { return "" })
	n := min(len(v.Doubts), firstDoubts)
	v.FirstLook, v.MoreLook = v.Doubts[:n], v.Doubts[n:]
}

// verdict says first whether the bundle may be signed at all, and never more
// than the audit knows.
func verdict(v drawn) Verdict {
	a := v.Audit
	switch {
	case a.Stops > 0:
		return Verdict{true, "Stopped. Do not approve.",
			fmt.Sprintf("The leak audit found %s of what the source knows somebody by, left in this bundle. The places stand under “Leak audit”. It cannot be approved; return it to the data team.",
				plural(a.Stops, "occurrence", "occurrences"))}
	case !a.Passed():
		return Verdict{true, "Stopped. Do not approve.",
			"The leak audit read no file, so nobody has looked for names in this bundle. It cannot be approved; return it to the data team."}
	case a.Terms == 0:
		return Verdict{true, "Not audited. Do not approve.",
			"The leak audit was given no name and no identifier to look for, so that it found none says nothing. Return it to the data team."}
	case v.Flow.Unsound != "":
		return Verdict{true, "The numbers contradict each other. Do not approve.",
			"The leak audit passed, but sessions are unaccounted for: " + v.Flow.Unsound + ". Return it to the data team."}
	}
	text := fmt.Sprintf("It read %s and %s, and looked for %s by which the source knows people, with code that shares nothing with the redaction engine. ",
		plural(a.Cells, "table value", "table values"), plural(a.Files, "file", "files"), plural(a.Terms, "name or identifier", "names and identifiers"))
	if v.ListedN > 0 {
		text += fmt.Sprintf("It found none of them, but for %s that it does not count as leaks; they are listed under “Leak audit”. ", plural(v.ListedN, "occurrence", "occurrences"))
	} else {
		text += "It found none of them. "
	}
	return Verdict{false, "The leak audit passed. The decision is yours.",
		text + "It cannot find people the source does not know; the doubtful places and the random sample are for that."}
}

// notices are what may not be overlooked, the gravest first.
func notices(v drawn) []Notice {
	var out []Notice
	say := func(when bool, see, text string, args ...any) {
		if when {
			out = append(out, Notice{fmt.Sprintf(text, args...), see})
		}
	}
	lines := v.Summary.Utterances + v.Summary.Messages
	if v.Verdict.Stop && v.Flow.Unsound != "" {
		say(true, "flow", "Sessions are unaccounted for: %s.", v.Flow.Unsound)
	}
	say(v.Redacted == 0 && lines > 0, "removed", "Nothing was removed from %s of text. With people in the sessions this hardly ever happens: read the sample before you sign, and ask the data team why.", plural(lines, "line", "lines"))
	say(v.Summary.Sessions == 0, "flow", "No session leaves: the bundle is empty.")
	say(len(v.Recipients) == 0, "recipients", "No recipient is listed: nothing can be released.")
	for _, r := range v.Recipients {
		until, err := time.Parse(time.DateOnly, r.Until)
		name := "\u2068" + r.Name + "\u2069" // its writing direction ends with it (UAX #9, 2.5)
		say(err != nil, "recipients", "The agreement of %s gives no day until which it is in force.", name)
		say(err == nil && v.Made.UTC().Truncate(24*time.Hour).After(until), "recipients", "The agreement of %s was in force until %s only.", name, r.Until)
	}
	say(v.Plan.Breaches > 0, "held-back", "%s at the source still %s files past the platform’s retention. They were not read. The platform has to delete them.",
		plural(v.Plan.Breaches, "session", "sessions"), verb(v.Plan.Breaches, "has", "have"))
	say(len(v.Summary.Quarantined) > 0, "held-back", "%s could not be read and %s left out.",
		plural(len(v.Summary.Quarantined), "session", "sessions"), verb(len(v.Summary.Quarantined), "was", "were"))
	say(v.ListedN > 0, "audit", "%s of words that are also somebody’s name or number %s left in place and listed.",
		plural(v.ListedN, "occurrence", "occurrences"), verb(v.ListedN, "was", "were"))
	say(len(v.Sample) == 0 && lines > 0, "sample", "No random sample was drawn, although text leaves.")
	return out
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
