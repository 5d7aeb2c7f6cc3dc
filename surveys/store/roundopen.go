package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"wellwave/surveys"
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
		for _, table := range []string{"staff_codes", "staff_sent"} {
			if _, err := tx.Exec(ctx, a, "DELETE FROM "+table+" WHERE study_id = ? AND wave_id = ?", id, wave); err != nil {
				return err
			}
		}
		if found.sealing == surveys.ByServer {
			stage = surveys.RoundOpened
			var answers int
			if err := tx.Get(ctx, &answers, "SELECT COUNT(*) FROM staff_answers WHERE study_id = ? AND wave_id = ?", id, wave); err != nil {
				return err
			}
			text, err := json.Marshal(surveys.Certificate{OpenedOn: dayOf(study, tx.Now), Sealed: nearestTo(answers, surveys.StaffCountStep)})
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
	var sealed []sealedRow
	if err := s.db.List(ctx, &sealed, `
		SELECT id, site_id, sealed
		FROM staff_sealed
		WHERE study_id = ? AND wave_id = ?`, id, wave); err != nil {
		return surveys.Wrap("read sealed answers", err)
	}
	answers, digest, err := openAnswers(ctx, opener, sealed)
	if err != nil {
		return err
	}
	for i := range answers {
		answers[i].Study, answers[i].Wave, answers[i].Questionnaire = string(id), string(wave), w.Questionnaire
	}
	certificate := surveys.Certificate{OpenedOn: dayOf(study, s.now()), Sealed: nearestTo(len(sealed), surveys.StaffCountStep), Digest: digest, By: holders}
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

type sealedRow struct {
	ID     string `db:"id"`
	Site   string `db:"site_id"`
	Sealed string `db:"sealed"`
}

// envelope is what is sealed of one member of staff. Where and in which round they answered stands beside it.
type envelope struct {
	Language string          `json:"language"`
	Answers  json.RawMessage `json:"answers"`
}

// Bounds of what an envelope holds beside the answers.
const (
	envelopeStart = `{"language":"","answers":}`
	maxLanguage   = 40
)

// openAnswers opens every answer, gives it a new id and brings them into the order of those. The digest is over all
// ciphertexts in the order of their bytes, so it says nothing about the order in which they came.
func openAnswers(ctx context.Context, opener *sealing.Opener, sealed []sealedRow) (answers []staffAnswerRow, digest string, err error) {
	ciphertexts := make([][]byte, len(sealed))
	for i, row := range sealed {
		if err := ctx.Err(); err != nil {
			return nil, "", err
		}
		if ciphertexts[i], err = base64.StdEncoding.DecodeString(row.Sealed); err != nil {
			return nil, "", surveys.Refuse(surveys.Unavailable, damagedAnswer, err)
		}
		content, err := opener.Open(ciphertexts[i])
		if err != nil {
			return nil, "", surveys.Refuse(surveys.Unavailable, damagedAnswer, err)
		}
		var e envelope
		if err := json.Unmarshal(content, &e); err != nil {
			return nil, "", surveys.Refuse(surveys.Unavailable, damagedAnswer, err)
		}
		answers = append(answers, staffAnswerRow{ID: randomID(), Site: row.Site, Language: e.Language, Answers: string(e.Answers)})
	}
	slices.SortFunc(answers, func(a, b staffAnswerRow) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(ciphertexts, bytes.Compare)
	hash := sha256.New()
	for _, ciphertext := range ciphertexts {
		_, _ = hash.Write(ciphertext) // a hash never fails
	}
	return answers, hex.EncodeToString(hash.Sum(nil)), nil
}

const damagedAnswer = "A sealed answer of this round was changed or damaged where it is stored, so the round was not opened. Nothing was lost: look at the database with “wellwave doctor”, and restore the newest backup that can be opened."

// keepOpened writes the opened answers in the place of what was sealed.
func keepOpened(ctx context.Context, tx *engine.Tx, a audit, answers []staffAnswerRow, certificate surveys.Certificate) error {
	for _, row := range answers {
		if err := row.insert(ctx, tx); err != nil {
			return err
		}
	}
	gone, err := tx.Exec(ctx, a, "DELETE FROM staff_sealed WHERE study_id = ? AND wave_id = ?", a.study, a.object)
	if err != nil {
		return err
	}
	if int(gone) != len(answers) {
		return surveys.Errorf(surveys.Conflict, "The answers of this round changed while it was opened. Please try again.")
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
	key.Shares = nil // nothing more is to be opened with it
	public, err := json.Marshal(key)
	if err != nil {
		return fmt.Errorf("write the key of a round: %w", err)
	}
	_, err = tx.Exec(ctx, a, `
		UPDATE staff_rounds
		SET stage = ?, certificate = ?, round_key = ?
		WHERE study_id = ? AND wave_id = ?`, surveys.RoundOpened.String(), string(text), string(public), a.study, a.object)
	return err
}

// nearestTo rounds to the nearest multiple of a step.
func nearestTo(n, step int) int { return floorTo(n+step/2, step) }
