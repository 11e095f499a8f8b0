package bundle

import (
	"bytes"
	_ "embed"
	"strings"
	"text/template"

	"github.com/schoolhouse-world/veil/pipeline/table"
)

//go:embed readme.md.tmpl
var readmeTemplate string

// readme is README.md, for researchers.
func (c *content) readme(m Meta) ([]byte, error) {
	t, err := template.New(readmeName).Option("missingkey=error").Funcs(template.FuncMap{"cell": cell}).Parse(readmeTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Meta": m, "Title": m.title(), "Tables": table.Tables(), "Rows": c.rows, "People": c.people, "Files": len(c.audio),
		"First": c.first, "Last": c.last, "Contexts": strings.Join(m.Contexts, ", "),
	})
	return b.Bytes(), err
}

// cell keeps a text within its cell of a Markdown table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
