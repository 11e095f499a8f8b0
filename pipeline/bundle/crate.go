package bundle

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/table"
)

// Identifiers of the standards the descriptors follow.
const (
	crateProfile    = "https://w3id.org/ro/crate/1.2"
	packageStandard = "https://datapackage.org/standard/data-package/"
)

// entity is an element of a crate's graph. encoding/json sorts its keys.
type entity map[string]any

// ref points at an entity.
func ref(id string) entity { return entity{"@id": id} }

// crate is ro-crate-metadata.json after RO-Crate 1.2: the root dataset, its
// files, the tables with every column, and what made them.
func (c *content) crate(m Meta) ([]byte, error) {
	graph := []entity{
		{"@id": crateName, "@type": "CreativeWork", "about": ref("./"), "conformsTo": ref(crateProfile)},
		c.root(m),
		{"@id": "#agreement", "@type": "CreativeWork", "name": agreementOnly,
			"description": "The bundle may be used as the data-use agreement between sender and recipient says, and not passed on."},
		{"@id": "#software", "@type": "SoftwareApplication", "name": "Veil", "description": "Redacts and packages tutoring sessions for research.",
			"version": version(m.Software), "url": "https://github.com/schoolhouse-world/veil"},
		{"@id": "#making", "@type": "CreateAction", "name": "Making of the bundle", "instrument": ref("#software"), "result": ref("./"),
			"description": "Sessions were selected, redacted and written under the policies in README.md."},
		{"@id": packageStandard, "@type": "CreativeWork", "name": "Data Package v2"},
	}
	for _, f := range c.files {
		switch f.path {
		case payload + "/" + readmeName:
			graph = append(graph, fileEntity(readmeName, f, "text/markdown", "What is here, how to read it, and what must not be done with it."))
		case payload + "/" + dictionaryName:
			graph = append(graph, fileEntity(dictionaryName, f, "text/csv", "Every column of every table: type, unit, range, meaning."))
		case payload + "/" + packageName:
			e := fileEntity(packageName, f, "application/vnd.datapackage+json", "The tables and their columns as a Data Package.")
			e["conformsTo"] = ref(packageStandard)
			graph = append(graph, e)
		}
	}
	for _, t := range table.Tables() {
		graph = append(graph, c.tableEntities(t)...)
	}
	graph = append(graph, c.audioEntities()...)
	return encodeJSON(map[string]any{"@context": crateProfile + "/context", "@graph": graph})
}

// root is the root data entity. RO-Crate requires datePublished and a bundle
// does not say when it was made, so it is the day of the newest session, as the
// tables have it; without sessions it is the first day of Unix time.
func (c *content) root(m Meta) entity {
	published := c.last
	if published == "" {
		published = "1970-01-01"
	}
	parts := []entity{ref(readmeName), ref(dictionaryName), ref(packageName)}
	for _, t := range table.Tables() {
		parts = append(parts, ref(c.tableID(t.Name)))
	}
	if len(c.audio) > 0 {
		parts = append(parts, ref(audioFolder))
	}
	e := entity{
		"@id": "./", "@type": "Dataset", "name": m.title(), "identifier": m.Study,
		"description":   description + " The date of publication is the day of the newest session, as table sessions gives it: a bundle does not tell when it was made.",
		"datePublished": published, "license": ref("#agreement"), "hasPart": parts, "mentions": ref("#making"),
	}
	if len(m.Contexts) > 0 {
		e["keywords"] = m.Contexts
	}
	return e
}

// version is that of a program named as in "veil 1.0.0".
func version(software string) string {
	_, v, ok := strings.Cut(software, " ")
	if !ok || v == "" {
		return "unknown"
	}
	return v
}

// description says what every bundle is.
const description = "Redacted tutoring sessions for education research: transcripts, chats and sound, without names and identifiers. Most of the people are minors."

const audioFolder = "audio/"

// tableID names a table: by its folder, or as a thing without files.
func (c *content) tableID(name string) string {
	if len(c.parts[name]) == 0 {
		return "#" + name
	}
	return table.Folder + "/" + name + "/"
}

// tableEntities are a table, its columns and its part files.
func (c *content) tableEntities(t table.Table) []entity {
	self := entity{
		"@id": c.tableID(t.Name), "@type": "Dataset", "name": "Table " + t.Name,
		"description": fmt.Sprintf("A row is %s. %d rows.", t.Rows, c.rows[t.Name]),
	}
	out := []entity{self}
	var columns, parts []entity
	for _, column := range t.Flat() {
		e := columnEntity(t.Name, column)
		columns = append(columns, ref(e["@id"].(string)))
		out = append(out, e)
	}
	for _, f := range c.parts[t.Name] {
		parts = append(parts, ref(f.path))
		e := fileEntity(f.path, f, parquetMediaType, fmt.Sprintf("A part of table %s.", t.Name))
		e["sha256"] = f.sum
		out = append(out, e)
	}
	self["variableMeasured"] = columns
	if len(parts) > 0 {
		self["hasPart"] = parts
	}
	return out
}

func columnEntity(tableName string, c table.Column) entity {
	e := entity{"@id": "#" + tableName + "." + c.Name, "@type": "PropertyValue", "name": c.Name, "description": fmt.Sprintf("%s; type: %s", c.Describe(), c.Type)}
	if c.Unit != "" {
		e["unitText"] = c.Unit
	}
	if c.Min != nil {
		e["minValue"] = *c.Min
	}
	return e
}

// audioEntities are the folder of sound files and the files.
func (c *content) audioEntities() []entity {
	if len(c.audio) == 0 {
		return nil
	}
	folder := entity{"@id": audioFolder, "@type": "Dataset", "name": "Sound files", "description": "One file a session at most; table audio says which, and where it is silent."}
	out := []entity{folder}
	var parts []entity
	for _, f := range c.audio {
		parts = append(parts, ref(f.path))
		e := fileEntity(f.path, f, mediaType(f.path), "Sound of a session.")
		e["sha256"] = f.sum
		out = append(out, e)
	}
	folder["hasPart"] = parts
	return out
}

func fileEntity(id string, f file, mediaType, about string) entity {
	return entity{"@id": id, "@type": "File", "name": id, "description": about, "encodingFormat": mediaType, "contentSize": strconv.FormatInt(f.bytes, 10)}
}
