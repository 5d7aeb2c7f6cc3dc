package surveys

import (
	"fmt"
	"slices"
	"strings"

	"wellwave/scoring/power"
)

// paradata are the columns of how answers were given that a release may carry.
var paradata = append(CollectionNames(), "proxy", "day", "late")

// personKeys are the key columns that are not items.
var personKeys = []string{"arm", "site", "simd_decile", "simd_quintile"}

// ParadataColumns lists the columns of how answers were given that a study file may ask for.
func ParadataColumns() []string { return slices.Clone(paradata) }

// PersonKeys lists the key columns that are not items.
func PersonKeys() []string { return slices.Clone(personKeys) }

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

// readRelease checks that every column of the release plan exists and stands in one list.
func (r *studyReader) readRelease() {
	e, items, scales := &r.f.Release, map[string]*Item{}, map[ScaleID]bool{}
	for _, w := range r.study.Waves {
		if w.Audience != Patients {
			continue
		}
		for _, id := range w.Instruments {
			if instrument := r.instruments[id]; instrument != nil {
				for i := range instrument.Items {
					items[instrument.Items[i].Code] = &instrument.Items[i]
				}
				for _, s := range instrument.Scales {
					scales[ScaleID(s.ID())] = true
				}
			}
		}
	}
	columns := map[string]bool{}
	for i, key := range e.Keys {
		path := fmt.Sprintf("release.keys[%d]", i)
		if !slices.Contains(personKeys, key.Name) {
			r.checkColumn(path+".name", key.Name, items)
		}
		r.once(path+".name", key.Name, columns)
		if !slices.IsSorted(key.Bands) || len(slices.Compact(slices.Clone(key.Bands))) < len(key.Bands) {
			r.wrong(path+".bands", "the lower bounds of the bands of “%s” must ascend", key.Name)
		}
		r.study.Release.Keys = append(r.study.Release.Keys, KeyColumn(key))
	}
	for _, list := range []struct {
		name  string
		codes []string
	}{{"items", e.Items}, {"sensitive", e.Sensitive}} {
		for i, code := range list.codes {
			path := fmt.Sprintf("release.%s[%d]", list.name, i)
			r.checkColumn(path, code, items)
			r.once(path, code, columns)
		}
	}
	for i, id := range e.Scales {
		path := fmt.Sprintf("release.scales[%d]", i)
		if !scales[ScaleID(id)] {
			r.wrong(path, "no instrument of the patients' waves has the scale “%s”", id)
		}
		r.once(path, id, columns)
		r.study.Release.Scales = append(r.study.Release.Scales, ScaleID(id))
	}
	for i, name := range e.Paradata {
		if !slices.Contains(paradata, name) {
			r.wrong(fmt.Sprintf("release.paradata[%d]", i), "“%s” is not known about an answer; choose from %s", name, strings.Join(paradata[:len(paradata)-1], ", ")+" and "+paradata[len(paradata)-1])
		}
	}
	r.study.Release.Items, r.study.Release.Sensitive, r.study.Release.Paradata = e.Items, e.Sensitive, e.Paradata
}

// checkColumn checks that a column of the release is an item whose answers may leave.
func (r *studyReader) checkColumn(path, code string, items map[string]*Item) {
	item, ok := items[code]
	switch {
	case !ok:
		r.wrong(path, "no instrument of the patients' waves has an item “%s”", code)
	case item.Kind.Text():
		r.wrong(path, "the item “%s” is free text, in which people name themselves and others; it cannot be released", code)
	case item.Kind == KindDisplay:
		r.wrong(path, "the item “%s” is a text to read and has no answers", code)
	}
}

// once checks that a column stands in the release plan only once.
func (r *studyReader) once(path, name string, columns map[string]bool) {
	if columns[name] {
		r.wrong(path, "the column “%s” stands in the release plan twice", name)
	}
	columns[name] = true
}
