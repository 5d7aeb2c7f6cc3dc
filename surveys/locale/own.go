package locale

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// A study may bring packs in languages that the program was not built with. Such a pack is compared with all that the
// product says, because whoever wrote it cannot run the tests that hold the packs beside this file.

// messageList has every message that the product may say to a participant, one a line in order. A test of the server, which
// knows who says what, keeps it.
//
//go:embed messages.txt
var messageList string

var allMessages = strings.Split(strings.TrimSuffix(messageList, "\n"), "\n")

// AllMessages lists every message that the product may say to a participant, in order.
func AllMessages() []string { return slices.Clone(allMessages) }

// Counts reports whether what a message says depends on a number in English, and so may in other languages.
func Counts(message string) bool { return English().messages[message].plural != nil }

// Forms lists the plural categories that a language has for whole numbers, other last.
func Forms(tag language.Tag) []string {
	found := map[plural.Form]bool{}
	for _, from := range []int{0, 1_000, 1_000_000} {
		for n := from; n <= from+200; n++ {
			found[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)] = true
		}
	}
	var names []string
	for _, name := range []string{"zero", "one", "two", "few", "many"} {
		if found[forms[name]] {
			names = append(names, name)
		}
	}
	return append(names, "other")
}

const maxOwnBytes = 1 << 20

// known keeps the packs that were read by what their files hold: pages are kept by pack, and so one file is one pack.
var known sync.Map // [sha256.Size]byte to *Pack

// ReadOwn reads a pack that a study brings, called name in messages. Its error lists every mistake and everything that it
// has no words for, each on a line of its own with the place in the file.
func ReadOwn(name string, data []byte) (*Pack, error) {
	if len(data) > maxOwnBytes {
		return nil, errors.New(name + ":1:1: The file is larger than 1 MB.")
	}
	pack, err := Parse(data)
	if err != nil {
		return nil, errors.New(placed(name, err))
	}
	c := check{name: name, pack: pack, places: placesOf(bytes.TrimPrefix(data, []byte("\ufeff")))}
	c.head()
	c.sentences()
	c.gaps()
	if len(c.faults) > 0 {
		slices.SortStableFunc(c.faults, func(a, b fault) int { return a.line - b.line })
		lines := make([]string, len(c.faults))
		for i, f := range c.faults {
			lines[i] = fmt.Sprintf("%s:%d:%d: %s", name, f.line, f.column, f.says)
		}
		return nil, errors.New(strings.Join(lines, "\n"))
	}
	return keep(data, pack), nil
}

// ReadStored reads a pack that ReadOwn has read before, perhaps in an older program, whose messages were others.
func ReadStored(data []byte) (*Pack, error) {
	if pack, ok := known.Load(sha256.Sum256(data)); ok {
		return pack.(*Pack), nil
	}
	pack, err := Parse(data)
	if err != nil {
		return nil, err
	}
	return keep(data, pack), nil
}

// keep returns the one pack of a file.
func keep(data []byte, pack *Pack) *Pack {
	kept, _ := known.LoadOrStore(sha256.Sum256(data), pack)
	return kept.(*Pack)
}

// yamlPlace is how the YAML library begins what it says.
var yamlPlace = regexp.MustCompile(`\[(\d+):(\d+)\] ([^\n]*)`)

// placed writes an error of reading as one with a place.
func placed(name string, err error) string {
	line, column, says := "1", "1", strings.TrimPrefix(err.Error(), "interface pack: ")
	if found := yamlPlace.FindStringSubmatch(err.Error()); found != nil {
		line, column, says = found[1], found[2], found[3]
	}
	says, _, _ = strings.Cut(says, "\n")
	return fmt.Sprintf("%s:%s:%s: This pack cannot be read: %s.", name, line, column, says)
}

type place struct{ line, column int }

type fault struct {
	place
	says string
}

// check collects what is wrong with a pack.
type check struct {
	name   string
	pack   *Pack
	places map[string]place // by section, a line break and message
	faults []fault
}

// placesOf returns where the sections of a pack and their messages begin.
func placesOf(data []byte) map[string]place {
	places := make(map[string]place)
	file, err := parser.ParseBytes(data, 0)
	if err != nil || len(file.Docs) == 0 {
		return places
	}
	note := func(key string, value *ast.MappingValueNode) {
		at := value.Key.GetToken().Position
		places[key] = place{at.Line, at.Column}
	}
	for _, section := range pairs(file.Docs[0].Body) {
		name := section.Key.GetToken().Value
		note(name, section)
		for _, message := range pairs(section.Value) {
			note(name+"\n"+message.Key.GetToken().Value, message)
		}
	}
	return places
}

// pairs returns the keys of a mapping with their values.
func pairs(node ast.Node) []*ast.MappingValueNode {
	switch node := node.(type) {
	case *ast.MappingNode:
		return node.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{node}
	}
	return nil
}

// at returns the place of a message, else of its section, else the beginning.
func (c *check) at(section, message string) place {
	for _, key := range []string{section + "\n" + message, section} {
		if found, ok := c.places[key]; ok {
			return found
		}
	}
	return place{1, 1}
}

func (c *check) wrong(at place, format string, args ...any) {
	c.faults = append(c.faults, fault{at, fmt.Sprintf(format, args...)})
}

// head checks the language.
func (c *check) head() {
	switch {
	case c.pack.Language == Source:
		c.wrong(c.at("language", ""), "English is what the product speaks itself.")
	case c.pack.tag.String() != c.pack.Language:
		c.wrong(c.at("language", ""), "The language code “%s” is written “%s”.", c.pack.Language, c.pack.tag)
	}
}

// sentences checks what the pack has words for.
func (c *check) sentences() {
	for _, section := range []struct {
		name string
		has  map[string]entry
	}{{"messages", c.pack.messages}, {"easy", c.pack.ownEasy}} {
		for message, e := range section.has {
			at := c.at(section.name, message)
			if _, said := slices.BinarySearch(allMessages, message); !said {
				c.wrong(at, "The product does not say “%s”.", message)
				continue
			}
			c.entry(at, message, e)
		}
	}
}

// verb finds what a message takes from its arguments.
var verb = regexp.MustCompile(`%(\[\d\])?[dgqs]`)

// entry checks the words for a message: that there are some for every number, and that they take no argument that the
// message does not bring.
func (c *check) entry(at place, message string, e entry) {
	if e.plural == nil && strings.TrimSpace(e.sentence) == "" {
		c.wrong(at, "There are no words for “%s”.", message)
		return
	}
	if e.plural != nil {
		for _, name := range Forms(c.pack.tag) {
			if strings.TrimSpace(e.plural[forms[name]]) == "" {
				c.wrong(at, "There are no words for “%s” where the number is of the plural category %s.", message, name)
				return
			}
		}
	}
	var args []any
	for _, v := range verb.FindAllString(message, -1) {
		if strings.HasSuffix(v, "s") || strings.HasSuffix(v, "q") {
			args = append(args, "text")
		} else {
			args = append(args, 3)
		}
	}
	for _, sentence := range append([]string{e.sentence}, values(e.plural)...) {
		if len(args) > 0 && misuses(sentence, args) {
			c.wrong(at, "The words for “%s” do not take what it brings: use %s.", message, strings.Join(verb.FindAllString(message, -1), " and "))
			return
		}
	}
}

func values(of map[plural.Form]string) []string {
	var all []string
	for _, sentence := range of {
		all = append(all, sentence)
	}
	return all
}

// misuses reports whether a sentence asks for an argument that there is not, or of another kind. One that leaves some out is
// in order.
func misuses(sentence string, args []any) bool {
	plain := verb.ReplaceAllString(sentence, "")
	if strings.Contains(strings.ReplaceAll(plain, "%%", ""), "%") {
		return true
	}
	next := 0
	for _, v := range verb.FindAllStringSubmatch(sentence, -1) {
		if v[1] != "" {
			next, _ = strconv.Atoi(strings.Trim(v[1], "[]")) // the expression lets nothing else through
		} else {
			next++
		}
		if next < 1 || next > len(args) {
			return true
		}
		_, text := args[next-1].(string)
		if wantsText := strings.HasSuffix(v[0], "s") || strings.HasSuffix(v[0], "q"); text && !wantsText {
			return true
		}
	}
	return false
}

// gaps names everything that the pack has no words for, each at the message that stands before it in order.
func (c *check) gaps() {
	at := c.at("messages", "")
	for _, message := range allMessages {
		if c.pack.Has(message) {
			at = c.at("messages", message)
			continue
		}
		c.wrong(at, "Behind this there are no words for “%s”.", message)
	}
}

// Words returns what the pack has for a message in a part, messages or easy, by plural category; where the words depend on no
// number they stand under none.
func (p *Pack) Words(part, message string) map[string]string {
	e, ok := p.messages[message]
	if part == EasyPart {
		e, ok = p.ownEasy[message]
	}
	switch {
	case !ok:
		return nil
	case e.plural == nil:
		return map[string]string{"": e.sentence}
	}
	words := make(map[string]string)
	for name, form := range forms {
		if sentence := e.plural[form]; sentence != "" {
			words[name] = sentence
		}
	}
	return words
}

// The parts of a pack.
const (
	MessagesPart = "messages"
	EasyPart     = "easy"
)

// EasyMessages lists the messages that English says a second time in easy sentences, in order.
func EasyMessages() []string { return slices.Sorted(maps.Keys(English().ownEasy)) }
