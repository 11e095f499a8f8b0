package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/pipeline/zoom"
	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// maxFile bounds a file that RedactFile holds in memory: a conversation is
// judged as a whole.
const maxFile = 256 << 20

// Explained is a finding of RedactFile with where it stands.
type Explained struct {
	Line int // from 1
	finding.Finding
}

// RedactFile redacts one transcript (WebVTT), chat file or plain text, with no
// study at all. Line ends, times and everything else outside what is redacted
// come back byte for byte; the names before the colons become [SPEAKER_1],
// [SPEAKER_2], …, in the order they first speak, or the roster's labels.
// explain, when not nil, is told every finding and every kept candidate.
func RedactFile(ctx context.Context, engine *redact.Engine, in io.Reader, out io.Writer, roster []finding.Participant, explain func(Explained)) error {
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return fmt.Errorf("reading the text: %w", err)
	}
	if len(data) > maxFile {
		return fmt.Errorf("the text is larger than %d MiB; cut it into sessions", maxFile>>20)
	}
	if !utf8.Valid(data) {
		return errors.New("the text is not valid UTF-8; convert it first, for example with iconv")
	}
	f := script{roster: roster, ids: map[string]string{}}
	f.cut(string(data))
	result, err := engine.Redact(ctx, f.conversation)
	if err != nil {
		return err
	}
	return f.write(out, result, explain)
}

// script is a file cut into what is said and what is only around it.
type script struct {
	roster       []finding.Participant
	conversation finding.Conversation
	parts        []part
	ids          map[string]string // a speaker's name as printed, to its id
	talker       string            // whose cue or chat record goes on, as printed
}

// part is a piece of the file: verbatim, a speaker's name, or a line of the
// conversation.
type part struct {
	verbatim string
	speaker  string // as printed
	line     int    // index into the conversation, from 1; 0 when none
	at       int    // line of the file, from 1
}

var (
	cueTimes  = regexp.MustCompile(`^\s*(?:\d{2,}:)?\d{2}:\d{2}[.,]\d{3}\s+-->`)
	cueID     = regexp.MustCompile(`^\d+$`)
	voiceTag  = regexp.MustCompile(`^(\s*<v(?:\.[^\s>]*)?\s+)([^>]+)(>)`)
	timeOfDay = regexp.MustCompile(`\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm]\b)?`)
	repeated  = regexp.MustCompile(`^\s*(?:[Rr]eplying to|[Rr]eacted to|[Rr]emoved an? .{1,20} reaction from) ["“](.*?)["”]?(?: with \S+)?$`)
)

// signature begins every WebVTT file.
const signature = "WEBVTT"

// cut goes through the file line by line and keeps every byte in some part.
// Who speaks where, package zoom says; whatever it does not know is text.
func (f *script) cut(text string) {
	f.conversation.People = f.roster
	if strings.HasPrefix(strings.TrimPrefix(text, "\ufeff"), signature) {
		f.transcript(text)
	} else {
		f.chat(text)
	}
}

func (f *script) transcript(text string) {
	labels := map[string]bool{}
	for c, err := range zoom.Transcript(strings.NewReader(text)) {
		if err == nil && c.Speaker != "" {
			labels[c.Speaker] = true
		}
	}
	inCue := false
	for number, l := range fileLines(text) {
		switch {
		case cueTimes.MatchString(l.body):
			inCue, f.talker = true, ""
			f.verbatim(l.body)
		case l.body == "":
			inCue = false
		case inCue:
			f.said(l.body, number, labels)
		case number == 1:
			at := strings.Index(l.body, signature) + len(signature)
			f.verbatim(l.body[:at])
			f.line(l.body[at:], number, "", finding.Transcript)
		case cueID.MatchString(l.body):
			f.verbatim(l.body)
		default: // a note may name anybody
			f.line(l.body, number, "", finding.Transcript)
		}
		f.verbatim(l.end)
	}
}

// said takes the label off a line of a cue.
func (f *script) said(body string, number int, labels map[string]bool) {
	if m := voiceTag.FindStringSubmatch(body); m != nil {
		f.verbatim(m[1])
		f.named(m[2])
		f.verbatim(m[3])
		f.talker = m[2]
		body = body[len(m[0]):]
	} else if at := labelEnd(body, labels); at > 0 {
		f.talker = strings.TrimSpace(body[:at])
		f.named(body[:at])
		rest := strings.TrimLeft(body[at+1:], " ")
		f.verbatim(body[at : len(body)-len(rest)])
		body = rest
	}
	f.line(body, number, f.talker, finding.Transcript)
}

// labelEnd is where the colon behind the longest known label stands, 0 when
// the line begins with none.
func labelEnd(body string, labels map[string]bool) int {
	end := 0
	for i := range len(body) {
		if body[i] == ':' && labels[strings.TrimSpace(body[:i])] {
			end = i
		}
	}
	return end
}

func (f *script) chat(text string) {
	headers := map[int]zoom.Message{}
	for m, err := range zoom.Chat(strings.NewReader(text)) {
		if err == nil {
			headers[m.Line] = m
		}
	}
	captions := map[int]zoom.Cue{}
	if len(headers) == 0 { // not a chat: captions saved on a computer, or any text
		for c, err := range zoom.Transcript(strings.NewReader(text)) {
			if err == nil && c.Clock {
				captions[c.Line] = c
			}
		}
	}
	for number, l := range fileLines(text) {
		if m, ok := headers[number]; ok {
			f.header(l.body, number, m)
		} else if c, ok := captions[number]; ok {
			f.caption(l.body, number, c)
		} else {
			f.line(l.body, number, f.talker, finding.Chat)
		}
		f.verbatim(l.end)
	}
}

// caption takes the name out of the line in front of a saved caption:
// "[Name] 10:00:05".
func (f *script) caption(body string, number int, c zoom.Cue) {
	f.talker = c.Speaker
	before, after, found := strings.Cut(body, c.Speaker)
	if c.Speaker == "" || !found {
		f.line(body, number, "", finding.Chat)
		return
	}
	f.verbatim(before)
	f.named(c.Speaker)
	f.verbatim(after)
}

// header takes the names out of the line that begins a chat record. Where they
// do not stand in it as they were read, the whole line is text: the names are
// known all the same.
func (f *script) header(body string, number int, m zoom.Message) {
	f.talker = m.Sender
	f.speaker(m.Sender)
	at := 0
	if t := timeOfDay.FindStringIndex(body); t != nil {
		at = t[1]
	}
	sender := wordIndex(body, m.Sender, at)
	if sender < 0 {
		f.line(body, number, "", finding.Chat)
		return
	}
	f.verbatim(body[:sender])
	f.named(m.Sender)
	rest := body[sender+len(m.Sender):]
	if to := wordIndex(rest, m.To.Name, 0); to >= 0 {
		f.verbatim(rest[:to])
		f.named(m.To.Name)
		rest = rest[to+len(m.To.Name):]
	}
	if colon := strings.IndexByte(rest, ':'); colon >= 0 {
		said := strings.TrimLeft(rest[colon+1:], " \t")
		f.verbatim(rest[:len(rest)-len(said)])
		rest = said
	}
	f.line(rest, number, m.Sender, finding.Chat)
}

// wordIndex is where a name begins behind a blank, at from or later; -1 when it
// does not, or is "".
func wordIndex(s, name string, from int) int {
	for at := from; name != "" && at < len(s); at++ {
		i := strings.Index(s[at:], name)
		if i < 0 {
			return -1
		}
		if at += i; at == 0 || s[at-1] == ' ' || s[at-1] == '\t' {
			return at
		}
	}
	return -1
}

// fileLine is a line and what ends it.
type fileLine struct{ body, end string }

// fileLines yields lines from 1, each ended by LF, CRLF or CR as in package
// zoom.
func fileLines(text string) iter.Seq2[int, fileLine] {
	return func(yield func(int, fileLine) bool) {
		for number := 1; text != ""; number++ {
			at := strings.IndexAny(text, "\r\n")
			end := at + 1
			switch {
			case at < 0:
				at, end = len(text), len(text)
			case strings.HasPrefix(text[at:], "\r\n"):
				end++
			}
			if !yield(number, fileLine{text[:at], text[at:end]}) {
				return
			}
			text = text[end:]
		}
	}
}

func (f *script) verbatim(s string) { f.parts = append(f.parts, part{verbatim: s}) }

// named puts a label in the place of a printed name, and keeps the blanks
// around it.
func (f *script) named(printed string) {
	name := strings.TrimSpace(printed)
	before, after, _ := strings.Cut(printed, name)
	f.speaker(name)
	f.verbatim(before)
	f.parts = append(f.parts, part{speaker: name})
	f.verbatim(after)
}

func (f *script) line(text string, number int, speaker string, channel finding.Channel) {
	l := finding.Line{Channel: channel, Speaker: f.speaker(speaker), SpeakerName: speaker, Text: text}
	if m := repeated.FindStringSubmatchIndex(text); channel == finding.Chat && m != nil && m[2] < m[3] {
		l.Quotes = []finding.Range{{Start: m[2], End: m[3]}}
	}
	f.conversation.Lines = append(f.conversation.Lines, l)
	f.parts = append(f.parts, part{line: len(f.conversation.Lines), at: number})
}

// speaker gives a printed name an id; a name that is in the roster keeps the
// roster's.
func (f *script) speaker(name string) string {
	if name == "" {
		return ""
	}
	if id, known := f.ids[name]; known {
		return id
	}
	for _, p := range f.roster {
		if strings.EqualFold(strings.TrimSpace(p.First+" "+p.Last), name) || p.Preferred != "" && strings.EqualFold(p.Preferred, name) {
			f.ids[name] = p.ID
			return p.ID
		}
	}
	n := len(f.conversation.People) - len(f.roster) + 1
	p := finding.Participant{ID: fmt.Sprintf("speaker %d", n), Label: fmt.Sprintf("SPEAKER_%d", n), Other: []string{name}}
	f.conversation.People = append(f.conversation.People, p)
	f.ids[name] = p.ID
	return p.ID
}

func (f *script) write(out io.Writer, result redact.Result, explain func(Explained)) error {
	labels := map[string]string{}
	for _, p := range f.conversation.People {
		labels[p.ID] = "[" + p.Label + "]"
	}
	var b bytes.Buffer
	for _, p := range f.parts {
		switch {
		case p.line > 0:
			l := result.Lines[p.line-1]
			b.WriteString(l.Text)
			if explain != nil {
				for _, found := range [][]finding.Finding{l.Findings, l.Kept} {
					for _, one := range found {
						explain(Explained{p.at, one})
					}
				}
			}
		case p.speaker != "":
			b.WriteString(labels[f.speaker(p.speaker)])
		default:
			b.WriteString(p.verbatim)
		}
	}
	_, err := out.Write(b.Bytes())
	return err
}

// ReadRoster reads a roster for RedactFile: a CSV file with the columns of the
// users table that it has (first_name, last_name, preferred_name, other_names,
// email, handles, school, city, role), or one name a line.
func ReadRoster(in io.Reader) ([]finding.Participant, error) {
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, errors.New("the roster is not valid CSV; use a header such as first_name,last_name or one name a line")
	}
	if len(rows) == 0 {
		return nil, errors.New("the roster is empty")
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	if _, ok := column["first_name"]; !ok {
		return namesAlone(rows), nil
	}
	var people []finding.Participant
	count := map[string]int{}
	for i, row := range rows[1:] {
		get := func(name string) string {
			if k, ok := column[name]; ok && k < len(row) {
				return strings.TrimSpace(row[k])
			}
			return ""
		}
		role := strings.ToUpper(get("role"))
		if role != "TUTOR" && role != "LEARNER" {
			role = "PARTICIPANT"
		}
		count[role]++
		people = append(people, finding.Participant{
			ID: fmt.Sprintf("roster %d", i+1), Label: fmt.Sprintf("%s_%d", role, count[role]),
			First: get("first_name"), Last: get("last_name"), Preferred: get("preferred_name"),
			Other: semicolons(get("other_names")), Email: get("email"), Handles: semicolons(get("handles")), School: get("school"), City: get("city"),
		})
	}
	return people, nil
}

func namesAlone(rows [][]string) []finding.Participant {
	var people []finding.Participant
	for _, row := range rows {
		name := strings.TrimSpace(strings.TrimPrefix(strings.Join(row, " "), "\ufeff"))
		if name == "" {
			continue
		}
		p := finding.Participant{ID: fmt.Sprintf("roster %d", len(people)+1), Label: fmt.Sprintf("PARTICIPANT_%d", len(people)+1)}
		if words := strings.Fields(name); len(words) > 1 {
			p.First, p.Last = strings.Join(words[:len(words)-1], " "), words[len(words)-1]
		} else {
			p.First = name
		}
		people = append(people, p)
	}
	return people
}

func semicolons(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ';' })
}
