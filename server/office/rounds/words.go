package rounds

import (
	"fmt"
	"strings"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// What the pages of rounds say.

// smallestGroup is the number of answers from which the averages of a practice may stand alone.
var smallestGroup = disclosure.DefaultRules().MeanFrom

// over reports whether the last day of a round has passed.
func (r round) over() bool { return !r.now.Before(r.Wave.Closes) }

// lastDay is the last day of a round.
func (r round) lastDay() string {
	return page.SayDay(surveys.AddDays(r.Wave.Closes, -1), r.study.Zone)
}

// takesCards reports whether cards can be made. A round that no custodians open is set up with its first ones.
func (r round) takesCards() bool {
	return !r.over() && r.state < surveys.Ended && (r.Stage == surveys.RoundOpen || r.Stage == surveys.RoundPlanned && r.Sealing == surveys.ByServer)
}

// stageSays names how far a round has come, and the kind of its badge.
func (r round) stageSays() (says, kind string) {
	switch {
	case r.Stage == surveys.RoundOpen && r.now.Before(r.Wave.Opens):
		return "set up", "notice"
	case r.Stage == surveys.RoundOpen && r.over():
		return "over, not closed yet", "warn"
	case r.Stage == surveys.RoundOpen:
		return "open", "good"
	case r.Stage == surveys.RoundClosed:
		return "closed, still sealed", "notice"
	default:
		return r.Stage.String(), "plain"
	}
}

// steps are the stages of a round with how far it has come.
func (r round) steps() []stepView {
	var steps []stepView
	for stage := surveys.RoundPlanned; stage <= surveys.RoundReported; stage++ {
		step := stepView{Label: page.Capital(stage.String()), Current: stage == r.Stage, Done: stage < r.Stage}
		steps = append(steps, step)
	}
	return steps
}

// countSays says how many answers there are, as far as that may be said while there are any to come.
func (r round) countSays() string {
	how := fmt.Sprintf("counts are taken once a day, rounded down to %d, and not in the last %d days", disclosure.CountStep, disclosure.QuietDays)
	switch {
	case r.Certificate != nil:
		return fmt.Sprintf("about %d answers, to the nearest %d", r.Certificate.Sealed, disclosure.CountStep)
	case r.Stage == surveys.RoundPlanned:
		return "none: the round is not set up yet"
	case r.CountedOn.IsZero() && r.now.Before(r.Wave.Opens):
		return "none before " + page.SayDay(r.Wave.Opens, r.study.Zone)
	case r.CountedOn.IsZero():
		return "not counted; " + how
	case r.Count == 0:
		return fmt.Sprintf("fewer than %d answers on %s; %s", disclosure.CountStep, page.SayDay(r.CountedOn, r.study.Zone), how)
	default:
		return fmt.Sprintf("about %d answers on %s; %s", r.Count, page.SayDay(r.CountedOn, r.study.Zone), how)
	}
}

// next says what is to be done next, and links to where the team does it, the most likely first.
func (r round) next(custodians []surveys.StaffCustodian) (says string, links []page.Link) {
	closing := page.Link{Label: "Close the round", URL: r.path() + "/close"}
	lack := r.lacksCards()
	open := []page.Link{closing}
	if lack != "" {
		open = []page.Link{{Label: "Make the cards", URL: r.path() + "/cards"}, closing}
	}
	switch {
	case r.Stage == surveys.RoundPlanned && r.over():
		return "Its last day has passed and it was never set up, so nobody could answer.", nil
	case r.Stage == surveys.RoundPlanned && r.Sealing == surveys.ByCustodians && proved(custodians) < keepers:
		return fmt.Sprintf("Give each of the three custodians a key and let each show once that it can be read back. So far %d of 3 have.", proved(custodians)),
			[]page.Link{{Label: "Go to the custodians", URL: custodiansPath(r.study.ID)}}
	case r.Stage == surveys.RoundPlanned:
		return "Check the headcounts of the practices and set the round up. Then make its cards.", []page.Link{{Label: "Set the round up", URL: r.path() + "/set-up"}}
	case r.Stage == surveys.RoundOpen && r.over():
		return "Its last day has passed. Ask each practice to count the cards that are left over and to send them back in a sealed envelope. Then close the round.", []page.Link{closing}
	case r.Stage == surveys.RoundOpen && !r.state.Takes():
		return "The study is " + r.state.String() + ", so nobody can answer, whatever the cards say. Open the study first.", []page.Link{{Label: "Go to the study", URL: signedin.StudyPath(r.study.ID)}, closing}
	case r.Stage == surveys.RoundOpen && r.now.Before(r.Wave.Opens):
		return lack + "Bring the cards and the poster to the practices before " + page.SayDay(r.Wave.Opens, r.study.Zone) + ".", open
	case r.Stage == surveys.RoundOpen:
		return lack + "Staff answer until " + r.lastDay() + ". Remind everybody in the practices now and then. A text for that stands on the page of the round. Close it when its last day has passed.", open
	case r.Stage == surveys.RoundClosed:
		return "Bring two of the three custodians together with their keys, and open the answers.", []page.Link{{Label: "Open the answers", URL: r.path() + "/open"}}
	case r.Stage == surveys.RoundOpened:
		return "The answers are opened and mixed. What may be shown of them can be worked out now. Read it first, and then show it.", []page.Link{{Label: "See what would be shown", URL: r.path() + "/report"}}
	default:
		return "The results of this round are shown. Nothing is left to do.", []page.Link{{Label: "Read the report", URL: r.path() + "/report"}}
	}
}

// lacksCards says which practices have no cards yet, where any could have some.
func (r round) lacksCards() string {
	switch all, without := r.cardSites(); {
	case len(without) == 0:
		return ""
	case len(without) == len(all):
		return "There are no cards yet. "
	default:
		return signedin.Plural(len(without), "practice has", "practices have") + " no cards yet. "
	}
}

// protects says what keeps answers from being read, and by whom they could be.
func (r round) protects() []string {
	if r.Sealing == surveys.ByServer {
		return []string{"The server keeps the answers readable, in no order and beside no name, time or card. Nobody can tell whose an answer is.",
			"Whoever holds the server’s database could read the answers at any time. A study whose file asks for custodians is protected from that too."}
	}
	switch r.Stage {
	case surveys.RoundPlanned:
		return []string{"The round is sealed by whoever are the three custodians when it is set up. From then on each answer is sealed as it arrives.",
			"Nobody can read an answer until the round is closed and two of the three open it together: not the study team, not whoever has the server’s disk or its backups."}
	case surveys.RoundOpen, surveys.RoundClosed:
		return []string{"Each answer is sealed as it arrives. Two of these three custodians can open the answers together, once the round is closed; none of them can alone.",
			"Until then nobody can read an answer: not the study team, not whoever has the server’s disk or its backups."}
	default:
		return []string{"The answers were sealed until two of these three custodians opened them. What was sealed is destroyed.",
			"The opened answers are kept in a random order and beside no name, time or card. Nobody can tell whose an answer is."}
	}
}

// showing says which rules of what is shown a round gets when it is set up.
func showing(study *surveys.Study) string {
	says := fmt.Sprintf("Frozen too is what may be shown of it later: averages of a practice stand alone from %d answers, if they are from half of its staff or more.", smallestGroup)
	if arm, ok := study.Arm(study.StaffSurvey.Programme); ok {
		says += " The practices of the arm “" + arm.Title + "” are those of the programme."
	}
	if margin := study.StaffSurvey.Margin; margin != nil {
		says += " A change that is at most " + surveys.FormatNumber(*margin) + " less than the average’s is called almost as much."
	}
	return says + asks(study.StaffSurvey)
}

// asks says what staff of a round that is set up now are asked about themselves, and where it goes.
func asks(plan surveys.StaffPlan) string {
	if len(plan.Attributes) == 0 {
		return ""
	}
	words := map[surveys.StaffAttribute]string{surveys.AskRole: "the kind of work", surveys.AskTenure: "how long they have been there"}
	var asked []string
	for _, attribute := range plan.Attributes {
		asked = append(asked, words[attribute])
	}
	elsewhere := "At smaller ones it is sealed apart from them, and only what all of those practices said together may be shown."
	if plan.Sealing == surveys.ByServer {
		elsewhere = "At smaller ones nobody is asked, because the server could not keep it apart from the answers."
	}
	return fmt.Sprintf(" Staff may say something about themselves: %s. It is kept with the answers of practices that have a headcount of %d or more now. %s",
		strings.Join(asked, " and "), surveys.AttributesFrom, elsewhere)
}

// staffNote says what follows from a practice's headcount.
func staffNote(site surveys.RoundSite) string {
	switch {
	case site.Staff == 0:
		return "without a headcount there are no cards"
	case site.Staff < smallestGroup:
		return fmt.Sprintf("fewer than %d: its results can only stand together with other practices’", smallestGroup)
	default:
		return ""
	}
}

// reminder is a text to everybody in the practices, because nobody knows who has answered.
func (r round) reminder() string {
	return strings.Join([]string{"Dear colleagues",
		fmt.Sprintf("The staff survey “%s” of “%s” is open until %s.", r.Wave.Title, r.study.Title, r.lastDay()),
		"If you have answered already, thank you: you need do nothing. If you have not and would like to, draw a card from the pile in your practice. It says how to answer, and it works once.",
		"The survey is anonymous. Nobody can tell who has answered, which is why this message goes to everybody. Taking part is up to you.",
		"Questions: " + r.study.Contact,
	}, "\n\n")
}

// certificateFacts are what is kept of the opening of a round.
func certificateFacts(certificate surveys.Certificate, study *surveys.Study) []page.Fact {
	day := certificate.OpenedOn
	if parsed, err := surveys.ParseDay(day, study.Zone); err == nil {
		day = page.SayDay(parsed, study.Zone)
	}
	answers := fmt.Sprintf("about %d, to the nearest %d", certificate.Sealed, disclosure.CountStep)
	if certificate.Digest == "" {
		return []page.Fact{{Term: "Closed on", Text: day}, {Term: "Answers", Text: answers}, {Term: "Sealed by", Text: "nobody: the server kept the answers"}}
	}
	return []page.Fact{{Term: "Opened on", Text: day}, {Term: "Answers opened", Text: answers}, {Term: "By the keys of", Text: strings.Join(certificate.By, " and ")},
		{Term: "Check sum of all that was sealed", Text: certificate.Digest}}
}

// answersSay tells how many answered at a practice, as its report does.
func answersSay(site surveys.RoundSite) string {
	if site.Most {
		return "most"
	}
	return fmt.Sprintf("%d to %d", site.Answers, site.UpTo)
}
