package surveys

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// An entry is read from the ledger as it was written, and its JSON is what databases hold already.
func TestEntryContent(t *testing.T) {
	at := time.Date(2026, time.February, 2, 12, 0, 0, 0, time.UTC)
	full := Entry{Accepted: answers("w_1", 1, "note", "<b>"), Refused: []RefusedItem{{"w_2", "it is none of the options", Number(9)}}, Finish: true,
		Confirmed: true, How: Collection{Mode: Kiosk, Language: "en", Helper: "staff", Place: AtPractice, Aids: AidListened, HandOver: "h", DeviceTime: at},
		AnsweredAt: at.Add(time.Second), Redates: true}
	tests := []struct {
		name string
		give Entry
		want string
	}{
		{"all there is", full, `{"answers":{"w_1":1,"note":"\u003cb\u003e"},"refused":[{"code":"w_2","reason":"it is none of the options","value":{"value":9}}],` +
			`"finish":true,"confirmed":true,"mode":"kiosk","language":"en","helper":"staff","place":"practice","aids":"listened","hand_over":"h",` +
			`"device_time":1770033600000,"answered_at":1770033601000,"redates":true}`},
		{"nothing", Entry{}, `{"answers":{},"mode":""}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			content, err := tt.give.Content()
			if err != nil || content != tt.want {
				t.Errorf("Content() = %s, %v, want %s", content, err, tt.want)
			}
			var read Entry
			if err := read.ReadContent(content); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.give, read); diff != "" {
				t.Errorf("read again (-written +read):\n%s", diff)
			}
		})
	}
	for _, content := range []string{``, `{}`, `{"answers":{"w_1":}}`, `{"answers":[1]}`} {
		if err := new(Entry).ReadContent(content); err == nil {
			t.Errorf("ReadContent(%s) takes it", content)
		}
	}
}
