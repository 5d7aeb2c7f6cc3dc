package store_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// tables lists every table and its columns, as table.column.
func (tr *trial) tables() []string {
	if tr.Engine() == "sqlite" {
		return tr.Inspect(tr.t, `SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`)
	}
	return tr.Inspect(tr.t, `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`)
}

// everything returns all rows of all tables but the two of the anonymous survey.
func (tr *trial) everything() map[string][]string {
	rows := make(map[string][]string)
	for _, column := range tr.tables() {
		table, _, _ := strings.Cut(column, ".")
		if _, done := rows[table]; !done && !strings.HasPrefix(table, "staff_") {
			rows[table] = slices.Sorted(slices.Values(tr.Inspect(tr.t, "SELECT * FROM "+table)))
		}
	}
	return rows
}

// cards makes n codes at a site and returns what each opens.
func (tr *trial) cards(site surveys.SiteID, n int) []surveys.Opened {
	tr.t.Helper()
	codes, err := tr.MakeStaffCodes(context.Background(), "", storetest.Study, storetest.Round, site, n)
	if err != nil {
		tr.t.Fatal(err)
	}
	opened := make([]surveys.Opened, n)
	for i, code := range codes {
		if opened[i], err = tr.OpenLink(context.Background(), code); err != nil || opened[i].Site != site || opened[i].Audience != surveys.Staff {
			tr.t.Fatalf("OpenLink() of a card = %+v, %v, want the round at %s", opened[i], err, site)
		}
	}
	return opened
}

func climate(card surveys.Opened, value int) surveys.StaffSubmission {
	return surveys.StaffSubmission{StaffCode: card.StaffCode, Language: "en", Answers: given("climate_1", value, "climate_2", surveys.Skipped)}
}

// TestSubmitStaffIsAnonymous inspects what a staff submission leaves: its answers in a table without time, order or
// person, and nothing anywhere else.
func TestSubmitStaffIsAnonymous(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		cards := tr.cards("north", 3)
		var columns []string
		for _, c := range tr.tables() {
			if strings.HasPrefix(c, "staff_") {
				columns = append(columns, c)
			}
		}
		want := []string{"staff_answers.id", "staff_answers.study_id", "staff_answers.wave_id", "staff_answers.site_id", "staff_answers.questionnaire",
			"staff_answers.language", "staff_answers.answers", "staff_answers.role", "staff_answers.tenure",
			"staff_attributes.id", "staff_attributes.study_id", "staff_attributes.wave_id", "staff_attributes.sealed",
			"staff_averages.study_id", "staff_averages.wave_id", "staff_averages.average", "staff_cards.code_hash", "staff_cards.study_id", "staff_cards.wave_id", "staff_cards.site_id", "staff_codes.code_hash", "staff_codes.study_id", "staff_codes.wave_id", "staff_codes.site_id",
			"staff_custodians.study_id", "staff_custodians.number", "staff_custodians.name", "staff_custodians.recipient", "staff_custodians.proved",
			"staff_rounds.study_id", "staff_rounds.wave_id", "staff_rounds.sealing", "staff_rounds.stage", "staff_rounds.recipient", "staff_rounds.round_key",
			"staff_rounds.rules", "staff_rounds.answer_size", "staff_rounds.counted", "staff_rounds.counted_day", "staff_rounds.certificate", "staff_rounds.report", "staff_rounds.apart",
			"staff_sealed.id", "staff_sealed.study_id", "staff_sealed.wave_id", "staff_sealed.site_id", "staff_sealed.sealed",
			"staff_sent.page_hash", "staff_sent.study_id", "staff_sent.wave_id",
			"staff_sites.study_id", "staff_sites.wave_id", "staff_sites.site_id", "staff_sites.staff", "staff_sites.contact", "staff_sites.cards"}
		if !slices.Equal(columns, want) {
			t.Errorf("the tables of the staff survey have the columns\n%q, want\n%q", columns, want)
		}
		before := tr.everything()
		for i, card := range cards[:2] {
			tr.wait(1)
			if err := tr.SubmitStaff(context.Background(), climate(card, i+1)); err != nil {
				t.Fatal(err)
			}
		}
		for table, rows := range tr.everything() {
			if !slices.Equal(rows, before[table]) {
				t.Errorf("a staff submission changed table %s", table)
			}
		}
		tr.wantRows("SELECT site_id, language, answers FROM staff_answers ORDER BY answers", `north|en|{"climate_1":1,"climate_2":{"missing":"skipped"}}`,
			`north|en|{"climate_1":2,"climate_2":{"missing":"skipped"}}`)
		ids := tr.Inspect(t, "SELECT id FROM staff_answers")
		for _, id := range ids {
			if len(id) != 32 || slices.ContainsFunc(cards, func(c surveys.Opened) bool {
				return strings.Contains(c.StaffCode, id) || strings.Contains(id, c.StaffCode[:8])
			}) {
				t.Errorf("id %s is not random", id)
			}
		}
		tr.wantRows("SELECT code_hash FROM staff_codes", cards[2].StaffCode)
		tr.wantRows("SELECT COUNT(*) FROM staff_cards", "3")
		// Ids made by the clock would share their beginning.
		if ids[0][:4] == ids[1][:4] {
			t.Errorf("ids %s begin alike, as if they told the time", ids)
		}
	})
}

// TestSubmitStaffSpendsACodeOnce tries each card from 32 browsers at once.
func TestSubmitStaffSpendsACodeOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		for _, card := range tr.cards("south", 3) {
			var taken, spent atomic.Int32
			var wg sync.WaitGroup
			for i := range 32 {
				wg.Go(func() {
					switch err := tr.SubmitStaff(context.Background(), climate(card, i%7+1)); surveys.KindOf(err) {
					case 0:
						if err != nil {
							t.Errorf("SubmitStaff() = %v, want it taken or the code spent", err)
						}
						taken.Add(1)
					case surveys.NotFound:
						spent.Add(1)
					default:
						t.Errorf("SubmitStaff() = %v, want it taken or the code spent", err)
					}
				})
			}
			wg.Wait()
			if taken.Load() != 1 || spent.Load() != 31 {
				t.Errorf("a code was taken %d times and found spent %d times, want once and 31", taken.Load(), spent.Load())
			}
			if err := tr.SubmitStaff(context.Background(), climate(card, 99)); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("what nobody can answer, with a spent code: SubmitStaff() = %v, want Invalid as with any code", err)
			}
		}
		tr.wantRows("SELECT COUNT(*) FROM staff_answers", "3")
		tr.wantRows("SELECT COUNT(*) FROM staff_codes", "0")
	})
}

func TestSubmitStaffRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		card := tr.cards("north", 1)[0]
		wrong := climate(card, 8)
		unknown := climate(card, 1)
		unknown.StaffCode = strings.Repeat("0", len(card.StaffCode))
		empty := climate(card, 1)
		empty.Answers = given("climate_1", surveys.Skipped)
		for name, tt := range map[string]struct {
			give surveys.StaffSubmission
			want surveys.Kind
		}{"no option": {wrong, surveys.Invalid}, "no such code": {unknown, surveys.NotFound}, "nothing answered": {empty, surveys.Invalid}} {
			if err := tr.SubmitStaff(context.Background(), tt.give); surveys.KindOf(err) != tt.want {
				t.Errorf("%s: SubmitStaff() = %v, want kind %v", name, err, tt.want)
			}
		}
		tr.wait(365)
		if err := tr.SubmitStaff(context.Background(), climate(card, 1)); surveys.KindOf(err) != surveys.Closed {
			t.Errorf("after the round: SubmitStaff() = %v, want it closed", err)
		}
		noCards := func(name string) {
			t.Helper()
			if codes, err := tr.MakeStaffCodes(context.Background(), "", storetest.Study, storetest.Round, "north", 1); surveys.KindOf(err) != surveys.Closed {
				t.Errorf("%s: MakeStaffCodes() = %d codes, %v, want it closed", name, len(codes), err)
			}
		}
		noCards("after the round")
		tr.ahead.Store(0)
		turn := func(state surveys.StudyState) {
			t.Helper()
			if err := tr.SetStudyState(context.Background(), "", storetest.Study, state); err != nil {
				t.Fatal(err)
			}
		}
		turn(surveys.Ended)
		noCards("after the study")
		turn(surveys.Live)
		tr.wantRows("SELECT COUNT(*) FROM staff_answers", "0")
		if err := tr.SubmitStaff(context.Background(), climate(card, 1)); err != nil {
			t.Errorf("SubmitStaff() with the code that was refused before = %v, want it taken", err)
		}
		for name, tt := range map[string]struct {
			wave surveys.WaveID
			site surveys.SiteID
			n    int
			want surveys.Kind
		}{"a patients' wave": {storetest.Baseline, "north", 1, surveys.NotFound}, "no site": {storetest.Round, "none", 1, surveys.NotFound},
			"none": {storetest.Round, "north", 0, surveys.Invalid}, "too many": {storetest.Round, "north", 1001, surveys.Invalid}} {
			if codes, err := tr.MakeStaffCodes(context.Background(), "", storetest.Study, tt.wave, tt.site, tt.n); surveys.KindOf(err) != tt.want {
				t.Errorf("%s: MakeStaffCodes() = %d codes, %v, want kind %v", name, len(codes), err, tt.want)
			}
		}
	})
}

// TestStaffCodesAreNotKept looks for the codes of cards in everything that is stored.
func TestStaffCodesAreNotKept(t *testing.T) {
	tr := newTrial(t, storetest.SQLite(t), 1)
	codes, err := tr.MakeStaffCodes(context.Background(), "", storetest.Study, storetest.Round, "north", 2)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprint(tr.everything(), tr.Inspect(t, "SELECT * FROM staff_codes"))
	for _, code := range codes {
		if strings.Contains(all, code) || strings.Contains(all, strings.ReplaceAll(code, "-", "")) {
			t.Error("a code stands in the database")
		}
	}
}

// TestShuffleStaff looks in the engine's own files for what told the order of answers and which code was spent for which.
func TestShuffleStaff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		const answers = 9
		tr := newTrial(t, db, 1)
		ctx := context.Background()
		cards := tr.cards("north", answers+1)
		for i, card := range cards[:answers] {
			sub := climate(card, i%5+1)
			sub.Language = fmt.Sprint("en-", i) // tells the answers apart
			if err := tr.SubmitStaff(ctx, sub); err != nil {
				t.Fatal(err)
			}
		}
		const contents = "SELECT study_id, wave_id, site_id, questionnaire, language, answers FROM staff_answers ORDER BY language"
		before, old := tr.Inspect(t, contents), tr.Inspect(t, "SELECT id FROM staff_answers")
		check := tr.wantFileForgets(cards[0].StaffCode)
		if err := tr.ShuffleStaff(ctx); err != nil {
			t.Fatalf("ShuffleStaff() = %v", err)
		}
		check()
		if got := tr.Inspect(t, contents); !slices.Equal(got, before) {
			t.Errorf("the answers are now\n%q, want\n%q", got, before)
		}
		ids := tr.Inspect(t, "SELECT id FROM staff_answers ORDER BY id")
		if slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(old, id) }) {
			t.Error("an answer kept its id")
		}
		if err := tr.ShuffleStaff(ctx); err != nil {
			t.Fatalf("ShuffleStaff() with nothing new = %v", err)
		}
		if got := tr.Inspect(t, "SELECT id FROM staff_answers ORDER BY id"); !slices.Equal(got, ids) {
			t.Error("ShuffleStaff() with nothing new wrote the answers again")
		}
		if err := tr.SubmitStaff(ctx, climate(cards[answers], 1)); err != nil {
			t.Errorf("SubmitStaff() with a card that was left = %v", err)
		}
	})
}

// wantFileForgets finds a spent code in the files of the database, and returns a check that it is gone from there but for the
// list of all cards, and that the answers lie in the order of their ids.
func (tr *trial) wantFileForgets(spent string) (check func()) {
	tr.t.Helper()
	if tr.Engine() == "postgres" {
		const files = "SELECT relname, pg_relation_filenode(oid) FROM pg_class WHERE relname IN ('staff_answers', 'staff_codes') ORDER BY relname"
		before := tr.Inspect(tr.t, files)
		return func() {
			tr.t.Helper()
			for i, file := range tr.Inspect(tr.t, files) {
				if file == before[i] {
					tr.t.Errorf("%s is the file that holds the dead rows", file)
				}
			}
			tr.wantRows("SELECT COUNT(DISTINCT CAST(xmin AS TEXT)) FROM staff_answers", "1")
			if ids := tr.Inspect(tr.t, "SELECT id FROM staff_answers ORDER BY ctid"); !slices.IsSorted(ids) {
				tr.t.Errorf("the answers lie in the order %v, want that of the ids", ids)
			}
		}
	}
	path := tr.Inspect(tr.t, "SELECT file FROM pragma_database_list WHERE name = 'main'")[0]
	read := func(suffix string) string {
		content, err := os.ReadFile(path + suffix)
		if err != nil {
			tr.t.Fatal(err)
		}
		return string(content)
	}
	if !strings.Contains(read("")+read("-wal"), spent) {
		tr.t.Fatal("a spent code is not where the check looks for it")
	}
	return func() {
		tr.t.Helper()
		if read("-wal") != "" || strings.Count(read(""), spent) != 1 {
			tr.t.Error("a spent code is still in the files")
		}
		last := len(read(""))
		for _, id := range tr.Inspect(tr.t, "SELECT id FROM staff_answers ORDER BY id") {
			at := strings.Index(read(""), id) // SQLite fills a page from its end
			if at < 0 || at > last {
				tr.t.Errorf("answer %s lies at %d, after the next one at %d", id, at, last)
			}
			last = at
		}
	}
}

// TestShuffleStaffWhileStaffAnswer wants no answer lost that comes in at the same time, from two servers.
func TestShuffleStaffWhileStaffAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		const answers = 60
		tr := newTrial(t, db, 1)
		stores := []*store.Store{tr.Store, tr.Store}
		if tr.Engine() == "postgres" {
			stores[1] = db.Open(t, storetest.Clock(tr.now))
		}
		cards := make(chan surveys.Opened, answers)
		for _, card := range tr.cards("south", answers) {
			cards <- card
		}
		close(cards)
		var senders, shufflers sync.WaitGroup
		for range 4 {
			senders.Go(func() {
				for card := range cards {
					if err := tr.SubmitStaff(context.Background(), climate(card, len(cards)%5+1)); err != nil {
						t.Errorf("SubmitStaff() during a shuffle = %v", err)
					}
				}
			})
		}
		var done atomic.Bool
		for _, s := range stores {
			shufflers.Go(func() {
				for !done.Load() {
					if err := s.ShuffleStaff(context.Background()); err != nil {
						t.Errorf("ShuffleStaff() while staff answer = %v", err)
					}
				}
			})
		}
		senders.Wait()
		done.Store(true)
		shufflers.Wait()
		tr.wantRows("SELECT COUNT(*) FROM staff_answers", fmt.Sprint(answers))
		tr.wantRows("SELECT COUNT(*) FROM staff_codes", "0")
	})
}
