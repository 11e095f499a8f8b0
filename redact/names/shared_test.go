package names

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// sharedFile opens a file of the shared data, or skips.
func sharedFile(t testing.TB, parts ...string) *os.File {
	t.Helper()
	dir := os.Getenv("VEIL_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(append([]string{dir, "data"}, parts...)...))
	if err != nil {
		t.Skip("no shared data: set VEIL_SHARED to the folder that holds data/")
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// goldLine is a line of the gold data with its conversation's place.
type goldLine struct {
	ID      string `json:"id"`
	Speaker string `json:"speaker"`
	Text    string `json:"text"`
	Spans   []struct {
		Start, End  int
		Type, Class string
	} `json:"spans"`
	Keep []struct {
		Start, End int
		Class      string
	} `json:"keep"`
	Ambiguous []struct{ Start, End int } `json:"ambiguous"`
}

func readGold(t testing.TB, parts ...string) []goldLine {
	var out []goldLine
	lines := bufio.NewScanner(sharedFile(t, parts...))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var g goldLine
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		out = append(out, g)
	}
	return out
}

// sharedSessions gives the tutoring sessions, without rosters.
func sharedSessions(t testing.TB) []*finding.Conversation {
	var out []*finding.Conversation
	last := ""
	for _, g := range readGold(t, "tutoring", "gold.jsonl") {
		id, rest, _ := strings.Cut(g.ID, "/")
		if id != last {
			out = append(out, &finding.Conversation{})
			last = id
		}
		l := finding.Line{Channel: finding.Transcript, SpeakerName: g.Speaker, Text: g.Text, Tokens: text.Tokenize(g.Text)}
		if strings.HasPrefix(rest, "chat") {
			l.Channel = finding.Chat
		}
		c := out[len(out)-1]
		c.Lines = append(c.Lines, l)
	}
	return out
}
