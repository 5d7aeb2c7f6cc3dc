package server

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// healthz handles GET /healthz: the process answers.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz handles GET /readyz: the database takes commits too. Its schema was checked when the store opened.
func (s *Server) readyz(c echo.Context) error {
	if err := s.store.Ready(c.Request().Context()); err != nil {
		s.log.Error("not ready", "error", err)
		return c.String(http.StatusServiceUnavailable, "database takes no commits\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

// metrics counts requests by route pattern, never by person.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wellwave_requests_total", Help: "Requests by route pattern, method and status."},
			[]string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wellwave_request_seconds", Help: "Time to answer by route pattern.",
			Buckets: []float64{.001, .005, .025, .1, .5, 2.5, 10}},
			[]string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds)
	return m
}

// serveMetrics handles GET /metrics. Only this machine may read them unless the configuration opens them.
func (s *Server) serveMetrics(open bool) echo.HandlerFunc {
	handler := promhttp.HandlerFor(prometheus.Gatherers{s.metrics.registry, coarseProcess()}, promhttp.HandlerOpts{})
	return func(c echo.Context) error {
		if !open && !fromThisMachine(c.Request()) {
			return echo.ErrNotFound
		}
		handler.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}
