package consent

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// noon is the moment the tests' ledgers believe it is.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func at(t time.Time) Option { return WithClock(func() time.Time { return t }) }

func newLedger(t testing.TB, options ...Option) *Ledger {
	t.Helper()
	return openLedger(t, filepath.Join(t.TempDir(), "ledger.db"), options...)
}

func openLedger(t testing.TB, path string, options ...Option) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), path, append([]Option{at(noon)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func withdrawal(user string) Event {
	return Event{Subject: user, Action: Withdrawn, EffectiveAt: day("2026-10-01"), RecordedAt: day("2026-10-01")}
}

func appendAll(t testing.TB, l *Ledger, events ...Event) []Event {
	t.Helper()
	out, err := l.Append(t.Context(), events...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAppendTwiceAddsOnce(t *testing.T) {
	l := newLedger(t)
	first := appendAll(t, l, withdrawal("u1"), withdrawal("u2"))
	again := withdrawal("u1")
	again.Source, again.Actor, again.Action = "another file", "USER", "opt_out"
	again.EffectiveAt = again.EffectiveAt.In(time.FixedZone("", -5*3600))
	second := appendAll(t, l, again)
	if second[0] != first[0] {
		t.Errorf("the same statement became another event:\n%v\n%v", first[0], second[0])
	}
	if h, _ := l.Head(t.Context()); h.Seq != 2 {
		t.Errorf("the head is %d, want 2", h.Seq)
	}
}

func TestALedgerIsPrivateAndFoundAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd #1? 50%.db")
	l := openLedger(t, path)
	want := appendAll(t, l, withdrawal("u1"))
	head, _ := l.Head(t.Context())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the ledger: %v", info.Mode())
	}
	l = openLedger(t, path)
	got, err := l.Events(t.Context(), "u1")
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	if again, _ := l.Head(t.Context()); again != head {
		t.Errorf("the head was %v and is %v", head, again)
	}
}

func TestRowsCannotBeChanged(t *testing.T) {
	l := newLedger(t)
	appendAll(t, l, withdrawal("u1"), withdrawal("u2"))
	columns := "(seq,id,hash,learned_at,effective_at,subject,actor,action,study,context,modality,form_version,evidence,corrects,source)"
	for _, statement := range []string{
		"UPDATE events SET action = 'granted'",
		"DELETE FROM events WHERE seq = 2",
		"UPDATE origin SET start = x'00'",
		"DELETE FROM origin",
		"INSERT OR REPLACE INTO events " + columns + " VALUES (2,x'01',x'02',0,0,'u2','self','granted','','','','','','','')",
		"INSERT INTO events " + columns + " VALUES (9,x'01',x'02',0,0,'u2','self','granted','','','','','','','')",
	} {
		if _, err := l.write.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "only grows") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	// Replacing by id is passed over in silence, as a duplicate is.
	_, err := l.write.ExecContext(t.Context(), "INSERT OR REPLACE INTO events "+columns+
		" SELECT 3,id,x'02',0,0,'u2','self','granted','','','','','','','' FROM events WHERE seq = 2")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := l.read.ExecContext(t.Context(), "INSERT INTO origin VALUES (2, x'00')"); err == nil {
		t.Error("the reading side wrote")
	}
}

func TestVerifyFindsTheFirstBrokenEvent(t *testing.T) {
	tampering := []struct {
		name, statement string
		seq             int64
	}{
		{"nothing", "SELECT 1", 0},
		{"an action", "UPDATE events SET action = 'granted' WHERE seq = 3", 3},
		{"a user", "UPDATE events SET subject = 'u9' WHERE seq = 2", 2},
		{"when it was learned", "UPDATE events SET learned_at = learned_at - 1 WHERE seq = 4", 4},
		{"where it came from", "UPDATE events SET source = 'x' WHERE seq = 4", 4},
		{"that nothing was recorded", "UPDATE events SET recorded_at = NULL WHERE seq = 1", 1},
		{"an event is gone", "DELETE FROM events WHERE seq = 2", 2},
		{"the first is gone", "DELETE FROM events WHERE seq = 1", 1},
		{"the origin", "UPDATE origin SET start = x'00'", 1},
		{"a hash", "UPDATE events SET hash = x'00' WHERE seq = 2", 2},
		{"two are exchanged", "UPDATE events SET seq = 6 - seq WHERE seq IN (2, 4)", 2},
		{"the end is cut off", "DELETE FROM events WHERE seq = 5", 5},
	}
	for _, c := range tampering {
		t.Run(c.name, func(t *testing.T) {
			l := newLedger(t)
			for _, u := range []string{"u1", "u2", "u3", "u4", "u5"} {
				appendAll(t, l, withdrawal(u))
			}
			kept, err := l.Head(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, trigger := range []string{"events_stay", "events_remain", "origin_stays"} {
				if _, err := l.write.Exec("DROP TRIGGER " + trigger); err != nil {
					t.Fatal(err)
				}
			}
			statement := c.statement
			if strings.Contains(statement, "6 - seq") {
				// In steps: seq is unique.
				statement = "UPDATE events SET seq = -seq WHERE seq IN (2, 4); UPDATE events SET seq = 6 + seq WHERE seq < 0"
			}
			if _, err := l.write.Exec(statement); err != nil {
				t.Fatal(err)
			}
			var broken *BrokenError
			err = l.Verify(t.Context(), kept)
			switch {
			case c.seq == 0 && err != nil:
				t.Errorf("an untouched ledger: %v", err)
			case c.seq != 0 && (!errors.As(err, &broken) || broken.Seq != c.seq):
				t.Errorf("got %v, want event %d", err, c.seq)
			}
		})
	}
}

func TestVerifyFindsARewrittenChain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openLedger(t, path)
	appendAll(t, l, withdrawal("u1"))
	kept, _ := l.Head(t.Context())
	l.Close()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	l = openLedger(t, path)
	appendAll(t, l, withdrawal("u1"))
	if err := l.Verify(t.Context()); err != nil {
		t.Errorf("the new chain is whole: %v", err)
	}
	var broken *BrokenError
	if err := l.Verify(t.Context(), Head{}, kept); !errors.As(err, &broken) || broken.Seq != 1 {
		t.Errorf("a ledger made anew passed for the old one: %v", err)
	}
}

func TestAHashKeptAloneIsFound(t *testing.T) {
	l := newLedger(t, at(day("2026-10-05T16:00:00Z")))
	if last, err := l.LastLearned(t.Context()); err != nil || !last.IsZero() {
		t.Errorf("an empty ledger learned at %v, %v", last, err)
	}
	appendAll(t, l, withdrawal("u1"))
	first, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	appendAll(t, l, withdrawal("u2"))
	if got, ok, err := l.HeadOf(t.Context(), first.Hash); err != nil || !ok || got != first {
		t.Errorf("%v, %v, %v", got, ok, err)
	}
	for _, hash := range []string{"", "no hash", strings.Repeat("ab", 32)} {
		if got, ok, err := l.HeadOf(t.Context(), hash); err != nil || ok {
			t.Errorf("%q is found at %v, %v", hash, got, err)
		}
	}
	if last, err := l.LastLearned(t.Context()); err != nil || !last.Equal(day("2026-10-05T16:00:00Z")) {
		t.Errorf("learned at %v, %v", last, err)
	}
}

func TestHeadsOfEarlierMoments(t *testing.T) {
	clock := noon
	l := newLedger(t, WithClock(func() time.Time { return clock }))
	var heads []Head
	for _, u := range []string{"u1", "u2", "u3"} {
		appendAll(t, l, withdrawal(u))
		h, _ := l.Head(t.Context())
		heads = append(heads, h)
		clock = clock.Add(time.Hour)
	}
	for i, want := range heads {
		got, err := l.HeadAt(t.Context(), noon.Add(time.Duration(i)*time.Hour+time.Minute))
		if err != nil || got != want {
			t.Errorf("after %d hours: %v, %v, want %v", i, got, err, want)
		}
	}
	if h, err := l.HeadAt(t.Context(), noon.Add(-time.Second)); err != nil || h != (Head{}) {
		t.Errorf("before the first event: %v, %v", h, err)
	}
	if err := l.Verify(t.Context(), heads...); err != nil {
		t.Error(err)
	}
}

func TestAClockSetBackDoesNotMakeEventsKnownEarlier(t *testing.T) {
	clock := noon
	l := newLedger(t, WithClock(func() time.Time { return clock }))
	first := appendAll(t, l, withdrawal("u1"))
	clock = noon.Add(-48 * time.Hour)
	second := appendAll(t, l, withdrawal("u2"))
	if second[0].LearnedAt.Before(first[0].LearnedAt) {
		t.Error("a later event was learned earlier")
	}
	if err := l.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestEventsRecordedInTheFutureAreRefused(t *testing.T) {
	e := withdrawal("u1")
	for _, c := range []struct {
		ahead time.Duration
		taken bool
	}{{0, true}, {4 * time.Minute, true}, {6 * time.Minute, false}, {48 * time.Hour, false}} {
		l := newLedger(t)
		e.RecordedAt = noon.Add(c.ahead)
		if _, err := l.Append(t.Context(), e); (err == nil) != c.taken {
			t.Errorf("recorded %v ahead: %v", c.ahead, err)
		}
	}
	l := newLedger(t)
	e.RecordedAt, e.EffectiveAt = noon, noon.AddDate(1, 0, 0)
	appendAll(t, l, e) // not in effect yet is no mistake
}

func TestAppendTakesAllOrNothing(t *testing.T) {
	l := newLedger(t)
	bad := withdrawal("u2")
	bad.Action = "shrugged"
	_, err := l.Append(t.Context(), withdrawal("u1"), bad)
	if err == nil || !strings.Contains(err.Error(), "event 2: action") {
		t.Errorf("got %v", err)
	}
	if strings.Contains(err.Error(), "shrugged") {
		t.Error("the error repeats the value")
	}
	if h, _ := l.Head(t.Context()); h.Seq != 0 {
		t.Error("half of it was taken")
	}
}

func TestACorrectionMustBeBySameUserAndActor(t *testing.T) {
	l := newLedger(t)
	e := appendAll(t, l, withdrawal("u1"))[0]
	fix := Event{Subject: "u1", Actor: Self, Action: Annulled, EffectiveAt: e.EffectiveAt, Corrects: e.ID}
	for _, wrong := range []func(*Event){
		func(e *Event) { e.Subject = "u2" },
		func(e *Event) { e.Actor = Guardian },
		func(e *Event) { e.Corrects = "" },
		func(e *Event) { e.Corrects = e.Corrects[:20] },
	} {
		f := fix
		wrong(&f)
		if _, err := l.Append(t.Context(), f); err == nil || !strings.Contains(err.Error(), "corrects") {
			t.Errorf("taken, or for another reason refused: %v", err)
		}
	}
	appendAll(t, l, fix)
	q := Question{User: "u1", At: noon}
	events, _ := l.Events(t.Context(), "u1")
	if d := Decide(events, q, Policy{Basis: OptOut}); d.Reason != ReasonDefault {
		t.Errorf("after the correction: %s", d.Reason)
	}
}

func TestACorrectionMayArriveBeforeWhatItCorrects(t *testing.T) {
	e := withdrawal("u1")
	e.Actor = Self
	id := e.identified().ID
	l := newLedger(t)
	appendAll(t, l, Event{Subject: "u1", Action: Annulled, EffectiveAt: e.EffectiveAt, Corrects: id})
	appendAll(t, l, e)
	events, _ := l.Events(t.Context(), "u1")
	if d := Decide(events, Question{User: "u1", At: noon}, Policy{Basis: OptOut}); !d.Allowed {
		t.Errorf("got %s", d.Reason)
	}
}

func TestUsersAndAllStreamEverything(t *testing.T) {
	l := newLedger(t)
	appendAll(t, l, withdrawal("u2"), withdrawal("u1"))
	grant := Event{Subject: "u2", Action: Granted, EffectiveAt: day("2026-10-05")}
	appendAll(t, l, grant)
	var order []string
	for e, err := range l.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, e.Subject)
	}
	if want := []string{"u2", "u1", "u2"}; !slices.Equal(order, want) {
		t.Errorf("all: %v", order)
	}
	var users [][]int64
	for events, err := range l.Users(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		var seqs []int64
		for _, e := range events {
			seqs = append(seqs, e.Seq)
		}
		users = append(users, seqs)
	}
	if len(users) != 2 || !slices.Equal(users[0], []int64{2}) || !slices.Equal(users[1], []int64{1, 3}) {
		t.Errorf("users: %v", users)
	}
	scoped := withdrawal("u3")
	scoped.Scope = Scope{Study: "algebra", Modality: Chat}
	appendAll(t, l, scoped)
	if got, err := l.Scopes(t.Context()); err != nil || !slices.Equal(got, []Scope{{}, scoped.Scope}) {
		t.Errorf("scopes: %v, %v", got, err)
	}
}

func TestASnapshotDoesNotSeeWhatComesLater(t *testing.T) {
	l := newLedger(t)
	appendAll(t, l, withdrawal("u1"))
	s, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	appendAll(t, l, withdrawal("u2"))
	q, p := Question{User: "u2", At: noon}, Policy{Basis: OptOut}
	if d, err := s.Decide(t.Context(), q, p); err != nil || !d.Allowed {
		t.Errorf("the snapshot saw a later event: %v, %v", d, err)
	}
	later, _ := l.Snapshot(t.Context())
	if d, err := later.Decide(t.Context(), q, p); err != nil || d.Allowed {
		t.Errorf("a later snapshot did not: %v, %v", d, err)
	}
	if s.Head().Seq != 1 || later.Head().Seq != 2 {
		t.Errorf("heads %v, %v", s.Head(), later.Head())
	}
}

func TestManyReadersBesideAWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, other := openLedger(t, path), openLedger(t, path)
	appendAll(t, l, withdrawal("u1"))
	s, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				for _, u := range []string{"u1", "u2"} {
					d, err := s.Decide(context.Background(), Question{User: u, At: noon}, Policy{Basis: OptOut})
					if err != nil || d.Allowed != (u == "u2") {
						t.Errorf("%v, %v", d, err)
					}
				}
			}
		})
	}
	for i, writer := range []*Ledger{l, other} {
		group.Go(func() {
			for n := range 10 {
				e := withdrawal("u2")
				e.FormVersion = string(rune('a'+i)) + string(rune('a'+n))
				if _, err := writer.Append(context.Background(), e); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if err := l.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if h, _ := other.Head(t.Context()); h.Seq != 21 {
		t.Errorf("%d events, want 21", h.Seq)
	}
}

func TestRecentKeepsTheRecent(t *testing.T) {
	var r recent
	r.put("first", []Event{{Seq: 1}})
	for i := range 3 * generation {
		r.put("u"+string(rune(0x4e00+i%20000))+string(rune('a'+i/20000)), nil)
		if i%1000 == 0 {
			if _, ok := r.get("first"); !ok {
				t.Fatalf("what is used was dropped after %d", i)
			}
		}
	}
	if n := len(r.young) + len(r.old); n > 2*generation {
		t.Errorf("%d users kept, want at most %d", n, 2*generation)
	}
}

func TestOpenRefusesWhatIsNoLedger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); err == nil {
		t.Error("a text file was opened")
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "marisol", "ledger.db")); err == nil || strings.Contains(err.Error(), "marisol") {
		t.Errorf("got %v", err)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE events (happened TEXT)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(t.Context(), other); err == nil {
		t.Error("another program's database was opened")
	}
}

func TestExplainNamesTheEventsAndWhenTheyWereLearned(t *testing.T) {
	l := newLedger(t)
	appendAll(t, l, withdrawal("u1"),
		Event{Subject: "u1", Action: Granted, EffectiveAt: day("2026-10-09"), Scope: Scope{Study: "algebra"}},
		Event{Subject: "u1", Action: Withdrawn, EffectiveAt: day("2026-10-09"), Scope: Scope{Study: "geometry"}},
		Event{Subject: "u1", Action: Granted, EffectiveAt: day("2026-12-09")})
	q := Question{User: "u1", Scope: Scope{"algebra", "bootcamp", Audio}, At: noon}
	lines, err := l.Explain(t.Context(), q, Policy{Basis: OptOut})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(lines, "\n")
	for _, want := range []string{
		"u1: denied (opted-out): the person said no",
		"asked for study algebra, context bootcamp, modality audio, at 2026-11-20T12:00:00Z, with all that is known",
		"made by 1 event; all known since 2026-11-20T12:00:00Z",
		"* event 1: withdrawn by self for all studies, all contexts, all modalities, in effect from 2026-10-01T00:00:00Z, recorded 2026-10-01T00:00:00Z, learned 2026-11-20T12:00:00Z",
		"event 2: granted by self for study algebra",
		"does not lift event 1: it is narrower",
		"about something else",
		"not in effect then",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	q.KnownAt = noon.Add(-time.Hour)
	lines, err = l.Explain(t.Context(), q, Policy{Basis: OptOut})
	if text := strings.Join(lines, "\n"); err != nil || !strings.Contains(text, "no event made it") || strings.Count(text, "not known then") != 4 {
		t.Errorf("an hour earlier: %v\n%s", err, text)
	}
}
