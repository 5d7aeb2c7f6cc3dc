// Package disclosure decides what may be shown of the anonymous staff survey, on a screen, in a PDF and in a CSV alike.
//
// [Show] takes what was measured and everything that was shown of it before, and returns what may be shown: each
// practice's own report, and the programme's copy. The same core gives [Rules.Mix] for any table of counts by category,
// [Round.Pairs] for tables of two items, [Rules.Response] for how many answered, and [WhileOpen] while they do. It is
// pure: no clock, no I/O, the same result for the same input.
//
// # What is promised
//
// A mean is hidden where a site has too few answers, and then a range of half a point of the scale stays possible for it;
// a count that is hidden keeps a range of 5. Both hold for somebody who has all that was ever shown: the reports of all
// practices, the programme's copy and its files, of all rounds, as well as every headcount, the number of answers behind
// each figure, the members of groups and pools, and this code. Numbers of respondents, which stand in bands, are given to
// this reader exactly wherever that helps against answers. Tests play the reader by linear programming: for every hidden
// cell they find the least and the most that agrees with everything shown.
//
// # Means
//
// Practices weigh alike, so whatever is shown of means is a weighted sum of the practices' means with known weights, and
// linear. What a site's threshold hides is nowhere shown but in the sum of a pool:
//
//   - Three or more hidden sites of a group make a pool, or several small ones, by name and not by what was answered.
//   - Two hidden sites take a shown one into their pool, as company: its own report stays, its row leaves the programme's
//     copy.
//   - One hidden site takes five. Everybody's reports together and the pool's exact mean leave it ten half tenths, which is
//     what the company's reports to one decimal leave open. This is the one place where rounding protects, and only where
//     the arithmetic says that half a point remains. In a group of six nothing but the group's mean is left of the
//     programme's copy; the practices keep their reports.
//   - Where this is not possible, hidden sites are left out: of every pool and every figure.
//
// Each figure is a sum of whole pools and of sites that stand alone, and so is each change: sites that share a pool in either
// round enter it together or not at all. So no difference of figures, between groups, rounds or releases, has part of a
// pool in it. A round that was shown is repeated and never made again; later rounds choose their pools to lose few sites
// from the changes. A pool is not safe either where its mean is so near an end of the scale that its sites have nowhere to
// go; then it takes company until it is.
//
// # Intervals, and everything else that is made of answers
//
// A variance over all practices would be one more equation, though not a linear one: where the sites of a pool are alike it
// would give them all. So an interval must be made of the exact means of a figure's units, in which a pool is one unit;
// [Spread] has the formulas, which are the usual ones where there are no pools. Anything made of the units' means in this way
// says nothing more about a pool than its mean does: the standard errors, Welch's test, the adjustment for the start, a
// practice against the others, the practice's own mean as it is shown.
//
// What needs the answers themselves, or weighs practices by respondents (ICC, r_wg, alpha, respondent-weighted means and
// their errors), is to be made of the sites in [FactorShown.Alone] only. With known sizes, a respondent-weighted total would
// be a second equation for the sites of a pool.
//
// What is made of one site stands to one decimal, without a standard error, and a change of one site is the difference of
// two such decimals.
//
// # Counts
//
// Items stand as shares of three groups to the nearest 10 %. An item with nobody, or everybody, in a group is hidden. There
// are no pools of items and no totals: where nobody of several sites is in a group, their sum says so. An item is shown only
// where the mean of its factor is, and all items of a factor are hidden where the shown ones and the mean would leave the
// hidden ones no range. A mean near an end of the scale says by itself that hardly anybody answered at the other; that
// is not counted against the items.
//
// Roles and tenures under 5 are shown together, with as many others as it takes. Tables of pairs of items leave out respondents of
// small sites, hide small cells and others beside them, and are hidden where all of them and the reports would
// tell something of a site.
//
// [Table] is for counts of people elsewhere, such as those in the codebook of a release. It keeps a range of 5 for every count of 1
// to 9 against whoever knows the total and this code; tables of the same people beside each other are not taken together.
//
// # What is not covered
//
//   - Likelihood. A range that stays possible need not be likely: who guesses that a small practice is much like last year
//     is often right. One hidden site in company of five is known to about a quarter of a point with little doubt.
//   - Whole numbers. Shares and cells are read as the whole numbers that they can be, but between these, and for means, the
//     reader works with real ones; the mean of few answers is a multiple of a fraction, which can rule values out.
//   - What the thresholds say. That a mean is shown says that there are enough answers, so a band of 5 to 9 is then 8 or
//     9; "most" of a small headcount is one or two numbers. Who took part is no answer.
//   - What insiders know. A respondent knows one answer; staff of a hidden site who tell each other theirs know their
//     own mean. A pool of three hidden sites holds against one of them, and against all reports; in a pool of two hidden
//     ones, one of them and the report of their company give the other.
//   - What is shown past this package, such as answers read from the database.
package disclosure
