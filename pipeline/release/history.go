package release

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

const historyFormat = "veil-release-history/1"

// Store is the sender's record of releases and notices, in the folder
// `releases` of a study:
//
//	history.json         what was released, noticed and acknowledged
//	log.key              the key that signs the log's checkpoints (secret)
//	<id>.json, .json.sig each release.json as it was sent
//
// history.json is one file, replaced whole, so that a crash leaves one state
// or the next and never a mixture.
type Store struct {
	fs    storage.FS
	study string
}

// NewStore is the store of a study folder. It touches nothing yet.
func NewStore(fsys storage.FS, studyFolder string) Store { return Store{fs: fsys, study: studyFolder} }

// State is how far a release got.
type State string

const (
	// Pending: written down, signed, and about to get its name. Only a crash
	// leaves it; the next Seal settles it.
	Pending  State = "pending"
	Released State = "released"
	// Void: prepared and logged, but its hand-off never got its name. Its
	// number is not used again.
	Void State = "void"
)

// History is the content of history.json. Its slices only ever grow.
type History struct {
	Format string `json:"format"`
	// LogKey verifies Checkpoint, which is of the tree of all Releases.
	LogKey     string        `json:"log_key"`
	Checkpoint string        `json:"checkpoint"`
	Releases   []Entry       `json:"releases"`
	Notices    []NoticeEntry `json:"notices"`
}

// Entry is one release. Its place in History.Releases is its index in the log.
type Entry struct {
	ID          string    `json:"id"`
	Digest      string    `json:"digest"` // of release.json
	Recipient   string    `json:"recipient"`
	Fingerprint string    `json:"recipient_fingerprint"`
	Sequence    int64     `json:"sequence"`
	Run         string    `json:"run"`
	Bundle      string    `json:"bundle"` // the bundle's digest
	Created     time.Time `json:"created"`
	State       State     `json:"state"`
	// Folder is where a pending hand-off was going, relative to the study.
	Folder string `json:"folder,omitempty"`
}

// History reads the record; a study that released nothing has an empty one.
func (s Store) History() (History, error) {
	data, err := readFile(s.fs, s.path("history.json"), 1<<30)
	if errors.Is(err, fs.ErrNotExist) {
		return History{Format: historyFormat, Releases: []Entry{}, Notices: []NoticeEntry{}}, nil
	}
	if err != nil {
		return History{}, fmt.Errorf("reading the history of releases: %w", err)
	}
	var h History
	if err := decode(data, historyFormat, &h); err != nil {
		return History{}, refuse(Tampered, "%s: %s: restore it from a backup", s.path("history.json"), err)
	}
	if err := h.verify(); err != nil {
		return History{}, err
	}
	return h, nil
}

// Of are the releases that left to a recipient, oldest first. A pending one
// counts: it may have left.
func (h History) Of(recipient string) []Entry {
	var entries []Entry
	for _, e := range h.Releases {
		if e.Recipient == recipient && e.State != Void {
			entries = append(entries, e)
		}
	}
	return entries
}

// VerifyLog checks the whole record against the log's checkpoint and every
// kept release.json against its leaf, its signature by the sender and the
// checkpoint it carried. sender is the SSH public key of the sender; witnesses
// are signed-note keys whose signature on the checkpoint is wanted too. It
// returns the number of releases in the log.
func (s Store) VerifyLog(sender string, witnesses ...string) (int, error) {
	h, err := s.History()
	if err != nil || len(h.Releases) == 0 {
		return 0, err
	}
	if _, err := openCheckpoint(h.Checkpoint, append([]string{h.LogKey}, witnesses...)...); err != nil {
		return 0, refuse(Tampered, "history.json: %s", err)
	}
	whole, err := treeOf(h.digests())
	if err != nil {
		return 0, err
	}
	for i, e := range h.Releases {
		r, digest, err := readSigned(s.fs, s.path(e.ID+".json"), s.path(e.ID+".json.sig"), sender)
		if err != nil {
			return 0, fmt.Errorf("release %d of the log: %w", i+1, err)
		}
		then, err := openCheckpoint(r.Log.Checkpoint, h.LogKey)
		if err != nil || digest != e.Digest || then.size != int64(i) {
			return 0, refuse(Tampered, "release %d of the log: is not the one that was logged", i+1)
		}
		if root, err := tlog.TreeHash(int64(i), whole); err != nil || root != then.hash {
			return 0, refuse(Tampered, "release %d of the log: the log was rewritten since", i+1)
		}
	}
	return len(h.Releases), nil
}

func (h History) verify() error {
	if len(h.Releases) == 0 && h.Checkpoint == "" {
		return nil
	}
	t, err := treeOf(h.digests())
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(int64(len(h.Releases)), t)
	if err != nil {
		return fmt.Errorf("hashing the log: %w", err)
	}
	signed, err := openCheckpoint(h.Checkpoint, h.LogKey)
	if err != nil || signed != (checkpoint{int64(len(h.Releases)), root}) {
		return refuse(Tampered, "history.json: the releases in it are not the ones its log was signed for: restore it from a backup")
	}
	return nil
}

func (h History) digests() []string {
	digests := make([]string, len(h.Releases))
	for i, e := range h.Releases {
		digests[i] = e.Digest
	}
	return digests
}

// sign renews the checkpoint over all releases.
func (h *History) sign(secret string, witnesses []note.Signer) error {
	t, err := treeOf(h.digests())
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(int64(len(h.Releases)), t)
	if err != nil {
		return fmt.Errorf("hashing the log: %w", err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return errors.New("releases/log.key: is no log key: restore it from a backup")
	}
	h.Checkpoint, err = signCheckpoint(checkpoint{int64(len(h.Releases)), root}, append([]note.Signer{signer}, witnesses...)...)
	return err
}

func (s Store) save(h History) error {
	data, err := encode(h)
	if err != nil {
		return err
	}
	if err := s.fs.MkdirAll(s.path()); err != nil {
		return fmt.Errorf("keeping the history of releases: %w", err)
	}
	if err := writeFile(s.fs, s.path("history.json"), data); err != nil {
		return fmt.Errorf("keeping the history of releases: %w", err)
	}
	return nil
}

// logKey reads the log's secret key, or makes it for a log not yet begun.
func (s Store) logKey(h *History, witnesses []note.Signer) (string, error) {
	data, err := readFile(s.fs, s.path("log.key"), maxKeyFile)
	if err == nil && h.LogKey != "" {
		return string(data), nil
	}
	if h.LogKey != "" {
		return "", fmt.Errorf("reading the log's key: %w", err)
	}
	// A key without a history is left by a crash: nothing was signed with it.
	secret, public, err := newLogKey()
	if err != nil {
		return "", err
	}
	if err := s.fs.MkdirAll(s.path()); err != nil {
		return "", fmt.Errorf("keeping the log's key: %w", err)
	}
	if err := writeFile(s.fs, s.path("log.key"), []byte(secret)); err != nil {
		return "", fmt.Errorf("keeping the log's key: %w", err)
	}
	h.LogKey = public
	return secret, h.sign(secret, witnesses)
}

// settle decides what a crash left pending: a hand-off that stands under its
// name was released, any other never was.
func (s Store) settle(h *History) error {
	changed := false
	for i := range h.Releases {
		e := &h.Releases[i]
		if e.State != Pending {
			continue
		}
		data, err := readFile(s.fs, filepath.Join(s.absolute(e.Folder), FileName), maxRelease)
		switch {
		case err == nil && Digest(data) == e.Digest:
			e.State = Released
		case err == nil || errors.Is(err, fs.ErrNotExist):
			e.State = Void
		default:
			return fmt.Errorf("settling release %d to %s: %w", e.Sequence, e.Recipient, err)
		}
		e.Folder, changed = "", true
	}
	if !changed {
		return nil
	}
	return s.save(*h)
}

func (s Store) path(parts ...string) string {
	return filepath.Join(append([]string{s.study, "releases"}, parts...)...)
}

// relative names a folder from the study folder, when it can be.
func (s Store) relative(folder string) string {
	from, err := filepath.Abs(s.study)
	if err != nil {
		return folder
	}
	to, err := filepath.Abs(folder)
	if err != nil {
		return folder
	}
	if r, err := filepath.Rel(from, to); err == nil {
		return r
	}
	return to
}

func (s Store) absolute(folder string) string {
	if filepath.IsAbs(folder) {
		return folder
	}
	return filepath.Join(s.study, folder)
}
