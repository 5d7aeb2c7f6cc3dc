package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// entryContent is what an entry says, as paper_entries keep it.
type entryContent struct {
	Language    string          `json:"language"`
	Helper      string          `json:"helper,omitempty"`
	CompletedOn string          `json:"completed_on,omitempty"`
	Over        bool            `json:"over,omitempty"`
	Answers     json.RawMessage `json:"answers"`
}

func entryContentOf(e surveys.Entered) (string, error) {
	text, err := json.Marshal(entryContent{e.Language, e.Helper, e.CompletedOn, e.Over, surveys.AppendAnswers(nil, e.Answers)})
	if err != nil {
		return "", fmt.Errorf("write an entry: %w", err)
	}
	return string(text), nil
}

// entryRow is a row of paper_entries.
type entryRow struct {
	Paper   string            `db:"paper_id"`
	Number  int               `db:"number"`
	Form    string            `db:"form"`
	By      surveys.AccountID `db:"account_id"`
	Content string            `db:"content"`
	At      engine.Stamp      `db:"entered_at"`
}

const entryColumns = `n.paper_id, n.number, n.form, n.account_id, n.content, n.entered_at`

// entered reads an entry of a paper.
func (r entryRow) entered(p *surveys.EnteredPaper) (surveys.Entered, error) {
	e := surveys.Entered{ID: r.Form, Enrolment: p.Enrolment, Wave: p.Wave, Mode: surveys.Paper, By: r.By, At: r.At.Time()}
	var c entryContent
	if err := json.Unmarshal([]byte(r.Content), &c); err != nil {
		return e, fmt.Errorf("read an entry: %w", err)
	}
	e.Language, e.Helper, e.CompletedOn, e.Over = c.Language, c.Helper, c.CompletedOn, c.Over
	err := surveys.EachAnswer(string(c.Answers), func(code string, v surveys.Value) error {
		e.Answers = append(e.Answers, surveys.ItemAnswer{Code: code, Value: v})
		return nil
	})
	return e, err
}

// paperRow is a row of papers with what it belongs to.
type paperRow struct {
	ID        string              `db:"id"`
	Study     surveys.StudyID     `db:"study_id"`
	Enrolment surveys.EnrolmentID `db:"enrolment_id"`
	Label     string              `db:"label"`
	Wave      surveys.WaveID      `db:"wave_id"`
	State     string              `db:"state"`
	Compared  int                 `db:"compared"`
	Equal     int                 `db:"equal"`
}

const paperColumns = `p.id, e.study_id, p.enrolment_id, e.label, p.wave_id, p.state, p.compared, p.equal`

func (r paperRow) paper() (surveys.EnteredPaper, error) {
	state, err := word("papers.state", surveys.ParsePaperState, r.State)
	return surveys.EnteredPaper{ID: r.ID, Study: r.Study, Enrolment: r.Enrolment, Label: r.Label, Wave: r.Wave, State: state,
		Compared: r.Compared, Equal: r.Equal}, err
}

// openPaper begins the open paper of a person and wave, or locks and reads the one there is with its entries.
func openPaper(ctx context.Context, tx *engine.Tx, enrolment surveys.EnrolmentID, wave surveys.WaveID) (surveys.EnteredPaper, error) {
	var row paperRow
	if err := tx.ExecGet(ctx, locking, &row, `
		INSERT INTO papers (id, enrolment_id, wave_id, state, compared, equal)
		VALUES (?, ?, ?, ?, 0, 0)
		ON CONFLICT (enrolment_id, wave_id) WHERE submitted_at IS NULL DO UPDATE
		SET wave_id = excluded.wave_id
		RETURNING id, enrolment_id, wave_id, state, compared, equal`,
		newID(tx.Now), enrolment, wave, surveys.EnteredOnce.String()); err != nil {
		return surveys.EnteredPaper{}, fmt.Errorf("begin a paper: %w", err)
	}
	paper, err := row.paper()
	if err != nil {
		return paper, err
	}
	var entries []entryRow
	if err := tx.List(ctx, &entries, `
		SELECT `+entryColumns+`
		FROM paper_entries n
		WHERE n.paper_id = ?
		ORDER BY n.number`, paper.ID); err != nil {
		return paper, fmt.Errorf("read the entries of a paper: %w", err)
	}
	return paper, fillEntries(&paper, entries)
}

func fillEntries(p *surveys.EnteredPaper, rows []entryRow) error {
	for _, row := range rows {
		e, err := row.entered(p)
		if err != nil {
			return err
		}
		p.Entries = append(p.Entries, e)
	}
	return nil
}

// keepEntry writes the last entry of a paper and how the paper stands with it.
func keepEntry(ctx context.Context, tx *engine.Tx, study surveys.StudyID, p *surveys.EnteredPaper, detail string) error {
	e := p.Entries[len(p.Entries)-1]
	content, err := entryContentOf(e)
	if err != nil {
		return err
	}
	a := audit{e.By, "paper.enter", study, string(p.Enrolment), string(p.Wave) + ": " + detail}
	if err := insertHashed(ctx, tx, a, "paper_entries", p.ID, len(p.Entries), e.ID, e.By, content, engine.Stamp(tx.Now)); err != nil {
		return fmt.Errorf("write an entry: %w", err)
	}
	if _, err := tx.Exec(ctx, a, `
		UPDATE papers
		SET state = ?, compared = ?, equal = ?
		WHERE id = ?`, p.State.String(), p.Compared, p.Equal, p.ID); err != nil {
		return fmt.Errorf("write how a paper stands: %w", err)
	}
	return nil
}

// unlessErased leaves out what was typed about people whose answers are to be erased. It wants their enrolments as e.
const unlessErased = ` AND e.withdrawal <> 'erasure'`

// FindPaper returns a paper with its entries. There is none of people whose answers are to be erased.
func (s *Store) FindPaper(ctx context.Context, id string) (surveys.EnteredPaper, error) {
	var row paperRow
	if err := s.db.Get(ctx, &row, `
		SELECT `+paperColumns+`
		FROM papers p
		JOIN enrolments e ON e.id = p.enrolment_id
		WHERE p.id = ?`+unlessErased, id); err != nil {
		return surveys.EnteredPaper{}, notFound(err, "there is no such paper")
	}
	paper, err := row.paper()
	if err != nil {
		return paper, err
	}
	var entries []entryRow
	if err := s.db.List(ctx, &entries, `
		SELECT `+entryColumns+`
		FROM paper_entries n
		WHERE n.paper_id = ?
		ORDER BY n.number`, id); err != nil {
		return paper, surveys.Wrap("read the entries of a paper", err)
	}
	return paper, surveys.Wrap("read the entries of a paper", fillEntries(&paper, entries))
}

// ListPapers returns every paper that is not submitted yet, of every study, those that wait longest first. Its entries say
// who made them and when, and nothing else.
func (s *Store) ListPapers(ctx context.Context) ([]surveys.EnteredPaper, error) {
	var rows []paperRow
	if err := s.db.List(ctx, &rows, `
		SELECT `+paperColumns+`
		FROM papers p
		JOIN enrolments e ON e.id = p.enrolment_id
		WHERE p.submitted_at IS NULL`+unlessErased); err != nil {
		return nil, surveys.Wrap("list papers", err)
	}
	var entries []entryRow
	if err := s.db.List(ctx, &entries, `
		SELECT n.paper_id, n.number, n.account_id, n.entered_at
		FROM paper_entries n
		JOIN papers p ON p.id = n.paper_id
		WHERE p.submitted_at IS NULL`); err != nil {
		return nil, surveys.Wrap("list the entries of papers", err)
	}
	slices.SortFunc(entries, func(a, b entryRow) int { return a.Number - b.Number })
	papers := make([]surveys.EnteredPaper, 0, len(rows))
	for _, row := range rows {
		paper, err := row.paper()
		if err != nil {
			return nil, err
		}
		for _, n := range entries {
			if n.Paper == paper.ID {
				paper.Entries = append(paper.Entries, surveys.Entered{By: n.By, At: n.At.Time()})
			}
		}
		papers = append(papers, paper)
	}
	slices.SortFunc(papers, func(a, b surveys.EnteredPaper) int { return cmp.Compare(a.ID, b.ID) }) // ids sort by time
	return papers, nil
}

// EntryAgreement returns how many items of a study's papers have been compared between two entries, and how many of them
// were equal.
func (s *Store) EntryAgreement(ctx context.Context, study surveys.StudyID) (compared, equal int, err error) {
	var row struct {
		Compared int `db:"compared"`
		Equal    int `db:"equal"`
	}
	err = s.db.Get(ctx, &row, `
		SELECT COALESCE(SUM(p.compared), 0) AS compared, COALESCE(SUM(p.equal), 0) AS equal
		FROM papers p
		JOIN enrolments e ON e.id = p.enrolment_id
		WHERE e.study_id = ?`+unlessErased, study)
	return row.Compared, row.Equal, surveys.Wrap("count how entries agree", err)
}
