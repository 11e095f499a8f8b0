package roster

import "strings"

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// never are words that no shape but an exact name on the roster may be read
// into: the grammar of English, numbers, and what tutors say at the places
// where a name would stand.
var never = set(`a able about above across actually after again against ah aha ain all almost alright also although always am amen among
an and another any anybody anyone anything anyway are aren around as aside ask asked at away awesome aw b back basically be
because been before behind being below best better between big both but by bye c came can cannot cant check come cool
correct could couldn couldnt cuz d day did didn didnt do does doesn doesnt doing don done dont down dude during e each eight eighteen
eighty either eleven else em end enough equal equals er even ever every everybody everyone everything exactly excellent
f fair far fifteen fifth fifty fine first five for forty four fourteen fourth from full g get getting girl give go goes going gonna good got gotcha
great guess guys h had half has hasn hasnt have haven havent having he hello help hence her here heres hers hey hi high him his hm hmm hmmm hold
how however huh hundred i if ill im in indeed interesting into is isn isnt it its itself ive j just k keep kind know l la last
lastly later least left less let lets like likely line little lol long look lot love low m ma maam made make man many math maybe me mean
meet middle might mm mmhm mhm min mine minus minute miss mom dad more most mr mrs ms much must my n nah name near never new next
nice nine nineteen ninety no nobody none nope nor not nothing now number o of off oh ok okay okey on once one ones only oops or other others
our out over own p part past people perfect perhaps person place please plus point possibly pretty put q question quick quite r rather
read ready really right s said same say says see seen set seven seventeen seventy several she should shouldn show shows side since sir six
sixteen sixty slow so solve some somebody someone something sometimes soon sorry sort sounds still stop stuff such super sure t
take talk tell ten than thank thanks that thats the their them then there theres therefore these they theyre thing things think third thirteen thirty this
those thou though thought three through thus time times to today together told too took top total totally toward towards true try turn twelve twenty
two u ugh uh uhhuh um umm under understand unless until unto up upon us use used v very w wait want wanted was wasn wasnt way we welcome well
went were weren weve what whatever whats when where whether which while whoa who whole whose why will with without woah wonder wonderful
won wont word words work worked works would wouldn wow x y ya yah yay yea yeah year yes yep yet yo you youll your youre yours yourself
yup z zero id ur pls thx ty idk brb omg btw gonna wanna kinda x xes axis graph slope speed time miles hour hours distance table answer answers
ha hah haha ho lo hoo wyd wya hbd tmrw tmr hbu wbu wdym ngl tbh fr frfr smh istg omw gtg g2g ttyl nvm lmk imo irl afk jk idc ikr np yw hw ily gn gm gj gg alrighty lemme dunno
add adds side sides hit move share screen mouse click draw line lines all set one won wan why ant`)

// openers stand before a name when somebody is spoken to.
var openers = set(`okay ok k kay alright right so great good yes yeah yep yup no nope thanks thank thx ty hi hii hiii hey heyy hello bye goodbye exactly nice
perfect and now well sorry awesome excellent wonderful correct cool wow oh ah um uh wait alrighty fantastic amazing please
actually morning afternoon evening night welcome job work congrats congratulations you true sure hmm mhm interesting beautiful
lovely brilliant super love luck point question again here then go ahead fine yay howdy sup yo but question believe`)

// greetings need no comma before the name.
var greetings = set(`thanks thank thx ty hi hii hiii hey heyy hello bye goodbye okay ok sorry morning afternoon evening night welcome
congrats congratulations alright worry dear yo howdy sup miss mr mrs ms dr mister coach professor gn gm gj gg hbd bday birthday`)

// calling words stand before a name that is told or asked.
var calling = set(`name names named call calls called calling says said say go goes by as it its im iam am is was hes shes meet miss mr mrs ms dr mister
coach professor or spelled pronounce pronounced pronouncing saying`)

var determiners = set(`a an the yourself myself himself herself themselves ourselves this these those my your his her its our their each every some any no which what one first second third last
next another same whole other that's thats whats little big new good great own such enough more most all both few many several`)

var numbers = set(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half quarter hour minute mile hours minutes miles dollar percent`)

var subjects = set(`i you we they he she it who u ya y'all yall everybody everyone somebody someone people ive youve weve theyve im youre were
theyre ill youll well id youd wed`)

var auxiliaries = set(`will would can could should must might may do does did dont didnt doesnt cant couldnt wont wouldnt shouldnt
just already also always never really not even still only gonna wanna then`)

var leading = set(`to please lets let's gotta always never`)

var objects = set(`the a an that this these those it its your my his her their our where down me them him us up on off out in out all every each which how
what if to for about some any more one two three there here as`)

var prepositions = set(`in on at of by into onto under over per via`)

var company = set(`with from for about than between behind after before and or like asked ask tell told let help show send text message dm
ping did does is was has can could when if because that what where are where's wheres whos hows remember see saw met know thought by as to
invite add follow agree agrees gave give`)

var doing = set(`is was has had said says got did does can could will would put wrote thinks wants asked goes agrees gave took went knows isnt
wasnt hasnt didnt doesnt cant says thought told mentioned found noticed explained solved answered suggested did got asks just
and are go should might has gets sees needs do you please u`)

// capitalised words are written with a capital whoever is in the session:
// languages and peoples, months, days.
var capitalised = set(`english french german spanish dutch irish scottish welsh british russian polish turkish greek latin roman arab arabic
persian christian jewish muslim catholic american canadian mexican indian asian african chinese japanese korean vietnamese italian
portuguese swedish norwegian danish finnish january february march july september october november december
monday tuesday wednesday thursday friday saturday sunday easter christmas`)

// months that are given names too, and what stands before them as months.
var (
	months = set(`april may june august`)
	dating = set(`in until till since during last next this every early late mid`)
)

// present is told of people in a meeting, not of things.
var present = set(`back here muted unmuted late absent frozen lagging gone sick typing talking sharing saying joining coming trying driving
left joined disconnected dropped logged kicked having`)

// telling is done by people only, whatever the name.
var telling = set(`said says told asked asks thinks thought wants knows mentioned texted messaged joined left`)

// gear is what a participant has in a meeting.
var gear = set(`mic microphone camera cam audio video sound internet wifi connection volume screen hand`)

// joins are asked about people in a meeting ("did … leave").
var joins = set(`leave join present share come coming finish go answer know here back gone ok okay muted still there get`)

// asksFirst begins such a question.
var asksFirst = set(`did does is can could has was should`)

// turns are what somebody is let do in a lesson.
var turns = set(`explain go finish answer try share talk read know start speak tell present solve unmute join`)

// believing stands before what is said of somebody, judged is what is said.
var (
	believing = set(`think thought guess bet believe`)
	judged    = set(`right wrong correct done muted frozen gone here back next first late absent`)
)
