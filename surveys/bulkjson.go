package surveys

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// submissionObject is a submission as another program writes it, in the JSON API and in NDJSON files.
type submissionObject struct {
	Participant string                     `json:"participant"`
	Site        string                     `json:"site"`
	Arm         string                     `json:"arm"`
	Sitting     string                     `json:"sitting"`
	Seq         int                        `json:"seq"`
	Finish      *bool                      `json:"finish"`
	CompletedAt string                     `json:"completed_at"`
	Mode        string                     `json:"mode"`
	Language    string                     `json:"language"`
	Helper      string                     `json:"helper"`
	Place       string                     `json:"place"`
	Answers     map[string]json.RawMessage `json:"answers"`
}

// jsonReader reads answers from a file with one JSON object a line.
type jsonReader struct {
	q       *Questionnaire
	zone    *time.Location
	scanner *bufio.Scanner
	line    int
	set     map[string]string
}

// NewBulkJSON reads a file with one submission a line. Only Set of the options has a meaning here.
func NewBulkJSON(r io.Reader, q *Questionnaire, zone *time.Location, o BulkOptions) (BulkReader, error) {
	if len(o.Columns) > 0 || len(o.Ignore) > 0 {
		return nil, Errorf(Invalid, "--column and --ignore are for CSV files; in NDJSON every line names its own parts")
	}
	buffered := bufio.NewReader(r)
	if err := skipMark(buffered); err != nil {
		return nil, err
	}
	scanner := bufio.NewScanner(buffered)
	scanner.Buffer(make([]byte, 0, 1<<16), maxRecord)
	return &jsonReader{q: q, zone: zone, scanner: scanner, set: o.Set}, nil
}

// Header returns the one column in which a line stands.
func (j *jsonReader) Header() []string { return []string{"object"} }

// Next reads the next line that is not blank.
func (j *jsonReader) Next() (BulkRow, error) {
	for j.scanner.Scan() {
		j.line++
		line := bytes.TrimSpace(j.scanner.Bytes())
		if len(line) == 0 {
			continue
		}
		row, err := ParseBulkObject(line, j.line, j.q, j.zone)
		for name, value := range j.set {
			if err := row.setFact(name, value, j.zone); err != nil {
				return row, Errorf(Invalid, "--set %s=%s: %w", name, value, err)
			}
		}
		return row, err
	}
	if err := j.scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return BulkRow{}, Errorf(Invalid, "line %d is longer than 1 MB", j.line+1)
	} else if err != nil {
		return BulkRow{}, err
	}
	return BulkRow{}, io.EOF
}

// ParseBulkObject reads one submission that another program wrote as a JSON object. Its error is a *BulkError.
func ParseBulkObject(data []byte, line int, q *Questionnaire, zone *time.Location) (BulkRow, error) {
	row := BulkRow{Line: line, Raw: []string{string(data)}, How: Collection{Mode: Bulk}}
	refuse := func(column, format string, args ...any) (BulkRow, error) {
		return row, &BulkError{line, column, fmt.Sprintf(format, args...)}
	}
	if !utf8.Valid(data) {
		return refuse("", "the text is not in UTF-8")
	}
	var o submissionObject
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		return refuse("", "%s", jsonMistake(err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return refuse("", "behind the object stands something else; write one object a line")
	}
	if o.Participant == "" {
		return refuse("participant", "nobody is named here")
	}
	if o.Seq < 0 || o.Seq > 0 && o.Sitting == "" {
		return refuse("seq", "a sequence number is 1 or more and belongs to a sitting")
	}
	for _, fact := range []struct{ name, value string }{{"participant", o.Participant}, {"site", o.Site}, {"arm", o.Arm},
		{"mode", o.Mode}, {"language", o.Language}, {"helper", o.Helper}, {"place", o.Place}, {"completed_at", o.CompletedAt}} {
		if err := row.setFact(fact.name, fact.value, zone); err != nil {
			return refuse(fact.name, "%s", err)
		}
	}
	row.Sitting, row.Seq, row.Partial = o.Sitting, o.Seq, o.Finish != nil && !*o.Finish
	for _, code := range slices.Sorted(maps.Keys(o.Answers)) {
		item, ok := q.Item(code)
		if !ok {
			return refuse(code, "this wave has no item “%s”", excerpt(code))
		}
		value, err := ParseJSONValue(o.Answers[code])
		if err == nil {
			err = item.Check(value)
		}
		if err != nil {
			return refuse(code, "%s", err)
		}
		row.Answers = append(row.Answers, ItemAnswer{code, value})
	}
	if len(row.Answers) == 0 {
		return refuse("answers", "there are no answers")
	}
	return row, nil
}

// jsonMistake words an error of the JSON library for the program's author.
func jsonMistake(err error) string {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType):
		return fmt.Sprintf("“%s” must not be a JSON %s", wrongType.Field, wrongType.Value)
	case errors.As(err, &syntax):
		return fmt.Sprintf("this is not JSON (character %d)", syntax.Offset)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Sprintf("“%s” is no part of a submission; those are participant, site, arm, sitting, seq, finish, completed_at, mode, language, helper, place and answers",
			strings.Trim(field, `"`))
	}
	return "this is not a JSON object"
}
