package surveys

import (
	"archive/zip"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the machine that tests may have no zones of its own
)

// zones lists every zone that this machine or its Go knows.
func zones(t *testing.T) []*time.Location {
	t.Helper()
	names := map[string]bool{}
	const folder = "/usr/share/zoneinfo"
	_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error { // a folder that is not there has none
		if err == nil && !d.IsDir() {
			names[strings.TrimPrefix(path, folder+"/")] = true
		}
		return nil
	})
	root, _ := exec.Command("go", "env", "GOROOT").Output() // without it there are those of the machine
	if archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip")); err == nil {
		for _, file := range archive.File {
			names[file.Name] = true
		}
		_ = archive.Close() // it was only read
	}
	for _, name := range []string{"America/Santiago", "America/Havana", "Asia/Beirut", "Africa/Cairo", "Atlantic/Azores", "America/Sao_Paulo",
		"America/Asuncion", "America/Nuuk", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia", "Europe/London"} {
		names[name] = true
	}
	var all []*time.Location
	for name := range names {
		if strings.HasPrefix(name, "right/") || strings.HasPrefix(name, "posix/") { // the same again, and one with leap seconds
			continue
		}
		if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
			all = append(all, zone)
		}
	}
	if len(all) < 300 && os.Getenv("CI") != "" {
		t.Fatalf("there are only %d zones here", len(all))
	}
	return all
}

// TestDaysOfEveryZone goes through every day of five years in every zone and compares what the clock there shows with the
// civil calendar, which knows no clock.
func TestDaysOfEveryZone(t *testing.T) {
	const followUp, after = 30, 14
	civil := func(day int) time.Time { return time.Unix(int64(day)*secondsADay, 0).UTC() }
	first, last := DayNumber(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC), DayNumber(time.Date(2028, 12, 31, 0, 0, 0, 0, time.UTC), time.UTC)
	wave := Wave{Audience: Patients, DueAfter: followUp, Before: 7, After: after}
	for _, zone := range zones(t) {
		same := func(what string, day int, moment time.Time) bool {
			y, m, d := civil(day).Date()
			gotY, gotM, gotD := moment.In(zone).Date()
			if y == gotY && m == gotM && d == gotD {
				return true
			}
			t.Errorf("%s: %s of %s is %s", zone, what, civil(day).Format(time.DateOnly), moment.In(zone))
			return false
		}
		for day := first; day <= last; day++ {
			start := DayStart(day, zone)
			ok := same("the start", day, start) && same("the moment before the next", day, DayStart(day+1, zone).Add(-time.Nanosecond)) &&
				same("noon", day, Noon(start)) && same("the day before the next", day, AddDays(DayStart(day+1, zone), -1)) &&
				same("30 days later", day+followUp, AddDays(start, followUp)) && same("30 days after noon", day+followUp, AddDays(Noon(start), followUp))
			window, hasWindow := wave.Window(zone, start)
			ok = ok && hasWindow && same("opening before 30 days", day+followUp-7, window.Opens) && same("due after 30 days", day+followUp, window.Due) &&
				same("the last moment of a window", day+followUp+after, window.Closes.Add(-time.Nanosecond))
			if DayNumber(start, zone) != day || DayNumber(start.Add(-time.Nanosecond), zone) != day-1 {
				t.Errorf("%s: day %d starts at %s", zone, day, start)
			}
			if parsed, err := ParseDay(civil(day).Format(time.DateOnly), zone); err != nil || !parsed.Equal(start) {
				t.Errorf("%s: ParseDay(%s) = %v, %v, want %v", zone, civil(day).Format(time.DateOnly), parsed, err, start)
			}
			if !ok {
				break
			}
		}
		for month := 0; month < 60; month++ {
			want := time.Date(2024, time.Month(1+month), 1, 0, 0, 0, 0, time.UTC)
			same("the first of the month", DayNumber(want, time.UTC), FirstOfMonth(DayStart(first, zone), month))
		}
	}
}

// Some zones have skipped midnight, repeated it, or left out a whole day.
func TestDaysThatAreNotLikeOthers(t *testing.T) {
	tests := []struct {
		zone, day, wantStart string
	}{
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},
		{"America/Santiago", "2026-04-05", "2026-04-05T00:00:00-04:00"}, // 23 o’clock came twice on the day before
		{"America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"}, // the first of two midnights
		{"Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"Atlantic/Azores", "2026-03-29", "2026-03-29T01:00:00Z"},
		{"Atlantic/Azores", "2026-10-25", "2026-10-25T00:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"Pacific/Apia", "2011-12-29", "2011-12-29T00:00:00-10:00"},
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"}, // there was no such day
		{"Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"},
		{"Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30"},
		{"UTC", "1969-12-31", "1969-12-31T00:00:00Z"},
		{"Africa/Monrovia", "1960-01-01", "1960-01-01T00:00:00-00:44"},
	}
	for _, tt := range tests {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		start, err := ParseDay(tt.day, zone)
		if got := start.Format(time.RFC3339); err != nil || got != tt.wantStart {
			t.Errorf("ParseDay(%s, %s) = %s, %v, want %s", tt.day, tt.zone, got, err, tt.wantStart)
		}
	}
	for _, text := range []string{"2026-02-29", "2026-13-01", "", "6.9.2026"} {
		if day, err := ParseDay(text, time.UTC); err == nil {
			t.Errorf("ParseDay(%q) = %v", text, day)
		}
	}
}

// A follow-up of somebody whose due day begins at one o’clock is due on that day, and not on the evening before.
func TestWindowOverASkippedMidnight(t *testing.T) {
	zone, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	study := &Study{Zone: zone}
	w, ok := study.WindowOf(Wave{Audience: Patients, DueAfter: 30, After: 14}, 0, DayNumber(time.Date(2026, 9, 6, 12, 0, 0, 0, zone), zone))
	if due := w.Due.Format(time.DateOnly); !ok || due != "2026-10-06" {
		t.Errorf("30 days after 6 September it is %s, want 6 October", due)
	}
	w, ok = study.WindowOf(Wave{Audience: Patients, DueAfter: 30, After: 14}, 0, DayNumber(time.Date(2026, 8, 7, 12, 0, 0, 0, zone), zone))
	if due := w.Due.Format(time.DateOnly); !ok || due != "2026-09-06" {
		t.Errorf("30 days after 7 August it is %s, want 6 September", due)
	}
	d := Due{Window: w, HasWindow: true, Disposition: Pending}
	if d.Urgency(time.Date(2026, 9, 6, 23, 30, 0, 0, zone)) != DueNow || d.Urgency(time.Date(2026, 9, 7, 0, 0, 0, 0, zone)) != Overdue {
		t.Error("the due day is not a whole day")
	}
}
