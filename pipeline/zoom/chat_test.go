package zoom

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// show writes what a chat holds, one record a line: sender > recipient: kind
// text "quote" emoji. Public messages that name no recipient have ">" alone.
func show(t testing.TB, chat string) string {
	t.Helper()
	var b strings.Builder
	for m, err := range Chat(strings.NewReader(chat)) {
		var malformed *Malformed
		if errors.As(err, &malformed) {
			fmt.Fprintf(&b, "line %d malformed\n", malformed.Line)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		to := ""
		if m.To.Stated {
			to = strings.TrimSpace(string(m.To.Kind) + " " + m.To.Name)
		}
		fmt.Fprintf(&b, "%d %s %s>%s: %s %q", m.Line, clockText(m.TimeMS), m.Sender, to, m.Kind, m.Text)
		if m.HasQuote {
			fmt.Fprintf(&b, " of %q", m.Quoted)
		}
		if m.Refers > 0 {
			fmt.Fprintf(&b, " (%d)", m.Refers)
		}
		b.WriteString(m.Emoji + "\n")
	}
	return b.String()
}

func TestChatDialects(t *testing.T) {
	tests := map[string]struct{ chat, want string }{
		"nothing":           {"", ""},
		"blank lines alone": {"\r\n\n\r", ""},
		"cloud": {
			"00:01:00\tPia K:\tgood evening\r\n00:01:09\tOmar (he/him):\ttwo\nlines\rand three\r\n",
			"1 00:01:00 Pia K>: message \"good evening\"\n2 00:01:09 Omar (he/him)>: message \"two\\nlines\\nand three\"\n",
		},
		"cloud with LF, as a repository turns it": {
			"00:01:00\tPia K:\ta: b\n00:01:09\tOmar:\ttwo\nlines\n\n00:02:00\tPia K:\tc\n",
			"1 00:01:00 Pia K>: message \"a: b\"\n2 00:01:09 Omar>: message \"two\\nlines\"\n5 00:02:00 Pia K>: message \"c\"\n",
		},
		"cloud with CR": {
			"00:01:00\tPia K:\ta\r00:01:09\tOmar:\ttwo\rlines\r",
			"1 00:01:00 Pia K>: message \"a\"\n2 00:01:09 Omar>: message \"two\\nlines\"\n",
		},
		"cloud with CRLF within messages": {
			"00:01:00\tPia K:\tthe plan\r\n1. sums\r\n2. roots\r\n00:01:09\tOmar:\tfine\r\n",
			"1 00:01:00 Pia K>: message \"the plan\\n1. sums\\n2. roots\"\n4 00:01:09 Omar>: message \"fine\"\n",
		},
		"a colon and \" to \" in a cloud name": {
			"00:01:00\tFrom A to B: Pia:\thi\r\n00:01:05\tOmar:\tyo\r\n00:01:07\tOmar:\tyo\r\n",
			"1 00:01:00 From A to B: Pia>: message \"hi\"\n2 00:01:05 Omar>: message \"yo\"\n3 00:01:07 Omar>: message \"yo\"\n",
		},
		"a TAB lost at the end of an empty message": {
			"00:01:00\tPia:\r\n00:01:05\tOmar:\tyo\r\n",
			"1 00:01:00 Pia>: message \"\"\n2 00:01:05 Omar>: message \"yo\"\n",
		},
		"cloud with recipients": {
			"00:01:00\tFrom Pia to Everyone:\thi\n00:01:04\tFrom Omar to Pia:\thm\n00:01:04\tFrom Omar to Pia (Direct Message):\tps\n",
			"1 00:01:00 Pia>everyone: message \"hi\"\n2 00:01:04 Omar>direct Pia: message \"hm\"\n3 00:01:04 Omar>direct Pia: message \"ps\"\n",
		},
		"a line of the chat pasted into a message": {
			"00:05:00\tPia:\twhat did he mean?\n00:01:09\tOmar:\ttwo\r\n00:05:30\tOmar:\tthis\r\n",
			"1 00:05:00 Pia>: message \"what did he mean?\\n00:01:09\\tOmar:\\ttwo\"\n3 00:05:30 Omar>: message \"this\"\n",
		},
		"indented, two blanks": {
			"9:01:00 From  Pia K  to  Everyone:\n  hi\n9:01:05 From  Omar  to  Pia K (Direct Message):\n\tsee\n\t  2x\n\n\t= 4\n",
			"1 09:01:00 Pia K>everyone: message \"hi\"\n3 09:01:05 Omar>direct Pia K: message \"see\\n  2x\\n\\n= 4\"\n",
		},
		"a pasted header is indented": {
			"09:01:00 From  Pia  to  Everyone:\r\n  he wrote\r\n  09:00:00 From  Omar  to  Everyone:\r\n    no\r\n09:02:00 From  Omar  to  Everyone:\n  I did not\n",
			"1 09:01:00 Pia>everyone: message \"he wrote\\n09:00:00 From  Omar  to  Everyone:\\n  no\"\n5 09:02:00 Omar>everyone: message \"I did not\"\n",
		},
		"12-hour clocks": {
			"12:01:00 AM From Pia to Everyone : a\n1:02:03 PM From Pia to Everyone : b\n12:00:01\u202fpm From Pia to Everyone : c\n11:59:59 p.m. From Pia to Everyone : d\n",
			"1 00:01:00 Pia>everyone: message \"a\"\n2 13:02:03 Pia>everyone: message \"b\"\n3 12:00:01 Pia>everyone: message \"c\"\n4 23:59:59 Pia>everyone: message \"d\"\n",
		},
		"public without a recipient, private with one": {
			"13:00:00\t From  Pia : go from page 3 to page 4 : ok?\n13:00:08\t From Omar  To  Pia K(privately) : no : never\n13:00:11\t From Road to Rome : me too\n",
			"1 13:00:00 Pia>: message \"go from page 3 to page 4 : ok?\"\n2 13:00:08 Omar>direct Pia K: message \"no : never\"\n3 13:00:11 Road to Rome>: message \"me too\"\n",
		},
		"names with colons where recipients are named": {
			"13:00:00 From Room 3 : Pia to Everyone : x : y\n13:00:08 From Room 3: Pia to Omar (Direct Message) : no\n13:00:09 From Omar to Everyone : a to Everyone : b\n",
			"1 13:00:00 Room 3 : Pia>everyone: message \"x : y\"\n2 13:00:08 Room 3: Pia>direct Omar: message \"no\"\n3 13:00:09 Omar>everyone: message \"a to Everyone : b\"\n",
		},
		"a colon of a name or of a text": {
			"13:00:00 From Room 3 : Pia to Everyone : x : y\n13:00:08 From Omar to Pia (Direct Message) : no\n",
			"line 1 malformed\n2 13:00:08 Omar>direct Pia: message \"no\"\n",
		},
		"a recipient in the text of a file that names none": {
			"13:00:00 From Pia : say hi to Everyone : x\n13:00:08 From Omar : no\n",
			"1 13:00:00 Pia>: message \"say hi to Everyone : x\"\n2 13:00:08 Omar>: message \"no\"\n",
		},
		"\" to \" in a public sender": {
			"13:00:00 From Road to Rome to Everyone:\n\tgo to Everyone: now\n",
			"1 13:00:00 Road to Rome>everyone: message \"go to Everyone: now\"\n",
		},
		"\" to \" in a private sender beside wider blanks": {
			"13:00:00 From  Road to Rome  to  Pia to Go(Privately) : hi\n",
			"1 13:00:00 Road to Rome>direct Pia to Go: message \"hi\"\n",
		},
		"\" to \" in a private sender who also wrote in public": {
			"13:00:00 From Road to Rome to Everyone : hi\n13:00:08 From Road to Rome to Pia (Direct Message) : psst\n13:00:09 From Pia to Road to Rome (Direct Message) : what\n",
			"1 13:00:00 Road to Rome>everyone: message \"hi\"\n2 13:00:08 Road to Rome>direct Pia: message \"psst\"\n3 13:00:09 Pia>direct Road to Rome: message \"what\"\n",
		},
		"\" to \" in a sender who is not known": {
			"13:00:08 From Road to Rome to Pia (Direct Message) : psst\n13:00:09 From Omar to Everyone : what\n",
			"line 1 malformed\n2 13:00:09 Omar>everyone: message \"what\"\n",
		},
		"one \" to \" in a file that does not say whether it names recipients": {
			"13:00:08 From Road to Rome : hi\n",
			"line 1 malformed\n",
		},
		"a webinar": {
			"18:00:00 From Pia to Hosts and panelists:\n\ta\n18:00:01 From Pia to Omar, Jr., Hosts and panelists:\n\tb\n18:00:02 From Pia to All panelists and attendees:\n\tc\n",
			"1 18:00:00 Pia>hosts_and_panelists: message \"a\"\n3 18:00:01 Pia>hosts_and_panelists Omar, Jr.: message \"b\"\n5 18:00:02 Pia>everyone: message \"c\"\n",
		},
		"German": {
			"14:15:03 Von Pia an Omar an Alle : x\n14:15:09\t Von  Omar  an  Pia(Privat) : y\n",
			"1 14:15:03 Pia an Omar>everyone: message \"x\"\n2 14:15:09 Omar>direct Pia: message \"y\"\n",
		},
		"Dutch, French, Spanish, Chinese": {
			"14:15:03 Van Pia aan Iedereen : x\n14:15:04 De Pia à Tout le monde : x\n14:15:05 De Pia a Todos : x\n14:15:06 从 李文 到 所有人 : x\n",
			"1 14:15:03 Pia>everyone: message \"x\"\n2 14:15:04 Pia>everyone: message \"x\"\n3 14:15:05 Pia>everyone: message \"x\"\n4 14:15:06 李文>everyone: message \"x\"\n",
		},
		"the time on a line of its own": {
			"11:45:12\n From Pia : hi\n11:45:50\n From Omar : at\n11:50:00\nwe stop\n11:46:00\n From Pia : ok\n",
			"1 11:45:12 Pia>: message \"hi\"\n3 11:45:50 Omar>: message \"at\\n11:50:00\\nwe stop\"\n7 11:46:00 Pia>: message \"ok\"\n",
		},
		"a file that ends behind a time of its own": {
			"11:45:12\n From Pia : hi\n11:45:50",
			"1 11:45:12 Pia>: message \"hi\"\nline 3 malformed\n",
		},
		"copied from the panel": {
			"Me to Everyone 06:47 PM\nhi\n\nFrom Pia to Me (Direct Message) 7:05 PM\nFrom Omar to Me 09:00 PM\nhe said\n\nand more\n\nFrom Omar to Me: (Privately) (12:05 AM)\nno\n",
			"1 18:47:00 Me>everyone: message \"hi\"\nline 5 malformed\n10 00:05:00 Omar>direct Me: message \"no\"\n",
		},
		"copied from the panel, an earlier line pasted": {
			"Me to Everyone 06:47 PM\nhi\n\nFrom Pia to Me (Direct Message) 7:05 PM\nsee\nFrom Omar to Me 06:00 PM\n\nMe to Pia (Direct Message) 18:59\nok\n",
			"1 18:47:00 Me>everyone: message \"hi\"\n4 19:05:00 Pia>direct Me: message \"see\\nFrom Omar to Me 06:00 PM\"\n8 18:59:00 Me>direct Pia: message \"ok\"\n",
		},
		"dated": {
			"2026-02-02 09:00:00 From Pia to Everyone:\nhi\nyou\n2026-02-03 00:00:41 From Omar to Pia (Direct Message):\nhm\n",
			"1 09:00:00 Pia>everyone: message \"hi\\nyou\"\n4 00:00:41 Omar>direct Pia: message \"hm\"\n",
		},
		"separators of Unicode are text": {
			"00:31:02\tPia:\ta\u2028b\u2029c\u0085d\u00a0e\u200b\u00ad\v\f\r\n",
			"1 00:31:02 Pia>: message \"a\\u2028b\\u2029c\\u0085d\\u00a0e\\u200b\\u00ad\\v\\f\"\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := show(t, test.chat); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestChatFaults(t *testing.T) {
	const first, last = "00:01:00\tPia:\thi\r\n", "00:09:00\tOmar:\tbye\r\n"
	const hi, bye = "00:01:00 Pia>: message \"hi\"\n", "00:09:00 Omar>: message \"bye\"\n"
	tests := map[string]struct{ chat, want string }{
		"no chat":                     {"Dear all,\nwe meet at 10:00:00.\n", "line 1 malformed\n"},
		"text before the first":       {"Dear all,\r\nall\r\n" + first, "line 1 malformed\n3 " + hi},
		"a bad byte":                  {first + "00:02:00\tOmar:\tx\xff\ny\r\n" + last, "1 " + hi + "line 2 malformed\n4 " + bye},
		"a bad byte in a name":        {first + "00:02:00\tOm\xe1r:\tx\r\n" + last, "1 " + hi + "line 2 malformed\n3 " + bye},
		"a bad byte in a second line": {first + "00:02:00\tOmar:\tx\ny\x80\nz\r\n" + last, "1 " + hi + "line 3 malformed\n5 " + bye},
		"a NUL":                       {first + "00:02:00\tOmar:\tx\x00\r\n" + last, "1 " + hi + "line 2 malformed\n3 " + bye},
		"a damaged header":            {first + "00:02:00\tPia:\tp\nq\r\n0?:03:00\tOmar:\tmine\nnot hers\r\n" + last, "1 " + hi + "2 00:02:00 Pia>: message \"p\\nq\"\nline 4 malformed\n6 " + bye},
		"mixed line ends":             {first + "00:02:00\tOmar:\tx\n00:03:00\tPia:\ty\r\n" + last, "1 " + hi + "line 3 malformed\n4 " + bye},
		"cut in an hour":              {first + "00:02:00\tOmar:\ty\r\n00:0", "1 " + hi + "2 00:02:00 Omar>: message \"y\"\nline 3 malformed\n"},
		"cut in a time":               {"00:01:00\tPia:\thi\n00:02:0", "1 " + hi + "line 2 malformed\n"},
		"cut in a name":               {"00:01:00\tPia:\thi\n00:02:00\tOm", "1 " + hi + "line 2 malformed\n"},
		"cut in a saved name":         {"00:01:00 From Pia : hi\n00:02:00 From  Om", "1 " + hi + "line 2 malformed\n"},
		"cut in a saved word":         {"00:01:00 From Pia : hi\n00:02:00 Fr", "1 " + hi + "line 2 malformed\n"},
		"cut in a panel's line":       {"From Pia to Everyone 01:00\nhi\n\nFrom Omar to Ev", "1 01:00:00 Pia>everyone: message \"hi\"\nline 4 malformed\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := show(t, test.chat); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestFaultsSayNothingOfTheFile(t *testing.T) {
	const secret = "Zebulon"
	for _, file := range []string{
		secret + "\n",
		"00:01:00\t" + secret + ":\t\xff\r\n",
		"00:01:00 From " + secret + " to " + secret + " : x\n",
		"WEBVTT\n\n" + secret + "\n\n",
		"WEBVTT\n\n00:01 --> " + secret + "\n\n",
		"Name (Original Name),Guest\n" + secret + "\n\"" + secret,
		`{"start_time": "` + secret + `"}`, `{"start_time": ` + secret, `{"id": "` + secret + `", "start_time": ""}`, `{"topic": 1, "` + secret + `": 1}`,
	} {
		_, err := ParseRecording([]byte(file))
		found := []error{err}
		for _, err := range Chat(strings.NewReader(file)) {
			found = append(found, err)
		}
		for _, err := range Transcript(strings.NewReader(file)) {
			found = append(found, err)
		}
		for _, err := range Participants(strings.NewReader(file)) {
			found = append(found, err)
		}
		for _, err := range found {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("an error tells of the file: %v", err)
			}
		}
	}
}

func TestReplies(t *testing.T) {
	const asked = "00:00:01\tPia:\the wrote \"go\"\nthen \"stop\"\r\n"
	tests := map[string]struct{ chat, want string }{
		"a quote of a message with marks and lines": {
			asked + "00:00:02\tOmar:\tReplying to \"he wrote \"go\"\nthen \"stop\"\"\n\nso?\r\n",
			`reply "so?" of "he wrote \"go\"\nthen \"stop\"" (1)`,
		},
		"a quote that is cut": {
			asked + "00:00:02\tOmar:\tReplying to \"he wrote \"go\" then...\"\n\nso?\r\n",
			`reply "so?" of "he wrote \"go\" then..." (1)`,
		},
		"a quote of nothing that is there": {
			asked + "00:00:02\tOmar:\tReplying to \"she wrote \"x\" and y\"\n\nhe said \"no\"\n\nnever\r\n",
			`reply "he said \"no\"\n\nnever" of "she wrote \"x\" and y"`,
		},
		"a reply without a text":      {asked + "00:00:02\tOmar:\tReplying to \"he w...\"\r\n", `reply "" of "he w..." (1)`},
		"words of a reply alone":      {asked + "00:00:02\tOmar:\tReplying to \"he\r\n", `message "Replying to \"he"`},
		"a reaction":                  {asked + "00:00:02\tOmar:\tReacted to \"he wrote \"go\"\nthen \"stop\"\" with 👍🏽\r\n", `reaction "" of "he wrote \"go\"\nthen \"stop\"" (1)👍🏽`},
		"no emoji":                    {asked + "00:00:02\tOmar:\tReacted to \"he\" with joy\r\n", `message "Reacted to \"he\" with joy"`},
		"a sign of mathematics":       {"00:00:01 From Pia to Everyone : x\n00:00:02 From Omar to Everyone : add √\n", `message "add √"`},
		"an added emoji":              {"00:00:01 From Pia to Everyone : x\n00:00:02 From Omar to Everyone : add 🇨🇭\n", `reaction ""🇨🇭`},
		"the same typed in the cloud": {asked + "00:00:02\tOmar:\tadd 👍\r\n", `message "add 👍"`},
		"a flag taken back":           {asked + "00:00:02\tOmar:\tRemoved a 🏴󠁧󠁢󠁳󠁣󠁴󠁿 reaction from \"he wrote \"go\"\nth...\"\r\n", "reaction_removed \"\" of \"he wrote \\\"go\\\"\\nth...\" (1)🏴󠁧󠁢󠁳󠁣󠁴󠁿"},
		"a saved reply on its line": {
			"00:00:01 From Pia to Everyone:\n\ta \"b\" c\n00:00:02 From Omar to Everyone:\n\tReplying to \"a \"b\" c\" yes \"so\" it is\n",
			`reply "yes \"so\" it is" of "a \"b\" c" (1)`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := strings.Split(strings.TrimSpace(show(t, test.chat)), "\n")
			if last := got[len(got)-1]; !strings.HasSuffix(last, ": "+test.want) {
				t.Errorf("got %s\nwant %s", last, test.want)
			}
		})
	}
}

func TestRefersToTheLatestThatFits(t *testing.T) {
	var h history
	for _, text := range []string{"good morning everyone", "see page\u00a012\n\ntoday", "good morning everybody", "", "wait…"} {
		h.add(text)
	}
	for quoted, want := range map[string]int{
		"good morning every...": 3, "good morning everyone": 1, "good morning every": 0, "good morning  everyo…": 1,
		"see page 12 today": 2, "see page 12 to...": 2, "wait...": 5, "": 0, "...": 0, "see": 0,
	} {
		if got := h.find(quoted); got != want {
			t.Errorf("%q is of %d, want %d", quoted, got, want)
		}
	}
}

func TestHistoryIsBounded(t *testing.T) {
	var h history
	for i := range 3 * historyMessages {
		h.add(fmt.Sprintf("message %d %s", i, strings.Repeat("x", i%700)))
		if len(h.texts)-h.first > historyMessages || len(h.texts) > 2*historyMessages+1 || h.bytes > historyBytes {
			t.Fatalf("%d messages of %d bytes are kept", len(h.texts), h.bytes)
		}
	}
	total := 0
	for _, r := range h.texts {
		total += len(r.text)
	}
	if total != h.bytes {
		t.Errorf("%d bytes are counted as %d", total, h.bytes)
	}
	if h.find("message 0") != 0 || h.find("message 12287...") != 3*historyMessages {
		t.Error("the latest messages are not those that are kept")
	}
}

// TestEncodings reads one chat and one transcript in every encoding.
func TestEncodings(t *testing.T) {
	chat := "00:01:00\tZoë 👩🏽‍🏫:\tsmørrebrød\n二\r\n00:02:00\tOmar:\t🙂\r\n"
	for name, encode := range encodings {
		if got, want := show(t, encode(chat)), show(t, chat); got != want {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	vtt := "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nZoë: 二 🙂\u2028x\r\n"
	want, _ := collect(t, Transcript(strings.NewReader(vtt)))
	for name, encode := range encodings {
		got, faults := collect(t, Transcript(strings.NewReader(encode(vtt))))
		if len(faults) > 0 || len(got) != 1 || got[0] != want[0] {
			t.Errorf("%s: got %v %v", name, got, faults)
		}
	}
}

var encodings = map[string]func(string) string{
	"UTF-8":                   func(s string) string { return s },
	"UTF-8 with a mark":       func(s string) string { return "\ufeff" + s },
	"UTF-16 LE":               func(s string) string { return utf16Text(s, false) },
	"UTF-16 BE":               func(s string) string { return utf16Text(s, true) },
	"UTF-16 LE with its mark": func(s string) string { return utf16Text("\ufeff"+s, false) },
	"UTF-16 BE with its mark": func(s string) string { return utf16Text("\ufeff"+s, true) },
}

func utf16Text(s string, bigEndian bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if bigEndian {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestHalfCharactersOfUTF16AreReported(t *testing.T) {
	whole := utf16Text("\ufeff00:01:00\tPia:\thi\r\n00:02:00\tPia:\t", false)
	for name, end := range map[string]string{"half a pair": "\x3d\xd8", "half a unit": "a", "halves in the wrong order": "\x00\xdc\x3d\xd8"} {
		read, faults := collect(t, Chat(strings.NewReader(whole+end)))
		if len(read) != 1 || len(faults) != 1 || *faults[0] != (Malformed{2, notText}) {
			t.Errorf("%s: %v %v", name, read, faults)
		}
	}
}

func TestErrorsOfTheReaderEndTheFile(t *testing.T) {
	broken := errors.New("the disk is gone")
	then := func(file string) io.Reader { return io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken)) }
	last := map[string]error{}
	for _, chat := range []string{"", "x", "00:01:00\tPia:\thi\r\n00:02:00\tPia:\tyou\r\n", "11:45:12\n From Pia : hi\n11:45:50\n"} {
		for _, err := range Chat(then(chat)) {
			last[chat] = err
		}
	}
	for _, transcript := range []string{"W", "WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n\n", "[Pia] 10:00:00\nhi\n"} {
		for _, err := range Transcript(then(transcript)) {
			last[transcript] = err
		}
	}
	for _, people := range []string{"\n", "Name,Guest\nPia,No\n", "Device,Guest\nx,No\n"} {
		for _, err := range Participants(then(people)) {
			last[people] = err
		}
	}
	if len(last) != 10 {
		t.Error(len(last))
	}
	for file, err := range last {
		if !errors.Is(err, broken) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestReadingStopsWhenNobodyWantsMore(t *testing.T) {
	for range Chat(strings.NewReader("x\n00:01:00\tPia:\thi\n00:02:00\tPia:\tyou\n")) {
		break
	}
	for range Transcript(strings.NewReader("WEBVTT\n\nx\n\n00:01.000 --> 00:02.000\nhi\n")) {
		break
	}
	for range Participants(strings.NewReader("Name,Guest\nPia\nOmar,No\n")) {
		break
	}
}
