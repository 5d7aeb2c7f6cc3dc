package surveys

import "slices"

// EnableWhen is the condition under which an item is asked, with the meaning of enableWhen in FHIR R4: an unanswered
// question satisfies only "exists: false", and a question with several answers satisfies a condition if one of them
// does. The same cases, testdata/enable_when.json, are run against this evaluator and the browser's, and the JSON form of
// an EnableWhen is what the browser gets.
type EnableWhen struct {
	Behaviour  string      `json:"behaviour" yaml:"behaviour"` // any or all; one condition alone needs neither
	Conditions []Condition `json:"conditions" yaml:"conditions"`
}

// Condition compares the answer to one question with a value.
type Condition struct {
	Question string `json:"question" yaml:"question"` // an earlier item of the same instrument
	Operator string `json:"operator" yaml:"operator"` // exists, =, !=, >, <, >= or <=
	Answer   any    `json:"answer" yaml:"answer"`     // bool for exists; else float64, or string for text and dates
}

// Holds reports whether the item is to be asked of somebody with these answers. A nil condition always holds.
func (w *EnableWhen) Holds(answers func(code string) Value) bool {
	holds, _ := w.tells(func(code string) (Value, bool) { return answers(code), true })
	return holds
}

// tells is Holds where only some answers may be known; told is false if it rests on the others.
func (w *EnableWhen) tells(known func(code string) (v Value, ok bool)) (holds, told bool) {
	if w == nil {
		return true, true
	}
	decisive := w.Behaviour == "any" // one condition that comes to this decides
	told = true
	for _, c := range w.Conditions {
		v, ok := known(c.Question)
		if ok && c.holds(v) == decisive {
			return decisive, true
		}
		told = told && ok
	}
	return !decisive, told
}

func (c Condition) holds(v Value) bool {
	if c.Operator == "exists" {
		return v.Given() == (c.Answer == true)
	}
	switch want := c.Answer.(type) {
	case float64:
		if v.Kind == NumberValue {
			return compare(c.Operator, v.Number, want)
		}
		return slices.ContainsFunc(v.Members(), func(n float64) bool { return compare(c.Operator, n, want) })
	case string:
		return v.Kind == TextValue && compare(c.Operator, v.Text, want)
	}
	return false
}

func compare[T float64 | string](operator string, a, b T) bool {
	switch operator {
	case "=":
		return a == b
	case "!=":
		return a != b
	case ">":
		return a > b
	case "<":
		return a < b
	case ">=":
		return a >= b
	case "<=":
		return a <= b
	}
	return false
}

var operators = []string{"exists", "=", "!=", ">", "<", ">=", "<="}

// enableWhen checks the condition at path. A condition may ask only about items that stand before its own, so that the
// rules of an instrument can never go round in a circle.
func (p *instrumentParser) enableWhen(path string, entry *EnableWhen) *EnableWhen {
	if entry == nil {
		return nil
	}
	w := &EnableWhen{Behaviour: entry.Behaviour}
	switch {
	case len(entry.Conditions) == 0:
		p.file.Reject(path, "enable_when needs at least one condition.")
	case entry.Behaviour == "" && len(entry.Conditions) == 1:
		w.Behaviour = "all"
	case entry.Behaviour != "any" && entry.Behaviour != "all":
		p.file.Reject(path+".behaviour", "Several conditions need a behaviour: any or all.")
	}
	for i, c := range entry.Conditions {
		w.Conditions = append(w.Conditions, p.condition(at(path+".conditions", i), c))
	}
	return w
}

func (p *instrumentParser) condition(path string, c Condition) Condition {
	if !slices.Contains(operators, c.Operator) {
		p.file.Reject(path+".operator", "“%s” is not an operator. They are exists, =, !=, >, <, >= and <=.", c.Operator)
		return c
	}
	question, ok := p.instrument.Item(c.Question)
	if !ok {
		p.file.Reject(path+".question", "“%s” is not an item that stands before this one.", c.Question)
		return c
	}
	if c.Operator == "exists" {
		if _, ok := c.Answer.(bool); !ok {
			p.file.Reject(path+".answer", "With exists the answer is true or false.")
		}
		return c
	}
	if c.Answer, ok = comparand(question, c.Operator, c.Answer); !ok {
		p.file.Reject(path+".answer", "%s cannot be compared with this by %s.", question.Code, c.Operator)
	}
	return c
}

// comparand returns the answer of a condition in the form that Holds compares, and whether it suits the question.
func comparand(question *Item, operator string, answer any) (any, bool) {
	switch a := answer.(type) {
	case string:
		ordered := operator != "=" && operator != "!="
		if question.Kind == KindDate {
			return a, isDate(a)
		}
		return NormalText(a), question.Kind.Text() && !ordered
	case bool:
		if a {
			return 1.0, question.Kind == KindYesNo
		}
		return 0.0, question.Kind == KindYesNo
	case float64:
		return a, question.canEqual(a, operator)
	case uint64:
		return float64(a), question.canEqual(float64(a), operator)
	case int64:
		return float64(a), question.canEqual(float64(a), operator)
	}
	return answer, false
}

// canEqual reports whether a comparison with n makes sense: a condition that asks for an option that is not there would
// hide its item for good.
func (i *Item) canEqual(n float64, operator string) bool {
	if len(i.Options) > 0 && (operator == "=" || operator == "!=") {
		return slices.Contains(i.Options, n)
	}
	return i.Kind.Numeric() || i.Kind == KindMultiple
}
