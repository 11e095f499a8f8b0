package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/storage"

	"github.com/gofrs/flock"
)

// folder is a study folder's layout, the one place that knows it:
//
//	study.yaml     the study
//	ledger.db      consent events, append-only
//	vault.db       the random codes
//	work/          personal: the index, the plan, finished shards; purged
//	export/        the newest bundle with its report, for officers
//	releases/      the release log and each recipient's history
//	handoff/       what each recipient gets
//	logs/          one JSON object a line, nothing personal
type folder string

func (f folder) join(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

func (f folder) ledger() string    { return f.join("ledger.db") }
func (f folder) vault() string     { return f.join("vault.db") }
func (f folder) work() string      { return f.join("work") }
func (f folder) index() string     { return f.join("work", "index.db") }
func (f folder) shards() string    { return f.join("work", "shards") }
func (f folder) export() string    { return f.join("export") }
func (f folder) bundle() string    { return f.join("export", "bundle") }
func (f folder) report() string    { return f.join("export", "report.html") }
func (f folder) record() string    { return f.join("export", "run.json") }
func (f folder) doubts() string    { return f.join("export", "doubts.jsonl") }
func (f folder) approvals() string { return f.join("export", "approvals") }
func (f folder) releases() string  { return f.join("releases") }
func (f folder) handoff() string   { return f.join("handoff") }

// ReportPath is where a study's newest report stands.
func ReportPath(study string) string { return folder(study).report() }

// BundlePath is where a study's newest bundle stands.
func BundlePath(study string) string { return folder(study).bundle() }

// lock keeps a second run out. The file says who holds it, so that the second
// can be told.
type lock struct {
	file *flock.Flock
	note string
}

func (f folder) lock(what string) (*lock, error) {
	if err := os.MkdirAll(f.work(), 0o700); err != nil {
		return nil, fmt.Errorf("making the work folder: %w", err)
	}
	l := &lock{file: flock.New(f.join("work", "lock")), note: f.join("work", "lock.holder")}
	held, err := l.file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking the study: %w", err)
	}
	if !held {
		holder, err := os.ReadFile(l.note)
		who := strings.TrimSpace(string(holder))
		if err != nil || who == "" {
			who = "another veil"
		}
		return nil, fmt.Errorf("this study is locked by %s; wait until it is done", who)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed host"
	}
	text := fmt.Sprintf("veil %s, process %d on %s since %s\n", what, os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
	if err := os.WriteFile(l.note, []byte(text), 0o600); err != nil {
		l.release()
		return nil, fmt.Errorf("locking the study: %w", err)
	}
	return l, nil
}

func (l *lock) release() {
	_ = os.Remove(l.note)
	_ = l.file.Unlock()
}

// writeJSON writes a whole JSON file or nothing.
func writeJSON(fsys storage.FS, name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return storage.WriteFile(fsys, name, func(f storage.File) error {
		_, err := f.Write(append(data, '\n'))
		return err
	})
}

func readJSON(name string, v any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s is damaged: %w", filepath.Base(name), err)
	}
	return nil
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
