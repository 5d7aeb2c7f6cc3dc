package report

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"wellwave/surveys"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file under testdata, byte by byte, and says what differs first.
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
	if said := difference(got, want); said != "" {
		t.Errorf("%s differs: %s; look at it and run the test with -update", name, said)
	}
}

// difference says in words where two files first differ: PDFs page by page in what is drawn and written, others line by
// line. It is empty for the same bytes alone.
func difference(got, want []byte) string {
	if bytes.Equal(got, want) {
		return ""
	}
	if !bytes.HasPrefix(got, []byte("%PDF-")) || !bytes.HasPrefix(want, []byte("%PDF-")) {
		return firstStep("line", strings.Split(string(got), "\n"), strings.Split(string(want), "\n"))
	}
	pages, wanted := pdfPages(got), pdfPages(want)
	for i := range min(len(pages), len(wanted)) {
		if said := firstStep("step", pages[i], wanted[i]); said != "" {
			return fmt.Sprintf("page %d, %s", i+1, said)
		}
	}
	if len(pages) != len(wanted) {
		return fmt.Sprintf("%d pages, want %d; those that both have are the same", len(pages), len(wanted))
	}
	return fmt.Sprintf("%d pages on which the same is drawn and written; the rest, %s", len(pages),
		firstStep("line", strings.Split(printable(got), "\n"), strings.Split(printable(want), "\n")))
}

// firstStep says which of two lists' steps is the first to differ, and which text was written last before it.
func firstStep(what string, got, want []string) string {
	text := ""
	for i := range max(len(got), len(want)) {
		step, wanted := "nothing more", "nothing more"
		if i < len(got) {
			step = short(got[i])
		}
		if i < len(want) {
			wanted = short(want[i])
		}
		switch {
		case i >= len(got) || i >= len(want) || got[i] != want[i]:
			if text != "" {
				text = " after " + text
			}
			return fmt.Sprintf("%s %d%s: %s, want %s", what, i+1, text, step, wanted)
		case strings.HasPrefix(got[i], "write "):
			text = step
		}
	}
	return ""
}

// short keeps a step short enough for a message.
func short(step string) string {
	if runes := []rune(step); len(runes) > 200 {
		return string(runes[:200]) + "…"
	}
	return step
}

// printable leaves out the bytes of streams that are packed.
func printable(pdf []byte) string {
	return regexp.MustCompile(`(?s)stream\n.*?\nendstream`).ReplaceAllStringFunc(string(pdf), func(stream string) string {
		return fmt.Sprintf("stream of %d bytes, beginning %x\nendstream", len(stream), stream[7:min(len(stream), 23)])
	})
}

var contents = regexp.MustCompile(`/Contents (\d+) 0 R`)

// pdfPages returns the steps by which each page of a PDF of ours is made, one a line as the library writes them, with the
// texts in words.
func pdfPages(pdf []byte) (pages [][]string) {
	for _, page := range contents.FindAllSubmatch(pdf, -1) {
		_, object, _ := bytes.Cut(pdf, []byte("\n"+string(page[1])+" 0 obj\n"))
		_, stream, _ := bytes.Cut(object, []byte("stream\n"))
		steps := []string{"a stream that cannot be unpacked"}
		if r, err := zlib.NewReader(bytes.NewReader(stream)); err == nil {
			if content, err := io.ReadAll(r); err == nil {
				steps = pdfSteps(content)
			}
		}
		pages = append(pages, steps)
	}
	return pages
}

// pdfSteps cuts the content of a page into lines, but not within a text.
func pdfSteps(content []byte) (steps []string) {
	var step, text []byte
	depth := 0
	for i := 0; i < len(content); i++ {
		c := content[i]
		switch {
		case c == '\\' && depth > 0:
			i++
			if c = content[i]; c == 'r' {
				c = '\r'
			}
			text = append(text, c)
		case c == '(':
			if depth++; depth > 1 {
				text = append(text, c)
			}
		case c == ')':
			if depth--; depth > 0 {
				text = append(text, c)
				continue
			}
			step, text = append(step, "“"+fromUTF16(text)+"”"...), nil
		case depth > 0:
			text = append(text, c)
		case c == '\n':
			if at, text, ok := strings.Cut(string(step), "“"); ok {
				steps = append(steps, "write “"+text+" "+at)
			} else {
				steps = append(steps, "draw "+string(step))
			}
			step = step[:0]
		default:
			step = append(step, c)
		}
	}
	return steps
}

// fromUTF16 reads a text as it stands in a page.
func fromUTF16(text []byte) string {
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(text[2*i:])
	}
	return string(utf16.Decode(units))
}

// What a golden file is told of is what differs, and not that its length does.
func TestDifference(t *testing.T) {
	model := copyPDF(t, modelCopy())
	changed := func(change func(*surveys.ConsentCopy)) []byte {
		c := modelCopy()
		change(c)
		return copyPDF(t, c)
	}
	longer := changed(func(c *surveys.ConsentCopy) { c.Text.Intro = strings.Repeat("Please read this. ", 400) })
	tests := []struct {
		name string
		give []byte
		want []string // in what is said; nothing for the same
	}{
		{"the same", copyPDF(t, modelCopy()), nil},
		{"another word", changed(func(c *surveys.ConsentCopy) { c.Label = "L0043" }), []string{"page 1, step ", "L0043", "want write “", "L0042"}},
		{"a bracket and a stroke", changed(func(c *surveys.ConsentCopy) { c.Label = `L(1\` }), []string{"page 1, step ", `L(1\`}},
		{"more pages", longer, []string{"page 1, step ", "write “Page 1 of 3”", "want write “Page 1 of 2”"}},
		{"something else than its pages", bytes.Replace(model, []byte("/Producer"), []byte("/producer"), 1), []string{"on which the same is drawn and written; the rest, line ", "/producer", "want /Producer"}},
		{"no PDF", []byte("%PNG"), []string{"line 1: %PNG, want %PDF-"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			said := difference(tt.give, model)
			if (said == "") != (tt.want == nil) {
				t.Errorf("difference() = %q", said)
			}
			for _, want := range tt.want {
				if !strings.Contains(said, want) {
					t.Errorf("difference() = %q, want %q in it", said, want)
				}
			}
		})
	}
}
