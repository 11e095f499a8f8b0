package measure

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/text"
)

// stranger is an invented person who takes a roster person's place.
type stranger struct{ origin, first, last, familiar, misheard string }

func strangers(t testing.TB, name string) []stranger {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []stranger
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		cells := strings.Split(s.Text(), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch len(cells) {
		case 5:
			out = append(out, stranger{cells[0], cells[1], cells[2], cells[3], cells[4]})
		case 2:
			out = append(out, stranger{origin: "word", first: cells[0], last: cells[1], familiar: cells[0], misheard: cells[0]})
		}
	}
	return out
}

// rename puts other people in the place of a roster's, in every shape that
// gold marks. Lines that repeat others are left out: Zoom would cut the new
// names elsewhere.
func rename(records []Record, with []stranger, from int) []Record {
	type pair struct {
		old [2]string
		new stranger
	}
	bySession := map[string][]pair{}
	var out []Record
	for _, r := range records {
		session, _, _ := address(r.ID)
		if strings.HasPrefix(r.Text, "Reacted to") || strings.HasPrefix(r.Text, "Replying to") {
			continue
		}
		pairs, ok := bySession[session]
		if !ok {
			for _, p := range participants(r.Roster) {
				pairs = append(pairs, pair{[2]string{p.First + " " + p.Preferred, p.Last}, with[from%len(with)]})
				from++
			}
			bySession[session] = pairs
		}
		find := func(word string) (stranger, bool, bool) {
			for _, t := range text.Tokenize(word) {
				for _, p := range pairs {
					for _, o := range text.Tokenize(p.old[1]) {
						if o.Norm == t.Norm && o.Shape.Word() {
							return p.new, true, true
						}
					}
					for _, o := range text.Tokenize(p.old[0]) {
						if o.Norm == t.Norm && o.Shape.Word() {
							return p.new, false, true
						}
					}
				}
			}
			return stranger{}, false, false
		}
		next := Record{ID: r.ID}
		for _, p := range pairs {
			next.Roster = append(next.Roster, p.new.first+" "+p.new.last)
		}
		if s, _, ok := find(r.Speaker); ok {
			next.Speaker = s.first + " " + s.last
		}
		rs := []rune(r.Text)
		at := 0
		var b []rune
		spans := slices.Clone(r.Spans)
		slices.SortFunc(spans, func(a, b Span) int { return a.Start - b.Start })
		for _, s := range spans {
			if s.Start < at {
				continue
			}
			b = append(b, rs[at:s.Start]...)
			at = s.Start
			old := string(rs[s.Start:s.End])
			who, isLast, known := find(old)
			if !known && len(pairs) > 0 && s.Type == "PERSON" {
				who = pairs[len(old)%len(pairs)].new
			}
			fresh := fresh(s.Class, old, who, isLast, known)
			if s.Type == "PERSON" && fresh != "" {
				start := len(b)
				b = append(b, []rune(fresh)...)
				next.Spans = append(next.Spans, Span{Start: start, End: len(b), Type: s.Type, Class: s.Class, Origin: who.origin, Person: who.first + who.last})
				at = s.End
			}
		}
		b = append(b, rs[at:]...)
		next.Text = string(b)
		out = append(out, next)
	}
	return out
}

// fresh is how the stranger is said in the place of old, "" to leave it.
func fresh(class, old string, who stranger, isLast, known bool) string {
	name := who.first
	if isLast {
		name = who.last
	}
	spaced := func(s, by string) string {
		var out []string
		for _, r := range text.Fold(s) {
			if unicode.IsLetter(r) {
				out = append(out, string(r))
			}
		}
		return strings.Join(out, by)
	}
	switch class {
	case "roster_exact", "roster_possessive", "roster_last", "split_across_cues":
	case "roster_lower":
		name = strings.ToLower(name)
	case "roster_plain":
		name = plain(name)
	case "roster_nick":
		name = who.familiar
	case "roster_asr":
		name = who.misheard
	case "roster_elongated":
		name = strings.ToLower(plain(who.first)) + strings.Repeat(string(plain(who.first)[len(plain(who.first))-1]), 4)
	case "fullname":
		name = who.first + " " + who.last
	case "roster_initial":
		return ""
	case "spelled":
		if strings.Contains(old, "-") {
			name = strings.ToUpper(spaced(name, "-"))
		} else {
			name = spaced(name, " ")
		}
	default:
		return ""
	}
	if !known && class != "roster_asr" && class != "roster_nick" && class != "roster_elongated" && class != "spelled" {
		return ""
	}
	return name
}

// plain drops accents and apostrophes but keeps case and hyphens.
func plain(s string) string {
	var b strings.Builder
	for _, w := range strings.SplitAfter(s, " ") {
		for i, part := range strings.Split(w, "-") {
			if i > 0 {
				b.WriteByte('-')
			}
			f := text.Fold(strings.TrimSpace(part))
			if f != "" {
				b.WriteString(strings.ToUpper(f[:1]) + f[1:])
			}
		}
		if strings.HasSuffix(w, " ") {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// tuning are the sessions that thresholds and rules may be fitted to.
func tuning(records []Record) []Record {
	return slices.DeleteFunc(slices.Clone(records), func(r Record) bool { return r.ID >= "dev-16" })
}

// Names of other cultures in the same sessions must be found as well, each
// culture as well as the others.
func TestRenaming(t *testing.T) {
	engine, err := redact.Standard(redact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	gold := tuning(readGold(t, "data/tutoring/gold.jsonl"))
	people := strangers(t, "testdata/renaming.txt")
	var records []Record
	var found []Found
	for round := range 8 {
		renamed := rename(gold, people, round*13)
		for i := range renamed {
			renamed[i].ID = fmt.Sprintf("r%d-%s", round, renamed[i].ID)
		}
		f, err := Run(context.Background(), engine, renamed, Options{})
		if err != nil {
			t.Fatal(err)
		}
		records, found = append(records, renamed...), append(found, f...)
	}
	r := Score(records, found)
	for _, c := range r.Classes {
		if c.Type == "PERSON" {
			t.Logf("%-20s %4d hidden %.3f", c.Class, c.Gold, c.Hidden)
		}
	}
	for _, o := range r.Origins {
		t.Logf("origin %-20s %4d hidden %.3f", o.Class, o.Gold, o.Hidden)
	}
	if len(r.Origins) < 25 || !(r.Spread <= 0.01) {
		t.Errorf("%d origins, %.3f between the best and the worst found", len(r.Origins), r.Spread)
	}
	if h := r.Types["PERSON"].Hidden; !(h >= 0.97) {
		t.Errorf("%.3f of all people's names are hidden", h)
	}
	if os.Getenv("VEIL_SHOW") != "" {
		for _, l := range r.Leaks {
			if l.Type == "PERSON" && !strings.HasPrefix(l.Class, "nonroster") {
				t.Logf("%s %s %q", l.ID, l.Class, l.Text)
			}
		}
	}
}

// Names that are words must be found where they are names and left alone
// where they are words.
func TestWordNames(t *testing.T) {
	engine, err := redact.Standard(redact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	gold := tuning(readGold(t, "data/tutoring/gold.jsonl"))
	people := strangers(t, "testdata/words.txt")
	for _, o := range []Options{{}, {Lower: true}} {
		var records []Record
		var found []Found
		for round := range 8 {
			renamed := rename(gold, people, round*11)
			for i := range renamed {
				renamed[i].ID = fmt.Sprintf("r%d-%s", round, renamed[i].ID)
			}
			f, err := Run(context.Background(), engine, renamed, o)
			if err != nil {
				t.Fatal(err)
			}
			records, found = append(records, renamed...), append(found, f...)
		}
		r := Score(records, found)
		for _, c := range r.Classes {
			if strings.HasPrefix(c.Class, "roster") || c.Class == "fullname" {
				t.Logf("lower %v %-20s %4d hidden %.3f", o.Lower, c.Class, c.Gold, c.Hidden)
			}
		}
		p := r.Types["PERSON"]
		t.Logf("lower %v persons %d predicted %d precision %.4f", o.Lower, p.Gold, p.Pred, p.OverlapP)
		if !(p.Hidden >= 0.95) || !(p.OverlapP >= 0.78) {
			t.Errorf("lower %v: %.3f of names that are words are hidden, %.3f of what was removed is a name", o.Lower, p.Hidden, p.OverlapP)
		}
		if os.Getenv("VEIL_SHOW") != "" {
			byID := map[string]Record{}
			for _, rec := range records {
				byID[rec.ID] = rec
			}
			for _, l := range r.Leaks {
				if strings.HasPrefix(l.Class, "roster") {
					t.Logf("LEAK %v %s %s %q in %q", o.Lower, l.ID, l.Class, l.Text, byID[l.ID].Text)
				}
			}
			for _, f := range found {
				for _, s := range f.Spans {
					rec := byID[f.ID]
					if s.Type == "PERSON" && !slices.ContainsFunc(rec.Spans, func(g Span) bool { return g.Start < s.End && s.Start < g.End }) {
						rs := []rune(rec.Text)
						t.Logf("ALARM %v %s %.2f %s %q in %q", o.Lower, f.ID, s.Score, s.Recognizer, string(rs[s.Start:s.End]), rec.Text)
					}
				}
			}
		}
	}
}
