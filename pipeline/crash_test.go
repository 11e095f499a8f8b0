package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/fixtures"
	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// crashDay is the moment of these runs, so that retention does not depend on
// when the tests run.
var crashDay = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Names of the environment by which a test tells its own binary to run a study
// and be killed at an operation.
const (
	mortalStudy = "VEIL_TEST_MORTAL_STUDY"
	mortalAt    = "VEIL_TEST_MORTAL_AT"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(mortalStudy); dir != "" {
		os.Exit(liveUntil(dir, os.Getenv(mortalAt)))
	}
	os.Exit(m.Run())
}

// liveUntil runs a study in this process, which is killed (SIGKILL, as kill -9
// or the kernel's out-of-memory killer would) in front of its at-th operation.
func liveUntil(dir, at string) int {
	n, err := strconv.Atoi(at)
	if err != nil {
		return 2
	}
	disk := &mortal{FS: storage.Disk{}, at: int64(n)}
	e, err := Open(context.Background(), Options{Dir: dir, Now: func() time.Time { return crashDay }, Software: "veil test", FS: disk})
	if err == nil {
		_, err = e.Run(context.Background(), "")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(disk.n.Load())
	return 0
}

// mortal is a disk in front of whose at-th operation the process dies.
type mortal struct {
	storage.FS
	n  atomic.Int64 // workers step side by side
	at int64
}

func (m *mortal) step() {
	if m.n.Add(1) == m.at {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way
	}
}

func (m *mortal) Create(name string) (storage.File, error) {
	m.step()
	f, err := m.FS.Create(name)
	return mortalFile{f, m}, err
}
func (m *mortal) MkdirAll(name string) error   { m.step(); return m.FS.MkdirAll(name) }
func (m *mortal) Rename(from, to string) error { m.step(); return m.FS.Rename(from, to) }
func (m *mortal) Remove(name string) error     { m.step(); return m.FS.Remove(name) }
func (m *mortal) RemoveAll(name string) error  { m.step(); return m.FS.RemoveAll(name) }
func (m *mortal) SyncDir(name string) error    { m.step(); return m.FS.SyncDir(name) }

type mortalFile struct {
	storage.File
	m *mortal
}

func (f mortalFile) Write(p []byte) (int, error) { f.m.step(); return f.File.Write(p) }
func (f mortalFile) Sync() error                 { f.m.step(); return f.File.Sync() }

// Whenever a run is killed, running again gives the bytes of a run that was
// not disturbed. VEIL_CRASH_EVERY=1 kills in front of every single operation;
// by default some forty of them are tried.
func TestKilledRunsEndInTheSameBytes(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole")
	planned := filepath.Join(t.TempDir(), "planned")
	crashStudy(t, planned)
	copyTree(t, planned, whole)
	operations := live(t, whole, 0)
	want := tree(t, filepath.Join(whole, "export", "bundle"))

	tries := 40
	if testing.Short() {
		tries = 10
	}
	every := max(1, operations/tries)
	if s := os.Getenv("VEIL_CRASH_EVERY"); s != "" {
		var err error
		every, err = strconv.Atoi(s)
		check(t, err)
	}
	for at := 1; at <= operations; at += every {
		dir := filepath.Join(t.TempDir(), "study")
		copyTree(t, planned, dir)
		if live(t, dir, at) != 0 {
			t.Fatalf("operation %d of %d: the run was not killed", at, operations)
		}
		live(t, dir, 0)
		if got := tree(t, filepath.Join(dir, "export", "bundle")); !maps.EqualFunc(got, want, bytes.Equal) {
			t.Fatalf("killed in front of operation %d of %d: the bundle is another one", at, operations)
		}
		for _, stale := range []string{"export.partial", "export.old"} {
			if _, err := os.Stat(filepath.Join(dir, stale)); err == nil {
				t.Fatalf("killed in front of operation %d: %s is left", at, stale)
			}
		}
		check(t, os.RemoveAll(dir))
	}
	t.Logf("%d operations, killed in front of each %d", operations, every)
}

// live runs the study in a process of its own and returns how many operations
// it took, 0 when it was killed.
func live(t *testing.T, dir string, at int) int {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), mortalStudy+"="+dir, mortalAt+"="+strconv.Itoa(at))
	var complaint bytes.Buffer
	c.Stderr = &complaint
	out, err := c.Output()
	if state, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && state.Signaled() && state.Signal() == syscall.SIGKILL {
		return 0
	}
	if err != nil {
		t.Fatalf("running a study: %v: %s", err, &complaint)
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(out)))
	check(t, err)
	return n
}

// crashStudy makes a study whose codes are all given out, so that two runs of
// copies of it can be compared.
func crashStudy(t *testing.T, dir string) {
	check(t, fixtures.Write(context.Background(), filepath.Join(dir, "source"), fixtures.Options{Seed: 7, Sessions: 12, Newest: crashDay, Audio: 0.4, Problems: 1}))
	writeFile(t, filepath.Join(dir, "study.yaml"), "study: crash\ntitle: Crash\nsource: {directory: source}\ntimezone: UTC\ncontexts: [sat-bootcamp, middle-school-partnership]\nrun: {shard_sessions: 3, workers: 2}\n")
	e, err := Open(context.Background(), Options{Dir: dir, Now: func() time.Time { return crashDay }, Software: "veil test"})
	check(t, err)
	_, err = e.Plan(context.Background())
	check(t, err)
	check(t, e.Close())
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	check(t, os.CopyFS(to, os.DirFS(from)))
	// The plan holds when a file was last changed.
	check(t, filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return os.Chtimes(filepath.Join(to, name), info.ModTime(), info.ModTime())
	}))
}

// tree is every file below a folder by its path.
func tree(t *testing.T, root string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	check(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files[name], err = os.ReadFile(path)
		return err
	}))
	if !slices.ContainsFunc(slices.Collect(maps.Keys(files)), func(name string) bool { return filepath.Ext(name) == ".parquet" }) {
		t.Fatal("the bundle has no table")
	}
	return files
}
