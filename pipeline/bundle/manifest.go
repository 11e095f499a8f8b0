package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Names of a bag's own files (RFC 8493, section 2), and of its payload folder.
const (
	payload         = "data"
	declarationName = "bagit.txt"
	infoName        = "bag-info.txt"
	manifestName    = "manifest-sha256.txt"
	tagManifestName = "tagmanifest-sha256.txt"
)

// maxTagFile bounds what is read into memory of a file about the bag, in bytes:
// a manifest line is about 130 bytes, so this is eight million files.
const maxTagFile = 1 << 30

// file is a file of a bag: path with slashes from the bag's folder, size in
// bytes, lower-case hex SHA-256.
type file struct {
	path  string
	bytes int64
	sum   string
}

// manifest lists files in order of path, as sha256sum does.
func manifest(files []file) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", f.sum, f.path)
	}
	return b.Bytes()
}

// parseManifest reads what manifest writes, in any order. name is the
// manifest's own, for errors.
func parseManifest(name string, data []byte) (map[string]string, error) {
	sums := map[string]string{}
	text, ended := strings.CutSuffix(string(data), "\n")
	if !ended {
		return nil, Damage{name, Malformed, "its last line is cut"}
	}
	for i, line := range strings.Split(text, "\n") {
		sum, path, ok := strings.Cut(line, "  ")
		if !ok || !isDigest(sum) || !storage.Portable(path) {
			return nil, Damage{name, Malformed, fmt.Sprintf("line %d is not a digest and a path", i+1)}
		}
		if _, twice := sums[path]; twice {
			return nil, Damage{name, Malformed, fmt.Sprintf("line %d lists a file a second time", i+1)}
		}
		sums[path] = sum
	}
	return sums, nil
}

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

// list walks a bag and gives its files in order of path, without digests.
// Links, devices and names that are not portable are refused: by number, since
// a name that somebody chose may name somebody. folders are the paths of all
// folders, the bag's own first ("").
func list(ctx context.Context, fsys storage.FS, bag string) (files []file, folders []string, err error) {
	var walk func(below string) error
	walk = func(below string) error {
		entries, err := fsys.ReadDir(filepath.Join(bag, filepath.FromSlash(below)))
		if err != nil {
			return fmt.Errorf("listing the bundle: %w", err)
		}
		folders = append(folders, below)
		for i, e := range entries {
			if err := ctx.Err(); err != nil {
				return err
			}
			path := e.Name()
			if below != "" {
				path = below + "/" + path
			}
			switch {
			case !storage.Portable(path):
				return Damage{place(below, i), Hostile, "its name has characters that no file of a bundle has"}
			case e.IsDir():
				err = walk(path)
			case e.Type().IsRegular():
				info, statErr := e.Info()
				if err = statErr; err == nil {
					files = append(files, file{path: path, bytes: info.Size()})
				}
			default:
				return Damage{place(below, i), Hostile, "it is a link or a device, and a bundle holds files only"}
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(""); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	return files, folders, nil
}

// place names an entry of a folder by its number, from 1 in order of name.
func place(folder string, i int) string {
	if folder == "" {
		return fmt.Sprintf("entry %d of the bundle's folder", i+1)
	}
	return fmt.Sprintf("entry %d of %s", i+1, folder)
}

// meter counts the bytes that pass through its buffer for whoever watches.
type meter struct {
	done, total int64
	tell        func(done, total int64)
	buffer      []byte
}

func newMeter(tell func(done, total int64), files []file) *meter {
	m := &meter{tell: tell, buffer: make([]byte, block)}
	for _, f := range files {
		m.total += f.bytes
	}
	m.add(0)
	return m
}

func (m *meter) add(n int64) {
	m.done += n
	if m.tell != nil {
		m.tell(m.done, m.total)
	}
}

// block is how much of a file is read at once, in bytes.
const block = 1 << 20

// digest is the lower-case hex SHA-256 of a file.
func digest(ctx context.Context, fsys storage.FS, name string, m *meter) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := f.Read(m.buffer)
		sum.Write(m.buffer[:n])
		m.add(int64(n))
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(sum.Sum(nil)), nil
		}
		if err != nil {
			return "", err
		}
	}
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// readTagFile reads a small file of a bag.
func readTagFile(fsys storage.FS, bag, path string) ([]byte, error) {
	f, err := fsys.Open(filepath.Join(bag, filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxTagFile+1))
	if err == nil && len(data) > maxTagFile {
		err = Damage{path, Malformed, "it is far too long"}
	}
	return data, err
}

func writeFile(fsys storage.FS, bag, path string, data []byte) error {
	if err := storage.WriteFile(fsys, filepath.Join(bag, filepath.FromSlash(path)), func(f storage.File) error {
		_, err := f.Write(data)
		return err
	}); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
