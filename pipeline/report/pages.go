package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/tally"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// ReviewSource is a bundle and its report, as Pages reads them. It is called
// by several requests at once. Errors are shown to the officer: like all of
// Veil's they name places and no person.
type ReviewSource interface {
	// Report opens the page that Write made, byte for byte.
	Report(ctx context.Context) (io.ReadCloser, error)
	// Doubts yields every doubtful place, always in the same order. An error is
	// the last thing yielded. It is not called again after it was told to stop.
	Doubts(ctx context.Context) iter.Seq2[tally.Doubt, error]
	// Session returns a session's rows in the order of its tables, utterances
	// before messages; none when the bundle has no session of that code.
	Session(ctx context.Context, code string) ([]Row, error)
	// Sessions returns the codes on a page, counted from 1, and how many pages
	// there are.
	Sessions(ctx context.Context, page int) (codes []string, pages int, err error)
}

// Row is one row of utterances or messages as the researcher will read it.
type Row struct {
	Table, Session string
	Index          int
	Label, Text    string
	StartMS        int64 // from the session's start
	Marks          []Mark
	// Quoted is what a reply or reaction repeats, with marks of its own.
	Quoted      string
	QuotedMarks []Mark
}

// doubtsPerPage is how many doubtful places stand on a page.
const doubtsPerPage = 25

// Pages serves the report and the redacted rows around it, for an officer on
// the machine it runs on. It answers GET alone, and only where the Host is a
// loopback name, so that a page elsewhere cannot reach it by pointing a name
// of its own here (DNS rebinding). Nothing is stored by the browser, and no
// page runs a script or loads anything.
//
//	/               the report, with a line of links above it
//	/report.html    the report's own bytes, to which an approval binds
//	/doubts         doubtful places with the rows around; ?kind, ?outcome, ?page
//	/sessions       the codes of all sessions; ?page
//	/session/CODE   one session as the researcher will read it
func Pages(r ReviewSource) http.Handler {
	t, err := parse()
	if err != nil {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		})
	}
	p := pages{source: r, templates: t}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", p.answer(p.index))
	mux.HandleFunc("/report.html", p.answer(p.report))
	mux.HandleFunc("/doubts", p.answer(p.doubts))
	mux.HandleFunc("/sessions", p.answer(p.sessions))
	mux.HandleFunc("/session/{code}", p.answer(p.session))
	mux.HandleFunc("/", p.answer(func(*http.Request) ([]byte, error) {
		return nil, fault{http.StatusNotFound, "there is no such page"}
	}))
	return p.guard(mux)
}

type pages struct {
	source    ReviewSource
	templates templateSet
}

// fault is an answer other than a page.
type fault struct {
	status int
	what   string
}

func (f fault) Error() string { return f.what }

// guard refuses what is not a local officer's browser, and sets the headers of
// every answer.
func (p pages) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", p.templates.style.Policy+"; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		switch {
		case !loopback(r.Host):
			http.Error(w, "these pages are for this machine alone", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet:
			h.Set("Allow", http.MethodGet)
			http.Error(w, "these pages can only be read", http.StatusMethodNotAllowed)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// loopback reports whether a Host header names this machine (RFC 6761, 6.3;
// RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
func loopback(host string) bool {
	name := host
	if h, port, err := net.SplitHostPort(host); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return false
		}
		name = h
	} else if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		name = host[1 : len(host)-1]
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Zone() == "" && ip.Unmap().IsLoopback()
}

// answer writes a page only when all of it could be made.
func (p pages) answer(make func(*http.Request) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := make(r)
		status := http.StatusOK
		if err != nil {
			status = http.StatusInternalServerError
			if f, ok := err.(fault); ok {
				status = f.status
			}
			if body, err = p.render("problem.html", problem{p.frame(http.StatusText(status)), err.Error()}); err != nil {
				http.Error(w, "this page cannot be shown", http.StatusInternalServerError)
				return
			}
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write(body) // an officer who has left needs no answer
	}
}

// frame is what all review pages have.
type frame struct {
	Title string
	Style style
}

type problem struct {
	frame
	What string
}

func (p pages) frame(title string) frame { return frame{title, p.templates.style} }

func (p pages) render(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	err := p.templates.ExecuteTemplate(&b, name, data)
	return b.Bytes(), err
}

func (p pages) report(r *http.Request) ([]byte, error) {
	in, err := p.source.Report(r.Context())
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(in)
}

// index is the report with links above it. The links are not part of the bytes
// that are signed; those stand under /report.html.
func (p pages) index(r *http.Request) ([]byte, error) {
	page, err := p.report(r)
	if err != nil {
		return nil, err
	}
	links, err := p.render("top", nil)
	if err != nil {
		return nil, err
	}
	const body = "<body>\n"
	head, rest, found := bytes.Cut(page, []byte(body))
	if !found {
		return page, nil
	}
	return slices.Concat(head, []byte(body), links, rest), nil
}

// Outcomes a list of doubtful places can be narrowed to.
const (
	outcomeLeft    = "left"
	outcomeRemoved = "removed"
)

type doubtsPage struct {
	frame
	Kind, Outcome string
	Kinds         []Count // of the chosen outcome
	All           int     // of the chosen outcome
	Page, Pages   int
	Previous      string
	Next          string
	Places        []place
}

// place is a doubtful place with the rows around it.
type place struct {
	tally.Doubt
	Rows []shownRow
	// Amiss says why the place cannot be shown as it should.
	Amiss string
}

type shownRow struct {
	Row
	Here   bool
	Text   []Piece
	Quoted []Piece
	Misfit bool
}

// doubts reads through all places, since how many there are of each kind is
// part of the page, and keeps those of the page asked for.
func (p pages) doubts(r *http.Request) ([]byte, error) {
	q := r.URL.Query()
	v := doubtsPage{frame: p.frame("Doubtful places"), Kind: q.Get("kind"), Outcome: q.Get("outcome")}
	var err error
	if v.Page, err = pageNumber(q); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", outcomeLeft, outcomeRemoved}, v.Outcome) {
		return nil, fault{http.StatusBadRequest, "outcome is “left” or “removed”"}
	}
	kinds := map[finding.Kind]int{}
	matching := 0
	var shown []tally.Doubt
	for d, err := range p.source.Doubts(r.Context()) {
		if err == nil {
			err = r.Context().Err()
		}
		if err != nil {
			return nil, err
		}
		if v.Outcome != "" && d.Kept != (v.Outcome == outcomeLeft) {
			continue
		}
		kinds[d.Kind]++
		v.All++
		if v.Kind != "" && string(d.Kind) != v.Kind {
			continue
		}
		if matching/doubtsPerPage == v.Page-1 {
			shown = append(shown, d)
		}
		matching++
	}
	v.Pages = max(1, (matching+doubtsPerPage-1)/doubtsPerPage)
	if v.Page > v.Pages {
		return nil, fault{http.StatusNotFound, "there is no such page"}
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		v.Kinds = append(v.Kinds, Count{Name: string(k), Meaning: kindWords(k), N: kinds[k]})
	}
	v.Previous, v.Next = v.link(v.Page-1), v.link(v.Page+1)
	if v.Places, err = p.places(r.Context(), shown); err != nil {
		return nil, err
	}
	return p.render("doubts.html", v)
}

// link is the address of another page of the same list, "" when there is none.
func (v doubtsPage) link(page int) string {
	if page < 1 || page > v.Pages {
		return ""
	}
	q := url.Values{"page": {strconv.Itoa(page)}}
	if v.Kind != "" {
		q.Set("kind", v.Kind)
	}
	if v.Outcome != "" {
		q.Set("outcome", v.Outcome)
	}
	return "/doubts?" + q.Encode()
}

func pageNumber(q url.Values) (int, error) {
	if !q.Has("page") {
		return 1, nil
	}
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil || n < 1 || n > 1<<30 {
		return 0, fault{http.StatusBadRequest, "a page is a number from 1"}
	}
	return n, nil
}

// places reads each session once, and keeps the rows around its places only.
func (p pages) places(ctx context.Context, doubts []tally.Doubt) ([]place, error) {
	out := make([]place, len(doubts))
	done := map[string]bool{}
	for _, d := range doubts {
		if done[d.Session] {
			continue
		}
		done[d.Session] = true
		rows, err := p.source.Session(ctx, d.Session)
		if err != nil {
			return nil, err
		}
		for i := range doubts {
			if doubts[i].Session == d.Session {
				out[i] = around(doubts[i], rows)
			}
		}
	}
	return out, nil
}

// around shows a place in its row, between the row before and the row after.
func around(d tally.Doubt, rows []Row) place {
	out := place{Doubt: d}
	var table []Row
	for _, r := range rows {
		if r.Table == d.Table {
			table = append(table, r)
		}
	}
	at := slices.IndexFunc(table, func(r Row) bool { return r.Index == d.Index })
	if at < 0 {
		out.Amiss = "the bundle has no such row"
		return out
	}
	if at > 0 {
		out.Rows = append(out.Rows, shown(table[at-1]))
	}
	here, found := look(table[at], d)
	if !found {
		out.Amiss = "the place does not fit the row"
	}
	out.Rows = append(out.Rows, here)
	if at+1 < len(table) {
		out.Rows = append(out.Rows, shown(table[at+1]))
	}
	return out
}

func shown(r Row) shownRow {
	return shownRow{Row: r, Text: pieces(r.Text, r.Marks, nil), Quoted: pieces(r.Quoted, r.QuotedMarks, nil),
		Misfit: misfits(r.Text, r.Marks) || misfits(r.Quoted, r.QuotedMarks)}
}

// look shows the place within its row. A doubt does not say whether it counts
// in the text or in what is quoted, so that what was removed is looked for
// among the marks of both; where both match, both are shown. What was left has
// no mark: it is shown wherever it fits, rather too much than too little.
func look(r Row, d tally.Doubt) (shownRow, bool) {
	out := shown(r)
	out.Here = true
	spot := Mark{Start: d.Start, End: d.End}
	fits := func(text string, marks []Mark) bool {
		if d.Kept {
			return !misfits(text, []Mark{spot})
		}
		return slices.ContainsFunc(marks, func(m Mark) bool { return m.Start == d.Start && m.End == d.End && m.Kind == string(d.Kind) })
	}
	inText, inQuoted := fits(r.Text, r.Marks), fits(r.Quoted, r.QuotedMarks)
	if inText {
		out.Text = pieces(r.Text, r.Marks, &spot)
	}
	if inQuoted {
		out.Quoted = pieces(r.Quoted, r.QuotedMarks, &spot)
	}
	return out, inText || inQuoted
}

type sessionsPage struct {
	frame
	Codes          []string
	Page, Pages    int
	Previous, Next string
}

func (p pages) sessions(r *http.Request) ([]byte, error) {
	page, err := pageNumber(r.URL.Query())
	if err != nil {
		return nil, err
	}
	v := sessionsPage{frame: p.frame("Sessions"), Page: page}
	if v.Codes, v.Pages, err = p.source.Sessions(r.Context(), page); err != nil {
		return nil, err
	}
	if page > max(1, v.Pages) {
		return nil, fault{http.StatusNotFound, "there is no such page"}
	}
	if page > 1 {
		v.Previous = fmt.Sprintf("/sessions?page=%d", page-1)
	}
	if page < v.Pages {
		v.Next = fmt.Sprintf("/sessions?page=%d", page+1)
	}
	return p.render("sessions.html", v)
}

type sessionPage struct {
	frame
	Code   string
	Tables []sessionTable
}

type sessionTable struct {
	Name string
	Rows []shownRow
}

func (p pages) session(r *http.Request) ([]byte, error) {
	code := r.PathValue("code")
	if !plainCode(code) {
		return nil, fault{http.StatusNotFound, "that is not the code of a session"}
	}
	rows, err := p.source.Session(r.Context(), code)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault{http.StatusNotFound, "the bundle has no text of a session of that code"}
	}
	v := sessionPage{frame: p.frame("Session " + code), Code: code}
	for _, row := range rows {
		at := slices.IndexFunc(v.Tables, func(t sessionTable) bool { return t.Name == row.Table })
		if at < 0 {
			at = len(v.Tables)
			v.Tables = append(v.Tables, sessionTable{Name: row.Table})
		}
		v.Tables[at].Rows = append(v.Tables[at].Rows, shown(row))
	}
	return p.render("session.html", v)
}

// plainCode reports whether s can be a record code. A source may take codes
// for parts of paths or queries, so nothing else gets that far.
func plainCode(s string) bool {
	return s != "" && len(s) <= 128 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
