package store

import (
	"context"
	"encoding/json"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
	"wellwave/surveys/sealing"
	"wellwave/surveys/store/engine"
)

// CloseRound ends a round that is set up: it takes no more answers, and the cards that were not used are destroyed. The
// answers that the server keeps readable count as opened with that. It fails with Conflict for a round that is planned,
// or closed already.
func (s *Store) CloseRound(ctx context.Context, by surveys.AccountID, id surveys.StudyID, wave surveys.WaveID) error {
	study, _, _, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := holdRound(ctx, tx, study, wave, surveys.RoundOpen); err != nil {
			return err
		}
		found, err := findRound(ctx, tx, study, wave)
		if err != nil {
			return err
		}
		stage, certificate := surveys.RoundClosed, any(nil)
		a := audit{by, "round.close", id, string(wave), ""}
		for _, table := range []string{"staff_codes", "staff_cards", "staff_sent"} {
			if _, err := tx.Exec(ctx, a, "DELETE FROM "+table+" WHERE study_id = ? AND wave_id = ?", id, wave); err != nil {
				return err
			}
		}
		if found.sealing == surveys.ByServer {
			if err := dropShrunk(ctx, tx, a, study, found.rules); err != nil {
				return err
			}
			stage = surveys.RoundOpened
			var answers int
			if err := tx.Get(ctx, &answers, "SELECT COUNT(*) FROM staff_answers WHERE study_id = ? AND wave_id = ?", id, wave); err != nil {
				return err
			}
			text, err := json.Marshal(surveys.Certificate{OpenedOn: dayOf(study, tx.Now), Sealed: disclosure.CountNear(answers)})
			if err != nil {
				return fmt.Errorf("write the certificate of a round: %w", err)
			}
			certificate = string(text)
		}
		_, err = tx.Exec(ctx, a, `
			UPDATE staff_rounds
			SET stage = ?, certificate = ?
			WHERE study_id = ? AND wave_id = ?`, stage.String(), certificate, id, wave)
		return err
	})
	if err != nil {
		return surveys.Wrap("close a round", err)
	}
	return s.forgetRounds(ctx)
}

// OpenRound opens the answers of a closed round by the keys of two of its custodians, which are not kept. It writes them
// in a new order under new random ids, and destroys what was sealed and the round's key, all in one transaction: broken
// off, it can be done again. It fails with Invalid for a key that cannot be used, which Fields names as in KeyFields, with
// Conflict for a round at another stage, and with Unavailable where an answer was damaged.
func (s *Store) OpenRound(ctx context.Context, by surveys.AccountID, id surveys.StudyID, wave surveys.WaveID, keys [2]string) error {
	study, _, w, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return err
	}
	found, err := findRound(ctx, s.db, study, wave)
	if err != nil {
		return surveys.Wrap("find a round", err)
	}
	if found.stage != surveys.RoundClosed {
		return wrongStage(found.stage)
	}
	opener, holders, err := found.unlock(keys)
	if err != nil {
		return err
	}
	// Nothing is added to a closed round or taken from it, so what takes long is done before the transaction.
	sealed, err := s.sealedRound(ctx, id, wave)
	if err != nil {
		return surveys.Wrap("read sealed answers", err)
	}
	answers, err := sealed.open(ctx, opener)
	if err != nil {
		return err
	}
	for i := range answers.rows {
		row := &answers.rows[i]
		row.Study, row.Wave, row.Questionnaire = string(id), string(wave), w.Questionnaire
	}
	sites, err := roundSites(ctx, s.db, study, wave)
	if err != nil {
		return surveys.Wrap("find the practices of a round", err)
	}
	answers.forget(found.rules.Shrunk(sites))
	digest := sealed.digest()
	certificate := surveys.Certificate{OpenedOn: dayOf(study, s.now()), Sealed: disclosure.CountNear(len(answers.rows)), Digest: digest, By: holders}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := holdRound(ctx, tx, study, wave, surveys.RoundClosed); err != nil {
			return err
		}
		return keepOpened(ctx, tx, audit{by, "round.open", id, string(wave), "opened by two custodians; certificate " + digest}, answers, certificate)
	})
	if err != nil {
		return surveys.Wrap("open a round", err)
	}
	return s.forgetRounds(ctx)
}

// unlock returns what opens the round's answers, and the names of the custodians whose keys do.
func (r round) unlock(keys [2]string) (*sealing.Opener, []string, error) {
	key, err := r.roundKey()
	if err != nil {
		return nil, nil, err
	}
	opener, err := key.Unlock(keys[0], keys[1])
	if err != nil {
		return nil, nil, refuseKey(err)
	}
	var names []string
	for _, c := range key.Custodians {
		for _, given := range keys {
			if recipient, err := sealing.Recipient(given); err == nil && recipient == c.Recipient {
				names = append(names, c.Name)
			}
		}
	}
	return opener, names, nil
}

const damagedAnswer = "A sealed answer of this round was changed or damaged where it is stored, so the round was not opened. Nothing was lost: look at the database with “wellwave doctor”, and restore the newest backup that can be opened."

// keepOpened writes the opened answers in the place of what was sealed.
func keepOpened(ctx context.Context, tx *engine.Tx, a audit, answers openedAnswers, certificate surveys.Certificate) error {
	for _, row := range answers.rows {
		if err := row.insert(ctx, tx); err != nil {
			return err
		}
	}
	for _, sealed := range []struct {
		table string
		rows  int
	}{{"staff_sealed", len(answers.rows)}, {"staff_attributes", len(answers.apart)}} {
		gone, err := tx.Exec(ctx, a, "DELETE FROM "+sealed.table+" WHERE study_id = ? AND wave_id = ?", a.study, a.object)
		if err != nil {
			return err
		}
		if int(gone) != sealed.rows {
			return surveys.Errorf(surveys.Conflict, "The answers of this round changed while it was opened. Please try again.")
		}
	}
	text, err := json.Marshal(certificate)
	if err != nil {
		return fmt.Errorf("write the certificate of a round: %w", err)
	}
	found, err := findRound(ctx, tx, &surveys.Study{ID: a.study}, surveys.WaveID(a.object))
	if err != nil {
		return err
	}
	key, err := found.roundKey()
	if err != nil {
		return err
	}
	apart, err := answers.mixes(found.rules)
	if err != nil {
		return err
	}
	key.Shares = nil // nothing more is to be opened with it
	public, err := json.Marshal(key)
	if err != nil {
		return fmt.Errorf("write the key of a round: %w", err)
	}
	_, err = tx.Exec(ctx, a, `
		UPDATE staff_rounds
		SET stage = ?, certificate = ?, round_key = ?, apart = ?
		WHERE study_id = ? AND wave_id = ?`, surveys.RoundOpened.String(), string(text), string(public), apart, a.study, a.object)
	return err
}
