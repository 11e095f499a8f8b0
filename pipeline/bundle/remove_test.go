package bundle_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

func withdraw(t rapid.TB, bag string, w bundle.Withdrawal) {
	t.Helper()
	if err := bundle.Remove(context.Background(), disk(), bag, w); err != nil {
		t.Fatal(err)
	}
	if err := bundle.Verify(context.Background(), disk(), bag, nil); err != nil {
		t.Fatalf("after the withdrawal: %v", err)
	}
}

func TestRemoveParticipant(t *testing.T) {
	bag := made(t)
	closed(t, bag, circles(), lines())
	withdraw(t, bag, bundle.Withdrawal{Participants: []string{"P-ann"}})

	before := circles()
	want := rows{
		Sessions:     before.Sessions,
		Participants: before.Participants[1:],
		Utterances:   []table.Utterance{before.Utterances[0], before.Utterances[2], before.Utterances[5]},
		Messages:     []table.Message{before.Messages[4], before.Messages[7]},
		Audio:        before.Audio,
	}
	want.Sessions[0].Participants, want.Sessions[0].Utterances, want.Sessions[0].Messages = 2, 3, 2
	want.Participants[0].Messages, want.Participants[1].Messages = 1, 1
	want.Utterances[0].Text = "π r², [PERSON] 👩🏽‍🏫 and [LEARNER_2]?"
	want.Utterances[0].Redactions = []table.Redaction{{Kind: "PERSON", Start: 6, End: 14, Label: "PERSON"}, {Kind: "PERSON", Start: 24, End: 35, Label: "LEARNER_2"}}
	want.Utterances[1].Text = "no [PERSON] it is [SCHOOL_1] day"
	want.Utterances[1].Redactions = []table.Redaction{{Kind: "PERSON", Start: 3, End: 11, Label: "PERSON"}, {Kind: "SCHOOL", Start: 18, End: 28, Label: "SCHOOL_1"}}
	want.Messages[0].Text = "thanks [PERSON]!"
	want.Messages[0].Redactions = []table.Redaction{{Kind: "PERSON", Start: 7, End: 15, Label: "PERSON"}}
	want.Messages[1].Quoted, want.Messages[1].QuotedRedactions = pointer("thanks [PERSON]!"), want.Messages[0].Redactions
	if got := read(t, bag, 1); !reflect.DeepEqual(got, want) {
		t.Errorf("circles became\n%+v, want\n%+v", got, want)
	}

	want = lines()
	want.Participants = want.Participants[1:]
	want.Sessions[0].Participants = 1
	if got := read(t, bag, 2); !reflect.DeepEqual(got, want) {
		t.Errorf("lines became\n%+v, want\n%+v", got, want)
	}
	if readme := got(t, bag, "data/README.md"); !strings.Contains(readme, "| people | 3 |") || !strings.Contains(readme, "| dates | shifted |") {
		t.Error("README.md was not drawn anew from the rows and the policies")
	}
}

// Where names are invented, a withdrawn person's invented name goes too.
func TestRemoveInventedName(t *testing.T) {
	bag, r := made(t), circles()
	r.Utterances[0].Text = "π r², Zoë 👩🏽‍🏫 and Quentin?"
	r.Utterances[0].Redactions = []table.Redaction{{Kind: "PERSON", Start: 6, End: 9, Label: "LEARNER_1"}, {Kind: "PERSON", Start: 19, End: 26, Label: "LEARNER_2"}}
	closed(t, bag, r)
	withdraw(t, bag, bundle.Withdrawal{Participants: []string{"P-ann"}})
	u := read(t, bag, 1).Utterances[0]
	if want := "π r², [PERSON] 👩🏽‍🏫 and Quentin?"; u.Text != want {
		t.Errorf("text is %q, want %q", u.Text, want)
	}
	if place := string([]rune(u.Text)[u.Redactions[1].Start:u.Redactions[1].End]); place != "Quentin" {
		t.Errorf("the second place holds %q", place)
	}
}

// A reply goes with what it is about also where that stands later in the chat.
func TestRemoveReplyThatComesFirst(t *testing.T) {
	bag, r := made(t), circles()
	r.Messages[4].Kind, r.Messages[4].RefersTo = "reply", pointer(int32(7))
	closed(t, bag, r)
	withdraw(t, bag, bundle.Withdrawal{Participants: []string{"P-ann"}})
	if left := read(t, bag, 1).Messages; len(left) != 0 {
		t.Errorf("%d messages are left, and all are about what went", len(left))
	}
}

func TestRemove(t *testing.T) {
	for name, c := range map[string]struct {
		w    bundle.Withdrawal
		gone []string // files
		want func(circles, lines *rows)
	}{
		"a session": {bundle.Withdrawal{Sessions: []string{"S-circles"}}, []string{"data/audio/A-circles.m4a"},
			func(c, _ *rows) { *c = rows{} }},
		"all sessions": {bundle.Withdrawal{Sessions: []string{"S-lines", "S-circles"}}, []string{"data/audio/A-circles.m4a", "data/audio/A-lines.wav"},
			func(c, l *rows) { *c, *l = rows{}, rows{} }},
		"audio by its code": {bundle.Withdrawal{Audio: []string{"A-lines"}}, []string{"data/audio/A-lines.wav"},
			func(_, l *rows) { l.Audio, l.Sessions[0].HasAudio = nil, false }},
		"audio by its path": {bundle.Withdrawal{Audio: []string{"audio/A-lines.wav"}}, []string{"data/audio/A-lines.wav"},
			func(_, l *rows) { l.Audio, l.Sessions[0].HasAudio = nil, false }},
		"a tutor who said nothing in the chat": {bundle.Withdrawal{Participants: []string{"P-ida"}}, nil,
			func(_, l *rows) {
				l.Participants, l.Utterances = l.Participants[:1], nil
				l.Sessions[0].Participants, l.Sessions[0].Utterances = 1, 0
			}},
		"nobody who is here": {bundle.Withdrawal{Participants: []string{"P-eve", "LEARNER_1"}, Sessions: []string{"S-1"}, Audio: []string{"A-1", "", "audio"}}, nil,
			func(_, _ *rows) {}},
		"nothing": {bundle.Withdrawal{}, nil, func(_, _ *rows) {}},
	} {
		t.Run(name, func(t *testing.T) {
			bag := made(t)
			closed(t, bag, circles(), lines())
			before := contents(t, bag)
			withdraw(t, bag, c.w)
			wantCircles, wantLines := circles(), lines()
			c.want(&wantCircles, &wantLines)
			for i, want := range []rows{wantCircles, wantLines} {
				if got := read(t, bag, i+1); !reflect.DeepEqual(got, want) {
					t.Errorf("part %d became\n%+v, want\n%+v", i+1, got, want)
				}
			}
			after := contents(t, bag)
			for _, path := range c.gone {
				if _, there := after[path]; there {
					t.Errorf("%s is still there", path)
				}
				delete(before, path)
			}
			if !slices.Equal(sorted(before), sorted(after)) {
				t.Errorf("files are %v, want %v", sorted(after), sorted(before))
			}
			for path := range after {
				// A part that held nothing to remove is not written anew.
				if strings.HasSuffix(path, "part-00001.parquet") && reflect.DeepEqual(wantCircles, circles()) && before[path] != after[path] {
					t.Errorf("%s has other bytes", path)
				}
			}
			again := disk()
			if err := bundle.Remove(context.Background(), again, bag, c.w); err != nil {
				t.Fatal(err)
			}
			if again.made > 0 || !maps.Equal(contents(t, bag), after) {
				t.Errorf("the same withdrawal again made %d files", again.made)
			}
			if left, err := os.ReadDir(filepath.Dir(bag)); err != nil || len(left) != 1 {
				t.Errorf("beside the bag stand %v, error %v", left, err)
			}
		})
	}
}

func TestRemoveRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*testing.T, string)
		want  string
	}{
		"a damaged bag":     {flip("data/tables/messages/part-00001.parquet"), "data/tables/messages/part-00001.parquet"},
		"a bag with a note": {func(t *testing.T, bag string) { put(t, bag, "data/notes.txt", "mine") }, "data/notes.txt"},
		"no bag":            {func(t *testing.T, bag string) { os.RemoveAll(bag) }, "no bundle here"},
	} {
		t.Run(name, func(t *testing.T) {
			bag := made(t)
			closed(t, bag, circles())
			c.spoil(t, bag)
			err := bundle.Remove(context.Background(), disk(), bag, bundle.Withdrawal{Participants: []string{"P-ann"}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want it to say %q", err, c.want)
			}
		})
	}
}

// Whatever operation fails, alone or with all that follow, the same call again
// gives what it would have given at once.
func TestRemoveAfterAnyFault(t *testing.T) {
	w := bundle.Withdrawal{Participants: []string{"P-ben"}, Audio: []string{"A-circles"}}
	calm := made(t)
	closed(t, calm, circles(), lines())
	origin := contents(t, calm)
	counting := disk()
	if err := bundle.Remove(context.Background(), counting, calm, w); err != nil {
		t.Fatal(err)
	}
	want := contents(t, calm)
	if maps.Equal(want, origin) {
		t.Fatal("the withdrawal changed nothing")
	}
	bag := made(t)
	write(t, bag, origin)
	untouched := contents(t, filepath.Dir(bag))
	recovered := 0
	for i := 2; i <= 2*counting.n+1; i++ {
		at, down := i/2, i%2 == 0
		if at < counting.n-20 && down != (at%2 == 0) {
			continue // both ways only about the renames, at the end
		}
		err := bundle.Remove(context.Background(), &faults{FS: storage.Disk{}, at: at, down: down}, bag, w)
		if err != nil && !errors.Is(err, errFault) {
			t.Fatalf("operation %d of %d failed, and the error is %v", at, counting.n, err)
		}
		// What stands under the name is whole, old or new. Between two names
		// of a folder a stopped machine leaves none.
		_, statErr := os.Stat(bag)
		if statErr != nil && !down {
			t.Fatalf("operation %d of %d failed and left no bag", at, counting.n)
		}
		if statErr == nil {
			now := contents(t, bag)
			if !maps.Equal(now, want) && (err == nil || !maps.Equal(now, origin)) {
				t.Fatalf("operation %d of %d failed, and left neither the old bag nor the new one", at, counting.n)
			}
		}
		if maps.Equal(contents(t, filepath.Dir(bag)), untouched) {
			continue // nothing was left: the next call is the first one again
		}
		recovered++
		if err := bundle.Remove(context.Background(), disk(), bag, w); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(contents(t, bag), want) {
			t.Fatalf("after operation %d of %d failed, the same withdrawal again gave another bag", at, counting.n)
		}
		if left, err := os.ReadDir(filepath.Dir(bag)); err != nil || len(left) != 1 {
			t.Fatalf("after operation %d of %d failed and the call again, beside the bag stand %v, error %v", at, counting.n, left, err)
		}
		write(t, bag, origin)
	}
	if recovered < counting.n/4 {
		t.Errorf("only %d of %d faults left something to recover from", recovered, counting.n)
	}
}

func TestRemoveProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(anyRows(), 1, 3).Draw(t, "parts")
		for i := range parts {
			parts[i] = renamed(parts[i], fmt.Sprintf("%d", i))
		}
		w := anyWithdrawal(parts).Draw(t, "withdrawal")
		dir, err := os.MkdirTemp("", "bundle")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		bag := filepath.Join(dir, "bundle")
		closed(t, bag, parts...)
		origin := contents(t, bag)
		withdraw(t, bag, w)
		for i, before := range parts {
			got, want := read(t, bag, i+1), expected(before, w)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("part %d was\n%+v, became\n%+v, want\n%+v", i+1, before, got, want)
			}
			checkPlaces(t, got)
		}
		after := contents(t, bag)
		for _, path := range w.Audio {
			if _, there := after["data/"+path]; there {
				t.Fatalf("%s is still there", path)
			}
		}
		withdraw(t, bag, w)
		if !maps.Equal(contents(t, bag), after) {
			t.Fatal("the same withdrawal again changed a file")
		}
		piecewise := filepath.Join(dir, "piecewise")
		write(t, piecewise, origin)
		for _, one := range single(w) {
			withdraw(t, piecewise, one)
		}
		if !maps.Equal(contents(t, piecewise), after) {
			t.Fatal("the withdrawals one by one gave another bag than all at once")
		}
	})
}

// checkPlaces wants a label in brackets in every place of redactions.
func checkPlaces(t *rapid.T, r rows) {
	check := func(text string, places []table.Redaction) {
		for _, p := range places {
			if at := string([]rune(text)[p.Start:p.End]); at != "["+p.Label+"]" {
				t.Fatalf("a place of %q holds %q, and its label is %q", text, at, p.Label)
			}
		}
	}
	for _, u := range r.Utterances {
		check(u.Text, u.Redactions)
	}
	for _, m := range r.Messages {
		check(m.Text, m.Redactions)
		if m.Quoted != nil {
			check(*m.Quoted, m.QuotedRedactions)
		}
	}
}

// single splits a withdrawal into one for each code.
func single(w bundle.Withdrawal) []bundle.Withdrawal {
	var out []bundle.Withdrawal
	for _, code := range w.Participants {
		out = append(out, bundle.Withdrawal{Participants: []string{code}})
	}
	for _, code := range w.Sessions {
		out = append(out, bundle.Withdrawal{Sessions: []string{code}})
	}
	for _, code := range w.Audio {
		out = append(out, bundle.Withdrawal{Audio: []string{code}})
	}
	return out
}
