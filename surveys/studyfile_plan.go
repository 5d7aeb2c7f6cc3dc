package surveys

import (
	"fmt"
	"slices"

	"wellwave/scoring/power"
)

// readPrimary checks the one primary scale: complete means that it can be scored, so it comes first wherever a target
// counts on it.
func (r *studyReader) readPrimary() {
	primary := ScaleID(r.f.Primary)
	r.study.Primary = primary
	offered, patients := false, false
	for _, w := range r.study.Waves {
		if w.Audience == Patients {
			patients = true
			offered = offered || r.waveOffers(w, primary)
		}
	}
	switch {
	case !patients && primary != "":
		r.wrong("primary", "a study without patients has no primary scale")
	case patients && primary == "":
		r.wrong("primary", "the study does not name its primary scale, by which a questionnaire counts as complete")
	case patients && !offered:
		r.wrong("primary", "no instrument of the patients' waves has the scale “%s”", primary)
	}
}

func (r *studyReader) readTargets() {
	seen := map[string]bool{}
	for i := range r.f.Targets {
		path, e := fmt.Sprintf("targets[%d]", i), &r.f.Targets[i]
		r.word(path+".id", e.ID, "this target", seen)
		t := Target{ID: e.ID, Title: r.text(path+".title", e.Title, "the title of this target", maxTitle), Wave: WaveID(e.Wave),
			Scale: ScaleID(e.Scale), Delta: e.Difference, SD: e.SD, Alpha: e.Alpha, Power: e.Power, ICC: e.ICC, Correlation: e.Correlation}
		if t.Scale == "" {
			t.Scale = r.study.Primary
		}
		r.checkTargetWave(path, t)
		r.above(path+".difference", e.Difference, "the smallest difference worth finding")
		r.above(path+".sd", e.SD, "the standard deviation")
		r.share(path+".alpha", e.Alpha, "alpha", false)
		r.share(path+".power", e.Power, "the wanted power", false)
		r.share(path+".icc", e.ICC, "the intracluster correlation", true)
		r.share(path+".correlation", e.Correlation, "the correlation with the baseline", true)
		t.Arms = r.readTargetArms(path, e)
		r.study.Targets = append(r.study.Targets, t)
	}
}

func (r *studyReader) checkTargetWave(path string, t Target) {
	wave, ok := r.study.Wave(t.Wave)
	switch {
	case !ok:
		r.wrong(path+".wave", "the wave “%s” is not declared under waves", t.Wave)
	case wave.Audience != Patients:
		r.wrong(path+".wave", "the wave “%s” is not for patients, and power is counted in patients", t.Wave)
	case !r.waveOffers(wave, t.Scale):
		r.wrong(path+".scale", "no instrument of wave “%s” has the scale “%s”", t.Wave, t.Scale)
	case len(wave.Instruments) > 0 && !offers(r.instruments[wave.Instruments[0]], r.study.Primary):
		r.wrong(path+".wave", "the first instrument of wave “%s” must have the primary scale “%s”, so that the primary outcome is asked first",
			t.Wave, r.study.Primary)
	}
}

func (r *studyReader) readTargetArms(path string, e *targetEntry) []TargetArm {
	if len(e.Arms) != 2 {
		r.wrong(path+".arms", "a target compares two arms; this one names %d", len(e.Arms))
	}
	var arms []TargetArm
	for i, a := range e.Arms {
		path := fmt.Sprintf("%s.arms[%d]", path, i)
		id := ArmID(a.Arm)
		if _, ok := r.study.Arm(id); !ok {
			r.wrong(path+".arm", "the arm “%s” is not declared under arms", a.Arm)
		}
		if slices.ContainsFunc(arms, func(other TargetArm) bool { return other.Arm == id }) {
			r.wrong(path+".arm", "the arm “%s” stands twice in this target", a.Arm)
		}
		sites := r.study.sitesOf(id)
		r.between(path+".people", a.People, 2, maxPeople, "the number of people wanted")
		clusters := r.between(path+".clusters", a.Clusters, 0, maxPeople, "the number of clusters")
		if clusters == 0 {
			clusters = sites
		}
		if clusters < 1 {
			r.wrong(path+".arm", "the arm “%s” has no site and the target plans no clusters for it", a.Arm)
		} else if a.People < clusters {
			r.wrong(path+".people", "%d people cannot come from %d sites", a.People, clusters)
		}
		if a.CV < 0 || a.CV > 5 {
			r.wrong(path+".cv", "the coefficient of variation of cluster size is %s; it must be from 0 to 5", FormatNumber(a.CV))
		}
		r.share(path+".loss", a.Loss, "the share lost", true)
		arms = append(arms, TargetArm{Arm: id, N: a.People, Clusters: a.Clusters, CV: a.CV, Loss: a.Loss})
	}
	return arms
}

// checkReach refuses a target that no number of people in its clusters can reach, and notes one that the people planned do
// not reach. Where the clusters are too few for the formulas nothing is known.
func (r *studyReader) checkReach() {
	for i, t := range r.study.Targets {
		path := fmt.Sprintf("targets[%d]", i)
		design := power.ClusterMeans{SD: t.SD, ICC: t.ICC, Correlation: t.Correlation, Alpha: t.Alpha}
		possible := len(t.Arms) == len(design.Arms)
		for j, arm := range t.Arms {
			clusters := float64(arm.Clusters)
			if clusters == 0 {
				clusters = float64(r.study.sitesOf(arm.Arm))
			}
			if most := power.MostCV(clusters); arm.CV > most {
				r.wrong(fmt.Sprintf("%s.arms[%d].cv", path, j), "the sizes of %s clusters cannot vary so much: their coefficient of variation is at most %s",
					FormatNumber(clusters), FixedNumber(most, 2))
				possible = false
			}
			if j < len(design.Arms) {
				design.Arms[j] = power.ClusterArm{N: float64(arm.N), K: clusters, CV: arm.CV}
			}
		}
		limit, err := design.Limit(t.Delta, t.Power)
		switch {
		case !possible || err != nil:
		case !limit.Reachable:
			r.wrong(path+".power", "the target “%s” cannot be reached: however many people answer in these sites, the power comes to %s at most and %s is wanted; %s",
				t.ID, FixedNumber(limit.Power, 3), FormatNumber(t.Power), sitesFor(limit))
		default:
			if reached, err := design.Power(t.Delta); err == nil && reached < t.Power {
				r.doc.Remark(path+".power", "With the people that are planned the power of the target “%s” is %s, and %s is wanted.", t.ID, FixedNumber(reached, 3), FormatNumber(t.Power))
			}
		}
	}
}

// sitesFor says how many sites would do.
func sitesFor(limit power.Limit) string {
	if limit.ClustersAtLeast[0] == 0 {
		return "more sites would be needed"
	}
	return fmt.Sprintf("at least %d and %d sites would be needed", limit.ClustersAtLeast[0], limit.ClustersAtLeast[1])
}

// above checks a number that must be greater than 0.
func (r *studyReader) above(path string, v float64, what string) {
	if !(v > 0 && v < 1e9) { // written so that NaN fails
		r.wrong(path, "%s is %s; it must be greater than 0", what, FormatNumber(v))
	}
}

// share checks a number between 0 and 1, which 1 is not and 0 may be.
func (r *studyReader) share(path string, v float64, what string, zero bool) {
	switch {
	case zero && !(v >= 0 && v < 1):
		r.wrong(path, "%s is %s; it must be at least 0 and less than 1", what, FormatNumber(v))
	case !zero && !(v > 0 && v < 1):
		r.wrong(path, "%s is %s; it must be greater than 0 and less than 1", what, FormatNumber(v))
	}
}
