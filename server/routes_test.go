package server

import (
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
)

func TestEveryRouteIsForSomebodyAndInTheTable(t *testing.T) {
	s, _ := newLogged(t)
	table := make([]string, 0, 64)
	for _, r := range s.routes(Config{}) {
		if r.who.Name == "" || r.handle == nil {
			t.Errorf("route %s %s: audience %q", r.method, r.path, r.who.Name)
		}
		if strings.HasPrefix(r.path, "/office") || strings.HasPrefix(r.path, "/desk") || strings.HasPrefix(r.path, "/entry") {
			if len(r.who.Roles) == 0 {
				t.Errorf("route %s %s: no role, want some", r.method, r.path)
			}
		}
		if strings.HasPrefix(r.path, "/office") && slices.Contains(r.who.Roles, surveys.Practice) {
			t.Errorf("route %s %s: open to practices", r.method, r.path)
		}
		if r.method != get && slices.Contains(r.who.Roles, surveys.Auditor) && !strings.HasPrefix(r.path, "/account") && r.path != "/confirm" {
			t.Errorf("route %s %s: an auditor could change something", r.method, r.path)
		}
		table = append(table, r.method+" "+r.path)
	}
	for _, r := range s.echo.Routes() {
		if !slices.Contains(table, r.Method+" "+r.Path) {
			t.Errorf("route %s %s is registered outside the table", r.Method, r.Path)
		}
	}
	if got := len(s.echo.Routes()); got != len(table) {
		t.Errorf("registered %d routes, want %d", got, len(table))
	}
}

func TestARouteForNobodyDoesNotStart(t *testing.T) {
	s, _ := newLogged(t)
	if err := s.register(s.echo, route{method: get, path: "/new", handle: s.healthz}); err == nil || !strings.Contains(err.Error(), "nobody may ask") {
		t.Errorf("register() of a route without an audience = %v, want it refused", err)
	}
}
