package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

func modelCopy() *surveys.ConsentCopy {
	return &surveys.ConsentCopy{Title: "Links practitioners in general practice", Contact: "The study team, 0141 496 0000", Zone: time.UTC, Label: "L0042", At: asAt,
		Text: surveys.Consent{Version: "3", Intro: "Please read this first.", Clauses: []surveys.Clause{
			{ID: "take-part", Text: "I agree to take part.", Required: true}, {ID: "ask-again", Text: "You may ask me again.", Required: false}}},
		Given: surveys.ConsentGiven{Version: "3", Language: "en", Clauses: []string{"take-part"}}, Study: &surveys.Study{ErasureDays: surveys.DefaultErasureDays}}
}

func copyPDF(t *testing.T, c *surveys.ConsentCopy) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteConsentCopy(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteConsentCopy(t *testing.T) {
	got := copyPDF(t, modelCopy())
	golden(t, "agreed.pdf", got)
	if again := copyPDF(t, modelCopy()); !bytes.Equal(got, again) {
		t.Error("the same copy gave other bytes the second time")
	}
	text := pdfText(t, got)
	for _, want := range []string{"L0042", "version 3", "Monday 5 January 2026", "You agreed: I agree to take part.", "You did not tick this: You may ask me again.",
		"0141 496 0000", "Samaritans, day and night: 116 123", "Erase what can be erased", "What stays", "Once the data of the study are locked"} {
		if !strings.Contains(text, want) {
			t.Errorf("the copy doesn't say %q", want)
		}
	}
	if strings.Contains(text, "You have left") {
		t.Error("the copy of somebody who takes part says that they have left")
	}
}

func TestWriteConsentCopyOfSomebodyWhoLeft(t *testing.T) {
	c := modelCopy()
	c.Demo = true
	c.Left = surveys.Withdrawal{Level: surveys.StopCollection, Channel: surveys.ByLetter, At: asAt.AddDate(0, 1, 0)}
	text := pdfText(t, copyPDF(t, c))
	for _, want := range []string{"You have left the study", "5 February 2026", "Do not collect anything more about me", "Demonstration"} {
		if !strings.Contains(text, want) {
			t.Errorf("the copy doesn't say %q", want)
		}
	}
	if strings.Contains(text, "Erase what can be erased") {
		t.Error("the copy still offers to leave")
	}
}
