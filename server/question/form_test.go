package question

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wellwave/surveys"
)

// formItem is the item of a case in testdata/forms.json.
type formItem struct {
	Kind     string
	Options  []float64
	Min, Max float64
	Length   int
}

func (i formItem) item(t *testing.T) *surveys.Item {
	t.Helper()
	kind, ok := surveys.ParseItemKind(i.Kind)
	if !ok {
		t.Fatalf("%s is no kind of item", i.Kind)
	}
	return &surveys.Item{Code: "x", Kind: kind, Options: i.Options, Min: i.Min, Max: i.Max, MaxLength: i.Length}
}

// problems are what each problem's sentence says, apart from what was typed. The worker's are shorter for some, because it
// says them in every language.
var problems = map[string][]string{
	"number": {" is not a number."},
	"long":   {" has more digits than can be kept."},
	"whole":  {" is not a whole number."},
	"range":  {" is out of range. The answer is between "},
	"option": {"“", "” is not an answer to this question."},
	"day":    {NotADay},
	"year":   {" cannot be the right year."},
	"length": {"The text has ", " characters. The most that can be stored is "},
}

// The same cases, testdata/forms.json, are run against the browser's worker.
func TestForms(t *testing.T) {
	data, err := os.ReadFile("testdata/forms.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Reads []struct {
			Name    string
			Item    formItem
			Form    string
			Value   json.RawMessage
			Problem string
			Server  json.RawMessage // what the server reads where the worker, which has no room for it, asks again
		}
		Sends []struct {
			Item  formItem
			Value json.RawMessage
			Form  string
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Reads) < 120 || len(file.Sends) < 15 {
		t.Errorf("read %d and %d cases, want at least 120 and 15", len(file.Reads), len(file.Sends))
	}
	for _, tt := range file.Reads {
		t.Run(tt.Name, func(t *testing.T) {
			got, err := TypedValue(tt.Item.item(t), parseForm(t, tt.Form))
			switch {
			case tt.Server != nil:
				if err != nil || got != parseValue(t, tt.Server) {
					t.Errorf("TypedValue(%s) = %#v, %v, want %s", tt.Form, got, err, tt.Server)
				}
			case tt.Problem != "":
				parts := problems[tt.Problem]
				if surveys.KindOf(err) != surveys.Invalid || parts == nil ||
					slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(err.Error(), part) }) {
					t.Errorf("TypedValue(%s) = %#v, %v, want the problem %s", tt.Form, got, err, tt.Problem)
				}
			case err != nil || got != parseValue(t, tt.Value):
				t.Errorf("TypedValue(%s) = %#v, %v, want %s", tt.Form, got, err, tt.Value)
			}
		})
	}
	for _, tt := range file.Sends {
		if diff := cmp.Diff(parseForm(t, tt.Form), FormOf(tt.Item.item(t), parseValue(t, tt.Value))); diff != "" {
			t.Errorf("FormOf(%s) (-want +got):\n%s", tt.Value, diff)
		}
	}
}

func parseForm(t *testing.T, text string) url.Values {
	t.Helper()
	form, err := url.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// parseValue reads the answer of a case; a case without one has an untouched value.
func parseValue(t *testing.T, raw json.RawMessage) surveys.Value {
	t.Helper()
	if raw == nil {
		return surveys.Value{}
	}
	value, err := surveys.ParseJSONValue(raw)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Of two answers both are named.
func TestTypedValueTakesNoneOfTwo(t *testing.T) {
	options := []float64{1, 2, 3}
	tests := []struct {
		name      string
		give      surveys.Item
		giveForm  url.Values
		want      surveys.Value
		wantError string
	}{
		{"one choice", surveys.Item{Kind: surveys.KindSingle, Options: options}, url.Values{"x": {"2"}}, surveys.Number(2), ""},
		{"two choices", surveys.Item{Kind: surveys.KindSingle, Options: options}, url.Values{"x": {"2", "3"}}, surveys.Value{}, "“2, 3” is not an answer to this question."},
		{"a choice and none", surveys.Item{Kind: surveys.KindSingle, Options: options}, url.Values{"x": {"", "3"}}, surveys.Value{}, "“, 3” is not an answer to this question."},
		{"two numbers", surveys.Item{Kind: surveys.KindInteger, Max: 9}, url.Values{"x": {"2", "2"}}, surveys.Value{}, "“2, 2” is not an answer to this question."},
		{"two texts", surveys.Item{Kind: surveys.KindShortText, MaxLength: 9}, url.Values{"x": {"a", "b"}}, surveys.Value{}, "“a, b” is not an answer to this question."},
		{"several of several", surveys.Item{Kind: surveys.KindMultiple, Options: options}, url.Values{"x": {"3", "1"}}, surveys.Set(1, 3), ""},
		{"two days", surveys.Item{Kind: surveys.KindDate}, url.Values{"x-day": {"1", "2"}, "x-month": {"3"}, "x-year": {"2026"}}, surveys.Value{}, NotADay},
		{"two days and no month", surveys.Item{Kind: surveys.KindDate}, url.Values{"x-day": {"1", "2"}, "x-year": {"2026"}}, surveys.Value{}, NotADay},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.give.Code = "x"
			got, err := TypedValue(&tt.give, tt.giveForm)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if got != tt.want || said != tt.wantError || err != nil && surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("typedValue(%v) = %#v, %q, want %#v, %q", tt.giveForm, got, said, tt.want, tt.wantError)
			}
		})
	}
}

// A form that is sent without a script may have the digits of its reader's script, and a comma before decimals.
func TestTypedValueInOtherDigits(t *testing.T) {
	for typed, want := range map[string]float64{"٤٧": 47, "۴۷": 47, "４７": 47, "72,5": 72.5, "٧٢٫٥": 72.5, "0,125": 0.125, "०": 0} {
		got, err := TypedValue(&surveys.Item{Code: "x", Kind: surveys.KindDecimal, Max: 300}, url.Values{"x": {" " + typed + " "}})
		if err != nil || got != surveys.Number(want) {
			t.Errorf("%s = %v, %v, want %v", typed, got, err, want)
		}
	}
	for _, typed := range []string{"1,000", "１，０００", "٤٧,٠٠٠", "1e2", "\u202e47", "4\u200f7", "½", "😀"} {
		if got, err := TypedValue(&surveys.Item{Code: "x", Kind: surveys.KindDecimal, Max: 300000}, url.Values{"x": {typed}}); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("%q = %v, %v, want it refused", typed, got, err)
		}
	}
	for _, date := range [][3]string{{"٣١", "٠٣", "٢٠٢٦"}, {"３１", "３", "２０２６"}, {"۳۱", "3", "۲۰۲۶"}} {
		got, err := TypedValue(&surveys.Item{Code: "x", Kind: surveys.KindDate}, url.Values{"x-day": date[:1], "x-month": date[1:2], "x-year": date[2:]})
		if err != nil || got != surveys.Text("2026-03-31") {
			t.Errorf("%q = %v, %v", date, got, err)
		}
	}
}
