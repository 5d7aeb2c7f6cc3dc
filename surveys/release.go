package surveys

import "time"

// ReleaseProfile says who may hold a release and so how well it must hide people.
type ReleaseProfile uint8

// The profiles.
const (
	TeamRelease   ReleaseProfile = iota + 1 // people of the study's own team, under its protocol
	SharedRelease                           // other researchers, under an agreement
	OpenRelease                             // anybody
)

var profileWords = Words[ReleaseProfile]{TeamRelease: "team", SharedRelease: "shared", OpenRelease: "open"}

// smallestClass is each profile's k: how many people must share every combination of the keys.
var smallestClass = [...]int{TeamRelease: 5, SharedRelease: 10, OpenRelease: 12}

// ReleaseProfiles lists every profile in the order of a menu.
func ReleaseProfiles() []ReleaseProfile { return profileWords.Values() }

// String returns the word that stands in files, commands and the database.
func (p ReleaseProfile) String() string { return profileWords.Word(p) }

// ParseReleaseProfile returns the profile named by word.
func ParseReleaseProfile(word string) (ReleaseProfile, bool) { return profileWords.Parse(word) }

// K returns how many people at least must share every combination of the keys of a release.
func (p ReleaseProfile) K() int {
	if int(p) >= len(smallestClass) {
		return 0
	}
	return smallestClass[p]
}

// greatestMean is each profile's greatest mean risk of being found by the keys. The greatest risk of anybody, one in K, is 0.20, 0.10
// and 0.084.
var greatestMean = [...]float64{TeamRelease: 0.10, SharedRelease: 0.05, OpenRelease: 0.03}

// MeanRisk returns how great the risk of being found by somebody who knows the keys may be on average.
func (p ReleaseProfile) MeanRisk() float64 {
	if int(p) >= len(greatestMean) {
		return 0
	}
	return greatestMean[p]
}

// Release is a numbered snapshot of a study's responses that leaves the platform. Once it has a manifest nothing about
// it changes: it can be written again, to the same bytes, for as long as the answers it was made of are kept.
type Release struct {
	Study     StudyID
	Number    int // from 1, within the study
	Profile   ReleaseProfile
	Plan      string // JSON of release.Plan: the columns and how they are recoded
	Manifest  string // JSON of release.Manifest: the files that went out
	Responses int    // frozen responses
	People    int    // frozen people, whether they answered or not; 0 in releases of older versions
	Approval  Approval
	// Assessment is JSON of release.Assessment, what was counted when it was made; empty in releases of older versions.
	Assessment string
	Erased     int  // people in it whose answers were erased since
	KeyLost    bool // the key that makes its ids was lost with a root key
	Declared   int  // people in it whose consent the study team declared, rather than that they gave it on a page; −1 where nobody counted
	By         AccountID
	FrozenAt   time.Time
	Key        []byte `json:"-"` // makes the release's ids; never shown
}

// ReleaseDropped says why a release that was frozen is not kept. Its word stands in the audit trail.
type ReleaseDropped uint8

// The reasons.
const (
	ReleaseFailed  ReleaseDropped = iota + 1
	ReleaseRefused                // it would have given people away
	ReleaseTried                  // it was only to be seen what would become of it
)

var droppedWords = Words[ReleaseDropped]{ReleaseFailed: "fail", ReleaseRefused: "refuse", ReleaseTried: "try"}

// String returns the word.
func (d ReleaseDropped) String() string { return droppedWords.Word(d) }

// ReleasedResponse is a frozen response as a release reads it, before anything is recoded.
type ReleasedResponse struct {
	Enrolment     EnrolmentID
	Arm           ArmID
	Site          SiteID
	SIMDDecile    int    // 0 where unknown
	Questionnaire string // hash
	Answers       string // in stored form, see EachAnswer
	Finished      bool
	// Baseline and Day are day numbers, days since 1970-01-01 in the study's zone, of the participant's baseline and of
	// the answers; HasBaseline and HasDay say whether they are known.
	Baseline, Day       int
	HasBaseline, HasDay bool
	LateDays            int // the most that any of its submissions was late
	How                 Collection
	Proxy               bool            // a proxy gave some answer that stands
	Scores              []ReleasedScore // of the scales asked for, in their order
}

// ReleasedScore is the score of one scale of a frozen response. The zero value is a scale without any answer.
type ReleasedScore struct {
	Valid    bool
	Value    float64 // meaningful only if Valid
	Answered int     // items answered
	Prorated bool    // the mean of the answered items stands for those that were not
}

// ReleasedPerson is somebody in a frozen release, as a release reads them.
type ReleasedPerson struct {
	Enrolment  EnrolmentID
	Arm        ArmID
	Site       SiteID
	SIMDDecile int // 0 where unknown
	// Sampled and Baseline are day numbers; a negative baseline is that of somebody who has not begun it.
	Sampled, Baseline int
	// Outcomes are the dispositions that were recorded, by wave; a wave of which nothing is recorded is not in it.
	Outcomes map[WaveID]Disposition
}
