package tally_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"

	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/tally"
	"github.com/schoolhouse-world/veil/redact/finding"
	"pgregory.net/rapid"
)

func counts[K comparable, V any](key *rapid.Generator[K], value *rapid.Generator[V]) *rapid.Generator[map[K]V] {
	return rapid.MapOfN(key, value, 0, 4)
}

// summaries are made of few keys, so that sums meet.
var summaries = rapid.Custom(func(t *rapid.T) tally.Summary {
	n := rapid.IntRange(0, 1000)
	kind := rapid.SampledFrom([]finding.Kind{finding.Person, finding.Email, finding.School})
	reason := rapid.SampledFrom([]string{"person", "opted-out", "unmatched"})
	return tally.Summary{
		Sessions: n.Draw(t, "sessions"), Participants: n.Draw(t, "participants"), Utterances: n.Draw(t, "utterances"), Messages: n.Draw(t, "messages"),
		Audio: n.Draw(t, "audio"), AudioMS: int64(n.Draw(t, "audio ms")), Doubtful: n.Draw(t, "doubtful"),
		Silenced: counts(reason, rapid.Custom(func(t *rapid.T) tally.Silence {
			return tally.Silence{Intervals: n.Draw(t, "n"), MS: int64(n.Draw(t, "ms"))}
		})).Draw(t, "silenced"),
		Dropped: counts(rapid.SampledFrom(session.Modalities[:]), rapid.Custom(func(t *rapid.T) tally.Dropped {
			return tally.Dropped{Lines: n.Draw(t, "lines"), Unmatched: n.Draw(t, "unmatched")}
		})).Draw(t, "dropped"),
		Redactions:   counts(kind, counts(reason, n)).Draw(t, "redactions"),
		Kept:         counts(kind, n).Draw(t, "kept"),
		AudioLeftOut: counts(reason, n).Draw(t, "left out"),
		Quarantined: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) tally.Quarantine {
			return tally.Quarantine{Session: rapid.StringMatching("s[0-9]{3}").Draw(t, "session"), File: "chat", Line: n.Draw(t, "line"), What: "a NUL byte"}
		}), 0, 3).Draw(t, "quarantined"),
	}
})

// sum adds to a new summary, as a run does with its shards.
func sum(all ...tally.Summary) tally.Summary {
	s := tally.New()
	for _, a := range all {
		s.Add(a)
	}
	return s
}

// Shards are added in any grouping: workers sum their own, a run sums those.
func TestAddIsAssociative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := summaries.Draw(t, "a"), summaries.Draw(t, "b"), summaries.Draw(t, "c")
		left, right := sum(sum(a, b), c), sum(a, sum(b, c))
		if !reflect.DeepEqual(left, right) {
			t.Fatalf("(a+b)+c is %+v, a+(b+c) is %+v", left, right)
		}
	})
}

// But for the order of the quarantined, the order of shards does not matter.
func TestAddCommutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := summaries.Draw(t, "a"), summaries.Draw(t, "b")
		ab, ba := sum(a, b), sum(b, a)
		if len(ab.Quarantined) != len(a.Quarantined)+len(b.Quarantined) || len(ba.Quarantined) != len(ab.Quarantined) {
			t.Fatalf("%d and %d quarantined", len(ab.Quarantined), len(ba.Quarantined))
		}
		ab.Quarantined, ba.Quarantined = nil, nil
		if !reflect.DeepEqual(ab, ba) {
			t.Fatalf("a+b is %+v, b+a is %+v", ab, ba)
		}
	})
}

func TestAddLeavesItsArgument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := summaries.Draw(t, "a"), summaries.Draw(t, "b")
		before := written(t, b)
		s := sum(a, b)
		s.Add(a)
		for _, by := range s.Redactions {
			by["person"] = -1
		}
		if after := written(t, b); after != before {
			t.Fatalf("%s became %s", before, after)
		}
	})
}

// A shard's summary is stored and read again before it is added.
func TestSummarySurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := sum(summaries.Draw(t, "a"))
		var b tally.Summary
		if err := json.Unmarshal([]byte(written(t, a)), &b); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(sum(a), sum(b)) {
			t.Fatalf("%+v became %+v", a, b)
		}
	})
}

func TestAddSums(t *testing.T) {
	s := sum(
		tally.Summary{Sessions: 2, AudioMS: 1500, Redactions: map[finding.Kind]map[string]int{finding.Person: {"roster": 3}}, Silenced: map[string]tally.Silence{"person": {Intervals: 1, MS: 400}}},
		tally.Summary{Sessions: 1, AudioMS: 500, Redactions: map[finding.Kind]map[string]int{finding.Person: {"roster": 4, "names": 1}, finding.Email: {"pattern": 2}}, Silenced: map[string]tally.Silence{"person": {Intervals: 2, MS: 600}}},
	)
	if s.Sessions != 3 || s.AudioMS != 2000 || s.Silenced["person"] != (tally.Silence{Intervals: 3, MS: 1000}) {
		t.Errorf("%+v", s)
	}
	if !maps.Equal(s.Redactions[finding.Person], map[string]int{"roster": 7, "names": 1}) || s.Redactions[finding.Email]["pattern"] != 2 {
		t.Errorf("%+v", s.Redactions)
	}
}

func written(t *rapid.T, s tally.Summary) string {
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
