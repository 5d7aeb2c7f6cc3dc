package main

import (
	"os"
	"strings"
	"testing"

	"wellwave/surveys/library"
)

// Every instrument is listed and shown with its codes, scale ids and what is not certain, and its file printed unchanged.
func TestInstrumentShow(t *testing.T) {
	instruments, err := library.List()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	list := must(t, "", "", "instrument", "list")
	for _, i := range instruments {
		shown := must(t, "", "", "instrument", "show", string(i.ID))
		if !strings.Contains(list, "\n"+string(i.ID)+" ") {
			t.Errorf("instrument list lacks %s:\n%s", i.ID, list)
		}
		if !strings.Contains(string(readme), "`"+string(i.ID)+"`") {
			t.Errorf("README's table of instruments lacks %s", i.ID)
		}
		for _, item := range i.Items {
			if !strings.Contains(shown, "\n  "+item.Code+" (") {
				t.Errorf("instrument show %s lacks the item %s", i.ID, item.Code)
			}
		}
		for _, scale := range i.Scales {
			d := scale.Definition()
			if !strings.Contains(shown, "\n  "+d.ID+": ") || !strings.Contains(shown, "missing: "+scale.MissingText()) {
				t.Errorf("instrument show %s lacks the scale %s or its missing rule:\n%s", i.ID, d.ID, shown)
			}
			if d.Missing.Unconfirmed && !strings.Contains(shown, "unconfirmed") {
				t.Errorf("instrument show %s does not say what is unconfirmed", i.ID)
			}
		}
		source, _, err := library.Source(i.ID)
		if got := must(t, "", "", "instrument", "show", string(i.ID), "--yaml"); err != nil || got != string(source) {
			t.Errorf("instrument show %s --yaml is not the file (%v)", i.ID, err)
		}
	}
}

func TestInstrumentShowSaysHowAScaleIsMade(t *testing.T) {
	for id, want := range map[string][]string{
		"eq5d5l": {"\nLanguages: ar (neutral labels), en-GB (neutral labels)\n", "Mobility: level 1 of 5"},
		"gad7":   {"\nLanguages: ar (not reviewed), en-GB\n", "Trouble relaxing"},
		"phq9": {"phq9_9 (likert) safety item", "missing: at least 7 of 9 items answered; the person's mean stands in for the others",
			", unconfirmed\n", "table: 0 → 0, 1 → 0, 2 → 1, 3 → 1, 4 → 1, 5 → 2", "bands, from: 0 minimal, 5 mild"},
		"hads":    {"at least 4 of 7 items answered (a share of 0.5)", "answers as hads_1"},
		"djg6":    {"djg6_2 (likert) reversed", "rule: how many of 6 items are 2 or more\n"},
		"icecapa": {"range: -0.001 to 1, higher is better", "rule: the weights of the answers to 5 items added up, rounded to 3 decimals, unconfirmed"},
	} {
		shown := must(t, "", "", "instrument", "show", id)
		for _, words := range want {
			if !strings.Contains(shown, words) {
				t.Errorf("instrument show %s lacks %q:\n%s", id, words, shown)
			}
		}
	}
}
