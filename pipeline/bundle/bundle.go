// Package bundle closes, verifies and amends the plaintext research package: a
// BagIt 1.0 bag (RFC 8493) whose data folder is at once a Data Package v2 and
// an RO-Crate 1.2.
//
// Finish writes everything beside the tables and the audio. All of it is a
// pure function of those and of Meta, so that two runs of one plan give the
// same bytes and one digest. Verify checks a bag, Remove takes people out of
// one that was released.
package bundle

import (
	"errors"
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// Digest is the lower-case hex SHA-256 of a bag's tag manifest. It names the
// bundle: every other byte is bound by it.
type Digest string

// Meta is what the descriptors say of a study beside its tables. It holds
// nothing that differs between two runs of one plan. Its texts are single lines
// of UTF-8.
type Meta struct {
	Study    string
	Title    string
	Contexts []string
	Software string
	Policies []Policy
}

// Policy is one choice of the study in words.
type Policy struct {
	Name    string `json:"name"`
	Choice  string `json:"choice"`
	Meaning string `json:"meaning"`
}

// check wants text that every descriptor can hold as it is: bag-info.txt ends
// a value at the end of its line.
func (m Meta) check() error {
	texts := []string{m.Study, m.Title, m.Software}
	texts = append(texts, m.Contexts...)
	for _, p := range m.Policies {
		texts = append(texts, p.Name, p.Choice, p.Meaning)
	}
	for _, t := range texts {
		if !utf8.ValidString(t) || hasControl(t) {
			return errors.New("the study's title, contexts and policies must be single lines of UTF-8 text: correct the study file")
		}
	}
	if !studyForm.MatchString(m.Study) {
		return errors.New("a study's name is lower-case letters, digits, dots and dashes: correct the study file")
	}
	return nil
}

// studyForm is what Data Package lets a package be named.
var studyForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)

// title is what people call the study.
func (m Meta) title() string {
	if m.Title == "" {
		return fmt.Sprintf("Study %s", m.Study)
	}
	return m.Title
}

// hasControl reports characters that end lines or steer terminals.
func hasControl(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return true
		}
	}
	return false
}
