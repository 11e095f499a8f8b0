package names

import (
	"context"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// afterTalk makes a conversation whose first lines are ordinary talk, so that no
// line is judged alone, and gives the number of those.
func afterTalk(lines ...string) (*finding.Conversation, int) {
	talk := []string{"Okay, so let's look at the next one.", "I think it's twelve.", "Right, and then we divide both sides by three."}
	c := &finding.Conversation{}
	for _, s := range append(talk, lines...) {
		c.Lines = append(c.Lines, finding.Line{Channel: finding.Transcript, SpeakerName: "Oksana Sokolova", Text: s, Tokens: text.Tokenize(s)})
	}
	return c, len(talk)
}

// found gives what is proposed of a line at even odds and above, as
// "KIND text" in order, what lies in another left out.
func found(t *testing.T, line string) []string {
	t.Helper()
	c, n := afterTalk(line)
	r, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	candidates, err := r.Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	var spans []finding.Candidate
	for _, f := range candidates {
		if f.Line == n && f.Score >= 0.66 {
			spans = append(spans, f)
		}
	}
	sort.Slice(spans, func(i, j int) bool {
		if spans[i].Start != spans[j].Start {
			return spans[i].Start < spans[j].Start
		}
		return spans[i].End > spans[j].End
	})
	var out []string
	end := 0
	for _, f := range spans {
		if f.Start >= end {
			out = append(out, string(f.Kind)+" "+line[f.Start:f.End])
			end = f.End
		}
	}
	return out
}

func TestFind(t *testing.T) {
	tests := []struct {
		line string
		want string // joined by "; "
	}{
		// People, by whose they are.
		{"Sorry, my little sister Ngozi is here.", "PERSON Ngozi"},
		{"My brothers are Kofi and Do-hyun.", "PERSON Kofi; PERSON Do-hyun"},
		{"My counselor, Seo-jin Marchetti, signed me up.", "PERSON Seo-jin Marchetti"},
		{"My aunt Mai See taught me.", "PERSON Mai See"},
		{"my friend naomi wants to join", "PERSON naomi"},
		{"I have a baby sister named Whetu.", "PERSON Whetu"},
		{"My friend told me that.", ""},
		{"My mom said no.", ""},
		{"My little sister drew on it.", ""},

		// By a title, particles and hyphens included.
		{"Our teacher is Mr. Lindqvist.", "PERSON Lindqvist"},
		{"Dr. de Groot gave us a quiz.", "PERSON de Groot"},
		{"Ms. Al-Otaibi said so.", "PERSON Al-Otaibi"},
		{"mrs szymanski said no calculators", "PERSON szymanski"},
		{"Is that how Mr. Rivers does it?", "PERSON Rivers"},
		{"i have feldman for chem", "PERSON feldman"},
		{"3rd period w gustafson", "PERSON gustafson"},
		{"We did that in Okafor's class.", "PERSON Okafor"},
		{"i have spanish for first period", ""},
		{"I got twelve for the second one.", ""},
		{"coach Hargrove is making us run at six", "PERSON Hargrove"},
		{"Hwang, Itamar 18/20 and Tejada, Mateusz 9/10", "PERSON Hwang, Itamar; PERSON Tejada, Mateusz"},
		{"So Newark, Providence and Hartford are the stops.", ""},
		{"Okay. Engelhardt has the floor, so the rest of us listen.", "PERSON Engelhardt"},
		{"Pascal has a triangle, remember that one?", ""},
		{"My aunt Georgina N. Alvarez taught me.", "PERSON Georgina N. Alvarez"},
		{"My friend Deborah L. said so.", "PERSON Deborah L"},
		{"Coach says we run.", ""},
		{"The doctor will see you.", ""},

		// By where people stand, listed or not.
		{"The other tutor, Rosalind Matsumoto, showed us that.", "PERSON Rosalind Matsumoto"},
		{"So for homework ask Dezbah about it.", "PERSON Dezbah"},
		{"I studied with Hrvoje and Katharina last night.", "PERSON Hrvoje; PERSON Katharina"},
		{"Let's ask Desmos to graph it.", ""},
		{"So the Distributive Property says that.", ""},
		{"And then on Monday we do the Pythagorean theorem.", ""},

		// Spelled.
		{"It's spelled M A R I S O L.", "PERSON M A R I S O L"},
		{"Remember F-O-I-L.", ""},
		{"Use S-A-S here.", ""},
		{"Angle A-B-C is ninety.", ""},

		// Schools.
		{"I go to Cesar Chavez Middle School.", "SCHOOL Cesar Chavez Middle School"},
		{"I'm a junior at Roosevelt Catholic School.", "SCHOOL Roosevelt Catholic School"},
		{"I started at Horizon School of the Arts.", "SCHOOL Horizon School of the Arts"},
		{"I go to Dr. Lena Ortiz High School.", "SCHOOL Dr. Lena Ortiz High School"},
		{"i go to kettle run day school", "SCHOOL kettle run day school"},
		{"My sister got into University of Toledo.", "SCHOOL University of Toledo"},
		{"At Stuyvesant they teach it with boxes.", "SCHOOL Stuyvesant"},
		{"I go to P.S. 214.", "SCHOOL P.S. 214"},
		{"I turned fifteen in August.", ""},
		{"can i have ur number", ""},
		{"I go to middle school.", ""},
		{"I was at my old high school.", ""},
		{"We did that in summer school.", ""},
		{"It's harder than high school math.", ""},

		// Employers, clubs, teams.
		{"My mom works at Halvorsen Dental.", "ORG Halvorsen Dental"},
		{"My dad owns Jiffy Lube.", "ORG Jiffy Lube"},
		{"I have a shift at Lowe's tonight.", "ORG Lowe's"},
		{"I work at Five Guys.", "ORG Five Guys"},
		{"I swim for Bayside Aquatics.", "ORG Bayside Aquatics"},
		{"I'm in the Girl Scouts Troop 512.", "ORG Girl Scouts Troop 512"},
		{"Okey, like, it's kind of hard to write out.", ""},
		{"My school account doesn't work outside of San Perlita CISD.", "ORG San Perlita CISD"},
		{"The School District of Wissahickon says they're out of money.", "ORG School District of Wissahickon"},
		{"Yes, Glenoak Township Public Schools pays for hers.", "ORG Glenoak Township Public Schools"},
		{"A district of schools.", ""},
		{"It takes Our Lady of the Pines so seriously.", "SCHOOL Our Lady of the Pines"},
		{"My dad works at Kowalski's Bait and Tackle.", "ORG Kowalski's Bait and Tackle"},
		{"we got troop 2208 cookies to sell", "ORG troop 2208"},
		{"My mom works weekends at Lone Heron Kidney Center.", "ORG Lone Heron Kidney Center"},
		{"Our team's called the Golden Bears.", "ORG Golden Bears"},
		{"We beat the Hornets last night.", "ORG Hornets"},
		{"we beat the hornets last night", "ORG hornets"},
		{"go fighting irish!!", "ORG fighting irish"},
		{"We play the Lady Panthers on Friday.", "ORG Lady Panthers"},
		{"I was fighting sleep in that class.", ""},
		{"The hornets fly three meters a second.", ""},
		{"I go to Our Lady of Grace.", "SCHOOL Our Lady of Grace"},
		{"No, I'm at Saint Eithne's and he's at the public one.", "ORG Saint Eithne's"},
		{"im at sacred heart this year", "SCHOOL sacred heart"},
		{"We moved to Flint.", "LOCATION Flint"},
		{"im in mobile", "LOCATION mobile"},
		{"im in reading", ""},
		{"We moved to the next page.", ""},
		{"I work at night.", ""},
		{"I have soccer practice.", ""},
		{"Go across, then up.", ""},
		{"We're the ones who multiply.", ""},

		// Who is known from elsewhere.
		{"Say hi to Anjali for me.", "PERSON Anjali"},
		{"Gideon from my class said it was easy.", "PERSON Gideon"},
		{"Marisol, be quiet, I'm in tutoring!", "PERSON Marisol"},
		{"A line from my graph goes up.", ""},
		{"my bff lamar says hi", "PERSON lamar"},
		{"Chloe just texted me, she can't find it.", "PERSON Chloe"},
		{"I saw Makoto at the pool.", "PERSON Makoto"},
		{"Desmos just showed me.", ""},
		{"I'm at my aunty Bisi's house.", "PERSON Bisi"},

		// Schools, clubs and teams as they are told of.
		{"My sister used to go to Cedar Ridge.", "SCHOOL Cedar Ridge"},
		{"We don't have that at Northgate.", "SCHOOL Northgate"},
		{"We have that at zero.", ""},
		{"i go to booker t. washington", "SCHOOL booker t. washington"},
		{"i got lakewood chess club practice tonight", "ORG lakewood chess club"},
		{"i have soccer practice tonight", ""},
		{"i have math team practice at five", ""},
		{"My dad works at Tri-County Electric.", "ORG Tri-County Electric"},

		// Towns.
		{"We moved here from Ames, Iowa last year.", "LOCATION Ames, Iowa"},
		{"I grew up in Chula Vista.", "LOCATION Chula Vista"},
		{"My family's from Ho Chi Minh City.", "LOCATION Ho Chi Minh City"},
		{"im in tacoma", "LOCATION tacoma"},
		{"My dad's driving back from Duluth.", "LOCATION Duluth"},
		{"A train leaves from Duluth at 60 miles per hour.", ""},
		{"The car goes to Newark and the distance is 200 miles.", ""},
		{"It's in standard form.", ""},
		{"We live in a small house.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			if got := strings.Join(found(t, tt.line), "; "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A town to which a problem comes back again and again is nobody's home.
func TestTouredTown(t *testing.T) {
	c, n := afterTalk("We start in Providence, and the speed is fifty miles an hour.", "From Providence the car drives on.", "Then it leaves Providence, the graph says.",
		"So we're going to Providence, okay.")
	found, err := recognizer{least: 0.66, model: Recognizers()[0].(recognizer).model}.Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Kind == finding.Location && f.Line >= n {
			t.Errorf("line %d: %s goes", f.Line, f.Recognizer)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, least := range []float64{-0.1, 1, 2} {
		if _, err := New(Options{Least: least}); err == nil {
			t.Errorf("least %v was taken", least)
		}
	}
}

// A session that ends early is not judged at all.
func TestFindEnds(t *testing.T) {
	c, _ := afterTalk()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Recognizers()[0].Find(ctx, c); err == nil {
		t.Error("no error")
	}
}

func TestBegins(t *testing.T) {
	for _, w := range []string{"chula", "new", "los", "ho"} {
		if !Begins(w) {
			t.Errorf("%s begins no place", w)
		}
	}
	seldom := 0
	for _, w := range strings.Fields("equation divide slope triangle because hypotenuse fraction whiteboard multiply unmute") {
		if Begins(w) {
			seldom++
		}
	}
	if seldom > 2 {
		t.Errorf("%d of 10 words that begin no place do", seldom)
	}
}

// What answers a question for it is a school or a town, though nothing in the
// line says so.
func TestFindsAnswers(t *testing.T) {
	for _, tt := range []struct{ question, answer, want string }{
		{"Which school do you go to?", "Um, Westlake.", "SCHOOL Westlake"},
		{"Where are you calling from?", "uh duluth", "LOCATION duluth"},
		{"where do u live", "near macon", "LOCATION macon"},
		{"What's your mascot?", "the ospreys", "ORG ospreys"},
		{"Where does she work?", "At Lowe's.", "ORG Lowe's"},
		{"What do you get for number four?", "Um, Westlake.", ""},
		{"Which school do you go to?", "I don't know.", ""},
		{"Where are you on the graph?", "At the origin.", ""},
		{"Which school do you go to?", "is this the pythagorean one", ""},
		{"where do u live", "Where do I send the worksheet?", ""},
		{"What is the name of the school in the problem?", "I think nine.", ""},
	} {
		c, n := afterTalk(tt.question, tt.answer)
		r, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		c.Lines[n].Speaker, c.Lines[n+1].Speaker = "1", "2"
		candidates, err := r.Find(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range candidates {
			if f.Line == n+1 && f.Score >= 0.66 && f.Kind != finding.Person {
				got = string(f.Kind) + " " + tt.answer[f.Start:f.End]
			}
		}
		if got != tt.want {
			t.Errorf("%q, %q: got %q, want %q", tt.question, tt.answer, got, tt.want)
		}
	}
}

// A school that somebody goes to is one wherever it is named.
func TestFindsAgain(t *testing.T) {
	c, n := afterTalk("I go to Westlake Middle.", "ok the westlake middle one has a pool", "I work at Dairy Queen.", "The queen moves three squares.")
	r, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	candidates, err := r.Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range candidates {
		if f.Line > n && f.Score >= 0.66 {
			got = append(got, string(f.Kind)+" "+c.Lines[f.Line].Text[f.Start:f.End])
		}
	}
	sort.Strings(got)
	got = slices.Compact(got)
	if want := "ORG Dairy Queen; SCHOOL westlake middle"; strings.Join(got, "; ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Whatever a line is made of, every claim is of words in it.
func TestClaimsLieWithinTheirLine(t *testing.T) {
	r, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	pool := strings.Fields(`i the our my of old new school high at from in we went to go Tigers ! Walmart tulsa & - ' 417 troop ? lost work shift team
		traffic power closed is was St . Anne's which where live coach Mr saw me texted class for bio period "`)
	rng := rand.New(rand.NewPCG(3, 9))
	for range 400 {
		lines := make([]string, 12)
		for i := range lines {
			words := make([]string, 1+rng.IntN(14))
			for k := range words {
				words[k] = pool[rng.IntN(len(pool))]
			}
			lines[i] = strings.Join(words, " ")
		}
		c, _ := afterTalk(lines...)
		found, err := r.Find(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if s := c.Lines[f.Line].Text; f.Start < 0 || f.Start >= f.End || f.End > len(s) {
				t.Fatalf("%q: %d to %d by %s", s, f.Start, f.End, f.Recognizer)
			}
		}
	}
}
