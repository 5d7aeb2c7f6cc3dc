package surveys

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadCode(t *testing.T) {
	code := NewTypedCode()
	tests := []struct {
		name, giveTyped string
		wantOK          bool
	}{
		{"as made", code, true},
		{"as printed", FormatCode(code), true},
		{"lower case and blanks", " " + strings.ToLower(strings.ReplaceAll(FormatCode(code), "-", " ")) + "\n", true},
		{"a link", NewLink(), true},
		{"too short", code[:9], false},
		{"too long", code + "2", false},
		{"empty", "", false},
		{"not in the alphabet", "O" + code[1:], false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := ReadCode(tt.giveTyped)
			if ok != tt.wantOK {
				t.Errorf("ReadCode(%q) ok = %v, want %v", tt.giveTyped, ok, tt.wantOK)
			}
			if ok && len(got) == len(code) && got != code {
				t.Errorf("ReadCode(%q) = %q, want %q", tt.giveTyped, got, code)
			}
		})
	}
}

// Whatever a message, a word processor or a keyboard made of a code or link, it is read.
func TestReadCodeAsItArrives(t *testing.T) {
	const code, link = "ABCDEFGHJ", "23456789ABCDEFGHJKMNPQRTUVW"
	typed := code + string(checkCharacter(code))
	parted := func(by string) string { return typed[:3] + by + typed[3:6] + by + typed[6:] }
	wide := strings.Map(func(r rune) rune { return r - '!' + '！' }, typed)
	arabic := strings.NewReplacer("2", "٢", "3", "٣", "4", "٤", "5", "٥", "6", "٦", "7", "۷", "8", "۸", "9", "۹").Replace(link)
	for name, tt := range map[string]struct{ give, want string }{
		"a whole link":                     {"https://wellwave.example/s/" + link, link},
		"a whole link in capitals":         {"HTTPS://WELLWAVE.EXAMPLE/S/" + link, link},
		"a whole link without its scheme":  {"wellwave.example/s/" + link, link},
		"a link with a port and a query":   {"http://localhost:8080/s/" + link + "?utm_source=mail#top", link},
		"a link in a sentence":             {"Please open https://wellwave.example/s/" + link + ". Thank you", link},
		"a link in angle brackets":         {"<https://wellwave.example/s/" + link + ">", link},
		"a link in quotation marks":        {"“https://wellwave.example/s/" + link + "”,", link},
		"a link that a mail has broken":    {"https://wellwave.example/s/" + link[:9] + "\r\n" + link[9:], link},
		"a link with escapes":              {"https://wellwave.example/s/" + link + "%E2%80%8B", link},
		"a link before another script":     {"https://wellwave.example/s/" + link + "です", link},
		"a link with a stroke behind it":   {"https://wellwave.example/s/" + link + "/", link},
		"a code in a link":                 {"https://wellwave.example/s/" + parted("-") + ".", typed},
		"a full stop behind a link":        {link + ".", link},
		"U+200B behind a link":             {link + "\u200b", link},
		"a byte order mark before a link":  {"\ufeff" + link, link},
		"marks of direction around a code": {"\u200e\u2068" + parted("-") + "\u2069", typed},
		"soft hyphens":                     {parted("\u00ad"), typed},
		"em dashes":                        {parted("—"), typed},
		"en dashes and blanks":             {parted(" – "), typed},
		"minus signs":                      {parted("−"), typed},
		"full stops":                       {parted("."), typed},
		"a full stop at the end":           {parted("-") + ".", typed},
		"underscores, strokes":             {parted("_/"), typed},
		"hyphens of every kind":            {typed[:3] + "‐" + typed[3:5] + "‑‒" + typed[5:7] + "﹣－" + typed[7:], typed},
		"thin and ideographic blanks":      {typed[:3] + "\u2009" + typed[3:6] + "\u3000" + typed[6:], typed},
		"line breaks and tabs":             {"\t" + parted("\r\n") + "\n", typed},
		"in brackets and quotation marks":  {"(„" + parted("-") + "“)", typed},
		"letters of full width":            {wide, typed},
		"digits of Arabic keyboards":       {arabic, link},
		"behind a word":                    {"Code: " + parted("-"), typed},
		"in a sentence":                    {"My code is " + parted("-") + ", thank you.", typed},
		"letters for digits":               {strings.NewReplacer("5", "s", "2", "z").Replace(link), link},
	} {
		if got, ok := ReadCode(tt.give); !ok || got != tt.want {
			t.Errorf("%s: ReadCode(%q) = %q, %v, want %q", name, tt.give, got, ok, tt.want)
		}
	}
	for name, give := range map[string]string{
		"a link that was cut":      "https://wellwave.example/s/" + link[:20] + ".",
		"a link with more letters": link + "X",
		"another address":          "https://wellwave.example/q/" + link[:16],
		"a letter of another code": parted("-")[:11] + "Я",
		"nothing but marks":        "—.\u200b",
		"very long":                strings.Repeat("A-", longestTyped),
		"not UTF-8":                "\xff\xfe",
	} {
		if got, ok := ReadCode(give); ok {
			t.Errorf("%s: ReadCode(%q) = %q, want none", name, give, got)
		}
	}
}

// FuzzReadCode feeds it anything. What it takes is a code, and reads as the same again.
func FuzzReadCode(f *testing.F) {
	f.Add("https://wellwave.example/s/23456789ABCDEFGHJKMNPQRTUVW.")
	f.Add("abc–def–ghj٢")
	f.Add("%zz/s/\u200b")
	f.Fuzz(func(t *testing.T, typed string) {
		code, ok := ReadCode(typed)
		if !ok {
			return
		}
		if again, ok := ReadCode(code); !ok || again != code || strings.Trim(code, codeAlphabet) != "" {
			t.Errorf("ReadCode(%q) = %q, which reads as %q, %v", typed, code, again, ok)
		}
	})
}

// One mistyped character and one swap of neighbours never make another code.
func TestCheckCharacterCatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(NewTypedCode())
		i := rapid.IntRange(0, len(code)-2).Draw(t, "place")
		typo := string(code[:i]) + string(codeAlphabet[rapid.IntRange(0, len(codeAlphabet)-1).Draw(t, "typo")]) + string(code[i+1:])
		if _, ok := ReadCode(typo); ok && typo != string(code) {
			t.Errorf("ReadCode(%q) accepted a typo of %q", typo, code)
		}
		if i == len(code)-2 {
			return // swapping with the check character itself is caught except for one in 29
		}
		swapped := append([]byte(nil), code...)
		swapped[i], swapped[i+1] = code[i+1], code[i]
		if _, ok := ReadCode(string(swapped)); ok && string(swapped) != string(code) {
			t.Errorf("ReadCode(%q) accepted a swap in %q", swapped, code)
		}
	})
}
