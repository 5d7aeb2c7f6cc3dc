package page

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"regexp"
	"strconv"
	"sync"

	"wellwave/surveys"
)

// A page that shows no answers is the same for everybody except for a few short words: the handle, where Back leads, the
// number of the question and of all questions, and the number of the next save. The template is executed once, with a marker
// in the place of each word, and the result is cut at the markers. A page is then made by joining the pieces with the words
// of the person who asks for it. A page that shows an answer or a notice is rendered like any other.

// Slot is a place in a cut page.
type Slot int

const (
	SlotHandle Slot = iota
	SlotBack
	SlotPosition
	SlotTotal
	SlotSeq
	// Empty in pages that the server sends; a browser's worker fills them when it answers in the server's place.
	SlotNotice // above the heading
	SlotAction // beside the button
	SlotList   // rows
	SlotText   // of a row or a sentence
	SlotNote   // beside it
	slotCount
)

// Words holds what goes into the slots. A word is letters, digits and hyphens only, so that it needs no escaping anywhere in
// the HTML.
type Words [slotCount]string

func (w Words) plain() bool {
	for _, word := range w {
		for _, r := range []byte(word) {
			if !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r == '-') {
				return false
			}
		}
	}
	return true
}

// CacheKey is everything that the fixed part of a page depends on.
type CacheKey struct {
	Study         string // hash
	Questionnaire *surveys.Questionnaire
	Language      string
	Reading       Reading
	State         surveys.StudyState
	Lent          bool   // on a kiosk
	Detail        string // what else this kind of page depends on
	Page          string // its template
}

// maxCached bounds the memory of the cache to some 5 MB.
const maxCached = 500

// pageCache keeps cut pages. A page that was dropped is cut again, so servers need not agree on what they keep.
type pageCache struct {
	renderer *Renderer
	markers  Words
	marker   *regexp.Regexp

	mu  sync.RWMutex
	cut map[CacheKey]*Cut
}

func newPageCache(r *Renderer) *pageCache {
	secret := rand.Text() // nobody can guess it, so no wording can hold a marker
	q := &pageCache{renderer: r, cut: make(map[CacheKey]*Cut)}
	for i := range q.markers {
		q.markers[i] = "slot" + secret + strconv.Itoa(i) + "x"
	}
	q.marker = regexp.MustCompile("slot" + secret + "([0-9])x")
	return q
}

// indentation is the white space by which templates are laid out.
var indentation = regexp.MustCompile(`\n\s+`)

// Cut is a rendered page without its words: the pieces between the slots, one more than there are slots.
type Cut struct {
	pieces [][]byte
	slots  []Slot
}

// fill writes the page with its words.
func (p *Cut) fill(b *bytes.Buffer, words Words) {
	for i, s := range p.slots {
		b.Write(p.pieces[i])
		b.WriteString(words[s])
	}
	b.Write(p.pieces[len(p.slots)])
}

// Whole returns the text of a cut page without slots.
func (p *Cut) Whole() string { return string(p.pieces[0]) }

// write writes the page that fixed makes. It calls fixed only if the key is new, with the markers as words.
func (q *pageCache) write(b *bytes.Buffer, key CacheKey, words Words, fixed func(Words) Page) error {
	if !words.plain() {
		return fmt.Errorf("cut page: a word that would need escaping")
	}
	cut, err := q.page(key, fixed)
	if err != nil {
		return err
	}
	cut.fill(b, words)
	return nil
}

// page returns the pieces of the page that fixed makes.
func (q *pageCache) page(key CacheKey, fixed func(Words) Page) (*Cut, error) {
	q.mu.RLock()
	cut := q.cut[key]
	q.mu.RUnlock()
	if cut != nil {
		return cut, nil
	}
	cut, err := q.render(fixed(q.markers))
	if err != nil {
		return nil, err
	}
	q.keep(key, cut)
	return cut, nil
}

func (q *pageCache) render(p Page) (*Cut, error) {
	var b bytes.Buffer
	if err := q.renderer.Render(&b, p); err != nil {
		return nil, err
	}
	return q.cutUp(b.Bytes()), nil
}

func (q *pageCache) cutUp(html []byte) *Cut {
	html = indentation.ReplaceAll(html, []byte("\n")) // this is a third of a page of questions
	cut := &Cut{}
	from := 0
	for _, at := range q.marker.FindAllSubmatchIndex(html, -1) {
		cut.pieces = append(cut.pieces, html[from:at[0]])
		cut.slots = append(cut.slots, Slot(html[at[2]]-'0'))
		from = at[1]
	}
	cut.pieces = append(cut.pieces, html[from:])
	return cut
}

func (q *pageCache) keep(key CacheKey, cut *Cut) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.cut) >= maxCached {
		for old := range q.cut { // any one: each is cheap to make again
			delete(q.cut, old)
			break
		}
	}
	q.cut[key] = cut
}

// Pieces are a cut page's pieces with the numbers of the slots between them.
type Pieces []any

func (p *Cut) List() Pieces {
	list := Pieces{string(p.pieces[0])}
	for i, s := range p.slots {
		list = append(list, int(s), string(p.pieces[i+1]))
	}
	return list
}
