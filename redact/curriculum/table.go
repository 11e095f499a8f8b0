package curriculum

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/redact/text"
)

// table holds phrases of folded words by their first word, the longest first.
type table map[string][][]string

func newTable(lines string) table {
	t := table{}
	for _, line := range strings.Split(lines, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		for _, phrase := range strings.Split(line, ",") {
			var parts []string
			for _, token := range text.Tokenize(phrase) {
				parts = append(parts, token.Norm)
			}
			if len(parts) > 0 {
				t[parts[0]] = append(t[parts[0]], parts)
			}
		}
	}
	for _, phrases := range t {
		slices.SortStableFunc(phrases, func(a, b []string) int { return len(b) - len(a) })
	}
	return t
}

//go:embed scholars.txt
var scholarLines string

//go:embed products.txt
var productLines string

// scholars and products are read once; nothing writes to them.
var (
	scholars = newTable(scholarLines)
	products = newTable(productLines)
)

// adjective are forms that never name a person in the session.
var adjective = set(`pythagorean euclidean cartesian newtonian archimedean bayesian gaussian boolean abelian riemannian hamiltonian
	lagrangian laplacian jacobian hessian mendelian darwinian freudian marxist shakespearean dickensian victorian elizabethan
	keynesian copernican ptolemaic galilean kafkaesque orwellian socratic platonic aristotelian pythagoras diophantine`)

// legacy are what people of science left behind: "Pascal's triangle".
var legacy = set(`theorem theorems triangle triangles law laws formula formulas rule rules equation equations constant number numbers sequence
	series diagram diagrams lemma conjecture inequality method algorithm transform distribution test sieve identity paradox principle
	effect function functions curve curves coordinates plane sum sums polynomial polynomials expansion approximation circle cycle
	rhyme proof theory model scale cell cells tree trees set sets matrix space unit units square squares table poem poems novel
	novels play plays sonnet sonnets essay essays speech book books passage spiral ratio razor machine experiment`)

// acronyms of lessons: congruence, order of operations, standards, tests.
var acronyms = set(`sas sss asa aas ssa hl cpctc foil pemdas bodmas bidmas gemdas sohcahtoa soh cah toa gcf gcd lcm lcd hcf rref qed iqr mad
	hsa hsf hsg hsn hss rei ssr sse apr ccss teks ngss frq mcq dbq psat nmsqt amc aime lim dne`)

// numeral are Roman numerals that look like a word.
var numeral = set(`ii iii iv vi vii viii ix xi xii xiii xiv xv xvi`)
