// Package measure reads annotated conversations, writes what an engine found
// in them, and scores one against the other.
//
// The form is JSON Lines: an object a line with id, text, spans, and where it
// applies speaker, roster, keep and ambiguous. Offsets are Unicode code points.
package measure

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// Span is a marked range, in code points.
type Span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Type  string `json:"type,omitempty"`
	Class string `json:"class,omitempty"`
	// Person is whose identifier it is.
	Person string `json:"person,omitempty"`
	// Origin is the culture the name comes from, where gold tells.
	Origin string `json:"origin,omitempty"`
	// Group joins the parts of one identifier that is cut between lines.
	Group any `json:"group,omitempty"`
	// Quoted lies in what a chat reply or reaction repeats; Truncated is cut off
	// there.
	Quoted    bool `json:"quoted,omitempty"`
	Truncated bool `json:"truncated,omitempty"`
}

// Record is one annotated line.
type Record struct {
	ID        string   `json:"id"`
	Speaker   string   `json:"speaker,omitempty"`
	Text      string   `json:"text"`
	Spans     []Span   `json:"spans"`
	Keep      []Span   `json:"keep,omitempty"`
	Ambiguous []Span   `json:"ambiguous,omitempty"`
	Roster    []string `json:"roster,omitempty"`
}

// ReadGold reads records and checks them: ids are unique, spans lie in their
// text. The error names the line and holds no text.
func ReadGold(r io.Reader) ([]Record, error) {
	var out []Record
	seen := map[string]bool{}
	err := eachLine(r, func(n int, data []byte) error {
		rec, err := parseRecord(data)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if seen[rec.ID] {
			return fmt.Errorf("line %d: the id stands on an earlier line too", n)
		}
		seen[rec.ID] = true
		out = append(out, rec)
		return nil
	})
	return out, err
}

func parseRecord(data []byte) (Record, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return Record{}, errors.New("not a JSON object")
	}
	if fields["id"] == nil || fields["text"] == nil {
		return Record{}, errors.New("id or text is missing")
	}
	var rec Record
	if err := json.Unmarshal(data, &rec); err != nil {
		return Record{}, errors.New("a field has the wrong type")
	}
	length := utf8.RuneCountInString(rec.Text)
	for _, list := range [][]Span{rec.Spans, rec.Keep, rec.Ambiguous} {
		if err := checkSpans(list, length); err != nil {
			return Record{}, err
		}
	}
	for _, s := range rec.Spans {
		if s.Type == "" {
			return Record{}, errors.New("a span has no type")
		}
	}
	return rec, nil
}

func checkSpans(spans []Span, length int) error {
	for i, s := range spans {
		if s.Start < 0 || s.Start >= s.End || s.End > length {
			return fmt.Errorf("span %d is empty or outside the text", i+1)
		}
	}
	return nil
}

// eachLine calls f with every line that is not blank, numbered from 1.
func eachLine(r io.Reader, f func(n int, data []byte) error) error {
	b := bufio.NewReaderSize(r, 1<<16)
	for n := 1; ; n++ {
		data, err := b.ReadBytes('\n')
		if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 {
			if err := f(n, trimmed); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Options say how records are made into conversations.
type Options struct {
	// NoRoster leaves out who was there: neither the roster nor the speakers'
	// names are used. Who spoke stays known only as one voice or another.
	NoRoster bool
	// Lower brings every text to lower case first, letter by letter, so that
	// offsets stay.
	Lower bool
	// Progress, when set, is told after each session how many records of how
	// many are done.
	Progress func(done, total int)
}

// Group is the lines of one session.
type Group struct {
	Session string // "" for a line judged alone
	// Records are indexes into the records it was made of, in the order of the
	// conversation's lines.
	Records      []int
	Conversation finding.Conversation
}

// Conversations joins the lines of one session (ids
// "<session>/transcript/<n>" and "<session>/chat/<n>"); lines with other ids
// are judged alone.
func Conversations(records []Record, o Options) []Group {
	var out []Group
	at := map[string]int{}
	for i, r := range records {
		session, _, ok := address(r.ID)
		if !ok {
			out = append(out, Group{Records: []int{i}})
			continue
		}
		k, ok := at[session]
		if !ok {
			k = len(out)
			at[session] = k
			out = append(out, Group{Session: session})
		}
		out[k].Records = append(out[k].Records, i)
	}
	for k := range out {
		inOrder(out[k].Records, records)
		conversation(&out[k], records, o)
	}
	return out
}

// inOrder brings the lines of a session into the order of a Conversation: the
// transcript first, each channel by its numbers where the ids have them.
func inOrder(lines []int, records []Record) {
	type place struct {
		chat bool
		n    int
	}
	at := make(map[int]place, len(lines))
	for _, i := range lines {
		id := records[i].ID
		_, channel, _ := address(id)
		n, err := strconv.Atoi(id[strings.LastIndexByte(id, '/')+1:])
		if err != nil {
			n = 0 // stays where it is, next to others without a number
		}
		at[i] = place{channel == finding.Chat, n}
	}
	slices.SortStableFunc(lines, func(a, b int) int {
		return cmp.Or(compareBool(at[a].chat, at[b].chat), cmp.Compare(at[a].n, at[b].n))
	})
}

func address(id string) (session string, channel finding.Channel, ok bool) {
	parts := strings.Split(id, "/")
	if len(parts) < 3 {
		return "", "", false
	}
	switch c := finding.Channel(parts[len(parts)-2]); c {
	case finding.Transcript, finding.Chat:
		return strings.Join(parts[:len(parts)-2], "/"), c, true
	}
	return "", "", false
}

func conversation(g *Group, records []Record, o Options) {
	var people []finding.Participant
	if !o.NoRoster {
		people = participants(roster(g.Records, records))
	}
	voices := map[string]string{}
	for _, i := range g.Records {
		r := records[i]
		line := finding.Line{Channel: finding.Transcript, Text: r.Text}
		if _, c, ok := address(r.ID); ok {
			line.Channel = c
		}
		if o.Lower {
			line.Text = lower(r.Text)
		}
		line.Quotes = quotes(line.Text)
		if o.NoRoster {
			if r.Speaker != "" && voices[r.Speaker] == "" {
				voices[r.Speaker] = fmt.Sprintf("voice-%d", len(voices)+1)
			}
			line.Speaker = voices[r.Speaker]
		} else {
			line.SpeakerName = r.Speaker
			id, ok := voices[r.Speaker]
			if !ok {
				id = match(people, r.Speaker)
				voices[r.Speaker] = id
			}
			line.Speaker = id
		}
		g.Conversation.Lines = append(g.Conversation.Lines, line)
	}
	g.Conversation.People = people
}

// roster is everyone that any line of a session names, in the order in which
// they first stand there.
func roster(lines []int, records []Record) []string {
	var out []string
	seen := map[string]bool{}
	for _, i := range lines {
		for _, name := range records[i].Roster {
			if !seen[name] {
				seen[name] = true
				out = append(out, name)
			}
		}
	}
	return out
}

// participants makes people of full names. Names that follow each other and
// agree in the last are one person's given and preferred name when the second
// is short for the first.
func participants(names []string) []finding.Participant {
	var out []finding.Participant
	for _, n := range names {
		first, last := split(n)
		if k := len(out) - 1; k >= 0 && out[k].Last == last && last != "" && out[k].Preferred == "" && shortFor(first, out[k].First) {
			out[k].Preferred = first
			continue
		}
		id := fmt.Sprintf("roster-%d", len(out)+1)
		out = append(out, finding.Participant{ID: id, Label: fmt.Sprintf("PARTICIPANT_%d", len(out)+1), First: first, Last: last})
	}
	return out
}

func split(full string) (first, last string) {
	if l, f, ok := strings.Cut(full, ","); ok {
		return strings.TrimSpace(f), strings.TrimSpace(l)
	}
	words := strings.Fields(full)
	if len(words) == 0 {
		return "", ""
	}
	cut := 1
	for cut < len(words)-1 && !particle[strings.ToLower(words[cut])] {
		cut++
	}
	if len(words) == 1 {
		return words[0], ""
	}
	return strings.Join(words[:cut], " "), strings.Join(words[cut:], " ")
}

var particle = map[string]bool{"de": true, "del": true, "la": true, "van": true, "von": true, "der": true, "den": true, "di": true, "da": true, "dos": true, "al": true, "el": true, "bin": true, "ibn": true, "st.": true}

// shortFor reports whether a is likely what somebody named b goes by: it
// begins with the same letters, or b ends in it.
func shortFor(a, b string) bool {
	a, b = text.Fold(a), text.Fold(b)
	if len(a) < 2 || a == b {
		return false
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= 2 || strings.HasSuffix(b, a) || len(a) > 3 && strings.Contains(b, a[:3])
}

// match finds the person a speaker label means, "" when none or several do.
func match(people []finding.Participant, label string) string {
	if label == "" {
		return ""
	}
	words := map[string]bool{}
	for _, t := range text.Tokenize(label) {
		words[t.Norm] = true
		words[strings.TrimSuffix(t.Norm, "s")] = true
	}
	id, best := "", 0
	for _, p := range people {
		n := 0
		for _, name := range []string{p.First, p.Preferred, p.Last} {
			for _, t := range text.Tokenize(name) {
				if t.Shape.Word() && words[t.Norm] {
					n++
				}
			}
		}
		if n > best {
			id, best = p.ID, n
		} else if n == best {
			id = ""
		}
	}
	return id
}

// lower maps each letter to one letter (İ to i, ẞ to ß), so that offsets in code
// points stay. Offsets in bytes do not.
func lower(s string) string { return strings.Map(unicode.ToLower, s) }

var quoted = regexp.MustCompile(`(?s)^(?:Replying to|Reacted to|replying to|reacted to|Removed an? .{1,20}? reaction from|removed an? .{1,20}? reaction from) ["“](.*?)["”](?:\s*\n|\s+with\s+\S+\s*$|\s*$)`)

// quotes finds what a Zoom reply or reaction repeats.
func quotes(s string) []finding.Range {
	m := quoted.FindStringSubmatchIndex(s)
	if m == nil || m[2] == m[3] {
		return nil
	}
	return []finding.Range{{Start: m[2], End: m[3]}}
}
