package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"
)

// Partition after partition, what went in from several writers in any order comes out in the order of the ids.
func TestSpillSorts(t *testing.T) {
	for _, bits := range []int{0, 1, 5} {
		s, err := newSpill(filepath.Join(t.TempDir(), "spill"), bits)
		if err != nil {
			t.Fatal(err)
		}
		defer s.file.Close()
		const writers, each = 3, 4000
		var group errgroup.Group
		for w := range writers {
			group.Go(func() error {
				out := s.writer()
				for i := range each {
					id := testID(w*each + i)
					if err := out.add(id, func(b []byte) []byte { return append(b, "keys"...) },
						func(b []byte) []byte { return fmt.Appendf(b, ",%x\n", id) }); err != nil {
						return err
					}
				}
				return out.close()
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
		var want, got [][]byte
		for i := range writers * each {
			want = append(want, testID(i))
		}
		slices.SortFunc(want, bytes.Compare)
		var shelf shelf
		for p := range s.blocks {
			if err := s.load(p, &shelf); err != nil {
				t.Fatal(err)
			}
			for i := range shelf.order {
				r := shelf.record(i)
				if string(r.keys) != "keys" || string(r.line) != fmt.Sprintf(",%x\n", r.id) {
					t.Fatalf("record %x has keys %q and line %q", r.id, r.keys, r.line)
				}
				got = append(got, bytes.Clone(r.id))
			}
		}
		if !slices.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("with %d bits: %d records came out otherwise than %d sorted", bits, len(got), len(want))
		}
	}
}

func testID(i int) []byte {
	sum := sha256.Sum256(binary.LittleEndian.AppendUint64(nil, uint64(i)))
	return sum[:idSize]
}

func TestPartitionBits(t *testing.T) {
	tests := []struct{ rows, size, want int }{
		{0, 300, 0}, {5000, 300, 0}, {100_000, 300, 4}, {1_000_000, 300, 8}, {1 << 40, 300, 10},
	}
	for _, tt := range tests {
		if got := partitionBits(tt.rows, tt.size); got != tt.want {
			t.Errorf("partitionBits(%d, %d) = %d, want %d", tt.rows, tt.size, got, tt.want)
		}
	}
}
