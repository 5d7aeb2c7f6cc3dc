package surveys

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The scale allows one of its four items to be missing, and half of four is two.
func TestDispositionFollowsAnswers(t *testing.T) {
	tests := []struct {
		name string
		give []any
		want Disposition
	}{
		{"all of the primary scale", []any{"w_1", 1, "w_2", 1, "w_3", 1, "w_4", 1}, Complete},
		{"as many as its rule needs", []any{"w_1", 1, "w_2", 1, "w_3", 1}, Complete},
		{"exactly half of the scored items", []any{"w_1", 1, "w_2", 1}, Partial},
		{"one fewer than half", []any{"w_1", 1}, BreakOff},
		{"a skipped item is no answer", []any{"w_1", 1, "w_2", Skipped, "w_3", Skipped, "w_4", Skipped}, BreakOff},
		{"answers that no scale uses", []any{"work", 0, "note", "x"}, BreakOff},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newResponse(t)
			take(t, r, save(phone, 1, tt.give...), openOn(2))
			if r.Outcome != tt.want || r.Disposition != Pending {
				t.Errorf("unfinished: outcome %v, disposition %v, want %v, pending", r.Outcome, r.Disposition, tt.want)
			}
			entry := take(t, r, finishing(save(phone, 2)), openOn(3))
			want := []DispositionChange{{At: openOn(3).Now, Disposition: tt.want, Source: ByAnswers}}
			if diff := cmp.Diff(want, entry.Disposition); diff != "" {
				t.Errorf("finished (-want +got):\n%s", diff)
			}

			closed := newResponse(t)
			take(t, closed, save(phone, 1, tt.give...), openOn(2))
			if changes := closed.CloseWindow(openOn(28).Now); len(changes) != 1 || changes[0].Disposition != tt.want || changes[0].Source != ByWindow {
				t.Errorf("CloseWindow() = %+v, want %v by the window", changes, tt.want)
			}
			if changes := closed.CloseWindow(openOn(28).Now); changes != nil {
				t.Errorf("CloseWindow() again = %+v, want nothing", changes)
			}
		})
	}
}

func TestDispositionOfLateAnswers(t *testing.T) {
	late := openOn(2)
	late.Now = late.Window.Closes.Add(time.Hour)
	whole := []any{"w_1", 1, "w_2", 1, "w_3", 1, "w_4", 1}

	t.Run("never begun in time", func(t *testing.T) {
		r := newResponse(t)
		entry := take(t, r, finishing(save(phone, 1, whole...)), late)
		if r.Disposition != NonContact || r.Source != ByWindow || len(entry.Disposition) != 1 || len(entry.Scores) != 1 || !entry.Scores[0].Valid {
			t.Errorf("%v by %v, scores %+v, want non-contact by the window, and scored", r.Disposition, r.Source, entry.Scores)
		}
	})
	t.Run("begun in time", func(t *testing.T) {
		r := newResponse(t)
		take(t, r, save(phone, 1, "w_1", 1), openOn(2))
		take(t, r, finishing(save(phone, 2, whole...)), late)
		if r.Disposition != BreakOff || r.Source != ByWindow || r.Outcome != BreakOff {
			t.Errorf("%v by %v, outcome %v, want what there was in time, a break-off", r.Disposition, r.Source, r.Outcome)
		}
	})
	t.Run("given in time, received late", func(t *testing.T) {
		r := newResponse(t)
		sub := save(phone, 1, whole...) // not finished
		sub.AnsweredAt = late.Window.Closes.Add(-time.Hour)
		entry := take(t, r, sub, late)
		if entry.Verdict != Accepted || r.LateDays != 0 || r.Disposition != Complete || r.Source != ByWindow {
			t.Errorf("%v, %d days late, %v by %v, want accepted and complete", entry.Verdict, r.LateDays, r.Disposition, r.Source)
		}
		if !r.AnsweredAt.Equal(sub.AnsweredAt) {
			t.Errorf("answered at %v, want %v", r.AnsweredAt, sub.AnsweredAt)
		}
	})
	t.Run("said to be given in the future", func(t *testing.T) {
		r := newResponse(t)
		sub := save(phone, 1, whole...)
		sub.AnsweredAt = late.Now.AddDate(50, 0, 0)
		if entry := take(t, r, sub, openOn(2)); entry.Verdict != Accepted || entry.LateDays != 0 {
			t.Errorf("%v, %d days late, want a device's clock not to make an answer late", entry.Verdict, entry.LateDays)
		}
	})
	t.Run("do not count when a person's word is taken back", func(t *testing.T) {
		r := newResponse(t)
		if _, err := r.Record(Wave{}, Refusal, "declined", "a", openOn(2).Now); err != nil {
			t.Fatal(err)
		}
		take(t, r, finishing(save(phone, 1, whole...)), late)
		if _, err := r.UndoRecord("a", late); err != nil {
			t.Fatal(err)
		}
		r.CloseWindow(late.Now)
		if r.Disposition != NonContact {
			t.Errorf("disposition = %v, want non-contact: nothing came in time", r.Disposition)
		}
	})
}

func TestDispositionOfAPersonStands(t *testing.T) {
	whole := []any{"w_1", 1, "w_2", 1, "w_3", 1, "w_4", 1}
	r := newResponse(t)
	change, err := r.Record(Wave{}, OtherEligible, "too-ill", "nurse", openOn(2).Now)
	if err != nil || change.Source != ByPerson || change.By != "nurse" {
		t.Fatalf("Record() = %+v, %v, want it recorded", change, err)
	}
	if entry := take(t, r, finishing(save(phone, 1, whole...)), openOn(3)); len(entry.Disposition) != 0 || r.Disposition != OtherEligible {
		t.Errorf("a finished questionnaire made it %v, want what the nurse recorded", r.Disposition)
	}
	if r.CloseWindow(openOn(28).Now) != nil || r.Disposition != OtherEligible {
		t.Errorf("the window made it %v, want what the nurse recorded", r.Disposition)
	}
	if _, err := r.UndoRecord("nurse", openOn(4)); err != nil || r.Disposition != Complete || r.Source != ByAnswers {
		t.Errorf("UndoRecord() = %v, leaves %v by %v, want complete by the answers", err, r.Disposition, r.Source)
	}
	if r.Dispositions != 2 {
		t.Errorf("%d changes, want 2", r.Dispositions)
	}
	if _, err := r.UndoRecord("nurse", openOn(4)); KindOf(err) != Conflict {
		t.Errorf("UndoRecord() of nothing = %v, want a conflict", err)
	}
}

func TestUndoRecord(t *testing.T) {
	closed := openOn(2)
	closed.Now = closed.Window.Closes
	tests := []struct {
		name string
		give []Submission
		in   Circumstances
		want Disposition
	}{
		{"nothing answered, window open", nil, openOn(4), Pending},
		{"nothing answered, window closed", nil, closed, Pending}, // until its window is closed in turn
		{"begun, window open", []Submission{save(phone, 1, "w_1", 1)}, openOn(4), Pending},
		{"begun, window closed", []Submission{save(phone, 1, "w_1", 1)}, closed, BreakOff},
		{"finished", []Submission{finishing(save(phone, 1, "w_1", 1, "w_2", 2))}, openOn(4), Partial},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newResponse(t)
			for _, sub := range tt.give {
				take(t, r, sub, openOn(2))
			}
			if _, err := r.Record(Wave{}, Refusal, "declined", "a", openOn(3).Now); err != nil {
				t.Fatal(err)
			}
			if _, err := r.UndoRecord("a", tt.in); err != nil || r.Disposition != tt.want || r.Source == ByPerson {
				t.Errorf("UndoRecord() = %v, leaves %v by %v, want %v", err, r.Disposition, r.Source, tt.want)
			}
		})
	}
}

func TestRecordRefuses(t *testing.T) {
	for _, d := range Dispositions() {
		r := newResponse(t)
		_, err := r.Record(Wave{Baseline: true}, d, "because", "a", openOn(2).Now)
		if KindOf(err) != Invalid || r.Disposition != Pending {
			t.Errorf("Record(%v) with a reason that there is not = %v, want it refused", d, err)
		}
		for _, reason := range DispositionReasons(d) {
			for _, baseline := range []bool{true, false} {
				r := newResponse(t)
				_, err := r.Record(Wave{Baseline: baseline}, d, reason.Code, "a", openOn(2).Now)
				want := Invalid
				if d != Ineligible || baseline {
					want = 0
				}
				if KindOf(err) != want || (err == nil) != (want == 0) {
					t.Errorf("Record(%v, %s) at baseline %v = %v, want kind %v", d, reason.Code, baseline, err, want)
				}
			}
		}
	}
}
