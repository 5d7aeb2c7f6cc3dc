package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

var hiddenField = regexp.MustCompile(`<input name="(handle|page)" type="hidden" value="([^"]*)">`)

// answerCard answers the staff survey with a card and presses the same button until the page says thank you, as somebody
// must whose page did not load.
func (st *deployment) answerCard(code string, value int) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	form := url.Values{"climate_1": {strconv.Itoa(value)}, "skip": {"yes"}}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var reply *http.Response
		switch base := "http://" + st.addr; {
		case form.Has("page"):
			reply, err = client.PostForm(base+"/staff/survey", form)
		case len(jar.Cookies(&url.URL{Scheme: "http", Host: st.addr, Path: "/staff/"})) > 0:
			reply, err = client.Get(base + "/staff/survey")
		default:
			reply, err = client.Get(base + "/s/" + code)
		}
		if err != nil {
			continue // the server is dead, or died under the request
		}
		page, err := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if err != nil {
			continue
		}
		if strings.HasSuffix(reply.Request.URL.Path, "/thanks") {
			return nil
		}
		if reply.StatusCode == http.StatusGone {
			return errors.New("a card that was used once is told that it cannot be used")
		}
		for _, field := range hiddenField.FindAllStringSubmatch(string(page), -1) {
			form.Set(field[1], field[2])
		}
	}
	return errors.New("a member of staff could not answer within a minute")
}

// TestKillWhileStaffAnswer kills the server while staff answer. Whoever read that it arrived is stored once, and nobody
// twice; what is stored opens.
func TestKillWhileStaffAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("kills servers for some seconds")
	}
	binary := program(t)
	kills := storetest.Times(t, "kills while staff answer", 3, 100)
	storetest.Each(t, func(t *testing.T, db storetest.Database) { killWhileStaffAnswer(t, binary, db, kills) })
}

func killWhileStaffAnswer(t *testing.T, binary string, db storetest.Database, kills int) {
	const today surveys.WaveID = "today"
	st := newDeployment(t, binary, db, 1)
	s := db.Open(t)
	keys := storetest.SealByCustodians(t, s)
	storetest.AddRound(t, s, today, time.Now()) // the server goes by the real clock
	const atOnce = 8
	cards := make(chan string, 1000)
	codes, err := s.MakeStaffCodes(context.Background(), "", storetest.Study, today, "north", cap(cards))
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range codes {
		cards <- code
	}
	st.start()
	defer func() { st.end(syscall.SIGKILL) }()
	st.ready()
	var wg sync.WaitGroup
	var arrived atomic.Int64
	done := make(chan struct{})
	for range atOnce {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				case code := <-cards:
					if err := st.answerCard(code, int(arrived.Load())%7+1); err != nil {
						t.Error(err)
						return
					}
					arrived.Add(1)
				}
			}
		})
	}
	for kill := range kills {
		time.Sleep(time.Duration(20+kill*7%60) * time.Millisecond)
		st.end(syscall.SIGKILL)
		st.start()
		st.ready()
	}
	close(done)
	wg.Wait()
	st.end(syscall.SIGTERM)
	if err := s.CloseRound(context.Background(), "", storetest.Study, today); err != nil {
		t.Fatal(err)
	}
	if err := s.OpenRound(context.Background(), "", storetest.Study, today, [2]string{keys[0], keys[1]}); err != nil {
		t.Fatal(err)
	}
	database := st.database()
	defer func() { _ = database.Close() }() // it was only read
	var stored int64
	if err := database.QueryRow("SELECT COUNT(*) FROM staff_answers").Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if stored != arrived.Load() || stored == 0 {
		t.Errorf("%d answers are stored, and %d members of staff read that theirs arrived", stored, arrived.Load())
	}
	t.Logf("%d answers came through %d kills", stored, kills)
}
