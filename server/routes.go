package server

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// route is one line of the table: what is asked for, who may ask, and who answers.
type route struct {
	method, path string
	who          access
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
	codes, signIn := s.limits.codes, s.limits.signIn
	return []route{
		// The machine's own.
		{get, "/healthz", everybody, s.healthz, 0, nil},
		{get, "/readyz", everybody, s.readyz, 0, nil},
		{get, "/metrics", everybody, s.serveMetrics(config.OpenMetrics), 0, nil},
		{get, "/static/:name", everybody, s.pages.assets.serve, 0, nil},
		{get, "/static/bar/:name", everybody, s.pages.assets.serveBar, 0, nil},

		// Participants. The handle in an address names one response; the handler compares it with the sealed session.
		{get, "/", everybody, s.start, 0, nil},
		{post, "/", everybody, s.enterCode, 0, codes},
		{get, "/s/:code", everybody, s.openLink, 0, codes},
		{get, "/q/sw.js", everybody, s.serveWorker, 0, nil},
		{get, "/q/queue", everybody, s.showQueue, 0, nil},
		// A tablet that a practice hands over. The PIN, of which the database limits the tries, opens it for colleagues.
		{get, "/kiosk", everybody, s.goKiosk, 0, nil},
		{get, "/q/kiosk", everybody, s.goKiosk, 0, nil},
		{get, "/q/kiosk/", kiosks, s.showPIN, 0, nil},
		{post, "/q/kiosk/", kiosks, s.onKiosk(s.enterPIN), 0, nil},
		{get, "/q/kiosk/people", kiosks, s.onKiosk(s.unlocked(s.showKioskPeople)), 0, nil},
		{post, "/q/kiosk/people", kiosks, s.onKiosk(s.unlocked(s.pickByCode)), 0, codes},
		{get, "/q/kiosk/people/:enrolment/:wave", kiosks, s.onKiosk(s.unlocked(s.askHandOver)), 0, nil},
		{post, "/q/kiosk/people/:enrolment/:wave", kiosks, s.onKiosk(s.unlocked(s.handOver)), 0, nil},
		{get, "/q/kiosk/offline.json", kiosks, s.onKiosk(s.kioskOffline), 0, nil},
		{post, "/q/kiosk/load", kiosks, s.onKiosk(s.unlocked(s.loadPeople)), 0, nil},
		{post, "/q/kiosk/adopt", kiosks, s.onKiosk(s.adoptHandOver), 0, nil},

		{get, "/q/:handle/", participants, s.visitor(s.whileOpen(s.next)), 0, nil},
		{get, "/q/:handle/welcome", participants, s.visitor(s.whileOpen(s.welcome)), 0, nil},
		{get, "/q/:handle/consent", participants, s.visitor(s.whileOpen(s.showConsent)), 0, nil},
		{post, "/q/:handle/consent", participants, s.visitor(s.whileOpen(s.giveConsent)), 0, nil},
		{get, "/q/:handle/all", participants, s.visitor(s.whileOpen(s.consented(s.showAll))), 0, nil},
		{post, "/q/:handle/all", participants, s.visitor(s.whileOpen(s.consented(s.answerAll))), 0, nil},
		{get, "/q/:handle/help", participants, s.visitor(s.whileOpen(s.showHelp)), 0, nil},
		{post, "/q/:handle/help", participants, s.visitor(s.whileOpen(s.sayHelp)), 0, nil},
		{get, "/q/:handle/care", participants, s.visitor(s.consented(s.showCare)), 0, nil},
		{get, "/q/:handle/check", participants, s.visitor(s.whileOpen(s.consented(s.showCheck))), 0, nil},
		{post, "/q/:handle/check", participants, s.visitor(s.whileOpen(s.consented(s.finish))), 0, nil},
		{get, "/q/:handle/thanks", participants, s.visitor(s.thanks), 0, nil},
		{post, "/q/:handle/leave", participants, s.leave, 0, nil},
		{get, "/q/:handle/agreed", participants, s.visitor(s.showAgreed), 0, nil},
		{get, "/q/:handle/agreed.pdf", participants, s.visitor(s.downloadAgreed), 0, nil},
		{get, "/q/:handle/withdraw", participants, s.visitor(s.showLeave), 0, nil},
		{post, "/q/:handle/withdraw", participants, s.visitor(s.leaveStudy), 0, nil},
		{get, "/q/:handle/withdrawn", participants, s.visitor(s.showLeft), 0, nil},
		{get, "/q/:handle/offline.json", participants, s.visitor(s.whileOpen(s.consented(s.offlineBundle))), 0, nil},
		{post, "/q/:handle/deliver", participants, s.deliver, outboxBody, nil},
		{post, "/q/:handle/all/save", participants, s.visitor(s.whileOpen(s.consented(s.saveSheet))), 0, nil},
		{get, "/q/:handle/grid-:number", participants, s.visitor(s.whileOpen(s.consented(s.showGrid))), 0, nil},
		{post, "/q/:handle/grid-:number", participants, s.visitor(s.whileOpen(s.consented(s.answerGrid))), 0, nil},
		{post, "/q/:handle/grid-:number/save", participants, s.visitor(s.whileOpen(s.consented(s.saveGrid))), 0, nil},
		{post, "/q/:handle/:number/save", participants, s.visitor(s.whileOpen(s.consented(s.saveQuestion))), 0, nil},
		{get, "/q/:handle/:number", participants, s.visitor(s.whileOpen(s.consented(s.showQuestion))), 0, nil},
		{post, "/q/:handle/:number", participants, s.visitor(s.whileOpen(s.consented(s.answerQuestion))), 0, nil},
		{get, "/staff/", participants, s.staffer(s.staffWelcome), 0, nil},
		{get, "/staff/survey", participants, s.staffer(s.showSurvey), 0, nil},
		{post, "/staff/survey", participants, s.staffer(s.sendSurvey), 0, nil},
		{get, "/staff/thanks", everybody, s.staffThanks, 0, nil},

		// Programs, who hold a key.
		{get, "/api/v1/openapi.json", everybody, s.serveOpenAPI, 0, nil},
		{get, "/api/v1/studies/:study/monitor", programs, s.withKey(surveys.ReadScope, s.apiMonitor), 0, nil},
		{post, "/api/v1/studies/:study/waves/:wave/submissions", programs, s.withKey(surveys.SubmitScope, s.apiSubmit), bulkBody, nil},

		// Signing in.
		{get, "/sign-in", signingIn, s.showSignIn, 0, nil},
		{post, "/sign-in", signingIn, s.signIn, 0, signIn},
		{post, "/sign-out", signingIn, s.signOut, 0, nil},
		{get, "/set-up/:token", signingIn, s.showSetUp, 0, signIn},
		{post, "/set-up/:token", signingIn, s.setUp, 0, signIn},
		{get, "/home", anyAccount, s.goHome, 0, nil},

		// The university team.
		{get, "/office", readers, s.listStudies, 0, nil},
		{get, "/office/load", team, s.showLoad, 0, nil},
		{post, "/office/load", team, s.loadStudy, fileBody, nil},
		{get, "/office/studies/:study", readers, s.showStudy, 0, nil},
		{get, "/office/studies/:study/state/:state", team, s.confirmState, 0, nil},
		{post, "/office/studies/:study/state/:state", team, s.setState, 0, nil},
		{get, "/office/studies/:study/monitor", readers, s.showMonitor, 0, nil},
		{get, "/office/studies/:study/report.pdf", readers, s.downloadReport, 0, nil},
		{get, "/office/studies/:study/rounds", readers, s.showRounds, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/:site/cards", team, s.confirmCards, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/:site/cards", team, s.makeCards, 0, nil},
		{get, "/office/studies/:study/releases", readers, s.listReleases, 0, nil},
		{get, "/office/studies/:study/releases/new", releasers, s.newRelease, 0, nil},
		{post, "/office/studies/:study/releases/new", releasers, s.makeRelease, 0, nil},
		{get, "/office/studies/:study/releases/:number/files.zip", releasers, s.downloadRelease, 0, nil},
		{get, "/office/studies/:study/alerts", alertable, s.listAlerts, 0, nil},
		{get, "/office/studies/:study/alerts/:alert", alertable, s.showAlert, 0, nil},
		{post, "/office/studies/:study/alerts/:alert", alerted, s.actOnAlert, 0, nil},
		{get, "/office/studies/:study/withdrawals", readers, s.listWithdrawals, 0, nil},
		{get, "/office/studies/:study/withdrawals/:enrolment", team, s.showOfficeLeaving, 0, nil},
		{post, "/office/studies/:study/withdrawals/:enrolment", team, s.recordOfficeLeaving, 0, nil},
		{post, "/office/studies/:study/withdrawals/:enrolment/undo", team, s.undoLeaving, 0, nil},
		{get, "/office/studies/:study/paper", readers, s.listPapers, 0, nil},
		{get, "/office/studies/:study/paper/:wave/:file", readers, s.downloadPaper, 0, nil},
		{get, "/office/accounts", admins, s.listAccounts, 0, nil},
		{get, "/office/accounts/new", admins, s.newAccount, 0, nil},
		{post, "/office/accounts/new", admins, s.addAccount, 0, nil},
		{get, "/office/accounts/:account", admins, s.showAccount, 0, nil},
		{get, "/office/accounts/:account/:change", admins, s.confirmAccountChange, 0, nil},
		{post, "/office/accounts/:account/:change", admins, s.changeAccount, 0, nil},
		{get, "/office/audit", auditors, s.showAudit, 0, nil},

		// The practice, and whoever helps it.
		{get, "/desk", desk, s.showDesk, 0, nil},
		{get, "/desk/sites/:study/:site", desk, s.showDue, 0, nil},
		{get, "/desk/sites/:study/:site/enrol", desk, s.newPerson, 0, nil},
		{post, "/desk/sites/:study/:site/enrol", desk, s.enrolPerson, 0, nil},
		{get, "/desk/sites/:study/:site/kiosks", kioskKeepers, s.listKiosks, 0, nil},
		{post, "/desk/sites/:study/:site/kiosks", kioskKeepers, s.setUpKiosk, 0, nil},
		{post, "/desk/sites/:study/:site/kiosks/:kiosk/revoke", kioskKeepers, s.revokeKiosk, 0, nil},
		{get, "/desk/people/:enrolment", desk, s.showPerson, 0, nil},
		{get, "/desk/people/:enrolment/withdrawal", desk, s.showDeskLeaving, 0, nil},
		{post, "/desk/people/:enrolment/withdrawal", desk, s.recordDeskLeaving, 0, nil},
		{post, "/desk/people/:enrolment/:wave/link", desk, s.giveLink, 0, nil},
		{get, "/desk/people/:enrolment/:wave/paper", desk, s.askPaper, 0, nil},
		{post, "/desk/people/:enrolment/:wave/paper", desk, s.printPaper, 0, nil},
		{get, "/desk/people/:enrolment/:wave/outcome", desk, s.askOutcome, 0, nil},
		{post, "/desk/people/:enrolment/:wave/outcome", desk, s.recordOutcome, 0, nil},
		{post, "/desk/people/:enrolment/:wave/undo", desk, s.undoOutcome, 0, nil},

		// Data entry and interviewers, who type answers. Nobody else is let in.
		{get, "/entry", enterers, s.listEntry, 0, nil},
		{get, "/entry/people/:enrolment", enterers, s.showEntryPerson, 0, nil},
		{get, "/entry/people/:enrolment/:wave/consent", enterers, s.showEntryConsent, 0, nil},
		{post, "/entry/people/:enrolment/:wave/consent", enterers, s.enterConsent, 0, nil},
		{get, "/entry/people/:enrolment/:wave/:mode", enterers, s.showEntryForm, 0, nil},
		{post, "/entry/people/:enrolment/:wave/:mode", enterers, s.enterForm, 0, nil},
		{get, "/entry/papers/:paper", enterers, s.showDecide, 0, nil},
		{post, "/entry/papers/:paper", enterers, s.decide, 0, nil},
	}
}

// register adds one route with the middleware that its line asks for.
func (s *Server) register(e *echo.Echo, r route) error {
	if r.who.name == "" || r.handle == nil {
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
	if r.who.session {
		chain = append(chain, s.withSession)
	}
	if len(r.who.roles) > 0 {
		chain = append(chain, s.only(r.who))
	}
	if r.method == post && r.who.name != programs.name {
		chain = append(chain, readForm)
	}
	e.Add(r.method, r.path, r.handle, chain...)
	return nil
}
