package servertest

import (
	"context"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// Proposal returns the id of a proposal that waits for a second person. The study is live again afterwards.
func (o *Office) Proposal() string {
	o.T.Helper()
	ctx := context.Background()
	set := func(states ...surveys.StudyState) {
		for _, state := range states {
			if err := o.Store.SetStudyState(ctx, "", storetest.Study, state); err != nil {
				o.T.Fatal(err)
			}
		}
	}
	set(surveys.Ended, surveys.Locked)
	if err := o.Store.ProposeUnlock(ctx, "", storetest.Study); err != nil {
		o.T.Fatal(err)
	}
	set(surveys.Ended, surveys.Live)
	list, err := o.Store.ListProposals(ctx, storetest.Study)
	if err != nil || len(list) == 0 {
		o.T.Fatalf("%d proposals, %v", len(list), err)
	}
	return string(list[0].ID)
}
