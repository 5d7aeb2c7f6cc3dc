package surveys

// Discrepancy is a questionnaire to which more than one answer came for the same question. What stands is what was received
// last; everything else stays in the ledger. Whether the right answer stands is the study team's to find out.
type Discrepancy struct {
	Label    string // of the enrolment
	Site     SiteID
	Replaced int // times that one sitting replaced another's answer by a different one
	Aside    int // submissions kept aside because others had come under their number
}
