package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"golang.org/x/sync/errgroup"

	"wellwave/surveys"
	"wellwave/surveys/sealing"
	"wellwave/surveys/store/engine"
)

// The anonymous staff survey. Nothing here writes a time, an order, a person or an audit entry of an answer, and no
// statement joins these tables to others. What the engines keep of the order by themselves, ShuffleStaff takes away.

// MakeStaffCodes makes n one-time codes for a round at a site and returns them shuffled: nobody can tell from a code
// when or for whom it was made. A round whose answers the server keeps is set up with its first cards. It fails with
// NotFound for an unknown round or site, with Closed for a round or study that is over, and with Conflict for one that is closed, or
// that waits for its custodians.
func (s *Store) MakeStaffCodes(ctx context.Context, by surveys.AccountID, study surveys.StudyID, wave surveys.WaveID, site surveys.SiteID, n int) ([]string, error) {
	plan, state, w, err := s.staffWave(ctx, study, wave)
	if err != nil {
		return nil, err
	}
	if _, ok := plan.Site(site); !ok {
		return nil, surveys.Errorf(surveys.NotFound, "The study has no site %q.", site)
	}
	if !s.now().Before(w.Closes) {
		return nil, surveys.Errorf(surveys.Closed, "This round is over, so no more cards are made for it.")
	}
	if state >= surveys.Ended {
		return nil, surveys.Errorf(surveys.Closed, "This study is %s, so no cards are made for it.", state)
	}
	questionnaire, err := s.Questionnaire(ctx, w.Questionnaire)
	if err != nil {
		return nil, err
	}
	if n < 1 || n > 1000 {
		return nil, surveys.Errorf(surveys.Invalid, "Between 1 and 1,000 codes can be made at a time.")
	}
	codes, hashes := make([]string, n), make([]string, n)
	for i := range codes {
		codes[i] = surveys.NewTypedCode()
		hashes[i] = s.hashCode(codes[i])
	}
	slices.Sort(hashes) // so that where a row lies says no more than the row
	a := audit{by, "staff-codes.create", study, string(wave), fmt.Sprintf("%d for site %s", n, site)}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := readyForCards(ctx, tx, by, plan, questionnaire); err != nil {
			return err
		}
		for _, table := range []string{"staff_cards", "staff_codes"} {
			for _, hash := range hashes {
				if _, err := tx.Exec(ctx, a, `
					INSERT INTO `+table+` (code_hash, study_id, wave_id, site_id)
					VALUES (?, ?, ?, ?)`, hash, study, wave, site); err != nil {
					return err
				}
			}
		}
		return noteCards(ctx, tx, a, plan, site, n)
	})
	if err != nil {
		return nil, surveys.Wrap("make staff codes", err)
	}
	rand.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
	for i := range codes {
		codes[i] = surveys.FormatCode(codes[i])
	}
	return codes, nil
}

// readyForCards holds a round that is set up. One that needs no custodian is set up here.
func readyForCards(ctx context.Context, tx *engine.Tx, by surveys.AccountID, study *surveys.Study, questionnaire *surveys.Questionnaire) error {
	found, err := findRound(ctx, tx, study, questionnaire.Wave)
	if err != nil {
		return err
	}
	if found.stage == surveys.RoundPlanned && found.sealing == surveys.ByServer {
		err = setUpRound(ctx, tx, by, study, questionnaire)
		if surveys.KindOf(err) != surveys.Conflict && err != nil { // somebody else sets it up now
			return err
		}
	}
	return holdRound(ctx, tx, study, questionnaire.Wave, surveys.RoundOpen)
}

// noteCards counts the cards that were made for a practice.
func noteCards(ctx context.Context, tx *engine.Tx, a audit, study *surveys.Study, site surveys.SiteID, n int) error {
	known, _ := study.Site(site)
	_, err := tx.Exec(ctx, a, `
		INSERT INTO staff_sites (study_id, wave_id, site_id, staff, contact, cards)
		VALUES (?, ?, ?, ?, '', ?)
		ON CONFLICT (study_id, wave_id, site_id) DO UPDATE
		SET cards = staff_sites.cards + excluded.cards`, study.ID, a.object, site, known.Staff, n)
	return err
}

// StaffRound returns the round that a code opens, with its questionnaire. It fails with NotFound for a round that there is
// not, and with Closed outside the round's dates and once it is closed.
func (s *Store) StaffRound(ctx context.Context, opened surveys.Opened) (surveys.StaffRound, error) {
	shown, _, err := s.staffRound(ctx, opened.Study, opened.Wave, opened.Site)
	if err != nil {
		return shown, err
	}
	return shown, shown.Open()
}

// staffRound returns a round, open or not, for the page of a practice and as it is stored.
func (s *Store) staffRound(ctx context.Context, id surveys.StudyID, wave surveys.WaveID, site surveys.SiteID) (surveys.StaffRound, round, error) {
	study, state, w, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return surveys.StaffRound{}, round{}, err
	}
	shown := surveys.StaffRound{Study: study, State: state, Wave: w, Now: s.now()}
	found, err := findRound(ctx, s.db, study, wave)
	if err != nil {
		return shown, found, surveys.Wrap("find a round", err)
	}
	shown.Stage, shown.Sealing = found.stage, found.sealing
	shown.Attributes, shown.WithAnswers = found.rules.Asks(found.sealing, site)
	shown.Questionnaire, err = s.Questionnaire(ctx, w.Questionnaire)
	return shown, found, err
}

// SubmitStaff spends a code and stores one anonymous questionnaire, both or neither; where custodians open the round, it
// is sealed before. What somebody said about themselves goes with it where the round keeps it so, and else into a row of its
// own that is there whatever they said. A second press of the same page's button changes nothing. It fails with NotFound for a
// code that never was, with Closed outside the round's dates, with Invalid for anything that the questionnaire does not allow,
// and only then with NotFound for a code that was spent: so nobody learns of one whether it was but by spending it.
func (s *Store) SubmitStaff(ctx context.Context, sub surveys.StaffSubmission) error {
	var code struct {
		Study surveys.StudyID `db:"study_id"`
		Wave  surveys.WaveID  `db:"wave_id"`
		Site  surveys.SiteID  `db:"site_id"`
	}
	page := cmp.Or(sub.Page, randomID())
	const findCode = `
		SELECT study_id, wave_id, site_id
		FROM staff_cards
		WHERE code_hash = ?`
	err := s.db.Get(ctx, &code, findCode, sub.StaffCode)
	if n := len(s.keys.codes); errors.Is(err, sql.ErrNoRows) && n > 1 { // opened before keys were rotated
		sub.StaffCode = s.keys.codes[n-1].hex(sub.StaffCode)
		err = s.db.Get(ctx, &code, findCode, sub.StaffCode)
	}
	if err != nil {
		return s.unlessArrived(ctx, page, notFound(err, spentCode))
	}
	shown, found, err := s.staffRound(ctx, code.Study, code.Wave, code.Site)
	if err != nil {
		return err
	}
	if err := shown.Open(); err != nil {
		return err
	}
	answers, err := shown.Take(sub.Answers)
	if err != nil {
		return err
	}
	attributes := sub.Attributes.Of(shown.Attributes)
	insert, content := insertStaffAnswer, []any{shown.Questionnaire.Hash, sub.Language, answers, attributes.Role.String(), attributes.Tenure.String()}
	apart := ""
	if found.sealing == surveys.ByCustodians {
		var sealed string
		var both errgroup.Group // on two processors both take as long as one
		with := attributes
		if len(shown.Attributes) > 0 && !shown.WithAnswers {
			with = surveys.StaffAttributes{}
			both.Go(func() (err error) {
				apart, err = found.seal(attributesSize, attributes)
				return surveys.Wrap("seal attributes", err)
			})
		}
		both.Go(func() (err error) {
			sealed, err = found.seal(found.answerSize, envelope{Language: sub.Language, Answers: json.RawMessage(answers), Attributes: with})
			return surveys.Wrap("seal an answer", err)
		})
		if err := both.Wait(); err != nil {
			return err
		}
		insert, content = insertSealed, []any{sealed}
	}
	err = s.db.InGroup(ctx, func(tx engine.Batch) error {
		var site, state string
		err := tx.Row(`
			DELETE FROM staff_codes
			WHERE code_hash = ?
			RETURNING site_id, (
				SELECT state
				FROM studies
				WHERE id = study_id)`, []any{sub.StaffCode}, &site, &state)
		if err != nil {
			return notFound(err, spentCode) // closing a round destroys its codes
		}
		standing := shown
		if standing.State, err = word("studies.state", surveys.ParseStudyState, state); err != nil {
			return err
		}
		if err := standing.Open(); err != nil {
			return err // closed since the answers were checked; the code is not spent
		}
		if err := tx.Later(insertSent, s.hashPage(page), string(code.Study), string(code.Wave)); err != nil {
			return err
		}
		if apart != "" {
			if err := tx.Later(insertAttributes, randomID(), string(code.Study), string(code.Wave), apart); err != nil {
				return err
			}
		}
		return tx.Later(insert, append([]any{randomID(), string(code.Study), string(code.Wave), site}, content...)...)
	})
	if surveys.KindOf(err) == surveys.NotFound {
		return s.unlessArrived(ctx, page, err)
	}
	return surveys.Wrap("take in a staff survey", err)
}

// StaffArrived reports whether a page of the staff survey was sent and arrived, until its round is closed: somebody whose
// browser did not show that it did may press the button again, also once the card is off the device.
func (s *Store) StaffArrived(ctx context.Context, page string) (bool, error) {
	var n int
	err := s.db.Get(ctx, &n, "SELECT COUNT(*) FROM staff_sent WHERE page_hash = ?", s.hashPage(page))
	return n > 0, surveys.Wrap("look for a page that was sent", err)
}

// unlessArrived returns nil where the page arrived before, and otherwise why.
func (s *Store) unlessArrived(ctx context.Context, page string, why error) error {
	arrived, err := s.StaffArrived(ctx, page)
	if err == nil && !arrived {
		err = why
	}
	return err
}

// hashPage returns what is kept of a page that was sent.
func (s *Store) hashPage(page string) string { return s.hashCode("page " + page) }

// seal returns the stored form of something that only the round's custodians can open, equally long for all that fits.
func (r round) seal(size int, content any) (string, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return "", err
	}
	sealed, err := sealing.Seal(r.recipient, size, text)
	return base64.StdEncoding.EncodeToString(sealed), err
}

const insertSealed = `
	INSERT INTO staff_sealed (id, study_id, wave_id, site_id, sealed)
	VALUES (?, ?, ?, ?, ?)`

const insertAttributes = `
	INSERT INTO staff_attributes (id, study_id, wave_id, sealed)
	VALUES (?, ?, ?, ?)`

const insertSent = `
	INSERT INTO staff_sent (page_hash, study_id, wave_id)
	VALUES (?, ?, ?)`

const insertStaffAnswer = `
	INSERT INTO staff_answers (id, study_id, wave_id, site_id, questionnaire, language, answers, role, tenure)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

const spentCode = "This code has been used already, or is not one of this survey's. If you have not answered yet, please take another card."
