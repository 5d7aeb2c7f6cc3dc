package strictyaml

import (
	"cmp"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"wellwave/scoring/decimal"
)

// shape compares the tree below node with the type that into points to and notes where everything stands.
func (f *File) shape(node ast.Node, into any) {
	f.compare(node, reflect.TypeOf(into).Elem(), "")
}

var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	yamlUnmarshaler = reflect.TypeFor[yaml.BytesUnmarshaler]()
)

func (f *File) compare(node ast.Node, t reflect.Type, path string) {
	if _, ok := f.places[path]; !ok {
		f.places[path] = placeOfNode(node)
	}
	if _, null := node.(*ast.NullNode); null {
		if t.Kind() != reflect.Pointer {
			f.rejectAt(placeOfNode(node), "There is no value here. Give one or leave the key out.")
		}
		return
	}
	if own := reflect.PointerTo(t); own.Implements(textUnmarshaler) || own.Implements(yamlUnmarshaler) {
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		f.compare(node, t.Elem(), path)
	case reflect.Struct:
		f.compareStruct(node, t, path)
	case reflect.Map:
		f.compareMap(node, t, path)
	case reflect.Slice:
		f.compareSlice(node, t, path)
	default:
		f.compareScalar(node, t)
	}
}

func (f *File) compareStruct(node ast.Node, t reflect.Type, path string) {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		f.rejectAt(placeOfNode(node), "Here stands %s where keys with values are expected.", nounOf(node))
		return
	}
	fields := fieldsOf(t)
	for entries := mapping.MapRange(); entries.Next(); {
		key := entries.Key()
		name := key.GetToken().Value
		i := slices.IndexFunc(fields, func(field knownKey) bool { return field.name == name })
		if i < 0 {
			f.rejectAt(placeOfNode(key), "“%s” is not a key here. %s", excerpt(name), suggest(name, fields))
			continue
		}
		f.entry(key, entries.Value(), fields[i].typ, join(path, name))
	}
}

func (f *File) compareMap(node ast.Node, t reflect.Type, path string) {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		f.rejectAt(placeOfNode(node), "Here stands %s where keys with values are expected.", nounOf(node))
		return
	}
	seen := make(map[string]bool)
	for entries := mapping.MapRange(); entries.Next(); {
		key := entries.Key()
		name := key.GetToken().Value
		if t.Key().Kind() != reflect.String {
			f.compareScalar(key, t.Key())
			if n, err := decimal.Parse(name, decimal.Written|decimal.Nearest); err == nil {
				name = decimal.Format(n) // 1 and 1.0 are one key
			}
		}
		if seen[name] {
			f.rejectAt(placeOfNode(key), "“%s” is here twice.", excerpt(name))
		}
		seen[name] = true
		f.entry(key, entries.Value(), t.Elem(), join(path, name))
	}
}

// entry notes where a key stands and compares its value. A collection is reported at its key, a plain value where it
// stands itself.
func (f *File) entry(key, value ast.Node, t reflect.Type, path string) {
	switch value.(type) {
	case ast.MapNode, *ast.SequenceNode, *ast.NullNode:
		f.places[path] = placeOfNode(key)
	}
	f.compare(value, t, path)
}

func (f *File) compareSlice(node ast.Node, t reflect.Type, path string) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		f.rejectAt(placeOfNode(node), "Here stands %s where a list is expected.", nounOf(node))
		return
	}
	for i, value := range sequence.Values {
		f.compare(value, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
	}
}

func (f *File) compareScalar(node ast.Node, t reflect.Type) {
	text := node.GetToken().Value
	wanted := ""
	switch kind := t.Kind(); {
	case kind == reflect.String && !isText(node):
		wanted = "a text"
		if isNumber(node) || node.Type() == ast.BoolType {
			f.rejectAt(placeOfNode(node), "Here stands “%s” where a text is expected; write it in quotes: \"%s\".", excerpt(text), excerpt(text))
			return
		}
	case kind == reflect.Bool && node.Type() != ast.BoolType:
		wanted = "true or false"
	case kind >= reflect.Int && kind <= reflect.Uint64 && !isWhole(node):
		wanted = "a whole number"
	case (kind == reflect.Float64 || kind == reflect.Float32) && !isNumber(node):
		wanted = "a number"
	case kind == reflect.Interface && !isText(node) && !isNumber(node) && node.Type() != ast.BoolType:
		wanted = "one plain value"
	}
	if wanted != "" {
		f.rejectAt(placeOfNode(node), "Here stands %s where %s is expected.", nounOf(node), wanted)
	}
}

func isText(node ast.Node) bool {
	return node.Type() == ast.StringType || node.Type() == ast.LiteralType
}

// isNumber holds for decimal numbers as people write them: no octal 012, no 0x10, no .inf, no 1_000.
func isNumber(node ast.Node) bool {
	if node.Type() != ast.IntegerType && node.Type() != ast.FloatType {
		return false
	}
	digits := strings.TrimPrefix(node.GetToken().Value, "-")
	if len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		return false
	}
	n, err := decimal.Parse(digits, decimal.Written|decimal.Nearest)
	return err == nil && n < 1<<53 // from there on a whole number would become another
}

func isWhole(node ast.Node) bool { return node.Type() == ast.IntegerType && isNumber(node) }

// nounOf says what a node is, for a sentence.
func nounOf(node ast.Node) string {
	switch node.(type) {
	case ast.MapNode:
		return "a group of keys"
	case *ast.SequenceNode:
		return "a list"
	case *ast.LiteralNode:
		return "a text of several lines"
	}
	return "“" + excerpt(node.GetToken().Value) + "”"
}

// placeOfNode returns where a person would say that the node begins: a mapping at its first key.
func placeOfNode(node ast.Node) place {
	if mapping, ok := node.(*ast.MappingNode); ok && !mapping.IsFlowStyle && len(mapping.Values) > 0 {
		node = mapping.Values[0].Key
	}
	if pair, ok := node.(*ast.MappingValueNode); ok {
		node = pair.Key
	}
	return placeOf(node.GetToken())
}

// knownKey is a key that a struct knows.
type knownKey struct {
	name string
	typ  reflect.Type
}

func fieldsOf(t reflect.Type) []knownKey {
	var fields []knownKey
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case !field.IsExported() || name == "-":
		case options == "inline":
			fields = append(fields, fieldsOf(field.Type)...)
		default:
			fields = append(fields, knownKey{cmp.Or(name, strings.ToLower(field.Name)), field.Type})
		}
	}
	return fields
}

// suggest names the key that was probably meant, else all that are known.
func suggest(wrong string, fields []knownKey) string {
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.name
	}
	if meant := Nearest(wrong, names, len(wrong)/3+1); meant != "" {
		return fmt.Sprintf("Did you mean “%s”?", meant)
	}
	return "The keys are " + strings.Join(names, ", ") + "."
}

// Nearest returns the word that was probably meant by a wrong one: the first of those with the fewest letters to insert,
// delete or change (Levenshtein), and nothing where each takes more than most.
func Nearest(wrong string, words []string, most int) string {
	best, fewest := "", most+1
	for _, word := range words {
		if apart := len(wrong) - len(word); apart > most || -apart > most {
			continue // which spares the work that a long word would cost
		}
		if d := editDistance(wrong, word); d < fewest {
			best, fewest = word, d
		}
	}
	return best
}

// editDistance is the number of letters to insert, delete or change to get from a to b (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Hash returns the first 128 bits of the SHA-256 of what the file says, in hex: comments, layout, quotes and the order of keys do not
// count, nor what stands at the paths that it is told to leave out, written as in items[].class; anything else does.
func (f *File) Hash(without ...string) string {
	h := sha256.New()
	writeMeaning(h, f.root, "", without)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// writeMeaning writes the tree in one canonical form. Every part begins with a letter and a length, so no two trees are
// written alike.
func writeMeaning(h hash.Hash, node ast.Node, path string, without []string) {
	switch n := node.(type) {
	case ast.MapNode:
		values := make(map[string]meaningAt)
		var keys []string
		for entries := n.MapRange(); entries.Next(); {
			at := join(path, entries.Key().GetToken().Value)
			if slices.Contains(without, at) {
				continue
			}
			key := scalarMeaning(entries.Key())
			keys = append(keys, key)
			values[key] = meaningAt{entries.Value(), at}
		}
		slices.Sort(keys)
		fmt.Fprintf(h, "m%d:", len(keys))
		for _, key := range keys {
			io.WriteString(h, key)
			writeMeaning(h, values[key].node, values[key].path, without)
		}
	case *ast.SequenceNode:
		fmt.Fprintf(h, "l%d:", len(n.Values))
		for _, value := range n.Values {
			writeMeaning(h, value, path+"[]", without)
		}
	default:
		io.WriteString(h, scalarMeaning(node))
	}
}

// meaningAt is a part of a file and its path, in which every entry of a list has the same place.
type meaningAt struct {
	node ast.Node
	path string
}

func scalarMeaning(node ast.Node) string {
	letter, text := 's', node.GetToken().Value
	switch n := node.(type) {
	case *ast.LiteralNode:
		text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode:
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			letter, text = 'n', canonical(v)
		}
	case *ast.BoolNode:
		letter = 'b'
	case *ast.NullNode:
		letter, text = 'z', ""
	}
	return fmt.Sprintf("%c%d:%s", letter, len(text), text)
}

// canonical writes a number in the one way in which files are hashed. It keeps the exponents that numbers are not shown with,
// because stored files are known by their hashes.
func canonical(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }
