package redact

import "github.com/schoolhouse-world/veil/redact/finding"

// Surrogates writes realistic names in place of labels.
type Surrogates struct{}

func (s *Surrogates) replace(finding.Finding, string) string { return "" }
