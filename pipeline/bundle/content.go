package bundle

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

// content is what a bag holds: its files and what the descriptors say of them.
type content struct {
	// files are the payload files in order of path; paths are from the bag's
	// folder.
	files []file
	// parts are the part files of each table, audio the sound files, both in
	// order of path. Their paths are from the data folder.
	parts map[string][]file
	audio []file
	// rows counts each table's rows.
	rows map[string]int64
	// people counts distinct participants; first and last are the earliest and
	// latest day (YYYY-MM-DD) on which a session began, "" without sessions.
	people      int64
	first, last string
}

// audioPath is how a sound file stands in a bag: a code and what it is.
var audioPath = regexp.MustCompile(`^data/audio/[A-Za-z0-9][A-Za-z0-9_-]*\.(m4a|wav)$`)

// classify takes the files of an open bag. What is neither a part nor audio is
// refused, and named by its number: whoever put it there chose its name.
func classify(files []file) (*content, error) {
	for i, f := range files {
		if _, isPart := partOf(f.path); !isPart && !audioPath.MatchString(f.path) {
			return nil, fmt.Errorf("file %d in order of path is neither a part of a table nor audio: move it out of the bundle's folder", i+1)
		}
	}
	return &content{files: files}, nil
}

// index fills parts and audio, whose files have their digests by now.
func (c *content) index() {
	c.parts = map[string][]file{}
	for _, f := range c.files {
		within := f
		within.path = strings.TrimPrefix(f.path, payload+"/")
		if name, ok := partOf(f.path); ok {
			c.parts[name] = append(c.parts[name], within)
		} else {
			c.audio = append(c.audio, within)
		}
	}
}

// partOf is the table a file of a bag is a part of, and whether it is one.
func partOf(name string) (string, bool) {
	tableName := path.Base(path.Dir(name))
	number, ok := table.PartNumber(path.Base(name))
	return tableName, ok && slices.Contains(table.Names(), tableName) && name == path.Join(payload, table.PartPath(tableName, number))
}

// count reads the small tables. The large ones are counted by what sessions
// says of them.
func (c *content) count(ctx context.Context, fsys storage.FS, bag string) error {
	c.rows = map[string]int64{}
	for _, name := range table.Names() {
		c.rows[name] = 0
	}
	people := map[string]bool{}
	if err := each(ctx, fsys, bag, c.parts["sessions"], func(r table.Session) error {
		c.rows["sessions"]++
		c.rows["utterances"] += int64(r.Utterances)
		c.rows["messages"] += int64(r.Messages)
		return c.began(r.Started)
	}); err != nil {
		return err
	}
	if err := each(ctx, fsys, bag, c.parts["participants"], func(r table.Participant) error {
		c.rows["participants"]++
		people[r.ParticipantID] = true
		return nil
	}); err != nil {
		return err
	}
	c.people = int64(len(people))
	return each(ctx, fsys, bag, c.parts["audio"], func(table.Audio) error { c.rows["audio"]++; return nil })
}

// began widens the days to that of a session's start, as it is written.
func (c *content) began(started string) error {
	day := started[:min(len(started), len(time.DateOnly))]
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return fmt.Errorf("started is neither a day nor a moment (RFC 3339)")
	}
	if c.first == "" || day < c.first {
		c.first = day
	}
	c.last = max(c.last, day)
	return nil
}

// each visits the rows of parts in order. Errors name part and row.
func each[R table.Row](ctx context.Context, fsys storage.FS, bag string, parts []file, visit func(R) error) error {
	for _, p := range parts {
		row := 0
		for r, err := range table.Read[R](fsys, filepath.Join(bag, payload, filepath.FromSlash(p.path))) {
			row++
			if err == nil {
				err = visit(r)
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return fmt.Errorf("%s, row %d: %w", p.path, row, err)
			}
		}
	}
	return nil
}
