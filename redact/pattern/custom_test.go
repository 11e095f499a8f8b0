package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/pattern"
)

func TestCustom(t *testing.T) {
	o := pattern.Options{
		Rules: []pattern.Rule{{Name: "ticket", Pattern: `ticket (T-\d+)`, Kind: finding.ID}},
		Terms: []pattern.Term{{Text: "Larkspur House", Kind: finding.Org}, {Text: "Río Alto", Kind: finding.Location}},
	}
	checkWith(t, o, "", []string{
		"a: see ticket «T-4471»=case",
		"a: we meet at «larkspur  house» at 4",
		"a: i live in «Rio Alto»",
		"a: larkspur is a flower in the house",
	})
	for _, bad := range []pattern.Options{{IDPatterns: []string{"("}}, {Rules: []pattern.Rule{{Pattern: "["}}}, {Rules: []pattern.Rule{{Pattern: "a", Score: 2}}}} {
		if bad.Check() == nil {
			t.Errorf("%+v passes", bad)
		}
	}
}
