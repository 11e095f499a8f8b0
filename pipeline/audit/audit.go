// Package audit looks for the people of the source in a finished bundle,
// before anybody may approve it.
//
// It is the second pair of eyes: it shares no code and no word list with the
// redaction engine, so that one mistake cannot blind both. It reads what the
// researcher will read (tables decoded, audio containers, descriptors, paths)
// and knows only what the source says of its people.
//
// A hit stops the run. Three things are not a stop but are counted and listed
// by place for the privacy officer: a name that is also an everyday word or a
// curricular name; a name that the engine examined and declared as kept (a
// word problem's Maria, when some Maria is in the source, but not in this
// session); and a bare short number that equals somebody's number.
package audit

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Place is where something stands in a bundle. It names, it never quotes.
type Place struct {
	File   string `json:"file"`            // path within the bundle
	Table  string `json:"table,omitempty"` // for a Parquet part
	Column string `json:"column,omitempty"`
	Row    int    `json:"row"` // from 0, within the file
}

// Hit is one occurrence of something the source knows a person by.
type Hit struct {
	Place
	Kind Kind `json:"kind"`
	// Own says that it is a name of somebody in the row's own session.
	Own bool `json:"own_session"`
	// Listed is empty for a hit that stops the run, else why it does not.
	Listed string `json:"listed,omitempty"`
}

// Result is what an audit found. It passes when nothing stops it.
type Result struct {
	Cells int   `json:"cells"` // table values read
	Files int   `json:"files"` // files read
	Bytes int64 `json:"bytes"`
	Terms int   `json:"terms"` // names and identifiers looked for
	Stops int   `json:"stops"`
	// Listed counts what is not a stop, by why.
	Listed map[string]int `json:"listed,omitempty"`
	// Hits holds the first hits that stop the run, then the first listed ones
	// that name somebody of the row's own session, then others. All are counted.
	Hits []Hit `json:"hits,omitempty"`
}

// maxHits bounds how many places are kept, so that a bundle full of leaks does
// not fill memory.
const maxHits = 1000

// Passed reports whether the bundle may be reviewed.
func (r Result) Passed() bool { return r.Stops == 0 && r.Files > 0 }

func (r *Result) add(h Hit) {
	if h.Listed == "" {
		r.Stops++
	} else {
		if r.Listed == nil {
			r.Listed = map[string]int{}
		}
		r.Listed[h.Listed]++
	}
	at := len(r.Hits)
	for rank := h.rank(); at > 0 && r.Hits[at-1].rank() > rank; at-- {
	}
	if at < maxHits {
		r.Hits = slices.Insert(r.Hits, at, h)
		r.Hits = r.Hits[:min(len(r.Hits), maxHits)]
	}
}

// rank is how much a hit matters to an officer, 0 most: what stops the run,
// then names of the session's own people, then the rest.
func (h Hit) rank() int {
	switch {
	case h.Listed == "":
		return 0
	case h.Own:
		return 1
	}
	return 2
}

// Why an occurrence is listed and does not stop the run.
const (
	EverydayWord = "everyday or curricular word"
	DeclaredKept = "examined and kept by the engine"
	Description  = "word by which the study describes itself"
	ShortNumber  = "number too short to identify"
)

// Range is a half-open byte range.
type Range struct{ Start, End int }

// Cell names a table value within a session: the table, the row's index
// column, and the column.
type Cell struct {
	Table  string
	Index  int
	Column string
}

// SessionScope is what is known of one session of the bundle.
type SessionScope struct {
	Own *Terms
	// Kept are the byte ranges of values that the engine declared as examined
	// and kept.
	Kept map[Cell][]Range
}

func (s SessionScope) cell(c Cell) Scope {
	kept := s.Kept[c]
	return Scope{Own: s.Own, Kept: func(start, end int) bool {
		for _, r := range kept {
			if start < r.End && r.Start < end {
				return true
			}
		}
		return false
	}}
}

// Scope is what is known about one text.
type Scope struct {
	// Own are the names of the session's people; nil outside a session.
	Own *Terms
	// Kept reports whether the engine declared the byte range as examined and
	// kept.
	Kept func(start, end int) bool
	// Described says that the text is not what anybody said, but how the bundle
	// describes itself.
	Described bool
}

// Scan reports every hit in one text.
func (t *Terms) Scan(text string, scope Scope, report func(Kind, bool, string)) {
	plain := withoutCodes(text)
	t.scanNames(plain, scope, report)
	t.scanExact(text, report)
	t.scanNumbers(plain, report)
}

// random are what is drawn or computed and holds letters by chance: UUIDs (RFC
// 9562) and SHA-256 digests. Among a few thousand of them one holds "bae".
var random = regexp.MustCompile(`\b(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b`)

// withoutCodes blanks random codes, byte for byte, so that ranges stay true.
// Identifiers of the source that look like one are looked up before.
func withoutCodes(text string) string {
	if len(text) < 36 {
		return text
	}
	return random.ReplaceAllStringFunc(text, func(code string) string { return strings.Repeat(" ", len(code)) })
}

func (t *Terms) scanNames(text string, scope Scope, report func(Kind, bool, string)) {
	at := words(text)
	folded := make([]string, len(at))
	for i, w := range at {
		folded[i] = fold(text[w.start:w.end])
	}
	for i := 0; i < len(at); i++ {
		if n := t.phrase(text, at[i:], folded[i:]); n > 0 {
			listed := ""
			if t.allEveryday(folded[i : i+n]) {
				listed = EverydayWord
			}
			report(FullName, scope.Own != nil && scope.Own.phrases[scope.Own.hash(strings.Join(folded[i:i+n], " "))], listed)
			i += n - 1
			continue
		}
		if !t.names[t.hash(folded[i])] {
			continue
		}
		own := scope.Own != nil && scope.Own.names[scope.Own.hash(folded[i])]
		listed := ""
		switch {
		case t.everyday[folded[i]]:
			listed = EverydayWord
		case scope.Described && t.described[folded[i]]:
			listed = Description
		case !own && utf8.RuneCountInString(folded[i]) < 3:
			listed = EverydayWord // two letters of a stranger's name are any syllable
		case !own && scope.Kept != nil && scope.Kept(at[i].start, at[i].end):
			listed = DeclaredKept
		}
		report(Name, own, listed)
	}
}

// phrase is how many words from the first make up a name of several words,
// with nothing but blanks, commas, full stops and hyphens between them.
func (t *Terms) phrase(text string, at []span, folded []string) int {
	for n := min(t.longest, len(at)); n > 1; n-- {
		if !t.phrases[t.hash(strings.Join(folded[:n], " "))] {
			continue
		}
		together := true
		for k := 1; k < n; k++ {
			gap := text[at[k-1].end:at[k].start]
			together = together && len(gap) <= 3 && strings.Trim(gap, " ,.-\u00a0\n") == ""
		}
		if together {
			return n
		}
	}
	return 0
}

func (t *Terms) allEveryday(folded []string) bool {
	for _, w := range folded {
		if !t.everyday[w] {
			return false
		}
	}
	return true
}

// scanExact looks up every run without blanks, bare of surrounding marks, and
// every part of it between marks that no identifier holds.
func (t *Terms) scanExact(text string, report func(Kind, bool, string)) {
	lower := strings.ToLower(text)
	for _, run := range strings.FieldsFunc(lower, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`"'()<>[]{},;|=&?*`, r)
	}) {
		trimmed := strings.Trim(run, ".:!/\\")
		t.exactly(trimmed, report)
		for _, cut := range []string{"/", ":", "@", "\\"} {
			if strings.Contains(trimmed, cut) {
				for _, part := range strings.Split(trimmed, cut) {
					t.exactly(part, report)
				}
			}
		}
	}
}

func (t *Terms) exactly(s string, report func(Kind, bool, string)) {
	kind, ok := t.exact[t.hash(s)]
	if !ok || s == "" || kind == MeetingID {
		return
	}
	switch {
	case len(s) < 7 && onlyDigits(s) == s:
		report(kind, false, ShortNumber)
	case t.everyday[s]:
		report(kind, false, EverydayWord)
	default:
		report(kind, false, "")
	}
}

// scanNumbers finds meeting ids, whatever blanks and dashes part their digits.
func (t *Terms) scanNumbers(text string, report func(Kind, bool, string)) {
	for i := 0; i < len(text); {
		if text[i] < '0' || text[i] > '9' {
			i++
			continue
		}
		end := i
		var digits []byte
		for end < len(text) {
			c := text[end]
			if c >= '0' && c <= '9' {
				digits = append(digits, c)
			} else if (c != ' ' && c != '-') || end+1 >= len(text) || text[end+1] < '0' || text[end+1] > '9' {
				break
			}
			end++
		}
		// Zoom meeting ids have 9 to 11 digits; one may stand among others.
		for n := 9; n <= 11 && n <= len(digits); n++ {
			for k := 0; k+n <= len(digits); k++ {
				if t.exact[t.hash(string(digits[k:k+n]))] == MeetingID {
					report(MeetingID, false, "")
				}
			}
		}
		i = end
	}
}
