package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

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
	writer       string            // who wrote the chat record that goes on, as printed
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
	cloudChat  = regexp.MustCompile(`^(\d{1,2}:\d{2}:\d{2}(?: ?[AP]M)?\t ?)([^\t]{1,200}?)(\s?:\t)`)
	savedChat  = regexp.MustCompile(`^(\d{1,2}:\d{2}:\d{2}(?: ?[AP]M)?\s+From\s+)(\S.{0,200}?)(\s+[tT]o\s+)(\S.{0,200}?)(\s?(?:\(Direct Message\)|\(Privately\))?\s?:)`)
	cueTimes   = regexp.MustCompile(`^(?:\d{2,}:)?\d{2}:\d{2}[.,]\d{3}\s+-->`)
	cueSpeaker = regexp.MustCompile(`^([^:\n]{1,80}?)(: ?)`)
	repeated   = regexp.MustCompile(`^\s*(?:[Rr]eplying to|[Rr]eacted to|[Rr]emoved an? .{1,20} reaction from) ["“](.*?)["”]?(?: with \S+)?$`)
)

// cut goes through the file line by line and keeps every byte in some part.
func (f *script) cut(text string) {
	vtt := strings.HasPrefix(strings.TrimPrefix(text, "\ufeff"), "WEBVTT")
	f.conversation.People = f.roster
	inCue := false
	number := 0
	for len(text) > 0 {
		number++
		end := strings.IndexByte(text, '\n') + 1
		if end == 0 {
			end = len(text)
		}
		line := text[:end]
		text = text[end:]
		body := strings.TrimRight(line, "\r\n")
		ending := line[len(body):]
		switch {
		case vtt && cueTimes.MatchString(body):
			inCue = true
			f.verbatim(body)
		case vtt && !inCue, body == "":
			inCue = inCue && body != ""
			f.verbatim(body)
		case vtt:
			f.said(body, number, cueSpeaker.FindStringSubmatch(body), finding.Transcript)
		default:
			f.written(body, number)
		}
		f.verbatim(ending)
	}
}

func (f *script) verbatim(s string) { f.parts = append(f.parts, part{verbatim: s}) }

func (f *script) said(body string, number int, m []string, channel finding.Channel) {
	speaker := ""
	if m != nil {
		speaker = m[1]
		f.parts = append(f.parts, part{speaker: speaker})
		f.verbatim(m[2])
		body = body[len(m[0]):]
	}
	f.line(body, number, speaker, channel)
}

func (f *script) written(body string, number int) {
	if m := cloudChat.FindStringSubmatch(body); m != nil {
		f.verbatim(m[1])
		f.parts = append(f.parts, part{speaker: m[2]})
		f.verbatim(m[3])
		f.writer = m[2]
		f.line(body[len(m[0]):], number, m[2], finding.Chat)
		return
	}
	if m := savedChat.FindStringSubmatch(body); m != nil {
		f.verbatim(m[1])
		f.parts = append(f.parts, part{speaker: m[2]})
		f.verbatim(m[3])
		if strings.EqualFold(m[4], "everyone") {
			f.verbatim(m[4])
		} else {
			f.parts = append(f.parts, part{speaker: m[4]})
		}
		f.verbatim(m[5])
		f.writer = m[2]
		f.line(body[len(m[0]):], number, m[2], finding.Chat)
		return
	}
	f.line(body, number, f.writer, finding.Chat)
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
