package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/pipeline"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

func init() {
	// lesson DIR: writes the source of testdata/lesson.txtar, with sound.
	commands["lesson"] = lesson
	// interrupted STUDY: a run that is interrupted in its second shard.
	commands["interrupted"] = interrupted
	// documented FILE: every command in the console blocks of a file of docs
	// prints what stands below it; … stands for anything.
	commands["documented"] = documented
}

func lesson(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lesson dir")
	}
	archive, err := txtar.ParseFile(filepath.Join(packageDir, "testdata", "lesson.txtar"))
	ts.Check(err)
	day := time.Now().UTC().AddDate(0, 0, -2).Format(time.DateOnly)
	root := ts.MkAbs(args[0])
	write := func(name string, data []byte) {
		ts.Check(os.MkdirAll(filepath.Dir(name), 0o700))
		ts.Check(os.WriteFile(name, data, 0o600))
	}
	for _, f := range archive.Files {
		write(filepath.Join(root, filepath.FromSlash(f.Name)), bytes.ReplaceAll(f.Data, []byte("{DAY}"), []byte(day)))
	}
	for _, session := range []string{"single-771", "group-772", "other-773"} {
		theirs := [2]int{10, 18} // the seconds of Łukasz's one cue
		if session == "other-773" {
			theirs = [2]int{}
		}
		write(filepath.Join(root, "recordings", session, "audio_only.wav"), recording(60, theirs))
	}
}

// packageDir is where the tests were started; scripts run elsewhere.
var packageDir, _ = os.Getwd()

// recording is a WAV file of one channel, 8000 samples a second of 16 bits: Y
// throughout, and Z from the one second to the other.
func recording(seconds int, z [2]int) []byte {
	const rate = 8000
	samples := bytes.Repeat([]byte("Y"), 2*rate*seconds)
	copy(samples[2*rate*z[0]:2*rate*z[1]], bytes.Repeat([]byte("Z"), 2*rate*(z[1]-z[0])))
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

// interrupted runs a study as the program does and cancels it, as Ctrl-C would,
// in the second of three shards.
func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: interrupted study")
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e, err := pipeline.Open(ctx, pipeline.Options{
		Dir: ts.MkAbs(args[0]), Now: time.Now, Software: "veil " + version,
		Progress: func(stage string, done, total int64) {
			if stage == "redacting sessions" && done == 2 && total > 2 {
				cancel()
			}
		},
	})
	ts.Check(err)
	defer e.Close()
	if _, err := e.Run(ctx, ""); !errors.Is(err, context.Canceled) {
		ts.Fatalf("the run was not interrupted: %v", err)
	}
}

func documented(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: documented file")
	}
	text, err := os.ReadFile(filepath.Join(packageDir, "..", "..", "docs", args[0]))
	ts.Check(err)
	examples := 0
	for _, block := range consoleBlocks(string(text)) {
		for _, example := range strings.Split("\n"+block, "\n$ ")[1:] {
			command, want, _ := strings.Cut(example, "\n")
			ts.Check(ts.Exec("sh", "-c", command))
			if got := ts.ReadFile("stdout"); !matches(strings.TrimRight(want, "\n"), strings.TrimRight(got, "\n")) {
				ts.Fatalf("%s prints\n%s\nand %s says\n%s", command, got, args[0], want)
			}
			examples++
		}
	}
	if examples == 0 {
		ts.Fatalf("%s has no example", args[0])
	}
}

func consoleBlocks(text string) []string {
	var blocks []string
	for _, rest := range strings.Split(text, "```console\n")[1:] {
		block, _, _ := strings.Cut(rest, "```")
		blocks = append(blocks, block)
	}
	return blocks
}

// matches reports whether text is a pattern in which … stands for anything.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "…")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("(?s)^" + strings.Join(parts, ".*") + "$").MatchString(text)
}
