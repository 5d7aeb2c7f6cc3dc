package surveys

import "time"

// StudyVersion is one stored version of a study file.
type StudyVersion struct {
	Version  int // from 1
	Hash     string
	LoadedAt time.Time
}
