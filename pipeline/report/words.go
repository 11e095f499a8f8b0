package report

import (
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// says puts a code into words. A code nobody wrote words for is shown as it
// is, so that nothing is hidden behind a missing translation.
func says[K ~string](words map[K]string, code K) string {
	if w := words[code]; w != "" {
		return w
	}
	return string(code)
}

func kindWords(k finding.Kind) string { return says(kinds, k) }

var kinds = map[finding.Kind]string{
	finding.Person: "person", finding.Email: "email address", finding.Phone: "telephone number", finding.URL: "link",
	finding.Handle: "handle or user name", finding.Meeting: "meeting id or passcode", finding.School: "school",
	finding.Org: "organisation or team", finding.Location: "place", finding.Address: "street address", finding.Age: "age",
	finding.DateOfBirth: "date of birth", finding.ID: "student or exam number", finding.IP: "network address",
	finding.MAC: "device address", finding.SSN: "social security number", finding.CreditCard: "card number",
	finding.IBAN: "bank account", finding.Date: "date", finding.Other: "other",
}

// short says in two or three words, beside the picture, why a session ends.
var short = map[plan.Reason]string{
	plan.OtherContext: "another program", plan.OutsideWindow: "outside the window", plan.NotOver: "not over yet",
	plan.NoParticipants: "nobody recorded", plan.NoRecordings: "no files", plan.SeveralParts: "several parts",
	plan.Expired: "past retention", plan.NothingLeft: "each part is out", plan.TutorOptedOut: "tutor is out",
	plan.NoLearnerLeft: "every learner is out", plan.SomebodyOptOut: "somebody is out",
}

var silenceWords = map[string]string{
	"speaker":    "speech of people who may not be heard, or who could not be matched",
	"name":       "a name is said",
	"identifier": "another identifier is said",
}

var audioWords = map[string]string{
	"unreadable": "it could not be opened", "truncated": "the file is cut short", "damaged": "the file is damaged",
	"not-audio": "there is no sound in it", "too-large": "the file is too large", "codec-unsupported": "its format cannot be cleaned here",
	"fragmented": "its fragments cannot be cleaned here", "he-aac": "its format (HE-AAC) cannot be silenced without converting it",
	"multichannel": "it has more channels than can be silenced", "edit-list": "its times are shifted by an edit list",
	"conversion-failed": "converting it failed",
}

var consentWords = map[string]string{
	"opted-out": "opted out", "guardian-opted-out": "a guardian opted them out", "institution-opted-out": "their institution opted out",
	"expired": "the grant has expired", "re-consent-due": "consent has to be asked for again", "unknown-user": "the platform does not know the person",
	"guardian-missing": "a minor, and no guardian granted", "own-grant-missing": "of age now, and only a guardian had granted",
	"no-grant": "nobody granted", "no-moment": "no moment was given to judge at",
}

// headings are the sections that are referred to, by their anchors.
var headings = map[string]string{
	"flow":       "From the source to the bundle",
	"removed":    "What was removed from the text",
	"recipients": "Who receives it",
	"held-back":  "What does not leave, and why",
	"audit":      "Leak audit",
	"sample":     "A random sample, as the researcher will read it",
}
