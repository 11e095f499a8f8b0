package release

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

const (
	manifestName    = "manifest-sha256.txt"
	tagManifestName = "tagmanifest-sha256.txt"
	maxManifest     = 1 << 30
)

// BagDigest is the digest of the bundle in a folder: the lower-case hex
// SHA-256 of its tag manifest. It does not verify the bag.
func BagDigest(fsys storage.FS, bag string) (string, error) {
	data, err := readFile(fsys, filepath.Join(bag, tagManifestName), maxManifest)
	if err != nil {
		return "", fmt.Errorf("reading the bundle's tag manifest: %w", err)
	}
	return Digest(data), nil
}

// inventory lists a bag's files in order of path with the digests its
// manifests bind them to, and the bag's own digest. The tag manifest binds the
// payload manifest, and that the payload: a file on disk that neither lists,
// or a listed one that is not there, stops it.
func inventory(ctx context.Context, fsys storage.FS, bag string) ([]Content, string, error) {
	tags, err := readFile(fsys, filepath.Join(bag, tagManifestName), maxManifest)
	if err != nil {
		return nil, "", fmt.Errorf("reading the bundle's tag manifest: %w", err)
	}
	digest := Digest(tags)
	sums := map[string]string{tagManifestName: digest}
	if err := addManifest(sums, tagManifestName, tags); err != nil {
		return nil, "", err
	}
	payload, err := readFile(fsys, filepath.Join(bag, manifestName), maxManifest)
	if err != nil {
		return nil, "", fmt.Errorf("reading the bundle's manifest: %w", err)
	}
	if sums[manifestName] != Digest(payload) {
		return nil, "", refuse(Tampered, "bundle: %s is not the one the tag manifest lists: make the bundle again", manifestName)
	}
	if err := addManifest(sums, manifestName, payload); err != nil {
		return nil, "", err
	}
	var files []Content
	if err := walk(ctx, fsys, bag, "", func(path string, bytes int64) error {
		sum, listed := sums[path]
		if !listed {
			return refuse(ExtraFile, "bundle: file %d in order of path is in no manifest: make the bundle again", len(files)+1)
		}
		files = append(files, Content{File: Sum{SHA256: sum, Path: path}, Bytes: bytes})
		return nil
	}); err != nil {
		return nil, "", err
	}
	if len(files) != len(sums) {
		return nil, "", refuse(MissingFile, "bundle: %d files of its manifests are missing: make the bundle again", len(sums)-len(files))
	}
	slices.SortFunc(files, func(a, b Content) int { return strings.Compare(a.File.Path, b.File.Path) })
	return files, digest, nil
}

func addManifest(sums map[string]string, name string, manifest []byte) error {
	text, ended := strings.CutSuffix(string(manifest), "\n")
	if !ended {
		return fmt.Errorf("bundle: %s: the last line is cut", name)
	}
	for i, line := range strings.Split(text, "\n") {
		var s Sum
		if err := s.UnmarshalText([]byte(line)); err != nil {
			return fmt.Errorf("bundle: %s: line %d: %w", name, i+1, err)
		}
		if _, twice := sums[s.Path]; twice {
			return fmt.Errorf("bundle: %s: line %d: this file is listed twice", name, i+1)
		}
		sums[s.Path] = s.SHA256
	}
	return nil
}

// walk visits the regular files below a folder in order of path within each
// folder; anything that is neither a file nor a folder is an error.
func walk(ctx context.Context, fsys storage.FS, root, below string, visit func(path string, bytes int64) error) error {
	entries, err := fsys.ReadDir(filepath.Join(root, filepath.FromSlash(below)))
	if err != nil {
		return fmt.Errorf("listing the bundle: %w", err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		path := e.Name()
		if below != "" {
			path = below + "/" + path
		}
		switch {
		case e.IsDir():
			err = walk(ctx, fsys, root, path, visit)
		case e.Type().IsRegular():
			info, statErr := e.Info()
			if err = statErr; err == nil {
				err = visit(path, info.Size())
			}
		default:
			err = errors.New("bundle: it holds a link or device: make the bundle again")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
