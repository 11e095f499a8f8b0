package release

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Names of the files of an acknowledgement.
const (
	AcknowledgementName          = "acknowledgement.json"
	AcknowledgementSignatureName = "acknowledgement.json.sig"
)

const acknowledgementFormat = "veil-acknowledgement/1"

// Acknowledgement is a recipient's signed word that a notice was applied.
type Acknowledgement struct {
	Format    string    `json:"format"`
	Study     string    `json:"study"`
	Recipient string    `json:"recipient"`
	Notice    Link      `json:"notice"`
	Applied   time.Time `json:"applied"` // UTC, whole seconds
	Bundles   []Removal `json:"bundles"`
	// Destroyed are ids of releases the recipient holds no copy of any more,
	// or never opened.
	Destroyed []string `json:"destroyed"`
}

// Application says which notice to apply to which bundles.
type Application struct {
	Notice  string   // the notice's folder
	Bundles []string // opened bundles, by folder
	// Destroyed are ids of concerned releases of which no copy is left.
	Destroyed  []string
	Identities []Identity // one must be the notice's recipient
	Sender     string     // SSH public key from the agreement
	Signer     ssh.Signer // the recipient's acknowledgement key
	Record     string     // the researcher's record; needed
	At         time.Time
	// Remove takes what the notice names out of a bag and makes it a valid
	// bag again, atomically; on a bag that was treated it changes nothing.
	Remove func(ctx context.Context, bag string, n Notice) error
}

// ApplyNotice verifies a notice, removes what it names from the bundles and
// writes the signed acknowledgement to the folder out. Notices apply in order
// of number. After a crash, the same call goes on from where it was.
func ApplyNotice(ctx context.Context, fsys storage.FS, a Application, out string) (Acknowledgement, error) {
	n, digest, err := ReadNotice(fsys, a.Notice, a.Sender)
	if err != nil {
		return Acknowledgement{}, err
	}
	if !slices.ContainsFunc(a.Identities, func(i Identity) bool {
		return Recipient{Key: i.recipient}.Fingerprint() == n.Fingerprint
	}) {
		return Acknowledgement{}, refuse(WrongRecipient, "the notice is for %s (key %s), and none of your identities is that key", n.Recipient, n.Fingerprint)
	}
	if a.Record == "" || a.Signer == nil {
		return Acknowledgement{}, errors.New("applying a notice needs the record of opened releases and the acknowledgement key")
	}
	record, err := LoadRecord(fsys, a.Record)
	if err != nil {
		return Acknowledgement{}, err
	}
	received, err := record.begin(n.Sender.Fingerprint, n.Study, n.Recipient).receive(n, digest)
	if err != nil {
		return Acknowledgement{}, err
	}
	if err := received.begin(fsys, a.Bundles); err != nil {
		return Acknowledgement{}, err
	}
	// Written down before anything is removed: the digests before are what
	// the sender knows the bundles by, and cannot be had again.
	if err := record.save(fsys, a.Record); err != nil {
		return Acknowledgement{}, err
	}
	if err := received.remove(ctx, fsys, a, n); err != nil {
		return Acknowledgement{}, err
	}
	ack := received.acknowledgement(a, n, digest)
	if err := ack.write(fsys, a.Signer, out); err != nil {
		return Acknowledgement{}, err
	}
	received.Applied = true
	if err := record.save(fsys, a.Record); err != nil {
		return ack, fmt.Errorf("the notice is applied, but that could not be recorded: apply it again: %w", err)
	}
	return ack, nil
}

// ReadNotice reads a notice that the pinned sender signed, and its digest.
func ReadNotice(fsys storage.FS, dir, sender string) (Notice, string, error) {
	data, err := readDocument(fsys, filepath.Join(dir, NoticeName), filepath.Join(dir, NoticeSignatureName), sender, NoticeNamespace)
	if err != nil {
		return Notice{}, "", err
	}
	var n Notice
	if err := decode(data, noticeFormat, &n); err != nil {
		return Notice{}, "", refuse(Tampered, "%s: %s", NoticeName, err)
	}
	key, err := ParsePublicKey(sender)
	if err != nil {
		return Notice{}, "", err
	}
	if n.Sender.Fingerprint != ssh.FingerprintSHA256(key) || n.Sequence < 1 || (n.Sequence == 1) != (n.Previous == nil) {
		return Notice{}, "", refuse(Tampered, "%s: its sender or its number does not fit", NoticeName)
	}
	return n, Digest(data), nil
}

// receive finds or makes the record of a notice, which must be the next one.
func (s *Standing) receive(n Notice, digest string) (*Received, error) {
	for i := range s.Notices {
		if r := &s.Notices[i]; r.Sequence == n.Sequence {
			if r.Digest != digest {
				return nil, refuse(BrokenChain, "this is another notice %d than the one you had before: ask the sender which is true", n.Sequence)
			}
			return r, nil
		}
	}
	last := Received{}
	if len(s.Notices) > 0 {
		last = s.Notices[len(s.Notices)-1]
	}
	switch {
	case n.Sequence <= last.Sequence:
		return nil, refuse(Replayed, "notice %d is older than notice %d, which you had before", n.Sequence, last.Sequence)
	case n.Sequence > last.Sequence+1:
		return nil, refuse(BrokenChain, "notice %d has not come here yet: apply it first, or ask the sender for it", last.Sequence+1)
	case n.Previous != nil && n.Previous.Digest != last.Digest:
		return nil, refuse(BrokenChain, "notice %d follows another notice than the one you had: ask the sender", n.Sequence)
	}
	received := Received{Sequence: n.Sequence, Digest: digest, Releases: []string{}, Bundles: []Removal{}}
	for _, r := range n.Releases {
		received.Releases = append(received.Releases, r.ID)
	}
	s.Notices = append(s.Notices, received)
	return &s.Notices[len(s.Notices)-1], nil
}

// begin notes the digests of bundles not yet treated for this notice.
func (r *Received) begin(fsys storage.FS, bundles []string) error {
	for i, bag := range bundles {
		folder, err := filepath.Abs(bag)
		if err != nil {
			return fmt.Errorf("bundle %d: %w", i+1, err)
		}
		if slices.ContainsFunc(r.Bundles, func(b Removal) bool { return b.Folder == folder }) {
			continue
		}
		before, err := BagDigest(fsys, bag)
		if err != nil {
			return fmt.Errorf("bundle %d: %w", i+1, err)
		}
		r.Bundles = append(r.Bundles, Removal{Folder: folder, Before: before})
	}
	return nil
}

func (r *Received) remove(ctx context.Context, fsys storage.FS, a Application, n Notice) error {
	for i, bag := range a.Bundles {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.Remove(ctx, bag, n); err != nil {
			return fmt.Errorf("bundle %d: removing what notice %d names: %w", i+1, n.Sequence, err)
		}
		after, err := BagDigest(fsys, bag)
		if err != nil {
			return fmt.Errorf("bundle %d: %w", i+1, err)
		}
		folder, err := filepath.Abs(bag)
		if err != nil {
			return fmt.Errorf("bundle %d: %w", i+1, err)
		}
		for j := range r.Bundles {
			if r.Bundles[j].Folder == folder {
				r.Bundles[j].After = after
			}
		}
	}
	return nil
}

func (r *Received) acknowledgement(a Application, n Notice, digest string) Acknowledgement {
	ack := Acknowledgement{
		Format: acknowledgementFormat, Study: n.Study, Recipient: n.Recipient,
		Notice: Link{Sequence: n.Sequence, Digest: digest}, Applied: stamp(a.At),
		Bundles: []Removal{}, Destroyed: set(a.Destroyed),
	}
	for _, b := range r.Bundles {
		if b.After != "" { // else begun before and not among these bundles
			ack.Bundles = append(ack.Bundles, Removal{Before: b.Before, After: b.After})
		}
	}
	return ack
}

func (k Acknowledgement) write(fsys storage.FS, signer ssh.Signer, out string) error {
	document, err := encode(k)
	if err != nil {
		return err
	}
	signature, err := sign(document, signer, AcknowledgementNamespace)
	if err != nil {
		return err
	}
	if err := fsys.MkdirAll(out); err != nil {
		return fmt.Errorf("writing the acknowledgement: %w", err)
	}
	if err := writePair(fsys, filepath.Join(out, AcknowledgementName), document, signature); err != nil {
		return fmt.Errorf("writing the acknowledgement: %w", err)
	}
	return nil
}

// RecordAcknowledgement verifies an acknowledgement by the recipient's
// acknowledgement key and keeps it: its notice is then no longer open. It must
// account for every release the notice names: as a bundle that was treated, by
// the digest it had when released or after an earlier notice, or as destroyed.
// The same acknowledgement twice changes nothing.
func (s Store) RecordAcknowledgement(dir string, from Recipient) (Acknowledgement, error) {
	if from.AckKey == "" {
		return Acknowledgement{}, fmt.Errorf("recipient %s: has no acknowledgement key: record it first", from.Name)
	}
	data, err := readDocument(s.fs, filepath.Join(dir, AcknowledgementName), filepath.Join(dir, AcknowledgementSignatureName), from.AckKey, AcknowledgementNamespace)
	if err != nil {
		return Acknowledgement{}, err
	}
	var ack Acknowledgement
	if err := decode(data, acknowledgementFormat, &ack); err != nil {
		return Acknowledgement{}, refuse(Tampered, "%s: %s", AcknowledgementName, err)
	}
	signature, err := readFile(s.fs, filepath.Join(dir, AcknowledgementSignatureName), maxKeyFile)
	if err != nil {
		return Acknowledgement{}, fmt.Errorf("reading the acknowledgement: %w", err)
	}
	h, err := s.History()
	if err != nil {
		return Acknowledgement{}, err
	}
	at := slices.IndexFunc(h.Notices, func(e NoticeEntry) bool {
		return e.Recipient == from.Name && e.Sequence == ack.Notice.Sequence && e.Digest == ack.Notice.Digest
	})
	if at < 0 || ack.Recipient != from.Name {
		return Acknowledgement{}, refuse(BrokenChain, "the acknowledgement is of no notice to %s", from.Name)
	}
	signed := Signed{Document: string(data), Signature: string(signature)}
	if slices.Contains(h.Notices[at].Acknowledgements, signed) {
		return ack, nil
	}
	if err := h.covers(ack, h.Notices[at]); err != nil {
		return Acknowledgement{}, err
	}
	h.Notices[at].Acknowledgements = append(h.Notices[at].Acknowledgements, signed)
	return ack, s.save(h)
}

// covers wants every release of a notice in its acknowledgement.
func (h History) covers(ack Acknowledgement, e NoticeEntry) error {
	var n Notice
	if err := decode([]byte(e.Notice.Document), noticeFormat, &n); err != nil {
		return refuse(Tampered, "history.json: notice %d %s", e.Sequence, err)
	}
	if n.Study != ack.Study {
		return refuse(BrokenChain, "the acknowledgement is about another study")
	}
	for _, r := range n.Releases {
		known, gone := h.bundleOf(r, e)
		treated := slices.ContainsFunc(ack.Bundles, func(b Removal) bool { return known[b.Before] && isDigest(b.After) && b.After != r.Bundle })
		if !treated && !gone && !slices.Contains(ack.Destroyed, r.ID) {
			return refuse(Incomplete, "the acknowledgement does not account for release %d: the notice must be applied to its bundle, or the release named as destroyed", r.Sequence)
		}
	}
	return nil
}

// bundleOf are the digests a release's bundle may have at the recipient's
// after earlier notices, and whether it was said to be destroyed.
func (h History) bundleOf(r Affected, until NoticeEntry) (known map[string]bool, gone bool) {
	known = map[string]bool{r.Bundle: true}
	for _, e := range h.Notices {
		if e.Recipient != until.Recipient || e.Sequence >= until.Sequence {
			continue
		}
		for _, signed := range e.Acknowledgements {
			var ack Acknowledgement
			if decode([]byte(signed.Document), acknowledgementFormat, &ack) != nil {
				continue
			}
			gone = gone || slices.Contains(ack.Destroyed, r.ID)
			for _, b := range ack.Bundles {
				if known[b.Before] {
					known[b.After] = true
				}
			}
		}
	}
	return known, gone
}
