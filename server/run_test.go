package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"wellwave/surveys/store/storetest"
)

func TestRunStopsWhenTold(t *testing.T) {
	s, err := New(Config{Store: storetest.New(t), BaseURL: "http://localhost"})
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
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
	case <-time.After(stopTimeout):
		t.Error("Run() does not return")
	}
}
