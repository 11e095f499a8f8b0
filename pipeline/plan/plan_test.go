package plan_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"
	"github.com/schoolhouse-world/veil/pipeline/study"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// codes are made of the id here, so that a test can foresee them.
type codes struct{}

func (codes) Code(_ context.Context, kind, id string) (string, error) {
	sum := sha256.Sum256([]byte(kind + id))
	return hex.EncodeToString(sum[:8]), nil
}

// world is one source with exactly these sessions.
type world struct {
	sessions     []session.Session
	participants []session.Participant
	files        map[string]source.Files
}

func (w world) write(t *testing.T) source.Directory {
	t.Helper()
	dir := t.TempDir()
	table := func(name, header string, rows [][]string) {
		text := header + "\n"
		for _, r := range rows {
			for i, c := range r {
				if i > 0 {
					text += ","
				}
				text += c
			}
			text += "\n"
		}
		if err := os.WriteFile(filepath.Join(dir, name+".csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var sessions, participants, users [][]string
	seen := map[string]bool{}
	for _, s := range w.sessions {
		sessions = append(sessions, []string{s.ID, s.Context, s.StartsAt.Format(time.RFC3339), s.EndsAt.Format(time.RFC3339)})
	}
	for _, p := range w.participants {
		participants = append(participants, []string{p.SessionID, p.UserID, string(p.Role)})
		if !seen[p.UserID] {
			seen[p.UserID] = true
			users = append(users, []string{p.UserID, "First", "Last"})
		}
	}
	table("sessions", "session_id,context,starts_at,ends_at", sessions)
	table("participants", "session_id,user_id,role", participants)
	table("users", "user_id,first_name,last_name", users)
	for id, files := range w.files {
		folder := filepath.Join(dir, "recordings", id)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		for name, list := range map[string][]source.File{"a.vtt": files.Transcripts, "chat.txt": files.Chats, "a.m4a": files.Audio} {
			for i := range list {
				if err := os.WriteFile(filepath.Join(folder, string(rune('a'+i))+name), []byte("x"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return source.Directory{Root: dir}
}

var (
	one  = []source.File{{}}
	full = source.Files{Transcripts: one, Chats: one, Audio: one}
)

// A table of single sessions: who is out of what, what the study says, and
// what follows.
func TestOneReasonForEverythingThatStays(t *testing.T) {
	type people map[string]session.Role
	class := people{"tutor": session.Tutor, "ada": session.Learner, "bo": session.Learner}
	pair := people{"tutor": session.Tutor, "ada": session.Learner}
	everything := []session.Modality{session.Transcript, session.Chat, session.Audio}
	for _, c := range []struct {
		name     string
		program  string
		age      time.Duration // since the session's end
		people   people
		files    source.Files
		out      map[string][]session.Modality
		study    string
		excluded plan.Reason
		withheld map[session.Modality]plan.Reason
	}{
		{name: "nothing in the way", people: class, files: full},
		{name: "another program", program: "staff-meeting", people: class, files: full, excluded: plan.OtherContext},
		{name: "before the window", people: class, files: full, study: "window: {from: 2026-11-24}\n", excluded: plan.OutsideWindow},
		{name: "still going on", age: -time.Hour, people: class, files: full, excluded: plan.NotOver},
		{name: "nobody known", people: people{}, files: full, excluded: plan.NoParticipants},
		{name: "no files", people: class, excluded: plan.NoRecordings},
		{name: "the last moment of a recording", age: 30*24*time.Hour - time.Minute, people: class, files: full},
		{name: "one minute later", age: 30*24*time.Hour + time.Minute, people: class, files: full,
			withheld: map[session.Modality]plan.Reason{session.Audio: plan.Expired}},
		{name: "three years and a day", age: 1096 * 24 * time.Hour, people: class, files: full, excluded: plan.Expired},
		{name: "a study may forget earlier", age: 8 * 24 * time.Hour, people: class, files: full, study: "retention: {recordings_days: 7}\n",
			withheld: map[session.Modality]plan.Reason{session.Audio: plan.Expired}},
		{name: "sound alone has no names that could be found", people: class, files: source.Files{Audio: one, Chats: one},
			withheld: map[session.Modality]plan.Reason{session.Transcript: plan.NoRecordings, session.Audio: plan.NoTranscript}},
		{name: "recorded in two parts", people: class, files: source.Files{Transcripts: []source.File{{}, {}}, Chats: one, Audio: one},
			withheld: map[session.Modality]plan.Reason{session.Transcript: plan.SeveralParts, session.Audio: plan.NoTranscript}},
		{name: "the study shares no sound", people: class, files: full, study: "audio: {share: false}\n",
			withheld: map[session.Modality]plan.Reason{session.Audio: plan.NotInStudy}},
		{name: "the tutor is out", people: class, files: full, out: map[string][]session.Modality{"tutor": everything}, excluded: plan.TutorOptedOut},
		{name: "one learner of two is out: mixed sound stays back", people: class, files: full, out: map[string][]session.Modality{"bo": everything},
			withheld: map[session.Modality]plan.Reason{session.Audio: plan.AudioWithheld}},
		{name: "the same, and the study silences", people: class, files: full, out: map[string][]session.Modality{"bo": everything},
			study: "audio: {opted_out: silence}\n"},
		{name: "one learner of one is out", people: pair, files: full, out: map[string][]session.Modality{"ada": everything}, excluded: plan.NoLearnerLeft},
		{name: "all learners are out", people: class, files: full, out: map[string][]session.Modality{"ada": everything, "bo": everything}, excluded: plan.NoLearnerLeft},
		{name: "the study drops sessions", people: class, files: full, out: map[string][]session.Modality{"bo": everything},
			study: "consent: {in_session: drop-session}\n", excluded: plan.SomebodyOptOut},
		{name: "out of chat alone", people: pair, files: full, out: map[string][]session.Modality{"ada": {session.Chat}},
			withheld: map[session.Modality]plan.Reason{session.Chat: plan.NoLearnerLeft}},
		{name: "out of the two forms that there are", people: class, files: source.Files{Transcripts: one, Audio: one},
			out:      map[string][]session.Modality{"bo": {session.Transcript, session.Audio}},
			withheld: map[session.Modality]plan.Reason{session.Chat: plan.NoRecordings, session.Audio: plan.AudioWithheld}},
		{name: "out of sound alone", people: class, files: full, out: map[string][]session.Modality{"ada": {session.Audio}},
			withheld: map[session.Modality]plan.Reason{session.Audio: plan.AudioWithheld}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := world{files: map[string]source.Files{"s1": c.files}}
			program := c.program
			if program == "" {
				program = "sat-bootcamp"
			}
			age := c.age
			if age == 0 {
				age = 24 * time.Hour
			}
			end := now.Add(-age)
			w.sessions = []session.Session{{ID: "s1", Context: program, StartsAt: end.Add(-time.Hour), EndsAt: end}}
			for id, role := range c.people {
				w.participants = append(w.participants, session.Participant{SessionID: "s1", UserID: id, Role: role})
			}
			p, x := makePlan(t, w, c.study, c.out)
			if c.excluded != "" {
				if p.Sessions != 0 || len(p.Excluded) != 1 || p.Excluded[c.excluded] != 1 {
					t.Fatalf("excluded %v, %d leave, want %s", p.Excluded, p.Sessions, c.excluded)
				}
				return
			}
			if p.Sessions != 1 {
				t.Fatalf("stays back: %v", p.Excluded)
			}
			for s, err := range x.Sessions(context.Background()) {
				if err != nil {
					t.Fatal(err)
				}
				if got, want := asJSON(t, s.Withheld), asJSON(t, c.withheld); got != want && len(s.Withheld)+len(c.withheld) > 0 {
					t.Errorf("withheld %s, want %s", got, want)
				}
				labels := map[string]bool{}
				numbers := map[session.Role]int{}
				for _, m := range s.People {
					gone := true
					for _, kind := range session.Modalities {
						gone = gone && (!s.Leaves(kind) || slices.Contains(c.out[m.UserID], kind))
					}
					if (m.Code == "") != gone || (m.Code == "") != (m.Label == "") {
						t.Errorf("a person out of %d modalities has code %q and label %q", len(c.out[m.UserID]), m.Code, m.Label)
					}
					if m.Label != "" {
						labels[m.Label] = true
						numbers[m.Role]++
					}
				}
				// A missing number would tell that somebody was left out.
				for role, n := range numbers {
					for i := range n {
						if label := fmt.Sprintf("%s_%d", strings.ToUpper(string(role)), i+1); !labels[label] {
							t.Errorf("labels %v lack %s", labels, label)
						}
					}
				}
			}
		})
	}
}

func makePlan(t *testing.T, w world, policies string, out map[string][]session.Modality) (plan.Plan, *plan.Index) {
	t.Helper()
	s, err := study.Parse([]byte("study: s1\ncontexts: [sat-bootcamp]\n" + policies))
	if err != nil {
		t.Fatal(err)
	}
	x, err := plan.OpenIndex(filepath.Join(t.TempDir(), "index.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	planner := plan.Planner{Study: s, Source: w.write(t), Index: x, Codes: codes{}, Now: now, Policy: "p",
		Consent: func(_ context.Context, q plan.Person, _ string, m session.Modality) (plan.Verdict, error) {
			for _, o := range out[q.UserID] {
				if o == m {
					return plan.Verdict{Reason: "opted-out"}, nil
				}
			}
			return plan.Verdict{Allowed: true}, nil
		}}
	p, err := planner.Make(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	again, err := planner.Make(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest != p.Digest {
		t.Error("the same source gives another digest the second time")
	}
	return p, x
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// One person's change of mind touches the shards they are in and no other.
func TestAShardsDigestChangesOnlyWithItsSessions(t *testing.T) {
	w := world{files: map[string]source.Files{}}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		end := now.Add(-48 * time.Hour)
		w.sessions = append(w.sessions, session.Session{ID: id, Context: "sat-bootcamp", StartsAt: end.Add(-time.Hour), EndsAt: end})
		w.files[id] = full
		w.participants = append(w.participants, session.Participant{SessionID: id, UserID: "tutor", Role: session.Tutor},
			session.Participant{SessionID: id, UserID: "1-" + id, Role: session.Learner}, session.Participant{SessionID: id, UserID: "2-" + id, Role: session.Learner})
	}
	src := w.write(t)
	x, err := plan.OpenIndex(filepath.Join(t.TempDir(), "index.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	s, err := study.Parse([]byte("study: s1\ncontexts: [sat-bootcamp]\nrun: {shard_sessions: 2}\n"))
	if err != nil {
		t.Fatal(err)
	}
	gone := ""
	planner := plan.Planner{Study: s, Source: src, Index: x, Codes: codes{}, Now: now, Policy: "p",
		Consent: func(_ context.Context, q plan.Person, _ string, _ session.Modality) (plan.Verdict, error) {
			return plan.Verdict{Allowed: q.UserID != gone, Reason: "opted-out"}, nil
		}}
	before, err := planner.Make(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	gone = "1-c"
	after, err := planner.Make(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(before.Shards) != 3 || len(after.Shards) != 3 {
		t.Fatalf("%d and %d shards, want 3", len(before.Shards), len(after.Shards))
	}
	for i := range before.Shards {
		changed := before.Shards[i].Digest != after.Shards[i].Digest
		if want := i == 1; changed != want {
			t.Errorf("shard %d: changed %v, want %v", i+1, changed, want)
		}
	}
}
