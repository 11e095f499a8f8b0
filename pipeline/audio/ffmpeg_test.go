//go:build unix

package audio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// program is an ffmpeg that does what a test needs to go wrong.
func program(t *testing.T, script string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ffmpeg")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func opus() []byte {
	return camera{units: voiced(50, 1), rate: 48000, channels: 1, format: "Opus"}.bytes()
}

func TestWithoutFFmpegTheReasonSaysWhatWouldHelp(t *testing.T) {
	_, _, err := tryClean(Cleaner{}, opus())
	if err == nil || !strings.Contains(err.Error(), "opus") || !strings.Contains(err.Error(), "install ffmpeg") {
		t.Errorf("%v", err)
	}
}

func TestFFmpegThatFailsLeavesNothing(t *testing.T) {
	short := filepath.Join(t.TempDir(), "short.m4a")
	var tiny bytes.Buffer
	if err := WriteM4A(&tiny, Track{SampleRate: 48000, Channels: 1}, func(yield func([]byte) bool) { yield(SilentUnit(1)) }); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(short, tiny.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{
		"says no, and who":       fmt.Sprintf("echo '%s' >&2; echo '%s'; exit 69", secret(), secret()),
		"makes nothing readable": fmt.Sprintf("echo '%s' > out", secret()),
		"makes a WAV":            "printf 'RIFF\\044\\0\\0\\0WAVEfmt \\020\\0\\0\\0\\001\\0\\001\\0\\100\\037\\0\\0\\200\\076\\0\\0\\002\\0\\020\\0data\\004\\0\\0\\0abcd' > out",
		"loses most of it":       "cat " + short + " > out",
	} {
		temp := t.TempDir()
		out, _, err := tryClean(Cleaner{FFmpeg: program(t, script), Temp: temp}, opus())
		var refused *Refused
		if !errors.As(err, &refused) || refused.Code != ConversionFailed || len(out) > 0 {
			t.Errorf("%s: %v, %d bytes written", name, err, len(out))
			continue
		}
		mustHideSecrets(t, []byte(err.Error()))
		mustBeEmpty(t, temp)
	}
	if _, _, err := tryClean(Cleaner{FFmpeg: program(t, "exit 0")}, opus()); err == nil {
		t.Error("a temporary directory was made up")
	}
	_, _, err := tryClean(Cleaner{FFmpeg: filepath.Join(t.TempDir(), "gone"), Temp: t.TempDir()}, opus())
	var refused *Refused
	if err == nil || errors.As(err, &refused) {
		t.Errorf("a missing ffmpeg is not the recording's fault: %v", err)
	}
}

func TestCancellingKillsFFmpeg(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "started")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	c := Cleaner{FFmpeg: program(t, "echo yes > '"+pipe+"'\nexec sleep 600"), Temp: temp}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		in := opus()
		_, err := c.Clean(ctx, bytes.NewReader(in), int64(len(in)), io.Discard, nil)
		done <- err
	}()
	if _, err := os.ReadFile(pipe); err != nil { // blocks until it runs
		t.Fatal(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cancellation", err)
	}
	mustBeEmpty(t, temp)
}

// The file decides nothing about what ffmpeg opens.
func TestFFmpegReadsWhatItIsGivenOnly(t *testing.T) {
	temp := t.TempDir()
	arguments := filepath.Join(t.TempDir(), "arguments")
	_, _, _ = tryClean(Cleaner{FFmpeg: program(t, "echo \"$@\" > '"+arguments+"'; echo * >> '"+arguments+"'; exit 1"), Temp: temp}, opus())
	b, err := os.ReadFile(arguments)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"-protocol_whitelist file", "-format_whitelist mov -f mov", "-nostdin", "-map_metadata -1", "-map_chapters -1", "bitexact", "\nin\n"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("ffmpeg was called without %q", want)
		}
	}
}

// Real codecs, made here with ffmpeg itself.
func TestConvertedByFFmpeg(t *testing.T) {
	ffmpeg := ffmpegPath(t)
	for name, args := range map[string][]string{
		"alac, 8 kHz":      {"-c:a", "alac", "-ar", "8000"},
		"opus in mp4":      {"-c:a", "libopus", "-ar", "48000", "-strict", "-2"},
		"fragmented":       {"-c:a", "aac", "-ar", "32000", "-movflags", "frag_keyframe+empty_moov"},
		"mu-law in WAV":    {"-c:a", "pcm_mulaw", "-ar", "8000", "-f", "wav"},
		"5.1":              {"-c:a", "aac", "-ar", "44100", "-ac", "6"},
		"a rate AAC lacks": {"-c:a", "alac", "-ar", "37800"},
	} {
		t.Run(name, func(t *testing.T) {
			made := filepath.Join(t.TempDir(), "made.mp4")
			args = append(append([]string{"-f", "lavfi", "-i", "sine=frequency=440:duration=3", "-metadata", "title=" + string(secret())}, args...), made)
			call(t, ffmpeg, args...)
			in, err := os.ReadFile(made)
			if err != nil {
				t.Fatal(err)
			}
			temp := t.TempDir()
			c := Cleaner{FFmpeg: ffmpeg, Temp: temp}
			out, result, err := tryClean(c, in, Muted{1000, 1500, Name})
			if err != nil {
				t.Fatal(err)
			}
			again, _, err := tryClean(c, in, Muted{1000, 1500, Name})
			if err != nil || !bytes.Equal(out, again) {
				t.Errorf("the same recording gave other bytes: %v", err)
			}
			mustBeEmpty(t, temp)
			mustHideSecrets(t, out)
			if bytes.Contains(out, []byte("Lavc")) || bytes.Contains(out, []byte("Lavf")) {
				t.Error("the encoder's name is in the output")
			}
			if !result.Converted || result.Extension != ".m4a" || result.Info.DurationMS < 2990 || result.Info.DurationMS > 3050 {
				t.Errorf("%+v", result)
			}
			sound := decode(t, out, ".m4a", 1)
			rate := result.Info.SampleRate
			if loud := peak(sound[rate:rate*3/2], 1); loud > silenceLevel {
				t.Errorf("peak %.5f in the muted interval", loud)
			}
			if loud := peak(sound[rate/4:rate*3/4], 1); loud < 0.02 {
				t.Errorf("peak %.5f where the tone should be", loud)
			}
			if loud := peak(sound[rate*2:rate*5/2], 1); loud < 0.02 {
				t.Errorf("peak %.5f where the tone should be", loud)
			}
		})
	}
}

func TestPiecesAreJoinedByFFmpeg(t *testing.T) {
	in := camera{units: silence(400, 1), rate: 32000, channels: 1, withoutVideo: true,
		edits: [][]byte{edit32(2000, 1024), edit32(3000, 6*32000)}}.bytes()
	out, result, err := tryClean(Cleaner{FFmpeg: ffmpegPath(t), Temp: t.TempDir()}, in)
	if err != nil {
		t.Fatal(err)
	}
	mustHideSecrets(t, out)
	if result.Info.DurationMS != 5000 || !result.Converted {
		t.Errorf("%+v, want the five seconds that are played", result)
	}
}
