package server

import "wellwave/surveys"

// line is what the test of roles knows of a line of the table.
type line struct {
	method, path string
	roles        []surveys.Role
}

// table returns the table of routes.
func (s *Server) table() []line {
	var lines []line
	for _, r := range s.routes(Config{}) {
		lines = append(lines, line{r.method, r.path, r.who.roles})
	}
	return lines
}
