package bundle

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

// amendment is what a withdrawal changes in one bag. It is made by reading the
// bag, and then builds the new one.
type amendment struct {
	fs  storage.FS
	bag string
	*content

	people, whole, sounds map[string]bool // the withdrawal's codes
	// sessions are those that change, by code; shards are the part numbers
	// that hold rows of them.
	sessions map[string]*changed
	shards   map[int]bool
	// gone are the sound files that go, by path from the data folder.
	gone map[string]bool
}

// changed is a session that loses something.
type changed struct {
	// whole says that all of it goes.
	whole bool
	// labels are those of withdrawn participants in this session. Where there
	// are any, what nobody can be matched to may be theirs.
	labels map[string]bool
	// removed are the messages that go, by index.
	removed map[int32]bool
	// left counts what stays.
	participants, utterances, messages int32
	audio                              bool
	left                               map[string]*table.Participant // by participant_id; its counts alone
}

// newAmendment reads a valid bag.
func newAmendment(ctx context.Context, fsys storage.FS, bag string, w Withdrawal) (*amendment, error) {
	files, _, err := list(ctx, fsys, bag)
	if err != nil {
		return nil, err
	}
	c, err := classify(slices.DeleteFunc(files, func(f file) bool { return !strings.HasPrefix(f.path, payload+"/") || isDescriptor(f.path) }))
	if err != nil {
		return nil, err
	}
	c.index()
	a := &amendment{fs: fsys, bag: bag, content: c, people: set(w.Participants), whole: set(w.Sessions), sounds: set(w.Audio),
		sessions: map[string]*changed{}, shards: map[int]bool{}, gone: map[string]bool{}}
	for _, f := range c.audio {
		a.gone[f.path] = a.names(f.path)
	}
	if err := a.find(ctx); err != nil {
		return nil, err
	}
	for _, c := range a.sessions {
		if !c.whole {
			return a, a.weigh(ctx)
		}
	}
	return a, nil
}

func isDescriptor(path string) bool {
	return slices.Contains([]string{packageName, crateName, readmeName, dictionaryName}, strings.TrimPrefix(path, payload+"/"))
}

func set(codes []string) map[string]bool {
	s := map[string]bool{}
	for _, c := range codes {
		s[c] = true
	}
	return s
}

// names reports whether a withdrawal names a sound file, by code or by path.
func (a *amendment) names(path string) bool {
	return a.sounds[path] || a.sounds[payload+"/"+path] || a.sounds[audioCode(path)]
}

// needed reports whether the bag holds anything that goes.
func (a *amendment) needed() bool {
	return len(a.sessions) > 0 || slices.Contains(slices.Collect(maps.Values(a.gone)), true)
}

// find fills sessions, shards and gone.
func (a *amendment) find(ctx context.Context) error {
	in := map[int]map[string]bool{} // sessions with rows in a shard
	saw := func(shard int, session string) {
		if in[shard] == nil {
			in[shard] = map[string]bool{}
		}
		in[shard][session] = true
		if a.whole[session] {
			a.change(session).whole = true
		}
	}
	spoke := func(session string, person *string, label string) {
		if person != nil && a.people[*person] {
			a.change(session).labels[label] = true
		}
	}
	err := inOrder(
		rowsOf(ctx, a, "sessions", func(shard int, r table.Session) error { saw(shard, r.SessionID); return nil }),
		rowsOf(ctx, a, "participants", func(shard int, r table.Participant) error {
			saw(shard, r.SessionID)
			spoke(r.SessionID, &r.ParticipantID, r.Label)
			return nil
		}),
		rowsOf(ctx, a, "utterances", func(shard int, r table.Utterance) error {
			saw(shard, r.SessionID)
			spoke(r.SessionID, r.ParticipantID, r.Label)
			return nil
		}),
		rowsOf(ctx, a, "messages", func(shard int, r table.Message) error {
			saw(shard, r.SessionID)
			spoke(r.SessionID, r.ParticipantID, r.Label)
			return nil
		}),
		rowsOf(ctx, a, "audio", func(shard int, r table.Audio) error {
			saw(shard, r.SessionID)
			if a.names(r.Path) {
				a.change(r.SessionID)
			}
			if a.names(r.Path) || a.whole[r.SessionID] {
				a.gone[r.Path] = true
			}
			return nil
		}),
	)
	for shard, sessions := range in {
		for session := range sessions {
			a.shards[shard] = a.shards[shard] || a.sessions[session] != nil
		}
	}
	return err
}

func (a *amendment) change(session string) *changed {
	c := a.sessions[session]
	if c == nil {
		c = &changed{labels: map[string]bool{}, removed: map[int32]bool{}, left: map[string]*table.Participant{}}
		a.sessions[session] = c
	}
	return c
}

// inOrder takes steps until one fails.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf is the step that visits all rows of a table with their shard.
func rowsOf[R table.Row](ctx context.Context, a *amendment, name string, visit func(int, R) error) func() error {
	return func() error {
		for _, p := range a.parts[name] {
			shard, _ := table.PartNumber(filepath.Base(filepath.FromSlash(p.path)))
			if err := each(ctx, a.fs, a.bag, []file{p}, func(r R) error { return visit(shard, r) }); err != nil {
				return err
			}
		}
		return nil
	}
}

// weigh decides about messages, which depend on each other, and counts what
// stays of sessions that stay.
func (a *amendment) weigh(ctx context.Context) error {
	messages := map[string][]table.Message{} // without texts
	if err := inOrder(
		rowsOf(ctx, a, "participants", func(_ int, r table.Participant) error {
			if c := a.sessions[r.SessionID]; c != nil && !a.people[r.ParticipantID] {
				c.participants++
			}
			return nil
		}),
		rowsOf(ctx, a, "utterances", func(_ int, r table.Utterance) error {
			c := a.sessions[r.SessionID]
			if c == nil || a.dropsLine(c, r.ParticipantID, r.Label) {
				return nil
			}
			c.utterances++
			if r.ParticipantID != nil {
				p := c.of(*r.ParticipantID)
				p.Utterances++
				p.TalkMS += max(0, r.EndMS-r.StartMS)
			}
			return nil
		}),
		rowsOf(ctx, a, "messages", func(_ int, r table.Message) error {
			if a.sessions[r.SessionID] != nil {
				r.Text, r.Redactions, r.Quoted, r.QuotedRedactions = "", nil, nil, nil
				messages[r.SessionID] = append(messages[r.SessionID], r)
			}
			return nil
		}),
		rowsOf(ctx, a, "audio", func(_ int, r table.Audio) error {
			if c := a.sessions[r.SessionID]; c != nil && !a.gone[r.Path] {
				c.audio = true
			}
			return nil
		}),
	); err != nil {
		return err
	}
	for session, all := range messages {
		a.weighMessages(a.sessions[session], all)
	}
	return nil
}

// of counts for a participant.
func (c *changed) of(person string) *table.Participant {
	p := c.left[person]
	if p == nil {
		p = &table.Participant{}
		c.left[person] = p
	}
	return p
}

// unmatched labels a speaker or addressee whom no participant matched.
const unmatched = "UNKNOWN"

// dropsLine reports whether what somebody said goes, by who said it.
func (a *amendment) dropsLine(c *changed, person *string, label string) bool {
	return c.whole || person != nil && a.people[*person] || c.touches(label)
}

// touches reports whether a label is, or may be, a withdrawn participant's.
func (c *changed) touches(label string) bool {
	if len(c.labels) == 0 {
		return false
	}
	for one := range strings.SplitSeq(label, "+") {
		if c.labels[one] || one == unmatched {
			return true
		}
	}
	return false
}

// weighMessages marks the messages of a session that go, until no reply or
// reaction that stays is about one of them.
func (a *amendment) weighMessages(c *changed, all []table.Message) {
	for again := true; again; {
		again = false
		for _, m := range all {
			if !c.removed[m.Index] && a.dropsMessage(c, m) {
				c.removed[m.Index] = true
				again = true
			}
		}
	}
	for _, m := range all {
		if c.removed[m.Index] {
			continue
		}
		c.messages++
		if m.ParticipantID != nil {
			c.of(*m.ParticipantID).Messages++
		}
	}
}

func (a *amendment) dropsMessage(c *changed, m table.Message) bool {
	if a.dropsLine(c, m.ParticipantID, m.Label) || c.touches(m.To) {
		return true
	}
	if m.RefersTo == nil {
		// It repeats a message that was not found: it may have been theirs.
		return m.Kind != "message" && len(c.labels) > 0
	}
	return c.removed[*m.RefersTo]
}

// build makes the new bag's data in a folder, without descriptors.
func (a *amendment) build(ctx context.Context, to string) error {
	if err := a.fs.MkdirAll(filepath.Join(to, payload)); err != nil {
		return err
	}
	made := map[int]bool{}
	for _, f := range a.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		within := strings.TrimPrefix(f.path, payload+"/")
		shard, isPart := table.PartNumber(filepath.Base(filepath.FromSlash(f.path)))
		var err error
		switch {
		case a.gone[within]:
		case isPart && a.shards[shard]:
			if !made[shard] {
				made[shard] = true
				err = a.rewrite(ctx, to, shard)
			}
		default:
			err = a.link(within, to)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", within, err)
		}
	}
	return nil
}

func (a *amendment) link(within, to string) error {
	target := at(to, within)
	if err := a.fs.MkdirAll(filepath.Dir(target)); err != nil {
		return err
	}
	return storage.Link(a.fs, at(a.bag, within), target)
}

// rewrite writes a shard anew, without what goes.
func (a *amendment) rewrite(ctx context.Context, to string, shard int) (err error) {
	out, err := table.Create(a.fs, filepath.Join(to, payload), shard)
	if err != nil {
		return err
	}
	defer func() {
		if _, closing := out.Close(); err == nil {
			err = closing
		}
	}()
	only := *a
	only.content = &content{parts: map[string][]file{}}
	for name, parts := range a.parts {
		for _, p := range parts {
			if p.path == table.PartPath(name, shard) {
				only.parts[name] = []file{p}
			}
		}
	}
	return inOrder(
		rowsOf(ctx, &only, "sessions", func(_ int, r table.Session) error { return a.session(r, out) }),
		rowsOf(ctx, &only, "participants", func(_ int, r table.Participant) error { return a.participant(r, out) }),
		rowsOf(ctx, &only, "utterances", func(_ int, r table.Utterance) error { return a.utterance(r, out) }),
		rowsOf(ctx, &only, "messages", func(_ int, r table.Message) error { return a.message(r, out) }),
		rowsOf(ctx, &only, "audio", func(_ int, r table.Audio) error { return a.sound(r, out) }),
	)
}

func (a *amendment) session(r table.Session, out *table.Shard) error {
	if c := a.sessions[r.SessionID]; c != nil {
		if c.whole {
			return nil
		}
		r.HasAudio = c.audio
		if len(c.labels) > 0 {
			r.Participants, r.Utterances, r.Messages = c.participants, c.utterances, c.messages
		}
	}
	return out.Session(r)
}

func (a *amendment) participant(r table.Participant, out *table.Shard) error {
	if c := a.sessions[r.SessionID]; c != nil {
		if c.whole || a.people[r.ParticipantID] {
			return nil
		}
		if len(c.labels) > 0 {
			left := c.of(r.ParticipantID)
			r.TalkMS, r.Utterances, r.Messages = left.TalkMS, left.Utterances, left.Messages
		}
	}
	return out.Participant(r)
}

func (a *amendment) utterance(r table.Utterance, out *table.Shard) error {
	if c := a.sessions[r.SessionID]; c != nil {
		if a.dropsLine(c, r.ParticipantID, r.Label) {
			return nil
		}
		r.Text, r.Redactions = c.unname(r.Text, r.Redactions)
	}
	return out.Utterance(r)
}

func (a *amendment) message(r table.Message, out *table.Shard) error {
	if c := a.sessions[r.SessionID]; c != nil {
		if c.whole || c.removed[r.Index] {
			return nil
		}
		r.Text, r.Redactions = c.unname(r.Text, r.Redactions)
		if r.Quoted != nil {
			quoted, redactions := c.unname(*r.Quoted, r.QuotedRedactions)
			r.Quoted, r.QuotedRedactions = &quoted, redactions
		}
	}
	return out.Message(r)
}

func (a *amendment) sound(r table.Audio, out *table.Shard) error {
	if a.gone[r.Path] {
		return nil
	}
	return out.Audio(r)
}

// somebody stands for a person who is not told apart from others.
const somebody = "PERSON"

// unname puts [PERSON] in the places of withdrawn participants and moves the
// places behind, in code points. Places are in order and do not overlap.
func (c *changed) unname(text string, redactions []table.Redaction) (string, []table.Redaction) {
	if !slices.ContainsFunc(redactions, func(r table.Redaction) bool { return c.names(r.Label) }) {
		return text, redactions
	}
	source := []rune(text)
	var out []rune
	var moved []table.Redaction
	done := 0
	for _, r := range redactions {
		start, end := min(max(int(r.Start), done), len(source)), min(int(r.End), len(source))
		out = append(out, source[done:start]...)
		written := source[start:max(start, end)]
		if c.names(r.Label) {
			written, r.Label = []rune("["+somebody+"]"), somebody
		}
		r.Start = int32(len(out))
		out = append(out, written...)
		r.End = int32(len(out))
		moved = append(moved, r)
		done = max(start, end)
	}
	return string(append(out, source[done:]...)), moved
}

// names reports whether a redaction's label is a withdrawn participant's. One
// that may only be theirs says nothing of them.
func (c *changed) names(label string) bool {
	for one := range strings.SplitSeq(label, "+") {
		if c.labels[one] {
			return true
		}
	}
	return false
}
