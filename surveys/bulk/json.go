package bulk

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

	"wellwave/surveys"
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
	ConsentedOn string                     `json:"consented_on"`
	Consent     string                     `json:"consent_version"`
	Mode        string                     `json:"mode"`
	Language    string                     `json:"language"`
	Helper      string                     `json:"helper"`
	Place       string                     `json:"place"`
	Aids        string                     `json:"aids"`
	Answers     map[string]json.RawMessage `json:"answers"`
}

// jsonReader reads answers from a file with one JSON object a line.
type jsonReader struct {
	q       *surveys.Questionnaire
	zone    *time.Location
	scanner *bufio.Scanner
	line    int
	set     map[string]string
}

// NewJSON reads a file with one submission a line. Only Set of the options has a meaning here.
func NewJSON(r io.Reader, q *surveys.Questionnaire, zone *time.Location, o Options) (Reader, error) {
	if err := o.checkObjects(); err != nil {
		return nil, err
	}
	buffered := bufio.NewReader(r)
	if err := skipMark(buffered); err != nil {
		return nil, err
	}
	scanner := bufio.NewScanner(buffered)
	scanner.Buffer(make([]byte, 0, 1<<16), maxRecord)
	return &jsonReader{q: q, zone: zone, scanner: scanner, set: o.Set}, nil
}

// mark is the byte order mark.
const mark = "\xef\xbb\xbf"

// skipMark skips the byte order mark that some programs put before UTF-8 and refuses files in UTF-16.
func skipMark(r *bufio.Reader) error {
	start, err := r.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the file: %w", err)
	}
	if bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")) {
		return surveys.Errorf(surveys.Invalid, "the file is in UTF-16; JSON is written in UTF-8")
	}
	if bytes.Equal(start, []byte(mark)) {
		_, err = r.Discard(3)
		return err
	}
	return nil
}

// checkObjects refuses options that mean nothing where every row names its own parts.
func (o Options) checkObjects() error {
	if len(o.Columns) > 0 || len(o.Ignore) > 0 || len(o.Map) > 0 || o.Cells.Comma || len(o.Cells.Missing) > 0 || o.BlankClears {
		return surveys.Errorf(surveys.Invalid, "--column, --map, --ignore, --decimal, --missing and --blank-clears are for columns of answers; here every object names its own parts")
	}
	return nil
}

// objectHeader is the one column in which a rejected line stands.
var objectHeader = []string{"object"}

// Header returns the one column in which a line stands.
func (j *jsonReader) Header() []string { return objectHeader }

// Says reports whether a fact is set for every row.
func (j *jsonReader) Says(fact string) bool {
	_, set := j.set[fact]
	return set
}

// PerRow is true: every object names its own facts.
func (j *jsonReader) PerRow() bool { return true }

// Notes returns nothing: a line of JSON can be written in one way only.
func (j *jsonReader) Notes() []string { return nil }

// Next reads the next line that is not blank.
func (j *jsonReader) Next() (Row, error) {
	for j.scanner.Scan() {
		j.line++
		line := bytes.TrimSpace(j.scanner.Bytes())
		if len(line) == 0 {
			continue
		}
		return parseObjectRow(string(line), j.line, j.q, j.zone, j.set)
	}
	if err := j.scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return Row{}, surveys.Errorf(surveys.Invalid, "line %d is longer than 1 MB", j.line+1)
	} else if err != nil {
		return Row{}, err
	}
	return Row{}, io.EOF
}

// parseObjectRow reads one object of a file, with the facts that are set for every row.
func parseObjectRow(object string, line int, q *surveys.Questionnaire, zone *time.Location, set map[string]string) (Row, error) {
	row, err := ParseObject([]byte(object), line, q, zone)
	if wrong := row.setAll(set, zone); wrong != nil {
		return row, wrong
	}
	return row, err
}

// ParseObject reads one submission that another program wrote as a JSON object. Its error is a *RowError.
func ParseObject(data []byte, line int, q *surveys.Questionnaire, zone *time.Location) (Row, error) {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte(mark)))
	row := Row{Line: line, Raw: []string{string(data)}, How: surveys.Collection{Mode: surveys.Bulk}}
	refuse := func(column, format string, args ...any) (Row, error) {
		return row, &RowError{line, column, fmt.Sprintf(format, args...)}
	}
	if !utf8.Valid(data) {
		return refuse("", "the text is not in UTF-8")
	}
	if surveys.LoneSurrogate(data) {
		return refuse("", "a text holds half of a surrogate pair, such as \\ud800 alone, which is no character")
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
	if name, ok := repeatedName(data); ok {
		return refuse(name, "“%s” stands twice in one object", surveys.Excerpt(name))
	}
	if o.Participant == "" {
		return refuse("participant", "nobody is named here")
	}
	if o.Seq < 0 || o.Seq > 0 && o.Sitting == "" {
		return refuse("seq", "a sequence number is 1 or more and belongs to a sitting")
	}
	for _, fact := range []struct{ name, value string }{{"participant", o.Participant}, {"site", o.Site}, {"arm", o.Arm},
		{"mode", o.Mode}, {"language", o.Language}, {"helper", o.Helper}, {"place", o.Place}, {"aids", o.Aids}, {"completed_at", o.CompletedAt},
		{"consented_on", o.ConsentedOn}, {"consent_version", o.Consent}} {
		if err := row.setFact(fact.name, fact.value, zone, surveys.CellForm{}); err != nil {
			return refuse(fact.name, "%s", err)
		}
	}
	row.Sitting, row.Seq, row.Partial = o.Sitting, o.Seq, o.Finish != nil && !*o.Finish
	for _, code := range slices.Sorted(maps.Keys(o.Answers)) {
		item, ok := q.Item(code)
		if !ok {
			return refuse(code, "this wave has no item “%s”", surveys.Excerpt(code))
		}
		value, err := parseJSONAnswer(item.Item, o.Answers[code])
		if err == nil {
			err = item.Check(value)
		}
		if err != nil {
			return refuse(code, "%s", err)
		}
		row.Answers = append(row.Answers, surveys.ItemAnswer{Code: code, Value: value})
	}
	if len(row.Answers) == 0 {
		return refuse("answers", "there are no answers")
	}
	return row, nil
}

// parseJSONAnswer reads the answer to one item. True is the number 1 only where the item asks for yes or no: of any other
// question nobody could tell which option was meant.
func parseJSONAnswer(item *surveys.Item, raw json.RawMessage) (surveys.Value, error) {
	if word := string(raw); item.Kind != surveys.KindYesNo && (word == "true" || word == "false") {
		return surveys.Value{}, surveys.Errorf(surveys.Invalid, "true and false answer questions of yes or no alone; write the number of the option")
	}
	return surveys.ParseJSONValue(raw)
}

// repeatedName returns a name that stands twice in an object of data, which is known to be JSON. The decoder would take
// what comes last and say nothing.
func repeatedName(data []byte) (string, bool) {
	type level struct {
		seen map[string]bool // nil in an array
		name bool            // the next token of an object is a name
	}
	levels := []level{{}}
	decoder := json.NewDecoder(bytes.NewReader(data))
	for {
		token, err := decoder.Token()
		if err != nil { // the end
			return "", false
		}
		top := &levels[len(levels)-1]
		if name, ok := token.(string); ok && top.name {
			folded := name
			if len(levels) == 2 { // the decoder takes the names of a submission in either case
				folded = strings.ToLower(name)
			}
			if top.seen[folded] {
				return name, true
			}
			top.seen[folded], top.name = true, false
			continue
		}
		top.name = top.seen != nil // a value begins or has been read; a name follows it
		switch token {
		case json.Delim('{'):
			levels = append(levels, level{make(map[string]bool), true})
		case json.Delim('['):
			levels = append(levels, level{})
		case json.Delim('}'), json.Delim(']'):
			levels = levels[:len(levels)-1]
		}
	}
}

// jsonMistake words an error of the JSON library for the program's author.
func jsonMistake(err error) string {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType) && wrongType.Field == "":
		return fmt.Sprintf("this is a JSON %s; write an object", wrongType.Value)
	case errors.As(err, &wrongType):
		return fmt.Sprintf("“%s” must not be a JSON %s", wrongType.Field, wrongType.Value)
	case errors.As(err, &syntax):
		return fmt.Sprintf("this is not JSON (character %d)", syntax.Offset)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Sprintf("“%s” is no part of a submission; those are participant, site, arm, sitting, seq, finish, completed_at, consented_on, consent_version, %s and answers",
			strings.Trim(field, `"`), strings.Join(surveys.CollectionNames(), ", "))
	}
	return "this is not a JSON object"
}
