package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// waitFor waits until a text that matches stands in the output of a command in the background, and returns the match.
func waitFor(t *testing.T, out *output, pattern string) []string {
	t.Helper()
	expression := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if found := expression.FindStringSubmatch(out.String()); found != nil {
			return found
		}
	}
	t.Fatalf("%q did not come; there is\n%s", pattern, out.String())
	return nil
}

// TestOperations runs a server and works on its database beside it: accounts, keys, answers of another system, backup,
// check, release, report and the states of a study.
func TestOperations(t *testing.T) {
	database := traits(t)
	_, stderr, stop := background(t, "--database", database, "serve", "--addr", "localhost:0")
	found := waitFor(t, stderr, `(http://localhost:\d+)/set-up/(\S+)\n`)
	base := found[1]
	if status, body := get(t, http.DefaultClient, base+"/set-up/"+found[2]); status != http.StatusOK {
		t.Errorf("set-up page: %d %s", status, body)
	}
	must(t, database, "correct horse battery staple\n", "account", "add", "rona@example.org", "--name", "Rona Reid", "--role", "researcher")
	if got := wellwave(t, database, "short\n", "account", "add", "b@example.org", "--name", "B", "--role", "auditor"); got.code != exitUsage ||
		!strings.Contains(got.stderr, "Use at least 12 characters") {
		t.Errorf("a short password: %+v", got)
	}
	secret := strings.TrimSpace(must(t, database, "", "key", "add", "--study", "traits", "--name", "another system"))
	id := regexp.MustCompile(`(?m)^(\S+) +submit `).FindStringSubmatch(must(t, database, "", "key", "list", "--study", "traits"))
	if id == nil {
		t.Fatal("the key is not in the list")
	}

	rows := "participant,site," + strings.Join(items(), ",") + "\n"
	for n := 1; n <= 10; n++ { // as many as a release needs at least
		rows += line(fmt.Sprintf("P%d", n), "s1", fmt.Sprint(1+n%6))
	}
	answers := writeFile(t, "answers.csv", rows)
	must(t, database, "", "ingest", "--study", "traits", "--wave", "once", "--enrol", "--consent-declared", agreed, answers)
	if status, body := post(t, base, secret, `{"participant": "P1", "sitting": "00000000000000000000000000000001", "seq": 1, "answers": {"A1": 4}}`); status != http.StatusConflict {
		t.Errorf("a second sitting: %d %s", status, body)
	}
	must(t, database, "", "key", "revoke", id[1])
	if status, body := post(t, base, secret, `{}`); status != http.StatusUnauthorized {
		t.Errorf("a revoked key: %d %s", status, body)
	}

	backup := filepath.Join(t.TempDir(), "copy.db")
	must(t, database, "", "backup", backup)
	if got := wellwave(t, database, "", "backup", backup); got.code != exitUsage {
		t.Errorf("a backup over a backup: %+v", got)
	}
	if got, want := must(t, "sqlite:"+backup, "", "doctor", "--key-file", strings.TrimPrefix(database, "sqlite:")+".key"), "10 responses came out as stored"; !strings.Contains(got, want) {
		t.Errorf("doctor of the backup: %q, want %q", got, want)
	}
	if got := wellwave(t, database, "", "restore", "--yes", backup); got.code != exitFailed || !strings.Contains(got.stderr, "is in use: stop the server first") {
		t.Errorf("restore beside a server: %+v", got)
	}
	pdf := filepath.Join(t.TempDir(), "report.pdf")
	must(t, database, "", "report", "--study", "traits", "--out", pdf)
	if content, err := os.ReadFile(pdf); err != nil || !strings.HasPrefix(string(content), "%PDF-") {
		t.Errorf("the report: %v", err)
	}
	first, again := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "again")
	must(t, database, "", "export", "--study", "traits", "--profile", "team", "--out", first)
	must(t, database, "", "export", "--study", "traits", "--number", "1", "--out", again)
	for _, name := range []string{"once_bfi25.csv", "codebook.csv"} {
		if one, two := readFile(t, first, name), readFile(t, again, name); one != two {
			t.Errorf("%s differs when written again", name)
		}
	}

	for _, tt := range []struct {
		args []string
		want int
		text string
	}{
		{[]string{"study", "lock", "traits", "--yes"}, exitFailed, "The study is live and cannot become locked from there."},
		{[]string{"study", "unlock", "traits", "--yes"}, exitFailed, "Study traits is live; this is not the way on from there."},
		{[]string{"study", "close", "traits"}, exitUsage, "say --yes"},
		{[]string{"study", "close", "traits", "--yes"}, exitDone, "Study traits was live and is closed."},
		{[]string{"study", "lock", "traits", "--yes"}, exitDone, "Study traits was closed and is locked."},
		{[]string{"study", "close", "traits", "--yes"}, exitFailed, "is locked"},
		{[]string{"study", "unlock", "traits", "--yes"}, exitDone, "Study traits was locked and is closed."},
		{[]string{"study", "list"}, exitDone, "traits  closed  Personality items"},
	} {
		if got := wellwave(t, database, "", tt.args...); got.code != tt.want || !strings.Contains(got.stdout+got.stderr, tt.text) {
			t.Errorf("%v: %+v, want exit %d with %q", tt.args, got, tt.want, tt.text)
		}
	}
	if code := stop(); code != exitDone {
		t.Errorf("the server ended with %d\n%s", code, stderr)
	}
	if got := must(t, database, "", "restore", "--yes", backup); !strings.Contains(got, "is restored from") {
		t.Errorf("restore: %q", got)
	}
	if got := must(t, database, "", "study", "list"); !strings.Contains(got, "live") {
		t.Errorf("after the restore the study is not as it was at the backup:\n%s", got)
	}
	must(t, database, "", "doctor")
	if got := wellwave(t, database, "", "restore", "--yes", writeFile(t, "not.db", "no database")); got.code != exitUsage {
		t.Errorf("restore of something else: %+v", got)
	}
	must(t, database, "", "study", "list")
	// The link to set up the first account is random, and may spell a study number.
	if log := regexp.MustCompile(`/set-up/\S+`).ReplaceAllString(stderr.String(), ""); strings.Contains(log, secret) || strings.Contains(log, "P1") {
		t.Errorf("the log tells too much:\n%s", stderr)
	}
}

func readFile(t *testing.T, parts ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func get(t *testing.T, client *http.Client, url string) (int, string) {
	t.Helper()
	reply, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return readReply(t, reply)
}

func post(t *testing.T, base, key, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/studies/traits/waves/once/submissions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return readReply(t, reply)
}

func readReply(t *testing.T, reply *http.Response) (int, string) {
	t.Helper()
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(body)
}

// TestDemo starts the demonstration as programs do, opens its links and leaves no database behind.
func TestDemo(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	stdout, stderr, stop := background(t, "demo", "--addr", "localhost:0", "--json")
	text := waitFor(t, stdout, `(?s)^(.*)\n`)[1]
	var printed struct {
		URL      string
		Links    map[string]string
		Accounts []struct{ Role, Email, Password string }
	}
	if err := json.Unmarshal([]byte(text), &printed); err != nil || strings.Contains(text, "\n") {
		t.Fatalf("%v in\n%s", err, text)
	}
	if len(printed.Accounts) < 5 {
		t.Errorf("%d accounts", len(printed.Accounts))
	}
	for link, want := range map[string]string{"patient": "Try it yourself", "follow_up": "Eighteen months", "staff": "Third staff round", "sign_in": "Sign in"} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		status, body := get(t, &http.Client{Jar: jar}, printed.Links[link])
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: status %d, no %q in\n%s", link, status, want, body)
		}
	}
	databases, err := filepath.Glob(filepath.Join(folder, "*", "demo.db"))
	if err != nil || len(databases) != 1 {
		t.Fatalf("databases: %v, %v", databases, err)
	}
	for _, profile := range []string{"team", "shared", "open"} {
		must(t, "sqlite:"+databases[0], "", "export", "--study", "links", "--profile", profile, "--out", filepath.Join(t.TempDir(), profile), "--approved-by", "Dana Officer", "--approval", "DSA-1")
	}
	if code := stop(); code != exitDone {
		t.Errorf("the demonstration ended with %d\n%s", code, stderr)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("the demonstration left %v, %v", left, err)
	}
	lines := 0
	for scanner := bufio.NewScanner(strings.NewReader(stdout.String())); scanner.Scan(); lines++ {
	}
	if lines != 1 {
		t.Errorf("%d lines on standard output, want 1", lines)
	}
}
