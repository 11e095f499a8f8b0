package pipeline

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

func TestAnOrganisationsOwnFiles(t *testing.T) {
	dir := t.TempDir()
	o := Own{Deny: filepath.Join(dir, "deny"), Keep: filepath.Join(dir, "keep"), Patterns: filepath.Join(dir, "patterns")}
	writeFile(t, o.Deny, "# ours\nProject Bluebird # a pilot\n\n")
	writeFile(t, o.Keep, "Ximena\n")
	writeFile(t, o.Patterns, "lunch-number\tID  \\bL\\d{6}\\b\n")
	var options redact.Options
	check(t, o.Extend(&options))
	engine, err := redact.Standard(options)
	check(t, err)
	r, err := engine.Redact(context.Background(), finding.Conversation{Lines: []finding.Line{
		{Channel: finding.Chat, Text: "L204815 for project bluebird, says my friend Ximena. Area 204815."}}})
	check(t, err)
	if want := "[ID] for [OTHER], says my friend Ximena. Area 204815."; r.Lines[0].Text != want {
		t.Errorf("%q, want %q", r.Lines[0].Text, want)
	}
}

// What is wrong with a file is said by its line, without the line.
func TestOwnFilesThatCannotBeRead(t *testing.T) {
	for _, c := range []struct{ patterns, want string }{
		{"lunch-number\n", "the patterns, line 1: write a name, a kind and an expression"},
		{"# fine\nlunch-number LUNCH \\d+\n", "the patterns, line 2: the kind is none of the engine's"},
	} {
		name := filepath.Join(t.TempDir(), "patterns")
		writeFile(t, name, c.patterns)
		var options redact.Options
		if err := (Own{Patterns: name}).Extend(&options); err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "LUNCH") {
			t.Errorf("%q: %v", c.patterns, err)
		}
	}
	var options redact.Options
	if err := (Own{Deny: filepath.Join(t.TempDir(), "Ximena.txt")}).Extend(&options); err == nil || strings.Contains(err.Error(), "Ximena") {
		t.Errorf("a missing list: %v", err)
	}
}
