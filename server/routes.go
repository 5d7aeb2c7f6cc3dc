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
	body         int64    // most bytes taken; defaultBody where 0
	guard        *limiter // slows down whoever fails here often
}

// Sizes of bodies.
const (
	defaultBody = 256 << 10
	fileBody    = 4 << 20  // study files
	outboxBody  = 4 << 20  // what a device delivers at once: many saves of one long text, in any script
	bulkBody    = 64 << 20 // submissions of a program, a line each
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is the whole table. Nothing is registered anywhere else.
func (s *Server) routes(config Config) []route {
	p, o := s.participant, s.office
	codes, signIn := s.limits.codes, s.limits.signIn
	return []route{
		// The machine's own.
		{get, "/healthz", access.Everybody, s.healthz, 0, nil},
		{get, "/readyz", access.Everybody, s.readyz, 0, nil},
		{get, "/metrics", access.Everybody, s.serveMetrics(config.OpenMetrics), 0, nil},
		{get, "/static/:name", access.Everybody, s.pages.Assets.Serve, 0, nil},
		{get, "/static/bar/:name", access.Everybody, s.pages.Assets.ServeBar, 0, nil},

		// Participants. The handle in an address names one response; the handler compares it with the sealed session.
		{get, "/", access.Everybody, p.ShowStart, 0, nil},
		{post, "/", access.Everybody, p.EnterCode, 0, codes},
		{get, "/s/:code", access.Everybody, p.OpenLink, 0, codes},
		{get, "/q/sw.js", access.Everybody, p.ServeWorker, 0, nil},
		{get, "/q/queue", access.Everybody, p.ShowQueue, 0, nil},
		// A tablet that a practice hands over. The PIN, of which the database limits the tries, opens it for colleagues.
		{get, "/kiosk", access.Everybody, p.GoToKiosk, 0, nil},
		{get, "/q/kiosk", access.Everybody, p.GoToKiosk, 0, nil},
		{get, "/q/kiosk/", access.Kiosks, p.ShowPIN, 0, nil},
		{post, "/q/kiosk/", access.Kiosks, p.OnKiosk(p.EnterPIN), 0, nil},
		{get, "/q/kiosk/people", access.Kiosks, p.OnKiosk(p.Unlocked(p.ShowKioskPeople)), 0, nil},
		{post, "/q/kiosk/people", access.Kiosks, p.OnKiosk(p.Unlocked(p.PickByCode)), 0, codes},
		{get, "/q/kiosk/people/:enrolment/:wave", access.Kiosks, p.OnKiosk(p.Unlocked(p.AskHandOver)), 0, nil},
		{post, "/q/kiosk/people/:enrolment/:wave", access.Kiosks, p.OnKiosk(p.Unlocked(p.HandOver)), 0, nil},
		{get, "/q/kiosk/offline.json", access.Kiosks, p.OnKiosk(p.ServeKioskBundle), 0, nil},
		{post, "/q/kiosk/load", access.Kiosks, p.OnKiosk(p.Unlocked(p.LoadPeople)), 0, nil},
		{post, "/q/kiosk/adopt", access.Kiosks, p.OnKiosk(p.AdoptHandOver), 0, nil},

		{get, "/q/:handle/", access.Participants, p.Visitor(p.WhileOpen(p.GoOn)), 0, nil},
		{get, "/q/:handle/welcome", access.Participants, p.Visitor(p.WhileOpen(p.ShowWelcome)), 0, nil},
		{get, "/q/:handle/consent", access.Participants, p.Visitor(p.WhileOpen(p.ShowConsent)), 0, nil},
		{post, "/q/:handle/consent", access.Participants, p.Visitor(p.WhileOpen(p.GiveConsent)), 0, nil},
		{get, "/q/:handle/all", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.ShowAll))), 0, nil},
		{post, "/q/:handle/all", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.AnswerAll))), 0, nil},
		{get, "/q/:handle/help", access.Participants, p.Visitor(p.WhileOpen(p.ShowHelp)), 0, nil},
		{post, "/q/:handle/help", access.Participants, p.Visitor(p.WhileOpen(p.SayHelp)), 0, nil},
		{get, "/q/:handle/care", access.Participants, p.Visitor(p.Consented(p.ShowCare)), 0, nil},
		{get, "/q/:handle/check", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.ShowCheck))), 0, nil},
		{post, "/q/:handle/check", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.Finish))), 0, nil},
		{get, "/q/:handle/thanks", access.Participants, p.Visitor(p.ShowThanks), 0, nil},
		{post, "/q/:handle/leave", access.Participants, p.Leave, 0, nil},
		{get, "/q/:handle/agreed", access.Participants, p.Visitor(p.ShowAgreed), 0, nil},
		{get, "/q/:handle/agreed.pdf", access.Participants, p.Visitor(p.DownloadAgreed), 0, nil},
		{get, "/q/:handle/withdraw", access.Participants, p.Visitor(p.AskWithdrawal), 0, nil},
		{post, "/q/:handle/withdraw", access.Participants, p.Visitor(p.Withdraw), 0, nil},
		{get, "/q/:handle/withdrawn", access.Participants, p.Visitor(p.ShowWithdrawn), 0, nil},
		{get, "/q/:handle/offline.json", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.ServeBundle))), 0, nil},
		{post, "/q/:handle/deliver", access.Participants, p.Deliver, outboxBody, nil},
		{post, "/q/:handle/all/save", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.SaveSheet))), 0, nil},
		{get, "/q/:handle/grid-:number", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.ShowGrid))), 0, nil},
		{post, "/q/:handle/grid-:number", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.AnswerGrid))), 0, nil},
		{post, "/q/:handle/grid-:number/save", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.SaveGrid))), 0, nil},
		{post, "/q/:handle/:number/save", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.SaveQuestion))), 0, nil},
		{get, "/q/:handle/:number", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.ShowQuestion))), 0, nil},
		{post, "/q/:handle/:number", access.Participants, p.Visitor(p.WhileOpen(p.Consented(p.AnswerQuestion))), 0, nil},
		{get, "/staff/", access.Participants, p.Staffer(p.ShowStaffWelcome), 0, nil},
		{get, "/staff/survey", access.Participants, p.Staffer(p.ShowStaffSurvey), 0, nil},
		{post, "/staff/survey", access.Participants, p.Staffer(p.SendStaffSurvey), 0, nil},
		{get, "/staff/thanks", access.Everybody, p.ShowStaffThanks, 0, nil},

		// Programs, who hold a key.
		{get, "/api/v1/openapi.json", access.Everybody, s.serveOpenAPI, 0, nil},
		{get, "/api/v1/studies/:study/monitor", access.Programs, s.withKey(surveys.ReadScope, s.apiMonitor), 0, nil},
		{post, "/api/v1/studies/:study/waves/:wave/submissions", access.Programs, s.withKey(surveys.SubmitScope, s.apiSubmit), bulkBody, nil},

		// Signing in.
		{get, "/sign-in", access.SigningIn, o.ShowSignIn, 0, nil},
		{post, "/sign-in", access.SigningIn, o.SignIn, 0, signIn},
		{post, "/sign-out", access.SigningIn, o.SignOut, 0, nil},
		{get, "/set-up/:token", access.SigningIn, o.ShowSetUp, 0, signIn},
		{post, "/set-up/:token", access.SigningIn, o.SetUp, 0, signIn},
		{get, "/home", access.AnyAccount, o.GoHome, 0, nil},

		// The university team.
		{get, "/office", access.Readers, o.ListStudies, 0, nil},
		{get, "/office/load", access.Team, o.ShowLoad, 0, nil},
		{post, "/office/load", access.Team, o.LoadStudy, fileBody, nil},
		{get, "/office/studies/:study", access.Readers, o.ShowStudy, 0, nil},
		{get, "/office/studies/:study/state/:state", access.Team, o.ConfirmState, 0, nil},
		{post, "/office/studies/:study/state/:state", access.Team, o.SetState, 0, nil},
		{get, "/office/studies/:study/monitor", access.Readers, o.ShowMonitor, 0, nil},
		{get, "/office/studies/:study/report.pdf", access.Readers, o.DownloadReport, 0, nil},
		{get, "/office/studies/:study/rounds", access.Readers, o.ShowRounds, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/:site/cards", access.Team, o.ConfirmCards, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/:site/cards", access.Team, o.MakeCards, 0, nil},
		{get, "/office/studies/:study/releases", access.Readers, o.ListReleases, 0, nil},
		{get, "/office/studies/:study/releases/new", access.Releasers, o.AskRelease, 0, nil},
		{post, "/office/studies/:study/releases/new", access.Releasers, longer(o.MakeRelease), 0, nil},
		{get, "/office/studies/:study/releases/:number/files.zip", access.Releasers, longer(o.DownloadRelease), 0, nil},
		{get, "/office/studies/:study/alerts", access.Alertable, o.ListAlerts, 0, nil},
		{get, "/office/studies/:study/alerts/:alert", access.Alertable, o.ShowAlert, 0, nil},
		{post, "/office/studies/:study/alerts/:alert", access.Alerted, o.ActOnAlert, 0, nil},
		{get, "/office/studies/:study/withdrawals", access.Readers, o.ListWithdrawals, 0, nil},
		{get, "/office/studies/:study/withdrawals/:enrolment", access.Team, o.ShowWithdrawal, 0, nil},
		{post, "/office/studies/:study/withdrawals/:enrolment", access.Team, o.RecordWithdrawal, 0, nil},
		{post, "/office/studies/:study/withdrawals/:enrolment/undo", access.Team, o.UndoWithdrawal, 0, nil},
		{get, "/office/studies/:study/paper", access.Readers, o.ListPapers, 0, nil},
		{get, "/office/studies/:study/paper/:wave/:file", access.Readers, o.DownloadPaper, 0, nil},
		{get, "/office/accounts", access.Administrators, o.ListAccounts, 0, nil},
		{get, "/office/accounts/new", access.Administrators, o.AskAccount, 0, nil},
		{post, "/office/accounts/new", access.Administrators, o.AddAccount, 0, nil},
		{get, "/office/accounts/:account", access.Administrators, o.ShowAccount, 0, nil},
		{get, "/office/accounts/:account/:change", access.Administrators, o.ConfirmAccountChange, 0, nil},
		{post, "/office/accounts/:account/:change", access.Administrators, o.ChangeAccount, 0, nil},
		{get, "/office/audit", access.Auditors, o.ShowAudit, 0, nil},

		// The practice, and whoever helps it.
		{get, "/desk", access.Desk, o.ShowDesk, 0, nil},
		{get, "/desk/sites/:study/:site", access.Desk, o.ShowSite, 0, nil},
		{get, "/desk/sites/:study/:site/enrol", access.Desk, o.AskEnrolment, 0, nil},
		{post, "/desk/sites/:study/:site/enrol", access.Desk, o.Enrol, 0, nil},
		{get, "/desk/sites/:study/:site/kiosks", access.KioskKeepers, o.ListKiosks, 0, nil},
		{post, "/desk/sites/:study/:site/kiosks", access.KioskKeepers, o.SetUpKiosk, 0, nil},
		{post, "/desk/sites/:study/:site/kiosks/:kiosk/revoke", access.KioskKeepers, o.RevokeKiosk, 0, nil},
		{get, "/desk/people/:enrolment", access.Desk, o.ShowPerson, 0, nil},
		{get, "/desk/people/:enrolment/withdrawal", access.Desk, o.ShowDeskWithdrawal, 0, nil},
		{post, "/desk/people/:enrolment/withdrawal", access.Desk, o.RecordDeskWithdrawal, 0, nil},
		{post, "/desk/people/:enrolment/:wave/link", access.Desk, o.GiveLink, 0, nil},
		{get, "/desk/people/:enrolment/:wave/paper", access.Desk, o.AskPaper, 0, nil},
		{post, "/desk/people/:enrolment/:wave/paper", access.Desk, o.PrintPaper, 0, nil},
		{get, "/desk/people/:enrolment/:wave/outcome", access.Desk, o.AskOutcome, 0, nil},
		{post, "/desk/people/:enrolment/:wave/outcome", access.Desk, o.RecordOutcome, 0, nil},
		{post, "/desk/people/:enrolment/:wave/undo", access.Desk, o.UndoOutcome, 0, nil},

		// Data entry and interviewers, who type answers. Nobody else is let in.
		{get, "/entry", access.Enterers, o.ListEntry, 0, nil},
		{get, "/entry/people/:enrolment", access.Enterers, o.ShowEntryPerson, 0, nil},
		{get, "/entry/people/:enrolment/:wave/consent", access.Enterers, o.ShowEntryConsent, 0, nil},
		{post, "/entry/people/:enrolment/:wave/consent", access.Enterers, o.EnterConsent, 0, nil},
		{get, "/entry/people/:enrolment/:wave/:mode", access.Enterers, o.ShowEntryForm, 0, nil},
		{post, "/entry/people/:enrolment/:wave/:mode", access.Enterers, o.EnterForm, 0, nil},
		{get, "/entry/papers/:paper", access.Enterers, o.ShowDecide, 0, nil},
		{post, "/entry/papers/:paper", access.Enterers, o.Decide, 0, nil},
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
	if r.guard != nil {
		chain = append(chain, r.guard.guard)
	}
	if r.who.Session {
		chain = append(chain, s.sessions.Keep)
	}
	if len(r.who.Roles) > 0 {
		chain = append(chain, s.sessions.Only(r.who))
	}
	if r.method == post && r.who.Name != access.Programs.Name {
		chain = append(chain, readForm)
	}
	e.Add(r.method, r.path, r.handle, chain...)
	return nil
}
