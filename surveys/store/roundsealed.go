package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/sealing"
)

// What lies sealed of a round, and what becomes of it when it is opened.

// envelope is what is sealed of one member of staff. Where and in which round they answered stands beside it. Attributes are
// there only where they are kept with the answers.
type envelope struct {
	Language   string                  `json:"language"`
	Answers    json.RawMessage         `json:"answers"`
	Attributes surveys.StaffAttributes `json:"attributes,omitzero"`
}

// Bounds of what an envelope holds beside the answers, and of what is sealed apart from them.
const (
	longestAttributes = `{"role":"rather-not-say","tenure":"rather-not-say"}`
	envelopeFrame     = `{"language":"","answers":,"attributes":` + longestAttributes + `}`
	maxLanguage       = 40
)

// attributesSize is the size at which attributes are sealed apart from answers.
var attributesSize = sealing.Room(len(longestAttributes))

type sealedRow struct {
	Site   string `db:"site_id"` // empty for attributes
	Sealed string `db:"sealed"`

	ciphertext []byte
}

// sealedRound is all that lies sealed of a round.
type sealedRound struct{ answers, attributes []sealedRow }

func (s *Store) sealedRound(ctx context.Context, study surveys.StudyID, wave surveys.WaveID) (sealed sealedRound, err error) {
	if err := s.db.List(ctx, &sealed.answers, `
		SELECT site_id, sealed
		FROM staff_sealed
		WHERE study_id = ? AND wave_id = ?`, study, wave); err != nil {
		return sealed, err
	}
	err = s.db.List(ctx, &sealed.attributes, `
		SELECT '' AS site_id, sealed
		FROM staff_attributes
		WHERE study_id = ? AND wave_id = ?`, study, wave)
	return sealed, err
}

// openedAnswers is a round after it was opened.
type openedAnswers struct {
	rows  []staffAnswerRow          // in the order of new ids
	apart []surveys.StaffAttributes // what was sealed apart from answers
	sites map[string]bool           // the practices that it is of; which of them said what is not known
}

// open opens everything, gives every answer a new id and brings the answers into the order of those.
func (r sealedRound) open(ctx context.Context, opener *sealing.Opener) (opened openedAnswers, err error) {
	opened.sites = make(map[string]bool)
	for i := range r.answers {
		var e envelope
		if err := r.answers[i].open(ctx, opener, &e); err != nil {
			return opened, err
		}
		site := r.answers[i].Site
		opened.rows = append(opened.rows, staffAnswerRow{ID: randomID(), Site: site, Language: e.Language, Answers: string(e.Answers),
			Role: e.Attributes.Role.String(), Tenure: e.Attributes.Tenure.String()})
		if e.Attributes == (surveys.StaffAttributes{}) {
			opened.sites[site] = true
		}
	}
	slices.SortFunc(opened.rows, func(a, b staffAnswerRow) int { return cmp.Compare(a.ID, b.ID) })
	for i := range r.attributes {
		var a surveys.StaffAttributes
		if err := r.attributes[i].open(ctx, opener, &a); err != nil {
			return opened, err
		}
		opened.apart = append(opened.apart, a)
	}
	return opened, nil
}

// open reads what is sealed in a row. It fails with Unavailable where that was damaged.
func (r *sealedRow) open(ctx context.Context, opener *sealing.Opener, into any) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.ciphertext, err = base64.StdEncoding.DecodeString(r.Sealed); err != nil {
		return surveys.Refuse(surveys.Unavailable, damagedAnswer, err)
	}
	content, err := opener.Open(r.ciphertext)
	if err != nil {
		return surveys.Refuse(surveys.Unavailable, damagedAnswer, err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		return surveys.Refuse(surveys.Unavailable, damagedAnswer, err)
	}
	return nil
}

// digest returns the hash over all ciphertexts that were opened, in the order of their bytes, so that it says nothing about
// the order in which they came.
func (r sealedRound) digest() string {
	var ciphertexts [][]byte
	for _, row := range slices.Concat(r.answers, r.attributes) {
		ciphertexts = append(ciphertexts, row.ciphertext)
	}
	slices.SortFunc(ciphertexts, bytes.Compare)
	hash := sha256.New()
	for _, ciphertext := range ciphertexts {
		_, _ = hash.Write(ciphertext) // a hash never fails
	}
	return hex.EncodeToString(hash.Sum(nil))
}
