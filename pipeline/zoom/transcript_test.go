package zoom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// showCues writes what a transcript holds, one cue a line.
func showCues(t testing.TB, transcript string) string {
	t.Helper()
	var b strings.Builder
	for c, err := range Transcript(strings.NewReader(transcript)) {
		var malformed *Malformed
		if errors.As(err, &malformed) {
			fmt.Fprintf(&b, "line %d malformed\n", malformed.Line)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%d %s %d-%d %s: %q\n", c.Line, c.ID, c.StartMS, c.EndMS, c.Speaker, c.Text)
	}
	return b.String()
}

func TestTranscripts(t *testing.T) {
	const at1, at2 = "00:01.000 --> 00:02.000\n", "00:02.000 --> 00:03.500\n"
	tests := map[string]struct{ transcript, want string }{
		"as the cloud writes it": {
			"WEBVTT\r\n\r\n1\r\n00:00:01.000 --> 00:00:02.000\r\nPia K: hi: you\r\n\r\n2\r\n01:00:02.000 --> 01:00:03.500\r\nOmar: hm\r\n\r\n",
			"3 1 1000-2000 Pia K: \"hi: you\"\n7 2 3602000-3603500 Omar: \"hm\"\n",
		},
		"nobody spoke":     {"WEBVTT", ""},
		"a title":          {"WEBVTT - Algebra\nKind: captions\n\n" + at1 + "x\n", "4  1000-2000 : \"x\"\n"},
		"no blank line":    {"WEBVTT\n1\n" + at1 + "x\n2\n" + at2 + "y\n", "2 1 1000-2000 : \"x\"\n5 2 2000-3500 : \"y\"\n"},
		"a number is said": {"WEBVTT\n\n1\n" + at1 + "x is\n7\n" + at2 + "y\n", "3 1 1000-2000 : \"x is\\n7\"\n7  2000-3500 : \"y\"\n"},
		"comments":         {"WEBVTT\n\nNOTE Pia: no\n\nNOTE\n" + at1 + "yes\n\nSTYLE\n::cue { color: red }\n\n" + at2 + "NOTE this\n", "5 NOTE 1000-2000 : \"yes\"\n12  2000-3500 : \"NOTE this\"\n"},
		"an arrow is said": {"WEBVTT\n\n" + at1 + "x --> y\n", "3  1000-2000 : \"x --> y\"\n"},
		"voices":           {"WEBVTT\n\n" + at1 + "<v Pia>hi</v> <v.loud Omar>p<v and w>q</v>\nall\n", "3  1000-2000 Pia: \"hi\"\n3  1000-2000 Omar: \"p<v and w>q\"\n3  1000-2000 : \"all\"\n"},
		"mathematics":      {"WEBVTT\n\n" + at1 + "if a<b>c and <i>x</i> < <b.x><u>3</u></b> &amp; <00:01.500>y</c>\n", "3  1000-2000 : \"if a<b>c and x < 3 &amp; y</c>\"\n"},
		"no labels":        {"WEBVTT\n\n" + at1 + "note: the area is: 4\n\n" + at2 + "Question: why?\n", "3  1000-2000 : \"note: the area is: 4\"\n6  2000-3500 : \"Question: why?\"\n"},
		"odd labels":       {"WEBVTT\n\n" + at1 + "mo (@mm): a\n\n" + at1 + "1555****123: b\n\n" + at1 + "maría de la o: c\n\n" + at1 + "李 文: d\n\n" + at1 + "So Young: e\n", "3  1000-2000 mo (@mm): \"a\"\n6  1000-2000 1555****123: \"b\"\n9  1000-2000 maría de la o: \"c\"\n12  1000-2000 李 文: \"d\"\n15  1000-2000 So Young: \"e\"\n"},
		"captions": {
			"\ufeff\n[Pia K] 23:59:58\nhi\n\nyou\n\n[Omar [x]] 12:00:03 AM\nno\n",
			"2  86398000-3000 Pia K: \"hi\\n\\nyou\"\n7  3000-3000 Omar [x]: \"no\"\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := showCues(t, test.transcript); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestTranscriptFaults(t *testing.T) {
	const at1, at2 = "00:01.000 --> 00:02.000\n", "00:02.000 --> 00:03.500\n"
	const x, y = "1000-2000 : \"x\"\n", "2000-3500 : \"y\"\n"
	tests := map[string]struct{ transcript, want string }{
		"empty":                    {"", "line 1 malformed\n"},
		"SubRip":                   {"1\n00:00:01,000 --> 00:00:02,000\nx\n", "line 1 malformed\n"},
		"a comma":                  {"WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nx\n\n" + at2 + "y\n", "line 3 malformed\n6  " + y},
		"sixty minutes":            {"WEBVTT\n\n00:60:01.000 --> 00:60:02.000\nx\n\n" + at2 + "y\n", "line 3 malformed\n6  " + y},
		"text without a time":      {"WEBVTT\n\n" + at1 + "x\n\nand on\nand on\n\n" + at2 + "y\n", "3  " + x + "line 6 malformed\n9  " + y},
		"one line without a time":  {"WEBVTT\n\n" + at1 + "x\n\nand on\n\n" + at2 + "y\n", "3  " + x + "line 6 malformed\n8  " + y},
		"cut in an identifier":     {"WEBVTT\n\n" + at1 + "x\n\n12", "3  " + x + "line 6 malformed\n"},
		"cut in a time":            {"WEBVTT\n\n" + at1 + "x\n\n12\n00:02.000 --> 00:", "3  " + x + "line 7 malformed\n"},
		"cut before an arrow":      {"WEBVTT\n\n" + at1 + "x\n\n12\n00:00:02.0", "3  " + x + "line 7 malformed\n"},
		"cut behind a time":        {"WEBVTT\n\n" + at1 + "x\n\n12\n00:02.000 --> 00:03.500", "3  " + x + "line 7 malformed\n"},
		"a bad byte":               {"WEBVTT\n\n" + at1 + "x\xff\n\n" + at2 + "y\n", "line 4 malformed\n6  " + y},
		"a bad byte in a name":     {"WEBVTT\n\n1\xff\n" + at1 + "x\n\n" + at2 + "y\n", "line 3 malformed\n4  " + x + "7  " + y},
		"a bad byte in the title":  {"WEBVTT \xff\n\n" + at2 + "y\n", "line 1 malformed\n3  " + y},
		"a NUL":                    {"WEBVTT\n\n" + at1 + "x\x00\n\n" + at2 + "y\n", "line 4 malformed\n6  " + y},
		"a broken time in a cue":   {"WEBVTT\n\n" + at1 + "x\n00:02.000 --> 00:0\nz\n\n" + at2 + "y\n", "3  " + x + "line 5 malformed\n8  " + y},
		"a bad byte in a caption":  {"[Pia] 10:00:00\nx\xff\n\n[Omar] 10:00:02\ny\n", "line 2 malformed\n4  36002000-36002000 Omar: \"y\"\n"},
		"captions cut in a header": {"[Pia] 10:00:00\nx\n\n[Omar] 10:0", "1  36000000-36000000 Pia: \"x\"\nline 4 malformed\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := showCues(t, test.transcript); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestLabelsOfAFile(t *testing.T) {
	var b strings.Builder
	b.WriteString("WEBVTT\n\n")
	for i, said := range []string{
		"Room 3: Pia: hi", "the cat of our house: hm", "Omar: so: what", "Room 3: Pia: yes: no", "the cat of our house: ok", "Omar: then",
		"Room 3: Pia: bye", "the cat of our house: bye", "Omar: the sum is: 4", "the sum is: 5",
	} {
		fmt.Fprintf(&b, "%d\n00:%02d.000 --> 00:59.000\n%s\n\n", i+1, i, said)
	}
	cues, faults := collect(t, Transcript(strings.NewReader(b.String())))
	if len(faults) > 0 || len(cues) != 10 {
		t.Fatal(cues, faults)
	}
	for i, want := range map[int][2]string{
		0: {"Room 3: Pia", "hi"}, 3: {"Room 3: Pia", "yes: no"}, 1: {"the cat of our house", "hm"},
		2: {"Omar", "so: what"}, 8: {"Omar", "the sum is: 4"}, 9: {"", "the sum is: 5"},
	} {
		if got := [2]string{cues[i].Speaker, cues[i].Text}; got != want {
			t.Errorf("cue %d: got %q, want %q", i+1, got, want)
		}
	}
}
