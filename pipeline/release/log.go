package release

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// LogView is what a release says of the transparency log it stands in. A
// release cannot contain a tree that contains the release: its checkpoint is
// of the tree just before it, and the next release to the same recipient
// proves that this one was appended to it.
type LogView struct {
	// Key verifies the checkpoint (C2SP signed-note key); the release's own
	// signature vouches for it, and a researcher's record pins it.
	Key        string `json:"key"`
	Index      int64  `json:"index"`      // where this release is appended
	Checkpoint string `json:"checkpoint"` // C2SP tlog-checkpoint of Index leaves
	// PreviousIndex is the index of the recipient's previous release, -1 for
	// the first. Inclusion proves that release in the checkpoint's tree, and
	// Consistency that the tree extends the one the previous release showed
	// (RFC 6962, sections 2.1.1 and 2.1.2; base64).
	PreviousIndex int64    `json:"previous_index"`
	Inclusion     []string `json:"inclusion"`
	Consistency   []string `json:"consistency"`
}

// tree is a Merkle tree over digests of releases.
type tree struct{ stored []tlog.Hash }

func treeOf(digests []string) (tree, error) {
	var t tree
	for i, d := range digests {
		hashes, err := tlog.StoredHashes(int64(i), []byte(d), t)
		if err != nil {
			return tree{}, fmt.Errorf("building the log: %w", err)
		}
		t.stored = append(t.stored, hashes...)
	}
	return t, nil
}

// ReadHashes implements tlog.HashReader.
func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(t.stored)) {
			return nil, errors.New("no such hash in the log")
		}
		hashes[i] = t.stored[at]
	}
	return hashes, nil
}

// view is what the release about to be appended shows; link names the
// recipient's previous release.
func (h History) view(link *Link) (LogView, error) {
	size, previous := int64(len(h.Releases)), int64(-1)
	if link != nil {
		previous = int64(slices.Index(h.digests(), link.Digest))
	}
	v := LogView{Key: h.LogKey, Index: size, Checkpoint: h.Checkpoint, PreviousIndex: previous,
		Inclusion: []string{}, Consistency: []string{}}
	if previous < 0 {
		return v, nil
	}
	t, err := treeOf(h.digests())
	if err != nil {
		return LogView{}, err
	}
	inclusion, err := tlog.ProveRecord(size, previous, t)
	if err != nil {
		return LogView{}, fmt.Errorf("proving the previous release: %w", err)
	}
	v.Inclusion = texts(inclusion)
	if previous == 0 {
		return v, nil // every tree extends the empty one
	}
	consistency, err := tlog.ProveTree(size, previous, t)
	if err != nil {
		return LogView{}, fmt.Errorf("proving the log's growth: %w", err)
	}
	v.Consistency = texts(consistency)
	return v, nil
}

// check verifies a release's view of the log alone and, when the reader saw
// the previous release, that the log has only grown since.
func (v LogView) check(r Release, seen *Standing) error {
	broken := func(what string) error {
		return refuse(BrokenChain, "release %d: %s: ask the sender for the log of releases before opening it", r.Sequence, what)
	}
	now, err := openCheckpoint(v.Checkpoint, v.Key)
	if err != nil || now.size != v.Index {
		return broken("its log checkpoint does not verify")
	}
	if (r.Previous == nil) != (v.PreviousIndex < 0) {
		return broken("its place in the log and its previous release disagree")
	}
	if r.Previous == nil {
		return nil
	}
	inclusion, err := hashes(v.Inclusion)
	if err != nil || tlog.CheckRecord(inclusion, now.size, now.hash, v.PreviousIndex, tlog.RecordHash([]byte(r.Previous.Digest))) != nil {
		return broken("the log does not contain the release before it")
	}
	if seen == nil || seen.Sequence != r.Previous.Sequence {
		return nil
	}
	if seen.LogKey != v.Key {
		return broken("its log is signed by another key than before")
	}
	then, err := openCheckpoint(seen.Checkpoint, v.Key)
	if err != nil || then.size != v.PreviousIndex {
		return broken("the log before and after disagree")
	}
	if then.size == 0 {
		return nil
	}
	consistency, err := hashes(v.Consistency)
	if err != nil || tlog.CheckTree(consistency, now.size, now.hash, then.size, then.hash) != nil {
		return broken("the log of releases was rewritten")
	}
	return nil
}

type checkpoint struct {
	size int64
	hash tlog.Hash
}

// signCheckpoint writes a C2SP tlog-checkpoint: origin, size, root hash.
func signCheckpoint(c checkpoint, signers ...note.Signer) (string, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", signers[0].Name(), c.size, c.hash)
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		return "", fmt.Errorf("signing the log's checkpoint: %w", err)
	}
	return string(signed), nil
}

// openCheckpoint wants the signature of every key given: note.Open by itself
// is content with one of them.
func openCheckpoint(text string, keys ...string) (checkpoint, error) {
	var verifiers []note.Verifier
	distinct := map[string]bool{}
	for _, k := range keys {
		v, err := note.NewVerifier(k)
		if err != nil {
			return checkpoint{}, errors.New("is no log key")
		}
		verifiers = append(verifiers, v)
		distinct[fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash())] = true
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifiers...))
	if err != nil {
		return checkpoint{}, errors.New("the log's checkpoint is not signed by its key")
	}
	signed := map[string]bool{}
	for _, s := range n.Sigs {
		signed[fmt.Sprintf("%s+%08x", s.Name, s.Hash)] = true
	}
	if len(signed) < len(distinct) {
		return checkpoint{}, errors.New("the log's checkpoint lacks a signature")
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifiers[0].Name() {
		return checkpoint{}, errors.New("the log's checkpoint is of another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, errors.New("the log's checkpoint has no size")
	}
	hash, err := tlog.ParseHash(lines[2])
	if err != nil {
		return checkpoint{}, errors.New("the log's checkpoint has no root")
	}
	return checkpoint{size, hash}, nil
}

// newLogKey makes the key a study's log is signed with. Its name, the origin
// of the checkpoints, is random: it says nothing of the study.
func newLogKey() (secret, public string, err error) {
	id := make([]byte, 8)
	rand.Read(id)
	secret, public, err = note.GenerateKey(rand.Reader, "veil-release-log/"+hex.EncodeToString(id))
	if err != nil {
		return "", "", fmt.Errorf("generating the log's key: %w", err)
	}
	return secret, public, nil
}

func texts(proof []tlog.Hash) []string {
	out := make([]string, len(proof))
	for i, h := range proof {
		out[i] = h.String()
	}
	return out
}

func hashes(texts []string) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(texts))
	for i, t := range texts {
		b, err := base64.StdEncoding.DecodeString(t)
		if err != nil || len(b) != tlog.HashSize {
			return nil, errors.New("is no hash")
		}
		copy(out[i][:], b)
	}
	return out, nil
}
