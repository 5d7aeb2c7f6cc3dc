package surveys

import (
	"math"
	"strconv"
	"strings"
)

func (r *studyReader) colour() string {
	if r.f.Colour == "" {
		return defaultColour
	}
	red, green, blue, ok := parseColour(r.f.Colour)
	if !ok {
		r.wrong("colour", "“%s” is not a colour; write one in quotes, such as \"#1f4e79\"", r.f.Colour)
		return defaultColour
	}
	if c := whiteContrast(red, green, blue); c < minContrast {
		r.wrong("colour", "white text on %s has a contrast of %.1f to 1 and would be hard to read; choose a darker colour (at least %.1f)",
			r.f.Colour, c, minContrast)
	}
	return strings.ToLower(r.f.Colour)
}

// parseColour reads #rrggbb.
func parseColour(s string) (red, green, blue uint8, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return 0, 0, 0, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return uint8(n >> 16), uint8(n >> 8), uint8(n), err == nil
}

// whiteContrast returns the contrast ratio of white with a colour, from 1 to 21, as WCAG 2.2 defines it.
func whiteContrast(red, green, blue uint8) float64 {
	linear := func(c uint8) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*linear(red) + 0.7152*linear(green) + 0.0722*linear(blue) + 0.05)
}
