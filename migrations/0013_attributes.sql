-- What staff say about themselves, where a round asks it. It stands beside their answers only at practices that were large
-- enough when the round was set up, and nobody says anything where nothing is asked.
ALTER TABLE staff_answers ADD COLUMN role TEXT NOT NULL DEFAULT '';

ALTER TABLE staff_answers ADD CONSTRAINT staff_answers_role_word
CHECK (role = '' OR role = 'clinical' OR role = 'other' OR role = 'rather-not-say');

ALTER TABLE staff_answers ADD COLUMN tenure TEXT NOT NULL DEFAULT '';

ALTER TABLE staff_answers ADD CONSTRAINT staff_answers_tenure_word
CHECK (tenure = '' OR tenure = 'under-2' OR tenure = '2-to-10' OR tenure = 'over-10' OR tenure = 'rather-not-say');

-- The same of the small practices, sealed to the key of the round, all equally long, without the practice and without
-- anything of the answers, until the round is opened.
CREATE TABLE staff_attributes (
    id       TEXT PRIMARY KEY,
    study_id TEXT NOT NULL,
    wave_id  TEXT NOT NULL,
    sealed   TEXT NOT NULL, -- base64
    FOREIGN KEY (study_id, wave_id) REFERENCES staff_rounds (study_id, wave_id)
) {clustered};

-- JSON of what may be shown of them once they are opened; the counts themselves are not kept.
ALTER TABLE staff_rounds ADD COLUMN apart TEXT;

-- An older program would not ask, and would lose what is there when it mixes the answers again.
UPDATE compatibility
SET oldest_schema = 13;
