package bulk

import (
	"fmt"

	"wellwave/surveys"
)

// rowAnswers gathers the answers of a row, cell by cell.
type rowAnswers struct {
	row    *Row
	form   surveys.CellForm
	values map[string]surveys.Value // given, by item
	blank  []string                 // items without an answer
	ticks  []ticked                 // questions with a column for each choice
}

// ticked is what the columns of one question's choices have said so far.
type ticked struct {
	item   *surveys.Item
	chosen []float64
}

// read reads a cell of a column of answers. Columns that are not wanted have none.
func (a *rowAnswers) read(column *column, cell string) error {
	switch {
	case len(column.items) == 0:
		return nil
	case column.state:
		return a.readState(column, cell)
	case column.tick:
		return a.readTick(column, cell)
	}
	value, err := a.form.Value(column.items[0], cell)
	if err == nil {
		a.add(column.items[0], value)
	}
	return err
}

func (a *rowAnswers) add(item *surveys.Item, value surveys.Value) {
	if !value.Given() {
		a.blank = append(a.blank, item.Code)
		return
	}
	a.values[item.Code] = value
	a.row.Answers = append(a.row.Answers, surveys.ItemAnswer{Code: item.Code, Value: value})
}

// readState reads a state such as 21345, whose digits are the answers to several questions.
func (a *rowAnswers) readState(column *column, cell string) error {
	digits, err := a.form.State(cell, column.what())
	if err != nil {
		return err
	}
	for i, item := range column.items {
		if digits == nil {
			a.add(item, surveys.Value{})
			continue
		}
		value, err := surveys.CellForm{}.Value(item, string(digits[i]))
		if err != nil {
			return fmt.Errorf("digit %d (%s): %w", i+1, item.Code, err)
		}
		a.add(item, value)
	}
	return nil
}

// readTick reads whether one choice was ticked.
func (a *rowAnswers) readTick(column *column, cell string) error {
	yes, err := a.form.Ticked(cell)
	if err != nil {
		return err
	}
	at := -1
	for i := range a.ticks {
		if a.ticks[i].item == column.items[0] {
			at = i
		}
	}
	if at < 0 {
		at = len(a.ticks)
		a.ticks = append(a.ticks, ticked{item: column.items[0]})
	}
	if yes {
		a.ticks[at].chosen = append(a.ticks[at].chosen, column.option)
	}
	return nil
}

// finish puts what was ticked together. A question of which nothing was ticked has no answer: other systems export the same
// of somebody who never saw it.
func (a *rowAnswers) finish() error {
	for _, t := range a.ticks {
		value := surveys.Value{}
		if len(t.chosen) > 0 {
			value = surveys.Set(t.chosen...)
		}
		a.add(t.item, value)
	}
	if len(a.values) == 0 {
		return &RowError{Line: a.row.Line, Reason: "there is no answer in this row"}
	}
	return nil
}
