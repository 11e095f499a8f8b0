package zoom

import (
	"bytes"
	"slices"
	"strings"
)

// habits are what a chat file does throughout, learned from its beginning.
// Clients leave to the reader what a line is; what the other lines are tells.
type habits struct {
	family family
	// record is the strongest line end that stands before a header. A line that
	// looks like a header and follows a weaker one was pasted into a message.
	record int
	// strict says that nothing but a header follows that line end (cloud).
	strict bool
	// blank says that a blank line stands before headers (panel).
	blank bool
	// below says that the text begins on the line after the header, indented
	// that it does so behind blanks.
	below, indented bool
	// stated says that public messages name their recipient, unstated that some
	// do not.
	stated, unstated bool
	// unsure says that nothing tells which, and that a header depends on it.
	unsure bool
	// tabbedFrom says that a cloud file has "From name to recipient" for a name.
	tabbedFrom bool
	// names are those that stand alone or beside a fixed word.
	names map[string]bool
}

// strength orders line ends: a client that ends records with CRLF keeps LF for
// the lines of a message, and a CR is left from text pasted on old systems.
func (e ending) strength() int {
	switch e {
	case crlf:
		return 3
	case lf:
		return 2
	case cr:
		return 1
	}
	return 0
}

// headLine is a line of the file's beginning.
type headLine struct {
	text   string
	before int // strength of the end of the line before
	header bool
}

func learnHabits(ahead []byte, all bool) habits {
	lines, last := headLines(ahead, all)
	h := habits{names: map[string]bool{}}
	for i := 0; i < len(lines) && h.family == unknownFamily; i++ {
		h.family = familyOf(lines, i)
	}
	if h.family == unknownFamily {
		return h
	}
	if h.family == panel {
		h.stated = true
	}
	if h.family == parted {
		lines = joinParted(lines)
	}
	headers := 0
	for i := range lines {
		if lines[i].header = h.isLike(lines[i].text); lines[i].header {
			headers++
			h.record = max(h.record, lines[i].before)
		}
	}
	// What ends a file ended its last record.
	if all {
		h.record = max(h.record, last)
	}
	if all && last == 0 && len(lines) > 1 && !lines[len(lines)-1].header {
		// A last line without an end may be cut; it tells of no habit.
		lines = lines[:len(lines)-1]
	}
	h.learnLayout(lines, headers)
	h.learnStated(lines)
	h.learnRecipients(lines)
	return h
}

func headLines(ahead []byte, all bool) (out []headLine, last int) {
	in := sliceLines(ahead)
	for {
		l, ok := in.next()
		if !ok || !all && l.end == endOfFile {
			return out, last
		}
		out = append(out, headLine{text: string(l.text), before: last})
		last = l.end.strength()
	}
}

func familyOf(lines []headLine, i int) family {
	text := []byte(lines[i].text)
	_, rest, l, isSaved := savedStart(text)
	var c habits
	_, isCloud := c.cloud(text)
	switch {
	// A saved chat has a blank before "From", a cloud chat's name has none.
	case isSaved && !(isCloud && bytes.Contains(rest, []byte(":\t")) && text[bytes.IndexByte(text, '\t')+1] != ' '):
		if _, _, _, ok := c.cutWho(l, rest); ok {
			return saved
		}
		return unknownFamily
	case isCloud:
		return cloud
	}
	if _, ok := c.panel(text); ok {
		return panel
	}
	if i+1 < len(lines) && isTimeAlone(text) && beginsParted([]byte(lines[i+1].text)) {
		return parted
	}
	return unknownFamily
}

func isTimeAlone(text []byte) bool {
	_, text = date(bytes.TrimRight(text, blanks))
	_, rest, ok := clockTime(text)
	return ok && len(rest) == 0
}

// beginsParted says whether a line goes on where one with a time alone ended.
func beginsParted(text []byte) bool {
	_, _, ok := fromWord(bytes.TrimLeft(text, blanks))
	return ok
}

// joinParted makes one line of a time and the header behind it.
func joinParted(lines []headLine) []headLine {
	var out []headLine
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if i+1 < len(lines) && isTimeAlone([]byte(l.text)) && beginsParted([]byte(lines[i+1].text)) {
			i++
			l.text = joinTime([]byte(l.text), []byte(lines[i].text))
		}
		out = append(out, l)
	}
	return out
}

func joinTime(clock, rest []byte) string {
	return string(bytes.TrimRight(clock, blanks)) + " " + string(bytes.TrimLeft(rest, blanks))
}

func (h *habits) isLike(text string) bool {
	switch h.family {
	case saved, parted:
		_, _, like := h.saved([]byte(text))
		return like
	}
	_, ok, _ := h.header([]byte(text))
	return ok
}

// learnLayout learns where headers and texts stand.
func (h *habits) learnLayout(lines []headLine, headers int) {
	strongest := crlf.strength()
	astray, within, below, indented, flush := 0, 0, 0, 0, 0
	for i, l := range lines {
		switch {
		case l.header:
			if i > 0 && lines[i-1].text == "" {
				h.blank = true
			}
			if !endsNames(l.text) {
				continue
			}
			below++
			if i+1 == len(lines) || lines[i+1].header || lines[i+1].text == "" {
				continue
			}
			if first := lines[i+1].text[0]; first == ' ' || first == '\t' {
				indented++
			} else {
				flush++
			}
		case l.before == strongest && l.text != "":
			astray++
		case l.before != 0:
			within++
		}
	}
	h.below = below > 0 && below*2 >= headers
	h.indented = h.below && indented > 0 && flush == 0
	h.strict = h.family == cloud && h.record == strongest && (within > 0 || astray*10 <= headers)
}

// endsNames says whether a header has names alone: it ends with a colon and
// has none before it that sets names apart from a text.
func endsNames(header string) bool {
	header = strings.TrimRight(header, blanks)
	return strings.HasSuffix(header, ":") && !strings.Contains(header, " : ") && !strings.HasSuffix(header, " :")
}

// learnStated learns whether public messages name their recipient. A header of
// which the first colon ends a recipient says so, one of which it ends a name
// alone says no, and one that names a recipient before a later colon can be
// read either way: the colon may be the name's or the text's.
func (h *habits) learnStated(lines []headLine) {
	if h.family != saved && h.family != parted {
		return
	}
	named, plain, either := 0, 0, 0
	for _, l := range lines {
		if !l.header {
			continue
		}
		_, rest, language, _ := savedStart([]byte(l.text))
		switch ends := nameEnds(rest); {
		case len(ends) == 0:
		case isPublic(language, ends[0]):
			named++
		case language.hasTo(ends[0]):
		case slices.ContainsFunc(ends, func(who []byte) bool { return isAddressed(language, who) }):
			either++
		default:
			plain++
		}
	}
	h.stated = named > plain
	h.unsure = either > 0 && named == 0 && plain == 0
}

// nameEnds are the beginnings of what follows "From" that may be its names.
func nameEnds(rest []byte) [][]byte {
	if endsNames(string(rest)) {
		return [][]byte{bytes.TrimRight(rest, ": \t")}
	}
	colon := ":"
	if bytes.Contains(rest, []byte(" : ")) {
		colon = " : "
	}
	var out [][]byte
	for at := range occurrences(rest, colon) {
		out = append(out, bytes.TrimRight(rest[:at], blanks))
	}
	return out
}

// isAddressed says whether who holds a sender and a recipient that is certainly
// one.
func isAddressed(l language, who []byte) bool { return l.hasTo(who) && isMarked(l, who) }

// isPublic says whether who ends in a recipient that is more than one person.
func isPublic(l language, who []byte) bool {
	_, direct := cutPrivate(string(who))
	return !direct && isMarked(l, who)
}

// learnRecipients learns how the file names senders and recipients.
func (h *habits) learnRecipients(lines []headLine) {
	from, whole := 0, 0
	for _, l := range lines {
		if !l.header {
			continue
		}
		language, who, ok := h.whoOf([]byte(l.text))
		if !ok {
			continue
		}
		if whole++; language.from == "" {
			h.names[who] = true
			continue
		}
		from++
		text, direct := cutPrivate(who)
		splits := language.splits(text)
		switch {
		case len(splits) == 0 && !direct:
			h.unstated = true
			h.names[text] = true
		case h.family == cloud && isPublic(language, []byte(who)):
			h.stated = true
		}
		if last := len(splits) - 1; last >= 0 {
			if to, ok := audience(text[splits[last].right:]); ok && to.Name == "" && !direct {
				h.names[text[:splits[last].left]] = true
				continue
			}
			if at := widest(splits); len(at) == 1 {
				h.names[text[:at[0].left]] = true
				h.names[recipientName(text[at[0].right:])] = true
				delete(h.names, "")
			}
		}
	}
	h.tabbedFrom = h.family == cloud && from > 0 && from*2 >= whole
	if h.family == cloud && !h.tabbedFrom {
		h.stated = false
	}
}

// whoOf is the part of a header that holds the names, and its language if the
// header has "From".
func (h *habits) whoOf(text []byte) (language, string, bool) {
	switch h.family {
	case cloud:
		head, ok := h.cloud(text)
		if !ok {
			return language{}, "", false
		}
		if rest, l, ok := fromWord([]byte(head.sender)); ok && l.hasTo(rest) {
			return l, string(rest), true
		}
		return language{}, head.sender, true
	case saved, parted:
		_, rest, l, ok := savedStart(text)
		if !ok {
			return language{}, "", false
		}
		who, _, _, ok := h.cutWho(l, rest)
		return l, string(who), ok
	case panel:
		who, _, ok := panelTime(text)
		if !ok {
			return language{}, "", false
		}
		rest, l, ok := fromWord(who)
		if !ok {
			rest, l = who, languages[0]
		}
		return l, string(bytes.TrimRight(rest, ":")), true
	}
	return language{}, "", false
}
