package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// TestCheckFoldsFinds changes, one at a time, what folding decides, and expects to be told.
func TestCheckFoldsFinds(t *testing.T) {
	tr := newTrial(t, storetest.SQLite(t), 1)
	sub := tr.save(9, 1)
	sub.Answers, sub.Finish = storetest.Answers(1), true
	tr.submit(sub)
	tr.submit(tr.save(9, 2, "mood_1", 3))
	tr.wantFolds()
	ctx := context.Background()
	for change, undo := range map[string]string{
		"UPDATE responses SET answers = REPLACE(answers, '\"mood_1\":3', '\"mood_1\":4')": "UPDATE responses SET answers = REPLACE(answers, '\"mood_1\":4', '\"mood_1\":3')",
		"UPDATE responses SET revision = revision + 1":                                    "UPDATE responses SET revision = revision - 1",
		"UPDATE responses SET differing = 1":                                              "UPDATE responses SET differing = 0",
		"UPDATE responses SET origins = REPLACE(origins, ' 2 ', ' 3 ')":                   "UPDATE responses SET origins = REPLACE(origins, ' 3 ', ' 2 ')",
		"UPDATE responses SET late_days = 1":                                              "UPDATE responses SET late_days = 0",
		"UPDATE responses SET finished_at = finished_at + 1":                              "UPDATE responses SET finished_at = finished_at - 1",
		"UPDATE responses SET language = 'gd'":                                            "UPDATE responses SET language = 'en'",
		"UPDATE responses SET aids = 'listened'":                                          "UPDATE responses SET aids = ''",
		"UPDATE responses SET place = 'home'":                                             "UPDATE responses SET place = ''",
		"UPDATE responses SET proxied = TRUE":                                             "UPDATE responses SET proxied = FALSE",
		"UPDATE responses SET origins = origins || '|0'":                                  "UPDATE responses SET origins = SUBSTR(origins, 1, LENGTH(origins) - 2)",
		"UPDATE scores SET value = value + 1 WHERE scale_id = 'mood'":                     "UPDATE scores SET value = value - 1 WHERE scale_id = 'mood'",
		"UPDATE submissions SET content = REPLACE(content, 'mood_2', 'mood_3')":           "UPDATE submissions SET content = REPLACE(content, '\"mood_3\":5,\"mood_3\"', '\"mood_2\":5,\"mood_3\"')",
		"UPDATE submissions SET verdict = 'conflict' WHERE seq = 2":                       "UPDATE submissions SET verdict = 'accepted' WHERE seq = 2",
	} {
		if err := tr.Exec(ctx, change); err != nil {
			t.Fatal(err)
		}
		if wrong, err := tr.CheckFolds(ctx, nil); err != nil || len(wrong) != 1 || wrong[0].What == "" {
			t.Errorf("after %s: CheckFolds() = %v, %v, want one response", change, wrong, err)
		}
		if err := tr.Exec(ctx, undo); err != nil {
			t.Fatal(err)
		}
	}
	content := tr.Inspect(t, "SELECT content FROM submissions WHERE seq = 1")[0]
	if wrong, err := tr.CheckFolds(ctx, nil); err != nil || len(wrong) > 0 {
		t.Errorf("after all is as it was: CheckFolds() = %v, %v (first submission %s)", wrong, err, content)
	}
}

// traffic is what many clients send at random to a few people, and the receipts that they got.
type traffic struct {
	t        *testing.T
	mu       sync.Mutex
	receipts map[string]surveys.Receipt // by person, sitting and sequence
}

// client saves one sitting of each person, in any order: some saves twice, some out of turn, some with other content
// under a number already used.
func (tr *traffic) client(s *store.Store, n, saves int, people []surveys.EnrolmentID) {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	ctx := context.Background()
	for range saves {
		person := people[random.IntN(len(people))]
		seq := random.IntN(6) // 0 asks for the next
		sub := surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person, Wave: storetest.Baseline,
			Sitting: storetest.SittingID(1000 + n/2), Seq: seq, // two clients share a sitting, like two tabs
			Finish: random.IntN(8) == 0, How: surveys.Collection{Mode: surveys.Web, Language: "en"}}
		for _, i := range random.Perm(14)[:random.IntN(4)] {
			sub.Answers = append(sub.Answers, given(fmt.Sprintf("mood_%d", i+1), random.IntN(6)+1)...) // 6 is no option
		}
		if random.IntN(3) == 0 {
			sub.Answers = append(sub.Answers, given("about_work", random.IntN(2), "about_hours", 20)...)
		}
		for range 1 + random.IntN(2) {
			receipt, err := s.Submit(ctx, sub)
			if err != nil && surveys.KindOf(err) != surveys.Conflict {
				tr.t.Errorf("Submit() = %v, want a receipt or a conflict", err)
				return
			}
			if err == nil {
				tr.keep(person, receipt)
			}
		}
	}
}

func (tr *traffic) keep(person surveys.EnrolmentID, receipt surveys.Receipt) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	key := fmt.Sprintf("%s|%s|%d", person, receipt.Sitting, receipt.Seq)
	if other, ok := tr.receipts[key]; ok && !receipt.Repeated && !other.Repeated {
		tr.t.Errorf("%s was receipted twice as new", key)
	}
	if other, ok := tr.receipts[key]; !ok || other.Repeated {
		tr.receipts[key] = receipt
	}
}

// TestSubmitConcurrently lets 64 clients save to ten people, through two servers on PostgreSQL. No client may see a
// deadlock or a serialisation failure, every receipt must stand in the ledger once, and the ledger must fold to what is
// stored.
func TestSubmitConcurrently(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		trial := newTrial(t, db, 10)
		servers := []*store.Store{trial.Store}
		if trial.Engine() == "postgres" {
			servers = append(servers, db.Open(t, storetest.Clock(trial.now)))
		}
		saves := storetest.Times(t, "saves of each of 64 clients", 12, 400)
		sent := &traffic{t: t, receipts: make(map[string]surveys.Receipt)}
		var wg sync.WaitGroup
		for n := range 64 {
			wg.Go(func() { sent.client(servers[n%len(servers)], n, saves, trial.people) })
		}
		wg.Wait()
		trial.wantFolds()
		ledger := make(map[string]string)
		for _, line := range trial.Inspect(t, `
			SELECT r.enrolment_id, s.sitting, s.seq, s.verdict, s.revision
			FROM submissions s
			JOIN responses r ON r.id = s.response_id
			WHERE s.attempt = 0`) {
			parts := strings.SplitN(line, "|", 4)
			key := strings.Join(parts[:3], "|")
			if _, twice := ledger[key]; twice {
				t.Errorf("%s stands in the ledger twice", key)
			}
			ledger[key] = parts[3]
		}
		if len(ledger) != len(sent.receipts) || len(ledger) < 100 {
			t.Errorf("the ledger holds %d submissions and clients %d receipts", len(ledger), len(sent.receipts))
		}
		for key, receipt := range sent.receipts {
			if want := fmt.Sprintf("%v|%d", receipt.Verdict, receipt.Revision); ledger[key] != want {
				t.Errorf("%s: the receipt says %s and the ledger %s", key, want, ledger[key])
			}
		}
		// Every response counted its submissions without a gap.
		trial.wantRows(`SELECT COUNT(*) FROM responses r WHERE r.revision <> (SELECT COUNT(DISTINCT s.revision) FROM submissions s
			WHERE s.response_id = r.id AND s.verdict <> 'conflict')`, "0")
	})
}

// TestDispositionsConcurrently lets practices record and take back, windows close and people answer, all at once.
func TestDispositionsConcurrently(t *testing.T) {
	for range storetest.Times(t, "times that outcomes are recorded while people answer", 1, 20) {
		storetest.Each(t, func(t *testing.T, db storetest.Database) {
			tr := newTrial(t, db, 12)
			other := db.Open(t, storetest.Clock(tr.now))
			servers := []*store.Store{tr.Store, other}
			tr.wait(61)
			ctx := context.Background()
			var wg sync.WaitGroup
			for n := range 4 {
				s := servers[n%2]
				wg.Go(func() {
					if _, err := s.FinaliseClosed(ctx); err != nil {
						t.Errorf("FinaliseClosed() = %v", err)
					}
				})
				wg.Go(func() {
					for i, person := range tr.people {
						if i%2 == 0 {
							err := s.RecordDisposition(ctx, "", person, storetest.Baseline, surveys.Refusal, "declined")
							if err != nil && surveys.KindOf(err) != surveys.Conflict {
								t.Errorf("RecordDisposition() = %v", err)
							}
						}
						sub := tr.save(100+n, 1, "mood_1", n+1)
						sub.Enrolment = person
						if got, err := s.Submit(ctx, sub); err != nil || got.Verdict != surveys.Late {
							t.Errorf("Submit() = %+v, %v, want it taken as late", got, err)
						}
					}
				})
			}
			wg.Wait()
			tr.wantFolds()
			tr.wantRows("SELECT COUNT(*) FROM responses WHERE revision <> 4 OR disposition NOT IN ('refusal', 'non-contact')", "0")
			tr.wantRows("SELECT COUNT(*) FROM responses WHERE disposition_source = 'person'", "6")
			tr.wantRows("SELECT COUNT(*) FROM responses r WHERE r.dispositions <> (SELECT COUNT(*) FROM dispositions d WHERE d.response_id = r.id)", "0")
		})
	}
}
