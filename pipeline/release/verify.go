package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// maxRelease bounds release.json: 100 bytes for each of a million files.
const maxRelease = 128 << 20

// VerifyHandoff checks a hand-off as far as can be without decrypting it: the
// signature by the pinned sender (an SSH public key, authorized_keys form,
// which must come from the agreement and never from the hand-off), the files
// that are there and every byte of them, and the log's proofs. It does not
// know which releases were seen before: that is Open's.
func VerifyHandoff(ctx context.Context, fsys storage.FS, handoff, sender string, progress Progress) (Release, error) {
	r, _, err := readSigned(fsys, filepath.Join(handoff, FileName), filepath.Join(handoff, SignatureName), sender)
	if err != nil {
		return Release{}, err
	}
	if err := r.Log.check(r, nil); err != nil {
		return Release{}, err
	}
	meter := newMeter(progress, r.ciphertextBytes())
	if err := r.verifyFiles(ctx, fsys, handoff, meter.add); err != nil {
		return Release{}, err
	}
	return r, nil
}

func verifyFolder(ctx context.Context, fsys storage.FS, handoff, sender string, progress func(int64)) (Release, string, error) {
	r, digest, err := readSigned(fsys, filepath.Join(handoff, FileName), filepath.Join(handoff, SignatureName), sender)
	if err != nil {
		return Release{}, "", err
	}
	return r, digest, r.verifyFiles(ctx, fsys, handoff, progress)
}

// readSigned reads a release.json that the pinned sender signed, and its
// digest.
func readSigned(fsys storage.FS, name, signatureName, sender string) (Release, string, error) {
	data, err := readDocument(fsys, name, signatureName, sender, ReleaseNamespace)
	if err != nil {
		return Release{}, "", err
	}
	var r Release
	if err := decode(data, releaseFormat, &r); err != nil {
		return Release{}, "", refuse(Tampered, "%s: %s", filepath.Base(name), err)
	}
	if err := r.check(sender); err != nil {
		return Release{}, "", refuse(Tampered, "%s: %s", filepath.Base(name), err)
	}
	return r, Digest(data), nil
}

// readDocument reads a signed document and refuses it unless it was signed,
// byte for byte, by the key the reader already had.
func readDocument(fsys storage.FS, name, signatureName, signer, namespace string) ([]byte, error) {
	pinned, err := ParsePublicKey(signer)
	if err != nil {
		return nil, fmt.Errorf("the signer's public key %w: take it from the agreement", err)
	}
	data, err := readFile(fsys, name, maxRelease)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(MissingFile, "%s: is missing", filepath.Base(name))
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Base(name), err)
	}
	signature, err := readFile(fsys, signatureName, maxKeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(MissingFile, "%s: is missing", filepath.Base(signatureName))
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Base(signatureName), err)
	}
	key, err := signedBy(data, string(signature), namespace)
	if key != nil && string(key.Marshal()) != string(pinned.Marshal()) {
		return nil, refuse(WrongSender, "%s: was signed by the key %s, not by the one you expect, %s: do not use it and ask the sender",
			filepath.Base(signatureName), ssh.FingerprintSHA256(key), ssh.FingerprintSHA256(pinned))
	}
	if err != nil {
		return nil, refuse(Tampered, "%s: %s: ask the sender for the files again", filepath.Base(signatureName), err)
	}
	return data, nil
}

// check holds a release to what every honest one is, before anything in it is
// used as a name or a size.
func (r Release) check(sender string) error {
	key, err := ParsePublicKey(sender)
	if err != nil {
		return err
	}
	switch {
	case r.Sender.Fingerprint != ssh.FingerprintSHA256(key):
		return errors.New("names another sender than the one who signed it")
	case r.Fingerprint != r.Recipient.Fingerprint():
		return errors.New("the recipient's key and fingerprint disagree")
	case r.Sequence < 1 || r.Previous != nil && (r.Previous.Sequence < 1 || r.Previous.Sequence >= r.Sequence || !isDigest(r.Previous.Digest)):
		return errors.New("its number and the one before it disagree")
	case r.Opening.Path != OpeningName || r.Bag.Path != tagManifestName:
		return errors.New("names a file by a name that is not its own")
	case len(r.Parts) == 0 || len(r.Files) == 0:
		return errors.New("holds no files")
	}
	for i, p := range r.Parts {
		name := fmt.Sprintf("bundle-%03d.tar", i+1)
		if p.Plaintext.Path != name || p.Ciphertext.Path != name+".age" || p.PlaintextBytes < 1 || p.CiphertextBytes <= p.PlaintextBytes {
			return fmt.Errorf("part %d is not described as a part", i+1)
		}
	}
	return r.checkFiles()
}

func (r Release) checkFiles() error {
	// Two names that differ in case alone are one file on many disks.
	names := map[string]bool{}
	bag := false
	for i, f := range r.Files {
		name := strings.ToLower(f.File.Path)
		if names[name] || f.Bytes < 0 {
			return fmt.Errorf("file %d of the bundle stands twice or has no size", i+1)
		}
		names[name] = true
		bag = bag || f.File == r.Bag
	}
	if !bag {
		return errors.New("the bundle's digest is of none of its files")
	}
	return nil
}

// verifyFiles wants exactly the signed files in the folder, each with its
// size and digest.
func (r Release) verifyFiles(ctx context.Context, fsys storage.FS, dir string, progress func(int64)) error {
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("listing the hand-off: %w", err)
	}
	wanted := map[string]bool{FileName: true, SignatureName: true, OpeningName: true}
	for _, p := range r.Parts {
		wanted[p.Ciphertext.Path] = true
	}
	extra := 0
	for _, e := range entries {
		if !wanted[e.Name()] {
			extra++
		} else if !e.Type().IsRegular() {
			return refuse(Tampered, "%s: is not a plain file: ask the sender for the files again", e.Name())
		}
		delete(wanted, e.Name())
	}
	if extra > 0 {
		return refuse(ExtraFile, "the hand-off's folder holds %d files or folders that are not part of it: move away what you added, and trust nothing you did not", extra)
	}
	for _, name := range r.names() {
		if wanted[name] {
			return refuse(MissingFile, "%s: is missing: ask the sender for it", name)
		}
	}
	if err := verifyFile(ctx, fsys, dir, r.Opening, -1, func(int64) {}); err != nil {
		return err
	}
	for _, p := range r.Parts {
		if err := checkSize(fsys, dir, p); err != nil {
			return err
		}
	}
	for _, p := range r.Parts {
		if err := verifyFile(ctx, fsys, dir, p.Ciphertext, p.CiphertextBytes, progress); err != nil {
			return err
		}
	}
	return nil
}

func (r Release) names() []string {
	names := []string{FileName, SignatureName, OpeningName}
	for _, p := range r.Parts {
		names = append(names, p.Ciphertext.Path)
	}
	return names
}

// checkSize tells a cut file from a changed one, and is quick.
func checkSize(fsys storage.FS, dir string, p Part) error {
	info, err := fsys.Stat(filepath.Join(dir, p.Ciphertext.Path))
	if err != nil {
		return fmt.Errorf("looking at %s: %w", p.Ciphertext.Path, err)
	}
	switch size := info.Size(); {
	case size < p.CiphertextBytes:
		return refuse(Truncated, "%s: ends after %d of %d bytes: copy or download it again", p.Ciphertext.Path, size, p.CiphertextBytes)
	case size > p.CiphertextBytes:
		return refuse(Tampered, "%s: has %d bytes too many: copy or download it again", p.Ciphertext.Path, size-p.CiphertextBytes)
	}
	return nil
}

func verifyFile(ctx context.Context, fsys storage.FS, dir string, s Sum, bytes int64, progress func(int64)) error {
	f, err := fsys.Open(filepath.Join(dir, s.Path))
	if err != nil {
		return fmt.Errorf("reading %s: %w", s.Path, err)
	}
	defer f.Close()
	sum := sha256.New()
	n, err := copyAll(ctx, sum, f, progress)
	if err != nil {
		return fmt.Errorf("reading %s: %w", s.Path, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != s.SHA256 || bytes >= 0 && n != bytes {
		return refuse(Tampered, "%s: is not the file that was signed: copy or download it again", s.Path)
	}
	return nil
}

func (r Release) ciphertextBytes() int64 {
	total := int64(0)
	for _, p := range r.Parts {
		total += p.CiphertextBytes
	}
	return total
}
