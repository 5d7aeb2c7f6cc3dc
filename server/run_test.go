package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

func TestRunStopsWhenTold(t *testing.T) {
	db := storetest.SQLite(t)
	st := db.Open(t, storetest.Clock(func() time.Time { return storetest.Start }))
	s, err := New(Config{Store: st, BaseURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, listener) }()
	res, err := http.Get("http://" + listener.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || string(body) != "ok\n" {
		t.Errorf("/healthz = %q, %v, want ok", body, err)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
	answerAsStaff(t, st)
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
	case <-time.After(stopTimeout):
		t.Error("Run() does not return")
	}
	if log, err := os.Stat(strings.TrimPrefix(db.DSN, "sqlite:") + "-wal"); err != nil || log.Size() > 0 {
		t.Errorf("after the stop the log of commits is %v, %v, want it empty: it tells the order of anonymous answers", log, err)
	}
}

// answerAsStaff sends one anonymous answer to the tests' study.
func answerAsStaff(t *testing.T, st *store.Store) {
	t.Helper()
	storetest.LoadStudy(t, st)
	codes, err := st.MakeStaffCodes(t.Context(), "", storetest.Study, storetest.Round, "north", 1)
	if err != nil {
		t.Fatal(err)
	}
	card, err := st.OpenLink(t.Context(), codes[0])
	if err != nil {
		t.Fatal(err)
	}
	answers := []surveys.ItemAnswer{{Code: "climate_1", Value: surveys.Number(1)}}
	if err := st.SubmitStaff(t.Context(), surveys.StaffSubmission{StaffCode: card.StaffCode, Language: "en", Answers: answers}); err != nil {
		t.Fatal(err)
	}
}
