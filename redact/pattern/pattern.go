// Package pattern finds identifiers by their form and by what is said around
// them: e-mail addresses, telephone numbers, links, handles, meeting ids and
// passcodes, student and exam numbers, postal addresses, dates of birth, ages,
// network addresses, cards, bank accounts and social security numbers, written,
// spoken or spelled, in one line or over several.
//
// A number is never an identifier for being a number. It needs a cue ("my
// number is", or a question a few lines before) or a shape that mathematics
// does not have (520-555-0177, 192.168.0.1). Scores say how sure a rule is: a
// weak shape starts low, a cue raises it, and so does a check digit.
//
// Out of scope by default, although some analyzers call them identifiers:
//
//   - calendar dates that are nobody's birthday (Options.Dates takes them);
//   - driving licences, passports, bank accounts, and social security and
//     taxpayer numbers written without their usual groups, when no word near
//     them says what they are: a bare run of digits may be an answer
//     (Options.Bare takes them);
//   - pages for everyone, such as a graphing calculator's, unless the link
//     holds the id of a document, meeting or person;
//   - the ages of people in word problems, grades, and prices, scores and times.
package pattern

import (
	"context"
	"fmt"
	"regexp"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// Options are an organisation's own additions. The zero value is useful.
type Options struct {
	// IDCues are further phrases after which a student or exam number stands,
	// such as "lasid" or "kiosk number", in any case.
	IDCues []string
	// IDPatterns are regular expressions (RE2) of numbers that need no cue,
	// such as `\bS\d{7}\b`.
	IDPatterns []string
	// Rules are the organisation's own patterns.
	Rules []Rule
	// Terms are literal words and phrases, matched as whole words in any case
	// and without regard to accents.
	Terms []Term
	// PublicHosts are further hosts whose pages say nothing about a person, such
	// as "example.edu". A link to one stays unless it holds an id of its own.
	PublicHosts []string
	// Bare also takes identity numbers by length alone: social security,
	// driving licence, passport, bank account and taxpayer numbers without a
	// cue. It suits text without mathematics.
	Bare bool
	// Dates also takes calendar dates that are nobody's birthday.
	Dates bool
}

// Rule is an organisation's own regular expression (RE2). When it has a group,
// the first group is what is found.
type Rule struct {
	Name    string
	Pattern string
	Kind    finding.Kind
	// Score is from 0 to 1; 0 means 0.9.
	Score float64
}

// Term is an organisation's own literal.
type Term struct {
	Text string
	Kind finding.Kind
}

// Check reports the first thing in o that cannot be used.
func (o Options) Check() error {
	for i, p := range o.IDPatterns {
		if _, err := regexp.Compile(p); err != nil {
			return fmt.Errorf("id pattern %d: not a regular expression: write it in RE2 syntax", i+1)
		}
	}
	for i, r := range o.Rules {
		if _, err := regexp.Compile(r.Pattern); err != nil {
			return fmt.Errorf("rule %d: not a regular expression: write it in RE2 syntax", i+1)
		}
		if r.Score < 0 || r.Score > 1 {
			return fmt.Errorf("rule %d: score outside 0 to 1", i+1)
		}
	}
	return nil
}

// New returns the recognizer, ready for concurrent use, as a list. It panics
// when o.Check fails: check options that come from a file first.
func New(o Options) []finding.Recognizer {
	if err := o.Check(); err != nil {
		panic("pattern: " + err.Error())
	}
	all := []matcher{newEmail(), newLink(o.PublicHosts), newPhone(), newHandle(), newMeeting(), newIdentifier(o), network{}, newAccount(o.Bare),
		newAddress(), newBirthday(o.Dates), newAge(), newUsername(), newAlias(), aged{}, newBorn(), newHome(), newDial(), newMailbox(), long{}}
	if len(o.Rules)+len(o.Terms) > 0 {
		all = append(all, newCustom(o))
	}
	return []finding.Recognizer{recognizer{all, newReader(all)}}
}

// matcher finds candidates in lines that have been read once.
type matcher interface {
	Name() string
	find(lines []view) []finding.Candidate
}

// recognizer is all matchers over lines that are read once. What they find in a
// message is also found where a reply or reaction repeats that message.
type recognizer struct {
	matchers []matcher
	reader   *reader
}

func (recognizer) Name() string { return "pattern" }

func (r recognizer) Find(ctx context.Context, c *finding.Conversation) ([]finding.Candidate, error) {
	c = c.Cut()
	lines := r.reader.read(c)
	var found []finding.Candidate
	for _, m := range r.matchers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found = append(found, m.find(lines)...)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return append(found, Project(FindEchoes(c), found)...), nil
}
