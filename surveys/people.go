package surveys

import (
	"slices"
	"time"
)

// NewEnrolment is a person as a practice samples them: a number that means nothing elsewhere, a site, and what is known
// about where they live. Nothing that identifies them is in it.
type NewEnrolment struct {
	Study       StudyID
	Site        SiteID
	Arm         ArmID  // the site's own where empty
	Label       string // as StudyNumber writes it once Check has passed
	SIMDDecile  int    // 1 (most deprived) to 10, 0 where unknown
	SIMDVersion string
	Declared    *DeclaredConsent // for somebody who comes with a file; nil for who is sampled and asked on a page
}

// Enrolment is one participant in one study, arm and site.
type Enrolment struct {
	ID          EnrolmentID
	Study       StudyID
	Site        SiteID
	Arm         ArmID
	Label       string
	SampledAt   time.Time
	Consented   bool
	Left        WithdrawalLevel
	SIMDDecile  int
	SIMDVersion string
}

// Invitation is a personal link and a typed code for one enrolment and wave. Both are known only in the moment of
// making; afterwards the database holds keyed hashes of them.
type Invitation struct {
	ID        InvitationID
	Enrolment EnrolmentID
	Wave      WaveID
	Link      string // the last part of the link's address
	Code      string // as people type it, in groups
}

// Opened is what a link or code leads to.
type Opened struct {
	Audience   Audience
	Study      StudyID
	Wave       WaveID
	Enrolment  EnrolmentID  // Patients only
	Occasion   *Occasion    // Patients only: as it is now
	Invitation InvitationID // Patients only
	Site       SiteID       // Staff only
	StaffCode  string       // Staff only: the hash under which the code is kept
}

// TicketLife is how long a link that was opened stays open on a device.
const TicketLife = 24 * time.Hour

// Occasion is all that a participant's page needs to know.
type Occasion struct {
	Study         *Study
	State         StudyState
	Wave          Wave
	Questionnaire *Questionnaire
	Answers       *Answers // as folded so far, by every sitting
	Consented     bool
	Left          WithdrawalLevel
	Finished      bool
	Outcome       Disposition // what the answers amount to so far; 0 before the first
	LateDays      int         // the most that any of the answers came after closing; 0 if all came in time
	Window        Window
	Earliest      Earliest // of a baseline
	HasWindow     bool     // false for a follow-up wave of somebody without a baseline
	Now           time.Time
}

// ConsentGiven is what a participant agreed to.
type ConsentGiven struct {
	Version  string
	Language string
	Clauses  []string // ids of those ticked
	Sitting  string
	On       time.Time // when it was given, where it was on paper; zero for now
	By       AccountID // who entered it from paper; empty for the person
}

// StaffSubmission is one anonymous questionnaire of a round.
type StaffSubmission struct {
	StaffCode string // as in Opened
	Page      string // random id of the page it was sent from, by which a second press of its button is told
	Language  string
	Answers   []ItemAnswer
	// Attributes are what somebody chose to say about themselves. What the round does not ask is not kept.
	Attributes StaffAttributes
}

// Due is one enrolment at one wave, for the list of who is due.
type Due struct {
	Enrolment   EnrolmentID
	Label       string
	Site        SiteID
	Arm         ArmID
	Wave        WaveID
	Window      Window
	HasWindow   bool
	Disposition Disposition
	Source      DispositionSource
	Reason      string
	Begun       bool // something was answered
	Invited     bool // a link or code is out
}

// Event is something that happened to an enrolment on a day, as a code and never as free text.
type Event struct {
	Enrolment EnrolmentID
	Kind      string    // referral, contact or issue
	On        time.Time // in the study's zone
	Attended  bool      // contact only
	Code      string    // what it was about; may be empty
}

// EventKinds lists what an event may be.
func EventKinds() []string { return []string{"referral", "contact", "issue"} }

// Check fails with Invalid for a label that names somebody, with NotFound for an unknown site or arm, and with Closed
// once the study has ended. It fills in the site's arm and writes the label as a study number.
func (n *NewEnrolment) Check(study *Study, state StudyState) error {
	if state >= Ended {
		return Errorf(Closed, "the study is closed, so nobody can be enrolled")
	}
	if err := n.CheckSite(); err != nil {
		return err
	}
	site, ok := study.Site(n.Site)
	if !ok {
		return Errorf(NotFound, "the study has no site %q", n.Site)
	}
	if n.Arm == "" {
		n.Arm = site.Arm
	}
	if _, ok := study.Arm(n.Arm); !ok {
		return Errorf(NotFound, "the study has no arm %q", n.Arm)
	}
	if err := CheckStudyNumber(n.Label); err != nil {
		return err
	}
	n.Label = StudyNumber(n.Label)
	if n.SIMDDecile < 0 || n.SIMDDecile > 10 || n.SIMDDecile > 0 && n.SIMDVersion == "" {
		return Errorf(Invalid, "a SIMD decile is 1 (most deprived) to 10, with the version of the index, such as 2020v2")
	}
	return nil
}

// CheckConsent fails with Invalid if the consent is to another text than the study's or leaves out a clause that must be
// agreed to.
func (s *Occasion) CheckConsent(given ConsentGiven) error {
	if s.Left != 0 || !s.State.Takes() {
		return Errorf(Closed, "the study is not taking answers")
	}
	if err := s.Earliest.check(given.On); err != nil {
		return &Error{Kind: Invalid, Message: err.Error(), Fields: map[string]string{"day": "This day is too long ago: the study had not begun."}}
	}
	consent := s.Study.Consent
	if given.Version != consent.Version {
		return Errorf(Invalid, "the consent text has changed since this page was opened; please read it again")
	}
	missing := Errorf(Invalid, "please tick each statement that you must agree to before you can take part")
	missing.Fields = make(map[string]string)
	for _, clause := range consent.Clauses {
		if clause.Required && !slices.Contains(given.Clauses, clause.ID) {
			missing.Fields[clause.ID] = "Tick this to take part"
		}
	}
	if len(missing.Fields) > 0 {
		return missing
	}
	for _, id := range given.Clauses {
		if !slices.ContainsFunc(consent.Clauses, func(c Clause) bool { return c.ID == id }) {
			return Errorf(Invalid, "the consent text has no statement %q", id)
		}
	}
	return nil
}
