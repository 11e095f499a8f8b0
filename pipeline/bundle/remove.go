package bundle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Withdrawal names by their codes what a recipient must delete. Audio may also
// name a file by its path, as table audio has it.
type Withdrawal struct{ Participants, Sessions, Audio []string }

// Remove takes out of a bag what a withdrawal names and makes it a valid bag
// again, under the Meta it has in its descriptors.
//
//   - A session goes whole: all its rows, and its audio.
//   - Of a participant go their rows in participants, utterances and messages,
//     rows of several people of whom they are one, direct messages to them, and
//     replies to and reactions on what goes. In sessions they were in, what
//     nobody can be matched to goes too, and what repeats a message that was
//     not found: it may be theirs. This is what a run with them opted out would
//     have withheld.
//   - Where others speak of them, [PERSON] stands in place of their label (or of
//     the name invented for them), and redactions follow.
//   - An audio file goes as a file and as a row. A participant's voice is in
//     their sessions' audio, and goes when the withdrawal names it: a notice
//     does, where audio was released.
//
// Counts in sessions and participants follow. What else stays, stays as it is:
// index, labels, codes, durations, and every byte of parts that held nothing to
// remove.
//
// The bag is verified first: damage must not be sealed by new manifests. The
// new bag is made beside the old one, and takes its place by renaming. After a
// crash at any moment the same call goes on; what an earlier one left beside
// the bag (its name with .withdrawing and .withdrawn) is cleared. On a bag that
// was treated nothing changes, byte for byte. A bag is for one Remove at a time.
func Remove(ctx context.Context, fsys storage.FS, bag string, w Withdrawal) error {
	if err := remove(ctx, fsys, filepath.Clean(bag), w); err != nil {
		return fmt.Errorf("withdrawing from the bundle: %w", err)
	}
	return nil
}

func remove(ctx context.Context, fsys storage.FS, bag string, w Withdrawal) error {
	s := swap{fs: fsys, bag: bag}
	if err := s.recover(); err != nil {
		return err
	}
	if err := Verify(ctx, fsys, bag, nil); err != nil {
		return err
	}
	m, err := readMeta(fsys, bag)
	if err != nil {
		return err
	}
	a, err := newAmendment(ctx, fsys, bag, w)
	if err != nil || !a.needed() {
		return err
	}
	// A failure leaves nothing behind; after a crash recover clears it.
	defer fsys.RemoveAll(s.next())
	if err := a.build(ctx, s.next()); err != nil {
		return err
	}
	if _, err := Finish(ctx, fsys, s.next(), m, nil); err != nil {
		return err
	}
	return s.commit()
}

// swap puts a new folder in a bag's place. At any moment the whole old bag or
// the whole new one stands under the bag's name, or the old one under last.
type swap struct {
	fs  storage.FS
	bag string
}

func (s swap) next() string { return s.bag + ".withdrawing" }
func (s swap) last() string { return s.bag + ".withdrawn" }

// recover finishes or takes back what a crash left.
func (s swap) recover() error {
	_, err := s.fs.Stat(s.bag)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := s.restore(); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	return errors.Join(s.fs.RemoveAll(s.next()), s.fs.RemoveAll(s.last()))
}

// restore gives the old bag its name back.
func (s swap) restore() error {
	err := s.fs.Rename(s.last(), s.bag)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no bundle here: name the folder of an opened bundle")
	}
	if err != nil {
		return err
	}
	return s.fs.SyncDir(filepath.Dir(s.bag))
}

func (s swap) commit() error {
	if err := s.fs.Rename(s.bag, s.last()); err != nil {
		return err
	}
	parent := filepath.Dir(s.bag)
	if err := s.fs.SyncDir(parent); err != nil {
		return errors.Join(err, s.restore())
	}
	if err := s.fs.Rename(s.next(), s.bag); err != nil {
		return errors.Join(err, s.restore())
	}
	if err := s.fs.SyncDir(parent); err != nil {
		return err
	}
	return s.fs.RemoveAll(s.last())
}
