package release

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

const recordFormat = "veil-opened/1"

// Record is a researcher's memory of what came from whom, one file for all
// studies. It is what makes an old release sent again recognisable.
type Record struct {
	Format    string     `json:"format"`
	Standings []Standing `json:"standings"`
}

// Standing is how far one study of one sender has come for one recipient.
type Standing struct {
	Sender     string `json:"sender"` // the SSH key's fingerprint
	Study      string `json:"study"`
	Recipient  string `json:"recipient"`
	Sequence   int64  `json:"sequence"` // of the newest release opened; 0 for none
	Digest     string `json:"digest"`   // of its release.json
	LogKey     string `json:"log_key"`
	Checkpoint string `json:"checkpoint"`
	// Notices are the withdrawal notices received, in order of number.
	Notices []Received `json:"notices"`
}

// Received is a withdrawal notice that came, and what was done for it.
type Received struct {
	Sequence int64    `json:"sequence"`
	Digest   string   `json:"digest"`
	Releases []string `json:"releases"`
	// Applied is false while the work is under way: a crash leaves it, and
	// applying the notice again goes on from here.
	Applied bool      `json:"applied"`
	Bundles []Removal `json:"bundles"`
}

// Removal is a bundle before and after a notice was applied to it.
type Removal struct {
	Folder string `json:"folder,omitempty"` // the researcher's; never leaves the record
	Before string `json:"before"`           // the bundle's digest
	After  string `json:"after"`
}

// LoadRecord reads a record; "" or a file that is not there is an empty one.
func LoadRecord(fsys storage.FS, name string) (Record, error) {
	empty := Record{Format: recordFormat, Standings: []Standing{}}
	if name == "" {
		return empty, nil
	}
	data, err := readFile(fsys, name, maxRelease)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return Record{}, fmt.Errorf("reading the record of opened releases: %w", err)
	}
	var r Record
	if err := decode(data, recordFormat, &r); err != nil {
		return Record{}, fmt.Errorf("%s: %w: restore it, or move it away and check the releases' numbers yourself", name, err)
	}
	return r, nil
}

func (r *Record) save(fsys storage.FS, name string) error {
	if name == "" {
		return nil
	}
	data, err := encode(*r)
	if err != nil {
		return err
	}
	if err := fsys.MkdirAll(filepath.Dir(name)); err != nil {
		return err
	}
	return writeFile(fsys, name, data)
}

func (r *Record) standing(sender, study, recipient string) *Standing {
	for i := range r.Standings {
		if s := &r.Standings[i]; s.Sender == sender && s.Study == study && s.Recipient == recipient {
			return s
		}
	}
	return nil
}

// begin is standing, made when there is none.
func (r *Record) begin(sender, study, recipient string) *Standing {
	if s := r.standing(sender, study, recipient); s != nil {
		return s
	}
	r.Standings = append(r.Standings, Standing{Sender: sender, Study: study, Recipient: recipient, Notices: []Received{}})
	return &r.Standings[len(r.Standings)-1]
}

func (r *Record) remember(release Release, digest string) {
	s := r.begin(release.Sender.Fingerprint, release.Study, release.Recipient.Name)
	s.Sequence, s.Digest = release.Sequence, digest
	s.LogKey, s.Checkpoint = release.Log.Key, release.Log.Checkpoint
}

// check refuses a release that is not newer than what was seen, or that does
// not follow from it.
func (s *Standing) check(r Release, digest string, again bool) error {
	switch {
	case s == nil || s.Sequence == 0:
		return nil
	case r.Sequence == s.Sequence && digest == s.Digest && again:
		return nil
	case r.Sequence == s.Sequence && digest == s.Digest:
		return refuse(Replayed, "release %d was opened before: open it --again if its bundle was lost", r.Sequence)
	case r.Sequence == s.Sequence:
		return refuse(BrokenChain, "this is another release %d than the one you opened before: ask the sender which is true", r.Sequence)
	case r.Sequence < s.Sequence:
		return refuse(Replayed, "release %d is older than release %d, which you opened before: it may hold people who have since withdrawn", r.Sequence, s.Sequence)
	case r.Previous == nil || r.Previous.Sequence < s.Sequence:
		return refuse(BrokenChain, "release %d does not know of release %d, which you opened before: ask the sender", r.Sequence, s.Sequence)
	case r.Previous.Sequence == s.Sequence && r.Previous.Digest != s.Digest:
		return refuse(BrokenChain, "release %d follows another release %d than the one you opened: ask the sender", r.Sequence, s.Sequence)
	}
	return nil
}

// concerning lists the applied notices about a release.
func (s *Standing) concerning(release string) []int64 {
	var numbers []int64
	for _, n := range s.Notices {
		if n.Applied && slices.Contains(n.Releases, release) {
			numbers = append(numbers, n.Sequence)
		}
	}
	return numbers
}
