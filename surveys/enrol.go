package surveys

import "time"

// twice is how soon after somebody was enrolled the same once more is a button that was pressed twice.
const twice = time.Minute

// IsFrom reports whether the person is whom n asks to enrol, and was enrolled a moment ago: then nobody need be told that
// the number is taken.
func (e Enrolment) IsFrom(n NewEnrolment, now time.Time) bool {
	return e.Study == n.Study && e.Label == StudyNumber(n.Label) && e.Site == n.Site && e.SIMDDecile == n.SIMDDecile &&
		now.Sub(e.SampledAt) < twice
}

// IsAt reports whether a row of a file, or another system, has the person at their site and in their arm. A row need not say
// either.
func (e Enrolment) IsAt(site SiteID, arm ArmID) bool {
	return (site == "" || site == e.Site) && (arm == "" || arm == e.Arm)
}

// CheckPlace fails with Invalid where a row of a file, or another system, has the person at another site or in another arm
// than they belong to, and says where that is: programs are not told, see IsAt.
func (e Enrolment) CheckPlace(site SiteID, arm ArmID) error {
	switch {
	case site != "" && site != e.Site:
		return Errorf(Invalid, "participant %s belongs to site %s, not %s", e.Label, e.Site, site)
	case arm != "" && arm != e.Arm:
		return Errorf(Invalid, "participant %s belongs to arm %s, not %s", e.Label, e.Arm, arm)
	default:
		return nil
	}
}

// CheckSite fails with Invalid where nothing says at which site a new person is to be enrolled. Their arm may follow from it.
func (n NewEnrolment) CheckSite() error {
	if n.Site == "" {
		return Errorf(Invalid, "participant %s is new, and no site is given to enrol them at", n.Label)
	}
	return nil
}
