package surveys

import (
	"slices"
	"time"
)

// Proposal is something that cannot be undone, or not easily, which one account asked for and which happens only once another
// has agreed. An erasure that was asked for after the lock is one too: the person may have asked for it themselves, and it is
// decided by whoever answers for the data. A proposal is decided once.
type Proposal struct {
	ID        ProposalID
	Study     StudyID
	Kind      ProposalKind
	Enrolment EnrolmentID // of an erasure
	Label     string      // the person's number in the study
	Channel   Channel     // of an erasure: how it was asked for
	// ErasureDays is how long an erasure waits once somebody has agreed, as the study had it when it was asked for.
	ErasureDays int
	Release     int       // of a release: its number
	By          AccountID // empty where the person asked themselves
	At          time.Time
	Due         time.Time // by when it is to be decided
	State       ProposalState
	Ground      string // why it was decided so: a code from Grounds
	DecidedBy   AccountID
	DecidedAt   time.Time
}

// ProposalID identifies a proposal.
type ProposalID string

// ProposalKind says what was asked for.
type ProposalKind uint8

// The kinds.
const (
	EraseMore   ProposalKind = iota + 1 // erasure of one more person than a site may ask for within an hour
	EraseLocked                         // erasure after the lock
	Unlock                              // that a locked study is closed again
	LetOut                              // that a release goes to people beyond the team
)

var proposalWords = Words[ProposalKind]{EraseMore: "erasure", EraseLocked: "locked-erasure", Unlock: "unlock", LetOut: "release"}

// String returns the word that stands in the database.
func (k ProposalKind) String() string { return proposalWords.Word(k) }

// ParseProposalKind returns the kind named by word.
func ParseProposalKind(word string) (ProposalKind, bool) { return proposalWords.Parse(word) }

var proposalLabels = Words[ProposalKind]{EraseMore: "Erase a person’s answers", EraseLocked: "Erase a person’s answers after the lock",
	Unlock: "Unlock the study", LetOut: "Let a release out of the team"}

// Label names the kind in a list.
func (k ProposalKind) Label() string { return proposalLabels.Word(k) }

// ProposalState says how far a proposal has come.
type ProposalState uint8

// The states.
const (
	ProposalWaiting ProposalState = iota + 1
	ProposalAgreed                // and done
	ProposalRefused               // and nothing was done
)

var proposalStateWords = Words[ProposalState]{ProposalWaiting: "waiting", ProposalAgreed: "agreed", ProposalRefused: "refused"}

// String returns the word that stands in the database.
func (s ProposalState) String() string { return proposalStateWords.Word(s) }

// ParseProposalState returns the state named by word.
func ParseProposalState(word string) (ProposalState, bool) { return proposalStateWords.Parse(word) }

// ErasuresAnHour is how many people of a site staff can have erased within an hour before somebody else has to agree. A practice
// that closes may ask for more; an account in the wrong hands asks for all.
const ErasuresAnHour = 3

// erasures reports whether the kind is about a person, who has a right to an answer.
func (k ProposalKind) erasure() bool { return k == EraseMore || k == EraseLocked }

// DecidedWithin is how long there is to decide. The law gives a month for what a person asked, so four weeks are less than
// any month; anything else has to be asked for again after three days, because much may have changed.
func (k ProposalKind) DecidedWithin() time.Duration {
	if k.erasure() {
		return 28 * 24 * time.Hour
	}
	return 3 * 24 * time.Hour
}

// Deciders lists the roles that may decide.
func (k ProposalKind) Deciders() []Role {
	if k == EraseLocked || k == LetOut {
		return []Role{Administrator, DataManager}
	}
	return []Role{Administrator, Researcher, DataManager}
}

// Ground is why a proposal is decided in a way: a code and never free text.
type Ground struct {
	Reason
	Agrees bool
}

// Grounds lists the grounds of which one has to be given.
func (k ProposalKind) Grounds() []Ground {
	if k == EraseLocked {
		return []Ground{
			{Reason{Code: "not-needed", Label: "Erase: the analysis does not need these answers"}, true},
			{Reason{Code: "objection", Label: "Erase: the person’s interest weighs more than the analysis"}, true},
			{Reason{Code: "research", Label: "Keep: erasing would make the research impossible or seriously impair it (Article 17(3)(d) of the UK GDPR)"}, false},
			{Reason{Code: "duty", Label: "Keep: a legal duty demands that these answers are kept (Article 17(3)(b) of the UK GDPR)"}, false},
			{Reason{Code: "mistake", Label: "Keep: it was not meant, or it was asked for the wrong person"}, false},
		}
	}
	return []Ground{
		{Reason{Code: "checked", Label: "Agree: I have checked that this is meant"}, true},
		{Reason{Code: "doubt", Label: "Refuse: I am not sure that this is meant"}, false},
		{Reason{Code: "mistake", Label: "Refuse: this is a mistake"}, false},
	}
}

// ErasureAsked returns the proposal, among those about one person that wait, which an erasure asked for now would only repeat; nil
// where there is none. After the lock that is one which was asked for after it. Before, it is one that staff had asked for, and
// staff alone repeat it: what people ask for themselves needs nobody else.
func ErasureAsked(waiting []Proposal, byStaff bool, state StudyState) *Proposal {
	for i, p := range waiting {
		if p.Kind == EraseLocked && state == Locked || p.Kind == EraseMore && state != Locked && byStaff {
			return &waiting[i]
		}
	}
	return nil
}

// Lapses reports whether proposals of the kind have to be asked for again when they were not decided in time.
func (k ProposalKind) Lapses() bool { return !k.erasure() }

// GroundLabel returns a ground in words.
func (p Proposal) GroundLabel() string {
	for _, ground := range p.Kind.Grounds() {
		if ground.Code == p.Ground {
			return ground.Label
		}
	}
	return ""
}

// ErasureWait is how long the erasure waits once somebody has agreed, whoever asked for it.
func (p Proposal) ErasureWait() time.Duration { return erasureWait(p.ErasureDays) }

// Lapsed reports whether a proposal was not decided in time. What a person asked for does not lapse: it is late.
func (p Proposal) Lapsed(now time.Time) bool {
	return p.State == ProposalWaiting && p.Kind.Lapses() && !now.Before(p.Due)
}

// Late reports whether a person waits for a decision for longer than they should.
func (p Proposal) Late(now time.Time) bool {
	return p.State == ProposalWaiting && p.Kind.erasure() && !now.Before(p.Due)
}

// CheckDecider fails with Forbidden for an account that may not decide: of another role, or the one that asked.
func (p Proposal) CheckDecider(by Account) error {
	switch {
	case !slices.Contains(p.Kind.Deciders(), by.Role) || !by.SeesStudy(p.Study):
		return Errorf(Forbidden, "Your role, %s, does not decide this.", by.Role.Label())
	case by.ID == p.By:
		return Errorf(Forbidden, "You asked for this yourself, so somebody else has to decide.")
	}
	return nil
}

// Decide returns the proposal as the account decides it. It fails as CheckDecider does, with Conflict for what is decided or
// has lapsed, and with Invalid for an unknown ground.
func (p Proposal) Decide(by Account, ground string, now time.Time) (Proposal, error) {
	if err := p.CheckDecider(by); err != nil {
		return p, err
	}
	if p.State != ProposalWaiting {
		return p, Errorf(Conflict, "Somebody has decided this already.")
	}
	if p.Lapsed(now) {
		return p, Errorf(Conflict, "This was not decided in time. It has to be asked for again.")
	}
	for _, g := range p.Kind.Grounds() {
		if g.Code == ground {
			p.State, p.Ground, p.DecidedBy, p.DecidedAt = ProposalRefused, ground, by.ID, now
			if g.Agrees {
				p.State = ProposalAgreed
			}
			return p, nil
		}
	}
	return p, Errorf(Invalid, "Choose what you decide, and why.")
}
