package measure

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// Found is what an engine removed from one record.
type Found struct {
	ID    string      `json:"id"`
	Spans []FoundSpan `json:"spans"`
}

// FoundSpan is one removed range, in code points.
type FoundSpan struct {
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Type       string  `json:"type"`
	Score      float64 `json:"score"`
	Recognizer string  `json:"recognizer"`
}

// Run redacts records as o says and returns what was found, in the order of
// the records.
func Run(ctx context.Context, e *redact.Engine, records []Record, o Options) ([]Found, error) {
	out := make([]Found, len(records))
	done := 0
	for _, g := range Conversations(records, o) {
		result, err := e.Redact(ctx, g.Conversation)
		if err != nil {
			return nil, fmt.Errorf("record %d and those of its session: %w", g.Records[0]+1, err)
		}
		for k, i := range g.Records {
			out[i] = Found{ID: records[i].ID, Spans: codePoints(g.Conversation.Lines[k].Text, result.Lines[k].Findings)}
		}
		if done += len(g.Records); o.Progress != nil {
			o.Progress(done, len(records))
		}
	}
	return out, nil
}

// codePoints counts offsets in runes; findings are sorted.
func codePoints(s string, findings []finding.Finding) []FoundSpan {
	out := make([]FoundSpan, 0, len(findings))
	at, runes := 0, 0
	for _, f := range findings {
		runes += utf8.RuneCountInString(s[at:f.Start])
		start := runes
		runes += utf8.RuneCountInString(s[f.Start:f.End])
		at = f.End
		out = append(out, FoundSpan{Start: start, End: runes, Type: string(f.Kind), Score: round(f.Score), Recognizer: f.Recognizer})
	}
	return out
}

func round(p float64) float64 { return float64(int(p*10000+0.5)) / 10000 }

// WriteSpans writes one JSON object a line.
func WriteSpans(w io.Writer, found []Found) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	for _, f := range found {
		if err := enc.Encode(f); err != nil {
			return err
		}
	}
	return b.Flush()
}

// ReadSpans reads what WriteSpans or another redactor wrote.
func ReadSpans(r io.Reader) ([]Found, error) {
	var out []Found
	seen := map[string]bool{}
	err := eachLine(r, func(n int, data []byte) error {
		var f Found
		if err := json.Unmarshal(data, &f); err != nil {
			return fmt.Errorf("line %d: not an object with id and spans", n)
		}
		if f.ID == "" || seen[f.ID] {
			return fmt.Errorf("line %d: the id is missing or stands on an earlier line too", n)
		}
		seen[f.ID] = true
		out = append(out, f)
		return nil
	})
	return out, err
}
