package zoom

import (
	"fmt"
	"strings"
	"testing"
)

func TestParticipantFaults(t *testing.T) {
	const header = "Name (Original Name),Join Time,Duration (Minutes)\n"
	const pia = "Pia,10/05/2026 05:55:00 PM,65\n"
	tests := map[string]struct {
		report string
		names  string
		faults []Malformed
	}{
		"empty":              {"", "", []Malformed{{1, noColumns}}},
		"blank":              {"\n\n", "", []Malformed{{2, noColumns}}},
		"no columns":         {pia + pia, "", []Malformed{{1, noColumns}}},
		"a meeting alone":    {"Meeting ID,Topic\n1,Sums\n", "", []Malformed{{2, noColumns}}},
		"a column twice":     {"Name,Email,User Email\nPia,a,b\n", "", []Malformed{{1, twiceColumn}}},
		"whole":              {header + pia, "Pia", nil},
		"few fields":         {header + "Omar,10\n" + pia, "Pia", []Malformed{{2, fieldCount}}},
		"many fields":        {header + "Falk, Omar,10/05/2026 05:55:00 PM,65\n" + pia, "Pia", []Malformed{{2, fieldCount}}},
		"an open quote":      {header + "\"Omar,10/05/2026 05:55:00 PM,65\n" + pia, "Pia", []Malformed{{2, badRow}}},
		"a quote in a field": {header + "Omar \"O\",10/05/2026 05:55:00 PM,65\n" + pia, "Pia", []Malformed{{2, badRow}}},
		"no number":          {header + "Omar,10/05/2026 05:55:00 PM,6x\n" + pia, "Pia", []Malformed{{2, badMinutes}}},
		"no minutes":         {header + "Omar,10/05/2026 05:55:00 PM,\n" + pia, "Pia", []Malformed{{2, badMinutes}}},
		"day first":          {header + "Omar,25/12/2026 05:55:00 PM,6\n" + pia, "Pia", []Malformed{{2, badDate}}},
		"no name":            {header + ",10/05/2026 05:55:00 PM,6\n" + pia, "Pia", []Malformed{{2, noName}}},
		"a bad byte":         {header + "Om\xe1r,10/05/2026 05:55:00 PM,6\n" + pia, "Pia", []Malformed{{2, notText}}},
		"several":            {header + "Omar\n" + pia + "Omar\n\n\r\n" + pia, "Pia Pia", []Malformed{{2, fieldCount}, {4, fieldCount}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, faults := collect(t, Participants(strings.NewReader(test.report)))
			var names []string
			for _, a := range got {
				names = append(names, a.Name)
			}
			var found []Malformed
			for _, f := range faults {
				found = append(found, *f)
			}
			if strings.Join(names, " ") != test.names || fmt.Sprint(found) != fmt.Sprint(test.faults) {
				t.Errorf("got %q %v, want %q %v", names, found, test.names, test.faults)
			}
		})
	}
}

func TestOriginalNames(t *testing.T) {
	for f, want := range map[string][2]string{
		"Pia":                     {"Pia", ""},
		"Pia K (Pia Kern)":        {"Pia K", "Pia Kern"},
		"Pia (she/her) (Pia K)":   {"Pia (she/her)", "Pia K"},
		"24A(Pia K)":              {"24A", "Pia K"},
		"Jan (Jan (J) K)":         {"Jan", "Jan (J) K"},
		"(Pia)":                   {"(Pia)", ""},
		"Pia)":                    {"Pia)", ""},
		"Pia ()":                  {"Pia", ""},
		"Pia (Tutor) from Zürich": {"Pia (Tutor) from Zürich", ""},
	} {
		if name, original := originalName(f); [2]string{name, original} != want {
			t.Errorf("%q: got %q, %q", f, name, original)
		}
	}
}

func TestReportEncodings(t *testing.T) {
	const report = "Meeting ID,Topic,Host\r\n\"812 345\",Sums,Pia (pia@example.org)\r\n\r\nName (original name);Guest\r\nZoë 🙂;Yes\r\n"
	for name, encode := range encodings {
		got, err := ReadReport(strings.NewReader(encode(report)))
		if err != nil || len(got.Faults) > 0 || len(got.Attendees) != 1 {
			t.Errorf("%s: %+v %v", name, got, err)
			continue
		}
		if (got.Attendees[0] != Attendee{Line: 5, Name: "Zoë 🙂", Guest: Yes}) || (got.Meeting != Meeting{ID: "812 345", Topic: "Sums", Host: "Pia", HostEmail: "pia@example.org"}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
