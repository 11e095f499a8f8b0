package audio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// convert lets ffmpeg make AAC-LC of the audio, and cleans that.
func (c Cleaner) convert(ctx context.Context, src source, about Info, out io.Writer, mute []Muted) (result Result, err error) {
	if c.Temp == "" {
		return Result{}, errors.New("audio: no temporary directory was given for ffmpeg")
	}
	dir, err := os.MkdirTemp(c.Temp, "audio-")
	if err != nil {
		return Result{}, fmt.Errorf("audio: %w", err)
	}
	defer func() {
		// What is left behind is somebody's voice: never silently.
		if left := os.RemoveAll(dir); left != nil && err == nil {
			err = fmt.Errorf("audio: %w", left)
		}
	}()
	if err := stage(ctx, src, filepath.Join(dir, "in")); err != nil {
		return Result{}, err
	}
	if err := c.transcode(ctx, about, dir); err != nil {
		return Result{}, err
	}
	f, err := os.Open(filepath.Join(dir, "out"))
	if err != nil {
		return Result{}, fmt.Errorf("audio: %w", err)
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return Result{}, fmt.Errorf("audio: %w", err)
	}
	return copyConverted(ctx, source{f, stat.Size()}, about, out, mute)
}

// copyConverted cleans what ffmpeg made, as if it were a recording.
func copyConverted(ctx context.Context, src source, about Info, out io.Writer, mute []Muted) (Result, error) {
	var refused *Refused
	rec, err := open(src)
	if errors.As(err, &refused) {
		return Result{}, refuse(ConversionFailed, "ffmpeg's output cannot be read")
	}
	if err != nil {
		return Result{}, err
	}
	made, ok := rec.(*mp4)
	if !ok {
		return Result{}, refuse(ConversionFailed, "ffmpeg's output is not MP4")
	}
	if about.DurationMS > 0 {
		have := made.about.DurationMS
		if have < about.DurationMS-tolerance || have > about.DurationMS+tolerance {
			return Result{}, refuse(ConversionFailed, "ffmpeg decoded %d ms of %d ms of audio", have, about.DurationMS)
		}
		made.end(about.DurationMS) // encoders fill their last block
	}
	result, err := made.clean(ctx, out, mute)
	if errors.As(err, &refused) {
		return Result{}, refuse(ConversionFailed, "ffmpeg's output cannot be copied")
	}
	result.Converted = err == nil
	return result, err
}

// tolerance is how much a conversion may change a recording's length, in
// milliseconds: encoders add a delay and fill their last block, at 8 kHz up to
// 128 ms each, and HE-AAC's blocks are twice as long.
const tolerance = 400

// stage copies the recording to where ffmpeg can seek in it.
func stage(ctx context.Context, src source, name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("audio: %w", err)
	}
	_, err = io.Copy(f, &interruptible{ctx, io.NewSectionReader(src.r, 0, src.size)})
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("audio: copy for ffmpeg: %w", err)
	}
	return err
}

type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i *interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}

// transcode runs ffmpeg. Its messages repeat tags and paths: nobody gets them.
func (c Cleaner) transcode(ctx context.Context, about Info, dir string) error {
	demuxer := "mov"
	if about.Container == "wav" {
		demuxer = "wav"
	}
	channels, layout := 2, "stereo"
	if about.Channels == 1 {
		channels, layout = 1, "mono"
	}
	rate := about.SampleRate
	if rateIndex(rate) < 0 {
		rate = 48000
	}
	cmd := exec.CommandContext(ctx, c.FFmpeg,
		"-nostdin", "-hide_banner", "-loglevel", "quiet", "-xerror",
		// The file decides nothing: not its format, not what else is opened.
		"-protocol_whitelist", "file", "-format_whitelist", demuxer, "-f", demuxer,
		"-i", "file:in",
		"-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1",
		// Gaps become silence, so that the clock stays the cues'. Only with
		// integers does ffmpeg keep a mix of more channels from clipping.
		"-af", "aresample=async=1:first_pts=0,aformat=sample_fmts=s32:channel_layouts="+layout,
		"-c:a", "aac", "-profile:a", "aac_low", "-threads", "1",
		"-ac", strconv.Itoa(channels), "-ar", strconv.Itoa(rate), "-b:a", strconv.Itoa(channels*96)+"k",
		"-fflags", "+bitexact", "-flags:a", "+bitexact",
		"-f", "mp4", "file:out")
	cmd.Dir = dir
	cmd.Env = withoutReports(os.Environ())
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit):
		return refuse(ConversionFailed, "ffmpeg cannot decode the audio (exit status %d)", exit.ExitCode())
	case err != nil:
		return fmt.Errorf("audio: run ffmpeg: %w", err)
	}
	return nil
}

// withoutReports drops the variable that makes ffmpeg write log files.
func withoutReports(env []string) []string {
	out := make([]string, 0, len(env))
	for _, e := range env {
		if !strings.HasPrefix(e, "FFREPORT=") {
			out = append(out, e)
		}
	}
	return out
}
