package store_test

import (
	"context"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// Every row of the ledger says who sent it, and a submission of nobody is not taken.
func TestLedgerNamesTheAuthor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, 1), context.Background()
		clerk, err := tr.AddAccount(ctx, "", surveys.NewAccount{Email: "clerk@example.org", Name: "Clerk", Role: surveys.DataEntry}, password)
		if err != nil {
			t.Fatal(err)
		}
		for i, by := range []surveys.Author{surveys.Themselves(), {Kind: surveys.ByTablet, ID: "tablet-1"}, surveys.AccountAuthor(clerk.ID),
			{Kind: surveys.ByKey, ID: "key-1"}, surveys.CommandAuthor("rona\u202e; DROP [root]")} {
			sub := tr.save(9+i, i+1, "mood_1", i+1) // a program goes on with its own sittings only
			sub.By = by
			tr.submit(sub)
		}
		nobody := tr.save(9, 6, "mood_1", 1)
		nobody.By = surveys.Author{}
		if _, err := tr.Submit(ctx, nobody); err == nil {
			t.Error("a submission of nobody is taken")
		}
		tr.wantRows("SELECT seq, author, author_id, CASE WHEN account_id IS NULL THEN '' ELSE 'account' END FROM submissions ORDER BY seq",
			"1|participant||", "2|tablet|tablet-1|", "3|account||account", "4|key|key-1|", "5|command|ronaDROProot|")
		tr.wantFolds()
	})
}

// Whoever is no account stands at the end of the detail, and is read back from there.
func TestTrailNamesCommander(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		for _, user := range []string{"rona", "", "root/rona", "Zoë", "a b]c"} {
			tr.wait(1) // entries of one moment have no order
			ctx := store.Commanded(context.Background(), user)
			if err := tr.RecordDisposition(ctx, "", tr.people[0], storetest.Baseline, surveys.Refusal, "declined"); err != nil {
				t.Fatal(err)
			}
			entries, err := tr.ListAudit(ctx, storetest.Study, "", 1)
			if err != nil {
				t.Fatal(err)
			}
			if got := entries[0]; got.From != surveys.CommandAuthor(user) || got.Detail != "baseline: refusal, declined" {
				t.Errorf("by %q the trail says %+v", user, got)
			}
		}
	})
}
