package store_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// machine is a clock that can be set, and the counter of the machine, which cannot.
type machine struct {
	off, counted atomic.Int64
	boot         string // names its start, where that is known
}

func (m *machine) wall() time.Time {
	return storetest.Start.Add(time.Duration(m.counted.Load() + m.off.Load()))
}

// run lets time go by.
func (m *machine) run(d time.Duration) { m.counted.Add(int64(d)) }

// set sets the clock off by this much.
func (m *machine) set(off time.Duration) { m.off.Store(int64(off)) }

func (m *machine) watched(o *store.Options) {
	o.Boot = m.boot
	o.Now, o.Elapsed = m.wall, func() time.Duration { return time.Duration(m.counted.Load()) }
}

const year = 365 * 24 * time.Hour

// housekeeping does what a server does every few minutes.
func (tr *trial) housekeeping() {
	tr.t.Helper()
	if _, err := tr.FinaliseClosed(tr.t.Context()); err != nil {
		tr.t.Fatal(err)
	}
	if err := tr.SweepSessions(tr.t.Context()); err != nil {
		tr.t.Fatal(err)
	}
}

func (tr *trial) wantClock(when, want string) {
	tr.t.Helper()
	err := tr.CheckClock(tr.t.Context())
	if want == "" && err != nil || want != "" && (surveys.KindOf(err) != surveys.Unavailable || !strings.Contains(err.Error(), want)) {
		tr.t.Errorf("%s: CheckClock() = %v, want %q", when, err, want)
	}
}

// TestClockThatJumps sets the clock of a running server 400 days ahead for five seconds, and then for good.
func TestClockThatJumps(t *testing.T) {
	m := new(machine)
	db := storetest.SQLite(t)
	tr := &trial{t: t, Store: db.Open(t, m.watched)}
	storetest.LoadStudy(t, tr.Store)
	tr.people = storetest.Enrol(t, tr.Store, 3) // at two waves
	if err := tr.Sessions().Commit("a session", []byte("data"), storetest.Start.Add(8*time.Hour)); err != nil {
		t.Fatal(err)
	}
	untouched := func(when string) {
		t.Helper()
		tr.housekeeping()
		tr.wantRows("SELECT COUNT(*) FROM responses WHERE disposition <> 'pending'", "0")
		if _, there, err := tr.Sessions().Find("a session"); !there || err != nil {
			t.Errorf("%s the session is there: %v, %v", when, there, err)
		}
	}
	m.run(time.Minute)
	untouched("before")
	tr.wantClock("before", "")
	m.set(400 * 24 * time.Hour)
	tr.wantClock("at once", "it was set 400 days ahead, to 2027-03-09 09:01 UTC")
	untouched("meanwhile")
	receipt := tr.submit(tr.save(1, 1, "mood_1", 4))
	if want := storetest.Start.Add(time.Minute); !receipt.ReceivedAt.Equal(want) || receipt.LateDays > 0 {
		t.Errorf("a save meanwhile was received at %v, %d days late, want %v", receipt.ReceivedAt, receipt.LateDays, want)
	}
	m.run(5 * time.Second)
	m.set(0)
	tr.wantClock("afterwards", "")
	untouched("afterwards")

	m.set(-2 * time.Hour)
	tr.wantClock("set back", "2h0m0s back")
	m.run(30 * time.Minute)
	m.set(400 * 24 * time.Hour) // another time than before, so it has to say that for an hour
	tr.wantClock("set otherwise", "400 days ahead")
	m.run(59 * time.Minute)
	tr.wantClock("after an hour less a minute", "400 days ahead")
	m.run(2 * time.Minute)
	tr.wantClock("after an hour", "")
	tr.housekeeping()
	tr.wantRows("SELECT COUNT(*) FROM responses WHERE disposition_source = 'window'", "6")

	m.set(0)
	m.run(time.Minute)
	tr.wantClock("set right", "400 days back")
	m.run(time.Minute)
	tr.housekeeping()
	tr.wantRows("SELECT COUNT(*) FROM responses WHERE disposition_source = 'window'", "6")
	m.run(time.Hour)
	tr.housekeeping()
	tr.wantRows("SELECT COUNT(*) FROM responses WHERE disposition = 'pending'", "6")
	tr.wantFolds()
}

// TestClockAtStart opens a database by a clock that is an hour behind, and one that is a year ahead.
func TestClockAtStart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		m := new(machine)
		if db.KeyFile != "" {
			m.set(time.Since(storetest.Start)) // as the database's server has it
		}
		right := m.off.Load()
		open := func(off time.Duration) *trial {
			m.set(time.Duration(right) + off)
			return &trial{t: t, Store: db.Open(t, m.watched)}
		}
		tr := open(0)
		tr.wantClock("at first", "")
		for off, want := range map[time.Duration]string{-time.Hour: "and this database has been used at", year: "after the database was last used"} {
			tr = open(off)
			tr.wantClock("at the next start", want)
			if n, err := tr.FinaliseClosed(t.Context()); n != 0 || err != nil {
				t.Errorf("FinaliseClosed(in doubt) = %d, %v", n, err)
			}
		}
		if db.KeyFile != "" { // and there is another clock to tell
			open(time.Hour).wantClock("an hour ahead", "1h0m0s ahead of that of the database's server")
		}
		open(30*time.Second).wantClock("nearly right", "")
	})
}

// TestClockAtStartOfAMachineThatRan opens a database by a clock that was set an hour off while no server ran. A machine that has not
// been started since knows; one that has been cannot, within the three days that it may have been off.
func TestClockAtStartOfAMachineThatRan(t *testing.T) {
	m := &machine{boot: "this start"}
	db := storetest.SQLite(t)
	open := func(ran, off time.Duration) *trial {
		m.run(ran)
		m.set(off)
		tr := &trial{t: t, Store: db.Open(t, m.watched)}
		return tr
	}
	open(0, 0).wantClock("at first", "")
	for _, tt := range []struct {
		off  time.Duration
		want string
	}{{time.Hour, "1h0m0s ahead of the time that this machine has counted"}, {-time.Hour, "1h0m0s back of the time"}, {30 * time.Second, ""}, {0, ""}} {
		tr := open(10*time.Minute, tt.off)
		tr.wantClock("after "+tt.off.String(), tt.want)
		if n, err := tr.FinaliseClosed(t.Context()); n != 0 || err != nil {
			t.Errorf("FinaliseClosed(%v off) = %d, %v", tt.off, n, err)
		}
	}
	m.boot = "the next start"
	open(time.Minute, time.Hour).wantClock("an hour ahead after the machine was started", "")
}
