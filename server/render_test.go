package server

import (
	"bytes"
	"html/template"
	"reflect"
	"strings"
	"testing"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys/locale"
)

// fill sets every string below v to text, every bool to set, and gives every slice two members. Kinds of input are
// spread over the questions, so that each is printed.
func fill(v reflect.Value, text string, set bool, inputs *int) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		fill(v.Elem(), text, set, inputs)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() || v.Type().Field(i).Anonymous {
				fill(v.Field(i), text, set, inputs)
			}
		}
		if v.Type() == reflect.TypeFor[page.Base]() {
			v.FieldByName("Language").SetString(locale.Source)
		}
		if v.Type() == reflect.TypeFor[question.View]() {
			kinds := []string{"choices", "rating", "date", "number", "vas", "line", "long", "display"}
			v.FieldByName("Input").SetString(kinds[*inputs%len(kinds)])
			*inputs++
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), text, set, inputs)
		}
	case reflect.String:
		if v.Type() != reflect.TypeFor[template.HTML]() {
			v.SetString(text)
		}
	case reflect.Bool:
		v.SetBool(set)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	}
}

// sample returns a page of p's type with text in every text.
func sample(p page.Page, text string, set bool, inputs int) page.Page {
	v := reflect.New(reflect.TypeOf(p).Elem())
	fill(v, text, set, &inputs)
	return v.Interface().(page.Page)
}

func TestEveryPageRenders(t *testing.T) {
	r, err := page.NewRenderer(declaredPages(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range declaredPages() {
		for inputs := range 8 {
			for _, set := range []bool{true, false} {
				var b bytes.Buffer
				if err := r.Render(&b, sample(p, "words", set, inputs)); err != nil {
					t.Errorf("%s: %v", p.Template(), err)
				}
				for _, want := range []string{"<!DOCTYPE html>", `<main id="maincontent">`, "</html>"} {
					if strings.Count(b.String(), want) != 1 {
						t.Errorf("%s: %q stands %d times, want once", p.Template(), want, strings.Count(b.String(), want))
					}
				}
			}
		}
	}
}

func TestEveryTextIsEscaped(t *testing.T) {
	r, err := page.NewRenderer(declaredPages(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range declaredPages() {
		for inputs := range 8 {
			for _, set := range []bool{true, false} {
				var b bytes.Buffer
				if err := r.Render(&b, sample(p, `"><em>`, set, inputs)); err != nil {
					t.Errorf("%s: %v", p.Template(), err)
				}
				if strings.Contains(b.String(), "<em>") {
					t.Errorf("%s: a text reaches the page unescaped", p.Template())
				}
			}
		}
	}
}

// A page's own field must not hide one that the frame prints.
func TestPagesHideNothingOfTheFrame(t *testing.T) {
	for _, p := range declaredPages() {
		own := reflect.TypeOf(p).Elem()
		frame := own.Field(0).Type
		if !own.Field(0).Anonymous {
			t.Errorf("%s begins without a frame", own.Name())
			continue
		}
		for i := range own.NumField() {
			field := own.Field(i)
			if _, hidden := frame.FieldByName(field.Name); hidden && !field.Anonymous {
				t.Errorf("%s: the field %s hides the frame's", own.Name(), field.Name)
			}
		}
	}
}

// Every page of a demonstration says that it is one, once, whether it belongs to a study or not.
func TestDemonstrationOnEveryPage(t *testing.T) {
	r, err := page.NewRenderer(declaredPages(), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range declaredPages() {
		var b bytes.Buffer
		if err := r.Render(&b, sample(p, "words", true, 1)); err != nil {
			t.Errorf("%s: %v", p.Template(), err)
			continue
		}
		if n := strings.Count(b.String(), "Demonstration with invented people."); n != 1 {
			t.Errorf("%s says %d times that it is a demonstration, want once", p.Template(), n)
		}
	}
}
