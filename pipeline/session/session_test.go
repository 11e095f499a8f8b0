package session_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// The words stand in tables, in study files, in consent ledgers and in bundles
// that were handed out: none may change.
func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		string(session.Tutor): "tutor", string(session.Learner): "learner",
		string(session.Plain): "message", string(session.Reply): "reply", string(session.Reaction): "reaction", string(session.ReactionRemoved): "reaction_removed",
		string(session.Everyone): "everyone", string(session.Direct): "direct", string(session.HostsAndPanelists): "hosts_and_panelists",
		string(session.Transcript): "transcript", string(session.Chat): "chat", string(session.Audio): "audio",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if !slices.Equal(session.Modalities[:], []session.Modality{session.Transcript, session.Chat, session.Audio}) {
		t.Errorf("%v", session.Modalities)
	}
}

// A user travels in a specification: what a worker reads must be what was
// planned with.
func TestUserSurvivesJSON(t *testing.T) {
	for _, want := range []session.User{{}, {ID: "u1", First: "José María", Last: "de la Cruz", Preferred: "Chema", OtherNames: []string{"Pepe"}, Email: "chema@example.org",
		Handles: []string{"@chema"}, BirthDate: time.Date(2011, 3, 9, 0, 0, 0, 0, time.UTC), School: "Lakeside", City: "Laredo"}} {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got session.User
		if err := json.Unmarshal(b, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
}
