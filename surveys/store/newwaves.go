package store

import (
	"context"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// checkNewWaves refuses to add a wave to a live study with which it could not have gone live: what guards the way there
// would otherwise be walked round by loading the wave afterwards. The instruments and packs of the new version are stored.
// A safety plan that changes must be one by which alerts reach somebody.
func checkNewWaves(ctx context.Context, tx *engine.Tx, older, newer *surveys.Study) error {
	var added []*surveys.Questionnaire
	for _, wave := range newer.Waves {
		if _, there := older.Wave(wave.ID); there {
			continue
		}
		var instruments []*surveys.Instrument
		var packs []*surveys.Wording
		for _, ref := range newer.Refs(wave) {
			instrument, err := findInstrument(ctx, ref.ID, ref.Version, nil, tx)
			if err != nil {
				return err
			}
			wordings, err := listWordings(ctx, ref.Hash, tx)
			if err != nil {
				return err
			}
			instruments, packs = append(instruments, instrument), append(packs, wordings...)
		}
		q, err := surveys.NewQuestionnaire(newer.ID, wave.ID, instruments, packs)
		if err != nil {
			return err
		}
		added = append(added, q)
	}
	if err := newer.CheckAdded(added, tx.Now); err != nil {
		return err
	}
	if slices.ContainsFunc(added, (*surveys.Questionnaire).HasSafetyItem) || older.Safety != nil && !older.Safety.Equal(newer.Safety) {
		return checkAlertRoute(ctx, tx, newer)
	}
	return nil
}
