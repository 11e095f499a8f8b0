package release

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed opening.md.tmpl
var openingTemplate string

// opening is the text of OPENING.md for this release: how to open it with
// stock tools alone.
func (r Release) opening() ([]byte, error) {
	t, err := template.New(OpeningName).Parse(openingTemplate)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", OpeningName, err)
	}
	view := struct {
		Release
		PostQuantum bool
		Ciphertexts []string
		Plaintexts  string
		Megabytes   int64
		Signed      int // parts and OPENING.md
	}{Release: r, PostQuantum: r.Recipient.PostQuantum(), Signed: len(r.Parts) + 1}
	var plain []string
	for _, p := range r.Parts {
		view.Ciphertexts = append(view.Ciphertexts, strings.TrimSuffix(p.Ciphertext.Path, ".age"))
		plain = append(plain, `"$OUT.partial/`+p.Plaintext.Path+`"`)
		view.Megabytes += (p.PlaintextBytes + 999_999) / 1_000_000
	}
	view.Plaintexts = strings.Join(plain, " ")
	var b bytes.Buffer
	if err := t.Execute(&b, view); err != nil {
		return nil, fmt.Errorf("writing %s: %w", OpeningName, err)
	}
	return b.Bytes(), nil
}
