// Package demo fills a store with the demonstration: the model study with its 900 people, three rounds of its practices'
// staff and everybody's answers, and a small second study in which a visitor answers.
//
// The people are invented from a fixed seed, and everything about them enters through the same methods of the store as
// in a real study, by a clock that walks through the past two and a half years.
package demo

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store"
)

// The studies of the demonstration.
const (
	Links surveys.StudyID = "links"
	TryIt surveys.StudyID = "try-it"
)

// The waves of the model study that the calendar names.
const (
	baselineWave surveys.WaveID = "baseline"
	nineMonths   surveys.WaveID = "nine-months"
	eighteen     surveys.WaveID = "eighteen-months"
	openRound    surveys.WaveID = "round-3"
)

//go:embed study.yaml
var linksFile []byte

//go:embed tryit.yaml
var tryItFile []byte

// written is the day on which the dates in study.yaml hold as they stand.
var written = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// Guide is what a visitor of the demonstration is given.
type Guide struct {
	Patient  surveys.Invitation // a baseline questionnaire of the study to try
	FollowUp surveys.Invitation // somebody's eighteen-month questionnaire in the model study
	Staff    string             // a code of the open round
	SignIns  []SignIn
	// Custodians keep the keys of the staff survey. In a real study nobody but them has ever seen one.
	Custodians []Custodian
}

// Custodian is somebody who keeps a key of the demonstration's staff survey, and the key.
type Custodian struct{ Name, Key string }

// SignIn is an account of the demonstration and its password, which is new at every start.
type SignIn struct {
	Role     surveys.Role
	Email    string
	Password string
}

// Fill loads both studies into an empty store and lets their people answer. The store's clock must be this one; it
// shows the real time when Fill returns.
func Fill(ctx context.Context, s *store.Store, clock *Clock) (*Guide, error) {
	defer clock.release()
	today := clock.Now()
	clock.set(today.AddDate(-3, 0, 0))
	for _, file := range []struct {
		id     surveys.StudyID
		source []byte
	}{{Links, atDate(linksFile, today)}, {TryIt, tryItFile}} {
		if err := load(ctx, s, file.id, file.source); err != nil {
			return nil, err
		}
	}
	signIns, accounts, err := addAccounts(ctx, s)
	if err != nil {
		return nil, err
	}
	guide := &Guide{SignIns: signIns}
	f := &filler{store: s, clock: clock, today: today, random: rand.New(rand.NewPCG(0x5eed, 0x11f0)), accounts: accounts}
	if f.study, _, err = s.Study(ctx, Links); err != nil {
		return nil, err
	}
	if f.instruments, err = findInstruments("eq5d5l", "wellbeing", "phq8", "gad7", "ons4", "safety-climate"); err != nil {
		return nil, err
	}
	if err := f.plan(ctx); err != nil {
		return nil, err
	}
	if err := f.run(ctx); err != nil {
		return nil, err
	}
	clock.release()
	if _, err := s.FinaliseClosed(ctx); err != nil {
		return nil, err
	}
	return guide, f.invite(ctx, guide)
}

// load stores a study file and opens the study.
func load(ctx context.Context, s *store.Store, id surveys.StudyID, source []byte) error {
	definitions, err := library.Definitions()
	if err != nil {
		return err
	}
	if _, _, err := s.LoadStudy(ctx, "", string(id)+".yaml", source, definitions); err != nil {
		return fmt.Errorf("load the demonstration: %w", err)
	}
	if err := s.SetStudyState(ctx, "", id, surveys.Live); err != nil {
		return fmt.Errorf("open the demonstration: %w", err)
	}
	return nil
}

var date = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// atDate moves every date of the study file as far as today is from the day for which it was written.
func atDate(source []byte, today time.Time) []byte {
	days := int(today.Sub(written).Hours() / 24)
	return date.ReplaceAllFunc(source, func(text []byte) []byte {
		day, err := time.Parse(time.DateOnly, string(text))
		if err != nil {
			return text
		}
		return []byte(day.AddDate(0, 0, days).Format(time.DateOnly))
	})
}

// filler holds what the parts of the demonstration are made with.
type filler struct {
	store      *store.Store
	clock      *Clock
	today      time.Time
	random     *rand.Rand
	accounts   map[surveys.Role]surveys.AccountID
	study      *surveys.Study
	people     []*person
	visitor    *person // who the visitor of the demonstration answers as
	days       calendar
	spare      string // a code of the open round that nobody has spent
	custodians []Custodian
	climates   map[surveys.SiteID]float64

	instruments map[surveys.InstrumentID]*surveys.Instrument
}

// invite makes the links and codes that the visitor is given.
func (f *filler) invite(ctx context.Context, guide *Guide) (err error) {
	by := f.accounts[surveys.Researcher]
	if guide.Patient, err = f.store.Invite(ctx, by, f.visitor.id, baselineWave); err != nil {
		return fmt.Errorf("invite the visitor: %w", err)
	}
	for _, p := range f.people {
		if p.later == waiting {
			if guide.FollowUp, err = f.store.Invite(ctx, by, p.id, eighteen); err != nil {
				return fmt.Errorf("invite a participant: %w", err)
			}
			break
		}
	}
	guide.Staff, guide.Custodians = f.spare, f.custodians
	return nil
}
