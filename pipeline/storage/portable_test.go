package storage

import (
	"strings"
	"testing"
)

func TestPortable(t *testing.T) {
	for path, want := range map[string]bool{
		"data/tables/sessions/part-00001.parquet": true, "bagit.txt": true, "a b.txt": true,
		"": false, "/etc/passwd": false, "../up": false, "a//b": false, "a/./b": false, "a/..": false, "a/": false, "./a": false, "a/../b": false, "..": false, "a /b": false,
		"-rf": false, "a/-n": false, "dot.": false, "blank ": false, "a\nb": false, "a%0A": false, `a\b`: false,
		"C:x": false, "ä": false, "a*": false, strings.Repeat("a", 256): false,
	} {
		if Portable(path) != want {
			t.Errorf("%q: %v, want %v", path, !want, want)
		}
	}
}
