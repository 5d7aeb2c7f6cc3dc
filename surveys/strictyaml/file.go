// Package strictyaml reads the YAML files that people write and tells the place of every mistake in them. It knows no
// study.
//
// The library alone is too kind: it cuts 3.5 down to 3 for a whole number, reads 012 as ten, turns version 1.10 into
// "1.1", ignores a second document and stops at the first mistake. So [Decode] compares the tree with the Go type first,
// collects every mistake with its line and column, and decodes only a tree without one.
package strictyaml

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a file. The parser's memory grows with the parts, some 900 bytes for each, and its time with the square of the
// nesting and of the entries of one group. The longest files of ours have about 3,000 parts.
const (
	maxFileBytes = 1 << 20
	maxFileDepth = 32      // levels of nesting
	maxMarks     = 100_000 // of punctuation that may begin a part; counted before the file is cut into parts
	maxParts     = 40_000  // keys, values and the punctuation between them
	maxEntries   = 5_000   // of one list or group
)

// Bounds of what is told about a file: nobody mends more mistakes at once, and nobody has to read a value whole to find it.
const (
	maxTold    = 20    // mistakes in an error
	maxKept    = 1_000 // mistakes that are kept to choose the first from
	maxExcerpt = 80    // characters of what stands in the file
	maxSaid    = 2_000 // bytes of one mistake, whatever a rule put into it
)

// mark is the byte order mark that some editors put before UTF-8. The library would take it for a part of the first key.
var mark = []byte("\ufeff")

// File is a YAML file that was read, with the place of everything in it, so that a rule that the file breaks can be
// reported where it is broken.
//
//	f, err := strictyaml.Decode(name, data, &raw)
//	if err != nil {
//		return nil, err
//	}
//	if raw.Waves[1].Due < 0 {
//		f.Reject("waves[1].due", "A wave cannot be due before the baseline.")
//	}
//	return study, f.Err()
type File struct {
	name   string
	root   ast.Node
	places map[string]place
	faults []fault
	more   int     // faults that were not kept
	notes  []fault // which refuse nothing
}

type place struct{ line, column int }

type fault struct {
	place
	message string
}

// Decode reads data, the content of the file called name, into the struct that into points to. Its error lists
// every mistake of form, each on a line of its own as name:line:column: sentence.
func Decode(name string, data []byte, into any) (*File, error) {
	f := &File{name: name, places: make(map[string]place)}
	if f.root = f.parse(data); f.root == nil {
		return nil, f.Err()
	}
	f.shape(f.root, into)
	if len(f.faults) > 0 {
		return nil, f.Err()
	}
	if err := yaml.NodeToValue(f.root, into, yaml.Strict()); err != nil {
		f.rejectYAML(err)
		return nil, f.Err()
	}
	return f, nil
}

// Reject records a mistake at path, written as in waves[1].instruments[0]. Where the path is not in the file, because
// something is missing, the mistake is reported at the nearest part of it that is.
func (f *File) Reject(path, format string, args ...any) {
	f.rejectAt(f.place(path), format, args...)
}

// Remark records at path what is in order and yet may not be meant. Of many remarks the first are kept.
func (f *File) Remark(path, format string, args ...any) {
	if len(f.notes) < maxTold {
		f.notes = append(f.notes, fault{f.place(path), shorten(fmt.Sprintf(format, args...), maxSaid)})
	}
}

// Remarks returns the remarks in the order of the file, each as name:line:column: sentence.
func (f *File) Remarks() []string { return f.lines(f.notes) }

// RejectTexts records a mistake wherever wrong finds one in a text of the file; it returns a sentence, or nothing. Keys are no
// texts.
func (f *File) RejectTexts(wrong func(text string) string) { f.rejectTexts(f.root, wrong) }

func (f *File) rejectTexts(node ast.Node, wrong func(text string) string) {
	switch n := node.(type) {
	case ast.MapNode:
		for entries := n.MapRange(); entries.Next(); {
			f.rejectTexts(entries.Value(), wrong)
		}
	case *ast.SequenceNode:
		for _, value := range n.Values {
			f.rejectTexts(value, wrong)
		}
	case *ast.LiteralNode:
		f.rejectText(placeOfNode(n), n.Value.Value, wrong)
	case *ast.StringNode:
		f.rejectText(placeOfNode(n), n.Value, wrong)
	}
}

func (f *File) rejectText(at place, text string, wrong func(text string) string) {
	if sentence := wrong(text); sentence != "" {
		f.rejectAt(at, "%s", sentence)
	}
}

func (f *File) rejectAt(at place, format string, args ...any) {
	if len(f.faults) >= maxKept {
		f.more++
		return
	}
	f.faults = append(f.faults, fault{at, shorten(fmt.Sprintf(format, args...), maxSaid)})
}

// excerpt returns the beginning of a text of the file, short enough for a sentence.
func excerpt(text string) string {
	at, n := 0, 0
	for at = range text {
		if n == maxExcerpt {
			return text[:at] + "…"
		}
		n++
	}
	return text
}

// shorten cuts a text to at most some bytes and the mark that it was cut, not within a character.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

// place returns where path, or the nearest part of the file that contains it, begins.
func (f *File) place(path string) place {
	for {
		if at, ok := f.places[path]; ok {
			return at
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return place{1, 1}
		}
		path = path[:cut]
	}
}

// Line returns the line on which path, or the nearest part of the file that contains it, begins; lines count from 1.
func (f *File) Line(path string) int { return f.place(path).line }

// Err returns the first mistakes in the order of the file as one error, with the number of the others; nil if there are none.
func (f *File) Err() error {
	if len(f.faults) == 0 {
		return nil
	}
	lines := f.lines(f.faults)
	told := min(len(lines), maxTold)
	lines, more := lines[:told], f.more+len(lines)-told
	switch {
	case more == 1:
		lines = append(lines, f.name+": There is one more mistake. Mend these first.")
	case more > 1:
		lines = append(lines, fmt.Sprintf("%s: There are %d more mistakes. Mend these first.", f.name, more))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// lines writes faults in the order of the file.
func (f *File) lines(faults []fault) []string {
	slices.SortStableFunc(faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	lines := make([]string, len(faults))
	for i, fault := range faults {
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", f.name, fault.line, fault.column, fault.message)
	}
	return lines
}

// parse returns the root of the file's one document. It returns nil, with a fault recorded, for what is not YAML and for
// YAML that a file of ours has no use for.
func (f *File) parse(data []byte) ast.Node {
	top := place{1, 1}
	data = bytes.TrimPrefix(data, mark)
	switch {
	case len(data) > maxFileBytes:
		f.rejectAt(top, "The file is larger than 1 MB.")
		return nil
	case !utf8.Valid(data) || slices.Contains(data, 0):
		f.rejectAt(top, "The file is not text in UTF-8.")
		return nil
	case marks(data) > maxMarks:
		f.rejectTooMany(top)
		return nil
	}
	tokens := lexer.Tokenize(string(data))
	if !f.plain(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0)
	switch {
	case err != nil:
		f.rejectYAML(err)
		return nil
	case len(file.Docs) > 1:
		f.rejectAt(placeOf(file.Docs[1].Start), "The file holds more than one document.")
		return nil
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		f.rejectAt(top, "The file is empty.")
		return nil
	}
	return file.Docs[0].Body
}

// marks counts the punctuation in a file with which a part of it may begin: between two of them is one plain value at most.
func marks(data []byte) int {
	n := 0
	for _, c := range data {
		switch c {
		case '-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`':
			n++
		}
	}
	return n
}

func (f *File) rejectTooMany(at place) {
	f.rejectAt(at, "The file has more parts than any of these files needs: at most %d keys, values and marks between them.", maxParts)
}

// openCollection is a list or a group of keys that has not ended yet.
type openCollection struct {
	column  int // 0 for one in brackets or braces
	entries int
}

// plain reports whether the file does without the parts of YAML that can make it deep, large or hard to read: it
// refuses anchors, aliases, tags, explicit keys, deep nesting and long lists before the parser spends time on them.
func (f *File) plain(tokens token.Tokens) bool {
	if len(tokens) > maxParts {
		f.rejectTooMany(placeOf(tokens[maxParts]))
		return false
	}
	flow := 0 // depth in brackets and braces
	var open []openCollection
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.MappingKeyType, token.DirectiveType:
			f.rejectAt(placeOf(t), "“%s” is not used in these files: write plain keys and values.", excerpt(t.Value))
			return false
		case token.SequenceStartType, token.MappingStartType:
			flow++
			open = append(open, openCollection{entries: 1})
		case token.SequenceEndType, token.MappingEndType:
			if flow > 0 { // whatever opened since is within what ends here
				flow--
				for open[len(open)-1].column > 0 {
					open = open[:len(open)-1]
				}
				open = open[:len(open)-1]
			}
		case token.CollectEntryType:
			if flow > 0 {
				open[len(open)-1].entries++
			}
		case token.SequenceEntryType:
			open = openBlock(open, t.Position.Column)
		case token.MappingValueType:
			if flow == 0 && t.Prev != nil {
				open = openBlock(open, t.Prev.Position.Column)
			}
		}
		switch {
		case len(open) > maxFileDepth:
			f.rejectAt(placeOf(t), "The file is nested more than %d levels deep.", maxFileDepth)
			return false
		case len(open) > 0 && open[len(open)-1].entries > maxEntries:
			f.rejectAt(placeOf(t), "This list or group has more than %d entries.", maxEntries)
			return false
		}
	}
	return true
}

// openBlock returns the open collections after an entry of a block in column.
func openBlock(open []openCollection, column int) []openCollection {
	for len(open) > 0 && open[len(open)-1].column > column {
		open = open[:len(open)-1]
	}
	if len(open) == 0 || open[len(open)-1].column < column {
		return append(open, openCollection{column: column, entries: 1})
	}
	open[len(open)-1].entries++
	return open
}

// rejectYAML records an error of the YAML library, in words for people where it is a frequent one.
func (f *File) rejectYAML(err error) {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		f.rejectAt(place{1, 1}, "This is not YAML that can be read: %s.", excerpt(firstLine(err.Error())))
		return
	}
	at := placeOf(y.GetToken())
	if key, rest, ok := strings.Cut(strings.TrimPrefix(y.GetMessage(), `mapping key "`), `" already defined at [`); ok {
		line, _, _ := strings.Cut(rest, ":")
		f.rejectAt(at, "“%s” is here twice; the first is on line %s.", excerpt(key), line)
		return
	}
	f.rejectAt(at, "This is not YAML that can be read: %s.", excerpt(firstLine(y.GetMessage())))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}
