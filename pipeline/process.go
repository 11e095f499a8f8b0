package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"unicode"

	"github.com/schoolhouse-world/veil/pipeline/audio"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/source"
	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/study"
	"github.com/schoolhouse-world/veil/pipeline/table"
	"github.com/schoolhouse-world/veil/pipeline/tally"
	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// worker turns planned sessions into rows and sound. It reads specifications
// and recordings and nothing else. It is safe for concurrent use.
type worker struct {
	folder  folder
	fs      storage.FS
	index   *plan.Index
	source  source.Source
	study   study.Study
	engine  *redact.Engine
	cleaner audio.Cleaner
	workers int
	// shift moves every day of the study, see study.DatesShifted.
	shift int
}

// recorded is what was said and written in a session, as read, with what of it
// may leave.
type recorded struct {
	utterances []session.Utterance
	messages   []session.Message
	leaves     leaving
}

// product is a session as it leaves, or the reason it does not.
type product struct {
	session      *table.Session // nil for a quarantined session
	participants []table.Participant
	utterances   []table.Utterance
	messages     []table.Message
	audio        *table.Audio
	audioBytes   int64
	summary      tally.Summary
	doubts       []tally.Doubt
	kept         []keptText
}

// keptText declares, for the leak audit, byte ranges of one table value that
// the engine examined and left.
type keptText struct {
	Table   string          `json:"table"`
	Session string          `json:"session"`
	Index   int             `json:"index"`
	Column  string          `json:"column"`
	Ranges  []finding.Range `json:"ranges"`
}

// process works one session. An error ends the run; what is wrong with a
// session's own files quarantines that session alone.
func (w *worker) process(ctx context.Context, s plan.Session, audioDir string) (product, error) {
	p := product{summary: tally.New()}
	r, err := w.read(ctx, s)
	var bad *unreadable
	if errors.As(err, &bad) {
		p.summary.Quarantined = append(p.summary.Quarantined, tally.Quarantine{Session: s.ID, File: bad.file, Line: bad.line, What: bad.what})
		return p, nil
	}
	if err != nil {
		return p, err
	}
	w.drop(s, &r, &p)
	c := conversation(s, r)
	result, err := w.engine.Redact(ctx, c)
	if errors.Is(err, redact.ErrFault) {
		p = product{summary: tally.New()}
		p.summary.Quarantined = append(p.summary.Quarantined, tally.Quarantine{Session: s.ID, File: "text", What: redact.ErrFault.Error()})
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("redacting: %w", err)
	}
	b := builder{w: w, s: s, r: r, c: c, lines: result.Lines, p: &p, talk: map[string]*table.Participant{}}
	b.text()
	if s.Leaves(session.Audio) {
		if err := w.clean(ctx, s, r, result.Lines, audioDir, &p); err != nil {
			return p, err
		}
	}
	b.rows()
	return p, nil
}

// drop applies consent and counts what it took.
func (w *worker) drop(s plan.Session, r *recorded, p *product) {
	r.leaves = withhold(s, w.study.Speakers.Unmatched == "keep", r.utterances, r.messages)
	lost := func(m session.Modality, leaves []bool, unmatched int) {
		if !s.Leaves(m) {
			return
		}
		d := tally.Dropped{Unmatched: unmatched}
		for _, leaves := range leaves {
			if !leaves {
				d.Lines++
			}
		}
		p.summary.Dropped[m] = d
	}
	lost(session.Transcript, r.leaves.utterances, r.leaves.unmatchedUtterances)
	lost(session.Chat, r.leaves.messages, r.leaves.unmatchedMessages)
}

// clean writes the session's sound. A recording that cannot be cleaned is left
// out with its reason; the session's text goes on.
func (w *worker) clean(ctx context.Context, s plan.Session, r recorded, lines []redact.Line, dir string, p *product) error {
	files := s.Files.Audio
	if len(files) == 0 {
		files = s.Files.Videos
	}
	in, err := w.source.Open(ctx, files[0])
	if err != nil {
		p.summary.AudioLeftOut["unreadable"]++
		return nil
	}
	defer in.Close()
	intervals := mute(s, w.study.Audio, withholding{s: s, keepUnmatched: w.study.Speakers.Unmatched == "keep", byID: byID(s)}, r, lines)

	temporary := filepath.Join(dir, s.AudioCode+".partial")
	out, err := w.fs.Create(temporary)
	if err != nil {
		return fmt.Errorf("making an audio file: %w", err)
	}
	result, err := w.cleaner.Clean(ctx, in, files[0].Size, out, intervals)
	var refused *audio.Refused
	if errors.As(err, &refused) {
		p.summary.AudioLeftOut[string(refused.Code)]++
		return errors.Join(out.Close(), w.fs.Remove(temporary))
	}
	if err == nil {
		err = out.Sync()
	}
	info, statErr := out.Stat()
	if err = errors.Join(err, statErr, out.Close()); err != nil {
		return fmt.Errorf("writing an audio file: %w", err)
	}
	name := s.AudioCode + result.Extension
	if err := w.fs.Rename(temporary, filepath.Join(dir, name)); err != nil {
		return fmt.Errorf("naming an audio file: %w", err)
	}
	sum, err := digestFile(w.fs, filepath.Join(dir, name))
	if err != nil {
		return err
	}
	p.audioBytes = info.Size()
	p.audio = &table.Audio{
		SessionID: s.Code, Path: path.Join("audio", name), Codec: result.Info.Codec,
		SampleRate: int32(result.Info.SampleRate), Channels: int32(result.Info.Channels), DurationMS: result.Info.DurationMS, SHA256: sum,
	}
	p.summary.Audio++
	p.summary.AudioMS += result.Info.DurationMS
	for _, m := range result.Muted {
		p.audio.Muted = append(p.audio.Muted, table.Muted{StartMS: m.StartMS, EndMS: m.EndMS, Reason: m.Reason})
		silence := p.summary.Silenced[m.Reason]
		silence.Intervals++
		silence.MS += m.EndMS - m.StartMS
		p.summary.Silenced[m.Reason] = silence
	}
	return nil
}

func byID(s plan.Session) map[string]plan.Member {
	members := make(map[string]plan.Member, len(s.People))
	for _, m := range s.People {
		members[m.UserID] = m
	}
	return members
}

// lettered reports whether a range holds a letter. Numbers that the engine
// kept need no declaration: the audit looks for names.
func lettered(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return true
		}
	}
	return false
}
