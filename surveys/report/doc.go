// Package report draws what a surveys.Monitor holds: charts as accessible SVG for pages, and the response and power report
// as PDF. It draws in the same way what a practice reads of a round of the staff survey.
//
// # One scene
//
// A chart is laid out once as a scene of lines, dots and texts, and drawn twice: as SVG and as vectors in the PDF. The
// finding is its headline, marks are labelled where they stand, and colour never carries a meaning by itself. Beside every
// chart stands a table of the same numbers, made from the same struct.
//
// # The PDF
//
// The same monitor gives the same bytes: its dates are the monitor's, and its objects are written in order. It isn't
// tagged, so the web page is the accessible copy and the first page says so. Characters that the embedded fonts lack are
// replaced by question marks.
package report
