package servertest

// SmallStudy is a study file as short as one can be: one site, one instrument of the library, and no round of staff.
const SmallStudy = `id: small
title: A small study
contact: The front desk
consent: {version: "1", intro: Please read this., clauses: [{id: yes, text: I agree., required: true}]}
arms: [{id: all, title: Everybody}]
sites: [{id: one, title: The Only Practice, arm: all, staff: 3}]
instruments: {wellbeing: "1"}
primary: wellbeing
waves:
  - {id: baseline, title: Baseline, audience: patients, baseline: true, after: 28, instruments: [wellbeing]}
`
