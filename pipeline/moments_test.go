package pipeline

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/schoolhouse-world/veil/consent"
	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/study"
	"github.com/schoolhouse-world/veil/pipeline/table"

	"golang.org/x/crypto/ssh"
)

// One learner opts out: at each moment, of each form, alone with the tutor and
// in a group, under each policy by which it matters. Whatever they said or wrote
// in that form, and whatever may be theirs, stands nowhere afterwards; what
// others said and what they did not opt out of stands where it stood.

// optsOut is the learner who opts out.
const optsOut = "u-luk-4471"

// known are the spellings by which the source knows the learner, or garbles
// them. They stand in no artifact whatever anybody decided.
var known = []string{"Łukasz", "Lukasz", "Wiśniewski", "Wisniewski", "Woo Cash", "lukasz_w_09", "u-luk-4471", "lukasz.wisniewski"}

// spoken is a cue of a transcript, and the sound of the recording meanwhile.
type spoken struct {
	label, text string
	word        string // stands in no other line
	voice       byte
	theirs      bool // said by who opts out, or may have been
	names       bool // names somebody, so that it is silenced
}

// written is a chat line.
type written struct {
	from, to, text string
	word           string
	theirs         bool // by them, to them, about what they wrote; or may be
}

// lesson is a session of the source.
type lesson struct {
	id     string
	people []string // rows of participants, without the session
	spoken []spoken
	chat   []written
	silent bool // has no recording
}

const (
	oksana, priya, saoirse = "Oksana Sokolova", "Priya Raman", "Saoirse Gallagher"
	lukasz, asShown        = "Łukasz Wiśniewski", "Lukasz W"
	everyone               = "Everyone"
	// somebodys is the label of a device that may be anybody's.
	somebodys = "iPad 4"
)

func direct(to string) string { return to + "(Direct Message)" }

// alone is the learner's lesson with the tutor.
func alone() lesson {
	return lesson{
		id: "alone-771", people: []string{"u-tutor-1,tutor,Oksana Sokolova", optsOut + ",learner,Łukasz Wiśniewski"},
		spoken: []spoken{
			{oksana, "Okay Łukasz, read the pelverine problem to me.", "pelverine", 'T', false, true},
			{lukasz, "The zorvexine flies 3 miles in 4 minutes.", "zorvexine", 'Z', true, false},
			{oksana, "Good. So what is the dolmarine of that?", "dolmarine", 'T', false, false},
		},
		chat: []written{
			{lukasz, everyone, "is it turvonic over 4", "turvonic", true},
			{oksana, everyone, "yes, kessimer over 4", "kessimer", false},
			{lukasz, direct(oksana), "is the lantrovic question on the test", "lantrovic", true},
			{oksana, direct(lukasz), "no, only the beetrassic question", "beetrassic", true},
			{oksana, everyone, `Replying to "is it turvonic over 4" I see the grendible has one`, "grendible", true},
			{oksana, everyone, `Reacted to "is it turvonic over 4" with 🦔`, "🦔", true},
		},
	}
}

// inGroup is the learner's lesson with two others.
func inGroup() lesson {
	return lesson{
		id: "group-772", people: []string{"u-tutor-1,tutor,Oksana Sokolova", optsOut + ",learner,Lukasz W", "u-pri-5582,learner,Priya Raman", "u-sao-6693,learner,Saoirse Gallagher"},
		spoken: []spoken{
			{oksana, "Hi Łukasz, hi Saoirse, hi Priya. Open the pelverine page.", "pelverine", 'T', false, true},
			{asShown, "I put the zorvexine on the left side.", "zorvexine", 'Z', true, false},
			{saoirse, "Thanks, Woo Cash. And the marvellite goes to the right.", "marvellite", 'S', false, true},
			{priya, "The slope is 2, says the cindrelle line.", "cindrelle", 'P', false, false},
			{saoirse, "So the thistrane is 7.", "thistrane", 'S', false, false},
			{somebodys, "I think the quemblat is 9.", "quemblat", 'I', true, false},
			{"Saoirse & Lukasz", "We have the trobanique is 9.", "trobanique", 'I', true, false},
			{oksana, "Good. What is the dolmarine of this line?", "dolmarine", 'T', false, false},
			{lukasz, "It is the brindolet.", "brindolet", 'Z', true, false},
			{oksana, "Thanks Lukasz Wisniewski. Saoirse, what about the fennorine?", "fennorine", 'T', false, true},
		},
		chat: []written{
			{asShown, everyone, "the turvonic has two roots, right", "turvonic", true},
			{saoirse, everyone, `Replying to "the turvonic has two r..." I see the grendible has one`, "grendible", true},
			{priya, everyone, `Reacted to "the turvonic has two r..." with 🦔`, "🦔", true},
			{priya, everyone, `Replying to "I see the grendible has one" and the ostrabel too`, "ostrabel", true},
			{asShown, direct(oksana), "is the lantrovic question on the test", "lantrovic", true},
			{oksana, direct(asShown), "no, only the beetrassic question", "beetrassic", true},
			{saoirse, everyone, "the pintrous line has slope 2", "pintrous", false},
			{priya, everyone, `Replying to "the pintrous line has slope 2" yes the kessimer too`, "kessimer", false},
			{priya, everyone, `Reacted to "the pintrous line has slope 2" with 🐢`, "🐢", false},
			{asShown, everyone, `Reacted to "the pintrous line has slope 2" with 🦀`, "🦀", true},
			{asShown, everyone, `Replying to "the pintrous line has slope 2" no the sploovard`, "sploovard", true},
			{saoirse, direct(oksana), "can we do the julevant one", "julevant", false},
			{oksana, direct(saoirse), "yes the herrimont one", "herrimont", false},
			{somebodys, everyone, "it is the wexanole", "wexanole", true},
			{priya, everyone, `Replying to "what nobody here wrote" as in the obligaster`, "obligaster", true},
			{priya, everyone, "@lukasz_w_09 the noctibran line has slope 3", "noctibran", false},
		},
	}
}

// elsewhere are lessons without the learner; in one they are spoken of.
func elsewhere() []lesson {
	return []lesson{
		{
			id: "other-773", people: []string{"u-tutor-1,tutor,Oksana Sokolova", "u-pri-5582,learner,Priya Raman"},
			spoken: []spoken{
				{oksana, "Łukasz Wiśniewski asked about the pastorelle root.", "pastorelle", 'T', false, true},
				{priya, "The caraminth root is 5.", "caraminth", 'P', false, false},
			},
		},
		{
			id: "quiet-774", people: []string{"u-tutor-1,tutor,Oksana Sokolova", "u-sao-6693,learner,Saoirse Gallagher"}, silent: true,
			spoken: []spoken{{saoirse, "The verdigrine is 11.", "verdigrine", 'S', false, false}},
		},
	}
}

// circumstance is where somebody opts out, and under which policies.
type circumstance struct {
	name, policy string
	lesson       func() lesson
	// The policies.
	dropsSession, silences bool
}

func (c circumstance) group() bool { return len(c.lesson().people) > 2 }

var circumstances = []circumstance{
	{"alone", "", alone, false, false},
	{"in a group", "", inGroup, false, false},
	{"in a group that is dropped", "consent: {in_session: drop-session}\n", inGroup, true, false},
	{"in a group that is silenced", "audio: {opted_out: silence}\n", inGroup, false, true},
}

// moments are when somebody opts out, in the order of a study's life.
var moments = []string{"before the plan", "in the middle of a run", "while a run goes on to its end", "after the run", "after approval", "after release"}

// scopes are what somebody opts out of; "" is everything.
var scopes = []consent.Modality{"", consent.Transcript, consent.Chat, consent.Audio}

// share is how much of a form of a session is there.
type share int

const (
	nothing share = iota
	others        // all but what is or may be theirs
	all
)

// shares is how much of a session is there, by form.
type shares map[session.Modality]share

func (p shares) session() bool {
	return p[session.Transcript] != nothing || p[session.Chat] != nothing || p[session.Audio] != nothing
}

// they reports whether who opted out is in the session all the same.
func (p shares) they() bool {
	return p[session.Transcript] == all || p[session.Chat] == all || p[session.Audio] == all
}

var untouched = shares{session.Transcript: all, session.Chat: all, session.Audio: all}

// outcome is what a bundle holds of the session once somebody is out.
func (c circumstance) outcome(scope consent.Modality) shares {
	p := maps.Clone(untouched)
	for _, m := range session.Modalities {
		switch {
		case scope != "" && scope != consent.Modality(m):
		case !c.group() || c.dropsSession || m == session.Audio && !c.silences:
			p[m] = nothing
		default:
			p[m] = others
		}
	}
	return p
}

// treated is what a released bundle holds of it after the notice: sound is
// named by file, and a part of somebody's text cannot be.
func (c circumstance) treated(scope consent.Modality) shares {
	switch {
	case scope == consent.Audio:
		return shares{session.Transcript: all, session.Chat: all}
	case c.group() && !c.dropsSession:
		return shares{session.Transcript: others, session.Chat: others}
	}
	return shares{}
}

func TestOptingOutAtEveryMoment(t *testing.T) {
	keys := t.TempDir()
	p := withParties(t, keys)
	list, err := os.ReadFile(filepath.Join(keys, study.PartiesFile))
	check(t, err)
	for _, c := range circumstances {
		t.Run(c.name, func(t *testing.T) {
			stages := c.stages(t, p, string(list))
			var mu sync.Mutex
			bundles := map[consent.Modality]map[string]string{}
			t.Run("opts out", func(t *testing.T) {
				for _, scope := range scopes {
					if c.silences && scope != "" && scope != consent.Audio {
						continue // as without the policy
					}
					bundles[scope] = map[string]string{}
					for i, moment := range moments {
						t.Run(fmt.Sprintf("of %s %s", named(scope), moment), func(t *testing.T) {
							t.Parallel()
							digest := optOut{circumstance: c, scope: scope, moment: moment, parties: p}.play(t, stages[i])
							mu.Lock()
							defer mu.Unlock()
							bundles[scope][moment] = digest
						})
					}
				}
			})
			// Whoever came late is not missed less: all ways end in the same bytes.
			// (The studies are copies of one with one vault, so they share codes.)
			for scope, by := range bundles {
				for moment, digest := range by {
					if digest != by[moments[0]] || digest == "" {
						t.Errorf("of %s: %s the bundle is another one than %s", named(scope), moment, moments[0])
					}
				}
			}
		})
	}
}

func named(m consent.Modality) string {
	if m == "" {
		return "everything"
	}
	return string(m)
}

// What leaves without somebody is what leaves of lessons that never had them, so
// that nobody who has the bundle can tell that anybody was left out. Compared is
// every byte of every file of the bundle. The two studies share a vault, so that
// their random codes are the same; their times are too, since the pause that a
// dropped turn leaves is there in both. Of their recordings, the one without the
// learner is silent in their cues; there the bundles differ in the silences that
// table audio lists, and so in its digests, unless somebody whom nobody can be
// matched to was there in their place.
func TestNobodyCanTellThatSomebodyWasLeftOut(t *testing.T) {
	// Others call the learner by a name that is one for those too who do not
	// know them, and what may be theirs and may be anybody's is not there.
	plain := strings.NewReplacer("Woo Cash", "Łukasz", "Lukasz Wisniewski", "Łukasz")
	with := inGroup()
	for i := range with.spoken {
		with.spoken[i].text = plain.Replace(with.spoken[i].text)
	}
	with.chat = slices.DeleteFunc(with.chat, func(m written) bool { return m.word == "obligaster" })
	silence := "audio: {opted_out: silence}\n"
	for _, c := range []struct {
		name, policy  string
		with, without []lesson
		muted         bool // silences are alike too
	}{
		{"a lesson alone with the tutor", "", []lesson{alone()}, nil, true},
		{"a group whose recording is withheld", "", []lesson{with}, []lesson{with.without(true)}, true},
		{"a group whose recording is silenced", silence, []lesson{with}, []lesson{with.without(false)}, false},
		{"a group with somebody unknown in their place", silence + "speakers: {unmatched: drop}\n", []lesson{with}, []lesson{with.unmatched()}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			left, never, codes := filepath.Join(root, "left"), filepath.Join(root, "never"), filepath.Join(root, "codes")
			// The vault has a code for everybody, the learner too.
			writeStudy(t, codes, c.policy, append(elsewhere(), c.with...))
			e, err := Open(t.Context(), Options{Dir: codes, Now: func() time.Time { return crashDay }})
			check(t, err)
			_, err = e.Plan(t.Context())
			check(t, errors.Join(err, e.Close()))
			vault, err := os.ReadFile(filepath.Join(codes, "vault.db"))
			check(t, err)
			writeStudy(t, left, c.policy, append(elsewhere(), c.with...))
			writeFile(t, filepath.Join(left, "source", "consent.csv"), "user_id,effective_at,action\n"+optsOut+",2026-01-05,withdrawn\n")
			writeStudy(t, never, c.policy, append(elsewhere(), c.without...))
			for _, dir := range []string{left, never} {
				writeFile(t, filepath.Join(dir, "vault.db"), string(vault))
				r, err := openStudy(t, dir, crashDay).Run(t.Context(), "")
				check(t, err)
				if len(r.Summary.Quarantined) > 0 || !r.Audit.Passed() {
					t.Fatalf("quarantined %v, audit %v", r.Summary.Quarantined, r.Audit.Hits)
				}
			}
			left, never = filepath.Join(left, "export", "bundle"), filepath.Join(never, "export", "bundle")
			if c.muted {
				sameFiles(t, tree(t, left), tree(t, never))
				return
			}
			a, b := readBundle(t, left), readBundle(t, never)
			if len(a.audio) != 2 || reflect.DeepEqual(a.audio, b.audio) {
				t.Fatalf("the silences are alike: %+v", a.audio)
			}
			for i := range a.audio {
				a.audio[i].Muted, b.audio[i].Muted = nil, nil
			}
			if !reflect.DeepEqual(a, b) {
				t.Errorf("the rows tell:\n%+v\n%+v", a, b)
			}
		})
	}
}

// Whoever was out from the beginning has no code.
func TestWhoWasNeverInHasNoCode(t *testing.T) {
	dir := t.TempDir()
	writeStudy(t, dir, "", append(elsewhere(), alone(), inGroup()))
	e := openStudy(t, dir, crashDay)
	vault := func() []byte {
		var all []byte
		files, err := filepath.Glob(filepath.Join(dir, "vault.db*"))
		check(t, err)
		for _, f := range files {
			content, err := os.ReadFile(f)
			check(t, err)
			all = append(all, content...)
		}
		return all
	}
	writeFile(t, filepath.Join(dir, "source", "consent.csv"), "user_id,effective_at,action\n"+optsOut+",2026-01-05,withdrawn\n")
	_, err := e.Run(t.Context(), "")
	check(t, err)
	if bytes.Contains(vault(), []byte(optsOut)) || !bytes.Contains(vault(), []byte("u-pri-5582")) {
		t.Error("the vault has a code of the learner who is out, or none of one who is in")
	}
}

// without is the lesson as it would have been without the learner: their lines
// are not there, and nothing that is or may be theirs.
func (l lesson) without(recording bool) lesson {
	out := l
	out.people = slices.DeleteFunc(slices.Clone(l.people), func(p string) bool { return strings.HasPrefix(p, optsOut) })
	out.spoken = slices.Clone(l.spoken)
	for i := range out.spoken {
		if c := &out.spoken[i]; c.theirs {
			c.label, c.voice = "", 0
		}
	}
	out.chat = slices.Clone(l.chat)
	for i := range out.chat {
		if m := &out.chat[i]; m.theirs {
			m.from = ""
		}
	}
	out.silent = recording
	return out
}

// unmatched is the lesson with a device in their place that may be anybody's.
func (l lesson) unmatched() lesson {
	out := l.without(false)
	for i, c := range l.spoken {
		if c.theirs {
			out.spoken[i].label, out.spoken[i].voice = somebodys, c.voice
		}
	}
	for i, m := range l.chat {
		if !m.theirs {
			continue
		}
		if out.chat[i].from = m.from; m.from == asShown {
			out.chat[i].from = somebodys
		}
		out.chat[i].to = strings.Replace(m.to, asShown, somebodys, 1)
	}
	return out
}

func sameFiles(t *testing.T, a, b map[string][]byte) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s tells", name)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d files and %d", len(a), len(b))
	}
}

// Names in a cell's folder.
const (
	studyDir  = "study"
	openedDir = "opened"
	recordOf  = "record.json"
)

// stages makes a study up to each moment, and returns the folders. Nobody is
// out in it: here everything must be found that must not be later.
func (c circumstance) stages(t *testing.T, p parties, list string) []string {
	t.Helper()
	root := t.TempDir()
	now := crashDay
	save := func() string {
		to := filepath.Join(t.TempDir(), "stage")
		copyTree(t, root, to)
		return to
	}
	step := func(do func(*Export)) {
		e, err := Open(t.Context(), Options{Dir: filepath.Join(root, studyDir), Now: func() time.Time { return now }, Software: "veil test"})
		check(t, err)
		do(e)
		check(t, e.Close())
	}
	writeStudy(t, filepath.Join(root, studyDir), c.policy, append(elsewhere(), c.lesson()))
	writeFile(t, filepath.Join(root, studyDir, study.PartiesFile), list)
	step(func(e *Export) {
		_, err := e.Plan(t.Context())
		check(t, err)
	})
	planned := save()
	step(func(e *Export) {
		r, err := e.Run(t.Context(), "")
		check(t, err)
		if r.Made != 3 || !r.Audit.Passed() || len(r.Summary.Quarantined) > 0 {
			t.Fatalf("%d shards made, audit stops %v, quarantined %v", r.Made, r.Audit.Hits, r.Summary.Quarantined)
		}
	})
	ran := save()
	step(func(e *Export) { approve(t, e, p) })
	approved := save()
	step(func(e *Export) {
		released, err := e.Release(t.Context(), p.sender, nil)
		check(t, err)
		if len(released) != 2 {
			t.Fatalf("%d hand-offs", len(released))
		}
		open(t, e, p, released[0], root, openedDir)
		s := searched{circumstance: c, root: root, parts: untouched}
		s.bundle(t, e, filepath.Join(root, openedDir))
		s.everywhere(t)
	})
	return []string{planned, planned, planned, ran, approved, save()}
}

// optOut is one cell of the table.
type optOut struct {
	circumstance
	scope   consent.Modality
	moment  string
	parties parties
}

// play takes the study from the moment to a release without what was opted out
// of, and returns the bundle's digest.
func (o optOut) play(t *testing.T, stage string) string {
	root := t.TempDir()
	copyTree(t, stage, root)
	now := crashDay
	e := at(t, filepath.Join(root, studyDir), &now)
	kept := 0
	if o.outcome(o.scope).session() {
		kept = 1 // the shard of the session is made anew; else it vanishes
	}
	made, reused, releases := kept, 2, 0
	switch o.moment {
	case "before the plan":
		o.say(t, e)
		made, reused = kept+2, 0
	case "in the middle of a run":
		o.interrupted(t, root)
		made, reused = kept+1, 1
		if _, err := e.Release(t.Context(), o.parties.sender, nil); err == nil || !strings.Contains(err.Error(), "no bundle has been made") {
			t.Errorf("release of an interrupted run: %v", err)
		}
	case "while a run goes on to its end":
		o.during(t, root)
		approve(t, e, o.parties) // officers see nothing of it
		o.refused(t, e)
	case "after the run":
		o.say(t, e)
		approve(t, e, o.parties)
		o.refused(t, e)
	case "after approval":
		o.say(t, e)
		o.refused(t, e)
	case "after release":
		now = now.AddDate(0, 0, 1)
		o.withdraw(t, e)
		releases = 2
	}
	r, err := e.Run(t.Context(), "")
	check(t, err)
	if r.Made != made || r.Reused != reused {
		t.Errorf("%d shards made and %d reused, want %d and %d", r.Made, r.Reused, made, reused)
	}
	o.approvedAnew(t, e)
	if o.moment == "after release" {
		o.answer(t, e, root, &now)
	}
	released, err := e.Release(t.Context(), o.parties.sender, nil)
	check(t, err)
	open(t, e, o.parties, released[0], root, "newest")
	o.after(t, e, r, root, releases)
	return r.Digest
}

// say puts the opt-out into the ledger.
func (o optOut) say(t *testing.T, e *Export) {
	t.Helper()
	_, known, err := e.AddConsent(t.Context(), consent.Event{Subject: optsOut, Actor: consent.Self, Action: consent.Withdrawn, Scope: consent.Scope{Modality: o.scope}})
	check(t, err)
	if !known {
		t.Fatal("the user table does not have the learner")
	}
}

// interrupted is a run that ends, as by Ctrl-C, in its third shard, just after
// the opt-out came.
func (o optOut) interrupted(t *testing.T, root string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if err := o.runAside(t, ctx, root, cancel); !errors.Is(err, context.Canceled) {
		t.Fatalf("the run was not interrupted: %v", err)
	}
	shards, err := os.ReadDir(filepath.Join(root, studyDir, "work", "shards"))
	check(t, err)
	if len(shards) != 2 || strings.HasSuffix(shards[0].Name(), ".partial") || strings.HasSuffix(shards[1].Name(), ".partial") {
		t.Fatalf("an interrupted run left %v", shards)
	}
}

// during is a run that does not see an opt-out that comes meanwhile.
func (o optOut) during(t *testing.T, root string) {
	check(t, o.runAside(t, t.Context(), root, func() {}))
}

// runAside runs the study and opts out, by an Export of its own as another
// process would have, when two of three shards are done.
func (o optOut) runAside(t *testing.T, ctx context.Context, root string, then func()) error {
	dir := filepath.Join(root, studyDir)
	now := crashDay
	runs, err := Open(t.Context(), Options{Dir: dir, Now: func() time.Time { return now }, Software: "veil test", Progress: func(stage string, done, total int64) {
		if stage == "redacting sessions" && done == 3 {
			o.say(t, at(t, dir, &now))
			then()
		}
	}})
	check(t, err)
	_, err = runs.Run(ctx, "")
	return errors.Join(err, runs.Close())
}

// refused wants that nothing leaves now, and that the shard is named.
func (o optOut) refused(t *testing.T, e *Export) {
	t.Helper()
	_, err := e.Release(t.Context(), o.parties.sender, nil)
	var refused *Refused
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "(shards 1)") {
		t.Errorf("release of what somebody is out of: %v", err)
	}
	if _, err := os.Stat(e.folder.handoff()); err == nil {
		t.Error("a refused release left a hand-off")
	}
}

// approvedAnew wants that earlier approvals do not count for the new bundle.
func (o optOut) approvedAnew(t *testing.T, e *Export) {
	t.Helper()
	if _, err := e.Release(t.Context(), o.parties.sender, nil); release.ReasonOf(err) != release.NotApproved {
		t.Errorf("release of a bundle that nobody approved: %v", err)
	}
	d, err := e.Decide(t.Context(), Decision{Signer: o.parties.one, Decision: release.Approved})
	check(t, err)
	if d.Approved != 1 {
		t.Errorf("one officer signed, and %d approved", d.Approved)
	}
	_, err = e.Decide(t.Context(), Decision{Signer: o.parties.two, Decision: release.Approved})
	check(t, err)
}

func approve(t *testing.T, e *Export, p parties) {
	t.Helper()
	for _, officer := range []ssh.Signer{p.one, p.two} {
		_, err := e.Decide(t.Context(), Decision{Signer: officer, Decision: release.Approved})
		check(t, err)
	}
}

// withdraw opts out by the ledger, as the platform would, and issues the
// notices that are due then.
func (o optOut) withdraw(t *testing.T, e *Export) {
	t.Helper()
	o.say(t, e)
	due, err := e.Due(t.Context())
	check(t, err)
	if len(due) != 1 || due[0].User != optsOut || len(due[0].Recipients) != 2 || due[0].Modality != o.scope {
		t.Fatalf("due: %+v", due)
	}
	w, err := e.Withdraw(t.Context(), Withdrawal{User: optsOut, Actor: consent.Self, Modality: o.scope, Sender: o.parties.sender})
	check(t, err)
	if w.Event != 0 || len(w.Notices) != 2 || !w.Notices[0].New || !w.Notices[1].New {
		t.Fatalf("%+v", w)
	}
	if due, err := e.Due(t.Context()); err != nil || len(due) != 0 {
		t.Errorf("due after the notices: %+v, %v", due, err)
	}
}

// answer wants that an overdue notice blocks, has both recipients answer, and
// looks at what the first has left.
func (o optOut) answer(t *testing.T, e *Export, root string, now *time.Time) {
	t.Helper()
	*now = now.AddDate(0, 0, DefaultDeadline+1)
	issued, err := e.Notices()
	check(t, err)
	for i, n := range issued {
		if n.State != stateOverdue {
			t.Errorf("notice to %s: %s", n.Recipient, n.State)
		}
		if _, err := e.Release(t.Context(), o.parties.sender, []string{n.Recipient}); release.ReasonOf(err) != release.OverdueNotice {
			t.Errorf("release to %s with an overdue notice: %v", n.Recipient, err)
		}
		a := release.Application{Notice: n.Folder, Identities: o.parties.identities, Sender: e.parties.Sender.Key, Signer: o.parties.ack, At: *now,
			Record: filepath.Join(root, n.Recipient+recordOf), Remove: removeNoticed}
		if n.Recipient == "demo" {
			a.Bundles = []string{filepath.Join(root, openedDir)}
		} else {
			a.Destroyed = []string{noticeOf(t, e, n).Releases[0].ID}
		}
		answer := filepath.Join(root, fmt.Sprint("answer", i))
		_, err := release.ApplyNotice(t.Context(), storage.Disk{}, a, answer)
		check(t, err)
		_, err = e.Acknowledge(answer, n.Recipient)
		check(t, err)
	}
	if closed, err := e.Notices(); err != nil || closed[0].State != stateAcknowledged || closed[1].State != stateAcknowledged {
		t.Errorf("%+v, %v", closed, err)
	}
	s := searched{circumstance: o.circumstance, root: root, parts: o.treated(o.scope), amended: true}
	s.bundle(t, e, filepath.Join(root, openedDir))
}

// removeNoticed is what veil withdraw apply does to a bag.
func removeNoticed(ctx context.Context, bag string, n release.Notice) error {
	return bundle.Remove(ctx, storage.Disk{}, bag, bundle.Withdrawal{Participants: n.Participants, Sessions: n.Sessions, Audio: n.Audio})
}

// after looks at everything once the new release went out.
func (o optOut) after(t *testing.T, e *Export, r Record, root string, earlier int) {
	t.Helper()
	out := o.outcome(o.scope)
	s := searched{circumstance: o.circumstance, root: root, parts: out}
	s.bundle(t, e, e.folder.bundle())
	s.bundle(t, e, filepath.Join(root, "newest"))
	if earlier > 0 {
		// What the recipient has left of the first release: the sum of both.
		for m, p := range o.treated(o.scope) {
			s.parts[m] = max(s.parts[m], p)
		}
	}
	s.everywhere(t)
	whole := readBundle(t, e.folder.bundle())
	if r.Summary.Sessions != len(whole.sessions) || r.Summary.Participants != len(whole.participants) || r.Summary.Utterances != len(whole.utterances) ||
		r.Summary.Messages != len(whole.messages) || r.Summary.Audio != len(whole.audio) {
		t.Errorf("the record counts otherwise than the rows: %+v", r.Summary)
	}
	where, err := e.Report(t.Context(), optsOut)
	check(t, err)
	want := earlier
	if o.outcome(o.scope).they() {
		want += 2
	}
	if len(where.Releases) != want {
		t.Errorf("the learner is in %d releases, want %d", len(where.Releases), want)
	}
	// A release that was made without it holds none of it to be asked back.
	if due, err := e.Due(t.Context()); err != nil || len(due) != 0 {
		t.Errorf("due after a release without it: %+v, %v", due, err)
	}
	w, err := e.Withdraw(t.Context(), Withdrawal{User: optsOut, Actor: consent.Self, Modality: o.scope, Sender: o.parties.sender})
	check(t, err)
	if slices.ContainsFunc(w.Notices, func(n Noticed) bool { return n.New }) || len(w.Notices) != earlier {
		t.Errorf("withdrawn from a release without it: %+v", w.Notices)
	}
}

// open opens a hand-off as its researcher.
func open(t *testing.T, e *Export, p parties, r Released, root, to string) {
	t.Helper()
	_, err := release.Open(t.Context(), storage.Disk{}, release.Opening{
		Handoff: r.Folder, Out: filepath.Join(root, to), Identities: p.identities, Sender: e.parties.Sender.Key,
		Record: filepath.Join(root, r.Recipient+recordOf), At: e.now(),
		Verify: func(ctx context.Context, bag string) error {
			return bundle.Verify(ctx, storage.Disk{}, bag, func(int64, int64) {})
		},
	}, func(int64, int64) {})
	check(t, err)
}

// searched is what must and must not be found.
type searched struct {
	circumstance
	root    string
	parts   shares
	amended bool // by a notice: row numbers and labels stay as they were
}

// there reports whether a line is.
func (p share) there(theirs bool) bool { return p == all || p == others && !theirs }

// everywhere looks for what is gone in every byte of every file that is not the
// data team's own: not the source, the ledger, the vault and the work index. The
// same search must find what is there.
func (s searched) everywhere(t *testing.T) {
	t.Helper()
	stays := map[string]bool{} // words, and whether they stay
	for _, w := range known {
		stays[w] = false
	}
	for _, c := range s.lesson().spoken {
		stays[c.word] = s.parts[session.Transcript].there(c.theirs)
	}
	for _, m := range s.lesson().chat {
		stays[m.word] = s.parts[session.Chat].there(m.theirs)
	}
	stays[strings.Repeat("Z", 64)] = s.parts[session.Audio] == all
	words := slices.Collect(maps.Keys(stays))
	// In ciphertext the four bytes of an emoji stand by chance once in 4 GiB, and
	// these tests write a good part of that. What is within is searched opened.
	var longWords []string
	for _, w := range words {
		if len(w) >= 6 {
			longWords = append(longWords, w)
		}
	}
	found := map[string]bool{}
	for _, name := range s.artifacts(t) {
		sought := words
		if strings.HasSuffix(name, ".age") {
			sought = longWords
		}
		for _, w := range inFile(t, s.root, name, sought) {
			if found[w] = true; !stays[w] {
				t.Errorf("%s: holds %q", name, w[:min(len(w), 20)])
			}
		}
	}
	for w, stay := range stays {
		if stay && !found[w] {
			t.Errorf("%q is nowhere, and should have stayed", w[:min(len(w), 20)])
		}
	}
}

// artifacts are the files that anybody but the data team may get to see, and
// what the work folder has beside its index, by their paths from the root.
func (s searched) artifacts(t *testing.T) []string {
	t.Helper()
	var names []string
	check(t, filepath.WalkDir(s.root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(s.root, name)
		if err != nil {
			return err
		}
		if d.IsDir() && filepath.ToSlash(within) == studyDir+"/source" {
			return fs.SkipDir
		}
		own := slices.ContainsFunc([]string{"ledger.db", "vault.db", "work/index.db"}, func(base string) bool {
			return strings.HasPrefix(filepath.ToSlash(within), studyDir+"/"+base)
		})
		if !d.IsDir() && !own {
			names = append(names, within)
		}
		return nil
	}))
	for _, one := range []string{"export/report.html", "export/doubts.jsonl", "export/run.json", "export/bundle/bag-info.txt", "export/bundle/data/datapackage.json",
		"export/bundle/data/ro-crate-metadata.json", "logs/veil.jsonl", "releases/history.json"} {
		if !slices.Contains(names, filepath.Join(studyDir, filepath.FromSlash(one))) {
			t.Errorf("%s is not among what is searched", one)
		}
	}
	return names
}

// inFile are those of some words that a file holds, in its bytes or its name or,
// if it is a table, decoded.
func inFile(t *testing.T, root, within string, words []string) []string {
	t.Helper()
	name := filepath.Join(root, within)
	content, err := os.ReadFile(name)
	check(t, err)
	if filepath.Ext(name) == ".parquet" {
		for v, err := range table.Values(name) {
			check(t, err)
			content = append(append(content, 0), v.Text...)
		}
	}
	content = append(append(content, 0), within...)
	coded := !slices.Contains([]string{".wav", ".age"}, filepath.Ext(name)) // sound and ciphertext hold no text
	folded := bytes.ToLower(content)
	var found []string
	for _, w := range words {
		hit := bytes.Contains(content, []byte(w)) || bytes.Contains(folded, bytes.ToLower([]byte(w)))
		if coded {
			hit = hit || slices.ContainsFunc(spellings(w), func(x string) bool { return bytes.Contains(content, []byte(x)) })
		}
		if hit {
			found = append(found, w)
		}
	}
	return found
}

// spellings are other ways in which a file may hold a word.
func spellings(word string) []string {
	escaped := strconv.QuoteToASCII(word)
	out := []string{escaped[1 : len(escaped)-1], url.QueryEscape(word)}
	var wide []byte
	for _, u := range utf16.Encode([]rune(word)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	out = append(out, string(wide))
	if len(word) < 8 {
		return out
	}
	for shift := range 3 { // of the word within Base64's groups of three
		coded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), word...))
		out = append(out, coded[2*shift:len(coded)-3])
	}
	return out
}

// bundle looks at a bag: what must be there is, nothing else is, and the rows
// agree with each other.
func (s searched) bundle(t *testing.T, e *Export, bag string) {
	t.Helper()
	check(t, bundle.Verify(t.Context(), storage.Disk{}, bag, func(int64, int64) {}))
	b := readBundle(t, bag)
	b.consistent(t, s.amended)
	s.rows(t, e, b)
	for _, l := range elsewhere() {
		x := searched{circumstance: circumstance{lesson: func() lesson { return l }}, parts: untouched, amended: s.amended}
		x.rows(t, e, b)
		x.sound(t, e, b, bag)
	}
	s.sound(t, e, b, bag)
	inSource := codeOf(t, e, plan.SessionCode, s.lesson().id)
	if _, there := b.session(inSource); there != s.parts.session() {
		t.Errorf("the session is there: %v", there)
	}
	sessions := len(elsewhere())
	if s.parts.session() {
		sessions++
	}
	if len(b.sessions) != sessions {
		t.Errorf("%d sessions, want %d", len(b.sessions), sessions)
	}
	var codes []string
	if !s.parts.they() {
		codes = append(codes, codeOf(t, e, plan.ParticipantCode, optsOut))
	}
	if !s.parts.session() {
		codes = append(codes, inSource)
	}
	if s.parts[session.Audio] == nothing {
		codes = append(codes, codeOf(t, e, plan.AudioCode, s.lesson().id))
	}
	for name := range tree(t, bag) {
		for range inFile(t, bag, name, codes) {
			t.Errorf("%s: has the code of what is gone", name)
		}
	}
}

func codeOf(t *testing.T, e *Export, kind, id string) string {
	t.Helper()
	code, err := e.vault.Code(t.Context(), kind, id)
	check(t, err)
	return code
}

// rows compares the session's rows with what was said and written, line by line.
func (s searched) rows(t *testing.T, e *Export, b rows) {
	t.Helper()
	l := s.lesson()
	code := codeOf(t, e, plan.SessionCode, l.id)
	var want, got []string
	for _, c := range l.spoken {
		if s.parts[session.Transcript].there(c.theirs) {
			want = append(want, c.word)
		}
	}
	for _, u := range b.utterances {
		if u.SessionID == code {
			got = append(got, wordOf(l, u.Text))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: the transcript has %q, want %q", l.id, got, want)
	}
	want, got = nil, nil
	for _, m := range l.chat {
		if s.parts[session.Chat].there(m.theirs) {
			want = append(want, m.word)
		}
	}
	for _, m := range b.messages {
		if m.SessionID != code {
			continue
		}
		if m.Emoji != nil {
			got = append(got, *m.Emoji)
		} else {
			got = append(got, wordOf(l, m.Text))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: the chat has %q, want %q", l.id, got, want)
	}
	if !s.parts.session() {
		return
	}
	want, got = nil, nil
	for _, p := range l.people {
		user, _, _ := strings.Cut(p, ",")
		if user != optsOut || s.parts.they() {
			want = append(want, codeOf(t, e, plan.ParticipantCode, user))
		}
	}
	own := ""
	for _, p := range b.participants {
		if p.SessionID == code {
			got = append(got, p.ParticipantID)
			if p.ParticipantID == codeOf(t, e, plan.ParticipantCode, optsOut) {
				own = p.Label
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %d participants, want %d", l.id, len(got), len(want))
	}
	s.speakOf(t, b, code, own)
}

// speakOf wants that nobody calls who is out of a text by their label.
func (s searched) speakOf(t *testing.T, b rows, code, own string) {
	t.Helper()
	calls := 0
	for _, places := range b.places(code) {
		for _, r := range places {
			if own != "" && r.Label == own {
				calls++
			}
		}
	}
	in := s.parts[session.Transcript] == all && s.parts[session.Chat] == all
	if own != "" && (calls > 0) != in {
		t.Errorf("others speak of them by their label %d times", calls)
	}
}

// wordOf is the word by which a text's line is known.
func wordOf(l lesson, text string) string {
	for _, c := range l.spoken {
		if strings.Contains(text, c.word) {
			return c.word
		}
	}
	for _, m := range l.chat {
		if strings.Contains(text, m.word) {
			return m.word
		}
	}
	return text
}

// Where a cue stands in the transcript and the recording, in milliseconds.
func cueStarts(i int) int64 { return 1000 + 4000*int64(i) }
func cueEnds(i int) int64   { return cueStarts(i) + 2000 }

// sound listens to the session's recording: who is out is silent, with padding,
// and so are cues in which somebody is named; everybody else is heard.
func (s searched) sound(t *testing.T, e *Export, b rows, bag string) {
	t.Helper()
	l := s.lesson()
	code := codeOf(t, e, plan.SessionCode, l.id)
	at := slices.IndexFunc(b.audio, func(a table.Audio) bool { return a.SessionID == code })
	if there := s.parts[session.Audio] != nothing && !l.silent; (at >= 0) != there {
		t.Errorf("%s: there is a recording: %v", l.id, !there)
	}
	if at < 0 {
		return
	}
	for _, m := range b.audio[at].Muted {
		if m.Reason != "speaker" && m.Reason != "name" {
			t.Errorf("%s: sound is silenced for %q, which may tell of somebody left out", l.id, m.Reason)
		}
	}
	samples := samplesOf(t, filepath.Join(bag, "data", filepath.FromSlash(b.audio[at].Path)))
	for i, c := range l.spoken {
		from, to, voice := cueStarts(i), cueEnds(i), c.voice
		switch {
		case !s.parts[session.Audio].there(c.theirs):
			from, to, voice = from-padding, to+padding, 0
		case c.names:
			voice = 0
		}
		for ms := from; ms < to; ms += 5 {
			if got := samples[ms*rate/1000]; got != int16(voice)<<8|int16(voice) {
				t.Errorf("%s: cue %d at %d ms sounds like %#x, want voice %q", l.id, i+1, ms, got, voice)
				break
			}
		}
	}
}

// rows are those of a bundle, in the order of its parts.
type rows struct {
	sessions     []table.Session
	participants []table.Participant
	utterances   []table.Utterance
	messages     []table.Message
	audio        []table.Audio
}

func readBundle(t *testing.T, bag string) rows {
	t.Helper()
	return rows{readTable[table.Session](t, bag, "sessions"), readTable[table.Participant](t, bag, "participants"),
		readTable[table.Utterance](t, bag, "utterances"), readTable[table.Message](t, bag, "messages"), readTable[table.Audio](t, bag, "audio")}
}

func readTable[R table.Row](t *testing.T, bag, name string) []R {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(bag, "data", table.Folder, name, "*.parquet"))
	check(t, err)
	var out []R
	for _, f := range files {
		for r, err := range table.Read[R](storage.Disk{}, f) {
			check(t, err)
			out = append(out, r)
		}
	}
	return out
}

func (b rows) session(code string) (table.Session, bool) {
	for _, s := range b.sessions {
		if s.SessionID == code {
			return s, true
		}
	}
	return table.Session{}, false
}

// places are all redactions of a session.
func (b rows) places(code string) [][]table.Redaction {
	var out [][]table.Redaction
	for _, u := range b.utterances {
		if u.SessionID == code {
			out = append(out, u.Redactions)
		}
	}
	for _, m := range b.messages {
		if m.SessionID == code {
			out = append(out, m.Redactions, m.QuotedRedactions)
		}
	}
	return out
}

// consistent wants numbers without gaps, counts that agree with rows, and no
// label without its row. A notice leaves numbers and labels as they were.
func (b rows) consistent(t *testing.T, amended bool) {
	t.Helper()
	for _, s := range b.sessions {
		b.agree(t, s, amended)
	}
	for _, rows := range [][]string{column(b.participants, func(r table.Participant) string { return r.SessionID }), column(b.utterances, func(r table.Utterance) string { return r.SessionID }),
		column(b.messages, func(r table.Message) string { return r.SessionID }), column(b.audio, func(r table.Audio) string { return r.SessionID })} {
		for _, code := range rows {
			if _, there := b.session(code); !there {
				t.Error("a row of a session that is not there")
			}
		}
	}
}

func column[R any](rows []R, of func(R) string) []string {
	var out []string
	for _, r := range rows {
		out = append(out, of(r))
	}
	return out
}

func (b rows) agree(t *testing.T, s table.Session, amended bool) {
	t.Helper()
	counted := map[string]table.Participant{} // by code
	labels := map[string]string{unknownSpeaker: ""}
	roles := map[string]int{}
	var participants, utterances, messages int32
	codes := []string{}
	for _, p := range b.participants {
		if p.SessionID != s.SessionID {
			continue
		}
		participants++
		roles[p.Role]++
		codes = append(codes, p.ParticipantID)
		labels[p.Label] = p.ParticipantID
		if want := fmt.Sprintf("%s_%d", strings.ToUpper(p.Role), roles[p.Role]); p.Label != want && !amended {
			t.Errorf("label %s, want %s", p.Label, want)
		}
	}
	if !slices.IsSorted(codes) {
		t.Error("participants are not in the order of their codes")
	}
	speaks := func(person *string, label string) {
		for one := range strings.SplitSeq(label, "+") {
			if code, there := labels[one]; !there || person != nil && *person != code {
				t.Errorf("label %s is no participant's, or another's", one)
			}
		}
	}
	last := int32(0)
	number := func(index int32) {
		if index <= last || index != last+1 && !amended {
			t.Errorf("row %d follows row %d", index, last)
		}
		last = index
	}
	for _, u := range b.utterances {
		if u.SessionID != s.SessionID {
			continue
		}
		utterances++
		number(u.Index)
		speaks(u.ParticipantID, u.Label)
		if u.ParticipantID != nil {
			c := counted[*u.ParticipantID]
			c.Utterances, c.TalkMS = c.Utterances+1, c.TalkMS+u.EndMS-u.StartMS
			counted[*u.ParticipantID] = c
		}
	}
	last = 0
	before := map[int32]bool{}
	for _, m := range b.messages {
		if m.SessionID != s.SessionID {
			continue
		}
		messages++
		number(m.Index)
		speaks(m.ParticipantID, m.Label)
		if m.To != "everyone" {
			speaks(nil, m.To)
		}
		if m.RefersTo != nil && !before[*m.RefersTo] {
			t.Error("a message refers to one that is not there")
		}
		before[m.Index] = true
		if m.ParticipantID != nil {
			c := counted[*m.ParticipantID]
			c.Messages++
			counted[*m.ParticipantID] = c
		}
	}
	for _, p := range b.participants {
		if c := counted[p.ParticipantID]; p.SessionID == s.SessionID && (c.Utterances != p.Utterances || c.TalkMS != p.TalkMS || c.Messages != p.Messages) {
			t.Errorf("%s has other counts than rows: %+v", p.Label, p)
		}
	}
	for _, places := range b.places(s.SessionID) {
		for _, r := range places {
			if _, there := labels[r.Label]; !there && (strings.HasPrefix(r.Label, "LEARNER") || strings.HasPrefix(r.Label, "TUTOR")) {
				t.Errorf("somebody is called %s who is no participant", r.Label)
			}
		}
	}
	audio := slices.ContainsFunc(b.audio, func(a table.Audio) bool { return a.SessionID == s.SessionID })
	if s.Participants != participants || s.Utterances != utterances || s.Messages != messages || s.HasAudio != audio {
		t.Errorf("a session counts otherwise than its rows: %+v; %d, %d, %d, %v", s, participants, utterances, messages, audio)
	}
}

// writeStudy writes a study of some lessons, of two days before crashDay.
func writeStudy(t *testing.T, dir, policy string, lessons []lesson) {
	t.Helper()
	day := crashDay.AddDate(0, 0, -2).Format(time.DateOnly)
	sessions, participants := "session_id,context,starts_at,ends_at\n", "session_id,user_id,role,display_name\n"
	for i, l := range lessons {
		hour := 10 + i
		sessions += fmt.Sprintf("%s,sat-bootcamp,%sT%02d:00:00Z,%sT%02d:01:00Z\n", l.id, day, hour, day, hour)
		for _, p := range l.people {
			participants += l.id + "," + p + "\n"
		}
		recordings := filepath.Join(dir, "source", "recordings", l.id)
		vtt := "WEBVTT\n"
		for i, c := range l.spoken {
			if c.label == "" {
				continue
			}
			vtt += fmt.Sprintf("\n%d\n%s --> %s\n%s: %s\n", i+1, clock(cueStarts(i)), clock(cueEnds(i)), c.label, c.text)
		}
		writeFile(t, filepath.Join(recordings, "GMT_Recording.transcript.vtt"), vtt)
		chat := ""
		for i, m := range l.chat {
			if m.from == "" {
				continue
			}
			chat += fmt.Sprintf("%02d:00:%02d From  %s  to  %s:\n\t%s\n", hour, 2+3*i, m.from, m.to, m.text)
		}
		if chat != "" {
			writeFile(t, filepath.Join(recordings, "chat.txt"), chat)
		}
		if !l.silent {
			writeFile(t, filepath.Join(recordings, "audio_only.wav"), string(l.recording()))
		}
	}
	writeFile(t, filepath.Join(dir, "source", "sessions.csv"), sessions)
	writeFile(t, filepath.Join(dir, "source", "participants.csv"), participants)
	writeFile(t, filepath.Join(dir, "source", "users.csv"), "user_id,first_name,last_name,email,handles,birth_date\n"+
		"u-tutor-1,Oksana,Sokolova,oksana.sokolova@post.example,,1996-02-03\n"+
		optsOut+",Łukasz,Wiśniewski,lukasz.wisniewski@post.example,lukasz_w_09,2011-04-05\n"+
		"u-pri-5582,Priya,Raman,priya.raman@post.example,,2011-06-07\n"+
		"u-sao-6693,Saoirse,Gallagher,saoirse.g@post.example,,2012-08-09\n")
	writeFile(t, filepath.Join(dir, "study.yaml"), "study: lessons\ncontexts: [sat-bootcamp]\nrun: {shard_sessions: 1, workers: 1}\n"+policy)
}

func clock(ms int64) string {
	return time.Time{}.Add(time.Duration(ms) * time.Millisecond).Format("15:04:05.000")
}

const (
	rate    = 8000 // of the recordings, in samples a second
	padding = 250  // the study's, in milliseconds
)

// recording is a WAV file of one channel, 16 bits a sample: each speaker's cues
// are full of one letter, and what is between them of Y. Voice 0 is silence.
func (l lesson) recording() []byte {
	samples := bytes.Repeat([]byte("Y"), 2*rate*int(cueEnds(len(l.spoken)))/1000)
	for i, c := range l.spoken {
		from, to := 2*rate*cueStarts(i)/1000, 2*rate*cueEnds(i)/1000
		if c.voice == 0 {
			from, to = from-2*rate*padding/1000, min(to+2*rate*padding/1000, int64(len(samples)))
		}
		copy(samples[from:to], bytes.Repeat([]byte{c.voice}, int(to-from)))
	}
	b := []byte("RIFF")
	b = binary.LittleEndian.AppendUint32(b, uint32(36+len(samples)))
	b = append(b, "WAVEfmt "...)
	for _, v := range []uint32{16, 1 | 1<<16, rate, 2 * rate, 2 | 16<<16} { // size; PCM, one channel; rates; frame and sample size
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(samples)))
	return append(b, samples...)
}

// samplesOf reads a WAV file of one channel and 16 bits.
func samplesOf(t *testing.T, name string) []int16 {
	t.Helper()
	b, err := os.ReadFile(name)
	check(t, err)
	at := bytes.Index(b, []byte("data"))
	if at < 0 {
		t.Fatal("a recording without samples")
	}
	b = b[at+8:]
	samples := make([]int16, len(b)/2, len(b)/2+rate)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return append(samples, make([]int16, rate)...) // padding after the last cue
}
