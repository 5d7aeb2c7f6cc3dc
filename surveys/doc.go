// Package surveys is the domain: what a study is, and what may happen to it. It knows neither HTTP nor SQL.
//
// # The story
//
// A programme is evaluated by asking the same people the same questions twice or more, through the practices that look
// after them. Everything that a team plans stands in one file, which [ParseStudy] reads into a [Study]: arms, sites,
// waves, the instruments of each wave, what a participant agrees to, how many answers are enough, and what a release
// may carry. Questionnaires are data as well: [ParseInstrument] reads an [Instrument] with its items and the rules of
// its scales, and [ParseWording] its words in one language. What a wave asks, in order, is a [Questionnaire]; a response
// keeps the one that it began with, whatever the study file says later.
//
// A person who is asked has an [Enrolment] in the study, at a site and so in an arm. An [Invitation] is their personal
// link and typed code for one wave. They consent, and answer, on whatever device is at hand.
//
// Answers enter in one way. Each save is a [Submission]: the id of the sitting, a sequence number, and the items that
// changed since the save before. [Response.Take] checks it and says what goes into the ledger, an append-only list of
// everything that arrived; [Answers] is what they have come to. For each item the value received last stands, but
// within a sitting a lower number that arrives late never overrides a higher one. A participant's answers are not turned
// away for being late or partly wrong: what is wrong is set aside with a reason, what is late is flagged. [Replay] is the
// one fold of the ledger, so folding it again always gives the stored response. A save that comes twice is not folded
// twice: see [Response.Receive].
//
// Every fold also computes the scores (package scoring) and the [Disposition], the outcome of an enrolment at a wave.
// What a person recorded is never replaced by what was computed. An answer that somebody gave in the person's place is
// marked for as long as it stands, and the primary outcome has no score while it holds one, so that power does not count
// on what somebody else said. From dispositions alone package monitor makes what the team watches: the response rates of
// each arm, site and wave, and for each [Target] the power that the study has now.
//
// Some answers say that somebody may not be safe. A confirmed one to a safety item raises an [Alert] in the commit that takes
// the answer in, with the messages of its route, which the [SafetyPlan] of the study plans. An alert says whom to call and
// never what was answered; it is open until an account takes it on.
//
// Practice staff are asked in another way. A [StaffRound] is opened by a card that nobody's name is on; the code is
// spent and the answers are stored together, with no time, no order and no person. Package sealing locks them as they
// arrive, and two of three custodians open the [Round] once it is closed. Package climate works out the results, and package
// disclosure which of them may be shown.
//
// # Where things are
//
//   - studyfile.go, studychange.go and studystate.go: the file, what may change in it, and the study's states;
//   - instrument.go, wording.go and questionnaire.go: what is asked, with enable.go for what depends on other answers;
//   - words.go: closed sets and their words; howgiven.go: helpers, places and aids to reading;
//   - submission.go, collection.go and response.go: the one way in; repeats.go for what comes again, ledger.go for what is
//     kept, and replay.go, answers.go and proxy.go for what it comes to;
//   - disposition.go and target.go: outcomes, and how many are enough; package monitor says how far the study is;
//   - withdrawal.go and consentcopy.go: leaving a study, and what somebody keeps of what they agreed to;
//   - library, demo, store, release and report, the folders beside: instruments that come with the program, the
//     demonstration, the database, what leaves, and what is drawn.
//
// A rule that is broken is an [Error] with a [Kind]; its message is a sentence for the person who broke it.
//
// # Words
//
// One idea has one word, in code, tables, addresses and pages.
//
//   - A study is the whole protocol. It has arms, the groups that are compared; and sites, the places that recruit, each
//     in one arm.
//   - A wave is a planned occasion on which a study asks. A round is a wave of the anonymous staff survey.
//   - A participant is a person who answers. An enrolment is that person in one study, arm and site.
//   - An account is somebody who signs in, and its role says what they may do. Participants have no account.
//   - An invitation is the personal link and code for one enrolment and wave; a reminder nudges later.
//   - An instrument is a published questionnaire, an item one of its questions, an option one of an item's choices.
//   - A scale is a set of items scored together, a score the number that comes out, a band the label for a range of it.
//   - An answer is one item's value. A submission is one save that arrived. A response is the questionnaire of one
//     participant at one wave, folded from its submissions.
//   - A withdrawal is a person's leaving of the study, at a level: no more contact, no more collection, or erasure, the one
//     thing that ever changes the ledger.
//   - A disposition is the outcome of an enrolment at a wave: not yet due, pending, complete, partial, break-off,
//     refusal, non-contact, other eligible, unknown eligibility or ineligible. It is kept as a history.
//   - A kiosk is a tablet that a practice hands to the people who answer. Code, tables and addresses say kiosk; only
//     sentences for people say tablet. Whoever gives it back leaves it; leaving the study is a withdrawal.
//   - A ticket is what the browser of somebody who answers holds, and says whose response it is at. Only an account has a
//     session.
//   - A proxy is somebody who answers in a person's place; whoever only helps is a helper, and the answers are the person's.
//   - A response rate is one of the six that AAPOR defines, RR1 to RR6, and is never mentioned without saying which.
//   - A target is what the study promised to be able to see, and the completes that this takes. Power is the probability
//     of seeing it.
//   - A release is a numbered snapshot that leaves the team. In it a pseudonym stands for a person, and a codebook
//     describes every column.
package surveys
