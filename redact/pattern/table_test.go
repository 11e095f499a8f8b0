package pattern_test

import (
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
	"github.com/schoolhouse-world/veil/redact/text"
)

// A case is a talk, one line a line: "A: …" is said by A, "a: …" is written by
// a in the chat, "⏎" is a line break inside a message. What must go stands in «
// and ». Every case is tried in lower case too, unless it ends in "=case". Nothing else may go: a case without marks is a near miss.

func talk(s string) (*finding.Conversation, [][]mark) {
	c := &finding.Conversation{}
	var marks [][]mark
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		line = strings.TrimSpace(strings.ReplaceAll(line, "=case", ""))
		l := finding.Line{Channel: finding.Transcript, SpeakerName: line[:1]}
		if line[0] >= 'a' {
			l.Channel = finding.Chat
		}
		var b strings.Builder
		var m []mark
		n := 0
		for _, r := range strings.ReplaceAll(strings.TrimPrefix(line[2:], " "), "⏎", "\n") {
			switch r {
			case '«':
				m = append(m, mark{Start: n})
			case '»':
				m[len(m)-1].End = n
			default:
				b.WriteRune(r)
				n++
			}
		}
		l.Text = b.String()
		l.Tokens = text.Tokenize(l.Text)
		c.Lines = append(c.Lines, l)
		marks = append(marks, m)
	}
	return c, marks
}

func check(t *testing.T, kind finding.Kind, cases []string) {
	t.Helper()
	checkWith(t, pattern.Options{}, kind, cases)
}

func checkWith(t *testing.T, o pattern.Options, kind finding.Kind, cases []string) {
	t.Helper()
	all := pattern.New(o)
	for _, s := range cases {
		for _, variant := range []string{s, lowered(s)} {
			if variant != s {
				// The speakers keep their channel.
				lines := strings.Split(strings.TrimSpace(variant), "\n")
				for i, l := range strings.Split(strings.TrimSpace(s), "\n") {
					lines[i] = strings.TrimSpace(l)[:1] + strings.TrimSpace(lines[i])[1:]
				}
				variant = strings.Join(lines, "\n")
				if strings.Contains(s, "=case") {
					continue
				}
			}
			c, marks := talk(variant)
			gone, used := find(t, all, c, 0.5)
			for i := range c.Lines {
				runes := []rune(c.Lines[i].Text)
				var rest []rune
				for n, r := range runes {
					inside := false
					for _, m := range marks[i] {
						inside = inside || n >= m.Start && n < m.End
					}
					if gone[i][n] && !inside && hidden(runes, mark{Start: n, End: n + 1}, gone[i]) && touched(runes, mark{Start: n, End: n + 1}, gone[i]) {
						rest = append(rest, r)
					}
				}
				for _, m := range marks[i] {
					if !hidden(runes, m, gone[i]) {
						t.Errorf("%q is left in %q", string(runes[m.Start:m.End]), variant)
						continue
					}
					if kind == "" {
						continue
					}
					right := false
					for _, f := range used {
						right = right || f.Line == i && f.Kind == kind
					}
					if !right {
						t.Errorf("%q has another kind in %q", string(runes[m.Start:m.End]), variant)
					}
				}
				if len(rest) > 0 {
					t.Errorf("%q goes too in %q", string(rest), variant)
				}
			}
		}
	}
}
