package servertest

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
)

// PDFWords returns the texts that a PDF draws, one after the other, as far as they are ASCII: they stand in it as UTF-16.
func PDFWords(pdf string) string {
	drawn := regexp.MustCompile(`\(((?:[^()\\]|\\.)*)\) ?Tj`)
	var words []string
	for _, part := range strings.Split(pdf, "stream\n")[1:] {
		r, err := zlib.NewReader(strings.NewReader(part))
		if err != nil {
			continue // what follows a stream, or a stream that is not compressed
		}
		content, err := io.ReadAll(r)
		if err != nil {
			continue
		}
		for _, text := range drawn.FindAllSubmatch(bytes.ReplaceAll(content, []byte{0}, nil), -1) {
			words = append(words, strings.NewReplacer(`\(`, "(", `\)`, ")").Replace(string(text[1])))
		}
	}
	return strings.Join(words, " ")
}
