// Package audio takes recordings in and gives the audio alone out: no video, no
// tags, no names, no times, and silence where somebody must not be heard.
//
// AAC-LC in MP4 and PCM in WAV are copied by this package itself, without
// decoding: access units and samples outside the silenced intervals are the
// input's own, byte for byte, in a container written anew. Whatever else MP4
// holds goes through ffmpeg when the caller has it, and through the same copier
// afterwards, so that one piece of code is answerable for every byte that
// leaves.
//
// What stays: the sound itself, with the voices in it, and whatever an encoder
// put behind the sound within an access unit, which only a decoder would find.
//
// Time is milliseconds from the start of what a player plays (edit lists
// applied), the clock of the transcript's cues. Nothing is kept between calls;
// every function is safe for concurrent use.
package audio

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Code says why a recording was refused, for reports and exit decisions.
type Code string

const (
	// Truncated: the file ends before its own description of it does.
	Truncated Code = "truncated"
	// Damaged: the file contradicts itself.
	Damaged Code = "damaged"
	// NotAudio: neither MP4 nor WAV, or without an audio track.
	NotAudio Code = "not-audio"
	// TooLarge: more than the output format can say.
	TooLarge Code = "too-large"

	// The following need ffmpeg.

	// CodecUnsupported: neither AAC-LC nor PCM.
	CodecUnsupported Code = "codec-unsupported"
	// Fragmented: an MP4 whose index is spread over the file.
	Fragmented Code = "fragmented"
	// HEAAC: AAC with spectral band replication or parametric stereo.
	HEAAC Code = "he-aac"
	// Multichannel: AAC with more than two channels.
	Multichannel Code = "multichannel"
	// EditList: an MP4 that plays its media in pieces or at another speed.
	EditList Code = "edit-list"
	// ConversionFailed: ffmpeg was there and could not read the audio either.
	ConversionFailed Code = "conversion-failed"
)

// convertible tells whether ffmpeg can help.
func (c Code) convertible() bool {
	switch c {
	case CodecUnsupported, Fragmented, HEAAC, Multichannel, EditList:
		return true
	}
	return false
}

// Refused is the error for a recording that cannot leave. Nothing has been
// written to the output then. It never repeats anything the file says.
type Refused struct {
	Code   Code
	Reason string // one sentence: what, and what would help
}

func (r *Refused) Error() string { return "audio: " + r.Reason }

func refuse(code Code, format string, args ...any) *Refused {
	return &Refused{code, fmt.Sprintf(format, args...)}
}

// Info is what a recording is. Where an MP4 has several audio tracks it is of
// the first, the only one that is copied.
type Info struct {
	Container  string // "mp4" or "wav"
	Codec      string // "aac", "pcm", "pcm-float", or another codec's name
	SampleRate int    // Hz
	Channels   int
	DurationMS int64 // rounded to nearest; 0 when the file does not say
	// Needs is why ffmpeg is needed, "" when it is not.
	Needs Code
}

// Extension is that of the cleaned file, with its dot.
func (i Info) Extension() string {
	if i.Container == "wav" && i.Needs == "" {
		return ".wav"
	}
	return ".m4a"
}

// Result is what Clean made.
type Result struct {
	// Info is of the output.
	Info Info
	// Extension is ".m4a" or ".wav".
	Extension string
	// Muted are the intervals that are silent in the output: clipped to it,
	// sorted, disjoint.
	Muted []Muted
	// MarginMS is how far beyond each interval the sound may be silent or
	// fading as well, because AAC's blocks overlap; 0 for WAV. Next to a pause
	// in the recording's clock it reaches to the end of the pause.
	MarginMS int64
	// Converted tells that ffmpeg decoded and encoded the sound.
	Converted bool
	// Replaced counts access units outside Muted that held something other
	// than sound and were made silent.
	Replaced int
}

// Probe tells what a recording is without reading its sound. It returns a
// *Refused for what Clean can never accept, and Info.Needs for what Clean
// accepts with ffmpeg only. A nil error does not promise that every sample can
// be decoded.
func Probe(r io.ReaderAt, size int64) (Info, error) {
	rec, err := open(source{r, size})
	if err != nil {
		return Info{}, err
	}
	return rec.info(), nil
}

// Cleaner cleans recordings.
type Cleaner struct {
	// FFmpeg is the absolute path of the ffmpeg program (exec.LookPath finds
	// it), "" when there is none. It is run with the caller's environment.
	FFmpeg string
	// Temp is an existing directory for what ffmpeg reads and writes; needed
	// only with FFmpeg. Everything put there is removed before Clean returns.
	Temp string
}

// Clean writes to out the audio of a recording, in a container of its own, and
// silences what mute says. Intervals may overlap and come in any order; where
// two overlap, the one earlier in mute gives the reason.
//
// The same input, mute and ffmpeg give the same bytes. The error is a *Refused
// when the recording is the cause, and then nothing has been written;
// ctx.Err() when it was cancelled; otherwise it is of the reader, the writer or
// the temporary files, and out holds a part.
func (c Cleaner) Clean(ctx context.Context, in io.ReaderAt, size int64, out io.Writer, mute []Muted) (Result, error) {
	rec, err := open(source{in, size})
	if err != nil {
		return Result{}, err
	}
	result, err := rec.clean(ctx, out, mute)
	var refused *Refused
	if !errors.As(err, &refused) || !refused.Code.convertible() {
		return result, err
	}
	if c.FFmpeg == "" {
		return Result{}, refuse(refused.Code, "%s; install ffmpeg to include such recordings", refused.Reason)
	}
	return c.convert(ctx, source{in, size}, rec.info(), out, mute)
}

// recording is an opened file.
type recording interface {
	info() Info
	// clean refuses before it writes.
	clean(ctx context.Context, out io.Writer, mute []Muted) (Result, error)
}

func open(src source) (recording, error) {
	head := make([]byte, min(12, max(0, src.size)))
	if err := src.read(head, 0); err != nil {
		return nil, err
	}
	switch {
	case len(head) == 0:
		return nil, refuse(Truncated, "the file is empty")
	case len(head) < 12:
		return nil, refuse(NotAudio, "the file is too short to be a recording (%d bytes)", len(head))
	case string(head[:4]) == "RIFF" && string(head[8:]) == "WAVE":
		return openWAV(src)
	}
	switch string(head[4:8]) {
	case "ftyp", "moov", "mdat", "free", "skip", "wide":
		return openMP4(src)
	}
	return nil, refuse(NotAudio, "the file is neither MP4 nor WAV")
}

// source is a file being read.
type source struct {
	r    io.ReaderAt
	size int64
}

// read fills p from offset at. A file shorter than its size is truncated.
func (s source) read(p []byte, at int64) error {
	if at < 0 || at > s.size-int64(len(p)) {
		return refuse(Truncated, "the file ends at byte %d, before what it announces", s.size)
	}
	n, err := s.r.ReadAt(p, at)
	if n == len(p) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return refuse(Truncated, "the file ends before its size of %d bytes", s.size)
	}
	return fmt.Errorf("audio: read at byte %d: %w", at, err)
}
