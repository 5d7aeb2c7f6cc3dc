package climate

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"wellwave/scoring/decimal"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/disclosure"
)

// The columns of the three files in which a round's results leave.
var (
	resultColumns = []string{"round", "unit", "group", "factor", "practices", "mean", "hidden"}
	pairColumns   = []string{"round", "first_item", "second_item", "first_answer", "second_answer", "respondents", "hidden"}
	itemColumns   = []string{"round", "unit", "group", "factor", "item", "percent_1_to_3", "percent_4", "percent_5_to_7"}
)

// WriteCSV writes what is shown of every round so far: a row for each site or pool, factor and round, as the report's table
// of practices has them, and behind those of a factor the means of the programme's practices, of the others and of all,
// whose unit is empty. A unit is the ids of its sites with a space between them; where nothing of it is shown the mean is
// empty and hidden says why. Means of one practice have one decimal, others two. Last in a round come the means of the
// published average, whose unit is its name, with the decimals of its file; practices is empty where the file does not say.
func (r *Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(resultColumns) // an error is kept until the end
	for _, round := range r.Shown.Rounds {
		for _, f := range round.Factors {
			for _, row := range f.Rows {
				writeCells(out, round.ID, strings.Join(row.Sites, " "), row.Group.String(), f.Code, strconv.Itoa(len(row.Sites)),
					meanCell(row.Mean, len(row.Sites), row.Hidden), row.Hidden.String())
			}
			for _, figure := range []struct {
				group string
				disclosure.Figure
			}{{disclosure.Programme.String(), f.Programme}, {disclosure.Others.String(), f.Others}, {"all", f.All}} {
				writeCells(out, round.ID, "", figure.group, f.Code, strconv.Itoa(figure.Sites()),
					meanCell(figure.Mean, figure.Sites(), figure.Hidden), figure.Hidden.String())
			}
		}
		for _, row := range r.publishedRows(round.ID) {
			writeCells(out, row...)
		}
	}
	out.Flush()
	return out.Error()
}

// WriteItemsCSV writes the items that are shown of every round so far, of sites that stand alone: how many percent of the
// answers were 1 to 3, 4, and 5 to 7, after reversing, to the nearest 10.
func (r *Report) WriteItemsCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(itemColumns) // an error is kept until the end
	for _, round := range r.Shown.Rounds {
		for _, row := range round.ItemRows() {
			writeCells(out, round.ID, row.Site, row.Group.String(), row.Factor, row.Code,
				strconv.Itoa(row.Shares[0]), strconv.Itoa(row.Shares[1]), strconv.Itoa(row.Shares[2]))
		}
	}
	out.Flush()
	return out.Error()
}

// WritePairsCSV writes the tables of pairs of items of the report's round: a row for each pair of answers, from 1 to 7 after
// reversing, and how many gave both, to the nearest 5. Where that is not shown respondents is empty and hidden says why; of a
// table that is not shown at all there is one row, without answers.
func (r *Report) WritePairsCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(pairColumns) // an error is kept until the end
	if r.Pairs != nil {
		for _, table := range r.Pairs.Tables {
			table.write(out, string(r.Round))
		}
	}
	out.Flush()
	return out.Error()
}

func (p ReportPair) write(out *csv.Writer, round string) {
	if p.Hidden != 0 {
		writeCells(out, round, p.A, p.B, "", "", "", p.Hidden.String())
		return
	}
	var shown [options][options]int // 0 where it is not: a shown cell has at least 10
	for _, cell := range p.Cells {
		shown[cell[0]-1][cell[1]-1] = cell[2]
	}
	for a, row := range shown {
		for b, n := range row {
			respondents, hidden := strconv.Itoa(n), ""
			if n == 0 {
				respondents, hidden = "", disclosure.TooFew.String()
			}
			writeCells(out, round, p.A, p.B, strconv.Itoa(a+1), strconv.Itoa(b+1), respondents, hidden)
		}
	}
}

// writeCells writes a row. What a spreadsheet would run stands behind an apostrophe.
func writeCells(out *csv.Writer, cells ...string) {
	for i, cell := range cells {
		if csvtable.Runs(cell) {
			cells[i] = "'" + cell
		}
	}
	_ = out.Write(cells) // an error is kept until the end
}

// meanCell returns a mean with the decimals that it is shown with.
func meanCell(mean float64, sites int, hidden disclosure.Reason) string {
	if hidden != 0 {
		return ""
	}
	return decimal.Fixed(mean, Decimals(sites))
}

// exactly writes a number with the digits it has.
func exactly(x float64) string { return decimal.Format(x) }

// Decimals returns with how many decimals a mean over so many practices is shown.
func Decimals(practices int) int {
	if practices == 1 {
		return 1
	}
	return 2
}
