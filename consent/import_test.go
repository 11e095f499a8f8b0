package consent

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

const table = `user_id,effective_at,recorded_at,actor,action,study,context,modality,form_version
u1,2026-10-01T00:00:00Z,2026-10-01T00:00:00Z,self,withdrawn,,,,2026-08
u1,2026-10-06T00:00:00Z,2026-10-06T00:00:00Z,self,granted,,,,2026-08
u2,2026-10-01T00:00:00Z,2026-10-01T00:00:00Z,guardian,opt_out,algebra,,audio,2026-08
`

// sameTable is table as another system writes it.
const sameTable = "\ufeff" + `{"action":"Granted","user_id":"u1","recorded_at":"2026-10-06 00:00:00+00","effective_at":"2026-10-05T20:00:00-04:00","form_version":"2026-08"}

{"action":"WITHDRAWN","actor":"parent","user_id":"u2","study":"algebra","context":"all","modality":"voice","recorded_at":"2026-10-01","effective_at":"2026-10-01","form_version":"2026-08"}
{"action":"withdrawn","actor":null,"user_id":"u1","recorded_at":"2026-10-01","effective_at":"2026-10-01","form_version":"2026-08"}
`

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	l := newLedger(t)
	first, err := l.ImportCSV(t.Context(), strings.NewReader(table), "consent.csv")
	if err != nil || first != (Report{Lines: 3, Added: 3}) {
		t.Fatalf("%+v, %v", first, err)
	}
	head, _ := l.Head(t.Context())
	second, err := l.ImportCSV(t.Context(), strings.NewReader(table), "consent.csv")
	if err != nil || second != (Report{Lines: 3, Duplicate: 3}) {
		t.Fatalf("%+v, %v", second, err)
	}
	if again, _ := l.Head(t.Context()); again != head {
		t.Error("the head moved")
	}
}

func TestOneEventFromTwoFilesIsOne(t *testing.T) {
	l := newLedger(t)
	if _, err := l.ImportCSV(t.Context(), strings.NewReader(table), "consent.csv"); err != nil {
		t.Fatal(err)
	}
	got, err := l.ImportJSONL(t.Context(), strings.NewReader(sameTable), "consent.jsonl")
	if err != nil || got != (Report{Lines: 3, Duplicate: 3}) {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestOrderOfArrivalGivesTheSameDecisions(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(table), "\n")
	header, rows := lines[0], lines[1:]
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 0, 2}} {
		l := newLedger(t)
		for _, i := range order {
			if _, err := l.ImportCSV(t.Context(), strings.NewReader(header+"\n"+rows[i]+"\n"), "part"); err != nil {
				t.Fatal(err)
			}
		}
		for user, want := range map[string]Reason{"u1": ReasonGranted, "u2": ReasonGuardianOptedOut, "u3": ReasonDefault} {
			events, _ := l.Events(t.Context(), user)
			q := Question{User: user, Scope: Scope{"algebra", "bootcamp", Audio}, At: noon}
			if d := Decide(events, q, Policy{Basis: OptOut}); d.Reason != want {
				t.Errorf("order %v, %s: %s, want %s", order, user, d.Reason, want)
			}
		}
	}
}

// secret must not stand in any error.
const secret = "marisol-okonkwo"

func TestBadTablesAreRefusedWhole(t *testing.T) {
	good := "u1,2026-10-01,granted\n"
	csv := func(header, rows string) func(*Ledger) error {
		return func(l *Ledger) error {
			_, err := l.ImportCSV(t.Context(), strings.NewReader(header+"\n"+rows), "f")
			return err
		}
	}
	jsonl := func(rows string) func(*Ledger) error {
		return func(l *Ledger) error {
			_, err := l.ImportJSONL(t.Context(), strings.NewReader(rows), "f")
			return err
		}
	}
	const header = "user_id,effective_at,action"
	const object = `{"user_id":"u1","effective_at":"2026-10-01","action":"granted"}` + "\n"
	for _, c := range []struct {
		name string
		try  func(*Ledger) error
		want string // the whole error
	}{
		{"an empty file", csv("", ""), "f line 1: there is no header line"},
		{"no user", csv("effective_at,action", ""), `f: column "user_id" is missing`},
		{"no time", csv("user_id,action", ""), `f: column "effective_at" is missing`},
		{"no action", csv("user_id,effective_at", ""), `f: column "action" is missing`},
		{"no header at all", csv(secret+",2026-10-01,granted", good), `f: column "user_id" is missing`},
		{"a column nobody knows", csv(header+",shoe_size", good), `f: column "shoe_size" is not one a consent table has; remove it, or name it as in the documentation`},
		{"a column twice", csv(header+",Action", good), `f: column "action" stands twice`},
		{"too few fields", csv(header, good+secret+",2026-10-01\n"), "f line 3: is not valid CSV; check the number of fields and the quotes"},
		{"an open quote", csv(header, good+`"`+secret+",2026-10-01,granted\n"), "f line 3: is not valid CSV; check the number of fields and the quotes"},
		{"a user on two lines, then a mistake", csv(header, "\"u1\n\",2026-10-01,granted\n"+secret+",,granted\n"), "f line 4: effective_at is empty"},
		{"no user id", csv(header, good+",2026-10-01,granted\n"), "f line 3: user_id is empty"},
		{"no time of effect", csv(header, good+secret+",,granted\n"), "f line 3: effective_at is empty"},
		{"a time that is none", csv(header, good+"u2,"+secret+",granted\n"), "f line 3: effective_at is no time; write it like 2026-10-05T16:00:00Z"},
		{"an action that is none", csv(header, good+"u2,2026-10-01,"+secret+"\n"), "f line 3: action must be granted, refused, withdrawn, expired, re-consent due or annulled"},
		{"an actor that is none", csv(header+",actor", "u2,2026-10-01,granted,"+secret+"\n"), "f line 2: actor must be self, guardian or institution"},
		{"a modality that is none", csv(header+",modality", "u2,2026-10-01,granted,"+secret+"\n"), "f line 2: modality must be transcript, chat, audio or empty for all"},
		{"evidence in the open", csv(header+",evidence", "u2,2026-10-01,granted,"+secret+"\n"), "f line 2: evidence must be a SHA-256 in hex, not the evidence itself"},
		{"no event to correct", csv(header+",corrects", "u2,2026-10-01,granted,"+secret+"\n"), "f line 2: corrects must be an event id, 64 hex digits"},
		{"annuls nothing", csv(header+",corrects", "u2,2026-10-01,annulled,\n"), "f line 2: corrects is empty, and an annulled event must say which one it annuls"},
		{"recorded in the future", csv(header+",recorded_at", "u2,2026-10-01,granted,2026-11-21\n"), "f line 2: recorded_at lies in the future; check the clock of the system that recorded it"},
		{"no UTF-8", csv(header, "u\xff,2026-10-01,granted\n"), "f line 2: user_id is longer than 512 bytes or no UTF-8"},
		{"a user id as long as a page", csv(header, strings.Repeat("u", 513)+",2026-10-01,granted\n"), "f line 2: user_id is longer than 512 bytes or no UTF-8"},
		{"JSON of another kind", jsonl(object + `["` + secret + `"]`), "f line 2: is not one JSON object"},
		{"JSON cut short", jsonl(object + `{"user_id":"` + secret), "f line 2: is not valid JSON"},
		{"two objects in a line", jsonl(strings.TrimSpace(object) + object), "f line 1: is not one JSON object"},
		{"a nested value", jsonl(object + `{"user_id":{"` + secret + `":1},"effective_at":"2026-10-01","action":"granted"}`), "f line 2: has a value that is neither text nor number"},
		{"a key twice", jsonl(`{"user_id":"u1","user_id":"u2","effective_at":"2026-10-01","action":"granted"}`), `f line 1: column "user_id" stands twice`},
		{"a key missing in one line", jsonl(object + "\n" + `{"` + secret + `":"u1","effective_at":"2026-10-01","action":"granted"}`), `f line 3: column "user_id" is missing`},
		{"JSON, no UTF-8", jsonl("{\"user_id\":\"\xff\"}"), "f line 1: is no UTF-8"},
		{"a line without end", jsonl(object + strings.Repeat(secret, 1<<17)), "f line 2: is longer than 1 MiB"},
		{"a reader that breaks", func(l *Ledger) error {
			_, err := l.ImportCSV(t.Context(), io.MultiReader(strings.NewReader(header+"\n"+good), iotest.ErrReader(errors.New(secret))), "f")
			return err
		}, "f: cannot be read"},
		{"a query that fails", func(l *Ledger) error {
			_, err := l.ImportSQL(t.Context(), l.read, "f", "SELECT '"+secret+"' FROM nowhere")
			return err
		}, "f: the query failed; run it in a client of the database to see why"},
		{"rows of another length", func(l *Ledger) error {
			_, err := l.ImportRows(t.Context(), "f", strings.Split(header, ","), func(yield func([]string, error) bool) { yield([]string{secret}, nil) })
			return err
		}, "f line 1: has more or fewer fields than the header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLedger(t)
			err := c.try(l)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if h, _ := l.Head(t.Context()); h.Seq != 0 {
				t.Error("some of it was taken")
			}
		})
	}
}

func TestErrorsAreTyped(t *testing.T) {
	l := newLedger(t)
	var column *ColumnError
	_, err := l.ImportCSV(t.Context(), strings.NewReader("user_id,action\n"), "consent.csv")
	if !errors.As(err, &column) || column.Column != "effective_at" || column.Source != "consent.csv" {
		t.Errorf("got %v", err)
	}
	var row *RowError
	_, err = l.ImportCSV(t.Context(), strings.NewReader("user_id,action,effective_at\nu1,maybe,2026-10-01\n"), "consent.csv")
	if !errors.As(err, &row) || row.Line != 2 || row.Column != "action" {
		t.Errorf("got %v", err)
	}
}

func TestHeadersInAnyOrderAndShape(t *testing.T) {
	l := newLedger(t)
	text := "\ufeff ACTION ,modality, Effective_At,user_id\r\nopted-out, Chat ,2026-10-01,u7\r\n"
	if _, err := l.ImportCSV(t.Context(), strings.NewReader(text), "f"); err != nil {
		t.Fatal(err)
	}
	events, _ := l.Events(t.Context(), "u7")
	if len(events) != 1 || events[0].Action != Withdrawn || events[0].Modality != Chat || events[0].Actor != Self || !events[0].RecordedAt.IsZero() {
		t.Errorf("got %v", events)
	}
}

func TestTimesWithoutOffsetAreInTheZoneGiven(t *testing.T) {
	zone := time.FixedZone("", -4*3600)
	l := newLedger(t, WithZone(zone))
	if _, err := l.ImportCSV(t.Context(), strings.NewReader("user_id,effective_at,action\nu1,2026-10-01,granted\nu1,2026-10-01T00:00:00Z,granted\n"), "f"); err != nil {
		t.Fatal(err)
	}
	events, _ := l.Events(t.Context(), "u1")
	if want := day("2026-10-01T04:00:00Z"); len(events) != 2 || !events[0].EffectiveAt.Equal(want) || !events[1].EffectiveAt.Equal(day("2026-10-01")) {
		t.Errorf("got %v", events)
	}
}

func TestImportFromADatabase(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "platform.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE choices (account INTEGER, since TIMESTAMP, saved TIMESTAMP, choice TEXT, program TEXT);
		INSERT INTO choices VALUES (41, '2026-10-01 12:00:00', '2026-10-01 12:00:00', 'opt_out', NULL), (42, '2026-10-02 12:00:00', NULL, 'opt_in', 'bootcamp')`); err != nil {
		t.Fatal(err)
	}
	l := newLedger(t)
	query := "SELECT account AS user_id, choice AS action, since AS effective_at, saved AS recorded_at, program AS context FROM choices WHERE account > ?"
	for round, want := range []Report{{2, 2, 0}, {2, 0, 2}} {
		if got, err := l.ImportSQL(t.Context(), db, "platform", query, 0); err != nil || got != want {
			t.Fatalf("round %d: %+v, %v", round, got, err)
		}
	}
	events, _ := l.Events(t.Context(), "41")
	if len(events) != 1 || events[0].Action != Withdrawn || !events[0].EffectiveAt.Equal(day("2026-10-01T12:00:00Z")) || events[0].Source != "platform" {
		t.Errorf("got %v", events)
	}
	events, _ = l.Events(t.Context(), "42")
	if len(events) != 1 || events[0].Context != "bootcamp" || !events[0].RecordedAt.IsZero() {
		t.Errorf("got %v", events)
	}
}

func TestSpellings(t *testing.T) {
	for text, want := range map[string]Action{
		"opt_out": Withdrawn, "Opt-Out": Withdrawn, "opted out": Withdrawn, "REVOKED": Withdrawn, "opt_in": Granted, "OptIn": "",
		"declined": Refused, "re-consent due": ReconsentDue, "reconsent_due": ReconsentDue, "lapsed": Expired, "": "", "maybe": "",
	} {
		if got, known := ParseAction(text); got != want || known != (want != "") {
			t.Errorf("%q: %q, %v", text, got, known)
		}
	}
	seen := map[string]bool{}
	for _, ways := range actions {
		for _, way := range ways {
			if seen[way] {
				t.Errorf("%q means two things", way)
			}
			seen[way] = true
		}
	}
}

func TestTheSampleIsTaken(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "fixtures", "sample", "consent.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l := newLedger(t)
	if r, err := l.ImportCSV(t.Context(), f, "consent.csv"); err != nil || r.Added != r.Lines || r.Lines == 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func BenchmarkImportCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString("user_id,effective_at,recorded_at,action\n")
	for i := range 100_000 {
		fmt.Fprintf(&text, "u%07x,2026-10-01T00:00:00Z,2026-10-01T00:00:00Z,withdrawn\n", i*7919%100_003)
	}
	for b.Loop() {
		l := newLedger(b)
		if r, err := l.ImportCSV(b.Context(), strings.NewReader(text.String()), "f"); err != nil || r.Added != 100_000 {
			b.Fatal(r, err)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	l := newLedger(b)
	var events []Event
	for i := range 20_000 {
		events = append(events, withdrawal(fmt.Sprint("u", i)))
	}
	appendAll(b, l, slices.Clone(events)...)
	s, err := l.Snapshot(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		i = (i + 7919) % len(events)
		user := events[i].Subject
		for _, m := range []Modality{Transcript, Chat, Audio} {
			if d, err := s.Decide(b.Context(), Question{User: user, Scope: Scope{"algebra", "bootcamp", m}, At: noon}, Policy{Basis: OptOut}); err != nil || d.Allowed {
				b.Fatal(d, err)
			}
		}
	}
}
