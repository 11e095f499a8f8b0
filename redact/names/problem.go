package names

import (
	"strings"

	"github.com/schoolhouse-world/veil/redact/names/internal/tagger"
	"github.com/schoolhouse-world/veil/redact/text"
)

// storyAt is the least weight of a line that tells a mathematics problem.
const storyAt = 3

// problems weighs for every line how much it tells a mathematics problem about
// third persons ("… has eight apples and gives four of them to …").
func (s *session) problems() {
	for i := range s.lines {
		s.lines[i].problem = story(s.lines[i].words)
	}
}

// story adds up what word problems have (a third person doing something with a
// quantity, a question for a quantity) and takes away what talk has (you, I).
func story(words []tagger.Word) float64 {
	weight := 0.0
	quantity := 0
	for k := range words {
		w := &words[k]
		person := isPerson(w) && !(isAt(words, k-1, isTitles) && !isAt(words, k-1, isFormal)) // a coach is nobody's problem
		if !person && !w.Is(isStoried|isNumber|isThings|isPronounOfTalk|isDoes) && w.Shape != text.Digit {
			continue
		}
		next := near(words, k+1)
		switch {
		case w.Shape == text.Digit, w.Is(isNumber):
			quantity++
		case w.Is(isThings):
			weight += 0.5
		case w.Is(isPronounOfTalk):
			weight -= 0.75
		}
		switch {
		case w.Norm == "how" && (next == "many" || next == "much" || next == "far" || next == "long" || next == "old" || next == "tall"):
			weight++
			if doer(words, k+2, k+8) {
				weight += 2
			}
		case (w.Norm == "word" || w.Norm == "story") && next == "problem":
			weight += 2.5
		case (w.Norm == "problem" || w.Norm == "question" || w.Norm == "passage") && (next == "says" || next == "is" || next == "reads"):
			weight++
		case (w.Norm == "this" || w.Norm == "the") && (next == "passage" || next == "poem" || next == "excerpt"):
			weight += 3
		case w.Norm == "try" && (next == "this" || next == "the"), w.Norm == "if", w.Norm == "suppose", w.Norm == "each",
			w.Norm == "twice", w.Norm == "altogether", w.Norm == "left", w.Norm == "per", w.Norm == "total", w.Norm == "every",
			w.Norm == "remaining", w.Norm == "equally":
			weight += 0.5
		case w.Norm == "than" && isAt(words, k-1, isComparative):
			weight++
		case w.Norm == "named" && next == "after", w.Norm == "according" && next == "to":
			weight += 2
		case learned[w.Norm] > 0:
			weight += learned[w.Norm]
		case w.Norm == "hence", w.Norm == "therefore", w.Norm == "thus":
			weight++
		case w.Is(isDoes) && next == "by" && k+2 < len(words) && isPerson(&words[k+2]):
			weight += 2.25
		}
		if person && posed(words, k) {
			weight += 1.5
		}
		if person && isAt(words, k+1, isDoes) {
			weight++
			if counted(words, k+2, k+7) {
				weight += 2
			}
		}
		switch {
		case !person:
		case w.Possessive && isAt(words, k+1, isThings):
			weight++
		case w.Possessive && owned[next]:
			weight += 1.5
		case next == "and" && k+2 < len(words) && isPerson(&words[k+2]) && together[near(words, k+3)]:
			weight += 1.5
			if counted(words, k+4, k+9) {
				weight++
			}
		case next == "and" && (near(words, k+2) == "his" || near(words, k+2) == "her"):
			weight += 2.5
		case may[next] || (next == "is" || next == "was") && strings.HasSuffix(near(words, k+2), "ing"):
			weight += 0.5
			if counted(words, k+2, k+10) {
				weight += 1.5
			}
		}
	}
	if quantity > 0 {
		weight += 0.5
	}
	if quantity > 1 {
		weight += 0.5
	}
	return weight
}

// posed reports whether word k begins the text of a problem that was announced
// right before: "Next one. Marisol …", "Number two. Rosalind …", "Question 4. …".
func posed(words []tagger.Word, k int) bool {
	if k < 2 || words[k-1].Norm != "." || words[k].Shape != text.Title {
		return false
	}
	for j := k - 2; j >= max(0, k-4); j-- {
		switch words[j].Norm {
		case "number", "question", "problem", "example":
			return true
		case "one":
			return j > 0 && (words[j-1].Norm == "next" || words[j-1].Norm == "last" || words[j-1].Norm == "this")
		case ".", "?", "!":
			return false
		}
	}
	return false
}

// isPerson reports whether a word may be the person of a problem.
func isPerson(w *tagger.Word) bool {
	return w.Open && w.Lex.Name() >= 0.2 && (w.Shape != text.Lower || w.Lex.Word < 0.6)
}

func doer(words []tagger.Word, from, to int) bool {
	for k := from; k < min(to, len(words)); k++ {
		if isPerson(&words[k]) || words[k].Norm == "does" || words[k].Norm == "did" {
			return true
		}
	}
	return false
}

func counted(words []tagger.Word, from, to int) bool {
	for k := from; k < min(to, len(words)); k++ {
		if words[k].Shape == text.Digit || words[k].Is(isNumber) || words[k].Norm == "some" || words[k].Norm == "twice" || words[k].Norm == "times" {
			return true
		}
	}
	return false
}

// learned are what lessons of literature, history and science speak of, with how
// much they tell that the people named are of the lesson.
var learned = map[string]float64{
	"author": 2, "narrator": 2.5, "character": 2, "characters": 2, "protagonist": 3, "novel": 2, "novelist": 3, "poet": 2.5, "playwright": 3,
	"theorem": 2, "mathematician": 3, "philosopher": 3, "physicist": 3, "chemist": 2, "paradox": 2, "conjecture": 2, "urn": 2, "raffle": 1.5, "lemonade": 1, "dart": 0.5, "darts": 0.5, "dice": 0.5,
	"wrote": 1, "chapter": 1, "paragraph": 1, "stanza": 2, "sonnet": 2, "metaphor": 1.5, "simile": 1.5, "symbolizes": 2, "symbolism": 2,
	"invented": 1, "discovered": 1.5, "century": 1.5, "empire": 2, "treaty": 2, "king": 1, "formula": 1, "formulas": 1, "excerpt": 2, "fictional": 2,
	"historian": 3, "historians": 3, "researcher": 3, "researchers": 2.5, "painter": 2.5, "biologist": 2.5, "botanist": 3, "astronomer": 3, "economist": 3, "sociologist": 3, "psychologist": 2,
	"anthropologist": 3, "archaeologist": 3, "linguist": 3, "composer": 2.5, "sculptor": 3, "inventor": 3, "explorer": 2, "ecologist": 3, "geologist": 3, "naturalist": 3, "essayist": 3, "suffragist": 3,
	"probability": 0.5, "cliff": 0.5, "heads": 0.5, "tails": 0.5,
}

// storied are the words that story asks for by themselves.
var storied = set(`according author narrator character characters protagonist novel novelist poet playwright theorem mathematician
	philosopher physicist chemist paradox conjecture urn raffle lemonade dart darts dice wrote
	historian historians researcher researchers painter biologist botanist astronomer economist sociologist psychologist anthropologist archaeologist linguist composer
	sculptor inventor explorer ecologist geologist naturalist essayist suffragist probability cliff heads tails chapter paragraph stanza sonnet metaphor simile symbolizes symbolism
	invented discovered century empire treaty king formula formulas excerpt fictional named
	how word story problem question passage this the try if suppose each twice altogether left per total every remaining
	equally than hence therefore thus`)

// owned are what the people of problems have.
var owned = set(`average score scores car house train ride garden age salary recipe account ladder trip commute backyard bike phone plan rate speed
	total share juice paint fence shop store business company mother father brother sister class`)

// together is said of two people of a problem.
var together = set(`are have has share can each both were had split shared want earn play run walk bought took`)

// may leads to what a person of a problem does.
var may = set(`can could would will wants needs starts started stops begins began alone must should`)

var number = set(`two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
	eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen half quarter third`)

var pronounOfTalk = set(`you your youre u ur i im my me us we our lets youve ive youll`)

var comparative = set(`more less fewer greater older younger taller shorter longer faster slower farther further heavier`)

var does = set(`has have had is was buys bought sells sold gives gave runs ran walks walked bikes biked drives drove reads read swims
	swam earns earned saves saved spends spent makes made bakes baked washes washed paints painted collects collected shares shared
	eats ate picks picked needs needed wants plays played scores scored travels traveled plants planted works worked pays paid
	charges charged owes uses used cuts cut fills filled counts counted finds found owns keeps brings brought throws threw kicks
	jumps jumped climbs climbed rides rode weighs measures invests invested deposits deposited borrows rents sews knits builds built
	writes wrote takes took gets got types practices practiced donates donated receives received splits split puts leaves
	throws flips flipped rolls rolled spins spun plots plotted surveys surveyed drops dropped tosses tossed launches launched mixes mixed kicked swims`)

var things = set(`apples apple oranges marbles marble stickers sticker pencils pencil pens cookies cookie candies candy coins coin
	dollars dollar cents books pages miles laps tickets shirts pounds cups ounces gallons liters flowers trees cards shells eggs
	balloons toys cars windows muffins cupcakes pizza pizzas slices feet inches yards meters hours minutes quarters dimes nickels
	pennies crayons boxes bags bottles bananas grapes beads blocks friends brothers points goals tokens stamps ribbons pieces
	chocolates donuts brownies pies cakes fish dogs cats chickens cows seeds rows garden ladder allowance savings`)
