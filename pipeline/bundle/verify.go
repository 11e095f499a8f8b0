package bundle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Kind says in one word what is wrong with a file of a bag.
type Kind string

const (
	Missing   Kind = "missing"   // listed and not there
	Extra     Kind = "extra"     // there and not listed
	Changed   Kind = "changed"   // not the file that was listed
	Malformed Kind = "malformed" // a file about the bag that cannot be read
	Hostile   Kind = "hostile"   // a link, a device, or a name that is no bundle's
)

// Damage is what makes a bag invalid.
type Damage struct {
	// Path is the file's path from the bag's folder, or says where it stands
	// when it must not be shown.
	Path string
	Kind Kind
	What string
}

func (d Damage) Error() string {
	what := d.What
	switch {
	case what != "":
	case d.Kind == Missing:
		what = "it is missing"
	case d.Kind == Extra:
		what = "it is not in the bundle's manifests"
	case d.Kind == Changed:
		what = "it is not the file the bundle was closed with"
	}
	advice := "make the bundle again, or open the hand-off again"
	if d.Kind == Extra {
		advice = "move it elsewhere"
	}
	return fmt.Sprintf("bundle: %s: %s; %s", d.Path, what, advice)
}

// declaration is the whole of bagit.txt (RFC 8493, section 2.1.1).
const declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// Verify checks that a bag is complete and valid after RFC 8493: every file is
// the one in its manifests, there is no other, and the payload is as large as
// bag-info.txt says. It reads every byte; progress, which may be nil, is told
// how many. What makes the bag invalid is a Damage, the first in order of path.
func Verify(ctx context.Context, fsys storage.FS, bag string, progress func(done, total int64)) error {
	sums, err := listed(fsys, bag)
	if err != nil {
		return err
	}
	files, _, err := list(ctx, fsys, bag)
	if err != nil {
		return err
	}
	if err := compare(sums, files); err != nil {
		return err
	}
	m := newMeter(progress, files)
	for _, f := range files {
		sum, err := digest(ctx, fsys, filepath.Join(bag, filepath.FromSlash(f.path)), m)
		if err != nil {
			return fmt.Errorf("verifying %s: %w", f.path, err)
		}
		if sum != sums[f.path] {
			return Damage{Path: f.path, Kind: Changed}
		}
	}
	return checkInfo(fsys, bag, files)
}

// listed are the digests of all files by path, from the tag manifest and the
// manifest. The tag manifest's own is the digest of what was read.
func listed(fsys storage.FS, bag string) (map[string]string, error) {
	data, err := tagFile(fsys, bag, declarationName)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(data, []byte(declaration)) {
		return nil, Damage{declarationName, Malformed, "it does not declare a BagIt 1.0 bag in UTF-8"}
	}
	tags, err := tagFile(fsys, bag, tagManifestName)
	if err != nil {
		return nil, err
	}
	sums, err := parseManifest(tagManifestName, tags)
	if err != nil {
		return nil, err
	}
	// A bundle has these files about itself and no other; fetch.txt, which
	// RFC 8493 would allow, would let the payload be anything.
	wanted := []string{infoName, declarationName, manifestName}
	for _, name := range wanted {
		if sums[name] == "" {
			return nil, Damage{tagManifestName, Malformed, "it does not list " + name}
		}
	}
	if len(sums) != len(wanted) {
		return nil, Damage{tagManifestName, Malformed, "it lists files that a bundle does not have"}
	}
	data, err = tagFile(fsys, bag, manifestName)
	if err != nil {
		return nil, err
	}
	if digestOf(data) != sums[manifestName] {
		return nil, Damage{Path: manifestName, Kind: Changed}
	}
	content, err := parseManifest(manifestName, data)
	if err != nil {
		return nil, err
	}
	for path, sum := range content {
		if !strings.HasPrefix(path, payload+"/") {
			return nil, Damage{manifestName, Malformed, "it lists a file outside of " + payload}
		}
		sums[path] = sum
	}
	sums[tagManifestName] = digestOf(tags)
	return sums, nil
}

func tagFile(fsys storage.FS, bag, name string) ([]byte, error) {
	data, err := readTagFile(fsys, bag, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Damage{Path: name, Kind: Missing}
	}
	if err != nil {
		return nil, fmt.Errorf("verifying the bundle: %w", err)
	}
	return data, nil
}

// compare wants the same files listed and there.
func compare(sums map[string]string, files []file) error {
	there := map[string]bool{}
	for _, f := range files {
		there[f.path] = true
		if _, ok := sums[f.path]; !ok {
			return Damage{Path: f.path, Kind: Extra}
		}
	}
	var missing []string
	for path := range sums {
		if !there[path] {
			missing = append(missing, path)
		}
	}
	if len(missing) > 0 {
		return Damage{Path: slices.Min(missing), Kind: Missing}
	}
	return nil
}

// checkInfo compares Payload-Oxum (RFC 8493, section 2.2.2) with the payload.
func checkInfo(fsys storage.FS, bag string, files []file) error {
	data, err := tagFile(fsys, bag, infoName)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(data)) {
		value, ok := strings.CutPrefix(line, "Payload-Oxum: ")
		if !ok {
			continue
		}
		if strings.TrimSpace(value) != oxum(files) {
			return Damage{infoName, Changed, "its Payload-Oxum is not that of the payload"}
		}
		return nil
	}
	return Damage{infoName, Malformed, "it has no Payload-Oxum"}
}

// oxum is the payload's octets and number of files.
func oxum(files []file) string {
	var octets, count int64
	for _, f := range files {
		if strings.HasPrefix(f.path, payload+"/") {
			octets += f.bytes
			count++
		}
	}
	return fmt.Sprintf("%d.%d", octets, count)
}
