package climate

// talk is what a team may ask itself about a factor: why it goes well where it is the strongest, and where it is the
// weakest what stands in the way and what could be tried.
type talk struct{ strong, weak, next string }

// talks are the questions about our own safety-climate scale, by factor. They ask about work and never about persons, and
// can be answered without saying what one answered.
var talks = map[string]talk{
	"safety_workload": {
		strong: "What keeps your workload safe on a busy day, and what would put that at risk?",
		weak:   "Which jobs push safety checks aside most often, and at what time of the week?",
		next:   "Which one task could be dropped, moved or shared, and who would have to agree to it?",
	},
	"safety_communication": {
		strong: "How does news reach everybody here before it is needed, also those who were away?",
		weak:   "Which message reached somebody late in the past month, and where did it wait?",
		next:   "Which one handover, result or change could get a fixed way and a person who takes it from there?",
	},
	"safety_leadership": {
		strong: "What do those who run the practice do that makes it easy to point out a hazard?",
		weak:   "What happens after somebody points out a hazard, and how do they learn what became of it?",
		next:   "Which one concern could be answered by the next meeting, and who will answer it?",
	},
	"safety_teamwork": {
		strong: "When did working together go well lately, and what would keep it so for people who are new?",
		weak:   "Where does work pass between roles, and whose view is heard last?",
		next:   "Which one piece of work could two roles plan together before the next meeting?",
	},
	"safety_learning": {
		strong: "What do you do differently now because of something that went wrong, and how does it stay that way?",
		weak:   "Which kind of slip keeps coming back, and what has been tried against it?",
		next:   "Which one near miss could be looked at together, with a change that can be seen to work?",
	},
}

// talkAbout returns the questions about a factor; those for scales of others name it.
func talkAbout(f *PracticeFactor) talk {
	if t, ok := talks[f.ID]; ok {
		return t
	}
	name := "“" + f.Title + "”"
	return talk{
		strong: "What makes " + name + " go well in your team, and what would keep it so?",
		weak:   "What makes " + name + " hard in your team, and what was different when it went better?",
		next:   "Which one thing about " + name + " could be tried before the next round, and how would you notice that it helped?",
	}
}

// questions chooses three questions: one about the strongest factor, and two about the weakest, what stands in the way and
// what to try. Where both are the same or nothing of the practice's own is shown, it asks in general.
func (p *PracticeReport) questions() []string {
	best, worst := p.best(1), p.best(-1)
	if best == nil {
		return []string{
			"Which of these figures would you expect to look different in your own team, and why?",
			"What would make it easier for everybody in the team to take part in the next round?",
			"Which one thing would make the working day here safer, and who could start it?",
		}
	}
	if best.ID == worst.ID {
		about := talkAbout(best)
		return []string{about.strong, about.weak, about.next}
	}
	return []string{talkAbout(best).strong, talkAbout(worst).weak, talkAbout(worst).next}
}
