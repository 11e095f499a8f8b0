package pipeline

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/report"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
	"github.com/schoolhouse-world/veil/pipeline/tally"
)

// Serve shows the report and the redacted rows around each doubtful place, on
// this machine alone, until ctx ends. ready is told the address.
func (e *Export) Serve(ctx context.Context, address string, ready func(url string)) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return refuse("review pages are served on this machine alone; use an address such as 127.0.0.1:8080")
	}
	pages, err := e.exported(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", at.String())
	if err != nil {
		return fmt.Errorf("serving the review pages: %w", err)
	}
	server := &http.Server{Handler: report.Pages(pages), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		_ = server.Close()
	})
	ready("http://" + listener.Addr().String() + "/")
	err = server.Serve(listener)
	if !stop() {
		<-ended
	}
	if ctx.Err() != nil || errors.Is(err, http.ErrServerClosed) {
		return nil // Ctrl-C is how these pages are meant to end
	}
	return err
}

// exported is the newest export as the review pages read it.
type exported struct {
	folder folder
	fs     storage.FS
	codes  []string       // of all sessions, sorted
	part   map[string]int // which part holds a session
}

var _ report.ReviewSource = exported{}

func (e *Export) exported(ctx context.Context) (exported, error) {
	x := exported{folder: e.folder, fs: e.fs, part: map[string]int{}}
	entries, err := e.fs.ReadDir(filepath.Join(e.folder.bundle(), shardData, table.Folder, "sessions"))
	if missing(err) {
		return x, errors.New("there is no bundle to look at: it was purged or not made yet; run again to make it")
	}
	if err != nil {
		return x, withoutPath(err)
	}
	for _, entry := range entries {
		number, ok := table.PartNumber(entry.Name())
		if !ok {
			continue
		}
		if err := ctx.Err(); err != nil {
			return x, err
		}
		for s, err := range table.Read[table.Session](e.fs, x.table("sessions", number)) {
			if err != nil {
				return x, err
			}
			x.part[s.SessionID] = number
			x.codes = append(x.codes, s.SessionID)
		}
	}
	slices.Sort(x.codes)
	return x, nil
}

func (x exported) table(name string, part int) string {
	return filepath.Join(x.folder.bundle(), shardData, filepath.FromSlash(table.PartPath(name, part)))
}

func (x exported) Report(context.Context) (io.ReadCloser, error) {
	f, err := x.fs.Open(x.folder.report())
	if err != nil {
		return nil, fmt.Errorf("opening the report: %w", withoutPath(err))
	}
	return f, nil
}

func (x exported) Doubts(context.Context) iter.Seq2[tally.Doubt, error] {
	return func(yield func(tally.Doubt, error) bool) {
		f, err := x.fs.Open(x.folder.doubts())
		if err != nil {
			yield(tally.Doubt{}, fmt.Errorf("opening the doubtful places: %w", withoutPath(err)))
			return
		}
		defer f.Close()
		for d := json.NewDecoder(bufio.NewReader(f)); d.More(); {
			var doubt tally.Doubt
			err := d.Decode(&doubt)
			if !yield(doubt, err) || err != nil {
				return
			}
		}
	}
}

func (x exported) Session(ctx context.Context, code string) ([]report.Row, error) {
	part, ok := x.part[code]
	if !ok {
		return nil, nil
	}
	var rows []report.Row
	for u, err := range table.Read[table.Utterance](x.fs, x.table("utterances", part)) {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		if u.SessionID == code {
			rows = append(rows, report.Row{Table: "utterances", Session: code, Index: int(u.Index), Label: u.Label, Text: u.Text, StartMS: u.StartMS, Marks: marks(u.Redactions)})
		}
	}
	for m, err := range table.Read[table.Message](x.fs, x.table("messages", part)) {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		if m.SessionID != code {
			continue
		}
		row := report.Row{Table: "messages", Session: code, Index: int(m.Index), Label: m.Label, Text: m.Text, StartMS: m.SentMS, Marks: marks(m.Redactions)}
		if m.Quoted != nil {
			row.Quoted, row.QuotedMarks = *m.Quoted, marks(m.QuotedRedactions)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// sessionsPerPage is how many codes stand on a page of the list.
const sessionsPerPage = 200

func (x exported) Sessions(_ context.Context, page int) ([]string, int, error) {
	pages := (len(x.codes) + sessionsPerPage - 1) / sessionsPerPage
	from := min(max(0, page-1)*sessionsPerPage, len(x.codes))
	return x.codes[from:min(from+sessionsPerPage, len(x.codes))], pages, nil
}

func marks(redactions []table.Redaction) []report.Mark {
	var out []report.Mark
	for _, r := range redactions {
		out = append(out, report.Mark{Start: int(r.Start), End: int(r.End), Label: r.Label, Kind: r.Kind})
	}
	return out
}
