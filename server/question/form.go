package question

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"wellwave/surveys"
)

// DateParts are the inputs of a date; each is called after its item and part.
var DateParts = [...]struct{ Suffix, label string }{{"-day", "Day"}, {"-month", "Month"}, {"-year", "Year"}}

// TypedValue reads the answer to an item from a form. Nothing typed or chosen is an untouched value. The error is an
// Invalid one whose message is for the person who typed.
func TypedValue(item *surveys.Item, form url.Values) (surveys.Value, error) {
	switch item.Kind {
	case surveys.KindDisplay:
		return surveys.Value{}, nil
	case surveys.KindMultiple:
		return surveys.ParseTyped(item, strings.Join(form[item.Code], " "))
	case surveys.KindDate:
		return typedDate(item, form)
	}
	if all := form[item.Code]; len(all) > 1 { // our pages never send two, so it is unclear which is meant
		return surveys.Value{}, surveys.Errorf(surveys.Invalid, NotAnAnswer, strings.Join(all, ", "))
	}
	return surveys.ParseTyped(item, form.Get(item.Code))
}

// Sentences about answers that are not among the options; browsers' workers use them too.
const NotAnAnswer = "“%s” is not an answer to this question."

// Sentences about dates; browsers' workers use them too.
const (
	NotADay  = "This is not a day of the calendar. Enter numbers for day, month and year, such as 27\u00a03\u00a02026."
	NotAYear = "“%s” cannot be the right year. Please check it."
)

func typedDate(item *surveys.Item, form url.Values) (surveys.Value, error) {
	var parts [len(DateParts)]string
	for i, name := range DateParts {
		parts[i] = strings.TrimSpace(strings.Join(form[item.Code+name.Suffix], ", ")) // two values do not make a number
		parts[i] = surveys.PlainDigits(parts[i])
	}
	if strings.Join(parts[:], "") == "" {
		return surveys.Value{}, nil
	}
	day, err := time.Parse("2 1 2006", strings.Join(parts[:], " "))
	if err != nil {
		return surveys.Value{}, surveys.Errorf(surveys.Invalid, NotADay)
	}
	value := surveys.Text(day.Format(time.DateOnly))
	if item.Check(value) != nil { // whose sentence is about the form that dates have in files
		return surveys.Value{}, surveys.Errorf(surveys.Invalid, NotAYear, parts[len(parts)-1])
	}
	return value, nil
}

// FormOf returns the fields that a form with this answer would send.
func FormOf(item *surveys.Item, value surveys.Value) url.Values {
	form := make(url.Values)
	switch {
	case !value.Given():
	case item.Kind == surveys.KindMultiple:
		form[item.Code] = strings.Fields(value.Text)
	case item.Kind == surveys.KindDate:
		day, err := time.Parse(time.DateOnly, value.Text)
		if err != nil {
			break // cannot be shown; Check lets no such date in
		}
		for i, part := range []int{day.Day(), int(day.Month()), day.Year()} {
			form.Set(item.Code+DateParts[i].Suffix, fmt.Sprint(part))
		}
	default:
		form.Set(item.Code, value.String())
	}
	return form
}
