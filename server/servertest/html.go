package servertest

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// checkHTML fails the test if a page breaks a rule that screen readers or our content policy rely on: one h1, unique ids, a
// label for every input, no reference to an id that does not exist, no style attribute and no inline script.
func checkHTML(t *testing.T, where, text string) {
	t.Helper()
	if !strings.HasPrefix(text, "<!DOCTYPE html>") {
		return
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	ids, labelled, h1 := make(map[string]int), make(map[string]bool), 0
	for n := range root.Descendants() {
		if id := attribute(n, "id"); id != "" {
			ids[id]++
		}
		switch {
		case n.Data == "label":
			labelled[attribute(n, "for")] = true
		case n.Data == "h1":
			h1++
		case n.Data == "script" && (attribute(n, "src") == "" || n.FirstChild != nil), n.Data == "style", attribute(n, "style") != "":
			t.Errorf("%s: <%s> breaks the content policy", where, n.Data)
		}
	}
	if h1 != 1 {
		t.Errorf("%s: %d h1, want one", where, h1)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: id %q occurs %d times", where, id, n)
		}
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		typed := n.Data == "textarea" || n.Data == "select" || n.Data == "input" && attribute(n, "type") != "hidden"
		if typed && !labelled[attribute(n, "id")] {
			t.Errorf("%s: input %q has no label", where, attribute(n, "name"))
		}
		named := append(strings.Fields(attribute(n, "aria-describedby")), strings.Fields(attribute(n, "aria-labelledby"))...)
		if link := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(link, "#") {
			named = append(named, link[1:])
		}
		for _, id := range named {
			if ids[id] == 0 {
				t.Errorf("%s: <%s> names id %q, which is not there", where, n.Data, id)
			}
		}
	}
}

func attribute(n *html.Node, name string) string {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	if i < 0 {
		return ""
	}
	return n.Attr[i].Val
}

// HiddenValue returns the value of a hidden field.
func HiddenValue(t *testing.T, text, name string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data == "input" && attribute(n, "type") == "hidden" && attribute(n, "name") == name {
			return attribute(n, "value")
		}
	}
	t.Fatalf("the page has no hidden field %s", name)
	return ""
}

// HiddenFields returns the names and values of all hidden fields, in their order, but for those of the frame.
func HiddenFields(t *testing.T, text string) (fields [][2]string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data == "input" && attribute(n, "type") == "hidden" {
			fields = append(fields, [2]string{attribute(n, "name"), attribute(n, "value")})
		}
	}
	return fields
}

// TextsIn returns what stands in the elements of a kind inside the section of a page that begins with a heading.
func TextsIn(t *testing.T, page, heading string, kinds ...string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for section := range root.Descendants() {
		if section.Data != "section" || !strings.Contains(TextOf(section), heading) {
			continue
		}
		for n := range section.Descendants() {
			for _, kind := range kinds {
				if n.Type == html.ElementNode && n.Data == kind {
					texts = append(texts, TextOf(n))
				}
			}
		}
	}
	return texts
}

// TextOf is the text inside an element, its words one blank apart.
func TextOf(n *html.Node) string {
	var words []string
	for inner := range n.Descendants() {
		if inner.Type == html.TextNode {
			words = append(words, strings.Fields(inner.Data)...)
		}
	}
	return strings.Join(words, " ")
}
