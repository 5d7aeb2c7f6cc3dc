// Package climate works out the results of the anonymous staff survey: how the practices of a programme changed from one
// round to another, beside the change of all other practices or of a published average, theme by theme.
//
// It is pure. Scores of respondents go into a [Data], one after the other, and [Data.Compare] gives a [Results]. The
// package shows nothing to anybody and hides nothing: results of single practices are exact, and what of them may be seen is
// decided elsewhere.
//
// # What is compared
//
// A practice's change d is its mean in the last round minus its mean in the first. The rounds are samples of their own:
// nobody is followed from one to the other. A practice without respondents in one of the two rounds has no change; it is
// left out of every start, change and trend of the theme, and named.
//
// The headline is the mean d of the programme's practices minus the mean d of the others, practices weighing alike, by
// Welch's t. With two practices in the programme the variances are pooled, because two say nearly nothing about their own,
// and there is a warning. One practice is compared with the others by the method of Crawford and Howell, corrected for the
// sampling of staff. Against a published average, whose change is taken as fixed, it is the t of one sample.
//
// Beside the headline stand the same difference with respondents weighing alike, the census view, in which these practices
// with this staff are all there is, and the difference adjusted for where practices started.
//
// All intervals are 95 %. What cannot be computed is an unknown [scoring.Figure], never a number that stands for none: the
// interval of one practice, a difference where everybody scores the same, the census view without headcounts.
//
// # The sentence
//
// [Sentence] and [From] put a theme into words by a rule that was fixed before the numbers came, and [Results.Headline]
// counts in how many themes the interval excludes 0.
//
// # Sources
//
//   - Welch BL. Biometrika 1947;34:28–35; Satterthwaite FE. Biometrics 1946;2:110–114.
//   - One case against a sample: Crawford JR, Howell DC. Clin Neuropsychol 1998;12:482–486.
//   - Cluster-robust variance: Bell RM, McCaffrey DF. Surv Methodol 2002;28:169–181; Pustejovsky JE, Tipton E.
//     J Bus Econ Stat 2018;36:672–683.
//   - Finite populations: Cochran WG. Sampling techniques, 3rd edition. Wiley 1977, sections 2.6 and 5.3.
//   - Whether averaging within practices is right: the sources named in package scoring.
package climate
