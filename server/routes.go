package server

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/surveys"
)

// route is one line of the table: what is asked for, who may ask, and who answers.
type route struct {
	method, path string
	who          access.Group
	handle       echo.HandlerFunc
	body         int64    // the largest body in bytes; 0 means defaultBody
	guard        *limiter // slows down clients that often fail here
}

// Sizes of bodies.
const (
	defaultBody = 256 << 10
	heldBody    = 1 << 20  // a form of the usual size that travels through the page for signing in again
	fileBody    = 4 << 20  // study files
	keyBody     = 64 << 10 // custodians’ keys: far below what would be put on the disk to be read
	outboxBody  = 4 << 20  // what a device delivers at once: perhaps many saves of one long text, in any script
	bulkBody    = 64 << 20 // submissions of a program, one per line
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is the whole table. Nothing is registered anywhere else.
func (s *Server) routes(config Config) []route {
	p, o := s.participant, s.office
	visitor, whileOpen, consented := p.Visits.Visitor, p.Visits.WhileOpen, p.Visits.Consented
	links, consent, response, questions, sheets := p.Links, p.Consent, p.Response, p.Questions, p.Sheets
	offline, kiosk, staff := p.Offline, p.Kiosk, p.Staff
	signingIn, own, accounts := o.Accounts.SigningIn, o.Accounts.Own, o.Accounts.Accounts
	studies, monitor, audit := o.Studies, o.Monitor, o.Audit
	releases, alerts, papers, proposals := o.Releases, o.Alerts, o.Papers, o.Proposals
	people, queries, withdrawals := o.People.People, o.People.Queries, o.People.Withdrawals
	rounds, custodians, findings, practiceReports := o.Rounds.Rounds, o.Rounds.Custodians, o.Rounds.Findings, o.Rounds.PracticeReports
	desk, kiosks, entry := o.Desk.Desk, o.Desk.Kiosks, o.Entry
	codes, signIn := s.limits.codes, s.limits.signIn
	return []route{
		// The machine's own.
		{get, "/healthz", access.Everybody, s.healthz, 0, nil},
		{get, "/readyz", access.Everybody, s.readyz, 0, nil},
		{get, "/metrics", access.Everybody, s.serveMetrics(config.OpenMetrics), 0, nil},
		{get, "/static/:name", access.Everybody, s.pages.Assets.Serve, 0, nil},
		{get, "/static/bar/:name", access.Everybody, s.pages.Assets.ServeBar, 0, nil},

		// Participants. The handle in an address names one response; it is compared with the sealed ticket.
		{get, "/", access.Everybody, links.ShowStart, 0, nil},
		{post, "/", access.Everybody, links.EnterCode, 0, codes},
		{get, "/s/:code", access.Everybody, links.OpenLink, 0, codes},
		{get, "/s/:code/*", access.Everybody, links.OpenLink, 0, codes}, // what a message put behind the link
		{get, "/q/sw.js", access.Everybody, offline.ServeWorker, 0, nil},
		{get, "/q/queue", access.Everybody, offline.ShowQueue, 0, nil},
		// Kiosks. The PIN opens them for colleagues; the database limits how often it can be tried.
		{get, "/kiosk", access.Everybody, kiosk.GoTo, 0, nil},
		{get, "/q/kiosk", access.Everybody, kiosk.GoTo, 0, nil},
		{get, "/q/kiosk/", access.Kiosks, kiosk.OnKiosk(kiosk.ShowPIN), 0, nil},
		{post, "/q/kiosk/", access.Kiosks, kiosk.OnKiosk(kiosk.EnterPIN), 0, nil},
		{post, "/q/kiosk/lock", access.Kiosks, kiosk.OnKiosk(kiosk.Lock), 0, nil},
		{get, "/q/kiosk/people", access.Kiosks, kiosk.OnKiosk(kiosk.Unlocked(kiosk.ShowPeople)), 0, nil},
		{post, "/q/kiosk/people", access.Kiosks, kiosk.OnKiosk(kiosk.Unlocked(kiosk.PickByCode)), 0, codes},
		{get, "/q/kiosk/people/:enrolment/:wave", access.Kiosks, kiosk.OnKiosk(kiosk.Unlocked(kiosk.AskHandOver)), 0, nil},
		{post, "/q/kiosk/people/:enrolment/:wave", access.Kiosks, kiosk.OnKiosk(kiosk.Unlocked(kiosk.HandOver)), 0, nil},
		{get, "/q/kiosk/offline.json", access.Kiosks, kiosk.OnKiosk(kiosk.ServeBundle), 0, nil},
		{post, "/q/kiosk/load", access.Kiosks, kiosk.OnKiosk(kiosk.Unlocked(kiosk.LoadPeople)), 0, nil},
		{post, "/q/kiosk/adopt", access.Kiosks, kiosk.OnKiosk(kiosk.AdoptHandOver), 0, nil},

		{get, "/q/:handle/", access.Participants, visitor(whileOpen(response.GoOn)), 0, nil},
		{get, "/q/:handle/welcome", access.Participants, visitor(whileOpen(response.ShowWelcome)), 0, nil},
		{get, "/q/:handle/consent", access.Participants, visitor(whileOpen(consent.Show)), 0, nil},
		{post, "/q/:handle/consent", access.Participants, visitor(whileOpen(consent.Give)), 0, nil},
		{get, "/q/:handle/all", access.Participants, visitor(whileOpen(consented(sheets.ShowAll))), 0, nil},
		{post, "/q/:handle/all", access.Participants, visitor(whileOpen(consented(sheets.AnswerAll))), 0, nil},
		{get, "/q/:handle/help", access.Participants, visitor(whileOpen(response.ShowHelp)), 0, nil},
		{post, "/q/:handle/help", access.Participants, visitor(whileOpen(response.SayHelp)), 0, nil},
		{get, "/q/:handle/care", access.Participants, visitor(consented(response.ShowCare)), 0, nil},
		{get, "/q/:handle/check", access.Participants, visitor(whileOpen(consented(response.ShowCheck))), 0, nil},
		{post, "/q/:handle/check", access.Participants, visitor(whileOpen(consented(response.Finish))), 0, nil},
		{get, "/q/:handle/thanks", access.Participants, visitor(response.ShowThanks), 0, nil},
		{post, "/q/:handle/leave", access.Participants, links.Leave, 0, nil},
		{get, "/q/:handle/agreed", access.Participants, visitor(consent.ShowAgreed), 0, nil},
		{get, "/q/:handle/agreed.pdf", access.Participants, visitor(consent.DownloadAgreed), 0, nil},
		{get, "/q/:handle/withdraw", access.Participants, visitor(consent.AskWithdrawal), 0, nil},
		{post, "/q/:handle/withdraw", access.Participants, visitor(consent.Withdraw), 0, nil},
		{get, "/q/:handle/withdrawn", access.Participants, visitor(consent.ShowWithdrawn), 0, nil},
		{get, "/q/:handle/offline.json", access.Participants, visitor(whileOpen(consented(offline.ServeBundle))), 0, nil},
		{post, "/q/:handle/deliver", access.Participants, offline.Deliver, outboxBody, nil},
		{post, "/q/:handle/all/save", access.Participants, visitor(whileOpen(consented(sheets.SaveAll))), 0, nil},
		{get, "/q/:handle/grid-:number", access.Participants, visitor(whileOpen(consented(sheets.ShowGrid))), 0, nil},
		{post, "/q/:handle/grid-:number", access.Participants, visitor(whileOpen(consented(sheets.AnswerGrid))), 0, nil},
		{post, "/q/:handle/grid-:number/save", access.Participants, visitor(whileOpen(consented(sheets.SaveGrid))), 0, nil},
		{post, "/q/:handle/:number/save", access.Participants, visitor(whileOpen(consented(questions.SaveQuestion))), 0, nil},
		{get, "/q/:handle/next-:number", access.Participants, visitor(whileOpen(consented(sheets.ShowNext))), 0, nil},
		{post, "/q/:handle/next-:number", access.Participants, visitor(whileOpen(consented(sheets.AnswerNext))), 0, nil},
		{get, "/q/:handle/:number", access.Participants, visitor(whileOpen(consented(questions.ShowQuestion))), 0, nil},
		{post, "/q/:handle/:number", access.Participants, visitor(whileOpen(consented(questions.AnswerQuestion))), 0, nil},
		{get, "/staff/", access.Participants, staff.Staffer(staff.ShowWelcome), 0, nil},
		{get, "/staff/survey", access.Participants, staff.Staffer(staff.ShowSurvey), 0, nil},
		{post, "/staff/survey", access.Participants, staff.Staffer(staff.SendSurvey), 0, codes}, // a used card is told here alone
		{get, "/staff/thanks", access.Everybody, staff.ShowThanks, 0, nil},

		// Programs, which have a key.
		{get, "/api/v1/openapi.json", access.Everybody, s.serveOpenAPI, 0, nil},
		{get, "/api/v1/studies/:study/monitor", access.Programs, s.withKey(surveys.ReadScope, s.apiMonitor), 0, nil},
		{post, "/api/v1/studies/:study/waves/:wave/submissions", access.Programs, s.withKey(surveys.SubmitScope, s.apiSubmit), bulkBody, nil},

		// Signing in.
		{get, "/sign-in", access.SigningIn, signingIn.Show, 0, nil},
		{post, "/sign-in", access.SigningIn, signingIn.SignIn, heldBody, signIn},
		{get, "/sign-in/second", access.Everybody, signingIn.Restart, 0, nil},
		{post, "/sign-in/second", access.SigningIn, signingIn.Second, heldBody, signIn},
		{post, "/sign-out", access.SigningIn, signingIn.SignOut, 0, nil},
		{get, "/set-up/:token", access.SigningIn, signingIn.ShowSetUp, 0, signIn},
		{post, "/set-up/:token", access.SigningIn, signingIn.SetUp, 0, signIn},
		{get, "/home", access.AnyAccount, signingIn.GoHome, 0, nil},
		{get, "/confirm", access.SettingUp, signingIn.AskAgain, 0, nil},
		{post, "/confirm", access.SettingUp, signingIn.Again, heldBody, signIn},

		// Everybody's own account.
		{get, "/account/second-step", access.SettingUp, own.AskFactor, 0, nil},
		{post, "/account/second-step", access.SettingUp, own.ConfirmApp, 0, signIn},
		{post, "/account/passkeys", access.SettingUp, own.AddPasskey, 0, nil},
		{post, "/account/authenticator/remove", access.AnyAccount, own.RemoveApp, 0, nil},
		{post, "/account/passkeys/:passkey/remove", access.AnyAccount, own.RemovePasskey, 0, nil},
		{post, "/account/recovery-codes", access.AnyAccount, own.NewCodes, 0, nil},
		{get, "/account", access.AnyAccount, own.Show, 0, nil},
		{get, "/account/password", access.AnyAccount, own.AskPassword, 0, nil},
		{post, "/account/password", access.AnyAccount, own.ChangePassword, 0, signIn},
		{post, "/account/sessions/end", access.AnyAccount, own.EndOthers, 0, nil},
		{post, "/account/sessions/:session/end", access.AnyAccount, own.EndSession, 0, nil},

		// The university team.
		{get, "/office", access.Readers, studies.List, 0, nil},
		{get, "/office/load", access.Team, studies.ShowLoad, 0, nil},
		{post, "/office/load", access.Team, studies.Load, fileBody, nil},
		{get, "/office/studies/:study", access.Readers, studies.Show, 0, nil},
		{get, "/office/studies/:study/state/:state", access.Team.Freshly(), studies.ConfirmState, 0, nil},
		{post, "/office/studies/:study/state/:state", access.Team.Freshly(), studies.SetState, 0, nil},
		{get, "/office/studies/:study/dates", access.Readers, studies.Dates, 0, nil},
		{get, "/office/studies/:study/monitor", access.Readers, monitor.Show, 0, nil},
		{get, "/office/studies/:study/report.pdf", access.Readers, monitor.DownloadReport, 0, nil},
		{get, "/office/studies/:study/rounds", access.Readers, rounds.List, 0, nil},
		{get, "/office/studies/:study/rounds/:wave", access.Readers, rounds.Show, 0, nil},
		{post, "/office/studies/:study/rounds/:wave", access.Team, rounds.SetSites, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/poster.pdf", access.Readers, rounds.DownloadPoster, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/set-up", access.Team, rounds.ConfirmSetUp, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/set-up", access.Team, rounds.SetUp, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/close", access.Team, rounds.ConfirmClose, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/close", access.Team, rounds.Close, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/open", access.Team.Freshly(), rounds.AskKeys, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/open", access.Team.Freshly(), longer(rounds.Open), keyBody, nil},
		{get, "/office/studies/:study/rounds/:wave/cards", access.Team, rounds.ConfirmAllCards, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/cards", access.Team, longer(rounds.MakeAllCards), 0, nil},
		{get, "/office/studies/:study/rounds/:wave/:site/cards", access.Team, rounds.ConfirmCards, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/:site/cards", access.Team, rounds.MakeCards, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/report", access.Readers, findings.Show, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/report", access.Team, findings.Release, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/average", access.Team, findings.ShowAverage, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/average", access.Team, findings.LoadAverage, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/average/remove", access.Team, findings.RemoveAverage, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/report.pdf", access.Readers, findings.DownloadPDF, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/results.csv", access.Readers, findings.DownloadResults, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/items.csv", access.Readers, findings.DownloadItems, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/pairs.csv", access.Readers, findings.DownloadPairs, 0, nil},
		{get, "/office/studies/:study/custodians", access.Readers, custodians.List, 0, nil},
		{get, "/office/studies/:study/custodians/:number", access.Team.Freshly(), custodians.Ask, 0, nil},
		{post, "/office/studies/:study/custodians/:number", access.Team.Freshly(), custodians.MakeKey, 0, nil},
		{get, "/office/studies/:study/custodians/:number/proof", access.Team.Freshly(), custodians.AskProof, 0, nil},
		{post, "/office/studies/:study/custodians/:number/proof", access.Team.Freshly(), custodians.Prove, keyBody, nil},
		{get, "/office/studies/:study/releases", access.Readers, releases.List, 0, nil},
		{get, "/office/studies/:study/releases/new", access.Releasers.Freshly(), releases.Ask, 0, nil},
		{post, "/office/studies/:study/releases/new", access.Releasers.Freshly(), longer(releases.Make), 0, nil},
		{get, "/office/studies/:study/releases/:number", access.Readers, releases.Show, 0, nil},
		{get, "/office/studies/:study/releases/:number/files.zip", access.Releasers.Freshly(), longer(releases.Download), 0, nil},
		{get, "/office/studies/:study/releases/:number/second-person", access.Releasers.Freshly(), releases.ConfirmAsk, 0, nil},
		{post, "/office/studies/:study/releases/:number/second-person", access.Releasers.Freshly(), releases.AskToLeave, 0, nil},
		{get, "/office/studies/:study/second-person", access.Readers, proposals.List, 0, nil},
		{get, "/office/studies/:study/second-person/:proposal", access.Readers, proposals.Show, 0, nil},
		{post, "/office/studies/:study/second-person/:proposal", access.Team.Freshly(), proposals.Decide, 0, nil},
		{get, "/office/studies/:study/alerts", access.Alertable, alerts.List, 0, nil},
		{get, "/office/studies/:study/alerts/:alert", access.Alertable, alerts.Show, 0, nil},
		{post, "/office/studies/:study/alerts/:alert", access.Alerted, alerts.Act, 0, nil},
		{get, "/office/studies/:study/withdrawals", access.Readers, withdrawals.List, 0, nil},
		{get, "/office/studies/:study/withdrawals/:enrolment", access.Team, withdrawals.Show, 0, nil},
		{post, "/office/studies/:study/withdrawals/:enrolment", access.Team, withdrawals.Record, 0, nil},
		{post, "/office/studies/:study/withdrawals/:enrolment/undo", access.Team, withdrawals.Undo, 0, nil},
		{get, "/office/studies/:study/queries", access.Deciders, queries.List, 0, nil},
		{get, "/office/studies/:study/queries/:query", access.Deciders, queries.Show, 0, nil},
		{post, "/office/studies/:study/queries/:query", access.Deciders, queries.Decide, 0, nil},
		{get, "/office/studies/:study/people", access.Lookers, people.Ask, 0, nil},
		{post, "/office/studies/:study/people", access.Lookers, people.Find, 0, nil},
		{get, "/office/studies/:study/people/:enrolment", access.Lookers, people.AskWhy, 0, nil},
		{post, "/office/studies/:study/people/:enrolment", access.Lookers, people.Look, 0, nil},
		{get, "/office/studies/:study/people/:enrolment/:wave/:item", access.Lookers, people.AskCorrection, 0, nil},
		{post, "/office/studies/:study/people/:enrolment/:wave/:item", access.Lookers, people.Correct, 0, nil},
		{get, "/office/studies/:study/paper", access.Readers, papers.List, 0, nil},
		{get, "/office/studies/:study/paper/:wave/:file", access.Readers, papers.Download, 0, nil},
		{get, "/office/accounts", access.Administrators, accounts.List, 0, nil},
		{get, "/office/accounts/new", access.Administrators, accounts.Ask, 0, nil},
		{post, "/office/accounts/new", access.Administrators, accounts.Add, 0, nil},
		{get, "/office/accounts/sessions", access.Administrators, own.ListAll, 0, nil},
		{post, "/office/accounts/sessions/:session/end", access.Administrators, own.EndAny, 0, nil},
		{get, "/office/accounts/:account", access.Administrators, accounts.Show, 0, nil},
		{get, "/office/accounts/:account/studies", access.Administrators, accounts.AskGrant, 0, nil},
		{post, "/office/accounts/:account/studies", access.Administrators, accounts.Grant, 0, nil},
		{get, "/office/accounts/:account/:change", access.Administrators, accounts.ConfirmChange, 0, nil},
		{post, "/office/accounts/:account/:change", access.Administrators, accounts.Change, 0, nil},
		{get, "/office/audit", access.Auditors, audit.Show, 0, nil},

		// The practice and its helpers.
		{get, "/desk", access.Desk, desk.Show, 0, nil},
		{get, "/desk/sites/:study/:site", access.Desk, desk.ShowSite, 0, nil},
		{get, "/desk/sites/:study/:site/enrol", access.Desk, desk.AskEnrolment, 0, nil},
		{post, "/desk/sites/:study/:site/enrol", access.Desk, desk.Enrol, 0, nil},
		{get, "/desk/sites/:study/:site/rounds/:wave", access.PracticeReaders, practiceReports.Show, 0, nil},
		{get, "/desk/sites/:study/:site/rounds/:wave/report.pdf", access.PracticeReaders, practiceReports.Download, 0, nil},
		{get, "/desk/sites/:study/:site/kiosks", access.KioskKeepers, kiosks.List, 0, nil},
		{post, "/desk/sites/:study/:site/kiosks", access.KioskKeepers, kiosks.SetUp, 0, nil},
		{post, "/desk/sites/:study/:site/kiosks/:kiosk/revoke", access.KioskKeepers, kiosks.Revoke, 0, nil},
		{get, "/desk/people/:enrolment", access.Desk, desk.ShowPerson, 0, nil},
		{get, "/desk/people/:enrolment/withdrawal", access.Desk, withdrawals.ShowAtDesk, 0, nil},
		{post, "/desk/people/:enrolment/withdrawal", access.Desk, withdrawals.RecordAtDesk, 0, nil},
		{post, "/desk/people/:enrolment/:wave/link", access.Desk, desk.GiveLink, 0, nil},
		{get, "/desk/people/:enrolment/:wave/paper", access.Desk, desk.AskPaper, 0, nil},
		{post, "/desk/people/:enrolment/:wave/paper", access.Desk, desk.PrintPaper, 0, nil},
		{get, "/desk/people/:enrolment/:wave/outcome", access.Desk, desk.AskOutcome, 0, nil},
		{post, "/desk/people/:enrolment/:wave/outcome", access.Desk, desk.RecordOutcome, 0, nil},
		{post, "/desk/people/:enrolment/:wave/undo", access.Desk, desk.UndoOutcome, 0, nil},

		// Data entry and interviewers, who type answers. Nobody else is let in.
		{get, "/entry", access.Enterers, entry.List, 0, nil},
		{get, "/entry/people/:enrolment", access.Enterers, entry.ShowPerson, 0, nil},
		{get, "/entry/people/:enrolment/:wave/consent", access.Enterers, entry.ShowConsent, 0, nil},
		{post, "/entry/people/:enrolment/:wave/consent", access.Enterers, entry.EnterConsent, 0, nil},
		{get, "/entry/people/:enrolment/:wave/:mode", access.Enterers, entry.ShowForm, 0, nil},
		{post, "/entry/people/:enrolment/:wave/:mode", access.Enterers, entry.EnterForm, 0, nil},
		{get, "/entry/papers/:paper", access.Enterers, entry.ShowDecide, 0, nil},
		{post, "/entry/papers/:paper", access.Enterers, entry.Decide, 0, nil},
	}
}

// register adds one route with the middleware that its line asks for.
func (s *Server) register(e *echo.Echo, r route) error {
	if r.who.Name == "" || r.handle == nil {
		return fmt.Errorf("route %s %s: nobody may ask, or nobody answers", r.method, r.path)
	}
	size := r.body
	if size == 0 {
		size = defaultBody
	}
	chain := []echo.MiddlewareFunc{limitBody(size)}
	reads := r.method == post && r.who.Name != access.Programs.Name
	if reads && r.guard != nil {
		// A place among the attempts of an address is not to be held by somebody who sends a form a byte a minute.
		chain = append(chain, soon(readForm))
		reads = false
	}
	if r.guard != nil {
		chain = append(chain, r.guard.guard)
	}
	if r.who.Session {
		chain = append(chain, s.sessions.Keep)
	}
	if len(r.who.Roles) > 0 {
		chain = append(chain, s.sessions.Only(r.who))
	}
	if reads {
		chain = append(chain, readForm)
	}
	e.Add(r.method, r.path, r.handle, chain...)
	return nil
}
