package surveys

import (
	"fmt"
	"strconv"
	"strings"
)

// Encode returns the stored form of the answers. An item that was cleared is not in it.
func (s *Answers) Encode() string {
	b := make([]byte, 1, 16+14*len(s.values))
	b[0] = '{'
	for i, v := range s.values {
		if v.Kind == Untouched || v.Kind == AbsentValue && v.Missing == Cleared {
			continue
		}
		b = appendMember(b, s.q.Items[i].Code, v)
	}
	return string(append(b, '}'))
}

// Origins returns the stored form of where the answers came from: the sittings in order of arrival, parted by
// semicolons, each with its id, its highest sequence, the items that it spoke of by sequence, after a stroke those whose
// value stands, after another those of these that a proxy answered, and after a third those that repeat another sitting's
// answer; strokes at the end are left out. Items are numbered from 0 in the order of the questionnaire:
//
//	0af3…9c 3 1:0-7 3:8-13|0-13|0-3|8
func (s *Answers) Origins() string {
	b := make([]byte, 0, 64*len(s.sittings))
	for at := range s.sittings {
		from := &s.sittings[at]
		if at > 0 {
			b = append(b, ';')
		}
		b = append(b, from.id...)
		b = strconv.AppendInt(append(b, ' '), int64(from.highest), 10)
		for i := 0; i < len(from.seqs); {
			end := runEnd(i, len(from.seqs), func(j int) bool { return from.seqs[j] == from.seqs[i] })
			if from.seqs[i] > 0 {
				b = strconv.AppendInt(append(b, ' '), int64(from.seqs[i]), 10)
				b = appendRange(append(b, ':'), i, end)
			}
			i = end
		}
		b = appendItems(append(b, '|'), len(s.owners), func(i int) bool { return s.owners[i] == at })
		said := len(b)
		for _, marked := range [][]bool{s.proxied, s.repeated} {
			b = append(b, '|')
			before := len(b)
			if marked != nil {
				b = appendItems(b, len(s.owners), func(i int) bool { return s.owners[i] == at && marked[i] })
			}
			if len(b) > before {
				said = len(b)
			}
		}
		b = b[:said]
	}
	return string(b)
}

// runEnd returns the end of the run that begins at i.
func runEnd(i, n int, same func(int) bool) int {
	end := i + 1
	for end < n && same(end) {
		end++
	}
	return end
}

// appendItems writes those of n items that have, as ranges parted by blanks.
func appendItems(b []byte, n int, has func(int) bool) []byte {
	from := len(b)
	for i := 0; i < n; {
		first := has(i)
		end := runEnd(i, n, func(j int) bool { return has(j) == first })
		if first {
			if len(b) > from {
				b = append(b, ' ')
			}
			b = appendRange(b, i, end)
		}
		i = end
	}
	return b
}

// appendRange writes the items from i up to but not including end.
func appendRange(b []byte, i, end int) []byte {
	b = strconv.AppendInt(b, int64(i), 10)
	if end-1 > i {
		b = strconv.AppendInt(append(b, '-'), int64(end-1), 10)
	}
	return b
}

// ReadAnswers reads what Answers and Origins wrote.
func ReadAnswers(q *Questionnaire, answers, origins string, differing int) (*Answers, error) {
	s := NewAnswers(q)
	s.Differing = differing
	if origins != "" {
		for part := range strings.SplitSeq(origins, ";") {
			if err := s.readSitting(part); err != nil {
				return nil, fmt.Errorf("read stored origins: %w", err)
			}
		}
	}
	for i, owner := range s.owners {
		if owner >= 0 { // what was cleared is in no stored answer
			s.values[i] = Absent(Cleared)
		}
	}
	err := EachAnswer(answers, func(code string, v Value) error {
		i, ok := q.index[code]
		if !ok {
			return fmt.Errorf("read stored answers: questionnaire %s has no item %s", q.Hash, code)
		}
		s.values[i] = v
		return nil
	})
	return s, err
}

func (s *Answers) readSitting(part string) error {
	spoke, stands, ok := strings.Cut(part, "|")
	stands, proxied, _ := strings.Cut(stands, "|")
	proxied, repeated, _ := strings.Cut(proxied, "|")
	head, spoke, _ := strings.Cut(spoke, " ")
	high, spoke, _ := strings.Cut(spoke, " ")
	highest, err := strconv.Atoi(high)
	if !ok || err != nil {
		return fmt.Errorf("a sitting without id, sequence or items")
	}
	at := len(s.sittings)
	from := sittingSeqs{id: head, highest: highest, seqs: make([]int, len(s.q.Items))}
	for spoke != "" {
		var group string
		group, spoke, _ = strings.Cut(spoke, " ")
		number, items, ok := strings.Cut(group, ":")
		seq, err := strconv.Atoi(number)
		if !ok || err != nil {
			return fmt.Errorf("sequence %q", group)
		}
		if err := eachItem(items, len(from.seqs), func(i int) { from.seqs[i] = seq }); err != nil {
			return err
		}
	}
	s.sittings = append(s.sittings, from)
	if err := eachRange(stands, len(s.owners), func(i int) { s.owners[i] = at }); err != nil {
		return err
	}
	if err := eachRange(proxied, len(s.owners), func(i int) { mark(&s.proxied, len(s.owners), i, true) }); err != nil {
		return err
	}
	return eachRange(repeated, len(s.owners), func(i int) { mark(&s.repeated, len(s.owners), i, true) })
}

// eachRange calls fn for the items of ranges parted by blanks.
func eachRange(ranges string, n int, fn func(int)) error {
	for ranges != "" {
		var items string
		items, ranges, _ = strings.Cut(ranges, " ")
		if err := eachItem(items, n, fn); err != nil {
			return err
		}
	}
	return nil
}

// eachItem calls fn for the items of a range such as 3 or 3-7.
func eachItem(items string, n int, fn func(int)) error {
	low, high, ok := strings.Cut(items, "-")
	if !ok {
		high = low
	}
	from, errFrom := strconv.Atoi(low)
	to, errTo := strconv.Atoi(high)
	if errFrom != nil || errTo != nil || from < 0 || to >= n {
		return fmt.Errorf("items %q of %d", items, n)
	}
	for i := from; i <= to; i++ {
		fn(i)
	}
	return nil
}
