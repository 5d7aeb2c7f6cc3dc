package server

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// What a member of staff brings along, as it would look anywhere.
const (
	staffPhone   = "Unmistakable-Phone/7.7"
	staffAddress = "127.98.76.54"
)

var staffField = regexp.MustCompile(`<input name="(handle|page)" type="hidden" value="([^"]*)">`)

// TestStaffRoundOnDisk holds a round through the server, and then reads every byte of the database's files, the log and the
// metrics for what must not be there: a card's code, an address, a browser, the number that a page was sent with; and before
// the round is opened any answer.
func TestStaffRoundOnDisk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		st := db.Open(t, storetest.Clock(func() time.Time { return storetest.Start }))
		storetest.LoadStudy(t, st)
		keys := storetest.SealByCustodians(t, st, surveys.AskRole, surveys.AskTenure)
		var log bytes.Buffer
		s, err := New(Config{Store: st, BaseURL: "http://localhost", Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), OpenMetrics: true})
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(s.Handler())
		defer web.Close()
		codes, err := st.MakeStaffCodes(t.Context(), "", storetest.Study, storetest.Round, "north", 9)
		if err != nil {
			t.Fatal(err)
		}
		never := []string{staffPhone, staffAddress}
		for _, code := range codes {
			never = append(never, code, strings.ReplaceAll(code, "-", ""))
		}
		for _, code := range codes[:8] {
			never = append(never, sendCard(t, web.URL, code))
		}
		answers := []string{`{"climate_1":7`, `"climate_1":7,`, `"over-10"`}
		look := func(when string, texts ...string) {
			t.Helper()
			reply, err := http.Get(web.URL + "/metrics")
			if err != nil {
				t.Fatal(err)
			}
			metrics, err := io.ReadAll(reply.Body)
			_ = reply.Body.Close() // it was read to the end
			if err != nil {
				t.Fatal(err)
			}
			places := db.Disk(t)
			places["the log"], places["the metrics"] = log.Bytes(), metrics
			for _, text := range texts {
				for place, content := range places {
					// Other tests' answers stand in the same write-ahead log of PostgreSQL; the store's tests look there for answers
					// that nobody else gives.
					if shared := strings.Contains(place, "pg_wal") && slices.Contains(answers, text); !shared && bytes.Contains(content, []byte(text)) {
						t.Errorf("%s: %q stands in %s", when, text, place)
					}
				}
			}
		}
		look("while the round is open", append(answers, never...)...)
		if err := st.CloseRound(t.Context(), "", storetest.Study, storetest.Round); err != nil {
			t.Fatal(err)
		}
		look("once it is closed", append(answers, never...)...)
		if err := st.OpenRound(t.Context(), "", storetest.Study, storetest.Round, [2]string{keys[1], keys[2]}); err != nil {
			t.Fatal(err)
		}
		look("once it is opened", append(never, append(keys[:], `"over-10"`)...)...) // said at a small practice, and by too few
		found := false
		for place, content := range db.Disk(t) {
			found = found || !strings.Contains(place, "pg_wal") && bytes.Contains(content, []byte(answers[0]))
		}
		if !found {
			t.Error("an opened answer is nowhere, so this test would not see one")
		}
	})
}

// sendCard answers the survey with a card from the phone, and returns the number of the page.
func sendCard(t *testing.T, server, code string) (page string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(staffAddress)}}
	client := &http.Client{Jar: jar, Transport: &http.Transport{DialContext: dialer.DialContext}}
	defer client.CloseIdleConnections()
	ask := func(method, path string, form url.Values) string {
		t.Helper()
		request, err := http.NewRequest(method, server+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("User-Agent", staffPhone)
		if method == http.MethodPost {
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		reply, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = reply.Body.Close() }() // read to the end
		body, err := io.ReadAll(reply.Body)
		if err != nil || reply.StatusCode != http.StatusOK {
			t.Fatalf("%s %s = %d, %v\n%s", method, path, reply.StatusCode, err, body)
		}
		return string(body)
	}
	ask(http.MethodGet, "/s/"+code, nil)
	form := url.Values{"climate_1": {"7"}, "climate_2": {"7"}, "staff-role": {"other"}, "staff-tenure": {"over-10"}}
	for _, field := range staffField.FindAllStringSubmatch(ask(http.MethodGet, "/staff/survey", nil), -1) {
		form.Set(field[1], field[2])
	}
	ask(http.MethodPost, "/staff/survey", form)
	return form.Get("page")
}
