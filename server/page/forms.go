package page

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// Only the fields of a form struct can be set from outside; its validate tags say what shape they must have, and the
// rules of the domain are checked by the domain.

var formValidator = newFormValidator()

func newFormValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	return v
}

// Bind fills form from the body and checks its shape. It fails with Invalid, with a sentence for each field at fault.
func Bind(c echo.Context, form any) error {
	if err := new(echo.DefaultBinder).BindBody(c, form); err != nil {
		return err
	}
	err := formValidator.StructCtx(c.Request().Context(), form)
	var faults validator.ValidationErrors
	if !errors.As(err, &faults) {
		return err
	}
	fields := make(map[string]string, len(faults))
	for _, fault := range faults {
		fields[fault.Field()] = faultSentence(fault)
	}
	return &surveys.Error{Kind: surveys.Invalid, Message: "Something on this page is missing or cannot be right.", Fields: fields}
}

// faultSentence says in plain words what a validate tag asks for.
func faultSentence(fault validator.FieldError) string {
	switch fault.Tag() {
	case "required":
		return "This is needed."
	case "max":
		return fmt.Sprintf("Use at most %s characters.", fault.Param())
	case "oneof":
		return "Choose one of the options."
	default:
		return "This cannot be right."
	}
}

// ShowErrors puts the sentences of a refusal beside the fields that they concern and returns the error summary, in the
// order of the page. A sentence about no field on the page stands in the summary alone.
func ShowErrors(err error, fields ...*TextField) []FieldError {
	var refused *surveys.Error
	if !errors.As(err, &refused) {
		return nil
	}
	var summary []FieldError
	for _, f := range fields {
		if message := refused.Fields[f.ID]; message != "" {
			f.Error = message
			summary = append(summary, FieldError{f.ID, labelled(f.Label, message)})
		}
	}
	for _, id := range sortedKeys(refused.Fields) {
		if !slices.ContainsFunc(fields, func(f *TextField) bool { return f.ID == id }) {
			summary = append(summary, FieldError{id, refused.Fields[id]})
		}
	}
	if len(summary) == 0 {
		summary = append(summary, FieldError{Text: Sentence(refused.Message)})
	}
	return summary
}

// labelled tells in a summary which of several fields a sentence without a subject is about.
func labelled(label, message string) string {
	if strings.HasPrefix(message, "This ") {
		return label + ": " + strings.ToLower(message[:1]) + message[1:]
	}
	return message
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// AboutField makes a refusal without fields one about the field, where a form has only one that could be at fault.
func AboutField(err error, field string) error {
	var refused *surveys.Error
	if !errors.As(err, &refused) || len(refused.Fields) > 0 {
		return err
	}
	return &surveys.Error{Kind: refused.Kind, Message: refused.Message, Fields: map[string]string{field: Sentence(refused.Message)}}
}

// Sentence begins a message with a capital and ends it with a stop, as pages need and the command line does not.
func Sentence(message string) string {
	message = Capital(message)
	if last, _ := utf8.DecodeLastRuneInString(message); message != "" && !strings.ContainsRune(".!?؟", last) {
		message += "."
	}
	return message
}

// Capital begins a text with a capital.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
