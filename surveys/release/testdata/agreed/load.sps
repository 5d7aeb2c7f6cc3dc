* Encoding: UTF-8.
* Makes labelled data of the tables of this release, each in a file of its own name that ends in .sav. Start it in the folder:
* CD 'folder'.
* INSERT FILE='load.sps'.
* Why a number is missing is a missing value of its own; of texts the file of reasons says it.

GET DATA /TYPE=TXT /FILE='participants.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"'
  /FIRSTCASE=2 /VARIABLES=
  id A32
  arm A5
  about_age A11
  baseline_disposition A19
  baseline_due F10.0
  baseline_opens F10.0
  baseline_closes F10.0
  baseline_mode A9
  baseline_day F10.0
  later_disposition A19
  later_due F10.0
  later_opens F10.0
  later_closes F10.0
  later_mode A9
  later_day F10.0.
VARIABLE LABELS id 'Id of the person in this release'.
VARIABLE LABELS arm 'Arm of the study'.
VALUE LABELS arm
  'new' 'New'
  'usual' 'Usual'.
VARIABLE LABELS about_age 'How old are you?'.
VARIABLE LABELS baseline_disposition 'What came of Baseline'.
VALUE LABELS baseline_disposition
  'not-yet-due' 'Not yet due'
  'pending' 'Pending'
  'complete' 'Complete'
  'partial' 'Partial'
  'break-off' 'Break-off'
  'refusal' 'Refused'
  'non-contact' 'Non-contact'
  'other-eligible' 'Other eligible'
  'unknown-eligibility' 'Eligibility unknown'
  'ineligible' 'Ineligible'.
VARIABLE LABELS baseline_due 'Day on which Baseline was due, in days since the person''s baseline'.
VALUE LABELS baseline_due
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_due (-99990009 THRU -99990001).
VARIABLE LABELS baseline_opens 'First day of its window, in days since the person''s baseline'.
VALUE LABELS baseline_opens
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_opens (-99990009 THRU -99990001).
VARIABLE LABELS baseline_closes 'Last day of its window, in days since the person''s baseline'.
VALUE LABELS baseline_closes
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_closes (-99990009 THRU -99990001).
VARIABLE LABELS baseline_mode 'How the answers were collected'.
VALUE LABELS baseline_mode
  'web' 'the participant''s own device'
  'kiosk' 'a shared tablet'
  'paper' 'entered from paper'
  'telephone' 'read out and entered by an interviewer'
  'bulk' 'from a file or another system'.
VARIABLE LABELS baseline_day 'Day of the answers, in days since the person''s baseline; empty where it is not known'.
VALUE LABELS baseline_day
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_day (-99990009 THRU -99990001).
VARIABLE LABELS later_disposition 'What came of Three months'.
VALUE LABELS later_disposition
  'not-yet-due' 'Not yet due'
  'pending' 'Pending'
  'complete' 'Complete'
  'partial' 'Partial'
  'break-off' 'Break-off'
  'refusal' 'Refused'
  'non-contact' 'Non-contact'
  'other-eligible' 'Other eligible'
  'unknown-eligibility' 'Eligibility unknown'
  'ineligible' 'Ineligible'.
VARIABLE LABELS later_due 'Day on which Three months was due, in days since the person''s baseline'.
VALUE LABELS later_due
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_due (-99990009 THRU -99990001).
VARIABLE LABELS later_opens 'First day of its window, in days since the person''s baseline'.
VALUE LABELS later_opens
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_opens (-99990009 THRU -99990001).
VARIABLE LABELS later_closes 'Last day of its window, in days since the person''s baseline'.
VALUE LABELS later_closes
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_closes (-99990009 THRU -99990001).
VARIABLE LABELS later_mode 'How the answers were collected'.
VALUE LABELS later_mode
  'web' 'the participant''s own device'
  'kiosk' 'a shared tablet'
  'paper' 'entered from paper'
  'telephone' 'read out and entered by an interviewer'
  'bulk' 'from a file or another system'.
VARIABLE LABELS later_day 'Day of the answers, in days since the person''s baseline; empty where it is not known'.
VALUE LABELS later_day
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_day (-99990009 THRU -99990001).
SAVE OUTFILE='participants.sav'.

GET DATA /TYPE=TXT /FILE='baseline_mood.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"'
  /FIRSTCASE=2 /VARIABLES=
  id A32
  mood_1 F10.0
  mood_2 F10.0
  mood F20.10
  mood_answered F10.0
  mood_prorated F10.0.
VARIABLE LABELS id 'Id of the person in this release'.
VARIABLE LABELS mood_1 'How often is statement 1 true of you today?'.
VALUE LABELS mood_1
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_1 (-99990009 THRU -99990001).
VARIABLE LABELS mood_2 'How often is statement 2 true of you today?'.
VALUE LABELS mood_2
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_2 (-99990009 THRU -99990001).
VARIABLE LABELS mood 'Mood (higher-better); no score where a proxy gave any of its answers'.
VALUE LABELS mood
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood (-99990009 THRU -99990001).
VARIABLE LABELS mood_answered 'Items of mood that were answered'.
VALUE LABELS mood_answered
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_answered (-99990009 THRU -99990001).
VARIABLE LABELS mood_prorated 'Whether the mean of the answered items of mood stands for the others'.
VALUE LABELS mood_prorated
  1 'yes'
  0 'no'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_prorated (-99990009 THRU -99990001).
SAVE OUTFILE='baseline_mood.sav'.

GET DATA /TYPE=TXT /FILE='later_mood_missing.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"'
  /FIRSTCASE=2 /VARIABLES=
  id A32
  column A64
  reason A64.
RECODE reason
  ('not-asked' = -99990001)
  ('not-reached' = -99990002)
  ('skipped' = -99990003)
  ('prefer-not-to-say' = -99990004)
  ('not-applicable' = -99990005)
  ('not-recorded' = -99990006)
  ('no-questionnaire' = -99990007)
  ('no-score' = -99990008)
  ('withheld' = -99990009)
  INTO wellwave_why.
NUMERIC
  wellwave_1
  wellwave_2
  wellwave_3
  wellwave_4
  wellwave_5 (F10.0).
IF (column EQ 'mood_1') wellwave_1 = wellwave_why.
IF (column EQ 'mood_2') wellwave_2 = wellwave_why.
IF (column EQ 'mood') wellwave_3 = wellwave_why.
IF (column EQ 'mood_answered') wellwave_4 = wellwave_why.
IF (column EQ 'mood_prorated') wellwave_5 = wellwave_why.
SORT CASES BY id.
AGGREGATE OUTFILE=* /BREAK=id
  /wellwave_1 = MAX(wellwave_1)
  /wellwave_2 = MAX(wellwave_2)
  /wellwave_3 = MAX(wellwave_3)
  /wellwave_4 = MAX(wellwave_4)
  /wellwave_5 = MAX(wellwave_5).
SAVE OUTFILE='wellwave_reasons.sav'.

GET DATA /TYPE=TXT /FILE='later_mood.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"'
  /FIRSTCASE=2 /VARIABLES=
  id A32
  mood_1 F10.0
  mood_2 F10.0
  mood F20.10
  mood_answered F10.0
  mood_prorated F10.0.
SORT CASES BY id.
MATCH FILES /FILE=* /TABLE='wellwave_reasons.sav' /BY id.
IF (SYSMIS(mood_1)) mood_1 = wellwave_1.
IF (SYSMIS(mood_2)) mood_2 = wellwave_2.
IF (SYSMIS(mood)) mood = wellwave_3.
IF (SYSMIS(mood_answered)) mood_answered = wellwave_4.
IF (SYSMIS(mood_prorated)) mood_prorated = wellwave_5.
EXECUTE.
DELETE VARIABLES
  wellwave_1
  wellwave_2
  wellwave_3
  wellwave_4
  wellwave_5.
VARIABLE LABELS id 'Id of the person in this release'.
VARIABLE LABELS mood_1 'How often is statement 1 true of you today?'.
VALUE LABELS mood_1
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_1 (-99990009 THRU -99990001).
VARIABLE LABELS mood_2 'How often is statement 2 true of you today?'.
VALUE LABELS mood_2
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_2 (-99990009 THRU -99990001).
VARIABLE LABELS mood 'Mood (higher-better); no score where a proxy gave any of its answers'.
VALUE LABELS mood
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood (-99990009 THRU -99990001).
VARIABLE LABELS mood_answered 'Items of mood that were answered'.
VALUE LABELS mood_answered
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_answered (-99990009 THRU -99990001).
VARIABLE LABELS mood_prorated 'Whether the mean of the answered items of mood stands for the others'.
VALUE LABELS mood_prorated
  1 'yes'
  0 'no'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_prorated (-99990009 THRU -99990001).
ERASE FILE='wellwave_reasons.sav'.
SAVE OUTFILE='later_mood.sav'.

GET DATA /TYPE=TXT /FILE='wide_missing.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"'
  /FIRSTCASE=2 /VARIABLES=
  id A32
  column A64
  reason A64.
RECODE reason
  ('not-asked' = -99990001)
  ('not-reached' = -99990002)
  ('skipped' = -99990003)
  ('prefer-not-to-say' = -99990004)
  ('not-applicable' = -99990005)
  ('not-recorded' = -99990006)
  ('no-questionnaire' = -99990007)
  ('no-score' = -99990008)
  ('withheld' = -99990009)
  INTO wellwave_why.
NUMERIC
  wellwave_4
  wellwave_5
  wellwave_6
  wellwave_8
  wellwave_10
  wellwave_11
  wellwave_12
  wellwave_14
  wellwave_15
  wellwave_16
  wellwave_17
  wellwave_18
  wellwave_19
  wellwave_20
  wellwave_21
  wellwave_22
  wellwave_23
  wellwave_24 (F10.0).
IF (column EQ 'baseline_due') wellwave_4 = wellwave_why.
IF (column EQ 'baseline_opens') wellwave_5 = wellwave_why.
IF (column EQ 'baseline_closes') wellwave_6 = wellwave_why.
IF (column EQ 'baseline_day') wellwave_8 = wellwave_why.
IF (column EQ 'later_due') wellwave_10 = wellwave_why.
IF (column EQ 'later_opens') wellwave_11 = wellwave_why.
IF (column EQ 'later_closes') wellwave_12 = wellwave_why.
IF (column EQ 'later_day') wellwave_14 = wellwave_why.
IF (column EQ 'baseline_mood_1') wellwave_15 = wellwave_why.
IF (column EQ 'baseline_mood_2') wellwave_16 = wellwave_why.
IF (column EQ 'baseline_mood') wellwave_17 = wellwave_why.
IF (column EQ 'baseline_mood_answered') wellwave_18 = wellwave_why.
IF (column EQ 'baseline_mood_prorated') wellwave_19 = wellwave_why.
IF (column EQ 'later_mood_1') wellwave_20 = wellwave_why.
IF (column EQ 'later_mood_2') wellwave_21 = wellwave_why.
IF (column EQ 'later_mood') wellwave_22 = wellwave_why.
IF (column EQ 'later_mood_answered') wellwave_23 = wellwave_why.
IF (column EQ 'later_mood_prorated') wellwave_24 = wellwave_why.
SORT CASES BY id.
AGGREGATE OUTFILE=* /BREAK=id
  /wellwave_4 = MAX(wellwave_4)
  /wellwave_5 = MAX(wellwave_5)
  /wellwave_6 = MAX(wellwave_6)
  /wellwave_8 = MAX(wellwave_8)
  /wellwave_10 = MAX(wellwave_10)
  /wellwave_11 = MAX(wellwave_11)
  /wellwave_12 = MAX(wellwave_12)
  /wellwave_14 = MAX(wellwave_14)
  /wellwave_15 = MAX(wellwave_15)
  /wellwave_16 = MAX(wellwave_16)
  /wellwave_17 = MAX(wellwave_17)
  /wellwave_18 = MAX(wellwave_18)
  /wellwave_19 = MAX(wellwave_19)
  /wellwave_20 = MAX(wellwave_20)
  /wellwave_21 = MAX(wellwave_21)
  /wellwave_22 = MAX(wellwave_22)
  /wellwave_23 = MAX(wellwave_23)
  /wellwave_24 = MAX(wellwave_24).
SAVE OUTFILE='wellwave_reasons.sav'.

GET DATA /TYPE=TXT /FILE='wide.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"'
  /FIRSTCASE=2 /VARIABLES=
  id A32
  arm A5
  about_age A11
  baseline_disposition A19
  baseline_due F10.0
  baseline_opens F10.0
  baseline_closes F10.0
  baseline_mode A9
  baseline_day F10.0
  later_disposition A19
  later_due F10.0
  later_opens F10.0
  later_closes F10.0
  later_mode A9
  later_day F10.0
  baseline_mood_1 F10.0
  baseline_mood_2 F10.0
  baseline_mood F20.10
  baseline_mood_answered F10.0
  baseline_mood_prorated F10.0
  later_mood_1 F10.0
  later_mood_2 F10.0
  later_mood F20.10
  later_mood_answered F10.0
  later_mood_prorated F10.0.
SORT CASES BY id.
MATCH FILES /FILE=* /TABLE='wellwave_reasons.sav' /BY id.
IF (SYSMIS(baseline_due)) baseline_due = wellwave_4.
IF (SYSMIS(baseline_opens)) baseline_opens = wellwave_5.
IF (SYSMIS(baseline_closes)) baseline_closes = wellwave_6.
IF (SYSMIS(baseline_day)) baseline_day = wellwave_8.
IF (SYSMIS(later_due)) later_due = wellwave_10.
IF (SYSMIS(later_opens)) later_opens = wellwave_11.
IF (SYSMIS(later_closes)) later_closes = wellwave_12.
IF (SYSMIS(later_day)) later_day = wellwave_14.
IF (SYSMIS(baseline_mood_1)) baseline_mood_1 = wellwave_15.
IF (SYSMIS(baseline_mood_2)) baseline_mood_2 = wellwave_16.
IF (SYSMIS(baseline_mood)) baseline_mood = wellwave_17.
IF (SYSMIS(baseline_mood_answered)) baseline_mood_answered = wellwave_18.
IF (SYSMIS(baseline_mood_prorated)) baseline_mood_prorated = wellwave_19.
IF (SYSMIS(later_mood_1)) later_mood_1 = wellwave_20.
IF (SYSMIS(later_mood_2)) later_mood_2 = wellwave_21.
IF (SYSMIS(later_mood)) later_mood = wellwave_22.
IF (SYSMIS(later_mood_answered)) later_mood_answered = wellwave_23.
IF (SYSMIS(later_mood_prorated)) later_mood_prorated = wellwave_24.
EXECUTE.
DELETE VARIABLES
  wellwave_4
  wellwave_5
  wellwave_6
  wellwave_8
  wellwave_10
  wellwave_11
  wellwave_12
  wellwave_14
  wellwave_15
  wellwave_16
  wellwave_17
  wellwave_18
  wellwave_19
  wellwave_20
  wellwave_21
  wellwave_22
  wellwave_23
  wellwave_24.
VARIABLE LABELS id 'Id of the person in this release'.
VARIABLE LABELS arm 'Arm of the study'.
VALUE LABELS arm
  'new' 'New'
  'usual' 'Usual'.
VARIABLE LABELS about_age 'How old are you?'.
VARIABLE LABELS baseline_disposition 'What came of Baseline'.
VALUE LABELS baseline_disposition
  'not-yet-due' 'Not yet due'
  'pending' 'Pending'
  'complete' 'Complete'
  'partial' 'Partial'
  'break-off' 'Break-off'
  'refusal' 'Refused'
  'non-contact' 'Non-contact'
  'other-eligible' 'Other eligible'
  'unknown-eligibility' 'Eligibility unknown'
  'ineligible' 'Ineligible'.
VARIABLE LABELS baseline_due 'Day on which Baseline was due, in days since the person''s baseline'.
VALUE LABELS baseline_due
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_due (-99990009 THRU -99990001).
VARIABLE LABELS baseline_opens 'First day of its window, in days since the person''s baseline'.
VALUE LABELS baseline_opens
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_opens (-99990009 THRU -99990001).
VARIABLE LABELS baseline_closes 'Last day of its window, in days since the person''s baseline'.
VALUE LABELS baseline_closes
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_closes (-99990009 THRU -99990001).
VARIABLE LABELS baseline_mode 'How the answers were collected'.
VALUE LABELS baseline_mode
  'web' 'the participant''s own device'
  'kiosk' 'a shared tablet'
  'paper' 'entered from paper'
  'telephone' 'read out and entered by an interviewer'
  'bulk' 'from a file or another system'.
VARIABLE LABELS baseline_day 'Day of the answers, in days since the person''s baseline; empty where it is not known'.
VALUE LABELS baseline_day
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_day (-99990009 THRU -99990001).
VARIABLE LABELS later_disposition 'What came of Three months'.
VALUE LABELS later_disposition
  'not-yet-due' 'Not yet due'
  'pending' 'Pending'
  'complete' 'Complete'
  'partial' 'Partial'
  'break-off' 'Break-off'
  'refusal' 'Refused'
  'non-contact' 'Non-contact'
  'other-eligible' 'Other eligible'
  'unknown-eligibility' 'Eligibility unknown'
  'ineligible' 'Ineligible'.
VARIABLE LABELS later_due 'Day on which Three months was due, in days since the person''s baseline'.
VALUE LABELS later_due
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_due (-99990009 THRU -99990001).
VARIABLE LABELS later_opens 'First day of its window, in days since the person''s baseline'.
VALUE LABELS later_opens
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_opens (-99990009 THRU -99990001).
VARIABLE LABELS later_closes 'Last day of its window, in days since the person''s baseline'.
VALUE LABELS later_closes
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_closes (-99990009 THRU -99990001).
VARIABLE LABELS later_mode 'How the answers were collected'.
VALUE LABELS later_mode
  'web' 'the participant''s own device'
  'kiosk' 'a shared tablet'
  'paper' 'entered from paper'
  'telephone' 'read out and entered by an interviewer'
  'bulk' 'from a file or another system'.
VARIABLE LABELS later_day 'Day of the answers, in days since the person''s baseline; empty where it is not known'.
VALUE LABELS later_day
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_day (-99990009 THRU -99990001).
VARIABLE LABELS baseline_mood_1 'How often is statement 1 true of you today?'.
VALUE LABELS baseline_mood_1
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_mood_1 (-99990009 THRU -99990001).
VARIABLE LABELS baseline_mood_2 'How often is statement 2 true of you today?'.
VALUE LABELS baseline_mood_2
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_mood_2 (-99990009 THRU -99990001).
VARIABLE LABELS baseline_mood 'Mood (higher-better); no score where a proxy gave any of its answers'.
VALUE LABELS baseline_mood
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_mood (-99990009 THRU -99990001).
VARIABLE LABELS baseline_mood_answered 'Items of mood that were answered'.
VALUE LABELS baseline_mood_answered
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_mood_answered (-99990009 THRU -99990001).
VARIABLE LABELS baseline_mood_prorated 'Whether the mean of the answered items of mood stands for the others'.
VALUE LABELS baseline_mood_prorated
  1 'yes'
  0 'no'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES baseline_mood_prorated (-99990009 THRU -99990001).
VARIABLE LABELS later_mood_1 'How often is statement 1 true of you today?'.
VALUE LABELS later_mood_1
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_mood_1 (-99990009 THRU -99990001).
VARIABLE LABELS later_mood_2 'How often is statement 2 true of you today?'.
VALUE LABELS later_mood_2
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_mood_2 (-99990009 THRU -99990001).
VARIABLE LABELS later_mood 'Mood (higher-better); no score where a proxy gave any of its answers'.
VALUE LABELS later_mood
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_mood (-99990009 THRU -99990001).
VARIABLE LABELS later_mood_answered 'Items of mood that were answered'.
VALUE LABELS later_mood_answered
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_mood_answered (-99990009 THRU -99990001).
VARIABLE LABELS later_mood_prorated 'Whether the mean of the answered items of mood stands for the others'.
VALUE LABELS later_mood_prorated
  1 'yes'
  0 'no'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES later_mood_prorated (-99990009 THRU -99990001).
ERASE FILE='wellwave_reasons.sav'.
SAVE OUTFILE='wide.sav'.

GET DATA /TYPE=TXT /FILE='long_missing.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"'
  /FIRSTCASE=2 /VARIABLES=
  id A32
  wave A8
  column A64
  reason A64.
RECODE reason
  ('not-asked' = -99990001)
  ('not-reached' = -99990002)
  ('skipped' = -99990003)
  ('prefer-not-to-say' = -99990004)
  ('not-applicable' = -99990005)
  ('not-recorded' = -99990006)
  ('no-questionnaire' = -99990007)
  ('no-score' = -99990008)
  ('withheld' = -99990009)
  INTO wellwave_why.
NUMERIC
  wellwave_5
  wellwave_6
  wellwave_7
  wellwave_9
  wellwave_10
  wellwave_11
  wellwave_12
  wellwave_13
  wellwave_14 (F10.0).
IF (column EQ 'due') wellwave_5 = wellwave_why.
IF (column EQ 'opens') wellwave_6 = wellwave_why.
IF (column EQ 'closes') wellwave_7 = wellwave_why.
IF (column EQ 'day') wellwave_9 = wellwave_why.
IF (column EQ 'mood_1') wellwave_10 = wellwave_why.
IF (column EQ 'mood_2') wellwave_11 = wellwave_why.
IF (column EQ 'mood') wellwave_12 = wellwave_why.
IF (column EQ 'mood_answered') wellwave_13 = wellwave_why.
IF (column EQ 'mood_prorated') wellwave_14 = wellwave_why.
SORT CASES BY id wave.
AGGREGATE OUTFILE=* /BREAK=id wave
  /wellwave_5 = MAX(wellwave_5)
  /wellwave_6 = MAX(wellwave_6)
  /wellwave_7 = MAX(wellwave_7)
  /wellwave_9 = MAX(wellwave_9)
  /wellwave_10 = MAX(wellwave_10)
  /wellwave_11 = MAX(wellwave_11)
  /wellwave_12 = MAX(wellwave_12)
  /wellwave_13 = MAX(wellwave_13)
  /wellwave_14 = MAX(wellwave_14).
SAVE OUTFILE='wellwave_reasons.sav'.

GET DATA /TYPE=TXT /FILE='long.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"'
  /FIRSTCASE=2 /VARIABLES=
  id A32
  wave A8
  arm A5
  about_age A11
  disposition A19
  due F10.0
  opens F10.0
  closes F10.0
  mode A9
  day F10.0
  mood_1 F10.0
  mood_2 F10.0
  mood F20.10
  mood_answered F10.0
  mood_prorated F10.0.
SORT CASES BY id wave.
MATCH FILES /FILE=* /TABLE='wellwave_reasons.sav' /BY id wave.
IF (SYSMIS(due)) due = wellwave_5.
IF (SYSMIS(opens)) opens = wellwave_6.
IF (SYSMIS(closes)) closes = wellwave_7.
IF (SYSMIS(day)) day = wellwave_9.
IF (SYSMIS(mood_1)) mood_1 = wellwave_10.
IF (SYSMIS(mood_2)) mood_2 = wellwave_11.
IF (SYSMIS(mood)) mood = wellwave_12.
IF (SYSMIS(mood_answered)) mood_answered = wellwave_13.
IF (SYSMIS(mood_prorated)) mood_prorated = wellwave_14.
EXECUTE.
DELETE VARIABLES
  wellwave_5
  wellwave_6
  wellwave_7
  wellwave_9
  wellwave_10
  wellwave_11
  wellwave_12
  wellwave_13
  wellwave_14.
VARIABLE LABELS id 'Id of the person in this release'.
VARIABLE LABELS wave 'Wave'.
VALUE LABELS wave
  'baseline' 'Baseline'
  'later' 'Three months'.
VARIABLE LABELS arm 'Arm of the study'.
VALUE LABELS arm
  'new' 'New'
  'usual' 'Usual'.
VARIABLE LABELS about_age 'How old are you?'.
VARIABLE LABELS disposition 'What came of the wave'.
VALUE LABELS disposition
  'not-yet-due' 'Not yet due'
  'pending' 'Pending'
  'complete' 'Complete'
  'partial' 'Partial'
  'break-off' 'Break-off'
  'refusal' 'Refused'
  'non-contact' 'Non-contact'
  'other-eligible' 'Other eligible'
  'unknown-eligibility' 'Eligibility unknown'
  'ineligible' 'Ineligible'.
VARIABLE LABELS due 'Day on which the wave was due, in days since the person''s baseline'.
VALUE LABELS due
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES due (-99990009 THRU -99990001).
VARIABLE LABELS opens 'First day of its window, in days since the person''s baseline'.
VALUE LABELS opens
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES opens (-99990009 THRU -99990001).
VARIABLE LABELS closes 'Last day of its window, in days since the person''s baseline'.
VALUE LABELS closes
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES closes (-99990009 THRU -99990001).
VARIABLE LABELS mode 'How the answers were collected'.
VALUE LABELS mode
  'web' 'the participant''s own device'
  'kiosk' 'a shared tablet'
  'paper' 'entered from paper'
  'telephone' 'read out and entered by an interviewer'
  'bulk' 'from a file or another system'.
VARIABLE LABELS day 'Day of the answers, in days since the person''s baseline; empty where it is not known'.
VALUE LABELS day
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES day (-99990009 THRU -99990001).
VARIABLE LABELS mood_1 'How often is statement 1 true of you today?'.
VALUE LABELS mood_1
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_1 (-99990009 THRU -99990001).
VARIABLE LABELS mood_2 'How often is statement 2 true of you today?'.
VALUE LABELS mood_2
  1 'Never'
  2 'Rarely'
  3 'Sometimes'
  4 'Often'
  5 'Always'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_2 (-99990009 THRU -99990001).
VARIABLE LABELS mood 'Mood (higher-better); no score where a proxy gave any of its answers'.
VALUE LABELS mood
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood (-99990009 THRU -99990001).
VARIABLE LABELS mood_answered 'Items of mood that were answered'.
VALUE LABELS mood_answered
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_answered (-99990009 THRU -99990001).
VARIABLE LABELS mood_prorated 'Whether the mean of the answered items of mood stands for the others'.
VALUE LABELS mood_prorated
  1 'yes'
  0 'no'
  -99990001 'not-asked'
  -99990002 'not-reached'
  -99990003 'skipped'
  -99990004 'prefer-not-to-say'
  -99990005 'not-applicable'
  -99990006 'not-recorded'
  -99990007 'no-questionnaire'
  -99990008 'no-score'
  -99990009 'withheld'.
MISSING VALUES mood_prorated (-99990009 THRU -99990001).
ERASE FILE='wellwave_reasons.sav'.
SAVE OUTFILE='long.sav'.

