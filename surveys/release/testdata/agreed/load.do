* Makes labelled data of the tables of this release, each in a file of its own name that ends in .dta. Start it in the folder of the
* release: do load.do
* Why a number is missing is an extended missing value (.a, .b and so on) with a label; of texts the file of reasons says it.
version 14
clear

import delimited using "participants.csv", delimiters(",") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
rename (v1 v2 v3 v4 v5 v6 v7 v8 v9 v10 v11 v12 v13 v14 v15) (id arm about_age baseline_disposition baseline_due baseline_opens baseline_closes baseline_mode baseline_day later_disposition later_due later_opens later_closes later_mode later_day)
label variable id "Id of the person in this release"
rename arm wellwave_text
generate byte arm = .
replace arm = 1 if wellwave_text == "new"
replace arm = 2 if wellwave_text == "usual"
drop wellwave_text
label variable arm "Arm of the study"
label define wellwave_1 1 "New"
label define wellwave_1 2 "Usual", add
label values arm wellwave_1
rename about_age wellwave_text
generate byte about_age = .
replace about_age = 1 if wellwave_text == "16 to 39"
replace about_age = 2 if wellwave_text == "40 to 64"
replace about_age = 3 if wellwave_text == "65 and over"
drop wellwave_text
label variable about_age "How old are you?"
label define wellwave_2 1 "16 to 39"
label define wellwave_2 2 "40 to 64", add
label define wellwave_2 3 "65 and over", add
label values about_age wellwave_2
rename baseline_disposition wellwave_text
generate byte baseline_disposition = .
replace baseline_disposition = 1 if wellwave_text == "not-yet-due"
replace baseline_disposition = 2 if wellwave_text == "pending"
replace baseline_disposition = 3 if wellwave_text == "complete"
replace baseline_disposition = 4 if wellwave_text == "partial"
replace baseline_disposition = 5 if wellwave_text == "break-off"
replace baseline_disposition = 6 if wellwave_text == "refusal"
replace baseline_disposition = 7 if wellwave_text == "non-contact"
replace baseline_disposition = 8 if wellwave_text == "other-eligible"
replace baseline_disposition = 9 if wellwave_text == "unknown-eligibility"
replace baseline_disposition = 10 if wellwave_text == "ineligible"
drop wellwave_text
label variable baseline_disposition "What came of Baseline"
label define wellwave_3 1 "Not yet due"
label define wellwave_3 2 "Pending", add
label define wellwave_3 3 "Complete", add
label define wellwave_3 4 "Partial", add
label define wellwave_3 5 "Break-off", add
label define wellwave_3 6 "Refused", add
label define wellwave_3 7 "Non-contact", add
label define wellwave_3 8 "Other eligible", add
label define wellwave_3 9 "Eligibility unknown", add
label define wellwave_3 10 "Ineligible", add
label values baseline_disposition wellwave_3
destring baseline_due, replace
label variable baseline_due "Day on which Baseline was due, in days since the person's baseline"
label define wellwave_4 .a "not-asked"
label define wellwave_4 .b "not-reached", add
label define wellwave_4 .c "skipped", add
label define wellwave_4 .d "prefer-not-to-say", add
label define wellwave_4 .e "not-applicable", add
label define wellwave_4 .f "not-recorded", add
label define wellwave_4 .g "no-questionnaire", add
label define wellwave_4 .h "no-score", add
label define wellwave_4 .i "withheld", add
label values baseline_due wellwave_4
destring baseline_opens, replace
label variable baseline_opens "First day of its window, in days since the person's baseline"
label define wellwave_5 .a "not-asked"
label define wellwave_5 .b "not-reached", add
label define wellwave_5 .c "skipped", add
label define wellwave_5 .d "prefer-not-to-say", add
label define wellwave_5 .e "not-applicable", add
label define wellwave_5 .f "not-recorded", add
label define wellwave_5 .g "no-questionnaire", add
label define wellwave_5 .h "no-score", add
label define wellwave_5 .i "withheld", add
label values baseline_opens wellwave_5
destring baseline_closes, replace
label variable baseline_closes "Last day of its window, in days since the person's baseline"
label define wellwave_6 .a "not-asked"
label define wellwave_6 .b "not-reached", add
label define wellwave_6 .c "skipped", add
label define wellwave_6 .d "prefer-not-to-say", add
label define wellwave_6 .e "not-applicable", add
label define wellwave_6 .f "not-recorded", add
label define wellwave_6 .g "no-questionnaire", add
label define wellwave_6 .h "no-score", add
label define wellwave_6 .i "withheld", add
label values baseline_closes wellwave_6
rename baseline_mode wellwave_text
generate byte baseline_mode = .
replace baseline_mode = 1 if wellwave_text == "web"
replace baseline_mode = 2 if wellwave_text == "kiosk"
replace baseline_mode = 3 if wellwave_text == "paper"
replace baseline_mode = 4 if wellwave_text == "telephone"
replace baseline_mode = 5 if wellwave_text == "bulk"
drop wellwave_text
label variable baseline_mode "How the answers were collected"
label define wellwave_7 1 "the participant's own device"
label define wellwave_7 2 "a shared tablet", add
label define wellwave_7 3 "entered from paper", add
label define wellwave_7 4 "read out and entered by an interviewer", add
label define wellwave_7 5 "from a file or another system", add
label values baseline_mode wellwave_7
destring baseline_day, replace
label variable baseline_day "Day of the answers, in days since the person's baseline; empty where it is not k"
label define wellwave_8 .a "not-asked"
label define wellwave_8 .b "not-reached", add
label define wellwave_8 .c "skipped", add
label define wellwave_8 .d "prefer-not-to-say", add
label define wellwave_8 .e "not-applicable", add
label define wellwave_8 .f "not-recorded", add
label define wellwave_8 .g "no-questionnaire", add
label define wellwave_8 .h "no-score", add
label define wellwave_8 .i "withheld", add
label values baseline_day wellwave_8
rename later_disposition wellwave_text
generate byte later_disposition = .
replace later_disposition = 1 if wellwave_text == "not-yet-due"
replace later_disposition = 2 if wellwave_text == "pending"
replace later_disposition = 3 if wellwave_text == "complete"
replace later_disposition = 4 if wellwave_text == "partial"
replace later_disposition = 5 if wellwave_text == "break-off"
replace later_disposition = 6 if wellwave_text == "refusal"
replace later_disposition = 7 if wellwave_text == "non-contact"
replace later_disposition = 8 if wellwave_text == "other-eligible"
replace later_disposition = 9 if wellwave_text == "unknown-eligibility"
replace later_disposition = 10 if wellwave_text == "ineligible"
drop wellwave_text
label variable later_disposition "What came of Three months"
label define wellwave_9 1 "Not yet due"
label define wellwave_9 2 "Pending", add
label define wellwave_9 3 "Complete", add
label define wellwave_9 4 "Partial", add
label define wellwave_9 5 "Break-off", add
label define wellwave_9 6 "Refused", add
label define wellwave_9 7 "Non-contact", add
label define wellwave_9 8 "Other eligible", add
label define wellwave_9 9 "Eligibility unknown", add
label define wellwave_9 10 "Ineligible", add
label values later_disposition wellwave_9
destring later_due, replace
label variable later_due "Day on which Three months was due, in days since the person's baseline"
label define wellwave_10 .a "not-asked"
label define wellwave_10 .b "not-reached", add
label define wellwave_10 .c "skipped", add
label define wellwave_10 .d "prefer-not-to-say", add
label define wellwave_10 .e "not-applicable", add
label define wellwave_10 .f "not-recorded", add
label define wellwave_10 .g "no-questionnaire", add
label define wellwave_10 .h "no-score", add
label define wellwave_10 .i "withheld", add
label values later_due wellwave_10
destring later_opens, replace
label variable later_opens "First day of its window, in days since the person's baseline"
label define wellwave_11 .a "not-asked"
label define wellwave_11 .b "not-reached", add
label define wellwave_11 .c "skipped", add
label define wellwave_11 .d "prefer-not-to-say", add
label define wellwave_11 .e "not-applicable", add
label define wellwave_11 .f "not-recorded", add
label define wellwave_11 .g "no-questionnaire", add
label define wellwave_11 .h "no-score", add
label define wellwave_11 .i "withheld", add
label values later_opens wellwave_11
destring later_closes, replace
label variable later_closes "Last day of its window, in days since the person's baseline"
label define wellwave_12 .a "not-asked"
label define wellwave_12 .b "not-reached", add
label define wellwave_12 .c "skipped", add
label define wellwave_12 .d "prefer-not-to-say", add
label define wellwave_12 .e "not-applicable", add
label define wellwave_12 .f "not-recorded", add
label define wellwave_12 .g "no-questionnaire", add
label define wellwave_12 .h "no-score", add
label define wellwave_12 .i "withheld", add
label values later_closes wellwave_12
rename later_mode wellwave_text
generate byte later_mode = .
replace later_mode = 1 if wellwave_text == "web"
replace later_mode = 2 if wellwave_text == "kiosk"
replace later_mode = 3 if wellwave_text == "paper"
replace later_mode = 4 if wellwave_text == "telephone"
replace later_mode = 5 if wellwave_text == "bulk"
drop wellwave_text
label variable later_mode "How the answers were collected"
label define wellwave_13 1 "the participant's own device"
label define wellwave_13 2 "a shared tablet", add
label define wellwave_13 3 "entered from paper", add
label define wellwave_13 4 "read out and entered by an interviewer", add
label define wellwave_13 5 "from a file or another system", add
label values later_mode wellwave_13
destring later_day, replace
label variable later_day "Day of the answers, in days since the person's baseline; empty where it is not k"
label define wellwave_14 .a "not-asked"
label define wellwave_14 .b "not-reached", add
label define wellwave_14 .c "skipped", add
label define wellwave_14 .d "prefer-not-to-say", add
label define wellwave_14 .e "not-applicable", add
label define wellwave_14 .f "not-recorded", add
label define wellwave_14 .g "no-questionnaire", add
label define wellwave_14 .h "no-score", add
label define wellwave_14 .i "withheld", add
label values later_day wellwave_14
order id arm about_age baseline_disposition baseline_due baseline_opens baseline_closes baseline_mode baseline_day later_disposition later_due later_opens later_closes later_mode later_day
sort id
save "participants.dta", replace

import delimited using "baseline_mood.csv", delimiters(",") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
rename (v1 v2 v3 v4 v5 v6) (id mood_1 mood_2 mood mood_answered mood_prorated)
label variable id "Id of the person in this release"
destring mood_1, replace
label variable mood_1 "How often is statement 1 true of you today?"
label define wellwave_1 .a "not-asked"
label define wellwave_1 .b "not-reached", add
label define wellwave_1 .c "skipped", add
label define wellwave_1 .d "prefer-not-to-say", add
label define wellwave_1 .e "not-applicable", add
label define wellwave_1 .f "not-recorded", add
label define wellwave_1 .g "no-questionnaire", add
label define wellwave_1 .h "no-score", add
label define wellwave_1 .i "withheld", add
label define wellwave_1 1 "Never", add
label define wellwave_1 2 "Rarely", add
label define wellwave_1 3 "Sometimes", add
label define wellwave_1 4 "Often", add
label define wellwave_1 5 "Always", add
label values mood_1 wellwave_1
destring mood_2, replace
label variable mood_2 "How often is statement 2 true of you today?"
label define wellwave_2 .a "not-asked"
label define wellwave_2 .b "not-reached", add
label define wellwave_2 .c "skipped", add
label define wellwave_2 .d "prefer-not-to-say", add
label define wellwave_2 .e "not-applicable", add
label define wellwave_2 .f "not-recorded", add
label define wellwave_2 .g "no-questionnaire", add
label define wellwave_2 .h "no-score", add
label define wellwave_2 .i "withheld", add
label define wellwave_2 1 "Never", add
label define wellwave_2 2 "Rarely", add
label define wellwave_2 3 "Sometimes", add
label define wellwave_2 4 "Often", add
label define wellwave_2 5 "Always", add
label values mood_2 wellwave_2
destring mood, replace
label variable mood "Mood (higher-better); no score where a proxy gave any of its answers"
label define wellwave_3 .a "not-asked"
label define wellwave_3 .b "not-reached", add
label define wellwave_3 .c "skipped", add
label define wellwave_3 .d "prefer-not-to-say", add
label define wellwave_3 .e "not-applicable", add
label define wellwave_3 .f "not-recorded", add
label define wellwave_3 .g "no-questionnaire", add
label define wellwave_3 .h "no-score", add
label define wellwave_3 .i "withheld", add
label values mood wellwave_3
destring mood_answered, replace
label variable mood_answered "Items of mood that were answered"
label define wellwave_4 .a "not-asked"
label define wellwave_4 .b "not-reached", add
label define wellwave_4 .c "skipped", add
label define wellwave_4 .d "prefer-not-to-say", add
label define wellwave_4 .e "not-applicable", add
label define wellwave_4 .f "not-recorded", add
label define wellwave_4 .g "no-questionnaire", add
label define wellwave_4 .h "no-score", add
label define wellwave_4 .i "withheld", add
label values mood_answered wellwave_4
destring mood_prorated, replace
label variable mood_prorated "Whether the mean of the answered items of mood stands for the others"
label define wellwave_5 .a "not-asked"
label define wellwave_5 .b "not-reached", add
label define wellwave_5 .c "skipped", add
label define wellwave_5 .d "prefer-not-to-say", add
label define wellwave_5 .e "not-applicable", add
label define wellwave_5 .f "not-recorded", add
label define wellwave_5 .g "no-questionnaire", add
label define wellwave_5 .h "no-score", add
label define wellwave_5 .i "withheld", add
label define wellwave_5 1 "yes", add
label define wellwave_5 0 "no", add
label values mood_prorated wellwave_5
order id mood_1 mood_2 mood mood_answered mood_prorated
sort id
save "baseline_mood.dta", replace

import delimited using "later_mood_missing.csv", delimiters(",") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
rename (v1 v2 v3) (id column reason)
generate byte wellwave_why = .
replace wellwave_why = 1 if reason == "not-asked"
replace wellwave_why = 2 if reason == "not-reached"
replace wellwave_why = 3 if reason == "skipped"
replace wellwave_why = 4 if reason == "prefer-not-to-say"
replace wellwave_why = 5 if reason == "not-applicable"
replace wellwave_why = 6 if reason == "not-recorded"
replace wellwave_why = 7 if reason == "no-questionnaire"
replace wellwave_why = 8 if reason == "no-score"
replace wellwave_why = 9 if reason == "withheld"
generate byte wellwave_1 = wellwave_why if column == "mood_1"
generate byte wellwave_2 = wellwave_why if column == "mood_2"
generate byte wellwave_3 = wellwave_why if column == "mood"
generate byte wellwave_4 = wellwave_why if column == "mood_answered"
generate byte wellwave_5 = wellwave_why if column == "mood_prorated"
collapse (max) wellwave_1 wellwave_2 wellwave_3 wellwave_4 wellwave_5, by(id)
tempfile reasons
save "`reasons'", replace

import delimited using "later_mood.csv", delimiters(",") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
rename (v1 v2 v3 v4 v5 v6) (id mood_1 mood_2 mood mood_answered mood_prorated)
merge 1:1 id using "`reasons'", keep(master match) nogenerate
label variable id "Id of the person in this release"
destring mood_1, replace
replace mood_1 = .a if wellwave_1 == 1
replace mood_1 = .b if wellwave_1 == 2
replace mood_1 = .c if wellwave_1 == 3
replace mood_1 = .d if wellwave_1 == 4
replace mood_1 = .e if wellwave_1 == 5
replace mood_1 = .f if wellwave_1 == 6
replace mood_1 = .g if wellwave_1 == 7
replace mood_1 = .h if wellwave_1 == 8
replace mood_1 = .i if wellwave_1 == 9
label variable mood_1 "How often is statement 1 true of you today?"
label define wellwave_1 .a "not-asked"
label define wellwave_1 .b "not-reached", add
label define wellwave_1 .c "skipped", add
label define wellwave_1 .d "prefer-not-to-say", add
label define wellwave_1 .e "not-applicable", add
label define wellwave_1 .f "not-recorded", add
label define wellwave_1 .g "no-questionnaire", add
label define wellwave_1 .h "no-score", add
label define wellwave_1 .i "withheld", add
label define wellwave_1 1 "Never", add
label define wellwave_1 2 "Rarely", add
label define wellwave_1 3 "Sometimes", add
label define wellwave_1 4 "Often", add
label define wellwave_1 5 "Always", add
label values mood_1 wellwave_1
destring mood_2, replace
replace mood_2 = .a if wellwave_2 == 1
replace mood_2 = .b if wellwave_2 == 2
replace mood_2 = .c if wellwave_2 == 3
replace mood_2 = .d if wellwave_2 == 4
replace mood_2 = .e if wellwave_2 == 5
replace mood_2 = .f if wellwave_2 == 6
replace mood_2 = .g if wellwave_2 == 7
replace mood_2 = .h if wellwave_2 == 8
replace mood_2 = .i if wellwave_2 == 9
label variable mood_2 "How often is statement 2 true of you today?"
label define wellwave_2 .a "not-asked"
label define wellwave_2 .b "not-reached", add
label define wellwave_2 .c "skipped", add
label define wellwave_2 .d "prefer-not-to-say", add
label define wellwave_2 .e "not-applicable", add
label define wellwave_2 .f "not-recorded", add
label define wellwave_2 .g "no-questionnaire", add
label define wellwave_2 .h "no-score", add
label define wellwave_2 .i "withheld", add
label define wellwave_2 1 "Never", add
label define wellwave_2 2 "Rarely", add
label define wellwave_2 3 "Sometimes", add
label define wellwave_2 4 "Often", add
label define wellwave_2 5 "Always", add
label values mood_2 wellwave_2
destring mood, replace
replace mood = .a if wellwave_3 == 1
replace mood = .b if wellwave_3 == 2
replace mood = .c if wellwave_3 == 3
replace mood = .d if wellwave_3 == 4
replace mood = .e if wellwave_3 == 5
replace mood = .f if wellwave_3 == 6
replace mood = .g if wellwave_3 == 7
replace mood = .h if wellwave_3 == 8
replace mood = .i if wellwave_3 == 9
label variable mood "Mood (higher-better); no score where a proxy gave any of its answers"
label define wellwave_3 .a "not-asked"
label define wellwave_3 .b "not-reached", add
label define wellwave_3 .c "skipped", add
label define wellwave_3 .d "prefer-not-to-say", add
label define wellwave_3 .e "not-applicable", add
label define wellwave_3 .f "not-recorded", add
label define wellwave_3 .g "no-questionnaire", add
label define wellwave_3 .h "no-score", add
label define wellwave_3 .i "withheld", add
label values mood wellwave_3
destring mood_answered, replace
replace mood_answered = .a if wellwave_4 == 1
replace mood_answered = .b if wellwave_4 == 2
replace mood_answered = .c if wellwave_4 == 3
replace mood_answered = .d if wellwave_4 == 4
replace mood_answered = .e if wellwave_4 == 5
replace mood_answered = .f if wellwave_4 == 6
replace mood_answered = .g if wellwave_4 == 7
replace mood_answered = .h if wellwave_4 == 8
replace mood_answered = .i if wellwave_4 == 9
label variable mood_answered "Items of mood that were answered"
label define wellwave_4 .a "not-asked"
label define wellwave_4 .b "not-reached", add
label define wellwave_4 .c "skipped", add
label define wellwave_4 .d "prefer-not-to-say", add
label define wellwave_4 .e "not-applicable", add
label define wellwave_4 .f "not-recorded", add
label define wellwave_4 .g "no-questionnaire", add
label define wellwave_4 .h "no-score", add
label define wellwave_4 .i "withheld", add
label values mood_answered wellwave_4
destring mood_prorated, replace
replace mood_prorated = .a if wellwave_5 == 1
replace mood_prorated = .b if wellwave_5 == 2
replace mood_prorated = .c if wellwave_5 == 3
replace mood_prorated = .d if wellwave_5 == 4
replace mood_prorated = .e if wellwave_5 == 5
replace mood_prorated = .f if wellwave_5 == 6
replace mood_prorated = .g if wellwave_5 == 7
replace mood_prorated = .h if wellwave_5 == 8
replace mood_prorated = .i if wellwave_5 == 9
label variable mood_prorated "Whether the mean of the answered items of mood stands for the others"
label define wellwave_5 .a "not-asked"
label define wellwave_5 .b "not-reached", add
label define wellwave_5 .c "skipped", add
label define wellwave_5 .d "prefer-not-to-say", add
label define wellwave_5 .e "not-applicable", add
label define wellwave_5 .f "not-recorded", add
label define wellwave_5 .g "no-questionnaire", add
label define wellwave_5 .h "no-score", add
label define wellwave_5 .i "withheld", add
label define wellwave_5 1 "yes", add
label define wellwave_5 0 "no", add
label values mood_prorated wellwave_5
drop wellwave_*
order id mood_1 mood_2 mood mood_answered mood_prorated
sort id
save "later_mood.dta", replace

import delimited using "wide_missing.csv", delimiters(",") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
rename (v1 v2 v3) (id column reason)
generate byte wellwave_why = .
replace wellwave_why = 1 if reason == "not-asked"
replace wellwave_why = 2 if reason == "not-reached"
replace wellwave_why = 3 if reason == "skipped"
replace wellwave_why = 4 if reason == "prefer-not-to-say"
replace wellwave_why = 5 if reason == "not-applicable"
replace wellwave_why = 6 if reason == "not-recorded"
replace wellwave_why = 7 if reason == "no-questionnaire"
replace wellwave_why = 8 if reason == "no-score"
replace wellwave_why = 9 if reason == "withheld"
generate byte wellwave_4 = wellwave_why if column == "baseline_due"
generate byte wellwave_5 = wellwave_why if column == "baseline_opens"
generate byte wellwave_6 = wellwave_why if column == "baseline_closes"
generate byte wellwave_8 = wellwave_why if column == "baseline_day"
generate byte wellwave_10 = wellwave_why if column == "later_due"
generate byte wellwave_11 = wellwave_why if column == "later_opens"
generate byte wellwave_12 = wellwave_why if column == "later_closes"
generate byte wellwave_14 = wellwave_why if column == "later_day"
generate byte wellwave_15 = wellwave_why if column == "baseline_mood_1"
generate byte wellwave_16 = wellwave_why if column == "baseline_mood_2"
generate byte wellwave_17 = wellwave_why if column == "baseline_mood"
generate byte wellwave_18 = wellwave_why if column == "baseline_mood_answered"
generate byte wellwave_19 = wellwave_why if column == "baseline_mood_prorated"
generate byte wellwave_20 = wellwave_why if column == "later_mood_1"
generate byte wellwave_21 = wellwave_why if column == "later_mood_2"
generate byte wellwave_22 = wellwave_why if column == "later_mood"
generate byte wellwave_23 = wellwave_why if column == "later_mood_answered"
generate byte wellwave_24 = wellwave_why if column == "later_mood_prorated"
collapse (max) wellwave_4 wellwave_5 wellwave_6 wellwave_8 wellwave_10 wellwave_11 wellwave_12 wellwave_14 wellwave_15 wellwave_16 wellwave_17 wellwave_18 wellwave_19 wellwave_20 wellwave_21 wellwave_22 wellwave_23 wellwave_24, by(id)
tempfile reasons
save "`reasons'", replace

import delimited using "wide.csv", delimiters(",") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
rename (v1 v2 v3 v4 v5 v6 v7 v8 v9 v10 v11 v12 v13 v14 v15 v16 v17 v18 v19 v20 v21 v22 v23 v24 v25) (id arm about_age baseline_disposition baseline_due baseline_opens baseline_closes baseline_mode baseline_day later_disposition later_due later_opens later_closes later_mode later_day baseline_mood_1 baseline_mood_2 baseline_mood baseline_mood_answered baseline_mood_prorated later_mood_1 later_mood_2 later_mood later_mood_answered later_mood_prorated)
merge 1:1 id using "`reasons'", keep(master match) nogenerate
label variable id "Id of the person in this release"
rename arm wellwave_text
generate byte arm = .
replace arm = 1 if wellwave_text == "new"
replace arm = 2 if wellwave_text == "usual"
drop wellwave_text
label variable arm "Arm of the study"
label define wellwave_1 1 "New"
label define wellwave_1 2 "Usual", add
label values arm wellwave_1
rename about_age wellwave_text
generate byte about_age = .
replace about_age = 1 if wellwave_text == "16 to 39"
replace about_age = 2 if wellwave_text == "40 to 64"
replace about_age = 3 if wellwave_text == "65 and over"
drop wellwave_text
label variable about_age "How old are you?"
label define wellwave_2 1 "16 to 39"
label define wellwave_2 2 "40 to 64", add
label define wellwave_2 3 "65 and over", add
label values about_age wellwave_2
rename baseline_disposition wellwave_text
generate byte baseline_disposition = .
replace baseline_disposition = 1 if wellwave_text == "not-yet-due"
replace baseline_disposition = 2 if wellwave_text == "pending"
replace baseline_disposition = 3 if wellwave_text == "complete"
replace baseline_disposition = 4 if wellwave_text == "partial"
replace baseline_disposition = 5 if wellwave_text == "break-off"
replace baseline_disposition = 6 if wellwave_text == "refusal"
replace baseline_disposition = 7 if wellwave_text == "non-contact"
replace baseline_disposition = 8 if wellwave_text == "other-eligible"
replace baseline_disposition = 9 if wellwave_text == "unknown-eligibility"
replace baseline_disposition = 10 if wellwave_text == "ineligible"
drop wellwave_text
label variable baseline_disposition "What came of Baseline"
label define wellwave_3 1 "Not yet due"
label define wellwave_3 2 "Pending", add
label define wellwave_3 3 "Complete", add
label define wellwave_3 4 "Partial", add
label define wellwave_3 5 "Break-off", add
label define wellwave_3 6 "Refused", add
label define wellwave_3 7 "Non-contact", add
label define wellwave_3 8 "Other eligible", add
label define wellwave_3 9 "Eligibility unknown", add
label define wellwave_3 10 "Ineligible", add
label values baseline_disposition wellwave_3
destring baseline_due, replace
replace baseline_due = .a if wellwave_4 == 1
replace baseline_due = .b if wellwave_4 == 2
replace baseline_due = .c if wellwave_4 == 3
replace baseline_due = .d if wellwave_4 == 4
replace baseline_due = .e if wellwave_4 == 5
replace baseline_due = .f if wellwave_4 == 6
replace baseline_due = .g if wellwave_4 == 7
replace baseline_due = .h if wellwave_4 == 8
replace baseline_due = .i if wellwave_4 == 9
label variable baseline_due "Day on which Baseline was due, in days since the person's baseline"
label define wellwave_4 .a "not-asked"
label define wellwave_4 .b "not-reached", add
label define wellwave_4 .c "skipped", add
label define wellwave_4 .d "prefer-not-to-say", add
label define wellwave_4 .e "not-applicable", add
label define wellwave_4 .f "not-recorded", add
label define wellwave_4 .g "no-questionnaire", add
label define wellwave_4 .h "no-score", add
label define wellwave_4 .i "withheld", add
label values baseline_due wellwave_4
destring baseline_opens, replace
replace baseline_opens = .a if wellwave_5 == 1
replace baseline_opens = .b if wellwave_5 == 2
replace baseline_opens = .c if wellwave_5 == 3
replace baseline_opens = .d if wellwave_5 == 4
replace baseline_opens = .e if wellwave_5 == 5
replace baseline_opens = .f if wellwave_5 == 6
replace baseline_opens = .g if wellwave_5 == 7
replace baseline_opens = .h if wellwave_5 == 8
replace baseline_opens = .i if wellwave_5 == 9
label variable baseline_opens "First day of its window, in days since the person's baseline"
label define wellwave_5 .a "not-asked"
label define wellwave_5 .b "not-reached", add
label define wellwave_5 .c "skipped", add
label define wellwave_5 .d "prefer-not-to-say", add
label define wellwave_5 .e "not-applicable", add
label define wellwave_5 .f "not-recorded", add
label define wellwave_5 .g "no-questionnaire", add
label define wellwave_5 .h "no-score", add
label define wellwave_5 .i "withheld", add
label values baseline_opens wellwave_5
destring baseline_closes, replace
replace baseline_closes = .a if wellwave_6 == 1
replace baseline_closes = .b if wellwave_6 == 2
replace baseline_closes = .c if wellwave_6 == 3
replace baseline_closes = .d if wellwave_6 == 4
replace baseline_closes = .e if wellwave_6 == 5
replace baseline_closes = .f if wellwave_6 == 6
replace baseline_closes = .g if wellwave_6 == 7
replace baseline_closes = .h if wellwave_6 == 8
replace baseline_closes = .i if wellwave_6 == 9
label variable baseline_closes "Last day of its window, in days since the person's baseline"
label define wellwave_6 .a "not-asked"
label define wellwave_6 .b "not-reached", add
label define wellwave_6 .c "skipped", add
label define wellwave_6 .d "prefer-not-to-say", add
label define wellwave_6 .e "not-applicable", add
label define wellwave_6 .f "not-recorded", add
label define wellwave_6 .g "no-questionnaire", add
label define wellwave_6 .h "no-score", add
label define wellwave_6 .i "withheld", add
label values baseline_closes wellwave_6
rename baseline_mode wellwave_text
generate byte baseline_mode = .
replace baseline_mode = 1 if wellwave_text == "web"
replace baseline_mode = 2 if wellwave_text == "kiosk"
replace baseline_mode = 3 if wellwave_text == "paper"
replace baseline_mode = 4 if wellwave_text == "telephone"
replace baseline_mode = 5 if wellwave_text == "bulk"
drop wellwave_text
label variable baseline_mode "How the answers were collected"
label define wellwave_7 1 "the participant's own device"
label define wellwave_7 2 "a shared tablet", add
label define wellwave_7 3 "entered from paper", add
label define wellwave_7 4 "read out and entered by an interviewer", add
label define wellwave_7 5 "from a file or another system", add
label values baseline_mode wellwave_7
destring baseline_day, replace
replace baseline_day = .a if wellwave_8 == 1
replace baseline_day = .b if wellwave_8 == 2
replace baseline_day = .c if wellwave_8 == 3
replace baseline_day = .d if wellwave_8 == 4
replace baseline_day = .e if wellwave_8 == 5
replace baseline_day = .f if wellwave_8 == 6
replace baseline_day = .g if wellwave_8 == 7
replace baseline_day = .h if wellwave_8 == 8
replace baseline_day = .i if wellwave_8 == 9
label variable baseline_day "Day of the answers, in days since the person's baseline; empty where it is not k"
label define wellwave_8 .a "not-asked"
label define wellwave_8 .b "not-reached", add
label define wellwave_8 .c "skipped", add
label define wellwave_8 .d "prefer-not-to-say", add
label define wellwave_8 .e "not-applicable", add
label define wellwave_8 .f "not-recorded", add
label define wellwave_8 .g "no-questionnaire", add
label define wellwave_8 .h "no-score", add
label define wellwave_8 .i "withheld", add
label values baseline_day wellwave_8
rename later_disposition wellwave_text
generate byte later_disposition = .
replace later_disposition = 1 if wellwave_text == "not-yet-due"
replace later_disposition = 2 if wellwave_text == "pending"
replace later_disposition = 3 if wellwave_text == "complete"
replace later_disposition = 4 if wellwave_text == "partial"
replace later_disposition = 5 if wellwave_text == "break-off"
replace later_disposition = 6 if wellwave_text == "refusal"
replace later_disposition = 7 if wellwave_text == "non-contact"
replace later_disposition = 8 if wellwave_text == "other-eligible"
replace later_disposition = 9 if wellwave_text == "unknown-eligibility"
replace later_disposition = 10 if wellwave_text == "ineligible"
drop wellwave_text
label variable later_disposition "What came of Three months"
label define wellwave_9 1 "Not yet due"
label define wellwave_9 2 "Pending", add
label define wellwave_9 3 "Complete", add
label define wellwave_9 4 "Partial", add
label define wellwave_9 5 "Break-off", add
label define wellwave_9 6 "Refused", add
label define wellwave_9 7 "Non-contact", add
label define wellwave_9 8 "Other eligible", add
label define wellwave_9 9 "Eligibility unknown", add
label define wellwave_9 10 "Ineligible", add
label values later_disposition wellwave_9
destring later_due, replace
replace later_due = .a if wellwave_10 == 1
replace later_due = .b if wellwave_10 == 2
replace later_due = .c if wellwave_10 == 3
replace later_due = .d if wellwave_10 == 4
replace later_due = .e if wellwave_10 == 5
replace later_due = .f if wellwave_10 == 6
replace later_due = .g if wellwave_10 == 7
replace later_due = .h if wellwave_10 == 8
replace later_due = .i if wellwave_10 == 9
label variable later_due "Day on which Three months was due, in days since the person's baseline"
label define wellwave_10 .a "not-asked"
label define wellwave_10 .b "not-reached", add
label define wellwave_10 .c "skipped", add
label define wellwave_10 .d "prefer-not-to-say", add
label define wellwave_10 .e "not-applicable", add
label define wellwave_10 .f "not-recorded", add
label define wellwave_10 .g "no-questionnaire", add
label define wellwave_10 .h "no-score", add
label define wellwave_10 .i "withheld", add
label values later_due wellwave_10
destring later_opens, replace
replace later_opens = .a if wellwave_11 == 1
replace later_opens = .b if wellwave_11 == 2
replace later_opens = .c if wellwave_11 == 3
replace later_opens = .d if wellwave_11 == 4
replace later_opens = .e if wellwave_11 == 5
replace later_opens = .f if wellwave_11 == 6
replace later_opens = .g if wellwave_11 == 7
replace later_opens = .h if wellwave_11 == 8
replace later_opens = .i if wellwave_11 == 9
label variable later_opens "First day of its window, in days since the person's baseline"
label define wellwave_11 .a "not-asked"
label define wellwave_11 .b "not-reached", add
label define wellwave_11 .c "skipped", add
label define wellwave_11 .d "prefer-not-to-say", add
label define wellwave_11 .e "not-applicable", add
label define wellwave_11 .f "not-recorded", add
label define wellwave_11 .g "no-questionnaire", add
label define wellwave_11 .h "no-score", add
label define wellwave_11 .i "withheld", add
label values later_opens wellwave_11
destring later_closes, replace
replace later_closes = .a if wellwave_12 == 1
replace later_closes = .b if wellwave_12 == 2
replace later_closes = .c if wellwave_12 == 3
replace later_closes = .d if wellwave_12 == 4
replace later_closes = .e if wellwave_12 == 5
replace later_closes = .f if wellwave_12 == 6
replace later_closes = .g if wellwave_12 == 7
replace later_closes = .h if wellwave_12 == 8
replace later_closes = .i if wellwave_12 == 9
label variable later_closes "Last day of its window, in days since the person's baseline"
label define wellwave_12 .a "not-asked"
label define wellwave_12 .b "not-reached", add
label define wellwave_12 .c "skipped", add
label define wellwave_12 .d "prefer-not-to-say", add
label define wellwave_12 .e "not-applicable", add
label define wellwave_12 .f "not-recorded", add
label define wellwave_12 .g "no-questionnaire", add
label define wellwave_12 .h "no-score", add
label define wellwave_12 .i "withheld", add
label values later_closes wellwave_12
rename later_mode wellwave_text
generate byte later_mode = .
replace later_mode = 1 if wellwave_text == "web"
replace later_mode = 2 if wellwave_text == "kiosk"
replace later_mode = 3 if wellwave_text == "paper"
replace later_mode = 4 if wellwave_text == "telephone"
replace later_mode = 5 if wellwave_text == "bulk"
drop wellwave_text
label variable later_mode "How the answers were collected"
label define wellwave_13 1 "the participant's own device"
label define wellwave_13 2 "a shared tablet", add
label define wellwave_13 3 "entered from paper", add
label define wellwave_13 4 "read out and entered by an interviewer", add
label define wellwave_13 5 "from a file or another system", add
label values later_mode wellwave_13
destring later_day, replace
replace later_day = .a if wellwave_14 == 1
replace later_day = .b if wellwave_14 == 2
replace later_day = .c if wellwave_14 == 3
replace later_day = .d if wellwave_14 == 4
replace later_day = .e if wellwave_14 == 5
replace later_day = .f if wellwave_14 == 6
replace later_day = .g if wellwave_14 == 7
replace later_day = .h if wellwave_14 == 8
replace later_day = .i if wellwave_14 == 9
label variable later_day "Day of the answers, in days since the person's baseline; empty where it is not k"
label define wellwave_14 .a "not-asked"
label define wellwave_14 .b "not-reached", add
label define wellwave_14 .c "skipped", add
label define wellwave_14 .d "prefer-not-to-say", add
label define wellwave_14 .e "not-applicable", add
label define wellwave_14 .f "not-recorded", add
label define wellwave_14 .g "no-questionnaire", add
label define wellwave_14 .h "no-score", add
label define wellwave_14 .i "withheld", add
label values later_day wellwave_14
destring baseline_mood_1, replace
replace baseline_mood_1 = .a if wellwave_15 == 1
replace baseline_mood_1 = .b if wellwave_15 == 2
replace baseline_mood_1 = .c if wellwave_15 == 3
replace baseline_mood_1 = .d if wellwave_15 == 4
replace baseline_mood_1 = .e if wellwave_15 == 5
replace baseline_mood_1 = .f if wellwave_15 == 6
replace baseline_mood_1 = .g if wellwave_15 == 7
replace baseline_mood_1 = .h if wellwave_15 == 8
replace baseline_mood_1 = .i if wellwave_15 == 9
label variable baseline_mood_1 "How often is statement 1 true of you today?"
label define wellwave_15 .a "not-asked"
label define wellwave_15 .b "not-reached", add
label define wellwave_15 .c "skipped", add
label define wellwave_15 .d "prefer-not-to-say", add
label define wellwave_15 .e "not-applicable", add
label define wellwave_15 .f "not-recorded", add
label define wellwave_15 .g "no-questionnaire", add
label define wellwave_15 .h "no-score", add
label define wellwave_15 .i "withheld", add
label define wellwave_15 1 "Never", add
label define wellwave_15 2 "Rarely", add
label define wellwave_15 3 "Sometimes", add
label define wellwave_15 4 "Often", add
label define wellwave_15 5 "Always", add
label values baseline_mood_1 wellwave_15
destring baseline_mood_2, replace
replace baseline_mood_2 = .a if wellwave_16 == 1
replace baseline_mood_2 = .b if wellwave_16 == 2
replace baseline_mood_2 = .c if wellwave_16 == 3
replace baseline_mood_2 = .d if wellwave_16 == 4
replace baseline_mood_2 = .e if wellwave_16 == 5
replace baseline_mood_2 = .f if wellwave_16 == 6
replace baseline_mood_2 = .g if wellwave_16 == 7
replace baseline_mood_2 = .h if wellwave_16 == 8
replace baseline_mood_2 = .i if wellwave_16 == 9
label variable baseline_mood_2 "How often is statement 2 true of you today?"
label define wellwave_16 .a "not-asked"
label define wellwave_16 .b "not-reached", add
label define wellwave_16 .c "skipped", add
label define wellwave_16 .d "prefer-not-to-say", add
label define wellwave_16 .e "not-applicable", add
label define wellwave_16 .f "not-recorded", add
label define wellwave_16 .g "no-questionnaire", add
label define wellwave_16 .h "no-score", add
label define wellwave_16 .i "withheld", add
label define wellwave_16 1 "Never", add
label define wellwave_16 2 "Rarely", add
label define wellwave_16 3 "Sometimes", add
label define wellwave_16 4 "Often", add
label define wellwave_16 5 "Always", add
label values baseline_mood_2 wellwave_16
destring baseline_mood, replace
replace baseline_mood = .a if wellwave_17 == 1
replace baseline_mood = .b if wellwave_17 == 2
replace baseline_mood = .c if wellwave_17 == 3
replace baseline_mood = .d if wellwave_17 == 4
replace baseline_mood = .e if wellwave_17 == 5
replace baseline_mood = .f if wellwave_17 == 6
replace baseline_mood = .g if wellwave_17 == 7
replace baseline_mood = .h if wellwave_17 == 8
replace baseline_mood = .i if wellwave_17 == 9
label variable baseline_mood "Mood (higher-better); no score where a proxy gave any of its answers"
label define wellwave_17 .a "not-asked"
label define wellwave_17 .b "not-reached", add
label define wellwave_17 .c "skipped", add
label define wellwave_17 .d "prefer-not-to-say", add
label define wellwave_17 .e "not-applicable", add
label define wellwave_17 .f "not-recorded", add
label define wellwave_17 .g "no-questionnaire", add
label define wellwave_17 .h "no-score", add
label define wellwave_17 .i "withheld", add
label values baseline_mood wellwave_17
destring baseline_mood_answered, replace
replace baseline_mood_answered = .a if wellwave_18 == 1
replace baseline_mood_answered = .b if wellwave_18 == 2
replace baseline_mood_answered = .c if wellwave_18 == 3
replace baseline_mood_answered = .d if wellwave_18 == 4
replace baseline_mood_answered = .e if wellwave_18 == 5
replace baseline_mood_answered = .f if wellwave_18 == 6
replace baseline_mood_answered = .g if wellwave_18 == 7
replace baseline_mood_answered = .h if wellwave_18 == 8
replace baseline_mood_answered = .i if wellwave_18 == 9
label variable baseline_mood_answered "Items of mood that were answered"
label define wellwave_18 .a "not-asked"
label define wellwave_18 .b "not-reached", add
label define wellwave_18 .c "skipped", add
label define wellwave_18 .d "prefer-not-to-say", add
label define wellwave_18 .e "not-applicable", add
label define wellwave_18 .f "not-recorded", add
label define wellwave_18 .g "no-questionnaire", add
label define wellwave_18 .h "no-score", add
label define wellwave_18 .i "withheld", add
label values baseline_mood_answered wellwave_18
destring baseline_mood_prorated, replace
replace baseline_mood_prorated = .a if wellwave_19 == 1
replace baseline_mood_prorated = .b if wellwave_19 == 2
replace baseline_mood_prorated = .c if wellwave_19 == 3
replace baseline_mood_prorated = .d if wellwave_19 == 4
replace baseline_mood_prorated = .e if wellwave_19 == 5
replace baseline_mood_prorated = .f if wellwave_19 == 6
replace baseline_mood_prorated = .g if wellwave_19 == 7
replace baseline_mood_prorated = .h if wellwave_19 == 8
replace baseline_mood_prorated = .i if wellwave_19 == 9
label variable baseline_mood_prorated "Whether the mean of the answered items of mood stands for the others"
label define wellwave_19 .a "not-asked"
label define wellwave_19 .b "not-reached", add
label define wellwave_19 .c "skipped", add
label define wellwave_19 .d "prefer-not-to-say", add
label define wellwave_19 .e "not-applicable", add
label define wellwave_19 .f "not-recorded", add
label define wellwave_19 .g "no-questionnaire", add
label define wellwave_19 .h "no-score", add
label define wellwave_19 .i "withheld", add
label define wellwave_19 1 "yes", add
label define wellwave_19 0 "no", add
label values baseline_mood_prorated wellwave_19
destring later_mood_1, replace
replace later_mood_1 = .a if wellwave_20 == 1
replace later_mood_1 = .b if wellwave_20 == 2
replace later_mood_1 = .c if wellwave_20 == 3
replace later_mood_1 = .d if wellwave_20 == 4
replace later_mood_1 = .e if wellwave_20 == 5
replace later_mood_1 = .f if wellwave_20 == 6
replace later_mood_1 = .g if wellwave_20 == 7
replace later_mood_1 = .h if wellwave_20 == 8
replace later_mood_1 = .i if wellwave_20 == 9
label variable later_mood_1 "How often is statement 1 true of you today?"
label define wellwave_20 .a "not-asked"
label define wellwave_20 .b "not-reached", add
label define wellwave_20 .c "skipped", add
label define wellwave_20 .d "prefer-not-to-say", add
label define wellwave_20 .e "not-applicable", add
label define wellwave_20 .f "not-recorded", add
label define wellwave_20 .g "no-questionnaire", add
label define wellwave_20 .h "no-score", add
label define wellwave_20 .i "withheld", add
label define wellwave_20 1 "Never", add
label define wellwave_20 2 "Rarely", add
label define wellwave_20 3 "Sometimes", add
label define wellwave_20 4 "Often", add
label define wellwave_20 5 "Always", add
label values later_mood_1 wellwave_20
destring later_mood_2, replace
replace later_mood_2 = .a if wellwave_21 == 1
replace later_mood_2 = .b if wellwave_21 == 2
replace later_mood_2 = .c if wellwave_21 == 3
replace later_mood_2 = .d if wellwave_21 == 4
replace later_mood_2 = .e if wellwave_21 == 5
replace later_mood_2 = .f if wellwave_21 == 6
replace later_mood_2 = .g if wellwave_21 == 7
replace later_mood_2 = .h if wellwave_21 == 8
replace later_mood_2 = .i if wellwave_21 == 9
label variable later_mood_2 "How often is statement 2 true of you today?"
label define wellwave_21 .a "not-asked"
label define wellwave_21 .b "not-reached", add
label define wellwave_21 .c "skipped", add
label define wellwave_21 .d "prefer-not-to-say", add
label define wellwave_21 .e "not-applicable", add
label define wellwave_21 .f "not-recorded", add
label define wellwave_21 .g "no-questionnaire", add
label define wellwave_21 .h "no-score", add
label define wellwave_21 .i "withheld", add
label define wellwave_21 1 "Never", add
label define wellwave_21 2 "Rarely", add
label define wellwave_21 3 "Sometimes", add
label define wellwave_21 4 "Often", add
label define wellwave_21 5 "Always", add
label values later_mood_2 wellwave_21
destring later_mood, replace
replace later_mood = .a if wellwave_22 == 1
replace later_mood = .b if wellwave_22 == 2
replace later_mood = .c if wellwave_22 == 3
replace later_mood = .d if wellwave_22 == 4
replace later_mood = .e if wellwave_22 == 5
replace later_mood = .f if wellwave_22 == 6
replace later_mood = .g if wellwave_22 == 7
replace later_mood = .h if wellwave_22 == 8
replace later_mood = .i if wellwave_22 == 9
label variable later_mood "Mood (higher-better); no score where a proxy gave any of its answers"
label define wellwave_22 .a "not-asked"
label define wellwave_22 .b "not-reached", add
label define wellwave_22 .c "skipped", add
label define wellwave_22 .d "prefer-not-to-say", add
label define wellwave_22 .e "not-applicable", add
label define wellwave_22 .f "not-recorded", add
label define wellwave_22 .g "no-questionnaire", add
label define wellwave_22 .h "no-score", add
label define wellwave_22 .i "withheld", add
label values later_mood wellwave_22
destring later_mood_answered, replace
replace later_mood_answered = .a if wellwave_23 == 1
replace later_mood_answered = .b if wellwave_23 == 2
replace later_mood_answered = .c if wellwave_23 == 3
replace later_mood_answered = .d if wellwave_23 == 4
replace later_mood_answered = .e if wellwave_23 == 5
replace later_mood_answered = .f if wellwave_23 == 6
replace later_mood_answered = .g if wellwave_23 == 7
replace later_mood_answered = .h if wellwave_23 == 8
replace later_mood_answered = .i if wellwave_23 == 9
label variable later_mood_answered "Items of mood that were answered"
label define wellwave_23 .a "not-asked"
label define wellwave_23 .b "not-reached", add
label define wellwave_23 .c "skipped", add
label define wellwave_23 .d "prefer-not-to-say", add
label define wellwave_23 .e "not-applicable", add
label define wellwave_23 .f "not-recorded", add
label define wellwave_23 .g "no-questionnaire", add
label define wellwave_23 .h "no-score", add
label define wellwave_23 .i "withheld", add
label values later_mood_answered wellwave_23
destring later_mood_prorated, replace
replace later_mood_prorated = .a if wellwave_24 == 1
replace later_mood_prorated = .b if wellwave_24 == 2
replace later_mood_prorated = .c if wellwave_24 == 3
replace later_mood_prorated = .d if wellwave_24 == 4
replace later_mood_prorated = .e if wellwave_24 == 5
replace later_mood_prorated = .f if wellwave_24 == 6
replace later_mood_prorated = .g if wellwave_24 == 7
replace later_mood_prorated = .h if wellwave_24 == 8
replace later_mood_prorated = .i if wellwave_24 == 9
label variable later_mood_prorated "Whether the mean of the answered items of mood stands for the others"
label define wellwave_24 .a "not-asked"
label define wellwave_24 .b "not-reached", add
label define wellwave_24 .c "skipped", add
label define wellwave_24 .d "prefer-not-to-say", add
label define wellwave_24 .e "not-applicable", add
label define wellwave_24 .f "not-recorded", add
label define wellwave_24 .g "no-questionnaire", add
label define wellwave_24 .h "no-score", add
label define wellwave_24 .i "withheld", add
label define wellwave_24 1 "yes", add
label define wellwave_24 0 "no", add
label values later_mood_prorated wellwave_24
drop wellwave_*
order id arm about_age baseline_disposition baseline_due baseline_opens baseline_closes baseline_mode baseline_day later_disposition later_due later_opens later_closes later_mode later_day baseline_mood_1 baseline_mood_2 baseline_mood baseline_mood_answered baseline_mood_prorated later_mood_1 later_mood_2 later_mood later_mood_answered later_mood_prorated
sort id
save "wide.dta", replace

import delimited using "long_missing.csv", delimiters(",") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
rename (v1 v2 v3 v4) (id wave column reason)
generate byte wellwave_why = .
replace wellwave_why = 1 if reason == "not-asked"
replace wellwave_why = 2 if reason == "not-reached"
replace wellwave_why = 3 if reason == "skipped"
replace wellwave_why = 4 if reason == "prefer-not-to-say"
replace wellwave_why = 5 if reason == "not-applicable"
replace wellwave_why = 6 if reason == "not-recorded"
replace wellwave_why = 7 if reason == "no-questionnaire"
replace wellwave_why = 8 if reason == "no-score"
replace wellwave_why = 9 if reason == "withheld"
generate byte wellwave_5 = wellwave_why if column == "due"
generate byte wellwave_6 = wellwave_why if column == "opens"
generate byte wellwave_7 = wellwave_why if column == "closes"
generate byte wellwave_9 = wellwave_why if column == "day"
generate byte wellwave_10 = wellwave_why if column == "mood_1"
generate byte wellwave_11 = wellwave_why if column == "mood_2"
generate byte wellwave_12 = wellwave_why if column == "mood"
generate byte wellwave_13 = wellwave_why if column == "mood_answered"
generate byte wellwave_14 = wellwave_why if column == "mood_prorated"
collapse (max) wellwave_5 wellwave_6 wellwave_7 wellwave_9 wellwave_10 wellwave_11 wellwave_12 wellwave_13 wellwave_14, by(id wave)
tempfile reasons
save "`reasons'", replace

import delimited using "long.csv", delimiters(",") varnames(nonames) rowrange(2) stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
rename (v1 v2 v3 v4 v5 v6 v7 v8 v9 v10 v11 v12 v13 v14 v15) (id wave arm about_age disposition due opens closes mode day mood_1 mood_2 mood mood_answered mood_prorated)
merge 1:1 id wave using "`reasons'", keep(master match) nogenerate
label variable id "Id of the person in this release"
rename wave wellwave_text
generate byte wave = .
replace wave = 1 if wellwave_text == "baseline"
replace wave = 2 if wellwave_text == "later"
drop wellwave_text
label variable wave "Wave"
label define wellwave_1 1 "Baseline"
label define wellwave_1 2 "Three months", add
label values wave wellwave_1
rename arm wellwave_text
generate byte arm = .
replace arm = 1 if wellwave_text == "new"
replace arm = 2 if wellwave_text == "usual"
drop wellwave_text
label variable arm "Arm of the study"
label define wellwave_2 1 "New"
label define wellwave_2 2 "Usual", add
label values arm wellwave_2
rename about_age wellwave_text
generate byte about_age = .
replace about_age = 1 if wellwave_text == "16 to 39"
replace about_age = 2 if wellwave_text == "40 to 64"
replace about_age = 3 if wellwave_text == "65 and over"
drop wellwave_text
label variable about_age "How old are you?"
label define wellwave_3 1 "16 to 39"
label define wellwave_3 2 "40 to 64", add
label define wellwave_3 3 "65 and over", add
label values about_age wellwave_3
rename disposition wellwave_text
generate byte disposition = .
replace disposition = 1 if wellwave_text == "not-yet-due"
replace disposition = 2 if wellwave_text == "pending"
replace disposition = 3 if wellwave_text == "complete"
replace disposition = 4 if wellwave_text == "partial"
replace disposition = 5 if wellwave_text == "break-off"
replace disposition = 6 if wellwave_text == "refusal"
replace disposition = 7 if wellwave_text == "non-contact"
replace disposition = 8 if wellwave_text == "other-eligible"
replace disposition = 9 if wellwave_text == "unknown-eligibility"
replace disposition = 10 if wellwave_text == "ineligible"
drop wellwave_text
label variable disposition "What came of the wave"
label define wellwave_4 1 "Not yet due"
label define wellwave_4 2 "Pending", add
label define wellwave_4 3 "Complete", add
label define wellwave_4 4 "Partial", add
label define wellwave_4 5 "Break-off", add
label define wellwave_4 6 "Refused", add
label define wellwave_4 7 "Non-contact", add
label define wellwave_4 8 "Other eligible", add
label define wellwave_4 9 "Eligibility unknown", add
label define wellwave_4 10 "Ineligible", add
label values disposition wellwave_4
destring due, replace
replace due = .a if wellwave_5 == 1
replace due = .b if wellwave_5 == 2
replace due = .c if wellwave_5 == 3
replace due = .d if wellwave_5 == 4
replace due = .e if wellwave_5 == 5
replace due = .f if wellwave_5 == 6
replace due = .g if wellwave_5 == 7
replace due = .h if wellwave_5 == 8
replace due = .i if wellwave_5 == 9
label variable due "Day on which the wave was due, in days since the person's baseline"
label define wellwave_5 .a "not-asked"
label define wellwave_5 .b "not-reached", add
label define wellwave_5 .c "skipped", add
label define wellwave_5 .d "prefer-not-to-say", add
label define wellwave_5 .e "not-applicable", add
label define wellwave_5 .f "not-recorded", add
label define wellwave_5 .g "no-questionnaire", add
label define wellwave_5 .h "no-score", add
label define wellwave_5 .i "withheld", add
label values due wellwave_5
destring opens, replace
replace opens = .a if wellwave_6 == 1
replace opens = .b if wellwave_6 == 2
replace opens = .c if wellwave_6 == 3
replace opens = .d if wellwave_6 == 4
replace opens = .e if wellwave_6 == 5
replace opens = .f if wellwave_6 == 6
replace opens = .g if wellwave_6 == 7
replace opens = .h if wellwave_6 == 8
replace opens = .i if wellwave_6 == 9
label variable opens "First day of its window, in days since the person's baseline"
label define wellwave_6 .a "not-asked"
label define wellwave_6 .b "not-reached", add
label define wellwave_6 .c "skipped", add
label define wellwave_6 .d "prefer-not-to-say", add
label define wellwave_6 .e "not-applicable", add
label define wellwave_6 .f "not-recorded", add
label define wellwave_6 .g "no-questionnaire", add
label define wellwave_6 .h "no-score", add
label define wellwave_6 .i "withheld", add
label values opens wellwave_6
destring closes, replace
replace closes = .a if wellwave_7 == 1
replace closes = .b if wellwave_7 == 2
replace closes = .c if wellwave_7 == 3
replace closes = .d if wellwave_7 == 4
replace closes = .e if wellwave_7 == 5
replace closes = .f if wellwave_7 == 6
replace closes = .g if wellwave_7 == 7
replace closes = .h if wellwave_7 == 8
replace closes = .i if wellwave_7 == 9
label variable closes "Last day of its window, in days since the person's baseline"
label define wellwave_7 .a "not-asked"
label define wellwave_7 .b "not-reached", add
label define wellwave_7 .c "skipped", add
label define wellwave_7 .d "prefer-not-to-say", add
label define wellwave_7 .e "not-applicable", add
label define wellwave_7 .f "not-recorded", add
label define wellwave_7 .g "no-questionnaire", add
label define wellwave_7 .h "no-score", add
label define wellwave_7 .i "withheld", add
label values closes wellwave_7
rename mode wellwave_text
generate byte mode = .
replace mode = 1 if wellwave_text == "web"
replace mode = 2 if wellwave_text == "kiosk"
replace mode = 3 if wellwave_text == "paper"
replace mode = 4 if wellwave_text == "telephone"
replace mode = 5 if wellwave_text == "bulk"
drop wellwave_text
label variable mode "How the answers were collected"
label define wellwave_8 1 "the participant's own device"
label define wellwave_8 2 "a shared tablet", add
label define wellwave_8 3 "entered from paper", add
label define wellwave_8 4 "read out and entered by an interviewer", add
label define wellwave_8 5 "from a file or another system", add
label values mode wellwave_8
destring day, replace
replace day = .a if wellwave_9 == 1
replace day = .b if wellwave_9 == 2
replace day = .c if wellwave_9 == 3
replace day = .d if wellwave_9 == 4
replace day = .e if wellwave_9 == 5
replace day = .f if wellwave_9 == 6
replace day = .g if wellwave_9 == 7
replace day = .h if wellwave_9 == 8
replace day = .i if wellwave_9 == 9
label variable day "Day of the answers, in days since the person's baseline; empty where it is not k"
label define wellwave_9 .a "not-asked"
label define wellwave_9 .b "not-reached", add
label define wellwave_9 .c "skipped", add
label define wellwave_9 .d "prefer-not-to-say", add
label define wellwave_9 .e "not-applicable", add
label define wellwave_9 .f "not-recorded", add
label define wellwave_9 .g "no-questionnaire", add
label define wellwave_9 .h "no-score", add
label define wellwave_9 .i "withheld", add
label values day wellwave_9
destring mood_1, replace
replace mood_1 = .a if wellwave_10 == 1
replace mood_1 = .b if wellwave_10 == 2
replace mood_1 = .c if wellwave_10 == 3
replace mood_1 = .d if wellwave_10 == 4
replace mood_1 = .e if wellwave_10 == 5
replace mood_1 = .f if wellwave_10 == 6
replace mood_1 = .g if wellwave_10 == 7
replace mood_1 = .h if wellwave_10 == 8
replace mood_1 = .i if wellwave_10 == 9
label variable mood_1 "How often is statement 1 true of you today?"
label define wellwave_10 .a "not-asked"
label define wellwave_10 .b "not-reached", add
label define wellwave_10 .c "skipped", add
label define wellwave_10 .d "prefer-not-to-say", add
label define wellwave_10 .e "not-applicable", add
label define wellwave_10 .f "not-recorded", add
label define wellwave_10 .g "no-questionnaire", add
label define wellwave_10 .h "no-score", add
label define wellwave_10 .i "withheld", add
label define wellwave_10 1 "Never", add
label define wellwave_10 2 "Rarely", add
label define wellwave_10 3 "Sometimes", add
label define wellwave_10 4 "Often", add
label define wellwave_10 5 "Always", add
label values mood_1 wellwave_10
destring mood_2, replace
replace mood_2 = .a if wellwave_11 == 1
replace mood_2 = .b if wellwave_11 == 2
replace mood_2 = .c if wellwave_11 == 3
replace mood_2 = .d if wellwave_11 == 4
replace mood_2 = .e if wellwave_11 == 5
replace mood_2 = .f if wellwave_11 == 6
replace mood_2 = .g if wellwave_11 == 7
replace mood_2 = .h if wellwave_11 == 8
replace mood_2 = .i if wellwave_11 == 9
label variable mood_2 "How often is statement 2 true of you today?"
label define wellwave_11 .a "not-asked"
label define wellwave_11 .b "not-reached", add
label define wellwave_11 .c "skipped", add
label define wellwave_11 .d "prefer-not-to-say", add
label define wellwave_11 .e "not-applicable", add
label define wellwave_11 .f "not-recorded", add
label define wellwave_11 .g "no-questionnaire", add
label define wellwave_11 .h "no-score", add
label define wellwave_11 .i "withheld", add
label define wellwave_11 1 "Never", add
label define wellwave_11 2 "Rarely", add
label define wellwave_11 3 "Sometimes", add
label define wellwave_11 4 "Often", add
label define wellwave_11 5 "Always", add
label values mood_2 wellwave_11
destring mood, replace
replace mood = .a if wellwave_12 == 1
replace mood = .b if wellwave_12 == 2
replace mood = .c if wellwave_12 == 3
replace mood = .d if wellwave_12 == 4
replace mood = .e if wellwave_12 == 5
replace mood = .f if wellwave_12 == 6
replace mood = .g if wellwave_12 == 7
replace mood = .h if wellwave_12 == 8
replace mood = .i if wellwave_12 == 9
label variable mood "Mood (higher-better); no score where a proxy gave any of its answers"
label define wellwave_12 .a "not-asked"
label define wellwave_12 .b "not-reached", add
label define wellwave_12 .c "skipped", add
label define wellwave_12 .d "prefer-not-to-say", add
label define wellwave_12 .e "not-applicable", add
label define wellwave_12 .f "not-recorded", add
label define wellwave_12 .g "no-questionnaire", add
label define wellwave_12 .h "no-score", add
label define wellwave_12 .i "withheld", add
label values mood wellwave_12
destring mood_answered, replace
replace mood_answered = .a if wellwave_13 == 1
replace mood_answered = .b if wellwave_13 == 2
replace mood_answered = .c if wellwave_13 == 3
replace mood_answered = .d if wellwave_13 == 4
replace mood_answered = .e if wellwave_13 == 5
replace mood_answered = .f if wellwave_13 == 6
replace mood_answered = .g if wellwave_13 == 7
replace mood_answered = .h if wellwave_13 == 8
replace mood_answered = .i if wellwave_13 == 9
label variable mood_answered "Items of mood that were answered"
label define wellwave_13 .a "not-asked"
label define wellwave_13 .b "not-reached", add
label define wellwave_13 .c "skipped", add
label define wellwave_13 .d "prefer-not-to-say", add
label define wellwave_13 .e "not-applicable", add
label define wellwave_13 .f "not-recorded", add
label define wellwave_13 .g "no-questionnaire", add
label define wellwave_13 .h "no-score", add
label define wellwave_13 .i "withheld", add
label values mood_answered wellwave_13
destring mood_prorated, replace
replace mood_prorated = .a if wellwave_14 == 1
replace mood_prorated = .b if wellwave_14 == 2
replace mood_prorated = .c if wellwave_14 == 3
replace mood_prorated = .d if wellwave_14 == 4
replace mood_prorated = .e if wellwave_14 == 5
replace mood_prorated = .f if wellwave_14 == 6
replace mood_prorated = .g if wellwave_14 == 7
replace mood_prorated = .h if wellwave_14 == 8
replace mood_prorated = .i if wellwave_14 == 9
label variable mood_prorated "Whether the mean of the answered items of mood stands for the others"
label define wellwave_14 .a "not-asked"
label define wellwave_14 .b "not-reached", add
label define wellwave_14 .c "skipped", add
label define wellwave_14 .d "prefer-not-to-say", add
label define wellwave_14 .e "not-applicable", add
label define wellwave_14 .f "not-recorded", add
label define wellwave_14 .g "no-questionnaire", add
label define wellwave_14 .h "no-score", add
label define wellwave_14 .i "withheld", add
label define wellwave_14 1 "yes", add
label define wellwave_14 0 "no", add
label values mood_prorated wellwave_14
drop wellwave_*
order id wave arm about_age disposition due opens closes mode day mood_1 mood_2 mood mood_answered mood_prorated
sort id wave
save "long.dta", replace

