package release

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"

	"filippo.io/age"
)

// Recipient is a researcher under a data-use agreement.
type Recipient struct {
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
	// Key is an age recipient: age1pq… (hybrid) or age1… (X25519).
	Key string `json:"key"`
	// Agreement is the agreement's identifier, From its first and Until its
	// last day in force (YYYY-MM-DD).
	Agreement string `json:"agreement"`
	From      string `json:"from"`
	Until     string `json:"until"`
	// AckKey is the SSH public key that acknowledges withdrawals
	// (authorized_keys form).
	AckKey string `json:"ack_key"`
}

// Check refuses a recipient whose agreement is not in force. The day is read
// in at's own time zone.
func (r Recipient) Check(at time.Time) error {
	if _, _, err := r.parse(); err != nil {
		return err
	}
	if r.Agreement == "" {
		return refuse(NoAgreement, "recipient %s: has no agreement: record its identifier and days", r.Name)
	}
	for _, day := range []string{r.From, r.Until} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return refuse(NoAgreement, "recipient %s: the agreement's first and last day must be days such as 2026-09-01", r.Name)
		}
	}
	switch day := at.Format(time.DateOnly); {
	case day < r.From:
		return refuse(NoAgreement, "recipient %s: agreement %s is in force only from %s", r.Name, r.Agreement, r.From)
	case day > r.Until:
		return refuse(NoAgreement, "recipient %s: agreement %s ended on %s: renew it first", r.Name, r.Agreement, r.Until)
	}
	return nil
}

// Fingerprint is a short name of the recipient's key.
func (r Recipient) Fingerprint() string {
	sum := sha256.Sum256([]byte(r.Key))
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// PostQuantum reports whether the key is of the hybrid kind.
func (r Recipient) PostQuantum() bool { return strings.HasPrefix(r.Key, "age1pq1") }

func (r Recipient) parse() (age.Recipient, string, error) {
	if r.Name == "" {
		return nil, "", errors.New("a recipient needs a name")
	}
	for _, field := range []string{r.Name, r.Organisation, r.Agreement} {
		if !isLine(field) {
			return nil, "", errors.New("recipient " + strconv.Quote(r.Name) + ": name, organisation and agreement must each be one line of text")
		}
	}
	if r.PostQuantum() {
		if key, err := age.ParseHybridRecipient(r.Key); err == nil && key.String() == r.Key {
			return key, r.Key, nil
		}
	} else if key, err := age.ParseX25519Recipient(r.Key); err == nil && key.String() == r.Key {
		return key, r.Key, nil
	}
	return nil, "", errors.New("recipient " + r.Name + ": the key must be an age recipient, age1pq… or age1…")
}

// isLine keeps a field from adding lines, or commands, to what people read.
func isLine(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '`' || r == unicode.ReplacementChar })
}
