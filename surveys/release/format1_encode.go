package release

import (
	"strconv"

	"wellwave/surveys"
)

// Releases of format 1 hold a table a wave. What only they need stands in files of this name.

// appendKeys1 writes the combination of the file's keys: those of the person, then those that this wave adds. The word for
// a missing key is released too, so it is a part of the combination.
func (e *encoder) appendKeys1(b []byte, r *surveys.ReleasedResponse) []byte {
	for _, person := range [2]bool{true, false} {
		for i := range e.file.Columns {
			if c := &e.file.Columns[i]; c.Class == surveys.ClassKey && c.ofPerson() == person {
				var missing surveys.Missing
				if b, missing = e.appendValue(b, r, i, false); missing != 0 {
					b = append(append(append(b, '('), missing.String()...), ')')
				}
				b = append(b, cellEnd)
			}
		}
		if person {
			b = append(b, partEnd)
		}
	}
	return b
}

// appendLine1 writes what follows the id in the line of a response.
func (e *encoder) appendLine1(b []byte, r *surveys.ReleasedResponse) []byte {
	scale := 0
	for i := range e.file.Columns {
		b = append(b, ',')
		switch e.file.Columns[i].From {
		case FromScale:
			score := &r.Scores[scale]
			scale++
			if score.Valid {
				b = appendNumber(b, score.Value)
			}
			b = strconv.AppendInt(append(b, ','), int64(score.Answered), 10)
		case FromItem, FromDecile, FromQuintile:
			var missing surveys.Missing
			b, missing = e.appendValue(b, r, i, e.excel)
			b = append(append(b, ','), missing.String()...)
		default:
			b, _ = e.appendValue(b, r, i, e.excel)
		}
	}
	return append(b, '\n')
}
