package surveys

import (
	"fmt"
	"testing"
)

// checkSet says that every value of a closed set has a word of its own, that the word leads back to it, and that what is no
// value has none. labels are what people are told instead, if anything.
func checkSet[T interface {
	~uint8 | ~int
	fmt.Stringer
}](t *testing.T, words Words[T], parse func(string) (T, bool), last T, labels ...Words[T]) {
	t.Helper()
	values := words.Values()
	if len(values) == 0 || values[0] != 1 || values[len(values)-1] != last {
		t.Fatalf("Values() = %v, want 1 to %d", values, last)
	}
	for _, value := range values {
		if got, ok := parse(value.String()); value.String() == "" || !ok || got != value {
			t.Errorf("parse(%q) = %d, %v, want %d", value.String(), got, ok, value)
		}
		for _, label := range labels {
			if label.Word(value) == "" {
				t.Errorf("%q has no label", value.String())
			}
		}
	}
	for _, none := range []T{0, last + 1} {
		if got := none.String(); got != "" {
			t.Errorf("%T(%d) = %q, want nothing", none, none, got)
		}
	}
	for _, word := range []string{"", "none such"} {
		if got, ok := parse(word); ok || got != 0 {
			t.Errorf("parse(%q) = %d, %v, want 0, false", word, got, ok)
		}
	}
}

func TestWords(t *testing.T) {
	checkSet(t, modeWords, ParseMode, Bulk, modeLabels)
	checkSet(t, profileWords, ParseReleaseProfile, OpenRelease)
	checkSet(t, stateWords, ParseStudyState, Locked)
	checkSet(t, missingWords, ParseMissing, Cleared)
	checkSet(t, roleWords, ParseRole, Auditor)
	checkSet(t, audienceWords, ParseAudience, Organisations)
	checkSet(t, layoutWords, ParseLayout, OnePage)
	checkSet(t, paperStateWords, ParsePaperState, PaperSubmitted)
	checkSet(t, scopeWords, ParseKeyScope, CorrectScope)
	checkSet(t, authorWords, ParseAuthorKind, ByCommand)
	checkSet(t, queryDecisionWords, ParseQueryDecision, OtherTaken)
	checkSet(t, correctionReasonWords, ParseCorrectionReason, QueryAnswered)
	checkSet(t, lookReasonWords, ParseLookReason, LookToVerify, lookReasonLabels)
	checkSet(t, licenceWords, ParseWordingLicence, WordingNeutral)
	checkSet(t, kindWords, ParseItemKind, KindDisplay)
	checkSet(t, verdictWords, ParseVerdict, Aside)
	checkSet(t, alertStepWords, ParseAlertStep, Escalate, alertStepLabels)
	checkSet(t, levelWords, ParseWithdrawalLevel, EraseAnswers, levelLabels)
	checkSet(t, channelWords, ParseChannel, ByLetter, channelLabels)
	checkSet(t, proposalWords, ParseProposalKind, LetOut, proposalLabels)
	checkSet(t, proposalStateWords, ParseProposalState, ProposalRefused)
	checkSet(t, dispositionWords, ParseDisposition, Ineligible, dispositionLabels)
	checkSet(t, sourceWords, ParseDispositionSource, ByPerson)
	checkSet(t, classWords, ParseClass, ClassParadata)
	checkSet(t, classSourceWords, ParseClassSource, ClassByKind, classSources)
}

func TestEither(t *testing.T) {
	if got, want := Either(modeWords.Values()), "web, kiosk, paper, telephone or bulk"; got != want {
		t.Errorf("Either(modes) = %q, want %q", got, want)
	}
	if got := either([]string{"one"}); got != "one" {
		t.Errorf("either of one = %q", got)
	}
}
