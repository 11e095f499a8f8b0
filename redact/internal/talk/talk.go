// Package talk is tutoring talk for training: exchanges written for this project
// (written/), in which is marked what belongs to the lives of those who speak,
// and the lessons of the shared data.
package talk

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
)

//go:embed written
var written embed.FS

// Exchange is some lines that people said to each other.
type Exchange struct {
	Lines []Line
	// Number is its place among all that are written.
	Number int
	// People are the roster of a lesson.
	People []finding.Participant
}

// Line is what somebody said.
type Line struct {
	Who  string
	Chat bool
	Text string
	// Spans must go, in order; Doubts may go or stay.
	Spans  []Span
	Doubts []finding.Range
}

// Span is a byte range of a line that must go.
type Span struct {
	From, To int
	// Mark is the kind it is marked with: person school team club firm town handle
	// email phone id code age birthday address, other; of people also initial (a
	// letter or two), wordname (a name that is a word), nick and heard.
	Mark string
	// Name is the name that somebody has who is called by a nick, or whose name
	// speech recognition heard so.
	Name string
}

// marks are the kinds that may be marked, by what they count as.
var marks = map[string]string{
	"person": "person", "school": "school", "team": "team", "club": "club", "firm": "firm", "town": "town", "handle": "handle", "email": "email",
	"phone": "phone", "id": "id", "code": "code", "meeting": "code", "age": "age", "birthday": "birthday", "address": "address",
	"initial": "initial", "wordname": "wordname", "nick": "nick", "heard": "heard", "other": "other",
}

// types are those of the gold data.
var types = map[string]string{
	"PERSON": "person", "SCHOOL": "school", "ORG": "club", "LOCATION": "town", "HANDLE": "handle", "EMAIL": "email", "PHONE": "phone",
	"ID": "id", "MEETING": "code", "AGE": "age", "DATE_OF_BIRTH": "birthday", "ADDRESS": "address",
}

var marked = regexp.MustCompile(`\[\[([a-z]+)(?:=([^|\]]+))?\|(.*?)\]\]`)

// Written reads the exchanges: lines "A: text" with [[kind|what]] or, of people
// whose name is not what they are called, [[kind=name|what]]; a line "~chat" before
// an exchange that was typed, a blank line after each. Neighbours are often
// look-alikes of one another.
func Written() ([]Exchange, error) {
	names, err := fs.Glob(written, "written/*.txt")
	if err != nil {
		return nil, err
	}
	var out []Exchange
	for _, name := range names {
		data, err := written.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var e Exchange
		n, chat := 0, false
		for row := range strings.Lines(string(data) + "\n\n") {
			n++
			row = strings.TrimSpace(row)
			if row == "" {
				if len(e.Lines) > 0 {
					e.Number = len(out)
					out = append(out, e)
				}
				e, chat = Exchange{}, false
				continue
			}
			if row == "~chat" {
				chat = true
				continue
			}
			who, said, ok := strings.Cut(row, ": ")
			if !ok {
				return nil, fmt.Errorf("%s line %d: nobody says it", name, n)
			}
			l, err := parse(who, said)
			if err != nil {
				return nil, fmt.Errorf("%s line %d: %w", name, n, err)
			}
			l.Chat = chat
			e.Lines = append(e.Lines, l)
		}
	}
	return out, nil
}

// Apart divides exchanges into ten parts and gives nine of them and the one with a
// number from 0 to 9. Ten neighbours stay together, as they are often alike.
func Apart(all []Exchange, part int) (most, one []Exchange) {
	for _, e := range all {
		if e.Number/10%10 == part {
			one = append(one, e)
		} else {
			most = append(most, e)
		}
	}
	return most, one
}

// Half tells in which of two halves an exchange is, 0 or 1: what one model proposes
// in a half that it has not learnt from, another can learn to judge.
func (e Exchange) Half() int { return e.Number / 10 % 2 }

func parse(who, said string) (Line, error) {
	l := Line{Who: who}
	at := 0
	for _, m := range marked.FindAllStringSubmatchIndex(said, -1) {
		l.Text += said[at:m[0]]
		from := len(l.Text)
		l.Text += said[m[6]:m[7]]
		mark, ok := marks[said[m[2]:m[3]]]
		if !ok {
			return l, fmt.Errorf("kind %s is unknown", said[m[2]:m[3]])
		}
		span := Span{From: from, To: len(l.Text), Mark: mark}
		if m[4] >= 0 {
			span.Name = said[m[4]:m[5]]
		}
		l.Spans = append(l.Spans, span)
		at = m[1]
	}
	l.Text += said[at:]
	if strings.Contains(l.Text, "[[") {
		return l, fmt.Errorf("a mark does not end")
	}
	return l, nil
}

// Lessons reads the tutoring sessions of the shared data, each channel as one
// exchange: dev-01 to dev-15 for training, the others held out.
func Lessons(shared string) (train, held []Exchange, err error) {
	data, err := os.ReadFile(filepath.Join(shared, "data", "tutoring", "gold.jsonl"))
	if err != nil {
		return nil, nil, err
	}
	last := ""
	for row := range bytes.Lines(data) {
		var rec record
		if err := json.Unmarshal(row, &rec); err != nil {
			return nil, nil, err
		}
		to := &train
		if rec.ID >= "dev-16" {
			to = &held
		}
		name := rec.ID[:strings.LastIndex(rec.ID, "/")]
		if name != last {
			last = name
			*to = append(*to, Exchange{People: people(rec.Roster)})
		}
		e := &(*to)[len(*to)-1]
		e.Lines = append(e.Lines, rec.line())
	}
	return train, held, nil
}

// Scenes reads the dialogue of friends-dev of the shared data, in which people's
// names are marked: small talk without a lesson. Every third scene is held out.
func Scenes(shared string) ([]Exchange, error) {
	data, err := os.ReadFile(filepath.Join(shared, "data", "ner", "friends-dev.jsonl"))
	if err != nil {
		return nil, err
	}
	var out []Exchange
	n := 0
	for row := range bytes.Lines(data) {
		var rec scene
		if err := json.Unmarshal(row, &rec); err != nil {
			return nil, err
		}
		if n++; n%3 != 1 {
			out = append(out, rec.exchange())
		}
	}
	return out, nil
}

type scene struct {
	Text  string
	Lines []struct {
		Speaker    string
		Start, End int
	}
	Spans []struct {
		Start, End int
		Type       string
	}
}

func (rec scene) exchange() Exchange {
	var e Exchange
	at := offsets(rec.Text)
	for _, l := range rec.Lines {
		line := Line{Who: l.Speaker, Text: rec.Text[at[l.Start]:at[l.End]]}
		for _, s := range rec.Spans {
			if s.Type == "PERSON" && l.Start <= s.Start && s.End <= l.End {
				line.Spans = append(line.Spans, Span{From: at[s.Start] - at[l.Start], To: at[s.End] - at[l.Start], Mark: "person"})
			}
		}
		e.Lines = append(e.Lines, line)
	}
	return e
}

type record struct {
	ID, Speaker, Text string
	Roster            []string
	Ambiguous         []struct{ Start, End int }
	Spans             []struct {
		Start, End int
		Type       string
	}
}

func (rec record) line() Line {
	l := Line{Who: rec.Speaker, Chat: strings.Contains(rec.ID, "/chat/"), Text: rec.Text}
	at := offsets(rec.Text)
	for _, s := range rec.Spans {
		mark := types[s.Type]
		if mark == "" {
			mark = "other"
		}
		l.Spans = append(l.Spans, Span{From: at[s.Start], To: at[s.End], Mark: mark})
	}
	for _, s := range rec.Ambiguous {
		l.Doubts = append(l.Doubts, finding.Range{Start: at[s.Start], End: at[s.End]})
	}
	return l
}

// people are a roster of full names.
func people(roster []string) []finding.Participant {
	var out []finding.Participant
	for n, name := range roster {
		first, last, _ := strings.Cut(name, " ")
		out = append(out, finding.Participant{ID: fmt.Sprint(n + 1), Label: fmt.Sprintf("LEARNER_%d", n+1), First: first, Last: last})
	}
	return out
}

// offsets are the byte offsets of code points.
func offsets(s string) []int {
	var out []int
	for i := range s {
		out = append(out, i)
	}
	return append(out, len(s))
}

// Conversation gives the exchange as recognizers see it, cut into tokens. Those
// who speak are known by nothing but a letter, or by the label that was shown.
func (e Exchange) Conversation() *finding.Conversation {
	c := &finding.Conversation{People: e.People}
	for _, l := range e.Lines {
		line := finding.Line{Channel: finding.Transcript, Speaker: l.Who, Text: l.Text}
		if l.Chat {
			line.Channel = finding.Chat
		}
		if len(l.Who) > 1 {
			line.Speaker, line.SpeakerName = "", l.Who
		}
		c.Lines = append(c.Lines, line)
	}
	return c.Cut()
}

// At gives the span that holds a byte, if any.
func (l Line) At(at int) (Span, bool) {
	for _, s := range l.Spans {
		if s.From <= at && at < s.To {
			return s, true
		}
	}
	return Span{}, false
}
