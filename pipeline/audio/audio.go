// Package audio takes recordings in and gives the audio alone out: no video, no
// tags, no names, no times, and silence where somebody must not be heard.
package audio
