package report

import (
	"github.com/schoolhouse-world/veil/pipeline/plan"
)

// Flow is the picture of what came in, what stayed behind at each stage, and
// what leaves: bands whose heights are proportional to sessions.
type Flow struct {
	Width, Height int
	Stages        []Stage
	Empty         bool
}

// Stage is one column of the picture.
type Stage struct {
	Name       string
	N          int // sessions that arrive here
	Lost       int // of them, how many end here
	Why        string
	X, Y       int
	Height     int
	LostHeight int
	// Next is the right edge of the band to the next stage.
	Next int
	Last bool
}

const (
	flowColumn = 168
	flowBand   = 150
)

func flow(d Data) Flow {
	total := d.Plan.Source.Sessions
	f := Flow{Width: flowColumn*5 + 40, Height: flowBand + 96, Empty: total == 0}
	if f.Empty {
		return f
	}
	lost := func(reasons ...plan.Reason) int {
		n := 0
		for _, r := range reasons {
			n += d.Plan.Excluded[r]
		}
		return n
	}
	steps := []struct {
		name, why string
		lost      int
	}{
		{"source", "other context, window, not over", lost(plan.OtherContext, plan.OutsideWindow, plan.NotOver)},
		{"in the study", "no files or people, expired", lost(plan.NoParticipants, plan.NoRecordings, plan.Expired, plan.SeveralParts, plan.NothingLeft)},
		{"with consent", "opted out", lost(plan.TutorOptedOut, plan.NoLearnerLeft, plan.SomebodyOptOut)},
		{"readable", "quarantined", min(len(d.Summary.Quarantined), d.Plan.Sessions)},
		{"leaves", "", 0},
	}
	left := total
	for i, s := range steps {
		stage := Stage{Name: s.name, N: left, Lost: s.lost, Why: s.why, X: 20 + i*flowColumn, Y: 40,
			Height: height(left, total), LostHeight: height(s.lost, total), Last: i == len(steps)-1}
		stage.Next = stage.X + flowColumn
		left -= s.lost
		f.Stages = append(f.Stages, stage)
	}
	return f
}

// height is at least a hair for anything that is not nothing.
func height(n, total int) int {
	if n <= 0 {
		return 0
	}
	return max(2, n*flowBand/total)
}
