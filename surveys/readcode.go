package surveys

import (
	"net/url"
	"strings"

	"golang.org/x/text/unicode/norm"

	"wellwave/scoring/decimal"
)

// Codes arrive as people and programs pass them on: with the full stop of the sentence that they stood in, in brackets,
// with a dash that a word processor has made longer, with characters that nobody sees, as a whole link in the field for the
// code, in digits and letters of other keyboards. Codes are made of letters and digits alone, so all else only parts them.

// longestTyped bounds what is looked at: a link with whatever a message put around it.
const longestTyped = 2048

// mostGroups bounds the groups that a code or link may be parted into.
const mostGroups = linkLength

// ReadCode returns the link or code that somebody opened or typed in the form in which it was made, and false for what
// cannot be one.
func ReadCode(typed string) (code string, ok bool) {
	if len(typed) > longestTyped {
		return "", false
	}
	if plain, err := url.PathUnescape(typed); err == nil { // a link may be copied with its characters escaped
		typed = plain
	}
	text := plainCode(typed)
	if at := strings.LastIndex(text, "/S/"); at >= 0 {
		return firstCode(groupsOf(text[at+len("/S/"):]))
	}
	groups := groupsOf(text)
	if code, ok = asCode(strings.Join(groups, "")); ok {
		return code, true
	}
	for from := 1; from < min(len(groups), longestTyped/typedCodeLength); from++ { // behind a word such as “code”
		if code, ok := firstCode(groups[from:]); ok {
			return code, true
		}
	}
	return firstCode(groups)
}

// plainCode writes a text in capitals and digits as codes have them, as far as it holds any.
func plainCode(typed string) string { return decimal.Latin(strings.ToUpper(norm.NFKC.String(typed))) }

// groupsOf parts a text into its runs of plain letters and digits.
func groupsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
}

// firstCode returns the code that the first groups make together.
func firstCode(groups []string) (string, bool) {
	var b strings.Builder
	for _, group := range groups[:min(len(groups), mostGroups)] {
		b.WriteString(group)
		if b.Len() > linkLength {
			break
		}
		if code, ok := asCode(b.String()); ok {
			return code, true
		}
	}
	return "", false
}

// mistypedCode returns what would be a code to type but for a wrong character, or nothing.
func mistypedCode(typed string) string {
	if len(typed) > longestTyped {
		return ""
	}
	code, _ := asCode(strings.Join(groupsOf(plainCode(typed)), ""))
	return code
}

// lookAlikes are what people type for characters of the alphabet.
var lookAlikes = strings.NewReplacer("S", "5", "Z", "2")

// asCode returns letters and digits as the code that they are.
func asCode(text string) (code string, ok bool) {
	if len(text) != linkLength && len(text) != typedCodeLength {
		return "", false
	}
	code = lookAlikes.Replace(text)
	if strings.Trim(code, codeAlphabet) != "" {
		return "", false
	}
	return code, len(code) == linkLength || checkCharacter(code[:typedCodeLength-1]) == code[typedCodeLength-1]
}
