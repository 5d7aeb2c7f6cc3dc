package report

import (
	"strings"
	"time"

	"wellwave/surveys"
)

// answerOnlyIf words an item's condition for somebody with a pen, who cannot be led past a question; empty where there is
// none.
func answerOnlyIf(q *surveys.Questionnaire, item surveys.QuestionItem, numbers []string, pack *surveys.Wording) string {
	if item.EnableWhen == nil {
		return ""
	}
	var parts []string
	for _, c := range item.EnableWhen.Conditions {
		if asked, ok := q.Item(c.Question); ok {
			parts = append(parts, conditionSays(asked, "question "+numbers[asked.Index], c, pack))
		}
	}
	joint := " and "
	if item.EnableWhen.Behaviour == "any" {
		joint = " or "
	}
	return "Please answer only if " + strings.Join(parts, joint) + "."
}

func conditionSays(asked surveys.QuestionItem, question string, c surveys.Condition, pack *surveys.Wording) string {
	if c.Operator == "exists" {
		if c.Answer == true {
			return "you answered " + question
		}
		return "you left " + question + " out"
	}
	if asked.Kind.Chosen() {
		return chosenSays(asked, question, c, pack)
	}
	return "your answer to " + question + " is " + comparisonSays(asked.Item, c)
}

// chosenSays names the options that meet a condition.
func chosenSays(asked surveys.QuestionItem, question string, c surveys.Condition, pack *surveys.Wording) string {
	var labels []string
	for _, value := range asked.Options {
		one := surveys.EnableWhen{Conditions: []surveys.Condition{c}}
		if one.Holds(func(string) surveys.Value { return surveys.Number(value) }) {
			labels = append(labels, "“"+pack.Label(asked.Code, value)+"”")
		}
	}
	return "you crossed " + strings.Join(labels, " or ") + " in " + question
}

// comparisonSays words an operator with what it compares with.
func comparisonSays(item *surveys.Item, c surveys.Condition) string {
	answer, earlier, later := "", "less", "more"
	switch a := c.Answer.(type) {
	case float64:
		answer = number(a)
	case string:
		answer = "“" + a + "”"
		if day, err := time.Parse(time.DateOnly, a); err == nil && item.Kind == surveys.KindDate {
			answer, earlier, later = day.Format("2 January 2006"), "earlier", "later"
		}
	}
	switch c.Operator {
	case "!=":
		return "not " + answer
	case ">":
		return later + " than " + answer
	case "<":
		return earlier + " than " + answer
	case ">=":
		return answer + " or " + later
	case "<=":
		return answer + " or " + earlier
	default:
		return answer
	}
}
