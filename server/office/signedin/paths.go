package signedin

import (
	"net/url"

	"wellwave/server/access"
	"wellwave/surveys"
)

// Where the pages of one part lead into those of another. The addresses of a part that nobody else leads to stand with it.

// StudyPath is the page of a study.
func StudyPath(id surveys.StudyID) string { return "/office/studies/" + string(id) }

// AlertsPath is the list of a study’s alerts.
func AlertsPath(study surveys.StudyID) string { return StudyPath(study) + "/alerts" }

// ProposalsPath is the list of what waits for a second person in a study.
func ProposalsPath(study surveys.StudyID) string { return StudyPath(study) + "/second-person" }

// SitePath is the desk of a site.
func SitePath(study surveys.StudyID, site surveys.SiteID) string {
	return "/desk/sites/" + string(study) + "/" + string(site)
}

// PracticeReportPath is what a practice is told of a round of its staff.
func PracticeReportPath(study surveys.StudyID, site surveys.SiteID, wave surveys.WaveID) string {
	return SitePath(study, site) + "/rounds/" + string(wave)
}

// EntryPath is the list of whose answers are entered.
const EntryPath = "/entry"

// EntryPersonPath is where the answers of one person are entered.
func EntryPersonPath(id surveys.EnrolmentID) string { return EntryPath + "/people/" + string(id) }

// Home is where an account begins.
func Home(account surveys.Account) string {
	if access.Readers.Has(account) {
		return "/office"
	}
	if account.Role == surveys.DataEntry {
		return EntryPath
	}
	return "/desk"
}

// LinkAddress is the address that opens a link or code.
func LinkAddress(base *url.URL, code string) string { return base.JoinPath("s", code).String() }
