package zoom

import (
	"regexp"
	"slices"
	"strings"
)

// span is what one voice says in a cue.
type span struct {
	voice, text string
	voiced      bool
}

const voiceEnd = "</v>"

// voiceTag begins a voice span (W3C WebVTT, section 4.2.2). "<v" is also found
// in physics; a tag has a name behind it and begins a line or follows a span.
var voiceTag = regexp.MustCompile(`(?:^|\n|</v>)[ \t]*(<v(?:\.[^ \t<>]*)?[ \t]+([^<>\n]+)>)`)

// spans cuts a cue's text at its voice spans. Without one it is the whole.
func spans(text string) []span {
	if !strings.Contains(text, "<v") {
		return []span{{text: text}}
	}
	tags := voiceTag.FindAllStringSubmatchIndex(text, -1)
	if len(tags) == 0 {
		return []span{{text: text}}
	}
	var out []span
	add := func(s span) {
		if s.voiced || strings.Trim(s.text, blanksAndEnd) != "" {
			out = append(out, s)
		}
	}
	add(span{text: text[:tags[0][2]]})
	for i, t := range tags {
		end := len(text)
		if i+1 < len(tags) {
			end = tags[i+1][2]
		}
		said, after, _ := strings.Cut(text[t[3]:end], voiceEnd)
		add(span{voice: strings.Trim(text[t[4]:t[5]], blanks), text: said, voiced: true})
		add(span{text: after})
	}
	return out
}

var (
	spanTag = regexp.MustCompile(`</?(?:(?:c|i|b|u|ruby|rt)(?:\.[^ \t<>\n]*)?|lang(?:\.[^ \t<>\n]*)?(?:[ \t]+[A-Za-z0-9-]+)?)>|<\d+:\d\d(?::\d\d)?\.\d{3}>`)
	tagName = regexp.MustCompile(`[a-z]+`)
)

// withoutTags takes off the tags of pairs, and timestamps within text. A tag
// that is never closed may be mathematics, as in "a<b>c", and stays.
func withoutTags(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	type open struct {
		name string
		at   []int
	}
	var stack []open
	var remove [][]int
	for _, at := range spanTag.FindAllStringIndex(text, -1) {
		tag := text[at[0]:at[1]]
		name := tagName.FindString(tag)
		if name == "" {
			remove = append(remove, at)
			continue
		}
		if tag[1] != '/' {
			stack = append(stack, open{name, at})
			continue
		}
		for i := len(stack) - 1; i >= 0; i-- {
			if stack[i].name == name {
				remove = append(remove, stack[i].at, at)
				stack = stack[:i]
				break
			}
		}
	}
	slices.SortFunc(remove, func(a, b []int) int { return a[0] - b[0] })
	var b strings.Builder
	from := 0
	for _, at := range remove {
		b.WriteString(text[from:at[0]])
		from = at[1]
	}
	b.WriteString(text[from:])
	return b.String()
}
