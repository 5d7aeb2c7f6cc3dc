package main

import (
	"io"

	"wellwave/surveys"
	"wellwave/surveys/report"
	"wellwave/surveys/store"
)

type paperCommand struct {
	Study      string `required:"" help:"The study."`
	Wave       string `required:"" help:"The wave."`
	Instrument string `placeholder:"ID" help:"One instrument of the wave; without it all of them, as the entry screens expect."`
	Language   string `placeholder:"CODE" help:"The language of the wording, such as en-GB. Without it the first that there is."`
	Out        string `required:"" type:"path" placeholder:"FILE" help:"The PDF to write."`
}

// Help shows an example.
func (*paperCommand) Help() string {
	return "It is the blank questionnaire, the same bytes each time; one with a person's code comes from the desk. Instructions are in English, and only languages written from left to right can be printed.\n\nExample:\n  wellwave paper --study links --wave baseline --out baseline.pdf\n  wellwave paper --study links --wave baseline --instrument gad7 --out gad7.pdf"
}

// Run writes the blank questionnaire of a wave.
func (c *paperCommand) Run(a *app) error {
	return a.withStore(func(s *store.Store) error {
		study, state, err := s.Study(a.ctx, surveys.StudyID(c.Study))
		if err != nil {
			return err
		}
		wave, ok := study.Wave(surveys.WaveID(c.Wave))
		if !ok {
			return surveys.Errorf(surveys.NotFound, "the study has no wave %s", c.Wave)
		}
		q, err := s.CurrentQuestionnaire(a.ctx, study.ID, wave.ID)
		if err != nil {
			return err
		}
		if c.Instrument != "" {
			if q, err = q.Only(surveys.InstrumentID(c.Instrument)); err != nil {
				return err
			}
		}
		p := report.Paper{Study: study, State: state, Wave: wave, Questionnaire: q, Language: c.Language, Consent: wave.Baseline}
		if p.Language == "" {
			languages := study.Printable(q)
			if len(languages) == 0 {
				return surveys.Errorf(surveys.NotFound, "the instruments of wave %s have no language in common that can be printed", c.Wave)
			}
			p.Language = languages[0]
		}
		return a.writeOut(c.Out, func(w io.Writer) error { return report.WritePaper(w, p) })
	})
}
