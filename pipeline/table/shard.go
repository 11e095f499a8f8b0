package table

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"path/filepath"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// Bounds of a row group, whichever is reached first: what a shard holds in
// memory for each table, and what a reader must.
const (
	groupBytes = 64 << 20 // before encoding
	groupRows  = 1 << 20
)

// writer is what a part says it was created by. It is fixed, so that parts
// made by different versions of Veil can be compared byte for byte; readers
// look up known faults of writers by this name and know none of it.
const writer = "veil version 1.0.0"

// File is a finished part.
type File struct {
	Table  string
	Path   string // within the bundle's data folder, with slashes
	Rows   int64
	Bytes  int64
	SHA256 string // lower-case hex
}

// Shard writes the part files of one shard. It is for one goroutine. After an
// error every further call returns that error, and the files are worthless.
type Shard struct {
	fs           storage.FS
	dir          string
	sessions     *part[Session]
	participants *part[Participant]
	utterances   *part[Utterance]
	messages     *part[Message]
	audio        *part[Audio]
	err          error
	closed       bool
}

// Create begins part number part of every table below a bundle's data folder.
// Files that stand there already are overwritten.
func Create(fsys storage.FS, dir string, number int) (*Shard, error) {
	if number < 0 || number > 999_999_999 {
		return nil, fmt.Errorf("part number %d: must be 0 to 999999999", number)
	}
	s := &Shard{fs: fsys, dir: dir}
	s.sessions = create(s, sessions(), number)
	s.participants = create(s, participants(), number)
	s.utterances = create(s, utterances(), number)
	s.messages = create(s, messages(), number)
	s.audio = create(s, audios(), number)
	if s.err != nil {
		_, err := s.Close()
		return nil, err
	}
	return s, nil
}

// Session adds a row of sessions.
func (s *Shard) Session(r Session) error { return add(s, s.sessions, &r) }

// Participant adds a row of participants.
func (s *Shard) Participant(r Participant) error { return add(s, s.participants, &r) }

// Utterance adds a row of utterances. Its redactions must lie within its text.
func (s *Shard) Utterance(r Utterance) error {
	if err := within(r.Text, r.Redactions); err != nil {
		return s.fail(s.utterances.place("redactions", err))
	}
	return add(s, s.utterances, &r)
}

// Message adds a row of messages. Its redactions must lie within its text and
// its quote.
func (s *Shard) Message(r Message) error {
	if err := within(r.Text, r.Redactions); err != nil {
		return s.fail(s.messages.place("redactions", err))
	}
	quoted := ""
	if r.Quoted != nil {
		quoted = *r.Quoted
	}
	if err := within(quoted, r.QuotedRedactions); err != nil {
		return s.fail(s.messages.place("quoted_redactions", err))
	}
	return add(s, s.messages, &r)
}

// Audio adds a row of audio.
func (s *Shard) Audio(r Audio) error { return add(s, s.audio, &r) }

// Close writes what is left, syncs the files and their folders, and tells of
// every part in the order of Names. It must be called after an error too.
func (s *Shard) Close() ([]File, error) {
	if s.closed {
		return nil, errors.New("closing a part twice")
	}
	s.closed = true
	files := []File{finish(s, s.sessions), finish(s, s.participants), finish(s, s.utterances), finish(s, s.messages), finish(s, s.audio)}
	for _, f := range files {
		if s.err == nil {
			s.fail(s.fs.SyncDir(filepath.Dir(filepath.Join(s.dir, filepath.FromSlash(f.Path)))))
		}
	}
	if s.err == nil {
		s.fail(s.fs.SyncDir(filepath.Join(s.dir, Folder)))
	}
	if s.err != nil {
		return nil, fmt.Errorf("writing tables: %w", s.err)
	}
	return files, nil
}

// fail keeps the first error.
func (s *Shard) fail(err error) error {
	if s.err == nil {
		s.err = err
	}
	return s.err
}

// within checks that redactions lie within a text, as code points: an offset
// in bytes would often point beyond it.
func within(text string, redactions []Redaction) error {
	if len(redactions) == 0 {
		return nil
	}
	n := int32(utf8.RuneCountInString(text))
	for i, r := range redactions {
		if r.Start < 0 || r.Start >= r.End || r.End > n {
			return fmt.Errorf("place %d does not lie within the text", i+1)
		}
	}
	return nil
}

// part is one table's part file being written: rows collect in chunks, and a
// full row group goes to the file.
type part[R Row] struct {
	schema schema[R]
	path   string
	sink   *sink
	out    *file.Writer
	leaves []leaf[R]
	chunks []chunk
	rows   int64 // in all
	held   int64 // in chunks
}

func create[R Row](s *Shard, of schema[R], number int) *part[R] {
	p := &part[R]{schema: of, path: PartPath(of.Name, number)}
	for _, f := range of.fields {
		p.leaves = append(p.leaves, f.leaves...)
	}
	p.chunks = make([]chunk, len(p.leaves))
	if s.err != nil {
		return p
	}
	s.fail(p.begin(s.fs, filepath.Join(s.dir, filepath.FromSlash(p.path))))
	return p
}

func (p *part[R]) begin(fsys storage.FS, name string) (err error) {
	defer recovered(&err)
	if err := fsys.MkdirAll(filepath.Dir(name)); err != nil {
		return err
	}
	f, err := fsys.Create(name)
	if err != nil {
		return err
	}
	p.sink = newSink(f)
	p.out = file.NewParquetWriter(p.sink, p.schema.root(), file.WithWriterProps(p.properties()), file.WithWriteMetadata(p.schema.metadata()))
	return p.sink.err
}

func (p *part[R]) properties() *parquet.WriterProperties {
	options := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCreatedBy(writer),
		parquet.WithVersion(parquet.V2_6), parquet.WithDataPageVersion(parquet.DataPageV1)}
	columns := p.schema.root()
	paths := leafPaths(columns)
	for i, l := range p.leaves {
		if l.plain {
			options = append(options, parquet.WithDictionaryFor(paths[i], false), parquet.WithStatsFor(paths[i], false))
		}
	}
	return parquet.NewWriterProperties(options...)
}

// metadata describes the table and its columns in the file.
func (t Table) metadata() metadata.KeyValueMetadata {
	m := metadata.NewKeyValueMetadata()
	add := func(key, value string) { _ = m.Append(key, value) } // fails on a nil value only
	add("table", t.Name)
	add("row", t.Rows)
	for _, c := range t.Flat() {
		add("column:"+c.Name, c.Describe())
	}
	return m
}

func add[R Row](s *Shard, p *part[R], row *R) error {
	if s.err != nil {
		return s.err
	}
	if s.closed {
		return errors.New("adding a row to a closed part")
	}
	return s.fail(p.add(row))
}

func (p *part[R]) add(row *R) error {
	held, at := int64(0), 0
	for _, f := range p.schema.fields {
		for _, l := range f.leaves {
			c := &p.chunks[at]
			if err := l.put(row, c); err != nil {
				return p.place(f.column.Name, err)
			}
			held += c.bytes
			at++
		}
	}
	p.rows++
	p.held++
	if held < groupBytes && p.held < groupRows {
		return nil
	}
	return p.flush()
}

// place names where a value was to stand, never what it is.
func (p *part[R]) place(column string, err error) error {
	return fmt.Errorf("table %s, row %d, column %s: %w", p.schema.Name, p.rows+1, column, err)
}

// flush writes the rows held as one row group.
func (p *part[R]) flush() (err error) {
	defer recovered(&err)
	group := p.out.AppendRowGroup()
	for i := range p.leaves {
		column, err := group.NextColumn()
		if err == nil {
			err = p.leaves[i].write(column, &p.chunks[i])
		}
		if err == nil {
			err = column.Close()
		}
		if err != nil {
			return fmt.Errorf("table %s: %w", p.schema.Name, err)
		}
		p.chunks[i].reset()
	}
	p.held = 0
	if err := group.Close(); err != nil {
		return fmt.Errorf("table %s: %w", p.schema.Name, err)
	}
	return p.sink.err
}

func (l leaf[R]) write(to file.ColumnChunkWriter, c *chunk) (err error) {
	var def, rep []int16
	if l.def > 0 {
		def = c.def
	}
	if l.rep > 0 {
		rep = c.rep
	}
	switch to := to.(type) {
	case *file.ByteArrayColumnChunkWriter:
		_, err = to.WriteBatch(c.texts, def, rep)
	case *file.Int32ColumnChunkWriter:
		_, err = to.WriteBatch(c.ints, def, rep)
	case *file.Int64ColumnChunkWriter:
		_, err = to.WriteBatch(c.longs, def, rep)
	case *file.BooleanColumnChunkWriter:
		_, err = to.WriteBatch(c.booleans, def, rep)
	default:
		err = errors.New("a column has an unknown type")
	}
	return err
}

// finish closes a part's file whatever happened before.
func finish[R Row](s *Shard, p *part[R]) File {
	if p.sink == nil {
		return File{}
	}
	if s.err == nil && p.held > 0 {
		s.fail(p.flush())
	}
	if s.err == nil {
		s.fail(p.end())
	}
	if err := p.sink.close(s.err == nil); err != nil {
		s.fail(err)
	}
	return File{Table: p.schema.Name, Path: p.path, Rows: p.rows, Bytes: p.sink.bytes, SHA256: hex.EncodeToString(p.sink.sum.Sum(nil))}
}

// end writes the footer. The library's Close forgets what went wrong with it;
// the sink does not.
func (p *part[R]) end() (err error) {
	defer recovered(&err)
	if err := p.out.FlushWithFooter(); err != nil {
		return err
	}
	if err := p.out.Close(); err != nil {
		return err
	}
	return p.sink.err
}

// recovered turns a panic of the Parquet library, which panics where it cannot
// write and on damaged input, into an error. What it says may quote values.
func recovered(err *error) {
	if r := recover(); r != nil && *err == nil {
		*err = errDamaged
	}
}

var errDamaged = errors.New("the Parquet file is damaged or cannot be written")

// sink counts and digests what goes to a file and remembers the first error.
type sink struct {
	file  storage.File
	out   *bufio.Writer
	sum   hash.Hash
	bytes int64
	err   error
}

func newSink(f storage.File) *sink {
	return &sink{file: f, out: bufio.NewWriterSize(f, 1<<18), sum: sha256.New()}
}

func (s *sink) Write(b []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.out.Write(b)
	s.sum.Write(b[:n])
	s.bytes += int64(n)
	s.err = err
	return n, err
}

// close flushes and syncs a file that is good so far, and closes any.
func (s *sink) close(good bool) error {
	if good && s.err == nil {
		s.err = s.out.Flush()
		if s.err == nil {
			s.err = s.file.Sync()
		}
	}
	return errors.Join(s.err, s.file.Close())
}
