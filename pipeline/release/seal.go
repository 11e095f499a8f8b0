package release

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"golang.org/x/crypto/ssh"
	"golang.org/x/mod/sumdb/note"
)

// Order says what to release to whom.
type Order struct {
	Bundle    string // the bag's folder
	Study     string
	Run       string
	Report    string // digest of the approved report
	Recipient Recipient
	Officers  []Officer
	Required  int // officers that must approve; 0 means DefaultOfficers
	Approvals []Approval
	// ConsentHead is the consent ledger's head hash. That the bundle still
	// agrees with the ledger is for the caller to check, just before.
	ConsentHead string
	SenderName  string
	Sender      ssh.Signer
	// At is the moment of release; its time zone decides which day it is for
	// the agreement and for notices' deadlines.
	At time.Time
	// PartBytes is the size limit of an encrypted file; 0 means MaxPartBytes.
	PartBytes int64
	// Witnesses also sign the log's checkpoints, when there are any.
	Witnesses []note.Signer
}

// Seal writes the hand-off of a bundle for one recipient to the folder out,
// which appears whole or not at all. It refuses a bundle that too few officers
// approved or that one returned, a recipient without an agreement in force or
// with an overdue withdrawal notice, and a bundle that is not what its
// manifests say.
//
// The life of a release: everything is written to out+".partial" and synced;
// the release is appended to the log as pending; the folder gets its name; the
// release is recorded as released. After a crash the same call does what is
// left: a hand-off that already stands is recorded and returned, anything less
// is void and made again under the next number.
//
// The tar stream is the same for the same bundle; the encryption is not.
func (s Store) Seal(ctx context.Context, o Order, out string, progress Progress) (Release, error) {
	if o.Sender == nil {
		return Release{}, errors.New("a release needs the sender's signing key")
	}
	h, err := s.History()
	if err != nil {
		return Release{}, err
	}
	if err := s.settle(&h); err != nil {
		return Release{}, err
	}
	if done, err := s.standing(ctx, h, o, out); done.ID != "" || err != nil {
		return done, err
	}
	if err := ctx.Err(); err != nil {
		return Release{}, err
	}
	r, err := s.prepare(ctx, h, o)
	if err != nil {
		return Release{}, err
	}
	partial := out + ".partial"
	defer s.fs.RemoveAll(partial)
	if err := s.fs.RemoveAll(partial); err != nil {
		return Release{}, fmt.Errorf("clearing an unfinished hand-off: %w", err)
	}
	if err := s.fs.MkdirAll(partial); err != nil {
		return Release{}, fmt.Errorf("making the hand-off's folder: %w", err)
	}
	if err := s.encrypt(ctx, o, &r, partial, progress); err != nil {
		return Release{}, err
	}
	if err := s.publish(h, o, &r, partial, out); err != nil {
		return Release{}, err
	}
	return r, nil
}

// prepare decides whether the release may be and says all of it that is known
// before encryption.
func (s Store) prepare(ctx context.Context, h History, o Order) (Release, error) {
	if err := o.Recipient.Check(o.At); err != nil {
		return Release{}, err
	}
	if err := h.CheckNotices(o.Recipient.Name, o.At); err != nil {
		return Release{}, err
	}
	if o.PartBytes != 0 && (o.PartBytes < minimumPart || o.PartBytes > MaxPartBytes) {
		return Release{}, fmt.Errorf("the size of a part must be between %d and %d bytes", minimumPart, MaxPartBytes)
	}
	if !isLine(o.Study) || !isLine(o.Run) {
		return Release{}, errors.New("the names of study and run must each be one line of text")
	}
	files, bag, err := inventory(ctx, s.fs, o.Bundle)
	if err != nil {
		return Release{}, err
	}
	tally, err := Count(o.Approvals, o.Officers, Subject{Bundle: bag, Report: o.Report, Study: o.Study, Run: o.Run}, o.Required)
	if err != nil {
		return Release{}, err
	}
	if err := tally.Err(); err != nil {
		return Release{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Release{}, fmt.Errorf("making a release id: %w", err)
	}
	r := Release{
		Format: releaseFormat, ID: id.String(), Study: o.Study, Run: o.Run, Created: stamp(o.At),
		Sender:    Party{Name: o.SenderName, Fingerprint: ssh.FingerprintSHA256(o.Sender.PublicKey())},
		Recipient: o.Recipient, Fingerprint: o.Recipient.Fingerprint(), ConsentHead: o.ConsentHead,
		Bag: Sum{bag, tagManifestName}, Report: o.Report, Approvals: tally.Approvals, Files: files,
	}
	h.number(&r)
	return r, nil
}

// encrypt writes the parts and OPENING.md.
func (s Store) encrypt(ctx context.Context, o Order, r *Release, dir string, progress Progress) error {
	to, _, err := r.Recipient.parse()
	if err != nil {
		return err
	}
	limit := o.PartBytes
	if limit == 0 {
		limit = MaxPartBytes
	}
	meter := newMeter(progress, r.plaintextBytes())
	r.Parts, err = writeParts(ctx, s.fs, o.Bundle, r.Files, dir, to, plaintextLimit(limit), meter.add)
	if err != nil {
		return err
	}
	opening, err := r.opening()
	if err != nil {
		return err
	}
	r.Opening = Sum{Digest(opening), OpeningName}
	if err := writeFile(s.fs, filepath.Join(dir, OpeningName), opening); err != nil {
		return fmt.Errorf("writing %s: %w", OpeningName, err)
	}
	return nil
}

// publish logs and signs the release, and gives the hand-off its name.
func (s Store) publish(h History, o Order, r *Release, partial, out string) error {
	secret, err := s.logKey(&h, o.Witnesses)
	if err != nil {
		return err
	}
	if r.Log, err = h.view(r.Previous); err != nil {
		return err
	}
	document, err := encode(*r)
	if err != nil {
		return err
	}
	if len(document) > maxRelease {
		return fmt.Errorf("%s would be larger than %d bytes: release fewer files at once", FileName, maxRelease)
	}
	signature, err := sign(document, o.Sender, ReleaseNamespace)
	if err != nil {
		return err
	}
	h.Releases = append(h.Releases, Entry{
		ID: r.ID, Digest: Digest(document), Recipient: r.Recipient.Name, Fingerprint: r.Fingerprint,
		Sequence: r.Sequence, Run: r.Run, Bundle: r.Bag.SHA256, Created: r.Created,
		State: Pending, Folder: s.relative(out),
	})
	if err := h.sign(secret, o.Witnesses); err != nil {
		return err
	}
	if err := writePair(s.fs, s.path(r.ID+".json"), document, signature); err != nil {
		return fmt.Errorf("keeping the release: %w", err)
	}
	if err := writePair(s.fs, filepath.Join(partial, FileName), document, signature); err != nil {
		return fmt.Errorf("writing the release: %w", err)
	}
	if err := s.fs.SyncDir(partial); err != nil {
		return fmt.Errorf("writing the release: %w", err)
	}
	if err := s.save(h); err != nil {
		return err
	}
	if err := s.fs.Rename(partial, out); err != nil {
		return fmt.Errorf("naming the hand-off: %w", err)
	}
	if err := s.fs.SyncDir(filepath.Dir(out)); err != nil {
		return fmt.Errorf("naming the hand-off: run the same command again to record it: %w", err)
	}
	last := &h.Releases[len(h.Releases)-1]
	last.State, last.Folder = Released, ""
	if err := s.save(h); err != nil {
		return fmt.Errorf("the hand-off stands whole, run the same command again to record it: %w", err)
	}
	return nil
}

// number gives the release its number and the one before it. A void release's
// number is not used again, but nothing follows from it.
func (h History) number(r *Release) {
	r.Sequence = 1
	for _, e := range h.Releases {
		if e.Recipient != r.Recipient.Name {
			continue
		}
		r.Sequence = e.Sequence + 1
		if e.State != Void {
			r.Previous = &Link{Sequence: e.Sequence, Digest: e.Digest}
		}
	}
}

// standing returns the hand-off that already stands at out, when it is the
// newest release of this same order.
func (s Store) standing(ctx context.Context, h History, o Order, out string) (Release, error) {
	if _, err := s.fs.Stat(out); errors.Is(err, fs.ErrNotExist) {
		return Release{}, nil
	} else if err != nil {
		return Release{}, fmt.Errorf("looking for the hand-off's folder: %w", err)
	}
	exists := refuse(Exists, "%s: exists already: choose another folder or move it away", out)
	sent := h.Of(o.Recipient.Name)
	if len(sent) == 0 {
		return Release{}, exists
	}
	last := sent[len(sent)-1]
	bag, err := BagDigest(s.fs, o.Bundle)
	if err != nil {
		return Release{}, err
	}
	r, digest, err := verifyFolder(ctx, s.fs, out, string(ssh.MarshalAuthorizedKey(o.Sender.PublicKey())), func(int64) {})
	if ctx.Err() != nil {
		return Release{}, ctx.Err()
	}
	if err != nil || digest != last.Digest || bag != last.Bundle || r.Report != o.Report || r.Recipient.Key != o.Recipient.Key {
		return Release{}, exists
	}
	// A crash between the new name and its sync: make it durable now.
	if err := s.fs.SyncDir(filepath.Dir(out)); err != nil {
		return Release{}, fmt.Errorf("naming the hand-off: %w", err)
	}
	return r, nil
}

func (r Release) plaintextBytes() int64 {
	total := int64(0)
	for _, f := range r.Files {
		total += f.Bytes
	}
	return total
}

// meter sums steps for a Progress.
type meter struct {
	tell        Progress
	done, total int64
}

func newMeter(p Progress, total int64) *meter {
	m := &meter{tell: p, total: total}
	m.add(0)
	return m
}

func (m *meter) add(n int64) {
	m.done += n
	if m.tell != nil {
		m.tell(m.done, m.total)
	}
}
