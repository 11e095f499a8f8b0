package zoom

import "time"

// assumedLength is what a session lasts where nobody says: longer than almost
// any, shorter than the time from midnight to most.
const assumedLength = 3 * time.Hour

// Place puts times of a chat or of saved captions on the session's clock:
// milliseconds from start. Cloud recordings count from the recording's start
// already; files saved on a computer have the time of day, in the zone of
// start, and may run past midnight. length is the session's, 0 when unknown.
//
// Which of the two a list holds is decided for the list as a whole. Each
// reading has an overshoot: how far the time that lies furthest outside of the
// session, 0 to length (three hours when unknown), lies outside. The reading
// with the smaller overshoot holds. When they are equal, times count from the
// start: both fit only in a session that begins within its own length after
// midnight, and cloud recordings are by far the more common.
//
// A time of day is placed on the day that brings it closest to the session, so
// that files may cross midnight and times may be out of order. What lies
// before start is negative, nothing is moved to fit. times is not changed.
func Place(times []int64, start time.Time, length time.Duration) []int64 {
	if length <= 0 {
		length = assumedLength
	}
	end := length.Milliseconds()
	placed := make([]int64, len(times))
	var fromStart, ofDay int64
	for i, t := range times {
		placed[i] = placeOfDay(t, start, end)
		fromStart = max(fromStart, overshoot(t, end))
		ofDay = max(ofDay, overshoot(placed[i], end))
	}
	if fromStart <= ofDay {
		copy(placed, times)
	}
	return placed
}

// overshoot is how far t lies outside of 0 to end.
func overshoot(t, end int64) int64 { return max(-t, t-end, 0) }

// placeOfDay is the time of day t, in milliseconds, on the day that brings it
// closest to the session.
func placeOfDay(t int64, start time.Time, end int64) int64 {
	const day = 24 * 60 * 60 * 1000
	best := int64(0)
	for d := -1; d <= int(end/day)+1; d++ {
		year, month, date := start.Date()
		// time.Date knows the days on which the clock is put forward or back.
		midnight := time.Date(year, month, date+d, 0, 0, int(t/1000), int(t%1000)*int(time.Millisecond), start.Location())
		placed := midnight.Sub(start).Milliseconds()
		if d == -1 || overshoot(placed, end) < overshoot(best, end) {
			best = placed
		}
	}
	return best
}
