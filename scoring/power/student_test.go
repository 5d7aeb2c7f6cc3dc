package power

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// readNumbers returns the rows of a table of numbers whose source stands in its first lines.
func readNumbers(t *testing.T, name string, columns int) [][]float64 {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment, r.FieldsPerRecord = '#', columns
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	numbers := make([][]float64, len(rows))
	for i, row := range rows {
		numbers[i] = make([]float64, columns)
		for j, cell := range row {
			if numbers[i][j], err = strconv.ParseFloat(cell, 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	return numbers
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// Expected values by R: see the first lines of the file.
func TestExceeds(t *testing.T) {
	rows := readNumbers(t, "testdata/noncentral_t.csv", 5)
	for _, row := range rows {
		q, df, ncp, want := row[0], row[1], row[2], row[3]
		if got := exceeds(q, df, ncp); !near(got, want, 1e-12) {
			t.Errorf("exceeds(%v, %v, %v) = %.15g, want %.15g", q, df, ncp, got, want)
		}
	}
	if len(rows) < 700 {
		t.Errorf("%d rows, want at least 700", len(rows))
	}
}

// Expected values by mpmath: see the first lines of the files. Small tails must hold as many digits as large ones.
func TestExceedsPrecisely(t *testing.T) {
	rows := readNumbers(t, "testdata/noncentral_t_reference.csv", 4)
	for _, row := range rows {
		q, df, ncp, want := row[0], row[1], row[2], row[3]
		if got := exceeds(q, df, ncp); !near(got/want, 1, 3e-13) {
			t.Errorf("exceeds(%v, %v, %v) = %.16g, want %.16g", q, df, ncp, got, want)
		}
	}
	if len(rows) < 600 {
		t.Errorf("%d rows, want at least 600", len(rows))
	}
}

func TestStudentQuantile(t *testing.T) {
	for _, row := range readNumbers(t, "testdata/student_reference.csv", 3) {
		if got, want := studentQuantile(row[0], row[1]), row[2]; !near(got/want, 1, 1e-12) {
			t.Errorf("studentQuantile(%v, %v) = %.16g, want %.16g", row[0], row[1], got, want)
		}
		if got, want := studentQuantile(1-row[0], row[1]), -row[2]; row[0] > 1e-3 && !near(got/want, 1, 1e-9) {
			t.Errorf("studentQuantile(1-%v, %v) = %.16g, want %.16g", row[0], row[1], got, want)
		}
	}
}

// Critical values by R 4.2.2: qt(0.975, df) and qt(0.95, df).
func TestCritical(t *testing.T) {
	tests := []struct {
		giveDF           float64
		wantTwo, wantOne float64
	}{
		{1, 12.7062047361747, 6.31375151467504},
		{2, 4.30265272974946, 2.91998558035372},
		{13, 2.16036865646279, 1.77093339598687},
		{126, 1.97897060199061, 1.65703698199071},
		{773, 1.96303762861206, 1.64682724668617},
	}
	for _, tt := range tests {
		if got := (tTest{tt.giveDF, 0.05, TwoSided}).critical(); !near(got, tt.wantTwo, 1e-11) {
			t.Errorf("two-sided critical value on %v df = %.15g, want %.15g", tt.giveDF, got, tt.wantTwo)
		}
		if got := (tTest{tt.giveDF, 0.05, OneSided}).critical(); !near(got, tt.wantOne, 1e-11) {
			t.Errorf("one-sided critical value on %v df = %.15g, want %.15g", tt.giveDF, got, tt.wantOne)
		}
	}
}
