package main

import (
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"wellwave/surveys/rootkey"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// place is a machine: a folder with a database's name and its root key's.
type place struct{ database, file, key string }

func newPlace(t *testing.T) place {
	t.Helper()
	file := filepath.Join(t.TempDir(), "wellwave.db")
	return place{"sqlite:" + file, file, file + ".key"}
}

// saying runs a command line that has to be refused, and checks what is said.
func saying(t *testing.T, database, stdin string, args []string, want ...string) {
	t.Helper()
	got := wellwave(t, database, stdin, args...)
	if got.code == exitDone {
		t.Errorf("wellwave %s was done: %s", strings.Join(args, " "), got.stdout)
	}
	for _, part := range want {
		if !strings.Contains(got.stderr, part) {
			t.Errorf("wellwave %s said %q, want %q in it", strings.Join(args, " "), got.stderr, part)
		}
	}
}

var groupOfLetters = regexp.MustCompile(`(?m)\b\d+  ([0-9A-Z]{5})\b`)

// sheetOf returns the letters on a recovery sheet, as somebody types them.
func sheetOf(t *testing.T, at place) string {
	t.Helper()
	sheet := must(t, at.database, "", "root-key", "show", "--anywhere")
	var typed []string
	for _, group := range groupOfLetters.FindAllStringSubmatch(sheet, -1) {
		typed = append(typed, strings.ToLower(group[1]))
	}
	if len(typed) != 14 || !strings.Contains(sheet, "▀") {
		t.Fatalf("the sheet has %d groups of letters:\n%s", len(typed), sheet)
	}
	return strings.Join(typed, " ") + "\n"
}

// A restore drill: a machine is lost, and on another the backup is used with the key file, and with the sheet. What was
// handed out before opens there, in the real program.
func TestRestoreDrill(t *testing.T) {
	binary := program(t)
	lost := newPlace(t)
	st := newDeployment(t, binary, storetest.Database{DSN: lost.database}, 2)
	st.start()
	st.ready()
	backup := filepath.Join(t.TempDir(), "backup.db")
	made := wellwave(t, lost.database, "", "backup", backup)
	if made.code != exitDone || !strings.Contains(made.stderr, "It holds no root key") {
		t.Errorf("backup: %+v, want it said that it holds no root key", made)
	}
	st.end(syscall.SIGTERM)
	sheet := sheetOf(t, lost)
	key, err := os.ReadFile(lost.key)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(backup); err != nil || strings.Contains(string(content), strings.TrimSpace(string(key))) {
		t.Errorf("the backup holds the root key: %v", err)
	}

	withFile, withSheet := newPlace(t), newPlace(t)
	saying(t, withFile.database, "", []string{"restore", "--yes", backup}, "the root key of this database is not at "+withFile.key, "root-key restore", "WELLWAVE_KEY_FILE")
	if err := os.WriteFile(withFile.key, key, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := must(t, withSheet.database, sheet, "root-key", "restore"); !strings.Contains(got, "is in "+withSheet.key) {
		t.Errorf("root-key restore said %q", got)
	}
	for name, at := range map[string]place{"file": withFile, "sheet": withSheet} {
		t.Run(name, func(t *testing.T) {
			run := exec.Command(binary, "--database", at.database, "restore", "--yes", backup)
			if out, err := run.CombinedOutput(); err != nil {
				t.Fatalf("restore: %v\n%s", err, out)
			}
			again := &deployment{t: t, binary: binary, dsn: at.database, addr: st.addr, secret: st.secret}
			again.start()
			again.ready()
			defer again.end(syscall.SIGTERM)
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+again.addr+"/api/v1/studies/"+string(storetest.Study)+"/waves/baseline/submissions", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Authorization", "Bearer "+again.secret)
			reply, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = reply.Body.Close()                         // its status says enough
			if reply.StatusCode != http.StatusBadRequest { // of somebody who may send, and sends nothing
				t.Errorf("with an API key of before the server answers %d", reply.StatusCode)
			}
		})
	}
}

// Every way in which a key, a sheet or a sealed backup can be the wrong one is said in a sentence, with what to do.
func TestRootKeyRefusals(t *testing.T) {
	at, other := newPlace(t), newPlace(t)
	first := wellwave(t, at.database, "a good password\n", "account", "add", "ada@example.org", "--name", "Ada", "--role", "administrator")
	if first.code != exitDone || !strings.Contains(first.stderr, "root key of this database was made in "+at.key) {
		t.Fatalf("the first command: %+v, want it said where the key is", first)
	}
	must(t, other.database, "a good password\n", "account", "add", "ada@example.org", "--name", "Ada", "--role", "administrator")
	sheet, strange := sheetOf(t, at), sheetOf(t, other)
	groups := strings.Fields(sheet)
	wrong := []byte(groups[4])
	if wrong[2]++; !strings.ContainsRune("123456789abcdefghjkmnpqrstvwxyz", rune(wrong[2])) {
		wrong[2] = '0'
	}
	groups[4] = string(wrong)
	saying(t, at.database, strings.Join(groups, " "), []string{"root-key", "restore"}, "group 5")
	saying(t, at.database, "", []string{"root-key", "show"}, "on a terminal alone", "--anywhere")
	saying(t, at.database, strange, []string{"root-key", "restore"}, "this sheet is of another root key")
	if got := must(t, at.database, sheet, "root-key", "restore"); !strings.Contains(got, "already") {
		t.Errorf("root-key restore of the key that is there said %q", got)
	}

	saying(t, at.database, "", []string{"--key-file", other.key, "doctor"}, other.key+" is not the root key of this database", "the same key")
	if err := os.Chmod(at.key, 0o644); err != nil {
		t.Fatal(err)
	}
	saying(t, at.database, "", []string{"doctor"}, "chmod 600 "+at.key)
	if err := os.WriteFile(at.key, []byte("WELLWAVE-ROOT-KEY-1:"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(at.key, 0o600); err != nil {
		t.Fatal(err)
	}
	saying(t, at.database, "", []string{"doctor"}, at.key+" is not a root key that can be used")
	if got := wellwave(t, at.database, sheet, "root-key", "restore"); got.code != exitDone || !strings.Contains(got.stderr, at.key+".before-restore") {
		t.Errorf("root-key restore over a damaged file: %+v", got)
	}
	must(t, at.database, "", "doctor")
	if err := os.Remove(at.key); err != nil {
		t.Fatal(err)
	}
	saying(t, at.database, "", []string{"doctor"}, "the root key of this database is not at "+at.key, "type its recovery sheet in with wellwave root-key restore")
	must(t, at.database, sheet, "root-key", "restore")
	must(t, at.database, "", "doctor")

	elsewhere := newPlace(t)
	if err := rootkey.New().Write(elsewhere.key); err != nil {
		t.Fatal(err)
	}
	saying(t, elsewhere.database, sheet, []string{"root-key", "restore"}, "there is another file "+elsewhere.key)
	saying(t, "postgres://localhost/nowhere", "", []string{"doctor"}, "WELLWAVE_KEY_FILE")
}

// A sealed backup opens with the key it was sealed to and with no other, and one from before a rotation is taken over.
func TestSealedBackups(t *testing.T) {
	at, folder := newPlace(t), t.TempDir()
	must(t, at.database, "a good password\n", "account", "add", "ada@example.org", "--name", "Ada", "--role", "administrator")
	identity := func(name string) (file, recipient string) {
		made, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		file = filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte("# made by a test\n"+made.String()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return file, made.Recipient().String()
	}
	mine, to := identity("mine")
	second, toSecond := identity("second")
	stranger, _ := identity("stranger")
	sealed := filepath.Join(folder, "sealed.age")
	must(t, at.database, "", "backup", sealed, "--to", to, "--to", toSecond)
	content, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(content), "ada@example.org") || strings.Contains(string(content), "SQLite") {
		t.Error("the sealed backup can be read")
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(at.file), ".wellwave-backup-*")); err != nil || len(left) > 0 {
		t.Errorf("beside the database is left %v, %v", left, err)
	}
	saying(t, at.database, "", []string{"backup", sealed, "--to", to}, "there is already a file "+sealed)
	saying(t, at.database, "", []string{"backup", filepath.Join(folder, "x"), "--to", "age1nonsense"}, "age1nonsense", "not the public half of a key")
	secret, err := os.ReadFile(mine)
	if err != nil {
		t.Fatal(err)
	}
	key := strings.Fields(string(secret))[5]
	refused := wellwave(t, at.database, "", "backup", filepath.Join(folder, "x"), "--to", key)
	if refused.code != exitUsage || !strings.Contains(refused.stderr, "secret half") || strings.Contains(refused.stderr, key) {
		t.Errorf("backup to the secret half of a key: %+v", refused)
	}

	saying(t, at.database, "", []string{"restore", "--yes", sealed}, sealed+" is sealed", "--identity")
	saying(t, at.database, "", []string{"restore", "--yes", sealed, "--identity", stranger}, "sealed to somebody else")
	saying(t, at.database, "", []string{"restore", "--yes", sealed, "--identity", sealed}, "holds no key that can be used")
	cut := filepath.Join(folder, "cut.age")
	if err := os.WriteFile(cut, content[:len(content)-1000], 0o600); err != nil {
		t.Fatal(err)
	}
	saying(t, at.database, "", []string{"restore", "--yes", cut, "--identity", mine}, "damaged")
	if _, err := os.Stat(at.file + ".before-restore"); err == nil {
		t.Error("a restore that was refused has moved the database")
	}
	must(t, at.database, "", "restore", "--yes", sealed, "--identity", mine)
	must(t, at.database, "", "root-key", "rotate", "--yes")
	if got := wellwave(t, at.database, "", "restore", "--yes", sealed, "--identity", second); got.code != exitDone {
		t.Errorf("restore of a backup from before the rotation: %+v", got)
	}
	must(t, at.database, "", "doctor")
	if err := os.Remove(at.key + ".before-rotate"); err != nil {
		t.Fatal(err)
	}
	saying(t, at.database, "", []string{"restore", "--yes", sealed, "--identity", mine}, "is not the root key of this database")
	must(t, at.database, "", "doctor")
}

// A rotation that is killed at any moment leaves a database that opens with the key that is there, and in which everything
// handed out is valid.
func TestKillWhileKeysRotate(t *testing.T) {
	kills := storetest.Times(t, "kills while keys are rotated", 3, 100)
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		st := newDeployment(t, program(t), db, 50)
		random := rand.New(rand.NewPCG(10, 1))
		fingerprints := make(map[string]bool)
		var takes time.Duration
		for kill := range kills + 1 {
			rotation := exec.Command(st.binary, "--database", st.dsn, "root-key", "rotate", "--yes")
			began := time.Now()
			if err := rotation.Start(); err != nil {
				t.Fatal(err)
			}
			if kill > 0 { // the first says how long it takes
				time.Sleep(time.Duration(random.Int64N(int64(takes))))
				_ = rotation.Process.Kill() // it may have ended
			}
			if err := rotation.Wait(); kill == 0 && err != nil {
				t.Fatalf("root-key rotate: %v", err)
			}
			takes = max(takes, time.Since(began))
			s := db.Open(t)
			if _, err := s.FindKey(t.Context(), st.secret); err != nil {
				t.Fatalf("after kill %d an API key is not known: %v", kill, err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			fingerprint, err := store.FindRootKey(t.Context(), db.DSN)
			if err != nil {
				t.Fatal(err)
			}
			fingerprints[fingerprint] = true
		}
		if out, err := exec.Command(st.binary, "--database", st.dsn, "root-key", "rotate", "--yes").CombinedOutput(); err != nil {
			t.Errorf("a rotation after those that were killed: %v\n%s", err, out)
		}
		t.Logf("of %d rotations that were killed, %d were done", kills, len(fingerprints)-1)
	})
}
