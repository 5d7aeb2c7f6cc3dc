// Package power says how likely a study is to find a difference between two arms, which difference it can find, and how
// many people and sites that takes.
//
// [Plan] is the way in for a question in which one number is left out; the designs behind it are [Means], [Paired],
// [Proportions], [ClusterMeans] and [ClusterProportions].
//
// # Conventions
//
// Every size is a size at analysis, after loss; [Recruit] says how many people that takes at the start. Sizes that are
// solved for are the exact roots of the equation power = wanted and in general no whole numbers, as R's power.t.test gives
// them; the next whole number stands beside them. Differences and standard deviations are unadjusted and in the same
// units; a correlation with baseline enters as the variance left by an analysis of covariance, 1−r². Two-sided power
// counts both tails, as R does with strict = TRUE. Nothing here takes an observed effect: power computed from the effect
// that was found only restates its p-value.
//
// # Precision
//
// The noncentral t distribution is integrated numerically and agrees with 40-digit integration to 3e-13 of the
// probability, in either tail, from half a degree of freedom to 10⁷ and to a noncentrality of 200 (testdata). R's pt is the
// reference within its limits only: it is AS 243, right to about 1e-12 in absolute terms while the noncentrality is under
// 37.62, so small upper tails lose digits, and beyond that a normal approximation. Powers and differences found here
// are right to 1e-11, solved sizes to ten digits, which is also as far as they are printed.
//
// # Departures
//
//   - R's power.prop.test knows groups of one size only; with two sizes the pooled proportion is weighted by them.
//   - R's power.prop.test solves for a proportion beyond 0 or 1 with a warning. Here that has no answer.
//   - R's power.t.test goes down to any fraction of a degree of freedom when it solves for a size. Here a size with less
//     than a fifth of one is none.
//   - A cluster design is refused where the test has fewer than two degrees of freedom, also if a formula would give a
//     number.
//
// # Sources
//
//   - Means and proportions: Cohen J. Statistical power analysis for the behavioral sciences, 2nd edition. Erlbaum 1988.
//   - Clusters: Donner A, Klar N. Design and analysis of cluster randomization trials in health research. Arnold 2000;
//     the design effect with unequal cluster sizes by Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292–1300;
//     adjusting for baseline by Teerenstra S and others. Stat Med 2012;31:2169–2178.
//   - The limit that no number of people per cluster can pass: Hemming K, Girling AJ, Sitch AJ, Marsh J, Lilford RJ.
//     BMC Med Res Methodol 2011;11:102.
package power
