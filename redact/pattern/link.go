package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// link finds web addresses with a scheme, with www, and bare ones whose host
// is known or ends in a common top-level domain. A Zoom join link is a meeting.
type link struct{ public map[string]bool }

// publicHosts hold pages for everyone. A link to one stays, unless its path
// holds an id, as a shared document, a saved graph or a class has.
const publicHosts = `desmos.com khanacademy.org collegeboard.org bluebook.app.collegeboard.org satsuite.collegeboard.org wikipedia.org en.wikipedia.org
	geogebra.org wolframalpha.com ixl.com mathway.com quizlet.com dictionary.com merriam-webster.com nasa.gov britannica.com purplemath.com
	mathisfun.com youtube.com google.com docs.google.com drive.google.com zoom.us schoolhouse.world kahoot.it kahoot.com whiteboard.fi blooket.com gimkit.com quizizz.com chess.com lichess.org`

func newLink(more []string) link {
	l := link{set(publicHosts)}
	for _, h := range more {
		l.public[strings.ToLower(strings.TrimSpace(h))] = true
	}
	return l
}

func (link) Name() string { return "pattern/link" }

func (l link) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	for i := range lines {
		v := &lines[i]
		if v.has&inGlued != 0 || v.has&inColons != 0 && strings.Contains(v.text, "://") {
			found = l.line(v, found)
		}
		if v.inner&inSaidDots != 0 {
			found = l.said(v, found)
		}
	}
	return found
}

// said finds links that are read out: "discord dot gg slash kelp king", "www
// dot mira draws dot com". Without www or a path the host must serve people's
// own pages, or a page of the speaker's must be meant.
func (l link) said(v *view, found []finding.Candidate) []finding.Candidate {
	for t := v.body + 1; t+1 < len(v.tok); t++ {
		if !v.is(t, inSaidDots) || !v.word(t-1) && !v.digits(t-1) {
			continue
		}
		start, end, host := v.saidHost(t)
		if start == end {
			continue
		}
		path := ""
		for v.norm(end) == "slash" && end+1 < len(v.tok) {
			path += "/"
			for end++; end < len(v.tok) && v.norm(end) != "slash" && v.tok[end].Shape != text.Mark && !linkEnds[v.norm(end)]; end++ {
				path += v.norm(end)
			}
		}
		top := host[strings.LastIndexByte(host, '.')+1:]
		name := strings.TrimPrefix(host, "www.")
		score := 0.0
		switch {
		case path == "" && v.norm(start-1) == "at", v.norm(start-1) == "sign" && v.norm(start-2) == "at":
		case l.known(name) && !id(path) && !strings.Contains(path, "/d/"):
		case path != "" && (bareTop[top] || top == "be"):
			score = 0.9
		case host != name && strings.Count(name, ".") > 0:
			score = 0.85
		case strings.Count(name, ".") > 1 && ownPages[name[strings.IndexByte(name, '.')+1:]], bareTop[top] && v.says(start, "website", "portfolio", "blog"):
			score = 0.85
		}
		if score > 0 {
			found = append(found, v.tokens(start, end, finding.URL, score, "link/said", "a web address read out"))
		}
		t = end - 1
	}
	return found
}

// ownPages are hosts that give people a name of their own before theirs.
var ownPages = set("github.io weebly.com wixsite.com wordpress.com blogspot.com itch.io carrd.co tumblr.com substack.com netlify.app vercel.app replit.app neocities.org")

// linkEnds are the words at which a path that is read out has ended.
var linkEnds = set("and but so thats its its' is or then okay ok right if you um uh where which that to for in on")

// saidHost reads the labels around the "dot" at token t. The first label may
// have two words before a short ending such as "url".
func (v *view) saidHost(t int) (start, end int, host string) {
	start = t - 1
	if w := v.norm(start); w == "url" && v.norm(start-1) == "tiny" || w == "academy" && v.norm(start-1) == "khan" {
		start--
	}
	for k := start; k < t; k++ {
		host += v.norm(k)
	}
	for end = t; v.norm(end) == "dot" && (v.word(end+1) || v.digits(end+1)); {
		label, to := v.norm(end+1), end+2
		if !topLevel[label] && !bareTop[label] && v.word(to) && v.norm(to) != "dot" && v.norm(to+1) == "dot" && host == "www" {
			label, to = label+v.norm(to), to+1 // "www dot mira draws dot com"
		}
		host, end = host+"."+label, to
	}
	if top := host[strings.LastIndexByte(host, '.')+1:]; end == t || !topLevel[top] && !bareTop[top] {
		return t, t, "" // "go to dot, then": a dot before no label
	}
	return start, end, host
}

func (l link) line(v *view, found []finding.Candidate) []finding.Candidate {
	s := v.text
	for i := 0; i < len(s); {
		dot := strings.IndexAny(s[i:], ".:")
		if dot < 0 {
			break
		}
		dot += i
		i = dot + 1
		if s[dot] == ':' && !strings.HasPrefix(s[dot:], "://") || i == len(s) || s[i] == ' ' {
			continue
		}
		start := dot
		for start > 0 {
			r, n := utf8.DecodeLastRuneInString(s[:start])
			if r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				break
			}
			start -= n
		}
		if start == dot {
			continue
		}
		scheme := s[dot] == ':'
		if scheme {
			start = schemeStart(s, dot)
			if start < 0 {
				continue
			}
		}
		end := linkEnd(s, start)
		if c, ok := l.judge(v, start, end, scheme); ok {
			found = append(found, c)
		}
		if scheme || end > i {
			i = max(i, hostOnlyEnd(s, start, end))
		}
	}
	return found
}

// schemeStart returns where http, https or ftp begins before "://".
func schemeStart(s string, colon int) int {
	for _, scheme := range []string{"https", "http", "ftp", "zoommtg", "zoomus"} {
		if colon >= len(scheme) && strings.EqualFold(s[colon-len(scheme):colon], scheme) {
			return colon - len(scheme)
		}
	}
	return -1
}

// linkEnd ends a link at a blank or quotation mark and leaves the punctuation
// of the sentence behind.
func linkEnd(s string, start int) int {
	end := start
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if unicode.IsSpace(r) || strings.ContainsRune("\"<>“”‘’«»", r) {
			break
		}
		end += n
	}
	for end > start {
		r, n := utf8.DecodeLastRuneInString(s[start:end])
		if !strings.ContainsRune(".,;:!?'*…", r) && !(r == ')' && !strings.ContainsRune(s[start:end], '(')) && r != ']' && r != '}' {
			break
		}
		end -= n
	}
	return end
}

func hostOnlyEnd(s string, start, end int) int { return max(start, end) }

var bareTop = set("com org net edu gov io co us uk ca me info world school academy app dev tv ai il in au de fr es it jp site link gl ly be page to gg us xyz")

func (l link) judge(v *view, start, end int, scheme bool) (finding.Candidate, bool) {
	s := v.text[start:end]
	host, path := s, ""
	if scheme {
		host = s[strings.Index(s, "://")+3:]
	}
	if k := strings.IndexAny(host, "/?#"); k >= 0 {
		host, path = host[:k], host[k:]
	}
	if k := strings.LastIndexByte(host, '@'); k >= 0 {
		if !scheme {
			return finding.Candidate{}, false // an e-mail address
		}
		host = host[k+1:]
	}
	if start > 0 && (v.text[start-1] == '@' || v.text[start-1] == '.') {
		return finding.Candidate{}, false
	}
	if k := strings.IndexByte(host, ':'); k >= 0 && !strings.HasPrefix(host, "[") {
		if !scheme && !isPort(host[k+1:]) {
			return finding.Candidate{}, false
		}
		host = host[:k]
	}
	host = strings.ToLower(host)
	www := strings.HasPrefix(host, "www.")
	name := strings.TrimPrefix(host, "www.")
	if strings.HasPrefix(host, "[") {
		return v.bytes(start, end, finding.URL, 0.9, "link/scheme", "a link to a network address"), scheme
	}
	if !domain(name) {
		if scheme && name != "" && quad(name) {
			return v.bytes(start, end, finding.URL, 0.95, "link/scheme", "a link to a network address"), true
		}
		return finding.Candidate{}, false
	}
	top := name[strings.LastIndexByte(name, '.')+1:]
	if name == "zoom.us" || strings.HasSuffix(name, ".zoom.us") || name == "zoom.com" || strings.HasSuffix(name, ".zoom.com") || strings.HasSuffix(name, ".zoomgov.com") {
		if id(path) {
			return v.bytes(start, end, finding.Meeting, 0.99, "link/zoom", "a link that joins a Zoom meeting"), true
		}
	}
	if l.known(name) && !id(path) && !graph(name, path) {
		return finding.Candidate{}, false
	}
	switch {
	case scheme:
		return v.bytes(start, end, finding.URL, 0.97, "link/scheme", "a link with its scheme"), true
	case documents(name):
		return v.bytes(start, end, finding.URL, 0.98, "link/document", "a link to a shared document"), true
	case www && path == "" && len(name) > 3:
		return v.bytes(start, end, finding.URL, 0.9, "link/www", "a link that begins with www"), true
	case !plainHost(name):
		return finding.Candidate{}, false
	case len(path) > 1 && (bareTop[top] || len(top) > 1 && len(top) < 7):
		return v.bytes(start, end, finding.URL, 0.92, "link/bare", "a host and a path without a scheme"), true
	case bareTop[top] && bareName(v.text, start, end, name, top):
		return v.bytes(start, end, finding.URL, 0.7, "link/bare", "a host without a scheme"), true
	}
	return finding.Candidate{}, false
}

// known reports whether a host or the domain it belongs to is public.
func (l link) known(name string) bool {
	if l.public[name] {
		return true
	}
	k := strings.IndexByte(name, '.')
	return k > 0 && strings.Count(name, ".") > 1 && l.public[name[k+1:]] && (name[:k] == "m" || name[:k] == "en" || name[:k] == "app" || name[:k] == "help" || name[:k] == "support")
}

// documents reports whether a host serves what people share by link.
func documents(name string) bool {
	switch name {
	case "docs.google.com", "drive.google.com", "forms.gle", "jamboard.google.com", "classroom.google.com", "meet.google.com", "photos.google.com",
		"1drv.ms", "onedrive.live.com", "dropbox.com", "padlet.com", "notion.so", "canva.com", "figma.com", "miro.com", "bit.ly", "tinyurl.com",
		"youtu.be", "discord.gg", "photos.app.goo.gl", "goo.gl", "t.co", "linktr.ee", "awwapp.com", "overleaf.com", "loom.com", "box.com", "replit.com", "jamboard.app.goo.gl":
		return true
	}
	return strings.HasSuffix(name, ".sharepoint.com") || strings.HasSuffix(name, ".notion.site") || strings.HasSuffix(name, ".google.com")
}

// graph reports whether a link is to somebody's own graph, whose id has ten
// letters and digits and by chance no digit.
func graph(name, path string) bool {
	saved, ok := strings.CutPrefix(path, "/calculator/")
	return ok && name == "desmos.com" && len(saved) == 10 && plainHost(saved)
}

// id reports whether a path holds something that names one document, meeting
// or person: a long word with digits, a query, or a user.
func id(path string) bool {
	if strings.ContainsAny(path, "?@~") {
		return true
	}
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '#' }) {
		digits, letters := 0, 0
		for _, r := range part {
			if unicode.IsDigit(r) {
				digits++
			} else if unicode.IsLetter(r) {
				letters++
			}
		}
		if digits >= 6 || digits >= 1 && letters >= 2 && digits+letters >= 8 || part == "my" || part == "j" || part == "user" || part == "profile" || letters >= 10 && mixedCase(part) {
			return true
		}
	}
	return false
}

func mixedCase(s string) bool {
	turns := 0
	for i := 1; i < len(s); i++ {
		if lower(s[i-1]) && upper(s[i]) {
			turns++
		}
	}
	return turns > 1
}

func lower(b byte) bool { return b >= 'a' && b <= 'z' }
func upper(b byte) bool { return b >= 'A' && b <= 'Z' }

func isPort(s string) bool {
	if s == "" || len(s) > 5 {
		return false
	}
	for i := range s {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// plainHost reports whether every label has letters, digits and hyphens only.
func plainHost(name string) bool {
	for _, r := range name {
		if r != '.' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

// bareName tells "microsoft.com" from a sentence that lacks a blank after its
// full stop ("ok.in that case").
func bareName(s string, start, end int, name, top string) bool {
	if surely[top] {
		return len(name) > len(top)+2
	}
	if strings.Count(name, ".") > 1 {
		return true
	}
	label := name[:strings.IndexByte(name, '.')]
	switch top {
	case "us", "in", "it", "me", "to", "be", "de", "es", "co", "ai", "tv", "gl", "gg", "ly", "link", "page", "school", "world", "academy", "site":
		return len(label) > 3 && (top == "world" || top == "gg" || top == "ly" || top == "tv" || top == "co" || top == "ai")
	}
	return len(label) > 2 && s[start:end] == strings.ToLower(s[start:end])
}
