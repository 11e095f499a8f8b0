// Command spans runs the recognizers of names and curriculum alone over JSON
// Lines in the form of the gold data and writes what they found, so that they
// can be scored without the engine. A keep candidate wins over a weaker find.
//
//	go run ./redact/names/internal/spans -threshold 0.5 < gold.jsonl > pred.jsonl
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"log"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/curriculum"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/names"
	"github.com/schoolhouse-world/veil/redact/text"
)

type record struct {
	ID      string `json:"id"`
	Speaker string `json:"speaker"`
	Text    string `json:"text"`
	Lines   []struct {
		Speaker    string
		Start, End int
	} `json:"lines"`
}

type span struct {
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Type       string  `json:"type"`
	Score      float64 `json:"score"`
	Recognizer string  `json:"recognizer"`
}

func main() {
	log.SetFlags(0)
	threshold := flag.Float64("threshold", 0.5, "least score that is written")
	lower := flag.Bool("lower", false, "drop capitals first")
	speakers := flag.Bool("speakers", true, "use the names of speakers")
	keeps := flag.Bool("keeps", true, "let what must stay win")
	from := flag.String("from", "", "first session")
	to := flag.String("to", "\uffff", "last session")
	flag.Parse()

	recognizers := names.Recognizers()
	recognizers = append(recognizers, more()...)
	out := json.NewEncoder(os.Stdout)
	var batch []record
	session := func() {
		if len(batch) == 0 {
			return
		}
		c := &finding.Conversation{}
		for _, r := range batch {
			l := finding.Line{Channel: finding.Transcript, Text: r.Text}
			if strings.Contains(r.ID, "/chat/") {
				l.Channel = finding.Chat
			}
			if *lower {
				l.Text = lowered(l.Text)
			}
			if *speakers {
				l.SpeakerName = r.Speaker
				l.Speaker = r.Speaker
			}
			l.Tokens = text.Tokenize(l.Text)
			c.Lines = append(c.Lines, l)
		}
		spans := make([][]span, len(batch))
		kept := make([][]finding.Candidate, len(batch))
		var found []finding.Candidate
		for _, rec := range recognizers {
			candidates, err := rec.Find(context.Background(), c)
			if err != nil {
				log.Fatal(err)
			}
			for _, f := range candidates {
				if f.Keep {
					kept[f.Line] = append(kept[f.Line], f)
				} else {
					found = append(found, f)
				}
			}
		}
	candidates:
		for _, f := range found {
			if f.Score < *threshold {
				continue
			}
			if *keeps {
				for _, k := range kept[f.Line] {
					if k.Start < f.End && k.End > f.Start && k.Score >= f.Score {
						continue candidates
					}
				}
			}
			t := c.Lines[f.Line].Text
			start := utf8.RuneCountInString(t[:f.Start])
			if merge(spans[f.Line], start, start+utf8.RuneCountInString(t[f.Start:f.End]), string(f.Kind), f.Score) {
				continue
			}
			spans[f.Line] = append(spans[f.Line], span{start, start + utf8.RuneCountInString(t[f.Start:f.End]), string(f.Kind), f.Score, f.Recognizer})
		}
		for i, r := range batch {
			if err := out.Encode(map[string]any{"id": r.ID, "spans": append([]span{}, spans[i]...)}); err != nil {
				log.Fatal(err)
			}
		}
		batch = batch[:0]
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	last := ""
	for lines.Scan() {
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			log.Fatal(err)
		}
		name, _, ok := strings.Cut(r.ID, "/")
		if ok && (name < *from || name > *to) {
			continue
		}
		if !ok || name != last {
			session()
		}
		last = name
		batch = append(batch, r)
		if !ok {
			session()
		}
	}
	session()
}

// merge widens a span of the same type that overlaps.
func merge(spans []span, start, end int, kind string, score float64) bool {
	for i := range spans {
		if s := &spans[i]; s.Type == kind && s.Start < end && s.End > start {
			s.Start, s.End, s.Score = min(s.Start, start), max(s.End, end), max(s.Score, score)
			return true
		}
	}
	return false
}

func more() []finding.Recognizer { return []finding.Recognizer{curriculum.New()} }

// lowered keeps the length in code points.
func lowered(s string) string { return strings.Map(unicode.ToLower, s) }
