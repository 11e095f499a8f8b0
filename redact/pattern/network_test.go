package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

func TestNetwork(t *testing.T) {
	check(t, finding.IP, []string{
		"a: my ip is «192.168.0.17»",
		"a: «2001:db8::8a2e:370:7334»",
		"a: server «10.0.0.0/8», ok",
	})
	check(t, finding.MAC, []string{"a: mac «00:1A:2B:3C:4D:5E»", "a: «0012.3456.789a»"})
	check(t, "", []string{
		"a: 192.168.0", "a: 1.2.3.4.5", "a: version 10.2.3.4", "a: at 12:34:56", "a: ratio 1:2:3:4", "a: 3.14.15", "a: 256.1.1.1", "a: section 1.2.3.4",
	})
}
