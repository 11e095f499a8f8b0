// Package plan decides exactly what a run will do, before it does any of it.
//
// A plan is made from the source's tables, the study's policies, the consent
// ledger and one moment. It holds a specification for every session that
// leaves, one reason for every session that does not, and a digest over all of
// it. Specifications are complete: a worker that has one needs neither the
// tables nor the ledger, so shards can be worked anywhere and give the same
// bytes.
package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"iter"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"
	"github.com/schoolhouse-world/veil/pipeline/study"
)

// Reason is why something does not leave. Codes are stable: reports, logs and
// scripts use them.
type Reason string

const (
	OtherContext   Reason = "other-context"
	OutsideWindow  Reason = "outside-window"
	NotOver        Reason = "not-over"           // it has not ended yet
	NoParticipants Reason = "no-participants"    // nobody is known to have been there
	NoRecordings   Reason = "no-recordings"      // the source has no file of it
	Expired        Reason = "retention-expired"  // past the platform's retention: never read
	TutorOptedOut  Reason = "tutor-opted-out"    // a session is not shared without its tutor
	NoLearnerLeft  Reason = "no-learner-left"    // all learners opted out
	SomebodyOptOut Reason = "somebody-opted-out" // study policy drop-session
	NotInStudy     Reason = "not-in-study"       // the study does not share this modality
	AudioWithheld  Reason = "audio-withheld"     // mixed audio with an opted-out voice
	NoTranscript   Reason = "no-transcript"      // audio whose names cannot be found
	SeveralParts   Reason = "several-parts"      // several files of one kind: their times are unknown
	NothingLeft    Reason = "nothing-left"       // every modality is out, for different reasons
)

// Words says a reason to people: "a session that …".
func (r Reason) Words() string { return words[r] }

var words = map[Reason]string{
	OtherContext:   "belongs to no research context of this study",
	OutsideWindow:  "started outside the study's window",
	NotOver:        "had not ended when the plan was made",
	NoParticipants: "no participant is recorded for it",
	NoRecordings:   "the source has no file of it",
	Expired:        "past retention: not read",
	TutorOptedOut:  "its tutor is out",
	NoLearnerLeft:  "every learner is out",
	SomebodyOptOut: "somebody is out, and the study drops such sessions",
	NotInStudy:     "not shared by this study",
	AudioWithheld:  "somebody's voice may not be shared, and the recording is mixed",
	NoTranscript:   "without a transcript, names in the sound cannot be found",
	SeveralParts:   "recorded in several files whose times are not known",
	NothingLeft:    "each part is out for a reason of its own",
}

// Session is what a run does with one session: everything a worker needs. It
// is personal data and stays in the work folder.
type Session struct {
	ID        string    `json:"id"`
	Code      string    `json:"code"`
	AudioCode string    `json:"audio_code"`
	Context   string    `json:"context"`
	StartsAt  time.Time `json:"starts_at"`
	EndsAt    time.Time `json:"ends_at"`
	Topic     string    `json:"topic,omitempty"`
	MeetingID string    `json:"meeting_id,omitempty"`
	People    []Member  `json:"people"`
	// Withheld has the reason for each modality that does not leave.
	Withheld map[session.Modality]Reason `json:"withheld,omitempty"`
	Files    source.Files                `json:"files"`
}

// Leaves reports whether a modality of the session leaves.
func (s Session) Leaves(m session.Modality) bool { return s.Withheld[m] == "" }

// Member is a person in a planned session.
type Member struct {
	UserID      string       `json:"user_id"`
	Role        session.Role `json:"role"`
	DisplayName string       `json:"display_name,omitempty"`
	User        session.User `json:"user"`
	// Code and Label are empty for somebody who is out of all that leaves of the
	// session: the bundle has no trace of them.
	Code  string `json:"code,omitempty"`
	Label string `json:"label,omitempty"`
	// Out has the consent reason for each modality this person is out of.
	Out map[session.Modality]string `json:"out,omitempty"`
}

// gone reports whether somebody is out of every modality that leaves.
func (s Session) gone(m Member) bool {
	return !slices.ContainsFunc(session.Modalities[:], func(kind session.Modality) bool {
		return s.Leaves(kind) && m.Out[kind] == ""
	})
}

// AnyoneOut reports whether somebody in the session is out of a modality.
func (s Session) AnyoneOut(m session.Modality) bool {
	return slices.ContainsFunc(s.People, func(p Member) bool { return p.Out[m] != "" })
}

// Verdict is the answer of consent for one person and modality.
type Verdict struct {
	Allowed bool
	Reason  string // a stable code of package consent
}

// Consent decides for a person, a context and a modality at the plan's moment.
type Consent func(ctx context.Context, p Person, program string, m session.Modality) (Verdict, error)

// Codes gives out the study's random record codes.
type Codes interface {
	Code(ctx context.Context, kind, id string) (string, error)
}

// Kinds of codes a plan asks for.
const (
	SessionCode     = "session"
	ParticipantCode = "participant"
	AudioCode       = "audio"
)

// Planner makes plans.
type Planner struct {
	Study   study.Study
	Source  source.Source
	Index   *Index
	Consent Consent
	Codes   Codes
	// Now is the moment retention and consent are judged at.
	Now time.Time
	// Policy is a digest of everything beside the sessions that shapes the
	// output: policies, term lists, the engine's version.
	Policy string
	// Next is when the next scheduled run is due; zero when nothing is
	// scheduled.
	Next     time.Time
	Progress func(done, total int)
}

// Plan is the result in numbers; the specifications stand in the index.
type Plan struct {
	Digest   string         `json:"digest"`
	Made     time.Time      `json:"made"`
	Source   Counts         `json:"source"`
	Sessions int            `json:"sessions"` // that leave, in whole or part
	Excluded map[Reason]int `json:"excluded"` // one reason a session
	// Withheld counts modalities of leaving sessions that do not leave.
	Withheld map[session.Modality]map[Reason]int `json:"withheld"`
	// OptedOut counts people by how many sessions' worth of modality they are
	// out of, by consent's reason.
	OptedOut map[string]int `json:"opted_out"`
	// Breaches counts sessions whose files the source still holds past the
	// platform's retention.
	Breaches int `json:"retention_breaches"`
	// Expiring counts what leaves now and is gone before the next run.
	Expiring map[session.Modality]int `json:"expiring,omitempty"`
	Next     time.Time                `json:"next_run,omitzero"`
	Shards   []Shard                  `json:"shards"`
}

// Shard is the unit of work.
type Shard struct {
	Number   int    `json:"number"`
	Sessions int    `json:"sessions"`
	Digest   string `json:"digest"` // over its sessions' specifications and the policy
}

// Make indexes the source, decides about every session and stores the
// specifications. The source's shape is checked before any content is read.
func (p *Planner) Make(ctx context.Context) (Plan, error) {
	out := Plan{
		Made: p.Now, Next: p.Next, Excluded: map[Reason]int{}, OptedOut: map[string]int{},
		Withheld: map[session.Modality]map[Reason]int{}, Expiring: map[session.Modality]int{},
	}
	if err := p.Source.Check(ctx); err != nil {
		return out, err
	}
	var err error
	out.Source, err = p.Index.Load(ctx, p.Source, func(Counts) {})
	if err != nil {
		return out, err
	}
	w, err := p.Index.replan(ctx, p.Study.Run.ShardSessions)
	if err != nil {
		return out, err
	}
	defer w.rollback()
	done := 0
	for e, err := range p.Index.Entries(ctx) {
		if err != nil {
			return out, err
		}
		s, reason, err := p.decide(ctx, e, &out)
		if err != nil {
			return out, fmt.Errorf("session %d of the source: %w", done+1, err)
		}
		if err := w.add(ctx, s, reason); err != nil {
			return out, err
		}
		if reason == "" {
			out.Sessions++
		} else {
			out.Excluded[reason]++
		}
		if done++; p.Progress != nil {
			p.Progress(done, out.Source.Sessions)
		}
	}
	if err := w.commit(); err != nil {
		return out, err
	}
	return p.seal(ctx, out)
}

// seal computes the digests of shards and plan.
func (p *Planner) seal(ctx context.Context, out Plan) (Plan, error) {
	all := sha256.New()
	fmt.Fprintf(all, "veil plan 1\n%s\n", p.Policy)
	numbers, err := p.Index.shards(ctx)
	if err != nil {
		return out, err
	}
	for _, n := range numbers {
		sum := sha256.New()
		fmt.Fprintf(sum, "veil shard 1\n%d\n%s\n", n, p.Policy)
		count := 0
		for s, err := range p.Index.Shard(ctx, n) {
			if err != nil {
				return out, err
			}
			if err := addSpec(sum, s); err != nil {
				return out, err
			}
			count++
		}
		shard := Shard{Number: n, Sessions: count, Digest: hex.EncodeToString(sum.Sum(nil))}
		fmt.Fprintf(all, "%d %s\n", n, shard.Digest)
		out.Shards = append(out.Shards, shard)
	}
	out.Digest = hex.EncodeToString(all.Sum(nil))
	return out, nil
}

func addSpec(sum hash.Hash, s Session) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	sum.Write(data)
	sum.Write([]byte{'\n'})
	return nil
}

// decide makes a session's specification, or the one reason it has none.
func (p *Planner) decide(ctx context.Context, e Entry, out *Plan) (Session, Reason, error) {
	s := Session{ID: e.ID, Context: e.Context, StartsAt: e.StartsAt, EndsAt: e.EndsAt, Topic: e.Topic, MeetingID: e.MeetingID,
		Withheld: map[session.Modality]Reason{}}
	if reason := p.selects(e); reason != "" {
		return s, reason, nil
	}
	var err error
	if s.Files, err = p.Source.Recordings(ctx, e.ID); err != nil {
		return s, "", err
	}
	if !s.Files.Any() {
		return s, NoRecordings, nil
	}
	p.retain(&s, out)
	p.choose(&s)
	if err := p.consent(ctx, e, &s); err != nil {
		return s, "", err
	}
	if reason, nothing := s.nothingLeft(); nothing {
		return s, reason, nil
	}
	if err := p.code(ctx, &s); err != nil {
		return s, "", err
	}
	p.count(s, out)
	return s, "", nil
}

// selects applies what is decided without looking at files or people.
func (p *Planner) selects(e Entry) Reason {
	switch {
	case !slices.Contains(p.Study.Contexts, e.Context):
		return OtherContext
	case !p.Study.Window.Contains(e.StartsAt, p.Study.Location()):
		return OutsideWindow
	case e.StartsAt.After(p.Now) || e.EndsAt.After(p.Now):
		return NotOver
	case len(e.People) == 0:
		return NoParticipants
	}
	return ""
}

// retain withholds what is past retention, counted from the session's end, or
// from its start where the source does not say when it ended.
func (p *Planner) retain(s *Session, out *Plan) {
	end := s.EndsAt
	if end.IsZero() {
		end = s.StartsAt
	}
	recordings := end.AddDate(0, 0, p.Study.Retention.RecordingsDays)
	text := end.AddDate(0, 0, p.Study.Retention.TextDays)
	breach := false
	expire := func(m session.Modality, until time.Time, present bool, platform int) {
		if p.Now.After(until) {
			s.Withheld[m] = Expired
		} else if present && !p.Next.IsZero() && p.Next.After(until) {
			out.Expiring[m]++
		}
		breach = breach || present && p.Now.After(end.AddDate(0, 0, platform))
	}
	expire(session.Transcript, text, len(s.Files.Transcripts) > 0, study.MaxTextDays)
	expire(session.Chat, text, len(s.Files.Chats) > 0, study.MaxTextDays)
	expire(session.Audio, recordings, len(s.Files.Audio)+len(s.Files.Videos) > 0, study.MaxRecordingsDays)
	if breach {
		out.Breaches++
	}
}

// choose withholds modalities without a usable file.
func (p *Planner) choose(s *Session) {
	if len(s.Files.Audio) > 0 {
		s.Files.Videos = nil // Zoom writes the same sound into both
	}
	for _, m := range []struct {
		modality session.Modality
		files    int
	}{
		{session.Transcript, len(s.Files.Transcripts)},
		{session.Chat, len(s.Files.Chats)},
		{session.Audio, len(s.Files.Audio) + len(s.Files.Videos)},
	} {
		switch {
		case s.Withheld[m.modality] != "":
		case m.files == 0:
			s.Withheld[m.modality] = NoRecordings
		case m.files > 1:
			s.Withheld[m.modality] = SeveralParts
		}
	}
	switch {
	case s.Withheld[session.Audio] != "":
	case !p.Study.Audio.Share:
		s.Withheld[session.Audio] = NotInStudy
	case s.Withheld[session.Transcript] != "":
		// Without cues nobody knows when a name was said.
		s.Withheld[session.Audio] = NoTranscript
	}
}

// consent asks for every person and modality and applies the study's policy
// for sessions in which somebody is out.
func (p *Planner) consent(ctx context.Context, e Entry, s *Session) error {
	for _, person := range e.People {
		m := Member{UserID: person.UserID, Role: person.Role, DisplayName: person.DisplayName, User: person.User, Out: map[session.Modality]string{}}
		for _, modality := range session.Modalities {
			v, err := p.Consent(ctx, person, e.Context, modality)
			if err != nil {
				return fmt.Errorf("consent: %w", err)
			}
			if !v.Allowed {
				m.Out[modality] = v.Reason
			}
		}
		s.People = append(s.People, m)
	}
	for _, modality := range session.Modalities {
		if s.Withheld[modality] == "" {
			if reason := p.inSession(*s, modality); reason != "" {
				s.Withheld[modality] = reason
			}
		}
	}
	return nil
}

func (p *Planner) inSession(s Session, m session.Modality) Reason {
	if !s.AnyoneOut(m) && s.learners(m) > 0 {
		return ""
	}
	tutorOut := slices.ContainsFunc(s.People, func(q Member) bool { return q.Role == session.Tutor && q.Out[m] != "" })
	switch {
	case tutorOut:
		return TutorOptedOut
	case s.learners(m) == 0:
		return NoLearnerLeft
	case p.Study.Consent.InSession == "drop-session":
		return SomebodyOptOut
	case m == session.Audio && p.Study.Audio.OptedOut == "withhold":
		return AudioWithheld
	}
	return ""
}

// learners counts those who are in.
func (s Session) learners(m session.Modality) int {
	n := 0
	for _, q := range s.People {
		if q.Role == session.Learner && q.Out[m] == "" {
			n++
		}
	}
	return n
}

// nothingLeft reports whether no modality leaves, and the one reason to give:
// the strongest that applies to any modality.
func (s Session) nothingLeft() (Reason, bool) {
	reasons := map[Reason]bool{}
	for _, m := range session.Modalities {
		if s.Withheld[m] == "" {
			return "", false
		}
		reasons[s.Withheld[m]] = true
	}
	for _, r := range []Reason{TutorOptedOut, NoLearnerLeft, SomebodyOptOut, Expired, SeveralParts} {
		if reasons[r] {
			return r, true
		}
	}
	return NothingLeft, true
}

// code gives codes to the session and everyone in it of whom anything leaves, and
// labels in the order of the random codes, so that a label's number says
// nothing about who was left out or came first.
func (p *Planner) code(ctx context.Context, s *Session) error {
	var err error
	if s.Code, err = p.Codes.Code(ctx, SessionCode, s.ID); err != nil {
		return err
	}
	if s.Leaves(session.Audio) {
		if s.AudioCode, err = p.Codes.Code(ctx, AudioCode, s.ID); err != nil {
			return err
		}
	}
	for i := range s.People {
		m := &s.People[i]
		if s.gone(*m) {
			continue
		}
		if m.Code, err = p.Codes.Code(ctx, ParticipantCode, m.UserID); err != nil {
			return err
		}
	}
	sort.SliceStable(s.People, func(i, j int) bool { return s.People[i].Code < s.People[j].Code })
	next := map[session.Role]int{}
	for i := range s.People {
		if m := &s.People[i]; m.Code != "" {
			next[m.Role]++
			m.Label = fmt.Sprintf("%s_%d", strings.ToUpper(string(m.Role)), next[m.Role])
		}
	}
	return nil
}

func (p *Planner) count(s Session, out *Plan) {
	for m, reason := range s.Withheld {
		if out.Withheld[m] == nil {
			out.Withheld[m] = map[Reason]int{}
		}
		out.Withheld[m][reason]++
	}
	for _, q := range s.People {
		for _, reason := range q.Out {
			out.OptedOut[reason]++
		}
	}
}

// Sessions yields every planned session that leaves, in the order of shards.
func (x *Index) Sessions(ctx context.Context) iter.Seq2[Session, error] {
	return func(yield func(Session, error) bool) {
		numbers, err := x.shards(ctx)
		if err != nil {
			yield(Session{}, err)
			return
		}
		for _, n := range numbers {
			for s, err := range x.Shard(ctx, n) {
				if !yield(s, err) || err != nil {
					return
				}
			}
		}
	}
}
