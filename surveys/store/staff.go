package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// The anonymous staff survey. Nothing here writes a time, an order, a person or an audit entry of an answer, and no
// statement joins these tables to others. What the engines keep of the order by themselves, ShuffleStaff takes away.

// MakeStaffCodes makes n one-time codes for a round at a site and returns them shuffled: nobody can tell from a code
// when or for whom it was made. It fails with NotFound for an unknown round or site.
func (s *Store) MakeStaffCodes(ctx context.Context, by surveys.AccountID, study surveys.StudyID, wave surveys.WaveID, site surveys.SiteID, n int) ([]string, error) {
	protocol, _, err := s.Study(ctx, study)
	if err != nil {
		return nil, err
	}
	if w, ok := protocol.Wave(wave); !ok || w.Audience != surveys.Staff {
		return nil, surveys.Errorf(surveys.NotFound, "The study has no round %q.", wave)
	}
	if _, ok := protocol.Site(site); !ok {
		return nil, surveys.Errorf(surveys.NotFound, "The study has no site %q.", site)
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
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		for _, hash := range hashes {
			if _, err := tx.Exec(ctx, `
				INSERT INTO staff_codes (code_hash, study_id, wave_id, site_id)
				VALUES (?, ?, ?, ?)`, hash, study, wave, site); err != nil {
				return err
			}
		}
		return insertAudit(ctx, tx, audit{by, "staff-codes.create", study, string(wave), fmt.Sprintf("%d for site %s", n, site)})
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

// StaffRound returns the round that a code opens, with its questionnaire. It fails with NotFound for a code that was
// spent, and with Closed outside the round's dates.
func (s *Store) StaffRound(ctx context.Context, opened surveys.Opened) (surveys.StaffRound, error) {
	study, state, err := s.Study(ctx, opened.Study)
	if err != nil {
		return surveys.StaffRound{}, err
	}
	round := surveys.StaffRound{Study: study, State: state, Now: s.now()}
	var ok bool
	if round.Wave, ok = study.Wave(opened.Wave); !ok {
		return round, surveys.Errorf(surveys.NotFound, "The study has no round %q.", opened.Wave)
	}
	if round.Questionnaire, err = s.Questionnaire(ctx, round.Wave.Questionnaire); err != nil {
		return round, err
	}
	return round, round.Open()
}

// SubmitStaff spends a code and stores one anonymous questionnaire, both or neither. It fails with NotFound for a code
// that was spent or never was, with Closed outside the round's dates, and with Invalid for anything that the
// questionnaire does not allow.
func (s *Store) SubmitStaff(ctx context.Context, sub surveys.StaffSubmission) error {
	var code struct {
		Study surveys.StudyID `db:"study_id"`
		Wave  surveys.WaveID  `db:"wave_id"`
		Site  surveys.SiteID  `db:"site_id"`
	}
	if err := s.db.Get(ctx, &code, `
		SELECT study_id, wave_id, site_id
		FROM staff_codes
		WHERE code_hash = ?`, sub.StaffCode); err != nil {
		return notFound(err, spentCode)
	}
	round, err := s.StaffRound(ctx, surveys.Opened{Study: code.Study, Wave: code.Wave})
	if err != nil {
		return err
	}
	answers, err := round.Take(sub.Answers)
	if err != nil {
		return err
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
			return notFound(err, spentCode)
		}
		standing := round
		if standing.State, _ = surveys.ParseStudyState(state); standing.Open() != nil {
			return standing.Open() // closed since the answers were checked; the code is not spent
		}
		return tx.Later(insertStaffAnswer,
			randomID(), string(code.Study), string(code.Wave), site, round.Questionnaire.Hash, sub.Language, answers)
	})
	return surveys.Wrap("take in a staff survey", err)
}

const insertStaffAnswer = `
	INSERT INTO staff_answers (id, study_id, wave_id, site_id, questionnaire, language, answers)
	VALUES (?, ?, ?, ?, ?, ?, ?)`

const spentCode = "This code has been used already, or is not one of this survey's. If you have not answered yet, please take another card."

// StaffProgress returns how far the rounds of a study have come, by round and site. Both numbers are operational: who took
// a card is known to nobody.
func (s *Store) StaffProgress(ctx context.Context, study surveys.StudyID) ([]surveys.StaffCount, error) {
	var rows []struct {
		Wave     surveys.WaveID `db:"wave_id"`
		Site     surveys.SiteID `db:"site_id"`
		Open     int            `db:"open"`
		Answered int            `db:"answered"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT wave_id, site_id, SUM(is_open) AS open, SUM(is_answer) AS answered
		FROM (
			SELECT wave_id, site_id, 1 AS is_open, 0 AS is_answer
			FROM staff_codes
			WHERE study_id = ?
			UNION ALL
			SELECT wave_id, site_id, 0, 1
			FROM staff_answers
			WHERE study_id = ?) AS cards
		GROUP BY wave_id, site_id`, study, study); err != nil {
		return nil, surveys.Wrap("count staff surveys", err)
	}
	counts := make([]surveys.StaffCount, 0, len(rows))
	for _, r := range rows {
		counts = append(counts, surveys.StaffCount(r))
	}
	slices.SortFunc(counts, func(a, b surveys.StaffCount) int {
		return strings.Compare(string(a.Wave)+" "+string(a.Site), string(b.Wave)+" "+string(b.Site))
	})
	return counts, nil
}
