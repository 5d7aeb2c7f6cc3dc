package demo_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/demo"
	"wellwave/surveys/disclosure"
	"wellwave/surveys/store"
)

// TestFill fills a database once and holds it against the published numbers of the model study (Mercer SW et al. Ann Fam
// Med 2019;17:518-525) and against the power that the monitor is to show for them.
func TestFill(t *testing.T) {
	ctx, clock := t.Context(), new(demo.Clock)
	s, err := store.Open(ctx, store.Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "demo.db"), Create: true, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	start := time.Now()
	guide, err := demo.Fill(ctx, s, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("filled in %v", time.Since(start))
	if shown := clock.Now(); time.Since(shown) > time.Minute {
		t.Errorf("after filling the clock shows %v", shown)
	}
	t.Run("monitor", func(t *testing.T) { checkMonitor(t, s) })
	t.Run("guide", func(t *testing.T) { checkGuide(t, s, guide) })
	t.Run("staff", func(t *testing.T) { checkStaff(t, s, guide) })
	t.Run("folds", func(t *testing.T) {
		if wrong, err := s.CheckFolds(ctx, nil); err != nil || len(wrong) > 0 {
			t.Errorf("CheckFolds() = %v, %v", wrong, err)
		}
	})
}

func checkMonitor(t *testing.T, s *store.Store) {
	study, state, err := s.Study(t.Context(), demo.Links)
	if err != nil || state != surveys.Live || !study.Demo {
		t.Fatalf("Study() = %v, %v, %v", study, state, err)
	}
	monitor, err := s.Monitor(t.Context(), demo.Links)
	if err != nil {
		t.Fatal(err)
	}
	if got := monitor.Wave("baseline").Closed.All.Retention; got.Count != 900 || got.Of != 900 {
		t.Errorf("baseline: %d of %d complete, want 900 of 900", got.Count, got.Of)
	}
	nine := monitor.Wave("nine-months")
	if !nine.AllClosed() {
		t.Error("some nine-month windows are still open")
	}
	rows := append(nine.Closed.Arms, nine.Closed.All)
	for i, want := range []struct {
		complete, of int
		percent      string
	}{{214, 288, "74.3%"}, {561, 612, "91.7%"}, {775, 900, "86.1%"}} {
		got := rows[i].Retention
		if got.Count != want.complete || got.Of != want.of || got.Percent() != want.percent {
			t.Errorf("%s: retention %d of %d (%s), want %d of %d (%s)", rows[i].Title, got.Count, got.Of, got.Percent(), want.complete, want.of, want.percent)
		}
	}
	if got := nine.Closed.Gaps[0].Retention.Points(); got != "−17.4" && got != "−17.4 points" {
		t.Errorf("retention difference = %q, want −17.4 points", got)
	}
	// 0.9189657823 with clusters of equal size (noncentral t, gonum and R agree); here they differ by at most one person.
	if got := nine.Targets[0].Power; math.Abs(got-0.9189657823) > 0.0005 {
		t.Errorf("power = %v, want 0.919", got)
	}
	late := monitor.Wave("eighteen-months").DueSoFar.All.Tally
	if late.Count(surveys.Pending) == 0 || late.Count(surveys.Complete) == 0 || late.Count(surveys.NotYetDue) == 0 {
		t.Errorf("at eighteen months: %+v, want some pending, some complete and some not yet due", late)
	}
}

func checkGuide(t *testing.T, s *store.Store, guide *demo.Guide) {
	ctx := t.Context()
	for code, want := range map[string]surveys.Opened{
		guide.Patient.Link:  {Audience: surveys.Patients, Study: demo.TryIt, Wave: "baseline"},
		guide.Patient.Code:  {Audience: surveys.Patients, Study: demo.TryIt, Wave: "baseline"},
		guide.FollowUp.Link: {Audience: surveys.Patients, Study: demo.Links, Wave: "eighteen-months"},
		guide.Staff:         {Audience: surveys.Staff, Study: demo.Links, Wave: "round-3"},
	} {
		got, err := s.OpenLink(ctx, code)
		if err != nil || got.Audience != want.Audience || got.Study != want.Study || got.Wave != want.Wave {
			t.Errorf("OpenLink() = %+v, %v, want %+v", got, err, want)
		}
	}
	page, err := s.Occasion(ctx, guide.FollowUp.Enrolment, guide.FollowUp.Wave)
	if err != nil || page.Finished || !page.HasWindow || page.Window.Opens.After(page.Now) || !page.Window.Closes.After(page.Now) {
		t.Errorf("the follow-up questionnaire is not open: %+v, %v", page.Window, err)
	}
	for _, signIn := range guide.SignIns {
		account, _, err := s.SignIn(ctx, signIn.Email, signIn.Password)
		if err != nil || account.Role != signIn.Role {
			t.Errorf("SignIn(%s) = %v, %v", signIn.Email, account.Role, err)
		}
	}
}

// checkStaff wants two rounds that were opened and one that is open and sealed, enough answers in each that sites can be
// shown one by one, at least 8 and half of the headcount, and too few at one of them.
func checkStaff(t *testing.T, s *store.Store, guide *demo.Guide) {
	rounds, err := s.Rounds(t.Context(), demo.Links)
	if err != nil || len(rounds) != 3 {
		t.Fatalf("Rounds() = %d rounds, %v, want 3", len(rounds), err)
	}
	for _, round := range rounds[:2] {
		if round.Stage != surveys.RoundReported || round.Certificate == nil || round.Certificate.Sealed < 180 {
			t.Errorf("%s is %v with certificate %+v, want it reported with 180 answers", round.Wave.ID, round.Stage, round.Certificate)
		}
		var few []surveys.SiteID
		for _, site := range round.Sites {
			if site.Answers < 5 || 2*site.Answers < site.Staff-2*disclosure.CountStep {
				t.Errorf("%s at %s: about %d of %d answered", round.Wave.ID, site.Site, site.Answers, site.Staff)
			}
			if site.Answers == 5 && site.Staff == 13 {
				few = append(few, site.Site)
			}
		}
		if !slices.Contains(few, "lochwhinnie") {
			t.Errorf("%s: too few answered at %v, want lochwhinnie among them", round.Wave.ID, few)
		}
	}
	if open := rounds[2]; open.Stage != surveys.RoundOpen || open.Sealing != surveys.ByCustodians || open.Count < 120 {
		t.Errorf("the third round is %v, sealed by %v, with about %d answers, want it open, by custodians, 120", open.Stage, open.Sealing, open.Count)
	}
	// Whoever tries the demonstration can close the third round and open it.
	if err := s.CloseRound(t.Context(), "", demo.Links, "round-3"); err != nil {
		t.Fatal(err)
	}
	if err := s.OpenRound(t.Context(), "", demo.Links, "round-3", [2]string{guide.Custodians[2].Key, guide.Custodians[0].Key}); err != nil {
		t.Errorf("OpenRound() with the keys of the guide = %v", err)
	}
	checkPattern(t, s)
	checkWho(t, s)
}

// checkWho wants the second round to tell who answered, at a practice where enough did and of the small ones together.
func checkWho(t *testing.T, s *store.Store) {
	study, _, err := s.Study(t.Context(), demo.Links)
	if err != nil {
		t.Fatal(err)
	}
	round, err := s.ReportedRound(t.Context(), demo.Links, "round-2")
	if err != nil {
		t.Fatal(err)
	}
	report, err := climate.ReadReport(round.Report)
	if err != nil {
		t.Fatal(err)
	}
	own, err := report.Practice(study, round.Questionnaire, "calderhill")
	if err != nil {
		t.Fatal(err)
	}
	for who, says := range map[string]string{"calderhill": own.RolesSay(), "the small practices": report.ApartSays()} {
		if !strings.Contains(says, "clinical work") || !strings.Contains(says, "2 to 10 years") {
			t.Errorf("of who answered at %s is told %q", who, says)
		}
	}
}

// checkPattern wants the published pattern in the three rounds: the practices with a links practitioner rose more than the
// others in four of five factors, and in communication no more, from a higher start.
func checkPattern(t *testing.T, s *store.Store) {
	study, _, err := s.Study(t.Context(), demo.Links)
	if err != nil {
		t.Fatal(err)
	}
	rounds, err := s.OpenedRounds(t.Context(), demo.Links)
	if err != nil || len(rounds) != 3 {
		t.Fatalf("OpenedRounds() = %d rounds, %v, want 3", len(rounds), err)
	}
	report, err := climate.NewReport(study, rounds)
	if err != nil {
		t.Fatal(err)
	}
	for _, theme := range report.Themes {
		t.Logf("%s: %s, %s: %.2f (%.2f to %.2f)", theme.Title, theme.Sentence, theme.From, *theme.Difference.Estimate, *theme.Difference.Low, *theme.Difference.High)
		more := strings.HasPrefix(theme.Sentence, "rose more than the average")
		if quiet := theme.ID == "safety_communication"; quiet == more || quiet != (theme.From == "from a higher start") {
			t.Errorf("%s %s, %s", theme.Title, theme.Sentence, theme.From)
		}
	}
}
