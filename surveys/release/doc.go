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
//   - One CSV file for each wave of patients, one row a person who answered something. Columns stand in the order of the
//     [Plan]: id, keys, paradata, items, scales. A missing answer is an empty cell, and <item>_missing says why in a
//     word. A scale's column stands before <scale>_answered, the number of its items that were answered. The primary
//     scale's is empty, too, for somebody in whose place a proxy gave any of its answers.
//   - codebook.csv and codebook.md, which describe every column of every file.
//   - risk.json, which says over what k was measured and what came out.
//   - manifest.json, with the size and SHA-256 of every other file.
//
// Ids are the first 128 bits of HMAC-SHA-256 of the enrolment's id under a key that only this release has: equal across
// its files, new in every release. Rows stand in the order of the new ids, so that their place tells nothing. Dates are
// days since the person's baseline. Only columns that the study's plan names are there; free text, contact details,
// labels and internal ids never are. Rounds of the anonymous staff survey are not part of a release, and answers given
// while the study was a pilot are not either.
//
// # How k is counted
//
// The ids join the files of a release, so whoever holds one file holds them all. A person's combination is therefore
// made of the keys of every file that they are in, and it is counted within each file: in each, at least k people share
// every combination that occurs. An empty key is a value like any other, and so is the word that says why it is empty.
//
// # How it is made
//
// The store freezes which revision of which response belongs to the release, and every byte follows from those, the plan
// and the key. Several readers recode rows and drop them into partitions by the first bits of the new id, in a private
// file; each partition then fits in memory, is sorted, counted and appended. Memory does not grow with the rows.
package release
