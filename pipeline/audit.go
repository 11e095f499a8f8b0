package pipeline

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"

	"github.com/schoolhouse-world/veil/pipeline/audit"
	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/source"
	"github.com/schoolhouse-world/veil/redact/finding"
)

// occurrencesName is the file of every occurrence the audit found, stop or not,
// beside the report.
const occurrencesName = "occurrences.jsonl"

// auditBundle hands the audit what the source knows, and then the bundle,
// shard by shard, with the people of each shard's sessions.
func (e *Export) auditBundle(ctx context.Context, p plan.Plan, bag string) (audit.Result, error) {
	terms, err := e.auditTerms(ctx)
	if err != nil {
		return audit.Result{}, err
	}
	all, err := newLines(e.fs, filepath.Join(filepath.Dir(bag), occurrencesName))
	if err != nil {
		return audit.Result{}, err
	}
	defer all.close()
	var noting error
	a := audit.New(terms, bag, func(h audit.Hit) {
		if noting == nil {
			noting = addLines(all, []audit.Hit{h})
		}
	})
	for i, s := range p.Shards {
		scopes, err := e.auditScopes(ctx, s, terms)
		if err != nil {
			return audit.Result{}, err
		}
		if err := a.Part(ctx, s.Number, scopes); err != nil {
			return audit.Result{}, err
		}
		e.progress("auditing", int64(i+1), int64(len(p.Shards)+1))
	}
	result, err := a.Finish(ctx)
	e.progress("auditing", int64(len(p.Shards)+1), int64(len(p.Shards)+1))
	return result, errors.Join(err, noting, all.close())
}

// auditTerms collects everyone the source knows, in the study or not.
func (e *Export) auditTerms(ctx context.Context) (*audit.Terms, error) {
	t := audit.NewTerms()
	for _, text := range append([]string{e.study.ID, e.study.Title, e.software}, e.study.Contexts...) {
		t.AddDescription(text)
	}
	for u, err := range e.index.Users(ctx) {
		if err != nil {
			return nil, err
		}
		t.AddUser(u)
	}
	for entry, err := range e.index.Entries(ctx) {
		if err != nil {
			return nil, err
		}
		t.AddSession(entry.ID)
		t.AddMeeting(entry.MeetingID)
		for _, q := range entry.People {
			t.AddDisplay(q.DisplayName)
		}
	}
	for s, err := range e.index.Sessions(ctx) {
		if err != nil {
			return nil, err
		}
		for _, list := range [][]source.File{s.Files.Transcripts, s.Files.Chats, s.Files.Audio, s.Files.Videos, s.Files.Participants} {
			for _, f := range list {
				t.AddFile(path.Base(filepath.ToSlash(f.Path)))
			}
		}
	}
	return t, nil
}

// auditScopes says for each session of a shard, by its code, whose names are
// its own people's and which places the engine declared as examined and kept.
func (e *Export) auditScopes(ctx context.Context, s plan.Shard, terms *audit.Terms) (map[string]audit.SessionScope, error) {
	scopes := map[string]audit.SessionScope{}
	for spec, err := range e.index.Shard(ctx, s.Number) {
		if err != nil {
			return nil, err
		}
		own := terms.Names()
		for _, m := range spec.People {
			own.AddUser(m.User)
		}
		scopes[spec.Code] = audit.SessionScope{Own: own, Kept: map[audit.Cell][]audit.Range{}}
	}
	f, err := e.fs.Open(filepath.Join(e.folder.shardDir(s), shardKept))
	if err != nil {
		return nil, fmt.Errorf("reading a shard: %w", withoutPath(err))
	}
	defer f.Close()
	d := json.NewDecoder(bufio.NewReader(f))
	for d.More() {
		var k keptText
		if err := d.Decode(&k); err != nil {
			return nil, fmt.Errorf("reading a shard's kept places: %w", err)
		}
		if scope, ok := scopes[k.Session]; ok {
			scope.Kept[audit.Cell{Table: k.Table, Index: k.Index, Column: k.Column}] = ranges(k.Ranges)
		}
	}
	return scopes, nil
}

func ranges(in []finding.Range) []audit.Range {
	out := make([]audit.Range, len(in))
	for i, r := range in {
		out[i] = audit.Range{Start: r.Start, End: r.End}
	}
	return out
}
