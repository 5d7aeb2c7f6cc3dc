package locale

import "golang.org/x/text/language"

// rightToLeft holds the scripts that run from right to left and are in use.
var rightToLeft = map[string]bool{"Adlm": true, "Arab": true, "Hebr": true, "Nkoo": true, "Rohg": true, "Syrc": true, "Thaa": true}

// Direction returns how a language is written, by its script: rtl from right to left, else ltr. So it does for what is no
// language.
func Direction(code string) string {
	if script, _ := language.Make(code).Script(); rightToLeft[script.String()] {
		return "rtl"
	}
	return "ltr"
}
