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
	p, o := s.participant, s.office
	codes, signIn := s.limits.codes, s.limits.signIn
	return []route{
		// The machine's own.
		{get, "/healthz", everybody, s.healthz, 0, nil},
		{get, "/readyz", everybody, s.readyz, 0, nil},
		{get, "/metrics", everybody, s.serveMetrics(config.OpenMetrics), 0, nil},
		{get, "/static/:name", everybody, s.pages.assets.serve, 0, nil},
		{get, "/static/bar/:name", everybody, s.pages.assets.serveBar, 0, nil},

		// Participants. The handle in an address names one response; the handler compares it with the sealed session.
		{get, "/", everybody, p.start, 0, nil},
		{post, "/", everybody, p.enterCode, 0, codes},
		{get, "/s/:code", everybody, p.openLink, 0, codes},
		{get, "/q/sw.js", everybody, p.serveWorker, 0, nil},
		{get, "/q/queue", everybody, p.showQueue, 0, nil},
		// A tablet that a practice hands over. The PIN, of which the database limits the tries, opens it for colleagues.
		{get, "/kiosk", everybody, p.goKiosk, 0, nil},
		{get, "/q/kiosk", everybody, p.goKiosk, 0, nil},
		{get, "/q/kiosk/", kiosks, p.showPIN, 0, nil},
		{post, "/q/kiosk/", kiosks, p.onKiosk(p.enterPIN), 0, nil},
		{get, "/q/kiosk/people", kiosks, p.onKiosk(p.unlocked(p.showKioskPeople)), 0, nil},
		{post, "/q/kiosk/people", kiosks, p.onKiosk(p.unlocked(p.pickByCode)), 0, codes},
		{get, "/q/kiosk/people/:enrolment/:wave", kiosks, p.onKiosk(p.unlocked(p.askHandOver)), 0, nil},
		{post, "/q/kiosk/people/:enrolment/:wave", kiosks, p.onKiosk(p.unlocked(p.handOver)), 0, nil},
		{get, "/q/kiosk/offline.json", kiosks, p.onKiosk(p.kioskOffline), 0, nil},
		{post, "/q/kiosk/load", kiosks, p.onKiosk(p.unlocked(p.loadPeople)), 0, nil},
		{post, "/q/kiosk/adopt", kiosks, p.onKiosk(p.adoptHandOver), 0, nil},

		{get, "/q/:handle/", participants, p.visitor(p.whileOpen(p.next)), 0, nil},
		{get, "/q/:handle/welcome", participants, p.visitor(p.whileOpen(p.welcome)), 0, nil},
		{get, "/q/:handle/consent", participants, p.visitor(p.whileOpen(p.showConsent)), 0, nil},
		{post, "/q/:handle/consent", participants, p.visitor(p.whileOpen(p.giveConsent)), 0, nil},
		{get, "/q/:handle/all", participants, p.visitor(p.whileOpen(p.consented(p.showAll))), 0, nil},
		{post, "/q/:handle/all", participants, p.visitor(p.whileOpen(p.consented(p.answerAll))), 0, nil},
		{get, "/q/:handle/help", participants, p.visitor(p.whileOpen(p.showHelp)), 0, nil},
		{post, "/q/:handle/help", participants, p.visitor(p.whileOpen(p.sayHelp)), 0, nil},
		{get, "/q/:handle/care", participants, p.visitor(p.consented(p.showCare)), 0, nil},
		{get, "/q/:handle/check", participants, p.visitor(p.whileOpen(p.consented(p.showCheck))), 0, nil},
		{post, "/q/:handle/check", participants, p.visitor(p.whileOpen(p.consented(p.finish))), 0, nil},
		{get, "/q/:handle/thanks", participants, p.visitor(p.thanks), 0, nil},
		{post, "/q/:handle/leave", participants, p.leave, 0, nil},
		{get, "/q/:handle/agreed", participants, p.visitor(p.showAgreed), 0, nil},
		{get, "/q/:handle/agreed.pdf", participants, p.visitor(p.downloadAgreed), 0, nil},
		{get, "/q/:handle/withdraw", participants, p.visitor(p.showLeave), 0, nil},
		{post, "/q/:handle/withdraw", participants, p.visitor(p.leaveStudy), 0, nil},
		{get, "/q/:handle/withdrawn", participants, p.visitor(p.showLeft), 0, nil},
		{get, "/q/:handle/offline.json", participants, p.visitor(p.whileOpen(p.consented(p.offlineBundle))), 0, nil},
		{post, "/q/:handle/deliver", participants, p.deliver, outboxBody, nil},
		{post, "/q/:handle/all/save", participants, p.visitor(p.whileOpen(p.consented(p.saveSheet))), 0, nil},
		{get, "/q/:handle/grid-:number", participants, p.visitor(p.whileOpen(p.consented(p.showGrid))), 0, nil},
		{post, "/q/:handle/grid-:number", participants, p.visitor(p.whileOpen(p.consented(p.answerGrid))), 0, nil},
		{post, "/q/:handle/grid-:number/save", participants, p.visitor(p.whileOpen(p.consented(p.saveGrid))), 0, nil},
		{post, "/q/:handle/:number/save", participants, p.visitor(p.whileOpen(p.consented(p.saveQuestion))), 0, nil},
		{get, "/q/:handle/:number", participants, p.visitor(p.whileOpen(p.consented(p.showQuestion))), 0, nil},
		{post, "/q/:handle/:number", participants, p.visitor(p.whileOpen(p.consented(p.answerQuestion))), 0, nil},
		{get, "/staff/", participants, p.staffer(p.staffWelcome), 0, nil},
		{get, "/staff/survey", participants, p.staffer(p.showSurvey), 0, nil},
		{post, "/staff/survey", participants, p.staffer(p.sendSurvey), 0, nil},
		{get, "/staff/thanks", everybody, p.staffThanks, 0, nil},

		// Programs, who hold a key.
		{get, "/api/v1/openapi.json", everybody, s.serveOpenAPI, 0, nil},
		{get, "/api/v1/studies/:study/monitor", programs, s.withKey(surveys.ReadScope, s.apiMonitor), 0, nil},
		{post, "/api/v1/studies/:study/waves/:wave/submissions", programs, s.withKey(surveys.SubmitScope, s.apiSubmit), bulkBody, nil},

		// Signing in.
		{get, "/sign-in", signingIn, o.showSignIn, 0, nil},
		{post, "/sign-in", signingIn, o.signIn, 0, signIn},
		{post, "/sign-out", signingIn, o.signOut, 0, nil},
		{get, "/set-up/:token", signingIn, o.showSetUp, 0, signIn},
		{post, "/set-up/:token", signingIn, o.setUp, 0, signIn},
		{get, "/home", anyAccount, o.goHome, 0, nil},

		// The university team.
		{get, "/office", readers, o.listStudies, 0, nil},
		{get, "/office/load", team, o.showLoad, 0, nil},
		{post, "/office/load", team, o.loadStudy, fileBody, nil},
		{get, "/office/studies/:study", readers, o.showStudy, 0, nil},
		{get, "/office/studies/:study/state/:state", team, o.confirmState, 0, nil},
		{post, "/office/studies/:study/state/:state", team, o.setState, 0, nil},
		{get, "/office/studies/:study/monitor", readers, o.showMonitor, 0, nil},
		{get, "/office/studies/:study/report.pdf", readers, o.downloadReport, 0, nil},
		{get, "/office/studies/:study/rounds", readers, o.showRounds, 0, nil},
		{get, "/office/studies/:study/rounds/:wave/:site/cards", team, o.confirmCards, 0, nil},
		{post, "/office/studies/:study/rounds/:wave/:site/cards", team, o.makeCards, 0, nil},
		{get, "/office/studies/:study/releases", readers, o.listReleases, 0, nil},
		{get, "/office/studies/:study/releases/new", releasers, o.newRelease, 0, nil},
		{post, "/office/studies/:study/releases/new", releasers, longer(o.makeRelease), 0, nil},
		{get, "/office/studies/:study/releases/:number/files.zip", releasers, longer(o.downloadRelease), 0, nil},
		{get, "/office/studies/:study/alerts", alertable, o.listAlerts, 0, nil},
		{get, "/office/studies/:study/alerts/:alert", alertable, o.showAlert, 0, nil},
		{post, "/office/studies/:study/alerts/:alert", alerted, o.actOnAlert, 0, nil},
		{get, "/office/studies/:study/withdrawals", readers, o.listWithdrawals, 0, nil},
		{get, "/office/studies/:study/withdrawals/:enrolment", team, o.showOfficeLeaving, 0, nil},
		{post, "/office/studies/:study/withdrawals/:enrolment", team, o.recordOfficeLeaving, 0, nil},
		{post, "/office/studies/:study/withdrawals/:enrolment/undo", team, o.undoLeaving, 0, nil},
		{get, "/office/studies/:study/paper", readers, o.listPapers, 0, nil},
		{get, "/office/studies/:study/paper/:wave/:file", readers, o.downloadPaper, 0, nil},
		{get, "/office/accounts", admins, o.listAccounts, 0, nil},
		{get, "/office/accounts/new", admins, o.newAccount, 0, nil},
		{post, "/office/accounts/new", admins, o.addAccount, 0, nil},
		{get, "/office/accounts/:account", admins, o.showAccount, 0, nil},
		{get, "/office/accounts/:account/:change", admins, o.confirmAccountChange, 0, nil},
		{post, "/office/accounts/:account/:change", admins, o.changeAccount, 0, nil},
		{get, "/office/audit", auditors, o.showAudit, 0, nil},

		// The practice, and whoever helps it.
		{get, "/desk", desk, o.showDesk, 0, nil},
		{get, "/desk/sites/:study/:site", desk, o.showDue, 0, nil},
		{get, "/desk/sites/:study/:site/enrol", desk, o.newPerson, 0, nil},
		{post, "/desk/sites/:study/:site/enrol", desk, o.enrolPerson, 0, nil},
		{get, "/desk/sites/:study/:site/kiosks", kioskKeepers, o.listKiosks, 0, nil},
		{post, "/desk/sites/:study/:site/kiosks", kioskKeepers, o.setUpKiosk, 0, nil},
		{post, "/desk/sites/:study/:site/kiosks/:kiosk/revoke", kioskKeepers, o.revokeKiosk, 0, nil},
		{get, "/desk/people/:enrolment", desk, o.showPerson, 0, nil},
		{get, "/desk/people/:enrolment/withdrawal", desk, o.showDeskLeaving, 0, nil},
		{post, "/desk/people/:enrolment/withdrawal", desk, o.recordDeskLeaving, 0, nil},
		{post, "/desk/people/:enrolment/:wave/link", desk, o.giveLink, 0, nil},
		{get, "/desk/people/:enrolment/:wave/paper", desk, o.askPaper, 0, nil},
		{post, "/desk/people/:enrolment/:wave/paper", desk, o.printPaper, 0, nil},
		{get, "/desk/people/:enrolment/:wave/outcome", desk, o.askOutcome, 0, nil},
		{post, "/desk/people/:enrolment/:wave/outcome", desk, o.recordOutcome, 0, nil},
		{post, "/desk/people/:enrolment/:wave/undo", desk, o.undoOutcome, 0, nil},

		// Data entry and interviewers, who type answers. Nobody else is let in.
		{get, "/entry", enterers, o.listEntry, 0, nil},
		{get, "/entry/people/:enrolment", enterers, o.showEntryPerson, 0, nil},
		{get, "/entry/people/:enrolment/:wave/consent", enterers, o.showEntryConsent, 0, nil},
		{post, "/entry/people/:enrolment/:wave/consent", enterers, o.enterConsent, 0, nil},
		{get, "/entry/people/:enrolment/:wave/:mode", enterers, o.showEntryForm, 0, nil},
		{post, "/entry/people/:enrolment/:wave/:mode", enterers, o.enterForm, 0, nil},
		{get, "/entry/papers/:paper", enterers, o.showDecide, 0, nil},
		{post, "/entry/papers/:paper", enterers, o.decide, 0, nil},
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
		chain = append(chain, s.sessions.withSession)
	}
	if len(r.who.roles) > 0 {
		chain = append(chain, s.sessions.only(r.who))
	}
	if r.method == post && r.who.name != programs.name {
		chain = append(chain, readForm)
	}
	e.Add(r.method, r.path, r.handle, chain...)
	return nil
}
