package bundle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Names of the descriptors, within the data folder.
const (
	packageName    = "datapackage.json"
	crateName      = "ro-crate-metadata.json"
	readmeName     = "README.md"
	dictionaryName = "dictionary.csv"
)

// Finish writes the descriptors and manifests of a bag whose data/tables and
// data/audio stand, and returns its digest. It reads every byte of them;
// progress, which may be nil, is told how many.
//
// What an earlier or interrupted Finish left is replaced. Anything else that is
// neither a part of a table nor audio is refused: whatever stands in the bag
// leaves with it. The tag manifest is written last, so that a bag without it
// was not finished.
func Finish(ctx context.Context, fsys storage.FS, bag string, m Meta, progress func(done, total int64)) (Digest, error) {
	d, err := finish(ctx, fsys, bag, m, progress)
	if err != nil {
		return "", fmt.Errorf("closing the bundle: %w", err)
	}
	return d, nil
}

func finish(ctx context.Context, fsys storage.FS, bag string, m Meta, progress func(done, total int64)) (Digest, error) {
	if err := m.check(); err != nil {
		return "", err
	}
	if err := clearDescriptors(fsys, bag); err != nil {
		return "", err
	}
	files, folders, err := list(ctx, fsys, bag)
	if err != nil {
		return "", err
	}
	c, err := classify(files)
	if err != nil {
		return "", err
	}
	meter := newMeter(progress, files)
	for i := range c.files {
		if c.files[i].sum, err = digest(ctx, fsys, filepath.Join(bag, filepath.FromSlash(c.files[i].path)), meter); err != nil {
			return "", fmt.Errorf("reading %s: %w", c.files[i].path, err)
		}
	}
	c.index()
	if err := c.count(ctx, fsys, bag); err != nil {
		return "", err
	}
	// The parts were linked here: their entries must outlast a power cut
	// before a manifest says that they are there.
	for _, folder := range folders {
		if err := fsys.SyncDir(filepath.Join(bag, filepath.FromSlash(folder))); err != nil {
			return "", err
		}
	}
	return c.close(fsys, bag, m)
}

// clearDescriptors removes what Finish writes, the tag manifest first.
func clearDescriptors(fsys storage.FS, bag string) error {
	names := []string{tagManifestName, manifestName, infoName, declarationName}
	for _, name := range []string{packageName, crateName, readmeName, dictionaryName} {
		names = append(names, payload+"/"+name)
	}
	for _, name := range names {
		name = filepath.Join(bag, filepath.FromSlash(name))
		for _, leftover := range []string{name, name + ".partial"} {
			if err := fsys.Remove(leftover); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// close writes everything beside the content.
func (c *content) close(fsys storage.FS, bag string, m Meta) (Digest, error) {
	if err := fsys.MkdirAll(filepath.Join(bag, payload)); err != nil {
		return "", err
	}
	if err := c.describe(fsys, bag, m); err != nil {
		return "", err
	}
	slices.SortFunc(c.files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	tags := []file{}
	for _, t := range []struct {
		name string
		data []byte
	}{{infoName, c.info(m)}, {declarationName, []byte(declaration)}, {manifestName, manifest(c.files)}} {
		if err := writeFile(fsys, bag, t.name, t.data); err != nil {
			return "", err
		}
		tags = append(tags, file{path: t.name, sum: digestOf(t.data)})
	}
	tagManifest := manifest(tags)
	if err := writeFile(fsys, bag, tagManifestName, tagManifest); err != nil {
		return "", err
	}
	return Digest(digestOf(tagManifest)), nil
}

// describe writes the descriptors and adds them to the files. The crate lists
// the others, so it is the last.
func (c *content) describe(fsys storage.FS, bag string, m Meta) error {
	for _, d := range []struct {
		name string
		make func(Meta) ([]byte, error)
	}{{packageName, c.dataPackage}, {readmeName, c.readme}, {dictionaryName, dictionary}, {crateName, c.crate}} {
		data, err := d.make(m)
		if err != nil {
			return fmt.Errorf("writing %s: %w", d.name, err)
		}
		path := payload + "/" + d.name
		if err := writeFile(fsys, bag, path, data); err != nil {
			return err
		}
		c.files = append(c.files, file{path: path, bytes: int64(len(data)), sum: digestOf(data)})
	}
	return nil
}

// info is bag-info.txt (RFC 8493, section 2.2.2). It has no Bagging-Date: a
// bag made again from the same content is the same bag.
func (c *content) info(m Meta) []byte {
	var b strings.Builder
	for _, line := range [][2]string{
		{"Bag-Software-Agent", m.Software},
		{"External-Description", m.title()},
		{"External-Identifier", m.Study},
		{"Payload-Oxum", oxum(c.files)},
	} {
		if line[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", line[0], line[1])
		}
	}
	return []byte(b.String())
}
