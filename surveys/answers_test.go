package surveys

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// anyValue draws a value that may stand in the item.
func anyValue(t *rapid.T, item *Item) Value {
	if rapid.IntRange(0, 4).Draw(t, "absent") == 0 {
		return Absent(rapid.SampledFrom([]Missing{Skipped, PreferNotToSay, NotApplicable, NotRecorded, Cleared}).Draw(t, "why"))
	}
	switch item.Kind {
	case KindMultiple:
		return Set(rapid.SliceOfNDistinct(rapid.SampledFrom(item.Options), 1, len(item.Options), rapid.ID).Draw(t, "choices")...)
	case KindShortText:
		runes := rapid.SampledFrom([]rune("ab \"\\/<&\u0301\u202e\u2028é😀{}[]:,|;"))
		text := NormalText(rapid.StringOfN(runes, 1, 10, -1).Draw(t, "text"))
		return Text(text + "x") // never blank
	case KindInteger:
		return Number(float64(rapid.IntRange(int(item.Min), int(item.Max)).Draw(t, "number")))
	default:
		return Number(rapid.SampledFrom(item.Options).Draw(t, "option"))
	}
}

// anySave draws a submission of one of three sittings. Sequences are drawn too, so that they come in any order; a
// number used before is one that the store sorts out and never folds, so none comes twice.
func anySave(t *rapid.T, q *Questionnaire, used map[string]bool) Submission {
	sub := Submission{Sitting: rapid.SampledFrom([]string{phone, tablet, paper}).Draw(t, "sitting"), Seq: rapid.IntRange(1, 20).Draw(t, "seq")}
	for key := fmt.Sprint(sub.Sitting, sub.Seq); used[key]; key = fmt.Sprint(sub.Sitting, sub.Seq) {
		sub.Seq++
	}
	used[fmt.Sprint(sub.Sitting, sub.Seq)] = true
	sub.How.Helper = rapid.SampledFrom([]string{"", "", "family", ProxyHelper}).Draw(t, "helper")
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(q.Items)-1), 0, 4, rapid.ID).Draw(t, "items") {
		sub.Answers = append(sub.Answers, ItemAnswer{q.Items[i].Code, anyValue(t, q.Items[i].Item)})
	}
	return sub
}

// anyVerdict draws what may become of a submission that is folded.
func anyVerdict(t *rapid.T) Verdict {
	return rapid.SampledFrom([]Verdict{Accepted, PartlyRefused, Late}).Draw(t, "verdict")
}

// kept is the entry of a submission of which everything was accepted with the verdict.
func kept(verdict Verdict, sub Submission) *Entry {
	return &Entry{Sitting: sub.Sitting, Seq: sub.Seq, Verdict: verdict, Accepted: sub.Answers, How: sub.How}
}

// foldAnswers is what submissions that were accepted come to.
func foldAnswers(tb testing.TB, subs ...Submission) *Answers {
	tb.Helper()
	r := NewReplay(foldQuestionnaire(tb))
	for _, sub := range subs {
		r.Fold(kept(Accepted, sub), "w")
	}
	return r.Answers
}

// compareAnswers compares everything about answers.
var compareAnswers = []cmp.Option{cmp.AllowUnexported(Answers{}, sittingSeqs{}), cmpopts.IgnoreFields(Answers{}, "q")}

// TestOriginsAreReadAsWritten holds what is stored to what was folded, for any history.
func TestOriginsAreReadAsWritten(t *testing.T) {
	q := foldQuestionnaire(t)
	rapid.Check(t, func(t *rapid.T) {
		r, used := NewReplay(q), map[string]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "saves") {
			r.Fold(kept(anyVerdict(t), anySave(t, q, used)), "w")
		}
		state := r.Answers
		read, err := ReadAnswers(q, state.Encode(), state.Origins(), state.Differing)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(state, read, compareAnswers...); diff != "" {
			t.Fatalf("read back from %s and %s (-folded +read):\n%s", state.Encode(), state.Origins(), diff)
		}
	})
}

// model is the rule of folding in the plainest words: keep everything that was said about an item, in order of receipt;
// what a sitting says of it is void where the same sitting has already spoken in time under a higher number; what is late
// is void where there is an answer, or where it is no answer itself and anything was said; the last word that is not void
// stands. A proxy's late word is void, too, where the person's own answers score the scale.
type model struct{ said map[string][]utterance }

type utterance struct {
	sitting string
	seq     int
	value   Value
	late    bool
	proxy   bool
}

// ownScore reports whether the person themself answered at least three of the scale's four items and a proxy none.
func (m model) ownScore() bool {
	own, proxied := 0, m.proxied()
	for i := 1; i <= 4; i++ {
		code := fmt.Sprintf("w_%d", i)
		if m.standing()[code].Given() {
			own++
		}
		if slices.Contains(proxied, code) {
			return false
		}
	}
	return own >= 3
}

// proxied lists the items whose answer a proxy gave.
func (m model) proxied() []string {
	var codes []string
	for _, code := range slices.Sorted(maps.Keys(m.said)) {
		if words := m.said[code]; words[len(words)-1].proxy && words[len(words)-1].value.Given() {
			codes = append(codes, code)
		}
	}
	return codes
}

func (m model) hear(sub Submission, late bool) {
	proxy := sub.How.Proxy()
	closed := late && proxy && m.ownScore()
	for _, a := range sub.Answers {
		words := m.said[a.Code]
		if closed && strings.HasPrefix(a.Code, "w_") {
			continue
		}
		void := slices.ContainsFunc(words, func(w utterance) bool { return w.sitting == sub.Sitting && w.seq > sub.Seq && !w.late })
		if late && len(words) > 0 {
			void = void || !a.Value.Given() || words[len(words)-1].value.Given()
		}
		if !void {
			m.said[a.Code] = append(words, utterance{sub.Sitting, sub.Seq, a.Value, late, proxy})
		}
	}
}

// standing returns what stands, without what was cleared.
func (m model) standing() map[string]Value {
	values := map[string]Value{}
	for code, words := range m.said {
		if last := words[len(words)-1]; last.value != Absent(Cleared) {
			values[code] = last.value
		}
	}
	return values
}

// differing counts the answers that followed a different one, given by another sitting or by more than one.
func (m model) differing() int {
	n := 0
	for _, words := range m.said {
		for i := 1; i < len(words); i++ {
			a, b := words[i-1], words[i]
			if !a.value.Given() || !b.value.Given() || a.value == b.value {
				continue
			}
			for at := i - 1; at >= 0 && words[at].value == a.value; at-- { // all who gave the one before
				if words[at].sitting != b.sitting {
					n++
					break
				}
			}
		}
	}
	return n
}

// TestFoldingFollowsTheModel compares folding, with a store and a read after each submission, with the model.
func TestFoldingFollowsTheModel(t *testing.T) {
	q := foldQuestionnaire(t)
	rapid.Check(t, func(t *rapid.T) {
		r, used, m := NewReplay(q), map[string]bool{}, model{map[string][]utterance{}}
		for range rapid.IntRange(0, 15).Draw(t, "saves") {
			sub, verdict := anySave(t, q, used), anyVerdict(t)
			r.Fold(kept(verdict, sub), "w")
			m.hear(sub, verdict == Late)
			var err error
			if r.Answers, err = ReadAnswers(q, r.Answers.Encode(), r.Answers.Origins(), r.Answers.Differing); err != nil {
				t.Fatal(err)
			}
		}
		state := r.Answers
		stored := map[string]Value{}
		if err := EachAnswer(state.Encode(), func(code string, v Value) error { stored[code] = v; return nil }); err != nil {
			t.Fatal(err)
		}
		if want := m.standing(); !maps.Equal(stored, want) {
			t.Fatalf("folded %#v, want %#v", stored, want)
		}
		var proxied []string
		for _, item := range q.Items {
			if state.Proxied(item.Code) {
				proxied = append(proxied, item.Code)
			}
		}
		slices.Sort(proxied)
		if want := m.proxied(); !slices.Equal(proxied, want) || state.HasProxy() != (len(want) > 0) {
			t.Fatalf("a proxy gave %q, want %q", proxied, want)
		}
		if want := m.differing(); state.Differing != want {
			t.Fatalf("sittings differed %d times, want %d", state.Differing, want)
		}
	})
}

// TestTakeNeverLosesAnAnswer checks, for any submission at all, that every answer of it is either accepted or set aside
// with a reason, and that what stands afterwards is allowed.
func TestTakeNeverLosesAnAnswer(t *testing.T) {
	q := foldQuestionnaire(t)
	code := rapid.OneOf(rapid.SampledFrom([]string{"w_1", "work", "hours", "tired", "help", "note"}), rapid.String())
	value := rapid.OneOf(
		rapid.Map(rapid.IntRange(-1, 6), func(n int) Value { return Number(float64(n)) }),
		rapid.Map(rapid.Float64(), Number),
		rapid.Map(rapid.String(), Text),
		rapid.Map(rapid.SliceOf(rapid.Float64Range(0, 4)), func(m []float64) Value { return Set(m...) }),
		rapid.Map(rapid.Uint8Range(0, 9), func(n uint8) Value { return Absent(Missing(n)) }),
		rapid.Just(Value{}),
	)
	rapid.Check(t, func(t *rapid.T) {
		r := NewResponse("r", "e", "w", q)
		for seq := range rapid.IntRange(1, 3).Draw(t, "saves") {
			sub := Submission{Sitting: phone, Seq: seq + 1}
			for range rapid.IntRange(0, 6).Draw(t, "answers") {
				sub.Answers = append(sub.Answers, ItemAnswer{code.Draw(t, "code"), value.Draw(t, "value")})
			}
			entry, err := r.Take(sub, openOn(2))
			if err != nil {
				t.Fatal(err)
			}
			var came, kept []string
			for _, a := range sub.Answers {
				came = append(came, beginning(a.Code, maxRefusedCode))
			}
			for _, a := range entry.Accepted {
				kept = append(kept, a.Code)
				item, _ := q.Item(a.Code)
				if err := item.Check(a.Value); err != nil {
					t.Fatalf("accepted %s = %#v: %v", a.Code, a.Value, err)
				}
			}
			for _, item := range entry.Refused {
				kept = append(kept, item.Code)
				if item.Reason == "" {
					t.Fatalf("%s was refused without a reason", item.Code)
				}
			}
			slices.Sort(came)
			slices.Sort(kept)
			if !slices.Equal(came, kept) {
				t.Fatalf("answers to %q came and to %q were kept", came, kept)
			}
		}
		if _, err := ReadAnswers(q, r.Answers.Encode(), r.Answers.Origins(), r.Answers.Differing); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReadAnswersRefuses(t *testing.T) {
	q := foldQuestionnaire(t)
	tests := []struct{ name, answers, origins string }{
		{"no answers", "", ""},
		{"an unknown item", `{"x":1}`, ""},
		{"cut answers", `{"w_1":1`, ""},
		{"no stroke", `{}`, phone + " 1 1:0"},
		{"no number", `{}`, phone + " x 1:0|0"},
		{"no sequence", `{}`, phone + " 1 x:0|0"},
		{"an item too many", `{}`, phone + " 1 1:0-9|0"},
		{"an item that stands too many", `{}`, phone + " 1 1:0|9"},
		{"below nothing", `{}`, phone + " 1 1:-1|0"},
		{"a proxy's item too many", `{}`, phone + " 1 1:0|0|9"},
		{"a repeated item too many", `{}`, phone + " 1 1:0|0||9"},
		{"no items", `{}`, phone + " 1 1:|"},
		{"an empty sitting", `{}`, ";"},
	}
	for _, tt := range tests {
		if _, err := ReadAnswers(q, tt.answers, tt.origins, 0); err == nil {
			t.Errorf("%s: ReadAnswers(%s, %s) takes it", tt.name, tt.answers, tt.origins)
		}
	}
}

func TestOrigins(t *testing.T) {
	s := foldAnswers(t, save(phone, 1, "w_1", 1, "w_2", 1, "w_3", 1, "note", "x"), save(phone, 3, "w_3", 2), save(tablet, 2, "w_2", 1))
	want := phone + " 3 1:0-1 3:2 1:8|0 2 8;" + tablet + " 2 2:1|1||1"
	if got := s.Origins(); got != want {
		t.Errorf("Origins() = %s, want %s", got, want)
	}
	for _, tt := range []struct {
		sitting, code string
		want          bool
	}{{phone, "w_1", true}, {phone, "w_2", false}, {tablet, "w_2", true}, {paper, "w_1", false}, {phone, "w_4", false}, {phone, "none", false}} {
		if got := s.OwnedBy(tt.sitting, tt.code); got != tt.want {
			t.Errorf("OwnedBy(%s, %s) = %v, want %v", tt.sitting[:1], tt.code, got, tt.want)
		}
	}
	if got := strings.Count(s.Origins(), ";") + 1; got != 2 || s.Highest(phone) != 3 || s.Highest(tablet) != 2 || s.Highest(paper) != 0 {
		t.Errorf("%d sittings with %d, %d, %d, want 2 with 3, 2, 0", got, s.Highest(phone), s.Highest(tablet), s.Highest(paper))
	}
}

func TestOpen(t *testing.T) {
	first := save(phone, 1, "w_1", 1, "w_2", Skipped, "w_3", Cleared, "work", 0)
	open := func(s *Answers) (codes []string) {
		for i, item := range s.Questionnaire().Items {
			if s.Open(i) {
				codes = append(codes, item.Code)
			}
		}
		return codes
	}
	if got, want := open(foldAnswers(t, first)), []string{"w_3", "w_4", "help", "note"}; !slices.Equal(got, want) { // hours and tired do not apply
		t.Errorf("open are %q, want %q", got, want)
	}
	if got, want := open(foldAnswers(t, first, save(phone, 2, "work", 1))), []string{"w_3", "w_4", "hours", "help", "note"}; !slices.Equal(got, want) {
		t.Errorf("after the answer that asks it, open are %q, want %q", got, want)
	}
}
