package speaker_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/speaker"
	"pgregory.net/rapid"
)

var (
	jane  = speaker.Person{ID: "jane", First: "Jane", Last: "Doe", Email: "jane.doe@example.org"}
	sam   = speaker.Person{ID: "sam", First: "Sam", Last: "Roe", Email: "sroe23@example.org", Handles: []string{"@sam_the_ram"}}
	jane2 = speaker.Person{ID: "jane2", First: "Jane", Last: "Dominguez"}
	liz   = speaker.Person{ID: "liz", First: "Elizabeth", Last: "Okonkwo-Reyes"}
	linh  = speaker.Person{ID: "linh", First: "Linh", Last: "Nguyễn"}
	fang  = speaker.Person{ID: "fang", First: "Fang", Last: "Wang", Other: []string{"王芳"}}
	jisu  = speaker.Person{ID: "jisu", First: "지수", Last: "김", Other: []string{"Jisoo Kim"}}
	dandr = speaker.Person{ID: "dandre", First: "D'Andre", Last: "St. John"}
	josé  = speaker.Person{ID: "jose", First: "José María", Last: "de la Cruz Ortega", Preferred: "Chema"}
	mei   = speaker.Person{ID: "mei", First: "Mei-Ling", Last: "Kobayashi"}
	jürg  = speaker.Person{ID: "jurg", First: "Jürgen", Last: "Størdal"}
	max   = speaker.Person{ID: "max", First: "Max", Last: "He"}
)

func TestMatch(t *testing.T) {
	tests := map[string]struct {
		people []speaker.Person
		labels map[string]string // label to ids
	}{
		"names, however written": {[]speaker.Person{jane, sam, liz}, map[string]string{
			"Jane Doe": "jane", "JANE DOE": "jane", "jane": "jane", "  Jane   Doe ": "jane", "Doe, Jane": "jane", "DOE Jane": "jane",
			"J. Doe": "jane", "j doe": "jane", "Jane D": "jane", "Jane D.": "jane", "D. Jane": "jane", "Doe J": "jane",
			"Jane M. Doe": "jane", "Jane Marie Doe": "jane", "Jane Doe Smith": "jane", "Doe": "jane",
			"jane_doe07": "jane", "jane.doe": "jane", "janedoe": "jane", "JaneDoe": "jane", "janed": "jane", "jdoe": "jane", "doej": "jane", "jdoe2031": "jane",
			"jane.doe@example.org": "jane", "Jane.Doe@Example.org": "jane", "jane.doe@mail.example.net": "jane",
			"ｊａｎｅ　ｄｏｅ": "jane", "𝓙𝓪𝓷𝓮 𝓓𝓸𝓮": "jane", "Jane 🦄 Doe": "jane", "🌻Jane🌻": "jane",
			"Liz": "liz", "Beth Okonkwo": "liz", "elizabeth reyes": "liz", "Liz O-R": "liz", "Liz O.R.": "liz", "lizokonkworeyes": "liz",
			"Jane O": "", "S. Doe": "", "Jane Smith": "", "J D": "", "JD": "", "Janet": "", "Jan D": "jane", "Janice": "", "Do": "",
		}},
		"what people add to their names": {[]speaker.Person{jane, sam, liz}, map[string]string{
			"Jane (she/her)": "jane", "Jane she/her": "jane", "Jane Doe (she / her / hers)": "jane", "Jane [they/them]": "jane", "Jane, she/her": "jane",
			"Sam Roe (he/him) | Lakeside": "sam", "Jane Doe - Lakeside HS": "jane", "Jane – Lakeside": "jane", "Jane @ Lakeside": "jane", "Jane from Lakeside": "jane",
			"[Tutor] Jane": "jane", "Tutor Jane": "jane", "Jane (Tutor)": "jane", "Jane - Tutor": "jane", "Ms. Doe": "jane", "Mr Sam": "sam", "Dr. Jane Doe, PhD": "jane",
			"Jane Doe (Host)": "jane", "Jane Doe (Host, me)": "jane", "Jane Doe#2": "jane", "Jane 2": "jane", "Jane Doe (Guest)": "jane", "Jane Doe (2)": "jane",
			"Lakeside HS | Jane": "jane", "Period 3 - Jane": "jane", "Lakeside | Jane Doe": "jane", "Jane Doe Lakeside HS": "jane", "JANE-": "jane",
			"Elizabeth (Liz)": "liz", "Liz (Elizabeth)": "liz", "24JR1A05(Sam Roe)": "sam", "Jane Doe <jane.doe@example.org>": "jane", "JJ (Jane Doe)": "jane",
			"Lakeside | Jane": "", "JJ (Jane)": "", "Jane Lakeside": "", "Tutor": "", "Host": "", "(she/her)": "", "Student 3": "",
		}},
		"devices": {[]speaker.Person{jane, sam, max, dandr}, map[string]string{
			"Jane's iPad": "jane", "jane’s ipad": "jane", "Janes iPad": "jane", "Jane s iPhone": "jane", "Jane's iPhone 14 Pro Max": "jane", "Jane Doe's MacBook Air": "jane",
			"iPhone (Jane)": "jane", "iPad de Jane": "jane", "Jane的iPhone": "jane", "iPhone von Sam": "sam", "Sam's Galaxy S21": "sam", "D’Andre's Chromebook": "dandre",
			"Max's iPhone": "max", "Max iPhone": "max", "iPad Jane": "jane",
			"iPhone": "", "iPad": "", "iPhone 14 Pro Max": "", "Samsung SM-A52": "", "Galaxy A12": "", "iPad (2)": "", "DESKTOP-4F7K2QX": "", "": "", "   ": "", "👍": "",
		}},
		"several at one device": {[]speaker.Person{jane, sam, liz}, map[string]string{
			"Jane & Sam": "jane sam", "Sam & Jane": "jane sam", "Jane / Sam Roe": "jane sam", "Jane and Sam": "jane sam", "Jane + Sam (she/her)": "jane sam", "Jane, Sam": "jane sam",
			"Jane, Sam & Liz": "jane sam liz", "Jane y Sam": "jane sam", "iPad (Jane & Sam)": "jane sam", "Jane Doe Sam Roe": "jane sam", "Jane | Sam": "jane sam", "Jane (Sam)": "jane sam",
			"Jane Doe & Sam Roe's iPad": "jane sam", "Jane/Sam": "jane sam", "Jane & Sam (Doe)": "jane sam",
			"Jane & Zoe": "", "iPad (Jane & Zoe)": "", "Jane & Mom": "",
		}},
		"not the child": {[]speaker.Person{jane, sam}, map[string]string{
			"Jane's mom": "", "Mom (Jane)": "", "Jane (mom)": "", "Jane Doe's Dad": "", "Jane Doe - parent": "", "Mom's iPhone": "", "Jane's Otter.ai": "", "Jane Doe (Interpreter)": "",
			"Fireflies Notetaker": "", "Doe Family": "jane", "The Does": "",
		}},
		"two of a name": {[]speaker.Person{jane, jane2, sam}, map[string]string{
			"Jane": "jane jane2", "jane's ipad": "jane jane2", "Jane D.": "jane jane2", "Jane Do": "", "Jane Doe": "jane", "J. Dominguez": "jane2", "janed": "jane jane2",
			"Jane (Doe)": "jane", "Jane | jane.doe@example.org": "jane", "Jane & Sam": "jane jane2 sam",
		}},
		"family names that are given names": {[]speaker.Person{{ID: "a", First: "Thomas", Last: "James"}, {ID: "b", First: "James", Last: "Park"}, {ID: "c", First: "Alexander", Last: "Roe"}, {ID: "d", First: "Alex", Last: "Poe"}, {ID: "e", First: "Samantha", Preferred: "Sammy", Last: "Lee"}},
			map[string]string{
				"James": "a b", "Thomas James": "a", "James, Thomas": "a b", "James Thomas": "a", "James P": "b", "Alex": "c d", "Alex R": "c", "Sammy": "e", "Sam": "", "Lee": "e",
			}},
		"names of the world": {[]speaker.Person{linh, fang, jisu, dandr, josé, mei, jürg, max}, map[string]string{
			"Linh Nguyen": "linh", "Nguyễn Thị Linh": "linh", "NGUYEN LINH": "linh", "Fang Wang (王芳)": "fang", "王芳 (Fang Wang)": "fang", "王芳": "fang", "芳": "", "王芳 (Fang)": "fang",
			"김지수": "jisu", "지수": "jisu", "김지수 (Jisoo Kim)": "jisu", "Jisoo Kim": "jisu", "Jisoo (김지수)": "jisu", "金智秀 (Jisoo)": "jisu",
			"dandre st john": "dandre", "D Andre St John": "dandre", "DAndre": "dandre", "D'Andre S": "dandre",
			"Jose Maria": "jose", "José de la Cruz": "jose", "Chema Ortega": "jose", "jose delacruz": "jose", "Chema": "jose", "José María de la Cruz Ortega": "jose", "Pepe": "",
			"mei ling": "mei", "MeiLing K": "mei", "Mei": "mei", "meilingk": "mei", "Juergen Stoerdal": "jurg", "jurgen stordal": "jurg", "Jürgen": "jurg",
			"Max He": "max", "Max (he/him)": "max", "He, Max": "max",
		}},
		"display names": {[]speaker.Person{
			{ID: "a", First: "Hope", Last: "Garrity", Display: "hopeg"}, {ID: "b", First: "Hope", Last: "Lindqvist", Display: "Hope"},
			{ID: "c", First: "Ruth", Last: "Abara", Display: "xX_slayer_Xx"}, {ID: "d", First: "Ruth", Last: "Moreno", Display: "Jojo M."},
			{ID: "e", First: "Noor", Last: "Haddad", Display: "iPad"}, {ID: "f", First: "Ivo", Last: "Petrov", Display: "Ivo's mom"}},
			map[string]string{
				"Hope": "b", "HOPE": "b", "Hope (she/her)": "b", "Hope - Lakeside HS": "b", "hopeg": "a", "Hope G": "a", "Hope's iPad": "a b",
				"xX_slayer_Xx": "c", "xx_slayer_xx 🦄": "c", "Ruth": "c d", "Jojo M.": "d", "Jojo": "d", "iPad": "e", "ipad": "e", "iPad (Hope G)": "a e", "Ivo's mom": "f", "Ivo": "f",
				"Hope (Ivo)": "b f", "Hope (mom)": "",
			}},
		"one display name of two": {[]speaker.Person{{ID: "a", First: "Ana", Last: "Kim", Display: "Ana"}, {ID: "b", First: "Ana", Last: "Poe", Display: "Ana"}, {ID: "c", First: "Ana", Last: "Roe"}},
			map[string]string{"Ana": "a b c", "Ana K": "a", "ana poe": "b"}},
		"handles": {[]speaker.Person{sam, jane, {ID: "k", First: "Samuel", Last: "Kito", Handles: []string{"roe"}}}, map[string]string{
			"sam_the_ram": "sam", "@Sam_The_Ram": "sam", "sroe23": "sam", "sroe23@example.org": "sam", "Sam": "sam k", "roe": "sam",
		}},
	}
	for what, tt := range tests {
		t.Run(what, func(t *testing.T) {
			m := speaker.New(tt.people, nil)
			for label, want := range tt.labels {
				if got := strings.Join(m.Match(label), " "); got != want {
					t.Errorf("%q: %q, want %q", label, got, want)
				}
			}
		})
	}
}

func TestMatchWithReport(t *testing.T) {
	tests := map[string]struct {
		people  []speaker.Person
		aliases []speaker.Alias
		labels  map[string]string
	}{
		"renamed": {[]speaker.Person{jane, sam}, []speaker.Alias{{Name: "slayer", Original: "Jane Doe"}, {Name: "Sam Roe"}}, map[string]string{
			"slayer": "jane", "Slayer (she/her)": "jane", "slay": "", "Jane": "jane", "Sam": "sam",
		}},
		"known by the account": {[]speaker.Person{jane, jane2, sam}, []speaker.Alias{{Name: "Jane", Email: "JANE.DOE@example.org"}, {Name: "potato", Email: "sroe23@example.org"}}, map[string]string{
			"Jane": "jane", "Jane's iPad": "jane jane2", "potato": "sam",
		}},
		"two of the name attended": {[]speaker.Person{jane, jane2}, []speaker.Alias{{Name: "Jane", Email: "jane.doe@example.org"}, {Name: "Jane"}}, map[string]string{
			"Jane": "jane jane2",
		}},
		"one pretends to be the other": {[]speaker.Person{jane, sam}, []speaker.Alias{{Name: "Sam Roe", Original: "Jane Doe", Email: "jane.doe@example.org"}, {Name: "Sam Roe"}}, map[string]string{
			"Sam Roe": "jane sam", "Jane Doe": "jane",
		}},
		"one pretends and gives no address": {[]speaker.Person{jane, sam}, []speaker.Alias{{Name: "Sam Roe", Original: "Jane Doe"}}, map[string]string{
			"Sam Roe": "jane sam",
		}},
		"somebody unknown bore it too": {[]speaker.Person{jane, sam}, []speaker.Alias{{Name: "iPad", Original: ""}, {Name: "Jane Doe", Original: "iPad"}}, map[string]string{
			"iPad": "", "Jane Doe": "jane",
		}},
		"one device, one child": {[]speaker.Person{jane, sam}, []speaker.Alias{{Name: "Jane Doe", Original: "iPad"}}, map[string]string{
			"iPad": "jane",
		}},
		"siblings with one address": {[]speaker.Person{{ID: "a", First: "Ana", Last: "Poe", Email: "poe@example.org"}, {ID: "b", First: "Ben", Last: "Poe", Email: "poe@example.org"}},
			[]speaker.Alias{{Name: "Ana", Email: "poe@example.org"}, {Name: "laptop", Email: "poe@example.org"}}, map[string]string{
				"Ana": "a", "laptop": "a b", "poe@example.org": "a b",
			}},
		"a role is no name": {[]speaker.Person{jane, sam}, []speaker.Alias{{Name: "Jane Doe", Original: "Tutor"}, {Name: "", Original: ""}}, map[string]string{
			"Tutor": "", "": "",
		}},
	}
	for what, tt := range tests {
		t.Run(what, func(t *testing.T) {
			m := speaker.New(tt.people, tt.aliases)
			for label, want := range tt.labels {
				if got := strings.Join(m.Match(label), " "); got != want {
					t.Errorf("%q: %q, want %q", label, got, want)
				}
			}
		})
	}
}

// somebody draws from few names, so that they meet.
func somebody(id string) *rapid.Generator[speaker.Person] {
	return rapid.Custom(func(t *rapid.T) speaker.Person {
		p := speaker.Person{ID: id,
			First: rapid.SampledFrom([]string{"Jane", "José", "Elizabeth", "Mei-Ling", "D'Andre", "Liz", "Thomas", "Kim", "Max"}).Draw(t, "first"),
			Last:  rapid.SampledFrom([]string{"Doe", "Nguyễn", "Thomas", "de la Cruz", "Kim", "St. John", "Smith-Jones", ""}).Draw(t, "last")}
		if rapid.Bool().Draw(t, "preferred") {
			p.Preferred = rapid.SampledFrom([]string{"Lupe", "Liz", "Jay"}).Draw(t, "preferred name")
		}
		if rapid.Bool().Draw(t, "displayed") {
			p.Display = rapid.SampledFrom([]string{p.First, p.First + " " + p.Last, "iPad", strings.ToLower(p.First), p.First + " (she/her)", "slayer"}).Draw(t, "display")
			p.Display = strings.TrimSpace(p.Display)
		}
		if rapid.Bool().Draw(t, "mailed") {
			p.Email = id + "@example.org"
		}
		return p
	})
}

func somePeople(t *rapid.T) []speaker.Person {
	var people []speaker.Person
	for i := range rapid.IntRange(1, 5).Draw(t, "people") {
		people = append(people, somebody(string(rune('a'+i))).Draw(t, "person"))
	}
	return people
}

func someLabel(t *rapid.T, people []speaker.Person) string {
	p := rapid.SampledFrom(people).Draw(t, "of")
	return rapid.OneOf(
		rapid.SampledFrom([]string{p.Display, p.First, p.First + " " + p.Last, p.Last + ", " + p.First, p.First[:1] + ". " + p.Last, p.First + "'s iPad", p.Preferred, p.Email, "Zoe", "iPad",
			p.First + " & " + people[0].First, "Tutor " + p.First, p.First + " | " + people[0].Last}),
		rapid.String(),
	).Draw(t, "label")
}

func TestMatchIsAmongPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := somePeople(t)
		got := speaker.New(people, nil).Match(someLabel(t, people))
		at := -1
		for _, id := range got {
			next := slices.IndexFunc(people, func(p speaker.Person) bool { return p.ID == id })
			if next <= at {
				t.Fatalf("%v is not in the order of the people", got)
			}
			at = next
		}
	})
}

func TestMatchDoesNotDependOnTheOrderOfPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := somePeople(t)
		label := someLabel(t, people)
		aliases := []speaker.Alias{{Name: someLabel(t, people), Original: someLabel(t, people)}}
		want := speaker.New(people, aliases).Match(label)
		got := speaker.New(rapid.Permutation(people).Draw(t, "order"), aliases).Match(label)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %v, in another order %v", label, want, got)
		}
	})
}

// What a label gains at its side changes no sure match, unless it now reads
// like another person's display name: then it may fit both.
func TestDressedLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := somePeople(t)
		label := someLabel(t, people)
		m := speaker.New(people, nil)
		sure := m.Match(label)
		if len(sure) != 1 || strings.ContainsAny(label, "@([{<") {
			return
		}
		dressed := rapid.SampledFrom([]string{
			strings.ToUpper(label), strings.ToLower(label), label + " (she/her)", label + " - Lakeside HS", label + " | Lakeside", "[Tutor] " + label, label + " 🦄", label + "#2", "  " + label + " ",
			strings.NewReplacer("é", "e", "ễ", "e").Replace(label), label + " (Host)",
		}).Draw(t, "dressed")
		got := m.Match(dressed)
		if slices.Equal(got, sure) || slices.ContainsFunc(people, func(p speaker.Person) bool { return p.Display == strings.Join(strings.Fields(dressed), " ") }) {
			return
		}
		another := slices.ContainsFunc(people, func(p speaker.Person) bool {
			return p.ID != sure[0] && speaker.New([]speaker.Person{{ID: "x", Display: p.Display}}, nil).Match(dressed) != nil
		})
		if !another || !slices.Contains(got, sure[0]) {
			t.Fatalf("%q: %v, but %q: %v", label, sure, dressed, got)
		}
	})
}

// Another person in the session takes nobody's place, except by being surely
// the one who is meant.
func TestOneMorePerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := somePeople(t)
		added := somebody("z").Draw(t, "added")
		label := someLabel(t, append(people, added))
		before := speaker.New(people, nil).Match(label)
		after := speaker.New(append(people, added), nil).Match(label)
		if len(before) > 1 && len(after) == 1 && after[0] != "z" {
			t.Fatalf("%q: %v became %v", label, before, after)
		}
		if len(before) == 1 && len(after) == 1 && after[0] != before[0] && after[0] != "z" {
			t.Fatalf("%q: %v became %v", label, before, after)
		}
	})
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"Jane Doe", "((((", "Jane & & Sam", "'s's's", "a a a a a a a a a", "\xff\xfe", "ǅ's iPad", "王芳 (Fang", "- - - |", "@@@.aa", "ﷺ"} {
		f.Add(s)
	}
	people := []speaker.Person{jane, sam, liz, fang, jisu, dandr, josé}
	f.Fuzz(func(t *testing.T, s string) {
		m := speaker.New(append(people, speaker.Person{ID: "s", First: s, Last: s, Display: s, Other: []string{s}, Email: s}), []speaker.Alias{{Name: s, Original: s}})
		ids := m.Match(s)
		if again := m.Match(s); !slices.Equal(ids, again) {
			t.Fatalf("%v, then %v", ids, again)
		}
		if strings.TrimSpace(s) != "" && !slices.Contains(ids, "s") {
			t.Fatalf("a display name as printed gave %v", ids)
		}
	})
}

// TestTutoring measures the match on tutoring sessions whose labels are known,
// with their display names and without.
func TestTutoring(t *testing.T) {
	type participant struct {
		ID        string `json:"user_id"`
		First     string `json:"first_name"`
		Last      string `json:"last_name"`
		Preferred string `json:"preferred_name"`
		Display   string `json:"display_name"`
		Email     string `json:"email"`
	}
	var sure, several, none, lines int
	var sureBare, severalBare, noneBare int
	spoken := spokenLabels(t)
	for _, path := range shared(t, "tutoring/*/session.json") {
		var s struct{ Participants []participant }
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatal(err)
		}
		session := filepath.Base(filepath.Dir(path))
		var people, bare []speaker.Person
		owner := map[string]string{}
		for _, p := range s.Participants {
			who := speaker.Person{ID: p.ID, First: p.First, Last: p.Last, Preferred: p.Preferred, Display: p.Display, Email: p.Email}
			people = append(people, who)
			who.Display = ""
			bare = append(bare, who)
			owner[p.Display], owner[p.First+" "+p.Last] = p.ID, p.ID
		}
		with, without := speaker.New(people, nil), speaker.New(bare, nil)
		for label, n := range spoken[session] {
			lines += n
			want := owner[label]
			if want == "" {
				t.Errorf("%s: %q is nobody's", session, label)
			}
			got := with.Match(label)
			count(got, n, &sure, &several, &none)
			if !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %q: %v, want %s", session, label, got, want)
			}
			got = without.Match(label)
			count(got, n, &sureBare, &severalBare, &noneBare)
			if len(got) == 1 && got[0] != want || len(got) > 1 && !slices.Contains(got, want) {
				t.Errorf("%s, without display names: %q: %v, want %s", session, label, got, want)
			} else if len(got) != 1 {
				t.Logf("%s, without display names: %q fits %d", session, label, len(got))
			}
		}
	}
	t.Logf("%d lines: %d sure, %d several, %d none; without display names %d, %d, %d", lines, sure, several, none, sureBare, severalBare, noneBare)
}

// TestMeetings reads the labels of real meetings, each with a roster made of
// one other meeting's labels: nobody there may be matched surely by more than a
// name that is in both.
func TestMeetings(t *testing.T) {
	folders := shared(t, "zoom/*/transcript.vtt")
	var all [][]string
	for _, path := range folders {
		all = append(all, labels(t, filepath.Dir(path)))
	}
	var sure, several, none int
	for _, own := range all {
		var people []speaker.Person
		for _, label := range own {
			first, last, _ := strings.Cut(label, " ")
			people = append(people, speaker.Person{ID: label, First: first, Last: last})
		}
		m := speaker.New(people, nil)
		for _, label := range own {
			got := m.Match(label)
			count(got, 1, &sure, &several, &none)
			if len(got) == 1 && got[0] != label {
				t.Errorf("a label was taken for another one")
			}
		}
	}
	t.Logf("labels as names: %d sure, %d several, %d none", sure, several, none)
}

func count(ids []string, n int, sure, several, none *int) {
	switch len(ids) {
	case 0:
		*none += n
	case 1:
		*sure += n
	default:
		*several += n
	}
}

// spokenLabels counts the lines of each label of each tutoring session.
func spokenLabels(t *testing.T) map[string]map[string]int {
	t.Helper()
	out := map[string]map[string]int{}
	for _, path := range shared(t, "tutoring/gold.jsonl") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var l struct{ ID, Speaker string }
			if err := json.Unmarshal(line, &l); err != nil {
				t.Fatal(err)
			}
			session, _, _ := strings.Cut(l.ID, "/")
			if out[session] == nil {
				out[session] = map[string]int{}
			}
			out[session][l.Speaker]++
		}
	}
	return out
}

// labels are the distinct labels of a meeting, of speech and chat.
func labels(t *testing.T, dir string) []string {
	t.Helper()
	seen := map[string]bool{}
	for name, label := range map[string]*regexp.Regexp{
		"transcript.vtt": regexp.MustCompile(`(?m)-->.*\r\n([^:\r\n]+): `),
		"chat.txt":       regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d\t ?(.+?) ?:\t`),
	} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range label.FindAllSubmatch(data, -1) {
			seen[string(m[1])] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func shared(t *testing.T, pattern string) []string {
	t.Helper()
	root := os.Getenv("VEIL_SHARED")
	if root == "" {
		t.Skip("VEIL_SHARED is not set")
	}
	found, err := filepath.Glob(filepath.Join(root, "data", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Skip("nothing there")
	}
	return found
}
