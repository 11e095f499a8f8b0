package audit

import (
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/session"
)

// What stops a run, what is only listed, and what is nothing, by the source's
// people and one text.
func TestScan(t *testing.T) {
	people := []session.User{
		{ID: "u5525cf0", First: "Saoirse", Last: "O'Sullivan", Preferred: "Ser", Email: "saoirse.os@mailbox.example", Handles: []string{"@kelp_king30"}},
		{ID: "17", First: "Will", Last: "Stone"},
		{ID: "u7", First: "José", Last: "Peña-Ruiz"},
		{ID: "u8", First: "Li", Last: "Xu"},
		{ID: "5F0E4BAE-0000-4000-8000-00000000BAE1", First: "Ha-eun", Last: "Bae"},
	}
	own := people[:1]
	type hit struct {
		kind   Kind
		own    bool
		listed string
	}
	for _, c := range []struct {
		text string
		want []hit
	}{
		{"x plus three equals twelve", nil},
		{"thanks saoirse", []hit{{Name, true, ""}}},
		{"SAOIRSE'S graph", []hit{{Name, true, ""}}},
		{"Saoirse O’Sullivan was here", []hit{{FullName, true, ""}}},
		{"O'Sullivan, Saoirse", []hit{{FullName, true, ""}}},
		{"jose has four apples", []hit{{Name, false, ""}}},
		{"Mr. Pena-Ruiz", []hit{{FullName, false, ""}}},
		{"you will see the stone", []hit{{Name, false, EverydayWord}, {Name, false, EverydayWord}}},
		{"Will Stone", []hit{{FullName, false, EverydayWord}}},
		{"question 17", []hit{{UserID, false, ShortNumber}}},
		{"code u5525cf0.", []hit{{UserID, false, ""}}},
		{"write to SAOIRSE.OS@mailbox.example", []hit{{Name, true, ""}, {Email, false, ""}}},
		{"add kelp_king30", []hit{{Handle, false, ""}}},
		{"join 961 9200 1865 now", []hit{{MeetingID, false, ""}}},
		{"9619200186 5 is the id", []hit{{MeetingID, false, ""}}},
		{"961 plus 9200 is 10161", nil},
		{"li is a syllable", []hit{{Name, false, EverydayWord}}},
		{"P-0c1debae-9619-4200-8bae-186596192001", nil},
		{"audio/A-0c1de2a7-bae1-4bae-8bae-0bae96192001.m4a", nil},
		{strings.Repeat("9bae", 16) + "  data/tables", nil},
		{"bae, 0c1debae-9619-4200-8bae-186596192001", []hit{{Name, false, ""}}},
		{"see 5f0e4bae-0000-4000-8000-00000000bae1", []hit{{UserID, false, ""}}},
	} {
		terms := NewTerms()
		for _, u := range people {
			terms.AddUser(u)
		}
		terms.AddMeeting("961-9200-1865")
		mine := terms.Names()
		for _, u := range own {
			mine.AddUser(u)
		}
		var got []hit
		terms.Scan(c.text, Scope{Own: mine}, func(kind Kind, own bool, listed string) { got = append(got, hit{kind, own, listed}) })
		if len(got) != len(c.want) {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q: %v, want %v", c.text, got[i], c.want[i])
			}
		}
	}
}

// The engine may declare a stranger's name as kept, but never a name of the
// session's own people.
func TestDeclaredPlacesNeverCoverTheSessionsOwn(t *testing.T) {
	terms := NewTerms()
	terms.AddUser(session.User{ID: "a", First: "Saoirse"})
	terms.AddUser(session.User{ID: "b", First: "Luciano"})
	own := terms.Names()
	own.AddUser(session.User{ID: "a", First: "Saoirse"})
	declared := SessionScope{Own: own, Kept: map[Cell][]Range{{Table: "utterances", Index: 1, Column: "text"}: {{0, 40}}}}
	stops := map[string]bool{}
	scan := func(text string, c Cell) {
		terms.Scan(text, declared.cell(c), func(_ Kind, _ bool, listed string) { stops[text] = stops[text] || listed == "" })
	}
	here := Cell{Table: "utterances", Index: 1, Column: "text"}
	scan("Saoirse has four apples", here)
	scan("Luciano has four apples", here)
	scan("Luciano is late", Cell{Table: "utterances", Index: 2, Column: "text"})
	for text, want := range map[string]bool{"Saoirse has four apples": true, "Luciano has four apples": false, "Luciano is late": true} {
		if stops[text] != want {
			t.Errorf("%q: stops %v, want %v", text, stops[text], want)
		}
	}
}

// However many everyday words come first, what stops a run is shown.
func TestStopsAreShownFirst(t *testing.T) {
	var r Result
	for range 2 * maxHits {
		r.add(Hit{Kind: Name, Listed: EverydayWord})
	}
	r.add(Hit{Kind: Email})
	r.add(Hit{Kind: Handle})
	if r.Stops != 2 || len(r.Hits) != maxHits || r.Hits[0].Kind != Email || r.Hits[1].Kind != Handle || r.Listed[EverydayWord] != 2*maxHits {
		t.Errorf("stops %d, %d hits, first %v", r.Stops, len(r.Hits), r.Hits[:2])
	}
}

// A study may be called what somebody is called, where it describes itself and
// nowhere else.
func TestTheStudysOwnWordsAreNoNames(t *testing.T) {
	terms := NewTerms()
	terms.AddUser(session.User{ID: "a", First: "Dev", Last: "Anand"})
	terms.AddDescription("A pilot with veil dev")
	for _, c := range []struct {
		text   string
		scope  Scope
		listed string
	}{
		{"Bag-Software-Agent: veil dev", Scope{Described: true}, Description},
		{"thanks dev", Scope{}, ""},
		{"Dev Anand", Scope{Described: true}, ""},
	} {
		got := "none"
		terms.Scan(c.text, c.scope, func(_ Kind, _ bool, listed string) { got = listed })
		if got != c.listed {
			t.Errorf("%q: %q, want %q", c.text, got, c.listed)
		}
	}
}
