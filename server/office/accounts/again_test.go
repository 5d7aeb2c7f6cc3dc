package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// later is an office whose clock a test moves.
func later(t *testing.T) (o *servertest.Office, pass func(time.Duration)) {
	t.Helper()
	now := storetest.Start
	o = servertest.NewOfficeAt(t, func() time.Time { return now }, server.Config{})
	storetest.LoadStudy(t, o.Store)
	return o, func(d time.Duration) { now = now.Add(d) }
}

// travelling returns the hidden fields of a page as they are sent.
func travelling(t *testing.T, body string, more ...string) url.Values {
	t.Helper()
	form := make(url.Values)
	for _, field := range servertest.HiddenFields(t, body) {
		form.Add(field[0], field[1])
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// TestWhatIsTypedOutlivesATimeOut types a disposition for longer than a sign-in lives, signs in again on the page that comes,
// with a wrong password first, and sends what was typed.
func TestWhatIsTypedOutlivesATimeOut(t *testing.T) {
	o, pass := later(t)
	interviewer := o.As(surveys.Interviewer)
	at := "/desk/sites/trial/north/enrol"
	servertest.WantStatus(t, "the form", interviewer.Get(at), http.StatusOK)
	pass(16 * time.Minute)
	typed := url.Values{"label": {`N<1>"&`}, "decile": {"4"}}
	got := interviewer.Post(at, typed)
	servertest.WantStatus(t, "sent too late", got, http.StatusUnauthorized)
	servertest.WantText(t, "sent too late", got, "What you typed is still here", "nothing was changed")
	got = interviewer.Post("/sign-in", travelling(t, got.Body, "email", "interviewer@example.org", "password", "not the password"))
	servertest.WantStatus(t, "a wrong password", got, http.StatusUnauthorized)
	got = interviewer.Post("/sign-in", travelling(t, got.Body, "email", "interviewer@example.org", "password", servertest.Password))
	servertest.WantStatus(t, "signed in again", got, http.StatusOK)
	servertest.WantText(t, "signed in again", got, "What you had typed is still here", `action="`+at+`"`)
	form := travelling(t, got.Body)
	if form.Encode() != typed.Encode() {
		t.Errorf("what was typed comes back as %v, want %v", form, typed)
	}
	form.Set("label", "N-77")
	if got = interviewer.Post(at, form); !strings.HasPrefix(got.Header.Get("Location"), "/desk/people/") {
		t.Errorf("sent at last: status %d to %q, want the person", got.Status, got.Header.Get("Location"))
	}
}

// TestAFormIsOfWhoTypedIt signs another account in on the page that keeps a form.
func TestAFormIsOfWhoTypedIt(t *testing.T) {
	o, pass := later(t)
	interviewer := o.As(surveys.Interviewer)
	o.Account(surveys.DataEntry)
	pass(16 * time.Minute)
	got := interviewer.Post("/desk/sites/trial/north/enrol", url.Values{"label": {"N-78"}})
	got = interviewer.Post("/sign-in", travelling(t, got.Body, "email", "data-entry@example.org", "password", servertest.Password))
	servertest.WantStatus(t, "another account", got, http.StatusForbidden)
	if strings.Contains(got.Body, "N-78") {
		t.Error("another account reads what was typed")
	}
}

// TestSecretsDoNotTravel sends forms with a password or a key in them when the sign-in has come to its end.
func TestSecretsDoNotTravel(t *testing.T) {
	o, pass := later(t)
	team := o.As(surveys.Researcher)
	pass(16 * time.Minute)
	for at, form := range map[string]url.Values{
		"/account/password":                         {"present": {"secret-1"}, "password": {"secret-2"}},
		"/office/studies/trial/rounds/round-1/open": {"first": {"secret-1"}, "second": {"secret-2"}},
	} {
		got := team.Post(at, form)
		servertest.WantStatus(t, at, got, http.StatusUnauthorized)
		if strings.Contains(got.Body, "secret-") {
			t.Errorf("%s shows a secret that was sent", at)
		}
	}
}

// TestFreshSignIn asks for what cannot be undone more than ten minutes after signing in.
func TestFreshSignIn(t *testing.T) {
	o, pass := later(t)
	people := storetest.Enrol(t, o.Store, 1)
	manager := o.As(surveys.DataManager)
	at := "/office/studies/trial/withdrawals/" + string(people[0])
	erase := url.Values{"level": {"erasure"}, "channel": {"letter"}, "confirm": {"yes"}}
	pass(11 * time.Minute)
	for _, path := range []string{"/office/studies/trial/releases/new", "/office/studies/trial/custodians/1", "/office/studies/trial/releases/1/files.zip"} {
		if got := manager.Get(path); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/confirm?next="+url.QueryEscape(path) {
			t.Errorf("GET %s: status %d to %q, want to be asked first", path, got.Status, got.Header.Get("Location"))
		}
		if got := manager.Post(strings.TrimSuffix(path, "/files.zip"), url.Values{"profile": {"team"}}); strings.HasSuffix(path, "new") && !strings.Contains(got.Body, "Is it still you?") {
			t.Errorf("POST %s: status %d, want to be asked first", path, got.Status)
		}
	}
	asked := manager.Post(at, erase)
	servertest.WantStatus(t, "erasing", asked, http.StatusForbidden)
	wrong := manager.Post("/confirm", travelling(t, asked.Body, "present", "not the password"))
	servertest.WantStatus(t, "a wrong password", wrong, http.StatusBadRequest)
	servertest.WantText(t, "a wrong password", wrong, "not your present password")
	if o.Audited("session.refuse") != 1 || o.Audited("withdrawal.record") != 0 {
		t.Errorf("%d refusals and %d withdrawals are audited, want 1 and 0", o.Audited("session.refuse"), o.Audited("withdrawal.record"))
	}
	got := manager.Post("/confirm", travelling(t, wrong.Body, "present", servertest.Password))
	servertest.WantText(t, "confirmed", got, "What you had typed is still here", `action="`+at+`"`)
	servertest.WantStatus(t, "erased", manager.Post(at, travelling(t, got.Body)), http.StatusSeeOther)
	servertest.WantStatus(t, "a release", manager.Get("/office/studies/trial/releases/new"), http.StatusOK)
	if o.Audited("session.confirm") != 1 {
		t.Error("that somebody confirmed who they are is not audited")
	}
}

// TestOwnSessions lists and ends sign-ins, one's own and as an administrator those of all.
func TestOwnSessions(t *testing.T) {
	o, _ := later(t)
	researcher, administrator := o.As(surveys.Researcher), o.As(surveys.Administrator)
	second := o.Client()
	second.SignIn("researcher@example.org", servertest.Password)
	got := researcher.Get("/account")
	servertest.WantText(t, "one's own", got, "this browser", "127.0.0.0/24", "End all but this browser")
	if strings.Contains(got.Body, "127.0.0.1") {
		t.Error("the page has a whole address")
	}
	_, end, _ := strings.Cut(got.Body, `action="/account/sessions/`)
	end, _, _ = strings.Cut(end, `"`)
	if administrator.Post("/account/sessions/"+end, nil); second.Get("/account").Status != http.StatusOK {
		t.Error("an account ended the sign-in of another as its own")
	}
	servertest.WantStatus(t, "ending another browser", researcher.Post("/account/sessions/"+end, nil), http.StatusSeeOther)
	if second.Get("/account").Status == http.StatusOK {
		t.Error("a sign-in that was ended goes on")
	}
	all := administrator.Get("/office/accounts/sessions")
	servertest.WantText(t, "of all", all, "The researcher", "The administrator", "127.0.0.0/24")
	_, end, _ = strings.Cut(all.Body, `action="/office/accounts/sessions/`)
	end, _, _ = strings.Cut(end, `"`)
	servertest.WantStatus(t, "ending that of the researcher", administrator.Post("/office/accounts/sessions/"+end, nil), http.StatusSeeOther)
	if researcher.Get("/account").Status == http.StatusOK {
		t.Error("a sign-in that an administrator ended goes on")
	}
	if o.Audited("session.end") != 2 || o.Audited("session.begin") != 3 {
		t.Errorf("%d ends and %d beginnings are audited, want 2 and 3", o.Audited("session.end"), o.Audited("session.begin"))
	}
}

func TestOwnPassword(t *testing.T) {
	o, _ := later(t)
	researcher, second := o.As(surveys.Researcher), o.Client()
	second.SignIn("researcher@example.org", servertest.Password)
	for _, tt := range []struct{ present, password, says string }{
		{"", "", "This is needed."},
		{"not the password", "four other unrelated words", "not your present password"},
		{servertest.Password, "password1234", "Many people use this password"},
		{servertest.Password, "north-practice-7", "words of the study"},
	} {
		got := researcher.Post("/account/password", url.Values{"present": {tt.present}, "password": {tt.password}})
		servertest.WantStatus(t, tt.password, got, http.StatusBadRequest)
		servertest.WantText(t, tt.password, got, tt.says)
	}
	form := url.Values{"present": {servertest.Password}, "password": {"four other unrelated words"}}
	servertest.WantStatus(t, "a good password", researcher.Post("/account/password", form), http.StatusSeeOther)
	servertest.WantStatus(t, "this browser", researcher.Get("/account"), http.StatusOK)
	servertest.WantStatus(t, "the other browser", second.Get("/account"), http.StatusSeeOther)
}

// TestGrantsOnPages gives studies to a new account, and takes them again.
func TestGrantsOnPages(t *testing.T) {
	o, _ := later(t)
	storetest.LoadOther(t, o.Store)
	administrator := o.As(surveys.Administrator)
	servertest.WantText(t, "the page of a new account", administrator.Get("/office/accounts/new"), "Every study, those that come later too", `value="other"`)
	servertest.WantStatus(t, "a new account", administrator.Post("/office/accounts/new", url.Values{"name": {"Bea"}, "email": {"bea@example.org"}, "role": {"researcher"}, "studies": {"other"}}), http.StatusOK)
	accounts, err := o.Store.ListAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		if a.Email != "bea@example.org" {
			continue
		}
		at := "/office/accounts/" + string(a.ID)
		if !a.SeesStudy(storetest.Other) || a.SeesStudy(storetest.Study) {
			t.Errorf("the new account sees %+v, want the other study", a.Grant)
		}
		servertest.WantText(t, "what it sees", administrator.Get(at+"/studies"), `value="other" checked`)
		servertest.WantStatus(t, "another study", administrator.Post(at+"/studies", url.Values{"studies": {"trial"}}), http.StatusSeeOther)
		servertest.WantText(t, "what it sees then", administrator.Get(at), "Trial of the tests")
		servertest.WantStatus(t, "a study that is not there", administrator.Post(at+"/studies", url.Values{"studies": {"none"}}), http.StatusBadRequest)
		if o.Audited("right.give") != 2 || o.Audited("right.take") != 1 {
			t.Errorf("%d studies given and %d taken are audited, want 2 and 1", o.Audited("right.give"), o.Audited("right.take"))
		}
		return
	}
	t.Error("there is no new account")
}

// TestPasswordsAreTakenAsTheyAre chooses passwords of every composition and signs in with each, and with none that is nearly one.
func TestPasswordsAreTakenAsTheyAre(t *testing.T) {
	o, _ := later(t)
	account := o.Account(surveys.Researcher)
	present := servertest.Password
	for _, next := range []string{"  blanks around and  between ", "only small letters here", "ДЛИННЫЙ ПАРОЛЬ ИЗ СЛОВ", "🌾🐑 hill %00 ' \" <em> \\ & + \u202e", strings.Repeat("quiet lantern ", 8) + "ends"} {
		b := o.Client()
		b.SignIn(account.Email, present)
		page := b.Get("/account/password")
		servertest.WantText(t, "the page", page, `autocomplete="current-password"`, `autocomplete="new-password"`)
		if strings.Count(page.Body, `type="password"`) != 2 {
			t.Errorf("the page shows what is typed as a password:\n%s", servertest.Excerpt(page.Body))
		}
		servertest.WantStatus(t, "changing it to "+next, b.Post("/account/password", url.Values{"present": {present}, "password": {next}}), http.StatusSeeOther)
		present = next
	}
	runes := []rune(present)
	for _, nearly := range []string{strings.ToUpper(present), string(runes[:len(runes)-1]), string(runes[:72]), present + " "} {
		servertest.WantStatus(t, nearly, o.Client().Post("/sign-in", url.Values{"email": {account.Email}, "password": {nearly}}), http.StatusUnauthorized)
	}
	page := o.Client().Get("/sign-in")
	servertest.WantText(t, "signing in", page, `type="password"`, `autocomplete="current-password"`)
}
