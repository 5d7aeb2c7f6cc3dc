package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

const tabletPIN = "739104"

// tablet sets a tablet up for the site north, and returns it with who did so.
func (tr *trial) tablet() surveys.KioskDevice {
	tr.t.Helper()
	made, err := tr.CreateKiosk(context.Background(), tr.account("desk@example.org"),
		surveys.NewKiosk{Study: storetest.Study, Site: "north", Name: " Waiting room ", PIN: tabletPIN})
	if err != nil {
		tr.t.Fatal(err)
	}
	return made
}

func (tr *trial) wantKind(what string, err error, want surveys.Kind) {
	tr.t.Helper()
	if got := surveys.KindOf(err); got != want {
		tr.t.Errorf("%s: %v, want kind %v", what, err, want)
	}
}

func TestTabletIsUnlockedAndHandedOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, 2), context.Background()
		made := tr.tablet()
		found, err := tr.FindKiosk(ctx, made.ID)
		if err != nil || found != made || made.Name != "Waiting room" || !found.Works(tr.now()) {
			t.Errorf("FindKiosk() = %+v, %v, want %+v", found, err, made)
		}
		if stored := tr.Inspect(t, "SELECT pin FROM kiosks")[0]; !strings.HasPrefix(stored, "$argon2id$") || strings.Contains(stored, tabletPIN) {
			t.Errorf("the PIN is kept as %s", stored)
		}
		proof, err := tr.UnlockKiosk(ctx, made.ID, tabletPIN)
		if err != nil {
			t.Fatal(err)
		}
		over := surveys.HandOver{Kiosk: made.ID, Enrolment: tr.people[0], Wave: storetest.Baseline, Initials: " mb ", Helper: "family"}
		_, err = tr.HandOver(ctx, "a guess", over)
		tr.wantKind("hand over without the PIN", err, surveys.Unauthenticated)
		elsewhere := over
		elsewhere.Enrolment = tr.people[1] // of the site south
		_, err = tr.HandOver(ctx, proof, elsewhere)
		tr.wantKind("somebody of another site", err, surveys.NotFound)
		round := over
		round.Wave = storetest.Round
		_, err = tr.HandOver(ctx, proof, round)
		tr.wantKind("a round", err, surveys.NotFound)
		given, err := tr.HandOver(ctx, proof, over)
		if err != nil || given.Initials != "MB" || given.Colleague != surveys.PracticeColleague {
			t.Fatalf("HandOver() = %+v, %v", given, err)
		}
		_, err = tr.HandOver(ctx, proof, over)
		tr.wantKind("the same PIN twice", err, surveys.Unauthenticated)
		tr.wantRows("SELECT id, kiosk_id, enrolment_id, wave_id, initials, colleague, helper, at FROM hand_overs", fmt.Sprintf("%s|%s|%s|%s|MB|%s|family|%d",
			given.ID, made.ID, tr.people[0], storetest.Baseline, surveys.PracticeColleague, given.At.UnixMilli()))
		tr.wantRows("SELECT COUNT(*) FROM audit WHERE action = 'kiosk.hand-over' AND detail LIKE '%MB%'", "0")
		tr.wantRows("SELECT COUNT(*) FROM audit WHERE action = 'kiosk.hand-over'", "1")

		// Told of later, and twice.
		over.ID, over.At = "0123456789abcdef0123456789abcdef", tr.now().Add(-time.Hour)
		for range 2 {
			if _, err := tr.ReportHandOver(ctx, over); err != nil {
				t.Fatal(err)
			}
		}
		tr.wantRows("SELECT COUNT(*) FROM hand_overs", "2")

		// Erasure takes them along.
		if err := tr.Withdraw(ctx, surveys.Withdrawal{Enrolment: tr.people[0], Level: surveys.EraseAnswers, Channel: surveys.AtDesk}); err != nil {
			t.Fatal(err)
		}
		tr.wait(6)
		tr.eraseDue(1)
		tr.wantRows("SELECT COUNT(*) FROM hand_overs", "0")
		if _, err := tr.ReportHandOver(ctx, over); err != nil {
			t.Fatal(err)
		}
		tr.wantRows("SELECT COUNT(*) FROM hand_overs", "0")
	})
}

// Many guesses at once are no more than one after the other.
func TestPINsAreTriedOneByOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, 1), context.Background()
		made := tr.tablet()
		var wrong, refused atomic.Int32
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				_, err := tr.UnlockKiosk(ctx, made.ID, "000001")
				switch surveys.KindOf(err) {
				case surveys.Unauthenticated:
					wrong.Add(1)
				case surveys.Closed, surveys.Unavailable: // after too many, or because too many came at once
					refused.Add(1)
				default:
					t.Errorf("UnlockKiosk() = %v", err)
				}
			})
		}
		all.Wait()
		if wrong.Load() != 5 || refused.Load() != 7 {
			t.Errorf("%d PINs were looked at and %d refused, want 5 and 7", wrong.Load(), refused.Load())
		}
		_, err := tr.UnlockKiosk(ctx, made.ID, tabletPIN)
		tr.wantKind("the right PIN while none is looked at", err, surveys.Closed)
		tr.ahead.Add(int64(time.Minute))
		if _, err := tr.UnlockKiosk(ctx, made.ID, tabletPIN); err != nil {
			t.Errorf("the right PIN after the wait: %v", err)
		}
		tr.wantRows("SELECT tries FROM kiosks", "0")
	})
}

func TestTabletIsRevoked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, 1), context.Background()
		made := tr.tablet()
		proof, err := tr.UnlockKiosk(ctx, made.ID, tabletPIN)
		if err != nil {
			t.Fatal(err)
		}
		tr.wantKind("revoke another site's", tr.RevokeKiosk(ctx, made.By, storetest.Study, "south", made.ID), surveys.NotFound)
		for range 2 {
			if err := tr.RevokeKiosk(ctx, made.By, storetest.Study, "north", made.ID); err != nil {
				t.Fatal(err)
			}
		}
		if open, err := tr.KioskUnlocked(ctx, made.ID, proof); open || err != nil {
			t.Errorf("KioskUnlocked() = %v, %v, want false", open, err)
		}
		_, err = tr.UnlockKiosk(ctx, made.ID, tabletPIN)
		tr.wantKind("unlock a revoked tablet", err, surveys.NotFound)
		list, err := tr.ListKiosks(ctx, storetest.Study, "north")
		if err != nil || len(list) != 1 || list[0].RevokedAt.IsZero() {
			t.Errorf("ListKiosks() = %+v, %v, want the revoked one", list, err)
		}
		_, err = tr.CreateKiosk(ctx, made.By, surveys.NewKiosk{Study: storetest.Study, Site: "nowhere", Name: "Desk", PIN: tabletPIN})
		tr.wantKind("a site that is not there", err, surveys.NotFound)
	})
}
