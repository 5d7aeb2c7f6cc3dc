package withdrawal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wellwave/server/withdrawal"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

func TestLevels(t *testing.T) {
	tests := []struct {
		name      string
		giveFrom  surveys.WithdrawalLevel
		giveState surveys.StudyState
		want      []string
	}{
		{"somebody who takes part", 0, surveys.Live, []string{"no-contact", "no-collection", "erasure"}},
		{"somebody who is not asked any more", surveys.StopContact, surveys.Live, []string{"no-collection", "erasure"}},
		{"after erasure", surveys.EraseAnswers, surveys.Live, nil},
		{"a locked study", 0, surveys.Locked, []string{"no-contact", "no-collection", "erasure"}},
		{"as far as a locked study allows by itself", surveys.StopCollection, surveys.Locked, []string{"erasure"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, level := range (withdrawal.Person{Left: tt.giveFrom, State: tt.giveState}).Levels(locale.English(), "no-collection") {
				got = append(got, level.Value)
				if level.Chosen != (level.Value == "no-collection") {
					t.Errorf("%s: chosen is %v", level.Value, level.Chosen)
				}
				if level.Label == "" || len(level.Does) == 0 || len(level.Stays) == 0 {
					t.Errorf("%s lacks words: %+v", level.Value, level)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Levels() (-want +got):\n%s", diff)
			}
		})
	}
}

// What waits for a decision is not asked for again, but by people themselves, who need nobody to agree before the lock.
func TestLevelsWhileErasureWaits(t *testing.T) {
	tests := []struct {
		name string
		give withdrawal.Person
		kind surveys.ProposalKind
		want int
	}{
		{"after the lock", withdrawal.Person{Left: surveys.StopCollection, State: surveys.Locked}, surveys.EraseLocked, 0},
		{"after the lock, at the desk", withdrawal.Person{Left: surveys.StopCollection, State: surveys.Locked, Told: true}, surveys.EraseLocked, 0},
		{"unlocked since", withdrawal.Person{Left: surveys.StopCollection, State: surveys.Ended}, surveys.EraseLocked, 1},
		{"the fourth of an hour, at the desk", withdrawal.Person{State: surveys.Live, Told: true}, surveys.EraseMore, 2},
		{"the fourth of an hour, by the person", withdrawal.Person{State: surveys.Live}, surveys.EraseMore, 3},
		{"the fourth of an hour, locked since", withdrawal.Person{State: surveys.Locked, Told: true}, surveys.EraseMore, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.give.Waiting = []surveys.Proposal{{Kind: tt.kind}}
			if got := tt.give.Levels(locale.English(), ""); len(got) != tt.want {
				t.Errorf("Levels() = %+v, want %d", got, tt.want)
			}
		})
	}
}

func TestLevelsAreInTheLanguage(t *testing.T) {
	arabic, ok := locale.Find("ar")
	if !ok {
		t.Fatal("there is no Arabic pack")
	}
	english, translated := withdrawal.Person{}.Levels(locale.English(), ""), withdrawal.Person{}.Levels(arabic, "")
	for i := range english {
		if english[i].Label == translated[i].Label || slices.Equal(english[i].Does, translated[i].Does) {
			t.Errorf("%s is in English", english[i].Value)
		}
	}
}

func TestLockedSays(t *testing.T) {
	for _, state := range []surveys.StudyState{surveys.Draft, surveys.Live, surveys.Ended} {
		if got := withdrawal.LockedSays(locale.English(), state); got != "" {
			t.Errorf("LockedSays(%v) = %q, want nothing", state, got)
		}
	}
	if got := withdrawal.LockedSays(locale.English(), surveys.Locked); !strings.Contains(got, "locked") {
		t.Errorf("LockedSays(locked) = %q, want the reason", got)
	}
}

func TestAsked(t *testing.T) {
	offered := withdrawal.Person{Left: surveys.StopContact}.Levels(locale.English(), "")
	tests := []struct {
		give   string
		want   surveys.WithdrawalLevel
		wantOK bool
	}{
		{"no-collection", surveys.StopCollection, true},
		{"erasure", surveys.EraseAnswers, true},
		{"no-contact", 0, false}, // known, but no further than before
		{"everything", 0, false},
		{"", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.give, func(t *testing.T) {
			got, view, ok := withdrawal.Asked(tt.give, offered)
			if got != tt.want || ok != tt.wantOK {
				t.Errorf("Asked(%q) = %v, %v, want %v, %v", tt.give, got, ok, tt.want, tt.wantOK)
			}
			if ok && view.Value != tt.give {
				t.Errorf("Asked(%q) returns the words of %q", tt.give, view.Value)
			}
		})
	}
}

func TestWithdrawnOf(t *testing.T) {
	step := surveys.Withdrawal{Level: surveys.StopCollection, Channel: surveys.ByTelephone, At: time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)}
	view := withdrawal.WithdrawnOf(locale.English(), surveys.Withdrawn{History: []surveys.Withdrawal{step}}, &surveys.Study{Zone: time.UTC})
	if !strings.Contains(view.Says, "2 March 2026") || view.Released != "" {
		t.Errorf("WithdrawnOf() = %+v, want the day and no release", view)
	}
	offered := withdrawal.Person{}.Levels(locale.English(), "")
	if diff := cmp.Diff(offered[1].Does, view.Does); diff != "" {
		t.Errorf("what happens differs from what was offered (-offered +said):\n%s", diff)
	}
	view = withdrawal.WithdrawnOf(locale.English(), surveys.Withdrawn{History: []surveys.Withdrawal{step}, Releases: []int{1, 3}}, &surveys.Study{Zone: time.UTC})
	if !strings.Contains(view.Released, "2 datasets") || !strings.Contains(view.Released, "1 and 3") {
		t.Errorf("Released = %q, want both releases", view.Released)
	}
}
