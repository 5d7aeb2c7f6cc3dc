package signedin

import (
	"cmp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// urgencyWords are the words of reception for what is still to do.
var urgencyWords = map[surveys.Urgency]struct{ label, kind string }{
	surveys.Overdue:    {"overdue", "alarm"},
	surveys.DueNow:     {"due", "warn"},
	surveys.DueLater:   {"not yet due", "plain"},
	surveys.DueUnknown: {"after baseline", "plain"},
}

// StateCell says where somebody stands in the words of reception: the reason if a person gave one.
func StateCell(d surveys.Due, now time.Time) page.Cell {
	switch {
	case d.Source == surveys.ByPerson:
		return page.BadgeCell("plain", strings.ToLower(surveys.ReasonLabel(d.Disposition, d.Reason)))
	case d.Disposition == surveys.Complete, d.Disposition == surveys.Partial:
		return page.BadgeCell("good", strings.ToLower(d.Disposition.Label()))
	case d.Disposition.Final():
		return page.BadgeCell("plain", strings.ToLower(d.Disposition.Label()))
	}
	words := urgencyWords[d.Urgency(now)]
	return page.BadgeCell(words.kind, words.label)
}

// Facts says where the person belongs and whether they take part.
func (p Person) Facts() []page.Fact {
	facts := []page.Fact{{Term: "Site", Text: p.TheirSite.Title}, {Term: "Added", Text: page.SayDay(p.SampledAt, p.TheirStudy.Zone)}}
	switch {
	case p.Left != 0:
		facts = append(facts, page.Fact{Term: "Consent", Text: "has left the study: “" + p.Left.Label() + "”"})
	case p.Consented:
		facts = append(facts, page.Fact{Term: "Consent", Text: "given"})
	default:
		facts = append(facts, page.Fact{Term: "Consent", Text: "not yet: it is asked on the first page of the questionnaire"})
	}
	return facts
}

// Authors returns a function that names authors. Where arm and site are hidden a tablet is just one, because it stands at a site.
func Authors(c echo.Context, kept *store.Store, hides bool) (func(surveys.Author) string, error) {
	accounts, err := kept.ListAccounts(c.Request().Context())
	if err != nil {
		return nil, err
	}
	names := make(map[surveys.AccountID]string, len(accounts))
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return func(by surveys.Author) string {
		if hides && by.Kind == surveys.ByTablet {
			return "the participant, on a tablet"
		}
		return cmp.Or(by.Says(names[by.Account()]), "not known")
	}, nil
}

// ErasureNote says in a list how far an erasure has come.
func ErasureNote(e surveys.Erasure, zone *time.Location) string {
	switch {
	case e.Waits():
		return "out of use; erased for good on " + page.SayTime(e.Due, zone)
	case !e.Done.IsZero():
		return "erased on " + page.SayTime(e.Done, zone)
	default:
		return ""
	}
}
