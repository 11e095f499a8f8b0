package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// handle finds the names under which people are met on other networks: @name,
// "add me on snap NAME", "discord: NAME", "NAME on roblox", "my gamertag is
// NAME", said ("hadiya dot hoops") and answered a few lines after the question.
type handle struct {
	networks  map[string]bool
	ambiguous map[string]bool
	cues      *phrases
}

const (
	handleNetwork = iota // a network: "insta"
	handleName           // what a name is called there: "my username"
	handleAdd            // "add me", "follow me"
	handleAsk            // "whats your @"
)

func newHandle() handle {
	names := []string{
		"gmail", "discord", "disc", "insta", "instagram", "ig", "finsta", "snap", "snapchat", "sc", "tiktok", "tik tok", "tt", "roblox", "rblx", "xbox", "xbl", "psn",
		"playstation", "ps4", "ps5", "twitch", "steam", "github", "gitlab", "whatsapp", "telegram", "tg", "twitter", "youtube", "yt", "reddit", "tumblr",
		"pinterest", "facebook", "fb", "messenger", "kik", "wechat", "line id", "threads", "bereal", "be real", "vsco", "spotify", "soundcloud", "minecraft",
		"fortnite", "epic games", "epic", "dc", "valorant", "riot", "switch", "nintendo", "friend code", "chess com", "chess.com", "lichess", "duolingo", "scratch", "replit", "linkedin",
		"signal", "skype", "zelle", "venmo", "cashapp", "cash app", "quizlet", "kahoot", "goodreads", "letterboxd", "wattpad", "ao3", "geometry dash", "clash royale", "clash of clans", "brawl stars", "genshin", "osu", "overwatch", "battle net", "battlenet", "locket", "strava", "hangouts", "x account", "codeforces", "leetcode", "kaggle", "deviantart", "patreon", "mastodon", "bluesky", "bsky", "viber", "weibo", "qq", "kakao", "kakaotalk", "zalo", "vk",
	}
	for _, n := range names[:len(names):len(names)] {
		names = append(names, n+"s") // "my insta's" reads as "instas"
	}
	h := handle{networks: make(map[string]bool)}
	h.ambiguous = set("dc dcs sc tt line switch epic riot signal scratch threads steam messenger disc x snap twitch quizlet kahoot locket messenger youtube yt spotify minecraft fortnite replit switch facebook twitter kik valorant")
	h.cues = newPhrases(names,
		[]string{"username", "usernames", "users", "handles", "gamertags", "my tags", "my users", "roblox name", "user name", "user", "handle", "gamertag", "gamer tag", "screen name", "screenname", "my tag", "tag is", "my @", "my at", "nickname on", "my second account", "my other account", "my spam account", "discord name", "discord names", "snap name", "snapchat name", "xbox name", "my spam", "my gt", "my priv", "my finsta", "account name", "my ign", "ign", "user id", "profile name", "my ~ acc", "my acc", "my account", "my main", "my alt"},
		[]string{"add me", "follow me", "add my", "follow my", "find me", "friend me", "dm me", "pm me", "hmu", "hit me up", "look me up", "search me", "search for me", "message me", "msg me", "im on", "you can find me", "subscribe to", "sub to", "add us", "invite me", "request me", "snap me", "@ me", "look up", "search for", "search up", "txt me", "add him", "add her", "follow her", "follow him", "reach me", "talk to me", "chat me", "text me"},
		[]string{"whats your @", "whats ur @", "what is your @", "drop your @", "drop ur @", "drop your", "drop ur", "gimme ur", "gimme your", "send ur @", "ur @", "your @", "yalls @"},
	)
	return h
}

func (handle) Name() string { return "pattern/handle" }

func (h handle) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var values []string
	var asked window
	var hits []hit
	for i := range lines {
		v := &lines[i]
		first := len(found)
		if v.has&inAtSigns != 0 {
			found = mentions(v, found)
		}
		if v.chat && v.has&inLowLines != 0 {
			found = shaped(v, found, first)
		}
		if v.chat && v.inner&inOwn != 0 && v.has&(inLowLines|inStops) != 0 {
			found = given(v, found, first)
		}
		hits = h.cues.find(v, hits[:0])
		if asked.holds(v) && len(v.tok) > v.body {
			found = h.answer(v, v.line-asked.line > 1, hits, found, first)
		}
		if len(hits) > 0 {
			found = h.stated(v, hits, found, first)
			last := hits[len(hits)-1]
			if h.asks(v, hits) || len(found) == first && v.only(last.to, len(v.tok)) && !v.answered(last.to) && h.owned(v, hits, len(hits)-1) {
				asked.open(v)
			}
		}
		for _, c := range found[first:] {
			values = append(values, strings.TrimPrefix(v.text[c.Start:c.End], "@"))
		}
	}
	return append(found, literally(lines, distinctive(values), found, finding.Handle, "handle/again")...)
}

// shaped finds words with an underscore and a digit, which people write for no
// other thing in a chat; a variable has few letters (x_1).
func shaped(v *view, found []finding.Candidate, first int) []finding.Candidate {
	for t := v.body; t < len(v.tok); t++ {
		if !v.word(t) || v.joined(t-1) {
			continue
		}
		end := v.writtenName(t)
		if end == t+1 {
			continue
		}
		word := v.text[v.tok[t].Start:v.tok[end-1].End]
		letters := strings.Trim(strings.ToLower(word), "0123456789_.")
		if v.operator(end, false) || v.operator(t-1, true) {
			t = end - 1
			continue // a variable
		}
		if strings.ContainsRune(word, '_') && (strings.ContainsAny(word, "0123456789") || len(letters) >= 8 && v.is(t-1, inOwn) && v.norm(t-1) != "follow") && len(letters) >= 5 && !covered(found[first:], v.tok[t].Start, v.tok[end-1].End) {
			found = append(found, v.tokens(t, end, finding.Handle, 0.6, "handle/shape", "letters, an underscore and digits in one word"))
		}
		t = end - 1
	}
	return found
}

// given finds "ok adding you, im mira.d57": a name with a dot or underscore that
// somebody says to be theirs.
func given(v *view, found []finding.Candidate, first int) []finding.Candidate {
	for t := v.body; t+1 < len(v.tok); t++ {
		if !v.is(t, inOwn) {
			continue
		}
		end := v.writtenName(t + 1)
		if end <= t+2 || v.joined(end-1) && !ends(v.norm(end)) || v.operator(end, false) {
			continue
		}
		word := v.text[v.tok[t+1].Start:v.tok[end-1].End]
		letters := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return -1
		}, word)
		if odd(word) && len(letters) >= 5 && strings.ContainsAny(word, "_.") && (v.norm(t) == "follow" || strings.ContainsAny(word, "0123456789")) && !covered(found[first:], v.tok[t+1].Start, v.tok[end-1].End) {
			found = append(found, v.tokens(t+1, end, finding.Handle, 0.8, "handle/given", "a user name that somebody says to be theirs"))
		}
	}
	return found
}

// mines are the words with which somebody gives a name of their own, or asks
// for followers of it.
var mines = set("mine mines im its follow")

// distinctive keeps the values that are not ordinary words.
func distinctive(values []string) []string {
	var keep []string
	for _, v := range values {
		if strings.ContainsAny(v, "0123456789_.") && !strings.ContainsRune(v, ' ') || len(v) > 9 && !strings.ContainsRune(v, ' ') {
			keep = append(keep, v)
		}
	}
	return keep
}

// mentions finds @name.
func mentions(v *view, found []finding.Candidate) []finding.Candidate {
	s := v.text
	for i := 0; i < len(s); {
		at := strings.IndexByte(s[i:], '@')
		if at < 0 {
			break
		}
		at += i
		end := at + 1
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if r != '_' && r != '.' && r != '-' && !alnum(r) {
				break
			}
			end += n
		}
		i = end
		end = trimEnd(s, at+1, end)
		before, _ := utf8.DecodeLastRuneInString(s[:at])
		glued := at > 0 && (alnum(before) || strings.ContainsRune("._-+)%", before))
		if !glued && mention(s[at+1:end]) {
			found = append(found, v.bytes(at, end, finding.Handle, 0.95, "handle/at", "an at sign and a name"))
		}
	}
	return found
}

func trimEnd(s string, start, end int) int {
	for end > start && (s[end-1] == '.' || s[end-1] == '-') {
		end--
	}
	return end
}

var everyone = set("everyone here all channel everybody me you home school the a my work class host least most once first")

// mention tells a name from a time, a price and a group.
func mention(name string) bool {
	if len(name) < 2 || everyone[strings.ToLower(name)] {
		return false
	}
	letters, digits := 0, 0
	for _, r := range name {
		if unicode.IsLetter(r) {
			letters++
		} else if unicode.IsDigit(r) {
			digits++
		}
	}
	first, _ := utf8.DecodeRuneInString(name)
	if unicode.IsDigit(first) {
		l := strings.ToLower(strings.Trim(name, "0123456789"))
		return letters >= 3 && l != "ish" && l != "min" && l != "mph" || strings.Contains(name, "_") && letters > 0
	}
	return letters >= 2 || letters+digits >= 3 && strings.Contains(name, "_")
}

// asks reports whether the line asks for a name: it has a network or "user"
// and a question, and no answer of its own.
func (h handle) asks(v *view, hits []hit) bool {
	question := false
	for i := range v.tok {
		switch v.tok[i].Norm {
		case "?", "whats", "what", "ur", "your", "yalls", "yall", "anyone", "everyones", "everybodys", "drop", "send", "got", "u", "you", "do", "have":
			question = true
		}
	}
	if !question {
		return false
	}
	for _, x := range hits {
		if x.tag == handleAsk || x.tag == handleName {
			return true
		}
		if x.tag == handleNetwork {
			w := v.norm(x.from)
			p := v.norm(x.from - 1)
			if x.from == v.body && v.norm(x.to) == "?" && x.to+1 == len(v.tok) {
				return true // "snap?"
			}
			if !h.ambiguous[w] || p == "ur" || p == "your" || p == "everyones" || p == "everybodys" || p == "yalls" || p == "on" || p == "have" || p == "a" || p == "got" {
				return true
			}
		}
	}
	return false
}

// stated finds a name beside a network in the same line.
func (h handle) stated(v *view, hits []hit, found []finding.Candidate, first int) []finding.Candidate {
	for n, x := range hits {
		from := x.to
		weak := false
		switch x.tag {
		case handleAsk:
			continue
		case handleAdd:
			// "add me NAME on snap", "add me: NAME"
			if x.from > v.body && v.norm(x.from) == "add" && x.to == len(v.tok) && v.writtenName(v.body) == x.from {
				if word := v.text[v.tok[v.body].Start:v.tok[x.from-1].End]; odd(word) && !covered(found[first:], v.tok[v.body].Start, v.tok[x.from-1].End) {
					found = append(found, v.tokens(v.body, x.from, finding.Handle, 0.9, "handle/before", "a user name and the wish to be added"))
				}
				continue
			}
			if !h.follows(hits[n+1:], x.to) {
				continue
			}
		case handleNetwork:
			w := v.norm(x.from)
			weak = h.ambiguous[w] && !h.owned(v, hits, n)
			if n := v.norm(from); n == "mine" || n == "mines" {
				weak = false // "whats your snap mines NAME"
			}
			if c, ok := h.before(v, x, found[first:], weak); ok {
				found = append(found, c)
				continue
			}
		}
		announced := x.tag == handleNetwork && h.owned(v, hits, n) && (!h.ambiguous[v.norm(x.from)] || h.added(hits, x))
		if last := v.tok[x.to-1]; strings.HasSuffix(v.text[last.Start:last.End], "'s") || strings.HasSuffix(v.text[last.Start:last.End], "’s") {
			announced = announced || x.tag == handleName || v.norm(x.from-1) == "my"
		}
		if x.tag == handleNetwork && weak && v.only(v.body, x.from) && (v.norm(x.to) == ":" && v.norm(x.from) != "dc" || v.chat && v.norm(x.from) == "sc" && v.last(x.to) && v.only(x.to+1, len(v.tok))) {
			weak = false // "snap: NAME", "sc NAME"
			announced = true
		}
		lone := v.chat && v.only(v.body, x.from)
		if lone && (x.tag == handleName || x.tag == handleNetwork && !weak) && v.last(x.to) && v.only(x.to+1, len(v.tok)) {
			announced = true // "gamertag NAME"
		}
		start, explicit, ok := h.skip(v, from, announced)
		if !ok {
			continue
		}
		if end := v.writtenName(start); weak && !explicit && !(lone && start == x.to && end > start && v.only(end, len(v.tok)) && odd(v.text[v.tok[start].Start:v.tok[end-1].End])) {
			continue
		}
		if v.norm(start) == "real" && v.norm(start-1) == "the" {
			start--
		}
		end, strong := h.name(v, start, explicit && !weak)
		if end <= start || weak && !strong {
			continue
		}
		score := 0.75
		if strong {
			score = 0.95
		}
		b, e := v.tok[start].Start, v.tok[end-1].End
		if !covered(found[first:], b, e) {
			found = append(found, v.bytes(b, e, finding.Handle, score, "handle/stated", "a name beside the network it is used on"))
		}
	}
	return found
}

// follows reports whether a network comes soon after token to, as in "add me
// on snap"; then the network's own rule decides.
func (h handle) follows(rest []hit, to int) bool {
	for _, r := range rest {
		if r.tag == handleNetwork && r.from-to <= 3 {
			return false
		}
	}
	return true
}

// owned reports whether somebody's own account is meant: "my insta", "add me
// on snap".
func (h handle) owned(v *view, hits []hit, n int) bool {
	x := hits[n]
	switch v.norm(x.from - 1) {
	case "my", "our", "on", "his", "her", "via", "new":
		return true

	}
	return h.added(hits, x)
}

// added reports whether "add me" or its like leads to x.
func (h handle) added(hits []hit, x hit) bool {
	for _, o := range hits {
		if o.tag == handleAdd && o.to <= x.from && x.from-o.to <= 3 {
			return true
		}
	}
	return false
}

var handleLinks = set("is its it was called as at to s the my user username name handle id tag gamertag account acc im just under")

// skip passes what stands between a network and a name. Explicit means that
// something announced the name: a colon, "is", "add me on".
func (h handle) skip(v *view, i int, explicit bool) (int, bool, bool) {
	for n := 0; i < len(v.tok) && n < 7; n++ {
		w := v.norm(i)
		if v.word(i) && v.writtenName(i) > i+1 {
			return i, explicit, true // its.mira42
		}
		if next := v.norm(i + 1); v.word(i) && (next == "dot" || next == "underscore") {
			return i, explicit, true // its underscore mira
		}
		switch {
		case w == ":" || w == "=" || w == "-" && !v.joined(i-1) || w == "@" || w == "—" || w == "→" || w == ">":
			if w == ":" && v.joined(i) && v.norm(i+1) == "/" {
				return i, false, false
			}
			explicit = true
		case w == ",":
			explicit = explicit && v.last(i+1)
		case w == "are" && v.norm(i+1) == "both" || w == "both":
			explicit = true
		case (w == "?" || w == ".") && v.introduces(i+1):
		case w == "!" || w == "?" && n > 0 || v.tok[i].Shape == text.Mark && w[0] >= 0x80 && w != "—" && w != "→":
		case w == "\"" || w == "“" || w == "'" || w == "(" || w == "…":
		case w == "is" || w == "mine" || w == "mines" || w == "im" || w == "its" || w == "as" || w == "called" || w == "under":
			explicit = true
		case handleLinks[w], fillers[w]:
		default:
			return i, explicit, true
		}
		i++
	}
	return i, explicit, false
}

// introduces reports whether "im kelp_30" or "its kelp dot thirty" stands at
// token i.
func (v *view) introduces(i int) bool {
	if w := v.norm(i); w != "im" && w != "its" && w != "mine" && w != "mines" || i+1 >= len(v.tok) {
		return false
	}
	if w := v.norm(i + 2); w == "dot" || w == "underscore" || w == "real" && v.norm(i+1) == "the" {
		return true
	}
	end := v.writtenName(i + 1)
	return end > i+1 && odd(v.text[v.tok[i+1].Start:v.tok[end-1].End])
}

// last reports whether token i is the last word of its sentence, and one that
// a name would be rather than a word to somebody.
func (v *view) last(i int) bool {
	return v.word(i) && len(v.norm(i)) >= 6 && !plainAnswers[v.norm(i)] && (i+1 == len(v.tok) || v.tok[i+1].Shape == text.Mark && ends(v.norm(i+1)))
}

// ordinary are the words that follow a network's name in talk that names
// nobody: "my insta is private", "add me on snap pls".
var ordinary = set(`private public down broken banned hacked deleted locked gone not so too really very pls please plz lol lmao ok okay yes no yeah nah
	later now then and or but if when cause because bc so that this the a an my your ur his her their our i im you u we they he she it its is are was were
	be been to for with without from at on in of off up out by about after before again also just only even still ever never always here there what whats who whos
	where why how which do does did dont doesnt have has had got get can cant could will wont would should need want know think see say said tell look like love
	hate good bad cool nice great fun fine best better new old same different open closed working loading slow fast easy hard app call chat group server link
	page story stories post posts video videos account accounts user username name streak streaks filter filters message messages dm dms me him them us someone
	somebody anyone everybody everyone today tomorrow tonight yesterday soon thing things stuff one two some any more all lot lots kids people guys friends friend
	game games stream channel notifications notification instead right left wrong sure maybe idk idc ik ty thx thanks np sorry wait hi hey hello bye bro bruh dude
	sir miss mr mrs ms class school math maths question homework answer allowed blocked addicted dead crazy weird funny huge full public? stupid dumb boring
	u? r blue red green black white big small little long short free real fake active inactive offline online muted over done ready there? mine yours ours asap
	or? either neither both anymore anyway though tho ya yea yep yup haha hahaha omg wow oh um uh well hmm because? every each other another until while during
	live lives pretty kinda kind sort getting going playing using making taking watching being doing having studio premium nitro plus max pro music kids? shorts
	card cards code codes gift time times deck set sets quiz review test practice problems number numbers equation function line lines point points graph graphs
	explains explained explaining shows showed said says helps helped means mean works worked rn irl later? soon? tmr tmrw atm sometime whenever pfp bio
	repo repository desktop copilot pages issues voice screen sharing share shared engine room up? it? series? together alone myself yourself since than then? them?`)

// name reads a name at token i: a written one, or one that is said with dot
// and underscore. Strong means that it does not look like an ordinary word.
func (h handle) name(v *view, i int, explicit bool) (end int, strong bool) {
	if i >= len(v.tok) {
		return i, false
	}
	if w := v.norm(i); w == "real" || w == "the" && v.norm(i+1) == "real" {
		k := i + 1
		if w == "the" {
			k++
		}
		if end, strong := h.name(v, k, explicit); strong {
			return end, true // the real kelp thirty
		}
	}
	end = v.writtenName(i)
	if end > i {
		word := v.text[v.tok[i].Start:v.tok[end-1].End]
		if j := v.saidName(i, end); j > end {
			return j, true
		}
		if odd(word) {
			if v.digits(end) && v.only(end+1, len(v.tok)) {
				end++ // KelpKing 30
			}
			return end, true
		}
		if !explicit || ordinary[v.tok[i].Norm] || len([]rune(word)) < 3 || v.tok[i].Shape == text.Digit {
			return i, false
		}
		if v.digits(end) && explicit && v.only(end+1, len(v.tok)) {
			return end + 1, true
		}
		// "kelp king thirty": up to four plain words that end the sentence.
		if verbal(v.norm(i)) && v.norm(i-1) != ":" {
			return i, false
		}
		j := end
		for j < len(v.tok) && j-i < 4 && v.word(j) && !ordinary[v.norm(j)] {
			if k := v.writtenName(j); k > j+1 && odd(v.text[v.tok[j].Start:v.tok[k-1].End]) {
				return k, true // Mira Solano#0412
			}
			j++
		}
		if j > end && (j == len(v.tok) || ends(v.norm(j)) || v.norm(j) == ",") {
			return j, false
		}
		return end, false
	}
	return i, false
}

// verbal reports whether a word describes: "banned", "really", "annoying".
func verbal(w string) bool {
	return strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ly") || strings.HasSuffix(w, "nt") || describing[w]
}

var describing = set(`annoying boring loading glitching lagging buffering crashing freezing acting trending growing dying failing updating missing amazing
	confusing embarrassing interesting stressing tripping bugging trash empty cringe awful horrible terrible lame dry basic must makes make may might
	actually mostly totally permanently temporarily officially toast crap sad popping pending verified anonymous following addicting awesome`)

// writtenName ends a name that is written without blanks.
func (v *view) writtenName(i int) int {
	j := i
	for j < len(v.tok) {
		t := v.tok[j]
		mark := t.Shape == text.Mark && (t.Norm == "_" || t.Norm == "." || t.Norm == "-" || t.Norm == "#")
		if t.Shape == text.Mark && !mark || j > i && !v.joined(j-1) {
			break
		}
		if mark && t.Norm != "_" && (j == i || j+1 >= len(v.tok) || !v.joined(j) || v.tok[j+1].Shape == text.Mark && v.norm(j+1) != "_") {
			break
		}
		j++
	}
	return j
}

// odd reports whether a word has digits with letters, an underscore, an inner
// dot, a discriminator or capitals inside, as user names have and words have
// not.
func odd(w string) bool {
	letters, digits, marks, inner := 0, 0, 0, 0
	prev := rune(0)
	for _, r := range w {
		switch {
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) && unicode.IsLower(prev) {
				inner++
			}
		case unicode.IsDigit(r):
			digits++
		case r == '_' || r == '.' || r == '#':
			marks++
		}
		prev = r
	}
	return letters >= 2 && (digits > 0 || marks > 0 || inner > 0) && len(w) >= 3 && !ordinal(w)
}

func ordinal(w string) bool {
	w = strings.ToLower(strings.TrimLeft(w, "0123456789"))
	return w == "st" || w == "nd" || w == "rd" || w == "th" || w == "am" || w == "pm" || w == "x" || w == "k"
}

// saidName extends a name over "dot", "underscore", "dash", spelled letters and
// numbers: "hadiya dot hoops", "kelp king underscore thirty".
func (v *view) saidName(i, end int) int {
	j, connectors := end, 0
	last := end
	words := 1
	for j < len(v.tok) && words < 14 {
		w := v.norm(j)
		switch {
		case w == "dot" || w == "underscore" || w == "dash" || w == "hyphen" || w == "period" && j+1 < len(v.tok):
			connectors++
			j++
			for v.norm(j) == "dot" || v.norm(j) == "underscore" {
				j++
			}
			if v.word(j) || v.digits(j) {
				j = max(j+1, v.writtenName(j))
				last = j
			} else if w == "underscore" {
				last = j
			}
			continue
		case w == "-" && v.joined(j) && len(larger[v.norm(j-1)]) > 0 && units[v.norm(j+1)] != "":
			j++
			continue
		case w == "-" && v.word(j+1) && len(v.norm(j+1)) == 1, w == "," && j+1 < len(v.tok) && len(v.norm(j+1)) == 1 && len(v.norm(j-1)) == 1:
			j++
			continue
		case v.word(j) && len(w) == 1 && (connectors > 0 || len(v.norm(i)) == 1):
			if len(v.norm(i)) == 1 {
				connectors++
			}
		case units[w] != "" || larger[w] != "" || times[w] > 0 || v.digits(j):
			if v.operator(j+1, false) || connectors == 0 && ordinary[v.norm(i)] {
				return last
			}
			if (units[w] != "" || larger[w] != "") && v.numbersEnd(j) {
				connectors++
			}
		case v.word(j) && connectors == 0 && !ordinary[w] && words < 4:
			// A second word counts only if a connector follows.
			j++
			words++
			continue
		default:
			j = len(v.tok)
			continue
		}
		j++
		words++
		last = j
	}
	if connectors == 0 {
		return end
	}
	return last
}

// numbersEnd reports whether spoken numbers from token j on end a phrase.
func (v *view) numbersEnd(j int) bool {
	for {
		d, to, _ := v.element(j)
		if d == "" {
			break
		}
		j = to
	}
	return j >= len(v.tok) || v.tok[j].Shape == text.Mark || fillers[v.norm(j)] || closing[v.norm(j)] || v.norm(j) == "on"
}

// before finds "NAME on snap", "im NAME on roblox".
func (h handle) before(v *view, x hit, taken []finding.Candidate, weak bool) (finding.Candidate, bool) {
	i := x.from - 1
	switch v.norm(i) {
	case "on", "in", "for":
		i--
	case "my", "the":
		if p := v.norm(i - 1); p != "on" && p != "is" {
			return finding.Candidate{}, false
		}
		i -= 2
	default:
		return finding.Candidate{}, false
	}
	if i < v.body || v.tok[i].Shape == text.Mark && v.norm(i) != "_" {
		return finding.Candidate{}, false
	}
	if start := v.saidBefore(i); start < i && !covered(taken, v.tok[start].Start, v.tok[i].End) {
		return v.tokens(start, i+1, finding.Handle, 0.85, "handle/before", "a user name as one says it, before the network it is used on"), true
	}
	start := i
	for start > v.body && v.joined(start-1) && (v.tok[start-1].Shape != text.Mark || strings.Contains("._-#@", v.norm(start-1))) {
		start--
	}
	word := v.text[v.tok[start].Start:v.tok[i].End]
	if covered(taken, v.tok[start].Start, v.tok[i].End) {
		return finding.Candidate{}, false
	}
	if v.norm(x.from-1) == "my" && v.norm(x.from-2) == "is" && v.chat && start == v.body && len(word) >= 6 && v.word(i) && !ordinary[v.norm(i)] && !plainAnswers[v.norm(i)] && !relatedTo[v.norm(i)] {
		return v.tokens(start, i+1, finding.Handle, 0.75, "handle/before", "a word, and that it is a name on a network"), true
	}
	p := v.norm(start - 1)
	introduced := p == "im" || p == "its" || p == "am" || p == "is" || p == "add" || p == "follow" || p == "as" || p == "called" || p == "me" || p == ":" ||
		(p == "for" || p == "up" || p == "at" && v.norm(start-2) == "up") && v.says(start, "search", "look")
	switch {
	case odd(strings.TrimPrefix(word, "@")) && !strings.Contains(word, ".."):
		return v.tokens(start, i+1, finding.Handle, 0.92, "handle/before", "a user name before the network it is used on"), true
	case v.digits(i) && introduced && p != "me" && start == i:
		return finding.Candidate{}, false
	case introduced && !weak && p != "me" && p != "is" && !ordinary[v.norm(i)] && len(word) > 4 && v.word(i):
		return v.tokens(start, i+1, finding.Handle, 0.6, "handle/before", "a name before the network it is used on"), true
	}
	return finding.Candidate{}, false
}

// relatedTo are words that may well be "my snap" or "my discord" without naming it.
var relatedTo = set("discord snapchat instagram tiktok roblox youtube favorite favourite twitch what'd which")

// saidBefore returns where a name that is said with dot or underscore begins,
// or i.
func (v *view) saidBefore(i int) int {
	start, connectors := i, 0
	for k := i - 1; k >= v.body; k-- {
		w, later := v.norm(k), v.norm(k+1)
		switch {
		case w == "dot" || w == "underscore" || w == "dash" || w == "hyphen":
			connectors++
		case v.tok[k].Shape == text.Mark:
			k = 0
			continue
		case later == "dot" || later == "underscore" || later == "dash" || later == "hyphen":
			start = k
		case units[later] != "" || larger[later] != "" || v.digits(k+1):
			if ordinary[w] {
				k = 0
				continue
			}
			start = k
		default:
			k = 0
			continue
		}
	}
	if connectors == 0 && !(v.digits(i) && start == i-1 && start > v.body && (v.norm(start-1) == "im" || v.norm(start-1) == "am" || v.norm(start-1) == "as")) {
		return i
	}
	return start
}

// answer finds a name that answers a question a few lines before.
// Far says that the question was not asked just before.
func (h handle) answer(v *view, far bool, hits []hit, found []finding.Candidate, first int) []finding.Candidate {
	i := v.body
	introduced := false
	for i < len(v.tok) {
		w := v.norm(i)
		if v.word(i) && (v.writtenName(i) > i+1 || v.norm(i+1) == "dot" || v.norm(i+1) == "underscore") {
			break
		}
		if w == "its" || w == "im" || w == "is" || w == "mine" || w == "it" || w == "s" || w == "my" || w == "i" || w == "am" || w == "mines" || w == "user" || w == "name" || w == "@" || w == "add" || w == "me" || w == "sure" || w == "at" {
			introduced = introduced || w == "at" || w == "its" || w == "is" || w == "mine" || w == "mines" || w == "im" || w == "s"
		} else if !fillers[w] && v.tok[i].Shape != text.Mark {
			break
		}
		i++
	}
	if i >= len(v.tok) {
		return found
	}
	for _, x := range hits {
		if x.from <= i+1 {
			return found // "my insta is private": the network's own rule decides
		}
	}
	end, strong := h.name(v, i, false)
	if !strong {
		// A plain word is a name only when it is all there is.
		end = v.writtenName(i)
		last := end
		for last < len(v.tok) && v.tok[last].Shape == text.Mark {
			last++
		}
		w := v.norm(i)
		if !introduced && !v.chat && (len(w) < 9 || far) || verbal(w) || units[w] != "" || larger[w] != "" || far && !introduced || strings.Trim(w, "lo") == "" || strings.HasSuffix(w, "ing") && v.norm(i-1) == "im" {
			return found
		}
		if end != i+1 || last < len(v.tok) || ordinary[w] || plainAnswers[w] || len(w) < 5 || !v.word(i) || fillers[w] || v.tok[i].Shape == text.Title && !introduced && v.chat && ends(v.norm(end)) {
			return found
		}
		c := v.tokens(i, end, finding.Handle, 0.55, "handle/answer", "the only word of an answer to a question for a user name")
		if introduced {
			c.Score = 0.75
		}
		if !covered(found[first:], c.Start, c.End) {
			found = append(found, c)
		}
		return found
	}
	c := v.tokens(i, end, finding.Handle, 0.9, "handle/answer", "a user name in answer to a question")
	if !covered(found[first:], c.Start, c.End) {
		found = append(found, c)
	}
	return found
}

var plainAnswers = set(`nothing nope never nobody none awesome perfect exactly correct maybe probably actually really definitely absolutely interesting
	wonderful excellent fantastic amazing alright gotcha indeed agreed true false divide multiply subtract multiplication division subtraction addition triangle square
	circle graph slope point seven eight three eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty hundred thousand
	monday tuesday wednesday thursday friday saturday sunday great thanks thank welcome hello right wrong finished ready understand understood goodbye bored tired
	hungry ohhhh ahhhh yeahh yesss nooo pleaseee cooool okayyy hahah lmaooo sometimes usually uhhuh mhmm sounds unsure sorry hours hour minute minutes distance speed miles number numbers times equals minus`)
