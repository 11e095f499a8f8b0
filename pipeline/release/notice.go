package release

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"text/template"
	"time"

	"github.com/google/uuid"
	"golang.org/x/crypto/ssh"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Names of the files of a withdrawal notice.
const (
	NoticeName          = "notice.json"
	NoticeSignatureName = "notice.json.sig"
	NoticeTextName      = "NOTICE.md"
)

const noticeFormat = "veil-notice/1"

// Notice tells a recipient what to delete. It carries the study's codes and
// nothing else about anybody.
type Notice struct {
	Format      string    `json:"format"`
	ID          string    `json:"id"` // UUID v7
	Study       string    `json:"study"`
	Sequence    int64     `json:"sequence"` // from 1, per recipient, without gaps
	Previous    *Link     `json:"previous"`
	Created     time.Time `json:"created"`  // UTC, whole seconds
	Deadline    string    `json:"deadline"` // the last day to acknowledge
	Sender      Party     `json:"sender"`
	Recipient   string    `json:"recipient"`
	Fingerprint string    `json:"recipient_fingerprint"`
	// Do is what is asked for, in words.
	Do string `json:"do"`
	// Participants lose all their rows and what others said to them; Sessions
	// go whole; Audio are paths within the bundle, and go as files.
	Participants []string   `json:"participants"`
	Sessions     []string   `json:"sessions"`
	Audio        []string   `json:"audio"`
	Releases     []Affected `json:"releases"`
}

// Affected is a release that holds what a notice withdraws.
type Affected struct {
	ID       string `json:"id"`
	Sequence int64  `json:"sequence"`
	Bundle   string `json:"bundle"` // the bundle's digest
}

// NoticeEntry is a notice in the sender's history.
type NoticeEntry struct {
	Recipient string `json:"recipient"`
	Sequence  int64  `json:"sequence"`
	Digest    string `json:"digest"` // of notice.json
	Deadline  string `json:"deadline"`
	Notice    Signed `json:"notice"`
	// Acknowledgements are all that verified and covered every release.
	Acknowledgements []Signed `json:"acknowledgements"`
}

// Signed is a document and its signature, byte for byte.
type Signed struct {
	Document  string `json:"document"`
	Signature string `json:"signature"`
}

// NoticeOrder says what to withdraw from whom.
type NoticeOrder struct {
	Study        string
	Recipient    Recipient
	Participants []string
	Sessions     []string
	Audio        []string
	Releases     []string // ids of the releases that hold them
	Deadline     string   // YYYY-MM-DD
	SenderName   string
	Sender       ssh.Signer
	At           time.Time
}

const deletion = "Delete every row, file, copy and derived record of these codes in the releases named, by the deadline, and send back the signed acknowledgement."

// Issue signs and records the next notice to a recipient and writes it to the
// folder out (notice.json, notice.json.sig, NOTICE.md). A notice is recorded
// before it is written: when writing fails, the same order again writes the
// same notice, and gives it no second number.
func (s Store) Issue(o NoticeOrder, out string) (Notice, error) {
	if o.Sender == nil {
		return Notice{}, errors.New("a notice needs the sender's signing key")
	}
	h, err := s.History()
	if err != nil {
		return Notice{}, err
	}
	n, err := h.notice(o)
	if err != nil {
		return Notice{}, err
	}
	if same, found := h.open(n); found {
		return same, s.ExportNotice(n.Recipient, same.Sequence, out)
	}
	if _, err := s.fs.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		return Notice{}, refuse(Exists, "%s: exists already: choose another folder or move it away", out)
	}
	document, err := encode(n)
	if err != nil {
		return Notice{}, err
	}
	signature, err := sign(document, o.Sender, NoticeNamespace)
	if err != nil {
		return Notice{}, err
	}
	h.Notices = append(h.Notices, NoticeEntry{
		Recipient: n.Recipient, Sequence: n.Sequence, Digest: Digest(document), Deadline: n.Deadline,
		Notice: Signed{string(document), signature}, Acknowledgements: []Signed{},
	})
	if err := s.save(h); err != nil {
		return Notice{}, err
	}
	return n, s.ExportNotice(n.Recipient, n.Sequence, out)
}

// ExportNotice writes a recorded notice to a folder, which appears whole or
// not at all. A folder that holds this notice already is left as it is.
func (s Store) ExportNotice(recipient string, sequence int64, out string) error {
	h, err := s.History()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(h.Notices, func(e NoticeEntry) bool { return e.Recipient == recipient && e.Sequence == sequence })
	if at < 0 {
		return fmt.Errorf("there is no notice %d to %s", sequence, recipient)
	}
	entry := h.Notices[at]
	if data, err := readFile(s.fs, filepath.Join(out, NoticeName), maxRelease); err == nil && Digest(data) == entry.Digest {
		return nil
	}
	if _, err := s.fs.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		return refuse(Exists, "%s: exists already: choose another folder or move it away", out)
	}
	text, err := entry.text()
	if err != nil {
		return err
	}
	return writeFolder(s.fs, out, map[string][]byte{
		NoticeName: []byte(entry.Notice.Document), NoticeSignatureName: []byte(entry.Notice.Signature), NoticeTextName: text,
	})
}

// OpenNotices are the notices to a recipient that are not acknowledged, oldest
// first.
func (h History) OpenNotices(recipient string) []NoticeEntry {
	var open []NoticeEntry
	for _, e := range h.Notices {
		if e.Recipient == recipient && len(e.Acknowledgements) == 0 {
			open = append(open, e)
		}
	}
	return open
}

// CheckNotices refuses a recipient with a notice open past its deadline. The
// day is read in at's own time zone.
func (h History) CheckNotices(recipient string, at time.Time) error {
	for _, e := range h.OpenNotices(recipient) {
		if at.Format(time.DateOnly) > e.Deadline {
			return refuse(OverdueNotice, "recipient %s: withdrawal notice %d was to be acknowledged by %s: record the acknowledgement before releasing more", recipient, e.Sequence, e.Deadline)
		}
	}
	return nil
}

// notice is what an order asks for, numbered as the recipient's next.
func (h History) notice(o NoticeOrder) (Notice, error) {
	if _, _, err := o.Recipient.parse(); err != nil {
		return Notice{}, err
	}
	if _, err := time.Parse(time.DateOnly, o.Deadline); err != nil || o.Deadline < o.At.Format(time.DateOnly) {
		return Notice{}, errors.New("the deadline must be a day such as 2026-09-01, today or later")
	}
	if len(o.Participants)+len(o.Sessions)+len(o.Audio) == 0 {
		return Notice{}, errors.New("a notice must withdraw something: name participants, sessions or audio files by their codes")
	}
	for _, code := range slices.Concat(o.Participants, o.Sessions, o.Audio) {
		if !storage.Portable(code) || bytes.ContainsAny([]byte(code), " @`") {
			return Notice{}, errors.New("a notice carries codes of the study only: letters, digits, dots, dashes and slashes")
		}
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Notice{}, fmt.Errorf("making a notice id: %w", err)
	}
	n := Notice{
		Format: noticeFormat, ID: id.String(), Study: o.Study, Sequence: 1, Created: stamp(o.At), Deadline: o.Deadline,
		Sender:    Party{Name: o.SenderName, Fingerprint: ssh.FingerprintSHA256(o.Sender.PublicKey())},
		Recipient: o.Recipient.Name, Fingerprint: o.Recipient.Fingerprint(), Do: deletion,
		Participants: set(o.Participants), Sessions: set(o.Sessions), Audio: set(o.Audio), Releases: []Affected{},
	}
	sent := h.Of(n.Recipient)
	for _, id := range set(o.Releases) {
		at := slices.IndexFunc(sent, func(e Entry) bool { return e.ID == id })
		if at < 0 {
			return Notice{}, fmt.Errorf("release %s did not go to %s", id, n.Recipient)
		}
		n.Releases = append(n.Releases, Affected{ID: id, Sequence: sent[at].Sequence, Bundle: sent[at].Bundle})
	}
	if len(n.Releases) == 0 {
		return Notice{}, fmt.Errorf("a notice must name the releases to %s that hold what is withdrawn", n.Recipient)
	}
	for _, e := range h.Notices {
		if e.Recipient == n.Recipient {
			n.Sequence, n.Previous = e.Sequence+1, &Link{Sequence: e.Sequence, Digest: e.Digest}
		}
	}
	return n, nil
}

// open finds an unacknowledged notice that asks for just the same.
func (h History) open(n Notice) (Notice, bool) {
	for _, e := range h.OpenNotices(n.Recipient) {
		var m Notice
		if decode([]byte(e.Notice.Document), noticeFormat, &m) == nil &&
			slices.Equal(m.Participants, n.Participants) && slices.Equal(m.Sessions, n.Sessions) &&
			slices.Equal(m.Audio, n.Audio) && slices.Equal(m.Releases, n.Releases) && m.Fingerprint == n.Fingerprint {
			return m, true
		}
	}
	return Notice{}, false
}

func set(codes []string) []string {
	sorted := append([]string{}, codes...)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

//go:embed notice.md.tmpl
var noticeTemplate string

func (e NoticeEntry) text() ([]byte, error) {
	var n Notice
	if err := decode([]byte(e.Notice.Document), noticeFormat, &n); err != nil {
		return nil, fmt.Errorf("notice %d %w", e.Sequence, err)
	}
	t, err := template.New(NoticeTextName).Parse(noticeTemplate)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", NoticeTextName, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, n); err != nil {
		return nil, fmt.Errorf("writing %s: %w", NoticeTextName, err)
	}
	return b.Bytes(), nil
}

// writeFolder writes a small folder so that it appears whole or not at all.
func writeFolder(fsys storage.FS, out string, files map[string][]byte) error {
	partial := out + ".partial"
	defer fsys.RemoveAll(partial)
	if err := fsys.RemoveAll(partial); err != nil {
		return fmt.Errorf("clearing an unfinished folder: %w", err)
	}
	if err := fsys.MkdirAll(partial); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	for name, data := range files {
		if err := writeFile(fsys, filepath.Join(partial, name), data); err != nil {
			return err
		}
	}
	if err := fsys.Rename(partial, out); err != nil {
		return fmt.Errorf("naming a folder: %w", err)
	}
	if err := fsys.SyncDir(filepath.Dir(out)); err != nil {
		return fmt.Errorf("naming a folder: %w", err)
	}
	return nil
}
