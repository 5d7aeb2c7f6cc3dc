package server_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys/store/storetest"
)

// TestMovedDatabase moves the database's file under a running server and puts a backup there. Nobody gets a receipt, /readyz says
// so at once, and the log says what to do.
func TestMovedDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wellwave.db")
	now := func() time.Time { return storetest.Start }
	s := storetest.Database{DSN: "sqlite:" + path}.Open(t, storetest.Clock(now))
	storetest.LoadStudy(t, s)
	invited, err := s.Invite(t.Context(), "", storetest.Enrol(t, s, 1)[0], storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	o := &servertest.Office{T: t, Store: s, Host: "study.example.org", Log: new(servertest.Log)}
	if o.Server, err = server.New(server.Config{Store: s, BaseURL: "http://" + o.Host, Now: now, Logger: slog.New(slog.NewTextHandler(o.Log, nil))}); err != nil {
		t.Fatal(err)
	}
	o.HTTP = httptest.NewServer(o.Server.Handler())
	t.Cleanup(o.HTTP.Close)
	patient := o.Client()
	handle := strings.Split(patient.Get("/s/"+invited.Link).Header.Get("Location"), "/")[2]
	save := func() servertest.Reply {
		return patient.Post("/q/"+handle+"/1", url.Values{"seq": {"1"}, "mood_1": {"1"}})
	}
	servertest.WantText(t, "readiness", o.Client().Get("/readyz"), "ready")
	if err := s.Backup(t.Context(), path+".backup"); err != nil {
		t.Fatal(err)
	}
	for _, names := range [][2]string{{path, path + ".moved"}, {path + ".backup", path}} {
		if err := os.Rename(names[0], names[1]); err != nil {
			t.Fatal(err)
		}
	}
	servertest.WantStatus(t, "readiness", o.Client().Get("/readyz"), http.StatusServiceUnavailable)
	for range 4 {
		servertest.WantStatus(t, "an answer", save(), http.StatusServiceUnavailable)
	}
	if n := strings.Count(o.Log.String(), `because="files of the database were moved: stop every wellwave on it`); n < 5 {
		t.Errorf("%d lines of the log say what to do, want one for each failure:\n%s", n, o.Log)
	}
}
