package surveys

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// proxy returns the submission as one of somebody who answers in the person's place.
func proxy(sub Submission) Submission {
	sub.How.Helper = ProxyHelper
	return sub
}

func TestProxy(t *testing.T) {
	type arrival struct {
		sub  Submission
		late bool
	}
	in := func(sub Submission) arrival { return arrival{finishing(sub), false} }
	late := func(sub Submission) arrival { return arrival{finishing(sub), true} }
	own := save(phone, 1, "w_1", 1, "w_2", 2, "w_3", 3)
	all := save(paper, 1, "w_1", 4, "w_2", 4, "w_3", 4, "w_4", 4, "work", 0)
	helped := all
	helped.How.Helper = "family"
	tests := []struct {
		name        string
		give        []arrival
		want        string // the items that a proxy gave
		wantScore   bool
		wantOutcome Disposition
	}{
		{"the person", []arrival{in(own)}, "", true, Complete},
		{"somebody who was helped", []arrival{in(helped)}, "", true, Complete},
		{"a proxy", []arrival{in(proxy(all))}, "w_1 w_2 w_3 w_4 work", false, Partial},
		{"a proxy who knows little", []arrival{in(proxy(save(paper, 1, "w_1", 4)))}, "w_1", false, BreakOff},
		{"a proxy, of what no scale asks", []arrival{in(own), in(proxy(save(paper, 1, "work", 0)))}, "work", true, Complete},
		{"a proxy who leaves blanks", []arrival{in(own), in(proxy(save(paper, 1, "w_4", NotRecorded)))}, "", true, Complete},
		{"the person, then a proxy", []arrival{in(own), in(proxy(save(paper, 1, "w_4", 1)))}, "w_4", false, Partial},
		{"a proxy over the person", []arrival{in(own), in(proxy(save(paper, 1, "w_1", 1)))}, "w_1", false, Partial},
		{"a proxy, then the person", []arrival{in(proxy(all)), in(own), in(save(phone, 2, "w_4", 4))}, "work", true, Complete},
		{"a proxy, then the person in part", []arrival{in(proxy(all)), in(own)}, "w_4 work", false, Partial},
		{"a proxy, then the person says the same", []arrival{in(proxy(all)), in(save(paper, 2, "w_1", 4, "w_2", 4, "w_3", 4, "w_4", 4))}, "work", true, Complete},
		{"a proxy whom the person takes back", []arrival{in(own), in(proxy(save(paper, 1, "w_4", 1))), in(save(phone, 2, "w_4", Cleared))}, "", true, Complete},
		{"a proxy's save that comes after a later one of the sitting", []arrival{in(save(phone, 2, "w_1", 1, "w_2", 2, "w_3", 3)), in(proxy(save(phone, 1, "w_1", 5)))},
			"", true, Complete},
		{"the person's save that comes after a later one of a proxy", []arrival{in(proxy(save(phone, 2, "w_1", 1, "w_2", 2, "w_3", 3))), in(save(phone, 1, "w_1", 5))},
			"w_1 w_2 w_3", false, Partial},
		{"a late proxy of what was not answered", []arrival{late(proxy(all))}, "w_1 w_2 w_3 w_4 work", false, 0},
		{"a late proxy of what was", []arrival{in(own), late(proxy(all))}, "work", true, Complete},
		{"a late proxy of what was in part", []arrival{in(save(phone, 1, "w_1", 1, "w_2", 1)), late(proxy(all))}, "w_3 w_4 work", false, Partial},
		{"late after a proxy", []arrival{in(proxy(all)), late(own)}, "w_1 w_2 w_3 w_4 work", false, Partial},
		{"a late proxy, then the person in time", []arrival{late(proxy(all)), in(own), in(save(phone, 2, "w_4", 4))}, "work", true, Complete},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, again := newResponse(t), NewReplay(foldQuestionnaire(t))
			var last *Taken
			for _, a := range tt.give {
				c := openOn(20)
				c.Now = c.Window.Closes
				if !a.late {
					a.sub.AnsweredAt = c.Now.Add(-24 * 60 * 60 * 1e9)
				}
				last = take(t, r, a.sub, c)
				again.Fold(last.Entry, c.Primary)
			}
			var got []string
			for _, item := range r.Answers.Questionnaire().Items {
				if r.Answers.Proxied(item.Code) {
					got = append(got, item.Code)
				}
			}
			if strings.Join(got, " ") != tt.want || r.Answers.HasProxy() != (tt.want != "") {
				t.Errorf("a proxy gave %q, want %q", got, tt.want)
			}
			score := last.Scores[0]
			if score.Valid != tt.wantScore || score.Valid != (score.Why == "") || !score.Valid && tt.wantOutcome != BreakOff && score.Why != WhyProxy {
				t.Errorf("score = %+v, want it valid: %v", score, tt.wantScore)
			}
			if r.Outcome != tt.wantOutcome || tt.wantOutcome != 0 && r.Disposition != tt.wantOutcome {
				t.Errorf("outcome %v, disposition %v, want %v", r.Outcome, r.Disposition, tt.wantOutcome)
			}
			wantReplayed(t, r, again)
		})
	}
}

// Only the primary outcome has no score: where the study's primary scale is not asked, that is the first scale.
func TestProxyLeavesOtherScalesScored(t *testing.T) {
	instrument, err := ParseInstrument("fold.yaml", []byte(foldInstrument+`  - id: other
    title: Other
    rule: sum
    items: [w_1, w_2]
    range: [2, 10]
    direction: higher-better
    source: Made up for the tests of wellwave.
`))
	if err != nil {
		t.Fatal(err)
	}
	q, err := NewQuestionnaire("trial", "baseline", []*Instrument{instrument}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		primary ScaleID
		proxied []string
		want    []bool // which of the two scales has a score
		outcome Disposition
	}{
		{"w", []string{"w_1"}, []bool{false, true}, Partial},
		{"other", []string{"w_1"}, []bool{true, false}, Partial},
		{"other", []string{"w_3"}, []bool{true, true}, Complete},
		{"elsewhere", []string{"w_3"}, []bool{false, true}, Partial},
	}
	for _, tt := range tests {
		r := NewReplay(q)
		scores := r.Fold(kept(Accepted, save(phone, 1, "w_1", 1, "w_2", 1, "w_3", 1, "w_4", 1)), tt.primary)
		for i, code := range tt.proxied {
			scores = r.Fold(kept(Accepted, proxy(save(paper, i+1, code, 5))), tt.primary)
		}
		if got := []bool{scores[0].Valid, scores[1].Valid}; !slices.Equal(got, tt.want) {
			t.Errorf("primary %s, %q by a proxy: valid are %v, want %v", tt.primary, tt.proxied, got, tt.want)
		}
		if r.Outcome != tt.outcome {
			t.Errorf("primary %s, %q by a proxy: outcome = %v, want %v", tt.primary, tt.proxied, r.Outcome, tt.outcome)
		}
	}
}

func TestProxyOrigins(t *testing.T) {
	s := foldAnswers(t, save(phone, 1, "w_1", 1, "w_2", 1), proxy(save(paper, 1, "w_2", 2, "w_3", 2, "w_4", Skipped, "note", "x")))
	want := phone + " 1 1:0-1|0;" + paper + " 1 1:1-3 1:8|1-3 8|1-2 8"
	if got := s.Origins(); got != want {
		t.Errorf("Origins() = %s, want %s", got, want)
	}
}

// A file may say that it was the person after all, or was not.
func TestProxyIsCorrected(t *testing.T) {
	c := openOn(20)
	file := func(sub Submission) Submission { sub.Bulk, sub.Seq = true, 0; return finishing(sub) }
	all := save(paper, 1, "w_1", 4, "w_2", 4, "w_3", 4, "w_4", 4)
	r := newResponse(t)
	take(t, r, file(proxy(all)), c)
	if !r.Repeats(file(proxy(all))) {
		t.Error("the same row again is not known")
	}
	corrected := file(all)
	if r.Repeats(corrected) {
		t.Error("a row that says that it was the person is taken for the same row")
	}
	if _, err := r.Take(corrected, c); KindOf(err) != Conflict {
		t.Errorf("Take() of a changed row = %v, want a conflict", err)
	}
	corrected.Correct = true
	if entry := take(t, r, corrected, c); !entry.Scores[0].Valid || r.Answers.HasProxy() || r.Disposition != Complete {
		t.Errorf("after the correction: score %+v, %v, want it complete", entry.Scores[0], r.Disposition)
	}
	c.Now = c.Window.Closes
	back := file(proxy(all))
	back.Correct = true
	if _, err := r.Take(back, c); KindOf(err) != Conflict {
		t.Errorf("Take() of a late correction = %v, want a conflict", err)
	}
}

// TestProxyNeverScores holds the primary score to what the marks allow, for any history.
func TestProxyNeverScores(t *testing.T) {
	q := foldQuestionnaire(t)
	rapid.Check(t, func(t *rapid.T) {
		r, used := NewReplay(q), map[string]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "saves") {
			r.Fold(kept(anyVerdict(t), anySave(t, q, used)), "w")
		}
		s := r.Answers
		proxied := slices.ContainsFunc([]string{"w_1", "w_2", "w_3", "w_4"}, s.Proxied)
		got, plain := s.Scores("w")[0], s.score()[0]
		if proxied && (got.Valid || got.Why != WhyProxy || got.Answered != plain.Answered || got.Of != plain.Of) || !proxied && got != plain {
			t.Fatalf("score = %+v of %s, %s", got, s.Encode(), s.Origins())
		}
		if complete := s.Outcome("w", s.Scores("w")) == Complete; complete != (plain.Valid && !proxied) {
			t.Fatalf("complete: %v, of %s, %s", complete, s.Encode(), s.Origins())
		}
	})
}
