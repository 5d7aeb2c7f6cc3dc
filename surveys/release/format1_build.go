package release

import (
	"context"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"wellwave/surveys"
)

// build1 writes a release of format 1.
func build1(ctx context.Context, st Store, r surveys.Release, plan *Plan, w workshop) (*Manifest, error) {
	spills, err := scatter1(ctx, st, r, plan, w)
	defer func() {
		for _, s := range spills {
			_ = s.file.Close() // it is deleted with the workshop
		}
	}()
	if err != nil {
		return nil, err
	}
	counted, files, err := gather1(ctx, r, plan, w, joiner{spills})
	if err != nil {
		return nil, err
	}
	return describe1(r, plan, counted, files, w)
}

// scatter1 recodes every frozen response and drops it into its partition.
func scatter1(ctx context.Context, st Store, r surveys.Release, plan *Plan, w workshop) ([]*spill, error) {
	var spills []*spill
	bits := 0
	for i := range plan.Files {
		bits = max(bits, partitionBits(r.Responses, plan.Files[i].rowSize()))
	}
	for i := range plan.Files {
		s, err := newSpill(filepath.Join(w.sorting, fmt.Sprintf("%d", i)), bits)
		if err != nil {
			return spills, err
		}
		spills = append(spills, s)
		if err := scatterFile(ctx, st, r, plan, &plan.Files[i], s); err != nil {
			return spills, err
		}
	}
	return spills, nil
}

// gather1 counts the combinations of keys and writes every row to its file.
func gather1(ctx context.Context, r surveys.Release, plan *Plan, w workshop, people joiner) (*classes1, []FileSum, error) {
	counted := newClasses1(plan, r.Responses)
	outs := make([]*output, len(plan.Files))
	for i := range plan.Files {
		out, err := newOutput(w.product, plan.Files[i].Name)
		if err != nil {
			return nil, nil, err
		}
		defer out.abandon()
		outs[i] = out
		out.line = appendHeaders(out.line[:0], plan.Files[i].headers(), plan.Excel)
		if err := out.flush(); err != nil {
			return nil, nil, err
		}
	}
	keys := make([][]byte, len(outs))
	err := people.each(ctx, func(_ []byte, records []record) error {
		for i, r := range records {
			if keys[i] = r.keys; r.id == nil {
				continue
			}
			outs[i].line = append(hex.AppendEncode(outs[i].line[:0], r.id), r.line...)
			if err := outs[i].flush(); err != nil {
				return err
			}
		}
		counted.add(keys)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	sums := make([]FileSum, len(outs))
	for i, out := range outs {
		if sums[i], err = out.finish(); err != nil {
			return nil, nil, err
		}
		sums[i].Rows = counted.rows[i]
	}
	return counted, sums, nil
}
