package onnx

import (
	"fmt"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// label is what a label of the model means.
type label struct {
	kind   finding.Kind // "" for none
	begins bool
}

// kinds are the labels that published models use.
var kinds = map[string]finding.Kind{
	"O": "", "MISC": "", "0": "",
	"PER": finding.Person, "PERSON": finding.Person, "NAME": finding.Person, "GIVENNAME": finding.Person, "SURNAME": finding.Person,
	"FIRSTNAME": finding.Person, "MIDDLENAME": finding.Person, "LASTNAME": finding.Person,
	"LOC": finding.Location, "LOCATION": finding.Location, "GPE": finding.Location, "CITY": finding.Location,
	"ORG": finding.Org, "ORGANIZATION": finding.Org, "SCHOOL": finding.School,
	"EMAIL": finding.Email, "PHONE": finding.Phone, "TELEPHONENUM": finding.Phone, "PHONENUMBER": finding.Phone, "URL": finding.URL,
	"USERNAME": finding.Handle, "HANDLE": finding.Handle, "ADDRESS": finding.Address, "STREET": finding.Address, "AGE": finding.Age,
	"DATEOFBIRTH": finding.DateOfBirth, "IDNUM": finding.ID,
}

// kindOf reads a label such as B-PER.
func kindOf(name string, own map[string]finding.Kind) (label, error) {
	var l label
	bare := name
	if len(name) > 2 && (name[1] == '-' || name[1] == '_') && strings.IndexByte("BIESLU", name[0]) >= 0 {
		bare = name[2:]
		l.begins = name[0] == 'B' || name[0] == 'S' || name[0] == 'U'
	}
	if kind, ok := own[bare]; ok {
		l.kind = kind
		return l, nil
	}
	kind, ok := kinds[strings.ToUpper(bare)]
	if !ok {
		// A label nobody looked at could be the one that names people.
		return l, fmt.Errorf("the label %q has no kind: give it one in Kinds, or an empty one to leave it out", bare)
	}
	l.kind = kind
	return l, nil
}
