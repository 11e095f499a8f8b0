package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// output is how the program speaks: bars on a terminal, plain lines elsewhere,
// one JSON object a line with --json, results alone with --quiet.
type output struct {
	stdout, stderr io.Writer
	json, quiet    bool

	mu       sync.Mutex
	terminal bool
	bars     *mpb.Progress
	bar      *mpb.Bar
	stage    string
	last     time.Time // when a plain line was printed, or the stage began
	spoken   bool      // whether the stage has printed a plain line
}

func newOutput(stdout, stderr io.Writer) *output {
	f, isFile := stderr.(*os.File)
	return &output{stdout: stdout, stderr: stderr, terminal: isFile && term.IsTerminal(int(f.Fd()))}
}

// message prints one machine-readable object, or its text for people.
func (o *output) message(kind string, object map[string]any, text string) {
	o.finish()
	if o.json {
		object["message_type"] = kind
		data, err := json.Marshal(object)
		if err == nil {
			fmt.Fprintln(o.stdout, string(data))
		}
		return
	}
	if text != "" {
		fmt.Fprintln(o.stdout, text)
	}
}

// say prints a line for people about what goes on; --quiet and --json omit it.
func (o *output) say(format string, args ...any) {
	if o.quiet || o.json {
		return
	}
	o.finish()
	fmt.Fprintf(o.stderr, "veil: "+format+"\n", args...)
}

// patience is how long a stage may go on before a plain progress line says so,
// and how often it does from then on.
const patience = 2 * time.Second

// progress shows how far a stage has come. It is called often and from one
// place at a time. Where there is no terminal, stages shorter than patience say
// nothing.
func (o *output) progress(stage string, done, total int64) {
	if o.quiet {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.terminal && !o.json {
		o.draw(stage, done, total)
		return
	}
	now := time.Now()
	if stage != o.stage {
		o.stage, o.last, o.spoken = stage, now, false
	}
	ended := done >= total && o.spoken
	if !ended && now.Sub(o.last) < patience {
		return
	}
	o.last, o.spoken = now, !ended
	if o.json {
		data, _ := json.Marshal(map[string]any{"message_type": "progress", "stage": stage, "done": done, "total": total})
		fmt.Fprintln(o.stdout, string(data))
		return
	}
	fmt.Fprintf(o.stderr, "veil: %s %d/%d\n", stage, done, total)
}

func (o *output) draw(stage string, done, total int64) {
	if stage != o.stage || o.bar == nil {
		o.endBar()
		o.stage = stage
		o.bars = mpb.New(mpb.WithOutput(o.stderr), mpb.WithWidth(40))
		o.bar = o.bars.AddBar(total,
			mpb.PrependDecorators(decor.Name("veil: "+stage+" ")),
			mpb.AppendDecorators(decor.CountersNoUnit("%d/%d "), decor.OnComplete(decor.AverageETA(decor.ET_STYLE_GO), "")))
	}
	o.bar.SetTotal(total, false)
	o.bar.SetCurrent(done)
}

// finish ends a bar, so that what follows stands on its own line.
func (o *output) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.endBar()
}

func (o *output) endBar() {
	if o.bar == nil {
		return
	}
	if !o.bar.Completed() {
		o.bar.SetTotal(-1, true)
	}
	o.bars.Wait()
	o.bar, o.bars, o.stage = nil, nil, ""
}

// fail prints an error and returns the exit code.
func (o *output) fail(ctx context.Context, err error) int {
	code := exitCode(ctx, err)
	if err == nil {
		return code
	}
	var hint string
	var exit *exitError
	if errors.As(err, &exit) {
		hint = exit.hint
	}
	text := err.Error()
	if code == exitInterrupted {
		text, hint = "interrupted; nothing is lost", "run the same command again to go on"
	}
	if o.json {
		data, _ := json.Marshal(map[string]any{"message_type": "error", "code": code, "error": text, "hint": hint})
		fmt.Fprintln(o.stdout, string(data))
		return code
	}
	if text != "" {
		fmt.Fprintln(o.stderr, "veil:", text)
	}
	if hint != "" {
		fmt.Fprintln(o.stderr, "hint:", hint)
	}
	return code
}
