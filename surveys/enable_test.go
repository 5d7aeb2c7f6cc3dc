package surveys

import (
	"encoding/json"
	"os"
	"testing"
)

func TestEnableWhen(t *testing.T) {
	data, err := os.ReadFile("testdata/enable_when.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Name    string
			When    EnableWhen
			Answers map[string]json.RawMessage
			Holds   bool
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 40 {
		t.Errorf("read %d cases, want at least 40", len(file.Cases))
	}
	for _, tt := range file.Cases {
		t.Run(tt.Name, func(t *testing.T) {
			answers := func(code string) Value {
				raw, ok := tt.Answers[code]
				if !ok {
					return Value{}
				}
				v, err := ParseJSONValue(raw)
				if err != nil {
					t.Fatalf("answer to %s: %v", code, err)
				}
				return v
			}
			if got := tt.When.Holds(answers); got != tt.Holds {
				t.Errorf("Holds() = %v, want %v", got, tt.Holds)
			}
		})
	}
}

func TestItemWithoutConditionIsAlwaysAsked(t *testing.T) {
	var never *EnableWhen
	if !never.Holds(func(string) Value { return Value{} }) {
		t.Error("Holds() of no condition = false, want true")
	}
}
