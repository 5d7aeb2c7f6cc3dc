package surveys

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTakeAdmits(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*Circumstances, *Submission)
		wantWeb Kind
		want    Kind // of bulk
	}{
		{"in good order", func(*Circumstances, *Submission) {}, 0, 0},
		{"no consent", func(c *Circumstances, _ *Submission) { c.Consented = false }, Forbidden, 0},
		{"withdrawn", func(c *Circumstances, _ *Submission) { c.Withdrawn = true }, Closed, Closed},
		{"draft", func(c *Circumstances, _ *Submission) { c.Study = Draft }, Closed, Closed},
		{"pilot", func(c *Circumstances, _ *Submission) { c.Study = Pilot }, 0, 0},
		{"study closed", func(c *Circumstances, _ *Submission) { c.Study = Ended }, 0, Closed},
		{"study locked", func(c *Circumstances, _ *Submission) { c.Study = Locked }, 0, Closed},
		{"no baseline yet", func(c *Circumstances, _ *Submission) { c.HasWindow = false }, Invalid, Invalid},
		{"before the window, by no clock of its own", func(c *Circumstances, _ *Submission) { c.Now = c.Window.Opens.Add(-time.Second) }, Closed, 0},
		{"the first moment of the window", func(c *Circumstances, _ *Submission) { c.Now = c.Window.Opens }, 0, 0},
		{"given before the window, received in it", func(c *Circumstances, s *Submission) { s.AnsweredAt = c.Window.Opens.Add(-time.Second) }, 0, Closed},
		{"a device that lost its date", func(_ *Circumstances, s *Submission) { s.AnsweredAt = time.Unix(0, 0) }, 0, Closed},
		{"given tomorrow", func(c *Circumstances, s *Submission) { s.AnsweredAt = c.Now.AddDate(0, 0, 2) }, 0, Invalid},
		{"noon of a day that has begun", func(c *Circumstances, s *Submission) {
			c.Now, s.AnsweredAt = c.Now.Add(-4*time.Hour), c.Now
		}, 0, 0},
		{"a helper who is a sentence", func(_ *Circumstances, s *Submission) { s.How.Helper = "my dear aunt" }, 0, Invalid},
	}
	for _, tt := range tests {
		for _, bulk := range []bool{false, true} {
			t.Run(tt.name+map[bool]string{true: " in bulk", false: ""}[bulk], func(t *testing.T) {
				r, c, sub := newResponse(t), openOn(10), save(phone, 1, "w_1", 1)
				sub.Bulk = bulk
				tt.change(&c, &sub)
				want := tt.wantWeb
				if bulk {
					want = tt.want
				}
				entry, err := r.Take(sub, c)
				if KindOf(err) != want || (err == nil) != (want == 0) {
					t.Fatalf("Take() = %v, want kind %v", err, want)
				}
				if err == nil && entry.Verdict != Aside && r.Answers.Given() != 1 {
					t.Errorf("the answer is not in the response")
				}
				if err != nil && (r.Revision != 0 || r.Answers.Origins() != "" || r.Disposition != Pending) {
					t.Errorf("a refused submission changed the response: %+v", r)
				}
				if strings.ContainsAny(r.How.Helper, " ") {
					t.Errorf("helper = %q is kept", r.How.Helper)
				}
			})
		}
	}
}

// The clocks of Europe/London go forward on 29 March 2026 and back on 25 October 2026, so these days have 23 and 25
// hours (Summer Time Act 1972, as amended).
func TestTakeCountsLateDays(t *testing.T) {
	tests := []struct {
		name    string
		closes  time.Time
		after   time.Duration
		want    int
		verdict Verdict
	}{
		{"the last moment", time.Date(2026, 2, 10, 0, 0, 0, 0, london), -time.Nanosecond, 0, Accepted},
		{"the moment of closing", time.Date(2026, 2, 10, 0, 0, 0, 0, london), 0, 1, Late},
		{"the end of the first day", time.Date(2026, 2, 10, 0, 0, 0, 0, london), 24*time.Hour - time.Nanosecond, 1, Late},
		{"the second day", time.Date(2026, 2, 10, 0, 0, 0, 0, london), 24 * time.Hour, 2, Late},
		{"a year", time.Date(2026, 2, 10, 0, 0, 0, 0, london), 365 * 24 * time.Hour, 366, Late},
		{"the end of the short day", time.Date(2026, 3, 29, 0, 0, 0, 0, london), 23*time.Hour - time.Nanosecond, 1, Late},
		{"after the short day", time.Date(2026, 3, 29, 0, 0, 0, 0, london), 23 * time.Hour, 2, Late},
		{"the end of the long day", time.Date(2026, 10, 25, 0, 0, 0, 0, london), 25*time.Hour - time.Nanosecond, 1, Late},
		{"after the long day", time.Date(2026, 10, 25, 0, 0, 0, 0, london), 25 * time.Hour, 2, Late},
		{"in summer, when midnight is 23:00 UTC", time.Date(2026, 7, 1, 0, 0, 0, 0, london), 23*time.Hour + 30*time.Minute, 1, Late},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := openOn(2)
			c.Window.Closes = tt.closes
			c.Now = tt.closes.Add(tt.after).UTC() // the server's clock is in no zone of the study's
			r := newResponse(t)
			entry := take(t, r, save(phone, 1, "w_1", 1), c)
			if entry.LateDays != tt.want || entry.Verdict != tt.verdict || r.LateDays != tt.want {
				t.Errorf("%v, %d days late (response %d), want %v, %d days", entry.Verdict, entry.LateDays, r.LateDays, tt.verdict, tt.want)
			}
			if r.Answers.Given() != 1 || entry.Revision != 1 {
				t.Error("a late answer is not in the response")
			}
		})
	}
}

// A study may close before or after a person's window: the first of the two counts.
func TestTakeCountsDaysAfterTheStudyClosed(t *testing.T) {
	on := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, london)
	}
	tests := []struct {
		name                   string
		state                  StudyState
		closed, answered, come time.Time
		want                   int
		verdict                Verdict
	}{
		{"at the moment of closing", Ended, on(2, 10, 12), time.Time{}, on(2, 10, 12), 1, Late},
		{"on the day of closing", Ended, on(2, 10, 12), time.Time{}, on(2, 10, 23), 1, Late},
		{"on the next day, within 24 hours", Ended, on(2, 10, 12), time.Time{}, on(2, 11, 1), 2, Late},
		{"after the window too", Ended, on(2, 10, 12), time.Time{}, on(3, 2, 12), 21, Late},
		{"closed after the window", Ended, on(3, 3, 12), time.Time{}, on(3, 4, 12), 4, Late},
		{"given before, received after", Ended, on(2, 10, 12), on(2, 9, 12), on(2, 12, 12), 3, Late},
		{"under way while it closed", Ended, on(2, 10, 12), time.Time{}, on(2, 10, 11), 1, Late},
		{"locked since", Locked, on(2, 10, 12), time.Time{}, on(2, 12, 12), 3, Aside},
		{"reopened", Live, time.Time{}, time.Time{}, on(2, 12, 12), 0, Accepted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := openOn(2)
			c.Study, c.ClosedAt, c.Now = tt.state, tt.closed.UTC(), tt.come.UTC()
			sub := save(phone, 1, "w_1", 1)
			sub.AnsweredAt = tt.answered
			entry := take(t, newResponse(t), sub, c)
			if entry.LateDays != tt.want || entry.Verdict != tt.verdict {
				t.Errorf("%v, %d days late, want %v, %d days", entry.Verdict, entry.LateDays, tt.verdict, tt.want)
			}
		})
	}
}

func TestOrdinary(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Circumstances, *Submission)
		want   bool
	}{
		{"in good order", func(*Circumstances, *Submission) {}, true},
		{"no consent", func(c *Circumstances, _ *Submission) { c.Consented = false }, false},
		{"withdrawn", func(c *Circumstances, _ *Submission) { c.Withdrawn = true }, false},
		{"locked", func(c *Circumstances, _ *Submission) { c.Study = Locked }, false},
		{"state changed", func(c *Circumstances, _ *Submission) { c.Study = Pilot }, false},
		{"no window", func(c *Circumstances, _ *Submission) { c.HasWindow = false }, false},
		{"late", func(c *Circumstances, _ *Submission) { c.Now = c.Window.Closes }, false},
		{"early", func(c *Circumstances, _ *Submission) { c.Now = c.Window.Opens.Add(-1) }, false},
		{"in time and received late", func(c *Circumstances, s *Submission) { s.AnsweredAt, c.Now = c.Now, c.Window.Closes }, false},
		{"a clock far ahead", func(c *Circumstances, s *Submission) { s.AnsweredAt = c.Now.AddDate(30, 0, 0) }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, sub := openOn(10), finishing(save(phone, 1, "w_1", 1, "w_2", 9))
			tt.change(&c, &sub)
			if got := c.Ordinary(sub, Live); got != tt.want {
				t.Fatalf("Ordinary() = %v, want %v", got, tt.want)
			}
			if !tt.want {
				return
			}
			prepared, real := newResponse(t), newResponse(t)
			want := take(t, real, sub, c)
			got := take(t, prepared, sub, OrdinaryCircumstances(c.Now, c.Study, c.Primary))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("prepared beforehand it comes out otherwise (-real +prepared):\n%s", diff)
			}
		})
	}
}
