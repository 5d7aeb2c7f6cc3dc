package report

import (
	"bytes"
	"compress/zlib"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wellwave/surveys/monitor"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs: %d bytes, want %d; look at it and run the test with -update", name, len(got), len(want))
	}
}

func responsePDF(t *testing.T, m *monitor.Monitor, edition Edition) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteResponse(&b, m, edition); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pdfText returns what the pages of a PDF say, as far as it is ASCII: the texts stand in them as UTF-16.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	var text strings.Builder
	for _, part := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue // the part after a stream, or a stream that isn't compressed
		}
		content, err := io.ReadAll(r)
		if err != nil {
			continue
		}
		if bytes.Contains(content, []byte(" Tj")) {
			text.Write(bytes.ReplaceAll(content, []byte{0}, nil))
		}
	}
	return text.String()
}

func TestWriteResponse(t *testing.T) {
	got := responsePDF(t, modelMonitor(), Internal)
	golden(t, "response.pdf", got)
	if again := responsePDF(t, modelMonitor(), Internal); !bytes.Equal(got, again) {
		t.Error("the same monitor gave other bytes the second time")
	}
	text := pdfText(t, got)
	for _, want := range []string{"74.3%", "91.7%", "86.1%", "17.4 points", "69.0 to 79.0%", "89.2 to 93.6%", "83.7 to 88.2%", "0.919",
		"775 of 770 questionnaires are complete at nine months", "Demonstration: everybody in this study is invented", "Internal edition",
		"Practice 1 of intervention", "No window has closed yet.", "Page 1 of", "accessible copy", "Dispositions by site: Comparison",
		"Retention and RR1 by site, people as independent: Intervention", "30 of 41", "58.1 to 84.3%", "71 of 77", "84.0 to 96.4%"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report doesn't say %q", want)
		}
	}
}

// Deaths stand beside what they are part of, site by site where there are any.
func TestWriteResponseDeathsBySite(t *testing.T) {
	const head = "(died) Tj" // of a narrow column, so on a line of its own
	if text := pdfText(t, responsePDF(t, modelMonitor(), Internal)); strings.Count(text, head) != 2 {
		t.Errorf("%d tables of sites count deaths, want one for each arm of the wave with deaths", strings.Count(text, head))
	}
	if text := pdfText(t, responsePDF(t, smallMonitor(), Internal)); strings.Contains(text, head) {
		t.Error("a column of deaths where nobody died")
	}
}

func TestWriteResponseOutward(t *testing.T) {
	text := pdfText(t, responsePDF(t, modelMonitor(), Outward))
	if !strings.Contains(text, "Outward edition") || !strings.Contains(text, "74.3%") {
		t.Error("the outward edition lacks its mark or the arms' retention")
	}
	if strings.Contains(text, "Practice 1 of") || strings.Contains(text, "by site:") {
		t.Error("the outward edition shows sites")
	}
}

func TestWriteResponseOfLittle(t *testing.T) {
	tests := []struct {
		name string
		give *monitor.Monitor
		want string
	}{
		{"one site", smallMonitor(), "2 of 40 questionnaires are complete at baseline"},
		{"no wave", &monitor.Monitor{Title: "Empty", At: asAt}, "no wave that participants answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := pdfText(t, responsePDF(t, tt.give, Internal))
			if !strings.Contains(text, tt.want) {
				t.Errorf("the report doesn't say %q", tt.want)
			}
			if strings.Contains(text, "Demonstration") {
				t.Error("a demonstration's banner on a real study")
			}
		})
	}
}

func TestWriteResponseRefusesNoEdition(t *testing.T) {
	if err := WriteResponse(io.Discard, smallMonitor(), 0); err == nil {
		t.Error("no error for an edition that doesn't exist")
	}
}
