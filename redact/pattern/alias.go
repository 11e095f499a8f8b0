package pattern

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// alias finds names on networks that are made of plain words, by what is said
// around them: where one is found under them ("I'm captain waffles on there",
// "joined as …"), whose they are ("my switch name's Pogo") and how they are
// written ("…, all one word", "… with a zero for the o").
type alias struct{ cues *phrases }

const (
	aliasWhere   = iota // a network or a place on it
	aliasAs             // a name follows: "joined as"
	aliasSeek           // a name follows, perhaps behind "it's": "look me up"
	aliasWritten        // how the name before is written
	aliasNoun           // what a name is called
	aliasPass           // a code is told
	aliasEvent          // after it somebody says who they are: "it kicked me"
)

func newAlias() alias {
	return alias{newPhrases(
		[]string{"insta", "instagram", "ig", "snap", "snapchat", "tiktok", "tik tok", "discord", "roblox", "xbox", "psn", "playstation", "twitch", "steam", "github", "reddit", "vsco", "spotify", "minecraft", "fortnite", "lichess", "chess com", "chess.com", "chess dot com", "duolingo", "duo", "scratch", "replit",
			"quizlet", "kahoot", "quizizz", "blooket", "gimkit", "youtube", "yt", "twitter", "bereal", "be real", "switch", "nintendo", "valorant", "wattpad", "pinterest", "tumblr", "telegram", "whatsapp", "skype", "leetcode", "codeforces", "geoguessr", "prodigy", "strava", "goodreads", "letterboxd", "soundcloud", "bandcamp", "deviantart", "etsy", "venmo", "cash app", "cashapp", "threads", "kik", "on there", "in there", "on here", "overwatch", "genshin", "brawl stars", "clash royale"},
		[]string{"on there as", "in there as", "on here as", "in here as", "joined as", "logging in as", "log in as", "signing in as", "sign in as", "signed up as", "sign up as", "coming on as", "come on as", "got on as", "see me as", "find me as", "saved as", "saved under", "listed under", "im under", "hes under", "shes under", "registered as", "logged in with", "log in with", "sign in with", "signed in with", "logging in with", "join as", "joining as", "signed in as", "logged in as", "logged on as", "came in as", "come in as", "coming in as", "show up as", "shows up as", "showing up as", "showed up as", "come up as", "comes up as", "coming up as", "listed as", "go by", "under the name", "by the name of", "renamed to", "renamed it to", "renamed myself to", "renamed myself", "changed my name to", "my name to", "play as", "playing as", "plays as", "stream as", "streams as", "streaming as", "post as", "posts as", "posting as", "post under", "publish as", "write as", "writes as", "account called", "account named", "channel called", "channel named", "page called", "user called", "somebody called", "person called", "someone called", "username called", "request from", "requests from", "message from", "invite from", "follow from", "notification from", "that says", "appear as", "appears as", "im in as", "im here as"},
		[]string{"look me up", "look him up", "look her up", "find me", "friend me", "search me up", "search me", "search for", "search up", "look up", "add me", "follow me", "just type", "just search", "just put", "type in", "subscribe to", "sub to", "dm me", "message me", "add him", "add her", "follow him", "follow her", "invite me", "tag me", "challenge me", "if you type", "if you search", "if you look up", "if you see"},
		[]string{"all one word", "one word", "all lowercase", "all lower case", "all lower", "lowercase", "all caps", "no caps", "no capitals", "no spaces", "no space", "without spaces", "without the space", "without a space", "no punctuation", "no underscores", "no underscore", "no dots", "no numbers", "two underscores", "one underscore", "with a zero", "with zeros", "with two zeros", "with an underscore", "with underscores", "with a capital", "with a one for", "with a three for", "with a five for", "with a number", "with an x", "with a z", "with a k", "with a y", "with an i", "with a ph", "with a c", "with an e", "with an a", "with two", "with three", "with one", "with a dollar", "with the zero"},
		[]string{"username", "user name", "user", "gamertag", "gamer tag", "tag", "handle", "screen name", "nickname", "nick", "display name", "profile name", "account name", "account", "acc", "channel", "page", "profile", "ign", "gaming name", "game name", "player name", "character", "server name", "kahoot name", "name on there", "name in there", "name", "finsta", "spam", "main", "alt", "art account", "avatar"},
		[]string{"password", "passcode", "pass code", "passwords", "the code", "new code", "code is", "the pass", "password is", "passcode is"},
		[]string{"kicked me", "kicked me out", "thats me", "that was me", "logged me out", "had to rejoin", "rejoined", "i rejoined", "different account", "different device", "other account", "my sisters account", "my moms account", "changed my name", "renamed", "he streams", "she streams", "they stream", "i stream", "a streamer", "has a channel", "my channel", "in the waiting room", "stuck in the waiting room", "its letting me in as", "wrong name", "in the lobby", "on my phone now", "on my moms", "on my dads", "on my brothers", "on my sisters"},
	)}
}

func (alias) Name() string { return "pattern/alias" }

func (a alias) phrases() *phrases { return a.cues }

func (a alias) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	var about window // accounts or games
	var hits []hit
	for i := range lines {
		v := &lines[i]
		hits = a.cues.find(v, hits[:0])
		talked := about.holds(v)
		for _, h := range hits {
			if h.tag == aliasWhere || h.tag == aliasAs || h.tag == aliasNoun && v.norm(h.from) != "name" && v.norm(h.from) != "main" && v.norm(h.from) != "page" && v.norm(h.from) != "character" {
				about.open(v)
			}
		}
		before := len(found)
		for n, h := range hits {
			found = a.read(v, hits, n, talked, found)
			_ = h
		}
		if !v.chat {
			found = underscored(v, len(hits) > 0 || talked, found)
		}
		found = crossed(v, found)
		found = sent(v, found)
		if len(found) > before || talked {
			found = spelledOut(v, found, len(found) > before)
		}
	}
	return found
}

// read reads the name that hit n tells of.
func (a alias) read(v *view, hits []hit, n int, talked bool, found []finding.Candidate) []finding.Candidate {
	h := hits[n]
	take := func(from, to int, why string) {
		if from < to {
			found = append(found, v.tokens(from, to, finding.Handle, 0.75, "alias/said", why))
		}
	}
	switch h.tag {
	case aliasWhere:
		if v.norm(h.to) == "dot" && v.norm(h.from) != "scratch" {
			return found // an address
		}
		if from := v.calledBefore(h.from); from < h.from {
			take(from, v.trimOn(h.from), "a name, and where somebody has it")
		} else if lone := v.wholeBefore(h); lone >= 0 {
			take(lone, v.trimOn(h.from), "all of a message, and the network it is a name on")
		} else if on := v.norm(h.from-1) == "on" && (v.norm(h.to) == "im" || v.norm(h.to) == "hes" || v.norm(h.to) == "shes"); on {
			take(h.to+1, v.plainName(h.to+1, 1), "who somebody is on a network")
		} else if k := v.writtenName(h.to); v.chat && h.from == v.body && h.to < len(v.tok) && (k > h.to+1 || v.word(h.to) && len(v.norm(h.to)) >= 9 && v.plainName(h.to, 1) == k && !lessonStems[v.norm(h.to)] && !noStreet[v.norm(h.to)]) && v.only(k, len(v.tok)) {
			take(h.to, k, "a word behind a network, and nothing else")
		} else if mine(v, h.from) || a.noun(hits, h) || v.chat && v.only(v.body, h.from) && h.to < len(v.tok) {
			to, said := v.copula(v.nouns(h.to), h.to)
			if said {
				take(to, v.plainName(to, 1), "a name on a network of one's own")
			}
		}
	case aliasAs:
		from := v.pass(h.to, "the", "um", "uh", "like", "just")
		if v.norm(h.from) == "that" && !talked && !about(hits, n) {
			return found
		}
		least := 1
		if v.norm(h.to-1) == "with" {
			least = 2 // not "with Google"
		}
		take(from, v.plainName(from, least), "a name as which somebody is somewhere")
	case aliasSeek:
		from, introduced := v.copula(h.to, h.to)
		if k := v.sought(hits, n); k > 0 {
			from, introduced = v.copula(k, k)
		}
		direct := v.norm(h.to-1) != "me" && v.norm(h.to-1) != "up" || v.norm(h.from) == "look" && v.norm(h.to-1) == "up" && h.to-h.from == 2
		end := v.plainName(from, 1)
		switch {
		case introduced:
			take(from, end, "a name under which somebody is to be found")
		case v.norm(h.to-1) == "to" && end == from+1 && (odd(v.text[v.tok[from].Start:v.tok[end-1].End]) || len(v.norm(from)) > 7 && v.only(end, len(v.tok))):
			take(from, end, "a channel that others should follow")
		case direct && (v.saysFrom(end, "come", "comes", "pop", "pops", "me", "itll", "ill") || about(hits, n) && v.norm(h.from) != "type"):
			take(from, v.plainName(from, 2), "a name under which somebody is to be found")
		}
	case aliasWritten:
		if v.norm(h.from-1) == "all" {
			return found
		}
		if v.norm(h.from) == "with" && !v.lettering(h.to) {
			return found
		}
		from := v.writtenBefore(h.from)
		if from < h.from && (v.norm(h.from) != "with" || talked || about(hits, n) || v.norm(h.to) == "for") {
			to := h.from
			if v.norm(to-1) == "," || v.norm(to-1) == "." {
				to--
			}
			take(from, to, "a name, and how it is written")
		}
	case aliasNoun:
		if !mine(v, h.from) && !(v.chat && v.only(v.body, h.from)) || v.norm(h.from) == "name" && !talked && !about(hits, n) {
			return found
		}
		to, said := v.copula(h.to, h.to)
		if said && (v.norm(h.from) != "name" || v.clitic(h.to-1) || v.norm(h.to) == "is") {
			take(to, v.plainName(to, 1), "what somebody's account is called")
		}
	case aliasPass:
		from, said := v.copula(h.to, h.to)
		if v.norm(h.to-1) == "is" {
			said = true
		}
		for ways := false; said && from < len(v.tok); ways = true {
			k := v.way(from)
			if k == from {
				if end := v.plainName(from, 1); end > from && (ways || end > from+1) && end-from < 6 && (end >= len(v.tok) || v.tok[end].Shape == text.Mark || closing[v.norm(end)]) {
					found = append(found, v.tokens(from, end, finding.Meeting, 0.8, "alias/code", "words behind the naming of a code"))
				}
				break
			}
			from = k
		}
	case aliasEvent:
		for t := v.body; t < len(v.tok); t++ {
			if w := v.norm(t); w == "im" || w == "hes" || w == "shes" {
				if end := v.plainName(t+1, 2); end > t+2 {
					take(t+1, end, "who somebody is now, after they came in anew")
				}
			}
		}
	}
	return found
}

// noun reports whether a word for an account follows the network of h.
func (a alias) noun(hits []hit, h hit) bool {
	for _, o := range hits {
		if o.tag == aliasNoun && o.from == h.to {
			return true
		}
	}
	return false
}

// about reports whether another hit than n is of a network or an account.
func about(hits []hit, n int) bool {
	for k, h := range hits {
		if k != n && (h.tag == aliasWhere || h.tag == aliasNoun || h.tag == aliasAs || h.tag == aliasSeek) {
			return true
		}
	}
	return false
}

// mine reports whether somebody is said to own what stands at token i, a word
// apart or not.
func mine(v *view, i int) bool {
	for k := i - 1; k >= max(v.body, i-3); k-- {
		switch v.norm(k) {
		case "my", "his", "her", "their", "our", "hers", "sisters", "brothers":
			return true
		}
		if !v.word(k) {
			return false
		}
	}
	return false
}

// nouns passes words for an account behind a network.
func (v *view) nouns(i int) int {
	for {
		switch v.norm(i) {
		case "name", "names", "user", "username", "tag", "account", "accounts", "acc", "channel", "handle", "nickname", "nick", "profile", "page", "id", "gamertag":
			i++
			continue
		}
		return i
	}
}

// copula passes "is", "'s", ":", "gonna be" and fillers from token i on; least
// is the first token that may have a clitic.
func (v *view) copula(i, least int) (to int, said bool) {
	if i > 0 && i >= least && i-1 < len(v.tok) && v.clitic(i-1) && strings.HasSuffix(v.norm(i-1), "s") {
		said = true
	}
	for n := 0; i < len(v.tok) && n < 6; n++ {
		switch w := v.norm(i); {
		case w == "is" || w == "its" || w == "im" || w == ":" || w == "=" || w == "called" || w == "under" || w == "named" || w == "as" || w == "be" || w == "hes" || w == "shes" || w == "was":
			said = true
		case w == "gonna" || w == "going" && v.norm(i+1) == "to" || w == "to" && v.norm(i-1) == "going" || w == "will" || w == "um" || w == "uh" || w == "like" && v.norm(i-1) != "," || w == "," || w == "just" || w == "so" || w == "and" || w == "\"" || w == "“":
		default:
			return i, said
		}
		i++
	}
	return i, said
}

// pass goes over the words.
func (v *view) pass(i int, words ...string) int {
	for i < len(v.tok) {
		w := v.norm(i)
		ok := w == "," || w == "\"" || w == "“"
		for _, x := range words {
			ok = ok || w == x && v.norm(i+1) != "real"
		}
		if !ok {
			break
		}
		i++
	}
	return i
}

// unnamed are the words of which no name of plain words is made, or with which
// it does not begin.
var unnamed = set(`all stuck lost fine good okay ok better worse sure bad new late early back behind ahead here there done ready good great gone trying going doing getting playing
	confused tired bored busy sick hungry happy sad mad alone home what where when why how who which that this these those it you u we they he she him her them us my your ur his their
	our is are was were be been am not no yes yeah the a an on in at to from for of by with about if then so but and or because cuz cause since can cant could would should will wont do
	dont does did have has had got get gets too also just only still even now again already always never really very pretty kind sort more most less than i im ive ill id me mine its thats
	supposed able allowed trying every everyone nobody someone something anything everything nothing people kids friends up down out off over under left right next first last second
	wrong correct half hour hours minute minutes miles distance time speed equals plus times minus divided point line graph slope x y z number numbers problem question answer equation one two three four five six seven eight nine ten eleven twelve zero
	same different there's here's let lets see look say says said think know like want need use used using make put take give go come find work works kinda basically literally actually maybe probably private public banned
	trash broken down slow down good-bye glad afraid worried sorry excited nervous scared muted unmuted talking working thinking looking watching reading typing drawing blank frozen lagging
	pink red blue green black white yellow page today tomorrow tonight yesterday monday tuesday wednesday thursday friday saturday sunday`)

// plainName ends a name of up to four plain words, and of numbers behind them,
// that begins at token i and ends its clause; least is how many words it has. It
// is i when there is none.
func (v *view) plainName(i, least int) int {
	if i >= len(v.tok) {
		return i
	}
	j, words, odds := i, 0, false
	joined, cut := false, 0 // by "in" and "of"
	if v.norm(j) == "the" && v.norm(j+1) == "real" {
		j += 2
	}
	first := j
	for j < len(v.tok) && words < 5 {
		w := v.norm(j)
		if k := v.writtenName(j); k > j+1 && v.tok[j].Shape != text.Mark {
			odds = true
			j = k
			words++
			break
		}
		if (w == "dot" || w == "underscore" || w == "dash") && words > 0 && j+1 < len(v.tok) && v.tok[j+1].Shape != text.Mark {
			odds = true
			j++
			continue
		}
		if d, to, _ := v.element(j); d != "" && words > 0 {
			odds = true
			j = to
			words++
			continue
		}
		if joins[w] && words > 0 && v.word(j+1) && !unnamed[v.norm(j+1)] {
			joined, cut = true, max(cut, 0)
			if cut == 0 {
				cut = j
			}
			j++
			continue
		}
		if gaming[w] && v.word(j+1) && !unnamed[v.norm(j+1)] && j+1 < len(v.tok) {
			j++
			words++
			continue
		}
		if !v.word(j) || unnamed[w] && !(words > 0 && (w == "the" || w == "of" || w == "is")) || ordinary[w] && !(words > 0 && (v.tok[j].Shape == text.Title || gaming[w])) || w == "with" || w == "no" || w == "all" {
			break
		}
		j++
		words++
	}
	if joined && !odds {
		j, words = cut, 1
	}
	for j > i && unnamed[v.norm(j-1)] && numberless(v, j-1) {
		j--
		words--
	}
	if words < least || j == i || words == 1 && !odds && (verbal(v.norm(first)) || plainAnswers[v.norm(first)] || len(v.norm(first)) < 4) || strings.HasSuffix(v.norm(first), "ing") && words == 1 {
		return i
	}
	if words == 1 && !odds && j < len(v.tok) && v.word(j) && !closing[v.norm(j)] && !tellsMore[v.norm(j)] {
		return i
	}
	return j
}

func numberless(v *view, i int) bool { return !numberWord(v.norm(i)) && !v.digits(i) }

// joins stand between the words of a name: "fox in sox dash eleven".
var joins = set("in of the and n for to")

// gaming are words that many such names have.
var gaming = set("pink red blue green black white yellow orange purple gold golden silver gray grey brown happy sad angry hungry sleepy bad good real big little lil small old new dead crazy fast free cool pretty dumb stupid wild mad tiny huge super mega ultra captain doctor sir mister miss young gaming game games plays live official real king queen boy girl lord kid art draws bot max plus")

// tellsMore are words that go on behind a name of one word.
var tellsMore = set("on in with all no lowercase as if it its i that from spelled like pls please lol rn now if when")

// calledBefore returns where a name before "on there" at token i begins, or i.
func (v *view) calledBefore(i int) int {
	end := v.trimOn(i)
	if end == i && v.norm(i) != "on" && v.norm(i) != "in" {
		return i
	}
	for k := end - 1; k >= max(v.body, end-6); k-- {
		switch v.norm(k) {
		case "im", "as", "hes", "shes", "theyre", "called", "named", "add", "find", "me", "under", "by":
			if k+1 < end && v.plainName(k+1, 1) == end {
				n := end - k - 1
				if n > 1 || v.norm(k) == "as" || v.norm(k) == "called" || v.norm(k) == "named" {
					return k + 1
				}
			}
			return i
		}
	}
	return i
}

// trimOn gives the token of "on" before the network at token i.
func (v *view) trimOn(i int) int {
	switch v.norm(i - 1) {
	case "on", "in", "over":
		return i - 1
	}
	return i
}

// sought passes "on Chess dot com" behind "look me up".
func (v *view) sought(hits []hit, n int) int {
	for _, o := range hits[n+1:] {
		if o.tag == aliasWhere && o.from-hits[n].to <= 2 {
			return o.to
		}
	}
	return 0
}

// saysFrom reports whether one of the words stands in the ten tokens from i on.
func (v *view) saysFrom(i int, words ...string) bool {
	for k := i; k < min(i+10, len(v.tok)); k++ {
		for _, w := range words {
			if v.norm(k) == w {
				return true
			}
		}
	}
	return false
}

// lettering reports whether letters or marks are told of at token i, behind
// "with two": "Fs", "zeros", "underscores".
func (v *view) lettering(i int) bool {
	w := v.norm(i)
	if w == "for" || v.norm(i-1) == "underscore" || v.norm(i-1) == "underscores" || v.norm(i-1) == "zeros" {
		return true
	}
	if v.norm(i-1) == "two" || v.norm(i-1) == "three" || v.norm(i-1) == "one" {
		return len(w) == 2 && w[1] == 's' && w != "is" && w != "as" && w != "us" || len(w) == 1 && v.clitic(i) || w == "underscores" || w == "zeros" || w == "es" || w == "xs"
	}
	return i >= len(v.tok) || v.tok[i].Shape == text.Mark || w == "instead" || w == "at"
}

// writtenBefore returns where the name before token i, which says how it is
// written, begins.
func (v *view) writtenBefore(i int) int {
	end := i
	if v.norm(end-1) == "," || v.norm(end-1) == "." {
		end--
	}
	from := end
	for k := end - 1; k >= max(v.body, end-7); k-- {
		w := v.norm(k)
		if !v.word(k) && !v.digits(k) && w != "_" && w != "." && w != "-" {
			break
		}
		if seekers[w] || fillers[w] || w == "up" || v.clitic(k) && strings.HasSuffix(w, "s") && w != v.norm(end-1) && introducedNouns[strings.TrimSuffix(w, "s")] {
			break
		}
		from = k
	}
	for from < end && (v.norm(from) == "not" || v.norm(from) == "the" && v.norm(from+1) != "real" || v.norm(from) == "and" || v.norm(from) == "of" || v.norm(from) == "type" || v.norm(from) == "called") {
		from++
	}
	letters := false
	for k := from; k < end; k++ {
		letters = letters || v.word(k) && !numberWord(v.norm(k)) && len(v.norm(k)) > 2
		if lessonStems[v.norm(k)] || operatorWord(v.norm(k)) {
			return i
		}
	}
	if !letters || !(v.introduced(from) || from == v.body || v.norm(from-1) == "up" || v.norm(from-1) == "," || v.norm(from-1) == "is" || v.norm(from-1) == "type" || v.only(v.body, from)) {
		return i
	}
	return from
}

// seekers stand before a name that is given.
var seekers = set("not its im is as under up type typed called named me just hes shes mine be use search put password passcode pass code thats youre user username name you it i my your like")

// introducedNouns are what "'s" stands behind before a name.
var introducedNouns = set("username user name tag gamertag handle email password passcode nickname account channel code that it login")

// wholeBefore gives where the one word begins that is, with the network of h,
// all of a message, or -1.
func (v *view) wholeBefore(h hit) int {
	t := v.trimOn(h.from) - 1
	if !v.chat || t < v.body || t+1 == h.from || !v.only(v.body, t) || !v.only(h.to, len(v.tok)) || !v.word(t) {
		return -1
	}
	w := v.norm(t)
	if len(w) < 7 || unnamed[w] || ordinary[w] || plainAnswers[w] || verbal(w) || strings.HasSuffix(w, "ing") || strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		return -1
	}
	return t
}

// sent finds whose request or arrival is spoken of: "did you get dancing noodle
// bot's request", "the beanbag scholar that joined the Quizizz", "if you see
// Pogo in the lobby".
func sent(v *view, found []finding.Candidate) []finding.Candidate {
	if v.has&inAsksFor == 0 {
		return found
	}
	for t := v.body + 2; t < len(v.tok); t++ {
		end := 0
		switch w := v.norm(t); {
		case (w == "request" || w == "invite" || w == "requests") && v.clitic(t-1):
			end = t
		case w == "joined" && (v.norm(t-1) == "that" || v.norm(t-1) == "who" || v.norm(t-1) == "just") && v.saysFrom(t, "kahoot", "quizizz", "blooket", "gimkit", "game", "lobby", "room", "call", "meeting", "server", "class", "zoom"):
			end = t - 1
		case w == "me" && (v.norm(t-1) == "is" || v.norm(t-1) == "was") && (t+1 >= len(v.tok) || v.tok[t+1].Shape == text.Mark || fillers[v.norm(t+1)] || v.norm(t+1) == "lol"):
			end = t - 1
			for k := max(v.body, end-3); k < end; k++ {
				if lessonStems[v.norm(k)] || operatorWord(v.norm(k)) || v.norm(k) == "that" || v.norm(k) == "it" || v.norm(k) == "this" || v.norm(k) == "one" {
					end = 0
					break
				}
			}
			if end > 0 && v.chat && len(v.norm(end-1)) >= 7 && v.word(end-1) && v.only2(end-1) && !unnamed[v.norm(end-1)] && !ordinary[v.norm(end-1)] {
				found = append(found, v.tokens(end-1, end, finding.Handle, 0.75, "alias/me", "a name, and that it is the speaker"))
			}
			end = 0
		case (w == "lobby" || w == "waiting" || w == "server") && v.norm(t-1) == "the" && v.norm(t-2) == "in":
			end = t - 2
		}
		if end == 0 {
			continue
		}
		from := end
		for k := end - 1; k >= max(v.body, end-4); k-- {
			if w := v.norm(k); !v.word(k) && !v.digits(k) || unnamed[w] || ordinary[w] && !gaming[w] || w == "accept" || w == "see" || w == "someone" || w == "person" {
				break
			}
			from = k
		}
		if from == end || end-from == 1 && (len(v.norm(from)) < 4 || verbal(v.norm(from)) || roles[v.norm(from)]) || !(from > v.body && sending[v.norm(from-1)]) {
			continue
		}
		if c := v.tokens(from, end, finding.Handle, 0.75, "alias/sent", "a name that asks to be let in or added"); !coveredIn(found, c) {
			found = append(found, c)
		}
	}
	return found
}

// only2 reports whether nothing but fillers and "lol" stands before token i.
func (v *view) only2(i int) bool {
	for k := v.body; k < i; k++ {
		if w := v.norm(k); v.tok[k].Shape != text.Mark && !fillers[w] && w != "lol" && w != "lmao" && w != "haha" && w != "bro" {
			return false
		}
	}
	return true
}

// senders stand behind such a name.
var senders = set("request requests invite joined me lobby waiting server")

// sending stand before such a name, roles are people that are no name.
var sending = set("get got accept see saw the is a from whos who add as")

var roles = set("student students person people kid kids guy girl boy teacher tutor friend brother sister mom dad host someone one ones learner learners waiting others everyone parent")

// way passes how a code is written, "all lower case,", at token i.
func (v *view) way(i int) int {
	j := i
	for j < len(v.tok) && (ways[v.norm(j)] || j > i && v.norm(j) == ",") {
		j++
	}
	return j
}

var ways = set("all lower case lowercase caps uppercase one word letters just like two words the no spaces")

// underscored finds names that are said with "underscore".
func underscored(v *view, talked bool, found []finding.Candidate) []finding.Candidate {
	if v.has&inWritten == 0 {
		return found
	}
	for t := v.body + 1; t < len(v.tok); t++ {
		w := v.norm(t)
		if w != "underscore" && !((talked || w == "dash" && v.dashes() > 1) && (w == "dot" || w == "dash")) {
			continue
		}
		if !v.word(t-1) && !v.digits(t-1) {
			continue
		}
		start, long := t, 0
		for k := t - 1; k >= max(v.body, t-8); k-- {
			x := v.norm(k)
			if !v.word(k) && !v.digits(k) || k < t-1 && (unnamed[x] || ordinary[x] || fillers[x]) && !numberWord(x) && len(x) > 1 || k == t-1 && (x == "the" || x == "a" || x == "an" || x == "and") {
				break
			}
			start, long = k, max(long, len(x))
		}
		end := t + 1
		for v.norm(end) == "underscore" || v.norm(end) == "dot" {
			end++
		}
		if w == "dot" && (end >= len(v.tok) || topLevel[v.norm(end)] || bareTop[v.norm(end)] || !v.word(end) || unnamed[v.norm(end)] || dotNouns[v.norm(end)] || unnamed[v.norm(t-1)]) {
			continue
		}
		if v.word(end) && !unnamed[v.norm(end)] || numberWord(v.norm(end)) || v.digits(end) {
			long = max(long, len(v.norm(end)))
			end++
			for end < len(v.tok) && (v.norm(end) == "underscore" || v.norm(end) == "dot" || v.norm(end) == "dash" || v.norm(end-1) == "underscore" || v.norm(end-1) == "dot" || v.norm(end-1) == "dash" || numberWord(v.norm(end)) || v.digits(end) || v.word(end) && len(v.norm(end)) == 1 && v.norm(end) != "a" && v.norm(end) != "i") {
				end++
			}
		}
		if start == t || long < 3 || w == "dash" && long < 4 {
			continue
		}
		found = append(found, v.tokens(start, end, finding.Handle, 0.75, "alias/underscore", "words, and the underscore between them"))
		t = end
	}
	return found
}

// dashes counts the dashes that are said.
func (v *view) dashes() int {
	n := 0
	for k := v.body; k < len(v.tok); k++ {
		if v.norm(k) == "dash" {
			n++
		}
	}
	return n
}

// dotNouns are what a dot may belong to in a lesson.
var dotNouns = set("product products plot plots dot paper diagram notation here there right left above below between on is was goes means that where and the a it")

// crossed finds "xX Turbo Yam Xx".
func crossed(v *view, found []finding.Candidate) []finding.Candidate {
	if !v.chat {
		return found
	}
	for t := v.body; t < len(v.tok); t++ {
		if v.norm(t) != "xx" || v.joined(t-1) {
			continue
		}
		for k := t + 2; k < min(t+6, len(v.tok)); k++ {
			if v.norm(k) == "xx" {
				found = append(found, v.tokens(t, k+1, finding.Handle, 0.9, "alias/crossed", "a name between crosses"))
				t = k
				break
			}
		}
	}
	return found
}

// spelledOut finds how a name is spelled behind it, "like j u j u b e e".
func spelledOut(v *view, found []finding.Candidate, named bool) []finding.Candidate {
	if !named {
		return found
	}
	for t := v.body + 1; t < len(v.tok); t++ {
		end := t
		for end < len(v.tok) && (v.word(end) && len(v.norm(end)) == 1 || end > t && (v.norm(end) == "-" || v.norm(end) == ",") && v.word(end+1) && len(v.norm(end+1)) == 1) {
			end++
		}
		if end-t >= 4 {
			if c := v.tokens(t, end, finding.Handle, 0.75, "alias/spelled", "a name that was said, spelled"); !coveredIn(found, c) {
				found = append(found, c)
			}
		}
		t = max(t, end-1)
	}
	return found
}
