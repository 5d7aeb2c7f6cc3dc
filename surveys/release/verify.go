package release

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"wellwave/surveys"
)

// longestManifest bounds what is read as one.
const longestManifest = 16 << 20

// Verified is what became of a folder that a release was written into.
type Verified struct {
	Manifest *Manifest
	// Faults say which files are not those that the manifest names, file by file, and whether the manifest is not the one
	// that was recorded.
	Faults []string
}

// Verify compares the files of a folder with the manifest in it and, unless st is nil, the manifest with the one that was
// recorded. It fails with Invalid for a folder without a manifest that can be read, and with NotFound where no release was
// recorded under its number.
func Verify(ctx context.Context, st Store, dir string) (*Verified, error) {
	text, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	v := &Verified{Manifest: new(Manifest)}
	if err := json.Unmarshal(text, v.Manifest); err != nil || v.Manifest.Release == 0 || len(v.Manifest.Files) == 0 {
		return nil, surveys.Errorf(surveys.Invalid, "%s is no manifest of a release", filepath.Join(dir, ManifestName))
	}
	if err := v.compareFiles(ctx, dir); err != nil {
		return nil, err
	}
	if st == nil {
		return v, nil
	}
	recorded, err := st.FindRelease(ctx, v.Manifest.Study, v.Manifest.Release)
	if err != nil {
		return nil, err
	}
	same, err := sameJSON(text, []byte(recorded.Manifest))
	if err != nil {
		return nil, fmt.Errorf("read the manifest of release %d of %s: %w", recorded.Number, recorded.Study, err)
	}
	if said := v.Manifest.Approval; said != nil { // folders of before approvals were recorded say nothing
		agreed := approvalOf(recorded.Approval)
		same = same && agreed != nil && *said == *agreed
	}
	if !same {
		v.Faults = append(v.Faults, ManifestName+": it is not the one that was recorded when the release was made")
	}
	return v, nil
}

func readManifest(dir string) ([]byte, error) {
	file, err := os.Open(filepath.Join(dir, ManifestName))
	if err != nil {
		return nil, surveys.Errorf(surveys.Invalid, "there is no release in %s: %w", dir, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(file, longestManifest))
	if err != nil {
		return nil, surveys.Errorf(surveys.Invalid, "%s cannot be read: %w", file.Name(), err)
	}
	return text, nil
}

// compareFiles notes what of the folder is not as the manifest has it. Files that it does not name are faults too: nothing
// says what they are, and whoever is handed the folder takes them for part of the release.
func (v *Verified) compareFiles(ctx context.Context, dir string) error {
	named := []string{ManifestName}
	for _, file := range v.Manifest.Files {
		named = append(named, file.Name)
		if file.Name != filepath.Base(file.Name) {
			v.Faults = append(v.Faults, fmt.Sprintf("%q: a release has no files in other folders", file.Name))
			continue
		}
		fault, err := file.compare(ctx, dir)
		if err != nil {
			return err
		}
		if fault != "" {
			v.Faults = append(v.Faults, file.Name+": "+fault)
		}
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "%s cannot be read: %w", dir, err)
	}
	for _, entry := range there {
		if !slices.Contains(named, entry.Name()) {
			v.Faults = append(v.Faults, entry.Name()+": the manifest does not name it")
		}
	}
	return nil
}

// compare returns what is wrong with a file, and nothing for what it must be.
func (f FileSum) compare(ctx context.Context, dir string) (fault string, err error) {
	file, err := os.Open(filepath.Join(dir, f.Name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "it is missing", nil
	case err != nil:
		return "", surveys.Errorf(surveys.Invalid, "%s cannot be read: %w", filepath.Join(dir, f.Name), err)
	}
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	n, err := io.Copy(sum, stopping{ctx, file})
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", surveys.Errorf(surveys.Invalid, "%s cannot be read: %w", file.Name(), err)
	case n != f.Bytes:
		return fmt.Sprintf("it has %d bytes, and the manifest says %d", n, f.Bytes), nil
	case hex.EncodeToString(sum.Sum(nil)) != f.SHA256:
		return "its content is not what the manifest says", nil
	}
	return "", nil
}

// stopping reads until ctx ends.
type stopping struct {
	ctx context.Context
	r   io.Reader
}

func (s stopping) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(b)
}

// sameJSON reports whether two manifests say the same but for the approval, however they are laid out. An earlier version may have written them, with
// members that this one does not know.
func sameJSON(a, b []byte) (bool, error) {
	var values [2]map[string]any
	for i, text := range [][]byte{a, b} {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&values[i]); err != nil {
			return false, err
		}
		delete(values[i], "approval")
	}
	return reflect.DeepEqual(values[0], values[1]), nil
}
