package surveys

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// readAll reads stored answers into a list.
func readAll(stored string) ([]ItemAnswer, error) {
	var list []ItemAnswer
	err := EachAnswer(stored, func(code string, v Value) error {
		list = append(list, ItemAnswer{strings.Clone(code), v})
		return nil
	})
	return list, err
}

// checkRoundTrip writes answers and reads them again; what is written must be JSON.
func checkRoundTrip(t interface{ Fatalf(string, ...any) }, give []ItemAnswer) {
	stored := AppendAnswers(nil, give)
	if !json.Valid(stored) {
		t.Fatalf("AppendAnswers(%#v) = %s, which is not JSON", give, stored)
	}
	got, err := readAll(string(stored))
	if err != nil || !slices.Equal(got, give) {
		t.Fatalf("read back from %s: %#v, %v, want %#v", stored, got, err, give)
	}
	// The ledger puts the answers into a larger object, whose writer escapes in its own way.
	outer, err := json.Marshal(map[string]json.RawMessage{"answers": stored})
	if err != nil {
		t.Fatalf("put %s into another object: %v", stored, err)
	}
	var inner map[string]json.RawMessage
	if err := json.Unmarshal(outer, &inner); err != nil {
		t.Fatalf("read %s: %v", outer, err)
	}
	if got, err := readAll(string(inner["answers"])); err != nil || !slices.Equal(got, give) {
		t.Fatalf("read back from %s: %#v, %v, want %#v", outer, got, err, give)
	}
}

func TestAnswersAreReadAsWritten(t *testing.T) {
	for _, text := range []string{"", "plain", `"`, `\`, `\"`, `",":`, "\n\t\x01\x7f", "\x00", "é", "e\u0301", "😀👩‍👩‍👧", "\u202eright to left", "\u2028\u2029",
		"<script>&amp;", "{}[]:,", strings.Repeat("\\", 7), "\U0010ffff", "\ufeff", "\ufffd"} {
		checkRoundTrip(t, []ItemAnswer{{"note", Text(text)}, {"w_1", Number(1)}})
		checkRoundTrip(t, []ItemAnswer{{text, Number(1)}, {"w_1", Text(text)}})
	}
	for _, n := range []float64{0, 1, -1, 0.1, 999_999_999, 1e9, 1e10, 1e15, 1e15 - 1, -1e15, 1e300, 5e-324, math.MaxFloat64, 1.0 / 3, 123456789.123} {
		checkRoundTrip(t, []ItemAnswer{{"a", Number(n)}, {"b", Number(n)}, {"c", Set(n, n/2, 3)}})
	}
	for m := NotAsked; m <= Cleared; m++ {
		checkRoundTrip(t, []ItemAnswer{{"a", Absent(m)}, {"b", Absent(m)}})
	}
	checkRoundTrip(t, nil)
	checkRoundTrip(t, []ItemAnswer{{"a", Set()}})
}

func TestAnyAnswersAreReadAsWritten(t *testing.T) {
	text := rapid.StringOf(rapid.Rune())
	value := rapid.OneOf(rapid.Map(text, Text), rapid.Map(rapid.Float64(), Number),
		rapid.Map(rapid.SliceOf(rapid.Float64()), func(m []float64) Value { return Set(m...) }))
	rapid.Check(t, func(t *rapid.T) {
		var give []ItemAnswer
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			give = append(give, ItemAnswer{text.Draw(t, "code"), value.Draw(t, "value")})
		}
		checkRoundTrip(t, give)
	})
}

// TestEveryRuneIsReadAsWritten takes the whole of Unicode, in texts of a thousand characters.
func TestEveryRuneIsReadAsWritten(t *testing.T) {
	for from := rune(0); from <= utf8.MaxRune; from += 1000 {
		var b strings.Builder
		for r := from; r < from+1000 && r <= utf8.MaxRune; r++ {
			if utf8.ValidRune(r) {
				b.WriteRune(r)
			}
		}
		checkRoundTrip(t, []ItemAnswer{{"note", Text(b.String())}})
	}
}

// What was refused is kept beside its reason even where no JSON could hold it as it is.
func TestAppendAnswersIsAlwaysJSON(t *testing.T) {
	for _, v := range []Value{Number(math.NaN()), Number(math.Inf(1)), Number(math.Inf(-1)), Text("a\xff\xfe"), {}} {
		if stored := AppendAnswers(nil, []ItemAnswer{{"a\xff\"", v}}); !json.Valid(stored) {
			t.Errorf("AppendAnswers(%#v) = %s, which is not JSON", v, stored)
		}
	}
}

// FuzzEachAnswer feeds the reader anything at all. It must not panic, and what it takes it must write and read alike.
func FuzzEachAnswer(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1}`, `{"a":1,"b":"x\"y","c":[1,2],"d":{"missing":"skipped"}}`, `{"a":-1.5e-7}`, `{`, `}`, ``, `{"a`, `{"a":`,
		`{"a":"`, `{"a":"\`, `{"a":[1`, `{"a":{"missing":"x"}}`, `{"a":{}}`, `{"a":1,}`, `{,}`, `{"a":1"b":2}`, `{"a":NaN}`, `{"a":0x1p4}`, `{"a":true}`, `{"a":1}}`, "{\"a\":\"\xff\"}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		list, err := readAll(stored)
		if err != nil || !utf8.ValidString(stored) {
			return
		}
		again, err := readAll(string(AppendAnswers(nil, list)))
		if err != nil || !slices.Equal(again, list) {
			t.Errorf("%q is read as %#v, which comes back as %#v, %v", stored, list, again, err)
		}
	})
}

func TestEachAnswerRefuses(t *testing.T) {
	for _, stored := range []string{``, `{`, `}`, `[]`, `{"a"}`, `{"a":}`, `{"a":1`, `{"a":1,}`, `{,"a":1}`, `{"a":1"b":2}`, `{"a":"x""b":1}`, `{"a":true}`, `{"a":null}`,
		`{"a":NaN}`, `{"a":Inf}`, `{"a":[1}`, `{"a":[x]}`, `{"a":["1"]}`, `{"a":{"missing":"lost"}}`, `{"a":{"missing":""}}`, `{"a":"\q"}`, `{"a":"x}`, `{a:1}`, `{"a":1}}`, `{"a":1} `} {
		if list, err := readAll(stored); err == nil {
			t.Errorf("EachAnswer(%s) reads %#v, want an error", stored, list)
		}
	}
}

// Older versions wrote numbers from a million on with exponents.
func TestEachAnswerReadsExponents(t *testing.T) {
	list, err := readAll(`{"a":1e+06,"b":5e-05,"c":[1,1e+06,1.5e+06]}`)
	want := []ItemAnswer{{"a", Number(1000000)}, {"b", Number(0.00005)}, {"c", Set(1, 1000000, 1500000)}}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("EachAnswer reads %#v, %v, want %#v", list, err, want)
	}
	const plain = `{"a":1000000,"b":0.00005,"c":[1,1000000,1500000]}`
	if got := string(AppendAnswers(nil, list)); got != plain {
		t.Errorf("AppendAnswers writes %s, want %s", got, plain)
	}
}

func TestParseJSONValueSaysWhatIsWrong(t *testing.T) {
	for give, want := range map[string]string{
		"1e400":            "the number 1e400 has more digits than can be kept",
		"9007199254740993": "the number 9007199254740993 has more digits than can be kept",
		`"\ud800"`:         "the text holds half of a surrogate pair, which is no character",
		`"\udc00\ud800"`:   "the text holds half of a surrogate pair, which is no character",
		`"\ud800x"`:        "the text holds half of a surrogate pair, which is no character",
		"[1, -1e999]":      "the number -1e999 has more digits than can be kept",
	} {
		if _, err := ParseJSONValue(json.RawMessage(give)); KindOf(err) != Invalid || err.Error() != want {
			t.Errorf("ParseJSONValue(%s) fails with %v, want %s", give, err, want)
		}
	}
}

func TestParseJSONValue(t *testing.T) {
	tests := []struct {
		give string
		want Value
		ok   bool
	}{
		{`3`, Number(3), true},
		{`-0.5`, Number(-0.5), true},
		{`-0`, Number(0), true},
		{`1E+06`, Number(1000000), true},
		{`5e-05`, Number(0.00005), true},
		{`9007199254740992`, Number(1 << 53), true},
		{`[1,1e6]`, Set(1, 1000000), true},
		{`[9007199254740993]`, Value{}, false},
		{`"\ud83d\ude00"`, Text("😀"), true},
		{`"\\ud800"`, Text(`\ud800`), true},
		{`true`, Number(1), true},
		{`false`, Number(0), true},
		{`"x"`, Text("x"), true},
		{`null`, Absent(Cleared), true},
		{`[3,1,3]`, Set(1, 3), true},
		{`[]`, Set(), true},
		{`{"missing":"skipped"}`, Absent(Skipped), true},
		{`{"missing":"lost"}`, Value{}, false},
		{`{"missing":"skipped","x":1}`, Value{}, false},
		{`{}`, Value{}, false},
		{`["1"]`, Value{}, false},
		{`1e999`, Value{}, false},
		{`9007199254740991`, Number(9007199254740991), true},
		{`9007199254740992`, Number(9007199254740992), true},
		{`9007199254740993`, Value{}, false},
		{`-9007199254740993`, Value{}, false},
		{`[1,9007199254740993]`, Value{}, false},
		{`0.1`, Number(0.1), true},
		{`1.10`, Number(1.1), true},
		{`12e-1`, Number(1.2), true},
		{`1E3`, Number(1000), true},
		{`0.12345678901234567890`, Value{}, false},
		{`72.50000000000000000001`, Value{}, false},
		{`1e-400`, Value{}, false},
		{`1e-999999999999`, Value{}, false},
		{`0e999999999999`, Number(0), true},
		{`-0`, Number(0), true},
		{`{`, Value{}, false},
		{``, Value{}, false},
	}
	for _, tt := range tests {
		got, err := ParseJSONValue(json.RawMessage(tt.give))
		if got != tt.want || math.Signbit(got.Number) != math.Signbit(tt.want.Number) || (err == nil) != tt.ok || err != nil && KindOf(err) != Invalid {
			t.Errorf("ParseJSONValue(%s) = %#v, %v, want %#v, taken: %v", tt.give, got, err, tt.want, tt.ok)
		}
	}
}
