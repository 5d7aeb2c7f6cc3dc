package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// enrolmentRow is a row of enrolments.
type enrolmentRow struct {
	ID          surveys.EnrolmentID `db:"id"`
	Study       surveys.StudyID     `db:"study_id"`
	Site        surveys.SiteID      `db:"site_id"`
	Arm         surveys.ArmID       `db:"arm_id"`
	Label       string              `db:"label"`
	SampledAt   engine.Stamp        `db:"sampled_at"`
	ConsentedAt engine.Stamp        `db:"consented_at"`
	Left        string              `db:"withdrawal"`
	Decile      sql.NullInt64       `db:"simd_decile"`
	SIMDVersion sql.NullString      `db:"simd_version"`
}

const enrolmentColumns = `id, study_id, site_id, arm_id, label, sampled_at, consented_at, withdrawal, simd_decile, simd_version`

func (r enrolmentRow) enrolment() (surveys.Enrolment, error) {
	left, err := wordOrNone("enrolments.withdrawal", surveys.ParseWithdrawalLevel, r.Left)
	e := surveys.Enrolment{ID: r.ID, Study: r.Study, Site: r.Site, Arm: r.Arm, Label: r.Label, SampledAt: r.SampledAt.Time(),
		Consented: !r.ConsentedAt.Time().IsZero(), Left: left}
	if left != surveys.EraseAnswers { // else where they live is out of use too
		e.SIMDDecile, e.SIMDVersion = int(r.Decile.Int64), r.SIMDVersion.String
	}
	return e, err
}

// Enrol adds a person to a study. It fails with NotFound for an unknown site, Conflict for a label that the study
// already has, and Invalid for one that looks as if it named somebody.
func (s *Store) Enrol(ctx context.Context, by surveys.AccountID, n surveys.NewEnrolment) (surveys.Enrolment, error) {
	people, err := s.EnrolMany(ctx, by, n.Study, []surveys.NewEnrolment{n})
	if err != nil {
		return surveys.Enrolment{}, err
	}
	return people[0], nil
}

// EnrolOnce enrols somebody as Enrol does. Where a button was pressed twice, it returns whom it enrolled a
// moment ago.
func (s *Store) EnrolOnce(ctx context.Context, by surveys.AccountID, n surveys.NewEnrolment) (surveys.Enrolment, error) {
	enrolled, refused := s.Enrol(ctx, by, n)
	if surveys.KindOf(refused) != surveys.Conflict {
		return enrolled, refused
	}
	found, err := s.FindEnrolmentByLabel(ctx, n.Study, n.Label)
	if err == nil && found.IsFrom(n, s.now()) {
		return found, nil
	}
	return enrolled, refused
}

// EnrolMany adds people to a study, all of them or, if one is refused as by Enrol, none.
func (s *Store) EnrolMany(ctx context.Context, by surveys.AccountID, id surveys.StudyID, people []surveys.NewEnrolment) ([]surveys.Enrolment, error) {
	study, state, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	people = slices.Clone(people)
	for i := range people {
		if err := people[i].Check(study, state); err != nil {
			return nil, err
		}
	}
	var enrolled []surveys.Enrolment
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		enrolled = make([]surveys.Enrolment, 0, len(people))
		for _, n := range people {
			row := enrolmentRow{ID: surveys.EnrolmentID(newID(tx.Now)), Study: id, Site: n.Site, Arm: n.Arm, Label: n.Label,
				SampledAt: engine.Stamp(tx.Now), SIMDVersion: sql.NullString{String: n.SIMDVersion, Valid: n.SIMDDecile > 0},
				Decile: sql.NullInt64{Int64: int64(n.SIMDDecile), Valid: n.SIMDDecile > 0}}
			a := audit{by, "enrolment.create", id, string(row.ID), string(n.Site)}
			if err := insertEnrolment(ctx, tx, a, row, surveys.DayNumber(tx.Now, study.Zone)); err != nil {
				if surveys.KindOf(tx.Translate(err)) == surveys.Conflict {
					return surveys.Errorf(surveys.Conflict, "The study already has a participant %q.", n.Label)
				}
				return err
			}
			if err := insertDeclared(ctx, tx, a, row.ID, n.Declared, study.Zone); err != nil {
				return err
			}
			person, err := row.enrolment()
			if err != nil {
				return err
			}
			enrolled = append(enrolled, person)
		}
		return nil
	})
	return enrolled, surveys.Wrap("enrol participants", err)
}

func insertEnrolment(ctx context.Context, tx *engine.Tx, a audit, row enrolmentRow, day int) error {
	participant := newID(tx.Now)
	if _, err := tx.Exec(ctx, a, `
		INSERT INTO participants (id, created_at)
		VALUES (?, ?)`, participant, row.SampledAt); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, a, `
		INSERT INTO enrolments (id, study_id, site_id, arm_id, participant_id, label, sampled_at, sampled_day, simd_decile,
			simd_version, row_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		row.ID, row.Study, row.Site, row.Arm, participant, row.Label, row.SampledAt, day, row.Decile, row.SIMDVersion,
		hashOf(tx, "enrolments", row.ID, row.Study, row.Site, row.Arm, participant, row.Label, row.SampledAt, day))
	return err
}

// insertDeclared keeps what the study team declares of the consent of somebody who is enrolled by a file.
func insertDeclared(ctx context.Context, tx *engine.Tx, a audit, id surveys.EnrolmentID, d *surveys.DeclaredConsent, zone *time.Location) error {
	if d == nil {
		return nil
	}
	return insertHashed(ctx, tx, a, "declared_consents", id, d.Version, surveys.DayNumber(d.On, zone), d.Basis, d.By, engine.Stamp(tx.Now))
}

// FindEnrolment returns the enrolment with the given id.
func (s *Store) FindEnrolment(ctx context.Context, id surveys.EnrolmentID) (surveys.Enrolment, error) {
	var row enrolmentRow
	if err := s.db.Get(ctx, &row, `
		SELECT `+enrolmentColumns+`
		FROM enrolments
		WHERE id = ?`, id); err != nil {
		return surveys.Enrolment{}, notFound(err, "no such participant is enrolled")
	}
	return row.enrolment()
}

// FindEnrolmentByLabel returns the enrolment that a study knows by label, in capitals or not. For one that it does not know
// it fails with NotFound, and with Invalid for what could be no study number.
func (s *Store) FindEnrolmentByLabel(ctx context.Context, study surveys.StudyID, label string) (surveys.Enrolment, error) {
	var row enrolmentRow
	if err := s.db.Get(ctx, &row, `
		SELECT `+enrolmentColumns+`
		FROM enrolments
		WHERE study_id = ? AND label = ?`, study, surveys.StudyNumber(label)); err != nil {
		if wrong := surveys.CheckStudyNumber(label); wrong != nil && errors.Is(err, sql.ErrNoRows) {
			return surveys.Enrolment{}, wrong
		}
		return surveys.Enrolment{}, notFound(err, "the study has no participant %q", surveys.StudyNumber(label))
	}
	return row.enrolment()
}

// ListStudyNumbers returns the numbers of everybody who was ever enrolled in a study, in no particular order.
func (s *Store) ListStudyNumbers(ctx context.Context, study surveys.StudyID) ([]string, error) {
	var labels []string
	err := s.db.List(ctx, &labels, `
		SELECT label
		FROM enrolments
		WHERE study_id = ?`, study)
	return labels, surveys.Wrap("list study numbers", err)
}

// Invite makes a new link and code for an enrolment and wave, and ends the ones there were with everything that was opened by
// them; it waits for the saves under way. It fails with NotFound for
// an unknown enrolment or wave and with Closed for somebody who has left the study.
func (s *Store) Invite(ctx context.Context, by surveys.AccountID, enrolment surveys.EnrolmentID, wave surveys.WaveID) (surveys.Invitation, error) {
	person, err := s.FindEnrolment(ctx, enrolment)
	if err != nil {
		return surveys.Invitation{}, err
	}
	study, _, err := s.Study(ctx, person.Study)
	if err != nil {
		return surveys.Invitation{}, err
	}
	if w, ok := study.Wave(wave); !ok || w.Audience != surveys.Patients {
		return surveys.Invitation{}, surveys.Errorf(surveys.NotFound, "the study has no wave %s that participants answer", wave)
	}
	code := surveys.NewTypedCode()
	made := surveys.Invitation{Enrolment: enrolment, Wave: wave, Link: surveys.NewLink(), Code: surveys.FormatCode(code)}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		left, err := lockEnrolment(ctx, tx, enrolment)
		if err != nil {
			return err
		}
		if left != 0 {
			return surveys.Errorf(surveys.Closed, "this person has left the study and is not to be invited again")
		}
		made.ID = surveys.InvitationID(newID(tx.Now))
		a := audit{by, "invitation.create", person.Study, string(enrolment), string(wave)}
		ended, err := changeHashed(ctx, tx, a, change{"invitations", "ended_at = ?", "enrolment_id = ? AND wave_id = ? AND ended_at IS NULL",
			[]any{engine.Stamp(tx.Now)}, []any{enrolment, wave}})
		if err == nil && ended > 0 {
			err = holdSubmissions(ctx, tx)
		}
		if err != nil {
			return err
		}
		return insertHashed(ctx, tx, a, "invitations", made.ID, enrolment, person.Study, wave, s.hashCode(made.Link), s.hashCode(code), engine.Stamp(tx.Now), nil)
	})
	return made, surveys.Wrap("make an invitation", err)
}

// Consent stores what a participant agreed to. The consent at baseline is the day from which their later waves count.
// It fails with Invalid if a clause that must be agreed to was not, or the text has another version by now.
func (s *Store) Consent(ctx context.Context, enrolment surveys.EnrolmentID, wave surveys.WaveID, given surveys.ConsentGiven) error {
	page, err := s.Occasion(ctx, enrolment, wave)
	if err != nil {
		return err
	}
	if err := page.CheckConsent(given); err != nil {
		return err
	}
	clauses, err := json.Marshal(given.Clauses)
	if err != nil {
		return fmt.Errorf("write consent clauses: %w", err)
	}
	var record engine.Record = inLedger
	if given.By != "" {
		record = audit{given.By, "consent.record", page.Study.ID, string(enrolment), "version " + given.Version + ", entered for them"}
	}
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		at := tx.Now
		if !given.On.IsZero() && given.On.Before(at) {
			at = given.On
		}
		if err := insertHashed(ctx, tx, record, "consents", newID(tx.Now), enrolment, given.Version, given.Language, string(clauses), given.Sitting,
			engine.Stamp(at)); err != nil {
			return err
		}
		var baseline any
		if page.Wave.Baseline {
			baseline = surveys.DayNumber(at, page.Study.Zone)
		}
		n, err := tx.Exec(ctx, record, `
			UPDATE enrolments
			SET consented_at = COALESCE(consented_at, ?), baseline_day = COALESCE(baseline_day, ?)
			WHERE id = ? AND withdrawal = ''`, engine.Stamp(at), baseline, enrolment)
		if err == nil && n == 0 { // since the page was read
			err = surveys.Errorf(surveys.Closed, "this person has left the study")
		}
		return err
	})
	return surveys.Wrap("store a consent", err)
}

// AddEvents records what happened to enrolments, such as a contact with a links practitioner. It fails with Closed, and
// records none of them, where one is about somebody of whom nothing more is to be collected.
func (s *Store) AddEvents(ctx context.Context, by surveys.AccountID, study surveys.StudyID, events []surveys.Event) error {
	a := audit{by, "event.create", study, "", fmt.Sprintf("%d events", len(events))}
	err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		for _, e := range events {
			left, err := lockEnrolment(ctx, tx, e.Enrolment)
			if err != nil {
				return err
			}
			if left >= surveys.StopCollection {
				return surveys.Errorf(surveys.Closed, "this person has asked that nothing more be collected about them")
			}
			if err := insertHashed(ctx, tx, a, "enrolment_events", newID(tx.Now), e.Enrolment, e.Kind, surveys.DayNumber(e.On, e.On.Location()), e.Attended,
				e.Code); err != nil {
				return err
			}
		}
		return nil
	})
	return surveys.Wrap("record events", err)
}
