package rootkey

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"
)

// The text of a key is its 256 bits in letters of five bits each, four to a group and behind them one that checks the group,
// and a last group that checks all of them.
const (
	textStart   = "WELLWAVE-ROOT-KEY-1:"
	groupLength = 5
	dataLetters = groupLength - 1
	dataGroups  = 13 // 260 bits, the last four of which are 0
	groups      = dataGroups + 1
)

// letters are Crockford's 32: without I, L and O, which are taken for 1 and 0, and without U.
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// asTyped replaces what people type for letters.
var asTyped = strings.NewReplacer("I", "1", "L", "1", "O", "0", "\u2010", "-", "\u2011", "-", "\u2013", "-", "\u2212", "-")

// Text returns the key as its file and its recovery sheet have it: a word that says what it is, and 14 groups of five letters,
// parted by hyphens.
func (k Key) Text() string {
	var text strings.Builder
	text.WriteString(textStart)
	for i, group := range k.Groups() {
		if i > 0 {
			text.WriteByte('-')
		}
		text.WriteString(group)
	}
	return text.String()
}

// Groups returns the groups of letters of the key's text.
func (k Key) Groups() []string {
	texts := make([]string, groups)
	for i, values := range k.values() {
		text := make([]byte, groupLength)
		for j, v := range values {
			text[j] = letters[v]
		}
		texts[i] = string(text)
	}
	return texts
}

// group is the values of a group's letters, each from 0 to 31.
type group [groupLength]byte

// values returns the groups of the key.
func (k Key) values() [groups]group {
	var all [groups]group
	sum := sha256.Sum256(append([]byte("wellwave root key sheet"), k.secret[:]...))
	fill(all[:dataGroups], k.secret[:])
	fill(all[dataGroups:], sum[:3]) // 20 of its bits
	for i := range all {
		all[i][dataLetters] = check(i, all[i])
	}
	return all
}

// fill puts bits into the letters of groups, five a letter, as long as there is room and with zeros after the last.
func fill(into []group, bits []byte) {
	for i := range into {
		for j := range dataLetters {
			var v byte
			for b := range 5 {
				at := (i*dataLetters+j)*5 + b
				v <<= 1
				if at/8 < len(bits) {
					v |= bits[at/8] >> (7 - at%8) & 1
				}
			}
			into[i][j] = v
		}
	}
}

// check returns the letter that checks group number i. It weighs the letters by different powers of a generator of the field
// of 32 elements and adds the number, so that one wrong letter, two that changed places and a group in the place of another
// are always noticed.
func check(i int, g group) byte {
	sum := byte(i + 1)
	for _, v := range g[:dataLetters] {
		sum = double(sum ^ v)
	}
	return sum
}

// double multiplies by the generator in the field of 32 elements (modulo x⁵+x²+1).
func double(v byte) byte {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v
}

// Parse reads a key from its text: typed, scanned, or the content of a file, in which lines that begin with # say nothing.
// Case, spaces and line breaks do not matter. Its error names the groups that are wrong, counted from 1, and holds no letter of
// them.
func Parse(text string) (Key, error) {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			kept.WriteString(line + " ")
		}
	}
	typed := strings.ToUpper(kept.String())
	if _, after, found := strings.Cut(typed, textStart); found {
		typed = after
	}
	typed = asTyped.Replace(typed)
	found, err := split(typed)
	if err != nil {
		return Key{}, err
	}
	var all [groups]group
	var wrong []int
	for i, text := range found {
		ok := len(text) == groupLength
		for j := 0; ok && j < groupLength; j++ {
			v := strings.IndexByte(letters, text[j])
			ok = v >= 0
			all[i][j] = byte(v)
		}
		if !ok || check(i, all[i]) != all[i][dataLetters] {
			wrong = append(wrong, i+1)
		}
	}
	if len(wrong) > 0 {
		return Key{}, &WrongGroups{wrong}
	}
	key := Key{unfill(all[:dataGroups])}
	if same := key.values(); subtle.ConstantTimeCompare(flat(same), flat(all)) == 0 {
		return Key{}, fmt.Errorf("every group of letters could be right by itself, but together they are no root key: compare each with the sheet")
	}
	return key, nil
}

// split returns the groups of a text, by what parts them or, where nothing does, by their length.
func split(typed string) ([]string, error) {
	found := strings.FieldsFunc(typed, func(r rune) bool { return r == '-' || r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' })
	if len(found) == groups {
		return found, nil
	}
	all := strings.Join(found, "")
	switch {
	case all == "":
		return nil, fmt.Errorf("it holds nothing")
	case len(all) != groups*groupLength:
		return nil, fmt.Errorf("a root key has %d groups of %d letters, and these are %d letters", groups, groupLength, len([]rune(all)))
	}
	found = found[:0]
	for i := range groups {
		found = append(found, all[i*groupLength:(i+1)*groupLength])
	}
	return found, nil
}

// unfill returns the bits that fill has put into groups.
func unfill(from []group) (secret [size]byte) {
	for at := range size * 8 {
		letter := at / 5
		bit := from[letter/dataLetters][letter%dataLetters] >> (4 - at%5) & 1
		secret[at/8] |= bit << (7 - at%8)
	}
	return secret
}

func flat(all [groups]group) []byte {
	values := make([]byte, 0, groups*groupLength)
	for _, g := range all {
		values = append(values, g[:]...)
	}
	return values
}

// WrongGroups says in which groups of a typed key a letter is wrong.
type WrongGroups struct {
	Numbers []int // from 1
}

// Error returns a sentence for whoever typed the key.
func (e *WrongGroups) Error() string {
	if len(e.Numbers) == 1 {
		return fmt.Sprintf("a letter of group %d is wrong or missing: compare it with the sheet", e.Numbers[0])
	}
	texts := make([]string, len(e.Numbers))
	for i, n := range e.Numbers {
		texts[i] = fmt.Sprint(n)
	}
	last := len(texts) - 1
	return fmt.Sprintf("letters of the groups %s and %s are wrong or missing: compare them with the sheet", strings.Join(texts[:last], ", "), texts[last])
}
