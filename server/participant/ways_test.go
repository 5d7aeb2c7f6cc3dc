package participant

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// way is a case of testdata/ways.json, which the browser's worker is held to as well.
type way struct {
	Name, Questionnaire string
	Answers, Elsewhere  map[string]json.RawMessage
	Screens, Open       []int
	Next                []string // as far as the device knows
	Resolved            []string // as the server says, where answers are elsewhere
	Alone               []string // as the worker goes on without a network; the server does not
	Places              [][3]any // position, total and the address of Back
}

// standing returns the answers as submissions have them.
func standing(t *testing.T, q *surveys.Questionnaire, answers map[string]json.RawMessage) (list []surveys.ItemAnswer) {
	t.Helper()
	for _, item := range q.Items {
		raw, ok := answers[item.Code]
		if !ok {
			continue
		}
		value, err := surveys.ParseJSONValue(raw)
		if err != nil {
			t.Fatalf("answer to %s: %v", item.Code, err)
		}
		list = append(list, surveys.ItemAnswer{Code: item.Code, Value: value})
	}
	if len(list) != len(answers) {
		t.Fatalf("the questionnaire has not all of %s", answers)
	}
	return list
}

func TestWays(t *testing.T) {
	data, err := os.ReadFile("testdata/ways.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Questionnaires map[string][]struct {
			Code, Kind string
			Options    []float64
			When       *surveys.EnableWhen
		}
		Cases []way
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 55 {
		t.Errorf("read %d cases, want at least 55", len(file.Cases))
	}
	questionnaires := make(map[string]*surveys.Questionnaire)
	for id, items := range file.Questionnaires {
		instrument := &surveys.Instrument{ID: surveys.InstrumentID(id), Hash: id}
		for _, item := range items {
			kind, ok := surveys.ParseItemKind(item.Kind)
			if !ok {
				t.Fatalf("%s: %s is no kind of item", id, item.Kind)
			}
			instrument.Items = append(instrument.Items, surveys.Item{Code: item.Code, Kind: kind, Options: item.Options, EnableWhen: item.When})
		}
		q, err := surveys.NewQuestionnaire("trial", "baseline", []*surveys.Instrument{instrument}, nil)
		if err != nil {
			t.Fatal(err)
		}
		questionnaires[id] = q
	}
	for _, tt := range file.Cases {
		t.Run(tt.Name, func(t *testing.T) {
			q := questionnaires[tt.Questionnaire]
			if q == nil {
				t.Fatalf("there is no questionnaire %s", tt.Questionnaire)
			}
			here, elsewhere := storetest.SittingID(1), storetest.SittingID(2)
			replay := surveys.NewReplay(q)
			replay.Fold(&surveys.Entry{Sitting: elsewhere, Seq: 1, Verdict: surveys.Accepted, Accepted: standing(t, q, tt.Elsewhere)}, "")
			replay.Fold(&surveys.Entry{Sitting: here, Seq: 1, Verdict: surveys.Accepted, Accepted: standing(t, q, tt.Answers)}, "")
			v := &visit{Occasion: surveys.Occasion{Questionnaire: q, Answers: replay.Answers}, ticket: tickets.Ticket{Sitting: here}}
			got := way{Name: tt.Name, Questionnaire: tt.Questionnaire, Answers: tt.Answers, Elsewhere: tt.Elsewhere,
				Screens: []int{}, Open: []int{}, Next: []string{v.nextStep(-1)}, Alone: tt.Alone}
			resolved := []string{v.nextQuestion(-1)}
			for i := range q.Items {
				if v.listed(i) {
					got.Screens = append(got.Screens, i+1)
				}
				if v.waitsHere(i) {
					got.Open = append(got.Open, i+1)
				}
				got.Next, resolved = append(got.Next, v.nextStep(i)), append(resolved, v.nextQuestion(i))
				place := v.place(i)
				got.Places = append(got.Places, [3]any{number(t, place[page.SlotPosition]), number(t, place[page.SlotTotal]), place[page.SlotBack]})
			}
			if tt.Elsewhere != nil {
				got.Resolved = resolved
			} else if diff := cmp.Diff(got.Next, resolved); diff != "" {
				t.Errorf("where nothing is hidden the server goes another way (-the device +the server):\n%s", diff)
			}
			if diff := cmp.Diff(tt, got); diff != "" {
				t.Errorf("the way (-want +got):\n%s", diff)
			}
		})
	}
}

// number reads a number as JSON has it.
func number(t *testing.T, word string) float64 {
	t.Helper()
	n, err := strconv.Atoi(word)
	if err != nil {
		t.Fatal(err)
	}
	return float64(n)
}
