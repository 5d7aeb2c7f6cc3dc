package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// leave opens somebody's link and asks for erasure until the receipt comes, as somebody must whose page did not load.
func (st *deployment) leave(link string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	handle := ""
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var reply *http.Response
		if handle == "" {
			reply, err = client.Get("http://" + st.addr + "/s/" + link)
		} else {
			reply, err = client.PostForm("http://"+st.addr+"/q/"+handle+"/withdraw", url.Values{"level": {"erasure"}})
		}
		if err != nil {
			continue // the server is dead, or died under the request
		}
		_ = reply.Body.Close()
		at := reply.Request.URL.Path
		switch {
		case reply.StatusCode != http.StatusOK: // not ready yet
		case strings.HasSuffix(at, "/withdrawn"):
			return nil
		default:
			handle = strings.Split(at, "/")[2]
		}
	}
	return errors.New("somebody could not leave within a minute")
}

// TestKillWhilePeopleLeave kills the server while people leave, and again while what they had erased is erased for good.
// After each kill everybody has either left, with nothing of what they said in use, or not, with all of it; in the end
// everybody who has a receipt has left. Then everybody's answers are either all there and out of use, or all gone.
func TestKillWhilePeopleLeave(t *testing.T) {
	if testing.Short() {
		t.Skip("kills servers for some seconds")
	}
	binary := program(t)
	for range storetest.Times(t, "times that everybody leaves while servers are killed", 1, 5) {
		storetest.Each(t, func(t *testing.T, db storetest.Database) { killWhilePeopleLeave(t, binary, db) })
	}
}

func killWhilePeopleLeave(t *testing.T, binary string, db storetest.Database) {
	const people = 120
	st := newDeployment(t, binary, db, people)
	ctx := context.Background()
	s := db.Open(t)
	var links []string
	for i := range people {
		person, err := s.FindEnrolmentByLabel(ctx, storetest.Study, fmt.Sprintf("P%05d", i+1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Submit(ctx, surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person.ID, Wave: storetest.Baseline, Sitting: storetest.SittingID(i),
			Seq: 1, Finish: true, Answers: storetest.Answers(i), How: surveys.Collection{Mode: surveys.Web, Language: "en"}}); err != nil {
			t.Fatal(err)
		}
		invitation, err := s.Invite(ctx, "", person.ID, storetest.Baseline)
		if err != nil {
			t.Fatal(err)
		}
		links = append(links, invitation.Link)
	}
	st.start()
	defer func() { st.end(syscall.SIGKILL) }()
	st.ready()
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := n; i < people; i += 8 {
				if err := st.leave(links[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	between := 0
	for round, left := 1, 0; left < people; round++ { // longer each time, so that a slow machine comes to an end too
		time.Sleep(time.Duration(round) * 10 * time.Millisecond)
		st.end(syscall.SIGKILL)
		if left = st.countLeft(); left > 0 && left < people {
			between++
		}
		st.start()
		st.ready()
	}
	wg.Wait()
	if left := st.countLeft(); left != people {
		t.Errorf("%d of %d have left, and all have a receipt", left, people)
	}
	if between == 0 {
		t.Error("no kill came while people were leaving")
	}
	st.end(syscall.SIGKILL)
	st.eraseUnderKills(people)
	if faults, err := s.Examine(ctx); err != nil || len(faults) > 0 {
		t.Errorf("Examine() = %q, %v", faults, err)
	}
	if wrong, err := s.CheckFolds(ctx, nil); err != nil || len(wrong) > 0 {
		t.Errorf("CheckFolds() = %v, %v", wrong, err)
	}
}

// eraseUnderKills lets a day pass for everybody who has left, and kills the servers that then erase until nothing is left to
// erase.
func (st *deployment) eraseUnderKills(people int) {
	st.t.Helper()
	db := st.database()
	defer func() { _ = db.Close() }() // a later statement would tell
	if _, err := db.Exec("UPDATE erasures SET due_at = 1"); err != nil {
		st.t.Fatal(err)
	}
	between := 0
	for round, erased := 1, 0; erased < people && !st.t.Failed(); round++ {
		st.start()
		began := erased
		for deadline := time.Now().Add(time.Minute); erased < people && erased < began+8*round && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			erased = st.countErased(db)
		}
		st.end(syscall.SIGKILL)
		if erased = st.countErased(db); erased > 0 && erased < people {
			between++
		}
		if erased == began {
			st.t.Errorf("%d of %d erased, and no server erases more", erased, people)
		}
	}
	if between == 0 {
		st.t.Error("no kill came while answers were erased")
	}
}

// countErased returns of how many everything is gone, and fails the test if something is of whom something is left.
func (st *deployment) countErased(db *sql.DB) int {
	st.t.Helper()
	var erased, halfway int
	if err := db.QueryRow(`
		SELECT COUNT(*) FILTER (WHERE gone), COUNT(*) FILTER (WHERE gone <> noted OR NOT hidden)
		FROM (
			SELECT s.content = '' AND s.digest = '' AS gone, x.done_at IS NOT NULL AS noted, s.erased_at IS NOT NULL AND r.answers = '{}' AS hidden
			FROM erasures x
			JOIN responses r ON r.enrolment_id = x.enrolment_id AND r.wave_id = 'baseline'
			JOIN submissions s ON s.response_id = r.id) AS signs`).Scan(&erased, &halfway); err != nil {
		st.t.Fatal(err)
	}
	if halfway > 0 {
		st.t.Errorf("the answers of %d people are gone by some signs and not by others", halfway)
	}
	return erased
}

// countLeft returns how many have left, and fails the test if somebody has by some signs and not by others.
func (st *deployment) countLeft() int {
	st.t.Helper()
	db := st.database()
	defer func() { _ = db.Close() }() // it was only read
	var left, halfway int
	if err := db.QueryRow(`
		SELECT COUNT(*) FILTER (WHERE gone), COUNT(*) FILTER (
			WHERE gone <> blank OR gone <> emptied OR gone <> recorded OR gone = scored OR gone = invited)
		FROM (
			SELECT e.withdrawal = 'erasure' AS gone, s.erased_at IS NOT NULL AS blank, r.answers = '{}' AND r.disposition = 'refusal' AS emptied,
				EXISTS (SELECT 1 FROM erasures x WHERE x.enrolment_id = e.id) AS recorded,
				EXISTS (SELECT 1 FROM scores c WHERE c.response_id = r.id) AS scored,
				EXISTS (SELECT 1 FROM invitations i WHERE i.enrolment_id = e.id AND i.ended_at IS NULL) AS invited
			FROM enrolments e
			JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = 'baseline'
			JOIN submissions s ON s.response_id = r.id) AS signs`).Scan(&left, &halfway); err != nil {
		st.t.Fatal(err)
	}
	if halfway > 0 {
		st.t.Errorf("%d people have left by some signs and not by others", halfway)
	}
	return left
}
