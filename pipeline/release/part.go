package release

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// MaxPartBytes is the largest encrypted file of a hand-off, in bytes: 2 GiB,
// which old file systems, mail gateways and web stores still carry.
const MaxPartBytes = 2 << 30

// minimumPart leaves room for age's header in the smallest part.
const minimumPart = 8 << 10

// plaintextLimit is how much plaintext an encrypted file of at most so many
// bytes holds: age adds 16 bytes for each chunk of 64 KiB, 16 of nonce, and a
// header of less than 4 KiB (a hybrid recipient's stanza is about 1.6 KB).
func plaintextLimit(ciphertext int64) int64 {
	return ciphertext - (ciphertext/(64<<10)+2)*16 - 4<<10
}

// writeParts writes files as one deterministic tar stream (in order of path,
// no times, no owners, mode 0644) cut into age files of at most limit bytes of
// plaintext each. A stream cut anywhere, and not a tar a part, because a
// single file may be larger than a part. Contents are checked against their
// digests on the way.
func writeParts(ctx context.Context, fsys storage.FS, bag string, files []Content, dir string, to age.Recipient, limit int64, progress func(int64)) ([]Part, error) {
	parts := &partWriter{ctx: ctx, fs: fsys, dir: dir, to: to, limit: limit}
	defer parts.abandon()
	stream := tar.NewWriter(parts)
	for i, f := range files {
		if err := addFile(ctx, fsys, bag, f, stream, progress); err != nil {
			return nil, fmt.Errorf("bundle: file %d of %d: %w", i+1, len(files), err)
		}
	}
	if err := stream.Close(); err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	if err := parts.finish(); err != nil {
		return nil, err
	}
	return parts.done, nil
}

func addFile(ctx context.Context, fsys storage.FS, bag string, f Content, stream *tar.Writer, progress func(int64)) error {
	file, err := fsys.Open(filepath.Join(bag, filepath.FromSlash(f.File.Path)))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := stream.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg, Name: f.File.Path, Size: f.Bytes, Mode: 0o644, ModTime: time.Unix(0, 0),
	}); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := copyAll(ctx, io.MultiWriter(stream, sum), io.LimitReader(file, f.Bytes+1), progress)
	if err != nil {
		return err
	}
	if n != f.Bytes || hex.EncodeToString(sum.Sum(nil)) != f.File.SHA256 {
		return refuse(Tampered, "is not what its manifest says: make the bundle again")
	}
	return nil
}

// partWriter cuts what is written to it into encrypted files.
type partWriter struct {
	ctx   context.Context
	fs    storage.FS
	dir   string
	to    age.Recipient
	limit int64
	done  []Part

	file       storage.File
	sealed     io.WriteCloser
	cipher     *counter
	plain      *counter
	ciphertext string
}

func (w *partWriter) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if err := w.ctx.Err(); err != nil {
			return written, err
		}
		if w.file == nil {
			if err := w.begin(); err != nil {
				return written, err
			}
		}
		n, err := w.sealed.Write(p[:min(int64(len(p)), w.limit-w.plain.bytes)])
		w.plain.Write(p[:n])
		written += n
		p = p[n:]
		if err != nil {
			return written, err
		}
		if w.plain.bytes == w.limit {
			if err := w.finish(); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

func (w *partWriter) begin() error {
	w.ciphertext = fmt.Sprintf("bundle-%03d.tar.age", len(w.done)+1)
	f, err := w.fs.Create(filepath.Join(w.dir, w.ciphertext))
	if err != nil {
		return err
	}
	w.file, w.cipher, w.plain = f, &counter{hash: sha256.New()}, &counter{hash: sha256.New()}
	w.sealed, err = age.Encrypt(io.MultiWriter(f, w.cipher), w.to)
	return err
}

// finish closes the part at hand, if there is one.
func (w *partWriter) finish() error {
	if w.file == nil {
		return nil
	}
	f := w.file
	w.file = nil
	err := w.sealed.Close()
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", w.ciphertext, err)
	}
	w.done = append(w.done, Part{
		Ciphertext: Sum{w.cipher.digest(), w.ciphertext}, CiphertextBytes: w.cipher.bytes,
		Plaintext: Sum{w.plain.digest(), strings.TrimSuffix(w.ciphertext, ".age")}, PlaintextBytes: w.plain.bytes,
	})
	return nil
}

func (w *partWriter) abandon() {
	if w.file != nil {
		w.file.Close()
	}
}

// counter hashes and counts what passes.
type counter struct {
	hash  hash.Hash
	bytes int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return c.hash.Write(p)
}

func (c *counter) digest() string { return hex.EncodeToString(c.hash.Sum(nil)) }

// copyAll is io.Copy that stops soon after ctx does and reports each step.
func copyAll(ctx context.Context, to io.Writer, from io.Reader, progress func(int64)) (int64, error) {
	buffer := make([]byte, 256<<10)
	total := int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		n, err := from.Read(buffer)
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return total, err
			}
			total += int64(n)
			progress(int64(n))
		}
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}
