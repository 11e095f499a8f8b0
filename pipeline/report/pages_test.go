package report

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/tally"
	"github.com/schoolhouse-world/veil/redact/finding"

	"pgregory.net/rapid"
)

// bundled is a bundle in memory.
type bundled struct {
	page   string
	doubts []tally.Doubt
	rows   map[string][]Row
	err    error
	asked  []string // codes of sessions that were read
}

func (b *bundled) Report(context.Context) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(b.page)), b.err
}

func (b *bundled) Doubts(context.Context) iter.Seq2[tally.Doubt, error] {
	return func(yield func(tally.Doubt, error) bool) {
		for _, d := range b.doubts {
			if !yield(d, nil) {
				return
			}
		}
		if b.err != nil {
			yield(tally.Doubt{}, b.err)
		}
	}
}

func (b *bundled) Session(_ context.Context, code string) ([]Row, error) {
	b.asked = append(b.asked, code)
	return b.rows[code], b.err
}

func (b *bundled) Sessions(_ context.Context, page int) ([]string, int, error) {
	if page > 2 {
		return nil, 2, b.err
	}
	return []string{fmt.Sprintf("s%d", page)}, 2, b.err
}

// talk is one session: two doubtful places removed, one left, and a reply
// whose quote holds a removal of its own.
func talk(t *testing.T) *bundled {
	row := func(table string, index int, label, text string) Row {
		return Row{Table: table, Session: "s1", Index: index, Label: label, Text: text, StartMS: int64(index) * 61_000, Marks: bracketed(text)}
	}
	reply := row("messages", 1, "LEARNER_1", "lol same")
	reply.Quoted, reply.QuotedMarks = "my brother [PERSON_2]...", bracketed("my brother [PERSON_2]...")
	return &bundled{
		page: written(t, invented()),
		rows: map[string][]Row{"s1": {
			row("utterances", 1, "TUTOR_1", "Row before é [LEARNER_1] & <b>."), row("utterances", 2, "LEARNER_1", "𝑥² is [PERSON_1] right?"),
			row("utterances", 3, "TUTOR_1", "Row after, Mercy is a word."), row("utterances", 4, "TUTOR_1", "Far away."), reply,
		}},
		doubts: []tally.Doubt{
			{Table: "utterances", Session: "s1", Index: 2, Start: 6, End: 16, Kind: finding.Person, Recognizer: "names/tagger", Score: .51, Why: "a word where a name often stands"},
			{Table: "utterances", Session: "s1", Index: 3, Start: 11, End: 16, Kind: finding.Person, Score: .4, Why: "a name that is also a word", Kept: true},
			{Table: "messages", Session: "s1", Index: 1, Start: 11, End: 21, Kind: finding.Person, Score: .6, Why: "a relative"},
			{Table: "utterances", Session: "s1", Index: 99, Start: 0, End: 3, Kind: finding.School, Score: .7, Why: "a school"},
		},
	}
}

func ask(h http.Handler, method, host, target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Host = host
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(t *testing.T, b *bundled, target string) string {
	t.Helper()
	w := ask(Pages(b), http.MethodGet, "127.0.0.1:8080", target)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d: %s", target, w.Code, w.Body)
	}
	inert(t, w.Body.String())
	return w.Body.String()
}

func TestOnlyThisMachineIsAnswered(t *testing.T) {
	b := talk(t)
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:80": 200, "127.0.0.1": 200, "127.0.0.1:4711": 200, "127.8.9.1:1": 200, "[::1]:80": 200, "[::1]": 200, "[::ffff:127.0.0.1]:80": 200,
		"": 421, "veil.example": 421, "veil.example:80": 421, "localhost.veil.example": 421, "127.0.0.1.veil.example": 421, "10.0.0.1": 421,
		"0.0.0.0": 421, "[::]": 421, "169.254.169.254": 421, "localhost:80:80": 421, "localhost:x": 421, "127.0.0.1@veil.example": 421, "[::1%25eth0]": 421, "2130706433": 421, "127.1": 421,
	} {
		for _, path := range []string{"/", "/report.html", "/doubts", "/sessions", "/session/s1"} {
			if got := ask(Pages(b), http.MethodGet, host, path).Code; got != want {
				t.Errorf("host %q, %s: %d, want %d", host, path, got, want)
			}
		}
	}
}

func TestPagesCanOnlyBeRead(t *testing.T) {
	b := talk(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead, http.MethodOptions, http.MethodPatch, "TRACE"} {
		w := ask(Pages(b), method, "localhost", "/session/s1")
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodGet || len(b.asked) > 0 {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	for _, c := range []struct{ host, path string }{{"localhost", "/"}, {"localhost", "/doubts"}, {"localhost", "/session/s1"}, {"localhost", "/session/none"}, {"localhost", "/nowhere"}, {"localhost", "//doubts"}, {"veil.example", "/"}} {
		h := ask(Pages(talk(t)), http.MethodGet, c.host, c.path).Header()
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"} {
			if h.Get(name) != want {
				t.Errorf("%s %s: %s is %q", c.host, c.path, name, h.Get(name))
			}
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s %s: policy %q", c.host, c.path, policy)
		}
	}
}

func TestTheHeadersPolicyAllowsThePagesStyle(t *testing.T) {
	set, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/doubts", "/sessions", "/session/s1"} {
		if styleOf(t, get(t, talk(t), path)) != string(set.style.CSS) {
			t.Errorf("%s has a style the policy forbids", path)
		}
	}
}

func TestTheReportIsServedAsSigned(t *testing.T) {
	b := talk(t)
	if get(t, b, "/report.html") != b.page {
		t.Error("/report.html is not the signed bytes")
	}
	index := get(t, b, "/")
	at, end := strings.Index(index, "<nav class=\"top\""), strings.Index(index, "</nav>\n")+len("</nav>\n")
	if at < 0 || index[:at]+index[end:] != b.page {
		t.Error("the index is not the report with one line of links")
	}
	b.page = "a page of another version"
	if got := ask(Pages(b), http.MethodGet, "localhost", "/").Body.String(); got != b.page {
		t.Errorf("got %q", got)
	}
}

func TestADoubtStandsBetweenItsNeighbours(t *testing.T) {
	page := html.UnescapeString(get(t, talk(t), "/doubts?kind=PERSON&outcome=removed"))
	for _, want := range []string{
		`Row before é <mark title="person">[LEARNER_1]</mark> & <b>.`,
		`𝑥² is <mark class="look" title="person">[PERSON_1]</mark> right?`,
		"Row after, Mercy is a word.",
		`my brother <mark class="look" title="person">[PERSON_2]</mark>...`,
		"score 0.51", "a word where a name often stands", `href="/session/s1#utterances-2"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range []string{"Far away", "does not fit", "a name that is also a word"} {
		if strings.Contains(page, not) {
			t.Errorf("the page has %q", not)
		}
	}
	left := get(t, talk(t), "/doubts?outcome=left")
	if !strings.Contains(left, `Row after, <mark class="look">Mercy</mark> is a word.`) {
		t.Error("what was left is not shown")
	}
}

func TestAPlaceThatDoesNotFitIsSaid(t *testing.T) {
	b := talk(t)
	if page := get(t, b, "/doubts?kind=SCHOOL"); !strings.Contains(page, "the bundle has no such row") {
		t.Error("a missing row is passed over")
	}
	b.doubts[0].End++
	if page := get(t, b, "/doubts"); !strings.Contains(page, "the place does not fit the row") {
		t.Error("a shifted place is passed over")
	}
	b.rows["s1"][1].Marks[0].End = 900
	if page := get(t, b, "/session/s1"); !strings.Contains(page, "do not fit its text") {
		t.Error("marks outside the text are passed over")
	}
}

func TestEveryDoubtStandsOnOnePage(t *testing.T) {
	b := talk(t)
	b.doubts = nil
	for i := range 2*doubtsPerPage + 3 {
		b.doubts = append(b.doubts, tally.Doubt{Table: "utterances", Session: "s1", Index: 1, Start: 13, End: 24, Kind: []finding.Kind{finding.Person, finding.Org}[i%2], Why: fmt.Sprintf("reason-%d.", i), Kept: i%3 == 0})
	}
	for _, q := range []url.Values{{}, {"kind": {"ORG"}}, {"outcome": {"left"}}, {"outcome": {"removed"}, "kind": {"PERSON"}}} {
		seen := map[int]int{}
		next := "/doubts?" + q.Encode()
		for pages := 0; next != "" && pages < 9; pages++ {
			page := get(t, b, next)
			for i := range b.doubts {
				seen[i] += strings.Count(page, fmt.Sprintf("reason-%d.", i))
			}
			at := strings.Index(page, `" rel="next"`)
			if next = ""; at >= 0 {
				next = html.UnescapeString(page[strings.LastIndex(page[:at], `href="`)+6 : at])
			}
		}
		for i, d := range b.doubts {
			want := 0
			if (q.Get("kind") == "" || q.Get("kind") == string(d.Kind)) && (q.Get("outcome") == "" || d.Kept == (q.Get("outcome") == "left")) {
				want = 1
			}
			if seen[i] != want {
				t.Errorf("%v: place %d stands there %d times, want %d", q, i, seen[i], want)
			}
		}
	}
	if len(slices.Compact(b.asked)) != 1 || len(b.asked) > 12 {
		t.Errorf("the session was read %d times", len(b.asked))
	}
}

func TestASessionIsReadWhole(t *testing.T) {
	page := html.UnescapeString(get(t, talk(t), "/session/s1"))
	last := -1
	for _, want := range []string{"0:01:01", "Row before é", "𝑥² is <mark", "Row after", "Far away.", `id="messages-1"`, "my brother", "lol same"} {
		at := strings.Index(page, want)
		if at <= last {
			t.Errorf("%q is missing or out of order", want)
		}
		last = at
	}
}

func TestSessionsAreListed(t *testing.T) {
	first, second := get(t, talk(t), "/sessions"), get(t, talk(t), "/sessions?page=2")
	if !strings.Contains(first, `href="/session/s1"`) || !strings.Contains(first, `href="/sessions?page=2"`) || !strings.Contains(second, `href="/session/s2"`) || strings.Contains(second, "page=3") {
		t.Error("the sessions are not listed page by page")
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	for path, want := range map[string]int{
		"/nowhere": 404, "/session/none": 404, "/session/": 404, "/session/..%2f..%2fetc": 404, "/session/a%20b": 404, "/session/%00": 404, "/session/" + strings.Repeat("a", 129): 404,
		"/doubts?page=0": 400, "/doubts?page=-1": 400, "/doubts?page=x": 400, "/doubts?page=": 400, "/doubts?page=99999999999999999999": 400, "/doubts?page=7": 404, "/doubts?outcome=all": 400,
		"/sessions?page=3": 404, "/sessions?page=y": 400,
	} {
		b := talk(t)
		w := ask(Pages(b), http.MethodGet, "localhost", path)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if strings.HasPrefix(path, "/session/") && path != "/session/none" && len(b.asked) > 0 {
			t.Errorf("%s reached the source", path)
		}
	}
}

func TestAFailureIsNeverHalfAPage(t *testing.T) {
	for _, path := range []string{"/", "/doubts", "/sessions", "/session/s1"} {
		b := talk(t)
		b.err = errors.New("reading table utterances: <cut short>")
		w := ask(Pages(b), http.MethodGet, "localhost", path)
		if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "reading table utterances: &lt;cut short&gt;") || strings.Contains(w.Body.String(), "[PERSON_1]") {
			t.Errorf("%s: %d: %s", path, w.Code, w.Body)
		}
	}
}

func TestHostileRowsAreOnlyText(t *testing.T) {
	b := talk(t)
	b.rows["s1"] = []Row{{Table: attack, Session: attack, Index: 1, Label: attack, Text: attack, Quoted: attack, Marks: []Mark{{0, 5, attack, attack}}, QuotedMarks: []Mark{{2, 9, attack, attack}}}}
	b.doubts = []tally.Doubt{{Table: attack, Session: "s1", Index: 1, Start: 0, End: 5, Kind: attack, Recognizer: attack, Why: attack}}
	get(t, b, "/session/s1")
	get(t, b, "/doubts")
	get(t, b, "/doubts?kind="+url.QueryEscape(attack))
}

// Whatever the marks, every code point is shown once and in order.
func TestPiecesMakeUpTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		spot := rapid.Custom(func(t *rapid.T) Mark {
			return Mark{Start: rapid.IntRange(-3, 40).Draw(t, "start"), End: rapid.IntRange(-3, 40).Draw(t, "end"), Kind: "PERSON"}
		})
		marks := rapid.SliceOfN(spot, 0, 5).Draw(t, "marks")
		look := spot.Draw(t, "look")
		var all strings.Builder
		at := 0
		for _, p := range pieces(text, marks, &look) {
			all.WriteString(p.Text)
			for range []rune(p.Text) {
				if marked := slices.ContainsFunc(marks, func(m Mark) bool { return m.covers(at) }); marked != (p.Kind != "") || p.Look != look.covers(at) {
					t.Fatalf("code point %d is shown the wrong way", at)
				}
				at++
			}
		}
		if all.String() != text {
			t.Fatalf("%q became %q", text, all.String())
		}
	})
}
