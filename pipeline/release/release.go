// Package release is everything between a finished bundle and a researcher's
// disk: officers approve, a recipient under an agreement is sealed a hand-off,
// the researcher opens it, and withdrawals follow it out.
//
// The nouns:
//
//   - A bundle is a BagIt bag (RFC 8493). Its digest is the SHA-256 of its
//     tagmanifest-sha256.txt, through which every other byte of it is bound.
//   - An approval is a small statement about one bundle digest and one report
//     digest, signed by a privacy officer's SSH key.
//   - A release is a bundle approved, signed and encrypted for one recipient;
//     the hand-off is the folder of files that recipient gets.
//   - The history is the sender's record of all releases and notices of a
//     study. Its releases are leaves of a Merkle tree (RFC 6962), whose signed
//     checkpoints travel with the releases, so that a sender cannot later deny
//     or rewrite what it released.
//   - A notice lists the study's codes that a recipient must delete; an
//     acknowledgement says, signed, that they are gone.
//
// Everything signed is signed in SSHSIG, so that stock `ssh-keygen -Y verify`
// accepts it; everything encrypted is age v1. What is signed is JSON in one
// canonical form: a document that does not encode back to its own bytes is
// refused, so that two readers cannot see two documents.
//
// Writers of one study folder must hold its lock: nothing here guards a
// History against a second process.
package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Names of the files of a hand-off beside its parts.
const (
	FileName      = "release.json"
	SignatureName = "release.json.sig"
	OpeningName   = "OPENING.md"
)

const releaseFormat = "veil-release/1"

// Release is what release.json says: what was released, from what, to whom,
// under which agreement and with whose approval.
type Release struct {
	Format   string    `json:"format"`
	ID       string    `json:"id"` // UUID v7
	Study    string    `json:"study"`
	Run      string    `json:"run"`
	Sequence int64     `json:"sequence"` // from 1, per recipient; never used twice
	Previous *Link     `json:"previous"` // the recipient's release before, nil for the first
	Created  time.Time `json:"created"`  // UTC, whole seconds
	Sender   Party     `json:"sender"`
	// Recipient is the one party that can decrypt the parts.
	Recipient   Recipient `json:"recipient"`
	Fingerprint string    `json:"recipient_fingerprint"`
	// ConsentHead is the consent ledger's head hash at the moment of release.
	ConsentHead string `json:"consent_head"`
	// Bag is the digest of the bundle's tag manifest: the bundle's digest.
	Bag       Sum        `json:"bag"`
	Report    string     `json:"report"` // digest of the report that was approved
	Approvals []Approval `json:"approvals"`
	Log       LogView    `json:"log"`
	Opening   Sum        `json:"opening"`
	Parts     []Part     `json:"parts"`
	Files     []Content  `json:"files"`
}

// Link names an earlier signed document of the same chain.
type Link struct {
	Sequence int64  `json:"sequence"`
	Digest   string `json:"digest"` // lower-case hex SHA-256 of the document's bytes
}

// Party is who signed.
type Party struct {
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"` // of the SSH key, as ssh-keygen -l prints it
}

// Part is one encrypted file of a hand-off. The parts' plaintexts, one after
// the other, are one tar stream.
type Part struct {
	Ciphertext      Sum   `json:"ciphertext"`
	CiphertextBytes int64 `json:"ciphertext_bytes"`
	Plaintext       Sum   `json:"plaintext"`
	PlaintextBytes  int64 `json:"plaintext_bytes"`
}

// Content is one plaintext file of the bundle, by its path within the bag.
type Content struct {
	File  Sum   `json:"file"`
	Bytes int64 `json:"bytes"`
}

// Sum is a file's SHA-256 and path, written as sha256sum writes and checks it:
// `<64 hex digits>  <path>`.
type Sum struct {
	SHA256 string
	Path   string
}

func (s Sum) MarshalText() ([]byte, error) { return []byte(s.SHA256 + "  " + s.Path), nil }

// UnmarshalText refuses a path that could leave the folder it is joined to.
func (s *Sum) UnmarshalText(text []byte) error {
	digest, path, found := strings.Cut(string(text), "  ")
	if !found || !isDigest(digest) || !storage.Portable(path) {
		return errors.New("not a SHA-256 digest and a portable path")
	}
	*s = Sum{SHA256: digest, Path: path}
	return nil
}

// Progress is told bytes done and bytes in all. It is called from one
// goroutine.
type Progress func(done, total int64)

func isDigest(s string) bool {
	if len(s) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// Digest is the lower-case hex SHA-256 of a document's bytes.
func Digest(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:])
}

// encode is the one canonical form of what is signed: indented JSON in the
// order of the fields, so that line tools can read it too.
func encode(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return b.Bytes(), nil
}

// decode reads a canonical document of a format; into must be a pointer.
func decode(data []byte, format string, into any) error {
	var head struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return errors.New("is not JSON")
	}
	if head.Format != format {
		return fmt.Errorf("is not of the format %s: it may be from another version of veil", format)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		// The decoder's own text can carry the document's words.
		return fmt.Errorf("does not follow the format %s", format)
	}
	again, err := encode(into)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, data) {
		return fmt.Errorf("is not in the canonical form of %s", format)
	}
	return nil
}

// stamp is a moment as documents carry it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// readLimited reads a document, refusing one too large to be honest.
func readLimited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("is larger than %d bytes", limit)
	}
	return data, err
}
