package zoom

import (
	"bufio"
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// labels tells the label of a speaker from text with a colon in it.
type labels struct {
	// often are the labels that recur at the beginning of a file in which
	// almost every cue has one. They hold however odd they are.
	often map[string]bool
	// longer holds, for text before a first colon that is always followed by
	// the same text before a second one, the whole label: "Room 3: Jane".
	longer map[string]string
}

const (
	// maxLabel is the length of a label in characters. A name in Zoom has at
	// most 64, and interpreters put a few words before it.
	maxLabel = 128
	// recurring is how often a label stands at the beginning of a file before
	// that speaks for it.
	recurring = 3
)

// learnLabels reads the beginning of a file.
func learnLabels(ahead []byte, all bool) labels {
	type use struct {
		count  int
		longer string
		same   bool
	}
	uses := map[string]*use{}
	cues, labelled := 0, 0
	var texts []string
	v := vtt{in: sliceLines(ahead), yield: func(c Cue, err error) bool {
		if err == nil && c.Speaker == "" {
			texts = append(texts, c.Text)
		}
		return true
	}}
	v.run()
	if !all && len(texts) > 0 {
		texts = texts[:len(texts)-1]
	}
	for _, text := range texts {
		cues++
		label, rest, ok := cutLabel(text)
		if !ok {
			continue
		}
		labelled++
		longer := ""
		if second, _, ok := cutLabel(rest); ok && isNameLike(second) {
			longer = text[:len(text)-len(rest)+strings.Index(rest, second)+len(second)]
		}
		if u := uses[label]; u != nil {
			u.count++
			u.same = u.same && u.longer == longer
		} else {
			uses[label] = &use{1, longer, longer != ""}
		}
	}
	out := labels{often: map[string]bool{}, longer: map[string]string{}}
	for label, u := range uses {
		if u.count < recurring {
			continue
		}
		if u.same {
			out.longer[label] = u.longer
		}
		if labelled*5 >= cues*4 {
			out.often[label] = true
		}
	}
	return out
}

func sliceLines(b []byte) *lines {
	return &lines{in: bufio.NewReaderSize(bytes.NewReader(b), 4096)}
}

// split takes the label off a cue's text.
func (l labels) split(text string) (speaker, rest string) {
	if l.often == nil {
		return "", text
	}
	label, rest, ok := cutLabel(text)
	if !ok {
		return "", text
	}
	if longer, ok := l.longer[label]; ok {
		if after, ok := strings.CutPrefix(text, longer+":"); ok {
			return longer, strings.Trim(after, blanksAndEnd)
		}
	}
	if l.often[label] || isNameLike(label) {
		return label, strings.Trim(rest, blanksAndEnd)
	}
	return "", text
}

// cutLabel cuts text at the first colon that a blank or the end of the first
// line follows. The text after the colon keeps its blanks.
func cutLabel(text string) (label, rest string, ok bool) {
	line, _, _ := strings.Cut(text, "\n")
	at := -1
	for i := range len(line) {
		if line[i] == ':' && (i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t') {
			at = i
			break
		}
	}
	if at < 0 {
		return "", "", false
	}
	label = strings.Trim(line[:at], blanks)
	switch {
	case label == "", utf8.RuneCountInString(label) > maxLabel:
	case strings.HasPrefix(label, "- "), strings.HasPrefix(label, "<"), strings.Contains(label, "://"):
	default:
		return label, text[at+1:], true
	}
	return "", "", false
}

// isNameLike says whether a label can be a name as people write theirs in
// Zoom: few words, most with a capital where the script has capitals, none that
// a sentence is made of.
func isNameLike(label string) bool {
	if !hasLetter(label) {
		return isCaller(label)
	}
	if strings.ContainsAny(label, "?!;=<>") {
		return false
	}
	bare := withoutBrackets(label)
	words := strings.FieldsFunc(bare, func(r rune) bool { return r == ' ' || r == '\t' || r == '|' || r == ',' || r == '\u00a0' })
	if len(words) > 8 {
		return false
	}
	small := 0
	for _, w := range words {
		lower := strings.ToLower(w)
		if sentenceWords[strings.Trim(lower, ".'’")] && (w == lower || len(words) == 1 || w == "I") {
			return false
		}
		first, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLower(first) && !particles[lower] {
			small++
		}
	}
	return small <= 3
}

func hasLetter(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

// isCaller says whether a label is a telephone number, as in "1555****123".
func isCaller(label string) bool {
	digits := 0
	for _, r := range label {
		switch {
		case r >= '0' && r <= '9', r == '*':
			digits++
		case !strings.ContainsRune("+-() ", r):
			return false
		}
	}
	return digits >= 7
}

// withoutBrackets leaves what stands outside of round brackets.
func withoutBrackets(s string) string {
	if !strings.ContainsRune(s, '(') {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// sentenceWords are written small in a sentence and are no part of a name.
// "so", "an", "do" and the like are also names; with a capital and another word
// beside them they count as such.
var sentenceWords = set(`a an the this that these those there here it its he she we you i me my your our their his her they them
	and or but so if because then than when where what which who why how not no yes yeah yep ok okay well now just also
	is are was were be been am do does did done have has had can could will would should shall may might must
	to of in on at by for from with without into about over under after before between as per
	one two three four five six seven eight nine ten first second third last next
	let lets let's it's that's what's there's i'm we're you're don't can't
	answer question example note hint step reminder warning problem solution ratio remember wait look right`)

// particles are parts of surnames that are written small.
var particles = set(`al bin bint da das de dei del della den der di do dos du el et la las le los ten ter van vom von y zu zum zur ibn ben bat af av`)
