package release

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"filippo.io/age"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Opening says what to open, with which keys, and where to.
type Opening struct {
	Handoff string // the hand-off's folder
	Out     string // the bundle's folder to be; must not exist
	// Identities are the researcher's keys; one must be the recipient's.
	Identities []Identity
	// Sender is the sender's SSH public key in authorized_keys form, from the
	// agreement and never from the hand-off.
	Sender string
	// Record is the researcher's file of what was opened before; "" opens
	// without memory, and so without protection against an old release.
	Record string
	// Again opens the newest release once more, after its bundle was lost.
	Again bool
	// At is the moment of opening; its time zone decides which day it is.
	At time.Time
	// Verify checks the bag before it gets its name; it is given the
	// temporary folder. nil trusts the digests alone.
	Verify func(ctx context.Context, bag string) error
}

// Opened is what was opened.
type Opened struct {
	Release Release
	// Approvals is how many distinct keys approved the bundle. Whose they are
	// the hand-off cannot prove.
	Approvals int
	// Missed is how many numbers lie between this release and the last one
	// opened: releases that never came here, or that were void.
	Missed int64
	// Notices are the numbers of withdrawal notices already applied here that
	// concern this release: they must be applied to this copy too.
	Notices []int64
}

// Open verifies and decrypts a hand-off. Nothing of the plaintext stands under
// Out before all of it was verified: signature by the pinned sender, recipient,
// agreement, number, log, every ciphertext, every plaintext, and the bag. What
// is decrypted on the way stands in Out+".partial" (mode 0600) and is removed
// on any error. Refusals are of type Refusal.
func Open(ctx context.Context, fsys storage.FS, o Opening, progress Progress) (Opened, error) {
	if _, err := fsys.Stat(o.Out); err == nil {
		return Opened{}, refuse(Exists, "%s: exists already: choose another folder", o.Out)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Opened{}, fmt.Errorf("looking for the bundle's folder: %w", err)
	}
	r, digest, err := readSigned(fsys, filepath.Join(o.Handoff, FileName), filepath.Join(o.Handoff, SignatureName), o.Sender)
	if err != nil {
		return Opened{}, err
	}
	identity, err := r.identityOf(o.Identities)
	if err != nil {
		return Opened{}, err
	}
	if err := r.Recipient.Check(o.At); err != nil {
		return Opened{}, err
	}
	record, err := LoadRecord(fsys, o.Record)
	if err != nil {
		return Opened{}, err
	}
	seen := record.standing(r.Sender.Fingerprint, r.Study, r.Recipient.Name)
	if err := seen.check(r, digest, o.Again); err != nil {
		return Opened{}, err
	}
	if err := r.Log.check(r, seen); err != nil {
		return Opened{}, err
	}
	meter := newMeter(progress, r.ciphertextBytes()+r.plaintextBytes())
	if err := r.verifyFiles(ctx, fsys, o.Handoff, meter.add); err != nil {
		return Opened{}, err
	}
	if err := r.extract(ctx, fsys, o, identity, meter); err != nil {
		return Opened{}, err
	}
	opened := Opened{Release: r, Approvals: countKeys(r.Approvals, r.Bag.SHA256)}
	if seen != nil {
		opened.Missed = max(0, r.Sequence-seen.Sequence-1)
		opened.Notices = seen.concerning(r.ID)
	}
	record.remember(r, digest)
	if err := record.save(fsys, o.Record); err != nil {
		return opened, fmt.Errorf("the bundle is open and whole, but its number %d could not be recorded: %w", r.Sequence, err)
	}
	return opened, nil
}

func (r Release) identityOf(identities []Identity) (age.Identity, error) {
	for _, i := range identities {
		if i.recipient == r.Recipient.Key {
			return i.age, nil
		}
	}
	return nil, refuse(WrongRecipient, "the hand-off is for %s (key %s), and none of your identities is that key: use the identity you made for agreement %s",
		r.Recipient.Name, r.Fingerprint, r.Recipient.Agreement)
}

// extract decrypts into a temporary folder and names it when all is verified.
func (r Release) extract(ctx context.Context, fsys storage.FS, o Opening, identity age.Identity, meter *meter) error {
	partial := o.Out + ".partial"
	defer fsys.RemoveAll(partial)
	if err := fsys.RemoveAll(partial); err != nil {
		return fmt.Errorf("clearing an unfinished opening: %w", err)
	}
	if err := fsys.MkdirAll(partial); err != nil {
		return fmt.Errorf("making the bundle's folder: %w", err)
	}
	stream := &partReader{fs: fsys, dir: o.Handoff, parts: r.Parts, identity: identity}
	defer stream.close()
	x := extraction{fs: fsys, dir: partial, wanted: map[string]Content{}, folders: map[string]bool{".": true}}
	for _, f := range r.Files {
		x.wanted[f.File.Path] = f
	}
	if err := x.all(ctx, stream, meter.add); err != nil {
		return err
	}
	if o.Verify != nil {
		if err := o.Verify(ctx, partial); err != nil {
			return fmt.Errorf("verifying the bundle: %w", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := fsys.Rename(partial, o.Out); err != nil {
		return fmt.Errorf("naming the bundle: %w", err)
	}
	if err := fsys.SyncDir(filepath.Dir(o.Out)); err != nil {
		return fmt.Errorf("naming the bundle: %w", err)
	}
	return nil
}

// extraction writes the files of a tar stream that are wanted and nothing
// else: not a link, not a device, not a path of its own, not a byte more.
type extraction struct {
	fs      storage.FS
	dir     string
	wanted  map[string]Content
	folders map[string]bool
}

func (x extraction) all(ctx context.Context, stream io.Reader, progress func(int64)) error {
	archive := tar.NewReader(stream)
	for n := 1; ; n++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("decrypting: %w", asTampered(err))
		}
		f, wanted := x.wanted[header.Name]
		if !wanted || header.Typeflag != tar.TypeReg || header.Size != f.Bytes {
			return refuse(Tampered, "entry %d of the decrypted archive is none that was signed for: ask the sender", n)
		}
		delete(x.wanted, header.Name)
		if err := x.file(ctx, f, archive, progress); err != nil {
			return err
		}
	}
	// What follows the archive's end must be read for the parts' digests, and
	// is at most a block of padding.
	if _, err := copyAll(ctx, io.Discard, stream, func(int64) {}); err != nil {
		return fmt.Errorf("decrypting: %w", asTampered(err))
	}
	if len(x.wanted) > 0 {
		return refuse(MissingFile, "the decrypted archive lacks %d files that were signed for: ask the sender", len(x.wanted))
	}
	for folder := range x.folders {
		if err := x.fs.SyncDir(filepath.Join(x.dir, filepath.FromSlash(folder))); err != nil {
			return fmt.Errorf("writing the bundle: %w", err)
		}
	}
	return nil
}

func (x extraction) file(ctx context.Context, want Content, from io.Reader, progress func(int64)) error {
	for folder := path.Dir(want.File.Path); !x.folders[folder]; folder = path.Dir(folder) {
		x.folders[folder] = true
	}
	if err := x.fs.MkdirAll(filepath.Join(x.dir, filepath.FromSlash(path.Dir(want.File.Path)))); err != nil {
		return fmt.Errorf("writing the bundle: %w", err)
	}
	f, err := x.fs.Create(filepath.Join(x.dir, filepath.FromSlash(want.File.Path)))
	if err != nil {
		return fmt.Errorf("writing the bundle: %w", err)
	}
	sum := sha256.New()
	n, err := copyAll(ctx, io.MultiWriter(f, sum), from, progress)
	if err == nil && (n != want.Bytes || hex.EncodeToString(sum.Sum(nil)) != want.File.SHA256) {
		err = refuse(Tampered, "a decrypted file is not the one that was signed for: ask the sender")
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("writing the bundle: %w", asTampered(err))
	}
	return nil
}

// partReader is the parts' plaintext as one stream. It ends well only after
// every part was read to its end and had its digest.
type partReader struct {
	fs       storage.FS
	dir      string
	parts    []Part
	identity age.Identity

	next  int
	file  storage.File
	plain io.Reader
	sum   counter
}

func (p *partReader) Read(b []byte) (int, error) {
	for {
		if p.file == nil {
			if p.next == len(p.parts) {
				return 0, io.EOF
			}
			if err := p.open(); err != nil {
				return 0, err
			}
		}
		n, err := p.plain.Read(b)
		p.sum.Write(b[:n])
		if errors.Is(err, io.EOF) {
			err = p.end()
		} else if err != nil {
			err = p.damaged(err)
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (p *partReader) open() error {
	part := p.parts[p.next]
	f, err := p.fs.Open(filepath.Join(p.dir, part.Ciphertext.Path))
	if err != nil {
		return err
	}
	p.file, p.sum = f, counter{hash: sha256.New()}
	p.plain, err = age.Decrypt(f, p.identity)
	var mismatch *age.NoIdentityMatchError
	if errors.As(err, &mismatch) {
		return refuse(WrongRecipient, "%s: is encrypted for another key than release.json says: ask the sender", part.Ciphertext.Path)
	}
	if err != nil {
		return p.damaged(err)
	}
	return nil
}

func (p *partReader) end() error {
	part := p.parts[p.next]
	p.close()
	p.next++
	if p.sum.bytes != part.PlaintextBytes || p.sum.digest() != part.Plaintext.SHA256 {
		return refuse(Tampered, "%s: decrypts to something that was not signed for: ask the sender", part.Ciphertext.Path)
	}
	return nil
}

func (p *partReader) close() {
	if p.file != nil {
		p.file.Close()
		p.file = nil
	}
}

// damaged tells a disk's failure from a file that is no age file: the digests
// were right a moment ago, so the file changed under our hands.
func (p *partReader) damaged(err error) error {
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return err
	}
	return refuse(Tampered, "%s: does not decrypt: ask the sender for it again", p.parts[p.next].Ciphertext.Path)
}

// asTampered makes of an archive that cannot be read a refusal.
func asTampered(err error) error {
	if errors.Is(err, tar.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
		return refuse(Tampered, "the decrypted archive is not a tar archive: ask the sender")
	}
	return err
}
