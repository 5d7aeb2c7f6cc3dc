package releases

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

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
	r, err := h.store.RegisteredRelease(c.Request().Context(), study, number)
	if err != nil {
		return err
	}
	if err := r.CheckLeaves(); err != nil {
		return err
	}
	return inPrivateFolder(func(dir string) error {
		manifest, err := release.Write(c.Request().Context(), h.store, study, number, dir)
		if err != nil {
			return err
		}
		on, err := time.Parse(time.DateOnly, manifest.FrozenOn)
		if err != nil {
			return fmt.Errorf("read the day of release %d: %w", number, err)
		}
		if err := h.store.RecordDownload(c.Request().Context(), access.Account(c).ID, study, number); err != nil {
			return err
		}
		return sendArchive(c, dir, fmt.Sprintf("%s-release-%d.zip", study, number), on)
	})
}

// sendArchive sends the files of a folder as one, with how long it is, so that whoever fetches it sees whether it came whole.
func sendArchive(c echo.Context, dir, name string, at time.Time) error {
	archive, err := os.Create(dir + ".zip")
	if err != nil {
		return surveys.Refuse(surveys.Unavailable, noRoom, err)
	}
	defer func() { _ = archive.Close() }() // it is deleted with the folder that it is in
	if err := zipFolder(archive, dir, at); err != nil {
		return err
	}
	size, err := archive.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = archive.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("read the archive: %w", err)
	}
	signedin.SendAs(c, "application/zip", name)
	c.Response().Header().Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	if _, err := io.Copy(c.Response(), archive); err != nil {
		return fmt.Errorf("send the archive: %w", err)
	}
	return nil
}

const noRoom = "The server has no room for the files just now. Please try again later."

// inPrivateFolder gives fn a folder that only this process may read and that is gone afterwards.
func inPrivateFolder(fn func(dir string) error) error {
	parent, err := os.MkdirTemp("", "wellwave-")
	if err != nil {
		return surveys.Refuse(surveys.Unavailable, noRoom, err)
	}
	defer func() { _ = os.RemoveAll(parent) }() // private, and removed by the system if this fails
	return fn(filepath.Join(parent, "files"))
}

// zipFolder writes the files of a folder as a zip archive, all of them as of one day. Its bytes depend on names, contents and that
// day alone.
func zipFolder(w io.Writer, dir string, at time.Time) error {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	archive := zip.NewWriter(w)
	for _, entry := range entries {
		if err := zipFile(archive, filepath.Join(dir, entry.Name()), &zip.FileHeader{Name: entry.Name(), Method: zip.Deflate, Modified: at}); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("finish archive: %w", err)
	}
	return nil
}

func zipFile(archive *zip.Writer, path string, header *zip.FileHeader) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("archive %s: %w", header.Name, err)
	}
	defer file.Close()
	member, err := archive.CreateHeader(header)
	if err != nil {
		return fmt.Errorf("archive %s: %w", header.Name, err)
	}
	if _, err := io.Copy(member, file); err != nil {
		return fmt.Errorf("archive %s: %w", header.Name, err)
	}
	return nil
}
