package storage

import "strings"

// Portable reports whether a slash-separated path names the same file on every
// system and in every tool a bundle passes through: relative, printable ASCII,
// at most 255 bytes, no character that sha256sum, tar or Windows treats
// specially. It can be written in a manifest (RFC 8493, which would have line
// ends and the percent sign encoded) and shown on a terminal as it is.
func Portable(path string) bool {
	if path == "" || len(path) > 255 {
		return false
	}
	for _, segment := range strings.Split(path, "/") {
		if segment == "" || segment == "." || segment == ".." || segment[0] == '-' ||
			segment[len(segment)-1] == '.' || segment[len(segment)-1] == ' ' {
			return false
		}
	}
	for i := 0; i < len(path); i++ {
		if path[i] < ' ' || path[i] > '~' || strings.IndexByte(`\:*?"<>|%`, path[i]) >= 0 {
			return false
		}
	}
	return true
}
