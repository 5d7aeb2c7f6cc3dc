package report

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"unicode"
)

var (
	//go:embed fonts/AtkinsonHyperlegibleNext-Regular.ttf
	regularTTF []byte
	//go:embed fonts/AtkinsonHyperlegibleNext-Bold.ttf
	boldTTF []byte
	//go:embed fonts/DejaVuSans-Plain.ttf
	plainTTF []byte
)

// face is one of the report's fonts.
type face uint8

const (
	regular face = iota
	bold
	plain // nought without a slash, and Greek letters: axes and formulas
)

// metrics is what laying out text needs to know of a font.
type metrics struct {
	advances map[rune]float64 // in ems; a rune that is absent has no glyph
}

var faces = sync.OnceValue(func() [3]metrics {
	var all [3]metrics
	for i, ttf := range [3][]byte{regular: regularTTF, bold: boldTTF, plain: plainTTF} {
		m, err := readMetrics(ttf)
		if err != nil {
			panic(fmt.Sprintf("report: embedded font %d: %v", i, err)) // only a broken build
		}
		all[i] = m
	}
	return all
})

// has reports whether the font can draw r.
func (f face) has(r rune) bool {
	_, ok := faces()[f].advances[r]
	return ok
}

// width returns the width of s at the given size, in the size's unit.
func (f face) width(s string, size float64) float64 {
	ems := 0.0
	for _, run := range f.runs(s) {
		for _, r := range run.text {
			ems += faces()[run.face].advances[r]
		}
	}
	return ems * size
}

// run is a stretch of text that one font draws.
type run struct {
	text string
	face face
}

// runs splits s into what f draws and what the plain font must, such as Greek letters. A rune that both lack becomes a
// question mark: gofpdf gives up the whole document at a rune above U+FFFF, so an emoji in a site's name must not reach it.
func (f face) runs(s string) []run {
	var runs []run
	for _, r := range s {
		drawn := f
		switch {
		case f.has(r):
		case plain.has(r):
			drawn = plain
		case unicode.IsSpace(r):
			r = ' '
		default:
			r = '?'
		}
		if last := len(runs) - 1; last >= 0 && runs[last].face == drawn {
			runs[last].text += string(r)
		} else {
			runs = append(runs, run{string(r), drawn})
		}
	}
	return runs
}

// readMetrics reads the Basic Multilingual Plane's characters and their widths from a TrueType font: the tables head,
// hhea, hmtx and cmap in format 4, as in the OpenType specification 1.9.
func readMetrics(ttf []byte) (m metrics, err error) {
	defer func() {
		if recover() != nil { // an offset outside the file
			err = errors.New("not a complete TrueType font")
		}
	}()
	u16 := func(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	u32 := func(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	tables := make(map[string][]byte)
	for i := range u16(ttf, 4) {
		entry := ttf[12+16*i:]
		tables[string(entry[:4])] = ttf[u32(entry, 8):]
	}
	unitsPerEm := float64(u16(tables["head"], 18))
	hmtx, longMetrics := tables["hmtx"], u16(tables["hhea"], 34)
	cmap := tables["cmap"]
	for i := range u16(cmap, 2) {
		sub := cmap[u32(cmap, 4+8*i+4):]
		if u16(sub, 0) != 4 {
			continue
		}
		m.advances = make(map[rune]float64)
		twice := u16(sub, 6) // of the number of segments
		ends, starts, deltas, offsets := 14, 16+twice, 16+2*twice, 16+3*twice
		for s := 0; s < twice; s += 2 {
			for c := u16(sub, starts+s); c <= u16(sub, ends+s) && c != 0xFFFF; c++ {
				glyph := c + u16(sub, deltas+s)
				if offset := u16(sub, offsets+s); offset != 0 {
					at := offsets + s + offset + 2*(c-u16(sub, starts+s))
					if glyph = u16(sub, at); glyph != 0 {
						glyph += u16(sub, deltas+s)
					}
				}
				if glyph &= 0xFFFF; glyph != 0 {
					m.advances[rune(c)] = float64(u16(hmtx, 4*min(glyph, longMetrics-1))) / unitsPerEm
				}
			}
		}
		return m, nil
	}
	return m, errors.New("no character map that this program reads")
}
