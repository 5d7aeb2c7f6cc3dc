// Package power says how likely a study is to find a difference between two arms, which difference it can find, and how
// many people and sites that takes.
//
// # Conventions
//
// Every size is a size at analysis, after loss. Differences and standard deviations are unadjusted and in the same units;
// a correlation with baseline enters as the variance left by an analysis of covariance, 1−r². Two-sided power counts both
// tails. Nothing here takes an observed effect: power computed from the effect that was found only restates its p-value.
//
// # Sources
//
//   - Means: Julious SA. Sample sizes for clinical trials. Chapman & Hall 2010, chapter 3; the noncentral t distribution by
//     Lenth RV. Algorithm AS 243. Appl Stat 1989;38:185–189.
//   - Clusters: Donner A, Klar N. Design and analysis of cluster randomization trials in health research. Arnold 2000;
//     the design effect with unequal cluster sizes by Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292–1300.
//   - The limit that no number of people per cluster can pass: Hemming K, Girling AJ, Sitch AJ, Marsh J, Lilford RJ.
//     BMC Med Res Methodol 2011;11:102.
package power
