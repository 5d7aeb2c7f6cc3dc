package release

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// datapackage.json describes the tables in the terms of the Frictionless Data Package, version 1, so that programs which know that
// read and check them. Of an edition for Excel it would be wrong: there a text may stand behind an apostrophe.

const datapackageJSON = "datapackage.json"

type dataPackage struct {
	Profile   string         `json:"profile"`
	Name      string         `json:"name"`
	Title     string         `json:"title"`
	Version   string         `json:"version"`
	Resources []dataResource `json:"resources"`
}

type dataResource struct {
	Profile  string      `json:"profile"`
	Name     string      `json:"name"`
	Path     string      `json:"path"`
	Title    string      `json:"title"`
	Format   string      `json:"format"`
	Media    string      `json:"mediatype"`
	Encoding string      `json:"encoding"`
	Bytes    int64       `json:"bytes"`
	Hash     string      `json:"hash"`
	Schema   tableSchema `json:"schema"`
}

type tableSchema struct {
	Fields  []dataField `json:"fields"`
	Missing []string    `json:"missingValues"`
	Key     []string    `json:"primaryKey"`
	Foreign []foreign   `json:"foreignKeys,omitempty"`
}

type foreign struct {
	Fields    []string `json:"fields"`
	Reference struct {
		Resource string   `json:"resource"`
		Fields   []string `json:"fields"`
	} `json:"reference"`
}

type dataField struct {
	Name        string           `json:"name"`
	Type        string           `json:"type"`
	Title       string           `json:"title,omitempty"`
	Description string           `json:"description,omitempty"`
	True        []string         `json:"trueValues,omitempty"`
	False       []string         `json:"falseValues,omitempty"`
	Constraints *dataConstraints `json:"constraints,omitempty"`
}

type dataConstraints struct {
	Required bool         `json:"required,omitempty"`
	Pattern  string       `json:"pattern,omitempty"`
	Enum     []any        `json:"enum,omitempty"`
	Minimum  *json.Number `json:"minimum,omitempty"`
	Maximum  *json.Number `json:"maximum,omitempty"`
}

// datapackage writes datapackage.json, or nothing for Excel.
func (d *description) datapackage() ([]byte, error) {
	if d.plan.Excel {
		return nil, nil
	}
	p := dataPackage{Profile: "tabular-data-package", Name: resourceName(string(d.plan.Study)), Title: clean(d.plan.Title), Version: strconv.Itoa(d.release.Number)}
	for _, t := range d.describeTables() {
		rows := tableSchema{Missing: []string{""}, Key: []string{idColumn}}
		why := tableSchema{Missing: []string{""}, Key: []string{idColumn, columnColumn},
			Fields: []dataField{t.variables[0].field(), {Name: columnColumn, Type: "string", Title: "Column of " + t.name + " whose cell is empty", Constraints: &dataConstraints{Required: true}},
				{Name: reasonColumn, Type: "string", Title: "Why it is", Constraints: &dataConstraints{Required: true, Enum: codesOf(d.plan.reasons())}}}}
		if t.long {
			rows.Key, why.Key = []string{idColumn, waveColumn}, []string{idColumn, waveColumn, columnColumn}
			why.Fields = slices.Insert(why.Fields, 1, t.variables[1].field())
		}
		for i := range t.variables {
			rows.Fields = append(rows.Fields, t.variables[i].field())
		}
		refer := foreign{Fields: rows.Key}
		refer.Reference.Resource, refer.Reference.Fields = resourceName(t.name), rows.Key
		why.Foreign = []foreign{refer}
		p.Resources = append(p.Resources, d.resource(t.name, "Rows of "+t.name, rows), d.resource(reasonsOf(t.name), "Why cells of "+t.name+" are empty", why))
	}
	return marshal(p)
}

// resource describes a file that is written already.
func (d *description) resource(path, title string, schema tableSchema) dataResource {
	sum := d.made.files[slices.IndexFunc(d.made.files, func(f FileSum) bool { return f.Name == path })]
	return dataResource{Profile: "tabular-data-resource", Name: resourceName(path), Path: path, Title: title, Format: "csv", Media: "text/csv", Encoding: "utf-8",
		Bytes: sum.Bytes, Hash: "sha256:" + sum.SHA256, Schema: schema}
}

// resourceName is a name as data packages have them: in small letters, without the ending of a file.
func resourceName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".csv")) }

// field describes a column.
func (v *variable) field() dataField {
	f := dataField{Name: v.name, Type: "string", Title: v.label, Description: v.values, Constraints: new(dataConstraints)}
	c := f.Constraints
	switch v.kind {
	case asNumber:
		f.Type = "number"
		if v.column.Type == Days || v.part == answered {
			f.Type = "integer"
		}
		if v.part == value && v.column.Min < v.column.Max {
			c.Minimum, c.Maximum = jsonNumber(v.column.Min), jsonNumber(v.column.Max)
		}
	case asCoded:
		if v.typeName() == Boolean.String() {
			f.Type, f.True, f.False = "boolean", []string{"1"}, []string{"0"}
			break
		}
		f.Type = "number"
		for _, o := range v.options {
			c.Enum = append(c.Enum, json.Number(o.Code))
		}
	case asWord, asBand:
		c.Enum = codesOf(v.options)
	case asText:
		if v.column == nil {
			c.Required, c.Pattern = true, "[0-9a-f]{32}"
		}
	}
	if v.name == waveColumn && v.column == nil {
		c.Required = true
	}
	if c.Enum == nil && c.Minimum == nil && !c.Required {
		f.Constraints = nil
	}
	return f
}

func codesOf(options []Option) []any {
	list := make([]any, len(options))
	for i, o := range options {
		list[i] = o.Code
	}
	return list
}

func jsonNumber(n float64) *json.Number {
	text := json.Number(appendNumber(nil, n))
	return &text
}
