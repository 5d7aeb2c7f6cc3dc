package server_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// smallDisk mounts a disk of a few megabytes and returns where. It skips the test where that is not allowed.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) }) // nothing else can be done about it
	return folder
}

// fill writes a file until there is no room, and returns what removes it.
func fill(t *testing.T, folder string) (makeRoom func()) {
	t.Helper()
	path := filepath.Join(folder, "ballast")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = io.Copy(file, zeros{}); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is filled: %v, want no space left", err)
	}
	_ = file.Close()
	return func() { _ = os.Remove(path) }
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// On a real disk without room nothing is acknowledged: participants read that nothing was saved and are not bothered with why,
// the team and the log are told that the disk is full, and once there is room everything goes on.
func TestFullDisk(t *testing.T) {
	folder := smallDisk(t, "4m")
	began := time.Now()
	now := func() time.Time { return storetest.Start.Add(time.Since(began)) }
	s := storetest.Database{DSN: "sqlite:" + filepath.Join(folder, "wellwave.db")}.Open(t, storetest.Clock(now))
	storetest.LoadStudy(t, s)
	o, team, patient, at := answering(t, s, now)
	servertest.WantText(t, "the office", team.Get("/office"), "The disk that holds the answers is nearly full")
	metrics := team.Get("/metrics")
	servertest.WantText(t, "the metrics", metrics, "wellwave_disk_low 1", "wellwave_disk_free_bytes ", "wellwave_disk_total_bytes 4.194304e+06")

	makeRoom := fill(t, folder)
	var answer servertest.Reply
	for seq := 2; seq < 2_000; seq++ { // what the write-ahead log has room for is still saved
		if answer = patient.Post(at, url.Values{"seq": {"2"}, "mood_1": {[]string{"2", "3"}[seq%2]}}); answer.Status != http.StatusSeeOther {
			break
		}
	}
	wantDiskFull(t, o, team, answer)
	makeRoom()
	servertest.WantStatus(t, "an answer once there is room", patient.Post(at, url.Values{"seq": {"2"}, "mood_1": {"5"}}), http.StatusSeeOther)
}

// On PostgreSQL it is the server's disk that is full, which only its SQLSTATE says.
func TestFullDiskOfPostgres(t *testing.T) {
	db := storetest.Postgres(t)
	began := time.Now()
	now := func() time.Time { return storetest.Start.Add(time.Since(began)) }
	s := db.Open(t, storetest.Clock(now))
	storetest.LoadStudy(t, s)
	o, team, patient, at := answering(t, s, now)
	makeRoom := db.RefuseRows(t, "53100", "submissions", "audit", "compatibility")
	wantDiskFull(t, o, team, patient.Post(at, url.Values{"seq": {"2"}, "mood_1": {"5"}}))
	makeRoom()
	servertest.WantStatus(t, "an answer once there is room", patient.Post(at, url.Values{"seq": {"2"}, "mood_1": {"5"}}), http.StatusSeeOther)
}

// answering returns the office of a server on s, somebody of its team, and a patient who has given the first answer at a page.
func answering(t *testing.T, s *store.Store, now func() time.Time) (o *servertest.Office, team, patient *servertest.Client, page string) {
	t.Helper()
	person := storetest.Enrol(t, s, 1)[0]
	invited, err := s.Invite(t.Context(), "", person, storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	o = &servertest.Office{T: t, Store: s, Host: "study.example.org", Log: new(servertest.Log)}
	if o.Server, err = server.New(server.Config{Store: s, BaseURL: "http://" + o.Host, Now: now, Logger: slog.New(slog.NewTextHandler(o.Log, nil)), OpenMetrics: true}); err != nil {
		t.Fatal(err)
	}
	o.HTTP = httptest.NewServer(o.Server.Handler())
	t.Cleanup(o.HTTP.Close)
	team, patient = o.As(surveys.Researcher), o.Client()
	handle := strings.Split(patient.Get("/s/"+invited.Link).Header.Get("Location"), "/")[2]
	page = "/q/" + handle + "/1"
	servertest.WantStatus(t, "an answer while there is room", patient.Post(page, url.Values{"seq": {"1"}, "mood_1": {"1"}}), http.StatusSeeOther)
	return o, team, patient, page
}

// wantDiskFull looks at what an answer got for which there was no room, and at what the team, readiness and the log are told.
func wantDiskFull(t *testing.T, o *servertest.Office, team *servertest.Client, answer servertest.Reply) {
	t.Helper()
	servertest.WantStatus(t, "an answer on a full disk", answer, http.StatusServiceUnavailable)
	servertest.WantText(t, "an answer on a full disk", answer, "Your answer is not saved yet", "What you had just answered", "Save this now")
	if answer.Header.Get("Retry-After") == "" || strings.Contains(answer.Body, "disk") {
		t.Errorf("a participant is not told when to try again, or is told of the disk:\n%s", servertest.Excerpt(answer.Body))
	}
	closing := team.Post("/office/studies/trial/state/closed", url.Values{"confirm": {"yes"}})
	servertest.WantStatus(t, "the team's change", closing, http.StatusServiceUnavailable)
	servertest.WantText(t, "the team's change", closing, "The disk that holds the answers is full")
	servertest.WantStatus(t, "readiness", team.Get("/readyz"), http.StatusServiceUnavailable)
	for line := range strings.Lines(o.Log.String()) {
		if strings.Contains(line, "level=ERROR") && !strings.Contains(line, `because="disk is full"`) {
			t.Errorf("a line of the log does not say why: %s", line)
		}
	}
	if n := strings.Count(o.Log.String(), `because="disk is full"`); n < 3 {
		t.Errorf("%d lines of the log say that the disk is full, want one for each failure", n)
	}
}

// With room nobody is bothered, and what is little is said in percent and in bytes.
func TestLittleRoom(t *testing.T) {
	const gb = 1_000_000_000
	tests := []struct {
		room surveys.Space
		want bool
	}{
		{surveys.Space{Free: 100 * gb, Total: 1000 * gb}, false},
		{surveys.Space{Free: 49 * gb, Total: 1000 * gb}, true},
		{surveys.Space{Free: gb / 2, Total: 4 * gb}, false},
		{surveys.Space{Free: gb/2 - 1, Total: 4 * gb}, true},
	}
	for _, tt := range tests {
		o := servertest.NewOfficeAt(t, time.Now, server.Config{Space: func() (surveys.Space, bool, error) { return tt.room, true, nil }})
		storetest.LoadStudy(t, o.Store)
		servertest.WantStatus(t, "an office", o.As(surveys.Researcher).Get("/office"), http.StatusOK)
		page := o.As(surveys.Auditor).Get("/office")
		if got := strings.Contains(page.Body, "nearly full"); got != tt.want {
			t.Errorf("with %+v the office warns: %v, want %v", tt.room, got, tt.want)
		}
		if practice := o.As(surveys.Practice).Get("/desk"); strings.Contains(practice.Body, "nearly full") {
			t.Error("a practice reads of the disk")
		}
	}
}
