package store_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/sealing"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// atOnce is how many members of staff press Send at once in the benchmarks.
const atOnce = 8

// benchRound returns a store whose staff round is open, kept by the server or by custodians, whose keys it returns.
func benchRound(b *testing.B, sealed bool, ask ...surveys.StaffAttribute) (s *store.Store, keys [3]string) {
	b.Helper()
	s = storetest.SQLite(b).Open(b, storetest.Clock(func() time.Time { return storetest.Start }))
	storetest.LoadStudy(b, s)
	if sealed {
		keys = storetest.SealByCustodians(b, s, ask...)
	}
	return s, keys
}

// benchCards makes n cards and returns what each opens.
func benchCards(b *testing.B, s *store.Store, n int) []surveys.Opened {
	b.Helper()
	var cards []surveys.Opened
	for len(cards) < n {
		codes, err := s.MakeStaffCodes(context.Background(), "", storetest.Study, storetest.Round, "north", min(n-len(cards), 1000))
		if err != nil {
			b.Fatal(err)
		}
		for _, code := range codes {
			opened, err := s.OpenLink(context.Background(), code)
			if err != nil {
				b.Fatal(err)
			}
			cards = append(cards, opened)
		}
	}
	return cards
}

// spend answers with all cards, so many at once, and returns how long that took.
func spend(b *testing.B, s *store.Store, cards []surveys.Opened, clients int) time.Duration {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for range clients {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(cards); i = next.Add(1) - 1 {
				if err := s.SubmitStaff(context.Background(), climate(cards[i], 4)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

// What one anonymous questionnaire costs that is sealed, beside one that is not: in turns, so that both meet the same machine, from one
// member of staff after the other and from many at once. The floor of a round is that x-unsealed is at most 1.5. The practice is
// small: where staff are asked about themselves, that is sealed beside each answer.
func BenchmarkSubmitStaff(b *testing.B) {
	both := []surveys.StaffAttribute{surveys.AskRole, surveys.AskTenure}
	for _, bb := range []struct {
		name    string
		clients int
		ask     []surveys.StaffAttribute
	}{{"one", 1, nil}, {"many", atOnce, nil}, {"one-asked", 1, both}, {"many-asked", atOnce, both}} {
		b.Run(bb.name, func(b *testing.B) {
			clients := bb.clients
			plain, _ := benchRound(b, false)
			sealed, _ := benchRound(b, true, bb.ask...)
			const turn = 200
			var without, with time.Duration
			for b.Loop() {
				without += spend(b, plain, benchCards(b, plain, turn), clients)
				with += spend(b, sealed, benchCards(b, sealed, turn), clients)
			}
			b.ReportMetric(float64(with.Nanoseconds())/float64(b.N*turn), "ns/answer")
			b.ReportMetric(float64(without.Nanoseconds())/float64(b.N*turn), "ns/unsealed")
			b.ReportMetric(float64(with)/float64(without), "x-unsealed")
		})
	}
}

// What opening 10,000 answers takes, beside decrypting them in a loop: x-loop must be under 10.
func BenchmarkOpenRound(b *testing.B) {
	const answers = 10_000
	for b.Loop() {
		b.StopTimer()
		s, keys := benchRound(b, true)
		spend(b, s, benchCards(b, s, answers), 32)
		if err := s.CloseRound(context.Background(), "", storetest.Study, storetest.Round); err != nil {
			b.Fatal(err)
		}
		loop := decryptAll(b, s, keys)
		b.StartTimer()
		began := time.Now()
		if err := s.OpenRound(context.Background(), "", storetest.Study, storetest.Round, [2]string{keys[0], keys[1]}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(began))/float64(loop), "x-loop")
	}
}

// decryptAll returns how long it takes to open every sealed answer one after the other.
func decryptAll(b *testing.B, s *store.Store, keys [3]string) time.Duration {
	b.Helper()
	var round sealing.RoundKey
	if err := json.Unmarshal([]byte(s.Inspect(b, "SELECT round_key FROM staff_rounds")[0]), &round); err != nil {
		b.Fatal(err)
	}
	opener, err := round.Unlock(keys[0], keys[1])
	if err != nil {
		b.Fatal(err)
	}
	rows := s.Inspect(b, "SELECT sealed FROM staff_sealed")
	began := time.Now()
	for _, row := range rows {
		content, err := base64.StdEncoding.DecodeString(row)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := opener.Open(content); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}
