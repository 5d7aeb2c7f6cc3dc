-- Everybody who stood in a study when a release of it was frozen, whether they answered or not, as they stood then. Releases
-- of older versions held answers alone and have nobody here.
CREATE TABLE release_people (
    study_id     TEXT NOT NULL,
    number       INTEGER NOT NULL,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    site_id      TEXT NOT NULL,
    arm_id       TEXT NOT NULL,
    simd_decile  INTEGER,
    sampled_day  INTEGER NOT NULL,
    baseline_day INTEGER,
    PRIMARY KEY (study_id, number, enrolment_id),
    FOREIGN KEY (study_id, number) REFERENCES releases (study_id, number)
) {clustered};

-- What had come of a questionnaire by then; NULL in releases of older versions. Those that nobody has answered are frozen too, at
-- revision 0.
ALTER TABLE release_responses ADD COLUMN disposition TEXT;

-- An older program would make releases without people, and take questionnaires that nobody answered for answers.
UPDATE compatibility
SET oldest_schema = 33;
