package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wellwave/migrations"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// wordsOf returns the words of a closed set from 1 on.
func wordsOf[T interface {
	~uint8
	fmt.Stringer
}](from T) (words []string) {
	for v := from; v.String() != ""; v++ {
		words = append(words, v.String())
	}
	return words
}

// columnWords are the columns that hold one word of a closed set, with its words.
var columnWords = map[string][]string{
	"accounts.role":                wordsOf(surveys.Administrator),
	"alert_messages.step":          wordsOf(surveys.TellDutyHolder),
	"api_keys.scope":               {surveys.SubmitScope.String(), surveys.ReadScope.String()}, // beside which stands whether the key corrects
	"staff_answers.role":           append(wordsOf(surveys.ClinicalRole), ""),
	"staff_answers.tenure":         append(wordsOf(surveys.UnderTwoYears), ""),
	"staff_rounds.sealing":         wordsOf(surveys.ByCustodians),
	"staff_rounds.stage":           wordsOf(surveys.RoundOpen), // one that is planned has no row
	"dispositions.disposition":     wordsOf(surveys.NotYetDue),
	"dispositions.source":          wordsOf(surveys.ByAnswers),
	"enrolment_events.kind":        surveys.EventKinds(),
	"enrolments.withdrawal":        append(wordsOf(surveys.StopContact), ""),
	"hand_overs.colleague":         {surveys.PracticeColleague, surveys.LinksPractitioner},
	"judgements.verdict":           {surveys.Accepted.String(), surveys.PartlyRefused.String(), surveys.Late.String()},
	"papers.state":                 wordsOf(surveys.EnteredOnce),
	"proposals.channel":            append(wordsOf(surveys.ByCode), ""),
	"proposals.kind":               wordsOf(surveys.EraseMore),
	"proposals.state":              wordsOf(surveys.ProposalWaiting),
	"queries.decision":             append(wordsOf(surveys.StandingKept), ""),
	"queries.reason":               append(wordsOf(surveys.SourceSays), ""),
	"releases.profile":             wordsOf(surveys.TeamRelease),
	"responses.disposition":        wordsOf(surveys.NotYetDue),
	"responses.disposition_source": wordsOf(surveys.ByAnswers),
	"responses.mode":               append(wordsOf(surveys.Web), ""),
	"responses.outcome":            {"", surveys.Complete.String(), surveys.Partial.String(), surveys.BreakOff.String()},
	"server_keys.purpose":          store.KeyPurposes,
	"studies.state":                wordsOf(surveys.Draft),
	"submissions.author":           append(wordsOf(surveys.ByParticipant), ""),
	"submissions.verdict":          wordsOf(surveys.Accepted),
	"waves.audience":               wordsOf(surveys.Patients),
	"withdrawals.channel":          append(wordsOf(surveys.ByCode), ""),
	"withdrawals.level":            append(wordsOf(surveys.StopContact), ""),
}

// Every CHECK of words admits those of its type, neither more nor fewer, and every type has one.
func TestChecksAdmitTheWordsOfTheirTypes(t *testing.T) {
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	inTable := regexp.MustCompile(`(?s)\b(?:CREATE|ALTER) TABLE (\w+)\b[^;]*`)
	isCheck := regexp.MustCompile(`CHECK \((\w+) (?:IN \(|= )([^)]*)\)`)
	isWord := regexp.MustCompile(`'([^']*)'`)
	checked := make(map[string]bool)
	for _, file := range files {
		text, err := fs.ReadFile(migrations.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range inTable.FindAllStringSubmatch(string(text), -1) {
			for _, check := range isCheck.FindAllStringSubmatch(table[0], -1) {
				column := table[1] + "." + check[1]
				var words []string
				for _, word := range isWord.FindAllStringSubmatch(check[2], -1) {
					words = append(words, word[1])
				}
				want := slices.Clone(columnWords[column])
				slices.Sort(words)
				slices.Sort(want)
				if !slices.Equal(words, want) {
					t.Errorf("%s: %s admits %q, want %q", file, column, words, want)
				}
				checked[column] = true
			}
		}
	}
	for column := range columnWords {
		if !checked[column] {
			t.Errorf("no CHECK says which words %s may hold", column)
		}
	}
}

// refusesOtherWords sees that in a database where everything has happened no such column takes another word.
func (w *world) refusesOtherWords() {
	w.t.Helper()
	for column := range columnWords {
		table, name, _ := strings.Cut(column, ".")
		err := w.Exec(context.Background(), "UPDATE "+table+" SET "+name+" = 'another'")
		if surveys.KindOf(err) != surveys.Invalid {
			w.t.Errorf("%s takes another word: %v, want Invalid", column, err)
		}
	}
}

// A database of an older program, with rows of every kind, is taken over with all that it holds.
func TestMigrateWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		w := newWorld(t, db)
		w.happen(func(mutation, []surveys.AuditEntry) {})
		// The older program judged once and for all what came late.
		w.sql("UPDATE submissions SET verdict = 'accepted', late_days = 0 WHERE response_id IN (SELECT response_id FROM judgements)")
		w.sql("UPDATE responses SET revision = revision - 1 WHERE id IN (SELECT response_id FROM judgements)")
		was := make(map[string][]string)
		for column := range columnWords {
			table, name, _ := strings.Cut(column, ".")
			if table == "staff_rounds" || table == "judgements" || table == "queries" || table == "proposals" || column == "submissions.author" {
				continue // which the older program had not
			}
			query := "SELECT " + name + ", COUNT(*) FROM " + table + " GROUP BY " + name + " ORDER BY " + name
			if was[query] = w.Inspect(t, query); len(was[query]) == 0 {
				t.Errorf("there is no row in %s, so this shows nothing of it", table)
			}
		}
		w.backTo(9)
		w.sql("UPDATE server_keys SET purpose = 'another' WHERE purpose = 'sealing'") // which the older schema takes
		s, err := store.Open(context.Background(), store.Options{DSN: db.DSN, KeyFile: db.KeyFile})
		if err == nil {
			_ = s.Close()
			t.Error("Open() takes a database with an unknown word over")
		}
		w.sql("UPDATE server_keys SET purpose = 'sealing' WHERE purpose = 'another'")
		w.trial = &trial{Store: db.Open(t, storetest.Clock(w.now)), t: t}
		for query, rows := range was {
			w.wantRows(query, rows...)
		}
		w.wantFolds()
	})
}

// A word that is there in spite of all that is told of and never read as nothing.
func TestUnknownWordsAreErrors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, 1), context.Background()
		tr.submit(tr.save(9, 1, "mood_1", 1))
		again := func() error {
			_, err := tr.Submit(ctx, tr.save(9, 1, "mood_1", 1))
			return err
		}
		if err := tr.RecordDisposition(ctx, "", tr.people[0], storetest.Baseline, surveys.Refusal, "declined"); err != nil {
			t.Fatal(err)
		}
		tr.backTo(9, // to a schema that takes any word, but with what a save reads and writes
			"ALTER TABLE responses ADD COLUMN saves INTEGER NOT NULL DEFAULT 0", "ALTER TABLE responses ADD COLUMN kept_bytes BIGINT NOT NULL DEFAULT 0",
			"ALTER TABLE responses ADD COLUMN row_hash TEXT NOT NULL DEFAULT ''", "ALTER TABLE submissions ADD COLUMN author TEXT NOT NULL DEFAULT ''", "ALTER TABLE submissions ADD COLUMN author_id TEXT",
			"CREATE TABLE study_classes (study_id TEXT NOT NULL, classes TEXT NOT NULL)")
		due := func() error {
			_, err := tr.ListDue(ctx, storetest.Study, "", tr.now())
			return err
		}
		history := func() error {
			_, err := tr.ListDispositions(ctx, tr.people[0], storetest.Baseline)
			return err
		}
		tests := []struct {
			column string
			read   func() error
		}{
			{"responses.disposition", due},
			{"responses.disposition_source", due},
			{"responses.disposition", again},
			{"responses.disposition_source", again},
			{"responses.outcome", again},
			{"responses.mode", again},
			{"submissions.verdict", again},
			{"dispositions.disposition", history},
			{"dispositions.source", history},
			{"enrolments.withdrawal", again},
			{"enrolments.withdrawal", func() error {
				_, err := tr.FindEnrolment(ctx, tr.people[0])
				return err
			}},
			{"enrolments.withdrawal", func() error {
				_, err := tr.Occasion(ctx, tr.people[0], storetest.Baseline)
				return err
			}},
		}
		for _, tt := range tests {
			table, name, _ := strings.Cut(tt.column, ".")
			word := tr.Inspect(t, "SELECT "+name+" FROM "+table)[0]
			tr.sql("UPDATE " + table + " SET " + name + " = 'another'")
			if err := tt.read(); err == nil || surveys.KindOf(err) != 0 || !strings.Contains(err.Error(), "another") {
				t.Errorf("with another word in %s: %v, want an error of ours that tells", tt.column, err)
			}
			tr.sql("UPDATE " + table + " SET " + name + " = '" + word + "'")
			if err := tt.read(); err != nil {
				t.Errorf("with the old word in %s again: %v", tt.column, err)
			}
		}
	})
}
