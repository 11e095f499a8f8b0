package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/plan"
)

// Stage is a step of a session's way out: how many sessions arrive and how
// many of them end here.
type Stage struct {
	Name  string
	N     int
	Lost  int
	Whole string // what the lost ones have in common
	Why   []Count
}

// Flow is the picture of what came in, what stayed behind and what leaves.
type Flow struct {
	Stages   []Stage
	Pictures []Picture
	// Unsound says why there is no picture: the numbers contradict each other.
	Unsound string
}

// Picture is one scale of the flow, drawn twice: side by side for a wide page
// and from top to bottom for a narrow one.
type Picture struct {
	Words        string // the same in a sentence, for who cannot see it
	Caption      string
	Wide, Narrow Drawing
}

// Drawing is an SVG.
type Drawing struct {
	Width, Height int
	Shapes        []Shape
	Texts         []Text
}

// Shape is a path. Hair marks one that is drawn thicker than it is.
type Shape struct {
	D, Class string
	Hair     bool
}

// Text is a line of text at a point.
type Text struct {
	X, Y  float64
	Class string
	Text  string
}

// flow follows the order in which the plan decides: what the study asks for,
// what there is of it, consent, and what the run could read.
func flow(d Data) Flow {
	groups := []struct {
		name, whole string
		reasons     []plan.Reason
	}{
		{"in the source", "not asked for", []plan.Reason{plan.OtherContext, plan.OutsideWindow, plan.NotOver}},
		{"asked for", "nothing to share", []plan.Reason{plan.NoParticipants, plan.NoRecordings, plan.Expired, plan.SeveralParts, plan.NothingLeft}},
		{"with recordings", "without consent", []plan.Reason{plan.TutorOptedOut, plan.NoLearnerLeft, plan.SomebodyOptOut}},
	}
	other := maps.Clone(d.Plan.Excluded)
	for _, g := range groups {
		for _, r := range g.reasons {
			delete(other, r)
		}
	}
	// A reason this page has no words for ends where something is amiss.
	groups[1].reasons = append(groups[1].reasons, slices.Sorted(maps.Keys(other))...)

	var f Flow
	left := d.Plan.Source.Sessions
	for _, g := range groups {
		s := Stage{Name: g.name, N: left, Whole: g.whole}
		for _, r := range g.reasons {
			if n := d.Plan.Excluded[r]; n != 0 {
				s.Why = append(s.Why, Count{Name: says(short, r), N: n})
				s.Lost += n
			}
		}
		left -= s.Lost
		f.Stages = append(f.Stages, s)
	}
	quarantined := len(d.Summary.Quarantined)
	f.Stages = append(f.Stages,
		Stage{Name: "with consent", N: left, Lost: quarantined, Whole: "could not be read"},
		Stage{Name: "leave", N: d.Summary.Sessions})
	switch {
	case left != d.Plan.Sessions:
		f.Unsound = fmt.Sprintf("of %s, the plan leaves %s out and keeps %s",
			plural(d.Plan.Source.Sessions, "session", "sessions"), thousands(d.Plan.Source.Sessions-left), thousands(d.Plan.Sessions))
	case left-quarantined != d.Summary.Sessions:
		f.Unsound = fmt.Sprintf("%s planned, %s could not be read, and %s leave",
			plural(left, "session was", "sessions were"), thousands(quarantined), thousands(d.Summary.Sessions))
	case left < 0 || slices.ContainsFunc(f.Stages, func(s Stage) bool { return s.N < 0 || s.Lost < 0 }):
		f.Unsound = "a count is below zero"
	case d.Plan.Source.Sessions > 0:
		f.draw(d)
	}
	return f
}

// draw makes the picture, and enlarged ones from wherever fewer than a quarter
// of the sessions are left, so that a small study in a large source is seen to
// scale too.
func (f *Flow) draw(d Data) {
	to := "to nobody yet"
	if n := len(d.Recipients); n > 0 {
		to = "to " + plural(n, "recipient", "recipients")
	}
	for from, stages := 0, f.Stages; ; {
		p := Picture{Words: sentence(stages, to), Wide: wide(stages, to), Narrow: narrow(stages, to)}
		p.Caption = "Bands are to scale."
		if from > 0 {
			p.Caption = fmt.Sprintf("The same from “%s” on, enlarged %s times.", stages[0].Name, enlarged(f.Stages[0].N, stages[0].N))
		}
		if p.Wide.hair() || p.Narrow.hair() {
			p.Caption += " Dashed lines are too few to draw to scale."
		}
		f.Pictures = append(f.Pictures, p)
		next := slices.IndexFunc(stages, func(s Stage) bool { return s.N < stages[0].N/4 })
		if next < 0 || next == len(stages)-1 || stages[next].N == 0 {
			return
		}
		from, stages = from+next, stages[next:]
	}
}

func enlarged(whole, part int) string {
	if times := float64(whole) / float64(part); times < 10 {
		return fmt.Sprintf("%.1f", times)
	}
	return thousands((whole + part/2) / part)
}

func (d Drawing) hair() bool {
	return slices.ContainsFunc(d.Shapes, func(s Shape) bool { return s.Hair })
}

func sentence(stages []Stage, to string) string {
	var parts []string
	for i, s := range stages {
		if i == len(stages)-1 {
			parts = append(parts, fmt.Sprintf("%s %s, %s", plural(s.N, "session", "sessions"), s.Name, to))
			break
		}
		parts = append(parts, fmt.Sprintf("%s %s", plural(s.N, "session", "sessions"), s.Name))
		if s.Lost > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", thousands(s.Lost), s.Whole))
		}
	}
	return strings.Join(parts, "; ") + "."
}

// Measures of the drawings in SVG units, which are CSS pixels at full size.
const (
	hairline = 1.5 // the least that is seen
	bar      = 10  // along the flow
	line     = 15  // of text

	wideColumn = 196
	wideBand   = 150
	wideTop    = 58

	narrowBand = 150
)

// thick is how thick n of total is drawn, and whether that is more than it is.
func thick(n, total int, band float64) (float64, bool) {
	t := float64(n) * band / float64(total)
	switch {
	case n <= 0:
		return 0, false
	case t < hairline:
		return hairline, true
	}
	return t, false
}

// wide draws from left to right. What is lost bends down and ends.
func wide(stages []Stage, to string) Drawing {
	d := Drawing{Width: wideColumn*(len(stages)-1) + 156}
	bottom := float64(wideTop + wideBand)
	for i, s := range stages {
		x := float64(4 + i*wideColumn)
		h, hair := thick(s.N, stages[0].N, wideBand)
		d.text(x, 18, "stage", s.Name)
		d.text(x, 44, "count", thousands(s.N))
		if i == len(stages)-1 {
			d.text(x, wideTop+h+20, "soft", to)
			d.arrow(x, wideTop, h, hair)
			break
		}
		next, thin := thick(stages[i+1].N, stages[0].N, wideBand)
		if next > 0 {
			d.box("kept", x+bar, wideTop, wideColumn-bar, next, thin)
		}
		lost, thin := thick(s.Lost, stages[0].N, wideBand)
		if s.Lost > 0 {
			y := wideTop + h - lost
			tip := min(lost/2, 8)
			d.shape("lost", thin, "M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fl%.1f %.1fl%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fz",
				x+bar, y, x+bar+35, y, x+bar+35, y+24, x+bar+80, y+24,
				tip, lost/2, -tip, lost/2, x+bar+35, y+24+lost, x+bar+35, y+lost, x+bar, y+lost)
			bottom = max(bottom, d.lost(x, wideTop+h+24+22, s))
		}
		if s.N > 0 {
			d.box("bar", x, wideTop, bar, h, hair)
		}
	}
	d.Height = int(bottom) + 12
	return d
}

// narrow draws from top to bottom. What is lost bends to the right and ends.
func narrow(stages []Stage, to string) Drawing {
	d := Drawing{Width: 360}
	y := 0.0
	for i, s := range stages {
		w, hair := thick(s.N, stages[0].N, narrowBand)
		if i < len(stages)-1 {
			pitch := 76.0
			if s.Lost > 0 {
				pitch = max(pitch+24, float64(62+line*(1+len(s.Why))+22))
			}
			next, thin := thick(stages[i+1].N, stages[0].N, narrowBand)
			if next > 0 {
				d.box("kept", 4, y+34, next, pitch-8, thin)
			}
			lost, thin := thick(s.Lost, stages[0].N, narrowBand)
			if s.Lost > 0 {
				x, tip := 4+w-lost, min(lost/2, 8)
				d.shape("lost", thin, "M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fl%.1f %.1fl%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fz",
					x, y+34, x, y+52, x+20, y+48, x+20, y+70,
					lost/2, tip, lost/2, -tip, x+20+lost, y+48, x+lost, y+52, x+lost, y+34)
				d.lost(4+w+30, y+62, s)
			}
			if s.N > 0 {
				d.box("bar", 4, y+26, w, bar, hair)
			}
			d.text(4, y+16, "stage", thousands(s.N)+" "+s.Name)
			y += pitch
			continue
		}
		if s.N > 0 {
			d.box("out", 4, y+26, w, bar, hair)
		}
		d.text(4, y+16, "stage", thousands(s.N)+" "+s.Name)
		d.text(4, y+54, "soft", to)
	}
	d.Height = int(y) + 66
	return d
}

// arrow ends the flow: what leaves.
func (d *Drawing) arrow(x, y, h float64, hair bool) {
	if h == 0 {
		return
	}
	head := min(max(h/2, 4), 24)
	d.shape("out", hair, "M%.1f %.1fh64l%.1f %.1fl%.1f %.1fh-64z", x, y, head, h/2, -head, h/2)
}

// lost writes how many end here and why, and returns where it stops.
func (d *Drawing) lost(x, y float64, s Stage) float64 {
	d.text(x, y, "minus", "−"+thousands(s.Lost))
	y += line
	d.text(x, y, "minus", s.Whole)
	for _, w := range s.Why {
		y += line
		d.text(x, y, "soft", thousands(w.N)+" "+w.Name)
	}
	return y
}

func (d *Drawing) text(x, y float64, class, s string) {
	d.Texts = append(d.Texts, Text{x, y, class, s})
}

func (d *Drawing) box(class string, x, y, w, h float64, hair bool) {
	d.shape(class, hair, "M%.1f %.1fh%.1fv%.1fh%.1fz", x, y, w, h, -w)
}

func (d *Drawing) shape(class string, hair bool, format string, args ...any) {
	d.Shapes = append(d.Shapes, Shape{fmt.Sprintf(format, args...), class, hair})
}
