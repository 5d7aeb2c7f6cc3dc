// Package release makes what leaves: immutable, numbered releases of a study's responses in which nobody can be found.
//
// # Making one
//
//	manifest, err := release.Make(ctx, store, release.Order{
//		Study: "deep-end", Profile: surveys.SharedRelease, By: account, Dir: "out/release-1",
//	})
//
// The command line and the office page both call [Make]; [Write] writes a recorded release once more, to the same bytes.
// A refusal is a surveys.Error of kind Invalid whose message names what to change; it leaves nothing on disk and no
// number taken.
//
// # What is in it
//
//   - participants.csv: everybody in the study, whether they answered or not, with the keys and, wave by wave, what came of it.
//   - <wave>_<instrument>.csv: the answers and scores of those who answered something in that wave.
//   - wide.csv, which has all of it with one row a person, and long.csv, with one row a person and wave.
//   - <file>_missing.csv beside each of them: id, column and the reason for every empty cell that has one.
//   - codebook.csv, and codebook.html to read, which describe every column of every file: class, recoding, how many people have a
//     value and why the others do not, how often each code was given, how a score was made, what to cite and under which licence.
//   - datapackage.json, the same for programs that know Frictionless Data Packages, and load.R, load.py, load.sps and load.do, each of
//     which makes labelled data of every table with one call; not in an edition for Excel.
//   - risk.json, which says over what k was measured, what came out and what was blanked.
//   - manifest.json, with the size and SHA-256 of every other file.
//
// Every column is there whatever the data are. A score stands before the number of its items that were answered and whether it
// is prorated. The primary scale's is empty, too, for somebody in whose place a proxy gave any of its answers.
//
// Ids are the first 128 bits of HMAC-SHA-256 of the enrolment's id under a key that only this release has: equal across
// its files, new in every release. Rows stand in the order of the new ids, so that their place tells nothing. Dates are
// days since the person's baseline. Only columns that the study's plan names are there; free text, contact details,
// labels and internal ids never are. Rounds of the anonymous staff survey are not part of a release, and answers
// given while the study was a pilot are not either. What leaves the team says less of how people took part, because
// others know it: whether their answers are complete, partial or not there, and whether they came in time.
//
// # How people are hidden
//
// The ids join the files of a release, so whoever holds one file holds them all. A person's combination is therefore
// made of all keys, and it is counted within participants.csv and among those who answered each wave: in each, at least k
// people share every combination that occurs. An empty key is a value like any other, and so is the word that says why it
// is empty. Keys are blanked where too few share them (disclosure.Suppress), the least important first, and with a key every
// column that tells something of it. A release that needs more blanks than its budget, or in which the mean risk of being found
// is too great, is refused with what would help. [Try] says all of this beforehand.
//
// The counts of the codebook pass disclosure.Table, column by column; long.csv, whose columns are those of several waves, has none. Of
// how people took part nothing is counted, because what came of a wave goes with who has a score in it, and two tables of the
// same people would tell what each hides. Whoever has the release counts for themselves: the codebook is what others are given.
//
// # How it is made
//
// The store freezes which revision of which response belongs to the release, and every byte follows from those, the plan
// and the key. Several readers recode rows and drop them into partitions by the first bits of the new id, in a private
// file; each partition then fits in memory and is sorted. They are gone through once to count, twice to choose who loses keys if
// any are blanked, and once to write. Memory does not grow with the rows.
//
// Releases of older versions, of format 1, held one table a wave and no people who had not answered. They are written again as
// they were, by the files whose names begin with format1.
package release
