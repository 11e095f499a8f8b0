package pattern

import (
	"strings"
	"unicode"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// username finds single written words that no lesson has and that let somebody
// be found or let in: "sleepyaxolotl7", "rat.king.rhys", "stu_71093",
// "bluefrog7". The shape says that it is one, what is talked about says which: a
// name on a network, a login or card of a school, or a code of a room.
type username struct{ cues *phrases }

const (
	roomCode    = iota // what lets into a room
	schoolCard         // what a school calls somebody
	networkName        // where somebody has a name
)

func newUsername() username {
	return username{newPhrases(roomWords, schoolWords, networkWords)}
}

// roomWords are spoken around a code that lets somebody into a room.
var roomWords = []string{
	"passcode", "pass code", "password", "pass", "pwd", "pw", "passkey", "pword", "psw", "code", "the code", "a code", "host key", "key is", "pin", "game pin", "let me in", "let us in", "let u in", "let you in", "letting me in", "get in", "gets u in", "gets you in",
	"ask for", "asks for", "asking for", "asking me for", "asks me for", "asked for", "says wrong", "wrong code", "host changed", "changed it", "it wants", "zoom wants", "what do i put", "what do we put", "what do i type", "what do i enter", "waiting room is off", "to join", "breakout", "join with", "unlock",
}

// schoolWords are spoken around what a school or an examination board calls
// somebody: portals, cards, counters where a number is typed.
var schoolWords = []string{
	"skyward", "powerschool", "power school", "canvas", "clever", "schoology", "infinite campus", "aeries", "genesis", "studentvue", "student vue", "parentvue", "parent portal", "student portal", "portal", "classlink", "class link", "naviance", "synergy", "blackboard", "moodle", "brightspace",
	"college board", "collegeboard", "common app", "bluebook", "the login", "my login", "login is", "login name", "log in is", "logins", "ur login", "your login", "sign in is", "badge", "cafeteria", "lunch", "locker", "library", "my card", "the card", "your card", "id card", "back of my id", "student id", "school id", "my id", "your id", "ur id", "the id", "id is", "testing number", "testing id",
	"state testing", "roster says", "roster has", "on the roster", "have you under", "got you under", "have you as", "have u as", "have you down as", "see you under", "kiosk", "chromebook", "student number", "student num", "district", "test center", "ticket", "registration", "registered as", "my account is", "osis", "perm", "my perm", "candidate no", "candidate number", "student no", "reg no", "school number", "isnt recognized", "not recognized", "doesnt recognize", "not found", "no account", "number on my", "act id", "sat id", "the system", "school email login", "homeroom",
}

// networkWords are spoken where somebody has a name of their own.
var networkWords = []string{
	"insta", "instagram", "ig", "snap", "snapchat", "tiktok", "tik tok", "discord", "disc", "roblox", "xbox", "psn", "twitch", "steam", "github", "reddit", "kik", "vsco", "spotify", "minecraft", "fortnite", "lichess", "chess com", "chess.com", "duolingo", "duo", "scratch", "replit", "quizlet", "kahoot", "quizizz", "blooket", "gimkit", "youtube", "yt", "twitter", "bereal", "switch", "nintendo",
	"gamertag", "username", "user name", "user", "usernames", "handle", "tag", "ign", "add", "add me", "dm", "dms", "pm me", "follow", "followed", "friend me", "find me", "look me up", "search me", "subscribe", "sub", "my alt", "alt", "my main", "acc", "my acc", "account", "screen name", "nickname", "nick", "profile", "posted", "streams", "streaming", "channel", "waiting room", "joined", "who is", "whos", "thats me", "was me", "is me", "its me", "me lol", "request", "on there", "in there", "my @",
	"valorant", "riot", "epic", "overwatch", "genshin", "clash royale", "brawl stars", "strava", "goodreads", "letterboxd", "wattpad", "ao3", "pinterest", "tumblr", "telegram", "whatsapp", "skype", "leetcode", "codeforces", "kaggle", "geoguessr", "wordle", "nyt", "monkeytype", "prodigy", "ixl", "desmos", "khan",
}

func (username) Name() string { return "pattern/username" }

func (u username) phrases() *phrases { return u.cues }

func (u username) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var values []string
	var room, school, name window
	numbers := 0 // of schools that may be answered in the chat
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = u.cues.find(v, hits[:0])
		at := [3]bool{}
		for _, h := range hits {
			at[h.tag] = true
		}
		if at[roomCode] && v.asking() {
			room.open(v)
		}
		if at[schoolCard] && v.asking() {
			school.open(v)
			if !v.chat && saysAny(v, "your", "ur") && saysAny(v, "number", "id", "pin", "put", "type") {
				numbers = 3
			}
		}
		if at[networkName] && v.asking() {
			name.open(v)
		}
		if v.chat && numbers > 0 && len(v.tok)-v.body == 1 && v.digits(v.body) && v.size(v.body) >= 5 && v.size(v.body) <= 10 && !strings.HasSuffix(v.text, "00") {
			found = append(found, v.tokens(v.body, v.body+1, finding.ID, 0.97, "username/chat", "digits alone in the chat after a number was asked for aloud"))
			numbers--
		}
		if v.numeric() {
			found = u.numbers(lines, i, at, room, school, found)
		}
		if v.chat {
			found = signed(v, room.holds(v) && v.line > room.line || at[roomCode], found)
		}
		if !v.glues() {
			continue
		}
		for t := v.body; t < len(v.tok); {
			end := v.cluster(t)
			if end <= t+1 {
				t = max(end, t+1)
				continue
			}
			word := v.text[v.tok[t].Start:v.tok[end-1].End]
			sure := v.strange(t, end, word)
			if sure == 0 && ((at[schoolCard] || school.holds(v)) && smallCard(word) || (name.holds(v) && v.only(v.body, t) && v.only(end, len(v.tok)) || v.chat && greeted[v.norm(t-1)]) && pointed(word)) {
				sure = 1
			}
			start := t
			t = end
			if sure == 0 || v.operator(start-1, true) || v.operator(end, false) {
				continue
			}
			evidence := at[roomCode] || at[schoolCard] || at[networkName] || room.holds(v) || school.holds(v) || name.holds(v) || v.chat && v.only(v.body, start) && v.only(end, len(v.tok)) || v.introduced(start)
			if sure < 2 && !evidence {
				continue
			}
			kind := finding.Handle
			switch {
			case cardShape(word), at[schoolCard] && !at[roomCode]:
				kind = finding.ID
			case at[roomCode], room.holds(v) && !at[networkName]:
				kind = finding.Meeting
			case school.holds(v) && !at[networkName]:
				kind = finding.ID
			}
			score := 0.6
			if evidence {
				score = 0.85
			}
			found = append(found, v.tokens(start, end, kind, score, "username/shape", "a word of letters and digits or points that no lesson has"))
			values = append(values, word)
		}
	}
	return append(found, literally(lines, values, found, finding.Handle, "username/again")...)
}

// asking reports whether the line asks for something or says where it is to be
// put.
func (v *view) asking() bool {
	for i := range v.tok {
		switch v.tok[i].Norm {
		case "?", "what", "whats", "which", "wat", "wats", "asking", "asks", "ask", "asked", "wants", "need", "needs", "send", "drop", "put", "type", "enter", "whos", "who", "your", "ur", "anyone", "give", "gimme", "forgot", "how", "wont", "cant", "let", "is", "wrong", "keeps", "says":
			return true
		}
	}
	return false
}

// glues reports whether letters touch a digit or a point anywhere in the line.
func (v *view) glues() bool {
	for i := 0; i+1 < len(v.tok); i++ {
		if v.tok[i].End != v.tok[i+1].Start {
			continue
		}
		a, b := v.tok[i].Shape, v.tok[i+1].Shape
		if a.Word() && b == text.Digit || a == text.Digit && b.Word() {
			return true
		}
		if a.Word() && b == text.Mark && i+2 < len(v.tok) && v.tok[i+1].End == v.tok[i+2].Start && v.tok[i+2].Shape != text.Mark {
			switch v.tok[i+1].Norm {
			case "_", ".", "#", "-":
				return true
			}
		}
		if b == text.Mark && v.tok[i+1].Norm == "_" || a == text.Mark && v.tok[i].Norm == "_" {
			return true
		}
	}
	return false
}

// cluster ends the letters, digits and points that touch each other from token
// t on; t when other marks of a formula or an address touch them.
func (v *view) cluster(t int) int {
	if v.tok[t].Shape == text.Mark && v.norm(t) != "_" {
		return t
	}
	end := t
	for end < len(v.tok) && (end == t || v.joined(end-1)) {
		if v.tok[end].Shape == text.Mark {
			switch v.norm(end) {
			case "_":
			case ".", "#", "-":
				if !v.joined(end) || end+1 >= len(v.tok) || v.tok[end+1].Shape == text.Mark && v.norm(end+1) != "_" {
					return v.formula(t, end)
				}
			default:
				return v.formula(t, end)
			}
		}
		end++
	}
	return v.formula(t, end)
}

// formula gives t for a cluster that marks of a formula or address touch, past
// which it is to be looked for the next one, and end for others.
func (v *view) formula(t, end int) int {
	if t > 0 && v.joined(t-1) && strings.Contains("/@\\^*=+<>|:~√(-.", v.norm(t-1)) && !(v.norm(t-1) == "(" && (t < 2 || !v.joined(t-2))) && !(v.norm(t-1) == ":" && v.word(t-2)) {
		return t + 1
	}
	if end < len(v.tok) && v.joined(end-1) && strings.Contains("/@\\^*=+<>|~√(-'’", v.norm(end)) {
		return t + 1
	}
	return end
}

// strange is 2 for a word that has the shape of a name or card on its own, 1
// for one that needs to be talked about as such, and 0 for others.
func (v *view) strange(t, end int, word string) int {
	letters, digits, longest, stem, turns := 0, 0, 0, 0, 0
	under, dots, hash, dash := 0, 0, -1, 0
	prev := rune(0)
	for i, r := range word {
		switch {
		case unicode.IsLetter(r):
			letters++
			stem++
			longest = max(longest, stem)
			if unicode.IsDigit(prev) {
				turns++
			}
		case unicode.IsDigit(r):
			digits++
			stem = 0
			if unicode.IsLetter(prev) {
				turns++
			}
		default:
			stem = 0
			switch r {
			case '_':
				under++
			case '.':
				dots++
			case '-':
				dash++
			case '#':
				hash = i
			}
		}
		prev = r
	}
	switch {
	case cardShape(word):
		return 2
	case hash > 2 && letters >= 3 && len(word)-hash == 5 && keepDigits(word[hash:]) == word[hash+1:]:
		return 2 // a discriminator: name#0412
	case dash > 0 && (under > 0 || dots > 0), letters < 3, longest < 3 && under == 0, abbreviated(word):
		return 0
	case under > 0:
		if letters >= 5 || letters >= 4 && digits > 0 {
			return 2
		}
		return 1
	case dots > 0:
		return dotted(v, t, end, word)
	case dash > 0:
		if digits > 0 && dash == 1 && longest >= 4 && v.word(t) && v.digits(end-1) && end == t+3 && !lessonStems[v.norm(t)] && !noStreet[v.norm(t)] {
			return 1
		}
		return 0
	case digits == 0 || hash >= 0:
		return 0
	case v.digits(t): // 29jrivers, but not 30minutes
		if end == t+2 && (longest < 5 || lessonUnits[v.norm(t+1)] || noStreet[v.norm(t+1)] || lessonStems[v.norm(t+1)] || operatorWord(v.norm(t+1))) {
			return 0
		}
		return 1
	case lessonStems[v.norm(t)] || leet(word):
		return 0
	case turns > 1 && longest >= 3 && letters >= 4:
		return 2
	case end == t+2 && (letters >= 5 && digits >= 2 || letters >= 8):
		return 2
	case end == t+2 && (letters >= 4 || letters == 3 && digits > 2):
		return 1
	}
	return 0
}

// numbers finds what a room or a school asks for where it is digits only: said
// one by one, "eight eight one two", or all of a message after a question.
func (u username) numbers(lines []view, i int, at [3]bool, room, school window, found []finding.Candidate) []finding.Candidate {
	v := &lines[i]
	line := at[roomCode] || at[schoolCard]
	soon := room.holds(v) && v.line > room.line && v.line-room.line <= 4 || school.holds(v) && v.line > school.line && v.line-school.line <= 4
	if !line && !soon && v.numerals() < 6 {
		return found
	}
	kind := finding.ID
	if at[roomCode] || !at[schoolCard] && room.holds(v) {
		kind = finding.Meeting
	}
	for _, r := range v.runs() {
		n := len(r.digits)
		if r.math || r.climbs || n < 4 || n > 12 || v.numberedOtherwise(r) {
			continue
		}
		said := r.words == r.elements && r.single == r.elements
		from := r.from
		score := 0.0
		switch {
		case r.words == 0 && n == 11 && r.seps == dash && len(r.groups) == 3 && r.groups[0] == 3 && r.groups[1] == 4 && r.digits[0] != '0' && !strings.ContainsAny(v.text, "=+"):
			score, kind = 0.97, finding.Meeting // grouped as a meeting id
		case said && distinct(r.digits) > 2 && n >= 6 && !r.listed() && (line || soon || r.digits[0] == '0' || n > 8 && n < 12 || v.lettered(from) < from || typedBefore[v.norm(from-1)]):
			score = 0.6
			if line || soon {
				score = 0.85
			}
			from = v.lettered(from)
		case said && line && distinct(r.digits) > 1 && !r.listed():
			score, from = 0.75, v.lettered(from)
		case said && soon && (v.only(v.body, v.lettered(from)) || v.introduced(from)) && !r.listed():
			score, from = 0.75, v.lettered(from)
		case r.words == 0 && len(r.groups) == 1 && v.chat && soon && v.only(v.body, from) && len(v.tok)-r.to <= 1 && !strings.HasSuffix(r.digits, "00"):
			score = 0.97
		case r.words == 0 && len(r.groups) == 1 && line && v.norm(from-1) == ":" && v.only(r.to, len(v.tok)):
			score = 0.97
		case r.words == 0 && len(r.groups) == 1 && v.chat && at[schoolCard] && saysAny(v, "my", "mine", "mines") && (v.norm(from-1) == "is" || v.norm(from-1) == "its" || v.norm(from-1) == "#") && v.only(r.to, len(v.tok)):
			score = 0.97
		case r.words == 0 && (n > 4 || n == 4 && line) && r.digits[0] == '0' && len(r.groups) == 1 && (line || v.introduced(from)):
			score = 0.8 // no quantity begins with a zero
		}
		if score == 0 {
			continue
		}
		found = append(found, v.tokens(from, r.to, kind, score, "username/digits", "digits one by one, or alone, where a code or number of somebody's is meant"))
		if k := previous(lines, i); k >= 0 && from == r.from && v.only(v.body, from) && (line || soon) {
			if w := &lines[k]; w.norm(w.body+1) == "as" && len(w.norm(w.body)) == 1 && len(w.tok)-w.body <= 5 { // "M as in Mary,"
				found = append(found, w.tokens(w.body, min(w.body+4, len(w.tok)), kind, score, "username/letter", "the letter before digits in the next line"))
			}
		}
	}
	return found
}

// codeGoesOn are words of noStreet that may follow a code.
var codeGoesOn = set("is on and so for but at it with i if when then because you from in to not or just the they no yes that")

// signed finds codes with marks inside, "Slope=Rise", where a code is asked for,
// and a meeting id with its code behind a stroke: "431 906 7752 / sine&cos".
func signed(v *view, asked bool, found []finding.Candidate) []finding.Candidate {
	for t := v.body; t < len(v.tok); t++ {
		if !v.word(t) && !v.digits(t) || v.joined(t-1) {
			continue
		}
		end, marks, letters := t, 0, 0
		for end < len(v.tok) && (end == t || v.joined(end-1)) {
			if v.word(end) {
				letters += len(v.norm(end))
			} else if !v.digits(end) {
				if !strings.Contains("&=!$*@#%+-_^?", v.norm(end)) {
					break
				}
				marks++
			}
			end++
		}
		for end > t && v.tok[end-1].Shape == text.Mark && v.norm(end-1) != "!" {
			end--
		}
		led := v.norm(t-1) == "/" && !v.joined(t-1) && !v.joined(t-2)
		if led {
			d, _, _ := v.element(t - 2)
			led = d != "" && len(v.text[:v.tok[t-2].End]) >= 9
		}
		if !led && v.numerals() >= 9 && t > v.body+1 {
			k := t - 1
			if v.norm(k) == ":" || v.norm(k) == "=" || v.norm(k) == "is" {
				k--
			}
			switch v.norm(k) {
			case "pass", "pw", "code", "passcode", "pwd", "password":
				if r := v.runs(); len(r) > 0 && len(r[0].digits) >= 9 && r[0].to <= k && !unnamed[v.norm(t)] && !fillers[v.norm(t)] && v.norm(t) != "as" && v.only(max(end, t+1), len(v.tok)) {
					found = append(found, v.tokens(t, max(end, t+1), finding.Meeting, 0.9, "username/behind", "a code behind a meeting id"))
				}
			}
		}
		switch {
		case led && letters >= 3 && v.only(end, len(v.tok)) && v.numerals() >= 9:
			found = append(found, v.tokens(t, end, finding.Meeting, 0.97, "username/stroke", "a word behind a meeting id and a stroke"))
			for _, r := range v.runs() {
				if r.to == t-1 && len(r.digits) >= 9 && len(r.digits) <= 11 {
					found = append(found, v.tokens(r.from, r.to, finding.Meeting, 0.97, "username/stroke", "a meeting id and its code"))
				}
			}
		case asked && marks > 0 && letters >= 5 && !roomNouns[v.norm(t)] && end > t+2 && len(v.norm(t)) > 2 && (v.introduced(t) || v.only(v.body, t)) && v.norm(t+1) != "-":
			found = append(found, v.tokens(t, end, finding.Meeting, 0.97, "username/marked", "a word with marks inside where a code is asked for"))
		}
		t = max(t, end-1)
	}
	return found
}

var roomNouns = set("pwd pw pass password passcode code pin key x y")

// numberedOtherwise reports whether the words around a run tell that it is a
// telephone number, a year or an area, with which others deal.
func (v *view) numberedOtherwise(r run) bool {
	for k := max(v.body, r.from-3); k < r.from; k++ {
		switch v.norm(k) {
		case "zip", "area", "year", "point", "decimal", "equals", "pi", "times":
			return true
		}
	}
	return operatorWord(v.norm(r.to)) || noStreet[v.norm(r.to)] && !codeGoesOn[v.norm(r.to)]
}

// typedBefore stand before a code that is told.
var typedBefore = set("its typed entered put tried type enter dial press use")

// listed reports whether a comma stands between all of the digits, as between
// values.
func (r run) listed() bool {
	if r.seps&comma == 0 {
		return false
	}
	ones := 0
	for _, g := range r.groups {
		if g == 1 {
			ones++
		}
	}
	return ones > 1 && ones*2 > len(r.groups) || len(r.digits) < 5 && ones > 0
}

func distinct(digits string) int {
	var seen [10]bool
	n := 0
	for _, c := range []byte(digits) {
		if c >= '0' && c <= '9' && !seen[c-'0'] {
			seen[c-'0'] = true
			n++
		}
	}
	return n
}

// lettered goes back from digits over the letters before them: "A as in apple,
// so A, six six oh".
func (v *view) lettered(from int) int {
	i := from
	for k := from - 1; k >= v.body && from-k < 9; k-- {
		w := v.norm(k)
		switch {
		case w == "," || w == "so" || w == "as" && v.norm(k+1) == "in" || w == "in" && v.norm(k-1) == "as":
			continue
		case v.word(k) && len(w) == 1 && (w != "a" && w != "i" || v.tok[k].Shape == text.One || v.norm(k+1) == "as" || v.norm(k+1) == ","):
			i = k
			continue
		case v.word(k) && v.norm(k-1) == "in" && v.norm(k-2) == "as":
			continue
		}
		break
	}
	return i
}

// dotted judges a word with points inside: "pluto.was.robbed", "garza.ma004",
// but not "ok.so" and "today.Please", where a blank is missing.
func dotted(v *view, t, end int, word string) int {
	parts := strings.Split(strings.ToLower(word), ".")
	last := parts[len(parts)-1]
	if parts[0] == "www" || topLevel[last] && len(parts) < 4 && !v.only(end, len(v.tok)) || surely[last] || bareTop[last] {
		return 0
	}
	long, mixed, words := 0, false, 0
	for _, p := range parts {
		letters := strings.Trim(p, "0123456789_")
		if len(letters) >= 2 {
			words++
		}
		long = max(long, len(letters))
		mixed = mixed || len(letters) > 0 && len(letters) < len(p)
	}
	capital := false
	for k := t + 2; k < end; k += 2 {
		capital = capital || v.tok[k].Shape == text.Title || v.tok[k].Shape == text.Upper
	}
	switch {
	case long < 3 || capital:
		return 0
	case len(parts) > 2 && words == len(parts) && !sentence(parts):
		return 2
	case len(parts) > 2:
		return 0
	case mixed && long >= 3 && !lessonStems[parts[0]]:
		return 2
	case keepDigits(last) == last && len(parts[0]) >= 4 && !lessonStems[parts[0]] && !noStreet[parts[0]]:
		if len(last) == 2 || len(last) == 4 {
			return 1
		}
		return 0
	case len(last) <= 3 && !short[last] && len(parts[0]) >= 4, len(parts[0]) == 1 && len(last) >= 4 && parts[0] != "a" && parts[0] != "i":
		return 1
	}
	return 0
}

// sentence reports whether parts are words of talk rather than of a name.
func sentence(parts []string) bool {
	n := 0
	for _, p := range parts {
		if fillers[p] || ordinary[p] || noStreet[p] || p == "" {
			n++
		}
	}
	return n*2 > len(parts)
}

// short are the short words that begin a sentence after a full stop without a
// blank.
var short = set("i a ok so oh no we he it is my me to do go if in on at or as an and the but you yes yea idk can how why who now not its im the u ur lol yep nah hi bro wdym ill was are for let try")

// cardShape reports whether a word is one to five letters and five or more
// digits, as a card or roster has them: S-771902, B00418226, stu_71093.
func cardShape(word string) bool {
	k := 0
	for k < len(word) && (lower(word[k]) || upper(word[k])) {
		k++
	}
	if k == 0 || k > 5 {
		return false
	}
	d := word[k:]
	parted := d != "" && (d[0] == '-' || d[0] == '_')
	if parted {
		d = d[1:]
	}
	if len(d) < 5 || len(d) > 12 || keepDigits(d) != d || strings.HasSuffix(d, "000") {
		return false
	}
	letters := strings.ToLower(word[:k])
	if k == 1 && (word[0] == 'x' || word[0] == 'y' || word[0] == 'z') {
		return false
	}
	if k > 1 && (noStreet[letters] || operatorWord(letters) || ordinary[letters] || fillers[letters]) || letters == "usd" || letters == "eq" || letters == "rs" || letters == "isbn" {
		return false
	}
	switch {
	case parted && word[k] == '-':
		return word[:k] == strings.ToUpper(word[:k]) && k > 0 || k > 2
	case parted:
		return true
	}
	return len(d) >= 6 || k > 1 && word[:k] == strings.ToUpper(word[:k])
}

// greeted stand before a name of somebody in a chat.
var greeted = set("add tag dm follow whos who named called im mine mines user find invite kick unmute @ at sub subscribe thank ask tell")

// smallCard reports whether a word is a card in small letters: mn-559021.
func smallCard(word string) bool { return cardShape(strings.ToUpper(word)) }

// pointed reports whether a word is two words with a point between, "waffle.iron",
// which is a name only where one was asked for.
func pointed(word string) bool {
	a, b, ok := strings.Cut(strings.ToLower(word), ".")
	return ok && len(a) > 1 && len(b) > 2 && !strings.Contains(b, ".") && !sentence([]string{a, b}) && !ordinary[a] && !ordinary[b] && !surely[b] && a != "www"
}

func abbreviated(word string) bool {
	switch strings.ToLower(strings.Trim(word, ".")) {
	case "e.g", "i.e", "a.m", "p.m", "u.s", "u.k", "vs", "etc", "ph.d":
		return true
	}
	return false
}

// leet reports whether a word is one of a chat that is written with a digit.
func leet(word string) bool {
	switch strings.ToLower(word) {
	case "some1", "any1", "every1", "no1", "b4", "l8r", "gr8", "m8", "h8", "w8", "str8", "4ever", "2day", "2moro", "2night", "2morrow", "someone1", "be4", "h2o", "co2", "y2k", "p2p", "b2b", "k12", "mp3", "mp4", "covid19", "f2f", "l8er", "sk8", "gr8t":
		return true
	}
	return false
}

// introduced reports whether the word at token t is somebody's by what stands
// before it: "im", "mine is", "add", "was me lol".
func (v *view) introduced(t int) bool {
	for k := max(v.body, t-3); k < t; k++ {
		switch v.norm(k) {
		case "im", "mine", "mines", "add", "adding", "follow", "dm", "me", "my", "thats", "its", "hes", "shes", "named", "called", "as", "put", "type", "typed", "enter", "entered", "try", "tried", "use", "still", "user", "login", "under":
			return true
		}
	}
	return false
}

// lessonUnits stand behind a number without a blank.
var lessonUnits = set("times points minutes seconds hours miles meters metres dollars degrees percent inches pounds grams litres liters squared cubed years weeks months people students")

// lessonStems stand before a number without a blank in a lesson.
var lessonStems = set(`question questions problem problems number numbers page pages unit units chapter chapters section sections lesson lessons module exercise exercises example examples
	step steps part parts figure figures table tables equation equations answer answers slide slides level levels test tests quiz quizzes grade grades point points line lines
	algebra geometry calculus precalc precalculus calc math maths alg alg1 stats statistics physics chem chemistry bio biology english history sat act psat
	log root sqrt base mod sin cos tan sinh cosh arcsin arccos arctan asin acos atan times plus minus over equals equal power squared cubed version vol volume day week month
	year round game option choice method case row column cell range figure room hall gate level set group team session worksheet topic section item task track form
	ipad iphone ios windows win android chrome geogebra desmos ti casio python java html css web area vector matrix axis graph angle side triangle circle square term
	item exponent degree degrees radius length width height speed distance time hour hours minute minutes divide divided multiply subtract add sum product quotient into from about
	around only just like than then with that this have gets gives because`)
