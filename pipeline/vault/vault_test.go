package vault

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func newVault(t testing.TB) (*Vault, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vault.db")
	return openVault(t, path, "algebra"), path
}

func openVault(t testing.TB, path, study string) *Vault {
	t.Helper()
	v, err := Open(t.Context(), path, study)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func code(t testing.TB, v *Vault, kind, id string) string {
	t.Helper()
	c, err := v.Code(t.Context(), kind, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACodeIsStableAndFoundAgain(t *testing.T) {
	v, path := newVault(t)
	first := code(t, v, Participant, "u17")
	if again := code(t, v, Participant, "u17"); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	if other := code(t, v, Participant, "u18"); other == first {
		t.Error("two people have one code")
	}
	if other := code(t, v, Session, "u17"); other[2:] == first[2:] {
		t.Error("a session has a person's code")
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	v = openVault(t, path, "algebra")
	if again := code(t, v, Participant, "u17"); again != first {
		t.Errorf("%s, and after opening again %s", first, again)
	}
	if o, err := v.Trace(t.Context(), first); err != nil || o != (Origin{Participant, "u17"}) {
		t.Errorf("traced to %v, %v", o, err)
	}
	if _, err := v.Trace(t.Context(), "P-00000000-0000-4000-8000-000000000000"); !errors.Is(err, ErrUnknownCode) {
		t.Errorf("a made-up code: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the vault: %v, %v", info.Mode(), err)
	}
}

// Whoever holds the source, the study's name and the program cannot compute a
// code: two vaults of the same study share none.
func TestCodesAreNotDerived(t *testing.T) {
	shape := regexp.MustCompile(`^[SPA]-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	a, _ := newVault(t)
	b, _ := newVault(t)
	other := openVault(t, filepath.Join(t.TempDir(), "vault.db"), "geometry")
	seen := map[string]bool{}
	for _, v := range []*Vault{a, b, other} {
		for _, kind := range []string{Session, Participant, Audio} {
			for i := range 20 {
				c := code(t, v, kind, fmt.Sprint("id", i))
				if !shape.MatchString(c) || c[:2] != prefixes[kind] {
					t.Errorf("%s is no code of a %s", c, kind)
				}
				if seen[c[2:]] {
					t.Errorf("%s was given out twice", c)
				}
				seen[c[2:]] = true
			}
		}
	}
}

func TestAVaultIsOfOneStudy(t *testing.T) {
	v, path := newVault(t)
	v.Close()
	if _, err := Open(t.Context(), path, "geometry"); err == nil || !strings.Contains(err.Error(), "another study") {
		t.Errorf("got %v", err)
	}
}

func TestBadRequestsAreRefused(t *testing.T) {
	v, _ := newVault(t)
	for _, c := range []struct{ kind, id string }{{"shoe", "u1"}, {"", "u1"}, {Participant, ""}} {
		if got, err := v.Code(t.Context(), c.kind, c.id); err == nil {
			t.Errorf("%v has the code %s", c, got)
		} else if strings.Contains(err.Error(), "u1") {
			t.Errorf("the error repeats the id: %v", err)
		}
	}
	code(t, v, Participant, "u1") // a refusal leaves nothing locked
}

func ids(prefix string, n int) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for i := range n {
			if !yield(fmt.Sprint(prefix, i), nil) {
				return
			}
		}
	}
}

func TestAssignGivesEachItsCode(t *testing.T) {
	v, _ := newVault(t)
	known := code(t, v, Session, "s3")
	got := map[string]string{}
	take := func(id, code string) error {
		if before, ok := got[id]; ok && before != code {
			t.Errorf("%s changed its code", id)
		}
		got[id] = code
		return nil
	}
	for range 2 {
		if err := v.Assign(t.Context(), Session, ids("s", batchSize+10), take); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != batchSize+10 || got["s3"] != known {
		t.Errorf("%d codes, s3 has %s, want %s", len(got), got["s3"], known)
	}
	if o, err := v.Trace(t.Context(), got["s10005"]); err != nil || o.SourceID != "s10005" {
		t.Errorf("traced to %v, %v", o, err)
	}
}

func TestAssignStopsAtAnError(t *testing.T) {
	v, _ := newVault(t)
	broken := errors.New("the source broke off")
	err := v.Assign(t.Context(), Session, func(yield func(string, error) bool) {
		_ = yield("s1", nil) && yield("", broken)
	}, nil)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = v.Assign(ctx, Session, ids("s", 100), func(string, string) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	code(t, v, Session, "s1") // nothing is left locked
}

func TestManyAtOnceAgree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault.db")
	a, b := openVault(t, path, "algebra"), openVault(t, path, "algebra")
	var mu sync.Mutex
	got := map[string]map[string]bool{}
	var group sync.WaitGroup
	for i := range 6 {
		v := []*Vault{a, b}[i%2]
		group.Go(func() {
			for n := range 15 {
				id := fmt.Sprint("u", n)
				c, err := v.Code(context.Background(), Participant, id)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if got[id] == nil {
					got[id] = map[string]bool{}
				}
				got[id][c] = true
				mu.Unlock()
			}
		})
	}
	group.Wait()
	for id, codes := range got {
		if len(codes) != 1 {
			t.Errorf("%s has %d codes", id, len(codes))
		}
	}
}

// class is a vault with two sessions: kim and lee with a tutor, and kim alone
// with the tutor. Both were released to two recipients.
type class struct {
	v                      *Vault
	path                   string
	kim, lee, tutor        string
	group, single          string
	groupAudio             string
	rows                   []Row
	kimID, leeID, singleID string
}

func newClass(t testing.TB) class {
	c := class{kimID: "user-kim-48151", leeID: "user-lee-62342", singleID: "meeting-single-77"}
	c.v, c.path = newVault(t)
	c.kim, c.lee, c.tutor = code(t, c.v, Participant, c.kimID), code(t, c.v, Participant, c.leeID), code(t, c.v, Participant, "user-tutor-1")
	c.group, c.single = code(t, c.v, Session, "meeting-group-76"), code(t, c.v, Session, c.singleID)
	c.groupAudio = code(t, c.v, Audio, "meeting-group-76")
	c.rows = []Row{
		{c.tutor, c.group, true, true, c.groupAudio, true}, {c.kim, c.group, true, false, c.groupAudio, false}, {c.lee, c.group, false, true, "", false},
		{c.tutor, c.single, true, false, "", true}, {c.kim, c.single, true, false, "", true},
	}
	for _, recipient := range []string{"lab-a", "lab-b"} {
		if err := c.v.RecordRelease(t.Context(), "r1", recipient, c.rows); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestReleasesAndLocations(t *testing.T) {
	c := newClass(t)
	got, err := c.v.Releases(t.Context(), c.kimID)
	want := []Release{{"r1", "lab-a", 2, 1}, {"r1", "lab-b", 2, 1}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("releases: %v, %v", got, err)
	}
	rows, err := c.v.Locations(t.Context(), c.kimID, "r1")
	wanted := []Row{c.rows[1], c.rows[4]}
	slices.SortFunc(wanted, func(a, b Row) int { return strings.Compare(a.Session, b.Session) })
	if err != nil || !slices.Equal(rows, wanted) {
		t.Errorf("locations: %v, %v", rows, err)
	}
	if rows, err := c.v.Locations(t.Context(), c.kimID, "r2"); err != nil || len(rows) != 0 {
		t.Errorf("in a release that never was: %v, %v", rows, err)
	}
	if got, err := c.v.Releases(t.Context(), "user-nobody"); err != nil || len(got) != 0 {
		t.Errorf("of nobody: %v, %v", got, err)
	}
}

func TestAReleaseIsRecordedOnce(t *testing.T) {
	c := newClass(t)
	shuffled := slices.Clone(c.rows)
	slices.Reverse(shuffled)
	if err := c.v.RecordRelease(t.Context(), "r1", "lab-a", shuffled); err != nil {
		t.Errorf("the same again: %v", err)
	}
	if err := c.v.RecordRelease(t.Context(), "r1", "lab-a", c.rows[:2]); err == nil {
		t.Error("a release changed its rows")
	}
	if got, _ := c.v.Releases(t.Context(), c.leeID); len(got) != 2 {
		t.Errorf("releases: %v", got)
	}
	var rows int
	if err := c.v.read.QueryRow("SELECT count(*) FROM release_rows").Scan(&rows); err != nil || rows != len(c.rows) {
		t.Errorf("two recipients of one bundle take %d rows, want %d", rows, len(c.rows))
	}
}

func TestARowOfNobodyIsRefused(t *testing.T) {
	c := newClass(t)
	stranger := "P-00000000-0000-4000-8000-000000000000"
	for _, r := range []Row{
		{Participant: stranger, Session: c.group}, {Participant: c.kim, Session: c.kim}, {Participant: c.kim}, {Session: c.group},
		{Participant: c.kim, Session: c.group, Audio: "talk.m4a"},
	} {
		err := c.v.RecordRelease(t.Context(), "r2", "lab-a", []Row{c.rows[0], r})
		if !errors.Is(err, ErrUnknownCode) || !strings.Contains(err.Error(), "row 2") {
			t.Errorf("%v: %v", r, err)
		}
	}
	if got, _ := c.v.Releases(t.Context(), "user-tutor-1"); len(got) != 2 {
		t.Error("a refused release was recorded in part")
	}
}

// files are the bytes of all of SQLite's files.
func files(t testing.TB, path string) []byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var all []byte
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

func TestForgetLeavesNoTrace(t *testing.T) {
	// Overwriting and writing anew each have to be enough.
	for _, overwriting := range []string{"ON", "OFF"} {
		t.Run("secure_delete "+overwriting, func(t *testing.T) {
			c := newClass(t)
			if _, err := c.v.write.Exec("PRAGMA secure_delete = " + overwriting); err != nil {
				t.Fatal(err)
			}
			forgetWithoutTrace(t, c)
		})
	}
}

func forgetWithoutTrace(t *testing.T, c class) {
	// Something must be there to find before.
	for _, trace := range []string{c.kimID, c.singleID, c.kim} {
		if !bytes.Contains(files(t, c.path), []byte(trace)) {
			t.Fatalf("%s is not in the files before it is forgotten", trace)
		}
	}
	f, err := c.v.Forget(t.Context(), c.kimID)
	if err != nil {
		t.Fatal(err)
	}
	if f.Participants != 1 || f.Sessions != 2 || len(f.Text) < 5 {
		t.Errorf("got %+v", f)
	}
	for round, bytesNow := range [][]byte{files(t, c.path), closed(t, c)} {
		for _, trace := range []string{c.kimID, "kim-48151", c.singleID, "meeting-group-76"} {
			if bytes.Contains(bytesNow, []byte(trace)) {
				t.Errorf("round %d: %s is still in the files", round, trace)
			}
		}
		// The code itself is kept once in the table and nowhere beside another.
		if n := bytes.Count(bytesNow, []byte(c.kim)); n != 1 {
			t.Errorf("round %d: the code is there %d times, want once", round, n)
		}
		if !bytes.Contains(bytesNow, []byte(c.leeID)) {
			t.Errorf("round %d: somebody else was forgotten too", round)
		}
	}
}

// closed closes the vault and gives what is left of it on disk.
func closed(t *testing.T, c class) []byte {
	t.Helper()
	if err := c.v.Close(); err != nil {
		t.Fatal(err)
	}
	return files(t, c.path)
}

func TestWhatForgettingMakesImpossible(t *testing.T) {
	c := newClass(t)
	if _, err := c.v.Forget(t.Context(), c.kimID); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{c.kim, c.group, c.single, c.groupAudio} {
		if o, err := c.v.Trace(t.Context(), gone); !errors.Is(err, ErrForgotten) || o != (Origin{}) {
			t.Errorf("traced to %v, %v", o, err)
		}
	}
	if got, err := c.v.Releases(t.Context(), c.kimID); err != nil || len(got) != 0 {
		t.Errorf("releases: %v, %v", got, err)
	}
	if got, err := c.v.Locations(t.Context(), c.kimID, "r1"); err != nil || len(got) != 0 {
		t.Errorf("locations: %v, %v", got, err)
	}
	// Others can still withdraw.
	if got, err := c.v.Locations(t.Context(), c.leeID, "r1"); err != nil || !slices.Equal(got, []Row{c.rows[2]}) {
		t.Errorf("the other's locations: %v, %v", got, err)
	}
	// Whoever comes back is somebody new, and a bundle made before cannot be
	// released any more.
	if again := code(t, c.v, Participant, c.kimID); again == c.kim {
		t.Error("the old code came back")
	}
	if err := c.v.RecordRelease(t.Context(), "r2", "lab-a", c.rows); !errors.Is(err, ErrForgotten) {
		t.Errorf("a bundle with a forgotten code: %v", err)
	}
}

func TestForgettingTwiceOrNobody(t *testing.T) {
	c := newClass(t)
	for _, who := range []string{"user-nobody", c.kimID, c.kimID} {
		if _, err := c.v.Forget(t.Context(), who); err != nil {
			t.Fatal(err)
		}
	}
	f, err := c.v.Forget(t.Context(), c.kimID)
	if err != nil || f.Participants != 0 || len(f.Text) != 1 {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestForgetTakesSessionsThatWereNotReleased(t *testing.T) {
	c := newClass(t)
	planned := code(t, c.v, Session, "meeting-planned-78")
	f, err := c.v.Forget(t.Context(), c.leeID, "meeting-planned-78", "meeting-planned-78", "meeting-group-76", "meeting-of-others")
	if err != nil || f.Sessions != 2 {
		t.Fatalf("%+v, %v", f, err)
	}
	if _, err := c.v.Trace(t.Context(), planned); !errors.Is(err, ErrForgotten) {
		t.Errorf("got %v", err)
	}
	if o, err := c.v.Trace(t.Context(), c.single); err != nil || o.SourceID != c.singleID {
		t.Errorf("a session without them was forgotten: %v", err)
	}
}

func TestForgetSaysWhenSomebodyReads(t *testing.T) {
	c := newClass(t)
	// A reader keeps the log's old pages; Forget must not claim they are gone.
	if _, err := c.v.write.Exec("PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	reading, err := c.v.read.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reading.QueryRow("SELECT count(*) FROM codes").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if _, err := c.v.Forget(t.Context(), c.kimID); err == nil || !strings.Contains(err.Error(), "traces may be left") {
		t.Errorf("got %v", err)
	}
	if err := reading.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.v.Forget(t.Context(), c.kimID); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(files(t, c.path), []byte(c.kimID)) {
		t.Error("the person is still in the files")
	}
}

func TestWhatIsRandomInAStudyIsDrawnOnce(t *testing.T) {
	v, path := newVault(t)
	other := openVault(t, path, "algebra") // another process, say
	days, err := v.DayShift(t.Context())
	if err != nil || days == 0 || days%7 != 0 || days < -7*shiftWeeks || days > 7*shiftWeeks {
		t.Fatalf("%d days, %v", days, err)
	}
	if again, err := other.DayShift(t.Context()); err != nil || again != days {
		t.Errorf("%d days, then %d, %v", days, again, err)
	}
	secret, err := v.Secret(t.Context(), "surrogates")
	if err != nil || len(secret) != secretBytes || bytes.Equal(secret, make([]byte, secretBytes)) {
		t.Fatalf("a secret of %d bytes, %v", len(secret), err)
	}
	if again, err := other.Secret(t.Context(), "surrogates"); err != nil || !bytes.Equal(again, secret) {
		t.Errorf("another secret the second time, %v", err)
	}
	if another, err := v.Secret(t.Context(), "something else"); err != nil || bytes.Equal(another, secret) {
		t.Errorf("two purposes share a secret, %v", err)
	}
}

// Every shift can be drawn: a study must not be found out by what never is.
func TestDayShiftsAreSpread(t *testing.T) {
	seen := map[int]bool{}
	for range 2000 {
		days, err := drawShift()
		if err != nil {
			t.Fatal(err)
		}
		seen[days] = true
	}
	if len(seen) != 2*shiftWeeks || seen[0] {
		t.Errorf("%d different shifts, want %d without 0", len(seen), 2*shiftWeeks)
	}
}

func TestForgetTakesTheSecrets(t *testing.T) {
	c := newClass(t)
	secret, err := c.v.Secret(t.Context(), "surrogates")
	if err != nil {
		t.Fatal(err)
	}
	days, err := c.v.DayShift(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.v.Forget(t.Context(), "user-nobody"); err != nil {
		t.Fatal(err)
	}
	if same, _ := c.v.Secret(t.Context(), "surrogates"); !bytes.Equal(same, secret) {
		t.Error("forgetting nobody took the secret")
	}
	f, err := c.v.Forget(t.Context(), c.kimID)
	if err != nil || f.Secrets != 1 {
		t.Errorf("%+v, %v", f, err)
	}
	if bytes.Contains(files(t, c.path), secret) {
		t.Error("the secret is still in the files")
	}
	if same, _ := c.v.DayShift(t.Context()); same != days {
		t.Error("the shift of days changed, and with it the distance to earlier releases")
	}
}

func TestCompanionsAreWhoSharesASession(t *testing.T) {
	c := newClass(t)
	of := func(id string) map[Row]bool {
		rows, err := c.v.Companions(t.Context(), id, "r1")
		if err != nil {
			t.Fatal(err)
		}
		got := map[Row]bool{}
		for _, r := range rows {
			got[r] = true
		}
		if len(got) != len(rows) {
			t.Errorf("a row stands twice: %v", rows)
		}
		return got
	}
	if got := of(c.leeID); len(got) != 3 || !got[c.rows[0]] || !got[c.rows[1]] || !got[c.rows[2]] {
		t.Errorf("of one in the group: %v", got)
	}
	if got := of(c.kimID); len(got) != len(c.rows) {
		t.Errorf("of one in both: %v", got)
	}
	if got := of("user-nobody"); len(got) != 0 {
		t.Errorf("of nobody: %v", got)
	}
}

func TestPeopleInReleases(t *testing.T) {
	c := newClass(t)
	code(t, c.v, Participant, "user-planned")
	if got, err := c.v.People(t.Context()); err != nil || !slices.Equal(got, []string{c.kimID, c.leeID, "user-tutor-1"}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := c.v.Forget(t.Context(), c.kimID); err != nil {
		t.Fatal(err)
	}
	if got, err := c.v.People(t.Context()); err != nil || !slices.Equal(got, []string{c.leeID, "user-tutor-1"}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestRecordedReleases(t *testing.T) {
	c := newClass(t)
	if got, err := c.v.Recorded(t.Context()); err != nil || len(got) != 1 || !got["r1"] {
		t.Errorf("%v, %v", got, err)
	}
}

// Opening a vault, and asking for codes that are there, waits for nobody who
// writes: a long plan must not keep an opt-out from being entered.
func TestReadingWaitsForNoWriter(t *testing.T) {
	v, path := newVault(t)
	first := code(t, v, Participant, "u1")
	planning := v.Batch()
	if _, err := planning.Code(t.Context(), Participant, "u2"); err != nil {
		t.Fatal(err)
	}
	other := openVault(t, path, "algebra")
	b := other.Batch()
	if got, err := b.Code(t.Context(), Participant, "u1"); err != nil || got != first || b.tx != nil {
		t.Errorf("%s, %v, writing: %v", got, err, b.tx != nil)
	}
	if err := planning.Rollback(); err != nil {
		t.Fatal(err)
	}
}

// A model of the vault in memory: whatever is asked in whatever order, a living
// link is stable, a dead one never comes back, and no code is given out twice.
func TestVaultAgainstAModel(t *testing.T) {
	v, _ := newVault(t)
	ctx := t.Context()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		live, dead := map[string]string{}, map[string]bool{}
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			user := fmt.Sprint("run", run, "-u", rapid.IntRange(0, 2).Draw(t, "user"))
			if rapid.IntRange(0, 3).Draw(t, "forget") == 0 {
				err := v.writing(ctx, func(tx *sql.Tx) error {
					_, err := forgetSource(ctx, tx, user, Participant)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if c, ok := live[user]; ok {
					dead[c] = true
					delete(live, user)
				}
				continue
			}
			c, err := v.Code(ctx, Participant, user)
			if err != nil || dead[c] || (live[user] != "" && live[user] != c) {
				t.Fatalf("%s, %v", c, err)
			}
			live[user] = c
		}
		for user, c := range live {
			if o, err := v.Trace(ctx, c); err != nil || o.SourceID != user {
				t.Fatalf("a living link: %v, %v", o, err)
			}
		}
		for c := range dead {
			if _, err := v.Trace(ctx, c); !errors.Is(err, ErrForgotten) {
				t.Fatalf("a dead link: %v", err)
			}
		}
	})
}

func BenchmarkAssign(b *testing.B) {
	for b.Loop() {
		v, _ := newVault(b)
		if err := v.Assign(b.Context(), Session, ids("s", 100_000), nil); err != nil {
			b.Fatal(err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-sys")
}

func BenchmarkRecordRelease(b *testing.B) {
	v, _ := newVault(b)
	batch := v.Batch()
	rows := make([]Row, 0, 200_000)
	for i := range 100_000 {
		s, err := batch.Code(b.Context(), Session, fmt.Sprint("s", i))
		if err != nil {
			b.Fatal(err)
		}
		for _, u := range []int{i % 5000, 5000 + i%60_000} {
			p, err := batch.Code(b.Context(), Participant, fmt.Sprint("u", u))
			if err != nil {
				b.Fatal(err)
			}
			rows = append(rows, Row{Participant: p, Session: s})
		}
	}
	if err := batch.Commit(); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		if err := v.RecordRelease(b.Context(), fmt.Sprint("r", n), "lab", rows); err != nil {
			b.Fatal(err)
		}
	}
}

// A vault of an earlier layout did not say which text of a person was released:
// both, then.
func TestAVaultOfTheFirstLayout(t *testing.T) {
	c := newClass(t)
	if _, err := c.v.write.Exec("ALTER TABLE release_rows DROP COLUMN transcript; ALTER TABLE release_rows DROP COLUMN chat; PRAGMA user_version = 1"); err != nil {
		t.Fatal(err)
	}
	if err := c.v.Close(); err != nil {
		t.Fatal(err)
	}
	v := openVault(t, c.path, "algebra")
	rows, err := v.Locations(t.Context(), c.leeID, "r1")
	if err != nil || len(rows) != 1 || !rows[0].Transcript || !rows[0].Chat {
		t.Errorf("%+v, %v", rows, err)
	}
}
