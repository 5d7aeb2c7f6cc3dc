package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"wellwave/surveys"
)

// Store is what a release is made from and recorded in; *store.Store is one. It stands here as an interface because a
// release knows nothing of databases.
type Store interface {
	Study(ctx context.Context, id surveys.StudyID) (*surveys.Study, surveys.StudyState, error)
	// CurrentQuestionnaire returns what the wave asks now, Questionnaire what a response was begun with.
	CurrentQuestionnaire(ctx context.Context, study surveys.StudyID, wave surveys.WaveID) (*surveys.Questionnaire, error)
	Questionnaire(ctx context.Context, hash string) (*surveys.Questionnaire, error)
	// FreezeRelease gives the release its number and key and writes down which revision of which response belongs to it.
	FreezeRelease(ctx context.Context, r surveys.Release) (surveys.Release, error)
	// ListReleases returns the releases of a study that were kept, without their keys.
	ListReleases(ctx context.Context, study surveys.StudyID) ([]surveys.Release, error)
	// FindRelease returns a release that was kept, with its key.
	FindRelease(ctx context.Context, study surveys.StudyID, number int) (surveys.Release, error)
	// EachReleased calls fn for the frozen responses of a wave that are in the given one of so many shares, in any order;
	// fn must not keep its argument. rule is the version of the scoring rules whose scores are wanted.
	EachReleased(ctx context.Context, r surveys.Release, wave surveys.WaveID, scales []surveys.ScaleID, rule string, share, of int,
		fn func(*surveys.ReleasedResponse) error) error
	// EachReleasedPerson calls fn for everybody in a frozen release, in any order; fn must not keep its argument.
	EachReleasedPerson(ctx context.Context, r surveys.Release, fn func(*surveys.ReleasedPerson) error) error
	// EachReleasedMember calls fn for everybody who was in a release when it was frozen, those who were erased since among them.
	EachReleasedMember(ctx context.Context, r surveys.Release, fn func(surveys.EnrolmentID) error) error
	// KeepRelease makes a frozen release last, DropRelease undoes one that was refused or failed.
	KeepRelease(ctx context.Context, r surveys.Release) error
	DropRelease(ctx context.Context, r surveys.Release, why surveys.ReleaseDropped) error
}

// Order says which release to make.
type Order struct {
	Study   surveys.StudyID
	Profile surveys.ReleaseProfile
	By      surveys.AccountID // empty for the command line
	Dir     string            // the folder to make; it may exist if it is empty
	Plan    *NamedPlan        // nil for the study's own
	// Approval is under what the release leaves the team. A second person may agree later to what an account asks for; who makes
	// it at the command line says who has.
	Approval surveys.Approval
	Excel    bool // neutralise formulas and mark the files as UTF-8; else the files are for statistics
	// Replaces are earlier releases whose recipients have confirmed that they are destroyed, so that nobody holds them beside this.
	Replaces []int
}

// NamedPlan is a release plan that takes the place of the study's own.
type NamedPlan struct {
	Name   string // of the plan or its file
	Source []byte // see surveys.Study.WithPlan
}

// checkApproval fails with Forbidden where nobody is named who agreed to what no account asks for, and as Approval.CheckFor does.
func (o Order) checkApproval() error {
	if o.Profile != surveys.TeamRelease && o.By == "" && (o.Approval.By == "" || o.Approval.Reference == "") {
		return surveys.Errorf(surveys.Forbidden, "a release for profile %s leaves the team, so somebody else has to agree to it: name them with --approved-by, and the agreement or decision with --approval", o.Profile)
	}
	return o.Approval.CheckFor(o.Profile)
}

// Make makes a new release in o.Dir and records it. A release that would give people away is refused with Invalid; a
// refusal and any other error leave nothing on disk and no release behind, and a refusal leaves an entry in the audit
// trail.
func Make(ctx context.Context, st Store, o Order) (*Manifest, error) {
	if err := checkDir(o.Dir); err != nil {
		return nil, err
	}
	o.Approval = o.Approval.Clean()
	if err := o.checkApproval(); err != nil {
		return nil, err
	}
	plan, compared, err := layOut(ctx, st, o)
	if err != nil {
		return nil, err
	}
	r, err := freeze(ctx, st, o, plan)
	if err != nil {
		return nil, err
	}
	var manifest *Manifest
	err = inWorkshop(o.Dir, func(w workshop) error {
		if manifest, err = build(ctx, st, r, plan, compared, w); err != nil {
			return err
		}
		if r.Manifest, err = manifest.recorded(); err != nil {
			return err
		}
		assessment, err := json.Marshal(manifest.Assessment)
		if err != nil {
			return fmt.Errorf("store what was counted: %w", err)
		}
		r.Assessment = string(assessment)
		return st.KeepRelease(ctx, r)
	})
	if err == nil {
		return manifest, nil
	}
	if r.Manifest != "" && errors.Is(err, errNotMoved) { // recorded, so it stays
		return nil, surveys.Errorf(surveys.Unavailable, "release %d is made and recorded, and its folder could not be put in place: write it again by its number (%w)", r.Number, err)
	}
	// The caller may have gone; what was frozen for them must not stay.
	why := surveys.ReleaseFailed
	if surveys.KindOf(err) == surveys.Invalid {
		why = surveys.ReleaseRefused
	}
	return nil, errors.Join(err, st.DropRelease(context.WithoutCancel(ctx), r, why))
}

// Try says what would become of a release that was made now: how its plan would hide people, what would have to be blanked, and
// what would help where it would be refused. Nothing remains of it but an entry in the audit trail. Order.Dir is not used.
func Try(ctx context.Context, st Store, o Order) (*Assessment, error) {
	plan, compared, err := layOut(ctx, st, o)
	if err != nil {
		return nil, err
	}
	r, err := freeze(ctx, st, o, plan)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", ".wellwave-release-")
	if err != nil {
		err = surveys.Errorf(surveys.Unavailable, "nothing can be written in the folder for what is temporary: %w", err)
	}
	var a *Assessment
	if err == nil {
		defer func() { _ = os.RemoveAll(folder) }() // private, as in inWorkshop
		a, err = assess(ctx, st, r, plan, compared, workshop{sorting: folder})
	}
	return a, errors.Join(err, st.DropRelease(context.WithoutCancel(ctx), r, surveys.ReleaseTried))
}

// freeze has the store write down what a release by this plan is made of.
func freeze(ctx context.Context, st Store, o Order, plan *Plan) (surveys.Release, error) {
	text, err := json.Marshal(plan)
	if err != nil {
		return surveys.Release{}, fmt.Errorf("store the release plan: %w", err)
	}
	return st.FreezeRelease(ctx, surveys.Release{Study: o.Study, Profile: o.Profile, Plan: string(text), By: o.By, Approval: o.Approval})
}

// Write writes a recorded release into dir once more, to the same bytes. It fails with Conflict, and leaves nothing on
// disk, if the answers that the release was made of are no longer what they were, which only erasure brings about.
func Write(ctx context.Context, st Store, study surveys.StudyID, number int, dir string) (*Manifest, error) {
	if err := checkDir(dir); err != nil {
		return nil, err
	}
	r, err := st.FindRelease(ctx, study, number)
	if err != nil {
		return nil, err
	}
	if err := r.CheckAgain(); err != nil {
		return nil, err
	}
	plan, recorded := new(Plan), new(Manifest)
	if err := errors.Join(json.Unmarshal([]byte(r.Plan), plan), json.Unmarshal([]byte(r.Manifest), recorded)); err != nil {
		return nil, fmt.Errorf("read release %d of %s: %w", number, study, err)
	}
	var manifest *Manifest
	err = inWorkshop(dir, func(w workshop) error {
		if manifest, err = build(ctx, st, r, plan, nil, w); err != nil {
			return err
		}
		if !manifest.sameFiles(recorded) {
			return surveys.Errorf(surveys.Conflict, "release %d cannot be written again: what it was made of has been erased or corrected since", number)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return manifest, nil
}

// layOut makes the plan of a new release and lists what it is to be compared with.
func layOut(ctx context.Context, st Store, o Order) (*Plan, []earlier, error) {
	study, state, err := st.Study(ctx, o.Study)
	if err != nil {
		return nil, nil, err
	}
	if o.Plan != nil {
		if study, err = study.WithPlan(o.Plan.Name, o.Plan.Source); err != nil {
			return nil, nil, err
		}
	}
	asks := make(map[surveys.WaveID]*surveys.Questionnaire)
	for _, wave := range study.Waves {
		if wave.Audience != surveys.Patients {
			continue
		}
		if asks[wave.ID], err = st.CurrentQuestionnaire(ctx, study.ID, wave.ID); err != nil {
			return nil, nil, err
		}
	}
	plan, err := NewPlan(study, state, asks, o.Profile, o.Excel)
	if err != nil {
		return nil, nil, err
	}
	if o.Plan != nil {
		plan.Named = o.Plan.Name
	}
	compared, err := earlierReleases(ctx, st, o)
	plan.Replaces = o.Replaces
	for _, e := range compared {
		plan.Compared = append(plan.Compared, e.release.Number)
	}
	return plan, compared, err
}

// checkDir refuses a folder that holds something, or whose parent is not there.
func checkDir(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return surveys.Errorf(surveys.Invalid, "%s is not empty: a release goes into a folder of its own", dir)
	case err == nil:
		return nil
	case !errors.Is(err, os.ErrNotExist):
		return surveys.Errorf(surveys.Invalid, "%s cannot be used for a release: %w", dir, err)
	}
	if info, err := os.Stat(filepath.Dir(filepath.Clean(dir))); err != nil || !info.IsDir() {
		return surveys.Errorf(surveys.Invalid, "there is no folder %s to put the release in", filepath.Dir(filepath.Clean(dir)))
	}
	return nil
}

// workshop is a private folder beside the release's, with room for what is being sorted and what will be the release.
type workshop struct{ sorting, product string }

// errNotMoved means that a finished release did not get into its place.
var errNotMoved = errors.New("move the release into place")

// inWorkshop has fn make a release and then moves it to dir; of a failure nothing remains.
func inWorkshop(dir string, fn func(workshop) error) error {
	dir = filepath.Clean(dir)
	root, err := os.MkdirTemp(filepath.Dir(dir), ".wellwave-release-")
	if err != nil {
		return surveys.Errorf(surveys.Unavailable, "nothing can be written beside %s: %w", dir, err)
	}
	defer func() { _ = os.RemoveAll(root) }() // private, and named so that somebody who finds it knows what it is
	w := workshop{sorting: filepath.Join(root, "sorting"), product: filepath.Join(root, "product")}
	for _, folder := range []string{w.sorting, w.product} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			return fmt.Errorf("make a folder to work in: %w", err)
		}
	}
	if err := fn(w); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %w", errNotMoved, err)
	}
	if err := os.Rename(w.product, dir); err != nil {
		return fmt.Errorf("%w: %w", errNotMoved, err)
	}
	return nil
}
