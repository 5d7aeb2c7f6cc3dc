package surveys

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"wellwave/scoring/decimal"
)

// Answers are stored as one JSON object by item code, in the order of the questionnaire and without blanks:
//
//	{"wb_1":4,"about_notes":"text","about_help":[1,3],"wb_2":{"missing":"skipped"}}
//
// A codec of its own, because every save writes one and a release reads them by the hundred thousand: encoding/json
// takes some ten times as long for it. The general reader, for JSON that others wrote, is ParseJSONValue.

// appendMember adds one answer to an object whose closing brace is still to come.
func appendMember(b []byte, code string, v Value) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = appendText(b, code)
	return appendValue(append(b, ':'), v)
}

// appendText adds a JSON string. Codes and most answers need no escaping; a conflict in the ledger, which is kept as it
// came, may name items that no instrument could have.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			escaped, err := json.Marshal(text)
			if err != nil { // a string always marshals
				return append(b, `""`...)
			}
			return append(b, escaped...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}

func appendValue(b []byte, v Value) []byte {
	switch v.Kind {
	case NumberValue:
		if math.IsNaN(v.Number) || math.IsInf(v.Number, 0) { // of a refused answer; JSON has no such number
			return appendText(b, v.String())
		}
		return AppendNumber(b, v.Number)
	case SetValue:
		b = append(b, '[')
		for i := range len(v.Text) {
			if v.Text[i] == ' ' {
				b = append(b, ',')
				continue
			}
			b = append(b, v.Text[i])
		}
		return append(b, ']')
	case AbsentValue:
		b = append(b, `{"missing":"`...)
		b = append(b, v.Missing.String()...)
		return append(b, '"', '}')
	default:
		return appendText(b, v.Text)
	}
}

// JSONValue returns the stored form of one answer, which ParseJSONValue reads too.
func JSONValue(v Value) []byte { return appendValue(nil, v) }

// AppendAnswers appends the stored form of answers to b.
func AppendAnswers(b []byte, answers []ItemAnswer) []byte {
	b = append(b, '{')
	for _, a := range answers {
		b = appendMember(b, a.Code, a.Value)
	}
	return append(b, '}')
}

// EachAnswer reads the stored form of answers and calls fn for each in turn; it stops at the first error. An ordinary
// code is a part of stored, so nothing is allocated for it.
func EachAnswer(stored string, fn func(code string, v Value) error) error {
	rest, ok := strings.CutPrefix(stored, "{")
	if !ok {
		return fmt.Errorf("read stored answers: they do not begin with a brace")
	}
	for first := true; rest != "}"; first = false {
		if !first {
			if rest, ok = strings.CutPrefix(rest, ","); !ok {
				return fmt.Errorf("read stored answers: no comma %d bytes before the end", len(rest))
			}
		}
		code, after, err := readText(rest)
		if rest, ok = strings.CutPrefix(after, ":"); !ok || err != nil {
			return fmt.Errorf("read stored answers: no code %d bytes before the end", len(rest))
		}
		v, after, err := readValue(rest)
		if err != nil {
			return fmt.Errorf("read stored answer to %s: %w", code, err)
		}
		if err := fn(code, v); err != nil {
			return err
		}
		rest = after
	}
	return nil
}

// readValue reads the value at the start of s and returns what follows it.
func readValue(s string) (Value, string, error) {
	if s == "" {
		return Value{}, "", fmt.Errorf("nothing there")
	}
	switch s[0] {
	case '"':
		text, rest, err := readText(s)
		return Text(text), rest, err
	case '[':
		members, rest, ok := strings.Cut(s[1:], "]")
		if !ok || strings.Trim(members, "0123456789,.+-eE") != "" {
			return Value{}, "", fmt.Errorf("a set without end or of something else than numbers")
		}
		if strings.Contains(members, "e") { // as older versions wrote a million
			set, err := plainSet(members)
			return set, rest, err
		}
		return Value{Kind: SetValue, Text: strings.ReplaceAll(members, ",", " ")}, rest, nil
	case '{':
		word, rest, ok := strings.Cut(strings.TrimPrefix(s, `{"missing":"`), `"}`)
		reason, known := ParseMissing(word)
		if !ok || !known {
			return Value{}, "", fmt.Errorf("an unknown reason for a missing answer")
		}
		return Absent(reason), rest, nil
	default:
		return readNumber(s)
	}
}

// plainSet reads the members of a set with exponents among them.
func plainSet(members string) (Value, error) {
	var numbers []float64
	for member := range strings.SplitSeq(members, ",") {
		n, err := decimal.Parse(member, decimal.Written|decimal.Nearest)
		if err != nil {
			return Value{}, fmt.Errorf("a set of something else than numbers")
		}
		numbers = append(numbers, n)
	}
	return Set(numbers...), nil
}

// readText reads the JSON string at the start of s and returns what follows it.
func readText(s string) (text, rest string, err error) {
	if s == "" || s[0] != '"' {
		return "", "", fmt.Errorf("no text there")
	}
	end, escaped := 1, false
	for end < len(s) && s[end] != '"' {
		if s[end] == '\\' {
			escaped = true
			end++
		}
		end++
	}
	if end >= len(s) {
		return "", "", fmt.Errorf("a text without end")
	}
	if !escaped {
		return s[1:end], s[end+1:], nil
	}
	text, err = unescape(s[:end+1])
	return text, s[end+1:], err
}

// unescape reads a whole JSON string. It stands by itself so that readText, which nearly always can do without, need not
// put its result on the heap.
func unescape(quoted string) (text string, err error) {
	err = json.Unmarshal([]byte(quoted), &text)
	return text, err
}

func readNumber(s string) (Value, string, error) {
	end := 0
	whole := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' && end < 9 {
		whole = whole*10 + int(s[end]-'0')
		end++
	}
	if end > 0 && end < len(s) && (s[end] == ',' || s[end] == '}') {
		return Number(float64(whole)), s[end:], nil
	}
	end = strings.IndexAny(s, ",}")
	if end < 0 {
		return Value{}, "", fmt.Errorf("a number without end")
	}
	n, err := decimal.Parse(s[:end], decimal.Written|decimal.Nearest) // older versions wrote exponents, and kept what was refused
	return Number(n), s[end:], err
}
