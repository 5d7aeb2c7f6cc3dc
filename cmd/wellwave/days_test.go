package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Days are reckoned in surveys/days.go alone: some zones skip midnight, and these calls of the standard library then land
// on the day before. What counts in UTC is harmless, and so are the invented days of the demonstration and of tests.
func TestLayersDaysInOnePlace(t *testing.T) {
	reckons := regexp.MustCompile(`\.AddDate\(|ParseInLocation\(time\.DateOnly|time\.Date\(|Truncate\(24`)
	harmless := []string{"surveys/days.go", "surveys/demo/", "storetest/", "servertest/"}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, part := range harmless {
			if strings.Contains(filepath.ToSlash(path), part) {
				return nil
			}
		}
		text, err := os.ReadFile(path)
		for number, line := range strings.Split(string(text), "\n") {
			if reckons.MatchString(line) && !strings.Contains(line, "time.UTC)") {
				t.Errorf("%s:%d reckons days by itself; use what surveys/days.go has: %s", path, number+1, strings.TrimSpace(line))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
