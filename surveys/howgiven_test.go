package surveys

import (
	"slices"
	"testing"

	"wellwave/surveys/locale"
)

// codesOf returns the codes of some choices, sorted, without the one that says nothing.
func codesOf(lists ...[]Choice) []string {
	var codes []string
	for _, list := range lists {
		for _, one := range list {
			if one.Code != "" && !slices.Contains(codes, one.Code) {
				codes = append(codes, one.Code)
			}
		}
	}
	slices.Sort(codes)
	return codes
}

// What can be chosen anywhere, what may be stored and what codebooks describe is the same.
func TestEveryCodeIsDescribed(t *testing.T) {
	study := &Study{Kiosk: KioskPlan{LinksPractitioners: true}}
	tests := []struct {
		name      string
		offered   [][]Choice // on pages, paper and entry screens
		described []Choice
		check     func(string) error
		stored    func(Collection) string
		with      func(string) Collection
	}{
		{"helpers", [][]Choice{study.OwnHelpers(), study.KioskHelpers(), EntryHelpers(Paper), EntryHelpers(Telephone)}, DescribedHelpers(), CheckHelper,
			func(c Collection) string { return c.Helper }, func(code string) Collection { return Collection{Helper: code} }},
		{"places", [][]Choice{OwnPlaces()}, DescribedPlaces(), CheckPlace,
			func(c Collection) string { return c.Place }, func(code string) Collection { return Collection{Place: code} }},
		{"aids", [][]Choice{Aids()}, DescribedAids(), CheckAids,
			func(c Collection) string { return c.Aids }, func(code string) Collection { return Collection{Aids: code} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			offered, described := codesOf(tt.offered...), codesOf(tt.described)
			if !slices.Equal(offered, described) {
				t.Errorf("offered are %v and described %v", offered, described)
			}
			for _, code := range append(described, "") {
				if err := tt.check(code); err != nil || tt.stored(tt.with(code).Tidied()) != code {
					t.Errorf("%q is described and not stored: %v", code, err)
				}
			}
			for _, code := range []string{"nurse", "Family", "HOME", "telescope", "?"} {
				if tt.check(code) == nil || tt.stored(tt.with(code).Tidied()) != "" {
					t.Errorf("%q is stored and not described", code)
				}
			}
		})
	}
	if described := DescribedModes(); len(described) != int(Bulk) {
		t.Errorf("%d modes are described, there are %d", len(described), Bulk)
	}
}

// A tablet says itself where it is, and codes do not change, because they are in ledgers and in releases.
func TestCodesStay(t *testing.T) {
	for _, tt := range []struct {
		name string
		list []Choice
		want []string
	}{
		{"modes", DescribedModes(), []string{"bulk", "kiosk", "paper", "telephone", "web"}},
		{"helpers", DescribedHelpers(), []string{"family", "interpreter", "interviewer", "links-practitioner", "proxy", "staff"}},
		{"places", DescribedPlaces(), []string{"elsewhere", "home", "practice"}},
		{"aids", DescribedAids(), []string{"easy-read", "large-print", "listened"}},
	} {
		if got := codesOf(tt.list); !slices.Equal(got, tt.want) {
			t.Errorf("%s are %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Paper that was printed keeps its numbers.
func TestEntryHelpers(t *testing.T) {
	for mode, want := range map[Mode][]Choice{
		Paper: {{"", "Nobody", 1}, {"family", "Family or a friend helped", 2}, {"staff", "Somebody at the practice helped", 3},
			{"proxy", "Somebody answered in my place", 4}},
		Telephone: {{"interviewer", "The interviewer read the questions out", 1}, {"proxy", "Somebody answered in my place", 4}},
	} {
		if got := EntryHelpers(mode); !slices.Equal(got, want) {
			t.Errorf("EntryHelpers(%s) = %v, want %v", mode, got, want)
		}
	}
}

func TestLinksPractitionersHelpWhereTheStudySays(t *testing.T) {
	var study Study
	if Chosen(LinksPractitioner, study.OwnHelpers()) || Chosen(LinksPractitioner, study.KioskHelpers()) {
		t.Error("links practitioners are offered in a study that has none")
	}
}

// What participants choose by is said in their language.
func TestChoicesAreTranslated(t *testing.T) {
	arabic, ok := locale.Find("ar")
	if !ok {
		t.Fatal("there is no Arabic")
	}
	study := &Study{Kiosk: KioskPlan{LinksPractitioners: true}}
	for _, list := range [][]Choice{study.OwnHelpers(), OwnPlaces(), Aids()} {
		for _, one := range list {
			if arabic.Say(one.Label) == one.Label {
				t.Errorf("%q has no translation", one.Label)
			}
		}
	}
}

func TestMissingIsDescribed(t *testing.T) {
	for _, m := range SaidMissing() {
		if err := (&Item{Kind: KindDisplay}).Check(Absent(m)); err != nil {
			t.Errorf("%s may be said and is refused: %v", m, err)
		}
		if !slices.Contains(StoredMissing(), m) {
			t.Errorf("%s may be said and is not stored", m)
		}
	}
	for _, m := range []Missing{NotAsked, NotReached} {
		if (&Item{Kind: KindDisplay}).Check(Absent(m)) == nil {
			t.Errorf("%s is worked out by the server and is taken from outside", m)
		}
	}
}
