package source_test

import (
	"context"
	"errors"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"
)

// tables is a whole source that differs from a plain one in what is given.
func tables(t *testing.T, given map[string]string) source.Directory {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"sessions.csv":     "session_id,context,starts_at\ns1,sat-bootcamp,2026-10-05T16:00:00Z\n",
		"participants.csv": "session_id,user_id,role\ns1,u1,tutor\n",
		"users.csv":        "user_id,first_name,last_name\nu1,Jane,Doe\n",
	}
	for name, text := range given {
		table := strings.TrimSuffix(name, filepath.Ext(name))
		delete(all, table+".csv")
		all[name] = text
	}
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return source.Directory{Root: dir}
}

func all[T any](rows iter.Seq2[T, error]) (out []T, err error) {
	for v, err := range rows {
		if err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, nil
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

var chema = session.User{ID: "u2", First: "José María", Last: "de la Cruz", Preferred: "Chema", OtherNames: []string{"Pepe", "J. M. Cruz"},
	Email: "chema@example.org", Handles: []string{"@chema", "chema_07"}, BirthDate: day(2011, 3, 9), School: "Lakeside, Upper School", City: "Laredo"}

// The same table in each of the formats and dressings it comes in.
func TestUsers(t *testing.T) {
	plain := session.User{ID: "u1", First: "Jane", Last: "Doe"}
	const header = "user_id,first_name,last_name,preferred_name,other_names,email,handles,birth_date,school,city\n"
	const row = `u2,José María,de la Cruz,Chema, Pepe ; J. M. Cruz;,chema@example.org,@chema;chema_07,2011-03-09,"Lakeside, Upper School",Laredo` + "\n"
	tests := map[string]struct {
		file, text string
		want       []session.User
	}{
		"all columns":               {"users.csv", header + row, []session.User{chema}},
		"as few as may be":          {"users.csv", "user_id,first_name,last_name\nu1,Jane,Doe\n", []session.User{plain}},
		"in another order":          {"users.csv", "last_name,user_id,first_name\nDoe,u1,Jane\n", []session.User{plain}},
		"headers in capitals":       {"users.csv", "User_ID, First_Name ,LAST_NAME\nu1,Jane,Doe\n", []session.User{plain}},
		"with a byte order mark":    {"users.csv", "\ufeffuser_id,first_name,last_name\nu1,Jane,Doe\n", []session.User{plain}},
		"as a spreadsheet saves it": {"users.csv", "\ufeff\"user_id\",\"first_name\",\"last_name\"\r\n\"u1\",\"Jane\",\"Doe\"\r\n", []session.User{plain}},
		"CRLF":                      {"users.csv", strings.ReplaceAll(header+row, "\n", "\r\n"), []session.User{chema}},
		"no line end at the end":    {"users.csv", "user_id,first_name,last_name\nu1,Jane,Doe", []session.User{plain}},
		"a quoted line end":         {"users.csv", "user_id,first_name,last_name,school\nu1,Jane,Doe,\"Lakeside\nUpper \"\"School\"\"\"\n", []session.User{{ID: "u1", First: "Jane", Last: "Doe", School: "Lakeside\nUpper \"School\""}}},
		"one name":                  {"users.csv", "user_id,first_name,last_name\nu1,Jane,\n", []session.User{{ID: "u1", First: "Jane"}}},
		"nobody":                    {"users.csv", "user_id,first_name,last_name\n", nil},
		"JSON Lines": {"users.jsonl", `{"user_id":"u1","first_name":"Jane","last_name":"Doe"}` + "\n\n" +
			`{"last_name":"de la Cruz","first_name":"José María","user_id":"u2","preferred_name":"Chema","other_names":["Pepe","J. M. Cruz"],"email":"chema@example.org","handles":"@chema; chema_07","birth_date":"2011-03-09","school":"Lakeside, Upper School","city":"Laredo"}`,
			[]session.User{plain, chema}},
		"JSON Lines with nulls and numbers": {"users.jsonl", "\ufeff" + `{"user_id":9007199254740993,"first_name":"Jane","last_name":null,"email":null}` + "\r\n", []session.User{{ID: "9007199254740993", First: "Jane"}}},
		"JSON keys in capitals":             {"users.jsonl", `{"User_ID":"u1","First_Name":"Jane","Last_Name":"Doe"}`, []session.User{plain}},
	}
	for what, tt := range tests {
		t.Run(what, func(t *testing.T) {
			d := tables(t, map[string]string{tt.file: tt.text})
			if err := d.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := all(d.Users(t.Context()))
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestSessions(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		start string
		zone  *time.Location
		want  time.Time
	}{
		"UTC":                         {"2026-10-05T12:00:00Z", berlin, noon},
		"with an offset":              {"2026-10-05T05:00:00-07:00", berlin, noon},
		"milliseconds":                {"2026-10-05T12:00:00.250Z", nil, noon.Add(250 * time.Millisecond)},
		"without one, no zone":        {"2026-10-05T12:00:00", nil, noon},
		"without one, in summer time": {"2026-10-05 14:00:00", berlin, noon},
		"without one, in winter":      {"2026-12-05 13:00", berlin, time.Date(2026, 12, 5, 12, 0, 0, 0, time.UTC)},
	}
	for what, tt := range tests {
		t.Run(what, func(t *testing.T) {
			d := tables(t, map[string]string{"sessions.csv": "session_id,context,starts_at,ends_at,topic,zoom_meeting_id\ns-1.a_B,sat-bootcamp," + tt.start + ",,Jane's Zoom Meeting,987 6543 210\n"})
			d.Zone = tt.zone
			got, err := all(d.Sessions(t.Context()))
			want := []session.Session{{ID: "s-1.a_B", Context: "sat-bootcamp", StartsAt: tt.want, Topic: "Jane's Zoom Meeting", MeetingID: "987 6543 210"}}
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestParticipants(t *testing.T) {
	d := tables(t, map[string]string{"participants.csv": "role,session_id,user_id,display_name\nTutor,s1,u1,\"Doe, Jane\"\n learner ,s1,u2,\n"})
	got, err := all(d.Participants(t.Context()))
	want := []session.Participant{{SessionID: "s1", UserID: "u1", Role: session.Tutor, DisplayName: "Doe, Jane"}, {SessionID: "s1", UserID: "u2", Role: session.Learner}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

// A table of another shape stops everything before a row is read. secret
// stands in every such file and in no error.
const secret = "Wilhelmina"

func TestShape(t *testing.T) {
	tests := map[string]struct{ file, text, want string }{
		"a column more":       {"users.csv", "user_id,first_name,last_name,ssn\nu1," + secret + ",Doe,000-00-0000\n", "table users: column 4 is not one that Veil knows"},
		"a column less":       {"users.csv", "user_id,first_name\nu1," + secret + "\n", `table users: column "last_name" is missing`},
		"a column twice":      {"users.csv", "user_id,first_name,last_name,First_Name\nu1,a," + secret + ",b\n", `table users: column "first_name" stands twice`},
		"semicolons":          {"users.csv", "user_id;first_name;last_name\nu1;" + secret + ";Doe\n", "table users: column 1 is not one that Veil knows"},
		"no header":           {"users.csv", "u1," + secret + ",Doe\n", "table users: column 1 is not one that Veil knows"},
		"empty":               {"sessions.csv", "", "table sessions: has no header line"},
		"UTF-16":              {"participants.csv", "\xff\xfes\x00e\x00s\x00s\x00i\x00o\x00n\x00_\x00i\x00d\x00", "table participants: is not UTF-8 text"},
		"JSON, a key more":    {"users.jsonl", `{"user_id":"u1","first_name":"` + secret + `","last_name":"Doe","` + secret + `":1}`, "table users: column 4 is not one that Veil knows"},
		"JSON, a key less":    {"users.jsonl", `{"user_id":"u1","first_name":"` + secret + `"}`, `table users: column "last_name" is missing`},
		"JSON, a key twice":   {"users.jsonl", `{"user_id":"u1","first_name":"` + secret + `","last_name":"Doe","first_name":"Jane"}`, `table users: column "first_name" stands twice`},
		"JSON, no object":     {"users.jsonl", `["` + secret + `"]`, "table users: has a first row that is not one JSON object"},
		"JSON, empty":         {"users.jsonl", "\n\n", "table users: is empty"},
		"JSON, an array file": {"users.jsonl", "[\n" + `{"user_id":"` + secret + `"}` + "\n]", "table users: has a first row that is not one JSON object"},
		"no Parquet":          {"users.parquet", "PAR1" + secret + "PAR1", "table users: is"},
	}
	for what, tt := range tests {
		t.Run(what, func(t *testing.T) {
			d := tables(t, map[string]string{tt.file: tt.text})
			rowsError := func() (err error) {
				switch strings.TrimSuffix(tt.file, filepath.Ext(tt.file)) {
				case "sessions":
					_, err = all(d.Sessions(t.Context()))
				case "participants":
					_, err = all(d.Participants(t.Context()))
				default:
					_, err = all(d.Users(t.Context()))
				}
				return err
			}
			for where, err := range map[string]error{"check": d.Check(t.Context()), "rows": rowsError()} {
				var shape *source.ShapeError
				if !errors.As(err, &shape) && (where == "check" || !strings.HasPrefix(what, "JSON")) {
					t.Fatalf("%s: %v", where, err)
				}
				if err == nil && what != "JSON, empty" {
					t.Errorf("%s found nothing", where)
				}
				if where == "check" && !strings.HasPrefix(err.Error(), tt.want) || err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("%s: %v; want %s", where, err, tt.want)
				}
			}
		})
	}
	t.Run("a table that is not there", func(t *testing.T) {
		d := tables(t, nil)
		if err := os.Remove(filepath.Join(d.Root, "users.csv")); err != nil {
			t.Fatal(err)
		}
		if err := d.Check(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "no table users: expected users.csv, ") {
			t.Error(err)
		}
	})
	t.Run("a table that stands twice", func(t *testing.T) {
		var shape *source.ShapeError
		d := tables(t, map[string]string{"users.jsonl": "{}"})
		if err := os.WriteFile(filepath.Join(d.Root, "users.csv"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := d.Check(t.Context()); !errors.As(err, &shape) || shape.Table != "users" {
			t.Error(err)
		}
	})
}

func TestRowErrors(t *testing.T) {
	const users = "user_id,first_name,last_name,birth_date\nu1,Jane,Doe,\n"
	const sessions = "session_id,context,starts_at,ends_at\ns1,c,2026-10-05T16:00:00Z,\n"
	const participants = "session_id,user_id,role\ns1,u1,tutor\n"
	const jsonUsers = `{"user_id":"u1","first_name":"Jane","last_name":"Doe"}` + "\n"
	tests := map[string]struct {
		file, text string
		row        int
		what       string // that the error must say: the column
	}{
		"no user id":                    {"users.csv", users + "," + secret + ",Doe,\n", 2, "user_id"},
		"a birth date in words":         {"users.csv", users + "u2," + secret + ",Doe,3 March 2011\n", 2, "birth_date"},
		"no such day":                   {"users.csv", users + "u2," + secret + ",Doe,2011-02-30\n", 2, "birth_date"},
		"a field more":                  {"users.csv", users + "u2," + secret + ",Doe,,x\n", 2, "number of fields"},
		"a field less":                  {"users.csv", users + "u2," + secret + "\n", 2, "number of fields"},
		"a quote that does not close":   {"users.csv", users + "u2,\"" + secret + ",Doe,\n", 2, "quotes"},
		"Latin-1":                       {"users.csv", users + "u2," + secret + " Jos\xe9,Doe,\n", 2, "first_name is not UTF-8"},
		"a NUL":                         {"users.csv", users + "u2,Jane," + secret + "\x00,\n", 2, "last_name is not UTF-8"},
		"a row behind a quoted newline": {"users.csv", users + "u2,\"" + secret + "\n\",Doe,\nu3,Jane,Doe,yesterday\n", 3, "birth_date"},
		"no time":                       {"sessions.csv", sessions + "s2,c," + secret + ",\n", 2, "starts_at"},
		"an empty time":                 {"sessions.csv", sessions + "s2,c,,\n", 2, "starts_at"},
		"an end before its start":       {"sessions.csv", sessions + "s2,c,2026-10-05T16:00:00Z,2026-10-05T15:00:00Z\n", 2, "ends_at"},
		"no end":                        {"sessions.csv", sessions + "s2,c,2026-10-05T16:00:00Z,soon\n", 2, "ends_at"},
		"an id that climbs":             {"sessions.csv", sessions + "../" + secret + ",c,2026-10-05T16:00:00Z,\n", 2, "session_id"},
		"an id with a slash":            {"sessions.csv", sessions + "a/" + secret + ",c,2026-10-05T16:00:00Z,\n", 2, "session_id"},
		"an id of dots":                 {"sessions.csv", sessions + "..,c,2026-10-05T16:00:00Z,\n", 2, "session_id"},
		"an empty id":                   {"sessions.csv", sessions + ",c,2026-10-05T16:00:00Z,\n", 2, "session_id"},
		"an id of 129 letters":          {"sessions.csv", sessions + strings.Repeat("s", 129) + ",c,2026-10-05T16:00:00Z,\n", 2, "session_id"},
		"another role":                  {"participants.csv", participants + "s1," + secret + ",parent\n", 2, "role"},
		"nobody":                        {"participants.csv", participants + "s1,,learner\n", 2, "user_id"},
		"JSON, cut":                     {"users.jsonl", jsonUsers + `{"user_id":"u2","first_name":"` + secret + "\n", 2, "not one JSON object"},
		"JSON, more than an object":     {"users.jsonl", jsonUsers + `{"user_id":"u2","first_name":"` + secret + `","last_name":"Doe"}}`, 2, "not one JSON object"},
		"JSON, nested":                  {"users.jsonl", jsonUsers + `{"user_id":"u2","first_name":{"given":"` + secret + `"},"last_name":"Doe"}`, 2, "first_name"},
		"JSON, a list of numbers":       {"users.jsonl", jsonUsers + `{"user_id":"u2","first_name":"` + secret + `","last_name":"Doe","handles":[1]}`, 2, "handles"},
		"JSON, nested in the first row": {"users.jsonl", `{"user_id":"u2","first_name":"` + secret + `","last_name":{"a":1}}`, 1, "last_name"},
		"JSON, Latin-1":                 {"users.jsonl", jsonUsers + `{"user_id":"u2","first_name":"` + secret + "\xe9" + `","last_name":"Doe"}`, 2, "UTF-8"},
		"JSON, too long":                {"users.jsonl", jsonUsers + `{"user_id":"u2","first_name":"` + strings.Repeat(secret, 200_000) + `","last_name":"Doe"}`, 2, "1 MiB"},
	}
	for what, tt := range tests {
		t.Run(what, func(t *testing.T) {
			d := tables(t, map[string]string{tt.file: tt.text})
			if err := d.Check(t.Context()); err != nil {
				t.Fatalf("the shape is as it should be: %v", err)
			}
			table := strings.TrimSuffix(tt.file, filepath.Ext(tt.file))
			read, err := 0, error(nil)
			switch table {
			case "sessions":
				var got []session.Session
				got, err = all(d.Sessions(t.Context()))
				read = len(got)
			case "participants":
				var got []session.Participant
				got, err = all(d.Participants(t.Context()))
				read = len(got)
			default:
				var got []session.User
				got, err = all(d.Users(t.Context()))
				read = len(got)
			}
			var row *source.RowError
			if !errors.As(err, &row) || row.Table != table || row.Row != tt.row || !strings.Contains(row.What, tt.what) {
				t.Fatalf("%v; want row %d, %s", err, tt.row, tt.what)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%v tells what stands there", err)
			}
			if read != tt.row-1 {
				t.Errorf("%d rows before it, want %d", read, tt.row-1)
			}
		})
	}
	// A row of JSON Lines may bring a column of its own, or lack one.
	for what, text := range map[string]string{
		"a key that only the second row has": jsonUsers + `{"user_id":"u2","first_name":"Jane","last_name":"Doe","` + secret + `":"x"}`,
		"a key that the second row lacks":    jsonUsers + `{"user_id":"u2","first_name":"` + secret + `"}`,
	} {
		t.Run(what, func(t *testing.T) {
			_, err := all(tables(t, map[string]string{"users.jsonl": text}).Users(t.Context()))
			var shape *source.ShapeError
			if !errors.As(err, &shape) || !strings.Contains(err.Error(), "table users: row 2: ") || strings.Contains(err.Error(), secret) {
				t.Error(err)
			}
		})
	}
}

// Tables are streamed, so whoever joins them finds what stands twice.
func TestRowsThatStandTwice(t *testing.T) {
	tests := map[string]string{
		"sessions.csv":     "session_id,context,starts_at\ns1,c,2026-10-05T16:00:00Z\ns1,c,2026-10-06T16:00:00Z\n",
		"users.csv":        "user_id,first_name,last_name\nu1,Jane,Doe\nu1,Sam,Roe\n",
		"participants.csv": "session_id,user_id,role\ns1,u1,tutor\ns1,u1,learner\n",
	}
	for file, text := range tests {
		t.Run(file, func(t *testing.T) {
			x, err := plan.OpenIndex(filepath.Join(t.TempDir(), "index.sqlite"))
			if err != nil {
				t.Fatal(err)
			}
			defer x.Close()
			_, err = x.Load(t.Context(), tables(t, map[string]string{file: text}), func(plan.Counts) {})
			var row *source.RowError
			if !errors.As(err, &row) || row.Table+".csv" != file || row.Row != 2 {
				t.Error(err)
			}
		})
	}
}

func TestReadingStopsWhenToldTo(t *testing.T) {
	d := tables(t, map[string]string{"users.csv": "user_id,first_name,last_name\nu1,Jane,Doe\nu2,Sam,Roe\n"})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read := 0
	var failed error
	for _, err := range d.Users(ctx) {
		if failed = err; err == nil {
			read++
			stop()
		}
	}
	if read != 1 || !errors.Is(failed, context.Canceled) {
		t.Errorf("%d rows, %v", read, failed)
	}
}

func TestConsentFile(t *testing.T) {
	d := tables(t, nil)
	if path, err := d.ConsentFile(); path != "" || err != nil {
		t.Errorf("%s, %v where there is none", path, err)
	}
	want := filepath.Join(d.Root, "consent.csv")
	if err := os.Symlink("nowhere", want); err != nil {
		t.Skip("no symbolic links here")
	}
	// Opt-outs that cannot be read are not the same as no opt-outs.
	if path, err := d.ConsentFile(); path != want || err != nil {
		t.Errorf("%s, %v", path, err)
	}
	if err := os.WriteFile(filepath.Join(d.Root, "consent.jsonl"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ConsentFile(); err == nil {
		t.Error("took one of two consent tables")
	}
}

func TestRecordings(t *testing.T) {
	d := tables(t, nil)
	names := map[string]string{
		"GMT20261005-160000_Recording.transcript.vtt": "transcript", "meeting_saved_closed_caption.txt": "transcript",
		"GMT20261005-160000_RecordingnewChat.txt": "chat", "meeting_saved_chat.txt": "chat", "chat.txt": "chat",
		"audio1234567890.m4a": "audio", "AUDIO.WAV": "audio", "zoom_0.mp4": "video",
		"participants_98765432101.csv": "participants", "recording.json": "recording",
		"double_click_to_convert_01.zoom": "", "notes.txt": "", "thumbnail.jpg": "", "._GMT20261005-160000_Recording.transcript.vtt": "", ".DS_Store": "",
	}
	folder := filepath.Join(d.Root, "recordings", "s1")
	if err := os.MkdirAll(filepath.Join(folder, "old.vtt"), 0o700); err != nil { // a folder is no file
		t.Fatal(err)
	}
	for name := range names {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := d.Recordings(t.Context(), "s1")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for kind, list := range map[string][]source.File{"transcript": files.Transcripts, "chat": files.Chats, "audio": files.Audio, "video": files.Videos, "participants": files.Participants, "recording": files.Recording} {
		for _, f := range list {
			name := filepath.Base(f.Path)
			got[name] = kind
			content, err := d.Open(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			start := make([]byte, 3)
			if _, err := content.ReadAt(start, 1); err != nil || string(start) != name[1:4] {
				t.Errorf("%s reads %q, %v", name, start, err)
			}
			if err := content.Close(); err != nil {
				t.Error(err)
			}
			if f.Size != int64(len(name)) || f.Modified.IsZero() || f.Modified.Location() != time.UTC {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
	maps.DeleteFunc(names, func(_, kind string) bool { return kind == "" })
	if !maps.Equal(got, names) || files.Others != 6 {
		t.Errorf("%v and %d others, want %v and 6", got, files.Others, names)
	}
	if none, err := d.Recordings(t.Context(), "s2"); err != nil || none.Any() {
		t.Errorf("%+v, %v where there is nothing", none, err)
	}
	for _, id := range []string{"", ".", "..", "../s1", "a/b", "s 1", "ś1"} {
		if _, err := d.Recordings(t.Context(), id); err == nil {
			t.Errorf("looked into %q", id)
		}
	}
	for _, path := range []string{"../" + secret, "/" + secret, "recordings/s1/" + secret} {
		if _, err := d.Open(t.Context(), source.File{Path: path}); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%v", err)
		}
	}
}

func FuzzTables(f *testing.F) {
	f.Add("user_id,first_name,last_name\nu1,Jane,Doe\n", true)
	f.Add("\ufeff\"user_id\",first_name,last_name\r\n\"u\"\"1\",\"a\nb\",\n", true)
	f.Add(`{"user_id":"u1","first_name":["a","b"],"last_name":null}`, false)
	f.Add(`{"user_id":1e400,"first_name":{},"last_name":[[]]}`, false)
	f.Add("{}\n{\"\":\"\"}", false)
	f.Fuzz(func(t *testing.T, text string, csv bool) {
		name := "users.jsonl"
		if csv {
			name = "users.csv"
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for u, err := range (source.Directory{Root: dir}).Users(t.Context()) {
			var shape *source.ShapeError
			var row *source.RowError
			if err != nil && !errors.As(err, &shape) && !errors.As(err, &row) {
				t.Fatalf("%v is neither of the shape nor of a row", err)
			}
			if err == nil && u.ID == "" {
				t.Fatal("a user without an id")
			}
		}
	})
}
