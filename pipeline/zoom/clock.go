package zoom

import "bytes"

// clockTime reads a time of day or since the start, hours:minutes:seconds, and
// a 12-hour clock's mark behind it, in milliseconds. Hours may pass 23.
func clockTime(b []byte) (ms int64, rest []byte, ok bool) {
	hours, h := number(b)
	if h == 0 || h > 3 || len(b) < h+6 || b[h] != ':' || b[h+3] != ':' {
		return 0, b, false
	}
	minutes, m := number(b[h+1 : h+3])
	seconds, s := number(b[h+4 : h+6])
	if m != 2 || s != 2 || minutes > 59 || seconds > 59 {
		return 0, b, false
	}
	rest = b[h+6:]
	if len(rest) > 0 && (isDigit(rest[0]) || rest[0] == ':' || rest[0] == '.') {
		return 0, b, false
	}
	hours, rest = halfDay(hours, rest)
	return ((hours*60+minutes)*60 + seconds) * 1000, rest, true
}

// minuteTime reads hours:minutes, as clockTime does.
func minuteTime(b []byte) (ms int64, rest []byte, ok bool) {
	hours, h := number(b)
	if h == 0 || h > 2 || len(b) < h+3 || b[h] != ':' {
		return 0, b, false
	}
	minutes, m := number(b[h+1 : h+3])
	rest = b[h+3:]
	if m != 2 || minutes > 59 || hours > 23 || len(rest) > 0 && (isDigit(rest[0]) || rest[0] == ':') {
		return 0, b, false
	}
	hours, rest = halfDay(hours, rest)
	return (hours*60 + minutes) * 60_000, rest, true
}

// halfDay applies the mark of a 12-hour clock, if one follows.
func halfDay(hours int64, rest []byte) (int64, []byte) {
	if hours < 1 || hours > 12 {
		return hours, rest
	}
	after := rest
	// Newer systems write a narrow no-break space here (Unicode CLDR 42).
	for _, space := range []string{" ", "\u00a0", "\u202f"} {
		after = bytes.TrimPrefix(after, []byte(space))
	}
	for _, mark := range []struct {
		text  string
		hours int64
	}{{"am", 0}, {"pm", 12}, {"a.m.", 0}, {"p.m.", 12}} {
		if len(after) >= len(mark.text) && bytes.EqualFold(after[:len(mark.text)], []byte(mark.text)) {
			tail := after[len(mark.text):]
			if len(tail) == 0 || !isWordByte(tail[0]) {
				return hours%12 + mark.hours, tail
			}
		}
	}
	return hours, rest
}

func isWordByte(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// date reads YYYY-MM-DD and a blank.
func date(b []byte) (day string, rest []byte) {
	const form = "2026-02-02"
	if len(b) <= len(form) || b[len(form)] != ' ' {
		return "", b
	}
	for i := range len(form) {
		if isDigit(form[i]) != isDigit(b[i]) || form[i] == '-' && b[i] != '-' {
			return "", b
		}
	}
	return string(b[:len(form)]), b[len(form)+1:]
}
