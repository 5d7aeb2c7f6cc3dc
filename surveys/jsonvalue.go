package surveys

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf16"

	"wellwave/scoring/decimal"
)

// ParseJSONValue reads one answer from JSON that another program wrote: a number, a text, true or false for yes and no,
// an array of numbers, {"missing": "reason"}, or null for an answer taken back. What JSON can write and we cannot keep, such
// as a whole number beyond 2⁵³ or half of a character, is refused and never changed.
func ParseJSONValue(raw json.RawMessage) (Value, error) {
	var v any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // or numbers would be rounded before anybody has looked at them
	if err := decoder.Decode(&v); err != nil {
		return Value{}, Errorf(Invalid, "this is not JSON: %w", err)
	}
	switch v := v.(type) {
	case nil:
		return Absent(Cleared), nil
	case bool:
		if v {
			return Number(1), nil
		}
		return Number(0), nil
	case json.Number:
		n, err := jsonNumber(v)
		if err != nil {
			return Value{}, err
		}
		return Number(n), nil
	case string:
		if LoneSurrogate(raw) {
			return Value{}, Errorf(Invalid, "the text holds half of a surrogate pair, which is no character")
		}
		return Text(v), nil
	case []any:
		members := make([]float64, 0, len(v))
		for _, m := range v {
			number, ok := m.(json.Number)
			if !ok {
				return Value{}, Errorf(Invalid, "the choices must be numbers")
			}
			n, err := jsonNumber(number)
			if err != nil {
				return Value{}, err
			}
			members = append(members, n)
		}
		return Set(members...), nil
	case map[string]any:
		word, _ := v["missing"].(string)
		reason, ok := ParseMissing(word)
		if !ok || len(v) != 1 {
			return Value{}, Errorf(Invalid, `an answer that is missing is written {"missing": "reason"}, the reason being %s`, Either(SaidMissing()))
		}
		return Absent(reason), nil
	}
	return Value{}, Errorf(Invalid, "an answer is a number, a text, a list of numbers, or a reason why it is missing")
}

// jsonNumber reads a number of JSON.
func jsonNumber(number json.Number) (float64, error) {
	n, err := decimal.Parse(string(number), decimal.Written)
	if errors.Is(err, decimal.ErrTooLong) {
		return 0, Errorf(Invalid, "the number %s has more digits than can be kept", Excerpt(string(number)))
	}
	return n, err // the form of a number in JSON is one of ours
}

// LoneSurrogate reports whether a string in JSON holds half of a surrogate pair, such as \ud800 alone. That is no character,
// and encoding/json would put another in its place.
func LoneSurrogate(data []byte) bool {
	for {
		i := bytes.IndexByte(data, '\\')
		if i < 0 || i+1 >= len(data) {
			return false
		}
		first, ok := escapedUnit(data[i:])
		switch {
		case !ok:
			data = data[i+2:] // another escape, or a second backslash
			continue
		case !utf16.IsSurrogate(first):
			data = data[i+6:]
			continue
		}
		second, ok := escapedUnit(data[i+6:])
		if !ok || utf16.DecodeRune(first, second) == '\ufffd' {
			return true
		}
		data = data[i+12:]
	}
}

// escapedUnit reads what begins with \u and four hexadecimal digits.
func escapedUnit(data []byte) (rune, bool) {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	return rune(n), err == nil
}
