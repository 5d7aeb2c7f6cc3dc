package rounds

import (
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
)

// The keys of custodians come in forms, are used, and are gone with the request: no page, log, address or file has them.

// longestKey is how much of a file for a key is read, in bytes. Beside a key of 74 characters it may have a few comments.
const longestKey = 4096

// keyField asks for a key: typed into a field, or as a file.
func keyField(id, label string) page.TextField {
	return page.TextField{ID: id, Label: label,
		Hint: "Type or paste it, or scan its square with a scanner or a phone’s keyboard. Capitals, spaces and line breaks do not matter."}
}

// fileOf is the name of the file's field beside that of a typed key.
func fileOf(field string) string { return field + "-file" }

// readKey returns a key as it was typed, and otherwise from the file beside the field. It fails with Invalid for a file that
// is too large.
func readKey(c echo.Context, field, typed string) (string, error) {
	if strings.TrimSpace(typed) != "" {
		return typed, nil
	}
	data, err := signedin.ReadUpload(c, fileOf(field))
	if err != nil {
		return "", err
	}
	if len(data) > longestKey {
		return "", &surveys.Error{Kind: surveys.Invalid, Message: "A file is too large.", Fields: map[string]string{field: "This file is too large to be one with a key."}}
	}
	return string(data), nil
}

// groupKey writes a key as it is typed from paper: how every key begins, and the rest in groups of four.
func groupKey(key string) []string {
	const begins, group = "AGE-SECRET-KEY-1", 4
	rest, ok := strings.CutPrefix(key, begins)
	groups := []string{begins}
	if !ok {
		groups = nil
	}
	for len(rest) > group {
		groups, rest = append(groups, rest[:group]), rest[group:]
	}
	return append(groups, rest)
}
