package surveys

import (
	"slices"
	"strings"
	"time"

	"wellwave/scoring/decimal"
	"wellwave/surveys/csvtable"
)

// Entered is one questionnaire as somebody typed it, off paper or as they were told on the telephone. An item that was left
// blank is not among the answers.
type Entered struct {
	ID          string // of the form that it was typed into, 32 lower-case hex digits; the same form sent again is known by it
	Enrolment   EnrolmentID
	Wave        WaveID
	Mode        Mode // Paper or Telephone
	Language    string
	Helper      string // as Collection.Helper
	CompletedOn string // YYYY-MM-DD in the study's zone; empty where it is not known
	Answers     []ItemAnswer
	// Over says that the person had answered in another way before and that these answers take the place of those. A blank
	// then replaces nothing.
	Over bool
	By   AccountID
	At   time.Time
}

// PaperPlan says how a study enters paper questionnaires.
type PaperPlan struct {
	DoubleEntry bool // by two people, and where they differ a third decides
}

// CheckEntry fails where nothing can be entered for this person and wave: with Closed for somebody of whom nothing more is
// to be collected and for a study or wave that is not open, and with Forbidden where they have not agreed to take part.
func (s *Occasion) CheckEntry() error {
	switch {
	case s.Wave.Audience != Patients:
		return Errorf(NotFound, "The staff survey is anonymous, so nobody's answers to it can be entered.")
	case s.Left >= StopCollection:
		return Errorf(Closed, "This person has asked that nothing more be collected about them, so nothing can be entered.")
	case s.State == Draft:
		return Errorf(Closed, "The study has not opened yet.")
	case s.State == Locked:
		return Errorf(Closed, "The study is locked, so nothing about its participants can be changed.")
	case !s.HasWindow:
		return Errorf(Closed, "This wave counts from the baseline questionnaire, which this person has not given yet. Enter that one first.")
	case s.Now.Before(s.Window.Opens):
		return Errorf(Closed, "This questionnaire opens on %s.", s.Window.Opens.Format("2 January 2006"))
	case !s.Consented:
		return Errorf(Forbidden, "This person has not agreed to take part yet. Enter what they agreed to on paper first.")
	}
	return nil
}

// Check fails as CheckEntry does, and with Invalid for what cannot have stood on the paper. Its Fields are item codes, and
// EntryDay, EntryHelper and EntryLanguage.
// own are the forms of the entries that the same paper has already.
func (e *Entered) Check(s *Occasion, own []string) error {
	if err := s.CheckEntry(); err != nil {
		return err
	}
	fields := make(map[string]string)
	if e.Mode != Paper && e.Mode != Telephone {
		return Errorf(Invalid, "What is entered comes from paper or the telephone.")
	}
	if message := s.wrongDay(e.CompletedOn); message != "" {
		fields[EntryDay] = message
	}
	if !Chosen(e.Helper, EntryHelpers(e.Mode)) {
		fields[EntryHelper] = "Choose who helped."
	}
	if !slices.Contains(s.Questionnaire.Languages(), e.Language) {
		fields[EntryLanguage] = "Choose the language of the questionnaire."
	}
	for _, a := range e.Answers {
		item, ok := s.Questionnaire.Item(a.Code)
		if !ok {
			return Errorf(Invalid, "This questionnaire has no item %s.", Excerpt(a.Code))
		}
		if err := item.Check(a.Value); err != nil {
			fields[a.Code] = err.Error()
		}
	}
	if len(fields) > 0 {
		return &Error{Kind: Invalid, Message: "Something on this page cannot be right.", Fields: fields}
	}
	if !e.Over && s.Outcome != Complete && s.AnsweredElsewhere(append(own, e.ID)) {
		return Errorf(Conflict, "This person has answered this wave in another way.")
	}
	return nil
}

// wrongDay says what is wrong with the day on which a questionnaire was filled in, empty for nothing.
func (s *Occasion) wrongDay(text string) string {
	if text == "" {
		return ""
	}
	day, err := ParseDay(text, s.Study.Zone)
	switch {
	case err != nil || !isDate(text):
		return "This is not a day of the calendar."
	case day.After(s.Now):
		return "This day has not come yet."
	case s.Earliest.check(day) != nil:
		return "This day is too long ago: the study had not begun."
	case !s.Wave.Baseline && day.Before(s.Window.Opens):
		return "This questionnaire opened on " + s.Window.Opens.Format("2 January 2006") + "."
	}
	return ""
}

// AnsweredElsewhere reports whether an answer stands that another sitting than these gave.
func (s *Occasion) AnsweredElsewhere(sittings []string) bool {
	return slices.ContainsFunc(s.Questionnaire.Items, func(item QuestionItem) bool {
		own := func(sitting string) bool { return s.Answers.OwnedBy(sitting, item.Code) }
		return s.Answers.Value(item.Code).Given() && !slices.ContainsFunc(sittings, own)
	})
}

// Value returns what was typed for an item.
func (e *Entered) Value(code string) Value {
	for _, a := range e.Answers {
		if a.Code == code {
			return a.Value.normal()
		}
	}
	return Value{}
}

// Submission returns what was typed as the whole of a sitting. Blanks are recorded as such where the question was for this
// person, unless the answers go over others.
func (e *Entered) Submission(q *Questionnaire, study *Study) Submission {
	sub := Submission{Study: study.ID, Enrolment: e.Enrolment, Wave: e.Wave, Sitting: e.ID, Seq: 1, Renumber: true, Finish: true,
		How: Collection{Mode: e.Mode, Language: e.Language, Helper: e.Helper}, By: AccountAuthor(e.By)}
	if day, err := ParseDay(e.CompletedOn, study.Zone); err == nil {
		sub.AnsweredAt = Noon(day)
	}
	for i, item := range q.Items {
		switch v := e.Value(item.Code); {
		case v.Kind != Untouched:
			sub.Answers = append(sub.Answers, ItemAnswer{item.Code, v})
		case !e.Over && q.Asked(i, e.Value):
			sub.Answers = append(sub.Answers, ItemAnswer{item.Code, Absent(NotRecorded)})
		}
	}
	return sub
}

// Warning returns those of the answers on which the study's safety plan acts, as a sitting that is not finished; ok is false
// where there are none. They cannot wait for somebody to type the paper again.
func (e *Entered) Warning(q *Questionnaire, study *Study) (sub Submission, ok bool) {
	sub = e.Submission(q, study)
	sub.Finish = false
	sub.Answers = slices.DeleteFunc(sub.Answers, func(a ItemAnswer) bool {
		item, known := q.Item(a.Code)
		return !known || !item.Raises(a.Value)
	})
	return sub, len(sub.Answers) > 0
}

// What is typed where somebody declined in so many words, or wrote that a question does not apply to them. In items that take
// a text the stroke tells the key from an answer.
const (
	declinedKey   = "p"
	notForThemKey = "n"
)

// ReadEntry reads what was typed for an item and checks it. Nothing typed is an untouched value.
func ReadEntry(item *Item, typed string) (Value, error) {
	key := strings.ToLower(strings.TrimSpace(typed))
	marked, stroke := strings.CutPrefix(key, "/")
	if stroke || item.Kind.Numeric() || item.Kind == KindMultiple || item.Kind == KindDate {
		switch marked {
		case declinedKey:
			return Absent(PreferNotToSay), nil
		case notForThemKey:
			return Absent(NotApplicable), nil
		}
	}
	switch {
	case key == "":
		return Value{}, nil
	case item.Kind == KindMultiple:
		typed = strings.NewReplacer(",", " ", ";", " ", "+", " ").Replace(typed)
	case item.Kind == KindDate:
		day, ok := ReadDay(typed)
		if !ok {
			return Value{}, Errorf(Invalid, "“%s” is not a day. Type it as on the paper, such as 31032026.", Excerpt(typed))
		}
		typed = day
	}
	return ParseTyped(item, typed)
}

// ReadDay reads a day as people type it, day first: 31032026, 31.3.2026 or 31/3/2026, and as files have it, 2026-03-31. It
// returns it as files have it.
func ReadDay(typed string) (string, bool) {
	typed = decimal.Latin(csvtable.TrimText(typed))
	fields := strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune("./- ", r) })
	joined := strings.Join(fields, " ")
	for _, layout := range []string{"02012006", "2 1 2006", "2006 1 2"} {
		if day, err := time.Parse(layout, joined); err == nil {
			text := day.Format(time.DateOnly)
			return text, isDate(text)
		}
	}
	return "", false
}
