package release

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// logOf is a signed history of releases with the digests given.
func logOf(t interface{ Fatal(...any) }, secret, public string, digests []string) History {
	h := History{LogKey: public}
	for i, d := range digests {
		h.Releases = append(h.Releases, Entry{Digest: d, Sequence: int64(i + 1)})
	}
	if err := h.sign(secret, nil); err != nil {
		t.Fatal(err)
	}
	return h
}

// TestALogOnlyGrows: a reader who saw one release follows any later one of the
// same log, and none of a log in which an earlier leaf differs or the release
// it saw is not.
func TestALogOnlyGrows(t *testing.T) {
	secret, public, err := newLogKey()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 20).Draw(t, "size")
		seenAt := rapid.IntRange(0, size-1).Draw(t, "seen")
		var digests []string
		for i := range size {
			digests = append(digests, Digest([]byte(fmt.Sprint("release ", i))))
		}
		then := logOf(t, secret, public, digests[:seenAt])
		seen := &Standing{Sequence: 1, Digest: digests[seenAt], LogKey: public, Checkpoint: then.Checkpoint}
		next := Release{Sequence: 2, Previous: &Link{1, digests[seenAt]}}
		check := func(digests []string) error {
			h := logOf(t, secret, public, digests)
			view, err := h.view(next.Previous)
			if err != nil {
				t.Fatal(err)
			}
			return view.check(next, seen)
		}
		if err := check(digests); err != nil {
			t.Fatalf("the log that grew: %v", err)
		}
		if seenAt > 0 {
			rewritten := append([]string{}, digests...)
			rewritten[rapid.IntRange(0, seenAt-1).Draw(t, "rewritten")] = Digest([]byte("another"))
			if ReasonOf(check(rewritten)) != BrokenChain {
				t.Fatal("a rewritten log was taken")
			}
		}
		h := logOf(t, secret, public, digests)
		view, err := h.view(next.Previous)
		if err != nil {
			t.Fatal(err)
		}
		other := Release{Sequence: 2, Previous: &Link{1, Digest([]byte("another"))}}
		if ReasonOf(view.check(other, nil)) != BrokenChain {
			t.Fatal("a release that is not in the log was taken")
		}
	})
}

func TestTheLogsKeyIsPinned(t *testing.T) {
	secret, public, err := newLogKey()
	if err != nil {
		t.Fatal(err)
	}
	otherSecret, otherPublic, err := newLogKey()
	if err != nil {
		t.Fatal(err)
	}
	digests := []string{Digest([]byte("one"))}
	seen := &Standing{Sequence: 1, Digest: digests[0], LogKey: public, Checkpoint: logOf(t, secret, public, nil).Checkpoint}
	view, err := logOf(t, otherSecret, otherPublic, digests).view(&Link{1, digests[0]})
	if err != nil {
		t.Fatal(err)
	}
	if err := view.check(Release{Sequence: 2, Previous: &Link{1, digests[0]}}, seen); ReasonOf(err) != BrokenChain {
		t.Errorf("another log key: %v", err)
	}
}
