package participant_test

import (
	"net/url"
	"strings"
	"testing"

	"wellwave/server/servertest"
)

// A message puts a full stop or what nobody sees behind a link, and people paste the whole of it into the field for the code.
func TestLinksAndCodesAsTheyArrive(t *testing.T) {
	r := servertest.NewRoom(t)
	made := r.Invite(r.Enrol("P1"), "baseline")
	for _, behind := range []string{"", ".", ",", ")", ">", `"`, "\u200b", "’", "»", ".)", "/", "/.", "%20", "\u00a0", "?from=mail", "。", "\ufeff"} {
		path := "/s/" + made.Link + url.PathEscape(behind)
		if strings.HasPrefix(behind, "?") || strings.HasPrefix(behind, "/") || strings.HasPrefix(behind, "%") {
			path = "/s/" + made.Link + behind
		}
		r.Browser().Get(path).Wants(200, "/welcome")
	}
	code := strings.ReplaceAll(made.Code, "-", "")
	for _, typed := range []string{r.URL + "/s/" + made.Link, r.URL + "/s/" + made.Link + ".", "<" + r.URL + "/s/" + made.Link + ">", made.Link + "\u200b",
		code[:3] + "—" + code[3:6] + "—" + code[6:], code[:3] + "−" + code[3:6] + "−" + code[6:], code[:3] + "." + code[3:6] + "." + code[6:] + ".", "Code: " + code} {
		r.Browser().Post("/", "code", typed).Wants(200, "/welcome")
	}
	r.Browser().Post("/", "code", r.URL+"/s/"+made.Link[:20]).Wants(404, "/", "This code or link does not work")
	r.Browser().Post("/", "code", "—").Wants(404, "/")
}

// A browser that takes no cookies is told so, with a way on, and not sent round in a circle.
func TestABrowserWithoutCookies(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.Browser()
	b.Client.Jar = nil
	made := r.Invite(r.Enrol("P1"), "baseline")
	said := []string{"does not keep cookies", "Allow cookies for this website", "in another browser or on another device", "ask your practice or the study team", `href="/"`}
	b.Get("/s/"+made.Link).Wants(401, "/welcome", said...).Lacks("open for a long time")
	b.Post("/", "code", made.Code).Wants(401, "/welcome", said...)
	b.Post(b.On("2"), "ease_1", "3", "seq", "1").Wants(401, "/2", append(said, `name="ease_1" type="hidden" value="3"`)...)
	b.Get("/staff/").Wants(401, "/staff/", said...)

	b = r.Browser() // it keeps cookies, so something else is wrong
	b.Get("/s/" + made.Link)
	b.Post(b.Path+"?reading", "language", "ar").Wants(200, "/welcome", "دراسة كل الأنواع")
	question := b.On("2")
	b.Post(b.On("leave"))
	b.Get(question).Wants(401, "/2", "هذه الصفحة").Lacks("cookies", "ملفات تعريف")
}
