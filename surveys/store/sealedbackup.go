package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store/engine"
)

// sealedHeader begins a file that was encrypted with age.
const sealedHeader = "age-encryption.org/v1\n"

// SealedBackup writes a backup that only the holders of keys can read: it is encrypted to their public halves, age recipients
// that begin with age1. The copy that is sealed is made and checked on the disk of the database, where it never has a name: whatever
// ends the process, no unsealed copy is left. It fails with Invalid for a recipient that is none.
func (s *Store) SealedBackup(ctx context.Context, path string, recipients []string) error {
	to, err := readRecipients(recipients)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return surveys.Errorf(surveys.Invalid, "there is already a file %s", path)
	}
	plain, err := s.db.CopyUnnamed(ctx, filepath.Dir(s.file))
	if err != nil {
		return err
	}
	defer func() { _ = plain.Close() }() // with which it is gone
	part := path + ".part"
	defer func() { _ = os.Remove(part) }() // gone already if all went well
	if err := sealFile(plain, part, to); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	return rootkey.SyncFolder(path)
}

// readRecipients reads public halves of keys.
func readRecipients(texts []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, text := range texts {
		if strings.HasPrefix(strings.ToUpper(text), "AGE-SECRET-KEY-") {
			return nil, surveys.Errorf(surveys.Invalid, "a backup is sealed to the public half of a key, which begins with age1; what was given is the secret half, and should be replaced now that it was typed here")
		}
		found, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, surveys.Errorf(surveys.Invalid, "“%s” is not the public half of a key, which begins with age1", text)
		}
		all = append(all, found...)
	}
	return all, nil
}

// sealFile encrypts what an open file holds, from its beginning, into a new one and returns when it is safe on disk.
func sealFile(source *os.File, to string, recipients []age.Recipient) error {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the copy: %w", err)
	}
	target, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "the backup cannot be written there: %w", err)
	}
	sealing, err := age.Encrypt(target, recipients...)
	if err == nil {
		_, err = io.Copy(sealing, source)
		err = errors.Join(err, sealing.Close())
	}
	if err = errors.Join(err, target.Sync(), target.Close()); err != nil {
		return fmt.Errorf("seal the backup: %w", err)
	}
	return nil
}

// A BackupFile is what a backup wrote, where it was sealed the file with keys that may open it, and the head of its audit trail that
// was noted, if one was.
type BackupFile struct {
	Path, Identity string
	Noted          AuditHead
}

// copyTo writes the backup, opened if it was sealed, to a file. It fails with Invalid where it cannot be opened.
func (b BackupFile) copyTo(path string) error {
	source, err := os.Open(b.Path)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "the backup cannot be read: %w", err)
	}
	defer func() { _ = source.Close() }() // it was only read
	content := bufio.NewReader(source)
	if start, _ := content.Peek(len(sealedHeader)); string(start) != sealedHeader {
		return engine.CopyFile(b.Path, path)
	}
	identities, err := b.identities()
	if err != nil {
		return err
	}
	opened, err := age.Decrypt(content, identities...)
	var nobody *age.NoIdentityMatchError
	if errors.As(err, &nobody) {
		return surveys.Errorf(surveys.Invalid, "%s is sealed to somebody else: none of the keys in %s opens it", b.Path, b.Identity)
	}
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "%s is damaged: %w", b.Path, err)
	}
	target, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	written, err := io.Copy(target, opened)
	if err != nil {
		err = surveys.Errorf(surveys.Invalid, "%s could be opened for its first %d bytes only, because it is damaged, or the disk is full: %w", b.Path, written, err)
	}
	return errors.Join(err, target.Close())
}

// identities reads the keys that may open the backup.
func (b BackupFile) identities() ([]age.Identity, error) {
	if b.Identity == "" {
		return nil, surveys.Errorf(surveys.Invalid, "%s is sealed: name the file with a key that opens it with --identity", b.Path)
	}
	file, err := os.Open(b.Identity)
	if err != nil {
		return nil, surveys.Errorf(surveys.Invalid, "the file with the key cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	identities, err := age.ParseIdentities(file)
	if err != nil { // whose text may hold the key
		return nil, surveys.Errorf(surveys.Invalid, "%s holds no key that can be used, a line that begins with AGE-SECRET-KEY-", b.Identity)
	}
	return identities, nil
}
