package releases

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/surveys"
	"wellwave/surveys/release"
)

// Download handles GET /office/studies/:study/releases/:number/files.zip.
func (h *Releases) Download(c echo.Context) error {
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return echo.ErrNotFound
	}
	study := surveys.StudyID(c.Param("study"))
	return inPrivateFolder(func(dir string) error {
		if _, err := release.Write(c.Request().Context(), h.store, study, number, dir); err != nil {
			return err
		}
		if err := h.store.RecordDownload(c.Request().Context(), access.Account(c).ID, study, number); err != nil {
			return err
		}
		signedin.SendAs(c, "application/zip", fmt.Sprintf("%s-release-%d.zip", study, number))
		return zipFolder(c.Response(), dir)
	})
}

// inPrivateFolder gives fn a folder that only this process may read and that is gone afterwards.
func inPrivateFolder(fn func(dir string) error) error {
	parent, err := os.MkdirTemp("", "wellwave-")
	if err != nil {
		return surveys.Refuse(surveys.Unavailable, "The server has no room for the files just now. Please try again later.", err)
	}
	defer func() { _ = os.RemoveAll(parent) }() // private, and removed by the system if this fails
	return fn(filepath.Join(parent, "files"))
}

// zipFolder writes the files of a folder as a zip archive. Its bytes depend on names and contents alone.
func zipFolder(w io.Writer, dir string) error {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	archive := zip.NewWriter(w)
	for _, entry := range entries {
		if err := zipFile(archive, filepath.Join(dir, entry.Name()), entry.Name()); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("finish archive: %w", err)
	}
	return nil
}

func zipFile(archive *zip.Writer, path, name string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	defer file.Close()
	member, err := archive.Create(name)
	if err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	if _, err := io.Copy(member, file); err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	return nil
}
