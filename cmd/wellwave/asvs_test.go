package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

// asvsSections are the requirements of levels 1 and 2 of ASVS 5.0.0, section by section.
const asvsSections = `1.1: 1-2; 1.2: 1-9; 1.3: 1-11; 1.4: 1-3; 1.5: 1-2;
2.1: 1-3; 2.2: 1-3; 2.3: 1-4; 2.4: 1;
3.2: 1-2; 3.3: 1-4; 3.4: 1-6; 3.5: 1-5; 3.7: 1-2;
4.1: 1-3; 4.2: 1; 4.3: 1-2; 4.4: 1-4;
5.1: 1; 5.2: 1-3; 5.3: 1-2; 5.4: 1-3;
6.1: 1-3; 6.2: 1-12; 6.3: 1-4; 6.4: 1-4; 6.5: 1-5; 6.6: 1-3; 6.8: 1-4;
7.1: 1-3; 7.2: 1-4; 7.3: 1-2; 7.4: 1-5; 7.5: 1-2; 7.6: 1-2;
8.1: 1-2; 8.2: 1-3; 8.3: 1; 8.4: 1;
9.1: 1-3; 9.2: 1-4;
10.1: 1-2; 10.2: 1-2; 10.3: 1-4; 10.4: 1-11; 10.5: 1-5; 10.6: 1-2; 10.7: 1-3;
11.1: 1-2; 11.2: 1-3; 11.3: 1-3; 11.4: 1-4; 11.5: 1; 11.6: 1;
12.1: 1-3; 12.2: 1-2; 12.3: 1-4;
13.1: 1; 13.2: 1-5; 13.3: 1-2; 13.4: 1-5;
14.1: 1-2; 14.2: 1-4; 14.3: 1-3;
15.1: 1-3; 15.2: 1-3; 15.3: 1-7;
16.1: 1; 16.2: 1-5; 16.3: 1-4; 16.4: 1-3; 16.5: 1-3;
17.1: 1; 17.2: 1-4; 17.3: 1-2`

var (
	asvsRow   = regexp.MustCompile(`(?m)^\| (\d[\d.]*) \| ([^|]+) \| (.*) \|$`)
	namedTest = regexp.MustCompile("`([a-z0-9/]+): ([^`]+)`")
	goTests   = regexp.MustCompile(`(?m)^func (Test\w+)\(\w+ \*testing\.T\)`)
)

// The verdicts of a row.
const (
	asvsTested = "tested"
	asvsNot    = "not applicable"
	asvsOpen   = "open"
)

// verdictOf returns the verdict of a row, empty where it has none.
func verdictOf(met string) string {
	for _, verdict := range []string{asvsNot, asvsOpen} {
		if reason, ok := strings.CutPrefix(met, verdict+": "); ok && strings.TrimSpace(reason) != "" {
			return verdict
		}
	}
	if at := namedTest.FindStringIndex(met); at != nil && at[0] == 0 {
		return asvsTested
	}
	return ""
}

// TestASVS reads docs/asvs.md: every requirement stands there once, with a verdict; the tests that it names are there; and
// SECURITY.md has the same counts.
func TestASVS(t *testing.T) {
	root := filepath.Join("..", "..")
	document := readFile(t, root, "docs", "asvs.md")
	counts, there := make(map[string]int), make(map[string]bool)
	tests := make(map[string][]string)
	for _, row := range asvsRow.FindAllStringSubmatch(document, -1) {
		id, met := row[1], row[3]
		if there[id] {
			t.Errorf("%s stands there twice", id)
		}
		there[id] = true
		verdict := verdictOf(met)
		if counts[verdict]++; verdict == "" {
			t.Errorf("%s has no verdict: %q", id, met)
		}
		for _, named := range namedTest.FindAllStringSubmatch(met, -1) {
			pkg, name := named[1], named[2]
			if tests[pkg] == nil {
				tests[pkg] = testsOf(t, root, pkg)
			}
			if !slices.Contains(tests[pkg], name) {
				t.Errorf("%s names %s of %s, which is not there", id, name, pkg)
			}
		}
	}
	wanted := asvsIDs(t)
	for _, id := range wanted {
		if !there[id] {
			t.Errorf("%s is missing", id)
		}
		delete(there, id)
	}
	for id := range there {
		t.Errorf("%s is no requirement of levels 1 and 2", id)
	}
	security := strings.Join(strings.Fields(readFile(t, root, "SECURITY.md")), " ")
	if want := fmt.Sprintf("of %d requirements %d are tested, %d are not applicable and %d are open", len(wanted), counts[asvsTested], counts[asvsNot], counts[asvsOpen]); !strings.Contains(security, want) {
		t.Errorf("SECURITY.md lacks %q", want)
	}
}

// asvsIDs are the ids that asvsSections stands for.
func asvsIDs(t *testing.T) (ids []string) {
	t.Helper()
	for section := range strings.SplitSeq(asvsSections, ";") {
		name, numbers, _ := strings.Cut(strings.TrimSpace(section), ": ")
		first, last, ranged := strings.Cut(numbers, "-")
		if !ranged {
			last = first
		}
		end, err := strconv.Atoi(last)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= end; n++ {
			ids = append(ids, fmt.Sprintf("%s.%d", name, n))
		}
	}
	return ids
}

// testsOf returns the names of a package's tests, for e2e the titles of the browser tests.
func testsOf(t *testing.T, root, pkg string) (names []string) {
	t.Helper()
	pattern, found := "*_test.go", goTests
	if pkg == "e2e" {
		pattern, found = "*.test.js", regexp.MustCompile("(?m)^\\s*\\w+\\([\"`](.+)[\"`], async ")
	}
	files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pkg), pattern))
	if err != nil || len(files) == 0 {
		t.Errorf("there are no tests in %s", pkg)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range found.FindAllStringSubmatch(string(source), -1) {
			names = append(names, match[1])
		}
	}
	return names
}

// TestReadmeSaysHowLongSignInsLast compares what README promises of sign-ins with the code.
func TestReadmeSaysHowLongSignInsLast(t *testing.T) {
	readme := strings.Join(strings.Fields(readFile(t, "..", "..", "README.md")), " ")
	hours := func(d time.Duration) string { return fmt.Sprintf("%g hours", d.Hours()) }
	for _, role := range surveys.Roles() {
		if role != surveys.Practice && role.Idle() != surveys.Researcher.Idle() {
			t.Errorf("%v may be idle for %v, unlike others, which README does not say", role, role.Idle())
		}
	}
	fresh := surveys.SignIn{ConfirmedAt: time.Unix(0, 0)}
	if !fresh.Fresh(time.Unix(599, 0)) || fresh.Fresh(time.Unix(600, 0)) {
		t.Error("a proof of who somebody is counts for another time than ten minutes")
	}
	for _, want := range []string{
		fmt.Sprintf("A sign-in ends after %g minutes without a request, at a practice's desk after %s, and after %s in any case.", surveys.Researcher.Idle().Minutes(), hours(surveys.Practice.Idle()), hours(surveys.SignInLife)),
		"want somebody who proved within ten minutes who they are", "Everybody may be signed in in any number of browsers at once",
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("README lacks %q", want)
		}
	}
}

// TestASVSVerdicts checks the checker.
func TestASVSVerdicts(t *testing.T) {
	for give, want := range map[string]string{
		"`server: TestSiege`": asvsTested, "`server: TestSiege`, and more": asvsTested, "not applicable: none": asvsNot, "open: all of it": asvsOpen,
		"": "", "met": "", "open": "", "open: ": "", "not applicable": "", "by `server: TestSiege`": "", "`TestSiege`": "",
	} {
		if got := verdictOf(give); got != want {
			t.Errorf("verdictOf(%q) = %q, want %q", give, got, want)
		}
	}
	if ids := asvsIDs(t); len(ids) != 253 {
		t.Errorf("there are %d requirements, want 253", len(ids))
	}
}
