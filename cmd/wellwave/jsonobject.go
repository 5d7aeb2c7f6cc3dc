package main

import (
	"bytes"
	"encoding/json"
	"io"

	"wellwave/scoring"
	decimals "wellwave/scoring/decimal"
)

// jsonObject is a JSON object whose keys keep their order and may be made while the program runs.
type jsonObject []jsonMember

type jsonMember struct {
	key   string
	value any
}

// set adds a key. The caller adds each key once.
func (o *jsonObject) set(key string, value any) { *o = append(*o, jsonMember{key, value}) }

// MarshalJSON writes the keys in the order in which they were added.
func (o jsonObject) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, member := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(member.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(member.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// digits12 is a number that is written with twelve significant digits, which is as many as a statistic of many people
// has that another program's would share.
type digits12 float64

// MarshalJSON writes the number.
func (d digits12) MarshalJSON() ([]byte, error) {
	return []byte(decimals.Figures(float64(d), 12)), nil
}

// figureJSON returns what stands for a figure in JSON: twelve digits, or null where it is undefined.
func figureJSON(f scoring.Figure) any {
	if !f.Known {
		return nil
	}
	return digits12(f.Value)
}

// writeJSON writes an object or a list for programs, indented so that people can read it too.
func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
