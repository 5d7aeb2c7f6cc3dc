package surveys

// Identifiers are opaque. Those of a study file (study, arm, site, wave) are short words its author chose and are unique
// within the study; the others are made by the store.
type (
	StudyID       string // as in the study file, unique in the database
	ArmID         string // unique in its study
	SiteID        string // unique in its study
	WaveID        string // unique in its study
	ScaleID       string // unique among the instruments of a wave
	InstrumentID  string // with a version it names one instrument
	ParticipantID string
	EnrolmentID   string
	ResponseID    string
	InvitationID  string
	AccountID     string
	KioskID       string
	HandOverID    string
)
