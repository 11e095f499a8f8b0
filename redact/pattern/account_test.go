package pattern_test

import (
	"testing"

	"github.com/schoolhouse-world/veil/redact/finding"
)

func TestAccount(t *testing.T) {
	check(t, finding.SSN, []string{
		"a: my ssn is «219-09-4455»",
		"a: social: «219094455»",
		"a: «219-09-4455»",
		"A: My social is «two one nine, oh nine, four four five five».",
	})
	check(t, finding.CreditCard, []string{
		"a: card «4012 8888 8888 1881»",
		"a: «4012888888881881»",
		"A: The card number is «four zero one two, eight eight eight eight, eight eight eight eight, one eight eight one».",
	})
	check(t, finding.IBAN, []string{"a: «DE89 3704 0044 0532 0130 00»"})
	check(t, "", []string{
		"a: 219094455", "a: 000-12-3456", "a: 4012888888881882", "a: DE89 3704 0044 0532 0130 01", "a: 123-45-6", "a: social studies 101", "A: four hundred million",
		"a: 123456789 + 987654321",
	})
}
