package consent

import (
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"
)

// spellings are the ways in which systems write actions and actors, without
// regard to case, and with spaces, hyphens and underscores alike.
var (
	actions = map[Action][]string{
		Granted:      {"granted", "grant", "consented", "consent", "opt in", "opted in", "agreed", "accepted", "allowed", "yes"},
		Refused:      {"refused", "refuse", "declined", "decline", "denied", "deny", "no"},
		Withdrawn:    {"withdrawn", "withdraw", "withdrew", "revoked", "revoke", "opt out", "opted out"},
		Expired:      {"expired", "expire", "lapsed"},
		ReconsentDue: {"re consent due", "reconsent due", "re consent required", "reconsent required"},
		Annulled:     {"annulled", "annul", "voided", "void", "entered in error"},
	}
	actors = map[Actor][]string{
		Self:        {"self", "user", "participant", "learner", "student", "tutor"},
		Guardian:    {"guardian", "parent", "legal guardian", "carer"},
		Institution: {"institution", "school", "district", "platform", "admin"},
	}
	modalities = map[Modality][]string{
		"":         {"", "all", "*"},
		Transcript: {"transcript", "transcripts"},
		Chat:       {"chat", "chats"},
		Audio:      {"audio", "voice"},
	}
)

// ParseAction reads an action in any of the spellings in use, such as
// "opt_out" for Withdrawn.
func ParseAction(s string) (Action, bool) { return spelled(actions, s) }

// ParseActor reads an actor; nothing is Self.
func ParseActor(s string) (Actor, bool) {
	if strings.TrimSpace(s) == "" {
		return Self, true
	}
	return spelled(actors, s)
}

// ParseModality reads a modality; nothing, "all" and "*" are all of them.
func ParseModality(s string) (Modality, bool) { return spelled(modalities, s) }

func spelled[T ~string](table map[T][]string, s string) (T, bool) {
	s = strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '\t' }), " ")
	for meaning, ways := range table {
		for _, way := range ways {
			if s == way {
				return meaning, true
			}
		}
	}
	return "", false
}

// layouts are how moments are written: RFC 3339, and as databases print them.
var layouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07", "2006-01-02 15:04:05 Z0700",
	"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", time.DateOnly}

// ParseTime reads a moment. Without an offset it is in the zone given, and a
// day alone is its first moment.
func ParseTime(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(s), zone); err == nil {
			return t.UTC().Truncate(time.Microsecond), true
		}
	}
	return time.Time{}, false
}

// fieldError says what is wrong with a column of an event, not what stands
// there.
type fieldError struct{ column, problem string }

func (e *fieldError) Error() string { return e.column + " " + e.problem }

// longest bounds a field, in bytes. What is longer is no id or name.
const longest = 512

// normal is the event in its one form, if it is one.
func (e Event) normal() (Event, error) {
	texts := []struct {
		column string
		text   *string
	}{{"user_id", &e.Subject}, {"study", &e.Study}, {"context", &e.Context}, {"form_version", &e.FormVersion},
		{"evidence", &e.Evidence}, {"corrects", &e.Corrects}, {"source", &e.Source}}
	for _, f := range texts {
		*f.text = strings.TrimSpace(*f.text)
		if len(*f.text) > longest || !utf8.ValidString(*f.text) {
			return e, &fieldError{f.column, "is longer than 512 bytes or no UTF-8"}
		}
	}
	e.Study, e.Context = wide(e.Study), wide(e.Context)
	if e.Subject == "" {
		return e, &fieldError{"user_id", "is empty"}
	}
	var ok bool
	if e.Actor, ok = ParseActor(string(e.Actor)); !ok {
		return e, &fieldError{"actor", "must be self, guardian or institution"}
	}
	if e.Action, ok = ParseAction(string(e.Action)); !ok {
		return e, &fieldError{"action", "must be granted, refused, withdrawn, expired, re-consent due or annulled"}
	}
	if e.Modality, ok = ParseModality(string(e.Modality)); !ok {
		return e, &fieldError{"modality", "must be transcript, chat, audio or empty for all"}
	}
	if e.Evidence, ok = hexDigest(e.Evidence); !ok {
		return e, &fieldError{"evidence", "must be a SHA-256 in hex, not the evidence itself"}
	}
	if e.Corrects, ok = hexDigest(e.Corrects); !ok {
		return e, &fieldError{"corrects", "must be an event id, 64 hex digits"}
	}
	if e.Action == Annulled && e.Corrects == "" {
		return e, &fieldError{"corrects", "is empty, and an annulled event must say which one it annuls"}
	}
	return e.normalTimes()
}

func (e Event) normalTimes() (Event, error) {
	times := []struct {
		column string
		t      *time.Time
	}{{"effective_at", &e.EffectiveAt}, {"recorded_at", &e.RecordedAt}}
	for _, f := range times {
		if f.t.IsZero() {
			continue
		}
		*f.t = f.t.UTC().Truncate(time.Microsecond)
		if y := f.t.Year(); y < 1970 || y > 9999 {
			return e, &fieldError{f.column, "is not a year from 1970 to 9999"}
		}
	}
	if e.EffectiveAt.IsZero() {
		return e, &fieldError{"effective_at", "is empty"}
	}
	return e, nil
}

func wide(s string) string {
	if s == "*" || strings.EqualFold(s, "all") {
		return ""
	}
	return s
}

func hexDigest(s string) (string, bool) {
	s = strings.TrimPrefix(strings.ToLower(s), "sha256:")
	if s == "" {
		return "", true
	}
	b, err := hex.DecodeString(s)
	return s, err == nil && len(b) == 32
}
