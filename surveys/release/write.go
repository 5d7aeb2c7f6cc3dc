package release

import (
	"context"
	"encoding/hex"

	"wellwave/surveys"
	"wellwave/surveys/risk"
)

// made is what went into the tables of a release.
type made struct {
	*judgement
	files     []FileSum
	sensitive []SensitiveRisk
	counts    *counts
}

// SensitiveRisk is how well the classes of a release hide what it holds of a sensitive column.
type SensitiveRisk struct {
	File           string  `json:"file"`
	Column         string  `json:"column"`
	Distinct       int     `json:"l_distinct"`
	Entropy        float64 `json:"l_entropy"`
	TotalVariation float64 `json:"t_total_variation"`
}

// writer writes the tables of a release, each with its reasons beside it.
type writer struct {
	plan    *Plan
	keys    []keyOf
	tables  []*tableWriter
	told    [][]uint64 // by file, everybody first, and column: the keys of which it tells something
	starts  [][]int    // by file, everybody first, and column: its first cell
	cells   [][][]byte
	blanked uint64
	id      []byte // in hexadecimal digits
	hidden  []*hidden
	counts  *counts
}

// tableWriter writes one table.
type tableWriter struct {
	table
	rows    *output
	reasons *output
	count   int
	missing int
	by      [][]tableColumn // of the long table: the columns as they are found in each wave
	has     [][]bool
}

// hidden counts how well the sensitive columns of a wave are hidden.
type hidden struct {
	file      int
	sensitive []int // columns
	table     *risk.Table
}

// writeTables writes every table.
func writeTables(ctx context.Context, plan *Plan, w workshop, people joiner, judged *judgement) (*made, error) {
	out := newWriter(plan)
	defer out.abandon()
	if err := out.open(w); err != nil {
		return nil, err
	}
	err := people.each(ctx, func(id []byte, records []record) error {
		return out.person(id, records, judged.blanks[[idSize]byte(id)])
	})
	if err != nil {
		return nil, err
	}
	m := &made{judgement: judged, sensitive: out.sensitive(), counts: out.counts}
	for _, t := range out.tables {
		rows, err := t.rows.finish()
		if err != nil {
			return nil, err
		}
		reasons, err := t.reasons.finish()
		if err != nil {
			return nil, err
		}
		rows.Rows, reasons.Rows = t.count, t.missing
		m.files = append(m.files, rows, reasons)
	}
	return m, nil
}

func newWriter(plan *Plan) *writer {
	w := &writer{plan: plan, keys: plan.ranked(), cells: make([][][]byte, len(plan.Files)+1), counts: newCounts(plan)}
	for f := range len(plan.Files) + 1 {
		columns := plan.People
		if f > 0 {
			columns = plan.Files[f-1].Columns
		}
		starts, told, at := make([]int, len(columns)), make([]uint64, len(columns)), 0
		h := &hidden{file: f}
		for i := range columns {
			starts[i] = at
			at += len(columns[i].parts())
			for bit, k := range w.keys {
				own := k.of == cellOf{f - 1, i, value}
				for _, name := range columns[i].Tells {
					own = own || k.of.file == f-1 && k.column.Name == name
				}
				if own {
					told[i] |= 1 << bit
				}
			}
			if columns[i].Class == surveys.ClassSensitive {
				h.sensitive = append(h.sensitive, i)
			}
		}
		w.starts, w.told = append(w.starts, starts), append(w.told, told)
		if len(h.sensitive) > 0 {
			h.table = risk.NewTable(len(w.keys) + len(h.sensitive))
			w.hidden = append(w.hidden, h)
		}
	}
	for _, t := range plan.tables() {
		tw := &tableWriter{table: t}
		if t.long {
			for wave := range plan.Files {
				columns, has := make([]tableColumn, len(t.columns)), make([]bool, len(t.columns))
				for i, c := range t.columns {
					columns[i].name = c.name
					columns[i].of, has[i] = plan.in(wave, c.of)
				}
				tw.by, tw.has = append(tw.by, columns), append(tw.has, has)
			}
		}
		w.tables = append(w.tables, tw)
	}
	return w
}

// open begins every file with its headers.
func (w *writer) open(into workshop) (err error) {
	for _, t := range w.tables {
		if t.rows, err = newOutput(into.product, t.name); err != nil {
			return err
		}
		t.rows.line = appendHeaders(nil, t.headers(), w.plan.Excel)
		if err := t.rows.flush(); err != nil {
			return err
		}
		if t.reasons, err = newOutput(into.product, reasonsOf(t.name)); err != nil {
			return err
		}
		heads := []string{idColumn, columnColumn, reasonColumn}
		if t.long {
			heads = []string{idColumn, waveColumn, columnColumn, reasonColumn}
		}
		t.reasons.line = appendHeaders(nil, heads, w.plan.Excel)
		if err := t.reasons.flush(); err != nil {
			return err
		}
	}
	return nil
}

// reasonsOf names the file that says why cells of a table are empty.
func reasonsOf(name string) string { return name[:len(name)-len(".csv")] + missingEnding + ".csv" }

func (w *writer) abandon() {
	for _, t := range w.tables {
		for _, o := range []*output{t.rows, t.reasons} {
			if o != nil {
				o.abandon()
			}
		}
	}
}

// person writes somebody's rows.
func (w *writer) person(id []byte, records []record, blanked uint64) error {
	if records[0].id == nil {
		return nil // in an earlier release alone
	}
	w.blanked = blanked
	w.id = hex.AppendEncode(w.id[:0], id)
	for f := range w.cells {
		r := records[f]
		w.cells[f] = splitCells(r.line, w.cells[f])
		if r.id == nil {
			w.cells[f] = nil
		}
	}
	w.measure()
	w.counts.person(w)
	for _, t := range w.tables {
		switch {
		case t.long:
			for wave := range w.plan.Files {
				if err := w.row(t, t.by[wave], t.has[wave], string(w.plan.Files[wave].Wave)); err != nil {
					return err
				}
			}
		case t.wave == everybody || w.cells[t.wave+1] != nil:
			if err := w.row(t, t.columns, nil, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// row writes one row of a table; has says which columns the wave of a row has, nil for all.
func (w *writer) row(t *tableWriter, columns []tableColumn, has []bool, wave string) error {
	t.count++
	line := append(t.rows.line[:0], w.id...)
	reasons := t.reasons.line[:0]
	if wave != "" {
		line = append(append(line, ','), wave...)
	}
	for i, c := range columns {
		line = append(line, ',')
		cell, reason := []byte(nil), w.plan.reason(surveys.NotAsked)
		if has == nil || has[i] {
			cell, reason = w.cell(c.of)
		}
		line = append(line, cell...)
		if reason == "" {
			continue
		}
		t.missing++
		reasons = append(reasons, w.id...)
		if wave != "" {
			reasons = append(append(reasons, ','), wave...)
		}
		reasons = append(append(append(append(append(reasons, ','), c.name...), ','), reason...), '\n')
	}
	t.rows.line, t.reasons.line = append(line, '\n'), reasons
	if err := t.rows.flush(); err != nil {
		return err
	}
	return t.reasons.flush()
}

// cell returns what stands in a cell of the person at hand, or why nothing does.
func (w *writer) cell(of cellOf) (cell []byte, reason string) {
	f := of.file + 1
	if w.blanked&w.told[f][of.column] != 0 {
		return nil, withheld
	}
	if w.cells[f] == nil {
		return nil, w.plan.noAnswers()
	}
	cell = w.cells[f][w.starts[f][of.column]+int(of.part)]
	if m, missing := unpack(cell); missing {
		return nil, w.plan.reason(m)
	}
	return cell, ""
}

// measure counts the person among those of whom sensitive answers are known.
func (w *writer) measure() {
	for _, h := range w.hidden {
		if w.cells[h.file] == nil {
			continue
		}
		h.table.Add(func(i int) []byte {
			of := cellOf{file: h.file - 1}
			if i < len(w.keys) {
				of = w.keys[i].of
			} else {
				of.column = h.sensitive[i-len(w.keys)]
			}
			cell, reason := w.cell(of)
			if reason != "" {
				return []byte("(" + reason + ")")
			}
			return cell
		})
	}
}

// sensitive returns how well sensitive columns are hidden.
func (w *writer) sensitive() []SensitiveRisk {
	var list []SensitiveRisk
	for _, h := range w.hidden {
		if h.table.Rows() == 0 {
			continue
		}
		keys, columns := make([]int, len(w.keys)), make([]int, len(h.sensitive))
		for i := range keys {
			keys[i] = i
		}
		for i := range columns {
			columns[i] = len(keys) + i
		}
		for i, s := range h.table.Measure(keys, columns).Sensitive {
			f := &w.plan.Files[h.file-1]
			list = append(list, SensitiveRisk{string(f.Wave), f.Columns[h.sensitive[i]].Name, s.Distinct, s.Entropy, s.TotalVariation})
		}
	}
	return list
}

func appendHeaders(b []byte, names []string, excel bool) []byte {
	if excel {
		b = append(b, bom...)
	}
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCell(b, name, excel)
	}
	return append(b, '\n')
}
