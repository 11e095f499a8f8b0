package lexicon

import "strings"

// Closed reports whether a folded word belongs to the grammar of talk (the, of,
// could, okay) and so is never taken for a name, however it is written.
func Closed(norm string) bool { return grammar[norm] }

// grammar holds words that belong to the grammar of talk; nothing writes to it.
var grammar = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a about above after again all also always am an and another any anyone
		anything are aren arent around as at away back be because been before being below between both but by can cannot cant
		could couldnt cuz did didnt do does doesnt doing dont done down each eight either else eleven enough even ever every
		everybody everyone everything few five for four from get gets getting go goes going gonna good got great had hadnt half
		has hasnt have havent having he hed hell hello her here heres hers herself hes hey hi him himself his how hows however i
		id if ill im in into is isnt it itd itll its itself ive just kind know last least less let lets like little lol look
		looks lot made make makes many maybe me mine minus more most much my myself need needs negative never next nice nine
		no nobody none nope nor not nothing now of off oh ok okay omg on once one ones only or other our ours out over pi plus
		point positive pretty put really right said same say says see seven shall she shed shell shes should shouldnt
		show since six so some somebody someone something sorry still sure take tell ten than thank thanks that thatll thats the
		their theirs them then there theres these they theyd theyll theyre theyve thing things think this those though three
		through thx times to today together tomorrow too try twelve twenty two uh uhh um umm under until up us use very
		was wasnt way we wed well were werent weve what whatever whats when where wheres whether which while who whos whose
		why with without wont would wouldnt wow x y yeah yep yes yesterday yet you youd youll your youre yours yourself youve
		z zero hmm hm mm mhm mhmm mmhm mmhmm mmm uhhuh uhuh ahuh ahah hh mh ya yea yah nah ye lemme gotcha aight wyd wya hbd tmrw tmr hbu wbu wdym ngl tbh fr frfr smh istg omw gtg g2g ttyl nvm lmk imo irl afk jk idc ikr np yw hw ily gn gm gj gg alrighty lemme dunno
		ah aha ooh oo ohh alright oky oka welcome please wait cool awesome perfect exactly correct`) {
		m[w] = true
	}
	return m
}()
