package server

import "wellwave/surveys"

// Line is what the test of roles knows of a line of the table.
type Line struct {
	Method, Path string
	Who          string // the group's name
	Roles        []surveys.Role
}

// Table returns the table of routes.
func (s *Server) Table() []Line {
	var lines []Line
	for _, r := range s.routes(Config{}) {
		lines = append(lines, Line{r.method, r.path, r.who.Name, r.who.Roles})
	}
	return lines
}
