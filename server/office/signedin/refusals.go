package signedin

import (
	"errors"
	"net/http"
	"strings"

	"wellwave/server/page"
	"wellwave/surveys"
)

// RefusalLines returns the sentences of a refusal that lists several.
func RefusalLines(err error) []string {
	var refused *surveys.Error
	if !errors.As(err, &refused) {
		return nil
	}
	return strings.Split(strings.TrimSpace(refused.Message), "\n")
}

// FieldOf returns what an error says about a field, empty for nothing.
func FieldOf(err error, field string) string {
	var refusal *surveys.Error
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Fields[field]
}

// NotFoundNumber says under a field why a number in it leads to nobody: the study has no such number, or it looks like
// something that must not be one. Any other error is returned.
func NotFoundNumber(err error) (status int, message string, _ error) {
	switch surveys.KindOf(err) {
	case surveys.NotFound:
		return http.StatusNotFound, "Nobody in this study has this number.", nil
	case surveys.Invalid:
		return http.StatusBadRequest, page.Sentence(err.Error()), nil
	default:
		return 0, "", err
	}
}
