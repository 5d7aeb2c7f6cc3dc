// Package scoring turns answers into scores: pure functions, the same bits for the same input.
//
// A [Definition] says how one scale of an instrument is scored. It is data, read from the instrument's file; [Compile]
// checks it against the items and returns a [Scale], and [Scale.Score] applies it to one person's answers.
//
// # Rules
//
//   - sum: Σ of the items' values.
//   - mean: Σ of the answered items' values ÷ how many are answered.
//   - count: how many items have a value of at_least or more, or of what at_least_of says for them. With needs_one_of
//     the count is 0 unless one of the items named there counts, as diagnostic criteria ask.
//   - weighted: full_health + Σ of the weight of each item's level, + any_problem unless every item is at its lowest
//     level, + any_level n once if some item is at level n. A tariff without a constant is the same with full_health 0.
//   - expected: the mean of a weighted index of another version of the instrument, over the states in which somebody
//     who answered this version would have put themselves there. This is a crosswalk.
//
// A reversed item counts as lowest + highest − answer, before anything else. After the rule comes a linear transform or
// a conversion table where the definition has one, then reaches, which makes a 1 of every result from a threshold on and a
// 0 of the others, and last rounding where a published table was made by rounding. The mean of a score with reaches over
// people is the share of those who reach it.
//
// Rounding, thresholds and sums are exact on the decimal value, halves away from zero: 41 ÷ 40 rounds to 1.03 and 1.005 to
// 1.01, although the float64s of both are a little less, and 0.7 + 0.1 reaches 0.8.
//
// # Missing answers
//
// A missing answer is never a 0. Without a missing rule every item must be answered. "allow" says how many may be
// missing, "answered" how many must be there, "share" which part of the items must be there, rounded up; "only" names the
// items that may be missing at all, such as one that does not apply to everybody. A sum is then prorated: the person's mean
// of the answered items, after reversing, stands in for each missing one, so the score is sum × items ÷ answered. With
// "fill: none" it is the plain sum of what was answered, which is for items that may not apply and have 0 as their lowest
// answer. A mean is the mean of what was answered, a count counts what was answered. Neither a conversion table nor
// needs_one_of goes with missing answers, and weighted and expected rules know no such thing: one missing answer leaves
// no score. Scoring does not ask why an answer is missing; "not applicable" and "skipped" are the same to it.
//
// # Out of range
//
// An answer outside its item's range is refused where answers enter. If one comes this far, the score is invalid and
// says which item; it is never moved to the nearest value. A definition that cannot be right (a band outside the range,
// a table with a hole, probabilities that do not add up to 1) is refused by Compile.
//
// # Reliability
//
// [Alpha], [OneFactor], [ItemTotal], [OneWay] and [WithinGroupAgreement] say how far the scores of a sample can be trusted.
// They are of people who answered every item, and of what [Scale.Terms] says that the rule adds up.
//
// # Departures
//
// Bands are lower bounds on the unrounded score, so a prorated PHQ-8 of 14.67 is moderate and not moderately
// severe; manuals round first or are silent. Where a manual has no rule for missing answers and a definition allows some,
// the definition is marked unconfirmed.
//
// A published rule that scores a person in spite of a missing answer because the answer cannot matter (five symptoms of
// the PHQ-9 count whatever the ninth is) is not followed: such an algorithm needs every answer here.
package scoring
