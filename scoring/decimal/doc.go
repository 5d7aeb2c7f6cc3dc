// Package decimal writes and reads numbers as people do: in plain decimal form, without exponents. Every number that is
// shown, offered, compared, exported or described is written by [Format] or [Fixed], and every number that comes from
// outside is read by [Parse], so that what was written can always be sent back.
//
// A number is held as a float64. What is read is refused where the float64 would be another number, such as a whole number
// beyond 2⁵³ or a fraction with more digits than fit. The shortest decimal that is read as a float64 is therefore the very
// number that somebody wrote, and exact arithmetic on decimals can start from it: [Rat] and [Round] do, because a binary
// fraction cannot see that 1.005 lies exactly between 1.00 and 1.01.
//
// The browser has the same functions in templates/static/number.js, held to the same cases, testdata/numbers.json.
package decimal
