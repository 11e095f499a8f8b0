package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/storage"
	"github.com/schoolhouse-world/veil/pipeline/table"
)

// dataPackage is datapackage.json after Data Package v2 (datapackage.org).
// Contexts, software and policies are Veil's own properties, which the standard
// allows; Remove reads Meta back from them.
type dataPackage struct {
	Schema      string     `json:"$schema"`
	Name        string     `json:"name"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description"`
	Licenses    []license  `json:"licenses"`
	Contexts    []string   `json:"contexts"`
	Software    string     `json:"software"`
	Policies    []Policy   `json:"policies"`
	Resources   []resource `json:"resources"`
}

type license struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// resource is a table, or a sound file. A table without parts, which a bundle
// without sessions has, is inline data of a header line alone, since a resource
// must have data of some kind.
type resource struct {
	Name        string       `json:"name"`
	Type        string       `json:"type,omitempty"`
	Description string       `json:"description"`
	Path        any          `json:"path,omitempty"`
	Data        [][]string   `json:"data,omitempty"`
	Format      string       `json:"format,omitempty"`
	Mediatype   string       `json:"mediatype,omitempty"`
	Bytes       int64        `json:"bytes,omitempty"`
	Hash        string       `json:"hash,omitempty"`
	Parts       []partDigest `json:"parts,omitempty"`
	Schema      *tableSchema `json:"schema,omitempty"`
}

// partDigest says of each file of a table what bytes and hash say of a resource
// that is one file: the standard gives them no meaning for many.
type partDigest struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
	Hash  string `json:"hash"`
}

type tableSchema struct {
	Fields []schemaField `json:"fields"`
	// MissingValues is empty: Parquet has nulls, and an empty text is a text.
	MissingValues []string     `json:"missingValues"`
	PrimaryKey    []string     `json:"primaryKey"`
	ForeignKeys   []foreignKey `json:"foreignKeys,omitempty"`
}

type schemaField struct {
	Name        string      `json:"name"`
	Type        string      `json:"type"`
	Description string      `json:"description"`
	Unit        string      `json:"unit,omitempty"`
	Values      string      `json:"values,omitempty"`
	Constraints constraints `json:"constraints"`
	// Items describes the elements of a list, as a JSON Schema. It is a
	// property of Veil's own: the standard's constraint for it (jsonSchema) is
	// refused by the readers of today.
	Items *jsonSchema `json:"items,omitempty"`
}

type constraints struct {
	Required bool     `json:"required"`
	Minimum  *int64   `json:"minimum,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

type jsonSchema struct {
	Type        string                `json:"type"`
	Description string                `json:"description,omitempty"`
	Minimum     *int64                `json:"minimum,omitempty"`
	Enum        []string              `json:"enum,omitempty"`
	Properties  map[string]jsonSchema `json:"properties,omitempty"`
	Required    []string              `json:"required,omitempty"`
}

const (
	packageProfile   = "https://datapackage.org/profiles/2.0/datapackage.json"
	parquetMediaType = "application/vnd.apache.parquet"
)

// agreementOnly is the licence of every bundle.
const agreementOnly = "Use under the data-use agreement with the sender only"

func (c *content) dataPackage(m Meta) ([]byte, error) {
	p := dataPackage{
		Schema: packageProfile, Name: m.Study, Title: m.Title, Description: description,
		Licenses: []license{{"other-closed", agreementOnly}},
		Contexts: append([]string{}, m.Contexts...), Software: m.Software, Policies: append([]Policy{}, m.Policies...),
	}
	for _, t := range table.Tables() {
		p.Resources = append(p.Resources, c.tableResource(t))
	}
	for _, f := range c.audio {
		p.Resources = append(p.Resources, audioResource(f))
	}
	return encodeJSON(p)
}

func (c *content) tableResource(t table.Table) resource {
	r := resource{Name: t.Name, Type: "table", Description: fmt.Sprintf("A row is %s.", t.Rows), Schema: schemaOf(t)}
	parts := c.parts[t.Name]
	if len(parts) == 0 {
		var header []string
		for _, column := range t.Columns {
			header = append(header, column.Name)
		}
		r.Data = [][]string{header}
		return r
	}
	var paths []string
	for _, f := range parts {
		paths = append(paths, f.path)
		r.Parts = append(r.Parts, partDigest{f.path, f.bytes, hashOf(f)})
	}
	r.Path, r.Format, r.Mediatype = paths, "parquet", parquetMediaType
	return r
}

// audioResource is a sound file. Its row in table audio says the rest.
func audioResource(f file) resource {
	return resource{
		Name:        "audio-" + strings.ToLower(audioCode(f.path)),
		Description: "Sound of a session; its row in table audio says which, and where it is silent.",
		Path:        f.path, Format: strings.TrimPrefix(path.Ext(f.path), "."), Mediatype: mediaType(f.path), Bytes: f.bytes, Hash: hashOf(f),
	}
}

// audioCode is a sound file's record code.
func audioCode(name string) string { return strings.TrimSuffix(path.Base(name), path.Ext(name)) }

func mediaType(name string) string {
	if path.Ext(name) == ".wav" {
		return "audio/wav"
	}
	return "audio/mp4" // RFC 4337
}

// hashOf names the algorithm: a hash without one is MD5 to Data Package.
func hashOf(f file) string { return "sha256:" + f.sum }

func schemaOf(t table.Table) *tableSchema {
	s := &tableSchema{MissingValues: []string{}, PrimaryKey: t.Key}
	for _, c := range t.Columns {
		s.Fields = append(s.Fields, fieldOf(c))
	}
	for _, r := range t.Refers {
		s.ForeignKeys = append(s.ForeignKeys, foreignKey{Fields: r.Columns, Reference: reference{Resource: r.Table, Fields: r.Columns}})
	}
	return s
}

type foreignKey struct {
	Fields    []string  `json:"fields"`
	Reference reference `json:"reference"`
}

type reference struct {
	Resource string   `json:"resource"`
	Fields   []string `json:"fields"`
}

func fieldOf(c table.Column) schemaField {
	f := schemaField{Name: c.Name, Type: string(c.Type), Description: c.Meaning, Unit: c.Unit, Values: c.Range,
		Constraints: constraints{Required: !c.Nullable, Minimum: c.Min, Enum: c.Enum}}
	if c.Type == table.List {
		// Data Package's own "list" is text with separators.
		f.Type = "array"
		f.Items = elementsOf(c)
	}
	return f
}

func elementsOf(c table.Column) *jsonSchema {
	s := &jsonSchema{Type: "object", Properties: map[string]jsonSchema{}}
	for _, f := range c.Fields {
		about := f.Meaning
		if f.Unit != "" {
			about = fmt.Sprintf("%s Unit: %s.", about, f.Unit)
		}
		s.Properties[f.Name] = jsonSchema{Type: string(f.Type), Description: about, Minimum: f.Min, Enum: f.Enum}
		s.Required = append(s.Required, f.Name)
	}
	return s
}

// readMeta takes Meta back out of a bag's data package.
func readMeta(fsys storage.FS, bag string) (Meta, error) {
	data, err := readTagFile(fsys, bag, payload+"/"+packageName)
	if err != nil {
		return Meta{}, fmt.Errorf("reading %s: %w", packageName, err)
	}
	var p dataPackage
	if err := json.Unmarshal(data, &p); err != nil || p.Schema != packageProfile {
		return Meta{}, errors.New("data/" + packageName + " is not one of Veil's: open the hand-off again")
	}
	return Meta{Study: p.Name, Title: p.Title, Contexts: p.Contexts, Software: p.Software, Policies: p.Policies}, nil
}

// encodeJSON leaves < and & as they are: nothing here goes into a page.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// at is a path of the data folder as the operating system writes it.
func at(bag, within string) string { return filepath.Join(bag, payload, filepath.FromSlash(within)) }
