package storetest

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

//go:embed testdata/*.yaml
var files embed.FS

// The tests' study and the waves of it.
const (
	Study    surveys.StudyID = "trial"
	Baseline surveys.WaveID  = "baseline"
	Later    surveys.WaveID  = "later"
	Round    surveys.WaveID  = "round-1"
)

// Start is a moment in the winter of the tests' study, when its staff round is open.
var Start = time.Date(2026, time.February, 2, 9, 0, 0, 0, time.UTC)

// LoadStudy stores the tests' study and opens it.
func LoadStudy(tb testing.TB, s *store.Store) *surveys.Study {
	tb.Helper()
	return LoadStudyIn(tb, s, surveys.Live)
}

// LoadStudyIn stores the tests' study and brings it from draft to another state.
func LoadStudyIn(tb testing.TB, s *store.Store, state surveys.StudyState) *surveys.Study {
	tb.Helper()
	return loadStudy(tb, s, state, file(tb, "study.yaml"))
}

// LoadProgramme is LoadStudy for a study of which every practice with staff takes part in the programme.
func LoadProgramme(tb testing.TB, s *store.Store) *surveys.Study {
	tb.Helper()
	source := bytes.Replace(file(tb, "study.yaml"), []byte("arm: usual, staff: 12}\n"), []byte("arm: new, staff: 12}\n  - {id: west, title: West Practice, arm: usual}\n"), 1)
	return loadStudy(tb, s, surveys.Live, source)
}

func loadStudy(tb testing.TB, s *store.Store, state surveys.StudyState, source []byte) *surveys.Study {
	tb.Helper()
	return loadStudyOf(tb, s, state, source, definitions(tb))
}

func loadStudyOf(tb testing.TB, s *store.Store, state surveys.StudyState, source []byte, all *surveys.Definitions) *surveys.Study {
	tb.Helper()
	ctx := context.Background()
	study, _, err := s.LoadStudy(ctx, "", "study.yaml", source, all)
	if err != nil {
		tb.Fatalf("load the study of the tests: %v", err)
	}
	if err := s.SetStudyState(ctx, "", Study, state); err != nil {
		tb.Fatalf("open the study of the tests: %v", err)
	}
	return study
}

// LoadAsking is LoadStudy for a study that asks one more instrument at baseline, of version 1.
func LoadAsking(tb testing.TB, s *store.Store, id surveys.InstrumentID, instrument, wording string) *surveys.Study {
	tb.Helper()
	all := definitions(tb)
	if err := errors.Join(all.AddInstrument("also.yaml", []byte(instrument)), all.AddWording("also.en.yaml", []byte(wording))); err != nil {
		tb.Fatalf("read instrument %s: %v", id, err)
	}
	source := strings.NewReplacer(`climate: "1"}`, `climate: "1", `+string(id)+`: "1"}`, "instruments: [mood, about]", "instruments: [mood, about, "+string(id)+"]").
		Replace(string(file(tb, "study.yaml")))
	return loadStudyOf(tb, s, surveys.Live, []byte(source), all)
}

// SourceAs returns the file of the tests' study under another id.
func SourceAs(tb testing.TB, id surveys.StudyID) []byte {
	tb.Helper()
	return bytes.Replace(file(tb, "study.yaml"), []byte("id: "+Study+"\n"), []byte("id: "+id+"\n"), 1)
}

// Other is a second study, in every part like the tests' study, for those who are to see only one of the two.
const Other surveys.StudyID = "other"

// LoadOther stores the second study, opens it, and enrols somebody at its site north.
func LoadOther(tb testing.TB, s *store.Store) surveys.EnrolmentID {
	tb.Helper()
	ctx := context.Background()
	source := append(SourceAs(tb, Other), "\npaper: {double_entry: true}\n"...)
	if _, _, err := s.LoadStudy(ctx, "", "other.yaml", source, definitions(tb)); err != nil {
		tb.Fatalf("load the second study: %v", err)
	}
	if err := s.SetStudyState(ctx, "", Other, surveys.Live); err != nil {
		tb.Fatalf("open the second study: %v", err)
	}
	person, err := s.Enrol(ctx, "", surveys.NewEnrolment{Study: Other, Site: "north", Label: "Q00001"})
	if err != nil {
		tb.Fatalf("enrol somebody in the second study: %v", err)
	}
	given := surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"}, Sitting: SittingID(99)}
	if err := s.Consent(ctx, person.ID, Baseline, given); err != nil {
		tb.Fatalf("consent in the second study: %v", err)
	}
	return person.ID
}

// EnterTwice has the open study of the tests enter its papers twice from now on.
func EnterTwice(tb testing.TB, s *store.Store) {
	tb.Helper()
	source := append(file(tb, "study.yaml"), "\npaper: {double_entry: true}\n"...)
	if _, _, err := s.LoadStudy(context.Background(), "", "study.yaml", source, definitions(tb)); err != nil {
		tb.Fatalf("load the study of the tests again: %v", err)
	}
}

// Mask loads the open study of the tests again, masked or not.
func Mask(tb testing.TB, s *store.Store, masked bool) error {
	tb.Helper()
	return loadWith(tb, s, fmt.Sprintf("masked: %t", masked))
}

// DelayErasure loads the open study of the tests again, with so many days that an erasure waits which staff record.
func DelayErasure(tb testing.TB, s *store.Store, days int) {
	tb.Helper()
	if err := loadWith(tb, s, fmt.Sprintf("erasure_delay: %d", days)); err != nil {
		tb.Fatalf("load the study of the tests again: %v", err)
	}
}

// loadWith loads the study of the tests again with one more line.
func loadWith(tb testing.TB, s *store.Store, line string) error {
	tb.Helper()
	_, _, err := s.LoadStudy(context.Background(), "", "study.yaml", fmt.Appendf(file(tb, "study.yaml"), "\n%s\n", line), definitions(tb))
	return err
}

// sealedSource is the tests' study with its staff survey kept by custodians, who ask staff about themselves.
func sealedSource(tb testing.TB, ask []surveys.StaffAttribute) []byte {
	tb.Helper()
	asks := ""
	if len(ask) > 0 {
		asks = ", attributes: [" + strings.Join(surveys.Listed(ask), ", ") + "]"
	}
	return bytes.Replace(file(tb, "study.yaml"), []byte(", sealing: server"), []byte(asks), 1)
}

// SealByCustodians has three custodians keep the answers of the staff round, which it sets up, and returns their keys. The
// round asks staff about themselves as it is told.
func SealByCustodians(tb testing.TB, s *store.Store, ask ...surveys.StaffAttribute) (keys [3]string) {
	tb.Helper()
	ctx := context.Background()
	if _, _, err := s.LoadStudy(ctx, "", "study.yaml", sealedSource(tb, ask), definitions(tb)); err != nil {
		tb.Fatalf("load the study of the tests again: %v", err)
	}
	keys = MakeCustodians(tb, s)
	if err := s.SetUpRound(ctx, "", Study, Round); err != nil {
		tb.Fatalf("set up the staff round: %v", err)
	}
	return keys
}

// AddRound adds a second staff round, which is open around a moment and kept by custodians, to the tests' study and sets it
// up. It asks staff about themselves as it is told.
func AddRound(tb testing.TB, s *store.Store, wave surveys.WaveID, around time.Time, ask ...surveys.StaffAttribute) {
	tb.Helper()
	source := bytes.Replace(sealedSource(tb, ask), []byte("waves:\n"), fmt.Appendf(nil,
		"waves:\n  - {id: %s, title: Round 2, audience: staff, opens: %s, closes: %s, layout: one-page, instruments: [climate]}\n",
		wave, around.AddDate(0, 0, -30).Format(time.DateOnly), around.AddDate(0, 0, 30).Format(time.DateOnly)), 1)
	if _, _, err := s.LoadStudy(context.Background(), "", "study.yaml", source, definitions(tb)); err != nil {
		tb.Fatalf("load the study of the tests with another round: %v", err)
	}
	if err := s.SetUpRound(context.Background(), "", Study, wave); err != nil {
		tb.Fatalf("set up another staff round: %v", err)
	}
}

// MakeCustodians gives the tests' study three custodians and returns their keys, which are proved.
func MakeCustodians(tb testing.TB, s *store.Store) (keys [3]string) {
	tb.Helper()
	before, err := s.ListCustodians(context.Background(), Study)
	if err != nil {
		tb.Fatalf("list custodians: %v", err)
	}
	for i, name := range []string{"Ailsa", "Bashir", "Catriona"} {
		instead := ""
		if i < len(before) {
			instead = before[i].Recipient
		}
		key, err := s.MakeCustodianKey(context.Background(), "", Study, surveys.StaffCustodian{Number: i + 1, Name: name}, instead)
		if err != nil {
			tb.Fatalf("make the key of custodian %d: %v", i+1, err)
		}
		if err := s.ProveCustodianKey(context.Background(), "", Study, i+1, key); err != nil {
			tb.Fatalf("prove the key of custodian %d: %v", i+1, err)
		}
		keys[i] = key
	}
	return keys
}

// definitions returns the tests' instruments and their wording alone.
func definitions(tb testing.TB) *surveys.Definitions {
	tb.Helper()
	all := new(surveys.Definitions)
	AddDefinitions(tb, all)
	return all
}

// AddDefinitions adds the tests' instruments and their wording.
func AddDefinitions(tb testing.TB, to *surveys.Definitions) {
	tb.Helper()
	for _, name := range []string{"mood", "about", "climate"} {
		if err := to.AddInstrument(name+".yaml", file(tb, name+".yaml")); err != nil {
			tb.Fatalf("read instrument %s: %v", name, err)
		}
		if err := to.AddWording(name+".en.yaml", file(tb, name+".en.yaml")); err != nil {
			tb.Fatalf("read wording %s: %v", name, err)
		}
	}
}

// Enrol adds n people to the tests' study who have agreed to take part, every other one at each site.
func Enrol(tb testing.TB, s *store.Store, n int) []surveys.EnrolmentID {
	tb.Helper()
	ctx := context.Background()
	people := make([]surveys.EnrolmentID, n)
	for i := range people {
		person, err := s.Enrol(ctx, "", surveys.NewEnrolment{Study: Study, Site: []surveys.SiteID{"north", "south"}[i%2],
			Label: fmt.Sprintf("P%05d", i+1)})
		if err != nil {
			tb.Fatalf("enrol person %d: %v", i+1, err)
		}
		given := surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"}, Sitting: SittingID(i + 1)}
		if err := s.Consent(ctx, person.ID, Baseline, given); err != nil {
			tb.Fatalf("consent of person %d: %v", i+1, err)
		}
		people[i] = person.ID
	}
	return people
}

// SittingID returns the id of the tests' n-th sitting.
func SittingID(n int) string { return fmt.Sprintf("%032x", n) }

// Answers returns an answer to each of the fourteen mood items, which differ with n.
func Answers(n int) []surveys.ItemAnswer {
	answers := make([]surveys.ItemAnswer, 14)
	for i := range answers {
		answers[i] = surveys.ItemAnswer{Code: fmt.Sprintf("mood_%d", i+1), Value: surveys.Number(float64((n+i*3)%5 + 1))}
	}
	return answers
}

func file(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := files.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatalf("read test file: %v", err)
	}
	return data
}
