// Package locale holds what the product itself says to participants, in every language that it speaks. Instruments bring
// their words in wording packs, and studies theirs in the study file; here are the pages, buttons and notices around them.
//
// # Messages
//
// A message is named by its English sentence, which is a format for fmt.Sprintf, so that a page or a handler can be read
// without looking anything up: {{t "Question %s of %s" .Position .Total}} in a template, say("…") in Go. A pack is one
// YAML file a language: its messages map each English sentence to the same one in that language. Where the words depend
// on a number, the entry is a map from the plural categories of CLDR (zero, one, two, few, many, other) to sentences,
// picked by the message's first argument; English has such entries too. A sentence may take its arguments in another
// order, or leave some out, by numbering them: %[2]s.
//
// # Easy read
//
// A pack may say some of its sentences a second time, for somebody who chose easy read: in short sentences of common
// words. These stand under easy, by the same English sentences; what is not there is said as always.
//
// Tests of the server fail when a pack lacks a sentence that some template or handler says, and when it has one that
// nobody says any more.
package locale

import (
	"bytes"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Source is the language in which messages are named.
const Source = "en-GB"

// Pack is what the product says in one language.
type Pack struct {
	Language  string // BCP 47
	Name      string // of the language, in itself
	Direction string // ltr or rtl
	Reviewed  Review

	tag      language.Tag
	messages map[string]entry
	ownEasy  map[string]entry
	easy     *Pack // the same with its easy sentences; the pack itself where it is that
}

// Review says who has compared a pack with the English sentences, and on which day. The zero value is nobody.
type Review struct {
	By string `yaml:"by"`
	On string `yaml:"on"` // as 2026-03-31
}

// Ready reports whether somebody has compared the pack with the English sentences. Those need nobody.
func (p *Pack) Ready() bool {
	return p.Language == Source || p.Reviewed.By != "" && p.Reviewed.On != ""
}

// entry is a message in one language: one sentence, or one a plural category.
type entry struct {
	sentence string
	plural   map[plural.Form]string
}

type packFile struct {
	Language  string           `yaml:"language"`
	Name      string           `yaml:"name"`
	Direction string           `yaml:"direction"`
	Reviewed  Review           `yaml:"reviewed"`
	Messages  map[string]entry `yaml:"messages"`
	Easy      map[string]entry `yaml:"easy"`
}

var forms = map[string]plural.Form{"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few,
	"many": plural.Many, "other": plural.Other}

// UnmarshalYAML reads a sentence, or a map of sentences.
func (e *entry) UnmarshalYAML(decode func(any) error) error {
	if decode(&e.sentence) == nil {
		return nil
	}
	var sentences map[string]string
	if err := decode(&sentences); err != nil {
		return err
	}
	e.plural = make(map[plural.Form]string, len(sentences))
	for name, sentence := range sentences {
		form, ok := forms[name]
		if !ok {
			return fmt.Errorf("%q is not a plural category", name)
		}
		e.plural[form] = sentence
	}
	if e.plural[plural.Other] == "" {
		return fmt.Errorf("there is no sentence for the plural category other")
	}
	return nil
}

// Parse reads a pack.
func Parse(data []byte) (*Pack, error) {
	var f packFile
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // which some editors write
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read interface pack: %w", err)
	}
	tag, err := language.Parse(f.Language)
	if err != nil {
		return nil, fmt.Errorf("interface pack: %q is not a language", f.Language)
	}
	if f.Name == "" || f.Direction != "ltr" && f.Direction != "rtl" {
		return nil, fmt.Errorf("interface pack %s: it needs a name, and ltr or rtl as its direction", f.Language)
	}
	pack := &Pack{f.Language, f.Name, f.Direction, f.Reviewed, tag, f.Messages, f.Easy, nil}
	easy := *pack
	easy.messages = maps.Clone(f.Messages)
	if easy.messages == nil {
		easy.messages = make(map[string]entry)
	}
	maps.Copy(easy.messages, f.Easy)
	pack.easy, easy.easy = &easy, &easy
	return pack, nil
}

// Easy returns the pack that says the same in easy sentences, as far as there are any.
func (p *Pack) Easy() *Pack { return p.easy }

//go:embed *.yaml
var files embed.FS

var packs = mustReadPacks()

// mustReadPacks reads the packs that the program was built with, English first. A mistake in one is one in the program.
func mustReadPacks() []*Pack {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	all := make([]*Pack, 0, len(entries))
	for _, file := range entries {
		data, err := files.ReadFile(file.Name())
		if err != nil {
			panic(err)
		}
		pack, err := Parse(data)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", file.Name(), err))
		}
		all = append(all, pack)
	}
	english := slices.IndexFunc(all, func(p *Pack) bool { return p.Language == Source })
	all[0], all[english] = all[english], all[0]
	return all
}

// Packs returns all packs, English first.
func Packs() []*Pack { return packs }

// English returns the pack of the language in which messages are named.
func English() *Pack { return packs[0] }

// Find returns the pack in exactly this language.
func Find(language string) (*Pack, bool) {
	for _, p := range packs {
		if p.Language == language {
			return p, true
		}
	}
	return nil, false
}

// Say returns a message in the pack's language, in English where the pack lacks it.
func (p *Pack) Say(message string, args ...any) string {
	sentence := message
	if e, ok := p.messages[message]; ok {
		sentence = e.pick(p.tag, args)
	}
	if len(args) == 0 || !strings.Contains(sentence, "%") { // a dual says its number by itself
		return sentence
	}
	for i, arg := range args {
		if day, ok := arg.(Date); ok {
			args = slices.Clone(args)
			args[i] = p.Date(time.Time(day))
		}
	}
	return fmt.Sprintf(sentence, args...)
}

// Date is a day as an argument of a message, in the zone of its time: each language writes it in its own way.
type Date time.Time

// String writes the day in English.
func (d Date) String() string { return English().Date(time.Time(d)) }

// pick returns the sentence that suits the first argument. The category of a whole number needs nothing but the number
// (Unicode Technical Standard 35, part 3, language plural rules).
func (e entry) pick(tag language.Tag, args []any) string {
	if e.plural == nil {
		return e.sentence
	}
	if len(args) > 0 {
		if n, ok := args[0].(int); ok {
			if sentence := e.plural[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]; sentence != "" {
				return sentence
			}
		}
	}
	return e.plural[plural.Other]
}

// Has reports whether the pack has the message.
func (p *Pack) Has(message string) bool {
	_, ok := p.messages[message]
	return ok
}

// Messages lists the messages that the pack has, in order.
func (p *Pack) Messages() []string { return slices.Sorted(maps.Keys(p.messages)) }

// Date writes a day as the language does, such as 2 January 2006.
func (p *Pack) Date(t time.Time) string {
	return p.Say("%d %s %d", t.Day(), p.Say(t.Month().String()), t.Year())
}

// Day writes a day with its weekday, such as Monday 2 January 2006.
func (p *Pack) Day(t time.Time) string {
	return p.Say("%s %s", p.Say(t.Weekday().String()), p.Date(t))
}

// Moment writes a day and the time on it, such as Monday 2 January 2006, 15:04.
func (p *Pack) Moment(t time.Time) string { return p.Say("%s, %s", p.Day(t), t.Format("15:04")) }

// List writes texts one after the other in a sentence: one, two and three.
func (p *Pack) List(texts []string) string {
	last := len(texts) - 1
	if last < 1 {
		return strings.Join(texts, "")
	}
	return p.Say("%s and %s", strings.Join(texts[:last], p.Say(", ")), texts[last])
}
