package zoom

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPlace(t *testing.T) {
	zurich, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	at := func(h, m, s int) int64 { return int64(h*3600+m*60+s) * 1000 }
	evening := time.Date(2026, 10, 5, 18, 0, 0, 0, zurich)
	late := time.Date(2026, 10, 5, 23, 30, 0, 0, zurich)
	early := time.Date(2026, 10, 6, 0, 20, 0, 0, zurich)
	// At 3 that night the clock is put back to 2: 4:20 is 3 hours and 50 minutes
	// later. It passes the session's length, so that it is a time of day.
	back := time.Date(2026, 10, 25, 1, 30, 0, 0, zurich)
	tests := map[string]struct {
		times  []int64
		start  time.Time
		length time.Duration
		want   []int64
	}{
		"none":                              {nil, evening, time.Hour, []int64{}},
		"from the start":                    {[]int64{at(0, 1, 0), at(0, 59, 0)}, evening, time.Hour, []int64{at(0, 1, 0), at(0, 59, 0)}},
		"from the start, longer than meant": {[]int64{at(0, 40, 0), at(1, 9, 0)}, evening, time.Hour, []int64{at(0, 40, 0), at(1, 9, 0)}},
		"from the start, length unknown":    {[]int64{at(0, 1, 0), at(4, 0, 0)}, evening, 0, []int64{at(0, 1, 0), at(4, 0, 0)}},
		"from the start, past 24 hours":     {[]int64{at(0, 1, 0), at(25, 0, 0)}, evening, 26 * time.Hour, []int64{at(0, 1, 0), at(25, 0, 0)}},
		"of day":                            {[]int64{at(18, 1, 0), at(18, 59, 0)}, evening, time.Hour, []int64{at(0, 1, 0), at(0, 59, 0)}},
		"of day, length unknown":            {[]int64{at(18, 1, 0), at(18, 59, 0)}, evening, 0, []int64{at(0, 1, 0), at(0, 59, 0)}},
		"of day, before and after":          {[]int64{at(17, 58, 0), at(19, 10, 0)}, evening, time.Hour, []int64{-at(0, 2, 0), at(1, 10, 0)}},
		"of day, over midnight":             {[]int64{at(23, 31, 0), at(0, 2, 0), at(23, 59, 58), at(0, 40, 0)}, late, 90 * time.Minute, []int64{at(0, 1, 0), at(0, 32, 0), at(0, 29, 58), at(1, 10, 0)}},
		"from the start, near midnight":     {[]int64{at(0, 10, 0), at(0, 50, 0)}, late, time.Hour, []int64{at(0, 10, 0), at(0, 50, 0)}},
		"both fit":                          {[]int64{at(0, 25, 0), at(0, 40, 0)}, early, time.Hour, []int64{at(0, 25, 0), at(0, 40, 0)}},
		"of day fits alone":                 {[]int64{at(0, 25, 0), at(1, 15, 0)}, early, time.Hour, []int64{at(0, 5, 0), at(0, 55, 0)}},
		"from the start fits alone":         {[]int64{at(0, 5, 0), at(0, 40, 0)}, early, time.Hour, []int64{at(0, 5, 0), at(0, 40, 0)}},
		"the clock put back":                {[]int64{at(1, 45, 0), at(4, 20, 0)}, back, 4*time.Hour + 10*time.Minute, []int64{at(0, 15, 0), at(3, 50, 0)}},
	}
	for name, test := range tests {
		before := slices.Clone(test.times)
		got := Place(test.times, test.start, test.length)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %d, want %d", name, got, test.want)
		}
		if !slices.Equal(test.times, before) {
			t.Errorf("%s: the times given were changed", name)
		}
	}
}

// TestTimesOfDayStayInTheSession: times of day that were written in a session
// lie in it and keep their distances, wherever midnight is.
func TestTimesOfDayStayInTheSession(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := time.Duration(rapid.IntRange(1, 12*3600).Draw(t, "length")) * time.Second
		start := time.Date(2026, 3, 3, 0, 0, rapid.IntRange(0, 24*3600-1).Draw(t, "start"), 0, time.UTC)
		var inside, clock []int64
		for range rapid.IntRange(1, 12).Draw(t, "times") {
			after := rapid.Int64Range(0, int64(length/time.Second)).Draw(t, "after")
			inside = append(inside, after*1000)
			at := start.Add(time.Duration(after) * time.Second)
			clock = append(clock, int64(at.Hour()*3600+at.Minute()*60+at.Second())*1000)
		}
		got := Place(clock, start, length)
		for i, ms := range got {
			if ms < 0 || ms > length.Milliseconds() {
				t.Fatalf("%d lies outside of the session", ms)
			}
			if ms-got[0] != inside[i]-inside[0] {
				t.Fatalf("distance %d, want %d", ms-got[0], inside[i]-inside[0])
			}
		}
	})
}

// TestTimesFromTheStartStay: a cloud recording's times stay as they are.
func TestTimesFromTheStartStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := time.Duration(rapid.IntRange(1, 6*3600).Draw(t, "length")) * time.Second
		start := time.Date(2026, 3, 3, 0, 0, rapid.IntRange(0, 24*3600-1).Draw(t, "start"), 0, time.UTC)
		times := rapid.SliceOf(rapid.Int64Range(0, length.Milliseconds())).Draw(t, "times")
		if got := Place(times, start, length); !slices.Equal(got, times) {
			t.Fatalf("got %d", got)
		}
	})
}
