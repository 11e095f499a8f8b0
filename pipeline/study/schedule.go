package study

import (
	"time"

	"github.com/robfig/cron/v3"
)

// Next is when the schedule is due after a moment; the zero time when the
// study has none. The expression is read as wall-clock time in the study's
// zone: an hour that the spring change skips is made up for right after it,
// and one that autumn repeats comes once.
func (s Study) Next(after time.Time) time.Time {
	if s.Schedule == "" {
		return time.Time{}
	}
	schedule, err := cron.ParseStandard(s.Schedule)
	if err != nil {
		return time.Time{} // Load has refused it already
	}
	zone := s.Location()
	// In a zone without changes the cron package skips nothing; the answer is
	// then read as this zone's wall clock.
	wall := asWall(after.In(zone), time.UTC)
	for range 4 {
		wall = schedule.Next(wall)
		if wall.IsZero() {
			return time.Time{}
		}
		at := asWall(wall, zone)
		// In the hour that does not exist time.Date may answer too early.
		at = at.Add(max(0, wall.Sub(asWall(at, time.UTC))))
		if at.After(after) {
			return at
		}
	}
	return time.Time{}
}

func asWall(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)
}
