package store_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// staffOf is how many members of staff of known identity answer each round, in known order at known times.
const staffOf = 40

// secondRound is a second round of the tests' study.
const secondRound surveys.WaveID = "round-2"

// An adversary holds the whole disk, every card, and the order and times in which they were used, and wants to know which
// readable answers are whose. An answer's language tells who gave it; only the counting of right matches looks at it.
type adversary struct {
	*sealedTrial
	db     storetest.Database
	repeat string // of all repeats PostgreSQL keeps one write-ahead log
}

// answerRound sends the answers of everybody, and returns what must not be readable before the round is opened.
func (a *adversary) answerRound(wave surveys.WaveID) (markers []string) {
	a.t.Helper()
	ctx := context.Background()
	codes, err := a.MakeStaffCodes(ctx, "", storetest.Study, wave, "north", staffOf)
	if err != nil {
		a.t.Fatal(err)
	}
	for i, code := range codes {
		card, err := a.OpenLink(ctx, code)
		if err != nil {
			a.t.Fatal(err)
		}
		sub := climate(card, i%7+1)
		sub.Language = fmt.Sprintf("person-%s-%s-%02d", wave, a.repeat, i)
		sub.Attributes = surveys.StaffAttributes{Role: surveys.StaffRole(i % 4), Tenure: surveys.StaffTenure(i % 5)} // also unsaid
		markers = append(markers, sub.Language)
		a.ahead.Add(int64(time.Minute))
		if err := a.SubmitStaff(ctx, sub); err != nil {
			a.t.Fatal(err)
		}
	}
	return markers
}

// onDisk returns those of the texts that stand in a file of the database.
func (a *adversary) onDisk(db storetest.Database, texts []string) (found []string) {
	a.t.Helper()
	disk := db.Disk(a.t)
	for _, text := range texts {
		for _, content := range disk {
			if bytes.Contains(content, []byte(text)) {
				found = append(found, text)
				break
			}
		}
	}
	return found
}

// places returns where each text first stands on the disk, files in the order of their names; those that stand nowhere
// come last, in the order in which they were given.
func (a *adversary) places(texts []string) []int {
	a.t.Helper()
	disk := a.db.Disk(a.t)
	places := make([]int, len(texts))
	for i, text := range texts {
		before := 0
		places[i] = -1
		for _, name := range slices.Sorted(maps.Keys(disk)) {
			if at := bytes.Index(disk[name], []byte(text)); at >= 0 {
				places[i] = before + at
				break
			}
			before += len(disk[name])
		}
		if places[i] < 0 {
			places[i] = before + i
		}
	}
	return places
}

// guesses returns, for each way of matching, the readable answers of a round in the order in which that way says they were
// given; each answer is told by its language.
func (a *adversary) guesses(wave surveys.WaveID, sealed, attributes []string) map[string][]string {
	a.t.Helper()
	list := func(column, order string) []string {
		return a.Inspect(a.t, "SELECT "+column+" FROM staff_answers WHERE wave_id = '"+string(wave)+"' ORDER BY "+order)
	}
	languages, ids, texts := list("language", "id"), list("id", "id"), list("answers", "id")
	ways := map[string][]string{
		"by the ids":                  languages,
		"by the ids, backwards":       slices.Clone(languages),
		"by place on the disk":        orderBy(languages, a.places(ids)),
		"by place of the language":    orderBy(languages, a.places(languages)),
		"by length, as it was sealed": nil,
		"by a token of the sealed":    nil,
		"by a token of the apart":     nil,
	}
	slices.Reverse(ways["by the ids, backwards"])
	if a.Engine() == "postgres" {
		ways["by ctid"] = list("language", "ctid")
		ways["by transaction"] = list("language", "CAST(CAST(xmin AS TEXT) AS BIGINT), ctid")
	}
	// A backup from while the round was open tells which sealed answer is whose; it is joined to the readable ones by
	// what both have: a length and an id.
	lengths, bySealed, byApart := make([]int, len(texts)), make([]int, len(texts)), make([]int, len(texts))
	for i, text := range texts {
		lengths[i] = len(text)
		bySealed[i], byApart[i] = nearest(ids[i], sealed), nearest(ids[i], attributes)
	}
	ways["by length, as it was sealed"] = orderBy(languages, lengths)
	ways["by a token of the sealed"] = orderBy(languages, bySealed)
	ways["by a token of the apart"] = orderBy(languages, byApart)
	return ways
}

// nearest returns which of the sealed answers' ids shares the longest beginning with an id.
func nearest(id string, sealed []string) (which int) {
	longest := -1
	for i, other := range sealed {
		n := 0
		for n < len(id) && n < len(other) && id[n] == other[n] {
			n++
		}
		if n > longest {
			longest, which = n, i
		}
	}
	return which
}

// orderBy sorts texts by numbers that belong to them.
func orderBy(texts []string, by []int) []string {
	places := make([]int, len(texts))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int { return cmp.Compare(by[i], by[j]) })
	sorted := make([]string, len(texts))
	for i, place := range places {
		sorted[i] = texts[place]
	}
	return sorted
}

// right counts the people to whom a guess gives their own answers.
func right(guess, markers []string) (n int) {
	for i := range guess {
		if guess[i] == markers[i] {
			n++
		}
	}
	return n
}

// TestNobodyMatchesAnswers wants the adversary to be right no more often than by chance, and shows that the same adversary is
// right about everybody where answers are stored as they come.
//
// By chance the right matches of one round have the distribution of the fixed points of a random permutation, which for 40
// people is Poisson's with mean 1 to far more digits than matter. The number of all rounds must stay under its point of
// 99.9 %, shared out among the ways of matching (Bonferroni).
func TestNobodyMatchesAnswers(t *testing.T) {
	repeats := storetest.Times(t, "times two rounds whose answers an adversary with the whole disk tries to match", 1, 200)
	for engine, fresh := range map[string]func(testing.TB) storetest.Database{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(engine, func(t *testing.T) {
			fresh(t) // skips where there is no such engine
			matches, rounds, leaked := make(map[string]int), 0, 0
			for i := range repeats {
				t.Run("", func(t *testing.T) {
					db := fresh(t)
					var ask []surveys.StaffAttribute
					if i%2 == 0 { // in every other repeat staff say something about themselves, apart from their answers
						ask = []surveys.StaffAttribute{surveys.AskRole, surveys.AskTenure}
					}
					a := &adversary{sealedTrial: newSealedTrial(t, db, ask...), db: db, repeat: rand.Text()[:10]}
					storetest.AddRound(t, a.Store, secondRound, storetest.Start, ask...)
					a.sql("CREATE TABLE leak (n INTEGER, language TEXT)") // a build that leaks on purpose
					for _, wave := range []surveys.WaveID{storetest.Round, secondRound} {
						rounds++
						leaked += a.attack(wave, matches, i == 0)
					}
				})
			}
			chance := distuv.Poisson{Lambda: float64(rounds)}
			limit := rounds
			for chance.CDF(float64(limit)) < 1-0.001/float64(len(matches)) {
				limit++
			}
			for way, n := range matches {
				if n > limit {
					t.Errorf("%s: %d of %d matches are right, and chance gives %d and hardly more than %d", way, n, rounds*staffOf, rounds, limit)
				}
			}
			if leaked < rounds*staffOf*95/100 {
				t.Errorf("of a build that leaks the adversary matches %d of %d", leaked, rounds*staffOf)
			}
		})
	}
}

// attack holds a round, adds the right matches of each way of matching, and returns those of the build that leaks.
func (a *adversary) attack(wave surveys.WaveID, matches map[string]int, thoroughly bool) (leaked int) {
	a.t.Helper()
	markers := a.answerRound(wave)
	for _, marker := range markers {
		a.sql("INSERT INTO leak (n, language) VALUES (1, '" + strings.Replace(marker, "person-", "leak-", 1) + "')")
	}
	a.tryBefore(wave, markers, thoroughly)
	sealed := a.Inspect(a.t, "SELECT id FROM staff_sealed WHERE wave_id = '"+string(wave)+"'")
	attributes := a.Inspect(a.t, "SELECT id FROM staff_attributes WHERE wave_id = '"+string(wave)+"'")
	if err := a.CloseRound(a.t.Context(), "", storetest.Study, wave); err != nil {
		a.t.Fatal(err)
	}
	if err := a.OpenRound(a.t.Context(), "", storetest.Study, wave, [2]string{a.keys[0], a.keys[2]}); err != nil {
		a.t.Fatal(err)
	}
	for way, guess := range a.guesses(wave, sealed, attributes) {
		matches[way] += right(guess, markers)
	}
	where := map[string]string{"sqlite": "rowid", "postgres": "ctid"}[a.Engine()]
	leak := a.Inspect(a.t, "SELECT REPLACE(language, 'leak-', 'person-') FROM leak WHERE language LIKE 'leak-"+string(wave)+"-%' ORDER BY "+where)
	return right(leak, markers)
}

// tryBefore wants no answer to be readable before its round is opened, on the disk or in a backup.
func (a *adversary) tryBefore(wave surveys.WaveID, markers []string, thoroughly bool) {
	a.t.Helper()
	if found := a.onDisk(a.db, markers); len(found) > 0 {
		a.t.Errorf("%s: the disk tells %q before the round is opened", wave, found)
	}
	if !thoroughly || a.Engine() != "sqlite" {
		return
	}
	backup := filepath.Join(a.t.TempDir(), "backup.db")
	if err := a.Backup(a.t.Context(), backup); err != nil {
		a.t.Fatal(err)
	}
	if found := a.onDisk(storetest.Database{DSN: "sqlite:" + backup}, markers); len(found) > 0 {
		a.t.Errorf("%s: a backup tells %q before the round is opened", wave, found)
	}
}
