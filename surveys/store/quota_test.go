package store_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// Whoever holds one personal link sends what they like: new sittings, long texts that are refused, other content under the same
// number. The ledger of the response has an end all the same, what was saved before stays, and everybody else goes on.
func TestOneLinkDoesNotFillTheDisk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, 2), context.Background()
		tr.submit(tr.save(1, 1, "mood_1", 3))
		long := strings.Repeat("z", 20_000)
		refused := 0
		for n := 0; refused < 300; n++ {
			sub := tr.save(1+n%surveys.MaxSittings+100*(n/50%2*(n%50/49)), 1+n/10, "mood_2", 1+n%5)
			sub.Answers = append(sub.Answers, surveys.ItemAnswer{Code: "about_note", Value: surveys.Text(fmt.Sprint(n) + long)})
			for i := range 40 {
				sub.Answers = append(sub.Answers, surveys.ItemAnswer{Code: fmt.Sprint("stray", i), Value: surveys.Text(long[:400])})
			}
			if n%3 == 0 {
				sub.Seq = 1 // which was used for other content
			}
			switch _, err := tr.Submit(ctx, sub); surveys.KindOf(err) {
			case 0, surveys.Conflict:
			case surveys.Closed:
				refused++
			default:
				t.Fatalf("Submit() = %v", err)
			}
			if n > 5_000 {
				t.Fatal("5,000 saves of one link are taken")
			}
		}
		row := strings.Split(tr.Inspect(t, "SELECT COUNT(*), SUM(LENGTH(content)), COUNT(DISTINCT sitting) FROM submissions")[0], "|")
		if characters, err := strconv.Atoi(row[1]); err != nil || characters > surveys.MaxKept {
			t.Errorf("%s entries hold %s characters, want at most %d", row[0], row[1], surveys.MaxKept)
		}
		if sittings, err := strconv.Atoi(row[2]); err != nil || sittings > surveys.MaxSittings {
			t.Errorf("there are %s sittings, want at most %d", row[2], surveys.MaxSittings)
		}
		tr.wantRows(fmt.Sprintf("SELECT saves, kept_bytes BETWEEN %s AND %d FROM responses", row[1], surveys.MaxKept), row[0]+"|"+tr.Inspect(t, "SELECT 1 = 1")[0])
		tr.wantFolds()
		tr.submit(of(tr.save(1, 1, "mood_1", 2), tr.people[1]))
		last := tr.save(1, 900, "mood_1", 5)
		last.Finish = true
		tr.submit(last)
	})
}
