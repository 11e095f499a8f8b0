package report

import (
	"fmt"
	"math"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/plan"
	"github.com/schoolhouse-world/veil/pipeline/tally"

	"pgregory.net/rapid"
)

func TestNoSessionIsLostBetweenStages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := world(t)
		f := flow(d)
		if f.Unsound != "" {
			t.Fatalf("sound numbers are called unsound: %s", f.Unsound)
		}
		for i, s := range f.Stages[:len(f.Stages)-1] {
			why := 0
			for _, w := range s.Why {
				why += w.N
			}
			if len(s.Why) > 0 && why != s.Lost {
				t.Fatalf("%s: the reasons make %d of %d", s.Name, why, s.Lost)
			}
			if s.N-s.Lost != f.Stages[i+1].N {
				t.Fatalf("%s: %d − %d is not %d", s.Name, s.N, s.Lost, f.Stages[i+1].N)
			}
		}
	})
}

func TestOneSessionTooFewOrTooManyIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := world(t)
		off := rapid.SampledFrom([]int{-1, 1}).Draw(t, "off")
		rapid.SampledFrom([]func(){
			func() { d.Plan.Source.Sessions += off },
			func() { d.Plan.Sessions += off },
			func() { d.Summary.Sessions += off },
			func() { d.Plan.Excluded[plan.Expired] += off },
		}).Draw(t, "where")()
		if f := flow(d); f.Unsound == "" || len(f.Pictures) > 0 {
			t.Fatal("a picture was drawn of numbers that contradict each other")
		}
	})
}

// A band is as thick as its share, and never thinner than can be seen.
func TestBandsAreToScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(1, 100_000_000).Draw(t, "total")
		n := rapid.IntRange(0, total).Draw(t, "n")
		got, hair := thick(n, total, wideBand)
		exact := float64(n) / float64(total) * wideBand
		switch {
		case n == 0 && (got != 0 || hair):
			t.Fatal("nothing is drawn as something")
		case n > 0 && got < hairline:
			t.Fatal("something cannot be seen")
		case !hair && math.Abs(got-exact) > 1e-6:
			t.Fatalf("%d of %d is %.3f thick, not %.3f", n, total, got, exact)
		case hair && exact >= hairline:
			t.Fatal("a band that could be to scale is called a hair")
		}
	})
}

// Whatever the numbers, the pictures stay of a size to look at.
func TestPicturesAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := flow(world(t))
		for _, p := range f.Pictures {
			for _, s := range append(p.Wide.Shapes, p.Narrow.Shapes...) {
				if s.D == "" || s.Class == "" {
					t.Fatal("a shape is empty")
				}
			}
			if p.Wide.Height > 1000 || p.Narrow.Height > 2000 {
				t.Fatalf("a picture is %d and %d high", p.Wide.Height, p.Narrow.Height)
			}
		}
		if len(f.Pictures) > 4 {
			t.Fatalf("%d pictures", len(f.Pictures))
		}
	})
}

func world(t *rapid.T) Data {
	d := Data{Summary: tally.New(), Plan: plan.Plan{Excluded: map[plan.Reason]int{}}}
	size := rapid.SampledFrom([]int{0, 3, 500, 40_000_000})
	for _, r := range []plan.Reason{plan.OtherContext, plan.NotOver, plan.NoRecordings, plan.Expired, plan.TutorOptedOut, "a-reason-of-tomorrow"} {
		if n := rapid.IntRange(0, size.Draw(t, "size")).Draw(t, string(r)); n > 0 {
			d.Plan.Excluded[r] = n
			d.Plan.Source.Sessions += n
		}
	}
	d.Summary.Sessions = rapid.IntRange(0, size.Draw(t, "size")).Draw(t, "leave")
	for i := range rapid.IntRange(0, 3).Draw(t, "quarantined") {
		d.Summary.Quarantined = append(d.Summary.Quarantined, tally.Quarantine{Session: fmt.Sprint(i)})
	}
	d.Plan.Sessions = d.Summary.Sessions + len(d.Summary.Quarantined)
	d.Plan.Source.Sessions += d.Plan.Sessions
	return d
}
